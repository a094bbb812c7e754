"""The lobby board: the hall at the left, at the right what to do about it. The manager's station shows it too. Its
finished words say how many wait, each service against its target, each window.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial

from msgspec import Struct
from msgspec.structs import replace
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from queuedesk.core.log.state import HallState
from queuedesk.core.queue.overview import (
    current_line_join_time,
    past_target,
    set_up,
    tickets_callable_at,
    wait_alert_level,
)
from queuedesk.core.queue.ticket import State, Window, WindowState, current_leg_handling_s, whole_seconds_between
from queuedesk.core.setup.rows import Setup
from queuedesk.features.lobby.pages.advice_cards import AdviceColumn, SuggestionText
from queuedesk.features.lobby.pages.board_buttons import FREE_FOR, ServiceBar, ServiceText, WindowCell, WindowCellText
from queuedesk.i18n import _, m_ss, minutes_text, n_
from queuedesk.i18n.names import service_letter_or_code, service_name, staff_name
from queuedesk.i18n.queue.line_words import reason_words
from queuedesk.stations.manager.today.alert_words import ButtonTarget
from queuedesk.stations.widgets.panels import (
    EqualCellGrid,
    Label,
    TextRun,
    TextRunsLabel,
    VerticalScrollArea,
    remove_and_delete_widgets,
    runs_width,
    set_scaled_margins,
)
from queuedesk.stations.window.style import Look

COUNT_PX = 92
BAR_TARGETS = 2
"""How many targets long a service's bar is."""
LONG_CALLED = timedelta(minutes=3)
_SLOT = "\0"


class _WaitingCountText(Struct, frozen=True, kw_only=True):
    """The text above the services: how many wait and since when, and what the mark in the bars means."""

    runs: tuple[TextRun, ...]
    mark: str


def waiting_now_text(state: HallState, now: datetime) -> _WaitingCountText:
    """Return how many wait, and how long they have waited on average; once somebody waits past the target, that
    replaces it."""
    setup, waiting = set_up(state), state.waiting()
    target = setup.number("wait_target_minutes")
    mark = _("Mark in the bars: {n} min target", n=target)
    unit = n_("person waiting", "people waiting", len(waiting), context="after the number")
    count = TextRun(str(len(waiting)), COUNT_PX, True)
    if not waiting:
        return _WaitingCountText(runs=(count, TextRun(unit, 24, gap=18)), mark=mark)
    if (late := past_target(state, now)) is not None:
        past = _("{n} over {target} min, longest {minutes} min", n=late.n, target=target, minutes=late.minutes)
        runs = (count, TextRun(unit, 24, gap=18), TextRun(past, 24, True, "red", gap=18))
        return _WaitingCountText(runs=runs, mark=mark)
    mean = sum(whole_seconds_between(current_line_join_time(ticket), now) for ticket in waiting) / len(waiting) / 60
    before, _slot, after = _("{unit}, on average for {mean} min", unit=unit, mean=_SLOT).partition(_SLOT)
    return _WaitingCountText(
        runs=(count, TextRun(before, 24, gap=18), TextRun(f"{mean:.1f}", 24, True), TextRun(after, 24)), mark=mark
    )


def service_texts(state: HallState, now: datetime, later: Mapping[str, int]) -> list[ServiceText]:
    """Return a row for each service of the set-up; `later` says how many will be in a line in 20 minutes, if known."""
    setup, waiting = set_up(state), state.waiting()
    target = setup.number("wait_target_minutes")
    rows = []
    for code in setup.services:
        own = [ticket for ticket in waiting if ticket.service == code]
        since = min((current_line_join_time(ticket) for ticket in own), default=None)
        longest = whole_seconds_between(since, now) // 60
        soon = later.get(code)
        rows.append(
            ServiceText(
                code=code,
                letter=service_letter_or_code(setup, code),
                name=service_name(setup, code),
                waiting=str(len(own)),
                unit=n_("person", "people", len(own), context="after the number"),
                units=tuple(n_("person", "people", n, context="after the number") for n in (1, 2)),
                longest=_("longest {minutes}", minutes=minutes_text(longest)) if own else _("no one waiting"),
                minutes=minutes_text(longest) if own else "",
                share=min(1.0, longest / (BAR_TARGETS * max(1, target))) if own else 0.0,
                level=wait_alert_level(setup, longest) if own else "",
                later="" if soon is None else _("{n} waiting in 20 min", n=soon),
                later_short="" if soon is None else _("{n} wait in 20 min", n=soon),
                soon=soon,
            )
        )
    return rows


def _service_row_with_tried_move(text: ServiceText, without: int, with_it: int) -> ServiceText:
    """Return a row with how many will stand in its line in 20 minutes, without and with what is tried."""
    if without == with_it:
        return text
    before = without if text.soon is None else text.soon
    n = f"{before} → {max(0, before + with_it - without)}"
    return replace(text, later=_("{n} waiting in 20 min", n=n), later_short=_("{n} wait in 20 min", n=n))


