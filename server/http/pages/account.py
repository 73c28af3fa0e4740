"""The account page and its forms."""

from __future__ import annotations

from typing import Any

from flask import request

from server.accounts.identity import Identity
from server.accounts.service import AccountService
from server.accounts.visitor import account_viewer
from server.contract import parse_id
from server.errors import DigitsError
from server.http.pages.caching import kept_for_back
from server.http.pages.forms import (
    ChangePasswordForm,
    ConfirmForm,
    DeleteAccountForm,
    NewTokenForm,
)
from server.http.pages.new_tokens import NewToken, NewTokens
from server.http.pages.submit import PageResponse, limit_sign_ins, redirect, render, validate
from server.limits.rate_limits import RateLimits

MAX_SHOWN = 100  # lines of the log; the download has them all
FIRST_SHOWN = 5  # before the others are asked for


class AccountPages:
    """Sessions, tokens, password and deletion. Every view raises SignInRequired for a guest."""

    def __init__(
        self, identity: Identity, accounts: AccountService, rate_limits: RateLimits
    ) -> None:
        self._identity = identity
        self._accounts = accounts
        self._rate_limits = rate_limits
        self._new_tokens = NewTokens()

    def account(self) -> PageResponse:
        """Show the account, and a token that was just created, once."""
        session = self._identity.require_session()
        token = self._new_tokens.take(session.id)
        page = self._render(new_token=token)
        return page if token else kept_for_back(page)

    def change_password(self) -> PageResponse:
        """Change the password, and end all other sessions, and the tokens unless they are kept."""
        session, form = self._identity.require_session(), ChangePasswordForm()
        name, source = session.user_name, self._identity.source_of(session)
        limit_sign_ins(self._rate_limits, source, name)
        try:
            validate(form)
            self._accounts.authenticate(name, form.password.data, source)
            self._accounts.change_password(
                name, form.new_password.data, source, session.id, form.keep_tokens.data
            )
        except DigitsError as error:
            return self._render(error, password_form=form)
        self._identity.remember_browser(name)
        return _redirect_done("password-alone" if form.keep_tokens.data else "password")

    def create_token(self) -> PageResponse:
        """Create a token, which the account page then shows once."""
        session, form = self._identity.require_session(), NewTokenForm()
        source = self._identity.source_of(session)
        try:
            validate(form)
            label = form.label.data
            secret = self._accounts.open_key(session.user_name, "token", label, source)
        except DigitsError as error:
            return self._render(error, token_form=form)
        self._new_tokens.put(session.id, NewToken(label, secret))
        return redirect("/account")

    def end_key(self, id: str) -> PageResponse:
        """End another session, or revoke a token."""
        session = self._identity.require_session()
        source = self._identity.source_of(session)
        try:
            validate(ConfirmForm())
            ended = self._accounts.end_key(session.user_name, parse_id(id), source)
        except DigitsError as error:
            return self._render(error)
        return _redirect_done(ended.kind) if ended else redirect("/account")

    def end_sessions(self) -> PageResponse:
        """End all other sessions; only this browser still counts as known."""
        session = self._identity.require_session()
        source = self._identity.source_of(session)
        try:
            validate(ConfirmForm())
            self._accounts.end_sessions(session.user_name, source, session.id)
        except DigitsError as error:
            return self._render(error)
        self._identity.remember_browser(session.user_name)
        return _redirect_done("sessions")

    def delete(self) -> PageResponse:
        """Delete the account with its history."""
        session, form = self._identity.require_session(), DeleteAccountForm()
        name, source = session.user_name, self._identity.source_of(session)
        limit_sign_ins(self._rate_limits, source, name)
        try:
            validate(form)
            self._accounts.authenticate(name, form.password.data, source)
            self._accounts.delete(name)
        except DigitsError as error:
            return self._render(error, delete_form=form)
        self._identity.clear_cookie()
        return redirect("/signed-out?done=deleted")

    def _render(self, error: DigitsError | None = None, **context: Any) -> PageResponse:
        session = self._identity.require_session()
        keys = self._accounts.keys(session.user_name)
        defaults = {
            "password_form": ChangePasswordForm(formdata=None),
            "token_form": NewTokenForm(formdata=None),
            "delete_form": DeleteAccountForm(formdata=None),
            "viewer": account_viewer(session.user_name),
            "user": self._accounts.user(session.user_name),
            "this_session": session.id,
            "sessions": [key for key in keys if key.kind == "session"],
            "tokens": [key for key in keys if key.kind == "token"],
            "first_shown": FIRST_SHOWN,
            "log": self._accounts.log(session.user_name)[:MAX_SHOWN],
            "done": request.args.get("done"),
        }
        return render("account.html", error, **(defaults | context))


def _redirect_done(what: str) -> PageResponse:
    """Redirect to the account page, which then says what was done."""
    return redirect(f"/account?done={what}")
