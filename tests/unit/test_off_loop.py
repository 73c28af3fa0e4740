"""Calls off the loop."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

from server.runtime.off_loop import Lane, call_here, choose_off_loop


def test_threading_calls_in_the_same_thread() -> None:
    assert choose_off_loop("threading")(threading.get_ident) == threading.get_ident()


def test_lane_makes_one_call_at_a_time() -> None:
    running, most = 0, []

    def call() -> None:
        nonlocal running
        running += 1
        most.append(running)
        running -= 1

    lane = Lane(call_here, "test")
    with ThreadPoolExecutor(8) as pool:
        for _ in range(200):
            pool.submit(lane, call)
    assert len(most) == 200
    assert set(most) == {1}
