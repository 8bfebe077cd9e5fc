"""Photos and voice notes of groups: their cleaned copies, and where a file is to be fetched"""

import sqlalchemy as sa
from alembic import op

from bot.db import Moment

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "media",
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", Moment, nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_media")),
    )
    op.create_index("ix_media_created_at", "media", ["created_at"], unique=False)
    op.add_column("peer_posts", sa.Column("media_ref", sa.String(length=600), nullable=True))
