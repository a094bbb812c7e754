"""A question, a date, and what waits would have been: what is asked, the change of one's own, the page."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from threading import Lock
from typing import Any

from msgspec.structs import replace
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLayout, QSizePolicy, QVBoxLayout, QWidget

from queuedesk.core.charts.chart import HoverTextAndTarget
from queuedesk.core.errors import QueueDeskError
from queuedesk.core.imports import half_width_text
from queuedesk.core.queue.hallday import opening_spans_on
from queuedesk.core.setup.file import HALL_RULES
from queuedesk.core.setup.rows import Setup
from queuedesk.core.setup.time_of_day import clock_text, parse_clock_minutes
from queuedesk.features.what_if import words
from queuedesk.features.what_if.rules import QUESTIONS, BreakChange, DayChange, WindowChange, question_for_day
from queuedesk.features.what_if.rules.day import RecordedDay
from queuedesk.features.what_if.verbs import read_recorded_day
from queuedesk.files.writing import write_file
from queuedesk.i18n import _, current_language, error_sentence, n_
from queuedesk.i18n.names import percent_text, service_letter_or_code, service_name, whole_number_text
from queuedesk.stations.manager.controller import ManagerController
from queuedesk.stations.manager.figures.chart import FigureCard, TableCard
from queuedesk.stations.manager.figures.tables import FigureTableContent
from queuedesk.stations.manager.pages import ControllerCache
from queuedesk.stations.manager.parts.page import DateButtons, ManagerPage, PageAct, PageSpec
from queuedesk.stations.manager.parts.page_controller import LatestRequest, PaperSaverAndPrinter
from queuedesk.stations.widgets import panels
from queuedesk.stations.widgets.buttons import IconButton, SecondaryButton
from queuedesk.stations.widgets.charts.chart_view import ChartView
from queuedesk.stations.widgets.charts.figures import FigureCell, FigureRow, FigureTiles
from queuedesk.stations.widgets.lists.strips import DayFigureTexts
from queuedesk.stations.widgets.questions.dialogs import DropDown, FormField
from queuedesk.stations.window.context import StationContext
from queuedesk.stations.window.style import Look

Figures = dict[str, Any]


class WhatIfController(QObject):
    """`answered` gives the figures of the last question, `failed` why there are none; `waiting_changed` says whether a
    day is being played."""

    answered = Signal(object)
    failed = Signal(object)
    waiting_changed = Signal(bool)

    def __init__(self, context: StationContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self.papers = PaperSaverAndPrinter(context, self)
        self.found: Figures | None = None
        self._last = LatestRequest(context, self)
        self._lock = Lock()
        self._recorded: RecordedDay | None = None

    def replay_day(self, day: date, asked: str | DayChange) -> None:
        """Play a date again with a ready question or a change; only the last request is answered."""
        self.waiting_changed.emit(True)
        self._last.request_work(
            lambda: self._figures_answering_question(day, asked), self._store_and_emit_answer, self._report_failure
        )

    def save_what_if_pdf(self) -> None:
        """Write the page into the folder of reports."""
        self._make_pdf_page(send=False)

    def print_what_if(self) -> None:
        """Send the page to this PC's printer."""
        self._make_pdf_page(send=True)

    def _make_pdf_page(self, *, send: bool) -> None:
        found = self.found
        if found is None:
            return
        from queuedesk.features.what_if.papers import whatif_pdf

        setup, local_now, lang = self.context.feed.setup, self.papers.local_now(), current_language()
        who = self.context.who.name if self.context.who else None

        def write_pdf(path: Path) -> None:
            write_file(path, whatif_pdf(found, setup, lang, local_now, who))

        self.papers.save_or_print(f"what-if-{found['date']}.pdf", write_pdf, send=send)

    def _figures_answering_question(self, day: date, asked: str | DayChange) -> Figures:
        """Return what a question comes to; it takes a second or more. The day that was read last is kept."""
        from queuedesk.features.what_if.rules.change import answer_what_if  # with numpy, 18 MB

        with self._lock:
            if self._recorded is None or self._recorded.day != day:
                self._recorded = read_recorded_day(self.context.desk, day)
            recorded = self._recorded
        if isinstance(asked, DayChange):
            return answer_what_if(recorded, asked).figures
        ready = question_for_day(recorded, asked)
        return answer_what_if(recorded, ready.change, base=ready.base).figures

    def _store_and_emit_answer(self, found: Figures) -> None:
        self.found = found
        self.waiting_changed.emit(False)
        self.answered.emit(found)

    def _report_failure(self, trouble: QueueDeskError) -> None:
        self.found = None
        self.waiting_changed.emit(False)
        self.failed.emit(trouble)


