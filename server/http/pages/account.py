"""HTTP: the page on which people look after their account, and its forms."""

from __future__ import annotations

from typing import Any

import flask
from flask import Flask, request

from server.accounts.identity import Identity, account_viewer
from server.accounts.service import AccountService
from server.contract import parse_id
from server.errors import DigitsError
from server.http.pages.forms import ChangePassword, Confirm, DeleteAccount, NewToken
from server.http.pages.submit import Answer, go_to, show, submit, submit_password
from server.http.pages.user_agents import name_device
from server.rate_limits import RateLimits
from server.sockets.connections import Connections


class AccountPages:
    """Sessions, tokens, the password, and the end of an account. Others must sign in first."""

    def __init__(
        self,
        identity: Identity,
        members: AccountService,
        connections: Connections,
        rates: RateLimits,
    ) -> None:
        self._identity = identity
        self._members = members
        self._connections = connections
        self._rates = rates

    def register(self, app: Flask) -> None:
        app.add_url_rule("/account", "account", self._account)
        for path, view in (
            ("/account/password", self.change_password),
            ("/account/tokens", self.make_token),
            ("/account/keys/<id>/end", self.end_key),
            ("/account/delete", self.delete),
        ):
            app.add_url_rule(path, view_func=view, methods=["POST"])
        app.add_template_filter(name_device, "device")

    def change_password(self) -> Answer:
        key, form = self._identity.member(), ChangePassword()

        def change() -> None:
            self._members.sign_in(key.user_name, form.password.data)
            self._members.change_password(key.user_name, form.new_password.data, key.id)
            self._connections.close_ended()

        error = submit_password(self._rates, form, key.user_name, change)
        return self._account(error, password_form=form) if error else _done("password")

    def make_token(self) -> Answer:
        key, form = self._identity.member(), NewToken()
        made: list[str] = []

        def make() -> None:
            made.append(self._members.open_key(key.user_name, "token", form.label.data))

        error = submit(form, make)
        if error:
            return self._account(error, token_form=form)
        return self._account(token=made[0], token_label=form.label.data)

    def end_key(self, id: str) -> Answer:
        key = self._identity.member()

        def end() -> None:
            self._members.end_key(key.user_name, parse_id(id))
            self._connections.close_ended()

        error = submit(Confirm(), end)
        return self._account(error) if error else _done("key")

    def delete(self) -> Answer:
        key, form = self._identity.member(), DeleteAccount()

        def delete() -> None:
            self._members.sign_in(key.user_name, form.password.data)
            self._members.delete(key.user_name)
            self._connections.close_ended()
            flask.session.clear()

        error = submit_password(self._rates, form, key.user_name, delete)
        return self._account(error, delete_form=form) if error else go_to("/")

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
            "user": self._members.user(key.user_name),
            "here": key.id,
            "sessions": [key for key in keys if key.kind == "session"],
            "tokens": [key for key in keys if key.kind == "token"],
            "done": request.args.get("done"),
        }
        return show("account.html", error, **(forms | shown | given))


def _done(what: str) -> Answer:
    """Back to the account's page, which says what was done."""
    return go_to(f"/account?done={what}")
