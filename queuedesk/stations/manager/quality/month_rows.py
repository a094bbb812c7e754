"""The rows behind a figure of the month of quality, and what of them features bring."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from msgspec import Struct

from queuedesk.core.setup.rows import Setup
from queuedesk.desk.change import Ask, Desk
from queuedesk.i18n import date_short

Document = Mapping[str, Any]
WARNINGS, THANKS, FORUMS = "warnings", "thanks", "forums"
"""Figures of a month that features count."""


class RowBehindFigure(Struct, frozen=True, kw_only=True):
    """A row behind a figure, in words; `case` is its number where it is one, `sheet` that of an inspection, else `tab`
    names the page that has it."""

    key: str
    kind: str
    what: str
    who: str
    when: str
    late: bool = False
    case: str = ""
    sheet: int = 0
    tab: str = ""


class FigureRowsSource(Struct, frozen=True):
    """How a feature lists what a figure counts: `read` gives what names a row among those of the figure, and the rows
    from one date to another; `row` puts one in words."""

    read: Callable[[Desk, Ask, date, date], tuple[str, list[dict[str, Any]]]]
    row: Callable[[Setup, Document], RowBehindFigure]


def short_date_of_row(one: Document) -> str:
    return date_short(datetime.fromisoformat(one["at"]).date())
