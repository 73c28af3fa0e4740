"""The actions of people at once, and the machines that serve them."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from math import isfinite
from typing import Any

SHARE = 1.0
MANY = 1e9


def amount(default: float, meaning: str, most: float = MANY, least: float = 0) -> Any:
    """Declare a number of a mix: its default, what it means, and its bounds."""
    return field(default=default, metadata={"meaning": meaning, "most": most, "least": least})


@dataclass(frozen=True)
class Mix:
    """People who draw at once. Raises ValueError for a number out of its bounds."""

    people: int = amount(1_000, "people drawing at once", least=1)
    pen_down: float = amount(0.3, "share of the time with the pen down", SHARE)
    frames_per_s: float = amount(20, "frames a second while it is down", 1_000)
    saves_per_minute: float = amount(4, "saves a minute of one person", 1_000)
    guests: float = amount(0.2, "share of the people who save into the public history", SHARE)
    watchers: int = amount(100, "open pages that watch the public history")
    photos_per_hour: float = amount(1, "photos an hour of one person", 1_000)
    cores: int = amount(8, "cores of a machine", 1_024, least=1)

    def __post_init__(self) -> None:
        for each in fields(self):
            value, bounds = getattr(self, each.name), each.metadata
            least, most = bounds["least"], bounds["most"]
            if not isfinite(value) or not least <= value <= most:
                raise ValueError(
                    f"{option(each.name)} is {value:g}. Give a number from {least:g} to {most:g}: "
                    f"{bounds['meaning']}."
                )

    @property
    def pages(self) -> int:
        return self.people + self.watchers

    @property
    def frames_a_second(self) -> float:
        return self.people * self.pen_down * self.frames_per_s

    @property
    def saves_a_second(self) -> float:
        return self.people * self.saves_per_minute / 60

    @property
    def photos_a_second(self) -> float:
        return self.people * self.photos_per_hour / 3600

    @property
    def events_a_second(self) -> float:
        """Whoever draws sees their own saves too, in the list beside the paper."""
        return (self.saves_a_second + self.photos_a_second) * (1 + self.guests * self.watchers)


def option(name: str) -> str:
    """Return the command's option for a number of a mix."""
    return f"--{name.replace('_', '-')}"
