"""The pages of a period: what happened and what to look at; then services, ratings, halls, and what is left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from queuedesk.core.charts.chart import Chart, Rect
from queuedesk.core.charts.waits import WaitCell, WaitMap, WaitsOverTickets, lay_out_map, map_height
from queuedesk.core.figures.measures.times import MINUTE_US
from queuedesk.core.figures.periods import DAY, MONTH, QUARTER, WEEK, YEAR
from queuedesk.core.figures.satisfaction import rate
from queuedesk.i18n import date_long, day_report, figure_range, named, ntr, tr, weekday_short
from queuedesk.i18n.calendar_words import days_text
from queuedesk.i18n.moments import month_words
from queuedesk.i18n.names import report_owner, staff_name
from queuedesk.i18n.numerals import UNKNOWN, decimal, percent, whole
from queuedesk.reports.draw import fonts
from queuedesk.reports.draw.charts import PAGE, chart_height, draw_chart, draw_marks
from queuedesk.reports.draw.grids import fitted
from queuedesk.reports.draw.head_and_foot import ByItself, Maker, footer, four_figures, head
from queuedesk.reports.draw.markup import escape
from queuedesk.reports.draw.pdf import BOTTOM, INK2, LEFT, RIGHT, TOP, Block, Chapter, Column, Sheet, table, used
from queuedesk.reports.draw.prose import Prose
from queuedesk.reports.figures.figure_words import percent_range
from queuedesk.reports.figures.findings import period_findings
from queuedesk.reports.figures.period import PeriodRead, days_counted
from queuedesk.reports.figures.rates import Rates, rates_of
from queuedesk.reports.figures.rules import rules_table
from queuedesk.reports.figures.slots import bar_labels, bar_step, row_step, slot_name, slots
from queuedesk.reports.figures.used import as_used
from queuedesk.reports.kept.page_lines import fallen_markups, former_lines
from queuedesk.reports.pages.annex import annex
from queuedesk.reports.pages.day_page import by_half_hour, half_hours
from queuedesk.reports.pages.quality_page import quality_line, quality_pages
from queuedesk.reports.pages.rates_page import PANEL, clerk_rates, code_and_name, like_for_like, rates_page
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
from queuedesk.reports.pages.verdicts import target_lines, targets_judged

PANEL_LEAST, PANEL_MOST, HIGHEST = 120.0, 290.0, 420.0
NOTES = (12, 10, 8, 6, 4)
LONGEST_CALENDAR = 600
"""How many notes stand under the chart: as many as leave the map of waits its place on the page."""
CHART_LEAST, CHART_MOST = 100.0, 250.0
MOST_COLUMNS = 30
"""With more half-hours than that the figures of a map would be too small to read: it is drawn by hours."""


def period_pdf(read: PeriodRead, lang: str, printed_by: Maker) -> bytes:
    """Return the report of a period as a PDF in `lang`: a page to glance at, then the details; without figures that
    none of its halls uses."""
    read = as_used(read)
    hall = tr(lang, "All halls", context="report") if read.together else named(*_names(read), lang)
    title = _title(read.period, lang)
    sheet = Sheet(f"{hall} · {title} · {read.first.isoformat()}", hall, lang)
    rates, figures, span = rates_of(read), read.figures, _span(read, lang)
    facts = [*_facts(read, lang), *_owner(read, lang, printed_by)]

    def chapter(of: str, series: str = "") -> Chapter:
        return Chapter(head(hall, of, span, facts), series)

    proofs = [
        block
        for one in read.halls
        for block in proof(one.figures, one.anchor, lang, of=one.setup.hall.code if read.together else "")
    ]
    proofs += former_lines(printed_by, read.lead, read.anchor, lang)
    # What writes itself is over, if need be because somebody ended its last date by hand.
    is_running = read.is_running and not isinstance(printed_by, ByItself)
    fallen = fallen_markups(printed_by, lang)
    blocks = _glance(read, lang, head(hall, title, span, facts), fallen, is_running=is_running)
    quality = quality_pages(figures, lang, chapter(tr(lang, "Quality", context="report")))
    if figures["issued"] or figures["ratings"]["n"]:
        blocks += [
            *_details(read, rates, lang, chapter(title)),
            *_satisfaction(read, rates, lang, chapter(tr(lang, "Satisfaction and targets", context="report"))),
            *quality,
            *annex(figures, read.coded, lang, chapter, proofs=proofs),
            *clerk_rates(read, rates, lang),
        ]
    else:
        blocks += [*_targets_and_rules(read, lang), *left_out(figures, lang), *proofs, *quality]
    return sheet.flow(blocks, footer(read.lead, read.anchor, read.local_now, lang, printed_by))


def _names(read: PeriodRead) -> tuple[str, str]:
    return read.lead.hall.name, read.lead.hall.name_en


def _title(period: str, lang: str) -> str:
    titles = {
        DAY: tr(lang, "Daily report"),
        WEEK: tr(lang, "Weekly report"),
        MONTH: tr(lang, "Monthly report"),
        QUARTER: tr(lang, "Quarterly report"),
        YEAR: tr(lang, "Yearly report"),
    }
    return titles[period]


def _span(read: PeriodRead, lang: str) -> str:
    """Return which period it is: "November 2026", "16 November 2026–22 November 2026"."""
    first, last = read.first, read.last
    if read.period == YEAR:
        return tr(lang, "{year}", context="period", year=first.year)
    if read.period == MONTH:
        return month_words(first, lang)
    if read.period == QUARTER:
        return tr(lang, "Quarter {n} of {year}", context="period", n=(first.month + 2) // 3, year=first.year)
    if first == last:
        return day_report(first, lang)
    return figure_range(date_long(first, lang), date_long(last, lang))


def _facts(read: PeriodRead, lang: str) -> list[str]:
    days = days_counted(read.tally)
    facts = [ntr(lang, "{n} day with customers", "{n} days with customers", days)]
    if read.together:
        facts.insert(0, ntr(lang, "{n} hall", "{n} halls", len(read.halls)))
    if read.is_running:
        facts.append(tr(lang, "until {time}", time=date_long(read.local_now.date(), lang), context="report"))
    return facts


def _owner(read: PeriodRead, lang: str, printed_by: Maker) -> list[str]:
    """Return who answers for the report of a month or longer: whom the hall names, else who prints it."""
    if read.period not in (MONTH, QUARTER, YEAR):
        return []
    owner = report_owner(read.lead, lang) or (
        staff_name(read.lead, printed_by, lang) if isinstance(printed_by, str) else ""
    )
    if owner:
        return [tr(lang, "responsible: {name}", name=owner, context="report")]
    return [tr(lang, "responsible: nobody named", context="report")] if read.period == QUARTER else []


# -- the page to glance at ---------------------------------------------------------------------------------------------


def _glance(read: PeriodRead, lang: str, top: Block, fallen: Sequence[str], *, is_running: bool) -> list[Block]:
    quiet = (
        tr(lang, "Nothing unusual against this hall's targets.")
        if read.figures["issued"]
        else tr(lang, "No ticket was issued in this time.")
    )
    before = [
        top,
        four_figures(read.figures, lang, is_running=is_running),
        *target_lines(read.figures, lang, is_running=is_running),
        attention([*fallen, *period_findings(read, lang)], quiet, tr(lang, "What to look at")),
    ]
    if not read.figures["issued"]:
        return before
    if read.first == read.last:
        chart = half_hours(read.figures, lang)
        room = BOTTOM - TOP - used(before) - chart_height(chart, 0) - 32
        return [*before, by_half_hour(chart, lang, min(HIGHEST, max(PANEL_LEAST, room)))]
    heat = _heat(read, lang)
    notes: list[Block] = []
    for most in (0,) if read.together else NOTES:
        notes = notes_block(read.halls[0].notes, lang, dated=True, most=most) if most else []
        notes = [*notes, *_calendar(read, lang)]
        chart = _by_slot(read, lang, most)
        room = BOTTOM - TOP - used([*before, *notes, *heat]) - chart_height(chart, 0) - 32
        if room >= PANEL_LEAST:
            break
    return fitted([*before, _slots(chart, read, lang, min(PANEL_MOST, max(PANEL_LEAST, room))), *notes, *heat])


def _calendar(read: PeriodRead, lang: str) -> list[Block]:
    """Return a line that names the holidays, make-up working days and special hours of one hall's span."""
    text = "" if read.together else days_text(read.halls[0].setup.calendar, read.first, read.last, lang)
    if not text or len(text) > LONGEST_CALENDAR:
        return []
    line = tr(lang, "Calendar: {days}", days=text)
    return [Prose(escape(line), 8.0, RIGHT - LEFT, colour=INK2, leading=1.4).block(gap=4)]


