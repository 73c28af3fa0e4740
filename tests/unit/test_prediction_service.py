"""The prediction service: refusals first, then one entry for a picture."""

from __future__ import annotations

from uuid import uuid4

import pytest

from server.contract import Explain, Save, Upload
from server.errors import ImageTooLarge, NoInk, UnreadableImage
from server.services.history import HistoryService
from server.services.predictions import PredictionService
from tests.unit.fakes import (
    ANN,
    BLANK,
    DAMAGED,
    GUEST,
    POOLS,
    UNLIMITED,
    FakeHistoryStore,
    FakePublisher,
    FakeReaders,
)

MAX_BYTES = 10


@pytest.fixture
def publisher() -> FakePublisher:
    return FakePublisher()


@pytest.fixture
def predictions(publisher: FakePublisher) -> PredictionService:
    history = HistoryService(FakeHistoryStore(), POOLS, publisher, UNLIMITED)  # type: ignore[arg-type]
    return PredictionService(FakeReaders(), history, POOLS, MAX_BYTES)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("image", "error"),
    [(b"0" * (MAX_BYTES + 1), ImageTooLarge), (DAMAGED, UnreadableImage), (BLANK, NoInk)],
)
def test_bad_picture_is_refused(
    predictions: PredictionService,
    publisher: FakePublisher,
    image: bytes,
    error: type[Exception],
) -> None:
    with pytest.raises(error):
        predictions.save(Save(drawing=uuid4(), image=image), GUEST)
    with pytest.raises(error):
        predictions.upload(Upload(image=image), GUEST)
    assert publisher.events == []


def test_large_picture_is_told_both_sizes(predictions: PredictionService) -> None:
    with pytest.raises(ImageTooLarge, match=r"has 11 bytes\. Send one of at most 10 bytes"):
        predictions.explain(Explain(image=b"0" * 11), GUEST)


def test_save_keeps_one_entry_of_a_drawing(
    predictions: PredictionService, publisher: FakePublisher
) -> None:
    drawing = uuid4()
    predictions.save(Save(drawing=drawing, image=b"4"), ANN)
    entry = predictions.save(Save(drawing=drawing, image=b"47"), ANN).entry
    assert (entry.id, entry.predicted, entry.owner) == (drawing, "47", "ann")
    assert publisher.names == ["changes", "changes"]


@pytest.mark.parametrize(("digits_only", "text"), [(False, "4-7"), (True, "4?7")])
def test_signs_are_kept_unless_only_digits_are_asked_for(
    predictions: PredictionService, digits_only: bool, text: str
) -> None:
    save = Save(drawing=uuid4(), image=b"4-7", digits_only=digits_only)
    upload = Upload(image=b"4-7", digits_only=digits_only)
    assert predictions.save(save, GUEST).entry.predicted == text
    assert predictions.upload(upload, GUEST).entry.predicted == text


def test_upload_of_the_same_id_is_one_entry(predictions: PredictionService) -> None:
    upload = Upload(image=b"407", id=uuid4())
    assert predictions.upload(upload, GUEST) == predictions.upload(upload, GUEST)


def test_upload_without_id_is_a_new_entry(predictions: PredictionService) -> None:
    first, second = (predictions.upload(Upload(image=b"407"), GUEST).entry for _ in range(2))
    assert first.id != second.id
