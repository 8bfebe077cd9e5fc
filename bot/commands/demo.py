"""sankofa demo: everything on this machine, with local networks and three phones to type on."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import secrets
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

from starlette.applications import Starlette

from bot import library, settings
from bot.channels.base import Pace
from bot.channels.telegram import UPDATES
from bot.channels.telegram import Telegram as TelegramChannel
from bot.commands import cast, http, trades
from bot.commands.service import ready
from bot.db import now
from bot.service import Service
from bot.settings import Settings, Telegram, Twilio
from bot.simulator.networks import Networks
from bot.simulator.page import routes

PEOPLE = (
    ("telegram", "Ama", "en"), ("whatsapp", "Aïcha", "fr"), ("sms", "Kofi", "en"),
    ("telegram", "Moussa", "fr"), ("whatsapp", "Yaw", "en"), ("sms", "Fatou", "fr"),
)  # fmt: skip
# A local network has no operators to spare: a plain SMS would wait a second for each part.
PACES = {"sms": Pace(per_second=10, pause=0), "telegram": Pace(per_second=30, pause=0.1),
         "whatsapp": Pace(per_second=40, pause=0.1)}  # fmt: skip


def main(argv: list[str]) -> int:
    parser = http.options("demo", __doc__)
    parser.add_argument("--keep", action="store_true", help="keep the last demo's conversations")
    args = parser.parse_args(argv)
    chosen = local(http.at(settings.read(), args))
    if not args.keep:
        shutil.rmtree(chosen.home, ignore_errors=True)
    print(f"\n  Sankofa demo: three phones at {chosen.root}/phones/", flush=True)
    print(f"  The counsellors' console at {chosen.root}/console/, password {cast.PASSWORD}")
    for member in cast.STAFF:
        print(f"    {member.email:<18} {member.name}, {member.role.value}")
    tags = ", ".join(f"#{new.tag}" for new in trades.GROUPS)
    print(f"  Peer groups {tags}: write GROUPS on a phone (by SMS posts come once a day; POSTS")
    print("  brings what waits)")
    print(flush=True)
    http.serve(app(chosen, lively=not args.keep), chosen)
    return 0


def local(base: Settings) -> Settings:
    """Settings whose providers are the local networks of this very process."""
    root = f"http://{base.host}:{base.port}"
    home = Path(base.home) / "demo"
    return dataclasses.replace(
        base, home=home, database_url=f"sqlite:///{home / 'demo.db'}", public_url=root,
        telegram=Telegram(token=f"4242:{secrets.token_hex(8)}", secret=secrets.token_hex(16),
                          api_base=f"{root}/networks/telegram"),
        twilio=Twilio(sid="AC" + "0" * 32, token=secrets.token_hex(16),
                      api_base=f"{root}/networks/twilio", sms_from="+15550100",
                      whatsapp_from="whatsapp:+15550100"),
    )  # fmt: skip


def app(chosen: Settings, *, lively: bool = False) -> Starlette:
    """The service, its networks and the phones page in one application. `lively`: some people
    write at once, so that the console shows talks under way."""
    pack = trades.awake(cast.hours(library.read(chosen.country)))
    service = ready(lambda: Service(chosen, paces=PACES, pack=pack, second_factor=False))
    service.database.call(cast.enter, service.vault, now())
    networks = Networks(chosen)
    for channel, name, locale in PEOPLE:
        networks.phones.add(channel, name, locale)
    service.database.call(trades.enter, service.vault, networks.phones, now())
    made = service.app([*networks.routes(), *routes(networks)])
    made.state.networks = networks
    made.state.service = service
    inner = made.router.lifespan_context

    @contextlib.asynccontextmanager
    async def lifespan(starlette: Starlette) -> AsyncIterator[None]:
        async with inner(starlette):
            telling = asyncio.create_task(_begin(service, chosen, networks if lively else None))
            yield
            telling.cancel()
            await networks.close()

    made.router.lifespan_context = lifespan
    return made


async def _begin(service: Service, chosen: Settings, networks: Networks | None) -> None:
    await _tell_telegram(service, chosen)
    if networks is not None:
        cast.begin(networks)


async def _tell_telegram(service: Service, chosen: Settings) -> None:
    """Sets the webhook as an operator would, as soon as this process answers."""
    channel = service.channels["telegram"]
    assert isinstance(channel, TelegramChannel)  # noqa: S101  # the registry says so
    for _ in range(50):
        with contextlib.suppress(Exception):
            await channel.bot.set_webhook(
                f"{chosen.root}/hooks/telegram", secret_token=channel.account.secret,
                allowed_updates=UPDATES,
            )  # fmt: skip
            return
        await asyncio.sleep(0.1)
