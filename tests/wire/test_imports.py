"""Imports: what an export holds comes back in any history, and labelled pictures come in."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

from tests.archives import (
    bomb,
    json_lines,
    locked,
    lying_bomb,
    make_zip,
    overlapping,
    unzip,
    with_entry,
)
from tests.conftest import ServerProcess, wait_until
from tests.pictures import BLANK, draw, drawn, encode, png
from tests.wire.accounts import Browser, Open
from tests.wire.conftest import Client

MAX_UPLOAD_BYTES = 10_000_000  # the default
OF_THE_OWNER = ("id", "owner", "maker", "image_path", "image_version")


def send(browser: Browser, archive: bytes) -> dict[str, Any]:
    answer = browser.http.post("/api/import", content=archive, timeout=60)
    assert answer.status_code == 200, answer.text
    outcome: dict[str, Any] = answer.json()
    return outcome


def counts(outcome: dict[str, Any]) -> tuple[int, int, int]:
    return outcome["added"], outcome["known"], len(outcome["refused"])


def export(browser: Browser) -> bytes:
    return browser.http.get("/api/export.zip").content


def correct(browser: Browser, id: str, text: str) -> None:
    assert browser.http.patch(f"/api/predictions/{id}", json={"text": text}).status_code == 200


def contents(browser: Browser) -> list[dict[str, Any]]:
    """Return what a history holds, but for whose it is."""
    return [
        {name: value for name, value in entry.items() if name not in OF_THE_OWNER}
        | {"picture": browser.http.get(entry["image_path"]).content}
        for entry in browser.entries()
    ]


@pytest.fixture
def bob(open_browser: Open) -> Browser:
    """Return the browser of another new account."""
    return open_browser().sign_up()


@pytest.fixture
def archive(ann: Browser, connect: Callable[..., Client]) -> bytes:
    """Return the archive of three entries of ann's, two corrected and one of them a drawing."""
    ann.upload("407")
    correct(ann, ann.upload("12", list="Bench 3")["id"], "-1.2")
    drawing = {"drawing": str(uuid4()), "list": "Bench 3"} | drawn("74")
    saved = connect(headers=ann.cookie).ask("save", drawing)
    correct(ann, saved["entry"]["id"], "74")
    wait_until(lambda: unzip(export(ann))["examples.jsonl"].count(b"\n") >= 2)
    return export(ann)


def test_export_comes_back_in_another_account(ann: Browser, bob: Browser, archive: bytes) -> None:
    assert counts(send(bob, archive)) == (3, 0, 0)
    assert contents(bob) == contents(ann)


def test_export_comes_back_after_a_deletion_with_its_ids(ann: Browser, archive: bytes) -> None:
    before = ann.entries()
    for entry in before:
        ann.http.delete(entry["image_path"].replace("/images/", "/api/predictions/"))
    assert ann.entries() == []
    assert counts(send(ann, archive)) == (3, 0, 0)
    assert [entry["id"] for entry in ann.entries()] == [entry["id"] for entry in before]


def test_strokes_and_examples_come_along(bob: Browser, archive: bytes) -> None:
    send(bob, archive)
    mine, others = unzip(archive), unzip(export(bob))
    for name in ("strokes.jsonl", "examples.jsonl"):
        said, again = (
            [{k: v for k, v in line.items() if k not in ("entry", "time")} for line in lines]
            for lines in (json_lines(mine[name]), json_lines(others[name]))
        )
        assert said == again
        assert said


def test_import_in_the_same_history_adds_nothing(ann: Browser, archive: bytes) -> None:
    before = ann.entries()
    assert counts(send(ann, archive)) == (0, 3, 0)
    assert ann.entries() == before


def test_second_import_adds_nothing(bob: Browser, archive: bytes) -> None:
    send(bob, archive)
    before = bob.entries()
    assert counts(send(bob, archive)) == (0, 3, 0)
    assert bob.entries() == before


def test_later_corrections_outlast_a_second_import(bob: Browser, archive: bytes) -> None:
    send(bob, archive)
    correct(bob, bob.entries()[0]["id"], "11")
    send(bob, archive)
    assert bob.entries()[0]["corrected"] == "11"


def test_entries_of_others_are_neither_changed_nor_told(
    ann: Browser, bob: Browser, archive: bytes
) -> None:
    before = ann.entries()
    send(bob, with_entry(archive, lambda entry: entry.update(corrected="999")))
    assert ann.entries() == before
    ids = {entry["id"] for entry in before}
    assert ids.isdisjoint(entry["id"] for entry in bob.entries())


def test_copy_of_an_entry_is_known_when_its_first_owner_is_gone(
    ann: Browser, bob: Browser, archive: bytes
) -> None:
    send(bob, archive)
    for entry in ann.entries():
        ann.http.delete(f"/api/predictions/{entry['id']}")
    assert counts(send(bob, archive)) == (0, 3, 0)


