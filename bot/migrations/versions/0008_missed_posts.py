"""Posts that passed a member by while they were taken out"""

import sqlalchemy as sa
from alembic import op

from bot.db import BigId

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "peer_missed",
        sa.Column("member_id", BigId, nullable=False),
        sa.Column("post_id", BigId, nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["peer_members.id"], name=op.f("fk_peer_missed_member_id")
        ),
        sa.ForeignKeyConstraint(
            ["post_id"], ["peer_posts.id"], name=op.f("fk_peer_missed_post_id")
        ),
        sa.PrimaryKeyConstraint("member_id", "post_id", name=op.f("pk_peer_missed")),
    )
