"""The command line: `python -m server`, with `--help`, or `users`, `history` and `models`.

These commands are in an admin.py, of accounts/, of history/ and of models/.

The patches are installed before the application is imported: a module imported earlier would keep
the blocking functions of the standard library. Hence the imports inside functions.
"""

from __future__ import annotations

import argparse
import logging
import os
import sys
from collections.abc import Sequence

from server.errors import ConfigurationError, DigitsError
from server.runtime import library_patches, process
from server.settings import Settings, database_url, load_settings, prepare_data_dir

MAX_STOP_S = 4.5  # of which the clients have three: see app.py


def main() -> None:
    try:
        if sys.argv[1:2] and sys.argv[1] in COMMANDS:
            settings = load_settings(os.environ)
            prepare_data_dir(settings.data_dir)
            return COMMANDS[sys.argv[1]](settings)
        given, listeners = parse_arguments()
        settings = load_settings(os.environ | given)
        if settings.processes > 1 and not listeners:
            os.environ.update(given)
            sys.exit(start_several(settings))
        if not settings.redis_url:
            library_patches.leave_out("redis")  # python-socketio loads it in vain: 22 MB
        library_patches.install(settings.async_mode)
        start(settings, listeners)
    except ConfigurationError as error:
        sys.exit(f"Live Digits cannot start: {error}")


def parse_arguments() -> tuple[dict[str, str], list[int]]:
    """Return the settings of the command line, which take precedence, and inherited sockets."""
    parser = argparse.ArgumentParser("python -m server", description="Serve Live Digits.")
    parser.add_argument("--host", help="address to listen on (DIGITS_HOST, 127.0.0.1)")
    parser.add_argument("--port", help="port to listen on (DIGITS_PORT, 5000)")
    parser.add_argument("--processes", help="number of processes, or auto (DIGITS_PROCESSES, 1)")
    parser.add_argument("--listener", type=int, action="append", help=argparse.SUPPRESS)
    given = vars(parser.parse_args())
    listeners = given.pop("listener") or []
    return {f"DIGITS_{name.upper()}": value for name, value in given.items() if value}, listeners


def manage_users(settings: Settings) -> None:
    from server.accounts.admin import manage
    from server.accounts.store import AccountStore
    from server.database.engine import open_database

    try:
        print(manage(AccountStore(open_database(database_url(settings))), sys.argv[2:]))
    except DigitsError as error:
        sys.exit(error.message)


def manage_history(settings: Settings) -> None:
    from server.history.admin import run

    sys.exit(run(database_url(settings), sys.argv[2:]))


def manage_models(settings: Settings) -> None:
    from server.database.engine import open_database
    from server.models.admin import manage

    try:
        print(manage(open_database(database_url(settings)), settings, sys.argv[2:]))
    except DigitsError as error:
        sys.exit(error.message)


COMMANDS = {"users": manage_users, "history": manage_history, "models": manage_models}


def start_several(settings: Settings) -> int:
    """Serve by several processes until a signal; return the exit status."""
    from server.monitoring import logs
    from server.runtime.supervisor import supervise

    if not database_url(settings).startswith("postgresql"):
        raise ConfigurationError(
            "Several processes need PostgreSQL: set DIGITS_DATABASE_URL, or DIGITS_PROCESSES=1."
        )
    logs.set_up(settings.log_format)
    return supervise(settings.host, settings.port, settings.processes)


def start(settings: Settings, inherited: Sequence[int]) -> None:
    """Wire the server and serve until a signal; then leave, and end the process.

    A process of several has inherited its sockets, and ends with the one that has started it.
    """
    from server.app import create_app
    from server.database.files import leave
    from server.monitoring import logs
    from server.runtime.listeners import BACKLOG, bind, inherit
    from server.runtime.loops import load
    from server.runtime.notify import tell_ready

    listeners = inherit(inherited) or [bind(settings.host, settings.port)]
    logs.set_up(settings.log_format)
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    signals = process.StopSignals()
    process.switch_threads_often()
    process.keep_little_memory()
    process.allow_many_files()
    if inherited:
        process.end_with_parent()
    server = create_app(settings)
    server.start()
    process.collect_garbage_rarely()
    for each in listeners:
        each.listen(BACKLOG)
    stops = [load(settings.async_mode).serve(server.app, each) for each in listeners]
    tell_ready()
    if not inherited:
        print(f"Live Digits is running at http://{settings.host}:{settings.port}", flush=True)
    signals.wait()
    process.end_within(MAX_STOP_S)
    for stop_accepting in stops:
        stop_accepting()
    server.drain()
    server.stop()
    leave(database_url(settings))
    process.end()


if __name__ == "__main__":
    main()
