"""The draw page is small enough for a slow connection."""

from __future__ import annotations

from playwright.sync_api import Page

MAX_BYTES = 120_000  # over the wire, all scripts and styles

COUNT_BYTES = """() => [...performance.getEntriesByType("navigation"),
  ...performance.getEntriesByType("resource")]
  .map((entry) => entry.transferSize).reduce((sum, size) => sum + size, 0)"""


def test_draw_page_takes_under_120_kb_over_the_wire(page: Page) -> None:
    sent_bytes = page.evaluate(COUNT_BYTES)
    print(f"{sent_bytes / 1000:.0f} kB")
    assert 10_000 < sent_bytes < MAX_BYTES
