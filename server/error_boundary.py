"""The one place where an unexpected error is caught: it is logged and becomes Internal."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable
from typing import Any, TypeVar

from server.errors import DigitsError, Internal

Result = TypeVar("Result")
log = logging.getLogger(__name__)


def attempt(call: Callable[..., Result], *arguments: Any) -> Result | DigitsError:
    """Make a call; what it raises is returned, an unexpected error as Internal."""
    try:
        return call(*arguments)
    except DigitsError as error:
        return error
    except Exception as error:
        return report(error)


def report(error: Exception) -> Internal:
    """Log an unexpected error under an id that the user may quote."""
    incident = secrets.token_hex(4)
    log.error("Internal error %s", incident, exc_info=error)
    return Internal(f"Something went wrong here. If it stays, report it as {incident}.")


def failure(error: DigitsError) -> dict[str, Any]:
    """The answer to a request that failed."""
    return {"ok": False, "error": describe(error)}


def describe(error: DigitsError) -> dict[str, str]:
    return {"code": error.code, "message": error.message}
