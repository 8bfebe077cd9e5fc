"""The measured process: the real service, alone, on a chosen database and batch size."""

from __future__ import annotations

import argparse
import dataclasses
from pathlib import Path

import uvicorn

from bot import migrate, settings
from bot.channels.base import Pace
from bot.commands import demo
from bot.db import Database
from bot.service import Service
from bot.simulator.networks import Networks

FAST = Pace(per_second=100_000, pause=0, calls=32)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--database", required=True)
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--batch", type=int, required=True)
    parser.add_argument("--send", action="store_true")
    parser.add_argument("--people", type=int, default=0)
    args = parser.parse_args()
    env = {"SANKOFA_HOME": str(args.home), "SECRET_KEY": "k", "PORT": str(args.port)}
    local = demo.local(settings.read(env))
    assert local.twilio is not None
    chosen = dataclasses.replace(
        local, database_url=args.database,
        twilio=dataclasses.replace(local.twilio, token="bench"),
    )  # fmt: skip
    database = Database(args.database)
    migrate.upgrade(database)
    database.close()
    service = Service(
        chosen, batch=args.batch, paces=dict.fromkeys(("telegram", "whatsapp", "sms"), FAST)
    )
    if not args.send:
        service.channels.clear()
    networks = Networks(chosen)
    for _ in range(args.people):
        networks.phones.add("sms")
    uvicorn.run(
        service.app(networks.routes()), host="127.0.0.1", port=args.port, access_log=False,
        log_level="warning",
    )  # fmt: skip


if __name__ == "__main__":
    main()
