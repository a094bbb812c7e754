"""Steps of the first start that are lists: services with their hours, public texts, people with their PINs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import partial
from typing import Any

from msgspec.structs import replace
from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from queuedesk.core.network.roles import STAFF_ROLES, Role
from queuedesk.core.setup.presets import DROP, KEEP
from queuedesk.core.setup.rows import MOST_CREDIT
from queuedesk.core.setup.time_of_day import clock_text, parse_typed_time_to_minutes
from queuedesk.i18n import _, n_, role_word, weekday_short
from queuedesk.i18n.suggestion_words import suggested_fact_content, suggested_fact_title
from queuedesk.stations.home import wizard_steps
from queuedesk.stations.home.hall_draft import CLASSES, OF_THE_HALL, REASONS, HallDraft, HoursOfOneWeekday
from queuedesk.stations.manager.setup.hours_text import MONDAY
from queuedesk.stations.widgets import panels
from queuedesk.stations.widgets.buttons import IconButton, SecondaryButton, TextButton
from queuedesk.stations.widgets.lists.tiles import ToggleChoice, ToggleSwitch
from queuedesk.stations.widgets.paint import TEXT, Painter
from queuedesk.stations.widgets.questions.dialogs import DropDown
from queuedesk.stations.window.frame import language_own_name
from queuedesk.stations.window.style import Look

# -- who is called first -------------------------------------------------------------------------------------------

NAME_LETTERS = 14


class FirstCalledServiceChoice(QWidget):
    """The choice among the named services; `picked` gives a service's code, "" for none."""

    picked = Signal(str)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._label = panels.Label(look, _("Called first", context="set-up"), px=16, token="ink2", elide=False)
        self.box = DropDown(look).set_minimum_letters(NAME_LETTERS)
        self.box.setAccessibleName(_("Called first", context="set-up"))
        line = QHBoxLayout(self)
        panels.set_scaled_margins(look, line, spacing=10)
        line.addWidget(self._label, 0, Qt.AlignmentFlag.AlignVCenter)
        line.addWidget(self.box)
        self.box.currentIndexChanged.connect(lambda _at: self.picked.emit(str(self.box.currentData() or "")))

    def show_draft(self, draft: HallDraft) -> None:
        names = {str(row["code"]): draft.row_name(row) for row in draft.named_services()}
        self.setVisible(len(names) > 1)
        self.box.show_choice(draft.service_called_first, {"": _("Nobody: all in turn"), **names})


def first_called_service_note(draft: HallDraft) -> str:
    """Return what the choice does and that it can be changed, "" where all wait in turn."""
    if not draft.service_called_first:
        return ""
    name, n = draft.row_name(draft.part_row("services", draft.service_called_first)), draft.calls_per_overtake
    if n <= 1:
        return _(
            "Each {service} ticket is called as if it had come {minutes} min earlier. The last ticket is given at closing time. You can change both later in Set-up.",
            service=name,
            minutes=MOST_CREDIT,
        )
    return _(
        "{service} is called as if it had come {minutes} min earlier, at most one call in {n} ahead of its turn. The last ticket is given at closing time. You can change both later in Set-up.",
        service=name,
        minutes=MOST_CREDIT,
        n=n,
    )


# -- step 4: what customers read -----------------------------------------------------------------------------------

TITLE_PX, WIZARD_BESIDE_PX = 190, 720


