"""The appointments of a date: day, search, filters by what became of them, and the list in finished words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QVBoxLayout, QWidget

from queuedesk.core.queue.appointment import CLASS, AppointmentState
from queuedesk.core.setup.rows import Setup
from queuedesk.features.appointments.rules import parse_appointment_code
from queuedesk.features.appointments.words import appointment_state_word
from queuedesk.i18n import _, date_for_staff, time_hm
from queuedesk.i18n.names import item_name, priority_class_name, service_name
from queuedesk.stations.guide.texts import RailPersonRow
from queuedesk.stations.service_search import SearchEntry, SearchIndex
from queuedesk.stations.widgets.buttons import FilterPill, IconButton, SecondaryButton
from queuedesk.stations.widgets.lists.lists import TicketList, TicketRow
from queuedesk.stations.widgets.panels import Card, EmptyState, EmptyStateCard, set_scaled_margins
from queuedesk.stations.widgets.questions.dialogs import SearchField
from queuedesk.stations.window.style import Look

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class AppointmentBoard(QWidget):
    """Shows one date. `day_wanted` asks for another, `day_list_wanted` for a calendar, `new_wanted` for another
    appointment; `chosen` and `arrived` carry an appointment's number.

    With `arrives` a row of today has a button for a customer who has come, and Enter in the search presses it; without
    it every state shows its count."""

    day_wanted = Signal(object)
    day_list_wanted = Signal()
    new_wanted = Signal()
    chosen = Signal(object)
    arrived = Signal(object)
    left = Signal()

    def __init__(self, look: Look, *, arrives: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look, self._arrives = look, arrives
        self._rows: list[Row] = []
        self._setup: Setup | None = None
        self._now: datetime | None = None
        self._day = self._today = date.min
        self.filter, self._away = ALL, False
        self.before = IconButton(look, "arrow-left", _("Day before"), framed=True, side=48)
        self.after = IconButton(look, "arrow-right", _("Day after"), framed=True, side=48)
        self.day_button = SecondaryButton(look, "", icon="calendar", height=48, px=17)
        self.search = SearchField(look, height=48, px=17)
        self.search.set_texts(_("Search name, reference or time"))
        self.pills: dict[str, FilterPill] = {}
        self._group = QButtonGroup(self)
        self.list = TicketList(look, row_height=52, inset=20, selectable=True)
        self.list.setAccessibleName(_("Appointments"))
        self._empty = EmptyState(look, "calendar")
        self._nothing = EmptyStateCard(look, self._empty, bare=True)
        self._empty.acted.connect(self._clear_filter_or_ask_new)
        self._lay_out_widgets(look)
        self.before.clicked.connect(partial(self._request_day_by_offset, -1))
        self.after.clicked.connect(partial(self._request_day_by_offset, 1))
        self.day_button.clicked.connect(self.day_list_wanted)
        self.search.typed.connect(self._search_and_select_first)
        self.search.edit.installEventFilter(self)
        self.list.chosen.connect(self.chosen)
        self.list.acted.connect(self.arrived)
        self._show_appointments_of_day()

    def _lay_out_widgets(self, look: Look) -> None:
        column = QVBoxLayout(self)
        set_scaled_margins(look, column, spacing=12)
        line = QHBoxLayout()
        set_scaled_margins(look, line, spacing=8)
        for widget in (self.before, self.day_button, self.after):
            line.addWidget(widget)
        line.addSpacing(look.gap(8))
        line.addWidget(self.search, 1)
        column.addLayout(line)
        self._filters = QHBoxLayout()
        set_scaled_margins(look, self._filters, spacing=8)
        self._filters.addStretch(1)
        column.addLayout(self._filters)
        card = Card(look)
        inside = QVBoxLayout(card)
        set_scaled_margins(look, inside, (1, 4, 1, 4), 0)
        inside.addWidget(self.list, 1)
        inside.addWidget(self._nothing, 1)
        column.addWidget(card, 1)

    def set_hall_away(self, away: bool) -> None:
        """While the hall's file is away one can look, but not act."""
        self._away = away
        for widget in (self.before, self.after, self.day_button, self.list, self._empty.button):
            widget.setEnabled(not away)

    def show_day(self, setup: Setup, rows: Sequence[Row], day: date, today: date, now: datetime) -> None:
        """Show a date's appointments as of `now`."""
        self._setup, self._rows, self._now = setup, list(rows), now
        self._day, self._today = day, today
        self._show_appointments_of_day()

    def focus_search_field(self) -> None:
        """Make typing search."""
        self.search.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def clear_search_and_filter(self) -> None:
        """Clear search and filter."""
        self.filter = ALL
        self.search.clear()

    def filtered_rows(self) -> list[Row]:
        """Return the rows that search and filter leave."""
        if self._setup is None:
            return []
        kept = [row for row in self._rows if self.filter in (ALL, row["state"])]
        return search_appointments(self._setup, kept, self.search.text())

    def _show_appointments_of_day(self) -> None:
        if self._setup is None or self._now is None:
            return
        self.day_button.setText(date_for_staff(self._day))
        self._show_filter_pills(state_filters_with_counts(self._rows, every=not self._arrives))
        arrive = _("Has arrived") if self._arrives and self._day == self._today else ""
        setup, now = self._setup, self._now
        rows = [appointment_list_row(setup, row, now, arrive) for row in self.filtered_rows()]
        self.list.set_rows(rows)
        self.list.setVisible(bool(rows))
        self._nothing.setVisible(not rows)
        if self._rows:
            self._empty.set_texts(_("No matching appointment"), act=_("Show all appointments"))
        else:
            self._empty.set_texts(
                _("No appointments on this day"),
                _("Customers with an appointment come at a set time and get their ticket on arrival."),
                _("New appointment"),
            )

    def _clear_filter_or_ask_new(self) -> None:
        if self._rows:
            self.clear_search_and_filter()
            self._show_appointments_of_day()
        else:
            self.new_wanted.emit()

    def _show_filter_pills(self, filters: Sequence[tuple[str, str]]) -> None:
        if self.filter not in [key for key, _word in filters]:
            self.filter = ALL
        if list(self.pills) != [key for key, _word in filters]:
            for pill in self.pills.values():
                self._group.removeButton(pill)
                pill.hide()
                pill.deleteLater()
            self.pills = {}
            for place, (key, word) in enumerate(filters):
                pill = FilterPill(self._look, word, height=40)
                pill.clicked.connect(partial(self._choose_filter, key))
                self._group.addButton(pill)
                self._filters.insertWidget(place, pill)
                self.pills[key] = pill
        for key, word in filters:
            self.pills[key].setText(word)
            self.pills[key].setChecked(key == self.filter)
            self.pills[key].updateGeometry()

    def _choose_filter(self, key: str) -> None:
        self.filter = key
        self._show_appointments_of_day()

    def _request_day_by_offset(self, days: int) -> None:
        self.day_wanted.emit(self._day + timedelta(days=days))

    # -- keys ---------------------------------------------------------------------------------------------------

    def _search_and_select_first(self, text: str) -> None:
        self._show_appointments_of_day()
        rows = self.list.tickets.rows()
        if text.strip() and rows:
            self.list.select(rows[0].id)
        else:
            self.list.clearSelection()
            self.list.setCurrentIndex(self.list.rootIndex())

    def _move_selection(self, step: int) -> None:
        rows = [row.id for row in self.list.tickets.rows()]
        if rows:
            now = self.list.currentIndex().row()
            place = min(max(now + step, 0), len(rows) - 1) if now >= 0 else 0
            self.list.select(rows[place])

    def _press_or_open_selected_row(self) -> None:
        """Do with the row that is marked what its button says, or open it."""
        place = self.list.currentIndex().row()
        rows = self.list.tickets.rows()
        if 0 <= place < len(rows) and not self._away:
            (self.arrived if rows[place].button else self.chosen).emit(rows[place].id)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return False
        if event.key() in _ENTER:
            self._press_or_open_selected_row()
        elif event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        elif event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self._move_selection(1 if event.key() == Qt.Key.Key_Down else -1)
        else:
            return False
        return True


