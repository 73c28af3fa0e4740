"""Live readings of frames, and entries from drawings and uploads."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

from tests.conftest import wait_until
from tests.pictures import BLANK, draw, encode, png
from tests.wire.conftest import Client

pytestmark = pytest.mark.every_mode


def test_prediction_names_drawing_and_seq(client: Client) -> None:
    drawing = str(uuid4())
    client.tell("frame", {"drawing": drawing, "seq": 3, "image": png("7")})
    answer = client.wait_for("prediction")
    assert (answer["drawing"], answer["seq"]) == (drawing, 3)


def test_prediction_holds_the_reading(client: Client) -> None:
    client.tell("frame", {"drawing": str(uuid4()), "seq": 3, "image": png("7")})
    reading = client.wait_for("prediction")["reading"]
    assert reading["text"] == "7"
    [digit] = reading["digits"]
    assert digit["digit"] == 7
    assert len(digit["probabilities"]) == 10
    assert reading["confidence"] == digit["confidence"]
    assert reading["size"] == [120, 120]
    assert len(reading["model"]) == 8


def test_digits_only_reads_a_sign_as_no_digit(client: Client) -> None:
    asked = {"drawing": str(uuid4()), "image": png("4-7"), "digits_only": True}
    client.tell("frame", asked | {"seq": 3})
    readings = [
        client.wait_for("prediction")["reading"],
        client.ask("save", asked)["entry"]["reading"],
        client.ask("upload", {"image": asked["image"], "digits_only": True})["entry"]["reading"],
        client.ask("explain", {"image": asked["image"], "digits_only": True})["explanation"][
            "reading"
        ],
    ]
    for reading in readings:
        assert reading["text"] == "4?7"
        assert [digit["digit"] for digit in reading["digits"]] == [4, None, 7]
        assert [digit["sign"] for digit in reading["digits"]] == [None] * 3


def test_blank_frame_has_an_empty_reading(client: Client) -> None:
    client.tell("frame", {"drawing": str(uuid4()), "seq": 0, "image": BLANK})
    reading = client.wait_for("prediction")["reading"]
    assert (reading["text"], reading["digits"], reading["uncertain"]) == ("", [], False)


def test_frame_flood_is_answered_in_order_up_to_the_newest(client: Client) -> None:
    drawing, frames, image = str(uuid4()), 60, png("7", digit_px=1200)
    for seq in range(frames):
        client.tell("frame", {"drawing": drawing, "seq": seq, "image": image})
    wait_until(lambda: any(e[1]["seq"] == frames - 1 for e in client.events), 20)
    answered = [payload["seq"] for _, payload in client.events]
    assert answered == sorted(answered)
    assert len(answered) < frames


def test_large_upload_does_not_hold_up_frames_of_others(
    client: Client, connect: Callable[..., Client]
) -> None:
    photo = encode(draw("42", digit_px=4000, pen_px=200).convert("RGB"))
    done: list[dict[str, Any]] = []
    connect().socket.emit("upload", {"image": photo}, callback=done.append)
    drawing, answered = str(uuid4()), 0
    while not done:
        client.tell("frame", {"drawing": drawing, "seq": answered, "image": png("7")})
        client.wait_for("prediction")
        answered += 1
    assert done[0]["ok"]
    assert answered > 5


def test_second_save_updates_the_entry(client: Client) -> None:
    drawing = str(uuid4())
    first = client.ask("save", {"drawing": drawing, "image": png("7")})["entry"]
    second = client.ask("save", {"drawing": drawing, "image": png("70")})["entry"]
    assert (first["predicted"], second["predicted"]) == ("7", "70")
    assert first["timestamp"] == second["timestamp"]
    entries = client.ask("list_history", {"limit": 100})["entries"]
    assert [entry for entry in entries if entry["id"] == drawing] == [second]


def test_later_of_two_simultaneous_saves_is_kept(client: Client) -> None:
    drawing = str(uuid4())
    slow = encode(draw("7", digit_px=4000, pen_px=200).convert("RGB"))
    answers: list[dict[str, Any]] = []
    for image in (slow, png("70")):
        save = {"drawing": drawing, "image": image}
        client.socket.emit("save", save, callback=answers.append)
    wait_until(lambda: len(answers) == 2, 20)
    entries = client.ask("list_history", {"limit": 100})["entries"]
    assert [entry["predicted"] for entry in entries if entry["id"] == drawing] == ["70"]


def test_upload_with_the_same_id_returns_the_same_entry(client: Client) -> None:
    upload = {"image": png("7"), "name": "seven.png", "id": str(uuid4())}
    first, second = client.ask("upload", upload), client.ask("upload", upload)
    assert first == second
    assert first["entry"]["id"] == upload["id"]
    assert first["entry"]["input_type"] == "upload"


def test_two_lines_are_read_in_reading_order(client: Client) -> None:
    reading = client.ask("upload", {"image": png("70\n123")})["entry"]["reading"]
    assert reading["text"] == "70\n123"
    lefts = [digit["box"][0] for digit in reading["digits"]]
    assert lefts == [*sorted(lefts[:2]), *sorted(lefts[2:])]


@pytest.mark.parametrize(("asked", "position"), [({"position": 0}, 0), ({}, 1)])
def test_explain_returns_seen_and_evidence(
    client: Client, asked: dict[str, int], position: int
) -> None:
    explanation = client.ask("explain", {"image": png("7A")} | asked)["explanation"]
    assert explanation["position"] == position
    assert explanation["reading"]["text"] == "7?"
    assert [len(row) for row in explanation["seen"]] == [28] * 28
    assert [len(rows) for rows in explanation["evidence"]] == [7] * 11


def test_explain_saves_no_entry(client: Client) -> None:
    before = client.ask("list_history", {})
    client.ask("explain", {"image": png("7")})
    assert client.ask("list_history", {}) == before
