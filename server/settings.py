"""Settings: their names, defaults, units and help texts, read from environment variables.

The field `max_pixels` is read from DIGITS_MAX_PIXELS, and so on. An invalid setting stops the
start with a message that names it. The table in the README lists them all.
"""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

from server.errors import ConfigurationError

PREFIX = "DIGITS_"
PROJECT = Path(__file__).resolve().parent.parent
INK_MODEL = PROJECT / "model" / "ink.onnx"
SECRET_KEY_BYTES = 32
MIN_SECRET_KEY_LENGTH = 32
MAX_PROCESSES = 256
REDIS_URL = re.compile(r"rediss?://[^/?#\s]+(/[0-9]*)?")

Value = TypeVar("Value")


def _number(minimum: int, maximum: int) -> Callable[[str], int]:
    def parse(text: str) -> int:
        if not text.strip().isdecimal() or not minimum <= int(text) <= maximum:
            raise ValueError(f"a whole number from {minimum} to {maximum}")
        return int(text)

    return parse


def _count_or_auto(text: str) -> int:
    if text == "auto":
        return os.cpu_count() or 1
    try:
        return _number(1, MAX_PROCESSES)(text)
    except ValueError as error:
        raise ValueError(f'{error}, or "auto"') from None


def _switch(text: str) -> bool:
    if text.lower() not in ("on", "off"):
        raise ValueError('"on" or "off"')
    return text.lower() == "on"


def _one_of(*choices: str) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if text not in choices:
            raise ValueError(" or ".join(f'"{choice}"' for choice in choices))
        return text

    return parse


def _token(text: str) -> str:
    if len(text) < MIN_SECRET_KEY_LENGTH:
        raise ValueError(f"at least {MIN_SECRET_KEY_LENGTH} characters")
    return text


def _origins(text: str) -> tuple[str, ...]:
    origins = tuple(origin.strip().rstrip("/") for origin in text.split(",") if origin.strip())
    if not all(origin == "*" or origin.startswith(("http://", "https://")) for origin in origins):
        raise ValueError('origins such as "https://example.org", separated by commas')
    return origins


def _redis_url(text: str) -> str:
    try:
        parts = urlsplit(text)
        has_server = bool(parts.hostname) and parts.port != 0
    except ValueError:  # no number of a port, for example
        has_server = False
    if not has_server or not REDIS_URL.fullmatch(text):
        form = "a URL such as redis://127.0.0.1:6379 or rediss://example.org:6380/1"
        raise ConfigurationError(f"DIGITS_REDIS_URL must be {form}.")  # without its password
    return text


def _setting(default: Value, parse: Callable[[str], Value], help: str) -> Value:
    return field(default=default, metadata={"parse": parse, "help": help})


def _per_minute(default: int, actions: str) -> int:
    help = f"{actions} per minute and address; three times as many per account."
    return _setting(default, _number(1, 10_000_000), help)


