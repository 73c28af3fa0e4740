"""The tables of accounts, in the same database as the history."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, String, Table, Text, Uuid

from server.history.tables import LONGEST_NAME, metadata

LONGEST_LABEL = 100
LONGEST_EMAIL = 254  # RFC 5321, section 4.5.3.1.3

users = Table(
    "users",
    metadata,
    Column("name", String(LONGEST_NAME), primary_key=True),  # as its owner writes it
    Column("folded_name", String(LONGEST_NAME), nullable=False, unique=True),  # "Ann" is "ann" too
    Column("password_hash", Text, nullable=False),  # argon2id
    Column("email", String(LONGEST_EMAIL)),
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
        String(LONGEST_NAME),
        ForeignKey("users.name", ondelete="CASCADE"),
        nullable=False,
    ),
    Column("kind", String(10), nullable=False),  # session, token
    Column("label", String(LONGEST_LABEL), nullable=False),  # the browser, or a token's name
    Column("secret_sha256", String(64), nullable=False, unique=True),
    Column("created", String(24), nullable=False),
    Column("used", String(24), nullable=False),
    Column("expires", String(24)),  # a token has no end of its own
    Index("keys_by_user", "user_name"),
)
