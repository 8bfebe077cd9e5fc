"""A circuit breaker: after some failures in a row a peer is left alone for a while."""

from __future__ import annotations

from collections.abc import Callable


class Breaker:
    """Open after `failures` in a row; then one trial in every `rest` seconds until one succeeds.

    `clock` counts seconds and never goes back.
    """

    def __init__(self, *, failures: int, rest: float, clock: Callable[[], float]) -> None:
        self._most = failures
        self._rest = rest
        self._clock = clock
        self._failed = 0
        self._trial_at = 0.0

    @property
    def open(self) -> bool:
        """Whether the peer is being left alone."""
        return self._failed >= self._most

    def allows(self) -> bool:
        """Whether to ask now; while open, a yes is the one trial of this period."""
        if not self.open:
            return True
        if self._clock() < self._trial_at:
            return False
        self._trial_at = self._clock() + self._rest
        return True

    def succeeded(self) -> None:
        self._failed = 0

    def failed(self) -> bool:
        """Notes a failure; True when it is the one that opens the breaker."""
        self._failed += 1
        if self._failed >= self._most:
            self._trial_at = self._clock() + self._rest
        return self._failed == self._most
