"""Training as it is noted: sessions that were held, and who read that they were named."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any, NamedTuple

from queuedesk.core.appraisal import NamedNeed, Training
from queuedesk.core.errors import RuleError
from queuedesk.core.log.state import NAMED_NEEDS, TRAININGS
from queuedesk.core.network.roles import Actor, ReadScope
from queuedesk.core.setup.rows import Setup
from queuedesk.desk.change import Change, Desk, Document, changes, iso
from queuedesk.desk.reading import needed, words_of
from queuedesk.store.engine.types import Transaction
from queuedesk.store.log import journal
from queuedesk.store.parts import halls, part_tables
from queuedesk.store.schema import named_needs, trainings

LONGEST_TOPIC, LONGEST_MINUTES = 60, 480


class About(NamedTuple):
    """The need that a session answers, the dates in which it was seen, and the minutes of what took long then."""

    kind: str
    service: str
    first: date | None
    last: date | None
    limit_min: int | None = None


@changes("training")
def add_training(
    change: Change,
    topic: str,
    minutes: int,
    attended: Sequence[str],
    *,
    day: date | None = None,
    led: str | None = None,
    about: About | None = None,
) -> Document:
    """Note a session that was held on `day`, else today; `about` is the need that it answers.

    Raises RuleError "bad_value", "unknown_staff".
    """
    held = day or change.date
    if held > change.date:
        raise RuleError("bad_value", field="day", value=held.isoformat(), why="not_held")
    if not 1 <= minutes <= LONGEST_MINUTES:
        raise RuleError("bad_value", field="minutes", value=minutes, why="out_of_range", limit=f"1–{LONGEST_MINUTES}")
    if not attended:
        raise RuleError("bad_value", field="attended", value=None, why="empty")
    answers: dict[str, Any] = {}
    if about is not None and about.first and about.last:
        dates = {"from": about.first.isoformat(), "to": about.last.isoformat()}
        answers = {"service": about.service or None, "need": about.kind, "limit_min": about.limit_min, **dates}
    event = change.record(
        "training",
        day=held.isoformat(),
        minutes=minutes,
        attended=sorted({change.setup.person(one).code for one in attended}),
        words=needed(change, "topic", topic, longest=LONGEST_TOPIC, put=journal.keep_for_staff),
        led=change.setup.person(led).code if led else None,
        **answers,
    )
    return _answer(change, event.seq)


@changes("training")
def drop_training(change: Change, seq: int) -> Document:
    """Take a session back that was noted by mistake. Raises RuleError "not_there"."""
    found = change.book.find(TRAININGS, seq)
    if found is None or found.dropped is not None:
        raise RuleError("not_there", kind="training", code=str(seq))
    change.record("training", of=seq)
    return _answer(change, seq)


def trainings_of(desk: Desk, who: Actor, first: date, last: date, *, staff: str | None = None) -> list[Document]:
    """Return the sessions held from `first` to `last`, the latest first: those that `staff` attended, else all. Who may
    not read figures reads the own ones, and nobody else's name in them."""
    own = None if who.may_read(ReadScope.FIGURES) else who.name
    with desk.db.read() as tx:
        found = sessions_in(tx, desk.hall, first, last)
        asked = own or staff
        rows = [one for one in found if asked is None or asked in one.attended]
        return _documents(tx, desk.hall, sorted(rows, key=lambda one: (one.day, one.seq), reverse=True), own)


def sessions_in(tx: Transaction, hall: int, first: date, last: date) -> list[Training]:
    """Return the sessions held from `first` to `last`, without those that were taken back."""
    found = part_tables.among(tx, hall, TRAININGS, trainings.c.day.between(first, last)).values()
    return [one for one in found if one.dropped is None]


# -- who was named -----------------------------------------------------------------------------------------------------


@changes("training-seen")
def mark_seen(change: Change, seq: int) -> Document:
    """Note that somebody has read that they were named; a second reading is not noted. Raises RuleError "not_there",
    for somebody else's too."""
    found = change.book.find(NAMED_NEEDS, seq)
    if found is None or change.who.name != found.staff:
        raise RuleError("not_there", kind="need", code=str(seq))
    if found.is_unseen:
        change.record("training-seen", seen=seq)
    return _named_document(change.setup, change.book.get(NAMED_NEEDS, seq))


def named_for(desk: Desk, who: Actor) -> list[Document]:
    """Return where `who` was named, the latest first; nobody reads that of somebody else."""
    with desk.db.read() as tx:
        setup = halls.setup(tx, halls.load(tx, desk.hall))
        found = part_tables.among(tx, desk.hall, NAMED_NEEDS, named_needs.c.staff == who.name).values()
        return [_named_document(setup, one) for one in sorted(found, key=lambda one: one.seq, reverse=True)]


# -- documents ---------------------------------------------------------------------------------------------------------


def _named_document(setup: Setup, one: NamedNeed) -> Document:
    return {
        "named": one.seq,
        "date": one.date.isoformat(),
        "at": iso(setup, one.time),
        "by": one.by,
        "need": one.need,
        "service": one.service,
        "reason": one.reason,
        "from": one.first.isoformat(),
        "to": one.last.isoformat(),
        "n": one.n,
        "of": one.of,
        "seen": iso(setup, one.seen),
    }


def _answer(change: Change, seq: int) -> Document:
    return _documents(change.tx, change.book.id, [change.book.get(TRAININGS, seq)], None)[0]


def _documents(tx: Transaction, hall: int, found: Collection[Training], own: str | None) -> list[Document]:
    said = words_of(tx, hall, [one.words for one in found], journal.kept_for_staff)
    return [
        {
            "training": one.seq,
            "date": one.day.isoformat(),
            "topic": said.get(one.words),
            "minutes": one.minutes,
            "attended": [staff for staff in one.attended if own is None or staff == own],
            "led": one.led,
            "need": one.need,
            "service": one.service,
            "from": one.need_from.isoformat() if one.need_from else None,
            "to": one.need_to.isoformat() if one.need_to else None,
            "limit": one.limit_min,
            "by": one.by,
            "dropped": one.dropped is not None,
        }
        for one in found
    ]
