"""The page of home that sets this PC up from a file; the questions with which such a file is saved for other PCs, and
a hall is shared on a server that is there already."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from msgspec import Struct
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from queuedesk.core import errors, features, imports
from queuedesk.core.network.sharing import parse_host_and_port
from queuedesk.core.setup.rows import Setup, hall_languages
from queuedesk.core.talk.screen import ScreenSpec, customer_stations, staff_stations
from queuedesk.features.rollout import rules, verbs
from queuedesk.features.rollout.verbs import ThisPc
from queuedesk.features.rollout.words import difference_text, missing_rights_lines, server_check_lines
from queuedesk.i18n import _, time_hm
from queuedesk.i18n.names import window_name
from queuedesk.i18n.talk import device_kind_word
from queuedesk.printing.spooler import is_receipt_printer, parse_receipt_printer_choice
from queuedesk.stations.home import page as home_page
from queuedesk.stations.home.controller import HomeController, OneTaskAtATimeRunner
from queuedesk.stations.manager.network.sharing_page import SharingController, SharingPage
from queuedesk.stations.manager.parts.page import ManagerPage, PageAct
from queuedesk.stations.manager.parts.records import FormInput, RecordDialog, RecordFormSpec, prefilled_input_spec
from queuedesk.stations.widgets import panels
from queuedesk.stations.widgets.buttons import PrimaryButton, SecondaryButton
from queuedesk.stations.widgets.questions.dialogs import Dialog, FormField
from queuedesk.stations.widgets.questions.files import ask_save_path
from queuedesk.stations.window.context import WorkLanes
from queuedesk.stations.window.frame import LANGUAGE_NAMES
from queuedesk.stations.window.style import Look
from queuedesk.store.engine.address import PORT, ServerAddress

# -- setting this PC up ------------------------------------------------------------------------------------------------


class PcFileAndDifferences(Struct, frozen=True, kw_only=True):
    """A file that was read: what it says, what is otherwise here, and whether this PC has to join for it: with a code,
    unless it has joined before."""

    file: rules.PcFile
    found: list[rules.PcDifference]
    joins: bool
    has_joined: bool


class PcFileController(OneTaskAtATimeRunner):
    """Compares this PC with a file and sets it up: `was_read` gives a PcFileAndDifferences, `done` says that the PC is
    set up."""

    was_read, done = Signal(object), Signal()

    def __init__(self, tasks: WorkLanes, pc: ThisPc, path: Path, parent: QObject | None = None) -> None:
        super().__init__(tasks, parent)
        self._lanes, self._pc, self.path = tasks, pc, path

    def read(self, name: str = "", window: str = "") -> None:
        pc, path = self._pc, self.path

        def read_and_compare() -> PcFileAndDifferences:
            file = verbs.read_pc_file(path, pc.printers, name=name, window=window)
            return PcFileAndDifferences(
                file=file,
                found=verbs.pc_differences(file, pc),
                joins=verbs.needs_joining(file, pc),
                has_joined=pc.joined_at() is not None,
            )

        # It asks the system for its printers, which may take seconds.
        self._lanes.run_in_long_work_lane(read_and_compare, self.was_read.emit, self.refused.emit)

    def set_up(self, code: str, name: str, window: str) -> None:
        pc, path = self._pc, self.path

        def set_up_from_file() -> None:
            verbs.set_up_pc(verbs.read_pc_file(path, pc.printers, name=name, window=window), pc, code)

        self.run_unless_busy(set_up_from_file, self.done.emit, in_long_work_lane=True)


class SetUpFromPcFilePage(home_page.HomePage):
    """What a file would change on this PC, and the code with which it joins. `left` when the person goes back, `done`
    when the PC is set up."""

    left, done = Signal(), Signal()

    def __init__(self, look: Look, controller: HomeController, does: PcFileController) -> None:
        super().__init__(look, controller)
        self.does = does
        self._found: PcFileAndDifferences | None = None
        self.add_top_bar()
        self._title = panels.Label(look, _("Set this PC up"), px=36, bold=True)
        self._second = panels.Label(look, does.path.name, px=18, token="ink2", wrap=True)
        self.code = home_page.LargeTextField(look, _("Join code"), hint=_("Small letters and spaces are fine."))
        self.name = FormField(look, _("Name of this PC"), hint=_("The manager's list shows this name"))
        self.window_field = FormField(look, _("Window", context="field"))
        self.lines: list[panels.Label] = []
        self._list = QVBoxLayout()
        panels.set_scaled_margins(look, self._list, (0, 8, 0, 8), 6)
        self._list.addStretch(1)
        self.back_button = SecondaryButton(look, _("Back"), icon="arrow-left", key="Esc", height=52, px=17)
        self.do_button = PrimaryButton(look, trailing="arrow-right", height=60, px=21)
        self._lay_out_page()
        for field in (self.code, self.name, self.window_field):
            field.edited.connect(self._clear_trouble_and_update_button)
            field.hide()
        edit = self.window_field.edit
        assert isinstance(edit, QLineEdit)
        edit.editingFinished.connect(self._read_again)
        self.back_button.clicked.connect(self.left)
        self.do_button.clicked.connect(self.set_up)
        self.does.was_read.connect(self._show_reading)
        self.does.refused.connect(self._show_refusal)
        self.does.busy_changed.connect(self.do_button.set_busy)
        self.does.done.connect(self.done)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.bar.set_title_and_hall(_("QueueDesk"))
        self._update_button()
        self.does.read()

    def _lay_out_page(self) -> None:
        look, stage, inner = self.look, panels.Panel(self.look), QWidget()
        column = QVBoxLayout(inner)
        panels.set_scaled_margins(look, column, (0, 8, 12, 0), 10)
        typed = QHBoxLayout()
        panels.set_scaled_margins(look, typed, spacing=16)
        for field in (self.code, self.name, self.window_field):
            typed.addWidget(field, 1, Qt.AlignmentFlag.AlignBottom)
        column.addLayout(typed)
        column.addLayout(self._list)
        column.addStretch(1)
        acts = QHBoxLayout()
        panels.set_scaled_margins(look, acts, (0, 8, 0, 0), 12)
        acts.addWidget(self.back_button)
        acts.addStretch(1)
        acts.addWidget(self.do_button)
        inside = QVBoxLayout(stage)
        panels.set_scaled_margins(look, inside, (48, 24, 48, 24), 6)
        inside.addWidget(self._title)
        inside.addWidget(self._second)
        inside.addWidget(panels.VerticalScrollArea(inner, keys=True), 1)
        inside.addWidget(self.refusal)
        inside.addLayout(acts)
        self.put_below_bar(stage)

    # -- what is shown -----------------------------------------------------------------------------------------------

    def page_title(self) -> str:
        return _("Set this PC up")

    def tick(self, now: datetime) -> None:
        self.bar.set_items([home_page.this_pc_name_item(None)])
        self.bar.set_clock(time_hm(now.astimezone()))

    def _show_reading(self, read: PcFileAndDifferences) -> None:
        self._found = read
        self.show_trouble(None)
        told = [difference_text(one) for one in read.found] or [_("Nothing changes: this PC is as the file says.")]
        panels.resize_row_list(self.lines, len(told), self._newly_added_text_line, self._list)
        for line, text in zip(self.lines, told, strict=True):
            line.setText(text)
        self.code.setVisible(read.joins)
        self.name.setVisible(read.joins)
        if read.joins and not self.name.value():
            self.name.set_value(read.file.name)
        is_at_window = read.file.station in rules.AT_A_WINDOW or any(
            one.station in rules.AT_A_WINDOW for one in read.file.screens or ()
        )
        self.window_field.setVisible(is_at_window)
        if not self.window_field.value():
            self.window_field.set_value(read.file.window)
        self._update_button()

    def _show_refusal(self, trouble: errors.QueueDeskError) -> None:
        self.show_trouble(trouble)
        if _is_only_window_missing(trouble):
            self.window_field.show()
        self._update_button()

    def _newly_added_text_line(self) -> panels.Label:
        line = panels.Label(self.look, px=17, wrap=True)
        self._list.insertWidget(len(self.lines), line)
        return line

    def _update_button(self) -> None:
        read, problem = self._found, home_page.join_code_error(self.code.value())
        self.code.set_error(problem)
        if read is None and self.window_field.isHidden():
            self.do_button.disable_with_reason(_("The file can't be used"))
        elif read is not None and not read.found:
            self.do_button.disable_with_reason(_("Nothing to change"))
        elif problem:
            self.do_button.disable_with_reason(_("Fix the code first"))
        elif (
            read is not None
            and read.joins
            and (
                missing := home_page.missing_join_input_text(
                    read.file.address, self.code.value(), has_joined=read.has_joined
                )
            )
        ):
            self.do_button.disable_with_reason(missing)
        else:
            self.do_button.enable_with_label(_("Set this PC up"))

    # -- acts --------------------------------------------------------------------------------------------------------

    def _clear_trouble_and_update_button(self, _text: str) -> None:
        self.show_trouble(None)
        self._update_button()

    def _read_again(self) -> None:
        """Compare anew once a window was typed."""
        if self.window_field.value() != (self._found.file.window if self._found is not None else ""):
            self.does.read(self.name.value().strip(), self.window_field.value().strip())

    def set_up(self) -> None:
        if self.do_button.isEnabled() and not self.do_button.is_busy():
            self.show_trouble(None)
            self.does.set_up(*(field.value().strip() for field in (self.code, self.name, self.window_field)))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.isAutoRepeat():
            super().keyPressEvent(event)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.set_up()
        elif event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def stop(self) -> None:
        super().stop()
        self.does.was_read.disconnect(self._show_reading)
        self.does.refused.disconnect(self._show_refusal)
        self.does.busy_changed.disconnect(self.do_button.set_busy)
        self.does.done.disconnect(self.done)


def pc_file_page_maker(
    controller: HomeController, tasks: WorkLanes, path: Path, here: tuple[Any, ...]
) -> Callable[[Look], SetUpFromPcFilePage]:
    """Return what makes the page of a file, as often as its window makes it anew; `here` are the fields of ThisPc."""
    does = PcFileController(tasks, ThisPc(*here), path, controller)
    return lambda look: SetUpFromPcFilePage(look, controller, does)


def _is_only_window_missing(trouble: errors.QueueDeskError) -> bool:
    """Whether nothing is wrong with a file but that each PC has a window of its own."""
    faults = trouble.details.get("faults")
    return isinstance(faults, list) and all(
        fault.error.details.get("field") == rules.WINDOW and fault.error.details.get("why") == "empty"
        for fault in faults
    )


# -- a file for other PCs ----------------------------------------------------------------------------------------------

SCREEN, YES, NO = "screen", "yes", "no"


def acts_of_sharing_page(page: SharingPage, controller: SharingController) -> tuple[PageAct, ...]:
    """Return the buttons above the hall's PCs: a file for other PCs of a shared hall, and a server that is there."""

    def can_save_pc_file() -> bool:
        status = controller.status
        return status is not None and status.is_shared and bool(status.addresses) and controller.may_share

    def may_share_hall_now() -> bool:
        status = controller.status
        is_open = status is not None and not status.is_shared and not controller.has_moved
        return is_open and controller.may_share and not controller.is_sharing_in_progress

    def can_check_rights() -> bool:
        status = controller.status
        return status is not None and status.has_given_server and controller.may_share

    return (
        PageAct(
            text=lambda: _("Save for other PCs …"),
            do=partial(_ask_pc_file_fields, page, controller),
            icon="save",
            offered=can_save_pc_file,
        ),
        PageAct(
            text=lambda: _("Share on an existing server …"),
            tip=lambda: _("For halls that already have a PostgreSQL server"),
            do=partial(ask_hall_server_address, page, controller, {}),
            offered=may_share_hall_now,
        ),
        PageAct(
            text=lambda: _("Check the rights …"),
            do=partial(_show_missing_server_rights, page, controller),
            offered=can_check_rights,
        ),
    )


