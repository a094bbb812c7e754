"""The set-up's page of versions: which one runs, the change to a new one and back, and the keys; and the page of home
that updates a PC where only a newer program reads the hall."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from queuedesk.core.errors import OutsideError, QueueDeskError
from queuedesk.core.setup.rows import Setup
from queuedesk.desk.change import Ask
from queuedesk.features.update import verbs
from queuedesk.features.update.verbs import changing
from queuedesk.features.update.words import update_done_text, update_step_text, version_lines
from queuedesk.i18n import _, error_sentence, time_hm
from queuedesk.stations.home.controller import HomeController, OneTaskAtATimeRunner
from queuedesk.stations.home.page import HomePage, this_pc_name_item
from queuedesk.stations.manager.parts.page import ManagerPage, PageSpec, ToolRow
from queuedesk.stations.manager.parts.page_controller import PageController
from queuedesk.stations.manager.setup_frame.draft import UPDATE, SetUpController, part_word
from queuedesk.stations.widgets.buttons import PrimaryButton, SecondaryButton
from queuedesk.stations.widgets.panels import Card, Label, Panel, VerticalScrollArea, set_scaled_margins
from queuedesk.stations.widgets.questions.dialogs import ErrorLine, ask_and_do_if_confirmed
from queuedesk.stations.widgets.questions.files import ask_file, open_folder_dialog
from queuedesk.stations.window.context import WorkLanes
from queuedesk.stations.window.style import PAGE, Look

CHANGE, BACK, TRUST = "change", "back", "trust"
BACKUP_STEP_S = 0.2
WITHOUT_BACKUPS = ("simulated", "not_this_pc")
"""Halls, and PCs of one, of which no backup is made here."""


class UpdateController(PageController[verbs.Document]):
    """Changes the version beside the window. `stepped` gives each step, `changed_version` what was done."""

    stepped = Signal(str)
    changed_version = Signal(dict)

    def _read_function(self) -> Callable[[], verbs.Document]:
        db = self.context.desk.db
        return lambda: changing.version_state(is_newer=changing.is_hall_newer(db))

    def change_to_version(self, folder: Path) -> None:
        """Change to the version in a folder."""
        ask, context = self.context.new_ask(), self.context

        def change_as_admin_and_report() -> verbs.Document:
            ask.who.require_may("set-up")
            return changing.change_to_version(
                folder, self._hall_file_or_address(), context.clock(), partial(self._back_up, ask), self.stepped.emit
            )

        self.start_unless_busy(CHANGE, change_as_admin_and_report, self._report_version_change, is_long=True)

    def go_to_previous_version(self) -> None:
        """Change to the version before."""
        ask, context = self.context.new_ask(), self.context

        def go_back_as_admin() -> verbs.Document:
            ask.who.require_may("set-up")
            return changing.go_to_previous_version(self._hall_file_or_address(), context.clock())

        self.start_unless_busy(BACK, go_back_as_admin, self._report_version_change, is_long=True)

    def trust_key_file(self, file: Path) -> None:
        """Accept versions that are signed with a key."""
        ask = self.context.new_ask()

        def trust_as_admin() -> str:
            ask.who.require_may("set-up")
            return verbs.trust_key(file)

        self.start_unless_busy(TRUST, trust_as_admin, lambda _name: self.refresh(anew=True))

    def _hall_file_or_address(self) -> Path | str:
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

    def _report_version_change(self, done: verbs.Document) -> None:
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
        self.controller.changed_version.connect(self._show_update_result)
        self.controller.refused.connect(self._show_refusal)
        self._show_state()

    def _build_layout(self) -> None:
        look, card = self._look, Card(self._look)
        inside = QVBoxLayout(card)
        set_scaled_margins(look, inside, (18, 14, 18, 14), 10)
        inside.addWidget(self.lines)
        buttons = ToolRow(look)
        buttons.add_tools(self.change_button, self.back_button, self.trust_button)
        all_of_it = QWidget()
        column = QVBoxLayout(all_of_it)
        set_scaled_margins(look, column, (PAGE, 0, PAGE, 20), 12)
        for part in (card, self.about, self.step, self.error):
            column.addWidget(part)
        column.addWidget(buttons)
        column.addStretch(1)
        self.add_part(VerticalScrollArea(all_of_it), 1, inset=False)

    def state_to_restore(self) -> tuple[()] | None:
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
            button.setVisible(self.controller.may_use_verb("set-up"))
            button.set_busy(busy == verb)
            button.setEnabled(busy in ("", verb))
        self.back_button.setVisible(
            self.controller.may_use_verb("set-up") and state is not None and bool(state["before"])
        )
        self.change_button.setEnabled(self.change_button.isEnabled() and state is not None and bool(state["keys"]))
        self.step.setVisible(bool(self.step.text()))

    def _show_text(self, text: str) -> None:
        self.error.show_refusal("")
        self.step.setText(text)
        self.step.setVisible(bool(text))

    def _show_step(self, step: str) -> None:
        self._show_text(update_step_text(step))

    def _show_update_result(self, done: verbs.Document) -> None:
        self._show_text(update_done_text(done))

    def _show_refusal(self, _verb: str, trouble: QueueDeskError) -> None:
        self._show_text("")
        self.error.show_refusal(error_sentence(trouble))

    # -- acts --------------------------------------------------------------------------------------------------------

    def _ask_folder(self) -> None:
        open_folder_dialog(self, _("The folder of the new version"), "", self.change_to_version)

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
        ask_and_do_if_confirmed(
            self,
            self._look,
            self.controller.go_to_previous_version,
            title=_("Go back to the version before?"),
            effect=_("If the new version changed how the hall is stored, its copy from before takes its place."),
            safe=_("Stay", context="update"),
            act=_("Go back", context="update"),
        )


# -- where only a newer program reads the hall -------------------------------------------------------------------------


class NewerHallController(OneTaskAtATimeRunner):
    """Changes the version of a PC that can't read its hall, so that nobody can be asked for a PIN: only what a trusted
    key signed is accepted. It outlives its page and keeps what that shows: `changed` when that is other than before."""

    changed = Signal()
    stepped = Signal(str)

    def __init__(self, tasks: WorkLanes, home: HomeController, trouble: QueueDeskError) -> None:
        super().__init__(tasks, home)
        self._home, self.trouble = home, trouble
        self.state: verbs.Document = {}
        self.text = ""
        self.is_updated = False
        self.stepped.connect(lambda step: self._set_status_text(update_step_text(step)))
        self.read()

    def read(self) -> None:
        """Read which version this is and whose versions are accepted."""

        def store_state(state: verbs.Document) -> None:
            self.state = state
            self.changed.emit()

        self._tasks.run_in_side_lane(partial(changing.version_state, is_newer=False), store_state, self.refused.emit)

    def change_to_version(self, folder: Path) -> None:
        """Change to the version in a folder."""
        place, now = self._home.place, self._home.clock()
        done: list[verbs.Document] = []

        def change_version() -> None:
            done.append(changing.change_to_version(folder, place, now, lambda: None, self.stepped.emit))

        def report_update_done() -> None:
            self.is_updated = True
            self._set_status_text(update_done_text(done[0]))

        self.run_unless_busy(change_version, report_update_done, in_long_work_lane=True)

    def trust_key_file(self, file: Path) -> None:
        """Accept versions that are signed with a key."""
        self.run_unless_busy(partial(verbs.trust_key, file), self.read)

    def _set_status_text(self, text: str) -> None:
        self.text = text
        self.changed.emit()


class NewerHallPage(HomePage):
    """Says that only a newer program reads the hall, and updates this PC. `left` when the person goes back."""

    left = Signal()

    def __init__(self, look: Look, home: HomeController, controller: NewerHallController) -> None:
        super().__init__(look, home)
        self.updating = controller
        self.add_top_bar()
        title = Label(look, _("This hall needs a newer QueueDesk."), px=36, bold=True, wrap=True)
        about = Label(look, error_sentence(controller.trouble), px=18, token="ink2", wrap=True)
        self.lines = Label(look, px=17, wrap=True)
        self.step = Label(look, px=17, bold=True, wrap=True)
        self.change_button = PrimaryButton(look, _("Update …"), height=52, px=17)
        self.trust_button = SecondaryButton(look, _("Trust a key …"), icon="folder", height=52, px=17)
        self.back_button = SecondaryButton(look, _("Back"), icon="arrow-left", key="Esc", height=52, px=17)
        card, stage = Card(look), Panel(look)
        inside = QVBoxLayout(card)
        set_scaled_margins(look, inside, (18, 14, 18, 14), 10)
        inside.addWidget(self.lines)
        acts = QHBoxLayout()
        set_scaled_margins(look, acts, (0, 8, 0, 0), 12)
        for button in (self.change_button, self.trust_button):
            acts.addWidget(button)
        acts.addStretch(1)
        acts.addWidget(self.back_button)
        column = QVBoxLayout(stage)
        set_scaled_margins(look, column, (48, 24, 48, 24), 12)
        for part in (title, about, card, self.step, self.refusal):
            column.addWidget(part)
        column.addStretch(1)
        column.addLayout(acts)
        self.put_below_bar(stage)
        self.bar.set_title_and_hall(_("QueueDesk"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.change_button.clicked.connect(self._ask_folder)
        self.trust_button.clicked.connect(self._ask_key)
        self.back_button.clicked.connect(self.left)
        controller.changed.connect(self._show_state)
        controller.busy_changed.connect(self._show_state)
        controller.refused.connect(self._show_refusal)
        self._show_state()

    def page_title(self) -> str:
        return _("Update", context="set-up")

    def tick(self, now: datetime) -> None:
        self.bar.set_items([this_pc_name_item(None)])
        self.bar.set_clock(time_hm(now.astimezone()))

    def _show_state(self) -> None:
        updating = self.updating
        self.lines.setText("\n".join(version_lines(updating.state)) if updating.state else "")
        self.step.setText(updating.text)
        self.step.setVisible(bool(updating.text))
        self.change_button.set_busy(updating.is_busy)
        self.change_button.setVisible(not updating.is_updated)
        self.change_button.setEnabled(bool(updating.state.get("keys")))
        self.trust_button.setVisible(not updating.is_updated)
        self.trust_button.setEnabled(not updating.is_busy)
        self.back_button.setEnabled(not updating.is_busy)

    def _show_refusal(self, trouble: QueueDeskError) -> None:
        self.updating.text = ""
        self.show_trouble(trouble)
        self._show_state()

    def _ask_folder(self) -> None:
        open_folder_dialog(self, _("The folder of the new version"), "", self.change_to_version)

    def change_to_version(self, folder: str) -> None:
        """Change to the version in a folder."""
        self.show_trouble(None)
        self.updating.change_to_version(Path(folder))

    def _ask_key(self) -> None:
        ask_file(self, _("A public key"), "*.pub *.pem", self.trust_key_file)

    def trust_key_file(self, file: str) -> None:
        """Accept what is signed with a key."""
        self.show_trouble(None)
        self.updating.trust_key_file(Path(file))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and not event.isAutoRepeat():
            self.back_button.click()
        else:
            super().keyPressEvent(event)

    def stop(self) -> None:
        super().stop()
        self.updating.changed.disconnect(self._show_state)
        self.updating.busy_changed.disconnect(self._show_state)
        self.updating.refused.disconnect(self._show_refusal)


def newer_hall_page_maker(
    home: HomeController, tasks: WorkLanes, trouble: QueueDeskError
) -> Callable[[Look], NewerHallPage]:
    """Return what makes the page, as often as its window makes it anew."""
    controller = NewerHallController(tasks, home, trouble)
    return lambda look: NewerHallPage(look, home, controller)
