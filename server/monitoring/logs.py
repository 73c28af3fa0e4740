"""The log: one line an event, as text for people or JSON for programs.

Each request has an id, which is in its lines and in its answer if it is refused.
"""

from __future__ import annotations

import logging
import logging.config
import secrets
from typing import Any

import structlog
from structlog.contextvars import bind_contextvars, clear_contextvars, get_contextvars

COMMON: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.ExtraAdder(),
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]


def set_up(form: str) -> None:
    """Send the log of this process to stderr, as "text" or "json"."""
    # A traceback never shows the values of variables: a password may be among them.
    as_dict = structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
    as_text = structlog.dev.ConsoleRenderer(
        colors=False,
        pad_event_to=0,
        pad_level=False,
        exception_formatter=structlog.dev.plain_traceback,
    )
    renderers: list[Any] = (
        [structlog.processors.ExceptionRenderer(as_dict), structlog.processors.JSONRenderer()]
        if form == "json"
        else [as_text]
    )
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=COMMON,
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *renderers],
    )
    handler = logging.StreamHandler()
    handler.setFormatter(formatter)
    logging.basicConfig(handlers=[handler])
    logging.getLogger("server").setLevel(logging.INFO)


def begin_request(**known: str) -> str:
    """Give the request that this thread handles from now on an id, and return it."""
    id = secrets.token_hex(6)
    clear_contextvars()
    bind_contextvars(request=id, **known)
    return id


def request_id() -> str | None:
    """Return the id of the request that this thread handles; None outside of any."""
    id = get_contextvars().get("request")
    return id if isinstance(id, str) else None
