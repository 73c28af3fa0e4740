"""Downloads of an account's entries or of the public history."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from openpyxl import load_workbook

from server.services.history import BATCH
from tests.pictures import png
from tests.wire.accounts import Browser, Open
from tests.wire.conftest import Client
from tests.wire.tables import EXACT, LISTS, OTHERS, Table, read_csv, read_xlsx

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@pytest.fixture
def entries(ann: Browser, guest: Browser) -> list[dict[str, Any]]:
    """Return two entries of ann's, newest first; the guest's is in the public history."""
    guest.upload("1")
    return [ann.upload(text) for text in ("407", "7")][::-1]


def open_archive(browser: Browser) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(browser.http.get("/api/export.zip").content))


def export(browser: Browser, **filter: str) -> Table:
    """Return the rows of a CSV export; the workbook must show the same."""
    content = {suffix: browser.http.get(f"/api/export.{suffix}", params=filter) for suffix in TYPES}
    for suffix, media_type in TYPES.items():
        assert content[suffix].headers["Content-Type"].startswith(media_type)
        assert f'.{suffix}"' in content[suffix].headers["Content-Disposition"]
    rows = read_csv(content["csv"].content)
    assert rows == read_xlsx(content["xlsx"].content)
    return rows


def correct(browser: Browser, id: str, text: str) -> None:
    assert browser.http.patch(f"/api/predictions/{id}", json={"text": text}).status_code == 200


def test_table_holds_own_numbers_oldest_first(ann: Browser, entries: list[dict[str, Any]]) -> None:
    rows = export(ann)
    assert [row["number"] for row in rows] == ["407", "7"]
    assert [row["id"] for row in rows] == [entry["id"] for entry in entries[::-1]]


def test_table_has_the_columns_of_the_contract(ann: Browser) -> None:
    entry = ann.upload("407", list="Bench 3")
    [row] = export(ann)
    confidence = entry["reading"]["lines"][0]["confidence"]
    assert row == {
        "number": "407", "list": "Bench 3", "line": "1", "cell": "1",
        "written": entry["timestamp"], "source": "uploaded", "read_as": "407", "corrected": "no",
        "certainty": str(min(int(confidence * 100) / 100, 0.99)), "id": entry["id"],
    }  # fmt: skip
    assert list(row) == [
        "number", "list", "line", "cell", "written", "source", "read_as", "corrected", "certainty",
        "id",
    ]  # fmt: skip


@pytest.mark.parametrize("numbers", [EXACT, OTHERS], ids=["exact", "others"])
def test_numbers_survive_a_spreadsheet(ann: Browser, numbers: list[str]) -> None:
    correct(ann, ann.upload()["id"], "\n".join(numbers))
    assert [row["number"] for row in export(ann)] == numbers


@pytest.mark.parametrize(("numbers", "data_type"), [(EXACT, "n"), (OTHERS, "s")], ids=["n", "s"])
def test_only_numbers_that_stay_exact_are_numeric_cells(
    ann: Browser, numbers: list[str], data_type: str
) -> None:
    correct(ann, ann.upload()["id"], "\n".join(numbers))
    workbook = load_workbook(io.BytesIO(ann.http.get("/api/export.xlsx").content))
    cells = [row[0] for row in workbook.active.iter_rows(min_row=2)]
    assert {cell.data_type for cell in cells} == {data_type}


def test_names_of_lists_survive_a_spreadsheet(ann: Browser) -> None:
    for name in LISTS:
        ann.upload("7", list=name)
    assert [row["list"] for row in export(ann)] == LISTS


def test_csv_begins_with_a_byte_order_mark_and_has_no_formula(ann: Browser) -> None:
    ann.upload("7", list="=1+1")
    correct(ann, ann.upload()["id"], "-5+3")
    content = ann.http.get("/api/export.csv").content
    assert content.startswith(b"\xef\xbb\xbfnumber,list,")
    assert b'"=""=1+1"""' in content
    assert b'"=""-5+3"""' in content


def test_each_number_of_a_table_has_its_line_and_cell(ann: Browser) -> None:
    correct(ann, ann.upload("407")["id"], "407\t\t-2\n3\t4 5\t")
    assert [
        (row["number"], row["line"], row["cell"], row["read_as"], row["corrected"])
        for row in export(ann)
    ] == [
        ("407", "1", "1", "407", "no"),
        ("-2", "1", "3", "", "yes"),
        ("3", "2", "1", "", "yes"),
        ("4", "2", "2", "", "yes"),
        ("5", "2", "2", "", "yes"),
    ]


def test_one_list_is_ordered_by_rank(ann: Browser, connect: Callable[..., Client]) -> None:
    client = connect(headers=ann.cookie)
    ids = [ann.upload(text, list="marks")["id"] for text in ("1", "2", "3")]
    move = {"ids": [ids[2]], "list": "marks", "rank": 0.5}
    assert client.ask("move_entries", move)["ok"]
    assert [row["number"] for row in export(ann, list="marks")] == ["3", "1", "2"]
    assert [row["number"] for row in export(ann, list="marks", search="2")] == ["2"]
    assert [row["number"] for row in export(ann)] == ["1", "2", "3"]


