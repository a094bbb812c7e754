"""Reports that are written by themselves when due, and the folder that keeps them: they are written there, removed when
too old, and it is noted which were printed.

There is no list of kept reports: the last line of each file, a comment behind the PDF's end, says what it is and which
part of the log it was made from. It holds the Stamp and the SHA-256 of all before it. By that a file is known again
under any name, and one that somebody changed is told from one as it was written. Other PDFs of reports are read for
their check codes and the pages that the public may see. What is due follows from log and folder alone.

Only what was printed is noted, beside the hall's file and before the printer is asked. So a report is never printed
twice by itself, even by a process that died over it; what the printer refused may be tried again. A station starts
`report due --gently` as a process of its own (`app/services/repeated_work.py`); a lock beside the hall's file lets one
of them write."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import date, datetime, timedelta
from io import BytesIO
from itertools import count
from pathlib import Path

import pypdfium2
from msgspec import Struct, field

from queuedesk.core import errors, features, upkeep
from queuedesk.core.figures import periods
from queuedesk.core.log.event import utc_stamp as moment_text
from queuedesk.core.log.pc_clock import ClockReliability
from queuedesk.core.log.state import SHIFTS
from queuedesk.core.network.roles import HALL
from queuedesk.core.queue.hallday import begin_of_day, business_date
from queuedesk.core.setup.rows import Setup
from queuedesk.desk.change import Ask, Desk
from queuedesk.desk.upkeep import clocks, examining
from queuedesk.files.reading import LARGEST_REPORT, parse_json_safely, read_input_file, read_program_file
from queuedesk.files.writing import is_open_database_file, remove_others_rights, write_under_free_name
from queuedesk.store.log import log_dates
from queuedesk.store.parts import halls, part_tables, tickets
from queuedesk.store.rights.withheld_ratings import may_read_ratings

MARK = b"%QueueDesk-report "
TAIL_BYTES = 2048
PART = ".part"
_FOLDER_LOG_DIGITS = 12


class KeptReportFile(Struct, frozen=True):
    """A report that was found in the folder."""

    path: Path
    stamp: periods.ReportStamp
    size: int


def reports_in_folder(folder: Path, log: str | None) -> list[KeptReportFile]:
    """Return the reports, unordered, of the hall whose log begins with the hash `log`, of every hall for None; none
    without a folder. Raises OutsideError "cannot_read"."""
    try:
        paths = [path for path in folder.iterdir() if path.suffix.lower() == ".pdf" and not path.name.startswith(".")]
    except FileNotFoundError:
        return []
    except OSError as error:
        raise errors.OutsideError("cannot_read", path=str(folder)) from error
    files = []
    for path in paths:
        with suppress(OSError):  # Gone since, or not for us to read: then it is none of ours.
            stamp = _read_report_stamp(path)
            if stamp is not None and log in (None, stamp.log):
                files.append(KeptReportFile(path, stamp, path.stat().st_size))
    return files


def write_kept_report(folder: Path, said: periods.ReportStamp, pdf: bytes) -> Path:
    """Write a report as a whole file under a free name; return it. Raises OutsideError "cannot_write"."""
    document = {
        "hall": said.hall,
        "log": said.log,
        "period": said.span.period,
        "from": said.span.first.isoformat(),
        "to": said.span.last.isoformat(),
        "edition": said.edition,
        "written": moment_text(said.written),
        "first_seq": said.first_seq,
        "last_seq": said.last_seq,
        "hash": said.hash,
        "sha256": hashlib.sha256(pdf).hexdigest(),
    }
    content = b"".join((pdf, MARK, json.dumps(document).encode("ascii"), b"\n"))
    names = (periods.report_file_name(said.span, said.hall, n) for n in count(said.edition))
    return write_under_free_name(folder, names, content, f".{said.log[:_FOLDER_LOG_DIGITS]}-{os.getpid()}{PART}")


def remove_unfinished_files(folder: Path, log: str) -> None:
    """Remove what a process that died half-way has left; only for the process that holds the hall's lock."""
    with suppress(OSError):
        for path in folder.glob(f".{log[:_FOLDER_LOG_DIGITS]}-*{PART}"):
            path.unlink(missing_ok=True)


