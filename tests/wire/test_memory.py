"""The serving process stays small."""

from __future__ import annotations

from uuid import uuid4

import psutil

from tests.conftest import ServerProcess
from tests.pictures import png
from tests.wire.conftest import Client

FRAMES = 1_000
LIMIT_BYTES = 200_000_000


def test_memory_when_1000_frames_are_read_then_under_200_mb(
    server: ServerProcess, client: Client
) -> None:
    drawing, image = str(uuid4()), png("7")
    for seq in range(FRAMES):
        client.tell("frame", {"drawing": drawing, "seq": seq, "image": image})
        client.wait_for("prediction")
    assert server.process is not None
    memory = psutil.Process(server.process.pid).memory_info().rss
    print(f"{memory / 1e6:.0f} MB after {FRAMES} frames ({server.settings['async_mode']})")
    assert memory < LIMIT_BYTES
