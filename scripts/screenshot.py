"""Make the README's picture, web/screenshot.png: python scripts/screenshot.py SERVER_URL"""

from __future__ import annotations

import shutil
import sys
from math import cos, sin
from pathlib import Path

from playwright.sync_api import Page, ViewportSize, expect, sync_playwright

PROJECT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(PROJECT))

from tests.browser.hand import Mouse, Point, densify, follow  # noqa: E402

SIZE: ViewportSize = {"width": 1280, "height": 800}
HEIGHT_PX = 300


def strokes() -> list[list[Point]]:
    """407, in units of its height: (x, y), y down."""
    four = [(0.48, 0.0), (0.05, 0.62), (0.6, 0.62)], [(0.5, 0.34), (0.44, 1.0)]
    zero = [(1.1 + 0.27 * cos(turn / 9), 0.5 + 0.5 * sin(turn / 9)) for turn in range(-15, 43)]
    seven = [(1.68, 0.04), (2.24, 0.02), (2.0, 0.5), (1.86, 1.0)]
    return [*four, zero, seven]


def write(page: Page) -> None:
    """Write the number, and leave the pen on the paper."""
    pad = page.locator("#pad").bounding_box()
    assert pad
    left = pad["x"] + pad["width"] / 2 - 1.13 * HEIGHT_PX
    top = pad["y"] + (pad["height"] - HEIGHT_PX) / 2
    mouse = Mouse(page)
    for stroke in strokes():
        mouse.lift()
        follow(mouse, densify([(left + x * HEIGHT_PX, top + y * HEIGHT_PX) for x, y in stroke]))


def main() -> None:
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    with sync_playwright() as playwright:
        chromium = shutil.which("chromium")
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page(viewport=SIZE, color_scheme="light")
        page.goto(sys.argv[1])
        write(page)
        expect(page.locator("#reading")).to_have_text("407")
        page.screenshot(path=PROJECT / "web" / "screenshot.png")
        browser.close()


if __name__ == "__main__":
    main()
