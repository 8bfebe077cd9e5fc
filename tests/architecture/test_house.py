"""The house rules: sizes, locks, the compose file and its commands, and what the README names."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import check_jsonschema
import jsonschema
import pytest
import yaml

from bot.__main__ import COMMANDS
from bot.settings import read

ROOT = Path(__file__).resolve().parents[2]
CODE = [p for folder in ("bot", "nlu", "tests") for p in (ROOT / folder).rglob("*.py")]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())


@pytest.mark.parametrize("path", CODE, ids=lambda p: str(p.relative_to(ROOT)))
def test_no_file_is_longer_than_300_lines(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 300


def test_the_page_assets_are_small_too() -> None:
    for path in (ROOT / "bot/simulator/static").iterdir():
        assert len(path.read_text(encoding="utf-8").splitlines()) <= 300, path.name


@pytest.mark.parametrize(
    "name", ["requirements.lock", "requirements-dev.lock", "requirements-rasa.lock"]
)
def test_locks_have_hashes_and_no_addresses(name: str) -> None:
    text = (ROOT / name).read_text()
    assert "://" not in text
    pinned = re.findall(r"^[a-z0-9][^\s]*==", text, re.MULTILINE)
    assert len(pinned) > 20
    assert text.count("--hash=sha256:") >= len(pinned)


def test_the_taxonomy_keeps_every_released_id(library: Any) -> None:
    assert len(library.taxonomy.topics) >= 38
    assert len(library.taxonomy.urgency) >= 13
    assert len(library.taxonomy.sectors) >= 23
    assert {"greet", "talk_to_counsellor", "opt_out", "out_of_scope"} <= set(
        library.taxonomy.dialogue
    )


def test_compose_is_valid() -> None:
    schemas = Path(check_jsonschema.__file__).parent / "builtin_schemas" / "vendor"
    schema = json.loads((schemas / "compose-spec.json").read_text())
    jsonschema.validate(COMPOSE, schema)


def test_compose_services_do_not_run_as_root_and_have_health_checks() -> None:
    for name in ("web", "work", "migrate"):
        assert COMPOSE["services"][name]["user"] == "10001"
    for name in ("web", "work", "postgres"):
        assert "healthcheck" in COMPOSE["services"][name]


@pytest.mark.parametrize("name", [name for name in COMMANDS if name != "migrate"])
def test_every_command_has_help_and_ends(name: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bot", name, "--help"], capture_output=True, cwd=ROOT, check=False
    )
    assert done.returncode == 0


def test_a_wrong_setting_is_one_line_and_status_2(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bot", "serve"], capture_output=True, text=True, check=False,
        cwd=ROOT, env={"PORT": "x", "SANKOFA_HOME": str(tmp_path), "PATH": ""},
    )  # fmt: skip
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "PORT" in done.stderr


def test_the_readme_names_every_command_and_setting() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    for name in COMMANDS:
        assert f"sankofa {name}" in text, name
    source = Path(read.__code__.co_filename).read_text()
    for name in set(re.findall(r'"([A-Z]+(?:_[A-Z]+)*)"', source)):
        assert name in text, name
