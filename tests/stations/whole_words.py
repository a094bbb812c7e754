"""What a window shows cut or outside its place: words that end in …, and widgets that stand out of the one they are
in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QComboBox, QLabel, QTableView, QWidget

from queuedesk.core.setup.rows import Setup
from queuedesk.stations.widgets import labels, paint
from queuedesk.stations.widgets.charts import chart_view, figures

ELIDING = (paint, labels, chart_view, figures)


@contextmanager
def cut_words() -> Iterator[set[str]]:
    """Collect the words that are painted with … while it is entered, whoever paints them."""
    found: set[str] = set()
    real = paint.elide

    def watched(font, text, width):
        shown = real(font, text, width)
        if shown != text:
            found.add(text)
        return shown

    for module in ELIDING:
        module.elide = watched
    try:
        yield found
    finally:
        for module in ELIDING:
            module.elide = real


def typed_words(setup: Setup) -> set[str]:
    """Return every text of the set-up: people typed it, and it alone may be cut."""
    found: set[str] = set()

    def take(part: object) -> None:
        if isinstance(part, str):
            found.add(part)
        elif isinstance(part, Mapping):
            for inner in part.values():
                take(inner)
        elif isinstance(part, list | tuple):
            for inner in part:
                take(inner)

    take(setup.document)
    return {text for text in found if len(text) > 1}


def cut_in(shown: QWidget, setup: Setup) -> list[str]:
    """Return the words that are cut in `shown` as it is painted now, but for names that people typed."""
    found: set[str] = set()
    for _look in range(2):
        with cut_words() as cut:
            shown.grab()
        found = cut
        if not found:
            break  # else once more: some words may have been cut only to measure them
    for table in shown.findChildren(QTableView):
        if table.isVisible():
            found |= set(_cut_heads(table))
    for choice in shown.findChildren(QComboBox):
        if choice.isVisible() and choice.width() < choice.minimumSizeHint().width() - 1:
            found.add(choice.currentText())
    typed = typed_words(setup)
    return sorted(text for text in found if text and not any(name in text or text in name for name in typed))


def _cut_heads(table: QTableView) -> Iterator[str]:
    head = table.horizontalHeader()
    for column in range(head.count()):
        text = str(table.model().headerData(column, head.orientation()) or "")
        if head.sectionSize(column) and head.fontMetrics().horizontalAdvance(text) > head.sectionSize(column):
            yield text


def outside(shown: QWidget) -> list[str]:
    """Return the widgets in `shown` that reach out of the widget they are in; what scrolls may."""
    found = []
    for widget in shown.findChildren(QWidget):
        parent = widget.parentWidget()
        if not widget.isVisible() or widget.isWindow() or parent is None:
            continue
        if isinstance(parent.parentWidget(), QAbstractScrollArea) or parent is shown.window():
            continue
        room = QRect(QPoint(0, 0), parent.size()).adjusted(-1, -1, 1, 1)
        if not room.contains(widget.geometry()) and not widget.geometry().isEmpty():
            text = widget.text() if isinstance(widget, QLabel) else widget.accessibleName()
            found.append(f"{type(widget).__name__} {text!r} {widget.geometry().getRect()} in {room.getRect()}")
    return found


def settled() -> None:
    """Let what was asked for be laid out."""
    for _turn in range(3):
        QApplication.processEvents()
