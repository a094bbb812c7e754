"""The page of quality: cases, what customers said in the end, inspections, reasons. It may hang on a wall: no person,
no word of a customer, and nothing of an inspection that is still to come stands on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from msgspec.structs import replace

from queuedesk.core.charts.chart import Rect
from queuedesk.core.charts.layout import BarRow, lay_out_bars
from queuedesk.core.quality.figures import NOTED, SAID, is_quiet
from queuedesk.i18n import date_short, ntr, tr
from queuedesk.i18n.calendar_words import kind_word
from queuedesk.i18n.figures.rating_reasons import rating_reason
from queuedesk.i18n.moments import month_words
from queuedesk.i18n.numerals import UNKNOWN, decimal, percent, whole
from queuedesk.i18n.quality.case_words import class_word, none_of, quiet_words, source_words
from queuedesk.i18n.quality.inspection_words import channel_word
from queuedesk.reports.draw.charts import PAGE, draw_marks
from queuedesk.reports.draw.grids import Field, beside, fitted, grid, heading, line, together
from queuedesk.reports.draw.markup import escape
from queuedesk.reports.draw.pdf import Block, Chapter, Sheet, used
from queuedesk.reports.figures.figure_words import joined, percent_range
from queuedesk.reports.pages.annex import Fact, fact_rows
from queuedesk.reports.pages.measures_tables import LEFT_HALF, RIGHT_HALF, of_all, share

Row = Mapping[str, Any]
BAR = 16.0
MOST_DATES = 8
"""So many special days are named."""
COLOURS = {"satisfied": "chart", "dissatisfied": "red"}
"""Of what customers said; what is nobody's word is grey."""


def quality_pages(figures: Mapping[str, Any], lang: str, chapter: Chapter) -> list[Block]:
    """Return the chapter, its head first; nothing where nothing was noted: then quality_line() says so."""
    head = chapter.start()
    blocks = quality_blocks(figures, lang, above=head.height)
    return fitted([head, *blocks]) if blocks else []


def quality_blocks(figures: Mapping[str, Any], lang: str, above: float = 0.0) -> list[Block]:
    """Return what was noted, to go on below `above` points of a page; nothing where nothing was."""
    found = figures.get("quality")
    if not found or is_quiet(found):
        return []
    top = _by_source(found["cases"], lang)
    halves = beside(
        [*_by_class(found["cases"], lang), *_coverage(found.get("inspections"), lang)],
        [*_verdicts(found["cases"]["verdicts"], lang), *_reasons(found["reasons"], lang)],
        above=above + used(top) + 20,
    )
    return [*top, *halves, *_facts(found, lang), *_not_noted(found, lang)]


def quality_line(figures: Mapping[str, Any], lang: str) -> list[Block]:
    """Return a line where nothing of quality was noted, so that nobody looks for its page, and one of the reasons that
    ratings came with."""
    found = figures.get("quality")
    if not found or "why" in found or not is_quiet(found):
        return []
    said = [quiet_words(NOTED.keys() - found.keys(), lang)]
    reasons = found["reasons"]
    if reasons["tags"]:
        named = [f"{rating_reason(row['code'], lang)} {whole(row['n'])}" for row in reasons["tags"]]
        said.append(tr(lang, "Reasons for low ratings: {reasons}.", reasons=_clauses(named, lang)))
    title = tr(lang, "Quality", context="report")
    return [line(f"<b>{escape(title)}</b>  {escape(joined(said, lang))}", gap=14)]


# -- cases -------------------------------------------------------------------------------------------------------------


def _columns(first: str, lang: str, *, is_short: bool = False) -> list[Field]:
    return [
        Field(first, is_text=True),
        Field(tr(lang, "Opened", context="cases")),
        Field(tr(lang, "Closed", context="cases")),
        *([] if is_short else [Field(tr(lang, "Opened again", context="cases"))]),
        Field(tr(lang, "Open", context="cases"), bold=True),
        Field(tr(lang, "Overdue", context="cases"), bold=True),
    ]


