"""Signing up, in and out on the pages."""

from __future__ import annotations

from uuid import uuid4

from playwright.sync_api import Page, expect

from tests.browser.conftest import expect_connected

PASSWORD = "a sentence of mine"


def sign_up(page: Page, name: str = "") -> str:
    """Sign up on the page; return the name."""
    name = name or f"user-{uuid4().hex[:8]}"
    page.goto("/sign-up")
    _fill_in(page, name)
    page.get_by_role("button", name="Sign up").click()
    expect(page.locator("#account-toggle")).to_be_visible()
    expect_connected(page)
    return name


def sign_in(page: Page, name: str) -> None:
    page.goto("/sign-in")
    _fill_in(page, name)
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator("#account-toggle")).to_be_visible()
    expect_connected(page)


def sign_out(page: Page) -> None:
    page.locator("#account-toggle").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.locator("#sign-in")).to_be_visible()
    expect_connected(page)


def _fill_in(page: Page, name: str) -> None:
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
