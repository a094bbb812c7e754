"""Writes the reports that are due, removes those that are too old, and notes which were printed.

A line is noted for each try, before the printer is asked. So a report is never printed twice by itself, even by a
process that died over it; what the printer refused may be tried again.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import count
from pathlib import Path

from msgspec import Struct, field

from queuedesk.core.errors import OutsideError
from queuedesk.core.features import kept_papers, load
from queuedesk.core.figures.periods import (
    PACKS,
    PACKS_FROM,
    REMARKS,
    TOLD,
    Due,
    Span,
    Stamp,
    due,
    is_too_old,
    latest,
    periods_of,
    spans_over,
)
from queuedesk.core.log.event import stamp as moment_text
from queuedesk.core.log.pc_clock import Reading
from queuedesk.core.log.state import SHIFTS
from queuedesk.core.network.roles import HALL
from queuedesk.core.queue.hallday import business_date, day_begins
from queuedesk.core.setup.rows import Setup
from queuedesk.core.upkeep import Formers, claim_of, formers_of
from queuedesk.desk.change import Ask, Desk
from queuedesk.desk.upkeep import clocks, examining
from queuedesk.files.reading import LARGEST_REPORT, parsed_json, read_own
from queuedesk.files.writing import keep_private, write_beside
from queuedesk.reports.figures.write import paper
from queuedesk.reports.kept import folder as kept_files
from queuedesk.reports.kept.folder import KeptFile
from queuedesk.store.log import log_dates
from queuedesk.store.parts import halls, part_tables, tickets
from queuedesk.store.rights.withheld_ratings import reads_ratings


class Log(Struct, frozen=True):
    """What the log says: its own name, its dates with the last event of each, and the dates that are not ended yet."""

    name: str
    setup: Setup
    today: date
    local_now: datetime
    tells_ratings: bool
    """Whether this PC's login is told how customers rated: else no pack is made here."""
    is_over: bool
    """Whether today was ended by hand: nobody waits, every window is closed."""
    busy: frozenset[date]
    last_seqs: dict[date, int]
    still_open: frozenset[date]

    @property
    def last_over(self) -> date:
        return self.today if self.is_over else self.today - timedelta(days=1)

    def is_due(self, span: Span) -> bool:
        """Whether its time has come: that of a pack, where the hall uses them, is the next morning."""
        morning = datetime.combine(span.last + timedelta(days=1), PACKS_FROM, self.local_now.tzinfo)
        if span.period not in PACKS:
            return True
        return self.tells_ratings and self.local_now >= morning and span.period in kept_papers(self.setup.hall)


class Outcome(Struct):
    """The result of writing. `trouble` while writing `at` ended it; `left` is how many reports are still to be
    written."""

    written: list[KeptFile] = field(default_factory=list)
    removed: list[KeptFile] = field(default_factory=list)
    trouble: OutsideError | None = None
    at: Span | None = None
    left: int = 0


def write_due(
    desk: Desk, folder: Path, now: datetime, *, lang: str, gathered: bool = False, most: int | None = None
) -> Outcome:
    """Write into the existing `folder` what is due at `now`, at most `most` files.

    Only one process of a hall may do so at a time. An earlier date that is still open is ended first, as by any change
    in the hall. Each file is complete or missing, so the next process continues where this one died. With `gathered`
    the changes made today to earlier dates wait until today is over, so that a morning of corrections gives one more
    edition, not ten.

    Raises OutsideError for a database that does not answer; trouble with the folder or a file is told in the outcome.
    """
    outcome = Outcome()
    log = _read(desk, now, gathered=gathered)
    if log.still_open and not log.setup.hall.simulated:
        # Where PCs share the hall the server's clock goes, which also holds what a PC writes.
        clocks.end_due(desk, Ask(HALL, now, reading=Reading(now) if desk.db.is_shared else None))
        log = _read(desk, now, gathered=gathered)
    wanted_periods = periods_of(log.setup)
    if not wanted_periods:
        return outcome
    try:
        kept_files.clear_parts(folder, log.name)
        files = kept_files.found_in(folder, log.name)
        wanted = _wanted(desk, log, files)
        outcome.left = len(wanted)
        formers = _formers(desk, files) if wanted else Formers()
        for one in wanted[:most]:
            outcome.at = one.span
            written = _write(desk, log, one, folder, formers, now=now, lang=lang)
            outcome.written.append(written)
            outcome.left -= 1
        outcome.at = None
        outcome.removed += _remove_old(log, files)
    except OutsideError as trouble:
        if trouble.code.startswith("database_"):
            raise
        outcome.trouble = trouble
    return outcome


def log_name(desk: Desk) -> str:
    """Return what identifies the reports of this hall: the hash of its log's first event."""
    with desk.db.read() as tx:
        return log_dates.hashes(tx, desk.hall, [1]).get(1, "")


