"""Socket.IO events: frames read while the pen moves, pictures saved, uploaded and explained."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import uuid4

from flask_socketio import SocketIO

from server.contract import Explain, Frame, Reading, Save, Upload, parse
from server.error_boundary import attempt, describe
from server.errors import DigitsError
from server.history.access import Viewer
from server.recognition.reader import Reader, Unfinished
from server.runtime.off_loop import MakeCall
from server.services.frame_queue import FrameQueue
from server.services.intake import Intake, Submission, refuse_too_long

BATCH = 32  # read together, frames cost a third less than one by one
FINISHERS = 2  # frames that take long, under way at once, while the others are read


class Live:
    """What a drawing client may ask for."""

    def __init__(
        self,
        socketio: SocketIO,
        reader: Reader,
        off_loop: MakeCall,
        intake: Intake,
        max_bytes: int,
    ) -> None:
        self._socketio = socketio
        self._reader = reader
        self._off_loop = off_loop
        self._intake = intake
        self._max_bytes = max_bytes
        self._frames: FrameQueue[Frame] = FrameQueue()
        self._unfinished: FrameQueue[tuple[Frame, Unfinished]] = FrameQueue()
        socketio.start_background_task(self._read_frames)
        for _ in range(FINISHERS):
            socketio.start_background_task(self._finish_frames)

    def frame(self, client: str, payload: Any) -> None:
        """Queue a frame to be read. Raises InvalidPayload and ImageTooLarge."""
        frame = parse(payload, Frame)
        refuse_too_long(frame.image, self._max_bytes)
        self._frames.put(client, frame)

    def refuse_frame(self, client: str, payload: Any, error: DigitsError) -> None:
        """Answer a frame that is not read, with as much of its name as it gave."""
        name = payload if isinstance(payload, dict) else {}
        labels = {key: _printable(name.get(key)) for key in ("drawing", "seq")}
        self._socketio.emit("prediction", labels | {"error": describe(error)}, to=client)

    def forget(self, client: str) -> None:
        self._frames.drop(client)
        self._unfinished.drop(client)

    def save(self, save: Save, viewer: Viewer) -> dict[str, Any]:
        submission = Submission(save.drawing, save.image, "canvas")
        return {"entry": self._intake.keep(submission, viewer, self._max_bytes)}

    def upload(self, upload: Upload, viewer: Viewer) -> dict[str, Any]:
        submission = Submission(upload.id or uuid4(), upload.image, "upload")
        return {"entry": self._intake.keep(submission, viewer, self._max_bytes)}

    def explain(self, explain: Explain, _viewer: Viewer) -> dict[str, Any]:
        refuse_too_long(explain.image, self._max_bytes)
        explanation = self._off_loop(self._reader.explain, explain.image, explain.position)
        return {"explanation": explanation}

    def _read_frames(self) -> None:
        while True:
            waiting = self._frames.take(BATCH)
            readings = attempt(self._reader.read_batch, [frame.image for _, frame in waiting])
            if isinstance(readings, DigitsError):
                readings = [readings] * len(waiting)
            for (client, frame), reading in zip(waiting, readings, strict=True):
                if isinstance(reading, Unfinished):
                    self._unfinished.put(client, (frame, reading))
                else:
                    self._answer(client, frame, reading)
            self._socketio.sleep(0)  # the answers go out, and others' messages come in

    def _finish_frames(self) -> None:
        while True:
            [(client, (frame, unfinished))] = self._unfinished.take(1)
            self._answer(client, frame, attempt(self._off_loop, unfinished.finish))
            self._unfinished.finish(client)

    def _answer(self, client: str, frame: Frame, reading: Reading | DigitsError) -> None:
        answer: dict[str, Any]
        if isinstance(reading, DigitsError):
            answer = {"error": describe(reading)}
        else:
            answer = {"reading": reading}
        labels = {"drawing": frame.drawing, "seq": frame.seq}
        attempt(partial(self._socketio.emit, "prediction", labels | answer, to=client))
        self._frames.finish(client)


def _printable(value: Any) -> str | int | None:
    """A name or number as the client gave it, if it is one that can be sent back."""
    return value if isinstance(value, str | int) and len(str(value)) <= 64 else None
