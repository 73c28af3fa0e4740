"""What the operator sees of a real server: metrics, the log, the status page."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import httpx
import pytest
import yaml

from server.monitoring.metrics import REDIS_UP
from server.settings import PROJECT
from tests.conftest import ServerProcess, wait_until
from tests.pictures import png
from tests.wire.conftest import Client

MONITORING = PROJECT / "server" / "monitoring"
TOKEN = "operator's token, long enough to be one"
LABELS = re.compile(r"\{.*\}")


def metrics(server: ServerProcess, **options: Any) -> dict[str, float]:
    """Return the samples by name and labels, as they are written."""
    answer = httpx.get(f"{server.url}/metrics", **options).raise_for_status()
    lines = [line for line in answer.text.splitlines() if not line.startswith("#")]
    return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines)}


@pytest.fixture
def rise(server: ServerProcess) -> Callable[[str], float]:
    """Return by how much a sample has risen since the test began."""
    before = metrics(server)
    return lambda name: metrics(server)[name] - before.get(name, 0)


def save(client: Client) -> Any:
    return client.ask("save", {"drawing": str(uuid4()), "image": png("7")})


def test_frames_are_counted(client: Client, rise: Callable[[str], float]) -> None:
    for seq, image in enumerate((png("7"), b"damaged")):
        client.tell("frame", {"drawing": str(uuid4()), "seq": seq, "image": image})
        client.wait_for("prediction")
    assert rise('digits_frames_total{outcome="read"}') == 1
    assert rise('digits_frames_total{outcome="refused"}') == 1
    assert rise("digits_frame_batch_size_count") == 2


def test_saves_and_errors_are_counted(client: Client, rise: Callable[[str], float]) -> None:
    save(client)
    client.ask("save", {})
    assert rise('digits_saves_total{change="added"}') == 1
    assert rise('digits_errors_total{code="invalid_payload"}') == 1
    assert rise('digits_operation_seconds_count{operation="save"}') == 2
    assert rise('digits_pool_seconds_count{pool="writes"}') > 0


def test_connections_and_bytes_are_counted(
    connect: Callable[..., Client], rise: Callable[[str], float]
) -> None:
    client = connect()
    save(client)
    assert rise("digits_connections") == 1
    assert rise("digits_received_bytes_total") > len(png("7"))
    assert rise("digits_sent_bytes_total") > 100
    client.close()
    wait_until(lambda: rise("digits_connections") == 0)


def test_refused_request_is_in_the_log_under_its_id(server: ServerProcess, client: Client) -> None:
    error = client.ask("save", {})["error"]
    wait_until(lambda: error["request"] in server.log())
    [line] = [line for line in server.log().splitlines() if error["request"] in line]
    assert "save: invalid_payload" in line
    answer = httpx.get(f"{server.url}/nothing")
    assert answer.headers["X-Request-ID"] == answer.json()["error"]["request"]
    wait_until(lambda: f"request={answer.headers['X-Request-ID']}" in server.log())


def test_save_is_in_the_log_under_its_entry(server: ServerProcess, client: Client) -> None:
    id = save(client)["entry"]["id"]
    wait_until(lambda: re.search(rf"save: ok .*entry={id} .*request=", server.log()))


def test_log_holds_neither_queries_nor_line_breaks(server: ServerProcess) -> None:
    answer = httpx.get(f"{server.url}/a%0Ab?search=sought")
    wait_until(lambda: answer.headers["X-Request-ID"] in server.log())
    assert "GET /a%0Ab: 404" in server.log()
    assert "sought" not in server.log()


def test_status_page_shows_the_metrics(server: ServerProcess) -> None:
    page = httpx.get(f"{server.url}/status", headers={"Accept": "text/html"})
    assert page.is_success
    assert "Live frames, by what became of them" in page.text


@pytest.fixture(scope="module")
def guarded(serve: Callable[..., ServerProcess]) -> Iterator[ServerProcess]:
    """A server with a token for its operator, whose log is JSON."""
    server = serve(operator_token=TOKEN, log_format="json")
    yield server
    server.stop()


def test_operators_token_opens_the_metrics(guarded: ServerProcess) -> None:
    assert metrics(guarded, auth=("any", TOKEN))
    assert metrics(guarded, headers={"Authorization": f"Bearer {TOKEN}"})
    for auth in (None, ("any", "wrong")):
        refused = httpx.get(f"{guarded.url}/metrics", auth=auth)
        assert refused.status_code == 401
        assert refused.headers["WWW-Authenticate"].startswith("Basic")


def test_json_log_has_an_object_in_each_line(guarded: ServerProcess) -> None:
    id = httpx.get(f"{guarded.url}/nothing").headers["X-Request-ID"]
    wait_until(lambda: id in guarded.log())
    lines = [json.loads(line) for line in guarded.log().splitlines() if line.startswith("{")]
    [line] = [line for line in lines if line.get("request") == id]
    assert (line["event"], line["level"]) == ("GET /nothing: 404", "info")


def test_metrics_are_not_for_those_behind_a_proxy(server: ServerProcess) -> None:
    forwarded = {"X-Forwarded-For": "203.0.113.7"}
    assert httpx.get(f"{server.url}/metrics", headers=forwarded).status_code == 401


@pytest.mark.parametrize("file", ["dashboard.json", "alerts.yml"])
def test_dashboard_and_alerts_name_metrics_that_exist(
    server: ServerProcess, client: Client, file: str
) -> None:
    save(client)
    known = {LABELS.sub("", name) for name in metrics(server)} | {REDIS_UP._name}
    content = yaml.safe_load((MONITORING / file).read_text())  # JSON is YAML
    named = set(re.findall(r"\b(?:digits|process)_\w+", json.dumps(content)))
    assert named
    assert named <= known
