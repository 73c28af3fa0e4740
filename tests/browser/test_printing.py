"""The table for paper, as the history page opens it."""

from __future__ import annotations

from datetime import UTC, datetime

from playwright.sync_api import expect

from tests.browser.conftest import OpenPage
from tests.browser.test_accessibility import violations
from tests.browser.test_history import ENTRY, upload
from tests.conftest import ServerProcess


def test_print_opens_all_that_match(server: ServerProcess, open_page: OpenPage) -> None:
    upload(server, "407", "1", "70")
    page = open_page("/history?search=7", timezone_id="Asia/Tokyo")
    expect(page.locator(ENTRY)).to_have_count(2)
    with page.expect_popup() as popup:
        page.get_by_role("link", name="Print").click()
    expect(popup.value.locator(".number")).to_have_text(["70", "407"])
    expect(popup.value.get_by_role("heading")).to_have_text("2 readings, newest first")
    time = popup.value.locator("time").first
    expect(time).not_to_contain_text("UTC")  # the page puts it into the zone of the reader
    shown = datetime.strptime(f"{time.text_content()} +0900", "%b %d, %Y, %I:%M %p %z")
    written = datetime.fromisoformat(time.get_attribute("datetime") or "")
    assert shown.astimezone(UTC) == written.replace(second=0, microsecond=0)
    assert violations(popup.value) == []
