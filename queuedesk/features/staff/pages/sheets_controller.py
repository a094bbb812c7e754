"""Reads the person's sheets of a month beside the window, and saves one as a workbook."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from queuedesk.core.appraisal import PART, Dispute, Scheme
from queuedesk.core.log.state import HallState
from queuedesk.core.network.roles import Role
from queuedesk.core.setup.field_kinds import read_row
from queuedesk.desk.change import Document
from queuedesk.desk.setup import setting_up
from queuedesk.features.staff import verbs
from queuedesk.features.staff.pages.sheet_texts import SheetRead
from queuedesk.features.staff.rules.own_work import OwnWork
from queuedesk.features.staff.rules.person_sheet import MonthSheets
from queuedesk.features.staff.verbs import close_month, month_sheets, own_work
from queuedesk.files.writing import write_file
from queuedesk.i18n import current
from queuedesk.stations.manager.parts.page_controller import MonthShown, OneReading, Refused, save_report
from queuedesk.stations.window.context import StationContext

KEEPS = timedelta(minutes=1)
"""A month that runs is read again after so long."""


class SheetsController(QObject):
    """`answered` says that there is something to show, `failed` why not; `saved` the file; `scheme_set` says that
    the scheme was changed, `disputed` gives what was asked or decided about a row, `closed` which month was closed,
    `refused` why any of these was not done."""

    answered = Signal()
    failed = Signal(object)
    saved = Signal(object)
    refused = Signal(object)
    scheme_set = Signal()
    disputed = Signal(object)
    closed = Signal(object)

    def __init__(self, context: StationContext, first_day: Callable[[], date], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self.shown = MonthShown(context, first_day, self)
        self.shown.turned.connect(self._turned)
        self.staff = ""
        self.version: int | None = None
        self.read: MonthSheets | None = None
        self._read_at: datetime | None = None
        self._reading = OneReading(context, self)

    @property
    def can_save(self) -> bool:
        return self.context.services.folder is not None

    @property
    def found(self) -> SheetRead | None:
        """The sheet of who is chosen, None before it was read and in a month in which nobody worked."""
        read, staff = self.read, self.staff
        if read is None or staff not in read.team.sheets:
            return None
        return SheetRead(read, staff)

    @property
    def scheme(self) -> Scheme:
        """The scheme that stands today."""
        return read_row(Scheme, self.context.feed.setup.document.get(PART, {}))

    @property
    def may_set_scheme(self) -> bool:
        return self.context.who is not None and self.context.who.may("set-up")

    def set_scheme(self, row: Mapping[str, Any]) -> None:
        """Change keys of the scheme."""
        context, ask = self.context, self.context.ask()
        work = partial(setting_up.change_part, context.desk, ask, PART, row)
        context.tasks.run(work, lambda _document: self.scheme_set.emit(), self.refused.emit)

    @property
    def waiting(self) -> list[Dispute]:
        """The disputes that nobody has decided yet, the oldest first."""
        return sorted(
            (one for one in self.context.feed.state.disputes.values() if one.is_open), key=lambda one: one.seq
        )

    @property
    def may_ask(self) -> bool:
        return self.context.who is not None and self.context.who.may("sheet-dispute")

    def may_decide(self, one: Dispute) -> bool:
        """Whether the person here may decide about that."""
        who = self.context.who
        return who is not None and who.may("sheet-decide") and one.may_decide(who.name)

    @property
    def may_close(self) -> bool:
        """Whether the month that is shown is over and the person here may close it."""
        who = self.context.who
        return self.shown.has_later and who is not None and who.may("sheet-close")

    def close_month(self) -> None:
        """Keep the sheets of the month that is shown as they are."""
        context, month = self.context, self.shown.first
        work = partial(close_month, context.desk, context.ask(), month)
        context.tasks.run_long(work, self._closed, self.refused.emit)

    def _closed(self, document: Document) -> None:
        self._read_at, self.version = None, None
        self.closed.emit(document)
        self.refresh()

    def choose_version(self, version: int) -> None:
        """Show a closed month in another version; 0 is as it stands now."""
        self.version = version
        self.refresh()

    def _turned(self) -> None:
        self.version = None
        self.refresh()

    def dispute(self, item: str, row: str, note: str) -> None:
        """Ask to exclude a row of the sheet that is shown."""
        self._act(verbs.dispute, self.staff, item, row, note, month=self.shown.first)

    def decide(self, seq: int, note: str, *, exclude: bool) -> None:
        self._act(verbs.decide, seq, note, exclude=exclude)

    def _act(self, do: Callable[..., Document], *args: object, **words: object) -> None:
        context = self.context
        work = partial(do, context.desk, context.ask(), *args, **words)
        context.tasks.run(work, self._acted, self.refused.emit)

    def _acted(self, document: Document) -> None:
        self._read_at = None  # What is shown has changed.
        self.disputed.emit(document)
        self.refresh()

    def show_dispute(self, one: Dispute) -> None:
        """Show the sheet that a dispute is about."""
        self.staff = one.staff
        self.version = None
        self.shown.show_month(one.month)
        self.refresh()
        if self.read is not None:
            self.answered.emit()

    def choose(self, staff: str) -> None:
        """Show somebody else's sheet of the month."""
        self.staff = staff
        if self.read is not None:
            self.answered.emit()

    def refresh(self) -> None:
        """Read the month, unless that was read a moment ago."""
        now, feed = self.context.clock(), self.context.feed
        wanted = (self.shown.first, feed.day, feed.state.setup_now, self.version, *_changes(feed.state))
        is_fresh = self._read_at is not None and (self.shown.has_later or now - self._read_at < KEEPS)
        work = partial(_read, self.context, self.shown.first, self.version)
        self._reading.read_once(wanted, work, self._take, self.failed.emit, anew=not is_fresh)

    def _take(self, found: MonthSheets) -> None:
        self._read_at, self.read = self.context.clock(), found
        if found.first != self.shown.first or self.version not in (None, found.version):
            self.refresh()  # Another was turned to meanwhile.
            return
        if self.staff not in found.team.sheets:
            staff = self.context.feed.setup.staff
            clerks = [one for one in found.team.sheets if one in staff and staff[one].role is Role.CLERK]
            self.staff = next(iter(clerks), next(iter(found.team.sheets), ""))
        self.answered.emit()

    def save(self) -> None:
        """Write the sheet that is shown as a workbook into the folder of reports."""
        found, setup, now = self.read, self.context.feed.setup, self.context.clock()
        if found is None or self.staff not in found.team.sheets:
            return
        staff, lang = self.staff, current()

        def write(file: Path) -> None:
            from queuedesk.features.staff.papers import book  # what writes workbooks is loaded for the first

            write_file(file, book(setup, found, staff, lang=lang, made=now))

        version = f"-v{found.version}" if found.version else ""
        name = f"{self.shown.first:%Y-%m}-sheet-{staff}{version}.xlsx"
        save_report(self.context, name, write, self.saved.emit, self.refused.emit)


