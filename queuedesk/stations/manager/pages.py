"""The manager's pages behind the side list or tabs, each made when it is first opened, and the foot of that list."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, datetime
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Protocol, TypeVar, cast, runtime_checkable

from msgspec import Struct
from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QMenu, QVBoxLayout, QWidget

from queuedesk.core.features import FeatureManagerPage, has_hall_manager_page, import_reference, pages_in
from queuedesk.core.log.event import Event
from queuedesk.core.network.roles import Actor, Role
from queuedesk.core.queue.ticket import Ticket
from queuedesk.core.setup.rows import Setup
from queuedesk.i18n import _, name_in_language, role_word, wording_in_current_language
from queuedesk.i18n.names import staff_name
from queuedesk.stations.manager.controller import ManagerController
from queuedesk.stations.manager.parts.page import TOP, ManagerPage, PageHead, ToolRow
from queuedesk.stations.widgets import paint, panels, topbar
from queuedesk.stations.widgets.lists.tiles import TabRow
from queuedesk.stations.window import frame
from queuedesk.stations.window.context import StationContext
from queuedesk.stations.window.style import PAGE

P = TypeVar("P", bound=QWidget)
C = TypeVar("C", bound=QObject)
T = TypeVar("T", bound="TabbedPages")
Refresh = Callable[[datetime], None]


KEPT_PAGES = 3
"""How many pages of a stack stay made, the last ones opened: each takes up a megabyte."""


class ManagerPageEntry(Struct):
    """One page by its `key`: `name` in the current language, `offered` whether the person may open it."""

    key: str
    icon: str
    name: Callable[[], str]
    make: Callable[[], QWidget]
    refresh: Refresh | None
    offered: Callable[[], bool]
    page: QWidget | None = None
    left: tuple[object, frame.PageViewState] | None = None
    """What to show when the page is made anew, and where."""
    is_stale: bool = False
    """Whether the page is to be made anew when it is opened next: it may name what has another name now."""
    at_once: bool = False
    """Whether that is not to wait until it was left: it speaks another language."""


class ManagerPages(panels.CurrentPageSizedStack):
    """`said` is a notice with its icon from any page, `menu_wanted` the place where ⋯ was pressed, `built` a page made
    when first asked for or anew, `gone` one that is deleted. A page of a feature that the hall does not use
    is not offered; features name it by its key behind `under`. Of a page it uses what there is: `said`, `menu_wanted`,
    `head.more` or `more`, `refresh(now)`, `stop()`; `hall_acts`, the buttons that change the hall, and
    `set_hall_away(away)` where there is more that can only be looked at while the hall is away; `unsaved_text()` where
    something may be lost; `state_to_restore()` and `restore_state(left)` where something is chosen in it
    (RestorablePart of window/frame.py)."""

    said = Signal(str, str)
    menu_wanted = Signal(QPoint)
    built = Signal(str, QWidget)
    gone = Signal(QWidget)

    def __init__(self, context: StationContext, under: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context, self._under = context, under
        self._entries: dict[str, ManagerPageEntry] = {}
        self._is_away = False
        self._only: frozenset[str] | None = None
        self._opened: list[str] = []

    def add_page(
        self,
        key: str,
        icon: str,
        name: Callable[[], str],
        page: P,
        refresh: Refresh | None = None,
        *,
        offered: Callable[[], bool] = lambda: True,
    ) -> P:
        """Register a page that exists from the start, and return it; `refresh` replaces its own."""
        entry = ManagerPageEntry(key, icon, name, lambda: page, refresh, offered)
        self._entries[key] = entry
        self._create_entry_page(entry)
        return page

    def add_section(self, icon: str, section: T) -> T:
        """Register a section, in the list while one of its tabs is offered, and return it."""
        return self.add_page(section.key, icon, section.page_name, section, offered=lambda: section.is_offered)

    def add_lazy_page(
        self,
        key: str,
        icon: str,
        name: Callable[[], str],
        make: Callable[[], QWidget],
        refresh: Refresh | None = None,
        *,
        offered: Callable[[], bool] = lambda: True,
        after: str = "",
        first: bool = False,
    ) -> None:
        """Register a page that is made at first use: few people open it, and its widgets cost memory. `make` loads its
        module too, which a station's first frame need not wait for. It stands behind the page `after`, behind all
        where there is none, or `first` before all."""
        made = {key: ManagerPageEntry(key, icon, name, make, refresh, offered)}
        keys = list(self._entries)
        behind = keys if first else keys[keys.index(after) + 1 :] if after in keys else []
        self._entries.update(made | {each: self._entries.pop(each) for each in behind})

    def _create_entry_page(self, entry: ManagerPageEntry) -> QWidget:
        page = entry.page = entry.make()
        connect_signals_by_name(page, {"said": self.said, "menu_wanted": self.menu_wanted})
        if not hasattr(page, "menu_wanted"):
            more = page.head.more if hasattr(page, "head") else getattr(page, "more", None)
            if more is not None:
                more.wanted.connect(self.menu_wanted)
        self.addWidget(page)
        return page

    def rename(self, key: str, name: Callable[[], str]) -> None:
        if key in self._entries:
            self._entries[key].name = name

    def get_or_make_page(self, key: str) -> QWidget:
        entry = self._entries[key]
        if entry.page is None:
            page: Any = self._create_entry_page(entry)
            left, entry.left = entry.left, None
            if left is not None:
                page.restore_state(left[0])
            if self._is_away:
                _set_page_hall_away(page, away=True)
            self.built.emit(key, page)
            if left is not None:
                frame.restore_page_view_state(page, left[1])
        assert entry.page is not None
        return entry.page

    def page_if_already_made(self, key: str) -> Any:
        entry = self._entries.get(key)
        return entry.page if entry else None

    def created_pages(self) -> list[Any]:
        return [entry.page for entry in self._entries.values() if entry.page is not None]

    @property
    def all_keys(self) -> Collection[str]:
        return self._entries.keys()

    def restrict_to_pages(self, *keys: str) -> None:
        """Offer none but these: to who changes nothing here."""
        self._only = frozenset(keys)

    def has_page(self, key: str) -> bool:
        """Whether there is such a page and the hall uses what it belongs to."""
        return key in self._entries and has_hall_manager_page(self._context.feed.setup.hall, f"{self._under}{key}")

    @property
    def is_front_page_allowed(self) -> bool:
        """Whether the page in front may stay there, though the list may lack it; so may one that was not registered."""
        seen = self.front_page_key()
        return not seen or self.has_page(seen)

    def entries(self) -> list[tuple[str, str, str]]:
        """Return (key, icon, word) of the pages offered, in order."""
        return [
            (entry.key, entry.icon, entry.name())
            for entry in self._entries.values()
            if entry.offered() and self.has_page(entry.key) and (self._only is None or entry.key in self._only)
        ]

    def open_page(self, key: str) -> None:
        self._remake_page_if_stale(self._entries[key])
        self.setCurrentWidget(self.get_or_make_page(key))
        self._opened = [*(other for other in self._opened if other != key), key]
        self._delete_pages_left_before_others()

    def remake_contents(self, *, but: str = "", at_once: bool = True) -> None:
        """Have every page except `but` made again when next opened; `at_once`: the current one at its next refresh."""
        for key, entry in self._entries.items():
            page: Any = entry.page
            if key == but:
                continue
            if isinstance(page, frame.RestorablePart):
                entry.is_stale, entry.at_once = True, entry.at_once or at_once
            elif hasattr(page, "remake_contents"):
                page.remake_contents(at_once=at_once)

    def _remake_page_if_stale(self, entry: ManagerPageEntry) -> None:
        is_in_front = self.currentWidget() is entry.page
        if entry.is_stale and (before := self._take_page_out(entry)) is not None:
            page = self.get_or_make_page(entry.key)
            if is_in_front:
                self.setCurrentWidget(page)
            self._delete_page(before)

    def _delete_pages_left_before_others(self) -> None:
        for entry in [self._entries[key] for key in self._opened[:-KEPT_PAGES]]:
            if not isinstance(entry.page, frame.RestorablePart) or _unsaved_text(entry.page):
                continue  # Who closes the window is asked about what is typed in pages that are there.
            if (before := self._take_page_out(entry)) is not None:
                self._opened.remove(entry.key)
                self._delete_page(before)

    def _take_page_out(self, entry: ManagerPageEntry) -> QWidget | None:
        """Return a page, which is made anew when it is opened next; None where something in it is nowhere else, or
        under way."""
        before: Any = entry.page
        if self._context.tasks.has_unanswered_requests or frame.has_open_question(before):
            return None
        left = before.state_to_restore()
        if left is None:
            return None
        entry.left, entry.page = (left, frame.page_view_state(before)), None
        entry.is_stale = entry.at_once = False
        if hasattr(before, "stop"):
            before.stop()
        return cast("QWidget", before)

    def _delete_page(self, before: QWidget) -> None:
        self.removeWidget(before)
        self.gone.emit(before)
        frame.delete_replaced_page(before)

    def front_page_key(self) -> str:
        """Return the key of the page in front; "" if it was not registered here or none is made yet."""
        front = self.currentWidget()
        if front is None:
            return ""
        return next((entry.key for entry in self._entries.values() if entry.page is front), "")

    def refresh(self, now: datetime) -> None:
        entry = self._entries.get(self.front_page_key())
        if entry is None:
            return
        if entry.at_once:
            self._remake_page_if_stale(entry)
        elif entry.is_stale and isinstance(entry.page, ManagerPage):
            entry.page.refresh_act_buttons()
        refresh = entry.refresh or getattr(entry.page, "refresh", None)
        if refresh is not None:
            refresh(now)

    def set_hall_away(self, away: bool) -> None:
        """While the hall is away one can look, but not act. A page that could not read it is made anew with it."""
        self._is_away = away
        for entry in self._entries.values():
            page = entry.page
            if page is not None:
                _set_page_hall_away(page, away=away)
            if not away and isinstance(page, ManagerPage) and page.tells_of_hall_away:
                entry.is_stale = entry.at_once = True

    def unsaved_text(self) -> str:
        """Say what would be lost if the pages were gone, "" for nothing."""
        return next((text for page in self.created_pages() if (text := _unsaved_text(page))), "")

    def stop(self) -> None:
        """Let all pages made release files and timers."""
        for page in self.created_pages():
            if hasattr(page, "stop"):
                page.stop()


@runtime_checkable
class PageOpenedListener(Protocol):
    """A page that does something, as taking the keys, whenever it was opened in the side list."""

    def on_page_opened(self) -> None: ...


class PagedWindow(Protocol):
    """A window that shows pages."""

    @property
    def stack(self) -> ManagerPages: ...


class LazyPageAttribute(Generic[P]):
    """A view's page by its key, as an attribute: made when it is first asked for."""

    def __init__(self, key: str) -> None:
        self._key = key

    def __get__(self, view: PagedWindow, owner: type) -> P:
        return cast("P", view.stack.get_or_make_page(self._key))


