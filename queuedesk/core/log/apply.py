"""What each event changes: one function for each kind, the same on every board; applied completely or not at all.

The changes of an event are held back until all of them are known.

`load_rules` takes in what IN_LOG of queuedesk.features names, before anything of a log is read: queuedesk.store calls
it. A feature's kinds and parts are called by its name and a dot, "lost_property.found": so the events of one whose
folder is not there are known, and kept unread.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, get_args

from msgspec import Struct, convert
from msgspec.structs import fields, replace

from queuedesk.core.features import in_log, load
from queuedesk.core.improvement.project import (
    Cause,
    EffectFigure,
    Ending,
    Evidence,
    Judgement,
    Kind,
    Measure,
    Place,
    Project,
    Spans,
    Standard,
    Target,
)
from queuedesk.core.improvement.wording import WordTrial
from queuedesk.core.log.apply_hall import (
    APPOINTMENT_CHANGES,
    CARD_CHANGES,
    CHECK_CHANGES,
    DEVICE_CHANGES,
    HALL_CHANGES,
    MESSAGE_CHANGES,
    MOVE_CHANGES,
    REMARK_CHANGES,
    event_day,
    moment,
    window_of,
)
from queuedesk.core.log.apply_quality import (
    CASE_CHANGES,
    COMMENT_CHANGES,
    FORUM_CHANGES,
    INSPECTION_CHANGES,
    MORNING_CHANGES,
    SHEET_CHANGES,
    TRAINING_CHANGES,
    if_told,
    open_rated,
)
from queuedesk.core.log.event import (
    DAY,
    EVERY_MAY,
    REFERS,
    SHAPES,
    TWICE,
    Event,
    Fault,
    SetAside,
    Shape,
    Type,
    feature_of,
    stamp,
)
from queuedesk.core.log.state import (
    ADDED,
    APPOINTMENTS,
    CALLS,
    OVERTAKES,
    PARTS,
    PROJECTS,
    RATINGS,
    TICKETS,
    WINDOWS,
    WORDINGS,
    Board,
    HallNow,
    K,
    PaperBoard,
    Part,
    T,
    WrongTime,
)
from queuedesk.core.network.roles import UNTOLD, Role, add_verb
from queuedesk.core.queue.dispatch import Overtake, counted
from queuedesk.core.queue.ticket import CallMade, Leg, Rating, Ticket, TicketId, need_flags, new_turn, promise_of
from queuedesk.core.setup.rows import Setup
from queuedesk.core.waits.estimates import Tracker

ALONE = ("outcome", "note", "form_free", "delivered", "item")
"""What one person may correct."""
WITH_SECOND = ("started", "finished", "staff", "rating")
"""What times, pay and people hang on: a second person has to agree, so that nobody makes figures look better unseen."""
LEADING = (Role.MANAGER, Role.ADMIN)
EXCLUDED = "excluded"
"""The value of a rating that a correction takes out of the figures."""
CORRECTED, RATING_EXCLUDED, CORRECTED_ALONE = "corrected", "rating_excluded", "corrected_alone"
"""The flags of a ticket that was corrected, of one whose rating does not count, and of one where nobody else could
agree to what takes two."""


def may_agree(setup: Setup, who: str, concerned: Collection[str | None]) -> list[str]:
    """Return who may be the second person to a correction by `who`, in the set-up's order.

    Every other manager and admin. In a hall without another one any other member of staff may be a witness, except
    those the correction concerns. With an empty list there is nobody, and `who` corrects alone.
    """
    others = [person for person in setup.staff.values() if person.code != who]
    leading = [person.code for person in others if person.role in LEADING]
    return leading or [person.code for person in others if person.code not in concerned]


def old_value(leg: Leg, rating: Rating | None, name: str) -> object:
    """Return the current value in the log's form."""
    if name == "rating":
        if rating is None:
            return None
        return EXCLUDED if rating.excluded else rating.level
    value = getattr(leg, name)
    return list(value) if isinstance(value, tuple) else value


def in_order(leg: Leg, following: Leg | None) -> bool:
    """Return whether a leg's times are possible: called, started, finished, with room for what was set aside, then the
    next call."""
    times = [leg.called, leg.started, leg.finished, following.called if following else None]
    moments = [time for time in times if time is not None]
    if moments != sorted(moments):
        return False
    if leg.started is None or leg.finished is None:
        return True
    return leg.finished - leg.started >= leg.aside


