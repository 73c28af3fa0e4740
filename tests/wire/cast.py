"""Everybody who may come to the server, and an entry of two of them."""

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
INSIDERS = ("owner", "token")  # who may see the private entry, besides what a browser hides itself
FOREIGN = {"Origin": "https://evil.example"}
ANY, PUBLIC, PRIVATE = "any", "public", "private"


@dataclass
class Cast:
    """Everybody, and an entry of two of them."""

    guest: Browser
    other_guest: Browser
    owner: Browser
    other_user: Browser
    program: Browser
    ended: Browser
    ended_cookie: str
    token: str
    revoked: str
    public: dict[str, Any]
    private: dict[str, Any]

    def browser(self, role: str) -> Browser:
        """The cookies with which a role comes; programs have none."""
        return {
            "guest": self.guest,
            "other guest": self.other_guest,
            "owner": self.owner,
            "other user": self.other_user,
            "ended session": self.ended,
            "foreign origin": self.owner,
        }.get(role, self.program)

    def come_again(self) -> None:
        """Make new entries. A page makes a guest of an ended session: it comes with it again."""
        self.public, self.private = self.guest.upload("1037"), self.owner.upload("4072")
        self.ended.http.cookies.clear()
        self.ended.http.cookies.set("digits", self.ended_cookie, domain="127.0.0.1")

    def close(self) -> None:
        for browser in vars(self).values():
            if isinstance(browser, Browser):
                browser.http.close()

    def headers(self, role: str) -> dict[str, str]:
        tokens = {"token": self.token, "revoked token": self.revoked}
        return bearer(tokens[role]) if role in tokens else FOREIGN if role == ROLES[-1] else {}

    def entry(self, whose: str) -> dict[str, Any]:
        return {PUBLIC: self.public, PRIVATE: self.private}.get(whose, self.private)


def assemble(server: ServerProcess) -> Cast:
    guest, other_guest, ended, program = (Browser(server) for _ in range(4))
    owner, other_user = Browser(server).sign_up(), Browser(server).sign_up()
    ended.sign_in(owner.name)
    revoked = owner.make_token()
    for id in owner.key_ids():
        owner.end_key(id)
    token = owner.make_token()
    people = (guest, other_guest, owner, other_user, program, ended)
    return Cast(
        *people, ended.http.cookies["digits"], token, revoked, guest.upload(), owner.upload()
    )
