"""Argon2 beside the event loop and outside transactions: SQLite's one writer must not wait."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")
# Each takes up to 64 MB: more at a time would let anybody fill the memory from the sign-in page.
_THREADS = ThreadPoolExecutor(2, "argon2")


async def apart(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """What `work` returns, two at a time; the others queue."""
    return await asyncio.get_running_loop().run_in_executor(
        _THREADS, lambda: work(*args, **kwargs)
    )
