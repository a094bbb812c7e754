"""The pages of a period: what happened and what to look at, services, satisfaction by date between limits and
against the period before, halls, and what is left out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from msgspec.structs import replace

from queuedesk.core.charts.chart import Chart, Mark, ReferenceLevel, SurfaceRect
from queuedesk.core.charts.waits import (
    SIGNS,
    FunnelPlotData,
    FunnelPoint,
    WaitHeatMap,
    WaitHeatMapCell,
    WaitsOverTicketsChart,
    heat_map_height,
    lay_out_funnel,
    lay_out_heat_map,
)
from queuedesk.core.figures.halls import FEWEST_EACH, MixStandardizedMeans
from queuedesk.core.figures.measures.rows import MINUTE_US
from queuedesk.core.figures.periods import DAY, MONTH, QUARTER, WEEK, YEAR
from queuedesk.core.figures.satisfaction import (
    FEW_RESPONSES,
    FEWEST_RANKED,
    SatisfactionRateDifference,
    satisfaction_rate,
)
from queuedesk.core.figures.targets import SATISFACTION
from queuedesk.i18n import (
    date_for_report,
    date_long,
    date_short,
    figure_range,
    list_text,
    name_in_language,
    ntr,
    tr,
    weekday_short,
)
from queuedesk.i18n.calendar_words import special_days_text
from queuedesk.i18n.figures.figure_titles import target_figure_text
from queuedesk.i18n.moments import month_and_year
from queuedesk.i18n.names import UNKNOWN, decimal_text, percent_text, report_owner_name, staff_name, whole_number_text
from queuedesk.reports.draw import pdf
from queuedesk.reports.draw.charts import PAGE, chart_height_from_panels, draw_chart, draw_marks, rates_control_chart
from queuedesk.reports.draw.head_and_foot import (
    AutomaticReport,
    Maker,
    four_key_figures_block,
    page_foot_drawer,
    report_head,
)
from queuedesk.reports.draw.pdf import (
    BOTTOM,
    INK2,
    LEFT,
    PAPER,
    PRIMARY,
    RIGHT,
    TOP,
    FigureColumn,
    GridColumn,
    PageBlock,
    PageChapter,
    PdfSheet,
    WrappedMarkup,
    blocks_fitted_to_one_page,
    blocks_height,
    escape,
    figures_table_blocks,
    grid_table_blocks,
    heading_block,
    small_sentence_block,
)
from queuedesk.reports.figures.figure_words import percent_range_text
from queuedesk.reports.figures.findings import (
    DateSpanSums,
    chart_bar_labels_by_index,
    chart_bar_period,
    date_span_name,
    day_week_or_month_sums,
    period_findings,
    table_row_period,
)
from queuedesk.reports.figures.period import (
    PeriodReport,
    days_with_tickets,
    period_without_unused_figures,
    rules_history_table,
)
from queuedesk.reports.figures.rates import ComparedRate, RatesByDate, SatisfactionRates, period_satisfaction_rates
from queuedesk.reports.pages.annex import annex_chapters, invalid_reports_markup_list, kept_report_check_lines
from queuedesk.reports.pages.day_page import (
    half_hour_chart_block,
    no_quality_records_line,
    quality_chapter_blocks,
    waits_by_half_hour_chart,
)
from queuedesk.reports.pages.sections import (
    attention_box,
    day_notes_blocks,
    glance_target_lines,
    left_out_line,
    letter_notes_by_day_and_time,
    log_proof_lines,
    ratings_beside_fairness_block,
    services_table_blocks,
    target_rows_for_measure,
    targets_section,
)

# Halls or people side by side: what chance explains, what few ratings are worth, and halls with the same mix of
# services.

FUNNEL_HIGH = 158.0


def clerk_rates_comparison(read: PeriodReport, rates: SatisfactionRates, lang: str) -> list[PageBlock]:
    """Return the clerks' rates; nothing with fewer than two rated, or if the hall looks at no person's work."""
    if not rates.clerks or not read.report_setups.has_feature("staff"):
        return []
    names = {
        clerk.code: code_and_name(clerk.code, read.report_setups.staff_name(clerk.code, lang)) for clerk in rates.clerks
    }
    return compared_rates_blocks(
        rates.clerks, tr(lang, "Staff by number of ratings"), tr(lang, "Staff", context="report"), names, lang
    )


def code_and_name(code: str, name: str) -> str:
    """Return a name after the chart's code; for several halls the hall that begins both is written once."""
    hall = code[: code.rfind("/") + 1]
    return code if name == code else f"{code} {name.removeprefix(hall)}"


