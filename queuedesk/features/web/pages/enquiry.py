"""Cases at the front desk, and in the manager: how far one is, and how many visits such answers saved."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from queuedesk.core.errors import QueueDeskError
from queuedesk.core.log.event import Event
from queuedesk.desk.change import Document
from queuedesk.features.web.rules import FRONT_DESK, IMPORTED
from queuedesk.features.web.verbs import progress
from queuedesk.i18n import _, current_language, error_sentence
from queuedesk.stations.guide.screen_keys import FieldKeyboard
from queuedesk.stations.widgets.buttons import PrimaryButton, SecondaryButton
from queuedesk.stations.widgets.panels import Label
from queuedesk.stations.widgets.questions.dialogs import Dialog, ErrorLine, FormField
from queuedesk.stations.window.context import StationContext
from queuedesk.stations.window.style import Look

if TYPE_CHECKING:
    from queuedesk.stations.guide.station import GuideView


# -- the front desk ----------------------------------------------------------------------------------------------------


class CaseEnquiryController(QObject):
    """Reads how far cases are, and counts visits saved. `told` carries a case's state, `refused` why there is none,
    `counted` follows a count."""

    told = Signal(dict)
    refused = Signal(object)
    counted = Signal()

    def __init__(self, context: StationContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self.has_cases = self._is_busy = False
        context.feed.changed.connect(self._follow_events)
        self._check_for_case_progress()

    def _follow_events(self, events: list[Event]) -> None:
        if any(event.kind == IMPORTED for event in events):
            self._check_for_case_progress()

    def _check_for_case_progress(self) -> None:
        """See in the background whether the back office has said anything."""
        read = partial(progress.has_progress, self.context.desk)
        self.context.tasks.run_in_side_lane(read, self._store_has_cases, _ignore_answer, may_drop=True)

    def _store_has_cases(self, has: bool) -> None:
        self.has_cases = has

    def start_reading_case_progress(self, reference: str) -> None:
        if not self._is_busy:
            self._is_busy = True
            read = partial(progress.case_progress_document, self.context.desk, reference, current_language())
            self.context.tasks.run_in_side_lane(read, self._emit_told_answer, self._on_refused)

    def _emit_told_answer(self, found: Document) -> None:
        self._is_busy = False
        self.told.emit(found)

    def _on_refused(self, trouble: QueueDeskError) -> None:
        self._is_busy = False
        self.refused.emit(trouble)

    def count_avoided_visit(self) -> None:
        record = partial(progress.record_case_enquiry, self.context.desk, self.context.new_ask(), FRONT_DESK)
        self.context.tasks.run(record, lambda _told: self.counted.emit(), _ignore_answer)


def _ignore_answer(_answer: object) -> None:
    """Whether there are cases is seen with the next import; a count that failed is not worth a message."""


class FrontDeskCaseEnquiryPart(QObject):
    """What the front desk's view has of cases: a question in the menu, where the back office has said anything."""

    card = None

    def __init__(self, view: GuideView) -> None:
        super().__init__(view)
        self._view, self.controller = view, CaseEnquiryController(view.context, self)
        self.controller.counted.connect(self._announce_visit_counted)

    @property
    def is_offered(self) -> bool:
        return self.controller.has_cases

    def _announce_visit_counted(self) -> None:
        self._view.acts.say_in_toast(_("Counted: answered without a ticket"))

    def open_stage(self) -> None:
        FrontDeskCaseEnquiryDialog(self._view, self._view.context.look, self.controller).open_dialog()

    def refresh(self) -> None: ...

    def is_own_stage(self, stage: QWidget | None) -> bool:
        return False

    def set_hall_away(self, away: bool) -> None: ...


class FrontDeskCaseEnquiryDialog(Dialog):
    """Asks for a reference and says how far the case is. Who was answered and needs no ticket is counted as a visit
    saved when the question closes."""

    def __init__(self, host: QWidget, look: Look, controller: CaseEnquiryController) -> None:
        super().__init__(host, look, title=_("How far is the case?"), width=880)
        self._controller, self._is_answered = controller, False
        self.reference = FormField(
            self.look, _("Reference", context="case"), hint=_("as on the receipt: typed, or its code at the scanner")
        )
        self.body.addWidget(self.reference)
        self.state = Label(self.look, px=26, bold=True, wrap=True)
        self.more = Label(self.look, px=17, token="ink2", wrap=True)
        self.trouble = ErrorLine(self.look)
        for line in (self.state, self.more, self.trouble):
            line.hide()
            self.body.addWidget(line)
        self.keys = FieldKeyboard(self.look, self.reference)
        self.body.addWidget(self.keys)
        edit = self.reference.edit
        assert isinstance(edit, QLineEdit)
        edit.textChanged.connect(self._update_button)
        self.ticket_button = SecondaryButton(self.look, _("A ticket is needed"), icon="ticket", height=56, px=18)
        self.ticket_button.clicked.connect(self.close_dialog)
        self.ticket_button.hide()
        self.no_button = SecondaryButton(self.look, _("Back"), key="Esc", height=56, px=18)
        self.no_button.clicked.connect(self.refuse)
        self.yes_button = PrimaryButton(self.look, "", height=56, px=18)
        self.yes_button.clicked.connect(self._ask_about_typed_case)
        for button in (self.ticket_button, self.no_button, self.yes_button):
            self.buttons.addWidget(button)
        controller.told.connect(self._show_case_state)
        controller.refused.connect(self._show_trouble)
        self.refused.connect(self._count_avoided_visit)
        self._update_button()

    def first_focus_widget(self) -> QWidget:
        return self.reference.edit

    def _update_button(self) -> None:
        for told in (self.state, self.more, self.trouble):
            told.hide()  # it is about another reference
        if self.reference.value().strip():
            self.yes_button.enable_with_label(_("Show", context="web"))
        else:
            self.yes_button.disable_with_reason(_("Enter the reference"))

    def _ask_about_typed_case(self) -> None:
        if reference := self.reference.value().strip():
            self._controller.start_reading_case_progress(reference)

    @Slot(dict)
    def _show_case_state(self, found: dict[str, str]) -> None:
        self._is_answered = True
        since = _("since {date}", date=found["since"], context="web") if found["since"] else ""
        self.state.setText(found["state"])
        self.more.setText(" · ".join(part for part in (found["reference"], since, found["note"]) if part))
        self.trouble.hide()
        for shown in (self.state, self.more, self.ticket_button):
            shown.show()
        self._fit_to_host()

    @Slot(object)
    def _show_trouble(self, trouble: QueueDeskError) -> None:
        self.state.hide()
        self.more.hide()
        self.trouble.show_refusal(error_sentence(trouble))
        self._fit_to_host()

    @Slot()
    def _count_avoided_visit(self) -> None:
        if self._is_answered:
            self._controller.count_avoided_visit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if not event.isAutoRepeat():
                self._ask_about_typed_case()
        else:
            super().keyPressEvent(event)
