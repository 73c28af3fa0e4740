"""The server as it is deployed: from the files of the image, and in the sandbox of systemd."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.conftest import PROJECT, ServerProcess
from tests.image import make_tree
from tests.pictures import png
from tests.wire.proxies import NAME, program

DEPLOY = PROJECT / "server" / "deploy"
SANDBOX = DEPLOY / "systemd" / "live-digits-.service.d" / "sandbox.conf"
ASSET = re.compile(r'(?:src|href)="(/static/[^"]+)"')
HTML = {"Accept": "text/html"}
WITHOUT_CAPABILITIES = ["setpriv", "--bounding-set=-all", "--no-new-privs"]


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """A server with the image's files only, none of which it may change."""
    folder, data = (tmp_path_factory.mktemp(name) for name in ("image", "data"))
    make_tree(folder)
    folders = [folder, *filter(Path.is_dir, folder.rglob("*"))]
    for each in folders:
        each.chmod(0o555)
    server = ServerProcess(data)
    server.folder = folder
    # Without its capabilities, root may write only where others may too.
    server.launcher = WITHOUT_CAPABILITIES if os.geteuid() == 0 else []
    server.environment = {"PYTHONDONTWRITEBYTECODE": "1"}
    server.start()
    yield server
    server.stop()
    for each in folders:
        each.chmod(0o755)


@pytest.fixture(scope="module")
def sandboxed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """A server under the system call filter of the units."""
    server = ServerProcess(tmp_path_factory.mktemp("data"))
    sandbox = str(PROJECT / "tests" / "wire" / "sandbox.py")
    server.launcher = [sys.executable, sandbox, str(SANDBOX)]
    server.start()
    yield server
    server.stop()


@pytest.fixture(params=["image", "sandboxed"])
def server(request: pytest.FixtureRequest) -> ServerProcess:
    found = request.getfixturevalue(request.param)
    assert isinstance(found, ServerProcess)
    return found


def test_deployed_server_is_ready(server: ServerProcess) -> None:
    assert httpx.get(f"{server.url}/readyz").json() == {"status": "ready"}


def test_deployed_server_reads_and_saves(server: ServerProcess) -> None:
    answer = httpx.post(f"{server.url}/api/predictions", content=png("407")).json()
    assert answer["entry"]["predicted"] == "407"


def test_deployed_server_exports(server: ServerProcess) -> None:
    assert httpx.get(f"{server.url}/api/export.xlsx").content.startswith(b"PK")


@pytest.mark.parametrize("page", ["/", "/history", "/sign-in"])
def test_image_has_the_files_of_pages(image: ServerProcess, page: str) -> None:
    assets = ASSET.findall(httpx.get(f"{image.url}{page}", headers=HTML).text)
    statuses = [httpx.get(f"{image.url}{asset}").status_code for asset in assets]
    assert statuses
    assert set(statuses) == {200}


def test_image_has_the_bundle(image: ServerProcess) -> None:
    assert "/static/built/" in httpx.get(image.url, headers=HTML).text


def test_image_commands_run(image: ServerProcess) -> None:
    command = [*image.launcher, sys.executable, "-m", "server", "users", "list"]
    environment = os.environ | image.environment | {"DIGITS_DATA_DIR": str(image.data_dir)}
    done = subprocess.run(
        command, cwd=image.folder, env=environment, capture_output=True, text=True, check=False
    )
    assert done.stdout == "There are no accounts.\n", done.stderr


@pytest.mark.parametrize(
    "deed",
    [
        "import mmap; mmap.mmap(-1, 4096, prot=7)",
        "import os; os.chroot('/')",
        "import os; os.setpriority(os.PRIO_PROCESS, 0, 1)",
    ],
)
def test_sandbox_refuses(deed: str) -> None:
    sandbox = [sys.executable, str(PROJECT / "tests" / "wire" / "sandbox.py"), str(SANDBOX)]
    done = subprocess.run(
        [*sandbox, sys.executable, "-c", deed], capture_output=True, text=True, check=False
    )
    assert "PermissionError" in done.stderr


def test_vps_page_makes_a_valid_caddyfile(tmp_path: Path) -> None:
    [command] = re.findall(r"^sed .+", (DEPLOY / "VPS.md").read_text(), re.MULTILINE)
    target = tmp_path / "Caddyfile"
    command = command.replace("/etc/caddy/Caddyfile", str(target))
    subprocess.run(["bash", "-c", f"NAME={NAME}; {command}"], cwd=PROJECT, check=True)
    subprocess.run([program("caddy"), "validate", "--config", str(target)], check=True)
