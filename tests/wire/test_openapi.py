"""The HTTP API held to its own OpenAPI description by Schemathesis."""

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
from server.settings import Settings
from tests.conftest import PROJECT, ServerProcess
from tests.databases import database_url

DESCRIPTION = "/api/openapi.json"
ACCOUNTS = ["ada", "bob"]
# Schemathesis also sends pictures of its own that are blank: 422 is an answer to a valid request.
SETTINGS = """checks.positive_data_acceptance.expected-statuses = [
  "2xx", "3xx", "401", "403", "404", "409", "422", "429", "5xx",
]
"""
UNLIMITED = {f"{rate}_per_minute": "10000000" for rate in ("changes", "uploads", "queries")}
FUZZ = [
    sys.executable, "-m", "schemathesis.cli", "--no-color", "run", "--checks", "all", "--seed", "1",
    "--max-examples", "10", "--continue-on-failure", "--generation-database", "none",
    "--output-sanitize", "false",
]  # fmt: skip


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    settings = Settings(data_dir=tmp_path_factory.mktemp("instance"), async_mode="threading")
    return create_app(settings).app


def test_description_has_every_api_route(app: Flask) -> None:
    paths = app.test_client().get(DESCRIPTION).get_json()["paths"]
    described = {(path, method.upper()) for path, item in paths.items() for method in item}
    routes = {
        (rule.rule.replace("<", "{").replace(">", "}"), method)
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/") and rule.rule != DESCRIPTION
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert described == routes


def test_unchanged_description_is_not_sent_again(app: Flask) -> None:
    client = app.test_client()
    first = client.get(DESCRIPTION)
    assert first.cache_control.public
    again = client.get(DESCRIPTION, headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304


def test_guest_answers_match_the_description(serve: Callable[..., ServerProcess]) -> None:
    assert_matches_description(serve(**UNLIMITED))


def test_account_answers_match_the_description(serve: Callable[..., ServerProcess]) -> None:
    # Schemathesis checks that neither account can read the other's entries.
    server = serve(async_mode="threading", guests="off", **UNLIMITED)
    keys = [{"name": name, "fixedHeaders": [bearer(server, name)]} for name in ACCOUNTS]
    (server.data_dir / "keys.json").write_text(json.dumps({"auth": keys}))
    peers = f'auth.wfc = {{ path = "keys.json", peers = {json.dumps(ACCOUNTS)} }}'
    assert_matches_description(server, peers)


def assert_matches_description(server: ServerProcess, settings: str = "") -> None:
    """Fail with the report of Schemathesis, which tells how to repeat each request."""
    (server.data_dir / "schemathesis.toml").write_text(SETTINGS + settings)
    hooks = {"SCHEMATHESIS_HOOKS": "tests.wire.openapi_pictures", "PYTHONPATH": str(PROJECT)}
    report = subprocess.run(
        [*FUZZ, server.url + DESCRIPTION],
        cwd=server.data_dir, env=os.environ | hooks, capture_output=True, text=True, check=False,
    )  # fmt: skip
    server.stop()
    assert report.returncode == 0, report.stdout + report.stderr + server.log()


def bearer(server: ServerProcess, name: str) -> dict[str, str]:
    """Create an account with a token in the server's database and return its header."""
    engine = open_database(database_url(server.data_dir))
    accounts = AccountStore(engine)
    accounts.create(name, "no password", None)
    token = accounts.open_key(name, "token", "fuzz").secret
    engine.dispose()
    return {"name": "Authorization", "value": f"Bearer {token}"}
