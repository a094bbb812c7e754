"""What moves on the hall's display: rows that slide, a frame that blinks, colours that fade. At rest nothing runs."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence

from PySide6.QtCore import QEasingCurve, QObject, QTimer, QVariantAnimation, Signal

SLIDE_MS = 250
DARKEN_MS = 400
CROSS_FADE_MS = 300
BLINK_MS = 500  # half of a blink: 1 Hz
BLINKS = 3
BLINKS_UNHEARD = 6
SLIDE_PX = 72.0


class Progress(QVariantAnimation):
    """Goes from 0 to 1 once and stops; at rest it stands at 1."""

    def __init__(self, duration_ms: int, parent: QObject) -> None:
        super().__init__(parent)
        self.setDuration(duration_ms)
        self.setStartValue(0.0)
        self.setEndValue(1.0)
        self.setEasingCurve(QEasingCurve.Type.OutCubic)

    @property
    def share(self) -> float:
        if self.state() != QVariantAnimation.State.Running:
            return 1.0
        return float(self.currentValue())


class RowMotion(QObject):
    """Where each row is on its way to its place, how amber it still is, and whether its frame shows.

    Rows are told apart by a key. With `still` nothing slides or blinks, and amber ends at once.
    """

    moved = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.still = False
        self._places: dict[Hashable, float] = {}
        self._from: dict[Hashable, float] = {}
        self._entering: set[Hashable] = set()
        self._darkening: set[Hashable] = set()
        self._blinks: dict[Hashable, int] = {}
        self._slide = Progress(SLIDE_MS, self)
        self._darken = Progress(DARKEN_MS, self)
        for animation in (self._slide, self._darken):
            animation.valueChanged.connect(self.moved)
            animation.finished.connect(self._settle)
        self._blinker = QTimer(self)
        self._blinker.setInterval(BLINK_MS)
        self._blinker.timeout.connect(self._blink)

    def is_moving(self) -> bool:
        running = QVariantAnimation.State.Running
        return self._blinker.isActive() or running in (self._slide.state(), self._darken.state())

    def call(self, keys: Sequence[Hashable], called: Iterable[Hashable], *, blinks: int) -> None:
        """Slide to the order `keys`; those `called` come in from the side and blink so often."""
        now = {key: self.place(key) for key in self._places}
        self._places = {key: float(place) for place, key in enumerate(keys)}
        fresh = [key for key in called if key in self._places]
        if self.still:
            self._from, self._entering = {}, set()
            return
        self._from = {key: now[key] for key in self._places if key in now and key not in fresh}
        self._entering = set(fresh)
        self._slide.stop()
        self._slide.start()
        for key in fresh:
            self._blinks[key] = 2 * blinks
        if not self._blinker.isActive():
            self._blinker.start()

    def set_order(self, keys: Sequence[Hashable]) -> None:
        """Put the rows in this order at once."""
        self._places = {key: float(place) for place, key in enumerate(keys)}
        self._from = {}
        self._entering &= set(keys)
        self._blinks = {key: left for key, left in self._blinks.items() if key in self._places}

    def darken(self, keys: Iterable[Hashable]) -> None:
        """Let rows that are fresh no more go from amber to dark."""
        gone = set(keys)
        if gone and not self.still:
            self._darkening = gone if self._darken.share == 1.0 else self._darkening | gone
            self._darken.stop()
            self._darken.start()

    def place(self, key: Hashable) -> float:
        """Return the row's place now, 0 for the top one, between places while it slides."""
        place = self._places.get(key, 0.0)
        return place + (self._from.get(key, place) - place) * (1.0 - self._slide.share)

    def shift_px(self, key: Hashable) -> float:
        """Return how far left of its place a row still is."""
        return SLIDE_PX * (1.0 - self._slide.share) if key in self._entering else 0.0

    def is_entering(self, key: Hashable) -> bool:
        return key in self._entering and self._slide.share < 1.0

    def amber(self, key: Hashable, fresh: bool) -> float:
        """Return how amber a row is, 0 to 1."""
        if fresh:
            return 1.0
        return 1.0 - self._darken.share if key in self._darkening else 0.0

    def has_frame(self, key: Hashable, fresh: bool) -> bool:
        """Return whether the frame shows: on and off while it blinks, then as long as the row is fresh."""
        return fresh and self._blinks.get(key, 0) % 2 == 0

    def stop(self) -> None:
        """End everything that runs."""
        self._blinker.stop()
        self._slide.stop()
        self._darken.stop()

    def _blink(self) -> None:
        self._blinks = {key: left - 1 for key, left in self._blinks.items() if left > 1 and key in self._places}
        if not self._blinks:
            self._blinker.stop()
        self.moved.emit()

    def _settle(self) -> None:
        if self._slide.share == 1.0:
            self._from, self._entering = {}, set()
        if self._darken.share == 1.0:
            self._darkening = set()
        self.moved.emit()
