"""The window round any page: its scale, language and contrast, the ⋯ menu, help, and one tick a second."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TypeVar

from msgspec import Struct
from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer, QUrl, Signal
from PySide6.QtGui import (
    QAccessible,
    QAction,
    QActionGroup,
    QCloseEvent,
    QIcon,
    QImage,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QShortcut,
    QTextCursor,
    QTextDocument,
    QTextTable,
)
from PySide6.QtWidgets import QHBoxLayout, QLayout, QMenu, QTextBrowser, QVBoxLayout, QWidget

from queuedesk import i18n
from queuedesk.i18n import LANGUAGES, _
from queuedesk.paths import resource
from queuedesk.stations.widgets.buttons import SecondaryButton
from queuedesk.stations.widgets.follow import FocusBefore
from queuedesk.stations.widgets.labels import Label
from queuedesk.stations.widgets.lists.strips import Toast
from queuedesk.stations.widgets.paint import Painter
from queuedesk.stations.widgets.panels import Card, Panel, spread
from queuedesk.stations.widgets.questions.dialogs import ConfirmDialog
from queuedesk.stations.widgets.spoken import tell_roles
from queuedesk.stations.widgets.topbar import SideNav
from queuedesk.stations.window.page import MenuEntry, WindowPage
from queuedesk.stations.window.preferences import Preferences
from queuedesk.stations.window.style import STAFF_HEIGHT, STAFF_WIDTH, TEXT_SIZES_PCT, XL, Look, Scale, Theme

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
    _add_choices(menu, look, preferences, sizes=sizes)
    menu.addSeparator()
    _add(menu, look, "help", _("Help"), acts.help, key="F1")
    if acts.home:
        _add(menu, look, "home", _("Home"), acts.home, key="Ctrl+Shift+H")
    if acts.sign_out:
        _add(menu, look, "sign-out", _("Sign out"), acts.sign_out)
    return menu


def _add_choices(menu: QMenu, look: Look, preferences: Preferences, *, sizes: bool) -> None:
    languages = menu.addMenu(_icon(look, "language", menu), _("Language"))
    languages.menuAction().setObjectName("language")
    _add_group(
        languages, [(LANGUAGE_NAMES[code], code) for code in LANGUAGES], i18n.current(), preferences.set_language
    )
    if not sizes:
        return
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


# -- the user guide ------------------------------------------------------------------------------------------------

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
        "announcing": _("Announcements, messages, help"),
        "voice": _("The voice"),
        "display": _("Hall display and plates"),
        "printers": _("Printers"),
        "rating": _("Rating a visit"),
        "manager": _("Duty manager"),
        "lobby": _("Lobby board"),
        "days": _("Paper, other halls"),
        "keys": _("All keys"),
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
        self._title = Label(look, px=XL, bold=True)
        self._back = SecondaryButton(look, icon="close", key="Esc")
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
        self.retranslate()

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

    def retranslate(self) -> None:
        """Show the page in the current language."""
        self._title.setText(_("Help"))
        self._back.setText(_("Back"))
        self._list.set_entries([(page, "", title) for page, title in _pages().items()])
        self._list.set_current(self._page)
        self.relook()

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
        """Show `page`; the one before is stopped and deleted."""
        if self._page is not None:
            self._page.stop()
            self._column.removeWidget(self._page)
            self._page.hide()
            self._page.deleteLater()
        self._page = page
        self._column.addWidget(page)
        self.page.menu_wanted.connect(self.show_menu)
        self.page.place_changed.connect(self.place_changed)
        self.rescale()
        self.page.tick(self.clock())
        page.show()
        self.place_changed.emit()
        self._timer.start()

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

    def retranslate(self) -> None:
        """Set every text anew."""
        if self._page is not None:
            self.page.retranslate()
            self.page.tick(self.clock())
        if self._help is not None:
            self._help.retranslate()

    def say_toast(self, text: str, *, icon: str = "check") -> None:
        """Show a notice at the bottom that disappears by itself."""
        self.toast.show_toast(text, icon=icon)

    def _staff_scale(self, width: int, height: int) -> Scale:
        largest_pct: int = getattr(self._page, "largest_text_pct", self.preferences.text_pct)
        return Scale.staff(width, height, min(self.preferences.text_pct, largest_pct))

    def _tick(self) -> None:
        if self._page is not None:
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
        self._menu = build_menu(self.look, self.preferences, entries, acts, self, sizes=sizes)
        return self._menu

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
