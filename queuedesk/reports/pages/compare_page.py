"""Two periods compared on equal weekdays, on one page of A4."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from xml.sax.saxutils import escape

from queuedesk.core.figures.comparing import COUNT, MINUTES, SHARE, Change, Difference
from queuedesk.core.figures.figure_path import path_of
from queuedesk.core.figures.measures.figure import LESS, MORE
from queuedesk.core.figures.measures.figures import SHARES as VISIT_SHARES
from queuedesk.desk.figures.comparing import Comparison, Side
from queuedesk.i18n import named, tr
from queuedesk.i18n.figures.compare_words import days_words, left_out_words, signed, span_words, verdict_word
from queuedesk.i18n.figures.figure_titles import figure_title
from queuedesk.i18n.numerals import UNKNOWN, decimal, percent, whole
from queuedesk.reports.draw import fonts
from queuedesk.reports.draw.head_and_foot import footer, head
from queuedesk.reports.draw.pdf import INK, INK2, LEFT, LINE, PRIMARY, RED, RIGHT, Block, Sheet
from queuedesk.reports.draw.prose import Prose, boxed
from queuedesk.reports.figures.figure_words import service_name

WIDTH = RIGHT - LEFT
HEADING, CELL, SMALL, ROW = 11.4, 9.0, 7.2, 17.0
MAIN = (
    "issued",
    "finished",
    "left",
    "no_show",
    "missed",
    "wait.mean",
    "wait.median",
    "wait.p90",
    "way.mean",
    "handling.mean",
    "redirects.minutes_lost",
    "overtakes.tickets",
)
SHARES = (
    "wait.within_target",
    *(figure.rate_path for figure in VISIT_SHARES if figure.compared),
    "ratings.rate",
)
LESS_IS_BETTER = frozenset(figure.rate_path for figure in VISIT_SHARES if figure.better == LESS)
MORE_IS_BETTER = frozenset(SHARES) - {figure.rate_path for figure in VISIT_SHARES if figure.better != MORE}
NAMED_MINUTES = frozenset({"redirects.minutes_lost"})
"""What says minutes in its name."""
LEAST_BASE = {COUNT: 10, MINUTES: 1.0}
"""Of less a share of change says nothing: from 0.2 to 2.5 minutes is not "+1,150 %"."""
MOST_SERVICES = 8
PLOT_LEFT, PLOT_RIGHT = 404.0, 506.0
LEAST_REACH = 0.02


def compare_pdf(found: Comparison, lang: str, printed_by: str | None = None) -> bytes:
    """Return the page as a PDF in `lang`; for a hall with many services only the busiest."""
    setup = found.setup
    hall = named(setup.hall.name, setup.hall.name_en, lang)
    title = tr(lang, "Two periods compared")
    spans = [span_words(found.period, side.first, side.last, lang) for side in (found.ours, found.theirs)]
    against = tr(lang, "{this} against {other}", this=spans[0], other=spans[1])
    sheet = Sheet(" · ".join((hall, title, against)), hall, lang)
    blocks = [
        head(hall, title, against, [days_words(found.ours.chosen.days, lang)]),
        _chosen(found, lang),
        *_shares(found, spans, lang),
        *_table(found, spans, lang),
        *_services(found, spans, lang),
        *_small_print(lang),
    ]
    return sheet.flow(blocks, footer(setup, None, setup.local(found.now), lang, printed_by))


def _chosen(found: Comparison, lang: str) -> Block:
    """Return which dates stand behind the figures."""
    lines = [
        tr(
            lang,
            "As many dates of each weekday from both: {days}. The figures of each side are of all its dates together.",
            days=days_words(found.ours.chosen.days, lang),
        )
    ]
    for side in (found.ours, found.theirs):
        if told := left_out_words(side.chosen.left_out, lang):
            span = span_words(found.period, side.first, side.last, lang)
            lines.append(tr(lang, "{span}, left out: {dates}.", span=span, dates=told))
    if found.is_running:
        lines.append(tr(lang, "Today is not over: its counts are those until now."))
    if not found.days:
        lines = [tr(lang, "The two periods have no weekday in common on which tickets were issued.")]
    proses = [Prose(escape(text), 9.4, WIDTH - 24, leading=1.4) for text in lines]
    return boxed(proses)


# -- shares --------------------------------------------------------------------------------------------------------


def _shares(found: Comparison, spans: Sequence[str], lang: str) -> list[Block]:
    """Return the shares with the interval of each difference drawn round nought."""
    rows = [one for path in SHARES if (one := found.at(path)) is not None and one.verdict is not None]
    if not rows:
        return []
    reach = max([LEAST_REACH, *(max(abs(one.low or 0), abs(one.high or 0)) for one in rows)])
    rights = [270.0, 352.0, 394.0]

    def top(sheet: Sheet, y: float) -> None:
        sheet.text(LEFT, y + 9, tr(lang, "Shares"), HEADING, bold=True)
        y += 14
        for right, text in zip(rights, (*spans, tr(lang, "points", context="difference")), strict=True):
            sheet.text(right, y + 11, fonts.shortened(text, 8.2, 78), 8.2, colour=INK2, at="right")
        middle = (PLOT_LEFT + PLOT_RIGHT) / 2
        sheet.text(middle, y + 11, tr(lang, "95 % interval"), 8.2, colour=INK2, at="middle")
        sheet.line([(LEFT, y + ROW), (RIGHT, y + ROW)], width=0.9, colour=INK)

    heads = Block(14 + ROW, top, keep=True, gap=14)
    return [heads, *(Block(26, _share_row(found, one, rights, reach, lang), head=heads) for one in rows)]


def _share_row(
    found: Comparison, one: Difference, rights: Sequence[float], reach: float, lang: str
) -> Callable[[Sheet, float], None]:
    parts = (one.ours_of, one.theirs_of)
    middle, half = (PLOT_LEFT + PLOT_RIGHT) / 2, (PLOT_RIGHT - PLOT_LEFT) / 2
    colour = _colour(one)

    def draw(sheet: Sheet, y: float) -> None:
        title = fonts.shortened(figure_title(one.path, found.setup, lang), CELL, 170)
        sheet.text(LEFT, y + 12, title, CELL)
        for right, value, part in zip(rights, (one.ours, one.theirs), parts, strict=False):
            sheet.text(right, y + 12, f"{percent(value)} %", CELL, at="right")
            if part is not None:
                sheet.text(right, y + 21.5, f"{whole(part.n)} / {whole(part.of)}", SMALL, colour=INK2, at="right")
        sheet.text(rights[2], y + 12, signed(100 * (one.difference or 0)), CELL, bold=True, colour=colour, at="right")
        sheet.line([(middle, y + 2), (middle, y + 14)], colour=INK2, dash=(2, 2))
        low, high = (middle + half * (end or 0) / reach for end in (one.low, one.high))
        sheet.line([(low, y + 9), (high, y + 9)], width=2.2, colour=colour)
        sheet.dot(middle + half * (one.difference or 0) / reach, y + 9, 3.0, colour)
        bounds = tr(
            lang,
            "{low} to {high}",
            low=signed(100 * (one.low or 0)),
            high=signed(100 * (one.high or 0)),
            context="points",
        )
        sheet.text(middle, y + 21.5, bounds, SMALL, colour=INK2, at="middle")
        if one.verdict is not None:
            word = verdict_word(one.verdict, lang)
            sheet.text(RIGHT, y + 12, word, CELL, bold=one.verdict is not Change.CANNOT_TELL, colour=colour, at="right")
        sheet.line([(LEFT, y + 26), (RIGHT, y + 26)], colour=LINE)

    return draw


def _colour(one: Difference) -> str:
    """Return green where a share has clearly become better, red where worse, grey where nobody can tell."""
    if one.verdict in (None, Change.CANNOT_TELL):
        return INK2
    better = one.verdict is Change.HIGHER if one.path in MORE_IS_BETTER else one.verdict is Change.LOWER
    if one.path not in MORE_IS_BETTER | LESS_IS_BETTER:
        return INK
    return PRIMARY if better else RED


# -- counts and minutes --------------------------------------------------------------------------------------------


def _table(found: Comparison, spans: Sequence[str], lang: str) -> list[Block]:
    rows = [one for path in MAIN if (one := found.at(path)) is not None and one.kind in (COUNT, MINUTES)]
    cells = [
        [figure_title(one.path, found.setup, lang) + _unit(one, lang), *_values(one), *_change(one)] for one in rows
    ]
    titles = ["", *spans, tr(lang, "Difference", context="comparison"), tr(lang, "in %", context="comparison")]
    return _grid(tr(lang, "Counts and minutes"), titles, cells, [240.0, 340.0, 430.0, 510.0, RIGHT])


def _unit(one: Difference, lang: str) -> str:
    if one.kind != MINUTES or one.path in NAMED_MINUTES:
        return ""
    return tr(lang, ", min", context="unit behind a figure")


def _values(one: Difference) -> list[str]:
    return [_value(one.kind, value) for value in (one.ours, one.theirs)]


def _value(kind: str, value: float | None) -> str:
    if kind == SHARE:
        return UNKNOWN if value is None else f"{percent(value)} %"
    return whole(value) if kind == COUNT else decimal(value)


def _change(one: Difference) -> list[str]:
    """Return the difference, and what it is of the other side's figure."""
    if one.difference is None:
        return [UNKNOWN, UNKNOWN]
    told = signed(one.difference, 0 if one.kind == COUNT else 1)
    theirs = one.theirs or 0
    return [told, signed(100 * one.difference / theirs, 0) if theirs >= LEAST_BASE[one.kind] else UNKNOWN]


