"""The first start in seven steps: kind of hall, place, services and hours, texts, windows, people, features."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial
from math import ceil
from pathlib import Path
from typing import Any

from msgspec.structs import replace
from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QBoxLayout, QHBoxLayout, QLineEdit, QStackedWidget, QVBoxLayout, QWidget

from queuedesk import i18n
from queuedesk.core.setup.hall import WORDS
from queuedesk.core.setup.presets import PRESETS
from queuedesk.i18n import LANGUAGES, _, are_hall_words, list_text, n_, use_hall_words, wording_in_current_language
from queuedesk.i18n.names import window_name
from queuedesk.i18n.value_refusals import field_word
from queuedesk.stations.home import hall_draft, wizard_steps
from queuedesk.stations.home.controller import HomeController
from queuedesk.stations.home.page import HomePage
from queuedesk.stations.home.wizard_lists import PeopleWizardStep, ServicesWizardStep, SuggestionsWizardStep
from queuedesk.stations.widgets import paint, panels, topbar
from queuedesk.stations.widgets.buttons import PaintedButton, PrimaryButton, SecondaryButton, TextButton
from queuedesk.stations.widgets.lists.strips import Toast
from queuedesk.stations.widgets.lists.tiles import TickBox
from queuedesk.stations.widgets.questions.dialogs import ask_and_do_if_confirmed
from queuedesk.stations.widgets.questions.files import ask_file
from queuedesk.stations.window.frame import LANGUAGE_NAMES, Preferences
from queuedesk.stations.window.style import TEXT_SIZES_PCT, Look

PC_FILE, SETUP_FILES = ".toml", "*.json *.toml"
STEP_NAMES = ("kind", "hall", "services", "facts", "windows", "people", "features")
"""What the steps are called in a picture's command line, in their order."""

# -- the steps at the side -----------------------------------------------------------------------------------------

SIDE_PX, SIDE_CLOSE_PX, SIDE_NARROW_PX = 296, 208, 104
MARGINS, CLOSE_MARGINS, NARROW_MARGINS = (40, 40, 24, 28), (20, 32, 8, 24), (12, 40, 8, 28)
SIDE_LARGE_TEXT, NAME_PX = 1.2, 40
DONE, OPEN, NOW, AHEAD = "done", "open", "now", "ahead"
"""States of a step; an open one was left with something still to fill in."""


