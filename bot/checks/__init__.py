"""Checks of everything that is written: content, numbers, sentences and training phrases."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """Something to look at. A `grave` one must not be released."""

    where: str
    what: str
    grave: bool = False

    def line(self) -> str:
        """For a terminal."""
        return f"{'ERROR  ' if self.grave else 'warning'} {self.where}: {self.what}"