def _changes(state: HallState) -> tuple[object, ...]:
    """Return what makes a month that was read another one."""
    return tuple(state.disputes.values()), len(state.closings)


def _read(context: StationContext, month: date, version: int | None) -> MonthSheets:
    ask = context.ask()
    return month_sheets(context.desk, ask.who, month, ask.now, version=version)


# -- the own work ------------------------------------------------------------------------------------------------------


class OwnController:
    """Reads the own work of the person here, saves it, and asks to exclude a row of it."""

    def __init__(self, context: StationContext) -> None:
        self.context = context

    def read(self, month: date | None, show: Callable[[OwnWork], None], bad: Refused) -> None:
        """Read it in this month, or in the one that `month` lies in, and have it shown."""
        context = self.context
        ask, month = context.ask(), month or context.feed.day
        context.tasks.run_aside(lambda: own_work(context.desk, ask.who, month, ask.now), show, bad)

    @property
    def can_save(self) -> bool:
        return self.context.services.folder is not None

    def save(self, work: OwnWork, done: Callable[[Path], None], bad: Refused) -> None:
        """Write it as a workbook into the folder of reports, to be taken home."""
        from queuedesk.features.staff.papers import own_book  # few save it

        setup, now, lang = self.context.feed.setup, self.context.clock(), current()

        def write(file: Path) -> None:
            write_file(file, own_book(setup, work, lang=lang, made=now))

        save_report(self.context, f"{work.month.first:%Y-%m}-sheet-{work.staff}-own.xlsx", write, done, bad)

    def dispute(
        self, found: MonthSheets, row: tuple[str, str], note: str, done: Callable[[], None], bad: Refused
    ) -> None:
        """Ask to exclude a row of the own sheet, then call `done` or `bad`."""
        context, ask = self.context, self.context.ask()
        work = partial(verbs.dispute, context.desk, ask, ask.who.name, *row, note, month=found.first)
        context.tasks.run(work, lambda _document: done(), bad)
