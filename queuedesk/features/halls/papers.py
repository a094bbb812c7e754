"""Several halls in a period as a page of A4, with the picture of chance; their targets to sign."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from queuedesk.core.charts.chart import SurfaceRect
from queuedesk.core.charts.waits import FunnelPlotData, FunnelPoint, RateSymbol, lay_out_rates_funnel
from queuedesk.core.figures import halls, satisfaction, targets
from queuedesk.core.setup.rows import Setup
from queuedesk.features.halls import words as halls_texts
from queuedesk.features.halls.rules import HallsPeriodComparison
from queuedesk.i18n import date_long, list_text, name_in_language, ntr, tr
from queuedesk.i18n.figures import figure_titles
from queuedesk.i18n.names import UNKNOWN, percent_text, report_owner_name, staff_name, whole_number_text
from queuedesk.reports.draw import pdf as pdf_paper
from queuedesk.reports.draw.charts import PAGE, draw_marks
from queuedesk.reports.draw.head_and_foot import page_foot_drawer_without_log, report_head

TOKENS = {halls.ABOVE: "primary", halls.BELOW: "amber"}
SIGNS = {halls.ABOVE: RateSymbol("triangle", "primary", 8.0), halls.BELOW: RateSymbol("down", "amber", 8.0)}
RING, OWN = RateSymbol("ring", "ink2", 4.6), RateSymbol("own", "primary", 7.0)


def halls_funnel_plot_data(of: HallsPeriodComparison, lang: str) -> FunnelPlotData | None:
    """Return the picture of the halls that are compared, None where none are."""
    found = of.found
    if found.all.rate is None or not found.compared_halls:
        return None
    target = (of.target, tr(lang, "target {share}", share=percent_text(of.target))) if of.target is not None else None
    return FunnelPlotData(
        points=[_funnel_point(one, of.own, lang) for one in found.compared_halls],
        centre=found.all.rate,
        centre_name=tr(lang, "all {share}", share=percent_text(found.all.rate), context="funnel"),
        count_title=tr(lang, "ratings in the period"),
        target=target,
        is_filled=False,
    )


def _funnel_point(one: halls.ComparedHall, own: str, lang: str) -> FunnelPoint:
    assert one.alike is not None
    name, is_own = halls_texts.compared_hall_name(one.counts, lang), one.code == own
    named = f"{name} {halls_texts.percent_without_sign(one.alike)}" if one.is_beyond_chance else name if is_own else ""
    sign = SIGNS.get(one.verdict, OWN if is_own else RING)
    return FunnelPoint(one.n, one.alike, named, sign, TOKENS.get(one.verdict, "primary"), bold=True)


# -- the page ----------------------------------------------------------------------------------------------------------


WIDTH = pdf_paper.RIGHT - pdf_paper.LEFT
FUNNEL, TEXT = 214.0, 9.4


def halls_comparison_pdf(
    of: HallsPeriodComparison, setup: Setup, now: datetime, lang: str, *, by: str, printed_by: str | None = None
) -> bytes:
    """Return the comparison as a PDF, its halls by REGION or DISTRICT; `setup` is the own hall's, `printed_by` a
    name."""
    found = of.found
    title = tr(lang, "Halls side by side")
    own = name_in_language(setup.hall.name, setup.hall.name_en, lang)
    span = figure_titles.calendar_period_name(of.period, of.first, of.last, lang)
    facts = [
        ntr(lang, "{n} hall", "{n} halls", len(found.halls)),
        ntr(lang, "{number} rating", "{number} ratings", found.all.n, number=whole_number_text(found.all.n)),
    ]
    sheet = pdf_paper.PdfSheet(f"{title} · {span}", own, lang)
    alike = tr(lang, "Like for like: same services.")
    blocks = [
        pdf_paper.PageChapter(report_head(own, title, span, facts)).head_block(),
        pdf_paper.WrappedMarkup(
            f"<b>{pdf_paper.escape(alike)}</b> {pdf_paper.escape(halls_texts.service_mix_effect_sentence(found, lang))}",
            TEXT,
            WIDTH,
        ).page_block(gap=12),
    ]
    blocks += _funnel_blocks(of, lang)
    blocks += [
        pdf_paper.paragraphs_in_tinted_box([_remark_prose(*halls_texts.remark_texts(found, one, lang))])
        for one in found.remarks
    ]
    blocks += _hall_table_blocks(of, by, lang)
    how = tr(
        lang,
        "Like for like: the rate of all, and as much above or below it as the hall lies beside all halls at its own services. From {n} ratings "
        "on a hall is compared. The order is that of names: nobody is ranked.",
        n=satisfaction.FEWEST_RANKED,
    )
    blocks.append(pdf_paper.small_sentence_block(pdf_paper.escape(how), gap=8))
    return sheet.paged_pdf(blocks, page_foot_drawer_without_log(setup.to_hall_time(now), lang, printed_by))


def _remark_prose(title: str, text: str) -> pdf_paper.WrappedMarkup:
    return pdf_paper.WrappedMarkup(f"<b>{pdf_paper.escape(title)}</b>  {pdf_paper.escape(text)}", TEXT, WIDTH - 24)


def _funnel_blocks(of: HallsPeriodComparison, lang: str) -> list[pdf_paper.BlockWithinPage]:
    chart = halls_funnel_plot_data(of, lang)
    if chart is None:
        return []

    def draw_block(sheet: pdf_paper.PdfSheet, y: float) -> None:
        draw_marks(sheet, list(lay_out_rates_funnel(chart, PAGE, SurfaceRect(pdf_paper.LEFT, y, WIDTH, FUNNEL)).marks))

    title = pdf_paper.heading_block(tr(lang, "Satisfaction, like for like, %"), tr(lang, "one ring is one hall"))
    return [
        title,
        pdf_paper.BlockWithinPage(FUNNEL, draw_block, gap=5, keep=True),
        pdf_paper.small_sentence_block(pdf_paper.escape(halls_texts.funnel_lines_caption(of.found, lang))),
    ]


def _hall_table_blocks(of: HallsPeriodComparison, by: str, lang: str) -> list[pdf_paper.BlockWithinPage]:
    """Return what lies beyond chance, the groups where there are any, and every hall by name."""
    found, none = of.found, tr(lang, "No hall: chance explains all of it")
    columns = [
        pdf_paper.GridColumn(tr(lang, "Hall", context="column"), is_text=True),
        pdf_paper.GridColumn(tr(lang, "Position", context="funnel"), is_text=True),
        pdf_paper.GridColumn(tr(lang, "Ratings", context="column")),
        pdf_paper.GridColumn(tr(lang, "Counted", context="halls")),
        pdf_paper.GridColumn(tr(lang, "Like for like"), bold=True),
        pdf_paper.GridColumn(halls_texts.previous_period_title(of, lang)),
    ]
    beyond = [_hall_cells(one, lang) for one in found.halls_beyond_chance]
    blocks = [pdf_paper.heading_block(tr(lang, "Beyond chance · {n}", n=len(beyond)))]
    blocks += (
        pdf_paper.grid_table_blocks(columns, beyond)
        if beyond
        else [pdf_paper.small_sentence_block(pdf_paper.escape(none))]
    )
    if found.has_group_names(by):
        word = tr(lang, "District", context="field") if by == halls.DISTRICT else tr(lang, "Region", context="field")
        rows = [
            [
                halls_texts.group_name(one, by, lang),
                str(len(one.halls)),
                whole_number_text(one.found.n),
                halls_texts.percent_without_sign(one.found.rate),
                halls_texts.percent_without_sign(one.alike),
                halls_texts.percent_without_sign(one.before.rate),
            ]
            for one in found.hall_groups(by)
        ]
        of_group = [pdf_paper.GridColumn(word, is_text=True), pdf_paper.GridColumn(tr(lang, "Halls")), *columns[2:]]
        blocks += [
            pdf_paper.heading_block(tr(lang, "Districts") if by == halls.DISTRICT else tr(lang, "Regions")),
            *pdf_paper.grid_table_blocks(of_group, rows),
        ]
    total = [
        tr(lang, "All", context="halls"),
        "",
        whole_number_text(found.all.n),
        halls_texts.percent_without_sign(found.all.rate),
        halls_texts.percent_without_sign(found.all.rate),
        halls_texts.percent_without_sign(found.all_before.rate),
    ]
    every = [_hall_cells(one, lang) for one in found.halls]
    return [
        *blocks,
        pdf_paper.heading_block(tr(lang, "All halls by name")),
        *pdf_paper.grid_table_blocks(columns, every, total=total),
    ]


def _hall_cells(one: halls.ComparedHall, lang: str) -> Sequence[str]:
    return [
        halls_texts.compared_hall_name(one.counts, lang),
        halls_texts.verdict_position_word(one.verdict, lang),
        whole_number_text(one.found.n),
        percent_text(one.found.rate),
        halls_texts.percent_without_sign(one.alike),
        halls_texts.percent_without_sign(one.before.rate),
    ]


# -- their targets to sign, a page each ------------------------------------------------------------------------------

BODY, SMALL, SIGNED, APART = 12.0, 9.0, 46.0, 24.0


def targets_to_sign_pdf(
    setups: Sequence[Setup], day: date, now: datetime, lang: str, printed_by: str | None = None
) -> bytes:
    """Return the sheets of the halls as a PDF, a page each, with the targets that stand on `day`; `printed_by` is one
    of the first hall's people."""
    lead = setups[0]
    author = name_in_language(lead.hall.name, lead.hall.name_en, lang)
    title = tr(lang, "Targets to sign", context="paper")
    sheet = pdf_paper.PdfSheet(f"{title} · {date_long(day, lang)}", author, lang)
    blocks = [block for setup in setups for block in _hall_targets_sheet_blocks(setup, day, lang, title)]
    name = staff_name(lead, printed_by, lang) if printed_by else None
    return sheet.paged_pdf(blocks, page_foot_drawer_without_log(lead.to_hall_time(now), lang, name))


