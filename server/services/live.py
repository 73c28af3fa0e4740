"""Live frames: read while the pen moves, in batches, the newest of each client."""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Sequence
from functools import partial
from typing import Any

from server.accounts.visitor import Visitor
from server.contract import Frame, Prediction, Reading
from server.error_boundary import attempt, problem
from server.errors import DigitsError
from server.monitoring.metrics import FRAME_BATCH, FRAMES, FRAMES_WAITING, READING_SECONDS
from server.recognition.reader import Reader, Unfinished
from server.runtime.off_loop import MakeCall
from server.services.frame_queue import FrameQueue
from server.services.predictions import require_size
from server.services.publisher import Publisher
from server.services.readers import Readers

BATCH = 32  # read together, frames cost a third less than one by one
FINISHERS = 2  # expensive frames under way at once, while the cheap ones are read
MAX_LABEL_LENGTH = 64  # of what a refused frame gets back
READ, OVERTAKEN, REFUSED = (FRAMES.labels(each) for each in ("read", "overtaken", "refused"))
READING = READING_SECONDS.labels("frames")


class LiveService:
    """Reads frames between `start` and `stop`; the answer is the event `prediction`."""

    def __init__(
        self, readers: Readers, off_loop: MakeCall, publisher: Publisher, max_bytes: int
    ) -> None:
        self._readers = readers
        self._off_loop = off_loop
        self._publisher = publisher
        self._max_bytes = max_bytes
        self._frames: FrameQueue[tuple[Frame, Reader]] = FrameQueue()
        self._unfinished: FrameQueue[tuple[Frame, Unfinished]] = FrameQueue()
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        for loop in (self._read_frames, *[self._finish_frames] * FINISHERS):
            thread = threading.Thread(target=loop, daemon=True)
            thread.start()
            self._threads.append(thread)

    def stop(self) -> None:
        """End the threads; frames that still wait are not answered."""
        self._frames.close()
        self._unfinished.close()
        for thread in self._threads:
            thread.join()

    def frame(self, frame: Frame, visitor: Visitor) -> None:
        """Queue a frame. Raises ImageTooLarge."""
        require_size(frame.image, self._max_bytes)
        reader = self._readers.of(visitor.viewer)
        if self._frames.put(str(visitor.client), (frame, reader)):
            OVERTAKEN.inc()

    def refuse(self, client: str, payload: Any, error: DigitsError) -> None:
        """Answer a frame that was refused, with as much of its labels as it had."""
        labels = payload if isinstance(payload, dict) else {}
        drawing, seq = (_echo(labels.get(name)) for name in ("drawing", "seq"))
        self._publisher.prediction(client, Prediction(drawing, seq, error=problem(error)))
        REFUSED.inc()

    def forget(self, client: str) -> None:
        """Drop the frames of a client that has left."""
        self._frames.drop(client)
        self._unfinished.drop(client)

    def _read_frames(self) -> None:
        while waiting := self._frames.take(BATCH):
            FRAME_BATCH.observe(len(waiting))
            FRAMES_WAITING.set(len(self._frames))
            for reader, frames in _by_reader(waiting).items():
                self._read_batch(reader, frames)
            time.sleep(0)  # lets other green threads run: answers go out, messages come in

    def _read_batch(self, reader: Reader, frames: Sequence[tuple[str, Frame]]) -> None:
        with READING.time():
            readings = attempt(reader.read_batch, [frame for _, frame in frames])
        if isinstance(readings, DigitsError):
            readings = [readings] * len(frames)
        for (client, frame), reading in zip(frames, readings, strict=True):
            if isinstance(reading, Unfinished):
                self._unfinished.put(client, (frame, reading))
            else:
                self._answer(client, frame, reading)

    def _finish_frames(self) -> None:
        while waiting := self._unfinished.take(1):
            [(client, (frame, unfinished))] = waiting
            self._answer(client, frame, attempt(self._off_loop, unfinished.finish))
            self._unfinished.finish(client)

    def _answer(self, client: str, frame: Frame, result: Reading | DigitsError) -> None:
        labels = partial(Prediction, str(frame.drawing), frame.seq)
        if isinstance(result, DigitsError):
            prediction = labels(error=problem(result))
            REFUSED.inc()
        else:
            prediction = labels(reading=result)
            READ.inc()
        attempt(self._publisher.prediction, client, prediction)
        self._frames.finish(client)


def _by_reader(
    waiting: Sequence[tuple[str, tuple[Frame, Reader]]],
) -> dict[Reader, list[tuple[str, Frame]]]:
    """Return the frames that each reader is to read, with their clients."""
    batches: dict[Reader, list[tuple[str, Frame]]] = defaultdict(list)
    for client, (frame, reader) in waiting:
        batches[reader].append((client, frame))
    return batches


def _echo(value: Any) -> str | int | None:
    """Return a label as the client gave it, if it is short enough to send back."""
    if isinstance(value, str | int) and len(str(value)) <= MAX_LABEL_LENGTH:
        return value
    return None
