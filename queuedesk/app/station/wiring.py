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
from queuedesk.app.clock import Clock, HallClock, clock_at, passed_s
from queuedesk.app.services import printers
from queuedesk.app.services.papers import PaperTools, late
from queuedesk.app.services.printers import watched_status
from queuedesk.app.services.repeated_work import OwnReports, own_backups
from queuedesk.app.services.sounds import Sounds, Speech
from queuedesk.app.station import screens
from queuedesk.app.station.equipment import Equipment, PrinterTrials
from queuedesk.app.station.own_hall import hall_asked, pc_here
from queuedesk.app.station.program import HALL_THEMES, Program
from queuedesk.app.this_pc import config
from queuedesk.app.this_pc.config import Config
from queuedesk.cli.job import read_json, write_json
from queuedesk.core.errors import OutsideError
from queuedesk.core.features import added_stations
from queuedesk.core.network.roles import CUSTOMER, Actor, station
from queuedesk.core.network.sharing import may_open
from queuedesk.core.setup.rows import Setup
from queuedesk.core.talk.screen import HALL_SCREENS, name_at_pc, station_name
from queuedesk.desk import looking, network
from queuedesk.desk.change import Desk
from queuedesk.desk.talk import announcing
from queuedesk.stations.window.context import HallFeed, InlineTasks, Services, StationContext, Tasks
from queuedesk.stations.window.frame import Frame, StationPage, open_window
from queuedesk.stations.window.preferences import Preferences
from queuedesk.stations.window.shell import VOICE_AFTER_MS, OneWindow, StationWindow
from queuedesk.stations.window.style import Look
from queuedesk.store.engine.address import is_server
from queuedesk.store.engine.database import Database
from queuedesk.store.log.journal import CallSent

if TYPE_CHECKING:
    from queuedesk.app.services.care import CareTools
    from queuedesk.app.services.kept_reports import KeptReports
    from queuedesk.app.services.pictures import Pictures
    from queuedesk.app.services.speaking import HallVoice, VoiceTrials
    from queuedesk.core.upkeep import ClaimResult

FULL_SCREEN = frozenset(HALL_SCREENS)
CATCH_UP_AFTER_MS = 500
STALE = timedelta(minutes=1)
"""A call older than this is not said by a display that comes back: its customer has looked up by now, or a recall is
due."""


def station_services(
    desk: Desk,
    clock: Callable[[], datetime],
    sounds: Sounds,
    tell: Callable[[str | None], None] = lambda _cause: None,
    *,
    is_manager: bool = False,
) -> Services:
    """Return the services for every station, with a manager's where it is one; `tell` as in PaperTools."""
    services = Services(
        sounds=sounds,
        paper=PaperTools(desk, clock, tell),
        printers=printers,
        sheet_printer=printers,
        own_choices=config,
        folder=config.made_folder,
    )
    if not is_manager:
        return services
    return replace(
        services,
        pictures=late(partial(_pictures, desk, clock)),
        voice_trials=late(_voice_trials),
        read_setup=read_json,
        write_setup=write_json,
    )


class Wish(Struct, frozen=True, kw_only=True):
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
    _voice: HallVoice | None = None

    def start(self) -> None:
        """Start following the hall; the voice comes after the first picture."""
        if isinstance(self.context.tasks, Tasks):
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

        def take(calls: list[CallSent]) -> None:
            note, shows = context.services.note_shown, getattr(self.window.page, "shows", None)
            for call in calls:
                if note is not None and shows is not None and shows(call.window):
                    note(call.seq)
            if self._voice is not None:
                self._voice.say_left_over(calls)

        left_over = partial(announcing.calls_to_catch_up, context.desk, context.clock(), STALE)
        context.tasks.run_aside(left_over, take, _nothing, may_drop=True)

    def _give_voice(self) -> None:
        from queuedesk.app.services.speaking import HallVoice

        context = self.context
        told = self.equipment
        tell, fell_out = (told.spoke, told.fell_out) if told is not None else (_nothing, _nothing)
        voice = HallVoice(context.desk, context.feed, context.own_name, context.clock, tell=tell, fell_out=fell_out)
        self._stops.append(voice.stop)
        context.services = replace(context.services, voice_status=voice.status)
        self._voice = voice

    def stop(self) -> None:
        """Stop everything that runs, in reverse order; a second call does nothing."""
        while self._stops:
            self._stops.pop()()


def page_of(name: str) -> tuple[Callable[[StationContext], StationPage], tuple[str, ...]]:
    at = added_stations().get(name)
    module = import_module(f"queuedesk.{at.module if at is not None else f'stations.{name}.station'}")
    return module.build, tuple(module.ROLES)


