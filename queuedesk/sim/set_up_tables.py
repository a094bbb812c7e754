"""Reads lists of the set-up from CSV files or workbooks: the calendar, the directory of other places."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from queuedesk.core.errors import RuleError
from queuedesk.core.imports.half_width import half_width
from queuedesk.core.setup.field_kinds import typed_codes, typed_row
from queuedesk.core.setup.hall import HOLIDAY, SPECIAL, WORKING, check_day, tidy
from queuedesk.core.setup.hall import Row as CalendarRow
from queuedesk.core.setup.rows import Setup
from queuedesk.core.setup.sentences import Partner
from queuedesk.core.setup.time_of_day import clock_text, typed_time
from queuedesk.core.talk.remarks import CHANNELS
from queuedesk.files.table import BadLine, Row, Table, check_once, read_sheet, refused
from queuedesk.i18n import LANGUAGES
from queuedesk.i18n.talk import channel as channel_word

# -- the directory of other places: a row for each ---------------------------------------------------------------------

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "code": ("code", "代码", "编号", "网点编号"),
    "name": ("name", "名称", "网点", "网点名称", "site"),
    "name_en": ("english name", "name_en", "英文名称"),
    "kind": ("kind", "channel", "种类", "类别", "渠道"),
    "takes": ("takes", "takes what", "办理", "可办", "可办业务", "业务", "service", "services"),
    "hours": ("open", "hours", "营业时间", "开放时间"),
    "distance_m": ("distance in metres", "distance", "distance_m", "距离", "距离（米）", "距离(米)"),
    "address": ("address", "地址"),
    "region": ("region", "区域", "片区"),
}
NEEDED = ("name", "kind", "takes")
MOST = 2000


def read_partners(path: Path, setup: Setup) -> list[dict[str, Any]]:
    """Return the rows of a file as the set-up has them. A place without a code is the one of that name, or a new one;
    services and items go by code ("A", "A/invoice") or by name, the channel by its code or word.

    Raises RuleError "columns_missing", "bad_rows" with every line that can't be read, "no_rows", OutsideError as
    read_sheet().
    """
    table = read_sheet(path, lambda cells: not _lacking(_columns(cells)))
    columns = _columns(table.columns)
    if lacking := _lacking(columns):
        raise RuleError("columns_missing", path=str(path), columns=lacking)
    check_once(table, columns.values())
    return _rows(table, columns, setup)


def _columns(cells: Sequence[str]) -> dict[str, str]:
    return {name: next((one for one in cells if one in known), "") for name, known in COLUMNS.items()}


def _lacking(columns: Mapping[str, str]) -> list[str]:
    return [name for name in NEEDED if not columns[name]]


def _rows(table: Table, columns: Mapping[str, str], setup: Setup) -> list[dict[str, Any]]:
    named = {one.name: code for code, one in setup.partners.items()}
    what = _what(setup)
    bad = list(table.bad)
    found: dict[str, tuple[int, dict[str, Any]]] = {}
    for line in table.rows[:MOST]:
        try:
            row = _row(line, columns, what)
            code = row.get("code") or named.get(row["name"]) or _free({*setup.partners, *found})
            if code in found:
                raise RuleError("line_twice", line=found[code][0])
            found[code] = (line.line, {**row, "code": code})
        except RuleError as error:
            bad.append(BadLine(line.line, error))
    bad += [BadLine(line.line, RuleError("too_many_rows", n=MOST)) for line in table.rows[MOST : MOST + 1]]
    if bad:
        raise refused(table.path, bad)
    if not found:
        raise RuleError("no_rows", path=str(table.path))
    return [row for _line, row in found.values()]


def _row(line: Row, columns: Mapping[str, str], what: Mapping[str, str]) -> dict[str, Any]:
    pairs = [
        (name, text)
        for name in ("name", "name_en", "hours", "distance_m", "address", "region")
        if columns[name] and (text := line.text(columns[name])) is not None
    ]
    row = typed_row("partners", Partner, pairs)
    if not row.get("name"):
        raise RuleError("bad_value", field="name", value=None, why="empty")
    if columns["code"] and (code := line.code(columns["code"])):
        row["code"] = code
    row["kind"] = channel_code(line.text(columns["kind"]) or "")
    typed = typed_codes("takes", line.text(columns["takes"]) or "")
    unknown = next((one for one in typed if _plain(one) not in what), None)
    if unknown is not None:
        raise RuleError(
            "bad_value", field="takes", value=unknown[:40], why="not_a_choice", limit=sorted(set(what.values()))
        )
    row["takes"] = list(dict.fromkeys(what[_plain(one)] for one in typed))
    return row


def _what(setup: Setup) -> dict[str, str]:
    """Return what a place may take by every way to write it; a name that two items share names neither."""
    found: dict[str, str] = {}
    twice: set[str] = set()
    for code, service in setup.services.items():
        every = {code: (code, service.name, service.name_en)}
        every |= {f"{code}/{one.code}": (f"{code}/{one.code}", one.name, one.name_en) for one in service.items}
        for key, words in every.items():
            for word in {_plain(one) for one in words if one}:
                if found.setdefault(word, key) != key:
                    twice.add(word)
    # A service's own name goes before that of one of its items.
    own = {_plain(word): code for code, one in setup.services.items() for word in (code, one.name, one.name_en) if word}
    return {word: own.get(word, key) for word, key in found.items() if word not in twice or word in own}


def _plain(text: str) -> str:
    return " ".join(half_width(text).split()).casefold()


def _free(codes: set[str]) -> str:
    return next(f"P{n}" for n in range(1, len(codes) + 2) if f"P{n}" not in codes)


# -- the calendar: a row for each date, with the words that halls use for its kind -------------------------------------

CALENDAR_COLUMNS: Mapping[str, tuple[str, ...]] = {
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
    HOLIDAY: "holiday closed off 休 休息 放假 假 假日 节假日 假期 闭厅 停业",
    WORKING: "working work on make-up 班 上班 补班 调休 调休上班 补班日 工作日",
    SPECIAL: "special short 另定时间 特殊 特殊时间 特别 当天另定时间",
    "": "usual normal 平常 正常 照常",
}
_KIND_OF = {word: kind for kind, words in _KINDS.items() for word in words.split()} | {
    "make-up working day": WORKING,
    "special hours": SPECIAL,
}
_YES, _NO = (
    frozenset(["yes", "on", "true", "1", "是", "算", "对"]),
    frozenset(["no", "off", "false", "0", "否", "不算", "不"]),
)
_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T].*)?")


def read_calendar_file(path: Path) -> dict[str, CalendarRow | None]:
    """Return the rows of a file by ISO date, None for a date that it says is as usual.

    Titles may stand above the header; of a workbook it is the first sheet that has one. Raises RuleError
    "columns_missing", "bad_rows" with every line that can't be read, "no_rows", OutsideError as read_sheet().
    """
    table = read_sheet(path, lambda cells: not _calendar_lacks(_calendar_columns(cells)))
    columns = _calendar_columns(table.columns)
    if lacking := _calendar_lacks(columns):
        raise RuleError("columns_missing", path=str(path), columns=lacking)
    check_once(table, columns.values())
    return _calendar_rows(table, columns)


def _calendar_columns(cells: Sequence[str]) -> dict[str, str]:
    return {name: next((one for one in cells if one in known), "") for name, known in CALENDAR_COLUMNS.items()}


def _calendar_lacks(columns: Mapping[str, str]) -> list[str]:
    return [name for name in ("date", "kind") if not columns[name]]


def _calendar_rows(table: Table, columns: Mapping[str, str]) -> dict[str, CalendarRow | None]:
    bad = list(table.bad)
    found: dict[str, CalendarRow | None] = {}
    lines: dict[str, int] = {}
    for line in table.rows:
        try:
            day = _calendar_date(line, columns["date"])
            if day in found:
                raise RuleError("line_twice", line=lines[day])
            found[day], lines[day] = _calendar_row(day, line, columns), line.line
        except RuleError as error:
            bad.append(BadLine(line.line, error))
    if bad:
        raise refused(table.path, bad)
    if not found:
        raise RuleError("no_rows", path=str(table.path))
    return found


def _calendar_date(line: Row, column: str) -> str:
    typed = line.code(column) or ""
    parts = _DATE.fullmatch(typed)
    try:
        return date(*(int(part) for part in parts.groups())).isoformat() if parts else _not_a_date(typed, column)
    except ValueError:
        return _not_a_date(typed, column)


def _not_a_date(typed: str, column: str) -> str:
    raise RuleError("bad_value", field=column, value=typed[:20] or None, why="not_a_date")


def _calendar_row(day: str, line: Row, columns: Mapping[str, str]) -> CalendarRow | None:
    typed = (line.code(columns["kind"]) or "").lower()
    if typed not in _KIND_OF:
        raise RuleError("bad_value", field=columns["kind"], value=typed[:20] or None, why="not_a_choice")
    kind = _KIND_OF[typed]
    if not kind:
        return None
    row: dict[str, Any] = {"kind": kind}
    for key in ("from", "to"):
        row[key] = _calendar_time(line.code(columns[key]) if columns[key] else None, columns[key])
    for key in ("text", "text_en", "source"):
        row[key] = line.text(columns[key]) if columns[key] else None
    row["working"] = _calendar_flag(line.code(columns["working"]) if columns["working"] else None, columns["working"])
    row = tidy(row)
    check_day(day, row)
    return row


def _calendar_time(typed: str | None, column: str) -> str | None:
    if typed is None:
        return None
    try:
        return clock_text(typed_time(re.sub(r"(:\d\d):00$", r"\1", typed)))
    except ValueError:
        raise RuleError("bad_value", field=column, value=typed[:20], why="not_a_time") from None


def _calendar_flag(typed: str | None, column: str) -> bool | None:
    if typed is None:
        return None
    if typed.lower() not in _YES | _NO:
        raise RuleError("bad_value", field=column, value=typed[:20], why="not_a_choice")
    return typed.lower() in _YES


# -- a channel as people type it ---------------------------------------------------------------------------------------

_SAME = {"自助": "self_service", "自助终端": "self_service", "自助缴费机": "self_service", "24小时自助": "self_service",
         "邮政": "post_office", "邮政储蓄": "post_office", "邮储": "post_office",
         "超市": "shop", "便利店": "shop", "商店": "shop",
         "网上": "online", "线上": "online", "网上营业厅": "online", "掌上营业厅": "online"}  # fmt: skip


def channel_code(text: str) -> str:
    """Return a channel's code from its word in any language; an unknown channel keeps its name as typed."""
    typed = " ".join(half_width(text).split())
    if typed.lower() in CHANNELS:
        return typed.lower()
    words = {channel_word(code, lang).lower(): code for code in CHANNELS for lang in LANGUAGES}
    return words.get(typed.lower()) or _SAME.get(typed) or " ".join(text.split())
