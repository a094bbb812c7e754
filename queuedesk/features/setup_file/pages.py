"""The set-up as a file: writing it, and reading another with a look at what it would change."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct, field
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from queuedesk.core.errors import OutsideError, QueueDeskError, RuleError
from queuedesk.core.setup.file import HALL_RULES, PARTS, SETTINGS, row_code_or_position, rows_of_part
from queuedesk.core.setup.hall import CALENDAR
from queuedesk.core.setup.rows import Setup
from queuedesk.desk import setting_up
from queuedesk.i18n import _, error_sentence, list_text, n_, wording_in_current_language
from queuedesk.i18n.value_refusals import field_word
from queuedesk.stations.manager.parts.page import ManagerPage, PageSpec
from queuedesk.stations.manager.setup_frame.draft import FILE, HALL, SetUpController, part_word, row_title
from queuedesk.stations.widgets.buttons import PrimaryButton, SecondaryButton
from queuedesk.stations.widgets.panels import Label, VerticalScrollArea, resize_row_list, set_scaled_margins
from queuedesk.stations.widgets.questions.dialogs import ErrorLine
from queuedesk.stations.widgets.questions.files import ask_file, ask_save_path
from queuedesk.stations.window.style import Look

# -- words -------------------------------------------------------------------------------------------------------------

Document = Mapping[str, Any]


class SetupRowChange(Struct, frozen=True, kw_only=True):
    """A new or changed row: `part`, `row`, its code, the fields that differ; a new one has none."""

    part: str
    code: str
    row: Mapping[str, Any]
    fields: tuple[str, ...] = ()
    more: int = 0
    before: Mapping[str, Any] = field(default_factory=dict)

    def change_sentence(self) -> str:
        """Return the change in one sentence."""
        if self.part == CALENDAR:
            return n_("{n} date of the calendar changes", "{n} dates of the calendar change", self.more)
        if self.more:
            return n_(
                "{n} row of the roster or busy day is added", "{n} rows of the roster or busy days are added", self.more
            )
        if self.part == "settings":
            return self._rule_change_text()
        name = row_title(self.part, self.row, self.code)
        words = {"part": part_word(self.part), "name": name}
        if not self.fields:
            return _("{part}: {name} is added", **words)
        fields = list_text(list(dict.fromkeys(field_word(key) for key in self.fields)))
        if self.part == HALL:
            return _("{part}: {fields} change", part=part_word(HALL), fields=fields)
        return _("{part}: {name} changes: {fields}", **words, fields=fields)

    def _rule_change_text(self) -> str:
        key = self.code
        return _(
            "Rule {name}: {before} becomes {after}",
            name=wording_in_current_language(HALL_RULES[key].title),
            before=_hall_rule_value_text(key, self.before.get(key, SETTINGS.get(key))),
            after=_hall_rule_value_text(key, self.row[key]),
        )


def _hall_rule_value_text(key: str, value: object) -> str:
    words = HALL_RULES[key].kind.choices.get(str(value))
    return wording_in_current_language(words) if words else str(value)


def setup_document_changes(before: Document, after: Document) -> list[SetupRowChange]:
    """Return the changes from one set-up document to the other, where nothing is removed."""
    found = []
    if fields := _changed_fields(before["hall"], after["hall"]):
        found.append(SetupRowChange(part=HALL, code="", row=after["hall"], fields=fields))
    for part in PARTS:
        rows = {row_code_or_position(part, row, at): row for at, row in enumerate(rows_of_part(before, part))}
        for at, row in enumerate(rows_of_part(after, part)):
            code = row_code_or_position(part, row, at)
            if code not in rows:
                found.append(SetupRowChange(part=part, code=code, row=row))
            elif fields := _changed_fields(rows[code], row):
                found.append(SetupRowChange(part=part, code=code, row=row, fields=fields))
    had, have = before.get("settings", {}), after.get("settings", {})
    for key in have:
        if have[key] != had.get(key, SETTINGS.get(key)):
            found.append(SetupRowChange(part="settings", code=key, row=have, before=had))
    dates = sum(before.get(CALENDAR, {}).get(day) != row for day, row in after.get(CALENDAR, {}).items())
    if dates:
        found.append(SetupRowChange(part=CALENDAR, code="", row={}, more=dates))
    more = sum(len(after.get(part, ())) - len(before.get(part, ())) for part in ("roster", "pay_days"))
    if more:
        found.append(SetupRowChange(part="roster", code="", row={}, more=more))
    return found


def _changed_fields(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[str, ...]:
    chosen = {"features"}  # Nothing chosen is another choice than none made.
    return tuple(
        key
        for key, value in after.items()
        if (value != before.get(key) if key in chosen else (value or None) != (before.get(key) or None))
    )


# -- the file ----------------------------------------------------------------------------------------------------------

ENDING = ".json"


class SetupFilePreview(Struct, frozen=True):
    """A set-up file that was read: the hall's set-up document now, and as it would be."""

    path: Path
    before: Document
    after: Document
    document: Document


