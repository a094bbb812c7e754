"""Imports and reads yearly indicators; the last report of a year counts."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from pathlib import Path

from msgspec.structs import replace

from queuedesk.core.errors import RuleError
from queuedesk.desk.change import Change, Desk, Document, changes
from queuedesk.features.indicators.rules import (
    SCALE,
    Indicator,
    IndicatorChange,
    checked,
    compared,
    doubts,
    last_reported,
    removed,
)
from queuedesk.features.indicators.tables import indicator_reports
from queuedesk.files.table import BadLine, Row, Table, check_once, read_sheet, refused

LONGEST_INDICATOR, LONGEST_SOURCE = 100, 200
FIRST_YEAR, LAST_YEAR = 1900, 2999
MOST_FIGURE = Decimal(10**6)


@changes("indicators")
def import_indicators(change: Change, rows: Sequence[Indicator]) -> Document:
    """Import what was reported; a new figure of an indicator and year replaces an existing one. An unchanged figure
    leaves no trace."""
    known = last_reported(indicator_reports(change.tx, change.book.id))
    fresh = [row for row in rows if known.get((row.year, row.name)) != row]
    if fresh:
        change.record("indicators", rows=[row.document() for row in fresh])
    return {"years": sorted({row.year for row in rows}), "indicators": len(rows)}


@changes("indicators")
def set_indicator(
    change: Change, name: str, year: int, figures: Mapping[str, Decimal | None], *, source: str | None = None
) -> Document:
    """Add or correct figures of one year: `score`, `scale`, `weight`, `change` (as stated); what is not given stays as
    it was.

    None means not reported. Raises RuleError "bad_value".
    """
    there = last_reported(indicator_reports(change.tx, change.book.id)).get((year, name.strip()))
    before = there or Indicator(year=year, name=name.strip(), top=SCALE)
    scale = figures.get("scale")
    one = replace(
        before,
        score=figures.get("score", before.score),
        top=before.top if scale is None else scale,
        weight=figures.get("weight", before.weight),
        change=figures.get("change", before.change),
        source=before.source if source is None else source.strip(),
    )
    _must_fit(one)
    if one != there:
        change.record("indicators", rows=[one.document()])
    return _row(next(row for row in _after(change) if (row.indicator.year, row.indicator.name) == (year, one.name)))


@changes("indicators")
def remove_indicator(change: Change, name: str, year: int) -> Document:
    """Remove an indicator from a year; the log keeps its old value. Raises RuleError "not_there"."""
    found = last_reported(indicator_reports(change.tx, change.book.id)).get((year, name.strip()))
    if found is None:
        raise RuleError("not_there", kind="indicator", code=f"{name} {year}")
    change.record("indicators", rows=[removed(year, found.name)])
    return {"year": year, "name": found.name}


def indicators_of(desk: Desk) -> list[IndicatorChange]:
    """Return every indicator as last reported, by year, against the year before."""
    with desk.db.read() as tx:
        return compared(last_reported(indicator_reports(tx, desk.hall)).values())


def indicators_document(rows: Sequence[IndicatorChange]) -> Document:
    """Return them with the notes that a reader needs; the front end writes the sentences."""
    return {
        "indicators": [_row(row) for row in rows],
        "warnings": [{"kind": one.kind, "year": one.year, "names": list(one.names)} for one in doubts(rows)],
    }


def _after(change: Change) -> list[IndicatorChange]:
    return compared(last_reported(indicator_reports(change.tx, change.book.id)).values())


def _must_fit(one: Indicator) -> None:
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
        checked(one)
    except ValueError:
        raise RuleError(
            "bad_value", field="score", value=f"{one.score:f}", why="out_of_range", limit=f"0–{one.top:f}"
        ) from None


def _row(row: IndicatorChange) -> Document:
    one = row.indicator
    return {
        "year": one.year,
        "name": one.name,
        "score": _number(one.score),
        "scale": _number(one.top),
        "before": _number(row.before),
        "change": _number(row.change),
        "stated_change": _number(one.change),
        "weight": _number(one.weight),
        "source": one.source or None,
    }


def _number(value: object) -> float | int | None:
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
