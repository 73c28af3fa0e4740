"""Why a statement failed: SQLite names the reason, PostgreSQL gives it an SQLSTATE.

https://www.sqlite.org/rescode.html, https://www.postgresql.org/docs/current/errcodes-appendix.html
"""

from __future__ import annotations

from sqlalchemy.exc import IntegrityError, SQLAlchemyError

FOREIGN_KEY = ("SQLITE_CONSTRAINT_FOREIGNKEY", "23503")
MISSING_TABLE = ("42P01",)  # for SQLite it is an error of the file, as others are
UNIQUE = ("SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY", "23505")


def is_missing_reference(error: IntegrityError) -> bool:
    """Return whether a row refers to one that is not there."""
    return _code(error) in FOREIGN_KEY


def is_duplicate(error: IntegrityError) -> bool:
    """Return whether a value is there already that may be there once."""
    return _code(error) in UNIQUE


def is_missing_table(error: SQLAlchemyError) -> bool:
    """Return whether a table is not there, or has been taken away."""
    return _code(error) in MISSING_TABLE


def _code(error: SQLAlchemyError) -> str | None:
    names, original = ("sqlite_errorname", "sqlstate"), getattr(error, "orig", None)
    return next((code for name in names if (code := getattr(original, name, None))), None)
