"""The display of a hall: calls, who waits, and the hall's own words; slides, pictures and films beside them while
nobody is called."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from typing import Any, Generic, TypeVar

from PySide6.QtCore import (
    QBuffer,
    QCoreApplication,
    QElapsedTimer,
    QLoggingCategory,
    QObject,
    QPoint,
    QSize,
    Qt,
    QTimer,
    QUrl,
    Signal,
    SignalInstance,
    Slot,
)
from PySide6.QtGui import QImage, QImageReader, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from queuedesk.core.errors import OutsideError
from queuedesk.core.setup.rows import Setup, field_and_choice_languages
from queuedesk.core.talk import display as displays
from queuedesk.files.reading import PICTURE_S, MediaFileVersion, is_folder, media_files_in_folder, read_input_file
from queuedesk.i18n import _, current_language, date_for_hall, name_in_language, time_hm, using_language
from queuedesk.i18n.names import widest_ticket_label
from queuedesk.i18n.queue import display_words as texts
from queuedesk.i18n.queue.display_words import SlideText, hall_text_slides, needs_own_slide
from queuedesk.stations.display.controller import DisplayController, calls_of_screen_part, texts_shown_in_screen_part
from queuedesk.stations.display.panels import notice_font_px_and_lines, room_width_for_notice_text
from queuedesk.stations.display.view import CurrentSlide, DisplayView
from queuedesk.stations.window.away import hall_away_texts, public_no_updates_text
from queuedesk.stations.window.context import StationContext, tell_unless_gone
from queuedesk.stations.window.frame import MenuEntry, StationPage
from queuedesk.stations.window.style import Look
from queuedesk.watch import WorkQueueThread

T = TypeVar("T")


class TimedRotation(Generic[T]):
    def __init__(self, display_duration_s: Callable[[T], float | None]) -> None:
        """`display_duration_s` says how long a thing is shown; None: until `go_on`."""
        self._seconds_of = display_duration_s
        self._items: list[T] = []
        self._at = 0
        self._since: datetime | None = None

    def __len__(self) -> int:
        return len(self._items)

    @property
    def current_index(self) -> int:
        return self._at

    def current_item(self) -> T | None:
        return self._items[self._at] if self._items else None

    def set_items(self, items: Sequence[T]) -> None:
        """Set other slides; the current one, or its place if only words differ, is kept."""
        shown, count = self.current_item(), len(self._items)
        self._items = list(items)
        if shown is not None and shown in self._items:
            self._at = self._items.index(shown)
        elif len(self._items) != count:
            self._at = 0
        if not self._items or self._items[self._at] != shown:
            self._since = None

    def restart(self) -> None:
        self._at, self._since = 0, None

    def reset_current_duration(self) -> None:
        """Give the current one its full time again when it is shown next."""
        self._since = None

    def advance_if_due(self, now: datetime) -> bool:
        """Go on when the current one's time is over; return whether another is shown now."""
        shown = self.current_item()
        if shown is None:
            return False
        if self._since is None or now < self._since:
            self._since = now
            return False
        seconds = self._seconds_of(shown)
        if seconds is None or len(self._items) < 2 or (now - self._since).total_seconds() < seconds:
            return False
        self.advance_to_next(now)
        return True

    def advance_to_next(self, now: datetime) -> None:
        if self._items:
            self._at, self._since = (self._at + 1) % len(self._items), now


UNPLAYABLE, NO_FOLDER = "cannot_play", "no_folder"
Slide = SlideText | MediaFileVersion


def display_duration_s(slide: Slide, setup: Setup) -> float | None:
    """Return how long a slide stays: texts by their length, a picture 10 s, a film until its end (None)."""
    if isinstance(slide, SlideText):
        return displays.reading_time_s(slide.read, setup)
    return None if slide.is_film else PICTURE_S


