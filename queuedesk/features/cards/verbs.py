"""Contingency cards: opens one, ticks its steps, ends it with a note."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from queuedesk.core.errors import RuleError
from queuedesk.core.log.state import CARD_RUNS
from queuedesk.core.queue.hallday import business_date
from queuedesk.core.setup.rows import Setup
from queuedesk.core.setup.sentences import CardRun, card_step_rows
from queuedesk.desk.change import Desk, Document, HallChange, iso_local, runs_in_transaction
from queuedesk.store.parts import halls, part_tables

LONGEST_NOTE = 400


def open_cards_newest_first(runs: Iterable[CardRun]) -> list[CardRun]:
    return sorted((run for run in runs if run.is_open), key=lambda run: -run.seq)


@runs_in_transaction("card")
def open_card(change: HallChange, card: str) -> Document:
    """Open a contingency card. Raises RuleError "not_there", "card_open" while that one is open already."""
    spec = change.setup.cards.get(card)
    if spec is None:
        raise RuleError("not_there", kind="cards", code=card)
    opened = next(
        (
            run
            for run in part_tables.objects_still_open(change.tx, change.book.id, CARD_RUNS).values()
            if run.card == card
        ),
        None,
    )
    if opened is not None:
        time = f"{change.setup.to_hall_time(opened.started):%H:%M}"
        raise RuleError("card_open", card=card, name=spec.name, name_en=spec.name_en, seq=opened.seq, time=time)
    steps = card_step_rows(spec.steps)
    event = change.record("card", card=card, name=spec.name, name_en=spec.name_en or None, steps=steps)
    return card_run_document(change.setup, change.book.get_record(CARD_RUNS, event.seq))


@runs_in_transaction("card")
def tick_step(change: HallChange, seq: int, step: int) -> Document:
    """Note that a step, counted from 1, is done. Raises RuleError "not_there", "step_done" with who did it and when."""
    run = _require_open_card_run(change, seq, step)
    done = run.tick_of_step(step)
    if done is not None:
        raise RuleError("step_done", step=step, staff=done.by, time=f"{change.setup.to_hall_time(done.time):%H:%M}")
    return _record_card_event(change, run, tick=step)


@runs_in_transaction("card")
def untick_step(change: HallChange, seq: int, step: int) -> Document:
    """Undo a tick; the log keeps both. Raises RuleError "not_there", "step_not_done"."""
    run = _require_open_card_run(change, seq, step)
    if run.tick_of_step(step) is None:
        raise RuleError("step_not_done", step=step)
    return _record_card_event(change, run, untick=step)


@runs_in_transaction("card")
def end_card(change: HallChange, seq: int, *, note: str = "") -> Document:
    """Close a card, with a note on what happened if there is one. Raises RuleError "not_there", "bad_value"."""
    run, words = _require_open_card_run(change, seq), note.strip()
    if len(words) > LONGEST_NOTE:
        raise RuleError("bad_value", field="note", value=words[:20], why="too_long")
    return _record_card_event(change, run, ended=True, note=words or None)


def card_runs_of_day(desk: Desk, day: date | None, now: datetime) -> list[Document]:
    """Return the cards opened on a date, by default today, and those that are still open; the oldest first."""
    with desk.db.read() as tx:
        setup = halls.setup_of_hall_row(tx, halls.load_hall_row(tx, desk.hall))
        of = day or business_date(setup, now)
        found = part_tables.objects_of_days(tx, desk.hall, CARD_RUNS, of, of) | (
            {} if day else part_tables.objects_still_open(tx, desk.hall, CARD_RUNS)
        )
    return [card_run_document(setup, found[seq]) for seq in sorted(found)]


def require_card_run(desk: Desk, seq: int) -> CardRun:
    """Return an opened card. Raises RuleError "not_there"."""
    with desk.db.read() as tx:
        run = part_tables.find_object(tx, desk.hall, CARD_RUNS, seq)
    if run is None:
        raise RuleError("not_there", kind="cards", code=str(seq))
    return run


def card_run_document(setup: Setup, run: CardRun) -> Document:
    """Return an opened card; `end` is "done", "day_end" or null while it is open, each step has who ticked it and
    when."""
    steps = []
    for number, step in enumerate(run.steps, start=1):
        done = run.tick_of_step(number)
        steps.append(
            {
                "n": number,
                "text": step.text,
                "text_en": step.text_en,
                "role": step.role,
                "done": iso_local(setup, done.time) if done else None,
                "by": done.by if done else None,
            }
        )
    return {
        "seq": run.seq,
        "date": run.date.isoformat(),
        "card": run.card,
        "name": run.name,
        "name_en": run.name_en,
        "started": iso_local(setup, run.started),
        "by": run.by,
        "ended": iso_local(setup, run.ended),
        "end": run.end,
        "ended_by": run.ended_by,
        "note": run.note,
        "steps": steps,
    }


def _require_open_card_run(change: HallChange, seq: int, step: int | None = None) -> CardRun:
    run = change.book.find_record(CARD_RUNS, seq)
    if run is None or not run.is_open:
        raise RuleError("not_there", kind="cards", code=str(seq))
    if step is not None and not 1 <= step <= len(run.steps):
        raise RuleError("not_there", kind="step", code=str(step))
    return run


def _record_card_event(change: HallChange, run: CardRun, **data: Any) -> Document:
    change.record("card", card=run.card, of=run.seq, **data)
    return card_run_document(change.setup, change.book.get_record(CARD_RUNS, run.seq))
