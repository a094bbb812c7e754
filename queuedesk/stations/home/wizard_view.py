"""The first start in five steps: kind of hall, name and hours, services, windows, people; each can be left as it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QComboBox, QHBoxLayout, QLineEdit, QStackedWidget, QVBoxLayout, QWidget

from queuedesk import i18n
from queuedesk.core.network.roles import STAFF_ROLES
from queuedesk.core.setup.rows import WORDS
from queuedesk.i18n import LANGUAGES, _, current_words, listing, n_, named, role, use_words
from queuedesk.i18n.value_refusals import field_word
from queuedesk.stations.home.controller import HomeController
from queuedesk.stations.home.hall_draft import HallDraft, problems, step_of
from queuedesk.stations.home.page import HomePage
from queuedesk.stations.home.wizard_steps import (
    HallStep,
    PresetStep,
    RowGrid,
    ServicesStep,
    Step,
    WindowsStep,
    mark_refused,
)
from queuedesk.stations.widgets.buttons import IconButton, PaintedButton, PrimaryButton, SecondaryButton, TextButton
from queuedesk.stations.widgets.labels import FittedLabel, Label
from queuedesk.stations.widgets.lists.tiles import TickBox
from queuedesk.stations.widgets.paint import Painter
from queuedesk.stations.widgets.panels import FixedSize, Panel, spread
from queuedesk.stations.widgets.questions.dialogs import ask_file
from queuedesk.stations.widgets.questions.forms import DropDown, ErrorLine
from queuedesk.stations.widgets.topbar import BrandMark
from queuedesk.stations.window.frame import LANGUAGE_NAMES
from queuedesk.stations.window.preferences import Preferences
from queuedesk.stations.window.style import TEXT_SIZES_PCT, Look

# -- the step with the staff ---------------------------------------------------------------------------------------

TEXTS = ("name", "name_en")


class PeopleStep(Step):
    """A row for each person of the preset, to be named after those who really work here."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self.grid = RowGrid(look, (4, 4, 0, 0, 0))
        self.edits: dict[str, dict[str, QLineEdit]] = {}
        self.roles: dict[str, QComboBox] = {}
        self.pins: dict[str, QLineEdit] = {}
        self.removes: dict[str, IconButton] = {}
        self.error = ErrorLine(look)
        self.add_button = TextButton(look, "", icon="plus", height=44, px=17)
        self.column.addWidget(self.error)
        self.column.addWidget(self.grid)
        row = QHBoxLayout()
        spread(look, row, (-10, 0, 0, 0))
        row.addWidget(self.add_button)
        row.addStretch(1)
        self.column.addLayout(row)
        self.column.addStretch(1)
        self.add_button.clicked.connect(self._add)

    def words(self) -> tuple[str, str, str]:
        line = _("PINs are optional: whoever has one must type it at a station. Without any, names are simply chosen.")
        return _("People and PINs"), _("Who works here?"), line

    def retranslate(self) -> None:
        heads = (_("Name", context="person"), _("English name", context="person"), _("Role", context="field"))
        self.grid.set_heads((*heads, _("PIN", context="field"), ""))
        self.add_button.setText(_("Add a person"))
        for box in self.roles.values():
            now = box.currentIndex()
            box.blockSignals(True)
            for at, one in enumerate(STAFF_ROLES):
                box.setItemText(at, role(str(one)))
            box.setCurrentIndex(now)
            box.blockSignals(False)
        for code in self.edits:
            self._name(code)

    def _name(self, code: str) -> None:
        edits = self.edits[code]
        name = named(edits["name"].text(), edits["name_en"].text()) or code
        labels = (_("Name", context="person"), _("English name", context="person"), _("Role", context="field"))
        widgets = (edits["name"], edits["name_en"], self.roles[code], self.pins[code])
        for widget, label in zip(widgets, (*labels, _("PIN", context="field")), strict=True):
            widget.setAccessibleName(f"{label} · {name}")
        self.removes[code].setAccessibleName(_("Remove {name}", name=name))

    def show_draft(self, draft: HallDraft, problems: Mapping[str, str]) -> None:
        self.draft = draft
        rows = draft.rows("staff")
        if [str(row["code"]) for row in rows] != list(self.edits):
            self._build(draft)
        for row in rows:
            code = str(row["code"])
            wrong = {key: problems.get(f"staff.{code}.{key}", "") for key in (*TEXTS, "pin")}
            for key, edit in (*self.edits[code].items(), ("pin", self.pins[code])):
                text = draft.pins.get(code, "") if key == "pin" else str(row.get(key) or "")
                if not (edit.hasFocus() and edit.isModified()) and edit.text() != text:
                    edit.setText(text)
                    edit.setCursorPosition(0)
                mark_refused(edit, wrong[key])
            box = self.roles[code]
            box.blockSignals(True)
            box.setCurrentIndex(box.findData(str(row["role"])))
            box.blockSignals(False)
            self.grid.show_error(code, next((text for text in wrong.values() if text), ""))
            self._name(code)
        self._show_note(draft, problems)

    def _show_note(self, draft: HallDraft, problems: Mapping[str, str]) -> None:
        admins = [str(row["code"]) for row in draft.rows("staff") if row["role"] == "admin"]
        refusal = problems.get("staff", "")
        open_admin = bool(draft.pins) and not any(code in draft.pins for code in admins)
        hint = _("No admin has a PIN yet: anybody could change the set-up.") if open_admin else ""
        self.error.say(refusal or hint, refused=bool(refusal))
        self.error.setVisible(bool(refusal or hint))

    def first_field(self) -> QWidget | None:
        return next((edits["name"] for edits in self.edits.values()), None)

    def _build(self, draft: HallDraft) -> None:
        self.grid.clear()
        self.edits, self.roles, self.pins, self.removes = {}, {}, {}, {}
        for row in draft.rows("staff"):
            code = str(row["code"])
            self.edits[code] = {key: QLineEdit() for key in TEXTS}
            for key, edit in self.edits[code].items():
                edit.textEdited.connect(partial(self._edit, code, key))
            box = DropDown(self.look)
            for one in STAFF_ROLES:
                box.addItem(role(str(one)), str(one))
            FixedSize(self.look, box, width=150)
            box.currentIndexChanged.connect(partial(self._choose, code))
            pin = QLineEdit()
            pin.setEchoMode(QLineEdit.EchoMode.Password)
            FixedSize(self.look, pin, width=120)
            pin.textEdited.connect(partial(self._set_pin, code))
            remove = IconButton(self.look, "remove", "")
            remove.clicked.connect(partial(self._remove, code))
            self.roles[code], self.pins[code], self.removes[code] = box, pin, remove
            self.grid.add_row(code, (*self.edits[code].values(), box, pin, remove))

    def _edit(self, code: str, key: str, text: str) -> None:
        if self.draft is not None:
            self._give(self.draft.with_row("staff", code, **{key: text.strip()}))

    def _choose(self, code: str, _at: int) -> None:
        if self.draft is not None:
            self._give(self.draft.with_row("staff", code, role=str(self.roles[code].currentData())))

    def _set_pin(self, code: str, text: str) -> None:
        if self.draft is not None:
            self._give(self.draft.with_pin(code, text.strip()))

    def _add(self) -> None:
        if self.draft is not None:
            self._give(self.draft.added("staff"))
            self.edits[list(self.edits)[-1]]["name"].setFocus()

    def _remove(self, code: str) -> None:
        if self.draft is not None:
            self._give(self.draft.without("staff", code))


