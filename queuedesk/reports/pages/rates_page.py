"""The page on satisfaction: rate with n and interval, by date between limits, against the period before."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from msgspec.structs import replace

from queuedesk.core.charts.chart import Level, Mark, Rect
from queuedesk.core.charts.waits import SIGNS, Funnel, FunnelPoint, lay_out_funnel
from queuedesk.core.figures.halls import FEWEST_EACH, SameMix
from queuedesk.core.figures.periods import YEAR
from queuedesk.core.figures.satisfaction import FEW_RESPONSES, FEWEST_RANKED, Difference
from queuedesk.core.figures.targets import SATISFACTION
from queuedesk.i18n import date_long, date_short, figure_range, listing, named, ntr, tr
from queuedesk.i18n.figures.target_words import goal_figure
from queuedesk.i18n.numerals import UNKNOWN, decimal, percent, whole
from queuedesk.reports.draw import fonts
from queuedesk.reports.draw.charts import (
    PAGE,
    chart_height,
    draw_chart,
    draw_marks,
    rates_by_date,
)
from queuedesk.reports.draw.grids import Field, grid, heading, line
from queuedesk.reports.draw.markup import escape
from queuedesk.reports.draw.pdf import INK2, LEFT, PAPER, PRIMARY, RIGHT, Block, Sheet
from queuedesk.reports.draw.prose import Prose
from queuedesk.reports.figures.figure_words import percent_range
from queuedesk.reports.figures.period import PeriodRead
from queuedesk.reports.figures.rates import ByDate, Member, Rates
from queuedesk.reports.figures.slots import Slot, bar_labels
from queuedesk.reports.pages.verdicts import standing

# Halls or people side by side: what chance explains, what few ratings are worth, and halls with the same mix of
# services.

FUNNEL_HIGH = 158.0


def clerk_rates(read: PeriodRead, rates: Rates, lang: str) -> list[Block]:
    """Return the clerks' rates for the managers' page; nothing if fewer than two were rated, or the hall looks at no
    person's work."""
    if not rates.clerks or not read.coded.uses("staff"):
        return []
    names = {one.code: code_and_name(one.code, read.coded.staff(one.code, lang)) for one in rates.clerks}
    return side_by_side(
        rates.clerks, tr(lang, "Staff by number of ratings"), tr(lang, "Staff", context="report"), names, lang
    )


def code_and_name(code: str, name: str) -> str:
    """Return a name after the code that the chart shows; for several halls both begin with the hall, which is written
    once."""
    hall = code[: code.rfind("/") + 1]
    return code if name == code else f"{code} {name.removeprefix(hall)}"


def side_by_side(members: Sequence[Member], title: str, column: str, names: dict[str, str], lang: str) -> list[Block]:
    """Return the funnel of halls or people and their table: raw rate and estimate, without a rank for those with few
    ratings."""
    n = sum(one.found.n for one in members)
    centre = sum(one.counts[0] for one in members) / n
    chart = Funnel(
        points=[
            FunnelPoint(one.found.n, one.found.rate or 0.0, one.code, SIGNS[one.out], bold=one.out > 0)
            for one in members
        ],
        centre=centre,
        centre_name=tr(lang, "all {rate} %", rate=percent(centre), context="chart"),
        count_title=tr(lang, "number of ratings", context="chart"),
    )
    unit = tr(lang, "satisfied in %; between the curves chance alone explains it", context="chart")
    panel = Block(FUNNEL_HIGH, lambda sheet, y: draw_marks(sheet, _funnel(chart, y)), gap=5, keep=True)
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
            names[one.code],
            whole(one.found.n),
            percent(one.found.rate),
            percent_range(one.found.low, one.found.high),
            out_word(one.out, lang),
            percent(one.pooled.believed),
            percent(one.pooled.weight),
            UNKNOWN if one.pooled.rank is None else str(one.pooled.rank),
        ]
        for one in members
    ]
    return [heading(title, unit), panel, *grid(columns, rows), line(how)]


def _funnel(chart: Funnel, y: float) -> list[Mark]:
    return list(lay_out_funnel(chart, PAGE, Rect(LEFT, y, RIGHT - LEFT, FUNNEL_HIGH)).marks)


def out_word(out: int, lang: str) -> str:
    """Return where a rate lies: within what chance does to all, beyond it, or beyond the limits of 99.8 % too."""
    words: tuple[Callable[[], str], ...] = (
        lambda: tr(lang, "within", context="funnel"),
        lambda: tr(lang, "beyond chance", context="funnel"),
        lambda: tr(lang, "beyond 99.8 %", context="funnel"),
    )
    return words[out]()


def like_for_like(read: PeriodRead, rates: Rates, lang: str) -> list[Block]:
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
        waits=_services(read, alike.waits, lang),
        rates=_services(read, alike.rates, lang),
    )
    return [title, *grid(columns, rows), line(how)]


def _services(read: PeriodRead, alike: SameMix, lang: str) -> str:
    return escape(listing([read.service_name(code, lang) for code in alike.services], lang)) or UNKNOWN


WIDTH = RIGHT - LEFT
PANEL = 126.0
MOST_NAMED = 6
MINUS = "−"


def rates_page(read: PeriodRead, rates: Rates, lang: str, panel: float = PANEL) -> list[Block]:
    """Return the page without its head, its chart `panel` points high; for several halls with the halls side by
    side."""
    blocks = [_figures(read, rates, lang), *_warning(rates, lang)]
    if not rates.found.n:
        return blocks
    if rates.by_date is not None and rates.by_date.rated > 1 and rates.by_date.centre is not None:
        blocks += _by_date(read, rates.by_date, rates.by_date.centre, lang, panel)
    blocks += _before(rates, lang)
    if rates.halls:
        title = tr(lang, "Halls by number of ratings")
        halls = [hall.setup.hall for hall in read.halls]
        names = {hall.code: code_and_name(hall.code, named(hall.name, hall.name_en, lang)) for hall in halls}
        blocks += side_by_side(rates.halls, title, tr(lang, "Hall", context="report"), names, lang)
    return blocks


# -- the rate ----------------------------------------------------------------------------------------------------------


def _figures(read: PeriodRead, rates: Rates, lang: str) -> Block:
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
                sheet.text(x + 16 + fonts.width(value, 25, bold=True), y + 36, unit, 10)
            sheet.text(x + 11, y + 50.5, fonts.shortened(second, 8.4, width - 18), 8.4, colour=INK2)

    return Block(54, draw, gap=14)


def signed(difference: float) -> str:
    """Return a difference of shares in points with its sign."""
    text = f"{abs(difference) * 100:.1f}"
    return "0.0" if text == "0.0" else f"{'+' if difference > 0 else MINUS}{text}"


def _warning(rates: Rates, lang: str) -> list[Block]:
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


def _by_date(read: PeriodRead, by_date: ByDate, centre: float, lang: str, height: float) -> list[Block]:
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
        *_outside(read, by_date, lang),
    ]


def slots_of(found: Sequence[Slot], first: str, last: str) -> tuple[int, int] | None:
    """Return the first and the last slot that end within two dates, None if there is none. A month in which the target
    changed counts for the later one."""
    inside = [i for i, slot in enumerate(found) if first <= slot.last.isoformat() <= last]
    return (inside[0], inside[-1]) if inside else None


def _outside(read: PeriodRead, by_date: ByDate, lang: str) -> list[Block]:
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


def _before(rates: Rates, lang: str) -> list[Block]:
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