# -- a change of one's own ---------------------------------------------------------------------------------------------


SERVES, CLOSED, LUNCH, ORDER = "serves", "closed", "lunch", "order"
LONGEST_MIN = 480


class WhatIfChangeForm(panels.Card):
    """`play_wanted` gives the assembled DayChange; `grown` says that its height has changed."""

    play_wanted = Signal(object)
    grown = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent=parent)
        self._look = look
        self.change = DayChange()
        self.kind, self.at_window, self.order = DropDown(look), DropDown(look), DropDown(look)
        for key, word in (
            (SERVES, _("Window serves")),
            (CLOSED, _("Window stays closed")),
            (LUNCH, _("Lunch at a window")),
            (ORDER, _("Order of calls")),
        ):
            self.kind.addItem(word, key)
        for key in HALL_RULES["order"].kind.choices:
            self.order.addItem(_(words.ORDERS[key], context="order"), key)
        self.kind_field = FormField(look, _("What is different"), edit=self.kind)
        self.window_field = FormField(look, _("Window", context="field"), edit=self.at_window)
        self.services_field = FormField(look, _("Services", context="field"))
        self.from_field = FormField(look, _("From", context="field"), hint=_("such as 9:00"))
        self.to_field = FormField(look, _("To", context="field"), hint=_("such as 9:00"))
        self.minutes_field = FormField(look, _("Minutes", context="field"))
        self.order_field = FormField(look, _("Order of calls"), edit=self.order)
        self.add_button = SecondaryButton(look, _("Add"), icon="plus")
        self.play_button = SecondaryButton(look, _("Replay the day"), icon="play")
        self.rows: list[tuple[QWidget, panels.Label, IconButton]] = []
        self._build_layout()
        self.kind.currentIndexChanged.connect(self._show_fields_of_kind)
        self.add_button.clicked.connect(self.add_typed_change)
        self.play_button.clicked.connect(lambda: self.play_wanted.emit(self.change))
        self._show_fields_of_kind()
        self.show_chosen_changes_list()

    def _build_layout(self) -> None:
        look = self._look
        column = QVBoxLayout(self)
        panels.set_scaled_margins(look, column, (18, 12, 18, 12), 8)
        line = QHBoxLayout()
        panels.set_scaled_margins(look, line, spacing=12)
        for field, share in (
            (self.kind_field, 4),
            (self.window_field, 3),
            (self.services_field, 4),
            (self.from_field, 2),
            (self.to_field, 2),
            (self.minutes_field, 2),
            (self.order_field, 5),
        ):
            line.addWidget(field, share)
        column.addLayout(line)
        for choice in (self.kind, self.at_window, self.order):
            choice.set_minimum_letters().setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._list = QVBoxLayout()
        panels.set_scaled_margins(look, self._list, spacing=2)
        column.addLayout(self._list)
        foot = QHBoxLayout()
        panels.set_scaled_margins(look, foot, spacing=12)
        foot.addWidget(self.add_button)
        foot.addWidget(self.play_button)
        foot.addStretch(1)
        column.addLayout(foot)

    # -- what can be chosen ------------------------------------------------------------------------------------------

    def set_hall(self, setup: Setup) -> None:
        """Offer this hall's windows, one more than it has, and its rules for the order."""
        chosen = self.at_window.currentData()
        self.at_window.clear()
        for code in setup.windows:
            self.at_window.addItem(code, code)
        new = str(max([int(code) for code in setup.windows if code.isdigit()], default=0) + 1)
        self.at_window.addItem(_("{window}, a new one", window=new), new)
        self.at_window.setCurrentIndex(max(0, self.at_window.findData(chosen)))
        self.services_field.set_hint(_("such as {codes}; empty: all", codes=",".join(list(setup.services)[:2])))
        self._known = frozenset(setup.services)

    def _show_fields_of_kind(self) -> None:
        kind = self.kind.currentData()
        self.window_field.setVisible(kind != ORDER)
        self.services_field.setVisible(kind == SERVES)
        self.from_field.setVisible(kind in (SERVES, LUNCH))
        self.to_field.setVisible(kind == SERVES)
        self.minutes_field.setVisible(kind == LUNCH)
        self.order_field.setVisible(kind == ORDER)
        self.grown.emit()

    # -- the list ----------------------------------------------------------------------------------------------------

    def add_typed_change(self) -> None:
        """Add the change in the line, unless a field has to be fixed first."""
        made = self._typed_change()
        if made is not None:
            self.change = made
            self.show_chosen_changes_list()
        self.grown.emit()

    def remove_nth_change(self, n: int) -> None:
        """Remove the nth change of the list."""
        parts: list[tuple[str, int | str]] = [
            *(("windows", i) for i in range(len(self.change.windows))),
            *(("without", i) for i in range(len(self.change.without))),
            *(("breaks", i) for i in range(len(self.change.breaks))),
            *(("settings", key) for key in self.change.settings),
        ]
        part, at = parts[n]
        if part == "settings":
            rest = {key: value for key, value in self.change.settings.items() if key != at}
            self.change = replace(self.change, settings=rest)
        else:
            kept = tuple(one for i, one in enumerate(getattr(self.change, part)) if i != at)
            self.change = replace(self.change, **{part: kept})
        self.show_chosen_changes_list()

    def show_chosen_changes_list(self) -> None:
        """List what is different."""
        panels.remove_and_delete_widgets((row for row, _label, _button in self.rows), self._list)
        self.rows = []
        for n, text in enumerate(words.change_lines(self.change.change_document()) if self.change else []):
            row = QWidget()
            line = QHBoxLayout(row)
            panels.set_scaled_margins(self._look, line, spacing=8)
            label = panels.Label(self._look, text, px=16)
            button = IconButton(self._look, "close", _("Remove: {what}", what=text), side=36)
            button.clicked.connect(partial(self.remove_nth_change, n))
            line.addWidget(button)
            line.addWidget(label, 1)
            self._list.addWidget(row)
            self.rows.append((row, label, button))
        self.play_button.setEnabled(bool(self.change))
        self.grown.emit()

    def _typed_change(self) -> DayChange | None:
        """Return the change with what stands in the line, None where a field can't be read."""
        kind, window = self.kind.currentData(), str(self.at_window.currentData())
        fields = (self.services_field, self.from_field, self.to_field, self.minutes_field)
        for field in fields:
            field.set_error("")
        change = self.change
        if kind == CLOSED:
            return replace(change, without=(*(one for one in change.without if one != window), window))
        if kind == ORDER:
            return replace(change, settings={**change.settings, "order": str(self.order.currentData())})
        start = self._typed_clock_minute(self.from_field, needed=kind == LUNCH)
        if kind == LUNCH:
            minutes = self._typed_minutes()
            if start is None or minutes is None:
                return None
            made = BreakChange(window=window, start=start, minutes=minutes)
            return replace(change, breaks=(*(one for one in change.breaks if one.window != window), made))
        end = self._typed_clock_minute(self.to_field, needed=bool(self.from_field.value().strip()))
        services = self._typed_services()
        if (start is None) is not (end is None) and not any(field.error() for field in fields):
            self.from_field.set_error(_("A time such as 9:00"))
        if start is not None and end is not None and end <= start:
            self.to_field.set_error(_("This is not after the beginning."))
        if services is None or any(field.error() for field in fields):
            return None
        other = WindowChange(code=window, services=services, start=start, end=end)
        return replace(change, windows=(*(one for one in change.windows if one.code != window), other))

    def _typed_services(self) -> tuple[str, ...] | None:
        typed = half_width_text(self.services_field.value()).replace("、", ",").replace(" ", ",").split(",")
        codes = tuple(dict.fromkeys(one.strip() for one in typed if one.strip()))
        unknown = [code for code in codes if code not in self._known]
        if unknown:
            self.services_field.set_error(_("There is no service {service} in this hall.", service=unknown[0]))
            return None
        return codes

    def _typed_clock_minute(self, field: FormField, *, needed: bool) -> int | None:
        typed = half_width_text(field.value()).strip()
        if not typed and not needed:
            return None
        try:
            minute = parse_clock_minutes(typed)
        except ValueError:
            field.set_error(_("A time such as 9:00"))
            return None
        field.set_value(clock_text(minute))
        return minute

    def _typed_minutes(self) -> int | None:
        typed = half_width_text(self.minutes_field.value()).strip()
        if typed.isdecimal() and 1 <= int(typed) <= LONGEST_MIN:
            return int(typed)
        self.minutes_field.set_error(_("Minutes, from 1 to {n}", n=LONGEST_MIN))
        return None


