"""Referrals: passing a person on to an office, with their yes"""

import sqlalchemy as sa
from alembic import op

from bot.db import BigId, Moment

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "referrals",
        sa.Column("id", BigId, nullable=False),
        sa.Column("person_id", BigId, nullable=False),
        sa.Column("case_id", BigId, nullable=False),
        sa.Column("office_id", sa.String(length=64), nullable=False),
        sa.Column("office", sa.String(length=160), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("region", sa.String(length=8), nullable=True),
        sa.Column("topic", sa.String(length=48), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("staff_id", BigId, nullable=False),
        sa.Column("created_at", Moment, nullable=False),
        sa.Column("decided_at", Moment, nullable=True),
        sa.Column("changed_at", Moment, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_referrals_person_id")),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_referrals_case_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_referrals_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referrals")),
    )
    op.create_index(op.f("ix_referrals_person_id"), "referrals", ["person_id"], unique=False)
    op.create_index(op.f("ix_referrals_case_id"), "referrals", ["case_id"], unique=False)
    is_open = sa.text("state IN ('asked', 'agreed', 'sent', 'received')")
    op.create_index(
        "uq_referrals_open",
        "referrals",
        ["person_id", "office_id"],
        unique=True,
        sqlite_where=is_open,
        postgresql_where=is_open,
    )
    is_asked = sa.text("state = 'asked'")
    op.create_index(
        "uq_referrals_asked",
        "referrals",
        ["person_id"],
        unique=True,
        sqlite_where=is_asked,
        postgresql_where=is_asked,
    )
