"""PostgreSQL: connections that notice a server that is gone, and one writer at a time.

libpq's parameters: https://www.postgresql.org/docs/current/libpq-connect.html
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Engine, event, func, select, text

CONNECT_TIMEOUT_S = 3
LOCK_TIMEOUT_MS = 5_000  # wait for another process that writes
STATEMENT_TIMEOUT_MS = 60_000  # the deletion of a large account takes longest
IDLE_TIMEOUT_MS = 10_000  # of a transaction whose process has stopped
WRITER_LOCK = 0x64696769  # key of an advisory lock: "digi"

# Seven calls at most use the database at once: see runtime/off_loop.py. A dead connection is
# replaced when it is taken from the pool.
ENGINE_OPTIONS: dict[str, Any] = {
    "pool_pre_ping": True,
    "pool_size": 8,
    "max_overflow": 0,
    "pool_timeout": CONNECT_TIMEOUT_S,
    "use_native_hstore": False,
    "connect_args": {
        "connect_timeout": CONNECT_TIMEOUT_S,
        # A server that vanishes without a word is given up after 20 s.
        "keepalives_idle": 10,
        "keepalives_interval": 5,
        "keepalives_count": 2,
        "tcp_user_timeout": 20_000,
        "options": (
            f"-c lock_timeout={LOCK_TIMEOUT_MS} -c statement_timeout={STATEMENT_TIMEOUT_MS} "
            f"-c idle_in_transaction_session_timeout={IDLE_TIMEOUT_MS}"
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
