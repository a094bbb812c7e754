"""The halls of one database side by side: now, and their satisfaction in a period."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from msgspec import Struct

from queuedesk.core.errors import RuleError
from queuedesk.core.figures.halls import (
    DISTRICT,
    REGION,
    ComparedHall,
    HallGroupSatisfaction,
    HallRatingCounts,
    HallRemark,
)
from queuedesk.core.figures.halls import compare_halls as compared
from queuedesk.core.figures.periods import period_span_containing
from queuedesk.core.figures.satisfaction import Rate, SatisfactionRateDifference
from queuedesk.core.figures.targets import SATISFACTION, target_in_force
from queuedesk.core.log.apply import UNFOLDABLE
from queuedesk.core.log.state import HallState
from queuedesk.core.network.roles import Actor, ReadScope
from queuedesk.core.network.sharing import may_view_hall
from queuedesk.core.queue.hallday import business_date
from queuedesk.core.queue.overview import alerts, set_up
from queuedesk.core.queue.ticket import whole_seconds_between
from queuedesk.core.setup.rows import Setup
from queuedesk.desk.change import Desk, Document, apply_next_event, iso_local
from queuedesk.desk.figures import date_in_previous_period
from queuedesk.desk.reading import require_known_reader
from queuedesk.features.halls.rules import EARLIER, HallOverviewRow, HallsPeriodComparison, hall_overview_row
from queuedesk.store.engine.types import Transaction
from queuedesk.store.figures.arrivals import satisfaction_by_hall_day_service, satisfaction_by_span_and_hall
from queuedesk.store.log import book, events
from queuedesk.store.parts import halls, sharing
from queuedesk.store.parts.halls import LogEnd
from queuedesk.store.rights.withheld_ratings import may_read_ratings

MOST_TO_FOLLOW = 1000
"""A log that has grown by more is read from its tables."""


class _CachedHallReading(Struct, frozen=True):
    """What was read last of a hall: what its alerts depend on, and the figures of its business date."""

    state: HallState
    day: date
    figures: Document


class HallsOverviewReader:
    """What somebody may see of the halls in the desk's database, for one thread at a time.

    A station follows its one hall; this asks for the ends of all logs in one statement and reads those that have grown,
    with one statement of each table for all of them: a listening connection for each of sixty halls would be too many
    for a server, and their whole days too much for a station.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._setups: dict[int, tuple[str, Setup]] = {}
        self._known: dict[int, _CachedHallReading] = {}
        self._whole: HallState | None = None

    def look(self, who: Actor, now: datetime, whole: str = "") -> list[HallOverviewRow]:
        """Return the own hall and those that `who` may look at, in the order in which they were made; the whole day of
        the hall with the code `whole` is read too.

        Raises RuleError "not_your_role", OutsideError when the database does not answer.
        """
        who.must("halls")
        with self._desk.db.read() as tx:
            seen = self._update_setups_of_visible_halls(tx, who)
            self._reload_changed_halls(tx, seen, now)
            self._whole = next((self._caught_up_day_state(tx, end) for end in seen if end.code == whole), None)
            signs = sharing.last_sign_of_life_by_hall(tx, [end.id for end in seen])
        rows = []
        for end in seen:
            known = self._known[end.id]
            rows.append(hall_overview_row(known.state, known.figures, alerts(known.state, now), signs.get(end.id), now))
        return rows

    def are_several(self, who: Actor) -> bool:
        """Whether `who` may look at more than the own hall."""
        with self._desk.db.read() as tx:
            return len(self._update_setups_of_visible_halls(tx, who)) > 1

    def state_of(self, code: str) -> HallState | None:
        """Return what the alerts of a hall depend on as look() last read it, None where it did not."""
        return next((one.state for one in self._known.values() if set_up(one.state).hall.code == code), None)

    def whole_day(self, code: str) -> HallState | None:
        """Return a hall with its whole day where the last look read it; the next one may change it."""
        return self._whole if self._whole is not None and set_up(self._whole).hall.code == code else None

    def _update_setups_of_visible_halls(self, tx: Transaction, who: Actor) -> list[LogEnd]:
        ends = halls.log_ends_of_halls(tx)
        own = next((end.code for end in ends if end.id == self._desk.hall), "")
        new = {end.id: end.setup_hash for end in ends if self._setups.get(end.id, ("",))[0] != end.setup_hash}
        self._setups |= {id: (new[id], setup) for id, setup in halls.setups_of_halls(tx, new).items()}
        seen = [end for end in ends if may_view_hall(who, own, self._setups[end.id][1])]
        self._known = {end.id: self._known[end.id] for end in seen if end.id in self._known}
        return seen

    def _reload_changed_halls(self, tx: Transaction, seen: Sequence[LogEnd], now: datetime) -> None:
        """Read those halls that have changed since, or have another business date."""
        from queuedesk.core.figures.measures.document import (
            brief_day_figures,  # all of the figures, for a page seldom open
        )
        from queuedesk.store.figures.counted import day_counts_by_hall

        setups = {end.id: self._setups[end.id][1] for end in seen}
        days = {end.id: business_date(setups[end.id], now) for end in seen if not self._is_known(end, setups, now)}
        if not days:
            return
        then = {row.id: row.now for row in halls.every(tx) if row.id in days}
        states, counted = book.alert_states_of_halls(tx, then, setups, days), day_counts_by_hall(tx, days)
        for id, day in days.items():
            figures = brief_day_figures(setups[id], day, counted[id].states, counted[id].legs)
            self._known[id] = _CachedHallReading(states[id], day, figures)

    def _is_known(self, end: LogEnd, setups: Mapping[int, Setup], now: datetime) -> bool:
        known = self._known.get(end.id)
        return known is not None and (known.day, known.state.now.hash) == (business_date(setups[end.id], now), end.hash)

    def _caught_up_day_state(self, tx: Transaction, end: LogEnd) -> HallState:
        day, state = self._known[end.id].day, self.whole_day(end.code)
        if state is None or not _try_catch_up_with_log(tx, state, end):
            return book.of_day(tx, end.id, day)
        state.drop_closed_before(day)
        return state


