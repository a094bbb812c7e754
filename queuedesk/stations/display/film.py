"""Plays one film at a time without its sound, frame by frame; Qt's player is loaded with the first film."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QElapsedTimer, QLoggingCategory, QObject, QSize, Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QImage

FRAME_MS = 38  # more than 25 pictures a second would only take time from the calls
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
        self._room = QSize(1, 1)
        self._since = QElapsedTimer()
        self._is_on = False
        self._stuck = QTimer(self)
        self._stuck.setSingleShot(True)
        self._stuck.setInterval(STUCK_MS)
        self._stuck.timeout.connect(self._fail)

    def play(self, path: str, room: QSize) -> None:
        """Begin a film; `room` is the largest picture that is any use, in device px."""
        self._room, self._is_on = room, True
        if not self._has_player():
            self._fail()
            return
        self._stuck.start()
        self._player.setSource(QUrl.fromLocalFile(path))
        self._player.play()

    def pause(self) -> None:
        """Hold the film where it is."""
        self._stuck.stop()
        if self._is_on and self._player is not None:
            self._player.pause()

    def resume(self) -> None:
        """Go on where it was held."""
        if self._is_on and self._player is not None:
            self._stuck.start()
            self._player.play()

    def stop(self) -> None:
        """Let go of the film and of its file."""
        self._is_on = False
        self._stuck.stop()
        if self._player is not None:
            self._player.stop()
            self._player.setSource(QUrl())

    def _has_player(self) -> bool:
        """Load Qt's player, once; a system without its libraries has none."""
        if self._player is not None:
            return True
        QLoggingCategory.setFilterRules("qt.multimedia.*=false")
        try:
            from PySide6.QtMultimedia import QMediaPlayer, QVideoSink
        except ImportError:
            return False
        self._player = player = QMediaPlayer(self)
        sink = QVideoSink(self)
        # No audio output: a film has no voice in a hall where numbers are called.
        player.setVideoSink(sink)
        sink.videoFrameChanged.connect(self._take)
        player.errorOccurred.connect(self._fail)
        player.mediaStatusChanged.connect(self._follow)
        return True

    def _take(self, frame: Any) -> None:
        if not self._is_on or not frame.isValid():
            return
        self._stuck.start()
        if self._since.isValid() and self._since.elapsed() < FRAME_MS:
            return
        self._since.start()
        image = frame.toImage()
        if image.width() > self._room.width() or image.height() > self._room.height():
            image = image.scaled(self._room, Qt.AspectRatioMode.KeepAspectRatio)
        self.frame.emit(image)

    def _follow(self, status: Any) -> None:
        if not self._is_on:
            return
        kinds = type(status)
        if status == kinds.EndOfMedia:
            self._is_on = False
            self._stuck.stop()
            self.ended.emit()
        elif status == kinds.InvalidMedia or (status == kinds.LoadedMedia and not self._player.hasVideo()):
            self._fail()

    def _fail(self, *_said: object) -> None:
        if self._is_on:
            self.stop()
            self.failed.emit()
