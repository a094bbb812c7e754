"""One ticket on the whole stage: its card with all its acts, or, when nothing was printed, its number in large letters
or the papers to read out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from queuedesk.core.errors import QueueDeskError
from queuedesk.core.quality.thanks import last_clerk_of
from queuedesk.core.queue.overview import service_lines, set_up
from queuedesk.i18n import _, error_sentence, list_text, name_in_language, time_hm
from queuedesk.i18n.names import service_letter_and_name
from queuedesk.i18n.queue.line_words import service_with_windows_text
from queuedesk.i18n.talk import device_down_cause_words
from queuedesk.stations.acts import ticket_acts
from queuedesk.stations.acts.ticket_acts import ICON as THANKS_ICON
from queuedesk.stations.guide import texts
from queuedesk.stations.guide.controller import GuideController, Slip
from queuedesk.stations.guide.drafting import ahead_and_wait_text
from queuedesk.stations.guide.papers_stage import LabelledFigureRow
from queuedesk.stations.service_search import active_windows_serving
from queuedesk.stations.widgets import buttons, panels
from queuedesk.stations.widgets.lists.strips import Toast
from queuedesk.stations.widgets.questions.dialogs import ChoiceButtonsDialog, ConfirmDialog, DialogChoice
from queuedesk.stations.window.style import HERO, XL, Look

# -- the card ------------------------------------------------------------------------------------------------------

REPRINT, OFFER, NEED, FETCHED = "reprint", "offer", "need", "fetched"
LOW_STAGE, LOW_FACTS = 600, 3  # drawn px
_WAIT = slice(1, 2)
"""The one fact of who waits that the sentence below does not say: how long."""
ABOVE = (FETCHED, NEED)
"""The acts that stand above the card, beside the way back."""
MOST_ACTS = 4
CARD_ICONS = {
    FETCHED: "check",
    REPRINT: "print",
    **ticket_acts.ICONS,
    NEED: "people",
    OFFER: "arrow-right",
    ticket_acts.THANKS: THANKS_ICON,
}


class TicketStage(QWidget):
    """A ticket's card. `acted` gives the verb of the button pressed."""

    back = Signal()
    acted = Signal(str)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self.facts: texts.TicketCardFacts | None = None
        self.back_button = buttons.SecondaryButton(look, "", icon="arrow-left", height=52, px=16)
        self.back_button.clicked.connect(self.back)
        self.number = panels.BigNumberLabel(look, px=150)
        self.state = buttons.StatePill(look, "waiting", "")
        self._class = buttons.ClassPill(look, "", px=17)
        self._title = panels.Label(look, px=20, token="ink2", wrap=True)
        self.why = panels.Label(look, px=17, wrap=True)
        self._rows: list[LabelledFigureRow] = []
        self.buttons: dict[str, buttons.Button] = {}
        for verb, icon in CARD_ICONS.items():
            kind: type[buttons.Button] = {
                "void": buttons.DangerButton,
                "reinstate": buttons.AccentButton,
                FETCHED: buttons.AccentButton,
            }.get(verb, buttons.SecondaryButton)
            button = kind(look, "", icon=icon, height=76, px=18)
            button.setObjectName(verb)
            button.clicked.connect(self._emit_pressed_act)
            self.buttons[verb] = button
        self.acts = panels.EqualCellGrid(look, height=76, gap=8)
        # With more in a row some would lose their icons.
        self.acts.set_maximum_columns(MOST_ACTS)
        self._lay_out_stage(look)
        look.changed.connect(self._fit_facts_to_height)

    def _lay_out_stage(self, look: Look) -> None:
        column = QVBoxLayout(self)
        panels.set_scaled_margins(look, column, (28, 18, 28, 28), 16)
        head = QHBoxLayout()
        head.addWidget(self.back_button)
        head.addStretch(1)
        for verb in ABOVE:
            head.addWidget(self.buttons[verb])
        column.addLayout(head)
        card = panels.Card(look)
        inside = QVBoxLayout(card)
        panels.set_scaled_margins(look, inside, (28, 20, 28, 24), 8)
        line = QHBoxLayout()
        panels.set_scaled_margins(look, line, (0, 0, 0, 0), 16)
        line.addWidget(self.number, 1)
        line.addWidget(self._class)
        line.addWidget(self.state)
        inside.addLayout(line)
        inside.addWidget(self._title)
        self._facts = QVBoxLayout()
        panels.set_scaled_margins(look, self._facts, (0, 8, 0, 0), 6)
        inside.addLayout(self._facts)
        inside.addWidget(self.why)
        inside.addStretch(1)
        column.addWidget(card, 1)
        column.addWidget(self.acts)

    def set_words(self, back: str, acts: Mapping[str, str]) -> None:
        self.back_button.setText(back)
        for verb, word in acts.items():
            self.buttons[verb].setText(word)

    def show_ticket(self, facts: texts.TicketCardFacts, *, away: bool, prints: bool = True) -> None:
        self.facts = facts
        self.number.setText(facts.label)
        self.state.set_state(facts.state, facts.word)
        self._class.setText(facts.class_text)
        self._class.setVisible(bool(facts.class_text))
        self._class.updateGeometry()
        self._title.setText(facts.title)
        self.why.setText(facts.why)
        self._fit_facts_to_height()
        verbs = [*([REPRINT] if facts.has_paper and prints else []), *([OFFER] if facts.offers else []), *facts.acts]
        shown = [self.buttons[verb] for verb in CARD_ICONS if verb in verbs and verb not in ABOVE]
        for verb in ABOVE:
            self.buttons[verb].setVisible(verb in verbs)
        self.acts.set_widgets(shown)
        for button in self.buttons.values():
            button.setEnabled(not away)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fit_facts_to_height()

    def _fit_facts_to_height(self) -> None:
        """Show the facts; in a low stage few of them, and of who waits the one that the sentence does not say."""
        low = self.height() / self._look.scale.k < LOW_STAGE
        self.number.set_font_px(44 if low else 150)
        self.acts.set_cell_height(44 if low else 76)
        for button in (self.back_button, *(self.buttons[verb] for verb in ABOVE)):
            button.setFixedHeight(self._look.px(44 if low else 52))
        facts = self.facts.facts if self.facts else ()
        lowest = facts[_WAIT] if self.facts and self.facts.state == "waiting" else facts[:LOW_FACTS]
        shown = lowest if low else facts
        while len(self._rows) < len(shown):
            row = LabelledFigureRow(self._look)
            self._facts.addWidget(row)
            self._rows.append(row)
        for place, row in enumerate(self._rows):
            row.setVisible(place < len(shown))
            if place < len(shown):
                row.set_fact(*shown[place], "")

    def _emit_pressed_act(self) -> None:
        button = self.sender()
        if button is not None:
            self.acted.emit(button.objectName())


