"""The strokes of drawings, and the digits that teach the reader."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.add_column("pictures", sa.Column("strokes", sa.LargeBinary))
    op.create_table(
        "examples",
        sa.Column(
            "entry_id",
            sa.Uuid,
            sa.ForeignKey("entries.id", ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column("position", sa.Integer, primary_key=True),
        sa.Column("owner", sa.String(64)),
        sa.Column("maker", sa.String(16), nullable=False),
        sa.Column("label", sa.Integer, nullable=False),
        sa.Column("read_as", sa.Integer, nullable=False),
        sa.Column("picture", sa.LargeBinary, nullable=False),
        sa.Column("time", sa.String(24), nullable=False),
    )
    op.create_table(
        "unlearning",
        sa.Column("maker", sa.String(16), primary_key=True),
        sa.Column("owner", sa.String(64), sa.ForeignKey("users.name", ondelete="CASCADE")),
    )
    op.create_index("examples_by_maker", "examples", ["owner", "maker", "time"])
