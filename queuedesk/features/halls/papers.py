"""Several halls in a period as a page of A4, with the picture of chance; their targets to sign."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from queuedesk.core.charts.chart import SurfaceRect
from queuedesk.core.charts.waits import FunnelPlotData, FunnelPoint, RateSymbol, lay_out_funnel
from queuedesk.core.figures.halls import ABOVE, BELOW, DISTRICT, ComparedHall
from queuedesk.core.figures.satisfaction import FEWEST_RANKED
from queuedesk.core.figures.targets import MEASURES, MeasureTarget, target_in_force
from queuedesk.core.setup.rows import Setup
from queuedesk.features.halls.rules import HallsPeriodComparison
from queuedesk.features.halls.words import (
    compared_hall_name,
    funnel_lines_caption,
    group_name,
    percent_without_sign,
    previous_period_title,
    remark_texts,
    service_mix_effect_sentence,
    verdict_position_word,
)
from queuedesk.i18n import date_long, list_text, name_in_language, ntr, tr
from queuedesk.i18n.figures.figure_titles import (
    calendar_period_name,
    goal_text,
    measure_meaning,
    measure_word,
    target_figure_text,
)
from queuedesk.i18n.names import UNKNOWN, percent_text, report_owner_name, staff_name, whole_number_text
from queuedesk.reports.draw.charts import PAGE, draw_marks
from queuedesk.reports.draw.head_and_foot import page_foot_drawer_without_log, report_head
from queuedesk.reports.draw.pdf import (
    INK,
    INK2,
    LEFT,
    RIGHT,
    GridColumn,
    PageBlock,
    PageChapter,
    PdfSheet,
    WrappedMarkup,
    escape,
    grid_table_blocks,
    heading_block,
    paragraphs_in_tinted_box,
    small_sentence_block,
)

TOKENS = {ABOVE: "primary", BELOW: "amber"}
SIGNS = {ABOVE: RateSymbol("triangle", "primary", 8.0), BELOW: RateSymbol("down", "amber", 8.0)}
RING, OWN = RateSymbol("ring", "ink2", 4.6), RateSymbol("own", "primary", 7.0)


def halls_funnel(of: HallsPeriodComparison, lang: str) -> FunnelPlotData | None:
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


def _funnel_point(one: ComparedHall, own: str, lang: str) -> FunnelPoint:
    assert one.alike is not None
    name, is_own = compared_hall_name(one.counts, lang), one.code == own
    named = f"{name} {percent_without_sign(one.alike)}" if one.is_beyond_chance else name if is_own else ""
    sign = SIGNS.get(one.verdict, OWN if is_own else RING)
    return FunnelPoint(one.n, one.alike, named, sign, TOKENS.get(one.verdict, "primary"), bold=True)


# -- the page ----------------------------------------------------------------------------------------------------------


WIDTH = RIGHT - LEFT
FUNNEL, TEXT = 214.0, 9.4


def halls_comparison_pdf(
    of: HallsPeriodComparison, setup: Setup, now: datetime, lang: str, *, by: str, printed_by: str | None = None
) -> bytes:
    """Return the comparison as a PDF, its halls by REGION or DISTRICT; `setup` is the own hall's, `printed_by` a
    name."""
    found = of.found
    title = tr(lang, "Halls side by side")
    own = name_in_language(setup.hall.name, setup.hall.name_en, lang)
    span = calendar_period_name(of.period, of.first, of.last, lang)
    facts = [
        ntr(lang, "{n} hall", "{n} halls", len(found.halls)),
        ntr(lang, "{number} rating", "{number} ratings", found.all.n, number=whole_number_text(found.all.n)),
    ]
    sheet = PdfSheet(f"{title} · {span}", own, lang)
    alike = tr(lang, "Like for like: same services.")
    blocks = [
        PageChapter(report_head(own, title, span, facts)).head_block(),
        WrappedMarkup(
            f"<b>{escape(alike)}</b> {escape(service_mix_effect_sentence(found, lang))}", TEXT, WIDTH
        ).page_block(gap=12),
    ]
    blocks += _funnel_blocks(of, lang)
    blocks += [paragraphs_in_tinted_box([_remark_prose(*remark_texts(found, one, lang))]) for one in found.remarks]
    blocks += _hall_table_blocks(of, by, lang)
    how = tr(
        lang,
        "Like for like: the rate of all, and as much above or below it as the hall lies beside all halls at its own services. From {n} ratings "
        "on a hall is compared. The order is that of names: nobody is ranked.",
        n=FEWEST_RANKED,
    )
    blocks.append(small_sentence_block(escape(how), gap=8))
    return sheet.paged_pdf(blocks, page_foot_drawer_without_log(setup.to_hall_time(now), lang, printed_by))


def _remark_prose(title: str, text: str) -> WrappedMarkup:
    return WrappedMarkup(f"<b>{escape(title)}</b>  {escape(text)}", TEXT, WIDTH - 24)


def _funnel_blocks(of: HallsPeriodComparison, lang: str) -> list[PageBlock]:
    chart = halls_funnel(of, lang)
    if chart is None:
        return []

    def draw_block(sheet: PdfSheet, y: float) -> None:
        draw_marks(sheet, list(lay_out_funnel(chart, PAGE, SurfaceRect(LEFT, y, WIDTH, FUNNEL)).marks))

    title = heading_block(tr(lang, "Satisfaction, like for like, %"), tr(lang, "one ring is one hall"))
    return [
        title,
        PageBlock(FUNNEL, draw_block, gap=5, keep=True),
        small_sentence_block(escape(funnel_lines_caption(of.found, lang))),
    ]


def _hall_table_blocks(of: HallsPeriodComparison, by: str, lang: str) -> list[PageBlock]:
    """Return what lies beyond chance, the groups where there are any, and every hall by name."""
    found, none = of.found, tr(lang, "No hall: chance explains all of it")
    columns = [
        GridColumn(tr(lang, "Hall", context="column"), is_text=True),
        GridColumn(tr(lang, "Position", context="funnel"), is_text=True),
        GridColumn(tr(lang, "Ratings", context="column")),
        GridColumn(tr(lang, "Counted", context="halls")),
        GridColumn(tr(lang, "Like for like"), bold=True),
        GridColumn(previous_period_title(of, lang)),
    ]
    beyond = [_hall_cells(one, lang) for one in found.halls_beyond_chance]
    blocks = [heading_block(tr(lang, "Beyond chance · {n}", n=len(beyond)))]
    blocks += grid_table_blocks(columns, beyond) if beyond else [small_sentence_block(escape(none))]
    if found.has_group_names(by):
        word = tr(lang, "District", context="field") if by == DISTRICT else tr(lang, "Region", context="field")
        rows = [
            [
                group_name(one, by, lang),
                str(len(one.halls)),
                whole_number_text(one.found.n),
                percent_without_sign(one.found.rate),
                percent_without_sign(one.alike),
                percent_without_sign(one.before.rate),
            ]
            for one in found.hall_groups(by)
        ]
        of_group = [GridColumn(word, is_text=True), GridColumn(tr(lang, "Halls")), *columns[2:]]
        blocks += [
            heading_block(tr(lang, "Districts") if by == DISTRICT else tr(lang, "Regions")),
            *grid_table_blocks(of_group, rows),
        ]
    total = [
        tr(lang, "All", context="halls"),
        "",
        whole_number_text(found.all.n),
        percent_without_sign(found.all.rate),
        percent_without_sign(found.all.rate),
        percent_without_sign(found.all_before.rate),
    ]
    every = [_hall_cells(one, lang) for one in found.halls]
    return [*blocks, heading_block(tr(lang, "All halls by name")), *grid_table_blocks(columns, every, total=total)]


def _hall_cells(one: ComparedHall, lang: str) -> Sequence[str]:
    return [
        compared_hall_name(one.counts, lang),
        verdict_position_word(one.verdict, lang),
        whole_number_text(one.found.n),
        percent_text(one.found.rate),
        percent_without_sign(one.alike),
        percent_without_sign(one.before.rate),
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
    sheet = PdfSheet(f"{title} · {date_long(day, lang)}", author, lang)
    blocks = [block for setup in setups for block in _hall_targets_sheet_blocks(setup, day, lang, title)]
    name = staff_name(lead, printed_by, lang) if printed_by else None
    return sheet.paged_pdf(blocks, page_foot_drawer_without_log(lead.to_hall_time(now), lang, name))


def _hall_targets_sheet_blocks(setup: Setup, day: date, lang: str, title: str) -> list[PageBlock]:
    hall = setup.hall
    place = list_text([one for one in (hall.region, hall.district) if one], lang)
    name = name_in_language(hall.name, hall.name_en, lang)
    whole = report_head(name, title, date_long(day, lang), [place] if place else [], bookmark=name)
    owner = report_owner_name(setup, lang) or UNKNOWN
    blocks = [
        PageChapter(whole).head_block(),
        _bold_block(tr(lang, "Responsible: {name}", context="paper", name=owner), gap=14),
    ]
    known = [
        one for one in (target_in_force(setup.targets, setup.targets, measure, day) for measure in MEASURES) if one
    ]
    blocks += [_target_block(one, lang) for one in known]
    if not known:
        blocks.append(_bold_block(tr(lang, "This hall has no targets yet: Set-up, Targets."), gap=14))
    how = tr(
        lang,
        "A share of those who answered is met only where its whole 95 % interval lies at the target or above; the others count everybody.",
    )
    blocks.append(small_sentence_block(escape(how)))
    blocks.append(_signature_block(tr(lang, "For the hall: {name}", name=owner), lang))
    blocks.append(_signature_block(tr(lang, "For the level above"), lang))
    return blocks


def _target_block(one: MeasureTarget, lang: str) -> PageBlock:
    """Return a target with what it means below it."""
    goal = goal_text(one.measure, target_figure_text(one.measure, one.figure), lang)
    since = tr(lang, "since {date}", context="target", date=date_long(one.since, lang)) if one.since else ""
    meaning = WrappedMarkup(
        escape("; ".join(text for text in (measure_meaning(one.measure, lang), since) if text)), SMALL, WIDTH
    )

    def draw_block(sheet: PdfSheet, y: float) -> None:
        sheet.draw_text(LEFT, y + BODY, measure_word(one.measure, lang), BODY, bold=True)
        sheet.draw_text(RIGHT, y + BODY, goal, BODY, bold=True, at="right")
        meaning.draw(sheet, LEFT, y + BODY + 5)
        sheet.draw_line([(LEFT, y + BODY + meaning.height + 11), (RIGHT, y + BODY + meaning.height + 11)], colour=INK2)

    return PageBlock(BODY + meaning.height + 12, draw_block, gap=10)


def _bold_block(text: str, *, gap: float) -> PageBlock:
    return WrappedMarkup(f"<b>{escape(text)}</b>", BODY, WIDTH).page_block(gap=gap)


def _signature_block(word: str, lang: str) -> PageBlock:
    """Return room for a name and a date."""
    middle = LEFT + WIDTH * 0.66

    def draw_block(sheet: PdfSheet, y: float) -> None:
        for left, right, under in ((LEFT, middle - APART, word), (middle, RIGHT, tr(lang, "Date, signature"))):
            sheet.draw_line([(left, y + SIGNED), (right, y + SIGNED)], colour=INK)
            sheet.draw_text(left, y + SIGNED + SMALL + 4, under, SMALL, colour=INK2)

    return PageBlock(SIGNED + SMALL + 6, draw_block, gap=22)
