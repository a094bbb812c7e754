"""The pages of a period: what happened and what to look at, services, satisfaction by date between limits and
against the period before, halls, and what is left out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from msgspec.structs import replace

from queuedesk.core.charts.chart import Chart, Level, Mark, Rect
from queuedesk.core.charts.waits import (
    SIGNS,
    Funnel,
    FunnelPoint,
    WaitCell,
    WaitMap,
    WaitsOverTickets,
    lay_out_funnel,
    lay_out_map,
    map_height,
)
from queuedesk.core.figures.halls import FEWEST_EACH, SameMix
from queuedesk.core.figures.measures.rows import MINUTE_US
from queuedesk.core.figures.periods import DAY, MONTH, QUARTER, WEEK, YEAR
from queuedesk.core.figures.satisfaction import FEW_RESPONSES, FEWEST_RANKED, Difference, rate
from queuedesk.core.figures.targets import SATISFACTION
from queuedesk.i18n import date_long, date_short, day_report, figure_range, listing, named, ntr, tr, weekday_short
from queuedesk.i18n.calendar_words import days_text
from queuedesk.i18n.figures.figure_titles import goal_figure
from queuedesk.i18n.moments import month_words
from queuedesk.i18n.names import UNKNOWN, decimal, percent, report_owner, staff_name, whole
from queuedesk.reports.draw import pdf
from queuedesk.reports.draw.charts import (
    PAGE,
    chart_height,
    draw_chart,
    draw_marks,
    rates_by_date,
)
from queuedesk.reports.draw.head_and_foot import ByItself, Maker, footer, four_figures, head
from queuedesk.reports.draw.pdf import (
    BOTTOM,
    INK2,
    LEFT,
    PAPER,
    PRIMARY,
    RIGHT,
    TOP,
    Block,
    Chapter,
    Column,
    Field,
    Prose,
    Sheet,
    escape,
    fitted,
    grid,
    heading,
    line,
    table,
    used,
)
from queuedesk.reports.figures.figure_words import percent_range
from queuedesk.reports.figures.findings import Slot, bar_labels, bar_step, period_findings, row_step, slot_name, slots
from queuedesk.reports.figures.period import PeriodReport, as_used, days_counted, rules_table
from queuedesk.reports.figures.rates import ByDate, Member, Rates, rates_of
from queuedesk.reports.kept.page_lines import fallen_markups, former_lines
from queuedesk.reports.pages.annex import annex
from queuedesk.reports.pages.day_page import by_half_hour, half_hours, quality_line, quality_pages
from queuedesk.reports.pages.sections import (
    HEADING,
    attention,
    left_out,
    lettered,
    notes_block,
    proof,
    ratings_and_fairness,
    services,
    standing,
    target_lines,
    targets_judged,
)

# Halls or people side by side: what chance explains, what few ratings are worth, and halls with the same mix of
# services.

FUNNEL_HIGH = 158.0


def clerk_rates(read: PeriodReport, rates: Rates, lang: str) -> list[Block]:
    """Return the clerks' rates; nothing with fewer than two rated, or if the hall looks at no person's work."""
    if not rates.clerks or not read.coded.uses("staff"):
        return []
    names = {clerk.code: code_and_name(clerk.code, read.coded.staff(clerk.code, lang)) for clerk in rates.clerks}
    return side_by_side(
        rates.clerks, tr(lang, "Staff by number of ratings"), tr(lang, "Staff", context="report"), names, lang
    )


def code_and_name(code: str, name: str) -> str:
    """Return a name after the chart's code; for several halls the hall that begins both is written once."""
    hall = code[: code.rfind("/") + 1]
    return code if name == code else f"{code} {name.removeprefix(hall)}"


