"""What the set-up shows and asks of a person's PIN."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from queuedesk.i18n import _
from queuedesk.stations.manager.setup.forms import SetUpForms
from queuedesk.stations.manager.setup_frame.asks import ask_pin_removal
from queuedesk.stations.manager.setup_frame.draft import Draft
from queuedesk.stations.manager.setup_frame.set_up_controller import SetUpController
from queuedesk.stations.manager.setup_frame.words import row_name
from queuedesk.stations.window.style import Look


class PinCare(QObject):
    """Keeps the staff form's PIN up to what the desk says of the person that `shown` gives; `said` is a notice with its
    icon."""

    said = Signal(str, str)

    def __init__(
        self,
        forms: SetUpForms,
        controller: SetUpController,
        host: QWidget,
        look: Look,
        shown: Callable[[], Draft | None],
    ) -> None:
        super().__init__(forms)
        self._forms, self._controller, self._host, self._look, self._shown = forms, controller, host, look, shown
        forms.pin_removal_wanted.connect(self._ask)
        controller.pin_known.connect(self._know)
        controller.pin_removed.connect(self._gone)

    def begin(self) -> None:
        """Look whether the person shown has a PIN."""
        draft = self._shown()
        self._forms.staff.set_has_pin(None)
        if draft is not None and not draft.new:
            self._controller.look_for_pin(draft.code)

    def _know(self, staff: str, has: bool) -> None:
        draft = self._shown()
        if draft is not None and draft.code == staff:
            self._forms.staff.set_has_pin(has)

    def _ask(self) -> None:
        draft = self._shown()
        if draft is not None:
            ask_pin_removal(
                self._host, self._look, row_name(draft.row), partial(self._controller.remove_pin, draft.code)
            )

    def _gone(self, staff: str) -> None:
        self._know(staff, False)
        self.said.emit(_("The PIN is removed"), "check")
