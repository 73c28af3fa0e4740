"""The catch-all: an unexpected error is logged and becomes Internal, here and nowhere else."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable
from typing import Any, TypeVar

from msgspec import UNSET

from server.contract import Failure, Problem
from server.errors import DigitsError, Internal
from server.monitoring.logs import request_id
from server.monitoring.metrics import ERRORS

Result = TypeVar("Result")
log = logging.getLogger(__name__)


def attempt(call: Callable[..., Result], *arguments: Any) -> Result | DigitsError:
    """Make a call; return its error instead of raising it, an unexpected one as Internal."""
    try:
        return call(*arguments)
    except DigitsError as error:
        return _without_frames(error)
    except Exception as error:
        return report(error)


def _without_frames(error: DigitsError) -> DigitsError:
    """Let go of the frames that an expected error came through, and so of the payload in them.

    One of them holds the error itself: a circle, which only a full garbage collection would free.
    """
    error.__traceback__ = error.__cause__ = error.__context__ = None
    return error


def report(error: Exception) -> Internal:
    """Log an unexpected error under an id that the user can quote."""
    incident = request_id() or secrets.token_hex(6)
    log.error("Internal error %s", incident, exc_info=error)
    return Internal(f"Something went wrong. If it keeps happening, report error {incident}.")


def failure(error: DigitsError) -> Failure:
    """Return the answer to a request that failed."""
    return Failure(error=problem(error))


def problem(error: DigitsError) -> Problem:
    """Count an error, and return what the client gets of it."""
    ERRORS.labels(error.code).inc()
    return Problem(error.code, error.message, request_id() or UNSET)
