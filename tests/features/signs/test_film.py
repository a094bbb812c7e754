"""What display and plate paint of one call, filmed frame by frame."""

import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from queuedesk.features.signs.pages.plate import window_rect
from queuedesk.stations.window.context import HallFeed
from tests.features.signs.film import WINDOW, Film, changed, film_of, frame_of, part_of, turns_back
from tests.hall import Hall, made_once, make_hall


def morning(folder: Path) -> Hall:
    hall = make_hall(folder, time="10:30")
    hall.play("open 1 staff=C1", f"open {WINDOW} staff=C{WINDOW}")
    hall.queue(*"BBBAA")
    return hall


@pytest.fixture
def running_film(tmp_path: Path, qapp: QApplication) -> Iterator[Film]:
    with film_of(made_once(tmp_path, morning)) as running_film:
        yield running_film


def test_calls_change_nothing_but_their_rows_and_never_flash_back(running_film: Film):
    hall = running_film.hall
    running_film.check(running_film.roll(lambda: hall.call(WINDOW)), "call")
    take = running_film.roll(lambda: hall.call("1"), both=False)
    running_film.check(take, "call elsewhere")
    assert changed(take.plate[0], take.plate[-1], []) == 0, "no plate changes for another window's call"
    for act in ("start", "finish"):
        running_film.check(running_film.roll(partial(hall.do, act, WINDOW), both=False), act)
    running_film.check(running_film.roll(lambda: hall.call(WINDOW)), "next call")

    assert running_film.faults == []


def test_the_film_sees_what_jumps():
    """The check itself: pixels beside the rows, and a state that comes again."""
    blank = np.zeros((4, 4), np.uint32)
    spot = blank.copy()
    spot[1, 1] = 1

    assert (changed(blank, spot, []), changed(blank, blank, [])) == (1, 0)
    assert (turns_back([blank, blank, spot]), turns_back([blank, spot, blank])) == (False, True)


class _Painted(QObject):
    """Notes this thread's processor time when a screen's event comes and when it is painted after it."""

    def __init__(self, feed: HallFeed, view: QWidget) -> None:
        super().__init__()
        self.came: list[float] = []
        self.at: list[float] = []
        feed.changed.connect(self._note)
        view.installEventFilter(self)

    def _note(self) -> None:
        self.came.append(time.thread_time())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint and self.came:
            self.at.append(time.thread_time())
        return False


def test_display_and_plate_are_painted_within_a_frame_of_the_event(running_film: Film, qtbot: QtBot):
    """Each by its own feed, as in its own process, in the thread's own time, so that a busy PC counts nothing."""
    views = (running_film.display.view, running_film.plate.view)
    screens = [_Painted(feed, view) for feed, view in zip(running_film.feeds, views, strict=True)]
    label = running_film.hall.call(WINDOW)
    qtbot.waitUntil(lambda: all(screen.at for screen in screens))

    assert [row.label for row in running_film.display.view.rows()] == [label]
    assert running_film.plate.view.text().big == label
    assert [screen.at[0] - screen.came[0] < 0.05 for screen in screens] == [True, True]


def test_the_window_stays_where_it_is_whatever_the_plate_says(running_film: Film):
    """What is painted of the window is the same, pixel for pixel, in every state."""
    hall, view = running_film.hall, running_film.plate.view

    def window() -> np.ndarray:
        place = part_of(view, window_rect(view.plan())).adjusted(6, 6, -6, -6)
        return frame_of(running_film.plate)[place.top() : place.bottom(), place.left() : place.right()]

    states = [window()]
    for act in ("call", "start", "finish"):
        running_film.roll(partial(hall.do, act, WINDOW), both=False)
        states.append(window())
    assert all(np.array_equal(states[0], state) for state in states[1:])
