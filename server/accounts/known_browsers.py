"""Proofs that a browser was signed in to an account before, in one signed cookie.

(OWASP, "Slow Down Online Guessing Attacks with Device Cookies".)
"""

from __future__ import annotations

import hashlib
import secrets

from itsdangerous import BadSignature, URLSafeSerializer

from server.accounts.records import fold

COOKIE = "digits_known"
LIFETIME_S = 365 * 24 * 3600
MAX_PROOFS = 10  # accounts of one browser; the longest unused are dropped

Proofs = dict[str, list[str]]  # by a digest of the account's name: browser id, epoch


class KnownBrowsers:
    """The cookie's reader and writer.

    A proof holds while the account's epoch is the one in it: a new password, and the end of all
    sessions, begin another. The id of the browser is another one for each account.
    """

    def __init__(self, secret_key: str) -> None:
        self._serializer = URLSafeSerializer(secret_key, salt="known browsers")

    def is_signed(self, cookie: str) -> bool:
        """Return whether the server made a cookie, for whatever account."""
        return bool(self._read(cookie))

    def is_about(self, cookie: str, name: str) -> bool:
        """Return whether a cookie has a proof for an account, be it of an older epoch."""
        return _digest(name) in self._read(cookie)

    def find(self, cookie: str, name: str, epoch: str) -> str | None:
        """Return the id of the browser, if its cookie proves that it knows the account."""
        browser, proven = self._read(cookie).get(_digest(name), ("", None))
        return browser if proven == epoch else None

    def add(self, cookie: str, name: str, epoch: str) -> str:
        """Return the cookie with a proof for an account; a browser keeps its id there."""
        browser = self.find(cookie, name, epoch) or secrets.token_urlsafe(12)
        others = {key: proof for key, proof in self._read(cookie).items() if key != _digest(name)}
        kept = dict([*others.items()][1 - MAX_PROOFS :])
        return str(self._serializer.dumps(kept | {_digest(name): [browser, epoch]}))

    def _read(self, cookie: str) -> Proofs:
        try:
            proofs: Proofs = self._serializer.loads(cookie)
        except BadSignature:
            return {}
        return proofs


def _digest(name: str) -> str:
    """Return what stands for a name in the cookie, which others may read on this computer."""
    return hashlib.sha256(fold(name).encode()).hexdigest()[:16]
