"""The hall's pictures and films: what lies in their folder, and showing one at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from PySide6.QtCore import (
    QCoreApplication,
    QElapsedTimer,
    QLoggingCategory,
    QObject,
    QSize,
    Qt,
    QTimer,
    QUrl,
    Signal,
    Slot,
)
from PySide6.QtGui import QImage, QImageReader

from queuedesk.files.reading import MediaFile, is_folder, media_files_in_folder
from queuedesk.watch import WorkQueueThread

T = TypeVar("T")

LARGEST_MB = 512
"""What a picture may take in memory while it is read; one that asks for more is left out like a damaged one."""


def read_picture_scaled_down(path: str, room: Sequence[int]) -> QImage:
    """Return the picture as large as fits `room` (device px), rotated by its EXIF data; null if it can't be read."""
    reader = QImageReader(path)
    reader.setDecideFormatFromContent(True)
    reader.setAutoTransform(True)
    QImageReader.setAllocationLimit(LARGEST_MB)
    size = reader.size()
    if size.isValid():
        turned = bool(reader.transformation().value & 4)  # turned by a quarter: its sides change places
        fits = QSize(*(reversed(room) if turned else room))
        if size.width() > fits.width() or size.height() > fits.height():
            reader.setScaledSize(size.scaled(fits, Qt.AspectRatioMode.KeepAspectRatio))
    return reader.read()


# -- films: one at a time, without sound, frame by frame ---------------------------------------------------------------

FRAME_MS = 40  # more than 25 pictures a second would only take time from the calls
BUSY_SHARE = 3
"""A picture is asked for no sooner than after so many times the time that the last one took: calls keep two thirds of a
slow PC."""
STUCK_MS = 6000
"""A film that shows no frame for so long is given up: a damaged one may neither play nor fail."""


class FilmPlayer(QObject):
    """`frame` carries each picture, no larger than the room; then `ended` or `failed` follows, once."""

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
        self._frames.timeout.connect(self._emit_due_frame)
        self._is_on = self._is_held = False
        self._stuck = QTimer(self)
        self._stuck.setSingleShot(True)
        self._stuck.setInterval(STUCK_MS)
        self._stuck.timeout.connect(self._stop_as_failed)

    def play(self, path: str, room: QSize) -> None:
        """Play a film; `room` is the largest useful picture size, in device px."""
        self._room, self._is_on, self._is_held = room, True, False
        if not self._try_load_film_player():
            self._stop_as_failed()
            return
        self._player.setSource(QUrl.fromLocalFile(path))
        self._start_playing()

    def pause(self) -> None:
        self._is_held = True
        self._stop_timers()
        if self._is_on and self._player is not None:
            self._player.pause()

    def resume(self) -> None:
        self._is_held = False
        if self._is_on and self._player is not None:
            self._start_playing()

    def stop(self) -> None:
        self._is_on = False
        self._stop_timers()
        if self._player is not None:
            self._player.stop()
            self._player.setSource(QUrl())

    def _try_load_film_player(self) -> bool:
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
        self._player.errorOccurred.connect(self._stop_as_failed)
        self._player.mediaStatusChanged.connect(self._on_media_status)
        return True

    def _start_playing(self) -> None:
        self._seen = -1
        self._stuck.start()
        self._frames.start(FRAME_MS)
        self._player.play()

    def _stop_timers(self) -> None:
        self._stuck.stop()
        self._frames.stop()

    def _emit_due_frame(self) -> None:
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

    def _on_media_status(self, status: Any) -> None:
        if not self._is_on:
            return
        kinds = type(status)
        if status == kinds.EndOfMedia:
            self._is_on = False
            self._stop_timers()
            self.ended.emit()
        elif status == kinds.InvalidMedia or (status == kinds.LoadedMedia and not self._player.hasVideo()):
            self._stop_as_failed()

    def _stop_as_failed(self, *_said: object) -> None:
        if self._is_on:
            self.stop()
            self.failed.emit()


class MediaFolderReader(QObject):
    """`found` carries the playable files, `ready` a file with its first picture, `frame` a film's next one, `ended` a
    film's end, `failed` a bad file, left out of `found` until replaced. A thread of its own reads, so a lost server
    blocks nothing."""

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
        self._reader = WorkQueueThread("media")
        self.is_reading = self._stopped = False
        self.unfit: set[MediaFile] = set()
        """What is in the folder and can't be shown."""
        self.has_folder = True
        self.current: MediaFile | None = None
        self.is_held = False
        self._film = FilmPlayer(self)
        self._film.frame.connect(self._take_frame)
        self._film.ended.connect(self._end_current_file)
        self._film.failed.connect(self._mark_current_unplayable)
        self._has_frame = False
        self._answered.connect(self._deliver_unless_stopped)

    def look(self) -> None:
        if self._folder and not self.is_reading:
            self.is_reading = True
            self._run_in_reader(
                lambda: (is_folder(self._folder), media_files_in_folder(self._folder)), self._take_files
            )

    def show(self, file: MediaFile, room: QSize) -> None:
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
            self._run_in_reader(
                lambda: read_picture_scaled_down(file.path, size), lambda image: self._emit_picture_or_fail(file, image)
            )

    def hold(self) -> None:
        if self.current is not None and not self.is_held:
            self.is_held = True
            self._film.pause()

    def clear(self) -> None:
        if self.current is not None:
            self._film.stop()
        self.current, self.is_held, self._has_frame = None, False, False

    def stop(self) -> None:
        self.clear()
        self._stopped = True
        self._reader.close()

    def _take_files(self, found: tuple[bool, list[MediaFile]]) -> None:
        self.has_folder, files = found
        self.is_reading = False
        self.unfit &= set(files)
        self.found.emit([file for file in files if file not in self.unfit])

    def _emit_picture_or_fail(self, file: MediaFile, image: QImage) -> None:
        if file != self.current:
            return
        if image.isNull():
            self._mark_current_unplayable()
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

    def _end_current_file(self) -> None:
        self.current, self._has_frame = None, False
        self.ended.emit()

    def _mark_current_unplayable(self) -> None:
        file, self.current, self._has_frame = self.current, None, False
        if file is not None:
            self.unfit.add(file)
            self.failed.emit(file)

    def _run_in_reader(self, work: Callable[[], T], done: Callable[[T], None]) -> None:
        if self._at_once:
            done(work())
        elif not self._stopped:
            self._reader.submit(lambda: self._answered.emit(done, work()), may_drop=True)

    @Slot(object, object)
    def _deliver_unless_stopped(self, done: Callable[[Any], None], answer: object) -> None:
        if not self._stopped:
            done(answer)
