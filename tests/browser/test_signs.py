"""Signs on the page: the switch that leaves them out, corrections, and readings that hold them."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, Request, expect

from tests.browser.conftest import OpenPage, expect_connected
from tests.browser.pen_input import write
from tests.browser.photos import choose, photo
from tests.conftest import wait_until
from tests.pictures import png

DIGITS_ONLY = "#digits-only"
ENTRY = "[data-entry-id]"
PACKET_END = "\x1e"  # by long polling, which a page connects by if a WebSocket failed just before
# Tap on the button of every box of a reading, and return whether each takes the tap.
TAP_BOXES = """async (reading) => {
  const { DigitBoxes } = await import("/static/scripts/reading/digit-boxes.js");
  const listener = { onPoint: () => {}, onChoose: () => {} };
  const boxes = new DigitBoxes(document.querySelector("#boxes"), listener);
  boxes.show(reading, { left: 0.1, top: 0.3, width: 1, height: 0.5 });
  return [...document.querySelectorAll("#boxes button")].map((button) => {
    const { x, y, width, height } = button.getBoundingClientRect();
    return boxes.tapAt(x + width / 2, y + height / 2);
  });
}"""
SHOW_READING = """async (reading) => {
  const { ReadingView } = await import("/static/scripts/reading/reading-view.js");
  const { DigitBoxes } = await import("/static/scripts/reading/digit-boxes.js");
  const answers = { ask: async () => ({ ok: false }) };
  const corrections = Object.assign(new EventTarget(), { of: () => null });
  const view = new ReadingView(answers, corrections, { onUnsaved: () => {}, onFailure: () => {} });
  const listener = { onPoint: (place) => view.point(place), onChoose: () => {} };
  const boxes = new DigitBoxes(document.querySelector("#boxes"), listener);
  boxes.show(reading, { left: 0.1, top: 0.3, width: 1, height: 0.5 });
  view.show({ id: "", reading, boxes, image: new Uint8Array(), digits_only: false });
}"""


class Sent:
    """The events and photos that a page sends from now on; it is loaded again for that."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._events: list[tuple[str, dict[str, Any]]] = []
        page.on("websocket", lambda socket: socket.on("framesent", self._note))
        page.on("request", self._note_request)
        page.reload()
        expect_connected(page)

    def choices(self, event: str) -> list[bool]:
        """Return the `digits_only` of every event of a name."""
        self._page.evaluate("null")  # Playwright delivers what was sent while it is called
        return [payload["digits_only"] for name, payload in self._events if name == event]

    def _note(self, packet: str | bytes) -> None:
        found = re.search(r"\[.*", packet) if isinstance(packet, str) else None
        if found:
            name, payload = json.loads(found[0])
            self._events.append((name, payload))

    def _note_request(self, request: Request) -> None:
        fields = parse_qs(urlsplit(request.url).query)
        if request.method == "POST" and "digits_only" in fields:
            self._events.append(("upload", {"digits_only": fields["digits_only"] == ["true"]}))
        elif request.method == "POST" and fields.get("transport") == ["polling"]:
            for packet in (request.post_data or "").split(PACKET_END):
                self._note(packet)


def test_switch_is_off_until_it_is_chosen_and_then_kept(page: Page) -> None:
    expect(page.get_by_label("Digits only")).not_to_be_checked()
    page.get_by_label("Digits only").check()
    page.reload()
    expect(page.locator(DIGITS_ONLY)).to_be_checked()


def test_key_turns_the_switch(page: Page) -> None:
    page.keyboard.press("d")
    expect(page.locator(DIGITS_ONLY)).to_be_checked()


@pytest.mark.parametrize("is_on", [False, True])
def test_choice_goes_with_every_picture(page: Page, is_on: bool) -> None:
    page.locator(DIGITS_ONLY).set_checked(is_on)
    sent = Sent(page)
    write(page, "7")
    expect(page.locator("#why-answer figcaption")).to_have_text("Why 7")
    expect(page.locator("#saved")).to_be_visible()
    choose(page, photo(png("4")))
    expect(page.locator("#why-answer figcaption")).to_have_text("Why 4")
    for event in ("frame", "save", "upload", "explain"):
        assert set(sent.choices(event)) == {is_on}, event


def test_switch_reads_and_saves_the_drawing_again(page: Page) -> None:
    sent = Sent(page)
    write(page, "7")
    page.locator("#save").click()
    expect(page.locator("#saved")).to_be_visible()
    page.locator(DIGITS_ONLY).check()
    wait_until(lambda: sent.choices("frame")[-1:] == [True])
    wait_until(lambda: sent.choices("save") == [False, True])
    expect(page.locator("#reading")).to_have_text("7")


