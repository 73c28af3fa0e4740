"""A page whose network lets no WebSocket through works by long polling."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, WebSocketRoute, expect

from tests.browser.conftest import OpenPage, expect_connected
from tests.browser.pen_input import write

SOCKETS = "**/socket.io/**"
REFUSED = """globalThis.WebSocket = class {
  constructor() { setTimeout(() => this.onerror(new Event("error"))); }
  close() {}
}"""


def refuse(page: Page) -> None:
    """Fail each WebSocket as a proxy does that does not know them."""
    page.add_init_script(REFUSED)


def close(page: Page) -> None:
    page.route_web_socket(SOCKETS, WebSocketRoute.close)


def swallow(page: Page) -> None:
    """Accept each WebSocket and answer nothing."""
    page.route_web_socket(SOCKETS, lambda _socket: None)


@pytest.mark.parametrize("hinder", [refuse, close, swallow])
def test_page_works_where_websockets_do_not(
    page: Page, open_page: OpenPage, hinder: Callable[[Page], None]
) -> None:
    history = open_page("/history", beside=page)
    for each in (page, history):
        hinder(each)
        each.reload()
    for each in (page, history):
        expect_connected(each)
    write(page, "407")
    expect(page.locator("#reading")).to_have_text("407")
    page.locator("#save").click()
    expect(history.locator("[data-entry-id] .text")).to_have_text("407")