def _heading(sheet: Sheet, y: float, title: str, unit: str = "") -> None:
    sheet.text(LEFT, y + 9, title, HEADING, bold=True)
    if unit:
        sheet.text(LEFT + fonts.width(title, HEADING, bold=True) + 6, y + 9, unit, 8.4, colour=INK2)


def _by_slot(read: PeriodRead, lang: str, notes: int) -> Chart:
    found = slots(read.tally.days, read.first, read.last, bar_step(read.period))
    target = read.figures["wait"]["target_minutes"]
    marks = []
    if not read.together:
        place = {letter: note.day for letter, note in lettered(read.halls[0].notes, notes)}
        marks = [
            (i + 0.5, letter)
            for letter, day in place.items()
            for i, slot in enumerate(found)
            if slot.first <= day <= slot.last
        ]
    return WaitsOverTickets(
        line_title=tr(lang, "Mean wait, minutes"),
        bar_title=tr(lang, "Tickets issued"),
        line=[slot.mean_wait for slot in found],
        bars=[slot.issued for slot in found],
        labels=[(i + 0.5, word) for i, word in bar_labels(found, read.period, lang)],
        target=target,
        target_text="" if target is None else tr(lang, "target {minutes} min", minutes=target, context="chart"),
        letters=marks,
        has_figures=True,
    ).chart()


