"""The page of cases in words and paint, its questions, and the dialog that opens a case from other pages. Asks whether
a customer's words are to be forgotten, with what older backups still hold, and deletes them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from functools import partial
from typing import Any

from msgspec import Struct
from PySide6.QtCore import QModelIndex, QObject, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QSizePolicy, QWidget

from queuedesk.core.errors import QueueDeskError
from queuedesk.core.network.roles import MAY, PASSWORD
from queuedesk.core.quality import case as cases
from queuedesk.core.queue.ticket import Ticket, whole_seconds_between
from queuedesk.core.setup.rows import Setup
from queuedesk.core.talk.messages import HelpCall, window_of_place
from queuedesk.desk.quality import casework
from queuedesk.i18n import (
    _,
    date_for_staff,
    date_short,
    error_sentence,
    list_text,
    moment_short,
    n_,
    name_in_language,
    rating_level_words,
    time_hm,
)
from queuedesk.i18n import quality as quality_words
from queuedesk.i18n.figures.ribbon_words import citation_text
from queuedesk.i18n.names import item_name, service_name, staff_name, window_name
from queuedesk.i18n.queue.line_words import promised_wait_text
from queuedesk.i18n.talk import place_words
from queuedesk.stations.manager.parts.page import ManagerPage
from queuedesk.stations.manager.quality.cases_controller import CaseOpeningData, CasesController
from queuedesk.stations.manager.setup.fields_form import FieldsDialog
from queuedesk.stations.widgets import buttons, paint, panels
from queuedesk.stations.widgets.lists.lists import LEVELS, TicketList, TicketRow
from queuedesk.stations.widgets.questions.dialogs import Dialog, DropDown, FormField, ask_and_do_if_confirmed
from queuedesk.stations.window.context import ServiceDocument, StationContext
from queuedesk.stations.window.style import Look

Document = Mapping[str, Any]
STATE_ICONS = {"opened": "dot", "contacted": "phone", "acted": "edit", "called_back": "message", "closed": "check"}
STEP_ICONS = {
    "contact": "phone",
    "act": "edit",
    "call-back": "phone",
    "verdict": "message",
    "close": "check",
    "open": "star",
    "reopen": "undo",
    "owner": "person",
    "note": "message",
    "ticket": "ticket",
    **dict.fromkeys(("figure", "page", "chart"), "chart"),
    "shown": "lock",
    "consent": "lock",
}


class CaseRow(TicketRow, frozen=True, kw_only=True):
    """A row of two lines: number and title, then class, state, owner, and on the right when it is due."""

    klass: str = ""
    state: str = ""
    owner: str = ""


def case_row(setup: Setup, case: Document) -> CaseRow:
    is_just_reopened = case["reopened"] > 0 and case["state"] == "contacted"
    state = quality_words.case_state_word(case["state"], reopened=case["reopened"] > 0)
    owner = staff_name(setup, case["owner"]) if case["owner"] else _("nobody", context="owner")
    if case["outcome"]:
        due, level = quality_words.case_outcome_word(case["outcome"]), ""
    else:
        due = quality_words.due_words(case["over"])
        level = "red" if case["overdue"] else "amber" if case["over"] == 0 else ""
    title = quality_words.case_title_or_origin(case["title"], case.get("source"), case["ticket"])
    klass = quality_words.case_class_word(case["class"])
    return CaseRow(
        id=case["number"],
        number=case["number"],
        service=title,
        klass=klass,
        state=state,
        owner=owner,
        wait=due,
        level=level,
        icon="undo" if is_just_reopened else STATE_ICONS[case["state"]],
        spoken=_(
            "case {number}, {details}", number=case["number"], details=list_text((klass, title, state, owner, due))
        ),
    )


class ProgressStep(Struct, frozen=True, kw_only=True):
    """One of the five steps. `state` is "done", "skipped", "next" or "later"; `when` the date it was done or is due,
    `line` what stands under that."""

    state: str
    icon: str
    word: str
    when: str
    line: str = ""


_ORDER = (
    cases.CaseState.OPENED,
    cases.CaseState.CONTACTED,
    cases.CaseState.ACTED,
    cases.CaseState.CALLED_BACK,
    cases.CaseState.CLOSED,
)
_STEPS = {"contact": 1, "act": 2, "call-back": 3, "verdict": 3, "close": 4}
_DUES = ("", "contact_due", "act_due", "answer_due", "limit")


def case_progress_steps(setup: Setup, case: Document) -> list[ProgressStep]:
    """Return the five steps of a case, done, next or later; a reopened case is at the contact again."""
    done = _ORDER.index(cases.CaseState(case["state"]))
    next_at = _STEPS.get(case["next"] or "", 5)
    dates = _dates_steps_were_last_done(case)
    steps = []
    for at, state in enumerate(_ORDER):
        due = date.fromisoformat(case[_DUES[at]]) if _DUES[at] else None
        told = (
            _("due {date}", date=date_short(due))
            if due
            else quality_words.case_source_words(case["source"])
            if case.get("source")
            else ""
        )
        is_done = at <= done and (at < next_at or case["next"] is None)
        if is_done:
            if at in dates:
                done_on = date_short(dates[at])
                steps.append(
                    ProgressStep(
                        state="done", icon="check", word=quality_words.case_state_word(state), when=done_on, line=told
                    )
                )
            else:
                steps.append(_progress_step_marked_skipped(state))
        elif at == next_at:
            # The day that counts for what comes next: closing may be due earlier than the hard limit of the last step.
            told = _("due {date}", date=date_short(date.fromisoformat(case["due"]))) if case["due"] else told
            line = quality_words.due_words(case["over"]) if case["over"] is not None else ""
            steps.append(
                ProgressStep(
                    state="next",
                    icon=STEP_ICONS[case["next"]],
                    word=quality_words.case_step_word(state),
                    when=told,
                    line=line,
                )
            )
        elif at < next_at:
            steps.append(_progress_step_marked_skipped(state))
        else:
            steps.append(
                ProgressStep(state="later", icon="", word=quality_words.case_step_word(state), when="—", line=told)
            )
    return steps


def _progress_step_marked_skipped(state: cases.CaseState) -> ProgressStep:
    return ProgressStep(
        state="skipped", icon="minus", word=quality_words.case_state_word(state), when=_("left out", context="step")
    )


def _dates_steps_were_last_done(case: Document) -> dict[int, date]:
    """Return when each step was last done, since the case was last opened again."""
    found: dict[int, date] = {}
    for entry in case["history"]:
        day = datetime.fromisoformat(entry["at"]).date()
        if entry["step"] == "open":
            found[0] = day
        elif entry["step"] == "reopen" or entry["verdict"] == "dissatisfied":
            found = {at: when for at, when in found.items() if at < 2}
            found.setdefault(1, day)
        elif entry["result"] != "no_answer" and entry["step"] in ("contact", "act", "call-back", "close"):
            found[_STEPS[entry["step"]]] = day
    return found


def next_step_button_text(case: Document) -> str:
    if case["next"] == cases.CaseStep.CLOSE and case["state"] == "acted":
        return _("Not reached: close") if case["tries"] >= cases.TRIES else _("No contact: close")
    return {
        "contact": _("Contact the customer and note it"),
        "act": _("Note what was done"),
        "call-back": _("Call back and note the answer"),
        "verdict": _("Note the customer's verdict"),
        "close": _("Close the case"),
        None: _("Open it again"),
    }[case["next"]]


def unanswered_call_button_text(case: Document) -> str:
    return _("No answer · try {n} of {of}", n=case["tries"] + 1, of=cases.TRIES)


def close_blocked_reason(case: Document) -> str:
    """Return what is missing before a case may be closed, "" where nothing is, or where it is closed."""
    step = case["next"]
    if step in ("call-back", "verdict"):
        return _("Close: note the customer's answer first")
    return _("Close: note first what was done") if step in ("contact", "act") else ""


def case_ticket_lines(setup: Setup, ticket: Ticket) -> list[tuple[str, str]]:
    """Return the lines about a case's ticket with their colours: each step at a window with its place and person, wait
    against quote, rating."""
    lines = []
    for leg in [leg for leg in ticket.legs if leg.window] or [ticket.current_leg]:
        matter = service_name(setup, leg.service)
        if leg.item:
            matter = _("{service} · {item}", service=matter, item=item_name(setup, leg.service, leg.item))
        who = [window_name(leg.window)] if leg.window else []
        who += [staff_name(setup, leg.staff)] if leg.staff else []
        lines += [(matter, "ink"), (", ".join((*who, date_short(ticket.date))), "ink2")]
    leg = ticket.legs[0]
    if leg.called is not None:
        minutes = whole_seconds_between(ticket.arrived, leg.called) // 60
        words = _("waited {minutes} min", minutes=minutes)
        if ticket.promise.low is not None:
            words = _("{waited}, estimate {told}", waited=words, told=promised_wait_text(ticket.promise))
        lines.append((words, "red" if cases.was_called_later_than_quoted(ticket) else "ink2"))
    if ticket.rating:
        lines.append((rating_level_words(ticket.rating), "ink"))
    return lines


def history_rows(setup: Setup, case: Document) -> list[tuple[str, str, str, Document | None]]:
    """Return the history, newest first: time, icon, words, and what is cited."""
    rows = []
    for entry in reversed(case["history"]):
        at = datetime.fromisoformat(entry["at"])
        result = staff_name(setup, entry["result"]) if entry["step"] == "owner" and entry["result"] else entry["result"]
        words = quality_words.case_history_line(entry["step"], result, entry["verdict"])
        said = _("{person}: {words}", person=_staff_name_or_hall(setup, entry["by"]), words=words)
        if entry["text"]:
            said = _("{words} – {text}", words=said, text=entry["text"])
        cites = entry["cites"]
        if cites:
            said = _("{words} – {text}", words=said, text=citation_text(setup, cites))
        icon = STEP_ICONS.get(cites["what"] if cites else entry["step"], "info")
        rows.append((moment_short(at), icon, said, cites))
    return rows


def _staff_name_or_hall(setup: Setup, code: str) -> str:
    return staff_name(setup, code) if code in setup.staff else _("the hall")


def video_bookmarks_text(setup: Setup, ticket: Ticket) -> str:
    """Return where the ticket is in the video recording, a line for each step: ticket, window, date, time span."""
    lines = []
    for leg in ticket.legs:
        first, last = leg.called or leg.joined, leg.ended or leg.finished
        if leg.window is None:
            continue
        local = setup.to_hall_time(first)
        until = time_hm(setup.to_hall_time(last)) if last else "…"
        day = f"{local:%Y-%m-%d}"
        lines.append("\t".join((ticket.label, window_name(leg.window), day, f"{time_hm(local)}–{until}")))
    return "\n".join(lines)


# -- the questions: a new case, a step with what was said, the PIN before a contact is shown ---------------------------

_BOLD = "\0"
WIDTH = 600


def _drop_down_of_choices(look: Look, choices: Mapping[str, str], chosen: str) -> QComboBox:
    box = DropDown(look).set_minimum_letters()
    box.show_choice(chosen, choices)
    return box


class CustomerWordsBox(panels.Card):
    def __init__(self, look: Look, words: str) -> None:
        super().__init__(look)
        row = QHBoxLayout(self)
        panels.set_scaled_margins(look, row, (16, 10, 16, 10), 12)
        row.addWidget(
            panels.TextRunsLabel(look, (panels.TextRun("", 17, token="ink2", icon="message"),)),
            0,
            Qt.AlignmentFlag.AlignTop,
        )
        row.addWidget(panels.Label(look, words, px=17, wrap=True), 1)

    def paintEvent(self, event: QPaintEvent) -> None:
        paint.Painter(self, self.look).draw_box(QRectF(self.rect()), 10, "sunken")


class NewCaseDialog(FieldsDialog):
    """Asks what a case is opened with; class, owner and deadlines are filled in. `given` are fields that are fixed
    already: the ticket with its date, the source, words that are kept; `words` those words, `number` what it will be
    called. `read_wanted` says that no case is needed."""

    read_wanted = Signal()

    def __init__(
        self,
        host: QWidget,
        look: Look,
        setup: Setup,
        *,
        owners: Sequence[str],
        owner: str | None,
        today: date,
        title: str = "",
        effect: str = "",
        given: Mapping[str, Any] | None = None,
        klass: str = "",
        words: str = "",
        number: str = "",
    ) -> None:
        super().__init__(host, look, title=title or _("New case"), effect=effect, width=640)
        self._given = dict(given or {})
        self._is_rating = self._given.get("source") == cases.RATING
        classes = {code: quality_words.case_class_word(code) for code in setup.hall.case_classes}
        self.klass = _drop_down_of_choices(self.look, classes, klass or next(iter(classes), ""))
        people = {code: staff_name(setup, code) for code in owners}
        self.owner = _drop_down_of_choices(self.look, people, owner or "")
        self.title = FormField(self.look, _("In a few words"), hint=_("no names; the owner reads it"))
        self.words = FormField(self.look, _("In the customer's words"), hint=_("for managers"))
        self.ticket = FormField(self.look, _("Ticket"), hint=_("of today, if there is one"))
        self.contact = FormField(self.look, _("Phone or e-mail"), hint=_("only if the customer agrees; deleted later"))
        self.name = FormField(self.look, _("Customer's name"), hint=_("only if the customer agrees"))
        if words:
            self.body.addWidget(CustomerWordsBox(self.look, words))
        fields = {
            "klass": FormField(self.look, _("Class", context="case"), edit=self.klass, has_line=False),
            "owner": FormField(self.look, _("Owner", context="case"), edit=self.owner, has_line=False),
            "title": self.title,
            "words": self.words,
            "ticket": self.ticket,
            "contact": self.contact,
            "name": self.name,
        }
        last = ["contact", "name"] if "ticket" in self._given else ["ticket", "contact", "name"]
        words_row = [] if self._given.get("kept") else [["words"]]
        self.lay_out_fields(fields, [["klass", "owner"], ["title"], *words_row, last], removable=False)
        due = cases.case_deadlines_from(setup, today, is_rating=self._is_rating)
        days = {"contact": due.contact, "act": due.act, "answer": due.answer}
        marked = {name: f"{_BOLD}{date_short(day)}{_BOLD}" for name, day in days.items()}
        line = _("contact by {contact} · act by {act} · call back by {answer}", **marked)
        runs = [panels.TextRun(part, 15, bold=bool(at % 2)) for at, part in enumerate(line.split(_BOLD)) if part]
        self.due = panels.TextRunsLabel(self.look, (panels.TextRun("", 15, token="ink2", icon="calendar"), *runs))
        self.body.insertWidget(self.body.indexOf(self.trouble), self.due)
        yes = _("Open case {number}", number=number) if number else _("Open the case")
        self.set_answer_labels(_("Leave it", context="case"), yes)

    def add_mark_as_read_button(self) -> None:
        """Offer to do without a case: what the customer wrote is then read."""
        button = buttons.SecondaryButton(self.look, _("No case, mark as read"), height=56, px=17)
        button.clicked.connect(self.read_wanted)
        self.read_button = button
        self.buttons.insertWidget(0, button)

    def first_field(self) -> QWidget:
        return self.klass if self._given else self.title.edit

    def read_typed_values(self) -> dict[str, Any]:
        ticket = self.ticket.value().strip().upper() or None
        contact = self.contact.value()
        return {
            "source": cases.TICKET if ticket else cases.SPOKEN,
            "ticket": ticket,
            "klass": self.klass.currentData() or "",
            "owner": self.owner.currentData() or None,
            "title": self.title.value(),
            "words": self.words.value(),
            "contact": contact,
            "name": self.name.value() if contact.strip() else "",
            "asked": True,
            **self._given,
        }


class CaseStepDialog(FieldsDialog):
    """Asks what was said or done in a step, after a call-back for the verdict too. `needs`: an act needs a text."""

    def __init__(
        self, host: QWidget, look: Look, *, title: str, field: str, yes: str, effect: str = "", needs: bool = False
    ) -> None:
        super().__init__(host, look, title=title, effect=effect, width=WIDTH)
        self._yes, self._needs = yes, needs
        self.verdict: QComboBox | None = None
        self.note = FormField(self.look, field, hint=_("no names"))
        self.note.edited.connect(self._update_yes_button)

    def add_verdict_field(self, *, may_wait: bool) -> CaseStepDialog:
        """Ask what the customer says now; `may_wait`: it may be noted later."""
        choices = {"": _("not known yet")} if may_wait else {}
        words = {
            str(one): quality_words.case_outcome_word(one)
            for one in (
                cases.CustomerVerdict.SATISFIED,
                cases.CustomerVerdict.DISSATISFIED,
                cases.CustomerVerdict.NOT_GIVEN,
            )
        }
        box = _drop_down_of_choices(self.look, {**choices, **words}, "")
        box.setCurrentIndex(0 if may_wait else -1)
        box.currentIndexChanged.connect(self._update_yes_button)
        self.verdict = box
        return self

    def finish_layout(self) -> CaseStepDialog:
        fields = {"note": self.note}
        if self.verdict is not None:
            said = FormField(self.look, _("What does the customer say?"), edit=self.verdict, has_line=False)
            fields = {"verdict": said, **fields}
        self.lay_out_fields(fields, [[name] for name in fields], removable=False)
        self.set_answer_labels(_("Leave it", context="case"), self._yes)
        self._update_yes_button()
        return self

    def first_field(self) -> QWidget:
        return self.verdict or self.note.edit

    def read_typed_values(self) -> dict[str, Any]:
        said = self.verdict.currentData() if self.verdict is not None else None
        return {"note": self.note.value(), **({"verdict": cases.CustomerVerdict(said)} if said else {})}

    def _update_yes_button(self) -> None:
        if self.verdict is not None and self.verdict.currentIndex() < 0:
            self.yes_button.disable_with_reason(_("Choose what the customer says"))
        elif self._needs and not self.note.value().strip():
            self.yes_button.disable_with_reason(_("Write what was done"))
        else:
            self.yes_button.enable_with_label(self._yes)


def next_step_dialog(host: QWidget, look: Look, case: Document) -> CaseStepDialog:
    step = case["next"]
    make = partial(
        CaseStepDialog,
        host,
        look,
        title=_("{act}: case {number}", act=next_step_button_text(case), number=case["number"]),
    )
    if step == "contact":
        return make(field=_("What was said?"), yes=_("I have contacted")).finish_layout()
    if step == "act":
        return make(field=_("What was done?"), yes=_("Note it"), needs=True).finish_layout()
    if step in ("call-back", "verdict"):
        asking = make(field=_("What was said?"), yes=_("Note the answer"))
        return asking.add_verdict_field(may_wait=step == "call-back").finish_layout()
    if step == "close":
        return make(field=_("Anything to add?"), yes=_("Close the case")).finish_layout()
    return make(field=_("Why?"), yes=_("Open it again"), needs=True).finish_layout()


class TextFieldsDialog(FieldsDialog):
    """Asks for texts by name; without any it only tells. With `secret` they are typed unseen."""

    def __init__(
        self,
        host: QWidget,
        look: Look,
        *,
        title: str,
        fields: Mapping[str, str],
        yes: str,
        effect: str = "",
        secret: bool = False,
    ) -> None:
        super().__init__(host, look, title=title, effect=effect, width=WIDTH)
        self.lay_out_fields(
            {name: FormField(self.look, text) for name, text in fields.items()},
            [[one] for one in fields],
            removable=False,
        )
        for field in self.fields.values():
            if secret and isinstance(field.edit, QLineEdit):
                field.edit.setEchoMode(QLineEdit.EchoMode.Password)
        self.set_answer_labels(_("Leave it", context="case") if fields else _("Back"), yes)
        self.yes_button.setVisible(bool(fields))

    def first_field(self) -> QWidget:
        return next((field.edit for field in self.fields.values()), self.no_button)

    def read_typed_values(self) -> dict[str, Any]:
        return {name: field.value() for name, field in self.fields.items()}


def case_note_dialog(host: QWidget, look: Look, number: str) -> TextFieldsDialog:
    title = _("Note on case {number}", number=number)
    return TextFieldsDialog(host, look, title=title, fields={"text": _("Note")}, yes=_("Note it"))


def contact_pin_dialog(host: QWidget, look: Look, secret: str) -> TextFieldsDialog:
    effect, yes = _("The history records that you viewed the contact."), _("Show for this case")
    title, field = (_("Your password"), _("Password")) if secret == PASSWORD else (_("Your PIN"), _("PIN"))
    return TextFieldsDialog(host, look, title=title, effect=effect, fields={"pin": field}, yes=yes, secret=True)


def finding_proof_dialog(host: QWidget, look: Look, fix: Document, *, may_prove: bool) -> TextFieldsDialog:
    """Return the question what shows that a finding was put right; who may not note that is told who does."""
    title = _("Put right by {day}", day=date_for_staff(date.fromisoformat(fix["due"])))
    fields = {"proof": _("What shows that it is put right?")} if may_prove else {}
    effect = fix["issue"] or _("The managers have the finding.")
    if not may_prove:
        effect += "\n" + _("Show it to a manager when it is done; they note the proof.")
    return TextFieldsDialog(host, look, title=title, effect=effect, fields=fields, yes=_("Record the fix"))


ROW_HEIGHT, NUMBER_WIDTH, STATE_WIDTH = 66, 78, 104
BAR = 4
SLIP_WIDTH, SLIP_HEIGHT = 696, 420
DOT, AGAIN = 32, 26


class CaseList(TicketList):
    """The cases of one filter. A narrow list drops the owners, then the classes; the spoken row has all."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, row_height=ROW_HEIGHT, inset=24, selectable=True, parent=parent)

    def _paint_ticket_row(self, painter: paint.Painter, index: QModelIndex, rect: QRectF, row: TicketRow) -> None:
        assert isinstance(row, CaseRow)
        look = self.look
        if self.selectionModel().isSelected(index):
            painter.fillRect(rect, look.color("soft"))
            painter.fillRect(QRectF(rect.left(), rect.top(), look.px(BAR), rect.height()), look.color("primary"))
        bottom = rect.bottom() - 1
        painter.draw_divider(QPointF(rect.left(), bottom), QPointF(rect.right(), bottom))
        left, right = rect.left() + look.px(self.inset), rect.right() - look.px(self.inset)
        half = (rect.height() - look.px(12)) / 2
        first = QRectF(left, rect.top() + look.px(6), right - left, half)
        second = first.translated(0, half)
        end = painter.draw_words_and_give_end_x(row.number, look.font(17, bold=True), "ink", first)
        x = max(left + look.large_px(NUMBER_WIDTH), end + look.px(12), left + self._widest_class_px() + look.px(10))
        painter.draw_words_and_give_end_x(
            row.service, look.font(16, bold=True), "ink", QRectF(x, first.top(), right - x, half)
        )

        token, bold, icon = LEVELS[row.level]
        icon = {"red": "clock", "amber": "hourglass"}.get(row.level, icon)
        font = look.font(15, bold=bold, tabular=True)
        edge = right - paint.width_of_text(font, row.wait)
        painter.draw_words_and_give_end_x(row.wait, font, token, QRectF(edge, second.top(), right - edge + 1, half))
        if icon:
            edge -= look.px(22)
            painter.draw_icon(icon, token, edge, second.center().y() - look.px(8), 16)
        edge -= look.px(10)

        plain = look.font(15)
        whole = self._has_room(right - x)
        if whole:
            painter.draw_words_and_give_end_x(
                row.klass, plain, "ink2", QRectF(left, second.top(), x - left - look.px(6), half)
            )
        else:
            x = left
        painter.draw_icon(row.icon, "ink2", x, second.center().y() - look.px(8), 16)
        x += look.px(22)
        end = painter.draw_words_and_give_end_x(row.state, plain, "ink2", QRectF(x, second.top(), edge - x, half))
        x = max(x + look.large_px(STATE_WIDTH - 22), end + look.px(12))
        if whole and edge - x > look.px(40):
            painter.draw_words_and_give_end_x(row.owner, plain, "ink2", QRectF(x, second.top(), edge - x, half))

    def _has_room(self, width: float) -> bool:
        """Return whether the state and the last day of every row have room in `width`, after the class."""
        look, last, state = self.look, self.look.font(15, bold=True, tabular=True), self.look.font(15)
        rows = [row for row in self.tickets.rows() if isinstance(row, CaseRow)]
        widest = max(
            (paint.width_of_text(state, row.state) + paint.width_of_text(last, row.wait) for row in rows), default=0.0
        )
        return widest + look.px(22 + 22 + 10) <= width

    def _widest_class_px(self) -> float:
        font = self.look.font(15)
        return max(
            (paint.width_of_text(font, row.klass) for row in self.tickets.rows() if isinstance(row, CaseRow)),
            default=0.0,
        )


