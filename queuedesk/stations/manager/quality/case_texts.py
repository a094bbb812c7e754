"""The words of the page of cases, and its questions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import partial
from typing import Any

from msgspec import Struct
from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QWidget

from queuedesk.core.quality.case import (
    RATING,
    SPOKEN,
    TICKET,
    TRIES,
    CaseState,
    Step,
    Verdict,
    deadlines,
    waited_past_told,
)
from queuedesk.core.queue.ticket import Ticket, seconds
from queuedesk.core.setup.rows import Setup
from queuedesk.i18n import _, date_short, day_staff, listing, moment_short, rating_level, time_hm
from queuedesk.i18n.figures.drilldown_words import cited_words
from queuedesk.i18n.names import item_name, service_name, staff_name, window_name
from queuedesk.i18n.quality.case_words import (
    class_word,
    due_words,
    entry_words,
    outcome_word,
    source_words,
    state_word,
    step_word,
    title_words,
)
from queuedesk.i18n.queue.wait_words import promise_text
from queuedesk.stations.manager.setup.fields_dialog import FieldsDialog
from queuedesk.stations.widgets.buttons import SecondaryButton
from queuedesk.stations.widgets.labels import Label, Run, RunsLabel
from queuedesk.stations.widgets.lists.lists import TicketRow
from queuedesk.stations.widgets.paint import Painter
from queuedesk.stations.widgets.panels import Card, spread
from queuedesk.stations.widgets.questions.forms import DropDown, FormField
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
    is_reopened = case["reopened"] > 0 and case["state"] == "contacted"
    state = state_word(case["state"], reopened=case["reopened"] > 0)
    owner = staff_name(setup, case["owner"]) if case["owner"] else _("nobody", context="owner")
    if case["outcome"]:
        due, level = outcome_word(case["outcome"]), ""
    else:
        due = due_words(case["over"])
        level = "red" if case["overdue"] else "amber" if case["over"] == 0 else ""
    title = title_words(case["title"], case.get("source"), case["ticket"])
    klass = class_word(case["class"])
    return CaseRow(
        id=case["number"],
        number=case["number"],
        service=title,
        klass=klass,
        state=state,
        owner=owner,
        wait=due,
        level=level,
        icon="undo" if is_reopened else STATE_ICONS[case["state"]],
        spoken=_("case {number}, {details}", number=case["number"], details=listing((klass, title, state, owner, due))),
    )


class WayStep(Struct, frozen=True, kw_only=True):
    """One of the five steps. `state` is "done", "skipped", "next" or "later"; `when` the date it was done or is due,
    `line` what stands under that."""

    state: str
    icon: str
    word: str
    when: str
    line: str = ""


_ORDER = (CaseState.OPENED, CaseState.CONTACTED, CaseState.ACTED, CaseState.CALLED_BACK, CaseState.CLOSED)
_STEPS = {"contact": 1, "act": 2, "call-back": 3, "verdict": 3, "close": 4}
_DUES = ("", "contact_due", "act_due", "answer_due", "limit")


def way_of(setup: Setup, case: Document) -> list[WayStep]:
    """Return the five steps of a case as they stand: done, next, later; the way begins again at the contact where the
    case was opened again."""
    done = _ORDER.index(CaseState(case["state"]))
    next_at = _STEPS.get(case["next"] or "", 5)
    dates = _dates(case)
    steps = []
    for at, state in enumerate(_ORDER):
        due = date.fromisoformat(case[_DUES[at]]) if _DUES[at] else None
        told = (
            _("due {date}", date=date_short(due)) if due else source_words(case["source"]) if case.get("source") else ""
        )
        is_done = at <= done and (at < next_at or case["next"] is None)
        if is_done:
            if at in dates:
                done_on = date_short(dates[at])
                steps.append(WayStep(state="done", icon="check", word=state_word(state), when=done_on, line=told))
            else:
                steps.append(_skipped(state))
        elif at == next_at:
            # The day that counts for what comes next: closing may be due earlier than the hard limit of the last step.
            told = _("due {date}", date=date_short(date.fromisoformat(case["due"]))) if case["due"] else told
            line = due_words(case["over"]) if case["over"] is not None else ""
            steps.append(
                WayStep(state="next", icon=STEP_ICONS[case["next"]], word=step_word(state), when=told, line=line)
            )
        elif at < next_at:
            steps.append(_skipped(state))
        else:
            steps.append(WayStep(state="later", icon="", word=step_word(state), when="—", line=told))
    return steps


def _skipped(state: CaseState) -> WayStep:
    return WayStep(state="skipped", icon="minus", word=state_word(state), when=_("left out", context="step"))


def _dates(case: Document) -> dict[int, date]:
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


def act_words(case: Document) -> str:
    """Return the words of the button of the next step."""
    if case["next"] == Step.CLOSE and case["state"] == "acted":
        return _("Not reached: close") if case["tries"] >= TRIES else _("No contact: close")
    return {
        "contact": _("Contact the customer and note it"),
        "act": _("Note what was done"),
        "call-back": _("Call back and note the answer"),
        "verdict": _("Note the customer's verdict"),
        "close": _("Close the case"),
        None: _("Open it again"),
    }[case["next"]]


def vain_words(case: Document) -> str:
    """Return the words of the button of a call-back without an answer."""
    return _("No answer · try {n} of {of}", n=case["tries"] + 1, of=TRIES)


def close_missing(case: Document) -> str:
    """Return what is missing before a case may be closed, "" where nothing is, or where it is closed."""
    step = case["next"]
    if step in ("call-back", "verdict"):
        return _("Close: note the customer's answer first")
    return _("Close: note first what was done") if step in ("contact", "act") else ""


def ticket_lines(setup: Setup, ticket: Ticket) -> list[tuple[str, str]]:
    """Return what is said of a case's ticket, each line with its colour: matter, place, wait against what was told, how
    it was rated."""
    leg = ticket.legs[0]
    matter = service_name(setup, leg.service)
    if leg.item:
        matter = _("{service} · {item}", service=matter, item=item_name(setup, leg.service, leg.item))
    last = ticket.leg
    who = [window_name(last.window)] if last.window else []
    who += [staff_name(setup, last.staff)] if last.staff else []
    lines = [(matter, "ink"), (", ".join((*who, date_short(ticket.date))), "ink2")]
    if leg.called is not None:
        minutes = seconds(ticket.arrived, leg.called) // 60
        words = _("waited {minutes} min", minutes=minutes)
        if ticket.promise.low is not None:
            words = _("{waited}, estimate {told}", waited=words, told=promise_text(ticket.promise))
        lines.append((words, "red" if waited_past_told(ticket) else "ink2"))
    if ticket.rating:
        lines.append((rating_level(ticket.rating), "ink"))
    return lines


def history_rows(setup: Setup, case: Document) -> list[tuple[str, str, str, Document | None]]:
    """Return the history, newest first: time, icon, words, and what is cited."""
    rows = []
    for entry in reversed(case["history"]):
        at = datetime.fromisoformat(entry["at"])
        result = staff_name(setup, entry["result"]) if entry["step"] == "owner" and entry["result"] else entry["result"]
        words = entry_words(entry["step"], result, entry["verdict"])
        said = _("{person}: {words}", person=_person(setup, entry["by"]), words=words)
        if entry["text"]:
            said = _("{words} – {text}", words=said, text=entry["text"])
        cites = entry["cites"]
        if cites:
            said = _("{words} – {text}", words=said, text=cited_words(setup, cites))
        icon = STEP_ICONS.get(cites["what"] if cites else entry["step"], "info")
        rows.append((moment_short(at), icon, said, cites))
    return rows


def _person(setup: Setup, code: str) -> str:
    return staff_name(setup, code) if code in setup.staff else _("the hall")


def bookmarks(setup: Setup, ticket: Ticket) -> str:
    """Return where to find a ticket in the video recorder's pictures: ticket, window, from when to when; a line for
    each step."""
    lines = []
    for leg in ticket.legs:
        first, last = leg.called or leg.joined, leg.ended or leg.finished
        if leg.window is None:
            continue
        local = setup.local(first)
        until = time_hm(setup.local(last)) if last else "…"
        day = f"{local:%Y-%m-%d}"
        lines.append("\t".join((ticket.label, window_name(leg.window), day, f"{time_hm(local)}–{until}")))
    return "\n".join(lines)


# -- the questions: a new case, a step with what was said, the PIN before a contact is shown ---------------------------

_BOLD = "\0"
WIDTH = 600


def _offer(look: Look, choices: Mapping[str, str], chosen: str) -> QComboBox:
    box = DropDown(look).share_width()
    box.show_choice(chosen, choices)
    return box


class QuoteBox(Card):
    """What a customer wrote, on a ground of its own."""

    def __init__(self, look: Look, words: str) -> None:
        super().__init__(look)
        row = QHBoxLayout(self)
        spread(look, row, (16, 10, 16, 10), 12)
        row.addWidget(RunsLabel(look, (Run("", 17, token="ink2", icon="message"),)), 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(Label(look, words, px=17, wrap=True), 1)

    def paintEvent(self, event: QPaintEvent) -> None:
        Painter(self, self.look).box(QRectF(self.rect()), 10, "sunken")


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
        self._is_rating = self._given.get("source") == RATING
        classes = {code: class_word(code) for code in setup.hall.case_classes}
        self.klass = _offer(self.look, classes, klass or next(iter(classes), ""))
        people = {code: staff_name(setup, code) for code in owners}
        self.owner = _offer(self.look, people, owner or "")
        self.title = FormField(self.look, _("In a few words"), hint=_("no names; the owner reads it"))
        self.words = FormField(self.look, _("In the customer's words"), hint=_("for managers"))
        self.ticket = FormField(self.look, _("Ticket"), hint=_("of today, if there is one"))
        self.contact = FormField(self.look, _("Phone or e-mail"), hint=_("only if the customer agrees; deleted later"))
        self.name = FormField(self.look, _("Customer's name"), hint=_("only if the customer agrees"))
        if words:
            self.body.addWidget(QuoteBox(self.look, words))
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
        self.lay(fields, [["klass", "owner"], ["title"], *words_row, last], removable=False)
        due = deadlines(setup, today, is_rating=self._is_rating)
        days = {"contact": due.contact, "act": due.act, "answer": due.answer}
        marked = {name: f"{_BOLD}{date_short(day)}{_BOLD}" for name, day in days.items()}
        line = _("contact by {contact} · act by {act} · call back by {answer}", **marked)
        runs = [Run(part, 15, bold=bool(at % 2)) for at, part in enumerate(line.split(_BOLD)) if part]
        self.due = RunsLabel(self.look, (Run("", 15, token="ink2", icon="calendar"), *runs))
        self.body.insertWidget(self.body.indexOf(self.trouble), self.due)
        yes = _("Open case {number}", number=number) if number else _("Open the case")
        self.say_answers(_("Leave it", context="case"), yes)

    def offer_read(self) -> None:
        """Offer to do without a case: what the customer wrote is then read."""
        button = SecondaryButton(self.look, _("No case, mark as read"), height=56, px=17)
        button.clicked.connect(self.read_wanted)
        self.read_button = button
        self.buttons.insertWidget(0, button)

    def first_field(self) -> QWidget:
        return self.klass if self._given else self.title.edit

    def typed(self) -> dict[str, Any]:
        ticket = self.ticket.value().strip().upper() or None
        contact = self.contact.value()
        return {
            "source": TICKET if ticket else SPOKEN,
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


class StepDialog(FieldsDialog):
    """Asks what was said or done in a step; after a call-back also for the customer's verdict. `needs` a text: an act
    does."""

    def __init__(
        self, host: QWidget, look: Look, *, title: str, field: str, yes: str, effect: str = "", needs: bool = False
    ) -> None:
        super().__init__(host, look, title=title, effect=effect, width=WIDTH)
        self._yes, self._needs = yes, needs
        self.verdict: QComboBox | None = None
        self.note = FormField(self.look, field, hint=_("no names"))
        self.note.edited.connect(self._show)

    def ask_verdict(self, *, may_wait: bool) -> StepDialog:
        """Ask what the customer says now; `may_wait`: it may be noted later."""
        choices = {"": _("not known yet")} if may_wait else {}
        words = {str(one): outcome_word(one) for one in (Verdict.SATISFIED, Verdict.DISSATISFIED, Verdict.NOT_GIVEN)}
        box = _offer(self.look, {**choices, **words}, "")
        box.setCurrentIndex(0 if may_wait else -1)
        box.currentIndexChanged.connect(self._show)
        self.verdict = box
        return self

    def ready(self) -> StepDialog:
        fields = {"note": self.note}
        if self.verdict is not None:
            said = FormField(self.look, _("What does the customer say?"), edit=self.verdict, has_line=False)
            fields = {"verdict": said, **fields}
        self.lay(fields, [[name] for name in fields], removable=False)
        self.say_answers(_("Leave it", context="case"), self._yes)
        self._show()
        return self

    def first_field(self) -> QWidget:
        return self.verdict or self.note.edit

    def typed(self) -> dict[str, Any]:
        said = self.verdict.currentData() if self.verdict is not None else None
        return {"note": self.note.value(), **({"verdict": Verdict(said)} if said else {})}

    def _show(self) -> None:
        if self.verdict is not None and self.verdict.currentIndex() < 0:
            self.yes_button.block(_("Choose what the customer says"))
        elif self._needs and not self.note.value().strip():
            self.yes_button.block(_("Write what was done"))
        else:
            self.yes_button.allow(self._yes)


def step_dialog(host: QWidget, look: Look, case: Document) -> StepDialog:
    """Return the question of a case's next step."""
    step = case["next"]
    make = partial(StepDialog, host, look, title=_("{act}: case {number}", act=act_words(case), number=case["number"]))
    if step == "contact":
        return make(field=_("What was said?"), yes=_("I have contacted")).ready()
    if step == "act":
        return make(field=_("What was done?"), yes=_("Note it"), needs=True).ready()
    if step in ("call-back", "verdict"):
        asking = make(field=_("What was said?"), yes=_("Note the answer"))
        return asking.ask_verdict(may_wait=step == "call-back").ready()
    if step == "close":
        return make(field=_("Anything to add?"), yes=_("Close the case")).ready()
    return make(field=_("Why?"), yes=_("Open it again"), needs=True).ready()


