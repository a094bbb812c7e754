"""Records alarms: one event when a limit is crossed, one at its end, one when a person acknowledges it.

In a simulated hall stations raise no alarms, so that a replayed day gives the same log; to acknowledge an alert there
raises it at that moment.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from msgspec.structs import replace

from queuedesk.core.errors import RuleError
from queuedesk.core.log.apply_hall import alarm_from_event
from queuedesk.core.log.event import Event, utc_stamp
from queuedesk.core.log.state import ALARMS, HallState
from queuedesk.core.network.roles import HALL, Actor, ReadScope, Role
from queuedesk.core.quality.warnings import is_warned, people_responsible_for, places_of_signed_in_staff, warned
from queuedesk.core.queue.hallday import business_date
from queuedesk.core.queue.overview import Alert, CrossedAndEndedAlarms, alarm_changes, alarm_key, alerts
from queuedesk.core.setup.rows import Setup
from queuedesk.core.talk.remarks import Alarm
from queuedesk.core.talk.screen import fits_station_name
from queuedesk.desk.change import (
    Ask,
    Desk,
    Document,
    HallChange,
    alert_document,
    iso_local,
    request_time,
    runs_in_transaction,
)
from queuedesk.store.engine.types import Transaction
from queuedesk.store.log import book, events
from queuedesk.store.parts import halls, part_tables


def record_due_and_ended_alarms(desk: Desk, ask: Ask) -> Document:
    """Record due alarms and ended ones; every station does so regularly. It reads first, without the hall's lock, and
    writes only if there is a change; of two stations that try, the second finds none."""
    with desk.db.read() as tx:
        now = request_time(tx, ask)
        state = book.state_for_alerts(tx, desk.hall)
    if state.setup_now is None or state.setup_now.hall.simulated or not _alert_changes(state, now):
        return {"raised": 0, "over": 0}
    return record_alarms_in_change(desk, ask)


@runs_in_transaction("alarm")
def record_alarms_in_change(change: HallChange) -> Document:
    """Record due alarms and ended ones; in a simulated hall too, for its scripted day."""
    state = _state_for_alerts(change)
    alert_changes = _alert_changes(state, change.now)
    for alert, lower in alert_changes.crossed:
        _record_raised_alarm(change, state, alert, lower)
    for alarm in alert_changes.over:
        _record_alarm(change, alarm, {"kind": alarm.kind, "over": alarm.seq})
    return {"raised": len(alert_changes.crossed), "over": len(alert_changes.over)}


@runs_in_transaction("ack")
def acknowledge(
    change: HallChange,
    kind: str,
    *,
    service: str | None = None,
    window: str | None = None,
    ticket: str | None = None,
    device: str | None = None,
    station: str | None = None,
) -> Document:
    """Acknowledge the alerts of `kind`, all of them or only the named ones; they stay, marked, until they end. A clerk
    may do so for alerts that warn that person. Raises RuleError "no_alert" when there is none, "already_acknowledged",
    "not_your_role"."""
    state = _state_for_alerts(change)
    current = [a for a in alerts(state, change.now) if a.kind == kind]
    about = {"service": service, "window": window, "ticket": ticket, "device": device, "station": station}
    for name, value in about.items():
        if value is not None:
            current = [a for a in current if _alert_matches(a, name, value)]
    if not current:
        raise RuleError("no_alert", alert=kind)
    if change.who.role is Role.CLERK:
        current = [a for a in current if is_warned(state, change.who.name, a)]
        if not current:
            raise RuleError("not_your_role", verb="ack", role=str(change.who.role))
    unseen = [a for a in current if a.acknowledged is None]
    if not unseen:
        raise RuleError("already_acknowledged", staff=current[0].by)
    for alert, lower in alarm_changes(unseen, state.alarms).crossed:
        _record_raised_alarm(change, state, alert, lower)
    by_key = {alarm_key(alarm): alarm for alarm in part_tables.of_days(change.tx, change.book.id, ALARMS).values()}
    marked = []
    for alert in unseen:
        alarm = by_key[alarm_key(alert)]
        label = (change.date, alarm.ticket) if alarm.ticket else None
        what: dict[str, Any] = {"kind": kind, "alarm": alarm.seq, "device": alarm.device, "station": alarm.station}
        change.record("ack", ticket=label, service=alarm.service, window=alarm.window, **what)
        marked.append(replace(alert, acknowledged=change.now, by=change.who.name))
    return {"alerts": [alert_document(change.setup, alert) for alert in marked]}


def staff_warnings_between(
    desk: Desk, who: Actor, first: date | None, now: datetime, *, last: date | None = None, staff: str | None = None
) -> list[Document]:
    """Return the alerts of the dates from `first`, by default today, to `last` with a responsible person, or with
    `staff` as one: who was warned where, and who acknowledged it when. Without the right to read figures only one's
    own. Raises RuleError "unknown_staff". `instead`: no responsible person was signed in, so `told` are the managers
    who were, perhaps none. `told` is None for alerts older than this record. `ended` is when an alert was over, or
    became a higher one."""
    with desk.db.read() as tx:
        setup = halls.setup_of_hall_row(tx, halls.load_hall_row(tx, desk.hall))
        asked = setup.person(staff).code if staff is not None else None
        since = first or business_date(setup, now)
        rows = _warning_rows(tx, desk.hall, setup, since, max(last or since, since))
    if not who.may_read(ReadScope.FIGURES):
        rows = [row for row in rows if who.name in people_of_warning(row)]
    return [row for row in rows if asked is None or asked in people_of_warning(row)]


RETRY_SLIP_AFTER = timedelta(minutes=5)
"""Delay before a slip that failed to print is tried again."""


def warnings_to_print(desk: Desk, now: datetime) -> list[Document]:
    """Return today's open warnings without a slip, then those whose slip failed and is to be retried."""
    rows = _open_warnings_today(desk, now)
    retries = [
        row for row in rows if _has_failed_slip(row) and _may_retry_slip(datetime.fromisoformat(row["slip"]["at"]), now)
    ]
    return [*(row for row in rows if not row["slip"]), *retries]


