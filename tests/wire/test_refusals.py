"""Every error code: a bad message gets an answer and keeps its connection."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import update

from server.database.schema import entries
from tests.conftest import ServerProcess
from tests.databases import lock_writes
from tests.pictures import BLANK, png
from tests.wire.accounts import Browser
from tests.wire.conftest import Client

Connect = Callable[..., Client]
INVALID_EVENTS: list[tuple[str, tuple[Any, ...]]] = [
    ("save", ()),
    ("save", (None,)),
    ("save", (7,)),
    ("save", (["a", "b"],)),
    ("save", ({},)),
    ("save", ({"drawing": "no-uuid", "image": b"x"},)),
    ("save", ({"drawing": str(uuid4()), "image": "text"},)),
    ("save", ({"drawing": str(uuid4())}, "one too many")),
    ("upload", ({"image": 5},)),
    ("upload", ({"image": b"x", "name": "n" * 1000},)),
    ("upload", ({"image": b"x", "id": "no-uuid"},)),
    ("explain", ({"position": 0},)),
    ("explain", ({"image": png("7"), "position": -1},)),
    ("explain", ({"image": png("7"), "position": "0"},)),
    ("watch_history", ({"limit": 0},)),
    ("list_history", ({"limit": 101},)),
    ("list_history", ({"input_type": "scanner"},)),
    ("list_history", ({"before": "yesterday"},)),
    ("correct_entry", ({"id": str(uuid4()), "text": "<b>"},)),
    ("delete_entry", ({"id": 3},)),
    ("no_such_event", ({},)),
]


def error_code(answer: dict[str, Any]) -> str:
    """Return the code of a refusal, and check that its message is a sentence."""
    assert answer["ok"] is False
    assert answer["error"]["message"].endswith((".", "!"))
    return str(answer["error"]["code"])


def huge_png(side: int) -> bytes:
    """Return a PNG of a few bytes whose header declares side × side pixels."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    header = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", b"") + chunk(b"IEND", b"")


@pytest.mark.parametrize(("event", "payload"), INVALID_EVENTS)
def test_invalid_event_is_refused_and_keeps_the_connection(
    client: Client, event: str, payload: tuple[Any, ...]
) -> None:
    assert error_code(client.ask(event, *payload)) == "invalid_payload"
    assert client.ask("list_history", {})["ok"]


@pytest.mark.parametrize("payload", [None, {}, {"drawing": "x", "seq": 1}, {"seq": -1}, b"\x00"])
def test_invalid_frame_gets_a_prediction_with_the_error(client: Client, payload: Any) -> None:
    client.tell("frame", payload)
    assert client.wait_for("prediction")["error"]["code"] == "invalid_payload"


def test_unreadable_frame_error_names_drawing_and_seq(client: Client) -> None:
    drawing = str(uuid4())
    client.tell("frame", {"drawing": drawing, "seq": 4, "image": b"no picture"})
    answer = client.wait_for("prediction")
    assert answer["error"]["code"] == "unreadable_image"
    assert (answer["drawing"], answer["seq"]) == (drawing, 4)


@pytest.mark.parametrize("event", ["upload", "explain"])
def test_file_of_another_kind_is_unreadable(client: Client, event: str) -> None:
    assert error_code(client.ask(event, {"image": b"%PDF-1.7"})) == "unreadable_image"


def test_truncated_picture_is_unreadable(client: Client) -> None:
    assert error_code(client.ask("upload", {"image": png("7")[:200]})) == "unreadable_image"


def test_too_many_pixels_are_refused_before_decoding(client: Client) -> None:
    answer = client.ask("upload", {"image": huge_png(30_000)})
    assert error_code(answer) == "image_too_large"
    assert "30000 × 30000" in answer["error"]["message"]


@pytest.mark.parametrize("event", ["upload", "explain"])
def test_oversized_file_is_refused_and_keeps_the_connection(client: Client, event: str) -> None:
    answer = client.ask(event, {"image": png("7") + bytes(10_000_000)})
    assert error_code(answer) == "image_too_large"
    assert client.ask("list_history", {})["ok"]


def test_blank_picture_has_no_ink(client: Client) -> None:
    assert error_code(client.ask("explain", {"image": BLANK})) == "no_ink"
    assert error_code(client.ask("save", {"drawing": str(uuid4()), "image": BLANK})) == "no_ink"
    assert error_code(client.ask("upload", {"image": BLANK})) == "no_ink"


def test_change_of_a_missing_entry_is_not_found(client: Client) -> None:
    assert error_code(client.ask("delete_entry", {"id": str(uuid4())})) == "not_found"
    assert error_code(client.ask("correct_entry", {"id": str(uuid4()), "text": "7"})) == "not_found"


def test_change_of_anothers_entry_is_forbidden(connect: Connect) -> None:
    owner, other, drawing = connect(), connect(), str(uuid4())
    saved = owner.ask("save", {"drawing": drawing, "image": png("7")})["entry"]
    assert error_code(other.ask("delete_entry", {"id": drawing})) == "forbidden"
    assert error_code(other.ask("correct_entry", {"id": drawing, "text": "1"})) == "forbidden"
    assert error_code(other.ask("save", {"drawing": drawing, "image": png("1")})) == "forbidden"
    assert saved in other.ask("list_history", {"limit": 100})["entries"]


def test_guests_off_requires_sign_in_for_every_event(
    serve: Callable[..., ServerProcess], server: ServerProcess, connect: Connect
) -> None:
    closed = serve(guests="off", **server.settings)
    guest, drawing = connect(closed), str(uuid4())
    assert error_code(guest.ask("watch_history", {})) == "sign_in_required"
    assert (
        error_code(guest.ask("save", {"drawing": drawing, "image": png("7")})) == "sign_in_required"
    )
    assert error_code(guest.ask("explain", {"image": png("7")})) == "sign_in_required"
    guest.tell("frame", {"drawing": drawing, "seq": 0, "image": png("7")})
    assert guest.wait_for("prediction")["error"]["code"] == "sign_in_required"
    closed.stop()


def test_excess_upload_is_refused_and_keeps_the_connection(
    serve: Callable[..., ServerProcess], server: ServerProcess, connect: Connect
) -> None:
    strict = serve(uploads_per_minute="2", **server.settings)
    hasty = connect(strict)
    answers = [hasty.ask("upload", {"image": png("7")}) for _ in range(3)]
    assert [answer["ok"] for answer in answers] == [True, True, False]
    assert error_code(answers[2]) == "rate_limited"
    assert hasty.ask("list_history", {})["ok"]
    strict.stop()


def test_locked_database_is_unavailable_until_released(
    server: ServerProcess, client: Client
) -> None:
    drawing = str(uuid4())
    save = {"drawing": drawing, "image": png("7")}
    with server.connected() as other:
        lock_writes(other)
        assert error_code(client.ask("save", save)) == "unavailable"
    assert client.ask("save", save)["entry"]["id"] == drawing


def test_damaged_row_is_internal_without_details(
    server: ServerProcess, ann: Browser, connect: Connect
) -> None:
    ann.upload()
    with server.connected() as database:
        own = update(entries).where(entries.c.owner == ann.name)
        database.execute(own.values(reading={"text": None}))
    client = connect(headers=ann.cookie)
    answer = client.ask("list_history", {})
    assert error_code(answer) == "internal"
    incident = answer["error"]["message"].split()[-1].rstrip(".")
    assert incident in server.log()
    assert "JSON" not in answer["error"]["message"]
