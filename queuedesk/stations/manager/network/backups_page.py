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
from queuedesk.core.queue.ticket import State, WindowState
from queuedesk.core.setup.presets import PRESETS
from queuedesk.core.setup.rows import Setup
from queuedesk.i18n import _, said, say
from queuedesk.stations.manager.network import words
from queuedesk.stations.manager.network.backups_controller import CHECK, MERGE, RESTORE, BackupsController
from queuedesk.stations.manager.network.words import FileText, LookText
from queuedesk.stations.manager.parts.page import Act, Page, PageSpec
from queuedesk.stations.manager.parts.record_page import RecordDialog
from queuedesk.stations.manager.parts.records import CHOICE, Form, Input
from queuedesk.stations.manager.setup_frame.draft import BACKUPS, part_word
from queuedesk.stations.widgets.buttons import (
    Button,
    DangerButton,
    PrimaryButton,
    SecondaryButton,
    StatePill,
    TextButton,
)
from queuedesk.stations.widgets.panels import Card, GroundArea, Label, Rule, discard, put_beside, spread
from queuedesk.stations.widgets.questions.dialogs import ErrorLine, confirm
from queuedesk.stations.widgets.questions.files import ask_file, ask_folder, ask_new_file
from queuedesk.stations.window.style import PAGE, Look

# -- files that can be put back ----------------------------------------------------------------------------------------

SHOWN = 4
LINES = 3


class FileList(Card):
    """`wanted` gives the path of the file whose button was pressed. The newest are shown, on request all of them."""

    wanted = Signal(object)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent=parent)
        self._grid = QGridLayout(self)
        spread(look, self._grid, (18, 8, 12, 8), 4)
        self._grid.setColumnStretch(0, 1)
        self._files: list[FileText] = []
        self._is_whole = self._may = False
        self._widgets: list[QWidget] = []
        self.buttons: dict[Path, SecondaryButton] = {}
        self.all_button = TextButton(look, "", height=40, px=16)
        self.all_button.clicked.connect(self._show_all)

    def show_files(self, files: Sequence[FileText], *, may: bool) -> None:
        """Show these; with `may` each has a button to restore it."""
        if (list(files), may) != (self._files, self._may):
            self._files, self._may = list(files), may
            self._lay_out()

    def _show_all(self) -> None:
        self._is_whole = True
        self._lay_out()

    def _lay_out(self) -> None:
        self._grid.removeWidget(self.all_button)
        self.all_button.hide()
        discard(self._widgets, self._grid)
        self._widgets, self.buttons = [], {}
        shown = self._files if self._is_whole else self._files[:SHOWN]
        for at, file in enumerate(shown):
            self._add_row(at, file)
        if len(shown) < len(self._files):
            self.all_button.setText(_("Show all {n}", n=len(self._files)))
            self._grid.addWidget(self.all_button, LINES * len(shown), 0, Qt.AlignmentFlag.AlignLeft)
            self.all_button.show()

    def _add_row(self, at: int, file: FileText) -> None:
        look = self.look
        title, second = Label(look, file.title, px=17, bold=True), Label(look, file.second, px=15, token="ink2")
        second.setToolTip(file.tip)
        parts: list[QWidget] = [title, second]
        if at:
            rule = Rule(look)
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


class LookPage(QWidget):
    """What a file would change, with the buttons to do it and to leave it; then what it did, with the way back."""

    left = Signal()
    wanted = Signal()
    back_wanted = Signal(object)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._back: Path | None = None
        self.title = Label(look, px=20, bold=True, wrap=True)
        self.error = ErrorLine(look)
        inner = QWidget()
        self._list = QVBoxLayout(inner)
        spread(look, self._list, (PAGE, 0, PAGE, 8), 10)
        self._list.addStretch(1)
        self.lines: list[QWidget] = []
        self.safe_button = SecondaryButton(look, "", height=48)
        self.back_button = SecondaryButton(look, _("Undo this restore …"), icon="undo", height=48)
        self.act_button = PrimaryButton(look, "", height=48, px=17)
        self.danger_button = DangerButton(look, "", icon="undo", height=48)
        column = QVBoxLayout(self)
        spread(look, column, (0, 4, 0, 16), 12)
        head = QHBoxLayout()
        spread(look, head, (PAGE, 0, PAGE, 0))
        head.addWidget(self.title)
        column.addLayout(head)
        column.addWidget(GroundArea(inner, keys=True), 1)
        foot = QVBoxLayout()
        spread(look, foot, (PAGE, 0, PAGE, 0), 8)
        foot.addWidget(self.error)
        acts = self._acts = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        spread(look, acts, spacing=12)
        acts.addStretch(1)
        for button in (self.back_button, self.danger_button, self.act_button, self.safe_button):
            acts.addWidget(button)
        foot.addLayout(acts)
        column.addLayout(foot)
        self.safe_button.clicked.connect(self.left)
        self.act_button.clicked.connect(self.wanted)
        self.danger_button.clicked.connect(self.wanted)
        self.back_button.clicked.connect(self._go_back)

    def show_look(self, text: LookText, *, busy: bool, refusal: str) -> None:
        self.title.setText(text.title)
        self.error.refuse(refusal)
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
        discard(self.lines, self._list)
        self.lines = []
        for at, (text, is_note) in enumerate(texts):
            if is_note:
                line: Label = ErrorLine(self._look)
                line.say(text, refused=True)  # type: ignore[attr-defined]
            else:
                line = Label(self._look, text, px=17, wrap=True)
            self._list.insertWidget(at, line)
            self.lines.append(line)

    def _go_back(self) -> None:
        if self._back is not None:
            self.back_wanted.emit(self._back)


