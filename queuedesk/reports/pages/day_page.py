"""The report of a day: a summary of at most two pages, behind it the annex for whoever asks for it, and the page of
quality.

The page of quality (cases, what customers said in the end, inspections, reasons) may hang on a wall: no person, no word
of a customer, and nothing of an inspection that is still to come stands on it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from math import ceil
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from queuedesk.core.charts.chart import Chart, Note, Rect
from queuedesk.core.charts.layout import BarRow, lay_out_bars
from queuedesk.core.charts.ribbon import MOST_PITCH, lay_out_ribbon, least_height, ribbon_height
from queuedesk.core.charts.waits import WaitsOverTickets, hour_labels
from queuedesk.core.figures.comparing import named_rows
from queuedesk.core.quality.figures import NOTED, SAID, has_no_records
from queuedesk.core.queue.hallday import business_date, hours_on
from queuedesk.core.staffing.day import StaffingDay
from queuedesk.core.talk.opening_checks import Check, Waiver
from queuedesk.desk.change import Desk
from queuedesk.desk.staffing import staffing_after
from queuedesk.i18n import date_short, day_report, named, names, ntr, time_hm, tr
from queuedesk.i18n import staffing as words
from queuedesk.i18n.calendar_words import kind_word
from queuedesk.i18n.figures.figure_titles import rating_reason
from queuedesk.i18n.figures.ribbon_words import ribbon_words
from queuedesk.i18n.moments import half_hour_start, month_words
from queuedesk.i18n.names import UNKNOWN, decimal, percent, whole
from queuedesk.i18n.quality.case_words import class_word, none_of, quiet_words, source_words
from queuedesk.i18n.quality.inspection_words import channel_word
from queuedesk.i18n.queue.line_words import reason_words
from queuedesk.i18n.talk import checked_name, found_words, missing_names
from queuedesk.reports.draw.charts import PAGE, chart_height, draw_chart, draw_marks
from queuedesk.reports.draw.head_and_foot import Maker, day_head, footer, four_figures
from queuedesk.reports.draw.pdf import (
    BOTTOM,
    FULL,
    INK2,
    LEAST_FILLED,
    LEFT,
    PAPER,
    RIGHT,
    ROW_HEIGHT,
    TOP,
    WIDTH,
    Block,
    Chapter,
    Field,
    Place,
    Prose,
    Sheet,
    beside,
    escape,
    fitted,
    grid,
    heading,
    line,
    together,
    used,
)
from queuedesk.reports.figures.figure_words import definition_rows, joined, left_out_text, percent_range, sentence
from queuedesk.reports.figures.findings import findings
from queuedesk.reports.figures.period import DayReport, used_figures
from queuedesk.reports.kept.page_lines import backup_line, fallen_markups, former_lines
from queuedesk.reports.pages import sections
from queuedesk.reports.pages.annex import Fact, fact_rows, managers_page, measures_pages, title
from queuedesk.reports.pages.sections import (
    HEADING,
    LEFT_HALF,
    RIGHT_HALF,
    attention,
    busiest,
    left_out,
    lettered,
    longest_waits,
    notes_block,
    of_all,
    proof,
    ratings_and_fairness,
    services,
    share,
    target_lines,
)
from queuedesk.reports.papers.staffing_page import small_print, staffing_figures, staffing_sentences, windows_picture

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
    if not found or has_no_records(found):
        return []
    top = _by_source(found["cases"], lang)
    halves = beside(
        [*_by_class(found["cases"], lang), *_inspection_coverage(found.get("inspections"), lang)],
        [*_callback_answers(found["cases"]["verdicts"], lang), *_reason_bars(found["reasons"], lang)],
        above=above + used(top) + 20,
    )
    return [*top, *halves, *_quality_facts(found, lang), *_not_noted(found, lang)]


def quality_line(figures: Mapping[str, Any], lang: str) -> list[Block]:
    """Return a line where nothing of quality was noted, so that nobody looks for its page, and one of the reasons that
    ratings came with."""
    found = figures.get("quality")
    if not found or "why" in found or not has_no_records(found):
        return []
    said = [quiet_words(NOTED.keys() - found.keys(), lang)]
    reasons = found["reasons"]
    if reasons["tags"]:
        named = [f"{rating_reason(row['code'], lang)} {whole(row['n'])}" for row in reasons["tags"]]
        said.append(tr(lang, "Reasons for low ratings: {reasons}.", reasons=_join_clauses(named, lang)))
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
    cells = [_cells(_capitalised(source_words(row["code"], lang)), row) for row in rows]
    total = _cells(tr(lang, "All", context="report"), cases)
    unit = tr(lang, "open and overdue: at the end of this time")
    return [heading(tr(lang, "Cases", context="report"), unit), *grid(fields, cells, total=total)]


def _capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]


def _by_class(cases: Row, lang: str) -> list[Block]:
    rows = cases["by_class"]
    if not rows:
        return []
    fields = _columns(tr(lang, "Class", context="cases"), lang, is_short=True)
    cells = [_cells(class_word(row["code"], lang), row, is_short=True) for row in rows]
    return together([heading(tr(lang, "Cases by class"), place=LEFT_HALF), *grid(fields, cells, LEFT_HALF)])


def _callback_answers(found: Row, lang: str) -> list[Block]:
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


def _inspection_coverage(found: Row | None, lang: str) -> list[Block]:
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
            *([_points_text(scores.get(row["channel"]))] if len(months) == 1 else []),
        ]
        for row in rows
    ]
    unit = month_words(date.fromisoformat(f"{months[0]}-01"), lang) if len(months) == 1 else ""
    return [heading(tr(lang, "Inspections", context="report"), unit, LEFT_HALF), *grid(fields, cells, LEFT_HALF)]


def _points_text(score: float | None) -> str:
    return UNKNOWN if score is None else decimal(score)


def _reason_bars(found: Row, lang: str) -> list[Block]:
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


def _quality_facts(found: Row, lang: str) -> list[Block]:
    rows = [
        *_facts_of_cases(found["cases"], lang),
        *_facts_of_inspections(found, lang),
        *_facts_of_words(found, lang),
    ]
    top, *blocks = fact_rows([*rows, _working_days_fact(found["calendar"], lang)], lang)
    return [heading(tr(lang, "In single figures")), replace(top, gap=0), *blocks]


def _working_days_fact(found: Row, lang: str) -> Fact:
    """Return how many working days the time had, with the dates that are not as their weekday."""
    said = [
        f"{date_short(date.fromisoformat(row['date']), lang)} {kind_word(row['kind'], lang)}" for row in found["marked"]
    ]
    besides = _join_clauses(said, lang) if len(said) <= MOST_DATES else tr(lang, "{n} special days", n=whole(len(said)))
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
        rows.append(Fact(tr(lang, "Mean score"), _points_text(score), "", tr(lang, "of 100")))
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
        shown = [text for text, n in zip(said, _fix_counts(fixes), strict=True) if n]
        rows.append(Fact(tr(lang, "Still to be put right"), whole(fixes["open"]), "", _join_clauses(shown, lang)))
    return rows


def _fix_counts(fixes: Row) -> Sequence[int]:
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
        rows.append(Fact(tr(lang, "Forums", context="report"), whole(forums["n"]), "", _join_clauses(said, lang)))
    return rows


def _not_noted(found: Row, lang: str) -> list[Block]:
    """Return what there was nothing of, so that a gap on the page is no riddle."""
    noted = {
        "cases": len(found["cases"]["by_source"]),
        **{key: found[key][n] for key, n in NOTED.items() if key in found},
    }
    missing = [key for key, n in noted.items() if not n]
    return [line(escape(none_of(missing, lang)))] if missing else []


def _join_clauses(parts: Sequence[str], lang: str) -> str:
    return tr(lang, "; ", context="list").join(parts)


ROOM = BOTTOM - TOP
RIBBON_GAP = 16.0
PANEL = 100.0
"""The height of the chart of half-hours where the ribbon of a hall with very many windows has no room, in points."""
FEWEST_ROWS = 3
"""So many rows a table keeps at least that the summary has no room for."""
NOTES = (12, 4, 0)
"""How many notes stand on the first page: as many as leave room for the figures."""


def day_pdf(
    read: DayReport, lang: str, printed_by: Maker, ahead: StaffingDay | None = None, *, has_annex: bool = True
) -> bytes:
    """Return the report of a day as a PDF in `lang` with all typefaces embedded and searchable text. The first two
    pages are the summary, one where nobody came; without `has_annex` they are all. `ahead` is the next open date.
    Figures that the hall does not use are left out."""
    told = [finding.markup for finding in findings(read, lang)]
    read = replace(read, figures=used_figures(read.figures, read.coded))
    hall = named(read.setup.hall.name, read.setup.hall.name_en, lang)
    title = tr(lang, "Daily report")
    sheet = Sheet(f"{hall} · {title} · {read.day.isoformat()}", hall, lang)

    def chapter(of: str, series: str = "") -> Chapter:
        return Chapter(day_head(read, lang, hall, of), series)

    attended = [*fallen_markups(printed_by, lang), *told]
    first = _first_page(read, lang, day_head(read, lang, hall, title), attended)
    proofs = [*proof(read.figures, read.anchor, lang), *former_lines(printed_by, read.setup, read.anchor, lang)]
    proofs = [*_added_lines(read, lang), *proofs]
    if read.figures["issued"]:
        second = _second_page(read, lang, chapter(title), ahead, [*first.left, *proofs])
    else:
        second = Part([*first.left, *proofs])
    annex = _annex_chapters(read, lang, chapter, ahead, [*first.cut, *second.cut]) if has_annex else []
    return sheet.flow(
        [*first.blocks, *second.blocks, *annex],
        footer(read.setup, read.anchor, read.local_now, lang, printed_by),
    )


def _added_lines(read: DayReport, lang: str) -> list[Block]:
    """Return what features say of the date, a line each."""
    return [Prose(escape(one(lang)), 9.0, WIDTH, leading=1.4).block(gap=4) for one in read.added]


class Part(Struct, frozen=True):
    """A page of the summary; what it had no room for: `left` for the next page, `cut` for the annex."""

    blocks: list[Block]
    left: list[Block] = []
    cut: list[Block] = []


# -- the page to glance at ---------------------------------------------------------------------------------------------


def _first_page(read: DayReport, lang: str, head: Block, attended: Sequence[str]) -> Part:
    """Return the first page with the sentences `attended`, its chart as high as the page has room for. What has no room
    goes in this order: the line of what is left out, notes, the ribbon, services. A day on which nobody came has
    neither chart nor tables."""
    figures = read.figures
    quiet = (
        tr(lang, "Nothing unusual against this hall's targets.")
        if figures["issued"]
        else tr(lang, "No ticket was issued on this day.")
    )
    top = [
        head,
        four_figures(figures, lang, read.late, is_running=read.is_running),
        *target_lines(figures, lang, is_running=read.is_running),
        attention(attended, quiet, tr(lang, "Worth your attention")),
    ]
    out = left_out(figures, lang)
    if not figures["issued"]:
        return Part(top, out)
    rated = ratings_and_fairness(figures, lang)
    lanes = len(read.ribbon.lanes)
    least, most = least_height(lanes, PAGE), ribbon_height(lanes, PAGE, pitch=MOST_PITCH)
    for notes, last in ((NOTES[0], out), *((count, []) for count in NOTES)):
        after = [*notes_block(read.notes, lang, dated=False, most=notes), *services(read, lang), rated, *last]
        room = ROOM - used(top) - used(after) - RIBBON_GAP
        page = fitted([*top, ribbon_block(read, lang, min(most, max(least, room))), *after])
        if used(page) <= ROOM:
            return Part(page, [] if last else out)
    chart = by_half_hour(half_hours(figures, lang), lang, PANEL)
    picture = min(ribbon_block(read, lang, least), chart, key=lambda block: block.height)
    around = fitted([*top, picture, rated], ROOM - ROW_HEIGHT * (FEWEST_ROWS + 4))
    all_services = services(read, lang)
    rows = len(figures["services"]) - ceil((used([*around, *all_services]) + ROW_HEIGHT - ROOM) / ROW_HEIGHT)
    if rows >= len(figures["services"]):
        return Part([*around[:-1], *all_services, around[-1]], out)
    return Part([*around[:-1], *services(read, lang, max(FEWEST_ROWS, rows)), around[-1]], out, all_services)


def ribbon_block(read: DayReport, lang: str, height: float) -> Block:
    """Return the date as its ribbon, `height` points high."""
    ribbon = replace(read.ribbon, notes=_timed_notes(read, lang))

    def draw(sheet: Sheet, y: float) -> None:
        words = ribbon_words(ribbon, read.day, lang)
        draw_marks(sheet, lay_out_ribbon(ribbon, words, PAGE, Rect(LEFT, y, RIGHT - LEFT, height)).marks)

    return Block(height, draw, gap=RIBBON_GAP)


def _timed_notes(read: DayReport, lang: str) -> list[Note]:
    """Return the notes of the date that say a time, each by the letter that it has below."""
    return [
        Note(note.start, note.end if note.end is not None else note.start, letter, letter)
        for letter, note in lettered(read.notes)
        if note.start is not None
    ]


# -- the second page: half-hours, windows, the longest waits, the next open date -------------------------------------

APART = 26.0
LEFT_WIDTH = 196.0
SIDE = Place(LEFT + LEFT_WIDTH + APART, RIGHT - LEFT - LEFT_WIDTH - APART)
LOWEST_ROW = 10.2


def _second_page(read: DayReport, lang: str, chapter: Chapter, ahead: StaffingDay | None, last: list[Block]) -> Part:
    """Return the second page with `last` at its end; windows that it has no room for are in the annex."""
    head = chapter.start()
    tomorrow = _next_day(read, ahead, lang) if ahead else []
    room = ROOM - head.height - used(tomorrow) - used(last) - 20
    left = _half_hours_table(read.figures["hours"], lang, room)
    waits = read.figures.get("measures", {}).get("longest_waits")
    windows, below, beside_them, cut = (
        _windows_table(read, lang),
        longest_waits(waits, lang),
        list[Block](),
        list[Block](),
    )
    if max(used(left), used(windows)) + used(below) > room:  # in half the width their reasons may be cut
        below, beside_them = [], longest_waits(waits, lang, SIDE)
    if used(windows) + used(beside_them) > room:
        rows = int((room - used(beside_them) - used(windows[:2]) - ROW_HEIGHT) / ROW_HEIGHT)
        windows, cut = _windows_table(read, lang, max(FEWEST_ROWS, rows)), _windows_table(read, lang, place=FULL)
    right = [*windows, *beside_them]
    page = [head, *beside(left, right, above=head.height + 20), *below, *tomorrow, *last]
    picture = windows_picture(trimmed(ahead), lang) if ahead else []
    if picture and used(page) + used(picture) <= ROOM:
        at = len(page) - len(last)
        page = [*page[:at], *picture, *page[at:]]
    return Part(fitted(page), cut=cut)


def _half_hours_table(rows: Sequence[Mapping[str, Any]], lang: str, room: float) -> list[Block]:
    """Return the half-hours in at most `room` points: a day around the clock has lower rows."""
    if not rows:
        return []
    fields = [
        Field(tr(lang, "From", context="report"), is_text=True),
        Field(tr(lang, "Issued", context="report")),
        Field(tr(lang, "Calls", context="report")),
        Field(tr(lang, "Wait, min")),
        Field(tr(lang, "Windows", context="report")),
    ]
    cells = [
        [
            half_hour_start(name, lang),
            whole(row["arrivals"]),
            whole(row["calls"]),
            decimal(row["mean_wait"]),
            whole(row["open_windows"]),
        ]
        for name, row in named_rows(rows)
    ]
    place = Place(LEFT, LEFT_WIDTH)
    meaning = line(tr(lang, "Calls count each step; windows, all that were open at some time."), place)
    fitting = (room - 34 - meaning.height - meaning.gap) / len(cells)
    height = max(LOWEST_ROW, min(ROW_HEIGHT, fitting))
    return [heading(tr(lang, "By half-hour")), *grid(fields, cells, place, row_height=height), meaning]


def _windows_table(read: DayReport, lang: str, most: int | None = None, place: Place = SIDE) -> list[Block]:
    """Return what each window did, or the `most` that finished most; one that never opened has no row."""
    used_windows = [row for row in read.figures["windows"] if row["open_minutes"] or row["finished"]]
    rows = busiest(used_windows, "finished", most)
    if not rows:
        return []
    fields = [
        Field(tr(lang, "Window", context="report"), is_text=True),
        Field(tr(lang, "Staff", context="report"), is_text=True),
        Field(tr(lang, "Finished", context="report")),
        Field(tr(lang, "Open", context="window time")),
        Field(tr(lang, "Paused", context="window time")),
        Field(tr(lang, "Serving", context="report")),
        Field(tr(lang, "Handling", context="report")),
    ]
    cells = []
    for row in rows:
        at = read.at_windows.get(row["code"])
        serving, opened = row["serving_minutes"], row["open_minutes"]
        known = serving is not None and opened
        cells.append(
            [
                row["code"],
                _clerk_names(read, at.staff if at else (), lang),
                whole(row["finished"]),
                whole(opened),
                whole(row["paused_minutes"]),
                f"{100 * serving / opened:.0f} %" if known else UNKNOWN,
                decimal(at.handling if at else None),
            ]
        )
    unit = tr(lang, "minutes; serving: share of open time, pauses included")
    table = [heading(tr(lang, "By window"), unit, place), *grid(fields, cells, place)]
    more = len(used_windows) - len(rows)
    said = ntr(lang, "{n} more window is in the annex.", "{n} more windows are in the annex.", more)
    return [*table, line(said, place)] if more else table


def _clerk_names(read: DayReport, staff: Sequence[str], lang: str) -> str:
    """Return who sat there: the first by name, and how many more."""
    if not staff:
        return UNKNOWN
    first = read.coded.staff(staff[0], lang)
    more = len(staff) - 1
    return f"{first} +{more}" if more else first


# The next open date: who is expected and how many windows that needs, or that nobody can say yet.


def next_day(desk: Desk, read: DayReport) -> StaffingDay | None:
    """Return what the next open date needs; None if none is near, it is over itself, nobody came on the day, or the
    hall asks for no forecast. It learns from the dates up to the day of the report, including that one once it is
    over."""
    if not read.figures["issued"] or not read.setup.uses("windows_needed"):
        return None
    last = read.day if _is_over(read) else read.day - timedelta(days=1)
    day = staffing_after(desk, read.day, last)
    return None if day is None or day.date < business_date(read.setup, read.now) else day


def _next_day(read: DayReport, found: StaffingDay, lang: str) -> list[Block]:
    """Return what the next open date needs, in sentences; with too few days to learn from, one that says so."""
    title = heading(tr(lang, "The next day"), day_report(found.date, lang))
    if not found.forecast.is_known:
        return [title, line(escape(words.rests_on(found, lang)), size=8.8, gap=2)]
    sentences = staffing_sentences(read.setup, found, lang)
    return [title, replace(sentences, gap=2)]


def _is_over(read: DayReport) -> bool:
    """Whether nobody will come any more: the date has passed, or everybody is gone and every service has closed."""
    local = read.local_now
    now_min = (local.date() - read.day).days * 1440 + local.hour * 60 + local.minute
    if business_date(read.setup, read.now) > read.day:
        return True
    closes = max(
        (end for one in read.setup.services.values() for _start, end in hours_on(read.setup, one, read.day)), default=0
    )
    return not read.is_running and now_min >= closes


# -- half-hours ------------------------------------------------------------------------------------------------------


def half_hours(
    figures: Mapping[str, Any], lang: str, letters: Sequence[tuple[float, str]] = (), running: int | None = None
) -> Chart:
    """Return waits over tickets by half-hours; `letters` are the notes', `running` is the unfinished half-hour."""
    rows, target = figures["hours"], figures["wait"]["target_minutes"]
    return WaitsOverTickets(
        line_title=tr(lang, "Mean wait, minutes"),
        bar_title=tr(lang, "Tickets issued"),
        line=[row["mean_wait"] for row in rows],
        bars=[row["arrivals"] for row in rows],
        labels=hour_labels([name for name, _row in named_rows(rows)]),
        target=target,
        target_text="" if target is None else tr(lang, "target {minutes} min", minutes=target, context="chart"),
        letters=letters,
        running=running,
        has_figures=True,
    ).chart()


