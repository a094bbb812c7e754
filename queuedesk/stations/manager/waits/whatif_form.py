"""A change of one's own for a day that is played again: one line to fill in, and the list of what is different so
far."""

from __future__ import annotations

from functools import partial

from msgspec.structs import replace
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from queuedesk.core.imports.half_width import half_width
from queuedesk.core.setup.rows import Setup
from queuedesk.core.setup.rules import HALL_RULES
from queuedesk.core.setup.time_of_day import clock_text, minutes_of
from queuedesk.i18n import _
from queuedesk.i18n.figures.whatif_words import ORDERS, change_lines
from queuedesk.sim.whatif import BreakChange, Change, WindowChange
from queuedesk.stations.widgets.buttons import IconButton, SecondaryButton
from queuedesk.stations.widgets.labels import Label
from queuedesk.stations.widgets.panels import Card, discard, spread
from queuedesk.stations.widgets.questions.forms import DropDown, FormField
from queuedesk.stations.window.style import Look

SERVES, CLOSED, LUNCH, ORDER = "serves", "closed", "lunch", "order"
LONGEST_MIN = 480


class ChangeForm(Card):
    """`play_wanted` gives the assembled Change; `grown` says that its height has changed."""

    play_wanted = Signal(object)
    grown = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent=parent)
        self._look = look
        self.change = Change()
        self.kind, self.at_window, self.order = DropDown(look), DropDown(look), DropDown(look)
        self.kind_field = FormField(look, "", edit=self.kind)
        self.window_field = FormField(look, "", edit=self.at_window)
        self.services_field, self.from_field = FormField(look, ""), FormField(look, "")
        self.to_field, self.minutes_field = FormField(look, ""), FormField(look, "")
        self.order_field = FormField(look, "", edit=self.order)
        self.add_button = SecondaryButton(look, "", icon="plus")
        self.play_button = SecondaryButton(look, "", icon="play")
        self.rows: list[tuple[QWidget, Label, IconButton]] = []
        self._build()
        self.kind.currentIndexChanged.connect(self._arrange)
        self.add_button.clicked.connect(self.add)
        self.play_button.clicked.connect(lambda: self.play_wanted.emit(self.change))

    def _build(self) -> None:
        look = self._look
        column = QVBoxLayout(self)
        spread(look, column, (18, 12, 18, 12), 8)
        line = QHBoxLayout()
        spread(look, line, spacing=12)
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
            choice.share_width().setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._list = QVBoxLayout()
        spread(look, self._list, spacing=2)
        column.addLayout(self._list)
        foot = QHBoxLayout()
        spread(look, foot, spacing=12)
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

    def retranslate(self) -> None:
        kind = self.kind.currentData()
        self.kind.clear()
        for key, word in (
            (SERVES, _("Window serves")),
            (CLOSED, _("Window stays closed")),
            (LUNCH, _("Lunch at a window")),
            (ORDER, _("Order of calls")),
        ):
            self.kind.addItem(word, key)
        self.kind.setCurrentIndex(max(0, self.kind.findData(kind)))
        order = self.order.currentData()
        self.order.clear()
        for key in HALL_RULES["order"].kind.choices:
            self.order.addItem(_(ORDERS[key], context="order"), key)
        self.order.setCurrentIndex(max(0, self.order.findData(order)))
        self.kind_field.set_label(_("What is different"))
        self.window_field.set_label(_("Window", context="field"))
        self.services_field.set_label(_("Services", context="field"))
        self.from_field.set_label(_("From", context="field"))
        self.to_field.set_label(_("To", context="field"))
        self.minutes_field.set_label(_("Minutes", context="field"))
        self.order_field.set_label(_("Order of calls"))
        for field in (self.from_field, self.to_field):
            field.set_hint(_("such as 9:00"))
        self.add_button.setText(_("Add"))
        self.play_button.setText(_("Replay the day"))
        self._arrange()
        self._fill()

    def _arrange(self) -> None:
        kind = self.kind.currentData()
        self.window_field.setVisible(kind != ORDER)
        self.services_field.setVisible(kind == SERVES)
        self.from_field.setVisible(kind in (SERVES, LUNCH))
        self.to_field.setVisible(kind == SERVES)
        self.minutes_field.setVisible(kind == LUNCH)
        self.order_field.setVisible(kind == ORDER)
        self.grown.emit()

    # -- the list ----------------------------------------------------------------------------------------------------

    def add(self) -> None:
        """Add the change in the line, unless a field has to be fixed first."""
        made = self._made()
        if made is not None:
            self.change = made
            self._fill()
        self.grown.emit()

    def take_away(self, n: int) -> None:
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
        self._fill()

    def _fill(self) -> None:
        discard((row for row, _label, _button in self.rows), self._list)
        self.rows = []
        for n, text in enumerate(change_lines(self.change.document()) if self.change else []):
            row = QWidget()
            line = QHBoxLayout(row)
            spread(self._look, line, spacing=8)
            label = Label(self._look, text, px=16)
            button = IconButton(self._look, "close", _("Remove: {what}", what=text), side=36)
            button.clicked.connect(partial(self.take_away, n))
            line.addWidget(button)
            line.addWidget(label, 1)
            self._list.addWidget(row)
            self.rows.append((row, label, button))
        self.play_button.setEnabled(bool(self.change))
        self.grown.emit()

    def _made(self) -> Change | None:
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
        start = self._clock(self.from_field, needed=kind == LUNCH)
        if kind == LUNCH:
            minutes = self._minutes()
            if start is None or minutes is None:
                return None
            made = BreakChange(window=window, start=start, minutes=minutes)
            return replace(change, breaks=(*(one for one in change.breaks if one.window != window), made))
        end = self._clock(self.to_field, needed=bool(self.from_field.value().strip()))
        services = self._services()
        if (start is None) is not (end is None) and not any(field.error() for field in fields):
            self.from_field.set_error(_("A time such as 9:00"))
        if start is not None and end is not None and end <= start:
            self.to_field.set_error(_("This is not after the beginning."))
        if services is None or any(field.error() for field in fields):
            return None
        other = WindowChange(code=window, services=services, start=start, end=end)
        return replace(change, windows=(*(one for one in change.windows if one.code != window), other))

    def _services(self) -> tuple[str, ...] | None:
        typed = half_width(self.services_field.value()).replace("、", ",").replace(" ", ",").split(",")
        codes = tuple(dict.fromkeys(one.strip() for one in typed if one.strip()))
        unknown = [code for code in codes if code not in self._known]
        if unknown:
            self.services_field.set_error(_("There is no service {service} in this hall.", service=unknown[0]))
            return None
        return codes

    def _clock(self, field: FormField, *, needed: bool) -> int | None:
        typed = half_width(field.value()).strip()
        if not typed and not needed:
            return None
        try:
            minute = minutes_of(typed)
        except ValueError:
            field.set_error(_("A time such as 9:00"))
            return None
        field.set_value(clock_text(minute))
        return minute

    def _minutes(self) -> int | None:
        typed = half_width(self.minutes_field.value()).strip()
        if typed.isdecimal() and 1 <= int(typed) <= LONGEST_MIN:
            return int(typed)
        self.minutes_field.set_error(_("Minutes, from 1 to {n}", n=LONGEST_MIN))
        return None
