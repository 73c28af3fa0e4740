"""Payloads made up by Hypothesis from the form of an event: nearly right, and not at all."""

from __future__ import annotations

from typing import Any

import msgspec.inspect as forms
from hypothesis import strategies as st

from tests.pictures import BLANK, png

SEVEN = png("7", digit_px=40, pen_px=4)
NAMES = ["__proto__", "constructor", "toString", "_placeholder", "num", "ID", "", "\0", "\u202e"]
IDS = ["00000000-0000-4000-8000-000000000000", "00000000-0000-4000-8000-000000000001"]
IMAGES = [SEVEN, png("7A", digit_px=40, pen_px=4), BLANK]
NO_IMAGES = [b"", b"\0", SEVEN[:60], SEVEN[:-40], SEVEN + b"more", b"BM" + bytes(60), b"GIF89a"]
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

# Everything that can be put into a message.
leaves = (
    st.sampled_from([None, False, *INTS, *FLOATS, *TEXTS, *NO_IMAGES])
    | st.integers()
    | st.floats()
    | st.text(st.characters(), max_size=20)
    | st.binary(max_size=20)
)
keys = st.sampled_from(NAMES) | st.text(st.characters(), max_size=5)
anything = st.recursive(
    leaves,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4),
    max_leaves=8,
)


@st.composite
def deep(draw: st.DrawFn) -> Any:
    """A value in many brackets."""
    value = draw(leaves)
    for _ in range(draw(st.sampled_from([10, 90]))):
        value = [value] if draw(st.booleans()) else {"a": value}
    return value


def right(form: forms.Type) -> st.SearchStrategy[Any]:
    """Values as the form asks for them."""
    values: st.SearchStrategy[Any]
    match form:
        case forms.NoneType():
            values = st.none()
        case forms.UUIDType():
            values = st.sampled_from(IDS) | st.uuids().map(str)
        case forms.BytesType():
            values = st.sampled_from(IMAGES)
        case forms.BoolType():
            values = st.booleans()
        case forms.IntType():
            values = st.integers(form.ge, form.le)
        case forms.StrType(pattern=None):
            values = st.text(max_size=form.max_length)
        case forms.StrType():
            values = st.from_regex(str(form.pattern)).filter(lambda text: len(text) < 100)
        case forms.LiteralType():
            values = st.sampled_from(form.values)
        case forms.UnionType():
            values = st.one_of([right(one) for one in form.types])
        case _:
            raise TypeError(f"Say here how a right {form} is made up.")
    return values


def edge(form: forms.Type) -> st.SearchStrategy[Any]:
    """Values of the type asked for, at its limits and beyond."""
    match form:
        case forms.IntType():
            limits = [limit for limit in (form.ge, form.le) if limit is not None]
            return st.sampled_from([*INTS, *[at + by for at in limits for by in (-1, 0, 1)]])
        case forms.StrType():
            longest = form.max_length or 10_000
            return st.sampled_from([*TEXTS, *["7" * (longest + by) for by in (0, 1)]])
        case forms.BytesType():
            return st.sampled_from(NO_IMAGES)
        case forms.UUIDType():
            return st.sampled_from([IDS[0].upper(), IDS[0][:-1], "{" + IDS[0] + "}", IDS[0] * 2])
        case forms.UnionType():
            return st.one_of([edge(one) for one in form.types])
    return right(form)


@st.composite
def nearly_right(draw: st.DrawFn, form: type) -> Any:
    """A payload of the form: each field right, at its limits, of any type, or missing."""
    structure = forms.type_info(form)
    assert isinstance(structure, forms.StructType)
    makers = draw(st.sampled_from([[right], [right, right, edge], [right, edge, anything_at_all]]))
    fields = {
        field.name: draw(draw(st.sampled_from(makers))(field.type))
        for field in structure.fields
        if len(makers) == 1 or draw(st.integers(0, 9))
    }
    return fields | draw(st.dictionaries(keys, anything, max_size=len(makers) - 1))


def anything_at_all(_form: forms.Type) -> st.SearchStrategy[Any]:
    return anything


@st.composite
def payloads(draw: st.DrawFn, form: type) -> tuple[Any, ...]:
    """What is sent with an event: mostly one payload that is nearly right."""
    near = nearly_right(form)
    kinds = [*[st.tuples(near)] * 8, st.tuples(anything), st.tuples(deep()), st.just(()),
             st.tuples(near, anything), st.tuples(near, near, anything)]  # fmt: skip
    return draw(draw(st.sampled_from(kinds)))
