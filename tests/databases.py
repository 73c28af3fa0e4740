"""The databases of the tests: SQLite files, or databases of a PostgreSQL server.

`pytest --database postgresql` chooses. The server is a real one, from the system's packages, in a
folder of its own; databases are copies of a migrated one.
"""

from __future__ import annotations

import hashlib
import os
import pwd
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil
import psycopg
from sqlalchemy import Connection, NullPool, create_engine, text

from server.database.engine import open_database
from server.database.postgresql import WRITER_LOCK

ENGINES = ("sqlite", "postgresql")
CHOICE = "TEST_DATABASE"  # environment variable, for the processes that tests start too
USERS = ("postgres", "nobody")
LOCK = {"sqlite": "BEGIN IMMEDIATE", "postgresql": f"SELECT pg_advisory_xact_lock({WRITER_LOCK})"}
REFUSAL = {
    "sqlite": "CREATE TRIGGER fault BEFORE INSERT ON {table} "
    "BEGIN SELECT raise(ABORT, 'fault'); END",
    "postgresql": "ALTER TABLE {table} ADD CONSTRAINT fault CHECK (false) NOT VALID",
}
START_S = 30
STOP_S = 20
TEMPLATE = "template_digits"
# Texts are sorted as in English, so that a test fails where the code relies on the order of bytes.
INITDB = [
    "--username=digits", "--auth=trust", "--encoding=UTF8", "--no-sync", "--locale=C.UTF-8",
    "--locale-provider=icu", "--icu-locale=en-US", "--wal-segsize=1",
]  # fmt: skip


class PostgresServer:
    """A PostgreSQL server that can be stopped and started again on the same port and data."""

    def __init__(self, folder: Path, port: int, host: str = "127.0.0.1", **options: str) -> None:
        self.host = host
        self.port = port
        self._folder, wal = folder / "data", folder / "wal"  # each may be a disk of its own
        self._options = {
            "listen_addresses": host,
            "unix_socket_directories": "",
            "port": str(port),
            "max_connections": "500",
        } | options
        user = _user()
        self._user, self._group = user.pw_uid, user.pw_gid
        self._process: subprocess.Popen[bytes] | None = None
        for path in (folder, self._folder, wal):
            path.mkdir(mode=0o700, exist_ok=True)
            os.chown(path, user.pw_uid, user.pw_gid)
        subprocess.run(
            [_program("initdb"), "-D", str(self._folder), f"--waldir={wal}", *INITDB],
            check=True, cwd=folder, stdout=subprocess.DEVNULL, user=self._user, group=self._group,
        )  # fmt: skip
        with (self._folder / "pg_hba.conf").open("a") as rules:
            rules.write("host all all samenet trust\n")

    def start(self) -> None:
        options = [f"-c{name}={value}" for name, value in self._options.items()]
        with (self._folder.parent / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [_program("postgres"), "-D", str(self._folder), *options],
                cwd=self._folder, stdout=log, stderr=log, user=self._user, group=self._group,
            )  # fmt: skip
        end_s = time.monotonic() + START_S
        while not self._answers():
            assert self._process.poll() is None, self.log()
            assert time.monotonic() < end_s, self.log()
            time.sleep(0.05)

    def keep_running(self) -> None:
        """Wait until it answers; start it again if it has ended, as a service manager would."""
        assert self._process is not None
        end_s = time.monotonic() + START_S
        while not self._answers():
            assert time.monotonic() < end_s, self.log()
            if self._process.poll() is not None:
                self.start()
            time.sleep(0.05)

    def stop(self, at_once: bool = False) -> None:
        """End every session and stop; `at_once` as a crash does, to recover from at the start."""
        if self._process is not None:
            self._process.send_signal(signal.SIGQUIT if at_once else signal.SIGINT)
            self._process.wait(STOP_S)
            self._process = None

    def processes(self) -> list[psutil.Process]:
        assert self._process is not None
        process = psutil.Process(self._process.pid)
        return [process, *process.children()]

    def log(self) -> str:
        return (self._folder.parent / "log").read_text()

    def url(self, name: str) -> str:
        return f"postgresql+psycopg://digits@{self.host}:{self.port}/{name}"

    def create(self, name: str, template: str | None = None) -> str:
        """Create a database, unless it is there; return its URL."""
        with psycopg.connect(self._administration(), autocommit=True) as connection:
            query = "SELECT 1 FROM pg_database WHERE datname = %s"
            if connection.execute(query, [name]).fetchone() is None:
                suffix = f" TEMPLATE {template}" if template else ""
                connection.execute(f'CREATE DATABASE "{name}"{suffix}'.encode())
        return self.url(name)

    def _administration(self) -> str:
        return f"host={self.host} port={self.port} user=digits dbname=postgres"

    def _answers(self) -> bool:
        try:
            psycopg.connect(self._administration()).close()
        except psycopg.OperationalError:
            return False
        return True


def is_postgresql() -> bool:
    """Return whether the tests run on PostgreSQL."""
    return os.environ.get(CHOICE) == "postgresql"


def database_url(folder: Path) -> str:
    """Return the URL of the migrated and empty database of a folder, the same one each time."""
    if is_postgresql():
        name = hashlib.sha256(str(folder).encode()).hexdigest()[:32]
        return postgres().create(f"digits_{name}", TEMPLATE)
    return f"sqlite:///{folder / 'history.db'}"


def database_settings(folder: Path) -> dict[str, str]:
    """Return the settings of a server whose data folder this is."""
    return {"database_url": database_url(folder)} if is_postgresql() else {}


@contextmanager
def connected(url: str) -> Iterator[Connection]:
    """Connect to a database beside its server, and commit in the end."""
    engine = create_engine(url, poolclass=NullPool)
    with engine.begin() as connection:
        yield connection
    engine.dispose()


def lock_writes(connection: Connection) -> None:
    """Let no one else write until the end of the transaction."""
    connection.execute(text(LOCK[connection.dialect.name]))


def refuse_inserts(connection: Connection, table: str) -> None:
    """Let every new row of a table break a constraint that the code does not know."""
    connection.execute(text(REFUSAL[connection.dialect.name].format(table=table)))


@cache
def postgres() -> PostgresServer:
    """Return the PostgreSQL server of this session, with a migrated database to copy."""
    from tests.conftest import free_port

    _folders.append(TemporaryDirectory(prefix="digits-postgres-"))
    server = PostgresServer(Path(_folders[-1].name), free_port(), fsync="off")
    _servers.append(server)
    server.start()
    open_database(server.create(TEMPLATE)).dispose()
    return server


def stop_postgres() -> None:
    """Stop the PostgreSQL server of this session, if one was started."""
    for server in _servers:
        server.stop()
    for folder in _folders:
        folder.cleanup()


_servers: list[PostgresServer] = []
_folders: list[TemporaryDirectory[str]] = []


def _program(name: str) -> str:
    """Return the path of a program of PostgreSQL; Debian keeps them off the PATH."""
    packaged = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    found = str(packaged[-1]) if packaged else shutil.which(name)
    assert found, "These tests need the system's package `postgresql`."
    return found


def _user() -> pwd.struct_passwd:
    """Return the user who runs PostgreSQL, which refuses to run as root."""
    users = {each.pw_name: each for each in pwd.getpwall()}
    if os.geteuid() != 0:
        return pwd.getpwuid(os.geteuid())
    return next(users[name] for name in USERS if name in users)
