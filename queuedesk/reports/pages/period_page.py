"""The pages of a period: what happened and what to look at, services, satisfaction by date between limits and
against the period before, halls, and what is left out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from msgspec.structs import replace

from queuedesk.core.charts import waits
from queuedesk.core.charts.chart import Chart, Mark, ReferenceLevel, SurfaceRect
from queuedesk.core.figures import satisfaction
from queuedesk.core.figures.halls import FEWEST_EACH, MixStandardizedMeans
from queuedesk.core.figures.measures.rows import MINUTE_US
from queuedesk.core.figures.periods import DAY, MONTH, QUARTER, WEEK, YEAR
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
from queuedesk.reports.draw import head_and_foot, pdf
from queuedesk.reports.draw.charts import PAGE, chart_height_from_panels, draw_chart, draw_marks, rates_control_chart
from queuedesk.reports.figures import findings
from queuedesk.reports.figures import period as period_rows
from queuedesk.reports.figures.figure_words import percent_range_text
from queuedesk.reports.figures.rates import (
    RateAmongOthers,
    RatesByDateWithLimits,
    SatisfactionRateWithComparisons,
    period_satisfaction_rates,
)
from queuedesk.reports.pages import day_page, sections
from queuedesk.reports.pages.annex import annex_chapters, invalid_reports_markup_list, kept_report_check_lines

# Halls or people side by side: what chance explains, what few ratings are worth, and halls with the same mix of
# services.

FUNNEL_HIGH = 158.0


def clerk_rates_comparison(
    read: period_rows.PeriodReport, rates: SatisfactionRateWithComparisons, lang: str
) -> list[pdf.BlockWithinPage]:
    """Return the clerks' rates; nothing with fewer than two rated, or if the hall looks at no person's work."""
    if not rates.clerks or not read.report_setups.has_feature("staff"):
        return []
    names = {
        clerk.code: code_and_name(clerk.code, read.report_setups.staff_name(clerk.code, lang)) for clerk in rates.clerks
    }
    return rates_of_halls_or_people_blocks(
        rates.clerks, tr(lang, "Staff by number of ratings"), tr(lang, "Staff", context="report"), names, lang
    )


def code_and_name(code: str, name: str) -> str:
    """Return a name after the chart's code; for several halls the hall that begins both is written once."""
    hall = code[: code.rfind("/") + 1]
    return code if name == code else f"{code} {name.removeprefix(hall)}"


def rates_of_halls_or_people_blocks(
    members: Sequence[RateAmongOthers], title: str, column: str, names: dict[str, str], lang: str
) -> list[pdf.BlockWithinPage]:
    """Return the funnel of halls or people and their table: raw rate, estimate, no rank for few ratings."""
    n = sum(member.found.n for member in members)
    centre = sum(member.counts[0] for member in members) / n
    chart = waits.FunnelPlotData(
        points=[
            waits.FunnelPoint(
                member.found.n,
                member.found.rate or 0.0,
                member.code,
                waits.SIGNS[member.outlier_level],
                bold=member.outlier_level > 0,
            )
            for member in members
        ],
        centre=centre,
        centre_name=tr(lang, "all {rate} %", rate=percent_text(centre), context="chart"),
        count_title=tr(lang, "number of ratings", context="chart"),
    )
    unit = tr(lang, "satisfied in %; between the curves chance alone explains it", context="chart")
    panel = pdf.BlockWithinPage(
        FUNNEL_HIGH, lambda sheet, y: draw_marks(sheet, _funnel_marks(chart, y)), gap=5, keep=True
    )
    how = tr(
        lang,
        "Curves: 95 % (full) and 99.8 % (dotted) round the rate of all. A triangle differs from the others by more than chance does to any "
        "of all in 95 of 100 periods; a diamond lies beyond the dotted curve too. Drawn together: the own rate counts with its weight, that "
        "of all with the rest, so that few ratings make nobody first or last. A place is shared where chance may have made the difference; nobody "
        "has one under {n} ratings, or where chance may have made all differences.",
        n=satisfaction.FEWEST_RANKED,
    )
    columns = [
        pdf.GridColumn(column, is_text=True),
        pdf.GridColumn(tr(lang, "n", context="report")),
        pdf.GridColumn(tr(lang, "Satisfied", context="report"), bold=True),
        pdf.GridColumn(tr(lang, "95 % interval", context="report")),
        pdf.GridColumn(tr(lang, "Position", context="funnel"), is_text=True),
        pdf.GridColumn(tr(lang, "Combined estimate", context="rate"), bold=True),
        pdf.GridColumn(tr(lang, "Own weight, %", context="rate")),
        pdf.GridColumn(tr(lang, "Place", context="ranking")),
    ]
    rows = [
        [
            names[member.code],
            whole_number_text(member.found.n),
            percent_text(member.found.rate),
            percent_range_text(member.found.low, member.found.high),
            outlier_level_word(member.outlier_level, lang),
            percent_text(member.pooled.believed),
            percent_text(member.pooled.weight),
            UNKNOWN if member.pooled.rank is None else str(member.pooled.rank),
        ]
        for member in members
    ]
    return [pdf.heading_block(title, unit), panel, *pdf.grid_table_blocks(columns, rows), pdf.small_sentence_block(how)]


