"""A record of what the clients of a soak were told, kept by all of their threads."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field


@dataclass
class Record:
    """Acknowledged changes, latencies, and what must not happen.

    `entries` are the texts of acknowledged entries by id; `unsure` are ids of changes without an
    answer, which may or may not have been made.
    """

    entries: dict[str, str] = field(default_factory=dict)
    deleted: set[str] = field(default_factory=set)
    unsure: set[str] = field(default_factory=set)
    frames: list[tuple[float, float]] = field(default_factory=list)
    saves: list[tuple[float, float]] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    events: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def keep(self, id: str, text: str, milliseconds: float) -> None:
        with self.lock:
            self.entries[id] = text
            self.saves.append((time.monotonic(), milliseconds))

    def change(self, id: str, text: str) -> None:
        with self.lock:
            self.entries[id] = text

    def delete(self, id: str) -> None:
        with self.lock:
            del self.entries[id]
            self.deleted.add(id)

    def doubt(self, id: str) -> None:
        """Note that a change of an entry was sent and not answered."""
        with self.lock:
            self.unsure.add(id)
            self.entries.pop(id, None)

    def compare(self, stored: dict[str, str]) -> list[str]:
        """Return how stored entries, texts by id, differ from what was acknowledged."""
        found = [f"{id} is lost" for id in self.entries.keys() - stored.keys()]
        found += [f"{id} is back" for id in self.deleted & stored.keys()]
        found += [
            f"{id} is {stored[id]!r}, not {text!r}"
            for id, text in self.entries.items()
            if stored.get(id, text) != text
        ]
        return found + self.problems


def percentile(values: list[float], share: float) -> float:
    """Return the value below which so great a share of the values lie; 0 if there are none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0.0