def warnings_with_failed_slip(desk: Desk, now: datetime) -> list[Document]:
    return [row for row in _open_warnings_today(desk, now) if _has_failed_slip(row)]


def _has_failed_slip(row: Document) -> bool:
    return bool(row["slip"] and row["slip"]["cause"])


def _open_warnings_today(desk: Desk, now: datetime) -> list[Document]:
    with desk.db.read() as tx:
        setup = halls.setup_of_hall_row(tx, halls.load_hall_row(tx, desk.hall))
        day = business_date(setup, now)
        rows = _warning_rows(tx, desk.hall, setup, day, day)
    return [row for row in rows if not (row["acknowledged"] or row["ended"])]


def _may_retry_slip(failed: datetime, now: datetime) -> bool:
    return now - failed >= RETRY_SLIP_AFTER


@runs_in_transaction("alarm")
def record_slip_begun(change: HallChange, alarm: int) -> Document:
    """Record that a warning is being printed here. `begun` is false where that was recorded before, except for a
    failure at least RETRY_SLIP_AFTER ago."""
    log = events.of_dates(change.tx, change.book.id, change.date, change.date, ("slip",))
    last = next((event for event in reversed(log) if event.data["alarm"] == alarm), None)
    begun = last is None or (last.data.get("cause") is not None and _may_retry_slip(last.time, change.now))
    if begun:
        change.record("slip", alarm=alarm)
    return {"alarm": alarm, "begun": begun}


@runs_in_transaction("alarm")
def record_slip_failure(change: HallChange, alarm: int, cause: str) -> Document:
    change.record("slip", alarm=alarm, cause=cause)
    return {"alarm": alarm, "cause": cause}