def _ask_pc_file_fields(page: ManagerPage, controller: SharingController) -> None:
    context, status = controller.context, controller.status
    if status is None:
        return
    dialog = RecordDialog(page.host_widget, context, _pc_file_form(context.feed.setup, status.addresses))
    dialog.wanted.connect(partial(_ask_place_and_save, page, controller))
    page.open_question(dialog)


def _pc_file_form(setup: Setup, addresses: tuple[str, ...]) -> RecordFormSpec:
    none = {"": _("None", context="pc file")}
    staff, screens = (
        {name: device_kind_word(name) for name in names if features.has_station(setup.hall, name)}
        for names in (staff_stations(), customer_stations())
    )
    languages = {code: LANGUAGE_NAMES[code] for code in hall_languages(setup)}
    rows = [
        [
            prefilled_input_spec(rules.ADDRESS, _("Address of the main PC"), choices={one: one for one in addresses}),
            *([prefilled_input_spec(rules.LANGUAGE, _("Language"), choices=languages)] if len(languages) > 1 else []),
        ],
        [
            prefilled_input_spec(rules.STATION, _("Station for staff"), choices=none | staff, needed=False),
            prefilled_input_spec(SCREEN, _("Screen for customers"), choices=none | screens, needed=False),
        ],
        [
            prefilled_input_spec(
                rules.WINDOW,
                _("Window", context="field"),
                choices={"": _("typed at each PC"), **{code: window_name(code) for code in setup.windows}},
                needed=False,
                shown_if=lambda typed: bool({typed[rules.STATION], typed[SCREEN]} & {*rules.AT_A_WINDOW}),
            ),
            prefilled_input_spec(
                rules.AT_LOGIN, _("Open at log-in"), YES, choices={YES: _("Yes"), NO: _("No")}, needed=False
            ),
        ],
        [
            FormInput(
                key=rules.PRINTER,
                label=lambda: _("Printer"),
                hint=lambda: _("Empty: each PC's own. On the network: escpos:net:192.168.1.50"),
                read=_parse_printer,
                wrong=lambda: _("This names no printer"),
            )
        ],
    ]
    return RecordFormSpec(
        title=lambda: _("A file for other PCs"),
        effect=lambda: _("On each PC choose “Set up from a file …” on its first page. No code or PIN is in the file."),
        rows=rows,
        yes=lambda: _("Save the file …"),
    )


