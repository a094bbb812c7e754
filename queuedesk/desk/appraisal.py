"""Records training sessions."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any, NamedTuple

from queuedesk.core.appraisal import TrainingSession
from queuedesk.core.errors import RuleError
from queuedesk.core.log.state import TRAININGS
from queuedesk.core.network.roles import Actor, ReadScope
from queuedesk.desk.change import Desk, Document, HallChange, runs_in_transaction
from queuedesk.desk.reading import store_required_words, stored_words
from queuedesk.store.engine.types import Transaction
from queuedesk.store.log import journal
from queuedesk.store.parts import part_tables
from queuedesk.store.schema import trainings

LONGEST_TOPIC, LONGEST_MINUTES = 60, 480


class AnsweredTrainingNeed(NamedTuple):
    """The training need that a session answers, the dates in which it was seen, and the limit of long handling then."""

    kind: str
    service: str
    first: date | None
    last: date | None
    limit_min: int | None = None


@runs_in_transaction("training")
def add_training(
    change: HallChange,
    topic: str,
    minutes: int,
    attended: Sequence[str],
    *,
    day: date | None = None,
    led: str | None = None,
    about: AnsweredTrainingNeed | None = None,
) -> Document:
    """Record a session held on `day` (default: today); `about` is the need that it answers. Raises RuleError
    "bad_value", "unknown_staff"."""
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
        attended=sorted({change.setup.person_by_code(code).code for code in attended}),
        words=store_required_words(change, "topic", topic, longest=LONGEST_TOPIC, put=journal.store_words_for_staff),
        led=change.setup.person_by_code(led).code if led else None,
        **answers,
    )
    return _training_document(change, event.seq)


@runs_in_transaction("training")
def drop_training(change: HallChange, seq: int) -> Document:
    """Remove a session recorded by mistake. Raises RuleError "not_there"."""
    training = change.book.find_record(TRAININGS, seq)
    if training is None or training.dropped is not None:
        raise RuleError("not_there", kind="training", code=str(seq))
    change.record("training", of=seq)
    return _training_document(change, seq)


def readable_trainings_between(
    desk: Desk, who: Actor, first: date, last: date, *, staff: str | None = None
) -> list[Document]:
    """Return the sessions held from `first` to `last`, latest first: those that `staff` attended, else all. A reader
    who may not read figures gets only the own ones, without the names of others."""
    own = None if who.may_read(ReadScope.FIGURES) else who.name
    with desk.db.read() as tx:
        person = own or staff
        held = training_sessions_between(tx, desk.hall, first, last)
        rows = [training for training in held if person is None or person in training.attended]
        return _training_documents(tx, desk.hall, sorted(rows, key=lambda row: (row.day, row.seq), reverse=True), own)


def training_sessions_between(tx: Transaction, hall: int, first: date, last: date) -> list[TrainingSession]:
    """Return the sessions held from `first` to `last`, without removed ones."""
    rows = part_tables.objects_where(tx, hall, TRAININGS, trainings.c.day.between(first, last)).values()
    return [row for row in rows if row.dropped is None]


def _training_document(change: HallChange, seq: int) -> Document:
    return _training_documents(change.tx, change.book.id, [change.book.get_record(TRAININGS, seq)], None)[0]


def _training_documents(
    tx: Transaction, hall: int, rows: Collection[TrainingSession], own: str | None
) -> list[Document]:
    topics = stored_words(tx, hall, [row.words for row in rows], journal.stored_staff_words_by_id)
    return [
        {
            "training": row.seq,
            "date": row.day.isoformat(),
            "topic": topics.get(row.words),
            "minutes": row.minutes,
            "attended": [staff for staff in row.attended if own is None or staff == own],
            "led": row.led,
            "need": row.need,
            "service": row.service,
            "from": row.need_from.isoformat() if row.need_from else None,
            "to": row.need_to.isoformat() if row.need_to else None,
            "limit": row.limit_min,
            "by": row.by,
            "dropped": row.dropped is not None,
        }
        for row in rows
    ]