class TextDialog(FieldsDialog):
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
        self.lay(
            {name: FormField(self.look, text) for name, text in fields.items()},
            [[one] for one in fields],
            removable=False,
        )
        for field in self.fields.values():
            if secret and isinstance(field.edit, QLineEdit):
                field.edit.setEchoMode(QLineEdit.EchoMode.Password)
        self.say_answers(_("Leave it", context="case") if fields else _("Back"), yes)
        self.yes_button.setVisible(bool(fields))

    def first_field(self) -> QWidget:
        return next((field.edit for field in self.fields.values()), self.no_button)

    def typed(self) -> dict[str, Any]:
        return {name: field.value() for name, field in self.fields.items()}


def note_dialog(host: QWidget, look: Look, number: str) -> TextDialog:
    """Return the question of a note in a case's history."""
    title = _("Note on case {number}", number=number)
    return TextDialog(host, look, title=title, fields={"text": _("Note")}, yes=_("Note it"))


def pin_dialog(host: QWidget, look: Look) -> TextDialog:
    """Return the question that comes before a contact is shown whole."""
    effect = _("The history records that you viewed the contact.")
    fields, yes = {"pin": _("PIN")}, _("Show for this case")
    return TextDialog(host, look, title=_("Your PIN"), effect=effect, fields=fields, yes=yes, secret=True)


def proof_dialog(host: QWidget, look: Look, fix: Document, *, may_prove: bool) -> TextDialog:
    """Return the question what shows that a finding was put right; who may not note that is told who does."""
    title = _("Put right by {day}", day=day_staff(date.fromisoformat(fix["due"])))
    fields = {"proof": _("What shows that it is put right?")} if may_prove else {}
    effect = fix["issue"] or _("The managers have the finding.")
    if not may_prove:
        effect += "\n" + _("Show it to a manager when it is done; they note the proof.")
    return TextDialog(host, look, title=title, effect=effect, fields=fields, yes=_("Record the fix"))
