"""What the person at a station has to do in own cases: a card beside the work, and the steps of a case from there."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from queuedesk.core.errors import QueueDeskError
from queuedesk.core.network.roles import Actor
from queuedesk.core.quality.case import TRIES, DueQualityTask, quality_duties_of_person, working_days_past_due
from queuedesk.core.setup.rows import Setup
from queuedesk.i18n import _, current_language, date_for_staff, error_sentence, n_
from queuedesk.i18n import quality as quality_words
from queuedesk.stations.widgets import buttons, paint, panels
from queuedesk.stations.widgets.questions.dialogs import Dialog
from queuedesk.stations.window.frame import StationPage
from queuedesk.stations.window.style import Look

if TYPE_CHECKING:
    from queuedesk.stations.manager.quality.cases_controller import CasesController

Document = Mapping[str, Any]
HISTORY_SHOWN, LISTED = 4, 8
ASK_AGAIN_MS = 400
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_ICONS = {"contact": "phone", "act": "edit", "call-back": "phone", "verdict": "message", "close": "check"}


# -- in words ----------------------------------------------------------------------------------------------------------


def _next_step_of_case(duty: DueQualityTask, today: date) -> str:
    step = duty.case.next_step(today) if duty.case is not None else None
    return str(step) if step is not None else ""


def _due_text_and_level(setup: Setup, duty: DueQualityTask, today: date) -> tuple[str, str]:
    over = working_days_past_due(setup, duty.due, today)
    return quality_words.due_words(over), "red" if duty.due < today else "amber" if over == 0 else ""


def _case_number_or_duty_heading(duty: DueQualityTask) -> str:
    return duty.case.number if duty.case is not None else _("To put right", context="duty")


def _case_duty_subject_text(duty: DueQualityTask) -> str:
    """Return what it is about as far as the feed knows it: a finding's words are read beside it."""
    if duty.fix is not None:
        return _("found on {day}", day=date_for_staff(duty.fix.date))
    case = duty.case
    if case is None:
        return ""
    title = quality_words.case_title_or_origin(case.title, case.source or None, case.about)
    return _("{title} · from {ticket}", title=title, ticket=case.about) if case.title and case.about else title


def case_duty_counts_line(duties: Sequence[DueQualityTask], today: date) -> str:
    line, late = _("Your tasks: {n}", n=len(duties)), sum(one.due < today for one in duties)
    if late == 1:
        return _("{line}, one overdue", line=line)
    return _("{line}, {n} overdue", line=line, n=late) if late else line


def _new_case_duty_message(duty: DueQualityTask, today: date) -> str:
    if duty.case is None:
        return _("You have something to put right by {day}", day=date_for_staff(duty.due))
    step = quality_words.next_case_step_words(_next_step_of_case(duty, today))
    return _("Case {number} is yours, {step} by {day}", number=duty.key, step=step, day=date_for_staff(duty.due))


def _case_step_button_text(step: str, tries: int) -> str:
    return {
        "contact": _("I have contacted"),
        "act": _("Note what was done"),
        "call-back": _("Note the call-back"),
        "verdict": _("Note the verdict"),
        "close": _("Not reached: close") if tries >= TRIES else _("Close the case"),
    }.get(step, "")


# -- the card ----------------------------------------------------------------------------------------------------------


