"""Photos: chosen, dropped or pasted, too large, or not photos at all."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest
from PIL import Image
from playwright.sync_api import FilePayload, Page, expect

from tests.browser.conftest import OpenPage, expect_connected
from tests.browser.pen_input import write
from tests.browser.photos import choose, desk, drop, paste, photo
from tests.conftest import ServerProcess
from tests.pictures import draw, encode, png

ENTRY = "[data-entry-id]"
ROW = ".upload-row"
NUMBER = "#list .number"
POSTS = "**/api/predictions?*"
WATCH_PROGRESS = """() => {
  globalThis.shares = [];
  const list = document.querySelector("#upload-list");
  new MutationObserver(() => shares.push(list.querySelector("progress").value))
    .observe(list, { subtree: true, attributes: true, attributeFilter: ["value"] });
}"""


@pytest.mark.parametrize("way", [choose, drop, paste])
def test_photo_is_read_and_shown_elsewhere(
    page: Page, open_page: OpenPage, way: Callable[[Page, FilePayload], None]
) -> None:
    history = open_page("/history")
    expect(history.locator("#empty")).to_be_visible()
    way(page, photo(png("407")))
    expect(page.locator("#reading")).to_have_text("407")
    expect(page.locator("#photo")).to_be_visible()
    expect(history.locator(f"{ENTRY} .text")).to_have_text("407")
    expect(history.locator(f"{ENTRY} .source")).to_have_text("Uploaded")


def test_photos_chosen_together_are_all_read(page: Page, open_page: OpenPage) -> None:
    history = open_page("/history")
    choose(page, *(photo(png(text)) for text in ("1", "70", "4")))
    expect(history.locator(f"{ENTRY} .text")).to_have_text(["4", "70", "1"])


def test_photo_chosen_while_the_server_is_down_is_read_later(
    page: Page, server: ServerProcess
) -> None:
    server.stop()
    expect(page.locator("#connection")).to_contain_text("Reconnecting")
    choose(page, photo(png("7")))
    expect(page.locator("#message")).to_contain_text("photo.png")
    server.start()
    expect(page.locator("#reading")).to_have_text("7")
    expect(page.locator("#message")).to_be_empty()


def test_file_that_is_not_a_picture_is_explained(page: Page) -> None:
    choose(page, photo(b"not a picture", "notes.txt", "text/plain"))
    expect(page.locator("#message")).to_have_attribute("role", "alert")
    expect(page.locator("#message")).not_to_be_empty()


def test_empty_file_is_explained(page: Page) -> None:
    devtools = page.context.new_cdp_session(page)
    slow = {"offline": False, "latency": 500, "downloadThroughput": -1, "uploadThroughput": -1}
    devtools.send("Network.enable")
    devtools.send("Network.emulateNetworkConditions", slow)
    choose(page, photo(b"", "empty.png"))
    expect(page.locator(f"{ROW}[data-state=failed] .name")).to_have_text("empty.png")
    expect(page.locator(f"{ROW} .state")).to_contain_text("cannot be read as a picture")


@pytest.mark.parametrize("limit", [{"max_upload_bytes": "50000"}, {"max_pixels": "100000"}])
def test_photo_over_a_limit_is_made_smaller(
    serve: Callable[..., ServerProcess], open_page: OpenPage, limit: dict[str, str]
) -> None:
    page = open_page(at=serve(**limit))
    choose(page, photo(encode(draw("407", digit_px=400), "BMP"), "photo.bmp", "image/bmp"))
    expect(page.locator("#reading")).to_have_text("407")
    expect(page.locator("#message")).to_be_empty()


def test_unreadable_file_over_the_limit_is_explained(
    serve: Callable[..., ServerProcess], open_page: OpenPage
) -> None:
    page = open_page(at=serve(max_upload_bytes="50000"))
    choose(page, photo(bytes(300_000), "photo.heic", "image/heic"))
    expect(page.locator("#message")).to_contain_text("“photo.heic” has 0.3 MB")
    expect(page.locator("#connection")).to_have_attribute("data-state", "connected")
    choose(page, photo(png("7")))
    expect(page.locator("#reading")).to_have_text("7")


def test_photos_show_their_own_reading_or_failure(page: Page) -> None:
    choose(page, photo(png("407"), "one.png"), photo(b"not a picture", "two.png"),
           photo(png("70"), "three.png"))  # fmt: skip
    rows = page.locator(ROW)
    expect(rows).to_have_count(3)
    expect(rows.locator(".name")).to_have_text(["one.png", "two.png", "three.png"])
    expect(rows.nth(0)).to_have_attribute("data-state", "read")
    expect(rows.nth(0).locator(".state")).to_contain_text("407 · Very sure")
    expect(rows.nth(1)).to_have_attribute("data-state", "failed")
    expect(rows.nth(1).locator(".state")).to_contain_text("cannot be read as a picture")
    expect(rows.nth(2).locator(".state")).to_contain_text("70")
    expect(page.locator("#reading")).to_have_text("70")


def test_photo_has_boxes_over_its_digits(page: Page) -> None:
    choose(page, photo(png("407")))
    boxes = page.locator("#photo-boxes li")
    expect(boxes).to_have_count(3)
    frame = page.locator("#photo").bounding_box()
    assert frame
    for column in range(3):
        box = boxes.nth(column).bounding_box()
        assert box
        middle = (box["x"] + box["width"] / 2 - frame["x"]) / frame["width"]
        assert middle == pytest.approx((column + 0.5) / 3, abs=0.05)
    page.get_by_role("button", name="Digit 2 of 3: 0").click()
    expect(page.locator("#digit-keys .answer .digit")).to_have_text("0")


def test_photo_chosen_on_the_list_is_shown_again(page: Page) -> None:
    choose(page, photo(png("407"), "one.png"), photo(png("70"), "two.png"))
    expect(page.locator("#reading")).to_have_text("70")
    page.get_by_role("button", name="one.png").click()
    expect(page.locator("#reading")).to_have_text("407")
    expect(page.get_by_role("button", name="one.png")).to_have_attribute("aria-pressed", "true")


def test_drawing_hides_the_photo_until_it_is_reopened(page: Page) -> None:
    choose(page, photo(png("407")))
    expect(page.locator("#reading")).to_have_text("407")
    write(page, "1")
    expect(page.locator("#photo")).to_be_hidden()
    expect(page.locator("#reading")).to_have_text("1")
    page.get_by_role("button", name="1 photo").click()
    expect(page.locator("#photo")).to_be_visible()
    expect(page.locator("#reading")).to_have_text("407")
    page.keyboard.press("Escape")
    expect(page.locator("#reading")).to_have_text("1")


def test_photo_removed_from_the_list_stays_in_the_history(page: Page, open_page: OpenPage) -> None:
    choose(page, photo(png("407")))
    page.get_by_role("button", name="Remove from this list").click()
    expect(page.locator(ROW)).to_have_count(0)
    expect(page.locator("#uploads")).to_be_hidden()
    expect(page.locator("#reading")).to_be_empty()
    history = open_page("/history", beside=page)
    expect(history.locator(f"{ENTRY} .text")).to_have_text("407")


def test_upload_progress_never_goes_back(page: Page) -> None:
    devtools = page.context.new_cdp_session(page)
    page.evaluate(WATCH_PROGRESS)
    slow = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": 400_000}
    devtools.send("Network.enable")
    devtools.send("Network.emulateNetworkConditions", slow)
    choose(page, photo(encode(draw("407", digit_px=600), "BMP"), "photo.bmp", "image/bmp"))
    expect(page.locator(f"{ROW}[data-state=read]")).to_be_visible(timeout=30_000)
    shares = page.evaluate("shares")
    assert shares == sorted(shares)


def test_photo_holds_up_no_live_reading(page: Page) -> None:
    devtools = page.context.new_cdp_session(page)
    slow = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": 120_000}
    devtools.send("Network.enable")
    devtools.send("Network.emulateNetworkConditions", slow)
    choose(page, photo(encode(draw("407", digit_px=600), "BMP"), "photo.bmp", "image/bmp"))
    page.get_by_role("button", name="Back to the drawing").click()
    write(page, "7")
    expect(page.locator("#reading")).to_have_text("7", timeout=2_000)
    expect(page.locator(f"{ROW}[data-state=sending]")).to_be_attached()


def test_dropped_link_is_answered(page: Page) -> None:
    page.evaluate(
        """() => {
          const dataTransfer = new DataTransfer();
          dataTransfer.setData("text/uri-list", "https://example.org/photo.png");
          document.body.dispatchEvent(new DragEvent("drop", { dataTransfer, bubbles: true }));
        }"""
    )
    expect(page.locator("#message")).to_contain_text("Only files can be read here")


def test_focus_stays_among_the_photos_and_comes_back(page: Page) -> None:
    choose(page, photo(png("407"), "one.png"), photo(png("70"), "two.png"))
    expect(page.locator(".upload-row[data-state=read]")).to_have_count(2)
    page.get_by_role("button", name="Remove from this list").first.click()
    expect(page.locator(".upload-row button").first).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="1 photo")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Back to the drawing")).to_be_focused()


def test_photo_outlives_the_page_with_its_list(
    page: Page, open_page: OpenPage, server: ServerProcess
) -> None:
    page.locator("#list-new").click()
    page.keyboard.type("Bench")
    page.keyboard.press("Enter")
    server.stop()
    expect(page.locator("#connection")).to_contain_text("Reconnecting")
    choose(page, photo(png("407"), "marks.png"))
    page.evaluate("localStorage.clear()")
    page.close(run_before_unload=True)
    server.start()
    again = open_page(beside=page)
    expect(again.locator("#uploads-open")).to_have_text("1 photo")
    expect(again.locator(f"{ROW}[data-state=read]")).to_have_count(1)
    [entry] = httpx.get(f"{server.url}/api/predictions").json()["entries"]
    assert (entry["predicted"], entry["list"]) == ("407", "Bench")


def test_photo_removed_before_it_is_sent_is_not(page: Page) -> None:
    page.route(POSTS, lambda route: route.abort("connectionrefused"))
    choose(page, *(photo(png(text), f"{text}.png") for text in ("1", "70", "4")))
    expect(page.locator(ROW)).to_have_count(3)
    page.locator(ROW).nth(1).get_by_role("button", name="Remove").click()
    page.unroute(POSTS)
    expect(page.locator(f"{ROW}[data-state=read]")).to_have_count(2)
    expect(page.locator(NUMBER)).to_have_text(["1", "4"])


def test_crop_is_the_same_photo_after_a_reload(page: Page) -> None:
    choose(page, photo(png("407")))
    expect(page.locator(f"{ROW}[data-state=read]")).to_have_count(1)
    page.route(POSTS, lambda route: route.abort("connectionrefused"))
    crop(page, right=0.34, bottom=0)
    expect(page.locator(f"{ROW}:not([data-state=read])")).to_have_count(1)
    page.unroute(POSTS)
    page.reload()
    expect(page.locator(NUMBER)).to_have_text(["40"])
    page.get_by_role("button", name="1 photo").click()
    expect(page.locator(ROW)).to_have_count(1)
    expect(page.locator("#reading")).to_have_text("40")


def test_photos_stay_after_a_reload(page: Page) -> None:
    choose(page, photo(png("407"), "one.png"), photo(png("70"), "two.png"))
    expect(page.locator(f"{ROW}[data-state=read]")).to_have_count(2)
    page.reload()
    page.get_by_role("button", name="2 photos").click()
    expect(page.locator(f"{ROW} .name")).to_have_text(["one.png", "two.png"])
    page.locator(f"{ROW} .show").first.click()
    expect(page.locator("#reading")).to_have_text("407")


def crop(page: Page, right: float, bottom: float) -> None:
    """Crop the photo at its right and bottom, by shares of its size, and read it."""
    page.get_by_role("button", name="Rotate or crop").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    frame = page.locator("#editor canvas").bounding_box()
    grip = page.get_by_role("button", name="Bottom right corner").bounding_box()
    assert frame
    assert grip
    x, y = grip["x"] + grip["width"] / 2, grip["y"] + grip["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - frame["width"] * right, y - frame["height"] * bottom, steps=5)
    page.mouse.up()
    page.get_by_role("button", name="Read it").click()


def test_cropped_photo_replaces_its_entry(page: Page, open_page: OpenPage) -> None:
    history = open_page("/history", beside=page)
    choose(page, photo(png("407")))
    expect(page.locator("#reading")).to_have_text("407")
    crop(page, right=1 / 3, bottom=0)
    expect(page.locator("#reading")).to_have_text("40")
    expect(history.locator(f"{ENTRY} .text")).to_have_text(["40"])


def test_crop_without_ink_keeps_the_old_reading(page: Page, open_page: OpenPage) -> None:
    history = open_page("/history", beside=page)
    wide = Image.new("RGB", (720, 360), "white")
    wide.paste(draw("407"), (360, 240))
    choose(page, photo(encode(wide)))
    expect(page.locator("#reading")).to_have_text("407")
    crop(page, right=0.6, bottom=0)
    expect(page.locator(f"{ROW} .state")).to_contain_text("No writing found")
    expect(history.locator(f"{ENTRY} .text")).to_have_text(["407"])
    crop(page, right=0, bottom=0)
    expect(page.locator("#reading")).to_have_text("407")
    expect(history.locator(f"{ENTRY} .text")).to_have_text(["407"])


def test_small_number_is_cropped_to_by_one_button(page: Page) -> None:
    choose(page, desk())
    advice = page.locator(f"{ROW} .advice")
    expect(advice).to_contain_text("The numbers are small on this photo.")
    page.get_by_role("button", name="Crop to the numbers").click()
    expect(page.locator("#kept-size")).not_to_have_text("1200 × 900 px")
    page.get_by_role("button", name="Read it").click()
    expect(page.locator("#reading")).to_have_text("407")
    expect(advice).to_be_empty()
    expect(page.get_by_role("button", name="Crop to the numbers")).to_be_hidden()


def test_failed_photo_can_be_tried_again(
    serve: Callable[..., ServerProcess], open_page: OpenPage
) -> None:
    busy = serve(uploads_per_minute="1")
    page = open_page(at=busy)
    choose(page, photo(png("407"), "one.png"), photo(png("70"), "two.png"))
    failed = page.locator(f"{ROW}[data-state=failed]")
    expect(failed.locator(".name")).to_have_text("two.png")
    busy.stop()
    busy.settings = {}
    busy.start()
    expect_connected(page)
    failed.get_by_role("button", name="Try again", exact=True).click()
    expect(page.locator("#reading")).to_have_text("70")
    expect(failed).to_have_count(0)


def test_photo_can_be_corrected_on_the_draw_page(page: Page, open_page: OpenPage) -> None:
    choose(page, photo(png("407")))
    page.get_by_role("button", name="Correct it").click()
    page.locator("#saved").get_by_label("What was written").fill("401")
    page.locator("#saved").get_by_role("button", name="Save").click()
    expect(page.locator("#saved")).to_contain_text("Corrected to 401")
    history = open_page("/history", beside=page)
    expect(history.locator(f"{ENTRY} .text")).to_have_text("401")
