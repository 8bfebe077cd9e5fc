"""The peers every file here may use. `tests/conftest.py` skips them where npm has not been."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.peers.machines import prism


@pytest.fixture(scope="session")
def prism_api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Prism with Twilio's messaging API."""
    with prism("twilio_api_v2010", tmp_path_factory.mktemp("prism_api")) as address:
        yield address


@pytest.fixture(scope="session")
def prism_content(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Prism with Twilio's Content API, which emulate lacks."""
    with prism("twilio_content_v1", tmp_path_factory.mktemp("prism_content")) as address:
        yield address