class _SlipPagePicture(paint.FollowsLook, QWidget):
    """The first page of the slip, as large as there is room."""

    def __init__(self, look: Look, page: QImage) -> None:
        super().__init__()
        self._page = page
        self.follow_look(look)

    def sizeHint(self) -> QSize:
        return QSize(self.look.px(SLIP_WIDTH), self.look.px(SLIP_HEIGHT))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = paint.Painter(self, self.look)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        shown = self._page.width() * self.height() / max(1, self.width())
        painter.drawImage(QRectF(self.rect()), self._page, QRectF(0, 0, self._page.width(), shown))
        painter.draw_box(QRectF(self.rect()), 0, "", edge="line")


class OverdueCasesSlipDialog(Dialog):
    """Shows the slip of overdue cases as it is printed. `printing` and `saving` say what is wanted of it."""

    printing = Signal()
    saving = Signal()

    def __init__(self, host: QWidget, look: Look, pages: Sequence[QImage]) -> None:
        effect = _("One part per owner to cut off: which case, by when. It names no customer.")
        super().__init__(host, look, title=_("Slip of overdue cases"), effect=effect, width=760)
        self.pages = list(pages)
        if self.pages:
            self.body.addWidget(_SlipPagePicture(self.look, self.pages[0]))
        if (more := len(self.pages) - 1) > 0:
            more_words = n_("{n} more page", "{n} more pages", more)
            self.body.addWidget(panels.Label(self.look, more_words, px=15, token="ink2"))
        self.save_button = buttons.SecondaryButton(self.look, _("Save as PDF"), icon="save", height=56, px=18)
        self.save_button.clicked.connect(self.saving)
        self.buttons.insertWidget(0, self.save_button)
        self.add_answer_buttons(_("Back"), _("Print"), self.printing.emit)

    def first_focus_widget(self) -> QWidget:
        return self.yes_button


