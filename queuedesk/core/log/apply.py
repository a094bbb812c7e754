"""What each event changes: one function for each kind, the same on every board."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from msgspec.structs import replace

from queuedesk.core.log.apply_hall import APPOINTMENT_CHANGES, HALL_CHANGES, MOVE_CHANGES, event_day, moment, window_of
from queuedesk.core.log.apply_improvement import PROJECT_CHANGES, WORDING_CHANGES
from queuedesk.core.log.apply_quality import (
    CASE_CHANGES,
    COMMENT_CHANGES,
    FORUM_CHANGES,
    INSPECTION_CHANGES,
    MORNING_CHANGES,
    SHEET_CHANGES,
    TRAINING_CHANGES,
    open_rated,
)
from queuedesk.core.log.apply_talk import CARD_CHANGES, CHECK_CHANGES, DEVICE_CHANGES, MESSAGE_CHANGES, REMARK_CHANGES
from queuedesk.core.log.correction import correct
from queuedesk.core.log.event import Event
from queuedesk.core.log.state import APPOINTMENTS, CALLS, OVERTAKES, RATINGS, TICKETS, WINDOWS, Board, PaperBoard
from queuedesk.core.network.roles import UNTOLD
from queuedesk.core.queue.dispatch import Overtake, counted
from queuedesk.core.queue.ticket import CallMade, Leg, Rating, Ticket, TicketId, need_flags, new_turn, promise_of
from queuedesk.core.waits.promise_bounds import Tracker

OWN_STATION = "station:"
"""So begins the actor of what a customer pressed at a station: its name follows."""


def apply(event: Event, board: Board) -> None:
    """Change `board` by `event`. The event was checked before it was appended, so nothing is refused here."""
    board.put_hall(board.hall().after(event))
    change = CHANGES.get(event.kind)
    if change is not None:
        change(event, PaperBoard(board, event) if event.is_paper else board)


def _issue(event: Event, board: Board) -> None:
    ticket = _new_ticket(event)
    board.put(TICKETS, ticket)
    _count_number(event, board)
    if ticket.promise.bounds:
        low, high = (float(text) for text in ticket.promise.bounds)
        board.put_tracker(Tracker(low=low, high=high, upto=event.seq, at=event.time, date=ticket.date))
    if "appointment" in event.data:
        seq = event.data["appointment"]
        board.put(APPOINTMENTS, board.get(APPOINTMENTS, seq).came(ticket.label))


def _serve(event: Event, board: Board) -> None:
    code, now = window_of(event), event.time
    ticket = _new_ticket(event).called_to(code, event.staff, now).started(now)
    board.put(TICKETS, ticket)
    _count_number(event, board)
    board.put(WINDOWS, board.window(code).taking(ticket.id, now))
    _record_call(event, board, ticket)


def _count_number(event: Event, board: Board) -> None:
    """Note the last number of the series; a number on a record may be none of it."""
    if "number" in event.data:
        board.put_series(event_day(event), event.data["prefix"], event.data["number"])


def _call(event: Event, board: Board) -> None:
    code, now = window_of(event), event.time
    ticket = board.get(TICKETS, _id(event)).called_to(code, event.staff, now)
    board.put(TICKETS, ticket)
    board.put(WINDOWS, board.window(code).taking(ticket.id, now))
    _record_call(event, board, ticket)


def _record_call(event: Event, board: Board, ticket: Ticket) -> None:
    board.put(
        CALLS,
        CallMade(
            seq=event.seq,
            time=event.time,
            date=ticket.date,
            label=ticket.label,
            service=ticket.service,
            window=window_of(event),
            staff=event.staff,
        ),
    )
    hall = board.hall()
    normal = counted(hall.normal_calls_on(ticket.date), ticket)
    board.put_hall(replace(hall, normal_calls=normal, calls_date=ticket.date))
    for label in dict.fromkeys(event.data.get("passed") or ()):
        one = board.get(TICKETS, (ticket.date, label))
        board.put(TICKETS, replace(one, overtaken=one.overtaken + 1))
        board.put(
            OVERTAKES,
            Overtake(
                seq=event.seq,
                date=ticket.date,
                label=label,
                by=ticket.label,
                time=event.time,
                reason=event.data["why"],
                text=event.data.get("reason") or "",
            ),
        )


def _recall(event: Event, board: Board) -> None:
    board.put(TICKETS, board.get(TICKETS, _id(event)).recalled(event.time))


def _start(event: Event, board: Board) -> None:
    board.put(TICKETS, board.get(TICKETS, _id(event)).started(event.time))
    board.put(WINDOWS, replace(board.window(window_of(event)), since=event.time))


def _miss(event: Event, board: Board) -> None:
    board.put(TICKETS, board.get(TICKETS, _id(event)).missed(event.time))
    _free(event, board)


def _return(event: Event, board: Board) -> None:
    board.put(TICKETS, board.get(TICKETS, _id(event)).returned(event.time, event.data["reason"]))
    _free(event, board)


def _leave(event: Event, board: Board) -> None:
    board.put(TICKETS, board.get(TICKETS, _id(event)).left(event.time))
    _free(event, board)


def _void(event: Event, board: Board) -> None:
    board.put(TICKETS, board.get(TICKETS, _id(event)).voided(event.time, event.data["reason"]))
    _free(event, board)


def _defer(event: Event, board: Board) -> None:
    board.put(TICKETS, board.get(TICKETS, _id(event)).left(event.time, "deferred", end="defer"))


def _reinstate(event: Event, board: Board) -> None:
    ticket = board.get(TICKETS, _id(event))
    board.put(TICKETS, ticket.placed(moment(event.data["place"]), event.data["turn"], event.time))


def _postpone(event: Event, board: Board) -> None:
    ticket = board.get(TICKETS, _id(event))
    moved = ticket.placed(moment(event.data["place"]), event.data["turn"], event.time)
    board.put(TICKETS, replace(moved, postponed=ticket.postponed + 1))


def _need(event: Event, board: Board) -> None:
    ticket = board.get(TICKETS, _id(event))
    board.put(TICKETS, ticket.fetched() if "fetched" in event.data else ticket.needing(event.data["need"]))


def _finish(event: Event, board: Board) -> None:
    data, served = event.data, board.get(TICKETS, _id(event))
    ticket = replace(served, steps=(*data.get("then", ()), *served.steps)).finished(
        event.time,
        outcome=data.get("outcome"),
        note=data.get("note"),
        form_free=bool(data.get("form_free")),
        delivered=tuple(data.get("delivered") or ()),
    )
    board.put(TICKETS, _weighed(ticket, event))
    board.put(WINDOWS, board.window(window_of(event)).freed(event.time, last=ticket.id))


def _weighed(ticket: Ticket, event: Event) -> Ticket:
    """Return the ticket with the credit of the service that it goes on to, where the event names another one."""
    return replace(ticket, credit_s=event.data.get("credit_s", ticket.credit_s))


def _reopen(event: Event, board: Board) -> None:
    ticket = board.get(TICKETS, _id(event)).reopened(event.time)
    board.put(TICKETS, ticket)
    board.put(WINDOWS, board.window(window_of(event)).taking(ticket.id, event.time))


def _add(event: Event, board: Board) -> None:
    ticket = board.get(TICKETS, _id(event))
    board.put(TICKETS, replace(ticket, steps=(event.data["added"], *ticket.steps)))


def _stall(event: Event, board: Board) -> None:
    board.put(TICKETS, board.get(TICKETS, _id(event)).stalled(event.time, event.data["reason"]))


def _unstall(event: Event, board: Board) -> None:
    board.put(TICKETS, board.get(TICKETS, _id(event)).unstalled(event.time))


def _park(event: Event, board: Board) -> None:
    board.put(TICKETS, board.get(TICKETS, _id(event)).parked(event.time, event.data["reason"]))
    _free(event, board)


def _unpark(event: Event, board: Board) -> None:
    code = window_of(event)
    ticket = board.get(TICKETS, _id(event)).unparked(code, event.staff, event.time)
    board.put(TICKETS, ticket)
    board.put(WINDOWS, board.window(code).taking(ticket.id, event.time))


def _transfer(event: Event, board: Board) -> None:
    data = event.data
    ticket = board.get(TICKETS, _id(event)).transferred(data["to"], event.time, data.get("note"))
    if data.get("place_at"):
        ticket = ticket.placed(moment(data["place_at"]), data["turn"], event.time)
    until = data.get("held_until")
    ticket = replace(
        ticket,
        to_window=data.get("to_window"),
        to_staff=data.get("to_staff"),
        held_until=moment(until) if until else None,
    )
    board.put(TICKETS, _weighed(ticket, event))
    _free(event, board)


def _redirect(event: Event, board: Board) -> None:
    moved = board.get(TICKETS, _id(event)).redirected(event.data["to"], event.time)
    board.put(TICKETS, _weighed(moved, event))
    _free(event, board)


def _rate(event: Event, board: Board) -> None:
    id, data = _id(event), event.data
    ticket = board.get(TICKETS, id)
    leg = ticket.leg
    level = data.get("level", UNTOLD)
    board.put(TICKETS, replace(ticket, rating=level))
    board.put(
        RATINGS,
        Rating(
            date=id[0],
            label=id[1],
            level=level,
            time=event.time,
            service=leg.service,
            window=leg.window,
            staff=leg.staff,
            tags=tuple(data.get("tags") or ()),
            comment=data.get("comment"),
            attitude=data.get("attitude"),
            competence=data.get("competence"),
            reasons=bool(data.get("tags") or data.get("comment") or data.get("explained")),
        ),
    )
    open_rated(event, board)


def _reasons(event: Event, board: Board) -> None:
    rating = board.get(RATINGS, _id(event))
    tags = tuple(event.data.get("tags") or ())
    marks = {name: event.data[name] for name in ("attitude", "competence") if name in event.data}
    board.put(RATINGS, replace(rating, tags=tags, comment=event.data.get("comment"), reasons=True, **marks))


def _new_ticket(event: Event) -> Ticket:
    """Return the ticket that `event` issues; a process applies its own event twice, to the tables and to the hall that
    it keeps in memory."""
    last = _made.get("last")
    if last is None or last[0] is not event:
        last = _made["last"] = event, _made_by(event)
    return last[1]


_made: dict[str, tuple[Event, Ticket]] = {}


def _made_by(event: Event) -> Ticket:
    data, now = event.data, event.time
    service = event.service or ""
    promise = data.get("promise") or {}
    place = moment(data["place"]) if data.get("place") else now
    return Ticket(
        date=event_day(event),
        label=event.ticket or "",
        service=service,
        arrived=now,
        place=place,
        seq=event.seq,
        turn=new_turn(event.seq),
        token=data["token"],
        item=data.get("item"),
        klass=data["class"],
        credit_s=data.get("credit_s", 0),
        steps=tuple(data.get("steps") or ()),
        legs=(Leg(n=1, service=service, joined=now, item=data.get("item")),),
        since=now,
        guide=data.get("guide"),
        promise=promise_of(promise),
        not_before=moment(data["not_before"]) if data.get("not_before") else None,
        flags=frozenset(_first_flags(event)) | need_flags(data.get("need") or "", data.get("speaks") or ""),
        return_of=data.get("return_of"),
        ref=data.get("ref"),
    )


def _first_flags(event: Event) -> list[str]:
    data = event.data
    flags = ["repeat_papers"] if data.get("repeat") else []
    if event.kind == "issue" and event.actor.startswith(OWN_STATION):
        flags.append("kiosk")
    if data.get("closing"):
        flags.append("may_not_be_called")
    if "appointment" in data:
        return [*flags, "appointment"]
    return [*flags, "early_place"] if data.get("place") else flags


def _free(event: Event, board: Board) -> None:
    if event.window is not None:
        board.put(WINDOWS, board.window(event.window).freed(event.time))


def _id(event: Event) -> TicketId:
    return (event_day(event), event.ticket or "")


CHANGES: dict[str, Callable[[Event, Any], None]] = {
    **HALL_CHANGES,
    **APPOINTMENT_CHANGES,
    **REMARK_CHANGES,
    **COMMENT_CHANGES,
    **DEVICE_CHANGES,
    **INSPECTION_CHANGES,
    **FORUM_CHANGES,
    **MORNING_CHANGES,
    **PROJECT_CHANGES,
    **WORDING_CHANGES,
    **TRAINING_CHANGES,
    **MESSAGE_CHANGES,
    **CARD_CHANGES,
    **MOVE_CHANGES,
    **CHECK_CHANGES,
    **CASE_CHANGES,
    **SHEET_CHANGES,
    "issue": _issue,
    "serve": _serve,
    "call": _call,
    "recall": _recall,
    "start": _start,
    "miss": _miss,
    "return": _return,
    "leave": _leave,
    "void": _void,
    "defer": _defer,
    "reinstate": _reinstate,
    "postpone": _postpone,
    "need": _need,
    "finish": _finish,
    "reopen": _reopen,
    "add": _add,
    "stall": _stall,
    "unstall": _unstall,
    "park": _park,
    "unpark": _unpark,
    "transfer": _transfer,
    "redirect": _redirect,
    "rate": _rate,
    "reasons": _reasons,
    "correct": correct,
}
"""By kind, those of features added (added_rules.py)."""
