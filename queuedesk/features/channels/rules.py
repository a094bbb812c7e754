"""What other channels' totals come to: the hall's share, who is missing, what stands there twice."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date

from msgspec import Struct

from queuedesk.core.imports import ChannelTotal, Key, Reporter, month_first_and_last, reported_dates_by_service

MOST = 10**9
LONGEST_NAME = 60
EXPECTED_MONTHS = 3
"""Who reported within so many months before is expected to report again."""


class HallShareOfMonth(Struct, frozen=True, kw_only=True):
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
    def hall_share(self) -> float | None:
        whole = self.hall + self.elsewhere
        return self.hall / whole if whole and self.is_counted else None


class ChannelLedger(Struct, frozen=True):
    """The totals of a span, what the hall had of each service and month, and the months in which a channel stands whole
    and by its sites."""

    totals: tuple[ChannelTotal, ...] = ()
    shares: tuple[HallShareOfMonth, ...] = ()
    twice: tuple[tuple[str, date], ...] = ()


def date_totals_within_month_totals(totals: Iterable[ChannelTotal]) -> dict[Key, ChannelTotal]:
    """Return the totals of a date within a month that has a total too, each with that month's total."""
    known = list(totals)
    months = {(*one.key[:3], one.first): one for one in known if one.is_whole_month}
    return {
        one.key: months[whole]
        for one in known
        if not one.is_whole_month and (whole := (*one.key[:3], one.first.replace(day=1))) in months
    }


def channels_with_whole_and_sites(totals: Iterable[ChannelTotal]) -> list[tuple[str, date]]:
    """Return the channels and months that have both a total of the whole channel and one of a site: such customers are
    counted twice."""
    seen: dict[tuple[str, str, date], set[bool]] = defaultdict(set)
    for one in totals:
        seen[(one.channel, one.service, one.first.replace(day=1))].add(bool(one.site))
    return sorted({(channel, month) for (channel, _service, month), sites in seen.items() if len(sites) > 1})


def hall_shares_by_month(
    totals: Collection[ChannelTotal], finished: Mapping[tuple[str, date], int], today: date
) -> list[HallShareOfMonth]:
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
        dates = reported_dates_by_service(own, *month_first_and_last(month))[service]
        rows.append(
            HallShareOfMonth(
                service=service,
                month=month,
                hall=sum(finished.get((service, day), 0) for day in dates),
                elsewhere=sum(one.n for one in own),
                is_counted=month in open_months,
                missing=_reporters_with_missing_dates(
                    own,
                    _expected_reporters(by_month, service, month),
                    {day for day in worked[service, month] if day < today},
                ),
            )
        )
    return rows


def _expected_reporters(
    by_month: Mapping[tuple[str, date], list[ChannelTotal]], service: str, month: date
) -> set[Reporter]:
    found: set[Reporter] = set()
    for n in range(1, EXPECTED_MONTHS + 1):
        months = month.year * 12 + month.month - 1 - n
        found.update(one.reporter for one in by_month.get((service, date(months // 12, months % 12 + 1, 1)), ()))
    return found


def _reporters_with_missing_dates(
    own: Iterable[ChannelTotal], expected: set[Reporter], open_dates: set[date]
) -> tuple[Reporter, ...]:
    """Return who reported nothing though they used to, and who left out dates on which the hall worked."""
    days: dict[Reporter, set[date]] = defaultdict(set)
    whole = set()
    for one in own:
        days[one.reporter].add(one.first)
        if one.is_whole_month:
            whole.add(one.reporter)
    lacking = {who for who, told in days.items() if who not in whole and open_dates - told}
    return tuple(sorted((expected - set(days)) | lacking))
