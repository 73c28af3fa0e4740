"""The history as a table for paper."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest

from server.app import create_app
from server.http.pages import printing
from server.settings import Settings
from tests.pictures import png
from tests.wire.accounts import Browser, Open

HTML = {"Accept": "text/html"}


def printed(browser: Browser, **filter: str) -> list[list[str]]:
    """Return the cells of each row."""
    page = browser.http.get("/history/print", params=filter, headers=HTML)
    assert page.status_code == 200
    rows = re.findall(r"<tr>\s*<td.*?</tr>", page.text, re.DOTALL)
    cells = [re.findall(r"<td[^>]*>(.*?)</td>", row, re.DOTALL) for row in rows]
    return [[unescape(re.sub(r"<[^>]+>", "", cell)) for cell in row] for row in cells]


def numbers(browser: Browser, **filter: str) -> list[str]:
    return [number for number, *_ in printed(browser, **filter)]


def test_table_holds_text_certainty_time_and_list(ann: Browser) -> None:
    entry = ann.upload("407\n7", list="Bench <3>")
    shares = [f"{min(int(line['confidence'] * 100), 99)}%" for line in entry["reading"]["lines"]]
    time = f"{entry['timestamp'][:10]} {entry['timestamp'][11:16]} UTC"
    assert printed(ann) == [["407\n7", "\n".join(shares), time, "Bench <3>"]]


def test_ink_that_is_no_digit_is_not_sure(ann: Browser) -> None:
    ann.upload("7A")
    [[number, certainty, *_]] = printed(ann)
    assert (number, certainty.split(", ")[1]) == ("7?", "not sure")


@pytest.mark.parametrize(("text", "state"), [("401", "corrected"), ("407", "checked")])
def test_table_holds_final_values(ann: Browser, text: str, state: str) -> None:
    path = f"/api/predictions/{ann.upload('407')['id']}"
    assert ann.http.patch(path, json={"text": text}).status_code == 200
    [[number, certainty, *_]] = printed(ann)
    assert (number, certainty) == (text, state)


def test_table_obeys_the_filters_newest_first(ann: Browser) -> None:
    for text in ("1", "407", "70"):
        ann.upload(text)
    assert numbers(ann) == ["70", "407", "1"]
    assert numbers(ann, search="0", input_type="upload") == ["70", "407"]
    assert numbers(ann, corrected="true") == []


def test_table_holds_what_the_visitor_sees(
    guest: Browser, ann: Browser, open_browser: Open
) -> None:
    ann.upload("4072")
    guest.upload("1037")
    other = open_browser()
    assert "1037" in numbers(other)
    assert "4072" not in numbers(other)
    assert numbers(other, mine="true") == []


def test_filter_with_a_fault_is_refused_on_a_page(guest: Browser) -> None:
    page = guest.http.get("/history/print", params={"mine": "x"}, headers=HTML)
    assert page.status_code == 400
    assert "Expected `bool`, got `str` at `mine`." in unescape(page.text)


def test_long_table_is_cut_and_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(printing, "MAX_PRINTED", 2)
    server = create_app(Settings(data_dir=tmp_path, async_mode="threading"))
    client = server.app.test_client()
    for text in ("1", "2", "4"):
        client.post("/api/predictions", data=png(text), content_type="image/png")
    page = client.get("/history/print", headers=HTML).text
    server.stop()
    assert page.count('class="number"') == 2
    assert "<h1>2 readings, newest first</h1>" in page
    assert "These are the newest of 3." in page
