"""Builds everything that a station's process works with, and stops it in the right order; and reports this process and
its devices: signs of life, printer, voice."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zlib import crc32

from msgspec import Struct
from msgspec.structs import replace
from PySide6.QtCore import QObject, QTimer, Signal

from queuedesk import paths
from queuedesk.app.clock import Clock, LastEventClock, fixed_or_pc_clock, steady_clock_s
from queuedesk.app.services import printers
from queuedesk.app.services.papers import SlipAndReportPrinter, stand_in_made_at_first_use
from queuedesk.app.services.printers import watched_printer_status
from queuedesk.app.services.repeated_work import DueReportWriter, repeated_backup_command
from queuedesk.app.services.sounds import KioskSpeaker, StationSoundPlayer
from queuedesk.app.station import screens
from queuedesk.app.station.own_hall import pc_name_in_hall, requested_place_and_hall_code
from queuedesk.app.station.processes import BackgroundCommand
from queuedesk.app.station.program import HALL_THEMES, StationProgram
from queuedesk.app.this_pc import config
from queuedesk.app.this_pc.config import Config
from queuedesk.cli.job import read_json, write_readable_json_file
from queuedesk.core.errors import OutsideError, QueueDeskError, RuleError
from queuedesk.core.features import feature_owning_station, feature_stations_by_name, has_station
from queuedesk.core.log.event import Event
from queuedesk.core.network.roles import CUSTOMER, Actor, actor_of_station
from queuedesk.core.network.sharing import may_open_station
from queuedesk.core.setup.rows import Setup
from queuedesk.core.talk.device import ANYWHERE, MEDIA, PRINTER, SCREEN, STATIONS, VOICE
from queuedesk.core.talk.screen import HALL_SCREENS, OWN_SIGNS, station_name, station_name_at_pc
from queuedesk.desk import looking, network
from queuedesk.desk.change import Ask, Desk
from queuedesk.desk.talk import announcing, devices
from queuedesk.desk.upkeep import clocks
from queuedesk.files.writing import FileLock
from queuedesk.stations.widgets.panels import repeating_timer
from queuedesk.stations.window.context import (
    HallFeed,
    InlineTasks,
    StationContext,
    StationServices,
    StationTaskLanes,
    WorkLanes,
)
from queuedesk.stations.window.frame import OnePageWindow, Preferences, StationPage, open_window
from queuedesk.stations.window.shell import VOICE_AFTER_MS, MultiStationWindowServices, StationWindow
from queuedesk.stations.window.style import Look
from queuedesk.store.engine.address import is_server_address
from queuedesk.store.engine.database import Database
from queuedesk.store.log.journal import CallWithOutcome
from queuedesk.watch import WatchedThread

if TYPE_CHECKING:
    from queuedesk.app.services.care import HallDataMaintenance
    from queuedesk.app.services.kept_reports import StoredReportTools
    from queuedesk.app.services.pictures import PeriodFiguresReader
    from queuedesk.app.services.speaking import HallCallSpeaker, VoiceTester
    from queuedesk.core.upkeep import ClaimResult


MOST_OF_A_NAME = 20
LAST_SIGN_S = 0.5
"""How long a station that ends tries to say so."""
GUIDE = "guide"
GIVING_TICKETS = (GUIDE, "kiosk")


class Equipment(QObject):
    """The devices of one station's process. `start` and `stop` are for the GUI thread; `printed` and
    `report_voice_status` are called from the thread that printed or spoke, and never raise for trouble with the hall's
    database: the next slip or call reports again. `printer_seen` gives how the printer was found, `came_out_late` the
    titles of slips that were told not to have been printed; on the GUI thread."""

    printer_seen = Signal(dict)
    came_out_late = Signal(list)

    def __init__(
        self,
        desk: Desk,
        clock: Callable[[], datetime],
        tasks: WorkLanes,
        kind: str,
        name: str,
        *,
        pc: str = "",
        look_at_printer: Callable[[str], dict[str, str] | None] = lambda _down_cause: None,
        died: str | None = None,
    ) -> None:
        """`kind` is the station's, `name` the one it goes by in the log, `pc` what the hall calls this PC, "" where it
        has no other; `died` why the process before this one ended, where its keeper saw it. `look_at_printer` is told
        why the printer is known to be down, "" if it is not; it returns {"cause", "warning"} of this PC's printer, ""
        for none, None where nobody can tell."""
        super().__init__()
        self._desk, self._clock, self._tasks, self._kind = desk, clock, tasks, kind
        self._look_at_printer, self._died, self._pc = look_at_printer, died, pc
        self._name = station_name_at_pc(name.translate(OWN_SIGNS), pc)
        self._lock: FileLock | None = None
        self._status: dict[str, str] | None = None
        self._timer = repeating_timer(self, devices.BEAT_S * 1000, self.send_heartbeat)
        self._is_running = False

    @property
    def station_name_in_log(self) -> str:
        """The name in the log; a second process of a station on this PC gets "#2" once it has started."""
        return self._name

    def start(self) -> None:
        """Report that the station begins, and give signs of life from now on."""
        self._is_running = True
        if self._kind in STATIONS:
            self._claim_first_free_station_name()
            self._run_aside_ignoring_outcome(
                lambda: devices.record_station_start(
                    self._desk, self._ask_as_station(), self._kind, self._name, self._died
                )
            )
        else:
            self._run_aside_ignoring_outcome(lambda: network.record_own_pc_alive(self._desk))
        self._report_clock_skew()
        if self._kind in GIVING_TICKETS:
            self.start_printer_check()
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
            devices.record_station_stop(self._desk, self._ask_as_station(), self._kind, self._name)

    def report_print_result(self, cause: str | None) -> None:
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
            if is_missing or devices.down_cause(self._desk, SCREEN, self._name):
                self._report_device(SCREEN, "unplugged" if is_missing else None)

        self._run_aside_ignoring_outcome(tell)

    def report_media_status(self, cause: str | None) -> None:
        """Report that the hall's pictures and films can be shown (None), or why not; returns at once."""

        def tell() -> None:
            if cause is not None or devices.down_cause(self._desk, MEDIA, self._name):
                self._report_device(MEDIA, cause)

        self._run_aside_ignoring_outcome(tell)

    def _report_device(self, device: str, cause: str | None) -> None:
        with suppress(QueueDeskError):
            devices.record_device_state(self._desk, self._ask_as_station(), device, self._name, cause)

    def send_heartbeat(self) -> None:
        if self._kind in STATIONS:
            self._run_aside_ignoring_outcome(
                lambda: devices.record_sign_of_life(self._desk, self._ask_as_station(), self._kind, self._name)
            )
        else:
            self._run_aside_ignoring_outcome(lambda: network.record_own_pc_alive(self._desk))
        self._report_clock_skew()
        self.start_printer_check()

    def _report_clock_skew(self) -> None:
        self._run_aside_ignoring_outcome(lambda: clocks.report_clock_skew(self._desk, self._clock, self._pc))

    def watch_printer(self, told: Callable[[dict[str, str]], object], told_late: Callable[[list[str]], object]) -> None:
        """Call `told` with the printer's state, at once if it is known, and after each check; `told_late` with slips
        that came out late."""
        self.printer_seen.connect(told)
        self.came_out_late.connect(told_late)
        if self._status is not None:
            told(self._status)

    def start_printer_check(self) -> None:
        """Check and report the printer; one that gives no tickets only after a failure."""
        printers.left_jobs.start_discarding_print_jobs()
        if self._kind == GUIDE:
            self._tasks.run_in_side_lane(
                printers.left_jobs.take_late_print_titles, self._on_late_slips_read, _ignore_report
            )
        self._tasks.run_in_side_lane(self._check_and_report_printer, self._on_printer_checked, _ignore_report)

    def _check_and_report_printer(self) -> dict[str, str] | None:
        down_cause = devices.down_cause(self._desk, PRINTER, self._name)
        if not down_cause and self._kind not in GIVING_TICKETS:
            return None
        status = self._look_at_printer(down_cause)
        if status is not None:
            devices.record_device_state(
                self._desk, self._ask_as_station(), PRINTER, self._name, status["cause"] or None
            )
        return status

    def _on_printer_checked(self, status: dict[str, str] | None) -> None:
        if status is not None:
            self._status = status
            self.printer_seen.emit(status)

    def _on_late_slips_read(self, titles: list[str]) -> None:
        if titles:
            self.came_out_late.emit(titles)

    def _run_aside_ignoring_outcome(self, work: Callable[[], object]) -> None:
        # Not where slips wait for a printer that does not answer: the station would be taken for lost meanwhile.
        self._tasks.run_in_side_lane(work, _ignore_report, _ignore_report)

    def _ask_as_station(self) -> Ask:
        return Ask.ask_from_clock(self._clock, actor_of_station(self._name))

    def _claim_first_free_station_name(self) -> None:
        """Take the first name that no living process of this PC has; the system gives a killed one's back."""
        stem = crc32(f"{self._desk.db.place}\n{self._desk.hall}\n{self._kind}\n{self._name}".encode())
        for n in range(1, MOST_OF_A_NAME + 1):
            lock = FileLock(config.config_file().with_name(f"station-{stem:08x}-{n}.lock"))
            try:
                is_free = lock.try_to_take()
            except OSError:  # Where nothing can be written, there is one of each.
                return
            if is_free:
                self._lock = lock
                self._name = self._name if n == 1 else f"{self._name}#{n}"
                return


