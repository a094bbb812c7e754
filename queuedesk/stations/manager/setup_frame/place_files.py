"""The directory of other places as a table: read after a look at what it would change, and saved."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from queuedesk.core.errors import QueueDeskError
from queuedesk.i18n import _, named, say
from queuedesk.i18n.figures.target_words import partners_text
from queuedesk.stations.manager.parts.refused_file import RefusedFileDialog
from queuedesk.stations.manager.parts.table_question import TableQuestion
from queuedesk.stations.manager.setup.calendar_page import KINDS
from queuedesk.stations.manager.setup_frame.draft import PARTNERS
from queuedesk.stations.manager.setup_frame.list_and_foot import RowList
from queuedesk.stations.manager.setup_frame.set_up_controller import PlacesRead, SetUpController
from queuedesk.stations.widgets.labels import Label
from queuedesk.stations.widgets.questions.files import ask_file, ask_new_file
from queuedesk.stations.window.style import Look


class PlacesDialog(TableQuestion):
    """What a table of places would change, before it does."""

    def __init__(self, host: QWidget, look: Look, read: PlacesRead) -> None:
        changes = read.told["new"] + read.told["changed"]
        effect = _("Places that are not in it stay as they are.") if changes else _("Nothing would change here.")
        super().__init__(host, look, title=read.name, effect=effect, width=640)
        self.told = Label(self.look, partners_text(read.told), px=18, bold=True, wrap=True)
        self.body.addWidget(self.told)
        rows = read.rows if changes else ()
        lines = [f"{row['code']}  {named(row.get('name') or '', row.get('name_en') or '')}" for row in rows]
        self.ask_about(lines, _("Other places"), _("Import these places"))


class PlaceFiles(QObject):
    """Reads the directory from a table and saves it, by the keys under the list of places; `said` is a notice with its
    icon."""

    said = Signal(str, str)

    def __init__(self, rows: RowList, controller: SetUpController, host: QWidget, look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        self._rows, self._controller, self._host, self._look, self._page = rows, controller, host, look, parent
        rows.read_button.clicked.connect(self._ask_which)
        rows.write_button.clicked.connect(self._ask_where)
        controller.places_read.connect(self._show_read)
        controller.places_refused.connect(self._refused)
        controller.places_taken.connect(self._taken)
        controller.places_written.connect(self._written)

    def show_for(self, part: str) -> None:
        """Show the keys with the directory alone."""
        self._rows.file_keys.setVisible(part == PARTNERS)
        self._rows.read_button.setText(_("Import", context="calendar"))
        self._rows.write_button.setText(_("Save", context="table"))

    def _ask_which(self) -> None:
        ask_file(self._page, _("Import a table of places"), KINDS, self.look_into)

    def look_into(self, path: str) -> None:
        """Ask whether to take what the table at `path` has."""
        self._controller.read_places(Path(path))

    def _ask_where(self) -> None:
        name = f"{self._controller.setup.hall.code}-places.xlsx"
        ask_new_file(self._page, _("Save the directory as a table"), name, ".xlsx", self.write_to, or_ending=".csv")

    def write_to(self, path: str) -> None:
        """Write the directory to `path`, a workbook unless it ends in .csv."""
        self._controller.write_places(Path(path))

    def _show_read(self, read: PlacesRead) -> None:
        dialog = PlacesDialog(self._host, self._look, read)
        dialog.wanted.connect(partial(self._controller.take_places, read))
        dialog.open_dialog()

    def _refused(self, trouble: QueueDeskError) -> None:
        if trouble.code == "bad_rows":
            RefusedFileDialog(self._host, self._look, trouble).open_dialog()
        else:
            self.said.emit(say(trouble), "warning")

    def _taken(self, told: dict[str, int]) -> None:
        self.said.emit(partners_text(told), "check")

    def _written(self, path: Path) -> None:
        self.said.emit(_("Saved as {path}", path=path), "save")
