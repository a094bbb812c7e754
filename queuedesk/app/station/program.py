"""One window's process: the Qt application, its language, its end by signal, its garbage, and what happens to bugs."""

from __future__ import annotations

import gc
import logging
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from logging.handlers import RotatingFileHandler
from secrets import token_hex
from types import FrameType, TracebackType

from PySide6.QtCore import (
    QCoreApplication,
    QEventLoop,
    QLibraryInfo,
    QObject,
    QSize,
    QSocketNotifier,
    Qt,
    QTimer,
    QTranslator,
    Signal,
)
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication, QWidget

from queuedesk import __version__, i18n
from queuedesk.app.clock import Clock, fixed_or_pc_clock
from queuedesk.app.station import screens
from queuedesk.app.station.painting import new_application
from queuedesk.app.station.processes import call_when_opener_exits
from queuedesk.app.this_pc import config
from queuedesk.cli.output import JOURNAL, is_journal_at_stderr
from queuedesk.cli.stations import StationRequest
from queuedesk.core.errors import OutsideError
from queuedesk.core.features import feature_stations_by_name
from queuedesk.core.talk.screen import HALL_SCREENS, staff_stations
from queuedesk.i18n import _, list_text, n_, wording_in_current_language
from queuedesk.paths import resource_path
from queuedesk.stations.widgets.questions.dialogs import ConfirmDialog, RepeatedPressFilter
from queuedesk.stations.window.first_frame import AfterFirstPaint, OpeningPage
from queuedesk.stations.window.frame import OnePageWindow, Preferences, open_window
from queuedesk.stations.window.style import HALL, THEMES, Look, Theme, apply_look_to_app, missing_icon_files
from queuedesk.watch import bug_text, report_bugs_without_values

# -- bugs and signals ----------------------------------------------------------------------------------------------

KEPT_BYTES, KEPT_FILES = 500_000, 3
FORMAT = "%(asctime)s %(levelname)s %(message)s"


def open_log_handler(name: str, most_bytes: int, files: int) -> tuple[logging.Handler, str]:
    """Return what writes the log of this name, and where it can be read: a file, or what systemd keeps; "" where no
    file can be written, which must not keep a station from opening."""
    if is_journal_at_stderr():
        return logging.StreamHandler(), JOURNAL
    try:
        path = config.ensure_data_folder("log") / f"{name}.log"
        return RotatingFileHandler(path, maxBytes=most_bytes, backupCount=files, encoding="utf-8"), str(path)
    except (OSError, OutsideError):
        return logging.StreamHandler(), ""


class OpenerExitWatcher(QObject):
    """`left_alone` when the process that opened this one has gone; only start_station_process() makes it come."""

    left_alone = Signal()
    _ended = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._ended.connect(self.left_alone, Qt.ConnectionType.QueuedConnection)
        call_when_opener_exits(self._ended.emit)


class CrashHandler(QObject):
    """Catches uncaught exceptions of all threads; `happened` reports them on the GUI thread, with the log's path."""

    happened = Signal(str)
    _came = Signal(object)

    def __init__(self, station: str) -> None:
        super().__init__()
        self._station = station
        self._path = ""
        self._before = sys.excepthook, threading.excepthook
        self.log = logging.getLogger("queuedesk")
        self._open_log()
        self.log.setLevel(logging.INFO)
        self.log.info("station %s version %s started as process %d", station, __version__, os.getpid())
        self._came.connect(self._emit_crash_with_log_path, Qt.ConnectionType.QueuedConnection)

    def install(self) -> None:
        """Catch exceptions in slots and threads from now on."""
        report_bugs_without_values()
        sys.excepthook = self._handle_main_thread_exception
        threading.excepthook = self._handle_thread_exception

    def restore_handlers(self) -> None:
        """Restore the former handlers and close the log."""
        sys.excepthook, threading.excepthook = self._before
        self.log.info("station %s process %d ended", self._station, os.getpid())
        for handler in list(self.log.handlers):
            self.log.removeHandler(handler)
            handler.close()

    def log_and_report_bug(self, bug: BaseException) -> None:
        """Log a bug and report it; from any thread."""
        self.log.error("version %s station %s\n%s", __version__, self._station, bug_text(bug))
        self._came.emit(bug)

    def _handle_main_thread_exception(
        self, kind: type[BaseException], bug: BaseException, trace: TracebackType | None
    ) -> None:
        if issubclass(kind, KeyboardInterrupt):
            QCoreApplication.quit()
            return
        self.log_and_report_bug(bug.with_traceback(trace))

    def _handle_thread_exception(self, came: threading.ExceptHookArgs) -> None:
        if came.exc_value is not None:
            self.log_and_report_bug(came.exc_value)

    def _emit_crash_with_log_path(self, _bug: BaseException) -> None:
        self.happened.emit(self._path)

    def _open_log(self) -> None:
        self.log.propagate = False
        handler, self._path = open_log_handler(self._station, KEPT_BYTES, KEPT_FILES)
        handler.setFormatter(logging.Formatter(FORMAT))
        self.log.addHandler(handler)


