"""The draw page in headless Chromium: the frames it sends, how fast it is and how light."""

from __future__ import annotations

import base64
import json
import shutil
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, WebSocket, expect, sync_playwright

from tests.browser.conftest import SWITCHES, expect_connected
from tests.browser.pen_input import Mouse, follow, paths, write

DIGITS = "0123478"
DIGITS_OF_ONE_STROKE = "012378"
STROKES = 60

# Notes whenever the reading is shown how long ago the pen's newest move was.
WATCH = """() => {
  let moved_ms = 0;
  addEventListener("pointerrawupdate", (event) => { moved_ms = event.timeStamp; });
  const note = () => { globalThis.wait_ms = performance.now() - moved_ms; };
  new MutationObserver(note).observe(document.querySelector("#reading"), { childList: true });
}"""
ALL_READ_MS = 150  # after the pen's last move, whose ink is on the last reading then


FIRST_PAINT = """performance.getEntriesByName("first-contentful-paint")[0].startTime"""
SLOWDOWN = 4  # times slower than this machine: a cheap phone
TRACED = "RunTask"  # what Chromium calls a task of a thread
DEVTOOLS = "DevToolsSession"  # in the messages by which this script asks something of the page


@contextmanager
def open_browser() -> Iterator[Page]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=SWITCHES
        )
        yield chromium.new_page(viewport={"width": 1280, "height": 800})
        chromium.close()


def record_frames(url: str, file: Path) -> list[int]:
    """Draw digits on the page, and write the pictures it sends into a file; returns their sizes."""
    pictures: list[bytes] = []

    def listen(socket: WebSocket) -> None:
        socket.on(
            "framesent", lambda sent: pictures.append(sent) if isinstance(sent, bytes) else None
        )

    with open_browser() as page:
        page.on("websocket", listen)
        page.goto(url)
        expect_connected(page)
        for digit in DIGITS:
            write(page, digit)
            expect(page.locator("#reading")).to_have_text(digit)
            page.click("#clear")
    file.write_text(json.dumps([base64.b64encode(picture).decode() for picture in pictures]))
    return [len(picture) for picture in pictures]


def measure_pen_to_text(url: str) -> list[float]:
    """Milliseconds from the last move of a pen to the text on the page that has it, sorted."""
    with open_browser() as page:
        page.goto(url)
        expect_connected(page)
        page.evaluate(WATCH)
        waits_ms, mouse = [], Mouse(page)
        for count in range(STROKES):
            digit = DIGITS_OF_ONE_STROKE[count % len(DIGITS_OF_ONE_STROKE)]
            [path] = paths(page, digit)
            follow(mouse, path)
            page.wait_for_timeout(ALL_READ_MS)
            waits_ms.append(page.evaluate("wait_ms"))
            expect(page.locator("#reading")).to_have_text(digit)
            mouse.lift()
            page.click("#clear")
            expect(page.locator("#reading")).to_have_text("")
        return sorted(waits_ms)


def measure_first_paint(url: str) -> float:
    """Milliseconds from the request to the first text or picture on the page."""
    with open_browser() as page:
        page.goto(url)
        expect_connected(page)
        return float(page.evaluate(FIRST_PAINT))


def measure_longest_task(url: str) -> float:
    """Milliseconds of the page's longest task while digits are drawn on a slowed processor."""
    with open_browser() as page:
        page.goto(url)
        expect(page.locator("#reading")).to_have_text("")  # what looks at the page is loaded now
        devtools = page.context.new_cdp_session(page)
        devtools.send("Emulation.setCPUThrottlingRate", {"rate": SLOWDOWN})
        browser = page.context.browser
        assert browser
        browser.start_tracing(page=page, categories=["toplevel"])
        write(page, "4078")
        expect(page.locator("#reading")).to_have_text("4078")
        return longest_task_ms(json.loads(browser.stop_tracing()))


def longest_task_ms(trace: dict[str, Any]) -> float:
    """Of the main thread of the page that ran most, but for what this script asks of the page."""
    events = trace["traceEvents"]
    mains = {
        (event["pid"], event["tid"])
        for event in events
        if event["name"] == "thread_name" and event["args"]["name"] == "CrRendererMain"
    }
    tasks: dict[tuple[int, int], list[float]] = defaultdict(list)
    for thread in mains:
        own = [event for event in events if (event["pid"], event["tid"]) == thread]
        asked = [event["ts"] for event in own if DEVTOOLS in str(event["args"])]
        for task in own:
            end = task["ts"] + task.get("dur", 0)
            if task["name"].endswith(TRACED) and not any(task["ts"] <= ts <= end for ts in asked):
                tasks[thread].append(task.get("dur", 0) / 1000)
    return max(max(tasks.values(), key=sum))
