"""The front desk's part in talking: the strip in the top bar, the keys for messages, help and an emergency."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QVBoxLayout

from queuedesk.core.talk.messages import GUIDE
from queuedesk.i18n import _
from queuedesk.stations.guide.head import Head
from queuedesk.stations.lobby.card_line import CardLine
from queuedesk.stations.talk.keys import HELP_KEY, MESSAGE_KEY
from queuedesk.stations.talk.strip import OverTopBar
from queuedesk.stations.talk.talk_controller import TalkController
from queuedesk.stations.talk.talking import Talking
from queuedesk.stations.widgets.buttons import DangerButton, SecondaryButton
from queuedesk.stations.window.page import StationPage

HEIGHT, PX = 40, 16


class GuideTalk(QObject):
    """Puts the strip over `head`'s bar and the emergency under it; `say` gets what was done, with an icon."""

    def __init__(self, page: StationPage, head: Head, say: Callable[[str, str], None]) -> None:
        super().__init__(page)
        look = page.context.look
        self.talking = Talking(page, TalkController(page.context, lambda: GUIDE))
        self.talking.said.connect(say)
        self.message_button = SecondaryButton(look, icon="message", height=HEIGHT, px=PX)
        self.emergency_button = DangerButton(look, icon="warning", height=HEIGHT, px=PX)
        head.top.add_button(self.message_button)
        head.top.add_button(self.emergency_button)
        self._over = OverTopBar(self.talking.strip, head.top)
        column = head.layout()
        assert isinstance(column, QVBoxLayout)
        column.insertWidget(1, self.talking.banner)
        self.card_line = CardLine(page.context)
        self.card_line.said.connect(say)
        column.insertWidget(2, self.card_line)
        self.message_button.clicked.connect(self.open_message)
        self.talking.hold(self.message_button, self.emergency_button)
        self.emergency_button.clicked.connect(self.talking.open_emergency)
        for key, act in ((MESSAGE_KEY, self.open_message), (HELP_KEY, self.talking.open_help)):
            QShortcut(QKeySequence(key), page).activated.connect(act)

    def open_message(self) -> None:
        """Ask to whom and what."""
        self.talking.open_message()

    def retranslate(self) -> None:
        self.message_button.setText(_("Message", context="talk"))
        self.emergency_button.setText(_("Emergency", context="talk"))
        self.card_line.show_card()
        self.talking.refresh()
