"""The draw page in headless Chromium: the frames it sends, and the way from the pen to the text."""

from __future__ import annotations

import base64
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, WebSocket, expect, sync_playwright

from tests.browser.conftest import SWITCHES, expect_connected
from tests.browser.hand import Mouse, paths, write

DIGITS = "0123478"
STROKES = 60

# Notes for every change of the reading how long ago the pen's newest move was.
WATCH = """() => {
  globalThis.waits_ms = [];
  let moved_ms = 0;
  document.querySelector("#pad").addEventListener(
    "pointermove", (event) => { moved_ms = event.timeStamp; }, { capture: true },
  );
  const reading = document.querySelector("#reading");
  const note = () => {
    if (reading.textContent) waits_ms.push(performance.now() - moved_ms);
  };
  new MutationObserver(note).observe(reading, { childList: true });
}"""


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
    """Milliseconds from the pen's move to the text on the page, sorted: one stroke that is a 1."""
    with open_browser() as page:
        page.goto(url)
        expect_connected(page)
        page.evaluate(WATCH)
        [[*path]] = paths(page, "1")
        mouse = Mouse(page)
        for _ in range(STROKES):
            mouse.press(path[0])
            mouse.move(path[-1])
            expect(page.locator("#reading")).to_have_text("1")
            mouse.lift()
            page.click("#clear")
            expect(page.locator("#reading")).to_have_text("")
        return sorted(page.evaluate("waits_ms"))
