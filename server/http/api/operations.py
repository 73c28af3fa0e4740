"""What the HTTP API can do, as values: from them it is answered, and described."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import msgspec
from flask import Flask

from server.accounts.identity import Identity
from server.contract import parse_id
from server.errors import (
    DigitsError,
    Forbidden,
    ImageTooLarge,
    Internal,
    InvalidPayload,
    NotFound,
    RateLimited,
    SignInRequired,
    Unavailable,
)
from server.rate_limits import Rates

JSON = "application/json"
MULTIPART = "multipart/form-data"
PLACE = re.compile(r"<(\w+)>")  # of an id in a path, as Flask has it
ANY_REQUEST = (InvalidPayload, SignInRequired, Forbidden, RateLimited, Internal, Unavailable)

Form = type[msgspec.Struct]


@dataclass(frozen=True)
class Operation:
    """A method of a path: what answers it, what it counts as, its forms and its status.

    A body of `bytes` is a picture. An answer that is not JSON is a file, which has no form.
    `raises` are its own errors, beside those that come with any request, id or body.
    """

    name: str
    method: str
    path: str
    view: Callable[..., Any]
    action: str
    summary: str
    answer: Form | None
    status: int = 200
    query: Form | None = None
    body: Form | type[bytes] | None = None
    media_type: str = JSON
    raises: tuple[type[DigitsError], ...] = ()

    @property
    def ids(self) -> list[str]:
        return PLACE.findall(self.path)

    def errors(self) -> tuple[type[DigitsError], ...]:
        of_ids = (NotFound,) if self.ids else ()
        of_body = (ImageTooLarge,) if self.body else ()
        return ANY_REQUEST + of_ids + of_body + self.raises


def register(app: Flask, operations: Sequence[Operation], identity: Identity, rates: Rates) -> None:
    """Let operations be asked for: as whom is found out, and how often is held, for all alike."""

    def answer(operation: Operation, **where: str) -> Any:
        visitor = identity.visitor()
        rates.admit(operation.action, visitor.address, visitor.viewer.owner)
        ids = {name: parse_id(value) for name, value in where.items()}
        result = operation.view(visitor.viewer, **ids)
        return ({"ok": True} | result, operation.status) if operation.answer else result

    for operation in operations:
        view, methods = partial(answer, operation), [operation.method]
        app.add_url_rule(operation.path, operation.name, view, methods=methods)
