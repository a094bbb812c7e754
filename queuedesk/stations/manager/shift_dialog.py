"""One shift over the page: who, from when to when, which breaks; or nobody."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from queuedesk.core.errors import QueueDeskError
from queuedesk.core.half_width import half_width
from queuedesk.core.hallday import clock_text, minutes_of
from queuedesk.core.people import Role
from queuedesk.core.rostering import may_sit
from queuedesk.core.setup import Setup
from queuedesk.i18n import _, say
from queuedesk.i18n.names import staff_name, window_name
from queuedesk.stations.manager.page_head import DropDown
from queuedesk.stations.style import Look
from queuedesk.stations.widgets.buttons import PrimaryButton, SecondaryButton, TextButton
from queuedesk.stations.widgets.dialogs import Dialog
from queuedesk.stations.widgets.forms import ErrorLine, FormField
from queuedesk.stations.widgets.panels import spread

Row = Mapping[str, Any]
_BREAK = re.compile(r"(\d{1,2}:\d{2})\s*/\s*(\d{1,3})")


class ShiftDialog(Dialog):
    """`wanted` gives the shift as a row without its days, `removal_wanted` nothing. It stays open until it is closed.

    `busy` are those who are planned on that date already.
    """

    wanted = Signal(object)
    removal_wanted = Signal()

    def __init__(
        self,
        host: QWidget,
        look: Look,
        setup: Setup,
        window: str,
        *,
        days: str,
        known: Row | None,
        busy: Collection[str] = (),
    ) -> None:
        super().__init__(host, look, title=f"{window_name(window)} · {days}", width=700)
        self.staff = DropDown(self.look)
        # Those who serve all day first, of them those who are not planned yet.
        for person in sorted(setup.staff.values(), key=lambda one: (one.role is not Role.CLERK, one.code in busy)):
            if may_sit(setup, window, person.code):
                self.staff.addItem(f"{person.code} {staff_name(setup, person.code)}", person.code)
        self.fields = {
            "staff": FormField(self.look, _("Who sits there"), edit=self.staff),
            "from": FormField(self.look, _("From", context="field"), hint=_("such as 8:30")),
            "to": FormField(self.look, _("To", context="field"), hint=_("such as 17:30")),
            "breaks": FormField(self.look, _("Breaks"), hint=_("start/minutes, such as 11:30/40; may stay empty")),
        }
        for names in (("staff",), ("from", "to"), ("breaks",)):
            line = QHBoxLayout()
            spread(self.look, line, spacing=16)
            for name in names:
                line.addWidget(self.fields[name], 1)
            self.body.addLayout(line)
        start, end = (known["from"], known["to"]) if known else (_time(setup.hall.opens), _time(setup.hall.closes))
        self.fields["from"].set_value(clock_text(minutes_of(start)))
        self.fields["to"].set_value(clock_text(minutes_of(end)))
        if known:
            self.staff.setCurrentIndex(self.staff.findData(known["staff"]))
            told = (f"{clock_text(minutes_of(one['from']))}/{one['minutes']}" for one in known.get("breaks") or ())
            self.fields["breaks"].set_value(", ".join(told))
        self.trouble = ErrorLine(self.look)
        self.trouble.hide()
        self.body.addWidget(self.trouble)
        self.remove_button = TextButton(self.look, _("Take it away"), height=56, px=17)
        self.no_button = SecondaryButton(self.look, _("Do not save"), key="Esc", height=56, px=18)
        self.yes_button = PrimaryButton(self.look, _("Save", context="dialog"), height=56, px=18)
        self.remove_button.setVisible(known is not None)
        self.remove_button.clicked.connect(self.removal_wanted)
        self.no_button.clicked.connect(self.refuse)
        self.yes_button.clicked.connect(self._do)
        self.buttons.insertWidget(0, self.remove_button)
        self.buttons.addWidget(self.no_button)
        self.buttons.addWidget(self.yes_button)
        for field in self.fields.values():
            field.edited.connect(self._edited)

    def _edited(self) -> None:
        for field in self.fields.values():
            field.set_error("")
        self.trouble.hide()

    def typed(self) -> dict[str, Any] | None:
        """Return what was typed, None after saying at a field why it is none."""
        wrong: dict[str, str] = {}
        times = {name: _read_time(self.fields[name].value()) for name in ("from", "to")}
        for name, found in times.items():
            if found is None:
                wrong[name] = _("A time, such as 8:30")
        breaks = _read_breaks(self.fields["breaks"].value())
        if breaks is None:
            wrong["breaks"] = _("Start and minutes, such as 11:30/40")
        if self.staff.currentData() is None:
            wrong["staff"] = _("Who sits there?")
        for name, said in wrong.items():
            self.fields[name].set_error(said)
        if wrong:
            return None
        row = {"staff": self.staff.currentData(), **times}
        return {**row, "breaks": breaks} if breaks else row

    def _do(self) -> None:
        found = self.typed()
        if found is not None:
            self.wanted.emit(found)

    def show_trouble(self, trouble: QueueDeskError) -> None:
        """Say why it was not taken."""
        self.trouble.say(say(trouble), refused=True)
        self.trouble.show()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.isAutoRepeat():
            self._do()
        else:
            super().keyPressEvent(event)

    def first_focus(self) -> QWidget:
        return self.staff


def _time(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"


def _read_time(text: str) -> str | None:
    try:
        return _time(minutes_of(half_width(text).strip()))
    except ValueError:
        return None


def _read_breaks(text: str) -> list[dict[str, Any]] | None:
    """Read "11:30/40, 15:00/10"; None where it is something else."""
    parts = [part.strip() for part in re.split(r"[,，、;；]", half_width(text)) if part.strip()]
    found = []
    for part in parts:
        one = _BREAK.fullmatch(part)
        start = _read_time(one[1]) if one else None
        if one is None or start is None:
            return None
        found.append({"from": start, "minutes": int(one[2])})
    return sorted(found, key=lambda each: str(each["from"]))
