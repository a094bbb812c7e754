"""The last pages of every report: measures, definitions, and the managers' page."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from queuedesk.i18n import tr
from queuedesk.reports.draw.pdf import Block, Chapter
from queuedesk.reports.figures.code_names import Coded
from queuedesk.reports.figures.definitions import definitions_page
from queuedesk.reports.pages import managers_page
from queuedesk.reports.pages.measures_page import measures_pages


def annex(
    figures: Mapping[str, Any],
    names: Coded,
    lang: str,
    chapter: Callable[[str, str], Chapter],
    *,
    is_day: bool,
    proofs: Sequence[Block],
) -> list[Block]:
    """Return the chapters behind a report. `chapter` makes one of its title and its series of page numbers.

    `proofs` are the lines that name each hall's log. What somebody adds behind them stands on the managers' page, the
    last one.
    """
    series = tr(lang, "Annex")
    private = chapter(managers_page.title(lang), managers_page.title(lang))
    return [
        *measures_pages(figures, names, lang, chapter(tr(lang, "Measures", context="report"), series), is_day=is_day),
        *definitions_page(figures, lang, chapter(tr(lang, "Definitions", context="report"), series)),
        *proofs,
        *managers_page.managers_page(figures, names, lang, replace(private, for_wall=False)),
    ]
