"""Guests: whoever uses the app without an account, known by a random id in a signed cookie."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass

import flask

from server.errors import SignInRequired

SESSION_KEY = "guest"


@dataclass(frozen=True)
class Visitor:
    """Who is asking. `maker` marks what they make, and tells nothing of who they are."""

    maker: str


def welcome() -> None:
    """Give the browser that asks an id of its own, kept in its session cookie."""
    if SESSION_KEY not in flask.session:
        flask.session[SESSION_KEY] = secrets.token_urlsafe(16)
        flask.session.permanent = True


def let_in(guests_allowed: bool) -> None:
    """Raise SignInRequired where guests are not let in."""
    if not guests_allowed:
        raise SignInRequired("Guests are not let in here: sign in first.")


def current_visitor(guests_allowed: bool) -> Visitor:
    """Who made the request or opened the socket at hand. Raises SignInRequired.

    A program that keeps no cookie is another guest with every request; on a socket it stays the
    same one for as long as it is connected.
    """
    let_in(guests_allowed)
    welcome()
    return Visitor(hashlib.sha256(flask.session[SESSION_KEY].encode()).hexdigest()[:16])
