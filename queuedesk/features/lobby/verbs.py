"""Suggested moves: lists them, takes or declines one, and reports what past ones achieved."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any

from msgspec.structs import asdict

from queuedesk.core.errors import RuleError
from queuedesk.core.log.state import CALLS, MOVES, SHIFTS, HallState
from queuedesk.core.network.roles import Role
from queuedesk.core.queue.hallday import business_date
from queuedesk.core.setup.rows import Setup
from queuedesk.core.staffing.roster import AnsweredMove, ExpectedRange, MoveEvidence, MoveForecast, StaffingMove
from queuedesk.core.talk.messages import GUIDE
from queuedesk.core.waits.quote import WaitSnapshot, cached_wait_snapshot
from queuedesk.desk.change import Desk, Document, HallChange, iso_local, runs_in_transaction
from queuedesk.desk.queue.opening import record_lending, record_service_lending_end
from queuedesk.desk.talk.messaging import send_message_in_change
from queuedesk.features.lobby.rules import move_search
from queuedesk.features.lobby.rules.outlook import LineOutlook, Risk, upcoming_risks
from queuedesk.store.log import book
from queuedesk.store.parts import halls, part_tables, tickets

Say = Callable[[Setup, StaffingMove], tuple[str, str]]
"""Gives what the place that a move is about is told, in Chinese and English."""
LOOKED_BACK_DAYS = 60


@runs_in_transaction("move")
def accept_move(change: HallChange, key: str, *, say: Say) -> Document:
    """Accept a move: do what the program can do, and tell the people concerned.

    A service is lent at once; opening a window, coming back and putting off a break are messages to that window, an
    offer of another channel one to the front desk. Raises RuleError "move_gone" where it can't be made any more,
    "unknown_move" (move) where it never existed, "move_made" where it was a moment ago, and as lend."""
    state, seen = _hall_state_and_snapshot(change)
    move = _require_possible_move(change, state, seen, key)
    seq = _record_move_event(change, move, seen)
    if move.kind == "lend" and move.window is not None and move.service is not None:
        record_lending(change, move.window, move.service)
    if move.kind == "take_back" and move.window is not None and move.service is not None:
        record_service_lending_end(change, move.window, move.service)
    to = GUIDE if move.kind == "self_service" else move.window
    if to is not None and not (to == GUIDE and change.who.role is Role.GUIDE):
        text, text_en = say(change.setup, move)
        send_message_in_change(change, to, text, text_en=text_en)
    return answered_move_document(change.setup, change.book.get_record(MOVES, seq))


@runs_in_transaction("move")
def decline_move(change: HallChange, key: str) -> Document:
    """Decline a move: it is not suggested for a quarter of an hour, and later shows how accurate the forecasts without
    it were.

    Raises RuleError "move_gone", "unknown_move" (move), "move_made"."""
    state, seen = _hall_state_and_snapshot(change)
    move = _require_possible_move(change, state, seen, key)
    seq = _record_move_event(change, move, seen, declined=True)
    return answered_move_document(change.setup, change.book.get_record(MOVES, seq))


def current_moves_and_risks(desk: Desk, now: datetime) -> tuple[Setup, move_search.MoveSearch, list[Risk]]:
    """Return the moves worth making now with those tried in vain, and the risks."""
    past = past_effects_by_kind_and_crowd(past_moves(desk, now))
    with desk.db.read() as tx:
        setup = halls.setup_of_hall_row(tx, halls.load_hall_row(tx, desk.hall))
        day = business_date(setup, now)
        state = book.hall_state_of_day(tx, desk.hall, day)
    if state.now.date is not None and state.now.date < day:
        return setup, move_search.MoveSearch(), []  # a day-end comes first, and ends every line
    seen = cached_wait_snapshot(state, now)
    return (
        setup,
        move_search.search_moves(state, now, seen.live, past=past),
        upcoming_risks(state, now, seen.live, seen.forecast),
    )


def past_moves(desk: Desk, now: datetime, *, days: int = LOOKED_BACK_DAYS) -> Document:
    """Return the moves of the last `days` dates with their effects, the newest first, and for each kind, and each state
    of move_search.py, its mean effect with 95 % bounds.

    Declined moves had no effect: the errors of their forecasts, with bounds, are what effects must be compared with."""
    with desk.db.read() as tx:
        setup = halls.setup_of_hall_row(tx, halls.load_hall_row(tx, desk.hall))
        today = business_date(setup, now)
        first = date.fromordinal(max(1, today.toordinal() - days))
        found = part_tables.objects_of_days(tx, desk.hall, MOVES, first, today)
        dates = {made.date for made in found.values()}
        calls = {day: part_tables.objects_of_days(tx, desk.hall, CALLS, day, day).values() for day in dates}
        shifts = {day: part_tables.objects_of_days(tx, desk.hall, SHIFTS, day, day).values() for day in dates}
        waiting = {t.label for t in tickets.waiting_tickets(tx, desk.hall, setup.services) if t.date == today}
    rows: list[Document] = []
    effects: list[tuple[str, float]] = []
    in_states: list[tuple[move_search.State, float]] = []
    without: list[float] = []
    for made in found.values():
        done = move_search.carried_out_at(made, shifts[made.date])
        real = None
        if done is not None or not made.taken:
            real = move_search.measured_move_effect(made, calls[made.date], waiting if made.date == today else (), now)
            if real.is_final and real.saved_min is not None:
                if made.taken:
                    effects.append((made.move.kind, real.saved_min))
                    in_states.append((move_search.kind_and_crowd_class(made), real.saved_min))
                else:
                    without.append(real.saved_min)
        rows.append(
            answered_move_document(setup, made)
            | {"happened": iso_local(setup, done if made.taken else None), "real": _measured_effect_document(real)}
        )
    control = move_search.mean_interval(without)
    return {
        "moves": rows[::-1],
        "kinds": [
            mean_effect_document(kind, over) for kind, over in move_search.mean_effects_by_kind(effects, without)
        ],
        "states": [
            mean_effect_document(kind, over) | {"waiting": _crowd_bounds_document(crowd)}
            for (kind, crowd), over in move_search.mean_effects_by_kind_and_crowd(in_states, without).items()
        ],
        "turned_down": None if control is None else mean_effect_document(None, control),
        "days": days,
    }


def past_effects_by_kind_and_crowd(past: Document) -> dict[move_search.State, move_search.MeanInterval]:
    """Return what past_moves() says of each state, for a search."""
    crowds = {_crowd_bounds_document(n)["from"]: n for n in range(len(move_search.CROWDS) + 1)}
    return {
        (row["kind"], crowds[row["waiting"]["from"]]): move_search.MeanInterval(
            row["n"], row["mean"], row["low"], row["high"]
        )
        for row in past.get("states", ())
    }


def _crowd_bounds_document(n: int) -> Document:
    """Return between which numbers of people in line a class of move_search.py lies."""
    ends = (0, *move_search.CROWDS)
    return {"from": ends[n], "to": ends[n + 1] - 1 if n + 1 < len(ends) else None}


def move_document(move: StaffingMove) -> Document:
    """Return a move; its effect in minutes."""
    effect = move.effect
    return {
        "key": move.key,
        "kind": move.kind,
        "window": move.window,
        "staff": move.staff,
        "service": move.service,
        "to": move.to,
        "minutes": move.minutes,
        "services": list(move.services),
        "effect": None
        if effect is None
        else {
            "beyond": effect.beyond,
            "beyond_after": effect.beyond_after,
            "minutes_saved": round(effect.saved_s / 60, 1),
            "n": effect.n,
        },
    }


def move_evidence_document(proof: MoveEvidence | None) -> Document | None:
    """Return what speaks for a move, in minutes saved each; `helped` of the `n` plays, null where its `source` is the
    past of the hall."""
    if proof is None:
        return None
    low, high = (None if end is None else round(end, 1) for end in (proof.low_min, proof.high_min))
    helped = proof.helped if proof.source == "plays" else None
    return {"source": proof.source, "n": proof.n, "helped": helped, "low": low, "high": high}


def move_forecast_document(outlook: MoveForecast) -> Document:
    """Return what the pass that tried a move says of the next half hour, in minutes: the longest wait of `line` every
    five minutes."""
    return {
        "line": outlook.line,
        "without": _numbers_rounded_to_tenths(outlook.without),
        "with": _numbers_rounded_to_tenths(outlook.with_it),
        "gain": _gain_range_document(outlook.gain),
        "passing": outlook.passing,
        "passing_after": outlook.passing_after,
        "in_20": {service: {"without": one, "with": other} for service, (one, other) in outlook.lines.items()},
    }


def refused_move_document(refused: move_search.RefusedMove) -> Document:
    """Return a move that was tried in vain, and why; `gain` is in the line that is latest."""
    move = refused.move
    return {
        "key": move.key,
        "why": refused.why,
        "service": refused.service or None,
        "gain": _gain_range_document(refused.gain),
        "plays": {"helped": refused.helped, "n": refused.plays} if refused.plays else None,
    }


def late_line_forecast_document(ahead: LineOutlook) -> Document:
    """Return what the latest line comes to if nothing is done, in minutes: its longest wait every five minutes, and
    when it is within the target again (null: not within the hour)."""
    return {
        "line": ahead.line,
        "longest": _numbers_rounded_to_tenths(ahead.middle),
        "low": _numbers_rounded_to_tenths(ahead.low),
        "high": _numbers_rounded_to_tenths(ahead.high),
        "passing": ahead.passing,
        "over": ahead.over_min,
    }


def _numbers_rounded_to_tenths(minutes: Sequence[float]) -> list[float]:
    return [round(one, 1) for one in minutes]


def _gain_range_document(gain: ExpectedRange) -> Document:
    return {"mean": round(gain.mean, 1), "low": round(gain.low, 1), "high": round(gain.high, 1)}


def move_from_document(document: Document) -> StaffingMove:
    """Return the move of a document, without its effect."""
    names = ("kind", "window", "staff", "service", "to", "minutes")
    return StaffingMove(**{name: document[name] for name in names}, services=tuple(document["services"]))


def risk_document(risk: Risk) -> Document:
    """Return a risk; `n` counts people, `minutes` are how long it has lasted."""
    return asdict(risk)


def answered_move_document(setup: Setup, made: AnsweredMove) -> Document:
    """Return a move that was accepted or declined."""
    about = {"seq": made.seq, "time": iso_local(setup, made.time), "by": made.by, "taken": made.taken}
    return about | move_document(made.move)


def mean_effect_document(kind: str | None, over: move_search.MeanInterval) -> Document:
    """Return a kind of move's mean effect in minutes (no kind: declined moves); not `distinguishable` from none where
    the bounds include 0."""
    return {
        "kind": kind,
        "n": over.n,
        "mean": round(over.mean, 1),
        "low": None if over.low is None else round(over.low, 1),
        "high": None if over.high is None else round(over.high, 1),
        "distinguishable": over.is_different_from_zero,
    }


def _measured_effect_document(real: move_search.MeasuredMoveEffect | None) -> Document | None:
    if real is None:
        return None
    saved = None if real.saved_min is None else round(real.saved_min, 1)
    return {"minutes_saved": saved, "n": real.n, "of": real.of, "final": real.is_final}


def _hall_state_and_snapshot(change: HallChange) -> tuple[HallState, WaitSnapshot]:
    """Return the hall as this change finds it, after a day-end that it may have begun with, and the pass over it."""
    change.book.close()
    state = book.hall_state_of_day(change.tx, change.book.id, change.date)
    return state, cached_wait_snapshot(state, change.now)


def _require_possible_move(change: HallChange, state: HallState, seen: WaitSnapshot, key: str) -> StaffingMove:
    for made in state.moves.values():
        if made.move.key == key and change.now - made.time < move_search.QUIET and made.taken:
            raise RuleError("move_made", staff=made.by, time=f"{change.setup.to_hall_time(made.time):%H:%M}")
    move = move_search.move_by_key_if_possible(state, change.now, seen.live, key)
    if move is None:
        raise (
            RuleError("move_gone")
            if move_search.is_move_key(key, change.setup)
            else RuleError("unknown_move", move=key)
        )
    return move


def _record_move_event(change: HallChange, move: StaffingMove, seen: WaitSnapshot, **data: Any) -> int:
    base = {
        id[1]: seconds for id, seconds in move_search.seconds_until_turn_by_ticket(seen.live, seen.forecast).items()
    }
    event = change.record(
        "move",
        service=move.service,
        window=move.window,
        staff=move.staff,
        kind=move.kind,
        to=move.to,
        minutes=move.minutes,
        services=list(move.services) or None,
        effect=asdict(move.effect) if move.effect is not None else None,
        base=base,
        **data,
    )
    return event.seq