# -- what can be done with it --------------------------------------------------------------------------------------

REPRINTS_OFFERED = 4
MOST_OFFERED = 5


class FrontDeskTicketActions(QObject):
    """Asks over `page`, has the controller act, and reports in a toast. `offer_wanted` asks for another way for a
    ticket's service, with its number."""

    offer_wanted = Signal(str, str)

    def __init__(self, page: QWidget, controller: GuideController) -> None:
        super().__init__(page)
        self._page, self._controller = page, controller
        self._look = controller.context.look
        self.toast = Toast(self._look, page)
        self.toast.undone.connect(self._undo_announced_ticket)
        self._undoable = ""
        controller.done.connect(self._announce_ticket_act)

    def act_words_by_verb(self) -> dict[str, str]:
        return {
            REPRINT: _("Reprint"),
            **{verb: ticket_acts.act_word(verb) for verb in ticket_acts.ICONS},
            NEED: ticket_acts.fetch_when_called_label(),
            FETCHED: _("Was fetched"),
            OFFER: _("Another way"),
            ticket_acts.THANKS: ticket_acts.thanks_act_label(),
        }

    def do_ticket_act(self, verb: str, facts: texts.TicketCardFacts) -> None:
        """Do the act of a button on a ticket's card, after a question if it can't be undone."""
        label = facts.label
        if verb == REPRINT:
            self._controller.reprint(label)
        elif verb == OFFER:
            self.offer_wanted.emit(facts.service, label)
        elif verb == "reinstate":
            self._controller.reinstate(label)
        elif verb == "postpone":
            self._controller.postpone(label)
        elif verb == FETCHED:
            self._controller.record_customer_fetched(label)
        elif verb == NEED:
            question = ticket_acts.fetch_reason_question(self._page, self._look, label)
            question.picked.connect(partial(self._controller.set_fetch_reason, label))
            question.open_dialog()
        elif verb == "redirect":
            self.ask_redirect(label)
        elif verb == ticket_acts.THANKS:
            self._open_thanks_dialog(label)
        elif verb == "leave":
            self._confirm_customer_left(label)
        elif verb == "void":
            self._confirm_ticket_void(label)

    # -- questions ----------------------------------------------------------------------------------------------

    def ask_redirect(self, label: str) -> None:
        state, ticket = self._controller.hall_state, self._controller.todays_ticket(label)
        if ticket is None or not self._controller.is_act_allowed_or_refuse("redirect", ticket):
            return
        setup = set_up(state)
        lines = {line.service: line for line in service_lines(state, self._controller.context.clock())}
        answers = [
            DialogChoice(
                code,
                service_letter_and_name(setup, code),
                texts.line_wait_text(lines[code]),
                open=code != ticket.service,
            )
            for code in setup.services
        ]
        question = ticket_acts.redirect_question(self._page, self._look, ticket, answers)
        question.picked.connect(partial(self._controller.redirect, label))
        question.open_dialog()

    def ask_ticket_to_reprint(self) -> None:
        """Ask which ticket to print again, the last one first."""
        state, who = self._controller.hall_state, self._controller.context.who
        missing = self._controller.paper.unprinted_ticket_labels()
        latest = [ticket for label in missing if (ticket := self._controller.todays_ticket(label)) is not None]
        latest += [
            one
            for one in (texts.open_tickets_issued_by(state, who.name, REPRINTS_OFFERED) if who else ())
            if one not in latest
        ]
        latest = latest[: max(REPRINTS_OFFERED, min(len(missing), MOST_OFFERED))]
        if not latest:
            self.say_in_toast(_("No ticket of yours to print again; find it by its number"), icon="info")
            return
        setup = set_up(state)
        answers = [
            DialogChoice(
                ticket.label,
                ticket.label,
                (_("not printed yet") + " · " if ticket.label in missing else "")
                + f"{time_hm(setup.to_hall_time(ticket.arrived))} {texts.service_and_item_title(setup, texts.ChosenServiceOrItem(ticket.service, ticket.item))}",
            )
            for ticket in latest
        ]
        question = ChoiceButtonsDialog(
            self._page,
            self._look,
            title=_("Reprint which ticket?"),
            answers=answers,
            no=_("None", context="reprint"),
            more=_("Another one"),
            in_column=True,
        )
        question.picked.connect(self._reprint_or_find_ticket)
        question.open_dialog()

    def _reprint_or_find_ticket(self, label: str) -> None:
        if label:
            self._controller.reprint(label)
        else:
            self._page.open_number_search()  # type: ignore[attr-defined]

    def ask_undo_of_last_ticket(self) -> None:
        last = self._controller.last_ticket_of_this_person()
        if last is None:
            self.say_in_toast(_("You haven't issued a ticket today"), icon="info")
            return
        if self._controller.undoable_ticket_or_refuse() is None:
            return
        question = ConfirmDialog(
            self._page,
            self._look,
            title=_("Undo {ticket}?", ticket=last.label),
            effect=_("The ticket becomes void; its number is not used again."),
            safe=_("Keep it"),
            act=_("Undo {ticket}", ticket=last.label),
        )
        question.done.connect(partial(self._controller.undo_ticket_issue, last.label))
        question.open_dialog()

    def undo_or_ask_by_key(self) -> None:
        if self.toast.isVisible() and self._undoable:
            self.toast.undo()
        else:
            self.ask_undo_of_last_ticket()

    def _confirm_customer_left(self, label: str) -> None:
        question = ticket_acts.customer_left_confirm_dialog(self._page, self._look, label)
        question.done.connect(partial(self._controller.leave, label))
        question.open_dialog()

    def _open_thanks_dialog(self, label: str) -> None:
        setup, staff = set_up(self._controller.hall_state), last_clerk_of(self._controller.todays_ticket(label))
        if staff is not None:
            thank = partial(self._controller.record_thanks, label)
            ticket_acts.ThanksDialog(self._page, self._look, setup, [staff], thank, label=label).open_dialog()

    def _confirm_ticket_void(self, label: str) -> None:
        question = ticket_acts.void_ticket_reason_dialog(self._page, self._look, label)
        question.done.connect(partial(self._controller.void, label))
        question.open_dialog()

    # -- what is said -------------------------------------------------------------------------------------------

    def say_in_toast(self, text: str, icon: str = "check") -> None:
        self._undoable = ""
        self.toast.show_toast(text, icon=icon)

    def say_printed(self, slip: Slip) -> None:
        """Show what was printed; a new ticket can be taken back from there."""
        if not slip.label:
            self.say_in_toast(_("List printed"), icon="print")
        elif slip.reprint:
            self.say_in_toast(_("Printed {ticket} again", ticket=slip.label), icon="print")
        else:
            self._undoable = slip.label
            self.toast.show_toast(_("Printed {ticket}", ticket=slip.label), undo=_("Undo"), icon="print")

    def _undo_announced_ticket(self) -> None:
        label, self._undoable = self._undoable, ""
        if label:
            self._controller.undo_ticket_issue(label)

    def _announce_ticket_act(self, verb: str, document: dict[str, Any]) -> None:
        if verb in (NEED, FETCHED):
            self.say_in_toast(_fetch_act_confirmation(verb, document))
            return
        setup = set_up(self._controller.hall_state)
        if verb == ticket_acts.THANKS:
            self.say_in_toast(ticket_acts.thanks_noted_text(setup, document["staff"]), icon=THANKS_ICON)
            return
        self.say_in_toast(ticket_acts.line_act_result_text(setup, verb, document))