def test_long_exports_hold_every_number_once(ann: Browser, connect: Callable[..., Client]) -> None:
    client, image = connect(headers=ann.cookie), png("7")
    ids = [
        client.ask("save", {"drawing": str(uuid4()), "image": image, "list": "long"})["entry"]["id"]
        for _ in range(BATCH + 3)
    ]
    assert [row["id"] for row in export(ann)] == ids
    assert [row["id"] for row in export(ann, list="long")] == ids


def test_export_obeys_filters(ann: Browser, entries: list[dict[str, Any]]) -> None:
    correct(ann, entries[0]["id"], "9")
    assert [row["number"] for row in export(ann, search="40")] == ["407"]
    assert [row["number"] for row in export(ann, corrected="true")] == ["9"]
    assert [row["number"] for row in export(ann, made_from=entries[0]["timestamp"])] == ["9"]
    assert export(ann, list="none") == export(ann, input_type="canvas") == []
    assert ann.http.get("/api/export.xlsx", params={"mine": "x"}).status_code == 400


def test_guest_exports_a_list_of_this_browser(guest: Browser, open_browser: Open) -> None:
    other = open_browser()
    for browser, text in ((guest, "1"), (other, "2")):
        browser.upload(text, list="marks")
    assert [row["number"] for row in export(guest, list="marks", mine="true")] == ["1"]
    assert [row["number"] for row in export(other, list="marks")] == ["2"]
    assert {row["list"] for row in export(other)} >= {"marks"}


def export_chosen(browser: Browser, *ids: str) -> Table:
    """Return the rows of a CSV export of entries; the workbook must show the same."""
    given = {"ids": ids}
    csv, xlsx = (browser.http.post(f"/api/export.{suffix}", json=given) for suffix in TYPES)
    assert csv.headers["Content-Type"] == TYPES["csv"]
    assert '.xlsx"' in xlsx.headers["Content-Disposition"]
    rows = read_csv(csv.content)
    assert rows == read_xlsx(xlsx.content)
    return rows


def test_chosen_entries_are_exported_once_in_their_order(ann: Browser) -> None:
    one, _, three = (ann.upload(text)["id"] for text in ("1", "2", "3\n4"))
    rows = export_chosen(ann, three, one, three)
    assert [row["number"] for row in rows] == ["3", "4", "1"]


def test_thousand_chosen_entries_are_exported(ann: Browser, connect: Callable[..., Client]) -> None:
    client, image = connect(headers=ann.cookie), png("7")
    ids = [
        client.ask("save", {"drawing": str(uuid4()), "image": image})["entry"]["id"]
        for _ in range(BATCH + 3)
    ]
    gone = [str(uuid4()) for _ in range(1_000 - len(ids))]
    assert [row["id"] for row in export_chosen(ann, *gone[:500], *ids, *gone[500:])] == ids


def test_foreign_private_entries_are_not_in_the_file(
    ann: Browser, guest: Browser, open_browser: Open
) -> None:
    private, public = ann.upload("407")["id"], guest.upload("7")["id"]
    other_guest, other_account = open_browser(), open_browser().sign_up()
    assert [row["id"] for row in export_chosen(other_guest, private, public)] == [public]
    assert export_chosen(other_account, private, public) == []


@pytest.mark.parametrize("ids", [[], ["7"], [str(uuid4())] * 10_001], ids=["none", "no id", "many"])
def test_export_without_ids_or_with_too_many_is_refused(ann: Browser, ids: list[str]) -> None:
    answer = ann.http.post("/api/export.csv", json={"ids": ids})
    assert answer.json()["error"]["code"] == "invalid_payload"
    assert answer.status_code == 400


def test_export_for_another_session_is_refused(guest: Browser) -> None:
    headers = {"Live-Digits-Owner": "somebody"}
    answer = guest.http.post("/api/export.csv", json={"ids": [str(uuid4())]}, headers=headers)
    assert answer.json()["error"]["code"] == "sign_in_required"


@pytest.mark.parametrize(
    "text", ["-12.5", "+4", "3,50", "24/12", "7:45", "-5+3", "20%", "1\t-2\n3\t4"], ids=repr
)
def test_zip_holds_the_text_that_was_written(ann: Browser, text: str) -> None:
    correct(ann, ann.upload()["id"], text)
    with open_archive(ann) as archive:
        table = io.StringIO(archive.read("entries.csv").decode(), newline="")
        [row] = csv.DictReader(table)
        assert row["corrected"] == text
        assert json.loads(archive.read("entries.jsonl"))["corrected"] == text


@pytest.mark.parametrize("formula", ["=1+1", "@1", "+A1", '-"1"', "+1|2", "-(1)", "−1"])
def test_text_that_calls_or_refers_cannot_be_entered(guest: Browser, formula: str) -> None:
    path = f"/api/predictions/{guest.upload()['id']}"
    assert guest.http.patch(path, json={"text": formula}).status_code == 400


def test_zip_holds_only_own_entries_and_images(ann: Browser, entries: list[dict[str, Any]]) -> None:
    with open_archive(ann) as archive:
        assert archive.testzip() is None
        images = {f"images/{entry['id']}.webp" for entry in entries}
        assert set(archive.namelist()) == images | {
            "entries.csv", "entries.jsonl", "strokes.jsonl", "examples.jsonl", "account.json",
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
