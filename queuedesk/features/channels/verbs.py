"""Totals of other channels: imports and reads them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from queuedesk.core.errors import RuleError
from queuedesk.core.imports import ChannelTotal, Key, half_width_text, month_first_and_last, parse_month_or_date
from queuedesk.core.queue.hallday import business_date
from queuedesk.core.setup.rows import Service
from queuedesk.desk.change import Desk, Document, HallChange, runs_in_transaction
from queuedesk.features.channels import rules
from queuedesk.files import table as table_files
from queuedesk.sim.player import channel_code_of_typed_word
from queuedesk.store.parts import halls, part_tables

ROWS_AN_EVENT = 500
NOT_REPORTED, WHOLE_AND_SITES = "not_reported", "total_and_sites"


@runs_in_transaction("channels")
def import_channel_totals(
    change: HallChange,
    rows: Sequence[ChannelTotal],
    *,
    lines: Sequence[int] = (),
    path: str = "",
    sha256: str | None = None,
) -> Document:
    """Import what channels reported, all or nothing; a new total replaces an existing one.

    An unchanged total leaves no trace. `lines` are the rows' lines in the file at `path`, with the hash `sha256`.
    Raises RuleError "bad_rows" that names every line, each with "unknown_service", "period_not_over", "counted_twice"
    or "bad_value"."""
    there = _known_totals_of_months(change, rows)
    after = there | {one.key: one for one in rows}
    numbered = list(zip(lines or range(1, len(rows) + 1), rows, strict=True))
    twice = _totals_counted_twice(after.values())
    bad = [
        (line, error)
        for line, one in numbered
        if (error := _channel_total_error_if_any(change, one, twice)) is not None
    ]
    if bad:
        raise RuleError("bad_rows", path=path, lines=bad)
    fresh = [one for one in after.values() if there.get(one.key) != one]
    for start in range(0, len(fresh), ROWS_AN_EVENT):
        chunk = [one.document() for one in fresh[start : start + ROWS_AN_EVENT]]
        change.record("channels", rows=chunk, sha256=sha256)
    new = sum(one.key not in there for one in fresh)
    return {"rows": len(rows), "new": new, "changed": len(fresh) - new, "same": len(rows) - len(fresh)}


@runs_in_transaction("channels")
def set_or_remove_channel_total(
    change: HallChange,
    channel: str,
    period: str,
    service: str,
    n: int | None,
    *,
    site: str = "",
    amount_cents: int | None = None,
    keep_amount: bool = False,
) -> Document:
    """Add or correct one total, of a month ("2026-10") or a date; without `n` it is removed.

    `keep_amount`: the existing amount stays.

    Raises RuleError "bad_value", "not_there", "unknown_service", "period_not_over", "counted_twice"."""
    try:
        first, last = parse_month_or_date(period)
    except ValueError:
        raise RuleError("bad_value", field="period", value=period[:20], why="not_a_period") from None
    one = ChannelTotal(
        channel=channel.strip(),
        site=site.strip(),
        service=service,
        first=first,
        last=last,
        n=n or 0,
        amount_cents=amount_cents,
    )
    there = _known_totals_of_months(change, [one])
    if n is None:
        if one.key not in there:
            raise RuleError("not_there", kind="total", code=" ".join(filter(None, (channel, site, period, service))))
        change.record("channels", rows=[one.document() | {"n": None, "amount_cents": None}])
        return {**channel_total_document(one), "n": None, "amount": None}
    if keep_amount and one.key in there:
        one = replace(one, amount_cents=there[one.key].amount_cents)
    fault = _channel_total_error_if_any(change, one, _totals_counted_twice((there | {one.key: one}).values()))
    if fault is not None:
        raise fault
    if there.get(one.key) != one:
        change.record("channels", rows=[one.document()])
    return channel_total_document(one)


def channel_ledger_between(
    desk: Desk, now: datetime, first: date | None = None, last: date | None = None
) -> rules.ChannelLedger:
    """Return the totals whose whole month or date lies between `first` and `last`, and what follows from them."""
    with desk.db.read() as tx:
        setup = halls.setup_of_hall_row(tx, halls.load_hall_row(tx, desk.hall))
        known = part_tables.channel_totals(tx, desk.hall)
        own = [one for one in known if (not first or one.first >= first) and (not last or one.last <= last)]
        finished = {}
        if own:
            end = month_first_and_last(max(one.last for one in own))[1]
            finished = part_tables.finished_legs_by_service_and_date(tx, desk.hall, own[0].first.replace(day=1), end)
    asked = {(one.service, one.first.replace(day=1)) for one in own}
    found = rules.hall_shares_by_month(known, finished, business_date(setup, now))
    return rules.ChannelLedger(
        tuple(own),
        tuple(one for one in found if (one.service, one.month) in asked),
        tuple(rules.channels_with_whole_and_sites(own)),
    )


def ledger_document(ledger: rules.ChannelLedger) -> Document:
    """Return it with the notes that a reader needs; the front end writes the sentences."""
    warnings = [
        {
            "kind": NOT_REPORTED,
            "month": f"{one.month:%Y-%m}",
            "service": one.service,
            "missing": _missing_reporters(one),
        }
        for one in ledger.shares
        if one.missing
    ]
    warnings += [{"kind": WHOLE_AND_SITES, "month": f"{month:%Y-%m}", "channel": code} for code, month in ledger.twice]
    return {
        "totals": [channel_total_document(one) for one in ledger.totals],
        "shares": [
            {
                "service": one.service,
                "month": f"{one.month:%Y-%m}",
                "hall": one.hall,
                "elsewhere": one.elsewhere,
                "share": None if one.hall_share is None else round(one.hall_share, 6),
            }
            for one in ledger.shares
        ],
        "warnings": warnings,
    }


def channel_total_document(one: ChannelTotal) -> Document:
    """Return a total; `period` is its month or date."""
    return {
        "channel": one.channel,
        "site": one.site or None,
        "period": one.period_text,
        "service": one.service,
        "n": one.n,
        "amount": None if one.amount_cents is None else one.amount_cents / 100,
    }


def _missing_reporters(one: rules.HallShareOfMonth) -> list[Document]:
    return [{"channel": channel, "site": site or None} for channel, site in one.missing]


def _known_totals_of_months(change: HallChange, rows: Sequence[ChannelTotal]) -> dict[Key, ChannelTotal]:
    if not rows:
        return {}
    first, last = min(one.first for one in rows), max(one.last for one in rows)
    known = part_tables.channel_totals(change.tx, change.book.id, first.replace(day=1), month_first_and_last(last)[1])
    return {one.key: one for one in known}


def _totals_counted_twice(totals: Iterable[ChannelTotal]) -> dict[Key, ChannelTotal]:
    """Return the totals that count something twice, each with the month's total that does: that one too."""
    found = rules.date_totals_within_month_totals(totals)
    return found | {month.key: month for month in found.values()}


