"""Drawings saved in the history and shown on other open pages at once."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage, expect_connected
from tests.browser.pen_input import Mouse, follow, paths, write
from tests.conftest import ServerProcess

ENTRY = "[data-entry-id]"
# What Chromium does where the user blocks cookies.
FORBID_STORAGE = """const deny = () => { throw new DOMException("Denied.", "SecurityError"); };
navigator.locks.request = async () => deny();
indexedDB.open = deny;
Storage.prototype.getItem = Storage.prototype.setItem = deny;"""


def test_drawing_is_saved_after_a_pause_and_shown_elsewhere(
    page: Page, open_page: OpenPage
) -> None:
    history = open_page("/history")
    expect(history.locator("#empty")).to_be_visible()
    write(page, "7")
    expect(page.locator("#saved")).to_be_visible()
    expect(history.locator(f"{ENTRY} .text")).to_have_text("7")
    expect(history.locator(f"{ENTRY} .source")).to_have_text("Drawn")


def test_drawing_saved_again_stays_one_entry(page: Page, open_page: OpenPage) -> None:
    history = open_page("/history", beside=page)
    write(page, "1", columns=2)
    page.locator("#save").click()
    expect(history.locator(f"{ENTRY} .text")).to_have_text("1")
    [path] = paths(page, "7", column=1, columns=2)
    follow(Mouse(page), path)
    page.mouse.up()
    page.locator("#save").click()
    expect(history.locator(f"{ENTRY} .text")).to_have_text("17")
    expect(history.locator(ENTRY)).to_have_count(1)


def test_drawing_after_clear_is_another_entry(page: Page, open_page: OpenPage) -> None:
    history = open_page("/history", beside=page)
    for count, digit in enumerate("74", start=1):
        page.locator("#clear").evaluate("button => button.click()")
        write(page, digit)
        page.locator("#save").click()
        expect(history.locator(ENTRY)).to_have_count(count)
    expect(history.locator(f"{ENTRY} .text")).to_have_text(["4", "7"])


def test_save_of_a_blank_pad_says_what_to_do(page: Page) -> None:
    page.locator("#save").click()
    expect(page.locator("#message")).to_have_text("Draw a number first.")


def test_drawing_is_saved_where_the_browser_forbids_storage(
    page: Page, open_page: OpenPage
) -> None:
    history = open_page("/history")
    page.add_init_script(FORBID_STORAGE)
    page.reload()
    expect_connected(page)
    write(page, "7")
    expect(history.locator(f"{ENTRY} .text")).to_have_text("7")


def test_drawing_survives_a_restart_of_the_server(page: Page, server: ServerProcess) -> None:
    [path] = paths(page, "7")
    follow(Mouse(page), path[: len(path) // 2])
    expect(page.locator("#reading")).not_to_be_empty()
    server.stop()
    expect(page.locator("#connection")).to_contain_text("Reconnecting")
    for point in path[len(path) // 2 :]:
        page.mouse.move(*point)
    page.mouse.up()
    server.start()
    expect_connected(page)
    expect(page.locator("#reading")).to_have_text("7")
    expect(page.locator("#saved")).to_be_visible()
    page.goto("/history")
    expect(page.locator(f"{ENTRY} .text")).to_have_text("7")


def test_drawing_is_saved_when_the_page_is_left(page: Page) -> None:
    write(page, "7")
    page.goto("/history")
    expect(page.locator(f"{ENTRY} .text")).to_have_text("7")


def test_drawing_saved_while_the_server_is_down_is_not_lost(
    page: Page, server: ServerProcess
) -> None:
    server.stop()
    expect(page.locator("#connection")).to_contain_text("Reconnecting")
    write(page, "7")
    page.locator("#save").click()
    page.locator("#clear").click()
    server.start()
    expect_connected(page)
    page.goto("/history")
    expect(page.locator(f"{ENTRY} .text")).to_have_text("7")


def test_history_misses_nothing_over_a_restart(
    page: Page, open_page: OpenPage, server: ServerProcess
) -> None:
    history = open_page("/history", beside=page)
    history.context.set_offline(True)
    server.stop()
    server.start()
    other = open_page()
    write(other, "7")
    expect(other.locator("#saved")).to_be_visible()
    history.context.set_offline(False)
    expect(history.locator(f"{ENTRY} .text")).to_have_text("7")