class TerminationSignalHandler(QObject):
    """Turns SIGTERM and SIGINT into a clean end. A socket wakes Qt, as Python runs handlers only between steps."""

    wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._read, self._write = socket.socketpair()
        for end in (self._read, self._write):
            end.setblocking(False)
        self._notifier = QSocketNotifier(self._read.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._on_signal_socket_ready)
        self._before = signal.set_wakeup_fd(self._write.fileno(), warn_on_full_buffer=False)
        self._handlers = {
            number: signal.signal(number, self._on_termination_signal) for number in (signal.SIGTERM, signal.SIGINT)
        }
        self._asked = False

    def restore_handlers(self) -> None:
        self._notifier.setEnabled(False)
        signal.set_wakeup_fd(self._before)
        for number, handler in self._handlers.items():
            signal.signal(number, handler)
        self._read.close()
        self._write.close()

    def _on_termination_signal(self, _number: int, _frame: FrameType | None) -> None:
        self._asked = True

    def _on_signal_socket_ready(self) -> None:
        self._read.recv(64)
        if self._asked:
            self._asked = False
            self.wanted.emit()


EVERY_MS = 500
SETTLED_MS = 5_000
"""What was still asked for a page that went is answered by then; until then it holds the page."""


# -- garbage -------------------------------------------------------------------------------------------------------


class GarbageCollector(QObject):
    """Collects garbage from time to time, in place of Python's own collection. Python collects on whichever thread asks
    for memory next: parts of a window in a reference cycle would be destroyed while the GUI thread still draws them,
    which ends the program. The thresholds count new objects, of which a quiet station makes few: the page of a manager
    who has gone home would take up 2.5 MB for days. Whoever removes a page calls `schedule_full_collection`."""

    def __init__(self, parent: QObject | None = None, *, settled_ms: int = SETTLED_MS) -> None:
        super().__init__(parent)
        gc.disable()
        self._timer = QTimer(self)
        self._timer.setInterval(EVERY_MS)
        self._timer.timeout.connect(collect_due_garbage_generation)
        self._all = QTimer(self)
        self._all.setSingleShot(True)
        self._all.setInterval(settled_ms)
        self._all.timeout.connect(_collect_all_garbage)

    def start(self) -> None:
        """Begin; before a window shows its page nothing is worth looking through."""
        self._timer.start()

    def schedule_full_collection(self) -> None:
        """Collect all generations in a few seconds; takes about 0.1 s, so call it when nobody is working here."""
        self._all.start()

    def stop(self) -> None:
        """Leave collecting to Python again."""
        self.stop_collecting()
        gc.enable()

    def stop_collecting(self) -> None:
        """Collect no more, as the process ends: Python would still collect on other threads, and one that takes a
        window apart waits for the GUI thread, which waits for the threads."""
        self._timer.stop()
        self._all.stop()


def collect_due_garbage_generation() -> None:
    """Collect the oldest generation whose turn it is by the thresholds, if any."""
    for generation in (2, 1, 0):
        if gc.get_count()[generation] > gc.get_threshold()[generation] > 0:
            gc.collect(generation)
            return


def _collect_all_garbage() -> None:
    gc.collect()


CATALOGUE = "qtbase"


# -- Qt's own texts ------------------------------------------------------------------------------------------------


