"""The foot of the set-up: what a change does or what stands in its way, letting it go, saving it, taking the last save
back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from queuedesk.core.errors import QueueDeskError
from queuedesk.i18n import _, listing, n_, say
from queuedesk.i18n.value_refusals import field_word
from queuedesk.stations.manager.setup_frame.draft import Draft
from queuedesk.stations.widgets.buttons import PrimaryButton, SecondaryButton
from queuedesk.stations.widgets.panels import Panel, spread
from queuedesk.stations.widgets.questions.forms import ErrorLine
from queuedesk.stations.window.style import Look

LARGE_TEXT, NARROW_PX = 1.4, 480


class SetUpFoot(Panel):
    """Shows a draft's state; its buttons are the page's to connect."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, "surface", edge="top", parent=parent)
        self.note = ErrorLine(look)
        self.back_button = SecondaryButton(look, "", icon="undo", height=48)
        self.discard_button = SecondaryButton(look, "", height=48)
        self.save_button = PrimaryButton(look, "", height=48, px=17)
        self._is_refused = False
        row = QHBoxLayout(self)
        spread(look, row, (32, 10, 32, 10), 12)
        row.addWidget(self.note, 1, Qt.AlignmentFlag.AlignVCenter)
        for button in (self.back_button, self.discard_button, self.save_button):
            row.addWidget(button)

    def retranslate(self) -> None:
        self.back_button.setText(_("Take back the last save"))
        self.discard_button.setText(_("Discard changes"))

    def _make_room(self) -> None:
        """Leave the hint to the buttons where there is little room; a refusal always stays."""
        narrow = self.look.scale.text >= LARGE_TEXT or self.width() < self.look.px(NARROW_PX)
        self.note.setVisible(self._is_refused or not narrow)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._make_room()

    def show_reader(self, admins: Iterable[str]) -> None:
        """Say who may change what is only looked at here."""
        for button in (self.back_button, self.discard_button, self.save_button):
            button.hide()
        self._is_refused = True  # what only this line says
        self._make_room()
        names = listing(list(admins))
        self.note.say(_("You can look; only an admin changes this: {names}", names=names), refused=False)

    def show_draft(
        self, draft: Draft, problems: Mapping[str, str], refusal: QueueDeskError | None, *, effect: str, undoable: bool
    ) -> None:
        """Show whether a draft can be saved, and what is missing; `effect` says from when a change counts."""
        self.note.say(say(refusal) if refusal else effect, refused=refusal is not None)
        self._is_refused = refusal is not None
        self._make_room()
        self.back_button.setVisible(undoable and not draft.is_changed)
        self.discard_button.setVisible(draft.is_changed)
        self.save_button.setVisible(True)
        wrong = [key for key in problems if key not in draft.fresh]
        empty = [key for key in problems if key in draft.fresh]
        if not draft.is_changed:
            self.save_button.block(_("Nothing changed yet"))
        elif wrong:
            self.save_button.block(n_("Put {n} thing right first", "Put {n} things right first", len(wrong)))
        elif empty:
            words = dict.fromkeys(field_word("papers" if "papers" in key else key.split(".")[-1]) for key in empty)
            self.save_button.block(_("Still to fill in: {fields}", fields=listing(list(words))))
        else:
            self.save_button.allow(_("Save"))
