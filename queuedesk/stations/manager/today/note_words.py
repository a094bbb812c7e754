"""Notes on a day in finished words."""

from __future__ import annotations

from queuedesk.core.talk.remarks import DayNote
from queuedesk.i18n import _, figure_range
from queuedesk.i18n.talk.talk_words import note_kind


def note_times(note: DayNote) -> str:
    """Return from when to when a note holds; "" where nobody said."""
    start, end = (None if m is None else f"{m // 60}:{m % 60:02}" for m in (note.start, note.end))
    if start and end:
        return figure_range(start, end)
    if start:
        return _("from {time}", context="note", time=start)
    return _("until {time}", context="note", time=end) if end else ""


def note_text(note: DayNote) -> str:
    """Return a note in one line: "Outage 10:10–10:40: card machines"."""
    head = " ".join(part for part in (note_kind(note.kind), note_times(note)) if part)
    return _("{head}: {text}", context="note", head=head, text=note.text)
