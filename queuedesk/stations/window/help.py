"""The user guide over a window, loaded when somebody asks for help."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Qt, QUrl
from PySide6.QtGui import QImage, QKeyEvent, QPainter, QResizeEvent, QTextCursor, QTextDocument, QTextTable
from PySide6.QtWidgets import QHBoxLayout, QTextBrowser, QVBoxLayout, QWidget

from queuedesk import i18n
from queuedesk.i18n import _
from queuedesk.paths import resource
from queuedesk.stations.widgets.buttons import SecondaryButton
from queuedesk.stations.widgets.paint import FocusBefore
from queuedesk.stations.widgets.panels import Card, Label, Panel, spread
from queuedesk.stations.widgets.topbar import SideNav
from queuedesk.stations.window.style import XL, Look

TEXT_PX = 18
LIST_WIDTH = 232
EDGE = "#D5DAD2"  # of pictures, which are light in every theme
PICTURE_SHARE = 0.62  # of the page's width: the words come first


def _pages() -> dict[str, str]:
    """Return the guide's pages in the order of its list: file, title."""
    return {
        "first-morning": _("The first morning"),
        "home": _("Set-up and home"),
        "this-pc": _("Screens of this PC"),
        "several-pcs": _("Several PCs", context="set-up"),
        "guide": _("At the door"),
        "kiosk": _("Kiosk"),
        "counter": _("At the counter"),
        "announcing": _("Announcing and help"),
        "voice": _("The voice"),
        "display": _("Hall display and plates"),
        "printers": _("Printers"),
        "rating": _("Rating a visit"),
        "manager": _("Duty manager"),
        "figures": _("What each figure means"),
        "lobby": _("Lobby board"),
        "days": _("Paper, other halls"),
        "keys": _("All shortcuts"),
    }


# Stations that share a page of the guide.
PAGE_OF = {"plate": "display", "line": "display"}


class GuideText(QTextBrowser):
    """The text of a page with its pictures, which are as wide as the text and sharp on any screen."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._width = 0
        self.laid_out: Callable[[], None] | None = None
        self.setOpenLinks(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        # The panel is the frame; a ring round all of the text would only distract.
        self.setStyleSheet("QTextEdit, QTextEdit:focus { border: none; background: transparent; padding: 0; }")

    def loadResource(self, kind: int, name: QUrl | str) -> object:
        if kind != QTextDocument.ResourceType.ImageResource.value:
            return super().loadResource(kind, QUrl(name))
        file = Path(name.path() if isinstance(name, QUrl) else name).name
        # The files have few colours by a table, on which nothing can be painted.
        picture = QImage(str(resource("docs", "pictures", file))).convertToFormat(QImage.Format.Format_RGB32)
        dpr = self.devicePixelRatioF()
        room = max(200, self.width() * PICTURE_SHARE)
        width = round(min(room * dpr, picture.width()))
        small = picture.scaledToWidth(width, Qt.TransformationMode.SmoothTransformation)
        edge = QPainter(small)
        edge.setPen(EDGE)
        edge.drawRect(0, 0, small.width() - 1, small.height() - 1)
        edge.end()
        small.setDevicePixelRatio(max(dpr, width / room))
        return small

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        # The view's own width: a scroll bar that comes while a page is read in must not begin it again.
        if self.width() != self._width:
            self._width = self.width()
            if self.laid_out is not None:
                self.laid_out()


def help_file(station: str, language: str) -> Path:
    """Return the page of the user guide for a station."""
    return resource("docs", "guide", language, f"{station}.md")


class HelpPanel(Panel):
    """The user guide over its whole host, opened at the host's own page; Esc, F1 and the button close it."""

    def __init__(self, host: QWidget, look: Look, station: str) -> None:
        super().__init__(look, "paper", parent=host)
        self._before = FocusBefore(self)
        self._before.remember(host.window().focusWidget())
        self._page = PAGE_OF.get(station, station)
        self._host = host
        self._title = Label(look, _("Help"), px=XL, bold=True)
        self._back = SecondaryButton(look, _("Back"), icon="close", key="Esc")
        self._back.clicked.connect(self.leave)
        self._list = SideNav(look, width=LIST_WIDTH, plain=True)
        self._list.picked.connect(self.show_page)
        self._text = GuideText(self)
        self._text.laid_out = self._write
        head = QHBoxLayout()
        head.addWidget(self._title, 1)
        head.addWidget(self._back)
        column = QVBoxLayout(self)
        spread(look, column, (48, 24, 48, 32), 16)
        sheet = Card(look)
        inside = QVBoxLayout(sheet)
        spread(look, inside, (32, 12, 16, 20))
        inside.addWidget(self._text)
        beside = QHBoxLayout()
        spread(look, beside, (0, 0, 0, 0), 20)
        beside.addWidget(self._list)
        beside.addWidget(sheet, 1)
        column.addLayout(head)
        column.addLayout(beside, 1)
        host.installEventFilter(self)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._list.set_entries([(page, "", title) for page, title in _pages().items()])
        self._list.set_current(self._page)
        self.relook()

    def open_panel(self) -> None:
        """Show the page over its host."""
        self.setGeometry(self._host.rect())
        self.show()
        self.raise_()
        self._text.setFocus(Qt.FocusReason.PopupFocusReason)

    def leave(self) -> None:
        """Close the page and restore the focus."""
        self.hide()
        self._host.removeEventFilter(self)
        self._before.give_back()
        self.deleteLater()

    def show_page(self, page: str) -> None:
        """Show another page of the guide."""
        self._page = page
        self._list.set_current(page)
        self._write()

    def _write(self) -> None:
        file = help_file(self._page, i18n.current())
        self._text.document().clear()
        self._text.setMarkdown(file.read_text(encoding="utf-8") if file.is_file() else "")
        self._space_out()

    def _space_out(self) -> None:
        """Set the lines as airy as the rest of the program, with room above each heading."""
        block = self._text.document().begin()
        while block.isValid():
            form, is_heading = block.blockFormat(), block.blockFormat().headingLevel() > 0
            form.setTopMargin(self.look.px(22 if is_heading else 4))
            form.setBottomMargin(self.look.px(6 if is_heading else 4))
            QTextCursor(block).setBlockFormat(form)
            block = block.next()
        for frame in self._text.document().rootFrame().childFrames():
            if isinstance(frame, QTextTable):
                table = frame.format().toTableFormat()
                table.setCellPadding(self.look.px(7))
                table.setBorderBrush(self.look.color("line"))
                frame.setFormat(table)

    def text(self) -> str:
        """Return the words shown."""
        return self._text.toPlainText()

    def relook(self) -> None:
        self._text.document().setDefaultFont(self.look.font(TEXT_PX))
        self._text.setFont(self.look.font(TEXT_PX))
        self._write()
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
