"""Whatever bytes are sent, there is a picture of bounded size, or a refusal, in bounded time."""

from __future__ import annotations

import pytest

from tests.fuzzing.bombs import make_bomb
from tests.fuzzing.campaign import run
from tests.fuzzing.worker import Worker

pytestmark = pytest.mark.alone

SEED, INPUTS = 1, 2_000
MAX_MS = 2_000  # twice what scripts/fuzz.py allows: the tests run on slower machines too


def test_damaged_pictures_when_uploaded_then_read_or_refused_within_bounds() -> None:
    assert run(SEED, range(INPUTS), MAX_MS).failures == []


def test_photo_when_its_exif_is_damaged_then_read_without_a_warning() -> None:
    worker = Worker(MAX_MS)
    assert worker.take(make_bomb("JPEG of endless tags")).result == "read"
    worker.close()
