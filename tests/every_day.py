"""What a daily run walks once and `scripts/test.py --explore` walks in every way.

Pages are looked at in both languages by tests of their own; a journey through real processes, which looks the same in
both, goes in one of them each day.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import cycle, product
from typing import TypeVar

from hypothesis import HealthCheck, settings

from queuedesk.i18n import LANGUAGES

T = TypeVar("T")
U = TypeVar("U")
SEES_ALL = settings.get_current_profile_name() == "explore"


def one_of(every: Sequence[T], daily: T) -> Sequence[T]:
    """Return what a test goes through: `daily` alone, or `every` one where all is looked at."""
    assert daily in every
    return every if SEES_ALL else (daily,)


def paired(every: Sequence[T], others: Sequence[U]) -> list[tuple[T, U]]:
    """Return what a test goes through of all pairs: each of `every` with the next of `others`, or every pair where all
    is looked at."""
    assert len(every) >= len(others)
    return list(product(every, others)) if SEES_ALL else list(zip(every, cycle(others), strict=False))


def examples(daily: int) -> settings:
    """Return the settings of a test whose examples are whole halls: `daily` of them, or twenty where all is looked
    at."""
    return settings(
        max_examples=20 if SEES_ALL else daily,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture],
    )


def walked_in(lang: str) -> Sequence[str]:
    """Return the languages of a journey that a daily run walks in `lang`."""
    return one_of(LANGUAGES, lang)
