"""Clients of a soak, each for a thread of its own: they come back whenever a connection breaks."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cache, partial
from uuid import uuid4

import httpx
from socketio.exceptions import SocketIOError
from websocket import WebSocketException

from scripts.benchmark.hostile_clients import ATTACKS, attack
from scripts.benchmark.servers import Server
from scripts.soak_test.record import Record
from tests.pictures import draw, encode, png
from tests.wire.conftest import Client

TEXTS = ("7", "42", "408", "1237")
STROKES_PER_NUMBER = 12  # frames before a save
PAUSE_S, RETRY_S, REST_S = 0.05, 0.3, 5.0
# ValueError: the server has ended while python-engineio was opening a connection.
BROKEN = (
    *(SocketIOError, WebSocketException, httpx.HTTPError),
    *(OSError, AssertionError, KeyError, ValueError),
)

Act = Callable[[str, Record, threading.Event], None]


@contextmanager
def connected(url: str) -> Iterator[Client]:
    client = Client(url)
    try:
        yield client
    finally:
        with suppress(*BROKEN):
            client.close()


def write_numbers(url: str, record: Record, ended: threading.Event) -> None:
    """Draw numbers and keep them; correct some and delete some."""
    rng, own = random.Random(), list[str]()  # noqa: S311
    with connected(url) as client:
        while not ended.wait(PAUSE_S):
            drawing, text = str(uuid4()), rng.choice(TEXTS)
            for seq in range(STROKES_PER_NUMBER):
                send_frame(client, record, drawing, seq, text)
            own.append(keep(client, record, drawing, text))
            if len(own) > 4:
                change(client, record, own.pop(0), rng)


def send_frame(client: Client, record: Record, drawing: str, seq: int, text: str) -> None:
    started_s = time.monotonic()
    client.tell("frame", {"drawing": drawing, "seq": seq, "image": png(text)})
    client.wait_for("prediction", 30)
    record.frames.append((started_s, (time.monotonic() - started_s) * 1000))


def keep(client: Client, record: Record, drawing: str, text: str) -> str:
    """Save a drawing until that is acknowledged, as the page's outbox does."""
    started_s = time.monotonic()
    record.doubt(drawing)
    answer = client.ask("save", {"drawing": drawing, "image": png(text)})
    while not answer["ok"]:
        record.refusals.append(answer["error"]["code"])
        time.sleep(RETRY_S)
        answer = client.ask("save", {"drawing": drawing, "image": png(text)})
    record.unsure.discard(drawing)
    record.keep(drawing, answer["entry"]["predicted"], (time.monotonic() - started_s) * 1000)
    return drawing


def change(client: Client, record: Record, id: str, rng: random.Random) -> None:
    """Correct or delete an entry; without an answer nobody knows whether it was done."""
    known = record.entries.get(id)
    record.doubt(id)
    if rng.random() < 0.5:
        text = str(rng.randrange(1000))
        answer = client.ask("correct_entry", {"id": id, "text": text})
    else:
        text = ""
        answer = client.ask("delete_entry", {"id": id})
    if answer["ok"] or known is not None:
        record.unsure.discard(id)
        record.change(id, text if answer["ok"] and text else known or "")
    if answer["ok"] and not text:
        record.delete(id)


def watch(url: str, record: Record, ended: threading.Event) -> None:
    """Watch the history; after an interruption get what was missed, each event once."""
    last: dict[str, object] = {}
    while not ended.is_set():
        with suppress(*BROKEN), connected(url) as client:
            answer = client.ask("watch_history", last)
            last = {"since": answer["position"], "epoch": answer["epoch"]}
            while client.connected and not ended.wait(PAUSE_S):
                last = take_events(client, record, last)
        ended.wait(RETRY_S)


def take_events(client: Client, record: Record, last: dict[str, object]) -> dict[str, object]:
    """Check that positions grow; return that of the last event."""
    marks = [client.marks.pop(0) for _ in range(len(client.marks))]
    client.events.clear()
    positions = [int(mark["since"]) for mark in marks]
    if positions != sorted(set(positions)):
        record.problems.append(f"events came in the order {positions}")
    record.events += len(marks)
    return marks[-1] if marks else last


def upload(url: str, record: Record, ended: threading.Event) -> None:
    """Upload a photo every few seconds, again with the same id if no answer comes."""
    with httpx.Client(base_url=url, timeout=30) as client:
        while not ended.wait(REST_S / 2):
            id, photo = str(uuid4()), photo_of("4711")
            record.doubt(id)
            answer = client.post("/api/predictions", params={"id": id}, content=photo)
            if answer.is_success:
                record.unsure.discard(id)
                record.keep(id, answer.json()["entry"]["predicted"], 0.0)


@cache
def photo_of(text: str) -> bytes:
    return encode(draw(text, digit_px=400, pen_px=24), "JPEG")


def vanish(url: str, record: Record, ended: threading.Event) -> None:
    """Come, watch and draw, and leave without a word."""
    while not ended.wait(RETRY_S):
        client = Client(url)
        try:
            client.ask("watch_history", {})
            send_frame(client, record, str(uuid4()), 0, "7")
        finally:
            client.cut()


def be_hostile(url: str, _record: Record, ended: threading.Event) -> None:
    """Take each of the hostile clients in turn, for some seconds, with a rest between them."""
    server = Server(url, 0.0, None)
    while not ended.wait(REST_S):
        with attack(server, [random.choice(list(ATTACKS.values()))]):  # noqa: S311
            ended.wait(REST_S)


def start_crowd(url: str, record: Record, ended: threading.Event) -> list[threading.Thread]:
    """Start clients of every kind: six write, three watch, and one each does the rest."""
    acts: list[Act] = [*[write_numbers] * 6, *[watch] * 3, upload, vanish, be_hostile]
    threads = [threading.Thread(target=partial(repeat, act, url, record, ended)) for act in acts]
    for thread in threads:
        thread.start()
    return threads


def repeat(act: Act, url: str, record: Record, ended: threading.Event) -> None:
    """Act until the end, anew whenever the connection breaks."""
    while not ended.is_set():
        with suppress(*BROKEN):
            act(url, record, ended)
        ended.wait(RETRY_S)