def _cells(name: str, row: Row, *, is_short: bool = False) -> list[str]:
    keys = ("opened", "closed", *(() if is_short else ("reopened",)), "open", "overdue")
    return [name, *(whole(row[key]) for key in keys)]


def _by_source(cases: Row, lang: str) -> list[Block]:
    rows = cases["by_source"]
    if not rows:
        return []
    fields = _columns(tr(lang, "Where it came from", context="cases"), lang)
    cells = [_cells(_capital(source_words(row["code"], lang)), row) for row in rows]
    total = _cells(tr(lang, "All", context="report"), cases)
    unit = tr(lang, "open and overdue: at the end of this time")
    return [heading(tr(lang, "Cases", context="report"), unit), *grid(fields, cells, total=total)]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _by_class(cases: Row, lang: str) -> list[Block]:
    rows = cases["by_class"]
    if not rows:
        return []
    fields = _columns(tr(lang, "Class", context="cases"), lang, is_short=True)
    cells = [_cells(class_word(row["code"], lang), row, is_short=True) for row in rows]
    return together([heading(tr(lang, "Cases by class"), place=LEFT_HALF), *grid(fields, cells, LEFT_HALF)])


def _verdicts(found: Row, lang: str) -> list[Block]:
    """Return what customers said when they were called back, as bars on one scale."""
    said = [code for code in SAID if found[code]]
    if not said:
        return []
    words = {
        "satisfied": tr(lang, "Satisfied", context="verdict"),
        "dissatisfied": tr(lang, "Still dissatisfied", context="verdict"),
        "not_given": tr(lang, "No answer given", context="verdict"),
        "not_reached": tr(lang, "Not reached", context="verdict"),
        "no_contact": tr(lang, "Nobody to ask", context="verdict"),
    }
    bars = [
        BarRow(word=words[code], value=found[code], number=whole(found[code]), colour=COLOURS.get(code, "ink2"))
        for code in said
    ]
    height = BAR * len(bars)

    def draw(sheet: Sheet, y: float) -> None:
        draw_marks(sheet, lay_out_bars(bars, PAGE, Rect(RIGHT_HALF.x, y, RIGHT_HALF.width, height)).marks)

    told = tr(lang, "Anyone not reached or not asked is never counted as satisfied.")
    title = heading(tr(lang, "What customers said in the end"), place=RIGHT_HALF)
    return together([title, Block(height, draw, gap=4), line(escape(told), RIGHT_HALF)])


# -- inspections and reasons -------------------------------------------------------------------------------------------


def _coverage(found: Row | None, lang: str) -> list[Block]:
    """Return each channel's inspections: those done in each month, of as many as the hall wants."""
    if found is None:
        return []
    rows = [row for row in found["coverage"] if row["done"] or row["least"]]
    if not found["by_channel"] or not rows:
        return []
    months = list(dict.fromkeys(row["month"] for row in rows))
    scores = {row["code"]: row["score"]["mean"] for row in found["by_channel"]}
    fields = [
        Field(tr(lang, "Channel", context="inspection"), is_text=True),
        *([Field(tr(lang, "Month", context="report"), is_text=True)] if len(months) > 1 else []),
        Field(tr(lang, "Done", context="inspection"), bold=True),
        Field(tr(lang, "Wanted", context="inspection")),
        *([Field(tr(lang, "Mean score"))] if len(months) == 1 else []),
    ]
    cells = [
        [
            channel_word(row["channel"], lang),
            *([month_words(date.fromisoformat(f"{row['month']}-01"), lang)] if len(months) > 1 else []),
            whole(row["done"]),
            whole(row["least"]),
            *([_points(scores.get(row["channel"]))] if len(months) == 1 else []),
        ]
        for row in rows
    ]
    unit = month_words(date.fromisoformat(f"{months[0]}-01"), lang) if len(months) == 1 else ""
    return [heading(tr(lang, "Inspections", context="report"), unit, LEFT_HALF), *grid(fields, cells, LEFT_HALF)]


