"""Calls that may take long: who makes one is told where, and knows nothing of threads."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol, TypeVar

Result = TypeVar("Result")


class MakeCall(Protocol):
    """Makes a call, and returns what it returns."""

    def __call__(self, call: Callable[..., Result], *arguments: Any) -> Result: ...


def call_here(call: Callable[..., Result], *arguments: Any) -> Result:
    return call(*arguments)