ANOTHER_HALL = Form(
    title=lambda: _("Another hall next to this one"),
    effect=lambda: _(
        "It starts with the services, windows and people usual for its kind; change them at a PC that joins it."
    ),
    rows=(
        (Input(key="name", label=lambda: _("Name", context="field"), needed=True),),
        (
            Input(
                key="code",
                label=lambda: _("Code", context="hall"),
                hint=lambda: _("short, such as HB2; on reports and files"),
                needed=True,
            ),
            Input(
                key="preset",
                label=lambda: _("Kind of hall"),
                kind=CHOICE,
                choices=lambda _context: {preset: said(title) for preset, title in PRESETS.items()},
            ),
        ),
    ),
)
BESIDE_FROM, ROOMY_FROM = 540, 700
BACKUP_FILES, LOG_FILES = "*.zip *.sqlite", "*.zip"


class _Part(QWidget):
    def __init__(self, look: Look, title: str, line: str, *buttons: Button) -> None:
        super().__init__()
        self.title = Label(look, title, px=17, bold=True)
        self.line = Label(look, line, px=16, token="ink2", wrap=True)
        self.way = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        spread(look, self.way, (0, 8, 0, 0), 12)
        texts = QVBoxLayout()
        spread(look, texts, spacing=2)
        texts.addWidget(self.title)
        texts.addWidget(self.line)
        self.way.addLayout(texts, 1)
        acts = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        spread(look, acts, spacing=12)
        for button in buttons:
            acts.addWidget(button)
        acts.addStretch(0)
        self.way.addLayout(acts)


