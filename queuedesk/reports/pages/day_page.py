"""The report of a day: a summary of at most two pages, and behind it the annex for whoever asks for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from math import ceil
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from queuedesk.core.charts.chart import Chart, Note, Rect
from queuedesk.core.charts.ribbon import MOST_PITCH, lay_out_ribbon, least_height, ribbon_height
from queuedesk.core.charts.waits import WaitsOverTickets, hour_labels
from queuedesk.core.figures.comparing import named_rows
from queuedesk.core.queue.hallday import business_date, hours_on
from queuedesk.core.staffing.day import StaffingDay
from queuedesk.core.talk.opening_checks import Check, Waiver
from queuedesk.desk.change import Desk
from queuedesk.desk.staffing.forecasting import staffing_after
from queuedesk.i18n import day_report, named, names, ntr, time_hm, tr
from queuedesk.i18n.figures.ribbon_words import ribbon_words
from queuedesk.i18n.moments import half_hour_start
from queuedesk.i18n.numerals import UNKNOWN, decimal, whole
from queuedesk.i18n.queue.line_words import reason_words
from queuedesk.i18n.staffing import staffing_words as words
from queuedesk.i18n.talk import checked_name, found_words, missing_names
from queuedesk.reports.draw.charts import PAGE, chart_height, draw_chart, draw_marks
from queuedesk.reports.draw.grids import FULL, WIDTH, Field, Place, beside, fitted, grid, heading, line, together
from queuedesk.reports.draw.head_and_foot import Maker, day_head, footer, four_figures
from queuedesk.reports.draw.markup import escape
from queuedesk.reports.draw.pdf import (
    BOTTOM,
    INK2,
    LEAST_FILLED,
    LEFT,
    PAPER,
    RIGHT,
    ROW_HEIGHT,
    TOP,
    Block,
    Chapter,
    Sheet,
    used,
)
from queuedesk.reports.draw.prose import Prose
from queuedesk.reports.figures.day import DayRead
from queuedesk.reports.figures.definitions import definition_rows
from queuedesk.reports.figures.figure_words import left_out_text, sentence
from queuedesk.reports.figures.findings import findings
from queuedesk.reports.figures.used import used_figures
from queuedesk.reports.kept.page_lines import backup_line, fallen_markups, former_lines
from queuedesk.reports.pages import measures_tables
from queuedesk.reports.pages.annex import managers_page, measures_pages, title
from queuedesk.reports.pages.measures_tables import LEFT_HALF, RIGHT_HALF, longest_waits
from queuedesk.reports.pages.quality_page import quality_blocks, quality_line
from queuedesk.reports.pages.sections import (
    HEADING,
    attention,
    busiest,
    left_out,
    lettered,
    notes_block,
    proof,
    ratings_and_fairness,
    services,
)
from queuedesk.reports.pages.verdicts import target_lines
from queuedesk.reports.papers.staffing_page import small_print, staffing_figures, staffing_sentences, windows_picture

ROOM = BOTTOM - TOP
RIBBON_GAP = 16.0
PANEL = 100.0
"""The height of the chart of half-hours where the ribbon of a hall with very many windows has no room, in points."""
FEWEST_ROWS = 3
"""So many rows a table keeps at least that the summary has no room for."""
NOTES = (12, 4, 0)
"""How many notes stand on the first page: as many as leave room for the figures."""


def day_pdf(
    read: DayRead, lang: str, printed_by: Maker, ahead: StaffingDay | None = None, *, has_annex: bool = True
) -> bytes:
    """Return the report of a day as a PDF in `lang` with all typefaces embedded and searchable text.

    The first two pages are the summary, one where nobody came; without `has_annex` they are all. `ahead` is the next
    open date. Figures that the hall does not use are left out.
    """
    told = [one.markup for one in findings(read, lang)]
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
    annex = _annex(read, lang, chapter, ahead, [*first.cut, *second.cut]) if has_annex else []
    return sheet.flow(
        [*first.blocks, *second.blocks, *annex],
        footer(read.setup, read.anchor, read.local_now, lang, printed_by),
    )


def _added_lines(read: DayRead, lang: str) -> list[Block]:
    """Return what features say of the date, a line each."""
    return [Prose(escape(one(lang)), 9.0, WIDTH, leading=1.4).block(gap=4) for one in read.added]


class Part(Struct, frozen=True):
    """A page of the summary; what it had no room for: `left` for the next page, `cut` for the annex."""

    blocks: list[Block]
    left: list[Block] = []
    cut: list[Block] = []


# -- the page to glance at ---------------------------------------------------------------------------------------------


def _first_page(read: DayRead, lang: str, head: Block, attended: Sequence[str]) -> Part:
    """Return the first page with the sentences `attended`, its chart as high as the page has room for.

    What has no room goes in this order: the line of what is left out, notes, the ribbon, services. A day on which
    nobody came has neither chart nor tables.
    """
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


def ribbon_block(read: DayRead, lang: str, height: float) -> Block:
    """Return the date as its ribbon, `height` points high."""
    ribbon = replace(read.ribbon, notes=_notes(read, lang))

    def draw(sheet: Sheet, y: float) -> None:
        words = ribbon_words(ribbon, read.day, lang)
        draw_marks(sheet, lay_out_ribbon(ribbon, words, PAGE, Rect(LEFT, y, RIGHT - LEFT, height)).marks)

    return Block(height, draw, gap=RIBBON_GAP)


def _notes(read: DayRead, lang: str) -> list[Note]:
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


def _second_page(read: DayRead, lang: str, chapter: Chapter, ahead: StaffingDay | None, last: list[Block]) -> Part:
    """Return the second page with `last` at its end; windows that it has no room for are in the annex."""
    head = chapter.start()
    tomorrow = _next_day(read, ahead, lang) if ahead else []
    room = ROOM - head.height - used(tomorrow) - used(last) - 20
    left = _half_hours_table(read.figures["hours"], lang, room)
    waits = read.figures.get("measures", {}).get("longest_waits")
    windows, below, beside_them, cut = _windows(read, lang), longest_waits(waits, lang), list[Block](), list[Block]()
    if max(used(left), used(windows)) + used(below) > room:  # in half the width their reasons may be cut
        below, beside_them = [], longest_waits(waits, lang, SIDE)
    if used(windows) + used(beside_them) > room:
        rows = int((room - used(beside_them) - used(windows[:2]) - ROW_HEIGHT) / ROW_HEIGHT)
        windows, cut = _windows(read, lang, max(FEWEST_ROWS, rows)), _windows(read, lang, place=FULL)
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


def _windows(read: DayRead, lang: str, most: int | None = None, place: Place = SIDE) -> list[Block]:
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
                _clerks(read, at.staff if at else (), lang),
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


def _clerks(read: DayRead, staff: Sequence[str], lang: str) -> str:
    """Return who sat there: the first by name, and how many more."""
    if not staff:
        return UNKNOWN
    first = read.coded.staff(staff[0], lang)
    more = len(staff) - 1
    return f"{first} +{more}" if more else first


# The next open date: who is expected and how many windows that needs, or that nobody can say yet.


def next_day(desk: Desk, read: DayRead) -> StaffingDay | None:
    """Return what the next open date needs; None if none is near, it is over itself, nobody came on the day, or the
    hall asks for no forecast. It learns from the dates up to the day of the report, including that one once it is
    over."""
    if not read.figures["issued"] or not read.setup.uses("windows_needed"):
        return None
    last = read.day if _is_over(read) else read.day - timedelta(days=1)
    found = staffing_after(desk, read.day, last)
    return None if found is None or found.date < business_date(read.setup, read.now) else found


def _next_day(read: DayRead, found: StaffingDay, lang: str) -> list[Block]:
    """Return what the next open date needs, in sentences; with too few days to learn from, one that says so."""
    title = heading(tr(lang, "The next day"), day_report(found.date, lang))
    if not found.forecast.is_known:
        return [title, line(escape(words.rests_on(found, lang)), size=8.8, gap=2)]
    sentences = staffing_sentences(read.setup, found, lang)
    return [title, replace(sentences, gap=2)]


def _is_over(read: DayRead) -> bool:
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
    """Return waits over tickets by half-hours; `letters` are those of notes, `running` is the half-hour that is not
    over yet."""
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


def _annex(
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
        details += _next_day_rows(ahead, lang)
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
    left = measures_tables.overtakes(figures, coded, lang, LEFT_HALF)
    right = measures_tables.pauses(measures.get("pauses"), coded, lang, RIGHT_HALF if left else LEFT_HALF)
    return [
        *beside(left, right, above=0),
        *measures_tables.devices(measures.get("devices"), lang),
        *opening_checks(read, lang),
        *backup_line(read, lang),
        *quality_line(figures, lang),
        left_out_box(figures, lang, has_paper=read.setup.uses("paper_days")),
    ]


def opening_checks(read: DayRead, lang: str) -> list[Block]:
    """Return the checks of the date and the waivers with their reasons; nothing if there was neither."""
    if not (read.checks or read.waivers) or not read.setup.uses("equipment"):
        return []
    passed = [_named(read, one, lang) for one in read.checks if one.passed]
    lines = [tr(lang, "Works: {devices}", devices=_joined(passed, lang))] if passed else []
    lines += [_failed(read, one, lang) for one in read.checks if not one.passed]
    lines += [_waived(read, one, lang) for one in read.waivers]
    blocks = [Prose(escape(line), SMALL, WIDTH, colour=INK2, leading=1.5).block(gap=1) for line in lines]
    return together([heading(tr(lang, "Checks at opening")), *blocks])


def _named(read: DayRead, one: Check, lang: str) -> str:
    by = names.staff_name(read.setup, one.by, lang)
    name = checked_name(one.device, one.station, lang)
    return tr(lang, "{device} ({time}, {name})", device=name, time=_time(read, one), name=by)


def _failed(read: DayRead, one: Check, lang: str) -> str:
    told = {"device": _named(read, one, lang), "cause": found_words(one.cause, lang)}
    later = (each for each in read.checks if (each.device, each.station) == (one.device, one.station))
    if any(each.passed and each.time > one.time for each in later):
        return tr(lang, "Did not work at first: {device}, {cause}", **told)
    return tr(lang, "Does not work: {device}, {cause}", **told)


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
    """Return it without the half hours at both ends in which nobody is expected, needed or planned: some halls never
    close."""
    there = [
        i
        for i, one in enumerate(found.half_hours)
        if one.needed or one.planned or (one.people is not None and one.people.high)
    ]
    return replace(found, half_hours=found.half_hours[there[0] : there[-1] + 1]) if there else found
