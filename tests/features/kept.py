"""Texts of pages, kept whole beside the tests: what changes in them is reviewed as a diff."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from difflib import unified_diff
from pathlib import Path

from PySide6.QtCore import QPoint, Qt
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

from queuedesk.stations.widgets.charts.chart_view import Pointed
from tests.reports.read_back import CHECK_CODE

SAID, FOLDERS = re.compile(r"== .*"), re.compile(r"(?<![\w.])/(?:[\w.@+-]+/)+")
BY_CHANCE = re.compile(rf"{CHECK_CODE}|\b[0-9a-f]{{64}}\b")


def must_be_kept(text: str, file: Path, moment: str = "") -> None:
    """Assert that a text is what a file keeps, below the line `== moment` where it keeps several. With
    TESTS_KEEP_ANEW=1 it is written anew first."""
    lines = [line.rstrip() for line in FOLDERS.sub("~/", BY_CHANCE.sub("…", text)).splitlines()]
    parts: dict[str, list[str]] = {}
    for line in file.read_text(encoding="utf-8").splitlines() if file.exists() else []:
        if SAID.fullmatch(line):
            parts[line.removeprefix("== ")] = []
        else:
            parts.setdefault(next(reversed(parts), ""), []).append(line)
    if os.environ.get("TESTS_KEEP_ANEW"):
        parts[moment] = lines
        told = [line for name, kept in parts.items() for line in ([f"== {name}"] if name else []) + kept]
        file.write_text("\n".join(told) + "\n", encoding="utf-8")
    kept = parts[moment]
    assert lines == kept, "\n".join(unified_diff(kept, lines, "kept", "came", lineterm=""))


def seen(part: QWidget) -> str:
    """Return what can be seen of a part of a window, from top to bottom: texts, fields, the rows of lists, and what is
    drawn by its description; what can't be pressed now stands in parentheses."""
    shown = [one for one in part.findChildren(QWidget) if one.isVisibleTo(part)]
    placed = sorted(shown, key=lambda one: (one.mapTo(part, QPoint()).y(), one.mapTo(part, QPoint()).x()))
    return "\n".join(line for one in placed for line in _lines(one))


def _lines(widget: QWidget) -> Iterator[str]:
    if isinstance(widget, QHeaderView):
        return
    if isinstance(widget, QAbstractItemView):
        yield from _rows(widget)
    elif isinstance(widget, QComboBox):
        yield f"[{widget.currentText()} ▾]"
    elif isinstance(widget, QLineEdit):
        if not isinstance(widget.parent(), QComboBox):
            yield f"[{widget.text() or widget.placeholderText()}]"
    elif isinstance(widget, QPlainTextEdit):
        yield f"[{widget.toPlainText() or widget.placeholderText()}]"
    elif isinstance(widget, QAbstractButton):
        text = widget.text() or widget.accessibleName()
        ticked = "✓ " if widget.isChecked() else ""
        if text:
            yield f"<{ticked}{text}>" if widget.isEnabled() else f"(<{ticked}{text}>)"
    elif isinstance(widget, QLabel):
        yield from widget.text().splitlines()
    elif isinstance(widget, Pointed):
        yield from (" · ".join(point.said) for point in widget.points)
    elif widget.accessibleDescription():
        yield from f"{widget.accessibleName()}: {widget.accessibleDescription()}".splitlines()


def _rows(view: QAbstractItemView) -> Iterator[str]:
    model = view.model()
    columns = range(model.columnCount())
    heads = [str(model.headerData(at, Qt.Orientation.Horizontal) or "") for at in columns]
    if any(heads):
        yield " | ".join(heads)
    for row in range(model.rowCount()):
        yield " | ".join(str(model.index(row, at).data() or "") for at in columns)
