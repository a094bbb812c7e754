"""The foot of every page: the check code of the log it stands on, when it was printed and by whom, which page of how
many."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from queuedesk.core.setup.values import Setup
from queuedesk.core.upkeep.check_code import Anchor
from queuedesk.i18n import date_short, time_hm, tr
from queuedesk.i18n.names import staff_name
from queuedesk.reports.draw import fonts
from queuedesk.reports.draw.pdf import BOTTOM, INK2, LEFT, RIGHT, Sheet

if TYPE_CHECKING:
    from queuedesk.core.upkeep.check_code import Formers

SIZE, GAP = 8.2, 8.0


@dataclass(frozen=True, slots=True)
class ByItself:
    """Nobody asked for the paper: a report that wrote itself, in its first or a later edition."""

    edition: int
    formers: Formers | None = None


Maker = str | ByItself | None
"""Who had a paper made: a code of staff or a name as people read it, the hall itself, or nobody that is to be named."""


def footer(
    setup: Setup, anchor: Anchor | None, local_now: datetime, lang: str, printed_by: Maker
) -> Callable[[Sheet, int, int], None]:
    """Return what draws the foot of a page."""
    code = tr(lang, "Check code {code}", code=anchor.code) if anchor is not None else ""
    moment = f"{date_short(local_now.date(), lang)} {time_hm(local_now)}"
    if isinstance(printed_by, ByItself):
        printed = _by_itself(moment, lang, printed_by.edition)
    else:
        printed = _printed(moment, lang, staff_name(setup, printed_by, lang) if printed_by else None)

    def draw(sheet: Sheet, number: int, pages: int) -> None:
        page = _page(sheet.series, number, pages)
        left = LEFT + fonts.width(code, SIZE) + GAP
        right = RIGHT - fonts.width(page, SIZE) - GAP
        sheet.line([(LEFT, BOTTOM + 4), (RIGHT, BOTTOM + 4)])
        sheet.text(LEFT, BOTTOM + 18, code, SIZE, colour=INK2)
        shown = fonts.shortened(printed, SIZE, right - left)
        sheet.text((left + right) / 2, BOTTOM + 18, shown, SIZE, colour=INK2, at="middle")
        sheet.text(RIGHT, BOTTOM + 18, page, SIZE, colour=INK2, at="right")

    return draw


def _by_itself(moment: str, lang: str, edition: int) -> str:
    if edition > 1:
        return tr(lang, "Written by itself {moment}, edition {n} · QueueDesk", moment=moment, n=edition)
    return tr(lang, "Written by itself {moment} · QueueDesk", moment=moment)


def _printed(moment: str, lang: str, name: str | None) -> str:
    if name:
        return tr(lang, "Printed {moment} by {name} · QueueDesk", moment=moment, name=name)
    return tr(lang, "Printed {moment} · QueueDesk", moment=moment)


def _page(series: str, number: int, pages: int) -> str:
    """Return "1 / 2", "Annex 1 / 2"."""
    return f"{series} {number} / {pages}".strip()


def plain_footer(local_now: datetime, lang: str, name: str | None) -> Callable[[Sheet, int, int], None]:
    """Return what draws the foot of a page that stands on no log; `name` is who had it made, as people read it."""
    printed = _printed(f"{date_short(local_now.date(), lang)} {time_hm(local_now)}", lang, name)

    def draw(sheet: Sheet, number: int, pages: int) -> None:
        sheet.line([(LEFT, BOTTOM + 4), (RIGHT, BOTTOM + 4)])
        sheet.text(LEFT, BOTTOM + 18, printed, 8.2, colour=INK2)
        sheet.text(RIGHT, BOTTOM + 18, _page(sheet.series, number, pages), 8.2, colour=INK2, at="right")

    return draw
