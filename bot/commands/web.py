"""sankofa web: only the webhooks; workers run elsewhere (PostgreSQL)."""

from __future__ import annotations

from bot import settings
from bot.commands import http
from bot.commands.service import ready
from bot.service import Service


def main(argv: list[str]) -> int:
    chosen = http.at(settings.read(), http.options("web", __doc__).parse_args(argv))
    http.serve(ready(lambda: Service(chosen, work=False)).app(), chosen)
    return 0