def export_setup_file(controller: SetUpController, path: Path, exported: Callable[[str], None]) -> None:
    """Write the set-up to a file."""
    document = {"staff": [], "classes": [], **controller.setup.document}
    write = controller.context.services.write_setup
    if write is not None:
        controller.start_unless_busy("export", lambda: write(path, document), lambda _nothing: exported(str(path)))


def read_setup_file_and_show_preview(
    controller: SetUpController, path: Path, show: Callable[[SetupFilePreview], None]
) -> None:
    """Read a set-up file, and `show` what it would change, if it can be read."""
    before, read = controller.setup.document, controller.context.services.read_setup
    if read is None:
        return

    def read_preview() -> SetupFilePreview:
        document = read(path)
        if not isinstance(document, dict) or not {"hall", "services", "windows"} <= set(document):
            raise OutsideError("wrong_kind", path=path.name)
        try:
            return SetupFilePreview(path, before, setting_up.merged_set_up(before, document), document)
        except RuleError as refusal:
            raise RuleError("bad_setup", path=path.name, problem=error_sentence(refusal)) from refusal

    controller.start_unless_busy("import", read_preview, show)


def import_read_setup(controller: SetUpController, read: SetupFilePreview, imported: Callable[[], None]) -> None:
    """Add and change what the file contains."""
    controller.run_undoable_change(
        lambda desk, ask: setting_up.import_setup(desk, ask, read.document), lambda _done: imported()
    )


# -- the page ----------------------------------------------------------------------------------------------------------


