"""Readings of several lines: each shows its own certainty, and cells stand below each other."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.photos import choose, photo
from tests.conftest import ServerProcess
from tests.pictures import png

SHOW_ENTRY = """async (entry) => {
  const { EntryCard } = await import("/static/scripts/history/entry-card.js");
  const card = new EntryCard(entry.id, {});
  card.show(entry);
  document.querySelector("#entries").append(card.element);
}"""
SHOW_READING = """async (reading) => {
  const { ReadingView } = await import("/static/scripts/reading/reading-view.js");
  const answers = { ask: async () => ({ ok: false }) };
  const corrections = Object.assign(new EventTarget(), { of: () => null });
  const view = new ReadingView(answers, corrections, { onUnsaved: () => {}, onFailure: () => {} });
  view.show({ id: "", reading, boxes: { showText: () => {} }, image: new Uint8Array() });
}"""
CERTAINTIES = "lines => lines.map((line) => getComputedStyle(line, '::after').content)"
# The place of the last character of each line.
ENDS = """lines => lines.map(({ firstChild }) => {
  const range = document.createRange();
  range.setStart(firstChild, firstChild.length - 1);
  range.setEnd(firstChild, firstChild.length);
  return range.getBoundingClientRect().x;
})"""


@pytest.fixture(scope="module")
def server(serve: Callable[..., ServerProcess]) -> ServerProcess:
    """One server for all tests: none depends on other entries."""
    return serve()


def reading(*lines: tuple[str, float]) -> dict[str, Any]:
    """Return a reading of lines, each given with its confidence."""
    digits = [
        {
            "digit": int(digit), "confidence": confidence,
            "probabilities": [1 - confidence] + [0] * 9, "box": [0, 0, 20, 28],
        }
        for text, confidence in lines
        for digit in text
        if digit.isdigit()
    ]  # fmt: skip
    return {
        "text": "\n".join(text for text, _ in lines), "confidence": 0.5, "uncertain": True,
        "digits": digits, "size": [300, 200], "milliseconds": 1.0, "model": "0" * 8,
        "lines": [{"text": text, "confidence": confidence} for text, confidence in lines],
    }  # fmt: skip


def show_entry(page: Page, *lines: tuple[str, float]) -> None:
    read = reading(*lines)
    entry = {
        "id": "several", "input_type": "upload", "predicted": read["text"], "confidence": 0.5,
        "uncertain": True, "corrected": None, "image_path": "/static/icons/live-digits.svg",
        "image_version": "1", "timestamp": "2026-01-31T12:00:00.123Z", "owner": None, "maker": "",
        "reading": read,
    }  # fmt: skip
    page.evaluate(SHOW_ENTRY, entry)


def test_entry_shows_the_certainty_of_uncertain_lines(open_page: OpenPage) -> None:
    page = open_page("/history")
    show_entry(page, ("407", 0.99), ("12 38", 0.53), ("5", 0.97))
    expect(page.locator(".entry .confidence")).to_have_text("1 of 3 lines not sure")
    assert page.locator(".line").all_text_contents() == ["407", "12 38", "5"]
    assert page.locator(".line").evaluate_all(CERTAINTIES) == ["none", '"53%"', "none"]


def test_sure_lines_are_sure_whatever_their_product(open_page: OpenPage) -> None:
    page = open_page("/history")
    show_entry(page, *[("407", 0.94)] * 10)
    expect(page.locator(".entry .confidence")).to_have_text("All 10 lines sure")
    expect(page.locator(".entry")).to_have_class("entry")
    assert set(page.locator(".line").evaluate_all(CERTAINTIES)) == {"none"}


def test_cells_of_a_table_stand_below_each_other(open_page: OpenPage) -> None:
    page = open_page("/history")
    show_entry(page, ("1\t22\t3", 0.99), ("4567\t8\t9", 0.99))
    first, second = page.locator(".line").evaluate_all(ENDS)
    assert first == pytest.approx(second, abs=0.5)


def test_panel_names_the_line_in_doubt(page: Page) -> None:
    page.evaluate(SHOW_READING, reading(("407", 0.99), ("12", 0.53)))
    assert page.locator("#reading").text_content() == "407\n12"
    expect(page.locator("#confidence")).to_have_text("1 of 2 lines not sure")
    expect(page.locator("#doubt")).to_have_text("Line 2: Perhaps 12, or 02?")
    expect(page.locator("#reading mark")).to_have_text(["1", "2"])


def test_lines_of_a_photo_are_corrected_line_by_line(page: Page) -> None:
    choose(page, photo(png("407\n814")))
    expect(page.locator(".upload-row .state")).to_have_text("407 814 · All 2 lines sure")
    page.get_by_role("button", name="Correct it").click()
    field = page.locator("#saved textarea")
    expect(field).to_have_value("407\n814")
    field.press("ControlOrMeta+End")
    field.press("Shift+Enter")
    field.press_sequentially("7 9")
    field.press("Enter")
    expect(page.locator("#saved")).to_contain_text("Corrected to 407 814 7 9")
