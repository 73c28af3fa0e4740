"""The way of a picture into the history: read, kept with its preview, announced."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from uuid import UUID

from server.contract import Entry, InputType
from server.errors import ImageTooLarge, NoInk
from server.history.access import Viewer
from server.history.entry import Draft
from server.history.store import History
from server.recognition.decoding.picture import encode_preview
from server.recognition.reader import Reader
from server.runtime.off_loop import Lane, MakeCall
from server.services.history import Feed


@dataclass(frozen=True)
class Submission:
    """A picture file that somebody wants kept under an id of theirs."""

    id: UUID
    image: bytes
    input_type: InputType


class Intake:
    """Takes pictures into the history, off the loop, and announces what became of them."""

    def __init__(
        self, reader: Reader, history: History, lane: Lane, off_loop: MakeCall, feed: Feed
    ) -> None:
        self._reader = reader
        self._history = history
        self._lane = lane
        self._off_loop = off_loop
        self._feed = feed

    def keep(self, submission: Submission, viewer: Viewer, max_bytes: int) -> Entry:
        """Read and save a picture. The entry is committed when this returns.

        Raises ImageTooLarge, UnreadableImage, NoInk, Forbidden, SignInRequired, Unavailable.
        """
        refuse_too_long(submission.image, max_bytes)
        draft = self._off_loop(self._draft, submission)
        saved = self._lane(self._history.save, draft, viewer)
        if saved.change:
            self._feed.announce(f"history_{saved.change}", saved.entry)
        return saved.entry

    def _draft(self, submission: Submission) -> Draft:
        picture = self._reader.decode(submission.image)
        reading = self._reader.read_picture(picture)
        if not reading.text:
            raise NoInk("Nothing is written on this picture.")
        return Draft(
            id=submission.id,
            input_type=submission.input_type,
            reading=reading,
            picture=encode_preview(picture),
            sha256=hashlib.sha256(submission.image).hexdigest(),
            replaces=submission.input_type == "canvas",
        )


def refuse_too_long(image: bytes, max_bytes: int) -> None:
    if len(image) > max_bytes:
        raise ImageTooLarge(
            f"The picture has {len(image) / 1e6:.1f} MB. Send one of at most "
            f"{max_bytes / 1e6:g} MB."
        )
