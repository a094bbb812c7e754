"""Notes on a day that explain its load, such as an outage or the weather."""

from __future__ import annotations

from datetime import date
from typing import Any

from queuedesk.core.errors import RuleError
from queuedesk.core.log.state import DAY_NOTES
from queuedesk.core.setup.time_of_day import minutes_of
from queuedesk.core.talk.remarks import NOTE_KINDS, DayNote
from queuedesk.desk.change import Change, Desk, Document, changes
from queuedesk.store.parts import register


@changes("day-note")
def add_note(
    change: Change, kind: str, text: str, *, day: date | None = None, start: str | None = None, end: str | None = None
) -> Document:
    """Write a note on `day` (else today), with hall times such as "8:30" where it holds for a part of it.

    Raises RuleError "bad_value": a kind that is none of `NOTE_KINDS`, an empty text, a time that is none, an end that
    is not after the start.
    """
    if kind not in NOTE_KINDS:
        raise RuleError("bad_value", field="kind", value=kind, why="not_a_choice", limit=list(NOTE_KINDS))
    if not text.strip():
        raise RuleError("bad_value", field="text", value=None, why="empty")
    begins, ends = _minute("from", start), _minute("to", end)
    if begins is not None and ends is not None and ends <= begins:
        raise RuleError("bad_value", field="to", value=end, why="out_of_range")
    on = (day or change.date).isoformat()
    data: dict[str, Any] = {"kind": kind, "text": text.strip(), "day": on, "from": begins, "to": ends}
    event = change.record("day-note", **data)
    return note_document(_of_seq(change, event.seq))


@changes("day-note")
def remove_note(change: Change, seq: int, *, reason: str) -> Document:
    """Take a note away, with a reason; the log keeps both. Raises RuleError "reason_needed", "not_there"."""
    gone = _of_seq(change, seq)
    change.reason(reason)
    change.record("day-note", removed=seq, day=gone.day.isoformat(), reason=reason)
    return note_document(gone)


def notes_of(desk: Desk, first: date | None = None, last: date | None = None) -> list[DayNote]:
    """Return the notes on the days from `first` to `last`, both included, in the order in which they were written."""
    with desk.db.read() as tx:
        return [*register.of_days(tx, desk.hall, DAY_NOTES, first, last).values()]


def note_document(note: DayNote) -> Document:
    """Return a note; `seq` is the number it is removed by."""
    return {
        "seq": note.seq,
        "date": note.day.isoformat(),
        "kind": note.kind,
        "text": note.text,
        "from": _clock(note.start),
        "to": _clock(note.end),
        "by": note.by,
    }


def _of_seq(change: Change, seq: int) -> DayNote:
    found = change.book.find(DAY_NOTES, seq)
    if found is None:
        raise RuleError("not_there", kind="day_note", code=str(seq))
    return found


def _minute(field: str, text: str | None) -> int | None:
    if text is None or not text.strip():
        return None
    try:
        return minutes_of(text.strip())
    except ValueError:
        raise RuleError("bad_value", field=field, value=text[:20], why="not_a_time") from None


def _clock(minute: int | None) -> str | None:
    return None if minute is None else f"{minute // 60:02}:{minute % 60:02}"
