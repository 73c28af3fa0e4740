"""A client of another version of the contract is told so; every other client is not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from server.contract import VERSION
from tests.wire.conftest import Client


@pytest.mark.parametrize("version", [VERSION - 1, VERSION + 1, "1", None])
def test_other_version_is_told_the_servers(connect: Callable[..., Client], version: Any) -> None:
    client = connect(auth={"contract": version})
    assert client.wait_for("outdated") == {"version": VERSION}
    assert client.ask("list_history", {})["ok"]


@pytest.mark.parametrize("auth", [None, {}, {"contract": VERSION}])
def test_current_or_unnamed_version_is_not_told(connect: Callable[..., Client], auth: Any) -> None:
    client = connect(auth=auth)
    assert client.ask("list_history", {})["ok"]
    assert client.events == []
