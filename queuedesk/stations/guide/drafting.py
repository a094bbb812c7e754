"""The ticket under way, until it is printed, put off or sent another way: in words, and with its questions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any, Protocol

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QGridLayout, QHBoxLayout, QLineEdit, QWidget

from queuedesk.core.errors import QueueDeskError
from queuedesk.core.features import import_reference, installed_features
from queuedesk.core.log.state import HallState
from queuedesk.core.queue import dispatch, hallday, overview
from queuedesk.core.queue.appointment import CLASS as APPOINTMENT
from queuedesk.core.setup.rows import Setup
from queuedesk.i18n import _, date_for_staff, date_short, error_sentence, n_, name_in_language, need_word
from queuedesk.i18n.names import service_letter_or_code, service_name
from queuedesk.i18n.queue import line_words
from queuedesk.i18n.talk import offered_channel_word
from queuedesk.stations.acts import ticket_acts
from queuedesk.stations.guide import papers_stage, texts
from queuedesk.stations.guide.controller import GuideController
from queuedesk.stations.guide.screen_keys import FieldKeyboard
from queuedesk.stations.service_search import active_windows_serving, ticket_prefixes
from queuedesk.stations.widgets.buttons import AccentButton, Button, PrimaryButton, SecondaryButton
from queuedesk.stations.widgets.panels import Label, set_scaled_margins
from queuedesk.stations.widgets.questions.dialogs import Dialog, DropDown, ErrorLine, FormField
from queuedesk.stations.window.context import UNANSWERED
from queuedesk.stations.window.style import Look

# -- the draft in words --------------------------------------------------------------------------------------------

SPELLED = 10  # papers up to this many are counted in words


def papers_page_text(setup: Setup, draft: texts.TicketDraft) -> papers_stage.PapersPageText:
    papers = tuple(
        (name_in_language(paper.name, paper.name_en), name_in_language(paper.note, paper.note_en))
        for paper in texts.papers_of_ticket_draft(setup, draft)
    )
    item = texts.item_of_choice(setup, draft.first)
    return papers_stage.PapersPageText(
        letter=service_letter_or_code(setup, draft.first.service),
        title=texts.title_of_choice(setup, draft.first),
        minutes=_("takes about {minutes} min", minutes=item.minutes) if item and item.minutes else "",
        head=_papers_heading(len(papers)) if papers else "",
        hint=_("Ticks are optional") if papers else "",
        papers=papers,
        none=texts.no_papers_listed_texts(setup, draft.first),
        classes=tuple(
            (code, name_in_language(row.name, row.name_en))
            for code, row in setup.classes.items()
            if code != APPOINTMENT or draft.klass == code or setup.has_feature("appointments")
        ),
        klass=draft.klass,
        then=tuple(
            (choice, f"{service_letter_or_code(setup, choice.service)} {texts.title_of_choice(setup, choice)}")
            for choice in draft.then
        ),
        back_for=_earlier_ticket_text(draft),
        can_repeat=bool(papers),
        repeat=draft.repeat,
        need=need_word(draft.need),
        speaks=draft.speaks,
        several=bool(setup.staff_languages),
        offers=setup.has_feature("why_come"),
        add_hint=_add_service_hint(setup, draft),
    )


def _earlier_ticket_text(draft: texts.TicketDraft) -> str:
    earlier = draft.earlier
    if earlier is None:
        return ""
    if not earlier.label or earlier.day is None:
        return _("Belongs to {ref}", ref=earlier.ref)
    told = {"ticket": earlier.label, "day": date_short(earlier.day)}
    if earlier.place is not None:
        return _("Returning for {ticket} of {day}, early place", **told)
    return _("Returning for {ticket} of {day}", **told)


def _papers_heading(count: int) -> str:
    if count > SPELLED:
        return n_("Please check this {n} thing", "Please check these {n} things", count)
    words = _("one two three four five six seven eight nine ten", context="papers").split()
    if count == 1:
        return _("Please check this paper")
    return _("Please check these {number} things", number=words[count - 1])


def _add_service_hint(setup: Setup, draft: texts.TicketDraft) -> str:
    other = next((code for code in setup.services if code != draft.first.service), None)
    if other is None:
        return ""
    service = f"{service_letter_or_code(setup, other)} {service_name(setup, other)}"
    return _("One ticket can cover several services, e.g. also {service}", service=service)


def next_ticket_texts_for_print_rail(
    state: HallState, draft: texts.TicketDraft, ticket: texts.NextTicketPreview, refusal: QueueDeskError | None
) -> papers_stage.TicketPrintRailText:
    """Return the ticket of `draft` as it would be now; `refusal` is that of the last try."""
    setup = overview.set_up(state)
    about = _("First wait") if draft.then else _("Expected wait")
    rows = [
        _people_ahead_row(setup, ticket),
        _wait_row(about, ticket),
        (*texts.windows_label_and_codes(ticket.windows), ""),
    ]
    if draft.then:
        names = " · ".join(service_name(setup, choice.service) for choice in draft.then)
        rows.append((_("Then", context="further services"), names, ""))
    if len(draft.then) == 1:
        rows.append((*texts.windows_label_and_codes(active_windows_serving(state, draft.then[0].service)), ""))
    trouble = refusal or ticket.trouble
    return papers_stage.TicketPrintRailText(
        number=ticket.label,
        title=texts.service_and_item_title(setup, draft.first),
        rows=tuple(rows),
        refusal=error_sentence(trouble) if trouble else "",
    )


def _people_ahead_row(setup: Setup, ticket: texts.NextTicketPreview) -> tuple[str, str, str]:
    name = line_words.ahead_count_label(
        ticket.coming or line_words.has_windows_of_several_services(setup, ticket.windows)
    )
    return name, str(ticket.ahead), n_("person", "people", ticket.ahead, context="after the number")


def _wait_row(about: str, ticket: texts.NextTicketPreview) -> tuple[str, str, str]:
    wait = ticket.wait
    before, figure, unit = line_words.wait_words(wait, ahead=ticket.ahead)
    return about, f"{before} {figure}".strip(), unit


def ahead_and_wait_text(document: dict[str, object]) -> str:
    ahead = dispatch.people_ahead_in_document(document)
    people = line_words.ahead_of_ticket_text(ahead, coming=bool(document.get("coming")))
    return f"{people} · {line_words.wait_text(dispatch.wait_from_document(document), ahead=ahead)}"


# -- what a customer comes back for --------------------------------------------------------------------------------

DAYS_OFFERED = 60


def earlier_ticket_days_offered(today: date) -> list[date]:
    """Return the possible days of an earlier ticket: yesterday first, then further back, today last."""
    return [*(today - timedelta(days=n) for n in range(1, DAYS_OFFERED)), today]


def typed_ticket_label(setup: Setup, text: str) -> str:
    """Return the typed number ("b12" is B012), "" if it is none; a hall with one letter needs none."""
    found = texts.NUMBER.match(text)
    if found is None:
        return ""
    known = ticket_prefixes(setup)
    prefix = found[1].upper() or (known[0] if len(known) == 1 else "")
    return hallday.ticket_label_text(prefix, int(found[2])) if prefix else ""


DAYS_SEEN = 8


class EarlierTicketDialog(Dialog):
    """`ticket_given` (number and date) leaves the dialog open until it is known; `reference_given` closes it."""

    ticket_given = Signal(str, object)
    reference_given = Signal(str)

    def __init__(self, host: QWidget, look: Look, setup: Setup, days: Sequence[date], *, scans: bool) -> None:
        effect = _("Type the earlier ticket here.")
        if scans:
            effect = _("Scan the code on the earlier ticket, or type it here.")
        super().__init__(host, look, title=_("Which visit are they returning for?"), effect=effect, width=880)
        self._setup, self._days = setup, list(days)
        self.number = FormField(self.look, _("Its number"), hint=_("with its letter, such as B012"))
        self.day = FormField(self.look, _("Date of the visit"), edit=DropDown(self.look))
        self.reference = FormField(
            self.look, _("Or a reference"), hint=_("of a case or form; kept for good, so no names")
        )
        line = QHBoxLayout()
        set_scaled_margins(self.look, line, spacing=16)
        for field, share in ((self.number, 3), (self.day, 2), (self.reference, 3)):
            line.addWidget(field, share)
        self.body.addLayout(line)
        self.trouble = ErrorLine(self.look)
        self.trouble.hide()
        self.body.addWidget(self.trouble)
        self.day_box.addItems([date_for_staff(day) for day in self._days])
        self.day_box.setMaxVisibleItems(DAYS_SEEN)
        self.keys = FieldKeyboard(self.look, self.number, self.reference, capitals=self.number)
        self.body.addWidget(self.keys)
        self.no_button = SecondaryButton(self.look, _("Back"), key="Esc", height=56, px=18)
        self.yes_button = PrimaryButton(self.look, "", height=56, px=18)
        self.no_button.clicked.connect(self.refuse)
        self.yes_button.clicked.connect(self._emit_ticket_or_reference)
        self.buttons.addWidget(self.no_button)
        self.buttons.addWidget(self.yes_button)
        for field in (self.number, self.reference):
            edit = field.edit
            if isinstance(edit, QLineEdit):
                edit.textChanged.connect(self._update_link_button)
        self.day_box.currentIndexChanged.connect(self._update_link_button)
        self._update_link_button()

    @property
    def day_box(self) -> QComboBox:
        edit = self.day.edit
        assert isinstance(edit, QComboBox)
        return edit

    def typed_label(self) -> str:
        return typed_ticket_label(self._setup, self.number.value())

    def show_trouble(self, sentence: str) -> None:
        self.trouble.show_message(sentence, refused=True)
        self.trouble.show()

    def first_focus_widget(self) -> QWidget:
        return self.number.edit

    def _update_link_button(self) -> None:
        self.trouble.hide()
        if self.typed_label():
            self.yes_button.enable_with_label(_("Link {ticket}", ticket=self.typed_label()))
        elif self.number.value().strip():
            self.yes_button.disable_with_reason(_("Type the letter and number"))
        elif self.reference.value().strip():
            self.yes_button.enable_with_label(_("Link the reference"))
        else:
            self.yes_button.disable_with_reason(_("Fill in one of the two first"))

    def _emit_ticket_or_reference(self) -> None:
        ref = self.reference.value().strip()
        if self.typed_label():
            self.ticket_given.emit(self.typed_label(), self._days[self.day_box.currentIndex()])
        elif ref and not self.number.value().strip():
            self.close_dialog()
            self.reference_given.emit(ref)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.isAutoRepeat():
            self._emit_ticket_or_reference()
        else:
            super().keyPressEvent(event)


# -- another way than waiting --------------------------------------------------------------------------------------


class AlternativeChannelDialog(Dialog):
    """A row for each channel; `answered` gives it and whether the customer accepts it."""

    answered = Signal(str, bool)

    def __init__(
        self, host: QWidget, look: Look, setup: Setup, choice: texts.ChosenServiceOrItem, now: datetime
    ) -> None:
        title = _("Where else can {service} be done?", service=texts.title_of_choice(setup, choice))
        effect = _("Only counted for the day's report; no ticket is given or moved.")
        super().__init__(host, look, title=title, effect=effect, width=680)
        self.taken: dict[str, Button] = {}
        self.declined: dict[str, Button] = {}
        from queuedesk.i18n.figures.figure_titles import (
            other_channel_and_place_pairs,  # words of figures, which this alone needs
        )

        grid = QGridLayout()
        set_scaled_margins(self.look, grid, spacing=10)
        grid.setColumnStretch(0, 1)
        for row, (code, nearest) in enumerate(
            other_channel_and_place_pairs(setup, (choice.service, choice.item), setup.to_hall_time(now))
        ):
            word = offered_channel_word(code)
            yes = AccentButton(self.look, _("Accepts", context="offer"), icon="check", height=56, px=17)
            no = SecondaryButton(self.look, _("Declines", context="offer"), height=56, px=17)
            for button, taken, told in ((yes, True, self.taken), (no, False, self.declined)):
                button.setAccessibleName(f"{word}, {button.text()}")
                button.clicked.connect(partial(self._close_and_emit_answer, code, taken))
                told[code] = button
            grid.addWidget(Label(self.look, word, px=20, bold=True), 2 * row, 0, 1 if nearest else 2, 1)
            if nearest:
                grid.addWidget(Label(self.look, nearest, px=14, token="ink2"), 2 * row + 1, 0)
            grid.addWidget(yes, 2 * row, 1, 2, 1)
            grid.addWidget(no, 2 * row, 2, 2, 1)
        self.body.addLayout(grid)
        self.no_button = SecondaryButton(self.look, _("Nothing offered"), key="Esc", height=56, px=18)
        self.no_button.clicked.connect(self.refuse)
        self.buttons.addWidget(self.no_button)

    def first_focus_widget(self) -> QWidget:
        return next(iter(self.taken.values()))

    def _close_and_emit_answer(self, code: str, taken: bool) -> None:
        self.close_dialog()
        self.answered.emit(code, taken)


# -- the draft -----------------------------------------------------------------------------------------------------


class DraftPageInterface(Protocol):
    """What a draft needs to know of its page."""

    @property
    def hall_state(self) -> HallState: ...
    @property
    def is_hall_away(self) -> bool: ...
    def now(self) -> datetime: ...


class TicketDraftController(QObject):
    """Fills the papers' stage and the rail, and has the controller act. `shown` asks for that stage, `left` for the
    tiles, `adding_began` for tiles with a service to add; `said` carries a sentence and its icon."""

    shown = Signal()
    left = Signal()
    adding_began = Signal(str, object)
    said = Signal(str, str)

    def __init__(
        self,
        page: QWidget,
        hall: DraftPageInterface,
        controller: GuideController,
        papers: papers_stage.PapersStage,
        rail: papers_stage.TicketPrintRail,
    ) -> None:
        super().__init__(page)
        self.page, self._hall, self.controller, self._look = page, hall, controller, controller.context.look
        self.papers, self.rail = papers, rail
        self.papers.set_words(
            papers_stage.PapersStageLabels(
                back=_("Back"),
                klass=_("This customer"),
                add=_("Add a service", context="papers"),
                comes_back=_("Continue earlier ticket"),
                offer=_("Another way"),
                fetch=ticket_acts.fetch_when_called_label(),
                language=_("Language"),
                repeat=_("Papers were missing last time"),
                untie=_("remove the link"),
            )
        )
        self.draft: texts.TicketDraft | None = None
        self.adding = False
        # Whether the answer to come is about the ticket under way; another may be begun before it comes.
        self.is_sent = False
        # Whether that answer never came: the log tells in a moment what became of it, and no second one is sent before.
        self.is_unanswered = False
        # The question for the earlier ticket, while it is open.
        self.dialog: EarlierTicketDialog | None = None
        self._refusal: QueueDeskError | None = None
        # A ticket that is not called before closing any more is given by a second press.
        self._is_late = self._means_it = False
        papers.class_chosen.connect(self._choose_customer_class)
        papers.add_wanted.connect(self.begin_adding_service)
        papers.dropped.connect(self._remove_choice_from_draft)
        papers.back_wanted.connect(self.ask_earlier_ticket)
        papers.back_dropped.connect(self._unlink_earlier)
        papers.repeat_changed.connect(self._set_repeat_visit)
        papers.offer_wanted.connect(self._open_channel_offer)
        papers.need_wanted.connect(self._ask_fetch_reason)
        papers.language_wanted.connect(self._request_language_choice)
        rail.print_wanted.connect(self.print_ticket)
        rail.not_ready_wanted.connect(self._count_not_ready_and_print)
        controller.counted.connect(self._end_draft_and_say_counted)
        controller.offered.connect(self._say_channel_offer_noted)
        controller.busy_changed.connect(self.refresh)

    def state_to_restore(self) -> tuple[Any, ...]:
        """Return the ticket under way, for `restore_state` of what stands in its place."""
        ticked = [row.isChecked() for row in self.papers.papers.rows]
        return self.draft, self.adding, self.is_sent, self.is_unanswered, self._refusal, ticked

    def restore_state(self, left: tuple[Any, ...]) -> None:
        self.draft, self.adding, self.is_sent, self.is_unanswered, self._refusal, ticked = left
        self.refresh()
        for row, is_ticked in zip(self.papers.papers.rows, ticked, strict=False):
            row.setChecked(is_ticked)

    # -- choosing -----------------------------------------------------------------------------------------------

    def clear_draft(self) -> None:
        self.draft, self.adding, self._refusal = None, False, None
        self._means_it = self.is_sent = self.is_unanswered = False

    def leave_answered_draft(self) -> None:
        """Go to the tiles after an answer, unless another ticket was begun before it came."""
        if self.draft is None or self.is_sent:
            self.left.emit()

    def choose_service(self, choice: texts.ChosenServiceOrItem) -> None:
        if self.draft is not None and self.adding:
            self.draft = self.draft.with_service_added(choice)
        else:
            self.draft, self.is_sent, self.is_unanswered = texts.TicketDraft(choice), False, False
            self.papers.clear_ticks()
        self.show_draft()

    def show_draft(self) -> None:
        self.adding, self._refusal, self._means_it = False, None, False
        self.shown.emit()
        self.refresh()

    def refresh(self) -> None:
        if self.draft is None:
            return
        state = self._hall.hall_state
        setup = overview.set_up(state)
        ticket = texts.next_ticket_preview(state, self.draft, self._hall.now())
        self.papers.show_choice(papers_page_text(setup, self.draft))
        self.papers.set_hall_away(self._hall.is_hall_away)
        self._is_late = ticket.trouble is not None and ticket.trouble.code == texts.NO_TIME_LEFT
        can_print = (ticket.trouble is None or self._is_late) and not (self._hall.is_hall_away or self.is_unanswered)
        self.rail.show_ticket(
            next_ticket_texts_for_print_rail(state, self.draft, ticket, self._refusal),
            can_print=can_print,
            all_the_same=self._is_late and self._means_it,
            has_papers=bool(texts.papers_of_ticket_draft(setup, self.draft)),
            prints=self.controller.paper.is_printer_set_up,
            busy=bool(self.controller.busy),
        )

    def _set_draft_and_refresh(self, draft: texts.TicketDraft) -> None:
        # What is pressed once the ticket is asked for comes too late for it, and makes no other ticket of it.
        self.draft = draft
        self.refresh()

    def _choose_customer_class(self, klass: str) -> None:
        if self.draft is not None:
            self._set_draft_and_refresh(self.draft.with_customer_class(klass))

    def _set_repeat_visit(self, repeat: bool) -> None:
        if self.draft is not None:
            self._set_draft_and_refresh(self.draft.with_repeat_visit(repeat))

    def _ask_fetch_reason(self) -> None:
        if self.draft is not None:
            question = ticket_acts.fetch_reason_question(self.page, self._look, "")
            question.picked.connect(self._set_customer_fetch_reason)
            question.open_dialog()

    def _request_language_choice(self) -> None:
        if self.draft is not None:
            question = ticket_acts.customer_language_choice_dialog(
                self.page, self._look, overview.set_up(self._hall.hall_state)
            )
            question.picked.connect(self._set_language)
            question.open_dialog()

    def _set_language(self, language: str) -> None:
        if self.draft is not None:
            self._set_draft_and_refresh(self.draft.with_customer_language(language))

    def _set_customer_fetch_reason(self, need: str) -> None:
        if self.draft is not None:
            self._set_draft_and_refresh(self.draft.with_fetch_reason(need))

    def begin_adding_service(self) -> None:
        if self.draft is not None:
            self.adding = True
            taken = {choice.service for choice in self.draft.all_choices()}
            self.adding_began.emit(
                texts.service_and_item_title(overview.set_up(self._hall.hall_state), self.draft.first), taken
            )

    def _remove_choice_from_draft(self, choice: texts.ChosenServiceOrItem) -> None:
        if self.draft is not None:
            self._set_draft_and_refresh(self.draft.without_further_service(choice))

    # -- coming back --------------------------------------------------------------------------------------------

    def ask_earlier_ticket(self) -> None:
        setup = overview.set_up(self._hall.hall_state)
        days, scans = earlier_ticket_days_offered(self.controller.today), self.controller.may_customers_have_slips
        dialog = EarlierTicketDialog(self.page, self._look, setup, days, scans=scans)
        dialog.ticket_given.connect(self.controller.look_up_earlier_ticket)
        dialog.reference_given.connect(self._link_reference)
        dialog.refused.connect(self._forget_dialog)
        self.dialog = dialog
        dialog.open_dialog()

    def _forget_dialog(self) -> None:
        self.dialog = None

    def _link_reference(self, ref: str) -> None:
        self._forget_dialog()
        if self.draft is not None:
            self._set_draft_and_refresh(self.draft.with_earlier_ticket(texts.EarlierTicketRef(ref=ref)))
            self.controller.referred.emit(ref)

    def _unlink_earlier(self) -> None:
        if self.draft is not None:
            self._set_draft_and_refresh(self.draft.with_earlier_ticket(None))

    def link_earlier_ticket(self, earlier: texts.EarlierTicketRef) -> None:
        """Link the ticket under way, or begin one for what the earlier ticket was for."""
        if self.dialog is not None:
            self.dialog.close_dialog()
            self._forget_dialog()
        if self.draft is None:
            choice = earlier.choice
            if choice is None or texts.service_of_choice(overview.set_up(self._hall.hall_state), choice) is None:
                self.said.emit(_("That service is no longer offered; choose another, then scan again"), "info")
                return
            self.choose_service(choice)
        if self.draft is not None:
            self._set_draft_and_refresh(self.draft.with_earlier_ticket(earlier))
            self.shown.emit()

    # -- acts ---------------------------------------------------------------------------------------------------

    def print_ticket(self) -> None:
        if self.draft is not None and self.rail.print_button.isEnabled():
            self._refusal = None
            if self._is_late and not self._means_it:
                self._means_it = True
                self.refresh()
                return
            questions = (one.before_ticket for one in installed_features() if one.before_ticket)
            if not any(import_reference(question)(self) for question in questions):
                self.issue_draft()

    def issue_draft(self, *, person: str = "", waive: str = "") -> None:
        """Have the ticket issued; `person` and `waive` as in issuing.issue_ticket()."""
        if self.draft is not None and not self.controller.busy:
            self.is_sent = True
            self.controller.issue(self.draft, late=self._is_late, person=person, waive=waive)

    def _count_not_ready_and_print(self) -> None:
        if self.draft is not None:
            self.is_sent = True
            self.controller.count_not_ready_and_print_papers(self.draft.first)

    def _end_draft_and_say_counted(self, choice: texts.ChosenServiceOrItem) -> None:
        self.leave_answered_draft()
        self.said.emit(
            _(
                "Counted: {item}, not ready",
                item=texts.service_and_item_title(overview.set_up(self._hall.hall_state), choice),
            ),
            "check",
        )

    def _open_channel_offer(self) -> None:
        if self.draft is not None:
            self.ask_alternative_channel(self.draft.first)

    def ask_alternative_channel_for_ticket(self, service: str, ticket: str) -> None:
        self.ask_alternative_channel(texts.ChosenServiceOrItem(service), ticket)

    def ask_alternative_channel(self, choice: texts.ChosenServiceOrItem, ticket: str | None = None) -> None:
        """Ask which other way the customer was offered, and whether they take it; `ticket` is their number of today."""
        dialog = AlternativeChannelDialog(
            self.page, self._look, overview.set_up(self._hall.hall_state), choice, self._hall.now()
        )
        dialog.answered.connect(lambda to, taken: self.controller.record_channel_offer(choice, to, taken, ticket))
        dialog.open_dialog()

    def _say_channel_offer_noted(self, document: dict[str, object]) -> None:
        """Say that it is noted; who goes elsewhere needs no ticket."""
        word = offered_channel_word(str(document["to"]))
        if document["accepted"]:
            if document.get("ticket") is None:
                self.left.emit()
            self.said.emit(_("Noted: {channel}, accepted", channel=word), "check")
        else:
            self.said.emit(_("Noted: {channel}, declined", channel=word), "check")

    def show_refusal_if_of_draft(self, verb: str, trouble: QueueDeskError) -> bool:
        """Show a refusal if it belongs here; return whether it does."""
        if verb == "look-up" and self.dialog is not None:
            self.dialog.show_trouble(error_sentence(trouble))
        elif verb in ("issue", "not-ready") and self.draft is not None and self.is_sent:
            # Anything but a lost answer is an answer: nothing was issued.
            self.is_sent = self.is_unanswered = "command" in trouble.details and trouble.code in UNANSWERED
            self._refusal = trouble
            self.refresh()
        else:
            return False
        return True

    def clear_no_answer_message(self) -> None:
        """Let the draft be printed: what was asked without an answer is known by now not to be done."""
        if self.is_unanswered:
            self.is_sent = self.is_unanswered = False
            self._refusal = None
            self.refresh()
