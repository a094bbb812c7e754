"""Several halls beside each other, now and in a period, and one's set-up pushed to the others.

What is pushed stands in the log of each hall that gets it, at once or waiting: only who may write there has written
it. A hall takes what waits for it by itself, and needs no other hall then."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import ColumnElement, Text, case, func, or_, select, type_coerce

from queuedesk.core.errors import QueueDeskError, RuleError
from queuedesk.core.figures import periods, satisfaction, targets
from queuedesk.core.figures.halls import (
    DISTRICT,
    REGION,
    ComparedHall,
    HallGroupSatisfaction,
    HallRatingCaveat,
    HallRatingCountsByDate,
)
from queuedesk.core.figures.halls import compare_halls as compared
from queuedesk.core.log.apply import UNFOLDABLE
from queuedesk.core.log.event import Event
from queuedesk.core.log.state import HallState
from queuedesk.core.network.roles import Actor, ReadScope, Role
from queuedesk.core.network.sharing import PcKind, may_person_view_hall
from queuedesk.core.queue import hallday, overview
from queuedesk.core.queue import ticket as ticket_records
from queuedesk.core.setup.file import PUSHES, check_and_read_setup
from queuedesk.core.setup.rows import Setup
from queuedesk.desk import change as changes
from queuedesk.desk import network, reading, setting_up
from queuedesk.features.halls import rules
from queuedesk.store.engine.types import Transaction
from queuedesk.store.log import book, events, log_dates
from queuedesk.store.log.book import HallWriter
from queuedesk.store.parts import halls, tickets
from queuedesk.store.parts.halls import HallRow, LogEnd
from queuedesk.store.rights.withheld_ratings import may_read_ratings
from queuedesk.store.schema import beats, ratings
from queuedesk.store.schema import events as logged

if TYPE_CHECKING:
    from queuedesk.core.figures.measures.rows import Figures, LegRow

MOST_TO_FOLLOW = 1000
"""A log that has grown by more is read from its tables."""


class _CachedHallReading(Struct, frozen=True):
    """What was read last of a hall: what its alerts depend on, and the figures of its business date."""

    state: HallState
    day: date
    figures: changes.Document


class HallsOverviewReader:
    """What somebody may see of the halls in the desk's database, for one thread at a time.

    A station follows its one hall; this asks for the ends of all logs in one statement and reads those that have grown,
    with one statement of each table for all of them: a listening connection for each of sixty halls would be too many
    for a server, and their whole days too much for a station."""

    def __init__(self, desk: changes.Desk) -> None:
        self._desk = desk
        self._setups: dict[int, tuple[str, Setup]] = {}
        self._known: dict[int, _CachedHallReading] = {}
        self._whole: HallState | None = None

    def read_hall_rows(self, who: Actor, now: datetime, whole: str = "") -> list[rules.HallOverviewRow]:
        """Return the own hall and those that `who` may look at, in the order in which they were made; the whole day of
        the hall with the code `whole` is read too.

        Raises RuleError "not_your_role", OutsideError when the database does not answer."""
        who.require_may("halls")
        with self._desk.db.read() as tx:
            seen = self._refresh_and_list_visible_halls(tx, who)
            self._reload_changed_halls(tx, seen, now)
            self._whole = next((self._caught_up_day_state(tx, end) for end in seen if end.code == whole), None)
            signs = last_sign_of_life_by_hall(tx, [end.id for end in seen])
        rows = []
        for end in seen:
            known = self._known[end.id]
            rows.append(
                rules.hall_overview_row(
                    known.state, known.figures, overview.current_alerts(known.state, now), signs.get(end.id), now
                )
            )
        return rows

    def may_see_several_halls(self, who: Actor) -> bool:
        """Whether `who` may look at more than the own hall."""
        with self._desk.db.read() as tx:
            return len(self._refresh_and_list_visible_halls(tx, who)) > 1

    def alert_state_of_hall(self, code: str) -> HallState | None:
        """Return what the alerts of a hall depend on as read_hall_rows() last read it, None where it did not."""
        return next((one.state for one in self._known.values() if overview.set_up(one.state).hall.code == code), None)

    def hall_day_state(self, code: str) -> HallState | None:
        """Return a hall with its whole day where the last look read it; the next one may change it."""
        return self._whole if self._whole is not None and overview.set_up(self._whole).hall.code == code else None

    def _refresh_and_list_visible_halls(self, tx: Transaction, who: Actor) -> list[LogEnd]:
        ends = halls.log_ends_of_halls(tx)
        own = next((end.code for end in ends if end.id == self._desk.hall), "")
        new = {end.id: end.setup_hash for end in ends if self._setups.get(end.id, ("",))[0] != end.setup_hash}
        self._setups |= {id: (new[id], setup) for id, setup in halls.setups_of_halls(tx, new).items()}
        seen = [end for end in ends if may_person_view_hall(who, own, self._setups[end.id][1])]
        self._known = {end.id: self._known[end.id] for end in seen if end.id in self._known}
        return seen

    def _reload_changed_halls(self, tx: Transaction, seen: Sequence[LogEnd], now: datetime) -> None:
        """Read those halls that have changed since, or have another business date."""
        from queuedesk.store.figures.counted import ticket_and_leg_counts_by_hall

        setups = {end.id: self._setups[end.id][1] for end in seen}
        days = {
            end.id: hallday.business_date(setups[end.id], now)
            for end in seen
            if not self._is_up_to_date(end, setups, now)
        }
        if not days:
            return
        then = {row.id: row.now for row in halls.all_hall_rows(tx) if row.id in days}
        states, counted = book.hall_states_for_alerts(tx, then, setups, days), ticket_and_leg_counts_by_hall(tx, days)
        for id, day in days.items():
            figures = brief_day_figures(setups[id], day, counted[id].states, counted[id].legs)
            self._known[id] = _CachedHallReading(states[id], day, figures)

    def _is_up_to_date(self, end: LogEnd, setups: Mapping[int, Setup], now: datetime) -> bool:
        known = self._known.get(end.id)
        return known is not None and (known.day, known.state.now.hash) == (
            hallday.business_date(setups[end.id], now),
            end.hash,
        )

    def _caught_up_day_state(self, tx: Transaction, end: LogEnd) -> HallState:
        day, state = self._known[end.id].day, self.hall_day_state(end.code)
        if state is None or not _try_catch_up_with_log(tx, state, end):
            return book.hall_state_of_day(tx, end.id, day)
        state.drop_closed_records_before(day)
        return state


def visible_halls_document(desk: changes.Desk, who: Actor, now: datetime) -> list[changes.Document]:
    """Return what `who` may see of the database's halls, as the command prints it. Raises as
    HallsOverviewReader.read_hall_rows()."""
    side = HallsOverviewReader(desk)
    return [
        _hall_row_document(one, overview.set_up(state), now)
        for one in side.read_hall_rows(who, now)
        if (state := side.alert_state_of_hall(one.code))
    ]


def _hall_row_document(one: rules.HallOverviewRow, setup: Setup, now: datetime) -> changes.Document:
    longest = (
        round(ticket_records.whole_seconds_between(one.longest_since, now) / 60, 1)
        if one.longest_since is not None
        else None
    )
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
        "silent_since": changes.iso_local(setup, one.silent_since),
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
            changes.apply_next_event_to_state(event, state)
    except UNFOLDABLE:
        return False
    return True


def compare_halls(desk: changes.Desk, who: Actor, period: str, day: date, now: datetime) -> rules.HallsPeriodComparison:
    """Return the own hall and those that `who` may look at, compared in the period that contains `day`.

    Raises RuleError "not_your_role", "not_for_you" (also where this PC's login is not told ratings), as
    require_known_reader(); OutsideError when the database does not answer."""
    who.require_may("halls")
    who.require_read_right(ReadScope.FIGURES)
    reading.require_known_reader(desk.db, who)
    first, last = periods.period_span_containing(period, day)
    spans = _spans_of_earlier_periods(period, first)
    with desk.db.read() as tx:
        if not may_read_ratings(tx):
            raise RuleError("not_for_you", read=str(ReadScope.FIGURES), role="")
        seen = _setups_of_visible_halls(tx, desk, who)
        own = seen[desk.hall]
        rated = satisfaction_by_hall_day_service(tx, list(seen), first, last)
        earlier = satisfaction_by_span_and_hall(tx, list(seen), spans)
    target = targets.target_in_force(own.targets, own.targets, targets.SATISFACTION, last)
    counts = [
        HallRatingCountsByDate(
            code=setup.hall.code,
            name=setup.hall.name,
            name_en=setup.hall.name_en,
            region=setup.hall.region,
            district=setup.hall.district,
            days=_date_counts_by_service_key(setup, rated.get(id, {})),
            earlier=[one.get(id, (0, 0)) for one in earlier],
        )
        for id, setup in seen.items()
    ]
    return rules.HallsPeriodComparison(
        period=period,
        first=first,
        last=last,
        own=own.hall.code,
        target=target.figure if target else None,
        then=spans[0],
        found=compared(counts),
    )


def visible_hall_setups(desk: changes.Desk, who: Actor) -> list[Setup]:
    """Return the set-ups of the own hall and of those that `who` may look at, the own one first. Raises RuleError
    "not_your_role", as require_known_reader()."""
    who.require_may("halls")
    reading.require_known_reader(desk.db, who)
    with desk.db.read() as tx:
        seen = _setups_of_visible_halls(tx, desk, who)
    return [seen.pop(desk.hall), *seen.values()]


def _setups_of_visible_halls(tx: Transaction, desk: changes.Desk, who: Actor) -> dict[int, Setup]:
    setups = halls.setups_of_halls(tx, {row.id: row.setup_hash for row in halls.all_hall_rows(tx)})
    own = setups[desk.hall].hall.code
    return {id: setup for id, setup in setups.items() if may_person_view_hall(who, own, setup)}


def _spans_of_earlier_periods(period: str, first: date) -> list[tuple[date, date]]:
    spans, day = [], first
    for _n in range(rules.EARLIER):
        day = periods.date_in_previous_period(period, day)
        spans.append(periods.period_span_containing(period, day))
    return spans


def _date_counts_by_service_key(
    setup: Setup, days: Mapping[date, Mapping[str, tuple[int, int]]]
) -> dict[date, dict[str, tuple[int, int]]]:
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


def comparison_document(of: rules.HallsPeriodComparison) -> changes.Document:
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
        "halls": [_compared_hall_document(one) for one in found.halls],
        "regions": [{"region": one.name, **_group_document(one)} for one in found.hall_groups(REGION)],
        "districts": [{"district": one.name, **_group_document(one)} for one in found.hall_groups(DISTRICT)],
        "remarks": [_hall_remark_document(one) for one in found.remarks],
    }


def _rate_document(one: satisfaction.Rate) -> changes.Document:
    return {
        "n": one.n,
        "rate": _round_share_or_none(one.rate),
        "low": _round_share_or_none(one.low),
        "high": _round_share_or_none(one.high),
    }


def _round_share_or_none(share: float | None) -> float | None:
    return None if share is None else round(share, 6)


def _compared_hall_document(one: ComparedHall) -> changes.Document:
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


def _group_document(one: HallGroupSatisfaction) -> changes.Document:
    return {
        "halls": [hall.code for hall in one.halls],
        **_rate_document(one.found),
        "alike": _round_share_or_none(one.alike),
        "before": _rate_document(one.before),
    }


def _hall_remark_document(one: HallRatingCaveat) -> changes.Document:
    found: changes.Document = {"kind": one.kind, "hall": one.code, "now": _rate_document(one.now)}
    for name, told in (("then", one.then), ("own", one.own), ("rest", one.rest)):
        if told is not None:
            found[name] = _rate_document(told)
    for name, difference in (("change", one.change), ("from_own", one.from_own)):
        if difference is not None:
            found[name] = _difference_document(difference)
    if one.day is not None:
        found |= {"date": one.day.isoformat(), "rest_lies": one.rest_verdict}
    return found


def _difference_document(one: satisfaction.SatisfactionRateDifference) -> changes.Document:
    return {
        "difference": _round_share_or_none(one.difference),
        "low": _round_share_or_none(one.low),
        "high": _round_share_or_none(one.high),
    }


# -- pushes a hall's set-up to other halls of its database, as each can take it, and takes it back ---------------------

NOTHING = "nothing"
"""What became of a push in a hall where nothing was left to change."""


# -- what it would change ----------------------------------------------------------------------------------------------


def preview_push(desk: changes.Desk, who: Actor, sections: Sequence[str], now: datetime) -> list[rules.HallPushPreview]:
    """Return what pushing these sections of the desk's hall would change in each hall to which `who` may push, behind
    the own one, by region and name.

    Raises RuleError "not_your_role", "bad_value", "push_elsewhere" with a PC's own login: it writes in no other hall.
    """
    _require_push_rights_and_sections(desk, who, sections)
    with desk.db.read() as tx:
        rows_there = halls.all_hall_rows(tx)
        own, led = _own_and_pushable_setups(tx, rows_there, desk, who)
        source = own.document
        signs = last_sign_of_life_by_hall(tx, list(led))
        found = [
            _push_preview_with_differences(tx, id, setup, rules.push_differences(source, setup.document, sections))
            for id, setup in led.items()
        ]
    ends = {row.id: row.now.at for row in rows_there}
    rows = []
    for one, id in zip(found, led, strict=True):
        last = max((at for at in (signs.get(id), ends[id]) if at is not None), default=None)
        rows.append(replace(one, silent_since=last if last is not None and now - last >= rules.SILENT_AFTER else None))
    rows.sort(key=lambda one: (one.region, one.name or one.name_en, one.code))
    return [_push_preview_with_names(own, is_source=True), *rows]


def _require_push_rights_and_sections(desk: changes.Desk, who: Actor, sections: Sequence[str]) -> None:
    who.require_may("set-up")
    for one in sections:
        if one not in rules.SECTIONS:
            raise RuleError("bad_value", field="what", value=one, why="not_a_choice", limit=list(rules.SECTIONS))
    if not sections:
        raise RuleError("bad_value", field="what", value=None, why="empty", limit=list(rules.SECTIONS))
    require_owner_database_login(desk)


def require_owner_database_login(desk: changes.Desk) -> None:
    """Refuse with "push_elsewhere" where the database was opened by one PC's own login: it writes in no other hall."""
    if desk.db.is_shared and network.own_pc_kind(desk) is not None:
        raise RuleError("push_elsewhere")


def _own_and_pushable_setups(
    tx: Transaction, rows: Sequence[HallRow], desk: changes.Desk, who: Actor
) -> tuple[Setup, dict[int, Setup]]:
    setups = halls.setups_of_halls(tx, {row.id: row.setup_hash for row in rows})
    own = setups[desk.hall]
    return own, {id: setup for id, setup in setups.items() if rules.may_push_setup_to_hall(who, own.hall.code, setup)}


def _push_preview_with_names(setup: Setup, **more: Any) -> rules.HallPushPreview:
    hall = setup.hall
    return rules.HallPushPreview(code=hall.code, name=hall.name, name_en=hall.name_en, region=hall.region, **more)


def _push_preview_with_differences(
    tx: Transaction, id: int, setup: Setup, found: list[rules.SetupFieldDifference]
) -> rules.HallPushPreview:
    if not found:
        return _push_preview_with_names(setup)
    refused = None
    try:
        check_and_read_setup(rules.document_with_differences(setup.document, found))
    except RuleError as error:
        refused = error
    return _push_preview_with_names(
        setup,
        found=tuple(rules.differences_with_last_author(found, stored_setup_change_events(tx, id))),
        refused=refused,
    )


# -- pushing -----------------------------------------------------------------------------------------------------------


def push_setup_sections(
    desk: changes.Desk,
    ask: changes.Ask,
    sections: Sequence[str],
    *,
    to: Collection[str] | None = None,
    region: str | None = None,
    when: str = rules.QUIET,
    until: date | None = None,
) -> changes.Document:
    """Push sections of the desk's hall as they stand to the halls `to`, or to every hall that differs and has changed
    nothing of it itself; with `region` to those of that region.

    `when` is AT_ONCE, QUIET or a date, `until` the last date on which it stands. What one hall refuses stops no other;
    the answer tells what became of it in each. Raises as preview(), RuleError "unknown_hall" for a code to which
    nothing can be pushed, "nothing_to_push", "bad_value" for an end before it begins."""
    if until is not None:
        with desk.db.read() as tx:
            today = hallday.business_date(halls.setup_of_hall_row(tx, halls.load_hall_row(tx, desk.hall)), ask.now)
        if until < (today if when in (rules.AT_ONCE, rules.QUIET) else date.fromisoformat(when)):
            raise RuleError("bad_value", field="until", value=until.isoformat(), why="is_over")
    there = [one for one in preview_push(desk, ask.who, sections, ask.now) if not one.is_source]
    missing = set(to or ()) - {one.code for one in there}
    if missing:
        raise RuleError("unknown_hall", hall=sorted(missing)[0])
    chosen = [one for one in there if one.found and (one.code in to if to is not None else one.is_ticked_by_default)]
    chosen = [one for one in chosen if region is None or one.region == region]
    if not chosen:
        raise RuleError("nothing_to_push")
    own = own_hall_code(desk)
    told = {"by": ask.who.name, "what": list(sections), "when": when, "from": own}
    if until is not None:
        told["until"] = until.isoformat()
    n = _record_sent_push(desk, ask, {**told, "to": [one.code for one in chosen]})["n"]
    rows = [_push_to_one_hall(desk, ask, one, {**told, "n": n}) for one in chosen]
    if any("code" in row for row in rows):
        _record_sent_push(
            desk, replace(ask, command=None), {"from": own, "of": n, "refused": [row for row in rows if "code" in row]}
        )
    return {"n": n, "halls": rows, "left": [one.code for one in there if one.found and one not in chosen]}


def own_hall_code(desk: changes.Desk) -> str:
    with desk.db.read() as tx:
        return halls.setup_of_hall_row(tx, halls.load_hall_row(tx, desk.hall)).hall.code


@changes.runs_in_transaction("set-up")
def _record_sent_push(change: changes.HallChange, told: Mapping[str, Any]) -> changes.Document:
    """Tell the log of the hall from which a push comes; its number there is the push's."""
    return {"n": change.record("set-up", part=PUSHES, op=rules.SENT, push=dict(told)).seq}


def _push_to_one_hall(
    desk: changes.Desk, ask: changes.Ask, one: rules.HallPushPreview, told: Mapping[str, Any]
) -> changes.Document:
    try:
        other = replace(desk, hall=_hall_ids_by_code(desk)[one.code])
        became = _apply_or_schedule_push(
            other,
            _copy_of_ask_for_other_hall(ask, str(told["from"])),
            {**told, "changes": rules.packed_differences(one.found)},
        )
    except QueueDeskError as error:
        return {"hall": one.code, "became": rules.REFUSED, "code": error.code}
    return {"hall": one.code, **became}


def _hall_ids_by_code(desk: changes.Desk) -> dict[str, int]:
    with desk.db.read() as tx:
        return {code: id for id, code in halls.hall_ids_and_codes(tx)}


def _copy_of_ask_for_other_hall(ask: changes.Ask, own: str) -> changes.Ask:
    """Return a request in another hall: its log names the person with the hall that the person is of."""
    who = ask.who if ask.who.role is Role.CONSOLE else replace(ask.who, name=f"{own}/{ask.who.name}")
    return replace(ask, who=who, command=None)


@changes.runs_in_transaction("set-up")
def _apply_or_schedule_push(change: changes.HallChange, told: Mapping[str, Any]) -> changes.Document:
    is_now = told["when"] == rules.AT_ONCE or (
        told["when"] == rules.QUIET and _is_hall_empty_after_hours(change.tx, change.book, change.setup, change.now)
    )
    if is_now:
        return _apply_push_in_hall(change, told)
    check_and_read_setup(
        rules.document_with_differences(_current_setup_document(change), rules.unpacked_differences(told["changes"]))
    )
    change.record("set-up", part=PUSHES, op=rules.DUE, push=dict(told))
    return {"became": rules.DUE, "changes": len(told["changes"])}


def _apply_push_in_hall(change: changes.HallChange, told: Mapping[str, Any]) -> changes.Document:
    document = _current_setup_document(change)
    asked = rules.unpacked_differences(told["changes"])
    found = rules.differences_not_changed_since(document, asked)
    kept = {**told, "changes": rules.packed_differences(found)}
    if not found:
        change.record("set-up", part=PUSHES, op=rules.BACK, push=kept)
        return {"became": NOTHING, "changes": 0, "left": len(asked)}
    setting_up.replace_set_up(change, rules.document_with_differences(document, found), op=rules.TAKEN, push=kept)
    return {"became": rules.TAKEN, "changes": len(found), "left": len(asked) - len(found)}


def _current_setup_document(change: changes.HallChange) -> Mapping[str, Any]:
    return (change.book.setup() or change.setup).document


def _is_hall_empty_after_hours(tx: Transaction, book: HallWriter, setup: Setup, now: datetime) -> bool:
    """Whether nobody is there: outside ticket hours, no window open and no ticket either."""
    if rules.is_in_hall_ticket_hours(setup, now) or tickets.open_tickets(tx, book.id):
        return False
    return all(book.window(code).state is ticket_records.WindowState.CLOSED for code in setup.windows)


# -- what is due -------------------------------------------------------------------------------------------------------


def apply_or_undo_due_pushes(desk: changes.Desk, ask: changes.Ask) -> changes.Document:
    """Take what was pushed to this hall and waits until nobody is there, and take back what was pushed until a date
    that is over: a chore. It reads first, without the hall's lock, and writes only when something is due."""
    if desk.db.is_shared and network.own_pc_kind(desk) not in (None, PcKind.MANAGER):
        return {"taken": []}
    with desk.db.read() as tx:
        found = setup_push_events(tx, desk.hall)
        if not found:
            return {"taken": []}
        now = changes.request_time(tx, ask)
        setup = halls.setup_of_hall_row(tx, halls.load_hall_row(tx, desk.hall))
        day = hallday.business_date(setup, now)
        is_any = any(rules.is_push_or_undo_due(event, day) for event in rules.last_event_by_push(found).values())
        is_now = is_any and _is_hall_empty_after_hours(tx, HallWriter(tx, desk.hall), setup, now)
    return _apply_or_undo_due_under_lock(desk, ask) if is_now else {"taken": []}


@changes.runs_in_transaction("take-push")
def _apply_or_undo_due_under_lock(change: changes.HallChange) -> changes.Document:
    rows = []
    for event in rules.last_event_by_push(setup_push_events(change.tx, change.book.id)).values():
        if not rules.is_push_or_undo_due(event, change.date) or not _is_hall_empty_after_hours(
            change.tx, change.book, change.setup, change.now
        ):
            continue
        told = event.data["push"]
        try:
            became = (
                _apply_push_in_hall(change, told) if event.data["op"] == rules.DUE else _undo_taken_push(change, event)
            )
        except RuleError as error:  # it would be refused each minute anew
            change.record("set-up", part=PUSHES, op=rules.REFUSED, push={**told, "code": error.code})
            became = {"became": rules.REFUSED, "code": error.code}
        rows.append({"from": told["from"], "n": told["n"], **became})
    return {"taken": rows}


# -- the way back ------------------------------------------------------------------------------------------------------


def undo_push(desk: changes.Desk, ask: changes.Ask, n: int, hall: str | None = None) -> changes.Document:
    """Give every hall, or one, what it had before push `n` of the desk's hall, as a new version; what was changed there
    since stays. What still waits is withdrawn. Raises RuleError "not_your_role", "not_there" for another number,
    "unknown_hall", "push_elsewhere"."""
    ask.who.require_may("set-up")
    require_owner_database_login(desk)
    with desk.db.read() as tx:
        own, led = _own_and_pushable_setups(tx, halls.all_hall_rows(tx), desk, ask.who)
        sent = _require_sent_push(tx, desk.hall, n)
    to = sent.data["push"]["to"]
    if hall is not None and hall not in to:
        raise RuleError("unknown_hall", hall=hall)
    ids = {setup.hall.code: id for id, setup in led.items()}
    rows: list[changes.Document] = []
    for code in to if hall is None else [hall]:
        if code not in ids:
            rows.append({"hall": code, "became": rules.REFUSED, "code": "hall_not_led"})
            continue
        try:
            asked = _copy_of_ask_for_other_hall(ask, own.hall.code)
            rows.append({"hall": code, **_undo_push_in_hall(replace(desk, hall=ids[code]), asked, (own.hall.code, n))})
        except QueueDeskError as error:
            rows.append({"hall": code, "became": rules.REFUSED, "code": error.code})
    return {"n": n, "halls": rows}


def _require_sent_push(tx: Transaction, hall: int, n: int) -> Event:
    for event in setup_push_events(tx, hall):
        if event.seq == n and event.data.get("op") == rules.SENT and "to" in event.data["push"]:
            return event
    raise RuleError("not_there", kind=PUSHES, code=str(n))


@changes.runs_in_transaction("set-up")
def _undo_push_in_hall(change: changes.HallChange, which: tuple[str, int]) -> changes.Document:
    last = rules.last_event_by_push(setup_push_events(change.tx, change.book.id)).get(which)
    if last is None or last.data["op"] in (rules.BACK, rules.REFUSED):
        return {"became": NOTHING, "changes": 0}
    if last.data["op"] == rules.DUE:
        change.record("set-up", part=PUSHES, op=rules.BACK, push={**last.data["push"], "changes": []})
        return {"became": rules.BACK, "changes": 0, "left": 0}
    return _undo_taken_push(change, last)


def _undo_taken_push(change: changes.HallChange, taken: Event) -> changes.Document:
    told, document = taken.data["push"], _current_setup_document(change)
    asked = rules.reversed_differences(rules.unpacked_differences(told["changes"]))
    found = rules.differences_not_changed_since(document, asked)
    kept = {**told, "changes": rules.packed_differences(found)}
    if found:
        setting_up.replace_set_up(change, rules.document_with_differences(document, found), op=rules.BACK, push=kept)
    else:
        change.record("set-up", part=PUSHES, op=rules.BACK, push=kept)
    return {"became": rules.BACK, "changes": len(found), "left": len(asked) - len(found)}


# -- documents ---------------------------------------------------------------------------------------------------------


def documents_of_pushes_already_sent(desk: changes.Desk, who: Actor) -> list[changes.Document]:
    """Return what was pushed from the desk's hall, the newest first, and what became of it in each hall. Raises
    RuleError "not_your_role", OutsideError."""
    who.require_may("halls")
    with desk.db.read() as tx:
        own = halls.setup_of_hall_row(tx, halls.load_hall_row(tx, desk.hall))
        sent = [event for event in setup_push_events(tx, desk.hall) if event.data.get("op") == rules.SENT]
        ids = {code: id for id, code in halls.hall_ids_and_codes(tx)}
        reached = {code for event in sent for code in event.data["push"].get("to", ())}
        told = {code: rules.last_event_by_push(setup_push_events(tx, ids[code])) for code in reached if code in ids}
    refused = {
        (event.data["push"]["of"], row["hall"]): row["code"]
        for event in sent
        if "refused" in event.data["push"]
        for row in event.data["push"]["refused"]
    }
    rows: list[changes.Document] = []
    for event in reversed(sent):
        data = event.data["push"]
        if "to" not in data:
            continue
        key = (own.hall.code, event.seq)
        rows.append(
            {
                "n": event.seq,
                "at": changes.iso_local(own, event.time),
                "by": data["by"],
                "what": data["what"],
                "when": data["when"],
                "until": data.get("until"),
                "halls": [
                    _push_outcome_row(own, code, told.get(code, {}).get(key), refused.get((event.seq, code)))
                    for code in data["to"]
                ],
            }
        )
    return rows


def _push_outcome_row(own: Setup, code: str, last: Event | None, refused: str | None) -> changes.Document:
    if last is None:  # Without a refusal this PC's login does not read that hall's log.
        return {"hall": code, "became": rules.REFUSED if refused else None, "at": None, "changes": 0, "code": refused}
    row = {"hall": code, "became": last.data["op"], "at": changes.iso_local(own, last.time)}
    return {**row, "changes": len(last.data["push"]["changes"]), "code": last.data["push"].get("code")}


def push_preview_document(own: Setup, one: rules.HallPushPreview) -> changes.Document:
    """Return a hall of a preview as commands print it."""
    return {
        "hall": one.code,
        "name": one.name,
        "name_en": one.name_en,
        "region": one.region,
        "source": one.is_source,
        "ticked": one.is_ticked_by_default,
        "silent_since": changes.iso_local(own, one.silent_since),
        "own_since": changes.iso_local(own, one.time_of_last_own_change),
        "refused": one.refused.code if one.refused is not None else None,
        "changes": [
            {
                "part": each.part,
                "code": each.code,
                "field": each.field,
                "now": each.now,
                "then": each.then,
                "by": each.by,
                "at": changes.iso_local(own, each.at),
            }
            for each in one.found
        ],
    }


# -- what the log tells of the set-up, and signs of life ---------------------------------------------------------------

# Data is written in one way; inside a text its quotes would be escaped.
_PUSH = '%"push":{%'


def stored_setup_change_events(tx: Transaction, hall: int) -> list[Event]:
    """Return every change of a hall's set-up, in order."""
    return _setup_events_of_hall(tx, hall)


def setup_push_events(tx: Transaction, hall: int) -> list[Event]:
    """Return what a hall's log tells of pushes, in order."""
    found = _setup_events_of_hall(tx, hall, type_coerce(logged.c.data, Text).like(_PUSH))
    return [event for event in found if isinstance(event.data.get("push"), dict)]


def _setup_events_of_hall(tx: Transaction, hall: int, *among: Any) -> list[Event]:
    seqs = select(logged.c.seq).where(logged.c.hall == hall, logged.c.kind == log_dates.SET_UP_KIND, *among)
    found = events.events_with_seqs(tx, hall, sorted(tx.execute(seqs).scalars()))
    return [event for event in found if event.kind == "set-up"]


def last_sign_of_life_by_hall(tx: Transaction, among: Collection[int]) -> dict[int, datetime]:
    """Return the last sign of life of any station for each of these halls; a hall without one is left out."""
    newest = func.max(beats.c.time).label("time")
    rows = tx.execute(select(beats.c.hall, newest).where(beats.c.hall.in_(among)).group_by(beats.c.hall))
    return {row.hall: row.time for row in rows}


# -- satisfied ratings of several halls, counted in one statement each -------------------------------------------------


def satisfaction_by_hall_day_service(
    tx: Transaction, ids: Sequence[int], first: date, last: date
) -> dict[int, dict[date, dict[str, tuple[int, int]]]]:
    """Return (satisfied, dissatisfied) of several halls by date and service."""
    statement = (
        select(ratings.c.hall, ratings.c.date, ratings.c.service, _GOOD, func.count())
        .where(ratings.c.date.between(first, last), *_counted_rating_conditions(ids))
        .group_by(ratings.c.hall, ratings.c.date, ratings.c.service)
    )
    found: dict[int, dict[date, dict[str, tuple[int, int]]]] = {}
    for hall, day, service, good, n in tx.execute(statement).all():
        found.setdefault(hall, {}).setdefault(day, {})[service] = good, n - good
    return found


def satisfaction_by_span_and_hall(
    tx: Transaction, ids: Sequence[int], spans: Sequence[tuple[date, date]]
) -> list[dict[int, tuple[int, int]]]:
    """Return (satisfied, dissatisfied) of several halls in each of the spans, of all services: in one pass, however
    many spans there are. They don't overlap."""
    within = [ratings.c.date.between(*span) for span in spans]
    of = case(*((expression, n) for n, expression in enumerate(within))).label("n")
    statement = (
        select(of, ratings.c.hall, _GOOD, func.count())
        .where(
            or_(*(ratings.c.date.between(*run) for run in _merge_adjacent_spans(spans))),
            *_counted_rating_conditions(ids),
        )
        .group_by(of, ratings.c.hall)
    )
    found: list[dict[int, tuple[int, int]]] = [{} for _ in spans]
    for at, hall, good, n in tx.execute(statement).all():
        found[at][hall] = good, n - good
    return found


def _merge_adjacent_spans(spans: Sequence[tuple[date, date]]) -> list[tuple[date, date]]:
    """Return the spans with those that follow on each other as one: few can be looked up by their dates."""
    runs: list[tuple[date, date]] = []
    for first, last in sorted(spans):
        if runs and runs[-1][1] + timedelta(days=1) == first:
            runs[-1] = runs[-1][0], last
        else:
            runs.append((first, last))
    return runs


_GOOD = func.count().filter(ratings.c.level.in_(satisfaction.SATISFIED_LEVELS))


def _counted_rating_conditions(ids: Sequence[int]) -> tuple[ColumnElement[bool], ...]:
    return ratings.c.hall.in_(ids), ratings.c.excluded.is_(False)


def brief_day_figures(setup: Setup, day: date, states: Mapping[str, int], legs: Mapping[LegRow, int]) -> Figures:
    """Return the figures of a hall's row among many, as in day_figures(): finished, wait.within_target with its target,
    and the targets in force. `states` counts tickets by state, `legs` counts legs that are alike in what CALLED_IN_TIME
    reads: the end, whether they were called and count, and the wait."""
    # All of the figures, for a page seldom open.
    from queuedesk.core.figures.measures.day import DayRows
    from queuedesk.core.figures.measures.figure import CountMeasure
    from queuedesk.core.figures.measures.figures import CALLED_IN_TIME, in_time_numerator_denominator
    from queuedesk.core.figures.measures.rows import rounded_share
    from queuedesk.core.figures.measures.targets_reached import current_targets_and_rules

    rows = DayRows(setup=setup, day=day, tickets=(), legs=tuple(legs), shifts=(), ratings={}, until=0)
    n = {
        name: sum(alike for leg, alike in legs.items() if number.is_row_counted(rows, leg))
        for name, number in CALLED_IN_TIME.numbers.items()
        if isinstance(number, CountMeasure)
    }
    on = {"first": day.isoformat(), "last": day.isoformat()}
    return {
        "from": on["first"],
        "to": on["last"],
        "finished": states.get(ticket_records.TicketState.FINISHED, 0),
        "wait": {
            "target_minutes": setup.setting_as_int("wait_target_minutes"),
            "within_target": rounded_share(*in_time_numerator_denominator(n)),
        },
        "targets": [
            {"measure": target.measure, "value": round(target.figure, 6), **on}
            for target in current_targets_and_rules(setup, day).targets
        ],
    }
