"""The pages write nothing to the browser's console: no errors, warnings or notes."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accounts import sign_up
from tests.browser.conftest import expect_connected
from tests.browser.pen_input import write
from tests.browser.photos import choose, photo
from tests.pictures import png


@pytest.fixture
def console(page: Page) -> list[str]:
    """Everything that the pages write from now on."""
    written: list[str] = []
    page.on("console", lambda message: written.append(f"{message.type}: {message.text}"))
    return written


def test_live_pages_write_nothing_to_the_console(page: Page, console: list[str]) -> None:
    page.reload()
    write(page, "7")
    expect(page.locator("#saved")).to_be_visible()
    choose(page, photo(png("407")))
    page.get_by_role("button", name="Rotate or crop").click()
    page.keyboard.press("Escape")
    for path in ("/history", "/statistics"):
        page.goto(path)
        expect_connected(page)
    expect(page.locator("#readings")).to_have_text("2")
    assert console == []


def test_account_pages_write_nothing_to_the_console(page: Page, console: list[str]) -> None:
    page.goto("/sign-in")
    sign_up(page)
    page.goto("/account")
    expect(page.get_by_role("heading", name="Delete account")).to_be_visible()
    assert console == []
