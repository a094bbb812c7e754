"""Totals of other channels for a month or a date, as somebody reported them, and the hall's share."""

from __future__ import annotations

import re
from calendar import monthrange
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from msgspec import Struct

from queuedesk.core.imports.half_width import half_width

MOST = 10**9
LONGEST_NAME = 60
FIRST_YEAR = 1900
EXPECTED_MONTHS = 3
"""Who reported within so many months before is expected to report again."""
_PERIOD = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*(?:月份?|[-/.月]\s*(\d{1,2})\s*日?)?(?:[ T]00:00(?::00)?)?")
Key = tuple[str, str, str, date, date]
Reporter = tuple[str, str]
"""A channel and its site, "" for the channel as a whole."""


class ChannelTotal(Struct, frozen=True, kw_only=True):
    """What a channel served of a service in a month or on a date, `first` to `last` both included.

    `site` is a partner's place, "" for the channel as a whole; `amount_cents` what was paid there in hundredths, None
    where nobody said.
    """

    channel: str
    site: str = ""
    service: str
    first: date
    last: date
    n: int
    amount_cents: int | None = None

    @property
    def key(self) -> Key:
        """What it is the total of; the last report of a key counts."""
        return self.channel, self.site, self.service, self.first, self.last

    @property
    def reporter(self) -> Reporter:
        return self.channel, self.site

    @property
    def is_month(self) -> bool:
        return self.first != self.last

    @property
    def period(self) -> str:
        return period_text(self.first, self.last)

    def document(self) -> dict[str, Any]:
        """Return it as the log keeps it."""
        named = {"channel": self.channel, "site": self.site or None, "service": self.service, "period": self.period}
        return {**named, "n": self.n, "amount_cents": self.amount_cents}


class Share(Struct, frozen=True, kw_only=True):
    """The part of a service's customers that came to the hall in a month. `missing` are the channels that did not
    report all of it; `is_counted` says whether the hall had finished anything in that month: one before its first day
    says nothing of its share."""

    service: str
    month: date
    hall: int
    elsewhere: int
    missing: tuple[Reporter, ...] = ()
    is_counted: bool = True

    @property
    def share(self) -> float | None:
        whole = self.hall + self.elsewhere
        return self.hall / whole if whole and self.is_counted else None


class Ledger(Struct, frozen=True):
    """The totals of a span, what the hall had of each service and month, and the months in which a channel stands whole
    and by its sites."""

    totals: tuple[ChannelTotal, ...] = ()
    shares: tuple[Share, ...] = ()
    twice: tuple[tuple[str, date], ...] = ()


def reported(document: Mapping[str, Any]) -> tuple[Key, ChannelTotal | None]:
    """Return the total of a document(), by its key; a total without `n` was removed."""
    first, last = period_of(document["period"])
    key = (document["channel"], document.get("site") or "", document["service"], first, last)
    if document["n"] is None:
        return key, None
    channel, site, service = key[:3]
    total = ChannelTotal(
        channel=channel,
        site=site,
        service=service,
        first=first,
        last=last,
        n=document["n"],
        amount_cents=document.get("amount_cents"),
    )
    return key, total


def period_of(text: str) -> tuple[date, date]:
    """Return the first and last date of a month or date as people type it: 2026-10, 2026年10月, 2026/10/3. Raises
    ValueError.

    A year before FIRST_YEAR is a slip.
    """
    found = _PERIOD.fullmatch(half_width(text).strip())
    if found is None or int(found[1]) < FIRST_YEAR:
        raise ValueError(text)
    year, month = int(found[1]), int(found[2])
    if found[3] is None:
        return month_of(date(year, month, 1))
    day = date(year, month, int(found[3]))
    return day, day


def month_of(day: date) -> tuple[date, date]:
    """Return the first and last date of the month of `day`."""
    return day.replace(day=1), day.replace(day=monthrange(day.year, day.month)[1])


def period_text(first: date, last: date) -> str:
    """Return a month as 2026-10, a date as 2026-10-03."""
    return f"{first:%Y-%m}" if first != last else first.isoformat()


def counted_twice(totals: Iterable[ChannelTotal]) -> dict[Key, ChannelTotal]:
    """Return the totals of a date within a month that has a total too, each with that month's total."""
    known = list(totals)
    months = {(*one.key[:3], one.first): one for one in known if one.is_month}
    return {
        one.key: months[whole]
        for one in known
        if not one.is_month and (whole := (*one.key[:3], one.first.replace(day=1))) in months
    }


def whole_and_sites(totals: Iterable[ChannelTotal]) -> list[tuple[str, date]]:
    """Return the channels and months that have both a total of the whole channel and one of a site: such customers are
    counted twice."""
    seen: dict[tuple[str, str, date], set[bool]] = defaultdict(set)
    for one in totals:
        seen[(one.channel, one.service, one.first.replace(day=1))].add(bool(one.site))
    return sorted({(channel, month) for (channel, _service, month), sites in seen.items() if len(sites) > 1})


def covered(totals: Iterable[ChannelTotal], first: date, last: date) -> dict[str, set[date]]:
    """Return by service the dates from `first` to `last` that some channel reported, including those of whole
    months."""
    found: dict[str, set[date]] = defaultdict(set)
    for one in totals:
        if first <= one.first and one.last <= last:
            found[one.service].update(one.first + timedelta(days=n) for n in range((one.last - one.first).days + 1))
    return found


def shares(totals: Collection[ChannelTotal], finished: Mapping[tuple[str, date], int], today: date) -> list[Share]:
    """Return the hall's share of each service and month in the ledger. `finished` are the legs that the hall finished
    by service and date; only dates that somebody reported count."""
    by_month: dict[tuple[str, date], list[ChannelTotal]] = defaultdict(list)
    for one in totals:
        by_month[(one.service, one.first.replace(day=1))].append(one)
    worked: dict[tuple[str, date], set[date]] = defaultdict(set)
    for (code, day), n in finished.items():
        if n:
            worked[code, day.replace(day=1)].add(day)
    open_months = {month for _code, month in worked}
    rows = []
    for (service, month), own in sorted(by_month.items()):
        dates = covered(own, *month_of(month))[service]
        rows.append(
            Share(
                service=service,
                month=month,
                hall=sum(finished.get((service, day), 0) for day in dates),
                elsewhere=sum(one.n for one in own),
                is_counted=month in open_months,
                missing=_missing(
                    own, _expected(by_month, service, month), {day for day in worked[service, month] if day < today}
                ),
            )
        )
    return rows


def _expected(by_month: Mapping[tuple[str, date], list[ChannelTotal]], service: str, month: date) -> set[Reporter]:
    found: set[Reporter] = set()
    for n in range(1, EXPECTED_MONTHS + 1):
        months = month.year * 12 + month.month - 1 - n
        found.update(one.reporter for one in by_month.get((service, date(months // 12, months % 12 + 1, 1)), ()))
    return found


def _missing(own: Iterable[ChannelTotal], expected: set[Reporter], open_dates: set[date]) -> tuple[Reporter, ...]:
    """Return who reported nothing though they used to, and who left out dates on which the hall worked."""
    days: dict[Reporter, set[date]] = defaultdict(set)
    whole = set()
    for one in own:
        days[one.reporter].add(one.first)
        if one.is_month:
            whole.add(one.reporter)
    lacking = {who for who, told in days.items() if who not in whole and open_dates - told}
    return tuple(sorted((expected - set(days)) | lacking))
