"""The check of what clients send: once, at the edge."""

from __future__ import annotations

from typing import Any, TypeVar
from uuid import UUID

import msgspec
from msgspec import Struct

from server.contract.fields import PATTERNS
from server.errors import InvalidPayload, NotFound

Payload = TypeVar("Payload", bound=Struct)


def parse(payload: Any, form: type[Payload]) -> Payload:
    """Check a payload. Raises InvalidPayload with the fault and the field that has it."""
    try:
        return msgspec.convert(payload, form, builtin_types=(bytes,))
    except msgspec.ValidationError as error:
        raise InvalidPayload(f"Invalid message: {_explain(str(error))}.") from error


def prepare_forms() -> None:
    """Let msgspec build its tables of all forms now, in one thread.

    It would build each at its first use, and if two threads do so at once, the process ends with a
    segmentation fault (msgspec 0.22).
    """
    forms = [Struct]
    for form in forms:
        forms += form.__subclasses__()
        msgspec.json.Decoder(form)


def parse_id(id: str) -> UUID:
    """Parse the id of an entry in a path. Raises NotFound if it cannot be one."""
    try:
        return UUID(id)
    except ValueError:
        raise NotFound("There is no such entry.") from None


def _explain(reason: str) -> str:
    """Rewrite the reason of a ValidationError without regular expressions and JSON paths."""
    for pattern, meaning in PATTERNS.items():
        reason = reason.replace(f"`str` matching regex {pattern!r}", meaning)
    return reason.replace("`$.", "`").replace(" - at `$`", "").replace(" - at ", " at ")
