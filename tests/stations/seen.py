"""What a part of a window shows to whoever looks at it, and stories of it, each kept as a document beside its test."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from difflib import unified_diff
from itertools import chain
from pathlib import Path
from typing import Any, Self

import numpy as np
import pytest
from PySide6 import QtWidgets
from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit, QWidget

from queuedesk.stations.widgets.charts.chart_view import ChartWithPoints
from queuedesk.stations.window.frame import widgets_of_page_and_lent_parts
from tests.bounded import Stopwatch
from tests.golden.kept import IS_KEPT_ANEW, difference, keep, lines_of, parts_of
from tests.hall import Hall


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


BY_CHANCE = re.compile(r"\b[0-9a-f]{16,}\b")  # salts and seals, which are others each time
LEFT_OUT = {"token", "kept", "promise", "setup"}
"""What events hold by chance, as figures of science that have their own tests, or as a whole set-up."""
SETTLED_S, PATIENCE_S = 0.5, 20.0
LONGEST = 300  # a longer value of an event is left out


class Story:
    """Tells what widgets show, and what came into the log of a hall: of each widget all when it is told of first, then
    what changed. Every step must be as the document has it."""

    def __init__(self, file: Path, folder: Path, hall: Hall | None = None, *, names_parts: bool = True) -> None:
        self._file, self._hall, self._folder, self._names_parts = file, hall, folder, names_parts
        self._kept = parts_of(file)
        self._told: dict[str, list[str]] = {}
        self._shown: dict[QWidget, list[str]] = {}
        self._since = hall.length() if hall else 0

    def tell(self, step: str, *parts: object) -> None:
        """Tell what `parts` show now: widgets, or values that are written as they are."""
        assert step not in self._told, "each step has its own name"
        kept = self._kept.get(step)
        told = self._told[step] = self.come(kept, *parts)
        assert IS_KEPT_ANEW or told == kept, f"{step}:\n{difference(kept or [], told)}"

    def take_in(self, *parts: object) -> None:
        """Know what `parts` show and what the log has, without telling it."""
        for _line in chain(*map(self._part, parts), self._events()):
            pass

    def come(self, kept: list[str] | None, *parts: object) -> list[str]:
        """Return what `parts` show now, as soon as it is what is kept."""
        shown, since = dict(self._shown), self._since
        with Stopwatch() as waited:
            while True:
                text = "\n".join(chain(*map(self._part, parts), self._events()))
                told = lines_of(BY_CHANCE.sub("…", text), self._folder)
                # Lists draw their rows a moment after what they are told.
                if told == kept or waited.s > (SETTLED_S if IS_KEPT_ANEW else PATIENCE_S):
                    return told
                QTest.qWait(20)
                self._shown, self._since = dict(shown), since

    def end(self) -> None:
        """Keep the document, or assert that all of it was told."""
        if IS_KEPT_ANEW:
            keep(self._file, self._told)
        else:
            assert list(self._kept) == list(self._told), "the document tells more"

    def _part(self, part: object) -> Iterator[str]:
        if not isinstance(part, QWidget):
            yield from part.splitlines() if isinstance(part, str) else [f"{part}"]
            return
        before, now = self._shown.get(part), said(part)
        self._shown[part] = now
        if self._names_parts:
            yield f"[{type(part).__name__}]"
        if before is None:
            yield from now
        else:
            changes = list(unified_diff(before, now, n=0, lineterm=""))[2:]
            yield from (f"{line[0]} {line[1:]}" for line in changes if line[0] != "@")

    def _events(self) -> Iterator[str]:
        if self._hall is None:
            return
        for event in self._hall.log(self._since):
            self._since = event.seq
            data = _without_long({key: value for key, value in event.data.items() if key not in LEFT_OUT})
            about = [event.kind, event.actor, event.ticket or "", event.window or ""]
            yield f"> {' '.join(filter(None, about))} {json.dumps(data, ensure_ascii=False, default=str)}"


def _without_long(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_long(part) for key, part in value.items()}
    return value if len(f"{value}") <= LONGEST else "…"


@pytest.fixture
def story(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Story]:
    """The story of a test, kept by its name in the folder `golden` beside its module."""
    hall = next(map(request.getfixturevalue, {"hall", "talk_hall"} & set(request.fixturenames)), None)
    story = Story(request.path.parent / "golden" / f"{request.node.originalname}.txt", tmp_path, hall)
    yield story
    story.end()
