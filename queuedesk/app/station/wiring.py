"""Builds everything that a station's process works with, and stops it in the right order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from msgspec.structs import replace
from PySide6.QtCore import QTimer

from queuedesk import paths
from queuedesk.app.clock import Clock, LastEventClock, fixed_or_pc_clock, steady_clock_s
from queuedesk.app.services import printers
from queuedesk.app.services.papers import SlipAndReportPrinter, created_on_first_use
from queuedesk.app.services.printers import watched_printer_status
from queuedesk.app.services.repeated_work import DueReportWriter, repeated_backup_command
from queuedesk.app.services.sounds import KioskSpeech, StationSoundPlayer
from queuedesk.app.station import screens
from queuedesk.app.station.equipment import Equipment, PrinterTestListener
from queuedesk.app.station.own_hall import pc_name_in_hall, requested_hall_place_and_code
from queuedesk.app.station.program import HALL_THEMES, StationProgram
from queuedesk.app.this_pc import config
from queuedesk.app.this_pc.config import Config
from queuedesk.cli.job import read_json, write_json
from queuedesk.core.errors import OutsideError
from queuedesk.core.features import feature_stations_by_name
from queuedesk.core.network.roles import CUSTOMER, Actor, actor_of_station
from queuedesk.core.network.sharing import may_open_station
from queuedesk.core.setup.rows import Setup
from queuedesk.core.talk.screen import HALL_SCREENS, name_at_pc, station_name
from queuedesk.desk import looking, network
from queuedesk.desk.change import Desk
from queuedesk.desk.talk import announcing
from queuedesk.stations.window.context import HallFeed, InlineTasks, StationContext, StationServices, StationTaskLanes
from queuedesk.stations.window.frame import OnePageWindow, StationPage, open_window
from queuedesk.stations.window.preferences import Preferences
from queuedesk.stations.window.shell import VOICE_AFTER_MS, OneWindowServices, StationWindow
from queuedesk.stations.window.style import Look
from queuedesk.store.engine.address import is_server_address
from queuedesk.store.engine.database import Database
from queuedesk.store.log.journal import CallWithOutcome

if TYPE_CHECKING:
    from queuedesk.app.services.care import HallDataMaintenance
    from queuedesk.app.services.kept_reports import StoredReportTools
    from queuedesk.app.services.pictures import PeriodFiguresReader
    from queuedesk.app.services.speaking import HallCallSpeaker, VoiceTester
    from queuedesk.core.upkeep import ClaimResult

FULL_SCREEN = frozenset(HALL_SCREENS)
CATCH_UP_AFTER_MS = 500
STALE = timedelta(minutes=1)
"""A call older than this is not said by a display that comes back: its customer has looked up by now, or a recall is
due."""


def station_services(
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
        pictures=created_on_first_use(partial(_pictures, desk, clock)),
        voice_trials=created_on_first_use(_new_voice_tester),
        read_setup=read_json,
        write_setup=write_json,
    )


class StationBuildRequest(Struct, frozen=True, kw_only=True):
    """The station to build; `at` is the time at which its clock stands; a `picture` draws itself once, writes nothing
    and ends; `died` is why the process before it ended."""

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

    @property
    def station(self) -> str:
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
            self.context.tasks.start()
        self.window.start()
        if self.equipment is not None:
            self.equipment.start()
        if self.speaks:
            QTimer.singleShot(VOICE_AFTER_MS, self.window, self._give_voice)
        if self.context.name.startswith("display") and self.equipment is not None:
            QTimer.singleShot(CATCH_UP_AFTER_MS, self.window, self._catch_up)

    def _catch_up(self) -> None:
        """Report and speak the last calls that a killed display left over: they are on its screen by now."""
        context = self.context

        def take(calls: list[CallWithOutcome]) -> None:
            note, shows = context.services.note_shown, getattr(self.window.page, "shows", None)
            for call in calls:
                if note is not None and shows is not None and shows(call.window):
                    note(call.seq)
            if self._voice is not None:
                self._voice.say_unspoken_calls(calls)

        left_over = partial(announcing.unannounced_recent_calls, context.desk, context.clock(), STALE)
        context.tasks.run_in_side_lane(left_over, take, _ignore_outcome, may_drop=True)

    def _give_voice(self) -> None:
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
        context.services = replace(context.services, voice_status=voice.status)
        self._voice = voice

    def stop(self) -> None:
        """Stop everything that runs, in reverse order; a second call does nothing."""
        while self._stops:
            self._stops.pop()()


def page_of(name: str) -> tuple[Callable[[StationContext], StationPage], tuple[str, ...]]:
    at = feature_stations_by_name().get(name)
    module = import_module(f"queuedesk.{at.module if at is not None else f'stations.{name}.station'}")
    return module.build, tuple(module.ROLES)


def open_hall_and_build_station(
    wish: StationBuildRequest,
    *,
    config: Config,
    look: Look,
    preferences: Preferences,
    on_bug: Callable[[BaseException], None],
) -> Station:
    """Open the hall and build the station. Raises OutsideError "database_missing", "not_this_pc" …, RuleError
    "hall_needed", "unknown_hall"."""
    stops: list[Callable[[], None]] = []
    try:
        db = Database.open(wish.db)
        stops.append(db.dispose)
        build, roles = page_of(wish.name)
        desk = Desk(db, looking.hall_id_by_code(db, wish.hall))
        setup = looking.setup_of(desk)
        if not may_open_station(network.own_pc_kind(desk), wish.name):
            raise OutsideError("not_this_pc")
        pc = pc_name_in_hall(desk)
        if wish.window is not None:
            setup.window(wish.window)
        clock = fixed_or_pc_clock(wish.at)
        if setup.hall.simulated and wish.at is None:
            clock = LastEventClock(looking.last_event_time(desk) or clock())
        tasks: InlineTasks | StationTaskLanes = InlineTasks()
        equipment: Equipment | None = None
        if not wish.picture:
            tasks = lanes = StationTaskLanes(on_bug)
            lanes.hold()
            if wish.at is None and not setup.hall.simulated:
                equipment = _new_equipment_reporter(wish, config, desk, clock, tasks, pc=pc)
                # Before the lanes in this row, so that it stops when they are at rest.
                stops.append(equipment.stop)
            stops.append(lanes.stop)
        feed = HallFeed(desk, clock, on_bug=on_bug)
        if isinstance(clock, LastEventClock):
            clock.follow(lambda: feed.state.now.at or feed.opened)
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
            name=wish.station,
            pc=pc,
            who=_actor_of_unattended_station(wish, config, pc),
            services=station_services(
                desk,
                clock,
                sounds,
                equipment.printed if equipment is not None else _ignore_outcome,
                is_manager=wish.name == "manager",
            ),
            options=_station_options(wish, config, setup, pc),
        )
        if not wish.picture:
            reports = DueReportWriter(
                wish.db,
                setup,
                feed,
                clock,
                by_itself=wish.at is None and _writes_automatic_reports(wish, config, db),
                counts=wish.name not in HALL_SCREENS,
            )
            stops.append(reports.stop)
            context.services = replace(context.services, due_reports=reports)
            if wish.name == "manager":
                context.services = replace(
                    context.services,
                    kept_reports=created_on_first_use(partial(_new_stored_report_tools, desk, clock)),
                    check_sheet=partial(_check_sheet, desk),
                )
            if wish.at is None:
                context.services = replace(
                    context.services, look_for_backups=repeated_backup_command(db, wish.db, clock).look
                )
        if equipment is not None and wish.name == "manager":
            from queuedesk.app.services.sharing import SharingTools

            care = created_on_first_use(partial(_new_hall_maintenance, desk, wish.db, context.own_name, clock))
            context.services = replace(
                context.services,
                sharing=SharingTools(desk, wish.db, clock),
                care=care,
                owners_database=lambda: care.owners(),  # noqa: PLW0108 - asked for `owners`, it is loaded
            )
        if equipment is not None:
            context.services = replace(context.services, watch_printer=equipment.watch_printer)
            stops.append(PrinterTestListener(wish.name, context, equipment, clock).stop)
        if wish.name in ("kiosk", "rating"):
            speech = KioskSpeech(config.voice and not wish.picture)
            stops.append(speech.stop)
            context.services = replace(context.services, speech=speech)
        if wish.name == "display":
            context.services = replace(
                context.services, note_shown=_ignore_outcome if wish.picture else call_shown_recorder(context)
            )
            if equipment is not None:
                context.services = replace(context.services, report_media=equipment.showed)
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
            tasks.unanswered.connect(window.unanswered.keep)
        elif isinstance(tasks, StationTaskLanes):
            tasks.follow = partial(_continue_in_moved_hall, desk, wish.db, setup.hall.code)
            feed.knows_where = lambda: is_server_address(requested_hall_place_and_code(wish.db, setup.hall.code)[0])
    except BaseException:
        while stops:
            stops.pop()()
        raise
    speaks = wish.name == "display" and config.voice and not wish.picture
    return Station(window, context, wish.db, speaks, equipment, stops)


def _continue_in_moved_hall(desk: Desk, file: str, code: str) -> bool:
    """Let what is asked of a hall that has moved out of its file be done where it is now; whether this PC knows where,
    and the hall has its number there."""
    place, _hall = requested_hall_place_and_code(file, code)
    if not is_server_address(place):
        return False
    try:
        there = Database.open(place)
    except OutsideError:
        return False
    if network.hall_ids_by_code(there).get(code) != desk.hall:
        there.dispose()
        return False
    desk.db.write_to_successor(there)
    return True


def _pictures(desk: Desk, clock: Callable[[], datetime]) -> PeriodFiguresReader:
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


def _check_sheet(desk: Desk, sheet: str) -> Sequence[ClaimResult]:
    from queuedesk.app.services.kept_reports import check_sheet

    return check_sheet(desk, sheet)


def _new_hall_maintenance(desk: Desk, place: str, station: str, clock: Callable[[], datetime]) -> HallDataMaintenance:
    # With all that makes, proves and puts back backups.
    from queuedesk.app.services.care import HallDataMaintenance

    return HallDataMaintenance(desk, place, station, clock)


def _writes_automatic_reports(wish: StationBuildRequest, config: Config, db: Database) -> bool:
    """Whether automatic reports run here: for a shared hall only at a manager's station or with a chosen folder."""
    return not db.is_shared or wish.name == "manager" or bool(config.reports_folder)