def test_guest_imports_into_the_public_history(
    guest: Browser, open_browser: Open, archive: bytes
) -> None:
    guest.http.get("/")
    assert counts(send(guest, archive)) == (3, 0, 0)
    seen = open_browser().entries()[:3]
    assert [entry["corrected"] for entry in seen] == ["74", "-1.2", None]
    other = open_browser().http.patch(f"/api/predictions/{seen[0]['id']}", json={"text": "1"})
    assert other.status_code == 403


def test_public_history_imported_by_a_guest_adds_nothing(
    guest: Browser, open_browser: Open
) -> None:
    guest.upload("7")
    before = guest.http.get("/api/count").json()
    archive = export(guest)
    assert counts(send(open_browser(), archive))[0] == 0
    assert guest.http.get("/api/count").json() == before


def test_imported_entries_are_announced(
    bob: Browser, connect: Callable[..., Client], archive: bytes
) -> None:
    watcher = connect(headers=bob.cookie)
    watcher.ask("watch_history", {})
    send(bob, archive)
    added = [watcher.wait_for("history_added") for _ in range(3)]
    assert added == bob.entries()


def test_archive_in_a_folder_is_found(bob: Browser, archive: bytes) -> None:
    files = {f"live-digits/{name}": content for name, content in unzip(archive).items()}
    assert counts(send(bob, make_zip(files))) == (3, 0, 0)


HOSTILE_ENTRIES: dict[str, Callable[[dict[str, Any]], object]] = {
    "formula": lambda entry: entry["reading"].update(text="=cmd", lines=[]),
    "markup": lambda entry: entry.update(corrected="<b>7</b>"),
    "lines": lambda entry: entry["reading"].update(lines=[]),
    "digits": lambda entry: entry["reading"].update(digits=[]),
    "confidence": lambda entry: entry["reading"].update(confidence=7),
    "size": lambda entry: entry["reading"].update(size=[0, 10**9]),
    "time": lambda entry: entry.update(timestamp="2026-02-31T12:00:00.123Z"),
    "list": lambda entry: entry.update(list="\u202ea"),
    "id": lambda entry: entry.update(id="../../etc/passwd"),
    "no such picture": lambda entry: entry.update(id=str(uuid4())),
}


@pytest.mark.parametrize("change", HOSTILE_ENTRIES.values(), ids=HOSTILE_ENTRIES)
def test_entry_that_is_not_as_exported_is_refused_alone(
    bob: Browser, archive: bytes, change: Callable[[dict[str, Any]], object]
) -> None:
    outcome = send(bob, with_entry(archive, change))
    assert counts(outcome) == (2, 0, 1)
    assert outcome["refused"][0]["name"] == "entries.jsonl, line 1"
    assert len(bob.entries()) == 2


def test_picture_that_is_none_is_refused(ann: Browser, bob: Browser, archive: bytes) -> None:
    files = unzip(archive)
    files[f"images/{ann.entries()[0]['id']}.webp"] = b"<script>"
    outcome = send(bob, make_zip(files))
    assert counts(outcome) == (2, 0, 1)
    assert "cannot be read as a picture" in outcome["refused"][0]["message"]


def test_picture_is_kept_as_webp_without_what_follows_it(bob: Browser, archive: bytes) -> None:
    files = unzip(archive)
    for name in [name for name in files if name.startswith("images/")]:
        files[name] += b"<script>"
    send(bob, make_zip(files))
    for entry in bob.entries():
        picture = bob.http.get(entry["image_path"]).content
        assert picture[8:12] == b"WEBP"
        assert b"<script>" not in picture


def test_time_to_come_is_now(bob: Browser, archive: bytes) -> None:
    send(bob, with_entry(archive, lambda e: e.update(timestamp="9999-12-31T12:00:00.123Z")))
    assert bob.entries()[0]["timestamp"] < "9999"


def labels(browser: Browser) -> dict[str, str]:
    """Return the corrections of a history by what was read."""
    return {entry["predicted"]: entry["corrected"] for entry in browser.entries()}


def test_pictures_are_labelled_by_their_folders(ann: Browser) -> None:
    files = {
        "digits/7/a.png": png("7"),
        "digits/12/b.jpg": encode(draw("14"), "JPEG"),
        "__MACOSX/digits/7/._a.png": b"\0",
        "digits/.DS_Store": b"\0",
    }
    assert counts(send(ann, make_zip(files))) == (2, 0, 0)
    assert labels(ann) == {"7": "7", "14": "12"}


@pytest.mark.parametrize(
    "table",
    [
        "file,label\na.png,-7\n3/b.png,12",
        "Label;File;note\n-7;a.png;\n12;3\\b.png;x",
        '\ufeffa.png\t-7\r\n"./3/b.png"\t 12 \r\n',
    ],
    ids=["commas", "semicolons", "tabs"],
)
def test_pictures_are_labelled_by_a_table(ann: Browser, table: str) -> None:
    files = {"x/labels.csv": table, "x/a.png": png("7"), "x/3/b.png": png("14")}
    assert counts(send(ann, make_zip(files))) == (2, 0, 0)
    assert labels(ann) == {"7": "-7", "14": "12"}


def test_same_pictures_again_add_nothing(ann: Browser) -> None:
    send(ann, make_zip({"7/a.png": png("7")}))
    correct(ann, ann.entries()[0]["id"], "1")
    assert counts(send(ann, make_zip({"7/b.png": png("7")}))) == (0, 1, 0)
    assert labels(ann) == {"7": "1"}


