"""The browser's copy of the contract (contract.js), held to the server's types."""

from __future__ import annotations

import re

import pytest
from msgspec import Struct, inspect

from server import contract
from server.contract import SERVER_EVENTS
from server.services.operations import OPERATIONS
from server.settings import PROJECT

TEXT = (PROJECT / "web/static/scripts/common/contract.js").read_text()
EVENTS = [operation for operation in OPERATIONS if operation.event]
OF_PAGES = {contract.StatisticsAnswer}  # that pages ask for over HTTP
ANSWERS = {operation.answer for operation in EVENTS if operation.answer} | OF_PAGES
VALUES = (
    contract.Digit, contract.Line, contract.Reading, contract.Entry, contract.Explanation,
    contract.Problem, contract.DayTally, contract.ModelTally, contract.CertaintyTally,
    contract.DigitTally, contract.CellTally, contract.Statistics,
)  # fmt: skip
FORMS = {*VALUES, *(operation.payload for operation in EVENTS), *SERVER_EVENTS.values()}
SIMPLE: dict[type[inspect.Type], str] = {
    inspect.StrType: "string",
    inspect.UUIDType: "string",
    inspect.IntType: "number",
    inspect.FloatType: "number",
    inspect.BoolType: "boolean",
    inspect.BytesType: "Picture",
    inspect.NoneType: "null",
    inspect.LiteralType: "InputType",
}
# A page names its frames by strings and numbers, so it gets no other labels back.
NARROWED = {("Prediction", "drawing"): "string", ("Prediction", "seq"): "number"}


def properties(typedef: str) -> dict[str, str]:
    """Return the fields of a typedef and their types; optional ones in brackets."""
    pattern = rf"@typedef {{object}} {typedef}\n(.*?)^ \*(?:/|\n)"
    [block] = re.findall(pattern, TEXT, re.DOTALL | re.MULTILINE)
    found = re.findall(r"@property {((?:[^{}]|\n)+)} (\S+)", block)
    return {name: re.sub(r"\s+\*?\s*", " ", form) for form, name in found}


def fields(form: type[Struct]) -> dict[str, str]:
    """Return the fields of a struct as contract.js writes them."""
    described = inspect.type_info(form)
    assert isinstance(described, inspect.StructType)
    written = {}
    for field in described.fields:
        name = field.encode_name if field.required else f"[{field.encode_name}]"
        type_ = js_type(field.type, nullable=field.required or form in VALUES)
        written[name] = NARROWED.get((form.__name__, field.encode_name), type_)
    return written


def js_type(form: inspect.Type, nullable: bool = True) -> str:
    """Return a type in JSDoc's notation; null is left out of what a page may leave out."""
    if isinstance(form, inspect.Metadata):
        return js_type(form.type, nullable)
    if type(form) in SIMPLE:
        return SIMPLE[type(form)]
    if isinstance(form, inspect.StructType):
        return form.cls.__name__
    if isinstance(form, inspect.TupleType):
        return f"[{', '.join(map(js_type, form.item_types))}]"
    if isinstance(form, inspect.UnionType):
        left_out = () if nullable else (inspect.NoneType,)
        return " | ".join(js_type(each) for each in form.types if not isinstance(each, left_out))
    assert isinstance(form, inspect.ListType | inspect.VarTupleType), form
    return f"{js_type(form.item_type)}[]"


@pytest.mark.parametrize("form", sorted(FORMS, key=str), ids=lambda form: form.__name__)
def test_typedef_has_the_fields_of_its_type(form: type[Struct]) -> None:
    assert properties(form.__name__) == fields(form)


@pytest.mark.parametrize("form", sorted(ANSWERS, key=str), ids=lambda form: form.__name__)
def test_typedef_of_an_answer_has_its_fields(form: type[Struct]) -> None:
    written = ", ".join(f"{name}: {type_}" for name, type_ in fields(form).items())
    expected = written.replace("[ok]: boolean", "ok: true")
    assert f"@typedef {{Failure | {{{expected}}}}} {form.__name__}\n" in TEXT


def test_client_events_are_those_of_the_table() -> None:
    [block] = re.findall(r"@typedef {object} ClientEvents\n(.*?)\n \*\n", TEXT, re.DOTALL)
    one_line = re.sub(r"\n \*  +", " ", block)
    handler = r"\(\w+: (\w+)(?:, answer: \(answer: (\w+)\) => void)?\) => void} (\w+)"
    found = re.findall(handler, one_line)
    assert [(name, payload, answer) for payload, answer, name in found] == [
        (each.name, each.payload.__name__, each.answer.__name__ if each.answer else "")
        for each in EVENTS
    ]


def test_server_events_are_those_of_the_contract() -> None:
    [block] = re.findall(r"@typedef {object} ServerEvents\n(.*?)\n \*\n", TEXT, re.DOTALL)
    found = re.findall(r"\(\w+: (\w+)\) => void} (\w+)", block)
    assert {name: form for form, name in found} == {
        name: form.__name__ for name, form in SERVER_EVENTS.items()
    }
