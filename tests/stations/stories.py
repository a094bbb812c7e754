"""What windows say after each step of a story, kept as a document beside its test."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from difflib import unified_diff
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from tests.bounded import Stopwatch
from tests.golden.kept import IS_KEPT_ANEW, difference, keep, lines_of, parts_of
from tests.hall import Hall
from tests.stations.seen import said

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
