"""What display and plate paint of one call, filmed frame by frame."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from time import monotonic
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QObject, QRect, QRectF, QTimer
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QApplication, QWidget

from queuedesk.core.network.roles import actor_of_station
from queuedesk.features.signs.pages.plate import PlatePage, window_number_rect
from queuedesk.stations.display.station import DisplayPage
from queuedesk.stations.widgets.paint import CanvasWidget
from queuedesk.stations.window.context import HallFeed, StationContext
from queuedesk.stations.window.style import HALL
from tests.bounded import PATIENCE_S
from tests.hall import Hall, made_once, make_hall


def morning(folder: Path) -> Hall:
    hall = make_hall(folder, time="10:30")
    hall.play("open 1 staff=C1", f"open {WINDOW} staff=C{WINDOW}")
    hall.queue(*"BBBAA")
    return hall


@pytest.fixture
def running_film(tmp_path: Path, stand: Callable[..., Any]) -> Film:
    """Display and plate of a hall, each with a feed of its own as in its own process."""
    hall = made_once(tmp_path, morning)

    def filmed(name: str, build: Callable[[StationContext], Any], size: tuple[int, int], window: str | None) -> Any:
        options = {"flash": False, "slides": False, "window": window}
        return stand(name, build, size, theme=HALL, still=False, of=hall, who=actor_of_station(name), options=options)

    display = filmed("display", DisplayPage, DISPLAY_SIZE, None)
    plate = filmed("plate-3", PlatePage, PLATE_SIZE, WINDOW)
    QApplication.processEvents()
    for panel in display.view.panels:
        panel.motion.findChild(QTimer).setInterval(10**9)  # A frame that blinks comes back, which is no flash.
    return Film(hall, display, plate, [page.context.feed for page in (display, plate)])


def test_calls_change_nothing_but_their_rows_and_never_flash_back_nor_is_the_plates_window_moved(running_film: Film):
    """What is painted of the window is the same, pixel for pixel, in every state."""
    hall, view = running_film.hall, running_film.plate.view

    def window() -> np.ndarray:
        place = window_number_rect(view.number_and_window_columns_plan())
        inner = pixels_of(view, place).adjusted(6, 6, -6, -6)
        return frame_of(running_film.plate)[inner.top() : inner.bottom(), inner.left() : inner.right()]

    states = [window()]
    running_film.check(running_film.roll(lambda: hall.call(WINDOW)), "call")
    states.append(window())
    take = running_film.roll(lambda: hall.call("1"), both=False)
    running_film.check(take, "call elsewhere")
    assert changed(take.plate[0], take.plate[-1], []) == 0, "no plate changes for another window's call"
    for act in ("start", "finish"):
        running_film.check(running_film.roll(partial(hall.do, act, WINDOW), both=False), act)
        states.append(window())
    running_film.check(running_film.roll(lambda: hall.call(WINDOW)), "next call")
    assert running_film.faults == []
    assert all(np.array_equal(states[0], state) for state in states[1:])


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


def test_display_and_plate_are_painted_within_a_frame_of_the_event(running_film, qtbot):
    """Each by its own feed, as in its own process, in the thread's own time, so that a busy PC counts nothing."""
    views = (running_film.display.view, running_film.plate.view)
    screens = [_Painted(feed, view) for feed, view in zip(running_film.feeds, views, strict=True)]
    label = running_film.hall.call(WINDOW)
    qtbot.waitUntil(lambda: all(screen.at for screen in screens))
    assert [row.label for row in running_film.display.view.all_call_rows()] == [label]
    assert running_film.plate.view.shown_text().big == label
    assert [screen.at[0] - screen.came[0] < 0.05 for screen in screens] == [True, True]


FRAME_S = 1 / 60
WINDOW = "3"
DISPLAY_SIZE, PLATE_SIZE = (960, 540), (960, 240)
Frame = np.ndarray


