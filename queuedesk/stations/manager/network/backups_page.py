"""The page of backups: state and folder, restoring after a preview, logs out and in, the day's end, another hall."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QGridLayout, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from queuedesk.core.errors import QueueDeskError
from queuedesk.core.queue.ticket import TicketState, WindowState
from queuedesk.core.setup.presets import PRESETS
from queuedesk.core.setup.rows import Setup
from queuedesk.i18n import _, error_sentence, wording_in_current_language
from queuedesk.stations.manager.network import words
from queuedesk.stations.manager.network.backups_controller import CHECK, MERGE, RESTORE, BackupsController
from queuedesk.stations.manager.network.words import FilePreviewText, RestorableFileText
from queuedesk.stations.manager.parts.page import ManagerPage, PageAct, PageSpec
from queuedesk.stations.manager.parts.records import CHOICE, FormInput, RecordDialog, RecordFormSpec
from queuedesk.stations.manager.setup_frame.draft import BACKUPS, part_word
from queuedesk.stations.widgets import panels
from queuedesk.stations.widgets.buttons import (
    Button,
    DangerButton,
    PrimaryButton,
    SecondaryButton,
    StatePill,
    TextButton,
)
from queuedesk.stations.widgets.questions.dialogs import ErrorLine, ask_and_do_if_confirmed
from queuedesk.stations.widgets.questions.files import ask_file, ask_save_path, open_folder_dialog
from queuedesk.stations.window.style import PAGE, Look

# -- files that can be put back ----------------------------------------------------------------------------------------

SHOWN = 4
LINES = 3


class RestorableFilesCard(panels.Card):
    """`wanted` gives the path of the file whose button was pressed. The newest are shown, on request all of them."""

    wanted = Signal(object)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent=parent)
        self._grid = QGridLayout(self)
        panels.set_scaled_margins(look, self._grid, (18, 8, 12, 8), 4)
        self._grid.setColumnStretch(0, 1)
        self._files: list[RestorableFileText] = []
        self._is_whole = self._may = False
        self._widgets: list[QWidget] = []
        self.buttons: dict[Path, SecondaryButton] = {}
        self.all_button = TextButton(look, "", height=40, px=16)
        self.all_button.clicked.connect(self._show_all_files)

    def show_restorable_files(self, files: Sequence[RestorableFileText], *, may: bool) -> None:
        """Show these; with `may` each has a button to restore it."""
        if (list(files), may) != (self._files, self._may):
            self._files, self._may = list(files), may
            self._rebuild_file_rows()

    def _show_all_files(self) -> None:
        self._is_whole = True
        self._rebuild_file_rows()

    def _rebuild_file_rows(self) -> None:
        self._grid.removeWidget(self.all_button)
        self.all_button.hide()
        panels.remove_and_delete_widgets(self._widgets, self._grid)
        self._widgets, self.buttons = [], {}
        shown = self._files if self._is_whole else self._files[:SHOWN]
        for at, file in enumerate(shown):
            self._add_row(at, file)
        if len(shown) < len(self._files):
            self.all_button.setText(_("Show all {n}", n=len(self._files)))
            self._grid.addWidget(self.all_button, LINES * len(shown), 0, Qt.AlignmentFlag.AlignLeft)
            self.all_button.show()

    def _add_row(self, at: int, file: RestorableFileText) -> None:
        look = self.look
        title, second = (
            panels.Label(look, file.title, px=17, bold=True),
            panels.Label(look, file.second, px=15, token="ink2"),
        )
        second.setToolTip(file.tip)
        parts: list[QWidget] = [title, second]
        if at:
            rule = panels.DividerLine(look)
            self._grid.addWidget(rule, LINES * at, 0, 1, 2)
            parts.append(rule)
        self._grid.addWidget(title, LINES * at + 1, 0)
        self._grid.addWidget(second, LINES * at + 2, 0)
        if self._may:
            word = _("Restore …")
            button = SecondaryButton(look, word, height=40, px=16)
            button.setAccessibleName(f"{word} {file.title}")
            button.clicked.connect(partial(self.wanted.emit, file.path))
            self._grid.addWidget(button, LINES * at + 1, 1, 2, 1, Qt.AlignmentFlag.AlignVCenter)
            self.buttons[file.path] = button
            parts.append(button)
        self._widgets += parts


class FilePreviewPage(QWidget):
    """What a file would change, with the buttons to do it and to leave it; then what it did, with the way back."""

    left = Signal()
    wanted = Signal()
    back_wanted = Signal(object)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._back: Path | None = None
        self.title = panels.Label(look, px=20, bold=True, wrap=True)
        self.error = ErrorLine(look)
        inner = QWidget()
        self._list = QVBoxLayout(inner)
        panels.set_scaled_margins(look, self._list, (PAGE, 0, PAGE, 8), 10)
        self._list.addStretch(1)
        self.lines: list[QWidget] = []
        self.safe_button = SecondaryButton(look, "", height=48)
        self.back_button = SecondaryButton(look, _("Undo this restore …"), icon="undo", height=48)
        self.act_button = PrimaryButton(look, "", height=48, px=17)
        self.danger_button = DangerButton(look, "", icon="undo", height=48)
        column = QVBoxLayout(self)
        panels.set_scaled_margins(look, column, (0, 4, 0, 16), 12)
        head = QHBoxLayout()
        panels.set_scaled_margins(look, head, (PAGE, 0, PAGE, 0))
        head.addWidget(self.title)
        column.addLayout(head)
        column.addWidget(panels.VerticalScrollArea(inner, keys=True), 1)
        foot = QVBoxLayout()
        panels.set_scaled_margins(look, foot, (PAGE, 0, PAGE, 0), 8)
        foot.addWidget(self.error)
        acts = self._acts = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        panels.set_scaled_margins(look, acts, spacing=12)
        acts.addStretch(1)
        for button in (self.back_button, self.danger_button, self.act_button, self.safe_button):
            acts.addWidget(button)
        foot.addLayout(acts)
        column.addLayout(foot)
        self.safe_button.clicked.connect(self.left)
        self.act_button.clicked.connect(self.wanted)
        self.danger_button.clicked.connect(self.wanted)
        self.back_button.clicked.connect(self._request_undo_file_preview)

    def show_preview_or_result(self, text: FilePreviewText, *, busy: bool, refusal: str) -> None:
        self.title.setText(text.title)
        self.error.show_refusal(refusal)
        self._show_lines([*((note, True) for note in text.notes), *((line, False) for line in text.lines)])
        self.safe_button.setText(text.safe)
        self.safe_button.setEnabled(not busy)
        for button, is_own in ((self.act_button, not text.danger), (self.danger_button, text.danger)):
            button.setText(text.act)
            button.setVisible(bool(text.act) and is_own)
            button.set_busy(busy)
        self._back = text.back
        self.back_button.setVisible(text.back is not None)
        self.back_button.set_busy(busy)

    def _show_lines(self, texts: Sequence[tuple[str, bool]]) -> None:
        panels.remove_and_delete_widgets(self.lines, self._list)
        self.lines = []
        for at, (text, is_note) in enumerate(texts):
            if is_note:
                line: panels.Label = ErrorLine(self._look)
                line.show_message(text, refused=True)  # type: ignore[attr-defined]
            else:
                line = panels.Label(self._look, text, px=17, wrap=True)
            self._list.insertWidget(at, line)
            self.lines.append(line)

    def _request_undo_file_preview(self) -> None:
        if self._back is not None:
            self.back_wanted.emit(self._back)


ANOTHER_HALL = RecordFormSpec(
    title=lambda: _("Another hall next to this one"),
    effect=lambda: _(
        "It starts with the services, windows and people usual for its kind; change them at a PC that joins it."
    ),
    rows=(
        (FormInput(key="name", label=lambda: _("Name", context="field"), needed=True),),
        (
            FormInput(
                key="code",
                label=lambda: _("Code", context="hall"),
                hint=lambda: _("short, such as HB2; on reports and files"),
                needed=True,
            ),
            FormInput(
                key="preset",
                label=lambda: _("Kind of hall"),
                kind=CHOICE,
                choices=lambda _context: {
                    preset: wording_in_current_language(title) for preset, title in PRESETS.items()
                },
            ),
        ),
    ),
)
BESIDE_FROM, ROOMY_FROM = 540, 700
BACKUP_FILES, LOG_FILES = "*.zip *.sqlite", "*.zip"


class _TitledButtons(QWidget):
    def __init__(self, look: Look, title: str, line: str, *buttons: Button) -> None:
        super().__init__()
        self.title = panels.Label(look, title, px=17, bold=True)
        self.line = panels.Label(look, line, px=16, token="ink2", wrap=True)
        self.way = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        panels.set_scaled_margins(look, self.way, (0, 8, 0, 0), 12)
        texts = QVBoxLayout()
        panels.set_scaled_margins(look, texts, spacing=2)
        texts.addWidget(self.title)
        texts.addWidget(self.line)
        self.way.addLayout(texts, 1)
        acts = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        panels.set_scaled_margins(look, acts, spacing=12)
        for button in buttons:
            acts.addWidget(button)
        acts.addStretch(0)
        self.way.addLayout(acts)


class BackupsPage(ManagerPage):
    """How the hall is kept safe, and in its place what a file that is looked at would change."""

    def __init__(self, look: Look, controller: BackupsController, parent: QWidget | None = None) -> None:
        self.controller = controller
        now = PageAct(
            text=self._backup_button_text, do=self._back_up_now, icon="save", is_main=True, offered=self._may_back_up
        )
        super().__init__(look, PageSpec(title=lambda: part_word(BACKUPS), acts=(now,), foot=0), parent)
        (self.now_button,) = self.buttons
        self._refusal: QueueDeskError | None = None
        self._failed = ""  # what stood in the way of the last backup that was asked for here
        self.pill = StatePill(look, "idle", "", px=15, height=30)
        self._status = panels.Label(look, px=17, wrap=True)
        self._folder = panels.Label(look, px=16, token="ink2", wrap=True)
        self._rule = panels.Label(look, words.backup_schedule_text(), px=16, token="ink2", wrap=True)
        self.folder_button = TextButton(look, _("Another folder …"), icon="folder", height=40, px=16)
        self.home_button = TextButton(look, _("Beside the hall again"), height=40, px=16)
        self.error = ErrorLine(look)
        self.list = RestorableFilesCard(look)
        self.file_button = SecondaryButton(look, _("From a file …"), icon="folder", height=44, px=16)
        self.save_button = SecondaryButton(look, _("Save one …"), icon="save", height=44, px=16)
        self.export_button = SecondaryButton(look, _("Save the log …"), icon="save", height=44, px=16)
        self.merge_button = SecondaryButton(look, _("Import a hall …"), icon="folder", height=44, px=16)
        self.check_button = SecondaryButton(look, _("Check the data"), icon="check", height=44, px=16)
        self.day_button = SecondaryButton(look, _("End the day …"), icon="lock", height=44, px=16)
        self.hall_button = SecondaryButton(look, _("Make one …"), icon="plus", height=44, px=16)
        self.files = _TitledButtons(
            look,
            _("By hand"),
            _("Restore a backup from a USB stick or another PC, or save one to take with you. It contains everything."),
            self.file_button,
            self.save_button,
        )
        self.log = _TitledButtons(
            look,
            _("The hall's log"),
            _("For another database, such as that of a head office. Importing one changes nothing here."),
            self.export_button,
            self.merge_button,
        )
        self.check = _TitledButtons(
            look,
            _("The hall's data"),
            _("Check whether everything is intact, what is lost and what can be repaired."),
            self.check_button,
        )
        self.day = _TitledButtons(
            look,
            _("End of the day"),
            _("The day ends by itself; end it by hand if everybody goes home early."),
            self.day_button,
        )
        self.hall = _TitledButtons(look, _("Another hall next to this one"), "", self.hall_button)
        self.look_page = FilePreviewPage(look)
        self._stage = QStackedWidget(self)
        self._stage.addWidget(self._lay_out_page())
        self._stage.addWidget(self.look_page)
        self.add_part(self._stage, 1, inset=False)
        self._connect_signals()
        self._show_backups_or_preview()

    def _lay_out_page(self) -> panels.VerticalScrollArea:
        look, inner = self._look, QWidget()
        middle = Qt.AlignmentFlag.AlignVCenter
        top = self._top = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        panels.set_scaled_margins(look, top, spacing=12)
        top.addWidget(self.pill, 0, Qt.AlignmentFlag.AlignLeft | middle)
        top.addWidget(self._status, 1, middle)
        where = self._where = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        panels.set_scaled_margins(look, where, spacing=12)
        where.addWidget(self._folder, 1, middle)
        for button in (self.folder_button, self.home_button):
            where.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft | middle)
        column = QVBoxLayout(inner)
        panels.set_scaled_margins(look, column, (PAGE, 0, PAGE, 20), 8)
        column.addLayout(top)
        column.addLayout(where)
        column.addWidget(self._rule)
        column.addWidget(self.error)
        column.addWidget(self.list)
        for part in (self.files, self.check, self.log, self.day, self.hall):
            column.addWidget(part)
        column.addStretch(1)
        return panels.VerticalScrollArea(inner)

    def _connect_signals(self) -> None:
        controller = self.controller
        self.folder_button.clicked.connect(self._ask_backup_folder)
        self.home_button.clicked.connect(lambda: self.choose_folder(""))
        self.list.wanted.connect(self.examine_file)
        self.file_button.clicked.connect(self._ask_for_backup_to_preview)
        self.save_button.clicked.connect(self._ask_path_and_save_backup)
        self.export_button.clicked.connect(self._ask_log_export_path)
        self.merge_button.clicked.connect(self._ask_file_and_preview_log_import)
        self.check_button.clicked.connect(self._clear_refusal_and_check_data)
        self.day_button.clicked.connect(self.confirm_day_end)
        self.hall_button.clicked.connect(self.ask_to_add_another_hall)
        self.look_page.left.connect(self._clear_refusal_and_leave_preview)
        self.look_page.wanted.connect(self._clear_refusal_and_do_previewed)
        self.look_page.back_wanted.connect(self.examine_file)
        controller.changed.connect(self._show_backups_or_preview)
        controller.busy_changed.connect(self._show_backups_or_preview)
        controller.told.connect(self._say_what_was_done)
        controller.refused.connect(self._show_refusal)

    # -- what is shown -----------------------------------------------------------------------------------------------

    def show_setup(self, _setup: Setup, *, may_change: bool) -> None:
        """Refresh the page; what the person may do depends on the role, not on who may change the set-up."""
        self.controller.refresh()
        self._show_backups_or_preview()

    def state_to_restore(self) -> tuple[()] | None:
        return () if self._stage.currentWidget() is not self.look_page else None

    def show_trouble(self, trouble: QueueDeskError | None) -> None:
        self._refusal = trouble
        self._show_backups_or_preview()

    def _may_back_up(self) -> bool:
        known, controller = self.controller.found, self.controller
        return (
            controller.looked is None and known is not None and known["is_here"] and controller.may_use_verb("backups")
        )

    def _backup_button_text(self) -> str:
        return _("Making a backup …") if self.controller.busy == "now" else _("Back up now")

    def _show_backups_or_preview(self) -> None:
        controller = self.controller
        self.refresh_act_buttons()
        refusal = error_sentence(self._refusal) if self._refusal else self._failed
        if controller.looked is not None:
            self.look_page.show_preview_or_result(
                words.restore_merge_or_check_text(controller.looked), busy=bool(controller.busy), refusal=refusal
            )
            self._stage.setCurrentIndex(1)
            return
        self._stage.setCurrentIndex(0)
        self.error.show_refusal(refusal)
        known, is_here = controller.found, controller.found is not None and controller.found["is_here"]
        self.pill.setVisible(known is not None)
        if known is not None:
            mark, word, sentence = words.backup_status_texts(known)
            self.pill.set_state(mark, word)
            self._status.setText(sentence)
            self._folder.setText(words.backup_folder_text(known))
            self.list.show_restorable_files(words.restorable_file_texts(known), may=controller.may_use_verb("restore"))
            self.home_button.setVisible(known["is_own_choice"] and controller.may_use_verb("backup"))
        self.list.setVisible(bool(known and (known["backups"] or known["copies"])))
        self._rule.setVisible(is_here)
        self.folder_button.setVisible(is_here and controller.may_use_verb("backup"))
        self.file_button.setVisible(is_here and controller.may_use_verb("restore"))
        self.save_button.setVisible(controller.may_use_verb("backup"))
        self.files.setVisible(controller.may_use_verb("backup"))
        self.log.setVisible(controller.may_use_verb("export"))
        self.check.setVisible(is_here and controller.may_use_verb("restore"))
        self.merge_button.setVisible(is_here and controller.may_use_verb("merge"))
        self.hall.setVisible(controller.may_use_verb("set-up"))
        self.hall_button.setVisible(bool(known and known["takes_halls"]))
        self._show_new_hall_hint()
        self._show_busy()

    def _show_busy(self) -> None:
        busy = self.controller.busy
        buttons = {
            "now": self.now_button,
            "choose": self.folder_button,
            "save": self.save_button,
            "export": self.export_button,
            RESTORE: self.file_button,
            MERGE: self.merge_button,
            CHECK: self.check_button,
            "day-end": self.day_button,
            "hall": self.hall_button,
        }
        for what, button in buttons.items():
            button.set_busy(busy == what)
            button.setEnabled(busy in ("", what))
        for one in self.list.buttons.values():
            one.setEnabled(not busy)

    def _show_new_hall_hint(self) -> None:
        known = self.controller.found
        beside = _("It gets its own place in the shared database; PCs join it with codes of its own.")
        if known is None or not known["takes_halls"]:
            beside = _("Several halls can share one server when this PC shares its hall: see Several PCs.")
        self.hall.line.setText(beside)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        panels.set_side_by_side_or_stacked(self.width() >= self._look.px(BESIDE_FROM), self._top, self._where)
        parts = (self.files, self.check, self.log, self.day, self.hall)
        panels.set_side_by_side_or_stacked(self.width() >= self._look.px(ROOMY_FROM), *(part.way for part in parts))

    # -- backups -----------------------------------------------------------------------------------------------------

    def _back_up_now(self) -> None:
        self._clear_refusal()
        self.controller.start_backup_now()

    def _ask_backup_folder(self) -> None:
        known = self.controller.found
        folder = known["folder"] if known is not None else ""
        open_folder_dialog(self, _("Where are backups kept?"), folder, self.choose_folder)

    def choose_folder(self, folder: str) -> None:
        self._clear_refusal()
        self.controller.choose_backup_folder(folder)

    def _ask_path_and_save_backup(self) -> None:
        ask_save_path(self, _("Save a backup"), f"{self._hall_code()}-backup.zip", ".zip", self.save_backup_to)

    def save_backup_to(self, path: str) -> None:
        self._clear_refusal()
        self.controller.write_manual_backup(Path(path))

    def _ask_log_export_path(self) -> None:
        ask_save_path(self, _("Save the hall's log"), f"{self._hall_code()}-log.zip", ".zip", self.export_log_to)

    def export_log_to(self, path: str) -> None:
        self._clear_refusal()
        self.controller.export_log(Path(path))

    def _hall_code(self) -> str:
        return self.controller.context.feed.setup.hall.code

    # -- looking first -----------------------------------------------------------------------------------------------

    def _ask_for_backup_to_preview(self) -> None:
        ask_file(self, _("Restore a backup"), BACKUP_FILES, self.examine_file)

    def _ask_file_and_preview_log_import(self) -> None:
        ask_file(self, _("Import a hall's log"), LOG_FILES, self.preview_log_import)

    def examine_file(self, path: str | Path) -> None:
        self._clear_refusal()
        self.controller.examine_file(RESTORE, Path(path))

    def preview_log_import(self, path: str | Path) -> None:
        self._clear_refusal()
        self.controller.examine_file(MERGE, Path(path))

    def _clear_refusal(self) -> None:
        self._refusal, self._failed = None, ""

    def _clear_refusal_and_check_data(self) -> None:
        self._clear_refusal()
        self.controller.check_hall_data()

    def _clear_refusal_and_leave_preview(self) -> None:
        self._clear_refusal()
        self.controller.leave_preview()

    def _clear_refusal_and_do_previewed(self) -> None:
        self._clear_refusal()
        self.controller.carry_out_previewed()

    # -- the day, the hall beside ------------------------------------------------------------------------------------

    def confirm_day_end(self) -> None:
        state = self.controller.context.feed.state
        waiting = sum(ticket.state is TicketState.WAITING for ticket in state.tickets.values())
        windows = sum(window.state is not WindowState.CLOSED for window in state.windows.values())
        ask_and_do_if_confirmed(
            self.host_widget,
            self._look,
            self._end_day,
            title=_("End the day now?"),
            effect=words.text_of_what_day_end_closes(waiting, windows),
            safe=_("The day continues"),
            act=_("End the day"),
        )

    def _end_day(self) -> None:
        self._clear_refusal()
        self.controller.end_day()

    def ask_to_add_another_hall(self) -> None:
        dialog = RecordDialog(self.host_widget, self.controller.context, ANOTHER_HALL)
        dialog.wanted.connect(self._add_hall)
        self.open_question(dialog)

    def _add_hall(self, wanted: dict[str, str]) -> None:
        self._clear_refusal()
        self.controller.add_hall(**wanted)

    # -- what came of it ---------------------------------------------------------------------------------------------

    def _say_what_was_done(self, what: str, document: dict[str, Any]) -> None:
        if what == "now":
            self._failed = " ".join(row["message"] for row in document["failed"])
            self._show_backups_or_preview()
            if text := words.text_if_backup_made(document):
                self.said.emit(text, "check")
        elif what in ("save", "export"):
            self.said.emit(_("Saved as {path}", path=document["file"]), "save")
        elif what == "day-end":
            self.said.emit(words.day_ended_text(document), "check")
        elif what == "hall":
            self.close_question()
            self.said.emit(_("{name} is now next to this hall", name=document["name"]), "check")

    def _show_refusal(self, what: str, trouble: QueueDeskError) -> None:
        if what == "hall" and self.dialog is not None:
            self.dialog.show_trouble(trouble)
            return
        self.show_trouble(trouble)
