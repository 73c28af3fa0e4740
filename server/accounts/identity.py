"""Identity of a request or socket: an account by session or token, or a guest by cookie."""

from __future__ import annotations

import secrets
from dataclasses import replace

import flask
from flask import Flask, Response, request
from flask_login import LoginManager, UserMixin, current_user, login_user

from server.accounts.known_browsers import COOKIE, LIFETIME_S
from server.accounts.records import Key, Source
from server.accounts.service import AccountService
from server.accounts.user_agents import describe_user_agent
from server.accounts.visitor import Visitor, account_viewer, guest_viewer
from server.errors import SignInRequired

# In Flask's session, which is a signed cookie:
GUEST_ID = "guest"
USER_ID = "_user_id"  # Flask-Login's; with us the secret of a session


class LoginUser(UserMixin):  # type: ignore[misc]
    """The user object of Flask-Login: an account, loaded by the secret of one of its sessions."""

    def __init__(self, key: Key, secret: str) -> None:
        self.key = key
        self._secret = secret

    def get_id(self) -> str:
        """Return the secret, which Flask-Login keeps in the cookie."""
        return self._secret


class Identity:
    """The visitor and the session of the current request, by Flask-Login and bearer tokens."""

    def __init__(self, accounts: AccountService, guests_allowed: bool) -> None:
        self._accounts = accounts
        self.guests_allowed = guests_allowed

    def register(self, app: Flask) -> None:
        """Let Flask-Login load users from our sessions."""
        manager = LoginManager(app, add_context_processor=False)  # see pages/templates.py
        manager.session_protection = None  # a phone stays signed in when its address changes
        manager.user_loader(self._load_user)

    def visitor(self, token: str | None = None) -> Visitor:
        """Return the visitor who makes the request or opens the socket.

        Raises SignInRequired if the session or token has ended, or if guests are not allowed.
        A program without cookies is a new guest with every request, but one guest on a socket.
        """
        token = _bearer_token() if token is None else token
        if token is not None:
            return self._token_visitor(token)
        if current_user.is_authenticated:
            return _account_visitor(current_user.key)
        if USER_ID in flask.session:
            raise SignInRequired("Your session has ended. Sign in again.")
        return self._guest()

    def page_visitor(self) -> Visitor:
        """Return the visitor of a page; unlike `visitor`, a guest if their session has ended.

        The cookie is sent anew, so that it lasts from the last visit on. A browser that was signed
        in before there were proofs of it gets one.
        """
        if USER_ID in flask.session and not current_user.is_authenticated:
            flask.session.clear()
        flask.session.modified = True
        session = self.session()
        if session and not self._accounts.has_proof(_proofs(), session.user_name):
            self.remember_browser(session.user_name)
        return self.visitor()

    def session(self) -> Key | None:
        """Return the session of the signed-in account; None for anyone else."""
        return current_user.key if current_user.is_authenticated else None

    def require_session(self) -> Key:
        """Return the session of the signed-in account. Raises SignInRequired for anyone else."""
        session = self.session()
        if session is None:
            raise SignInRequired("Sign in first.")
        return session

    def source_of(self, session: Key) -> Source:
        """Return where a change comes from that a signed-in account asks for."""
        return replace(request_source(), browser=f"session {session.id}")

    def source_for(self, name: str) -> Source:
        """Return where a sign-in comes from: its browser may know the account of this name."""
        browser = self._accounts.known_browser(_proofs(), name)
        return replace(request_source(), browser=browser)

    def sign_in(self, name: str, remembered: bool) -> None:
        """Open a session of an account; a remembered one outlasts the browser's."""
        source = request_source()
        secret = self._accounts.open_key(name, "session", source.agent, source, remembered)
        flask.session.clear()
        flask.session.permanent = remembered
        login_user(self._load_user(secret))
        self.remember_browser(name)

    def remember_browser(self, name: str) -> None:
        """Give the browser a proof that it was signed in to the account."""
        cookie = self._accounts.remember_browser(_proofs(), name)

        @flask.after_this_request
        def add(response: Response) -> Response:
            response.set_cookie(
                COOKIE, cookie, LIFETIME_S, secure=request.is_secure, httponly=True, samesite="Lax"
            )
            return response

    def sign_out(self) -> None:
        """Clear the cookie, and end the session if there is one."""
        session = self.session()
        self.clear_cookie()
        if session:
            source = self.source_of(session)
            self._accounts.end_key(session.user_name, session.id, source, signs_out=True)

    def clear_cookie(self) -> None:
        """Forget the visitor in the browser."""
        flask.session.clear()

    def _load_user(self, secret: str) -> LoginUser | None:
        key = self._accounts.find_key(secret, "session")
        return LoginUser(key, secret) if key else None

    def _token_visitor(self, token: str) -> Visitor:
        key = self._accounts.find_key(token, "token")
        if key is None:
            raise SignInRequired("This token is unknown or has been revoked.")
        return _account_visitor(key)

    def _guest(self) -> Visitor:
        if not self.guests_allowed:
            raise SignInRequired("Guests are not allowed. Sign in first.")
        if GUEST_ID not in flask.session:
            flask.session[GUEST_ID] = secrets.token_urlsafe(16)
            flask.session.permanent = True
        return Visitor(guest_viewer(flask.session[GUEST_ID]), client_address())


def require_owner(visitor: Visitor, owner: str | None) -> Visitor:
    """Return the visitor of a page that was made for an account, or for a guest (None).

    Raises SignInRequired for another visitor, so that nothing goes into the wrong history.
    """
    if visitor.viewer.owner != owner:
        raise SignInRequired("You are signed out, or signed in as somebody else. Reload the page.")
    return visitor


def client_address() -> str:
    """Return the client's IP address, as the trusted proxies report it."""
    return request.remote_addr or "unknown"


def request_source() -> Source:
    """Return where the request comes from."""
    return Source(client_address(), describe_user_agent(request.user_agent.string))


def _proofs() -> str:
    """Return the cookie that proves whose accounts the browser knows."""
    return request.cookies.get(COOKIE, "")


def _account_visitor(key: Key) -> Visitor:
    source = request_source()
    return Visitor(account_viewer(key.user_name), source.address, key, agent=source.agent)


def _bearer_token() -> str | None:
    authorization = request.authorization
    if authorization is None or authorization.type != "bearer":
        return None
    return authorization.token or ""
