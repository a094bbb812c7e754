"""The changes of events about windows, people, appointments, the set-up, the day, notices, messages and equipment."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from msgspec.structs import replace

from queuedesk.core.imports import parse_key_and_reported_total
from queuedesk.core.log.event import Event
from queuedesk.core.log.state import (
    ALARMS,
    APPOINTMENTS,
    CARD_RUNS,
    CHECKS,
    DAY_NOTES,
    DEVICES,
    HELP_CALLS,
    MESSAGES,
    MOVES,
    NOT_READY,
    OFFERS,
    OPINIONS,
    OUTAGES,
    PUSHED,
    SHIFTS,
    THANKS,
    TICKETS,
    TOTALS,
    WAIVERS,
    WINDOWS,
    EventTargetBoard,
    LogSectionWithWrongTime,
)
from queuedesk.core.network.roles import UNTOLD
from queuedesk.core.quality.thanks import SPOKEN, Thanks
from queuedesk.core.queue.appointment import Appointment, AppointmentState
from queuedesk.core.queue.ticket import Shift, Ticket, TicketState, VisitorLackingPapers, Window, WindowState
from queuedesk.core.setup import sentences
from queuedesk.core.setup.file import document_after_change, setup_from_document
from queuedesk.core.setup.sentences import DAY_END as CARD_DAY_END
from queuedesk.core.staffing.roster import AnsweredMove, ForecastMoveEffect, StaffingMove
from queuedesk.core.talk import device as device_states
from queuedesk.core.talk import messages as hall_messages
from queuedesk.core.talk.device import CheckWaiver, DeviceCheck
from queuedesk.core.talk.remarks import Alarm, ChannelOffer, DayNote, PushedNotice, TicketlessOpinion

# -- offers, other channels, notices, notes on a day, alarms, thanks ---------------------------------------------------


def _apply_channel_offer(event: Event, board: EventTargetBoard) -> None:
    board.put_record(
        OFFERS,
        ChannelOffer(
            seq=event.seq,
            date=date.fromisoformat(event.data["date"]),
            time=event.time,
            service=event.service or "",
            to=event.data["to"],
            accepted=event.data["accepted"],
            ticket=event.ticket,
            by=event.actor,
            item=event.data.get("item"),
        ),
    )


def _apply_channel_totals(event: Event, board: EventTargetBoard) -> None:
    for key, total in [parse_key_and_reported_total(row) for row in event.data["rows"]]:
        if total is None:
            board.drop_record(TOTALS, key)
        else:
            board.put_record(TOTALS, total)


def _apply_notice(event: Event, board: EventTargetBoard) -> None:
    data = event.data
    if "withdrawn" in data:
        board.drop_record(PUSHED, data["withdrawn"])
        return
    until, begins = data.get("until"), data.get("begins")
    board.put_record(
        PUSHED,
        PushedNotice(
            seq=event.seq,
            date=date.fromisoformat(data["date"]),
            text=data["text"],
            text_en=data.get("text_en") or "",
            zone=data.get("zone"),
            since=event.time,
            until=datetime.fromisoformat(until) if until else None,
            begins=datetime.fromisoformat(begins) if begins else None,
            display=data.get("display"),
            spoken=bool(data.get("spoken")),
            emergency=bool(data.get("emergency")),
        ),
    )


def _apply_day_note(event: Event, board: EventTargetBoard) -> None:
    data = event.data
    if "removed" in data:
        board.drop_record(DAY_NOTES, data["removed"])
        return
    board.put_record(
        DAY_NOTES,
        DayNote(
            seq=event.seq,
            day=date.fromisoformat(data["day"]),
            kind=data["kind"],
            text=data["text"],
            start=data.get("from"),
            end=data.get("to"),
            time=event.time,
            by=event.actor,
        ),
    )


def _apply_opinion(event: Event, board: EventTargetBoard) -> None:
    data = event.data
    tags, comment = tuple(data.get("tags") or ()), data.get("comment")
    if "of" in data:
        board.put_record(
            OPINIONS, replace(board.get_record(OPINIONS, data["of"]), tags=tags, comment=comment, explained=True)
        )
        return
    board.put_record(
        OPINIONS,
        TicketlessOpinion(
            seq=event.seq,
            date=date.fromisoformat(data["date"]),
            time=event.time,
            level=data.get("level", UNTOLD),
            tags=tags,
            comment=comment,
            explained=bool(tags or comment or data.get("explained")),
        ),
    )


def _apply_alarm(event: Event, board: EventTargetBoard) -> None:
    data = event.data
    for seq in (data.get("was"), data.get("over")):
        if seq is not None:
            board.drop_record(ALARMS, seq)
    if "over" not in data:
        board.put_record(ALARMS, alarm_from_event(event))


def alarm_from_event(event: Event) -> Alarm:
    data = event.data
    return Alarm(
        seq=event.seq,
        kind=data["kind"],
        level=data["level"],
        service=event.service,
        window=event.window,
        ticket=event.ticket,
        device=data.get("device"),
        station=data.get("station"),
        since=datetime.fromisoformat(data["since"]),
    )


def _apply_alarm_acknowledged(event: Event, board: EventTargetBoard) -> None:
    alarm = board.get_record(ALARMS, event.data["alarm"])
    board.put_record(ALARMS, replace(alarm, acknowledged=event.time, by=event.actor))


def _apply_thanks(event: Event, board: EventTargetBoard) -> None:
    data = event.data
    if "seen" in data:
        board.put_record(THANKS, replace(board.get_record(THANKS, data["seen"]), seen=event.time))
        return
    board.put_record(
        THANKS,
        Thanks(
            seq=event.seq,
            date=date.fromisoformat(data["date"]),
            time=event.time,
            staff=event.staff or "",
            source=data.get("source") or SPOKEN,
            ticket=event.ticket,
            words=data.get("words"),
            by=event.actor,
        ),
    )


REMARK_CHANGES: dict[str, Callable[[Event, Any], None]] = {
    "offer": _apply_channel_offer,
    "channels": _apply_channel_totals,
    "notice": _apply_notice,
    "day-note": _apply_day_note,
    "opinion": _apply_opinion,
    "thanks": _apply_thanks,
    "alarm": _apply_alarm,
    "ack": _apply_alarm_acknowledged,
}


# -- messages between stations, calls for help -------------------------------------------------------------------------


def _apply_message(event: Event, board: EventTargetBoard) -> None:
    data = event.data
    if "seen" in data:
        message = board.get_record(MESSAGES, data["seen"])
        board.put_record(
            MESSAGES,
            replace(message, seen=(*message.seen, hall_messages.ReadReceipt(data["place"], event.actor, event.time))),
        )
        return
    board.put_record(
        MESSAGES,
        hall_messages.Message(
            seq=event.seq,
            date=date.fromisoformat(data["date"]),
            time=event.time,
            by=event.actor,
            origin=data["origin"],
            to=data["to"],
            text=data["text"],
            text_en=data.get("text_en") or "",
        ),
    )


def _apply_help_call(event: Event, board: EventTargetBoard) -> None:
    data, now, who = event.data, event.time, event.actor
    if "ack" in data:
        board.put_record(HELP_CALLS, replace(board.get_record(HELP_CALLS, data["ack"]), acknowledged=now, helper=who))
    elif "arrived" in data:
        call = board.get_record(HELP_CALLS, data["arrived"])
        board.put_record(HELP_CALLS, replace(call, ended=now, end=hall_messages.ARRIVED, ended_by=who))
    elif "cancelled" in data:
        call = board.get_record(HELP_CALLS, data["cancelled"])
        board.put_record(
            HELP_CALLS, replace(call, ended=now, end=hall_messages.CANCELLED, ended_by=who, reason=data["reason"])
        )
    else:
        board.put_record(
            HELP_CALLS,
            hall_messages.HelpCall(
                seq=event.seq,
                date=date.fromisoformat(data["date"]),
                place=data["place"],
                about=data.get("about") or "",
                about_en=data.get("about_en") or "",
                pressed=now,
                by=who,
            ),
        )


MESSAGE_CHANGES: dict[str, Callable[[Event, Any], None]] = {"message": _apply_message, "help": _apply_help_call}


# -- contingency cards -------------------------------------------------------------------------------------------------


def _apply_card_run(event: Event, board: EventTargetBoard) -> None:
    data = event.data
    if "of" not in data:
        board.put_record(
            CARD_RUNS,
            sentences.CardRun(
                seq=event.seq,
                date=date.fromisoformat(data["date"]),
                card=data["card"],
                name=data["name"],
                name_en=data.get("name_en") or "",
                steps=sentences.card_steps_from_rows(data["steps"]),
                started=event.time,
                by=event.actor,
            ),
        )
        return
    run = board.get_record(CARD_RUNS, data["of"])
    if "tick" in data:
        run = run.with_tick(data["tick"], event.time, event.actor)
    elif "untick" in data:
        run = run.without_tick(data["untick"])
    else:
        run = replace(run, ended=event.time, end=sentences.DONE, ended_by=event.actor, note=data.get("note") or "")
    board.put_record(CARD_RUNS, run)


CARD_CHANGES: dict[str, Callable[[Event, Any], None]] = {"card": _apply_card_run}


# -- equipment ---------------------------------------------------------------------------------------------------------


def _apply_device_state(event: Event, board: EventTargetBoard) -> None:
    data = event.data
    key, cause = (data["device"], data["station"]), data["cause"]
    before = board.find_record(DEVICES, key)
    when = before.known if before is not None else event.time
    if before is not None and before.outage is not None:
        outage = board.get_record(OUTAGES, before.outage)
        # An outage that was noticed late must not end before it began.
        board.put_record(OUTAGES, replace(outage, end=max(event.time, outage.start)))
    is_up = data["state"] == device_states.UP
    if not is_up:
        board.put_record(
            OUTAGES, device_states.Outage(seq=event.seq, device=key[0], station=key[1], cause=cause, start=event.time)
        )
    board.put_record(
        DEVICES,
        device_states.Device(
            device=key[0],
            station=key[1],
            known=when,
            since=event.time,
            outage=None if is_up else event.seq,
            cause=None if is_up else cause,
        ),
    )


DEVICE_CHANGES: dict[str, Callable[[Event, Any], None]] = {"device": _apply_device_state}


# -- checks of the equipment before the hall opens ---------------------------------------------------------------------


def _apply_equipment_check(event: Event, board: EventTargetBoard) -> None:
    data = event.data
    if "trial" in data:
        _push_test_notice(event, board)
        return
    board.put_record(
        CHECKS,
        DeviceCheck(
            seq=event.seq,
            date=date.fromisoformat(data["date"]),
            time=event.time,
            device=data["device"],
            station=data["station"],
            passed=data["passed"],
            cause=data.get("cause"),
            by=event.actor,
        ),
    )


def _push_test_notice(event: Event, board: EventTargetBoard) -> None:
    """Push the test sentence of a display or voice as a short notice. Printers react to the event itself."""
    data = event.data
    if data["device"] not in (device_states.DISPLAY, device_states.VOICE):
        return
    board.put_record(
        PUSHED,
        PushedNotice(
            seq=event.seq,
            date=date.fromisoformat(data["date"]),
            text=data["text"],
            text_en=data.get("text_en") or "",
            zone=None,
            since=event.time,
            until=datetime.fromisoformat(data["until"]),
            display=data["station"] or None,
            spoken=data["device"] == device_states.VOICE,
        ),
    )


def waiver_from_opening(event: Event) -> CheckWaiver | None:
    """Build the waiver of a window's opening, None if no check was missing."""
    data = event.data
    if not data.get("missing"):
        return None
    return CheckWaiver(
        seq=event.seq,
        date=date.fromisoformat(data["date"]),
        time=event.time,
        window=event.window or "",
        staff=event.staff or "",
        reason=data["waive"],
        missing=tuple(data["missing"]),
        by=event.actor,
    )


