"""Requests of clients: the payload of every event and route."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

from server.contract.fields import (
    MAX_COORDINATES,
    MAX_HELD,
    MAX_IDS,
    MAX_PAGE_SIZE,
    MAX_POSITION,
    MAX_SEQ,
    PAGE_SIZE,
    Correction,
    Cursor,
    ExportIds,
    Ids,
    InputType,
    Label,
    ListName,
    Moment,
    Rank,
    Size,
    Strokes,
    Text,
)


class Written(Struct, frozen=True, kw_only=True):
    """The strokes of a drawing, if it was drawn with a pen, in the order of drawing.

    A stroke is [x, y, x, y, …] along the middle of the line, in pixels of the picture. With
    `digits_only` a sign is read as ink that is not a digit.
    """

    strokes: Strokes | None = None
    digits_only: bool = False

    def __post_init__(self) -> None:
        if self.strokes and any(len(stroke) % 2 for stroke in self.strokes):
            raise ValueError("A stroke has x without y: give both of every point")
        if self.strokes and sum(map(len, self.strokes)) > MAX_COORDINATES:
            raise ValueError(f"`strokes` have more than {MAX_COORDINATES} coordinates: send fewer")


class Drawn(Written, frozen=True, kw_only=True):
    """A picture and, if it was drawn with a pen, its strokes."""

    image: bytes


class Shown(Written, frozen=True, kw_only=True):
    """A drawing or picture to read and not keep: its file, its strokes, or both.

    Strokes alone need the `size` of the picture that they are on: its width and height.
    """

    image: bytes | None = None
    size: Size | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.image is None and not (self.strokes and self.size):
            raise ValueError("Nothing to read: send an `image`, or `strokes` with their `size`")


class Frame(Shown, frozen=True, kw_only=True):
    """A drawing as it is now, to be read; `seq` comes back with the prediction."""

    drawing: UUID
    seq: Annotated[int, Meta(ge=0, le=MAX_SEQ)]


class Save(Drawn, frozen=True, kw_only=True):
    """A drawing to keep. Saving the same drawing again changes its one entry, and its `list`."""

    drawing: UUID
    list: ListName | None = None


class Upload(Struct, frozen=True, kw_only=True):
    """A picture to keep. The same `id` twice gives the same entry."""

    image: bytes
    name: Text | None = None
    id: UUID | None = None
    digits_only: bool = False
    list: ListName | None = None


class Explain(Shown, frozen=True, kw_only=True):
    """A drawing or picture, and the position of a digit; null for the least certain one."""

    position: Annotated[int, Meta(ge=0)] | None = None


class Filter(Struct, frozen=True, kw_only=True):
    """A selection of entries; a field that is left out selects all.

    `search` is text that was read or entered instead. `list` and `mine` select what this browser or
    account made. An entry is `uncertain` until it is corrected, and `disputed` while reviewers
    disagree. Both times are inclusive.
    """

    input_type: InputType | None = None
    search: Text | None = None
    list: ListName | None = None
    mine: bool = False
    uncertain: bool | None = None
    corrected: bool | None = None
    disputed: bool | None = None
    made_from: Moment | None = None
    made_until: Moment | None = None


class HistoryQuery(Filter, frozen=True, kw_only=True):
    """A page of selected entries, newest first, older than the cursor `before`.

    With `after`, those that are next newer than this cursor.
    """

    limit: Annotated[int, Meta(ge=1, le=MAX_PAGE_SIZE)] = PAGE_SIZE
    before: Cursor | None = None
    after: Cursor | None = None


class WatchHistory(HistoryQuery, frozen=True, kw_only=True):
    """A page of entries to list and watch; or, after an interruption, the last event that came."""

    since: Annotated[int, Meta(ge=0, le=MAX_POSITION)] | None = None
    epoch: Text | None = None

    def __post_init__(self) -> None:
        if (self.since is None) != (self.epoch is None):
            raise ValueError("`since` is a position of an `epoch`: send both or neither")


class GetEntry(Struct, frozen=True):
    """The id of an entry."""

    id: UUID


class CorrectEntry(Struct, frozen=True):
    """The id of an entry, and the text that was really written; that which was read confirms it.

    With `settles`, reviewers who said otherwise before are overruled.
    """

    id: UUID
    text: Correction
    settles: bool = False


class TakeReviews(Struct, frozen=True, kw_only=True):
    """A `page` of a reviewer, which is to hold up to `limit` entries; with 0 it gives all back.

    Those `skipped` are left out. With `disputed`, it gets those about which reviewers disagree.
    """

    page: UUID
    limit: Annotated[int, Meta(ge=0, le=MAX_HELD)]
    skipped: Annotated[tuple[UUID, ...], Meta(max_length=MAX_IDS)] = ()
    disputed: bool = False


class UndoReview(Struct, frozen=True):
    """A decision to take back: what was said of an entry, which the page then holds again."""

    id: UUID
    text: Correction
    page: UUID


class DeleteEntry(Struct, frozen=True):
    """The id of an entry to delete."""

    id: UUID


class DeleteEntries(Struct, frozen=True):
    """The ids of entries to delete; those that are gone already are passed over."""

    ids: Ids


class MoveEntries(Struct, frozen=True):
    """Entries to put into a list, or off any (null); `rank` is the place of a single one there.

    Without a `rank`, an entry that is new on the list stands where it was made.
    """

    ids: Ids
    list: ListName | None
    rank: Rank | None = None

    def __post_init__(self) -> None:
        if self.rank is not None and len(self.ids) > 1:
            raise ValueError("`rank` is the place of one entry: send one id with it")


class GetLists(Struct, frozen=True):
    """A request for the lists of this browser or account; it has no fields."""


class RenameList(Struct, frozen=True):
    """The name of a list, and another that no list has yet."""

    name: ListName
    new_name: ListName


class GetStatistics(Struct, frozen=True, kw_only=True):
    """A request for the statistics of the history, or of what this browser or account made."""

    mine: bool = False


class CellQuery(Struct, frozen=True, kw_only=True):
    """A page of the entries in which a digit was read, and one written; left out: no digit.

    Newest first, older than the cursor `before`.
    """

    read: Label | None = None
    written: Label | None = None
    mine: bool = False
    limit: Annotated[int, Meta(ge=1, le=MAX_PAGE_SIZE)] = PAGE_SIZE
    before: Cursor | None = None


class Export(Struct, frozen=True):
    """A request for everything that the viewer sees; it has no fields."""


class Import(Struct, frozen=True):
    """A ZIP: an export of everything, or labelled pictures."""

    archive: bytes


class ExportEntries(Struct, frozen=True):
    """The ids of entries to export, in the order of the table; those that are gone are left out."""

    ids: ExportIds
