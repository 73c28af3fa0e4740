"""All tables, one definition for every engine."""

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
MAX_NAME_LENGTH = 64  # characters of an account's name
MAX_LABEL_LENGTH = 100
MAX_EMAIL_LENGTH = 254  # RFC 5321, section 4.5.3.1.3

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
    Column("owner", String(MAX_NAME_LENGTH), ForeignKey("users.name")),  # NULL: public
    Index("entries_by_owner", "owner", "maker"),
)

# Where to find entries: every short text that is in what was read or corrected, the empty one too,
# in the order in which a list has them. A page of any list or search is a stretch of this key.
# It refers to no other table: a deleted entry would be looked for through all of it.
findings = Table(
    "findings",
    metadata,
    Column("owner", String(MAX_NAME_LENGTH), primary_key=True),  # "": the public history
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

users = Table(
    "users",
    metadata,
    Column("name", String(MAX_NAME_LENGTH), primary_key=True),  # as its owner writes it
    Column("folded_name", String(MAX_NAME_LENGTH), nullable=False, unique=True),  # case-folded
    Column("password_hash", Text, nullable=False),  # argon2id
    Column("email", String(MAX_EMAIL_LENGTH)),
    Column("created", String(24), nullable=False),
    Column("disabled", Boolean, nullable=False),
)

# By what somebody comes as an account: a browser's session or a program's token. Only a digest of
# the secret is kept; the secrets are 256 random bits, so a fast digest is enough.
keys = Table(
    "keys",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column(
        "user_name",
        String(MAX_NAME_LENGTH),
        ForeignKey("users.name", ondelete="CASCADE"),
        nullable=False,
    ),
    Column("kind", String(10), nullable=False),  # session, token
    Column("label", String(MAX_LABEL_LENGTH), nullable=False),  # the browser, or a token's name
    Column("secret_sha256", String(64), nullable=False, unique=True),
    Column("created", String(24), nullable=False),
    Column("used", String(24), nullable=False),
    Column("expires", String(24)),  # a token has no end of its own
    Index("keys_by_user", "user_name"),
)
