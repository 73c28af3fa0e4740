"""Hypothesis strategies for the payload of an event: nearly valid, or anything at all."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from msgspec import inspect

from tests.pictures import BLANK, png

SEVEN = png("7", digit_px=40, pen_px=4)
KEYS = ["__proto__", "constructor", "toString", "_placeholder", "num", "ID", "", "\0", "\u202e"]
IDS = ["00000000-0000-4000-8000-000000000000", "00000000-0000-4000-8000-000000000001"]
IMAGES = [SEVEN, png("7A", digit_px=40, pen_px=4), BLANK]
BROKEN_IMAGES = [b"", b"\0", SEVEN[:60], SEVEN[:-40], SEVEN + b"more", b"BM" + bytes(60), b"GIF89a"]
INTS = [-1, 0, 2**31, 2**53, 2**63, 2**64, -(2**63) - 1, 10**64, 10**4000, True]
TEXTS = [
    "",
    "\0",
    "\ud800",
    "\udfff\ud800",
    "\u202eabc",
    "🏴‍☠️",
    "e\u0301" * 200,
    "7" * 401,
    "%_\\'\"",
]
FLOATS = [float("nan"), float("inf"), float("-inf"), -0.0, 1e308, 0.5]

# Any value that a message can hold.
scalars = (
    st.sampled_from([None, False, *INTS, *FLOATS, *TEXTS, *BROKEN_IMAGES])
    | st.integers()
    | st.floats()
    | st.text(st.characters(), max_size=20)
    | st.binary(max_size=20)
)
keys = st.sampled_from(KEYS) | st.text(st.characters(), max_size=5)
any_value = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4),
    max_leaves=8,
)


@st.composite
def deeply_nested(draw: st.DrawFn) -> Any:
    """Draw a value inside many lists and dictionaries."""
    value = draw(scalars)
    for _ in range(draw(st.sampled_from([10, 90]))):
        value = [value] if draw(st.booleans()) else {"a": value}
    return value


def valid(field_type: inspect.Type) -> st.SearchStrategy[Any]:
    """Return values that satisfy the type."""
    match field_type:
        case inspect.LiteralType():
            return st.sampled_from(field_type.values)
        case inspect.UnionType():
            return st.one_of([valid(member) for member in field_type.types])
        case inspect.VarTupleType():
            shortest = field_type.min_length or 0
            return st.lists(valid(field_type.item_type), min_size=shortest, max_size=shortest + 4)
        case inspect.TupleType():
            return st.tuples(*map(valid, field_type.item_types)).map(list)
    return _valid_scalar(field_type)


def _valid_scalar(field_type: inspect.Type) -> st.SearchStrategy[Any]:
    values: st.SearchStrategy[Any]
    match field_type:
        case inspect.NoneType():
            values = st.none()
        case inspect.UUIDType():
            values = st.sampled_from(IDS) | st.uuids().map(str)
        case inspect.BytesType():
            values = st.sampled_from(IMAGES)
        case inspect.BoolType():
            values = st.booleans()
        case inspect.IntType():
            values = st.integers(field_type.ge, field_type.le)
        case inspect.FloatType():
            values = st.floats(0, 40)  # a coordinate on every picture
        case inspect.StrType(pattern=None):
            values = st.text(max_size=field_type.max_length)
        case inspect.StrType():
            values = st.from_regex(str(field_type.pattern)).filter(lambda text: len(text) < 100)
        case _:
            raise TypeError(f"No strategy for {field_type}. Add a case here.")
    return values


def boundary(field_type: inspect.Type) -> st.SearchStrategy[Any]:
    """Return values at the limits of the type and just beyond them."""
    match field_type:
        case inspect.VarTupleType():
            item, longest = valid(field_type.item_type), field_type.max_length or 10_000
            few = st.lists(boundary(field_type.item_type) | item, max_size=4)
            return few | item.map(lambda value: [value] * (longest + 1))
        case inspect.TupleType():
            return st.lists(boundary(field_type.item_types[0]), max_size=3)
        case inspect.UnionType():
            return st.one_of([boundary(member) for member in field_type.types])
    limits = _limits(field_type)
    return st.sampled_from(limits) if limits else valid(field_type)


def _limits(field_type: inspect.Type) -> list[Any]:
    values: list[Any] = []
    match field_type:
        case inspect.IntType():
            ends = [end for end in (field_type.ge, field_type.le) if end is not None]
            values = [*INTS, *[end + by for end in ends for by in (-1, 0, 1)]]
        case inspect.FloatType():
            values = [*FLOATS, field_type.ge, field_type.le, 1e6, -1e6]
        case inspect.StrType():
            max_length = field_type.max_length or 10_000
            values = [*TEXTS, *["7" * (max_length + by) for by in (0, 1)]]
        case inspect.BytesType():
            values = BROKEN_IMAGES
        case inspect.UUIDType():
            values = [IDS[0].upper(), IDS[0][:-1], "{" + IDS[0] + "}", IDS[0] * 2]
    return values


def arbitrary(_field_type: inspect.Type) -> st.SearchStrategy[Any]:
    """Return values of any type."""
    return any_value


@st.composite
def nearly_valid(draw: st.DrawFn, payload_type: type) -> Any:
    """Draw a payload whose fields are valid, at a limit, of any type, or missing."""
    structure = inspect.type_info(payload_type)
    assert isinstance(structure, inspect.StructType)
    choices = [[valid], [valid, valid, boundary], [valid, boundary, arbitrary]]
    fillings = draw(st.sampled_from(choices))
    fields = {
        field.name: draw(draw(st.sampled_from(fillings))(field.type))
        for field in structure.fields
        if len(fillings) == 1 or draw(st.integers(0, 9))
    }
    return fields | draw(st.dictionaries(keys, any_value, max_size=len(fillings) - 1))


@st.composite
def arguments(draw: st.DrawFn, payload_type: type) -> tuple[Any, ...]:
    """Draw the arguments of an event: usually one payload that is nearly valid."""
    near = nearly_valid(payload_type)
    kinds = [*[st.tuples(near)] * 8, st.tuples(any_value), st.tuples(deeply_nested()), st.just(()),
             st.tuples(near, any_value), st.tuples(near, near, any_value)]  # fmt: skip
    return draw(draw(st.sampled_from(kinds)))