def by_half_hour(chart: Chart, lang: str, panel: float) -> Block:
    """Return the chart of half-hours under its heading."""
    height = chart_height(chart, panel)

    def draw(sheet: Sheet, y: float) -> None:
        sheet.text(LEFT, y + 9, tr(lang, "By half-hour"), HEADING, bold=True)
        draw_chart(sheet, y + 14, height, chart)

    return Block(14 + height, draw, gap=16)


# -- the annex: details, measures, what is for managers only, definitions ----------------------------------------------

SMALL = 8.4
Titled = Callable[[str, str], Chapter]
"""Makes a chapter from its title and its series of page numbers."""


def _annex_chapters(
    read: DayReport,
    lang: str,
    chapter: Titled,
    ahead: StaffingDay | None,
    cut: Sequence[Block],
) -> list[Block]:
    """Return the chapters behind the summary; `cut` are the tables that the summary had to shorten. A day without
    visitors has at most the notes on quality."""
    series, figures = tr(lang, "Annex"), read.figures
    quality = quality_blocks(figures, lang)
    of_quality = tr(lang, "Quality", context="report")
    if not figures["issued"]:
        return [chapter(of_quality, series).start(), *quality] if quality else []
    details = [chapter(tr(lang, "Details", context="report"), series).start(), *cut, *_detail_blocks(read, lang)]
    if quality:
        details += [_chapter_heading(of_quality), *quality]
    if ahead is not None and ahead.forecast.is_known:
        details += _next_day_rows(ahead, lang)
    measures = tr(lang, "Measures", context="report")
    if not figures.get("measures"):
        blocks = details
    elif used(details) < LEAST_FILLED * (BOTTOM - TOP):
        blocks = measures_pages(figures, read.coded, lang, [*details, _chapter_heading(measures)], is_day=True)
    else:
        begun = [chapter(measures, series).start()]
        blocks = [*details, *measures_pages(figures, read.coded, lang, begun, is_day=True)]
    managers = managers_page(figures, read.coded, lang, replace(chapter(title(lang), title(lang)), for_wall=False))
    return [
        *blocks,
        *managers,
        _chapter_heading(tr(lang, "Definitions", context="report")),
        *definition_rows(figures, lang),
    ]