def _warning_rows(tx: Transaction, hall: int, setup: Setup, since: date, until: date) -> list[Document]:
    """Return the warnings of these dates to all people."""
    # A warning may be acknowledged after midnight.
    log = events.of_dates(tx, hall, since, until + timedelta(days=1), ("alarm", "ack", "slip", "day-end"))
    seen = {event.data["alarm"]: event for event in log if event.kind == "ack"}
    slips = {event.data["alarm"]: event for event in log if event.kind == "slip"}
    ends = {event.data[name]: event for event in log for name in ("over", "was") if event.data.get(name)}
    day_ends = [event for event in log if event.kind == "day-end"]
    rows = []
    for event in log:
        if event.kind != "alarm" or "over" in event.data or event.date is None or event.date > until:
            continue
        alarm = alarm_from_event(event)
        told = event.data.get("told")
        people = people_responsible_for(setup, alarm)
        if not people and not told:
            continue
        ack, slip = seen.get(event.seq), slips.get(event.seq)
        # The day-end ends all open alarms.
        end = ends.get(event.seq) or next((turn for turn in day_ends if turn.seq > event.seq), None)
        rows.append(
            {
                "alarm": event.seq,
                "date": event.data["date"],
                "at": iso_local(setup, event.time),
                "since": iso_local(setup, alarm.since),
                "kind": alarm.kind,
                "level": alarm.level,
                "service": alarm.service,
                "window": alarm.window,
                "ticket": alarm.ticket,
                "device": alarm.device,
                "station": alarm.station,
                "people": people,
                "told": None if told is None else [{"staff": code, "place": place} for code, place in told.items()],
                "instead": bool(event.data.get("instead")),
                "slip": {"at": iso_local(setup, slip.time), "cause": slip.data.get("cause")} if slip else None,
                "ended": iso_local(setup, end.time) if end else None,
                "acknowledged": iso_local(setup, ack.time) if ack else None,
                "by": ack.actor if ack else None,
                "seconds": round((ack.time - event.time).total_seconds()) if ack else None,
            }
        )
    return rows


def people_of_warning(row: Mapping[str, Any]) -> list[str]:
    """Return the people of a warning: those responsible, then others who were warned."""
    return list(dict.fromkeys([*row["people"], *(recipient["staff"] for recipient in row["told"] or ())]))


def _alert_matches(alert: Alert, name: str, value: str) -> bool:
    """Whether a field of an alert has this value; a station matches with or without its PC's name."""
    actual = getattr(alert, name)
    return actual == value or (name == "station" and actual is not None and fits_station_name(value, actual))


def _state_for_alerts(change: HallChange) -> HallState:
    """Return the part of the state that alerts need, after a day-end within this change."""
    state = book.state_for_alerts(change.tx, change.book.id)
    state.now = replace(change.book.hall(), date=change.date)
    state.tickets = {id: ticket for id, ticket in state.tickets.items() if ticket.date == change.date}
    state.windows = change.book.windows()
    return state


def _alert_changes(state: HallState, now: datetime) -> CrossedAndEndedAlarms:
    setup = state.setup_now
    if setup is None or (state.now.date is not None and state.now.date < business_date(setup, now)):
        return CrossedAndEndedAlarms((), ())  # a day-end comes first, and ends every alarm
    return alarm_changes(alerts(state, now), state.alarms)


def _record_raised_alarm(change: HallChange, state: HallState, alert: Alert, lower: Alarm | None) -> None:
    data: dict[str, object] = {"kind": alert.kind, "level": alert.level, "since": utc_stamp(alert.since)}
    if lower is not None:
        data["was"] = lower.seq
    if people_responsible_for(change.setup, alert):
        recipients = warned(change.setup, places_of_signed_in_staff(state), alert)
        data["told"] = dict(recipients.people)
        if recipients.instead:
            data["instead"] = True
    _record_alarm(change, alert, data)


def _record_alarm(change: HallChange, about: Alert | Alarm, data: dict[str, object]) -> None:
    """Append an alarm event with the hall as its actor, whatever change it is part of."""
    # The longest waiting ticket changes with every call, so the line's alarm names none.
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