def side_by_side(members: Sequence[Member], title: str, column: str, names: dict[str, str], lang: str) -> list[Block]:
    """Return the funnel of halls or people and their table: raw rate, estimate, no rank for few ratings."""
    n = sum(member.found.n for member in members)
    centre = sum(member.counts[0] for member in members) / n
    chart = Funnel(
        points=[
            FunnelPoint(member.found.n, member.found.rate or 0.0, member.code, SIGNS[member.out], bold=member.out > 0)
            for member in members
        ],
        centre=centre,
        centre_name=tr(lang, "all {rate} %", rate=percent(centre), context="chart"),
        count_title=tr(lang, "number of ratings", context="chart"),
    )
    unit = tr(lang, "satisfied in %; between the curves chance alone explains it", context="chart")
    panel = Block(FUNNEL_HIGH, lambda sheet, y: draw_marks(sheet, _funnel_marks(chart, y)), gap=5, keep=True)
    how = tr(
        lang,
        "Curves: 95 % (full) and 99.8 % (dotted) round the rate of all. A triangle differs from the others by more than chance does to any "
        "of all in 95 of 100 periods; a diamond lies beyond the dotted curve too. Drawn together: the own rate counts with its weight, that "
        "of all with the rest, so that few ratings make nobody first or last. A place is shared where chance may have made the difference; nobody "
        "has one under {n} ratings, or where chance may have made all differences.",
        n=FEWEST_RANKED,
    )
    columns = [
        Field(column, is_text=True),
        Field(tr(lang, "n", context="report")),
        Field(tr(lang, "Satisfied", context="report"), bold=True),
        Field(tr(lang, "95 % interval", context="report")),
        Field(tr(lang, "Position", context="funnel"), is_text=True),
        Field(tr(lang, "Combined estimate", context="rate"), bold=True),
        Field(tr(lang, "Own weight, %", context="rate")),
        Field(tr(lang, "Place", context="ranking")),
    ]
    rows = [
        [
            names[member.code],
            whole(member.found.n),
            percent(member.found.rate),
            percent_range(member.found.low, member.found.high),
            out_word(member.out, lang),
            percent(member.pooled.believed),
            percent(member.pooled.weight),
            UNKNOWN if member.pooled.rank is None else str(member.pooled.rank),
        ]
        for member in members
    ]
    return [heading(title, unit), panel, *grid(columns, rows), line(how)]


def _funnel_marks(chart: Funnel, y: float) -> list[Mark]:
    return list(lay_out_funnel(chart, PAGE, Rect(LEFT, y, RIGHT - LEFT, FUNNEL_HIGH)).marks)


def out_word(out: int, lang: str) -> str:
    """Return where a rate lies: within what chance does to all, beyond it, or beyond the limits of 99.8 % too."""
    words: tuple[Callable[[], str], ...] = (
        lambda: tr(lang, "within", context="funnel"),
        lambda: tr(lang, "beyond chance", context="funnel"),
        lambda: tr(lang, "beyond 99.8 %", context="funnel"),
    )
    return words[out]()


def like_for_like(read: PeriodReport, rates: Rates, lang: str) -> list[Block]:
    """Return the halls with the same mix of services, or the sentence that nothing can be compared."""
    alike = rates.alike
    if alike is None or len(read.halls) < 2:
        return []
    title = heading(tr(lang, "Like for like"), tr(lang, "adjusted to the same mix of services", context="report"))
    if not (alike.waits.services or alike.rates.services):
        left_out = tr(
            lang,
            "Left out: no service is busy enough in several halls to compare them by it. The table above shows each hall with its own mix of services.",
        )
        return [title, line(left_out)]
    columns = [
        Field(tr(lang, "Hall", context="report"), is_text=True),
        Field(tr(lang, "Mean wait")),
        Field(tr(lang, "adjusted", context="report"), bold=True),
        Field(tr(lang, "in time")),
        Field(tr(lang, "adjusted", context="report"), bold=True),
        Field(tr(lang, "Satisfied", context="report")),
        Field(tr(lang, "adjusted", context="report"), bold=True),
    ]
    rows = [
        [
            named(hall.setup.hall.name, hall.setup.hall.name_en, lang),
            decimal(hall.figures["wait"]["mean"]),
            decimal(alike.waits.figures[i]),
            percent(hall.figures["wait"]["within_target"]),
            percent(alike.within.figures[i]),
            percent(hall.figures["ratings"]["rate"]),
            percent(alike.rates.figures[i]),
        ]
        for i, hall in enumerate(read.halls)
    ]
    how = tr(
        lang,
        "Adjusted: the figure of all halls, and as much above or below it as the hall lies beside all halls at its own mix of services, by "
        "services of which the other halls have {n} or more. Waits: {waits}. Satisfaction: {rates}.",
        n=FEWEST_EACH,
        waits=_service_names(read, alike.waits, lang),
        rates=_service_names(read, alike.rates, lang),
    )
    return [title, *grid(columns, rows), line(how)]


def _service_names(read: PeriodReport, alike: SameMix, lang: str) -> str:
    return escape(listing([read.service_name(code, lang) for code in alike.services], lang)) or UNKNOWN


WIDTH = RIGHT - LEFT
PANEL = 126.0
MOST_NAMED = 6
MINUS = "−"


