"""Step 1: what kind of hall is this?"""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QWidget

from queuedesk.core.setup.presets import PRESETS
from queuedesk.core.setup.time_of_day import clock_text
from queuedesk.i18n import _, figure_range, listing, n_, named, said
from queuedesk.stations.home.controller import HomeController
from queuedesk.stations.home.hall_draft import HallDraft
from queuedesk.stations.home.station_card import StationCard
from queuedesk.stations.home.step import Step
from queuedesk.stations.widgets.buttons import TextButton
from queuedesk.stations.widgets.labels import Label
from queuedesk.stations.widgets.panels import spread
from queuedesk.stations.window.style import Look

LARGE_TEXT, NARROW_PX = 1.4, 520
ICONS = {"power": "bolt", "bank": "bank", "clinic": "clinic"}
OTHER_ICON = "building"


class PresetStep(Step):
    """Four kinds of hall; `picked` when another is chosen, `file_wanted` when a set-up file is to be used instead,
    `join_wanted` when there is a hall already."""

    picked = Signal(str)
    file_wanted = Signal()
    join_wanted = Signal()

    def __init__(self, look: Look, controller: HomeController, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self._controller = controller
        self._grid = QGridLayout()
        spread(look, self._grid, (0, 0, 0, 18), 20)
        self.cards = {name: StationCard(look, ICONS.get(name, OTHER_ICON), layout="preset") for name in PRESETS}
        for name, card in self.cards.items():
            card.setObjectName(name)
            card.clicked.connect(self._tell)
        next(iter(self.cards.values())).setChecked(True)
        self.file_button = TextButton(look, icon="document", height=44, px=17)
        self.file_button.clicked.connect(self.file_wanted)
        self._hint = Label(look, px=16, token="ink2")
        self.join_button = TextButton(look, icon="plug", height=44, px=17)
        self.join_button.clicked.connect(self.join_wanted)
        self._join_hint = Label(look, px=16, token="ink2")
        self.column.addLayout(self._grid)
        for button, hint in ((self.join_button, self._join_hint), (self.file_button, self._hint)):
            other = QHBoxLayout()
            spread(look, other, (-10, 0, 0, 0), 8)
            other.addWidget(button)
            other.addWidget(hint, 1)
            other.addStretch()
            self.column.addLayout(other)
        self.column.addStretch(1)
        self._columns = 0
        look.changed.connect(self._make_room)
        self._make_room()

    def set_slim(self, slim: bool) -> None:
        """Leave out what stands beside the other ways where the window is narrow."""
        for hint in (self._hint, self._join_hint):
            hint.setVisible(not slim)

    def _make_room(self) -> None:
        """Put the cards below each other where large text or a narrow window would cut their names."""
        is_narrow = self.width() < self.look.px(NARROW_PX)
        columns = 1 if is_narrow or self.look.scale.text >= LARGE_TEXT else 2
        if columns != self._columns:
            self._columns = columns
            for place, card in enumerate(self.cards.values()):
                self._grid.addWidget(card, place // columns, place % columns)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._make_room()

    def words(self) -> tuple[str, str, str]:
        return (
            _("Kind of hall"),
            _("What kind of hall is this?"),
            _("Pick the closest: services, windows and hours come with it, and you can change them later."),
        )

    def chosen(self) -> str:
        """Return the name of the chosen preset."""
        return next(name for name, card in self.cards.items() if card.isChecked())

    def retranslate(self) -> None:
        for name, card in self.cards.items():
            card.set_texts(said(PRESETS[name]), self._lines(name))
        self.file_button.setText(_("Use a set-up file of another hall"))
        self._hint.setText(_("The quickest way where there are many halls"))
        self.join_button.setText(_("Join a hall"))
        self._join_hint.setText(_("It runs on another PC already"))

    def show_draft(self, draft: HallDraft, problems: Mapping[str, str]) -> None:
        self.draft = draft

    def _lines(self, name: str) -> list[str]:
        setup = self._controller.preset(name)
        services = [named(service.name, service.name_en) for service in setup.services.values()]
        parts = [
            n_("{n} window", "{n} windows", len(setup.windows)),
            n_("{n} service", "{n} services", len(services)),
            figure_range(clock_text(setup.hall.opens), clock_text(setup.hall.closes)),
        ]
        return [listing(services), " · ".join(parts)]

    def _tell(self) -> None:
        self.picked.emit(self.chosen())
