"""Imports and reads yearly indicators; the last report of a year counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from queuedesk.core.errors import RuleError
from queuedesk.core.imports.indicator import (
    SCALE,
    Compared,
    Indicator,
    checked,
    compared,
    doubts,
    last_reported,
    removed,
)
from queuedesk.desk.change import Change, Desk, Document, changes
from queuedesk.store.parts import imports as kept

LONGEST_NAME, LONGEST_SOURCE = 100, 200
FIRST_YEAR, LAST_YEAR = 1900, 2999
MOST = Decimal(10**6)


@changes("indicators")
def import_indicators(change: Change, rows: Sequence[Indicator]) -> Document:
    """Take over what was reported; of an indicator and year that is there already the new figure counts from now on.

    What stands there as it is leaves no trace.
    """
    known = last_reported(kept.indicator_reports(change.tx, change.book.id))
    fresh = [row for row in rows if known.get((row.year, row.name)) != row]
    if fresh:
        change.record("indicators", rows=[row.document() for row in fresh])
    return {"years": sorted({row.year for row in rows}), "indicators": len(rows)}


@changes("indicators")
def set_indicator(
    change: Change, name: str, year: int, figures: Mapping[str, Decimal | None], *, source: str | None = None
) -> Document:
    """Put in or correct figures of one year: `score`, `scale`, `weight`, `change` (as stated); what is not given stays
    as it was.

    None is a figure that nobody reported. Raises RuleError "bad_value".
    """
    there = last_reported(kept.indicator_reports(change.tx, change.book.id)).get((year, name.strip()))
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
    """Take an indicator out of a year; the log keeps what stood there. Raises RuleError "not_there"."""
    found = last_reported(kept.indicator_reports(change.tx, change.book.id)).get((year, name.strip()))
    if found is None:
        raise RuleError("not_there", kind="indicator", code=f"{name} {year}")
    change.record("indicators", rows=[removed(year, found.name)])
    return {"year": year, "name": found.name}


def indicators_of(desk: Desk) -> list[Compared]:
    """Return every indicator as last reported, by year, against the year before."""
    with desk.db.read() as tx:
        return compared(last_reported(kept.indicator_reports(tx, desk.hall)).values())


def indicators_document(rows: Sequence[Compared]) -> Document:
    """Return them, and what a reader has to know of them; the sentences are the front end's."""
    return {
        "indicators": [_row(row) for row in rows],
        "warnings": [{"kind": one.kind, "year": one.year, "names": list(one.names)} for one in doubts(rows)],
    }


def _after(change: Change) -> list[Compared]:
    return compared(last_reported(kept.indicator_reports(change.tx, change.book.id)).values())


def _must_fit(one: Indicator) -> None:
    for field, text, limit in (("name", one.name, LONGEST_NAME), ("source", one.source, LONGEST_SOURCE)):
        if len(text) > limit:
            raise RuleError("bad_value", field=field, value=text[:20], why="too_long")
    if not one.name:
        raise RuleError("bad_value", field="name", value=None, why="empty")
    if not FIRST_YEAR <= one.year <= LAST_YEAR:
        raise RuleError("bad_value", field="year", value=one.year, why="out_of_range")
    for field, figure, least in (("weight", one.weight, 0), ("change", one.change, -MOST)):
        if figure is not None and not least <= figure <= MOST:
            raise RuleError("bad_value", field=field, value=f"{figure:f}", why="out_of_range")
    if not 0 < one.top <= MOST:
        raise RuleError("bad_value", field="scale", value=f"{one.top:f}", why="out_of_range")
    try:
        checked(one)
    except ValueError:
        raise RuleError(
            "bad_value", field="score", value=f"{one.score:f}", why="out_of_range", limit=f"0–{one.top:f}"
        ) from None


def _row(row: Compared) -> Document:
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
