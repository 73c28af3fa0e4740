"""The contract: its version, and the copies of it for people and for the browser."""

from __future__ import annotations

import hashlib
import json
import re
from typing import Any

import msgspec
import pytest
from msgspec import Struct, inspect

from server.contract import (
    SERVER_EVENTS,
    VERSION,
    CorrectEntry,
    Failure,
    HistoryQuery,
    MoveEntries,
    fields,
    parse,
)
from server.errors import DigitsError, InvalidPayload
from server.services.operations import OPERATIONS, Operation
from server.settings import PROJECT

DIGESTS = {
    1: "sha256:c1152d7cbe6a756f",
    2: "sha256:34c845c38b727832",
    3: "sha256:2c66960eb4ff49de",
    4: "sha256:9b9987b1fd8e57dc",
    5: "sha256:8bce3f6bbab9ad2d",
    6: "sha256:54be2ad4fb2962d6",
    7: "sha256:1958029d931044c3",
    8: "sha256:871ce12be762135d",
    9: "sha256:999f6e35767fcab3",
}
NOTATION: dict[type[inspect.Type], str] = {
    inspect.UUIDType: "uuid",
    inspect.StrType: "str",
    inspect.LiteralType: "str",
    inspect.IntType: "int",
    inspect.FloatType: "float",
    inspect.BoolType: "bool",
    inspect.BytesType: "bytes",
    inspect.VarTupleType: "list",
    inspect.TupleType: "list",
}
ID = "0b8e4a52-6c1f-4e0e-9d0a-3f1f6f2d7a11"
WRITTEN = "only digits, signs (- . , / : + %), ?, spaces, tabs and line breaks"
MOMENT = "a time such as 2026-01-31T12:00:00.123Z"
NAME = "a name without control characters, and without space around it"
TEXT = (PROJECT / "server" / "CONTRACT.md").read_text()


def digest() -> str:
    """Digest everything that travels: payloads, answers, events, and the table."""
    answers = [each.answer for each in OPERATIONS if each.answer]
    forms = dict.fromkeys([*(each.payload for each in OPERATIONS), *answers, Failure])
    _, schemas = msgspec.json.schema_components([*forms, *SERVER_EVENTS.values()])
    table = [
        (each.name, each.payload.__name__, each.answer and each.answer.__name__, each.event)
        for each in OPERATIONS
    ]
    events = {name: form.__name__ for name, form in SERVER_EVENTS.items()}
    everything = json.dumps([without_descriptions(schemas), table, events], sort_keys=True)
    return f"sha256:{hashlib.sha256(everything.encode()).hexdigest()[:16]}"


def without_descriptions(schema: Any) -> Any:
    if isinstance(schema, dict):
        return {k: without_descriptions(v) for k, v in schema.items() if k != "description"}
    return [*map(without_descriptions, schema)] if isinstance(schema, list) else schema


def test_version_rises_with_every_change() -> None:
    message = "The contract has changed: raise VERSION, and add its digest to DIGESTS."
    assert DIGESTS.get(VERSION) == digest(), message


def rows(heading: str) -> list[list[str]]:
    """Return the rows of the table under a heading of CONTRACT.md, without code marks."""
    section = TEXT.split(f"## {heading}\n", 1)[1].split("\n## ", 1)[0]
    lines = re.findall(r"^\| (.*) \|$", section, re.MULTILINE)[1:]
    return [[cell.replace("`", "").strip() for cell in line.split(" | ")] for line in lines]


def notation(form: type[Struct]) -> str:
    """Return a payload as CONTRACT.md writes it."""
    described = inspect.type_info(form)
    assert isinstance(described, inspect.StructType)
    fields = [
        f"{field.name}{'' if field.required else '?'}: {type_name(field.type)}"
        for field in described.fields
    ]
    return f"{{{', '.join(sorted(fields))}}}"


def type_name(form: inspect.Type) -> str:
    if isinstance(form, inspect.UnionType):
        [form] = [each for each in form.types if not isinstance(each, inspect.NoneType)]
    return NOTATION[type(form)]


