"""Reports this station's process and its devices: signs of life, printer, voice."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from zlib import crc32

from PySide6.QtCore import QObject, QTimer, Signal

from queuedesk.app.this_pc import config
from queuedesk.core.errors import QueueDeskError
from queuedesk.core.log.event import Event
from queuedesk.core.network.roles import actor_of_station
from queuedesk.core.talk.device import MEDIA, PRINTER, SCREEN, STATIONS, VOICE
from queuedesk.core.talk.opening_checks import ANYWHERE
from queuedesk.core.talk.screen import OWN_SIGNS, name_at_pc
from queuedesk.desk import network
from queuedesk.desk.change import Ask, Desk
from queuedesk.desk.talk import devices
from queuedesk.desk.upkeep import clocks
from queuedesk.files.lock import FileLock
from queuedesk.stations.window.context import StationContext, WorkLanes
from queuedesk.watch import WatchedThread

MOST_OF_A_NAME = 20
LAST_SIGN_S = 0.5
"""How long a station that ends tries to say so."""
GIVING_TICKETS = ("guide", "kiosk")


class Equipment(QObject):
    """The devices of one station's process. `start` and `stop` are for the GUI thread; `printed` and
    `report_voice_status` are called from the thread that printed or spoke, and never raise for trouble with the hall's
    database: the next slip or call reports again. `printer_seen` gives how the printer was found, on the GUI thread."""

    printer_seen = Signal(dict)

    def __init__(
        self,
        desk: Desk,
        clock: Callable[[], datetime],
        tasks: WorkLanes,
        kind: str,
        name: str,
        *,
        pc: str = "",
        look_at_printer: Callable[[bool], dict[str, str] | None] = lambda _is_down: None,
        died: str | None = None,
    ) -> None:
        """`kind` is the station's, `name` the one it goes by in the log, `pc` what the hall calls this PC, "" where it
        has no other; `died` why the process before this one ended, where its keeper saw it. `look_at_printer` is told
        whether the printer is known to be down; it returns {"cause", "warning"} of this PC's printer, "" for none, None
        where nobody can tell."""
        super().__init__()
        self._desk, self._clock, self._tasks, self._kind = desk, clock, tasks, kind
        self._look_at_printer, self._died, self._pc = look_at_printer, died, pc
        self._name = name_at_pc(name.translate(OWN_SIGNS), pc)
        self._lock: FileLock | None = None
        self._status: dict[str, str] | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(devices.BEAT_S * 1000)
        self._timer.timeout.connect(self.beat)
        self._is_running = False

    @property
    def name(self) -> str:
        """The name in the log; a second process of a station on this PC gets "#2" once it has started."""
        return self._name

    def start(self) -> None:
        """Report that the station begins, and give signs of life from now on."""
        self._is_running = True
        if self._kind in STATIONS:
            self._take_name()
            self._run_aside_ignoring_outcome(
                lambda: devices.record_station_start(
                    self._desk, self._ask_as_station(), self._kind, self._name, self._died
                )
            )
        else:
            self._run_aside_ignoring_outcome(lambda: network.record_own_pc_alive(self._desk))
        self._report_clock_skew()
        if self._kind in GIVING_TICKETS:
            self.look_at_printer()
        self._timer.start()

    def stop(self) -> None:
        """Report that somebody ended the station. All lanes must be idle: a later sign of life would bring it back."""
        if not self._is_running:
            return
        self._is_running = False
        self._timer.stop()
        if self._kind in STATIONS:
            last = WatchedThread(self._report_station_stopped, "last sign", again_s=None)
            last.start()
            # A server that is silent is not waited for: the other stations find this one lost.
            last.join(LAST_SIGN_S if self._desk.db.is_shared else None)
        if self._lock is not None:
            self._lock.release()

    def _report_station_stopped(self) -> None:
        with suppress(QueueDeskError):
            devices.stopped(self._desk, self._ask_as_station(), self._kind, self._name)

    def printed(self, cause: str | None) -> None:
        """Report that a slip was printed (None), or why not."""
        self._report_device(PRINTER, cause)

    def report_voice_status(self, cause: str | None) -> None:
        """Report that a call was spoken (None), or why not."""
        self._report_device(VOICE, cause)

    def report_replaced_voice_part(self, device: str, cause: str, since: datetime) -> None:
        """Report that a part of the voice failed at `since` and has been replaced."""
        with suppress(QueueDeskError):
            ago = self._clock() - since
            ask = self._ask_as_station()
            devices.record_device_state(self._desk, ask, device, self._name, cause, since=ask.now - ago)
            devices.record_device_state(self._desk, ask, device, self._name, None)

    def report_screen_presence(self, is_missing: bool) -> None:
        """Report that this station's monitor is missing, or is there; on the GUI thread."""

        def tell() -> None:
            if is_missing or devices.is_down(self._desk, SCREEN, self._name):
                self._report_device(SCREEN, "unplugged" if is_missing else None)

        self._run_aside_ignoring_outcome(tell)

    def showed(self, cause: str | None) -> None:
        """Report that the hall's pictures and films can be shown (None), or why not; returns at once."""

        def tell() -> None:
            if cause is not None or devices.is_down(self._desk, MEDIA, self._name):
                self._report_device(MEDIA, cause)

        self._run_aside_ignoring_outcome(tell)

    def _report_device(self, device: str, cause: str | None) -> None:
        with suppress(QueueDeskError):
            devices.record_device_state(self._desk, self._ask_as_station(), device, self._name, cause)

    def beat(self) -> None:
        if self._kind in STATIONS:
            self._run_aside_ignoring_outcome(
                lambda: devices.record_sign_of_life(self._desk, self._ask_as_station(), self._kind, self._name)
            )
        else:
            self._run_aside_ignoring_outcome(lambda: network.record_own_pc_alive(self._desk))
        self._report_clock_skew()
        self.look_at_printer()

    def _report_clock_skew(self) -> None:
        self._run_aside_ignoring_outcome(lambda: clocks.report_clock_skew(self._desk, self._clock, self._pc))

    def watch_printer(self, told: Callable[[dict[str, str]], object]) -> None:
        """Call `told` with the printer's state, at once if it is known, and after each check."""
        self.printer_seen.connect(told)
        if self._status is not None:
            told(self._status)

    def look_at_printer(self) -> None:
        """Check and report the printer; one that gives no tickets only after a failure."""
        self._tasks.run_in_side_lane(self._check_and_report_printer, self._on_printer_checked, _ignore)

    def _check_and_report_printer(self) -> dict[str, str] | None:
        is_down = devices.is_down(self._desk, PRINTER, self._name)
        if not is_down and self._kind not in GIVING_TICKETS:
            return None
        status = self._look_at_printer(is_down)
        if status is not None:
            devices.record_device_state(
                self._desk, self._ask_as_station(), PRINTER, self._name, status["cause"] or None
            )
        return status

    def _on_printer_checked(self, status: dict[str, str] | None) -> None:
        if status is not None:
            self._status = status
            self.printer_seen.emit(status)

    def _run_aside_ignoring_outcome(self, work: Callable[[], object]) -> None:
        # Not where slips wait for a printer that does not answer: the station would be taken for lost meanwhile.
        self._tasks.run_in_side_lane(work, _ignore, _ignore)

    def _ask_as_station(self) -> Ask:
        return Ask.by(self._clock, actor_of_station(self._name))

    def _take_name(self) -> None:
        """Take the first name that no living process of this PC has; the system gives a killed one's back."""
        stem = crc32(f"{self._desk.db.place}\n{self._desk.hall}\n{self._kind}\n{self._name}".encode())
        for n in range(1, MOST_OF_A_NAME + 1):
            lock = FileLock(config.config_file().with_name(f"station-{stem:08x}-{n}.lock"))
            try:
                is_free = lock.take()
            except OSError:  # Where nothing can be written, there is one of each.
                return
            if is_free:
                self._lock = lock
                self._name = self._name if n == 1 else f"{self._name}#{n}"
                return


