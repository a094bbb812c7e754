"""Figures measured by others: parsed, checked, and stored as reported.

Totals of other channels (for a month or a date) and yearly indicators are imported from files and stored in the log;
the last report counts. They are never averaged or interpolated. `files/table.py` reads the workbook or CSV file for
both. Two kinds of figure must not be mixed: a share of people, and a score on a scale. Full-width letters and digits
of Chinese input methods become plain ones."""

from __future__ import annotations

import re
from calendar import monthrange
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from math import isfinite
from typing import Any, TypeVar

from msgspec import Struct

_HALF_WIDTH = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)}


def half_width_text(text: str) -> str:
    return text.translate(_HALF_WIDTH)


FIRST_YEAR = 1900
_PERIOD_PATTERN = re.compile(
    r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*(?:月份?|[-/.月]\s*(\d{1,2})\s*日?)?(?:[ T]00:00(?::00)?)?"
)
Key = tuple[str, str, str, date, date]
Reporter = tuple[str, str]
"""A channel and its site, "" for the channel as a whole."""


class ChannelTotal(Struct, frozen=True, kw_only=True):
    """The number of cases that a channel handled of a service in a month or on a date, `first` to `last` inclusive.
    `site` is a partner's place, "" for the whole channel; `amount_cents` the sum paid in hundredths, None if
    unknown."""

    channel: str
    site: str = ""
    service: str
    first: date
    last: date
    n: int
    amount_cents: int | None = None

    @property
    def key(self) -> Key:
        """Its identity; the last report of a key counts."""
        return self.channel, self.site, self.service, self.first, self.last

    @property
    def reporter(self) -> Reporter:
        return self.channel, self.site

    @property
    def is_whole_month(self) -> bool:
        return self.first != self.last

    @property
    def period_text(self) -> str:
        return period_iso_text(self.first, self.last)

    def document(self) -> dict[str, Any]:
        """Return the JSON that the log stores."""
        named = {
            "channel": self.channel,
            "site": self.site or None,
            "service": self.service,
            "period": self.period_text,
        }
        return {**named, "n": self.n, "amount_cents": self.amount_cents}


def parse_key_and_reported_total(document: Mapping[str, Any]) -> tuple[Key, ChannelTotal | None]:
    """Parse a document() into its key and total; None for one without `n`, which removes the total."""
    first, last = parse_month_or_date(document["period"])
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


def parse_month_or_date(text: str) -> tuple[date, date]:
    """Parse a month or date as people type it (2026-10, 2026年10月, 2026/10/3) into its first and last date. Raises
    ValueError, also for a year before FIRST_YEAR, which is a typing error."""
    match = _PERIOD_PATTERN.fullmatch(half_width_text(text).strip())
    if match is None or int(match[1]) < FIRST_YEAR:
        raise ValueError(text)
    year, month = int(match[1]), int(match[2])
    if match[3] is None:
        return month_first_and_last(date(year, month, 1))
    day = date(year, month, int(match[3]))
    return day, day


def month_first_and_last(day: date) -> tuple[date, date]:
    return day.replace(day=1), day.replace(day=monthrange(day.year, day.month)[1])


def period_iso_text(first: date, last: date) -> str:
    """Format a month as 2026-10, a date as 2026-10-03."""
    return f"{first:%Y-%m}" if first != last else first.isoformat()


def reported_dates_by_service(totals: Iterable[ChannelTotal], first: date, last: date) -> dict[str, set[date]]:
    """Return, by service, the dates of the totals that lie within `first` to `last`; a month covers all its dates."""
    dates: dict[str, set[date]] = defaultdict(set)
    for total in totals:
        if first <= total.first and total.last <= last:
            n = (total.last - total.first).days + 1
            dates[total.service].update(total.first + timedelta(days=day) for day in range(n))
    return dates


POINT, COMMA = ".", ","


class NumericCellText(str):
    """A number from a numeric cell, written with a decimal point and no thousands separator."""

    __slots__ = ()


Figure = float | int
Kind = TypeVar("Kind", bound="_ComparableFigure")


class _ComparableFigure(Struct, frozen=True):
    value: Figure

    def __lt__(self, other: object) -> bool:
        return self.value < _other_of_same_kind_and_scale(self, other).value

    def __le__(self, other: object) -> bool:
        return self.value <= _other_of_same_kind_and_scale(self, other).value

    def __sub__(self, other: object) -> float:
        """Return the difference in shares, or in points of the scale."""
        return self.value - _other_of_same_kind_and_scale(self, other).value


class ShareOfPeople(_ComparableFigure, frozen=True):
    """A share of people in 0..1, such as the satisfied among those who rated. A score of 68 does not mean 68 %. Raises
    TypeError: `value` is no plain number; ValueError: it is outside 0..1."""

    def __post_init__(self) -> None:
        _require_finite_number(self.value)
        if not 0 <= self.value <= 1:
            raise ValueError(f"{self.value} is no share")


class ScoreOnScale(_ComparableFigure, frozen=True):
    """A score of 0 to `top`, such as an index of 86 out of 100. Raises TypeError: `value` or `top` is no plain number;
    ValueError: `value` is outside 0..top."""

    top: Figure

    def __post_init__(self) -> None:
        _require_finite_number(self.value)
        _require_finite_number(self.top)
        if not 0 <= self.value <= self.top or self.top == 0:
            raise ValueError(f"{self.value} is no score of 0 to {self.top}")


def _require_finite_number(value: object) -> None:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise TypeError(f"{value!r} is no plain number")
    if not isfinite(value):
        raise ValueError(f"{value} is no number")


def _other_of_same_kind_and_scale(figure: Kind, other: object) -> Kind:
    """Return `other` if it is of the kind and scale of `figure`. Raises TypeError."""
    if not isinstance(other, type(figure)):
        raise TypeError(f"{figure} and {other} are figures of different kinds")
    if isinstance(figure, ScoreOnScale) and isinstance(other, ScoreOnScale) and figure.top != other.top:
        raise TypeError(f"{figure} and {other} are of different scales")
    return other
