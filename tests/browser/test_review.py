"""The review page: what is not sure, one after the other, by keyboard or by touch."""

from __future__ import annotations

from statistics import median
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accounts import sign_in, sign_up
from tests.browser.conftest import PHONE, OpenPage, expect_connected
from tests.browser.test_history import ENTRY, correct, one_or_seven
from tests.conftest import ServerProcess, wait_until
from tests.reviews import Seed, said, seed

ENTRIES = 200
MAX_WAIT_MS = 50  # from Enter until the next entry can be seen
# Notes how long each Enter takes until the next frame shows another entry, with its picture.
WATCH = """() => {
  window.waits = [];
  const form = document.querySelector("#review");
  addEventListener("keydown", ({ key, timeStamp }) => {
    if (key !== "Enter") return;
    const before = form.dataset.entryId;
    const look = () => {
      const image = form.querySelector("img");
      const isNext = form.dataset.entryId !== before && image.complete && image.naturalWidth;
      if (isNext) window.waits.push(performance.now() - timeStamp);
      else if (!form.hidden) requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  }, true);
}"""


class Reviewer:
    """A page on which somebody reviews by keyboard alone, and what they said."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.said: dict[str, str] = {}

    @property
    def id(self) -> str:
        """The entry that is shown."""
        return str(self.page.locator("#review").get_attribute("data-entry-id"))

    @property
    def has_entry(self) -> bool:
        return self.page.locator("#review").is_visible()

    def enter(self, text: str | None = None) -> str:
        """Say what the entry says, by default what was read; return its id."""
        expect(self.page.locator("#review")).to_be_visible()
        id = self.id
        if text is not None:
            self.page.keyboard.type(text)
        else:
            text = field(self.page).input_value()
        assert id not in self.said
        self.said[id] = text
        self.page.keyboard.press("Enter")
        return id

    def undo(self, id: str, key: str = "u") -> None:
        self.page.keyboard.press(key)
        expect(self.page.locator("#review")).to_have_attribute("data-entry-id", id)
        self.said.pop(id)


def field(page: Page) -> Any:
    return page.get_by_label("What was written")


def left(page: Page, text: str) -> None:
    expect(page.locator("#left")).to_have_text(text)


def review(page: Page, path: str = "/review") -> Reviewer:
    page.goto(path)
    expect_connected(page)
    return Reviewer(page)


@pytest.fixture
def ann(open_page: OpenPage) -> Page:
    page = open_page()
    sign_up(page, "ann")
    return page


@pytest.fixture
def other(ann: Page, open_page: OpenPage) -> Page:
    """Another browser of the same account."""
    page = open_page()
    sign_in(page, str(ann.locator("#account-menu strong").text_content()))
    return page


def test_two_reviewers_go_through_200_entries_by_keyboard(
    server: ServerProcess, ann: Page, other: Page
) -> None:
    confidences = [0.2 + k / 1000 for k in range(ENTRIES)]
    ids = seed(server, "ann", [Seed(str(k), share) for k, share in enumerate(confidences)])
    reviewers = [review(ann), review(other)]
    for each in reviewers:
        left(each.page, f"{ENTRIES} of {ENTRIES} left")
        each.page.evaluate(WATCH)
    one, two = reviewers
    turn = 0
    while len(one.said) + len(two.said) < ENTRIES:
        wait_until(lambda: any(each.has_entry for each in reviewers))
        turn += 1
        reviewer = reviewers[turn % 2]
        if reviewer.has_entry:
            id = reviewer.enter("-12.5" if turn % 10 == 1 else None)
            if turn % 25 == 0:
                reviewer.undo(id, "u" if turn % 2 else "Control+z")
    assert not set(one.said) & set(two.said)
    decided = one.said | two.said
    assert set(decided) == {str(id) for id in ids}
    for each in reviewers:
        left(each.page, f"0 of {ENTRIES} left")
        expect(each.page.get_by_role("heading", name="All is checked")).to_be_visible()
    wait_until(lambda: all(said(server, id) == [text] for id, text in decided.items()), 20)
    waits = [wait for each in reviewers for wait in each.page.evaluate("window.waits")]
    print(f"the next entry after {median(waits):.0f} ms, at most {max(waits):.0f} ms")
    assert median(waits) < MAX_WAIT_MS


def test_keys_faster_than_the_server_decide_once(server: ServerProcess, ann: Page) -> None:
    ids = seed(server, "ann", [Seed("1", 0.2), Seed("2", 0.3)])
    review(ann)
    left(ann, "2 of 2 left")
    for key in ("Enter", "u", "Enter", "u", "Enter", "Enter"):
        ann.keyboard.press(key)
    expect(ann.get_by_role("heading", name="All is checked")).to_be_visible()
    wait_until(lambda: [said(server, id) for id in ids] == [["1"], ["2"]])
    left(ann, "0 of 2 left")


def test_decision_shows_on_open_history_pages(
    server: ServerProcess, ann: Page, open_page: OpenPage
) -> None:
    seed(server, "ann", [Seed("407")])
    history = open_page("/history", beside=ann).locator(ENTRY)
    reviewer = review(ann)
    reviewer.enter()
    expect(history.locator(".original")).to_have_text("checked")
    ann.keyboard.press("u")
    expect(history.locator(".original")).to_have_text("")


def test_disagreement_is_marked_listed_and_settled(
    server: ServerProcess, ann: Page, other: Page
) -> None:
    [id] = seed(server, "ann", [Seed("407")])
    review(ann).enter()
    other.goto("/history")
    entry = other.locator(ENTRY)
    expect(entry.locator(".original")).to_have_text("checked")
    correct(entry, "417")
    expect(entry.locator(".original")).to_have_text("read as 407 · reviewers disagree")
    other.locator("#filters summary").click()
    other.get_by_label("State").select_option("Disagreements")
    expect(entry).to_have_count(1)
    ann.get_by_role("link", name="1 disagreement").click()
    expect_connected(ann)
    expect(ann.locator(".why")).to_have_text("Reviewers disagree: 407 or 417.")
    ann.keyboard.press("ArrowDown")
    expect(field(ann)).to_have_value("407")
    ann.keyboard.press("Enter")
    expect(ann.get_by_role("heading", name="All is checked")).to_be_visible()
    expect(entry).to_have_count(0)
    assert said(server, id) == ["407", "417", "407"]


def test_what_was_skipped_is_left_for_later(server: ServerProcess, ann: Page) -> None:
    first, second = seed(server, "ann", [Seed("1", 0.2), Seed("2", 0.3)])
    reviewer = review(ann)
    left(ann, "2 of 2 left")
    ann.keyboard.press("s")
    assert reviewer.enter() == str(second)
    expect(ann.get_by_role("heading", name="Only the skipped are left")).to_be_visible()
    ann.get_by_role("button", name="Show the skipped again").click()
    expect(field(ann)).to_have_value("1")
    assert reviewer.enter() == str(first)
    left(ann, "0 of 2 left")


def test_entry_that_another_page_decides_makes_way(
    server: ServerProcess, ann: Page, open_page: OpenPage
) -> None:
    seed(server, "ann", [Seed("11", 0.2), Seed("22", 0.3)])
    review(ann)
    expect(field(ann)).to_have_value("11")
    history = open_page("/history", beside=ann).locator(ENTRY).filter(has_text="11")
    correct(history, "7")
    expect(field(ann)).to_have_value("22")
    expect(ann.locator("#message")).to_have_text("Decided elsewhere: 7")
    left(ann, "1 of 2 left")


def test_closed_page_leaves_its_entries_to_others(
    server: ServerProcess, ann: Page, other: Page
) -> None:
    seed(server, "ann", [Seed("1")])
    review(ann)
    expect(field(ann)).to_have_value("1")
    review(other)
    expect(other.get_by_role("heading", name="Others have the rest")).to_be_visible()
    ann.close()
    expect(field(other)).to_have_value("1")


def test_decisions_without_a_connection_are_sent_later(server: ServerProcess, ann: Page) -> None:
    ids = seed(server, "ann", [Seed(str(k), 0.2 + k / 10) for k in range(3)])
    reviewer = review(ann)
    left(ann, "3 of 3 left")
    server.stop()
    expect(ann.locator("#connection")).to_have_attribute("data-state", "connecting")
    for _ in range(2):
        reviewer.enter()
    server.start()
    wait_until(lambda: [said(server, id) for id in ids[:2]] == [["0"], ["1"]], 20)
    left(ann, "1 of 3 left")


def test_letters_are_refused_with_a_sentence(server: ServerProcess, ann: Page) -> None:
    seed(server, "ann", [Seed("407")])
    review(ann)
    expect(field(ann)).to_be_focused()
    ann.keyboard.press("e")
    expect(ann.get_by_role("alert").filter(has_text="Digits and signs only")).to_be_visible()
    expect(field(ann)).to_have_value("407")


def test_digit_is_corrected_by_touch(server: ServerProcess, open_page: OpenPage) -> None:
    page = open_page(**PHONE)
    sign_up(page)
    answer = page.request.post("/api/predictions", data=one_or_seven())
    id, read = (answer.json()["entry"][name] for name in ("id", "predicted"))
    review(page)
    expect(field(page)).to_have_value(read)
    expect(field(page)).not_to_be_focused()
    page.locator("#review .boxes button").tap()
    page.keyboard.type("4")
    expect(page.locator("#review .boxes button")).to_have_text("4")
    page.get_by_role("button", name="Correct", exact=True).tap()
    wait_until(lambda: said(server, id) == ["4"])
    page.get_by_role("button", name="Undo").tap()
    expect(field(page)).to_have_value(read)
    page.get_by_role("button", name="Right").tap()
    wait_until(lambda: said(server, id) == [read])


def test_other_readings_are_one_tap_away(server: ServerProcess, ann: Page) -> None:
    answer = ann.request.post("/api/predictions", data=one_or_seven())
    entry = answer.json()["entry"]
    review(ann)
    other = entry["reading"]["alternatives"][0]["text"]
    ann.get_by_role("group", name="Other readings").get_by_role("button", name=other).first.click()
    expect(field(ann)).to_have_value(other)
    ann.keyboard.press("Enter")
    wait_until(lambda: said(server, entry["id"]) == [other])
