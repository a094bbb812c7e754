"""A date's roster under its windows: who sits where, changed by hand for that date, its weekday or every day."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from queuedesk.core.charts.chart import Point
from queuedesk.core.errors import QueueDeskError
from queuedesk.core.imports.half_width import half_width
from queuedesk.core.network.people import Role
from queuedesk.core.setup.time_of_day import clock_text, minutes_of
from queuedesk.core.setup.values import Setup
from queuedesk.core.staffing.rostering import conflicts, may_sit, roster_of, rows_on, with_window
from queuedesk.i18n import _, current, day_staff, weekday_long
from queuedesk.i18n.names import staff_name, window_name
from queuedesk.i18n.staffing.roster_words import conflict_text, shift_text
from queuedesk.stations.manager.parts.page_head import DropDown
from queuedesk.stations.manager.setup.fields_dialog import FieldsDialog
from queuedesk.stations.widgets.charts.roster_board import BoardData, BoardShift, RosterBoard
from queuedesk.stations.widgets.labels import Label
from queuedesk.stations.widgets.panels import Card, spread
from queuedesk.stations.widgets.questions.forms import FormField
from queuedesk.stations.window.style import Look

# One shift over the page: who, from when to when, which breaks; or nobody.

_BREAK = re.compile(r"(\d{1,2}:\d{2})\s*/\s*(\d{1,3})")


class ShiftDialog(FieldsDialog):
    """`wanted` gives the shift as a row without its days. `busy` are those who are planned on that date already."""

    def __init__(
        self,
        host: QWidget,
        look: Look,
        setup: Setup,
        window: str,
        *,
        days: str,
        known: Row | None,
        busy: Collection[str] = (),
    ) -> None:
        super().__init__(host, look, title=f"{window_name(window)} · {days}", width=700)
        self.staff = DropDown(self.look)
        # Those who serve all day first, of them those who are not planned yet.
        for person in sorted(setup.staff.values(), key=lambda one: (one.role is not Role.CLERK, one.code in busy)):
            if may_sit(setup, window, person.code):
                self.staff.addItem(f"{person.code} {staff_name(setup, person.code)}", person.code)
        fields = {
            "staff": FormField(self.look, _("Who sits there"), edit=self.staff),
            "from": FormField(self.look, _("From", context="field"), hint=_("such as 8:30")),
            "to": FormField(self.look, _("To", context="field"), hint=_("such as 17:30")),
            "breaks": FormField(self.look, _("Breaks"), hint=_("start/minutes, such as 11:30/40; may stay empty")),
        }
        self.lay(fields, [("staff",), ("from", "to"), ("breaks",)], removable=known is not None)
        start, end = (known["from"], known["to"]) if known else (_time(setup.hall.opens), _time(setup.hall.closes))
        self.fields["from"].set_value(clock_text(minutes_of(start)))
        self.fields["to"].set_value(clock_text(minutes_of(end)))
        if known:
            self.staff.setCurrentIndex(self.staff.findData(known["staff"]))
            told = (f"{clock_text(minutes_of(one['from']))}/{one['minutes']}" for one in known.get("breaks") or ())
            self.fields["breaks"].set_value(", ".join(told))

    def typed(self) -> dict[str, Any] | None:
        """Return what was typed, None after saying at a field why it is none."""
        wrong: dict[str, str] = {}
        times = {name: _read_time(self.fields[name].value()) for name in ("from", "to")}
        for name, found in times.items():
            if found is None:
                wrong[name] = _("A time, such as 8:30")
        breaks = _read_breaks(self.fields["breaks"].value())
        if breaks is None:
            wrong["breaks"] = _("Start and minutes, such as 11:30/40")
        if self.staff.currentData() is None:
            wrong["staff"] = _("Who sits there?")
        self.say_wrong(wrong)
        if wrong:
            return None
        row = {"staff": self.staff.currentData(), **times}
        return {**row, "breaks": breaks} if breaks else row

    def meant(self, trouble: QueueDeskError) -> str:
        return ""

    def first_field(self) -> QWidget:
        return self.staff


def _read_time(text: str) -> str | None:
    try:
        return _time(minutes_of(half_width(text).strip()))
    except ValueError:
        return None


def _read_breaks(text: str) -> list[dict[str, Any]] | None:
    """Read "11:30/40, 15:00/10"; None where it is something else."""
    parts = [part.strip() for part in re.split(r"[,，、;；]", half_width(text)) if part.strip()]
    found = []
    for part in parts:
        one = _BREAK.fullmatch(part)
        start = _read_time(one[1]) if one else None
        if one is None or start is None:
            return None
        found.append({"from": start, "minutes": int(one[2])})
    return sorted(found, key=lambda each: str(each["from"]))


THAT_DATE, WEEKDAYS, EVERY_DAY = "date", "1,2,3,4,5", ""
Row = Mapping[str, Any]


class RosterCard(Card):
    """`wanted` gives the rows of the whole roster as they are to be."""

    wanted = Signal(object)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent=parent)
        self._look = look
        self._setup: Setup | None = None
        self._day: date | None = None
        self._may = self._may_plan = self._is_away = False
        self.dialog: ShiftDialog | None = None
        self.title = Label(look, bold=True)
        self.scope_label = Label(look, px=15, token="ink2", elide=False)
        self.scope = DropDown(look).share_width(14)
        self.hint = Label(look, px=15, token="ink2", wrap=True)
        self.trouble = Label(look, px=15, token="red", wrap=True)
        self.board = RosterBoard(look)
        column = QVBoxLayout(self)
        spread(look, column, (18, 10, 18, 12), 6)
        head = QHBoxLayout()
        spread(look, head, spacing=10)
        head.addWidget(self.title, 1)
        head.addWidget(self.scope_label)
        head.addWidget(self.scope)
        column.addLayout(head)
        for part in (self.hint, self.board, self.trouble):
            column.addWidget(part)
        self.board.picked.connect(self._open)
        self.board.moved.connect(self._move)

    # -- what is shown -----------------------------------------------------------------------------------------------

    def show_day(self, setup: Setup, day: date, *, may_plan: bool) -> None:
        """Show who is planned on a date; without the right to plan it is only looked at."""
        chosen = self.scope.currentData()
        self._may_plan = may_plan
        may_plan = self._may = may_plan and not self._is_away
        self._setup, self._day = setup, day
        self.title.setText(_("Roster of {day}", day=day_staff(day)))
        self.scope_label.setText(_("Changes are for"))
        self.scope.setAccessibleName(self.scope_label.text())
        self.scope.clear()
        for data, word in self._scopes(day):
            self.scope.addItem(word, data)
        self.scope.setCurrentIndex(max(0, self.scope.findData(chosen)))
        self.scope.setVisible(may_plan)
        self.scope_label.setVisible(may_plan)
        self.hint.setText(_("Press beside a bar to plan somebody, a bar to change it; drag it or its ends."))
        self.hint.setVisible(may_plan)
        rows = rows_on(roster_of(setup), day)
        self.board.set_board(self._board(setup, rows))
        said = [conflict_text(current(), one.details()) for one in conflicts(setup, roster_of(setup))]
        self.trouble.setText("\n".join(said))
        self.trouble.setVisible(bool(said))

    def set_away(self, away: bool) -> None:
        """While the hall is away the roster is only looked at."""
        self._is_away = away
        if self._setup is not None and self._day is not None:
            self.show_day(self._setup, self._day, may_plan=self._may_plan)

    def _scopes(self, day: date) -> list[tuple[str, str]]:
        found = [
            (THAT_DATE, _("only {day}", day=day_staff(day))),
            (str(day.isoweekday()), _("every {weekday}", weekday=weekday_long(day))),
        ]
        if day.isoweekday() <= 5:
            found.append((WEEKDAYS, _("Monday to Friday")))
        return [*found, (EVERY_DAY, _("every day"))]

    def _board(self, setup: Setup, rows: list[Row]) -> BoardData:
        shifts, points = [], []
        for code in setup.windows:
            for place, row in enumerate(_of_window(rows, code)):
                who = f"{row['staff']} {staff_name(setup, row['staff'])}"
                breaks = tuple((minutes_of(one["from"]), one["minutes"]) for one in row.get("breaks") or ())
                start, end = minutes_of(row["from"]), minutes_of(row["to"])
                shifts.append(BoardShift(window=code, place=place, start=start, end=end, text=who, breaks=breaks))
                leads = (code, place) if self._may else None
                points.append(Point((window_name(code), who, shift_text(row)), leads))
        ends = [shift.end for shift in shifts]
        starts = [shift.start for shift in shifts]
        return BoardData(
            title=self.title.text(),
            windows=[(code, window_name(code)) for code in setup.windows],
            shifts=shifts,
            first_min=min([setup.hall.opens, *starts]) // 60 * 60,
            last_min=-(-max([setup.hall.closes, *ends]) // 60) * 60,
            adding=[Point((window_name(code), _("Plan somebody")), (code, None)) for code in setup.windows]
            if self._may
            else (),
            points=points,
            can_move=self._may,
        )

    # -- changes -----------------------------------------------------------------------------------------------------

    @property
    def _days(self) -> str:
        assert self._day is not None
        scope = str(self.scope.currentData() or "")
        return self._day.isoformat() if scope == THAT_DATE else scope

    def board_rows(self) -> list[Row]:
        """Return the shifts of the date that is shown."""
        return [] if self._setup is None or self._day is None else rows_on(roster_of(self._setup), self._day)

    def _rows(self, window: str) -> list[Row]:
        return _of_window(self.board_rows(), window)

    def _put(self, window: str, shifts: list[Row]) -> None:
        assert self._setup is not None and self._day is not None
        self.wanted.emit(with_window(roster_of(self._setup), window, self._days, self._day, shifts))

    def _move(self, before: BoardShift, after: BoardShift) -> None:
        shifts = self._rows(before.window)
        row = dict(shifts[before.place])
        row |= {"from": _time(after.start), "to": _time(after.end)}
        kept = [(start, length) for start, length in after.breaks if after.start <= start <= after.end - length]
        row.pop("breaks", None)
        if kept:
            row["breaks"] = [{"from": _time(start), "minutes": length} for start, length in kept]
        shifts[before.place] = row
        self._put(before.window, shifts)

    def _open(self, leads: tuple[str, int | None]) -> None:
        window, place = leads
        if self._setup is None or self.dialog is not None:
            return
        shifts = self._rows(window)
        known = None if place is None else shifts[place]
        words = self.scope.currentText()
        busy = {str(row["staff"]) for row in self.board_rows()}
        dialog = self.dialog = ShiftDialog(
            self.window(), self._look, self._setup, window, days=words, known=known, busy=busy
        )

        def put(row: dict[str, Any]) -> None:
            others = [one for n, one in enumerate(shifts) if n != place]
            self._put(window, sorted([*others, row], key=lambda one: minutes_of(one["from"])))

        def remove() -> None:
            self._put(window, [one for n, one in enumerate(shifts) if n != place])

        dialog.wanted.connect(put)
        dialog.removal_wanted.connect(remove)
        dialog.refused.connect(self._forget)
        dialog.open_dialog()

    def done(self) -> None:
        """Close what was asked: the roster is changed."""
        if self.dialog is not None:
            self.dialog.close_dialog()
            self._forget()

    def refuse(self, trouble: QueueDeskError) -> bool:
        """Say in the open dialog why the roster was not changed; False without one."""
        if self.dialog is None:
            return False
        self.dialog.show_trouble(trouble)
        return True

    def _forget(self) -> None:
        self.dialog = None


def _of_window(rows: list[Row], window: str) -> list[Row]:
    return sorted((row for row in rows if row["window"] == window), key=lambda row: minutes_of(row["from"]))


def _time(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"
