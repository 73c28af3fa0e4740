"""Downloads of an account's entries or of the public history."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

import pytest

from tests.wire.accounts import Browser


@pytest.fixture
def entries(ann: Browser, guest: Browser) -> list[dict[str, Any]]:
    """Return two entries of ann's, newest first; the guest's is in the public history."""
    guest.upload("1")
    return [ann.upload(text) for text in ("407", "7")][::-1]


def open_archive(browser: Browser) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(browser.http.get("/api/export.zip").content))


def test_csv_holds_only_own_entries(ann: Browser, entries: list[dict[str, Any]]) -> None:
    table = ann.http.get("/api/export.csv")
    assert table.headers["Content-Type"].startswith("text/csv")
    rows = [line.split(",") for line in table.text.splitlines()]
    assert rows[0][:4] == ["id", "timestamp", "input_type", "predicted"]
    assert [(row[0], row[3]) for row in rows[1:]] == [
        (entry["id"], entry["predicted"]) for entry in entries
    ]


def test_zip_holds_only_own_entries_and_images(ann: Browser, entries: list[dict[str, Any]]) -> None:
    with open_archive(ann) as archive:
        assert archive.testzip() is None
        images = {f"images/{entry['id']}.webp" for entry in entries}
        assert set(archive.namelist()) == images | {
            "entries.csv", "entries.jsonl", "account.json",
        }  # fmt: skip
        lines = archive.read("entries.jsonl").splitlines()
        assert [json.loads(line) for line in lines] == entries


def test_zip_describes_the_account_and_its_keys(ann: Browser) -> None:
    ann.make_token("spreadsheet")
    with open_archive(ann) as archive:
        account = json.loads(archive.read("account.json"))
        assert account["account"]["name"] == ann.name
        assert "spreadsheet" in [key["label"] for key in account["keys"]]


def test_guest_downloads_the_public_history(guest: Browser) -> None:
    entry = guest.upload()
    assert entry["id"] in guest.http.get("/api/export.csv").text
    with open_archive(guest) as archive:
        assert f"images/{entry['id']}.webp" in archive.namelist()
        assert "account.json" not in archive.namelist()
