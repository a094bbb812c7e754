"""Reads yearly indicators, takes a file in, corrects single figures and saves them, beside the window."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

from PySide6.QtCore import QObject

from queuedesk.features.indicators import verbs
from queuedesk.features.indicators.rules.reported import Compared, Indicator, compared
from queuedesk.i18n import current, named
from queuedesk.i18n.names import staff_name
from queuedesk.stations.manager.parts.intake import IntakeController
from queuedesk.stations.window.context import StationContext

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
        return verbs.indicators_of(self.context.desk)

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
        self.read_file(lambda: verbs.read_indicators(path), keep)

    def take_over(self) -> None:
        """Import the previewed file."""
        rows, ask = self.coming, self.context.ask()
        if rows is not None:
            self.start("import", lambda: verbs.import_indicators(self.context.desk, ask, rows))

    def put(self, name: str, year: int, figures: Mapping[str, Decimal | None], source: str) -> None:
        """Add or correct one indicator of one year."""
        ask = self.context.ask()
        self.start("set", lambda: verbs.set_indicator(self.context.desk, ask, name, year, figures, source=source))

    def remove(self, name: str, year: int) -> None:
        """Remove an indicator from a year."""
        ask = self.context.ask()
        self.start("remove", lambda: verbs.remove_indicator(self.context.desk, ask, name, year))

    def save(self, ending: str) -> None:
        """Write them into the folder of reports."""
        from queuedesk.features.indicators.papers import IndicatorBook, write_indicators

        setup, who, lang = self.context.feed.setup, self.context.who, current()
        book = IndicatorBook(
            rows=self.rows,
            hall=named(setup.hall.name, setup.hall.name_en, lang),
            local_now=setup.local(self.context.clock()),
            printed_by=staff_name(setup, who.name, lang) if who is not None else None,
        )
        self.write(f"indicators.{ending}", lambda path: write_indicators(book, path, lang))
