"""A long history: few cards on the page, wherever it is scrolled to."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest
from playwright.sync_api import Page, expect

from scripts.benchmark.history import fill
from tests.browser.conftest import OpenPage, expect_connected
from tests.browser.test_history import ENTRY, upload
from tests.conftest import ServerProcess, wait_until
from tests.databases import database_url

ENTRIES = 400
MAX_NODES = 4_500
STEP_PX = 1_500

IDS = "cards => cards.map((card) => card.dataset.entryId)"
# The card in the middle of the window, and its place.
SEEN = """() => {
  const cards = [...document.querySelectorAll("[data-entry-id]")];
  const card = cards.find((each) => each.getBoundingClientRect().bottom > innerHeight / 2);
  return card && [card.dataset.entryId, card.getBoundingClientRect().top];
}"""
TOP_PX = "card => card.getBoundingClientRect().top"
ON_PAPER_PX = "card => card.getBoundingClientRect().top + scrollY"
# Whether the address holds the place at the moment.
IS_KEPT = """() => {
  const cards = [...document.querySelectorAll("[data-entry-id]")];
  const tops_px = cards.map((card) => card.getBoundingClientRect().top);
  return tops_px.includes(history.state?.top_px);
}"""
NODES = "document.querySelectorAll('*').length"


@pytest.fixture
def long_server(server: ServerProcess) -> ServerProcess:
    """A server with a long history, of one entry a second."""
    fill(database_url(server.data_dir), ENTRIES)
    return server


@pytest.fixture
def history(long_server: ServerProcess, open_page: OpenPage) -> Page:
    page = open_page("/history", at=long_server, viewport={"width": 820, "height": 800})
    expect(page.locator(ENTRY).first).to_be_visible()
    return page


def newest_first(server: ServerProcess) -> list[str]:
    ids: list[str] = []
    cursor = ""
    while cursor is not None:
        query = {"limit": "100"} | ({"before": cursor} if cursor else {})
        page = httpx.get(f"{server.url}/api/predictions", params=query).json()
        ids += [entry["id"] for entry in page["entries"]]
        cursor = page["next"]
    return ids


def scroll(page: Page, step_px: int) -> None:
    """Scroll by a step, and wait until there is a card in view."""
    page.evaluate("step_px => scrollBy(0, step_px)", step_px)
    page.wait_for_function(
        "() => [...document.querySelectorAll('[data-entry-id]')].some((card) => {"
        "const {top, bottom} = card.getBoundingClientRect();"
        "return bottom > 0 && top < innerHeight; })"
    )


def scroll_down(page: Page, steps: int) -> None:
    for _ in range(steps):
        scroll(page, STEP_PX)
    wait_until_settled(page)


def wait_until_settled(page: Page) -> None:
    """Wait until the cards below the view are loaded."""
    page.wait_for_function(
        "() => { const last = [...document.querySelectorAll('[data-entry-id]')].at(-1);"
        "return last.getBoundingClientRect().bottom > innerHeight + 1400 ||"
        "getComputedStyle(document.querySelector('#entries')).paddingBottom === '0px'; }"
    )


def seen(page: Page) -> tuple[str, float]:
    id, top_px = page.evaluate(SEEN)
    return id, top_px


def is_held(page: Page, place: tuple[str, float]) -> bool:
    """Return whether an entry is where it was, to a pixel."""
    id, top_px = place
    card = page.locator(f"[data-entry-id='{id}']")
    return card.count() == 1 and abs(card.evaluate(TOP_PX) - top_px) <= 1


def test_scrolling_shows_every_entry_in_order_with_few_nodes(
    long_server: ServerProcess, history: Page
) -> None:
    shown: dict[str, None] = {}
    while len(shown) < ENTRIES:
        shown.update(dict.fromkeys(history.locator(ENTRY).evaluate_all(IDS)))
        assert history.evaluate(NODES) <= MAX_NODES
        scroll(history, STEP_PX)
    ids = newest_first(long_server)
    assert list(shown) == ids
    while history.evaluate("scrollY > 0"):
        scroll(history, -STEP_PX)
        assert history.evaluate(NODES) <= MAX_NODES
    expect(history.locator(ENTRY).first).to_have_attribute("data-entry-id", ids[0])
    expect(history.locator(ENTRY).first).to_be_in_viewport()


@pytest.mark.parametrize("steps", [1, 10], ids=["newest loaded", "newest dropped"])
def test_place_is_held_while_entries_arrive(
    server: ServerProcess, history: Page, steps: int
) -> None:
    other = history.context.new_page()
    other.goto(f"{server.url}/history")
    scroll_down(history, steps)
    held = seen(history)
    upload(server, "1", "22")
    expect(other.locator(f"{ENTRY} .text").first).to_have_text("22")
    assert is_held(history, held)
    history.keyboard.press("Home")
    expect(history.locator(f"{ENTRY} .text").first).to_have_text("22")


def test_home_shows_the_newest_at_once(long_server: ServerProcess, history: Page) -> None:
    scroll_down(history, 15)
    history.evaluate("scrollTo(0, 0)")
    newest = history.locator(f"[data-entry-id='{newest_first(long_server)[0]}']")
    expect(newest).to_be_in_viewport()


def test_outage_keeps_the_place(long_server: ServerProcess, history: Page) -> None:
    scroll_down(history, 8)
    held = seen(history)
    long_server.stop()
    expect(history.locator("#offline")).to_be_visible()
    assert history.locator(f"[data-entry-id='{held[0]}']").is_visible()
    long_server.start()
    expect_connected(history)
    expect(history.locator("#offline")).to_be_hidden()
    wait_until(lambda: is_held(history, held))


def test_reload_and_back_keep_the_place(history: Page) -> None:
    scroll_down(history, 8)
    held = seen(history)
    history.wait_for_function(IS_KEPT)
    history.reload()
    wait_until(lambda: is_held(history, held))
    history.get_by_role("link", name="Draw").first.press("Enter")
    expect(history.locator("#pad")).to_be_visible()
    history.go_back()
    expect_connected(history)
    wait_until(lambda: is_held(history, held))
    scroll(history, -STEP_PX)
    assert not is_held(history, held)


def test_day_shows_its_entries_with_newer_ones_above(server: ServerProcess, history: Page) -> None:
    upload(server, "1", "22")
    history.get_by_label("Go to day").fill("2026-01-01")
    texts = history.locator(f"{ENTRY} .text")
    wait_until(lambda: texts.nth(1).text_content() == "1")
    newest_of_day = newest_first(server)[2]
    wait_until(lambda: is_held(history, (newest_of_day, 0)))
    history.get_by_label("Go to day").fill("")
    expect(texts.first).to_be_in_viewport()
    expect(texts.first).to_have_text("22")


def test_count_follows_the_filters_and_new_entries(server: ServerProcess, history: Page) -> None:
    count = history.locator("#count")
    expect(count).to_have_text("400 readings")
    upload(server, "407")
    expect(count).to_have_text("401 readings")
    history.locator("#filters summary").click()
    history.get_by_label("Source").select_option("Uploaded")
    expect(count).to_have_text("41 readings")
    history.get_by_label("Only mine").check()
    expect(count).to_have_text("0 readings")
    expect(history.locator("#nothing-found")).to_be_visible()


def test_filters_are_in_the_address(history: Page) -> None:
    history.locator("#filters summary").click()
    history.get_by_label("Source").select_option("Uploaded")
    history.get_by_label("From").fill("2026-01-01")
    expect(history.locator("#count")).to_have_text("40 readings")
    history.wait_for_url("**/history?input_type=upload&from=2026-01-01")
    history.reload()
    expect(history.locator("#count")).to_have_text("40 readings")
    expect(history.get_by_label("Source")).to_have_value("upload")
    csv = history.get_by_role("link", name="CSV")
    expect(csv).to_have_attribute(
        "href", "/api/export.csv?input_type=upload&made_from=2026-01-01T00%3A00%3A00.000Z"
    )


def test_list_that_failed_to_load_is_tried_again(
    share: Callable[..., ServerProcess], open_page: OpenPage
) -> None:
    busy = share(queries_per_minute="6")
    fill(database_url(busy.data_dir), ENTRIES)
    page = open_page("/history", at=busy, viewport={"width": 820, "height": 800})
    notice = page.locator("#load-failed")
    for _ in range(6):
        page.mouse.wheel(0, 3_000)
        page.wait_for_timeout(200)
    expect(notice).to_contain_text("Trying again.")
    held = seen(page)
    notice.get_by_role("button", name="Try again").click()
    expect(notice).to_be_hidden()
    assert is_held(page, held)


def test_print_shows_the_list_alone(history: Page) -> None:
    scroll_down(history, 8)
    history.emulate_media(media="print")
    for selector in (".site", "#search", ".overview", ".whose"):
        expect(history.locator(selector)).to_be_hidden()
    expect(history.locator(ENTRY).first).to_be_visible()
    assert history.locator(ENTRY).first.evaluate(ON_PAPER_PX) < 50
