"""Screenshots of the pages in every state, size and theme.

    .venv/bin/python scripts/screenshots.py FOLDER

Starts its own server with an empty history. `sitting-1440-light.png` is also copied to
web/screenshot.png, which the README shows.
"""

from __future__ import annotations

import shutil
import sys
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from collections.abc import Callable
from math import cos, sin
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

from playwright.sync_api import Browser, FilePayload, Page, expect, sync_playwright

PROJECT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(PROJECT))

from tests.archives import make_zip  # noqa: E402
from tests.browser.conftest import SWITCHES, expect_connected  # noqa: E402
from tests.browser.pen_input import Mouse, Point, densify, follow  # noqa: E402
from tests.browser.photos import choose, photo  # noqa: E402
from tests.browser.test_checking import numbers, table  # noqa: E402
from tests.conftest import ServerProcess  # noqa: E402
from tests.pictures import png  # noqa: E402

HEIGHTS_PX = {360: 740, 820: 1180, 1440: 900}  # of the viewport, by its width
THEMES = ("light", "dark")

Stroke = list[Point]

# Strokes of signs 1 high, (x, y), y down.
FOUR: list[Stroke] = [[(0.48, 0.0), (0.05, 0.62), (0.6, 0.62)], [(0.5, 0.34), (0.44, 1.0)]]
ZERO: list[Stroke] = [
    [(0.3 + 0.27 * cos(turn / 9), 0.5 + 0.5 * sin(turn / 9)) for turn in range(-15, 43)]
]
SEVEN: list[Stroke] = [[(0.05, 0.04), (0.6, 0.02), (0.38, 0.5), (0.24, 1.0)]]
# Ambiguous between 1 and 7.
ONE_OR_SEVEN: list[Stroke] = [[(0.15, 0.1), (0.45, 0.0), (0.4, 0.5), (0.35, 1.0)]]
MINUS: list[Stroke] = [[(0.06, 0.52), (0.5, 0.5)]]
POINT: list[Stroke] = [[(0.3, 0.96), (0.32, 0.98), (0.31, 1.0)]]
STAR: list[Stroke] = [[(0.5, 0.0), (0.2, 1.0), (1.0, 0.38), (0.0, 0.38), (0.8, 1.0), (0.5, 0.0)]]


def place_strokes(page: Page, signs: list[list[Stroke]], share: float) -> list[Stroke]:
    """Return the page coordinates of signs side by side, `share` of the pad high."""
    pad = page.locator(".sheet").bounding_box()
    assert pad
    height = min(pad["height"] * share, pad["width"] * 0.9 / (0.78 * len(signs)))
    left = pad["x"] + (pad["width"] - height * 0.78 * len(signs)) / 2
    top = pad["y"] + (pad["height"] - height) / 2
    return [
        densify([(left + (x + 0.78 * column) * height, top + y * height) for x, y in stroke])
        for column, sign in enumerate(signs)
        for stroke in sign
    ]


def write(page: Page, *signs: list[Stroke], share: float = 0.6) -> None:
    mouse = Mouse(page)
    for stroke in place_strokes(page, [*signs], share):
        follow(mouse, stroke)
        mouse.lift()


def empty(_: Page) -> None:
    """Leave the page as it opens."""


