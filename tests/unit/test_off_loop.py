"""Pools of calls off the loop."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from server.errors import Unavailable
from server.runtime import off_loop as module
from server.runtime.loops import load
from server.runtime.loops.threading import call_here
from server.runtime.off_loop import Pool
from tests.conftest import wait_until


class Work:
    """Calls that last until they are let go, counted."""

    def __init__(self) -> None:
        self.running, self.most = 0, 0
        self.may_end = threading.Event()
        self._counting = threading.Lock()

    def __call__(self) -> None:
        with self._counting:
            self.running += 1
            self.most = max(self.most, self.running)
        self.may_end.wait(5)
        with self._counting:
            self.running -= 1


def test_threading_calls_in_the_same_thread() -> None:
    assert load("threading").native_calls()(threading.get_ident) == threading.get_ident()


@pytest.mark.parametrize("size", [1, 3])
def test_pool_makes_so_many_calls_at_once(size: int) -> None:
    pool, work = Pool(call_here, "test", size), Work()
    with ThreadPoolExecutor(8) as threads:
        done = [threads.submit(pool, work) for _ in range(20)]
        wait_until(lambda: work.running == size)
        work.may_end.set()
        for each in done:
            each.result()
    assert work.most == size


def test_call_with_too_many_before_it_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_WAITING", 2)
    pool, work = Pool(call_here, "test"), Work()
    with ThreadPoolExecutor(8) as threads:
        done = [threads.submit(pool, work) for _ in range(8)]
        wait_until(lambda: sum(each.done() for each in done) == 5)
        work.may_end.set()
        refused = [each for each in done if isinstance(each.exception(), Unavailable)]
    assert len(refused) == 5
    assert pool(int, "7") == 7


def test_call_that_waits_too_long_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_WAIT_S", 0.05)
    pool, work = Pool(call_here, "test"), Work()
    with ThreadPoolExecutor(1) as threads:
        done = threads.submit(pool, work)
        wait_until(lambda: work.running == 1)
        with pytest.raises(Unavailable, match="busy right now"):
            pool(work)
        work.may_end.set()
        done.result()
    assert pool(int, "7") == 7
