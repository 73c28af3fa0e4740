"""PostgreSQL: connections that notice a server that is gone, and one writer at a time.

libpq's parameters: https://www.postgresql.org/docs/current/libpq-connect.html
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Engine, Table, event, func, select, text

CONNECT_TIMEOUT_S = 3
STATEMENT_TIMEOUT_MS = 60_000  # the deletion of a large account takes longest
IDLE_TIMEOUT_MS = 10_000  # of a transaction whose process has stopped
# A connection whose other end vanishes without a word is given up, by both ends: or PostgreSQL
# would keep the locks of a machine that is cut off, and what it notifies of for minutes.
GONE_MS = 5_000
PROBE_AFTER_S, PROBE_EVERY_S = 3, 1
LOCK_TIMEOUT_MS = GONE_MS + 3_000  # wait for another that writes, also until it is given up
WRITER_LOCK = 0x64696769  # key of an advisory lock: "digi"
RETENTION_LOCK = 0x6F6C6465  # "olde"
OTHERS = (  # those without a user are PostgreSQL's own
    "SELECT pid FROM pg_stat_activity WHERE datname = current_database() "
    "AND usesysid IS NOT NULL AND pid <> pg_backend_pid()"
)

# Seven calls at most use the database at once: see runtime/off_loop.py; one connection more hears
# of events. A dead connection is replaced when it is taken from the pool.
ENGINE_OPTIONS: dict[str, Any] = {
    "pool_pre_ping": True,
    "pool_size": 9,
    "max_overflow": 0,
    "pool_timeout": CONNECT_TIMEOUT_S,
    "use_native_hstore": False,
    "connect_args": {
        "connect_timeout": CONNECT_TIMEOUT_S,
        "keepalives_idle": PROBE_AFTER_S,
        "keepalives_interval": PROBE_EVERY_S,
        "tcp_user_timeout": GONE_MS,
        "options": (
            f"-c lock_timeout={LOCK_TIMEOUT_MS} -c statement_timeout={STATEMENT_TIMEOUT_MS} "
            f"-c idle_in_transaction_session_timeout={IDLE_TIMEOUT_MS} "
            f"-c tcp_keepalives_idle={PROBE_AFTER_S} -c tcp_keepalives_interval={PROBE_EVERY_S} "
            f"-c tcp_user_timeout={GONE_MS}"
        ),
    },
}


def set_up(engine: Engine, writes: str) -> None:
    """Let one transaction write at a time, of all processes: those with the option `writes`.

    So each of them sees what those before it have committed, as on SQLite.
    """

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        if connection.get_execution_options().get(writes):
            become_writer(connection)


def become_writer(connection: Connection) -> None:
    """Wait until no other process writes, and keep it so until the end of the transaction."""
    connection.execute(select(func.pg_advisory_xact_lock(WRITER_LOCK)))


def become_patient(connection: Connection) -> None:
    """Let the statements of this transaction take and wait as long as they need."""
    for name in ("lock_timeout", "statement_timeout"):
        connection.execute(text(f"SET LOCAL {name} = 0"))


def become_reader(connection: Connection) -> None:
    """Let one transaction see the database as it is now, for as long as it needs."""
    _take_time(connection)
    connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"))


def become_only_writer(connection: Connection) -> None:
    """Keep all others from writing until the connection is closed, for as long as it needs."""
    if _is_ours(connection):
        _take_time(connection)
        connection.execute(select(func.pg_advisory_lock(WRITER_LOCK)))
        connection.commit()


def take_turn(connection: Connection, lock: int) -> bool:
    """Begin what one server does at a time, until `end_turn`; return whether none does it now."""
    if not _is_ours(connection):
        return True
    taken: bool = connection.execute(select(func.pg_try_advisory_lock(lock))).scalar_one()
    connection.commit()
    return taken


def end_turn(connection: Connection, lock: int) -> None:
    """Let another server do it."""
    if _is_ours(connection):
        connection.execute(select(func.pg_advisory_unlock(lock)))
        connection.commit()


def process_of(connection: Connection) -> int | None:
    """Return the process of PostgreSQL that serves a connection; None on SQLite."""
    if not _is_ours(connection):
        return None
    process: int = connection.execute(select(func.pg_backend_pid())).scalar_one()
    return process


def others(connection: Connection) -> set[int]:
    """Return the processes of PostgreSQL that serve others who use the same database."""
    if not _is_ours(connection):
        return set()
    found = set(connection.execute(text(OTHERS)).scalars())
    connection.rollback()  # one transaction would see the same each time
    return found


def continue_sequences(connection: Connection, tables: Sequence[Table]) -> None:
    """Let the numbers that PostgreSQL gives follow those that are there."""
    numbered = [column for each in tables if (column := each.autoincrement_column) is not None]
    for column in numbered if _is_ours(connection) else ():
        sequence = func.pg_get_serial_sequence(column.table.name, column.name)
        connection.execute(select(func.setval(sequence, func.max(column))))


def _take_time(connection: Connection) -> None:
    """Let the statements of a connection, and pauses between them, take as long as they need."""
    for name in ("lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout"):
        connection.execute(text(f"SET {name} = 0"))
    connection.commit()


def _is_ours(connection: Connection) -> bool:
    return connection.dialect.name == "postgresql"
