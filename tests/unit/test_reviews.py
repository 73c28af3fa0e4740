"""Disagreements of reviewers."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from server.history.reviews import is_disputed


def say(reviewer: str, text: str, settles: bool = False) -> Any:
    return SimpleNamespace(reviewer=reviewer, text=text, settles=settles)


@pytest.mark.parametrize(
    ("said", "disputed"),
    [
        ([], False),
        ([say("ann", "4")], False),
        ([say("ann", "4"), say("ann", "9")], False),
        ([say("ann", "4"), say("ben", "4")], False),
        ([say("ann", "4"), say("ben", "9")], True),
        ([say("ann", "4"), say("ben", "9"), say("ann", "9")], False),
        ([say("ann", "4"), say("ben", "9"), say("zoe", "9")], True),
        ([say("ann", "4"), say("ben", "9"), say("ben", "9", settles=True)], False),
        ([say("ann", "4"), say("ben", "9", settles=True), say("ann", "4")], True),
    ],
)
def test_reviewers_disagree_while_their_last_texts_differ(said: list[Any], disputed: bool) -> None:
    assert is_disputed(said) == disputed
