"""What a project's measures changed: equal weekdays before and after, against the hall's own history, and whether an
effect fades."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import partial

from msgspec import Struct

from queuedesk.core.figures.comparing import MINUTES, SHARE, Chosen, LeftOut, Part, SpanDays, equal_weekdays
from queuedesk.core.figures.periods import WEEK, span_of
from queuedesk.core.figures.satisfaction import Difference, wilson_interval
from queuedesk.core.improvement.effect import (
    FEWEST,
    HISTORY_WEEKS,
    DayShare,
    FigureEffect,
    Usual,
    Verdict,
    effect,
    is_beyond,
)
from queuedesk.core.improvement.following import better_of, is_minutes
from queuedesk.core.improvement.minutes import DayMinutes, Level, MinutesEffect, UsualMinutes, minutes_effect
from queuedesk.core.improvement.project import Ending, Project, Spans, Target
from queuedesk.core.log.state import PROJECTS
from queuedesk.core.queue.hallday import business_date
from queuedesk.desk.change import Desk, Document
from queuedesk.desk.figures.comparing import not_over, span_days
from queuedesk.desk.improvement.counting import counted_days, levels_of_dates, parts_of_dates
from queuedesk.desk.improvement.documents import Told, told
from queuedesk.desk.kept_words import words_of
from queuedesk.store.figures.measured import Reader
from queuedesk.store.parts import halls, part_tables


class Effect(Struct, frozen=True, kw_only=True):
    """The effect of a project: of each figure that it follows, with the dates compared and those left out of both
    spans. `daily` are the figures of every date from the first span's first to the second's last, by path, for a chart.
    `history` are the dates that say what is usual. `ask_again` is the first date on which the figure that takes longest
    may be told; None where all is told, or would take more than a year."""

    found: Told
    spans: Spans
    before: Chosen
    after: Chosen
    history: tuple[date, ...]
    figures: tuple[FigureEffect | MinutesEffect, ...]
    daily: dict[str, Sequence[DayShare | DayMinutes]]
    ask_again: date | None
    is_over: bool

    def at(self, figure: str) -> FigureEffect | MinutesEffect | None:
        return next((one for one in self.figures if one.figure == figure), None)


def effect_of(desk: Desk, number: int, now: datetime) -> Effect | None:
    """Return a project's effect so far; None where nothing is followed or the spans are not set. Raises RuleError
    "not_there", OutsideError when the database does not answer."""
    found = told(desk, number, now)
    spans, paths = found.project.spans, [one.figure for one in found.project.follows]
    if spans is None or not paths:
        return None
    with desk.db.read() as tx:
        setup = found.setup
        running = not_over(tx, desk.hall, found.today)
        look = partial(span_days, tx, desk.hall, setup, last=found.today, running=running)
        one, two = look(spans.before), look(spans.after)
        before, after = equal_weekdays(one, two)
        earlier = spans.before[0] - timedelta(weeks=HISTORY_WEEKS), spans.before[0] - timedelta(days=1)
        history = _alike(before, one, look(earlier))
        every = _busy(look((spans.before[0], spans.after[1])))
        reader = Reader(tx, desk.hall, setup, now)
        counted = counted_days(reader, setup, [*history, *every], paths, (before.days, after.days))
    shares = {path: {row.day: row for row in rows} for path, rows in counted.shares.items()}
    minutes = {path: {row.day: row for row in rows} for path, rows in counted.minutes.items()}
    pairs = _pairs((one, before), (two, after))

    def told_of(path: str) -> FigureEffect | MinutesEffect:
        if path in minutes:
            rows = minutes[path]
            return minutes_effect(
                path,
                better_of(path),
                whole=(counted.whole[0][path], counted.whole[1][path]),
                pairs=[(rows[first], rows[second]) for first, second in pairs],
                history=[rows[day] for day in history],
                alike=counted.alike.get(path),
            )
        own = shares[path]
        one_side, other, past = ([own[day] for day in days] for days in (before.days, after.days, history))
        return effect(path, better_of(path), one_side, other, past, alike=counted.alike.get(path))

    figures = tuple(told_of(path) for path in paths)
    by_day: dict[str, Mapping[date, DayShare | DayMinutes]] = {**shares, **minutes}
    return Effect(
        found=found,
        spans=spans,
        before=before,
        after=after,
        history=history,
        figures=figures,
        daily={path: [by_day[path][day] for day in every] for path in paths},
        ask_again=_ask_again(figures, after, spans),
        is_over=spans.after[1] < found.today or (spans.after[1] == found.today and running is None),
    )


def _pairs(*sides: tuple[SpanDays, Chosen]) -> list[tuple[date, date]]:
    """Return the dates that are held against each other: the first of each weekday, the second, and so on."""
    found = []
    for span, chosen in sides:
        by: dict[int | None, list[date]] = defaultdict(list)
        for day in chosen.days:
            by[span.like(day)].append(day)
        found.append(by)
    return [pair for like, days in found[0].items() for pair in zip(days, found[1][like], strict=False)]


def _busy(span: SpanDays) -> list[date]:
    return [day for day in span.days if day in span.busy and day != span.running]


def _alike(chosen: Chosen, span: SpanDays, earlier: SpanDays) -> tuple[date, ...]:
    """Return the earlier dates that are like those that are compared."""
    kinds = {span.like(day) for day in chosen.days}
    return tuple(day for day in _busy(earlier) if (like := earlier.like(day)) is not None and like in kinds)


def _ask_again(figures: Sequence[FigureEffect | MinutesEffect], after: Chosen, spans: Spans) -> date | None:
    """Return the day after that on which the figure that takes longest has its days, at the pace of the days so far."""
    needed = max((one.days_to_tell or 0 for one in figures), default=0)
    if not needed or not after.days:
        return None
    so_far = (after.days[-1] - spans.after[0]).days + 1
    # In whole weeks a pace has its days off in it.
    weeks, per_week = -(-so_far // 7), len(after.days)
    return spans.after[0] + timedelta(days=-(-needed * weeks * 7 // per_week))


# -- the document ------------------------------------------------------------------------------------------------------


def effect_document(found: Effect) -> Document:
    """Return the effect as commands print it."""
    spans, target = found.spans, found.found.project.target
    of_target = found.at(target.figure) if target else None
    return {
        "project": found.found.project.number,
        "over": found.is_over,
        "before": _span_document(spans.before, found.before),
        "measures": spans.measures.isoformat(),
        "after": _span_document(spans.after, found.after),
        "days": len(found.before.days),
        "figures": [_figure_document(one) for one in found.figures],
        "target": _target_document(target, of_target) if target and of_target else None,
        "ask_again": found.ask_again and found.ask_again.isoformat(),
        "history": {
            "from": found.history[0].isoformat() if found.history else None,
            "to": found.history[-1].isoformat() if found.history else None,
            "days": len(found.history),
        },
        "daily": [{"figure": path, "days": [_day(row) for row in rows]} for path, rows in found.daily.items()],
    }


def _span_document(span: tuple[date, date], chosen: Chosen) -> Document:
    return {
        "from": span[0].isoformat(),
        "to": span[1].isoformat(),
        "dates": [day.isoformat() for day in chosen.days],
        "left_out": [_left_out(one) for one in chosen.left_out],
    }


def _left_out(one: LeftOut) -> Document:
    return {"date": one.day.isoformat(), "why": one.why}


def _day(row: DayShare | DayMinutes) -> Document:
    day = row.day.isoformat()
    if isinstance(row, DayMinutes):
        return {"date": day, "n": row.n, "minutes": row.minutes}
    return {"date": day, "n": row.n, "of": row.of}


def _part(part: Part | Level) -> Document:
    if isinstance(part, Level):
        return {"n": part.n, "minutes": part.minutes}
    return {"n": part.n, "of": part.of, "rate": part.rate}


def _difference(found: Difference | None) -> Document:
    names = ("difference", "low", "high")
    return {name: getattr(found, name) if found else None for name in names}


def _figure_document(one: FigureEffect | MinutesEffect) -> Document:
    return {
        "figure": one.figure,
        "unit": MINUTES if isinstance(one, MinutesEffect) else SHARE,
        "better": one.better,
        "before": _part(one.before),
        "after": _part(one.after),
        **_difference(one.difference if one.verdict is not Verdict.TOO_FEW else None),
        "plain": str(one.plain),
        "verdict": str(one.verdict),
        "why": one.why and str(one.why),
        "same_mix": one.alike,
        "usual": _usual(one.usual, one.against_usual) if one.usual else None,
        "hinges": [
            {"date": hinge.day.isoformat(), "verdict": str(hinge.verdict), "apart": hinge.is_apart}
            for hinge in one.hinges
        ],
        "days_to_tell": one.days_to_tell,
    }


def _usual(usual: Usual | UsualMinutes, against: Difference | None) -> Document:
    bounds = {"low": usual.low, "high": usual.high, "beyond": usual.is_beyond, "days": usual.days}
    whole = _part(usual.part) if isinstance(usual, Usual) else {"minutes": usual.minutes}
    return {**whole, **bounds, "after": _difference(against)}


def _target_document(target: Target, found: FigureEffect | MinutesEffect) -> Document:
    """Return whether a target is met: "met" and "not_met" only where the interval leaves it on one side."""
    document: Document = {"figure": target.figure, "value": target.value, "by": target.by.isoformat()}
    document |= {key: value for key, value in _part(found.after).items() if key in ("rate", "minutes")}
    low, high = _reached(found)
    if low is None or high is None:
        return {**document, "low": None, "high": None, "verdict": "too_few"}
    bad = [is_beyond(found.better, end, target.value) for end in (low, high)]
    verdict = "not_met" if all(bad) else "cannot_tell" if any(bad) else "met"
    return {**document, "low": low, "high": high, "verdict": verdict}


def _reached(found: FigureEffect | MinutesEffect) -> tuple[float | None, float | None]:
    """Return the interval of the second span's own figure."""
    if isinstance(found, MinutesEffect):
        return found.reached.low, found.reached.high
    if found.after.of < FEWEST:
        return None, None
    bounds = wilson_interval(found.after.n, found.after.of)
    return bounds.low, bounds.high


