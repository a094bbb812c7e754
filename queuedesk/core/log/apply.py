"""The changes that each kind of event makes, the same on every board; an event is applied completely or not at all.

`register_rules_of_all_features` registers the rules of the features in IN_LOG of queuedesk.features; queuedesk.store
calls it before any log is read. A feature's kinds and parts begin with its name and a dot ("lost_property.found"), so
that the events of a feature whose folder is missing are recognised and kept unread."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, get_args

from msgspec import Struct, convert
from msgspec.structs import fields, replace

from queuedesk.core.features import features_with_events, import_reference
from queuedesk.core.improvement import project as projects
from queuedesk.core.improvement.project import WordingTrial
from queuedesk.core.log import apply_hall, apply_quality
from queuedesk.core.log import state as log_state
from queuedesk.core.log.event import (
    DAY,
    EVERY_MAY,
    REFERS,
    SHAPES,
    TWICE,
    Event,
    EventFault,
    EventFieldType,
    EventShape,
    SetAsideEvent,
    owning_feature_name,
    utc_stamp,
)
from queuedesk.core.network.roles import UNTOLD, Role, allow_feature_verb
from queuedesk.core.network.sharing import PcKind
from queuedesk.core.queue import ticket as ticket_records
from queuedesk.core.queue.dispatch import Overtake, normal_calls_after_call
from queuedesk.core.setup.rows import Setup
from queuedesk.core.waits.estimates import PromiseBoundFactors

ALONE = ("outcome", "note", "form_free", "delivered", "item")
"""The fields that one person may correct."""
WITH_SECOND = ("started", "finished", "staff", "rating")
"""The fields that figures about people depend on: a second person must agree, so that nobody improves them unseen."""
LEADING = (Role.MANAGER, Role.ADMIN)
EXCLUDED = "excluded"
"""The value of a rating that a correction takes out of the figures."""
CORRECTED, RATING_EXCLUDED, CORRECTED_ALONE = "corrected", "rating_excluded", "corrected_alone"
"""The flags of a corrected ticket, of one whose rating does not count, and of one corrected without a second person
because there was none."""


def staff_who_may_witness_correction(setup: Setup, who: str, concerned: Collection[str | None]) -> list[str]:
    """Return the staff codes of who may agree to a correction by `who`, in the set-up's order. Every other manager and
    admin; in a hall without another one, any staff member whom the correction does not concern. If the list is empty,
    `who` corrects alone."""
    others = [person for person in setup.staff.values() if person.code != who]
    leading = [person.code for person in others if person.role in LEADING]
    return leading or [person.code for person in others if person.code not in concerned]


def current_value_for_correction(leg: ticket_records.Leg, rating: ticket_records.Rating | None, name: str) -> object:
    """Return the current value of a field as a correction event stores it."""
    if name == "rating":
        if rating is None:
            return None
        return EXCLUDED if rating.excluded else rating.level
    value = getattr(leg, name)
    return list(value) if isinstance(value, tuple) else value


def has_leg_consistent_times(leg: ticket_records.Leg, following: ticket_records.Leg | None) -> bool:
    """Whether a leg's times are possible: called, started, finished and the next call in this order, and a handling no
    shorter than the time set aside."""
    times = [leg.called, leg.started, leg.finished, following.called if following else None]
    moments = [time for time in times if time is not None]
    if moments != sorted(moments):
        return False
    if leg.started is None or leg.finished is None:
        return True
    return leg.finished - leg.started >= leg.time_set_aside_or_stalled


def corrected_leg(leg: ticket_records.Leg, new: Mapping[str, Any]) -> ticket_records.Leg:
    """Return the leg with the values of `new`, times as `datetime`; corrected times are not flagged as assumed."""
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


def ticket_with_leg_corrected(
    ticket: ticket_records.Ticket, n: int, new: Mapping[str, Any], *, alone: bool = False
) -> ticket_records.Ticket:
    """Return the ticket with leg `n` corrected and flagged, without flags that depended on the old times. A new item
    applies to all legs of its service."""
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


def apply_leg_correction(event: Event, board: log_state.EventTargetBoard) -> None:
    new = dict(event.data["new"])
    for name in ("started", "finished"):
        if name in new:
            new[name] = datetime.fromisoformat(new[name])
    id = (event.date or event.time.date(), event.ticket or "")
    ticket = ticket_with_leg_corrected(
        board.get_record(log_state.TICKETS, id), event.data["leg"], new, alone=event.data.get("alone", False)
    )
    board.put_record(log_state.TICKETS, ticket)
    if ticket.rating is None:
        return
    rating = board.get_record(log_state.RATINGS, id)
    if "rating" in new:
        is_out = new["rating"] == EXCLUDED
        rating = replace(rating, excluded=is_out, level=rating.level if is_out else new["rating"])
    if ticket.current_leg.staff != rating.staff:
        rating = replace(rating, staff=ticket.current_leg.staff)
    board.put_record(log_state.RATINGS, rating)


_ENDS_LEG = frozenset({"finish", "transfer", "redirect", "day-end"})


def ticket_events_with_times_corrected(events: Sequence[Event]) -> list[Event]:
    """Return a ticket's events with corrected starts and ends; a skipped start that a correction gave is added."""
    given: dict[int, dict[str, datetime]] = {}
    for event in events:
        if event.kind == "correct":
            new = event.data["new"]
            times = {name: datetime.fromisoformat(new[name]) for name in ("started", "finished") if name in new}
            given.setdefault(event.data["leg"], {}).update(times)
    if not any(given.values()):
        return list(events)
    legs = _leg_number_of_each_event(events)
    ends = {leg: event.seq for event, leg in zip(events, legs, strict=True) if event.kind in _ENDS_LEG}
    result: list[Event] = []
    for event, leg in zip(events, legs, strict=True):
        times = given.get(leg, {})
        if event.kind == "start":
            result.append(replace(event, time=times.get("started", event.time)))
        elif ends.get(leg) != event.seq:
            result.append(event)
        else:
            end = replace(event, time=times.get("finished", event.time))
            if event.data.get("start_assumed") and "started" in times:
                result.append(replace(event, kind="start", time=times["started"], data={}))
                end = replace(end, data={})
            result.append(end)
    return result


