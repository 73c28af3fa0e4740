"""Why it says so: what the network saw, what spoke for the answer, and for another digit."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, OpenPage
from tests.browser.pen_input import Finger, Mouse, follow, paths, write
from tests.browser.photos import choose, photo
from tests.conftest import ServerProcess, wait_until
from tests.pictures import png

# The pixels of a canvas, as one list of red, green, blue, alpha.
PIXELS = """selector => {
  const canvas = document.querySelector(selector);
  const { width, height } = canvas;
  return [...canvas.getContext("2d").getImageData(0, 0, width, height).data];
}"""
SEEN, ANSWER, RIVAL = "#why-seen", "#why-answer canvas", "#why-rival canvas"


@pytest.fixture(scope="module")
def server(serve: Callable[..., ServerProcess]) -> ServerProcess:
    """One for all: nothing here looks at the history."""
    return serve()


def pixels(page: Page, selector: str) -> list[int]:
    return list(page.evaluate(PIXELS, selector))


def bluer(levels: list[int]) -> int:
    """By how much blue outweighs red on a picture."""
    return sum(levels[2::4]) - sum(levels[0::4])


def expect_explained(page: Page, answer: str) -> None:
    expect(page.locator("#why-answer figcaption")).to_have_text(answer)


def test_reading_while_it_is_drawn_is_explained(page: Page) -> None:
    [path] = paths(page, "7")
    mouse = Mouse(page)
    follow(mouse, path[: len(path) // 2])
    expect(page.locator("#why")).not_to_have_class("empty")
    early = pixels(page, SEEN)
    assert len(early) == 28 * 28 * 4
    for point in path[len(path) // 2 :]:
        mouse.move(point)
    expect_explained(page, "Why 7")
    wait_until(lambda: pixels(page, SEEN) != early)
    mouse.lift()
    expect(page.locator("#why-rival figcaption")).to_have_text("Why not 1?")
    assert bluer(pixels(page, ANSWER)) > bluer(pixels(page, RIVAL))


def test_digit_when_its_bar_is_chosen_is_compared_with(page: Page) -> None:
    write(page, "7")
    expect_explained(page, "Why 7")
    before = pixels(page, RIVAL)
    page.get_by_role("radio", name="8").check(force=True)
    expect(page.locator("#why-rival figcaption")).to_have_text("Why not 8?")
    assert pixels(page, RIVAL) != before
    page.locator("#clear").click()
    expect(page.get_by_role("radio", name="8")).not_to_be_checked()


def test_digit_that_is_pointed_at_is_explained(page: Page) -> None:
    write(page, "407")
    expect(page.locator("#reading")).to_have_text("407")
    for position, digit in enumerate("407", 1):
        page.get_by_role("button", name=f"Digit {position} of 3").focus()
        expect_explained(page, f"Why {digit}")


def test_ink_that_is_no_digit_is_explained_too(page: Page) -> None:
    write(page, "A")
    expect(page.locator("#reading")).to_have_text("?")
    expect_explained(page, "Why no digit")


def test_photo_when_read_is_explained(page: Page) -> None:
    choose(page, photo(png("7")))
    expect(page.locator("#reading")).to_have_text("7")
    expect_explained(page, "Why 7")


def test_explanation_on_a_phone_is_off_and_one_tap_away(open_page: OpenPage) -> None:
    page = open_page(**PHONE)
    write(page, "7", Finger(page))
    expect(page.locator("#saved")).to_be_visible()
    expect(page.locator("#why")).to_be_hidden()
    page.get_by_role("button", name="Why?").tap()
    expect_explained(page, "Why 7")
    page.reload()
    expect(page.locator("#why")).to_be_visible()


def test_explanation_when_closed_is_not_asked_for(page: Page) -> None:
    page.get_by_role("button", name="Why?").click()
    sent: list[str] = []
    page.on("websocket", lambda socket: socket.on("framesent", lambda text: sent.append(str(text))))
    page.reload()
    write(page, "7")
    expect(page.locator("#saved")).to_be_visible()
    assert any('["frame"' in text for text in sent)
    assert not any('["explain"' in text for text in sent)
