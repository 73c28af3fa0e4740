"""Pages of a real server in headless Chromium. A page with an error in its console fails."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

from tests.conftest import ServerProcess

SWITCHES = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
# What Chromium reports, whatever the page does, while there is no server to reach.
SERVER_AWAY = ("ERR_CONNECTION_REFUSED", "ERR_CONNECTION_RESET", "ERR_INTERNET_DISCONNECTED")

# What it reports of a page that answers a form with what is wrong with it.
REFUSED = "the server responded with a status of 40"

PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}

OpenPage = Callable[..., Page]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    chromium = shutil.which("chromium")
    assert chromium, "The browser tests need Chromium: install the system's package `chromium`."
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=SWITCHES)
        yield browser
        browser.close()


@pytest.fixture
def open_page(browser: Browser, server: ServerProcess) -> Iterator[OpenPage]:
    """Open pages, each in a browser of its own unless it is opened beside another."""
    errors: list[str] = []

    def note(message: ConsoleMessage) -> None:
        expected = any(away in message.text for away in SERVER_AWAY) or REFUSED in message.text
        if message.type == "error" and not expected:
            errors.append(message.text)

    def open_page(
        path: str = "/", beside: Page | None = None, at: ServerProcess = server, **options: Any
    ) -> Page:
        settings = {"viewport": {"width": 1280, "height": 800}, "base_url": at.url} | options
        context = beside.context if beside else browser.new_context(**settings)
        page = context.new_page()
        page.on("console", note)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(path)
        expect_connected(page)
        return page

    yield open_page
    for context in browser.contexts:
        context.close()
    assert errors == []


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    """The draw page."""
    return open_page()


def expect_connected(page: Page) -> None:
    expect(page.locator("#connection")).to_have_attribute("data-state", "connected")