class SuggestedFactsCard(panels.Card):
    """The facts suggested for one service, each with its title and in each language of the hall, and two answers."""

    def __init__(self, look: Look, name: str, facts: Mapping[str, Mapping[str, Any]], languages: Sequence[str]) -> None:
        super().__init__(look)
        words = {KEEP: _("Keep", context="suggestion"), DROP: _("Drop", context="suggestion")}
        self.choices = {answer: ToggleChoice(look, word, height=44, px=16) for answer, word in words.items()}
        head = QHBoxLayout()
        panels.set_scaled_margins(look, head, spacing=8)
        head.addWidget(panels.Label(look, name, px=18, bold=True), 1)
        for choice in self.choices.values():
            choice.setAccessibleName(f"{choice.text()} · {name}")
            head.addWidget(choice)
        column = QVBoxLayout(self)
        panels.set_scaled_margins(look, column, (18, 12, 14, 14), 8)
        column.addLayout(head)
        self._lines: list[QBoxLayout] = []
        for fact, fields in facts.items():
            title = panels.Label(look, suggested_fact_title(fact), px=15, bold=True, token="ink2")
            panels.FixedSizeKeeper(look, title, width=TITLE_PX)
            line = QBoxLayout(QBoxLayout.Direction.LeftToRight)
            panels.set_scaled_margins(look, line, spacing=8)
            line.addWidget(title, 0, Qt.AlignmentFlag.AlignTop)
            texts = dict.fromkeys(suggested_fact_content(fact, fields, lang) for lang in languages)
            line.addWidget(panels.Label(look, "\n".join(texts), px=16, wrap=True), 1)
            self._lines.append(line)
            column.addLayout(line)

    def show_suggestion_answer(self, answer: str) -> None:
        for own, choice in self.choices.items():
            choice.setChecked(own == answer)

    def fit_to_narrow_width(self, wide: int) -> None:
        panels.set_side_by_side_or_stacked(wide >= self.look.px(WIZARD_BESIDE_PX), *self._lines)


class SuggestionsWizardStep(wizard_steps.WizardStep):
    """A card for each service of which the preset knows something that customers could read, then for the hall."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, "facts", parent)
        self.cards: dict[str, SuggestedFactsCard] = {}
        self._shown: object = None
        self._state = panels.Label(look, px=17, bold=True, wrap=True)
        words = {KEEP: _("Keep all", context="suggestion"), DROP: _("Drop all", context="suggestion")}
        self.all_buttons = {answer: SecondaryButton(look, word, height=44, px=16) for answer, word in words.items()}
        line = QHBoxLayout()
        panels.set_scaled_margins(look, line, (0, 0, 0, 10), 8)
        line.addWidget(self._state, 1)
        for answer, button in self.all_buttons.items():
            button.clicked.connect(partial(self._answer_all_suggestions, answer))
            line.addWidget(button)
        self._list = QVBoxLayout()
        panels.set_scaled_margins(look, self._list, spacing=10)
        self.column.addLayout(line)
        self.column.addLayout(self._list)
        self.column.addStretch(1)

    def step_texts(self) -> tuple[str, str, str, str]:
        return (
            _("Public texts"),
            _("Is this right for your hall?"),
            _("Examples from other halls. Only what you keep is shown on displays, kiosks and tickets."),
            _("Next: public texts"),
        )

    def button_hint(self) -> str:
        return _("Anything you leave undecided waits in Set-up. Customers do not see it.")

    def show_draft(self, draft: HallDraft, problems: Mapping[str, str]) -> None:
        self.draft = draft
        found = draft.suggestions()
        names = {
            code: f"{row['prefix']} {draft.row_name(row)}"
            for code in found
            if code not in OF_THE_HALL
            for row in [draft.part_row("services", code)]
        }
        names |= {
            CLASSES: _("Priority"),
            REASONS: _("Low ratings"),
            "announcements": _("Announcements", context="sentences"),
            "emergency": _("Emergency", context="sentences"),
        }
        if self._shown != (names, found, draft.languages):
            self._rebuild_service_cards(names, found, draft.languages)
            self._shown = names, found, draft.languages
        for code, card in self.cards.items():
            card.show_suggestion_answer(draft.answers.get(code, ""))
        left = sum(code not in draft.answers for code in found)
        self._state.setText(n_("{n} to decide", "{n} to decide", left) if left else _("Everything is decided."))

    def _rebuild_service_cards(
        self, names: Mapping[str, str], found: Mapping[str, Mapping[str, Any]], languages: Sequence[str]
    ) -> None:
        for card in self.cards.values():
            self._list.removeWidget(card)
            card.hide()
            card.deleteLater()
        self.cards = {
            code: SuggestedFactsCard(self.look, names[code], facts, languages) for code, facts in found.items()
        }
        for code, card in self.cards.items():
            for answer, choice in card.choices.items():
                choice.clicked.connect(partial(self._set_or_clear_answer, code, answer))
            self._list.addWidget(card)
            card.fit_to_narrow_width(self.viewport().width())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        for card in self.cards.values():
            card.fit_to_narrow_width(self.viewport().width())

    def first_field(self) -> QWidget:
        return self.all_buttons[KEEP]

    def _set_or_clear_answer(self, code: str, answer: str) -> None:
        """Take an answer; the same one pressed again is taken back."""
        if self.draft is not None:
            on = self.cards[code].choices[answer].isChecked()
            self._emit_changed_draft(self.draft.with_suggestion_answer(answer if on else "", code))

    def _answer_all_suggestions(self, answer: str) -> None:
        if self.draft is not None:
            self._emit_changed_draft(self.draft.with_suggestion_answer(answer))


# -- the hours of a week -------------------------------------------------------------------------------------------

DAYS = range(7)
DAY_LEAST, CLOSED_HIGH, WORD_FROM, HEAD_HIGH = 92, 96, 100, 34
USUAL_PAUSE = "12:00–13:00"


class TimeField(QLineEdit):
    """A time with its word before it; what is typed as 9 or 900 is written out once it is left."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look, self._word = look, ""
        self.setAlignment(Qt.AlignmentFlag.AlignRight)

    def set_leading_word(self, word: str, name: str) -> None:
        """Show a word in the field; `name` is what a screen reader says."""
        self._word = word
        self.setAccessibleName(name)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        look, small = self._look, self._look.font(13)
        if self.width() >= look.px(WORD_FROM):  # all of a week, or none
            room = QRectF(look.px(10), 0, self.width(), self.height())
            Painter(self, look).draw_words_and_give_end_x(self._word, small, "ink2", room)