class SlideshowController(QObject):
    """Turns the slides while it is quiet; a call takes the screen at once, and the slide resumes afterwards."""

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
        self._files: list[MediaFileVersion] = []
        self._turn: TimedRotation[Slide] = TimedRotation(lambda slide: display_duration_s(slide, controller.setup))
        self._pictured: MediaFileVersion | None = None
        self._picture = QImage()
        self._told: str | None = ""
        self._is_chosen = bool(options.get("media_chosen"))
        folder = str(options.get("media_folder") or "") if self._wanted else ""
        self.media = MediaFolderReader(folder, at_once=bool(options.get("picture")), parent=self)
        self.media.found.connect(self._on_files_found)
        self.media.ready.connect(self._on_first_picture_of_file)
        self.media.frame.connect(self._on_film_frame)
        self.media.ended.connect(self._go_to_next_slide)
        self.media.failed.connect(self._drop_failed_media_file)

    def __len__(self) -> int:
        return len(self._turn)

    def update_slides(self, setup: Setup, now: datetime) -> None:
        self._texts = hall_text_slides(setup, self._controller.services_in_zone(), now) if self._wanted else []
        self._turn.set_items(displays.interleaved_slides(self._texts, self._files))

    def read_media_folder(self) -> None:
        self.media.start_reading_folder()

    def unshowable_file_names(self) -> list[str]:
        return sorted(file.file_name for file in self.media.unfit)

    def pause_and_hide(self) -> None:
        self._turn.reset_current_duration()
        self.media.pause_current()
        self._view.set_slide(None)

    def advance_if_quiet_else_hide(self, now: datetime) -> None:
        view = self._view
        if (
            not len(self)
            or view.up_to_date_layout.slide is None
            or view.is_screen_taken_over()
            or not self._controller.has_no_open_or_recent_call(now)
        ):
            self.pause_and_hide()
            return
        self._turn.advance_if_due(now)
        slide = self._turn.current_item()
        if isinstance(slide, MediaFileVersion):
            self.media.start_or_resume_file(slide, self._useful_picture_size())
            self._show_loaded_media_slide()
        elif slide is not None:
            self.media.clear()
            view.set_slide(CurrentSlide(slide, self._turn.current_index, len(self._turn)))

    def stop(self) -> None:
        self.media.stop()

    def _useful_picture_size(self) -> QSize:
        """Return how large a picture is any use, in device px."""
        rect = self._view.up_to_date_layout.slide
        share = self._view.canvas_scale() * self._view.devicePixelRatioF()
        return QSize(1, 1) if rect is None else QSize(round(rect.width() * share), round(rect.height() * share))

    def _show_loaded_media_slide(self) -> None:
        slide = self._turn.current_item()
        if isinstance(slide, MediaFileVersion) and slide == self.media.current and slide == self._pictured:
            self._view.set_slide(CurrentSlide(slide, self._turn.current_index, len(self._turn)), self._picture)

    @Slot(list)
    def _on_files_found(self, files: list[MediaFileVersion]) -> None:
        self._files = files
        self._turn.set_items(displays.interleaved_slides(self._texts, files))
        self._report_media_trouble_if_changed()

    def _report_media_trouble_if_changed(self) -> None:
        """Tell the hall when it changes whether the folder can be shown; a folder that nobody chose may be missing."""
        cause = UNPLAYABLE if self.media.unfit else None
        if self._is_chosen and not self.media.has_folder:
            cause = NO_FOLDER
        if cause != self._told:
            self._told = cause
            self._controller.report_media(cause)

    @Slot(object, QImage)
    def _on_first_picture_of_file(self, file: MediaFileVersion, picture: QImage) -> None:
        self._pictured, self._picture = file, picture
        if not self.media.is_held:
            self._show_loaded_media_slide()

    @Slot(QImage)
    def _on_film_frame(self, picture: QImage) -> None:
        self._picture = picture
        if not self.media.is_held:
            self._view.set_film_frame(picture)

    @Slot()
    def _go_to_next_slide(self) -> None:
        now = self._controller.now()
        self._turn.advance_to_next(now)
        self.advance_if_quiet_else_hide(now)

    @Slot(object)
    def _drop_failed_media_file(self, file: MediaFileVersion) -> None:
        self._files = [each for each in self._files if each != file]
        self._turn.set_items(displays.interleaved_slides(self._texts, self._files))
        self._report_media_trouble_if_changed()
        # Not from within the player's own word: it is still ending that film.
        QTimer.singleShot(0, self, self._advance_or_hide_now)

    @Slot()
    def _advance_or_hide_now(self) -> None:
        self.advance_if_quiet_else_hide(self._controller.now())


