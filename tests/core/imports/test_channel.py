"""Totals of other channels: months and dates as people type them, and as the log keeps them."""

from datetime import date
from typing import Any

import pytest

from queuedesk.core.imports.channel import ChannelTotal, month_of, period_of, reported

OCTOBER = month_of(date(2026, 10, 1))


def total(span: tuple[date, date] | date, n: int = 1, **words: Any) -> ChannelTotal:
    first, last = span if isinstance(span, tuple) else (span, span)
    return ChannelTotal(**{"channel": "bank", "service": "A", **words}, first=first, last=last, n=n)


def test_months_and_dates_as_people_type_them() -> None:
    months = {
        "2026-10": (2026, 10, 31),
        "2026年2月": (2026, 2, 28),
        "２０２６／２": (2026, 2, 28),
        "2028.02月份": (2028, 2, 29),
    }
    for text, (year, month, last) in months.items():
        assert period_of(text) == (date(year, month, 1), date(year, month, last)), text
    for text in ("2026-10-03", "2026/10/3", "2026年10月3日", "2026-10-03 00:00:00"):
        assert period_of(text) == (date(2026, 10, 3), date(2026, 10, 3)), text
    for text in ("", "10月", "2026", "2026-13", "2026-02-30", "10/2026", "2026-10-03 09:00", "Oct"):
        with pytest.raises(ValueError):
            period_of(text)


@pytest.mark.parametrize("one", [total(OCTOBER, 7, site="East", amount_cents=105), total(date(2026, 10, 3), 0)])
def test_it_is_kept_and_read_back(one: ChannelTotal) -> None:
    assert reported(one.document()) == (one.key, one)
    assert reported(one.document() | {"n": None}) == (one.key, None)
