"""Safety texts: fixed, reviewed, one per urgency class and language. Never generated."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bot.library.files import as_date, read_markdown
from bot.library.helplines import Helpline

_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")


@dataclass(frozen=True)
class SafetyText:
    """A text whose numbers are placeholders `{helpline id}`."""

    text: str
    status: str
    reviewed_on: date | None

    @property
    def helplines(self) -> tuple[str, ...]:
        """The ids of the helplines it names."""
        return tuple(_PLACEHOLDER.findall(self.text))

    def filled(self, helplines: dict[str, Helpline]) -> str:
        """The text with its numbers; raises KeyError for an unknown helpline."""
        return _PLACEHOLDER.sub(lambda found: helplines[found[1]].number, self.text)


def read_safety(folder: Path) -> dict[tuple[str, str], SafetyText]:
    """Every `<class>/<language>.md` below `folder`."""
    found = {}
    for path in sorted(folder.glob("*/*.md")):
        front, body = read_markdown(path)
        found[path.parent.name, path.stem] = SafetyText(
            body, str(front.get("status", "draft")), as_date(front.get("reviewed_on"))
        )
    return found