# -- the figures of a day played again ---------------------------------------------------------------------------------

Before = Mapping[str, Any]


def before_after_tiles(figures: Before) -> list[tuple[DayFigureTexts, HoverTextAndTarget]]:
    """Return mean wait, 90 % within, called in time, never called, last call; each before → after."""
    row, ends = figures["all"], figures["last_call"]
    before, after = row["before"], row["after"]
    lost = after["not_called"] - before["not_called"]
    made = [
        DayFigureTexts(
            _("Mean wait"),
            _before_to_after_text(words.minutes_or_dash(before["mean"]), words.minutes_or_dash(after["mean"])),
            _("min", context="unit"),
            _signed_mean_difference(row["difference"]),
            _difference_colour_token(row["difference"], less_is_better=True),
        ),
        DayFigureTexts(
            _("90 % within"),
            _before_to_after_text(words.minutes_or_dash(before["p90"]), words.minutes_or_dash(after["p90"])),
            _("min", context="unit"),
            _wait_count_text(row),
        ),
        DayFigureTexts(
            _("Called within {minutes} min", minutes=figures["target_minutes"]),
            _before_to_after_text(
                _share_in_percent(before["within_target"]), _share_in_percent(after["within_target"])
            ),
            "%",
            _signed_mean_difference(row["within_difference"], 100),
            _difference_colour_token(row["within_difference"], less_is_better=False),
        ),
        DayFigureTexts(
            _("Never called"),
            _before_to_after_text(mean_people_text(before["not_called"]), mean_people_text(after["not_called"])),
            n_("person", "people", 1 if after["not_called"] == 1 else 2, context="unit"),
            _("{difference} on average", difference=words.signed_figure(lost)) if lost else _("on average"),
        ),
        DayFigureTexts(
            _("Last call"),
            _before_to_after_text(_clock_or_dash(ends["before"]), _clock_or_dash(ends["after"])),
            "",
            _last_call_change_minutes_text(ends),
        ),
    ]
    exact = {
        0: words.difference_with_interval(row["difference"]),
        2: words.percentage_points_difference_text(row["within_difference"]),
    }
    return [
        (one, HoverTextAndTarget((one.title, f"{one.value} {one.unit}".strip(), exact.get(n, one.second))))
        for n, one in enumerate(made)
    ]