class OwnCasesCard(panels.Card):
    """The most urgent thing that the person here has to do in a case, and how many there are. `acted` asks for its next
    step, `opened` for all of it, `listed` for the others. Hidden while there is nothing: `came_or_went`."""

    acted = Signal()
    opened = Signal()
    listed = Signal()
    came_or_went = Signal()
    spoken_role = paint.GROUP

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, radius=10, parent=parent)
        self.number = panels.Label(look, px=17, bold=True, elide=False)
        self.klass = buttons.Pill(look, "", px=14, height=26)
        self.due = panels.TextRunsLabel(look, align=Qt.AlignmentFlag.AlignRight)
        self.about = panels.Label(look, px=15, wrap=True, most=2)
        self.act_button = buttons.SecondaryButton(look, "", height=44, px=15)
        self.open_button = buttons.SecondaryButton(look, "", height=44, px=15)
        self.open_button.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.all_button = buttons.TextButton(look, "", icon="info", height=30, px=15, align="left")
        column = QVBoxLayout(self)
        panels.set_scaled_margins(look, column, (14, 10, 14, 10), 6)
        head = QHBoxLayout()
        panels.set_scaled_margins(look, head, spacing=10)
        head.addWidget(self.number)
        head.addWidget(self.klass)
        head.addWidget(self.due, 1)
        column.addLayout(head)
        column.addWidget(self.about)
        keys = QHBoxLayout()
        panels.set_scaled_margins(look, keys, spacing=8)
        keys.addWidget(self.act_button, 1)
        keys.addWidget(self.open_button)
        column.addLayout(keys)
        column.addWidget(self.all_button)
        # Fixed would hold the card at the height of one line of words.
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self.act_button.clicked.connect(self.acted)
        self.open_button.clicked.connect(self.opened)
        self.all_button.clicked.connect(self.listed)
        self._low = self._is_case = False
        self._class = self._about = ""
        self.hide()

    def show_case_duties(
        self, setup: Setup, duties: Sequence[DueQualityTask], today: date, *, found: str = "", may_prove: bool = False
    ) -> None:
        """Show the first duty, its key as wide as the card; `found` are the words of a finding, once they are read."""
        if self.isHidden() == bool(duties):
            self.setVisible(bool(duties))
            self.came_or_went.emit()
        if not duties:
            return
        first, case = duties[0], duties[0].case
        due, level = _due_text_and_level(setup, first, today)
        icon = {"red": "clock", "amber": "hourglass"}.get(level, "")
        self.number.setText(_case_number_or_duty_heading(first))
        self._is_case = case is not None
        self._class = quality_words.case_class_word(case.klass) if case is not None else ""
        self.klass.set_text_and_colors(self._class, tint="sunken", token="ink2")
        self.due.set_runs((panels.TextRun(due, 15, bold=level == "red", token=level or "ink2", icon=icon),))
        self._about = found or _case_duty_subject_text(first)
        step = _next_step_of_case(first, today)
        proof = _("Record the fix") if may_prove else _("Open", context="case")
        self.act_button.setVisible(bool(step) or case is None)
        self.act_button.setText(proof if case is None else _case_step_button_text(step, case.tries))
        self.act_button.set_icon("edit" if case is None and may_prove else _ICONS.get(step))
        self.open_button.setVisible(case is not None)
        self.open_button.setText(_("Open", context="case"))
        self.open_button.setAccessibleName(_("Open {what}", what=_case_number_or_duty_heading(first)))
        more = case_duty_counts_line(duties, today)
        self.all_button.setText(more)
        self.all_button.setVisible(len(duties) > 1)
        self.setAccessibleName(
            ", ".join((_("Your tasks"), _case_number_or_duty_heading(first), self._about, due, more))
        )
        self._fit_text_and_class_pill()

    def set_rail_is_low(self, low: bool) -> None:
        self._low = low
        self._fit_text_and_class_pill()

    def _fit_text_and_class_pill(self) -> None:
        # What was found is the card's one matter; a case has its number.
        self.about.setVisible(not self._low or not self._is_case)
        self.about.set_maximum_lines(1 if self._low else 2)
        # Until when is never cut: the class gives way to it and begins the line below.
        parts = (self.number, self.klass, self.due)
        room = self.width() - self.look.px(2 * 14 + 2 * 10)
        has_room = sum(part.sizeHint().width() for part in parts) <= room
        self.klass.setVisible(self._is_case and not self._low and has_room)
        words = [self._about] if has_room or not self._class else [self._class, self._about]
        self.about.setText(" · ".join(part for part in words if part))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_text_and_class_pill()

    def set_hall_away(self, away: bool) -> None:
        for button in (self.act_button, self.open_button, self.all_button):
            button.set_disabled_while_away(away)

    def tab_stops(self) -> list[QWidget]:
        return [self.act_button, self.open_button, self.all_button]

    def paintEvent(self, event: QPaintEvent) -> None:
        paint.Painter(self, self.look).draw_box(QRectF(self.rect()), 10, "surface", edge="edge", width=1.5)


# -- a case, and all of them, over a station ---------------------------------------------------------------------------