def sort_fields(payload: str) -> str:
    return f"{{{', '.join(sorted(payload.strip('{}').split(', ')))}}}"


def answer_of(operation: Operation) -> str:
    if operation.answer is None:
        return "the event prediction"
    return f"{{{', '.join(operation.answer.__struct_fields__)}}}"


def test_contract_has_every_event_of_the_table() -> None:
    written = [
        (name, sort_fields(payload), answer)
        for name, payload, answer in rows("Events from the client")
    ]
    assert written == [
        (each.name, notation(each.payload), answer_of(each)) for each in OPERATIONS if each.event
    ]


def test_contract_has_every_route_of_the_table() -> None:
    assert {row[0] for row in rows("HTTP")} == {
        f"{each.route.method} {each.route.path}" for each in OPERATIONS if each.route
    }


def test_contract_has_every_event_of_the_server() -> None:
    assert [name for name, _ in rows("Events from the server")] == [*SERVER_EVENTS]


def test_contract_has_every_error() -> None:
    known = {(error.code, str(error.status)) for error in DigitsError.__subclasses__()}
    assert {(code, status) for code, status, _ in rows("Errors")} == known


@pytest.mark.parametrize(
    ("form", "payload", "message"),
    [
        (CorrectEntry, {"id": ID}, "Object missing required field `text`."),
        (CorrectEntry, {"id": ID, "text": "4o7"}, f"Expected {WRITTEN} at `text`."),
        (HistoryQuery, {"search": "\0"}, "Expected text without NUL characters at `search`."),
        (HistoryQuery, {"before": "x"}, "Expected the `next` of an earlier answer at `before`."),
        (HistoryQuery, {"made_from": "today"}, f"Expected {MOMENT} at `made_from`."),
        (HistoryQuery, {"list": " a"}, f"Expected {NAME} at `list`."),
        (MoveEntries, {"ids": [], "list": None}, "Expected `array` of length >= 1 at `ids`."),
        (
            MoveEntries,
            {"ids": [ID, ID], "list": "a", "rank": 1},
            "`rank` is the place of one entry: send one id with it.",
        ),
        (HistoryQuery, [], "Expected `object`, got `array`."),
    ],
)
def test_refusal_names_field_and_fault(form: type[Struct], payload: Any, message: str) -> None:
    with pytest.raises(InvalidPayload) as refusal:
        parse(payload, form)
    assert str(refusal.value) == f"Invalid message: {message}"


@pytest.mark.parametrize("text", ["-12.5", "19.160", "24/12 7:45", "+4%\n3,?", "1\t-2"])
def test_correction_may_hold_signs(text: str) -> None:
    assert parse({"id": ID, "text": text}, CorrectEntry).text == text


@pytest.mark.parametrize("text", ["=1", "1;2", "(3)", "1e5", "−4", "4\r"])
def test_correction_holds_no_other_characters(text: str) -> None:
    with pytest.raises(InvalidPayload, match="only digits, signs"):
        parse({"id": ID, "text": text}, CorrectEntry)


@pytest.mark.parametrize("name", ["7", "Bench 3", "Prüfung 3b", "e\u0301", "😀" * 60, "a" * 60])
def test_list_name_is_any_short_text(name: str) -> None:
    assert parse({"ids": [ID], "list": name}, MoveEntries).list == name


@pytest.mark.parametrize(
    "name",
    ["", " ", "a ", "\u3000a", "a\n", "a\tb", "\0", "\x85", "a\u202eb", "\u2028", "a" * 61, 7],
    ids=ascii,
)
def test_list_name_has_no_controls_and_no_space_around(name: object) -> None:
    with pytest.raises(InvalidPayload, match="at `list`"):
        parse({"ids": [ID], "list": name}, MoveEntries)


@pytest.mark.parametrize("pattern", [p for p in vars(fields) if p.endswith("_PATTERN")])
def test_every_pattern_is_explained(pattern: str) -> None:
    assert getattr(fields, pattern) in fields.PATTERNS