def compared_rates_blocks(
    members: Sequence[ComparedRate], title: str, column: str, names: dict[str, str], lang: str
) -> list[PageBlock]:
    """Return the funnel of halls or people and their table: raw rate, estimate, no rank for few ratings."""
    n = sum(member.found.n for member in members)
    centre = sum(member.counts[0] for member in members) / n
    chart = FunnelPlotData(
        points=[
            FunnelPoint(
                member.found.n,
                member.found.rate or 0.0,
                member.code,
                SIGNS[member.outlier_level],
                bold=member.outlier_level > 0,
            )
            for member in members
        ],
        centre=centre,
        centre_name=tr(lang, "all {rate} %", rate=percent_text(centre), context="chart"),
        count_title=tr(lang, "number of ratings", context="chart"),
    )
    unit = tr(lang, "satisfied in %; between the curves chance alone explains it", context="chart")
    panel = PageBlock(FUNNEL_HIGH, lambda sheet, y: draw_marks(sheet, _funnel_marks(chart, y)), gap=5, keep=True)
    how = tr(
        lang,
        "Curves: 95 % (full) and 99.8 % (dotted) round the rate of all. A triangle differs from the others by more than chance does to any "
        "of all in 95 of 100 periods; a diamond lies beyond the dotted curve too. Drawn together: the own rate counts with its weight, that "
        "of all with the rest, so that few ratings make nobody first or last. A place is shared where chance may have made the difference; nobody "
        "has one under {n} ratings, or where chance may have made all differences.",
        n=FEWEST_RANKED,
    )
    columns = [
        GridColumn(column, is_text=True),
        GridColumn(tr(lang, "n", context="report")),
        GridColumn(tr(lang, "Satisfied", context="report"), bold=True),
        GridColumn(tr(lang, "95 % interval", context="report")),
        GridColumn(tr(lang, "Position", context="funnel"), is_text=True),
        GridColumn(tr(lang, "Combined estimate", context="rate"), bold=True),
        GridColumn(tr(lang, "Own weight, %", context="rate")),
        GridColumn(tr(lang, "Place", context="ranking")),
    ]
    rows = [
        [
            names[member.code],
            whole_number_text(member.found.n),
            percent_text(member.found.rate),
            percent_range_text(member.found.low, member.found.high),
            beyond_chance_word(member.outlier_level, lang),
            percent_text(member.pooled.believed),
            percent_text(member.pooled.weight),
            UNKNOWN if member.pooled.rank is None else str(member.pooled.rank),
        ]
        for member in members
    ]
    return [heading_block(title, unit), panel, *grid_table_blocks(columns, rows), small_sentence_block(how)]


def _funnel_marks(chart: FunnelPlotData, y: float) -> list[Mark]:
    return list(lay_out_funnel(chart, PAGE, SurfaceRect(LEFT, y, RIGHT - LEFT, FUNNEL_HIGH)).marks)


def beyond_chance_word(out: int, lang: str) -> str:
    """Return where a rate lies: within what chance does to all, beyond it, or beyond the limits of 99.8 % too."""
    words: tuple[Callable[[], str], ...] = (
        lambda: tr(lang, "within", context="funnel"),
        lambda: tr(lang, "beyond chance", context="funnel"),
        lambda: tr(lang, "beyond 99.8 %", context="funnel"),
    )
    return words[out]()


