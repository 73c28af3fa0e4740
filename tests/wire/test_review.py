"""Reviews: entries handed out to reviewers, none to two at once, and what they say of them."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select, update

from server.database.schema import review_leases, reviews
from tests.conftest import ASYNC_MODES, ServerProcess, wait_until
from tests.databases import PostgresServer
from tests.pictures import png
from tests.reviews import Seed, said, seed
from tests.wire.accounts import Browser, Open
from tests.wire.conftest import Client

Connect = Callable[..., Client]

EVERYTHING = 10  # that a page may hold
PAST = "2000-01-01T00:00:00.000Z"
UNSURE = [Seed("1", 0.4), Seed("2", 0.2), Seed("3", 0.3)]


class Reviewer:
    """A page of a browser on which somebody reviews."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.page = str(uuid4())
        self.counts: dict[str, int] = {}

    def take(self, limit: int = EVERYTHING, **more: Any) -> list[dict[str, Any]]:
        """Return the reviews that the page holds."""
        answer = self.client.ask("take_reviews", {"page": self.page, "limit": limit} | more)
        assert answer["ok"], answer
        self.counts = {name: answer[name] for name in ("left", "disputed")}
        reviews: list[dict[str, Any]] = answer["reviews"]
        return reviews

    def texts(self, limit: int = EVERYTHING, **more: Any) -> list[str]:
        return [each["entry"]["predicted"] for each in self.take(limit, **more)]

    def say(self, id: UUID, text: str, **more: Any) -> dict[str, Any]:
        """Decide what an entry says; return the entry."""
        answer = self.client.ask("correct_entry", {"id": str(id), "text": text} | more)
        entry: dict[str, Any] = answer["entry"]
        return entry

    def undo(self, id: UUID, text: str) -> dict[str, Any]:
        payload = {"id": str(id), "text": text, "page": self.page}
        entry: dict[str, Any] = self.client.ask("undo_review", payload)["entry"]
        return entry


@pytest.fixture
def first(ann: Browser, connect: Connect) -> Reviewer:
    return Reviewer(connect(headers=ann.cookie))


@pytest.fixture
def second(ann: Browser, open_browser: Open, connect: Connect) -> Reviewer:
    """A reviewer in another browser of the same account."""
    other = open_browser()
    other.sign_in(ann.name)
    return Reviewer(connect(headers=other.cookie))


def test_guest_reviews_their_own_entries_only(
    guest: Browser, open_browser: Open, connect: Connect
) -> None:
    entry = guest.upload("1A")
    other = open_browser()
    other.http.get("/")
    assert Reviewer(connect(headers=other.cookie)).take() == []
    taken = Reviewer(connect(headers=guest.cookie)).take()
    assert [each["entry"]["id"] for each in taken] == [entry["id"]]


def test_least_sure_comes_first_and_sure_ones_not_at_all(
    server: ServerProcess, ann: Browser, first: Reviewer
) -> None:
    seed(server, ann.name, [*UNSURE, Seed("7", 0.99), Seed("?", 0.95)])
    assert first.texts() == ["2", "3", "1", "?"]
    assert first.counts == {"left": 4, "disputed": 0}


def test_what_a_newer_model_reads_otherwise_comes_last(
    server: ServerProcess, ann: Browser, first: Reviewer
) -> None:
    seed(server, ann.name, [Seed("7", 0.99), Seed("9", 0.99), Seed("1", 0.5)])
    wait_until(lambda: first.texts() == ["1", "9"])
    assert first.take()[1]["entry"]["reread"] == "7"


def test_two_pages_never_get_the_same(
    server: ServerProcess, ann: Browser, first: Reviewer, second: Reviewer
) -> None:
    seed(server, ann.name, UNSURE)
    assert (first.texts(2), second.texts()) == (["2", "3"], ["1"])
    assert (first.texts(), second.texts()) == (["2", "3"], ["1"])


def test_page_that_leaves_gives_back_what_it_held(
    server: ServerProcess, ann: Browser, first: Reviewer, second: Reviewer
) -> None:
    seed(server, ann.name, UNSURE)
    first.take()
    assert second.take() == []
    first.take(0)
    assert second.texts() == ["2", "3", "1"]


def test_lease_expires_unless_it_is_renewed(
    server: ServerProcess, ann: Browser, first: Reviewer, second: Reviewer
) -> None:
    seed(server, ann.name, UNSURE)
    for holder, other in ((first, second), (second, first)):
        holder.take()
        with server.connected() as connection:
            connection.execute(update(review_leases).values(expires=PAST))
        if holder is first:
            assert len(holder.take()) == len(UNSURE)
            assert other.take() == []
            holder.take(0)
        else:
            assert len(other.take()) == len(UNSURE)


def test_skipped_entries_are_for_others(
    server: ServerProcess, ann: Browser, first: Reviewer, second: Reviewer
) -> None:
    ids = seed(server, ann.name, UNSURE)
    first.take()
    assert first.texts(skipped=[str(ids[1])]) == ["3", "1"]
    assert second.texts() == ["2"]