class QtTextTranslator(QTranslator):
    """Shows Qt's own texts in the language of `preferences`, else English. Must live as long as the window."""

    def __init__(self, app: QApplication, preferences: Preferences) -> None:
        super().__init__(app)
        self._app = app
        preferences.language_changed.connect(self.reload_translation)
        self.reload_translation()

    def reload_translation(self) -> None:
        self._app.removeTranslator(self)
        folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
        if self.load(f"{CATALOGUE}_{i18n.current_language()}", folder):
            self._app.installTranslator(self)


MOST_NAMED = 3
DEFAULT_PICTURE = (1366, 768)
FULL_PICTURES = {
    "display": (1920, 1080),
    "plate": (1920, 480),
    "line": (1920, 120),
    "rating": (1280, 800),
    "kiosk": (1080, 1920),
}
HALL_THEMES: Mapping[str, Theme] = {"display": HALL, "plate": HALL, "line": HALL}
SEEN_AT_LATEST_MS = 200
"""So long a window that nobody can see yet keeps its station from being read."""
LOOK_MS, MOST_LOOKS = 50, 200
"""So often, and so many times, a window that is about to go looks whether somebody there is owed an answer: longer than
a command is asked again."""


# -- the process ---------------------------------------------------------------------------------------------------


class StationProgram:
    """What every window of this program needs. One per process; call `close` at the end."""

    def __init__(self, request: StationRequest) -> None:
        self.request = request
        self.config = config.load_config()
        self.clock: Clock = fixed_or_pc_clock(request.at)
        existing = QApplication.instance()
        self.app = existing if isinstance(existing, QApplication) else new_application()
        self.app.setDesktopFileName("queuedesk")
        self.app.setWindowIcon(QIcon(str(resource_path("icons", "ticket.svg"))))
        self.app.setQuitOnLastWindowClosed(True)
        if said := request.lang or self.config.language or i18n.system_language():
            i18n.choose_language(said)
        else:
            i18n.use_fallback_language()
        self.preferences = Preferences(
            _save_choice if request.screenshot is None else _ignore_preference_change,
            text_pct=self.config.text_pct,
            theme=self.config.theme,
        )
        self._qt_words = QtTextTranslator(self.app, self.preferences)
        self.look = Look(THEMES[self.config.theme])
        self.look.still = request.screenshot is not None
        apply_look_to_app(self.app, self.look)
        self.was_told = False
        """Whether the system ended this process, not a person at its window."""
        self._interrupts = TerminationSignalHandler()
        self._interrupts.wanted.connect(self._leave_on_signal)
        self._company = OpenerExitWatcher()
        self._company.left_alone.connect(self._end_even_while_opening)
        self.crash = CrashHandler(request.name)
        self._shown: OnePageWindow | None = None
        if request.name not in HALL_SCREENS:  # There nobody would take the card away; the log has it.
            self.crash.happened.connect(self._show_error_card)
        self.crash.install()
        self._collector = GarbageCollector(self.app)
        self._before: OnePageWindow | None = None
        self.hands_over = False
        """Whether the window that ran last stays until the next one has shown itself."""
        self._has_unanswered_tasks: Callable[[], bool] = bool
        self._left: Callable[[], None] = _close_nothing
        self._looks = 0
        self._guard: RepeatedPressFilter | None = None
        self._token = ""
        self._is_over = False

    def show_opening_window(self) -> None:
        """Show at once that the station is opening, where its window will be, until `run` has shown that. What a hall
        is read with takes longer to load than all of Qt."""
        name, screen = self.request.name, self.request.screen
        is_far = name in HALL_SCREENS and self.request.size is None
        there = screens.screen_by_number_or_name(screen) if screen is not None else self.app.primaryScreen()
        if is_far and there is None:
            return  # The station waits for its screen unseen.
        frame = OnePageWindow(self.look, self.preferences, self.clock, help_page=name, theme=HALL_THEMES.get(name))
        title = window_title(name, self.request.window or "")
        if name in HALL_SCREENS:
            page = OpeningPage(self.look)
            if is_far and there is not None:
                # As the station draws: its look need not change under all of its widgets when they have their place.
                page.canvas = likely_canvas_size(name, there.size())
        else:
            page = OpeningPage(self.look, title, _("Opening the hall …") if name in staff_stations() else "")
        frame.show_page(page)
        frame.setWindowTitle(title)
        if is_far and there is not None:
            from queuedesk.app.station.hall_screen import (  # with all that keeps a screen awake
                set_window_on_top,
                show_full_screen_on,
            )

            self.claim_screen_and_give_token()
            set_window_on_top(frame, name)
            show_full_screen_on(frame, there)
        else:
            open_window(frame, size=self.request.size, full_screen=False)
        self._before = frame
        loop = QEventLoop()
        AfterFirstPaint(frame, loop.quit, SEEN_AT_LATEST_MS)
        loop.exec()

    def claim_screen_and_give_token(self) -> str:
        """Claim the screen that was asked for, and return the token. Once: whoever is opened there later may have its
        first frame while this station still reads its hall."""
        if not self._token and self.request.screen is not None:
            self._token = token_hex(8)
            screens.announce_screen_claim(self.request.screen, self._token)
        return self._token

    def run(self, frame: OnePageWindow, begin: Callable[[], None] = lambda: None) -> int:
        """Run until the window is closed, the system ends the process or `hand_over` is called; return the exit status.
        `begin` is called when the first frame has been painted."""
        self.hands_over = False
        if (before := self._before) is not None:
            before.gone.connect(frame.close)
        AfterFirstPaint(frame, partial(self._begin_when_old_window_answered, begin))
        keep_window_title_updated(frame, self.preferences, self.request.name)
        self._shown = frame
        if self.request.name not in HALL_SCREENS and (missing := missing_icon_files()):
            QTimer.singleShot(0, frame, partial(show_missing_files_card, frame, self.look, missing))
        frame.person_left.connect(self._collector.schedule_full_collection)
        frame.gone.connect(self._exit_event_loop)
        status = self.app.exec() if not self._is_over else 0
        if self.hands_over:
            self._before = frame
            return status
        self._stop_repeated_press_filter()
        frame.stop_and_emit_gone()
        # Nobody looks at a window that waits for what its station still has to do.
        frame.hide()
        self.app.processEvents()
        self._release_previous_window()
        return status

    def hand_over_window(self, owes: Callable[[], bool], left: Callable[[], None]) -> None:
        """Let `run` return; its window stays, and takes presses, until the next one that runs has shown itself and it
        no longer `owes` an answer; then `left` is called. Nobody sits before nothing while a station is built anew."""
        if not self._is_over:
            self.hands_over, self._has_unanswered_tasks, self._left, self._looks = True, owes, left, MOST_LOOKS
            self.app.exit(0)

    def close(self) -> None:
        self._collector.stop_collecting()
        self.app.removeTranslator(self._qt_words)
        self._interrupts.restore_handlers()
        self.crash.restore_handlers()

    def _begin_when_old_window_answered(self, begin: Callable[[], None]) -> None:
        """Begin where the window stands now over the one before it."""
        if self._is_over:
            return
        if self._before is not None and self._has_unanswered_tasks() and self._looks > 0:
            self._looks -= 1
            QTimer.singleShot(LOOK_MS, self.app, partial(self._begin_when_old_window_answered, begin))
            return
        if self._before is not None:
            self._before.blockSignals(True)  # Nobody has closed it.
            self._before.close_without_asking()
            self._before.deleteLater()
        self._release_previous_window()
        self._collector.start()
        self._stop_repeated_press_filter()
        # As late: thousands of events of a window that is built and drawn are no presses.
        self._guard = RepeatedPressFilter(self.app)
        begin()

    def _release_previous_window(self) -> None:
        """Let go of the window before, and of what stands behind it."""
        left, self._before, self._has_unanswered_tasks, self._left = self._left, None, bool, _close_nothing
        left()

    def _show_error_card(self, path: str) -> None:
        if self._shown is not None:
            show_unexpected_error_card(self._shown, self.look, path)

    def _stop_repeated_press_filter(self) -> None:
        if self._guard is not None:
            self._guard.stop()
            self._guard = None

    def _leave_on_signal(self) -> None:
        self.was_told = True
        self._end_even_while_opening()

    def _end_even_while_opening(self) -> None:
        self._is_over = True  # also where a window is only opening, in a loop of its own
        self._exit_event_loop()

    def _exit_event_loop(self) -> None:
        self.hands_over = False
        # quit() would ask every window first, and one with a customer says no.
        self.app.exit(0)

    def screenshot_size(self) -> tuple[int, int]:
        """Return the requested size of the picture, else the one that the station is designed for."""
        return self.request.size or FULL_PICTURES.get(self.request.name, DEFAULT_PICTURE)


