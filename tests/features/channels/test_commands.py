"""Other channels from the command line: tables taken over whole or not at all, totals put right, the hall's share
beside them."""

from __future__ import annotations

import re
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest

from tests.cli.commands import Console, begun_once

SITES = [f"邮政{n}所" for n in range(1, 63)]


def table(folder: Path, text: str, *, name: str = "渠道.csv", encoding: str = "gb18030") -> Path:
    path = folder / name
    path.write_text(text, encoding=encoding)
    return path


def post_offices(folder: Path, *, month: str = "2026年10月", first: int = 100) -> Path:
    """Write a workbook as 62 partner sites send it: a title, the table with an amount, a sum below."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["邮政储蓄代收电费汇总"])
    sheet.append([])
    sheet.append(["序号", "渠道", "网点", "月份", "业务", "笔数", "金额(元)"])
    for n, site in enumerate(SITES, start=1):
        sheet.append([n, "邮局", site, month, "电费缴纳", first + n, 1000.5 + n])
    sheet.append([None, "合计", None, None, None, sum(first + n for n in range(1, 63)), None])
    path = folder / f"post-{month}.xlsx"
    book.save(path)
    return path


def lived(bare: Console) -> None:
    bare.clock.now = datetime.fromisoformat("2026-10-20T08:00+08:00")
    bare.ask("init", "--preset", "power", "--all-hours")
    for moment, n in (("2026-10-20T09:00+08:00", 2), ("2026-11-02T09:00+08:00", 1)):
        bare.clock.now = datetime.fromisoformat(moment)
        bare.ask("open", "1", "--staff", "C1")
        for _ in range(n):
            bare.ask("issue", "A")
            bare.ask("call", "1")
            bare.clock.move(minutes=3)
            bare.ask("finish", "1")
        bare.ask("day-end")
    bare.clock.now = datetime.fromisoformat("2026-11-20T10:00+08:00")


@pytest.fixture
def paid(bare: Console) -> Console:
    """A hall that finished two payments on 20 October and one on 2 November."""
    return begun_once(bare, lived)


def test_62_sites_in_one_file(paid: Console, tmp_path: Path) -> None:
    done = paid.ask("channels", "import", post_offices(tmp_path))
    assert paid.ask("channels", "import", post_offices(tmp_path)) == {**done, "new": 0, "same": 62}
    events = [one for one in paid.log() if one["kind"] == "channels"]
    found = paid.ask("channels", "list")

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
    elsewhere = sum(100 + n for n in range(1, 63))
    assert len(found["totals"]) == 62
    assert found["shares"] == [
        {
            "service": "A",
            "month": "2026-10",
            "hall": 2,
            "elsewhere": elsewhere,
            "share": round(2 / (2 + elsewhere), 6),
        }
    ]
    assert found["warnings"] == []


def test_a_later_report_counts_and_only_what_differs_is_logged(console: Console, tmp_path: Path) -> None:
    console.ask(
        "channels", "import", table(tmp_path, "channel,month,service,count\nbank,2026-10,A,5\nonline,2026-10,A,7\n")
    )
    done = console.ask(
        "channels", "import", table(tmp_path, "渠道;月份;业务;笔数\n银行;2026-10;电费缴纳;６\n网上办理;2026/10;a;7\n")
    )
    last = console.log()[-1]

    assert (done["new"], done["changed"], done["same"]) == (0, 1, 1)
    assert [row["n"] for row in last["data"]["rows"]] == [6]
    assert [(row["channel"], row["n"]) for row in console.ask("channels", "list")["totals"]] == [
        ("bank", 6),
        ("online", 7),
    ]


def test_every_bad_line_is_named_and_nothing_goes_in(console: Console, tmp_path: Path) -> None:
    console.ask("channels", "set", "银行", "2026-09-03", "A", 4)
    seq = len(console.log())
    bad = (
        "渠道,网点,月份/日期,业务,笔数,金额\n"
        "银行,,2026-10,A,5,\n"
        ",,2026-10,A,5,\n"
        "银行,,10月,A,5,\n"
        "银行,,2026-10,Z,5,\n"
        "银行,,2026-10,B,about 5,\n"
        "银行,,2026-10,A,6,\n"
        "银行,,2026-11,A,5,\n"
        "银行,,2026-09,A,5,\n"
        "银行,,2026-10,C,5,1.005\n"
        "银行,,2026-10,D,1,234,\n"
    )
    file = table(tmp_path, bad)

    assert console.refused("channels", "import", file) == "bad_rows"
    said = console.say("channels", "import", file).err
    assert re.findall(r"Line (\d+)", said) == ["3", "4", "5", "6", "7", "10", "11"]
    assert len(console.log()) == seq
    reported = table(tmp_path, "channel,month,service,count\nbank,2026-11,A,5\nbank,2026-09,A,5\n")
    said = console.say("channels", "import", reported).err
    assert "2026-11 is not over yet" in said
    assert "both as a whole and by its dates" in said
    twice = table(tmp_path, "渠道,月份,业务,笔数,笔数\n银行,2026-10,A,5,6\n")
    assert "笔数" in console.say("channels", "import", twice).err
    for slip in ("0001-01", "0226-10", "2026-00"):
        slipped = table(tmp_path, f"channel,month,service,count\nbank,{slip},A,5\n")
        assert console.refused("channels", "import", slipped) == "bad_rows", slip
        assert console.refused("channels", "set", "bank", slip, "A", 5) == "bad_value", slip
    assert [row["n"] for row in console.ask("channels", "list")["totals"]] == [4]


def test_files_that_are_no_such_table(console: Console, tmp_path: Path) -> None:
    assert console.refused("channels", "import", tmp_path / "none.csv") == "no_such_file"
    assert (
        console.refused("channels", "import", table(tmp_path, "channel,month,count\nbank,2026-10,5\n"))
        == "columns_missing"
    )
    assert console.refused("channels", "import", table(tmp_path, "channel,month,service,count\n")) == "no_rows"
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


def test_one_total_is_put_in_corrected_and_taken_away(console: Console) -> None:
    first = console.ask("channels", "set", "Bank", "2026-10", "A", "1,204", "--site", "East", "--amount", "¥88,000.50")
    again = console.ask("channels", "set", "bank", "2026-10", "A", 1200, "--site", "East")
    seq = len(console.log())
    console.ask("channels", "set", "bank", "2026-10", "A", 1200, "--site", "East")

    assert first == {
        "channel": "bank", "site": "East", "period": "2026-10", "service": "A", "n": 1204, "amount": 88000.5,
    }  # fmt: skip
    assert (again["n"], again["amount"]) == (1200, 88000.5)
    assert len(console.log()) == seq
    assert console.ask("channels", "set", "bank", "2026-10", "A", "none", "--site", "East")["n"] is None
    assert console.ask("channels", "list")["totals"] == []
    assert console.refused("channels", "set", "bank", "2026-10", "A", "none", "--site", "East") == "not_there"
    assert console.refused("channels", "set", "bank", "soon", "A", 1) == "bad_value"
    assert console.refused("channels", "set", "bank", "2026-12", "A", 1) == "period_not_over"
    assert console.refused("channels", "set", "bank", "2026-10", "Z", 1) == "unknown_service"


def test_who_has_not_reported_is_said(paid: Console, tmp_path: Path) -> None:
    rows = [f"post_office,{site},2026-09,A,5" for site in SITES]
    rows += [f"post_office,{site},2026-10,A,5" for site in SITES[:57]]
    rows += ["bank,,2026-11-01,A,3", "bank,East,2026-11-01,A,1"]
    paid.ask("channels", "import", table(tmp_path, "\n".join(["channel,site,date,service,count", *rows])))

    warnings = paid.ask("channels", "list", "--from", "2026-10-01")["warnings"]
    said = paid.say("channels", "list", "--from", "2026-10-01").out

    assert [(one["kind"], one["month"]) for one in warnings] == [
        ("not_reported", "2026-10"),
        ("not_reported", "2026-11"),
        ("total_and_sites", "2026-11"),
    ]
    assert [one["site"] for one in warnings[0]["missing"]] == SITES[57:]
    assert (
        "October 2026, Pay a bill: Post office · 邮政58所, Post office · 邮政59所, Post office · 邮政60所 and 2 more did not"
        in said
    )
    assert {"bank"} <= {
        one["channel"] for one in warnings[1]["missing"]
    }  # nothing for 2 November, when the hall worked


def test_they_are_written_into_a_file_that_can_be_put_right(console: Console, tmp_path: Path) -> None:
    console.ask("channels", "set", "POS机", "2026-10", "A", 12, "--amount", "99.5")
    before, seq = console.ask("channels", "list"), len(console.log())

    assert console.ask("channels", "list", "--out", tmp_path / "t.xlsx") == {"file": str(tmp_path / "t.xlsx")}
    assert console.ask("channels", "import", tmp_path / "t.xlsx")["same"] == 1
    assert (console.ask("channels", "list"), len(console.log())) == (before, seq)
    assert console.say("channels", "list", "--out", tmp_path / "t.pdf").status == 2
    assert console.say("channels", "list", "--from", "2026-11-01", "--to", "2026-10-01").status == 2