# -- fading ------------------------------------------------------------------------------------------------------------


def fading(desk: Desk, now: datetime) -> list[Document]:
    """Return the effects that fade: figures with an alarm line that lay beyond it over the whole of last week, of
    projects whose measures had begun by then and that were not dropped. Below 30 rows nothing is told."""
    with desk.db.read() as tx:
        setup = halls.setup(tx, halls.load(tx, desk.hall))
        first, last = span_of(WEEK, business_date(setup, now) - timedelta(days=7))
        watched = [one for one in part_tables.of_days(tx, desk.hall, PROJECTS).values() if _is_watched(one, first)]
        words = words_of(tx, desk.hall, [one.title for one in watched])
    if not watched:
        return []
    parts = parts_of_dates(desk, first, last, now)
    timed = {each.figure for one in watched for each in one.follows if each.alarm is not None}
    levels = levels_of_dates(desk, first, last, now, [path for path in timed if is_minutes(path)])
    rows = []
    for one in watched:
        for followed in one.follows:
            part = levels.get(followed.figure) or parts.get(followed.figure, Part(0, 0))
            value, n = (part.minutes, part.n) if isinstance(part, Level) else (part.rate, part.of)
            if followed.alarm is None or value is None or n < FEWEST:
                continue
            if is_beyond(better_of(followed.figure), value, followed.alarm):
                rows.append(
                    {
                        "project": one.number,
                        "title": words.get(one.title, ""),
                        "leader": one.leader,
                        "figure": followed.figure,
                        "from": first.isoformat(),
                        "to": last.isoformat(),
                        **_part(part),
                        "alarm": followed.alarm,
                    }
                )
    return rows


def _is_watched(one: Project, week: date) -> bool:
    has_line = any(followed.alarm is not None for followed in one.follows)
    return has_line and one.spans is not None and one.spans.measures <= week and one.ending is not Ending.DROPPED