def _ignore_report(*_said: object) -> None:
    """A sign of life that was not kept is followed by the next."""


# -- test slips that another station asked for ---------------------------------------------------------------------

STALE = timedelta(minutes=1)
"""What was asked for while this PC slept is not printed any more."""


class _PrinterTestListener(QObject):
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
            if (
                paper is not None
                and event.kind == "check"
                and "trial" in event.data
                and self._is_for_our_printer(event)
            ):
                self._context.tasks.run_in_long_work_lane(
                    paper.print_test_slip, _ignore_print_result, _ignore_print_result
                )

    def _is_for_our_printer(self, event: Event) -> bool:
        data = event.data
        if data["device"] != PRINTER or self._clock() - event.at > STALE:
            return False
        if data["station"] == ANYWHERE:
            return self._kind in GIVING_TICKETS
        return bool(data["station"] == self._equipment.station_name_in_log)


def _ignore_print_result(*_said: object) -> None:
    """Whoever tried it looks at the printer; its trouble is reported with the slip."""


FULL_SCREEN = frozenset(HALL_SCREENS)
CATCH_UP_AFTER_MS = 500
"""A call older than this is not said by a display that comes back: its customer has looked up by now, or a recall is
due."""


def new_station_services(
    desk: Desk,
    clock: Callable[[], datetime],
    sounds: StationSoundPlayer,
    tell: Callable[[str | None], None] = lambda _cause: None,
    *,
    is_manager: bool = False,
) -> StationServices:
    """Return the services for every station, with a manager's where it is one; `tell` as in SlipAndReportPrinter."""
    services = StationServices(
        sounds=sounds,
        paper=SlipAndReportPrinter(desk, clock, tell),
        printers=printers,
        sheet_printer=printers,
        own_choices=config,
        folder=config.ensure_data_folder,
    )
    if not is_manager:
        return services
    return replace(
        services,
        pictures=stand_in_made_at_first_use(partial(_new_period_reader, desk, clock)),
        voice_trials=stand_in_made_at_first_use(_new_voice_tester),
        read_setup=read_json,
        write_setup=write_readable_json_file,
    )


