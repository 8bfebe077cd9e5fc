"""The measured process: the real service, alone, on a chosen database and batch size.

With `--networks` it is the other side instead: the local networks, in a process of their own.
"""

from __future__ import annotations

import argparse
import dataclasses
from pathlib import Path

import uvicorn
from starlette.applications import Starlette

from bot import migrate, settings
from bot.channels.base import Pace
from bot.commands import demo
from bot.db import Database
from bot.service import Service
from bot.settings import Settings
from bot.simulator.networks import Networks

FAST = Pace(per_second=100_000, pause=0, calls=32)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--networks-port", type=int, required=True)
    parser.add_argument("--networks", action="store_true")
    parser.add_argument("--database", required=True)
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--batch", type=int, required=True)
    parser.add_argument("--send", action="store_true")
    parser.add_argument("--people", type=int, default=0)
    args = parser.parse_args()
    chosen = _settings(args)
    if args.networks:
        networks = Networks(chosen)
        for _ in range(args.people):
            networks.phones.add("sms")
        app, port = Starlette(routes=networks.routes()), args.networks_port
    else:
        app, port = _service(chosen, args).app(), args.port
    uvicorn.run(app, host="127.0.0.1", port=port, access_log=False, log_level="warning")


def _settings(args: argparse.Namespace) -> Settings:
    env = {"SANKOFA_HOME": str(args.home), "SECRET_KEY": "k", "PORT": str(args.port)}
    local = demo.local(settings.read(env))
    assert local.twilio is not None
    base = f"http://127.0.0.1:{args.networks_port}/networks/twilio"
    account = dataclasses.replace(local.twilio, token="bench", api_base=base)
    return dataclasses.replace(local, database_url=args.database, twilio=account)


def _service(chosen: Settings, args: argparse.Namespace) -> Service:
    database = Database(args.database)
    migrate.upgrade(database)
    database.close()
    paces = dict.fromkeys(("telegram", "whatsapp", "sms"), FAST)
    service = Service(chosen, batch=args.batch, paces=paces)
    if not args.send:
        service.channels.clear()
    return service


if __name__ == "__main__":
    main()
