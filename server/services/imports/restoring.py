"""Entries of an archive, kept in another history as they were."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from uuid import UUID, uuid5

from server.accounts.visitor import Visitor
from server.database.engine import now
from server.errors import Forbidden
from server.history.access import Viewer
from server.history.entry import Draft, Past, Saved
from server.limits.rate_limits import RateLimit, RateLimits
from server.recognition.decoding.picture import PREVIEW_SIDE_PX, ColorPicture, encode_preview
from server.recognition.reader import Reader
from server.runtime.off_loop import Pools
from server.services.history import HistoryService
from server.services.imports.entry_lines import SentArchive, SentEntry, parse_entry
from server.services.learning import LearningService
from server.services.predictions import pool_for
from server.services.readers import Readers

UPLOADS = RateLimit.UPLOADS  # of which each file is one
NAMESPACE = UUID("6a3c5b1e-8f1d-4c53-9a53-0d3b7a1c9e42")


class EntryRestorer:
    """Keeps entries of an archive with their ids, readings, corrections and times.

    An id that somebody else's entry has is replaced by one that depends on it and on who imports.
    """

    def __init__(
        self,
        history: HistoryService,
        learning: LearningService,
        readers: Readers,
        pools: Pools,
        rate_limits: RateLimits,
    ) -> None:
        self._history = history
        self._learning = learning
        self._readers = readers
        self._pools = pools
        self._rate_limits = rate_limits

    def restore(self, archive: SentArchive, line: bytes, visitor: Visitor) -> bool:
        """Keep the entry of a line; return whether it is new.

        Raises InvalidPayload, UnreadableImage and ImageTooLarge, and what the history raises.
        """
        entry = parse_entry(line)
        viewer = visitor.viewer
        if self._history.seen(viewer, [entry.id, own_id(entry.id, viewer)]):
            return False
        self._rate_limits.throttle(UPLOADS, visitor.address, viewer.owner)
        saved = self._save(self._draft(archive, entry, viewer), visitor)
        text, examples = entry.corrected, archive.examples.get(entry.id, [])
        if saved.change == "added" and text is not None:
            self._learning.restore(viewer, saved.entry.id, text, examples)
        return saved.change == "added"

    def _draft(self, archive: SentArchive, entry: SentEntry, viewer: Viewer) -> Draft:
        sent = archive.picture(entry.id)
        reader = self._readers.of(viewer)
        content = pool_for(sent, reader, self._pools)(_to_preview, reader, sent)
        return Draft(
            id=entry.id,
            input_type=entry.input_type,
            reading=entry.restore_reading(),
            picture=content,
            sha256=hashlib.sha256(content).hexdigest(),
            replaces=False,
            list=entry.list,
            strokes=archive.strokes.get(entry.id),
            past=Past(min(entry.timestamp, now()), entry.corrected, entry.rank),
        )

    def _save(self, draft: Draft, visitor: Visitor) -> Saved:
        try:
            return self._history.save(draft, visitor)
        except Forbidden:  # another's id, or else the history is full: then it is raised again
            own = own_id(draft.id, visitor.viewer)
            return self._history.save(replace(draft, id=own), visitor)


def own_id(id: UUID, viewer: Viewer) -> UUID:
    """Return the id of a viewer's copy of an entry."""
    return uuid5(NAMESPACE, f"{viewer.maker} {id}")


def _to_preview(reader: Reader, content: bytes) -> bytes:
    """Return a picture as the history keeps it. Raises UnreadableImage and ImageTooLarge."""
    picture = reader.decode(content)
    return content if _is_preview(content, picture) else encode_preview(picture)


def _is_preview(content: bytes, picture: ColorPicture) -> bool:
    """Return whether a picture is a WebP file of the right size, with nothing after its end."""
    is_whole = int.from_bytes(content[4:8], "little") == len(content) - 8
    is_small = max(picture.upright.size) <= PREVIEW_SIDE_PX
    return content[8:12] == b"WEBP" and is_whole and is_small
