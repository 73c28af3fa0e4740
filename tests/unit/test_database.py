"""Database errors, which are logged and must not reveal secrets."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from server.database.engine import open_database, transaction
from server.errors import ConfigurationError


@pytest.mark.parametrize("url", ["nothing://ann:secret@host/digits", "postgresql:/ann:secret@host"])
def test_bad_database_url_error_hides_the_password(url: str) -> None:
    with pytest.raises(ConfigurationError, match="DIGITS_DATABASE_URL") as refusal:
        open_database(url)
    assert "secret" not in str(refusal.value)


def test_statement_error_hides_the_values(tmp_path: Path) -> None:
    engine = open_database(f"sqlite:///{tmp_path / 'history.db'}")
    statement = text("INSERT INTO users (name) VALUES (:name)")
    with pytest.raises(SQLAlchemyError) as error, transaction(engine, writes=True) as connection:
        connection.execute(statement, {"name": "secret"})
    assert "secret" not in str(error.value)
    engine.dispose()
