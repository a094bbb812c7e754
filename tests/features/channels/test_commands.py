"""Other channels' totals: workbooks of many sites, nothing twice, who has not reported, the hall's share."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from msgspec.structs import replace
from openpyxl import load_workbook

from queuedesk.core.imports.channel import ChannelTotal, month_of
from queuedesk.core.setup.file import read_setup
from queuedesk.features.channels.papers import write_totals
from queuedesk.features.channels.rules import shares
from queuedesk.features.channels.verbs import read_channels
from queuedesk.i18n import LANGUAGES
from tests.cli.commands import Console
from tests.hall import SHANGHAI, simple_setup


def post_offices(folder: Path) -> Path:
    """Write a workbook as 62 partner sites send it: a title, the table with an amount, a sum below."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["邮政储蓄代收电费汇总"], [], ["序号", "渠道", "网点", "月份", "业务", "笔数", "金额(元)"]):
        sheet.append(row)
    for n in range(1, 63):
        sheet.append([n, "邮局", f"邮政{n}所", "2026年10月", "电费缴纳", 100 + n, 1000.5 + n])
    sheet.append([None, "合计", None, None, None, sum(range(101, 163)), None])
    path = folder / "post.xlsx"
    book.save(path)
    return path


def test_62_sites_in_one_file(console: Console, tmp_path: Path) -> None:
    done = console.ask("channels", "import", post_offices(tmp_path))
    assert console.ask("channels", "import", post_offices(tmp_path)) == {**done, "new": 0, "same": 62}
    events = [one for one in console.log() if one["kind"] == "channels"]
    found = console.ask("channels", "list")

    assert done == {"rows": 62, "new": 62, "changed": 0, "same": 0, "sums_left_out": 1}
    assert [len(one["data"]["rows"]) for one in events] == [62]
    assert events[0]["data"]["rows"][0] == {
        "channel": "post_office",
        "site": "邮政1所",
        "service": "A",
        "period": "2026-10",
        "n": 101,
        "amount_cents": 100150,
    }
    assert (len(found["totals"]), found["warnings"]) == (62, [])

    # A torn workbook is no table.
    (tmp_path / "torn.xlsx").write_bytes(post_offices(tmp_path).read_bytes()[:-40] + b"PK\x05\x06" + b"\0" * 18)
    assert console.refused("channels", "import", tmp_path / "torn.xlsx") == "not_a_table"


def test_dates_of_a_workbook_are_months_where_the_column_says_so(console: Console, tmp_path: Path) -> None:
    for head, day in (("月份", date(2026, 10, 1)), ("日期", date(2026, 11, 1))):
        book = openpyxl.Workbook()
        assert book.active is not None
        book.active.append(["渠道", head, "业务", "笔数"])
        book.active.append(["POS机", day, "A", 12])
        book.save(tmp_path / "one.xlsx")
        console.ask("channels", "import", tmp_path / "one.xlsx")

    assert [(row["channel"], row["period"]) for row in console.ask("channels", "list")["totals"]] == [
        ("POS机", "2026-10"),
        ("POS机", "2026-11-01"),
    ]


SEPTEMBER, OCTOBER, NOVEMBER = (month_of(date(2026, n, 1)) for n in (9, 10, 11))
NOW = datetime(2026, 11, 20, 10, 42, tzinfo=SHANGHAI)


def total(span: tuple[date, date] | date, n: int = 1, **words: Any) -> ChannelTotal:
    first, last = span if isinstance(span, tuple) else (span, span)
    return ChannelTotal(**{"channel": "bank", "service": "A", **words}, first=first, last=last, n=n)


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

    # So is who left out a date on which the hall worked.
    worked = {("A", date(2026, 11, day)): 5 for day in (2, 3, 20)}
    some, all_ = [total(date(2026, 11, 2))], [total(date(2026, 11, 2)), total(date(2026, 11, 3))]

    assert shares(some, worked, date(2026, 11, 20))[0].missing == (("bank", ""),)
    assert shares(all_, worked, date(2026, 11, 20))[0].missing == ()  # today is not over


def test_nothing_anywhere_is_no_share() -> None:
    (one,) = shares([total(OCTOBER, 0)], {}, date(2026, 11, 20))

    assert one.share is None
    # Nor has a month before the hall's first day.
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
