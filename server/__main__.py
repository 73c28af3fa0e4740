"""The command line: `python -m server [--host HOST] [--port PORT]`, or `users` or `history`.

Both commands are in an admin.py, of accounts/ and of history/.

The patches are installed before the application is imported: a module imported earlier would keep
the blocking functions of the standard library. Hence the imports inside functions.
"""

from __future__ import annotations

import argparse
import logging
import os
import socket
import sys

from server.errors import ConfigurationError, DigitsError
from server.runtime import library_patches, process
from server.settings import Settings, database_url, load_settings, prepare_data_dir

MAX_STOP_S = 4.5  # of which the clients have three: see app.py


def main() -> None:
    try:
        if sys.argv[1:2] in (["users"], ["history"]):
            settings = load_settings(os.environ)
            prepare_data_dir(settings.data_dir)
            return COMMANDS[sys.argv[1]](settings)
        settings = load_settings(os.environ | parse_arguments())
        if not settings.redis_url:
            library_patches.leave_out("redis")  # python-socketio loads it in vain: 22 MB
        library_patches.install(settings.async_mode)
        start(settings)
    except ConfigurationError as error:
        sys.exit(f"Live Digits cannot start: {error}")


def parse_arguments() -> dict[str, str]:
    """Return the command line as settings, which take precedence over the environment."""
    parser = argparse.ArgumentParser("python -m server", description="Serve Live Digits.")
    parser.add_argument("--host", help="address to listen on (DIGITS_HOST, 127.0.0.1)")
    parser.add_argument("--port", help="port to listen on (DIGITS_PORT, 5000)")
    given = vars(parser.parse_args())
    return {f"DIGITS_{name.upper()}": value for name, value in given.items() if value}


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


COMMANDS = {"users": manage_users, "history": manage_history}


def start(settings: Settings) -> None:
    """Wire the server and serve until a signal; then leave, and end the process."""
    from server.app import create_app
    from server.database.files import leave
    from server.monitoring import logs
    from server.runtime.serve import serve

    refuse_taken_port(settings)
    logs.set_up(settings.log_format)
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    signals = process.StopSignals()
    process.switch_threads_often()
    process.return_large_blocks()
    process.allow_many_files()
    server = create_app(settings)
    server.start()
    process.collect_garbage_rarely()
    stop_accepting = serve(server.app, settings.host, settings.port, settings.async_mode)
    print(f"Live Digits is running at http://{settings.host}:{settings.port}", flush=True)
    signals.wait()
    process.end_within(MAX_STOP_S)
    stop_accepting()
    server.drain()
    server.stop()
    leave(database_url(settings))
    process.end()


def refuse_taken_port(settings: Settings) -> None:
    """Raise ConfigurationError if another program listens; eventlet would share its port."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            settings.host, settings.port, type=socket.SOCK_STREAM
        )[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        raise ConfigurationError(
            f"{settings.host}:{settings.port} is not available ({error.strerror}). "
            "Choose another address with --host and --port."
        ) from error


if __name__ == "__main__":
    main()