def test_drawing_left_behind_is_saved_as_it_was_read(page: Page) -> None:
    page.locator(DIGITS_ONLY).check()
    sent = Sent(page)
    page.context.set_offline(True)
    write(page, "7")
    page.locator("#save").click()
    page.locator("#clear").click()
    page.locator(DIGITS_ONLY).uncheck()
    page.context.set_offline(False)
    wait_until(lambda: sent.choices("save"), 20)
    expect(page.locator("#waiting")).to_be_empty()
    assert set(sent.choices("save")) == {True}  # twice if the first was cut off on its way


def test_drawn_number_with_signs_is_read_kept_and_found(page: Page, open_page: OpenPage) -> None:
    write(page, "-12.4")
    expect(page.locator("#reading")).to_have_text("-12.4")
    page.locator("#save").click()
    history = open_page("/history", beside=page)
    history.get_by_label("Search numbers").fill("2.4")
    expect(history.locator(f"{ENTRY} .text")).to_have_text("-12.4")
    page.locator(DIGITS_ONLY).check()
    expect(page.locator("#reading")).to_have_text("?12?4")
    expect(history.locator("#nothing-found")).to_be_visible()


def test_correction_takes_signs_and_search_finds_them(page: Page, open_page: OpenPage) -> None:
    write(page, "7")
    page.get_by_role("button", name="Correct it").click()
    page.locator("#saved textarea").fill("-12.5%")
    page.keyboard.press("Enter")
    expect(page.locator("#saved-text")).to_have_text("Corrected to -12.5%")
    history = open_page("/history", beside=page)
    history.get_by_label("Search numbers").fill("2.5%")
    expect(history.locator(f"{ENTRY} .text")).to_have_text("-12.5%")
    history.get_by_label("Search numbers").fill("2_5%")
    expect(history.locator("#nothing-found")).to_be_visible()


def item(character: str, confidence: float, left: int, height: int = 80) -> dict[str, Any]:
    """Return a digit or a sign of a reading; a sign looks a little like a 1."""
    is_digit = character.isdigit()
    probabilities = [0.0] * 10
    probabilities[int(character) if is_digit else 1] = confidence if is_digit else 0.04
    return {
        "digit": int(character) if is_digit else None, "sign": None if is_digit else character,
        "confidence": confidence, "probabilities": probabilities, "box": [left, 40, 50, height],
    }  # fmt: skip


def make_reading(text: str, *items: dict[str, Any]) -> dict[str, Any]:
    return {
        "text": text, "confidence": 0.92, "uncertain": False, "size": [240, 160], "digits": items,
        "lines": [{"text": text, "confidence": 0.92}], "milliseconds": 1, "model": "0" * 8,
    }  # fmt: skip


@pytest.fixture
def signed(page: Page) -> Page:
    """The draw page with a made reading of -4.5, whose sign is the least sure."""
    confidences = zip("-4.5", (0.95, 0.98, 0.99, 0.98), strict=True)
    items = [item(*each, left=60 * k) for k, each in enumerate(confidences)]
    page.evaluate(SHOW_READING, make_reading("-4.5", *items))
    return page


def test_sign_has_a_bar_of_its_own(signed: Page) -> None:
    expect(signed.locator("#reading")).to_have_text("-4.5")
    expect(signed.locator(".bar.answer .digit")).to_have_text("-")
    expect(signed.locator(".bar.sign .share")).to_have_text("minus, 95%")
    expect(signed.locator("#caption")).to_have_text("Least sure: 1 of 4 · 95%")
    expect(signed.get_by_role("radio")).to_have_count(14)  # the pens are radio buttons too


def test_digit_beside_a_sign_has_no_bar_of_a_sign(signed: Page) -> None:
    signed.get_by_role("button", name="Digit 2 of 4: 4").focus()
    expect(signed.locator(".bar.answer .digit")).to_have_text("4")
    expect(signed.locator(".bar.sign")).to_be_hidden()


def test_boxes_name_signs(signed: Page) -> None:
    names = ["Sign 1 of 4: minus, 95%", "Digit 2 of 4: 4, 98%", "Sign 3 of 4: point, 99%"]
    for name in names:
        expect(signed.get_by_role("button", name=name)).to_have_count(1)
    expect(signed.locator("#boxes button")).to_have_text(["-", "4", ".", "5"])
    expect(signed.locator("#boxes .doubtful")).to_have_count(0)
    signed.get_by_role("button", name=names[2]).focus()
    expect(signed.locator("#caption")).to_have_text("Sign 3 of 4 · 99%")


def test_second_dot_is_drawn_where_the_first_has_its_button(page: Page) -> None:
    point, digit = item(".", 0.98, left=0, height=8), item("4", 0.98, left=120, height=8)
    assert page.evaluate(TAP_BOXES, make_reading(".4", point, digit)) == [False, True]
