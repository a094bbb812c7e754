"""The window round any page: its scale, language and contrast, the ⋯ menu, help, and one tick a second; the base of a
station's page; and what a person would miss of a page made anew in another language: scroll, chosen rows, typed words.
This PC keeps the language, text size and contrast."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol, TypeVar, runtime_checkable

from msgspec import Struct
from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, QTimer, Signal
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
from PySide6.QtWidgets import QAbstractScrollArea, QLayout, QLineEdit, QMenu, QPlainTextEdit, QVBoxLayout, QWidget

from queuedesk import i18n
from queuedesk.core.errors import OutsideError
from queuedesk.i18n import LANGUAGES, _
from queuedesk.stations.widgets import message_place, paint, panels
from queuedesk.stations.widgets.lists.strips import Toast
from queuedesk.stations.widgets.questions.dialogs import ConfirmDialog, Dialog
from queuedesk.stations.window.style import STAFF_HEIGHT, STAFF_WIDTH, TEXT_SIZES_PCT, THEMES, Look, Scale, Theme

if TYPE_CHECKING:
    from queuedesk.core.log.event import Event
    from queuedesk.core.setup.rows import Setup
    from queuedesk.stations.window.context import StationContext
    from queuedesk.stations.window.help import HelpPanel


Keep = Callable[[str, object], None]


class Preferences(QObject):
    """The current choices; each change is stored at once, and if that fails nothing changes on the screen. `keep(name,
    value)` writes one of language, text_pct, theme to this PC's file."""

    language_changed = Signal()
    changed = Signal()

    def __init__(self, keep: Keep, *, text_pct: int = 100, theme: str = "light", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._keep = keep
        self.text_pct = text_pct
        self.theme_name = theme

    @property
    def theme(self) -> Theme:
        return THEMES[self.theme_name]

    def set_language(self, language: str) -> None:
        if language != i18n.current_language():
            i18n.choose_language(language)
            self._store_choice_ignoring_trouble("language", language)
            self.language_changed.emit()

    def set_text_size_pct(self, text_pct: int) -> None:
        """Show texts at 100, 125 or 150 percent from now on."""
        if text_pct != self.text_pct:
            self.text_pct = text_pct
            self._store_choice_ignoring_trouble("text_pct", text_pct)
            self.changed.emit()

    def set_contrast(self, wanted: bool) -> None:
        name = "contrast" if wanted else "light"
        if name != self.theme_name:
            self.theme_name = name
            self._store_choice_ignoring_trouble("theme", name)
            self.changed.emit()

    def _store_choice_ignoring_trouble(self, name: str, value: object) -> None:
        try:
            self._keep(name, value)
        except OutsideError:
            return  # The choice holds for this window; only the next start will not know it.


class MenuEntry(Struct, frozen=True):
    """One line of the ⋯ menu: finished text, what it does, its key cap if it has one."""

    text: str
    act: Callable[[], None]
    key: str = ""
    enabled: bool = True


class WindowPage(QWidget):
    """The content of a window. The window calls the methods below; a page overrides those it needs. Emit `menu_wanted`
    (global position) when ⋯ is pressed: the window shows the page's own entries, then what every window has."""

    menu_wanted = Signal(QPoint)
    anew_wanted = Signal()
    # `place_words` says something else.
    place_changed = Signal()
    # Width and height of a full-screen canvas; None for pages laid out in logical pixels.
    canvas: tuple[int, int] | None = None
    is_replaced = False
    """Whether one made anew stands in its place, with what outlives both."""
    is_stale = False
    """Whether the page is to be made anew, in the language and with the words of the moment."""

    def request_rebuild(self) -> None:
        """Have the window make the page anew, as soon as nothing is under way."""
        self.is_stale = True
        self.anew_wanted.emit()

    def state_to_restore(self) -> Any:
        """Return what is chosen and shown on the page, for `restore_state` of one made anew; None while it must
        stay."""
        return ()

    def restore_state(self, left: Any) -> None:
        """Show what the page before had, once it has its place."""

    def remake_contents(self) -> bool:
        """Make what the page shows anew, in the language of the moment; return whether it did. Otherwise the window
        makes the page itself anew."""
        return False

    def tick(self, now: datetime) -> None:
        """Bring clocks, timers and waits up to `now`; called about once a second, and before a picture is taken."""

    def page_openers(self) -> Mapping[str, Callable[[], None]]:
        """Return the ways to what else this page shows, by name, for pictures of it; none of them writes."""
        return {}

    def menu_entries(self) -> list[MenuEntry]:
        return []

    def may_close(self) -> bool:
        """Whether the window may be closed now without asking."""
        return True

    def page_title(self) -> str:
        """Return what the title bar says behind the window's name, "" for nothing."""
        return ""

    def small_window(self) -> QWidget | None:
        """Return the small window that stands in the page's place now, if one does."""
        return None

    def bring_to_front(self) -> None:
        """Take the window back from whatever small one stands in its place: it is to be in front."""

    def closing_effect_text(self) -> str:
        """Return what closing the window would do now, for a page that makes the window ask."""
        return ""

    def may_leave(self, go: Callable[[], None]) -> bool:
        """Whether the way home is open; a page that asks first returns False and does `go` once it may."""
        return True

    def stop(self) -> None:
        """Stop timers and threads before the window is deleted."""

    def help_key(self) -> str:
        """Return the page of the guide, or the page of the program, that help opens at; "" for the window's own."""
        return ""


class StationPage(WindowPage):
    """A station's content: the page of a hall, whose menu also leads to language, text size, contrast, help and signing
    out. Emit `help_wanted` with a page of the user guide to have it shown. `messages` is where it tells what comes and
    goes: at its top, unless it lets them lie over a bar."""

    sign_out_wanted = Signal()
    help_wanted = Signal(str)

    def __init__(self, context: StationContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self.messages = message_place.StationMessageBar(context.look, self)

    def remade_page(self) -> StationPage | None:
        """Return the page that goes on in this one's place, in another language, with the same controllers; None where
        there is nothing to go on with."""
        return None

    def show_hall_away(self, since: datetime | None) -> None:
        """Show that the hall's file can't be opened since then, the page being as of that time; None: it is back."""

    def handle_done_but_unanswered(self, event: Event) -> None:
        """Handle a command of this page that got no answer but was done: `event` is its own."""

    def clear_no_answer_message(self) -> None:
        """Go on after a command that got no answer: what became of it is known, and shown, now."""

    def own_window_code(self) -> str:
        """Return the code of the window that this station stands at, "" for none."""
        return str(self.context.options.get("window") or "")

    def visible_page_key(self) -> str:
        """Return what is visible, for `see` of a rebuilt page; "" for what it shows first."""
        return ""

    def show_page_by_key(self, what: str) -> None:
        """Show what the page before had `seen`."""

    def continue_from_context(self, before: StationContext) -> None:
        """Continue with the person of `before`, of the window replaced here, where the page itself asks who is here."""

    def may_sign_out(self) -> bool:
        """Whether the person may leave now without being asked; if not, `closing_effect_text` says what would be
        lost."""
        return True


def station_page_of_widget(part: QWidget) -> StationPage | None:
    found = part.parentWidget()
    while found is not None and not isinstance(found, StationPage):
        found = found.parentWidget()
    return found


def attach_messages_over_head(head: QWidget, middle: Callable[[], QRect]) -> None:
    page = station_page_of_widget(head)
    if page is not None:
        page.messages.attach_over_bar(head, middle)


T = TypeVar("T")
WAIT_MS = 3000
"""So long what a page is filled with may take, for it to be brought back to where it was scrolled."""


@runtime_checkable
class RestorablePart(Protocol):
    """A page, or a part of one, that knows what is chosen in it. `state_to_restore` gives that, None while it must not
    be made anew: something in it is nowhere else. `restore_state` gets it in one just made, before it is shown."""

    def state_to_restore(self) -> Any: ...
    def restore_state(self, left: Any) -> None: ...


Way = tuple[type, ...]
"""The classes from a page down to one of its parts. Parts come in another order where some are made when they are
opened, but each stays in what it is in."""


class PageViewState(Struct, frozen=True):
    """What was scrolled, in px, and typed by hand into each field, None where nothing was; what tables and other parts
    knew; each by the way to its parts. And to which part, and the how manieth there, the keyboard went."""

    scrolled: Mapping[Way, Sequence[int]]
    typed: Mapping[Way, Sequence[str | None]]
    parts: Mapping[Way, Sequence[object]]
    focused: tuple[Way, int] | None


def widgets_of_page_and_lent_parts(page: QWidget) -> list[QWidget]:
    """Return a page, and its head and tools where it has lent them to a section."""
    lent = (getattr(page, name, None) for name in ("head", "tools"))
    return [page, *(part for part in lent if isinstance(part, QWidget) and not page.isAncestorOf(part))]


def has_open_question(page: QWidget) -> bool:
    """Whether a question is open in a page's window: what it is about must stay."""
    return any(one.isVisible() for one in page.window().findChildren(Dialog))


def page_view_state(page: QWidget) -> PageViewState:
    parts = _parts_by_class_path(page)
    return PageViewState(
        _values_told_by_parts(parts, QAbstractScrollArea, lambda one: one.verticalScrollBar().value()),
        _values_told_by_parts(parts, QLineEdit | QPlainTextEdit, _typed_text_if_modified),
        _values_told_by_parts(parts, RestorablePart, lambda one: one.state_to_restore()),
        # Also in a window that is not at the front: the keyboard is there when somebody comes back.
        _part_group_and_index_of_focus(page.window().focusWidget(), parts),
    )


def restore_page_view_state(page: QWidget, spot: PageViewState) -> None:
    """Bring a page to a spot, as soon as there is so much in it."""
    for edit, text in _parts_with_told_values(page, spot.typed):
        if text is not None:
            _replace_text_as_if_typed(edit, text)
    for part, left in _parts_with_told_values(page, spot.parts):
        if left is not None:
            part.restore_state(left)
    for area, value in _parts_with_told_values(page, spot.scrolled):
        if value:
            _DeferredScroll(area, value)
    if spot.focused is not None:
        way, at = spot.focused
        for one in _parts_by_class_path(page).get(way, [])[at : at + 1]:
            one.setFocus()


def delete_replaced_page(page: QWidget) -> None:
    """Delete a page that another one stands in for; what its station tells may lie over it, and stays."""
    station = station_page_of_widget(page)
    for part in widgets_of_page_and_lent_parts(page):
        if station is not None:
            station.messages.detach_from_part(part)
        part.hide()
        part.deleteLater()


def _parts_by_class_path(page: QWidget) -> dict[Way, list[Any]]:
    tops = {page, *(part for name in ("head", "tools") if isinstance(part := getattr(page, name, None), QWidget))}
    found: dict[Way, list[Any]] = {}
    for top in widgets_of_page_and_lent_parts(page):
        for part in top.findChildren(QWidget):
            way: list[type] = []
            above: QWidget | None = part
            while above is not None and above not in tops:
                way.append(type(above))
                above = above.parentWidget()
            way.append(type(above))
            found.setdefault(tuple(way), []).append(part)
    return found


def _values_told_by_parts(parts: Mapping[Way, list[Any]], kind: Any, tells: Callable[[Any], T]) -> dict[Way, list[T]]:
    return {way: [tells(one) for one in alike] for way, alike in parts.items() if isinstance(alike[0], kind)}


def _parts_with_told_values(page: QWidget, told: Mapping[Way, Sequence[T]]) -> list[tuple[Any, T]]:
    """Return the parts of a page with what was told of them, where there are as many as then."""
    parts = _parts_by_class_path(page)
    return [
        pair
        for way, all_told in told.items()
        if len(parts.get(way, ())) == len(all_told)
        for pair in zip(parts[way], all_told, strict=True)
    ]


def _part_group_and_index_of_focus(focused: QWidget | None, parts: Mapping[Way, list[Any]]) -> tuple[Way, int] | None:
    return next(((way, alike.index(focused)) for way, alike in parts.items() if focused in alike), None)


def _typed_text_if_modified(edit: QLineEdit | QPlainTextEdit) -> str | None:
    if isinstance(edit, QLineEdit):
        return edit.text() if edit.isModified() else None
    return edit.toPlainText() if edit.document().isModified() else None


def _replace_text_as_if_typed(edit: QLineEdit | QPlainTextEdit, text: str) -> None:
    """Put a text in as if it was typed, so that the page hears of it."""
    edit.selectAll()
    if isinstance(edit, QLineEdit):
        edit.insert(text)
        edit.setModified(True)
    else:
        edit.insertPlainText(text)


class _DeferredScroll(QTimer):
    """Scrolls an area once there is so much in it, unless somebody scrolls it first or it takes too long."""

    def __init__(self, area: QAbstractScrollArea, value: int) -> None:
        super().__init__(area, singleShot=True, interval=WAIT_MS)
        self._bar, self._value = area.verticalScrollBar(), value
        self._bar.rangeChanged.connect(self._scroll_if_long_enough)
        self._bar.actionTriggered.connect(self._stop_and_delete)
        self.timeout.connect(self._stop_and_delete)
        self.start()
        self._scroll_if_long_enough()

    def _scroll_if_long_enough(self) -> None:
        if self._bar.maximum() >= self._value:
            self._bar.setValue(self._value)

    def _stop_and_delete(self) -> None:
        self._bar.rangeChanged.disconnect(self._scroll_if_long_enough)
        self._bar.actionTriggered.disconnect(self._stop_and_delete)
        self.deleteLater()


# -- the ⋯ menu ----------------------------------------------------------------------------------------------------

# Each language calls itself by its own name, whatever the window speaks.
LANGUAGE_NAMES = {"zh_CN": "中文", "en": "English"}


def language_own_name(lang: str) -> str:
    return LANGUAGE_NAMES[lang]


def other_offered_language(setup: Setup, lang: str) -> str:
    """Return the language that a customers' key offers while `lang` is spoken, "" in a hall with one language."""
    from queuedesk.core.setup.rows import field_and_choice_languages  # the first frame is painted without it

    known = field_and_choice_languages(setup)
    return next((one for one in known if one != lang), "") if len(known) > 1 else ""


ICON_PX = 20


class WindowMenuActs(Struct, frozen=True):
    """The window's own entries below the page's; None leaves an entry out."""

    help: Callable[[], None]
    home: Callable[[], None] | None = None
    sign_out: Callable[[], None] | None = None


def build_window_menu(
    look: Look,
    preferences: Preferences,
    entries: Sequence[MenuEntry],
    acts: WindowMenuActs,
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
        _add_language_menu(menu, look, preferences, languages)
    if sizes:
        _add_text_size_and_contrast_to_menu(menu, look, preferences)
    menu.addSeparator()
    _add_menu_action(menu, look, "help", _("Help"), acts.help, key="F1")
    if acts.home:
        _add_menu_action(menu, look, "home", _("Home"), acts.home, key="Ctrl+Shift+H")
    if acts.sign_out:
        _add_menu_action(menu, look, "sign-out", _("Sign out"), acts.sign_out)
    return menu


def _add_language_menu(menu: QMenu, look: Look, preferences: Preferences, codes: Sequence[str]) -> None:
    languages = menu.addMenu(_menu_entry_icon(look, "language", menu), _("Language"))
    languages.menuAction().setObjectName("language")
    choices = [(LANGUAGE_NAMES[code], code) for code in codes]
    _add_exclusive_actions(languages, choices, i18n.current_language(), preferences.set_language)


def _add_text_size_and_contrast_to_menu(menu: QMenu, look: Look, preferences: Preferences) -> None:
    texts = menu.addMenu(_menu_entry_icon(look, "text-size", menu), _("Text size"))
    texts.menuAction().setObjectName("text-size")
    steps = [(f"{pct} %", pct) for pct in TEXT_SIZES_PCT]
    _add_exclusive_actions(texts, steps, preferences.text_pct, preferences.set_text_size_pct)
    # Without an icon: that place shows the tick.
    contrast = QAction(_("High contrast"), menu)
    contrast.setObjectName("contrast")
    contrast.setCheckable(True)
    contrast.setChecked(preferences.theme_name == "contrast")
    contrast.triggered.connect(preferences.set_contrast)
    menu.addAction(contrast)


def _add_exclusive_actions(menu: QMenu, choices: Sequence[tuple[str, T]], now: T, act: Callable[[T], None]) -> None:
    group = QActionGroup(menu)
    for text, value in choices:
        action = QAction(text, group)
        action.setObjectName(str(value))
        action.setCheckable(True)
        action.setChecked(value == now)
        action.setData(value)
        menu.addAction(action)
    group.triggered.connect(lambda chosen: act(chosen.data()))


def _add_menu_action(menu: QMenu, look: Look, icon: str, text: str, act: Callable[[], None], *, key: str = "") -> None:
    action = QAction(_menu_entry_icon(look, icon, menu), f"{text}\t{key}" if key else text, menu)
    action.setObjectName(icon)
    action.triggered.connect(lambda _checked: act())
    menu.addAction(action)


def _menu_entry_icon(look: Look, name: str, menu: QMenu) -> QIcon:
    return QIcon(look.icon(name, "ink2", ICON_PX, menu.devicePixelRatioF()))


TICK_MS = 1000
SMALLEST = (1024, 576)


class OnePageWindow(QWidget):
    """A window with one page at a time. `home_wanted` comes from Ctrl+Shift+H; `person_left` when somebody's page was
    closed and nobody is here; `place_changed` when `place` says something else; `gone` once, when the window has
    closed. `theme` fixes the colours (the hall's display); without it they follow the person's preferences."""

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
        paint.install_spoken_roles()
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
        self._timer = panels.repeating_timer(self, TICK_MS, self._tick_page)
        preferences.changed.connect(self.update_theme_and_scale)
        preferences.language_changed.connect(self.remake_contents)
        look.changed.connect(self.update)
        look.set_theme(theme or preferences.theme)
        QShortcut(QKeySequence("F1"), self).activated.connect(self.show_help)
        if leads_home:
            QShortcut(QKeySequence("Ctrl+Shift+H"), self).activated.connect(self.request_home)

    # -- the page --
    @property
    def current_page(self) -> WindowPage:
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
        self.current_page.menu_wanted.connect(self.show_menu)
        self.current_page.place_changed.connect(self.place_changed)
        self.current_page.anew_wanted.connect(self.rebuild_if_pending)
        self.update_theme_and_scale()
        self.current_page.tick(self.clock())
        page.show()
        self.place_changed.emit()
        self._timer.start()
        self.rebuild_if_pending()

    def update_theme_and_scale(self) -> None:
        """Adapt the look to the window, the page and the preferences; to the window once it has a size of its own: each
        look dresses everything that is there anew."""
        self.look.set_theme(self._theme or self.preferences.theme)
        if not (self.isVisible() or self.testAttribute(Qt.WidgetAttribute.WA_Resized)):
            return
        canvas = self.current_page.canvas if self._page is not None else None
        width, height = max(1, self.width()), max(1, self.height())
        scale = Scale.canvas_scale(width, height, *canvas) if canvas else self._scale_of_staff_page(width, height)
        self.look.set_scale(scale)

    def remake_contents(self) -> None:
        """Let everything speak the language of the moment, with the hall's words for things."""
        if self._page is not None:
            self.current_page.is_stale = not self.current_page.remake_contents()
            self.rebuild_if_pending()
            self.current_page.tick(self.clock())
        if self._help is not None:
            self._help.close_panel()
            self.show_help()

    def rebuild_if_pending(self) -> None:
        """Make a page anew that is to be, unless a question is open over it or something in it is nowhere else."""
        page, again = self._page, self._again
        if page is None or again is None or not page.is_stale or self.is_busy() or has_open_question(page):
            return
        left = page.state_to_restore()
        if left is None:
            return
        spot, anew = page_view_state(page), again()
        page.is_replaced = True
        anew.restore_state(left)
        self.show_page(anew, again)
        restore_page_view_state(anew, spot)

    def is_busy(self) -> bool:
        """Whether somebody waits for an answer, which the page may get."""
        return False

    def say_toast(self, text: str, *, icon: str = "check") -> None:
        self.toast.show_toast(text, icon=icon)

    def _scale_of_staff_page(self, width: int, height: int) -> Scale:
        largest_pct: int = getattr(self._page, "largest_text_pct", self.preferences.text_pct)
        return Scale.staff_scale(width, height, min(self.preferences.text_pct, largest_pct))

    def _tick_page(self) -> None:
        if self._page is not None:
            self.rebuild_if_pending()
            self.current_page.tick(self.clock())

    def request_home(self) -> None:
        """Ask to go home; a page for customers may ask for a PIN first."""
        if self.may_leave(self.home_wanted.emit):
            self.home_wanted.emit()

    def may_leave(self, go: Callable[[], None]) -> bool:
        """Whether the person here may see what staff see; if a PIN is asked for first, `go` is done after it."""
        return self._page is None or self.current_page.may_leave(go)

    def may_close(self) -> bool:
        return self._page is None or self.current_page.may_close()

    # -- menu and help --
    def freshly_built_menu(self) -> QMenu:
        if self._menu is not None:
            self._menu.deleteLater()
        acts = WindowMenuActs(self.show_help, self.home_wanted.emit if self._leads_home else None, self.sign_out_act())
        entries = self.own_menu_entries()
        sizes = self.current_page.canvas is None
        self._menu = build_window_menu(
            self.look, self.preferences, entries, acts, self, sizes=sizes, languages=self.menu_languages()
        )
        return self._menu

    def menu_languages(self) -> tuple[str, ...]:
        return LANGUAGES

    def own_menu_entries(self) -> list[MenuEntry]:
        """Return the entries at the top of the menu: the page's current acts."""
        return self.current_page.menu_entries()

    def sign_out_act(self) -> Callable[[], None] | None:
        """Return the act of 「换人」, None if nobody is signed in."""
        return None

    def show_menu(self, place: QPoint) -> None:
        """Pop the menu up so that its right edge ends at `place` (global)."""
        menu = self.freshly_built_menu()
        width = menu.sizeHint().width()
        menu.popup(QPoint(max(0, place.x() - width), place.y()))

    def show_help(self) -> None:
        """Show what the user guide says of the page in front over it, to people who may see what staff see."""
        self.show_help_page((self._page.help_key() if self._page is not None else "") or self._help_page)

    def show_help_page(self, page: str) -> None:
        if self._help is None and self.may_leave(partial(self.show_help_page, page)):
            from queuedesk.stations.window.help import HelpPanel

            self._help = HelpPanel(self, self.look, page)
            self._help.destroyed.connect(self._forget_help_panel)
            self._help.open_panel()

    def hide_help(self) -> None:
        if self._help is not None:
            self._help.close_panel()

    def _forget_help_panel(self) -> None:
        self._help = None

    # -- the window itself --
    def window_number_and_title(self) -> tuple[str, str]:
        """Return the number of the hall's window where this is, "" for none, and what the title bar says behind it."""
        return "", self._page.page_title() if self._page is not None else ""

    def bring_to_front(self) -> None:
        """Be in front of all other windows; one that is not shown stays so."""
        if self._page is not None:
            self.current_page.bring_to_front()
        if self.isVisible():
            self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
            self.raise_()
            self.activateWindow()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.update_theme_and_scale()

    def paintEvent(self, event: QPaintEvent) -> None:
        paint.Painter(self, self.look).fillRect(self.rect(), self.look.color("paper"))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.remake_contents()

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._page is not None and not self._closing and not self.may_close():
            event.ignore()
            if self.may_leave(self.close_without_asking):
                self._ask_to_close()
            return
        event.accept()
        self.stop_and_emit_gone()

    def stop_and_emit_gone(self) -> None:
        """Stop the page and report that the window is gone; a second call does nothing."""
        self._timer.stop()
        if self._page is not None:
            self.current_page.stop()
            self._page = None
            self.gone.emit()

    def close_without_asking(self) -> None:
        """Close without asking: the system ends the session, or the person has confirmed it."""
        self._closing = True
        self.close()

    def _ask_to_close(self) -> None:
        asked = ConfirmDialog(
            self,
            self.look,
            title=_("Close this window?"),
            effect=self.current_page.closing_effect_text(),
            safe=_("Stay"),
            act=_("Close"),
        )
        asked.done.connect(self.close_without_asking)
        asked.open_dialog()


def open_window(frame: OnePageWindow, *, size: tuple[int, int] | None, full_screen: bool) -> None:
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
