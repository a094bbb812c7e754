"""One line of the report: when the last backup was proven, and whether it holds the whole day."""

from __future__ import annotations

from xml.sax.saxutils import escape

from queuedesk.i18n import day_report, time_hm, tr
from queuedesk.reports.draw.grids import WIDTH
from queuedesk.reports.draw.pdf import INK2, Block
from queuedesk.reports.draw.prose import Prose
from queuedesk.reports.figures.figures import DayRead

SIZE = 8.4


def backup_line(read: DayRead, lang: str) -> list[Block]:
    """Return it; nothing of a hall that makes none, or where none was made yet."""
    note = read.backup
    if note is None or note.proven is None:
        return []
    local, last = read.setup.local(note.proven), read.figures["log"]["last_seq"]
    moment = tr(lang, "{day}, {time}", context="backup", day=day_report(local.date(), lang), time=time_hm(local))
    if last is not None and note.seq is not None and note.seq >= last:
        text = tr(lang, "This day is in a backup, proven on {moment}.", moment=moment)
    else:
        text = tr(lang, "The last backup was proven on {moment}.", moment=moment)
    return [Prose(escape(text), SIZE, WIDTH, colour=INK2, leading=1.5).block(gap=10)]
