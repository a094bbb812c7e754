"""Several halls in a period as a page of A4, with the picture of chance."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from queuedesk.core.charts.chart import Rect
from queuedesk.core.charts.waits import Funnel, FunnelPoint, Sign, lay_out_funnel
from queuedesk.core.figures.halls import ABOVE, BELOW, DISTRICT, ComparedHall, HallsOfPeriod
from queuedesk.core.figures.satisfaction import FEWEST_RANKED
from queuedesk.core.setup.rows import Setup
from queuedesk.features.halls.words.compared import (
    before_title,
    caption,
    group_name,
    hall_name,
    lies_word,
    mix_line,
    points,
    remark,
)
from queuedesk.i18n import named, ntr, tr
from queuedesk.i18n.figures.figure_titles import span_words
from queuedesk.i18n.numerals import percent, whole
from queuedesk.reports.draw.charts import PAGE, draw_marks
from queuedesk.reports.draw.head_and_foot import head, plain_footer
from queuedesk.reports.draw.pdf import (
    LEFT,
    RIGHT,
    Block,
    Chapter,
    Field,
    Prose,
    Sheet,
    boxed,
    escape,
    grid,
    heading,
    line,
)

TOKENS = {ABOVE: "primary", BELOW: "amber"}
SIGNS = {ABOVE: Sign("triangle", "primary", 8.0), BELOW: Sign("down", "amber", 8.0)}
RING, OWN = Sign("ring", "ink2", 4.6), Sign("own", "primary", 7.0)


def halls_funnel(of: HallsOfPeriod, lang: str) -> Funnel | None:
    """Return the picture of the halls that are compared, None where none are."""
    found = of.found
    if found.all.rate is None or not found.compared:
        return None
    target = (of.target, tr(lang, "target {share}", share=percent(of.target))) if of.target is not None else None
    return Funnel(
        points=[_point(one, of.own, lang) for one in found.compared],
        centre=found.all.rate,
        centre_name=tr(lang, "all {share}", share=percent(found.all.rate), context="funnel"),
        count_title=tr(lang, "ratings in the period"),
        target=target,
        is_filled=False,
    )


def _point(one: ComparedHall, own: str, lang: str) -> FunnelPoint:
    assert one.alike is not None
    name, is_own = hall_name(one.counts, lang), one.code == own
    named = f"{name} {points(one.alike)}" if one.is_beyond else name if is_own else ""
    sign = SIGNS.get(one.verdict, OWN if is_own else RING)
    return FunnelPoint(one.n, one.alike, named, sign, TOKENS.get(one.verdict, "primary"), bold=True)


# -- the page ----------------------------------------------------------------------------------------------------------


WIDTH = RIGHT - LEFT
FUNNEL, TEXT = 214.0, 9.4


def halls_pdf(
    of: HallsOfPeriod, setup: Setup, now: datetime, lang: str, *, by: str, printed_by: str | None = None
) -> bytes:
    """Return the comparison as a PDF, its halls by REGION or DISTRICT; `setup` is the own hall's, `printed_by` a
    name."""
    found = of.found
    title = tr(lang, "Halls side by side")
    own = named(setup.hall.name, setup.hall.name_en, lang)
    span = span_words(of.period, of.first, of.last, lang)
    facts = [
        ntr(lang, "{n} hall", "{n} halls", len(found.halls)),
        ntr(lang, "{number} rating", "{number} ratings", found.all.n, number=whole(found.all.n)),
    ]
    sheet = Sheet(f"{title} · {span}", own, lang)
    alike = tr(lang, "Like for like: same services.")
    blocks = [
        Chapter(head(own, title, span, facts)).start(),
        Prose(f"<b>{escape(alike)}</b> {escape(mix_line(found, lang))}", TEXT, WIDTH).block(gap=12),
    ]
    blocks += _picture(of, lang)
    blocks += [boxed([_told(*remark(found, one, lang))]) for one in found.remarks]
    blocks += _tables(of, by, lang)
    how = tr(
        lang,
        "Like for like: the rate of all, and as much above or below it as the hall lies beside all halls at its own services. From {n} ratings "
        "on a hall is compared. The order is that of names: nobody is ranked.",
        n=FEWEST_RANKED,
    )
    blocks.append(line(escape(how), gap=8))
    return sheet.flow(blocks, plain_footer(setup.local(now), lang, printed_by))


def _told(title: str, text: str) -> Prose:
    return Prose(f"<b>{escape(title)}</b>  {escape(text)}", TEXT, WIDTH - 24)


def _picture(of: HallsOfPeriod, lang: str) -> list[Block]:
    chart = halls_funnel(of, lang)
    if chart is None:
        return []

    def draw(sheet: Sheet, y: float) -> None:
        draw_marks(sheet, list(lay_out_funnel(chart, PAGE, Rect(LEFT, y, WIDTH, FUNNEL)).marks))

    title = heading(tr(lang, "Satisfaction, like for like, %"), tr(lang, "one ring is one hall"))
    return [title, Block(FUNNEL, draw, gap=5, keep=True), line(escape(caption(of.found, lang)))]


def _tables(of: HallsOfPeriod, by: str, lang: str) -> list[Block]:
    """Return what lies beyond chance, the groups where there are any, and every hall by name."""
    found, none = of.found, tr(lang, "No hall: chance explains all of it")
    columns = [
        Field(tr(lang, "Hall", context="column"), is_text=True),
        Field(tr(lang, "Position", context="funnel"), is_text=True),
        Field(tr(lang, "Ratings", context="column")),
        Field(tr(lang, "Counted", context="halls")),
        Field(tr(lang, "Like for like"), bold=True),
        Field(before_title(of, lang)),
    ]
    beyond = [_row(one, lang) for one in found.beyond]
    blocks = [heading(tr(lang, "Beyond chance · {n}", n=len(beyond)))]
    blocks += grid(columns, beyond) if beyond else [line(escape(none))]
    if found.has(by):
        word = tr(lang, "District", context="field") if by == DISTRICT else tr(lang, "Region", context="field")
        rows = [
            [
                group_name(one, by, lang),
                str(len(one.halls)),
                whole(one.found.n),
                points(one.found.rate),
                points(one.alike),
                points(one.before.rate),
            ]
            for one in found.groups(by)
        ]
        of_group = [Field(word, is_text=True), Field(tr(lang, "Halls")), *columns[2:]]
        blocks += [heading(tr(lang, "Districts") if by == DISTRICT else tr(lang, "Regions")), *grid(of_group, rows)]
    total = [
        tr(lang, "All", context="halls"),
        "",
        whole(found.all.n),
        points(found.all.rate),
        points(found.all.rate),
        points(found.all_before.rate),
    ]
    every = [_row(one, lang) for one in found.halls]
    return [*blocks, heading(tr(lang, "All halls by name")), *grid(columns, every, total=total)]


def _row(one: ComparedHall, lang: str) -> Sequence[str]:
    return [
        hall_name(one.counts, lang),
        lies_word(one.verdict, lang),
        whole(one.found.n),
        percent(one.found.rate),
        points(one.alike),
        points(one.before.rate),
    ]