class CaseProgressStepsWidget(paint.FollowsLook, QWidget):
    """The way of a case: five dots on a line, each with its word, its date and its deadline."""

    spoken_role = paint.TEXT

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._steps: tuple[ProgressStep, ...] = ()
        self._again = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.follow_look(look)

    def set_steps(self, steps: Sequence[ProgressStep], name: str, *, again: bool = False) -> None:
        """Show a way; screen readers read it as one sentence. `again`: it came back from before its end once."""
        self._steps, self._again = tuple(steps), again
        told = (" ".join(part for part in (one.word, one.when, one.line) if part and part != "—") for one in steps)
        self.setAccessibleName(f"{name}: {'; '.join(told)}")
        self.setToolTip("\n".join(" ".join((one.word, one.when, one.line)).strip() for one in steps))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self.look.px(480), self.look.px(DOT + 6 + 25 + 22 + 20))

    def minimumSizeHint(self) -> QSize:
        return QSize(self.look.large_px(420), self.sizeHint().height())

    def measure_again(self) -> None:
        super().measure_again()
        self.updateGeometry()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._steps:
            return
        painter, look = paint.Painter(self, self.look), self.look
        side, pitch = look.px(DOT), self.width() / len(self._steps)
        middle = side / 2
        for at, step in enumerate(self._steps[1:], start=1):
            pen = QPen(look.color("primary" if step.state != "later" else "edge"), max(2, look.px(3)))
            if step.state == "later":
                pen = QPen(look.color("edge"), max(1, look.px(2)), Qt.PenStyle.DashLine)
            painter.setPen(pen)
            painter.drawLine(QPointF((at - 1) * pitch + side, middle), QPointF(at * pitch, middle))
        if self._again:
            small = look.px(AGAIN)
            x = (len(self._steps) - 1) * pitch - (pitch - side) / 2
            dot = QRectF(x - small / 2, middle - small / 2, small, small)
            painter.draw_box(dot, AGAIN / 2, "amberbg", edge="amber", width=2)
            painter.draw_icon("undo", "amber", x - look.px(8), middle - look.px(8), 16)
        for at, step in enumerate(self._steps):
            self._paint_step(painter, step, QRectF(round(at * pitch), 0, pitch - look.px(6), self.height()))

    def _paint_step(self, painter: paint.Painter, step: ProgressStep, place: QRectF) -> None:
        look = self.look
        side = look.px(DOT)
        dot = QRectF(place.left(), 0, side, side)
        fill, edge, width, token = {
            "done": ("primary", "", 1.0, "on_primary"),
            "next": ("surface", "primary", 3.0, "primary"),
        }.get(step.state, ("", "edge", 2.0, "ink2"))
        painter.draw_box(dot, DOT / 2, fill, edge=edge, width=width)
        if step.icon:
            painter.draw_icon(step.icon, token, dot.center().x() - look.px(9), dot.center().y() - look.px(9), 18)
        is_next = step.state == "next"
        top = side + look.px(6)
        for words, px, bold, ink, height in (
            (step.word, 17, True, "press" if is_next else "ink", 25),
            (step.when, 15, is_next, "ink" if is_next else "ink2", 22),
            (step.line, 13, False, "ink2", 20),
        ):
            least = look.px(10 / look.scale.text)
            fitted = paint.largest_fitting_px(words, place.width(), look.px(px), bold=bold, least=least) / look.scale.k
            room = QRectF(place.left(), top, place.width(), look.px(height))
            painter.draw_words_and_give_end_x(words, look.font(fitted, bold=bold), ink, room)
            top += look.px(height)


