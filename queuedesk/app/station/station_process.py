"""A station as its own process, or its picture. A kept one restarts when it dies or hangs, until it is ended on
purpose."""

from __future__ import annotations

import logging
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from functools import partial
from pathlib import Path
from queue import Empty, SimpleQueue
from types import FrameType
from typing import TYPE_CHECKING, BinaryIO

from msgspec import Struct
from msgspec.structs import replace
from PySide6.QtCore import QObject, QTimer, Signal, Slot

from queuedesk.app.hosting.server import SharingProcessNote
from queuedesk.app.station import processes, running
from queuedesk.app.station.own_hall import has_hall_moved, requested_place_and_hall_code
from queuedesk.app.station.program import HALL_THEMES, StationProgram, open_log_handler
from queuedesk.app.station.running import RunningWindowNote
from queuedesk.app.station.wiring import FULL_SCREEN, Station, StationBuildRequest, open_hall_and_build_station
from queuedesk.app.this_pc import config
from queuedesk.cli.stations import KEPT
from queuedesk.core.errors import OutsideError, QueueDeskError, RuleError
from queuedesk.core.network.roles import CONSOLE, Actor, ReadScope
from queuedesk.core.talk.device import CRASHED, HUNG
from queuedesk.desk.change import Ask
from queuedesk.desk.queue import opening
from queuedesk.files.writing import FileLock
from queuedesk.i18n import error_sentence, name_in_language
from queuedesk.stations.widgets.panels import repeating_timer
from queuedesk.stations.window.away import UnavailablePage
from queuedesk.stations.window.context import HallFeed, StationTaskLanes
from queuedesk.stations.window.frame import OnePageWindow, open_window
from queuedesk.store.engine import address, database, hall_file
from queuedesk.watch import WatchedThread

if TYPE_CHECKING:
    from queuedesk.app.station.hall_screen import StationWindowPlacer


SIGN = b"\x1e"
BEAT, DONE, ENDED = SIGN + b"beat", SIGN + b"done ", SIGN + b"ended "
_HAS_SIGN = re.compile(rb"(.*)%b(beat|done|ended)(?: (-?\d+))?\s*" % SIGN, re.DOTALL)
"""A line with a sign; what stands before it is what a killed station had begun to print."""

LOG_BYTES, LOG_FILES = 100_000, 1
LOG_FORMAT = "%(asctime)s %(message)s"
STEP_S = 1.0


class WatchdogTimeouts(Struct, frozen=True, kw_only=True):
    """How long a watchdog waits, in seconds. A station without a sign of life is killed after `hung`, before its first
    one after `opening`. It is started again after `pause`, which doubles up to `longest` while the station dies before
    having lived for `well`. Without a screen server for `screen` the person has logged out. A station that is told to
    end gets `farewell`."""

    hung: float = 20.0
    opening: float = 60.0
    pause: float = 0.5
    longest: float = 60.0
    well: float = 10.0
    screen: float = 60.0
    farewell: float = 10.0


class _ProcessMessage(Struct, frozen=True):
    """A message about process `n`: "beat", "done" with its status, "ended"; "leave" ends the keeper itself."""

    what: str
    n: int = 0
    status: int = 0


