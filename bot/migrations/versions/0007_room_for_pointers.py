"""Room in the pages of members, so that moving a pointer writes no index (PostgreSQL)"""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE peer_members SET (fillfactor = 50)")