def _funnel_marks(chart: waits.FunnelPlotData, y: float) -> list[Mark]:
    return list(
        waits.lay_out_rates_funnel(chart, PAGE, SurfaceRect(pdf.LEFT, y, pdf.RIGHT - pdf.LEFT, FUNNEL_HIGH)).marks
    )


def outlier_level_word(out: int, lang: str) -> str:
    """Return where a rate lies: within what chance does to all, beyond it, or beyond the limits of 99.8 % too."""
    words: tuple[Callable[[], str], ...] = (
        lambda: tr(lang, "within", context="funnel"),
        lambda: tr(lang, "beyond chance", context="funnel"),
        lambda: tr(lang, "beyond 99.8 %", context="funnel"),
    )
    return words[out]()


def same_mix_halls_blocks(
    read: period_rows.PeriodReport, rates: SatisfactionRateWithComparisons, lang: str
) -> list[pdf.BlockWithinPage]:
    """Return the halls with the same mix of services, or the sentence that nothing can be compared."""
    alike = rates.alike
    if alike is None or len(read.halls) < 2:
        return []
    title = pdf.heading_block(
        tr(lang, "Like for like"), tr(lang, "adjusted to the same mix of services", context="report")
    )
    if not (alike.waits.services or alike.rates.services):
        left_out = tr(
            lang,
            "Left out: no service is busy enough in several halls to compare them by it. The table above shows each hall with its own mix of services.",
        )
        return [title, pdf.small_sentence_block(left_out)]
    columns = [
        pdf.GridColumn(tr(lang, "Hall", context="report"), is_text=True),
        pdf.GridColumn(tr(lang, "Mean wait")),
        pdf.GridColumn(tr(lang, "adjusted", context="report"), bold=True),
        pdf.GridColumn(tr(lang, "in time")),
        pdf.GridColumn(tr(lang, "adjusted", context="report"), bold=True),
        pdf.GridColumn(tr(lang, "Satisfied", context="report")),
        pdf.GridColumn(tr(lang, "adjusted", context="report"), bold=True),
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
    return [title, *pdf.grid_table_blocks(columns, rows), pdf.small_sentence_block(how)]


def _service_names(read: period_rows.PeriodReport, alike: MixStandardizedMeans, lang: str) -> str:
    return pdf.escape(list_text([read.service_name(code, lang) for code in alike.services], lang)) or UNKNOWN


WIDTH = pdf.RIGHT - pdf.LEFT
PANEL = 126.0
MOST_NAMED = 6
MINUS = "−"


def rates_page_blocks(
    read: period_rows.PeriodReport, rates: SatisfactionRateWithComparisons, lang: str, panel: float = PANEL
) -> list[pdf.BlockWithinPage]:
    """Return the page without head, its chart `panel` points high; several halls are compared side by side."""
    blocks = [_rate_answers_and_change_block(read, rates, lang), *_few_answers_caution_box(rates, lang)]
    if not rates.found.n:
        return blocks
    if rates.by_date is not None and rates.by_date.rated_date_count > 1 and rates.by_date.centre is not None:
        blocks += _rates_by_date_blocks(read, rates.by_date, rates.by_date.centre, lang, panel)
    blocks += _change_since_before_blocks(rates, lang)
    if rates.halls:
        title = tr(lang, "Halls by number of ratings")
        halls = [hall.setup.hall for hall in read.halls]
        names = {hall.code: code_and_name(hall.code, name_in_language(hall.name, hall.name_en, lang)) for hall in halls}
        blocks += rates_of_halls_or_people_blocks(rates.halls, title, tr(lang, "Hall", context="report"), names, lang)
    return blocks


# -- the rate ----------------------------------------------------------------------------------------------------------


def _rate_answers_and_change_block(
    read: period_rows.PeriodReport, rates: SatisfactionRateWithComparisons, lang: str
) -> pdf.BlockWithinPage:
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
            UNKNOWN if change is None else signed_percentage_points(change),
            tr(lang, "points", context="unit"),
            earlier,
        ),
    ]
    width = WIDTH / len(cells)

    def draw_block(sheet: pdf.PdfSheet, y: float) -> None:
        for i, (label, value, unit, second) in enumerate(cells):
            x = pdf.LEFT + width * i
            sheet.draw_box(x, y, 2.4, 54, fill=pdf.PRIMARY)
            sheet.draw_text(x + 11, y + 9.5, label, 9.2, colour=pdf.INK2)
            sheet.draw_text(x + 11, y + 36, value, 25, bold=True)
            if value != UNKNOWN:
                sheet.draw_text(x + 16 + pdf.text_width(value, 25, bold=True), y + 36, unit, 10)
            sheet.draw_text(x + 11, y + 50.5, pdf.cut_text_to_width(second, 8.4, width - 18), 8.4, colour=pdf.INK2)

    return pdf.BlockWithinPage(54, draw_block, gap=14)


