"""Takes a day kept on paper into the hall as one change, after a throw-away hall has played it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from queuedesk.core.errors import RuleError
from queuedesk.core.log.event import Event
from queuedesk.core.log.paper import from_paper
from queuedesk.core.log.state import TICKETS
from queuedesk.core.queue.ticket import State
from queuedesk.core.setup.values import Setup
from queuedesk.desk.change import Ask, Change, Desk, Document, changes
from queuedesk.store.engine.transaction import Transaction
from queuedesk.store.log import events
from queuedesk.store.parts import halls, tickets


@changes("enter")
def enter(
    change: Change, day: date, played: Sequence[Event], *, path: str, digest: str, rows: int, lines: Mapping[str, int]
) -> Document:
    """Append the events of a paper day, all or none, after one event `enter` that says what file they come from.

    `played` are the events of that day alone, in order and without gaps; `digest` is SHA-256 of the file at `path`,
    `rows` how many it has, `lines` the line on which each of its tickets was given out. They change that day's tickets,
    shifts and ratings; live windows, people at stations, the series of numbers and the hall's date stay as they are.
    Raises RuleError "already_entered", "not_yet", "bad_rows" for numbers that were given on that date.
    """
    if day > change.date:
        raise RuleError("not_yet", time=day.isoformat())
    if (before := _entered(change.tx, change.book.id, day, digest)) is not None:
        raise _already(change.setup, before, path)
    if bad := _given(change.tx, change.book.id, day, lines):
        raise RuleError("bad_rows", path=path, lines=bad)
    seq = change.book.hall().seq + 1
    change.book.record(
        Event(
            seq=seq,
            at=change.now,
            time=change.now,
            kind="enter",
            actor=change.who.name,
            command=change.command,
            data={"date": day.isoformat(), "file": digest, "rows": rows, "tickets": len(lines), "paper": True},
        )
    )
    for event in from_paper(played, at=change.now, actor=change.who.name, first_seq=seq + 1):
        change.book.record(event)
    now = [change.book.get(TICKETS, (day, label)) for label in lines]
    return {
        "date": day.isoformat(),
        "rows": rows,
        "tickets": len(lines),
        "events": len(played),
        "waiting": [t.label for t in now if t.state is State.WAITING],
        "parked": [t.label for t in now if t.state is State.PARKED],
        "missed": [t.label for t in now if t.state is State.MISSED],
    }


def first_answer(desk: Desk, ask: Ask) -> Document | None:
    """Return what a command with that id was answered before, None where it is new. Raises RuleError "id_used"."""
    if ask.command is None:
        return None
    with desk.db.read() as tx:
        kept = events.answer(tx, desk.hall, ask.command)
    if kept is not None and kept[0] != ask.words:
        raise RuleError("id_used", command=ask.command)
    return kept[1] if kept else None


def must_be_new(desk: Desk, day: date, *, path: str, digest: str) -> None:
    """Raise RuleError "already_entered" if the file with that SHA-256 was put in before."""
    with desk.db.read() as tx:
        before = _entered(tx, desk.hall, day, digest)
        if before is not None:
            raise _already(halls.setup(tx, halls.load(tx, desk.hall)), before, path)


def given(desk: Desk, day: date, lines: Mapping[str, int]) -> list[tuple[int, RuleError]]:
    """Return the lines whose ticket has a number that was given on that date already, with what is said of it."""
    with desk.db.read() as tx:
        return _given(tx, desk.hall, day, lines)


def _entered(tx: Transaction, hall: int, day: date, digest: str) -> Event | None:
    return next((e for e in events.of_kind(tx, hall, day, "enter") if e.data["file"] == digest), None)


def _already(setup: Setup, before: Event, path: str) -> RuleError:
    local = setup.local(before.at)
    return RuleError("already_entered", path=path, date=local.date(), time=f"{local:%H:%M}")


def _given(tx: Transaction, hall: int, day: date, lines: Mapping[str, int]) -> list[tuple[int, RuleError]]:
    there = [label for label in lines if tickets.find(tx, hall, (day, label)) is not None]
    return sorted(
        ((lines[label], RuleError("already_given", ticket=label, date=day)) for label in there), key=lambda one: one[0]
    )
