"""The question that corrects a ticket, beside the window: its fields, the reason, a second person for times, people and
ratings."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time
from functools import partial
from typing import Any

from msgspec import Struct
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QWidget

from queuedesk.core.errors import QueueDeskError, RuleError
from queuedesk.core.log.apply import EXCLUDED, LEADING, WITH_SECOND, staff_who_may_witness_correction
from queuedesk.core.network.roles import PASSWORD, Role
from queuedesk.core.queue.overview import set_up
from queuedesk.core.queue.ticket import Leg, Rating, Ticket
from queuedesk.core.setup.rows import Setup
from queuedesk.desk import figures
from queuedesk.desk.change import Document
from queuedesk.desk.queue import opening
from queuedesk.i18n import _, error_sentence, rating_level_words, time_hms
from queuedesk.i18n.names import item_name, service_letter_and_name, staff_name, window_name
from queuedesk.i18n.value_refusals import field_word
from queuedesk.stations.widgets.lists.tiles import TickBox
from queuedesk.stations.widgets.panels import Label, set_scaled_margins
from queuedesk.stations.widgets.questions.dialogs import Dialog, DropDown, ErrorLine, FormField
from queuedesk.stations.window.context import SingleCommandRunner, StationContext
from queuedesk.stations.window.style import Look


class TicketCorrection(Struct, frozen=True, kw_only=True):
    """The new values for a ticket; `second` is the person who agrees, with `pin` if they have one, `alone` says that
    nobody can."""

    day: date
    label: str
    leg: int
    changes: Mapping[str, Any]
    reason: str
    second: str = ""
    pin: str = ""
    alone: bool = False


class CorrectionController(SingleCommandRunner):
    """Does what is asked (`correct`). `pin_known` says which secret a member of staff has to type, "" for none."""

    pin_known = Signal(str, str)

    def correct_ticket(self, wanted: TicketCorrection) -> None:
        """Correct a ticket; the second person's PIN is checked first, as at sign-in."""
        context = self.context
        ask = context.new_ask()

        def check_pin_and_correct() -> Document:
            if wanted.second:
                opening.require_and_get_proven_actor(context.desk, wanted.second, pin=wanted.pin or None, now=ask.now)
            return figures.correct_leg_or_rating(
                context.desk,
                ask,
                wanted.label,
                leg=wanted.leg,
                changes=wanted.changes,
                reason=wanted.reason,
                second=wanted.second or None,
                alone=wanted.alone,
                day=wanted.day,
            )

        self.start_unless_busy("correct", check_pin_and_correct)

    def ask_whether_pin_is_set(self, staff: str) -> None:
        """Ask whether a person has a PIN or a password; `pin_known` answers."""
        desk = self.context.desk
        self.context.tasks.run(
            lambda: opening.needed_secret_kind(desk, staff),
            partial(self.pin_known.emit, staff),
            partial(self.refused.emit, "correct"),
        )


# -- the fields and what was changed in them ---------------------------------------------------------------------------

TIMES = ("started", "finished")
TEXTS = ("outcome", "note", "delivered", *TIMES)
_TIME = re.compile(r"^(\d{1,2})[:：](\d{2})(?:[:：](\d{2}))?$")
_BETWEEN = re.compile(r"[,，、\s]+")


class FieldOption(Struct, frozen=True):
    """A choice of a field: its value as it is sent, its word."""

    value: Any
    word: str


def leg_field_texts(setup: Setup, leg: Leg) -> dict[str, str]:
    """Return the texts of the fields for a leg as it is now."""
    times = {name: getattr(leg, name) for name in TIMES}
    return {
        "outcome": leg.outcome or "",
        "note": leg.note or "",
        "delivered": ", ".join(leg.delivered),
        **{name: time_hms(setup.to_hall_time(moment)) if moment else "" for name, moment in times.items()},
    }


def clerk_options(setup: Setup, leg: Leg) -> list[FieldOption]:
    """Return the people who may have served a leg, including the noted one."""
    people = [p.code for p in setup.staff.values() if p.role is not Role.GUIDE]
    if leg.staff and leg.staff not in people:
        people.insert(0, leg.staff)
    return [FieldOption(code, staff_name(setup, code)) for code in people]


def item_options(setup: Setup, leg: Leg) -> list[FieldOption]:
    """Return the items of the leg's service, preceded by none."""
    service = setup.services.get(leg.service)
    known = [one.code for one in service.items] if service else []
    if leg.item and leg.item not in known:
        known.insert(0, leg.item)
    named = [FieldOption(code, item_name(setup, leg.service, code)) for code in known]
    return [FieldOption(None, _("none", context="item")), *named]


