"""The window round any page: its scale, language and contrast, the ⋯ menu, help, and one tick a second."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from msgspec import Struct
from PySide6.QtCore import QEvent, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import (
    QAccessible,
    QAction,
    QActionGroup,
    QCloseEvent,
    QIcon,
    QKeySequence,
    QPaintEvent,
    QResizeEvent,
    QShortcut,
)
from PySide6.QtWidgets import QLayout, QMenu, QVBoxLayout, QWidget

from queuedesk import i18n
from queuedesk.i18n import LANGUAGES, _
from queuedesk.stations.widgets.lists.strips import Toast
from queuedesk.stations.widgets.paint import Painter, tell_roles
from queuedesk.stations.widgets.questions.dialogs import ConfirmDialog
from queuedesk.stations.window.page import MenuEntry, WindowPage
from queuedesk.stations.window.preferences import Preferences
from queuedesk.stations.window.remaking import bring_to, is_asked, spot_of
from queuedesk.stations.window.style import STAFF_HEIGHT, STAFF_WIDTH, TEXT_SIZES_PCT, Look, Scale, Theme

if TYPE_CHECKING:
    from queuedesk.stations.window.help import HelpPanel

# -- the ⋯ menu ----------------------------------------------------------------------------------------------------

# Each language calls itself by its own name, whatever the window speaks.
LANGUAGE_NAMES = {"zh_CN": "中文", "en": "English"}
T = TypeVar("T")
ICON_PX = 20


class MenuActs(Struct, frozen=True):
    """The window's own entries below the page's; None leaves an entry out."""

    help: Callable[[], None]
    home: Callable[[], None] | None = None
    sign_out: Callable[[], None] | None = None


def build_menu(
    look: Look,
    preferences: Preferences,
    entries: Sequence[MenuEntry],
    acts: MenuActs,
    parent: QWidget,
    *,
    sizes: bool = True,
    languages: Sequence[str] = LANGUAGES,
) -> QMenu:
    """Return the menu, ready to pop up; `sizes` is False where the canvas alone sets the text size."""
    menu = QMenu(parent)
    for entry in entries:
        action = QAction(f"{entry.text}\t{entry.key}" if entry.key else entry.text, menu)
        action.setEnabled(entry.enabled)
        action.triggered.connect(entry.act)
        menu.addAction(action)
    if entries:
        menu.addSeparator()
    if len(languages) > 1:
        _add_languages(menu, look, preferences, languages)
    if sizes:
        _add_sizes(menu, look, preferences)
    menu.addSeparator()
    _add(menu, look, "help", _("Help"), acts.help, key="F1")
    if acts.home:
        _add(menu, look, "home", _("Home"), acts.home, key="Ctrl+Shift+H")
    if acts.sign_out:
        _add(menu, look, "sign-out", _("Sign out"), acts.sign_out)
    return menu


def _add_languages(menu: QMenu, look: Look, preferences: Preferences, codes: Sequence[str]) -> None:
    languages = menu.addMenu(_icon(look, "language", menu), _("Language"))
    languages.menuAction().setObjectName("language")
    choices = [(LANGUAGE_NAMES[code], code) for code in codes]
    _add_group(languages, choices, i18n.current(), preferences.set_language)


def _add_sizes(menu: QMenu, look: Look, preferences: Preferences) -> None:
    texts = menu.addMenu(_icon(look, "text-size", menu), _("Text size"))
    texts.menuAction().setObjectName("text-size")
    steps = [(f"{pct} %", pct) for pct in TEXT_SIZES_PCT]
    _add_group(texts, steps, preferences.text_pct, preferences.set_text_pct)
    # Without an icon: that place shows the tick.
    contrast = QAction(_("High contrast"), menu)
    contrast.setObjectName("contrast")
    contrast.setCheckable(True)
    contrast.setChecked(preferences.theme_name == "contrast")
    contrast.triggered.connect(preferences.set_contrast)
    menu.addAction(contrast)


def _add_group(menu: QMenu, choices: Sequence[tuple[str, T]], now: T, act: Callable[[T], None]) -> None:
    group = QActionGroup(menu)
    for text, value in choices:
        action = QAction(text, group)
        action.setObjectName(str(value))
        action.setCheckable(True)
        action.setChecked(value == now)
        action.setData(value)
        menu.addAction(action)
    group.triggered.connect(lambda chosen: act(chosen.data()))


def _add(menu: QMenu, look: Look, icon: str, text: str, act: Callable[[], None], *, key: str = "") -> None:
    action = QAction(_icon(look, icon, menu), f"{text}\t{key}" if key else text, menu)
    action.setObjectName(icon)
    action.triggered.connect(lambda _checked: act())
    menu.addAction(action)


def _icon(look: Look, name: str, menu: QMenu) -> QIcon:
    return QIcon(look.icon(name, "ink2", ICON_PX, menu.devicePixelRatioF()))


TICK_MS = 1000
SMALLEST = (1024, 576)


class Frame(QWidget):
    """A window with one page at a time. `home_wanted` comes from Ctrl+Shift+H; `person_left` when somebody's page was
    closed and nobody is here; `place_changed` when `place` says something else; `gone` once, when the window has
    closed.

    `theme` fixes the colours (the hall's display); without it they follow the person's preferences.
    """

    home_wanted = Signal()
    person_left = Signal()
    place_changed = Signal()
    gone = Signal()
    spoken_role = QAccessible.Role.Window

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
        tell_roles()
        self.look, self.preferences, self.clock = look, preferences, clock
        self._theme, self._help_page, self._leads_home = theme, help_page, leads_home
        self._page: WindowPage | None = None
        self._again: Callable[[], WindowPage] | None = None
        self._menu: QMenu | None = None
        self._help: HelpPanel | None = None
        self._closing = False
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        # A page that asks for more than the screen has must not make the window bigger than it.
        self._column.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        self.toast = Toast(look, self)
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self._tick)
        preferences.changed.connect(self.rescale)
        preferences.language_changed.connect(self.make_anew)
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

    def show_page(self, page: WindowPage, again: Callable[[], WindowPage] | None = None) -> None:
        """Show `page`; the one before is stopped and deleted. `again` makes it anew, in another language."""
        before, self._page, self._again = self._page, page, again
        if before is not None:
            before.stop()
            self._column.removeWidget(before)
            before.hide()
            before.deleteLater()
        self._column.addWidget(page)
        self.page.menu_wanted.connect(self.show_menu)
        self.page.place_changed.connect(self.place_changed)
        self.page.anew_wanted.connect(self.catch_up)
        self.rescale()
        self.page.tick(self.clock())
        page.show()
        self.place_changed.emit()
        self._timer.start()
        self.catch_up()

    def rescale(self) -> None:
        """Adapt the look to the window, the page and the preferences; to the window once it has a size of its own: each
        look dresses everything that is there anew."""
        self.look.set_theme(self._theme or self.preferences.theme)
        if not (self.isVisible() or self.testAttribute(Qt.WidgetAttribute.WA_Resized)):
            return
        canvas = self.page.canvas if self._page is not None else None
        width, height = max(1, self.width()), max(1, self.height())
        scale = Scale.canvas(width, height, *canvas) if canvas else self._staff_scale(width, height)
        self.look.set_scale(scale)

    def make_anew(self) -> None:
        """Let everything speak the language of the moment, with the hall's words for things."""
        if self._page is not None:
            self.page.is_stale = not self.page.make_anew()
            self.catch_up()
            self.page.tick(self.clock())
        if self._help is not None:
            self._help.leave()
            self.show_help()

    def catch_up(self) -> None:
        """Make a page anew that is to be, unless a question is open over it or something in it is nowhere else."""
        page, again = self._page, self._again
        if page is None or again is None or not page.is_stale or self.is_busy() or is_asked(page):
            return
        left = page.left_as()
        if left is None:
            return
        spot, anew = spot_of(page), again()
        page.is_replaced = True
        anew.take_up(left)
        self.show_page(anew, again)
        bring_to(anew, spot)

    def is_busy(self) -> bool:
        """Whether somebody waits for an answer, which the page may get."""
        return False

    def say_toast(self, text: str, *, icon: str = "check") -> None:
        """Show a notice at the bottom that disappears by itself."""
        self.toast.show_toast(text, icon=icon)

    def _staff_scale(self, width: int, height: int) -> Scale:
        largest_pct: int = getattr(self._page, "largest_text_pct", self.preferences.text_pct)
        return Scale.staff(width, height, min(self.preferences.text_pct, largest_pct))

    def _tick(self) -> None:
        if self._page is not None:
            self.catch_up()
            self.page.tick(self.clock())

    def go_home(self) -> None:
        """Ask to go home; a page for customers may ask for a PIN first."""
        if self.may_leave(self.home_wanted.emit):
            self.home_wanted.emit()

    def may_leave(self, go: Callable[[], None]) -> bool:
        """Whether the person here may see what staff see; if a PIN is asked for first, `go` is done after it."""
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
        self._menu = build_menu(
            self.look, self.preferences, entries, acts, self, sizes=sizes, languages=self.languages()
        )
        return self._menu

    def languages(self) -> tuple[str, ...]:
        """Return the languages that the menu offers."""
        return LANGUAGES

    def own_entries(self) -> list[MenuEntry]:
        """Return the entries at the top of the menu: the page's current acts."""
        return self.page.menu_entries()

    def sign_out_act(self) -> Callable[[], None] | None:
        """Return the act of 「换人」, None if nobody is signed in."""
        return None

    def show_menu(self, place: QPoint) -> None:
        """Pop the menu up so that its right edge ends at `place` (global)."""
        menu = self.menu()
        width = menu.sizeHint().width()
        menu.popup(QPoint(max(0, place.x() - width), place.y()))

    def show_help(self) -> None:
        """Show the user guide's page of this station over it, to people who may see what staff see."""
        self.show_help_page(self._help_page)

    def show_help_page(self, page: str) -> None:
        """Show a page of the user guide in the same way."""
        if self._help is None and self.may_leave(partial(self.show_help_page, page)):
            from queuedesk.stations.window.help import HelpPanel

            self._help = HelpPanel(self, self.look, page)
            self._help.destroyed.connect(self._forget_help)
            self._help.open_panel()

    def hide_help(self) -> None:
        """Close the guide, if it is open."""
        if self._help is not None:
            self._help.leave()

    def _forget_help(self) -> None:
        self._help = None

    # -- the window itself --
    def place(self) -> tuple[str, str]:
        """Return the number of the hall's window where this is, "" for none, and what the title bar says behind it."""
        return "", self._page.place_words() if self._page is not None else ""

    def come_forward(self) -> None:
        """Be in front of all other windows; one that is not shown stays so."""
        if self._page is not None:
            self.page.come_forward()
        if self.isVisible():
            self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
            self.raise_()
            self.activateWindow()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.rescale()

    def paintEvent(self, event: QPaintEvent) -> None:
        Painter(self, self.look).fillRect(self.rect(), self.look.color("paper"))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.make_anew()

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._page is not None and not self._closing and not self.may_close():
            event.ignore()
            if self.may_leave(self.close_anyway):
                self._ask_to_close()
            return
        event.accept()
        self.end()

    def end(self) -> None:
        """Stop the page and report that the window is gone; a second call does nothing."""
        self._timer.stop()
        if self._page is not None:
            self.page.stop()
            self._page = None
            self.gone.emit()

    def close_anyway(self) -> None:
        """Close without asking: the system ends the session, or the person has confirmed it."""
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
    """Show the window in its station's way: full screen for the hall's displays, maximised for staff."""
    if size is not None:
        frame.resize(*size)
        frame.show()
    elif full_screen:
        frame.showFullScreen()
    else:
        frame.setMinimumSize(*SMALLEST)
        frame.resize(STAFF_WIDTH, STAFF_HEIGHT)
        frame.showMaximized()