def signed_percentage_points(difference: float) -> str:
    """Return a difference of shares in points with its sign."""
    text = f"{abs(difference) * 100:.1f}"
    return "0.0" if text == "0.0" else f"{'+' if difference > 0 else MINUS}{text}"


def _few_answers_caution_box(rates: SatisfactionRateWithComparisons, lang: str) -> list[pdf.BlockWithinPage]:
    """Return the box that says why few answers are a hint only; nothing where enough answered."""
    answered = rates.response
    if not answered.is_low:
        return []
    told = pdf.WrappedMarkup(
        tr(
            lang,
            "<b>Only {share} % of those served rated.</b> Below {least} % the rate need not hold for everybody: {lowest} % to {highest} % of all those served may be satisfied, as nobody knows what those without a rating think.",
            share=percent_text(answered.share),
            least=f"{satisfaction.FEW_RESPONSES * 100:.0f}",
            lowest=percent_text(answered.lowest),
            highest=percent_text(answered.highest),
        ),
        9.4,
        WIDTH - 24,
        leading=1.4,
    )
    height = told.height + 14

    def draw_block(sheet: pdf.PdfSheet, y: float) -> None:
        sheet.draw_box(pdf.LEFT, y, WIDTH, height, fill=pdf.PAPER)
        told.draw(sheet, pdf.LEFT + 12, y + 7)

    return [pdf.BlockWithinPage(height, draw_block, gap=10)]


# -- by date -----------------------------------------------------------------------------------------------------------


