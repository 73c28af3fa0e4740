"""Every setting: its name, default, unit and help. A bad one stops the start and is named.

Settings are environment variables with the prefix DIGITS_; the field `max_pixels` is
DIGITS_MAX_PIXELS.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from server.errors import ConfigurationError

PREFIX = "DIGITS_"
PROJECT = Path(__file__).resolve().parent.parent


def _number(low: int, high: int) -> Callable[[str], int]:
    def parse(text: str) -> int:
        if not text.strip().isdecimal() or not low <= int(text) <= high:
            raise ValueError(f"a whole number from {low} to {high}")
        return int(text)

    return parse


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


def _origins(text: str) -> tuple[str, ...]:
    origins = tuple(origin.strip().rstrip("/") for origin in text.split(",") if origin.strip())
    if not all(origin == "*" or origin.startswith(("http://", "https://")) for origin in origins):
        raise ValueError('origins such as "https://example.org", separated by commas')
    return origins


def _setting(default: Any, parse: Callable[[str], Any], help: str) -> Any:
    return field(default=default, metadata={"parse": parse, "help": help})


def _per_minute(default: int, what: str) -> Any:
    help = f"{what} of one address in a minute; an account has three times as many."
    return _setting(default, _number(1, 10_000_000), help)


@dataclass(frozen=True)
class Settings:
    """The settings of one server; `secret_key` and `database_url` are derived when empty."""

    host: str = _setting("127.0.0.1", str, "Address to listen on; 0.0.0.0 for the whole network.")
    port: int = _setting(5000, _number(0, 65535), "Port to listen on.")
    data_dir: Path = _setting(
        PROJECT / "instance", Path, "Folder of the database and the secret key."
    )
    database_url: str = _setting(
        "", str, "SQLAlchemy URL of the history; empty for SQLite in DATA_DIR."
    )
    secret_key: str = _setting(
        "", str, "Signs the session cookie; empty to make one at first start and keep it."
    )
    model: Path = _setting(
        PROJECT / "model" / "handwritten.onnx", Path, "ONNX model; its card lies beside it."
    )
    async_mode: str = _setting(
        "eventlet", _one_of("eventlet", "threading"), "How connections are served at once."
    )
    max_upload_bytes: int = _setting(
        10_000_000, _number(1_000, 100_000_000), "Largest picture file, in bytes."
    )
    max_pixels: int = _setting(
        40_000_000, _number(1_000, 200_000_000), "Largest picture, in pixels."
    )
    allowed_origins: tuple[str, ...] = _setting(
        (), _origins, "Further web origins that may connect; empty for the same origin only."
    )
    trusted_proxies: int = _setting(
        0, _number(0, 10), "How many proxies in front are believed who asks and by which scheme."
    )
    guests: bool = _setting(True, _switch, "Whether people may use it without an account.")
    max_entries: int = _setting(
        100_000, _number(1, 100_000_000), "Entries that one account, or one guest, may keep."
    )
    connections_per_address: int = _setting(
        1_000, _number(1, 100_000), "Connections of one address at once."
    )
    frames_per_minute: int = _per_minute(180_000, "Frames")
    changes_per_minute: int = _per_minute(3_000, "Saves, corrections and deletions")
    uploads_per_minute: int = _per_minute(3_000, "Uploads")
    queries_per_minute: int = _per_minute(12_000, "Lists, searches, explanations and exports")
    sign_ins_per_minute: int = _per_minute(60, "Sign-ins, sign-ups and changes of password")


def load_settings(environment: Mapping[str, str]) -> Settings:
    """Settings from environment variables. Raises ConfigurationError naming a bad one."""
    known = {PREFIX + setting.name.upper(): setting for setting in fields(Settings)}
    unknown = sorted(name for name in environment if name.startswith(PREFIX) and name not in known)
    if unknown:
        raise ConfigurationError(
            f"There is no setting {unknown[0]}. The settings are {', '.join(known)}."
        )
    values: dict[str, Any] = {}
    for name, setting in known.items():
        if environment.get(name):
            try:
                values[setting.name] = setting.metadata["parse"](environment[name])
            except ValueError as error:
                raise ConfigurationError(
                    f"{name} is {environment[name]!r}; it must be {error}."
                ) from None
    return Settings(**values)


def database_url(settings: Settings) -> str:
    """Where the history is: as set, or in the data folder."""
    return settings.database_url or f"sqlite:///{settings.data_dir.resolve() / 'history.db'}"


def prepare_data_dir(data_dir: Path) -> None:
    """Make the folder for the database and the key, its owner's only. Raises ConfigurationError."""
    try:
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        probe = data_dir / ".writable"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise ConfigurationError(
            f"DIGITS_DATA_DIR is {data_dir}, where nothing can be written ({error.strerror})."
        ) from error


def keep_secret_key(data_dir: Path) -> str:
    """The key kept in the folder, made at the first start, readable by its owner only."""
    file = data_dir / "secret_key"
    try:
        with open(file, "x", opener=_open_private) as made:
            made.write(secrets.token_hex(32))
    except FileExistsError:
        pass
    key = file.read_text().strip()
    if len(key) < 32:
        raise ConfigurationError(f"{file} holds no key. Delete it to have a new one made.")
    return key


def _open_private(path: str, flags: int) -> int:
    return os.open(path, flags, mode=0o600)
