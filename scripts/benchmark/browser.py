"""Draw page in headless Chromium: its frames, first paint, latency and longest task."""

from __future__ import annotations

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
FRAME_EVENT = '["frame"'

# Records, whenever a reading is shown, the time since the pen's last move.
RECORD_LATENCY = """() => {
  let moved_ms = 0;
  addEventListener("pointerrawupdate", (event) => { moved_ms = event.timeStamp; });
  const record = () => { globalThis.latency_ms = performance.now() - moved_ms; };
  new MutationObserver(record).observe(document.querySelector("#reading"), { childList: true });
}"""
LAST_READING_MS = 150  # after the pen's last move, the reading shown includes its ink

FIRST_PAINT = 'performance.getEntriesByName("first-contentful-paint")[0].startTime'
CPU_SLOWDOWN = 4  # as on a cheap phone
TASK_EVENT = "RunTask"  # the end of the name of a task in a trace
DEVTOOLS_EVENT = "DevToolsSession"  # in the events of this script's own requests


class FrameRecorder:
    """Records the frames that a page sends, as far as a reading depends on them."""

    def __init__(self) -> None:
        self.frames: list[dict[str, Any]] = []
        self.sizes: list[int] = []  # in bytes

    def listen(self, socket: WebSocket) -> None:
        socket.on("framesent", self._note)

    def _note(self, sent: str | bytes) -> None:
        if isinstance(sent, str) and FRAME_EVENT in sent:
            payload = json.loads(sent[sent.index("[") :])[1]
            self.frames.append({name: payload[name] for name in ("strokes", "size")})
            self.sizes.append(len(sent))


@contextmanager
def open_browser() -> Iterator[Page]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=SWITCHES
        )
        yield chromium.new_page(viewport={"width": 1280, "height": 800})
        chromium.close()


def record_frames(url: str, file: Path) -> list[int]:
    """Draw digits, write the frames that the page sends to a file, and return their sizes."""
    recorder = FrameRecorder()
    with open_browser() as page:
        page.on("websocket", recorder.listen)
        page.goto(url)
        expect_connected(page)
        for digit in DIGITS:
            write(page, digit)
            expect(page.locator("#reading")).to_have_text(digit)
            page.click("#clear")
    file.write_text(json.dumps(recorder.frames))
    return recorder.sizes


def measure_pen_to_text(url: str) -> list[float]:
    """Return the milliseconds from a pen's last move to the reading that includes it, sorted."""
    with open_browser() as page:
        page.goto(url)
        expect_connected(page)
        page.evaluate(RECORD_LATENCY)
        latencies_ms, mouse = [], Mouse(page)
        for count in range(STROKES):
            digit = DIGITS_OF_ONE_STROKE[count % len(DIGITS_OF_ONE_STROKE)]
            [path] = paths(page, digit)
            follow(mouse, path)
            page.wait_for_timeout(LAST_READING_MS)
            latencies_ms.append(page.evaluate("latency_ms"))
            expect(page.locator("#reading")).to_have_text(digit)
            mouse.lift()
            page.click("#clear")
            expect(page.locator("#reading")).to_have_text("")
        return sorted(latencies_ms)


def measure_first_paint(url: str) -> float:
    """Return the milliseconds from the request to the first text or picture on the page."""
    with open_browser() as page:
        page.goto(url)
        expect_connected(page)
        return float(page.evaluate(FIRST_PAINT))


def measure_longest_task(url: str) -> float:
    """Return the milliseconds of the longest task while digits are drawn on a slowed CPU."""
    with open_browser() as page:
        page.goto(url)
        expect(page.locator("#reading")).to_have_text("")  # loads Playwright's own script early
        devtools = page.context.new_cdp_session(page)
        devtools.send("Emulation.setCPUThrottlingRate", {"rate": CPU_SLOWDOWN})
        browser = page.context.browser
        assert browser
        browser.start_tracing(page=page, categories=["toplevel"])
        write(page, "4078")
        expect(page.locator("#reading")).to_have_text("4078")
        return longest_task_ms(json.loads(browser.stop_tracing()))


def longest_task_ms(trace: dict[str, Any]) -> float:
    """Return the longest task of the busiest main thread, without this script's requests."""
    events = trace["traceEvents"]
    main_threads = {
        (event["pid"], event["tid"])
        for event in events
        if event["name"] == "thread_name" and event["args"]["name"] == "CrRendererMain"
    }
    tasks: dict[tuple[int, int], list[float]] = defaultdict(list)
    for thread in main_threads:
        thread_events = [event for event in events if (event["pid"], event["tid"]) == thread]
        request_times = [
            event["ts"] for event in thread_events if DEVTOOLS_EVENT in str(event["args"])
        ]
        for task in thread_events:
            end = task["ts"] + task.get("dur", 0)
            if task["name"].endswith(TASK_EVENT) and not any(
                task["ts"] <= ts <= end for ts in request_times
            ):
                tasks[thread].append(task.get("dur", 0) / 1000)
    return max(max(tasks.values(), key=sum))
