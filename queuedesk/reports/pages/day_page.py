"""The report of a day: a page to glance at, its details, then measures, definitions and what is for managers only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from msgspec.structs import replace

from queuedesk.core.charts.chart import Chart, Note
from queuedesk.core.charts.marks import Rect
from queuedesk.core.charts.ribbon_layout import MOST_PITCH, lay_out_ribbon, least_height, ribbon_height
from queuedesk.core.charts.waits import WaitsOverTickets, hour_labels
from queuedesk.core.queue.hallday import business_date, hours_on
from queuedesk.core.staffing.day import StaffingDay
from queuedesk.core.talk.opening_checks import Check, Waiver
from queuedesk.desk.change import Desk
from queuedesk.desk.staffing.forecasting import staffing_after
from queuedesk.i18n import day_report, named, names, time_hm, tr
from queuedesk.i18n.figures.ribbon_words import ribbon_words
from queuedesk.i18n.numerals import UNKNOWN, decimal, whole
from queuedesk.i18n.queue.reasons import reason_words
from queuedesk.i18n.staffing import staffing_words as words
from queuedesk.i18n.talk.talk_words import checked_name, found_words, missing_names
from queuedesk.reports.draw.charts import PAGE, chart_height, draw_chart, draw_marks
from queuedesk.reports.draw.grids import WIDTH, Field, Place, beside, fitted, grid, heading, line, together
from queuedesk.reports.draw.head_and_foot import Maker, day_head, footer, four_figures, head
from queuedesk.reports.draw.markup import escape
from queuedesk.reports.draw.pdf import BOTTOM, INK2, LEFT, PAPER, RIGHT, ROW_HEIGHT, TOP, Block, Chapter, Sheet, used
from queuedesk.reports.draw.prose import Prose
from queuedesk.reports.figures.day import DayRead
from queuedesk.reports.figures.figure_words import left_out_text, sentence
from queuedesk.reports.figures.findings import findings
from queuedesk.reports.kept.page_lines import backup_line, fallen_markups, former_lines
from queuedesk.reports.pages import measures_tables
from queuedesk.reports.pages.annex import annex
from queuedesk.reports.pages.quality_page import quality_line, quality_pages
from queuedesk.reports.pages.sections import (
    HEADING,
    attention,
    left_out,
    lettered,
    notes_block,
    proof,
    ratings_and_fairness,
    services,
)
from queuedesk.reports.pages.verdicts import target_lines
from queuedesk.reports.papers.staffing_page import small_print, staffing_blocks

# The second page of a day: half-hours, windows, overtakes, pauses, the longest waits, equipment, and what the figures
# leave out.

# What was checked before the hall opened, and windows that opened without: lines under a day's equipment.

SIZE = 8.4


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


APART = 26.0
LEFT_WIDTH = 196.0
SIDE = Place(LEFT + LEFT_WIDTH + APART, RIGHT - LEFT - LEFT_WIDTH - APART)
LOWEST_ROW = 11.4


def details(read: DayRead, lang: str, chapter: Chapter) -> list[Block]:
    """Return the page's blocks, its head first."""
    figures, names = read.figures, read.coded
    measures = figures.get("measures", {})
    head, box = chapter.start(), left_out_box(figures, lang)
    room = BOTTOM - TOP - head.height - 20
    left = _half_hours_table(figures["hours"], lang, room - box.gap - box.height)
    right = [
        *_windows(read, lang),
        *measures_tables.overtakes(measures.get("overtakes"), figures.get("rules"), names, lang, SIDE),
    ]
    # What would make one column far longer than the other stands in the shorter one, or under both over the whole
    # width.
    pauses, waits = measures.get("pauses"), measures.get("longest_waits")
    beneath = measures_tables.longest_waits(waits, lang)
    if used(right) > used(left):
        beneath = [*measures_tables.pauses(pauses, names, lang), *beneath]
    else:
        right += measures_tables.pauses(pauses, names, lang, SIDE)
        if used(left) - used(right) > used(beneath):
            right += measures_tables.longest_waits(waits, lang, SIDE)
            beneath = []
    below = [
        *beneath,
        *measures_tables.devices(measures.get("devices"), lang),
        *opening_checks(read, lang),
        *backup_line(read, lang),
        *quality_line(figures, lang),
        box,
    ]
    return fitted([head, *beside(left, right, above=head.height + 20), *below])


