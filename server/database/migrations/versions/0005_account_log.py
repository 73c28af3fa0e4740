"""The log of each account, and the epoch of the browsers that know it."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

NAME = sa.String(64)


def upgrade() -> None:
    op.add_column(
        "users", sa.Column("browsers_epoch", sa.String(22), nullable=False, server_default="")
    )
    op.create_table(
        "account_log",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("user_name", NAME, sa.ForeignKey("users.name", ondelete="CASCADE")),
        sa.Column("time", sa.String(24), nullable=False),
        sa.Column("event", sa.String(20), nullable=False),
        sa.Column("detail", sa.String(100), nullable=False),
        sa.Column("times", sa.Integer, nullable=False),
        sa.Column("address", sa.String(45), nullable=False),
        sa.Column("agent", sa.String(100), nullable=False),
    )
    op.create_index("account_log_by_user", "account_log", ["user_name", "id"])
