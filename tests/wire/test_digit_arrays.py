"""The export of labelled digits as NumPy arrays."""

from __future__ import annotations

import io
from collections.abc import Callable
from itertools import pairwise
from typing import Any
from uuid import uuid4

import numpy as np
import numpy.typing as npt

from tests.archives import json_lines, unzip
from tests.conftest import wait_until
from tests.pictures import drawn
from tests.wire.accounts import Browser, Open
from tests.wire.conftest import Client

Arrays = dict[str, npt.NDArray[Any]]


def load(browser: Browser, **filter: str) -> Arrays:
    answer = browser.http.get("/api/export.npz", params=filter)
    assert answer.status_code == 200
    assert '.npz"' in answer.headers["Content-Disposition"]
    with np.load(io.BytesIO(answer.content), allow_pickle=False) as arrays:
        return {**arrays}


def correct(browser: Browser, id: str, text: str) -> None:
    assert browser.http.patch(f"/api/predictions/{id}", json={"text": text}).status_code == 200


def draw(client: Client, text: str) -> dict[str, Any]:
    entry: dict[str, Any] = client.ask("save", {"drawing": str(uuid4())} | drawn(text))["entry"]
    return entry


def test_labels_are_those_of_the_corrections(ann: Browser, connect: Callable[..., Client]) -> None:
    client = connect(headers=ann.cookie)
    uploaded, drawing = ann.upload("407"), draw(client, "12")
    draw(client, "3")  # nobody says that it is one
    correct(ann, uploaded["id"], "401")
    correct(ann, drawing["id"], "12")
    arrays = load(ann)
    assert arrays["labels"].tolist() == [4, 0, 1, 1, 2]
    assert arrays["read_as"].tolist() == [4, 0, 7, 1, 2]
    assert arrays["entry"].tolist() == [uploaded["id"]] * 3 + [drawing["id"]] * 2
    assert (arrays["images"].shape, arrays["images"].dtype) == ((5, 28, 28), np.uint8)


def test_images_are_those_that_the_network_sees(ann: Browser) -> None:
    correct(ann, ann.upload("407")["id"], "407")
    wait_until(lambda: unzip(ann.http.get("/api/export.zip").content)["examples.jsonl"])
    taught = json_lines(unzip(ann.http.get("/api/export.zip").content)["examples.jsonl"])
    seen = [each["picture"] for each in sorted(taught, key=lambda each: each["position"])]
    assert load(ann)["images"].tolist() == seen


def test_strokes_are_those_that_were_drawn(ann: Browser, connect: Callable[..., Client]) -> None:
    entry = draw(connect(headers=ann.cookie), "47")
    correct(ann, entry["id"], "47")
    arrays = load(ann)
    offsets = arrays["stroke_offsets"]
    strokes = [arrays["strokes"][start:end] for start, end in pairwise(offsets)]
    expected = drawn("47")["strokes"]
    assert [stroke.tolist() for stroke in strokes] == [
        np.float32(stroke).tolist() for stroke in expected
    ]
    assert arrays["strokes"].dtype == np.float32
    assert set(arrays["stroke_entry"]) == {entry["id"]}


def test_text_that_is_not_on_the_ink_has_no_digits(ann: Browser) -> None:
    correct(ann, ann.upload("407")["id"], "1234567")
    arrays = load(ann)
    assert arrays["images"].shape == (0, 28, 28)
    assert arrays["stroke_offsets"].tolist() == [0]


def test_filters_select_the_entries(ann: Browser) -> None:
    for text, name in (("1", "marks"), ("7", "others")):
        correct(ann, ann.upload(text, list=name)["id"], text)
    assert load(ann, list="marks")["labels"].tolist() == [1]
    assert load(ann, corrected="false")["labels"].tolist() == []


def test_guests_get_the_public_digits_by_their_writers(open_browser: Open) -> None:
    people = [open_browser(), open_browser()]
    for text in ("1", "7", "4"):
        for person in people:
            person.http.get("/")
            correct(person, person.upload(text, list="npz")["id"], text)
    arrays = load(people[0], search="4")
    assert arrays["labels"].tolist()[-2:] == [4, 4]
    assert len({*arrays["writer"].tolist()[-2:]}) == 2


def test_private_digits_are_in_no_other_file(ann: Browser, open_browser: Open) -> None:
    id = ann.upload("7")["id"]
    correct(ann, id, "7")
    for other in (open_browser(), open_browser().sign_up()):
        assert id not in load(other)["entry"]
