"""What reviewers decided, and the entries that pages show to them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    disputed = sa.Column("disputed", sa.Boolean, nullable=False, server_default=sa.false())
    op.add_column("entries", disputed)
    op.add_column("entries", sa.Column("reread", sa.Text))
    op.add_column("entries", sa.Column("reread_by", sa.String(8)))
    op.create_table(
        "reviews",
        _entry(),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("reviewer", sa.String(16), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("before", sa.Text),
        sa.Column("settles", sa.Boolean, nullable=False),
        sa.Column("time", sa.String(24), nullable=False),
    )
    op.create_table(
        "review_leases",
        _entry(),
        sa.Column("page", sa.Uuid, nullable=False),
        sa.Column("expires", sa.String(24), nullable=False),
    )


def _entry() -> sa.Column[object]:
    reference = sa.ForeignKey("entries.id", ondelete="CASCADE")
    return sa.Column("entry_id", sa.Uuid, reference, primary_key=True)
