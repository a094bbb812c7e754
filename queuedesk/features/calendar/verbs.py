"""Reads the days of a calendar from a CSV file or workbook: a row for each date, with the words that halls use for its
kind."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from queuedesk.core.errors import RuleError
from queuedesk.core.setup import hall as hall_setup
from queuedesk.core.setup.hall import Row as CalendarRow
from queuedesk.core.setup.time_of_day import clock_text, parse_typed_time_to_minutes
from queuedesk.files import table as table_files

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "date": ("date", "day", "日期", "日子", "时间"),
    "kind": ("kind", "type", "类型", "类别", "安排", "状态"),
    "from": ("from", "opens", "开门", "开始", "营业开始", "开门时间"),
    "to": ("to", "closes", "关门", "结束", "营业结束", "关门时间"),
    "text": ("text", "why", "name", "holiday", "原因", "说明", "名称", "节日", "节假日", "备注"),
    "text_en": ("text_en", "english", "英文", "英文原因", "英文说明", "英文名称"),
    "working": ("working", "working day", "工作日", "算工作日"),
    "source": ("source", "来源", "出处"),
}
_KINDS = {
    hall_setup.HOLIDAY: "holiday closed off 休 休息 放假 假 假日 节假日 假期 闭厅 停业",
    hall_setup.WORKING: "working work on make-up 班 上班 补班 调休 调休上班 补班日 工作日",
    hall_setup.SPECIAL: "special short 另定时间 特殊 特殊时间 特别 当天另定时间",
    "": "usual normal 平常 正常 照常",
}
_KIND_OF = {word: kind for kind, words in _KINDS.items() for word in words.split()} | {
    "make-up working day": hall_setup.WORKING,
    "special hours": hall_setup.SPECIAL,
}
_YES, _NO = (
    frozenset(["yes", "on", "true", "1", "是", "算", "对"]),
    frozenset(["no", "off", "false", "0", "否", "不算", "不"]),
)
_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T].*)?")


def read_calendar_file(path: Path) -> dict[str, CalendarRow | None]:
    """Return the rows of a file by ISO date, None for a date that it says is as usual.

    Titles may stand above the header; of a workbook it is the first sheet that has one. Raises RuleError
    "columns_missing", "bad_rows" with every line that can't be read, "no_rows", OutsideError as
    read_sheet_with_header()."""
    table = table_files.read_sheet_with_header(
        path, lambda cells: not _missing_calendar_columns(_columns_by_calendar_field(cells))
    )
    columns = _columns_by_calendar_field(table.columns)
    if lacking := _missing_calendar_columns(columns):
        raise RuleError("columns_missing", path=str(path), columns=lacking)
    table_files.refuse_duplicate_columns(table, columns.values())
    return _calendar_rows_from_table_file(table, columns)


def _columns_by_calendar_field(cells: Sequence[str]) -> dict[str, str]:
    return {name: next((one for one in cells if one in known), "") for name, known in COLUMNS.items()}


def _missing_calendar_columns(columns: Mapping[str, str]) -> list[str]:
    return [name for name in ("date", "kind") if not columns[name]]


def _calendar_rows_from_table_file(
    table: table_files.FileTable, columns: Mapping[str, str]
) -> dict[str, CalendarRow | None]:
    bad = list(table.bad)
    found: dict[str, CalendarRow | None] = {}
    lines: dict[str, int] = {}
    for line in table.rows:
        try:
            day = _iso_date_from_calendar_cell(line, columns["date"])
            if day in found:
                raise RuleError("line_twice", line=lines[day])
            found[day], lines[day] = _parse_calendar_row(day, line, columns), line.line
        except RuleError as error:
            bad.append(table_files.BadLine(line.line, error))
    if bad:
        raise table_files.bad_rows_refusal(table.path, bad)
    if not found:
        raise RuleError("no_rows", path=str(table.path))
    return found


def _iso_date_from_calendar_cell(line: table_files.TableRow, column: str) -> str:
    typed = line.code(column) or ""
    parts = _DATE.fullmatch(typed)
    try:
        return date(*(int(part) for part in parts.groups())).isoformat() if parts else _raise_not_a_date(typed, column)
    except ValueError:
        return _raise_not_a_date(typed, column)


def _raise_not_a_date(typed: str, column: str) -> str:
    raise RuleError("bad_value", field=column, value=typed[:20] or None, why="not_a_date")


def _parse_calendar_row(day: str, line: table_files.TableRow, columns: Mapping[str, str]) -> CalendarRow | None:
    typed = (line.code(columns["kind"]) or "").lower()
    if typed not in _KIND_OF:
        raise RuleError("bad_value", field=columns["kind"], value=typed[:20] or None, why="not_a_choice")
    kind = _KIND_OF[typed]
    if not kind:
        return None
    row: dict[str, Any] = {"kind": kind}
    for key in ("from", "to"):
        row[key] = _time_from_calendar_cell(line.cell_clock_text(columns[key]) if columns[key] else "", columns[key])
    for key in ("text", "text_en", "source"):
        row[key] = line.cell_text(columns[key]) if columns[key] else None
    row["working"] = _flag_from_calendar_cell(
        line.code(columns["working"]) if columns["working"] else None, columns["working"]
    )
    row = hall_setup.normalized_calendar_row(row)
    hall_setup.check_calendar_row(day, row)
    return row


def _time_from_calendar_cell(typed: str, column: str) -> str | None:
    if not typed:
        return None
    try:
        return clock_text(parse_typed_time_to_minutes(typed))
    except ValueError:
        raise RuleError("bad_value", field=column, value=typed[:20], why="not_a_time") from None


def _flag_from_calendar_cell(typed: str | None, column: str) -> bool | None:
    if typed is None:
        return None
    if typed.lower() not in _YES | _NO:
        raise RuleError("bad_value", field=column, value=typed[:20], why="not_a_choice")
    return typed.lower() in _YES


def calendar_row_after_edit(row: CalendarRow | None, typed: CalendarRow) -> dict[str, Any]:
    """Return a date's row with typed changes: its source is dropped, and a day that becomes closed loses its hours."""
    after = {key: value for key, value in (row or {}).items() if key != "source"} | dict(typed)
    if typed.get("kind") == hall_setup.HOLIDAY:
        after = {key: value for key, value in after.items() if key not in ("from", "to") or key in typed}
    return hall_setup.normalized_calendar_row(after)


def calendar_changes(
    document: Mapping[str, Any], rows: Mapping[str, CalendarRow | None]
) -> dict[str, tuple[CalendarRow | None, CalendarRow | None]]:
    """Return the changes that rows would make in a set-up's calendar: (before, after) by date, sorted."""
    before = hall_setup.rows_of_calendar(document)
    after = {day: None if row is None else hall_setup.normalized_calendar_row(row) for day, row in rows.items()}
    return {day: (before.get(day), after[day]) for day in sorted(after) if before.get(day) != after[day]}
