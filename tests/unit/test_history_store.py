"""The history's store: a drawing that is saved again."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError

from server.contract import HistoryQuery
from server.errors import SignInRequired
from server.history.access import Viewer
from server.history.entry import Draft
from server.history.store import HistoryStore
from tests.databases import refuse_inserts
from tests.unit.fakes import make_reading

ME = Viewer("me")
DRAWING = UUID(int=1)


@pytest.fixture
def history(engine: Engine) -> HistoryStore:
    return HistoryStore(engine, max_entries=1)


def draft(text: str, sha256: str = "0" * 64) -> Draft:
    return Draft(DRAWING, "canvas", make_reading(text), b"picture", sha256, replaces=True)


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
    history.correct(ME, DRAWING, "4-1")
    assert history.save(draft("4?7", sha256), ME).entry.corrected == corrected


def test_only_a_missing_account_is_called_deleted(history: HistoryStore, engine: Engine) -> None:
    with pytest.raises(SignInRequired, match="This account was deleted"):
        history.save(draft("7"), Viewer("ann", "ann"))
    with engine.begin() as connection:
        refuse_inserts(connection, "entries")
    with pytest.raises(IntegrityError):
        history.save(draft("7"), ME)
