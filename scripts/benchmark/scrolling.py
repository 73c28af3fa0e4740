"""Scrolling of a long history from top to bottom in headless Chromium, with a plot of its cost.

.venv/bin/python -m scripts.benchmark.scrolling ENTRIES PLOT.png
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from matplotlib.figure import Figure
from playwright.sync_api import Page, expect, sync_playwright

from scripts.benchmark.history import fill
from scripts.benchmark.servers import run_live_digits
from tests.browser.conftest import SWITCHES, expect_connected
from tests.databases import database_url

STEPS = 100  # between two measurements
PATIENCE_MS = 10_000  # with a list that does not grow
ENTRY = "[data-entry-id]"

WATCH_TASKS = """() => {
  globalThis.longest_ms = 0;
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) longest_ms = Math.max(longest_ms, duration);
  }).observe({ type: "longtask" });
}"""
# Scrolls by two windows at a time, each when the entries below are there; tells if it is the end.
SCROLL = """async ([steps, patience_ms]) => {
  const last = () => [...document.querySelectorAll("[data-entry-id]")].at(-1);
  const isLoaded = () => last().getBoundingClientRect().bottom > 1.5 * innerHeight;
  globalThis.longest_ms = 0;
  for (let step = 0; step < steps; step += 1) {
    scrollBy(0, 2 * innerHeight);
    const begun_ms = performance.now();
    while (!isLoaded()) {
      await new Promise(requestAnimationFrame);
      if (performance.now() - begun_ms > patience_ms) return true;
    }
  }
  return false;
}"""


CARD_HEIGHT_PX = "cards => Math.max(...cards.map((card) => card.offsetHeight)) + 8"


@dataclass(frozen=True)
class Cost:
    """Cost of the page after some entries were scrolled by; a task under 50 ms counts as 0."""

    entries: int
    nodes: int
    heap_bytes: int
    longest_task_ms: float


def scroll(page: Page) -> Iterator[Cost]:
    """Scroll to the end; yield the cost after each hundred steps."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("Performance.enable")
    page.evaluate(WATCH_TASKS)
    is_end = False
    while not is_end:
        is_end = page.evaluate(SCROLL, [STEPS, PATIENCE_MS])
        longest_ms = page.evaluate("longest_ms")
        devtools.send("HeapProfiler.collectGarbage")
        measured = devtools.send("Performance.getMetrics")["metrics"]
        metrics = {each["name"]: each["value"] for each in measured}
        height_px = page.locator(ENTRY).evaluate_all(CARD_HEIGHT_PX)
        passed = round(page.evaluate("scrollY + innerHeight") / height_px)
        yield Cost(passed, int(metrics["Nodes"]), int(metrics["JSHeapUsedSize"]), longest_ms)


def plot(costs: list[Cost], file: Path) -> None:
    figure = Figure(figsize=(7, 7), layout="constrained")
    axes = figure.subplots(3, sharex=True)
    passed = [cost.entries for cost in costs]
    for axis, label, values in (
        (axes[0], "DOM nodes", [cost.nodes for cost in costs]),
        (axes[1], "JS heap, MB", [cost.heap_bytes / 1e6 for cost in costs]),
        (axes[2], "longest task, ms", [cost.longest_task_ms for cost in costs]),
    ):
        axis.plot(passed, values)
        axis.set_ylabel(label)
        axis.set_ylim(bottom=0)
    axes[2].set_xlabel("entries scrolled by")
    figure.savefig(file)


def main(entries: int, file: Path) -> None:
    costs = []
    with TemporaryDirectory() as folder, sync_playwright() as playwright:
        fill(database_url(Path(folder)), entries)
        chromium = shutil.which("chromium")
        browser = playwright.chromium.launch(executable_path=chromium, args=SWITCHES)
        with run_live_digits(Path(folder)) as server:
            page = browser.new_page(viewport={"width": 1280, "height": 800})
            page.goto(f"{server.url}/history")
            expect_connected(page)
            expect(page.locator(ENTRY).first).to_be_visible()
            for cost in scroll(page):
                costs.append(cost)
                print(
                    f"{cost.entries:>8,} entries {cost.nodes:>8,} nodes"
                    f" {cost.heap_bytes / 1e6:>6.1f} MB {cost.longest_task_ms:>6.0f} ms",
                    flush=True,
                )
        browser.close()
    plot(costs, file)


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
