"""A worker process that treats files as `upload` does, so that its crashes can be observed."""

from __future__ import annotations

import multiprocessing
import re
import warnings
from dataclasses import dataclass
from io import BytesIO
from multiprocessing.connection import Connection
from pathlib import Path
from time import process_time

import numpy as np
from PIL import Image

from server.errors import ImageTooLarge, NoInk, UnreadableImage
from server.recognition.decoding.fast_webp import decode_fast_webp
from server.recognition.decoding.picture import (
    MAX_SIDE_PX,
    PREVIEW_SIDE_PX,
    ColorPicture,
    encode_preview,
)
from server.recognition.ink.ink_finder import InkFinder
from server.recognition.reader import MAX_FAST_PX, Reader
from server.recognition.reading.classifier import Classifier
from server.settings import INK_MODEL, load_settings

SETTINGS = load_settings({})
MAX_MB = 800  # Pillow holds the largest WebP four times: two canvases, a copy, the picture
MAX_ANSWER_S = 60


@dataclass(frozen=True)
class Outcome:
    """The result for a file: `read`, an error's code such as `no_ink`, or a failure in words."""

    result: str
    milliseconds: float = 0
    peak_mb: float = 0

    @property
    def failed(self) -> bool:
        return self.result not in ("read", NoInk.code, UnreadableImage.code, ImageTooLarge.code)


class Worker:
    """A process for one file after another, replaced after a crash or any other failure."""

    def __init__(self, max_ms: float) -> None:
        self._max_ms = max_ms
        self._process: multiprocessing.process.BaseProcess | None = None

    def take(self, image: bytes) -> Outcome:
        """Decode, read and preview a file. A crash of native code is an Outcome too."""
        if self._process is None:
            self._start()
        outcome = self._ask(image)
        if outcome.failed:
            self.close()
        return outcome

    def close(self) -> None:
        if self._process is not None:
            self._connection.close()
            self._process.kill()
            self._process.join()
            self._process = None

    def _start(self) -> None:
        context = multiprocessing.get_context("spawn")
        self._connection, theirs = context.Pipe()
        self._process = context.Process(target=work, args=(theirs, self._max_ms), daemon=True)
        self._process.start()
        theirs.close()

    def _ask(self, image: bytes) -> Outcome:
        assert self._process is not None
        try:
            self._connection.send_bytes(image)
            if not self._connection.poll(MAX_ANSWER_S):
                return Outcome(f"no answer within {MAX_ANSWER_S} s")
            outcome: Outcome = self._connection.recv()
        except (EOFError, BrokenPipeError, ConnectionResetError):
            self._process.join()
            return Outcome(f"the process ended with {self._process.exitcode}")
        return outcome


def work(connection: Connection, max_ms: float) -> None:
    """Answer files with Outcomes until the other end closes. Warnings count as errors."""
    warnings.simplefilter("error")
    reader = Reader(Classifier(SETTINGS.model), InkFinder(INK_MODEL), SETTINGS.max_pixels)
    while True:
        try:
            image = connection.recv_bytes()
        except EOFError:
            return
        connection.send(measure(reader, image, max_ms))


def measure(reader: Reader, image: bytes, max_ms: float) -> Outcome:
    """Try a file, again up to twice if it seemed slow, and check the limits."""
    result, milliseconds = _time(reader, image)
    for _ in range(2):
        if milliseconds > max_ms:
            milliseconds = min(milliseconds, _time(reader, image)[1])
    peak_mb = read_peak_mb()
    if milliseconds > max_ms:
        result = f"{result}, but in {milliseconds:.0f} ms"
    if peak_mb > MAX_MB:
        result = f"{result}, but with {peak_mb:.0f} MB"
    return Outcome(result, milliseconds, peak_mb)


def read_peak_mb() -> float:
    """Return the peak memory of this process (proc(5)).

    getrusage(2) would include that of its parent before exec.
    """
    [kilobytes] = re.findall(r"^VmHWM:\s+(\d+) kB$", Path("/proc/self/status").read_text(), re.M)
    return int(kilobytes) * 1024 / 1e6


def _time(reader: Reader, image: bytes) -> tuple[str, float]:
    """Return the result for a file and its CPU time in ms, which other processes do not affect."""
    started = process_time()
    result = _try(reader, image)
    return result, 1000 * (process_time() - started)


def _try(reader: Reader, image: bytes) -> str:
    try:
        decode_fast_webp(image, MAX_FAST_PX)
        picture = reader.decode(image)
        reading = reader.read_picture(picture)
        preview = encode_preview(picture)
    except (UnreadableImage, ImageTooLarge) as error:
        return error.code
    except BaseException as error:  # any other error is a failure
        return f"{type(error).__name__}: {error}"
    if not _is_bounded(picture, preview):
        return "picture or preview too large"
    return "read" if reading.text else NoInk.code


def _is_bounded(picture: ColorPicture, preview: bytes) -> bool:
    with Image.open(BytesIO(preview), formats=["WEBP"]) as shown:
        return (
            picture.gray.dtype == np.uint8
            and 0 < min(picture.gray.shape) <= max(picture.gray.shape) <= MAX_SIDE_PX
            and picture.upright.size == picture.gray.shape[::-1]
            and max(shown.size) <= PREVIEW_SIDE_PX
        )