def remove_report_unless_altered(file: KeptReportFile) -> bool:
    """Remove a report if it is unchanged: a marked or signed one stays; return whether it is gone. Raises OutsideError
    "cannot_write"."""
    try:
        if not _is_as_written(read_program_file(file.path, LARGEST_REPORT)):
            return False
        file.path.unlink()
    except FileNotFoundError:
        return False
    except (OSError, ValueError) as error:
        raise errors.OutsideError("cannot_write", path=str(file.path)) from error
    return True


def _is_as_written(content: bytes) -> bool:
    pdf, mark, line = content.rpartition(MARK)
    if not mark or line.count(b"\n") != 1 or not line.endswith(b"\n"):
        return False
    try:
        return bool(parse_json_safely(line)["sha256"] == hashlib.sha256(pdf).hexdigest())
    except (ValueError, KeyError, TypeError):
        return False


def _read_report_stamp(path: Path) -> periods.ReportStamp | None:
    """Return what a file says of itself; None for one that is no report of ours."""
    if not path.is_file():
        return None
    with path.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(max(0, size - TAIL_BYTES))
        tail = file.read(TAIL_BYTES)
        if MARK not in tail:  # Marked or signed by somebody, whose program wrote behind the end.
            file.seek(0)
            tail = file.read(LARGEST_REPORT)
    at = tail.rfind(MARK)
    if at < 0:
        return None
    line = tail[at + len(MARK) :].split(b"\n", 1)[0]
    try:
        said = parse_json_safely(line)
        moment = datetime.fromisoformat(said["written"])
        period, first = said["period"], datetime.fromisoformat(said["from"]).date()
        if period not in periods.KEPT or moment.tzinfo is None:
            return None
        return periods.ReportStamp(
            hall=str(said["hall"]),
            log=str(said["log"]),
            span=periods.CalendarPeriod(period, *periods.period_span_containing(period, first)),
            edition=int(said["edition"]),
            written=moment,
            first_seq=int(said["first_seq"]),
            last_seq=int(said["last_seq"]),
            hash=str(said["hash"]),
        )
    except (ValueError, KeyError, TypeError):
        return None


def sorted_newest_first(files: Iterable[KeptReportFile]) -> list[KeptReportFile]:
    """Return them as people look for them: the latest period first, in it the longest, then the last edition."""

    def sort_place(file: KeptReportFile) -> tuple[int, int, int]:
        span = file.stamp.span
        return -span.last.toordinal(), -periods.KEPT.index(span.period), -file.stamp.edition

    return sorted(files, key=sort_place)


class HallLogForReports(Struct, frozen=True):
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
    def last_ended_date(self) -> date:
        return self.today if self.is_over else self.today - timedelta(days=1)

    def is_due(self, span: periods.CalendarPeriod) -> bool:
        """Whether its time has come: that of a pack, where the hall uses them, is the next morning."""
        morning = datetime.combine(span.last + timedelta(days=1), periods.PACKS_FROM, self.local_now.tzinfo)
        if span.period not in periods.PACKS:
            return True
        return (
            self.tells_ratings
            and self.local_now >= morning
            and span.period in features.automatic_report_makers(self.setup.hall)
        )


class ReportsWritingOutcome(Struct):
    """The result of writing. `trouble` at `at` ended it; `left` is how many reports are still to be written."""

    written: list[KeptReportFile] = field(default_factory=list)
    removed: list[KeptReportFile] = field(default_factory=list)
    trouble: errors.OutsideError | None = None
    at: periods.CalendarPeriod | None = None
    left: int = 0