class StationBuildRequest(Struct, frozen=True, kw_only=True):
    """The station to build; `at` is the time at which its clock stands; a `picture` draws itself once, writes nothing
    and ends; `died` is why the process before it ended. One that `must_be_used` is refused where the hall left it
    out."""

    name: str
    db: str
    hall: str | None = None
    window: str | None = None
    zone: str | None = None
    screen: str | None = None
    layout: str | None = None
    at: datetime | None = None
    picture: bool = False
    died: str | None = None
    must_be_used: bool = False

    @property
    def station_log_name(self) -> str:
        """The station's name in the log: "counter-3", "rating-3", "display", "display-2" of the second screen."""
        return station_name(self.name, window=self.window, zone=self.zone, screen=self.screen)


@dataclass
class Station:
    """A built station of the hall at `db`: show `window`, call `start`, and `stop` at the end."""

    window: StationWindow
    context: StationContext
    db: str
    speaks: bool = False
    equipment: Equipment | None = None
    _stops: list[Callable[[], None]] = field(default_factory=list)
    _voice: HallCallSpeaker | None = None

    def start(self) -> None:
        """Start following the hall; the voice comes after the first picture."""
        if isinstance(self.context.tasks, StationTaskLanes):
            self.context.tasks.release_requests()
        self.window.start()
        if self.equipment is not None:
            self.equipment.start()
        if self.speaks:
            QTimer.singleShot(VOICE_AFTER_MS, self.window, self._start_voice)
        if self.context.name.startswith("display") and self.equipment is not None:
            QTimer.singleShot(CATCH_UP_AFTER_MS, self.window, self._report_and_speak_leftover_calls)

    def _report_and_speak_leftover_calls(self) -> None:
        """Report and speak the last calls that a killed display left over: they are on its screen by now."""
        context = self.context

        def report_and_speak(calls: list[CallWithOutcome]) -> None:
            note, shows = context.services.note_shown, getattr(self.window.current_page, "shows_window", None)
            for call in calls:
                if note is not None and shows is not None and shows(call.window):
                    note(call.seq)
            if self._voice is not None:
                self._voice.say_unspoken_calls(calls)

        left_over = partial(announcing.unannounced_recent_calls, context.desk, context.clock(), STALE)
        context.tasks.run_in_side_lane(left_over, report_and_speak, _ignore_outcome, may_drop=True)

    def _start_voice(self) -> None:
        from queuedesk.app.services.speaking import HallCallSpeaker

        context = self.context
        told = self.equipment
        tell, report_replaced_voice_part = (
            (told.report_voice_status, told.report_replaced_voice_part)
            if told is not None
            else (_ignore_outcome, _ignore_outcome)
        )
        voice = HallCallSpeaker(
            context.desk,
            context.feed,
            context.own_name,
            context.clock,
            tell=tell,
            report_replaced_voice_part=report_replaced_voice_part,
        )
        self._stops.append(voice.stop)
        context.services = replace(context.services, voice_status=voice.voice_status)
        self._voice = voice

    def stop(self) -> None:
        """Stop everything that runs, in reverse order; a second call does nothing."""
        while self._stops:
            self._stops.pop()()


