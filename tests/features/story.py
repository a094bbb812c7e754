"""What somebody sees of a window, step by step, as one text that is kept beside the tests."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QAbstractItemModel, QAbstractListModel, QModelIndex, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QComboBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QWidget,
)

from tests.features.golden import must_be_kept


class Story:
    """What a window shows after each step of a test, with FOLDER for the folder that it has its files in."""

    def __init__(self, folder: Path | None = None) -> None:
        self.lines: list[str] = []
        self.folder = str(folder)

    def see(self, step: str, *parts: QWidget) -> None:
        """Take down what stands in these parts of the window after a step."""
        self.lines += [f"# {step}", *(line for part in parts for line in seen(part)), ""]

    def must_be_kept(self, file: Path) -> None:
        """Assert that the whole story is the one in a file."""
        must_be_kept(file, "\n".join(self.lines).replace(self.folder, "FOLDER"))


def seen(part: QWidget) -> list[str]:
    """Return what can be seen of a part, in the order in which it was made: texts, what is chosen and typed, the rows
    of tables, and buttons in brackets, round ones where they can't be pressed; of what is drawn how it is read out."""
    found = [_said(one) for one in (part, *part.findChildren(QWidget)) if one.isVisible()]
    return [line.replace("\u2060", "").replace("\n", " / ") for lines in found for line in lines if line.strip()]


def _said(one: QWidget) -> list[str]:
    if isinstance(one, QAbstractItemView) and not isinstance(one, QHeaderView):
        return _rows(one.model()) if one.model() is not None else []
    if isinstance(one, QLabel):
        return [one.text()]
    if isinstance(one, QAbstractButton):
        text = ("• " if one.isChecked() else "") + (one.text() or one.accessibleName())
        return [] if text == "" else [f"[{text}]" if one.isEnabled() else f"({text})"]
    if isinstance(one, QComboBox):
        return [f"{one.currentText()} ▾"]
    if isinstance(one, QLineEdit):
        return [f"{one.text() or one.placeholderText()} _"]
    if isinstance(one, QPlainTextEdit):
        return [f"{one.toPlainText() or one.placeholderText()} _"]
    told = [text for text in (one.accessibleName(), one.accessibleDescription()) if text]
    return [f"<{': '.join(told)}>"] if told else []


def _rows(model: QAbstractItemModel) -> list[str]:
    columns = range(1 if isinstance(model, QAbstractListModel) else model.columnCount(QModelIndex()))
    heads = [str(model.headerData(at, Qt.Orientation.Horizontal) or "") for at in columns]
    rows = [[str(model.index(row, at).data() or "") for at in columns] for row in range(model.rowCount(QModelIndex()))]
    return ["  | ".join(cells).rstrip() for cells in [heads, *rows]]