def _points(score: float | None) -> str:
    return UNKNOWN if score is None else decimal(score)


def _reasons(found: Row, lang: str) -> list[Block]:
    rows = found["tags"]
    if not rows:
        return []
    fields = [
        Field(tr(lang, "Reason", context="report"), is_text=True),
        Field(tr(lang, "n", context="report"), bold=True),
        Field(tr(lang, "Share", context="report")),
        Field(tr(lang, "95 % interval", context="report")),
    ]
    cells = [
        [rating_reason(row["code"], lang), whole(row["n"]), share(row["rate"]), percent_range(row["low"], row["high"])]
        for row in rows
    ]
    told = ntr(
        lang,
        "Of {shown} rating; of fewer than 30 there are counts alone.",
        "Of {shown} ratings; of fewer than 30 there are counts alone.",
        found["ratings"],
        shown=whole(found["ratings"]),
    )
    title = heading(tr(lang, "Reasons for low ratings"), place=RIGHT_HALF)
    return [title, *grid(fields, cells, RIGHT_HALF), line(escape(told), RIGHT_HALF)]


# -- single figures ----------------------------------------------------------------------------------------------------


def _facts(found: Row, lang: str) -> list[Block]:
    rows = [
        *_facts_of_cases(found["cases"], lang),
        *_facts_of_inspections(found, lang),
        *_facts_of_words(found, lang),
    ]
    top, *blocks = fact_rows([*rows, _calendar(found["calendar"], lang)], lang)
    return [heading(tr(lang, "In single figures")), replace(top, gap=0), *blocks]


def _calendar(found: Row, lang: str) -> Fact:
    """Return how many working days the time had, with the dates that are not as their weekday."""
    said = [
        f"{date_short(date.fromisoformat(row['date']), lang)} {kind_word(row['kind'], lang)}" for row in found["marked"]
    ]
    besides = _clauses(said, lang) if len(said) <= MOST_DATES else tr(lang, "{n} special days", n=whole(len(said)))
    of = {"n": found["working"] or 0, "of": found["days"]}
    known = found["working"] is not None
    shown = whole(found["working"]) if known else UNKNOWN
    why = "" if known else tr(lang, "the halls have different calendars")
    return Fact(tr(lang, "Working days"), shown, of_all(of) if known else "", why or besides)


def _facts_of_cases(cases: Row, lang: str) -> list[Fact]:
    if not cases["by_source"]:
        return []
    took, calls, verdicts, contacts = (cases[key] for key in ("days_to_close", "call_backs", "verdicts", "contacts"))
    median = took["median"]
    days = (
        tr(lang, "no case was closed in this time")
        if median is None
        else ntr(lang, "of {shown} case closed", "of {shown} cases closed", took["n"], shown=whole(took["n"]))
    )
    asked = verdicts["satisfied"] + verdicts["dissatisfied"]
    good = (
        tr(lang, "95 % interval {range} %", range=percent_range(verdicts["low"], verdicts["high"]))
        if asked
        else tr(lang, "no customer gave a verdict in this time")
    )
    called = tr(
        lang, "{reached} reached, {tries} in vain", reached=whole(calls["reached"]), tries=whole(calls["no_answer"])
    )
    known = "" if contacts["asked"] else tr(lang, "no customer was asked for one")
    return [
        Fact(tr(lang, "Working days to close, median"), UNKNOWN if median is None else f"{median:g}", "", days),
        Fact(tr(lang, "Call-backs made"), whole(calls["n"]), "", called if calls["n"] else ""),
        Fact(
            tr(lang, "Satisfied when called back"),
            share(verdicts["rate"]),
            of_all({"n": verdicts["satisfied"], "of": asked}),
            good,
        ),
        Fact(
            tr(lang, "Contacts given"),
            share(contacts["rate"]),
            of_all({"n": contacts["valid"], "of": contacts["asked"]}),
            known or tr(lang, "of customers who were asked for one"),
        ),
    ]