def page_builder_and_roles(name: str) -> tuple[Callable[[StationContext], StationPage], tuple[str, ...]]:
    at = feature_stations_by_name().get(name)
    module = import_module(f"queuedesk.{at.module if at is not None else f'stations.{name}.station'}")
    return module.build_station_page, tuple(module.ROLES)


def open_hall_and_build_station(
    wish: StationBuildRequest,
    *,
    config: Config,
    look: Look,
    preferences: Preferences,
    on_bug: Callable[[BaseException], None],
) -> Station:
    """Open the hall and build the station. Raises OutsideError "database_missing", "not_this_pc" …, RuleError
    "hall_needed", "unknown_hall", "feature_off"."""
    stops: list[Callable[[], None]] = []
    try:
        db = Database.open(wish.db)
        stops.append(db.dispose)
        build, roles = page_builder_and_roles(wish.name)
        desk = Desk(db, looking.hall_id_by_code(db, wish.hall))
        setup = looking.setup_of_hall(desk)
        if wish.must_be_used and not has_station(setup.hall, wish.name):
            raise RuleError("feature_off", feature=feature_owning_station(wish.name))
        if not may_open_station(network.own_pc_kind(desk), wish.name):
            raise OutsideError("not_this_pc")
        pc = pc_name_in_hall(desk)
        if wish.window is not None:
            setup.window_by_code(wish.window)
        clock = fixed_or_pc_clock(wish.at)
        if setup.hall.simulated and wish.at is None:
            clock = LastEventClock(looking.last_event_time(desk) or clock())
        tasks: InlineTasks | StationTaskLanes = InlineTasks()
        equipment: Equipment | None = None
        if not wish.picture:
            tasks = lanes = StationTaskLanes(on_bug)
            lanes.hold_requests_until_start()
            if wish.at is None and not setup.hall.simulated:
                equipment = _new_equipment_reporter(wish, config, desk, clock, tasks, pc=pc)
                # Before the lanes in this row, so that it stops when they are at rest.
                stops.append(equipment.stop)
            stops.append(lanes.stop)
        feed = HallFeed(desk, clock, on_bug=on_bug)
        if isinstance(clock, LastEventClock):
            clock.set_source_clock(lambda: feed.state.now.at or feed.opened)
        if not wish.picture:
            # The feed stops behind lanes and equipment: it notices that a server is silent, and lets go whoever waits
            # for it. What is only read by then ends at once.
            stops[1:1] = [feed.stop, db.interrupt]
        sounds = StationSoundPlayer(config.voice and not wish.picture)
        stops.append(sounds.stop)
        context = StationContext(
            desk=desk,
            feed=feed,
            tasks=tasks,
            look=look,
            clock=clock,
            name=wish.station_log_name,
            pc=pc,
            who=_actor_of_unattended_station(wish, config, pc),
            services=new_station_services(
                desk,
                clock,
                sounds,
                equipment.report_print_result if equipment is not None else _ignore_outcome,
                is_manager=wish.name == "manager",
            ),
            options=_page_options_from_pc_and_start(wish, config, setup, pc),
        )
        if not wish.picture:
            reports = DueReportWriter(
                wish.db,
                setup,
                feed,
                clock,
                # Of a shared hall they are written only at a manager's station, or with a chosen folder.
                by_itself=wish.at is None
                and (not db.is_shared or wish.name == "manager" or bool(config.reports_folder)),
                counts=wish.name not in HALL_SCREENS,
            )
            stops.append(reports.stop)
            context.services = replace(context.services, due_reports=reports)
            if wish.name == "manager":
                context.services = replace(
                    context.services,
                    kept_reports=stand_in_made_at_first_use(partial(_new_stored_report_tools, desk, clock)),
                    check_sheet=partial(_verify_sheet_claims, desk),
                )
            if wish.at is None:
                context.services = replace(
                    context.services, look_for_backups=repeated_backup_command(db, wish.db, clock).start_if_due
                )
        if equipment is not None and wish.name == "manager":
            from queuedesk.app.services.sharing import SharingTools

            care = stand_in_made_at_first_use(partial(_new_hall_maintenance, desk, wish.db, context.own_name, clock))
            context.services = replace(
                context.services,
                sharing=SharingTools(desk, wish.db, clock),
                care=care,
                owners_database=lambda: care.database_as_owner(),  # noqa: PLW0108 - asked for `owners`, it is loaded
                start_command=partial(start_hall_command_in_background, wish.db, setup.hall.code),
                own_addresses=_own_ip_addresses,
            )
        if equipment is not None:
            context.services = replace(context.services, watch_printer=equipment.watch_printer)
            stops.append(_PrinterTestListener(wish.name, context, equipment, clock).stop)
        if wish.name in ("kiosk", "rating"):
            speech = KioskSpeaker(config.voice and not wish.picture)
            stops.append(speech.stop)
            context.services = replace(context.services, speech=speech)
        if wish.name == "display":
            context.services = replace(
                context.services, note_shown=_ignore_outcome if wish.picture else shown_call_recorder(context)
            )
            if equipment is not None:
                context.services = replace(context.services, report_media=equipment.report_media_status)
        window = StationWindow(
            context,
            build,
            roles,
            preferences,
            theme=HALL_THEMES.get(wish.name),
            chores=not wish.picture and wish.at is None,
        )
        if isinstance(tasks, StationTaskLanes) and desk.db.is_shared:
            tasks.trouble = lambda: feed.trouble if isinstance(feed.trouble, OutsideError) else None
            tasks.unanswered.connect(window.unanswered.remember_command)
        elif isinstance(tasks, StationTaskLanes):
            tasks.follow = partial(_continue_in_moved_hall_if_known, desk, wish.db, setup.hall.code)
            feed.knows_where = lambda: is_server_address(requested_place_and_hall_code(wish.db, setup.hall.code)[0])
    except BaseException:
        while stops:
            stops.pop()()
        raise
    speaks = wish.name == "display" and config.voice and not wish.picture
    return Station(window, context, wish.db, speaks, equipment, stops)