def corrected_leg(leg: Leg, new: Mapping[str, Any]) -> Leg:
    """Return the leg with the values of `new`, times as `datetime`; a time that somebody gave is no longer assumed."""
    changes: dict[str, Any] = {
        name: new[name] for name in ("staff", "item", "outcome", "note", "form_free") if name in new
    }
    if "delivered" in new:
        changes["delivered"] = tuple(new["delivered"])
    if "started" in new:
        changes |= {"started": new["started"], "start_assumed": False}
    if "finished" in new:
        ended = new["finished"] if leg.ended == leg.finished else leg.ended
        changes |= {"finished": new["finished"], "ended": ended, "inaccurate": False}
    return replace(leg, **changes)


def corrected(ticket: Ticket, n: int, new: Mapping[str, Any], *, alone: bool = False) -> Ticket:
    """Return the ticket with leg `n` corrected and flagged; flags that depended on the old times are removed. An item
    is that of all legs of its service."""
    service = ticket.legs[n - 1].service
    of_service = {"item": new["item"]} if "item" in new else {}
    legs = tuple(
        corrected_leg(leg, new if leg.n == n else of_service) if leg.n == n or leg.service == service else leg
        for leg in ticket.legs
    )
    gone = {name for name in ("start_assumed", "inaccurate") if not any(getattr(leg, name) for leg in legs)}
    rating, flags = new.get("rating"), {CORRECTED, CORRECTED_ALONE} if alone else {CORRECTED}
    if rating == EXCLUDED:
        flags.add(RATING_EXCLUDED)
    elif rating is not None:
        gone.add(RATING_EXCLUDED)
    return replace(
        ticket,
        legs=legs,
        item=legs[-1].item,
        rating=rating if isinstance(rating, int) else ticket.rating,
        flags=(ticket.flags - gone) | flags,
    )


def correct(event: Event, board: Board) -> None:
    """Change the board by a correction."""
    new = dict(event.data["new"])
    for name in ("started", "finished"):
        if name in new:
            new[name] = datetime.fromisoformat(new[name])
    id = (event.date or event.time.date(), event.ticket or "")
    ticket = corrected(board.get(TICKETS, id), event.data["leg"], new, alone=event.data.get("alone", False))
    board.put(TICKETS, ticket)
    if ticket.rating is None:
        return
    rating = board.get(RATINGS, id)
    if "rating" in new:
        is_out = new["rating"] == EXCLUDED
        rating = replace(rating, excluded=is_out, level=rating.level if is_out else new["rating"])
    if ticket.leg.staff != rating.staff:
        rating = replace(rating, staff=ticket.leg.staff)
    board.put(RATINGS, rating)


_ENDS_LEG = frozenset({"finish", "transfer", "redirect", "day-end"})


def told_as_corrected(events: Sequence[Event]) -> list[Event]:
    """Return a ticket's events with the starts and ends that corrections gave; a start that was skipped is added if one
    was given."""
    given: dict[int, dict[str, datetime]] = {}
    for event in events:
        if event.kind == "correct":
            new = event.data["new"]
            times = {name: datetime.fromisoformat(new[name]) for name in ("started", "finished") if name in new}
            given.setdefault(event.data["leg"], {}).update(times)
    if not any(given.values()):
        return list(events)
    legs = _legs_of(events)
    ends = {leg: event.seq for event, leg in zip(events, legs, strict=True) if event.kind in _ENDS_LEG}
    told: list[Event] = []
    for event, leg in zip(events, legs, strict=True):
        times = given.get(leg, {})
        if event.kind == "start":
            told.append(replace(event, time=times.get("started", event.time)))
        elif ends.get(leg) != event.seq:
            told.append(event)
        else:
            end = replace(event, time=times.get("finished", event.time))
            if event.data.get("start_assumed") and "started" in times:
                told.append(replace(event, kind="start", time=times["started"], data={}))
                end = replace(end, data={})
            told.append(end)
    return told


def _legs_of(events: Sequence[Event]) -> list[int]:
    """Return the number of the leg that each event belongs to; one that ends a leg belongs to it."""
    legs, leg = [], 1
    steps = list(events[0].data.get("steps") or ())
    for event in events:
        legs.append(leg)
        if event.kind == "add":
            steps.insert(0, event.data["added"])
        elif event.kind in ("transfer", "redirect"):
            leg += 1
        elif event.kind == "finish" and steps:
            steps.pop(0)
            leg += 1
    return legs


MILLION = 1_000_000
"""The log holds no fractions: shares and other figures stand in it as millionths."""


