"""The draw page is small enough for a slow connection, connects early, and says what is missing."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Route, expect

from tests.browser.conftest import expect_connected
from tests.browser.photos import choose, photo
from tests.conftest import ServerProcess, wait_until
from tests.pictures import png

# Over the wire
MAX_START_BYTES = 75_000  # until the page is connected
MAX_BYTES = 100_000  # with the list and the photos, which come then

COUNT_BYTES = """() => [...performance.getEntriesByType("navigation"),
  ...performance.getEntriesByType("resource")]
  .map((entry) => entry.transferSize).reduce((sum, size) => sum + size, 0)"""


def hold(held: list[Route]) -> Callable[[Route], None]:
    def keep(route: Route) -> None:
        held.append(route)

    return keep


def test_draw_page_takes_little_over_the_wire(browser: Browser, server: ServerProcess) -> None:
    page, held = browser.new_page(base_url=server.url), list[Route]()
    page.route("**/late-parts*.js", hold(held))
    page.goto("/")
    expect_connected(page)
    wait_until(lambda: page.evaluate("true") and held)
    start_bytes = page.evaluate(COUNT_BYTES)
    held[0].continue_()
    loaded = "performance.getEntriesByName(`${origin}/static/styles/photo.css`).length"
    wait_until(lambda: page.evaluate(loaded))
    all_bytes = page.evaluate(COUNT_BYTES)
    print(f"{start_bytes / 1000:.0f} kB, then {(all_bytes - start_bytes) / 1000:.0f} kB")
    assert 10_000 < start_bytes < MAX_START_BYTES
    assert all_bytes < MAX_BYTES
    page.close()


def test_page_connects_before_its_other_scripts_have_come(
    browser: Browser, server: ServerProcess
) -> None:
    page, held = browser.new_page(base_url=server.url), list[Route]()
    page.route("**/draw-page*.js", hold(held))
    page.goto("/", wait_until="commit")
    expect(page.locator("#connection")).to_have_attribute("data-state", "connected")
    expect(page.locator("#list-name option")).to_have_count(0)
    held[0].continue_()
    expect(page.locator("#list-name option")).to_have_count(1)
    page.close()


@pytest.mark.parametrize(
    ("path", "script"),
    [
        ("/", "draw-page"), ("/", "open-page"), ("/", "chunk-"),
        ("/history", "history-page"), ("/history", "open-page"), ("/history", "chunk-"),
        ("/statistics", "statistics-page"),
    ],
)  # fmt: skip
def test_page_that_misses_a_script_says_so(
    browser: Browser, server: ServerProcess, path: str, script: str
) -> None:
    page = browser.new_page(base_url=server.url)
    page.route(f"**/{script}*.js", lambda route: route.abort())
    page.goto(path)
    expect(page.locator("#incomplete")).to_be_visible()
    expect(page.locator("#connection")).to_be_hidden()
    page.unroute(f"**/{script}*.js")
    page.get_by_role("link", name="Reload the page").click()
    expect_connected(page)
    expect(page.locator("#incomplete")).to_be_hidden()
    page.close()


def test_part_that_failed_to_load_is_tried_again(browser: Browser, server: ServerProcess) -> None:
    page, failed = browser.new_page(base_url=server.url), list[str]()

    def fail_once(route: Route) -> None:
        if failed:
            return route.fallback()
        failed.append(route.request.url)
        return route.abort("connectionrefused")

    page.route("**/late-parts*.js", fail_once)
    page.goto("/")
    expect_connected(page)
    choose(page, photo(png("407")))
    expect(page.locator("#reading")).to_have_text("407")
    assert failed
    page.close()