def _read(desk: Desk, now: datetime, *, gathered: bool) -> Log:
    with desk.db.read() as tx:
        setup = halls.setup(tx, halls.load(tx, desk.hall))
        today = business_date(setup, now)
        before = day_begins(setup, today) if gathered else None
        told = log_dates.logged_dates(tx, desk.hall, TOLD, REMARKS, before)
        open_days = {ticket.date for ticket in tickets.open_tickets(tx, desk.hall)}
        open_days |= {shift.date for shift in part_tables.still_open(tx, desk.hall, SHIFTS).values()}
        is_over = today not in open_days and log_dates.was_ended(tx, desk.hall, today)
        if before is not None and is_over:
            today_told = log_dates.logged_dates(tx, desk.hall, TOLD, REMARKS).get(today)
            told |= {today: today_told} if today_told else {}
        return Log(
            name=log_dates.hashes(tx, desk.hall, [1]).get(1, ""),
            setup=setup,
            today=today,
            local_now=setup.local(now),
            tells_ratings=reads_ratings(tx),
            is_over=is_over,
            busy=frozenset(day for day, one in told.items() if one.is_busy),
            last_seqs={day: one.last_seq for day, one in told.items()},
            still_open=frozenset(day for day in open_days if day < today),
        )


def _wanted(desk: Desk, log: Log, files: list[KeptFile]) -> list[Due]:
    keep_days = log.setup.number("report_keep_days")
    spans = [
        span
        for span in spans_over(log.busy, periods_of(log.setup), log.last_over)
        if not is_too_old(span, log.today, keep_days)
        and log.is_due(span)
        and not any(span.first <= day <= span.last for day in log.still_open)
    ]
    kept = latest(file.stamp for file in files)
    with desk.db.read() as tx:
        there = log_dates.hashes(tx, desk.hall, sorted({stamp.last_seq for stamp in kept.values()}))
    return due(spans, kept, log.last_seqs, lambda stamp: there.get(stamp.last_seq) == stamp.hash)


def _formers(desk: Desk, files: list[KeptFile]) -> Formers:
    """Return what became of the reports that are there: the whole log is worked out anew for it, once however many are
    written."""
    stamps = [file.stamp for file in files if file.stamp.last_seq]
    return formers_of(stamps, examining.held_in(desk, [claim_of(stamp) for stamp in stamps]) if stamps else ())


def _write(desk: Desk, log: Log, one: Due, folder: Path, formers: Formers, *, now: datetime, lang: str) -> KeptFile:
    from queuedesk.reports.draw.head_and_foot import ByItself

    span, by, book = one.span, ByItself(one.edition, formers), None
    if span.period in PACKS:
        kept = load(kept_papers(log.setup.hall)[span.period])
        pdf, book, part = kept(desk, PACKS[span.period], span.first, lang=lang, now=now, printed_by=by)
    else:
        pdf, part = paper(desk, span.period, span.first, lang=lang, now=now, printed_by=by)
    said = Stamp(
        hall=log.setup.hall.code,
        log=log.name,
        span=span,
        edition=one.edition,
        written=now,
        first_seq=part["first_seq"] or 0,
        last_seq=part["last_seq"] or 0,
        hash=part["hash"] or "",
    )
    path = kept_files.put(folder, said, pdf)
    if book is not None:
        stem = path.stem
        names = (f"{stem}.xlsx" if n == 1 else f"{stem}-{n}.xlsx" for n in count(1))
        write_beside(folder, names, book, f".{log.name[:_LOG_DIGITS]}-{os.getpid()}{kept_files.PART}")
    return KeptFile(path, said, path.stat().st_size)


def _remove_old(log: Log, files: list[KeptFile]) -> Iterator[KeptFile]:
    keep_days = log.setup.number("report_keep_days")
    for file in files:
        if is_too_old(file.stamp.span, log.today, keep_days) and kept_files.remove(file):
            yield file


ASKED, REFUSED = "asked", "refused"
_LOG_DIGITS = 16


class PrintedNotes:
    """The notes in one file, which need not exist. The last line about a report counts."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> dict[str, datetime]:
        """Return when each report was printed, by key_of; an incomplete line or unreadable file is ignored."""
        try:
            lines = read_own(self._path, LARGEST_REPORT).decode(errors="replace").splitlines()
        except (OSError, ValueError):
            return {}
        found: dict[str, datetime] = {}
        for line in lines:
            try:
                said = parsed_json(line)
                key, state, moment = str(said["report"]), said["state"], datetime.fromisoformat(said["at"])
            except (ValueError, KeyError, TypeError):
                continue
            if state == ASKED:
                found[key] = moment
            else:
                found.pop(key, None)
        return found

    def note(self, stamp: Stamp, state: str, *, at: datetime, printer: str) -> None:
        """Write down that `printer` was asked for a report, or that it refused. Raises OutsideError "cannot_write"."""
        said = {"report": key_of(stamp), "state": state, "at": moment_text(at), "printer": printer}
        try:
            keep_private(self._path)
            opened = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            with os.fdopen(opened, "a", encoding="utf-8") as file:
                # On a line of its own, whatever a process that died has left before it.
                file.write("\n" + json.dumps(said, ensure_ascii=False) + "\n")
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise OutsideError("cannot_write", path=str(self._path)) from error


def key_of(stamp: Stamp) -> str:
    """Return what identifies a report in the notes: its content, whatever folder it is in."""
    return f"{stamp.log[:_LOG_DIGITS]} {stamp.span.period} {stamp.span.first.isoformat()} {stamp.hash}"
