"""Exports as LibreOffice shows them (scripts/spreadsheets.py; test.py does not collect this)."""

from __future__ import annotations

import csv
import subprocess
from decimal import Decimal
from pathlib import Path

import pytest

from tests.wire.accounts import Browser
from tests.wire.tables import EXACT, LISTS, OTHERS, Table, read_csv

TIMEOUT_S = 120
# Separator, quote, UTF-8, first line, formats, language, whether texts are quoted, whether dates
# are found. What is written holds the cells as they are shown, not formulas.
LAYOUT = "44,34,76,1,,0,false,true"
AS_SHOWN = f"csv:Text - txt - csv (StarCalc):{LAYOUT},true,false"
READ = {"csv": f"CSV:{LAYOUT}", "xlsx": "Calc MS Excel 2007 XML"}
UNCHANGED = ["list", "line", "cell", "source", "corrected", "id"]


@pytest.fixture
def written(ann: Browser) -> Table:
    """Return the rows of entries that ann makes, one of all numbers and one for each list."""
    everything = ann.upload("407")
    path = f"/api/predictions/{everything['id']}"
    text = "\n".join(EXACT + OTHERS)
    assert ann.http.patch(path, json={"text": text}).status_code == 200
    for name in LISTS:
        ann.upload("7", list=name)
    rows = read_csv(ann.http.get("/api/export.csv").content)
    assert len(rows) == len(EXACT + OTHERS + LISTS)
    return rows


def shown(ann: Browser, suffix: str, folder: Path) -> Table:
    """Return an export's rows as LibreOffice shows them."""
    file = folder / f"export.{suffix}"
    file.write_bytes(ann.http.get(f"/api/export.{suffix}").content)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    output = folder / "shown"
    command = [
        *("soffice", profile, "--headless", f"--infilter={READ[suffix]}"),
        *("--convert-to", AS_SHOWN, "--outdir", str(output), str(file)),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=TIMEOUT_S)
    with (output / "export.csv").open(newline="") as table:
        return [*csv.DictReader(table)]


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_other_columns_are_shown_as_written(
    ann: Browser, written: Table, suffix: str, tmp_path: Path
) -> None:
    rows = shown(ann, suffix, tmp_path)
    for column in UNCHANGED:
        assert [row[column] for row in rows] == [row[column] for row in written]


def test_workbook_shows_numbers_as_written(ann: Browser, written: Table, tmp_path: Path) -> None:
    rows = shown(ann, "xlsx", tmp_path)
    for column in ("number", "read_as"):
        assert [row[column] for row in rows] == [row[column] for row in written]
    assert {row["written"] for row in rows} == {
        row["written"][:19].replace("T", " ") for row in written
    }
    assert rows[-1]["certainty"] == f"{Decimal(written[-1]['certainty']):.0%}"


def test_csv_shows_exact_numbers_and_texts(ann: Browser, written: Table, tmp_path: Path) -> None:
    numbers = [row["number"] for row in shown(ann, "csv", tmp_path)]
    exact, others = numbers[: len(EXACT)], numbers[len(EXACT) :]
    assert [*map(Decimal, exact)] == [*map(Decimal, EXACT)]
    assert others == [row["number"] for row in written[len(EXACT) :]]