def window_cell_texts(state: HallState, now: datetime) -> dict[str, WindowCellText]:
    """Return the text of each window's cell, in the set-up's order."""
    setup = set_up(state)
    return {code: _window_cell_text(setup, state, state.window(code), now) for code in setup.windows}


def _free_window_cell(state: HallState, window: Window, now: datetime, cell: WindowCellText) -> WindowCellText:
    """Fill in why a window is free while people wait: it has not called, or they all wait for other windows. Amber once
    it keeps somebody waiting."""
    free = _("Free", context="window")
    waiting = len(tickets_callable_at(state, window.code, now))
    if not waiting:
        why = _("Free, none waiting", context="window") if state.waiting() else free
        return replace(cell, what=why, short=free)
    is_long = window.since is not None and now - window.since >= FREE_FOR
    told = n_("Free, {n} waiting", "Free, {n} waiting", waiting, context="window")
    return replace(cell, what=told, short=free, is_amber=is_long)


def _window_cell_text(setup: Setup, state: HallState, window: Window, now: datetime) -> WindowCellText:
    number, staff = _("{window}", context="cell", window=window.code), staff_name(setup, window.staff)
    if window.state is WindowState.CLOSED:
        return WindowCellText(
            code=window.code, number=number, mark="closed", what=_("Closed", context="window"), away=True
        )
    time = m_ss(whole_seconds_between(window.since, now))
    if window.state is WindowState.PAUSED:
        what = reason_words(window.reason or "") or _("Paused", context="window")
        late = window.back is not None and now > window.back
        return WindowCellText(
            code=window.code,
            number=number,
            staff=staff,
            mark="paused",
            what=what,
            short=_("Paused", context="window"),
            time=time,
            away=True,
            late=late,
            why=_("late back") if late else "",
        )
    ticket = state.tickets.get(window.ticket) if window.ticket else None
    if ticket is None:
        return _free_window_cell(
            state,
            window,
            now,
            WindowCellText(code=window.code, number=number, staff=staff, mark="idle", what="", time=time),
        )
    if ticket.state is State.CALLED:
        is_long = window.since is not None and now - window.since >= LONG_CALLED
        return WindowCellText(
            code=window.code,
            number=number,
            staff=staff,
            mark="called",
            what=ticket.label,
            time=time,
            is_amber=is_long,
            why=_("called long ago") if is_long else "",
        )
    if ticket.stalled_since is not None:
        time = m_ss(whole_seconds_between(ticket.stalled_since, now))
        why = _("waiting for another system")
        return WindowCellText(
            code=window.code, number=number, staff=staff, mark="away", what=ticket.label, time=time, late=True, why=why
        )
    target = setup.services[ticket.service].handling_target if ticket.service in setup.services else None
    served = current_leg_handling_s(ticket, now)
    late = target is not None and served >= target * 60
    why = _("over the target of {n} min", n=target) if late else ""
    return WindowCellText(
        code=window.code,
        number=number,
        staff=staff,
        mark="serving",
        what=ticket.label,
        time=m_ss(served),
        late=late,
        why=why,
    )


SHARES, NARROW_SHARES, NARROW = (62, 65), (400, 532), 1200
SMALLEST_SHARE, LARGEST_OF_LARGE, LARGE_TEXT = 0.5, 0.7, 1.4
MOST_UNDER_SERVICES = 9


