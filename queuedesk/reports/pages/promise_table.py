"""How good the waits were that people were told, as a table of the page of measures: by service, beside the simple formula."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from xml.sax.saxutils import escape

from queuedesk.i18n import tr
from queuedesk.i18n.numerals import UNKNOWN, decimal, whole
from queuedesk.reports.draw.grids import Field, Place, grid, heading, line
from queuedesk.reports.draw.pdf import Block
from queuedesk.reports.figures.code_names import Coded
from queuedesk.reports.pages.lists import clock
from queuedesk.reports.pages.measures_tables import share

Row = Mapping[str, Any]


def promises(found: Row | None, names: Coded, lang: str, place: Place) -> list[Block]:
    """Return the services with everybody together in the last row, and the worst half-hour; nothing where nobody was told a wait."""
    if not found or not found["n"]:
        return []
    fields = [
        Field(tr(lang, "Service", context="report"), is_text=True),
        Field(tr(lang, "Told", context="column")),
        Field(tr(lang, "Later", context="column"), bold=True),
        Field(tr(lang, "Error", context="column")),
        Field(tr(lang, "Score", context="column"), bold=True),
        Field(tr(lang, "Simple", context="column")),
    ]
    cells = [_cells(names.service(row["code"], lang), row) for row in found["services"]]
    if len(cells) > 1:
        cells.append(_cells(tr(lang, "All", context="report"), found))
    worst, said = _worst(found), list[Block]()
    if worst is not None:
        said.append(
            line(
                escape(
                    tr(
                        lang,
                        "Worst half-hour: {time}, {share} of {n} called later than told.",
                        time=clock(worst["from"]),
                        share=share(worst["late"]),
                        n=whole(worst["n"]),
                    )
                ),
                place,
            )
        )
    title = heading(tr(lang, "Waits told by service"), tr(lang, "times in minutes"), place)
    return [title, *grid(fields, cells, place), *said]


LEAST_IN_HALF_HOUR = 10
"""A share of fewer tickets is no half-hour's."""


def _worst(found: Row) -> Row | None:
    rows = [row for row in found["half_hours"] if row["n"] >= LEAST_IN_HALF_HOUR and row["late"]]
    return max(rows, key=lambda row: row["late"], default=None)


def _cells(name: str, row: Row) -> list[str]:
    naive = row["naive"]
    return [
        name,
        whole(row["n"]),
        share(row["late"]),
        decimal(row["mae"]),
        decimal(row["interval_score"]),
        UNKNOWN if naive["interval_score"] is None else decimal(naive["interval_score"]),
    ]
