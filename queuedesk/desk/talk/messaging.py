"""Short messages between places of a hall, calls for help, notices on the displays, emergencies, alarms, and notes on a
day.

An alarm is one event when a limit is crossed, one at its end, one when a person acknowledges it. In a simulated hall
stations raise no alarms, so that a replayed day gives the same log; to acknowledge an alert there raises it at that
moment. A note on a day explains its load."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from queuedesk.core.errors import RuleError
from queuedesk.core.imports import half_width_text
from queuedesk.core.log.apply_hall import alarm_from_event
from queuedesk.core.log.event import Event, utc_stamp
from queuedesk.core.log.state import ALARMS, DAY_NOTES, DEVICES, HELP_CALLS, MESSAGES, PUSHED, HallState
from queuedesk.core.network.roles import HALL, Actor, ReadScope, Role
from queuedesk.core.quality import warnings
from queuedesk.core.queue.hallday import begin_of_day, business_date, utc_moment_of_hall_minute
from queuedesk.core.queue.overview import Alert, CrossedAndEndedAlarms, alarm_changes, alarm_key, current_alerts
from queuedesk.core.setup.rows import Setup
from queuedesk.core.setup.time_of_day import parse_clock_minutes
from queuedesk.core.talk import messages as hall_messages
from queuedesk.core.talk.device import DISPLAY, PLATE
from queuedesk.core.talk.remarks import NOTE_KINDS, Alarm, DayNote, PushedNotice
from queuedesk.core.talk.screen import is_name_of_station, split_station_and_pc
from queuedesk.desk import change as changes
from queuedesk.store.engine.types import Transaction
from queuedesk.store.log import book, events
from queuedesk.store.parts import halls, part_tables


def record_and_count_alarm_changes(desk: changes.Desk, ask: changes.Ask) -> changes.Document:
    """Record due alarms and ended ones; every station does so regularly. It reads first, without the hall's lock, and
    writes only if there is a change; of two stations that try, the second finds none."""
    with desk.db.read() as tx:
        now = changes.request_time(tx, ask)
        state = book.state_for_alerts(tx, desk.hall)
    if state.setup_now is None or state.setup_now.hall.simulated or not _alert_changes(state, now):
        return {"raised": 0, "over": 0}
    return record_alarms_in_change(desk, ask)


@changes.runs_in_transaction("alarm")
def record_alarms_in_change(change: changes.HallChange) -> changes.Document:
    """Record due alarms and ended ones; in a simulated hall too, for its scripted day."""
    state = _state_for_alerts(change)
    alert_changes = _alert_changes(state, change.now)
    for alert, lower in alert_changes.crossed:
        _record_raised_alarm(change, state, alert, lower)
    for alarm in alert_changes.over:
        _record_alarm(change, alarm, {"kind": alarm.kind, "over": alarm.seq})
    return {"raised": len(alert_changes.crossed), "over": len(alert_changes.over)}


@changes.runs_in_transaction("ack")
def acknowledge_alert(
    change: changes.HallChange,
    kind: str,
    *,
    service: str | None = None,
    window: str | None = None,
    ticket: str | None = None,
    device: str | None = None,
    station: str | None = None,
) -> changes.Document:
    """Acknowledge the alerts of `kind`, all of them or only the named ones; they stay, marked, until they end. A clerk
    may do so for alerts that warn that person. Raises RuleError "no_alert" when there is none, "already_acknowledged",
    "not_your_role"."""
    state = _state_for_alerts(change)
    current = [a for a in current_alerts(state, change.now) if a.kind == kind]
    about = {"service": service, "window": window, "ticket": ticket, "device": device, "station": station}
    for name, value in about.items():
        if value is not None:
            current = [a for a in current if _is_value_of_alert_field(a, name, value)]
    if not current:
        raise RuleError("no_alert", alert=kind)
    if change.who.role is Role.CLERK:
        current = [a for a in current if warnings.is_warned(state, change.who.name, a)]
        if not current:
            raise RuleError("not_your_role", verb="ack", role=str(change.who.role))
    unseen = [a for a in current if a.acknowledged is None]
    if not unseen:
        raise RuleError("already_acknowledged", staff=current[0].by)
    for alert, lower in alarm_changes(unseen, state.alarms).crossed:
        _record_raised_alarm(change, state, alert, lower)
    by_key = {
        alarm_key(alarm): alarm for alarm in part_tables.objects_of_days(change.tx, change.book.id, ALARMS).values()
    }
    marked = []
    for alert in unseen:
        alarm = by_key[alarm_key(alert)]
        label = (change.date, alarm.ticket) if alarm.ticket else None
        what: dict[str, Any] = {"kind": kind, "alarm": alarm.seq, "device": alarm.device, "station": alarm.station}
        change.record("ack", ticket=label, service=alarm.service, window=alarm.window, **what)
        marked.append(replace(alert, acknowledged=change.now, by=change.who.name))
    return {"alerts": [changes.alert_document(change.setup, alert) for alert in marked]}


def warnings_sent_to_staff_between(
    desk: changes.Desk,
    who: Actor,
    first: date | None,
    now: datetime,
    *,
    last: date | None = None,
    staff: str | None = None,
) -> list[changes.Document]:
    """Return the alerts of the dates from `first`, by default today, to `last` with a responsible person, or with
    `staff` as one: who was warned where, and who acknowledged it when. Without the right to read figures only one's
    own. Raises RuleError "unknown_staff". `instead`: no responsible person was signed in, so `told` are the managers
    who were, perhaps none. `told` is None for alerts older than this record. `ended` is when an alert was over, or
    became a higher one."""
    with desk.db.read() as tx:
        setup = halls.setup_of_hall_row(tx, halls.load_hall_row(tx, desk.hall))
        asked = setup.person_by_code(staff).code if staff is not None else None
        since = first or business_date(setup, now)
        rows = _warning_rows(tx, desk.hall, setup, since, max(last or since, since))
    if not who.may_read(ReadScope.FIGURES):
        rows = [row for row in rows if who.name in people_of_warning(row)]
    return [row for row in rows if asked is None or asked in people_of_warning(row)]


RETRY_SLIP_AFTER = timedelta(minutes=5)
"""Delay before a slip that failed to print is tried again."""


def warnings_to_print(desk: changes.Desk, now: datetime) -> list[changes.Document]:
    """Return today's open warnings without a slip, then those whose slip failed and is to be retried."""
    rows = _pending_warnings_today(desk, now)
    retries = [
        row
        for row in rows
        if _has_warning_failed_slip(row) and _may_retry_slip(datetime.fromisoformat(row["slip"]["at"]), now)
    ]
    return [*(row for row in rows if not row["slip"]), *retries]