class StationWatchdog:
    """Runs one station's process after the other. `keep` returns when the station was ended on purpose,
    or a signal ends the watchdog itself."""

    def __init__(self, words: Sequence[str], name: str, patience: WatchdogTimeouts | None = None) -> None:
        """`words` are the station's command line, `name` its name in logs."""
        self._words, self._name, self._patience = list(words), name, patience or WatchdogTimeouts()
        self._heard: SimpleQueue[_ProcessMessage] = SimpleQueue()
        self._process: subprocess.Popen[bytes] | None = None
        self._n, self._died = 0, ""
        self._log = _open_log(name)

    def keep_running_and_give_exit_status(self) -> int:
        """Return the status with which the station was ended on purpose."""
        before = {number: signal.signal(number, self._on_leave_signal) for number in _termination_signals()}
        pause_s = self._patience.pause
        try:
            while True:
                if not self._is_screen_there_after_waiting():
                    return 0
                began = time.monotonic()
                status = self._run_once()
                if status is not None:
                    return status
                lived_s = time.monotonic() - began
                pause_s = self._patience.pause if lived_s >= self._patience.well else pause_s
                if self._wait_and_tell_if_told_to_leave(pause_s):
                    return 0
                if lived_s < self._patience.well:
                    pause_s = min(self._patience.longest, pause_s * 2)
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
            for each in list(self._log.handlers):
                self._log.removeHandler(each)
                each.close()

    # -- one process --
    def _run_once(self) -> int | None:
        """Run the station; return its status if it was ended on purpose, None if it died or hung."""
        self._start_station_process()
        silent_s, patience_s, done = 0.0, self._patience.opening, None
        while True:
            said = self._next_message_or_none(STEP_S)
            if said is None:
                # Counted in steps, not by the clock: a PC that slept for the night has not let the station hang.
                silent_s += STEP_S
                if silent_s >= patience_s and done is not None:
                    self._log_info("process %d was ended on purpose, does not end and is killed", self._pid)
                    self._kill()
                    return done
                if silent_s >= patience_s:
                    self._log_info("process %d gives no sign of life and is killed", self._pid)
                    self._kill()
                    self._died = HUNG
                    return None
            elif said.what == "leave":
                self._terminate_process()
                return 0
            elif said.n != self._n:
                continue
            elif said.what == "beat":
                silent_s, patience_s = 0.0, self._patience.hung
            elif said.what == "done":
                done = said.status
            elif said.what == "ended":
                if done is None:
                    self._log_info("process %d ended with %d", self._pid, said.status)
                    self._died = CRASHED
                return done

    def _start_station_process(self) -> None:
        self._n += 1
        environment = {**processes.environment_with_pythonpath(), KEPT: self._died}
        said, end = os.pipe()
        output = os.fdopen(said, "rb")
        try:
            process = subprocess.Popen([*processes.program_command(), *self._words], env=environment, stdout=end)
        except OSError as error:
            output.close()
            os.close(end)
            raise OutsideError("cannot_write", path=sys.executable) from error
        self._process = process
        self._log_info("process %d started, the %d. time", process.pid, self._n)
        WatchedThread(partial(self._read_station_output, output, self._n), "listen").start()
        WatchedThread(partial(_write_process_end_to_output, process, end), "wait").start()

    def _read_station_output(self, output: BinaryIO, n: int) -> None:
        """Hear the station's signs; what else it prints goes where it would have gone."""
        for line in output:
            found = _HAS_SIGN.fullmatch(line)
            if text := line if found is None else found[1]:
                with suppress(OSError, ValueError):
                    sys.stdout.buffer.write(text)
                    sys.stdout.buffer.flush()
            if found is not None:
                self._heard.put(_ProcessMessage(found[2].decode("ascii"), n, int(found[3] or 0)))
        output.close()

    def _terminate_process(self) -> None:
        """End the process as a person would, by force if it does not hear."""
        if self._process is not None:
            self._process.terminate()
            try:
                self._process.wait(self._patience.farewell)
            except subprocess.TimeoutExpired:
                self._kill()

    def _kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    @property
    def _pid(self) -> int:
        return self._process.pid if self._process is not None else 0

    # -- waiting --
    def _next_message_or_none(self, wait_s: float) -> _ProcessMessage | None:
        try:
            return self._heard.get(timeout=wait_s)
        except Empty:
            return None

    def _wait_and_tell_if_told_to_leave(self, wait_s: float) -> bool:
        """Wait; return at once, and True, when the keeper is told to end."""
        until = time.monotonic() + wait_s
        while (left_s := until - time.monotonic()) > 0:
            said = self._next_message_or_none(left_s)
            if said is not None and said.what == "leave":
                return True
        return False

    def _is_screen_there_after_waiting(self) -> bool:
        """Wait until there is a screen server; False when the person has logged out, or the keeper is told to end."""
        waited_s = 0.0
        while not is_screen_server_answering(os.environ):
            if waited_s >= self._patience.screen or self._wait_and_tell_if_told_to_leave(STEP_S):
                self._log_info("no screen, nothing to keep")
                return False
            waited_s += STEP_S
        return True

    def _on_leave_signal(self, _number: int, _frame: FrameType | None) -> None:
        self._heard.put(_ProcessMessage("leave"))

    def _log_info(self, text: str, *values: object) -> None:
        self._log.info(text, *values)


def _write_process_end_to_output(process: subprocess.Popen[bytes], end: int) -> None:
    """Tell the end of a process behind all that it said, however late that is read. Not the end of its output: the
    voice's own process may hold that open."""
    status = process.wait()
    os.write(end, ENDED + b"%d\n" % status)
    os.close(end)


