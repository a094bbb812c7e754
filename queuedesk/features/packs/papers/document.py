"""A pack in words: its four figures, points, six months and tables, each figure with the path of what it counts.

PDF, workbook, screen and JSON show this one document, in its order.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from msgspec.structs import replace

from queuedesk.core.figures.comparing import Difference
from queuedesk.core.figures.measures.figures import WRONG_COUNTER
from queuedesk.core.figures.periods import MONTH
from queuedesk.core.figures.satisfaction import wilson_interval
from queuedesk.core.figures.targets import MEAN_WAIT, SATISFACTION, Verdict
from queuedesk.features.packs.papers.read import RATE, WAIT, WRONG, PackRead
from queuedesk.features.packs.papers.shown import (
    PackDocument,
    Said,
    Shown,
    Tile,
    Trend,
    count,
    minutes,
    share,
)
from queuedesk.features.packs.papers.tables import figure_word, parts
from queuedesk.features.packs.rules import CASES, FADED, FIXES, LEFT, LONG, TARGET, Point
from queuedesk.i18n import date_short, listing, named, ntr, tr
from queuedesk.i18n.figures.figure_titles import signed, span_words
from queuedesk.i18n.figures.rating_reasons import rating_reason
from queuedesk.i18n.figures.target_words import goal_figure, goal_text, measure_word, verdict_word, with_unit
from queuedesk.i18n.improvement import fading_words
from queuedesk.i18n.moments import month_short
from queuedesk.i18n.names import report_owner
from queuedesk.i18n.numerals import decimal, percent, whole
from queuedesk.reports.draw.pdf import escape
from queuedesk.reports.figures.figure_words import left_out_text, percent_range, sentence
from queuedesk.reports.figures.findings import left as left_unserved
from queuedesk.reports.figures.period import days_counted
from queuedesk.reports.pages.sections import count_text, reached_text, unbroken

TICKETS = f"measures.{WRONG_COUNTER.key}.of"
"""The tickets of a pack: all that were issued but the void ones."""
WRONG_ONES = f"measures.{WRONG_COUNTER.key}.n"
FINISHED, RATED = "finished", "ratings.n"
MOST_REASONS = 2
FEW_DAYS = 10
"""A period before with fewer days than these says of how many: its totals are no full month's."""
Row = Mapping[str, Any]


def pack_document(pack: PackRead, lang: str) -> PackDocument:
    """Return what a pack says in `lang`."""
    read = pack.read
    hall = named(read.lead.hall.name, read.lead.hall.name_en, lang)
    is_month = read.period == MONTH
    owner = report_owner(read.lead, lang)
    return PackDocument(
        period=read.period,
        first=read.first,
        last=read.last,
        hall=hall,
        title=tr(lang, "Monthly meeting pack") if is_month else tr(lang, "Quarterly summary"),
        span=span_words(read.period, read.first, read.last, lang),
        facts=_facts(pack, owner, lang),
        owner=owner,
        tiles=_tiles(pack, lang),
        points=tuple(Said(_sentence(one, pack, lang), one, _span(one)) for one in pack.points),
        quiet=tr(lang, "No target was missed for certain, and nothing is overdue."),
        trends=_trends(pack, lang),
        trends_note=_trends_note(pack, lang),
        parts=tuple(part for part in parts(pack, lang) if part is not None),
        last_line=_last_line(pack, lang),
    )


def _facts(pack: PackRead, owner: str, lang: str) -> tuple[str, ...]:
    figures, found = pack.figures, []
    days = days_counted(pack.read.tally)
    if days:
        found.append(ntr(lang, "{n} day with customers", "{n} days with customers", days))
    opened = sum(row["open_minutes"] > 0 for row in figures["windows"])
    if opened:
        found.append(ntr(lang, "{n} window", "{n} windows", opened))
    if pack.read.is_running:
        until = date_short(pack.read.local_now.date(), lang)
        found.append(tr(lang, "until {time}", time=until, context="report"))
    responsible = tr(lang, "responsible: {name}", name=owner, context="report")
    return (*found, responsible if owner else tr(lang, "responsible: nobody named", context="report"))