def same_mix_halls_blocks(read: PeriodReport, rates: SatisfactionRates, lang: str) -> list[PageBlock]:
    """Return the halls with the same mix of services, or the sentence that nothing can be compared."""
    alike = rates.alike
    if alike is None or len(read.halls) < 2:
        return []
    title = heading_block(tr(lang, "Like for like"), tr(lang, "adjusted to the same mix of services", context="report"))
    if not (alike.waits.services or alike.rates.services):
        left_out = tr(
            lang,
            "Left out: no service is busy enough in several halls to compare them by it. The table above shows each hall with its own mix of services.",
        )
        return [title, small_sentence_block(left_out)]
    columns = [
        GridColumn(tr(lang, "Hall", context="report"), is_text=True),
        GridColumn(tr(lang, "Mean wait")),
        GridColumn(tr(lang, "adjusted", context="report"), bold=True),
        GridColumn(tr(lang, "in time")),
        GridColumn(tr(lang, "adjusted", context="report"), bold=True),
        GridColumn(tr(lang, "Satisfied", context="report")),
        GridColumn(tr(lang, "adjusted", context="report"), bold=True),
    ]
    rows = [
        [
            name_in_language(hall.setup.hall.name, hall.setup.hall.name_en, lang),
            decimal_text(hall.figures["wait"]["mean"]),
            decimal_text(alike.waits.figures[i]),
            percent_text(hall.figures["wait"]["within_target"]),
            percent_text(alike.within.figures[i]),
            percent_text(hall.figures["ratings"]["rate"]),
            percent_text(alike.rates.figures[i]),
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
    return [title, *grid_table_blocks(columns, rows), small_sentence_block(how)]


def _service_names(read: PeriodReport, alike: MixStandardizedMeans, lang: str) -> str:
    return escape(list_text([read.service_name(code, lang) for code in alike.services], lang)) or UNKNOWN


WIDTH = RIGHT - LEFT
PANEL = 126.0
MOST_NAMED = 6
MINUS = "−"


def rates_page_blocks(read: PeriodReport, rates: SatisfactionRates, lang: str, panel: float = PANEL) -> list[PageBlock]:
    """Return the page without head, its chart `panel` points high; several halls are compared side by side."""
    blocks = [_rate_response_change_block(read, rates, lang), *_few_answers_caution_box(rates, lang)]
    if not rates.found.n:
        return blocks
    if rates.by_date is not None and rates.by_date.rated_date_count > 1 and rates.by_date.centre is not None:
        blocks += _rates_by_date_blocks(read, rates.by_date, rates.by_date.centre, lang, panel)
    blocks += _change_since_before_blocks(rates, lang)
    if rates.halls:
        title = tr(lang, "Halls by number of ratings")
        halls = [hall.setup.hall for hall in read.halls]
        names = {hall.code: code_and_name(hall.code, name_in_language(hall.name, hall.name_en, lang)) for hall in halls}
        blocks += compared_rates_blocks(rates.halls, title, tr(lang, "Hall", context="report"), names, lang)
    return blocks


# -- the rate ----------------------------------------------------------------------------------------------------------


def _rate_response_change_block(read: PeriodReport, rates: SatisfactionRates, lang: str) -> PageBlock:
    """Return the rate, who answered, and the change, each with what it is of."""
    found, answered, before = rates.found, rates.response, rates.before
    interval = percent_range_text(found.low, found.high)
    change = before.difference.difference
    earlier = tr(lang, "nobody rated", context="period before")
    if before.found.rate is not None:
        earlier = tr(
            lang, "before {rate} % · n {n}", rate=percent_text(before.found.rate), n=whole_number_text(before.found.n)
        )
    cells = [
        (
            tr(lang, "Satisfied", context="report"),
            percent_text(found.rate),
            "%",
            tr(lang, "n {n} · {range} %", n=whole_number_text(found.n), range=interval)
            if found.n
            else tr(lang, "nobody rated"),
        ),
        (
            tr(lang, "Answered", context="report"),
            percent_text(answered.share),
            "%",
            tr(lang, "{unrated} without a rating", unrated=whole_number_text(answered.silent)),
        ),
        (
            tr(lang, "Change", context="report"),
            UNKNOWN if change is None else signed_points(change),
            tr(lang, "points", context="unit"),
            earlier,
        ),
    ]
    width = WIDTH / len(cells)

    def draw_block(sheet: PdfSheet, y: float) -> None:
        for i, (label, value, unit, second) in enumerate(cells):
            x = LEFT + width * i
            sheet.draw_box(x, y, 2.4, 54, fill=PRIMARY)
            sheet.draw_text(x + 11, y + 9.5, label, 9.2, colour=INK2)
            sheet.draw_text(x + 11, y + 36, value, 25, bold=True)
            if value != UNKNOWN:
                sheet.draw_text(x + 16 + pdf.text_width(value, 25, bold=True), y + 36, unit, 10)
            sheet.draw_text(x + 11, y + 50.5, pdf.cut_text_to_width(second, 8.4, width - 18), 8.4, colour=INK2)

    return PageBlock(54, draw_block, gap=14)


def signed_points(difference: float) -> str:
    """Return a difference of shares in points with its sign."""
    text = f"{abs(difference) * 100:.1f}"
    return "0.0" if text == "0.0" else f"{'+' if difference > 0 else MINUS}{text}"


def _few_answers_caution_box(rates: SatisfactionRates, lang: str) -> list[PageBlock]:
    """Return the box that says why few answers are a hint only; nothing where enough answered."""
    answered = rates.response
    if not answered.is_low:
        return []
    told = WrappedMarkup(
        tr(
            lang,
            "<b>Only {share} % of those served rated.</b> Below {least} % the rate need not hold for everybody: {lowest} % to {highest} % of all those served may be satisfied, as nobody knows what those without a rating think.",
            share=percent_text(answered.share),
            least=f"{FEW_RESPONSES * 100:.0f}",
            lowest=percent_text(answered.lowest),
            highest=percent_text(answered.highest),
        ),
        9.4,
        WIDTH - 24,
        leading=1.4,
    )
    height = told.height + 14

    def draw_block(sheet: PdfSheet, y: float) -> None:
        sheet.draw_box(LEFT, y, WIDTH, height, fill=PAPER)
        told.draw(sheet, LEFT + 12, y + 7)

    return [PageBlock(height, draw_block, gap=10)]


# -- by date -----------------------------------------------------------------------------------------------------------


def _rates_by_date_blocks(
    read: PeriodReport, by_date: RatesByDate, centre: float, lang: str, height: float
) -> list[PageBlock]:
    targets = [
        ReferenceLevel(
            value=100 * row["value"],
            name=tr(lang, "target {share} %", share=target_figure_text(SATISFACTION, row["value"])),
            first=span[0],
            last=span[1],
        )
        for row in target_rows_for_measure(read.figures, SATISFACTION)
        if (span := slot_indexes_between(by_date.slots, row["first"], row["last"]))
    ]
    middle = tr(lang, "all {rate} %", rate=percent_text(centre), context="chart")
    chart = rates_control_chart(
        by_date.points,
        ReferenceLevel(value=100 * centre, name=middle, colour="ink2", is_dotted=False),
        chart_bar_labels_by_index(list(by_date.slots), read.period, lang),
        [percent_text(point.rate) for point in by_date.points],
        targets,
    )
    title = tr(lang, "Rate by month") if read.period == YEAR else tr(lang, "Rate by day")
    high = chart_height_from_panels(chart, height)
    panel = PageBlock(high, lambda sheet, y: draw_chart(sheet, y, high, chart), gap=5, keep=True)
    return [
        heading_block(title, tr(lang, "satisfied in %; band: where chance alone takes it", context="chart")),
        panel,
        *_dates_outside_limits_sentences(read, by_date, lang),
    ]


def slot_indexes_between(found: Sequence[DateSpanSums], first: str, last: str) -> tuple[int, int] | None:
    """Return the first and the last slot that end within two dates, None if there is none. A month in which the target
    changed counts for the later one."""
    inside = [i for i, slot in enumerate(found) if first <= slot.last.isoformat() <= last]
    return (inside[0], inside[-1]) if inside else None


def _dates_outside_limits_sentences(read: PeriodReport, by_date: RatesByDate, lang: str) -> list[PageBlock]:
    """Return the sentences under the chart: which dates lie outside, and how the limits are made."""
    if by_date.points_beyond_chance:
        outside = [
            _slot_date_and_rate(by_date, i, read.period == YEAR, lang)
            for i in by_date.points_beyond_chance[:MOST_NAMED]
        ]
        if more := len(by_date.points_beyond_chance) - len(outside):
            outside.append(ntr(lang, "{n} more", "{n} more", more))
        said = tr(
            lang,
            "<b>Outside the limits:</b> {which}. Something other than chance was at work there.",
            which=list_text(outside, lang),
        )
    elif read.period == YEAR:
        said = tr(lang, "No month is outside the limits: chance alone explains the differences.")
    else:
        said = tr(lang, "No day is outside the limits: chance alone explains the differences.")
    how = tr(
        lang, "Limits: rate of all ± 3 × √(rate × (1 − rate) ÷ n), with the n of each date; a diamond lies outside."
    )
    return [replace(small_sentence_block(said), keep=True), small_sentence_block(how, gap=2)]


def _slot_date_and_rate(by_date: RatesByDate, i: int, by_month: bool, lang: str) -> str:
    slot, point = by_date.slots[i], by_date.points[i]
    day = chart_bar_labels_by_index(list(by_date.slots), YEAR, lang)[i][1] if by_month else date_short(slot.first, lang)
    return tr(
        lang,
        "{date} ({rate} %, n {n})",
        date=day,
        rate=percent_text(point.rate),
        n=whole_number_text(point.n),
        context="chart",
    )


# -- against the period before -----------------------------------------------------------------------------------------


def _change_since_before_blocks(rates: SatisfactionRates, lang: str) -> list[PageBlock]:
    before = rates.before
    title = heading_block(tr(lang, "Against the period before"))
    dates = figure_range(date_long(before.first, lang), date_long(before.last, lang))
    if before.found.rate is None:
        return [
            title,
            small_sentence_block(
                tr(lang, "Nobody rated in the period before ({dates}), so there is nothing to compare.", dates=dates)
            ),
        ]
    told = tr(
        lang,
        "Before ({dates}): {rate} % of {n}, 95 % interval {range} %.",
        dates=dates,
        rate=percent_text(before.found.rate),
        n=whole_number_text(before.found.n),
        range=percent_range_text(before.found.low, before.found.high),
    )
    return [
        title,
        replace(small_sentence_block(told), keep=True),
        small_sentence_block(f"<b>{difference_text(before.difference, lang)}</b>", gap=2),
    ]


def difference_text(found: SatisfactionRateDifference, lang: str) -> str:
    """Return how far one rate lies above another, with Newcombe's interval, and whether chance explains it."""
    if found.difference is None or found.low is None or found.high is None:
        return tr(lang, "Nobody answered on one side, so there is nothing to compare.")
    told = {
        "difference": signed_points(found.difference),
        "low": signed_points(found.low),
        "high": signed_points(found.high),
    }
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


def period_report_pdf(read: PeriodReport, lang: str, printed_by: Maker) -> bytes:
    """Return the report of a period as a PDF in `lang`: a page to glance at, then the details; without figures that
    none of its halls uses."""
    read = period_without_unused_figures(read)
    own = read.lead.hall
    hall = tr(lang, "All halls", context="report") if read.together else name_in_language(own.name, own.name_en, lang)
    title = _report_title(read.period, lang)
    sheet = PdfSheet(f"{hall} · {title} · {read.first.isoformat()}", hall, lang)
    rates, figures, span = period_satisfaction_rates(read), read.figures, _period_dates_text(read, lang)
    facts = [*_period_head_facts(read, lang), *_responsible_person_fact(read, lang, printed_by)]

    def titled_chapter(of: str, series: str = "") -> PageChapter:
        return PageChapter(report_head(hall, of, span, facts), series)

    proofs = [
        block
        for report in read.halls
        for block in log_proof_lines(
            report.figures, report.anchor, lang, of=report.setup.hall.code if read.together else ""
        )
    ]
    proofs += kept_report_check_lines(printed_by, read.lead, read.anchor, lang)
    # What writes itself is over, if need be because somebody ended its last date by hand.
    is_running = read.is_running and not isinstance(printed_by, AutomaticReport)
    fallen = invalid_reports_markup_list(printed_by, lang)
    blocks = _overview_page(read, lang, report_head(hall, title, span, facts), fallen, is_running=is_running)
    quality = quality_chapter_blocks(figures, lang, titled_chapter(tr(lang, "Quality", context="report")))
    if figures["issued"] or figures["ratings"]["n"]:
        blocks += [
            *_services_and_ratings_page(read, rates, lang, titled_chapter(title)),
            *_satisfaction_page(
                read, rates, lang, titled_chapter(tr(lang, "Satisfaction and targets", context="report"))
            ),
            *quality,
            *annex_chapters(figures, read.report_setups, lang, titled_chapter, proofs=proofs),
            *clerk_rates_comparison(read, rates, lang),
        ]
    else:
        blocks += [*_targets_and_rules_blocks(read, lang), *left_out_line(figures, lang), *proofs, *quality]
    return sheet.paged_pdf(blocks, page_foot_drawer(read.lead, read.anchor, read.local_now, lang, printed_by))


def _report_title(period: str, lang: str) -> str:
    titles = {
        DAY: tr(lang, "Daily report"),
        WEEK: tr(lang, "Weekly report"),
        MONTH: tr(lang, "Monthly report"),
        QUARTER: tr(lang, "Quarterly report"),
        YEAR: tr(lang, "Yearly report"),
    }
    return titles[period]


def _period_dates_text(read: PeriodReport, lang: str) -> str:
    """Return which period it is: "November 2026", "16 November 2026–22 November 2026"."""
    first, last = read.first, read.last
    if read.period == YEAR:
        return tr(lang, "{year}", context="period", year=first.year)
    if read.period == MONTH:
        return month_and_year(first, lang)
    if read.period == QUARTER:
        return tr(lang, "Quarter {n} of {year}", context="period", n=(first.month + 2) // 3, year=first.year)
    if first == last:
        return date_for_report(first, lang)
    return figure_range(date_long(first, lang), date_long(last, lang))


def _period_head_facts(read: PeriodReport, lang: str) -> list[str]:
    days = days_with_tickets(read.tally)
    facts = [ntr(lang, "{n} day with customers", "{n} days with customers", days)]
    if read.together:
        facts.insert(0, ntr(lang, "{n} hall", "{n} halls", len(read.halls)))
    if read.is_running:
        facts.append(tr(lang, "until {time}", time=date_long(read.local_now.date(), lang), context="report"))
    return facts


def _responsible_person_fact(read: PeriodReport, lang: str, printed_by: Maker) -> list[str]:
    """Return who answers for the report of a month or longer: whom the hall names, else who prints it."""
    if read.period not in (MONTH, QUARTER, YEAR):
        return []
    owner = report_owner_name(read.lead, lang) or (
        staff_name(read.lead, printed_by, lang) if isinstance(printed_by, str) else ""
    )
    if owner:
        return [tr(lang, "responsible: {name}", name=owner, context="report")]
    return [tr(lang, "responsible: nobody named", context="report")] if read.period == QUARTER else []


# -- the page to glance at ---------------------------------------------------------------------------------------------


def _overview_page(
    read: PeriodReport, lang: str, top: PageBlock, fallen: Sequence[str], *, is_running: bool
) -> list[PageBlock]:
    quiet = (
        tr(lang, "Nothing unusual against this hall's targets.")
        if read.figures["issued"]
        else tr(lang, "No ticket was issued in this time.")
    )
    before = [
        top,
        four_key_figures_block(read.figures, lang, is_running=is_running),
        *glance_target_lines(read.figures, lang, is_running=is_running),
        attention_box([*fallen, *period_findings(read, lang)], quiet, tr(lang, "What to look at")),
    ]
    if not read.figures["issued"]:
        return before
    if read.first == read.last:
        chart = waits_by_half_hour_chart(read.figures, lang)
        room = BOTTOM - TOP - blocks_height(before) - chart_height_from_panels(chart, 0) - 32
        return [*before, half_hour_chart_block(chart, lang, min(HIGHEST, max(PANEL_LEAST, room)))]
    heat = _waits_heat_map_blocks(read, lang)
    notes: list[PageBlock] = []
    for most in (0,) if read.together else NOTES:
        notes = day_notes_blocks(read.halls[0].notes, lang, dated=True, most=most) if most else []
        notes = [*notes, *_calendar_line(read, lang)]
        chart = _waits_over_tickets_chart(read, lang, most)
        room = BOTTOM - TOP - blocks_height([*before, *notes, *heat]) - chart_height_from_panels(chart, 0) - 32
        if room >= PANEL_LEAST:
            break
    return blocks_fitted_to_one_page(
        [*before, _slots_chart_block(chart, read, lang, min(PANEL_MOST, max(PANEL_LEAST, room))), *notes, *heat]
    )


def _calendar_line(read: PeriodReport, lang: str) -> list[PageBlock]:
    """Return a line that names the holidays, make-up working days and special hours of one hall's span."""
    text = "" if read.together else special_days_text(read.halls[0].setup.calendar, read.first, read.last, lang)
    if not text or len(text) > LONGEST_CALENDAR:
        return []
    line = tr(lang, "Calendar: {days}", days=text)
    return [WrappedMarkup(escape(line), 8.0, RIGHT - LEFT, colour=INK2, leading=1.4).page_block(gap=4)]


def _waits_over_tickets_chart(read: PeriodReport, lang: str, notes: int) -> Chart:
    found = day_week_or_month_sums(read.tally.days, read.first, read.last, chart_bar_period(read.period))
    target = read.figures["wait"]["target_minutes"]
    marks = []
    if not read.together:
        place = {letter: note.day for letter, note in letter_notes_by_day_and_time(read.halls[0].notes, notes)}
        marks = [
            (i + 0.5, letter)
            for letter, day in place.items()
            for i, slot in enumerate(found)
            if slot.first <= day <= slot.last
        ]
    return WaitsOverTicketsChart(
        line_title=tr(lang, "Mean wait, minutes"),
        bar_title=tr(lang, "Tickets issued"),
        line=[slot.mean_wait for slot in found],
        bars=[slot.issued for slot in found],
        labels=[(i + 0.5, word) for i, word in chart_bar_labels_by_index(found, read.period, lang)],
        target=target,
        target_text="" if target is None else tr(lang, "target {minutes} min", minutes=target, context="chart"),
        letters=marks,
        has_figures=True,
    ).build_chart()


def _slots_chart_block(chart: Chart, read: PeriodReport, lang: str, panel: float) -> PageBlock:
    title = tr(lang, "Month by month") if read.period == YEAR else tr(lang, "Day by day")
    height = chart_height_from_panels(chart, panel)

    def draw_block(sheet: PdfSheet, y: float) -> None:
        sheet.draw_heading(LEFT, y + 9, title)
        draw_chart(sheet, y + 14, height, chart)

    return PageBlock(14 + height, draw_block, gap=16)


def _waits_heat_map_blocks(read: PeriodReport, lang: str) -> list[PageBlock]:
    """Return the map of waits, nothing where no wait counts or halls have different targets."""
    target = read.figures["wait"]["target_minutes"]
    cells = read.tally.heat
    if not cells or target is None:
        return []
    columns = list(dict.fromkeys(row["from"] for row in read.figures["hours"]))
    title = tr(lang, "Mean wait by weekday and half-hour")
    if len(columns) > MOST_COLUMNS:
        cells, columns = waits_by_weekday_and_hour(cells), list(dict.fromkeys(f"{label[:2]}:00" for label in columns))
        title = tr(lang, "Mean wait by weekday and hour")
    weekdays = sorted({weekday for weekday, _ in cells})
    names = {line.day.isoweekday(): weekday_short(line.day, lang) for line in read.tally.days}
    chart = WaitHeatMap(
        rows=[names.get(weekday, "") for weekday in weekdays],
        columns=columns,
        cells=[
            WaitHeatMapCell(row=weekdays.index(weekday), column=columns.index(label), minutes=us / n / MINUTE_US)
            for (weekday, label), (n, us) in cells.items()
        ],
        target=target,
    )
    height = heat_map_height(chart, PAGE)
    legend = tr(lang, "minutes; red: over the target of {minutes} min", minutes=target)

    def draw_block(sheet: PdfSheet, y: float) -> None:
        sheet.draw_heading(LEFT, y + 9, title, unit=legend)
        draw_marks(sheet, lay_out_heat_map(chart, PAGE, SurfaceRect(LEFT, y + 15, RIGHT - LEFT, height)).marks)

    return [PageBlock(15 + height, draw_block, gap=16)]


def waits_by_weekday_and_hour(
    cells: Mapping[tuple[int, str], tuple[int, int]],
) -> dict[tuple[int, str], tuple[int, int]]:
    """Return the number and the sum of waits by weekday and hour from those by weekday and half-hour."""
    found: dict[tuple[int, str], tuple[int, int]] = {}
    for (weekday, label), (n, us) in cells.items():
        key = weekday, f"{label[:2]}:00"
        before = found.get(key, (0, 0))
        found[key] = before[0] + n, before[1] + us
    return found


# -- details -----------------------------------------------------------------------------------------------------------


def _services_and_ratings_page(
    read: PeriodReport, rates: SatisfactionRates, lang: str, chapter: PageChapter
) -> list[PageBlock]:
    """Return the page of services and ratings; a month is shown by day if its days leave room for the rest."""
    before = [
        chapter.head_block(),
        *(_halls_table(read, lang) if read.together else []),
        *same_mix_halls_blocks(read, rates, lang),
        *services_table_blocks(read, lang),
    ]
    after = [ratings_beside_fairness_block(read.figures, lang), *left_out_line(read.figures, lang)]
    if read.first == read.last:
        return [*before, *after]
    if read.period == MONTH:
        by_day = [*before, *_waits_and_ratings_table(read, lang, DAY), *after]
        if blocks_height(by_day) <= BOTTOM - TOP:
            return by_day
    return [*before, *_waits_and_ratings_table(read, lang, table_row_period(read.period)), *after]


def _satisfaction_page(
    read: PeriodReport, rates: SatisfactionRates, lang: str, chapter: PageChapter
) -> list[PageBlock]:
    """Return the page of satisfaction and targets, its chart as high as the page has room for."""
    targets = [*_targets_and_rules_blocks(read, lang), *no_quality_records_line(read.figures, lang)]
    room = BOTTOM - TOP - blocks_height([chapter.head_block(), *rates_page_blocks(read, rates, lang), *targets])
    panel = max(CHART_LEAST, min(CHART_MOST, PANEL + room))
    return blocks_fitted_to_one_page([chapter.head_block(), *rates_page_blocks(read, rates, lang, panel), *targets])


def _targets_and_rules_blocks(read: PeriodReport, lang: str) -> list[PageBlock]:
    return [*targets_section(read.figures, lang), *rules_history_table(read.figures, read.report_setups, lang)]


def _table_columns(first: str, target: int | None, lang: str) -> list[FigureColumn]:
    in_time = tr(lang, "in time") if target is None else tr(lang, "≤ {minutes} min", minutes=target)
    return [
        FigureColumn(first),
        FigureColumn(tr(lang, "Issued", context="report")),
        FigureColumn(tr(lang, "n", context="report")),
        FigureColumn(tr(lang, "Mean wait"), bold=True),
        FigureColumn(in_time),
        FigureColumn(tr(lang, "Rated", context="report")),
        FigureColumn(tr(lang, "Satisfied", context="report"), bold=True),
        FigureColumn(tr(lang, "95 % interval", context="report")),
    ]


def _waits_and_ratings_table(read: PeriodReport, lang: str, step: str) -> list[PageBlock]:
    """Return waits and ratings step by step; the last row is of all ratings together."""
    titles = {
        DAY: tr(lang, "Waits and ratings by day"),
        WEEK: tr(lang, "Waits and ratings by week"),
        MONTH: tr(lang, "Waits and ratings by month"),
    }
    target = read.figures["wait"]["target_minutes"]
    rows = []
    for slot in day_week_or_month_sums(read.tally.days, read.first, read.last, step):
        if not slot.issued:
            continue
        found = satisfaction_rate(slot.satisfied, slot.rated - slot.satisfied)
        rows.append(
            [
                date_span_name(slot, read.period, lang),
                whole_number_text(slot.issued),
                whole_number_text(slot.waits),
                decimal_text(slot.mean_wait),
                _share_text(slot.share_within_target),
                whole_number_text(slot.rated),
                _share_text(found.rate),
                percent_range_text(found.low, found.high),
            ]
        )
    total = _table_row(tr(lang, "All", context="report"), read.figures)
    columns = _table_columns(tr(lang, "Dates", context="report"), target, lang)
    return [_table_title_block(titles[step], lang), *figures_table_blocks(columns, rows, total)]


def _halls_table(read: PeriodReport, lang: str) -> list[PageBlock]:
    """Return a row for each hall and one of all."""
    columns = _table_columns(tr(lang, "Hall", context="report"), read.figures["wait"]["target_minutes"], lang)
    # Their codes stand before services and people of several halls.
    halls = [(report.setup.hall, report.figures) for report in read.halls]
    rows = [
        _table_row(code_and_name(hall.code, name_in_language(hall.name, hall.name_en, lang)), figures)
        for hall, figures in halls
    ]
    total = _table_row(tr(lang, "All", context="report"), read.figures)
    return [_table_title_block(tr(lang, "By hall"), lang), *figures_table_blocks(columns, rows, total)]


def _table_row(name: str, figures: Mapping[str, Any]) -> Sequence[str]:
    wait, ratings = figures["wait"], figures["ratings"]
    return [
        name,
        whole_number_text(figures["issued"]),
        whole_number_text(wait["n"]),
        decimal_text(wait["mean"]),
        _share_text(wait["within_target"]),
        whole_number_text(ratings["n"]),
        _share_text(ratings["rate"]),
        percent_range_text(ratings["low"], ratings["high"]),
    ]


def _table_title_block(title: str, lang: str) -> PageBlock:
    unit = tr(lang, "times in minutes, shares in %")
    return PageBlock(13, lambda sheet, y: sheet.draw_heading(LEFT, y + 9, title, unit=unit), gap=15, keep=True)


def _share_text(value: float | None) -> str:
    return UNKNOWN if value is None else percent_text(value)