def keep_station_alive(words: Sequence[str], name: str) -> int:
    """Keep a command line's station alive; return its status after a wanted end. Raises OutsideError "cannot_write"."""
    return StationWatchdog(words, name).keep_running_and_give_exit_status()


def is_screen_server_answering(environment: os._Environ[str] | dict[str, str]) -> bool:
    """Whether the screen server that stations draw on still answers; True where nobody can tell."""
    if environment.get("QT_QPA_PLATFORM", "xcb").partition(":")[0] not in ("xcb", "wayland"):
        return True
    wayland = environment.get("WAYLAND_DISPLAY")
    if wayland:
        return _is_unix_socket_answering(str(Path(environment.get("XDG_RUNTIME_DIR", "/run"), wayland)))
    local = re.fullmatch(r"(?:unix)?:(\d+)(?:\.\d+)?", environment.get("DISPLAY", ""))
    if local is None:
        return True
    place = f"/tmp/.X11-unix/X{local[1]}"
    return _is_unix_socket_answering(place) or _is_unix_socket_answering(f"\0{place}")


def _is_unix_socket_answering(place: str) -> bool:
    family = getattr(socket, "AF_UNIX", None)
    if family is None:
        return True
    with socket.socket(family, socket.SOCK_STREAM) as line:
        line.settimeout(2)
        try:
            line.connect(place)
        except TimeoutError:
            return True  # Busy, but there.
        except OSError:
            return False
    return True


def _termination_signals() -> list[signal.Signals]:
    return [signal.Signals[name] for name in ("SIGTERM", "SIGINT", "SIGHUP") if hasattr(signal, name)]


def _open_log(name: str) -> logging.Logger:
    log = logging.getLogger(f"queuedesk.keeper.{name}")
    log.propagate = False
    log.setLevel(logging.INFO)
    handler, _path = open_log_handler(f"{name}.keeper", LOG_BYTES, LOG_FILES)
    handler.setFormatter(logging.Formatter(LOG_FORMAT))
    log.addHandler(handler)
    return log


# -- signs of life to the watchdog ---------------------------------------------------------------------------------

BEAT_MS = 2000


class WatchdogLine(QObject):
    """The line to the watchdog: it gets signs of life, and a message when the station is ended on purpose; without a
    watchdog it does nothing. Signs of life come from a timer of the GUI thread: a window that hangs gives none."""

    def __init__(self) -> None:
        super().__init__()
        # Not handed on: what this process starts itself is not kept by the same keeper.
        self._end: int | None = None
        self._has_left = False
        kept = os.environ.pop(KEPT, None)
        self.is_kept = kept is not None
        self.died = kept or None
        """Why the process before this one died, None if none did."""
        if kept is not None and sys.__stdout__ is not None:
            self._end = os.dup(sys.__stdout__.fileno())
        self._timer = repeating_timer(self, BEAT_MS, self._send_heartbeat)

    def start(self) -> None:
        """Give signs of life, beginning with the event loop's next turn."""
        if self._end is not None:
            QTimer.singleShot(0, self._send_heartbeat)
            self._timer.start()

    def run(self, work: Callable[[], int], was_told: Callable[[], bool]) -> int:
        """Do all of the station's work and report its status, unless a signal ended it: then the watchdog starts it
        again. A refusal is reported too: a new start would meet it again. Anything else that `work` raises counts as a
        crash."""
        from queuedesk.core.errors import QueueDeskError

        try:
            status = work()
        except QueueDeskError:
            self._write_sign_to_keeper(DONE + b"1")
            raise
        finally:
            self._timer.stop()
        if not was_told():
            self.report_wanted_end(status)
        return status

    def report_wanted_end(self, status: int) -> None:
        """Report a wanted end: a slip or folder that is still awaited must not cause a restart."""
        if not self._has_left:
            self._has_left = True
            self._write_sign_to_keeper(DONE + str(status).encode())

    def _send_heartbeat(self) -> None:
        self._write_sign_to_keeper(BEAT)

    def _write_sign_to_keeper(self, sign: bytes) -> None:
        if self._end is None:
            return
        try:
            os.write(self._end, sign + b"\n")
        except OSError:  # The keeper is gone; the station goes on alone.
            self._end = None


