"""Counsellors: staff, sign-in, the hand-off, rings, notes, the audit"""

import sqlalchemy as sa
from alembic import op

from bot import audit
from bot.db import BigId, Json, Moment

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "staff",
        sa.Column("id", BigId, nullable=False),
        sa.Column("person_id", BigId, nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("languages", Json, nullable=False),
        sa.Column("skills", Json, nullable=False),
        sa.Column("gender", sa.String(length=1), nullable=True),
        sa.Column("capacity", sa.SmallInteger(), server_default="5", nullable=False),
        sa.Column("locale", sa.String(length=8), server_default="en", nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("presence", sa.String(length=16), server_default="away", nullable=False),
        sa.Column("seen_at", Moment, nullable=True),
        sa.Column("case_id", BigId, nullable=True),
        sa.Column("case_at", Moment, nullable=True),
        sa.Column("password", sa.Text(), nullable=True),
        sa.Column("totp", sa.Text(), nullable=True),
        sa.Column("totp_step", BigId, nullable=True),
        sa.Column("recovery", Json, nullable=False),
        sa.Column("failures", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("locked_until", Moment, nullable=True),
        sa.Column("created_at", Moment, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_staff_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff")),
        sa.UniqueConstraint("email", name=op.f("uq_staff_email")),
    )
    op.create_table(
        "audit",
        sa.Column("id", BigId, nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.Column("staff_id", BigId, nullable=True),
        sa.Column("action", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("object_id", BigId, nullable=True),
        sa.Column("detail", Json, nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_audit_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    op.create_index("ix_audit_staff", "audit", ["staff_id", "id"], unique=False)
    op.create_index("ix_audit_object", "audit", ["kind", "object_id", "id"], unique=False)
    for statement in audit.TRIGGERS[op.get_bind().dialect.name]:
        op.execute(statement)
    op.create_table(
        "sessions",
        sa.Column("id", BigId, nullable=False),
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("staff_id", BigId, nullable=False),
        sa.Column("csrf", sa.String(length=64), nullable=False),
        sa.Column("second", sa.Boolean(), nullable=False),
        sa.Column("created_at", Moment, nullable=False),
        sa.Column("seen_at", Moment, nullable=False),
        sa.Column("until", Moment, nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_sessions_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sessions")),
        sa.UniqueConstraint("token", name=op.f("uq_sessions_token")),
    )
    op.create_index(op.f("ix_sessions_staff_id"), "sessions", ["staff_id"], unique=False)
    op.create_table(
        "canned",
        sa.Column("id", BigId, nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("texts", Json, nullable=False),
        sa.Column("changed_by", BigId, nullable=True),
        sa.Column("changed_at", Moment, nullable=False),
        sa.ForeignKeyConstraint(["changed_by"], ["staff.id"], name=op.f("fk_canned_changed_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_canned")),
        sa.UniqueConstraint("name", name=op.f("uq_canned_name")),
    )
    op.create_table(
        "readings",
        sa.Column("event_id", BigId, nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("intent", sa.String(length=48), nullable=False),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.Column("understood", sa.Boolean(), nullable=False),
        sa.Column("urgency", sa.String(length=32), nullable=True),
        sa.Column("danger", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["inbox.id"], name=op.f("fk_readings_event_id")),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_readings")),
    )
    op.create_table(
        "links",
        sa.Column("id", BigId, nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("person_id", BigId, nullable=False),
        sa.Column("staff_id", BigId, nullable=True),
        sa.Column("until", Moment, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_links_person_id")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_links_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_links")),
        sa.UniqueConstraint("code", name=op.f("uq_links_code")),
    )
    op.create_index("ix_inbox_person", "inbox", ["person_id", "id"], unique=False)
    op.add_column("outbox", sa.Column("staff_id", BigId, nullable=True))
    op.add_column("people", sa.Column("counsellor", sa.String(length=60), nullable=True))
    _cases()
    op.create_table(
        "caselog",
        sa.Column("id", BigId, nullable=False),
        sa.Column("case_id", BigId, nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.Column("what", sa.String(length=16), nullable=False),
        sa.Column("staff_id", BigId, nullable=True),
        sa.Column("detail", Json, nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_caselog_case_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_caselog_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_caselog")),
    )
    op.create_index("ix_caselog_case", "caselog", ["case_id", "id"], unique=False)
    op.create_table(
        "notes",
        sa.Column("id", BigId, nullable=False),
        sa.Column("case_id", BigId, nullable=False),
        sa.Column("staff_id", BigId, nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("mentions", Json, nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_notes_case_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_notes_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notes")),
    )
    op.create_index("ix_notes_case", "notes", ["case_id", "id"], unique=False)
    op.create_table(
        "rings",
        sa.Column("id", BigId, nullable=False),
        sa.Column("case_id", BigId, nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.Column("step", sa.SmallInteger(), nullable=False),
        sa.Column("staff_ids", Json, nullable=False),
        sa.Column("ways", Json, nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_rings_case_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rings")),
    )
    op.create_index("ix_rings_case", "rings", ["case_id", "id"], unique=False)


def _cases() -> None:
    """The older cases keep their clocks: urgent open ones begin to ring at once."""
    with op.batch_alter_table("cases") as batch:
        batch.alter_column("due_at", existing_type=Moment, nullable=True)
        for column in (
            sa.Column("owner_id", BigId, nullable=True),
            sa.Column("last_owner_id", BigId, nullable=True),
            sa.Column("taken_at", Moment, nullable=True),
            sa.Column("replied_at", Moment, nullable=True),
            sa.Column("in_time", sa.Boolean(), nullable=True),
            sa.Column("waiting_since", Moment, nullable=True),
            sa.Column("waited", sa.Integer(), server_default="0", nullable=False),
            sa.Column("snoozed_until", Moment, nullable=True),
            sa.Column("owner_by", Moment, nullable=True),
            sa.Column("ring_step", sa.SmallInteger(), server_default="0", nullable=False),
            sa.Column("ring_at", Moment, nullable=True),
            sa.Column("wants", sa.String(length=1), nullable=True),
            sa.Column("skill", sa.String(length=16), nullable=True),
            sa.Column("labels", Json, server_default="[]", nullable=False),
            sa.Column("outcome", sa.String(length=16), nullable=True),
            sa.Column("rating", sa.Boolean(), nullable=True),
            sa.Column("reopened", sa.SmallInteger(), server_default="0", nullable=False),
            sa.Column("touched_at", Moment, nullable=True),
        ):
            batch.add_column(column)
        batch.create_foreign_key(op.f("fk_cases_owner_id"), "staff", ["owner_id"], ["id"])
        batch.create_foreign_key(op.f("fk_cases_last_owner_id"), "staff", ["last_owner_id"], ["id"])
    op.execute(
        "UPDATE cases SET touched_at = opened_at, "
        "ring_at = CASE WHEN closed_at IS NULL AND priority < 2 THEN due_at END, "
        "owner_by = CASE WHEN closed_at IS NULL AND priority < 2 THEN due_at END"
    )
    with op.batch_alter_table("cases") as batch:
        batch.alter_column("touched_at", existing_type=Moment, nullable=False)
    op.create_index("ix_cases_owner", "cases", ["owner_id", "state"], unique=False)
    op.create_index("ix_cases_touched_at", "cases", ["touched_at"], unique=False)
    op.create_index(
        "ix_cases_ring_at",
        "cases",
        ["ring_at"],
        unique=False,
        sqlite_where=sa.text("ring_at IS NOT NULL"),
        postgresql_where=sa.text("ring_at IS NOT NULL"),
    )