def _half_hours_table(rows: Sequence[Mapping[str, Any]], lang: str, room: float) -> list[Block]:
    """Return the half-hours; a day around the clock still fits on its page."""
    if not rows:
        return []
    fields = [
        Field(tr(lang, "From", context="report"), is_text=True),
        Field(tr(lang, "Issued", context="report")),
        Field(tr(lang, "Called", context="report")),
        Field(tr(lang, "Wait, min")),
        Field(tr(lang, "Windows", context="report")),
    ]
    cells = [
        [
            f"{int(row['from'][:2])}{row['from'][2:]}",
            whole(row["arrivals"]),
            whole(row["calls"]),
            decimal(row["mean_wait"]),
            whole(row["open_windows"]),
        ]
        for row in rows
    ]
    fitting = (room - 34) / len(cells)
    height = max(LOWEST_ROW, min(ROW_HEIGHT, fitting))
    return [
        heading(tr(lang, "By half-hour")),
        *grid(fields, cells, Place(LEFT, LEFT_WIDTH), row_height=height),
    ]


def _windows(read: DayRead, lang: str) -> list[Block]:
    """Return what each window did; one that never opened has no row."""
    rows = [row for row in read.figures["windows"] if row["open_minutes"] or row["finished"]]
    if not rows:
        return []
    fields = [
        Field(tr(lang, "Window", context="report"), is_text=True),
        Field(tr(lang, "Clerk", context="report"), is_text=True),
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
    unit = tr(lang, "times in minutes")
    return [
        heading(tr(lang, "By window"), unit, SIDE),
        *grid(fields, cells, SIDE),
    ]


def _clerks(read: DayRead, staff: Sequence[str], lang: str) -> str:
    """Return who sat there: the first by name, and how many more."""
    if not staff:
        return UNKNOWN
    first = read.coded.staff(staff[0], lang)
    more = len(staff) - 1
    return f"{first} +{more}" if more else first


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


# The next open date behind a day's report: who is expected and how many windows that needs, or that nobody can say
# yet.


def next_day(desk: Desk, read: DayRead) -> StaffingDay | None:
    """Return what the next open date needs; None if none is near, it is over itself, or nobody came on the day. It
    learns from the dates up to the day of the report, including that one once it is over."""
    if not read.figures["issued"]:
        return None
    last = read.day if _is_over(read) else read.day - timedelta(days=1)
    found = staffing_after(desk, read.day, last)
    return None if found is None or found.date < business_date(read.setup, read.now) else found


def next_day_blocks(read: DayRead, found: StaffingDay, lang: str) -> list[Block]:
    """Return a page of its own; with too few days to learn from, one sentence at the end of the page before."""
    title, day = tr(lang, "The next day"), day_report(found.date, lang)
    if not found.forecast.is_known:
        return [heading(title, day), line(escape(words.rests_on(found, lang)), size=8.8, gap=2)]
    hall = named(read.setup.hall.name, read.setup.hall.name_en, lang)
    kind = words.pay_day_text(found.forecast.pay_day, lang)
    facts = [text for text in (kind, words.goal_text(found.goal, lang)) if text]
    rests = [tr(lang, "By the roster as it stood when this was printed.")] if found.has_roster else []
    page = [*staffing_blocks(read.setup, _trimmed(found), lang), small_print(rests, lang)]
    return fitted([Chapter(head(hall, title, day, facts)).start(), *page])


def _trimmed(found: StaffingDay) -> StaffingDay:
    """Return it without the half hours at both ends in which nobody is expected, needed or planned: some halls never
    close."""
    there = [
        i
        for i, one in enumerate(found.half_hours)
        if one.needed or one.planned or (one.people is not None and one.people.high)
    ]
    return replace(found, half_hours=found.half_hours[there[0] : there[-1] + 1]) if there else found


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


def day_pdf(read: DayRead, lang: str, printed_by: Maker, ahead: StaffingDay | None = None) -> bytes:
    """Return the report of a day as a PDF in `lang` with all typefaces embedded and searchable text.

    The pages for the wall are numbered together, with what is `ahead` as the last of them; measures and definitions
    follow as an annex, and the managers' page comes last.
    """
    hall = named(read.setup.hall.name, read.setup.hall.name_en, lang)
    title = tr(lang, "Daily report")
    figures = read.figures
    quiet = (
        tr(lang, "Nothing stands out against this hall's targets.")
        if figures["issued"]
        else tr(lang, "No ticket was issued on this day.")
    )
    sheet = Sheet(f"{hall} · {title} · {read.day.isoformat()}", hall, lang)
    before = [
        day_head(read, lang, hall, title),
        four_figures(figures, lang, read.late, is_running=read.is_running),
        *target_lines(figures, lang, is_running=read.is_running),
        attention(
            [*fallen_markups(printed_by, lang), *(f.markup for f in findings(read, lang))],
            quiet,
            tr(lang, "Worth your attention"),
        ),
    ]
    after = [
        *notes_block(read.notes, lang, dated=False),
        *services(read, lang),
        ratings_and_fairness(figures, lang),
    ]
    proofs = [*proof(figures, read.anchor, lang), *former_lines(printed_by, read.setup, read.anchor, lang)]
    return sheet.flow(
        [*_glance(read, lang, before, after, proofs), *_further(read, lang, hall, ahead, proofs)],
        footer(read.setup, read.anchor, read.local_now, lang, printed_by),
    )


def _glance(read: DayRead, lang: str, before: list[Block], after: list[Block], proofs: list[Block]) -> list[Block]:
    """Return the first page, its chart as high as the page has room for.

    What the figures leave out stands in a box on the second page too: where it finds no room it is left to that.
    A day on which nobody came has neither chart nor tables.
    """
    out = left_out(read.figures, lang)
    if not read.figures["issued"]:
        return [*before, *out, *proofs]
    lanes = len(read.ribbon.lanes)
    least, most = least_height(lanes, PAGE), ribbon_height(lanes, PAGE, pitch=MOST_PITCH)
    for below in ([*after, *out], after):
        room = BOTTOM - TOP - used(before) - used(below) - RIBBON_GAP
        page = fitted([*before, ribbon_block(read, lang, min(most, max(least, room))), *below])
        if used(page) <= BOTTOM - TOP:
            return page
    return [*before, ribbon_block(read, lang, least), *after, *out]


RIBBON_GAP = 16.0


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


def _further(read: DayRead, lang: str, hall: str, ahead: StaffingDay | None, proofs: list[Block]) -> list[Block]:
    """Return the pages behind the first; a day on which nobody came has that of quality alone, if anything."""

    def chapter(title: str, series: str = "") -> Chapter:
        return Chapter(day_head(read, lang, hall, title), series)

    quality = quality_pages(read.figures, lang, chapter(tr(lang, "Quality", context="report")))
    if not read.figures["issued"]:
        return quality
    return [
        *details(read, lang, chapter(tr(lang, "Daily report"))),
        *quality,
        *(next_day_blocks(read, ahead, lang) if ahead else ()),
        *annex(read.figures, read.coded, lang, chapter, is_day=True, proofs=proofs),
    ]


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
        labels=hour_labels([row["from"] for row in rows]),
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