class LobbyBoard(QWidget):
    """`place_wanted` gives the place that was pressed. What is to be done stands in `advice`, which gives way to what
    features show."""

    place_wanted = Signal(object)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._title = Label(look, _("Now", context="board"), px=24, bold=True, elide=False)
        self._mark = Label(look, px=17, token="ink2", align=Qt.AlignmentFlag.AlignRight)
        self.count = TextRunsLabel(look)
        self._runs: tuple[TextRun, ...] = ()
        self.bars: dict[str, ServiceBar] = {}
        self.cells: dict[str, WindowCell] = {}
        self.windows = EqualCellGrid(look, gap=10, share_last=False)
        self._panels: list[QWidget] = []
        self.advice = AdviceColumn(look)
        self.advice.previewed.connect(self._preview_suggestion)
        self.advice.ribbon.picked.connect(partial(self._emit_place_wanted, "ticket"))
        self._services: tuple[ServiceText, ...] = ()
        self._windows: dict[str, WindowCellText] = {}
        self._tried: SuggestionText | None = None
        self._build_layout()
        look.changed.connect(self._fit_to_text_size_and_width)

    def _build_layout(self) -> None:
        look = self._look
        self._whole = whole = QVBoxLayout(self)
        set_scaled_margins(look, whole, (32, 16, 32, 16), 12)
        self._row = row = QHBoxLayout()
        set_scaled_margins(look, row, spacing=32)
        whole.addLayout(row, 1)
        self._left = left = QVBoxLayout()
        set_scaled_margins(look, left, spacing=10)
        head = QHBoxLayout()
        set_scaled_margins(look, head, spacing=16)
        head.addWidget(self._title)
        head.addWidget(self._mark, 1)
        self._list = QWidget()
        self._bars_column = QVBoxLayout(self._list)
        set_scaled_margins(look, self._bars_column, spacing=0)
        left.addLayout(head)
        left.addWidget(self.count)
        left.addWidget(VerticalScrollArea(self._list), 1)
        left.addWidget(self.windows)
        self._right = right = QVBoxLayout()
        set_scaled_margins(look, right, spacing=12)
        right.addWidget(self.advice, 1)
        row.addLayout(left, SHARES[0])
        row.addLayout(right, SHARES[1])

    # -- the hall ----------------------------------------------------------------------------------------------------

    def show_waiting_count(self, text: _WaitingCountText) -> None:
        """Show how many wait."""
        self._runs = text.runs
        self._mark.setText(text.mark)
        self._fit_count_to_width()

    def _fit_count_to_width(self) -> None:
        """Make the line as large as its whole length allows: a number without its words says little.

        Large texts leave it less: the services below need the height.
        """
        most = LARGEST_OF_LARGE if self._look.scale.text >= LARGE_TEXT else 1.0
        room, whole = self._left_side_width(), runs_width(self._look, self._runs)
        share = max(SMALLEST_SHARE, min(most, 0.97 * room / whole)) if whole > 0 and room > 0 else most
        self.count.set_runs([replace(run, px=run.px * share, gap=run.gap * share) for run in self._runs])

    def _left_side_width(self) -> float:
        """Return the width of the left side, which its widgets have only once they are laid out."""
        look, (left, right) = self._look, self._column_stretch_shares()
        return (self.width() - 2 * look.gap(32) - look.gap(32)) * left / (left + right)

    def _column_stretch_shares(self) -> tuple[int, int]:
        return SHARES if self.width() >= self._look.px(NARROW) else NARROW_SHARES

    def set_services(self, texts: Sequence[ServiceText]) -> None:
        """Show a row for each service; rows are kept while the set-up has the same services."""
        if [text.code for text in texts] != list(self.bars):
            remove_and_delete_widgets(self.bars.values(), self._bars_column)
            self.bars = {text.code: ServiceBar(self._look, text) for text in texts}
            for code, bar in self.bars.items():
                bar.clicked.connect(partial(self._emit_place_wanted, "service", code))
                self._bars_column.addWidget(bar)
        self._services = tuple(texts)
        self._fill_services()

    def _fill_services(self) -> None:
        later = self._tried.later if self._tried is not None else {}
        for text in self._services:
            tried = _service_row_with_tried_move(text, *later[text.code]) if text.code in later else text
            self.bars[text.code].set_service(tried)

    def set_windows(self, texts: Mapping[str, WindowCellText]) -> None:
        """Show a cell for each window; cells are kept while the set-up has the same windows."""
        if list(texts) != list(self.cells):
            remove_and_delete_widgets(self.cells.values())
            self.cells = {code: WindowCell(self._look, text) for code, text in texts.items()}
            for code, cell in self.cells.items():
                cell.clicked.connect(partial(self._emit_place_wanted, "window", code))
            self.windows.set_widgets(list(self.cells.values()))
            self._place_windows()
        self._windows = dict(texts)
        self._fill_windows()

    def _fill_windows(self) -> None:
        tried = self._tried
        for code, text in self._windows.items():
            is_tried = tried is not None and tried.window == code and bool(tried.there)
            self.cells[code].set_window(
                replace(text, what=tried.there, is_tried=True) if tried is not None and is_tried else text
            )

    def _preview_suggestion(self, key: str) -> None:
        """Show the hall as it would be with a suggestion, while its button is held; as it is with ""."""
        shown = [card.text_shown for card in self.advice.suggestions]
        self._tried = next((one for one in shown if one.key == key), None) if key else None
        self._fill_services()
        self._fill_windows()

    def _place_windows(self) -> None:
        """Let many windows stand in one line each across the whole foot: under the services they would leave those no
        room."""
        are_many = len(self.cells) > MOST_UNDER_SERVICES
        for cell in self.cells.values():
            cell.set_single_line(are_many)
        for layout in (self._left, self._whole):
            layout.removeWidget(self.windows)
        (self._whole if are_many else self._left).addWidget(self.windows)
        self.windows.relook()

    def _emit_place_wanted(self, what: str, code: str) -> None:
        place = {"service": "", "window": "", "ticket": "", what: code}
        self.place_wanted.emit(ButtonTarget("tickets", place["service"], place["window"], place["ticket"]))

    # -- what to do --------------------------------------------------------------------------------------------------

    def add_panel(self, panel: QWidget) -> None:
        """Put what a feature shows above what is to be done."""
        self._panels.append(panel)
        self._right.insertWidget(self._right.count() - 1, panel, 1)

    def show_advice_unless_panel(self) -> None:
        """Show what is to be done, unless a feature shows something: meanwhile nothing else is suggested."""
        self.advice.setVisible(all(panel.isHidden() for panel in self._panels))

    def _fit_to_text_size_and_width(self) -> None:
        is_large = self._look.scale.text >= LARGE_TEXT
        self._title.setVisible(not is_large)
        self._mark.setVisible(not is_large)
        for n, share in enumerate(self._column_stretch_shares()):
            self._row.setStretch(n, share)
        self._fit_count_to_width()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_to_text_size_and_width()
