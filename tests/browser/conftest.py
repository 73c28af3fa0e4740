"""Pages of a real server in headless Chromium. An error in the console fails the test."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

from tests.conftest import ServerProcess, wait_until

SWITCHES = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
# Errors that Chromium reports while the server is down.
SERVER_AWAY = (
    "ERR_CONNECTION_REFUSED",
    "ERR_CONNECTION_RESET",
    "ERR_INTERNET_DISCONNECTED",
    "503 (SERVICE UNAVAILABLE)",  # while it ends
    "Connection closed before receiving a handshake response",
    "WebSocket is already in CLOSING or CLOSED state",
)

# The error that Chromium reports when the server refuses a form or a photo.
REFUSED = "the server responded with a status of 4"

EXPECT_MS = 20_000  # on a machine that runs other tests beside this one
# Until the server has read what closed pages have sent; one by long polling it misses when it sends
# its next ping, after about 25 s.
LAST_WORDS_S = 45

# Nothing moves by itself while a test measures where it is.
SETTINGS = {"viewport": {"width": 1280, "height": 800}, "reduced_motion": "reduce"}
PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}

OpenPage = Callable[..., Page]


@pytest.fixture(scope="session")
def launch() -> Iterator[Callable[..., Browser]]:
    """Launch browsers of one of the system's packages; close all at the end."""
    expect.set_options(timeout=EXPECT_MS)
    with sync_playwright() as playwright:
        launched: list[Browser] = []

        def launch(package: str, **options: Any) -> Browser:
            path = shutil.which(package)
            assert path, f"The browser tests need the system's package `{package}`."
            options |= {"executable_path": path, "args": SWITCHES}
            launched.append(playwright.chromium.launch(**options))
            return launched[-1]

        yield launch
        for browser in launched:
            browser.close()


@pytest.fixture(scope="session")
def browser(launch: Callable[..., Browser]) -> Browser:
    return launch("chromium-headless-shell")  # three quarters of the CPU


@pytest.fixture
def server(share: Callable[..., ServerProcess]) -> ServerProcess:
    """A server with an empty history."""
    return share()


@pytest.fixture
def open_page(browser: Browser, server: ServerProcess) -> Iterator[OpenPage]:
    """Open pages, each in its own browser context unless opened beside another."""
    errors: list[str] = []

    def note(message: ConsoleMessage) -> None:
        expected = any(away in message.text for away in SERVER_AWAY) or REFUSED in message.text
        if message.type == "error" and not expected:
            errors.append(message.text)

    def open_page(
        path: str = "/", beside: Page | None = None, at: ServerProcess = server, **options: Any
    ) -> Page:
        settings = SETTINGS | {"base_url": at.url} | options
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
    wait_until(lambda: not server.connections(), LAST_WORDS_S)
    assert errors == []


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    """The draw page."""
    return open_page()


def expect_connected(page: Page) -> None:
    """Wait until the page is connected and all of its parts work."""
    expect(page.locator("#connection")).to_have_attribute("data-state", "connected")
    expect(page.locator("body")).to_have_attribute("data-ready", "")
