"""Order and waits behind one row of tabs: the lobby, who is next and why, what was promised, what to do about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from queuedesk.i18n import _
from queuedesk.stations.manager.controller import ManagerController
from queuedesk.stations.manager.pages import TabbedPages

if TYPE_CHECKING:
    from queuedesk.stations.manager.waits.fairness_page import FairnessPage
    from queuedesk.stations.manager.waits.lobby_page import LobbyPage
    from queuedesk.stations.manager.waits.promise_page import PromisePage
    from queuedesk.stations.manager.waits.staffing_page import StaffingPage
    from queuedesk.stations.manager.waits.whatif_page import WhatIfPage

LOBBY = "lobby"
FAIRNESS = "fairness"
STAFFING = "staffing"
WHAT_IF = "what-if"
PROMISE = "promise"


class WaitsSection(TabbedPages):
    def __init__(self, controller: ManagerController, parent: QWidget | None = None) -> None:
        super().__init__(controller, parent)
        pages = self.pages
        pages.add_late(LOBBY, "", lambda: _("Lobby", context="tab"), self._make_lobby)
        pages.add_late(FAIRNESS, "", lambda: _("Fairness", context="tab"), self._make_fairness)
        pages.add_late(STAFFING, "", lambda: _("Staffing", context="tab"), self._make_staffing)
        pages.add_late(WHAT_IF, "", lambda: _("What if", context="tab"), self._make_what_if)
        pages.add_late(PROMISE, "", lambda: _("Promise", context="tab"), self._make_promise)

    # Each loads its module when it is made: the first frame waits for none of them.

    def _make_lobby(self) -> LobbyPage:
        from queuedesk.stations.manager.waits.lobby_page import LobbyPage

        return LobbyPage(self._controller.context)

    def _make_fairness(self) -> FairnessPage:
        from queuedesk.stations.manager.waits.fairness_controller import FairnessController
        from queuedesk.stations.manager.waits.fairness_page import FairnessPage

        return FairnessPage(self._controller, FairnessController(self._controller.context, parent=self))

    def _make_staffing(self) -> StaffingPage:
        from queuedesk.stations.manager.waits.staffing_controller import StaffingController
        from queuedesk.stations.manager.waits.staffing_page import StaffingPage

        return StaffingPage(self._controller, StaffingController(self._controller.context, parent=self))

    def _make_what_if(self) -> WhatIfPage:
        from queuedesk.stations.manager.waits.whatif_controller import WhatIfController
        from queuedesk.stations.manager.waits.whatif_page import WhatIfPage

        return WhatIfPage(self._controller, WhatIfController(self._controller.context, self))

    def _make_promise(self) -> PromisePage:
        from queuedesk.stations.manager.figures.figures_controller import FiguresController
        from queuedesk.stations.manager.waits.promise_page import PromisePage

        return PromisePage(self._controller, FiguresController(self._controller.context, parent=self))

    def name(self) -> str:
        return _("Order and waits")
