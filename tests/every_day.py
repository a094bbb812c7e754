"""What a daily run walks once, such as one language, and `scripts/test.py --explore` walks in every way."""

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
    """Return what a test goes through of all pairs: each with the next of `others`, or all where it sees all."""
    assert len(every) >= len(others)
    return list(product(every, others)) if SEES_ALL else list(zip(every, cycle(others), strict=False))


def examples(daily: int) -> settings:
    """Return settings for examples that are whole halls: `daily` of them, or twenty where all is looked at."""
    most, lets = 20 if SEES_ALL else daily, [HealthCheck.function_scoped_fixture]
    return settings(max_examples=most, deadline=None, suppress_health_check=lets)


def walked_in(lang: str) -> Sequence[str]:
    """Return the languages of a journey that a daily run walks in `lang`."""
    return one_of(LANGUAGES, lang)
