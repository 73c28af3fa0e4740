"""The events that the processes of a server share, on PostgreSQL."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    op.create_table(
        "history_events",
        sa.Column("position", sa.BigInteger, sa.Identity(), primary_key=True),
        sa.Column("time", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
        sa.Column("event", sa.String(20), nullable=False),
        sa.Column("owner", sa.String(64)),
        sa.Column("maker", sa.String(16), nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
    )
