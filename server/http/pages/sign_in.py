"""Pages to sign up, sign in and sign out."""

from __future__ import annotations

from flask import request

from server.accounts.identity import Identity, request_source
from server.accounts.records import Event
from server.accounts.service import AccountService
from server.accounts.visitor import account_viewer
from server.errors import DigitsError, Forbidden
from server.history.access import Viewer
from server.http.pages.forms import ConfirmForm, SignInForm, SignUpForm
from server.http.pages.submit import PageResponse, limit_sign_ins, redirect, render, validate
from server.limits.rate_limits import RateLimits
from server.services.history import HistoryService


class SignInPages:
    """Sign-up, sign-in and sign-out. Visitors who are signed in are sent to their account."""

    def __init__(
        self,
        identity: Identity,
        accounts: AccountService,
        history: HistoryService,
        rate_limits: RateLimits,
    ) -> None:
        self._identity = identity
        self._accounts = accounts
        self._history = history
        self._rate_limits = rate_limits

    def sign_up(self) -> PageResponse:
        """Show the sign-up form, or create the account and sign in."""
        if not self._identity.guests_allowed:
            raise Forbidden("Sign-up is disabled. Ask the administrator for an account.")
        if self._identity.session():
            return redirect("/account")
        guest = self._identity.page_visitor().viewer
        form = SignUpForm(take_along=request.method != "POST")
        if request.method != "POST":
            return self._render_sign_up(form, guest)
        limit_sign_ins(self._rate_limits, request_source())
        try:
            validate(form)
            self._create_account(form, guest)
        except DigitsError as error:
            return self._render_sign_up(form, guest, error)
        return redirect(_next_path())

    def sign_in(self) -> PageResponse:
        """Show the sign-in form, or open a session."""
        if self._identity.session():
            return redirect("/account")
        form = SignInForm()
        if request.method != "POST":
            return self._render_sign_in(form)
        name = form.username.data or ""
        source = self._identity.source_for(name)
        limit_sign_ins(self._rate_limits, source, name)
        try:
            validate(form)
            user = self._accounts.authenticate(name, form.password.data, source)
            self._identity.sign_in(user.name, form.remember.data)
        except DigitsError as error:
            return self._render_sign_in(form, error)
        return redirect(_next_path())

    def sign_out(self) -> PageResponse:
        """End the session. Raises InvalidPayload for a form without its CSRF token."""
        validate(ConfirmForm())
        self._identity.sign_out()
        return redirect("/")

    def signed_out(self) -> PageResponse:
        """Tell whoever was signed in on an open page that the session has ended."""
        if self._identity.session():
            return redirect(_next_path())
        guests_allowed = self._identity.guests_allowed
        return render("signed-out.html", guests_allowed=guests_allowed, next_path=_next_path())

    def _create_account(self, form: SignUpForm, guest: Viewer) -> None:
        name, source = form.username.data, request_source()
        self._accounts.sign_up(name, form.password.data, form.email.data or None, source)
        self._identity.sign_in(name, form.remember.data)
        if form.take_along.data:
            count = self._history.take_along(guest, account_viewer(name))
            if count:
                self._accounts.note(name, Event("taken_along", times=count), source)

    def _render_sign_up(
        self, form: SignUpForm, guest: Viewer, error: DigitsError | None = None
    ) -> PageResponse:
        own_entries = self._history.count_own(guest)
        return render("sign-up.html", error, form=form, viewer=guest, own_entries=own_entries)

    def _render_sign_in(self, form: SignInForm, error: DigitsError | None = None) -> PageResponse:
        guests_allowed = self._identity.guests_allowed
        return render("sign-in.html", error, form=form, guests_allowed=guests_allowed)


def _next_path() -> str:
    """Return the path to continue at. A link may name a path of this server only."""
    path = request.args.get("next", "")
    is_local = path.startswith("/") and path[1:2] not in ("/", "\\") and path.isprintable()
    return path if is_local else "/"
