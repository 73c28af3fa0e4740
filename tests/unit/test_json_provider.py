"""The JSON encoder and decoder of Flask and Socket.IO."""

from __future__ import annotations

import json
from uuid import UUID

import pytest
from flask import Flask

from server.contract import DeleteEntry
from server.json_provider import MsgspecJSONProvider

ID = "0b8e4a52-6c1f-4e0e-9d0a-3f1f6f2d7a11"


@pytest.fixture
def provider() -> MsgspecJSONProvider:
    return MsgspecJSONProvider(Flask(__name__))


def test_dumps_encodes_structs_as_standard_json(provider: MsgspecJSONProvider) -> None:
    message = ["history_removed", {"entry": DeleteEntry(UUID(ID)), "share": 0.5, "none": None}]
    text = provider.dumps(message, separators=(",", ":"))
    assert json.loads(text) == [
        "history_removed",
        {"entry": {"id": ID}, "share": 0.5, "none": None},
    ]
    assert provider.loads(text) == json.loads(text)


@pytest.mark.parametrize("text", ["", "{", "NaN", "[1,]", "\ud800", "[" * 100_000])
def test_loads_rejects_invalid_json(provider: MsgspecJSONProvider, text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - any ValueError will do
        provider.loads(text)