CHECK_CHANGES: dict[str, Callable[[Event, Any], None]] = {"check": _apply_equipment_check}


def _apply_window_open(event: Event, board: EventTargetBoard) -> None:
    code = window_code_of_event(event)
    staff = event.staff or ""
    shift = Shift(id=event.seq, window=code, staff=staff, date=date_given_in_event_data(event), opened=event.time)
    board.put_record(SHIFTS, shift)
    if (waiver := waiver_from_opening(event)) is not None:
        board.put_record(WAIVERS, waiver)
    window = board.window(code)
    board.put_record(
        WINDOWS,
        replace(window, state=WindowState.OPEN, staff=staff, since=event.time, reason=None, back=None, shift=shift.id),
    )


def _apply_window_pause(event: Event, board: EventTargetBoard) -> None:
    window = board.window(window_code_of_event(event))
    back = event.data.get("back")
    if window.state is WindowState.OPEN and window.shift is not None:
        board.put_record(SHIFTS, board.get_record(SHIFTS, window.shift).paused_shift(event.time, event.data["reason"]))
    since = window.since if window.state is WindowState.PAUSED else event.time
    board.put_record(
        WINDOWS,
        replace(
            window,
            state=WindowState.PAUSED,
            since=since,
            reason=event.data["reason"],
            back=parse_moment(back) if back else None,
        ),
    )


