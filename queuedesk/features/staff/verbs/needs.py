"""What the rows ask to be trained and who is named for it, minutes by person and month, and what came of a session."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from queuedesk.core.appraisal import KINDS, LONG, REASONS, Training
from queuedesk.core.errors import RuleError
from queuedesk.core.figures.comparing import Part, SpanDays, equal_weekdays
from queuedesk.core.figures.periods import MONTH, dates_between, span_of
from queuedesk.core.log.state import SHIFTS, TRAININGS
from queuedesk.core.network.roles import Actor, Read, Role
from queuedesk.core.queue.hallday import business_date
from queuedesk.core.setup.rows import Setup
from queuedesk.desk import appraisal
from queuedesk.desk.appraisal import About, sessions_in
from queuedesk.desk.change import Ask, Change, Desk, Document, changes
from queuedesk.desk.reading import must, must_read
from queuedesk.features.staff.rules.training_effect import (
    Effect,
    PersonTraining,
    TrainingMonths,
    effect,
    shifts_kept,
)
from queuedesk.features.staff.rules.training_needs import (
    OF_A_SERVICE,
    Act,
    Need,
    Needs,
    is_shown,
    long_limits,
    needs_of,
)
from queuedesk.features.staff.tables import acts_of, planned_shifts
from queuedesk.store.figures.measured import Reader
from queuedesk.store.parts import halls, part_tables, tickets

MONTHS = 4
"""So many months stand side by side."""
LONGEST_AFTER, HISTORY = timedelta(days=91), timedelta(days=182)
"""How far a training's effect is looked for, and how far back the longer history goes (our figures)."""
_DAY = timedelta(days=1)

# -- needs -------------------------------------------------------------------------------------------------------------


def needs_in(desk: Desk, who: Actor, month: date, now: datetime) -> Needs:
    """Return what the rows of the month that contains `month` ask for, today's left out, for who reads figures.

    Raises RuleError "not_for_you" (the access journal keeps it), "pin_needed".
    """
    must_read(desk, who, Read.FIGURES, now)
    return _needs_in(desk, month, now)


def _needs_in(desk: Desk, month: date, now: datetime) -> Needs:
    first, last = span_of(MONTH, month)
    with desk.db.read() as tx:
        setup = halls.setup(tx, halls.load(tx, desk.hall))
        last = min(last, business_date(setup, now) - _DAY)
        return needs_of(first, last, acts_of(Reader(tx, desk.hall, setup, now), dates_between(first, last)))


def name_need(desk: Desk, ask: Ask, need: tuple[str, str], month: date, *, reason: str) -> Document:
    """Say whom a need, given as kind and service ("": all), is about, for one of REASONS: who it is gets told of that.

    Raises RuleError "not_your_role", "pin_needed", "bad_value", "not_there", "not_certain" where chance may have made
    the need, "names_both" where so few do this work that to name one tells of the other.
    """
    must(desk, ask.who, "training-name", ask.now)
    return note_named(desk, ask, _needs_in(desk, month, ask.now), need, reason=reason)


@changes("training-name")
def note_named(change: Change, found: Needs, need: tuple[str, str], *, reason: str) -> Document:
    """Note who one of the needs that were found is about, each in an event of their own. Raises as name_need()."""
    if reason not in REASONS:
        raise RuleError("bad_value", field="reason", value=reason, why="not_a_choice", limit=list(REASONS))
    seen = found.at(*need)
    if seen is None:
        raise RuleError("not_there", kind="need", code=":".join(filter(None, need)))
    if not seen.can_be_named:
        raise RuleError("names_both" if seen.is_worth else "not_certain")
    dates: dict[str, Any] = {"from": found.first.isoformat(), "to": found.last.isoformat()}
    said = [
        change.record(
            "training-name",
            staff=staff,
            service=seen.service or None,
            need=seen.kind,
            reason=reason,
            n=sum(row.staff == staff for row in seen.rows),
            all=seen.of_each[staff],
            **dates,
        )
        for staff in seen.staff
    ]
    return {"named": [event.seq for event in said], "staff": list(seen.staff)}