# -- the four figures --------------------------------------------------------------------------------------------------


def _tiles(pack: PackRead, lang: str) -> tuple[Tile, ...]:
    figures, before = pack.figures, pack.before
    tickets, wrong, ratings = (
        figures["measures"][WRONG_COUNTER.key]["of"],
        figures["measures"][WRONG_COUNTER.key],
        figures["ratings"],
    )
    min_word = tr(lang, "min", context="unit")
    none = tr(lang, "no month before") if pack.read.period == MONTH else tr(lang, "no quarter before")

    def then(of: Callable[[Row], Shown]) -> Shown:
        if before is None:
            return Shown(none)
        own = of(before)
        if pack.read.period == MONTH:
            told = tr(lang, "month before {figure}", figure=own.text)
        else:
            told = tr(lang, "quarter before {figure}", figure=own.text)
        if pack.before_days < FEW_DAYS:
            told = ntr(lang, "{told} ({n} day)", "{told} ({n} days)", pack.before_days, told=told)
        return replace(own, text=told, span=pack.before_span)

    def counted(word: str, value: int, path: str) -> Shown:
        return replace(count(value, path), text=word)

    finished = figures["finished"]
    of_wrong = counted(f"{whole(wrong['n'])} / {whole(wrong['of'])}", wrong["n"], WRONG_ONES)
    rated = counted(tr(lang, "n {n}", n=whole(ratings["n"]), context="pack"), ratings["n"], RATED)
    n = figures["void"]
    void = (counted(tr(lang, "{n} void left out", n=whole(n), context="pack"), n, "void"),) if n else ()
    bounds = Shown(f"{percent_range(ratings['low'], ratings['high'])} %")
    return (
        Tile(
            tr(lang, "Tickets", context="pack"),
            count(tickets, TICKETS),
            ntr(lang, "ticket", "tickets", tickets, context="unit"),
            (
                then(lambda of: count(of["measures"][WRONG_COUNTER.key]["of"], TICKETS)),
                counted(tr(lang, "{n} finished", n=whole(finished), context="pack"), finished, FINISHED),
                *void,
            ),
        ),
        Tile(
            tr(lang, "Mean wait"),
            minutes(figures["wait"]["mean"], WAIT),
            min_word,
            (then(lambda of: minutes(of["wait"]["mean"], WAIT)),),
            *_reached(figures, MEAN_WAIT, lang),
        ),
        Tile(
            tr(lang, "Wrong window", context="pack"),
            Shown(percent(wrong["rate"]), wrong["rate"], WRONG if wrong["n"] else ""),
            "%",
            (
                *([of_wrong] if wrong["of"] else []),
                then(lambda of: share(of["measures"][WRONG_COUNTER.key]["rate"], WRONG)),
            ),
        ),
        Tile(
            tr(lang, "Satisfied", context="report"),
            Shown(percent(ratings["rate"]), ratings["rate"], RATE if ratings["n"] else ""),
            "%",
            (rated, bounds) if ratings["n"] else (Shown(tr(lang, "nobody rated")),),
            *_reached(figures, SATISFACTION, lang),
        ),
    )


def _reached(figures: Row, measure: str, lang: str) -> tuple[Verdict | None, str]:
    """Return what became of a measure's target at the end, with its words; nothing without one, but for a mean wait
    over the hall's own limit, which is red on every page."""
    rows = [row for row in figures["targets"] if row["measure"] == measure and row["verdict"] is not None]
    if not rows:
        wait = figures["wait"]
        limit = wait["target_minutes"] if measure == MEAN_WAIT else None
        if limit is None or wait["mean"] is None or wait["mean"] <= limit:
            return None, ""
        return Verdict.NOT_MET, tr(lang, "over the target of {n} min", n=limit)
    said, goal = Verdict(rows[-1]["verdict"]), with_unit(measure, goal_figure(measure, rows[-1]["value"]), lang)
    if said is Verdict.NOT_MET:
        return said, tr(lang, "target {goal} missed", context="pack", goal=goal)
    return said, tr(lang, "target {goal}: {verdict}", context="pack", goal=goal, verdict=verdict_word(said, lang))


