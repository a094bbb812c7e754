"""Writes alarms: one event when a limit is crossed, one at its end, one when somebody has seen it.

In a simulated hall nobody raises alarms, so that a day played again gives the same log; who acknowledges an alert there
raises it at that moment.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from queuedesk.core.errors import RuleError
from queuedesk.core.log.apply_talk import alarm_of
from queuedesk.core.log.event import Event, stamp
from queuedesk.core.log.state import ALARMS, HallState
from queuedesk.core.network.roles import HALL, Actor, Read, Role
from queuedesk.core.quality.warnings import is_warned, warned_people
from queuedesk.core.queue.hallday import business_date
from queuedesk.core.queue.overview import Alert, Due, alerts, due, key_of
from queuedesk.core.talk.remarks import Alarm
from queuedesk.core.talk.screen import is_meant
from queuedesk.desk.change import Ask, Change, Desk, Document, changes, said
from queuedesk.desk.documents import alert_document, iso
from queuedesk.store.log import events, snapshot
from queuedesk.store.parts import halls, part_tables


def raise_due(desk: Desk, ask: Ask) -> Document:
    """Write the alarms that are due and those that are over: a chore for every station.

    It reads first, without the hall's lock, and writes only if something is due; when two stations try, the second
    finds nothing to do.
    """
    with desk.db.read() as tx:
        now = said(tx, ask)
        state = snapshot.watched(tx, desk.hall)
    if state.setup_now is None or state.setup_now.hall.simulated or not _due(state, now):
        return {"raised": 0, "over": 0}
    return _raise(desk, ask)


@changes("alarm")
def _raise(change: Change) -> Document:
    found = _due(_state(change), change.now)
    for alert, lower in found.crossed:
        _cross(change, alert, lower)
    for alarm in found.over:
        _record(change, alarm, {"kind": alarm.kind, "over": alarm.seq})
    return {"raised": len(found.crossed), "over": len(found.over)}


@changes("ack")
def acknowledge(
    change: Change,
    kind: str,
    *,
    service: str | None = None,
    window: str | None = None,
    ticket: str | None = None,
    device: str | None = None,
    station: str | None = None,
) -> Document:
    """Note that somebody has seen the alerts of `kind`, all of them or only the named ones; they stay, marked, until
    they end. A clerk does so for those of which the set-up has that person warned.

    Raises RuleError "no_alert" when there is none, "already_acknowledged", "not_your_role".
    """
    state = _state(change)
    now = [a for a in alerts(state, change.now) if a.kind == kind]
    about = {"service": service, "window": window, "ticket": ticket, "device": device, "station": station}
    for name, wanted in about.items():
        if wanted is not None:
            now = [a for a in now if _is_about(a, name, wanted)]
    if not now:
        raise RuleError("no_alert", alert=kind)
    if change.who.role is Role.CLERK:
        now = [a for a in now if is_warned(change.setup, change.who.name, a)]
        if not now:
            raise RuleError("not_your_role", verb="ack", role=str(change.who.role))
    unseen = [a for a in now if a.acknowledged is None]
    if not unseen:
        raise RuleError("already_acknowledged", staff=now[0].by)
    for alert, lower in due(unseen, state.alarms).crossed:
        _cross(change, alert, lower)
    known = {key_of(alarm): alarm for alarm in part_tables.of_days(change.tx, change.book.id, ALARMS).values()}
    seen = []
    for alert in unseen:
        alarm = known[key_of(alert)]
        label = (change.date, alarm.ticket) if alarm.ticket else None
        what: dict[str, Any] = {"kind": kind, "alarm": alarm.seq, "device": alarm.device, "station": alarm.station}
        change.record("ack", ticket=label, service=alarm.service, window=alarm.window, **what)
        seen.append(replace(alert, acknowledged=change.now, by=change.who.name))
    return {"alerts": [alert_document(change.setup, alert) for alert in seen]}


def warnings_of(desk: Desk, who: Actor, day: date | None, now: datetime) -> list[Document]:
    """Return the alerts of a date, by default today, for which somebody is responsible: who, and when which person
    acknowledged it. Who may not read figures reads the own ones."""
    with desk.db.read() as tx:
        setup = halls.setup(tx, halls.load(tx, desk.hall))
        log = events.of_day(tx, desk.hall, day or business_date(setup, now))
    seen = {event.data["alarm"]: event for event in log if event.kind == "ack"}
    rows = []
    for event in log:
        if event.kind != "alarm" or "over" in event.data:
            continue
        alarm = alarm_of(event)
        people = warned_people(setup, alarm)
        if not people or (not who.may_read(Read.FIGURES) and who.name not in people):
            continue
        ack = seen.get(event.seq)
        rows.append(
            {
                "alarm": event.seq,
                "at": iso(setup, event.time),
                "kind": alarm.kind,
                "level": alarm.level,
                "service": alarm.service,
                "window": alarm.window,
                "ticket": alarm.ticket,
                "station": alarm.station,
                "people": people,
                "acknowledged": iso(setup, ack.time) if ack else None,
                "by": ack.actor if ack else None,
                "seconds": round((ack.time - event.time).total_seconds()) if ack else None,
            }
        )
    return rows


def _is_about(alert: Alert, name: str, wanted: str) -> bool:
    """Whether an alert's field is what is named."""
    own = getattr(alert, name)
    return own == wanted or (name == "station" and own is not None and is_meant(wanted, own))


def _state(change: Change) -> HallState:
    """Return what alerts are made from, after a day-end that this change may have begun with."""
    state = snapshot.watched(change.tx, change.book.id)
    state.now = replace(change.book.hall(), date=change.date)
    state.tickets = {id: ticket for id, ticket in state.tickets.items() if ticket.date == change.date}
    state.windows = change.book.windows()
    return state


def _due(state: HallState, now: datetime) -> Due:
    setup = state.setup_now
    if setup is None or (state.now.date is not None and state.now.date < business_date(setup, now)):
        return Due((), ())  # a day-end comes first, and ends every alarm
    return due(alerts(state, now), state.alarms)


def _cross(change: Change, alert: Alert, lower: Alarm | None) -> None:
    was = {"was": lower.seq} if lower is not None else {}
    _record(change, alert, {"kind": alert.kind, "level": alert.level, "since": stamp(alert.since), **was})


def _record(change: Change, about: Alert | Alarm, data: dict[str, object]) -> None:
    """Append an alarm's event in the hall's own name, whoever's change it stands in."""
    # Who waits longest changes with every call; the line's alarm names nobody.
    ticket = about.ticket if about.kind == "long_serving" else None
    if about.device is not None:
        data = {**data, "device": about.device, "station": about.station}
    change.book.record(
        Event(
            seq=change.book.hall().seq + 1,
            at=change.now,
            time=change.now,
            kind="alarm",
            actor=HALL.name,
            ticket=ticket,
            service=about.service,
            window=about.window,
            data={**data, "date": change.date.isoformat()},
        )
    )
