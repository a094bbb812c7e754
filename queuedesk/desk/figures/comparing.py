"""Compares two periods of a hall on equal weekdays."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from queuedesk.core.errors import RuleError
from queuedesk.core.figures.comparing import Chosen, Difference, Part, SpanDays, differences, equal_weekdays, shares_in
from queuedesk.core.figures.figure_path import path_of
from queuedesk.core.figures.measures.document import LogRange, figures
from queuedesk.core.figures.measures.figure import scope_of
from queuedesk.core.figures.measures.tally import Tally
from queuedesk.core.figures.periods import DAY, WEEK, span_of
from queuedesk.core.log.state import SHIFTS
from queuedesk.core.queue.hallday import business_date
from queuedesk.core.setup.values import Setup
from queuedesk.desk.change import Desk, Document
from queuedesk.store.engine.transaction import Transaction
from queuedesk.store.figures.measured import Reader
from queuedesk.store.parts import halls, tickets
from queuedesk.store.parts import register as parts


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One of two spans: its dates, those of them that are compared, and the figures of these."""

    first: date
    last: date
    chosen: Chosen
    figures: Document
    tally: Tally
    parts: dict[str, Part]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """A period against an earlier or later one of its kind. `is_running`: the compared day is not over, its counts are
    those until now."""

    setup: Setup
    period: str
    now: datetime
    ours: Side
    theirs: Side
    is_running: bool
    differences: tuple[Difference, ...]

    @property
    def days(self) -> int:
        """The number of dates compared, the same of both."""
        return len(self.ours.chosen.days)

    def at(self, path: str) -> Difference | None:
        """Return the difference of a figure, None where neither span has it."""
        return next((one for one in self.differences if one.path == path), None)


def before(period: str, day: date) -> date:
    """Return a date of the period before the one that contains `day`; before a single day, its weekday a week ago."""
    if period in (DAY, WEEK):
        return day - timedelta(days=7)
    return span_of(period, day)[0] - timedelta(days=1)


def compare_periods(desk: Desk, period: str, day: date, against: date, now: datetime) -> Comparison:
    """Return the period that contains `day` held against the one that contains `against`.

    Raises RuleError "same_period", OutsideError when the database does not answer.
    """
    spans = span_of(period, day), span_of(period, against)
    if spans[0] == spans[1]:
        raise RuleError("same_period", date=against)
    with desk.db.read() as tx:
        setup = halls.setup(tx, halls.load(tx, desk.hall))
        running = _running(tx, desk.hall, business_date(setup, now))
        known = [SpanDays(_days(*span), tickets.busy_days(tx, desk.hall, *span), running) for span in spans]
        chosen = equal_weekdays(*known)
        reader = Reader(tx, desk.hall, setup, now)
        ours, theirs = (_side(reader, setup, span, own) for span, own in zip(spans, chosen, strict=True))
    return Comparison(
        setup=setup,
        period=period,
        now=now,
        ours=ours,
        theirs=theirs,
        is_running=running in (*ours.chosen.days, *theirs.chosen.days),
        differences=tuple(differences(ours.figures, theirs.figures, ours.parts, theirs.parts)),
    )


def _running(tx: Transaction, hall: int, today: date) -> date | None:
    """Return today while a window is open or a visit is not over."""
    is_open = any(shift.date == today for shift in parts.still_open(tx, hall, SHIFTS).values())
    return today if is_open or any(t.date == today for t in tickets.open_tickets(tx, hall)) else None


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def _side(reader: Reader, setup: Setup, span: tuple[date, date], chosen: Chosen) -> Side:
    tally = Tally()
    for day in chosen.days:
        tally.add(reader.day(day))
    document = figures(scope_of(setup, *span), tally, LogRange())
    return Side(
        first=span[0],
        last=span[1],
        chosen=chosen,
        figures=document,
        tally=tally,
        parts=shares_in(document) | _in_time(tally),
    )


def _in_time(tally: Tally) -> dict[str, Part]:
    """Return the parts of the shares called within the target, which the document tells without them."""
    known = {
        path_of("services", code, "wait", "within_target"): Part(one.within, len(one.waits) + one.late)
        for code, one in tally.services.items()
    }
    whole = Part(sum(part.n for part in known.values()), sum(part.of for part in known.values()))
    return {"wait.within_target": whole, **known}


# -- the document --------------------------------------------------------------------------------------------------


def comparison_document(found: Comparison) -> Document:
    """Return the comparison as commands print it."""
    return {
        "hall": found.setup.hall.code,
        "period": found.period,
        "days": found.days,
        "running": found.is_running,
        "this": _side_document(found.ours),
        "against": _side_document(found.theirs),
        "differences": [_difference_document(one) for one in found.differences],
    }


def _side_document(side: Side) -> Document:
    return {
        "from": side.first.isoformat(),
        "to": side.last.isoformat(),
        "dates": [day.isoformat() for day in side.chosen.days],
        "left_out": [{"date": one.day.isoformat(), "why": one.why} for one in side.chosen.left_out],
        "figures": side.figures,
    }


def _difference_document(one: Difference) -> dict[str, Any]:
    document: dict[str, Any] = {
        "path": one.path,
        "kind": one.kind,
        "this": one.ours,
        "against": one.theirs,
        "difference": one.difference,
    }
    if one.ours_of is not None and one.theirs_of is not None:
        document |= {
            "this_n": one.ours_of.n,
            "this_of": one.ours_of.of,
            "against_n": one.theirs_of.n,
            "against_of": one.theirs_of.of,
            "low": one.low,
            "high": one.high,
            "verdict": one.verdict and str(one.verdict),
        }
    return document
