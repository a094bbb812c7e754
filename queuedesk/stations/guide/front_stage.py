"""Where a guide starts from: the search over the tiles or what was found, and the whole line with its filters."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from math import ceil

from msgspec.structs import replace
from PySide6.QtCore import QEvent, QObject, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from queuedesk.core.log.state import HallState
from queuedesk.core.queue.overview import ServiceLine, set_up
from queuedesk.core.queue.ticket import Ticket, TicketState
from queuedesk.core.setup.rows import Setup
from queuedesk.i18n import _, n_, name_in_language
from queuedesk.i18n.names import service_letter_or_code, service_name
from queuedesk.stations import service_search
from queuedesk.stations.guide import texts
from queuedesk.stations.guide.head_and_rail import FlushRightTextButton
from queuedesk.stations.guide.screen_keys import OnScreenKeyboard
from queuedesk.stations.widgets import buttons, paint, panels
from queuedesk.stations.widgets.lists import lists
from queuedesk.stations.widgets.lists.strips import AlertBanner
from queuedesk.stations.widgets.lists.tiles import ItemTile, ServiceTile, ServiceTileText
from queuedesk.stations.widgets.questions.dialogs import SearchField
from queuedesk.stations.window.style import Look

# -- the tiles -----------------------------------------------------------------------------------------------------

GAP, ITEM_GAP, HEAD_HEIGHT = 14, 12, 36
TILE_WIDTH, TILE_HEIGHT = 440, 150  # at least this large a tile is easy to read
TALLEST_TILE, LOWEST_TILE, NARROWEST_TILE = 400, 96, 190
NO_ROOM_FOR_WINDOWS = 120  # drawn px; a lower tile says its windows only where they stand beside the figures
ITEM_HEIGHTS = (66, 62, 54, 46)
ITEMS_IN_ROW, NARROW_BOARD = 3, 600
ITEM_FRAME = 74  # badge and margins beside an item's name


def most_readable_column_count(count: int, width: float, height: float) -> int:
    """Return how many tiles side by side make `count` of them easiest to read in `width` by `height` drawn px."""

    def tile_readability(columns: int) -> float:
        rows = ceil(count / columns)
        wide = (width - (columns - 1) * GAP) / columns
        high = (height - (rows - 1) * GAP) / rows
        # What is too low collides; what is narrow only gets smaller.
        return min(1.0, wide / TILE_WIDTH) ** 1.5 * min(1.0, high / TILE_HEIGHT) ** 2

    wide_enough = [n for n in range(1, min(4, count) + 1) if (width - (n - 1) * GAP) / n >= NARROWEST_TILE] or [1]
    return max(wide_enough, key=lambda columns: (round(tile_readability(columns), 3), -abs(columns - 2)))


class TilesBoard(paint.FollowsLook, QWidget):
    """Service tiles and favourite items; a tile's place follows from the set-up alone and never changes by itself."""

    chosen = Signal(object)
    more_wanted = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.follow_look(look)
        self.tiles: dict[str, ServiceTile] = {}
        self.items: list[ItemTile] = []
        self._favourites: list[tuple[texts.ChosenServiceOrItem, str, str]] = []
        self._head = panels.Label(look, px=16, bold=True, token="ink2", parent=self)
        self.more_button = FlushRightTextButton(look, "", height=HEAD_HEIGHT - 4, px=16, parent=self)
        self.more_button.clicked.connect(self.more_wanted)
        self._away = False
        self._taken: set[str] = set()
        self._facts: list[texts.ServiceTileFacts] = []
        self._has_little_height = False

    def set_head(self, text: str, more: str) -> None:
        self._head.setText(text)
        self.more_button.setText(more)

    def unseen_favourites(self) -> list[texts.ChosenServiceOrItem]:
        seen = sum(not tile.isHidden() for tile in self.items)
        return [choice for choice, _letter, _name in self._favourites[seen:]]

    def set_tiles(self, facts: Sequence[texts.ServiceTileFacts]) -> None:
        """Show the figures of every service; tiles are only replaced when the services themselves changed."""
        if list(self.tiles) != [one.service for one in facts]:
            for tile in self.tiles.values():
                tile.hide()
                tile.deleteLater()
            self.tiles = {one.service: self._make_service_tile(one) for one in facts}
            self._place_tiles_and_items()
        self._facts = list(facts)
        for one in facts:
            tile = self.tiles[one.service]
            tile.set_service(self._tile_text_that_fits(one))
            tile.setEnabled(one.can_issue_ticket and self._is_service_choosable(one.service))

    def _tile_text_that_fits(self, facts: texts.ServiceTileFacts) -> ServiceTileText:
        return replace(facts.said, second="") if self._has_little_height else facts.said

    def _make_service_tile(self, facts: texts.ServiceTileFacts) -> ServiceTile:
        tile = ServiceTile(self.look, facts.letter, parent=self)
        tile.setObjectName(f"service-{facts.service}")
        tile.clicked.connect(partial(self.chosen.emit, texts.ChosenServiceOrItem(facts.service)))
        tile.show()
        return tile

    def set_favourites(
        self, favourites: Sequence[tuple[texts.ChosenServiceOrItem, str, str]], closed: set[str]
    ) -> None:
        """Show favourite items as (choice, letter, name); those of `closed` services can't be pressed."""
        if list(favourites) != self._favourites:
            self._favourites = list(favourites)
            for tile in self.items:
                tile.hide()
                tile.deleteLater()
            self.items = [self._make_item_tile(*one) for one in favourites[: texts.FAVOURITES_SHOWN]]
            self._place_tiles_and_items()
        for tile, (choice, _letter, _name) in zip(self.items, self._favourites, strict=False):
            tile.setEnabled(choice.service not in closed and self._is_service_choosable(choice.service))

    def _is_service_choosable(self, service: str) -> bool:
        return not self._away and service not in self._taken

    def _make_item_tile(self, choice: texts.ChosenServiceOrItem, letter: str, name: str) -> ItemTile:
        tile = ItemTile(self.look, letter, name, parent=self)
        tile.setObjectName(f"item-{choice.item}")
        tile.clicked.connect(partial(self.chosen.emit, choice))
        tile.show()
        return tile

    def set_unavailable_and_tell_if_changed(self, services: set[str]) -> bool:
        """Show these services as not available, from the next `set_tiles` on; return whether they changed."""
        before, self._taken = self._taken, services
        return before != services

    def set_hall_away(self, away: bool) -> None:
        """Show everything dashed while nothing can be issued, like `set_unavailable_and_tell_if_changed` from the next
        `set_tiles` on."""
        self._away = away

    # -- placing ------------------------------------------------------------------------------------------------

    def sizeHint(self) -> QSize:
        return QSize(self.look.px(894), self.look.px(580))

    def minimumSizeHint(self) -> QSize:
        return QSize(self.look.px(320), self.look.px(240))

    def measure_again(self) -> None:
        super().measure_again()
        self._place_tiles_and_items()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._place_tiles_and_items()

    def _place_tiles_and_items(self) -> None:
        if self.width() <= 0 or self.height() <= 0 or not self.tiles:
            return
        k = self.look.scale.k
        width, height = self.width() / k, self.height() / k
        in_row = self._favourites_per_row(width)
        rows, headed, item_height = min(2, ceil(len(self.items) / in_row)), bool(self.items), ITEM_HEIGHTS[-1]
        for item_height in ITEM_HEIGHTS:
            tile_height, columns = self._tile_height_and_columns(
                width, height, self._favourites_height(rows, item_height, headed)
            )
            if tile_height >= TILE_HEIGHT:
                break
        # What a low board gives up first: the heading, then the second row of items.
        for fewer in (rows, min(rows, 1)):
            if tile_height >= LOWEST_TILE:
                break
            rows, headed = fewer, False
            tile_height, columns = self._tile_height_and_columns(
                width, height, self._favourites_height(rows, item_height, headed)
            )
        self._set_low_height(tile_height < NO_ROOM_FOR_WINDOWS)
        bottom = self._place_tiles_and_get_bottom(columns, min(tile_height, TALLEST_TILE))
        self._place_favourite_tiles(bottom, item_height, in_row, rows, headed)

    def _favourites_per_row(self, width: float) -> int:
        """Return three, or two where a narrow board would cut their names."""
        bold = self.look.font(18, bold=True)
        longest = max((paint.width_of_text(bold, tile.text()) / self.look.scale.k for tile in self.items), default=0)
        cell = (width - 2 * ITEM_GAP) / ITEMS_IN_ROW
        return 2 if width < NARROW_BOARD and longest + ITEM_FRAME > cell else ITEMS_IN_ROW

    def _set_low_height(self, low: bool) -> None:
        if low != self._has_little_height:
            self._has_little_height = low
            for one in self._facts:
                self.tiles[one.service].set_service(self._tile_text_that_fits(one))

    @staticmethod
    def _favourites_height(rows: int, item_height: float, headed: bool) -> float:
        if not rows:
            return 0
        return GAP + (HEAD_HEIGHT if headed else 0) + rows * (item_height + ITEM_GAP) - ITEM_GAP

    def _tile_height_and_columns(self, width: float, height: float, below: float) -> tuple[float, int]:
        count = len(self.tiles)
        columns = most_readable_column_count(count, width, height - below)
        rows = ceil(count / columns)
        return (height - below - (rows - 1) * GAP) / rows, columns

    def _place_tiles_and_get_bottom(self, columns: int, tile_height: float) -> int:
        area = QRect(0, 0, self.width(), self.height())
        cells = panels.cell_rects(
            area, len(self.tiles), columns, int(tile_height * self.look.scale.k), self.look.px(GAP)
        )
        for tile, cell in zip(self.tiles.values(), cells, strict=True):
            tile.setGeometry(cell)
        return cells[-1].bottom() + 1 + self.look.px(GAP)

    def _place_favourite_tiles(self, top: int, item_height: float, in_row: int, rows: int, headed: bool) -> None:
        self._head.setVisible(headed)
        if headed:
            self._head.setGeometry(0, top, self.width(), self.look.px(HEAD_HEIGHT - 6))
            top += self.look.px(HEAD_HEIGHT)
        shown = self.items[: in_row * rows]
        for tile in self.items:
            tile.setVisible(tile in shown)
        more = headed and len(self._favourites) > len(shown)
        self.more_button.setVisible(more)
        if more:
            wide = self.more_button.sizeHint().width()
            high = self.look.px(HEAD_HEIGHT - 6)
            self.more_button.setGeometry(self.width() - wide, self._head.y(), wide, high)
        area, gap = QRect(0, top, self.width(), 0), self.look.px(ITEM_GAP)
        cells = panels.cell_rects(area, len(shown), in_row, self.look.px(item_height), gap, share_last=False)
        for tile, cell in zip(shown, cells, strict=True):
            tile.setGeometry(cell)