# -- what there is to decide -------------------------------------------------------------------------------------------


def _span(point: Point) -> tuple[date, date] | None:
    """Return the dates on which a missed target stood."""
    told = point.told
    return (date.fromisoformat(told["first"]), date.fromisoformat(told["last"])) if point.code == TARGET else None


def _sentence(point: Point, pack: PackRead, lang: str) -> str:
    told = point.told
    if point.code == TARGET:
        return _target_missed(told, pack.figures, lang)
    if point.code == LEFT:
        return left_unserved(pack.read, lang) or ""
    if point.code == LONG:
        return _too_long(told, lang)
    if point.code == CASES:
        return _cases_late(told, lang)
    if point.code == FIXES:
        return ntr(
            lang,
            "<b>{shown} finding is past its last day</b>, since {date}. Who puts it right, by when?",
            "<b>{shown} findings are past their last day</b>, the oldest since {date}. Who puts them right, by when?",
            told["n"],
            shown=whole(told["n"]),
            date=date_short(told["oldest"], lang),
        )
    if point.code == FADED:
        return f"<b>{escape(fading_words(told, pack.read.lead, lang))}</b>"
    change: Difference = told["change"]
    return tr(
        lang,
        "<b>{figure} went from {theirs} % to {ours} % on equal weekdays</b>; the 95 % interval of the difference, {low} to {high} points, leaves 0 out.",
        figure=figure_word(point.path, lang),
        theirs=percent(change.theirs),
        ours=percent(change.ours),
        low=signed(100 * (change.low or 0)),
        high=signed(100 * (change.high or 0)),
    )


def _target_missed(row: Row, figures: Row, lang: str) -> str:
    measure = row["measure"]
    told = {
        "measure": measure_word(measure, lang),
        "reached": reached_text(row, lang),
        "goal": goal_text(measure, goal_figure(measure, row["value"]), lang),
        "n": unbroken(count_text(row)),
    }
    if row["low"] is None:
        return tr(lang, "<b>{measure} missed its target:</b> {reached}, target {goal}; n {n}.", **told)
    said = tr(
        lang,
        "<b>{measure} missed its target:</b> {reached}, 95 % interval {range} %, target {goal}; n {n}.",
        range=percent_range(row["low"], row["high"]),
        **told,
    )
    tags = figures["quality"].get("reasons", {}).get("tags", ())[:MOST_REASONS]
    if measure != SATISFACTION or not tags:
        return said
    named_most = listing([f"{rating_reason(one['code'], lang)} {whole(one['n'])}" for one in tags], lang)
    reasons = tr(lang, "Reasons named most: {reasons}.", reasons=escape(named_most))
    return tr(lang, "{one} {other}", context="sentences", one=said, other=reasons)


def _too_long(told: Row, lang: str) -> str:
    words = {
        "share": percent(told["within_target"]),
        "goal": f"{round(told['goal'] * 100, 4):g}",
        "mean": decimal(told["mean"]),
        "n": whole(told["n"]),
    }
    if told["target_minutes"] is None:
        return tr(
            lang,
            "<b>{share} % were called within the hall's target</b>, target {goal} %; the mean wait was {mean} min, n {n}.",
            **words,
        )
    return tr(
        lang,
        "<b>{share} % were called within {minutes} min</b>, target {goal} %; the mean wait was {mean} min, n {n}.",
        minutes=told["target_minutes"],
        **words,
    )


def _cases_late(told: Row, lang: str) -> str:
    words = {"shown": whole(told["n"]), "date": date_short(told["oldest"], lang)}
    if told["department"] is None:
        return ntr(
            lang,
            "<b>{shown} case is past its last day</b>, since {date}.",
            "<b>{shown} cases are past their last day</b>, the oldest since {date}.",
            told["n"],
            **words,
        )
    return ntr(
        lang,
        "<b>{shown} case is past its last day</b>, at {department}, since {date}.",
        "<b>{shown} cases are past their last day</b>, {most} of them at {department}; the oldest since {date}.",
        told["n"],
        department=escape(told["department"]),
        most=whole(told["most"]),
        **words,
    )