def rates_page(read: PeriodReport, rates: Rates, lang: str, panel: float = PANEL) -> list[Block]:
    """Return the page without head, its chart `panel` points high; several halls are compared side by side."""
    blocks = [_rate_block(read, rates, lang), *_few_answers_box(rates, lang)]
    if not rates.found.n:
        return blocks
    if rates.by_date is not None and rates.by_date.rated > 1 and rates.by_date.centre is not None:
        blocks += _by_date(read, rates.by_date, rates.by_date.centre, lang, panel)
    blocks += _change_block(rates, lang)
    if rates.halls:
        title = tr(lang, "Halls by number of ratings")
        halls = [hall.setup.hall for hall in read.halls]
        names = {hall.code: code_and_name(hall.code, named(hall.name, hall.name_en, lang)) for hall in halls}
        blocks += side_by_side(rates.halls, title, tr(lang, "Hall", context="report"), names, lang)
    return blocks


# -- the rate ----------------------------------------------------------------------------------------------------------


def _rate_block(read: PeriodReport, rates: Rates, lang: str) -> Block:
    """Return the rate, who answered, and the change, each with what it is of."""
    found, answered, before = rates.found, rates.response, rates.before
    interval = percent_range(found.low, found.high)
    change = before.difference.difference
    earlier = tr(lang, "nobody rated", context="period before")
    if before.found.rate is not None:
        earlier = tr(
            lang,
            "before {rate} % · n {n}",
            rate=percent(before.found.rate),
            n=whole(before.found.n),
        )
    cells = [
        (
            tr(lang, "Satisfied", context="report"),
            percent(found.rate),
            "%",
            tr(lang, "n {n} · {range} %", n=whole(found.n), range=interval) if found.n else tr(lang, "nobody rated"),
        ),
        (
            tr(lang, "Answered", context="report"),
            percent(answered.share),
            "%",
            tr(lang, "{unrated} without a rating", unrated=whole(answered.silent)),
        ),
        (
            tr(lang, "Change", context="report"),
            UNKNOWN if change is None else signed(change),
            tr(lang, "points", context="unit"),
            earlier,
        ),
    ]
    width = WIDTH / len(cells)

    def draw(sheet: Sheet, y: float) -> None:
        for i, (label, value, unit, second) in enumerate(cells):
            x = LEFT + width * i
            sheet.box(x, y, 2.4, 54, fill=PRIMARY)
            sheet.text(x + 11, y + 9.5, label, 9.2, colour=INK2)
            sheet.text(x + 11, y + 36, value, 25, bold=True)
            if value != UNKNOWN:
                sheet.text(x + 16 + pdf.width(value, 25, bold=True), y + 36, unit, 10)
            sheet.text(x + 11, y + 50.5, pdf.shortened(second, 8.4, width - 18), 8.4, colour=INK2)

    return Block(54, draw, gap=14)


def signed(difference: float) -> str:
    """Return a difference of shares in points with its sign."""
    text = f"{abs(difference) * 100:.1f}"
    return "0.0" if text == "0.0" else f"{'+' if difference > 0 else MINUS}{text}"


def _few_answers_box(rates: Rates, lang: str) -> list[Block]:
    """Return the box that says why few answers are a hint only; nothing where enough answered."""
    answered = rates.response
    if not answered.is_low:
        return []
    told = Prose(
        tr(
            lang,
            "<b>Only {share} % of those served rated.</b> Below {least} % the rate need not hold for everybody: {lowest} % to {highest} % of all those served may be satisfied, as nobody knows what those without a rating think.",
            share=percent(answered.share),
            least=f"{FEW_RESPONSES * 100:.0f}",
            lowest=percent(answered.lowest),
            highest=percent(answered.highest),
        ),
        9.4,
        WIDTH - 24,
        leading=1.4,
    )
    height = told.height + 14

    def draw(sheet: Sheet, y: float) -> None:
        sheet.box(LEFT, y, WIDTH, height, fill=PAPER)
        told.draw(sheet, LEFT + 12, y + 7)

    return [Block(height, draw, gap=10)]


# -- by date -----------------------------------------------------------------------------------------------------------


