"""The needs of a mix, reckoned from the unit costs.

Frames, saves and events take the event loop of a process: one core. Photos are read in threads
beside it. A process is planned with UTILIZATION of its core, since the latency grows without bound
towards the whole. One process has its history in SQLite; several share a PostgreSQL, where one
transaction writes at a time and every process hears of every save. What is beyond one PostgreSQL
takes several installations, each with a part of the people and of the public history.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from math import ceil

from scripts.capacity_model.costs import MEASURED, Costs
from scripts.capacity_model.mix import Mix
from scripts.capacity_model.queueing import mm1_ms

UTILIZATION = 0.6  # of a core, at most
MAX_LISTENING = UTILIZATION / 2  # of a process' core, for what the others save
MAX_PAGES = 9_900  # of a process: its open files without those for itself
SECONDS_PER_DAY = 86_400


@dataclass(frozen=True)
class Plan:
    """The needs of a mix; those of all machines together where nothing else is said."""

    mix: Mix
    database: str
    databases: int
    processes: int
    events_per_s: float
    loop_cores: float  # in use, of all processes together
    photo_cores: float
    database_cores: float
    proxy_cores: float
    machines: int
    memory_bytes: float  # of the processes
    up_bytes: float  # a second
    down_bytes: float  # a second
    rows_per_day: float
    bytes_per_day: float
    writer: float  # share of the time in which somebody writes, of one database
    listening: float  # share of a process' core
    p99_ms: float  # of a frame, without the network


def frame_ms(costs: Costs, utilization: float) -> float:
    """Return the CPU time of a frame: the busier a process, the larger the batches."""
    return costs.frame_alone_ms + utilization * (costs.frame_busy_ms - costs.frame_alone_ms)


def make_plan(mix: Mix, costs: Costs = MEASURED) -> Plan:
    """Reckon with as few installations as can do it."""
    alone = loop_cores(mix, costs, costs.save_sqlite_ms)
    if alone <= UTILIZATION and mix.pages <= MAX_PAGES:
        return _fill(mix, costs, 1, 1, alone)
    databases = _least(partial(_is_enough, mix, costs))
    part = _part(mix, databases)
    processes = processes_of(part, costs)
    cores = _cores_of(part, costs, processes)
    return _fill(mix, costs, databases, databases * processes, databases * cores)


def loop_cores(mix: Mix, costs: Costs, save_ms: float) -> float:
    """Return the cores of frames, saves, events and idle pages."""
    return (
        mix.frames_a_second * frame_ms(costs, UTILIZATION)
        + mix.saves_a_second * save_ms
        + mix.events_a_second * costs.event_ms
        + mix.pages * costs.page_ms
    ) / 1000


def listening(mix: Mix, costs: Costs) -> float:
    """Return the share of a core that each further process on a database hears with."""
    return (mix.saves_a_second + mix.photos_a_second) * costs.listen_ms / 1000


def writer(mix: Mix, costs: Costs) -> float:
    """Return the share of the time in which somebody writes to one database."""
    return (mix.saves_a_second + mix.photos_a_second) * costs.writer_ms / 1000


def processes_of(mix: Mix, costs: Costs) -> int:
    """Return the processes on one database, each of which hears of what the others save."""
    heard = min(listening(mix, costs), MAX_LISTENING)
    cores = loop_cores(mix, costs, costs.save_postgresql_ms)
    for_pages = ceil(mix.pages / MAX_PAGES)
    return max(2, for_pages, ceil((cores - heard) / (UTILIZATION - heard)))


def database_cores(mix: Mix, costs: Costs, processes: int) -> float:
    """Return the cores of one PostgreSQL."""
    rows = mix.saves_a_second + mix.photos_a_second
    telling_ms = (processes - 1) * costs.listen_database_ms
    return rows * (costs.save_database_ms + telling_ms) / 1000


def proxy_cores(mix: Mix, costs: Costs) -> float:
    return mix.frames_a_second * costs.proxy_ms / 1000


def photo_cores(mix: Mix, costs: Costs) -> float:
    return mix.photos_a_second * costs.photo_ms / 1000


def machines_of(mix: Mix, costs: Costs, processes: int, databases: int, database: float) -> int:
    """Return one machine if it holds everything, else those of processes and of databases."""
    others = (proxy_cores(mix, costs) + photo_cores(mix, costs)) / UTILIZATION
    if processes + others + database / UTILIZATION <= mix.cores:
        return 1
    return ceil((processes + others) / mix.cores) + (databases if processes > 1 else 0)


def _is_enough(mix: Mix, costs: Costs, databases: int) -> bool:
    part = _part(mix, databases)
    cores = database_cores(part, costs, processes_of(part, costs))
    return (
        writer(part, costs) <= UTILIZATION
        and listening(part, costs) <= MAX_LISTENING
        and cores <= UTILIZATION * mix.cores
    )


def _least(is_enough: partial[bool]) -> int:
    """Return the least number that is enough, by bisection."""
    most = 1
    while not is_enough(most):
        most *= 2
    least = most // 2
    while most - least > 1:
        middle = (least + most) // 2
        least, most = (least, middle) if is_enough(middle) else (middle, most)
    return most


def _part(mix: Mix, databases: int) -> Mix:
    """Return the share of one of so many installations."""
    people, watchers = ceil(mix.people / databases), ceil(mix.watchers / databases)
    return replace(mix, people=people, watchers=watchers)


def _cores_of(mix: Mix, costs: Costs, processes: int) -> float:
    heard = (processes - 1) * listening(mix, costs)
    return loop_cores(mix, costs, costs.save_postgresql_ms) + heard


def _fill(mix: Mix, costs: Costs, databases: int, processes: int, cores: float) -> Plan:
    part, is_shared = _part(mix, databases), processes > 1
    row_bytes = costs.row_postgresql_bytes if is_shared else costs.row_sqlite_bytes
    of_database = database_cores(part, costs, processes // databases) if is_shared else 0
    saves, photos = mix.saves_a_second, mix.photos_a_second
    events, used = part.events_a_second * databases, cores / processes
    return Plan(
        mix=mix,
        database="PostgreSQL" if is_shared else "SQLite",
        databases=databases,
        processes=processes,
        events_per_s=events,
        loop_cores=cores,
        photo_cores=photo_cores(mix, costs),
        database_cores=of_database * databases,
        proxy_cores=proxy_cores(mix, costs),
        machines=machines_of(mix, costs, processes, databases, of_database * databases),
        memory_bytes=processes * costs.process_bytes + mix.pages * costs.page_bytes,
        up_bytes=mix.frames_a_second * costs.frame_up_bytes
        + saves * costs.save_up_bytes
        + photos * costs.photo_up_bytes,
        down_bytes=mix.frames_a_second * costs.frame_down_bytes
        + (events + saves) * costs.event_bytes,
        rows_per_day=(saves + photos) * SECONDS_PER_DAY,
        bytes_per_day=(saves * row_bytes + photos * costs.photo_row_bytes) * SECONDS_PER_DAY,
        writer=writer(part, costs) if is_shared else 0,
        listening=listening(part, costs) if is_shared else 0,
        p99_ms=mm1_ms(frame_ms(costs, used), used, 0.99),
    )