def rating_options(rating: Rating | None) -> list[FieldOption]:
    """Return the levels and "not counted"; nothing if nobody rated."""
    if rating is None:
        return []
    levels = [FieldOption(level, rating_level_words(level)) for level in range(5, 0, -1)]
    return [*levels, FieldOption(EXCLUDED, _("not counted", context="rating"))]


def rating_form_value(rating: Rating | None) -> Any:
    """Return the rating in a correction's form."""
    return None if rating is None else EXCLUDED if rating.excluded else rating.level


def possible_witness_choices(setup: Setup, who: str, leg: Leg, staff: str | None) -> list[FieldOption]:
    """Return the people who may agree to a correction by `who` after which `staff` served `leg`; nobody if nobody
    may."""
    return [
        FieldOption(code, staff_name(setup, code))
        for code in staff_who_may_witness_correction(setup, who, {leg.staff, staff})
    ]


def second_person_hint(setup: Setup, people: Sequence[FieldOption]) -> str:
    """Return what a second person is for, and if there is no other manager, what a colleague does instead."""
    if any(setup.staff[option.value].role not in LEADING for option in people):
        return _("no other manager: a colleague is the witness")
    return _("times, people and ratings take two")


def typed_changes_and_errors(
    setup: Setup, ticket: Ticket, leg: Leg, typed: Mapping[str, str]
) -> tuple[dict[str, Any], dict[str, str]]:
    """Return the changes in the typed fields, in a correction's form, and what is wrong with a field."""
    before = leg_field_texts(setup, leg)
    changes: dict[str, Any] = {}
    wrong: dict[str, str] = {}
    for name, text in typed.items():
        if text.strip() == before[name]:
            continue
        if name in TIMES:
            moment = _moment_of_typed_time(setup, ticket, getattr(leg, name), text.strip())
            if moment is None:
                wrong[name] = _("a time such as 9:05:30")
            else:
                changes[name] = moment
        elif name == "delivered":
            changes[name] = [code for code in _BETWEEN.split(text.strip()) if code]
        else:
            changes[name] = text.strip()
    return changes, wrong


def _moment_of_typed_time(setup: Setup, ticket: Ticket, was: datetime | None, text: str) -> datetime | None:
    found = _TIME.match(text)
    if found is None or int(found[1]) > 23 or int(found[2]) > 59 or int(found[3] or 0) > 59:
        return None
    day = setup.to_hall_time(was).date() if was else ticket.date
    clock = time(int(found[1]), int(found[2]), int(found[3] or 0), tzinfo=setup.time_zone)
    return datetime.combine(day, clock).astimezone(UTC)