def _continue_in_moved_hall_if_known(desk: Desk, file: str, code: str) -> bool:
    """Let what is asked of a hall that has moved out of its file be done where it is now; whether this PC knows where,
    and the hall has its number there."""
    place, _hall = requested_place_and_hall_code(file, code)
    if not is_server_address(place):
        return False
    try:
        there = Database.open(place)
    except OutsideError:
        return False
    if network.hall_ids_by_code(there).get(code) != desk.hall:
        there.dispose()
        return False
    desk.db.redirect_writes_to(there)
    return True


def _new_period_reader(desk: Desk, clock: Callable[[], datetime]) -> PeriodFiguresReader:
    # With all that counts figures.
    from queuedesk.app.services.pictures import PeriodFiguresReader

    return PeriodFiguresReader(desk, clock)


def _new_voice_tester() -> VoiceTester:
    # With all that speaks.
    from queuedesk.app.services.speaking import VoiceTester

    return VoiceTester()


def _new_stored_report_tools(desk: Desk, clock: Callable[[], datetime]) -> StoredReportTools:
    # With all that compares a sheet with the log, and examines that.
    from queuedesk.app.services.kept_reports import StoredReportTools

    return StoredReportTools(desk, clock)


def _verify_sheet_claims(desk: Desk, sheet: str) -> Sequence[ClaimResult]:
    from queuedesk.app.services.kept_reports import verify_sheet_claims

    return verify_sheet_claims(desk, sheet)


