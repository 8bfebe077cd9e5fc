"""Small cells: a number of cases so low that it points at a person is not shown. Pure."""

from __future__ import annotations

from collections.abc import Sequence

SMALL = 5  # from here on a number is shown
FEW = f"<{SMALL}"
MORE = f"{SMALL}+"  # hidden only because it would give away a smaller one


def least(*, exact: bool) -> int:
    """How many must have been measured before a time or a share may be shown."""
    return 1 if exact else SMALL


def texts(counts: Sequence[int], *, exact: bool) -> list[str]:
    """The counts of one breakdown, for a reader who may see small ones or may not."""
    return [str(n) for n in counts] if exact else shown(counts)


def shown(counts: Sequence[int]) -> list[str]:
    """The counts of one breakdown as texts, without those that point at somebody.

    The sum of a breakdown is known from elsewhere on the page, so a single hidden cell could be
    calculated: then the next smallest is hidden with it, as long as there is one.
    """
    hidden = [i for i, n in enumerate(counts) if 0 < n < SMALL]
    others = sorted((i for i, n in enumerate(counts) if n >= SMALL), key=lambda i: counts[i])
    while hidden and others and _calculable([counts[i] for i in hidden]):
        hidden.append(others.pop(0))
    texts = [str(n) for n in counts]
    for i in hidden:
        texts[i] = FEW if counts[i] < SMALL else MORE
    return texts


def _calculable(counts: list[int]) -> bool:
    """Whether the sum of the hidden cells leaves one way only to fill them."""
    few = [n for n in counts if n < SMALL]
    total, least = sum(counts), len(few) + SMALL * (len(counts) - len(few))
    most = (SMALL - 1) * len(few) if len(few) == len(counts) else None
    return len(counts) == 1 or total in (least, most)