def test_labelled_picture_teaches(ann: Browser) -> None:
    send(ann, make_zip({"7/a.png": png("7")}))
    wait_until(lambda: unzip(export(ann))["examples.jsonl"])


def test_pictures_that_say_nothing_are_named(ann: Browser) -> None:
    files = {
        "7/good.png": png("7"), "7/letter.png": b"not a picture", "7/blank.png": BLANK,
        "seven/a.png": png("4"), "readme.txt": "words",
        "labels.csv": "file,label\n1/x.png,abc", "1/x.png": png("1"),
    }  # fmt: skip
    outcome = send(ann, make_zip(files))
    assert counts(outcome) == (1, 0, 5)
    said = {each["name"]: each["message"] for each in outcome["refused"]}
    assert "cannot be read as a picture" in said["7/letter.png"]
    assert said["7/blank.png"] == "Nothing is written on this picture."
    assert "Put it into a folder named by what is written" in said["seven/a.png"]
    assert "Its label is 'abc'" in said["1/x.png"]


REFUSED_ZIPS: dict[str, tuple[Callable[[], bytes], int, str]] = {
    "no ZIP": (lambda: png("7"), 400, "cannot be read as a ZIP"),
    "cut": (lambda: make_zip({"7/a.png": png("7")})[:-30], 400, "cannot be read as a ZIP"),
    "nothing": (lambda: b"", 400, "Send the ZIP as the body"),
    "no file": (lambda: make_zip({}), 400, "holds no entry and no picture"),
    "path up": (lambda: make_zip({"../7/a.png": b""}), 400, "lie outside of it"),
    "backslashes": (lambda: make_zip({"7\\..\\..\\a.png": b""}), 400, "lie outside of it"),
    "absolute": (lambda: make_zip({"/7/a.png": b""}), 400, "lie outside of it"),
    "drive": (lambda: make_zip({"C:/7/a.png": b""}), 400, "lie outside of it"),
    "password": (locked, 400, "has a password"),
    "LZMA": (lambda: make_zip({"7/a": b"a"}, zipfile.ZIP_LZMA), 400, "usual compression"),
    "bomb": (lambda: bomb(11 * MAX_UPLOAD_BYTES), 413, "send fewer at once"),
    "overlap": (overlapping, 400, "its files overlap"),
    "many files": (lambda: make_zip({f"7/{k}": b"" for k in range(5_001)}), 413, "over 5,000"),
    "many lines": (lambda: make_zip({"entries.jsonl": b"{}\n" * 5_001}), 413, "over 5,000"),
    "large table": (lambda: make_zip({"labels.csv": b" " * 2_000_001}), 413, "Make two ZIPs"),
    "table of bytes": (lambda: make_zip({"labels.csv": b"\xff"}), 400, "CSV in UTF-8"),
    "too large": (lambda: bytes(MAX_UPLOAD_BYTES + 1), 413, "sends a large one in parts"),
    "far too large": (lambda: bytes(MAX_UPLOAD_BYTES + 200_000), 413, "Send less at once"),
}


@pytest.mark.parametrize("case", REFUSED_ZIPS.values(), ids=REFUSED_ZIPS)
def test_bad_zip_is_refused_as_a_whole(
    ann: Browser, case: tuple[Callable[[], bytes], int, str]
) -> None:
    make, status, reason = case
    answer = ann.http.post("/api/import", content=make(), timeout=60)
    assert answer.status_code == status, answer.text
    assert reason in answer.json()["error"]["message"]
    assert ann.entries() == []


def test_file_is_unpacked_only_as_far_as_it_says(ann: Browser) -> None:
    outcome = send(ann, lying_bomb(8 * MAX_UPLOAD_BYTES))
    assert counts(outcome) == (0, 0, 1)
    assert "damaged" in outcome["refused"][0]["message"]


def test_file_larger_than_an_upload_is_refused_alone(ann: Browser) -> None:
    files = {"7/a.png": png("7"), "7/b.png": bytes(MAX_UPLOAD_BYTES + 1)}
    outcome = send(ann, make_zip(files))
    assert counts(outcome) == (1, 0, 1)
    assert "At most 10,000,000 are allowed" in outcome["refused"][0]["message"]


@pytest.mark.parametrize(
    ("settings", "code"),
    [({"max_entries": "1"}, "forbidden"), ({"uploads_per_minute": "2"}, "rate_limited")],
    ids=["full history", "rate limit"],
)
def test_import_that_ends_early_says_what_is_left(
    serve: Callable[..., ServerProcess], settings: dict[str, str], code: str
) -> None:
    browser = Browser(serve(**settings)).sign_up()
    files = {f"{text}/a.png": png(text) for text in ("1", "7", "4")}
    outcome = send(browser, make_zip(files))
    assert (counts(outcome), outcome["rest"]) == ((1, 0, 0), 2)
    assert outcome["error"]["code"] == code
    assert len(browser.entries()) == 1
    browser.http.close()
