"""One case: the customer's words and the ticket, the way of five steps, the next act, contact and history."""

from __future__ import annotations

from datetime import date
from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from queuedesk.core.errors import RuleError
from queuedesk.core.network.roles import Role
from queuedesk.core.quality.case import INSPECTION
from queuedesk.core.queue.ticket import Ticket
from queuedesk.core.setup.rows import Setup
from queuedesk.i18n import _, date_long, listing, n_
from queuedesk.i18n.figures.drilldown_words import cited_words
from queuedesk.i18n.names import staff_name
from queuedesk.i18n.quality.case_words import (
    class_word,
    reasons_text,
    source_words,
    state_word,
    title_words,
    without_contact,
)
from queuedesk.stations.manager.quality.case_texts import (
    STATE_ICONS,
    STEP_ICONS,
    CaseWay,
    Document,
    act_words,
    close_missing,
    history_rows,
    ticket_lines,
    vain_words,
    way_of,
)
from queuedesk.stations.widgets.buttons import IconButton, Pill, PrimaryButton, SecondaryButton, TextButton
from queuedesk.stations.widgets.panels import Card, GroundArea, Label, Rule, Run, RunsLabel, discard, put_beside, spread
from queuedesk.stations.window.style import XXL, Look, M

SHOWN_MS = 60_000
BESIDE_FROM = 560