# -- appointments in finished words: rows of a list, the next ones of today, how many came -----------------------------

Row = Mapping[str, Any]
ALL = ""
_MARKS = {
    AppointmentState.BOOKED: ("calendar", "ink2"),
    AppointmentState.CAME: ("check", "primary"),
    AppointmentState.CANCELLED: ("close", "ink2"),
    AppointmentState.GONE: ("missed", "amber"),
}


def appointment_moment(row: Row) -> datetime:
    return datetime.fromisoformat(row["at"])


def hall_clock_text(setup: Setup, row: Row) -> str:
    """Return an appointment's time on the hall's clock, "10:30"."""
    return time_hm(setup.to_hall_time(appointment_moment(row)))


def minutes_late(row: Row, now: datetime) -> int:
    """Return how many minutes late an expected customer is, 0 if not."""
    if row["state"] != AppointmentState.BOOKED:
        return 0
    return max(0, int((now - appointment_moment(row)).total_seconds()) // 60)


def service_and_item_text(setup: Setup, row: Row) -> str:
    item = item_name(setup, row["service"], row["item"])
    service = service_name(setup, row["service"])
    return f"{service} · {item}" if item else service


def appointment_state_text(row: Row, now: datetime) -> str:
    """Return an appointment's state, with its ticket, or how late the customer is."""
    late = minutes_late(row, now)
    if late:
        return _("{minutes} min late", minutes=late)
    word = appointment_state_word(row["state"])
    return f"{word} · {row['ticket']}" if row["ticket"] else word


def appointment_list_row(setup: Setup, row: Row, now: datetime, arrive: str) -> TicketRow:
    """Return an appointment as a row; `arrive` is the label of the button for a customer who has come, "" for none."""
    time, state = hall_clock_text(setup, row), AppointmentState(row["state"])
    told = [part for part in (row["name"], service_and_item_text(setup, row), row["ref"] or "") if part]
    late, word = minutes_late(row, now), appointment_state_text(row, now)
    icon, token = _MARKS[state]
    klass = priority_class_name(setup, row["class"]) if row["class"] not in (CLASS, "normal") else ""
    return TicketRow(
        id=row["appointment"],
        number=time,
        service=" · ".join(told),
        class_text=klass,
        wait=word,
        level="amber" if late else "",
        icon="clock" if late else icon,
        token="amber" if late else token,
        button=arrive if state is AppointmentState.BOOKED else "",
        spoken=", ".join([time, *told, klass, word] if klass else [time, *told, word]),
    )


def rail_rows_of_expected_customers(setup: Setup, rows: Sequence[Row], now: datetime) -> list[RailPersonRow]:
    """Return the customers still expected, the earliest first."""
    return [
        RailPersonRow(
            key=row["appointment"],
            head=hall_clock_text(setup, row),
            first=row["name"] or row["ref"] or _("Name not kept"),
            second=service_and_item_text(setup, row),
            late=appointment_state_text(row, now) if minutes_late(row, now) else "",
        )
        for row in rows
        if row["state"] == AppointmentState.BOOKED
    ]


def state_filters_with_counts(rows: Sequence[Row], *, every: bool = False) -> list[tuple[str, str]]:
    """Return the filters as (state, word with its count): all, and the states that occur, or `every` one."""
    seen = Counter(row["state"] for row in rows)
    found = [(ALL, _("All {n}", n=len(rows)))]
    for state in AppointmentState:
        if every or seen[state] or state is AppointmentState.BOOKED:
            found.append((str(state), f"{appointment_state_word(state)} {seen[state]}"))
    return found


def search_appointments(setup: Setup, rows: Sequence[Row], query: str) -> list[Row]:
    """Return the rows found by a name (also by its pinyin), reference, contact, time, ticket or the code of a slip, in
    order."""
    wanted = query.strip().casefold()
    if not wanted:
        return list(rows)
    if (scanned := parse_appointment_code(query.strip().upper())) is not None:
        return [row for row in rows if row["appointment"] == scanned[2] and setup.hall.code.upper() == scanned[0]]
    entries = {
        row["appointment"]: SearchEntry(service="", name=row["name"], words=_searchable_row_texts(setup, row))
        for row in rows
    }
    hits = {id(entry) for entry in SearchIndex(list(entries.values())).find_entries(query)}
    return [
        row
        for row in rows
        if id(entries[row["appointment"]]) in hits
        or any(wanted in text.casefold() for text in _searchable_row_texts(setup, row))
    ]


def _searchable_row_texts(setup: Setup, row: Row) -> tuple[str, ...]:
    texts = (row["ref"], row["contact"], hall_clock_text(setup, row), row["ticket"], row["name"])
    return tuple(text for text in texts if text)
