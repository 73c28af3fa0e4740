"""The simulator of scripts/capacity.py: its arithmetic, and its tables on the page."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import fields, replace
from math import inf, log

import pytest

from scripts.capacity_model.__main__ import PAGE
from scripts.capacity_model.costs import MEASURED, PARTS, Costs
from scripts.capacity_model.limits import CONNECTIONS_PER_PROCESS, LIMITS, Limit, most_people
from scripts.capacity_model.measure import MEASUREMENTS
from scripts.capacity_model.mix import Mix
from scripts.capacity_model.plan import MAX_PAGES, frame_ms, make_plan
from scripts.capacity_model.queueing import closed_ms, mm1_ms
from scripts.capacity_model.report import render_page
from server.database.postgresql import ENGINE_OPTIONS
from server.runtime.process import MAX_OPEN_FILES
from tests.conftest import PROJECT

FREE = Costs(**{each.name: 0 for each in fields(Costs)})
# A frame takes 1 ms.
FRAMES = replace(FREE, frame_alone_ms=1, frame_busy_ms=1)
# Five frames a second of each person, and nothing else.
DRAWING = Mix(
    people=100, pen_down=0.5, frames_per_s=10, saves_per_minute=0, watchers=0, photos_per_hour=0
)
# One save a second of each person, and nothing else.
SAVING = replace(DRAWING, people=10, pen_down=0, saves_per_minute=60, guests=0.5, watchers=20)
NEEDS = (
    *("loop_cores", "photo_cores", "database_cores", "proxy_cores", "processes", "databases"),
    *("machines", "memory_bytes", "up_bytes", "down_bytes", "rows_per_day", "bytes_per_day"),
)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("people", 0),
        ("people", -1),
        ("pen_down", 1.1),
        ("pen_down", float("nan")),
        ("guests", -0.1),
        ("frames_per_s", inf),
        ("cores", 0),
        ("watchers", -1),
    ],
)
def test_mix_refuses_number_out_of_bounds(name: str, value: float) -> None:
    with pytest.raises(ValueError, match=rf"^--{name.replace('_', '-')} is .* Give a number from"):
        Mix(**{name: value})


def test_command_refuses_bad_input_in_a_sentence() -> None:
    command = [sys.executable, "scripts/capacity.py", "--pen-down", "2"]
    done = subprocess.run(command, cwd=PROJECT, check=False, capture_output=True, text=True)
    assert done.returncode == 2
    assert "--pen-down is 2. Give a number from 0 to 1" in done.stderr


@pytest.mark.parametrize("utilization", [-0.1, 1, 2])
def test_queue_refuses_impossible_utilization(utilization: float) -> None:
    with pytest.raises(ValueError, match="is not from 0 to less than 1"):
        mm1_ms(1, utilization, 0.5)


def test_latency_is_that_of_an_exponential_time() -> None:
    assert mm1_ms(2, 0.5, 0.99) == pytest.approx(4 * log(100))


def test_closed_latency_is_response_time_law() -> None:
    assert closed_ms(64, 1_000) == 64


def test_frame_costs_less_in_a_busy_process() -> None:
    assert frame_ms(replace(FREE, frame_alone_ms=2, frame_busy_ms=1), 0.5) == 1.5


def test_few_people_fit_in_one_process_with_sqlite() -> None:
    plan = make_plan(DRAWING, FRAMES)
    assert (plan.database, plan.processes, plan.machines) == ("SQLite", 1, 1)
    assert plan.loop_cores == pytest.approx(0.5)
    assert plan.p99_ms == pytest.approx(2 * log(100))


def test_many_people_take_processes_of_three_fifths_of_a_core() -> None:
    plan = make_plan(replace(DRAWING, people=1_000), FRAMES)  # 5 cores / 0.6 = 8.3
    assert (plan.database, plan.databases, plan.processes) == ("PostgreSQL", 1, 9)
    assert plan.machines == 3  # 9 processes on cores of two machines, and PostgreSQL


def test_processes_hear_of_each_others_saves() -> None:
    costs = replace(FREE, save_sqlite_ms=120, save_postgresql_ms=120, listen_ms=10)
    plan = make_plan(SAVING, costs)  # 1.2 cores of saves; each further process hears for 0.1
    assert plan.processes == 3  # (1.2 - 0.1) / (0.6 - 0.1) = 2.2
    assert plan.loop_cores == pytest.approx(1.4)


def test_people_who_save_too_much_for_one_writer_are_parted() -> None:
    costs = replace(FREE, save_sqlite_ms=100, save_postgresql_ms=100, writer_ms=100)
    plan = make_plan(SAVING, costs)  # one has 0.6 s of writing a second: six saves
    assert (plan.databases, plan.processes, plan.writer) == (2, 4, 0.5)


def test_save_is_told_to_its_own_page_and_to_watchers() -> None:
    assert SAVING.events_a_second == 10 * (1 + 0.5 * 20)


def test_rows_of_a_day_are_saves_and_photos() -> None:
    costs = replace(FREE, row_sqlite_bytes=100, photo_row_bytes=1_000)
    plan = make_plan(replace(SAVING, people=1, photos_per_hour=36), costs)
    assert plan.rows_per_day == 86_400 + 864
    assert plan.bytes_per_day == 86_400 * 100 + 864 * 1_000


def test_memory_is_that_of_processes_and_pages() -> None:
    plan = make_plan(DRAWING, replace(FRAMES, process_bytes=1_000, page_bytes=10))
    assert plan.memory_bytes == 1_000 + 100 * 10


def test_network_carries_frames_up_and_predictions_down() -> None:
    plan = make_plan(DRAWING, replace(FRAMES, frame_up_bytes=2, frame_down_bytes=3))
    assert (plan.up_bytes, plan.down_bytes) == (1_000, 1_500)


@pytest.mark.parametrize(
    "more",
    [
        *({"people": people} for people in (69, 1_200, 10_000, 1_000_000)),
        *({"pen_down": 0.9}, {"frames_per_s": 60}, {"saves_per_minute": 20}),
        *({"watchers": 5_000}, {"guests": 1.0}, {"photos_per_hour": 100}),
    ],
    ids=str,
)
def test_more_of_anything_never_needs_less(more: dict[str, float]) -> None:
    fewer, many = make_plan(Mix(people=60)), make_plan(Mix(**{"people": 60, **more}))
    assert [name for name in NEEDS if getattr(many, name) < getattr(fewer, name)] == []


def test_event_loop_carries_people_up_to_its_utilization() -> None:
    assert most_people(LIMITS[0], DRAWING, FRAMES) == 120  # of 5 ms a second each, in 600


def test_unused_resource_carries_any_number_of_people() -> None:
    assert most_people(LIMITS[0], SAVING, FREE) == inf


@pytest.mark.parametrize("limit", LIMITS, ids=lambda limit: limit.name)
def test_limit_is_the_last_number_that_fits(limit: Limit) -> None:
    people = int(most_people(limit, Mix(), MEASURED))
    uses = [limit.use(Mix(people=each), MEASURED) for each in (people, people + 1)]
    assert uses[0] <= 1 < uses[1]


def test_connections_are_those_of_the_pool() -> None:
    assert ENGINE_OPTIONS["pool_size"] == CONNECTIONS_PER_PROCESS


def test_pages_fit_into_the_open_files_of_a_process() -> None:
    assert MAX_OPEN_FILES - 200 < MAX_PAGES < MAX_OPEN_FILES
    idle = replace(DRAWING, people=10_000, pen_down=0)
    assert make_plan(idle, FREE).processes == 2


def test_every_cost_can_be_measured() -> None:
    assert set(MEASUREMENTS) == set(PARTS)


@pytest.mark.parametrize("name", render_page())
def test_page_shows_what_the_simulator_prints(name: str) -> None:
    _, _, rest = PAGE.read_text().partition(f"<!-- {name} -->\n")
    assert rest.partition(f"\n<!-- /{name} -->")[0] == render_page()[name]
