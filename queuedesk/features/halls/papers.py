"""Several halls in a period as a page of A4, with the picture of chance; their targets to sign."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from queuedesk.core.charts.chart import Rect
from queuedesk.core.charts.waits import Funnel, FunnelPoint, RateSign, lay_out_funnel
from queuedesk.core.figures.halls import ABOVE, BELOW, DISTRICT, ComparedHall
from queuedesk.core.figures.satisfaction import FEWEST_RANKED
from queuedesk.core.figures.targets import MEASURES, Target, stood
from queuedesk.core.setup.rows import Setup
from queuedesk.features.halls.rules import HallsOfPeriod
from queuedesk.features.halls.words import (
    before_title,
    caption,
    group_name,
    hall_name,
    lies_word,
    mix_line,
    points,
    remark,
)
from queuedesk.i18n import date_long, listing, named, ntr, tr
from queuedesk.i18n.figures.figure_titles import goal_figure, goal_text, measure_meaning, measure_word, span_words
from queuedesk.i18n.names import UNKNOWN, percent, report_owner, staff_name, whole
from queuedesk.reports.draw.charts import PAGE, draw_marks
from queuedesk.reports.draw.head_and_foot import head, plain_footer
from queuedesk.reports.draw.pdf import (
    INK,
    INK2,
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
SIGNS = {ABOVE: RateSign("triangle", "primary", 8.0), BELOW: RateSign("down", "amber", 8.0)}
RING, OWN = RateSign("ring", "ink2", 4.6), RateSign("own", "primary", 7.0)


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


# -- their targets to sign, a page each ------------------------------------------------------------------------------

BODY, SMALL, SIGNED, APART = 12.0, 9.0, 46.0, 24.0


def targets_pdf(setups: Sequence[Setup], day: date, now: datetime, lang: str, printed_by: str | None = None) -> bytes:
    """Return the sheets of the halls as a PDF, a page each, with the targets that stand on `day`; `printed_by` is one
    of the first hall's people."""
    lead = setups[0]
    author = named(lead.hall.name, lead.hall.name_en, lang)
    title = tr(lang, "Targets to sign", context="paper")
    sheet = Sheet(f"{title} · {date_long(day, lang)}", author, lang)
    blocks = [block for setup in setups for block in _sheet_of(setup, day, lang, title)]
    name = staff_name(lead, printed_by, lang) if printed_by else None
    return sheet.flow(blocks, plain_footer(lead.local(now), lang, name))


def _sheet_of(setup: Setup, day: date, lang: str, title: str) -> list[Block]:
    hall = setup.hall
    place = listing([one for one in (hall.region, hall.district) if one], lang)
    whole = head(named(hall.name, hall.name_en, lang), title, date_long(day, lang), [place] if place else [])
    owner = report_owner(setup, lang) or UNKNOWN
    blocks = [Chapter(whole).start(), _bold(tr(lang, "Responsible: {name}", context="paper", name=owner), gap=14)]
    known = [one for one in (stood(setup.targets, setup.targets, measure, day) for measure in MEASURES) if one]
    blocks += [_target(one, lang) for one in known]
    if not known:
        blocks.append(_bold(tr(lang, "This hall has no targets yet: Set-up, Targets."), gap=14))
    how = tr(
        lang,
        "A share of those who answered is met only where its whole 95 % interval lies at the target or above; the others count everybody.",
    )
    blocks.append(line(escape(how)))
    blocks.append(_signed(tr(lang, "For the hall: {name}", name=owner), lang))
    blocks.append(_signed(tr(lang, "For the level above"), lang))
    return blocks


def _target(one: Target, lang: str) -> Block:
    """Return a target with what it means below it."""
    goal = goal_text(one.measure, goal_figure(one.measure, one.figure), lang)
    since = tr(lang, "since {date}", context="target", date=date_long(one.since, lang)) if one.since else ""
    meaning = Prose(
        escape("; ".join(text for text in (measure_meaning(one.measure, lang), since) if text)), SMALL, WIDTH
    )

    def draw(sheet: Sheet, y: float) -> None:
        sheet.text(LEFT, y + BODY, measure_word(one.measure, lang), BODY, bold=True)
        sheet.text(RIGHT, y + BODY, goal, BODY, bold=True, at="right")
        meaning.draw(sheet, LEFT, y + BODY + 5)
        sheet.line([(LEFT, y + BODY + meaning.height + 11), (RIGHT, y + BODY + meaning.height + 11)], colour=INK2)

    return Block(BODY + meaning.height + 12, draw, gap=10)


def _bold(text: str, *, gap: float) -> Block:
    return Prose(f"<b>{escape(text)}</b>", BODY, WIDTH).block(gap=gap)


def _signed(word: str, lang: str) -> Block:
    """Return room for a name and a date."""
    middle = LEFT + WIDTH * 0.66

    def draw(sheet: Sheet, y: float) -> None:
        for left, right, under in ((LEFT, middle - APART, word), (middle, RIGHT, tr(lang, "Date, signature"))):
            sheet.line([(left, y + SIGNED), (right, y + SIGNED)], colour=INK)
            sheet.text(left, y + SIGNED + SMALL + 4, under, SMALL, colour=INK2)

    return Block(SIGNED + SMALL + 6, draw, gap=22)