def _by_date(read: PeriodReport, by_date: ByDate, centre: float, lang: str, height: float) -> list[Block]:
    targets = [
        Level(
            value=100 * row["value"],
            name=tr(lang, "target {share} %", share=goal_figure(SATISFACTION, row["value"])),
            first=span[0],
            last=span[1],
        )
        for row in standing(read.figures, SATISFACTION)
        if (span := slots_of(by_date.slots, row["first"], row["last"]))
    ]
    middle = tr(lang, "all {rate} %", rate=percent(centre), context="chart")
    chart = rates_by_date(
        by_date.points,
        Level(value=100 * centre, name=middle, colour="ink2", is_dotted=False),
        bar_labels(list(by_date.slots), read.period, lang),
        [percent(point.rate) for point in by_date.points],
        targets,
    )
    title = tr(lang, "Rate by month") if read.period == YEAR else tr(lang, "Rate by day")
    high = chart_height(chart, height)
    panel = Block(high, lambda sheet, y: draw_chart(sheet, y, high, chart), gap=5, keep=True)
    return [
        heading(title, tr(lang, "satisfied in %; band: where chance alone takes it", context="chart")),
        panel,
        *_dates_outside_limits(read, by_date, lang),
    ]


def slots_of(found: Sequence[Slot], first: str, last: str) -> tuple[int, int] | None:
    """Return the first and the last slot that end within two dates, None if there is none. A month in which the target
    changed counts for the later one."""
    inside = [i for i, slot in enumerate(found) if first <= slot.last.isoformat() <= last]
    return (inside[0], inside[-1]) if inside else None


def _dates_outside_limits(read: PeriodReport, by_date: ByDate, lang: str) -> list[Block]:
    """Return the sentences under the chart: which dates lie outside, and how the limits are made."""
    if by_date.outside:
        outside = [_slot_text(by_date, i, read.period == YEAR, lang) for i in by_date.outside[:MOST_NAMED]]
        if more := len(by_date.outside) - len(outside):
            outside.append(ntr(lang, "{n} more", "{n} more", more))
        said = tr(
            lang,
            "<b>Outside the limits:</b> {which}. Something other than chance was at work there.",
            which=listing(outside, lang),
        )
    elif read.period == YEAR:
        said = tr(lang, "No month is outside the limits: chance alone explains the differences.")
    else:
        said = tr(lang, "No day is outside the limits: chance alone explains the differences.")
    how = tr(
        lang, "Limits: rate of all ± 3 × √(rate × (1 − rate) ÷ n), with the n of each date; a diamond lies outside."
    )
    return [replace(line(said), keep=True), line(how, gap=2)]


def _slot_text(by_date: ByDate, i: int, by_month: bool, lang: str) -> str:
    slot, point = by_date.slots[i], by_date.points[i]
    day = bar_labels(list(by_date.slots), YEAR, lang)[i][1] if by_month else date_short(slot.first, lang)
    return tr(lang, "{date} ({rate} %, n {n})", date=day, rate=percent(point.rate), n=whole(point.n), context="chart")


# -- against the period before -----------------------------------------------------------------------------------------


def _change_block(rates: Rates, lang: str) -> list[Block]:
    before = rates.before
    title = heading(tr(lang, "Against the period before"))
    dates = figure_range(date_long(before.first, lang), date_long(before.last, lang))
    if before.found.rate is None:
        return [
            title,
            line(tr(lang, "Nobody rated in the period before ({dates}), so there is nothing to compare.", dates=dates)),
        ]
    told = tr(
        lang,
        "Before ({dates}): {rate} % of {n}, 95 % interval {range} %.",
        dates=dates,
        rate=percent(before.found.rate),
        n=whole(before.found.n),
        range=percent_range(before.found.low, before.found.high),
    )
    return [title, replace(line(told), keep=True), line(f"<b>{difference_text(before.difference, lang)}</b>", gap=2)]


def difference_text(found: Difference, lang: str) -> str:
    """Return how far one rate lies above another, with Newcombe's interval, and whether chance explains it."""
    if found.difference is None or found.low is None or found.high is None:
        return tr(lang, "Nobody answered on one side, so there is nothing to compare.")
    told = {"difference": signed(found.difference), "low": signed(found.low), "high": signed(found.high)}
    if found.low <= 0 <= found.high:
        return tr(
            lang, "Difference {difference} points, 95 % interval {low} to {high}: chance alone can explain it.", **told
        )
    return tr(
        lang, "Difference {difference} points, 95 % interval {low} to {high}: chance alone hardly explains it.", **told
    )


PANEL_LEAST, PANEL_MOST, HIGHEST = 120.0, 290.0, 420.0
NOTES = (12, 10, 8, 6, 4)
LONGEST_CALENDAR = 600
"""How many notes stand under the chart: as many as leave the map of waits its place on the page."""
CHART_LEAST, CHART_MOST = 100.0, 250.0
MOST_COLUMNS = 30
"""With more half-hours than that the figures of a map would be too small to read: it is drawn by hours."""