# -- the steps at the side -----------------------------------------------------------------------------------------

SIDE_PX, SIDE_NARROW_PX = 296, 104
MARGINS, NARROW_MARGINS = (40, 40, 24, 28), (12, 40, 8, 28)
SIDE_LARGE_TEXT = 1.2
DONE, NOW, AHEAD = "done", "now", "ahead"


class StepRow(PaintedButton):
    """A step: its number in a circle and its name; a finished one has a tick and leads back to it."""

    def __init__(self, look: Look, number: int, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self._number, self._state = number, AHEAD

    def set_step(self, name: str, state: str) -> None:
        """Show a name and whether the step is done, current or still ahead."""
        self._state = state
        self.setText(name)
        self.setAccessibleName(f"{self._number} {name}")
        self.setEnabled(state == DONE)
        self.update()

    @property
    def is_current(self) -> bool:
        return self._state == NOW

    def sizeHint(self) -> QSize:
        return QSize(self.look.wide(200), self.look.px(48))

    def minimumSizeHint(self) -> QSize:
        return QSize(self.look.px(80), self.look.px(40))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, look, side = Painter(self, self.look), self.look, self.look.px(28)
        current = self._state == NOW
        circle = QRectF(0, (self.height() - side) / 2, side, side)
        if self.underMouse() and self.isEnabled():
            painter.box(QRectF(self.rect()), 8, "paper")
        fill = "primary" if current else "soft" if self._state == DONE else "surface"
        painter.box(circle, 14, fill, edge="" if current else "edge")
        if self._state == DONE:
            painter.icon("check", "primary", circle.left() + look.px(6), circle.top() + look.px(6), 16)
        else:
            ink = "on_primary" if current else "ink2"
            middle = Qt.AlignmentFlag.AlignHCenter
            painter.words_in(str(self._number), look.font(15, bold=current), ink, circle, middle)
        left = look.px(40)
        room = QRectF(left, 0, self.width() - left, self.height())
        painter.words_in(self.text(), look.font(16, bold=current), "ink" if current else "ink2", room)


class WizardSide(Panel):
    """`picked` gives the number of a step, from 0, to go back to."""

    picked = Signal(int)

    def __init__(self, look: Look, preferences: Preferences, steps: int, parent: QWidget | None = None) -> None:
        super().__init__(look, "surface", edge="right", parent=parent)
        self._preferences = preferences
        self._is_narrow = False
        head = QHBoxLayout()
        spread(look, head, (0, 0, 0, 40), 12)
        self._brand = Label(look, px=20, bold=True)
        head.addWidget(BrandMark(look))
        head.addWidget(self._brand, 1)
        column = self._column = QVBoxLayout(self)
        spread(look, column, MARGINS, 0)
        column.addLayout(head)
        self.steps = [StepRow(look, number + 1) for number in range(steps)]
        for at, step in enumerate(self.steps):
            step.setObjectName(str(at))
            step.clicked.connect(self._pick)
            column.addWidget(step)
        column.addStretch(1)
        self._language, self._size = (Label(look, px=16, token="ink2", elide=False) for _one in range(2))
        self.language_buttons = {code: TextButton(look, LANGUAGE_NAMES[code], height=44, px=16) for code in LANGUAGES}
        self.size_buttons = {pct: TextButton(look, str(pct), height=44, px=16) for pct in TEXT_SIZES_PCT}
        self._feet = [QBoxLayout(QBoxLayout.Direction.LeftToRight) for _foot in range(2)]
        choices: Sequence[dict[str, TextButton] | dict[int, TextButton]] = (self.language_buttons, self.size_buttons)
        for foot, label, buttons in zip(self._feet, (self._language, self._size), choices, strict=True):
            spread(look, foot, spacing=4)
            foot.addWidget(label)
            for choice, button in buttons.items():
                button.setObjectName(str(choice))
                foot.addWidget(button)
            foot.addStretch(1)
            column.addLayout(foot)
        for button in self.language_buttons.values():
            button.clicked.connect(self._speak)
        for button in self.size_buttons.values():
            button.clicked.connect(self._resize)
        look.changed.connect(self._make_room)
        self._make_room()

    def set_narrow(self, narrow: bool) -> None:
        """Show only language and text size, one below the other: the page names the step too."""
        if narrow != self._is_narrow:
            self._is_narrow = narrow
            self._make_room()

    def _make_room(self) -> None:
        """Leave the words out where large text leaves no room for them; the buttons still have their names."""
        look, narrow = self.look, self._is_narrow
        self.setFixedWidth(look.px(SIDE_NARROW_PX) if narrow else look.wide(SIDE_PX))
        self._column.setContentsMargins(*(look.gap(side) for side in (NARROW_MARGINS if narrow else MARGINS)))
        for label in (self._language, self._size):
            label.setVisible(look.scale.text < SIDE_LARGE_TEXT and not narrow)
        for part in (self._brand, *self.steps):
            part.setVisible(not narrow)
        ways = QBoxLayout.Direction
        for foot in self._feet:
            foot.setDirection(ways.TopToBottom if narrow else ways.LeftToRight)

    def retranslate(self) -> None:
        self._brand.setText(_("QueueDesk"))
        self._language.setText(_("Language"))
        size = _("Text size")
        self._size.setText(size)
        for code, button in self.language_buttons.items():
            button.setDown(False)
            button.setEnabled(code != i18n.current())
        for pct, button in self.size_buttons.items():
            button.setDown(False)
            button.setEnabled(pct != self._preferences.text_pct)
            button.setAccessibleName(f"{size} {pct} %")

    def show_steps(self, names: Sequence[str], at: int) -> None:
        """Name the steps and mark the current one."""
        for number, (step, name) in enumerate(zip(self.steps, names, strict=True)):
            step.set_step(name, DONE if number < at else NOW if number == at else AHEAD)

    def _pick(self) -> None:
        sender = self.sender()
        if sender is not None:
            self.picked.emit(int(sender.objectName()))

    def _speak(self) -> None:
        sender = self.sender()
        if sender is not None:
            self._preferences.set_language(sender.objectName())

    def _resize(self) -> None:
        sender = self.sender()
        if sender is not None:
            self._preferences.set_text_pct(int(sender.objectName()))
            self.retranslate()


# -- the page ------------------------------------------------------------------------------------------------------

LARGE_TEXT, LOW_PX, NARROW_PX, SLIM_PX = 1.4, 620, 1200, 900
PARTS = ("", "hall", "services", "windows", "staff")
"""The part of the set-up that each step is about; the first is the choice of the preset."""


class WizardPage(HomePage):
    """「下一步」 five times makes a hall as the preset has it; what is typed on the way is checked as it is typed.
    `join_wanted` when there is a hall already."""

    join_wanted = Signal()

    def __init__(
        self, look: Look, controller: HomeController, preferences: Preferences, parent: QWidget | None = None
    ) -> None:
        super().__init__(look, controller, parent)
        self._preferences = preferences
        self.presets = PresetStep(look, controller)
        self.hall, self.services = HallStep(look), ServicesStep(look)
        self.windows, self.people = WindowsStep(look), PeopleStep(look)
        self.steps: tuple[Step, ...] = (self.presets, self.hall, self.services, self.windows, self.people)
        self.draft: HallDraft = controller.draft(self.presets.chosen())
        self._problems: dict[str, str] = {}
        self.side = WizardSide(look, preferences, len(self.steps))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.side)
        row.addWidget(self._stage(), 1)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.side.picked.connect(self.go)
        self.presets.file_wanted.connect(self._ask_file)
        self.presets.join_wanted.connect(self.join_wanted)
        for step in self.steps:
            step.changed.connect(self._take)
        controller.busy_changed.connect(self.next_button.set_busy)
        self.retranslate()

    @property
    def cards(self) -> dict[str, QWidget]:
        return dict(self.presets.cards)

    @property
    def at(self) -> int:
        """The current step, from 0."""
        return self._stack.currentIndex()

    def _stage(self) -> Panel:
        look = self.look
        stage = Panel(look)
        self._count = Label(look, px=16, bold=True, token="ink2")
        self._question = FittedLabel(look, px=36, bold=True, least=22)
        self._second = Label(look, px=18, token="ink2", wrap=True)
        self._stack = QStackedWidget()
        for step in self.steps:
            self._stack.addWidget(step)
        self.try_out = TickBox(look, "", px=18)
        self.back_button = SecondaryButton(look, icon="arrow-left", height=56, px=19)
        self.try_button = SecondaryButton(look, height=56, px=19)
        self.try_button.clicked.connect(self.controller.try_it)
        self.demo_button = SecondaryButton(look, height=56, px=19)
        self.rest_button = TextButton(look, height=56, px=17)
        self.next_button = PrimaryButton(look, trailing="arrow-right", height=56, px=19)
        self.try_out.clicked.connect(self._show)
        self.back_button.clicked.connect(self.back)
        self.demo_button.clicked.connect(self.controller.watch_demo)
        self.rest_button.clicked.connect(self.finish)
        self.next_button.clicked.connect(self.next)
        acts = QHBoxLayout()
        spread(look, acts, (0, 12, 12, 0), 12)
        self._acts, self._above = acts, QHBoxLayout()
        acts.addWidget(self.back_button)
        acts.addWidget(self.try_out)
        acts.addStretch(1)
        for button in (self.rest_button, self.try_button, self.demo_button, self.next_button):
            acts.addWidget(button)
        column = QVBoxLayout(stage)
        spread(look, column, (56, 28, 44, 32), 0)
        column.addWidget(self._count)
        column.addWidget(self._question)
        column.addSpacing(4)
        column.addWidget(self._second)
        column.addSpacing(18)
        column.addWidget(self._stack, 1)
        column.addWidget(self.refusal)
        column.addLayout(self._above)
        column.addLayout(acts)
        look.changed.connect(self._make_room)
        self._make_room()
        return stage

    def _make_room(self) -> None:
        """Give the tick a line of its own where large text leaves none beside the buttons; a low window does without
        the second line."""
        is_slim = self.width() < self.look.px(SLIM_PX)
        self.side.set_narrow(is_slim)
        self.presets.set_slim(is_slim)
        self._second.setVisible(self.height() >= self.look.px(LOW_PX))
        self.next_button.setMinimumWidth(0 if is_slim else self.look.wide(220))
        line, other = self._acts, self._above
        if self.look.scale.text >= LARGE_TEXT or self.width() < self.look.px(NARROW_PX):
            line, other = other, line
        if line.indexOf(self.try_out) < 0:
            other.removeWidget(self.try_out)
            line.insertWidget(min(1, line.count()), self.try_out)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._make_room()

    # -- texts --
    def retranslate(self) -> None:
        super().retranslate()
        self.side.retranslate()
        for step in self.steps:
            step.retranslate()
        self.try_out.setText(_("Try-out: tickets at any hour"))
        self.back_button.setText(_("Back"))
        self.try_button.setText(_("Try it"))
        self.demo_button.setText(_("Watch a demo day"))
        self.rest_button.setText(_("Leave the rest as it is"))
        self._show()

    def _show(self) -> None:
        at, last = self.at, len(self.steps) - 1
        self._problems = problems(self.draft)
        self.services.any_hour = self.try_out.isChecked()
        wrong = {key: text for key, text in self._problems.items() if key not in self.draft.fresh}
        self.steps[at].show_draft(self.draft, wrong)
        names = [step.words()[0] for step in self.steps]
        _name, question, second = self.steps[at].words()
        self.side.show_steps(names, at)
        self._count.setText(_("Step {n} of {last}", n=at + 1, last=last + 1))
        self._question.setText(question)
        self._second.setText(second)
        self.try_out.setVisible(at == 0)
        self.try_button.setVisible(at == 0)
        self.demo_button.setVisible(at == 0)
        self.back_button.setVisible(at > 0)
        self.rest_button.setVisible(0 < at < last)
        here = [key for key in self._problems if at == last or step_of(key) == PARTS[at]]
        n = sum(key in wrong for key in here)
        self.rest_button.setEnabled(not self._problems)
        if n:
            self.next_button.block(n_("First put {n} thing right", "First put {n} things right", n))
        elif here:
            words = dict.fromkeys(field_word(key.split(".")[-1]) for key in here)
            self.next_button.block(_("Still to fill in: {fields}", fields=listing(list(words))))
        else:
            self.next_button.allow(_("Make the hall") if at == last else _("Next"))

    # -- going through it --
    def next(self) -> None:
        """Go on to the next step; from the last one make the hall."""
        if not self.next_button.isEnabled():
            return
        if self.at == len(self.steps) - 1:
            self.finish()
        else:
            self.go(self.at + 1)

    def back(self) -> None:
        """Go back one step; nothing typed is lost."""
        if self.at > 0:
            self.go(self.at - 1)

    def go(self, at: int) -> None:
        """Show a step."""
        self.show_trouble(None)
        if self.draft.preset != self.presets.chosen():
            self.draft = self.controller.draft(self.presets.chosen())
        self._stack.setCurrentIndex(at)
        self._use_words()
        self.steps[at].verticalScrollBar().setValue(0)
        self._show()
        first = self.steps[at].first_field()
        (first or self).setFocus(Qt.FocusReason.OtherFocusReason)
        if isinstance(first, QLineEdit):
            first.selectAll()

    def finish(self) -> None:
        """Make the hall as drafted."""
        self.show_trouble(None)
        if not self._problems:
            self.controller.make(self.draft, all_hours=self.try_out.isChecked())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.isAutoRepeat():
            self.next_button.click()
        elif event.key() == Qt.Key.Key_Escape:
            self.back()
        else:
            super().keyPressEvent(event)

    def _take(self, draft: HallDraft) -> None:
        self.draft = draft
        self._use_words()
        self._show()

    def _use_words(self) -> None:
        """Speak as the hall will; the first step is about every kind of hall and keeps the usual words."""
        chosen = self.draft.hall.get("words") or {} if self.at else {}
        words = {what: str(chosen.get(what) or field.usual) for what, field in WORDS.items()}
        if (words["window"], words["ticket"]) != current_words():
            use_words(**words)
            self.retranslate()

    # -- a file instead --
    def _ask_file(self) -> None:
        ask_file(self, _("Use a set-up file of another hall"), "*.json", self.use_file)

    def use_file(self, path: str) -> None:
        """Make the hall from the set-up file at `path`."""
        self.show_trouble(None)
        self.controller.make_from_file(Path(path), all_hours=self.try_out.isChecked())

    def stop(self) -> None:
        super().stop()
        self.controller.busy_changed.disconnect(self.next_button.set_busy)