def write_due_reports(
    desk: Desk, folder: Path, now: datetime, *, lang: str, gathered: bool = False, most: int | None = None
) -> ReportsWritingOutcome:
    """Write into the existing `folder` what is due at `now`, at most `most` files. Only one process of a hall may do so
    at a time. An earlier date that is still open is ended first, as by any change in the hall. Each file is complete or
    missing, so the next process continues where this one died. With `gathered` the changes made today to earlier dates
    wait until today is over, so that a morning of corrections gives one more edition, not ten. Raises OutsideError for
    a database that does not answer; trouble with the folder or a file is told in the outcome."""
    outcome = ReportsWritingOutcome()
    log = _read_hall_log_for_reports(desk, now, gathered=gathered)
    if log.still_open and not log.setup.hall.simulated:
        # Where PCs share the hall the server's clock goes, which also holds what a PC writes.
        clocks.end_due(desk, Ask(HALL, now, reading=ClockReliability(now) if desk.db.is_shared else None))
        log = _read_hall_log_for_reports(desk, now, gathered=gathered)
    wanted_periods = periods.automatic_report_periods(log.setup)
    if not wanted_periods:
        return outcome
    try:
        remove_unfinished_files(folder, log.name)
        files = reports_in_folder(folder, log.name)
        reports = _due_reports(desk, log, files)
        outcome.left = len(reports)
        formers = _check_former_reports(desk, files) if reports else upkeep.ReportChecks()
        for report in reports[:most]:
            outcome.at = report.span
            written = _write_report(desk, log, report, folder, formers, now=now, lang=lang)
            outcome.written.append(written)
            outcome.left -= 1
        outcome.at = None
        outcome.removed += _remove_too_old_reports(log, files)
    except errors.OutsideError as trouble:
        if trouble.code.startswith("database_"):
            raise
        outcome.trouble = trouble
    return outcome


def first_event_hash(desk: Desk) -> str:
    """Return what identifies the reports of this hall: the hash of its log's first event."""
    with desk.db.read() as tx:
        return log_dates.hashes_of_events(tx, desk.hall, [1]).get(1, "")


def _read_hall_log_for_reports(desk: Desk, now: datetime, *, gathered: bool) -> HallLogForReports:
    with desk.db.read() as tx:
        setup = halls.setup_of_hall_row(tx, halls.load_hall_row(tx, desk.hall))
        today = business_date(setup, now)
        before = begin_of_day(setup, today) if gathered else None
        told = log_dates.logged_dates(tx, desk.hall, periods.TOLD, periods.REMARKS, before)
        open_days = {ticket.date for ticket in tickets.open_tickets(tx, desk.hall)}
        open_days |= {shift.date for shift in part_tables.objects_still_open(tx, desk.hall, SHIFTS).values()}
        is_over = today not in open_days and log_dates.was_day_ended(tx, desk.hall, today)
        if before is not None and is_over:
            today_told = log_dates.logged_dates(tx, desk.hall, periods.TOLD, periods.REMARKS).get(today)
            told |= {today: today_told} if today_told else {}
        return HallLogForReports(
            name=log_dates.hashes_of_events(tx, desk.hall, [1]).get(1, ""),
            setup=setup,
            today=today,
            local_now=setup.to_hall_time(now),
            tells_ratings=may_read_ratings(tx),
            is_over=is_over,
            busy=frozenset(day for day, logged_date in told.items() if logged_date.is_busy),
            last_seqs={day: logged_date.last_seq for day, logged_date in told.items()},
            still_open=frozenset(day for day in open_days if day < today),
        )


def _due_reports(desk: Desk, log: HallLogForReports, files: list[KeptReportFile]) -> list[periods.DueReport]:
    keep_days = log.setup.setting_as_int("report_keep_days")
    spans = [
        span
        for span in periods.ended_spans_containing(
            log.busy, periods.automatic_report_periods(log.setup), log.last_ended_date
        )
        if not periods.is_report_past_retention(span, log.today, keep_days)
        and log.is_due(span)
        and not any(span.first <= day <= span.last for day in log.still_open)
    ]
    kept = periods.latest_report_stamp_by_span(file.stamp for file in files)
    with desk.db.read() as tx:
        there = log_dates.hashes_of_events(tx, desk.hall, sorted({stamp.last_seq for stamp in kept.values()}))
    return periods.reports_to_write(spans, kept, log.last_seqs, lambda stamp: there.get(stamp.last_seq) == stamp.hash)


