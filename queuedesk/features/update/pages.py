"""The set-up's page of versions: which one runs, the change to a new one and back, and the keys."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from queuedesk.core.errors import OutsideError, QueueDeskError
from queuedesk.core.setup.rows import Setup
from queuedesk.desk.change import Ask
from queuedesk.features.update import verbs
from queuedesk.features.update.verbs import changing
from queuedesk.features.update.words import update_done_text, update_step_text, version_lines
from queuedesk.i18n import _, error_sentence
from queuedesk.stations.manager.parts.page import ManagerPage, PageSpec
from queuedesk.stations.manager.parts.page_controller import PageController
from queuedesk.stations.manager.setup_frame.draft import UPDATE, part_word
from queuedesk.stations.manager.setup_frame.set_up_controller import SetUpController
from queuedesk.stations.widgets.buttons import PrimaryButton, SecondaryButton
from queuedesk.stations.widgets.panels import Card, Label, set_scaled_margins
from queuedesk.stations.widgets.questions.dialogs import ErrorLine, ask_to_confirm
from queuedesk.stations.widgets.questions.files import ask_file, ask_folder
from queuedesk.stations.window.style import PAGE, Look

CHANGE, BACK, TRUST = "change", "back", "trust"
BACKUP_STEP_S = 0.2
WITHOUT_BACKUPS = ("simulated", "not_this_pc")
"""Halls, and PCs of one, of which no backup is made here."""


class UpdateController(PageController[verbs.Document]):
    """Changes the version beside the window. `stepped` gives each step, `changed_version` what was done."""

    stepped = Signal(str)
    changed_version = Signal(dict)

    def _reader(self) -> Callable[[], verbs.Document]:
        return partial(changing.version_state, self.context.desk.db)

    def change_to_version(self, folder: Path) -> None:
        """Change to the version in a folder."""
        ask, context = self.context.ask(), self.context

        def work() -> verbs.Document:
            ask.who.require_may("set-up")
            return changing.change_to_version(
                folder, self._target(), context.clock(), partial(self._back_up, ask), self.stepped.emit
            )

        self.start(CHANGE, work, self._note_change, is_long=True)

    def go_back(self) -> None:
        """Change to the version before."""
        ask, context = self.context.ask(), self.context

        def work() -> verbs.Document:
            ask.who.require_may("set-up")
            return changing.go_back(self._target(), context.clock())

        self.start(BACK, work, self._note_change, is_long=True)

    def trust_key_file(self, file: Path) -> None:
        """Accept versions that are signed with a key."""
        ask = self.context.ask()

        def work() -> str:
            ask.who.require_may("set-up")
            return verbs.trust_key(file)

        self.start(TRUST, work, lambda _name: self.refresh(anew=True))

    def _target(self) -> Path | str:
        return self.context.desk.db.path or self.context.desk.db.place

    def _back_up(self, ask: Ask) -> Path | None:
        """Wait for a backup, as its page makes one. Raises RuleError, OutsideError where none was made."""
        care = self.context.services.care
        if care is None:
            return None
        answer = care.start_backup_now(ask)
        while (made := answer()) is None:
            time.sleep(BACKUP_STEP_S)
        if not made["made"] and made["failed"][0]["code"] not in WITHOUT_BACKUPS:
            raise OutsideError(made["failed"][0]["code"], path=made["failed"][0]["folder"])
        return Path(made["made"]) if made["made"] else None

    def _note_change(self, done: verbs.Document) -> None:
        self.refresh(anew=True)
        self.changed_version.emit(done)


class UpdatePage(ManagerPage):
    """Which version runs on this PC, and what changes it."""

    def __init__(self, look: Look, controller: SetUpController, parent: QWidget | None = None) -> None:
        super().__init__(look, PageSpec(title=lambda: part_word(UPDATE), foot=0), parent)
        self.controller = UpdateController(controller.context, self)
        self.lines = Label(look, px=17, wrap=True)
        about = _(
            "A new version comes in a folder, such as on a USB stick, with a signature. It is tried with a copy of the hall first; if anything is different, nothing changes."
        )
        self.about = Label(look, about, px=16, token="ink2", wrap=True)
        self.step = Label(look, px=17, bold=True, wrap=True)
        self.error = ErrorLine(look)
        self.change_button = PrimaryButton(look, _("Update …"), height=48, px=17)
        self.back_button = SecondaryButton(look, _("Back to the version before …"), icon="undo", height=48)
        self.trust_button = SecondaryButton(look, _("Trust a key …"), icon="folder", height=48)
        self._build_layout()
        self.change_button.clicked.connect(self._ask_folder)
        self.back_button.clicked.connect(self._confirm_going_back)
        self.trust_button.clicked.connect(self._ask_key)
        self.controller.changed.connect(self._show_state)
        self.controller.busy_changed.connect(self._show_state)
        self.controller.stepped.connect(self._show_step)
        self.controller.changed_version.connect(self._show_change)
        self.controller.refused.connect(self._show_refusal)
        self._show_state()

    def _build_layout(self) -> None:
        look, card = self._look, Card(self._look)
        inside = QVBoxLayout(card)
        set_scaled_margins(look, inside, (18, 14, 18, 14), 10)
        inside.addWidget(self.lines)
        buttons = QHBoxLayout()
        set_scaled_margins(look, buttons, spacing=12)
        for button in (self.change_button, self.back_button, self.trust_button):
            buttons.addWidget(button)
        buttons.addStretch(1)
        column = QVBoxLayout()
        set_scaled_margins(look, column, (PAGE, 0, PAGE, 20), 12)
        for part in (card, self.about, self.step, self.error):
            column.addWidget(part)
        column.addLayout(buttons)
        column.addStretch(1)
        self.put(column, 1, inset=False)

    def kept_state(self) -> tuple[()] | None:
        return None if self.controller.busy else ()

    def restore_state(self, left: tuple[()]) -> None:
        """Nothing is chosen here."""

    def show_setup(self, _setup: Setup, *, may_change: bool) -> None:
        """Read the versions; what a person may do depends on the role."""
        self.controller.refresh()
        self._show_state()

    def show_trouble(self, trouble: QueueDeskError | None) -> None:
        """Nothing of the set-up is saved here."""

    def _show_state(self) -> None:
        state, busy = self.controller.found, self.controller.busy
        self.lines.setText("\n".join(version_lines(state)) if state is not None else "")
        for button, verb in ((self.change_button, CHANGE), (self.back_button, BACK), (self.trust_button, TRUST)):
            button.setVisible(self.controller.may("set-up"))
            button.set_busy(busy == verb)
            button.setEnabled(busy in ("", verb))
        self.back_button.setVisible(self.controller.may("set-up") and state is not None and bool(state["before"]))
        self.change_button.setEnabled(self.change_button.isEnabled() and state is not None and bool(state["keys"]))
        self.step.setVisible(bool(self.step.text()))

    def _show_text(self, text: str) -> None:
        self.error.refuse("")
        self.step.setText(text)
        self.step.setVisible(bool(text))

    def _show_step(self, step: str) -> None:
        self._show_text(update_step_text(step))

    def _show_change(self, done: verbs.Document) -> None:
        self._show_text(
            update_done_text(done) + "\n" + _("Please restart this PC, or close QueueDesk and open it again.")
        )

    def _show_refusal(self, _verb: str, trouble: QueueDeskError) -> None:
        self._show_text("")
        self.error.refuse(error_sentence(trouble))

    # -- acts --------------------------------------------------------------------------------------------------------

    def _ask_folder(self) -> None:
        ask_folder(self, _("The folder of the new version"), "", self.change_to_version)

    def change_to_version(self, folder: str) -> None:
        """Change to the version in a folder."""
        self._show_text("")
        self.controller.change_to_version(Path(folder))

    def _ask_key(self) -> None:
        ask_file(self, _("A public key"), "*.pub *.pem", self.trust_key_file)

    def trust_key_file(self, file: str) -> None:
        """Accept what is signed with a key."""
        self._show_text("")
        self.controller.trust_key_file(Path(file))

    def _confirm_going_back(self) -> None:
        ask_to_confirm(
            self,
            self._look,
            self.controller.go_back,
            title=_("Go back to the version before?"),
            effect=_("If the new version changed how the hall is stored, its copy from before takes its place."),
            safe=_("Stay", context="update"),
            act=_("Go back", context="update"),
        )
