"""What people do at the front door of the console."""

from __future__ import annotations

import re
from typing import Any

import pyotp

from tests.web.console.conftest import PASSWORD, Seat

ENOUGH = {"email": "ama@example.org", "password": PASSWORD}
KEY = re.compile(r'<code class="key">([A-Z2-7 ]+)</code>')
_CODE = re.compile(r"<li><code>([a-z-]+)</code></li>")


def field(answer: Any, name: str) -> str:
    """The value of a hidden field."""
    found = re.search(rf'name="{name}" value="([^"]*)"', answer.text)
    assert found, answer.text
    return found[1]


def give(seat: Seat, *, then: str = "", **form: str) -> Any:
    """Opens the sign-in form and sends it."""
    page = seat.get("/console/sign-in", then=then)
    hidden = {name: field(page, name) for name in ("csrf", "then")}
    return seat.client.post("/console/sign-in", data={**hidden, **ENOUGH, **form})


def set_up(seat: Seat) -> tuple[pyotp.TOTP, list[str]]:
    """Goes through the enrolment; returns the app and the sheet of recovery codes."""
    page = seat.get("/console/enrol")
    key = KEY.search(page.text)
    assert key
    app = pyotp.TOTP(key[1].replace(" ", ""))
    answer = seat.post("/console/enrol", secret=field(page, "secret"),
                       code=app.at(seat.office.clock()))  # fmt: skip
    assert answer.status_code == 200
    seat.office.clock.forward(seconds=30)
    return app, _CODE.findall(answer.text)
