"""Several halls of one database beside each other, now and in a period; one's set-up pushed to the others, as each can
take it, and taken back.

What is pushed stands in the log of each hall that gets it, at once or waiting: only who may write there has written it.
A hall takes what waits for it by itself, and needs no other hall then.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from queuedesk.core.errors import QueueDeskError, RuleError
from queuedesk.core.figures.halls import DISTRICT, REGION, ComparedHall, Group, HallCounts, Remark
from queuedesk.core.figures.halls import compare_halls as compared
from queuedesk.core.figures.periods import span_of
from queuedesk.core.figures.satisfaction import Difference, Rate
from queuedesk.core.figures.targets import SATISFACTION, stood
from queuedesk.core.log.apply import UNFOLDABLE
from queuedesk.core.log.event import Event
from queuedesk.core.log.state import HallState
from queuedesk.core.network.roles import Actor, Read, Role
from queuedesk.core.network.sharing import PcKind, may_see
from queuedesk.core.queue.hallday import business_date
from queuedesk.core.queue.overview import alerts, set_up
from queuedesk.core.queue.ticket import WindowState, seconds
from queuedesk.core.setup.file import PUSHES, check_setup
from queuedesk.core.setup.rows import Setup
from queuedesk.desk.change import Ask, Change, Desk, Document, changes, follow, iso, said
from queuedesk.desk.figures.comparing import before
from queuedesk.desk.network import own_kind
from queuedesk.desk.reading import must_be_open
from queuedesk.desk.setup.setting_up import put_whole
from queuedesk.features.halls.rules import (
    AT_ONCE,
    BACK,
    DUE,
    EARLIER,
    QUIET,
    REFUSED,
    SECTIONS,
    SENT,
    SILENT_AFTER,
    TAKEN,
    HallBeside,
    HallDifference,
    HallsOfPeriod,
    HallThere,
    beside,
    differences,
    is_due,
    is_within_hours,
    last_told,
    may_lead,
    packed,
    still,
    told_last,
    turned,
    unpacked,
    with_values,
)
from queuedesk.store.engine.types import Transaction
from queuedesk.store.figures import set_ups
from queuedesk.store.figures.arrivals import rated_between, rated_in_spans
from queuedesk.store.log import book, events
from queuedesk.store.log.book import Book
from queuedesk.store.parts import halls, sharing, tickets
from queuedesk.store.parts.halls import HallRow, LogEnd
from queuedesk.store.rights.withheld_ratings import reads_ratings

MOST_TO_FOLLOW = 1000
"""A log that has grown by more is read from its tables."""


class _Known(Struct, frozen=True):
    """What was read last of a hall: what its alerts depend on, and the figures of its business date."""

    state: HallState
    day: date
    figures: Document


class HallsBeside:
    """What somebody may see of the halls in the desk's database, for one thread at a time.

    A station follows its one hall; this asks for the ends of all logs in one statement and reads those that have grown,
    with one statement of each table for all of them: a listening connection for each of sixty halls would be too many
    for a server, and their whole days too much for a station.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._setups: dict[int, tuple[str, Setup]] = {}
        self._known: dict[int, _Known] = {}
        self._whole: HallState | None = None

    def look(self, who: Actor, now: datetime, whole: str = "") -> list[HallBeside]:
        """Return the own hall and those that `who` may look at, in the order in which they were made; the whole day of
        the hall with the code `whole` is read too.

        Raises RuleError "not_your_role", OutsideError when the database does not answer.
        """
        who.must("halls")
        with self._desk.db.read() as tx:
            seen = self._seen(tx, who)
            self._bring_up(tx, seen, now)
            self._whole = next((self._whole_day(tx, end) for end in seen if end.code == whole), None)
            signs = sharing.last_signs(tx, [end.id for end in seen])
        rows = []
        for end in seen:
            known = self._known[end.id]
            rows.append(beside(known.state, known.figures, alerts(known.state, now), signs.get(end.id), now))
        return rows

    def are_several(self, who: Actor) -> bool:
        """Whether `who` may look at more than the own hall."""
        with self._desk.db.read() as tx:
            return len(self._seen(tx, who)) > 1

    def state_of(self, code: str) -> HallState | None:
        """Return what the alerts of a hall depend on as look() last read it, None where it did not."""
        return next((one.state for one in self._known.values() if set_up(one.state).hall.code == code), None)

    def whole_day(self, code: str) -> HallState | None:
        """Return a hall with its whole day where the last look read it; the next one may change it."""
        return self._whole if self._whole is not None and set_up(self._whole).hall.code == code else None

    def _seen(self, tx: Transaction, who: Actor) -> list[LogEnd]:
        ends = halls.ends(tx)
        own = next((end.code for end in ends if end.id == self._desk.hall), "")
        new = {end.id: end.setup_hash for end in ends if self._setups.get(end.id, ("",))[0] != end.setup_hash}
        self._setups |= {id: (new[id], setup) for id, setup in halls.setups(tx, new).items()}
        seen = [end for end in ends if may_see(who, own, self._setups[end.id][1])]
        self._known = {end.id: self._known[end.id] for end in seen if end.id in self._known}
        return seen

    def _bring_up(self, tx: Transaction, seen: Sequence[LogEnd], now: datetime) -> None:
        """Read those halls that have changed since, or have another business date."""
        from queuedesk.core.figures.measures.document import day_in_brief  # all of the figures, for a page seldom open
        from queuedesk.store.figures.counted import in_brief

        setups = {end.id: self._setups[end.id][1] for end in seen}
        days = {end.id: business_date(setups[end.id], now) for end in seen if not self._is_known(end, setups, now)}
        if not days:
            return
        then = {row.id: row.now for row in halls.every(tx) if row.id in days}
        states, counted = book.watched_in(tx, then, setups, days), in_brief(tx, days)
        for id, day in days.items():
            figures = day_in_brief(setups[id], day, counted[id].states, counted[id].legs)
            self._known[id] = _Known(states[id], day, figures)

    def _is_known(self, end: LogEnd, setups: Mapping[int, Setup], now: datetime) -> bool:
        known = self._known.get(end.id)
        return known is not None and (known.day, known.state.now.hash) == (business_date(setups[end.id], now), end.hash)

    def _whole_day(self, tx: Transaction, end: LogEnd) -> HallState:
        day, state = self._known[end.id].day, self.whole_day(end.code)
        if state is None or not _caught_up(tx, state, end):
            return book.of_day(tx, end.id, day)
        state.forget_before(day)
        return state


