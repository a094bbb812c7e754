"""Reads yearly indicators, takes a file in, corrects single figures and saves them, beside the window."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject

from queuedesk.features.indicators import verbs
from queuedesk.features.indicators.rules.reported import Compared, Indicator, compared
from queuedesk.i18n import current, named
from queuedesk.i18n.names import staff_name
from queuedesk.stations.manager.parts.intake import IntakeController
from queuedesk.stations.window.context import StationContext

YearAndName = tuple[int, str]


class IndicatorsController(IntakeController[list[Compared], list[Indicator]]):
    KIND = "indicators"

    def __init__(self, context: StationContext, parent: QObject | None = None) -> None:
        super().__init__(context, [], parent)

    def _reader(self) -> Callable[[], list[Compared]]:
        return partial(verbs.indicators_of, self.context.desk)

    def reader(self, path: Path) -> Callable[[], list[Indicator]]:
        return partial(verbs.read_indicators, path)

    @property
    def known(self) -> dict[YearAndName, Indicator]:
        return {(row.indicator.year, row.indicator.name): row.indicator for row in self.found}

    def shown(self) -> list[Compared]:
        """Return the indicators as they are, or as they would be with the previewed file."""
        if self.coming is None:
            return self.found
        return compared({**self.known, **{(one.year, one.name): one for one in self.coming}}.values())

    def fresh(self) -> set[YearAndName]:
        """Return which figures of the file are new or differ."""
        known = self.known
        return {(one.year, one.name) for one in self.coming or () if known.get((one.year, one.name)) != one}

    # -- acts --------------------------------------------------------------------------------------------------------

    def take_over(self) -> None:
        """Import the previewed file."""
        if self.coming is not None:
            self.act("import", verbs.import_indicators, self.coming)

    def put(self, name: str, year: int, figures: Mapping[str, Decimal | None], source: str) -> None:
        """Add or correct one indicator of one year."""
        self.act("set", verbs.set_indicator, name, year, figures, source=source)

    def remove(self, name: str, year: int) -> None:
        """Remove an indicator from a year."""
        self.act("remove", verbs.remove_indicator, name, year)

    def save(self, ending: str) -> None:
        """Write them into the folder of reports."""
        from queuedesk.features.indicators.papers import IndicatorBook, write_indicators

        setup, who, lang = self.context.feed.setup, self.context.who, current()
        book = IndicatorBook(
            rows=self.found,
            hall=named(setup.hall.name, setup.hall.name_en, lang),
            local_now=setup.local(self.context.clock()),
            printed_by=staff_name(setup, who.name, lang) if who is not None else None,
        )
        self.write(f"indicators.{ending}", lambda path: write_indicators(book, path, lang))
