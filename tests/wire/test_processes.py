"""Several server processes on one port, started by one command."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from uuid import uuid4

import httpx
import psutil
import pytest

from server.runtime.notify import Notices
from tests.conftest import ServerProcess, free_port, run_server, wait_until
from tests.pictures import png
from tests.wire.conftest import Client
from tests.wire.proxies import nginx
from tests.wire.test_polling import Polling

pytestmark = pytest.mark.every_mode

POSTGRESQL = pytest.mark.postgresql
COUNT = 2
BROWSERS, ROUNDS = 6, 3
BACK_S, END_S, START_S = 3, 6, 20
PICTURE = png("7")


@pytest.fixture(scope="module")
def server(async_mode: str, serve: Callable[..., ServerProcess]) -> Iterator[ServerProcess]:
    server = serve(async_mode=async_mode, processes=str(COUNT), trusted_proxies="1")
    wait_for_all(server)
    yield server
    server.stop()


@pytest.fixture
def connect(server: ServerProcess) -> Iterator[Callable[[int], Client]]:
    """Connect a client to the shared port (0), or to that of one process."""
    with ExitStack() as stack:

        def connect(number: int = 0) -> Client:
            client = Client(f"http://127.0.0.1:{server.port + number}")
            stack.callback(client.close)
            return client

        yield connect


def processes(server: ServerProcess) -> list[psutil.Process]:
    assert server.process
    return psutil.Process(server.process.pid).children()


def save(client: Client) -> str | None:
    """Save as a browser does; None if the connection has ended."""
    drawing = str(uuid4())
    answer = client.ask_if_connected("save", {"drawing": drawing, "image": PICTURE})
    assert answer is None or answer["ok"], answer
    return drawing if answer else None


@POSTGRESQL
def test_what_is_saved_by_one_process_is_told_by_all(
    server: ServerProcess, connect: Callable[..., Client]
) -> None:
    assert len(processes(server)) == COUNT
    watchers = [connect(number) for number in range(COUNT + 1)]
    for each in watchers:
        each.ask("watch_history", {})
    for number in range(COUNT + 1):
        drawing = save(connect(number))
        assert [each.wait_for("history_added")["id"] for each in watchers] == [drawing] * 3


@POSTGRESQL
def test_killed_process_is_replaced(server: ServerProcess, connect: Callable[..., Client]) -> None:
    before = processes(server)
    before[0].kill()
    started_s = time.monotonic()
    assert save(connect())  # the other one goes on
    assert time.monotonic() - started_s < BACK_S
    wait_until(lambda: before[0] not in processes(server))
    wait_for_all(server)
    assert before[1] in processes(server)


def wait_for_all(server: ServerProcess) -> None:
    for number in range(1, COUNT + 1):
        wait_until(lambda number=number: answers(server.port + number), START_S, server.log)
    assert len(processes(server)) == COUNT


def answers(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/healthz", timeout=1).is_success
    except httpx.TransportError:
        return False


@contextmanager
def asking(url: str) -> Iterator[list[Exception]]:
    """Ask for a page again and again, each time by a new connection; collect what fails."""
    failures: list[Exception] = []
    ended = threading.Event()

    def ask() -> None:
        while not ended.wait(0.01):
            try:
                httpx.get(f"{url}/healthz", timeout=20).raise_for_status()
            except httpx.HTTPError as error:
                failures.append(error)

    thread = threading.Thread(target=ask)
    thread.start()
    yield failures
    ended.set()
    thread.join()


@POSTGRESQL
def test_restart_one_by_one_refuses_nothing(
    server: ServerProcess, connect: Callable[..., Client]
) -> None:
    assert server.process
    before, client, saved = processes(server), connect(), []
    with asking(server.url) as failures:
        server.process.send_signal(signal.SIGHUP)
        end_s = time.monotonic() + 60
        while set(before) & set(processes(server)):
            assert time.monotonic() < end_s, server.log()
            if not client.connected:
                client = connect()
            saved.append(save(client))
    assert len(processes(server)) == COUNT
    assert failures == []
    saved.append(save(connect()))  # one before may have been cut off with the last that left
    assert saved[-1]
    entries = connect().ask("list_history", {"limit": 100})["entries"]
    assert {id for id in saved if id} <= {entry["id"] for entry in entries} | set(saved[:-100])


@POSTGRESQL
@pytest.mark.usefixtures("example_name")
def test_browsers_that_poll_through_nginx_stay_with_their_process(
    server: ServerProcess, tmp_path: Path
) -> None:
    own = [f"127.0.0.1:{server.port + number}" for number in (1, 2)]
    with nginx(server, tmp_path, several=own) as site:
        polling = [Polling(server, site.browse()) for _ in range(BROWSERS)]
        for each in polling * ROUNDS:
            assert each.send('427["list_history",{"limit":1}]') == httpx.codes.OK
            assert each.receive().startswith('437[{"ok":true')
        for each in polling:
            each.close()


@POSTGRESQL
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_processes_end_with_the_one_that_started_them(
    serve: Callable[..., ServerProcess], number: signal.Signals
) -> None:
    server = serve(processes=str(COUNT))
    wait_for_all(server)
    assert server.process
    started = processes(server)
    server.process.send_signal(number)
    _, alive = psutil.wait_procs(started, END_S)
    assert alive == []
    assert server.process.wait(END_S) == (0 if number != signal.SIGKILL else -signal.SIGKILL)
    server.process = None


@POSTGRESQL
def test_fault_at_the_start_is_told_once_and_ends_all(tmp_path: Path) -> None:
    url = f"postgresql+psycopg://127.0.0.1:{free_port()}/none"
    done = run_server(tmp_path, processes="2", port=str(free_port()), database_url=url)
    assert done.returncode == 1
    assert done.stderr.count("Live Digits cannot start: ") == 1
    assert "Check DIGITS_DATABASE_URL" in done.stderr


@pytest.mark.parametrize(
    "count", [pytest.param("1", marks=pytest.mark.sqlite), pytest.param("2", marks=POSTGRESQL)]
)
def test_server_tells_whoever_has_started_it_that_it_is_ready(tmp_path: Path, count: str) -> None:
    notices, server = Notices(tmp_path / "notices"), ServerProcess(tmp_path, processes=count)
    server.environment = notices.environment
    server.start()
    wait_until(lambda: notices.has_come, START_S)
    server.stop()
    notices.close()


@pytest.mark.sqlite
def test_several_processes_need_postgresql(tmp_path: Path) -> None:
    done = run_server(tmp_path, processes="2", port=str(free_port()))
    assert done.returncode == 1
    assert done.stderr == (
        "Live Digits cannot start: Several processes need PostgreSQL: set DIGITS_DATABASE_URL, "
        "or DIGITS_PROCESSES=1.\n"
    )
