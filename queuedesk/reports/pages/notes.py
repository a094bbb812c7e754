"""Notes on days as a report shows them: a letter on the chart, the words below it."""

from __future__ import annotations

from collections.abc import Sequence
from string import ascii_lowercase
from xml.sax.saxutils import escape

from queuedesk.core.setup.time_of_day import clock_text
from queuedesk.core.talk.remarks import DayNote
from queuedesk.i18n import date_short, figure_range, ntr, tr
from queuedesk.i18n.talk.talk_words import note_kind
from queuedesk.reports.draw.pdf import INK2, LEFT, RIGHT, Block
from queuedesk.reports.draw.prose import Prose

MOST = 12
SIZE = 8.0


def lettered(notes: Sequence[DayNote], most: int = MOST) -> list[tuple[str, DayNote]]:
    """Return the first notes with a letter each, by day and time."""
    ordered = sorted(notes, key=lambda note: (note.day, -1 if note.start is None else note.start, note.seq))
    return list(zip(ascii_lowercase[:most], ordered, strict=False))


def notes_block(notes: Sequence[DayNote], lang: str, *, dated: bool, most: int = MOST) -> list[Block]:
    """Return the words of at most `most` notes under the chart, nothing when there are none; `dated` with the date of
    each."""
    if not notes:
        return []
    lines = [f"<b>{letter}</b>  {escape(_line(note, lang, dated=dated))}" for letter, note in lettered(notes, most)]
    if more := len(notes) - len(lines):
        lines.append(ntr(lang, "and {n} more note in the hall's log", "and {n} more notes in the hall's log", more))
    blocks = [Prose(line, SIZE, RIGHT - LEFT, colour=INK2, leading=1.4).block(gap=1) for line in lines]
    blocks[0] = Block(blocks[0].height, blocks[0].draw, gap=6)
    return blocks


def _line(note: DayNote, lang: str, *, dated: bool) -> str:
    parts = [date_short(note.day, lang) if dated else "", note_kind(note.kind, lang), _times(note, lang)]
    return tr(lang, "{head}: {text}", context="note", head=" ".join(part for part in parts if part), text=note.text)


def _times(note: DayNote, lang: str) -> str:
    start, end = (None if minute is None else clock_text(minute) for minute in (note.start, note.end))
    if start and end:
        return figure_range(start, end)
    if start:
        return tr(lang, "from {time}", context="note", time=start)
    return tr(lang, "until {time}", context="note", time=end) if end else ""