def _rates_by_date_blocks(
    read: period_rows.PeriodReport, by_date: RatesByDateWithLimits, centre: float, lang: str, height: float
) -> list[pdf.BlockWithinPage]:
    targets = [
        ReferenceLevel(
            value=100 * row["value"],
            name=tr(lang, "target {share} %", share=target_figure_text(SATISFACTION, row["value"])),
            first=span[0],
            last=span[1],
        )
        for row in sections.target_rows_for_measure(read.figures, SATISFACTION)
        if (span := first_and_last_slot_between_dates(by_date.slots, row["first"], row["last"]))
    ]
    middle = tr(lang, "all {rate} %", rate=percent_text(centre), context="chart")
    chart = rates_control_chart(
        by_date.points,
        ReferenceLevel(value=100 * centre, name=middle, colour="ink2", is_dotted=False),
        findings.chart_bar_labels_by_index(list(by_date.slots), read.period, lang),
        [percent_text(point.rate) for point in by_date.points],
        targets,
    )
    title = tr(lang, "Rate by month") if read.period == YEAR else tr(lang, "Rate by day")
    high = chart_height_from_panels(chart, height)
    panel = pdf.BlockWithinPage(high, lambda sheet, y: draw_chart(sheet, y, high, chart), gap=5, keep=True)
    return [
        pdf.heading_block(title, tr(lang, "satisfied in %; band: where chance alone takes it", context="chart")),
        panel,
        *_dates_outside_limits_blocks(read, by_date, lang),
    ]


def first_and_last_slot_between_dates(
    found: Sequence[findings.DateSpanSums], first: str, last: str
) -> tuple[int, int] | None:
    """Return the first and the last slot that end within two dates, None if there is none. A month in which the target
    changed counts for the later one."""
    inside = [i for i, slot in enumerate(found) if first <= slot.last.isoformat() <= last]
    return (inside[0], inside[-1]) if inside else None


def _dates_outside_limits_blocks(
    read: period_rows.PeriodReport, by_date: RatesByDateWithLimits, lang: str
) -> list[pdf.BlockWithinPage]:
    """Return the sentences under the chart: which dates lie outside, and how the limits are made."""
    if by_date.indexes_of_points_beyond_chance:
        outside = [
            _slot_date_and_rate_text(by_date, i, read.period == YEAR, lang)
            for i in by_date.indexes_of_points_beyond_chance[:MOST_NAMED]
        ]
        if more := len(by_date.indexes_of_points_beyond_chance) - len(outside):
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
    return [replace(pdf.small_sentence_block(said), keep=True), pdf.small_sentence_block(how, gap=2)]


def _slot_date_and_rate_text(by_date: RatesByDateWithLimits, i: int, by_month: bool, lang: str) -> str:
    slot, point = by_date.slots[i], by_date.points[i]
    day = (
        findings.chart_bar_labels_by_index(list(by_date.slots), YEAR, lang)[i][1]
        if by_month
        else date_short(slot.first, lang)
    )
    return tr(
        lang,
        "{date} ({rate} %, n {n})",
        date=day,
        rate=percent_text(point.rate),
        n=whole_number_text(point.n),
        context="chart",
    )


# -- against the period before -----------------------------------------------------------------------------------------