def _close_nothing() -> None:
    """Most windows have none before them."""


def likely_canvas_size(name: str, screen: QSize) -> tuple[int, int] | None:
    """Return the canvas that a full-screen station most likely draws on, None where it lays itself out."""
    drawn = FULL_PICTURES.get(name)
    if drawn is not None and name == "kiosk" and screen.width() > screen.height():
        return drawn[1], drawn[0]
    return drawn


BRAND = "QueueDesk"


def keep_window_title_updated(frame: OnePageWindow, preferences: Preferences, name: str) -> None:
    """Keep the title bar, and the process's name for screen readers, in the window's language, with where it is."""
    _WindowTitleUpdater(frame, preferences, name)


class _WindowTitleUpdater(QObject):
    """Goes with its window: another takes its place where the hall is opened anew."""

    def __init__(self, frame: OnePageWindow, preferences: Preferences, name: str) -> None:
        super().__init__(frame)
        self._frame, self._name = frame, name
        preferences.language_changed.connect(self.write)
        frame.place_changed.connect(self.write)
        self.write()

    def write(self) -> None:
        title = window_title(self._name, *self._frame.window_number_and_title())
        self._frame.setWindowTitle(title)
        QApplication.setApplicationName(title if self._name == "home" else f"{BRAND} {title}")


