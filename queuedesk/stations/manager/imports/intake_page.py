"""A page for figures from somebody's table: choose a file, preview it, import it, correct rows, save it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QPoint
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QMenu,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from queuedesk.core.errors import QueueDeskError
from queuedesk.i18n import _, say
from queuedesk.stations.manager.imports.intake_controller import IntakeController
from queuedesk.stations.manager.parts.page_head import PageHead
from queuedesk.stations.manager.parts.table_page import TablePage
from queuedesk.stations.manager.setup.fields_dialog import FieldsDialog
from queuedesk.stations.manager.tickets.appointments_page import RefusedFileDialog
from queuedesk.stations.widgets.buttons import PrimaryButton, SecondaryButton
from queuedesk.stations.widgets.follow import Follows
from queuedesk.stations.widgets.ground_area import GroundArea
from queuedesk.stations.widgets.labels import Label
from queuedesk.stations.widgets.lists.strips import Banner
from queuedesk.stations.widgets.paint import Painter
from queuedesk.stations.widgets.panels import Card, EmptyState, spread
from queuedesk.stations.window.page import StationPage
from queuedesk.stations.window.style import Look


class PreviewStrip(Follows, QWidget):
    """Says what a file would bring, and asks whether it is to go in."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.follow(look)
        self.text = Label(look, px=17, bold=True, wrap=True)
        self.second = Label(look, px=15, token="ink2", wrap=True)
        self.no_button = SecondaryButton(look, "", height=48, px=17)
        self.yes_button = PrimaryButton(look, "", height=48, px=17)
        words = QVBoxLayout()
        spread(look, words, spacing=2)
        words.addWidget(self.text)
        words.addWidget(self.second)
        row = QHBoxLayout(self)
        spread(look, row, (20, 12, 12, 12), 12)
        row.addLayout(words, 1)
        row.addWidget(self.no_button)
        row.addWidget(self.yes_button)
        self.hide()

    def set_texts(self, text: str, second: str) -> None:
        self.text.setText(text)
        self.second.setText(second)
        self.second.setVisible(bool(second))

    def paintEvent(self, event: QPaintEvent) -> None:
        Painter(self, self.look).box(self.rect().toRectF(), 12, "bluebg", edge="blue")


class IntakePage(TablePage):
    """A subclass fills `body`, says what stands in a preview, and asks for one figure at a time."""

    def __init__(
        self, look: Look, controller: IntakeController, endings: Sequence[str], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._look, self._intake, self._endings = look, controller, endings
        self.dialog: FieldsDialog | None = None
        self._menu: QMenu | None = None
        self.head = PageHead(look)
        self.save_button = SecondaryButton(look, "", icon="save")
        self.file_button = SecondaryButton(look, "", icon="folder")
        self.add_button = PrimaryButton(look, "", icon="plus", height=48, px=17)
        self.banner = Banner(look)
        self.banner.hide()
        self.preview = PreviewStrip(look)
        self.hall_acts = (self.file_button, self.add_button, self.preview.yes_button)
        self.empty = EmptyState(look, "document")
        self.body = QWidget()
        self.area = GroundArea(self.body, keys=True)
        self._stack = QStackedWidget()
        self._build()
        self.file_button.clicked.connect(self.ask_file)
        self.save_button.clicked.connect(self._ask_ending)
        self.add_button.clicked.connect(self.add)
        self.preview.yes_button.clicked.connect(self.take_over)
        self.preview.no_button.clicked.connect(self.leave_out)
        controller.failed.connect(self.say_trouble)
        controller.refused.connect(self._refused)
        controller.done.connect(self._done)
        controller.saved.connect(self.say_saved)
        for button in (self.preview.yes_button, self.add_button):
            controller.busy_changed.connect(button.set_busy)

    def _build(self) -> None:
        look = self._look
        column = QVBoxLayout(self)
        spread(look, column, (32, 8, 32, 20), 12)
        for button in (self.save_button, self.file_button, self.add_button):
            self.head.add_button(button)
        for part in (self.head, self.banner, self.preview):
            column.addWidget(part)
        drop = Card(look)
        middle = QVBoxLayout(drop)
        middle.addStretch(1)
        middle.addWidget(self.empty)
        middle.addStretch(2)
        self._stack.addWidget(drop)
        self._stack.addWidget(self.area)
        column.addWidget(self._stack, 1)

    @property
    def host(self) -> QWidget:
        """The whole station's page, which a question dims."""
        found: QWidget | None = self.parentWidget()
        while found is not None and not isinstance(found, StationPage):
            found = found.parentWidget()
        return found or self.window()

    # -- for subclasses ----------------------------------------------------------------------------------------------

    def add(self) -> None:
        """Ask for one figure more."""
        raise NotImplementedError

    def put(self, typed: Any) -> None:
        """Put in what was typed into the dialog."""
        raise NotImplementedError

    def removed(self, document: dict[str, Any]) -> str:
        """Return what is said when a figure was taken away."""
        raise NotImplementedError

    def ask(self, dialog: FieldsDialog) -> None:
        """Ask for a figure's fields."""
        self.banner.hide()
        self.dialog = dialog
        dialog.wanted.connect(self.put)
        dialog.refused.connect(self._forget)
        dialog.open_dialog()

    def retranslate(self) -> None:
        self.save_button.setText(_("Save", context="table"))
        self.file_button.setText(_("Choose a file …"))
        self.preview.no_button.setText(_("Leave it out"))
        self.preview.yes_button.setText(_("Take over", context="table"))

    def show_body(self, there: bool) -> None:
        """Show the figures, or where there are none what brings them."""
        self._stack.setCurrentIndex(int(there))

    # -- what happens ------------------------------------------------------------------------------------------------

    def open_file(self, path: Path) -> None:
        self.banner.hide()
        self._intake.open_file(path)

    def take_over(self) -> None:
        """Put what is looked at into the log."""
        self._intake.take_over()

    def leave_out(self) -> None:
        """Forget what is looked at."""
        self._intake.leave_out()

    def save(self, ending: str) -> None:
        """Write everything as a file of that kind."""
        self._intake.save(ending)

    def _forget(self) -> None:
        self.dialog = None

    def _done(self, verb: str, document: dict[str, Any]) -> None:
        if verb == "set" and self.dialog is not None:
            self.dialog.close_dialog()
        if verb in ("set", "remove"):
            self.dialog = None
        if verb == "import":
            self.said.emit(_("Taken over"), "check")
        elif verb == "remove":
            self.said.emit(self.removed(document), "check")

    def _refused(self, verb: str, trouble: QueueDeskError) -> None:
        if verb == "set" and self.dialog is not None:
            self.dialog.show_trouble(trouble)
        else:
            self.say_trouble(trouble)

    def say_trouble(self, trouble: QueueDeskError) -> None:
        """Say why nothing was done: of a file with bad lines each line, else beside what was asked for."""
        if trouble.code == "bad_rows":
            RefusedFileDialog(self.host, self._look, trouble).open_dialog()
            return
        self.banner.warn(say(trouble))

    def _ask_ending(self) -> None:
        menu = QMenu(self)
        words = {
            "xlsx": _("As a workbook (.xlsx)"),
            "csv": _("As a table (.csv)"),
            "pdf": _("As a page to print (.pdf)"),
        }
        for ending in self._endings:
            menu.addAction(words[ending]).triggered.connect(partial(self.save, ending))
        if self._menu is not None:
            self._menu.deleteLater()
        self._menu = menu
        under = self.save_button
        menu.popup(under.mapToGlobal(QPoint(0, under.height() + self._look.px(4))))
