"""Yearly indicators: put into the log as somebody reported them, read back from it; the last report of a year counts."""

from __future__ import annotations

from collections.abc import Sequence

from queuedesk.core.indicator import Compared, Indicator, compared, doubts, indicator
from queuedesk.desk.change import Change, Desk, Document, changes
from queuedesk.store import indicators as kept


@changes("indicators")
def import_indicators(change: Change, rows: Sequence[Indicator]) -> Document:
    """Take over what was reported; of an indicator and year that is there already the new figure counts from now on."""
    change.record("indicators", rows=[row.document() for row in rows])
    return {"years": sorted({row.year for row in rows}), "indicators": len(rows)}


def indicators_of(desk: Desk) -> list[Compared]:
    """Return every indicator as last reported, by year, against the year before."""
    with desk.db.read() as tx:
        reports = kept.reports(tx, desk.hall)
    last = {(row["year"], row["name"]): indicator(row) for report in reports for row in report}
    return compared(last.values())


def indicators_document(rows: Sequence[Compared]) -> Document:
    """Return them, and what a reader has to know of them; the sentences are the front end's."""
    return {
        "indicators": [
            {
                "year": row.indicator.year,
                "name": row.indicator.name,
                "score": _number(row.indicator.score),
                "scale": _number(row.indicator.top),
                "before": _number(row.before),
                "change": _number(row.change),
            }
            for row in rows
        ],
        "warnings": [{"kind": one.kind, "year": one.year, "names": list(one.names)} for one in doubts(rows)],
    }


def _number(value: object) -> float | int | None:
    if value is None:
        return None
    figure = float(str(value))
    return int(figure) if figure.is_integer() else figure