def _hall_targets_sheet_blocks(setup: Setup, day: date, lang: str, title: str) -> list[pdf_paper.BlockWithinPage]:
    hall = setup.hall
    place = list_text([one for one in (hall.region, hall.district) if one], lang)
    name = name_in_language(hall.name, hall.name_en, lang)
    whole = report_head(name, title, date_long(day, lang), [place] if place else [], bookmark=name)
    owner = report_owner_name(setup, lang) or UNKNOWN
    blocks = [
        pdf_paper.PageChapter(whole).head_block(),
        _bold_block(tr(lang, "Responsible: {name}", context="paper", name=owner), gap=14),
    ]
    known = [
        one
        for one in (targets.target_in_force(setup.targets, setup.targets, measure, day) for measure in targets.MEASURES)
        if one
    ]
    blocks += [_target_block(one, lang) for one in known]
    if not known:
        blocks.append(_bold_block(tr(lang, "This hall has no targets yet: Set-up, Targets."), gap=14))
    how = tr(
        lang,
        "A share of those who answered is met only where its whole 95 % interval lies at the target or above; the others count everybody.",
    )
    blocks.append(pdf_paper.small_sentence_block(pdf_paper.escape(how)))
    blocks.append(_signature_block(tr(lang, "For the hall: {name}", name=owner), lang))
    blocks.append(_signature_block(tr(lang, "For the level above"), lang))
    return blocks


