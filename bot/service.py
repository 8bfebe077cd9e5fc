"""Wiring: the parts of a running service, started and stopped together."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Coroutine
from pathlib import Path

import sqlalchemy as sa
from starlette.applications import Starlette
from starlette.routing import BaseRoute

from bot import library, migrate
from bot.channels import configured
from bot.channels.base import Pace
from bot.channels.telegram import Telegram
from bot.db import Database
from bot.intake import Intake
from bot.library import Library
from bot.polling import poll
from bot.porter import Porter
from bot.postman import Postman
from bot.screening import offers
from bot.sender import Sender
from bot.settings import Settings
from bot.understanding import Embedded, Understanding, reader
from bot.understanding.explainer import Explainer
from bot.vault import Vault
from bot.wake import Wake
from bot.watch import Watch
from bot.web import health, media, webhooks
from bot.web.console import routes as console
from bot.web.console.desk import Desk
from bot.web.console.hub import Hub
from bot.worker import Worker

log = logging.getLogger(__name__)


class Service:
    """`web` takes webhooks in and shows the console; `work` takes turns, sends and watches. Either
    half or both in a process.

    `batch`: persons in one transaction of turns; four times as many arrivals share a commit.
    """

    def __init__(
        self, settings: Settings, *, web: bool = True, work: bool = True, model: Path | None = None,
        paces: dict[str, Pace] | None = None, understanding: Understanding | None = None,
        batch: int = 64, pack: Library | None = None, second_factor: bool = True,
    ) -> None:  # fmt: skip
        self.settings = settings
        self.database = Database(settings.database_url)
        self.database.own()
        self.vault = Vault(settings.secret_key)
        self.wake = Wake(self.database)
        most = 4 * batch if batch > 1 else 1
        self.intake = Intake(self.database, self.vault, self.wake, most=most)
        self.channels = configured(settings)
        self.web, self.work = web, work
        self.senders: list[Sender] = []
        self._paces = paces or {}
        self._batch = batch
        self._tasks: list[asyncio.Task[None]] = []
        self.library = pack or library.read(settings.country)
        self.hub = Hub(self.database, self.wake)
        if work:
            self.understanding = understanding or reader(settings, self.library, model)
            self.offers = offers.load(model)
        shared = self.understanding if work else None
        explainer = Explainer(
            self.library, model, shared if isinstance(shared, Embedded) else None
        )
        self.desk = Desk(
            self.database, self.vault, self.library, self.wake, self.hub, settings.root, explainer,
            second_factor=second_factor,
        )  # fmt: skip
        if self.database.single:
            migrate.upgrade(self.database)

    def app(self, extra: list[BaseRoute] | None = None) -> Starlette:
        """The HTTP side; its lifespan runs the rest."""

        @contextlib.asynccontextmanager
        async def lifespan(_: Starlette) -> AsyncIterator[None]:
            async with self.running():
                yield

        pages: list[BaseRoute] = []
        if self.web:
            pages += webhooks.routes(self.settings, self.intake)
            pages += media.routes(self.database)
            pages += console.routes(self.desk)
        routes = [*pages, *health.routes(self.checks()), *(extra or [])]
        return Starlette(routes=routes, lifespan=lifespan)

    def checks(self) -> dict[str, health.Check]:
        """What readiness asks for."""

        async def database() -> bool:
            try:
                await self.database.run(lambda conn: conn.execute(sa.select(1)).scalar())
            except sa.exc.DBAPIError:
                return False
            return True

        async def senders() -> bool:
            # Where another process leads, this one is ready to take over.
            return all(sender.leading for sender in self.senders) or not self.database.single

        async def model() -> bool:
            return not self.work or self.understanding is not None

        return {"database": database, "senders": senders, "model": model}

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Runs worker, senders and polling until the block ends."""
        self.wake.start()
        if self.work:
            worker = Worker(
                self.database, self.vault, self.understanding, self.library, self.wake,
                batch=self._batch, offers=self.offers,
            )  # fmt: skip
            self._start(worker.run())
            watch = Watch(
                self.database, self.library.country, self.settings.root, self.wake,
                channels=self.channels,
            )  # fmt: skip
            self._start(watch.run())
            postman = Postman(self.database, self.library.country, self.wake)
            self._start(postman.run())
            porter = Porter(self.database, self.channels, self.wake)
            self._start(porter.run())
            for name, channel in self.channels.items():
                sender = Sender(
                    self.database, channel, self.vault, self.wake, pace=self._paces.get(name)
                )
                self.senders.append(sender)
                self._start(sender.run())
        if self.web:
            self._start(self.hub.run())
        telegram = self.channels.get("telegram")
        if self.web and isinstance(telegram, Telegram) and telegram.account.mode == "polling":
            self._start(poll(telegram, self.intake))
        try:
            yield
        finally:
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)
            for channel in self.channels.values():
                await channel.close()
            if self.work:
                await self.understanding.close()
            await self.wake.close()
            self.database.close()

    def _start(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        task.add_done_callback(_report)
        self._tasks.append(task)


def _report(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (error := task.exception()):
        log.critical("a part of the service ended: %r", error)