def _leg_number_of_each_event(events: Sequence[Event]) -> list[int]:
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
"""The log stores no fractions: figures are stored in millionths."""


def _apply_project_open(event: Event, board: log_state.EventTargetBoard) -> None:
    data = event.data
    board.put_record(
        log_state.PROJECTS,
        projects.Project(
            seq=event.seq,
            number=data["number"],
            date=date.fromisoformat(data["date"]),
            title=data["title"],
            leader=data["leader"],
            by=event.actor,
            finding=data.get("finding"),
        ),
    )


def _apply_project_fields(event: Event, board: log_state.EventTargetBoard) -> None:
    data = event.data
    project = board.get_record(log_state.PROJECTS, data["of"])
    named = {name: data[name] for name in ("title", "leader", "finding", "next") if data.get(name)}
    if (state := data.get("state")) is not None:
        named["state"] = tuple(state)
    if data.get("figure"):
        named["target"] = projects.ProjectTarget(
            figure=data["figure"], value=data["value"] / MILLION, by=date.fromisoformat(data["by"]), words=data["words"]
        )
    if (rows := data.get("follows")) is not None:
        named["follows"] = tuple(
            projects.EffectFigure(row["figure"], None if row.get("alarm") is None else row["alarm"] / MILLION)
            for row in rows
        )
    if data.get("measures"):
        first, last, began, then, until = (
            date.fromisoformat(data[name]) for name in ("first", "last", "measures", "then", "until")
        )
        named["spans"] = projects.ComparedDateSpans(before=(first, last), measures=began, after=(then, until))
    board.put_record(log_state.PROJECTS, replace(project, **named))


def _apply_project_cause(event: Event, board: log_state.EventTargetBoard) -> None:
    data = event.data
    project = board.get_record(log_state.PROJECTS, data["of"])
    cause = project.cause_by_number(data["n"])
    if cause is None:
        changed = projects.ProjectCause(words=data["words"], bone=data["bone"], own_bone=data.get("own_bone"))
    elif data.get("removed"):
        changed = replace(cause, is_removed=True)
    else:
        own = data.get("own_bone")
        changed = replace(cause, words=data["words"], bone=data["bone"], own_bone=own)
    board.put_record(log_state.PROJECTS, project.with_cause(data["n"], changed))


def _apply_evidence_added_or_removed(event: Event, board: log_state.EventTargetBoard) -> None:
    data = event.data
    project = board.get_record(log_state.PROJECTS, data["of"])
    cause = project.causes[data["n"] - 1]
    if "removed" in data:
        rows = list(cause.evidence)
        del rows[data["removed"] - 1]
    else:
        rows = [*cause.evidence, projects.Evidence(projects.EvidenceKind(data["kind"]), data["words"])]
    judged = cause.judgement
    # A cause confirmed by evidence is open again when its last evidence is removed.
    if not rows and judged is projects.CauseJudgement.CONFIRMED:
        judged = projects.CauseJudgement.OPEN
    board.put_record(
        log_state.PROJECTS, project.with_cause(data["n"], replace(cause, evidence=tuple(rows), judgement=judged))
    )


def _apply_cause_judgement(event: Event, board: log_state.EventTargetBoard) -> None:
    data = event.data
    project = board.get_record(log_state.PROJECTS, data["of"])
    cause = project.causes[data["n"] - 1]
    judged = replace(
        cause, judgement=projects.CauseJudgement(data["judgement"]), judged_by=event.actor, judged=event.time
    )
    board.put_record(log_state.PROJECTS, project.with_cause(data["n"], judged))