def _check_former_reports(desk: Desk, files: list[KeptReportFile]) -> upkeep.ReportChecks:
    """Return what became of the reports that are there; replays the whole log once, however many are written."""
    stamps = [file.stamp for file in files if file.stamp.last_seq]
    return upkeep.kept_report_checks(
        stamps,
        examining.verify_claims_in_hall(desk, [upkeep.log_end_claimed_by_report(stamp) for stamp in stamps])
        if stamps
        else (),
    )


def _write_report(
    desk: Desk,
    log: HallLogForReports,
    one: periods.DueReport,
    folder: Path,
    formers: upkeep.ReportChecks,
    *,
    now: datetime,
    lang: str,
) -> KeptReportFile:
    from queuedesk.reports.draw.head_and_foot import AutomaticReportEdition
    from queuedesk.reports.figures.write import hall_report_pdf_and_log_part

    span, by, book = one.span, AutomaticReportEdition(one.edition, formers), None
    if span.period in periods.PACKS:
        kept = features.import_reference(features.automatic_report_makers(log.setup.hall)[span.period])
        pdf, book, part = kept(desk, periods.PACKS[span.period], span.first, lang=lang, now=now, printed_by=by)
    else:
        pdf, part = hall_report_pdf_and_log_part(desk, span.period, span.first, lang=lang, now=now, printed_by=by)
    stamp = periods.ReportStamp(
        hall=log.setup.hall.code,
        log=log.name,
        span=span,
        edition=one.edition,
        written=now,
        first_seq=part["first_seq"] or 0,
        last_seq=part["last_seq"] or 0,
        hash=part["hash"] or "",
    )
    path = write_kept_report(folder, stamp, pdf)
    if book is not None:
        stem = path.stem
        names = (f"{stem}.xlsx" if n == 1 else f"{stem}-{n}.xlsx" for n in count(1))
        write_under_free_name(folder, names, book, f".{log.name[:_LOG_DIGITS]}-{os.getpid()}{PART}")
    return KeptReportFile(path, stamp, path.stat().st_size)


def _remove_too_old_reports(log: HallLogForReports, files: list[KeptReportFile]) -> Iterator[KeptReportFile]:
    keep_days = log.setup.setting_as_int("report_keep_days")
    for file in files:
        if periods.is_report_past_retention(file.stamp.span, log.today, keep_days) and remove_report_unless_altered(
            file
        ):
            yield file


ASKED, REFUSED = "asked", "refused"
_LOG_DIGITS = 16