class OwnCaseDialog(Dialog):
    """One own case with its way, contact and last entries. `step` asks for its next step, `vain` for a call-back
    without an answer, `noting` for a note, `contact` for the whole contact."""

    step = Signal()
    vain = Signal()
    noting = Signal()
    contact = Signal()
    done = Signal()

    def __init__(self, host: QWidget, look: Look, setup: Setup, case: Document) -> None:
        from queuedesk.stations.manager.quality import case_texts

        title = quality_words.case_title_or_origin(case["title"], case.get("source"), case["ticket"])
        ticket = [_("from {ticket}", ticket=case["ticket"])] if case["ticket"] and case["title"] else []
        effect = " · ".join((quality_words.case_class_word(case["class"]), title, *ticket))
        super().__init__(
            host, look, title=_("Case {number}", context="title", number=case["number"]), effect=effect, width=760
        )
        self.case = case
        look = self.look
        if case.get("words"):
            self.body.addWidget(panels.Label(look, case["words"], px=17, wrap=True))
        way = case_texts.CaseProgressStepsWidget(look)
        name, again = _("Progress of case {number}", number=case["number"]), case["reopened"] > 0
        way.set_steps(case_texts.case_progress_steps(setup, case), name, again=again)
        self.body.addWidget(way)
        reach = QHBoxLayout()
        panels.set_scaled_margins(look, reach, spacing=12)
        self.reach = panels.TextRunsLabel(look)
        reach.addWidget(self.reach, 1)
        self.show_button = buttons.TextButton(look, _("Show for this case"), height=44, px=15)
        self.show_button.clicked.connect(self.contact)
        self.show_button.setVisible(bool(case["contact"]))
        reach.addWidget(self.show_button)
        self.body.addLayout(reach)
        self.show_contact_words(
            case["contact"] or quality_words.missing_contact_reason(case["contact_until"], asked=case["contact_asked"])
        )
        for at, _icon, words, _cites in case_texts.history_rows(setup, case)[:HISTORY_SHOWN]:
            self.body.addWidget(
                panels.TextRunsLabel(look, (panels.TextRun(at, 15, token="ink2"), panels.TextRun(words, 15, gap=12)))
            )
        self.note_button = buttons.SecondaryButton(look, _("Write a note"), height=56, px=17)
        self.note_button.clicked.connect(self.noting)
        self.vain_button = buttons.SecondaryButton(look, case_texts.unanswered_call_button_text(case), height=56, px=17)
        self.vain_button.setVisible(case["next"] == "call-back")
        self.vain_button.clicked.connect(self.vain)
        for button in (self.note_button, self.vain_button):
            self.buttons.insertWidget(self.buttons.count() - 1, button)
        self.add_answer_buttons(_("Back"), case_texts.next_step_button_text(case), self.step.emit)

    def show_contact_words(self, words: str) -> None:
        self.reach.set_runs((panels.TextRun(words, 17, icon="lock"),))

    def first_focus_widget(self) -> QWidget:
        return self.yes_button

    def close_as_done(self) -> None:
        """Close it: another question follows, or it is done."""
        self.close_dialog()
        self.done.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _ENTER and not event.isAutoRepeat():
            self.step.emit()
        super().keyPressEvent(event)


class CaseDutiesDialog(Dialog):
    """Everything that the person here has to do in cases, the most urgent first. `chosen` gives the Duty."""

    chosen = Signal(object)
    done = Signal()

    def __init__(self, host: QWidget, look: Look, setup: Setup, duties: Sequence[DueQualityTask], today: date) -> None:
        super().__init__(host, look, title=case_duty_counts_line(duties, today), width=720)
        self.rows: list[buttons.SecondaryButton] = []
        for duty in duties[:LISTED]:
            due, level = _due_text_and_level(setup, duty, today)
            state = (
                quality_words.case_state_word(str(duty.case.state), reopened=duty.case.reopened > 0)
                if duty.case is not None
                else ""
            )
            second = " · ".join(part for part in (state, due) if part)
            icon = {"red": "clock", "amber": "hourglass"}.get(level, "dot")
            words = " · ".join((_case_number_or_duty_heading(duty), _case_duty_subject_text(duty)))
            row = buttons.SecondaryButton(self.look, words, icon=icon, second=second, height=60, px=17, align="left")
            row.clicked.connect(partial(self._close_and_emit_case_duty, duty))
            self.body.addWidget(row)
            self.rows.append(row)
        if (more := len(duties) - LISTED) > 0:
            self.body.addWidget(panels.Label(self.look, n_("{n} more", "{n} more", more), px=15, token="ink2"))
        self.add_answer_buttons(_("Back"))

    def first_focus_widget(self) -> QWidget:
        return self.rows[0] if self.rows else self.no_button

    def _close_and_emit_case_duty(self, duty: DueQualityTask) -> None:
        self.close_dialog()
        self.done.emit()
        self.chosen.emit(duty)


