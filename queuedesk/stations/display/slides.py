"""What is shown beside the calls while nobody is called, in turn: papers, steps and notices, and between them the
hall's pictures and films."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from PySide6.QtCore import QObject, QSize, QTimer, Slot
from PySide6.QtGui import QImage

from queuedesk.core.setup.values import Setup
from queuedesk.stations.display.controller import DisplayController
from queuedesk.stations.display.media import PICTURE_S, MediaFile
from queuedesk.stations.display.media_show import MediaShow
from queuedesk.stations.display.rotation import Rotation, reading_s
from queuedesk.stations.display.shown import SlideShow
from queuedesk.stations.display.slide_texts import slide_texts
from queuedesk.stations.display.texts import SlideText
from queuedesk.stations.display.view import DisplayView

UNPLAYABLE, NO_FOLDER = "cannot_play", "no_folder"
Slide = SlideText | MediaFile


def seconds_of(slide: Slide) -> float | None:
    """Return how long a slide stays: words by their length, a picture 10 s, a film until its end (None)."""
    if isinstance(slide, SlideText):
        return reading_s(slide.read)
    return None if slide.is_film else PICTURE_S


def woven(texts: Sequence[SlideText], files: Sequence[MediaFile]) -> list[Slide]:
    """Return words and files in one row, each in its own order and both spread evenly: a film need not wait for all the
    words."""
    placed = [((n + 0.5) / len(texts), 0, n) for n in range(len(texts))]
    placed += [((n + 0.5) / len(files), 1, n) for n in range(len(files))]
    return [files[n] if is_file else texts[n] for _place, is_file, n in sorted(placed)]


class Slides(QObject):
    """Turns the slides while it is quiet; a call takes the screen at once, and what was on goes on when it is quiet
    again."""

    def __init__(
        self,
        view: DisplayView,
        controller: DisplayController,
        options: Mapping[str, Any],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._view, self._controller = view, controller
        self._wanted = bool(options.get("slides", True))
        self._texts: list[SlideText] = []
        self._files: list[MediaFile] = []
        self._turn: Rotation[Slide] = Rotation(seconds_of)
        self._pictured: MediaFile | None = None
        self._picture = QImage()
        self._told: str | None = ""
        self._is_chosen = bool(options.get("media_chosen"))
        folder = str(options.get("media_folder") or "") if self._wanted else ""
        self.media = MediaShow(folder, at_once=bool(options.get("picture")), parent=self)
        self.media.found.connect(self._take_files)
        self.media.ready.connect(self._take_first)
        self.media.frame.connect(self._take_frame)
        self.media.ended.connect(self._go_on)
        self.media.failed.connect(self._leave_out)

    def __len__(self) -> int:
        return len(self._turn)

    def take(self, setup: Setup, now: datetime) -> None:
        """Take the words from the set-up."""
        self._texts = slide_texts(setup, self._controller.services(), now) if self._wanted else []
        self._turn.set_items(woven(self._texts, self._files))

    def look(self) -> None:
        """See what lies in the folder now."""
        self.media.look()

    def unfit_names(self) -> list[str]:
        """Return the files of the folder that can't be shown."""
        return sorted(file.name for file in self.media.unfit)

    def give_way(self) -> None:
        """Let the calls have the screen."""
        self._turn.hold()
        self.media.hold()
        self._view.set_slide(None)

    def tick(self, now: datetime) -> None:
        """Show what is due at `now`."""
        view = self._view
        if not len(self) or view.layout_now.slide is None or view.is_taken() or not self._controller.is_quiet(now):
            self.give_way()
            return
        self._turn.tick(now)
        slide = self._turn.current()
        if isinstance(slide, MediaFile):
            self.media.show(slide, self._room())
            self._show_picture()
        elif slide is not None:
            self.media.clear()
            view.set_slide(SlideShow(slide, self._turn.at, len(self._turn)))

    def stop(self) -> None:
        """End everything that runs."""
        self.media.stop()

    def _room(self) -> QSize:
        """Return how large a picture is any use, in device px."""
        rect = self._view.layout_now.slide
        share = self._view.k() * self._view.devicePixelRatioF()
        return QSize(1, 1) if rect is None else QSize(round(rect.width() * share), round(rect.height() * share))

    def _show_picture(self) -> None:
        slide = self._turn.current()
        if isinstance(slide, MediaFile) and slide == self.media.current and slide == self._pictured:
            self._view.set_slide(SlideShow(slide, self._turn.at, len(self._turn)), self._picture)

    @Slot(list)
    def _take_files(self, files: list[MediaFile]) -> None:
        self._files = files
        self._turn.set_items(woven(self._texts, files))
        self._tell()

    def _tell(self) -> None:
        """Tell the hall when it changes whether the folder can be shown; a folder that nobody chose may be missing."""
        cause = UNPLAYABLE if self.media.unfit else None
        if self._is_chosen and not self.media.has_folder:
            cause = NO_FOLDER
        if cause != self._told:
            self._told = cause
            self._controller.report_media(cause)

    @Slot(object, QImage)
    def _take_first(self, file: MediaFile, picture: QImage) -> None:
        self._pictured, self._picture = file, picture
        if not self.media.is_held:
            self._show_picture()

    @Slot(QImage)
    def _take_frame(self, picture: QImage) -> None:
        self._picture = picture
        if not self.media.is_held:
            self._view.set_frame(picture)

    @Slot()
    def _go_on(self) -> None:
        now = self._controller.now()
        self._turn.go_on(now)
        self.tick(now)

    @Slot(object)
    def _leave_out(self, file: MediaFile) -> None:
        self._files = [each for each in self._files if each != file]
        self._turn.set_items(woven(self._texts, self._files))
        self._tell()
        # Not from within the player's own word: it is still ending that film.
        QTimer.singleShot(0, self, self._tick_now)

    @Slot()
    def _tick_now(self) -> None:
        self.tick(self._controller.now())
