"""Photos chosen, dropped or pasted on the draw page."""

from __future__ import annotations

from typing import Any

from PIL import Image
from playwright.sync_api import FilePayload, Page

from tests.browser.files import file_argument
from tests.pictures import draw, encode

TRANSFER = """([name, type, base64]) => {
  const bytes = Uint8Array.from(atob(base64), (byte) => byte.charCodeAt(0));
  const transfer = new DataTransfer();
  transfer.items.add(new File([bytes], name, { type }));
  return transfer;
}"""
PASTE = """(clipboardData) =>
  document.body.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true }))"""


def photo(picture: bytes, name: str = "photo.png", type: str = "image/png") -> FilePayload:
    return {"name": name, "mimeType": type, "buffer": picture}


def desk() -> FilePayload:
    """Return a photo of a small 407 and, far from it, something that is no digit."""
    picture = Image.new("RGB", (1200, 900), "white")
    picture.paste(draw("407", digit_px=50, pen_px=5), (200, 300))
    picture.paste(draw("A", digit_px=50, pen_px=5), (1000, 750))
    return photo(encode(picture), "desk.png")


def choose(page: Page, *files: FilePayload) -> None:
    with page.expect_file_chooser() as chooser:
        page.locator("label:has(#upload)").click()
    chooser.value.set_files(files)


def drop(page: Page, file: FilePayload) -> None:
    page.dispatch_event("body", "drop", {"dataTransfer": transfer(page, file)})


def paste(page: Page, file: FilePayload) -> None:
    transfer(page, file).evaluate(PASTE)


def transfer(page: Page, file: FilePayload) -> Any:
    return page.evaluate_handle(TRANSFER, file_argument(file))
