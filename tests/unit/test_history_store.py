"""The history's store: a drawing that is saved again, and what the journal gets of changes."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

import msgspec
import pytest
from sqlalchemy import Engine, insert
from sqlalchemy.exc import IntegrityError

from server.contract import CorrectEntry, HistoryQuery
from server.database.schema import users
from server.errors import SignInRequired
from server.history.access import Viewer
from server.history.entry import Draft
from server.history.journal import MemoryJournal
from server.history.list_store import ListStore
from server.history.store import HistoryStore
from tests.databases import refuse_inserts
from tests.unit.fakes import make_reading

ME = Viewer("me")
DRAWING, OTHER = UUID(int=1), UUID(int=2)
ANN = {
    "name": "ann",
    "folded_name": "ann",
    "password_hash": "",
    "created": "",
    "disabled": False,
}


@pytest.fixture
def journal() -> MemoryJournal:
    return MemoryJournal()


@pytest.fixture
def history(engine: Engine, journal: MemoryJournal) -> HistoryStore:
    return HistoryStore(engine, 2, journal)


def draft(text: str, sha256: str = "0" * 64, id: UUID = DRAWING) -> Draft:
    return Draft(id, "canvas", make_reading(text), b"picture", sha256, replaces=True)


def noted(journal: MemoryJournal) -> list[tuple[str, Viewer, dict[str, Any]]]:
    """Return what the journal has, the oldest first, since it was asked before."""
    changes = [each.change for each in journal.after(journal.newest())]
    return [(each.event, each.viewer, json.loads(each.content)) for each in changes]


def test_same_reading_of_the_same_picture_changes_nothing(history: HistoryStore) -> None:
    history.save(draft("4-7"), ME)
    assert history.save(draft("4-7"), ME).change is None


def test_another_reading_of_the_same_picture_changes_the_entry(history: HistoryStore) -> None:
    history.save(draft("4-7"), ME)
    saved = history.save(draft("4?7"), ME)
    assert (saved.change, saved.entry.predicted) == ("changed", "4?7")
    assert history.list(ME, HistoryQuery(search="4-7")).entries == []


@pytest.mark.parametrize(("sha256", "corrected"), [("0" * 64, "4-1"), ("1" * 64, None)])
def test_correction_holds_for_the_same_picture(
    history: HistoryStore, sha256: str, corrected: str | None
) -> None:
    history.save(draft("4-7"), ME)
    history.correct(ME, CorrectEntry(DRAWING, "4-1"), "browser")
    assert history.save(draft("4?7", sha256), ME).entry.corrected == corrected


def test_only_a_missing_account_is_called_deleted(history: HistoryStore, engine: Engine) -> None:
    with pytest.raises(SignInRequired, match="This account was deleted"):
        history.save(draft("7"), Viewer("ann", "ann"))
    with engine.begin() as connection:
        refuse_inserts(connection, "entries")
    with pytest.raises(IntegrityError):
        history.save(draft("7"), ME)


def test_save_is_noted_as_added_then_changed(history: HistoryStore, journal: MemoryJournal) -> None:
    history.save(draft("4"), ME)
    [(event, maker, content)] = noted(journal)
    assert (event, maker, content["predicted"]) == ("history_added", ME, "4")
    history.save(draft("4"), ME)
    assert noted(journal) == []
    history.save(draft("7"), ME)
    [(event, maker, content)] = noted(journal)
    assert (event, maker, content["predicted"]) == ("history_changed", ME, "7")


def test_correction_is_noted(history: HistoryStore, journal: MemoryJournal) -> None:
    history.save(draft("4"), ME)
    noted(journal)
    entry = history.correct(ME, CorrectEntry(DRAWING, "7"), "browser")
    assert noted(journal) == [("history_changed", ME, json.loads(msgspec.json.encode(entry)))]


def test_move_notes_what_it_changes(history: HistoryStore, journal: MemoryJournal) -> None:
    for id in (DRAWING, OTHER):
        history.save(draft("4", id=id), ME)
    history.move(ME, [DRAWING], "a", None)
    noted(journal)
    history.move(ME, [DRAWING, OTHER], "a", None)
    assert [(event, content["id"]) for event, _, content in noted(journal)] == [
        ("history_changed", str(OTHER))
    ]


@pytest.mark.parametrize("delete", ["delete", "delete_all", "take_along"])
def test_what_a_history_loses_is_noted(
    history: HistoryStore, journal: MemoryJournal, engine: Engine, delete: str
) -> None:
    history.save(draft("4"), ME)
    noted(journal)
    if delete == "delete":
        history.delete(ME, DRAWING)
    elif delete == "delete_all":
        history.delete_all(ME, [OTHER, DRAWING])
    else:
        with engine.begin() as connection:
            connection.execute(insert(users).values(ANN))
        history.take_along(ME, Viewer("ann", "ann"), 10)
    assert noted(journal)[0] == ("history_removed", ME, {"id": str(DRAWING)})


def test_what_an_account_gets_is_noted(
    history: HistoryStore, journal: MemoryJournal, engine: Engine
) -> None:
    history.save(draft("4"), ME)
    with engine.begin() as connection:
        connection.execute(insert(users).values(ANN))
    history.take_along(ME, Viewer("ann", "ann"), 10)
    event, whose, content = noted(journal)[-1]
    assert (event, whose, content["id"]) == ("history_changed", Viewer("ann", "ann"), str(DRAWING))


def test_new_name_of_a_list_is_noted(
    history: HistoryStore, journal: MemoryJournal, engine: Engine
) -> None:
    history.save(draft("4"), ME)
    history.move(ME, [DRAWING], "a", None)
    noted(journal)
    lists = ListStore(engine, journal)
    lists.rename(ME, "a", "a")
    assert noted(journal) == []
    lists.rename(ME, "a", "b")
    assert noted(journal) == [("list_renamed", ME, {"name": "a", "new_name": "b"})]