# -- a hall that is elsewhere now: it was shared, or this PC has joined anew ----------------------------------------

LOOK_MS = 300
MOST_LOOKS = 100
"""So often an answer is waited for: longer than a command is asked again, also on a PC that is busy."""


class HallMoveWatcher(QObject):
    """While the hall at `used` has moved or is out of reach, checks every moment whether `asked` gives another address
    for it, and then calls `wanted` once: as soon as nobody here is owed an answer, or after a while."""

    wanted = Signal()

    def __init__(
        self,
        feed: HallFeed,
        used: str,
        asked: Callable[[], str],
        parent: QObject | None = None,
        *,
        owes: Callable[[], bool] = lambda: False,
    ) -> None:
        super().__init__(parent)
        self._used, self._asked, self._has_unanswered_tasks, self._left = used, asked, owes, MOST_LOOKS
        self.is_wanted = False
        self._timer = repeating_timer(self, LOOK_MS, self._request_reopening_if_due)
        feed.moved.connect(self._start_watching_for_reopening)
        feed.away.connect(self._start_watching_for_reopening)
        feed.back.connect(self._timer.stop)

    def stop(self) -> None:
        self._timer.stop()

    @Slot()
    def _start_watching_for_reopening(self) -> None:
        if not self.is_wanted:
            self._timer.start()

    @Slot()
    def _request_reopening_if_due(self) -> None:
        if self._asked() == self._used:
            return
        self._left -= 1
        if self._left <= 0 or not self._has_unanswered_tasks():
            self._timer.stop()
            self.is_wanted = True
            self.wanted.emit()


# -- a main PC whose hall is shared by nobody any more --------------------------------------------------------------

GONE_MS = 2000
PAUSE_S, LONGEST_PAUSE_S = 2.0, 60.0
START_S = 120.0


