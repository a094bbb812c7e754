"""Reads the person's sheets of a month beside the window, and saves one as a workbook."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from queuedesk.core.appraisal import PART, Dispute, Scheme
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
from queuedesk.stations.manager.parts.page_controller import MonthShown, PageController, Refused, save_report
from queuedesk.stations.window.context import StationContext


class SheetsController(PageController[MonthSheets]):
    """`saved` gives the file; `scheme_set` says that the scheme was changed, `disputed` gives what was asked or decided
    about a row, `closed` which month was closed."""

    KEEPS = timedelta(minutes=1)
    """So long for a month that runs."""

    saved = Signal(object)
    scheme_set = Signal()
    disputed = Signal(object)
    closed = Signal(object)

    def __init__(self, context: StationContext, first_day: Callable[[], date], parent: QObject | None = None) -> None:
        super().__init__(context, parent)
        self.shown = MonthShown(context, first_day, self)
        self.shown.turned.connect(self._turned)
        self.staff = ""
        self.version: int | None = None

    @property
    def can_save(self) -> bool:
        return self.context.services.folder is not None

    @property
    def chosen(self) -> SheetRead | None:
        """The sheet of who is chosen, None before it was read and in a month in which nobody worked."""
        read, staff = self.found, self.staff
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
        work = partial(setting_up.change_part, self.context.desk, self.context.ask(), PART, row)
        self.start("set-up", work, lambda _document: self.scheme_set.emit())

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
        # Beside the acts on rows, which wait for nothing so long.
        context.tasks.run_long(work, self._closed, partial(self.refused.emit, "sheet-close"))

    def _closed(self, document: Document) -> None:
        self.version = None
        self.closed.emit(document)
        self.refresh(anew=True)

    def choose_version(self, version: int) -> None:
        """Show a closed month in another version; 0 is as it stands now."""
        self.version = version
        self.refresh()

    def _turned(self) -> None:
        self.version = None
        self.refresh()

    def dispute(self, item: str, row: str, note: str) -> None:
        """Ask to exclude a row of the sheet that is shown."""
        self._about(verbs.dispute, self.staff, item, row, note, month=self.shown.first)

    def decide(self, seq: int, note: str, *, exclude: bool) -> None:
        self._about(verbs.decide, seq, note, exclude=exclude)

    def _about(self, do: Callable[..., Document], *args: object, **words: object) -> None:
        self.start("sheet", partial(do, self.context.desk, self.context.ask(), *args, **words), self._acted)

    def _acted(self, document: Document) -> None:
        self.disputed.emit(document)
        self.refresh(anew=True)

    def show_dispute(self, one: Dispute) -> None:
        """Show the sheet that a dispute is about."""
        self.staff = one.staff
        self.version = None
        self.shown.show_month(one.month)
        self.refresh()
        if self.found is not None:
            self.changed.emit()

    def choose(self, staff: str) -> None:
        """Show somebody else's sheet of the month."""
        self.staff = staff
        if self.found is not None:
            self.changed.emit()

    def _depends(self) -> object:
        feed = self.context.feed
        disputes, closings = tuple(feed.state.disputes.values()), len(feed.state.closings)
        return self.shown.first, feed.day, feed.state.setup_now, self.version, disputes, closings

    def _is_old(self, since: timedelta) -> bool:
        return not self.shown.has_later and since >= self.KEEPS

    def _reader(self) -> Callable[[], MonthSheets]:
        ask = self.context.ask()
        return partial(month_sheets, self.context.desk, ask.who, self.shown.first, ask.now, version=self.version)

    def _take(self, read: MonthSheets) -> None:
        if read.first != self.shown.first or self.version not in (None, read.version):
            return  # Another was turned to meanwhile, and is read next.
        if self.staff not in read.team.sheets:
            staff = self.context.feed.setup.staff
            clerks = [one for one in read.team.sheets if one in staff and staff[one].role is Role.CLERK]
            self.staff = next(iter(clerks), next(iter(read.team.sheets), ""))
        super()._take(read)

    def save(self) -> None:
        """Write the sheet that is shown as a workbook into the folder of reports."""
        found, setup, now = self.found, self.context.feed.setup, self.context.clock()
        if found is None or self.staff not in found.team.sheets:
            return
        staff, lang = self.staff, current()

        def write(file: Path) -> None:
            from queuedesk.features.staff.papers import book  # what writes workbooks is loaded for the first

            write_file(file, book(setup, found, staff, lang=lang, made=now))

        version = f"-v{found.version}" if found.version else ""
        name = f"{self.shown.first:%Y-%m}-sheet-{staff}{version}.xlsx"
        save_report(self.context, name, write, self.saved.emit, partial(self.refused.emit, "save"))


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
