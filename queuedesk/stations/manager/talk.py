"""Messages, calls for help and the emergency, above the manager's pages and beside their list."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtGui import QKeySequence, QShortcut

from queuedesk.core.talk.messages import MANAGER
from queuedesk.i18n import _
from queuedesk.stations.lobby.card_line import CardLine
from queuedesk.stations.talk.items import HELP_KEY, MESSAGE_KEY
from queuedesk.stations.talk.talk_controller import TalkController
from queuedesk.stations.talk.talking import Talking
from queuedesk.stations.widgets.buttons import DangerButton
from queuedesk.stations.widgets.topbar import SideNav
from queuedesk.stations.window.page import MenuEntry, StationPage


class ManagerTalk(QObject):
    """What is told over the page's head, and the button above `nav`'s foot; `say` gets what was done, with an icon."""

    def __init__(self, page: StationPage, nav: SideNav, say: Callable[[str, str], None]) -> None:
        super().__init__(page)
        self.talking = Talking(page, TalkController(page.context, lambda: MANAGER))
        self.talking.said.connect(say)
        self.card_line = CardLine(page)
        self.card_line.said.connect(say)
        self.emergency_button = DangerButton(page.context.look, icon="warning", height=44, px=16)
        nav.add_key(self.emergency_button)
        self.talking.hold(self.emergency_button)
        self.emergency_button.clicked.connect(self.talking.open_emergency)
        for key, act in ((MESSAGE_KEY, self.open_message), (HELP_KEY, self.talking.open_help)):
            QShortcut(QKeySequence(key), page).activated.connect(act)

    def open_message(self) -> None:
        """Ask to whom and what."""
        self.talking.open_message()

    def entries(self) -> list[MenuEntry]:
        """Return the lines of the ⋯ menu."""
        enabled = not self.talking.is_away
        return [
            MenuEntry(_("Message", context="talk"), self.open_message, MESSAGE_KEY, enabled=enabled),
            MenuEntry(_("Call for help"), self.talking.open_help, HELP_KEY, enabled=enabled),
            self.talking.thanks_entry(),
        ]

    def retranslate(self) -> None:
        self.emergency_button.setText(_("Emergency", context="talk"))
        self.card_line.show_card()
        self.talking.refresh()
