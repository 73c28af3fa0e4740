"""A bad setting stops the start and is named; the README's table holds every setting."""

from __future__ import annotations

import re
import stat
from dataclasses import fields
from pathlib import Path

import pytest

from server.errors import ConfigurationError
from server.settings import PROJECT, Settings, keep_secret_key, load_settings, prepare_data_dir


@pytest.mark.parametrize(
    ("name", "value", "wanted"),
    [
        ("DIGITS_PORT", "http", "a whole number from 0 to 65535"),
        ("DIGITS_PORT", "70000", "a whole number"),
        ("DIGITS_MAX_UPLOAD_BYTES", "10 MB", "a whole number"),
        ("DIGITS_GUESTS", "maybe", '"on" or "off"'),
        ("DIGITS_ASYNC_MODE", "gevent", '"eventlet" or "threading"'),
        ("DIGITS_ALLOWED_ORIGINS", "example.org", "https://example.org"),
    ],
)
def test_setting_when_bad_then_named_with_what_it_must_be(
    name: str, value: str, wanted: str
) -> None:
    with pytest.raises(ConfigurationError, match=re.escape(wanted)) as refusal:
        load_settings({name: value})
    assert name in str(refusal.value)


def test_setting_when_misspelt_then_refused() -> None:
    with pytest.raises(ConfigurationError, match="There is no setting DIGITS_PROT"):
        load_settings({"DIGITS_PROT": "5000"})


def test_settings_when_given_then_parsed() -> None:
    settings = load_settings(
        {"DIGITS_GUESTS": "off", "DIGITS_ALLOWED_ORIGINS": "https://a.org/, https://b.org"}
    )
    assert settings.guests is False
    assert settings.allowed_origins == ("https://a.org", "https://b.org")


def test_data_dir_when_not_writable_then_named(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    with pytest.raises(ConfigurationError, match="DIGITS_DATA_DIR"):
        prepare_data_dir(file / "below")


def test_data_dir_when_made_then_private(tmp_path: Path) -> None:
    prepare_data_dir(tmp_path / "instance")
    assert stat.S_IMODE((tmp_path / "instance").stat().st_mode) == 0o700


def test_secret_key_when_made_then_private_and_kept(tmp_path: Path) -> None:
    key = keep_secret_key(tmp_path)
    assert keep_secret_key(tmp_path) == key
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600


def test_readme_when_read_then_its_table_holds_every_setting() -> None:
    readme = (PROJECT / "README.md").read_text()
    rows = re.findall(r"^\| `(DIGITS_\w+)` \| (.*?) \| (.*?) \|$", readme, re.MULTILINE)
    assert rows == [
        (f"DIGITS_{setting.name.upper()}", shown_default(setting.default), setting.metadata["help"])
        for setting in fields(Settings)
    ]


def shown_default(default: object) -> str:
    """A default as the README writes it."""
    if default in ("", ()):
        return ""
    if isinstance(default, bool):
        return "`on`" if default else "`off`"
    if isinstance(default, Path):
        return f"`{default.relative_to(PROJECT)}`"
    return f"`{default}`"
