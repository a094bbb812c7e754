"""Reads figures from elsewhere, takes a file in, corrects single figures and saves them, beside the window."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Generic, TypeVar

from PySide6.QtCore import QObject, Signal

from queuedesk.core.imports.channel import ChannelTotal, Key, Ledger
from queuedesk.core.imports.indicator import Compared, Indicator, compared
from queuedesk.core.log.event import Event
from queuedesk.desk.figures import importing
from queuedesk.i18n import current, named
from queuedesk.i18n.names import staff_name
from queuedesk.sim.imports import ChannelTable, read_channels, read_indicators
from queuedesk.stations.manager.parts.page_controller import LastAsked, save_report
from queuedesk.stations.window.context import StationContext
from queuedesk.stations.window.one_command import OneCommand

T = TypeVar("T")
R = TypeVar("R")


class IntakeController(OneCommand, Generic[R]):
    """`changed` says that the figures or the preview have changed; `failed` gives trouble with a file, `saved` the file
    written. `KIND` is the kind of event after which the figures are read again."""

    KIND = ""
    changed = Signal()
    failed = Signal(object)
    saved = Signal(object)

    def __init__(self, context: StationContext, parent: QObject | None = None) -> None:
        super().__init__(context, parent)
        self._is_read = False
        self._last = LastAsked(context, self)
        self.done.connect(self._done_with)

    # -- for subclasses ----------------------------------------------------------------------------------------------

    @abstractmethod
    def read(self) -> R:
        """Return the figures; it runs in the background."""

    @abstractmethod
    def take(self, found: R) -> None:
        """Store what was read."""

    @abstractmethod
    def forget_preview(self) -> None:
        """Drop the previewed file."""

    @abstractmethod
    def open_file(self, path: Path) -> None:
        """Read a file for a preview; nothing is imported."""

    @abstractmethod
    def take_over(self) -> None:
        """Import the previewed file."""

    @abstractmethod
    def save(self, ending: str) -> None:
        """Write everything into the folder of reports, as a file of that kind."""

    @property
    def can_save(self) -> bool:
        """Whether there is a folder to save in."""
        return self.context.services.folder is not None

    # -- reading -----------------------------------------------------------------------------------------------------

    def open(self) -> None:
        """Read the figures when the page is first shown; from then on they follow the log."""
        if not self._is_read:
            self._is_read = True
            self.read_again()

    def read_again(self) -> None:
        self._last.ask(self.read, self._taken, self.failed.emit)

    def _taken(self, found: R) -> None:
        self.take(found)
        self.changed.emit()

    def read_file(self, work: Callable[[], T], good: Callable[[T], None]) -> None:
        """Read a file in the background; `good` stores it as the preview."""

        def take(found: T) -> None:
            good(found)
            self.changed.emit()

        self.context.tasks.run_long(work, take, self.failed.emit, may_drop=True)

    def leave_out(self) -> None:
        """Drop the previewed file; nothing was imported."""
        self.forget_preview()
        self.changed.emit()

    def write(self, name: str, write: Callable[[Path], object]) -> None:
        """Have `write` make a file in the folder of reports, replacing an earlier one of that name."""
        save_report(self.context, name, write, self.saved.emit, self.failed.emit)

    def heed(self, events: list[Event]) -> None:
        """Read again what events of the hall have changed."""
        if any(event.kind in (self.KIND, "set-up") for event in events):
            self.read_if_known()

    def read_if_known(self) -> None:
        """Read again if the figures were ever read."""
        if self._is_read:
            self.read_again()

    def _done_with(self, verb: str, _document: object) -> None:
        if verb == "import":
            self.forget_preview()
        self.read_again()


class ChannelsController(IntakeController[Ledger]):
    """`ledger` is the log's, `coming` the previewed file, None without one."""

    KIND = "channels"

    def __init__(self, context: StationContext, parent: QObject | None = None) -> None:
        super().__init__(context, parent)
        self.ledger = Ledger()
        self.coming: ChannelTable | None = None

    def read(self) -> Ledger:
        return importing.ledger_of(self.context.desk, self.context.clock())

    def take(self, found: Ledger) -> None:
        self.ledger = found

    def forget_preview(self) -> None:
        self.coming = None

    @property
    def known(self) -> dict[Key, ChannelTotal]:
        return {one.key: one for one in self.ledger.totals}

    # -- acts --------------------------------------------------------------------------------------------------------

    def open_file(self, path: Path) -> None:
        """Read a file for a preview; nothing is imported."""
        services = self.context.feed.setup.services

        def keep(found: ChannelTable) -> None:
            self.coming = found

        self.open()
        self.read_file(lambda: read_channels(path, services), keep)

    def take_over(self) -> None:
        """Import the previewed file."""
        table, ask = self.coming, self.context.ask()
        if table is None:
            return
        take = partial(importing.take_totals, lines=table.lines, path=str(table.path), sha256=table.sha256)
        self.start("import", lambda: take(self.context.desk, ask, table.totals))

    def put(self, total: ChannelTotal) -> None:
        """Add or correct one total."""
        ask, named = self.context.ask(), (total.channel, total.period, total.service)
        put = partial(importing.set_total, site=total.site, amount_cents=total.amount_cents)
        self.start("set", lambda: put(self.context.desk, ask, *named, total.n))

    def take_away(self, total: ChannelTotal) -> None:
        ask, named = self.context.ask(), (total.channel, total.period, total.service)
        self.start("remove", lambda: importing.set_total(self.context.desk, ask, *named, None, site=total.site))

    def save(self, ending: str) -> None:
        """Write the totals, or an empty form, into the folder of reports."""
        from queuedesk.reports.papers.indicator_page import write_totals

        setup, totals, lang = self.context.feed.setup, self.ledger.totals, current()
        local_now = setup.local(self.context.clock())
        self.write(f"channels.{ending}", lambda path: write_totals(totals, setup, path, lang, local_now))


