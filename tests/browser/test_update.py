"""Pages left open across an update of the server: the notice, and reloads that lose nothing."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, WebSocketRoute, expect

from tests.browser.conftest import OpenPage, expect_connected
from tests.browser.pen_input import Mouse, follow, paths, write

OUTDATED = '42["outdated",{"version":%d}]'


class Updates:
    """A proxy of the page's sockets that announces another version of the contract."""

    def __init__(self, page: Page) -> None:
        self._sockets: list[WebSocketRoute] = []
        self.version: int | None = None  # announced to every page that connects
        self.auth: list[str] = []
        self.loads = 0
        page.on("load", self._count_load)
        page.route_web_socket("**/socket.io/**", self._connect)

    def _count_load(self, _page: Page) -> None:
        self.loads += 1

    def _connect(self, socket: WebSocketRoute) -> None:
        server = socket.connect_to_server()

        def to_server(message: str | bytes) -> None:
            if isinstance(message, str) and message.startswith("40"):
                self.auth.append(message)
            server.send(message)

        def to_page(message: str | bytes) -> None:
            socket.send(message)
            if self.version and isinstance(message, str) and message.startswith("40"):
                socket.send(OUTDATED % self.version)

        socket.on_message(to_server)
        server.on_message(to_page)
        self._sockets.append(socket)

    def announce(self, version: int) -> None:
        self.version = version
        self._sockets[-1].send(OUTDATED % version)


@pytest.fixture
def updates(page: Page) -> Updates:
    updates = Updates(page)
    page.reload()
    expect_connected(page)
    return updates


def test_page_sends_its_version_of_the_contract(page: Page, updates: Updates) -> None:
    version = page.evaluate("Number(document.body.dataset.contract)")
    assert updates.auth == [f'40{{"contract":{version},"owner":null}}']


def test_drawing_survives_the_reload_of_an_update(page: Page, updates: Updates) -> None:
    write(page, "7")
    expect(page.locator("#reading")).to_have_text("7")
    updates.announce(1_000)
    expect(page.locator("#outdated")).to_have_text("Live Digits has been updated. Reload")
    assert updates.loads == 1
    with page.expect_event("load"):
        page.get_by_role("button", name="Reload").click()
    expect(page.locator("#reading")).to_have_text("7")
    expect(page.locator("#undo")).to_be_disabled()


def test_update_does_not_disturb_a_stroke(page: Page, updates: Updates) -> None:
    [path] = paths(page, "7")
    mouse = Mouse(page)
    follow(mouse, path[: len(path) // 2])
    top = page.locator("#pad").bounding_box()
    updates.announce(1_000)
    for point in path[len(path) // 2 :]:
        mouse.move(point)
    expect(page.locator("#reading")).to_have_text("7")
    expect(page.locator("#outdated")).to_be_hidden()
    assert page.locator("#pad").bounding_box() == top
    mouse.lift()
    expect(page.locator("#outdated")).to_be_visible()
    expect(page.locator("#reading")).to_have_text("7")


def test_stroke_under_the_pen_survives_a_reload(page: Page) -> None:
    [path] = paths(page, "7")
    follow(Mouse(page), path)
    expect(page.locator("#reading")).to_have_text("7")
    page.reload()
    expect(page.locator("#reading")).to_have_text("7")
    expect(page.locator(".invitation")).to_be_hidden()


def test_blank_page_reloads_by_itself_once_for_a_version(page: Page, updates: Updates) -> None:
    for version in (1_000, 1_001):
        with page.expect_event("load"):
            updates.announce(version)
        expect(page.locator("#outdated")).to_be_visible()
    updates.announce(1_000)
    updates.announce(1_001)
    write(page, "7")
    expect(page.locator("#reading")).to_have_text("7")
    assert updates.loads == 3


def test_page_with_something_to_undo_reloads_only_when_asked(page: Page, updates: Updates) -> None:
    write(page, "7")
    page.locator("#clear").click()
    updates.announce(1_000)
    expect(page.locator("#outdated")).to_be_visible()
    assert updates.loads == 1
    page.locator("#undo").click()
    expect(page.locator("#reading")).to_have_text("7")


def test_history_page_reloads_by_itself_unless_searched(open_page: OpenPage) -> None:
    page = open_page("/history")
    updates = Updates(page)
    page.reload()
    expect_connected(page)
    page.get_by_role("searchbox").fill("7")
    updates.announce(1_000)
    expect(page.locator("#outdated")).to_be_visible()
    assert updates.loads == 1
    page.get_by_role("searchbox").fill("")
    with page.expect_event("load"):
        updates.announce(1_000)