class CorrectTicketDialog(Dialog):
    """`wanted` gives a Correction; `second_chosen` the code of the person who is to agree, so that the page can ask for
    a PIN.

    It stays open until the correction is in the log or cancelled."""

    wanted = Signal(object)
    second_chosen = Signal(str)

    def __init__(
        self, host: QWidget, look: Look, setup: Setup, ticket: Ticket, rating: Rating | None, *, who: str
    ) -> None:
        effect = _("The original stays in the log; the correction is added with your name.")
        super().__init__(host, look, title=_("Correct {ticket}", ticket=ticket.label), effect=effect, width=940)
        self._setup, self._ticket, self._rating, self._who = setup, ticket, rating, who
        self._leg: Leg = ticket.current_leg
        self._pin_needed = ""
        self.fields: dict[str, FormField] = {}
        self.step: QComboBox = DropDown(self.look)
        self._step = FormField(self.look, _("Step", context="correction"), edit=self.step)
        for leg in ticket.legs:
            self.step.addItem(_leg_label(setup, leg), leg.n)
        self.step.setCurrentIndex(len(ticket.legs) - 1)
        self._step.setVisible(len(ticket.legs) > 1)
        self.body.addWidget(self._step)
        self.form_free = TickBox(self.look, field_word("form_free"))
        self._add_row("item", "outcome", "note")
        self._add_row("delivered", "", "")
        self._add_row("started", "finished", "staff", "rating")
        self.reason = FormField(self.look, _("Why?"), hint=_("saved with the correction"))
        self.second: QComboBox = DropDown(self.look).set_minimum_letters()
        self._second = FormField(self.look, _("Second person"), edit=self.second)
        self._partners: list[FieldOption] | None = None
        self.alone = TickBox(self.look, _("I correct it alone"))
        self._nobody = Label(
            self.look,
            _(
                "Times, people and ratings take two, and nobody else in this hall can confirm this. It is recorded as corrected by one person alone, in the history and in the report. An admin adds people under Set-up, Staff."
            ),
            px=16,
            token="amber",
            wrap=True,
        )
        self.pin = FormField(self.look, _("Their PIN"), hint=_("typed by the second person"))
        pin = self.pin.edit
        if isinstance(pin, QLineEdit):
            pin.setEchoMode(QLineEdit.EchoMode.Password)
        line = QHBoxLayout()
        set_scaled_margins(self.look, line, spacing=16)
        for field, share in ((self.reason, 2), (self._second, 1), (self.pin, 1)):
            line.addWidget(field, share)
        self.body.addLayout(line)
        self.body.addWidget(self._nobody)
        self.body.addWidget(self.alone)
        self.trouble = ErrorLine(self.look)
        self.trouble.hide()
        self.body.addWidget(self.trouble)
        self.add_answer_buttons(_("Leave it as it is"), "", self._emit_correction)
        self._fill_fields_from_leg()
        self._connect_signals()
        self._show_errors_and_second_person()

    def _add_row(self, *names: str) -> None:
        line = QHBoxLayout()
        set_scaled_margins(self.look, line, spacing=16)
        for name in names:
            if not name:
                continue
            edit = DropDown(self.look).set_minimum_letters() if name in ("item", "staff", "rating") else None
            self.fields[name] = FormField(self.look, field_word(name), edit=edit)
            line.addWidget(self.fields[name], 1)
        if "" in names:
            line.addWidget(self.form_free, 1)
        self.body.addLayout(line)

    def _connect_signals(self) -> None:
        self.step.currentIndexChanged.connect(self._choose_leg_to_correct)
        for field in (*self.fields.values(), self.reason, self._second, self.pin):
            field.edited.connect(self._show_errors_and_second_person)
        self.form_free.clicked.connect(self._show_errors_and_second_person)
        self.alone.clicked.connect(self._show_errors_and_second_person)
        self.second.currentIndexChanged.connect(self._handle_picked_witness)

    # -- what stands in the fields -------------------------------------------------------------------------------------

    def _choose_leg_to_correct(self, at: int) -> None:
        self._leg = self._ticket.legs[at]
        self._fill_fields_from_leg()
        self._show_errors_and_second_person()

    def _fill_fields_from_leg(self) -> None:
        leg = self._leg
        for name, text in leg_field_texts(self._setup, leg).items():
            self.fields[name].set_value(text)
            self.fields[name].setEnabled(leg.finished is not None)
        self.form_free.setChecked(leg.form_free)
        self.form_free.setEnabled(leg.finished is not None)
        _fill_choice_silently(self.fields["item"], item_options(self._setup, leg), leg.item)
        _fill_choice_silently(self.fields["staff"], clerk_options(self._setup, leg), leg.staff)
        self.fields["staff"].setEnabled(leg.finished is not None)
        _fill_choice_silently(self.fields["rating"], rating_options(self._rating), rating_form_value(self._rating))
        self.fields["rating"].setEnabled(self._rating is not None)
        self.fields["delivered"].set_hint(_("letters of services, separated by commas"))
        self.fields["rating"].set_hint("" if self._rating is not None else _("nobody rated it"))

    def _fill_witness_choices(self) -> None:
        """Offer who may agree: that hangs on the step, and on who is to stand there."""
        staff = self.fields["staff"].edit
        chosen = staff.currentData() if isinstance(staff, QComboBox) else None
        people = possible_witness_choices(self._setup, self._who, self._leg, chosen)
        if people == self._partners:
            return
        self._partners = people
        before = self.second.currentData()
        self.second.blockSignals(True)
        self.second.clear()
        self.second.addItem(_("Choose", context="person"), "")
        for option in people:
            self.second.addItem(option.word, option.value)
        self.second.setCurrentIndex(max(0, self.second.findData(before)))
        self.second.blockSignals(False)
        self._second.set_hint(second_person_hint(self._setup, people))
        if (self.second.currentData() or "") != (before or ""):
            self._pin_needed = ""

    def changed_fields_and_errors(self) -> tuple[dict[str, Any], dict[str, str]]:
        """Return the changed values, and what is wrong with a field."""
        typed = {name: self.fields[name].value() for name in TEXTS}
        changes, wrong = typed_changes_and_errors(self._setup, self._ticket, self._leg, typed)
        before = {"item": self._leg.item, "staff": self._leg.staff, "rating": rating_form_value(self._rating)}
        for name, was in before.items():
            edit = self.fields[name].edit
            value = edit.currentData() if isinstance(edit, QComboBox) and edit.count() else was
            if value != was:
                changes[name] = value
        if self.form_free.isChecked() != self._leg.form_free:
            changes["form_free"] = self.form_free.isChecked()
        return changes, wrong

    def _handle_picked_witness(self) -> None:
        self.set_witness_pin_needed(self.second.currentData() or "", "")
        if self.second.currentData():
            self.second_chosen.emit(self.second.currentData())
        self._show_errors_and_second_person()

    def set_witness_pin_needed(self, staff: str, needed: str) -> None:
        """Ask for the second person's PIN or password, where that person has one."""
        if staff == (self.second.currentData() or ""):
            self._pin_needed = needed
            self.pin.set_label(_("Their password") if needed == PASSWORD else _("Their PIN"))
            self._show_errors_and_second_person()

    def _show_errors_and_second_person(self) -> None:
        self._fill_witness_choices()
        changes, wrong = self.changed_fields_and_errors()
        for name, field in self.fields.items():
            field.set_error(wrong.get(name, ""))
        self.trouble.hide()
        takes_two = any(name in WITH_SECOND for name in (*changes, *wrong))
        can_agree = bool(self._partners)
        self._second.setVisible(takes_two and can_agree)
        self._nobody.setVisible(takes_two and not can_agree)
        self.alone.setVisible(takes_two and not can_agree)
        self.pin.setVisible(takes_two and can_agree and bool(self._pin_needed))
        missing = ""
        if wrong:
            missing = _("Fix the red field first")
        elif not changes:
            missing = _("Change something first")
        elif not self.reason.value().strip():
            missing = _("Say why first")
        elif takes_two and not can_agree:
            missing = "" if self.alone.isChecked() else _("Say that you correct it alone first")
        elif takes_two and not self.second.currentData():
            missing = _("Choose the second person first")
        elif takes_two and self._pin_needed and not self.pin.value():
            missing = _("The second person's PIN is missing")
            if self._pin_needed == PASSWORD:
                missing = _("The second person's password is missing")
        if missing:
            self.yes_button.disable_with_reason(missing)
        else:
            self.yes_button.enable_with_label(_("Correct {ticket}", ticket=self._ticket.label))

    def _emit_correction(self) -> None:
        changes, wrong = self.changed_fields_and_errors()
        if wrong or not changes:
            return
        takes_two = any(name in WITH_SECOND for name in changes)
        self.wanted.emit(
            TicketCorrection(
                day=self._ticket.date,
                label=self._ticket.label,
                leg=self._leg.n,
                changes=changes,
                reason=self.reason.value().strip(),
                second=str(self.second.currentData() or "") if takes_two else "",
                pin=self.pin.value() if takes_two else "",
                alone=takes_two and not self._partners and self.alone.isChecked(),
            )
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        is_enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.isAutoRepeat()
        if is_enter and self.yes_button.isEnabled():
            self._emit_correction()
        else:
            super().keyPressEvent(event)

    def show_trouble(self, trouble: QueueDeskError) -> None:
        """Show why the correction was refused: at the PIN or password, or above the buttons."""
        if isinstance(trouble, RuleError) and trouble.code in ("wrong_pin", "wrong_password"):
            self.pin.set_error(error_sentence(trouble))
            self.pin.set_value("")
            self.pin.edit.setFocus()
            return
        self.trouble.show_message(error_sentence(trouble), refused=True)
        self.trouble.show()

    def first_focus_widget(self) -> QWidget:
        return self.fields["item"].edit


class CorrectionFlow(QObject):
    """Asks what to correct, and has it done; `done` and `refused` tell what became of it."""

    def __init__(self, context: StationContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._controller = CorrectionController(context, self)
        self.done, self.refused = self._controller.done, self._controller.refused

    def make_correction_dialog(self, page: QWidget, ticket: Ticket, rating: Rating | None) -> CorrectTicketDialog:
        """Return what asks over a page what to correct in a ticket; it stays open until somebody closes it."""
        setup, who = set_up(self._context.feed.state), self._context.who
        name = who.name if who is not None else ""
        dialog = CorrectTicketDialog(page, self._context.look, setup, ticket, rating, who=name)
        dialog.wanted.connect(self._controller.correct_ticket)
        dialog.second_chosen.connect(self._controller.ask_whether_pin_is_set)
        self._controller.pin_known.connect(dialog.set_witness_pin_needed)
        return dialog


def _leg_label(setup: Setup, leg: Leg) -> str:
    at = window_name(leg.window) if leg.window else ""
    return " · ".join(part for part in (f"{leg.n}", service_letter_and_name(setup, leg.service), at) if part)


def _fill_choice_silently(field: FormField, options: Sequence[FieldOption], now: object) -> None:
    """Fill a choice without telling anybody."""
    edit = field.edit
    if not isinstance(edit, QComboBox):
        return
    edit.blockSignals(True)
    edit.clear()
    for option in options:
        edit.addItem(option.word, option.value)
    at = next((number for number, option in enumerate(options) if option.value == now), -1)
    edit.setCurrentIndex(at)
    edit.blockSignals(False)
