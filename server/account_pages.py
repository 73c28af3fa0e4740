"""HTTP: the pages on which people sign up, sign in and look after their account."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import flask
from flask import Flask, request
from werkzeug.wrappers import Response

from server.accounts.devices import name_device
from server.accounts.forms import (
    ChangePassword,
    Confirm,
    DeleteAccount,
    NewToken,
    SignIn,
    SignUp,
    first_error,
)
from server.accounts.identity import Identity, account_viewer, client_address
from server.accounts.members import Members
from server.connections import Connections
from server.errors import DigitsError, Forbidden, InvalidPayload
from server.feed import Feed
from server.history.access import Viewer
from server.history.tables import LONGEST_NAME
from server.payloads import parse_id
from server.rates import Rates

Form = Any
Answer = tuple[str, int] | Response
FORM = ["GET", "POST"]


class AccountPages:
    """Views that answer a form with the page to go on to, or with what is wrong with the form."""

    def __init__(
        self,
        identity: Identity,
        members: Members,
        feed: Feed,
        connections: Connections,
        rates: Rates,
    ) -> None:
        self._identity = identity
        self._members = members
        self._feed = feed
        self._connections = connections
        self._rates = rates

    def register(self, app: Flask) -> None:
        for path, view, methods in (
            ("/sign-up", self.sign_up, FORM),
            ("/sign-in", self.sign_in, FORM),
            ("/sign-out", self.sign_out, ["POST"]),
            ("/account", self.account, ["GET"]),
            ("/account/password", self.change_password, ["POST"]),
            ("/account/tokens", self.make_token, ["POST"]),
            ("/account/keys/<id>/end", self.end_key, ["POST"]),
            ("/account/delete", self.delete, ["POST"]),
        ):
            app.add_url_rule(path, view_func=view, methods=methods)
        app.context_processor(lambda: {"confirm": Confirm})
        app.add_template_filter(name_device, "device")

    def sign_up(self) -> Answer:
        if not self._identity.guests_allowed:
            raise Forbidden("Accounts are made by whoever runs this server. Ask for one there.")
        if self._identity.session():
            return flask.redirect("/account", 303)
        guest = self._identity.page_visitor().viewer
        form = SignUp(take_along=request.method == "GET")
        error = self._try_password(form, form.username.data, lambda: self._sign_up(form, guest))
        if error or request.method == "GET":
            made = self._feed.count_own(guest)
            return _page("sign-up.html", error, form=form, viewer=guest, made=made)
        return flask.redirect(_next(), 303)

    def sign_in(self) -> Answer:
        if self._identity.session():
            return flask.redirect("/account", 303)
        form = SignIn()
        error = self._try_password(form, form.username.data, lambda: self._sign_in(form))
        if error or request.method == "GET":
            guests_allowed = self._identity.guests_allowed
            return _page("sign-in.html", error, form=form, guests_allowed=guests_allowed)
        return flask.redirect(_next(), 303)

    def sign_out(self) -> Answer:
        error = self._submit(Confirm(), self._sign_out)
        if error:
            raise error
        return flask.redirect("/", 303)

    def account(self) -> Answer:
        return self._account()

    def change_password(self) -> Answer:
        key, form = self._identity.member(), ChangePassword()

        def change() -> None:
            self._members.sign_in(key.user_name, form.password.data)
            self._members.change_password(key.user_name, form.new_password.data, key.id)
            self._connections.close_ended()

        error = self._try_password(form, key.user_name, change)
        return self._account(error, password_form=form) if error else _done("password")

    def make_token(self) -> Answer:
        key, form = self._identity.member(), NewToken()
        made: list[str] = []

        def make() -> None:
            made.append(self._members.open_key(key.user_name, "token", form.label.data))

        error = self._submit(form, make)
        if error:
            return self._account(error, token_form=form)
        return self._account(token=made[0], token_label=form.label.data)

    def end_key(self, id: str) -> Answer:
        key = self._identity.member()

        def end() -> None:
            self._members.end_key(key.user_name, parse_id(id))
            self._connections.close_ended()

        error = self._submit(Confirm(), end)
        return self._account(error) if error else _done("key")

    def delete(self) -> Answer:
        key, form = self._identity.member(), DeleteAccount()

        def delete() -> None:
            self._members.sign_in(key.user_name, form.password.data)
            self._members.delete(key.user_name)
            self._connections.close_ended()
            flask.session.clear()

        error = self._try_password(form, key.user_name, delete)
        return self._account(error, delete_form=form) if error else flask.redirect("/", 303)

    def _try_password(
        self, form: Form, name: str | None, act: Callable[[], object]
    ) -> DigitsError | None:
        """Like `_submit`, but only so often, whatever is in the form. Raises RateLimited."""
        if request.method == "POST":
            account = (name or "")[:LONGEST_NAME].casefold()
            self._rates.admit("sign_ins", client_address(), account)
        return self._submit(form, act)

    def _submit(self, form: Form, act: Callable[[], object]) -> DigitsError | None:
        """Do what a form that was sent asks for; returns why not, if so."""
        if request.method == "GET":
            return None
        if not form.validate():
            return InvalidPayload(first_error(form))
        try:
            act()
        except DigitsError as error:
            return error
        return None

    def _sign_up(self, form: SignUp, guest: Viewer) -> None:
        name = form.username.data
        self._members.sign_up(name, form.password.data, form.email.data or None)
        self._identity.sign_in(name, form.remember.data)
        if form.take_along.data:
            self._feed.take_along(guest, account_viewer(name))

    def _sign_in(self, form: SignIn) -> None:
        user = self._members.sign_in(form.username.data, form.password.data)
        self._identity.sign_in(user.name, form.remember.data)

    def _sign_out(self) -> None:
        key = self._identity.session()
        flask.session.clear()
        if key:
            self._members.end_key(key.user_name, key.id)
            self._connections.close_ended()

    def _account(self, error: DigitsError | None = None, **given: Any) -> Answer:
        key = self._identity.member()
        keys = self._members.keys(key.user_name)
        forms = {
            "password_form": ChangePassword(formdata=None),
            "token_form": NewToken(formdata=None),
            "delete_form": DeleteAccount(formdata=None),
        }
        shown = {
            "viewer": account_viewer(key.user_name),
            "user": self._members.describe(key.user_name),
            "here": key.id,
            "sessions": [key for key in keys if key.kind == "session"],
            "tokens": [key for key in keys if key.kind == "token"],
            "done": request.args.get("done"),
        }
        return _page("account.html", error, **(forms | shown | given))


def _page(template: str, error: DigitsError | None, **given: Any) -> tuple[str, int]:
    return flask.render_template(template, error=error, **given), error.status if error else 200


def _done(what: str) -> Response:
    """Back to the account's page, which says what was done; not again when it is reloaded."""
    return flask.redirect(f"/account?done={what}", 303)


def _next() -> str:
    """Where to go on: a path on this server; nothing else is taken from a link."""
    path = request.args.get("next", "")
    is_here = path.startswith("/") and path[1:2] not in ("/", "\\") and path.isprintable()
    return path if is_here else "/"