# -- what a search found -------------------------------------------------------------------------------------------

MOST_RESULTS, FEWEST_RESULTS = 6, 1
ROOM = 16


class SearchResultsBoard(QWidget):
    """The results of a search, as many as fit above the keys, the first one chosen."""

    taken = Signal(object)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._found: list[lists.SearchResult] = []
        self._last, self._key = "", ""
        self.results = lists.SearchResultList(look)
        self.results.taken.connect(self.taken)
        self.keys = OnScreenKeyboard(look)
        column = QVBoxLayout(self)
        panels.set_scaled_margins(look, column, (0, 0, 0, 0), ROOM)
        column.addWidget(self.results)
        column.addStretch(1)
        column.addWidget(self.keys)
        look.changed.connect(self._show_fitting_results)

    def set_search_results(self, found: Sequence[lists.SearchResult], *, last: str, key: str, fresh: bool) -> None:
        """Show these results; `last` says where to go when none fits, `key` names Enter. With `fresh` the first row is
        chosen; results of the same search with newer figures keep the chosen one."""
        self._found, self._last, self._key = list(found), last, key
        if fresh:
            self.results.set_results(())
        self._show_fitting_results()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._show_fitting_results()

    def _fit_screen_keys_height(self) -> None:
        self.keys.fit_key_height(self.height() / self._look.scale.k - lists.ROW_HEIGHT - lists.LAST_HEIGHT - 2 * ROOM)

    def fitting_count(self) -> int:
        keys = self.keys.sizeHint().height() / self._look.scale.k + 2 * ROOM
        room = self.height() / self._look.scale.k - keys - lists.LAST_HEIGHT
        return max(FEWEST_RESULTS, min(MOST_RESULTS, int(room // lists.ROW_HEIGHT)))

    def _show_fitting_results(self) -> None:
        self._fit_screen_keys_height()
        chosen = self.results.current_result()
        shown = self._found[: self.fitting_count()]
        self.results.set_results(shown, last=self._last, key=self._key)
        # A list that is only drawn anew keeps the row that was chosen.
        if chosen is not None:
            place = next((place for place, one in enumerate(shown) if one.id == chosen.id), 0)
            self.results.move_selection_by(place)


# -- the stage -----------------------------------------------------------------------------------------------------

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_ACTING = (*_ENTER, Qt.Key.Key_Escape, Qt.Key.Key_Up, Qt.Key.Key_Down)


def ticket_number_result(setup: Setup, ticket: Ticket, facts: str) -> lists.SearchResult:
    return lists.SearchResult(
        id=ticket.label,
        letter=service_letter_or_code(setup, ticket.service),
        name=ticket.label,
        rest=texts.service_and_item_title(setup, texts.ChosenServiceOrItem(ticket.service, ticket.item)),
        right=facts,
    )


def search_hit_result(setup: Setup, hit: service_search.SearchHit, facts: dict[str, str]) -> lists.SearchResult:
    choice = texts.ChosenServiceOrItem(hit.entry.service, hit.entry.item)
    rest = f" {hit.text}" if hit.start else hit.text[hit.end :].rstrip()
    return lists.SearchResult(
        id=choice,
        letter=service_letter_or_code(setup, choice.service),
        name=texts.title_of_choice(setup, choice),
        matched=hit.text[hit.start : hit.end],
        rest="" if hit.field == "code" else rest,
        right=facts.get(choice.service, ""),
    )


def favourite_result(setup: Setup, choice: texts.ChosenServiceOrItem, facts: dict[str, str]) -> lists.SearchResult:
    return lists.SearchResult(
        id=choice,
        letter=service_letter_or_code(setup, choice.service),
        name=texts.title_of_choice(setup, choice),
        rest=_("Favourite item"),
        right=facts.get(choice.service, ""),
    )


def is_typing_key(event: QKeyEvent) -> bool:
    """Return whether a key types something and so begins a search."""
    plain = not event.modifiers() & ~(Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier)
    return plain and event.text().isprintable() and bool(event.text().strip())


class AlwaysFocusedSearchField(SearchField):
    """The search field; it always has the focus, so that any key begins a search, but shows it only in a search."""

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self.is_open = False

    def set_search_open(self, open_: bool) -> None:
        self.is_open = open_
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.is_open:
            super().paintEvent(event)
            return
        painter, look = paint.Painter(self, self.look), self.look
        painter.draw_box(QRectF(self.rect()), 12, "surface", edge="edge")
        painter.draw_icon("search", "ink2", look.px(20), (self.height() - look.px(24)) / 2, 24)
        if self._hint:
            size = paint.key_cap_size(look, self._hint, paint.KeyCapStyle())
            x, y = self.width() - look.px(18) - size.width(), (self.height() - size.height()) / 2
            painter.draw_key_cap(
                QRectF(round(x), round(y), size.width(), size.height()), self._hint, paint.KeyCapStyle()
            )


class ServiceChoiceStage(QWidget):
    """Gives `chosen` a Choice, from tile, favourite or search, and `number_chosen` a ticket's number."""

    chosen = Signal(object)
    number_chosen = Signal(str)
    search_left = Signal()
    adding_left = Signal()
    undo_wanted = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state: HallState | None = None
        self._lines: Sequence[ServiceLine] = ()
        self._now: datetime | None = None
        self._setup: Setup | None = None
        self.index = service_search.SearchIndex(())
        self.is_away = False
        self._is_pad = False
        self.search = AlwaysFocusedSearchField(look)
        self.setFocusProxy(self.search.edit)
        self.search.typed.connect(self._search_typed_text)
        self.search.installEventFilter(self)
        self.search.edit.installEventFilter(self)
        self._adding = AlertBanner(look)
        self._adding.acted.connect(self.adding_left)
        self._adding.hide()
        self.day_line = AlertBanner(look)
        self.day_line.hide()
        self.board = TilesBoard(look)
        self.board.chosen.connect(self.chosen)
        self.board.more_wanted.connect(self.open_search)
        self.finds = SearchResultsBoard(look)
        self.finds.taken.connect(self._emit_chosen_result)
        self.finds.keys.typed.connect(self._insert_letter)
        self.finds.keys.deleted.connect(self.search.edit.backspace)
        self.finds.keys.cleared.connect(self.search.clear)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.board)
        self._stack.addWidget(self.finds)
        column = QVBoxLayout(self)
        panels.set_scaled_margins(look, column, (28, 20, 28, 22), 16)
        column.addWidget(self._adding)
        column.addWidget(self.search)
        column.addWidget(self.day_line)
        column.addWidget(self._stack, 1)
        self._update_search_placeholder()
        self.board.set_head(_("Favourite items"), _("More", context="favourites"))
        self.finds.keys.set_words(_("Delete", context="key"), _("Clear", context="key"))

    def _update_search_placeholder(self) -> None:
        """Say what can be typed, with the initials of one of the hall's own items."""
        words = _("Search services, papers or a ticket number")
        setup = self._setup
        names = (
            [texts.title_of_choice(setup, one) for one in texts.items_marked_as_favourite(setup)]
            if setup is not None
            else []
        )
        if short := service_search.pinyin_initials(max(names, key=len, default="")):
            words = _("{words}, such as {initials}", context="search", words=words, initials=short)
        self.search.set_texts(words, _("just type", context="cap in the search"))

    def show_add_service_banner(self, name: str, taken: set[str] | None = None) -> None:
        """Announce that the next choice is added to the ticket for `name`, which has `taken`; "" ends that."""
        if (
            self.board.set_unavailable_and_tell_if_changed(taken or set())
            and self._state is not None
            and self._now is not None
        ):
            self.refresh(self._state, self._lines, self._now)
        self._adding.setVisible(bool(name))
        if name:
            self._adding.set_alert_content(
                "blue",
                _("What else, apart from {service}?", service=name),
                _("It goes on the same ticket."),
                button=_("Nothing else"),
            )

    def show_wrong_line_banner(self) -> None:
        """Announce that the next ticket found is to be moved to another line, until `show_add_service_banner`."""
        self._adding.setVisible(True)
        self._adding.set_alert_content("blue", _("Which ticket is in the wrong line?"), button=_("Back"))

    def set_hall_away(self, away: bool) -> None:
        """While the hall's file is away one can look, but not take."""
        self.is_away = away
        self.board.set_hall_away(away)

    def refresh(self, state: HallState, lines: Sequence[ServiceLine], now: datetime) -> None:
        self._state, self._lines, self._now = state, lines, now
        setup = set_up(state)
        first, *more = service_search.unusual_day_sentences(setup, now) or [""]
        self.day_line.set_alert_content("blue", first, " ".join(more), icon="calendar")
        self.day_line.setVisible(bool(first))
        facts = texts.service_tile_facts(state, lines, now)
        self.board.set_tiles(facts)
        if setup is not self._setup:
            self._setup = setup
            self.index = service_search.SearchIndex(service_search.searchable_entries(setup))
            self._update_search_placeholder()
        closed = {one.service for one in facts if not one.can_issue_ticket}
        shown = [
            (one, service_letter_or_code(setup, one.service), texts.title_of_choice(setup, one))
            for one in texts.items_marked_as_favourite(setup)
        ]
        self.board.set_favourites(shown, closed)
        if self.search.is_open:
            self._refresh_search_results(fresh=False)

    # -- searching ----------------------------------------------------------------------------------------------

    def open_search(self, text: str = "", *, pad: bool = False) -> None:
        """Open the search with `text` typed; with `pad` for a ticket's number."""
        if pad and self._setup is not None:
            self._is_pad = True
            letters = dict.fromkeys(service.prefix for service in self._setup.services.values())
            self.finds.keys.show_number_pad(list(letters))
        elif not self.search.is_open:
            self._is_pad = False
            self.finds.keys.show_letter_keyboard()
        self.search.set_search_open(True)
        self._stack.setCurrentWidget(self.finds)
        self.search.edit.setFocus(Qt.FocusReason.ShortcutFocusReason)
        if text:
            self.search.edit.insert(text)
        else:
            self._refresh_search_results(fresh=True)

    def close_search(self) -> None:
        self.search.set_search_open(False)
        self.search.clear()
        self._stack.setCurrentWidget(self.board)

    def _search_typed_text(self, text: str) -> None:
        if not self.search.is_open and text.strip():
            self.open_search()
        if self.search.is_open:
            self._refresh_search_results(fresh=True)

    def _insert_letter(self, letter: str) -> None:
        self.search.edit.insert(letter)

    def _take_current_result(self) -> None:
        if self.search.is_open:
            self.finds.results.choose_current_result()

    def _emit_chosen_result(self, found: object) -> None:
        if isinstance(found, str):
            self.number_chosen.emit(found)
        elif isinstance(found, texts.ChosenServiceOrItem) and not self.is_away:
            self.chosen.emit(found)

    def _refresh_search_results(self, *, fresh: bool) -> None:
        if self._state is None or self._now is None or self._setup is None:
            return
        query, setup = self.search.text(), self._setup
        found = [
            ticket_number_result(setup, ticket, texts.ticket_state_summary(self._state, ticket, self._now))
            for ticket in self._tickets_for_query(self._state, query)
        ]
        if not texts.is_number(query):
            facts = texts.wait_text_by_service(self._lines)
            found += [search_hit_result(setup, hit, facts) for hit in self.index.hits_of_query(query)]
            if not query.strip() and not self._is_pad:
                found += [favourite_result(setup, choice, facts) for choice in self.board.unseen_favourites()]
        self.finds.set_search_results(
            found, last=self._search_hint_line(query, bool(found)), key=_("Enter", context="key"), fresh=fresh
        )

    def _tickets_for_query(self, state: HallState, query: str) -> list[Ticket]:
        # Who comes back soon after holds one of the newest numbers: the pad offers them before a digit is typed.
        return (
            texts.newest_open_tickets(state)
            if self._is_pad and not query.strip()
            else texts.tickets_matching_number(state, query)
        )

    def _search_hint_line(self, query: str, found: bool) -> str:
        if not query.strip() and self._is_pad:
            return _("The newest tickets; type a number for any other")
        if not query.strip():
            return _("Letters find services and papers, digits find a ticket")
        if texts.is_number(query):
            return "" if found else _("No such number today; please check it")
        # A service that asks for no papers takes whoever has a question.
        services = self._setup.services.values() if self._setup else ()
        asking = next((one for one in services if not one.papers and not one.suggested.get("papers")), None)
        if asking is None:
            return _("Not found? Try another word")
        name = name_in_language(asking.name, asking.name_en)
        return _(
            "Not found? Give a ticket for {letter} {service}; the window will decide",
            letter=asking.prefix,
            service=name,
        )

    # -- keys ---------------------------------------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.MouseButtonPress and not self.search.is_open:
            self.open_search()
        elif event.type() in (QEvent.Type.KeyPress, QEvent.Type.ShortcutOverride) and isinstance(event, QKeyEvent):
            return self._handle_search_key(event)
        return False

    def _handle_search_key(self, event: QKeyEvent) -> bool:
        """Handle keys that mean more here than in a line edit, Enter too: the page would print the found ticket."""
        is_undo = event.key() == Qt.Key.Key_Z and event.modifiers() == Qt.KeyboardModifier.ControlModifier
        acts = event.key() in _ACTING or (is_undo and not self.search.text())
        if event.type() == QEvent.Type.ShortcutOverride or not acts:
            return False
        if event.key() in _ENTER:
            self._take_current_result()
        elif is_undo:
            self.undo_wanted.emit()
        elif event.key() == Qt.Key.Key_Escape:
            self.search_left.emit()
        else:
            self.finds.results.move_selection_by(1 if event.key() == Qt.Key.Key_Down else -1)
        return True


EVERYONE, MISSED = "", "missed"


class FilteredTicketListStage(QWidget):
    """A long list with filters. `chosen` gives the number of a row, `acted` that of a row whose button was pressed."""

    back = Signal()
    filtered = Signal(str)
    chosen = Signal(object)
    acted = Signal(object)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self.back_button = buttons.SecondaryButton(look, "", icon="arrow-left", height=52, px=16)
        self.back_button.clicked.connect(self.back)
        self._title = panels.Label(look, px=28, bold=True)
        self.pills: dict[str, buttons.FilterPill] = {}
        self._group = QButtonGroup(self)
        self.rows = lists.TicketList(look, row_height=52, inset=20)
        self.rows.chosen.connect(self.chosen)
        self.rows.acted.connect(self.acted)
        self._empty = panels.EmptyState(look, "waiting")
        self._none = panels.EmptyStateCard(look, self._empty, bare=True)
        column = QVBoxLayout(self)
        panels.set_scaled_margins(look, column, (28, 18, 28, 28), 14)
        head = QHBoxLayout()
        panels.set_scaled_margins(look, head, (0, 0, 0, 0), 16)
        head.addWidget(self.back_button)
        head.addWidget(self._title, 1)
        column.addLayout(head)
        self._filters = QHBoxLayout()
        panels.set_scaled_margins(look, self._filters, (0, 0, 0, 0), 8)
        self._filters.addStretch(1)
        column.addLayout(self._filters)
        card = panels.Card(look)
        inside = QVBoxLayout(card)
        panels.set_scaled_margins(look, inside, (1, 4, 1, 4), 0)
        inside.addWidget(self.rows, 1)
        inside.addWidget(self._none, 1)
        column.addWidget(card, 1)

    def set_words(self, back: str) -> None:
        self.back_button.setText(back)

    def show_filtered_rows(
        self,
        title: str,
        filters: Sequence[tuple[str, str]],
        current: str,
        rows: Sequence[lists.TicketRow],
        *,
        empty: str,
        away: bool,
    ) -> None:
        """Show the rows of the filter `current`; `filters` are (key, word)."""
        self._title.setText(title)
        self.rows.setAccessibleName(title)
        if list(self.pills) != [key for key, _word in filters]:
            self._rebuild_filter_pills(filters)
        for key, word in filters:
            self.pills[key].setText(word)
            self.pills[key].setChecked(key == current)
            self.pills[key].updateGeometry()
        self.rows.setEnabled(not away)
        self.rows.set_rows(rows)
        self.rows.setVisible(bool(rows))
        self._empty.set_texts(empty)
        self._none.setVisible(not rows)

    def _rebuild_filter_pills(self, filters: Sequence[tuple[str, str]]) -> None:
        for pill in self.pills.values():
            self._group.removeButton(pill)
            pill.hide()
            pill.deleteLater()
        self.pills = {}
        for place, (key, word) in enumerate(filters):
            pill = buttons.FilterPill(self._look, word, height=40)
            pill.setObjectName(key)
            pill.clicked.connect(self._emit_pressed_filter)
            self._group.addButton(pill)
            self._filters.insertWidget(place, pill)
            self.pills[key] = pill

    def _emit_pressed_filter(self) -> None:
        pill = self.sender()
        if pill is not None:
            self.filtered.emit(pill.objectName())


class LinePage(QWidget):
    """Chooses rows of the list. A row leads to its card, or while `is_wrong` to the question for its right line."""

    back = Signal()
    ticket_chosen = Signal(str)
    redirect_wanted = Signal(str)
    reinstate_wanted = Signal(object)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.stage = FilteredTicketListStage(look)
        self.stage.set_words(_("Back"))
        self.stage.back.connect(self.back)
        self.stage.filtered.connect(self._set_filter)
        self.stage.chosen.connect(self._emit_chosen_ticket)
        self.stage.acted.connect(self.reinstate_wanted)
        self.filter, self._away = EVERYONE, False
        self.is_wrong = False
        self._state: HallState | None = None
        self._now: datetime | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.stage)

    def set_filter_and_wrong_line_mode(self, filter_: str, *, wrong: bool) -> None:
        self.filter, self.is_wrong = filter_, wrong

    def refresh(self, state: HallState, now: datetime, *, away: bool) -> None:
        self._state, self._now, self._away = state, now, away
        if self.isVisible() or not self.stage.pills:
            self._show_filtered_line()

    def showEvent(self, event: object) -> None:
        self._show_filtered_line()

    def _show_filtered_line(self) -> None:
        if self._state is None or self._now is None:
            return
        setup = set_up(self._state)
        waiting, missed = self._state.waiting_tickets(), self._state.tickets_in_state(TicketState.MISSED)
        filters = [(EVERYONE, _("All {n}", n=len(waiting)))]
        for code in setup.services:
            own = sum(ticket.service == code for ticket in waiting)
            filters.append((code, f"{service_letter_or_code(setup, code)} {own}"))
        if not self.is_wrong:
            filters.append((MISSED, n_("{n} missed", "{n} missed", len(missed))))
        self.stage.show_filtered_rows(
            _("Which ticket is in the wrong line?") if self.is_wrong else _("The whole line"),
            filters,
            self.filter,
            self._rows_for_filter(setup, self._state, self._now),
            empty=_("No missed tickets") if self.filter == MISSED else _("Nobody is waiting"),
            away=self._away,
        )

    def _rows_for_filter(self, setup: Setup, state: HallState, now: datetime) -> list[lists.TicketRow]:
        if self.filter == MISSED:
            return [self._missed_row(setup, state, row.label, row.since) for row in texts.missed_rows(state, now)]
        rows = texts.waiting_ticket_rows(state, now)
        if self.filter == EVERYONE:
            return rows
        own = {t.label for t in state.waiting_tickets() if t.service == self.filter}
        return [row for row in rows if row.number in own]

    @staticmethod
    def _missed_row(setup: Setup, state: HallState, label: str, since: str) -> lists.TicketRow:
        ticket = texts.todays_ticket_by_label(state, label)
        service = service_name(setup, ticket.service) if ticket else ""
        return lists.TicketRow(
            id=label, number=label, service=service, wait=since, icon="missed", token="amber", button=_("Back in line")
        )

    def _set_filter(self, key: str) -> None:
        self.filter = key
        self._show_filtered_line()

    def _emit_chosen_ticket(self, label: object) -> None:
        if self.is_wrong:
            self.redirect_wanted.emit(str(label))
        else:
            self.ticket_chosen.emit(str(label))
