"""What a part of a window shows to whoever looks at it, and what it waits for."""

from collections.abc import Iterator
from typing import Any, Self

import numpy as np
from PySide6 import QtWidgets
from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit, QWidget

from queuedesk.stations.widgets.charts.chart_view import ChartWithPoints
from queuedesk.stations.window.frame import widgets_of_page_and_lent_parts


def texts_of(part: QWidget) -> list[str]:
    """Return the texts of labels and buttons that can be seen within `part`, once it is shown."""
    found = (one for one in part.findChildren(QWidget) if isinstance(one, QLabel | QAbstractButton))
    return [one.text() for one in found if one.isVisibleTo(part) and one.text()]


def timer_of(owner: QObject, interval_ms: int) -> QTimer:
    """Return the timer by which `owner` waits that long."""
    (found,) = (timer for timer in owner.findChildren(QTimer) if timer.interval() == interval_ms)
    return found


def shades(picture: QImage) -> np.ndarray[Any, Any]:
    """Return the colours of a picture as numbers 0xRRGGBB, by row and column."""
    rgb = picture.convertToFormat(QImage.Format.Format_RGB32)
    flat = np.frombuffer(rgb.constBits(), np.uint32).reshape(rgb.height(), rgb.bytesPerLine() // 4)
    return flat[:, : rgb.width()] & 0xFFFFFF


def lightness(colors: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Return how light each of such colours is, from 0 to 255, as QColor counts it."""
    parts = np.stack([colors >> 16, colors >> 8 & 0xFF, colors & 0xFF])
    return (parts.max(axis=0) + parts.min(axis=0)) // 2


class LayoutRequests(QObject):
    """Counts how often anything asks to be laid out within a block."""

    def __init__(self, app: QtWidgets.QApplication) -> None:
        super().__init__()
        self._app, self.count = app, 0

    def __enter__(self) -> Self:
        self._app.installEventFilter(self)
        return self

    def __exit__(self, *_error: object) -> None:
        self._app.removeEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self.count += event.type() == QEvent.Type.LayoutRequest
        return False


def said(page: QWidget) -> list[str]:
    """Return all that a page, or a part of one, says to who sees or hears it, in the order in which it was made: also
    rows of tables, points of charts, and the head and the tools that a page has lent to a section."""
    return [line for part in widgets_of_page_and_lent_parts(page) for line in _shown(part)]


def _shown(part: QWidget) -> Iterator[str]:
    if not part.isVisible() or isinstance(part, QtWidgets.QScrollBar):
        return
    own = _own(part)
    if own is not None:
        if any(own):
            yield from own
        return
    within = [" · ".join(point.said) for point in part.points] if isinstance(part, ChartWithPoints) else []
    within += [line for child in part.children() if isinstance(child, QWidget) for line in _shown(child)]
    name = ": ".join(filter(None, [part.accessibleName(), part.accessibleDescription()]))
    if _one_line(name) not in " ".join(within):
        yield _one_line(name)
    yield from within


def _own(part: QWidget) -> list[str] | None:
    """Return what a single widget says, None for one that consists of others."""
    if isinstance(part, QAbstractButton):
        marks = [" (pressed)" * (part.isCheckable() and part.isChecked()), " (off)" * (not part.isEnabled())]
        text, name = part.text(), part.accessibleName()
        words = name if text in name else f"{text}: {name}".removesuffix(": ")
        return [f"<{_one_line(words)}>{''.join(marks)}"]
    if isinstance(part, QLabel):
        return [_one_line(part.text() or part.accessibleName())]
    if isinstance(part, QtWidgets.QComboBox):
        return [f"<{part.currentText()} ▾>"]
    if isinstance(part, QLineEdit | QtWidgets.QPlainTextEdit):
        text = part.text() if isinstance(part, QLineEdit) else part.toPlainText()
        return [f"[{_one_line(text or part.placeholderText())}]" + " (read only)" * part.isReadOnly()]
    if isinstance(part, QtWidgets.QAbstractItemView):
        return list(_rows(part))
    return None


def _rows(view: QtWidgets.QAbstractItemView) -> Iterator[str]:
    """Yield the heads and rows of a list or a table; the chosen row has a mark."""
    model, chosen = view.model(), view.currentIndex().row()
    columns = range(1 if isinstance(view, QtWidgets.QListView) else model.columnCount())
    if isinstance(view, QtWidgets.QTableView) and not view.horizontalHeader().isHidden():
        heads = [str(model.headerData(column, Qt.Orientation.Horizontal) or "") for column in columns]
        yield _one_line(f"  {' | '.join(heads)}")
    for row in range(model.rowCount()):
        cells = [str(model.index(row, column).data() or "") for column in columns]
        yield _one_line(f"{'*' if row == chosen else '-'} {' | '.join(cells)}")


def _one_line(text: str) -> str:
    return " / ".join(text.replace("\u2060", "").splitlines()).rstrip()
