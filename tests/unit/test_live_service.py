"""The live service: every frame that is read, or refused, is answered."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest
from msgspec import UNSET

from server.contract import Frame, Prediction
from server.errors import ImageTooLarge, InvalidPayload
from server.services.live import LiveService
from tests.conftest import wait_until
from tests.unit.fakes import DAMAGED, GUEST, LONG, FakePublisher, FakeReaders, at, call_here

MAX_BYTES = 10
DRAWING = uuid4()


@pytest.fixture
def publisher() -> FakePublisher:
    return FakePublisher()


@pytest.fixture
def live(publisher: FakePublisher) -> LiveService:
    return LiveService(FakeReaders(), call_here, publisher, MAX_BYTES)  # type: ignore[arg-type]


@pytest.fixture
def started(live: LiveService) -> Iterator[LiveService]:
    live.start()
    yield live
    live.stop()


def make_frame(image: bytes, seq: int = 1, drawing: UUID = DRAWING) -> Frame:
    return Frame(drawing=drawing, seq=seq, image=image)


def answers(publisher: FakePublisher, count: int) -> list[Prediction]:
    wait_until(lambda: len(publisher.events) == count)
    return [prediction for _, _, prediction in publisher.events]


def test_large_frame_is_refused(live: LiveService) -> None:
    with pytest.raises(ImageTooLarge):
        live.frame(make_frame(b"0" * (MAX_BYTES + 1)), GUEST)


@pytest.mark.parametrize(
    ("payload", "labels"),
    [
        ({"drawing": "d", "seq": 7}, ("d", 7)),
        ({"drawing": ["d"], "seq": "x" * 65}, (None, None)),
        ("no payload", (None, None)),
    ],
)
def test_refused_frame_gets_its_labels_back(
    live: LiveService, publisher: FakePublisher, payload: object, labels: tuple[object, object]
) -> None:
    live.refuse("socket", payload, InvalidPayload("Invalid message."))
    [(_, client, prediction)] = publisher.events
    assert client == "socket"
    assert (prediction.drawing, prediction.seq) == labels
    assert prediction.error.code == "invalid_payload"


def test_frame_is_answered_with_its_reading(started: LiveService, publisher: FakePublisher) -> None:
    started.frame(make_frame(b"4", seq=3), GUEST)
    [prediction] = answers(publisher, 1)
    assert (prediction.drawing, prediction.seq) == (str(DRAWING), 3)
    assert prediction.reading.text == "4"
    assert prediction.error is UNSET


def test_damaged_frame_is_answered_with_its_error(
    started: LiveService, publisher: FakePublisher
) -> None:
    started.frame(make_frame(DAMAGED), GUEST)
    [prediction] = answers(publisher, 1)
    assert prediction.error.code == "unreadable_image"
    assert prediction.reading is UNSET


def test_expensive_frame_is_finished(started: LiveService, publisher: FakePublisher) -> None:
    started.frame(make_frame(LONG), GUEST)
    [prediction] = answers(publisher, 1)
    assert prediction.reading.text == "long"


def test_forgotten_client_is_not_answered(live: LiveService, publisher: FakePublisher) -> None:
    live.frame(make_frame(b"1"), at(GUEST, "gone"))
    live.frame(make_frame(b"2"), at(GUEST, "here"))
    live.forget("gone")
    live.start()
    answers(publisher, 1)
    live.stop()
    assert [client for _, client, _ in publisher.events] == ["here"]