class ControllerCache:
    """Gives the one controller of a kind, with what was read and chosen there: it outlives its page."""

    def __init__(self, parent: QObject) -> None:
        self._parent = parent
        self._made: dict[object, QObject] = {}

    def __call__(self, kind: Callable[..., C], *given: object) -> C:
        """Return it, made with what is given where there is none yet."""
        if kind not in self._made:
            self._made[kind] = kind(*given, parent=self._parent)
        return cast("C", self._made[kind])


def connect_signals_by_name(page: QWidget, answers: Mapping[str, Any]) -> None:
    """Connect the signals of a page with what answers them, by their names; a page need not have all of them."""
    for name, answer in answers.items():
        if hasattr(page, name):
            getattr(page, name).connect(answer)


def add_feature_pages(
    pages: ManagerPages,
    controller: ManagerController,
    own: ControllerCache,
    changed: Callable[[], None],
    section: str = "",
) -> None:
    """Add features' pages to a section or the side list; `changed` is called when one is offered or withdrawn."""
    last: dict[str, str] = {}
    for at in pages_in(section):
        pages.add_lazy_page(
            at.key_in_section,
            at.icon,
            partial(wording_in_current_language, at.name),
            partial(_create_feature_page, at, controller, own),
            offered=import_reference(at.offered)(controller, own, changed)
            if at.offered
            else partial(bool, at.name.text),
            after=at.after if at.first else last.get(at.after, at.after),
            first=at.first and not at.after,
        )
        if at.after and not (at.first and at.after in last):
            last[at.after] = at.key_in_section


