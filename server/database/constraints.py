"""Which constraint a statement broke: SQLite names it, PostgreSQL gives it an SQLSTATE.

https://www.sqlite.org/rescode.html, https://www.postgresql.org/docs/current/errcodes-appendix.html
"""

from __future__ import annotations

from sqlalchemy.exc import IntegrityError

FOREIGN_KEY = ("SQLITE_CONSTRAINT_FOREIGNKEY", "23503")
UNIQUE = ("SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY", "23505")


def is_missing_reference(error: IntegrityError) -> bool:
    """Return whether a row refers to one that is not there."""
    return _code(error) in FOREIGN_KEY


def is_duplicate(error: IntegrityError) -> bool:
    """Return whether a value is there already that may be there once."""
    return _code(error) in UNIQUE


def _code(error: IntegrityError) -> str | None:
    names = ("sqlite_errorname", "sqlstate", "pgcode")
    return next((code for name in names if (code := getattr(error.orig, name, None))), None)
