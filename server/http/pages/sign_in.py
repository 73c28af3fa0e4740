"""HTTP: the pages on which people sign up, sign in and out."""

from __future__ import annotations

import flask
from flask import Flask, request

from server.accounts.identity import Identity, account_viewer
from server.accounts.service import AccountService
from server.errors import Forbidden
from server.history.access import Viewer
from server.http.pages.forms import Confirm, SignIn, SignUp
from server.http.pages.submit import Answer, go_to, show, submit, submit_password
from server.rate_limits import RateLimits
from server.services.history import HistoryService
from server.sockets.connections import Connections

FORM = ["GET", "POST"]


class Doors:
    """The ways in and out. Who is in already is led to the account's page."""

    def __init__(
        self,
        identity: Identity,
        members: AccountService,
        feed: HistoryService,
        connections: Connections,
        rates: RateLimits,
    ) -> None:
        self._identity = identity
        self._members = members
        self._feed = feed
        self._connections = connections
        self._rates = rates

    def register(self, app: Flask) -> None:
        app.add_url_rule("/sign-up", view_func=self.sign_up, methods=FORM)
        app.add_url_rule("/sign-in", view_func=self.sign_in, methods=FORM)
        app.add_url_rule("/sign-out", view_func=self.sign_out, methods=["POST"])
        app.context_processor(lambda: {"confirm": Confirm})

    def sign_up(self) -> Answer:
        if not self._identity.guests_allowed:
            raise Forbidden("Accounts are made by whoever runs this server. Ask for one there.")
        if self._identity.session():
            return go_to("/account")
        guest = self._identity.page_visitor().viewer
        form = SignUp(take_along=request.method == "GET")
        name = form.username.data
        error = submit_password(self._rates, form, name, lambda: self._sign_up(form, guest))
        if error or request.method == "GET":
            made = self._feed.count_own(guest)
            return show("sign-up.html", error, form=form, viewer=guest, made=made)
        return go_to(_next())

    def sign_in(self) -> Answer:
        if self._identity.session():
            return go_to("/account")
        form = SignIn()
        name = form.username.data
        error = submit_password(self._rates, form, name, lambda: self._sign_in(form))
        if error or request.method == "GET":
            guests_allowed = self._identity.guests_allowed
            return show("sign-in.html", error, form=form, guests_allowed=guests_allowed)
        return go_to(_next())

    def sign_out(self) -> Answer:
        error = submit(Confirm(), self._sign_out)
        if error:
            raise error
        return go_to("/")

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


def _next() -> str:
    """Where to go on: a path on this server; nothing else is taken from a link."""
    path = request.args.get("next", "")
    is_here = path.startswith("/") and path[1:2] not in ("/", "\\") and path.isprintable()
    return path if is_here else "/"
