"""Passwords, hashed by argon2id with the least memory that OWASP's cheat sheet recommends."""

from __future__ import annotations

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)  # KiB


def hash_password(password: str) -> str:
    """A salted hash to be stored; it takes some 20 ms, so make it off the loop."""
    return _HASHER.hash(password)


def is_password(password: str, password_hash: str | None) -> bool:
    """Whether a password is the one that was hashed.

    For None, the hash of a name that nobody has, it takes as long: time does not tell which are.
    """
    try:
        return _HASHER.verify(password_hash or _hash_of_nobody(), password) and bool(password_hash)
    except (VerificationError, InvalidHashError):
        return False


@cache
def _hash_of_nobody() -> str:
    return hash_password("")
