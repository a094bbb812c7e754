"""Reads a date's half hours beside the window, saves them as a file, and changes the roster."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QElapsedTimer, QObject, Signal

from queuedesk.core.errors import QueueDeskError
from queuedesk.core.log.event import Event
from queuedesk.core.network.roles import MAY
from queuedesk.core.staffing.day import StaffingDay
from queuedesk.desk.staffing import busy_week
from queuedesk.features.windows_needed import verbs
from queuedesk.features.windows_needed.verbs import Past
from queuedesk.files.writing import write_file
from queuedesk.i18n import current
from queuedesk.i18n.names import staff_name
from queuedesk.stations.manager.parts.page_controller import LastAsked, save_report
from queuedesk.stations.window.context import OneCommand, StationContext

RESTS_MS = 60_000


class StaffingController(OneCommand):
    """`shown` gives a StaffingDay of the current date; `failed` why there is none; `saved` the file that was written;
    `planned` says that the roster or a pay day was changed."""

    shown = Signal(object)
    failed = Signal(object)
    saved = Signal(object)
    planned = Signal()

    def __init__(self, context: StationContext, parent: QObject | None = None) -> None:
        super().__init__(context, parent)
        self._past: Past | None = None
        self.day: date | None = None
        self.found: StaffingDay | None = None
        self._last = LastAsked(context, self)
        self._reading = False
        self._since = QElapsedTimer()

    @property
    def may_plan(self) -> bool:
        """Whether the person here may change the roster."""
        return "roster" in MAY[self.context.ask().who.role]

    def want(self, day: date) -> None:
        """Show a date, reading it again."""
        self._past = None
        if day != self.day:
            self.day, self.found = day, None
        self._read()

    def follow(self) -> None:
        """Read again when a minute has passed on a day under way."""
        if self.day is None or self._reading or self._since.elapsed() < RESTS_MS:
            return
        if self.day == self.context.feed.day or self.found is None:
            self._read()

    def save(self, ending: str) -> None:
        """Write the date into the folder of reports."""
        from queuedesk.features.windows_needed.papers import write

        found, desk = self.found, self.context.desk
        if found is None:
            return
        lang, now = current(), self.context.clock()
        name = staff_name(self.context.feed.setup, self.context.ask().who.name, lang)

        def make(path: Path) -> None:
            write(desk, found, path, lang=lang, now=now, printed_by=name)

        file = f"windows-{found.date.isoformat()}.{ending}"
        save_report(self.context, file, make, self.saved.emit, self.failed.emit)

    def save_quiet_hours(self) -> None:
        """Write when the next days are quiet into the folder of reports, for the wall."""
        from queuedesk.features.windows_needed.papers import quiet_pdf

        desk, setup, now, lang = self.context.desk, self.context.feed.setup, self.context.clock(), current()

        def make(path: Path) -> None:
            write_file(path, quiet_pdf(setup, busy_week(desk, now), lang, setup.local(now)))

        file = f"quiet-hours-{setup.local(now).date().isoformat()}.pdf"
        save_report(self.context, file, make, self.saved.emit, self.failed.emit)

    @property
    def can_save(self) -> bool:
        return self.found is not None and self.context.services.folder is not None

    def plan(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Replace the roster's rows."""
        self._change(partial(verbs.save_roster, self.context.desk, self.context.ask(), rows))

    @property
    def may_mark(self) -> bool:
        """Whether the person here may mark busy bill days, in a hall that has them."""
        return self.may_plan and self.context.feed.setup.has_pay_days

    def set_pay_day(self, on: bool) -> None:
        """Make the current date a pay day, or not."""
        if self.day is not None:
            act = verbs.add_pay_days if on else verbs.remove_pay_days
            self._change(partial(act, self.context.desk, self.context.ask(), [self.day]))

    def _change(self, work: Callable[[], object]) -> None:
        self.start("roster", work, lambda _document: self.planned.emit())

    def _read(self) -> None:
        if self.day is None:
            return
        self._reading = True
        self._since.start()
        day, now = self.day, self.context.clock()
        last = min(day, self.context.feed.day) - timedelta(days=1)
        known = self._past if self._past is not None and (self._past.day, self._past.last) == (day, last) else None

        def work() -> tuple[Past, StaffingDay]:
            past = known or verbs.past_of(self.context.desk, day, now)
            return past, verbs.staffing_on(self.context.desk, day, now, past)

        self._last.ask(work, self._take, self._fail)

    def _take(self, read: tuple[Past, StaffingDay]) -> None:
        self._reading = False
        self._past, self.found = read
        self.shown.emit(self.found)

    def _fail(self, trouble: QueueDeskError) -> None:
        self._reading = False
        self.failed.emit(trouble)

    def heed(self, events: list[Event]) -> None:
        """Read again what events of the hall have changed."""
        changes = [event for event in events if event.kind == "set-up"]
        if any(event.data.get("part") != verbs.ROSTER for event in changes):
            self._past = None
        if changes and self.found is not None:
            self._read()