def period_pdf(read: PeriodReport, lang: str, printed_by: Maker) -> bytes:
    """Return the report of a period as a PDF in `lang`: a page to glance at, then the details; without figures that
    none of its halls uses."""
    read = as_used(read)
    hall = tr(lang, "All halls", context="report") if read.together else named(*_hall_names(read), lang)
    title = _report_title(read.period, lang)
    sheet = Sheet(f"{hall} · {title} · {read.first.isoformat()}", hall, lang)
    rates, figures, span = rates_of(read), read.figures, _period_text(read, lang)
    facts = [*_period_facts(read, lang), *_report_owner_line(read, lang, printed_by)]

    def chapter(of: str, series: str = "") -> Chapter:
        return Chapter(head(hall, of, span, facts), series)

    proofs = [
        block
        for report in read.halls
        for block in proof(report.figures, report.anchor, lang, of=report.setup.hall.code if read.together else "")
    ]
    proofs += former_lines(printed_by, read.lead, read.anchor, lang)
    # What writes itself is over, if need be because somebody ended its last date by hand.
    is_running = read.is_running and not isinstance(printed_by, ByItself)
    fallen = fallen_markups(printed_by, lang)
    blocks = _overview_page(read, lang, head(hall, title, span, facts), fallen, is_running=is_running)
    quality = quality_pages(figures, lang, chapter(tr(lang, "Quality", context="report")))
    if figures["issued"] or figures["ratings"]["n"]:
        blocks += [
            *_services_and_ratings_page(read, rates, lang, chapter(title)),
            *_satisfaction_page(read, rates, lang, chapter(tr(lang, "Satisfaction and targets", context="report"))),
            *quality,
            *annex(figures, read.coded, lang, chapter, proofs=proofs),
            *clerk_rates(read, rates, lang),
        ]
    else:
        blocks += [*_targets_and_rules(read, lang), *left_out(figures, lang), *proofs, *quality]
    return sheet.flow(blocks, footer(read.lead, read.anchor, read.local_now, lang, printed_by))


def _hall_names(read: PeriodReport) -> tuple[str, str]:
    return read.lead.hall.name, read.lead.hall.name_en


def _report_title(period: str, lang: str) -> str:
    titles = {
        DAY: tr(lang, "Daily report"),
        WEEK: tr(lang, "Weekly report"),
        MONTH: tr(lang, "Monthly report"),
        QUARTER: tr(lang, "Quarterly report"),
        YEAR: tr(lang, "Yearly report"),
    }
    return titles[period]


def _period_text(read: PeriodReport, lang: str) -> str:
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


def _period_facts(read: PeriodReport, lang: str) -> list[str]:
    days = days_counted(read.tally)
    facts = [ntr(lang, "{n} day with customers", "{n} days with customers", days)]
    if read.together:
        facts.insert(0, ntr(lang, "{n} hall", "{n} halls", len(read.halls)))
    if read.is_running:
        facts.append(tr(lang, "until {time}", time=date_long(read.local_now.date(), lang), context="report"))
    return facts


def _report_owner_line(read: PeriodReport, lang: str, printed_by: Maker) -> list[str]:
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


def _overview_page(
    read: PeriodReport, lang: str, top: Block, fallen: Sequence[str], *, is_running: bool
) -> list[Block]:
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
    heat = _heat_map(read, lang)
    notes: list[Block] = []
    for most in (0,) if read.together else NOTES:
        notes = notes_block(read.halls[0].notes, lang, dated=True, most=most) if most else []
        notes = [*notes, *_calendar_line(read, lang)]
        chart = _by_slot(read, lang, most)
        room = BOTTOM - TOP - used([*before, *notes, *heat]) - chart_height(chart, 0) - 32
        if room >= PANEL_LEAST:
            break
    return fitted([*before, _slots_chart(chart, read, lang, min(PANEL_MOST, max(PANEL_LEAST, room))), *notes, *heat])


def _calendar_line(read: PeriodReport, lang: str) -> list[Block]:
    """Return a line that names the holidays, make-up working days and special hours of one hall's span."""
    text = "" if read.together else days_text(read.halls[0].setup.calendar, read.first, read.last, lang)
    if not text or len(text) > LONGEST_CALENDAR:
        return []
    line = tr(lang, "Calendar: {days}", days=text)
    return [Prose(escape(line), 8.0, RIGHT - LEFT, colour=INK2, leading=1.4).block(gap=4)]


