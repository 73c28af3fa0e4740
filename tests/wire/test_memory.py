"""Memory of the serving process."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import psutil
import pytest

from tests.conftest import ServerProcess
from tests.pictures import draw, encode, png
from tests.wire.conftest import Client

pytestmark = [pytest.mark.alone, pytest.mark.every_mode]

FRAMES = 1_000
LIMIT_BYTES = 200_000_000
PHOTO_PX, PHOTOS_AT_ONCE, ROUNDS = 3_400, 4, 8
LIMIT_WITH_PHOTOS_BYTES = 300_000_000


def test_memory_after_1000_frames_is_under_200_mb(server: ServerProcess, client: Client) -> None:
    drawing, image = str(uuid4()), png("7")
    for seq in range(FRAMES):
        client.tell("frame", {"drawing": drawing, "seq": seq, "image": image})
        client.wait_for("prediction")
    memory = memory_bytes(server)
    print(f"{memory / 1e6:.0f} MB after {FRAMES} frames ({server.settings['async_mode']})")
    assert memory < LIMIT_BYTES


def test_memory_of_large_photos_is_returned(
    server: ServerProcess, connect: Callable[..., Client]
) -> None:
    photo = encode(draw("4872").resize((PHOTO_PX, PHOTO_PX)).convert("RGB"), "JPEG")
    clients = [connect() for _ in range(PHOTOS_AT_ONCE)]
    with ThreadPoolExecutor(PHOTOS_AT_ONCE) as pool:
        for _ in range(ROUNDS):
            answers = pool.map(lambda client: client.ask("upload", {"image": photo}), clients)
            assert all(answer["ok"] for answer in answers)
    memory = memory_bytes(server)
    count = PHOTOS_AT_ONCE * ROUNDS
    print(f"{memory / 1e6:.0f} MB after {count} photos ({server.settings['async_mode']})")
    assert memory < LIMIT_WITH_PHOTOS_BYTES


def memory_bytes(server: ServerProcess) -> int:
    assert server.process is not None
    return int(psutil.Process(server.process.pid).memory_info().rss)