def _open(event: Event, board: Board) -> None:
    data = event.data
    board.put(
        PROJECTS,
        Project(
            seq=event.seq,
            number=data["number"],
            date=date.fromisoformat(data["date"]),
            title=data["title"],
            leader=data["leader"],
            by=event.actor,
            finding=data.get("finding"),
        ),
    )


def _set(event: Event, board: Board) -> None:
    data = event.data
    project = board.get(PROJECTS, data["of"])
    named = {name: data[name] for name in ("title", "leader", "finding", "next") if data.get(name)}
    if (state := data.get("state")) is not None:
        named["state"] = tuple(state)
    if data.get("figure"):
        named["target"] = Target(
            figure=data["figure"],
            value=data["value"] / MILLION,
            by=date.fromisoformat(data["by"]),
            words=data["words"],
        )
    if (rows := data.get("follows")) is not None:
        named["follows"] = tuple(
            EffectFigure(row["figure"], None if row.get("alarm") is None else row["alarm"] / MILLION) for row in rows
        )
    if data.get("measures"):
        first, last, began, then, until = (
            date.fromisoformat(data[name]) for name in ("first", "last", "measures", "then", "until")
        )
        named["spans"] = Spans(before=(first, last), measures=began, after=(then, until))
    board.put(PROJECTS, replace(project, **named))


def _cause(event: Event, board: Board) -> None:
    data = event.data
    project = board.get(PROJECTS, data["of"])
    cause = project.cause(data["n"])
    if cause is None:
        changed = Cause(words=data["words"], bone=data["bone"], own_bone=data.get("own_bone"))
    elif data.get("removed"):
        changed = replace(cause, is_removed=True)
    else:
        own = data.get("own_bone")
        changed = replace(cause, words=data["words"], bone=data["bone"], own_bone=own)
    board.put(PROJECTS, project.with_cause(data["n"], changed))


def _evidence(event: Event, board: Board) -> None:
    data = event.data
    project = board.get(PROJECTS, data["of"])
    cause = project.causes[data["n"] - 1]
    if "removed" in data:
        rows = list(cause.evidence)
        del rows[data["removed"] - 1]
    else:
        rows = [*cause.evidence, Evidence(Kind(data["kind"]), data["words"])]
    judged = cause.judgement
    # What was confirmed by evidence alone is open again without it.
    if not rows and judged is Judgement.CONFIRMED:
        judged = Judgement.OPEN
    board.put(PROJECTS, project.with_cause(data["n"], replace(cause, evidence=tuple(rows), judgement=judged)))


def _judge(event: Event, board: Board) -> None:
    data = event.data
    project = board.get(PROJECTS, data["of"])
    cause = project.causes[data["n"] - 1]
    judged = replace(cause, judgement=Judgement(data["judgement"]), judged_by=event.actor, judged=event.time)
    board.put(PROJECTS, project.with_cause(data["n"], judged))


def _measure(event: Event, board: Board) -> None:
    data = event.data
    project = board.get(PROJECTS, data["of"])
    measure = project.measure(data["n"])
    named: dict[str, Any] = {name: data[name] for name in ("words", "who", "where", "cost") if data.get(name)}
    named |= {name: date.fromisoformat(data[name]) for name in ("due", "done") if data.get(name)}
    if "causes" in data:
        named["causes"] = tuple(data["causes"])
    if data.get("removed"):
        named["is_removed"] = True
    changed = Measure(**named) if measure is None else replace(measure, **named)
    board.put(PROJECTS, project.with_measure(data["n"], changed))


def _standard(event: Event, board: Board) -> None:
    data = event.data
    project = board.get(PROJECTS, data["of"])
    made = Standard(
        place=Place(data["place"]),
        ref=data.get("ref") or "",
        by=event.actor,
        at=event.time,
        words=data.get("words"),
        is_asked=bool(data.get("asked")),
        asked_by=data.get("asked_by"),
    )
    measure = project.measures[data["n"] - 1]
    board.put(PROJECTS, project.with_measure(data["n"], replace(measure, standard=made)))


def _end(event: Event, board: Board) -> None:
    data = event.data
    project = board.get(PROJECTS, data["of"])
    ended = replace(project, ended=event.time, ending=Ending(data["ending"]), words=data.get("words"))
    board.put(PROJECTS, ended)


PROJECT_CHANGES: dict[str, Callable[[Event, Any], None]] = {
    kind: if_told(change)
    for kind, change in {
        "project-open": _open,
        "project-set": _set,
        "project-cause": _cause,
        "project-evidence": _evidence,
        "project-judge": _judge,
        "project-measure": _measure,
        "project-standard": _standard,
        "project-end": _end,
    }.items()
}