YearAndName = tuple[int, str]


class IndicatorsController(IntakeController[list[Compared]]):
    """`rows` are the log's, `coming` those of the previewed file, None without one."""

    KIND = "indicators"

    def __init__(self, context: StationContext, parent: QObject | None = None) -> None:
        super().__init__(context, parent)
        self.rows: list[Compared] = []
        self.coming: list[Indicator] | None = None
        self.file: Path | None = None

    def read(self) -> list[Compared]:
        return importing.indicators_of(self.context.desk)

    def take(self, found: list[Compared]) -> None:
        self.rows = found

    def forget_preview(self) -> None:
        self.coming = self.file = None

    @property
    def known(self) -> dict[YearAndName, Indicator]:
        return {(row.indicator.year, row.indicator.name): row.indicator for row in self.rows}

    def shown(self) -> list[Compared]:
        """Return the indicators as they are, or as they would be with the previewed file."""
        if self.coming is None:
            return self.rows
        return compared({**self.known, **{(one.year, one.name): one for one in self.coming}}.values())

    def fresh(self) -> set[YearAndName]:
        """Return which figures of the file are new or differ."""
        known = self.known
        return {(one.year, one.name) for one in self.coming or () if known.get((one.year, one.name)) != one}

    # -- acts --------------------------------------------------------------------------------------------------------

    def open_file(self, path: Path) -> None:
        """Read a file for a preview; nothing is imported."""

        def keep(found: list[Indicator]) -> None:
            self.coming, self.file = found, path

        self.open()
        self.read_file(lambda: read_indicators(path), keep)

    def take_over(self) -> None:
        """Import the previewed file."""
        rows, ask = self.coming, self.context.ask()
        if rows is not None:
            self.start("import", lambda: importing.import_indicators(self.context.desk, ask, rows))

    def put(self, name: str, year: int, figures: Mapping[str, Decimal | None], source: str) -> None:
        """Add or correct one indicator of one year."""
        ask = self.context.ask()
        self.start("set", lambda: importing.set_indicator(self.context.desk, ask, name, year, figures, source=source))

    def remove(self, name: str, year: int) -> None:
        """Remove an indicator from a year."""
        ask = self.context.ask()
        self.start("remove", lambda: importing.remove_indicator(self.context.desk, ask, name, year))

    def save(self, ending: str) -> None:
        """Write them into the folder of reports."""
        from queuedesk.reports.papers.indicator_page import IndicatorBook, write_indicators

        setup, who, lang = self.context.feed.setup, self.context.who, current()
        book = IndicatorBook(
            rows=self.rows,
            hall=named(setup.hall.name, setup.hall.name_en, lang),
            local_now=setup.local(self.context.clock()),
            printed_by=staff_name(setup, who.name, lang) if who is not None else None,
        )
        self.write(f"indicators.{ending}", lambda path: write_indicators(book, path, lang))
