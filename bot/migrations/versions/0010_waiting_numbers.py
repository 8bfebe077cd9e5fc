"""Short numbers for posts that wait, so that relays can type them"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "peer_groups", sa.Column("waited", sa.Integer(), server_default="0", nullable=False)
    )
    op.add_column("peer_posts", sa.Column("waits_as", sa.Integer(), nullable=True))
