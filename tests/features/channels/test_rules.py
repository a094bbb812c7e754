"""Other channels' totals: nothing twice, who has not reported, the hall's share; a file of them is read again as it was
written."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from openpyxl import load_workbook

from queuedesk.core.imports.channel import ChannelTotal, month_of
from queuedesk.core.setup.file import read_setup
from queuedesk.features.channels.papers import write_totals
from queuedesk.features.channels.rules import counted_twice, shares, whole_and_sites
from queuedesk.features.channels.verbs import read_channels
from queuedesk.i18n import LANGUAGES
from tests.hall import SHANGHAI, simple_setup

SEPTEMBER, OCTOBER, NOVEMBER = (month_of(date(2026, n, 1)) for n in (9, 10, 11))
NOW = datetime(2026, 11, 20, 10, 42, tzinfo=SHANGHAI)


def total(span: tuple[date, date] | date, n: int = 1, **words: Any) -> ChannelTotal:
    first, last = span if isinstance(span, tuple) else (span, span)
    return ChannelTotal(**{"channel": "bank", "service": "A", **words}, first=first, last=last, n=n)


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


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_totals_are_read_again_as_they_were_written(tmp_path: Path, lang: str, ending: str) -> None:
    setup = read_setup(simple_setup())
    one, day = total(OCTOBER, 12, amount_cents=120050), date(2026, 10, 3)
    totals = [one, replace(one, channel="POS机", site="城东", first=day, last=day, amount_cents=None)]
    path = write_totals(totals, setup, tmp_path / f"totals.{ending}", lang, NOW)

    assert list(read_channels(path, setup.services).totals) == totals


def test_without_totals_it_is_a_form_to_fill_in(tmp_path: Path) -> None:
    path = write_totals([], read_setup(simple_setup()), tmp_path / "form.xlsx", "zh_CN", NOW)

    sheet = load_workbook(path).active
    assert sheet is not None
    assert [cell.value for cell in sheet[1]] == ["渠道", "网点", "月份或日期", "业务", "笔数", "金额"]