@pytest.mark.parametrize("text", ["2", "5"], ids=["confirmed", "corrected"])
def test_decided_entry_is_told_and_not_handed_out(
    server: ServerProcess, ann: Browser, first: Reviewer, second: Reviewer, text: str
) -> None:
    _, id, _ = seed(server, ann.name, UNSURE)
    second.client.ask("watch_history", {})
    first.take()
    first.say(id, text)
    assert second.client.wait_for("history_changed")["corrected"] == text
    assert first.texts() == ["3", "1"]
    assert first.counts["left"] == len(UNSURE) - 1
    assert said(server, id) == [text]


def test_same_decision_sent_again_is_one(
    server: ServerProcess, ann: Browser, first: Reviewer
) -> None:
    [id] = seed(server, ann.name, [Seed("2")])
    for _ in range(2):
        first.say(id, "5")
    assert said(server, id) == ["5"]


def test_disagreement_shows_until_it_is_settled(
    server: ServerProcess, ann: Browser, first: Reviewer, second: Reviewer
) -> None:
    [id] = seed(server, ann.name, [Seed("2")])
    first.client.ask("watch_history", {})
    assert not first.say(id, "2")["disputed"]
    assert second.say(id, "5")["disputed"]
    assert [first.client.wait_for("history_changed")["disputed"] for _ in "12"] == [False, True]
    [review] = first.take(disputed=True)
    assert [each["text"] for each in review["decisions"]] == ["2", "5"]
    assert len({each["reviewer"] for each in review["decisions"]}) == 2
    assert first.counts == {"left": 0, "disputed": 1}
    found = ann.http.get("/api/predictions", params={"disputed": "true"}).json()["entries"]
    assert [each["id"] for each in found] == [str(id)]
    assert not second.say(id, "5", settles=True)["disputed"]
    assert first.take(disputed=True) == []


def test_undone_decision_is_to_be_made_again(
    server: ServerProcess, ann: Browser, first: Reviewer, second: Reviewer
) -> None:
    [id] = seed(server, ann.name, [Seed("2")])
    first.take()
    first.say(id, "5")
    second.client.ask("watch_history", {})
    for _ in range(2):  # as after an answer that was lost
        assert first.undo(id, "5")["corrected"] is None
    assert second.client.wait_for("history_changed")["corrected"] is None
    assert second.take() == []
    assert first.texts() == ["2"]
    assert said(server, id) == []


def test_undo_ends_the_disagreement_that_it_made(
    server: ServerProcess, ann: Browser, first: Reviewer, second: Reviewer
) -> None:
    [id] = seed(server, ann.name, [Seed("2")])
    first.say(id, "2")
    second.say(id, "5")
    undone = second.undo(id, "5")
    assert (undone["corrected"], undone["disputed"]) == ("2", False)


def test_nobody_undoes_what_another_decided(
    server: ServerProcess, ann: Browser, first: Reviewer, second: Reviewer
) -> None:
    [id] = seed(server, ann.name, [Seed("2")])
    first.say(id, "5")
    assert second.undo(id, "5")["corrected"] == "5"
    assert said(server, id) == ["5"]


def test_another_picture_of_a_drawing_ends_its_decisions(
    server: ServerProcess, first: Reviewer
) -> None:
    drawing = uuid4()
    for text in ("7", "1"):
        image = {"drawing": str(drawing), "image": png(text)}
        entry = first.client.ask("save", image)["entry"]
        assert (entry["corrected"], said(server, drawing)) == (None, [])
        first.say(drawing, "4")


def test_decisions_and_leases_go_with_the_entry(
    server: ServerProcess, ann: Browser, first: Reviewer
) -> None:
    ids = seed(server, ann.name, UNSURE)
    first.say(ids[0], "5")
    first.take()
    first.client.ask("delete_entries", {"ids": [str(id) for id in ids]})
    with server.connected() as connection:
        for table in (reviews, review_leases):
            left = select(func.count()).where(table.c.entry_id.in_(ids))
            assert connection.execute(left).scalar() == 0


@pytest.mark.postgresql
def test_pages_of_several_servers_never_get_the_same(
    own_postgres: PostgresServer, serve: Callable[..., ServerProcess], connect: Connect
) -> None:
    settings = {
        "database_url": own_postgres.create(f"digits_{uuid4().hex}"),
        "secret_key": "k" * 32,
    }
    servers = [serve(async_mode=mode, **settings) for mode in ASYNC_MODES]
    ann = Browser(servers[0]).sign_up()
    for _ in range(30):
        ann.upload("1A")
    pages = [Reviewer(connect(to=server, headers=ann.cookie)) for server in servers * 2]
    with ThreadPoolExecutor(len(pages)) as pool:
        taken = [*pool.map(lambda page: page.take(5), pages)]
    ids = [each["entry"]["id"] for held in taken for each in held]
    assert len(ids) == len(set(ids)) == 30
    ann.http.close()
    for each in servers:
        each.stop()
