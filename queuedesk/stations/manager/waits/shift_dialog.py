"""One shift over the page: who, from when to when, which breaks; or nobody."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any

from PySide6.QtWidgets import QWidget

from queuedesk.core.errors import QueueDeskError
from queuedesk.core.imports.half_width import half_width
from queuedesk.core.network.people import Role
from queuedesk.core.queue.hallday import clock_text, minutes_of
from queuedesk.core.setup.values import Setup
from queuedesk.core.staffing.rostering import may_sit
from queuedesk.i18n import _
from queuedesk.i18n.names import staff_name, window_name
from queuedesk.stations.manager.parts.page_head import DropDown
from queuedesk.stations.manager.setup.fields_dialog import FieldsDialog
from queuedesk.stations.widgets.questions.forms import FormField
from queuedesk.stations.window.style import Look

Row = Mapping[str, Any]
_BREAK = re.compile(r"(\d{1,2}:\d{2})\s*/\s*(\d{1,3})")


class ShiftDialog(FieldsDialog):
    """`wanted` gives the shift as a row without its days. `busy` are those who are planned on that date already."""

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
        fields = {
            "staff": FormField(self.look, _("Who sits there"), edit=self.staff),
            "from": FormField(self.look, _("From", context="field"), hint=_("such as 8:30")),
            "to": FormField(self.look, _("To", context="field"), hint=_("such as 17:30")),
            "breaks": FormField(self.look, _("Breaks"), hint=_("start/minutes, such as 11:30/40; may stay empty")),
        }
        self.lay(fields, [("staff",), ("from", "to"), ("breaks",)], removable=known is not None)
        start, end = (known["from"], known["to"]) if known else (_time(setup.hall.opens), _time(setup.hall.closes))
        self.fields["from"].set_value(clock_text(minutes_of(start)))
        self.fields["to"].set_value(clock_text(minutes_of(end)))
        if known:
            self.staff.setCurrentIndex(self.staff.findData(known["staff"]))
            told = (f"{clock_text(minutes_of(one['from']))}/{one['minutes']}" for one in known.get("breaks") or ())
            self.fields["breaks"].set_value(", ".join(told))

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
        self.say_wrong(wrong)
        if wrong:
            return None
        row = {"staff": self.staff.currentData(), **times}
        return {**row, "breaks": breaks} if breaks else row

    def meant(self, trouble: QueueDeskError) -> str:
        return ""

    def first_field(self) -> QWidget:
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