class CaseDetail(QWidget):
    """`acted` asks for the next step, `vain` for a call-back without an answer, `story` for the ticket, `contact` for
    the whole contact, `menu` for all acts, `cited` for what an entry cites."""

    acted = Signal()
    vain = Signal()
    story = Signal()
    contact = Signal()
    menu = Signal()
    cited = Signal(object)
    back = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self.back_button = TextButton(look, _("All cases"), icon="arrow-left", height=40, px=16)
        self.number = Label(look, px=XXL, bold=True, elide=False)
        self.klass, self.state = Pill(look, ""), Pill(look, "")
        self.owner = Label(look, px=16, token="ink2", align=Qt.AlignmentFlag.AlignRight)
        self.more = IconButton(look, "more", _("All acts"))
        self.words_head = Label(look, px=15, bold=True, token="ink2")
        self.words = Label(look, px=M, wrap=True)
        self.source = Label(look, px=15, token="ink2", wrap=True)
        self.ticket = Label(look, px=28, bold=True)
        self.story_button = TextButton(look, _("History"), trailing="arrow-right", height=36, px=15)
        self.facts = QVBoxLayout()
        self.way = CaseWay(look)
        self.act_button = PrimaryButton(look, "", key="Enter", height=56, px=20)
        self.vain_button = SecondaryButton(look, "", height=56, px=17)
        self.close_button = SecondaryButton(look, "", height=44, px=16)
        self.who_may = Label(look, px=M, wrap=True)
        self.reach = RunsLabel(look)
        self.until = Label(look, px=15, token="ink2", wrap=True)
        self.show_button = TextButton(look, _("Show for this case"), height=36, px=15)
        self._history = QVBoxLayout()
        self._fact_labels: list[Label] = []
        self._rows: list[QWidget] = []
        self._masked, self._shown_of = ("", ""), ""
        self._hide_again = QTimer(self)
        self._hide_again.setSingleShot(True)
        self._hide_again.timeout.connect(self.hide_contact)
        self._build()
        self.act_button.clicked.connect(self.acted)
        self.vain_button.clicked.connect(self.vain)
        self.story_button.clicked.connect(self.story)
        self.show_button.clicked.connect(self.contact)
        self.more.clicked.connect(self.menu)
        self.back_button.clicked.connect(self.back)

    def _build(self) -> None:
        look = self._look
        inside = QWidget()
        column = QVBoxLayout(inside)
        spread(look, column, (24, 12, 32, 16), 12)
        column.addWidget(self.back_button, 0, Qt.AlignmentFlag.AlignLeft)
        head = QHBoxLayout()
        spread(look, head, spacing=8)
        for part in (self.number, self.klass, self.state):
            head.addWidget(part)
        head.addWidget(self.owner, 1)
        head.addWidget(self.more)
        column.addLayout(head)

        card = Card(look)
        self._sides = QBoxLayout(QBoxLayout.Direction.LeftToRight, card)
        spread(look, self._sides, (18, 12, 18, 12), 18)
        left, right = QVBoxLayout(), QVBoxLayout()
        for one in (left, right, self.facts):
            spread(look, one, spacing=4)
        for part in (self.words_head, self.words, self.source):
            left.addWidget(part)
        left.addStretch(1)
        top = QHBoxLayout()
        top.addWidget(self.ticket, 1)
        top.addWidget(self.story_button)
        right.addLayout(top)
        right.addLayout(self.facts)
        right.addStretch(1)
        self._sides.addLayout(left, 3)
        self._sides.addLayout(right, 2)
        column.addWidget(card)
        column.addWidget(self.way)
        self._buttons = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        spread(look, self._buttons, spacing=12)
        self._buttons.addWidget(self.act_button, 1)
        self._buttons.addWidget(self.vain_button)
        column.addLayout(self._buttons)
        column.addWidget(self.close_button, 0, Qt.AlignmentFlag.AlignRight)
        column.addWidget(self.who_may)
        reach = QHBoxLayout()
        spread(look, reach, spacing=12)
        reach.addWidget(self.reach)
        reach.addWidget(self.until, 1, Qt.AlignmentFlag.AlignVCenter)
        reach.addWidget(self.show_button)
        column.addLayout(reach)
        spread(look, self._history, spacing=0)
        column.addLayout(self._history)
        column.addStretch(1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(GroundArea(inside))

    # -- what is shown -----------------------------------------------------------------------------------------------

    def show_case(self, setup: Setup, case: Document, ticket: Ticket | None, refusal: RuleError | None) -> None:
        """Show a case; `refusal` is why who is here can't act on it."""
        self._look_at_width()
        self.number.setText(case["number"])
        self.klass.set_all(class_word(case["class"]), tint="sunken", token="ink2")
        is_reopened = case["reopened"] > 0
        icon = "undo" if is_reopened and case["state"] == "contacted" else STATE_ICONS[case["state"]]
        tint, token = ("redbg", "red") if case["overdue"] else ("soft", "press")
        self.state.set_all(state_word(case["state"], reopened=is_reopened), tint=tint, token=token, icon=icon)
        owner = staff_name(setup, case["owner"]) if case["owner"] else _("nobody", context="owner")
        self.owner.setText(_("owner {name}", name=owner))
        self._show_words(case)
        self._show_ticket(setup, case, ticket)
        name, times = _("Progress of case {number}", number=case["number"]), case["reopened"]
        if times:
            name = n_("{name}, opened again {n} time", "{name}, opened again {n} times", times, name=name)
        self.way.set_steps(way_of(setup, case), name, again=times > 0 and case["next"] is not None)
        self._show_acts(setup, case, refusal)
        self._show_contact(case)
        self._show_history(setup, case)

    def _show_words(self, case: Document) -> None:
        words, title = case.get("words"), title_words(case["title"], case.get("source"), case["ticket"])
        said = _("What was found") if case.get("source") == INSPECTION else _("In the customer's words")
        self.words_head.setText(said if words else _("What it is about"))
        self.words.setText(words or title)
        source = source_words(case["source"]) if case.get("source") else ""
        about = " · ".join(part for part in (title if words else "", source) if part)
        reasons = reasons_text(case["reasons"]) if case.get("reasons") else ""
        self.source.setText("\n".join(part for part in (reasons, about) if part))

    def _show_ticket(self, setup: Setup, case: Document, ticket: Ticket | None) -> None:
        self.ticket.setText(case["ticket"] or _("No ticket", context="case"))
        self.ticket.set_px(28 if case["ticket"] else 17)
        self.story_button.setVisible(ticket is not None)
        discard(self._fact_labels, self.facts)
        lines = ticket_lines(setup, ticket) if ticket is not None else []
        self._fact_labels = [Label(self._look, text, px=15, token=token, wrap=True) for text, token in lines]
        for label in self._fact_labels:
            self.facts.addWidget(label)

    def _show_acts(self, setup: Setup, case: Document, refusal: RuleError | None) -> None:
        may = refusal is None
        self.act_button.setVisible(may)
        self.act_button.setText(act_words(case))
        self.act_button.set_icon(STEP_ICONS[case["next"]] if case["next"] else "undo")
        self.vain_button.setVisible(may and case["next"] == "call-back")
        self.vain_button.setText(vain_words(case))
        missing = close_missing(case)
        self.close_button.setVisible(may and bool(missing))
        self.close_button.block(missing)
        self.who_may.setVisible(not may)
        if refusal is not None:
            owner = staff_name(setup, case["owner"]) if case["owner"] else ""
            if refusal.code == "case_concerns":
                text = _concerns_you(setup, case, owner)
            else:
                text = _("{owner} handles this case.", owner=owner or _("A manager"))
            self.who_may.setText(text)

    def _show_contact(self, case: Document) -> None:
        until = ""
        if case["contact"]:
            day = date_long(date.fromisoformat(case["contact_until"]))
            until, words = _("consent until {date}, then deleted", date=day), case["contact"]
        else:
            words = without_contact(case["contact_until"], asked=case["contact_asked"])
        same = self._shown_of == case["number"] and self._masked == (words, until)
        self._masked = (words, until)
        # That it was looked at is an event, after which the case is shown anew.
        if not (same and self._hide_again.isActive()):
            self.hide_contact()
        self.show_button.setVisible(bool(case["contact"]) and not self.act_button.isHidden())

    def show_contact(self, text: str) -> None:
        """Show a contact whole for a minute."""
        self._shown_of = self.number.text()
        self._say_contact(text, _("for one minute"))
        self._hide_again.start(SHOWN_MS)

    def hide_contact(self) -> None:
        """Show the contact in part again."""
        self._hide_again.stop()
        self._say_contact(*self._masked)

    def _say_contact(self, words: str, until: str) -> None:
        self.reach.set_runs((Run(words, 17, bold=bool(until), icon="lock"),))
        self.until.setText(until)

    def _show_history(self, setup: Setup, case: Document) -> None:
        discard(self._rows, self._history)
        self._rows = []
        for at, icon, words, cites in history_rows(setup, case):
            row = QWidget()
            line = QHBoxLayout(row)
            spread(self._look, line, (0, 6, 0, 6), 12)
            time = RunsLabel(self._look, (Run(at, 15, token="ink2"), Run("", 15, icon=icon, token="ink2", gap=10)))
            time.setFixedWidth(self._look.wide(150))
            line.addWidget(time, 0, Qt.AlignmentFlag.AlignTop)
            line.addWidget(Label(self._look, words, px=15, wrap=True), 1)
            if cites is not None:
                name = _("Open {name}", context="cited", name=cited_words(setup, cites))
                button = IconButton(self._look, "arrow-right", name, side=36)
                button.clicked.connect(partial(self.cited.emit, cites))
                line.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
            rule = Rule(self._look)
            self._history.addWidget(rule)
            self._history.addWidget(row)
            self._rows += [rule, row]

    def _look_at_width(self) -> None:
        wide = self.width() >= self._look.wide(BESIDE_FROM)
        put_beside(wide, self._sides, self._buttons)

    def resizeEvent(self, event: object) -> None:
        self._look_at_width()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not self.act_button.isHidden():
            self.acted.emit()
            return
        super().keyPressEvent(event)


def _concerns_you(setup: Setup, case: Document, owner: str) -> str:
    """Return who goes on with a case that concerns who looks at it: its owner, else who may give it to somebody."""
    if owner:
        return _("This case is about you, so {owner} handles it.", owner=owner)
    roles = (Role.MANAGER, Role.ADMIN)
    free = [code for code, one in setup.staff.items() if one.role in roles and code not in case["concerns"]]
    if not free:
        return _("This case concerns you, and there is no other manager: an admin adds one in Set-up, Staff.")
    names = listing([staff_name(setup, code) for code in free])
    return _("This case concerns you and has no owner; who may give it to somebody: {names}", names=names)
