"""What the page of yearly indicators asks for: all of them as last reported, a file that is looked at, figures put
right."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject

from queuedesk.core.imports.indicator import Compared, Indicator, compared
from queuedesk.desk.figures import importing
from queuedesk.i18n import current, named
from queuedesk.i18n.names import staff_name
from queuedesk.sim.imports import read_indicators
from queuedesk.stations.manager.imports.intake_controller import IntakeController
from queuedesk.stations.window.context import StationContext

Act = Callable[..., Any]
Key = tuple[int, str]


class IndicatorsController(IntakeController):
    """`rows` are those of the log, `coming` those of the file that is looked at, None without one."""

    KIND = "indicators"

    def __init__(
        self,
        context: StationContext,
        *,
        indicators_of: Act = importing.indicators_of,
        import_indicators: Act = importing.import_indicators,
        set_indicator: Act = importing.set_indicator,
        remove_indicator: Act = importing.remove_indicator,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(context, parent)
        self._of, self._import, self._set, self._remove = (
            indicators_of,
            import_indicators,
            set_indicator,
            remove_indicator,
        )
        self.rows: list[Compared] = []
        self.coming: list[Indicator] | None = None
        self.file: Path | None = None

    def read(self) -> list[Compared]:
        found: list[Compared] = self._of(self.context.desk)
        return found

    def take(self, found: list[Compared]) -> None:
        self.rows = found

    def forget_preview(self) -> None:
        self.coming = self.file = None

    @property
    def known(self) -> dict[Key, Indicator]:
        return {(row.indicator.year, row.indicator.name): row.indicator for row in self.rows}

    def shown(self) -> list[Compared]:
        """Return the indicators as they stand, or as they would with the file that is looked at."""
        if self.coming is None:
            return self.rows
        return compared({**self.known, **{(one.year, one.name): one for one in self.coming}}.values())

    def fresh(self) -> set[Key]:
        """Return which figures of the file are new or differ."""
        known = self.known
        return {(one.year, one.name) for one in self.coming or () if known.get((one.year, one.name)) != one}

    # -- acts --------------------------------------------------------------------------------------------------------

    def open_file(self, path: Path) -> None:
        """Read a file to look at; nothing is put in."""

        def keep(found: list[Indicator]) -> None:
            self.coming, self.file = found, path

        self.open()
        self.read_file(lambda: read_indicators(path), keep)

    def take_over(self) -> None:
        """Put the file that is looked at into the log."""
        rows, ask = self.coming, self.context.ask()
        if rows is not None:
            self.start("import", lambda: self._import(self.context.desk, ask, rows))

    def put(self, name: str, year: int, figures: Mapping[str, Decimal | None], source: str) -> None:
        """Put in or correct one indicator of one year."""
        ask = self.context.ask()
        self.start("set", lambda: self._set(self.context.desk, ask, name, year, figures, source=source))

    def remove(self, name: str, year: int) -> None:
        """Take an indicator out of a year."""
        ask = self.context.ask()
        self.start("remove", lambda: self._remove(self.context.desk, ask, name, year))

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
