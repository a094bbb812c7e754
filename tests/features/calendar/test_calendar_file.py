"""A calendar from the tables that halls keep: CSV, Excel and OpenDocument, with the words of the notices."""

from datetime import date, time
from pathlib import Path

import openpyxl
import pytest

from queuedesk.core.errors import OutsideError, RuleError
from queuedesk.features.calendar.verbs import read_calendar_file
from tests.files.spreadsheets import CELL, ods_text, write_ods


def test_the_same_days_from_three_kinds_of_file(tmp_path: Path) -> None:
    plain = tmp_path / "days.csv"
    lines = "放假安排\n日期,类型,节日,开门,关门\n2026年1月1日,放假,元旦\n2026/1/4,上班\n"
    plain.write_text(lines + "2026.11.27,另定时间,培训,8:30,15:00\n2026-12-01,正常\n", encoding="gb18030")
    book = openpyxl.Workbook()
    for row in (
        ["Date", "Kind", "Holiday", "From", "To"],
        [date(2026, 1, 1), "closed", "元旦"],
        [date(2026, 1, 4), "working"],
        [date(2026, 11, 27), "Special hours", "培训", time(8, 30), time(15, 0)],
        [date(2026, 12, 1), "usual"],
    ):
        book.active.append(row)
    book.save(tmp_path / "days.xlsx")
    day = CELL.format(kind="date", value=' office:date-value="2026-11-27T00:00:00"', text="27.11.26")
    eight = CELL.format(kind="time", value=' office:time-value="PT08H30M00S"', text="8:30 Uhr")
    write_ods(
        tmp_path / "days.ods",
        *(
            "".join(map(ods_text, row))
            for row in (["日期", "类型", "节日", "开门", "关门"], ["2026-01-01", "休", "元旦"])
        ),
        ods_text("2026-01-04") + ods_text("班"),
        day + ods_text("special") + ods_text("培训") + eight + ods_text("15:00"),
        ods_text("2026-12-01") + ods_text("照常"),
    )
    expected = {
        "2026-01-01": {"kind": "holiday", "text": "元旦"},
        "2026-01-04": {"kind": "working"},
        "2026-11-27": {"kind": "special", "text": "培训", "from": "08:30", "to": "15:00"},
        "2026-12-01": None,
    }
    for name in ("days.csv", "days.xlsx", "days.ods"):
        assert read_calendar_file(tmp_path / name) == expected, name


def test_every_line_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    path = tmp_path / "days.csv"
    rows = "date,kind,from,to,working 2026-02-30,closed 2026-01-01,feast 2026-01-02,special,9:00 2026-01-03,closed"
    more = "2026-01-03,closed 2026-01-05,special,25:00,26:00 2026-01-06,closed,,,perhaps"
    path.write_text("\n".join([*rows.split(), *more.split()]), encoding="utf-8")
    with pytest.raises(RuleError, match="bad_rows") as refused:
        read_calendar_file(path)
    found = [(line, error.code, error.details.get("why")) for line, error in refused.value.details["lines"]]
    assert found == [
        (2, "bad_value", "not_a_date"),
        (3, "bad_value", "not_a_choice"),
        (4, "bad_value", "empty"),
        (6, "line_twice", None),
        (7, "bad_value", "not_a_time"),
        (8, "bad_value", "not_a_choice"),
    ]


def test_a_spreadsheet_with_entities_of_its_own_is_none(tmp_path: Path) -> None:
    bomb = write_ods(tmp_path / "days.ods", ods_text("date"), before='<!DOCTYPE x [<!ENTITY a "aaaa">]>')
    with pytest.raises(OutsideError, match="not_a_table"):
        read_calendar_file(bomb)
