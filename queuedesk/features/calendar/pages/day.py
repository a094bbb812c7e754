"""What the chosen dates of the calendar are: their kind, hours and reason, and what changing them means."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from functools import partial
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace
from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from queuedesk.core.errors import RuleError
from queuedesk.core.figures.periods import dates_between
from queuedesk.core.queue.hallday import minute_ticket_issue_ends_on, opening_spans_on
from queuedesk.core.setup import hall as hall_setup
from queuedesk.core.setup import rows as setup_rows
from queuedesk.core.setup.sentences import setup_reduced_to_one_language
from queuedesk.core.setup.time_of_day import clock_text, parse_clock_minutes, parse_typed_time_to_minutes
from queuedesk.features.calendar.verbs import calendar_row_after_edit
from queuedesk.i18n import _, calendar_words, date_short, error_sentence, figure_range, list_text, n_, weekday_long
from queuedesk.i18n.moments import month_long
from queuedesk.i18n.names import service_letter_or_code
from queuedesk.stations.widgets import panels
from queuedesk.stations.widgets.buttons import PrimaryButton, SecondaryButton
from queuedesk.stations.widgets.lists.tiles import TileButton, ToggleSwitch
from queuedesk.stations.widgets.paint import Painter, width_of_text
from queuedesk.stations.widgets.questions.dialogs import ErrorLine, FormField
from queuedesk.stations.window.style import Look

PANEL, KIND_HIGH, INSET = 338, 52, 24
USUAL = ""
Rows = Mapping[str, hall_setup.Row | None]
Moved = Callable[[setup_rows.Setup, Sequence[date]], Sequence[str]]
ICONS = {
    "hours": "clock",
    "last": "ticket",
    "says": "screen",
    "moves": "calendar",
    "counts": "star",
    "due": "hourglass",
}


class YearContentWithChosenDates(Struct, frozen=True, kw_only=True):
    """A year with the hall's calendar, today, and the dates chosen: from `anchor` to `at`, either may be the first.
    `month` is to be in sight."""

    year: int
    month: int
    today: date
    at: date
    anchor: date
    calendar: hall_setup.Calendar = field(default_factory=hall_setup.Calendar)

    @property
    def chosen_date_range(self) -> tuple[date, date]:
        """Return the first and the last date chosen."""
        return min(self.at, self.anchor), max(self.at, self.anchor)


class _DayKindTile(TileButton):
    """One of the kinds of a day, as a row of which one is chosen."""

    radius, resting_edge = 10.0, "edge"

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, width=PANEL - 2 * INSET, height=KIND_HIGH, parent=parent)
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.second = ""

    def set_words(self, text: str, second: str) -> None:
        self.setText(text)
        self.second = second
        self.setAccessibleName(list_text([one for one in (text, second) if one]))
        self.update()

    def minimumSizeHint(self) -> QSize:
        return QSize(self.look.px(140), self.look.px(KIND_HIGH))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, look, on = Painter(self, self.look), self.look, self.isChecked()
        self.paint_background(painter)
        side, left = look.px(16), look.px(16)
        token, top = self.ink_token("on_soft" if on else "ink"), (self.height() - side) / 2
        if on:
            painter.draw_icon("check", token, left, top, 16)
        else:
            painter.draw_box(QRectF(left, top, side, side), 8, "", edge="ink2", width=1.5)
        room = QRectF(0, 0, self.width() - look.px(14), self.height())
        second = look.font(15)
        name = room.adjusted(left + side + look.px(10), 0, 0, 0)
        end = painter.draw_words_and_give_end_x(self.text(), look.font(17, bold=True), token, name)
        if end + look.px(10) + width_of_text(second, self.second) <= room.right():
            painter.draw_words_and_give_end_x(
                self.second, second, "on_soft" if on else "ink2", room, Qt.AlignmentFlag.AlignRight
            )


class _EffectLabel(panels.Label):
    """One thing that a change means, with its icon."""

    def __init__(self, look: Look) -> None:
        self.icon = "info"
        super().__init__(look, px=15, wrap=True)
        self.measure_again()

    def show_effect(self, kind: str, text: str) -> None:
        self.icon = ICONS[kind]
        self.setText(text)

    def measure_again(self) -> None:
        self.setContentsMargins(self.look.px(26), 0, 0, 0)
        super().measure_again()

    def paintEvent(self, event: QPaintEvent) -> None:
        Painter(self, self.look).draw_icon(self.icon, "ink2", 0, self.look.px(2), 16)
        super().paintEvent(event)


class DayPanel(panels.Panel):
    """What the chosen dates are; `saving` gives the rows to write, `left` that the months are wanted again."""

    saving = Signal(object)
    left = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, "surface", edge="left", parent=parent)
        self.setup: setup_rows.Setup | None = None
        self.data: YearContentWithChosenDates | None = None
        self._before: dict[str, Any] = {}
        self._may, self._touched = True, False
        self._moved: Moved = lambda _after, _days: []
        self._due: Callable[[], list[date]] = list
        self.back_button = SecondaryButton(look, _("Back to the year"), icon="arrow-left", height=44)
        self.title = panels.Label(look, px=28, bold=True, wrap=True)
        self.line = panels.Label(look, px=15, token="ink2", wrap=True)
        self.kind_label = panels.Label(look, _("This day is"), px=15, bold=True)
        self.kinds = {
            kind: _DayKindTile(look) for kind in (USUAL, hall_setup.HOLIDAY, hall_setup.WORKING, hall_setup.SPECIAL)
        }
        self.opens = FormField(look, _("Opens", context="field"), has_line=False)
        self.closes = FormField(look, _("Closes", context="field"), has_line=False)
        self.text = FormField(look, _("Why, as customers read it", context="field"), has_line=False)
        self.text_en = FormField(look, _("Why, in English", context="field"), has_line=False)
        for one in (self.opens, self.closes, self.text, self.text_en):
            one.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self.counts = ToggleSwitch(look)
        self.counts_word = panels.Label(look, _("Counts as a working day", context="field"), px=16, wrap=True)
        self.counts.setAccessibleName(self.counts_word.text())
        self.effects_title = panels.Label(look, _("What this changes"), px=15, bold=True)
        self.effects: list[_EffectLabel] = []
        self.error = ErrorLine(look)
        self.discard_button = SecondaryButton(look, _("Discard"), height=48)
        self.save_button = PrimaryButton(look, "", height=48, px=17)
        self._lay_out_widgets(look)
        for kind, row in self.kinds.items():
            row.clicked.connect(partial(self._choose_day_kind, kind))
        for edit in (self.opens, self.closes, self.text, self.text_en):
            edit.edited.connect(lambda _text: self._note_edit_and_refresh())
        self.counts.clicked.connect(lambda _on: self._note_edit_and_refresh())
        self.discard_button.clicked.connect(self.discard_edits)
        self.save_button.clicked.connect(self.save)
        self.back_button.clicked.connect(self.left)
        self._show_chosen_dates()

    def _lay_out_widgets(self, look: Look) -> None:
        inner = QWidget()
        column = QVBoxLayout(inner)
        panels.set_scaled_margins(look, column, (INSET, 12, INSET, 8), 6)
        column.addWidget(self.back_button, alignment=Qt.AlignmentFlag.AlignLeft)
        for widget in (self.title, self.line, self.kind_label, *self.kinds.values()):
            column.addWidget(widget)
        times = QHBoxLayout()
        panels.set_scaled_margins(look, times, spacing=12)
        times.addWidget(self.opens)
        times.addWidget(self.closes)
        column.addLayout(times)
        column.addWidget(self.text)
        column.addWidget(self.text_en)
        counts = QHBoxLayout()
        panels.set_scaled_margins(look, counts, (0, 4, 0, 4), 12)
        counts.addWidget(self.counts)
        counts.addWidget(self.counts_word, 1)
        column.addLayout(counts)
        self._rule = panels.DividerLine(look)
        column.addWidget(self._rule)
        column.addWidget(self.effects_title)
        self._effects = QVBoxLayout()
        panels.set_scaled_margins(look, self._effects, spacing=4)
        column.addLayout(self._effects)
        column.addStretch(1)
        whole = QVBoxLayout(self)
        panels.set_scaled_margins(look, whole, (0, 0, 0, 16), 6)
        whole.addWidget(panels.VerticalScrollArea(inner), 1)
        foot = QVBoxLayout()
        panels.set_scaled_margins(look, foot, (INSET, 0, INSET, 0), 6)
        foot.addWidget(self.error)
        buttons = QHBoxLayout()
        panels.set_scaled_margins(look, buttons, spacing=10)
        buttons.addWidget(self.discard_button)
        buttons.addWidget(self.save_button, 1)
        foot.addLayout(buttons)
        whole.addLayout(foot)

    # -- what is shown -----------------------------------------------------------------------------------------------

    def show_chosen_dates(
        self,
        setup: setup_rows.Setup,
        data: YearContentWithChosenDates,
        *,
        may: bool,
        moved: Moved,
        due: Callable[[], list[date]],
    ) -> None:
        """Show the chosen dates as they are; what is being typed stays while the dates stay. `moved` tells what
        features have on dates that does not fit their hours any more; `due` are the last days of open cases and of what
        is to be put right."""
        same = self.data is not None and self.data.chosen_date_range == data.chosen_date_range
        keep = same and self.is_changed
        self.setup, self.data, self._may, self._moved, self._due = setup, data, may, moved, due
        before = dict(hall_setup.rows_of_calendar(setup.document).get(data.chosen_date_range[0].isoformat()) or {})
        if len(setup.hall.languages) == 1:
            before = setup_reduced_to_one_language(before, setup.hall.languages[0])
        if keep and before == self._before:
            self._show_chosen_dates()
            return
        self._before = before
        self._fill_fields_from_row(before)
        self._show_chosen_dates()

    def _fill_fields_from_row(self, row: hall_setup.Row) -> None:
        self.kinds[row.get("kind", USUAL)].setChecked(True)
        for edit, key in ((self.opens, "from"), (self.closes, "to")):
            edit.set_value(clock_text(parse_clock_minutes(row[key])) if row.get(key) else "")
        self.text.set_value(row.get("text", ""))
        self.text_en.set_value(row.get("text_en", ""))
        self._show_if_counts_as_working_day(row)

    def _show_if_counts_as_working_day(self, row: hall_setup.Row) -> None:
        first = self._first_chosen_date()
        typed = hall_setup.read_calendar({first.isoformat(): row} if row.get("kind") else {})
        self.counts.setChecked(hall_setup.is_working_day(replace(typed, week=self._working_weekdays), first))

    @property
    def _working_weekdays(self) -> frozenset[int]:
        return self.setup.calendar.week if self.setup is not None else hall_setup.NO_DAYS.week

    def _first_chosen_date(self) -> date:
        return self.data.chosen_date_range[0] if self.data is not None else date.min

    @property
    def chosen_day_kind(self) -> str:
        return next(kind for kind, row in self.kinds.items() if row.isChecked())

    def typed_calendar_row(self) -> hall_setup.Row | None:
        """Return the row as it was typed, None for a usual day."""
        if self.chosen_day_kind == USUAL:
            return None
        row: dict[str, Any] = {"kind": self.chosen_day_kind, "text": self.text.value(), "text_en": self.text_en.value()}
        if self.chosen_day_kind != hall_setup.HOLIDAY:
            row |= {"from": _normalized_time_text(self.opens.value()), "to": _normalized_time_text(self.closes.value())}
        first = self._first_chosen_date()
        by_itself = self.chosen_day_kind == hall_setup.WORKING or (
            self.chosen_day_kind == hall_setup.SPECIAL and first.isoweekday() in self._working_weekdays
        )
        row["working"] = None if self.counts.isChecked() == by_itself else self.counts.isChecked()
        row = hall_setup.normalized_calendar_row(row)
        same = {key: value for key, value in self._before.items() if key != "source"} == row
        return self._before if same else calendar_row_after_edit({}, row)

    @property
    def is_changed(self) -> bool:
        """Whether something was typed or chosen that is not saved."""
        if self.data is None or self.setup is None:
            return False
        known, row = hall_setup.rows_of_calendar(self.setup.document), self.typed_calendar_row()
        first, last = self.data.chosen_date_range
        if row is None and not self._before:
            return first != last and any(known.get(day) for day in _iso_dates_between(first, last)) and self._touched
        return (row or {}) != self._before

    def save_trouble_text(self) -> str:
        """Return in words why this cannot be saved, "" where it can."""
        row = self.typed_calendar_row()
        try:
            if row is not None:
                hall_setup.check_calendar_row(self._first_chosen_date().isoformat(), row)
        except RuleError as refusal:
            return error_sentence(refusal)
        return ""

    def rows_to_save(self) -> Rows:
        """Return the rows that saving writes: dates that are usual already are left out."""
        assert self.data is not None and self.setup is not None
        known, row = hall_setup.rows_of_calendar(self.setup.document), self.typed_calendar_row()
        return {day: row for day in _iso_dates_between(*self.data.chosen_date_range) if row is not None or day in known}

    def _choose_day_kind(self, kind: str) -> None:
        self._touched = True
        first = self._first_chosen_date()
        if (
            kind in (hall_setup.SPECIAL, hall_setup.WORKING)
            and self.setup is not None
            and kind == hall_setup.SPECIAL
            and not self.opens.value()
        ):
            spans = _opening_spans_of_services(self.setup, first) or [(self.setup.hall.opens, self.setup.hall.closes)]
            self.opens.set_value(clock_text(min(spans)[0]))
            self.closes.set_value(clock_text(max(end for _start, end in spans)))
        if kind == hall_setup.WORKING:
            self.opens.set_value("")
            self.closes.set_value("")
        by_week = first.isoweekday() in self._working_weekdays
        self.counts.setChecked({hall_setup.HOLIDAY: False, hall_setup.WORKING: True}.get(kind, by_week))
        self._note_edit_and_refresh()

    def _note_edit_and_refresh(self) -> None:
        self._touched = True
        self._show_chosen_dates()

    def _show_chosen_dates(self) -> None:
        if self.setup is None or self.data is None:
            return
        setup, data, kind = self.setup, self.data, self.chosen_day_kind
        first, last = data.chosen_date_range
        self.title.setText(
            day_and_month_text(first) if first == last else f"{day_and_month_text(first)} – {day_and_month_text(last)}"
        )
        self.line.setText(_date_count_or_days_until_text(setup, data))
        is_off = setup.calendar.makes_up and first.isoweekday() not in self._working_weekdays
        makes_sense = is_off or self._before.get("kind") == hall_setup.WORKING
        self.kinds[hall_setup.WORKING].setVisible(makes_sense or kind == hall_setup.WORKING)
        usual = replace(setup, calendar=hall_setup.read_calendar({}))
        spans = _opening_spans_of_services(usual, first)
        hours = figure_range(clock_text(min(spans)[0]), clock_text(max(e for _s, e in spans))) if spans else ""
        self.kinds[USUAL].set_words(calendar_words.day_kind_word(USUAL), hours or _("no tickets", context="day"))
        self.kinds[hall_setup.HOLIDAY].set_words(
            calendar_words.day_kind_word(hall_setup.HOLIDAY), _("no tickets", context="day")
        )
        self.kinds[hall_setup.WORKING].set_words(calendar_words.day_kind_word(hall_setup.WORKING), "")
        one = _("one date", context="day") if first == last else n_("{n} date", "{n} dates", (last - first).days + 1)
        self.kinds[hall_setup.SPECIAL].set_words(calendar_words.day_kind_word(hall_setup.SPECIAL), one)
        for hour in (self.opens, self.closes):
            hour.setVisible(kind == hall_setup.SPECIAL)
        for widget in (self.text, self.text_en, self.counts, self.counts_word):
            widget.setVisible(kind != USUAL)
        self.text_en.setVisible(kind != USUAL and len(setup_rows.field_and_choice_languages(setup)) > 1)
        for row in self.kinds.values():
            row.setEnabled(self._may)
        for edit in (self.opens.edit, self.closes.edit, self.text.edit, self.text_en.edit, self.counts):
            edit.setEnabled(self._may)
        self._update_footer()

    def _update_footer(self) -> None:
        changed, trouble = self.is_changed, self.save_trouble_text()
        effects = self._effects_of_typed_days() if changed and not trouble else []
        panels.resize_row_list(self.effects, len(effects), self._new_effect_label, self._effects)
        for line, (kind, text) in zip(self.effects, effects, strict=True):
            line.show_effect(kind, text)
        for widget in (self._rule, self.effects_title):
            widget.setVisible(bool(effects))
        self.error.show_refusal(trouble if changed else "")
        several = self.data is not None and self.data.at != self.data.anchor
        self.save_button.setText(_("Save these days") if several else _("Save this day"))
        self.save_button.setEnabled(changed and not trouble)
        self.save_button.setAccessibleDescription(trouble if changed else "")
        for button in (self.discard_button, self.save_button):
            button.setVisible(self._may)
        self.discard_button.setEnabled(changed)

    def _new_effect_label(self) -> _EffectLabel:
        line = _EffectLabel(self.look)
        self._effects.addWidget(line)
        return line

    def _effects_of_typed_days(self) -> list[tuple[str, str]]:
        assert self.setup is not None and self.data is not None
        document = hall_setup.rows_of_calendar(self.setup.document)
        after = replace(
            self.setup,
            calendar=hall_setup.read_calendar(hall_setup.calendar_with_changed_days(document, self.rows_to_save())),
        )
        return date_change_effects(self.setup, after, self.data, self._moved, self._due())

    def mark_untouched(self) -> None:
        """Take what is shown for untouched."""
        self._touched = False

    def discard_edits(self) -> None:
        """Show the dates again as they are."""
        self.mark_untouched()
        self._fill_fields_from_row(self._before)
        self._show_chosen_dates()

    def save(self) -> None:
        if self.save_button.isEnabled():
            self.saving.emit(self.rows_to_save())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.back_button.isVisible():
            self.left.emit()
        else:
            super().keyPressEvent(event)


def date_change_effects(
    before: setup_rows.Setup,
    after: setup_rows.Setup,
    data: YearContentWithChosenDates,
    moved: Moved,
    due: Sequence[date],
) -> list[tuple[str, str]]:
    """Return what another calendar changes on the chosen dates: the kind of each thing and its sentence."""
    days = [date.fromisoformat(day) for day in _iso_dates_between(*data.chosen_date_range)]
    first, found = days[0], []
    spans, was = _opening_spans_of_services(after, first), _opening_spans_of_services(before, first)
    if spans != was:
        hours = figure_range(clock_text(min(spans)[0]), clock_text(max(e for _s, e in spans))) if spans else ""
        found.append(("hours", _("Open {hours}", hours=hours) if spans else _("No tickets, no calls")))
    for code, service in after.services.items():
        last = minute_ticket_issue_ends_on(after, service, first)
        if spans and last is not None and last != minute_ticket_issue_ends_on(before, service, first):
            words = {"letter": service_letter_or_code(after, code), "time": clock_text(last)}
            found.append(("last", _("Last ticket for {letter} at {time}", **words)))
            break
    if spans != was and first >= data.today:
        begins = max(data.today, first - timedelta(days=calendar_words.TOLD_AHEAD_DAYS))
        from_then = _("Announced on the display from {date}", date=date_short(begins))
        found.append(("says", _("Announced on the display from today") if begins == data.today else from_then))
    found += [("moves", text) for text in moved(after, days)]
    counted = [(hall_setup.working_days_in_year(one.calendar, first.year)) for one in (before, after)]
    if counted[0] != counted[1]:
        said = n_("{year} then has {n} working day", "{year} then has {n} working days", counted[1], year=first.year)
        found.append(("counts", said))
        found += _texts_on_changed_deadlines(before, after, data, due)
    return found


def _texts_on_changed_deadlines(
    before: setup_rows.Setup, after: setup_rows.Setup, data: YearContentWithChosenDates, due: Sequence[date]
) -> list[tuple[str, str]]:
    """Return how many open deadlines have more or fewer working days left; each keeps the date that was told."""

    def working_days_left(setup: setup_rows.Setup, day: date) -> int:
        return hall_setup.working_days_between(setup.calendar, data.today, day)

    kept = [day for day in due if day > data.today and working_days_left(before, day) != working_days_left(after, day)]
    off = sum(
        hall_setup.is_working_day(before.calendar, day) and not hall_setup.is_working_day(after.calendar, day)
        for day in kept
    )
    found = []
    if kept:
        said = n_(
            "{n} deadline already given keeps its date", "{n} deadlines already given keep their dates", len(kept)
        )
        found.append(("due", said))
    if off:
        text = n_("{n} of them is then on a day off", "{n} of them are then on days off", off)
        found.append(("due", text))
    return found


def _opening_spans_of_services(setup: setup_rows.Setup, day: date) -> list[tuple[int, int]]:
    return [span for one in setup.services.values() if not one.message for span in opening_spans_on(setup, one, day)]


def _iso_dates_between(first: date, last: date) -> list[str]:
    return [day.isoformat() for day in dates_between(first, last)]


def _normalized_time_text(text: str) -> str:
    try:
        return clock_text(parse_typed_time_to_minutes(text)) if text.strip() else ""
    except ValueError:
        return text


def day_and_month_text(day: date) -> str:
    """Return "27 November"."""
    return _("{day} {month}", context="date", day=day.day, month=month_long(day))


def _date_count_or_days_until_text(setup: setup_rows.Setup, data: YearContentWithChosenDates) -> str:
    first, last = data.chosen_date_range
    if first != last:
        return n_("{n} date", "{n} dates", (last - first).days + 1)
    n = hall_setup.working_days_between(setup.calendar, data.today, first)
    weekday = weekday_long(first)
    if first == data.today:
        return _("{weekday}, today", weekday=weekday)
    if first < data.today:
        return weekday
    return n_("{weekday}, in {n} working day", "{weekday}, in {n} working days", n, weekday=weekday)
