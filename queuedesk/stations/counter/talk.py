"""The counter's part in talking: the strip in its top bar, two keys at the foot of the rail, a line in the small
bar."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QVBoxLayout

from queuedesk.core.talk.messages import window_place
from queuedesk.i18n import _
from queuedesk.stations.counter.asking import Asking
from queuedesk.stations.counter.bar.compact import Compact
from queuedesk.stations.counter.controller import CounterController
from queuedesk.stations.counter.head import Head
from queuedesk.stations.counter.rail import Rail
from queuedesk.stations.counter.scene import Kind
from queuedesk.stations.counter.stage import Stage
from queuedesk.stations.lobby.card_line import CardLine
from queuedesk.stations.talk.keys import HELP_KEY, MESSAGE_KEY
from queuedesk.stations.talk.strip import OverTopBar
from queuedesk.stations.talk.talk_controller import TalkController
from queuedesk.stations.talk.talking import Talking
from queuedesk.stations.window.page import StationPage

UNDER_THE_BAR = 1


class CounterTalk(QObject):
    """Messages wait while a number is called and while a command is under way; help and emergencies do not."""

    def __init__(
        self,
        page: StationPage,
        controller: CounterController,
        shown: tuple[Head, Rail, Stage],
        compact: Compact,
        asking: Asking,
    ) -> None:
        super().__init__(page)
        bar, rail, stage = shown
        self._controller, self._rail, self._stage, self._compact, self._asking = (
            controller,
            rail,
            stage,
            compact,
            asking,
        )
        talk_controller = TalkController(page.context, self._place)
        self.talking = Talking(page, talk_controller, host=compact.host, put=asking.putting.open)
        self._over = OverTopBar(self.talking.strip, bar)
        column = page.layout()
        assert isinstance(column, QVBoxLayout)
        column.insertWidget(UNDER_THE_BAR, self.talking.banner)
        self.card_line = CardLine(page.context)
        self.card_line.said.connect(self._say)
        column.insertWidget(UNDER_THE_BAR + 1, self.card_line)
        self.talking.said.connect(self._say)
        self.talking.told.connect(self._tell_in_bar)
        self.talking.alarmed.connect(compact.show_emergency)
        controller.changed.connect(self._follow)
        controller.busy_changed.connect(self._follow)
        controller.lost.connect(self.talking.refresh)
        rail.help_button.clicked.connect(self.open_help)
        rail.message_button.clicked.connect(self.open_message)
        compact.key.connect(self._key_in_bar)
        for key, act in ((MESSAGE_KEY, self.open_message), (HELP_KEY, self.open_help)):
            QShortcut(QKeySequence(key), page).activated.connect(act)

    def open_message(self) -> None:
        """Ask to whom and what, unless something else is asked."""
        if not self._asking.is_open:
            self.talking.open_message()

    def open_help(self) -> None:
        """Ask what help is needed for, unless something else is asked."""
        if not self._asking.is_open:
            self.talking.open_help()

    def retranslate(self) -> None:
        self._rail.help_button.setText(_("Call for help"))
        self._rail.message_button.setText(_("Message", context="talk"))
        self.card_line.show_card()
        self.talking.refresh()

    def _place(self) -> str:
        return window_place(self._controller.code) if self._controller.scene is not None else ""

    def _follow(self, _busy: bool = False) -> None:
        scene = self._controller.scene
        under_way = self._controller.busy or (scene is not None and scene.kind is Kind.CALLED)
        self.talking.set_quiet(under_way)
        self.talking.refresh()

    def _say(self, sentence: str, icon: str) -> None:
        kind = "amber" if icon == "warning" else "blue"
        (self._stage.warn if kind == "amber" else self._stage.tell)(sentence)
        self._compact.say(kind, sentence)

    def _tell_in_bar(self, text: str) -> None:
        self._compact.say("blue", text)

    def _key_in_bar(self, event: QKeyEvent) -> None:
        if not event.modifiers() & Qt.KeyboardModifier.AltModifier or event.isAutoRepeat():
            return
        if event.key() == Qt.Key.Key_H:
            self.open_help()
        elif event.key() == Qt.Key.Key_N:
            self.open_message()