def visible_halls_document(desk: Desk, who: Actor, now: datetime) -> list[Document]:
    """Return what `who` may see of the database's halls, as the command prints it. Raises as
    HallsOverviewReader.look()."""
    side = HallsOverviewReader(desk)
    return [
        _hall_row_document(one, set_up(state), now) for one in side.look(who, now) if (state := side.state_of(one.code))
    ]


def _hall_row_document(one: HallOverviewRow, setup: Setup, now: datetime) -> Document:
    longest = round(whole_seconds_between(one.longest_since, now) / 60, 1) if one.longest_since is not None else None
    return {
        "hall": one.code,
        "name": one.name,
        "name_en": one.name_en,
        "waiting": one.waiting,
        "longest_wait": longest,
        "open_windows": one.open_windows,
        "served": one.served,
        "within_target": one.within_target,
        "target_minutes": one.target_minutes,
        "past_target": one.late.n if one.late is not None else 0,
        "alerts": {"red": one.red, "amber": one.amber},
        "silent_since": iso_local(setup, one.silent_since),
    }


def _try_catch_up_with_log(tx: Transaction, state: HallState, end: LogEnd) -> bool:
    """Apply what the log has after `state`; False where that is too much, or another log stands there now."""
    if not 0 <= end.seq - state.now.seq <= MOST_TO_FOLLOW:
        return False
    new = events.events_after(tx, end.id, state.now.seq - 1)
    if not new or (new[0].seq, new[0].hash) != (state.now.seq, state.now.hash):
        return False
    try:
        for event in new[1:]:
            apply_next_event(event, state)
    except UNFOLDABLE:
        return False
    return True


def compare_halls(desk: Desk, who: Actor, period: str, day: date, now: datetime) -> HallsPeriodComparison:
    """Return the own hall and those that `who` may look at, compared in the period that contains `day`.

    Raises RuleError "not_your_role", "not_for_you" (also where this PC's login is not told ratings), as must_be_open();
    OutsideError when the database does not answer.
    """
    who.must("halls")
    who.require_read_right(ReadScope.FIGURES)
    require_known_reader(desk.db, who)
    first, last = period_span_containing(period, day)
    spans = _spans_of_earlier_periods(period, first)
    with desk.db.read() as tx:
        if not may_read_ratings(tx):
            raise RuleError("not_for_you", read=str(ReadScope.FIGURES), role="")
        seen = _setups_of_visible_halls(tx, desk, who)
        own = seen[desk.hall]
        rated = satisfaction_by_hall_day_service(tx, list(seen), first, last)
        earlier = satisfaction_by_span_and_hall(tx, list(seen), spans)
    target = target_in_force(own.targets, own.targets, SATISFACTION, last)
    counts = [
        HallRatingCounts(
            code=setup.hall.code,
            name=setup.hall.name,
            name_en=setup.hall.name_en,
            region=setup.hall.region,
            district=setup.hall.district,
            days=_by_key(setup, rated.get(id, {})),
            earlier=[one.get(id, (0, 0)) for one in earlier],
        )
        for id, setup in seen.items()
    ]
    return HallsPeriodComparison(
        period=period,
        first=first,
        last=last,
        own=own.hall.code,
        target=target.figure if target else None,
        then=spans[0],
        found=compared(counts),
    )


