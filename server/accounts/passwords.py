"""Passwords, hashed by argon2id with the least memory that OWASP's cheat sheet recommends."""

from __future__ import annotations

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)  # KiB


def hash_password(password: str) -> str:
    """A salted hash to be stored; it takes some 20 ms, so make it off the loop."""
    return _HASHER.hash(password)


# Checked for names that nobody has, so that an answer's time does not tell which there are.
_NOBODY = hash_password("")


def is_password(password: str, password_hash: str | None) -> bool:
    """Whether a password is the one that was hashed; None, a hash of nobody, takes as long."""
    try:
        return _HASHER.verify(password_hash or _NOBODY, password) and password_hash is not None
    except (VerificationError, InvalidHashError):
        return False
