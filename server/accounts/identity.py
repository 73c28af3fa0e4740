"""Who is asking: an account, by its session or a token, or a guest, by a random id in a cookie."""

from __future__ import annotations

import hashlib
import secrets

import flask
from flask import Flask, request
from flask_login import LoginManager, UserMixin, current_user, login_user

from server.accounts.service import AccountService
from server.accounts.store import Key
from server.accounts.visitor import Visitor
from server.errors import SignInRequired
from server.history.access import Viewer

GUEST = "guest"  # in the session cookie: a guest's id
SIGNED_IN = "_user_id"  # in the session cookie, by Flask-Login: the secret of a session
AGENT_CHARACTERS = 100


class SignedIn(UserMixin):  # type: ignore[misc]
    """An account as Flask-Login has it, known by the secret of one of its sessions."""

    def __init__(self, key: Key, secret: str) -> None:
        self.key = key
        self._secret = secret

    def get_id(self) -> str:
        return self._secret


class Identity:
    """Finds out who makes the request or opens the socket at hand."""

    def __init__(self, members: AccountService, guests_allowed: bool) -> None:
        self._members = members
        self.guests_allowed = guests_allowed

    def register(self, app: Flask) -> None:
        manager = LoginManager(app)
        manager.session_protection = None  # a phone changes its address, and stays signed in
        manager.user_loader(self._find_session)

    def visitor(self, token: str | None = None) -> Visitor:
        """Raises SignInRequired for a session or token that has ended, and for unwanted guests.

        A program that keeps no cookie is another guest with every request; on a socket it stays
        the same one for as long as it is connected.
        """
        token = _bearer_token() if token is None else token
        if token is not None:
            return self._program(token)
        if current_user.is_authenticated:
            return _account(current_user.key)
        if SIGNED_IN in flask.session:
            raise SignInRequired("Your session has ended: sign in again.")
        return self._guest()

    def page_visitor(self) -> Visitor:
        """Like `visitor`, for pages: whose session has ended is a guest again."""
        if SIGNED_IN in flask.session and not current_user.is_authenticated:
            flask.session.clear()
        return self.visitor()

    def member(self) -> Key:
        """The session of the account that asks. Raises SignInRequired for anyone else."""
        key = self.session()
        if key is None:
            raise SignInRequired("Sign in first.")
        return key

    def session(self) -> Key | None:
        """The session of the account that asks; None for anyone else."""
        return current_user.key if current_user.is_authenticated else None

    def sign_in(self, name: str, remembered: bool) -> None:
        """Begin a session of an account; it lasts after the browser is closed if remembered."""
        agent = request.user_agent.string[:AGENT_CHARACTERS]
        secret = self._members.open_key(name, "session", agent, remembered)
        flask.session.clear()
        flask.session.permanent = remembered
        login_user(self._find_session(secret))

    def _find_session(self, secret: str) -> SignedIn | None:
        key = self._members.find_key(secret, "session")
        return SignedIn(key, secret) if key else None

    def _program(self, token: str) -> Visitor:
        key = self._members.find_key(token, "token")
        if key is None:
            raise SignInRequired("This token is not known here: it may have been revoked.")
        return _account(key)

    def _guest(self) -> Visitor:
        if not self.guests_allowed:
            raise SignInRequired("Guests are not let in here: sign in first.")
        if GUEST not in flask.session:
            flask.session[GUEST] = secrets.token_urlsafe(16)
            flask.session.permanent = True
        return Visitor(Viewer(_opaque(flask.session[GUEST])), client_address())


def account_viewer(name: str) -> Viewer:
    """An account as it looks at the history."""
    return Viewer(_opaque(f"account {name}"), name)


def client_address() -> str:
    """The address that asks; what stands before trusted proxies, where some are set."""
    return request.remote_addr or "unknown"


def _account(key: Key) -> Visitor:
    return Visitor(account_viewer(key.user_name), client_address(), key)


def _bearer_token() -> str | None:
    authorization = request.authorization
    if authorization is None or authorization.type != "bearer":
        return None
    return authorization.token or ""


def _opaque(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()[:16]