# -- sessions ----------------------------------------------------------------------------------------------------------


def add_training(
    desk: Desk,
    ask: Ask,
    topic: str,
    minutes: int,
    attended: Sequence[str],
    *,
    day: date | None = None,
    led: str | None = None,
    need: tuple[str, str] | None = None,
    seen: tuple[date, date] | None = None,
) -> Document:
    """Note a session that was held on `day`, else today. `need` is the kind and the service ("": all) that it answers,
    `seen` the dates in which that was seen, else the session's month until then.

    Raises RuleError "not_your_role", "pin_needed", "bad_value", "unknown_staff", "unknown_service".
    """
    must(desk, ask.who, "training", ask.now)
    about = About(*need, *(seen or (None, None))) if need is not None else None
    if about is not None:
        about = _looked_at(desk, about, day, ask.now)
    return appraisal.add_training(desk, ask, topic, minutes, attended, day=day, led=led, about=about)


def _looked_at(desk: Desk, about: About, day: date | None, now: datetime) -> About:
    """Return it with its dates and minutes."""
    with desk.db.read() as tx:
        setup = halls.setup(tx, halls.load(tx, desk.hall))
        today = business_date(setup, now)
        _must_be_need(setup, about.kind, about.service)
        first, last = about.first or (day or today).replace(day=1), min(about.last or day or today, today)
        limits = {}
        if about.kind == LONG:
            limits = long_limits(acts_of(Reader(tx, desk.hall, setup, now), dates_between(first, last), (LONG,)))
    return about._replace(first=first, last=last, limit_min=limits.get(about.service))


def _must_be_need(setup: Setup, kind: str, service: str) -> None:
    if kind not in KINDS or (kind in OF_A_SERVICE) != bool(service):
        raise RuleError("bad_value", field="need", value=f"{kind} {service}".strip(), why="not_a_choice", limit=KINDS)
    if service:
        setup.service(service)


# -- minutes, and who was there ----------------------------------------------------------------------------------------


def training_months(desk: Desk, who: Actor, month: date, now: datetime) -> TrainingMonths:
    """Return the minutes and shifts of the month that contains `month` and of those before it: of everybody for who
    reads figures, else of `who` alone.

    Raises RuleError "not_for_you" for who is nobody of the hall, "pin_needed".
    """
    own = "" if who.may_read(Read.FIGURES) else who.name
    if own and (not who.is_staff or who.unproven):
        must_read(desk, who, Read.FIGURES, now)
    last_month = span_of(MONTH, month)
    months = [last_month[0]]
    while len(months) < MONTHS:
        months.append((months[-1] - _DAY).replace(day=1))
    months.reverse()
    with desk.db.read() as tx:
        setup = halls.setup(tx, halls.load(tx, desk.hall))
        today = business_date(setup, now)
        minutes: Counter[tuple[str, date]] = Counter()
        for one in sessions_in(tx, desk.hall, months[0], last_month[1]):
            for staff in one.attended:
                minutes[staff, one.day.replace(day=1)] += one.minutes
        kept = shifts_kept(planned_shifts(tx, desk.hall, setup, last_month, today))
        opened = part_tables.of_days(tx, desk.hall, SHIFTS, *last_month).values()
        days = Counter(staff for _day, staff in {(one.date, one.staff) for one in opened if one.date < today})
    at_work = [code for code, person in setup.staff.items() if person.role in (Role.CLERK, Role.GUIDE)]
    known = dict.fromkeys([*at_work, *sorted({*kept, *(staff for staff, _month in minutes)})])
    people = [
        PersonTraining(
            staff=staff,
            minutes=tuple(minutes[staff, one] for one in months),
            shifts=kept.get(staff),
            days=days[staff],
        )
        for staff in known
        if not own or staff == own
    ]
    target = setup.number("training_minutes")
    return TrainingMonths(months=tuple(months), target=target, people=tuple(people), has_roster=bool(kept), own=own)


# -- what came of it ---------------------------------------------------------------------------------------------------


