"""Password hashing: argon2id with the minimum memory of OWASP's Password Storage Cheat Sheet."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from server.errors import RateLimited
from server.runtime.off_loop import MakeCall

MAX_AT_ONCE = 16  # the last of them waits about a third of a second
RETRY_S = 2
COMMON_COUNT = 10_000

_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)  # KiB


class Passwords:
    """Password hashing off the event loop.

    Passwords are hashed one at a time, so that a burst of sign-ins cannot use every core. Beyond
    `max_at_once` calls under way, RateLimited is raised; calls of browsers that an account knows
    are counted apart, so that no others keep them out.
    """

    def __init__(self, pool: MakeCall, max_at_once: int = MAX_AT_ONCE) -> None:
        self._pool = pool
        self._slots = threading.BoundedSemaphore(max_at_once)
        self._known_slots = threading.BoundedSemaphore(max_at_once)

    def hash(self, password: str) -> str:
        """Return the salted hash of a password. Raises RateLimited."""
        with _slot(self._slots):
            return self._pool(hash_password, password)

    def matches(self, password: str, password_hash: str | None, known: bool = False) -> bool:
        """Return whether a password has this hash, asked by a known browser or not.

        Raises RateLimited.
        """
        with _slot(self._known_slots if known else self._slots):
            return self._pool(is_password, password, password_hash)


@contextmanager
def _slot(slots: threading.BoundedSemaphore) -> Iterator[None]:
    if not slots.acquire(blocking=False):
        raise RateLimited("Too many people are signing in at once.", RETRY_S)
    try:
        yield
    finally:
        slots.release()


def hash_password(password: str) -> str:
    """Return a salted hash to store. Takes about 20 ms of one core."""
    return _HASHER.hash(password)


def is_password(password: str, password_hash: str | None) -> bool:
    """Return whether a password has this hash; False for None, the hash of an unknown name.

    None takes as long as a hash does, so that the time does not tell which names exist.
    """
    try:
        matches = _HASHER.verify(password_hash or _unknown_hash(), password)
    except (VerificationError, InvalidHashError):
        return False
    return matches and bool(password_hash)


def is_common(password: str) -> bool:
    """Return whether a password is among the 10,000 commonest, of which guesses begin."""
    return password.lower() in _common_passwords()


@cache
def _common_passwords() -> frozenset[str]:
    from zxcvbn.frequency_lists import FREQUENCY_LISTS  # takes a tenth of a second

    return frozenset(FREQUENCY_LISTS["passwords"][:COMMON_COUNT])


@cache
def _unknown_hash() -> str:
    return hash_password("")
