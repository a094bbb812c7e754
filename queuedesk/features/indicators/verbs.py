"""Imports and reads yearly indicators; the last report of a year counts."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from msgspec.structs import replace
from sqlalchemy import ColumnElement, bindparam, select

from queuedesk.core.errors import RuleError
from queuedesk.core.log.event import are_event_data_readable
from queuedesk.desk.change import Desk, Document, HallChange, runs_in_transaction
from queuedesk.features.indicators import rules
from queuedesk.files import table as table_files
from queuedesk.store.engine.types import Transaction
from queuedesk.store.schema import events

LONGEST_INDICATOR, LONGEST_SOURCE = 100, 200
FIRST_YEAR, LAST_YEAR = 1900, 2999
MOST_FIGURE = Decimal(10**6)


@runs_in_transaction("indicators")
def import_indicators(change: HallChange, rows: Sequence[rules.Indicator]) -> Document:
    """Import what was reported; a new figure of an indicator and year replaces an existing one. An unchanged figure
    leaves no trace."""
    known = rules.latest_reported_indicators(indicator_reports(change.tx, change.book.id))
    fresh = [row for row in rows if known.get((row.year, row.name)) != row]
    if fresh:
        change.record("indicators", rows=[row.to_document() for row in fresh])
    return {"years": sorted({row.year for row in rows}), "indicators": len(rows)}


@runs_in_transaction("indicators")
def set_indicator(
    change: HallChange, name: str, year: int, figures: Mapping[str, Decimal | None], *, source: str | None = None
) -> Document:
    """Add or correct figures of one year: `score`, `scale`, `weight`, `change` (as stated); what is not given stays as
    it was.

    None means not reported. Raises RuleError "bad_value"."""
    there = rules.latest_reported_indicators(indicator_reports(change.tx, change.book.id)).get((year, name.strip()))
    before = there or rules.Indicator(year=year, name=name.strip(), top=rules.SCALE)
    scale = figures.get("scale")
    one = replace(
        before,
        score=figures.get("score", before.score),
        top=before.top if scale is None else scale,
        weight=figures.get("weight", before.weight),
        change=figures.get("change", before.change),
        source=before.source if source is None else source.strip(),
    )
    _require_valid_entry(one)
    if one != there:
        change.record("indicators", rows=[one.to_document()])
    return _indicator_document_with_change(
        next(
            row
            for row in _latest_indicators_and_change(change)
            if (row.indicator.year, row.indicator.name) == (year, one.name)
        )
    )


@runs_in_transaction("indicators")
def remove_indicator(change: HallChange, name: str, year: int) -> Document:
    """Remove an indicator from a year; the log keeps its old value. Raises RuleError "not_there"."""
    found = rules.latest_reported_indicators(indicator_reports(change.tx, change.book.id)).get((year, name.strip()))
    if found is None:
        raise RuleError("not_there", kind="indicator", code=f"{name} {year}")
    change.record("indicators", rows=[rules.removed_indicator_document(year, found.name)])
    return {"year": year, "name": found.name}


def current_indicators_with_changes(desk: Desk) -> list[rules.IndicatorWithChange]:
    """Return every indicator as last reported, by year, against the year before."""
    with desk.db.read() as tx:
        return rules.indicators_with_yearly_change(
            rules.latest_reported_indicators(indicator_reports(tx, desk.hall)).values()
        )


def indicators_document(rows: Sequence[rules.IndicatorWithChange]) -> Document:
    """Return them with the notes that a reader needs; the front end writes the sentences."""
    return {
        "indicators": [_indicator_document_with_change(row) for row in rows],
        "warnings": [
            {"kind": one.kind, "year": one.year, "names": list(one.names)} for one in rules.indicator_cautions(rows)
        ],
    }


def _latest_indicators_and_change(change: HallChange) -> list[rules.IndicatorWithChange]:
    return rules.indicators_with_yearly_change(
        rules.latest_reported_indicators(indicator_reports(change.tx, change.book.id)).values()
    )


def _require_valid_entry(one: rules.Indicator) -> None:
    for field, text, limit in (("name", one.name, LONGEST_INDICATOR), ("source", one.source, LONGEST_SOURCE)):
        if len(text) > limit:
            raise RuleError("bad_value", field=field, value=text[:20], why="too_long")
    if not one.name:
        raise RuleError("bad_value", field="name", value=None, why="empty")
    if not FIRST_YEAR <= one.year <= LAST_YEAR:
        raise RuleError("bad_value", field="year", value=one.year, why="out_of_range")
    for field, figure, least in (("weight", one.weight, 0), ("change", one.change, -MOST_FIGURE)):
        if figure is not None and not least <= figure <= MOST_FIGURE:
            raise RuleError("bad_value", field=field, value=f"{figure:f}", why="out_of_range")
    if not 0 < one.top <= MOST_FIGURE:
        raise RuleError("bad_value", field="scale", value=f"{one.top:f}", why="out_of_range")
    try:
        rules.indicator_with_checked_score(one)
    except ValueError:
        raise RuleError(
            "bad_value", field="score", value=f"{one.score:f}", why="out_of_range", limit=f"0–{one.top:f}"
        ) from None


def _indicator_document_with_change(row: rules.IndicatorWithChange) -> Document:
    one = row.indicator
    return {
        "year": one.year,
        "name": one.name,
        "score": _int_or_float(one.score),
        "scale": _int_or_float(one.top),
        "before": _int_or_float(row.before),
        "change": _int_or_float(row.change),
        "stated_change": _int_or_float(one.change),
        "weight": _int_or_float(one.weight),
        "source": one.source or None,
    }


def _int_or_float(value: object) -> float | int | None:
    if value is None:
        return None
    figure = float(str(value))
    return int(figure) if figure.is_integer() else figure


# -- from a CSV file or a workbook: a row for each with a column for each year's score, or a row for each and year -----

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


def read_indicators_file(path: Path) -> list[rules.Indicator]:
    """Return every indicator of every year in the file; a stated change in a row of several years belongs to the
    latest.

    Titles may stand above the header; of a workbook it is the first sheet that has one. A score with a percent sign is
    refused: it would be a share of people. Raises RuleError "columns_missing", "bad_rows" with every line that can't be
    read, "no_rows", OutsideError as read_sheet_with_header()."""
    table = table_files.read_sheet_with_header(path, _is_indicator_header)
    columns = {name: next((c for c in table.columns if c in known), "") for name, known in NAMES.items()}
    years = _score_columns_by_year(table.columns)
    lacking = [
        *([] if columns["indicator"] else ["indicator"]),
        *([] if years or _has_year_and_score_columns(columns) else ["score_2013"]),
    ]
    if lacking:
        raise RuleError("columns_missing", path=str(path), columns=lacking)
    table_files.refuse_duplicate_columns(table, (*columns.values(), *years.values()))
    return _parse_indicator_rows(table, columns, years)


def _is_indicator_header(cells: Sequence[str]) -> bool:
    columns = {name: next((c for c in cells if c in known), "") for name, known in NAMES.items()}
    return bool(columns["indicator"]) and bool(_score_columns_by_year(cells) or _has_year_and_score_columns(columns))


def _score_columns_by_year(cells: Sequence[str]) -> dict[int, str]:
    return {int(found[1]): cell for cell in cells if (found := _SCORE.fullmatch(cell))}


def _has_year_and_score_columns(columns: dict[str, str]) -> bool:
    return bool(columns["year"] and columns["score"])


def _parse_indicator_rows(
    table: table_files.FileTable, columns: dict[str, str], years: dict[int, str]
) -> list[rules.Indicator]:
    bad = list(table.bad)
    found: dict[tuple[int, str], rules.Indicator] = {}
    lines: dict[tuple[int, str], int] = {}
    for row in table.rows:
        try:
            for one in _indicators_of_row(row, columns, years):
                key = (one.year, one.name)
                if key in found:
                    raise RuleError("line_twice", line=lines[key])
                found[key], lines[key] = one, row.line
        except RuleError as error:
            bad.append(table_files.BadLine(row.line, error))
    if bad:
        raise table_files.bad_rows_refusal(table.path, bad)
    if not found:
        raise RuleError("no_rows", path=str(table.path))
    return list(found.values())


def _indicators_of_row(
    row: table_files.TableRow, columns: dict[str, str], years: dict[int, str]
) -> list[rules.Indicator]:
    name = " ".join((row.cell_text(columns["indicator"]) or "").split())
    if not name:
        raise RuleError("cell_empty", column=columns["indicator"])
    if len(name) > LONGEST_INDICATOR_NAME:
        raise RuleError("bad_value", field="name", value=name[:20], why="too_long")
    if not years:
        return [
            _parse_indicator_row(
                row, columns, name, (_year_in_cell(row, columns["year"]), columns["score"]), is_latest=True
            )
        ]
    return [_parse_indicator_row(row, columns, name, of, is_latest=of[0] == max(years)) for of in years.items()]


def _year_in_cell(row: table_files.TableRow, column: str) -> int:
    found = re.fullmatch(r"((?:19|20)\d{2})年?", row.code(column) or "")
    if found is None:
        raise RuleError("bad_value", field=column, value=row.code(column), why="not_a_number")
    return int(found[1])


def _parse_indicator_row(
    row: table_files.TableRow, columns: dict[str, str], name: str, of: tuple[int, str], *, is_latest: bool
) -> rules.Indicator:
    year, column = of
    scale, weight = (
        _parse_figure_cell(row, columns["scale"]),
        _parse_figure_cell(row, columns["weight"], may_be_share=True),
    )
    for field, wrong in (("scale", scale is not None and scale <= 0), ("weight", weight is not None and weight < 0)):
        if wrong:
            raise RuleError("bad_value", field=field, value=row.code(columns[field]), why="out_of_range")
    one = rules.Indicator(
        year=year,
        name=name,
        top=rules.SCALE if scale is None else scale,
        score=_parse_figure_cell(row, column),
        change=_parse_figure_cell(row, columns["change"]) if is_latest else None,
        weight=weight,
        source=" ".join((row.cell_text(columns["source"]) or "").split())[:LONGEST_SOURCE],
    )
    try:
        return rules.indicator_with_checked_score(one)
    except ValueError:
        raise RuleError("bad_value", field=column, value=row.code(column), why="out_of_range") from None


def _parse_figure_cell(row: table_files.TableRow, column: str, *, may_be_share: bool = False) -> Decimal | None:
    text = row.code(column) if column else None
    if text is None or text in UNREPORTED:
        return None
    if text.endswith("%") and not may_be_share:
        raise RuleError("rate_not_score", column=column, value=text[:20])
    figure = parse_indicator_figure(text)
    if figure is None:
        raise RuleError("bad_value", field=column, value=text[:20], why="not_a_number")
    return figure


def parse_indicator_figure(text: str) -> Decimal | None:
    """Return a figure as typed, None if it is none; a weight may have a percent sign."""
    try:
        figure = Decimal(text.strip().removesuffix("%").replace("−", "-"))
    except InvalidOperation:
        return None
    return figure if figure.is_finite() and abs(figure) <= LARGEST and len(text) <= LONGEST_FIGURE else None


# -- reads reported indicators, which stand in the log alone -----------------------------------------------------------

# The kind stands in the statement itself: with a parameter in its place no partial index would do.
_KIND: ColumnElement[str] = bindparam(None, "indicators", literal_execute=True)
_REPORTS = (
    select(events.c.data).where(events.c.hall == bindparam("hall"), events.c.kind == _KIND).order_by(events.c.seq)
)


def indicator_reports(tx: Transaction, hall: int) -> list[list[dict[str, Any]]]:
    """Return the rows of every report, the earliest first."""
    return [
        data["rows"]
        for data in tx.execute(_REPORTS, {"hall": hall}).scalars()
        if are_event_data_readable("indicators", data)
    ]