class ReportPrintingLog:
    """The notes in one file, which need not exist. The last line about a report counts."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> dict[str, datetime]:
        """Return when each report was printed, by key_of; an incomplete line or unreadable file is ignored."""
        try:
            lines = read_program_file(self._path, LARGEST_REPORT).decode(errors="replace").splitlines()
        except (OSError, ValueError):
            return {}
        found: dict[str, datetime] = {}
        for line in lines:
            try:
                said = parse_json_safely(line)
                key, state, moment = str(said["report"]), said["state"], datetime.fromisoformat(said["at"])
            except (ValueError, KeyError, TypeError):
                continue
            if state == ASKED:
                found[key] = moment
            else:
                found.pop(key, None)
        return found

    def append_printing_note(self, stamp: periods.ReportStamp, state: str, *, at: datetime, printer: str) -> None:
        """Write down that `printer` was asked for a report, or that it refused. Raises OutsideError "cannot_write"."""
        said = {"report": report_key(stamp), "state": state, "at": moment_text(at), "printer": printer}
        try:
            remove_others_rights(self._path)
            opened = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            with os.fdopen(opened, "a", encoding="utf-8") as file:
                # On a line of its own, whatever a process that died has left before it.
                file.write("\n" + json.dumps(said, ensure_ascii=False) + "\n")
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise errors.OutsideError("cannot_write", path=str(self._path)) from error


def report_key(stamp: periods.ReportStamp) -> str:
    """Return what identifies a report in the notes: its content, whatever folder it is in."""
    return f"{stamp.log[:_LOG_DIGITS]} {stamp.span.period} {stamp.span.first.isoformat()} {stamp.hash}"


MOST_PAGES = 400


def printed_log_claims(path: Path) -> list[upkeep.SheetClaim]:
    """Return a report's claims about logs, at least one. Raises RuleError "no_code" for a PDF that prints none,
    OutsideError "wrong_kind", "no_such_file", "cannot_read", "too_large"."""
    with suppress(ValueError):  # What is no path can't be read either.
        if is_open_database_file(Path(os.path.realpath(path))):
            raise errors.OutsideError("wrong_kind", path=str(path), wanted="report")
    content = read_input_file(path, LARGEST_REPORT)
    try:
        with pypdfium2.PdfDocument(content) as document:
            texts = [document[i].get_textpage().get_text_bounded() for i in range(min(len(document), MOST_PAGES))]
    except pypdfium2.PdfiumError as error:
        raise errors.OutsideError("wrong_kind", path=str(path), wanted="report") from error
    claims = upkeep.claims_in_printed_text("\n".join(texts))
    if not claims:
        raise errors.RuleError("no_code", path=str(path))
    return claims


# Takes pages out of a report, so that managers' pages never reach the printer.


def report_pages_as_pdf(path: Path, pages: periods.PrintedReportPagesChoice) -> bytes:
    """Return some pages of a report as a PDF. If the file does not say how many pages may hang on a wall, that is its
    first page alone, which may in every report. One that does not say how long its summary is gives all that may hang
    on a wall. Raises OutsideError "cannot_read"."""
    try:
        with pypdfium2.PdfDocument(path) as document, pypdfium2.PdfDocument.new() as part:
            part.import_pages(document, range(_page_count_of_part(document, pages)))
            _copy_language_to_part(document, part)
            content = BytesIO()
            part.save(content)
            return content.getvalue()
    except (OSError, pypdfium2.PdfiumError) as error:
        raise errors.OutsideError("cannot_read", path=str(path)) from error


def _copy_language_to_part(document: pypdfium2.PdfDocument, part: pypdfium2.PdfDocument) -> None:
    size = pypdfium2.raw.FPDFCatalog_GetLanguage(document, None, 0)
    name = (pypdfium2.raw.FPDF_WCHAR * (size // 2))()
    pypdfium2.raw.FPDFCatalog_GetLanguage(document, name, size)
    pypdfium2.raw.FPDFCatalog_SetLanguage(part, name)


def pages_in(path: Path) -> dict[periods.PrintedReportPagesChoice, int]:
    """Return how many pages of a report report_pages_as_pdf gives for each choice. Raises OutsideError
    "cannot_read"."""
    try:
        with pypdfium2.PdfDocument(path) as document:
            return {pages: _page_count_of_part(document, pages) for pages in periods.PrintedReportPagesChoice}
    except (OSError, pypdfium2.PdfiumError) as error:
        raise errors.OutsideError("cannot_read", path=str(path)) from error


def _page_count_of_part(document: pypdfium2.PdfDocument, pages: periods.PrintedReportPagesChoice) -> int:
    from queuedesk.reports.draw.pdf import SUMMARY_PAGES, WALL_PAGES

    if pages is periods.PrintedReportPagesChoice.ALL:
        return len(document)
    keywords = document.get_metadata_value("Keywords")
    wall = _number_after_keyword(keywords, WALL_PAGES) or 1
    summary = _number_after_keyword(keywords, SUMMARY_PAGES) or wall
    return min(summary if pages is periods.PrintedReportPagesChoice.SUMMARY else wall, wall, len(document))


def _number_after_keyword(keywords: str, name: str) -> int:
    """Return the number that follows `name`; 0 where there is none."""
    match = re.search(rf"{name}(\d+)", keywords)
    return int(match[1]) if match else 0