@dataclass(frozen=True)
class Settings:
    """The settings of one server."""

    host: str = _setting(
        "127.0.0.1", str, "Address to listen on; 0.0.0.0 for all network interfaces."
    )
    port: int = _setting(5000, _number(0, 65535), "Port to listen on.")
    data_dir: Path = _setting(
        PROJECT / "instance", Path, "Folder for the database and the secret key."
    )
    database_url: str = _setting(
        "",
        str,
        "SQLAlchemy URL of the database, such as postgresql+psycopg://user@host/name; if "
        "empty, SQLite in DIGITS_DATA_DIR.",
    )
    redis_url: str = _setting(
        "",
        _redis_url,
        "URL of a Redis or Valkey server, such as redis://127.0.0.1:6379, in which several "
        "processes count rates, connections and wrong passwords together; if empty, each counts "
        "alone.",
    )
    secret_key: str = _setting(
        "", str, "Key that signs the session cookie; if empty, one is kept in DIGITS_DATA_DIR."
    )
    model: Path = _setting(
        PROJECT / "model" / "handwritten.onnx", Path, "ONNX model, with its model card beside it."
    )
    async_mode: str = _setting(
        "eventlet",
        _one_of("eventlet", "gevent", "threading"),
        "Concurrency model: eventlet or gevent (green threads), or threading.",
    )
    max_upload_bytes: int = _setting(
        10_000_000, _number(1_000, 100_000_000), "Maximum size of a picture file, in bytes."
    )
    max_pixels: int = _setting(
        40_000_000, _number(1_000, 200_000_000), "Maximum width × height of a picture, in pixels."
    )
    allowed_origins: tuple[str, ...] = _setting(
        (), _origins, "Other web origins that may connect, separated by commas; * for all."
    )
    trusted_proxies: int = _setting(
        0, _number(0, 10), "Number of trusted reverse proxies (X-Forwarded-For, -Proto, -Host)."
    )
    guests: bool = _setting(
        True, _switch, "Whether people may use the app without an account (on or off)."
    )
    max_entries: int = _setting(
        100_000, _number(1, 100_000_000), "Maximum number of entries of one account or one guest."
    )
    guest_entries_per_day: int = _setting(
        20_000,
        _number(1, 100_000_000),
        "New entries per day and address, of all its guests together.",
    )
    keep_days: int = _setting(
        0, _number(0, 100_000), "Days after which an entry is deleted; 0: never."
    )
    keep_entries: int = _setting(
        0,
        _number(0, 100_000_000),
        "Maximum number of entries of an account, or of all guests; the oldest are deleted. "
        "0: no limit.",
    )
    keep_picture_bytes: int = _setting(
        0,
        _number(0, 10**15),
        "Maximum size of the stored pictures of an account, or of all guests, in bytes; the oldest "
        "entries are deleted. 0: no limit.",
    )
    min_free_bytes: int = _setting(
        100_000_000,
        _number(0, 10**15),
        "Free space on the disk of a SQLite history, in bytes, below which /readyz answers 503.",
    )
    connections_per_address: int = _setting(
        1_000, _number(1, 100_000), "Maximum number of simultaneous connections per address."
    )
    bytes_per_address: int = _setting(
        100_000_000,
        _number(1_000_000, 10_000_000_000),
        "Maximum number of bytes of messages that are not finished, and of answers that are not "
        "read, per address.",
    )
    processes: int = _setting(
        1,
        _count_or_auto,
        "Number of server processes, or auto for one per core; more than one need PostgreSQL. Each "
        "also listens on a port of its own, DIGITS_PORT + 1 and so on.",
    )
    log_format: str = _setting(
        "text", _one_of("text", "json"), "Form of the log on stderr: text for people, or json."
    )
    operator_token: str = _setting(
        "",
        _token,
        "Secret that opens /metrics and /status from elsewhere; if empty, only this machine may "
        "see them.",
    )
    frames_per_minute: int = _per_minute(180_000, "Frames")
    changes_per_minute: int = _per_minute(3_000, "Saves, corrections and deletions")
    uploads_per_minute: int = _per_minute(3_000, "Uploads")
    queries_per_minute: int = _per_minute(12_000, "History queries, explanations and exports")
    pages_per_minute: int = _per_minute(60_000, "Pages and pictures of entries")
    sign_ins_per_minute: int = _setting(
        60,
        _number(1, 10_000_000),
        "Sign-ins, sign-ups, password changes and account deletions per minute, for each address, "
        "or for each browser that was signed in to the account before.",
    )
    wrong_passwords_per_address: int = _setting(
        20,
        _number(1, 10_000_000),
        "Wrong passwords of one address, without an hour's pause, before each further one has to "
        "wait, up to a minute.",
    )


def load_settings(environment: Mapping[str, str]) -> Settings:
    """Read settings from environment variables. Raises ConfigurationError naming an invalid one."""
    known = {PREFIX + setting.name.upper(): setting for setting in fields(Settings)}
    _refuse_unknown(environment, known)
    values: dict[str, Any] = {}
    for name, setting in known.items():
        if environment.get(name):
            values[setting.name] = _parse(name, environment[name], setting.metadata["parse"])
    return Settings(**values)


def database_url(settings: Settings) -> str:
    """Return the URL of the database: as set, or of a SQLite file in the data folder."""
    return settings.database_url or f"sqlite:///{settings.data_dir.resolve() / 'history.db'}"


def prepare_data_dir(data_dir: Path) -> None:
    """Create the data folder, accessible to its owner only.

    Raises ConfigurationError if it cannot be created or written to.
    """
    try:
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        probe = data_dir / ".writable"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise ConfigurationError(
            f"The folder DIGITS_DATA_DIR={data_dir} is not writable ({error.strerror}). "
            "Choose another folder or change its permissions."
        ) from error


def keep_secret_key(data_dir: Path) -> str:
    """Return the secret key in the data folder; generate it, readable by its owner only, if absent.

    Raises ConfigurationError if the file cannot be read or does not hold a key.
    """
    file = data_dir / "secret_key"
    try:
        with suppress(FileExistsError), open(file, "x", opener=_open_private) as created:
            created.write(secrets.token_hex(SECRET_KEY_BYTES))
        key = file.read_text(errors="replace").strip()
    except OSError as error:
        raise ConfigurationError(
            f"The secret key in {file} cannot be read ({error.strerror}). "
            "Change the permissions of the file."
        ) from error
    if len(key) < MIN_SECRET_KEY_LENGTH:
        raise ConfigurationError(
            f"{file} does not contain a secret key. Delete the file and start again: "
            "a new key is generated, and everyone has to sign in again."
        )
    return key


def _refuse_unknown(environment: Iterable[str], known: Iterable[str]) -> None:
    given = {name for name in environment if name.startswith(PREFIX)}
    unknown = sorted(given.difference(known))
    if unknown:
        raise ConfigurationError(
            f"Unknown setting {unknown[0]}. The settings are {', '.join(known)}."
        )


def _parse(name: str, text: str, parse: Callable[[str], Value]) -> Value:
    try:
        return parse(text)
    except ValueError as error:
        raise ConfigurationError(f"{name} is {text!r}; it must be {error}.") from None


def _open_private(path: str, flags: int) -> int:
    return os.open(path, flags, mode=0o600)
