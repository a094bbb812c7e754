"""Reads what was written down elsewhere: totals of channels, yearly indicators, tables to audit, appointments, days."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path

from msgspec import Struct

from queuedesk.core.errors import RuleError
from queuedesk.core.imports.channel import LONGEST_NAME, MOST, ChannelTotal, Key, period_of
from queuedesk.core.imports.half_width import half_width
from queuedesk.core.imports.indicator import SCALE, Indicator, checked
from queuedesk.core.queue.hallday import hall_moment
from queuedesk.core.setup.rows import Service, Setup
from queuedesk.core.setup.time_of_day import minutes_of
from queuedesk.core.talk.remarks import CHANNELS
from queuedesk.desk.queue.booking import Wish
from queuedesk.files.table import (
    BadLine,
    Row,
    Table,
    check_columns,
    check_once,
    read_sheet,
    read_table,
    refused,
)
from queuedesk.i18n import LANGUAGES
from queuedesk.i18n.talk.talk_words import channel as channel_word

# Totals of other channels from a CSV file or a workbook: a row for each channel, month or date, and service.

COLUMNS = {
    "channel": ("channel", "渠道", "渠道名称", "缴费渠道", "代收渠道"),
    "site": ("site", "网点", "网点名称", "代收网点", "站点"),
    "period": ("month", "date", "period", "月份", "日期", "月份/日期", "月份或日期", "month or date", "月", "时间"),
    "service": ("service", "业务", "业务类型", "业务名称"),
    "count": ("count", "n", "笔数", "数量", "人次", "业务量"),
    "amount": ("amount", "金额", "金额(元)", "金额（元）", "交易金额"),
}
CHANNEL_NEEDED = ("channel", "period", "service", "count")
MOST_ROWS = 20_000
MONTH_HEADS = ("month", "月份", "月")
_SUM = re.compile(r"合计|总计|小计|累计|(sub)?totals?|sum", re.IGNORECASE)
_SAME = {"自助": "self_service", "自助终端": "self_service", "自助缴费机": "self_service", "24小时自助": "self_service",
         "邮政": "post_office", "邮政储蓄": "post_office", "邮储": "post_office",
         "超市": "shop", "便利店": "shop", "商店": "shop",
         "网上": "online", "线上": "online", "网上营业厅": "online", "掌上营业厅": "online"}  # fmt: skip


class ChannelTable(Struct, frozen=True):
    """A file's totals with their lines; `sums` are lines that only sum up others and are left out."""

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
    lacking = [name for name in CHANNEL_NEEDED if not columns[name]]
    if lacking:
        raise RuleError("columns_missing", path=str(path), columns=lacking)
    check_once(table, columns.values())
    return _read(table, columns, services)


def _is_header(cells: Sequence[str]) -> bool:
    return all(any(cell in COLUMNS[name] for cell in cells) for name in CHANNEL_NEEDED)


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
    """Return a channel's code from its word in any language; an unknown channel keeps its name as typed."""
    typed = " ".join(half_width(text).split())
    if typed.lower() in CHANNELS:
        return typed.lower()
    words = {channel_word(code, lang).lower(): code for code in CHANNELS for lang in LANGUAGES}
    return words.get(typed.lower()) or _SAME.get(typed) or " ".join(text.split())


def cents_of(text: str) -> int | None:
    """Return a sum of money as typed, in hundredths; None if it is none."""
    try:
        figure = Decimal(half_width(text).strip().lstrip("¥￥").removesuffix("元").replace(",", "").strip())
    except InvalidOperation:
        return None
    if not figure.is_finite() or not 0 <= figure <= MOST or figure != round(figure, 2):
        return None
    return int(figure * 100)


def count_of(text: str) -> int | None:
    """Return a count as typed, with or without thousands separators; None if it is none."""
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


# Yearly indicators from a CSV file or a workbook: a row for each with a column for each year's score, or a row for
# each and year.

NAMES = {
    "indicator": ("indicator", "指标", "指标名称"),
    "year": ("year", "年份", "年度"),
    "score": ("score", "得分", "分数"),
    "change": ("change", "变化", "较上年", "同比"),
    "scale": ("scale", "满分", "分制"),
    "weight": ("weight", "权重"),
    "source": ("source", "来源", "出处"),
}
_SCORE = re.compile(r"(?:score[ _]?)?(?:\D*?)((?:19|20)\d{2})年?(?:得分|分数|score)?")
LARGEST, LONGEST_FIGURE = 10**6, 12
LONGEST_INDICATOR_NAME, LONGEST_SOURCE = 100, 200
UNREPORTED = ("-", "—", "–", "/", "--", "——")


def read_indicators(path: Path) -> list[Indicator]:
    """Return every indicator of every year in the file; a stated change in a row of several years belongs to the
    latest.

    Titles may stand above the header; of a workbook it is the first sheet that has one. A score with a percent sign is
    refused: it would be a share of people. Raises RuleError "columns_missing", "bad_rows" with every line that can't be
    read, "no_rows", OutsideError as read_sheet().
    """
    table = read_sheet(path, _is_indicator_header)
    columns = {name: next((c for c in table.columns if c in known), "") for name, known in NAMES.items()}
    years = _years(table.columns)
    lacking = [
        *([] if columns["indicator"] else ["indicator"]),
        *([] if years or _is_long(columns) else ["score_2013"]),
    ]
    if lacking:
        raise RuleError("columns_missing", path=str(path), columns=lacking)
    check_once(table, (*columns.values(), *years.values()))
    return _read_indicators(table, columns, years)


def _is_indicator_header(cells: Sequence[str]) -> bool:
    columns = {name: next((c for c in cells if c in known), "") for name, known in NAMES.items()}
    return bool(columns["indicator"]) and bool(_years(cells) or _is_long(columns))