def _channel_total_error_if_any(
    change: HallChange, one: ChannelTotal, twice: dict[Key, ChannelTotal]
) -> RuleError | None:
    if not one.channel:
        return RuleError("bad_value", field="channel", value=None, why="empty")
    for field, text in (("channel", one.channel), ("site", one.site)):
        if len(text) > rules.LONGEST_NAME:
            return RuleError("bad_value", field=field, value=text[:20], why="too_long")
    if one.service not in change.setup.services:
        return RuleError("unknown_service", service=one.service)
    if not 0 <= one.n <= rules.MOST:
        return RuleError("bad_value", field="total", value=one.n, why="out_of_range")
    if not 0 <= (one.amount_cents or 0) <= 100 * rules.MOST:
        return RuleError("bad_value", field="amount", value=(one.amount_cents or 0) / 100, why="out_of_range")
    if one.last > change.date:
        return RuleError("period_not_over", period=one.period_text)
    month = twice.get(one.key)
    if month is not None:
        return RuleError("counted_twice", channel=one.channel, service=one.service, month=month.period_text)
    return None


# -- from a CSV file or a workbook: a row for each channel, month or date, and service ---------------------------------

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


class ChannelTotalsTable(Struct, frozen=True):
    """A file's totals with their lines; `sums` are lines that only sum up others and are left out."""

    path: Path
    totals: tuple[ChannelTotal, ...]
    lines: tuple[int, ...]
    sums: tuple[int, ...]
    sha256: str


def read_channel_totals_file(path: Path, services: Mapping[str, Service]) -> ChannelTotalsTable:
    """Return every total of the file; a service goes by its code or its name, a channel by its code or the word for it.

    Titles may stand above the header; of a workbook it is the first sheet that has one. Raises RuleError
    "columns_missing", "bad_rows" with every line that can't be read, "no_rows", OutsideError as
    read_sheet_with_header()."""
    table = table_files.read_sheet_with_header(path, _is_totals_header)
    columns = {name: next((c for c in table.columns if c in known), "") for name, known in COLUMNS.items()}
    lacking = [name for name in CHANNEL_NEEDED if not columns[name]]
    if lacking:
        raise RuleError("columns_missing", path=str(path), columns=lacking)
    table_files.refuse_duplicate_columns(table, columns.values())
    return _channel_table_from_rows(table, columns, services)


def _is_totals_header(cells: Sequence[str]) -> bool:
    return all(any(cell in COLUMNS[name] for cell in cells) for name in CHANNEL_NEEDED)


