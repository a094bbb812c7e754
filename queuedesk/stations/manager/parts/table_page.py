"""Pages of the manager that end in files and paper, and those that begin with somebody's table."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QWidget

from queuedesk.i18n import _

TABLES = "CSV, Excel (*.csv *.txt *.xlsx *.xlsm)"


class SayingPage(QWidget):
    """`said` is a notice with its icon."""

    said = Signal(str, str)

    def say_saved(self, path: Path) -> None:
        self.said.emit(_("Saved as {file}", file=str(path)), "save")

    def say_printed(self) -> None:
        self.said.emit(_("Sent to the printer"), "print")


class TablePage(SayingPage):
    """A table is dropped on it, or chosen."""

    def __init__(self, parent: QWidget | None = None, *, kinds: str = TABLES) -> None:
        super().__init__(parent)
        self._kinds = kinds
        self.setAcceptDrops(True)

    def open_file(self, path: Path) -> None:
        """Read a table."""
        raise NotImplementedError

    def ask_file(self) -> None:
        """Ask which table to read."""
        name, _kind = QFileDialog.getOpenFileName(self.window(), _("Which file?"), "", self._kinds)
        if name:
            self.open_file(Path(name))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if _dropped(event) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        path = _dropped(event)
        if path is not None:
            # The file stays where it is, also where moving it was proposed.
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
            self.open_file(path)


def _dropped(event: QDropEvent) -> Path | None:
    """Return the one file that is dragged, None for anything else."""
    urls = event.mimeData().urls()
    return Path(urls[0].toLocalFile()) if len(urls) == 1 and urls[0].isLocalFile() else None
