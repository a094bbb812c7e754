"""The last pages of every report: measures, definitions, and the managers' page."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any
from xml.sax.saxutils import escape

from queuedesk.i18n import tr
from queuedesk.i18n.figures.share_words import FIGURES_IN_WORDS, ShareWords
from queuedesk.i18n.numerals import UNKNOWN, decimal, whole
from queuedesk.reports.draw import fonts
from queuedesk.reports.draw.grids import Field, grid, heading, line
from queuedesk.reports.draw.pdf import LEFT, RED, RIGHT, WHITE, Block, Chapter, Sheet
from queuedesk.reports.figures.definitions import definitions_page
from queuedesk.reports.figures.figure_words import percent_range
from queuedesk.reports.figures.period import Coded
from queuedesk.reports.pages.measures_page import measures_pages
from queuedesk.reports.pages.measures_tables import of_all, share

# The managers' page, not for the wall: wrong counters by guide, ratings and lost minutes by clerk.

BAND = 24.0
BY_GUIDE = "by_guide"
RATINGS_AT_LEAST = 30
"""Under so many ratings persons are not compared."""


def managers_page(figures: Mapping[str, Any], names: Coded, lang: str, chapter: Chapter) -> list[Block]:
    """Return the chapter for managers, its head first; nothing where nobody issued, served or was rated."""
    measures = figures.get("measures") or {}
    guides = [
        block
        for figure, words in FIGURES_IN_WORDS
        if BY_GUIDE in words.headings
        for block in _guides((measures.get(figure.key) or {}).get(BY_GUIDE, ()), words, names, lang)
    ]
    if not guides and not figures["staff"]:
        return []
    return [
        chapter.start(),
        _band(lang),
        *_clerks(figures["staff"], names, lang),
        *guides,
    ]


def title(lang: str) -> str:
    """Return what the chapter is called."""
    return tr(lang, "For managers only")


def _band(lang: str) -> Block:
    """Return the warning across the page."""
    said = tr(lang, "For managers only · do not hang up")

    def draw(sheet: Sheet, y: float) -> None:
        sheet.box(LEFT, y, RIGHT - LEFT, BAND, fill=RED)
        width = fonts.width(said, 11.4, bold=True)
        sheet.text((LEFT + RIGHT - width) / 2, y + 16, said, 11.4, bold=True, colour=WHITE)

    return Block(BAND, draw, gap=12)


def _clerks(rows: Sequence[Mapping[str, Any]], names: Coded, lang: str) -> list[Block]:
    if not rows:
        return []
    fields = [
        Field(tr(lang, "Clerk", context="report"), is_text=True),
        Field(tr(lang, "Finished", context="report")),
        Field(tr(lang, "Handling", context="report")),
        Field(tr(lang, "Rated, n")),
        Field(tr(lang, "not rated")),
        Field(tr(lang, "Satisfied", context="report"), bold=True),
        Field(tr(lang, "95 % interval", context="report")),
        Field(tr(lang, "Wrong counter, min")),
        Field(tr(lang, "Free, min")),
    ]
    cells = [_clerk(row, names, lang) for row in rows]
    told = tr(
        lang,
        "In the order of the set-up, not of rates: with fewer than {n} ratings differences between people are mostly chance.",
        n=RATINGS_AT_LEAST,
    )
    free = tr(lang, "Free: the window was open and empty while somebody waited whom it could call.")
    return [
        heading(tr(lang, "By clerk"), tr(lang, "times in minutes, shares in %")),
        *grid(fields, cells),
        line(escape(f"{told} {free}" if lang != "zh_CN" else told + free)),
    ]


def _clerk(row: Mapping[str, Any], names: Coded, lang: str) -> list[str]:
    ratings = row["ratings"]
    return [
        names.staff(row["code"], lang),
        whole(row["finished"]),
        decimal(row["handling"]["mean"]),
        whole(ratings["n"]),
        whole(ratings["unrated"]),
        share(ratings["rate"]) if ratings["n"] else UNKNOWN,
        percent_range(ratings["low"], ratings["high"]),
        decimal(row["redirect_minutes"]),
        decimal(row["idle_minutes"]),
    ]


def _guides(rows: Sequence[Mapping[str, Any]], words: ShareWords, names: Coded, lang: str) -> list[Block]:
    known = [row for row in rows if row["of"]]
    if not known:
        return []
    fields = [
        Field(tr(lang, "Guide", context="report"), is_text=True),
        Field(words.said(lang), bold=True),
        Field(tr(lang, "n of m", context="report")),
    ]
    cells = [[names.staff(row["code"], lang), share(row["rate"]), of_all(row)] for row in known]
    return [heading(tr(lang, words.headings[BY_GUIDE])), *grid(fields, cells)]


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
    private = chapter(title(lang), title(lang))
    return [
        *measures_pages(figures, names, lang, chapter(tr(lang, "Measures", context="report"), series), is_day=is_day),
        *definitions_page(figures, lang, chapter(tr(lang, "Definitions", context="report"), series)),
        *proofs,
        *managers_page(figures, names, lang, replace(private, for_wall=False)),
    ]
