"""Yearly indicators: one year's figures beside the year before, all years in a picture, what a reader has to know."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from queuedesk.core.imports.indicator import SCALE, Indicator, doubts
from queuedesk.i18n import _
from queuedesk.i18n.figures.indicator_words import sentences
from queuedesk.stations.manager.imports import indicators_words as words
from queuedesk.stations.manager.imports.indicator_dialog import IndicatorDialog, TypedIndicator
from queuedesk.stations.manager.imports.indicators_controller import IndicatorsController
from queuedesk.stations.manager.imports.intake_page import IntakePage
from queuedesk.stations.widgets.charts.chart_view import YearsView
from queuedesk.stations.widgets.charts.figure_table import FigureTable
from queuedesk.stations.widgets.labels import Label
from queuedesk.stations.widgets.panels import Card, spread
from queuedesk.stations.widgets.pills import FilterPill
from queuedesk.stations.window.style import Look

BESIDE_FROM = 980
MOST_YEARS = 12


class IndicatorsPage(IntakePage):
    """A press on a figure puts it right; a file is looked at in the same table before it goes in."""

    def __init__(self, look: Look, controller: IndicatorsController, parent: QWidget | None = None) -> None:
        super().__init__(
            look,
            controller,
            title=lambda: _("Indicators", context="page"),
            line=lambda: _("As they were published"),
            endings=("xlsx", "csv", "pdf"),
            parent=parent,
        )
        self._controller = controller
        self._year: int | None = None
        self.years: dict[int, FilterPill] = {}
        self.table = FigureTable(look, row_height=40)
        self.picture = YearsView(look)
        self.picture_title = Label(look, px=17, bold=True)
        self.doubts_title = Label(look, px=17, bold=True)
        self.doubts = Label(look, px=15, wrap=True)
        self._fill()
        self.table.picked.connect(self._edit)
        self.picture.picked.connect(self._edit)
        controller.changed.connect(self._show)

    def _fill(self) -> None:
        look = self._look
        column = QVBoxLayout(self.body)
        spread(look, column, (0, 0, 12, 8), 10)
        self._years = QHBoxLayout()
        spread(look, self._years, spacing=8)
        self._years.addStretch(1)
        column.addLayout(self._years)
        self._beside = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        spread(look, self._beside, spacing=16)
        card = Card(look)
        within = QVBoxLayout(card)
        spread(look, within, (18, 10, 18, 12))
        within.addWidget(self.table)
        left = QVBoxLayout()
        spread(look, left, spacing=16)
        picture = Card(look)
        inside = QVBoxLayout(picture)
        spread(look, inside, (18, 14, 18, 10), 8)
        inside.addWidget(self.picture_title)
        inside.addWidget(self.picture)
        self._told = Card(look)
        told = QVBoxLayout(self._told)
        spread(look, told, (18, 14, 18, 16), 6)
        told.addWidget(self.doubts_title)
        told.addWidget(self.doubts)
        left.addWidget(card)
        left.addWidget(self._told)
        left.addStretch(1)
        self._beside.addLayout(left, 7)
        self._beside.addWidget(picture, 5, Qt.AlignmentFlag.AlignTop)
        column.addLayout(self._beside)
        column.addStretch(1)

    # -- what is shown -----------------------------------------------------------------------------------------------

    def retranslate(self) -> None:
        super().retranslate()
        self.picture_title.setText(_("Through the years"))
        self.doubts_title.setText(_("What a reader has to know"))
        self.empty.set_texts(
            _("Drop a table of indicators here"),
            _("CSV or Excel: a column with the indicators and one with the scores of each year, such as score_2013."),
        )
        self._show()

    def refresh(self, now: datetime) -> None:
        """Read the indicators when the page is first seen."""
        self._controller.open()

    def _show(self) -> None:
        controller = self._controller
        rows, fresh = controller.shown(), controller.fresh()
        self.show_body(bool(rows))
        self.save_button.setEnabled(bool(controller.rows) and controller.can_save)
        self.add_button.setVisible(controller.coming is None)
        self.preview.setVisible(controller.coming is not None)
        if controller.coming is not None and controller.file is not None:
            self.preview.set_texts(*words.preview_texts(controller.file.name, controller.coming, len(fresh)))
            if fresh:
                self.preview.yes_button.allow(_("Take over", context="table"))
            else:
                self.preview.yes_button.block(_("Nothing new"))
        if not rows:
            return
        years = sorted({row.indicator.year for row in rows}, reverse=True)[:MOST_YEARS]
        if controller.coming is not None and self._year not in {year for year, _name in fresh}:
            self._year = max((year for year, _name in fresh), default=self._year)
        if self._year not in years:
            self._year = years[0]
        self._show_years(years)
        year = self._year
        title = _("Indicators of {year}", year=year)
        self.table.set_table(
            title, _("Indicator", context="column"), words.heads(year), words.table_rows(rows, year, fresh)
        )
        self.picture.set_years(_("Through the years"), *words.picture_rows(rows))
        said = sentences(doubts(rows))
        self.doubts.setText("\n".join(said))
        self._told.setVisible(bool(said))
        self._arrange()

    def _show_years(self, years: Sequence[int]) -> None:
        if list(self.years) != list(years):
            for pill in self.years.values():
                pill.hide()
                pill.deleteLater()
            self.years = {}
            for place, year in enumerate(years):
                pill = FilterPill(self._look, str(year), height=36)
                pill.clicked.connect(partial(self.show_year, year))
                self._years.insertWidget(place, pill)
                self.years[year] = pill
        for year, pill in self.years.items():
            pill.setChecked(year == self._year)

    def show_year(self, year: int) -> None:
        """Show another year's figures."""
        self._year = year
        self._show()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        """Put the picture beside the table, or under it where both have no room."""
        ways = QBoxLayout.Direction
        is_wide = self.width() >= self._look.px(BESIDE_FROM)
        self._beside.setDirection(ways.LeftToRight if is_wide else ways.TopToBottom)

    # -- one figure --------------------------------------------------------------------------------------------------

    def add(self) -> None:
        year = self._year or self._controller.context.feed.setup.local(self._controller.context.clock()).year - 1
        self._ask(Indicator(year=year, name="", top=SCALE), is_new=True, asks_name=True)

    def _edit(self, of: words.Edit) -> None:
        if self._controller.coming is not None:
            return
        known = self._controller.known.get((of.year, of.name))
        self._ask(known or self._like_its_neighbour(of), is_new=known is None, asks_name=False)

    def _like_its_neighbour(self, of: words.Edit) -> Indicator:
        """Return a year that is not there yet, on the scale of the year after it or before it."""
        known = self._controller.known
        beside = known.get((of.year + 1, of.name)) or known.get((of.year - 1, of.name))
        return Indicator(year=of.year, name=of.name, top=beside.top if beside else SCALE)

    def _ask(self, known: Indicator, *, is_new: bool, asks_name: bool) -> None:
        dialog = IndicatorDialog(self.host, self._look, known, is_new=is_new, asks_name=asks_name)
        dialog.removal_wanted.connect(partial(self._controller.remove, known.name, known.year))
        self.ask(dialog)

    def put_in(self, typed: TypedIndicator) -> None:
        self._year = typed.year
        self._controller.put(typed.name, typed.year, typed.figures, typed.source)

    def removed(self, document: dict[str, Any]) -> str:
        name, year = document["name"], document["year"]
        return _("{name} is no longer among the indicators of {year}.", name=name, year=year)
