"""The HTTP API is as it describes itself, whatever is sent: Schemathesis makes it up."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable

import pytest
from flask import Flask

from server.accounts.store import AccountStore
from server.app import create_app
from server.database.engine import open_database
from server.settings import Settings, database_url
from tests.conftest import PROJECT, ServerProcess

DESCRIPTION = "/api/openapi.json"
ACCOUNTS = ["ada", "bob"]
MANY = {f"{what}_per_minute": "10000000" for what in ("changes", "uploads", "queries")}
FUZZ = [
    sys.executable, "-m", "schemathesis.cli", "--no-color", "run", "--checks", "all", "--seed", "1",
    "--max-examples", "10", "--continue-on-failure", "--generation-database", "none",
    "--output-sanitize", "false",
]  # fmt: skip


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    settings = Settings(data_dir=tmp_path_factory.mktemp("instance"), async_mode="threading")
    return create_app(settings).app


def test_route_when_under_api_then_described(app: Flask) -> None:
    paths = app.test_client().get(DESCRIPTION).get_json()["paths"]
    described = {(path, method.upper()) for path, item in paths.items() for method in item}
    routes = {
        (rule.rule.replace("<", "{").replace(">", "}"), method)
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/") and rule.rule != DESCRIPTION
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert described == routes


def test_description_when_unchanged_then_not_sent_again(app: Flask) -> None:
    client = app.test_client()
    first = client.get(DESCRIPTION)
    assert first.cache_control.public
    again = client.get(DESCRIPTION, headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304


def test_guest_when_anything_is_sent_then_answered_as_described(
    serve: Callable[..., ServerProcess],
) -> None:
    assert_as_described(serve(async_mode="eventlet", **MANY))


def test_accounts_when_anything_is_sent_then_answered_as_described(
    serve: Callable[..., ServerProcess],
) -> None:
    """Two of them, neither of which must see what is the other's."""
    server = serve(async_mode="threading", guests="off", **MANY)
    keys = [{"name": name, "fixedHeaders": [bearer(server, name)]} for name in ACCOUNTS]
    (server.data_dir / "keys.json").write_text(json.dumps({"auth": keys}))
    peers = f'auth.wfc = {{ path = "keys.json", peers = {json.dumps(ACCOUNTS)} }}'
    (server.data_dir / "schemathesis.toml").write_text(peers)
    assert_as_described(server)


def assert_as_described(server: ServerProcess) -> None:
    """Fail with what Schemathesis found, and how to send it again."""
    hooks = {"SCHEMATHESIS_HOOKS": "tests.wire.openapi_pictures", "PYTHONPATH": str(PROJECT)}
    fuzzed = subprocess.run(
        [*FUZZ, server.url + DESCRIPTION],
        cwd=server.data_dir, env=os.environ | hooks, capture_output=True, text=True, check=False,
    )  # fmt: skip
    server.stop()
    assert fuzzed.returncode == 0, fuzzed.stdout + fuzzed.stderr + server.log()


def bearer(server: ServerProcess, name: str) -> dict[str, str]:
    """The header of a new account, made in the server's database."""
    engine = open_database(database_url(Settings(data_dir=server.data_dir)))
    accounts = AccountStore(engine)
    accounts.create(name, "no password", None)
    token = accounts.open_key(name, "token", "fuzz").secret
    engine.dispose()
    return {"name": "Authorization", "value": f"Bearer {token}"}