def _fetch_act_confirmation(verb: str, document: Mapping[str, Any]) -> str:
    label = document["ticket"]
    if verb == FETCHED:
        return _("{ticket} was fetched, noted", ticket=label)
    if not document["need"]:
        return _("{ticket} no longer needs fetching", ticket=label)
    return _("{ticket} needs fetching: you will get a message when it is nearly their turn", ticket=label)


# -- the number in large letters -----------------------------------------------------------------------------------

MANY_PAPERS, LOW_NUMBER_STAGE = 6, 600  # drawn px


class NumberOrPapersToReadOutStage(QWidget):
    """A ticket's number as large as possible, or a list of papers to read out, and the way on."""

    done = Signal()
    again = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.sentence = panels.Label(look, px=XL, bold=True, token="amber", wrap=True)
        self.number = panels.BigNumberLabel(look, px=HERO)
        self._title = panels.Label(look, px=20, token="ink2", wrap=True)
        self._facts = panels.Label(look, px=20, wrap=True)
        self._look = look
        self.papers: list[panels.Label] = []
        rows = QWidget()
        self._list = QVBoxLayout(rows)
        panels.set_scaled_margins(look, self._list, (0, 8, 0, 0), 8)
        self._list.addStretch(1)
        self._scroll = panels.VerticalScrollArea(rows)
        self.again_button = buttons.SecondaryButton(look, "", icon="print", height=104, px=20)
        self.again_button.clicked.connect(self.again)
        self.done_button = buttons.PrimaryButton(look, "", height=104, px=28)
        self.done_button.clicked.connect(self.done)
        column = QVBoxLayout(self)
        panels.set_scaled_margins(look, column, (48, 40, 48, 22), 12)
        column.addWidget(self.sentence)
        column.addStretch(1)
        column.addWidget(self.number)
        column.addWidget(self._title)
        column.addWidget(self._facts)
        column.addWidget(self._scroll, 6)
        column.addStretch(2)
        row = QHBoxLayout()
        panels.set_scaled_margins(look, row, (0, 0, 0, 0), 14)
        row.addWidget(self.again_button, 1)
        row.addWidget(self.done_button, 2)
        column.addLayout(row)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def set_words(self, done: str, key: str, again: str) -> None:
        self.done_button.setText(done)
        self.done_button.set_key(key)
        self.again_button.setText(again)

    def show_number_to_note(self, label: str, sentence: str, title: str, facts: str) -> None:
        """Show a number to be noted down; `facts` is what its holder is told."""
        self.number.setText(label)
        self.sentence.setText(sentence)
        self._title.setText(title)
        self._facts.setText(facts)
        self._show_list(())

    def show_papers(self, sentence: str, title: str, papers: Sequence[tuple[str, str]]) -> None:
        self.number.setText("")
        self.sentence.setText(sentence)
        self._title.setText(title)
        self._facts.setText("")
        self._show_list(papers)

    def _show_list(self, papers: Sequence[tuple[str, str]]) -> None:
        for label in self.papers:
            self._list.removeWidget(label)
            label.hide()
            label.deleteLater()
        self.papers = [
            panels.Label(self._look, f"{number}. {name}" + (f" · {note}" if note else ""), px=28, wrap=True)
            for number, (name, note) in enumerate(papers, start=1)
        ]
        for place, label in enumerate(self.papers):
            self._list.insertWidget(place, label)
        self._scroll.setVisible(bool(papers))
        self._fit_paper_text_size()
        self.number.setVisible(not papers)
        self._facts.setVisible(not papers)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fit_paper_text_size()

    def _fit_paper_text_size(self) -> None:
        low = self.height() / self._look.scale.k < LOW_NUMBER_STAGE
        for label in self.papers:
            label.set_font_px(20 if low or len(self.papers) > MANY_PAPERS else 28)


