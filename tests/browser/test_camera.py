"""The dialog to take a photo, with a fake camera of Chromium and without one."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import SWITCHES, OpenPage
from tests.browser.files import given, given_file
from tests.conftest import wait_until
from tests.pictures import png

TAKE = """async () => {
  const { Camera } = await import("/static/scripts/photos/camera.js");
  window.given = new Camera().take();
}"""

# Keep all streams in window.streams.
WATCH_STREAMS = """
  window.streams = [];
  const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = async (wanted) => {
    const stream = await ask(wanted);
    window.streams.push(stream);
    return stream;
  };
"""
TRACKS = """() =>
  window.streams.flatMap((stream) => stream.getTracks()).map((track) => track.readyState)"""
OPEN_CAMERA = """() => window.streams.at(-1).getVideoTracks()[0].getSettings().deviceId"""

# Ask the user, who agrees when the test calls window.agree.
ASK_FIRST = """
  const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = (wanted) =>
    new Promise((resolve) => { window.agree = () => resolve(open(wanted)); });
"""
FAIL = """
  navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException("", "%s"));
"""
FAIL_TO_PLAY = "HTMLMediaElement.prototype.play = () => Promise.reject(new Error());"
NO_CAMERA_API = "delete Navigator.prototype.mediaDevices;"

HIDE = """(hidden) => {
  Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
  document.dispatchEvent(new Event("visibilitychange"));
}"""


@pytest.fixture(scope="module")
def browser(browser: Browser) -> Iterator[Browser]:
    """A whole Chromium with two cameras: the headless shell has none."""
    cameras = "--use-fake-device-for-media-stream=device-count=2"
    with_cameras = browser.browser_type.launch(
        executable_path=shutil.which("chromium"), args=[*SWITCHES, cameras]
    )
    yield with_cameras
    with_cameras.close()


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    return open_page(permissions=["camera"])


def take(page: Page, *scripts: str) -> None:
    """Open the viewfinder after scripts have changed the browser."""
    for script in scripts:
        page.add_init_script(script)
    page.reload()
    page.evaluate(TAKE)


def tracks(page: Page) -> list[str]:
    return list(page.evaluate(TRACKS))


def expect_live(page: Page) -> None:
    expect(page.get_by_role("button", name="Take the photo")).to_be_enabled()


@pytest.mark.parametrize("key", ["Enter", "Space"])
def test_shutter_gives_the_photo_and_turns_the_camera_off(page: Page, key: str) -> None:
    take(page, WATCH_STREAMS)
    expect_live(page)
    assert tracks(page) == ["live"]
    page.keyboard.press(key)
    photo = given_file(page)
    assert (photo.name, photo.type, photo.picture.format) == ("camera.jpg", "image/jpeg", "JPEG")
    assert photo.picture.size == (1920, 1080)
    assert tracks(page) == ["ended"]
    expect(page.locator("#viewfinder")).to_be_hidden()


@pytest.mark.parametrize("way", ["Escape", "Cancel"])
def test_cancel_gives_nothing_and_turns_the_camera_off(page: Page, way: str) -> None:
    take(page, WATCH_STREAMS)
    expect_live(page)
    if way == "Escape":
        page.keyboard.press(way)
    else:
        page.get_by_role("button", name=way).click()
    assert given(page) is None
    assert tracks(page) == ["ended"]


def test_cancel_before_permission_turns_the_camera_off(page: Page) -> None:
    take(page, WATCH_STREAMS, ASK_FIRST)
    expect(page.locator("#camera-state")).to_have_text("Starting the camera …")
    page.keyboard.press("Escape")
    assert given(page) is None
    page.evaluate("() => window.agree()")
    wait_until(lambda: tracks(page) == ["ended"])


def test_switch_opens_the_other_camera(page: Page) -> None:
    take(page, WATCH_STREAMS)
    expect_live(page)
    first = page.evaluate(OPEN_CAMERA)
    page.get_by_role("button", name="Other camera").click()
    wait_until(lambda: tracks(page) == ["ended", "live"])
    assert page.evaluate(OPEN_CAMERA) != first
    expect_live(page)


def test_camera_is_off_while_the_tab_is_hidden_for_long(open_page: OpenPage) -> None:
    page = open_page(permissions=["camera"])
    page.clock.install()
    take(page, WATCH_STREAMS)
    expect_live(page)
    page.evaluate(HIDE, True)
    page.clock.run_for(19_000)
    assert tracks(page) == ["live"]
    page.clock.run_for(2_000)
    assert tracks(page) == ["ended"]
    page.evaluate(HIDE, False)
    wait_until(lambda: tracks(page) == ["ended", "live"])


def expect_other_way(page: Page, sentence: str) -> None:
    """Expect a message, and that a file can be chosen instead."""
    expect(page.locator("#camera-state")).to_contain_text(sentence)
    expect(page.locator("#camera-instead input")).to_be_focused()
    expect(page.get_by_role("button", name="Take the photo")).to_be_disabled()
    with page.expect_file_chooser() as chooser:
        page.locator("#camera-instead").click()
    chooser.value.set_files({"name": "7.png", "mimeType": "image/png", "buffer": png("7")})
    assert given_file(page).name == "7.png"
    expect(page.locator("#viewfinder")).to_be_hidden()


def test_denied_camera_says_how_to_allow_it(open_page: OpenPage) -> None:
    page = open_page(permissions=[])
    take(page)
    expect_other_way(page, "Allow it")


def test_camera_on_an_insecure_page_says_why_not(page: Page) -> None:
    take(page, NO_CAMERA_API)
    expect_other_way(page, "only on secure pages (https)")


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        ("NotFoundError", "No camera was found"),
        ("NotReadableError", "Another program uses the camera"),
        ("OverconstrainedError", "This camera is no longer connected"),
        ("AbortError", "The camera does not start"),
    ],
)
def test_failed_camera_says_what_to_do(page: Page, error: str, sentence: str) -> None:
    take(page, FAIL % error)
    expect_other_way(page, sentence)


def test_camera_that_does_not_play_is_turned_off(page: Page) -> None:
    take(page, WATCH_STREAMS, FAIL_TO_PLAY)
    expect(page.locator("#camera-state")).to_contain_text("The camera does not start")
    assert tracks(page) == ["ended"]
