"""All routes of the pages, as values."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from flask import Flask

from server.accounts.identity import Identity, client_address
from server.accounts.service import AccountService
from server.http.pages.account import AccountPages
from server.http.pages.learned import LearnedPages
from server.http.pages.operator import OperatorPages
from server.http.pages.printing import PrintPage
from server.http.pages.public import PublicPages
from server.http.pages.sign_in import SignInPages
from server.limits.rate_limits import RateLimit, RateLimits
from server.services.operations import Services

GET = ("GET",)
POST = ("POST",)


@dataclass(frozen=True)
class PageRoute:
    """A route: its path, view and methods.

    `limit` is the rate limit of every request, None for a view that has no need of one or limits
    its visitors itself. `password` if anyone may POST a password to it.
    """

    path: str
    view: Callable[..., Any]
    methods: tuple[str, ...] = GET
    limit: RateLimit | None = RateLimit.PAGES
    password: bool = False


def page_routes(
    identity: Identity,
    accounts: AccountService,
    services: Services,
    rate_limits: RateLimits,
    operator: OperatorPages,
) -> tuple[PageRoute, ...]:
    """Return the routes of all pages."""
    public = PublicPages(identity, services.history, rate_limits)
    printing = PrintPage(identity, services.history, rate_limits)
    sign_in = SignInPages(identity, accounts, services.history, rate_limits)
    account = AccountPages(identity, accounts, rate_limits)
    learned = LearnedPages(identity, services.learning)
    return (
        PageRoute("/", public.draw),
        PageRoute("/history", public.history),
        PageRoute("/statistics", public.statistics),
        PageRoute("/review", public.review),
        PageRoute("/history/print", printing.print_history, limit=None),
        PageRoute("/learned", learned.learned),
        PageRoute("/learned/<id>/<position>/forget", learned.forget, POST, RateLimit.CHANGES),
        PageRoute("/learned/forget", learned.forget_all, POST, RateLimit.CHANGES),
        PageRoute("/learned/switch", learned.switch, POST, RateLimit.CHANGES),
        PageRoute("/learned/contribute", learned.contribute, POST, RateLimit.CHANGES),
        PageRoute("/images/<id>", public.image, limit=None),
        PageRoute("/healthz", operator.healthz, limit=None),
        PageRoute("/readyz", operator.readyz, limit=RateLimit.CHANGES),
        PageRoute("/metrics", operator.metrics, limit=None),
        PageRoute("/status", operator.status, limit=None),
        PageRoute("/sign-up", sign_in.sign_up, GET + POST, password=True),
        PageRoute("/sign-in", sign_in.sign_in, GET + POST, password=True),
        PageRoute("/sign-out", sign_in.sign_out, POST),
        PageRoute("/signed-out", sign_in.signed_out),
        PageRoute("/account", account.account),
        PageRoute("/account/password", account.change_password, POST),
        PageRoute("/account/tokens", account.create_token, POST, RateLimit.CHANGES),
        PageRoute("/account/keys/<id>/end", account.end_key, POST, RateLimit.CHANGES),
        PageRoute("/account/sessions/end", account.end_sessions, POST, RateLimit.CHANGES),
        PageRoute("/account/delete", account.delete, POST),
    )


def password_paths(routes: Iterable[PageRoute]) -> frozenset[str]:
    """Return the paths to which anyone may POST a password, to be guarded against floods."""
    return frozenset(route.path for route in routes if route.password)


def register_pages(
    app: Flask, routes: Iterable[PageRoute], identity: Identity, rate_limits: RateLimits
) -> None:
    """Add the routes to the application; an endpoint has the name of its view."""
    for route in routes:
        view = (
            _limited(route.view, route.limit, identity, rate_limits) if route.limit else route.view
        )
        app.add_url_rule(route.path, view_func=view, methods=route.methods)


def _limited(
    view: Callable[..., Any], limit: RateLimit, identity: Identity, rate_limits: RateLimits
) -> Callable[..., Any]:
    """Return a view that counts against the address, and the account that is signed in."""

    @wraps(view)
    def limited(**ids: str) -> Any:
        rate_limits.refuse_empty(limit, client_address())
        session = identity.session()
        rate_limits.throttle(limit, client_address(), session.user_name if session else None)
        return view(**ids)

    return limited