def _wording(event: Event, board: Board) -> None:
    data = event.data
    if "of" in data:
        trial = board.get(WORDINGS, data["of"])
        board.put(WORDINGS, replace(trial, ended=date.fromisoformat(data["day"]), end=data["end"]))
        return
    trial = WordTrial(
        seq=event.seq,
        date=date.fromisoformat(data["date"]),
        by=event.actor,
        service=event.service or "",
        services=tuple(data.get("services", ())),
        first=date.fromisoformat(data["first"]),
        weeks=data["weeks"],
        **{name: data[name] for name in ("name", "name_en", "label", "label_en")},
    )
    board.put(WORDINGS, trial)


WORDING_CHANGES = {"wording": _wording}


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
"""By kind, those of features added (load_rules)."""


UNFOLDABLE = (LookupError, ValueError, TypeError, AttributeError, ArithmeticError, RecursionError)
"""What applying an event raises that has the right form and is about something that is not there, or can't be so."""

FIRST_KINDS = ("issue", "serve")
"""What gives out a number."""


class _HeldBack(Board):
    """A board that reads from another one and writes to it at the end: `write`."""

    def __init__(self, board: Board) -> None:
        self._board = board
        self._now = board.hall()
        self._new: dict[tuple[str, Hashable], Any] = {}
        self._deeds: list[Callable[[], None]] = []

    def write(self) -> None:
        """Change the board."""
        for deed in self._deeds:
            deed()
        self._deeds.clear()  # They hold this board as it holds them: only a collection would let go of both.

    def find(self, part: Part[K, T], key: K) -> T | None:
        new: T | None = self._new.get((part.name, key))
        return new if new is not None else self._board.find(part, key)

    def put(self, part: Part[K, T], one: T) -> None:
        self._new[part.name, part.key_of(one)] = one
        self._deeds.append(lambda: self._board.put(part, one))

    def drop(self, part: Part[K, T], key: K | None = None) -> None:
        self._deeds.append(lambda: self._board.drop(part, key))

    def put_series(self, day: date, prefix: str, number: int) -> None:
        self._deeds.append(lambda: self._board.put_series(day, prefix, number))

    def put_signed_in(self, station: str, staff: str | None) -> None:
        self._deeds.append(lambda: self._board.put_signed_in(station, staff))

    def put_tracker(self, tracker: Tracker) -> None:
        self._deeds.append(lambda: self._board.put_tracker(tracker))

    def drop_wrong_time(self, wrong: WrongTime) -> None:
        self._deeds.append(lambda: self._board.drop_wrong_time(wrong))

    def hall(self) -> HallNow:
        return self._now

    def put_hall(self, now: HallNow) -> None:
        self._now = now
        self._deeds.append(lambda: self._board.put_hall(now))

    def setup(self) -> Setup | None:
        return self._board.setup()

    def put_setup(self, setup: Setup) -> None:
        self._deeds.append(lambda: self._board.put_setup(setup))


def fold(event: Event, board: Board) -> Fault | None:
    """Apply an event that is in a log, whoever wrote it, to a board that holds the whole hall: completely, or if that
    is impossible not at all.

    Return why it was set aside, None where it was applied. The board's seq and hash advance in either case. All whole
    boards agree: whether the subject of an event exists depends on the log alone.
    """
    held = _HeldBack(board)
    try:
        if _gives_out_again(event, board):
            board.put_hall(board.hall().after(event))
            return Fault(TWICE, "ticket")
        apply(event, held)
    except UNFOLDABLE:
        board.put_hall(board.hall().after(event))
        return Fault(REFERS, "")
    held.write()
    return event.why if isinstance(event, SetAside) else None


def _gives_out_again(event: Event, board: Board) -> bool:
    if event.kind not in FIRST_KINDS:
        return False
    return board.find(TICKETS, (event_day(event), event.ticket or "")) is not None


DOOR_AND_COUNTER = (Role.GUIDE, Role.CLERK)


class Verb(Struct, frozen=True):
    """Who may do something. An id that is given again remembers of its answer no more than the fields `keeps`, as its
    words may name a customer."""

    roles: Collection[Role]
    keeps: tuple[str, ...]


class AddedEvent(Struct, frozen=True):
    """What an event of some kind holds, and what it changes: as with the kinds above, but no part except the feature's
    own, as new tables are filled from its own events alone. On a shared server any PC of staff may append it, or only a
    `managers`."""

    shape: Shape
    change: Callable[[Event, Any], None]
    managers: bool = False