def _ticket_clerks(ticket: Ticket | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys(leg.staff for leg in ticket.legs if leg.staff)) if ticket is not None else ()


class CaseOpeningDialogs(QObject):
    """`host` gives what the question stands over. `said` is what was done or why not, with an icon; `opened` the number
    of a new case, `left` that the question was answered with none."""

    said = Signal(str, str)
    opened = Signal(str)
    left = Signal()

    def __init__(self, context: StationContext, host: Callable[[], QWidget], parent: QObject) -> None:
        super().__init__(parent)
        self._host, self._context = host, context
        self._controller = controller = CasesController(context, self)
        self._then: Callable[[CaseOpeningData], None] | None = None
        self._comment = ""
        self.dialog: NewCaseDialog | None = None
        controller.opening_read.connect(self._pass_opening_data_on)
        controller.done.connect(self._close_and_report_done)
        controller.refused.connect(self._show_refusal)

    # -- what it may be about ----------------------------------------------------------------------------------------

    def ask_to_open_case(self) -> None:
        self._read_opening_data_then(partial(self._open_new_case_dialog, given={}, concerns=()))

    def ask_case_for_rating(self, label: str, day: date) -> None:
        """Ask about a low rating; class, owner and deadlines are filled in. It may have its case by now."""
        self._read_opening_data_then(partial(self._ask_to_open_for_rating, label, day))

    def ask_case_for_long_wait(self, ticket: Ticket) -> None:
        """Ask about a ticket that waited longer than it was told."""
        told = _("{ticket} waited longer than estimated", ticket=ticket.label)
        given = {"source": cases.WAIT, "ticket": ticket.label, "day": ticket.date}
        title = _("Open a case for {ticket}?", ticket=ticket.label)
        self._read_opening_data_then(
            partial(self._open_new_case_dialog, given=given, concerns=_ticket_clerks(ticket), title=title, about=told)
        )

    def ask_case_for_help_call(self, call: HelpCall) -> None:
        """Ask about a call for help: place and time are filled in, and whose turn it was there then."""
        feed, place = self._context.feed, place_words(call.place)
        then = time_hm(feed.setup.to_hall_time(call.pressed))
        tickets = [one for one in feed.state.tickets.values() if one.date == call.date]
        ticket = cases.ticket_served_at(tickets, window_of_place(call.place), call.pressed)
        given: dict[str, Any] = {"source": cases.HELP, "ref": str(call.seq)}
        title = _("Open a case for the call for help from {place}?", place=place)
        if ticket is not None:
            given |= {"ticket": ticket.label, "day": ticket.date}
            title = _(
                "Open a case for the call for help from {place}, with {ticket}?", place=place, ticket=ticket.label
            )
        why = name_in_language(call.about, call.about_en)
        about = f"{place}, {then}"
        about = _("{about}: {why}", about=about, why=why) if why else about
        self._read_opening_data_then(
            partial(
                self._open_new_case_dialog,
                given=given,
                concerns=_ticket_clerks(ticket),
                title=title,
                about=about[: cases.LONGEST_TITLE].rstrip(),
            )
        )

    def ask_case_for_finding(self, fix: Document) -> None:
        given = {"source": cases.INSPECTION, "ref": str(fix["inspection"] or fix["rectification"])}
        title, said = _("Open a case from this finding?"), str(fix["issue"])
        self._read_opening_data_then(
            partial(self._open_new_case_dialog, given=given, concerns=(), title=title, said=said)
        )

    def _ask_to_open_for_rating(self, label: str, day: date, opening: CaseOpeningData) -> None:
        wanted = (label, day.isoformat())
        low = next((one for one in opening.low if (one["ticket"], one["date"]) == wanted), None)
        if low is None:
            self.said.emit(_("{ticket} has a case, or needs none", ticket=label), "info")
            return
        given = {"source": cases.RATING, "ticket": label, "day": day, "kept": low["kept"]}
        title = _("Open a case for {ticket}?", ticket=label)
        if day != self._context.feed.business_date:
            title = _("Open a case for {ticket} of {day}?", ticket=label, day=date_for_staff(day))
        self._open_new_case_dialog(
            opening,
            given=given,
            concerns=tuple(low["concerns"]),
            title=title,
            words=low["comment"] or "",
            reasons=quality_words.chosen_low_rating_reasons_text(low["tags"]) if low["tags"] else "",
            klass=self._controller.case_class_of_low_rating(),
        )

    # -- the question ------------------------------------------------------------------------------------------------

    def _read_opening_data_then(self, then: Callable[[CaseOpeningData], None]) -> None:
        if self.dialog is None:
            self._then = then
            self._controller.read_new_case_data()

    def _pass_opening_data_on(self, opening: CaseOpeningData) -> None:
        then, self._then = self._then, None
        if then is not None:
            then(opening)

    def _open_new_case_dialog(
        self,
        opening: CaseOpeningData,
        *,
        given: dict[str, Any],
        concerns: tuple[str, ...],
        title: str = "",
        about: str = "",
        said: str = "",
        words: str = "",
        reasons: str = "",
        klass: str = "",
    ) -> None:
        controller, setup = self._controller, self._context.feed.setup
        names = list_text([staff_name(setup, code) for code in concerns])
        effect = _("Its number will be {number}.", number=opening.number) if given else ""
        if names:
            effect = _(
                "Its number will be {number}. It can't be assigned to {name}, because it is about them.",
                number=opening.number,
                name=names,
            )
        effect = "\n".join(part for part in (reasons, effect) if part)
        dialog = NewCaseDialog(
            self._host(),
            self._context.look,
            setup,
            owners=controller.possible_owners(concerns),
            owner=controller.default_case_owner(concerns),
            today=self._context.feed.business_date,
            title=title,
            effect=effect,
            given=given,
            klass=klass or controller.case_class_of_low_rating(),
            words=words,
            number=opening.number if given else "",
        )
        dialog.title.set_value(about)
        if said:
            dialog.words.set_label(_("What was found"))
            dialog.words.set_value(said)
        self._comment = cases.id_of_words_entry(given["kept"]) if words else ""
        if self._comment:
            dialog.add_mark_as_read_button()
            dialog.read_wanted.connect(partial(controller.mark_read, self._comment))
        self.dialog = dialog
        dialog.wanted.connect(controller.open_case)
        dialog.destroyed.connect(self._forget_dialog_that_closed)
        dialog.refused.connect(partial(self._forget_dialog_and_emit_left, dialog))
        dialog.open_dialog()

    def _forget_dialog_and_emit_left(self, dialog: NewCaseDialog) -> None:
        self._forget_dialog_that_closed(dialog)
        self.left.emit()

    def _forget_dialog_that_closed(self, gone: object) -> None:
        if self.dialog is gone:
            self.dialog = None

    def _close_and_report_done(self, verb: str, document: Document) -> None:
        if self.dialog is not None:
            self.dialog.close_as_done()
            self.dialog = None
        if verb == "open":
            self.said.emit(_("Case {number} is open", number=document["number"]), "check")
            self.opened.emit(document["number"])
            comment, self._comment = self._comment, ""
            if comment:
                self._controller.mark_read(comment)  # A case answers it.
        elif self._comment:
            self.said.emit(_("Marked as read."), "check")

    def _show_refusal(self, _verb: str, trouble: QueueDeskError) -> None:
        if self.dialog is not None:
            self.dialog.show_trouble(trouble)
        else:
            self.said.emit(error_sentence(trouble), "warning")