def _new_hall_maintenance(desk: Desk, place: str, station: str, clock: Callable[[], datetime]) -> HallDataMaintenance:
    # With all that makes, proves and puts back backups.
    from queuedesk.app.services.care import HallDataMaintenance

    return HallDataMaintenance(desk, place, station, clock)


def _new_equipment_reporter(
    wish: StationBuildRequest, config: Config, desk: Desk, clock: Clock, tasks: StationTaskLanes, *, pc: str
) -> Equipment:
    """Return what reports of this process; a kiosk goes by its own name."""
    name = config.kiosk if wish.name == "kiosk" else wish.station_log_name
    return Equipment(desk, clock, tasks, wish.name, name, pc=pc, look_at_printer=watched_printer_status, died=wish.died)


def _actor_of_unattended_station(wish: StationBuildRequest, config: Config, pc: str) -> Actor | None:
    """Return who acts at a station that acts as itself; at the others somebody comes first."""
    if wish.name == "rating":
        return CUSTOMER
    if wish.name == "kiosk":
        return actor_of_station(station_name_at_pc(config.kiosk, pc))
    return actor_of_station(wish.station_log_name) if wish.name in ("display", "plate", "line") else None


def _page_options_from_pc_and_start(wish: StationBuildRequest, config: Config, setup: Setup, pc: str) -> dict[str, Any]:
    """Return what a page may want to know of this PC and of how it was started."""
    mine = screens.configured_screen_spec(config, wish.screen)
    return {
        "window": wish.window or _stored_counter_window(wish, config, setup),
        "zone": wish.zone or (mine.zone if mine is not None else None) or None,
        "layout": wish.layout or (mine.layout if mine is not None else None) or "auto",
        "screen": wish.screen,
        "screen_mm": screens.screen_size_pair_or_width_mm(config, wish.screen, guess=not wish.picture),
        "distance_m": mine.distance_m if mine is not None else None,
        "display": station_name_at_pc(wish.station_log_name, pc),
        "media_folder": config.media_folder or str(paths.data_folder() / "media"),
        "media_chosen": bool(config.media_folder),
        "flash": config.flash,
        "switches": config.switches,
        "switch_step_ms": config.switch_step_ms,
        "picture": wish.picture,
        "printer": config.printer,
        "bar_place": config.bar_place,
        "left_handed": config.left_handed,
    }