def _change_since_before_blocks(rates: SatisfactionRateWithComparisons, lang: str) -> list[pdf.BlockWithinPage]:
    before = rates.before
    title = pdf.heading_block(tr(lang, "Against the period before"))
    dates = figure_range(date_long(before.first, lang), date_long(before.last, lang))
    if before.found.rate is None:
        return [
            title,
            pdf.small_sentence_block(
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
        replace(pdf.small_sentence_block(told), keep=True),
        pdf.small_sentence_block(f"<b>{difference_text(before.difference, lang)}</b>", gap=2),
    ]


def difference_text(found: satisfaction.SatisfactionRateDifference, lang: str) -> str:
    """Return how far one rate lies above another, with Newcombe's interval, and whether chance explains it."""
    if found.difference is None or found.low is None or found.high is None:
        return tr(lang, "Nobody answered on one side, so there is nothing to compare.")
    told = {
        "difference": signed_percentage_points(found.difference),
        "low": signed_percentage_points(found.low),
        "high": signed_percentage_points(found.high),
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


def period_report_pdf(read: period_rows.PeriodReport, lang: str, printed_by: head_and_foot.Maker) -> bytes:
    """Return the report of a period as a PDF in `lang`: a page to glance at, then the details; without figures that
    none of its halls uses."""
    read = period_rows.period_without_unused_figures(read)
    own = read.lead.hall
    hall = tr(lang, "All halls", context="report") if read.together else name_in_language(own.name, own.name_en, lang)
    title = _report_title(read.period, lang)
    sheet = pdf.PdfSheet(f"{hall} · {title} · {read.first.isoformat()}", hall, lang)
    rates, figures, span = period_satisfaction_rates(read), read.figures, _period_dates_text(read, lang)
    facts = [*_period_head_facts(read, lang), *_responsible_person_fact(read, lang, printed_by)]

    def titled_chapter(of: str, series: str = "") -> pdf.PageChapter:
        return pdf.PageChapter(head_and_foot.report_head(hall, of, span, facts), series)

    proofs = [
        block
        for report in read.halls
        for block in sections.log_proof_page_blocks(
            report.figures, report.anchor, lang, of=report.setup.hall.code if read.together else ""
        )
    ]
    proofs += kept_report_check_lines(printed_by, read.lead, read.anchor, lang)
    # What writes itself is over, if need be because somebody ended its last date by hand.
    is_running = read.is_running and not isinstance(printed_by, head_and_foot.AutomaticReportEdition)
    fallen = invalid_reports_markup_list(printed_by, lang)
    blocks = _overview_page_blocks(
        read, lang, head_and_foot.report_head(hall, title, span, facts), fallen, is_running=is_running
    )
    quality = day_page.quality_chapter_blocks(figures, lang, titled_chapter(tr(lang, "Quality", context="report")))
    if figures["issued"] or figures["ratings"]["n"]:
        blocks += [
            *_services_and_ratings_page(read, rates, lang, titled_chapter(title)),
            *_satisfaction_page(
                read, rates, lang, titled_chapter(tr(lang, "Satisfaction and targets", context="report"))
            ),
            *quality,
            *annex_chapters(
                figures,
                read.report_setups,
                lang,
                titled_chapter,
                first_finished=min((line.day for line in read.tally.days if line.finished), default=read.first),
                proofs=proofs,
            ),
            *clerk_rates_comparison(read, rates, lang),
        ]
    else:
        blocks += [*_targets_and_rules_blocks(read, lang), *sections.left_out_line(figures, lang), *proofs, *quality]
    return sheet.paged_pdf(
        blocks, head_and_foot.page_foot_drawer(read.lead, read.anchor, read.local_now, lang, printed_by)
    )


def _report_title(period: str, lang: str) -> str:
    titles = {
        DAY: tr(lang, "Daily report"),
        WEEK: tr(lang, "Weekly report"),
        MONTH: tr(lang, "Monthly report"),
        QUARTER: tr(lang, "Quarterly report"),
        YEAR: tr(lang, "Yearly report"),
    }
    return titles[period]


def _period_dates_text(read: period_rows.PeriodReport, lang: str) -> str:
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


def _period_head_facts(read: period_rows.PeriodReport, lang: str) -> list[str]:
    days = period_rows.number_of_days_with_tickets(read.tally)
    facts = [ntr(lang, "{n} day with customers", "{n} days with customers", days)]
    if read.together:
        facts.insert(0, ntr(lang, "{n} hall", "{n} halls", len(read.halls)))
    if read.is_running:
        facts.append(tr(lang, "until {time}", time=date_long(read.local_now.date(), lang), context="report"))
    return facts


def _responsible_person_fact(read: period_rows.PeriodReport, lang: str, printed_by: head_and_foot.Maker) -> list[str]:
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


def _overview_page_blocks(
    read: period_rows.PeriodReport, lang: str, top: pdf.BlockWithinPage, fallen: Sequence[str], *, is_running: bool
) -> list[pdf.BlockWithinPage]:
    quiet = (
        tr(lang, "Nothing unusual against this hall's targets.")
        if read.figures["issued"]
        else tr(lang, "No ticket was issued in this time.")
    )
    before = [
        top,
        head_and_foot.four_key_figures_block(read.figures, lang, is_running=is_running),
        *sections.glance_target_lines(read.figures, lang, is_running=is_running),
        sections.attention_box(
            [*fallen, *findings.first_period_finding_texts(read, lang)], quiet, tr(lang, "What to look at")
        ),
    ]
    if not read.figures["issued"]:
        return before
    if read.first == read.last:
        chart = day_page.waits_by_half_hour_chart(read.figures, lang)
        room = pdf.BOTTOM - pdf.TOP - pdf.blocks_height(before) - chart_height_from_panels(chart, 0) - 32
        return [*before, day_page.half_hour_chart_block(chart, lang, min(HIGHEST, max(PANEL_LEAST, room)))]
    heat = _waits_heat_map_blocks(read, lang)
    notes: list[pdf.BlockWithinPage] = []
    for most in (0,) if read.together else NOTES:
        notes = sections.day_notes_blocks(read.halls[0].notes, lang, dated=True, most=most) if most else []
        notes = [*notes, *_calendar_line(read, lang)]
        chart = _waits_over_tickets_chart(read, lang, most)
        room = (
            pdf.BOTTOM - pdf.TOP - pdf.blocks_height([*before, *notes, *heat]) - chart_height_from_panels(chart, 0) - 32
        )
        if room >= PANEL_LEAST:
            break
    return pdf.blocks_fitted_to_one_page(
        [*before, _day_or_month_chart_block(chart, read, lang, min(PANEL_MOST, max(PANEL_LEAST, room))), *notes, *heat]
    )


def _calendar_line(read: period_rows.PeriodReport, lang: str) -> list[pdf.BlockWithinPage]:
    """Return a line that names the holidays, make-up working days and special hours of one hall's span."""
    text = "" if read.together else special_days_text(read.halls[0].setup.calendar, read.first, read.last, lang)
    if not text or len(text) > LONGEST_CALENDAR:
        return []
    line = tr(lang, "Calendar: {days}", days=text)
    return [
        pdf.WrappedMarkup(pdf.escape(line), 8.0, pdf.RIGHT - pdf.LEFT, colour=pdf.INK2, leading=1.4).page_block(gap=4)
    ]


def _waits_over_tickets_chart(read: period_rows.PeriodReport, lang: str, notes: int) -> Chart:
    found = findings.day_week_or_month_sums(
        read.tally.days, read.first, read.last, findings.chart_bar_period(read.period)
    )
    target = read.figures["wait"]["target_minutes"]
    marks = []
    if not read.together:
        place = {letter: note.day for letter, note in sections.letter_notes_by_day_and_time(read.halls[0].notes, notes)}
        marks = [
            (i + 0.5, letter)
            for letter, day in place.items()
            for i, slot in enumerate(found)
            if slot.first <= day <= slot.last
        ]
    return waits.WaitsOverTicketsChart(
        line_title=tr(lang, "Mean wait, minutes"),
        bar_title=tr(lang, "Tickets issued"),
        line=[slot.mean_wait for slot in found],
        bars=[slot.issued for slot in found],
        labels=[(i + 0.5, word) for i, word in findings.chart_bar_labels_by_index(found, read.period, lang)],
        target=target,
        target_text="" if target is None else tr(lang, "target {minutes} min", minutes=target, context="chart"),
        letters=marks,
        has_figures=True,
    ).build_chart()


def _day_or_month_chart_block(
    chart: Chart, read: period_rows.PeriodReport, lang: str, panel: float
) -> pdf.BlockWithinPage:
    title = tr(lang, "Month by month") if read.period == YEAR else tr(lang, "Day by day")
    height = chart_height_from_panels(chart, panel)

    def draw_block(sheet: pdf.PdfSheet, y: float) -> None:
        sheet.draw_heading(pdf.LEFT, y + 9, title)
        draw_chart(sheet, y + 14, height, chart)

    return pdf.BlockWithinPage(14 + height, draw_block, gap=16)


def _waits_heat_map_blocks(read: period_rows.PeriodReport, lang: str) -> list[pdf.BlockWithinPage]:
    """Return the map of waits, nothing where no wait counts or halls have different targets."""
    target = read.figures["wait"]["target_minutes"]
    cells = read.tally.heat
    if not cells or target is None:
        return []
    columns = list(dict.fromkeys(row["from"] for row in read.figures["hours"]))
    title = tr(lang, "Mean wait by weekday and half-hour")
    if len(columns) > MOST_COLUMNS:
        cells, columns = (
            wait_sums_by_weekday_and_hour(cells),
            list(dict.fromkeys(f"{label[:2]}:00" for label in columns)),
        )
        title = tr(lang, "Mean wait by weekday and hour")
    weekdays = sorted({weekday for weekday, _ in cells})
    names = {line.day.isoweekday(): weekday_short(line.day, lang) for line in read.tally.days}
    chart = waits.WaitHeatMap(
        rows=[names.get(weekday, "") for weekday in weekdays],
        columns=columns,
        cells=[
            waits.WaitHeatMapCell(row=weekdays.index(weekday), column=columns.index(label), minutes=us / n / MINUTE_US)
            for (weekday, label), (n, us) in cells.items()
        ],
        target=target,
    )
    height = waits.heat_map_height(chart, PAGE)
    legend = tr(lang, "minutes; red: over the target of {minutes} min", minutes=target)

    def draw_block(sheet: pdf.PdfSheet, y: float) -> None:
        sheet.draw_heading(pdf.LEFT, y + 9, title, unit=legend)
        draw_marks(
            sheet,
            waits.lay_out_heat_map(chart, PAGE, SurfaceRect(pdf.LEFT, y + 15, pdf.RIGHT - pdf.LEFT, height)).marks,
        )

    return [pdf.BlockWithinPage(15 + height, draw_block, gap=16)]


def wait_sums_by_weekday_and_hour(
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
    read: period_rows.PeriodReport, rates: SatisfactionRateWithComparisons, lang: str, chapter: pdf.PageChapter
) -> list[pdf.BlockWithinPage]:
    """Return the page of services and ratings; a month is shown by day if its days leave room for the rest."""
    before = [
        chapter.head_block(),
        *(_halls_table(read, lang) if read.together else []),
        *same_mix_halls_blocks(read, rates, lang),
        *sections.services_table_blocks(read, lang),
    ]
    after = [sections.ratings_beside_fairness_block(read.figures, lang), *sections.left_out_line(read.figures, lang)]
    if read.first == read.last:
        return [*before, *after]
    if read.period == MONTH:
        by_day = [*before, *_waits_and_ratings_table(read, lang, DAY), *after]
        if pdf.blocks_height(by_day) <= pdf.BOTTOM - pdf.TOP:
            return by_day
    return [*before, *_waits_and_ratings_table(read, lang, findings.row_period_in_table_of_period(read.period)), *after]


def _satisfaction_page(
    read: period_rows.PeriodReport, rates: SatisfactionRateWithComparisons, lang: str, chapter: pdf.PageChapter
) -> list[pdf.BlockWithinPage]:
    """Return the page of satisfaction and targets, its chart as high as the page has room for."""
    targets = [*_targets_and_rules_blocks(read, lang), *day_page.no_quality_records_line(read.figures, lang)]
    room = (
        pdf.BOTTOM
        - pdf.TOP
        - pdf.blocks_height([chapter.head_block(), *rates_page_blocks(read, rates, lang), *targets])
    )
    panel = max(CHART_LEAST, min(CHART_MOST, PANEL + room))
    return pdf.blocks_fitted_to_one_page([chapter.head_block(), *rates_page_blocks(read, rates, lang, panel), *targets])


def _targets_and_rules_blocks(read: period_rows.PeriodReport, lang: str) -> list[pdf.BlockWithinPage]:
    return [
        *sections.targets_section(read.figures, lang),
        *period_rows.rules_history_table(read.figures, read.report_setups, lang),
    ]


def _table_columns(first: str, target: int | None, lang: str) -> list[pdf.FigureColumn]:
    in_time = tr(lang, "in time") if target is None else tr(lang, "≤ {minutes} min", minutes=target)
    return [
        pdf.FigureColumn(first),
        pdf.FigureColumn(tr(lang, "Issued", context="report")),
        pdf.FigureColumn(tr(lang, "n", context="report")),
        pdf.FigureColumn(tr(lang, "Mean wait"), bold=True),
        pdf.FigureColumn(in_time),
        pdf.FigureColumn(tr(lang, "Rated", context="report")),
        pdf.FigureColumn(tr(lang, "Satisfied", context="report"), bold=True),
        pdf.FigureColumn(tr(lang, "95 % interval", context="report")),
    ]


def _waits_and_ratings_table(read: period_rows.PeriodReport, lang: str, step: str) -> list[pdf.BlockWithinPage]:
    """Return waits and ratings step by step; the last row is of all ratings together."""
    titles = {
        DAY: tr(lang, "Waits and ratings by day"),
        WEEK: tr(lang, "Waits and ratings by week"),
        MONTH: tr(lang, "Waits and ratings by month"),
    }
    target = read.figures["wait"]["target_minutes"]
    rows = []
    for slot in findings.day_week_or_month_sums(read.tally.days, read.first, read.last, step):
        if not slot.issued:
            continue
        found = satisfaction.satisfaction_rate(slot.satisfied, slot.rated - slot.satisfied)
        rows.append(
            [
                findings.date_span_name(slot, read.period, lang),
                whole_number_text(slot.issued),
                whole_number_text(slot.waits),
                decimal_text(slot.mean_wait),
                _share_text(slot.share_within_target),
                whole_number_text(slot.rated),
                _share_text(found.rate),
                percent_range_text(found.low, found.high),
            ]
        )
    total = _waits_and_ratings_row(tr(lang, "All", context="report"), read.figures)
    columns = _table_columns(tr(lang, "Dates", context="report"), target, lang)
    return [_table_title_block(titles[step], lang), *pdf.figures_table_blocks(columns, rows, total)]


def _halls_table(read: period_rows.PeriodReport, lang: str) -> list[pdf.BlockWithinPage]:
    """Return a row for each hall and one of all."""
    columns = _table_columns(tr(lang, "Hall", context="report"), read.figures["wait"]["target_minutes"], lang)
    # Their codes stand before services and people of several halls.
    halls = [(report.setup.hall, report.figures) for report in read.halls]
    rows = [
        _waits_and_ratings_row(code_and_name(hall.code, name_in_language(hall.name, hall.name_en, lang)), figures)
        for hall, figures in halls
    ]
    total = _waits_and_ratings_row(tr(lang, "All", context="report"), read.figures)
    return [_table_title_block(tr(lang, "By hall"), lang), *pdf.figures_table_blocks(columns, rows, total)]


def _waits_and_ratings_row(name: str, figures: Mapping[str, Any]) -> Sequence[str]:
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


def _table_title_block(title: str, lang: str) -> pdf.BlockWithinPage:
    unit = tr(lang, "times in minutes, shares in %")
    return pdf.BlockWithinPage(
        13, lambda sheet, y: sheet.draw_heading(pdf.LEFT, y + 9, title, unit=unit), gap=15, keep=True
    )


def _share_text(value: float | None) -> str:
    return UNKNOWN if value is None else percent_text(value)