def _new_equipment_reporter(
    wish: StationBuildRequest, config: Config, desk: Desk, clock: Clock, tasks: StationTaskLanes, *, pc: str
) -> Equipment:
    """Return what reports of this process; a kiosk goes by its own name."""
    name = config.kiosk if wish.name == "kiosk" else wish.station
    return Equipment(desk, clock, tasks, wish.name, name, pc=pc, look_at_printer=watched_printer_status, died=wish.died)


def _actor_of_unattended_station(wish: StationBuildRequest, config: Config, pc: str) -> Actor | None:
    """Return who acts at a station that acts as itself; at the others somebody comes first."""
    if wish.name == "rating":
        return CUSTOMER
    if wish.name == "kiosk":
        return actor_of_station(name_at_pc(config.kiosk, pc))
    return actor_of_station(wish.station) if wish.name in ("display", "plate", "line") else None


def _station_options(wish: StationBuildRequest, config: Config, setup: Setup, pc: str) -> dict[str, Any]:
    """Return what a page may want to know of this PC and of how it was started."""
    mine = screens.configured_screen_spec(config, wish.screen)
    return {
        "window": wish.window or _stored_counter_window(wish, config, setup),
        "zone": wish.zone or (mine.zone if mine is not None else None) or None,
        "layout": wish.layout or (mine.layout if mine is not None else None) or "auto",
        "screen": wish.screen,
        "screen_mm": screens.screen_size_or_width_mm(config, wish.screen, guess=not wish.picture),
        "distance_m": mine.distance_m if mine is not None else None,
        "display": name_at_pc(wish.station, pc),
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


def call_shown_recorder(context: StationContext) -> Callable[[int], None]:
    """Return the display's way to note that it has drawn a call; it returns at once."""

    def note_shown(seq: int) -> None:
        work = partial(announcing.record_call_shown, context.desk, seq, context.own_name, context.clock())
        context.tasks.run_in_long_work_lane(work, _ignore_outcome, _ignore_outcome)

    return note_shown


def one_window(program: StationProgram) -> OneWindowServices:
    request = program.request

    def show(frame: OnePageWindow, begin: Callable[[], None]) -> int:
        if request.screenshot is not None:
            from queuedesk.stations.window.picture import save_page_pictures

            save_page_pictures(frame, Path(request.screenshot), program.screenshot_size())
            frame.end()
            return 0
        open_window(frame, size=request.size, full_screen=False)
        begin()
        return program.run(frame)

    return OneWindowServices(
        look=program.look,
        preferences=program.preferences,
        clock=program.clock,
        passed_s=steady_clock_s,
        on_bug=program.crash.take,
        hall_asked=partial(requested_hall_place_and_code, request.db, request.hall),
        folder=config.ensure_data_folder,
        is_picture=request.screenshot is not None,
        is_heard=config.load_config().voice,
        note_shown_by=call_shown_recorder,
        speak=_start_hall_voice,
        show=show,
    )


def _start_hall_voice(display: StationContext, tell: Callable[[str | None], None]) -> Callable[[], None]:
    """Say the calls of a display's hall, unless another program on this PC speaks."""
    from queuedesk.app.services.speaking import HallCallSpeaker

    voice = HallCallSpeaker(display.desk, display.feed, display.name, display.clock, tell=tell)
    display.services = replace(display.services, voice_status=voice.status)

    def end() -> None:
        display.services = replace(display.services, voice_status=None)
        voice.stop()

    return end


def _ignore_outcome(*_said: object) -> None:
    """A note that could not be kept costs nobody anything."""