def build_station(
    wish: Wish,
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
        desk = Desk(db, looking.hall_by_code(db, wish.hall))
        setup = looking.setup_of(desk)
        if not may_open(network.own_kind(desk), wish.name):
            raise OutsideError("not_this_pc")
        pc = pc_here(desk)
        if wish.window is not None:
            setup.window(wish.window)
        clock = clock_at(wish.at)
        if setup.hall.simulated and wish.at is None:
            clock = HallClock(looking.last_moment(desk) or clock())
        tasks: InlineTasks | Tasks = InlineTasks()
        equipment: Equipment | None = None
        if not wish.picture:
            tasks = lanes = Tasks(on_bug)
            lanes.hold()
            if wish.at is None and not setup.hall.simulated:
                equipment = _equipment(wish, config, desk, clock, tasks, pc=pc)
                # Before the lanes in this row, so that it stops when they are at rest.
                stops.append(equipment.stop)
            stops.append(lanes.stop)
        feed = HallFeed(desk, clock, on_bug=on_bug)
        if isinstance(clock, HallClock):
            clock.follow(lambda: feed.state.now.at or feed.opened)
        if not wish.picture:
            # The feed stops behind lanes and equipment: it notices that a server is silent, and lets go whoever waits
            # for it. What is only read by then ends at once.
            stops[1:1] = [feed.stop, db.interrupt]
        sounds = Sounds(config.voice and not wish.picture)
        stops.append(sounds.stop)
        context = StationContext(
            desk=desk,
            feed=feed,
            tasks=tasks,
            look=look,
            clock=clock,
            name=wish.station,
            pc=pc,
            who=_own_actor(wish, config, pc),
            services=station_services(
                desk,
                clock,
                sounds,
                equipment.printed if equipment is not None else _nothing,
                is_manager=wish.name == "manager",
            ),
            options=_options(wish, config, setup, pc),
        )
        if not wish.picture:
            reports = OwnReports(
                wish.db,
                setup,
                feed,
                clock,
                by_itself=wish.at is None and _keeps_reports(wish, config, db),
                counts=wish.name not in HALL_SCREENS,
            )
            stops.append(reports.stop)
            context.services = replace(context.services, due_reports=reports)
            if wish.name == "manager":
                context.services = replace(
                    context.services,
                    kept_reports=late(partial(_kept_reports, desk, clock)),
                    check_sheet=partial(_check_sheet, desk),
                )
            if wish.at is None:
                context.services = replace(context.services, look_for_backups=own_backups(db, wish.db, clock).look)
        if equipment is not None and wish.name == "manager":
            from queuedesk.app.services.sharing import SharingTools

            care = late(partial(_care_tools, desk, wish.db, context.own_name, clock))
            context.services = replace(
                context.services,
                sharing=SharingTools(desk, wish.db, clock),
                care=care,
                owners_database=lambda: care.owners(),  # noqa: PLW0108 - asked for `owners`, it is loaded
            )
        if equipment is not None:
            context.services = replace(context.services, watch_printer=equipment.watch_printer)
            stops.append(PrinterTrials(wish.name, context, equipment, clock).stop)
        if wish.name in ("kiosk", "rating"):
            speech = Speech(config.voice and not wish.picture)
            stops.append(speech.stop)
            context.services = replace(context.services, speech=speech)
        if wish.name == "display":
            context.services = replace(
                context.services, note_shown=_nothing if wish.picture else note_shown_by(context)
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
        if isinstance(tasks, Tasks) and desk.db.is_shared:
            tasks.trouble = lambda: feed.trouble if isinstance(feed.trouble, OutsideError) else None
            tasks.unanswered.connect(window.unanswered.keep)
        elif isinstance(tasks, Tasks):
            tasks.follow = partial(_follow, desk, wish.db, setup.hall.code)
            feed.knows_where = lambda: is_server(hall_asked(wish.db, setup.hall.code)[0])
    except BaseException:
        while stops:
            stops.pop()()
        raise
    speaks = wish.name == "display" and config.voice and not wish.picture
    return Station(window, context, wish.db, speaks, equipment, stops)


def _follow(desk: Desk, file: str, code: str) -> bool:
    """Let what is asked of a hall that has moved out of its file be done where it is now; whether this PC knows where,
    and the hall has its number there."""
    place, _hall = hall_asked(file, code)
    if not is_server(place):
        return False
    try:
        there = Database.open(place)
    except OutsideError:
        return False
    if network.hall_codes(there).get(code) != desk.hall:
        there.dispose()
        return False
    desk.db.go_on_in(there)
    return True


def _pictures(desk: Desk, clock: Callable[[], datetime]) -> Pictures:
    # With all that counts figures.
    from queuedesk.app.services.pictures import Pictures

    return Pictures(desk, clock)


def _voice_trials() -> VoiceTrials:
    # With all that speaks.
    from queuedesk.app.services.speaking import VoiceTrials

    return VoiceTrials()


def _kept_reports(desk: Desk, clock: Callable[[], datetime]) -> KeptReports:
    # With all that compares a sheet with the log, and examines that.
    from queuedesk.app.services.kept_reports import KeptReports

    return KeptReports(desk, clock)


def _check_sheet(desk: Desk, sheet: str) -> Sequence[ClaimResult]:
    from queuedesk.app.services.kept_reports import check_sheet

    return check_sheet(desk, sheet)


def _care_tools(desk: Desk, place: str, station: str, clock: Callable[[], datetime]) -> CareTools:
    # With all that makes, proves and puts back backups.
    from queuedesk.app.services.care import CareTools

    return CareTools(desk, place, station, clock)


def _keeps_reports(wish: Wish, config: Config, db: Database) -> bool:
    """Whether automatic reports run here: for a shared hall only at a manager's station or with a chosen folder."""
    return not db.is_shared or wish.name == "manager" or bool(config.reports_folder)


def _equipment(wish: Wish, config: Config, desk: Desk, clock: Clock, tasks: Tasks, *, pc: str) -> Equipment:
    """Return what reports of this process; a kiosk goes by its own name."""
    name = config.kiosk if wish.name == "kiosk" else wish.station
    return Equipment(desk, clock, tasks, wish.name, name, pc=pc, look_at_printer=watched_status, died=wish.died)


def _own_actor(wish: Wish, config: Config, pc: str) -> Actor | None:
    """Return who acts at a station that acts as itself; at the others somebody comes first."""
    if wish.name == "rating":
        return CUSTOMER
    if wish.name == "kiosk":
        return station(name_at_pc(config.kiosk, pc))
    return station(wish.station) if wish.name in ("display", "plate", "line") else None


def _options(wish: Wish, config: Config, setup: Setup, pc: str) -> dict[str, Any]:
    """Return what a page may want to know of this PC and of how it was started."""
    mine = screens.spec_for(config, wish.screen)
    return {
        "window": wish.window or _kept_window(wish, config, setup),
        "zone": wish.zone or (mine.zone if mine is not None else None) or None,
        "layout": wish.layout or (mine.layout if mine is not None else None) or "auto",
        "screen": wish.screen,
        "screen_mm": screens.size_of(config, wish.screen, guess=not wish.picture),
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


def _kept_window(wish: Wish, config: Config, setup: Setup) -> str | None:
    """Return the kept window of a counter that names none, if this hall has it; None for a picture."""
    goes_on = wish.name == "counter" and not wish.picture and config.window in setup.windows
    return config.window if goes_on else None


def note_shown_by(context: StationContext) -> Callable[[int], None]:
    """Return the display's way to note that it has drawn a call; it returns at once."""

    def note_shown(seq: int) -> None:
        work = partial(announcing.note_shown, context.desk, seq, context.own_name, context.clock())
        context.tasks.run_long(work, _nothing, _nothing)

    return note_shown


def one_window(program: Program) -> OneWindow:
    request = program.request

    def show(frame: Frame, begin: Callable[[], None]) -> int:
        if request.screenshot is not None:
            from queuedesk.stations.window.picture import take_picture

            take_picture(frame, Path(request.screenshot), program.picture_size())
            frame.end()
            return 0
        open_window(frame, size=request.size, full_screen=False)
        begin()
        return program.run(frame)

    return OneWindow(
        look=program.look,
        preferences=program.preferences,
        clock=program.clock,
        passed_s=passed_s,
        on_bug=program.crash.take,
        hall_asked=partial(hall_asked, request.db, request.hall),
        folder=config.made_folder,
        is_picture=request.screenshot is not None,
        is_heard=config.load().voice,
        note_shown_by=note_shown_by,
        speak=_speak,
        show=show,
    )


def _speak(display: StationContext, tell: Callable[[str | None], None]) -> Callable[[], None]:
    """Say the calls of a display's hall, unless another program on this PC speaks."""
    from queuedesk.app.services.speaking import HallVoice

    voice = HallVoice(display.desk, display.feed, display.name, display.clock, tell=tell)
    display.services = replace(display.services, voice_status=voice.status)

    def end() -> None:
        display.services = replace(display.services, voice_status=None)
        voice.stop()

    return end


def _nothing(*_said: object) -> None:
    """A note that could not be kept costs nobody anything."""
