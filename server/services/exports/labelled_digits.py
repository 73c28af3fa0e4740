"""The digits of corrected entries: what was really written, and the ink of each digit."""

from __future__ import annotations

from uuid import UUID

import msgspec
from msgspec.structs import replace

from server.contract import Entry, Filter, Shown, Strokes
from server.errors import ImageTooLarge, InvalidPayload, NotFound, UnreadableImage
from server.history.access import Viewer
from server.runtime.off_loop import Pool
from server.services.exports.digit_arrays import DigitArrays
from server.services.history import HistoryService
from server.services.learning import LearningService

UNUSABLE = (NotFound, InvalidPayload, UnreadableImage, ImageTooLarge)  # NotFound: deleted since


class LabelledDigits:
    """Finds digits whose label is beyond doubt: a text that was entered, laid along its ink."""

    def __init__(self, history: HistoryService, learning: LearningService, pool: Pool) -> None:
        self._history = history
        self._learning = learning
        self._pool = pool

    def fill(self, arrays: DigitArrays, viewer: Viewer, filter: Filter) -> None:
        """Append the digits of all corrected entries that pass a filter, oldest first."""
        if filter.corrected is False:
            return
        for entries in self._history.in_order(viewer, replace(filter, corrected=True)):
            strokes = self._history.strokes(viewer, [entry.id for entry in entries])
            for entry in entries:
                self._append(arrays, viewer, entry, _decode(strokes, entry.id))

    def _append(
        self, arrays: DigitArrays, viewer: Viewer, entry: Entry, strokes: Strokes | None
    ) -> None:
        assert entry.corrected is not None
        try:
            shown = self._show(viewer, entry, strokes)
            examples = self._pool(self._learning.align, shown, entry.corrected)
        except UNUSABLE:
            return
        self._pool(arrays.append, entry.id, entry.maker, examples, strokes)

    def _show(self, viewer: Viewer, entry: Entry, strokes: Strokes | None) -> Shown:
        if strokes:
            return Shown(strokes=strokes, size=entry.reading.size)
        return Shown(image=self._history.picture(viewer, entry.id).content)


def _decode(strokes: dict[UUID, bytes], id: UUID) -> Strokes | None:
    return msgspec.json.decode(strokes[id], type=Strokes) if id in strokes else None
