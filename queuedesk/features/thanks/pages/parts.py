"""Parts of the page of thanks and warnings: the text messages for the gateway, and the notes by reference number; and
what a person is thanked for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from queuedesk.core.errors import QueueDeskError
from queuedesk.core.imports.half_width import half_width
from queuedesk.core.setup.rows import Setup
from queuedesk.features.thanks.pages.controller import Texts
from queuedesk.i18n import _, date_long, date_short, n_, say, time_hm
from queuedesk.i18n.names import staff_name
from queuedesk.i18n.quality.comment_words import asked_words
from queuedesk.stations.manager.parts.table import Column, ListCard, TableSpec
from queuedesk.stations.widgets.buttons import SecondaryButton
from queuedesk.stations.widgets.panels import FixedSize, Label, spread
from queuedesk.stations.widgets.questions.dialogs import Dialog, DropDown, ErrorLine, FormField
from queuedesk.stations.window.context import ServiceDocument
from queuedesk.stations.window.style import Look

ICON = "lock"


class TextsDialog(Dialog):
    """Shows the text messages for the gateway, and keeps the numbers of staff. `wanted` asks for their file,
    `number_wanted` gives a code and the number to keep."""

    wanted = Signal()
    number_wanted = Signal(str, str)
    SHOWN = 4

    def __init__(self, host: QWidget, look: Look, setup: Setup, texts: Texts) -> None:
        effect = _(
            "This program sends nothing itself: the hall's own gateway takes the file. Each message is in one file only."
        )
        super().__init__(host, look, title=_("Text messages"), effect=effect, width=760)
        self._setup = setup
        self.rows = Label(self.look, px=15, wrap=True)
        self.body.addWidget(self.rows)
        self.people = DropDown(self.look).share_width(12)
        self.number = FormField(self.look, _("Number for warnings"), hint=_("empty: delete it"))
        self.keep_button = SecondaryButton(self.look, _("Keep it"), height=48)
        self.keep_button.clicked.connect(self._keep)
        line = QHBoxLayout()
        spread(self.look, line, spacing=12)
        FixedSize(self.look, self.people, height=48)
        line.addWidget(FormField(self.look, _("Person", context="filter"), edit=self.people), 1)
        line.addWidget(self.number, 1)
        line.addWidget(self.keep_button, 0, Qt.AlignmentFlag.AlignVCenter)
        self.body.addLayout(line)
        self.trouble = ErrorLine(self.look)
        self.trouble.hide()
        self.body.addWidget(self.trouble)
        self.put_answers(_("Back"), _("Save as a file"), self.wanted.emit)
        self.show_texts(texts)

    def show_texts(self, texts: Texts) -> None:
        """Show the messages that are there now."""
        lines = [
            f"{time_hm(datetime.fromisoformat(row['time']))} · {row['number']} · {row['text']}" for row in texts.rows
        ]
        told = lines[: self.SHOWN] or [_("No message waits for the gateway.")]
        if (more := len(lines) - self.SHOWN) > 0:
            told.append(n_("{n} more", "{n} more", more, context="list"))
        if texts.without_number:
            n = texts.without_number
            told.append(n_("{n} warning has no number to go to", "{n} warnings have no number to go to", n))
        self.rows.setText("\n".join(told))
        staff = self._setup.staff
        first = next((code for code, one in staff.items() if one.warned_of), next(iter(staff), ""))
        chosen = self.people.currentData() or first
        none = _("no number")
        people = {code: f"{staff_name(self._setup, code)} · {texts.numbers.get(code, none)}" for code in staff}
        self.people.show_choice(str(chosen), people)
        if lines:
            self.yes_button.allow(_("Save as a file"))
        else:
            self.yes_button.block(_("Nothing to save"))

    def kept(self) -> None:
        """Clear what was typed: the number is kept, and shown in part."""
        self.number.set_value("")
        self.trouble.hide()

    def show_trouble(self, trouble: QueueDeskError) -> None:
        self.trouble.refuse(say(trouble))

    def _keep(self) -> None:
        self.number_wanted.emit(str(self.people.currentData()), half_width(self.number.value()).strip())

    def first_focus(self) -> QWidget:
        return self.yes_button if self.yes_button.isEnabled() else self.people


class NotesList(ListCard[ServiceDocument]):
    """Each note with the end of its number, when the customer agreed and who noted that, and its last day."""

    def __init__(self, look: Look) -> None:
        self._setup: Setup | None = None
        spec = TableSpec[ServiceDocument](
            name=lambda: _("Notes by reference number"),
            columns=self._columns,
            key=lambda row: row["note"],
            chooses=True,
            wraps=True,
        )
        super().__init__(look, spec, ICON)

    def show_notes(self, setup: Setup, notes: list[ServiceDocument]) -> None:
        self._setup = setup
        self.show_rows(notes)
        self.say_empty(
            _("No note is kept"), _("Front desk and counters keep one under ⋯ for a customer who agrees to it.")
        )

    def _columns(self) -> list[Column[ServiceDocument]]:
        return [
            Column(title=_("Number", context="notes"), text=lambda row: row["reference"], bold=True),
            Column(title=_("Note", context="notes"), text=lambda row: row["words"], gives=True, least=200, grows=True),
            Column(title=_("The customer agreed"), text=self._agreed),
            Column(title=_("Kept until"), text=lambda row: date_long(date.fromisoformat(row["until"]))),
        ]

    def _agreed(self, row: ServiceDocument) -> str:
        if row["at"] is None or self._setup is None:
            return "–"
        who = staff_name(self._setup, row["by"]) or row["by"]
        return f"{date_short(datetime.fromisoformat(row['at']).date())} · {who}"


def notes_line(found: ServiceDocument) -> str:
    """Return how many notes are kept, and how many of those who were asked in the last year have one."""
    kept = n_("{n} note is kept", "{n} notes are kept", len(found["notes"]))
    return f"{kept} · {asked_words(found)}" if found["asked"] else kept


class OwnThanks(Dialog):
    """What customers said in thanks to the person here, the latest first. Nothing is asked, so `done` never comes."""

    done = Signal()
    SHOWN = 5

    def __init__(self, host: QWidget, look: Look, rows: Sequence[ServiceDocument]) -> None:
        effect = _("From the last 30 days. Only you and managers can read them.")
        if not rows:
            effect = _("There are none from the last 30 days.")
        super().__init__(host, look, title=_("Thanks to you"), effect=effect)
        for row in rows[: self.SHOWN]:
            at = datetime.fromisoformat(row["at"])
            when = [date_short(at.date()), row["ticket"] or _("without a number", context="thanks")]
            self.body.addWidget(Label(self.look, row["words"] or _("A customer said thank you"), px=17, wrap=True))
            self.body.addWidget(Label(self.look, " · ".join(when), px=15, token="ink2"))
        if (more := len(rows) - self.SHOWN) > 0:
            self.body.addWidget(Label(self.look, n_("{n} more", "{n} more", more, context="list"), px=15, token="ink2"))
        self.put_answers(_("Back"))

    def first_focus(self) -> QWidget:
        return self.no_button
