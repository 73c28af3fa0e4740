"""A run of many inputs and its summary."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from tests.fuzzing.cases import Case, make_case
from tests.fuzzing.worker import Outcome, Worker


@dataclass
class Summary:
    """Counts of inputs by kind and by result, the extremes, and the failures."""

    kinds: Counter[str] = field(default_factory=Counter)
    results: Counter[str] = field(default_factory=Counter)
    slowest: tuple[float, str, int] = (0, "", 0)  # milliseconds, kind, index
    peak_mb: float = 0
    failures: list[str] = field(default_factory=list)

    def add(self, seed: int, index: int, case: Case, outcome: Outcome) -> None:
        self.kinds[case.kind] += 1
        self.results["failed" if outcome.failed else outcome.result] += 1
        self.slowest = max(self.slowest, (outcome.milliseconds, case.kind, index))
        self.peak_mb = max(self.peak_mb, outcome.peak_mb)
        if outcome.failed:
            self.failures.append(f"({seed}, {index}), {case.kind}: {outcome.result}")

    def __str__(self) -> str:
        milliseconds, kind, index = self.slowest
        return "\n".join([
            f"{self.kinds.total()} inputs",
            *(f"  {count:6} {kind}" for kind, count in self.kinds.most_common()),
            "of which were",
            *(f"  {count:6} {result}" for result, count in self.results.most_common()),
            f"slowest: {milliseconds:.0f} ms ({kind}, index {index})",
            f"peak memory: {self.peak_mb:.0f} MB",
            f"failures: {len(self.failures)}",
            *self.failures,
        ])  # fmt: skip


def run(seed: int, indices: range, max_ms: float) -> Summary:
    """Try the inputs of these indices in a worker process."""
    summary, worker = Summary(), Worker(max_ms)
    try:
        for index in indices:
            case = make_case(seed, index)
            summary.add(seed, index, case, worker.take(case.image))
    finally:
        worker.close()
    return summary
