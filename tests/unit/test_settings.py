"""Parsing of settings, the data folder, the secret key, and the table in the README."""

from __future__ import annotations

import re
import stat
from dataclasses import fields
from pathlib import Path

import pytest

from server.errors import ConfigurationError
from server.settings import PROJECT, Settings, keep_secret_key, load_settings, prepare_data_dir


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("DIGITS_PORT", "http", "a whole number from 0 to 65535"),
        ("DIGITS_PORT", "70000", "a whole number"),
        ("DIGITS_MAX_UPLOAD_BYTES", "10 MB", "a whole number"),
        ("DIGITS_GUESTS", "maybe", '"on" or "off"'),
        ("DIGITS_ASYNC_MODE", "asyncio", '"eventlet" or "gevent" or "threading"'),
        ("DIGITS_ALLOWED_ORIGINS", "example.org", "https://example.org"),
    ],
)
def test_invalid_setting_is_refused_with_reason(name: str, value: str, expected: str) -> None:
    with pytest.raises(ConfigurationError, match=re.escape(expected)) as refusal:
        load_settings({name: value})
    assert name in str(refusal.value)


@pytest.mark.parametrize(
    "url",
    [
        *("127.0.0.1:6379", "http://ann:secret@host", "redis://", "redis://ann:secret@"),
        *("redis://:secret@host:port", "redis://host:70000", "redis://host:0", "redis://[::1"),
        *("redis://host/name", "redis://host?db=1", "unix:///run/redis"),
    ],
)
def test_bad_redis_url_error_hides_the_password(url: str) -> None:
    with pytest.raises(ConfigurationError, match=r"DIGITS_REDIS_URL must be a URL") as refusal:
        load_settings({"DIGITS_REDIS_URL": url})
    assert "secret" not in str(refusal.value)


@pytest.mark.parametrize(
    "url", ["redis://host", "rediss://ann:secret@host:6380/2", "redis://[::1]:6379"]
)
def test_redis_url_is_kept(url: str) -> None:
    assert load_settings({"DIGITS_REDIS_URL": url}).redis_url == url


def test_unknown_setting_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="Unknown setting DIGITS_PROT"):
        load_settings({"DIGITS_PROT": "5000"})


def test_settings_are_parsed() -> None:
    settings = load_settings(
        {"DIGITS_GUESTS": "off", "DIGITS_ALLOWED_ORIGINS": "https://a.org/, https://b.org"}
    )
    assert settings.guests is False
    assert settings.allowed_origins == ("https://a.org", "https://b.org")


def test_unwritable_data_dir_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    with pytest.raises(ConfigurationError, match="DIGITS_DATA_DIR"):
        prepare_data_dir(file / "below")


def test_new_data_dir_is_private(tmp_path: Path) -> None:
    prepare_data_dir(tmp_path / "instance")
    assert stat.S_IMODE((tmp_path / "instance").stat().st_mode) == 0o700


def test_secret_key_is_private_and_reused(tmp_path: Path) -> None:
    key = keep_secret_key(tmp_path)
    assert keep_secret_key(tmp_path) == key
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600


def test_empty_secret_key_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "secret_key").touch()
    with pytest.raises(ConfigurationError, match="does not contain a secret key"):
        keep_secret_key(tmp_path)


def test_readme_lists_every_setting() -> None:
    readme = (PROJECT / "README.md").read_text()
    rows = re.findall(r"^\| `(DIGITS_\w+)` \| (.*?) \| (.*?) \|$", readme, re.MULTILINE)
    assert rows == [
        (
            f"DIGITS_{setting.name.upper()}",
            format_default(setting.default),
            setting.metadata["help"],
        )
        for setting in fields(Settings)
    ]


def format_default(default: object) -> str:
    """Format a default as the README's table does."""
    if default in ("", ()):
        return ""
    if isinstance(default, bool):
        return "`on`" if default else "`off`"
    if isinstance(default, Path):
        return f"`{default.relative_to(PROJECT)}`"
    return f"`{default}`"