def _slots(chart: Chart, read: PeriodRead, lang: str, panel: float) -> Block:
    title = tr(lang, "Month by month") if read.period == YEAR else tr(lang, "Day by day")
    height = chart_height(chart, panel)

    def draw(sheet: Sheet, y: float) -> None:
        _heading(sheet, y, title)
        draw_chart(sheet, y + 14, height, chart)

    return Block(14 + height, draw, gap=16)


def _heat(read: PeriodRead, lang: str) -> list[Block]:
    """Return the map of waits, nothing where no wait counts or halls have different targets."""
    target = read.figures["wait"]["target_minutes"]
    cells = read.tally.heat
    if not cells or target is None:
        return []
    columns = list(dict.fromkeys(row["from"] for row in read.figures["hours"]))
    title = tr(lang, "Mean wait by weekday and half-hour")
    if len(columns) > MOST_COLUMNS:
        cells, columns = by_hour(cells), list(dict.fromkeys(f"{label[:2]}:00" for label in columns))
        title = tr(lang, "Mean wait by weekday and hour")
    weekdays = sorted({weekday for weekday, _ in cells})
    names = {line.day.isoweekday(): weekday_short(line.day, lang) for line in read.tally.days}
    chart = WaitMap(
        rows=[names.get(weekday, "") for weekday in weekdays],
        columns=columns,
        cells=[
            WaitCell(row=weekdays.index(weekday), column=columns.index(label), minutes=us / n / MINUTE_US)
            for (weekday, label), (n, us) in cells.items()
        ],
        target=target,
    )
    height = map_height(chart, PAGE)
    legend = tr(lang, "minutes; red: over the target of {minutes} min", minutes=target)

    def draw(sheet: Sheet, y: float) -> None:
        _heading(sheet, y, title, legend)
        draw_marks(sheet, lay_out_map(chart, PAGE, Rect(LEFT, y + 15, RIGHT - LEFT, height)).marks)

    return [Block(15 + height, draw, gap=16)]


def by_hour(cells: Mapping[tuple[int, str], tuple[int, int]]) -> dict[tuple[int, str], tuple[int, int]]:
    """Return the number and the sum of waits by weekday and hour from those by weekday and half-hour."""
    found: dict[tuple[int, str], tuple[int, int]] = {}
    for (weekday, label), (n, us) in cells.items():
        key = weekday, f"{label[:2]}:00"
        before = found.get(key, (0, 0))
        found[key] = before[0] + n, before[1] + us
    return found


# -- details -----------------------------------------------------------------------------------------------------------


