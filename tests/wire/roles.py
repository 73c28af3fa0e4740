"""Visitors in every role, and one entry each of a guest and an account."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.conftest import ServerProcess
from tests.wire.accounts import Browser, bearer

ROLES = (
    "guest",  # made the public entry
    "other guest",
    "owner",  # of the private entry
    "other user",
    "ended session",  # one of the owner's
    "token",  # of the owner
    "revoked token",  # another of the owner's
    "foreign origin",  # a page of another site, with the owner's cookie
)
# Roles that may read the private entry. "foreign origin" gets it too, but the browser hides it.
OWNER_ROLES = ("owner", "token")
FOREIGN_ORIGIN = {"Origin": "https://evil.example"}
ANY, PUBLIC, PRIVATE = "any", "public", "private"


@dataclass
class Visitors:
    """One browser per role, with the keys of the owner and the entries of guest and owner."""

    guest: Browser
    other_guest: Browser
    owner: Browser
    other_user: Browser
    program: Browser
    ended: Browser
    ended_cookie: str
    token: str
    revoked_token: str
    public_entry: dict[str, Any]
    private_entry: dict[str, Any]

    def browser(self, role: str) -> Browser:
        """Return the browser with a role's cookies; programs have none."""
        return {
            "guest": self.guest,
            "other guest": self.other_guest,
            "owner": self.owner,
            "other user": self.other_user,
            "ended session": self.ended,
            "foreign origin": self.owner,
        }.get(role, self.program)

    def renew(self) -> None:
        """Upload new entries and restore the cookie of the ended session.

        A page replaces that cookie with a guest's.
        """
        self.public_entry = self.guest.upload("1037", list=PUBLIC)
        self.private_entry = self.owner.upload("4072", list=PRIVATE)
        self.ended.http.cookies.clear()
        self.ended.http.cookies.set("digits", self.ended_cookie, domain="127.0.0.1")

    def close(self) -> None:
        for browser in vars(self).values():
            if isinstance(browser, Browser):
                browser.http.close()

    def headers(self, role: str) -> dict[str, str]:
        """Return the headers that a role adds to its cookies."""
        if role == "foreign origin":
            return FOREIGN_ORIGIN
        tokens = {"token": self.token, "revoked token": self.revoked_token}
        return bearer(tokens[role]) if role in tokens else {}

    def entry(self, visibility: str) -> dict[str, Any]:
        return self.public_entry if visibility == PUBLIC else self.private_entry


def create_visitors(server: ServerProcess) -> Visitors:
    """Return new visitors of every role; the caller closes them."""
    guest, other_guest, ended, program = (Browser(server) for _ in range(4))
    owner, other_user = Browser(server).sign_up(), Browser(server).sign_up()
    ended.sign_in(owner.name)
    revoked_token = owner.make_token()
    for id in owner.key_ids():
        owner.end_key(id)
    return Visitors(
        guest, other_guest, owner, other_user, program, ended,
        ended_cookie=ended.http.cookies["digits"],
        token=owner.make_token(),
        revoked_token=revoked_token,
        public_entry=guest.upload(),
        private_entry=owner.upload(),
    )  # fmt: skip
