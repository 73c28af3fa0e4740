"""The dialog to rotate and crop a photo, by mouse, finger and keys."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PIL import Image
from playwright.sync_api import FilePayload, Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.files import file_argument, given, given_file
from tests.browser.pen_input import Finger, Mouse, Pointer, densify, follow
from tests.conftest import wait_until
from tests.pictures import encode

WIDTH, HEIGHT = 400, 200
RED, WHITE = (255, 0, 0), (255, 255, 255)
TOUCH = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
OUTSIDE = (5, 5)  # of the dialog
NEAR_PX = 4  # the picture is shown smaller or larger than it is

EDIT = """async (photos) => {
  const { PhotoEditor } = await import("/static/scripts/photos/photo-editor.js");
  const editor = new PhotoEditor();
  for (const [name, type, base64] of photos) {
    const bytes = Uint8Array.from(atob(base64), (byte) => byte.charCodeAt(0));
    const photo = new File([bytes], name, { type });
    window.given = editor.edit(photo).catch((error) => error.message);
  }
}"""

# The styles of the editor come after the page has connected.
HAS_STYLES = "[...document.styleSheets].some(({ href }) => href?.includes('photo.css'))"


def paper() -> Image.Image:
    """Make a white picture with a red quarter at the top left."""
    picture = Image.new("RGB", (WIDTH, HEIGHT), WHITE)
    picture.paste(RED, (0, 0, WIDTH // 2, HEIGHT // 2))
    return picture


def photo(
    picture: bytes | None = None, name: str = "note.png", type: str = "image/png"
) -> FilePayload:
    content = encode(paper()) if picture is None else picture
    return {"name": name, "mimeType": type, "buffer": content}


def edit(page: Page, *photos: FilePayload) -> None:
    """Open the editor; `given` returns its result for the last photo."""
    wait_until(lambda: page.evaluate(HAS_STYLES), 20)
    page.evaluate(EDIT, [file_argument(file) for file in photos])


def read(page: Page) -> Image.Image:
    page.get_by_role("button", name="Read it").click()
    return given_file(page).picture


def pull(page: Page, pointer: Pointer, grip: str, to: tuple[float, float]) -> None:
    """Drag a grip to a point of the picture, in shares of its width and height."""
    held, frame = (page.locator(name).bounding_box() for name in (grip, "#editor .crop-frame"))
    assert held is not None
    assert frame is not None
    start = (held["x"] + held["width"] / 2, held["y"] + held["height"] / 2)
    end = (frame["x"] + frame["width"] * to[0], frame["y"] + frame["height"] * to[1])
    follow(pointer, densify([start, end]))
    pointer.lift()


def test_editor_shows_the_photo_and_its_size(page: Page) -> None:
    edit(page, photo())
    expect(page.get_by_role("dialog", name="Rotate and crop")).to_be_visible()
    expect(page.locator("#kept-size")).to_have_text("400 × 200 px")
    assert read(page).size == (WIDTH, HEIGHT)


@pytest.mark.parametrize(
    ("way", "red_corner"), [("left", (10, WIDTH - 10)), ("right", (HEIGHT - 10, 10))]
)
def test_rotate_turns_the_photo(page: Page, way: str, red_corner: tuple[int, int]) -> None:
    edit(page, photo())
    page.get_by_role("button", name=f"Rotate {way}").click()
    picture = read(page)
    assert picture.size == (HEIGHT, WIDTH)
    assert picture.getpixel(red_corner)[:3] == RED
    assert picture.getpixel((10, 10))[:3] == WHITE


def test_photo_with_exif_orientation_is_upright(page: Page) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # orientation: the top of the scene is on the right
    edit(page, photo(encode(paper(), "JPEG", exif=exif), "camera.jpeg", "image/jpeg"))
    page.get_by_role("button", name="Read it").click()
    file = given_file(page)
    assert (file.name, file.type) == ("camera.jpeg", "image/jpeg")
    assert file.picture.size == (HEIGHT, WIDTH)
    red, *rest = file.picture.getpixel((HEIGHT - 10, 10))
    assert red > 240
    assert max(rest) < 40


@pytest.mark.parametrize("kind", [Mouse, Finger])
def test_dragged_corner_crops_the_photo(
    open_page: OpenPage, kind: type[Mouse] | type[Finger]
) -> None:
    page = open_page(**TOUCH)
    edit(page, photo())
    pull(page, kind(page), ".corner.bottom.right", (0.5, 0.5))
    picture = read(page)
    assert picture.size == pytest.approx((WIDTH / 2, HEIGHT / 2), abs=NEAR_PX)
    right, bottom = picture.width - 1 - NEAR_PX, picture.height - 1 - NEAR_PX
    assert [picture.getpixel(at)[:3] for at in ((0, 0), (right, bottom))] == [RED, RED]


def test_dragged_edge_crops_the_photo_at_that_edge(page: Page) -> None:
    edit(page, photo())
    pull(page, Mouse(page), ".edge.top", (0.1, 0.5))
    picture = read(page)
    assert picture.size == pytest.approx((WIDTH, HEIGHT / 2), abs=NEAR_PX)
    assert picture.getpixel((0, NEAR_PX))[:3] == WHITE


def test_selection_stays_within_the_picture(page: Page) -> None:
    edit(page, photo())
    pull(page, Mouse(page), ".corner.bottom.right", (0.5, 0.5))
    pull(page, Mouse(page), "#editor .middle", (1.2, 1.1))
    picture = read(page)
    assert picture.size == pytest.approx((WIDTH / 2, HEIGHT / 2), abs=NEAR_PX)
    assert picture.getpixel((NEAR_PX, NEAR_PX))[:3] == WHITE


def test_drag_on_the_whole_picture_makes_a_selection(page: Page) -> None:
    edit(page, photo())
    pull(page, Mouse(page), "#editor .middle", (0.1, 0))
    assert read(page).size == pytest.approx((WIDTH * 0.4, HEIGHT / 2), abs=NEAR_PX)


def test_arrow_keys_crop_the_photo(page: Page) -> None:
    edit(page, photo())
    corner = page.get_by_role("button", name="Bottom right corner")
    for key in ("Shift+ArrowLeft", "Shift+ArrowUp"):
        for _ in range(10):
            corner.press(key)
    corner.press("ArrowLeft")
    picture = read(page)
    assert picture.size == (WIDTH * 0.49, HEIGHT / 2)
    assert set(picture.convert("RGB").getcolors() or []) == {(picture.width * picture.height, RED)}


def test_selection_moved_by_keys_keeps_its_size(page: Page) -> None:
    edit(page, photo())
    corner = page.get_by_role("button", name="Bottom right corner")
    for _ in range(10):
        corner.press("Shift+ArrowLeft")
    page.get_by_role("button", name="Move the selection").press("Shift+ArrowRight")
    picture = read(page)
    assert picture.size == (WIDTH / 2, HEIGHT)
    assert picture.getpixel((WIDTH // 2 - 1, 0))[:3] == WHITE


def test_selection_turns_with_the_photo(page: Page) -> None:
    edit(page, photo())
    pull(page, Mouse(page), ".corner.bottom.right", (0.5, 0.5))
    page.get_by_role("button", name="Rotate right").click()
    picture = read(page)
    assert picture.size == pytest.approx((HEIGHT / 2, WIDTH / 2), abs=NEAR_PX)
    assert picture.getpixel((picture.width - 1, 0))[:3] == RED


def test_reset_restores_the_photo(page: Page) -> None:
    edit(page, photo())
    page.get_by_role("button", name="Rotate right").click()
    pull(page, Mouse(page), ".corner.top.left", (0.5, 0.5))
    page.get_by_role("button", name="Reset").click()
    picture = read(page)
    assert picture.size == (WIDTH, HEIGHT)
    assert picture.getpixel((10, 10))[:3] == RED


def test_huge_photo_is_scaled_to_fit_a_phone(page: Page) -> None:
    huge = encode(Image.new("RGB", (5000, 4000)), "JPEG")
    edit(page, photo(huge, "huge.bmp", "image/bmp"))
    page.get_by_role("button", name="Read it").click()
    file = given_file(page)
    assert (file.name, file.type) == ("huge.jpg", "image/jpeg")
    assert 15_000_000 < file.picture.width * file.picture.height <= 16_000_000


CANCELS: list[Callable[[Page], None]] = [
    lambda page: page.keyboard.press("Escape"),
    lambda page: page.get_by_role("button", name="Cancel").click(),
    lambda page: page.mouse.click(*OUTSIDE),
]


@pytest.mark.parametrize("cancel", CANCELS, ids=["Esc", "Cancel", "outside"])
def test_cancel_gives_nothing_and_restores_the_focus(
    page: Page, cancel: Callable[[Page], None]
) -> None:
    page.locator("#upload").focus()
    edit(page, photo())
    expect(page.get_by_role("button", name="Read it")).to_be_focused()
    cancel(page)
    assert given(page) is None
    expect(page.locator("#editor")).to_be_hidden()
    expect(page.locator("#upload")).to_be_focused()


def test_drag_out_of_the_dialog_does_not_close_it(page: Page) -> None:
    edit(page, photo())
    page.locator("#editor-title").hover()
    page.mouse.down()
    page.mouse.move(*OUTSIDE)
    page.mouse.up()
    assert read(page).size == (WIDTH, HEIGHT)


@pytest.mark.parametrize(
    ("name", "type"), [("notes.txt", "text/plain"), ("photo.heic", "image/heic")]
)
def test_file_that_cannot_be_opened_is_explained(page: Page, name: str, type: str) -> None:
    edit(page, photo(b"not a picture", name, type))
    assert f"This browser cannot open “{name}” as a picture." in given(page)
    expect(page.locator("#editor")).to_be_hidden()
