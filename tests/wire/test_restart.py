"""A restart under open pages. The long form: .venv/bin/python -m scripts.benchmark.restart"""

from __future__ import annotations

import pytest

from scripts.benchmark.restart import Restart, measure
from tests.conftest import ServerProcess

pytestmark = pytest.mark.alone

CLIENTS = 50
BACK_S = 3


@pytest.fixture(scope="module")
def restart(server: ServerProcess) -> Restart:
    return measure(server, CLIENTS)


def test_stop_is_clean(restart: Restart) -> None:
    assert restart.stop is not None
    assert restart.stop.status == 0
    assert restart.stop.stop_s < BACK_S


def test_all_clients_come_back_by_themselves(restart: Restart) -> None:
    assert len(restart.watching_s) == CLIENTS
    assert restart.watching_s[-1] < BACK_S


def test_clients_do_not_come_back_all_at_once(restart: Restart) -> None:
    assert restart.busiest_part < CLIENTS / 2


def test_no_save_is_lost(restart: Restart) -> None:
    assert restart.saved > 0
    assert restart.lost == 0


def test_those_who_draw_get_readings_again_soon(restart: Restart) -> None:
    assert 0 < restart.longest_s < 2 * BACK_S