class WeekdayHoursFields(QWidget):
    """A weekday: whether it is open, from when to when, and its break. `changed` gives a field of Day and its value."""

    changed = Signal(str, object)

    def __init__(self, look: Look, at: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.look, self.at = look, at
        day = weekday_short(MONDAY + timedelta(days=at))
        self._name = panels.Label(look, day, px=16, bold=True, elide=False)
        self.switch = ToggleSwitch(look)
        self.fields = {key: TimeField(look) for key in ("start", "end", "pause")}
        self.pause_button = TextButton(look, _("break", context="hours"), icon="plus", height=30, px=14)
        self.closed = ClosedDayPlaceholder(look)
        self.closed.set_words(_("closed", context="hours"))
        head = QHBoxLayout()
        panels.set_scaled_margins(look, head, (0, 0, 0, 6))
        head.addWidget(self._name, 1)
        head.addWidget(self.switch)
        column = QVBoxLayout(self)
        panels.set_scaled_margins(look, column, (8, 9, 8, 3), 4)
        column.addLayout(head)
        for widget in (*self.fields.values(), self.closed, self.pause_button):
            column.addWidget(widget)
        column.addStretch(1)
        self.switch.clicked.connect(lambda: self.changed.emit("is_open", self.switch.isChecked()))
        self.pause_button.clicked.connect(self._add_usual_pause)
        for key, field in self.fields.items():
            field.textEdited.connect(partial(self.changed.emit, key))
            field.editingFinished.connect(partial(self._emit_normalized_typed_time, key))
        self.switch.setAccessibleName(_("{day}: open", day=day))
        self.fields["start"].set_leading_word(_("from", context="hours"), _("{day}, from", day=day))
        self.fields["end"].set_leading_word(_("to", context="hours"), _("{day}, to", day=day))
        self.fields["pause"].set_leading_word("", _("{day}, break", day=day))
        self.pause_button.setAccessibleName(_("{day}: add a break", day=day))

    def show_day(self, day: HoursOfOneWeekday, problem: str) -> None:
        has_pause = day.is_open and (bool(day.pause) or self.fields["pause"].hasFocus())
        self.switch.setChecked(day.is_open)
        self.closed.setVisible(not day.is_open)
        for key, field in self.fields.items():
            wizard_steps.show_value_unless_typing(field, getattr(day, key))
            field.setVisible(has_pause if key == "pause" else day.is_open)
            wizard_steps.mark_field_error(field, problem)
        self.pause_button.setVisible(day.is_open and not has_pause)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.x() > 0:
            Painter(self, self.look).draw_divider(QPointF(0, 0), QPointF(0, self.height()))

    def _add_usual_pause(self) -> None:
        self.changed.emit("pause", USUAL_PAUSE)
        self.fields["pause"].setFocus()
        self.fields["pause"].selectAll()

    def _emit_normalized_typed_time(self, key: str) -> None:
        field = self.fields[key]
        field.setModified(False)
        try:
            text = field.text() if key == "pause" else clock_text(parse_typed_time_to_minutes(field.text()))
        except ValueError:
            return
        if key == "pause" or text != field.text():
            self.changed.emit(key, text)


class ClosedDayPlaceholder(QWidget):
    spoken_role = TEXT

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look, self._words = look, ""
        panels.FixedSizeKeeper(look, self, height=CLOSED_HIGH)

    def set_words(self, words: str) -> None:
        self._words = words
        self.setAccessibleName(words)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, rect = Painter(self, self._look), QRectF(self.rect())
        painter.draw_box(rect, 10, "sunken", edge="edge", dashed=True)
        painter.draw_words_and_give_end_x(
            f"– {self._words}", self._look.font(16), "ink2", rect, Qt.AlignmentFlag.AlignHCenter
        )


class WeekHoursForm(QWidget):
    """The hours of every weekday in equal columns. `changed` gives the day, a field of it and its value, `copied` the
    day whose hours all open days are to have."""

    changed = Signal(int, str, object)
    copied = Signal(int)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.look = look
        self._like = 0
        self._question = panels.Label(look, px=20, bold=True)
        panels.FixedSizeKeeper(look, self._question, height=HEAD_HIGH)
        self.copy_button = TextButton(look, height=HEAD_HIGH, px=15)
        self.copy_button.clicked.connect(lambda: self.copied.emit(self._like))
        self.days = [WeekdayHoursFields(look, at) for at in DAYS]
        self.error = wizard_steps.SpaceKeepingErrorLine(look)
        self._card = panels.Card(look)
        self._grid = QGridLayout(self._card)
        panels.set_scaled_margins(look, self._grid)
        head = QHBoxLayout()
        panels.set_scaled_margins(look, head, spacing=16)
        head.addWidget(self._question)
        head.addWidget(self.error, 1)
        head.addWidget(self.copy_button)
        column = QVBoxLayout(self)
        panels.set_scaled_margins(look, column)
        column.addLayout(head)
        column.addWidget(self._card)
        self._columns = 0
        for day in self.days:
            day.changed.connect(partial(self._emit_day_change, day.at))
        look.changed.connect(self._arrange_day_columns)
        self._arrange_day_columns()

    def show_week(self, draft: HallDraft, problems: Mapping[str, str], *, any_hour: bool) -> None:
        """Show the hours; in a try-out, where they do not count, that there are none."""
        for at, day in enumerate(draft.week):
            self.days[at].show_day(day, problems.get(f"week.{at}", ""))
        if not draft.week[self._like].is_open:
            self._like = next((at for at, day in enumerate(draft.week) if day.is_open), 0)
        day_name = weekday_short(MONDAY + timedelta(days=self._like))
        self._question.setText(
            _("Tickets at any hour while you try it out") if any_hour else _("When can people take tickets?")
        )
        self.copy_button.setText(_("Copy {day} to all open days", day=day_name))
        self.copy_button.setEnabled(sum(day.is_open for day in draft.week) > 1)
        self._card.setVisible(not any_hour)
        # What is wrong has its room, and is not copied.
        self.copy_button.setVisible(not any_hour and not problems)
        self.error.show_message(next(iter(problems.values()), ""), refused=bool(problems))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange_day_columns()

    def _arrange_day_columns(self) -> None:
        """Put the week into two rows where a column would be too narrow for its times."""
        columns = 7 if self.width() >= 7 * self.look.px(DAY_LEAST) else 4
        if columns != self._columns:
            self._columns = columns
            for at, day in enumerate(self.days):
                self._grid.addWidget(day, at // columns, at % columns)
            for column in DAYS:
                self._grid.setColumnStretch(column, int(column < columns))

    def _emit_day_change(self, at: int, key: str, value: object) -> None:
        self._like = at
        self.changed.emit(at, key, value)


# -- step 3: its services, their letters and names, and the hours --------------------------------------------------

COLUMNS = ("prefix", "name", "second", "papers", "handling_target")
SHOWN_ROWS, LARGE_TEXT = 3, 1.2


class ScrollingRowsArea(panels.VerticalScrollArea):
    """Rows that scroll by themselves where there is less room than they need."""

    def __init__(self, look: Look, inside: QWidget, row_px: int) -> None:
        super().__init__(inside)
        self._look, self._row_px, self._inside = look, row_px, inside
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        inside.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().eventFilter(watched, event)

    def sizeHint(self) -> QSize:
        return self._inside.sizeHint()

    def minimumSizeHint(self) -> QSize:
        # With large text the whole step scrolls: one bar, not two.
        is_large = self._look.scale.text > LARGE_TEXT
        high = self._inside.minimumSizeHint().height()
        least = high if is_large else min(high, self._look.px(28 + SHOWN_ROWS * self._row_px))
        return QSize(self._look.px(300), least)


class ServicesWizardStep(wizard_steps.WizardStep):
    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, "services", parent)
        self.any_hour = False
        self.edits: dict[str, dict[str, QLineEdit]] = {}
        self.removes: dict[str, IconButton] = {}
        self.grid, self.add_button, line = self.make_grid_and_add_button(
            (0, 5, 4, 4, 0, 0), _("Add a service", context="set-up")
        )
        self.area = ScrollingRowsArea(look, self.grid, 64)
        self.first = FirstCalledServiceChoice(look)
        line.addStretch(1)
        line.addWidget(self.first)
        self.week = WeekHoursForm(look)
        self.first.picked.connect(self._set_first_called_service)
        self.week.changed.connect(self._set_weekday_field)
        self.week.copied.connect(self._copy_day_hours)
        self.column.addWidget(self.area)
        self.column.addLayout(line)
        self.column.addWidget(self.week)
        self.column.addStretch(1)

    def step_texts(self) -> tuple[str, str, str, str]:
        line = _("One per line, named as customers call it. Ticket letters are assigned automatically.")
        return _("Services"), _("What do people come for?"), line, _("Next: services")

    def button_hint(self) -> str:
        first = first_called_service_note(self.draft) if self.draft is not None else ""
        return first or _(
            "Empty fields are not shown anywhere. The last ticket is given at closing time; you can change that later in Set-up."
        )

    def _set_column_heads(self, draft: HallDraft) -> None:
        second = (
            language_own_name("en" if draft.name_field_keys[1] == "name_en" else "zh_CN") if draft.is_double else ""
        )
        words = (_("Letter", context="field"), _("Name", context="field"), second)
        self.grid.set_column_heads((*words, _("What people bring"), _("Usual minutes"), ""))
        self.grid.set_column_stretch(COLUMNS.index("second"), 4 if draft.is_double else 0)

    def _label_row_fields(self, code: str) -> None:
        edits = self.edits[code]
        name = edits["name"].text() or code
        labels = (_("Letter", context="field"), _("Name", context="field"), _("Name in the second language"))
        for key, label in zip(COLUMNS, (*labels, _("What people bring"), _("Usual minutes")), strict=True):
            edits[key].setAccessibleName(f"{label} · {name}")
        edits["papers"].setPlaceholderText(_("optional"))
        self.removes[code].set_name(_("Remove {name}", name=name))

    def show_draft(self, draft: HallDraft, problems: Mapping[str, str]) -> None:
        self.draft = draft
        own, other = draft.name_field_keys
        rows = draft.part_rows("services")
        if [str(row["code"]) for row in rows] != list(self.edits):
            self._rebuild_service_rows(draft)
        self._set_column_heads(draft)
        for row in rows:
            code = str(row["code"])
            texts = {
                "prefix": str(row.get("prefix") or ""),
                "name": str(row.get(own) or "") if draft.is_double else draft.row_name(row),
                "second": str(row.get(other) or ""),
                "papers": draft.typed_papers_text_of_service(code),
                "handling_target": draft.service_handling_target_text(code),
            }
            wrong = {key: problems.get(f"services.{code}.{key}", "") for key in COLUMNS}
            for key, edit in self.edits[code].items():
                wizard_steps.show_value_unless_typing(edit, texts[key])
                wizard_steps.mark_field_error(edit, wrong[key])
            self.edits[code]["second"].setVisible(draft.is_double)
            self.removes[code].setVisible(len(rows) > 1)
            self.grid.show_error(code, next((text for text in wrong.values() if text), ""))
            self._label_row_fields(code)
        self.first.show_draft(draft)
        week = {key: text for key, text in problems.items() if key.startswith("week.")}
        self.week.show_week(draft, week, any_hour=self.any_hour)

    def first_field(self) -> QWidget | None:
        return next((edits["name"] for edits in self.edits.values()), None)

    def handle_enter(self) -> bool:
        """Go on to the next name; below the last one comes a new row."""
        codes = list(self.edits)
        at = next((n for n, code in enumerate(codes) if self.edits[code]["name"].hasFocus()), None)
        if at is None or not self.edits[codes[at]]["name"].text().strip():
            return False
        if at + 1 < len(codes):
            edit = self.edits[codes[at + 1]]["name"]
            edit.setFocus(Qt.FocusReason.TabFocusReason)
            edit.selectAll()
        else:
            self.add_row()
        return True

    def add_row(self) -> None:
        super().add_row()
        edit = self.edits[list(self.edits)[-1]]["name"]
        edit.setFocus()
        self.area.ensureWidgetVisible(edit)

    def _rebuild_service_rows(self, draft: HallDraft) -> None:
        self.grid.clear()
        self.edits, self.removes = {}, {}
        for row in draft.part_rows("services"):
            code = str(row["code"])
            edits = {key: QLineEdit() for key in COLUMNS}
            panels.FixedSizeKeeper(self.look, edits["prefix"], width=64)
            edits["prefix"].setAlignment(Qt.AlignmentFlag.AlignCenter)
            edits["prefix"].setMaxLength(3)
            edits["prefix"].setProperty("letter", True)
            panels.FixedSizeKeeper(self.look, edits["handling_target"], width=110)
            for key, edit in edits.items():
                edit.textEdited.connect(partial(self._put_typed_value_in_draft, code, key))
                wizard_steps.show_beginning_when_left(edit)
            remove = IconButton(self.look, "close", "")
            remove.clicked.connect(partial(self.remove_row, code))
            self.edits[code], self.removes[code] = edits, remove
            self.grid.add_row(code, (*edits.values(), remove))

    def _put_typed_value_in_draft(self, code: str, key: str, text: str) -> None:
        if self.draft is None:
            return
        if key == "prefix":
            self._emit_changed_draft(self.draft.with_service_prefix(code, text.strip().upper()))
        elif key == "name":
            self._emit_changed_draft(self.draft.with_name("services", code, text.strip()))
        elif key == "second":
            self._emit_changed_draft(
                self.draft.with_row_fields("services", code, **{self.draft.name_field_keys[1]: text.strip()})
            )
        else:
            self._emit_changed_draft(self.draft.with_typed_text(f"services.{code}.{key}", text))

    def _set_first_called_service(self, code: str) -> None:
        if self.draft is not None:
            self._emit_changed_draft(replace(self.draft, first=code))

    def _set_weekday_field(self, at: int, key: str, value: object) -> None:
        if self.draft is not None:
            self._emit_changed_draft(self.draft.with_weekday_fields(at, **{key: value}))

    def _copy_day_hours(self, at: int) -> None:
        if self.draft is not None:
            self._emit_changed_draft(self.draft.with_hours_copied_from_weekday(at))


# -- step 5: its people --------------------------------------------------------------------------------------------

BESIDE_PX, ROLES_PX = 860, 306
ROLE_ICONS = {
    Role.ADMIN: "gear",
    Role.MANAGER: "chart",
    Role.GUIDE: "person",
    Role.CLERK: "window",
    Role.READER: "book",
}


class RoleAbilitiesList(QWidget):
    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = panels.Label(look, _("What each role can do"), px=15, bold=True)
        self._foot = panels.Label(look, _("Displays and kiosks need no sign-in."), px=15, token="ink2", wrap=True)
        column = QVBoxLayout(self)
        panels.set_scaled_margins(look, column, spacing=8)
        column.addWidget(self._title)
        said = {
            Role.ADMIN: _("set-up, people, backups. At least one is needed, with a PIN."),
            Role.MANAGER: _("today, reports, corrections."),
            Role.GUIDE: _("greets, gives tickets, puts missed customers back in line."),
            Role.CLERK: _("calls, serves, sets tickets aside. Sees only their own figures."),
            Role.READER: _("sees figures, changes nothing. For somebody at head office."),
        }
        for one, icon in ROLE_ICONS.items():
            column.addWidget(panels.DividerLine(look))
            line, words = QHBoxLayout(), QVBoxLayout()
            panels.set_scaled_margins(look, line, spacing=14)
            panels.set_scaled_margins(look, words)
            line.addWidget(panels.IconBadge(look, icon), 0, Qt.AlignmentFlag.AlignTop)
            words.addWidget(panels.Label(look, role_word(str(one)), px=17, bold=True))
            words.addWidget(panels.Label(look, said[one], px=15, token="ink2", wrap=True))
            line.addLayout(words, 1)
            column.addLayout(line)
        column.addWidget(panels.DividerLine(look))
        column.addWidget(self._foot)


class PeopleWizardStep(wizard_steps.WizardStep):
    """The admin's row, and an empty one for each window: a row without a name is nobody."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, "staff", parent)
        self.edits: dict[str, QLineEdit] = {}
        self.roles: dict[str, QComboBox] = {}
        self.pins: dict[str, QLineEdit] = {}
        self.removes: dict[str, IconButton] = {}
        self.grid, self.add_button, line = self.make_grid_and_add_button((4, 0, 0, 0), _("Add a person"))
        self._nobody = panels.Label(
            look,
            _("Rows may stay empty. Without a PIN, anybody at a station can choose that person's name."),
            px=15,
            token="ink2",
            wrap=True,
        )
        line.addStretch(1)
        rows = QVBoxLayout()
        panels.set_scaled_margins(look, rows, spacing=0)
        rows.addWidget(self.grid)
        rows.addLayout(line)
        rows.addWidget(self._nobody)
        rows.addStretch(1)
        self.role_lines = RoleAbilitiesList(look)
        beside = QVBoxLayout()
        beside.addWidget(self.role_lines)
        beside.addStretch(1)
        self._sides = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        panels.set_scaled_margins(look, self._sides, spacing=44)
        self._sides.addLayout(rows, 1)
        self._sides.addLayout(beside)
        self.column.addLayout(self._sides)
        self.column.addStretch(1)
        look.changed.connect(self._place_roles_beside_or_below)
        self.grid.set_column_heads(
            (_("Name", context="person"), _("Role", context="field"), _("PIN", context="field"), "")
        )

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_roles_beside_or_below()

    def _place_roles_beside_or_below(self) -> None:
        """Put the roles under the rows where both have no room side by side."""
        is_beside = self.viewport().width() >= self.look.large_px(BESIDE_PX)
        panels.set_side_by_side_or_stacked(is_beside, self._sides)
        self.role_lines.setFixedWidth(self.look.large_px(ROLES_PX) if is_beside else self.viewport().width() - 20)

    def step_texts(self) -> tuple[str, str, str, str]:
        return (
            _("People and PINs"),
            _("Who works here?"),
            _("The admin comes first: that is you. Then one row per window."),
            _("Next: people"),
        )

    def _label_row_fields(self, code: str) -> None:
        name = self.edits[code].text() or code
        labels = (_("Name", context="person"), _("Role", context="field"), _("PIN", context="field"))
        for widget, label in zip((self.edits[code], self.roles[code], self.pins[code]), labels, strict=True):
            widget.setAccessibleName(f"{label} · {name}")
        is_admin = code not in self.removes
        self.pins[code].setPlaceholderText(_("needed", context="PIN") if is_admin else _("later", context="PIN"))
        if not is_admin:
            self.removes[code].set_name(_("Remove {name}", name=name))

    def show_draft(self, draft: HallDraft, problems: Mapping[str, str]) -> None:
        self.draft = draft
        rows = draft.part_rows("staff")
        if [str(row["code"]) for row in rows] != list(self.edits):
            self._rebuild_people_rows(draft)
        for row in rows:
            code = str(row["code"])
            wrong = {key: problems.get(f"staff.{code}.{key}", "") for key in ("name", "pin")}
            for key, edit, text in (
                ("name", self.edits[code], draft.row_name(row)),
                ("pin", self.pins[code], draft.pins.get(code, "")),
            ):
                wizard_steps.show_value_unless_typing(edit, text)
                wizard_steps.mark_field_error(edit, wrong[key])
            box = self.roles[code]
            box.blockSignals(True)
            box.setCurrentIndex(box.findData(str(row["role"])))
            box.blockSignals(False)
            self.grid.show_error(code, next((text for text in wrong.values() if text), ""))
            self._label_row_fields(code)

    def first_field(self) -> QWidget | None:
        return next(iter(self.edits.values()), None)

    def add_row(self) -> None:
        super().add_row()
        self.edits[list(self.edits)[-1]].setFocus()

    def _rebuild_people_rows(self, draft: HallDraft) -> None:
        self.grid.clear()
        self.edits, self.roles, self.pins, self.removes = {}, {}, {}, {}
        for row in draft.part_rows("staff"):
            code = str(row["code"])
            is_admin = code == draft.admin_code
            edit, pin, box = QLineEdit(), QLineEdit(), DropDown(self.look)
            edit.textEdited.connect(partial(self._put_typed_name_in_draft, code))
            wizard_steps.show_beginning_when_left(edit)
            for one in STAFF_ROLES:
                box.addItem(role_word(str(one)), str(one))
            # As wide as the longest role in letters of any size.
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
            box.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
            box.setEnabled(not is_admin)  # The first one has to be the admin.
            box.currentIndexChanged.connect(partial(self._put_chosen_role_in_draft, code))
            pin.setEchoMode(QLineEdit.EchoMode.Password)
            panels.FixedSizeKeeper(self.look, pin, width=132)
            pin.textEdited.connect(partial(self._set_pin, code))
            self.edits[code], self.roles[code], self.pins[code] = edit, box, pin
            if is_admin:
                self.grid.add_row(code, (edit, box, pin, panels.IconBadge(self.look, "lock", bare=True)))
                continue
            remove = self.removes[code] = IconButton(self.look, "close", "")
            remove.clicked.connect(partial(self.remove_row, code))
            self.grid.add_row(code, (edit, box, pin, remove))

    def _put_typed_name_in_draft(self, code: str, text: str) -> None:
        if self.draft is not None:
            self._emit_changed_draft(self.draft.with_name("staff", code, text.strip()))

    def _put_chosen_role_in_draft(self, code: str, _at: int) -> None:
        if self.draft is not None:
            self._emit_changed_draft(
                self.draft.with_row_fields("staff", code, role=str(self.roles[code].currentData()))
            )

    def _set_pin(self, code: str, text: str) -> None:
        if self.draft is not None:
            self._emit_changed_draft(self.draft.with_pin(code, text.strip()))
