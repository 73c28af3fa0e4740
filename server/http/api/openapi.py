"""The OpenAPI 3.1 description of the API, made from the table of operations.

https://spec.openapis.org/oas/v3.1.1.html
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from inspect import cleandoc
from typing import Any

import msgspec
from flask import Flask, Response, request

from server.contract import VERSION, Failure
from server.errors import DigitsError
from server.http.api.routes import MULTIPART
from server.services.exports.download import ZIP
from server.services.operations import FILES, JSON, OPERATIONS, PLACEHOLDER, Operation, Route

Schema = dict[str, Any]

HOUR_S = 3600
REFERENCE = "#/components/schemas/{name}"
ANY_PICTURE = "image/*"
FILE = {"type": "string", "format": "binary"}
ARCHIVE = {"required": True, "content": {ZIP: {"schema": FILE}}}


class Description:
    """The description, encoded once and served to anyone."""

    def __init__(self, guests_allowed: bool) -> None:
        self._guests_allowed = guests_allowed

    def register(self, app: Flask) -> None:
        cookie = app.config["SESSION_COOKIE_NAME"]
        self._json = msgspec.json.encode(describe_api(OPERATIONS, cookie, self._guests_allowed))
        app.add_url_rule("/api/openapi.json", "openapi", self._serve)

    def _serve(self) -> Response:
        response = Response(self._json, mimetype=JSON)
        response.cache_control.public = True
        response.cache_control.max_age = HOUR_S
        response.add_etag()
        return response.make_conditional(request)  # type: ignore[return-value]


def describe_api(operations: Sequence[Operation], cookie: str, guests_allowed: bool) -> Schema:
    """Return the OpenAPI document; `cookie` is the name of the session cookie."""
    routed = [(each, each.route) for each in operations if each.route]
    paths: dict[str, Schema] = {}
    for operation, route in routed:
        path = PLACEHOLDER.sub(r"{\1}", route.path)
        paths.setdefault(path, {})[route.method.lower()] = _describe(operation, route)
    schemes = {
        "token": {"type": "http", "scheme": "bearer"},
        "session": {"type": "apiKey", "in": "cookie", "name": cookie},
    }
    guest: list[Schema] = [{}] if guests_allowed else []
    return {
        "openapi": "3.1.1",
        "info": {"title": "Live Digits", "version": str(VERSION)},
        "paths": paths,
        "components": {
            "schemas": _schemas(operation for operation, _ in routed),
            "securitySchemes": schemes,
        },
        "security": [*guest, *({name: []} for name in schemes)],
    }


def _schemas(operations: Iterable[Operation]) -> Schema:
    answers = [operation.answer for operation in operations if operation.answer]
    forms = dict.fromkeys([*answers, Failure])  # a dict keeps the order at each start
    _, schemas = msgspec.json.schema_components(forms, ref_template=REFERENCE)
    for schema in schemas.values():
        schema["description"] = cleandoc(schema.get("description", ""))
    return schemas


def _describe(operation: Operation, route: Route) -> Schema:
    content = {"schema": _reference(operation.answer)} if operation.answer else {}
    success = {"description": "Success", "content": {route.media_type: content}}
    fields = _fields(operation, route)
    described: Schema = {
        "operationId": operation.name,
        "summary": operation.summary,
        "parameters": [*map(_id, route.ids)],
        "responses": {str(route.status): success}
        | {str(error.status): _failure(error) for error in operation.errors},
    }
    if operation.has_json_body:
        return described | {"requestBody": _json_body(operation, fields)}
    described["parameters"] += [
        {"name": name, "in": "query", "schema": schema} for name, schema in fields.items()
    ]
    if operation.takes_picture:
        return described | {"requestBody": _picture(fields)}
    return described | ({"requestBody": ARCHIVE} if operation.file_field else {})


def _fields(operation: Operation, route: Route) -> Schema:
    """Return the schemas of a payload's fields without the file and the ids in the path.

    A field that may be null is left out instead, over HTTP.
    """
    elsewhere = {*FILES, *route.ids}
    properties = _payload_schema(operation)["properties"]
    return {
        name: schema.get("anyOf", [schema])[0]
        for name, schema in properties.items()
        if name not in elsewhere
    }


def _payload_schema(operation: Operation) -> Schema:
    schema: Schema = msgspec.json.schema(operation.payload)["$defs"][operation.payload.__name__]
    return schema


def _failure(error: type[DigitsError]) -> Schema:
    code = {"properties": {"error": {"properties": {"code": {"const": error.code}}}}}
    schema = _reference(Failure) | code
    return {"description": error.code.replace("_", " "), "content": {JSON: {"schema": schema}}}


def _json_body(operation: Operation, fields: Schema) -> Schema:
    required = [name for name in _payload_schema(operation)["required"] if name in fields]
    schema = {"type": "object", "properties": fields, "required": required}
    return {"required": True, "content": {JSON: {"schema": schema}}}


def _picture(fields: Schema) -> Schema:
    """Describe a picture as the body, or as a file of a form that may hold the query's fields."""
    form = {"type": "object", "properties": {"picture": FILE} | fields, "required": ["picture"]}
    encoding = {"picture": {"contentType": ANY_PICTURE}}
    content = {ANY_PICTURE: {"schema": FILE}, MULTIPART: {"schema": form, "encoding": encoding}}
    return {"required": True, "content": content}


def _id(name: str) -> Schema:
    schema = {"type": "string", "format": "uuid"}
    return {"name": name, "in": "path", "required": True, "schema": schema}


def _reference(form: type) -> Schema:
    return {"$ref": REFERENCE.format(name=form.__name__)}
