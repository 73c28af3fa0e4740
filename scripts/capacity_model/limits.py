"""Limits of each resource: how many people of a mix it carries, the first that is full first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import inf

from scripts.capacity_model.costs import Costs
from scripts.capacity_model.mix import MANY, Mix
from scripts.capacity_model.plan import (
    MAX_LISTENING,
    MAX_PAGES,
    UTILIZATION,
    database_cores,
    listening,
    loop_cores,
    photo_cores,
    processes_of,
    proxy_cores,
    writer,
)

PROXY_CONNECTIONS = 768  # Debian's worker_connections; a page takes two
DATABASE_CONNECTIONS = 100  # PostgreSQL's max_connections
CONNECTIONS_PER_PROCESS = 9  # server/database/postgresql.py: pool_size
LINK_BITS = 1e9  # a second, of a machine


@dataclass(frozen=True)
class Limit:
    """A resource: which share of it a mix uses, and what to change where it is full."""

    name: str
    use: Callable[[Mix, Costs], float]
    cure: str


def _loop(mix: Mix, costs: Costs) -> float:
    return loop_cores(mix, costs, costs.save_sqlite_ms) / UTILIZATION


def _pages(mix: Mix, _costs: Costs) -> float:
    return mix.pages / MAX_PAGES


def _proxy(mix: Mix, _costs: Costs) -> float:
    return 2 * mix.pages / PROXY_CONNECTIONS


def _machine(mix: Mix, costs: Costs) -> float:
    processes = processes_of(mix, costs)
    others = proxy_cores(mix, costs) + photo_cores(mix, costs)
    used = others + database_cores(mix, costs, processes)
    return (processes + used / UTILIZATION) / mix.cores


def _connections(mix: Mix, costs: Costs) -> float:
    return processes_of(mix, costs) * CONNECTIONS_PER_PROCESS / DATABASE_CONNECTIONS


def _listening(mix: Mix, costs: Costs) -> float:
    return listening(mix, costs) / MAX_LISTENING


def _writer(mix: Mix, costs: Costs) -> float:
    return writer(mix, costs) / UTILIZATION


def _database(mix: Mix, costs: Costs) -> float:
    cores = database_cores(mix, costs, processes_of(mix, costs))
    return cores / (UTILIZATION * mix.cores)


def _proxy_cores(mix: Mix, costs: Costs) -> float:
    return proxy_cores(mix, costs) / (UTILIZATION * mix.cores)


def _network(mix: Mix, costs: Costs) -> float:
    frames = mix.frames_a_second * costs.frame_down_bytes
    events = (mix.events_a_second + mix.saves_a_second) * costs.event_bytes
    return (frames + events) * 8 / (UTILIZATION * LINK_BITS)


LIMITS = (
    Limit("the event loop of one process", _loop, "PostgreSQL and `DIGITS_PROCESSES=auto`."),
    Limit("the open files of one process", _pages, "PostgreSQL and more processes."),
    Limit(
        f"nginx's connections ({PROXY_CONNECTIONS} by default, two a page)",
        _proxy,
        "Raise `worker_connections` and the limit of open files.",
    ),
    Limit(
        "the cores of one machine",
        _machine,
        "PostgreSQL on a machine of its own, then more machines with processes.",
    ),
    Limit(
        f"PostgreSQL's connections ({DATABASE_CONNECTIONS} by default, "
        f"{CONNECTIONS_PER_PROCESS} a process)",
        _connections,
        "Raise `max_connections`.",
    ),
    Limit(
        "hearing: every process reads every save from PostgreSQL",
        _listening,
        "In the code: read only the histories that somebody of "
        "this process watches; or one process of a machine reads for all.",
    ),
    Limit(
        "the one writer of PostgreSQL",
        _writer,
        "In the code: a lock for each history, or several saves in one commit; until then, "
        "several installations.",
    ),
    Limit("PostgreSQL's cores", _database, "A larger machine; as for hearing."),
    Limit("nginx's cores", _proxy_cores, "Several proxies behind one name or one address."),
    Limit("the network of one proxy (1 Gbit/s)", _network, "Several proxies, or a faster link."),
)


def most_people(limit: Limit, mix: Mix, costs: Costs) -> float:
    """Return how many people a resource carries; infinity where people do not use it."""

    def fits(people: int) -> bool:
        return limit.use(replace(mix, people=people), costs) <= 1

    least, most = 0, int(MANY)
    if fits(most):
        return inf
    while most - least > 1:
        middle = (least + most) // 2
        least, most = (middle, most) if fits(middle) else (least, middle)
    return least


def ranked(mix: Mix, costs: Costs) -> list[tuple[float, Limit]]:
    """Return how many people of a mix each resource carries, those that are full first in front."""
    room = [(most_people(limit, mix, costs), limit) for limit in LIMITS]
    return sorted(room, key=lambda each: each[0])