def _services(found: Comparison, spans: Sequence[str], lang: str) -> list[Block]:
    """Return the busiest services: tickets, mean wait, share called in time, of both sides."""

    def issued(side: Side) -> dict[str, int]:
        return {row["code"]: row["issued"] for row in side.figures["services"]}

    ours, theirs = issued(found.ours), issued(found.theirs)
    codes = [code for code in ours if ours[code] or theirs.get(code)]
    busiest = sorted(codes, key=lambda code: -(ours[code] + theirs.get(code, 0)))[:MOST_SERVICES]
    cells = []
    for code in (one for one in codes if one in busiest):
        row = [service_name(found.setup, code, lang)]
        for key in ("issued", "wait.mean", "wait.within_target"):
            one = found.at(f"{path_of('services', code)}.{key}")
            row += _values(one) if one else [UNKNOWN, UNKNOWN]
        cells.append(row)
    heads = [
        tr(lang, "Issued", context="report"),
        tr(lang, "Mean wait"),
        tr(lang, "Called within {minutes} min", minutes=found.setup.number("wait_target_minutes")),
    ]
    titles = [tr(lang, "Service", context="report"), *(text for one in heads for text in (one, ""))]
    if not cells:
        return []
    name = tr(lang, "By service: {this}, then {other}", this=spans[0], other=spans[1])
    return _grid(name, titles, cells, [200.0, 238.0, 284.0, 352.0, 398.0, RIGHT - 50.0, RIGHT])


