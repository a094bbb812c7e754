"""Totals of other channels: months and dates as people type them, nothing twice, who has not reported, the hall's
share."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from queuedesk.core.imports.channel import (
    ChannelTotal,
    counted_twice,
    month_of,
    period_of,
    reported,
    shares,
    whole_and_sites,
)

SEPTEMBER, OCTOBER, NOVEMBER = (month_of(date(2026, n, 1)) for n in (9, 10, 11))


def total(span: tuple[date, date] | date, n: int = 1, **words: Any) -> ChannelTotal:
    first, last = span if isinstance(span, tuple) else (span, span)
    return ChannelTotal(**{"channel": "bank", "service": "A", **words}, first=first, last=last, n=n)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2026-10", date(2026, 10, 1), date(2026, 10, 31)),
        ("2026年2月", date(2026, 2, 1), date(2026, 2, 28)),
        ("２０２６／２", date(2026, 2, 1), date(2026, 2, 28)),
        ("2028.02月份", date(2028, 2, 1), date(2028, 2, 29)),
        ("2026-10-03", date(2026, 10, 3), date(2026, 10, 3)),
        ("2026/1/3", date(2026, 1, 3), date(2026, 1, 3)),
        ("2026年10月3日", date(2026, 10, 3), date(2026, 10, 3)),
        ("2026-10-03 00:00:00", date(2026, 10, 3), date(2026, 10, 3)),
    ],
)
def test_months_and_dates_as_people_type_them(text: str, first: date, last: date) -> None:
    assert period_of(text) == (first, last)


@pytest.mark.parametrize("text", ["", "10月", "2026", "2026-13", "2026-02-30", "10/2026", "2026-10-03 09:00", "Oct"])
def test_what_is_no_month_or_date(text: str) -> None:
    with pytest.raises(ValueError):
        period_of(text)


@pytest.mark.parametrize("one", [total(OCTOBER, 7, site="East", amount_cents=105), total(date(2026, 10, 3), 0)])
def test_it_is_kept_and_read_back(one: ChannelTotal) -> None:
    assert reported(one.document()) == (one.key, one)
    assert reported(one.document() | {"n": None}) == (one.key, None)


def test_a_date_beside_its_month_is_counted_twice() -> None:
    month, day = total(OCTOBER, 30), total(date(2026, 10, 3))
    others = [total(date(2026, 9, 3)), total(date(2026, 10, 3), site="East"), total(date(2026, 10, 3), service="B")]

    assert counted_twice([month, day, *others]) == {day.key: month}
    assert counted_twice([day, *others]) == {}


def test_a_channel_as_a_whole_beside_its_sites_is_named() -> None:
    rows = [total(OCTOBER), total(OCTOBER, site="East"), total(SEPTEMBER), total(NOVEMBER, service="B", site="East")]

    assert whole_and_sites(rows) == [("bank", date(2026, 10, 1))]


def test_the_hall_s_share_counts_only_dates_that_somebody_reported() -> None:
    rows = [total(OCTOBER, 60), total(date(2026, 11, 3), 5), total(date(2026, 11, 4), 15, channel="online")]
    finished = {
        ("A", date(2026, 10, 2)): 30,
        ("A", date(2026, 10, 30)): 10,
        ("B", date(2026, 10, 2)): 99,
        ("A", date(2026, 11, 3)): 20,
        ("A", date(2026, 11, 5)): 70,
    }

    found = shares(rows, finished, date(2026, 11, 20))

    assert [(one.month.month, one.hall, one.elsewhere, one.share) for one in found] == [
        (10, 40, 60, 0.4),
        (11, 20, 20, 0.5),
    ]


def test_who_reported_before_and_not_now_is_missing() -> None:
    rows = [total(SEPTEMBER, site=f"P{n}") for n in range(4)] + [total(NOVEMBER, site="P0"), total(NOVEMBER, site="P9")]

    september, november = shares(rows, {}, date(2026, 12, 20))

    assert september.missing == ()
    assert november.missing == (("bank", "P1"), ("bank", "P2"), ("bank", "P3"))


def test_who_left_out_a_date_on_which_the_hall_worked_is_missing() -> None:
    worked = {("A", date(2026, 11, day)): 5 for day in (2, 3, 20)}
    some, all_ = [total(date(2026, 11, 2))], [total(date(2026, 11, 2)), total(date(2026, 11, 3))]

    assert shares(some, worked, date(2026, 11, 20))[0].missing == (("bank", ""),)
    assert shares(all_, worked, date(2026, 11, 20))[0].missing == ()  # today is not over


def test_nothing_anywhere_is_no_share() -> None:
    (one,) = shares([total(OCTOBER, 0)], {}, date(2026, 11, 20))

    assert one.share is None


def test_a_month_before_the_hall_s_first_day_has_no_share() -> None:
    finished = {("B", date(2026, 11, 3)): 4}
    october, november = shares([total(OCTOBER, 30), total(NOVEMBER, 30)], finished, date(2026, 11, 20))
    assert (october.hall, october.share) == (0, None)
    assert november.share == 0, "in a month of which the hall knows, nobody for this service is nobody"
