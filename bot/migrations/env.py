"""Alembic's environment: runs on the connection that bot.migrate hands over."""

from __future__ import annotations

from alembic import context

from bot import (  # noqa: F401  # their tables
    audit,
    canned,
    caselog,
    cases,
    consents,
    inbox,
    links,
    notes,
    outbox,
    people,
    ratings,
    readings,
    referrals,
    rings,
    sessions,
    staff,
    timers,
)
from bot.db import metadata
from bot.peers import (  # noqa: F401
    activities,
    appeals,
    blocks,
    decisions,
    groups,
    invitations,
    media,
    members,
    posts,
    reactions,
    reports,
    wishes,
)

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    transactional_ddl=False,  # bot.migrate holds the transaction
)
context.run_migrations()
