"""Order and waits: who is next and why, what was promised, what to do about it, behind one row of tabs."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from queuedesk.i18n import _
from queuedesk.stations.manager.controller import ManagerController
from queuedesk.stations.manager.figures.figures_controller import FiguresController
from queuedesk.stations.manager.lobby_page import LobbyPage
from queuedesk.stations.manager.pages import Pages
from queuedesk.stations.manager.waits.fairness_controller import FairnessController
from queuedesk.stations.manager.waits.fairness_page import FairnessPage
from queuedesk.stations.manager.waits.promise_page import PromisePage
from queuedesk.stations.manager.waits.staffing_controller import StaffingController
from queuedesk.stations.manager.waits.staffing_page import StaffingPage
from queuedesk.stations.manager.waits.whatif_controller import WhatIfController
from queuedesk.stations.manager.waits.whatif_page import WhatIfPage
from queuedesk.stations.widgets.lists.tabs import TabRow
from queuedesk.stations.widgets.panels import spread

LOBBY = "lobby"
FAIRNESS = "fairness"
STAFFING = "staffing"
WHAT_IF = "what-if"
PROMISE = "promise"


class WaitsSection(QWidget):
    """`said` is a notice with its icon; `place_wanted` leads to the tickets of a line, window or ticket;
    `behind_wanted` asks for the tickets behind a figure by its path, first and last date, title. A tab's page may have
    any of these signals.
    """

    said = Signal(str, str)
    menu_wanted = Signal(QPoint)
    place_wanted = Signal(object)
    behind_wanted = Signal(str, object, object, str)

    def __init__(self, controller: ManagerController, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._controller = controller
        self.tabs = TabRow(controller.context.look)
        self.pages = pages = Pages()
        pages.built.connect(self._connect)
        # One line for each tab, in their order; its page is made when it is first opened.
        pages.add_late(LOBBY, "", lambda: _("Lobby", context="tab"), lambda: LobbyPage(controller.context))
        pages.add_late(FAIRNESS, "", lambda: _("Fairness", context="tab"), self._make_fairness)
        pages.add_late(STAFFING, "", lambda: _("Staffing", context="tab"), self._make_staffing)
        pages.add_late(
            WHAT_IF,
            "",
            lambda: _("What if", context="tab"),
            lambda: WhatIfPage(controller, WhatIfController(controller.context, self)),
        )
        pages.add_late(PROMISE, "", lambda: _("Promise", context="tab"), self._make_promise)
        self._build()
        self.tabs.picked.connect(self._pick)
        pages.said.connect(self.said)
        pages.menu_wanted.connect(self.menu_wanted)

    def _make_fairness(self) -> FairnessPage:
        return FairnessPage(self._controller, FairnessController(self._controller.context, parent=self))

    def _make_staffing(self) -> StaffingPage:
        return StaffingPage(self._controller, StaffingController(self._controller.context, parent=self))

    def _make_promise(self) -> PromisePage:
        return PromisePage(self._controller, FiguresController(self._controller.context, parent=self))

    def _build(self) -> None:
        column = QVBoxLayout(self)
        spread(self._controller.context.look, column, spacing=0)
        column.addWidget(self.tabs)
        column.addWidget(self.pages, 1)

    def _connect(self, _key: str, page: QWidget) -> None:
        for name in ("place_wanted", "behind_wanted"):
            if hasattr(page, name):
                getattr(page, name).connect(getattr(self, name))

    def name(self) -> str:
        return _("Order and waits")

    @property
    def is_offered(self) -> bool:
        """Whether there is a tab for who is here."""
        return bool(self.pages.entries())

    def retranslate(self) -> None:
        self.tabs.set_tabs([(key, word) for key, _icon, word in self.pages.entries()])
        self.tabs.set_current(self.pages.seen())
        self.tabs.setAccessibleName(self.name())
        self.pages.retranslate()

    def refresh(self, now: datetime) -> None:
        self.pages.refresh(now)

    def set_away(self, away: bool) -> None:
        """While the hall is away one can look, but not act."""
        self.pages.set_away(away)

    def stop(self) -> None:
        self.pages.stop()

    # -- tabs --------------------------------------------------------------------------------------------------------

    def open(self) -> None:
        """Show the tab that was left, the first one before that."""
        if not self.pages.seen() and self.is_offered:
            self.open_tab(self.pages.entries()[0][0])

    def open_tab(self, key: str) -> None:
        """Show a tab as if it were pressed."""
        self.tabs.set_current(key)
        self._pick(key)

    def _pick(self, key: str) -> None:
        self.pages.open(key)
        self.pages.refresh(self._controller.context.clock())
