"""Learning from use: pseudonymised messages that were read wrongly, and their labels"""

import sqlalchemy as sa
from alembic import op

from bot.db import BigId, Moment

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "learnings",
        sa.Column("id", BigId, nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("guess", sa.String(length=48), nullable=False),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.Column("why", sa.String(length=16), nullable=False),
        sa.Column("day", Moment, nullable=False),
        sa.Column("whose", sa.String(length=64), nullable=True),
        sa.Column("event", sa.String(length=64), nullable=True),
        sa.Column("label", sa.String(length=48), nullable=True),
        sa.Column("labelled_by", BigId, nullable=True),
        sa.Column("labelled_at", Moment, nullable=True),
        sa.ForeignKeyConstraint(
            ["labelled_by"], ["staff.id"], name=op.f("fk_learnings_labelled_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_learnings")),
        sa.UniqueConstraint("event", name=op.f("uq_learnings_event")),
    )
    op.create_index(op.f("ix_learnings_whose"), "learnings", ["whose"], unique=False)
    op.create_index("ix_learnings_label_id", "learnings", ["label", "id"], unique=False)