def _parse_printer(text: str) -> str:
    """Return a printer as typed. Raises ValueError for a receipt printer written wrongly."""
    printer = text.strip()
    try:
        if is_receipt_printer(printer):
            parse_receipt_printer_choice(printer)
    except errors.RuleError as error:
        raise ValueError(printer) from error
    return printer


def pc_file_of_form(typed: Mapping[str, Any]) -> rules.PcFile:
    """Return the file of what was typed into the form."""
    station, screen, window = (str(typed[key] or "") for key in (rules.STATION, SCREEN, rules.WINDOW))
    return rules.PcFile(
        address=typed[rules.ADDRESS],
        language=typed.get(rules.LANGUAGE) or "",
        printer=typed[rules.PRINTER] or "",
        station=station,
        window=window if {station, screen} & {*rules.AT_A_WINDOW} else "",
        open_at_login=typed[rules.AT_LOGIN] == YES and bool(station or screen),
        # Beside a station for staff it is the second screen that customers see.
        screens=(ScreenSpec(screen="2" if station else "1", station=screen),) if screen else None,
    )


def _ask_place_and_save(page: ManagerPage, controller: SharingController, typed: Mapping[str, Any]) -> None:
    file = pc_file_of_form(typed)
    name = "-".join(filter(None, (file.station, str(typed[SCREEN] or ""), file.window))) or "pc"
    page.close_question()
    save = partial(save_pc_file_and_say_path, page, controller, file)
    ask_save_path(page, _("A file for other PCs"), f"{name}{rules.ENDING}", rules.ENDING, save)