def warnings_with_failed_slip(desk: changes.Desk, now: datetime) -> list[changes.Document]:
    return [row for row in _pending_warnings_today(desk, now) if _has_warning_failed_slip(row)]


def _has_warning_failed_slip(row: changes.Document) -> bool:
    return bool(row["slip"] and row["slip"]["cause"])


def _pending_warnings_today(desk: changes.Desk, now: datetime) -> list[changes.Document]:
    with desk.db.read() as tx:
        setup = halls.setup_of_hall_row(tx, halls.load_hall_row(tx, desk.hall))
        day = business_date(setup, now)
        rows = _warning_rows(tx, desk.hall, setup, day, day)
    return [row for row in rows if not (row["acknowledged"] or row["ended"])]


def _may_retry_slip(failed: datetime, now: datetime) -> bool:
    return now - failed >= RETRY_SLIP_AFTER


@changes.runs_in_transaction("alarm")
def record_warning_slip_begun(change: changes.HallChange, alarm: int) -> changes.Document:
    """Record that a warning is being printed here. `begun` is false where that was recorded before, except for a
    failure at least RETRY_SLIP_AFTER ago."""
    log = events.events_of_dates(change.tx, change.book.id, change.date, change.date, ("slip",))
    last = next((event for event in reversed(log) if event.data["alarm"] == alarm), None)
    begun = last is None or (last.data.get("cause") is not None and _may_retry_slip(last.time, change.now))
    if begun:
        change.record("slip", alarm=alarm)
    return {"alarm": alarm, "begun": begun}


@changes.runs_in_transaction("alarm")
def record_warning_slip_failure(change: changes.HallChange, alarm: int, cause: str) -> changes.Document:
    change.record("slip", alarm=alarm, cause=cause)
    return {"alarm": alarm, "cause": cause}