def window_title(name: str, window: str = "", of: str = "") -> str:
    """Return what a window's title bar says: the station first, so that a narrow task bar tells two apart."""
    titles = {
        "home": _("QueueDesk"),
        "this-pc": _("Screens of this PC"),
        "try-it": _("Try it"),
        "guide": _("Front desk"),
        "counter": _("Counter", context="station"),
        "display": _("Hall display"),
        "rating": _("Rating screen"),
        "manager": _("Duty manager"),
        **{key: wording_in_current_language(at.title) for key, at in feature_stations_by_name().items()},
    }
    title = f"{titles[name]} {window}".rstrip()
    return f"{title} – {of}" if of not in ("", title) else title


class _UnexpectedErrorCard(ConfirmDialog):
    pass


def show_unexpected_error_card(host: QWidget, look: Look, path: str) -> None:
    """Show a card that says that something unforeseen happened, unless one is open; the station goes on."""
    if any(card.isVisible() for card in host.findChildren(_UnexpectedErrorCard)):
        return  # What fails with each drawing would bury the station under hundreds of them.
    effect = _(
        "You can keep working. If it happens again, show this file to whoever looks after this PC: {path}", path=path
    )
    card = _UnexpectedErrorCard(
        host,
        look,
        title=_("Something did not work as it should"),
        effect=effect,
        safe=_("Go on"),
        act=_("Close the window"),
    )
    card.done.connect(host.window().close)
    card.open_dialog()


def show_missing_files_card(host: QWidget, look: Look, files: Sequence[str]) -> None:
    """Show which of the program's files are missing and what to do; the station works without them."""
    what = list_text([*files[:MOST_NAMED], *(["…"] if len(files) > MOST_NAMED else [])])
    card = ConfirmDialog(
        host,
        look,
        title=_("QueueDesk is not whole here"),
        effect=n_(
            "{n} file of the program is missing or damaged: {what}; please install QueueDesk again.",
            "{n} files of the program are missing or damaged: {what}; please install QueueDesk again.",
            len(files),
            what=what,
        ),
        safe=_("Go on"),
        act=_("Close the window"),
    )
    card.done.connect(host.window().close)
    card.open_dialog()


def _save_choice(name: str, value: object) -> None:
    config.update_config({name: value})


def _ignore_preference_change(_name: str, _value: object) -> None:
    """A picture changes nothing on this PC."""
