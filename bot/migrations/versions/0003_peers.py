"""Peer networks: groups, members, posts, moderation, the register of activities"""

import sqlalchemy as sa
from alembic import op

from bot.db import BigId, Json, Moment
from bot.peers import decisions

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "peer_decisions",
        sa.Column("id", BigId, nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.Column("group_id", BigId, nullable=False),
        sa.Column("act", sa.String(length=16), nullable=False),
        sa.Column("member_id", BigId, nullable=True),
        sa.Column("post_id", BigId, nullable=True),
        sa.Column("staff_id", BigId, nullable=True),
        sa.Column("relay_id", BigId, nullable=True),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("until", Moment, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_peer_decisions")),
    )
    op.create_index("ix_peer_decisions_group", "peer_decisions", ["group_id", "id"], unique=False)
    op.create_index("ix_peer_decisions_member", "peer_decisions", ["member_id", "id"], unique=False)
    op.create_index("ix_peer_decisions_relay", "peer_decisions", ["relay_id", "id"], unique=False)
    op.create_table(
        "peer_groups",
        sa.Column("id", BigId, nullable=False),
        sa.Column("tag", sa.String(length=32), nullable=False),
        sa.Column("sector", sa.String(length=32), nullable=False),
        sa.Column("region", sa.String(length=8), nullable=True),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("rules", Json, nullable=False),
        sa.Column("open", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("members", sa.Integer(), server_default="0", nullable=False),
        sa.Column("joined", sa.Integer(), server_default="0", nullable=False),
        sa.Column("last_number", sa.Integer(), server_default="0", nullable=False),
        sa.Column("pushed", sa.Integer(), server_default="0", nullable=False),
        sa.Column("created_by", BigId, nullable=True),
        sa.Column("created_at", Moment, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_peer_groups")),
        sa.UniqueConstraint("tag", name=op.f("uq_peer_groups_tag")),
    )
    op.create_index(
        "ix_peer_groups_behind",
        "peer_groups",
        ["id"],
        unique=False,
        sqlite_where=sa.text("pushed < last_number"),
        postgresql_where=sa.text("pushed < last_number"),
    )
    op.create_table(
        "peer_activities",
        sa.Column("person_id", BigId, nullable=False),
        sa.Column("sector", sa.String(length=32), nullable=False),
        sa.Column("region", sa.String(length=8), nullable=True),
        sa.Column("since", sa.SmallInteger(), nullable=False),
        sa.Column("seeks", Json, nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.Column("changed_at", Moment, nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_peer_activities_person_id")
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_peer_activities")),
    )
    op.create_index(
        "ix_peer_activities_sector", "peer_activities", ["sector", "region"], unique=False
    )
    op.create_table(
        "peer_invitations",
        sa.Column("id", BigId, nullable=False),
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("group_id", BigId, nullable=False),
        sa.Column("staff_id", BigId, nullable=True),
        sa.Column("member_id", BigId, nullable=True),
        sa.Column("used", sa.Integer(), server_default="0", nullable=False),
        sa.Column("until", Moment, nullable=False),
        sa.Column("created_at", Moment, nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id"], ["peer_groups.id"], name=op.f("fk_peer_invitations_group_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_peer_invitations")),
        sa.UniqueConstraint("code", name=op.f("uq_peer_invitations_code")),
    )
    op.create_table(
        "peer_members",
        sa.Column("id", BigId, nullable=False),
        sa.Column("group_id", BigId, nullable=False),
        sa.Column("person_id", BigId, nullable=False),
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("name_key", sa.String(length=32), nullable=False),
        sa.Column("standing", sa.String(length=8), server_default="active", nullable=False),
        sa.Column("until", Moment, nullable=True),
        sa.Column("silenced_until", Moment, nullable=True),
        sa.Column("hushed_until", Moment, nullable=True),
        sa.Column("mode", sa.String(length=8), server_default="live", nullable=False),
        sa.Column("band", sa.String(length=8), nullable=False),
        sa.Column("approved", sa.Integer(), server_default="0", nullable=False),
        sa.Column("warned", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("past", Json, nullable=False),
        sa.Column("relay_until", Moment, nullable=True),
        sa.Column("on_call", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("got", sa.Integer(), server_default="0", nullable=False),
        sa.Column("got_at", Moment, nullable=True),
        sa.Column("due_at", Moment, nullable=True),
        sa.Column("wants", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("nudged_at", Moment, nullable=True),
        sa.Column("month", sa.String(length=7), nullable=True),
        sa.Column("spent", sa.Integer(), server_default="0", nullable=False),
        sa.Column("joined_at", Moment, nullable=False),
        sa.Column("left_at", Moment, nullable=True),
        sa.Column("invitation_id", BigId, nullable=True),
        sa.ForeignKeyConstraint(
            ["group_id"], ["peer_groups.id"], name=op.f("fk_peer_members_group_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_peer_members_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_peer_members")),
        sa.UniqueConstraint("group_id", "name_key", name=op.f("uq_peer_members_group_id_name_key")),
        sa.UniqueConstraint(
            "group_id", "person_id", name=op.f("uq_peer_members_group_id_person_id")
        ),
    )
    op.create_index(
        "ix_peer_members_due",
        "peer_members",
        ["due_at"],
        unique=False,
        sqlite_where=sa.text("due_at IS NOT NULL"),
        postgresql_where=sa.text("due_at IS NOT NULL"),
    )
    op.create_index(op.f("ix_peer_members_person_id"), "peer_members", ["person_id"], unique=False)
    op.create_table(
        "peer_wishes",
        sa.Column("person_id", BigId, nullable=False),
        sa.Column("sector", sa.String(length=32), nullable=False),
        sa.Column("region", sa.String(length=8), nullable=True),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_peer_wishes_person_id")
        ),
        sa.PrimaryKeyConstraint("person_id", "sector", name=op.f("pk_peer_wishes")),
    )
    op.create_table(
        "peer_appeals",
        sa.Column("id", BigId, nullable=False),
        sa.Column("decision_id", BigId, nullable=False),
        sa.Column("member_id", BigId, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.Column("done_at", Moment, nullable=True),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["peer_decisions.id"], name=op.f("fk_peer_appeals_decision_id")
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["peer_members.id"], name=op.f("fk_peer_appeals_member_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_peer_appeals")),
        sa.UniqueConstraint("decision_id", name=op.f("uq_peer_appeals_decision_id")),
    )
    op.create_index(
        "ix_peer_appeals_open",
        "peer_appeals",
        ["id"],
        unique=False,
        sqlite_where=sa.text("done_at IS NULL"),
        postgresql_where=sa.text("done_at IS NULL"),
    )
    op.create_table(
        "peer_blocks",
        sa.Column("member_id", BigId, nullable=False),
        sa.Column("author_id", BigId, nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"], ["peer_members.id"], name=op.f("fk_peer_blocks_author_id")
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["peer_members.id"], name=op.f("fk_peer_blocks_member_id")
        ),
        sa.PrimaryKeyConstraint("member_id", "author_id", name=op.f("pk_peer_blocks")),
    )
    op.create_table(
        "peer_posts",
        sa.Column("id", BigId, nullable=False),
        sa.Column("group_id", BigId, nullable=False),
        sa.Column("member_id", BigId, nullable=True),
        sa.Column("event_id", BigId, nullable=True),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("findings", Json, nullable=False),
        sa.Column("reply_to", sa.Integer(), nullable=True),
        sa.Column("question", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("answered", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("media", sa.String(length=16), nullable=True),
        sa.Column("media_key", sa.String(length=64), nullable=True),
        sa.Column("pinned", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("likes", sa.Integer(), server_default="0", nullable=False),
        sa.Column("thanks", sa.Integer(), server_default="0", nullable=False),
        sa.Column("reports", sa.Integer(), server_default="0", nullable=False),
        sa.Column("created_at", Moment, nullable=False),
        sa.Column("out_at", Moment, nullable=True),
        sa.ForeignKeyConstraint(
            ["group_id"], ["peer_groups.id"], name=op.f("fk_peer_posts_group_id")
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["peer_members.id"], name=op.f("fk_peer_posts_member_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_peer_posts")),
        sa.UniqueConstraint("event_id", name=op.f("uq_peer_posts_event_id")),
        sa.UniqueConstraint("group_id", "number", name=op.f("uq_peer_posts_group_id_number")),
    )
    op.create_index("ix_peer_posts_created_at", "peer_posts", ["created_at"], unique=False)
    op.create_index(
        "ix_peer_posts_hidden",
        "peer_posts",
        ["id"],
        unique=False,
        sqlite_where=sa.text("state = 'hidden'"),
        postgresql_where=sa.text("state = 'hidden'"),
    )
    op.create_index(
        "ix_peer_posts_held",
        "peer_posts",
        ["id"],
        unique=False,
        sqlite_where=sa.text("state = 'held'"),
        postgresql_where=sa.text("state = 'held'"),
    )
    op.create_index("ix_peer_posts_member", "peer_posts", ["member_id", "id"], unique=False)
    op.create_table(
        "peer_reactions",
        sa.Column("post_id", BigId, nullable=False),
        sa.Column("member_id", BigId, nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["peer_members.id"], name=op.f("fk_peer_reactions_member_id")
        ),
        sa.ForeignKeyConstraint(
            ["post_id"], ["peer_posts.id"], name=op.f("fk_peer_reactions_post_id")
        ),
        sa.PrimaryKeyConstraint("post_id", "member_id", "kind", name=op.f("pk_peer_reactions")),
    )
    op.create_table(
        "peer_reports",
        sa.Column("id", BigId, nullable=False),
        sa.Column("post_id", BigId, nullable=False),
        sa.Column("member_id", BigId, nullable=False),
        sa.Column("why", sa.String(length=16), nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.Column("done_at", Moment, nullable=True),
        sa.ForeignKeyConstraint(
            ["member_id"], ["peer_members.id"], name=op.f("fk_peer_reports_member_id")
        ),
        sa.ForeignKeyConstraint(
            ["post_id"], ["peer_posts.id"], name=op.f("fk_peer_reports_post_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_peer_reports")),
        sa.UniqueConstraint("post_id", "member_id", name=op.f("uq_peer_reports_post_id_member_id")),
    )
    op.create_index(
        "ix_peer_reports_open",
        "peer_reports",
        ["post_id"],
        unique=False,
        sqlite_where=sa.text("done_at IS NULL"),
        postgresql_where=sa.text("done_at IS NULL"),
    )
    op.create_index(
        "ix_outbox_relayed",
        "outbox",
        ["provider_id"],
        unique=False,
        sqlite_where=sa.text("lane = '2' AND provider_id IS NOT NULL"),
        postgresql_where=sa.text("lane = '2' AND provider_id IS NOT NULL"),
    )
    op.create_index(
        "ix_peer_members_relay",
        "peer_members",
        ["relay_until"],
        unique=False,
        sqlite_where=sa.text("relay_until IS NOT NULL"),
        postgresql_where=sa.text("relay_until IS NOT NULL"),
    )
    for statement in decisions.TRIGGERS[op.get_bind().dialect.name]:
        op.execute(statement)
