"""Fields of a payload that a URL or a form has as text."""

from __future__ import annotations

from functools import cache
from typing import Any, TypeVar

import msgspec
from msgspec import Struct

CONVERTED: dict[str, type] = {"integer": int, "boolean": bool}  # JSON Schema's names

Scalar = TypeVar("Scalar", int, bool, str)


def read_text(payload: type[Struct], fields: dict[str, str]) -> dict[str, Any]:
    """Convert numbers and booleans of a payload."""
    types = _types(payload)
    return {name: _convert(text, types.get(name, str)) for name, text in fields.items()}


@cache
def _types(payload: type[Struct]) -> dict[str, type]:
    """Return the types of a payload's fields that are numbers or booleans."""
    properties = msgspec.json.schema(payload)["$defs"][payload.__name__]["properties"]
    return {
        name: CONVERTED[each["type"]]
        for name, field in properties.items()
        for each in field.get("anyOf", [field])
        if each.get("type") in CONVERTED
    }


def _convert(text: str, form: type[Scalar]) -> Scalar | str:
    try:
        return msgspec.convert(text, form, strict=False)
    except msgspec.ValidationError:
        return text  # to be refused with the other fields, by name
