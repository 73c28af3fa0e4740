"""How often one address may change something."""

from __future__ import annotations

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from server.errors import RateLimited


class Rates:
    """A moving window of a minute for each address, in memory."""

    def __init__(self, changes_per_minute: int) -> None:
        self._limit = RateLimitItemPerMinute(changes_per_minute)
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    def count(self, address: str | None) -> None:
        """Count one change. Raises RateLimited when there were too many."""
        if not self._limiter.hit(self._limit, address or "unknown"):
            raise RateLimited(
                f"That is more than {self._limit.amount} changes in a minute. Wait a little."
            )
