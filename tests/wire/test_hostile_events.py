"""Every event with generated payloads: each gets a prompt answer and never `internal`."""

from __future__ import annotations

import time
from collections import Counter
from typing import Any

import pytest
from hypothesis import given

from server import errors
from server.services.operations import OPERATIONS
from tests.conftest import ServerProcess, wait_until
from tests.wire.conftest import Client
from tests.wire.strategies import arguments
from tests.wire.test_memory import memory_bytes

pytestmark = pytest.mark.alone

MAX_ANSWER_S = 1
MAX_GROWTH_BYTES = 40_000_000  # the first large pictures fill buffers that stay
CODES = {"ok"} | {error.code for error in errors.DigitsError.__subclasses__()} - {"internal"}


def events() -> dict[str, type]:
    """Return the payload type of every event that the server answers."""
    return {operation.name: operation.payload for operation in OPERATIONS if operation.event}


def send(client: Client, event: str, sent: tuple[Any, ...]) -> Any:
    """Send an event and return its acknowledgement, or the prediction of a frame."""
    client.events.clear()
    answers: list[Any] = []

    def acknowledge(*answer: Any) -> None:
        answers.extend(answer)

    def answered() -> bool:
        answers.extend(payload for name, payload in list(client.events) if name == "prediction")
        return bool(answers)

    client.socket.emit(event, sent, callback=acknowledge)
    wait_until(answered, explain=lambda: f"{event} {sent!r:.2000}")
    return answers[0]


def send_timed(client: Client, event: str, sent: tuple[Any, ...]) -> tuple[Any, float]:
    """Send an event, and once more if the answer is slow; return the answer and its seconds.

    A busy machine may delay one answer; a slow payload delays both.
    """
    for _ in range(2):
        start = time.perf_counter()
        answer = send(client, event, sent)
        seconds = time.perf_counter() - start
        if seconds <= MAX_ANSWER_S:
            break
    return answer, seconds


def answer_code(answer: Any, event: str) -> str:
    """Return "ok" or the error code, and check that the answer is well formed."""
    if "error" in answer:
        assert answer.get("ok") is (None if "seq" in answer else False)
        assert answer["error"]["message"].endswith((".", "!"))
        return str(answer["error"]["code"])
    assert "reading" in answer if event == "frame" else answer["ok"] is True
    return "ok"


@pytest.mark.parametrize(("event", "form"), events().items(), ids=events())
def test_event_answers_any_payload_and_the_server_goes_on(
    server: ServerProcess, client: Client, event: str, form: type
) -> None:
    counts: Counter[str] = Counter()
    slowest = 0.0

    @given(arguments(form))
    def check_answer(sent: tuple[Any, ...]) -> None:
        nonlocal slowest
        answer, seconds = send_timed(client, event, sent)
        counts[answer_code(answer, event)] += 1
        slowest = max(slowest, seconds)
        assert seconds <= MAX_ANSWER_S
        assert counts.keys() <= CODES
        assert client.connected

    before = memory_bytes(server)
    check_answer()
    assert client.ask("list_history", {})["ok"]
    after = memory_bytes(server)
    print(
        f"{event} ({server.settings['async_mode']}): {dict(counts)}, slowest answer "
        f"{slowest * 1e3:.0f} ms, memory {before / 1e6:.0f} to {after / 1e6:.0f} MB"
    )
    assert after < before + MAX_GROWTH_BYTES
    assert "Traceback" not in server.log()