def _create_feature_page(at: FeatureManagerPage, controller: ManagerController, own: ControllerCache) -> QWidget:
    from queuedesk.stations.manager.parts.records import RecordPage  # A start waits for no page.

    named = import_reference(at.page)
    page: QWidget = named(controller, own) if callable(named) else RecordPage(controller.context, named)
    return page


def reader_feature_page_keys(section: str = "") -> list[str]:
    """Return the keys of what features bring along and those see too who change nothing."""
    return [at.key_in_section for at in pages_in(section) if at.for_readers]


class TabbedPages(QWidget):
    """Pages behind one row of tabs. `said` is a notice with its icon; `behind_wanted` asks for the tickets of a figure
    by its path, first and last date, title; `place_wanted` leads to the tickets of a line, window or ticket. A tab's
    page may have these signals too. A subclass adds its pages, one line each in the order of the tabs, and lets those
    of features take their places among them; `key` is its own in the side list. The head of the page in front stands
    over the tabs, its tools beside them, or below where there is no room. One tab alone is not shown."""

    key: ClassVar[str]

    said = Signal(str, str)
    menu_wanted = Signal(QPoint)
    behind_wanted = Signal(str, object, object, str)
    place_wanted = Signal(object)

    def __init__(self, controller: ManagerController, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._controller, look = controller, controller.context.look
        self._look = look
        self.tabs, self.pages = TabRow(look), ManagerPages(controller.context, f"{self.key}/")
        self._takes_all = False
        self._heads, self._tools = panels.CurrentPageSizedStack(), panels.CurrentPageSizedStack()
        self._lent: dict[QWidget, tuple[PageHead, ToolRow]] = {}
        self._own = ControllerCache(self)
        self.tabs.picked.connect(self._open_and_refresh_tab)
        self.pages.said.connect(self.said)
        self.pages.menu_wanted.connect(self.menu_wanted)
        self.pages.built.connect(self._connect_page_signals)
        self.pages.gone.connect(self._delete_lent_parts)
        self.pages.currentChanged.connect(self._show_head_of_current_tab)
        column, top = QVBoxLayout(self), QVBoxLayout()
        panels.set_scaled_margins(look, column, spacing=0)
        panels.set_scaled_margins(look, top, (PAGE, TOP, PAGE, 0), 10)
        self._bar = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        panels.set_scaled_margins(look, self._bar, spacing=10)
        self._bar.addWidget(self.tabs)
        self._bar.addWidget(self._tools, 1)
        top.addWidget(self._heads)
        top.addLayout(self._bar)
        column.addLayout(top)
        column.addWidget(self.pages, 1)

    def _add_feature_tabs(self) -> None:
        add_feature_pages(self.pages, self._controller, self._own, self.refresh_tab_names, self.key)

    def _page_signal_handlers(self, _key: str) -> dict[str, Any]:
        """Return what answers the page of a tab, by the signals that it may have."""
        return {"place_wanted": self.place_wanted, "behind_wanted": self.behind_wanted}

    def _connect_page_signals(self, key: str, page: QWidget) -> None:
        connect_signals_by_name(page, self._page_signal_handlers(key))

    def _show_head_of_current_tab(self, _index: int) -> None:
        page = self.pages.currentWidget()
        if not isinstance(page, ManagerPage):
            return
        if page not in self._lent:
            head, tools = self._lent[page] = page.lend_head_and_tools()
            self._heads.addWidget(head)
            self._tools.addWidget(tools)
            tools.installEventFilter(self)
        head, tools = self._lent[page]
        self._heads.setCurrentWidget(head)
        self._tools.setCurrentWidget(tools)
        self._arrange_tabs_and_tools()

    def _delete_lent_parts(self, page: QWidget) -> None:
        """Delete what a page has lent that another one stands in for."""
        for stack, part in zip((self._heads, self._tools), self._lent.pop(page, ()), strict=False):
            stack.removeWidget(part)
            part.hide()
            part.deleteLater()

    def _arrange_tabs_and_tools(self) -> None:
        tools = self._tools.currentWidget()
        if not isinstance(tools, ToolRow):
            return
        room = self.width() - 2 * self._look.gap(PAGE)
        # Asked because a tool's words changed, before the row itself is told.
        tools.clear_size_cache()
        tools.is_beside = self.tabs.isHidden() or (
            self.tabs.sizeHint().width() + self._look.gap(10) + tools.sizeHint().width() <= room
        )
        panels.set_side_by_side_or_stacked(tools.is_beside, self._bar)
        self.tabs.setFixedHeight(self.tabs.heightForWidth(room))
        self._tools.setVisible(tools.has_visible_tools())
        self._tools.setFixedHeight(tools.heightForWidth(room))
        tools.measure_again()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange_tabs_and_tools()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest and watched is self._tools.currentWidget():
            self._arrange_tabs_and_tools()
        return False

    @abstractmethod
    def page_name(self) -> str:
        """Return its name in the side list and for screen readers."""

    def extra_page_routes(self) -> Mapping[str, Callable[[], None]]:
        """Return the ways to what has no tab of its own, by name."""
        return {}

    @property
    def is_offered(self) -> bool:
        return bool(self.pages.entries())

    @property
    def is_front_page_allowed(self) -> bool:
        return self.pages.is_front_page_allowed

    def open_last_tab(self) -> None:
        """Show the last tab used, at first the first one."""
        if self.is_front_page_allowed and (last := self.pages.front_page_key()):
            self.pages.open_page(last)
        elif self.is_offered:
            self.open_tab(self.pages.entries()[0][0])

    def _open_and_refresh_tab(self, key: str) -> None:
        self.pages.open_page(key)
        self.pages.refresh(self._controller.context.clock())

    def name_and_show_tabs(self, *, shown: bool = True) -> None:
        """Name the tabs again; a page that takes all the room has none over it."""
        self._takes_all = not shown
        tabs = [(key, word) for key, _icon, word in self.pages.entries()]
        self.tabs.set_tabs(tabs)
        self.tabs.select_without_signal(self.pages.front_page_key())
        self.tabs.setVisible(shown and len(tabs) > 1)

    def remake_contents(self, *, at_once: bool = True) -> None:
        """Have every page behind a tab made anew, as in Pages."""
        self.pages.remake_contents(at_once=at_once)
        self.refresh_tab_names()

    def refresh_tab_names(self) -> None:
        self.name_and_show_tabs(shown=not self._takes_all)
        self.tabs.setAccessibleName(self.page_name())
        self._arrange_tabs_and_tools()

    def refresh(self, now: datetime) -> None:
        self.pages.refresh(now)

    def set_hall_away(self, away: bool) -> None:
        """While the hall is away one can look, but not act."""
        self.pages.set_hall_away(away)

    def stop(self) -> None:
        self.pages.stop()

    def open_tab(self, key: str) -> None:
        self.tabs.select_without_signal(key)
        self._open_and_refresh_tab(key)


def page_openers_by_name(
    pages: ManagerPages,
    open_page: Callable[[str], None],
    tabbed: Mapping[str, TabbedPages],
    show_ticket_history: Callable[[], None],
) -> dict[str, Callable[[], None]]:
    """Return the ways to the pages of the side list, to the tabs of those that have some, and to a ticket's story."""

    def open_page_and_show(key: str, show: Callable[[], None]) -> None:
        open_page(key)
        show()

    found = {key: partial(open_page, key) for key, _icon, _word in pages.entries()}
    for key in [key for key in found if key in tabbed]:
        section = tabbed[key]
        tabs = [tab for tab, _icon, _word in section.pages.entries()]
        found |= {tab: partial(open_page_and_show, key, partial(section.open_tab, tab)) for tab in tabs}
        found |= {name: partial(open_page_and_show, key, way) for name, way in section.extra_page_routes().items()}
    return {**found, "story": partial(open_page_and_show, TICKETS, show_ticket_history)}


def is_reader_role(who: Actor | None) -> bool:
    """Whether somebody sees this station's pages and changes nothing."""
    return who is not None and who.role is Role.READER


def _set_page_hall_away(page: QWidget, *, away: bool) -> None:
    for button in getattr(page, "hall_acts", ()):
        button.set_disabled_while_away(away)
    if hasattr(page, "set_hall_away"):
        page.set_hall_away(away)


def _unsaved_text(page: Any) -> str:
    return str(page.unsaved_text()) if hasattr(page, "unsaved_text") else ""


# -- the foot of the side list -----------------------------------------------------------------------------------------


class NavigationFooter(QObject):
    """The names of the hall and the signed-in person, wrapped; in the rail a key opens them as a menu."""

    def __init__(self, page: frame.StationPage, nav: topbar.SideNav) -> None:
        super().__init__(nav)
        self._page, self._nav = page, nav
        self._texts: tuple[str, ...] = ()
        nav.look.changed.connect(self._show_wrapped_foot)
        nav.person_wanted.connect(self._open_sign_out_menu)

    def tell(self, setup: Setup, who: Actor | None) -> None:
        """Name the hall and who is signed in, in the language of the moment."""
        person = ""
        if who is not None:
            person = _("{role} · {name}", role=role_word(str(who.role)), name=staff_name(setup, who.name))
        self._texts = (name_in_language(setup.hall.name, setup.hall.name_en), person)
        self._show_wrapped_foot()

    def _show_wrapped_foot(self) -> None:
        look, texts = self._nav.look, [text for text in self._texts if text]
        room = look.large_px(topbar.LIST_WIDTH) - look.gap(40)
        lines = [line for text in texts for line in paint.wrapped_lines(look.font(15), text, room)]
        self._nav.set_foot_lines(lines, ", ".join(texts))

    def _open_sign_out_menu(self, place: QPoint) -> None:
        menu = QMenu(self._nav)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for text in self._texts:
            if text:
                menu.addAction(text).setEnabled(False)
        menu.addAction(_("Sign out")).triggered.connect(self._page.sign_out_wanted)
        menu.popup(place)


# -- the keys of the manager's pages -----------------------------------------------------------------------------------

TODAY, TICKETS, STAFF, NOTICES = "today", "tickets", "people", "notices"
QUALITY, IMPROVE = "quality", "improve"
REPORTS, WAITS, EQUIPMENT, SETUP = "reports", "waits", "equipment", "setup"

# -- pages that the list does not always have --------------------------------------------------------------------------

if TYPE_CHECKING:
    from queuedesk.stations.manager.figures.drilldown_page import DrilldownPage
    from queuedesk.stations.manager.figures.figures_controller import DrilldownController

BEHIND = "behind"


class DrilldownNavigation(QObject):
    """Makes the page at first use; it is not in the side list. `act_wanted` gives a verb, its ticket and the day's
    HallState; `print_wanted` the ticket whose story is to be printed."""

    act_wanted = Signal(str, object, object)
    print_wanted = Signal(object)

    def __init__(
        self, pages: ManagerPages, context: StationContext, go_to: Callable[[str], None], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._pages, self._context, self._go_to = pages, context, go_to
        self._from = self._story_from = ""
        self._controller: DrilldownController | None = None
        pages.add_lazy_page(BEHIND, "", str, self._make_drilldown_page, offered=lambda: False)

    def _make_drilldown_page(self) -> DrilldownPage:
        from queuedesk.stations.manager.figures.drilldown_page import DrilldownPage  # late as the page is
        from queuedesk.stations.manager.figures.figures_controller import DrilldownController

        self._controller = self._controller or DrilldownController(self._context, parent=self)
        page = DrilldownPage(self._context.look, self._controller)
        page.back.connect(self.return_to_origin_page)
        page.act_wanted.connect(self._request_act_on_ticket)
        page.print_wanted.connect(self._request_ticket_print)
        page.story.is_reader_role = is_reader_role(self._context.who)
        return page

    @property
    def drilldown_page(self) -> DrilldownPage:
        return cast("DrilldownPage", self._pages.get_or_make_page(BEHIND))

    @property
    def is_in_front(self) -> bool:
        return self._pages.front_page_key() == BEHIND

    def show_figure(self, path: str, first: date, last: date, title: str = "", without: tuple[date, ...] = ()) -> None:
        if not self.is_in_front:
            self._from = self._pages.front_page_key()
        self._pages.open_page(BEHIND)
        self.drilldown_page.open_tickets_of_figure(path, first, last, title, without)

    def show_todays_figure(self, path: str, title: str = "") -> None:
        day = self._context.feed.business_date
        self.show_figure(path, day, day, title)

    def return_to_origin_page(self) -> None:
        self._go_to(self._from)

    def follow_events(self, events: Sequence[Event]) -> None:
        if self.is_in_front:
            self.drilldown_page.follow_events(events)

    # -- a story that is printed from here ---------------------------------------------------------------------------

    def remember_history_origin(self) -> None:
        self._story_from = self._pages.front_page_key()

    def go_back_to_history_origin_if_due(self) -> bool:
        """Go back to the page if the history was printed from here; return whether it was."""
        if self._story_from != BEHIND:
            return False
        self._pages.open_page(BEHIND)
        return True

    def _request_act_on_ticket(self, verb: str, ticket: Ticket) -> None:
        self.act_wanted.emit(verb, ticket, self.drilldown_page.state)

    def _request_ticket_print(self, ticket: Ticket) -> None:
        self.print_wanted.emit(ticket)
