"""A guard against guessed passwords: failed sign-ins are counted, and the next ones delayed.

Browsers in which somebody was signed in to an account before have counts of their own, so that no
guesses from elsewhere keep its owner out. (OWASP, "Authentication Cheat Sheet", Login Throttling;
OWASP, "Slow Down Online Guessing Attacks with Device Cookies"; at most 100 guesses at an account
an hour are of OWASP's Application Security Verification Standard 4, 2.2.1.)
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager

from server.accounts.records import Source, fold
from server.errors import RateLimited, SignInRequired
from server.limits.failure_counts import Delays, FailureCounts
from server.limits.rate_limits import network

# At most 41 failures an hour: five at once, seven in two minutes, then one every two minutes.
ACCOUNT_DELAYS = Delays(free=5, longest_s=120)
ADDRESS_LONGEST_S = 60

TOO_MANY = "Too many wrong passwords."
FROM_NEW_BROWSERS = f"{TOO_MANY} A browser in which you signed in before need not wait."


class SignInGuard:
    """Counts of failed sign-ins by account, address and known browser.

    A name that nobody has counts as an account does. Tries from addresses at which passwords have
    failed count apart from those of other addresses, so that few addresses cannot keep an owner
    out who is at another one. An account so has at most 82 tries an hour from new browsers.
    """

    def __init__(self, counts: FailureCounts, free_per_address: int) -> None:
        self._counts = counts
        self._address_delays = Delays(free_per_address, ADDRESS_LONGEST_S)

    @contextmanager
    def guard(self, name: str, source: Source) -> Iterator[None]:
        """Guard a check of a password, which raises SignInRequired if it is wrong.

        Raises RateLimited, and lets nothing be checked, if the next try has to wait. A try counts
        before it is made, so that many at once are not more than many in turn.
        """
        delays = self._known(source.browser) if source.browser else self._new(name, source)
        wait_s = self._counts.begin(delays)
        if wait_s:
            raise RateLimited(TOO_MANY if source.browser else FROM_NEW_BROWSERS, math.ceil(wait_s))
        try:
            yield
        except SignInRequired:
            raise
        except BaseException:
            self._take_back(delays)
            raise
        self._take_back(delays)
        if source.browser:
            self._counts.forget(_browser_key(source.browser))

    def _known(self, browser: str) -> dict[str, Delays]:
        return {_browser_key(browser): ACCOUNT_DELAYS}

    def _new(self, name: str, source: Source) -> dict[str, Delays]:
        address = f"address {network(source.address)}"
        kind = "failing" if self._counts.has_failed(address) else "other"
        account = f"account {fold(name)} from {kind} addresses"
        return {account: ACCOUNT_DELAYS, address: self._address_delays}

    def _take_back(self, keys: dict[str, Delays]) -> None:
        for key in keys:
            self._counts.take_back(key)


def _browser_key(browser: str) -> str:
    return f"browser {browser}"
