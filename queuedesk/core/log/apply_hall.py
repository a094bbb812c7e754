"""What events about windows, people, appointments, suggested moves, the set-up and the day itself change."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from msgspec.structs import replace

from queuedesk.core.log.apply_talk import waiver_of
from queuedesk.core.log.clocks import WrongTime
from queuedesk.core.log.event import Event
from queuedesk.core.log.state import (
    ALARMS,
    APPOINTMENTS,
    CARD_RUNS,
    HELP_CALLS,
    MOVES,
    NOT_READY,
    PUSHED,
    SHIFTS,
    TICKETS,
    WAIVERS,
    WINDOWS,
    Board,
)
from queuedesk.core.queue.appointment import Appointment, Booked
from queuedesk.core.queue.ticket import NotReady, State, Ticket
from queuedesk.core.queue.window import Shift, Window, WindowState
from queuedesk.core.setup.cards import DAY_END as CARD_DAY_END
from queuedesk.core.setup.file import changed, read_setup
from queuedesk.core.staffing.move import Effect, MadeMove, Move
from queuedesk.core.talk.messages import DAY_END


def _open(event: Event, board: Board) -> None:
    code = window_of(event)
    staff = event.staff or ""
    shift = Shift(id=event.seq, window=code, staff=staff, date=event_day(event), opened=event.time)
    board.put(SHIFTS, shift)
    if (waiver := waiver_of(event)) is not None:
        board.put(WAIVERS, waiver)
    window = board.window(code)
    board.put(
        WINDOWS,
        replace(window, state=WindowState.OPEN, staff=staff, since=event.time, reason=None, back=None, shift=shift.id),
    )


def _pause(event: Event, board: Board) -> None:
    window = board.window(window_of(event))
    back = event.data.get("back")
    if window.state is WindowState.OPEN and window.shift is not None:
        board.put(SHIFTS, board.get(SHIFTS, window.shift).paused(event.time, event.data["reason"]))
    since = window.since if window.state is WindowState.PAUSED else event.time
    board.put(
        WINDOWS,
        replace(
            window,
            state=WindowState.PAUSED,
            since=since,
            reason=event.data["reason"],
            back=moment(back) if back else None,
        ),
    )


def _resume(event: Event, board: Board) -> None:
    window = board.window(window_of(event))
    if window.shift is not None:
        board.put(SHIFTS, board.get(SHIFTS, window.shift).resumed(event.time))
    board.put(WINDOWS, replace(window, state=WindowState.OPEN, since=event.time, reason=None, back=None))


def _close(event: Event, board: Board) -> None:
    _close_window(board, board.window(window_of(event)), event.time)


def _close_window(board: Board, window: Window, now: datetime) -> None:
    # A row that was damaged beside the log names a shift that is not there; the day ends all the same.
    shift = None if window.shift is None else board.find(SHIFTS, window.shift)
    if shift is not None:
        board.put(SHIFTS, shift.ended(now))
    closed = replace(
        window, state=WindowState.CLOSED, staff=None, ticket=None, since=now, shift=None, extra=frozenset()
    )
    board.put(WINDOWS, replace(closed, reason=None, back=None))


def _lend(event: Event, board: Board) -> None:
    window = board.window(window_of(event))
    service, is_back = event.service or "", bool(event.data.get("back"))
    if window.shift is not None:
        shift = board.get(SHIFTS, window.shift)
        board.put(SHIFTS, shift.taken_back(event.time, service) if is_back else shift.lending(service, event.time))
    board.put(WINDOWS, replace(window, extra=window.extra - {service} if is_back else window.extra | {service}))


def _day_end(event: Event, board: Board) -> None:
    day, now, data = event_day(event), event.time, event.data
    for label in data["waiting"]:
        flags = ("day_end", "deferred") if data.get("early") else ("day_end",)
        board.put(TICKETS, board.get(TICKETS, (day, label)).left(now, *flags, end="day-end"))
    for label in data["gone"]:
        board.put(TICKETS, board.get(TICKETS, (day, label)).left(now, "day_end", "no_show", end="day-end"))
    for label in data["finished"]:
        board.put(TICKETS, _ended_overnight(board.get(TICKETS, (day, label)), now))
    for code in data["windows"]:
        window = board.window(code)
        _close_window(board, window, now)
    for station in data["stations"]:
        board.put_signed_in(station, None)
    for seq in data.get("notices", ()):
        board.drop(PUSHED, seq)
    for seq in data.get("help_calls", ()):
        board.put(HELP_CALLS, replace(board.get(HELP_CALLS, seq), ended=now, end=DAY_END))
    for seq in data.get("cards", ()):
        board.put(CARD_RUNS, replace(board.get(CARD_RUNS, seq), ended=now, end=CARD_DAY_END))
    for seq in data.get("appointments", ()):
        board.put(APPOINTMENTS, replace(board.get(APPOINTMENTS, seq), state=Booked.GONE))
    board.drop(ALARMS)


def _ended_overnight(ticket: Ticket, now: datetime) -> Ticket:
    done = replace(ticket.unstalled(now), steps=(), flags=ticket.flags | {"inaccurate", "day_end"})
    return replace(
        done,
        legs=done.legs_with(finished=now, end="day-end", ended=now, inaccurate=True),
        state=State.FINISHED,
        window=None,
        since=now,
    )


def _sign_in(event: Event, board: Board) -> None:
    board.put_signed_in(event.data["station"], event.staff)


def _sign_out(event: Event, board: Board) -> None:
    board.put_signed_in(event.data["station"], None)


def _not_ready(event: Event, board: Board) -> None:
    board.put(
        NOT_READY,
        NotReady(
            seq=event.seq,
            date=event_day(event),
            time=event.time,
            service=event.service or "",
            item=event.data.get("item"),
            guide=event.data.get("guide"),
        ),
    )


def _set_up(event: Event, board: Board) -> None:
    if "setup" in event.data:
        board.put_setup(read_setup(event.data["setup"]))
    else:
        before = board.setup()
        board.put_setup(read_setup(changed(before.document if before else {}, event.data)))


def _restore(event: Event, board: Board) -> None:
    for prefix, number in event.data["series"].items():
        board.put_series(event_day(event), prefix, number)


def _set_right(event: Event, board: Board) -> None:
    """Take out what a clock that was ahead has told, and go on from the true time: the one event that goes back."""
    board.drop_wrong_time(WrongTime.of(event))
    for prefix, number in event.data["series"].items():
        board.put_series(event_day(event), prefix, number)
    board.put_hall(replace(board.hall(), date=event_day(event), normal_calls=None, calls_date=None))


def event_day(event: Event) -> date:
    """Return the business date that an event names."""
    return date.fromisoformat(event.data["date"])


def window_of(event: Event) -> str:
    """Return the window of an event that has one."""
    return event.window or ""


def moment(text: str) -> datetime:
    """Return the time that a stored text gives."""
    return datetime.fromisoformat(text)


HALL_CHANGES: dict[str, Callable[[Event, Any], None]] = {
    "open": _open,
    "pause": _pause,
    "resume": _resume,
    "close": _close,
    "lend": _lend,
    "day-end": _day_end,
    "sign-in": _sign_in,
    "sign-out": _sign_out,
    "not-ready": _not_ready,
    "set-up": _set_up,
    "restore": _restore,
    "set-right": _set_right,
}


# -- what events about suggested moves change ------------------------------------------------------------------------


def _move(event: Event, board: Board) -> None:
    data = event.data
    move = Move(
        kind=data["kind"],
        window=event.window,
        staff=event.staff,
        service=event.service,
        to=data.get("to"),
        minutes=data.get("minutes"),
        services=tuple(data.get("services", ())),
        effect=Effect(**data["effect"]) if "effect" in data else None,
    )
    board.put(
        MOVES,
        MadeMove(
            seq=event.seq,
            date=date.fromisoformat(data["date"]),
            time=event.time,
            by=event.actor,
            move=move,
            taken=not data.get("declined", False),
            base=data.get("base", {}),
        ),
    )


MOVE_CHANGES: dict[str, Callable[[Event, Any], None]] = {"move": _move}


# -- what events about appointments change ---------------------------------------------------------------------------


def _book(event: Event, board: Board) -> None:
    data = event.data
    board.put(
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


def _unbook(event: Event, board: Board) -> None:
    state = Booked.CANCELLED if "reason" in event.data else Booked.GONE
    for seq in event.data["of"]:
        board.put(APPOINTMENTS, replace(board.get(APPOINTMENTS, seq), state=state))


APPOINTMENT_CHANGES: dict[str, Callable[[Event, Any], None]] = {"book": _book, "unbook": _unbook}