def _chapter_heading(title: str) -> Block:
    """Return the title of a chapter that goes on below another one."""
    return heading(title, gap=26)


def _detail_blocks(read: DayReport, lang: str) -> list[Block]:
    """Return overtakes beside pauses, equipment, checks at opening, the backup, what the figures leave out."""
    figures, coded = read.figures, read.coded
    measures = figures.get("measures", {})
    left = sections.overtakes(figures, coded, lang, LEFT_HALF)
    right = sections.pauses(measures.get("pauses"), coded, lang, RIGHT_HALF if left else LEFT_HALF)
    return [
        *beside(left, right, above=0),
        *sections.devices(measures.get("devices"), lang),
        *opening_checks(read, lang),
        *backup_line(read, lang),
        *quality_line(figures, lang),
        left_out_box(figures, lang, has_paper=read.setup.uses("paper_days")),
    ]


def opening_checks(read: DayReport, lang: str) -> list[Block]:
    """Return the checks of the date and the waivers with their reasons; nothing if there was neither."""
    if not (read.checks or read.waivers) or not read.setup.uses("equipment"):
        return []
    passed = [_device_and_checker(read, check, lang) for check in read.checks if check.passed]
    lines = [tr(lang, "Works: {devices}", devices=tr(lang, "; ", context="clauses").join(passed))] if passed else []
    lines += [_failed_check(read, check, lang) for check in read.checks if not check.passed]
    lines += [_waived_check(read, waiver, lang) for waiver in read.waivers]
    blocks = [Prose(escape(line), SMALL, WIDTH, colour=INK2, leading=1.5).block(gap=1) for line in lines]
    return together([heading(tr(lang, "Checks at opening")), *blocks])


