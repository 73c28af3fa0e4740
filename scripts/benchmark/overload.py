"""More frames than a server can read, and saves: .venv/bin/python -m scripts.benchmark.overload

Measures how many frames a second 64 clients get read, and sends three times as many for a while.
Meanwhile somebody saves a number every fifth of a second. Exits with status 1 if a save fails or
takes a second, or if reading is not back to what it was five seconds later.
"""

from __future__ import annotations

import argparse
import sys
import threading
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

from scripts.benchmark.browser import record_frames
from scripts.benchmark.load import put_load
from scripts.benchmark.servers import Server, run_live_digits
from tests.pictures import png
from tests.wire.conftest import Client

CONNECTIONS, TIMES = 64, 3
CALM_FRAMES_PER_S = 1.0  # of each connection
CALM_S, REST_S, SAVE_EVERY_S = 5, 5, 0.2
MAX_SAVE_MS, MAX_RATIO = 1_000, 2.0


def main() -> None:
    parser = argparse.ArgumentParser("scripts.benchmark.overload", description=__doc__)
    parser.add_argument("--seconds", type=float, default=120)
    arguments = parser.parse_args()
    with TemporaryDirectory() as folder, run_live_digits() as server:
        frames = Path(folder) / "frames.json"
        record_frames(server.url, frames)
        sys.exit(measure(server, frames, arguments.seconds))


def measure(server: Server, frames: Path, seconds: float) -> int:
    """Print the figures; return the exit status."""
    most_per_s = put_load(server, frames, CONNECTIONS, CALM_S).frames_per_second
    before = put_load(server, frames, CONNECTIONS, CALM_S, CALM_FRAMES_PER_S)
    pace = TIMES * most_per_s / CONNECTIONS
    with Saver(server.url) as saver:
        load = put_load(server, frames, CONNECTIONS, seconds, pace)
    time.sleep(REST_S)
    after = put_load(server, frames, CONNECTIONS, CALM_S, CALM_FRAMES_PER_S)
    print(f"{most_per_s:.0f} frames a second can be read; {TIMES * most_per_s:.0f} were sent")
    print(f"{load.frames_per_second:.0f} a second were answered, p99 {load.p99_ms:.0f} ms")
    print(f"{len(saver.times_ms)} saves, {saver.failures} failed")
    print(f"a save took {max(saver.times_ms):.0f} ms at most")
    print(f"p99 of a calm load: {before.p99_ms:.0f} ms before, {after.p99_ms:.0f} ms after")
    slow = max(saver.times_ms) > MAX_SAVE_MS or after.p99_ms > MAX_RATIO * before.p99_ms
    return int(slow or saver.failures > 0)


class Saver:
    """Somebody who saves a number again and again, in a thread of its own."""

    def __init__(self, url: str) -> None:
        self.times_ms: list[float] = []
        self.failures = 0
        self._client = Client(url)
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._save)

    def __enter__(self) -> Saver:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()
        self._client.close()

    def _save(self) -> None:
        while not self._ended.wait(SAVE_EVERY_S):
            started_s = time.monotonic()
            answer = self._client.ask("save", {"drawing": str(uuid4()), "image": png("407")})
            self.times_ms.append((time.monotonic() - started_s) * 1000)
            self.failures += not answer["ok"]


if __name__ == "__main__":
    main()
