"""Every event with payloads made up for it: each is answered, in time, with no fault of ours."""

from __future__ import annotations

import time
from collections import Counter
from typing import Any

import pytest
from hypothesis import given

from server import errors
from server.contract import Frame
from server.sockets.events import Events
from tests.conftest import ServerProcess, wait_until
from tests.wire.conftest import Client
from tests.wire.made_up import payloads
from tests.wire.test_memory import LIMIT_BYTES, memory_bytes

pytestmark = pytest.mark.alone

PROMPT_S = 1
CODES = {"ok"} | {error.code for error in errors.DigitsError.__subclasses__()} - {"internal"}


class Nobody:
    """In the place of those who handle events, when only the table of events is wanted."""

    def __getattr__(self, name: str) -> Any:
        return name


def events() -> dict[str, type]:
    """The form of the payload of every event that the server answers."""
    nobody: Any = Nobody()
    table = Events(nobody, nobody, nobody, nobody, nobody).requests()
    return {request.event: request.form for request in table} | {"frame": Frame}


def send(client: Client, event: str, payload: tuple[Any, ...]) -> Any:
    """Send an event and return its answer: an acknowledgement, or a frame's prediction."""
    client.events.clear()
    answers: list[Any] = []

    def read(*answer: Any) -> None:
        answers.extend(answer)

    def answered() -> bool:
        answers.extend(told for name, told in list(client.events) if name == "prediction")
        return bool(answers)

    client.socket.emit(event, payload, callback=read)
    wait_until(answered, explain=lambda: f"{event} {payload!r:.2000}")
    return answers[0]


def outcome(answer: Any, event: str) -> str:
    """What an answer says: "ok", or the code of a refusal in a sentence."""
    if "error" in answer:
        assert answer.get("ok") is (None if "seq" in answer else False)
        assert answer["error"]["message"].endswith((".", "!"))
        return str(answer["error"]["code"])
    assert "reading" in answer if event == "frame" else answer["ok"] is True
    return "ok"


@pytest.mark.parametrize(("event", "form"), events().items(), ids=events())
def test_event_when_its_payload_is_made_up_then_it_is_answered_and_the_server_goes_on(
    server: ServerProcess, client: Client, event: str, form: type
) -> None:
    outcomes: Counter[str] = Counter()
    slowest = 0.0

    @given(payloads(form))
    def each_is_answered(payload: tuple[Any, ...]) -> None:
        nonlocal slowest
        for _ in range(2):  # a busy machine is not busy twice; a slow message is slow again
            start = time.perf_counter()
            answer = send(client, event, payload)
            seconds = time.perf_counter() - start
            if seconds <= PROMPT_S:
                break
        outcomes[outcome(answer, event)] += 1
        slowest = max(slowest, seconds)
        assert seconds <= PROMPT_S
        assert outcomes.keys() <= CODES
        assert client.connected

    before = memory_bytes(server)
    each_is_answered()
    assert client.ask("list_history", {})["ok"]
    after = memory_bytes(server)
    print(
        f"{event} ({server.settings['async_mode']}): {dict(outcomes)}, the slowest after "
        f"{slowest * 1e3:.0f} ms, memory {before / 1e6:.0f} to {after / 1e6:.0f} MB"
    )
    assert after < LIMIT_BYTES
    assert "Traceback" not in server.log()