ROLES: tuple[str, ...] = ()


class DisplayPage(StationPage):
    """Turns the controller's data into texts for the view. Options: layout, zone, screen_mm, distance_m, media_folder,
    flash, slides, display (its name in the log)."""

    canvas = displays.CANVAS

    def __init__(self, context: StationContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        options = context.options
        self.controller = DisplayController(context, self)
        self.view = DisplayView(context.look, str(options.get("layout") or displays.AUTO), self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.view)
        self._away_since: datetime | None = None
        self._notices: TimedRotation[str] = TimedRotation(lambda text: displays.reading_time_s(text, self._hall_setup))
        self._pushed: list[int] = []
        self._minute: tuple[int, ...] = ()
        self.slides = SlideshowController(self.view, self.controller, options, self)
        self.view.flash.is_on = bool(options.get("flash", True))
        self.view.set_screen_size_and_distance(
            options.get("screen_mm"), float(options.get("distance_m") or displays.DISTANCE_M)
        )
        self.view.menu_asked.connect(self._request_menu)
        self.view.painted.connect(self.controller.report_calls_painted)
        self.view.layout_changed.connect(self._on_layout_changed)
        self.controller.called.connect(self._show_calls)
        self.controller.rows_changed.connect(self._show_and_speak_calls)
        self.controller.hall_changed.connect(self._show_hall)
        self.controller.replaced.connect(self.retranslate)
        self._on_layout_changed()

    @property
    def _hall_setup(self) -> Setup:
        return self.controller.setup

    def shows_window(self, window: str) -> bool:
        return self.controller.shows_window(window)

    def remake_contents(self) -> bool:
        self.retranslate()
        return True

    def retranslate(self) -> None:
        self._show_hall()
        self._show_and_speak_calls()
        self.slides.advance_if_quiet_else_hide(self.controller.now())

    @Slot()
    def _on_layout_changed(self) -> None:
        """Follow the screen's shape: another one may divide the calls otherwise."""
        self.canvas = self.view.up_to_date_layout.canvas
        self.controller.set_divided_by_zone(self.view.up_to_date_layout.is_divided_by_zone)
        self.retranslate()

    def tick(self, now: datetime) -> None:
        local = self._hall_setup.to_hall_time(now)
        minute = (local.year, local.month, local.day, local.hour, local.minute)
        if minute != self._minute:
            self._minute = minute
            self.slides.read_media_folder()
            self._show_hall()
        if self.controller.note_and_tell_if_new_call_unspoken():
            self.view.flash.start(heard=False)
            self._refresh_heading(now)
        self._show_and_speak_calls()
        self._refresh_order_list()
        self._update_notices_and_emergency(now)
        if self._notices.advance_if_due(now):
            self._refresh_notice_strip()
        self.slides.advance_if_quiet_else_hide(now)

    def show_hall_away(self, since: datetime | None) -> None:
        self._away_since = since
        self._refresh_notice_strip()

    def menu_entries(self) -> list[MenuEntry]:
        """Show staff the reading distance, the files that can't be shown, and why the hall can't be reached."""
        reach = _("Numbers can be read from {distance} m", distance=f"{self.view.readable_m():.1f}")
        said = [reach, *(_("Can't be shown: {file}", file=name) for name in self.slides.unshowable_file_names())]
        if self._away_since is not None:
            said.append(hall_away_texts(self.context.feed, self._away_since)[0])
        return [MenuEntry(words, lambda: None, enabled=False) for words in said]

    def stop(self) -> None:
        self.slides.stop()
        self.view.stop()

    # -- calls --
    def calls_by_screen_part(self) -> list[texts.ScreenPartCalls]:
        parts = self.controller.screen_parts()
        if len(parts) != len(self.view.panels):
            self._show_hall()  # The set-up has other zones now.
        return [calls_of_screen_part(self.controller, part, self.view.row_count(n)) for n, part in enumerate(parts)]

    @Slot(list)
    def _show_calls(self, called: list[displays.CallRow]) -> None:
        self.view.set_closed_hall(None)
        self.slides.pause_and_hide()
        heard = self.controller.is_voice_heard()
        self.view.show_calls(
            self.calls_by_screen_part(), self._earlier_calls_title(), [row.ticket_id for row in called], heard=heard
        )
        self.view.update_screen_reader_text()

    @Slot()
    def _show_and_speak_calls(self) -> None:
        self.view.set_calls(self.calls_by_screen_part(), self._earlier_calls_title())
        self.view.update_screen_reader_text()

    def _earlier_calls_title(self) -> str:
        return _("Earlier", context="display")

    # -- the hall --
    @Slot()
    def _show_hall(self) -> None:
        setup, now, view = self._hall_setup, self.controller.now(), self.view
        self._refresh_heading(now)
        parts = [texts_shown_in_screen_part(self.controller, part, now) for part in self.controller.screen_parts()]
        view.set_parts(parts, widest_ticket_label(setup))
        view.set_waiting_lines(
            texts.waiting_lines_panel_texts(self.controller.hall_state, now, self.controller.services_in_zone())
        )
        self._refresh_order_list()
        view.set_no_calls_text(_("Your number will appear here when it is called"))
        view.set_closed_hall(texts.closed_hall_text(self.controller.hall_state, now))
        self._update_notices_and_emergency(now)
        self.slides.update_slides(self.controller.setup_with_notices_of_today(), now)
        self._refresh_notice_strip()

    def _refresh_order_list(self) -> None:
        if self.view.up_to_date_layout.order is not None:
            now, services = self.controller.now(), self.controller.services_in_zone()
            self.view.set_order(texts.order_list_columns(self.controller.hall_state, now, services))

    def _refresh_heading(self, now: datetime) -> None:
        local, hall = self._hall_setup.to_hall_time(now), self._hall_setup.hall
        badge = _("No sound: please watch this screen") if self.controller.is_once_heard_voice_silent() else ""
        self.view.set_head(
            texts.DisplayHeadText(
                name_in_language(hall.name, hall.name_en), date_for_hall(local.date()), time_hm(local), badge
            )
        )

    def _update_notices_and_emergency(self, now: datetime) -> None:
        """Set the strip's notices: a new pushed one at once; those of the set-up wait while something is pushed."""
        self.view.set_emergency(texts.emergency_text(self.controller.emergency_notice_now(now)))
        pushed = self.controller.strip_notices_now(now)
        if pushed:
            self._notices.set_items([name_in_language(n.text, n.text_en) for n in pushed])
        else:
            self._notices.set_items(self._default_strip_texts(now))
        seqs = [n.seq for n in pushed]
        if seqs != self._pushed:
            if set(seqs) - set(self._pushed):
                self._notices.restart()
            self._pushed = seqs
            self._refresh_notice_strip()

    def _default_strip_texts(self, now: datetime) -> list[str]:
        """Return the strip's texts while nothing is pushed, without long notices where the layout has slides."""
        layout, state = self.view.up_to_date_layout, self.controller.hall_state
        if layout.order is not None:
            return texts.order_list_strip_texts(state, now, self.controller.services_in_zone())
        if not layout.has_setup_notices:
            return []
        notices = displays.notices_shown_on_date(
            self.controller.setup_with_notices_of_today().notices, self._hall_setup.to_hall_time(now).date()
        )
        has_slides = layout.slide is not None and self.context.options.get("slides", True)
        return texts.idle_strip_texts(state, now, [n for n in notices if not (has_slides and needs_own_slide(n))])

    def _refresh_notice_strip(self) -> None:
        if self._away_since is not None:
            self.view.set_strip_notice(
                texts.DisplayStripText(public_no_updates_text(self.context.feed, self._away_since), trouble=True)
            )
            return
        count = len(self._notices)
        place = f"{self._notices.current_index + 1} / {count}" if count > 1 else ""
        self.view.set_strip_notice(
            texts.DisplayStripText(self._notices.current_item() or "", place, pushed=bool(self._pushed))
        )

    @Slot(object)
    def _request_menu(self, place: QPoint) -> None:
        self.menu_wanted.emit(place)


# -- in small ----------------------------------------------------------------------------------------------------------


class _DisplayPreviewPage(DisplayPage):
    """A display that nobody stands before: calls come without motion, and `draft` is shown as if it was on. In a hall
    that does not use the language of the station round it, it speaks the hall's, as the display itself does."""

    def __init__(self, context: StationContext, draft: str, parent: QWidget) -> None:
        self.draft = draft
        with _hall_language_context(context.feed.setup):
            super().__init__(context, parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def tick(self, now: datetime) -> None:
        with _hall_language_context(self._hall_setup):
            super().tick(now)

    def _show_calls(self, _called: list[displays.CallRow]) -> None:
        self._show_and_speak_calls()

    @Slot()
    def _show_and_speak_calls(self) -> None:
        with _hall_language_context(self._hall_setup):
            super()._show_and_speak_calls()

    @Slot()
    def _show_hall(self) -> None:
        with _hall_language_context(self._hall_setup):
            super()._show_hall()

    def _refresh_notice_strip(self) -> None:
        if self.draft:
            self.view.set_strip_notice(texts.DisplayStripText(self.draft, pushed=True))
            return
        with _hall_language_context(self._hall_setup):
            super()._refresh_notice_strip()

    def redraw_strip(self) -> None:
        self._refresh_notice_strip()


def _hall_language_context(setup: Setup) -> AbstractContextManager[None]:
    known = field_and_choice_languages(setup)
    return using_language(current_language() if current_language() in known else known[0])


class DisplayPreview(QWidget):
    """Shows in small what a display shows now, with a notice being written. Nothing counts as shown to customers."""

    def __init__(self, context: StationContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = Look()
        self._look.still = True
        self._station = context
        self._place: tuple[str, str] = ("", "")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._page = self._make_small_page("")

    def _make_small_page(self, draft: str) -> _DisplayPreviewPage:
        zone, display = self._place
        options = {"slides": False, "flash": False, "zone": zone, "display": display or None}
        given = self._station
        own = StationContext(
            given.desk, given.feed, given.tasks, self._look, given.clock, display or "display", options=options
        )
        page = _DisplayPreviewPage(own, draft, self)
        page.setGeometry(self.rect())
        page.show()
        return page

    @property
    def text_of_draft_notice(self) -> str:
        """The notice shown in the strip, "" while the display shows its own."""
        return self._page.draft

    def show_draft(self, text: str) -> None:
        """Show a notice as if it was on the display; "" shows what is there now."""
        self._page.draft = text
        self._page.redraw_strip()

    def show_display_of_zone(self, zone: str, display: str) -> None:
        """Show the display of a zone, or the one called `display`; "" is any."""
        if (zone, display) != self._place:
            self._place = (zone, display)
            before, self._page = self._page, self._make_small_page(self._page.draft)
            before.hide()
            before.stop()
            before.deleteLater()

    def is_notice_cut(self, text: str) -> bool:
        """Return whether the display has no room for the end of a notice."""
        view = self._page.view
        _size, lines = notice_font_px_and_lines(
            view.unit, text, room_width_for_notice_text(view.up_to_date_layout.strip)
        )
        return lines[-1].endswith("…") and not text.endswith("…")

    def readable_m(self) -> float:
        """Return the distance from which its numbers can be read on a screen of 65 inches."""
        return self._page.view.readable_m()

    def retranslate(self) -> None:
        self._page.retranslate()

    def tick(self, now: datetime) -> None:
        self._page.tick(now)

    def stop(self) -> None:
        self._page.stop()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.setFixedHeight(round(self.width() * displays.CANVAS[1] / displays.CANVAS[0]))
        self._page.setGeometry(self.rect())


def build_station_page(context: StationContext) -> DisplayPage:
    return DisplayPage(context)


# -- the hall's pictures and films: what lies in their folder, and showing one at a time -------------------------------

LARGEST_MB = 512
"""What a picture may take in memory while it is read; one that asks for more is left out like a damaged one."""


def read_picture_scaled_down(path: str, room: Sequence[int]) -> QImage:
    """Return the picture as large as fits `room` (device px), rotated by its EXIF data; null if it can't be read."""
    # Read here: while Qt asks a lost server for a picture's size, no other thread of the program goes on.
    content = QBuffer()
    try:
        content.setData(read_input_file(Path(path), LARGEST_MB * 2**20))
    except OutsideError:
        return QImage()
    content.open(QBuffer.OpenModeFlag.ReadOnly)
    reader = QImageReader(content)
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
    _folder_read = Signal(bool, object)
    _picture_read = Signal(object, QImage)

    def __init__(self, folder: str, *, at_once: bool = False, parent: QObject | None = None) -> None:
        """`at_once` reads on the caller's thread, for a picture of the screen."""
        super().__init__(parent)
        self._folder, self._at_once = folder, at_once
        self._reader = WorkQueueThread("media")
        self.is_reading = self._stopped = False
        self.unfit: set[MediaFileVersion] = set()
        """What is in the folder and can't be shown."""
        self.has_folder = True
        self.current: MediaFileVersion | None = None
        self.is_held = False
        self._film = FilmPlayer(self)
        self._film.frame.connect(self._on_film_frame)
        self._film.ended.connect(self._end_current_file)
        self._film.failed.connect(self._mark_current_unplayable)
        self._has_frame = False
        self._folder_read.connect(self._on_files_found)
        self._picture_read.connect(self._emit_picture_or_fail)

    def start_reading_folder(self) -> None:
        if self._folder and not self.is_reading:
            self.is_reading = True
            folder = self._folder
            self._run_in_reader(lambda: (is_folder(folder), media_files_in_folder(folder)), self._folder_read)

    def start_or_resume_file(self, file: MediaFileVersion, room: QSize) -> None:
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
            self._run_in_reader(lambda: (file, read_picture_scaled_down(file.path, size)), self._picture_read)

    def pause_current(self) -> None:
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

    @Slot(bool, object)
    def _on_files_found(self, has_folder: bool, files: list[MediaFileVersion]) -> None:
        if self._stopped:
            return
        self.has_folder, self.is_reading = has_folder, False
        self.unfit &= set(files)
        self.found.emit([file for file in files if file not in self.unfit])

    @Slot(object, QImage)
    def _emit_picture_or_fail(self, file: MediaFileVersion, image: QImage) -> None:
        if file != self.current:
            return
        if image.isNull():
            self._mark_current_unplayable()
        else:
            self.ready.emit(file, image)

    def _on_film_frame(self, image: QImage) -> None:
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

    def _run_in_reader(self, work: Callable[[], tuple[object, object]], answered: SignalInstance) -> None:
        """Let the thread hold nothing of this object, which may have gone when it answers."""
        if self._at_once:
            answered.emit(*work())
        elif not self._stopped:
            self._reader.submit(lambda: tell_unless_gone(answered.emit, *work()), may_drop=True)