def visible_hall_setups(desk: Desk, who: Actor) -> list[Setup]:
    """Return the set-ups of the own hall and of those that `who` may look at, the own one first. Raises RuleError
    "not_your_role", as must_be_open()."""
    who.must("halls")
    require_known_reader(desk.db, who)
    with desk.db.read() as tx:
        seen = _setups_of_visible_halls(tx, desk, who)
    return [seen.pop(desk.hall), *seen.values()]


def _setups_of_visible_halls(tx: Transaction, desk: Desk, who: Actor) -> dict[int, Setup]:
    setups = halls.setups_of_halls(tx, {row.id: row.setup_hash for row in halls.every(tx)})
    own = setups[desk.hall].hall.code
    return {id: setup for id, setup in setups.items() if may_view_hall(who, own, setup)}


def _spans_of_earlier_periods(period: str, first: date) -> list[tuple[date, date]]:
    spans, day = [], first
    for _n in range(EARLIER):
        day = date_in_previous_period(period, day)
        spans.append(period_span_containing(period, day))
    return spans


def _by_key(setup: Setup, days: Mapping[date, Mapping[str, tuple[int, int]]]) -> dict[date, dict[str, tuple[int, int]]]:
    """Return the counts with each service by what makes it one in all halls."""
    keys = {
        code: _service_key_across_halls(setup, code)
        for code in {code for services in days.values() for code in services}
    }
    return {on: {keys[code]: counted for code, counted in services.items()} for on, services in days.items()}


def _service_key_across_halls(setup: Setup, code: str) -> str:
    """Return what makes a service one in all halls: its code and its names, in lines."""
    spec = setup.services.get(code)
    return "\n".join((code, spec.name, spec.name_en)) if spec else code


# -- the document ------------------------------------------------------------------------------------------------------


def comparison_document(of: HallsPeriodComparison) -> Document:
    """Return the comparison as commands print it; shares lie in 0..1."""
    found = of.found
    return {
        "period": of.period,
        "from": of.first.isoformat(),
        "to": of.last.isoformat(),
        "before": {"from": of.then[0].isoformat(), "to": of.then[1].isoformat()},
        "target": of.target,
        "all": _rate_document(found.all),
        "all_before": _rate_document(found.all_before),
        "services": [key.split("\n")[0] for key in found.services],
        "moved": list(found.moved),
        "halls": [_hall(one) for one in found.halls],
        "regions": [{"region": one.name, **_group_document(one)} for one in found.groups(REGION)],
        "districts": [{"district": one.name, **_group_document(one)} for one in found.groups(DISTRICT)],
        "remarks": [_hall_remark_document(one) for one in found.remarks],
    }


def _rate_document(one: Rate) -> Document:
    return {
        "n": one.n,
        "rate": _round_share_or_none(one.rate),
        "low": _round_share_or_none(one.low),
        "high": _round_share_or_none(one.high),
    }


def _round_share_or_none(share: float | None) -> float | None:
    return None if share is None else round(share, 6)


def _hall(one: ComparedHall) -> Document:
    return {
        "hall": one.code,
        "name": one.counts.name,
        "name_en": one.counts.name_en,
        "region": one.counts.region,
        "district": one.counts.district,
        **_rate_document(one.found),
        "satisfied": one.satisfied,
        "alike": _round_share_or_none(one.alike),
        "alike_n": one.n,
        "spread": _round_share_or_none(one.spread),
        "lies": one.verdict,
        "lies_as_counted": one.counted_as,
        "before": _rate_document(one.before),
    }


def _group_document(one: HallGroupSatisfaction) -> Document:
    return {
        "halls": [hall.code for hall in one.halls],
        **_rate_document(one.found),
        "alike": _round_share_or_none(one.alike),
        "before": _rate_document(one.before),
    }


def _hall_remark_document(one: HallRemark) -> Document:
    found: Document = {"kind": one.kind, "hall": one.code, "now": _rate_document(one.now)}
    for name, told in (("then", one.then), ("own", one.own), ("rest", one.rest)):
        if told is not None:
            found[name] = _rate_document(told)
    for name, difference in (("change", one.change), ("from_own", one.from_own)):
        if difference is not None:
            found[name] = _difference_document(difference)
    if one.day is not None:
        found |= {"date": one.day.isoformat(), "rest_lies": one.rest_verdict}
    return found


def _difference_document(one: SatisfactionRateDifference) -> Document:
    return {
        "difference": _round_share_or_none(one.difference),
        "low": _round_share_or_none(one.low),
        "high": _round_share_or_none(one.high),
    }
