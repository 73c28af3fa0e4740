"""Routes, templates and new tokens of the pages, without a server."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

import flask
import pytest
from flask import Flask

from server.accounts.user_agents import describe_user_agent
from server.http.pages.new_tokens import MAX_AGE_S, NewToken, NewTokens
from server.http.pages.routes import PageRoute, password_paths
from server.http.pages.templates import set_up_templates
from server.settings import PROJECT, Settings

TOKEN = NewToken("script", "a secret")
PAGES = PROJECT / "web" / "pages"


class Clock:
    """A clock that is set by hand."""

    now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


def test_new_token_is_taken_once_and_by_its_session() -> None:
    tokens, session = NewTokens(), uuid4()
    tokens.put(session, TOKEN)
    assert tokens.take(uuid4()) is None
    assert tokens.take(session) == TOKEN
    assert tokens.take(session) is None


def test_new_token_is_dropped_after_its_time() -> None:
    clock, session = Clock(), uuid4()
    tokens = NewTokens(clock)
    tokens.put(session, TOKEN)
    clock.now_s = MAX_AGE_S + 1
    assert tokens.take(session) is None


def test_password_paths_are_those_of_marked_routes() -> None:
    routes = [PageRoute("/a", str), PageRoute("/b", str, ("POST",), password=True)]
    assert password_paths(routes) == {"/b"}


def test_error_page_renders_without_pages_user_or_database(tmp_path: Path) -> None:
    app = Flask(__name__, root_path=str(tmp_path), template_folder=str(PAGES))
    app.secret_key = "a key"
    set_up_templates(app, Settings(), threshold=lambda: 0.5)
    with app.test_request_context():
        flask.g.csp_nonce = "a-nonce"
        page = flask.render_template("error.html", message="Nothing here.")
    assert "<h1>Nothing here.</h1>" in page
    assert 'nonce="a-nonce"' in page


@pytest.mark.parametrize(
    ("user_agent", "description"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
         "Firefox on Linux"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0",
         "Edge on Windows"),
        ("python-httpx/0.28", "python-httpx/0.28"),
        ("Samsung Internet on Android", "Samsung Internet on Android"),
        ("", "Unknown device"),
    ],
)  # fmt: skip
def test_describe_user_agent_names_browser_and_system(user_agent: str, description: str) -> None:
    assert describe_user_agent(user_agent) == description