class HostRestarter(QObject):
    """Restarts the killed process that shares this PC's hall, while a station's window lives; one of several stations
    does. A hall that has not moved stays in its file: moving it needs a person's right."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._lock = FileLock(config.config_file().with_name("host.again"))
        self._host: processes.BackgroundCommand | None = None
        self._began = self._next = 0.0
        self._pause_s = PAUSE_S
        self._was_gone = False
        self._timer = repeating_timer(self, GONE_MS, self._restart_host_if_gone)

    def start(self) -> None:
        self._timer.start()

    def stop(self) -> None:
        """Look no more; what was started goes on."""
        self._timer.stop()
        self._lock.release()

    def _restart_host_if_gone(self) -> None:
        now = time.monotonic()
        if self._host is not None:
            is_over = self._host.output_if_ended() is not None
            if not is_over and SharingProcessNote().read() is None and now - self._began < START_S:
                return
            self._host = None
            self._lock.release()
        facts = SharingProcessNote().interrupted_sharing_facts()
        # Twice, as one that takes over from another needs a moment.
        was_gone, self._was_gone = self._was_gone, facts is not None
        if facts is None or not was_gone or now < self._next:
            return
        with suppress(OutsideError, OSError):
            if has_hall_moved(str(facts.get("file"))) and self._lock.try_to_take():
                self._host = processes.BackgroundCommand([str(word) for word in facts.get("words", ())])
                self._began, self._next = now, now + self._pause_s
                self._pause_s = min(LONGEST_PAUSE_S, self._pause_s * 2)


# -- a hall that has to be mended ----------------------------------------------------------------------------------
# What mends it is loaded here: no station of a sound hall waits for it.


class RepairPlan(Struct, frozen=True, kw_only=True):
    """What repairing the file at `target` would do, in sentences, and the backup that it would use."""

    target: Path
    lines: list[str]
    backup: Path | None


def plan_database_repair(place: str) -> RepairPlan:
    """Return what would be done. Raises OutsideError "no_backup" without means, "database_damaged" on a server."""
    if address.is_server_address(place):
        raise OutsideError("database_damaged", path=address.url_without_password(place))
    from queuedesk.desk.upkeep import maintenance
    from queuedesk.i18n.preview_words import repair_plan_lines

    target = Path(place).absolute()
    plan = maintenance.examine_and_plan_repair(target)
    backup = maintenance.newest_readable_backup(target) if plan.from_backup else None
    if plan.from_backup and backup is None:
        raise OutsideError("no_backup", path=str(target))
    return RepairPlan(target=target, lines=repair_plan_lines(plan.rebuilt, backup, ()), backup=backup)


def repair_database(what: RepairPlan, now: datetime) -> list[str]:
    """Do it and return what was done. Raises as maintenance.repair_from_log() and repair_from_backup()."""
    from queuedesk.desk.upkeep import maintenance
    from queuedesk.i18n.preview_words import repair_done_lines

    ask = Ask(CONSOLE, now)
    if what.backup is not None:
        return repair_done_lines(maintenance.repair_from_backup(what.backup, what.target, ask))
    return repair_done_lines(maintenance.repair_from_log(what.target, ask))


EXIT_DATABASE_AWAY = 3
RETRY_MS = 3000


def run_station_until_closed(program: StationProgram) -> int:
    """Open the station; return its exit status when it has closed. For a picture raises what opening the hall raises;
    otherwise shows one sentence and a way home."""
    line = WatchdogLine()
    try:
        line.start()
        return line.run(lambda: _build_and_run_station(program, line), lambda: program.was_told)
    finally:
        program.close()


def _build_and_run_station(program: StationProgram, line: WatchdogLine) -> int:
    if program.request.screenshot is None and (trouble := _database_upgrading_error(program)) is not None:
        return _show_unavailable_then_run_station(program, trouble, line)
    try:
        # One that is kept says on its screen that it is off, where nobody reads what a command says.
        station = _build_requested_station(program, line.died, must_be_used=not line.is_kept)
    except (OutsideError, RuleError) as trouble:
        if program.request.screenshot is not None or isinstance(trouble, RuleError):
            raise
        return _show_unavailable_then_run_station(program, trouble, line)
    return _run_until_station_ends(program, station, line)


def _run_until_station_ends(program: StationProgram, station: Station, line: WatchdogLine) -> int:
    """Show the station until somebody ends it, and return its status: where its hall is elsewhere meanwhile, it goes on
    there. Until it does so, the window before it stays and takes presses."""
    while True:
        shown = StationRunner(program, station, line)
        status = shown.run()
        if status is not None:
            return status
        try:
            station = _build_requested_station(program, None)
        except BaseException as trouble:
            shown.close_and_stop()
            if isinstance(trouble, OutsideError | RuleError):
                return _show_unavailable_then_run_station(program, trouble, line)
            raise
        station.window.show_page_by_key(shown.station.window.visible_page_key(), shown.station.context)


def _build_requested_station(program: StationProgram, died: str | None, *, must_be_used: bool = False) -> Station:
    request = program.request
    db, hall = requested_place_and_hall_code(request.db, request.hall)
    wish = StationBuildRequest(
        name=request.name,
        db=db,
        hall=hall,
        window=request.window,
        zone=request.zone,
        screen=request.screen,
        layout=request.layout,
        picture=request.screenshot is not None,
        at=request.at,
        died=died,
        must_be_used=must_be_used,
    )
    return open_hall_and_build_station(
        wish,
        config=program.config,
        look=program.look,
        preferences=program.preferences,
        on_bug=program.crash.log_and_report_bug,
    )


class StationRunner:
    def __init__(self, program: StationProgram, station: Station, line: WatchdogLine) -> None:
        self.station = station
        self._program, self._line = program, line
        self._stops: list[Callable[[], None]] = [station.stop]

    def run(self) -> int | None:
        """Show the station until it ends, and return the process's status; None when its hall is to be opened
        elsewhere. Then it stays until the next one has shown itself, or until `leave`."""
        try:
            status = self._show_until_closed()
        except BaseException:
            self.close_and_stop()
            raise
        if status is not None:
            self.close_and_stop()
        return status

    def close_and_stop(self) -> None:
        """Close the window and stop everything behind it; a second call does nothing."""
        if not self._stops:
            return
        self.station.window.stop_and_emit_gone()
        self.station.window.hide()
        while self._stops:
            self._stops.pop()()

    def _show_until_closed(self) -> int | None:
        program, station = self._program, self.station
        request, window = program.request, station.window
        if request.screenshot is not None:
            from queuedesk.stations.window.picture import save_page_pictures

            if request.staff is not None:
                window.open_page_for_person(_person_in_picture(station, request.staff))
            save_page_pictures(window, Path(request.screenshot), program.screenshot_size(), request.pages)
            return 0
        context = station.context
        place = _open_station_window(program, window, station)
        presence = _new_running_window_note(program, window, self._line, station, place)
        window.home_wanted.connect(
            lambda: _open_home_or_to_front(
                program, window, leaves=place is not None and place.is_covering_home_screen()
            )
        )
        context.services = replace(
            context.services, open_this_pc=lambda: _open_home_in_own_process(program, window, "this-pc", leaves=True)
        )
        elsewhere = HallMoveWatcher(
            context.feed,
            station.db,
            lambda: requested_place_and_hall_code(request.db, request.hall)[0],
            window,
            owes=lambda: context.tasks.has_unanswered_requests,
        )
        elsewhere.wanted.connect(lambda: program.hand_over_window(self._has_unanswered_tasks, self.close_and_stop))
        host = HostRestarter(window)
        self._stops += [host.stop, elsewhere.stop, presence.stop]

        def start_station() -> None:
            host.start()
            station.start()
            if request.staff is not None and station.context.who is None:
                window.sign_in(request.staff)
            presence.start()

        try:
            status = program.run(window, start_station)
        finally:
            if place is not None:
                place.stop()  # Another window may want the screen.
        if program.hands_over:
            return None
        if not program.was_told:
            self._line.report_wanted_end(status)
        return status

    def _has_unanswered_tasks(self) -> bool:
        return bool(self._stops) and self.station.context.tasks.has_unanswered_requests


def _new_running_window_note(
    program: StationProgram,
    window: OnePageWindow,
    line: WatchdogLine,
    station: Station | None = None,
    place: StationWindowPlacer | None = None,
) -> RunningWindowNote:
    """Return the note that home reads of this window, not begun; without `station` its hall is away."""
    request = program.request
    words = (*request.command_line_words(), *(["--kept"] if line.is_kept else []))

    def what_is_missing() -> str:
        if station is None or station.context.feed.away_since is not None:
            return "hall"
        return "screen" if place is not None and place.is_missing() else ""

    def facts_for_window_note() -> dict[str, object]:
        who = station.context.who if station is not None else None
        staff = station.context.feed.setup.staff.get(who.name) if station is not None and who is not None else None
        return {
            "station": request.name,
            "window": window.window_number_and_title()[0] or request.window or "",
            "words": words,
            "who": name_in_language(staff.name, staff.name_en) if staff is not None else "",
            "screen": running.monitor_number_under_window_text(window),
            "is_full": window.isFullScreen(),
            "missing": what_is_missing(),
        }

    return RunningWindowNote(
        window,
        request.station_log_name,
        requested_place_and_hall_code(request.db, request.hall),
        facts_for_window_note,
        program.clock,
    )


def _open_station_window(
    program: StationProgram, window: OnePageWindow, station: Station | None = None
) -> StationWindowPlacer | None:
    """Open the window: a hall screen's on its own monitor, awake; with a size of its own, or staff's, as any other."""
    request = program.request
    if request.name not in FULL_SCREEN or request.size is not None:
        open_window(window, size=request.size, full_screen=False)
        return None
    from queuedesk.app.station.hall_screen import StationWindowPlacer  # with all that keeps a screen awake

    missing = (
        station.equipment.report_screen_presence
        if station is not None and station.equipment is not None
        else _ignore_missing_screen
    )
    token = program.claim_screen_and_give_token()
    leave = window.close_without_asking
    place = StationWindowPlacer(window, request.name, request.screen, token=token, missing=missing, leave=leave)
    place.show_in_place()
    return place


def _ignore_missing_screen(_is_missing: bool) -> None:
    """A hall that can't be opened takes no note."""


