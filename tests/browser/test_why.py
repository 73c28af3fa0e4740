"""Explanations: the network's input and heat maps of the answer and a rival."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, OpenPage
from tests.browser.pen_input import Finger, Mouse, follow, paths, write
from tests.browser.photos import choose, photo
from tests.conftest import wait_until
from tests.pictures import png

# Return the pixels of a canvas as one list of red, green, blue and alpha.
PIXELS = """selector => {
  const canvas = document.querySelector(selector);
  const { width, height } = canvas;
  return [...canvas.getContext("2d").getImageData(0, 0, width, height).data];
}"""
SEEN, ANSWER, RIVAL = "#why-seen", "#why-answer canvas", "#why-rival canvas"


def pixels(page: Page, selector: str) -> list[int]:
    return list(page.evaluate(PIXELS, selector))


def bluer(levels: list[int]) -> int:
    """Return by how much blue exceeds red."""
    return sum(levels[2::4]) - sum(levels[0::4])


def expect_explained(page: Page, answer: str) -> None:
    expect(page.locator("#why-answer figcaption")).to_have_text(answer)


def test_reading_is_explained_while_it_is_drawn(page: Page) -> None:
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


def test_chosen_bar_is_compared_with_the_answer(page: Page) -> None:
    write(page, "7")
    expect_explained(page, "Why 7")
    before = pixels(page, RIVAL)
    page.get_by_role("radio", name="8").check(force=True)
    expect(page.locator("#why-rival figcaption")).to_have_text("Why not 8?")
    assert pixels(page, RIVAL) != before
    page.locator("#clear").click()
    expect(page.get_by_role("radio", name="8")).not_to_be_checked()
    expect_explained(page, "Why this")
    assert not any(pixels(page, RIVAL))


def test_pointed_digit_is_explained(page: Page) -> None:
    write(page, "407")
    expect(page.locator("#reading")).to_have_text("407")
    for position, digit in enumerate("407", 1):
        page.get_by_role("button", name=f"Digit {position} of 3").focus()
        expect_explained(page, f"Why {digit}")


def test_ink_that_is_not_a_digit_is_explained(page: Page) -> None:
    write(page, "A")
    expect(page.locator("#reading")).to_have_text("?")
    expect_explained(page, "Why no digit")


def test_photo_is_explained(page: Page) -> None:
    choose(page, photo(png("7")))
    expect(page.locator("#reading")).to_have_text("7")
    expect_explained(page, "Why 7")


def test_explanation_opens_by_one_tap_on_a_phone(open_page: OpenPage) -> None:
    page = open_page(**PHONE)
    write(page, "7", Finger(page))
    expect(page.locator("#saved")).to_be_visible()
    expect(page.locator("#why")).to_be_hidden()
    page.get_by_role("button", name="Why?").tap()
    expect_explained(page, "Why 7")
    page.reload()
    expect(page.locator("#why")).to_be_visible()


def test_closed_explanation_is_not_requested(page: Page) -> None:
    page.get_by_role("button", name="Why?").click()
    sent: list[str] = []
    page.on("websocket", lambda socket: socket.on("framesent", lambda text: sent.append(str(text))))
    page.reload()
    write(page, "7")
    expect(page.locator("#saved")).to_be_visible()
    assert any('["frame"' in text for text in sent)
    assert not any('["explain"' in text for text in sent)