def _apply_window_resume(event: Event, board: EventTargetBoard) -> None:
    window = board.window(window_code_of_event(event))
    if window.shift is not None:
        board.put_record(SHIFTS, board.get_record(SHIFTS, window.shift).with_pause_ended(event.time))
    board.put_record(WINDOWS, replace(window, state=WindowState.OPEN, since=event.time, reason=None, back=None))


def _apply_window_close(event: Event, board: EventTargetBoard) -> None:
    _close_window(board, board.window(window_code_of_event(event)), event.time)


def _close_window(board: EventTargetBoard, window: Window, now: datetime) -> None:
    # A damaged window row may name a shift that does not exist; the day must end all the same.
    shift = None if window.shift is None else board.find_record(SHIFTS, window.shift)
    if shift is not None:
        board.put_record(SHIFTS, shift.ended_shift(now))
    closed = replace(
        window, state=WindowState.CLOSED, staff=None, ticket=None, since=now, shift=None, extra=frozenset()
    )
    board.put_record(WINDOWS, replace(closed, reason=None, back=None))


def _apply_service_lent_or_taken_back(event: Event, board: EventTargetBoard) -> None:
    window = board.window(window_code_of_event(event))
    service, is_back = event.service or "", bool(event.data.get("back"))
    if window.shift is not None:
        shift = board.get_record(SHIFTS, window.shift)
        board.put_record(
            SHIFTS,
            shift.with_lending_ended(event.time, service) if is_back else shift.with_service_lent(service, event.time),
        )
    board.put_record(WINDOWS, replace(window, extra=window.extra - {service} if is_back else window.extra | {service}))


