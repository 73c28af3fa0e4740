"""Learning from corrections, as a person sees it."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.pen_input import Mouse, densify, follow

# A 4 in one stroke: it is taken for a 9. On a pad of 100 × 100.
FOUR = [(50, 14), (38, 10), (20, 20), (18, 44), (38, 50), (50, 36), (51, 14), (48, 90)]
ENOUGH = 3


def write_four(page: Page) -> None:
    pad = page.locator("#pad").bounding_box()
    assert pad
    size = min(pad["width"], pad["height"])
    corners = [(pad["x"] + x * size / 100, pad["y"] + y * size / 100) for x, y in FOUR]
    mouse = Mouse(page)
    follow(mouse, densify(corners))
    mouse.lift()


def teach(page: Page) -> None:
    """Correct what is read wrong; after a few times it is read right."""
    for _ in range(ENOUGH):
        write_four(page)
        expect(page.locator("#saved")).to_be_visible()
        page.locator("#reading [role=option]").click()
        page.locator("#digit-keys button[value='4']").click()
        expect(page.locator("#saved-text")).to_have_text(re.compile("Corrected to 4|Kept as read"))
        page.locator("#next").click()
        expect(page.locator("#reading")).to_have_text("")


def test_digit_is_read_by_what_was_corrected_and_says_so(page: Page) -> None:
    write_four(page)
    expect(page.locator("#reading")).to_have_text("9")
    expect(page.locator("#learned")).to_be_hidden()
    page.locator("#clear").click()
    teach(page)
    write_four(page)
    expect(page.locator("#reading")).to_have_text("4")
    page.get_by_role("link", name="Because of your 4s").click()
    expect(page.locator(".lessons li")).to_have_count(ENOUGH)


def test_examples_are_forgotten_one_by_one_and_all(page: Page) -> None:
    teach(page)
    page.goto("/learned")
    page.get_by_role("button", name="Forget this 4").first.click()
    expect(page.locator(".lessons li")).to_have_count(ENOUGH - 1)
    page.get_by_role("button", name="Forget all 2 examples").click()
    expect(page.locator(".lessons li")).to_have_count(0)
    page.goto("/")
    write_four(page)
    expect(page.locator("#reading")).to_have_text("9")
