"""Accounts in the browser: private histories, and nothing left after a sign-out."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.accounts import PASSWORD, sign_in, sign_out, sign_up
from tests.browser.conftest import PHONE, OpenPage, expect_connected
from tests.browser.pen_input import Finger, write
from tests.conftest import ServerProcess
from tests.pictures import png
from tests.wire.tables import read_csv, read_xlsx

ENTRY = "[data-entry-id]"
AT_ONCE_MS = 3_000


def test_sign_up_takes_entries_along_to_a_private_history(page: Page, open_page: OpenPage) -> None:
    public = open_page("/history")
    write(page, "407")
    expect(public.locator(f"{ENTRY} .text")).to_have_text("407")
    page.locator("#sign-in").click()
    page.get_by_role("link", name="Sign up").click()
    expect(page.get_by_label("Move the reading")).to_be_checked()
    name = sign_up(page)
    expect(public.locator(ENTRY)).to_have_count(0)
    own = open_page("/history", beside=page)
    expect(own.locator(f"{ENTRY} .text")).to_have_text("407")
    expect(own.locator(".whose")).to_contain_text("Only you can see this history.")
    own.get_by_role("button", name="Correct").click()
    own.locator("[data-entry-id]").get_by_label("What was written").fill("401")
    own.keyboard.press("Enter")
    expect(own.locator(f"{ENTRY} .text")).to_have_text("401")
    page.bring_to_front()
    page.locator("#account-toggle").click()
    expect(page.locator("#account-menu")).to_contain_text(f"Signed in as {name}")


def test_menu_is_below_its_button(open_page: OpenPage) -> None:
    page = open_page(viewport={"width": 1440, "height": 900})
    sign_up(page)
    page.locator("#account-toggle").click()
    button = page.locator("#account-toggle").bounding_box()
    menu = page.locator("#account-menu").bounding_box()
    assert button
    assert menu
    assert menu["x"] < button["x"]
    assert menu["x"] + menu["width"] >= button["x"] + button["width"]


def test_drawing_is_live_on_devices_of_the_same_account_only(
    page: Page, open_page: OpenPage
) -> None:
    name = sign_up(page)
    phone = open_page(**PHONE)
    sign_in(phone, name)
    phone.goto("/history")
    expect_connected(phone)
    public = open_page("/history")
    write(page, "7")
    expect(page.locator("#saved")).to_be_visible()
    expect(phone.locator(f"{ENTRY} .text")).to_have_text("7")
    expect(public.locator("#empty")).to_be_visible()


def test_sign_out_leaves_nothing_for_the_next_person(
    page: Page,
) -> None:
    sign_up(page)
    write(page, "407")
    expect(page.locator("#saved")).to_be_visible()
    page.goto("/history")
    expect(page.locator(ENTRY)).to_have_count(1)
    sign_out(page)
    expect(page.locator(".invitation")).to_be_visible()
    page.go_back()
    expect_connected(page)
    expect(page.locator("#empty")).to_be_visible()


def test_drawing_of_a_guest_stays_public_after_sign_in(page: Page, open_page: OpenPage) -> None:
    other = open_page()
    name = sign_up(other)
    write(page, "7")
    expect(page.locator("#saved")).to_be_visible()
    sign_in(page, name)
    expect(page.locator(".invitation")).to_be_visible()
    write(page, "4")
    expect(page.locator("#saved")).to_be_visible()
    page.goto("/history")
    expect(page.locator(f"{ENTRY} .text")).to_have_text(["4"])


def test_other_tabs_follow_sign_in_and_sign_out(page: Page, open_page: OpenPage) -> None:
    tab = open_page("/history", beside=page)
    sign_up(page)
    expect(tab.locator("#account-toggle")).to_be_visible()
    expect(tab.locator(".whose")).to_contain_text("Only you can see this history.")
    sign_out(page)
    expect(tab.locator("#sign-in")).to_be_visible()


def test_ended_session_signs_out_its_open_page(page: Page, open_page: OpenPage) -> None:
    name = sign_up(page)
    write(page, "7")
    expect(page.locator("#saved")).to_be_visible()
    lost = open_page()
    sign_in(lost, name)
    lost.goto("/history")
    expect(lost.locator(ENTRY)).to_have_count(1)
    page.goto("/account")
    page.locator(".keys").get_by_role("button", name="Sign out").click()
    expect(page.locator(".done")).to_have_text("Signed out.")
    expect(lost.locator("h1")).to_have_text("You are signed out", timeout=AT_ONCE_MS)
    expect(lost.locator(ENTRY)).to_have_count(0)


def test_page_of_an_ended_session_publishes_nothing(
    page: Page, open_page: OpenPage, server: ServerProcess
) -> None:
    public = open_page("/history")
    name = sign_up(page)
    server.stop()
    expect(page.locator("#connection")).to_contain_text("Reconnecting")
    write(page, "7")
    page.context.clear_cookies()
    server.start()
    expect(page.locator("h1")).to_have_text("You are signed out")
    expect(public.locator("#empty")).to_be_visible()
    page.get_by_role("link", name="Sign in").first.click()
    sign_in(page, name)
    page.goto("/history")
    expect(page.locator(f"{ENTRY} .text")).to_have_text("7")
    expect(public.locator("#empty")).to_be_visible()


def test_closed_server_redirects_to_sign_in_and_back(
    serve: Callable[..., ServerProcess], page: Page
) -> None:
    closed = serve(guests="off")
    assert closed.run("users", "create", "ann").startswith("Account ann created.")
    page.goto(f"{closed.url}/history")
    expect(page.get_by_role("heading")).to_have_text("Sign in")
    password = closed.run("users", "reset", "ann").split()[-1]
    page.get_by_label("Name").fill("ann")
    page.get_by_label("Password").fill(password)
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{closed.url}/history")
    expect(page.locator("#empty")).to_be_visible()
    page.goto("about:blank")
    closed.stop()


def test_typed_html_is_shown_as_text(page: Page) -> None:
    trap = "<img src=x onerror=\"document.title='trapped'\">"
    sign_up(page)
    page.goto("/account")
    page.get_by_label("Token name").fill(trap)
    page.get_by_role("button", name="Create token").click()
    expect(page.locator(".keys").last).to_contain_text(trap)
    page.goto(f"/sign-in?next={trap}")
    page.goto("/history?<script>document.title='trapped'</script>")
    assert "trapped" not in page.title()


def test_new_token_is_copied_and_not_made_again_by_a_reload(page: Page) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    sign_up(page)
    page.goto("/account")
    page.get_by_label("Token name").fill("Spreadsheet")
    page.get_by_role("button", name="Create token").click()
    page.get_by_role("button", name="Copy").click()
    expect(page.locator("#copied")).to_have_text("Copied.")
    secret = page.locator("#new-token").text_content()
    assert page.evaluate("navigator.clipboard.readText()") == secret
    page.reload()
    expect(page.locator("#new-token")).to_have_count(0)
    expect(page.get_by_role("button", name="Revoke token Spreadsheet")).to_have_count(1)


def test_account_is_created_and_deleted_by_keyboard(open_page: OpenPage) -> None:
    page = open_page(**PHONE)
    page.goto("/sign-up")
    page.get_by_label("Name").press_sequentially("keyboard-person")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect_connected(page)
    write(page, "7", Finger(page))
    expect(page.locator("#saved")).to_be_visible()
    page.goto("/account")
    page.get_by_label("Password", exact=True).press_sequentially(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Your account is deleted")
    expect(page.locator("#sign-in")).to_be_visible()
    page.goto("/sign-in")
    page.get_by_label("Name").fill("keyboard-person")
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Wrong name or password.")


def test_account_page_downloads_all_numbers(page: Page) -> None:
    sign_up(page)
    for text in ("407", "1"):
        page.request.post("/api/predictions", data=png(text))
    page.goto("/account")
    for name, read in (("CSV", read_csv), ("Excel", read_xlsx)):
        with page.expect_download() as download:
            page.get_by_role("link", name=f"Numbers ({name})").click()
        rows = read(download.value.path().read_bytes())
        assert [row["number"] for row in rows] == ["407", "1"]


def test_sign_up_without_cookies_says_what_to_do(page: Page) -> None:
    page.goto("/sign-up")
    for _ in range(2):
        page.get_by_label("Name").fill("ada")
        page.get_by_label("Password").fill(PASSWORD)
        page.context.clear_cookies()  # as of a browser that keeps none
        page.get_by_role("button", name="Sign up").click()
        expect(page.get_by_role("alert")).to_contain_text("Allow cookies for this site")
