"""Many entries of the history, selected and then deleted, moved or copied at once."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.test_history import ENTRY, upload
from tests.conftest import ServerProcess
from tests.pictures import png
from tests.wire.tables import Table, read_csv, read_xlsx

TEXTS = ["1", "2", "4", "7", "0"]  # from new to old


@pytest.fixture
def history(server: ServerProcess, open_page: OpenPage) -> Page:
    """A history of five entries of this browser and one of another."""
    page = open_page("/history")
    upload(server, "71")
    for text in reversed(TEXTS):
        answer = page.request.post("/api/predictions", data=png(text))
        assert answer.ok
    expect(page.locator(ENTRY)).to_have_count(6)
    page.get_by_role("button", name="Select", exact=True).click()
    return page


def box(page: Page, text: str) -> Locator:
    return page.get_by_role("checkbox", name=f"Select {text}", exact=True)


def texts(page: Page) -> Locator:
    return page.locator(f"{ENTRY}:visible .text")


def test_range_is_deleted_and_restored(history: Page) -> None:
    box(history, "2").check()
    box(history, "7").click(modifiers=["Shift"])
    expect(history.locator("#selected")).to_have_text("3 selected")
    history.locator("#select-delete").click()
    expect(texts(history)).to_have_text(["1", "0", "71"])
    history.get_by_role("button", name="Undo").click()
    expect(texts(history)).to_have_text([*TEXTS, "71"])


def test_selected_entries_are_deleted_everywhere(history: Page, open_page: OpenPage) -> None:
    elsewhere = open_page("/history")
    history.locator("#select-all").click()
    expect(history.locator("#selected")).to_have_text("5 selected")
    history.locator("#select-delete").click()
    history.goto("/")
    expect(texts(elsewhere)).to_have_text(["71"])


def test_selected_entries_move_to_a_list(history: Page) -> None:
    box(history, "1").check()
    box(history, "0").check()
    history.get_by_label("Name of the list").fill("Bench 3")
    history.get_by_role("button", name="Move").click()
    expect(history.locator("#message")).to_have_text("Moved 2 readings to “Bench 3”.")
    history.goto("/history?list=Bench+3")
    expect(texts(history)).to_have_text(["1", "0"])
    expect(history.get_by_role("combobox", name="List")).to_have_value("Bench 3")


def test_selected_entries_are_copied_as_shown(history: Page) -> None:
    history.context.grant_permissions(["clipboard-read", "clipboard-write"])
    box(history, "2").check()
    box(history, "1").check()
    history.locator("#select-copy").click()
    expect(history.locator("#message")).to_have_text("Copied 2 readings.")
    assert history.evaluate("navigator.clipboard.readText()") == "1\n2"


@pytest.mark.parametrize(("button", "read"), [("CSV", read_csv), ("Excel", read_xlsx)])
def test_selected_entries_are_downloaded_oldest_first(
    history: Page, button: str, read: Callable[[bytes], Table]
) -> None:
    box(history, "2").check()
    history.get_by_role("link", name="Picture read as 0", exact=True).click()
    with history.expect_download() as download:
        history.locator("#selection").get_by_role("button", name=button).click()
    assert [row["number"] for row in read(download.value.path().read_bytes())] == ["0", "2"]
    assert download.value.suggested_filename.startswith("live-digits-")
    expect(history.locator("#message")).to_have_text("Downloaded 2 readings.")


def test_download_without_a_server_says_so(history: Page) -> None:
    box(history, "2").check()
    history.context.set_offline(True)
    history.locator("#select-csv").click()
    expect(history.get_by_role("alert")).to_have_text("The server did not answer.")


def test_guest_without_an_own_reading_is_told_so(
    server: ServerProcess, open_page: OpenPage
) -> None:
    upload(server, "71")
    page = open_page("/history")
    expect(page.locator(ENTRY)).to_have_count(1)
    page.get_by_role("button", name="Select", exact=True).click()
    expect(page.locator("#message")).to_contain_text("There is no reading of yours to select")
    expect(page.locator("#selection")).to_be_hidden()