def _details(read: PeriodRead, rates: Rates, lang: str, chapter: Chapter) -> list[Block]:
    """Return the page of services and ratings; a month stands there day by day where its days leave room for the
    rest."""
    before = [
        chapter.start(),
        *(_halls(read, lang) if read.together else []),
        *like_for_like(read, rates, lang),
        *services(read, lang),
    ]
    after = [ratings_and_fairness(read.figures, lang), *left_out(read.figures, lang)]
    if read.first == read.last:
        return [*before, *after]
    if read.period == MONTH:
        by_day = [*before, *_steps(read, lang, DAY), *after]
        if used(by_day) <= BOTTOM - TOP:
            return by_day
    return [*before, *_steps(read, lang, row_step(read.period)), *after]


def _satisfaction(read: PeriodRead, rates: Rates, lang: str, chapter: Chapter) -> list[Block]:
    """Return the page of satisfaction and targets, its chart as high as the page has room for."""
    targets = [*_targets_and_rules(read, lang), *quality_line(read.figures, lang)]
    room = BOTTOM - TOP - used([chapter.start(), *rates_page(read, rates, lang), *targets])
    panel = max(CHART_LEAST, min(CHART_MOST, PANEL + room))
    return fitted([chapter.start(), *rates_page(read, rates, lang, panel), *targets])


def _targets_and_rules(read: PeriodRead, lang: str) -> list[Block]:
    return [*targets_judged(read.figures, lang), *rules_table(read.figures, read.coded, lang)]


def _columns(first: str, target: int | None, lang: str) -> list[Column]:
    in_time = tr(lang, "in time") if target is None else tr(lang, "≤ {minutes} min", minutes=target)
    return [
        Column(first),
        Column(tr(lang, "Issued", context="report")),
        Column(tr(lang, "n", context="report")),
        Column(tr(lang, "Mean wait"), bold=True),
        Column(in_time),
        Column(tr(lang, "Rated", context="report")),
        Column(tr(lang, "Satisfied", context="report"), bold=True),
        Column(tr(lang, "95 % interval", context="report")),
    ]


def _steps(read: PeriodRead, lang: str, step: str) -> list[Block]:
    """Return waits and ratings step by step; the last row is of all ratings together."""
    titles = {
        DAY: tr(lang, "Waits and ratings by day"),
        WEEK: tr(lang, "Waits and ratings by week"),
        MONTH: tr(lang, "Waits and ratings by month"),
    }
    target = read.figures["wait"]["target_minutes"]
    rows = []
    for slot in slots(read.tally.days, read.first, read.last, step):
        if not slot.issued:
            continue
        found = rate(slot.satisfied, slot.rated - slot.satisfied)
        rows.append(
            [
                slot_name(slot, read.period, lang),
                whole(slot.issued),
                whole(slot.waits),
                decimal(slot.mean_wait),
                _share(slot.within_target),
                whole(slot.rated),
                _share(found.rate),
                percent_range(found.low, found.high),
            ]
        )
    total = _row(tr(lang, "All", context="report"), read.figures)
    columns = _columns(tr(lang, "Dates", context="report"), target, lang)
    return [_title_block(titles[step], lang), *table(columns, rows, total)]


def _halls(read: PeriodRead, lang: str) -> list[Block]:
    """Return a row for each hall and one of all."""
    columns = _columns(tr(lang, "Hall", context="report"), read.figures["wait"]["target_minutes"], lang)
    # Their codes stand before services and people of several halls.
    halls = [(one.setup.hall, one.figures) for one in read.halls]
    rows = [_row(code_and_name(hall.code, named(hall.name, hall.name_en, lang)), figures) for hall, figures in halls]
    total = _row(tr(lang, "All", context="report"), read.figures)
    return [_title_block(tr(lang, "By hall"), lang), *table(columns, rows, total)]


def _row(name: str, figures: Mapping[str, Any]) -> Sequence[str]:
    wait, ratings = figures["wait"], figures["ratings"]
    return [
        name,
        whole(figures["issued"]),
        whole(wait["n"]),
        decimal(wait["mean"]),
        _share(wait["within_target"]),
        whole(ratings["n"]),
        _share(ratings["rate"]),
        percent_range(ratings["low"], ratings["high"]),
    ]


def _title_block(title: str, lang: str) -> Block:
    unit = tr(lang, "times in minutes, shares in %")
    return Block(13, lambda sheet, y: _heading(sheet, y, title, unit), gap=15, keep=True)


def _share(value: float | None) -> str:
    return UNKNOWN if value is None else percent(value)