def _draw_heading(sheet: Sheet, y: float, title: str, unit: str = "") -> None:
    sheet.text(LEFT, y + 9, title, HEADING, bold=True)
    if unit:
        sheet.text(LEFT + pdf.width(title, HEADING, bold=True) + 6, y + 9, unit, 8.4, colour=INK2)


def _by_slot(read: PeriodReport, lang: str, notes: int) -> Chart:
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


def _slots_chart(chart: Chart, read: PeriodReport, lang: str, panel: float) -> Block:
    title = tr(lang, "Month by month") if read.period == YEAR else tr(lang, "Day by day")
    height = chart_height(chart, panel)

    def draw(sheet: Sheet, y: float) -> None:
        _draw_heading(sheet, y, title)
        draw_chart(sheet, y + 14, height, chart)

    return Block(14 + height, draw, gap=16)


def _heat_map(read: PeriodReport, lang: str) -> list[Block]:
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
        _draw_heading(sheet, y, title, legend)
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


def _services_and_ratings_page(read: PeriodReport, rates: Rates, lang: str, chapter: Chapter) -> list[Block]:
    """Return the page of services and ratings; a month is shown by day if its days leave room for the rest."""
    before = [
        chapter.start(),
        *(_halls_table(read, lang) if read.together else []),
        *like_for_like(read, rates, lang),
        *services(read, lang),
    ]
    after = [ratings_and_fairness(read.figures, lang), *left_out(read.figures, lang)]
    if read.first == read.last:
        return [*before, *after]
    if read.period == MONTH:
        by_day = [*before, *_table_by_step(read, lang, DAY), *after]
        if used(by_day) <= BOTTOM - TOP:
            return by_day
    return [*before, *_table_by_step(read, lang, row_step(read.period)), *after]


def _satisfaction_page(read: PeriodReport, rates: Rates, lang: str, chapter: Chapter) -> list[Block]:
    """Return the page of satisfaction and targets, its chart as high as the page has room for."""
    targets = [*_targets_and_rules(read, lang), *quality_line(read.figures, lang)]
    room = BOTTOM - TOP - used([chapter.start(), *rates_page(read, rates, lang), *targets])
    panel = max(CHART_LEAST, min(CHART_MOST, PANEL + room))
    return fitted([chapter.start(), *rates_page(read, rates, lang, panel), *targets])


def _targets_and_rules(read: PeriodReport, lang: str) -> list[Block]:
    return [*targets_judged(read.figures, lang), *rules_table(read.figures, read.coded, lang)]


def _table_columns(first: str, target: int | None, lang: str) -> list[Column]:
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


def _table_by_step(read: PeriodReport, lang: str, step: str) -> list[Block]:
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
                _share_text(slot.within_target),
                whole(slot.rated),
                _share_text(found.rate),
                percent_range(found.low, found.high),
            ]
        )
    total = _table_row(tr(lang, "All", context="report"), read.figures)
    columns = _table_columns(tr(lang, "Dates", context="report"), target, lang)
    return [_title_block(titles[step], lang), *table(columns, rows, total)]


def _halls_table(read: PeriodReport, lang: str) -> list[Block]:
    """Return a row for each hall and one of all."""
    columns = _table_columns(tr(lang, "Hall", context="report"), read.figures["wait"]["target_minutes"], lang)
    # Their codes stand before services and people of several halls.
    halls = [(report.setup.hall, report.figures) for report in read.halls]
    rows = [
        _table_row(code_and_name(hall.code, named(hall.name, hall.name_en, lang)), figures) for hall, figures in halls
    ]
    total = _table_row(tr(lang, "All", context="report"), read.figures)
    return [_title_block(tr(lang, "By hall"), lang), *table(columns, rows, total)]


def _table_row(name: str, figures: Mapping[str, Any]) -> Sequence[str]:
    wait, ratings = figures["wait"], figures["ratings"]
    return [
        name,
        whole(figures["issued"]),
        whole(wait["n"]),
        decimal(wait["mean"]),
        _share_text(wait["within_target"]),
        whole(ratings["n"]),
        _share_text(ratings["rate"]),
        percent_range(ratings["low"], ratings["high"]),
    ]


def _title_block(title: str, lang: str) -> Block:
    unit = tr(lang, "times in minutes, shares in %")
    return Block(13, lambda sheet, y: _draw_heading(sheet, y, title, unit), gap=15, keep=True)


def _share_text(value: float | None) -> str:
    return UNKNOWN if value is None else percent(value)
