"""The annex of a day's report: all that is not in the summary, with the pages for managers and the definitions last."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from msgspec.structs import replace

from queuedesk.core.staffing.day import StaffingDay
from queuedesk.core.talk.opening_checks import Check, Waiver
from queuedesk.i18n import day_report, names, time_hm, tr
from queuedesk.i18n.queue.reasons import reason_words
from queuedesk.i18n.talk.talk_words import checked_name, found_words, missing_names
from queuedesk.reports.draw.grids import WIDTH, beside, heading, together
from queuedesk.reports.draw.markup import escape
from queuedesk.reports.draw.pdf import BOTTOM, INK2, LEAST_FILLED, LEFT, PAPER, TOP, Block, Chapter, Sheet, used
from queuedesk.reports.draw.prose import Prose
from queuedesk.reports.figures.day import DayRead
from queuedesk.reports.figures.definitions import definition_rows
from queuedesk.reports.figures.figure_words import left_out_text, sentence
from queuedesk.reports.kept.page_lines import backup_line
from queuedesk.reports.pages import measures_tables
from queuedesk.reports.pages.annex import managers_page, measures_pages, title
from queuedesk.reports.pages.measures_tables import LEFT_HALF, RIGHT_HALF
from queuedesk.reports.pages.quality_page import quality_blocks, quality_line
from queuedesk.reports.papers.staffing_page import small_print, staffing_figures

SIZE = 8.4
Titled = Callable[[str, str], Chapter]
"""Makes a chapter from its title and its series of page numbers."""


def day_annex(
    read: DayRead,
    lang: str,
    chapter: Titled,
    ahead: StaffingDay | None,
    cut: Sequence[Block],
) -> list[Block]:
    """Return the chapters behind the summary; `cut` are the tables whose rows the summary had no room for.

    A day on which nobody came has what was noted of quality alone, if anything.
    """
    series, figures = tr(lang, "Annex"), read.figures
    quality = quality_blocks(figures, lang)
    of_quality = tr(lang, "Quality", context="report")
    if not figures["issued"]:
        return [chapter(of_quality, series).start(), *quality] if quality else []
    details = [chapter(tr(lang, "Details", context="report"), series).start(), *cut, *_details(read, lang)]
    if quality:
        details += [_part(of_quality), *quality]
    if ahead is not None and ahead.forecast.is_known:
        details += _next_day(ahead, lang)
    measures = tr(lang, "Measures", context="report")
    if not figures.get("measures"):
        found = details
    elif used(details) < LEAST_FILLED * (BOTTOM - TOP):
        found = measures_pages(figures, read.coded, lang, [*details, _part(measures)], is_day=True)
    else:
        begun = [chapter(measures, series).start()]
        found = [*details, *measures_pages(figures, read.coded, lang, begun, is_day=True)]
    managers = managers_page(figures, read.coded, lang, replace(chapter(title(lang), title(lang)), for_wall=False))
    return [*found, *managers, _part(tr(lang, "Definitions", context="report")), *definition_rows(figures, lang)]


def _part(title: str) -> Block:
    """Return the title of a chapter that goes on below another one."""
    return heading(title, gap=26)


def _details(read: DayRead, lang: str) -> list[Block]:
    """Return overtakes beside pauses, equipment, checks at opening, the backup, what the figures leave out."""
    figures, coded = read.figures, read.coded
    measures = figures.get("measures", {})
    left = measures_tables.overtakes(measures.get("overtakes"), figures.get("rules"), coded, lang, LEFT_HALF)
    right = measures_tables.pauses(measures.get("pauses"), coded, lang, RIGHT_HALF)
    return [
        *beside(left, right, above=0),
        *measures_tables.devices(measures.get("devices"), lang),
        *opening_checks(read, lang),
        *backup_line(read, lang),
        *quality_line(figures, lang),
        left_out_box(figures, lang),
    ]


def opening_checks(read: DayRead, lang: str) -> list[Block]:
    """Return the checks of the date and the waivers with their reasons; nothing if there was neither."""
    if not read.checks and not read.waivers:
        return []
    passed = [_named(read, one, lang) for one in read.checks if one.passed]
    lines = [tr(lang, "Works: {devices}", devices=_joined(passed, lang))] if passed else []
    lines += [_failed(read, one, lang) for one in read.checks if not one.passed]
    lines += [_waived(read, one, lang) for one in read.waivers]
    blocks = [Prose(escape(line), SIZE, WIDTH, colour=INK2, leading=1.5).block(gap=1) for line in lines]
    return together([heading(tr(lang, "Checks at opening")), *blocks])


def _named(read: DayRead, one: Check, lang: str) -> str:
    by = names.staff_name(read.setup, one.by, lang)
    name = checked_name(one.device, one.station, lang)
    return tr(lang, "{device} ({time}, {name})", device=name, time=_time(read, one), name=by)


def _failed(read: DayRead, one: Check, lang: str) -> str:
    return tr(
        lang, "Does not work: {device}, {cause}", device=_named(read, one, lang), cause=found_words(one.cause, lang)
    )


def _waived(read: DayRead, one: Waiver, lang: str) -> str:
    return tr(
        lang,
        "Window {window} opened at {time} by {name} without {devices}: {reason}",
        window=one.window,
        time=_time(read, one),
        name=names.staff_name(read.setup, one.by, lang),
        devices=missing_names(one.missing, lang),
        reason=reason_words(one.reason, lang),
    )


def _time(read: DayRead, one: Check | Waiver) -> str:
    return time_hm(read.setup.local(one.time))


def _joined(parts: list[str], lang: str) -> str:
    return tr(lang, "; ", context="clauses").join(parts)


def left_out_box(figures: Mapping[str, Any], lang: str) -> Block:
    """Return what the figures leave out, in a box."""
    out = {row["what"]: row["n"] for row in figures["left_out"]}
    parts = [left_out_text(what, n, lang) for what, n in out.items()]
    none = [
        tr(lang, "no paper tickets were entered later") if not out.get("paper_unpromised") else "",
        tr(lang, "none was left open overnight") if not out.get("inaccurate") else "",
    ]
    said = sentence([*parts, *(text for text in none if text)], lang)
    prose = Prose(tr(lang, "<b>What these figures leave out:</b> {what}", what=said), 8.4, WIDTH - 24, leading=1.55)

    def draw(sheet: Sheet, y: float) -> None:
        sheet.box(LEFT, y, WIDTH, prose.height + 18, fill=PAPER)
        prose.draw(sheet, LEFT + 12, y + 9)

    return Block(prose.height + 18, draw, gap=16)


def _next_day(found: StaffingDay, lang: str) -> list[Block]:
    """Return the next open date half-hour by half-hour."""
    rests = [tr(lang, "By the roster as it stood when this was printed.")] if found.has_roster else []
    title = heading(tr(lang, "The next day"), day_report(found.date, lang), gap=26)
    return [title, *staffing_figures(trimmed(found), lang), small_print(rests, lang)]


def trimmed(found: StaffingDay) -> StaffingDay:
    """Return it without the half hours at both ends in which nobody is expected, needed or planned: some halls never
    close."""
    there = [
        i
        for i, one in enumerate(found.half_hours)
        if one.needed or one.planned or (one.people is not None and one.people.high)
    ]
    return replace(found, half_hours=found.half_hours[there[0] : there[-1] + 1]) if there else found
