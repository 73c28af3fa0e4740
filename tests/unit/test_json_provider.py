"""Messages are JSON, whoever encodes them."""

from __future__ import annotations

import json
from uuid import UUID

import pytest
from flask import Flask

from server.contract import DeleteEntry
from server.json_provider import MsgspecJSONProvider

ID = "0b8e4a52-6c1f-4e0e-9d0a-3f1f6f2d7a11"


@pytest.fixture
def messages() -> MsgspecJSONProvider:
    return MsgspecJSONProvider(Flask(__name__))


def test_message_with_a_struct_when_encoded_then_any_program_reads_it(
    messages: MsgspecJSONProvider,
) -> None:
    message = ["history_removed", {"entry": DeleteEntry(UUID(ID)), "share": 0.5, "none": None}]
    text = messages.dumps(message, separators=(",", ":"))
    assert json.loads(text) == [
        "history_removed",
        {"entry": {"id": ID}, "share": 0.5, "none": None},
    ]
    assert messages.loads(text) == json.loads(text)


@pytest.mark.parametrize("text", ["", "{", "NaN", "[1,]", "\ud800", "[" * 100_000])
def test_text_when_no_json_then_refused(messages: MsgspecJSONProvider, text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - of any kind
        messages.loads(text)