class OwnCasesController(QObject):
    """Fills a station's `card`, where it has one, from what the feed knows and asks what its keys need. `said` is what
    was done, with an icon; `counted` how many things there are to do."""

    said = Signal(str, str)
    counted = Signal(int)

    def __init__(
        self,
        page: StationPage,
        card: OwnCasesCard | None = None,
        *,
        host: Callable[[], QWidget] | None = None,
        put: Callable[[Dialog], None] | None = None,
    ) -> None:
        """`host` gives what a question stands over, `put` opens it where the page has one at a time."""
        super().__init__(page)
        self._page, self.card = page, card
        self._look = page.context.look
        self._host = host or (lambda: page)
        self._put = put or Dialog.open_dialog
        self._made: CasesController | None = None
        self._known: set[str] | None = None
        self._for: Actor | None = None
        self._after: Callable[[Document], None] | None = None
        self._shown: object = None
        self.duties: list[DueQualityTask] = []
        self._found: dict[int, str] = {}
        self.dialog: Any = None
        self._later = QTimer(self, singleShot=True, interval=ASK_AGAIN_MS)
        self._later.timeout.connect(self.refresh)
        if card is not None:
            card.acted.connect(self._start_next_step_of_first_duty)
            card.opened.connect(lambda: self.open_duty(self.duties[0]) if self.duties else None)
            card.listed.connect(self.open_case_duties)
        feed = page.context.feed
        feed.changed.connect(self._refresh_on_events)
        feed.replaced.connect(self.refresh)

    # -- what is shown -----------------------------------------------------------------------------------------------

    def _refresh_on_events(self, _events: object) -> None:
        self.refresh()

    def refresh(self) -> None:
        """Show what there is to do; while a question stands nothing comes or goes."""
        context = self._page.context
        state, today = context.feed.state, context.feed.business_date
        duties: list[DueQualityTask] = []
        if context.who is not None and state.setup_now is not None:
            cases = state.cases.values()
            fixes = state.rectifications.values() if state.setup_now.has_feature("inspections") else ()
            duties = quality_duties_of_person(cases, fixes, context.who.name, today)
        shown = (duties, today, context.who, current_language(), state.setup_now)
        if shown == self._shown:
            return
        if any(one.isVisible() for one in self._page.window().findChildren(Dialog)):
            self._later.start()
            return
        self.duties, self._shown = duties, shown
        self._show_card()
        if context.who != self._for:
            self._for, self._known = context.who, None
        keys = {one.key for one in self.duties}
        fresh = [one for one in self.duties if self._known is not None and one.key not in self._known]
        # Whoever has just come finds what is there; only what comes later is told.
        self._known = keys if context.who is not None else None
        paint.announce_to_screen_reader(self.card or self._page, *(_new_case_duty_message(one, today) for one in fresh))
        self.counted.emit(len(self.duties))

    def _show_card(self) -> None:
        """Fill the card; the words of what is to be put right stand in no event and are read beside it."""
        if self.card is None:
            return
        context, who = self._page.context, self._page.context.who
        fix = self.duties[0].fix if self.duties else None
        if fix is not None and fix.seq not in self._found:
            self._found[fix.seq] = ""
            # Unread words are asked for again when something has changed; nobody is told why the card lacks them.
            self._cases_controller.read_and_pass_on_rectification(
                fix.seq, self._keep_read_finding_and_show_card, partial(self._forget_finding_words, fix.seq)
            )
        self.card.show_case_duties(
            context.feed.setup,
            self.duties,
            context.feed.business_date,
            found=self._found.get(fix.seq, "") if fix is not None else "",
            may_prove=who is not None and who.may("fix-proof"),
        )

    def _keep_read_finding_and_show_card(self, fix: Document) -> None:
        if fix["issue"]:
            self._found[fix["rectification"]] = fix["issue"]
            self._show_card()

    def _forget_finding_words(self, seq: int, _trouble: QueueDeskError) -> None:
        self._found.pop(seq, None)

    def _start_next_step_of_first_duty(self) -> None:
        if self.duties and self.duties[0].case is None:
            self.open_duty(self.duties[0])
        else:
            self._read_case_and_then(self._ask_case_step)

    @property
    def duty_counts_line(self) -> str:
        return case_duty_counts_line(self.duties, self._page.context.feed.business_date) if self.duties else ""

    # -- what is asked -----------------------------------------------------------------------------------------------

    @property
    def _cases_controller(self) -> CasesController:
        """Made when it is first needed: a station starts sooner."""
        if self._made is None:
            from queuedesk.stations.manager.quality.cases_controller import CasesController

            self._made = made = CasesController(self._page.context, self)
            made.case_read.connect(self._pass_on_read_case)
            made.done.connect(self._on_case_act_done)
            made.refused.connect(self._show_act_refusal)
            made.pin_needed.connect(self._ask_pin)
        return self._made

    def open_case_duties(self) -> None:
        if len(self.duties) == 1:
            self.open_duty(self.duties[0])
        elif self.duties:
            context = self._page.context
            dialog = CaseDutiesDialog(
                self._host(), self._look, context.feed.setup, self.duties, context.feed.business_date
            )
            dialog.chosen.connect(self.open_duty)
            self._show_and_keep_dialog(dialog)

    def open_duty(self, duty: DueQualityTask) -> None:
        if duty.case is not None:
            self._read_case_and_then(self._show_case, duty.key)
        elif duty.fix is not None:
            self._cases_controller.read_and_pass_on_rectification(duty.fix.seq, self._open_finding_proof_dialog)

    def _read_case_and_then(self, then: Callable[[Document], None], number: str = "") -> None:
        if not number and not self.duties:
            return
        self._after = then
        self._cases_controller.read_case(number or self.duties[0].key)

    def _pass_on_read_case(self, case: Document) -> None:
        if self._after is not None:
            self._after(case)

    def _show_case(self, case: Document) -> None:
        dialog = OwnCaseDialog(self._host(), self._look, self._page.context.feed.setup, case)
        dialog.step.connect(partial(self._close_dialog_and_ask_about_case, self._ask_case_step, case))
        dialog.noting.connect(partial(self._close_dialog_and_ask_about_case, self._ask_note, case))
        dialog.vain.connect(partial(self._cases_controller.take_case_step, "call-back", case["number"], reached=False))
        dialog.contact.connect(partial(self._cases_controller.show_contact_after_pin, case["number"]))
        self._show_and_keep_dialog(dialog)

    def _close_dialog_and_ask_about_case(self, ask: Callable[[Document], None], case: Document) -> None:
        self._close_dialog()
        ask(case)

    def _ask_case_step(self, case: Document) -> None:
        from queuedesk.stations.manager.quality.case_texts import next_step_dialog

        dialog = next_step_dialog(self._host(), self._look, case)
        dialog.wanted.connect(partial(self._cases_controller.take_next_step, case))
        self._show_and_keep_dialog(dialog)

    def _ask_note(self, case: Document) -> None:
        from queuedesk.stations.manager.quality.case_texts import case_note_dialog

        dialog = case_note_dialog(self._host(), self._look, case["number"])
        dialog.wanted.connect(lambda said: self._cases_controller.take_case_step("note", case["number"], **said))
        self._show_and_keep_dialog(dialog)

    def _ask_pin(self, number: str, secret: str) -> None:
        from queuedesk.stations.manager.quality.case_texts import contact_pin_dialog

        self._close_dialog()
        dialog = contact_pin_dialog(self._host(), self._look, secret)
        dialog.wanted.connect(lambda said: self._cases_controller.show_contact(number, said["pin"]))
        self._show_and_keep_dialog(dialog)

    def _open_finding_proof_dialog(self, fix: Document) -> None:
        from queuedesk.stations.manager.quality.case_texts import finding_proof_dialog

        who = self._page.context.who
        may = who is not None and who.may("fix-proof")
        dialog = finding_proof_dialog(self._host(), self._look, fix, may_prove=may)
        dialog.wanted.connect(
            lambda said: self._cases_controller.prove_rectification(fix["rectification"], said["proof"])
        )
        self._show_and_keep_dialog(dialog)

    def _show_and_keep_dialog(self, dialog: Any) -> None:
        self.dialog = dialog
        dialog.destroyed.connect(self._forget_destroyed_dialog)
        self._put(dialog)

    def _close_dialog(self) -> None:
        dialog, self.dialog = self.dialog, None
        if dialog is not None:
            dialog.close_as_done()

    def _forget_destroyed_dialog(self, gone: QObject) -> None:
        if self.dialog is gone:
            self.dialog = None

    # -- what came of it ---------------------------------------------------------------------------------------------

    def _on_case_act_done(self, verb: str, document: Document) -> None:
        self._close_dialog()
        if verb == "contact-shown":
            reach = [document.get("name"), document.get("contact")]
            self._read_case_and_then(
                partial(self._show_contact, "  ".join(part for part in reach if part)), document["number"]
            )
            return
        if verb == "prove":
            self.said.emit(_("Noted; someone else will check it"), "check")
        else:
            state = quality_words.case_state_word(document["state"], reopened=document["reopened"] > 0)
            self.said.emit(_("Case {number}: {state}", number=document["number"], state=state), "check")
        self.refresh()

    def _show_contact(self, words: str, case: Document) -> None:
        self._show_case(case)
        self.dialog.show_contact_words(words)
        self.dialog.show_button.hide()

    def _show_act_refusal(self, _verb: str, trouble: QueueDeskError) -> None:
        if hasattr(self.dialog, "show_trouble"):
            self.dialog.show_trouble(trouble)
        else:
            self._close_dialog()
            self.said.emit(error_sentence(trouble), "warning")
