"""What windows say after each step of a story, kept as a document beside its test: a change is reviewed as a diff.

With TESTS_KEEP_ANEW=1 in the environment a run writes the documents anew.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from difflib import unified_diff
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QElapsedTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QComboBox,
    QLabel,
    QLineEdit,
    QListView,
    QPlainTextEdit,
    QScrollBar,
    QWidget,
)

from queuedesk.stations.window.remaking import parts_of
from tests.hall import Hall

IS_KEPT_ANEW = "TESTS_KEEP_ANEW" in os.environ
BY_CHANCE = re.compile(r"\b[0-9a-f]{16,}\b|\b\d+(?= kB\b)")
"""Salts and seals, which are others each time, and sizes of files, which hang on the letters of a page."""
LEFT_OUT = {"token", "kept", "promise", "setup"}
"""What events hold by chance, as figures of science that have their own tests, or as a whole set-up."""
SETTLED_MS, PATIENCE_MS = 500, 20_000
LONGEST = 300
"""A longer value of an event is left out."""


class Story:
    """Tells what widgets show, and what came into the log: of each widget all when it is told of first, then what
    changed. Every step must be as the document has it."""

    def __init__(self, file: Path, hall: Hall | None, folder: Path) -> None:
        self._file, self._hall, self._folder = file, hall, folder
        self._kept = _steps(file.read_text(encoding="utf-8")) if file.exists() else {}
        self._told: dict[str, str] = {}
        self._shown: dict[QWidget, list[str]] = {}
        self._since = hall.length() if hall else 0

    def tell(self, step: str, *parts: object) -> None:
        """Tell what `parts` show now: widgets, or values that are written as they are."""
        assert step not in self._told, "each step has its own name"
        shown, since, kept = dict(self._shown), self._since, self._kept.get(step)
        waited = QElapsedTimer()
        waited.start()
        while True:
            lines = chain(*map(self._part, parts), self._events())
            told = "\n".join(lines).replace(str(self._folder), "FOLDER")
            self._told[step] = BY_CHANCE.sub("…", told)
            # Lists draw their rows a moment after what they are told.
            if self._told[step] == kept or waited.elapsed() > (SETTLED_MS if IS_KEPT_ANEW else PATIENCE_MS):
                break
            QTest.qWait(20)
            self._shown, self._since = dict(shown), since
        if not IS_KEPT_ANEW:
            assert self._told[step] == kept, f"{step}: see {self._file.name}"

    def end(self) -> None:
        """Keep the document, or assert that all of it was told."""
        if not IS_KEPT_ANEW:
            assert list(self._kept) == list(self._told), "the document tells more"
            return
        self._file.parent.mkdir(exist_ok=True)
        text = "\n\n".join(f"# {step}\n{told}".strip() for step, told in self._told.items())
        self._file.write_text(text + "\n", encoding="utf-8")

    def _part(self, part: object) -> Iterator[str]:
        if not isinstance(part, QWidget):
            yield from part.splitlines() if isinstance(part, str) else [f"{part}"]
            return
        before, now = self._shown.get(part), said(part)
        self._shown[part] = now
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


def _steps(text: str) -> dict[str, str]:
    """Return what a document tells, by its steps."""
    told = (part.partition("\n") for part in f"\n{text}".split("\n# ")[1:])
    return {step: lines.strip("\n") for step, _end, lines in told}


def said(page: QWidget) -> list[str]:
    """Return all that a page says, with the head and the tools that it has lent to a section."""
    return [line for part in parts_of(page) for line in shown(part)]


def shown(part: QWidget) -> Iterator[str]:
    """Yield all that a part says to who sees or hears it, in its order: words, buttons, fields, choices, rows."""
    if not part.isVisible() or isinstance(part, QScrollBar):
        return
    own = _own(part)
    if own is not None:
        if any(own):
            yield from own
        return
    within = [line for child in part.children() if isinstance(child, QWidget) for line in shown(child)]
    name = ": ".join(filter(None, [part.accessibleName(), part.accessibleDescription()]))
    if _one_line(name) not in " ".join(within):
        yield _one_line(name)
    yield from within


def _own(part: Any) -> list[str] | None:
    """Return what a single widget says, None for one that consists of others."""
    if isinstance(part, QAbstractButton):
        marks = [" (pressed)" * (part.isCheckable() and part.isChecked()), " (off)" * (not part.isEnabled())]
        text, name = part.text(), part.accessibleName()
        words = name if text in name else f"{text}: {name}".removesuffix(": ")
        return [f"<{_one_line(words)}>{''.join(marks)}"]
    if isinstance(part, QLabel):
        return [_one_line(part.text() or part.accessibleName())]
    if isinstance(part, QComboBox):
        return [f"<{part.currentText()} ▾>"]
    if isinstance(part, QLineEdit | QPlainTextEdit):
        text = part.text() if isinstance(part, QLineEdit) else part.toPlainText()
        return [f"[{_one_line(text or part.placeholderText())}]" + " (read only)" * part.isReadOnly()]
    if isinstance(part, QAbstractItemView):
        return list(_rows(part))
    return None


def _rows(part: Any) -> Iterator[str]:
    """Yield the rows of a list or a table; the chosen one has a mark."""
    model, chosen = part.model(), part.currentIndex().row()
    for row in range(model.rowCount()):
        columns = range(1 if isinstance(part, QListView) else model.columnCount())
        cells = [str(model.index(row, column).data() or "") for column in columns]
        yield _one_line(f"{'*' if row == chosen else '-'} {' | '.join(cells)}")


def _one_line(text: str) -> str:
    return " / ".join(text.replace("\u2060", "").splitlines()).rstrip()


@pytest.fixture
def story(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Story]:
    """The story of a test, kept by its name in the folder `golden` beside its module."""
    hall = next(map(request.getfixturevalue, {"hall", "talk_hall"} & set(request.fixturenames)), None)
    story = Story(request.path.parent / "golden" / f"{request.node.originalname}.txt", hall, tmp_path)
    yield story
    story.end()