class StepRow(PaintedButton):
    """A step: number in a circle and name; an earlier one leads back to it, a finished one has a tick."""

    def __init__(self, look: Look, number: int, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self._number, self._state = number, AHEAD

    def set_step(self, name: str, state: str, *, number: int) -> None:
        self._state, self._number = state, number
        self.setText(name)
        self.setAccessibleName(f"{self._number} {name}")
        self.setEnabled(state in (DONE, OPEN))
        self.update()

    @property
    def is_current(self) -> bool:
        return self._state == NOW

    def needed_width(self) -> int:
        look = self.look
        return look.px(NAME_PX) + ceil(paint.width_of_text(look.font(16, bold=True), self.text())) + 1

    def sizeHint(self) -> QSize:
        return QSize(self.look.large_px(200), self.look.px(46))

    def minimumSizeHint(self) -> QSize:
        return QSize(self.look.px(80), self.look.px(40))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, look, side = paint.Painter(self, self.look), self.look, self.look.px(28)
        current = self._state == NOW
        circle = QRectF(0, (self.height() - side) / 2, side, side)
        if self.underMouse() and self.isEnabled():
            painter.draw_box(QRectF(self.rect()), 8, "paper")
        fill = "primary" if current else "soft" if self._state == DONE else "surface"
        painter.draw_box(circle, 14, fill, edge="" if current else "edge")
        if self._state == DONE:
            painter.draw_icon("check", "primary", circle.left() + look.px(6), circle.top() + look.px(6), 16)
        else:
            ink = "on_primary" if current else "ink2"
            middle = Qt.AlignmentFlag.AlignHCenter
            painter.draw_words_and_give_end_x(str(self._number), look.font(15, bold=current), ink, circle, middle)
        left = look.px(NAME_PX)
        room = QRectF(left, 0, self.width() - left, self.height())
        painter.draw_words_and_give_end_x(self.text(), look.font(16, bold=current), "ink" if current else "ink2", room)


class WizardSidebar(panels.Panel):
    """`picked` gives the number of a step, from 0, to go back to."""

    picked = Signal(int)

    def __init__(self, look: Look, preferences: Preferences, steps: int, parent: QWidget | None = None) -> None:
        super().__init__(look, "surface", edge="right", parent=parent)
        self._preferences = preferences
        self._is_narrow = self._is_close = False
        head = QHBoxLayout()
        panels.set_scaled_margins(look, head, (0, 0, 0, 40), 12)
        self._brand = panels.Label(look, _("QueueDesk"), px=20, bold=True)
        self._mark = topbar.BrandMark(look)
        head.addWidget(self._mark)
        head.addWidget(self._brand, 1)
        column = self._column = QVBoxLayout(self)
        panels.set_scaled_margins(look, column, MARGINS, 0)
        column.addLayout(head)
        self.steps = [StepRow(look, number + 1) for number in range(steps)]
        for at, step in enumerate(self.steps):
            step.setObjectName(str(at))
            step.clicked.connect(self._emit_picked_step)
            column.addWidget(step)
        column.addStretch(1)
        self._language = panels.Label(look, _("Language"), px=16, token="ink2", elide=False)
        self._size = panels.Label(look, _("Text size"), px=16, token="ink2", elide=False)
        self.language_buttons = {code: TextButton(look, LANGUAGE_NAMES[code], height=44, px=16) for code in LANGUAGES}
        self.size_buttons = {pct: TextButton(look, str(pct), height=44, px=16) for pct in TEXT_SIZES_PCT}
        self._feet = [QBoxLayout(QBoxLayout.Direction.LeftToRight) for _foot in range(2)]
        choices: Sequence[dict[str, TextButton] | dict[int, TextButton]] = (self.language_buttons, self.size_buttons)
        for foot, label, buttons in zip(self._feet, (self._language, self._size), choices, strict=True):
            panels.set_scaled_margins(look, foot, spacing=4)
            foot.addWidget(label)
            for choice, button in buttons.items():
                button.setObjectName(str(choice))
                foot.addWidget(button)
            foot.addStretch(1)
            column.addLayout(foot)
        for button in self.language_buttons.values():
            button.clicked.connect(self._switch_to_pressed_language)
        for button in self.size_buttons.values():
            button.clicked.connect(self._set_text_size_of_pressed_button)
        look.changed.connect(self._fit_side_to_text_size)
        self._fit_side_to_text_size()
        self._show_chosen_language_and_size()

    def _show_chosen_language_and_size(self) -> None:
        for code, button in self.language_buttons.items():
            button.setDown(False)
            button.setEnabled(code != i18n.current_language())
        for pct, button in self.size_buttons.items():
            button.setDown(False)
            button.setEnabled(pct != self._preferences.text_pct)
            button.setAccessibleName(f"{self._size.text()} {pct} %")

    def set_narrow(self, narrow: bool, *, close: bool = False) -> None:
        """Keep only language and text size, below each other; `close` keeps everything in less room."""
        if (narrow, close) != (self._is_narrow, self._is_close):
            self._is_narrow, self._is_close = narrow, close
            self._fit_side_to_text_size()

    def _fit_side_to_text_size(self) -> None:
        """Leave the words out where large text leaves no room for them; the buttons still have their names."""
        look, narrow = self.look, self._is_narrow
        close = self._is_close and not narrow
        wide = SIDE_CLOSE_PX if close else SIDE_PX
        margins = NARROW_MARGINS if narrow else CLOSE_MARGINS if close else MARGINS
        brand = (
            self._mark.sizeHint().width()
            + look.gap(12)
            + ceil(paint.width_of_text(look.font(20, bold=True), _("QueueDesk")))
            + 1
        )
        names = max(brand, *(step.needed_width() for step in self.steps)) + look.gap(margins[0] + margins[2])
        self.setFixedWidth(look.px(SIDE_NARROW_PX) if narrow else max(look.large_px(wide), names))
        self._column.setContentsMargins(*(look.gap(side) for side in margins))
        for label in (self._language, self._size):
            label.setVisible(look.scale.text < SIDE_LARGE_TEXT and not narrow and not close)
        self._brand.setVisible(not narrow)
        for step in self.steps:
            step.setVisible(not narrow and bool(step.text()))
        ways = QBoxLayout.Direction
        for foot in self._feet:
            foot.setDirection(ways.TopToBottom if narrow else ways.LeftToRight)

    def show_steps(self, names: Sequence[str], at: int, is_open: Collection[int] = ()) -> None:
        """Name and count the steps and mark the current one; "" leaves one out, `is_open` has gaps to fill in."""
        count = 0
        for number, (step, name) in enumerate(zip(self.steps, names, strict=True)):
            count += bool(name)
            before = OPEN if number in is_open else DONE
            step.set_step(name, before if number < at else NOW if number == at else AHEAD, number=count)
        self._fit_side_to_text_size()

    def _emit_picked_step(self) -> None:
        sender = self.sender()
        if sender is not None:
            self.picked.emit(int(sender.objectName()))

    def _switch_to_pressed_language(self) -> None:
        sender = self.sender()
        if sender is not None:
            self._preferences.set_language(sender.objectName())

    def _set_text_size_of_pressed_button(self) -> None:
        sender = self.sender()
        if sender is not None:
            self._preferences.set_text_size_pct(int(sender.objectName()))
            self._show_chosen_language_and_size()


# -- the page ------------------------------------------------------------------------------------------------------

LARGE_TEXT, LOW_PX, NARROW_PX, SLIM_PX = 1.4, 620, 1200, 900
WIDE, CLOSE = (56, 26, 44, 20), (32, 26, 20, 20)
PARTS = ("", "hall", "services", "facts", "windows", "staff", "features")
"""The part of the draft that each step is about; the first is the choice of the preset."""


class WizardPage(HomePage):
    """Makes a hall step by step and checks what is typed at once. `join_wanted`: there is a hall already;
    `pc_file_chosen` gives the path of a file that says what this PC is for."""

    join_wanted = Signal()
    pc_file_chosen = Signal(str)

    def __init__(
        self, look: Look, controller: HomeController, preferences: Preferences, parent: QWidget | None = None
    ) -> None:
        super().__init__(look, controller, parent)
        self._preferences = preferences
        self.presets = wizard_steps.PresetWizardStep(look, controller)
        self.hall, self.services = wizard_steps.HallDetailsWizardStep(look), ServicesWizardStep(look)
        self.facts, self.windows, self.people = (
            SuggestionsWizardStep(look),
            wizard_steps.WindowsWizardStep(look),
            PeopleWizardStep(look),
        )
        self.features = wizard_steps.FeaturesWizardStep(look)
        self.steps: tuple[wizard_steps.WizardStep, ...] = (
            *(self.presets, self.hall, self.services),
            *(self.facts, self.windows, self.people, self.features),
        )
        self.draft: hall_draft.HallDraft | None = None
        self._problems: dict[str, str] = {}
        self._before: hall_draft.HallDraft | None = None
        self._gone: tuple[hall_draft.HallDraft, str, str] | None = None
        self.side = WizardSidebar(look, preferences, len(self.steps))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.side)
        row.addWidget(self._make_stage_panel(), 1)
        self.toast = Toast(look, self)
        self.toast.undone.connect(self._undo_row_removal)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.side.picked.connect(self.go_to_step)
        self.presets.picked.connect(self._change_preset_or_ask_first)
        self.presets.file_wanted.connect(self._ask_setup_file)
        self.presets.join_wanted.connect(self.join_wanted)
        for step in self.steps:
            step.changed.connect(self._take_changed_draft)
            step.removed.connect(self._offer_undo_removal)
        controller.busy_changed.connect(self.next_button.set_busy)
        self._show_current_step()

    def state_to_restore(self) -> tuple[Any, ...]:
        return self._trouble, self.draft, self._before, self.current_step_index, self.try_out.isChecked()

    def restore_state(self, left: tuple[Any, ...]) -> None:
        trouble, self.draft, self._before, at, is_try_out = left
        if self.draft is not None:
            self.draft = replace(self.draft, lang=i18n.current_language())
            self.presets.mark_chosen_preset(self.draft.preset)
        self.try_out.setChecked(is_try_out)
        self._stack.setCurrentIndex(at)
        self._show_current_step()
        self.show_trouble(trouble)

    @property
    def preset_cards(self) -> dict[str, QWidget]:
        return dict(self.presets.cards)

    @property
    def current_step_index(self) -> int:
        return self._stack.currentIndex()

    def _make_stage_panel(self) -> panels.Panel:
        look = self.look
        stage = panels.Panel(look)
        self._count = panels.Label(look, px=16, bold=True, token="ink2")
        self._question = panels.ShrinkingLabel(look, px=36, bold=True, least=22)
        self._second = panels.Label(look, px=17, token="ink2", wrap=True)
        self._stack = QStackedWidget()
        for step in self.steps:
            self._stack.addWidget(step)
        self.try_out = TickBox(look, _("Try-out: tickets at any hour"), px=16)
        self._note = panels.Label(look, px=15, token="ink2", wrap=True)
        self.back_button = SecondaryButton(look, _("Back"), icon="arrow-left", height=56, px=17)
        self.try_button = SecondaryButton(look, _("Try it"), icon="play", height=56, px=17)
        self.demo_button = SecondaryButton(look, _("Watch a demo day"), height=56, px=17)
        self.next_button = PrimaryButton(look, trailing="arrow-right", height=56, px=18)
        self.try_out.clicked.connect(self._show_current_step)
        self.back_button.clicked.connect(self.go_back)
        self.try_button.clicked.connect(self.controller.start_hall_trial)
        self.demo_button.clicked.connect(self.controller.start_demo_process)
        self.next_button.clicked.connect(self.go_on_or_create_hall)
        acts = QHBoxLayout()
        panels.set_scaled_margins(look, acts, (0, 10, 12, 0), 12)
        self._acts, self._above = acts, QHBoxLayout()
        panels.set_scaled_margins(look, self._above, (0, 8, 0, 0))
        acts.addWidget(self.try_out)
        acts.addWidget(self._note, 1, Qt.AlignmentFlag.AlignVCenter)
        acts.addStretch(0)
        for button in (self.back_button, self.demo_button, self.try_button, self.next_button):
            acts.addWidget(button)
        self._column = QVBoxLayout(stage)
        self._column.setSpacing(0)
        self._column.addWidget(self._count)
        self._column.addWidget(self._question)
        self._column.addSpacing(look.gap(4))
        self._column.addWidget(self._second)
        self._column.addSpacing(look.gap(14))
        self._column.addWidget(self._stack, 1)
        self._column.addWidget(self.refusal)
        self._column.addLayout(self._above)
        self._column.addLayout(acts)
        look.changed.connect(self._fit_parts_to_window)
        self._fit_parts_to_window()
        return stage

    def _fit_parts_to_window(self) -> None:
        """Move the tick to its own line where large text leaves no room; a low window hides the second line."""
        is_slim, is_narrow = (self.width() < self.look.px(limit) for limit in (SLIM_PX, NARROW_PX))
        self.side.set_narrow(is_slim, close=is_narrow)
        self._count.setVisible(is_slim)
        self._column.setContentsMargins(*(self.look.gap(side) for side in (CLOSE if is_narrow else WIDE)))
        self._second.setVisible(self.height() >= self.look.px(LOW_PX))
        self.next_button.setMinimumWidth(0 if is_narrow else self.look.large_px(220))
        line, other = self._acts, self._above
        if self.look.scale.text >= LARGE_TEXT or is_slim:
            line, other = other, line
        for widget in (self._note, self.try_out):
            if line.indexOf(widget) < 0:
                other.removeWidget(widget)
                line.insertWidget(0, widget, int(widget is self._note), Qt.AlignmentFlag.AlignVCenter)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_parts_to_window()

    # -- texts --
    def _show_current_step(self) -> None:
        at, last, step = self.current_step_index, len(self.steps) - 1, self.steps[self.current_step_index]
        left = []
        if self.draft is not None:
            self._problems, left = (
                hall_draft.sentences_of_wrong_fields(self.draft),
                hall_draft.unfilled_required_fields(self.draft),
            )
            self.services.any_hour = self.try_out.isChecked()
            # What is empty is still to be filled in, not wrong.
            step.show_draft(self.draft, {key: text for key, text in self._problems.items() if key not in left})
        names = [one.step_texts()[0] for one in self.steps]
        _name, question, second, _leads = step.step_texts()
        is_open = {
            PARTS.index(hall_draft.wizard_step_for_field(key))
            for key in (*self._problems, *left)
            if hall_draft.wizard_step_for_field(key) in PARTS
        }
        self.side.show_steps(names, at, is_open)
        self._count.setText(_("Step {n} of {last}", n=at + 1, last=last + 1))
        self._question.setText(question)
        self._second.setText(second)
        self.try_out.setVisible(at == 0)
        self.try_button.setVisible(at == 0 and self.controller.has_demo_feature)
        self.demo_button.setVisible(at == 0 and self.controller.has_demo_feature)
        self.back_button.setVisible(at > 0)
        self._note.setVisible(at > 0)
        self._note.setText(
            step.button_hint() if at < last else self._hall_draft_summary() if not self._problems and not left else ""
        )
        if self.draft is None:
            self.next_button.disable_with_reason(_("Pick a kind first"))
            return
        wrong, empty = (
            [key for key in keys if at == last or hall_draft.wizard_step_for_field(key) == PARTS[at]]
            for keys in (self._problems, left)
        )
        if wrong:
            self.next_button.disable_with_reason(n_("First fix {n} thing", "First fix {n} things", len(wrong)))
        elif empty:
            words = dict.fromkeys(_empty_field_name(key) for key in empty)
            self.next_button.disable_with_reason(_("Still to fill in: {fields}", fields=list_text(list(words))))
        else:
            self.next_button.enable_with_label(
                _wizard_title_of_preset(self.draft.preset) if at == last else self.steps[at + 1].step_texts()[3]
            )

    def _hall_draft_summary(self) -> str:
        if self.draft is None:
            return ""
        counts = (
            n_("{n} service", "{n} services", len(self.draft.named_services())),
            n_("{n} window", "{n} windows", len(self.draft.part_rows("windows"))),
            n_("{n} person", "{n} people", len(self.draft.named_people())),
        )
        name = self.draft.row_name(self.draft.hall_fields)
        return " · ".join((*([name] if name else []), *counts))

    def page_title(self) -> str:
        return _("New hall", context="title")

    def page_openers(self) -> Mapping[str, Callable[[], None]]:
        return {name: partial(self._go_to_step_with_library_preset, at) for at, name in enumerate(STEP_NAMES)}

    def _go_to_step_with_library_preset(self, at: int) -> None:
        """Show a step as it stands once a library was chosen."""
        if at:
            self._change_preset_or_ask_first("library")
        self.go_to_step(at)

    # -- going through it --
    def go_on_or_create_hall(self) -> None:
        if not self.next_button.isEnabled():
            return
        if self.current_step_index == len(self.steps) - 1:
            self.check_and_create_hall()
        else:
            self.go_to_step(self.current_step_index + 1)

    def go_back(self) -> None:
        if self.current_step_index > 0:
            self.go_to_step(self.current_step_index - 1)

    def go_to_step(self, at: int) -> None:
        self.show_trouble(None)
        self.toast.dismiss()
        if self.draft is not None and self.steps[at] is self.people:
            self.draft = self.draft.with_staff_row_per_window()
        self._stack.setCurrentIndex(at)
        self.steps[at].verticalScrollBar().setValue(0)
        self._show_current_step()
        first = self.steps[at].first_field()
        (first or self).setFocus(Qt.FocusReason.OtherFocusReason)
        if isinstance(first, QLineEdit):
            first.selectAll()
        self._apply_hall_words()

    def check_and_create_hall(self) -> None:
        """Make the hall as drafted; where managers or admins have no PIN, ask first whether that is meant."""
        self.show_trouble(None)
        if self.draft is None or self._problems:
            return
        if open_names := [self.draft.row_name(row) for row in self.draft.privileged_staff_without_pin()]:
            ask_and_do_if_confirmed(
                self,
                self.look,
                self._make_hall_from_draft,
                title=n_("{names} has no PIN", "{names} have no PIN", len(open_names), names=list_text(open_names)),
                effect=_(
                    "Anybody at a station can then choose that name and do all that the role allows: read figures and comments, correct tickets, change the set-up."
                ),
                safe=_("Give a PIN"),
                act=_("Continue without a PIN"),
            )
        else:
            self._make_hall_from_draft()

    def _make_hall_from_draft(self) -> None:
        if self.draft is not None:
            self.controller.create_hall_from_draft(self.draft, all_hours=self.try_out.isChecked())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.isAutoRepeat():
            if not self.steps[self.current_step_index].handle_enter():
                self.next_button.click()
        elif event.key() == Qt.Key.Key_Escape:
            self.go_back()
        else:
            super().keyPressEvent(event)

    def _change_preset_or_ask_first(self, preset: str) -> None:
        """Begin with another kind of hall; where that would replace services that a person changed, ask first."""
        before = self.draft
        if before is None or preset == before.preset or not before.has_edited_services:
            self._begin_draft_with_preset(preset)
            return
        self.presets.mark_chosen_preset(before.preset)
        self.presets.cards[before.preset].setFocus(Qt.FocusReason.OtherFocusReason)
        ask_and_do_if_confirmed(
            self,
            self.look,
            partial(self._begin_draft_with_preset, preset),
            title=_("Change to {kind}?", kind=wording_in_current_language(PRESETS[preset])),
            effect=_(
                "What you entered for services, public texts and windows is replaced by what this kind begins with. Name, place, words, hours and people stay."
            ),
            safe=_("Keep what I entered"),
            act=_("Change the kind"),
        )

    def _begin_draft_with_preset(self, preset: str) -> None:
        """Begin with a kind of hall; what a person typed of the hall itself and its people stays."""
        before, self.draft = self.draft, self.controller.draft_from_preset(preset)
        if before is not None:
            self.draft = self.draft.with_hall_data_from(before)
        self.presets.mark_chosen_preset(preset)
        self._show_current_step()

    def _take_changed_draft(self, draft: hall_draft.HallDraft) -> None:
        if self.draft is not None and len(draft.document["services"]) > len(self.draft.document["services"]):
            self.toast.dismiss()  # the new row has the letter of the one that was gone
        self._before, self.draft = self.draft, draft
        self._show_current_step()
        if not isinstance(QApplication.focusWidget(), QLineEdit):  # who types a name goes on typing
            self._apply_hall_words()

    def _offer_undo_removal(self, part: str, code: str, name: str) -> None:
        if self._before is not None:
            self._gone = self._before, part, code
            what = window_name(code) if part == "windows" else name
            self.toast.show_toast(_("{name} removed", name=what), undo=_("Undo"), icon="remove")

    def _undo_row_removal(self) -> None:
        if self.draft is not None and self._gone is not None:
            self._take_changed_draft(self.draft.with_row_restored(*self._gone))

    def _apply_hall_words(self) -> None:
        """Speak as the hall will; the first step is about every kind of hall and keeps the usual words."""
        hall = self.draft.hall_fields if self.draft is not None and self.current_step_index else {}
        chosen = hall.get("words") or {}
        words = {what: str(chosen.get(what) or field.usual) for what, field in WORDS.items()}
        # Until a name is typed, the hall is called as its kind is.
        name = str(hall.get("name") or "") or (self.draft.base["hall"]["name"] if hall and self.draft else "")
        if not are_hall_words(**words, hall=name):
            use_hall_words(**words, hall=name)
            self.repaint()  # show the choice at once: the page in the new words takes longer
            self.request_rebuild()

    # -- a file instead --
    def _ask_setup_file(self) -> None:
        ask_file(self, _("Set up from a file …"), SETUP_FILES, self.create_hall_or_pass_pc_file)

    def create_hall_or_pass_pc_file(self, path: str) -> None:
        """Make the hall of a set-up file, or leave a PC's file to who listens."""
        self.show_trouble(None)
        if Path(path).suffix.lower() == PC_FILE:
            self.pc_file_chosen.emit(path)
            return
        self.controller.create_hall_from_setup_file(Path(path), all_hours=self.try_out.isChecked())

    def stop(self) -> None:
        super().stop()
        self.controller.busy_changed.disconnect(self.next_button.set_busy)


def _empty_field_name(key: str) -> str:
    if key == "week":
        return _("a day that is open")
    if key.endswith(".pin"):
        return _("the admin's PIN")
    if key == "hall.name":
        return _("the hall's name")
    return _("the admin's name") if key.startswith("staff.") else field_word(key.rsplit(".", maxsplit=1)[-1])


def _wizard_title_of_preset(preset: str) -> str:
    texts: Mapping[str, str] = {
        "bank": _("Set up the branch"),
        "clinic": _("Set up the clinic"),
        "library": _("Set up the library"),
        "pharmacy": _("Set up the pharmacy"),
        "post": _("Set up the post office"),
        "telecom": _("Set up the shop"),
    }
    return texts.get(preset) or _("Set up the hall")
