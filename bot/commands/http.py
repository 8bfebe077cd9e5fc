"""Serving an application with uvicorn, the same for every command that listens."""

from __future__ import annotations

import argparse
import dataclasses
import logging

import uvicorn
from starlette.types import ASGIApp

from bot.settings import Settings


def options(name: str, does: str | None) -> argparse.ArgumentParser:
    """A parser with --host and --port, which win over the settings."""
    parser = argparse.ArgumentParser(prog=f"sankofa {name}", description=does)
    parser.add_argument("--host")
    parser.add_argument("--port", type=int)
    return parser


def at(settings: Settings, args: argparse.Namespace) -> Settings:
    """The settings with the address of the arguments."""
    return dataclasses.replace(
        settings, host=args.host or settings.host, port=args.port or settings.port
    )


def serve(app: ASGIApp, settings: Settings) -> None:
    """Serves until stopped. No access log: addresses of webhooks may carry ids."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    for noisy in ("httpx", "twilio", "alembic", "twilio.http_client"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    uvicorn.run(
        app, host=settings.host, port=settings.port, access_log=False, log_level="warning",
        timeout_graceful_shutdown=5, server_header=False,
    )  # fmt: skip