def half_hour_points(figures: Before) -> list[HoverTextAndTarget]:
    return [
        HoverTextAndTarget(
            (
                row["from"],
                _(
                    "{before} → {after} min",
                    before=words.minutes_or_dash(row["before"]["mean"]),
                    after=words.minutes_or_dash(row["after"]["mean"]),
                ),
                words.difference_with_interval(row["difference"]),
                _("recorded {minutes} min", minutes=words.minutes_or_dash(row["recorded"]["mean"])),
                _wait_count_text(row),
            )
        )
        for row in figures["half_hours"]
    ]


def services_before_after_table(figures: Before, setup: Setup) -> FigureTableContent:
    """Return the services with a last row for everybody."""
    rows = [
        _before_after_row(service_name(setup, one["service"]), one, service_letter_or_code(setup, one["service"]))
        for one in figures["services"]
    ]
    rows.append(_before_after_row(_("All", context="report"), figures["all"], "", is_sum=True))
    return FigureTableContent(
        title=_("By service"),
        name=_("mean wait, minutes"),
        columns=[
            _("Waits", context="column"),
            _("Recorded", context="column"),
            _("Before", context="column"),
            _("After", context="column"),
            _("Difference", context="column"),
            _("points in time"),
        ],
        rows=rows,
    )


def _before_after_row(name: str, row: Before, letter: str, *, is_sum: bool = False) -> FigureRow:
    said = (name, _wait_count_text(row))
    cells = [
        FigureCell(whole_number_text(row["n"]), HoverTextAndTarget(said)),
        *(
            FigureCell(
                words.minutes_or_dash(row[key]["mean"]), HoverTextAndTarget((*said, _called_and_lost_text(row[key])))
            )
            for key in _SIDES
        ),
        FigureCell(
            _signed_mean_difference(row["difference"]) or "–",
            HoverTextAndTarget((*said, words.difference_with_interval(row["difference"]))),
            _difference_colour_token(row["difference"], less_is_better=True),
        ),
        FigureCell(
            _signed_mean_difference(row["within_difference"], 100) or "–",
            HoverTextAndTarget((*said, words.percentage_points_difference_text(row["within_difference"]))),
            _difference_colour_token(row["within_difference"], less_is_better=False),
        ),
    ]
    return FigureRow(name, tuple(cells), letter, is_sum)