def drawing(page: Page) -> None:
    """Draw with the pen still down."""
    mouse = Mouse(page)
    [stroke] = place_strokes(page, [SEVEN], 0.6)
    follow(mouse, stroke[: len(stroke) * 4 // 5])
    expect(page.locator("#reading")).to_have_text("7")


def number(page: Page) -> None:
    write(page, FOUR, ZERO, SEVEN, share=0.22)
    expect(page.locator("#reading")).to_have_text("407")
    expect(page.locator("#saved")).to_be_visible()


def sitting(page: Page) -> None:
    """Write a number after some others."""
    for signs in ([SEVEN, FOUR], [FOUR, ZERO, ZERO], [MINUS, SEVEN], [FOUR, FOUR, POINT, SEVEN]):
        write(page, *signs, share=0.22)
        expect(page.locator("#saved")).to_be_visible()
        page.locator("#next").click()
        expect(page.locator(".invitation")).to_be_visible()
    number(page)


def correcting(page: Page) -> None:
    """Point at a digit."""
    number(page)
    page.locator("#reading [role=option]").nth(1).click()


def signs(page: Page) -> None:
    write(page, MINUS, FOUR, ZERO, POINT, SEVEN)
    expect(page.locator("#reading")).to_have_text("-40.7")
    expect(page.locator("#saved")).to_be_visible()


def uncertain(page: Page) -> None:
    write(page, ONE_OR_SEVEN)
    expect(page.locator("#alternatives button")).to_have_text("1")
    expect(page.locator("#saved")).to_be_visible()


def no_digit(page: Page) -> None:
    write(page, STAR)
    expect(page.locator("#reading")).to_have_text("?")
    expect(page.locator("#saved")).to_be_visible()


def uploads(page: Page) -> None:
    choose(page, photo(png("70"), "page-1.png"), photo(b"not a picture", "letter.png"),
           photo(png("407\n814"), "page-2.png"))  # fmt: skip
    expect(page.locator(".upload-row[data-state=read]")).to_have_count(2)


def checking(page: Page) -> None:
    """Check the numbers of a photo of a table."""
    cells = numbers()
    cells[2][3], cells[5][1] = "4W", "K"
    choose(page, photo(table(cells), "marks.png"))
    expect(page.locator(".upload-row[data-state=read]")).to_have_count(1)
    page.get_by_role("button", name="Back to the drawing").click()
    page.locator("#list .check").click()
    expect(page.locator("#check")).to_be_visible()


def why(page: Page) -> None:
    write(page, FOUR)
    if page.locator("#why").is_hidden():
        page.locator("#why-toggle").click()
    expect(page.locator("#why-answer figcaption")).to_have_text("Why 4")


def help_sheet(page: Page) -> None:
    page.locator("#help-toggle").click()


def history(page: Page) -> None:
    for signs in ([FOUR, ZERO, SEVEN], [ONE_OR_SEVEN], [STAR], [SEVEN]):
        write(page, *signs, share=0.42)
        expect(page.locator("#saved")).to_be_visible()
        page.locator("#next").click()
    page.goto("/history")
    page.get_by_role("button", name="Correct").nth(1).click()


def selecting(page: Page) -> None:
    """Select two of the entries that pass a filter."""
    history(page)
    page.locator("#filters summary").click()
    page.get_by_label("Only mine").check()
    expect(page.locator("#count")).to_have_text("4 readings")
    page.get_by_role("button", name="Select", exact=True).click()
    for place in (0, 2):
        page.locator("[data-entry-id] input[type=checkbox]").nth(place).check()


def importing(page: Page) -> None:
    """Import pictures of which one has no label."""
    page.goto("/history")
    page.get_by_role("button", name="Import", exact=True).click()
    archive = make_zip({"7/a.png": png("7"), "12/b.png": png("4"), "mine/c.png": png("1")})
    file: FilePayload = {"name": "a.zip", "mimeType": "application/zip", "buffer": archive}
    page.get_by_label("Choose a ZIP").set_input_files(file)
    page.get_by_text("Which, and why").click()
    expect(page.locator("#import-refused li")).to_be_visible()


def large(page: Page) -> None:
    number(page)
    page.goto("/history")
    page.get_by_role("link", name="Picture read as 407").first.click()
    expect(page.locator("#why-answer figcaption")).to_contain_text("Why")


def statistics(page: Page) -> None:
    """Show what came of some numbers."""
    for read, written in (("407", "407"), ("7", "1"), ("78", "18"), ("40", "40"), ("3", "3")):
        entry = page.request.post("/api/predictions", data=png(read)).json()["entry"]
        page.request.patch(f"/api/predictions/{entry['id']}", data={"text": written})
    page.goto("/statistics")
    expect(page.locator("#checked")).not_to_have_text("–")


def reviewing(page: Page) -> None:
    for signs in ([ONE_OR_SEVEN], [FOUR, ONE_OR_SEVEN, ZERO]):
        write(page, *signs, share=0.42)
        expect(page.locator("#saved")).to_be_visible()
        page.locator("#next").click()
    page.goto("/review")
    expect(page.locator("#review")).to_be_visible()


def sign_up(page: Page) -> None:
    """Sign up with a name that is rejected."""
    number(page)
    page.goto("/sign-up")
    page.get_by_label("Name").fill("Ada Lovelace")
    page.get_by_label("Password").fill("correct horse battery")
    page.get_by_role("button", name="Sign up").click()
    expect(page.get_by_role("alert")).to_be_visible()


def menu(page: Page) -> None:
    open_account(page)
    page.locator("#account-toggle").click()


def account(page: Page) -> None:
    open_account(page)
    page.goto("/account")
    for label in ("Spreadsheet", "Till"):
        page.get_by_label("Token name").fill(label)
        page.get_by_role("button", name="Create token").click()


def open_account(page: Page) -> None:
    page.goto("/sign-up")
    page.get_by_label("Name").fill(f"ada-{uuid4().hex[:6]}")
    page.get_by_label("Password").fill("correct horse battery")
    page.get_by_role("button", name="Sign up").click()
    expect_connected(page)


def offline(page: Page, server: ServerProcess) -> None:
    write(page, FOUR)
    server.stop()
    expect(page.locator("#offline")).to_be_visible()


STATES: list[Callable[[Page], None]] = [
    empty, drawing, sitting, correcting, signs, uncertain, no_digit, why, uploads, checking,
    help_sheet, history, selecting, importing, large, statistics, reviewing, sign_up, menu,
    account,
]  # fmt: skip


def open_page(browser: Browser, server: ServerProcess, width: int, theme: str) -> Page:
    page = browser.new_page(
        base_url=server.url,
        viewport={"width": width, "height": HEIGHTS_PX[width]},
        color_scheme="light" if theme == "light" else "dark",
        has_touch=width < 400,
    )
    page.goto("/")
    expect_connected(page)
    return page


def take_screenshot(page: Page, file: Path) -> None:
    page.wait_for_timeout(900)  # until the animations have ended
    page.screenshot(path=file)
    page.close()


def take_all(browser: Browser, server: ServerProcess, folder: Path) -> None:
    variants = [(width, theme) for width in HEIGHTS_PX for theme in THEMES]
    for width, theme in variants:
        for enter_state in STATES:
            page = open_page(browser, server, width, theme)
            enter_state(page)
            take_screenshot(page, folder / f"{enter_state.__name__}-{width}-{theme}.png")
    for width, theme in variants:
        page = open_page(browser, server, width, theme)
        offline(page, server)
        take_screenshot(page, folder / f"offline-{width}-{theme}.png")
        server.start()


def main() -> None:
    parser = ArgumentParser(description=__doc__, formatter_class=RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as data_dir, sync_playwright() as playwright:
        server = ServerProcess(Path(data_dir))
        server.start()
        chromium = shutil.which("chromium")
        browser = playwright.chromium.launch(executable_path=chromium, args=SWITCHES)
        take_all(browser, server, folder)
        browser.close()
        server.stop()
    shutil.copy(folder / "sitting-1440-light.png", PROJECT / "web" / "screenshot.png")


if __name__ == "__main__":
    main()