def _device_and_checker(read: DayReport, one: Check, lang: str) -> str:
    by = names.staff_name(read.setup, one.by, lang)
    name = checked_name(one.device, one.station, lang)
    return tr(lang, "{device} ({time}, {name})", device=name, time=_time_text(read, one), name=by)


def _failed_check(read: DayReport, one: Check, lang: str) -> str:
    told = {"device": _device_and_checker(read, one, lang), "cause": found_words(one.cause, lang)}
    later = (check for check in read.checks if (check.device, check.station) == (one.device, one.station))
    if any(each.passed and each.time > one.time for each in later):
        return tr(lang, "Did not work at first: {device}, {cause}", **told)
    return tr(lang, "Does not work: {device}, {cause}", **told)


def _waived_check(read: DayReport, one: Waiver, lang: str) -> str:
    return tr(
        lang,
        "Window {window} opened at {time} by {name} without {devices}: {reason}",
        window=one.window,
        time=_time_text(read, one),
        name=names.staff_name(read.setup, one.by, lang),
        devices=missing_names(one.missing, lang),
        reason=reason_words(one.reason, lang),
    )


def _time_text(read: DayReport, one: Check | Waiver) -> str:
    return time_hm(read.setup.local(one.time))


def left_out_box(figures: Mapping[str, Any], lang: str, *, has_paper: bool = True) -> Block:
    """Return what the figures leave out, in a box; that no paper was entered is said where the hall `has_paper`."""
    out = {row["what"]: row["n"] for row in figures["left_out"]}
    parts = [left_out_text(what, n, lang) for what, n in out.items()]
    none = [
        tr(lang, "no paper tickets were entered later") if has_paper and not out.get("paper_unpromised") else "",
        tr(lang, "none was left open overnight") if not out.get("inaccurate") else "",
    ]
    said = sentence([*parts, *(text for text in none if text)], lang)
    prose = Prose(tr(lang, "<b>What these figures leave out:</b> {what}", what=said), 8.4, WIDTH - 24, leading=1.55)

    def draw(sheet: Sheet, y: float) -> None:
        sheet.box(LEFT, y, WIDTH, prose.height + 18, fill=PAPER)
        prose.draw(sheet, LEFT + 12, y + 9)

    return Block(prose.height + 18, draw, gap=16)


def _next_day_rows(found: StaffingDay, lang: str) -> list[Block]:
    """Return the next open date half-hour by half-hour."""
    rests = [tr(lang, "By the roster at the time of printing.")] if found.has_roster else []
    title = heading(tr(lang, "The next day"), day_report(found.date, lang), gap=26)
    return [title, *staffing_figures(trimmed(found), lang), small_print(rests, lang)]


def trimmed(found: StaffingDay) -> StaffingDay:
    """Return it without half-hours at both ends where nobody is expected, needed or planned."""
    there = [
        i
        for i, hour in enumerate(found.half_hours)
        if hour.needed or hour.planned or (hour.people is not None and hour.people.high)
    ]
    return replace(found, half_hours=found.half_hours[there[0] : there[-1] + 1]) if there else found
