"""Order and waits behind one row of tabs: the lobby, who is next and why, what was promised, what to do about it."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from queuedesk.i18n import _, day_staff
from queuedesk.stations.lobby.board import Board
from queuedesk.stations.lobby.board_acts import BoardActs
from queuedesk.stations.manager.controller import ManagerController
from queuedesk.stations.manager.figures.figures_controller import FiguresController
from queuedesk.stations.manager.pages import TabbedPages
from queuedesk.stations.manager.parts.page import Act, Page, PageSpec
from queuedesk.stations.manager.today.today_words import moment_line
from queuedesk.stations.manager.waits.fairness_controller import FairnessController
from queuedesk.stations.manager.waits.fairness_page import FairnessPage
from queuedesk.stations.manager.waits.promise_page import PromisePage
from queuedesk.stations.manager.waits.staffing_controller import StaffingController
from queuedesk.stations.manager.waits.staffing_page import StaffingPage
from queuedesk.stations.window.context import StationContext

# -- the lobby board as a page -----------------------------------------------------------------------------------------


class LobbyPage(Page):
    """`place_wanted` leads to the tickets of the place that was pressed."""

    place_wanted = Signal(object)

    def __init__(self, context: StationContext, parent: QWidget | None = None) -> None:
        cards = Act(text=lambda: _("Contingency card"), do=self._ask_card, icon="warning")
        spec = PageSpec(title=lambda: _("Lobby", context="tab"), acts=(cards,), foot=0)
        super().__init__(context.look, spec, parent)
        self._context = context
        look = context.look
        (self.cards_button,) = self.buttons
        self.board = Board(look)
        self.acts = BoardActs(self, self.board, context)
        self.put(self.board, 1, inset=False, gap=0)
        self.acts.said.connect(self.said)
        self.acts.place_wanted.connect(self.place_wanted)
        self.acts.changed.connect(self._again)

    def retranslate(self) -> None:
        super().retranslate()
        self.board.retranslate()
        self.acts.forget()

    def refresh(self, now: datetime) -> None:
        """Show the hall as it is now, or as it was when its file went away."""
        feed = self._context.feed
        since = feed.away_since
        local = feed.setup.local(since or now)
        live = _("live") if since is None else _("stopped")
        self.head.set_line(moment_line(day_staff(local.date()), local, live))
        self.board.advice.set_away(since is not None)
        self.acts.show_hall(feed.state, since or now)
        self.cards_button.setEnabled(since is None and bool(feed.setup.cards))

    def _ask_card(self) -> None:
        self.acts.cards.ask_which()

    def _again(self) -> None:
        self.refresh(self._context.clock())


LOBBY = "lobby"
FAIRNESS = "fairness"
STAFFING = "staffing"
WHAT_IF = "what-if"
PROMISE = "promise"


class WaitsSection(TabbedPages):
    """`place_wanted` leads to the tickets of a line, window or ticket; a tab's page may have this signal and
    `behind_wanted`."""

    place_wanted = Signal(object)

    def __init__(self, controller: ManagerController, parent: QWidget | None = None) -> None:
        super().__init__(controller.context.look, parent)
        self._controller = controller
        pages = self.pages
        pages.built.connect(self._connect)
        pages.add_late(LOBBY, "", lambda: _("Lobby", context="tab"), lambda: LobbyPage(controller.context))
        pages.add_late(FAIRNESS, "", lambda: _("Fairness", context="tab"), self._make_fairness)
        pages.add_late(STAFFING, "", lambda: _("Staffing", context="tab"), self._make_staffing)
        pages.add_late(WHAT_IF, "", lambda: _("What if", context="tab"), self._make_what_if)
        pages.add_late(PROMISE, "", lambda: _("Promise", context="tab"), self._make_promise)

    def _make_fairness(self) -> FairnessPage:
        return FairnessPage(self._controller, FairnessController(self._controller.context, parent=self))

    def _make_staffing(self) -> StaffingPage:
        return StaffingPage(self._controller, StaffingController(self._controller.context, parent=self))

    def _make_what_if(self) -> QWidget:
        # Loaded with its page: playing days needs numpy, a tenth of the manager's start.
        from queuedesk.stations.manager.waits.whatif_controller import WhatIfController
        from queuedesk.stations.manager.waits.whatif_page import WhatIfPage

        return WhatIfPage(self._controller, WhatIfController(self._controller.context, self))

    def _make_promise(self) -> PromisePage:
        return PromisePage(self._controller, FiguresController(self._controller.context, parent=self))

    def _connect(self, _key: str, page: QWidget) -> None:
        for name in ("place_wanted", "behind_wanted"):
            if hasattr(page, name):
                getattr(page, name).connect(getattr(self, name))

    def name(self) -> str:
        return _("Order and waits")

    @property
    def is_offered(self) -> bool:
        """Whether there is a tab for the person here."""
        return bool(self.pages.entries())

    # -- tabs --------------------------------------------------------------------------------------------------------

    def open(self) -> None:
        """Show the last tab used, at first the first one."""
        if not self.pages.seen() and self.is_offered:
            self.open_tab(self.pages.entries()[0][0])

    def _pick(self, key: str) -> None:
        self.pages.open(key)
        self.pages.refresh(self._controller.context.clock())
