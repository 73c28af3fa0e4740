"""HTTP: the API described for programs (OpenAPI 3.1), made from the operations that answer it.

https://spec.openapis.org/oas/v3.1.1.html
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from inspect import cleandoc
from typing import Annotated, Any

import msgspec
from flask import Flask, Response, request

from server.contract import Reading
from server.errors import DigitsError
from server.http.api.operations import JSON, MULTIPART, PLACE, Form, Operation

Object = dict[str, Any]

HOUR_S = 3600
REFERENCE = "#/components/schemas/{name}"
ANY_PICTURE = "image/*"
FILE = {"type": "string", "format": "binary"}


class Problem(msgspec.Struct, frozen=True):
    """What went wrong: a code for programs and a message for people."""

    code: str
    message: str


class Failure(msgspec.Struct, frozen=True):
    """The answer to a request that failed."""

    ok: Annotated[bool, msgspec.Meta(extra_json_schema={"const": False})]
    error: Problem


class Description:
    """The description of operations, for whoever asks."""

    def __init__(self, operations: Sequence[Operation], guests_allowed: bool) -> None:
        self._operations = operations
        self._guests_allowed = guests_allowed

    def register(self, app: Flask) -> None:
        cookie = app.config["SESSION_COOKIE_NAME"]
        self._json = msgspec.json.encode(describe(self._operations, cookie, self._guests_allowed))
        app.add_url_rule("/api/openapi.json", "openapi", self.serve)

    def serve(self) -> Response:
        response = Response(self._json, mimetype=JSON)
        response.cache_control.public = True
        response.cache_control.max_age = HOUR_S
        response.add_etag()
        return response.make_conditional(request)  # type: ignore[return-value]


def describe(operations: Sequence[Operation], cookie: str, guests_allowed: bool) -> Object:
    """The OpenAPI document of operations; `cookie` is the name of the session's."""
    paths: dict[str, Object] = {}
    for operation in operations:
        path = PLACE.sub(r"{\1}", operation.path)
        paths.setdefault(path, {})[operation.method.lower()] = _operation(operation)
    schemes = {
        "token": {"type": "http", "scheme": "bearer"},
        "session": {"type": "apiKey", "in": "cookie", "name": cookie},
    }
    guest: list[Object] = [{}] if guests_allowed else []
    return {
        "openapi": "3.1.1",
        "info": {"title": "Live Digits", "version": "1"},
        "paths": paths,
        "components": {"schemas": _schemas(operations), "securitySchemes": schemes},
        "security": [*guest, *({name: []} for name in schemes)],
    }


def _schemas(operations: Iterable[Operation]) -> Object:
    sent = [operation.body for operation in operations if operation.body not in (bytes, None)]
    answered = [operation.answer for operation in operations if operation.answer]
    forms = dict.fromkeys([*sent, *answered, Failure, Reading])  # in the same order at each start
    _, schemas = msgspec.json.schema_components(forms, ref_template=REFERENCE)
    for schema in schemas.values():
        schema["description"] = cleandoc(schema.get("description", ""))
    return schemas


def _operation(operation: Operation) -> Object:
    content = {"schema": _reference(operation.answer)} if operation.answer else {}
    success = {"description": "Done", "content": {operation.media_type: content}}
    described = {
        "operationId": operation.name,
        "summary": operation.summary,
        "parameters": [*map(_id, operation.ids), *_query(operation.query)],
        "responses": {str(operation.status): success}
        | {str(error.status): _failure(error) for error in operation.errors()},
    }
    return described | (
        {"requestBody": _body(operation.body, operation.query)} if operation.body else {}
    )


def _failure(error: type[DigitsError]) -> Object:
    code = {"properties": {"error": {"properties": {"code": {"const": error.code}}}}}
    schema = _reference(Failure) | code
    return {"description": error.code.replace("_", " "), "content": {JSON: {"schema": schema}}}


def _body(form: type, query: Form | None) -> Object:
    if form is bytes:
        return {"required": True, "content": _picture(_fields(query))}
    return {"required": True, "content": {JSON: {"schema": _reference(form)}}}


def _picture(fields: Object) -> Object:
    """A picture as the body, or as a file of a form whose other fields could be the query's."""
    form = {"type": "object", "properties": {"picture": FILE} | fields, "required": ["picture"]}
    encoding = {"picture": {"contentType": ANY_PICTURE}}
    return {ANY_PICTURE: {"schema": FILE}, MULTIPART: {"schema": form, "encoding": encoding}}


def _id(name: str) -> Object:
    schema = {"type": "string", "format": "uuid"}
    return {"name": name, "in": "path", "required": True, "schema": schema}


def _query(form: Form | None) -> Iterable[Object]:
    return [
        {"name": name, "in": "query", "schema": schema} for name, schema in _fields(form).items()
    ]


def _fields(form: Form | None) -> Object:
    """The fields of a form as text has them: one that may be null is left out instead."""
    if form is None:
        return {}
    fields = msgspec.json.schema(form)["$defs"][form.__name__]["properties"]
    return {name: schema.get("anyOf", [schema])[0] for name, schema in fields.items()}


def _reference(form: type) -> Object:
    return {"$ref": REFERENCE.format(name=form.__name__)}
