"""The tables of the history, one definition for every engine."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    Uuid,
)

REVISION = "0003"  # the newest migration: a database at it needs none
LONGEST_NAME = 64  # characters of an account's name

metadata = MetaData()

entries = Table(
    "entries",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("input_type", String(10), nullable=False),  # canvas, upload
    Column("predicted", Text, nullable=False),
    Column("confidence", Float, nullable=False),
    Column("image_path", String(100), nullable=False),
    Column("timestamp", String(24), nullable=False),  # UTC, 2026-01-31T12:00:00.123Z
    Column("uncertain", Boolean, nullable=False),
    Column("corrected", Text),
    Column("reading", JSON, nullable=False),
    Column("maker", String(16), nullable=False),  # which browser or account made it
    Column("image_version", String(16), nullable=False),  # another one for another picture
    Column("owner", String(LONGEST_NAME), ForeignKey("users.name")),  # none: the public history's
    Index("entries_by_owner", "owner", "maker"),
)

# Where to find entries: every short text that is in what was read or corrected, the empty one too,
# in the order in which a list has them. A page of any list or search is a stretch of this key.
# It refers to no other table: a deleted entry would be looked for through all of it.
findings = Table(
    "findings",
    metadata,
    Column("owner", String(LONGEST_NAME), primary_key=True),  # "": the public history
    Column("text", String(4), primary_key=True),
    Column("input_type", String(10), primary_key=True),
    Column("timestamp", String(24), primary_key=True),
    Column("entry_id", Uuid, primary_key=True),
    sqlite_with_rowid=False,
)

pictures = Table(
    "pictures",
    metadata,
    Column("entry_id", Uuid, ForeignKey("entries.id", ondelete="CASCADE"), primary_key=True),
    Column("content", LargeBinary, nullable=False),  # WebP
    Column("sha256", String(64), nullable=False),  # of the file that was sent
)