def _grid(heading: str, titles: Sequence[str], cells: Sequence[Sequence[str]], rights: Sequence[float]) -> list[Block]:
    """Return a table: a name at the left, figures right-aligned at `rights`, the first of which is where the name has
    to end."""

    def top(sheet: Sheet, y: float) -> None:
        sheet.text(LEFT, y + 9, heading, HEADING, bold=True)
        y += 14
        sheet.text(LEFT, y + 11, titles[0], 8.2, colour=INK2)
        for number, (right, title) in enumerate(zip(rights[1:], titles[1:], strict=True), start=1):
            # A title with nothing beside it stands over two columns.
            over = number + 1 < len(titles) and not titles[number + 1]
            at, room = (rights[number + 1], 110.0) if over else (right, 88.0)
            sheet.text(at, y + 11, fonts.shortened(title, 8.2, room), 8.2, colour=INK2, at="right")
        sheet.line([(LEFT, y + ROW), (RIGHT, y + ROW)], width=0.9, colour=INK)

    def row(texts: Sequence[str]) -> Callable[[Sheet, float], None]:
        def draw(sheet: Sheet, y: float) -> None:
            sheet.text(LEFT, y + 11.8, fonts.shortened(texts[0], CELL, rights[0] - LEFT), CELL)
            for right, text in zip(rights[1:], texts[1:], strict=True):
                sheet.text(right, y + 11.8, text, CELL, at="right")
            sheet.line([(LEFT, y + ROW), (RIGHT, y + ROW)], colour=LINE)

        return draw

    head_block = Block(14 + ROW, top, keep=True, gap=16)
    return [head_block, *(Block(ROW, row(texts), head=head_block) for texts in cells)]


def _small_print(lang: str) -> list[Block]:
    texts = [
        tr(
            lang,
            "Only dates with tickets are compared, as many of each weekday from both periods; of a weekday with more in one of them, its last dates are left out.",
        ),
        tr(
            lang,
            "Differences are taken before rounding. In %: of the other period's figure where that is 10 or more, or 1 minute.",
        ),
        tr(
            lang,
            "Interval: Newcombe's for the difference of two shares, 95 %. Where it spans 0 chance alone may have made the difference: can't tell.",
        ),
    ]
    return [
        Prose(escape(text), 7.4, WIDTH, colour=INK2, leading=1.36).block(gap=10 if i == 0 else 1)
        for i, text in enumerate(texts)
    ]
