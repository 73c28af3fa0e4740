"""Any bytes become a picture of bounded size or an error, in bounded time."""

from __future__ import annotations

from tests.fuzzing.bombs import make_bomb
from tests.fuzzing.campaign import run
from tests.fuzzing.worker import Worker

SEED, INPUTS = 1, 2_000
MAX_MS = 2_000  # twice the limit of scripts/fuzz.py, since tests run on slower machines too


def test_damaged_pictures_stay_within_limits() -> None:
    assert run(SEED, range(INPUTS), MAX_MS).failures == []


def test_photo_with_damaged_exif_reads_without_warning() -> None:
    worker = Worker(MAX_MS)
    assert worker.take(make_bomb("JPEG of endless tags")).result == "read"
    worker.close()