class SetupFilePage(ManagerPage):
    """The set-up written into a file, and taken over from one."""

    def __init__(self, look: Look, controller: SetUpController, parent: QWidget | None = None) -> None:
        super().__init__(look, PageSpec(title=lambda: part_word(FILE), foot=8), parent)
        self._controller = controller
        self._read: SetupFilePreview | None = None
        self._trouble: QueueDeskError | None = None
        self._may_change = True
        self._setup: Setup | None = None
        self._out = Label(look, _("Keep the set-up as a file"), px=20, bold=True)
        out = _("Use it to start another hall, or to keep a record of this one's set-up. PINs are not in it.")
        self._out_line = Label(look, out, px=17, token="ink2", wrap=True)
        self._in = Label(look, _("Import a set-up file"), px=20, bold=True)
        taken = _("Rows in the file are added or changed; nothing is removed. You see the changes first.")
        self._in_line = Label(look, taken, px=17, token="ink2", wrap=True)
        self.export_button = SecondaryButton(look, _("Save the file …"), icon="save", height=48)
        self.choose_button = SecondaryButton(look, _("Choose a file …"), icon="folder", height=48)
        self.error = ErrorLine(look)
        self.count = Label(look, px=17, bold=True, wrap=True)
        self.take_button = PrimaryButton(look, _("Import these changes"), height=48, px=17)
        self.leave_button = SecondaryButton(look, _("Leave it", context="import"), height=48)
        self.hall_acts = (self.take_button,)
        self._build_layout()
        self.export_button.clicked.connect(self._ask_path_and_export)
        self.choose_button.clicked.connect(self._ask_file_to_import)
        self.take_button.clicked.connect(self._import_shown_file)
        self.leave_button.clicked.connect(self.close_file)
        controller.busy_changed.connect(self.take_button.set_busy)
        self._show_file_state()

    def _build_layout(self) -> None:
        look = self._look
        column = QVBoxLayout()
        set_scaled_margins(look, column, spacing=10)
        for title, line, button in (
            (self._out, self._out_line, self.export_button),
            (self._in, self._in_line, self.choose_button),
        ):
            column.addWidget(title)
            column.addWidget(line)
            row = QHBoxLayout()
            set_scaled_margins(look, row, (0, 0, 0, 10), 12)
            row.addWidget(button)
            row.addStretch(1)
            column.addLayout(row)
        column.addWidget(self.error)
        column.addWidget(self.count)
        inner = QWidget()
        self._list = QVBoxLayout(inner)
        set_scaled_margins(look, self._list, spacing=4)
        self._list.addStretch(1)
        self.lines: list[Label] = []
        column.addWidget(VerticalScrollArea(inner, keys=True), 1)
        foot = QHBoxLayout()
        set_scaled_margins(look, foot, spacing=12)
        foot.addStretch(1)
        foot.addWidget(self.leave_button)
        foot.addWidget(self.take_button)
        column.addLayout(foot)
        self.add_part(column, 1, gap=6)

    # -- what is shown -----------------------------------------------------------------------------------------------

    def state_to_restore(self) -> tuple[()] | None:
        return () if self._read is None else None

    def show_setup(self, setup: Setup, *, may_change: bool) -> None:
        """Follow the hall; people who may not change it can still save the file."""
        again = self._setup is not setup or may_change != self._may_change
        self._setup, self._may_change = setup, may_change
        if again and self._read is not None:
            read_setup_file_and_show_preview(self._controller, self._read.path, self._show_import_preview)
        self._show_file_state()

    def show_trouble(self, trouble: QueueDeskError | None) -> None:
        """Show what is wrong; None removes it."""
        self._trouble = trouble
        self._show_file_state()

    def _show_file_state(self) -> None:
        found = setup_document_changes(self._read.before, self._read.after) if self._read is not None else []
        self.error.show_refusal(error_sentence(self._trouble) if self._trouble else "")
        for widget in (self._in, self._in_line, self.choose_button):
            widget.setVisible(self._may_change)
        self.count.setVisible(self._read is not None)
        if self._read is not None:
            name = self._read.path.name
            count = n_("{name} changes {n} thing", "{name} changes {n} things", len(found), name=name)
            self.count.setText(count if found else _("{name} changes nothing here", name=name))
        self._show_change_lines(found)
        self.leave_button.setVisible(self._read is not None)
        self.take_button.setVisible(bool(found))

    def _show_change_lines(self, found: list[SetupRowChange]) -> None:
        resize_row_list(self.lines, len(found), self._add_line_label, self._list)
        for line, change in zip(self.lines, found, strict=True):
            line.setText(change.change_sentence())

    def _add_line_label(self) -> Label:
        line = Label(self._look, px=17, wrap=True)
        self._list.insertWidget(len(self.lines), line)
        return line

    # -- acts --------------------------------------------------------------------------------------------------------

    def _ask_path_and_export(self) -> None:
        name = f"{self._setup.hall.code}-setup{ENDING}" if self._setup is not None else ""
        ask_save_path(self, _("Keep the set-up as a file"), name, ENDING, self.export_to)

    def export_to(self, path: str) -> None:
        """Write the set-up to `path`."""
        self.show_trouble(None)
        export_setup_file(self._controller, Path(path), self._announce_export)

    def _ask_file_to_import(self) -> None:
        ask_file(self, _("Import a set-up file"), f"*{ENDING}", self.examine_file)

    def examine_file(self, path: str) -> None:
        """Show what the file at `path` would change."""
        self._read = None
        self.show_trouble(None)
        read_setup_file_and_show_preview(self._controller, Path(path), self._show_import_preview)

    def close_file(self) -> None:
        """Close the file."""
        self._read = None
        self.show_trouble(None)

    def _import_shown_file(self) -> None:
        if self._read is not None:
            import_read_setup(self._controller, self._read, self._on_setup_imported)

    def _show_import_preview(self, read: SetupFilePreview) -> None:
        self._read = read
        self._show_file_state()

    def _announce_export(self, path: str) -> None:
        self.said.emit(_("Saved as {path}", path=path), "save")

    def _on_setup_imported(self) -> None:
        self._read = None
        self._show_file_state()
        self.said.emit(_("The set-up file is imported"), "check")