def _apply_day_end(event: Event, board: EventTargetBoard) -> None:
    day, now, data = date_given_in_event_data(event), event.time, event.data
    for label in data["waiting"]:
        flags = ("day_end", "deferred") if data.get("early") else ("day_end",)
        board.put_record(
            TICKETS, board.get_record(TICKETS, (day, label)).ticket_after_leaving(now, *flags, end="day-end")
        )
    for label in data["gone"]:
        board.put_record(
            TICKETS,
            board.get_record(TICKETS, (day, label)).ticket_after_leaving(now, "day_end", "no_show", end="day-end"),
        )
    for label in data["finished"]:
        board.put_record(TICKETS, _ticket_as_finished_by_day_end(board.get_record(TICKETS, (day, label)), now))
    for code in data["windows"]:
        window = board.window(code)
        _close_window(board, window, now)
    for station in data["stations"]:
        board.put_signed_in(station, None)
    for seq in data.get("notices", ()):
        board.drop_record(PUSHED, seq)
    for seq in data.get("help_calls", ()):
        board.put_record(HELP_CALLS, replace(board.get_record(HELP_CALLS, seq), ended=now, end=hall_messages.DAY_END))
    for seq in data.get("cards", ()):
        board.put_record(CARD_RUNS, replace(board.get_record(CARD_RUNS, seq), ended=now, end=CARD_DAY_END))
    for seq in data.get("appointments", ()):
        board.put_record(APPOINTMENTS, replace(board.get_record(APPOINTMENTS, seq), state=AppointmentState.GONE))
    board.drop_record(ALARMS)


def _ticket_as_finished_by_day_end(ticket: Ticket, now: datetime) -> Ticket:
    done = replace(ticket.with_stall_ended(now), steps=(), flags=ticket.flags | {"inaccurate", "day_end"})
    return replace(
        done,
        legs=done.legs_with_current_changed(finished=now, end="day-end", ended=now, inaccurate=True),
        state=TicketState.FINISHED,
        window=None,
        since=now,
    )


