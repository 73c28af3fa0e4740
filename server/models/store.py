"""The versions in the database, and the promotions that say which of them serves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, delete, insert, select

from server.database.engine import now, transaction
from server.database.schema import model_files, models, promotions
from server.errors import InvalidPayload, NotFound

OWN = "the program's own"


@dataclass(frozen=True)
class Version:
    """A model that was added; `file` is that of its digit network."""

    name: str
    file: str
    added: str


class ModelStore:
    """The versions in a database. Every method is one short transaction.

    Raises Unavailable when the database cannot be reached or written.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, name: str, file: str, contents: Mapping[str, bytes]) -> bool:
        """Add a version with its files by their names; return whether it was not there yet."""
        rows = [{"model": name, "file": each, "content": contents[each]} for each in contents]
        with self._transaction(writes=True) as connection:
            if _is_there(connection, name):
                return False
            version = {"name": name, "file": file, "added": now()}
            connection.execute(insert(models).values(version))
            connection.execute(insert(model_files), rows)
        return True

    def versions(self) -> Sequence[Version]:
        """Return all versions that were added, the newest first."""
        query = select(models).order_by(models.c.added.desc(), models.c.name)
        with self._transaction() as connection:
            return [Version(*row) for row in connection.execute(query)]

    def files(self, name: str) -> tuple[str, Mapping[str, bytes]]:
        """Return the file of a version's digit network, and all its files. Raises NotFound."""
        of_version = select(model_files).where(model_files.c.model == name)
        with self._transaction() as connection:
            file = connection.execute(select(models.c.file).where(models.c.name == name)).scalar()
            if file is None:
                raise _not_found(name)
            contents = {row.file: bytes(row.content) for row in connection.execute(of_version)}
        return file, contents

    def serving(self) -> str | None:
        """Return the version that serves; None: the program's own model."""
        with self._transaction() as connection:
            return _serving(connection)

    def promote(self, name: str | None) -> None:
        """Let a version serve, or the program's own model. Raises NotFound."""
        with self._transaction(writes=True) as connection:
            if name is not None and not _is_there(connection, name):
                raise _not_found(name)
            if name != _serving(connection):
                connection.execute(insert(promotions).values({"model": name, "time": now()}))

    def back(self) -> str | None:
        """Undo the newest promotion; return what serves now. Raises InvalidPayload."""
        newest = select(promotions.c.id).order_by(promotions.c.id.desc()).limit(1)
        with self._transaction(writes=True) as connection:
            id = connection.execute(newest).scalar()
            if id is None:
                raise InvalidPayload("No model was promoted: there is nothing to go back to.")
            connection.execute(delete(promotions).where(promotions.c.id == id))
            return _serving(connection)

    def remove(self, name: str) -> None:
        """Delete a version. Raises NotFound, and InvalidPayload for one that serves."""
        with self._transaction(writes=True) as connection:
            if not _is_there(connection, name):
                raise _not_found(name)
            if name == _serving(connection):
                raise InvalidPayload(f"Model {name} serves. Promote another one first.")
            connection.execute(delete(promotions).where(promotions.c.model == name))
            connection.execute(delete(models).where(models.c.name == name))

    def _transaction(self, writes: bool = False) -> AbstractContextManager[Connection]:
        return transaction(self._engine, writes)


def _serving(connection: Connection) -> str | None:
    newest = select(promotions.c.model).order_by(promotions.c.id.desc()).limit(1)
    return connection.execute(newest).scalar()


def _is_there(connection: Connection, name: str) -> bool:
    return (
        connection.execute(select(models.c.name).where(models.c.name == name)).first() is not None
    )


def _not_found(name: str) -> NotFound:
    return NotFound(f"There is no model {name}. `python -m server models list` lists them.")
