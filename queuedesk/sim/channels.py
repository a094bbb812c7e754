"""Totals of other channels from a CSV file or a workbook: a row for each channel, month or date, and service."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path

from queuedesk.core.errors import RuleError
from queuedesk.core.imports.channel import LONGEST_NAME, MOST, ChannelTotal, Key, period_of
from queuedesk.core.imports.half_width import half_width
from queuedesk.core.setup.values import Service
from queuedesk.core.talk.remarks import CHANNELS
from queuedesk.i18n import LANGUAGES
from queuedesk.i18n.talk.remark_words import channel as channel_word
from queuedesk.sim.table import BadLine, Row, Table, check_once, refused
from queuedesk.sim.workbook import read_sheet

COLUMNS = {
    "channel": ("channel", "渠道", "渠道名称", "缴费渠道", "代收渠道"),
    "site": ("site", "网点", "网点名称", "代收网点", "站点"),
    "period": ("month", "date", "period", "月份", "日期", "月份/日期", "月份或日期", "month or date", "月", "时间"),
    "service": ("service", "业务", "业务类型", "业务名称"),
    "count": ("count", "n", "笔数", "数量", "人次", "业务量"),
    "amount": ("amount", "金额", "金额(元)", "金额（元）", "交易金额"),
}
NEEDED = ("channel", "period", "service", "count")
MOST_ROWS = 20_000
MONTH_HEADS = ("month", "月份", "月")
_SUM = re.compile(r"合计|总计|小计|累计|(sub)?totals?|sum", re.IGNORECASE)
_SAME = {"自助": "self_service", "自助终端": "self_service", "自助缴费机": "self_service", "24小时自助": "self_service",
         "邮政": "post_office", "邮政储蓄": "post_office", "邮储": "post_office",
         "网上": "online", "线上": "online", "网上营业厅": "online", "掌上营业厅": "online"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class ChannelTable:
    """A file's totals with the lines they stand on; `sums` are lines that only sum up others and stay out."""

    path: Path
    totals: tuple[ChannelTotal, ...]
    lines: tuple[int, ...]
    sums: tuple[int, ...]
    sha256: str


def read_channels(path: Path, services: Mapping[str, Service]) -> ChannelTable:
    """Return every total of the file; a service goes by its code or its name, a channel by its code or the word for it.

    Titles may stand above the header; of a workbook it is the first sheet that has one. Raises RuleError
    "columns_missing", "bad_rows" with every line that can't be read, "no_rows", OutsideError as read_sheet().
    """
    table = read_sheet(path, _is_header)
    columns = {name: next((c for c in table.columns if c in known), "") for name, known in COLUMNS.items()}
    lacking = [name for name in NEEDED if not columns[name]]
    if lacking:
        raise RuleError("columns_missing", path=str(path), columns=lacking)
    check_once(table, columns.values())
    return _read(table, columns, services)


def _is_header(cells: Sequence[str]) -> bool:
    return all(any(cell in COLUMNS[name] for cell in cells) for name in NEEDED)


def _read(table: Table, columns: Mapping[str, str], services: Mapping[str, Service]) -> ChannelTable:
    bad = list(table.bad)
    found: dict[Key, tuple[int, ChannelTotal]] = {}
    sums: list[int] = []
    for row in table.rows[:MOST_ROWS]:
        if _SUM.fullmatch(row.code(columns["channel"]) or row.code(columns["period"]) or ""):
            sums.append(row.line)
            continue
        try:
            one = _total(row, columns, services)
            if one.key in found:
                raise RuleError("line_twice", line=found[one.key][0])
            found[one.key] = (row.line, one)
        except RuleError as error:
            bad.append(BadLine(row.line, error))
    bad += [BadLine(row.line, RuleError("too_many_rows", n=MOST_ROWS)) for row in table.rows[MOST_ROWS : MOST_ROWS + 1]]
    if bad:
        raise refused(table.path, bad)
    if not found:
        raise RuleError("no_rows", path=str(table.path))
    lines, totals = zip(*found.values(), strict=True)
    return ChannelTable(table.path, totals, lines, tuple(sums), table.digest.hex())


def _total(row: Row, columns: Mapping[str, str], services: Mapping[str, Service]) -> ChannelTotal:
    first, last = _period(row, columns["period"])
    return ChannelTotal(
        channel=channel_code(_text(row, columns["channel"])),
        site=_site(row, columns["site"]),
        service=_service(_text(row, columns["service"]), services),
        first=first,
        last=last,
        n=_count(row, columns["count"]),
        amount_cents=_cents(row, columns["amount"]) if columns["amount"] else None,
    )


def channel_code(text: str) -> str:
    """Return the code of a channel that customers are offered for its word in any language; another channel goes by its
    name as typed."""
    typed = " ".join(half_width(text).split())
    if typed.lower() in CHANNELS:
        return typed.lower()
    words = {channel_word(code, lang).lower(): code for code in CHANNELS for lang in LANGUAGES}
    return words.get(typed.lower()) or _SAME.get(typed) or " ".join(text.split())


def cents_of(text: str) -> int | None:
    """Return a sum of money as people type it, in hundredths; None for what is none."""
    try:
        figure = Decimal(half_width(text).strip().lstrip("¥￥").removesuffix("元").replace(",", "").strip())
    except InvalidOperation:
        return None
    if not figure.is_finite() or not 0 <= figure <= MOST or figure != round(figure, 2):
        return None
    return int(figure * 100)


def count_of(text: str) -> int | None:
    """Return a count as people type it, thousands separators and all; None for what is none."""
    typed = re.sub(r"(笔|人次|件|户)$", "", half_width(text).strip()).strip()
    found = re.fullmatch(r"(\d{1,3}(?:,\d{3})+|\d{1,12})(?:\.0+)?", typed)
    n = int(found[1].replace(",", "")) if found else MOST + 1
    return n if n <= MOST else None


def _text(row: Row, column: str) -> str:
    text = row.text(column)
    if text is None:
        raise RuleError("cell_empty", column=column)
    if len(text) > LONGEST_NAME:
        raise RuleError("bad_value", field=column, value=text[:20], why="too_long")
    return text


def _site(row: Row, column: str) -> str:
    return " ".join(_text(row, column).split()) if column and row.text(column) else ""


def _service(text: str, services: Mapping[str, Service]) -> str:
    typed = half_width(text).strip()
    if typed in services or typed.upper() in services:
        return typed if typed in services else typed.upper()
    named = _named(text, services.values())
    if named is None:
        raise RuleError("unknown_service", service=text[:20])
    return named


def _named(text: str, services: Collection[Service]) -> str | None:
    wanted = text.strip().lower()
    found = [one.code for one in services if wanted in (one.name.lower(), one.name_en.lower())]
    return found[0] if len(found) == 1 else None


def _period(row: Row, column: str) -> tuple[date, date]:
    text = _text(row, column)
    try:
        first, last = period_of(text)
    except ValueError:
        raise RuleError("bad_value", field=column, value=text[:20], why="not_a_period") from None
    # A spreadsheet makes a date of what was typed as a month.
    return period_of(f"{first:%Y-%m}") if column in MONTH_HEADS and first.day == 1 else (first, last)


def _count(row: Row, column: str) -> int:
    text = _text(row, column)
    n = count_of(text)
    if n is None:
        raise RuleError("bad_value", field=column, value=text[:20], why="not_a_number")
    return n


def _cents(row: Row, column: str) -> int | None:
    text = row.code(column)
    if text is None:
        return None
    cents = cents_of(text)
    if cents is None:
        raise RuleError("bad_value", field=column, value=text[:20], why="not_a_number")
    return cents
