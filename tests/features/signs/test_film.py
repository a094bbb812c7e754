"""What display and plate paint of one call, filmed frame by frame.

`python -m tests.features.signs.test_film [--calls N] [--lang L]` films N customers from their call to their end.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from time import monotonic

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QObject, QRect, QRectF
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from queuedesk import i18n
from queuedesk.core.network.roles import station
from queuedesk.features.signs.pages.plate import PlatePage, window_rect
from queuedesk.stations.display.station import DisplayPage
from queuedesk.stations.widgets.paint import CanvasWidget
from queuedesk.stations.window.context import HallFeed, InlineTasks, StationContext
from queuedesk.stations.window.style import HALL, Look, apply
from tests.bounded import PATIENCE_S
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


def part_of(view: CanvasWidget, rect: QRectF) -> QRect:
    """Return a part of a canvas in the pixels of its window, with what smoothing may touch."""
    return view.from_canvas(rect).toAlignedRect().adjusted(-2, -2, 2, 2)


@dataclass
class Take:
    """What was filmed of one call: the frames of display and plate, and how long after the display the plate showed
    it."""

    display: list[Frame]
    plate: list[Frame]
    apart_s: float


@dataclass
class Film:
    """A hall's display and the plate of window 3 in one process, each painting for itself what the log brings."""

    hall: Hall
    display: DisplayPage
    plate: PlatePage
    feeds: Sequence[HallFeed]
    faults: list[str] = field(default_factory=list)

    def rows(self) -> list[QRect]:
        """Return where calls are on the display: their rows and the line of earlier ones."""
        view = self.display.view
        room = [panel.room for panel in view.panels]
        return [part_of(view, rect) for rect in (*room, view.layout_now.earlier) if rect is not None]

    def lines(self) -> list[QRect]:
        """Return where the display counts who waits."""
        view = self.display.view
        return [part_of(view, view.layout_now.lines)] if view.layout_now.lines is not None else []

    def roll(self, act: Callable[[], object], *, both: bool = True) -> Take:
        """Film from before `act` until its events have come, rows are in place, and `both` screens have changed."""
        take = Take([frame_of(self.display)], [frame_of(self.plate)], 0.0)
        act()
        since, first = monotonic(), {}
        last = self.hall.last().seq
        while (
            any(feed.state.now.seq < last for feed in self.feeds) or not self.is_in_place() or (both and len(first) < 2)
        ):
            began = monotonic()
            while monotonic() - began < FRAME_S:
                QApplication.processEvents()
            for name, widget, frames in (("display", self.display, take.display), ("plate", self.plate, take.plate)):
                frame = frame_of(widget)
                if name not in first and not np.array_equal(frame, frames[-1]):
                    first[name] = monotonic()
                frames.append(frame)
            if monotonic() - since > PATIENCE_S:
                raise TimeoutError("the call was never painted")
        take.apart_s = abs(first["plate"] - first["display"]) if both else 0.0
        return take

    def check(self, take: Take, name: str) -> None:
        """Note what changed outside the rows of calls, what came back, and whether the screens keep stale pixels."""
        for number, (one, two) in enumerate(zip(take.display, take.display[1:], strict=False)):
            if wrong := changed(one, two, [*self.rows(), *self.lines()]):
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
        """Whether all rows have come to their place; the frame of a fresh one may blink on."""
        panels = self.display.view.panels
        return not any(panel.motion.is_entering(row.key) for panel in panels for row in panel.rows)


@contextmanager
def film_of(hall: Hall, *, flash: bool = False) -> Iterator[Film]:
    """Open display and plate of a hall, each with a feed of its own as in its own process."""
    look = Look(HALL)
    apply(QApplication.instance(), look)  # type: ignore[arg-type]
    feeds = [HallFeed(hall.desk, hall.clock) for _n in range(2)]
    options = {"flash": flash, "slides": False, "window": WINDOW}

    def context(name: str, feed: HallFeed) -> StationContext:
        return StationContext(
            hall.desk, feed, InlineTasks(), look, hall.clock, name, who=station(name), options=options
        )

    display = DisplayPage(replace(context("display", feeds[0]), options={**options, "window": None}))
    plate = PlatePage(context("plate-3", feeds[1]))
    try:
        for page, size in ((display, DISPLAY_SIZE), (plate, PLATE_SIZE)):
            page.resize(*size)
            page.show()
        for feed in feeds:
            feed.start()
        QApplication.processEvents()
        yield Film(hall, display, plate, feeds)
    finally:
        for page in (display, plate):
            page.stop()
            page.close()
        for feed in feeds:
            feed.stop()


def main(argv: Sequence[str] | None = None) -> int:
    """Film as many calls as asked, and print what was wrong and how far apart the two screens were."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", type=int, default=20)
    parser.add_argument("--lang", default="en")
    told = parser.parse_args(argv)
    app = QApplication.instance() or QApplication([])
    i18n.use(told.lang)
    with tempfile.TemporaryDirectory() as folder:
        hall = make_hall(Path(folder), time="10:30")
        hall.open(WINDOW, "C3")
        hall.queue(*"B" * told.calls)
        apart = []
        with film_of(hall) as film:
            for number in range(1, told.calls + 1):
                take = film.roll(lambda: hall.call(WINDOW))
                film.check(take, f"call {number}")
                apart.append(take.apart_s)
                for act in ("start", "finish"):
                    film.check(film.roll(partial(hall.do, act, WINDOW), both=False), f"{act} {number}")
        print(f"{told.calls} calls, {len(film.faults)} faults; screens at most {max(apart) * 1000:.0f} ms apart")
        print("\n".join(film.faults))
    del app
    return 1 if film.faults else 0


if __name__ == "__main__":
    raise SystemExit(main())
