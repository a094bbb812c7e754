"""What other channels served, and the hall beside them, worked out a second time from the printed log alone. Imports
nothing of the program."""

from calendar import monthrange
from collections import Counter, defaultdict
from typing import Any

from tests.reports.recompute import Recount, done
from tests.reports.relived import Event


def last_reported(log: list[Event]) -> dict[tuple[str, str, str, str], int]:
    """Return what counts of the ledger: of a channel, site, month or date and service the last that was said."""
    found: dict[tuple[str, str, str, str], int] = {}
    for row in (row for event in log if event["kind"] == "channels" for row in event["data"]["rows"]):
        key = (row["channel"], row["site"] or "", row["period"], row["service"])
        found.pop(key, None)
        if row["n"] is not None:
            found[key] = row["n"]
    return found


def dates_of(period: str) -> list[str]:
    """Return the dates of "2026-10", or the one date."""
    if len(period) > 7:
        return [period]
    year, month = map(int, period.split("-"))
    return [f"{period}-{day:02}" for day in range(1, monthrange(year, month)[1] + 1)]


def ledger(log: list[Event], days: list[Recount]) -> dict[str, dict[Any, Any]]:
    """Return "ledger" by channel and service, and "hall_share" by service, of dates that follow each other."""
    elsewhere: Counter[tuple[str, str]] = Counter()
    dates: dict[str, set[str]] = defaultdict(set)
    for (channel, _site, period, service), n in last_reported(log).items():
        own = dates_of(period)
        if days[0].day <= own[0] and own[-1] <= days[-1].day:
            elsewhere[channel, service] += n
            dates[service].update(own)
    shares = {}
    for service, covered in dates.items():
        here = sum(
            done(leg) and leg["service"] == service
            for day in days
            if day.day in covered
            for ticket in day.tickets.values()
            for leg in ticket["legs"]
        )
        there = sum(n for (_, of), n in elsewhere.items() if of == service)
        shares[service] = {"hall": here, "elsewhere": there, "share": here / (here + there) if here + there else None}
    return {"ledger": {key: {"n": n} for key, n in elsewhere.items()}, "hall_share": shares}