def _apply_project_measure(event: Event, board: log_state.EventTargetBoard) -> None:
    data = event.data
    project = board.get_record(log_state.PROJECTS, data["of"])
    measure = project.measure_by_number(data["n"])
    named: dict[str, Any] = {name: data[name] for name in ("words", "who", "where", "cost") if data.get(name)}
    named |= {name: date.fromisoformat(data[name]) for name in ("due", "done") if data.get(name)}
    if "causes" in data:
        named["causes"] = tuple(data["causes"])
    if data.get("removed"):
        named["is_removed"] = True
    changed = projects.Measure(**named) if measure is None else replace(measure, **named)
    board.put_record(log_state.PROJECTS, project.with_measure(data["n"], changed))


def _apply_measure_standard(event: Event, board: log_state.EventTargetBoard) -> None:
    data = event.data
    project = board.get_record(log_state.PROJECTS, data["of"])
    made = projects.MeasureStandard(
        place=projects.ResultingStandard(data["place"]),
        ref=data.get("ref") or "",
        by=event.actor,
        at=event.time,
        words=data.get("words"),
        is_asked=bool(data.get("asked")),
        asked_by=data.get("asked_by"),
    )
    measure = project.measures[data["n"] - 1]
    board.put_record(log_state.PROJECTS, project.with_measure(data["n"], replace(measure, standard=made)))


def _apply_project_end(event: Event, board: log_state.EventTargetBoard) -> None:
    data = event.data
    project = board.get_record(log_state.PROJECTS, data["of"])
    ended = replace(project, ended=event.time, ending=projects.ProjectEnding(data["ending"]), words=data.get("words"))
    board.put_record(log_state.PROJECTS, ended)


PROJECT_CHANGES: dict[str, Callable[[Event, Any], None]] = {
    kind: apply_quality.wrap_to_skip_withheld_data(change)
    for kind, change in {
        "project-open": _apply_project_open,
        "project-set": _apply_project_fields,
        "project-cause": _apply_project_cause,
        "project-evidence": _apply_evidence_added_or_removed,
        "project-judge": _apply_cause_judgement,
        "project-measure": _apply_project_measure,
        "project-standard": _apply_measure_standard,
        "project-end": _apply_project_end,
    }.items()
}


def _apply_wording_trial(event: Event, board: log_state.EventTargetBoard) -> None:
    data = event.data
    if "of" in data:
        trial = board.get_record(log_state.WORDINGS, data["of"])
        board.put_record(log_state.WORDINGS, replace(trial, ended=date.fromisoformat(data["day"]), end=data["end"]))
        return
    trial = WordingTrial(
        seq=event.seq,
        date=date.fromisoformat(data["date"]),
        by=event.actor,
        service=event.service or "",
        services=tuple(data.get("services", ())),
        first=date.fromisoformat(data["first"]),
        weeks=data["weeks"],
        **{name: data[name] for name in ("name", "name_en", "label", "label_en")},
    )
    board.put_record(log_state.WORDINGS, trial)


WORDING_CHANGES = {"wording": _apply_wording_trial}

OWN_STATION = "station:"
"""The prefix of the actor of an event that a customer caused at a station; the station's name follows."""


def apply_event(event: Event, board: log_state.EventTargetBoard) -> None:
    """Apply `event` to `board`. It was checked before it was appended, so nothing is refused here."""
    board.put_hall_counters(board.hall_counters().after_event(event))
    change = CHANGES.get(event.kind)
    if change is not None:
        change(event, log_state.BoardForPaperDayEvents(board, event) if event.is_paper else board)


def _apply_ticket_issue(event: Event, board: log_state.EventTargetBoard) -> None:
    ticket = _issued_ticket(event)
    board.put_record(log_state.TICKETS, ticket)
    _store_last_number(event, board)
    if ticket.promise.bounds:
        low, high = (float(text) for text in ticket.promise.bounds)
        board.put_promise_bounds(
            PromiseBoundFactors(low=low, high=high, upto=event.seq, at=event.time, date=ticket.date)
        )
    if "appointment" in event.data:
        seq = event.data["appointment"]
        board.put_record(
            log_state.APPOINTMENTS, board.get_record(log_state.APPOINTMENTS, seq).with_ticket_of_arrival(ticket.label)
        )


def _apply_issue_and_start(event: Event, board: log_state.EventTargetBoard) -> None:
    code, now = apply_hall.window_code_of_event(event), event.time
    ticket = _issued_ticket(event).with_call_to(code, event.staff, now).started_ticket(now)
    board.put_record(log_state.TICKETS, ticket)
    _store_last_number(event, board)
    board.put_record(log_state.WINDOWS, board.window(code).window_with_ticket(ticket.id, now))
    _store_call_and_overtakes(event, board, ticket)