_SIDES = ("recorded", "before", "after")


def mean_people_text(mean: float) -> str:
    """Return a mean number of people, a whole one without decimals."""
    return words.minutes_or_dash(mean).removesuffix(".0")


def _called_and_lost_text(side: Before) -> str:
    return _(
        "on average {called} called, {lost} never",
        called=words.minutes_or_dash(side["called"]),
        lost=words.minutes_or_dash(side["not_called"]),
    )


def _wait_count_text(row: Before) -> str:
    return n_("{count} wait", "{count} waits", row["n"], count=whole_number_text(row["n"]))


def _before_to_after_text(before: str, after: str) -> str:
    return before if before == after else f"{before} → {after}"


def _signed_mean_difference(gap: Before, times: float = 1) -> str:
    """Return the mean of a difference, "" if there is none; its interval is said when it is pointed at."""
    return "" if gap["mean"] is None else words.signed_figure(times * gap["mean"])


def _share_in_percent(share: float | None) -> str:
    return percent_text(share).removesuffix(" %")


def _clock_or_dash(minute: float) -> str:
    return clock_text(int(minute)) if minute else "–"


def _last_call_change_minutes_text(ends: Before) -> str:
    later = round(ends["after"]) - round(ends["before"])
    return _("{minutes} min", minutes=words.signed_figure(later, 0)) if later else ""


def _difference_colour_token(gap: Before, *, less_is_better: bool) -> str:
    """Return green where all plays became better, red where all became worse, ink where they differ."""
    if gap["low"] is None or gap["low"] <= 0 <= gap["high"]:
        return "ink"
    return "primary" if (gap["high"] < 0) is less_is_better else "red"


OWN = "own"
LOOK_BACK_DAYS = 14
BESIDE_FROM = 760
MOST_INFERRED, MOST_INFERRED_LINES = 8, 30


def last_open_day(setup: Setup, today: date) -> date:
    """Return the last date before `today` on which the hall is open by its hours and its calendar; yesterday where
    there is none within LOOK_BACK_DAYS."""
    days = [today - timedelta(days=n + 1) for n in range(LOOK_BACK_DAYS)]
    opened = (day for day in days if any(opening_spans_on(setup, one, day) for one in setup.services.values()))
    return next(opened, days[0])


class RecordMatchLine(panels.Label):
    """How well the simulation matches its record, in one line; the figures behind it are its tip."""

    detail = ""

    def set_match_text(self, text: str, token: str, detail: str) -> None:
        self.detail = detail
        self.setAccessibleDescription(detail)
        self.setText(text)
        self.set_color_token(token)
        self._update_tooltip()

    def _update_tooltip(self) -> None:
        self.setToolTip(self.detail)


