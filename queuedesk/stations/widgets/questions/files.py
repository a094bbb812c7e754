"""The system's own question for a file or a folder; apart, as few pages ask it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QWidget

Chosen = Callable[[str], object]


def open_folder_dialog(host: QWidget, title: str, folder: str, chosen: Chosen) -> None:
    """Ask for a folder, starting at `folder`."""
    asked = QFileDialog(host, title, folder)
    asked.setFileMode(QFileDialog.FileMode.Directory)
    _show_file_dialog_then_call(asked, chosen)


def ask_file(host: QWidget, title: str, kinds: str, chosen: Chosen) -> None:
    """Ask for an existing file of `kinds` in Qt's form: "PDF (*.pdf)"."""
    asked = QFileDialog(host, title)
    asked.setNameFilter(kinds)
    asked.setFileMode(QFileDialog.FileMode.ExistingFile)
    _show_file_dialog_then_call(asked, chosen)


def ask_save_path(host: QWidget, title: str, name: str, ending: str, chosen: Chosen, *, or_ending: str = "") -> None:
    """Ask where to save a file ending in `ending`, such as ".zip", or `or_ending`; `name` is offered, "" for none."""
    asked = QFileDialog(host, title)
    asked.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    asked.setNameFilter(" ".join(f"*{one}" for one in (ending, or_ending) if one))
    asked.setDefaultSuffix(ending.removeprefix("."))
    if name:
        asked.selectFile(name)
    _show_file_dialog_then_call(asked, chosen)


def _show_file_dialog_then_call(asked: QFileDialog, chosen: Chosen) -> None:
    asked.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    asked.fileSelected.connect(chosen)
    asked.open()
