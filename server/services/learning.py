"""Learning from corrections: what was really written teaches the reader of the person who says it.

A correction gives the digits of its entry as examples, as far as they can be told apart. They
belong to the entry: another correction replaces them, and they are deleted with it.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from server.accounts.visitor import Visitor
from server.contract import CorrectEntry, EntryAnswer, Shown
from server.error_boundary import attempt
from server.history.access import Viewer
from server.history.entry import Taught
from server.history.examples import ExampleStore
from server.recognition.examples import Example
from server.runtime.off_loop import Pools
from server.services.frame_queue import FrameQueue
from server.services.history import HistoryService
from server.services.publisher import Publisher
from server.services.readers import Readers, to_examples

MAX_WAITING = 1_000  # corrections; more teach nothing

Correction = tuple[CorrectEntry, Viewer]


@dataclass(frozen=True)
class Lesson:
    """An example of a person's, the digit at a `position` of an entry.

    It is held back if it would make another one wrong.
    """

    entry: UUID
    position: int
    time: str
    example: Example
    is_held_back: bool


@dataclass(frozen=True)
class Learned:
    """What a person's corrections taught, the newest first, and whether it is used.

    `contributes`: models for everybody may be trained on what this account corrected.
    """

    lessons: Sequence[Lesson]
    is_on: bool
    contributes: bool


class LearningService:
    """Corrects entries and, between `start` and `stop`, learns from it.

    A correction is answered before it teaches: a photo takes long to be read again. Of several of
    one entry only the last one teaches. Raises what the history raises.
    """

    def __init__(
        self,
        readers: Readers,
        history: HistoryService,
        store: ExampleStore,
        pools: Pools,
        publisher: Publisher,
    ) -> None:
        self._readers = readers
        self._history = history
        self._store = store
        self._pools = pools
        self._publisher = publisher
        self._waiting: FrameQueue[Correction] = FrameQueue()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        self._thread = threading.Thread(target=self._repeat, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._waiting.close()
        if self._thread:
            self._thread.join()

    def correct(self, correction: CorrectEntry, visitor: Visitor) -> EntryAnswer:
        """Set the text that was really written, and learn from it soon."""
        answer = self._history.correct(correction, visitor)
        self.learn_soon(correction, visitor.viewer)
        return answer

    def learn_soon(self, correction: CorrectEntry, viewer: Viewer) -> None:
        """Learn from an entry as it was corrected."""
        if self._readers.everybody.can_learn and len(self._waiting) < MAX_WAITING:
            self._waiting.put(str(correction.id), (correction, viewer))

    def align(self, shown: Shown, text: str) -> Sequence[Example]:
        """Return the digits of a drawing or picture that says a text, those beyond doubt.

        Raises UnreadableImage, ImageTooLarge and InvalidPayload.
        """
        return self._readers.everybody.align(shown, text)

    def restore(self, viewer: Viewer, id: UUID, text: str, examples: Sequence[Example]) -> None:
        """Learn again what an entry taught elsewhere."""
        if examples and self._readers.everybody.can_learn:
            self._teach(viewer, id, text, examples)

    def learned(self, viewer: Viewer) -> Learned:
        """Return what was learned from a person."""
        stored = self._pools.reads(self._store.load, viewer)
        examples = to_examples(stored.examples)
        held_back = [False] * len(examples)
        if examples and self._readers.everybody.can_learn:
            held_back = self._pools.pictures(self._readers.everybody.hold_back, examples)
        lessons = [
            Lesson(row.entry_id, row.position, row.time, example, is_held_back)
            for row, example, is_held_back in zip(stored.examples, examples, held_back, strict=True)
        ]
        return Learned(lessons[::-1], stored.is_on, stored.contributes)

    def forget(
        self, viewer: Viewer, entry: UUID | None = None, position: int | None = None
    ) -> None:
        """Forget one example of a person, or all."""
        self._pools.writes(self._store.forget, viewer, entry, position)
        self._publisher.tell_changes()

    def switch(self, viewer: Viewer, is_on: bool) -> None:
        """Learn from a person's corrections and use it, or do neither."""
        self._pools.writes(self._store.switch, viewer, is_on)
        self._publisher.tell_changes()

    def contribute(self, account: Viewer, does: bool) -> None:
        """Let models for everybody be trained on what an account corrected, or not."""
        self._pools.writes(self._store.contribute, account, does)

    def _repeat(self) -> None:
        while waiting := self._waiting.take(1):
            [(entry, correction)] = waiting
            attempt(self._learn, *correction)
            self._waiting.finish(entry)

    def _learn(self, correction: CorrectEntry, viewer: Viewer) -> None:
        """Learn from an entry that says a text: nothing if it cannot be read again."""
        id, text = correction.id, correction.text
        shown = self._history.drawn(viewer, id)
        examples = self._pools.pictures(self._readers.everybody.align, shown, text)
        if examples:
            self._teach(viewer, id, text, examples)

    def _teach(self, viewer: Viewer, id: UUID, text: str, examples: Sequence[Example]) -> None:
        taught = [Taught(each.picture.tobytes(), each.label, each.read_as) for each in examples]
        self._pools.writes(self._store.teach, viewer, id, text, taught)
        self._publisher.tell_changes()
