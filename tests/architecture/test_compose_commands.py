"""Each service of the compose file, by its very command, outside containers: on PostgreSQL."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from tests.architecture.test_house import COMPOSE, ROOT
from tests.conftest import fresh_url
from tests.simulator.conftest import free_port


@pytest.fixture
def env(request: pytest.FixtureRequest, tmp_path: Path) -> dict[str, str]:
    return os.environ | {
        "DATABASE_URL": fresh_url("postgresql", request, tmp_path), "SECRET_KEY": "k",
        "SANKOFA_HOME": str(tmp_path), "HOST": "127.0.0.1", "PORT": str(free_port()),
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
    }  # fmt: skip


def command(service: str) -> list[str]:
    name, *rest = COMPOSE["services"][service]["command"]
    assert name == "sankofa"
    return [sys.executable, "-m", "bot", *rest]


def run(service: str, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command(service), env=env, cwd=ROOT, capture_output=True, text=True,
                          check=False, timeout=60)  # fmt: skip


def test_web_and_work_wait_for_the_migration(env: dict[str, str]) -> None:
    refused = run("web", env)
    assert (refused.returncode, refused.stderr.count("\n")) == (2, 1)
    assert "sankofa migrate" in refused.stderr


@pytest.mark.parametrize("service", ["web", "work"])
def test_a_service_becomes_ready_and_ends_when_told(service: str, env: dict[str, str]) -> None:
    assert run("migrate", env).returncode == 0
    process = subprocess.Popen(command(service), env=env, cwd=ROOT)
    try:
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            try:
                url = f"http://127.0.0.1:{env['PORT']}/health/ready"
                if httpx.get(url, timeout=2, trust_env=False).status_code == 200:
                    break
            except httpx.HTTPError:
                process.poll()
        else:
            pytest.fail("never ready")
    finally:
        process.terminate()
        assert process.wait(20) in (0, -15)