def _warning_rows(tx: Transaction, hall: int, setup: Setup, since: date, until: date) -> list[changes.Document]:
    """Return the warnings of these dates to all people."""
    # A warning may be acknowledged after midnight.
    log = events.events_of_dates(tx, hall, since, until + timedelta(days=1), ("alarm", "ack", "slip", "day-end"))
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
        people = warnings.people_responsible_for(setup, alarm)
        if not people and not told:
            continue
        ack, slip = seen.get(event.seq), slips.get(event.seq)
        # The day-end ends all open alarms.
        end = ends.get(event.seq) or next((turn for turn in day_ends if turn.seq > event.seq), None)
        rows.append(
            {
                "alarm": event.seq,
                "date": event.data["date"],
                "at": changes.iso_local(setup, event.time),
                "since": changes.iso_local(setup, alarm.since),
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
                "slip": {"at": changes.iso_local(setup, slip.time), "cause": slip.data.get("cause")} if slip else None,
                "ended": changes.iso_local(setup, end.time) if end else None,
                "acknowledged": changes.iso_local(setup, ack.time) if ack else None,
                "by": ack.actor if ack else None,
                "seconds": round((ack.time - event.time).total_seconds()) if ack else None,
            }
        )
    return rows


def people_of_warning(row: Mapping[str, Any]) -> list[str]:
    """Return the people of a warning: those responsible, then others who were warned."""
    return list(dict.fromkeys([*row["people"], *(recipient["staff"] for recipient in row["told"] or ())]))


def _is_value_of_alert_field(alert: Alert, name: str, value: str) -> bool:
    """Whether a field of an alert has this value; a station matches with or without its PC's name."""
    actual = getattr(alert, name)
    return actual == value or (name == "station" and actual is not None and is_name_of_station(value, actual))


def _state_for_alerts(change: changes.HallChange) -> HallState:
    """Return the part of the state that alerts need, after a day-end within this change."""
    state = book.state_for_alerts(change.tx, change.book.id)
    state.now = replace(change.book.hall_counters(), date=change.date)
    state.tickets = {id: ticket for id, ticket in state.tickets.items() if ticket.date == change.date}
    state.windows = change.book.windows()
    return state


def _alert_changes(state: HallState, now: datetime) -> CrossedAndEndedAlarms:
    setup = state.setup_now
    if setup is None or (state.now.date is not None and state.now.date < business_date(setup, now)):
        return CrossedAndEndedAlarms((), ())  # a day-end comes first, and ends every alarm
    return alarm_changes(current_alerts(state, now), state.alarms)


def _record_raised_alarm(change: changes.HallChange, state: HallState, alert: Alert, lower: Alarm | None) -> None:
    data: dict[str, object] = {"kind": alert.kind, "level": alert.level, "since": utc_stamp(alert.since)}
    if lower is not None:
        data["was"] = lower.seq
    if warnings.people_responsible_for(change.setup, alert):
        recipients = warnings.warning_recipients(change.setup, warnings.places_of_signed_in_staff(state), alert)
        data["told"] = dict(recipients.people)
        if recipients.instead:
            data["instead"] = True
    _record_alarm(change, alert, data)


