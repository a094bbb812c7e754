"""The one top-level handler of bugs: writes the report, shows one card, keeps the station up."""

from __future__ import annotations

import logging
import os
import signal
import socket
import sys
import threading
from logging.handlers import RotatingFileHandler
from types import FrameType, TracebackType

from PySide6.QtCore import QCoreApplication, QObject, QSocketNotifier, Qt, Signal

from queuedesk import __version__
from queuedesk.app.this_pc import config
from queuedesk.core.errors import OutsideError

KEPT_BYTES, KEPT_FILES = 500_000, 3
FORMAT = "%(asctime)s %(levelname)s %(message)s"


class CrashHandler(QObject):
    """Takes every exception that nobody caught, from any thread; `happened` tells it on the GUI thread, with the log's
    path."""

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
        self._came.connect(self._tell, Qt.ConnectionType.QueuedConnection)

    def install(self) -> None:
        """Be told of what nobody caught, in slots and in threads."""
        sys.excepthook = self._from_main
        threading.excepthook = self._from_thread

    def remove(self) -> None:
        """Give back the handlers that were there before, and close the log."""
        sys.excepthook, threading.excepthook = self._before
        self.log.info("station %s process %d ended", self._station, os.getpid())
        for handler in list(self.log.handlers):
            self.log.removeHandler(handler)
            handler.close()

    def take(self, bug: BaseException) -> None:
        """Write a bug down and tell of it; from any thread."""
        about = f"version {__version__} station {self._station}"
        self.log.error("%s", about, exc_info=(type(bug), bug, bug.__traceback__))
        self._came.emit(bug)

    def _from_main(self, kind: type[BaseException], bug: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            QCoreApplication.quit()
            return
        self.take(bug.with_traceback(trace))

    def _from_thread(self, came: threading.ExceptHookArgs) -> None:
        if came.exc_value is not None:
            self.take(came.exc_value)

    def _tell(self, _bug: BaseException) -> None:
        self.happened.emit(self._path)

    def _open_log(self) -> None:
        self.log.propagate = False
        try:
            path = config.made_folder("log") / f"{self._station}.log"
            handler: logging.Handler = RotatingFileHandler(
                path, maxBytes=KEPT_BYTES, backupCount=KEPT_FILES, encoding="utf-8"
            )
            self._path = str(path)
        except (OSError, OutsideError):  # A disk that can't be written must not keep the station from opening.
            handler = logging.StreamHandler()
        handler.setFormatter(logging.Formatter(FORMAT))
        self.log.addHandler(handler)


class Interrupts(QObject):
    """Turns SIGTERM and SIGINT into a clean end: Python runs signal handlers only between its own steps, so a socket
    wakes Qt."""

    wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._read, self._write = socket.socketpair()
        for end in (self._read, self._write):
            end.setblocking(False)
        self._notifier = QSocketNotifier(self._read.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._woken)
        self._before = signal.set_wakeup_fd(self._write.fileno(), warn_on_full_buffer=False)
        self._handlers = {number: signal.signal(number, self._note) for number in (signal.SIGTERM, signal.SIGINT)}
        self._asked = False

    def remove(self) -> None:
        """Leave signals as they were."""
        self._notifier.setEnabled(False)
        signal.set_wakeup_fd(self._before)
        for number, handler in self._handlers.items():
            signal.signal(number, handler)
        self._read.close()
        self._write.close()

    def _note(self, _number: int, _frame: FrameType | None) -> None:
        self._asked = True

    def _woken(self) -> None:
        self._read.recv(64)
        if self._asked:
            self._asked = False
            self.wanted.emit()
