"""Messages, calls for help and the emergency, above the manager's pages and beside their list."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QVBoxLayout, QWidget

from queuedesk.core.talk.messages import MANAGER
from queuedesk.i18n import _
from queuedesk.stations.lobby.card_line import CardLine
from queuedesk.stations.talk.items import HELP_KEY, MESSAGE_KEY
from queuedesk.stations.talk.talk_controller import TalkController
from queuedesk.stations.talk.talking import Talking
from queuedesk.stations.widgets.buttons import DangerButton
from queuedesk.stations.widgets.panels import spread
from queuedesk.stations.widgets.topbar import SideNav
from queuedesk.stations.window.page import MenuEntry, StationPage
from queuedesk.stations.window.style import PAGE


class ManagerTalk(QObject):
    """Puts strip and emergency at the top of `column`, and the button above `nav`'s foot; `say` gets what was done,
    with an icon."""

    def __init__(self, page: StationPage, nav: SideNav, column: QVBoxLayout, say: Callable[[str, str], None]) -> None:
        super().__init__(page)
        self.talking = Talking(page, TalkController(page.context, lambda: MANAGER))
        self.talking.said.connect(say)
        column.insertWidget(0, self.talking.banner)
        self.card_line = CardLine(page.context)
        self.card_line.said.connect(say)
        column.insertWidget(1, self.card_line)
        # Hidden with the strip: its margins alone would leave paper over lists that reach the window's edge.
        self._ground = QWidget()
        around = QVBoxLayout(self._ground)
        spread(page.context.look, around, (PAGE, 8, PAGE, 0), 0)
        around.addWidget(self.talking.strip)
        self._ground.setVisible(not self.talking.strip.isHidden())
        self.talking.strip.installEventFilter(self)
        column.insertWidget(2, self._ground)
        self.emergency_button = DangerButton(page.context.look, icon="warning", height=44, px=16)
        nav.add_key(self.emergency_button)
        self.talking.hold(self.emergency_button)
        self.emergency_button.clicked.connect(self.talking.open_emergency)
        for key, act in ((MESSAGE_KEY, self.open_message), (HELP_KEY, self.talking.open_help)):
            QShortcut(QKeySequence(key), page).activated.connect(act)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.ShowToParent, QEvent.Type.HideToParent):
            self._ground.setVisible(event.type() == QEvent.Type.ShowToParent)
        return False

    def open_message(self) -> None:
        """Ask to whom and what."""
        self.talking.open_message()

    def entries(self) -> list[MenuEntry]:
        """Return the lines of the ⋯ menu."""
        enabled = not self.talking.is_away
        return [
            MenuEntry(_("Message", context="talk"), self.open_message, MESSAGE_KEY, enabled=enabled),
            MenuEntry(_("Call for help"), self.talking.open_help, HELP_KEY, enabled=enabled),
        ]

    def retranslate(self) -> None:
        self.emergency_button.setText(_("Emergency", context="talk"))
        self.card_line.show_card()
        self.talking.refresh()