def halls_document(desk: Desk, who: Actor, now: datetime) -> list[Document]:
    """Return what `who` may see of the database's halls, as the command prints it. Raises as HallsBeside.look()."""
    side = HallsBeside(desk)
    return [_row(one, set_up(state), now) for one in side.look(who, now) if (state := side.state_of(one.code))]


def _row(one: HallBeside, setup: Setup, now: datetime) -> Document:
    longest = round(seconds(one.longest_since, now) / 60, 1) if one.longest_since is not None else None
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
        "silent_since": iso(setup, one.silent_since),
    }


def _caught_up(tx: Transaction, state: HallState, end: LogEnd) -> bool:
    """Apply what the log has after `state`; False where that is too much, or another log stands there now."""
    if not 0 <= end.seq - state.now.seq <= MOST_TO_FOLLOW:
        return False
    new = events.after(tx, end.id, state.now.seq - 1)
    if not new or (new[0].seq, new[0].hash) != (state.now.seq, state.now.hash):
        return False
    try:
        for event in new[1:]:
            follow(event, state)
    except UNFOLDABLE:
        return False
    return True


def compare_halls(desk: Desk, who: Actor, period: str, day: date, now: datetime) -> HallsOfPeriod:
    """Return the own hall and those that `who` may look at, compared in the period that contains `day`.

    Raises RuleError "not_your_role", "not_for_you" (also where this PC's login is not told ratings), as must_be_open();
    OutsideError when the database does not answer.
    """
    who.must("halls")
    who.must_read(Read.FIGURES)
    must_be_open(desk.db, who)
    first, last = span_of(period, day)
    spans = _earlier(period, first)
    with desk.db.read() as tx:
        if not reads_ratings(tx):
            raise RuleError("not_for_you", read=str(Read.FIGURES), role="")
        seen = _seen(tx, desk, who)
        own = seen[desk.hall]
        rated = rated_between(tx, list(seen), first, last)
        earlier = rated_in_spans(tx, list(seen), spans)
    target = stood(own.targets, own.targets, SATISFACTION, last)
    counts = [
        HallCounts(
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
    return HallsOfPeriod(
        period=period,
        first=first,
        last=last,
        own=own.hall.code,
        target=target.figure if target else None,
        then=spans[0],
        found=compared(counts),
    )


def halls_seen(desk: Desk, who: Actor) -> list[Setup]:
    """Return the set-ups of the own hall and of those that `who` may look at, the own one first. Raises RuleError
    "not_your_role", as must_be_open()."""
    who.must("halls")
    must_be_open(desk.db, who)
    with desk.db.read() as tx:
        seen = _seen(tx, desk, who)
    return [seen.pop(desk.hall), *seen.values()]


def _seen(tx: Transaction, desk: Desk, who: Actor) -> dict[int, Setup]:
    setups = halls.setups(tx, {row.id: row.setup_hash for row in halls.every(tx)})
    own = setups[desk.hall].hall.code
    return {id: setup for id, setup in setups.items() if may_see(who, own, setup)}


def _earlier(period: str, first: date) -> list[tuple[date, date]]:
    spans, day = [], first
    for _n in range(EARLIER):
        day = before(period, day)
        spans.append(span_of(period, day))
    return spans


def _by_key(setup: Setup, days: Mapping[date, Mapping[str, tuple[int, int]]]) -> dict[date, dict[str, tuple[int, int]]]:
    """Return the counts with each service by what makes it one in all halls."""
    keys = {code: _key(setup, code) for code in {code for services in days.values() for code in services}}
    return {on: {keys[code]: counted for code, counted in services.items()} for on, services in days.items()}


def _key(setup: Setup, code: str) -> str:
    """Return what makes a service one in all halls: its code and its names, in lines."""
    spec = setup.services.get(code)
    return "\n".join((code, spec.name, spec.name_en)) if spec else code


# -- the document ------------------------------------------------------------------------------------------------------


def comparison_document(of: HallsOfPeriod) -> Document:
    """Return the comparison as commands print it; shares lie in 0..1."""
    found = of.found
    return {
        "period": of.period,
        "from": of.first.isoformat(),
        "to": of.last.isoformat(),
        "before": {"from": of.then[0].isoformat(), "to": of.then[1].isoformat()},
        "target": of.target,
        "all": _rate(found.all),
        "all_before": _rate(found.all_before),
        "services": [key.split("\n")[0] for key in found.services],
        "moved": list(found.moved),
        "halls": [_hall(one) for one in found.halls],
        "regions": [{"region": one.name, **_group(one)} for one in found.groups(REGION)],
        "districts": [{"district": one.name, **_group(one)} for one in found.groups(DISTRICT)],
        "remarks": [_remark(one) for one in found.remarks],
    }


def _rate(one: Rate) -> Document:
    return {"n": one.n, "rate": _six(one.rate), "low": _six(one.low), "high": _six(one.high)}


def _six(share: float | None) -> float | None:
    return None if share is None else round(share, 6)


def _hall(one: ComparedHall) -> Document:
    return {
        "hall": one.code,
        "name": one.counts.name,
        "name_en": one.counts.name_en,
        "region": one.counts.region,
        "district": one.counts.district,
        **_rate(one.found),
        "satisfied": one.satisfied,
        "alike": _six(one.alike),
        "alike_n": one.n,
        "spread": _six(one.spread),
        "lies": one.verdict,
        "lies_as_counted": one.counted_as,
        "before": _rate(one.before),
    }


def _group(one: Group) -> Document:
    return {
        "halls": [hall.code for hall in one.halls],
        **_rate(one.found),
        "alike": _six(one.alike),
        "before": _rate(one.before),
    }


def _remark(one: Remark) -> Document:
    found: Document = {"kind": one.kind, "hall": one.code, "now": _rate(one.now)}
    for name, told in (("then", one.then), ("own", one.own), ("rest", one.rest)):
        if told is not None:
            found[name] = _rate(told)
    for name, difference in (("change", one.change), ("from_own", one.from_own)):
        if difference is not None:
            found[name] = _difference(difference)
    if one.day is not None:
        found |= {"date": one.day.isoformat(), "rest_lies": one.rest_verdict}
    return found


def _difference(one: Difference) -> Document:
    return {"difference": _six(one.difference), "low": _six(one.low), "high": _six(one.high)}


NOTHING = "nothing"
"""What became of a push in a hall where nothing was left to change."""


# -- what it would change ----------------------------------------------------------------------------------------------


def preview(desk: Desk, who: Actor, sections: Sequence[str], now: datetime) -> list[HallThere]:
    """Return what pushing these sections of the desk's hall would change in each hall to which `who` may push, behind
    the own one, by region and name.

    Raises RuleError "not_your_role", "bad_value", "push_elsewhere" with a PC's own login: it writes in no other hall.
    """
    _must(desk, who, sections)
    with desk.db.read() as tx:
        rows_there = halls.every(tx)
        own, led = _halls(tx, rows_there, desk, who)
        source = own.document
        signs = sharing.last_signs(tx, list(led))
        found = [_there(tx, id, setup, differences(source, setup.document, sections)) for id, setup in led.items()]
    ends = {row.id: row.now.at for row in rows_there}
    rows = []
    for one, id in zip(found, led, strict=True):
        last = max((at for at in (signs.get(id), ends[id]) if at is not None), default=None)
        rows.append(replace(one, silent_since=last if last is not None and now - last >= SILENT_AFTER else None))
    rows.sort(key=lambda one: (one.region, one.name or one.name_en, one.code))
    return [_named(own, is_source=True), *rows]


def _must(desk: Desk, who: Actor, sections: Sequence[str]) -> None:
    who.must("set-up")
    for one in sections:
        if one not in SECTIONS:
            raise RuleError("bad_value", field="what", value=one, why="not_a_choice", limit=list(SECTIONS))
    if not sections:
        raise RuleError("bad_value", field="what", value=None, why="empty", limit=list(SECTIONS))
    must_be_owner(desk)


def must_be_owner(desk: Desk) -> None:
    """Refuse with "push_elsewhere" where the database was opened by one PC's own login: it writes in no other hall."""
    if desk.db.is_shared and own_kind(desk) is not None:
        raise RuleError("push_elsewhere")


def _halls(tx: Transaction, rows: Sequence[HallRow], desk: Desk, who: Actor) -> tuple[Setup, dict[int, Setup]]:
    setups = halls.setups(tx, {row.id: row.setup_hash for row in rows})
    own = setups[desk.hall]
    return own, {id: setup for id, setup in setups.items() if may_lead(who, own.hall.code, setup)}


def _named(setup: Setup, **more: Any) -> HallThere:
    hall = setup.hall
    return HallThere(code=hall.code, name=hall.name, name_en=hall.name_en, region=hall.region, **more)


def _there(tx: Transaction, id: int, setup: Setup, found: list[HallDifference]) -> HallThere:
    if not found:
        return _named(setup)
    refused = None
    try:
        check_setup(with_values(setup.document, found))
    except RuleError as error:
        refused = error
    return _named(setup, found=tuple(told_last(found, set_ups.changes_of(tx, id))), refused=refused)


# -- pushing -----------------------------------------------------------------------------------------------------------


def push(
    desk: Desk,
    ask: Ask,
    sections: Sequence[str],
    *,
    to: Collection[str] | None = None,
    region: str | None = None,
    when: str = QUIET,
    until: date | None = None,
) -> Document:
    """Push sections of the desk's hall as they stand to the halls `to`, or to every hall that differs and has changed
    nothing of it itself; with `region` to those of that region.

    `when` is AT_ONCE, QUIET or a date, `until` the last date on which it stands. What one hall refuses stops no other;
    the answer tells what became of it in each. Raises as preview(), RuleError "unknown_hall" for a code to which
    nothing can be pushed, "nothing_to_push", "bad_value" for an end before it begins.
    """
    if until is not None:
        with desk.db.read() as tx:
            today = business_date(halls.setup(tx, halls.load(tx, desk.hall)), ask.now)
        if until < (today if when in (AT_ONCE, QUIET) else date.fromisoformat(when)):
            raise RuleError("bad_value", field="until", value=until.isoformat(), why="is_over")
    there = [one for one in preview(desk, ask.who, sections, ask.now) if not one.is_source]
    missing = set(to or ()) - {one.code for one in there}
    if missing:
        raise RuleError("unknown_hall", hall=sorted(missing)[0])
    chosen = [one for one in there if one.found and (one.code in to if to is not None else one.is_ticked)]
    chosen = [one for one in chosen if region is None or one.region == region]
    if not chosen:
        raise RuleError("nothing_to_push")
    own = there_code(desk)
    told = {"by": ask.who.name, "what": list(sections), "when": when, "from": own}
    if until is not None:
        told["until"] = until.isoformat()
    n = _send(desk, ask, {**told, "to": [one.code for one in chosen]})["n"]
    rows = [_try_one(desk, ask, one, {**told, "n": n}) for one in chosen]
    if any("code" in row for row in rows):
        _send(
            desk, replace(ask, command=None), {"from": own, "of": n, "refused": [row for row in rows if "code" in row]}
        )
    return {"n": n, "halls": rows, "left": [one.code for one in there if one.found and one not in chosen]}


def there_code(desk: Desk) -> str:
    """Return the code of the desk's hall."""
    with desk.db.read() as tx:
        return halls.setup(tx, halls.load(tx, desk.hall)).hall.code


@changes("set-up")
def _send(change: Change, told: Mapping[str, Any]) -> Document:
    """Tell the log of the hall from which a push comes; its number there is the push's."""
    return {"n": change.record("set-up", part=PUSHES, op=SENT, push=dict(told)).seq}


def _try_one(desk: Desk, ask: Ask, one: HallThere, told: Mapping[str, Any]) -> Document:
    try:
        other = replace(desk, hall=_ids(desk)[one.code])
        became = _receive(other, _asked(ask, str(told["from"])), {**told, "changes": packed(one.found)})
    except QueueDeskError as error:
        return {"hall": one.code, "became": REFUSED, "code": error.code}
    return {"hall": one.code, **became}


def _ids(desk: Desk) -> dict[str, int]:
    with desk.db.read() as tx:
        return {code: id for id, code in halls.listed(tx)}


def _asked(ask: Ask, own: str) -> Ask:
    """Return a request in another hall: its log names the person with the hall that the person is of."""
    who = ask.who if ask.who.role is Role.CONSOLE else replace(ask.who, name=f"{own}/{ask.who.name}")
    return replace(ask, who=who, command=None)


@changes("set-up")
def _receive(change: Change, told: Mapping[str, Any]) -> Document:
    is_now = told["when"] == AT_ONCE or (
        told["when"] == QUIET and _is_quiet(change.tx, change.book, change.setup, change.now)
    )
    if is_now:
        return _take(change, told)
    check_setup(with_values(_document(change), unpacked(told["changes"])))
    change.record("set-up", part=PUSHES, op=DUE, push=dict(told))
    return {"became": DUE, "changes": len(told["changes"])}


def _take(change: Change, told: Mapping[str, Any]) -> Document:
    document = _document(change)
    asked = unpacked(told["changes"])
    found = still(document, asked)
    kept = {**told, "changes": packed(found)}
    if not found:
        change.record("set-up", part=PUSHES, op=BACK, push=kept)
        return {"became": NOTHING, "changes": 0, "left": len(asked)}
    put_whole(change, with_values(document, found), op=TAKEN, push=kept)
    return {"became": TAKEN, "changes": len(found), "left": len(asked) - len(found)}


def _document(change: Change) -> Mapping[str, Any]:
    return (change.book.setup() or change.setup).document


def _is_quiet(tx: Transaction, book: Book, setup: Setup, now: datetime) -> bool:
    """Whether nobody is there: outside ticket hours, no window open and no ticket either."""
    if is_within_hours(setup, now) or tickets.open_tickets(tx, book.id):
        return False
    return all(book.window(code).state is WindowState.CLOSED for code in setup.windows)


# -- what is due -------------------------------------------------------------------------------------------------------


def take_due(desk: Desk, ask: Ask) -> Document:
    """Take what was pushed to this hall and waits until nobody is there, and take back what was pushed until a date
    that is over: a chore. It reads first, without the hall's lock, and writes only when something is due."""
    if desk.db.is_shared and own_kind(desk) not in (None, PcKind.MANAGER):
        return {"taken": []}
    with desk.db.read() as tx:
        found = set_ups.pushes(tx, desk.hall)
        if not found:
            return {"taken": []}
        now = said(tx, ask)
        setup = halls.setup(tx, halls.load(tx, desk.hall))
        day = business_date(setup, now)
        is_any = any(is_due(event, day) for event in last_told(found).values())
        is_now = is_any and _is_quiet(tx, Book(tx, desk.hall), setup, now)
    return _take_due(desk, ask) if is_now else {"taken": []}


@changes("take-push")
def _take_due(change: Change) -> Document:
    rows = []
    for event in last_told(set_ups.pushes(change.tx, change.book.id)).values():
        if not is_due(event, change.date) or not _is_quiet(change.tx, change.book, change.setup, change.now):
            continue
        told = event.data["push"]
        try:
            became = _take(change, told) if event.data["op"] == DUE else _give_back(change, event)
        except RuleError as error:  # it would be refused each minute anew
            change.record("set-up", part=PUSHES, op=REFUSED, push={**told, "code": error.code})
            became = {"became": REFUSED, "code": error.code}
        rows.append({"from": told["from"], "n": told["n"], **became})
    return {"taken": rows}


# -- the way back ------------------------------------------------------------------------------------------------------


def take_back(desk: Desk, ask: Ask, n: int, hall: str | None = None) -> Document:
    """Give every hall, or one, what it had before push `n` of the desk's hall, as a new version; what was changed there
    since stays. What still waits is withdrawn. Raises RuleError "not_your_role", "not_there" for another number,
    "unknown_hall", "push_elsewhere"."""
    ask.who.must("set-up")
    must_be_owner(desk)
    with desk.db.read() as tx:
        own, led = _halls(tx, halls.every(tx), desk, ask.who)
        sent = _sent(tx, desk.hall, n)
    to = sent.data["push"]["to"]
    if hall is not None and hall not in to:
        raise RuleError("unknown_hall", hall=hall)
    ids = {setup.hall.code: id for id, setup in led.items()}
    rows: list[Document] = []
    for code in to if hall is None else [hall]:
        if code not in ids:
            rows.append({"hall": code, "became": REFUSED, "code": "hall_not_led"})
            continue
        try:
            asked = _asked(ask, own.hall.code)
            rows.append({"hall": code, **_back(replace(desk, hall=ids[code]), asked, (own.hall.code, n))})
        except QueueDeskError as error:
            rows.append({"hall": code, "became": REFUSED, "code": error.code})
    return {"n": n, "halls": rows}


def _sent(tx: Transaction, hall: int, n: int) -> Event:
    for event in set_ups.pushes(tx, hall):
        if event.seq == n and event.data.get("op") == SENT and "to" in event.data["push"]:
            return event
    raise RuleError("not_there", kind=PUSHES, code=str(n))


@changes("set-up")
def _back(change: Change, which: tuple[str, int]) -> Document:
    last = last_told(set_ups.pushes(change.tx, change.book.id)).get(which)
    if last is None or last.data["op"] in (BACK, REFUSED):
        return {"became": NOTHING, "changes": 0}
    if last.data["op"] == DUE:
        change.record("set-up", part=PUSHES, op=BACK, push={**last.data["push"], "changes": []})
        return {"became": BACK, "changes": 0, "left": 0}
    return _give_back(change, last)


def _give_back(change: Change, taken: Event) -> Document:
    told, document = taken.data["push"], _document(change)
    asked = turned(unpacked(told["changes"]))
    found = still(document, asked)
    kept = {**told, "changes": packed(found)}
    if found:
        put_whole(change, with_values(document, found), op=BACK, push=kept)
    else:
        change.record("set-up", part=PUSHES, op=BACK, push=kept)
    return {"became": BACK, "changes": len(found), "left": len(asked) - len(found)}


# -- documents ---------------------------------------------------------------------------------------------------------


def pushes_document(desk: Desk, who: Actor) -> list[Document]:
    """Return what was pushed from the desk's hall, the newest first, and what became of it in each hall. Raises
    RuleError "not_your_role", OutsideError."""
    who.must("halls")
    with desk.db.read() as tx:
        own = halls.setup(tx, halls.load(tx, desk.hall))
        sent = [event for event in set_ups.pushes(tx, desk.hall) if event.data.get("op") == SENT]
        ids = {code: id for id, code in halls.listed(tx)}
        reached = {code for event in sent for code in event.data["push"].get("to", ())}
        told = {code: last_told(set_ups.pushes(tx, ids[code])) for code in reached if code in ids}
    refused = {
        (event.data["push"]["of"], row["hall"]): row["code"]
        for event in sent
        if "refused" in event.data["push"]
        for row in event.data["push"]["refused"]
    }
    rows: list[Document] = []
    for event in reversed(sent):
        data = event.data["push"]
        if "to" not in data:
            continue
        key = (own.hall.code, event.seq)
        rows.append(
            {
                "n": event.seq,
                "at": iso(own, event.time),
                "by": data["by"],
                "what": data["what"],
                "when": data["when"],
                "until": data.get("until"),
                "halls": [
                    _became(own, code, told.get(code, {}).get(key), refused.get((event.seq, code)))
                    for code in data["to"]
                ],
            }
        )
    return rows


def _became(own: Setup, code: str, last: Event | None, refused: str | None) -> Document:
    if last is None:  # Without a refusal this PC's login does not read that hall's log.
        return {"hall": code, "became": REFUSED if refused else None, "at": None, "changes": 0, "code": refused}
    row = {"hall": code, "became": last.data["op"], "at": iso(own, last.time)}
    return {**row, "changes": len(last.data["push"]["changes"]), "code": last.data["push"].get("code")}


def hall_document(own: Setup, one: HallThere) -> Document:
    """Return a hall of a preview as commands print it."""
    return {
        "hall": one.code,
        "name": one.name,
        "name_en": one.name_en,
        "region": one.region,
        "source": one.is_source,
        "ticked": one.is_ticked,
        "silent_since": iso(own, one.silent_since),
        "own_since": iso(own, one.own_since),
        "refused": one.refused.code if one.refused is not None else None,
        "changes": [
            {
                "part": each.part,
                "code": each.code,
                "field": each.field,
                "now": each.now,
                "then": each.then,
                "by": each.by,
                "at": iso(own, each.at),
            }
            for each in one.found
        ],
    }
