"""Back and Forward: a page comes back as it was left, but an account's only to who it is."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect

from tests.browser.accounts import sign_in, sign_out, sign_up
from tests.browser.conftest import OpenPage, expect_connected
from tests.browser.pen_input import write
from tests.browser.test_history import upload
from tests.conftest import ServerProcess

ENTRY = "[data-entry-id]"
# What a page was kept from the cache by, if it was.
REASONS = 'performance.getEntriesByType("navigation")[0].notRestoredReasons'
# Writes to the console whether the page is visible, in every frame after it has come back.
TELL_VISIBILITY = """addEventListener("pageshow", function tell() {
  console.log(`body ${getComputedStyle(document.body).visibility}`);
  requestAnimationFrame(tell);
})"""


@pytest.fixture(scope="module")
def browser(launch: Callable[..., Browser]) -> Browser:
    """Chromium with its back/forward cache, which the headless shell lacks."""
    return launch("chromium", ignore_default_args=["--disable-back-forward-cache"])


def leave(page: Page, path: str) -> None:
    """Go to another page, as by a link."""
    page.evaluate("globalThis.isLeft = true")
    # Not even a question may reach the page after it has left: an answer would end its being kept.
    with page.expect_navigation(wait_until="commit"):
        page.evaluate("path => setTimeout(() => { location.href = path; })", path)
    page.wait_for_function("() => document.body?.dataset.ready === ''")


def go_back(page: Page) -> None:
    """Go back, and expect the page itself."""
    with page.expect_navigation(wait_until="commit"):
        page.evaluate("setTimeout(() => history.back())")
    page.wait_for_function("() => document.readyState === 'complete'")
    assert page.evaluate("globalThis.isLeft"), page.evaluate(f"JSON.stringify({REASONS})")


def test_draw_page_comes_back_with_its_drawing_and_undo(page: Page) -> None:
    write(page, "40")
    expect(page.locator("#saved")).to_be_visible()
    leave(page, "/history")
    expect(page.locator(f"{ENTRY} .text")).to_have_text("40")
    go_back(page)
    expect_connected(page)
    expect(page.locator("#reading")).to_have_text("40")
    page.locator("#undo").click()
    expect(page.locator("#reading")).to_have_text("4")
    page.locator("#redo").click()
    expect(page.locator("#reading")).to_have_text("40")


def test_history_comes_back_where_it_was_with_what_it_missed(
    open_page: OpenPage, server: ServerProcess
) -> None:
    upload(server, *["7"] * 30)
    page = open_page("/history")
    expect(page.locator(ENTRY).nth(15)).to_be_attached()
    page.evaluate("scrollTo(0, 900)")
    leave(page, "/")
    upload(server, "407")
    go_back(page)
    expect_connected(page)
    expect(page.locator("#count")).to_have_text("31 readings")
    assert page.evaluate("scrollY") >= 900
    page.evaluate("scrollTo(0, 0)")
    expect(page.locator(f"{ENTRY} .text").first).to_have_text("407")


def test_account_page_comes_back_to_its_owner(page: Page) -> None:
    sign_up(page)
    page.goto("/account")
    leave(page, "/")
    go_back(page)
    expect(page.get_by_role("heading", name="Delete account")).to_be_visible()


@pytest.mark.parametrize("path", ["/history", "/account"])
def test_page_of_who_signed_out_is_never_shown_again(page: Page, path: str) -> None:
    shown: list[str] = []

    def note(message: ConsoleMessage) -> None:
        shown.append(message.text)

    sign_up(page)
    page.goto(path, wait_until="networkidle")
    page.evaluate(TELL_VISIBILITY)
    leave(page, "/")
    sign_out(page)
    page.on("console", note)
    page.evaluate("history.go(-2)")
    expect(page.locator("h1")).to_have_text("You are signed out")
    assert "body visible" not in shown


def test_page_of_another_is_left_by_back(page: Page, open_page: OpenPage) -> None:
    other = sign_up(open_page())
    sign_up(page)
    write(page, "7")
    expect(page.locator("#saved")).to_be_visible()
    page.goto("/history")
    expect(page.locator(ENTRY)).to_have_count(1)
    sign_out(page)
    sign_in(page, other)
    page.evaluate("history.go(-3)")
    expect(page.locator("#empty")).to_be_visible()


def test_page_that_comes_back_offline_stays_hidden(page: Page, server: ServerProcess) -> None:
    sign_up(page)
    leave(page, "/history")
    server.stop()
    go_back(page)
    expect(page.locator("h1")).to_be_hidden()
    server.start()
    expect_connected(page)
    expect(page.locator("h1")).to_be_visible()


def test_draw_page_begins_anew_if_a_later_one_drew_on(page: Page) -> None:
    write(page, "4")
    expect(page.locator("#reading")).to_have_text("4")
    leave(page, "/history")
    leave(page, "/")
    expect(page.locator("#reading")).to_have_text("4")
    page.locator("#clear").click()
    write(page, "7")
    expect(page.locator("#reading")).to_have_text("7")
    page.evaluate("history.go(-2)")
    expect(page.locator("#reading")).to_have_text("7")
