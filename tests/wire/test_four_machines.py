"""Two servers, their engines and nginx on four machines, whose links are cut, slow and lossy.

The long form: pytest tests/wire/test_four_machines.py --database postgresql --disturbances 60
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from server.database.engine import connect
from server.database.postgresql import LOCK_TIMEOUT_MS, become_writer
from tests.conftest import ServerProcess, free_port
from tests.databases import PostgresServer
from tests.network import Machine, Network
from tests.redis_server import RedisServer
from tests.wire.histories import endure
from tests.wire.proxies import Site, nginx
from tests.wire.workers import Worker

pytestmark = [pytest.mark.postgresql, pytest.mark.usefixtures("example_name")]

WORKERS, BROWSERS = 4, 6
KINDS = (Machine.cut, Machine.slow, Machine.lossy)
SERVED_S = LOCK_TIMEOUT_MS / 1000 + 4  # nginx looks for another server after 3 s
SHORT_S, LONG_S, LONGEST_S = 1, 7, 25  # short and long beside the timeouts of the connections


@dataclass(frozen=True)
class Disturbance:
    """Something that the link of a machine suffers for a while."""

    machine: Machine
    kind: Callable[..., object]
    seconds: float

    def __repr__(self) -> str:
        return f"{self.kind.__name__} {self.machine.name} for {self.seconds} s"

    def __call__(self) -> None:
        with self.kind(self.machine):
            time.sleep(self.seconds)


def usual(engines: Machine, first: Machine, second: Machine, proxy: Machine) -> list[Disturbance]:
    return [
        Disturbance(engines, Machine.cut, LONG_S),
        Disturbance(first, Machine.cut, SHORT_S),
        Disturbance(proxy, Machine.cut, LONG_S),
        Disturbance(engines, Machine.slow, SHORT_S),
        Disturbance(second, Machine.lossy, SHORT_S),
    ]


def more(machines: list[Machine], count: int) -> list[Disturbance]:
    rng = random.Random(1)
    times_s = (SHORT_S, LONG_S, LONGEST_S)
    return [
        Disturbance(rng.choice(machines), rng.choice(KINDS), rng.choice(times_s))
        for _ in range(count)
    ]


@pytest.fixture(scope="module")
def network() -> Iterator[Network]:
    network = Network(["engines", "first", "second", "proxy"])
    yield network
    network.close()


@pytest.fixture(scope="module")
def database_url(network: Network) -> Iterator[str]:
    """The database of all servers."""
    machine = network.machines[0]
    with TemporaryDirectory(prefix="digits-postgres-") as folder:
        server = PostgresServer(Path(folder), free_port(), machine.address)
        with machine.entered():
            server.start()
            url = server.create("digits")
        yield url
        server.stop()


@pytest.fixture(scope="module")
def redis_url(network: Network, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    machine = network.machines[0]
    server = RedisServer(tmp_path_factory.mktemp("redis"), free_port(), machine.address)
    with machine.entered():
        server.start()
    yield server.url
    server.stop()


@pytest.fixture(scope="module")
def servers(
    network: Network, serve: Callable[..., ServerProcess], database_url: str, redis_url: str
) -> Iterator[list[ServerProcess]]:
    """A server on each of two machines, one in each async mode."""
    started = []
    for machine, mode in zip(network.machines[1:3], ("eventlet", "threading"), strict=True):
        with machine.entered():
            started.append(
                serve(
                    async_mode=mode, database_url=database_url, redis_url=redis_url,
                    host="0.0.0.0", secret_key="k" * 32, trusted_proxies="1",
                )
            )  # fmt: skip
    yield started
    for each in started:
        each.stop()


@pytest.fixture(scope="module")
def site(
    network: Network,
    servers: list[ServerProcess],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Site]:
    """nginx with TLS on its machine, on which the test goes on."""
    places = [
        f"{machine.address}:{server.port}"
        for machine, server in zip(network.machines[1:3], servers, strict=True)
    ]
    with (
        network.machines[3].entered(),
        nginx(servers[0], tmp_path_factory.mktemp("proxy"), places) as site,
        pytest.MonkeyPatch.context() as patch,
    ):
        patch.setenv("SSL_CERT_FILE", str(site.authority))
        yield site


@pytest.fixture
def workers(site: Site) -> Iterator[list[Worker]]:
    """Accounts that change their histories."""
    made = [Worker(site, seed, int) for seed in range(WORKERS)]
    yield made
    for worker in made:
        worker.close()


def test_disturbed_links_lose_nothing_and_pages_show_what_is_kept(
    network: Network,
    servers: list[ServerProcess],
    site: Site,
    workers: list[Worker],
    request: pytest.FixtureRequest,
) -> None:
    count = request.config.getoption("--disturbances")
    disturbances = usual(*network.machines) + more(network.machines, count)
    endure(disturbances, site.url, servers[0].settings["database_url"], workers)
    for each in servers:
        assert "Traceback" not in each.log()


@pytest.fixture
def _writing(network: Network, database_url: str) -> Iterator[None]:
    """The first server's machine is in the middle of a change, which keeps all others waiting."""
    with network.machines[1].entered():
        engine = connect(database_url)
        connection = engine.connect()
        become_writer(connection)
    yield
    connection.invalidate()
    engine.dispose()


@pytest.mark.usefixtures("_writing")
def test_new_browsers_are_served_while_a_server_is_cut_off(network: Network, site: Site) -> None:
    with network.machines[1].cut():
        for _ in range(BROWSERS):
            with site.browse() as browser:
                assert browser.get("/readyz", timeout=SERVED_S).is_success
