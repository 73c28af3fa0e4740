"""Answers of the server to requests."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from server.contract.fields import Cursor
from server.contract.values import (
    Entry,
    Explanation,
    ListSummary,
    Problem,
    RefusedFile,
    Review,
    Statistics,
)


class Done(Struct, frozen=True, kw_only=True):
    """The answer to a request that succeeded."""

    ok: Annotated[bool, Meta(extra_json_schema={"const": True})] = True


class EntryAnswer(Done, frozen=True, kw_only=True):
    """An entry as it is now."""

    entry: Entry


class EntriesAnswer(Done, frozen=True, kw_only=True):
    """A page of entries; `next` is the `before` or `after` of the next page, null on the last."""

    entries: list[Entry]
    next: Cursor | None


class WatchAnswer(EntriesAnswer, frozen=True, kw_only=True):
    """A page of entries, and the position up to which the client has all events.

    If it has `recovered`, the events that it missed were sent before, and there are no `entries`.
    """

    epoch: str
    position: int
    recovered: bool


class MovedAnswer(Done, frozen=True, kw_only=True):
    """Entries as they are now, in the order of the request."""

    entries: list[Entry]


class CountAnswer(Done, frozen=True, kw_only=True):
    """The number of entries that a filter selects."""

    count: int


class ListsAnswer(Done, frozen=True, kw_only=True):
    """The viewer's lists, the last used first."""

    lists: list[ListSummary]


class StatisticsAnswer(Done, frozen=True, kw_only=True):
    """The statistics of a history."""

    statistics: Statistics


class ExplanationAnswer(Done, frozen=True, kw_only=True):
    """The explanation of a digit."""

    explanation: Explanation


class ImportAnswer(Done, frozen=True, kw_only=True):
    """The outcome of an import: how many entries were added, or were there already.

    An `error` ended it early and left the `rest`; the same ZIP again imports that.
    """

    added: int
    known: int
    refused: list[RefusedFile]
    rest: int = 0
    error: Problem | None = None


class ReviewsAnswer(Done, frozen=True, kw_only=True):
    """The entries that the page holds, and how many are left, and disputed, whoever holds them."""

    reviews: list[Review]
    left: int
    disputed: int


class Failure(Struct, frozen=True, kw_only=True):
    """The answer to a request that failed."""

    ok: Annotated[bool, Meta(extra_json_schema={"const": False})] = False
    error: Problem
