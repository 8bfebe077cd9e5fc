"""Names that somebody had in a group stay reserved for a time"""

import sqlalchemy as sa
from alembic import op

from bot.db import BigId, Moment

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "peer_reserved_names",
        sa.Column("group_id", BigId, nullable=False),
        sa.Column("name_key", sa.String(length=32), nullable=False),
        sa.Column("member_id", BigId, nullable=True),
        sa.Column("until", Moment, nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id"], ["peer_groups.id"], name=op.f("fk_peer_reserved_names_group_id")
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["peer_members.id"], name=op.f("fk_peer_reserved_names_member_id")
        ),
        sa.PrimaryKeyConstraint("group_id", "name_key", name=op.f("pk_peer_reserved_names")),
    )
    op.create_index(
        op.f("ix_peer_reserved_names_member_id"), "peer_reserved_names", ["member_id"], unique=False
    )