def _store_last_number(event: Event, board: log_state.EventTargetBoard) -> None:
    # The number of a ticket recorded from paper may belong to no series; the event then has no "number".
    if "number" in event.data:
        board.put_series(apply_hall.date_given_in_event_data(event), event.data["prefix"], event.data["number"])


def _apply_call(event: Event, board: log_state.EventTargetBoard) -> None:
    code, now = apply_hall.window_code_of_event(event), event.time
    ticket = board.get_record(log_state.TICKETS, _ticket_id(event)).with_call_to(code, event.staff, now)
    board.put_record(log_state.TICKETS, ticket)
    board.put_record(log_state.WINDOWS, board.window(code).window_with_ticket(ticket.id, now))
    _store_call_and_overtakes(event, board, ticket)


def _store_call_and_overtakes(event: Event, board: log_state.EventTargetBoard, ticket: ticket_records.Ticket) -> None:
    board.put_record(
        log_state.CALLS,
        ticket_records.WindowCall(
            seq=event.seq,
            time=event.time,
            date=ticket.date,
            label=ticket.label,
            service=ticket.service,
            window=apply_hall.window_code_of_event(event),
            staff=event.staff,
        ),
    )
    hall = board.hall_counters()
    normal = normal_calls_after_call(hall.normal_calls_since_priority_call(ticket.date), ticket)
    board.put_hall_counters(replace(hall, normal_calls=normal, calls_date=ticket.date))
    for label in dict.fromkeys(event.data.get("passed") or ()):
        overtaken = board.get_record(log_state.TICKETS, (ticket.date, label))
        board.put_record(log_state.TICKETS, replace(overtaken, overtaken=overtaken.overtaken + 1))
        board.put_record(
            log_state.OVERTAKES,
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


def _apply_recall(event: Event, board: log_state.EventTargetBoard) -> None:
    board.put_record(log_state.TICKETS, board.get_record(log_state.TICKETS, _ticket_id(event)).with_recall(event.time))


def _apply_start(event: Event, board: log_state.EventTargetBoard) -> None:
    board.put_record(
        log_state.TICKETS, board.get_record(log_state.TICKETS, _ticket_id(event)).started_ticket(event.time)
    )
    board.put_record(log_state.WINDOWS, replace(board.window(apply_hall.window_code_of_event(event)), since=event.time))


def _apply_miss(event: Event, board: log_state.EventTargetBoard) -> None:
    board.put_record(
        log_state.TICKETS, board.get_record(log_state.TICKETS, _ticket_id(event)).missed_or_no_show_ticket(event.time)
    )
    _clear_window_ticket(event, board)


def _apply_return_to_line(event: Event, board: log_state.EventTargetBoard) -> None:
    ticket = board.get_record(log_state.TICKETS, _ticket_id(event)).with_mistaken_call_undone(
        event.time, event.data["reason"]
    )
    board.put_record(log_state.TICKETS, ticket)
    _clear_window_ticket(event, board)


def _apply_leave(event: Event, board: log_state.EventTargetBoard) -> None:
    board.put_record(
        log_state.TICKETS, board.get_record(log_state.TICKETS, _ticket_id(event)).ticket_after_leaving(event.time)
    )
    _clear_window_ticket(event, board)


def _apply_void(event: Event, board: log_state.EventTargetBoard) -> None:
    ticket = board.get_record(log_state.TICKETS, _ticket_id(event)).with_void_state(event.time, event.data["reason"])
    board.put_record(log_state.TICKETS, ticket)
    _clear_window_ticket(event, board)


def _apply_defer(event: Event, board: log_state.EventTargetBoard) -> None:
    board.put_record(
        log_state.TICKETS,
        board.get_record(log_state.TICKETS, _ticket_id(event)).ticket_after_leaving(
            event.time, "deferred", end="defer"
        ),
    )


def _apply_reinstate(event: Event, board: log_state.EventTargetBoard) -> None:
    ticket = board.get_record(log_state.TICKETS, _ticket_id(event))
    board.put_record(
        log_state.TICKETS,
        ticket.waiting_ticket_at_new_place(
            apply_hall.parse_moment(event.data["place"]), event.data["turn"], event.time
        ),
    )


def _apply_postpone(event: Event, board: log_state.EventTargetBoard) -> None:
    ticket = board.get_record(log_state.TICKETS, _ticket_id(event))
    moved = ticket.waiting_ticket_at_new_place(
        apply_hall.parse_moment(event.data["place"]), event.data["turn"], event.time
    )
    board.put_record(log_state.TICKETS, replace(moved, postponed=ticket.postponed + 1))


def _apply_fetching_need_or_fetched(event: Event, board: log_state.EventTargetBoard) -> None:
    ticket = board.get_record(log_state.TICKETS, _ticket_id(event))
    board.put_record(
        log_state.TICKETS,
        ticket.with_fetched_flag() if "fetched" in event.data else ticket.with_fetch_reason(event.data["need"]),
    )


def _apply_finish(event: Event, board: log_state.EventTargetBoard) -> None:
    data, served = event.data, board.get_record(log_state.TICKETS, _ticket_id(event))
    ticket = replace(served, steps=(*data.get("then", ()), *served.steps)).with_service_finished(
        event.time,
        outcome=data.get("outcome"),
        note=data.get("note"),
        form_free=bool(data.get("form_free")),
        delivered=tuple(data.get("delivered") or ()),
    )
    board.put_record(log_state.TICKETS, _with_credit_of_event(ticket, event))
    board.put_record(
        log_state.WINDOWS,
        board.window(apply_hall.window_code_of_event(event)).without_ticket(event.time, last=ticket.id),
    )


def _with_credit_of_event(ticket: ticket_records.Ticket, event: Event) -> ticket_records.Ticket:
    """Return the ticket with the credit of its next service, if the event holds one."""
    return replace(ticket, credit_s=event.data.get("credit_s", ticket.credit_s))


def _apply_reopen(event: Event, board: log_state.EventTargetBoard) -> None:
    ticket = board.get_record(log_state.TICKETS, _ticket_id(event)).reopened_ticket(event.time)
    board.put_record(log_state.TICKETS, ticket)
    board.put_record(
        log_state.WINDOWS,
        board.window(apply_hall.window_code_of_event(event)).window_with_ticket(ticket.id, event.time),
    )


def _apply_added_service(event: Event, board: log_state.EventTargetBoard) -> None:
    ticket = board.get_record(log_state.TICKETS, _ticket_id(event))
    board.put_record(log_state.TICKETS, replace(ticket, steps=(event.data["added"], *ticket.steps)))


def _apply_external_system_wait(event: Event, board: log_state.EventTargetBoard) -> None:
    board.put_record(
        log_state.TICKETS,
        board.get_record(log_state.TICKETS, _ticket_id(event)).stalled_ticket(event.time, event.data["reason"]),
    )


def _apply_external_system_wait_end(event: Event, board: log_state.EventTargetBoard) -> None:
    board.put_record(
        log_state.TICKETS, board.get_record(log_state.TICKETS, _ticket_id(event)).with_stall_ended(event.time)
    )


def _apply_park(event: Event, board: log_state.EventTargetBoard) -> None:
    board.put_record(
        log_state.TICKETS,
        board.get_record(log_state.TICKETS, _ticket_id(event)).parked_ticket(event.time, event.data["reason"]),
    )
    _clear_window_ticket(event, board)


def _apply_unpark(event: Event, board: log_state.EventTargetBoard) -> None:
    code = apply_hall.window_code_of_event(event)
    ticket = board.get_record(log_state.TICKETS, _ticket_id(event)).with_service_resumed_at_window(
        code, event.staff, event.time
    )
    board.put_record(log_state.TICKETS, ticket)
    board.put_record(log_state.WINDOWS, board.window(code).window_with_ticket(ticket.id, event.time))


def _apply_transfer(event: Event, board: log_state.EventTargetBoard) -> None:
    data = event.data
    ticket = board.get_record(log_state.TICKETS, _ticket_id(event)).transferred_ticket(
        data["to"], event.time, data.get("note")
    )
    if data.get("place_at"):
        ticket = ticket.waiting_ticket_at_new_place(apply_hall.parse_moment(data["place_at"]), data["turn"], event.time)
    until = data.get("held_until")
    ticket = replace(
        ticket,
        to_window=data.get("to_window"),
        to_staff=data.get("to_staff"),
        held_until=apply_hall.parse_moment(until) if until else None,
    )
    board.put_record(log_state.TICKETS, _with_credit_of_event(ticket, event))
    _clear_window_ticket(event, board)


def _apply_redirect(event: Event, board: log_state.EventTargetBoard) -> None:
    moved = board.get_record(log_state.TICKETS, _ticket_id(event)).redirected_ticket(event.data["to"], event.time)
    board.put_record(log_state.TICKETS, _with_credit_of_event(moved, event))
    _clear_window_ticket(event, board)


def _apply_rating(event: Event, board: log_state.EventTargetBoard) -> None:
    id, data = _ticket_id(event), event.data
    ticket = board.get_record(log_state.TICKETS, id)
    leg = ticket.current_leg
    level = data.get("level", UNTOLD)
    board.put_record(log_state.TICKETS, replace(ticket, rating=level))
    board.put_record(
        log_state.RATINGS,
        ticket_records.Rating(
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
    apply_quality.open_case_of_low_rating(event, board)


def _apply_rating_reasons(event: Event, board: log_state.EventTargetBoard) -> None:
    rating = board.get_record(log_state.RATINGS, _ticket_id(event))
    tags = tuple(event.data.get("tags") or ())
    marks = {name: event.data[name] for name in ("attitude", "competence") if name in event.data}
    board.put_record(
        log_state.RATINGS, replace(rating, tags=tags, comment=event.data.get("comment"), reasons=True, **marks)
    )


def _issued_ticket(event: Event) -> ticket_records.Ticket:
    """Return the ticket that `event` issues. Cached, as a process applies its own event to the tables and to the state
    in memory."""
    last = _last_issued.get("last")
    if last is None or last[0] is not event:
        last = _last_issued["last"] = event, _new_ticket_from_issue_event(event)
    return last[1]


_last_issued: dict[str, tuple[Event, ticket_records.Ticket]] = {}


def _new_ticket_from_issue_event(event: Event) -> ticket_records.Ticket:
    data, now = event.data, event.time
    service = event.service or ""
    promise = data.get("promise") or {}
    place = apply_hall.parse_moment(data["place"]) if data.get("place") else now
    return ticket_records.Ticket(
        date=apply_hall.date_given_in_event_data(event),
        label=event.ticket or "",
        service=service,
        arrived=now,
        place=place,
        seq=event.seq,
        turn=ticket_records.turn_from_issuing_event(event.seq),
        token=data["token"],
        item=data.get("item"),
        klass=data["class"],
        credit_s=data.get("credit_s", 0),
        steps=tuple(data.get("steps") or ()),
        legs=(ticket_records.Leg(n=1, service=service, joined=now, item=data.get("item")),),
        since=now,
        guide=data.get("guide"),
        promise=ticket_records.promise_from_values(promise),
        not_before=apply_hall.parse_moment(data["not_before"]) if data.get("not_before") else None,
        flags=frozenset(_flags_at_issue(event))
        | ticket_records.need_and_language_flags(data.get("need") or "", data.get("speaks") or ""),
        return_of=data.get("return_of"),
        ref=data.get("ref"),
    )


def _flags_at_issue(event: Event) -> list[str]:
    data = event.data
    flags = ["repeat_papers"] if data.get("repeat") else []
    if event.kind == "issue" and event.actor.startswith(OWN_STATION):
        flags.append("kiosk")
    if data.get("closing"):
        flags.append("may_not_be_called")
    if "appointment" in data:
        return [*flags, "appointment"]
    return [*flags, "early_place"] if data.get("place") else flags


def _clear_window_ticket(event: Event, board: log_state.EventTargetBoard) -> None:
    if event.window is not None:
        board.put_record(log_state.WINDOWS, board.window(event.window).without_ticket(event.time))


def _ticket_id(event: Event) -> ticket_records.TicketId:
    return (apply_hall.date_given_in_event_data(event), event.ticket or "")


CHANGES: dict[str, Callable[[Event, Any], None]] = {
    **apply_hall.HALL_CHANGES,
    **apply_hall.APPOINTMENT_CHANGES,
    **apply_hall.REMARK_CHANGES,
    **apply_quality.COMMENT_CHANGES,
    **apply_hall.DEVICE_CHANGES,
    **apply_quality.INSPECTION_CHANGES,
    **apply_quality.FORUM_CHANGES,
    **apply_quality.MORNING_CHANGES,
    **PROJECT_CHANGES,
    **WORDING_CHANGES,
    **apply_quality.TRAINING_CHANGES,
    **apply_hall.MESSAGE_CHANGES,
    **apply_hall.CARD_CHANGES,
    **apply_hall.MOVE_CHANGES,
    **apply_hall.CHECK_CHANGES,
    **apply_quality.CASE_CHANGES,
    **apply_quality.SHEET_CHANGES,
    "issue": _apply_ticket_issue,
    "serve": _apply_issue_and_start,
    "call": _apply_call,
    "recall": _apply_recall,
    "start": _apply_start,
    "miss": _apply_miss,
    "return": _apply_return_to_line,
    "leave": _apply_leave,
    "void": _apply_void,
    "defer": _apply_defer,
    "reinstate": _apply_reinstate,
    "postpone": _apply_postpone,
    "need": _apply_fetching_need_or_fetched,
    "finish": _apply_finish,
    "reopen": _apply_reopen,
    "add": _apply_added_service,
    "stall": _apply_external_system_wait,
    "unstall": _apply_external_system_wait_end,
    "park": _apply_park,
    "unpark": _apply_unpark,
    "transfer": _apply_transfer,
    "redirect": _apply_redirect,
    "rate": _apply_rating,
    "reasons": _apply_rating_reasons,
    "correct": apply_leg_correction,
}
"""By kind of event; register_rules_of_all_features() adds those of features."""

UNFOLDABLE = (LookupError, ValueError, TypeError, AttributeError, ArithmeticError, RecursionError)
"""The errors raised by an event of the right form whose subject is missing or whose values are impossible."""

FIRST_KINDS = ("issue", "serve")
"""The kinds that give out a number."""


class _BufferedBoard(log_state.EventTargetBoard):
    """A board that buffers the changes to another board until `write`."""

    def __init__(self, board: log_state.EventTargetBoard) -> None:
        self._board = board
        self._now = board.hall_counters()
        self._new: dict[tuple[str, Hashable], Any] = {}
        self._writes: list[Callable[[], None]] = []

    def write(self) -> None:
        for write in self._writes:
            write()
        self._writes.clear()  # They refer to this board: a cycle that only the garbage collector would free.

    def find_record(self, part: log_state.RecordKind[log_state.K, log_state.T], key: log_state.K) -> log_state.T | None:
        new: log_state.T | None = self._new.get((part.name, key))
        return new if new is not None else self._board.find_record(part, key)

    def put_record(self, part: log_state.RecordKind[log_state.K, log_state.T], record: log_state.T) -> None:
        self._new[part.name, part.key_of(record)] = record
        self._writes.append(lambda: self._board.put_record(part, record))

    def drop_record(self, part: log_state.RecordKind[log_state.K, log_state.T], key: log_state.K | None = None) -> None:
        self._writes.append(lambda: self._board.drop_record(part, key))

    def put_series(self, day: date, prefix: str, number: int) -> None:
        self._writes.append(lambda: self._board.put_series(day, prefix, number))

    def put_signed_in(self, station: str, staff: str | None) -> None:
        self._writes.append(lambda: self._board.put_signed_in(station, staff))

    def put_promise_bounds(self, tracker: PromiseBoundFactors) -> None:
        self._writes.append(lambda: self._board.put_promise_bounds(tracker))

    def drop_wrong_time(self, wrong: log_state.LogSectionWithWrongTime) -> None:
        self._writes.append(lambda: self._board.drop_wrong_time(wrong))

    def hall_counters(self) -> log_state.HallCounters:
        return self._now

    def put_hall_counters(self, now: log_state.HallCounters) -> None:
        self._now = now
        self._writes.append(lambda: self._board.put_hall_counters(now))

    def setup(self) -> Setup | None:
        return self._board.setup()

    def put_setup(self, setup: Setup) -> None:
        self._writes.append(lambda: self._board.put_setup(setup))


def apply_or_set_aside(event: Event, board: log_state.EventTargetBoard) -> EventFault | None:
    """Apply an event from a log to a board that holds the whole hall: completely or, if that is impossible, not at all.
    Return why it was set aside, None if it was applied. The board's seq and hash advance in either case. The result
    depends only on the log, so that all boards of a whole hall agree."""
    buffered = _BufferedBoard(board)
    try:
        if _is_duplicate_number(event, board):
            board.put_hall_counters(board.hall_counters().after_event(event))
            return EventFault(TWICE, "ticket")
        apply_event(event, buffered)
    except UNFOLDABLE:
        board.put_hall_counters(board.hall_counters().after_event(event))
        return EventFault(REFERS, "")
    buffered.write()
    return event.why if isinstance(event, SetAsideEvent) else None


def _is_duplicate_number(event: Event, board: log_state.EventTargetBoard) -> bool:
    if event.kind not in FIRST_KINDS:
        return False
    return (
        board.find_record(log_state.TICKETS, (apply_hall.date_given_in_event_data(event), event.ticket or ""))
        is not None
    )


DOOR_AND_COUNTER = (Role.GUIDE, Role.CLERK)


class FeatureVerb(Struct, frozen=True):
    """A verb of a feature: the roles that may use it, and the fields `keeps` of its answer that are stored for a
    repeated command id; no others, as they may name a customer."""

    roles: Collection[Role]
    keeps: tuple[str, ...]


class FeatureEvent(Struct, frozen=True):
    """The shape of a feature's event, and its change, which may touch only the feature's own parts, as new tables are
    filled from its own events. On a shared server every staff PC may append it, with `managers` only a manager's, and
    where a verb of its name is a station's or a customer's public PCs too."""

    shape: EventShape
    change: Callable[[Event, Any], None]
    managers: bool = False


class FeatureTable(Struct, frozen=True, kw_only=True):
    """A feature's table beside the log: in no log, backup or export. A row has the hall and the fields of `record`;
    hall and `key` are its key. `rights` says what each kind of PC may do with it on a shared server: READ_ROWS,
    ADD_ROWS or CHANGE_ROWS, each with those before. Its rows go with a hall to a server where it `moves`."""

    name: str
    record: type[Struct]
    key: tuple[str, ...] = ()
    rights: Mapping[PcKind, str]
    moves: bool = False


READ_ROWS, ADD_ROWS, CHANGE_ROWS = "read", "add", "change"


class FeatureRules(Struct, frozen=True, kw_only=True):
    """The parts, kinds of events and verbs that a feature adds, and its tables beside the log."""

    parts: tuple[log_state.RecordKind[Any, Any], ...] = ()
    events: Mapping[str, FeatureEvent] = {}
    verbs: Mapping[str, FeatureVerb] = {}
    tables: tuple[FeatureTable, ...] = ()


_TYPES = {
    int: EventFieldType.NUMBER,
    str: EventFieldType.TEXT,
    bool: EventFieldType.FLAG,
    date: EventFieldType.DAY,
    datetime: EventFieldType.TIME,
}
VERBS: dict[str, FeatureVerb] = {}
"""The verbs of all registered features, by name."""
TABLES: list[FeatureTable] = []
"""The tables of all registered features that stand beside the log."""
MANAGERS_KINDS: set[str] = set()
_registered: list[str] = []


def shape_of_event_with_date(
    needs: Mapping[str, EventFieldType], may: Mapping[str, EventFieldType] | None = None
) -> EventShape:
    """Return the shape of an event whose data need a date and the fields `needs`, and may have the fields `may`."""
    needed = {"date": DAY, **needs}
    return EventShape(
        when=None,
        columns=(),
        needs=needed,
        may={name: kind for name, kind in {**EVERY_MAY, **(may or {})}.items() if name not in needed},
    )


def record_storing_event(part: log_state.RecordKind[Any, Any]) -> FeatureEvent:
    """Return an event that is stored as an object of a part: each field without a default from the data under its
    name; seq, date, time and by from the event, unless the data hold another time."""
    required = [field for field in fields(part.kind) if field.required]

    def store_record(event: Event, board: Any) -> None:
        values = {"seq": event.seq, "time": utc_stamp(event.time), "by": event.actor, **event.data}
        board.put_record(part, convert({field.name: values.get(field.name) for field in required}, part.kind))

    types = {field.name: field.type for field in required if field.name not in ("seq", "date", "by")}
    needs = {name: _event_field_type(kind) for name, kind in types.items() if kind in _TYPES and name != "time"}
    may = {name: _event_field_type(kind) for name, kind in types.items() if kind not in _TYPES}
    return FeatureEvent(shape_of_event_with_date(needs, {**may, "time": EventFieldType.TIME}), store_record)


def record_changing_event(
    part: log_state.RecordKind[int, Any],
    key: str,
    *told: str,
    may: tuple[str, ...] = (),
    if_named: bool = False,
    managers: bool = False,
    **of_event: str,
) -> FeatureEvent:
    """Return an event that changes one object of a part. Its data hold the object's key under the name `key`, the
    fields that are `told`, and optionally those in `may`. `of_event` takes fields from the event itself, as
    `ended="date"`: "date", "time", "seq" or "actor". With `if_named` an event without a key changes nothing; with
    `managers` only a manager's PC may append it."""
    kinds = {field.name: field.type for field in fields(part.kind)}

    def change_record_on_board(event: Event, board: Any) -> None:
        if if_named and event.data.get(key) is None:
            return
        new = {name: convert(event.data.get(name), kinds[name]) for name in (*told, *may)}
        new |= {name: getattr(event, of) for name, of in of_event.items()}
        board.put_record(part, replace(board.get_record(part, event.data[key]), **new))

    needs, may_be = (
        {name: _event_field_type(kinds[name]) for name in told},
        {name: _event_field_type(kinds[name]) for name in may},
    )
    (may_be if if_named else needs)[key] = EventFieldType.NUMBER
    return FeatureEvent(shape_of_event_with_date(needs, may_be), change_record_on_board, managers)


def combined_feature_event(one: FeatureEvent, other: FeatureEvent) -> FeatureEvent:
    """Return an event that holds what both need and makes both changes."""

    def apply_both_changes(event: Event, board: Any) -> None:
        one.change(event, board)
        other.change(event, board)

    shape = shape_of_event_with_date({**one.shape.needs, **other.shape.needs}, {**one.shape.may, **other.shape.may})
    return FeatureEvent(shape, apply_both_changes, one.managers or other.managers)


def _event_field_type(kind: Any) -> EventFieldType:
    """Return the event's type for a record's field; that of "X | None" is the type of X."""
    return _TYPES[kind] if kind in _TYPES else _TYPES[get_args(kind)[0]]


def register_rules_of_all_features() -> None:
    """Register the rules of all features; further calls do nothing."""
    for feature in features_with_events():
        if feature.name not in _registered:
            _registered.append(feature.name)
            _register_feature(feature.name, import_reference(feature.log))


def event_kinds_of_feature(name: str) -> tuple[str, ...]:
    return tuple(kind for kind in SHAPES if owning_feature_name(kind) == name)


def _register_feature(name: str, rules: FeatureRules) -> None:
    if not all(owning_feature_name(one) == name for one in (*rules.events, *(part.name for part in rules.parts))):
        raise ValueError(name)
    for kind, event in rules.events.items():
        SHAPES[kind] = (event.shape,)
        CHANGES[kind] = event.change
        if event.managers:
            MANAGERS_KINDS.add(kind)
    log_state.PARTS.extend(rules.parts)
    log_state.ADDED.extend(rules.parts)
    for verb, of in rules.verbs.items():
        allow_feature_verb(verb, of.roles)
        VERBS[verb] = of
    TABLES.extend(rules.tables)
