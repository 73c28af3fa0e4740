"""Accounts, the keys by which they come (sessions and tokens), and whose each entry is."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

NAME = sa.String(64)
TIME = sa.String(24)


def upgrade() -> None:
    op.create_table(
        "users",
        sa.Column("name", NAME, primary_key=True),
        sa.Column("folded_name", NAME, nullable=False, unique=True),
        sa.Column("password_hash", sa.Text, nullable=False),
        sa.Column("email", sa.String(254)),
        sa.Column("created", TIME, nullable=False),
        sa.Column("disabled", sa.Boolean, nullable=False),
    )
    op.create_table(
        "keys",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column(
            "user_name", NAME, sa.ForeignKey("users.name", ondelete="CASCADE"), nullable=False
        ),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("label", sa.String(100), nullable=False),
        sa.Column("secret_sha256", sa.String(64), nullable=False, unique=True),
        sa.Column("created", TIME, nullable=False),
        sa.Column("used", TIME, nullable=False),
        sa.Column("expires", TIME),
    )
    op.create_index("keys_by_user", "keys", ["user_name"])
    # SQLite adds such a column in place, where Alembic would copy the whole table.
    op.execute("ALTER TABLE entries ADD COLUMN owner VARCHAR(64) REFERENCES users (name)")
    op.create_index("entries_by_owner", "entries", ["owner", "maker"])
    _key_findings_by_owner()


def _key_findings_by_owner() -> None:
    op.create_table(
        "owned_findings",
        sa.Column("owner", NAME, primary_key=True),
        sa.Column("text", sa.String(4), primary_key=True),
        sa.Column("input_type", sa.String(10), primary_key=True),
        sa.Column("timestamp", TIME, primary_key=True),
        sa.Column("entry_id", sa.Uuid, primary_key=True),
        sqlite_with_rowid=False,
    )
    op.execute(
        "INSERT INTO owned_findings (owner, text, input_type, timestamp, entry_id) "
        "SELECT '', text, input_type, timestamp, entry_id FROM findings"
    )
    op.drop_table("findings")
    op.rename_table("owned_findings", "findings")