def save_pc_file_and_say_path(page: ManagerPage, controller: SharingController, file: rules.PcFile, path: str) -> None:
    """Write a file for other PCs, and say where."""

    def say_saved_path(_nothing: None) -> None:
        page.said.emit(_("Saved as {path}", path=path), "save")

    controller.start_unless_busy("save", partial(verbs.write_pc_file, Path(path), file), say_saved_path)


# -- a hall on a server that is there already --------------------------------------------------------------------------

ADDRESSES, DATABASE, USER, PASSWORD = "addresses", "database", "user", "password"
USUAL_DATABASE = "queuedesk"


def ask_hall_server_address(page: SharingPage, controller: SharingController, typed: Mapping[str, Any]) -> None:
    """Ask for a server of the hall's; `typed` is what stood in the form before."""
    form = RecordFormSpec(
        title=lambda: _("Share on an existing server"),
        effect=lambda: _(
            "The hall moves to a PostgreSQL server that you already have. Checking the server changes nothing."
        ),
        rows=(
            (
                FormInput(
                    key=ADDRESSES,
                    label=lambda: _("Addresses"),
                    hint=lambda: _("such as db1:5432; standbys after a comma"),
                    first=lambda _context: str(typed.get(ADDRESSES, "")),
                    needed=True,
                ),
            ),
            (
                prefilled_input_spec(DATABASE, _("Database"), str(typed.get(DATABASE, USUAL_DATABASE))),
                prefilled_input_spec(USER, _("User"), str(typed.get(USER, "")), hint=_("who owns the database")),
            ),
            (
                FormInput(
                    key=PASSWORD,
                    label=lambda: _("Password"),
                    hint=lambda: _("kept on this PC, only for its user; never shown again"),
                    first=lambda _context: str(typed.get(PASSWORD) or ""),
                    read=str,  # with spaces at its ends
                ),
            ),
        ),
        yes=lambda: _("Check the server"),
    )
    dialog = RecordDialog(page.host_widget, controller.context, form)
    edit = dialog.fields[PASSWORD].edit
    assert isinstance(edit, QLineEdit)
    edit.setEchoMode(QLineEdit.EchoMode.Password)
    controller.busy_changed.connect(dialog.yes_button.set_busy)
    dialog.wanted.connect(partial(_check_server_and_show_result, page, controller, dialog))
    page.open_question(dialog)


