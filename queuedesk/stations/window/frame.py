"""The window round any page: its scale, language and contrast, the ⋯ menu, help, one tick a second, and its picture."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, cast

from PySide6.QtCore import QBuffer, QEvent, QPoint, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QKeySequence, QPaintEvent, QResizeEvent, QShortcut
from PySide6.QtWidgets import QApplication, QLayout, QMenu, QVBoxLayout, QWidget

from queuedesk.core.errors import OutsideError
from queuedesk.files.writing import write_file
from queuedesk.i18n import _
from queuedesk.stations.widgets.lists.strips import Toast
from queuedesk.stations.widgets.paint import Painter
from queuedesk.stations.widgets.questions.dialogs import ConfirmDialog
from queuedesk.stations.window.help import HelpPanel
from queuedesk.stations.window.menu import MenuActs, build_menu
from queuedesk.stations.window.page import MenuEntry, WindowPage
from queuedesk.stations.window.preferences import Preferences
from queuedesk.stations.window.style import STAFF_HEIGHT, STAFF_WIDTH, Look, Scale, Theme

TICK_MS = 1000
SMALLEST = (1024, 576)


class Frame(QWidget):
    """A window with one page at a time. `home_wanted` comes from Ctrl+Shift+H; `person_left` when somebody's page went
    and nobody is here; `gone` once, when the window has closed.

    `theme` fixes the colours (the hall's display); without it they follow the person's preferences.
    """

    home_wanted = Signal()
    person_left = Signal()
    gone = Signal()

    def __init__(
        self,
        look: Look,
        preferences: Preferences,
        clock: Callable[[], datetime],
        *,
        help_page: str,
        theme: Theme | None = None,
        leads_home: bool = True,
    ) -> None:
        super().__init__()
        self.look, self.preferences, self.clock = look, preferences, clock
        self._theme, self._help_page, self._leads_home = theme, help_page, leads_home
        self._page: WindowPage | None = None
        self._menu: QMenu | None = None
        self._help: HelpPanel | None = None
        self._closing = False
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        # A page that asks for more than the screen has must not make the window bigger than it.
        self._column.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        self._toast = Toast(look, self)
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self._tick)
        preferences.changed.connect(self.rescale)
        preferences.language_changed.connect(self.retranslate)
        look.changed.connect(self.update)
        look.set_theme(theme or preferences.theme)
        QShortcut(QKeySequence("F1"), self).activated.connect(self.show_help)
        if leads_home:
            QShortcut(QKeySequence("Ctrl+Shift+H"), self).activated.connect(self.go_home)

    # -- the page --
    @property
    def page(self) -> WindowPage:
        """The page shown now."""
        if self._page is None:
            raise ValueError("a window without a page")
        return self._page

    def show_page(self, page: WindowPage) -> None:
        """Put `page` in place of the one before, which is stopped and deleted."""
        if self._page is not None:
            self._page.stop()
            self._column.removeWidget(self._page)
            self._page.hide()
            self._page.deleteLater()
        self._page = page
        self._column.addWidget(page)
        self.page.menu_wanted.connect(self.show_menu)
        self.rescale()
        self.page.tick(self.clock())
        page.show()
        self._timer.start()

    def rescale(self) -> None:
        """Fit the look to the window, the page and the person's wishes."""
        canvas = self.page.canvas if self._page is not None else None
        width, height = max(1, self.width()), max(1, self.height())
        scale = Scale.canvas(width, height, *canvas) if canvas else self._staff_scale(width, height)
        self.look.set_theme(self._theme or self.preferences.theme)
        self.look.set_scale(scale)

    def retranslate(self) -> None:
        """Set every text anew."""
        if self._page is not None:
            self.page.retranslate()
            self.page.tick(self.clock())
        if self._help is not None:
            self._help.retranslate()

    def say_toast(self, text: str, *, icon: str = "check") -> None:
        """Show a notice at the bottom that goes by itself."""
        self._toast.show_toast(text, icon=icon)

    def _staff_scale(self, width: int, height: int) -> Scale:
        largest_pct: int = getattr(self._page, "largest_text_pct", self.preferences.text_pct)
        return Scale.staff(width, height, min(self.preferences.text_pct, largest_pct))

    def _tick(self) -> None:
        if self._page is not None:
            self.page.tick(self.clock())

    def go_home(self) -> None:
        """Want home; a page that customers use alone may ask for a PIN first."""
        if self.may_leave(self.home_wanted.emit):
            self.home_wanted.emit()

    def may_leave(self, go: Callable[[], None]) -> bool:
        """Whether who is here may see what staff see; where a PIN is asked for first, `go` is done after it."""
        return self._page is None or self.page.may_leave(go)

    def may_close(self) -> bool:
        """Whether the window may be closed now without asking."""
        return self._page is None or self.page.may_close()

    # -- menu and help --
    def menu(self) -> QMenu:
        """Return the ⋯ menu as it is now."""
        if self._menu is not None:
            self._menu.deleteLater()
        acts = MenuActs(self.show_help, self.home_wanted.emit if self._leads_home else None, self.sign_out_act())
        entries = self.own_entries()
        sizes = self.page.canvas is None
        self._menu = build_menu(self.look, self.preferences, entries, acts, self, sizes=sizes)
        return self._menu

    def own_entries(self) -> list[MenuEntry]:
        """Return what stands at the top of the menu: what the page can do now."""
        return self.page.menu_entries()

    def sign_out_act(self) -> Callable[[], None] | None:
        """Return what 「换人」 does, None where nobody is signed in."""
        return None

    def show_menu(self, place: QPoint) -> None:
        """Pop the menu up so that its right edge ends at `place` (global)."""
        menu = self.menu()
        width = menu.sizeHint().width()
        menu.popup(QPoint(max(0, place.x() - width), place.y()))

    def show_help(self) -> None:
        """Show the user guide's page of this station over it, to whoever may see what staff see."""
        self.show_help_page(self._help_page)

    def show_help_page(self, page: str) -> None:
        """Show a page of the user guide in the same way."""
        if self._help is None and self.may_leave(partial(self.show_help_page, page)):
            self._help = HelpPanel(self, self.look, page)
            self._help.destroyed.connect(self._forget_help)
            self._help.open_panel()

    def hide_help(self) -> None:
        """Take the guide away, if it is open."""
        if self._help is not None:
            self._help.leave()

    def _forget_help(self) -> None:
        self._help = None

    # -- the window itself --
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.rescale()

    def paintEvent(self, event: QPaintEvent) -> None:
        Painter(self, self.look).fillRect(self.rect(), self.look.color("paper"))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._page is not None and not self._closing and not self.may_close():
            event.ignore()
            if self.may_leave(self.close_anyway):
                self._ask_to_close()
            return
        event.accept()
        self.end()

    def end(self) -> None:
        """Stop the page and tell that the window is gone; asked twice it does nothing more."""
        self._timer.stop()
        if self._page is not None:
            self.page.stop()
            self._page = None
            self.gone.emit()

    def close_anyway(self) -> None:
        """Close without asking: the system ends the session, or the person has said so."""
        self._closing = True
        self.close()

    def _ask_to_close(self) -> None:
        asked = ConfirmDialog(
            self,
            self.look,
            title=_("Close this window?"),
            effect=self.page.closing_effect(),
            safe=_("Stay"),
            act=_("Close"),
        )
        asked.done.connect(self.close_anyway)
        asked.open_dialog()


def open_window(frame: Frame, *, size: tuple[int, int] | None, full_screen: bool) -> None:
    """Show the window as its station wants it: the whole screen for the hall's displays, maximised for staff."""
    if size is not None:
        frame.resize(*size)
        frame.show()
    elif full_screen:
        frame.showFullScreen()
    else:
        frame.setMinimumSize(*SMALLEST)
        frame.resize(STAFF_WIDTH, STAFF_HEIGHT)
        frame.showMaximized()


def take_picture(frame: Frame, file: Path, size: tuple[int, int]) -> None:
    """Draw the window at `size` pixels into a PNG. Raises RuleError "own_file", OutsideError "cannot_write"."""
    frame.resize(*size)
    frame.show()
    settle()
    frame.page.tick(frame.clock())
    settle()
    picture = frame.grab().toImage()
    if picture.size() != QSize(*size):
        mode = Qt.TransformationMode.SmoothTransformation
        picture = picture.scaled(QSize(*size), Qt.AspectRatioMode.IgnoreAspectRatio, mode)
    content = QBuffer()
    if not picture.save(content, cast(Any, "PNG")):
        raise OutsideError("cannot_write", path=str(file))
    write_file(file, bytes(content.data().data()))


def settle() -> None:
    """Let layouts and deferred deletions finish."""
    for _round in range(3):
        QApplication.processEvents()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