def _record_alarm(change: changes.HallChange, about: Alert | Alarm, data: dict[str, object]) -> None:
    """Append an alarm event with the hall as its actor, whatever change it is part of."""
    # The longest waiting ticket changes with every call, so the line's alarm names none.
    ticket = about.ticket if about.kind == "long_serving" else None
    if about.device is not None:
        data = {**data, "device": about.device, "station": about.station}
    change.book.record_event(
        Event(
            seq=change.book.hall_counters().seq + 1,
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


LONGEST_MESSAGE = 100  # what a strip shows in two lines
_PLACE_OF_ROLE = {
    Role.GUIDE: hall_messages.GUIDE,
    Role.MANAGER: hall_messages.MANAGER,
    Role.ADMIN: hall_messages.MANAGER,
    Role.CONSOLE: hall_messages.CONSOLE,
}


@changes.runs_in_transaction("message")
def send_message(
    change: changes.HallChange, to: str, text: str, *, text_en: str = "", origin: str | None = None
) -> changes.Document:
    """Send a message to "guide", "manager", "all" or a window; `origin` is its place, by default that of the sender's
    role. Raises RuleError "bad_value": an empty text or one of more than 100 characters, an unknown place, a message to
    oneself. "not_your_window" for a clerk who sends from another's window, "not_your_role" from a place of other roles,
    "no_place" for a clerk without a window."""
    return message_document(change.setup, send_message_in_change(change, to, text, text_en=text_en, origin=origin))


@changes.runs_in_transaction("message")
def mark_message_read(change: changes.HallChange, seq: int, *, place: str | None = None) -> changes.Document:
    """Record that a message was read at `place`, by default the reader's. A second reading there is not recorded.
    Raises RuleError "not_there" for a message that is not waiting, "not_for_you" where it goes elsewhere, and as
    send."""
    message = change.book.find_record(MESSAGES, seq)
    if message is None or not (message.is_unread_by_addressee or message.date == change.date):
        raise RuleError("not_there", kind="message", code=str(seq))
    here = _checked_actor_place(change, place if place is not None else _place_where_console_reads(change, message))
    if not message.is_addressed_to(here):
        raise RuleError("not_for_you", seq=seq)
    if message.is_unread_at(here):
        change.record("message", seen=seq, place=here)
        message = change.book.get_record(MESSAGES, seq)
    return message_document(change.setup, message)


def messages_on_or_unread(desk: changes.Desk, day: date | None, now: datetime) -> list[changes.Document]:
    """Return the messages of a date, by default today with unread ones of earlier dates; the oldest first."""
    with desk.db.read() as tx:
        setup = halls.setup_of_hall_row(tx, halls.load_hall_row(tx, desk.hall))
        of = day or business_date(setup, now)
        messages = part_tables.objects_of_days(tx, desk.hall, MESSAGES, of, of)
        if day is None:
            messages = part_tables.objects_still_open(tx, desk.hall, MESSAGES) | messages
    return [message_document(setup, messages[seq]) for seq in sorted(messages)]


def send_message_in_change(
    change: changes.HallChange, to: str, text: str, *, text_en: str = "", origin: str | None = None
) -> hall_messages.Message:
    """Send a message as part of another change. Raises as send."""
    words, words_en = text.strip(), text_en.strip()
    if not words:
        raise RuleError("bad_value", field="text", value=None, why="empty")
    for field, value in (("text", words), ("text_en", words_en)):
        if len(value) > LONGEST_MESSAGE:
            raise RuleError("bad_value", field=field, value=value[:20], why="too_long")
    goes_to, comes_from = hall_messages.parse_message_address(change.setup, to), _checked_actor_place(change, origin)
    if goes_to == comes_from:
        raise RuleError("bad_value", field="to", value=to, why="not_a_choice")
    event = change.record("message", origin=comes_from, to=goes_to, text=words, text_en=words_en or None)
    return change.book.get_record(MESSAGES, event.seq)


def message_document(setup: Setup, message: hall_messages.Message) -> changes.Document:
    """Return a message; `from` and `to` are places, `seen` where, when and by whom it was read."""
    return {
        "seq": message.seq,
        "at": changes.iso_local(setup, message.time),
        "by": message.by,
        "from": message.origin,
        "to": message.to,
        "text": message.text,
        "text_en": message.text_en,
        "seen": [
            {"place": receipt.place, "by": receipt.by, "at": changes.iso_local(setup, receipt.at)}
            for receipt in message.seen
        ],
    }


def _place_where_console_reads(change: changes.HallChange, message: hall_messages.Message) -> str | None:
    """Return where the console reads a message: at its addressee, the duty manager's for one to all."""
    if change.who.role is not Role.CONSOLE:
        return None
    return hall_messages.MANAGER if message.to == hall_messages.ALL else message.to


def _checked_actor_place(change: changes.HallChange, name: str | None) -> str:
    """Return the actor's place, or check a named one: a clerk may only use the own window, a guide not the duty
    manager's place."""
    who = change.who
    if name is None:
        return _PLACE_OF_ROLE.get(who.role) or _window_place_of_staff(change, who)
    if name == hall_messages.CONSOLE and who.role is Role.CONSOLE:
        return hall_messages.CONSOLE
    place = hall_messages.parse_message_address(change.setup, name)
    if place == hall_messages.ALL:
        raise RuleError("bad_value", field="place", value=name, why="not_a_choice")
    if (code := hall_messages.window_of_place(place)) is not None:
        change.own_window_by_code(code)
    elif who.role is Role.CLERK or (who.role is Role.GUIDE and place != hall_messages.GUIDE):
        raise RuleError("not_your_role", verb="message", role=str(who.role))
    return place


def _window_place_of_staff(change: changes.HallChange, who: Actor) -> str:
    for code, window in sorted(change.book.windows().items()):
        if window.staff == who.name:
            return hall_messages.place_of_window(code)
    raise RuleError("no_place", staff=who.name)


# -- calls for help: pressed, answered, ended ------------------------------------------------------------------------

LONGEST_ABOUT = 100
_STATION_ACTOR = "station:"


@changes.runs_in_transaction("help")
def call_for_help_at(
    change: changes.HallChange, place: str | None = None, *, about: str = "", about_en: str = ""
) -> changes.Document:
    """Call for help at `place`: a window by its code, or a station by its name such as "kiosk-2"; a station calls only
    to itself, with or without its PC's name. Raises RuleError "help_called" while a call is open there, "bad_value" for
    an unknown place or more than 100 characters, "not_your_window" for a clerk at another's."""
    where = _checked_help_place(change, place)
    words, words_en = about.strip(), about_en.strip()
    for field, value in (("text", words), ("text_en", words_en)):
        if len(value) > LONGEST_ABOUT:
            raise RuleError("bad_value", field=field, value=value[:20], why="too_long")
    before = hall_messages.open_help_call_at(
        part_tables.objects_still_open(change.tx, change.book.id, HELP_CALLS).values(), where
    )
    if before is not None:
        raise RuleError(
            "help_called", seq=before.seq, place=where, time=f"{change.setup.to_hall_time(before.pressed):%H:%M}"
        )
    event = change.record(
        "help", window=hall_messages.window_of_place(where), place=where, about=words or None, about_en=words_en or None
    )
    return help_call_document(change.setup, change.book.get_record(HELP_CALLS, event.seq))


@changes.runs_in_transaction("help-answer")
def acknowledge_help(change: changes.HallChange, seq: int) -> changes.Document:
    """Record that the actor is coming. Raises RuleError "not_there", "help_answered" when another person is coming,
    "not_your_role" for the clerk at the window that calls."""
    call = _require_open_help_call(change, seq)
    code, who = hall_messages.window_of_place(call.place), change.who
    if code is not None and who.role is Role.CLERK and change.book.window(code).staff == who.name:
        raise RuleError("not_your_role", verb="help-answer", role=str(who.role))
    if call.helper is not None:
        raise RuleError("help_answered", staff=call.helper)
    return _record_help_call_step(change, call, ack=seq)


@changes.runs_in_transaction("help")
def record_helper_arrival(change: changes.HallChange, seq: int) -> changes.Document:
    """Record that a helper has arrived, reported by that person or at the place itself: the call is over. Raises
    RuleError "not_there"."""
    call = _require_open_help_call(change, seq)
    _require_right_to_end_help_call(change, call)
    return _record_help_call_step(change, call, arrived=seq)


@changes.runs_in_transaction("help")
def cancel_help(change: changes.HallChange, seq: int, *, reason: str) -> changes.Document:
    """Cancel a call for help, where it was made or by a helper. Raises RuleError "not_there", "reason_needed"."""
    call = _require_open_help_call(change, seq)
    _require_right_to_end_help_call(change, call)
    return _record_help_call_step(change, call, cancelled=seq, reason=change.required_reason(reason.strip()))


def help_calls_on(desk: changes.Desk, day: date | None, now: datetime) -> list[changes.Document]:
    """Return the calls for help of a date, by default today, the oldest first."""
    with desk.db.read() as tx:
        setup = halls.setup_of_hall_row(tx, halls.load_hall_row(tx, desk.hall))
        of = day or business_date(setup, now)
        calls = part_tables.objects_of_days(tx, desk.hall, HELP_CALLS, of, of)
    return [help_call_document(setup, call) for call in calls.values()]


def help_call_document(setup: Setup, call: hall_messages.HelpCall) -> changes.Document:
    """Return a call for help; `end` is "arrived", "cancelled", "day_end" or null while it goes on."""
    return {
        "seq": call.seq,
        "place": call.place,
        "about": call.about,
        "about_en": call.about_en,
        "pressed": changes.iso_local(setup, call.pressed),
        "by": call.by,
        "acknowledged": changes.iso_local(setup, call.acknowledged),
        "helper": call.helper,
        "ended": changes.iso_local(setup, call.ended),
        "end": call.end,
        "ended_by": call.ended_by,
        "reason": call.reason,
    }


def _checked_help_place(change: changes.HallChange, name: str | None) -> str:
    who = change.who
    if who.role is Role.STATION:
        own = who.name.removeprefix(_STATION_ACTOR)
        if name is not None and not is_name_of_station(name, own):
            raise RuleError("bad_value", field="place", value=name, why="not_a_choice")
        return own
    if name is None:
        raise RuleError("bad_value", field="place", value=None, why="empty")
    names = [device.station for device in part_tables.objects_of_days(change.tx, change.book.id, DEVICES).values()]
    stations = {*names, *(split_station_and_pc(station)[0] for station in names)}
    place = hall_messages.parse_help_place(change.setup, name, stations)
    if (code := hall_messages.window_of_place(place)) is not None:
        change.own_window_by_code(code)
    return place


def _require_open_help_call(change: changes.HallChange, seq: int) -> hall_messages.HelpCall:
    call = change.book.find_record(HELP_CALLS, seq)
    if call is None or not call.is_open:
        raise RuleError("not_there", kind="help_call", code=str(seq))
    return call


def _require_right_to_end_help_call(change: changes.HallChange, call: hall_messages.HelpCall) -> None:
    """Require the right to end a call: a station has it for its own place, a clerk for the own window and for calls
    that person answered, guides and managers everywhere."""
    if change.who.role is Role.STATION and change.who.name != f"{_STATION_ACTOR}{call.place}":
        raise RuleError("not_there", kind="help_call", code=str(call.seq))
    if call.helper == change.who.name:
        return
    if (code := hall_messages.window_of_place(call.place)) is not None:
        change.own_window_by_code(code)
    elif change.who.role is Role.CLERK:
        raise RuleError("not_your_role", verb="help", role=str(change.who.role))


def _record_help_call_step(change: changes.HallChange, call: hall_messages.HelpCall, **data: Any) -> changes.Document:
    change.record("help", window=hall_messages.window_of_place(call.place), place=call.place, **data)
    return help_call_document(change.setup, change.book.get_record(HELP_CALLS, call.seq))


LONGEST_NOTICE = 100  # what the displays show in two lines
LONGEST_MINUTES = 24 * 60
NOTICE_DEVICES = (DISPLAY, PLATE)
"""Devices that can be named to show a notice alone."""


class _NoticeText(Struct, frozen=True, kw_only=True):
    """The checked text of a notice, in the hall's language and in English."""

    text: str
    text_en: str


def moment_of_typed_time_on_date(setup: Setup, day: date, typed: str) -> datetime:
    """Return the moment of a typed "16:30" on a business date. Raises RuleError "bad_value" for anything but a time."""
    try:
        minute = parse_clock_minutes(half_width_text(typed).strip())
    except ValueError:
        raise RuleError("bad_value", field="begins", value=typed[:20], why="not_a_time") from None
    moment = utc_moment_of_hall_minute(setup, day, minute)
    # A day that turns at 4:00 has its 1:00 on the next calendar day.
    return (
        moment
        if moment >= begin_of_day(setup, day)
        else utc_moment_of_hall_minute(setup, day + timedelta(days=1), minute)
    )


@changes.runs_in_transaction("notice")
def push_notice(
    change: changes.HallChange,
    text: str,
    *,
    text_en: str = "",
    minutes: int | None = None,
    zone: str | None = None,
    display: str | None = None,
    begins: datetime | None = None,
    spoken: bool = False,
    emergency: bool = False,
) -> changes.Document:
    """Put a notice on the displays: for `minutes`, else until it is withdrawn or the day ends; in `zone` or on one
    `display`, else everywhere. It begins at once, or at `begins` later on this business date, and is then read aloud if
    `spoken`, in a hall with spoken calls. An emergency is as in declare_emergency. Raises RuleError "bad_value": an
    empty text or one of more than 100 characters, minutes outside 1 to 1,440, a zone of no window, a display that never
    reported, a beginning in the past or on another date, an emergency for a part of the hall or for later."""
    words = _checked_notice_texts(text, text_en)
    if emergency:
        for field, value in (("zone", zone), ("display", display), ("begins", begins), ("minutes", minutes)):
            if value is not None:
                raise RuleError("bad_value", field=field, value=value, why="not_in_emergency")
        return _record_emergency(change, words)
    if minutes is not None and not 1 <= minutes <= LONGEST_MINUTES:
        raise RuleError("bad_value", field="minutes", value=minutes, why="out_of_range")
    if zone is not None and display is not None:
        raise RuleError("bad_value", field="display", value=display, why="not_with_zone")
    start = _checked_notice_beginning(change, begins) if begins is not None else None
    until = (start or change.now) + timedelta(minutes=minutes) if minutes is not None else None
    event = change.record(
        "notice",
        text=words.text,
        text_en=words.text_en or None,
        zone=_checked_notice_zone(change.setup, zone) if zone is not None else None,
        display=_checked_notice_display(change, display) if display is not None else None,
        begins=utc_stamp(start) if start else None,
        until=utc_stamp(until) if until else None,
        spoken=(spoken and change.setup.voice.spoken) or None,
    )
    return notice_document(change.setup, _find_notice_not_over(change, event.seq))


@changes.runs_in_transaction("emergency")
def declare_emergency(change: changes.HallChange, text: str, *, text_en: str = "") -> changes.Document:
    """Show an emergency on every screen of the hall at once and read it aloud, until a person ends it; it replaces a
    running one. Raises RuleError "bad_value" for an empty text or one of more than 100 characters."""
    return _record_emergency(change, _checked_notice_texts(text, text_en))


@changes.runs_in_transaction("emergency")
def end_emergency(change: changes.HallChange) -> changes.Document:
    """End the running emergency. Raises RuleError "no_emergency"."""
    emergencies = _current_emergencies(change)
    if not emergencies:
        raise RuleError("no_emergency")
    for notice in emergencies:
        change.record("notice", withdrawn=notice.seq)
    return notice_document(change.setup, emergencies[-1])


@changes.runs_in_transaction("notice")
def withdraw_notice(change: changes.HallChange, seq: int) -> changes.Document:
    """Remove a notice from the displays, or cancel one that begins later. Raises RuleError "not_there" for an unknown
    number."""
    notice = _find_notice_not_over(change, seq)
    change.record("notice", withdrawn=seq)
    return notice_document(change.setup, notice)


def current_and_coming_notices(desk: changes.Desk, now: datetime) -> list[changes.Document]:
    """Return the notices that are shown now or begin later, oldest first."""
    with desk.db.read() as tx:
        setup = halls.setup_of_hall_row(tx, halls.load_hall_row(tx, desk.hall))
        notices = part_tables.objects_of_days(tx, desk.hall, PUSHED).values()
    return [notice_document(setup, notice) for notice in notices if not notice.is_over(now)]


def notice_document(setup: Setup, notice: PushedNotice) -> changes.Document:
    """Return a notice; `seq` is the number to withdraw it by, `until` is null without a set end."""
    return {
        "seq": notice.seq,
        "text": notice.text,
        "text_en": notice.text_en,
        "zone": notice.zone,
        "display": notice.display,
        "since": changes.iso_local(setup, notice.since),
        "begins": changes.iso_local(setup, notice.begins),
        "until": changes.iso_local(setup, notice.until),
        "spoken": notice.spoken,
        "emergency": notice.emergency,
    }


def _record_emergency(change: changes.HallChange, words: _NoticeText) -> changes.Document:
    for notice in _current_emergencies(change):
        change.record("notice", withdrawn=notice.seq)
    event = change.record("notice", text=words.text, text_en=words.text_en or None, spoken=True, emergency=True)
    return notice_document(change.setup, _find_notice_not_over(change, event.seq))


def _current_emergencies(change: changes.HallChange) -> list[PushedNotice]:
    return [
        notice for notice in part_tables.objects_of_days(change.tx, change.book.id, PUSHED).values() if notice.emergency
    ]


def _checked_notice_texts(text: str, text_en: str) -> _NoticeText:
    words = _NoticeText(text=text.strip(), text_en=text_en.strip())
    for field, value in (("text", words.text), ("text_en", words.text_en)):
        if len(value) > LONGEST_NOTICE:
            raise RuleError("bad_value", field=field, value=value[:20], why="too_long")
    if not words.text:
        raise RuleError("bad_value", field="text", value=None, why="empty")
    return words


def _checked_notice_beginning(change: changes.HallChange, begins: datetime) -> datetime:
    shown = f"{change.setup.to_hall_time(begins):%H:%M}"
    if begins <= change.now:
        raise RuleError("bad_value", field="begins", value=shown, why="is_over")
    if business_date(change.setup, begins) != change.date:
        raise RuleError("bad_value", field="begins", value=shown, why="not_today")
    return begins


def _find_notice_not_over(change: changes.HallChange, seq: int) -> PushedNotice:
    for notice in part_tables.objects_of_days(change.tx, change.book.id, PUSHED).values():
        if notice.seq == seq and not notice.is_over(change.now):
            return notice
    raise RuleError("not_there", kind="notices", code=str(seq))


def _checked_notice_display(change: changes.HallChange, name: str) -> str:
    """Return the display's name for the log; such a display has to have reported once."""
    displays = sorted(
        {
            device.station
            for device in part_tables.objects_of_days(change.tx, change.book.id, DEVICES).values()
            if device.device in NOTICE_DEVICES
        }
    )
    if any(is_name_of_station(name.strip(), display) for display in displays):
        return name.strip()
    raise RuleError("bad_value", field="display", value=name, why="not_a_choice", limit=displays)


def _checked_notice_zone(setup: Setup, name: str) -> str:
    """Return the zone in the hall's language; either language may be given."""
    zones = {spec.zone: spec.zone_en for spec in setup.windows.values() if spec.zone}
    key = name.strip().casefold()
    for zone, zone_en in zones.items():
        if key in (zone.casefold(), zone_en.casefold()):
            return zone
    raise RuleError("bad_value", field="zone", value=name, why="not_a_choice", limit=list(zones))


# -- notes on a day that explain its load, such as an outage or the weather ------------------------------------------


@changes.runs_in_transaction("day-note")
def add_day_note(
    change: changes.HallChange,
    kind: str,
    text: str,
    *,
    day: date | None = None,
    start: str | None = None,
    end: str | None = None,
) -> changes.Document:
    """Add a note to `day` (else today), with hall times such as "8:30" where it is about a part of it. Raises RuleError
    "bad_value": a kind outside NOTE_KINDS, an empty text, an invalid time, an end that is not after the start."""
    if kind not in NOTE_KINDS:
        raise RuleError("bad_value", field="kind", value=kind, why="not_a_choice", limit=list(NOTE_KINDS))
    if not text.strip():
        raise RuleError("bad_value", field="text", value=None, why="empty")
    begins, ends = _parse_minutes_of_day_or_none("from", start), _parse_minutes_of_day_or_none("to", end)
    if begins is not None and ends is not None and ends <= begins:
        raise RuleError("bad_value", field="to", value=end, why="out_of_range")
    on = (day or change.date).isoformat()
    data: dict[str, Any] = {"kind": kind, "text": text.strip(), "day": on, "from": begins, "to": ends}
    event = change.record("day-note", **data)
    return day_note_document(_require_day_note(change, event.seq))


@changes.runs_in_transaction("day-note")
def remove_day_note(change: changes.HallChange, seq: int, *, reason: str) -> changes.Document:
    """Remove a note, with a reason; the log keeps both. Raises RuleError "reason_needed", "not_there"."""
    note = _require_day_note(change, seq)
    change.required_reason(reason)
    change.record("day-note", removed=seq, day=note.day.isoformat(), reason=reason)
    return day_note_document(note)


def day_notes_between(desk: changes.Desk, first: date | None = None, last: date | None = None) -> list[DayNote]:
    """Return the notes on the days from `first` to `last`, both included, in order of writing."""
    with desk.db.read() as tx:
        return [*part_tables.objects_of_days(tx, desk.hall, DAY_NOTES, first, last).values()]


def day_note_document(note: DayNote) -> changes.Document:
    """Return a note; `seq` is the number to remove it by."""
    return {
        "seq": note.seq,
        "date": note.day.isoformat(),
        "kind": note.kind,
        "text": note.text,
        "from": _clock_text_or_none(note.start),
        "to": _clock_text_or_none(note.end),
        "by": note.by,
    }


def _require_day_note(change: changes.HallChange, seq: int) -> DayNote:
    note = change.book.find_record(DAY_NOTES, seq)
    if note is None:
        raise RuleError("not_there", kind="day_note", code=str(seq))
    return note


def _parse_minutes_of_day_or_none(field: str, text: str | None) -> int | None:
    if text is None or not text.strip():
        return None
    try:
        return parse_clock_minutes(text.strip())
    except ValueError:
        raise RuleError("bad_value", field=field, value=text[:20], why="not_a_time") from None


def _clock_text_or_none(minute: int | None) -> str | None:
    return None if minute is None else f"{minute // 60:02}:{minute % 60:02}"
