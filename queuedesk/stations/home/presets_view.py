"""The first start: what kind of hall is this?"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QFileDialog, QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from queuedesk import i18n
from queuedesk.core.hallday import clock_text
from queuedesk.i18n import LANGUAGES, _, figure_range, listing, n_, named
from queuedesk.stations.home.controller import PRESETS, HomeController
from queuedesk.stations.home.page import HomePage
from queuedesk.stations.menu import LANGUAGE_NAMES
from queuedesk.stations.preferences import Preferences
from queuedesk.stations.style import Look
from queuedesk.stations.widgets.buttons import PrimaryButton, SecondaryButton, TextButton
from queuedesk.stations.widgets.follow import Follows
from queuedesk.stations.widgets.labels import Label
from queuedesk.stations.widgets.paint import Painter
from queuedesk.stations.widgets.panels import FixedSize, Panel, spread
from queuedesk.stations.widgets.tiles import ChoiceCard, TickBox
from queuedesk.stations.widgets.topbar import BrandMark

ICONS = {"power": "bolt", "bank": "bank", "clinic": "clinic", "government": "building"}
SIDE_PX = 296


class StepRow(Follows, QWidget):
    """A step of the set-up in the side: its number in a circle and its name, the current one filled."""

    def __init__(self, look: Look, number: int, *, current: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._number, self._current, self._name = number, current, ""
        self.follow(look)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_name(self, name: str) -> None:
        """Show another name."""
        self._name = name
        self.setAccessibleName(f"{self._number} {name}")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self.look.px(200), self.look.px(48))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, look, side = Painter(self, self.look), self.look, self.look.px(28)
        circle = QRectF(0, (self.height() - side) / 2, side, side)
        fill, ink = ("primary", "on_primary") if self._current else ("surface", "ink2")
        painter.box(circle, 14, fill, edge="" if self._current else "edge")
        middle = Qt.AlignmentFlag.AlignHCenter
        painter.words_in(str(self._number), look.font(15, bold=self._current), ink, circle, middle)
        left = look.px(40)
        room = QRectF(left, 0, self.width() - left, self.height())
        painter.words_in(self._name, look.font(16, bold=self._current), "ink" if self._current else "ink2", room)


class PresetsPage(HomePage):
    """Four kinds of hall to choose from; 「下一步」 makes it."""

    # It has no ⋯ to make texts smaller again, and stands on the screen once in a hall's life.
    largest_text_pct = 100

    def __init__(
        self, look: Look, controller: HomeController, preferences: Preferences, parent: QWidget | None = None
    ) -> None:
        super().__init__(look, controller, parent)
        self._preferences = preferences
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._side())
        row.addWidget(self._stage(), 1)
        controller.busy_changed.connect(self.next_button.set_busy)
        self.retranslate()

    def chosen(self) -> str:
        """Return the name of the chosen preset."""
        return next(name for name, card in self.cards.items() if card.isChecked())

    def _side(self) -> Panel:
        look = self.look
        side = Panel(look, "surface", edge="right")
        FixedSize(look, side, width=SIDE_PX)
        head = QHBoxLayout()
        spread(look, head, (0, 0, 0, 40), 12)
        self._brand = Label(look, px=20, bold=True)
        head.addWidget(BrandMark(look))
        head.addWidget(self._brand, 1)
        self._steps = [StepRow(look, 1, current=True), StepRow(look, 2)]
        foot = QHBoxLayout()
        spread(look, foot, spacing=4)
        self._language = Label(look, px=16, token="ink2", elide=False)
        foot.addWidget(self._language)
        self.language_buttons = {code: TextButton(look, LANGUAGE_NAMES[code], height=44, px=16) for code in LANGUAGES}
        for code, button in self.language_buttons.items():
            button.setObjectName(code)
            button.clicked.connect(self._speak)
            foot.addWidget(button)
        foot.addStretch(1)
        column = QVBoxLayout(side)
        spread(look, column, (40, 40, 24, 28), 0)
        column.addLayout(head)
        for step in self._steps:
            column.addWidget(step)
        column.addStretch(1)
        column.addLayout(foot)
        return side

    def _stage(self) -> Panel:
        look = self.look
        stage = Panel(look)
        self._question = Label(look, px=38, bold=True)
        self._second = Label(look, px=19, token="ink2")
        grid = QGridLayout()
        spread(look, grid, (0, 24, 0, 18), 20)
        self.cards = {name: ChoiceCard(look, ICONS[name], "", layout="preset") for name in PRESETS}
        for place, card in enumerate(self.cards.values()):
            grid.addWidget(card, place // 2, place % 2)
        self.cards[PRESETS[0]].setChecked(True)
        self.file_button = TextButton(look, icon="document", height=44, px=17)
        self.file_button.clicked.connect(self._ask_file)
        self._file_hint = Label(look, px=16, token="ink2")
        files = QHBoxLayout()
        spread(look, files, (-10, 0, 0, 0), 8)
        files.addWidget(self.file_button)
        files.addWidget(self._file_hint, 1)
        self.try_out = TickBox(look, "", px=18)
        self.demo_button = SecondaryButton(look, height=56, px=19)
        self.demo_button.clicked.connect(self.controller.watch_demo)
        self.next_button = PrimaryButton(look, trailing="arrow-right", height=56, px=19)
        self.next_button.clicked.connect(self._next)
        FixedSize(look, self.next_button, width=220)
        acts = QHBoxLayout()
        spread(look, acts, spacing=12)
        acts.addWidget(self.try_out)
        acts.addStretch(1)
        acts.addWidget(self.demo_button)
        acts.addWidget(self.next_button)
        column = QVBoxLayout(stage)
        spread(look, column, (56, 44, 56, 32), 0)
        column.addWidget(self._question)
        column.addSpacing(6)
        column.addWidget(self._second)
        column.addLayout(grid)
        column.addLayout(files)
        column.addWidget(self.refusal)
        column.addStretch(1)
        column.addLayout(acts)
        return stage

    def retranslate(self) -> None:
        super().retranslate()
        self._brand.setText(_("QueueDesk"))
        self._steps[0].set_name(_("Kind of hall"))
        self._steps[1].set_name(_("This computer"))
        self._language.setText(_("Language"))
        for code, button in self.language_buttons.items():
            button.setDown(False)
            button.setEnabled(code != i18n.current())
        self._question.setText(_("What kind of hall is this?"))
        self._second.setText(
            _("Pick the closest: services, windows and hours come with it, and you can change them later.")
        )
        titles = {
            "power": _("Power supply hall"),
            "bank": _("Bank branch"),
            "clinic": _("Clinic or hospital"),
            "government": _("Government service hall"),
        }
        for name, card in self.cards.items():
            card.set_texts(titles[name], self._lines(name))
        self.file_button.setText(_("Use a set-up file of another hall"))
        self._file_hint.setText(_("The quickest way where there are many halls"))
        self.try_out.setText(_("Try-out: tickets at any hour"))
        self.demo_button.setText(_("Watch a demo day"))
        self.next_button.setText(_("Next"))

    def _lines(self, name: str) -> list[str]:
        setup = self.controller.preset(name)
        services = [named(service.name, service.name_en) for service in setup.services.values()]
        parts = [
            n_("{n} window", "{n} windows", len(setup.windows)),
            n_("{n} service", "{n} services", len(services)),
            figure_range(clock_text(setup.hall.opens), clock_text(setup.hall.closes)),
        ]
        return [listing(services), " · ".join(parts)]

    def _speak(self) -> None:
        sender = self.sender()
        if sender is not None:
            self._preferences.set_language(sender.objectName())

    def _next(self) -> None:
        self.show_trouble(None)
        self.controller.make(self.chosen(), all_hours=self.try_out.isChecked())

    def _ask_file(self) -> None:
        asked = QFileDialog(self, _("Use a set-up file of another hall"))
        asked.setNameFilter("*.json")
        asked.setFileMode(QFileDialog.FileMode.ExistingFile)
        asked.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        asked.fileSelected.connect(self.use_file)
        asked.open()

    def use_file(self, path: str) -> None:
        """Make the hall from the set-up file at `path`."""
        self.show_trouble(None)
        self.controller.make_from_file(Path(path), all_hours=self.try_out.isChecked())

    def stop(self) -> None:
        super().stop()
        self.controller.busy_changed.disconnect(self.next_button.set_busy)