NO_BACKUPS: ServiceDocument = {"backups": [], "copies": []}


class WordsDeletion(QObject):
    """The question and what follows it, for a page that shows words and is `read_again` when they are gone."""

    def __init__(self, context: StationContext, page: ManagerPage, read_again: Callable[[], object]) -> None:
        super().__init__(page)
        self._context, self._page, self._read_again = context, page, read_again

    @property
    def may_delete_words(self) -> bool:
        who = self._context.who
        return who is not None and "comment-read" in MAY[who.role]

    def ask_words_deletion(self, named: str, title: str = "") -> None:
        """Ask for the words of a comment, a case with its `title`, thanks or a forum."""
        care = self._context.services.care
        look = care.backups_overview if care is not None else lambda: NO_BACKUPS
        self._context.tasks.run_in_side_lane(
            look, partial(self._ask_to_delete_words, named, title), self._page.show_warning
        )

    def _ask_to_delete_words(self, named: str, title: str, known: ServiceDocument) -> None:
        effect = _("They are deleted for good; the log keeps only that something was written.")
        parts = [
            effect,
            quality_words.older_backups_text(casework.deleted_words_backups_document(known)),
            quality_words.title_stays_text(title),
        ]
        ask_and_do_if_confirmed(
            self._page.host_widget,
            self._context.look,
            partial(self._start_deleting_words, named),
            title=_("Delete these words?"),
            effect=" ".join(part for part in parts if part),
            safe=_("Keep them", context="words"),
            act=_("Delete them", context="words"),
        )

    def _start_deleting_words(self, named: str) -> None:
        work = partial(casework.delete_words_of_comment_or_case, self._context.desk, self._context.new_ask(), named)
        self._context.tasks.run(work, self._on_words_deleted, self._page.show_warning)

    def _on_words_deleted(self, _document: ServiceDocument) -> None:
        self._page.said.emit(_("The words are deleted"), "check")
        self._read_again()