def frame_of(widget: QWidget) -> Frame:
    """Return what is on the screen of a widget: what it has really painted, not what it would paint now."""
    screen = QGuiApplication.primaryScreen()
    image = screen.grabWindow(widget.winId()).toImage().convertToFormat(QImage.Format.Format_RGB32)
    pixels = np.frombuffer(image.constBits(), np.uint32)
    return pixels.reshape(image.height(), image.bytesPerLine() // 4)[:, : image.width()].copy()


def changed(before: Frame, after: Frame, rects: Sequence[QRect]) -> int:
    """Return how many pixels differ outside `rects`."""
    differs = before != after
    for rect in rects:
        differs[max(0, rect.top()) : rect.bottom() + 1, max(0, rect.left()) : rect.right() + 1] = False
    return int(differs.sum())


def turns_back(frames: Sequence[Frame]) -> bool:
    """Return whether a state comes again after another one: a flash back."""
    seen: list[bytes] = []
    for frame in frames:
        state = frame.tobytes()
        if seen and state == seen[-1]:
            continue
        if state in seen:
            return True
        seen.append(state)
    return False


def pixels_of(view: CanvasWidget, rect: QRectF) -> QRect:
    """Return a part of a canvas in the pixels of its window, with what smoothing may touch."""
    return view.rect_from_canvas(rect).toAlignedRect().adjusted(-2, -2, 2, 2)


@dataclass
class Take:
    """What was filmed of one call: the frames of display and plate."""

    display: list[Frame]
    plate: list[Frame]


@dataclass
class Film:
    """A hall's display and the plate of window 3 in one process, each painting for itself what the log brings."""

    hall: Hall
    display: DisplayPage
    plate: PlatePage
    feeds: Sequence[HallFeed]
    faults: list[str] = field(default_factory=list)

    def moving(self) -> list[QRect]:
        """Return where the display may change: rows of calls, earlier ones, and the count of who waits."""
        view = self.display.view
        parts = (*(panel.room for panel in view.panels), view.up_to_date_layout.earlier, view.up_to_date_layout.lines)
        return [pixels_of(view, rect) for rect in parts if rect is not None]

    def roll(self, act: Callable[[], object], *, both: bool = True) -> Take:
        """Film from before `act` until its events have come, rows are in place, and `both` screens have changed."""
        take = Take([frame_of(self.display)], [frame_of(self.plate)])
        act()
        since, last, moved = monotonic(), self.hall.last().seq, set()
        while (
            any(feed.state.now.seq < last for feed in self.feeds) or not self.is_in_place() or (both and len(moved) < 2)
        ):
            began = monotonic()
            while monotonic() - began < FRAME_S:
                QApplication.processEvents()
            for name, widget, frames in (("display", self.display, take.display), ("plate", self.plate, take.plate)):
                frame = frame_of(widget)
                if not np.array_equal(frame, frames[-1]):
                    moved.add(name)
                frames.append(frame)
            if monotonic() - since > PATIENCE_S:
                raise TimeoutError("the call was never painted")
        return take

    def check(self, take: Take, name: str) -> None:
        """Note what changed outside the rows of calls, what came back, and whether the screens keep stale pixels."""
        for number, (one, two) in enumerate(zip(take.display, take.display[1:], strict=False)):
            if wrong := changed(one, two, self.moving()):
                self.faults.append(f"{name}: frame {number} of the display changes {wrong} pixels beside the calls")
        for screen, frames in (("display", take.display), ("plate", take.plate)):
            if turns_back(frames):
                self.faults.append(f"{name}: the {screen} flashes back")
        QApplication.processEvents()
        QApplication.sendPostedEvents()  # what a timer asked for last is painted too
        for screen, page in (("display", self.display), ("plate", self.plate)):
            shown = frame_of(page)
            page.repaint()
            if changed(shown, frame_of(page), []):
                self.faults.append(f"{name}: the {screen} kept pixels that are no longer true")

    def is_in_place(self) -> bool:
        """Whether all rows have come to their place."""
        panels = self.display.view.panels
        return not any(panel.motion.is_sliding_in(row.key) for panel in panels for row in panel.rows)
