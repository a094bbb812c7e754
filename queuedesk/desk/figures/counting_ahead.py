"""Counts finished dates before anybody asks for them, so that the first reading of a year is as quick as later ones."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date, datetime, timedelta

from queuedesk.core.figures.periods import MONTH, YEAR, dates_between, span_of
from queuedesk.core.queue.hallday import business_date
from queuedesk.desk.change import Desk
from queuedesk.desk.upkeep.examining import UNREADABLE
from queuedesk.store.figures.counted import is_worth_keeping, tally_of
from queuedesk.store.figures.measured import Reader
from queuedesk.store.parts import halls
from queuedesk.store.rights.withheld_ratings import reads_ratings

MOST_S = 20.0
"""No month is begun after that; the next call goes on."""


def count_ahead(
    desk: Desk,
    now: datetime,
    *,
    most_s: float = MOST_S,
    now_s: Callable[[], float] = time.monotonic,
    rest: Callable[[float], None] = time.sleep,
) -> None:
    """Keep the sums of this business year's finished dates and of the year before, the latest months first, for a
    process that nobody waits for.

    It only reads, a month in one transaction, and rests after each as long as that took. Nothing is counted in years
    with few tickets, nor on a server for a login that is not told ratings: only managers' PCs make reports of years.
    Raises what the database raises.
    """
    begun = now_s()
    with desk.db.read() as tx:
        if not reads_ratings(tx):
            return
        yesterday = business_date(halls.setup(tx, halls.load(tx, desk.hall)), now) - timedelta(days=1)
        years = [span_of(YEAR, day) for day in (yesterday, yesterday.replace(month=1, day=1) - timedelta(days=1))]
        worth = [(first, last) for first, last in years if is_worth_keeping(tx, desk.hall, first, last)]
    for year in worth:
        for first, last in _months(year, yesterday):
            month_s = now_s()
            if month_s - begun >= most_s:
                return
            # What cannot be read is told to whoever asks for it.
            with suppress(*UNREADABLE), desk.db.read() as tx:
                reader = Reader(tx, desk.hall, halls.setup(tx, halls.load(tx, desk.hall)), now)
                tally_of(reader, dates_between(first, last), desk.db.path, worth_keeping=1)
            rest(now_s() - month_s)


def _months(year: tuple[date, date], until: date) -> Iterator[tuple[date, date]]:
    """Yield the months of a year, the latest first, none beyond `until`."""
    last = min(year[1], until)
    while last >= year[0]:
        first, _end = span_of(MONTH, last)
        yield first, last
        last = first - timedelta(days=1)