def _person_in_picture(station: Station, staff: str) -> Actor:
    """Return who is in the picture: nothing is written, so nobody signs in."""
    if opening.needs_pin_or_password(station.context.desk, staff):
        raise RuleError("who_are_you")
    who = opening.require_and_get_proven_actor(station.context.desk, staff)
    if station.context.name == "manager":
        who.require_read_right(ReadScope.FIGURES)
    return who


def _open_home_or_to_front(program: StationProgram, window: OnePageWindow, *, leaves: bool) -> None:
    """Bring home to the front, or open it; a window that `leaves` would cover it and closes."""
    if running.bring_home_to_front(requested_place_and_hall_code(program.request.db, program.request.hall)[0]):
        if leaves:
            window.close()
        return
    _open_home_in_own_process(program, window, "home", leaves=leaves)


def _open_home_in_own_process(program: StationProgram, window: OnePageWindow, page: str, *, leaves: bool) -> None:
    """Open home, or its page about this PC, in a process of its own."""
    processes.start_detached_program_process([*(["--db", str(program.request.db)] if program.request.db else []), page])
    if leaves:
        window.close()


def _check_hall_opens(program: StationProgram) -> None:
    """Find out whether the hall can be had, away from the window: a server that is silent keeps whoever asks waiting.
    Raises OutsideError."""
    db, _hall = requested_place_and_hall_code(program.request.db, program.request.hall)
    database.Database.open(db).dispose()