def _apply_sign_in(event: Event, board: EventTargetBoard) -> None:
    board.put_signed_in(event.data["station"], event.staff)


def _apply_sign_out(event: Event, board: EventTargetBoard) -> None:
    board.put_signed_in(event.data["station"], None)


def _apply_visitor_lacking_papers(event: Event, board: EventTargetBoard) -> None:
    board.put_record(
        NOT_READY,
        VisitorLackingPapers(
            seq=event.seq,
            date=date_given_in_event_data(event),
            time=event.time,
            service=event.service or "",
            item=event.data.get("item"),
            guide=event.data.get("guide"),
        ),
    )


def _apply_setup_change(event: Event, board: EventTargetBoard) -> None:
    if "setup" in event.data:
        board.put_setup(setup_from_document(event.data["setup"]))
    else:
        before = board.setup()
        board.put_setup(setup_from_document(document_after_change(before.document if before else {}, event.data)))


def _apply_restored_number_series(event: Event, board: EventTargetBoard) -> None:
    for prefix, number in event.data["series"].items():
        board.put_series(date_given_in_event_data(event), prefix, number)


def _apply_log_clock_correction(event: Event, board: EventTargetBoard) -> None:
    """Remove the records of a clock that was ahead and continue from the true time: only this event turns time back."""
    board.drop_wrong_time(LogSectionWithWrongTime.from_event(event))
    for prefix, number in event.data["series"].items():
        board.put_series(date_given_in_event_data(event), prefix, number)
    board.put_hall_counters(
        replace(board.hall_counters(), date=date_given_in_event_data(event), normal_calls=None, calls_date=None)
    )


def date_given_in_event_data(event: Event) -> date:
    return date.fromisoformat(event.data["date"])


def window_code_of_event(event: Event) -> str:
    return event.window or ""


def parse_moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


HALL_CHANGES: dict[str, Callable[[Event, Any], None]] = {
    "open": _apply_window_open,
    "pause": _apply_window_pause,
    "resume": _apply_window_resume,
    "close": _apply_window_close,
    "lend": _apply_service_lent_or_taken_back,
    "day-end": _apply_day_end,
    "sign-in": _apply_sign_in,
    "sign-out": _apply_sign_out,
    "not-ready": _apply_visitor_lacking_papers,
    "set-up": _apply_setup_change,
    "restore": _apply_restored_number_series,
    "set-right": _apply_log_clock_correction,
}


# -- suggested moves of staff ------------------------------------------------------------------------------------------


def _apply_staffing_move(event: Event, board: EventTargetBoard) -> None:
    data = event.data
    move = StaffingMove(
        kind=data["kind"],
        window=event.window,
        staff=event.staff,
        service=event.service,
        to=data.get("to"),
        minutes=data.get("minutes"),
        services=tuple(data.get("services", ())),
        effect=ForecastMoveEffect(**data["effect"]) if "effect" in data else None,
    )
    board.put_record(
        MOVES,
        AnsweredMove(
            seq=event.seq,
            date=date.fromisoformat(data["date"]),
            time=event.time,
            by=event.actor,
            move=move,
            taken=not data.get("declined", False),
            base=data.get("base", {}),
        ),
    )


MOVE_CHANGES: dict[str, Callable[[Event, Any], None]] = {"move": _apply_staffing_move}


# -- appointments ------------------------------------------------------------------------------------------------------


def _apply_booking(event: Event, board: EventTargetBoard) -> None:
    data = event.data
    board.put_record(
        APPOINTMENTS,
        Appointment(
            seq=event.seq,
            date=date.fromisoformat(data["day"]),
            at=datetime.fromisoformat(data["for"]),
            service=event.service or "",
            item=data.get("item"),
            klass=data["class"],
            ref=data.get("ref"),
            person=data.get("person"),
            by=event.actor,
        ),
    )


def _apply_booking_end(event: Event, board: EventTargetBoard) -> None:
    state = AppointmentState.CANCELLED if "reason" in event.data else AppointmentState.GONE
    for seq in event.data["of"]:
        board.put_record(APPOINTMENTS, replace(board.get_record(APPOINTMENTS, seq), state=state))


APPOINTMENT_CHANGES: dict[str, Callable[[Event, Any], None]] = {"book": _apply_booking, "unbook": _apply_booking_end}
