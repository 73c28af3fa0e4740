"""Photos: chosen, dropped, pasted; too large, or no photo at all."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import FilePayload, Page, expect

from tests.browser.conftest import OpenPage
from tests.conftest import ServerProcess
from tests.pictures import draw, encode, png

ENTRY = "[data-entry-id]"
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


def choose(page: Page, *files: FilePayload) -> None:
    with page.expect_file_chooser() as chooser:
        page.get_by_text("Upload", exact=True).click()
    chooser.value.set_files(files)


def drop(page: Page, file: FilePayload) -> None:
    page.dispatch_event("body", "drop", {"dataTransfer": transfer(page, file)})


def paste(page: Page, file: FilePayload) -> None:
    transfer(page, file).evaluate(PASTE)


def transfer(page: Page, file: FilePayload) -> Any:
    content = base64.b64encode(file["buffer"]).decode()
    return page.evaluate_handle(TRANSFER, [file["name"], file["mimeType"], content])


@pytest.mark.parametrize("way", [choose, drop, paste])
def test_photo_when_given_is_read_and_shown_elsewhere(
    page: Page, open_page: OpenPage, way: Callable[[Page, FilePayload], None]
) -> None:
    history = open_page("/history")
    expect(history.locator("#empty")).to_be_visible()
    way(page, photo(png("407")))
    expect(page.locator("#reading")).to_have_text("407")
    expect(page.locator("#photo")).to_be_visible()
    expect(history.locator(f"{ENTRY} .text")).to_have_text("407")
    expect(history.locator(f"{ENTRY} .source")).to_have_text("Uploaded")


def test_photos_when_chosen_together_are_all_read(page: Page, open_page: OpenPage) -> None:
    history = open_page("/history")
    choose(page, *(photo(png(text)) for text in ("1", "70", "4")))
    expect(history.locator(f"{ENTRY} .text")).to_have_text(["4", "70", "1"])


def test_photo_chosen_while_the_server_is_away_is_read_afterwards(
    page: Page, server: ServerProcess
) -> None:
    server.stop()
    expect(page.locator("#connection")).to_contain_text("Reconnecting")
    choose(page, photo(png("7")))
    expect(page.locator("#message")).to_contain_text("photo.png")
    server.start()
    expect(page.locator("#reading")).to_have_text("7")
    expect(page.locator("#message")).to_be_empty()


def test_file_when_it_is_no_picture_is_explained(page: Page) -> None:
    choose(page, photo(b"not a picture", "notes.txt", "text/plain"))
    expect(page.locator("#message")).to_have_attribute("role", "alert")
    expect(page.locator("#message")).not_to_be_empty()


@pytest.mark.parametrize("limit", [{"max_upload_bytes": "50000"}, {"max_pixels": "100000"}])
def test_photo_above_the_limit_is_made_smaller_in_the_browser(
    serve: Callable[..., ServerProcess], open_page: OpenPage, limit: dict[str, str]
) -> None:
    page = open_page(at=serve(**limit))
    choose(page, photo(encode(draw("407", digit_px=400), "BMP"), "photo.bmp", "image/bmp"))
    expect(page.locator("#reading")).to_have_text("407")
    expect(page.locator("#message")).to_be_empty()


def test_file_above_the_limit_that_cannot_be_made_smaller_is_explained(
    serve: Callable[..., ServerProcess], open_page: OpenPage
) -> None:
    page = open_page(at=serve(max_upload_bytes="50000"))
    choose(page, photo(bytes(300_000), "photo.heic", "image/heic"))
    expect(page.locator("#message")).to_contain_text("“photo.heic” has 0.3 MB")
    expect(page.locator("#connection")).to_have_attribute("data-state", "connected")
    choose(page, photo(png("7")))
    expect(page.locator("#reading")).to_have_text("7")