def _ignore(*_said: object) -> None:
    """A sign of life that was not kept is followed by the next."""


# -- test slips that another station asked for ---------------------------------------------------------------------

STALE = timedelta(minutes=1)
"""What was asked for while this PC slept is not printed any more."""


class PrinterTestListener(QObject):
    """Follows one station's hall; a test slip goes where its tickets go, and is reported like them."""

    def __init__(self, kind: str, context: StationContext, equipment: Equipment, clock: Callable[[], datetime]) -> None:
        super().__init__()
        self._kind, self._context, self._equipment, self._clock = kind, context, equipment, clock
        context.feed.changed.connect(self._print_requested_tests)

    def stop(self) -> None:
        self._context.feed.changed.disconnect(self._print_requested_tests)

    def _print_requested_tests(self, events: list[Event]) -> None:
        paper = self._context.services.paper
        for event in events:
            if paper is not None and event.kind == "check" and "trial" in event.data and self._is_ours(event):
                self._context.tasks.run_in_long_work_lane(paper.print_test_slip, _looked_at, _looked_at)

    def _is_ours(self, event: Event) -> bool:
        data = event.data
        if data["device"] != PRINTER or self._clock() - event.at > STALE:
            return False
        if data["station"] == ANYWHERE:
            return self._kind in GIVING_TICKETS
        return bool(data["station"] == self._equipment.name)


def _looked_at(*_said: object) -> None:
    """Whoever tried it looks at the printer; its trouble is reported with the slip."""
