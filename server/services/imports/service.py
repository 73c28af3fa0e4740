"""Imports into the history of whoever sends them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from server.accounts.visitor import Visitor
from server.contract import Import, ImportAnswer, Problem, RefusedFile
from server.error_boundary import attempt, problem
from server.errors import (
    DigitsError,
    ImageTooLarge,
    InvalidPayload,
    NoInk,
    UnreadableImage,
)
from server.runtime.off_loop import Pool
from server.services.imports.entry_lines import ENTRIES, SentArchive, find_archive
from server.services.imports.labelling import PictureLabeller
from server.services.imports.labels import find_pictures
from server.services.imports.restoring import EntryRestorer
from server.services.imports.sent_zip import SentZip

OF_THE_FILE = (InvalidPayload, UnreadableImage, ImageTooLarge, NoInk)  # the others may be good
EMPTY = (
    "The ZIP holds no entry and no picture. Choose the ZIP that was downloaded here, or one of "
    "pictures in folders named by what is written on them."
)


@dataclass(frozen=True)
class Step:
    """The import of one file, or of one line, which says whether it added an entry."""

    name: str
    take: Callable[[Visitor], bool]


class ImportService:
    """Imports a ZIP file by file: what is wrong with one does not stop the others."""

    def __init__(
        self,
        restorer: EntryRestorer,
        labeller: PictureLabeller,
        pool: Pool,
        max_bytes: int,
    ) -> None:
        self._restorer = restorer
        self._labeller = labeller
        self._pool = pool
        self._max_bytes = max_bytes

    def import_zip(self, request: Import, visitor: Visitor) -> ImportAnswer:
        """Import a ZIP: the archive of a history, or else labelled pictures.

        Raises InvalidPayload and ImageTooLarge for a ZIP of which nothing is imported.
        """
        sent = self._pool(SentZip, request.archive, self._max_bytes)
        archive = self._pool(find_archive, sent)
        steps = self._restored(archive) if archive else self._labelled(sent)
        if not steps:
            raise InvalidPayload(EMPTY)
        return _take_all(steps, visitor)

    def _restored(self, archive: SentArchive) -> list[Step]:
        return [
            Step(f"{ENTRIES}, line {number}", partial(self._restorer.restore, archive, line))
            for number, line in enumerate(archive.lines, 1)
        ]

    def _labelled(self, sent: SentZip) -> list[Step]:
        return [
            Step(picture.path, partial(self._labeller.keep, sent, picture))
            for picture in self._pool(find_pictures, sent)
        ]


def _take_all(steps: Sequence[Step], visitor: Visitor) -> ImportAnswer:
    """Take steps up to an error that is not of one file, such as a full history."""
    outcomes, refused = list[bool](), list[RefusedFile]()
    ending: Problem | None = None
    for step in steps:
        outcome = attempt(step.take, visitor)
        if isinstance(outcome, OF_THE_FILE):
            refused.append(RefusedFile(step.name, outcome.message))
        elif isinstance(outcome, DigitsError):
            ending = problem(outcome)
            break
        else:
            outcomes.append(outcome)
    return ImportAnswer(
        added=outcomes.count(True),
        known=outcomes.count(False),
        refused=refused,
        rest=len(steps) - len(outcomes) - len(refused),
        error=ending,
    )
