"""Imports on the history page: the ZIP that was downloaded there, and labelled pictures."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import FilePayload, Page, Route, expect

from tests.archives import locked, make_zip
from tests.browser.accounts import sign_up
from tests.browser.conftest import OpenPage
from tests.browser.test_history import ENTRY
from tests.browser.test_weight import hold
from tests.pictures import png

OUTCOME = "#import-outcome"


def zip_file(content: bytes) -> FilePayload:
    return {"name": "digits.zip", "mimeType": "application/zip", "buffer": content}


def open_dialog(page: Page) -> None:
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.get_by_role("dialog", name="Import")).to_be_visible()


def import_zip(page: Page, content: bytes) -> None:
    page.get_by_label("Choose a ZIP").set_input_files(zip_file(content))


def texts(page: Page) -> list[str]:
    return page.locator(f"{ENTRY} .text").all_inner_texts()


def labelled(count: int) -> bytes:
    return make_zip({f"7/{size}.png": png("7", digit_px=40 + size) for size in range(count)})


def test_download_comes_back_in_another_account(open_page: OpenPage) -> None:
    first = open_page("/history")
    sign_up(first)
    ids = []
    for text in ("1", "7", "4"):
        answer = first.request.post("/api/predictions", data=png(text))
        ids.append(answer.json()["entry"]["id"])
    assert first.request.patch(f"/api/predictions/{ids[0]}", data={"text": "-12"}).ok
    first.goto("/history")
    expect(first.locator(ENTRY)).to_have_count(3)
    with first.expect_download() as download:
        first.get_by_role("link", name="ZIP").click()
    archive = download.value.path().read_bytes()

    second = open_page("/history")
    sign_up(second)
    second.goto("/history")
    open_dialog(second)
    import_zip(second, archive)
    expect(second.locator(OUTCOME)).to_have_text("3 readings added.")
    import_zip(second, archive)
    expect(second.locator(OUTCOME)).to_have_text("0 readings added, 3 were there already.")
    second.get_by_role("button", name="Close").click()
    expect(second.locator(ENTRY)).to_have_count(3)
    assert texts(second) == texts(first) == ["4", "7", "-12"]


def test_folder_of_pictures_is_imported(open_page: OpenPage, tmp_path: Path) -> None:
    folder = tmp_path / "digits"
    for name, content in {"7/a.png": png("7"), "12/b.png": png("4"), "x/c.png": png("1")}.items():
        (folder / name).parent.mkdir(parents=True)
        (folder / name).write_bytes(content)
    page = open_page("/history")
    open_dialog(page)
    page.get_by_label("Choose a folder").set_input_files(folder)
    expect(page.locator(OUTCOME)).to_have_text("2 readings added, 1 could not be imported.")
    page.get_by_text("Which, and why").click()
    expect(page.locator("#import-refused li")).to_contain_text("digits/x/c.png: It has no label.")
    assert sorted(texts(page)) == ["12", "7"]


def test_import_goes_on_in_parts_through_a_server_that_is_away(
    open_page: OpenPage,
) -> None:
    page = open_page("/history")
    sent: list[str] = []

    def fail_once(route: Route) -> None:
        sent.append(route.request.url)
        if len(sent) == 2:
            return route.abort("connectionrefused")
        return route.fallback()

    page.route("**/api/import", fail_once)
    open_dialog(page)
    import_zip(page, labelled(30))
    expect(page.locator(OUTCOME)).to_have_text("30 readings added.")
    assert len(sent) == 3
    assert page.request.get("/api/count").json()["count"] == 30


def test_import_that_was_stopped_can_go_on(open_page: OpenPage) -> None:
    page = open_page("/history")
    held = list[Route]()
    page.route("**/api/import", hold(held))
    open_dialog(page)
    import_zip(page, labelled(30))
    expect(page.locator("#import-state")).to_have_text("0 of 30")
    page.get_by_role("button", name="Stop").click()
    page.wait_for_function("() => document.querySelector('#import-close').disabled")
    held[0].continue_()
    page.unroute("**/api/import")
    expect(page.locator(OUTCOME)).to_have_text(
        "25 readings added, 5 are left. To go on, import the same again."
    )
    import_zip(page, labelled(30))
    expect(page.locator(OUTCOME)).to_have_text("5 readings added, 25 were there already.")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"no ZIP", "This file is not a ZIP. Choose one that ends with .zip."),
        (make_zip({}), "There is nothing to import: no reading and no picture."),
        (locked(), "The ZIP has a password. Make one without."),
        (make_zip({"7/../../a.png": b"7"}), "lie outside of it"),
    ],
    ids=["no ZIP", "empty", "password", "path"],
)
def test_bad_zip_is_refused_with_a_sentence(
    open_page: OpenPage, content: bytes, sentence: str
) -> None:
    page = open_page("/history")
    open_dialog(page)
    import_zip(page, content)
    expect(page.locator(OUTCOME)).to_contain_text(sentence)
    expect(page.locator(ENTRY)).to_have_count(0)


def test_labels_are_downloaded_as_arrays(open_page: OpenPage) -> None:
    page = open_page("/history")
    open_dialog(page)
    import_zip(page, labelled(3))
    expect(page.locator(OUTCOME)).to_have_text("3 readings added.")
    page.get_by_role("button", name="Close").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="NPZ").click()
    assert download.value.suggested_filename.endswith(".npz")
    content = download.value.path().read_bytes()
    assert np.load(io.BytesIO(content))["labels"].tolist() == [7, 7, 7]