# -- six months --------------------------------------------------------------------------------------------------------


def _trends(pack: PackRead, lang: str) -> tuple[Trend, ...]:
    return (
        _trend(pack, RATE, tr(lang, "Satisfied, %"), lang, of=("ratings",), target=SATISFACTION),
        _trend(pack, WRONG, tr(lang, "Wrong window, %"), lang, of=("measures", WRONG_COUNTER.key)),
        _trend(pack, WAIT, tr(lang, "Mean wait, minutes"), lang, of=("wait",)),
    )


def _trend(pack: PackRead, path: str, title: str, lang: str, *, of: Sequence[str], target: str = "") -> Trend:
    is_share = path != WAIT
    shown, values, lows, highs, told = [], [], [], [], []
    for month in pack.months:
        found: Any = month.figures
        for key in of if found is not None else ():
            found = found[key]
        value = None if found is None else found["rate" if is_share else "mean"]
        text = percent(value) if is_share else decimal(value)
        shown.append(Shown(text, value, path if value else "", (month.first, month.last)))
        values.append(value * 100 if is_share and value is not None else value)
        low, high = _ends(path, found)
        lows.append(low)
        highs.append(high)
        told.append(_told(path, found, (low, high), lang) if value is not None else "")
    rows = [row for row in pack.figures["targets"] if row["measure"] == target]
    goal = 100 * rows[-1]["value"] if rows else None
    return Trend(
        title,
        tuple(month_short(month.first, lang) for month in pack.months),
        tuple(shown),
        tuple(values),
        tuple(told),
        tuple(lows) if is_share else (),
        tuple(highs) if is_share else (),
        goal,
        tr(lang, "target {goal}", context="pack", goal=goal_figure(target, rows[-1]["value"])) if rows else "",
    )


def _told(path: str, found: Row, ends: tuple[float | None, float | None], lang: str) -> str:
    if path == WAIT:
        return tr(lang, "n {n}", n=whole(found["n"]))
    within = percent_range(*(None if end is None else end / 100 for end in ends))
    if path == RATE:
        return tr(lang, "n {n} · {range} %", n=whole(found["n"]), range=within)
    return f"{whole(found['n'])} / {whole(found['of'])} · {within} %"


def _ends(path: str, found: Any) -> tuple[float | None, float | None]:
    """Return the ends of a rate's interval in percent. Everybody is in the rate of wrong windows, which is a sample of
    nothing; what its months differ by is read against the same interval."""
    if found is None or path == WAIT:
        return None, None
    n, of = (found["satisfied"], found["n"]) if path == RATE else (found["n"], found["of"])
    if not of:
        return None, None
    ends = wilson_interval(n, of)
    return 100 * ends.low, 100 * ends.high


def _trends_note(pack: PackRead, lang: str) -> str:
    if all(month.figures is None for month in pack.months):
        return tr(lang, "Nobody came in these six months: there is nothing to draw.")
    if pack.before is None and sum(month.figures is not None for month in pack.months) < 2:
        return tr(lang, "This is the hall's first month with figures: there is nothing before it to compare with.")
    return ""


# -- the last line -----------------------------------------------------------------------------------------------------


def _last_line(pack: PackRead, lang: str) -> str:
    parts = [left_out_text(row["what"], row["n"], lang) for row in pack.figures["left_out"]]
    said = sentence(parts, lang) if parts else tr(lang, "nothing.", context="left out")
    told = [tr(lang, "<b>Left out:</b> {what}", what=said)]
    told.append(
        tr(lang, "Rates are worked out from all cases together, never as the mean of days, months or departments.")
    )
    return ("" if lang == "zh_CN" else " ").join(told)