def _check_server_and_show_result(
    page: SharingPage, controller: SharingController, dialog: RecordDialog, typed: Mapping[str, Any]
) -> None:
    context = controller.context
    try:
        place = ServerAddress(
            hosts=tuple(_parse_server_hosts(typed[ADDRESSES])), database=typed[DATABASE], role=typed[USER]
        )
    except errors.RuleError as wrong:
        dialog.show_trouble(wrong)
        return

    def show_check_for_form(check: rules.ServerCheck) -> None:
        if page.dialog is dialog:
            page.close_question()
            show_server_check(page, controller, typed, check)

    work = partial(verbs.check_server, context.desk, place, typed[PASSWORD] or "", context.clock)
    controller.start_unless_busy("check", work, show_check_for_form, is_long=True)


def _parse_server_hosts(text: str) -> list[tuple[str, int]]:
    """Return the servers of typed addresses, each once. Raises RuleError "bad_address"."""
    parts = imports.half_width_text(text).replace(",", " ").replace("、", " ").split()
    return list(dict.fromkeys(parse_host_and_port(part, PORT) for part in parts or [text]))


def show_server_check(
    page: SharingPage, controller: SharingController, typed: Mapping[str, Any], check: rules.ServerCheck
) -> None:
    does_fit = check.trouble is None
    title = _("Share the hall on this server?") if does_fit else _("The hall can't be shared there yet")
    dialog = GoodAndBadLinesDialog(page.host_widget, controller.context.look, title, server_check_lines(check))

    def close_and_share() -> None:
        page.close_question()
        page.show_trouble(None)
        controller.share_hall(check.url)

    dialog.add_answer_buttons(_("Back"), _("Share it there") if does_fit else None, close_and_share)
    page.open_question(dialog)
    # After the page has let go of this question.
    dialog.refused.connect(partial(ask_hall_server_address, page, controller, typed))


def _show_missing_server_rights(page: ManagerPage, controller: SharingController) -> None:
    database = controller.context.services.owners_database

    def read_missing_server_rights() -> list[str]:
        if database is None:
            return []
        with database() as db:
            return verbs.statements_for_missing_rights(db)

    def show_rights_dialog(statements: list[str]) -> None:
        dialog = GoodAndBadLinesDialog(
            page.host_widget, controller.context.look, _("Rights on the server"), missing_rights_lines(statements)
        )
        dialog.add_answer_buttons(_("Close", context="dialog"))
        page.open_question(dialog)

    controller.start_unless_busy("rights", read_missing_server_rights, show_rights_dialog, is_long=True)


class GoodAndBadLinesDialog(Dialog):
    """Says what was found, a sentence a line, with a mark before each that says whether it is good."""

    def __init__(self, host: QWidget, look: Look, title: str, lines: Sequence[tuple[str, bool]]) -> None:
        super().__init__(host, look, title=title, width=760)
        self.lines = [
            panels.Label(self.look, text, px=17, token="ink" if is_good else "red", wrap=True)
            for text, is_good in lines
        ]
        for label, (_text, is_good) in zip(self.lines, lines, strict=True):
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            row = QHBoxLayout()
            panels.set_scaled_margins(self.look, row, spacing=8)
            badge = panels.IconBadge(self.look, "check" if is_good else "warning", bare=True)
            row.addWidget(badge, 0, Qt.AlignmentFlag.AlignTop)
            row.addWidget(label, 1, Qt.AlignmentFlag.AlignVCenter)
            self.body.addLayout(row)
