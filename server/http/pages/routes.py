"""All routes of the pages, as values."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from flask import Flask

from server.accounts.identity import Identity
from server.accounts.service import AccountService
from server.http.pages.account import AccountPages
from server.http.pages.printing import PrintPage
from server.http.pages.public import PublicPages
from server.http.pages.sign_in import SignInPages
from server.rate_limits import RateLimits
from server.services.history import HistoryService
from server.services.readiness import Readiness

GET = ("GET",)
POST = ("POST",)


@dataclass(frozen=True)
class PageRoute:
    """A route: its path, view and methods; `password` if a POST to it has a password hashed."""

    path: str
    view: Callable[..., Any]
    methods: tuple[str, ...] = GET
    password: bool = False


def page_routes(
    identity: Identity,
    accounts: AccountService,
    history: HistoryService,
    rate_limits: RateLimits,
    readiness: Readiness,
) -> tuple[PageRoute, ...]:
    """Return the routes of all pages."""
    public = PublicPages(identity, history, readiness)
    printing = PrintPage(identity, history, rate_limits)
    sign_in = SignInPages(identity, accounts, history, rate_limits)
    account = AccountPages(identity, accounts, rate_limits)
    return (
        PageRoute("/", public.draw),
        PageRoute("/history", public.history),
        PageRoute("/history/print", printing.print_history),
        PageRoute("/images/<id>", public.image),
        PageRoute("/healthz", public.healthz),
        PageRoute("/readyz", public.readyz),
        PageRoute("/sign-up", sign_in.sign_up, GET + POST, password=True),
        PageRoute("/sign-in", sign_in.sign_in, GET + POST, password=True),
        PageRoute("/sign-out", sign_in.sign_out, POST),
        PageRoute("/signed-out", sign_in.signed_out),
        PageRoute("/account", account.account),
        PageRoute("/account/password", account.change_password, POST, password=True),
        PageRoute("/account/tokens", account.create_token, POST),
        PageRoute("/account/keys/<id>/end", account.end_key, POST),
        PageRoute("/account/delete", account.delete, POST, password=True),
    )


def password_paths(routes: Iterable[PageRoute]) -> frozenset[str]:
    """Return the paths whose POST has a password hashed, to be guarded against floods."""
    return frozenset(route.path for route in routes if route.password)


def register_pages(app: Flask, routes: Iterable[PageRoute]) -> None:
    """Add the routes to the application; an endpoint has the name of its view."""
    for route in routes:
        app.add_url_rule(route.path, view_func=route.view, methods=route.methods)