def _channel_table_from_rows(
    table: table_files.FileTable, columns: Mapping[str, str], services: Mapping[str, Service]
) -> ChannelTotalsTable:
    bad = list(table.bad)
    found: dict[Key, tuple[int, ChannelTotal]] = {}
    sums: list[int] = []
    for row in table.rows[:MOST_ROWS]:
        if _SUM.fullmatch(row.code(columns["channel"]) or row.code(columns["period"]) or ""):
            sums.append(row.line)
            continue
        try:
            one = _total_from_row(row, columns, services)
            if one.key in found:
                raise RuleError("line_twice", line=found[one.key][0])
            found[one.key] = (row.line, one)
        except RuleError as error:
            bad.append(table_files.BadLine(row.line, error))
    bad += [
        table_files.BadLine(row.line, RuleError("too_many_rows", n=MOST_ROWS))
        for row in table.rows[MOST_ROWS : MOST_ROWS + 1]
    ]
    if bad:
        raise table_files.bad_rows_refusal(table.path, bad)
    if not found:
        raise RuleError("no_rows", path=str(table.path))
    lines, totals = zip(*found.values(), strict=True)
    return ChannelTotalsTable(table.path, totals, lines, tuple(sums), table.digest.hex())


def _total_from_row(
    row: table_files.TableRow, columns: Mapping[str, str], services: Mapping[str, Service]
) -> ChannelTotal:
    first, last = _period_in_table_file_row(row, columns["period"])
    return ChannelTotal(
        channel=channel_code_of_typed_word(_required_cell_text(row, columns["channel"])),
        site=_partner_site_name_from_row(row, columns["site"]),
        service=_service_code_from_text(_required_cell_text(row, columns["service"]), services),
        first=first,
        last=last,
        n=_count_in_cell(row, columns["count"]),
        amount_cents=_cents_from_row(row, columns["amount"]) if columns["amount"] else None,
    )


def parse_money_cents(text: str) -> int | None:
    """Return a sum of money as typed, in hundredths; None if it is none."""
    try:
        figure = Decimal(half_width_text(text).strip().lstrip("¥￥").removesuffix("元").replace(",", "").strip())
    except InvalidOperation:
        return None
    if not figure.is_finite() or not 0 <= figure <= rules.MOST or figure != round(figure, 2):
        return None
    return int(figure * 100)


def parse_count(text: str) -> int | None:
    """Return a count as typed, with or without thousands separators; None if it is none."""
    typed = re.sub(r"(笔|人次|件|户)$", "", half_width_text(text).strip()).strip()
    found = re.fullmatch(r"(\d{1,3}(?:,\d{3})+|\d{1,12})(?:\.0+)?", typed)
    n = int(found[1].replace(",", "")) if found else rules.MOST + 1
    return n if n <= rules.MOST else None


def _required_cell_text(row: table_files.TableRow, column: str) -> str:
    text = row.cell_text(column)
    if text is None:
        raise RuleError("cell_empty", column=column)
    if len(text) > rules.LONGEST_NAME:
        raise RuleError("bad_value", field=column, value=text[:20], why="too_long")
    return text


def _partner_site_name_from_row(row: table_files.TableRow, column: str) -> str:
    return " ".join(_required_cell_text(row, column).split()) if column and row.cell_text(column) else ""


def _service_code_from_text(text: str, services: Mapping[str, Service]) -> str:
    typed = half_width_text(text).strip()
    if typed in services or typed.upper() in services:
        return typed if typed in services else typed.upper()
    named = _service_code_by_name(text, services.values())
    if named is None:
        raise RuleError("unknown_service", service=text[:20])
    return named


def _service_code_by_name(text: str, services: Collection[Service]) -> str | None:
    wanted = text.strip().lower()
    found = [one.code for one in services if wanted in (one.name.lower(), one.name_en.lower())]
    return found[0] if len(found) == 1 else None


def _period_in_table_file_row(row: table_files.TableRow, column: str) -> tuple[date, date]:
    text = _required_cell_text(row, column)
    try:
        first, last = parse_month_or_date(text)
    except ValueError:
        raise RuleError("bad_value", field=column, value=text[:20], why="not_a_period") from None
    # A spreadsheet makes a date of what was typed as a month.
    return parse_month_or_date(f"{first:%Y-%m}") if column in MONTH_HEADS and first.day == 1 else (first, last)


def _count_in_cell(row: table_files.TableRow, column: str) -> int:
    text = _required_cell_text(row, column)
    n = parse_count(text)
    if n is None:
        raise RuleError("bad_value", field=column, value=text[:20], why="not_a_number")
    return n


def _cents_from_row(row: table_files.TableRow, column: str) -> int | None:
    text = row.code(column)
    if text is None:
        return None
    cents = parse_money_cents(text)
    if cents is None:
        raise RuleError("bad_value", field=column, value=text[:20], why="not_a_number")
    return cents