class BackupsPage(Page):
    """How the hall is kept safe, and in its place what a file that is looked at would change."""

    def __init__(self, look: Look, controller: BackupsController, parent: QWidget | None = None) -> None:
        self.controller = controller
        now = Act(text=self._now_word, do=self._back_up_now, icon="save", is_main=True, offered=self._may_back_up)
        super().__init__(look, PageSpec(title=lambda: part_word(BACKUPS), acts=(now,), foot=0), parent)
        (self.now_button,) = self.buttons
        self._refusal: QueueDeskError | None = None
        self._failed = ""  # what stood in the way of the last backup that was asked for here
        self.pill = StatePill(look, "idle", "", px=15, height=30)
        self._status = Label(look, px=17, wrap=True)
        self._folder = Label(look, px=16, token="ink2", wrap=True)
        self._rule = Label(look, words.rule_text(), px=16, token="ink2", wrap=True)
        self.folder_button = TextButton(look, _("Another folder …"), icon="folder", height=40, px=16)
        self.home_button = TextButton(look, _("Beside the hall again"), height=40, px=16)
        self.error = ErrorLine(look)
        self.list = FileList(look)
        self.file_button = SecondaryButton(look, _("From a file …"), icon="folder", height=44, px=16)
        self.save_button = SecondaryButton(look, _("Save one …"), icon="save", height=44, px=16)
        self.export_button = SecondaryButton(look, _("Save the log …"), icon="save", height=44, px=16)
        self.merge_button = SecondaryButton(look, _("Import a hall …"), icon="folder", height=44, px=16)
        self.check_button = SecondaryButton(look, _("Check the data"), icon="check", height=44, px=16)
        self.day_button = SecondaryButton(look, _("End the day …"), icon="lock", height=44, px=16)
        self.hall_button = SecondaryButton(look, _("Make one …"), icon="plus", height=44, px=16)
        self.files = _Part(
            look,
            _("By hand"),
            _("Restore a backup from a USB stick or another PC, or save one to take with you. It contains everything."),
            self.file_button,
            self.save_button,
        )
        self.log = _Part(
            look,
            _("The hall's log"),
            _("For another database, such as that of a head office. Importing one changes nothing here."),
            self.export_button,
            self.merge_button,
        )
        self.check = _Part(
            look,
            _("The hall's data"),
            _("Check whether everything is intact, what is lost and what can be repaired."),
            self.check_button,
        )
        self.day = _Part(
            look,
            _("End of the day"),
            _("The day ends by itself; end it by hand if everybody goes home early."),
            self.day_button,
        )
        self.hall = _Part(look, _("Another hall next to this one"), "", self.hall_button)
        self.look_page = LookPage(look)
        self._stage = QStackedWidget(self)
        self._stage.addWidget(self._build())
        self._stage.addWidget(self.look_page)
        self.put(self._stage, 1, inset=False)
        self._connect()
        self._show()

    def _build(self) -> GroundArea:
        look, inner = self._look, QWidget()
        middle = Qt.AlignmentFlag.AlignVCenter
        top = self._top = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        spread(look, top, spacing=12)
        top.addWidget(self.pill, 0, Qt.AlignmentFlag.AlignLeft | middle)
        top.addWidget(self._status, 1, middle)
        where = self._where = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        spread(look, where, spacing=12)
        where.addWidget(self._folder, 1, middle)
        for button in (self.folder_button, self.home_button):
            where.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft | middle)
        column = QVBoxLayout(inner)
        spread(look, column, (PAGE, 0, PAGE, 20), 8)
        column.addLayout(top)
        column.addLayout(where)
        column.addWidget(self._rule)
        column.addWidget(self.error)
        column.addWidget(self.list)
        for part in (self.files, self.check, self.log, self.day, self.hall):
            column.addWidget(part)
        column.addStretch(1)
        return GroundArea(inner)

    def _connect(self) -> None:
        controller = self.controller
        self.folder_button.clicked.connect(self._ask_where)
        self.home_button.clicked.connect(lambda: self.choose_folder(""))
        self.list.wanted.connect(self.look_into)
        self.file_button.clicked.connect(self._ask_which_backup)
        self.save_button.clicked.connect(self._ask_where_to_save)
        self.export_button.clicked.connect(self._ask_where_to_export)
        self.merge_button.clicked.connect(self._ask_which_log)
        self.check_button.clicked.connect(self._check)
        self.day_button.clicked.connect(self.ask_day_end)
        self.hall_button.clicked.connect(self.ask_hall)
        self.look_page.left.connect(self._leave)
        self.look_page.wanted.connect(self._go_on)
        self.look_page.back_wanted.connect(self.look_into)
        controller.changed.connect(self._show)
        controller.busy_changed.connect(self._show)
        controller.told.connect(self._told)
        controller.refused.connect(self._refused)

    # -- what is shown -----------------------------------------------------------------------------------------------

    def show_setup(self, _setup: Setup, *, may_change: bool) -> None:
        """Refresh the page; what the person may do depends on the role, not on who may change the set-up."""
        self.controller.refresh()
        self._show()

    def left_as(self) -> tuple[()] | None:
        return () if self._stage.currentWidget() is not self.look_page else None

    def show_trouble(self, trouble: QueueDeskError | None) -> None:
        self._refusal = trouble
        self._show()

    def _may_back_up(self) -> bool:
        known, controller = self.controller.found, self.controller
        return controller.looked is None and known is not None and known["is_here"] and controller.may("backups")

    def _now_word(self) -> str:
        return _("Making a backup …") if self.controller.busy == "now" else _("Back up now")

    def _show(self) -> None:
        controller = self.controller
        self.offer_acts()
        refusal = say(self._refusal) if self._refusal else self._failed
        if controller.looked is not None:
            self.look_page.show_look(words.look_text(controller.looked), busy=bool(controller.busy), refusal=refusal)
            self._stage.setCurrentIndex(1)
            return
        self._stage.setCurrentIndex(0)
        self.error.refuse(refusal)
        known, is_here = controller.found, controller.found is not None and controller.found["is_here"]
        self.pill.setVisible(known is not None)
        if known is not None:
            mark, word, sentence = words.status_text(known)
            self.pill.set_state(mark, word)
            self._status.setText(sentence)
            self._folder.setText(words.folder_text(known))
            self.list.show_files(words.file_texts(known), may=controller.may("restore"))
            self.home_button.setVisible(known["is_own_choice"] and controller.may("backup"))
        self.list.setVisible(bool(known and (known["backups"] or known["copies"])))
        self._rule.setVisible(is_here)
        self.folder_button.setVisible(is_here and controller.may("backup"))
        self.file_button.setVisible(is_here and controller.may("restore"))
        self.save_button.setVisible(controller.may("backup"))
        self.files.setVisible(controller.may("backup"))
        self.log.setVisible(controller.may("export"))
        self.check.setVisible(is_here and controller.may("restore"))
        self.merge_button.setVisible(is_here and controller.may("merge"))
        self.hall.setVisible(controller.may("set-up"))
        self.hall_button.setVisible(bool(known and known["takes_halls"]))
        self._show_words()
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

    def _show_words(self) -> None:
        known = self.controller.found
        beside = _("It gets its own place in the shared database; PCs join it with codes of its own.")
        if known is None or not known["takes_halls"]:
            beside = _("Several halls can share one server when this PC shares its hall: see Several PCs.")
        self.hall.line.setText(beside)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        put_beside(self.width() >= self._look.px(BESIDE_FROM), self._top, self._where)
        parts = (self.files, self.check, self.log, self.day, self.hall)
        put_beside(self.width() >= self._look.px(ROOMY_FROM), *(part.way for part in parts))

    # -- backups -----------------------------------------------------------------------------------------------------

    def _back_up_now(self) -> None:
        self._forget()
        self.controller.back_up_now()

    def _ask_where(self) -> None:
        known = self.controller.found
        folder = known["folder"] if known is not None else ""
        ask_folder(self, _("Where are backups kept?"), folder, self.choose_folder)

    def choose_folder(self, folder: str) -> None:
        self._forget()
        self.controller.choose(folder)

    def _ask_where_to_save(self) -> None:
        ask_new_file(self, _("Save a backup"), f"{self._code()}-backup.zip", ".zip", self.save_to)

    def save_to(self, path: str) -> None:
        self._forget()
        self.controller.save_backup(Path(path))

    def _ask_where_to_export(self) -> None:
        ask_new_file(self, _("Save the hall's log"), f"{self._code()}-log.zip", ".zip", self.export_to)

    def export_to(self, path: str) -> None:
        self._forget()
        self.controller.export_log(Path(path))

    def _code(self) -> str:
        return self.controller.context.feed.setup.hall.code

    # -- looking first -----------------------------------------------------------------------------------------------

    def _ask_which_backup(self) -> None:
        ask_file(self, _("Restore a backup"), BACKUP_FILES, self.look_into)

    def _ask_which_log(self) -> None:
        ask_file(self, _("Import a hall's log"), LOG_FILES, self.look_into_log)

    def look_into(self, path: str | Path) -> None:
        self._forget()
        self.controller.look_into(RESTORE, Path(path))

    def look_into_log(self, path: str | Path) -> None:
        self._forget()
        self.controller.look_into(MERGE, Path(path))

    def _forget(self) -> None:
        self._refusal, self._failed = None, ""

    def _check(self) -> None:
        self._forget()
        self.controller.check()

    def _leave(self) -> None:
        self._forget()
        self.controller.leave()

    def _go_on(self) -> None:
        self._forget()
        self.controller.go_on()

    # -- the day, the hall beside ------------------------------------------------------------------------------------

    def ask_day_end(self) -> None:
        state = self.controller.context.feed.state
        waiting = sum(ticket.state is State.WAITING for ticket in state.tickets.values())
        windows = sum(window.state is not WindowState.CLOSED for window in state.windows.values())
        confirm(
            self.host,
            self._look,
            self._end_day,
            title=_("End the day now?"),
            effect=words.day_question(waiting, windows),
            safe=_("The day continues"),
            act=_("End the day"),
        )

    def _end_day(self) -> None:
        self._forget()
        self.controller.end_day()

    def ask_hall(self) -> None:
        dialog = RecordDialog(self.host, self.controller.context, ANOTHER_HALL)
        dialog.wanted.connect(self._add_hall)
        self.open_question(dialog)

    def _add_hall(self, wanted: dict[str, str]) -> None:
        self._forget()
        self.controller.add_hall(**wanted)

    # -- what came of it ---------------------------------------------------------------------------------------------

    def _told(self, what: str, document: dict[str, Any]) -> None:
        if what == "now":
            self._failed = " ".join(row["message"] for row in document["failed"])
            self._show()
            if text := words.made_text(document):
                self.said.emit(text, "check")
        elif what in ("save", "export"):
            self.said.emit(_("Saved as {path}", path=document["file"]), "save")
        elif what == "day-end":
            self.said.emit(words.day_ended_text(document), "check")
        elif what == "hall":
            self.close_question()
            self.said.emit(_("{name} is now next to this hall", name=document["name"]), "check")

    def _refused(self, what: str, trouble: QueueDeskError) -> None:
        if what == "hall" and self.dialog is not None:
            self.dialog.show_trouble(trouble)
            return
        self.show_trouble(trouble)