# -- what is said when no paper came out, and when the printer works again -----------------------------------------


class UnprintedSlipPresenter(QObject):
    """Shows an unprinted slip over what `stage` returns, and prints it again; `say` shows a sentence with icon."""

    def __init__(
        self,
        stage: Callable[[], NumberOrPapersToReadOutStage],
        controller: GuideController,
        say: Callable[[str, str], None],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._stage, self._controller, self._say = stage, controller, say
        self._slip: Slip | None = None
        controller.printer_changed.connect(self._update_reprint_button)
        controller.paper.slow.connect(self._say_printer_slow)
        controller.paper.works_again.connect(self._announce_printer_recovery)
        controller.paper.came_out_late.connect(self._announce_late_slips)
        self.left: tuple[Slip, QueueDeskError, dict[str, object]] | None = None
        """What was shown last."""

    def show_slip(self, slip: Slip, trouble: QueueDeskError, document: dict[str, object]) -> None:
        """Show what to tell the customer; `document` is that of the ticket issued last."""
        self._slip, self.left = slip, (slip, trouble, document)
        self._stage().set_words(self._done_button_text(), _("Enter", context="key"), _("Print again"))
        self._update_reprint_button()
        prints = self._controller.paper.is_printer_set_up
        self._stage().sentence.set_color_token("amber" if prints else "ink")
        if slip.choice is not None:
            setup = set_up(self._controller.hall_state)
            told = error_sentence(trouble) if prints else _("Counted. Please read the list of papers out.")
            papers = [
                (name_in_language(p.name, p.name_en), name_in_language(p.note, p.note_en))
                for p in texts.papers_of_choice(setup, slip.choice)
            ]
            self._stage().show_papers(told, texts.service_and_item_title(setup, slip.choice), papers)
            return
        own = document if document.get("ticket") == slip.label else {}
        told = error_sentence(trouble) if prints else _("Please write down {ticket}.", ticket=slip.label)
        self._stage().show_number_to_note(
            slip.label, told, self._services_title_of_slip(slip, own), ahead_and_wait_text(own) if own else ""
        )

    def is_showing_slip(self, slip: Slip) -> bool:
        """Return whether the stage shows `slip`, which has been printed by now."""
        shown = self._slip
        return shown is not None and (shown.label, shown.choice) == (slip.label, slip.choice)

    def _services_title_of_slip(self, slip: Slip, document: dict[str, object]) -> str:
        ticket, setup = self._controller.todays_ticket(slip.label), set_up(self._controller.hall_state)
        if ticket is not None:
            further = [
                service_with_windows_text(setup, code, active_windows_serving(self._controller.hall_state, code))
                for code in ticket.steps
            ]
            title = texts.service_and_item_title(setup, texts.ChosenServiceOrItem(ticket.service, ticket.item))
            return _(", then ", context="services").join((title, *further))
        if not document:
            return ""
        item = document["item"]
        return texts.service_and_item_title(
            setup, texts.ChosenServiceOrItem(str(document["service"]), str(item) if item else None)
        )

    def _done_button_text(self) -> str:
        read = self._slip is not None and self._slip.choice is not None
        return _("Read out, continue") if read else _("Noted, continue")

    def _say_printer_slow(self, slip: Slip) -> None:
        if slip.label:
            text = _("The printer is slow. {ticket} is valid without its slip; the slip follows.", ticket=slip.label)
        else:
            text = _("The printer is slow; the list follows.")
        self._say(text, "hourglass")

    def _announce_printer_recovery(self, tickets: list[str]) -> None:
        text = _(
            "The printer works again. Not printed yet: {tickets}; press Reprint to print them.",
            tickets=list_text(tickets),
        )
        self._say(text, "print")

    def _announce_late_slips(self, titles: list[str]) -> None:
        text = _(
            "The print service is back. It may have printed after all: {slips}. Please look at the printer.",
            slips=list_text(titles),
        )
        self._say(text, "print")

    def _update_reprint_button(self) -> None:
        """Let a slip be printed again only where a printer is set up; of one that is gone the key says so."""
        if self._slip is None:
            return
        paper = self._controller.paper
        chosen = device_down_cause_words("no_printer") if paper.is_printer_set_up else _("no printer is chosen")
        missing = chosen if paper.has_no_printer else ""
        button = self._stage().again_button
        button.setVisible(paper.is_printer_set_up)
        button.setEnabled(not missing)
        button.set_second_line(missing)
        button.setAccessibleDescription(missing)

    def print_slip_again(self) -> None:
        if self._slip is not None:
            self._controller.print_slip_again(self._slip)