def _facts_of_inspections(found: Row, lang: str) -> list[Fact]:
    looks, fixes = found.get("inspections"), found.get("rectifications", {})
    rows = []
    if looks is not None and looks["done"]:
        score = looks["score"]["mean"]
        besides = ntr(
            lang, "{shown} deduction", "{shown} deductions", looks["findings"], shown=whole(looks["findings"])
        )
        rows.append(Fact(tr(lang, "Inspections done"), whole(looks["done"]), "", besides))
        rows.append(Fact(tr(lang, "Mean score"), _points(score), "", tr(lang, "of 100")))
    if any(fixes.values()):
        said = [
            tr(lang, "{n} noted", n=whole(fixes["opened"])),
            tr(lang, "{n} closed after a second look", n=whole(fixes["closed"])),
            tr(lang, "{n} overdue", context="to put right", n=whole(fixes["overdue"])),
            ntr(
                lang,
                "{shown} waits for a second look",
                "{shown} wait for a second look",
                fixes["proven"],
                shown=whole(fixes["proven"]),
            ),
        ]
        shown = [text for text, n in zip(said, _four(fixes), strict=True) if n]
        rows.append(Fact(tr(lang, "Still to be put right"), whole(fixes["open"]), "", _clauses(shown, lang)))
    return rows


def _four(fixes: Row) -> Sequence[int]:
    return [fixes[key] for key in ("opened", "closed", "overdue", "proven")]


def _facts_of_words(found: Row, lang: str) -> list[Fact]:
    comments, told, thanks, forums = (found.get(key) for key in ("comments", "warnings", "thanks", "forums"))
    rows = []
    if comments and comments["n"]:
        unread = tr(lang, "{n} not read", n=whole(comments["unread"])) if comments["unread"] else ""
        rows.append(Fact(tr(lang, "Comments of customers"), whole(comments["n"]), "", unread))
    if told and told["told"]:
        took = told["median_seconds"]
        known = (
            tr(lang, "nobody acknowledged one")
            if took is None
            else tr(lang, "acknowledged after {minutes} min (median)", minutes=decimal(took / 60))
        )
        of = of_all({"n": told["acknowledged"], "of": told["told"]})
        rate = f"{percent(told['acknowledged'] / told['told'])} %"
        rows.append(Fact(tr(lang, "Warnings acknowledged"), rate, of, known))
    if thanks and thanks["n"]:
        rows.append(Fact(tr(lang, "Thanks of customers"), whole(thanks["n"])))
    if forums and forums["n"]:
        said = [
            ntr(lang, "{shown} person", "{shown} people", forums["attendees"], shown=whole(forums["attendees"])),
            ntr(lang, "{shown} issue", "{shown} issues", forums["issues"], shown=whole(forums["issues"])),
            ntr(lang, "{shown} became a case", "{shown} became cases", forums["cases"], shown=whole(forums["cases"])),
        ]
        rows.append(Fact(tr(lang, "Forums", context="report"), whole(forums["n"]), "", _clauses(said, lang)))
    return rows


def _not_noted(found: Row, lang: str) -> list[Block]:
    """Return what there was nothing of, so that a gap on the page is no riddle."""
    noted = {
        "cases": len(found["cases"]["by_source"]),
        **{key: found[key][n] for key, n in NOTED.items() if key in found},
    }
    missing = [key for key, n in noted.items() if not n]
    return [line(escape(none_of(missing, lang)))] if missing else []


def _clauses(parts: Sequence[str], lang: str) -> str:
    return tr(lang, "; ", context="list").join(parts)
