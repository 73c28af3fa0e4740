"""Values that travel in answers and events."""

from __future__ import annotations

from uuid import UUID

from msgspec import UNSET, Struct, UnsetType

from server.contract.fields import InputType, ListName, Sign, Timestamp


class Digit(Struct, frozen=True):
    """A digit of a reading, or a sign, whose `digit` is null; both are null for other ink.

    `probabilities` are those of the ten digits; `box` is [x, y, width, height] in pixels of the
    picture that was sent, turned upright. It is `learned` if corrections of the person who asks
    made it what it is.
    """

    digit: int | None
    confidence: float
    probabilities: tuple[float, ...]
    box: tuple[int, int, int, int]
    sign: Sign | None = None
    learned: bool = False


class Line(Struct, frozen=True):
    """A line of a reading; `confidence` is the probability that its whole text is right."""

    text: str
    confidence: float


class Alternative(Struct, frozen=True):
    """Another text that a picture may say; `confidence` is the probability that it does."""

    text: str
    confidence: float


class Reading(Struct, frozen=True):
    """A picture as it was read; `confidence` is the probability that the whole text is right.

    `text` is that of its lines, joined by "\\n". In a line, a space parts two numbers, and a tab
    two cells of a table. `digits` are in the order of the text, one for each of its other
    characters. `alternatives` are at most three other texts, the likeliest first. `size` is
    [width, height] of the picture that was sent, turned upright, in pixels.
    """

    text: str
    confidence: float
    uncertain: bool
    digits: tuple[Digit, ...]
    lines: tuple[Line, ...]
    size: tuple[int, int]
    milliseconds: float
    model: str
    alternatives: tuple[Alternative, ...] = ()


class Explanation(Struct, frozen=True):
    """The reasons for the digit at `position` of a reading.

    `seen` [28][28] is the network's input, 0 (paper) to 255 (ink). `evidence` [11][7][7] is how
    much each place of it spoke for (positive) or against each of the ten digits and "no digit", in
    nats, relative to the mean of all at that place.
    """

    position: int
    reading: Reading
    seen: list[list[int]]
    evidence: list[list[list[float]]]


class Entry(Struct, frozen=True):
    """An entry of the history.

    `owner` is the account that it belongs to, null in the public history. `maker` is an opaque id
    of the browser or account that made it: a public entry is changed only by the same browser.
    `image_version` changes when the picture at `image_path` does. `list` is the name of a list of
    its maker's, and `rank` its place there, ascending: by default the milliseconds since 1970 at
    which it was made. It is `disputed` while reviewers disagree. `reread` is what the newer model
    `reread_by` reads, null if none has read it again.
    """

    id: UUID
    input_type: InputType
    predicted: str
    confidence: float
    uncertain: bool
    corrected: str | None
    image_path: str
    timestamp: Timestamp
    maker: str
    reading: Reading
    image_version: str
    owner: str | None
    list: ListName | None
    rank: float
    disputed: bool
    reread: str | None
    reread_by: str | None


class ListSummary(Struct, frozen=True):
    """A list of entries: its name, their number, and the timestamp of the newest."""

    name: ListName
    count: int
    latest: Timestamp


class RefusedFile(Struct, frozen=True):
    """A file of a ZIP that could not be imported, or a line of one, and why."""

    name: str
    message: str


class DayTally(Struct, frozen=True):
    """The readings of a day in UTC: those that nobody checked, the right ones and the wrong ones.

    A reading is checked once it is corrected, or confirmed by a correction to the same text.
    """

    day: str
    unchecked: int
    right: int
    wrong: int


class ModelTally(Struct, frozen=True):
    """The readings of a model, and the first and last day that has any."""

    model: str
    first: str
    last: str
    unchecked: int
    right: int
    wrong: int


class CertaintyTally(Struct, frozen=True):
    """The checked readings with a confidence of so many percent, rounded down, at most 99."""

    percent: int
    right: int
    wrong: int


class DigitTally(Struct, frozen=True):
    """A digit, and how often it was read.

    `kept` and `lost` are the times that it was `learned`: whether a correction changed it.
    """

    digit: int
    read: int
    kept: int
    lost: int


class CellTally(Struct, frozen=True):
    """How often one digit of a checked reading was read, and one written; null: no digit."""

    read: int | None
    written: int | None
    count: int


class Statistics(Struct, frozen=True):
    """Counts of a history. What was never counted has no item."""

    days: list[DayTally]
    models: list[ModelTally]
    certainties: list[CertaintyTally]
    digits: list[DigitTally]
    cells: list[CellTally]


class Decision(Struct, frozen=True):
    """What somebody said that an entry says; `reviewer` is an opaque id of a browser or program."""

    reviewer: str
    text: str
    time: Timestamp


class Review(Struct, frozen=True):
    """An entry to review, and what was decided before, the oldest first."""

    entry: Entry
    decisions: list[Decision]


class Problem(Struct, frozen=True):
    """A failure: a code for programs, a message for people, and its `request` in the log."""

    code: str
    message: str
    request: str | UnsetType = UNSET