def effect_of(desk: Desk, who: Actor, seq: int, now: datetime) -> tuple[Training, Effect | None]:
    """Return a session and what its need shows of those who attended, before and after; None where it answers none.

    Raises RuleError "not_there", and as needs_in().
    """
    must_read(desk, who, Read.FIGURES, now)
    with desk.db.read() as tx:
        setup = halls.setup(tx, halls.load(tx, desk.hall))
        found = part_tables.find(tx, desk.hall, TRAININGS, seq)
        if found is None or found.dropped is not None:
            raise RuleError("not_there", kind="training", code=str(seq))
        if found.need is None:
            return found, None
        end = min(business_date(setup, now) - _DAY, found.day + LONGEST_AFTER)
        after, before = (
            dates_between(found.day + _DAY, end),
            dates_between(found.day - (end - found.day), found.day - _DAY),
        )
        seen = found.need_from or found.day
        busy = tickets.busy_days(tx, desk.hall, seen - HISTORY, end)
        chosen = equal_weekdays(*(SpanDays(days, busy, calendar=setup.calendar) for days in (before, after)))
        history = [one for one in sorted(busy) if one < min(seen, found.day)]
        spans = (chosen[0].days, chosen[1].days, history)
        reader = Reader(tx, desk.hall, setup, now)
        parts = [_shown(found, acts_of(reader, days, (found.need,))) for days in spans]
    return found, effect(*parts, days=len(chosen[1].days))


def _shown(found: Training, acts: Iterable[Act]) -> Part:
    """Return how many of the rows of those who attended show the need, and how many there are."""
    limits = {found.service or "": found.limit_min or 0}
    own = [one for one in acts if one.staff in found.attended and one.group == (found.need, found.service or "")]
    return Part(sum(is_shown(one, limits) for one in own), len(own))


# -- documents ---------------------------------------------------------------------------------------------------------


def needs_document(found: Needs) -> Document:
    """Return the needs as commands print them: whom they are about in numbers alone."""
    return {
        "from": found.first.isoformat(),
        "to": found.last.isoformat(),
        "days": found.days,
        "compared": found.compared,
        "few": found.few,
        "needs": [_need_document(one) for one in found.needs],
    }


def _need_document(need: Need) -> Document:
    one = need.found
    return {
        "need": need.kind,
        "service": need.service or None,
        "limit": need.limit,
        "n": one.n,
        "of": one.of,
        "share": round(one.share, 6),
        "others": {"n": one.others_n, "of": one.others_of, "share": round(one.others, 6)},
        "difference": {"value": round(one.difference, 6), "low": round(one.low, 6), "high": round(one.high, 6)},
        "verdict": need.verdict,
        "about": len(need.staff),
        "people": need.people,
        "can_be_named": need.can_be_named,
        "rows": [{"date": row.day.isoformat(), "ticket": row.label} for row in need.rows],
    }


def months_document(found: TrainingMonths) -> Document:
    """Return minutes and shifts as commands print them."""
    return {
        "months": [one.isoformat()[:7] for one in found.months],
        "target": found.target or None,
        "has_roster": found.has_roster,
        "people": [
            {
                "staff": one.staff,
                "minutes": list(one.minutes),
                "days": one.days,
                "planned": one.shifts.planned if one.shifts else None,
                "opened": one.shifts.opened if one.shifts else None,
                "absent": one.shifts.absent if one.shifts else None,
                "kept": one.shifts.kept if one.shifts else None,
                "late_minutes": one.shifts.late_minutes if one.shifts else None,
            }
            for one in found.people
        ],
    }


def effect_document(found: Effect | None) -> Document | None:
    """Return what came of a session as commands print it."""
    if found is None:
        return None
    return {
        "days": found.days,
        **{name: {"n": part.n, "of": part.of} for name, part in (("before", found.before), ("after", found.after))},
        "history": {"n": found.history.n, "of": found.history.of},
        "low": None if found.low is None else round(found.low, 6),
        "high": None if found.high is None else round(found.high, 6),
        "verdict": found.verdict,
    }