class AddedRules(Struct, frozen=True, kw_only=True):
    """What a feature adds: parts by which it is remembered, kinds of events, and verbs."""

    parts: tuple[Part[Any, Any], ...]
    events: Mapping[str, AddedEvent]
    verbs: Mapping[str, Verb]


_TYPES = {int: Type.NUMBER, str: Type.TEXT, bool: Type.FLAG, date: Type.DAY, datetime: Type.TIME}
VERBS: dict[str, Verb] = {}
"""By name, of every feature that is there."""
MANAGERS_KINDS: set[str] = set()
_taken: list[str] = []


def holds(needs: Mapping[str, Type], may: Mapping[str, Type] | None = None) -> Shape:
    """Return the form of an event whose data need these fields, beside its date, and may have those."""
    needed = {"date": DAY, **needs}
    return Shape(
        when=None,
        columns=(),
        needs=needed,
        may={name: kind for name, kind in {**EVERY_MAY, **(may or {})}.items() if name not in needed},
    )


def kept(part: Part[Any, Any]) -> AddedEvent:
    """Return an event that is kept as it is, as an object of a part: each field from the data under its name; seq,
    date, time and by from the event, unless the data say another time."""
    named = [one for one in fields(part.kind) if one.name not in ("seq", "date", "by")]

    def put(event: Event, board: Any) -> None:
        told = {"seq": event.seq, "time": stamp(event.time), "by": event.actor, **event.data}
        board.put(part, convert({one.name: told.get(one.name) for one in fields(part.kind) if one.required}, part.kind))

    needs = {one.name: _type(one.type) for one in named if one.required and one.type in _TYPES and one.name != "time"}
    may = {one.name: _type(one.type) for one in named if one.required and one.type not in _TYPES}
    return AddedEvent(holds(needs, {**may, "time": Type.TIME}), put)


def changed(
    part: Part[int, Any],
    key: str,
    *told: str,
    may: tuple[str, ...] = (),
    if_named: bool = False,
    managers: bool = False,
    **of_event: str,
) -> AddedEvent:
    """Return an event that changes one object of a part. Its data hold the object's key under the name `key`, and the
    fields that are `told` and those that they `may` tell, each under its name; the rest comes from the event itself,
    `ended="date"`: "date", "time", "seq" or "actor". With `if_named` it changes nothing where no key is told."""
    kinds = {field.name: field.type for field in fields(part.kind)}

    def change(event: Event, board: Any) -> None:
        if if_named and event.data.get(key) is None:
            return
        new = {name: convert(event.data.get(name), kinds[name]) for name in (*told, *may)}
        new |= {name: getattr(event, of) for name, of in of_event.items()}
        board.put(part, replace(board.get(part, event.data[key]), **new))

    needs, may_be = {name: _type(kinds[name]) for name in told}, {name: _type(kinds[name]) for name in may}
    (may_be if if_named else needs)[key] = Type.NUMBER
    return AddedEvent(holds(needs, may_be), change, managers)


def both(one: AddedEvent, other: AddedEvent) -> AddedEvent:
    """Return an event that changes what both change."""

    def change(event: Event, board: Any) -> None:
        one.change(event, board)
        other.change(event, board)

    shape = holds({**one.shape.needs, **other.shape.needs}, {**one.shape.may, **other.shape.may})
    return AddedEvent(shape, change, one.managers or other.managers)


def _type(kind: Any) -> Type:
    """Return what an event holds for a field of such a type, which may be none too."""
    return _TYPES[kind] if kind in _TYPES else _TYPES[get_args(kind)[0]]


def load_rules() -> None:
    """Take in what features add, once."""
    for feature in in_log():
        if feature.name not in _taken:
            _taken.append(feature.name)
            _take_in(feature.name, load(feature.log))


def kinds_of(name: str) -> tuple[str, ...]:
    """Return the kinds of a feature that is there."""
    return tuple(kind for kind in SHAPES if feature_of(kind) == name)


def _take_in(name: str, rules: AddedRules) -> None:
    if not all(feature_of(one) == name for one in (*rules.events, *(part.name for part in rules.parts))):
        raise ValueError(name)
    for kind, event in rules.events.items():
        SHAPES[kind] = (event.shape,)
        CHANGES[kind] = event.change
        if event.managers:
            MANAGERS_KINDS.add(kind)
    PARTS.extend(rules.parts)
    ADDED.extend(rules.parts)
    for verb, of in rules.verbs.items():
        add_verb(verb, of.roles)
        VERBS[verb] = of