def _stored_counter_window(wish: StationBuildRequest, config: Config, setup: Setup) -> str | None:
    """Return the kept window of a counter that names none, if this hall has it; None for a picture."""
    goes_on = wish.name == "counter" and not wish.picture and config.window in setup.windows
    return config.window if goes_on else None


def shown_call_recorder(context: StationContext) -> Callable[[int], None]:
    """Return the display's way to note that it has drawn a call; it returns at once."""

    def note_shown(seq: int) -> None:
        work = partial(announcing.record_call_shown, context.desk, seq, context.own_name, context.clock())
        context.tasks.run_in_long_work_lane(work, _ignore_outcome, _ignore_outcome)

    return note_shown


def one_window_services(program: StationProgram) -> MultiStationWindowServices:
    request = program.request

    def show_until_closed(frame: OnePageWindow, begin: Callable[[], None]) -> int:
        if request.screenshot is not None:
            from queuedesk.stations.window.picture import save_page_pictures

            save_page_pictures(frame, Path(request.screenshot), program.screenshot_size())
            frame.stop_and_emit_gone()
            return 0
        open_window(frame, size=request.size, full_screen=False)
        begin()
        return program.run(frame)

    return MultiStationWindowServices(
        look=program.look,
        preferences=program.preferences,
        clock=program.clock,
        passed_s=steady_clock_s,
        on_bug=program.crash.log_and_report_bug,
        hall_asked=partial(requested_place_and_hall_code, request.db, request.hall),
        folder=config.ensure_data_folder,
        is_picture=request.screenshot is not None,
        is_heard=config.load_config().voice,
        note_shown_by=shown_call_recorder,
        speak=_start_hall_voice,
        show=show_until_closed,
    )


def _start_hall_voice(display: StationContext, tell: Callable[[str | None], None]) -> Callable[[], None]:
    """Say the calls of a display's hall, unless another program on this PC speaks."""
    from queuedesk.app.services.speaking import HallCallSpeaker

    voice = HallCallSpeaker(display.desk, display.feed, display.name, display.clock, tell=tell)
    display.services = replace(display.services, voice_status=voice.voice_status)

    def stop_voice() -> None:
        display.services = replace(display.services, voice_status=None)
        voice.stop()

    return stop_voice


def start_hall_command_in_background(place: str, hall: str, words: Sequence[str]) -> Callable[[], str | None]:
    return BackgroundCommand(["--db", place, "--hall", hall, "--json", *words]).output_if_ended


def _own_ip_addresses(version: int) -> list[str]:
    from queuedesk.app.hosting.hosting import own_ip_addresses  # with all of TLS

    return own_ip_addresses(version)


def _ignore_outcome(*_said: object) -> None:
    """A note that could not be kept costs nobody anything."""
