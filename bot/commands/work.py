"""sankofa work: only the worker and the senders, with health and metrics (PostgreSQL)."""

from __future__ import annotations

from bot import settings
from bot.commands import http
from bot.commands.service import ready
from bot.service import Service


def main(argv: list[str]) -> int:
    chosen = http.at(settings.read(), http.options("work", __doc__).parse_args(argv))
    http.serve(ready(lambda: Service(chosen, web=False)).app(), chosen)
    return 0
