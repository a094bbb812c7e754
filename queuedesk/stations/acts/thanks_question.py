"""Asks what a customer said in thanks, and to whom where that is not known."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QLineEdit, QWidget

from queuedesk.core.quality.thanks import served_by
from queuedesk.core.queue.ticket import State, Ticket
from queuedesk.core.setup.rows import Setup
from queuedesk.i18n import _
from queuedesk.i18n.names import staff_name
from queuedesk.stations.widgets.panels import FixedSize
from queuedesk.stations.widgets.questions.dialogs import Dialog
from queuedesk.stations.widgets.questions.forms import DropDown, FormField
from queuedesk.stations.window.style import Look

THANKS, ICON = "thanks", "star"
LONGEST = 200
Wanted = Callable[[str, str], object]


def may_thank(ticket: Ticket) -> bool:
    """Whether thanks for a visit can be noted: it is over, and somebody served it."""
    return ticket.state is State.FINISHED and served_by(ticket) is not None


def thanks_act() -> str:
    return _("Thanks", context="act")


def thanks_said(setup: Setup, staff: str) -> str:
    """Return what was done."""
    return _("Noted: thanks to {name}", name=staff_name(setup, staff))


class ThanksDialog(Dialog):
    """Asks for thanks to one of `people`, by code; the words may stay empty. `wanted` gets the code and the words."""

    def __init__(
        self,
        host: QWidget,
        look: Look,
        setup: Setup,
        people: Sequence[str],
        wanted: Wanted,
        *,
        label: str = "",
        effect: str = "",
    ) -> None:
        self._wanted = wanted
        title = _("Who did a customer thank?")
        if len(people) == 1:
            name = staff_name(setup, people[0])
            title = _("Thanks to {name} for {ticket}?", name=name, ticket=label)
        told = _("They are notified at their station and read it there; otherwise only managers do.")
        super().__init__(host, look, title=title, effect=effect or told)
        self.whom = DropDown(look)
        for code in people:
            self.whom.addItem(staff_name(setup, code), code)
        if len(people) != 1:
            FixedSize(look, self.whom, height=48)
            self.body.addWidget(FormField(look, _("Who is thanked"), edit=self.whom, has_line=False))
        else:
            self.whom.hide()
        self.words = QLineEdit()
        self.words.setMaxLength(LONGEST)
        self.words.returnPressed.connect(self._do)
        title = _("What they will read") if effect else _("What the customer said")
        self.body.addWidget(FormField(look, title, hint=_("optional"), edit=self.words))
        self.put_answers(_("Don't note it"), _("Note the thanks"), self._do)

    def first_focus(self) -> QWidget:
        return self.words if self.whom.count() == 1 else self.whom

    def _do(self) -> None:
        self.close_dialog()
        self._wanted(str(self.whom.currentData()), self.words.text().strip())
