"""Halls or people side by side: what chance explains, what few ratings are worth, and halls with the same mix of
services."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from xml.sax.saxutils import escape

from queuedesk.core.charts.marks import Mark, Rect
from queuedesk.core.figures.case_mix import FEWEST_EACH, SameMix
from queuedesk.core.figures.satisfaction import FEWEST_RANKED
from queuedesk.i18n import listing, named, tr
from queuedesk.i18n.numerals import UNKNOWN, decimal, percent, whole
from queuedesk.reports.draw.charts import PAGE, draw_marks
from queuedesk.reports.draw.charts_rates import Funnel, funnel_marks
from queuedesk.reports.draw.grids import Field, grid, heading, line
from queuedesk.reports.draw.pdf import LEFT, RIGHT, Block
from queuedesk.reports.figures.period import PeriodRead
from queuedesk.reports.figures.rates import Member, Rates
from queuedesk.reports.figures.words import percent_range

FUNNEL_HIGH = 158.0


def clerk_rates(read: PeriodRead, rates: Rates, lang: str) -> list[Block]:
    """Return what the managers' page says of the clerks' rates; nothing where fewer than two were rated."""
    if not rates.clerks:
        return []
    names = {one.code: code_and_name(one.code, read.coded.staff(one.code, lang)) for one in rates.clerks}
    return side_by_side(
        rates.clerks, tr(lang, "Clerks by number of ratings"), tr(lang, "Clerk", context="report"), names, lang
    )


def code_and_name(code: str, name: str) -> str:
    """Return a name behind the code that the chart shows; of several halls both begin with the hall, which is said
    once."""
    hall = code[: code.rfind("/") + 1]
    return code if name == code else f"{code} {name.removeprefix(hall)}"


def side_by_side(members: Sequence[Member], title: str, column: str, names: dict[str, str], lang: str) -> list[Block]:
    """Return the funnel of halls or people and their table: raw rate beside the one drawn towards that of all, no rank
    of few."""
    n = sum(one.found.n for one in members)
    centre = sum(one.counts[0] for one in members) / n
    chart = Funnel(
        rates=[(one.found.n, one.found.rate or 0.0, one.code, one.out) for one in members],
        centre=centre,
        centre_name=tr(lang, "all {rate} %", rate=percent(centre), context="chart"),
        count_title=tr(lang, "number of ratings", context="chart"),
    )
    unit = tr(lang, "satisfied in %; between the curves chance alone explains it", context="chart")
    panel = Block(FUNNEL_HIGH, lambda sheet, y: draw_marks(sheet, _funnel(chart, y)), gap=5, keep=True)
    how = tr(
        lang,
        "Curves: 95 % (dotted) and 99.8 % round the rate of all; a triangle lies beyond the first, a diamond beyond both. Drawn together: "
        "the own rate counts with its weight, that of all with the rest, so that few ratings make nobody first or last. Nobody has a "
        "place under {n} ratings, or where chance alone explains all differences.",
        n=FEWEST_RANKED,
    )
    columns = [
        Field(column, is_text=True),
        Field(tr(lang, "n", context="report")),
        Field(tr(lang, "Satisfied", context="report"), bold=True),
        Field(tr(lang, "95 % interval", context="report")),
        Field(tr(lang, "Lies", context="funnel"), is_text=True),
        Field(tr(lang, "Drawn together", context="rate"), bold=True),
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
    return funnel_marks(chart, PAGE, Rect(LEFT, y, RIGHT - LEFT, FUNNEL_HIGH))


def out_word(out: int, lang: str) -> str:
    """Return where a rate lies: within the limits, beyond those of 95 % or of 99.8 %."""
    words: tuple[Callable[[], str], ...] = (
        lambda: tr(lang, "within", context="funnel"),
        lambda: tr(lang, "beyond 95 %", context="funnel"),
        lambda: tr(lang, "beyond 99.8 %", context="funnel"),
    )
    return words[out]()


def like_for_like(read: PeriodRead, rates: Rates, lang: str) -> list[Block]:
    """Return the halls with the same mix of services; where nothing can be compared the sentence that says so."""
    alike = rates.alike
    if alike is None or len(read.halls) < 2:
        return []
    title = heading(tr(lang, "Like for like"), tr(lang, "adjusted to the same mix of services", context="report"))
    if not (alike.waits.services or alike.rates.services):
        left_out = tr(
            lang,
            "Left out: no service has so much in every hall that halls could be compared by it. What the table above shows side by side is "
            "each hall with its own mix of services.",
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
        "Adjusted: as if each hall had had the mix of services of all halls together, by services of which every hall has {n} or more. "
        "Waits: {waits}. Satisfaction: {rates}.",
        n=FEWEST_EACH,
        waits=_services(read, alike.waits, lang),
        rates=_services(read, alike.rates, lang),
    )
    return [title, *grid(columns, rows), line(how)]


def _services(read: PeriodRead, alike: SameMix, lang: str) -> str:
    return escape(listing([read.service_name(code, lang) for code in alike.services], lang)) or UNKNOWN
