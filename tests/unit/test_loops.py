"""The modules of the async modes."""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import Any

import pytest

from server.runtime import loops
from server.runtime.loops import Loop, load
from server.settings import load_settings
from tests.conftest import ASYNC_MODES

FUNCTIONS = inspect.getmembers(Loop, inspect.isfunction)


def test_every_module_is_a_mode_of_the_settings() -> None:
    modules = {path.stem for path in Path(str(loops.__file__)).parent.glob("[a-z]*.py")}
    assert modules == set(ASYNC_MODES)
    for mode in modules:
        assert load_settings({"DIGITS_ASYNC_MODE": mode}).async_mode == mode


@pytest.mark.parametrize("mode", ASYNC_MODES)
@pytest.mark.parametrize(
    ("name", "expected"), [each for each in FUNCTIONS if not each[0].startswith("_")]
)
def test_module_has_the_functions_of_a_loop(mode: str, name: str, expected: Any) -> None:
    _, *parameters = inspect.signature(expected).parameters
    assert [*inspect.signature(getattr(load(mode), name)).parameters] == parameters