def _database_upgrading_error(program: StationProgram) -> OutsideError | None:
    """Return what to say while a file of an older program is brought up to date, None if it is not: that takes longer
    than a keeper waits for a window, and nobody should sit before none."""
    db, _hall = requested_place_and_hall_code(program.request.db, program.request.hall)
    return (
        OutsideError("database_upgrading", path=db)
        if not address.is_server_address(db) and hall_file.is_older_version(Path(db))
        else None
    )


def _show_repair_offer_on_page(program: StationProgram, page: UnavailablePage, tasks: StationTaskLanes) -> None:
    """Let the page say what could be mended, and do it when asked; the hall then opens by itself."""
    known: list[RepairPlan] = []

    def plan_repair() -> RepairPlan:
        db, _hall = requested_place_and_hall_code(program.request.db, program.request.hall)
        return plan_database_repair(db)

    def show_plan(what: RepairPlan) -> None:
        known[:] = [what]
        page.show_repair_plan(what.lines, may=bool(what.lines))

    def tell(trouble: QueueDeskError) -> None:
        page.show_repair_plan([error_sentence(trouble)], may=False)

    def start_repair() -> None:
        what, now = known[0], program.clock()
        tasks.run_in_long_work_lane(
            lambda: repair_database(what, now), lambda lines: page.show_repair_plan(lines, may=False), tell
        )

    page.look_wanted.connect(lambda: tasks.run_in_long_work_lane(plan_repair, show_plan, tell))
    page.mend_wanted.connect(start_repair)


def _show_unavailable_then_run_station(program: StationProgram, trouble: QueueDeskError, line: WatchdogLine) -> int:
    """Say in a sentence why the hall can't be opened, and retry until it can; return the station's status. So a PC may
    start before the hall's disk or network."""
    theme = HALL_THEMES.get(program.request.name)
    frame = OnePageWindow(program.look, program.preferences, program.clock, help_page=program.request.name, theme=theme)
    page = UnavailablePage(program.look, trouble, retries=True, leads_home=program.request.name not in FULL_SCREEN)
    page.home_wanted.connect(frame.home_wanted)
    frame.home_wanted.connect(lambda: _open_home_or_to_front(program, frame, leaves=True))
    frame.show_page(page)
    found: list[Station] = []
    tasks = StationTaskLanes(program.crash.log_and_report_bug)

    def retry_opening_station(_is_there: None) -> None:
        try:
            found.append(_build_requested_station(program, line.died))
        except (OutsideError, RuleError) as again:
            show_trouble_and_retry(again)
            return
        frame.close_without_asking()

    def show_trouble_and_retry(again: QueueDeskError) -> None:
        if again.code == "database_busy":  # Another station may be at it.
            again = _database_upgrading_error(program) or again
        page.show_trouble(again)
        if again.code != "database_not_upgraded":  # Each try would copy the whole hall and fail alike.
            timer.start()

    _show_repair_offer_on_page(program, page, tasks)
    timer = QTimer(frame)
    timer.setInterval(RETRY_MS)
    timer.setSingleShot(True)
    timer.timeout.connect(
        lambda: tasks.run_in_long_work_lane(
            lambda: _check_hall_opens(program), retry_opening_station, show_trouble_and_retry, may_drop=True
        )
    )
    show_trouble_and_retry(trouble)
    if trouble.code == "database_upgrading":
        timer.start(0)
    place = _open_station_window(program, frame)
    presence = _new_running_window_note(program, frame, line)
    host = HostRestarter(frame)
    host.start()
    try:
        presence.start()
        program.run(frame)
    finally:
        presence.stop()
        host.stop()
        timer.stop()
        tasks.stop()
        if place is not None:
            place.stop()
    if not found:
        return EXIT_DATABASE_AWAY
    return _run_until_station_ends(program, found[0], line)