def _target_block(one: targets.MeasureTarget, lang: str) -> pdf_paper.BlockWithinPage:
    """Return a target with what it means below it."""
    goal = figure_titles.goal_text(one.measure, figure_titles.target_figure_text(one.measure, one.figure), lang)
    since = tr(lang, "since {date}", context="target", date=date_long(one.since, lang)) if one.since else ""
    meaning = pdf_paper.WrappedMarkup(
        pdf_paper.escape("; ".join(text for text in (figure_titles.measure_meaning(one.measure, lang), since) if text)),
        SMALL,
        WIDTH,
    )

    def draw_block(sheet: pdf_paper.PdfSheet, y: float) -> None:
        sheet.draw_text(pdf_paper.LEFT, y + BODY, figure_titles.measure_word(one.measure, lang), BODY, bold=True)
        sheet.draw_text(pdf_paper.RIGHT, y + BODY, goal, BODY, bold=True, at="right")
        meaning.draw(sheet, pdf_paper.LEFT, y + BODY + 5)
        sheet.draw_line(
            [(pdf_paper.LEFT, y + BODY + meaning.height + 11), (pdf_paper.RIGHT, y + BODY + meaning.height + 11)],
            colour=pdf_paper.INK2,
        )

    return pdf_paper.BlockWithinPage(BODY + meaning.height + 12, draw_block, gap=10)


def _bold_block(text: str, *, gap: float) -> pdf_paper.BlockWithinPage:
    return pdf_paper.WrappedMarkup(f"<b>{pdf_paper.escape(text)}</b>", BODY, WIDTH).page_block(gap=gap)


def _signature_block(word: str, lang: str) -> pdf_paper.BlockWithinPage:
    """Return room for a name and a date."""
    middle = pdf_paper.LEFT + WIDTH * 0.66

    def draw_block(sheet: pdf_paper.PdfSheet, y: float) -> None:
        for left, right, under in (
            (pdf_paper.LEFT, middle - APART, word),
            (middle, pdf_paper.RIGHT, tr(lang, "Date, signature")),
        ):
            sheet.draw_line([(left, y + SIGNED), (right, y + SIGNED)], colour=pdf_paper.INK)
            sheet.draw_text(left, y + SIGNED + SMALL + 4, under, SMALL, colour=pdf_paper.INK2)

    return pdf_paper.BlockWithinPage(SIGNED + SMALL + 6, draw_block, gap=22)