def _years(cells: Sequence[str]) -> dict[int, str]:
    return {int(found[1]): cell for cell in cells if (found := _SCORE.fullmatch(cell))}


def _is_long(columns: dict[str, str]) -> bool:
    return bool(columns["year"] and columns["score"])


def _read_indicators(table: Table, columns: dict[str, str], years: dict[int, str]) -> list[Indicator]:
    bad = list(table.bad)
    found: dict[tuple[int, str], Indicator] = {}
    lines: dict[tuple[int, str], int] = {}
    for row in table.rows:
        try:
            for one in _of_row(row, columns, years):
                key = (one.year, one.name)
                if key in found:
                    raise RuleError("line_twice", line=lines[key])
                found[key], lines[key] = one, row.line
        except RuleError as error:
            bad.append(BadLine(row.line, error))
    if bad:
        raise refused(table.path, bad)
    if not found:
        raise RuleError("no_rows", path=str(table.path))
    return list(found.values())


def _of_row(row: Row, columns: dict[str, str], years: dict[int, str]) -> list[Indicator]:
    name = " ".join((row.text(columns["indicator"]) or "").split())
    if not name:
        raise RuleError("cell_empty", column=columns["indicator"])
    if len(name) > LONGEST_INDICATOR_NAME:
        raise RuleError("bad_value", field="name", value=name[:20], why="too_long")
    if not years:
        return [_indicator(row, columns, name, (_year(row, columns["year"]), columns["score"]), is_latest=True)]
    return [_indicator(row, columns, name, of, is_latest=of[0] == max(years)) for of in years.items()]


def _year(row: Row, column: str) -> int:
    found = re.fullmatch(r"((?:19|20)\d{2})年?", row.code(column) or "")
    if found is None:
        raise RuleError("bad_value", field=column, value=row.code(column), why="not_a_number")
    return int(found[1])


def _indicator(row: Row, columns: dict[str, str], name: str, of: tuple[int, str], *, is_latest: bool) -> Indicator:
    year, column = of
    scale, weight = _figure(row, columns["scale"]), _figure(row, columns["weight"], may_be_share=True)
    for field, wrong in (("scale", scale is not None and scale <= 0), ("weight", weight is not None and weight < 0)):
        if wrong:
            raise RuleError("bad_value", field=field, value=row.code(columns[field]), why="out_of_range")
    one = Indicator(
        year=year,
        name=name,
        top=SCALE if scale is None else scale,
        score=_figure(row, column),
        change=_figure(row, columns["change"]) if is_latest else None,
        weight=weight,
        source=" ".join((row.text(columns["source"]) or "").split())[:LONGEST_SOURCE],
    )
    try:
        return checked(one)
    except ValueError:
        raise RuleError("bad_value", field=column, value=row.code(column), why="out_of_range") from None


def _figure(row: Row, column: str, *, may_be_share: bool = False) -> Decimal | None:
    text = row.code(column) if column else None
    if text is None or text in UNREPORTED:
        return None
    if text.endswith("%") and not may_be_share:
        raise RuleError("rate_not_score", column=column, value=text[:20])
    figure = figure_of(text)
    if figure is None:
        raise RuleError("bad_value", field=column, value=text[:20], why="not_a_number")
    return figure


def figure_of(text: str) -> Decimal | None:
    """Return a figure as typed, None if it is none; a weight may have a percent sign."""
    try:
        figure = Decimal(text.strip().removesuffix("%").replace("−", "-"))
    except InvalidOperation:
        return None
    return figure if figure.is_finite() and abs(figure) <= LARGEST and len(text) <= LONGEST_FIGURE else None


# -- reads a table that is to be audited, CSV or a workbook, into the lines that the audit takes ---------------------


# -- appointments made elsewhere: a CSV file with a row for each -----------------------------------------------------

BOOKING_COLUMNS = ("date", "time", "service", "item", "class", "name", "contact", "ref")
BOOKING_NEEDED = ("date", "time", "service")


def read_bookings(path: Path, setup: Setup) -> dict[int, Wish]:
    """Return the appointments that the file asks for, by line. Raises OutsideError as read_table(), RuleError
    "bad_rows" with every line that can't be read."""
    table = read_table(path)
    check_columns(table, BOOKING_COLUMNS, BOOKING_NEEDED)
    bad = list(table.bad)
    wishes: dict[int, Wish] = {}
    for row in table.rows:
        try:
            wishes[row.line] = _wish(setup, row)
        except RuleError as error:
            bad.append(BadLine(row.line, error))
    if bad:
        raise refused(path, bad)
    return wishes


def _wish(setup: Setup, row: Row) -> Wish:
    service = row.code("service")
    if service is None:
        raise RuleError("bad_value", field="service", value=None, why="empty")
    return Wish(
        service=service,
        at=appointment_time(setup, row.code("date") or "", row.code("time") or ""),
        item=row.code("item"),
        klass=row.code("class"),
        ref=row.text("ref"),
        name=row.text("name") or "",
        contact=row.text("contact") or "",
    )


def appointment_time(setup: Setup, day: str, time: str) -> datetime:
    """Return the moment of "2026-11-20" (also 2026/11/20) and "9:30" on the hall's clock. Raises RuleError
    "bad_value"."""
    parts = day.replace("/", "-").replace(".", "-").split("-")
    try:
        on = date(*(int(part) for part in parts))
    except (TypeError, ValueError):
        raise RuleError("bad_value", field="date", value=day[:20], why="not_a_date") from None
    try:
        return hall_moment(setup, on, minutes_of(time))
    except OverflowError:
        raise RuleError("bad_value", field="date", value=day[:20], why="not_a_date") from None
    except ValueError:
        raise RuleError("bad_value", field="time", value=time[:20], why="not_a_time") from None
