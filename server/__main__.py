"""Starts the server: `python -m server [--host HOST] [--port PORT]`; or `users`, see admin.py.

The standard library is made green before the application is imported, because what is imported
earlier would keep hold of what blocks; so that import stands inside a function.
"""

from __future__ import annotations

import argparse
import ctypes
import gc
import logging
import os
import signal
import socket
import sys
from contextlib import suppress
from typing import NoReturn

from server.errors import ConfigurationError, DigitsError
from server.runtime.concurrency import patch, run
from server.settings import Settings, database_url, load_settings, prepare_data_dir

M_MMAP_THRESHOLD = -3  # as malloc.h numbers it
LARGE_BYTES = 1_000_000
MOST_FILES = 10_000
GARBAGE = 10_000  # objects that may wait to be collected


def main() -> None:
    try:
        if sys.argv[1:2] == ["users"]:
            return manage_users(load_settings(os.environ))
        settings = load_settings(os.environ | parse_arguments())
        patch(settings.async_mode)
        serve(settings)
    except ConfigurationError as error:
        sys.exit(f"Live Digits cannot start: {error}")


def parse_arguments() -> dict[str, str]:
    """The command line as settings, which go before the environment's."""
    parser = argparse.ArgumentParser("python -m server", description="Serve Live Digits.")
    parser.add_argument("--host", help="address to listen on (DIGITS_HOST, 127.0.0.1)")
    parser.add_argument("--port", help="port to listen on (DIGITS_PORT, 5000)")
    given = vars(parser.parse_args())
    return {f"DIGITS_{name.upper()}": value for name, value in given.items() if value}


def manage_users(settings: Settings) -> None:
    from server.accounts.admin import manage
    from server.accounts.store import AccountStore
    from server.database.engine import open_database

    prepare_data_dir(settings.data_dir)
    try:
        print(manage(AccountStore(open_database(database_url(settings))), sys.argv[2:]))
    except DigitsError as error:
        sys.exit(error.message)


def serve(settings: Settings) -> None:
    from server.app import create_app

    refuse_taken_port(settings)
    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    for ending in (signal.SIGTERM, signal.SIGINT):
        signal.signal(ending, stop)
    give_large_blocks_back()
    allow_many_files()
    server = create_app(settings)
    collect_garbage_seldom()
    print(f"Live Digits reads at http://{settings.host}:{settings.port}", flush=True)
    run(server.app, server.socketio, settings.host, settings.port, settings.async_mode)


def refuse_taken_port(settings: Settings) -> None:
    """Raise ConfigurationError where another program listens: eventlet would share its port."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            settings.host, settings.port, type=socket.SOCK_STREAM
        )[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        raise ConfigurationError(
            f"{settings.host}:{settings.port} cannot be listened on ({error.strerror}). "
            "Choose another with --host and --port."
        ) from error


def collect_garbage_seldom() -> None:
    """Not several times a frame, and never again what the start has made, which stays."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(GARBAGE)


def give_large_blocks_back() -> None:
    """Give the memory of large pictures back to the system as soon as they are read.

    glibc keeps what it once gave back, for each of the native threads (mallopt(3)): a gigabyte
    after a few dozen photos. Other C libraries do not know this setting and do without.
    """
    if sys.platform == "linux":
        set_option = getattr(ctypes.CDLL(None), "mallopt", None)
        if set_option:
            set_option(M_MMAP_THRESHOLD, LARGE_BYTES)


def allow_many_files() -> None:
    """As many as the system lets us open: a connection is one, and 1,024 are usual."""
    if sys.platform != "win32":
        import resource

        now, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        with suppress(ValueError):  # macOS promises more than it gives
            resource.setrlimit(resource.RLIMIT_NOFILE, (max(now, min(most, MOST_FILES)), most))


def stop(_signal: int, _frame: object) -> NoReturn:
    """End at once: what was acknowledged is committed, and what was not is sent again.

    An exception would be raised in whichever green thread runs just now, and might be lost there.
    """
    os._exit(0)


if __name__ == "__main__":
    main()
