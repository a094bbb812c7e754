"""The user guide, shown over the page that asks for it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QTextCursor
from PySide6.QtWidgets import QHBoxLayout, QTextBrowser, QVBoxLayout, QWidget

from queuedesk import i18n
from queuedesk.i18n import _
from queuedesk.paths import resource
from queuedesk.stations.style import XL, Look
from queuedesk.stations.widgets.buttons import SecondaryButton
from queuedesk.stations.widgets.labels import Label
from queuedesk.stations.widgets.panels import Card, Panel, spread

TEXT_PX = 18


def help_file(station: str, language: str) -> Path:
    """Return the page of the user guide for a station."""
    return resource("docs", "guide", language, f"{station}.md")


class HelpPanel(Panel):
    """One page of the user guide over its whole host; Esc, F1 and the button close it."""

    def __init__(self, host: QWidget, look: Look, station: str) -> None:
        super().__init__(look, "paper", parent=host)
        self._before = host.window().focusWidget()
        self._station = station
        self._host = host
        self._title = Label(look, px=XL, bold=True)
        self._back = SecondaryButton(look, icon="close", key="Esc")
        self._back.clicked.connect(self.leave)
        self._text = QTextBrowser(self)
        # The panel is the frame; a ring round all of the text would only distract.
        self._text.setStyleSheet("QTextEdit, QTextEdit:focus { border: none; background: transparent; padding: 0; }")
        self._text.setOpenLinks(False)
        self._text.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        head = QHBoxLayout()
        head.addWidget(self._title, 1)
        head.addWidget(self._back)
        column = QVBoxLayout(self)
        spread(look, column, (48, 24, 48, 32), 16)
        sheet = Card(look)
        inside = QVBoxLayout(sheet)
        spread(look, inside, (32, 12, 16, 20))
        inside.addWidget(self._text)
        column.addLayout(head)
        column.addWidget(sheet, 1)
        host.installEventFilter(self)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.retranslate()

    def open_panel(self) -> None:
        """Show the page over its host."""
        self.setGeometry(self._host.rect())
        self.show()
        self.raise_()
        self._text.setFocus(Qt.FocusReason.PopupFocusReason)

    def leave(self) -> None:
        """Take the page away and give the focus back."""
        self.hide()
        self._host.removeEventFilter(self)
        if self._before is not None:
            self._before.setFocus(Qt.FocusReason.PopupFocusReason)
        self.deleteLater()

    def retranslate(self) -> None:
        """Show the page in the current language."""
        self._title.setText(_("Help"))
        self._back.setText(_("Back"))
        file = help_file(self._station, i18n.current())
        self._text.setMarkdown(file.read_text(encoding="utf-8") if file.is_file() else "")
        self.relook()

    def _space_out(self) -> None:
        """Set the lines as airy as the rest of the program, with room above each heading."""
        block = self._text.document().begin()
        while block.isValid():
            form, is_heading = block.blockFormat(), block.blockFormat().headingLevel() > 0
            form.setTopMargin(self.look.px(22 if is_heading else 4))
            form.setBottomMargin(self.look.px(6 if is_heading else 4))
            QTextCursor(block).setBlockFormat(form)
            block = block.next()

    def text(self) -> str:
        """Return the words shown."""
        return self._text.toPlainText()

    def relook(self) -> None:
        self._text.document().setDefaultFont(self.look.font(TEXT_PX))
        self._text.setFont(self.look.font(TEXT_PX))
        self._space_out()
        super().relook()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_F1) and not event.isAutoRepeat():
            self.leave()
        event.accept()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride:
            # No key of the page below may act while its help is read.
            event.accept()
            return True
        return super().event(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._host and event.type() == QEvent.Type.Resize:
            self.setGeometry(self._host.rect())
        return False
