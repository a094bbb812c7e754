"""Lines that a kept report prints: whether earlier ones still hold, and when a backup was last proven."""

from __future__ import annotations

from queuedesk.core.setup.rows import Setup
from queuedesk.core.upkeep import Anchor, ReportChecks
from queuedesk.i18n import day_report, ntr, time_hm, tr
from queuedesk.i18n.names import whole_number_text
from queuedesk.i18n.upkeep.sheet_words import gone_text, invalid_kept_reports_markup, report_dates_text
from queuedesk.reports.draw.head_and_foot import AutomaticReport, Maker
from queuedesk.reports.draw.pdf import INK2, LEFT, RED, RIGHT, WIDTH, PageBlock, WrappedMarkup, escape
from queuedesk.reports.figures.period import DayReport

_SIZE = 7.0


def invalid_reports_markup_list(maker: Maker, lang: str) -> list[str]:
    """Return the first points for the box of attention: kept reports that are no longer valid; usually none."""
    formers = maker.formers if isinstance(maker, AutomaticReport) else None
    return [invalid_kept_reports_markup(formers.fallen, lang)] if formers is not None and formers.fallen else []


def kept_report_check_lines(maker: Maker, setup: Setup, anchor: Anchor | None, lang: str) -> list[PageBlock]:
    """Return the lines below the log's own; none in a report that somebody asked for."""
    formers = maker.formers if isinstance(maker, AutomaticReport) else None
    if formers is None or anchor is None:
        return []
    lines = [
        WrappedMarkup(text, _SIZE, RIGHT - LEFT, colour=INK2, leading=1.36)
        for text in _newest_kept_report_lines(formers, anchor.seq, lang)
    ]
    lines += [
        WrappedMarkup(text, _SIZE + 1, RIGHT - LEFT, colour=RED, leading=1.36)
        for text in invalid_reports_markup_list(maker, lang)
    ]
    if formers.put_back:
        lines.append(WrappedMarkup(gone_text(formers, setup, lang), _SIZE, RIGHT - LEFT, colour=INK2, leading=1.36))
    return [line.block(gap=1) for line in lines]


def _newest_kept_report_lines(formers: ReportChecks, seq: int, lang: str) -> list[str]:
    newest = formers.newest_valid_before(seq)
    if newest is None:
        return [] if formers.fallen else [tr(lang, "No report of an earlier point is kept with this one.")]
    span, n = report_dates_text(newest.span, lang), sum(former.standing.holds for former in formers.kept) - 1
    holds = tr(
        lang, "The report of {span}, up to event {seq}, still holds.", span=span, seq=whole_number_text(newest.seq)
    )
    if not n:
        return [holds]
    others = ntr(lang, "So does {n} other kept report.", "So do {n} other kept reports.", n)
    return [tr(lang, "{one} {other}", context="sentences", one=holds, other=others)]


# One line of the report: when the last backup was proven, and whether it holds the whole day.

SIZE = 8.4


def backup_small_print(read: DayReport, lang: str) -> list[PageBlock]:
    """Return the line about backups; nothing for a hall that makes none, or where none was made yet."""
    note = read.backup
    if note is None or note.proven is None:
        return []
    local, last = read.setup.local(note.proven), read.figures["log"]["last_seq"]
    moment = tr(lang, "{day}, {time}", context="backup", day=day_report(local.date(), lang), time=time_hm(local))
    if last is not None and note.seq is not None and note.seq >= last:
        text = tr(lang, "This day is in a backup checked on {moment}.", moment=moment)
    else:
        text = tr(lang, "The last backup was checked on {moment}.", moment=moment)
    return [WrappedMarkup(escape(text), SIZE, WIDTH, colour=INK2, leading=1.5).block(gap=10)]
