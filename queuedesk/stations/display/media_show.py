"""Shows the hall's pictures and films one at a time; what can't be shown is left out and told."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QSize, Signal, Slot
from PySide6.QtGui import QImage

from queuedesk.stations.display.film import FilmPlayer
from queuedesk.stations.display.media import MediaFile, is_folder, media_in, read_picture
from queuedesk.watch import Lane


class MediaShow(QObject):
    """`found` carries the files that can be shown, `ready` a file with its first picture, `frame` a film's next one.

    `ended`: a film came to its end; `failed`: a file can't be shown, and `found` comes without it until it is replaced.
    Folder and pictures are read on a thread of their own: a folder on a server that is away keeps nothing waiting.
    """

    found = Signal(list)
    ready = Signal(object, QImage)
    frame = Signal(QImage)
    ended = Signal()
    failed = Signal(object)
    _answered = Signal(object, object)

    def __init__(self, folder: str, *, at_once: bool = False, parent: QObject | None = None) -> None:
        """`at_once` reads on the caller's thread, for a picture of the screen."""
        super().__init__(parent)
        self._folder, self._at_once = folder, at_once
        self._reader = Lane("media")
        self._is_reading = self._stopped = False
        self.unfit: set[MediaFile] = set()
        """What is in the folder and can't be shown."""
        self.has_folder = True
        self.current: MediaFile | None = None
        self.is_held = False
        self._film = FilmPlayer(self)
        self._film.frame.connect(self._take_frame)
        self._film.ended.connect(self._end)
        self._film.failed.connect(self._fail)
        self._has_frame = False
        self._answered.connect(self._deliver)

    def look(self) -> None:
        """See what lies in the folder now."""
        if self._folder and not self._is_reading:
            self._is_reading = True
            self._work(lambda: (is_folder(self._folder), media_in(self._folder)), self._take_files)

    def show(self, file: MediaFile, room: QSize) -> None:
        """Begin with a file, or go on with it where it was held."""
        if file == self.current:
            if self.is_held:
                self.is_held = False
                self._film.resume()
            return
        self.clear()
        self.current = file
        if file.is_film:
            self._film.play(file.path, room)
        else:
            size = (room.width(), room.height())
            self._work(lambda: read_picture(file.path, size), lambda image: self._take_picture(file, image))

    def hold(self) -> None:
        """Keep a film where it is: somebody was called."""
        if self.current is not None and not self.is_held:
            self.is_held = True
            self._film.pause()

    def clear(self) -> None:
        """Show nothing of the folder."""
        if self.current is not None:
            self._film.stop()
        self.current, self.is_held, self._has_frame = None, False, False

    def stop(self) -> None:
        """End for good."""
        self.clear()
        self._stopped = True
        self._reader.close()

    def _take_files(self, found: tuple[bool, list[MediaFile]]) -> None:
        self.has_folder, files = found
        self._is_reading = False
        self.unfit &= set(files)
        self.found.emit([file for file in files if file not in self.unfit])

    def _take_picture(self, file: MediaFile, image: QImage) -> None:
        if file != self.current:
            return
        if image.isNull():
            self._fail()
        else:
            self.ready.emit(file, image)

    def _take_frame(self, image: QImage) -> None:
        if self.current is None:
            return
        if self._has_frame:
            self.frame.emit(image)
        else:
            self._has_frame = True
            self.ready.emit(self.current, image)

    def _end(self) -> None:
        self.current, self._has_frame = None, False
        self.ended.emit()

    def _fail(self) -> None:
        file, self.current, self._has_frame = self.current, None, False
        if file is not None:
            self.unfit.add(file)
            self.failed.emit(file)

    def _work(self, work: Callable[[], Any], done: Callable[[Any], None]) -> None:
        if self._at_once:
            done(work())
        elif not self._stopped:
            self._reader.submit(lambda: self._answered.emit(done, work()), may_drop=True)

    @Slot(object, object)
    def _deliver(self, done: Callable[[Any], None], answer: object) -> None:
        if not self._stopped:
            done(answer)
