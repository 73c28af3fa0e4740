"""A browser without a screen: it keeps cookies, submits forms and opens sockets."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Protocol
from uuid import uuid4

import httpx

from tests.pictures import png

PASSWORD = "a sentence of mine"

Open = Callable[[], "Browser"]


class Served(Protocol):
    """Anything at an address."""

    url: str


class Browser:
    """An HTTP client with cookies. `name` is the account that it signed up for, if any."""

    def __init__(self, server: Served) -> None:
        self.url = server.url
        self.name = ""
        self.http = httpx.Client(base_url=self.url)

    def submit(self, path: str, page: str | None = None, **fields: str) -> httpx.Response:
        """Submit a form of a page, by default of the page at the same path."""
        token = self.csrf_token(page or path)
        return self.http.post(path, data=fields | {"csrf_token": token})

    def csrf_token(self, page: str) -> str:
        text = self.http.get(page, headers={"Accept": "text/html"}).text
        found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', text)
        assert found, text
        return found[1]

    def sign_up(self, name: str = "", **fields: str) -> Browser:
        self.name = name or f"user-{uuid4().hex[:8]}"
        given = {"username": self.name, "password": PASSWORD} | fields
        assert self.submit("/sign-up", **given).status_code == 303
        return self

    def sign_in(self, name: str, password: str = PASSWORD, **fields: str) -> httpx.Response:
        return self.submit("/sign-in", username=name, password=password, **fields)

    def sign_out(self) -> httpx.Response:
        return self.submit("/sign-out", page="/account")

    def make_token(self, label: str = "script") -> str:
        assert self.submit("/account/tokens", page="/account", label=label).status_code == 303
        [token] = self.new_tokens()
        return token

    def new_tokens(self) -> list[str]:
        """Return the secrets that the account page shows now."""
        page = self.http.get("/account").text
        return re.findall(r'<code id="new-token">([\w-]{40,})</code>', page)

    def key_ids(self) -> list[str]:
        """Return the keys that the account page offers to end: all but this session."""
        page = self.http.get("/account").text
        return re.findall(r"/account/keys/([0-9a-f-]+)/end", page)

    def end_key(self, id: str) -> httpx.Response:
        return self.submit(f"/account/keys/{id}/end", page="/account")

    def upload(self, text: str = "7", **params: str) -> dict[str, Any]:
        answer = self.http.post("/api/predictions", content=png(text), params=params).json()
        entry: dict[str, Any] = answer["entry"]
        return entry

    def entries(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.http.get("/api/predictions").json()["entries"]
        return found

    @property
    def cookie(self) -> dict[str, str]:
        """The header that authenticates a socket of this browser."""
        cookies = "; ".join(f"{name}={value}" for name, value in self.http.cookies.items())
        return {"Cookie": cookies}


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}
