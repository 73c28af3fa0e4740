"""The tables, in Markdown."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import fields
from pathlib import Path

from scripts.capacity_model.costs import MEASURED, Costs
from scripts.capacity_model.limits import ranked
from scripts.capacity_model.mix import Mix, option
from scripts.capacity_model.plan import UTILIZATION, Plan, make_plan

ROWS: list[tuple[str, Callable[[Plan], str]]] = [
    ("frames a second", lambda plan: f"{plan.mix.frames_a_second:,.0f}"),
    ("saves a second", lambda plan: f"{plan.mix.saves_a_second:,.1f}"),
    ("events a second, on all pages", lambda plan: f"{plan.events_per_s:,.0f}"),
    ("cores in use: event loops", lambda plan: f"{plan.loop_cores:,.1f}"),
    ("cores in use: photos", lambda plan: f"{plan.photo_cores:,.1f}"),
    ("cores in use: nginx", lambda plan: f"{plan.proxy_cores:,.1f}"),
    ("cores in use: database", lambda plan: f"{plan.database_cores:,.1f}"),
    ("processes", lambda plan: f"{plan.processes:,}"),
    ("database", lambda plan: f"{plan.databases:,} × {plan.database}"),
    ("machines", lambda plan: f"{plan.machines:,}"),
    ("memory of the processes, GB", lambda plan: f"{plan.memory_bytes / 1e9:,.1f}"),
    ("network up, Mbit/s", lambda plan: f"{plan.up_bytes * 8 / 1e6:,.1f}"),
    ("network down, Mbit/s", lambda plan: f"{plan.down_bytes * 8 / 1e6:,.1f}"),
    ("rows a day", lambda plan: f"{plan.rows_per_day:,.0f}"),
    ("growth of the database a day, GB", lambda plan: f"{plan.bytes_per_day / 1e9:,.1f}"),
    ("somebody writes, share of the time", lambda plan: f"{plan.writer:.0%}"),
    ("a process hears of others, share of its core", lambda plan: f"{plan.listening:.0%}"),
    ("a frame in the server, p99, ms", lambda plan: f"{plan.p99_ms:.0f}"),
    ("fills up next", lambda plan: next_bottleneck(plan.mix)),
]


def render_mix(mix: Mix) -> str:
    """Return the mix in one sentence."""
    values = [
        f"`{option(each.name)} {getattr(mix, each.name):g}`"
        for each in fields(mix)
        if each.name != "people"
    ]
    return f"Mix: {', '.join(values)}; cores are used to at most {UTILIZATION:.0%}."


def render_plans(mixes: Sequence[Mix], costs: Costs = MEASURED) -> str:
    plans = [make_plan(mix, costs) for mix in mixes]
    head = ["people drawing at once", *(f"{mix.people:,}" for mix in mixes)]
    rows = [[name, *(cell(plan) for plan in plans)] for name, cell in ROWS]
    return render_table([head, *rows])


def render_limits(mix: Mix, costs: Costs = MEASURED) -> str:
    """Return what saturates, first things first, and what to change there."""
    rows = [[f"{people:,.0f}", each.name, each.cure] for people, each in ranked(mix, costs)]
    return render_table([["people", "full", "change"], *rows])


def render_costs(costs: Costs = MEASURED) -> str:
    rows = [
        [
            each.metadata["meaning"],
            f"{getattr(costs, each.name):,.{each.metadata['digits']}f}",
            f"`--measure {each.metadata['part']}`",
        ]
        for each in fields(costs)
    ]
    return render_table([["cost", "measured", "by"], *rows])


def next_bottleneck(mix: Mix, costs: Costs = MEASURED) -> str:
    """Return the first resource that is full if more people come."""
    names = [limit.name for people, limit in ranked(mix, costs) if people >= mix.people]
    return names[0] if names else "nothing: all of it has been multiplied"


def render_table(rows: Sequence[Sequence[str]]) -> str:
    head, *others = (f"| {' | '.join(row)} |" for row in rows)
    return "\n".join([head, "|---" * len(rows[0]) + "|", *others])


def render_page() -> dict[str, str]:
    """Return the marked parts of the page by their marks."""
    sizes = (1_000, 10_000, 1_000_000)
    mixes = [Mix(people=people) for people in sizes]
    return {
        "plans": f"{render_mix(mixes[0])}\n\n{render_plans(mixes)}",
        "limits": render_limits(mixes[0]),
        "costs": render_costs(),
    }


def write_page(file: Path) -> None:
    """Replace the parts of a page between marks, such as <!-- plans --> and <!-- /plans -->."""
    page = file.read_text()
    for name, part in render_page().items():
        marked = f"(<!-- {name} -->\n).*?(\n<!-- /{name} -->)"
        page = re.sub(marked, lambda match: f"{match[1]}{part}{match[2]}", page, flags=re.DOTALL)  # noqa: B023
    file.write_text(page)
