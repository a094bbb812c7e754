"""Plays one film at a time without its sound, frame by frame; Qt's player is loaded with the first film."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QCoreApplication, QElapsedTimer, QLoggingCategory, QObject, QSize, Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QImage

FRAME_MS = 40  # more than 25 pictures a second would only take time from the calls
BUSY_SHARE = 3
"""A picture is asked for no sooner than after so many times the time that the last one took: calls keep two thirds of a
slow PC."""
STUCK_MS = 6000
"""A film that shows no frame for so long is given up: a damaged one may neither play nor fail."""


class FilmPlayer(QObject):
    """`frame` carries each picture, no larger than the room; then `ended` once, or `failed` once."""

    frame = Signal(QImage)
    ended = Signal()
    failed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._player: Any = None
        self._sink: Any = None
        self._room, self._seen = QSize(1, 1), -1
        self._frames = QTimer(self)
        self._frames.setSingleShot(True)
        self._frames.timeout.connect(self._take)
        self._is_on = self._is_held = False
        self._stuck = QTimer(self)
        self._stuck.setSingleShot(True)
        self._stuck.setInterval(STUCK_MS)
        self._stuck.timeout.connect(self._fail)

    def play(self, path: str, room: QSize) -> None:
        """Begin a film; `room` is the largest picture that is any use, in device px."""
        self._room, self._is_on, self._is_held = room, True, False
        if not self._has_player():
            self._fail()
            return
        self._player.setSource(QUrl.fromLocalFile(path))
        self._run()

    def pause(self) -> None:
        """Hold the film where it is."""
        self._is_held = True
        self._rest()
        if self._is_on and self._player is not None:
            self._player.pause()

    def resume(self) -> None:
        """Go on where it was held."""
        self._is_held = False
        if self._is_on and self._player is not None:
            self._run()

    def stop(self) -> None:
        """Let go of the film and of its file."""
        self._is_on = False
        self._rest()
        if self._player is not None:
            self._player.stop()
            self._player.setSource(QUrl())

    def _has_player(self) -> bool:
        """Load Qt's player, once; a system without its libraries has none."""
        if self._player is not None:
            return True
        QLoggingCategory.setFilterRules("qt.multimedia.*=false")
        # Frames are turned into pictures by the processor: a graphics card that is only imitated takes ten times as
        # long.
        QCoreApplication.setAttribute(Qt.ApplicationAttribute.AA_ForceRasterWidgets)
        try:
            from PySide6.QtMultimedia import QMediaPlayer, QVideoSink
        except ImportError:
            return False
        self._player, self._sink = QMediaPlayer(self), QVideoSink(self)
        # No audio output: a film has no voice in a hall where numbers are called.
        self._player.setVideoSink(self._sink)
        self._player.errorOccurred.connect(self._fail)
        self._player.mediaStatusChanged.connect(self._follow)
        return True

    def _run(self) -> None:
        self._seen = -1
        self._stuck.start()
        self._frames.start(FRAME_MS)
        self._player.play()

    def _rest(self) -> None:
        self._stuck.stop()
        self._frames.stop()

    def _take(self) -> None:
        """Take the frame that is due: asked for and not sent, so that none waits in memory while the PC is busy."""
        took = QElapsedTimer()
        took.start()
        frame = self._sink.videoFrame()
        if frame.isValid() and frame.startTime() != self._seen:
            self._seen = frame.startTime()
            self._stuck.start()
            image = frame.toImage()
            if image.width() > self._room.width() or image.height() > self._room.height():
                image = image.scaled(self._room, Qt.AspectRatioMode.KeepAspectRatio)
            self.frame.emit(image)
        if self._is_on and not self._is_held:
            self._frames.start(max(FRAME_MS, BUSY_SHARE * took.elapsed()))

    def _follow(self, status: Any) -> None:
        if not self._is_on:
            return
        kinds = type(status)
        if status == kinds.EndOfMedia:
            self._is_on = False
            self._rest()
            self.ended.emit()
        elif status == kinds.InvalidMedia or (status == kinds.LoadedMedia and not self._player.hasVideo()):
            self._fail()

    def _fail(self, *_said: object) -> None:
        if self._is_on:
            self.stop()
            self.failed.emit()
