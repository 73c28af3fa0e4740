"""Pictures read once: kept in the history, or explained."""

from __future__ import annotations

import hashlib
from uuid import UUID, uuid4

from server.accounts.visitor import Visitor
from server.contract import (
    Drawn,
    EntryAnswer,
    Explain,
    ExplanationAnswer,
    InputType,
    Save,
    Upload,
)
from server.errors import ImageTooLarge, NoInk
from server.history.entry import Draft
from server.monitoring.metrics import READING_SECONDS
from server.recognition.decoding.picture import encode_preview
from server.recognition.reader import Reader
from server.runtime.off_loop import Pool, Pools
from server.services.history import HistoryService
from server.services.readers import Readers


class PredictionService:
    """Reads pictures off the loop, and keeps what it reads.

    Raises ImageTooLarge, UnreadableImage, InvalidPayload and NoInk, and what the history raises.
    """

    def __init__(
        self, readers: Readers, history: HistoryService, pools: Pools, max_bytes: int
    ) -> None:
        self._readers = readers
        self._history = history
        self._pools = pools
        self._max_bytes = max_bytes

    def save(self, save: Save, visitor: Visitor) -> EntryAnswer:
        """Keep a drawing. A later picture of it takes the place of this one."""
        return self._keep(save.drawing, save, "canvas", save.list, visitor)

    def upload(self, upload: Upload, visitor: Visitor) -> EntryAnswer:
        drawn = Drawn(image=upload.image, digits_only=upload.digits_only)
        return self._keep(upload.id or uuid4(), drawn, "upload", upload.list, visitor)

    def explain(self, explain: Explain, visitor: Visitor) -> ExplanationAnswer:
        require_size(explain.image, self._max_bytes)
        reader = self._readers.of(visitor.viewer)
        read = pool_for(explain.image, reader, self._pools)
        explanation = read(reader.explain, explain, explain.position)
        return ExplanationAnswer(explanation=explanation)

    def _keep(
        self,
        id: UUID,
        drawn: Drawn,
        input_type: InputType,
        list_name: str | None,
        visitor: Visitor,
    ) -> EntryAnswer:
        require_size(drawn.image, self._max_bytes)
        reader = self._readers.of(visitor.viewer)
        with READING_SECONDS.labels("picture").time():
            read = pool_for(drawn.image, reader, self._pools)
            draft = read(_draft, reader, id, drawn, input_type, list_name)
        return EntryAnswer(entry=self._history.save(draft, visitor).entry)


def pool_for(image: bytes | None, reader: Reader, pools: Pools) -> Pool:
    """Return the pool that reads a picture: large ones must not hold up small ones."""
    is_small = image is None or pools.pictures(reader.is_small, image)
    return pools.pictures if is_small else pools.large_pictures


def _draft(
    reader: Reader, id: UUID, drawn: Drawn, input_type: InputType, list_name: str | None
) -> Draft:
    picture = reader.decode(drawn.image)
    reading = reader.read_picture(picture, drawn.strokes, drawn.digits_only)
    if not reading.text:
        raise NoInk("Nothing is written on this picture.")
    return Draft(
        id=id,
        input_type=input_type,
        reading=reading,
        picture=encode_preview(picture),
        sha256=hashlib.sha256(drawn.image).hexdigest(),
        replaces=input_type == "canvas",
        list=list_name,
        strokes=drawn.strokes,
        digits_only=drawn.digits_only,
    )


def require_size(image: bytes | None, max_bytes: int) -> None:
    """Raise ImageTooLarge for a file of more than `max_bytes`."""
    if image is not None and len(image) > max_bytes:
        raise ImageTooLarge(
            f"The picture has {len(image):,} bytes. Send one of at most {max_bytes:,} bytes."
        )
