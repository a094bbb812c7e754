"""Starts a command when automatic reports or backups are due, as a process of its own that this process never waits
for."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer

from queuedesk.app.station.processes import BackgroundCommand
from queuedesk.app.this_pc import config
from queuedesk.core.errors import OutsideError
from queuedesk.core.figures.periods import PACKS_FROM
from queuedesk.core.queue.hallday import business_date
from queuedesk.i18n import current_language

if TYPE_CHECKING:
    from queuedesk.core.log.event import Event
    from queuedesk.core.setup.rows import Setup
    from queuedesk.stations.window.context import HallFeed
    from queuedesk.store.engine.database import Database

# -- any such work -------------------------------------------------------------------------------------------------

REPORTS = ("--json", "report", "due", "--gently")
BACKUPS = ("--json", "backups", "due", "--gently")
BACKUPS_NOW = ("--json", "backups", "due", "--now")
FIRST_S, LOOK_S = 60.0, 1800.0
"""What became due waits no longer than that for a process that finds it."""


class RepeatedCommand:
    """Starts a command that does only what is due; `look` is called every minute."""

    def __init__(
        self,
        words: Sequence[str],
        *,
        is_due: Callable[[], bool] = lambda: True,
        start: Callable[[Sequence[str]], BackgroundCommand] = BackgroundCommand,
        now_s: Callable[[], float] = time.monotonic,
    ) -> None:
        """`is_due` says cheaply whether a process is worth its start; it may raise what the database raises."""
        self._words, self._is_due = tuple(words), is_due
        self._start, self._now_s = start, now_s
        self._running: BackgroundCommand | None = None
        self._next_s = now_s() + FIRST_S

    def start_if_due(self) -> None:
        """Start the command a minute after this station started, then every half-hour, or sooner if work was left;
        never twice at once. Returns at once."""
        if self._running is not None:
            said = self._running.output_if_ended()
            if said is None:
                return
            self._running = None
            self._next_s = self._now_s() + (0.0 if _has_work_left(said) else LOOK_S)
        if self._now_s() < self._next_s or not self._is_due():
            return
        try:
            self._running = self._start(self._words)
        except OutsideError:  # Tried again; the manager's station tells of reports and backups that are not made.
            self._next_s = self._now_s() + LOOK_S


def _has_work_left(said: str) -> bool:
    try:
        document = json.loads(said)
    except ValueError:
        return False
    return isinstance(document, dict) and bool(document.get("left")) and not document.get("failed")


def repeated_backup_command(db: Database, place: str, clock: Callable[[], datetime]) -> RepeatedCommand:
    """Return what starts a backup of the hall at `place` for one of its stations; `look` may wait for the database."""

    def is_due() -> bool:
        # Loaded with all that proves a backup when a station has run for a minute: no first frame waits for it.
        from queuedesk.app.services import kept_reports

        return kept_reports.is_automatic_backup_due(db, clock())

    return RepeatedCommand(("--db", place, *BACKUPS), is_due=is_due)


# -- reports -------------------------------------------------------------------------------------------------------

START_MS, LOOK_MS = 5_000, 300
RETRY = timedelta(minutes=10)
RULES = ("reports", "report_print", "report_keep_days")
COUNTED_ANEW = frozenset({"set-up", "set-right"})
"""Events after which sums of all dates may be others."""
QUIET = timedelta(minutes=5)
"""So long after the last of such changes it is worth counting dates ahead again."""

Document = dict[str, Any]
Done = Callable[[Document], None]


def _start_background_command(words: Sequence[str]) -> BackgroundCommand:
    return BackgroundCommand(words, has_line=True)


class DueReportWriter(QObject):
    """Starts `report due` when something may have become due, or finished dates have to be counted ahead, tells what
    went wrong, and tries again until it went well. Every station tries; a lock lets one of them write, and the others
    find nothing left to do. Where it `counts`, it also begins minutes after a change that lets past dates be counted
    anew, and goes on until all are counted; a process that counts ends its work when the station closes."""

    def __init__(
        self,
        db: str,
        setup: Setup,
        feed: HallFeed,
        clock: Callable[[], datetime],
        *,
        by_itself: bool,
        counts: bool = True,
        start: Callable[[Sequence[str]], BackgroundCommand] = _start_background_command,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._words = ["--db", db, "--hall", setup.hall.code, "--json"]
        self._feed, self._clock, self._start = feed, clock, start
        self._by_itself = by_itself and not setup.hall.simulated
        self._counts = counts
        self._changed: datetime | None = None
        self._changes = 0
        self._started = False
        self._day_ends = 0
        self._running: BackgroundCommand | None = None
        self._is_gentle = False
        self._asked: list[Done] = []
        self._tried: object = None
        self._again: datetime | None = None
        self._trouble: Document | None = None
        self._poll = QTimer(self)
        self._poll.setInterval(LOOK_MS)
        self._poll.timeout.connect(self._poll_running_command)
        feed.changed.connect(self._note_past_changes_and_day_ends)

    @property
    def is_writing(self) -> bool:
        return self._running is not None

    def start_if_due(self) -> None:
        """Start writing if something may be due. Returns at once; called every minute."""
        if not self._by_itself:
            return
        if not self._started:
            self._started = True
            QTimer.singleShot(START_MS, self, self._start_writing_if_due)  # The first picture comes first.
            return
        self._start_writing_if_due()

    def write_due_reports_now(self, done: Done) -> None:
        """Write what is due because somebody asked; `done` gets the command's document."""
        self._asked.append(done)
        if self._running is None:
            self._start_report_process(gently=False)
        elif self._is_gentle:
            self._running.signal_unwanted()  # It may be counting, which can wait.

    def last_trouble(self) -> Document | None:
        """Return what stopped the last try, as "failed" of `report due` has it; None if it went well."""
        return self._trouble

    def stop(self) -> None:
        """Stop listening. A process that is writing finishes its work, one that counts stops."""
        self._by_itself = False
        if self._running is not None:
            self._running.signal_unwanted()
        self._poll.stop()
        self._feed.changed.disconnect(self._note_past_changes_and_day_ends)
        self._asked.clear()

    def _note_past_changes_and_day_ends(self, events: list[Event]) -> None:
        today = business_date(self._feed.setup, self._clock())
        if any(event.kind in COUNTED_ANEW or (event.date is not None and event.date < today) for event in events):
            self._changed = self._clock()
        if any(event.kind == "day-end" and event.date == today for event in events):
            self._day_ends += 1
            self.start_if_due()

    def _due_occasion_key(self) -> object:
        """Return what is another one when something may have become due."""
        setup, own = self._feed.setup, config.load_config()
        rules = [setup.settings[key] for key in RULES]
        now = self._clock()
        is_morning = setup.to_hall_time(now).time() >= PACKS_FROM
        day = business_date(setup, now), is_morning
        return day, self._day_ends, self._changes, rules, own.reports_folder, own.report_printer

    def _start_writing_if_due(self) -> None:
        if self.is_writing or not self._by_itself:
            return
        if self._counts and self._changed is not None and self._clock() - self._changed >= QUIET:
            self._changed, self._changes = None, self._changes + 1
        occasion = self._due_occasion_key()
        if occasion == self._tried and (self._again is None or self._clock() < self._again):
            return
        self._tried = occasion
        if self._feed.setup.settings["reports"] == "off" and not self._has_enough_events_to_keep_sums():
            self._again, self._trouble = None, None
            return
        self._start_report_process(gently=True)

    def _has_enough_events_to_keep_sums(self) -> bool:
        """Whether the hall can have so many tickets that sums are kept: each has an event."""
        from queuedesk.store.figures.counted import WORTH_KEEPING  # no station's start waits for it

        return self._counts and self._feed.state.now.seq >= WORTH_KEEPING

    def _start_report_process(self, *, gently: bool) -> None:
        self._is_gentle = gently
        gentle = ["--gently", *([] if self._counts else ["--no-counting"])]
        words = [*self._words, "--lang", current_language(), "report", "due", *(gentle if gently else [])]
        try:
            self._running = self._start(words)
        except OutsideError as trouble:
            self._is_gentle = False
            self._process_command_result({"written": [], "removed": [], "failed": [_trouble_document(trouble)]})
            return
        self._poll.start()

    def _poll_running_command(self) -> None:
        said = self._running.output_if_ended() if self._running is not None else None
        if said is None:
            return
        self._poll.stop()
        self._running = None
        self._process_command_result(_parsed_command_result(said))

    def _process_command_result(self, document: Document) -> None:
        failed = document["failed"]
        self._again = None
        if document.get("busy") or document.get("left") or document.get("uncounted"):
            self._again = self._clock()
        if failed:
            self._again = self._clock() + RETRY
        if not document.get("busy"):
            self._trouble = failed[0] if failed else None
        if self._is_gentle and self._asked:  # Asked for while it wrote by itself, which leaves some for the day's end.
            self._start_report_process(gently=False)
            return
        asked, self._asked = self._asked, []
        for done in asked:
            done(document)


def _parsed_command_result(said: str) -> Document:
    """Return the document of `report due`; of an error, or of a process that died, one in which that failed."""
    try:
        document = json.loads(said)
    except ValueError:
        document = None
    if isinstance(document, dict) and "failed" in document:
        return document
    error = document["error"] if isinstance(document, dict) and "error" in document else {"code": "", "message": ""}
    return {"written": [], "removed": [], "failed": [{"period": None, "from": None, "to": None, **error}]}


def _trouble_document(trouble: OutsideError) -> Document:
    return {"period": None, "code": trouble.code, "message": "", "details": dict(trouble.details)}
