"""Totals of other channels, as people type them and as the log keeps them; shares and scores never mix."""

from datetime import date
from typing import Any

import pytest

from queuedesk.core.figures.targets import MeasureTarget
from queuedesk.core.imports import (
    ChannelTotal,
    ScoreOnScale,
    ShareOfPeople,
    month_first_and_last,
    parse_key_and_reported_total,
    parse_month_or_date,
)

OCTOBER = month_first_and_last(date(2026, 10, 1))


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
        assert parse_month_or_date(text) == (date(year, month, 1), date(year, month, last)), text
    for text in ("2026-10-03", "2026/10/3", "2026年10月3日", "2026-10-03 00:00:00"):
        assert parse_month_or_date(text) == (date(2026, 10, 3), date(2026, 10, 3)), text
    for text in ("", "10月", "2026", "2026-13", "2026-02-30", "10/2026", "2026-10-03 09:00", "Oct"):
        with pytest.raises(ValueError):
            parse_month_or_date(text)


@pytest.mark.parametrize("one", [total(OCTOBER, 7, site="East", amount_cents=105), total(date(2026, 10, 3), 0)])
def test_it_is_kept_and_read_back(one: ChannelTotal) -> None:
    assert parse_key_and_reported_total(one.document()) == (one.key, one)
    assert parse_key_and_reported_total(one.document() | {"n": None}) == (one.key, None)


SHARE, SCORE = ShareOfPeople(0.68), ScoreOnScale(68, 100)


def test_figures_of_one_kind_compare_and_differ():
    assert ShareOfPeople(0.9535) < ShareOfPeople(0.9804)
    assert ScoreOnScale(80, 100) <= ScoreOnScale(86, 100)
    assert ScoreOnScale(86, 100) - ScoreOnScale(80, 100) == 6
    assert ShareOfPeople(1) != ScoreOnScale(1, 100)


@pytest.mark.parametrize(
    "mix",
    [
        lambda: SHARE - SCORE,
        lambda: SCORE - SHARE,
        lambda: SHARE < SCORE,
        lambda: SCORE <= SHARE,
        lambda: ScoreOnScale(4, 5) - SCORE,
        lambda: SHARE - 0.5,
        lambda: ShareOfPeople(SCORE),  # type: ignore[arg-type]
        lambda: ScoreOnScale(SHARE, 100),  # type: ignore[arg-type]
        lambda: MeasureTarget("satisfaction", SCORE),  # type: ignore[arg-type]
        lambda: ShareOfPeople(True),
    ],
)
def test_what_mixes_kinds_is_a_type_error(mix):
    with pytest.raises(TypeError):
        mix()


@pytest.mark.parametrize(
    ("kind", "values"),
    [(ShareOfPeople, (68,)), (ShareOfPeople, (-0.1,)), (ScoreOnScale, (101, 100)), (ScoreOnScale, (0, 0))],
)
def test_what_lies_outside_a_scale_is_refused(kind, values):
    with pytest.raises(ValueError):
        kind(*values)