class WhatIfPage(ManagerPage):
    """A question, a date, and what waits would have been."""

    def __init__(
        self, controller: ManagerController, what_if_controller: WhatIfController, parent: QWidget | None = None
    ) -> None:
        self._controller, self._what_if_controller = controller, what_if_controller
        spec = PageSpec(
            title=lambda: _("What if"),
            line=lambda: _("A past day replayed with something changed"),
            acts=(
                PageAct(text=lambda: _("Save"), do=what_if_controller.save_what_if_pdf, icon="save"),
                PageAct(text=lambda: _("Print"), do=what_if_controller.print_what_if, icon="print"),
            ),
            foot=0,
        )
        super().__init__(controller.context.look, spec, parent)
        look = self._look
        self.save_button, self.print_button = self.buttons
        self.day = last_open_day(controller.context.feed.setup, controller.business_date)
        self.dates = DateButtons(look, self)
        self.questions = DropDown(look)
        self.questions.setAccessibleName(_("Question"))
        for code in QUESTIONS:
            self.questions.addItem(words.question_name(code), code)
        self.questions.addItem(_("Something of your own …"), OWN)
        self.form = WhatIfChangeForm(look)
        self.match = RecordMatchLine(look, px=15, token="ink2", wrap=True)
        self.inferred = panels.Label(look, px=15, token="ink2", wrap=True, most=MOST_INFERRED_LINES)
        self.before, self.after = panels.Label(look, px=16, wrap=True), panels.Label(look, px=16, wrap=True)
        self.before_name = panels.Label(look, _("Before", context="column"), px=15, token="ink2")
        self.after_name = panels.Label(look, _("After", context="column"), px=15, token="ink2")
        self.tiles = FigureTiles(look)
        self.chart = ChartView(look, height=240, least=240, is_fixed=True, is_bare=True)
        self.chart_card = FigureCard(look, self.chart)
        self.table = TableCard(look)
        self.interval = panels.Label(look, words.interval_explanation(), px=15, token="ink2", wrap=True)
        self.empty = panels.EmptyState(look, "hourglass")
        self._build_layout()
        self._connect_signals()
        self._arrange_changes()
        self._show_or_replay_day()

    def _show_or_replay_day(self) -> None:
        self.form.set_hall(self._controller.context.feed.setup)
        self._show_day()
        if self._what_if_controller.found is not None:
            self._show_replay_answer(self._what_if_controller.found)
        else:
            self.replay_unless_answered()

    def _build_layout(self) -> None:
        look = self._look
        for button in self.buttons:
            button.setEnabled(False)
        self.questions.set_minimum_letters(20).setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.add_tools(self.questions, *self.dates.widgets, grow=self.questions)
        inner = QWidget()
        stack = QVBoxLayout(inner)
        panels.set_scaled_margins(look, stack, (0, 0, 0, 24), 12)
        asked = panels.Card(look)
        told = QVBoxLayout(asked)
        panels.set_scaled_margins(look, told, (18, 10, 18, 12), 8)
        self._changes = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        panels.set_scaled_margins(look, self._changes, spacing=24)
        told.addLayout(self._changes)
        told.addWidget(self.match)
        for name, label in ((self.before_name, self.before), (self.after_name, self.after)):
            side = QVBoxLayout()
            panels.set_scaled_margins(look, side, spacing=2)
            side.addWidget(name)
            side.addWidget(label)
            side.addStretch(1)
            self._changes.addLayout(side, 1)
        for card in (self.tiles, asked, self.chart_card, self.table, self.inferred, self.interval):
            stack.addWidget(card)
        stack.addStretch(1)
        self._answer, self._nothing = inner, panels.EmptyStateCard(look, self.empty)
        self._inside = inside = QWidget()
        whole = QVBoxLayout(inside)
        panels.set_scaled_margins(look, whole, (0, 0, 8, 0), 12)
        whole.addWidget(self.form)
        whole.addWidget(self._nothing, 1)
        whole.addWidget(self._answer, 1)
        self.area = panels.VerticalScrollArea(inside)
        self.add_part(self.area, 1)
        self.form.hide()
        self._answer.hide()

    def _connect_signals(self) -> None:
        what_if_controller = self._what_if_controller
        self.dates.picked.connect(self.set_day)
        self.empty.acted.connect(self.dates.ask_other_date)
        self.questions.activated.connect(self._replay_day_for_chosen_question)
        self.form.play_wanted.connect(self._replay_with_change)
        self.form.grown.connect(self._fit_height_to_texts)
        what_if_controller.answered.connect(self._show_replay_answer)
        what_if_controller.failed.connect(self._show_failure)
        what_if_controller.waiting_changed.connect(self._show_waiting)
        self.connect_paper_signals(what_if_controller.papers, *self.buttons)
        self._look.changed.connect(self._arrange_changes)

    # -- what is asked -----------------------------------------------------------------------------------------------

    def set_day(self, day: date) -> None:
        """Ask about another date."""
        self.day = day
        self._show_day()
        self._replay_day_for_chosen_question()

    def _replay_day_for_chosen_question(self) -> None:
        code = str(self.questions.currentData())
        self.form.setVisible(code == OWN)
        self.area.verticalScrollBar().setValue(0)
        if code != OWN:
            self._what_if_controller.replay_day(self.day, code)
        elif self.form.change:
            self._replay_with_change(self.form.change)
        else:
            self._show_empty_message(_("Add what should be different, then replay the day."))

    def _replay_with_change(self, change: DayChange) -> None:
        self._what_if_controller.replay_day(self.day, change)

    # -- what is shown -----------------------------------------------------------------------------------------------

    def replay_unless_answered(self) -> None:
        """Ask the current question about the current day."""
        if self._what_if_controller.found is None:
            self._replay_day_for_chosen_question()

    def refresh(self, _now: datetime) -> None:
        """Update the possible dates: a past day does not change."""
        self._show_day()

    def _show_day(self) -> None:
        self.dates.show_day(
            self.day, (self._controller.first_logged_date(), self._controller.business_date - timedelta(days=1))
        )

    def _show_waiting(self, waiting: bool) -> None:
        if waiting:
            self.banner.hide()
            if self._answer.isHidden():
                self._show_empty_message(_("The day is being replayed …"))
        self.questions.setEnabled(not waiting)
        self.form.play_button.set_busy(waiting)

    def _show_replay_answer(self, figures: Figures) -> None:
        match, setup = figures["match"], self._controller.context.feed.setup
        token = {"close": "ink2", "rough": "amber"}.get(match["verdict"], "red")
        self.match.set_match_text(
            words.match_verdict_text(match),
            token,
            words.simulation_match_text(match, figures["target_minutes"], figures["runs"]),
        )
        self.match.set_bold(match["verdict"] != "close")
        lines = words.inferred_facts_lines(figures["inferred"], most=MOST_INFERRED)
        self.inferred.setText("\n".join(lines))
        self.inferred.setVisible(bool(lines))
        self.before.setText("\n".join(words.change_lines(figures["base"])))
        self.after.setText("\n".join(words.change_lines(figures["change"])))
        shown = before_after_tiles(figures)
        self.tiles.set_figures(_("Before and after"), [one for one, _p in shown], [point for _o, point in shown])
        title = _("Mean wait by the half-hour of arrival, minutes")
        self.chart_card.set_title_and_line(title)
        self.chart.set_chart(words.wait_comparison_chart(figures, current_language(), half_hour_points(figures)), title)
        self.table.show_table(services_before_after_table(figures, setup))
        self._nothing.hide()
        self._answer.show()
        self._fit_height_to_texts()
        self.save_button.setEnabled(True)
        self.print_button.setEnabled(self._what_if_controller.papers.can_print)

    def _show_failure(self, trouble: QueueDeskError) -> None:
        self._show_empty_message(error_sentence(trouble), _("Choose another day"))

    def _show_empty_message(self, text: str, act: str = "") -> None:
        self.empty.set_texts(text, act=act)
        self._answer.hide()
        self._nothing.show()
        self._fit_height_to_texts()
        for button in (self.save_button, self.print_button):
            button.setEnabled(False)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange_changes()

    def _arrange_changes(self) -> None:
        beside = self.width() >= BESIDE_FROM * self._look.scale.text
        panels.set_side_by_side_or_stacked(beside, self._changes)
        self._fit_height_to_texts()

    def _fit_height_to_texts(self) -> None:
        """Keep room for texts of several lines: a scroll area asks for the least height without knowing the width."""
        layout = self._inside.layout()
        if layout is not None:
            for inner in self._inside.findChildren(QLayout):
                inner.invalidate()  # those of cards still know the heights of the texts before
            layout.activate()
            self._inside.setMinimumHeight(layout.totalHeightForWidth(self.area.viewport().width()))

    def stop(self) -> None:
        self._what_if_controller.papers.stop()

    def state_to_restore(self) -> tuple[date, int, DayChange]:
        return self.day, self.questions.currentIndex(), self.form.change

    def restore_state(self, left: tuple[date, int, DayChange]) -> None:
        self.day, question, self.form.change = left
        self.questions.setCurrentIndex(question)
        self.form.show_chosen_changes_list()
        self._show_or_replay_day()


def what_if_page(controller: ManagerController, own: ControllerCache) -> WhatIfPage:
    """Return the page with the section's controller."""
    return WhatIfPage(controller, own(WhatIfController, controller.context))
