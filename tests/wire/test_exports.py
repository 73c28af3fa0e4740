"""Everything of one's own, or of the public history, to take away."""

from __future__ import annotations

import io
import json
import zipfile

from tests.wire.accounts import Browser


def test_everything_when_downloaded_then_the_owner_s_and_nobody_else_s(
    ann: Browser, guest: Browser
) -> None:
    guest.upload("1")
    entries = [ann.upload(text) for text in ("407", "7")]
    ann.make_token("spreadsheet")
    table = ann.http.get("/api/export.csv")
    assert table.headers["Content-Type"].startswith("text/csv")
    rows = [line.split(",") for line in table.text.splitlines()]
    assert rows[0][:4] == ["id", "timestamp", "input_type", "predicted"]
    assert [(row[0], row[3]) for row in rows[1:]] == [
        (entry["id"], entry["predicted"]) for entry in entries[::-1]
    ]
    with zipfile.ZipFile(io.BytesIO(ann.http.get("/api/export.zip").content)) as archive:
        assert archive.testzip() is None
        images = {f"images/{entry['id']}.webp" for entry in entries}
        assert set(archive.namelist()) == images | {
            "entries.csv", "entries.jsonl", "account.json",
        }  # fmt: skip
        lines = archive.read("entries.jsonl").splitlines()
        assert [json.loads(line) for line in lines] == entries[::-1]
        account = json.loads(archive.read("account.json"))
        assert account["account"]["name"] == ann.name
        assert "spreadsheet" in [key["label"] for key in account["keys"]]


def test_public_history_when_downloaded_by_a_guest_then_without_an_account(guest: Browser) -> None:
    entry = guest.upload()
    assert entry["id"] in guest.http.get("/api/export.csv").text
    with zipfile.ZipFile(io.BytesIO(guest.http.get("/api/export.zip").content)) as archive:
        assert f"images/{entry['id']}.webp" in archive.namelist()
        assert "account.json" not in archive.namelist()
