"""What home does: makes a hall, joins one, remembers the choice, starts stations, and changes the settings of this PC:
what each screen shows, its size, folders, and what opens at log-in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace
from PySide6.QtCore import QObject, Signal

from queuedesk.core.errors import OutsideError, QueueDeskError
from queuedesk.core.features import feature_name_owning_command
from queuedesk.core.log.state import HallState
from queuedesk.core.network.roles import CONSOLE
from queuedesk.core.network.sharing import PcKind, normalize_join_code
from queuedesk.core.queue.ticket import WindowState
from queuedesk.core.setup.file import setup_from_document
from queuedesk.core.setup.rows import Setup
from queuedesk.core.talk.screen import CLOSED, HALL_SCREENS, OPENING, RunningStation, ScreenState, split_station_and_pc
from queuedesk.desk import looking, network, setting_up
from queuedesk.desk.change import Ask, Desk
from queuedesk.desk.queue import opening
from queuedesk.i18n import current_language, name_in_language
from queuedesk.stations.home.hall_draft import HallDraft
from queuedesk.stations.window.context import StationServices, WorkLanes
from queuedesk.store.engine.database import Database

SCREENS = "screens"


class ThisPcActions(Struct, frozen=True, kw_only=True):
    """What the page may do on this PC; `app` provides it. Each raises OutsideError "cannot_write", `change` also
    RuleError "bad_value". `change(screen, fields)` says what a screen shows, `remove(screen)` that it shows nothing;
    `open(words)` opens all of them in the hall that the words name. `opening()` names what opens at log-in.
    `folder(part)` and `choose_folder(part, path)` are about "media" and "clips"; `printer()` names the one chosen for
    this PC, "" for the system's own; `services` are those that choose another."""

    shown: Callable[[], list[ScreenState]]
    change: Callable[[str, Mapping[str, Any]], object]
    remove: Callable[[str], object]
    open: Callable[[list[str]], object]
    opening: Callable[[], list[str]]
    open_at_start: Callable[[str, list[str] | None], object]
    folder: Callable[[str], str]
    choose_folder: Callable[[str, str], object]
    printer: Callable[[], str]
    services: StationServices


class ThisPcController(QObject):
    """`changed` when something has changed, `refused` with a screen's name ("" for none) and the trouble."""

    changed = Signal()
    opened = Signal()
    refused = Signal(str, object)

    def __init__(
        self, deeds: ThisPcActions, hall_words: Callable[[], list[str]], parent: QObject | None = None
    ) -> None:
        """`hall_words` are the words before a command that name the hall."""
        super().__init__(parent)
        self.deeds, self._hall_words = deeds, hall_words

    def screen_states(self) -> list[ScreenState]:
        return self.deeds.shown()

    def show_station_on_screen(self, screen: str, station: str, *, window: str = "") -> None:
        """Show a station on a screen, "" for nothing of the hall; a plate needs its window at once."""
        if station:
            fields = {"station": station, **({"window": window} if window else {})}
            self._run_and_emit_outcome(screen, lambda: self.deeds.change(screen, fields))
        else:
            self._run_and_emit_outcome(screen, lambda: self.deeds.remove(screen))

    def change_screen(self, screen: str, **fields: Any) -> None:
        self._run_and_emit_outcome(screen, lambda: self.deeds.change(screen, fields))

    def open_screens(self) -> None:
        """Open what the screens show; open ones are reopened with the changes."""
        if self._run_and_emit_outcome("", lambda: self.deeds.open(self._hall_words())):
            self.opened.emit()

    def is_opened_at_login(self) -> bool:
        return SCREENS in self.deeds.opening()

    def set_screens_opened_at_login(self, wanted: bool) -> None:
        words = [*self._hall_words(), SCREENS] if wanted else None
        self._run_and_emit_outcome("", lambda: self.deeds.open_at_start(SCREENS, words))

    def choose_folder(self, part: str, path: str) -> None:
        self._run_and_emit_outcome("", lambda: self.deeds.choose_folder(part, path))

    def _run_and_emit_outcome(self, screen: str, work: Callable[[], object]) -> bool:
        try:
            work()
        except QueueDeskError as trouble:
            self.refused.emit(screen, trouble)
            return False
        self.changed.emit()
        return True


FOR_CUSTOMERS = ("display", "kiosk", "plate", "line", "rating")
AT_A_WINDOW = ("counter", "plate", "line", "rating")
NEEDS_WINDOW = ("plate",)
LONGEST_START = timedelta(seconds=30)
"""A station that has not come by then did not open."""
MOST_TO_CHOOSE = 9
"""Of more halls one is named with --hall."""


class HomeOutsideCalls(Struct, frozen=True, kw_only=True):
    """What home may do outside its own window; `app` gives them. `start(words)` starts a process of this program,
    `read_file(path)` reads a set-up file, `keep(choices)` writes this PC's file, `open_at_start(command lines)` sets
    what opens with the PC; `here(place, now)` tells which stations of a database run on this PC or did so today,
    `order(key, "front" or "close")` is done by such a station. All but `here` raise OutsideError. `timezone()` names
    the system's zone."""

    start: Callable[[list[str]], None]
    read_file: Callable[[Path], Any]
    keep: Callable[[Mapping[str, object]], object]
    open_at_start: Callable[[list[list[str]]], None]
    timezone: Callable[[], str]
    here: Callable[[str, datetime], list[RunningStation]] = lambda _place, _now: []
    hall_now: Callable[[], tuple[Path | str, str | None]] | None = None
    """Gives where this PC's hall is now, and its code: a hall in use may be shared at any moment."""
    order: Callable[[str, str], None] = lambda _key, _what: None


class LastStationChoice(Struct, frozen=True, kw_only=True):
    station: str = ""
    window: str = ""
    open_at_start: bool = False


class OpenWindowOfHall(Struct, frozen=True):
    """A window of the hall that is not closed: who is there, and on which PC where several share the hall."""

    state: WindowState
    who: str
    pc: str = ""


class FoundHall(Struct):
    setup: Setup
    is_open: bool = False
    is_locked: bool = False
    """Whether full screens are left with a manager's PIN only."""
    codes: list[str] = field(default_factory=list)
    kind: PcKind | None = None
    """What this PC is in a hall that several share."""
    pc: str = ""
    """What that hall calls it."""
    taken: Mapping[str, OpenWindowOfHall] = field(default_factory=dict)


class OneTaskAtATimeRunner(QObject):
    """Does one thing at a time: `refused` gives its trouble, `busy_changed` says whether something is under way."""

    refused = Signal(object)
    busy_changed = Signal(bool)

    def __init__(self, tasks: WorkLanes, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks, self._busy = tasks, False

    @property
    def is_busy(self) -> bool:
        return self._busy

    def run_unless_busy(
        self, work: Callable[[], object], done: Callable[[], object], *, in_long_work_lane: bool = False
    ) -> None:
        if self._busy:
            return
        self._set_busy_and_emit(True)

        def on_work_done(_answer: object) -> None:
            self._set_busy_and_emit(False)
            done()

        lane = self._tasks.run_in_long_work_lane if in_long_work_lane else self._tasks.run
        lane(work, on_work_done, self._end_busy_and_emit_refusal)

    def _end_busy_and_emit_refusal(self, trouble: QueueDeskError) -> None:
        self._set_busy_and_emit(False)
        self.refused.emit(trouble)

    def _set_busy_and_emit(self, busy: bool) -> None:
        self._busy = busy
        self.busy_changed.emit(busy)


class HomeController(OneTaskAtATimeRunner):
    """`made` when a hall was made, `entered` when a station was started, `refused` with the trouble, `looked` with the
    FoundHall, `here_changed` when the stations of this PC (`here`) are other than before, `moved` when its hall
    is elsewhere now, as it was shared. `hall_wanted` gives the (code, name, English name) of each hall where the
    database holds a few and nobody said which one is meant."""

    made = Signal()
    entered = Signal(str)
    looked = Signal(object)
    hall_wanted = Signal(list)
    here_changed = Signal()
    moved = Signal()

    def __init__(
        self,
        place: Path | str,
        tasks: WorkLanes,
        clock: Callable[[], datetime],
        deeds: HomeOutsideCalls,
        *,
        hall: str | None = None,
        own_hall: str | None = None,
        is_named: bool = False,
        choice: LastStationChoice | None = None,
        parent: QObject | None = None,
    ) -> None:
        """`place`: file or server; `is_named`: chosen, so stations get it and `hall`; `own_hall`: their default."""
        super().__init__(tasks, parent)
        self.place, self.clock, self.choice = place, clock, choice or LastStationChoice()
        self._deeds, self._hall, self._is_named, self._own_hall = deeds, hall, is_named, own_hall
        self.here: list[RunningStation] = []
        """The stations that were opened on this PC, in the order of their opening."""
        self._begun: list[RunningStation] = []
        self._places: dict[tuple[str, str], int] = {}

    def switch_to_hall_at(self, place: Path | str, hall: str | None) -> None:
        """Work from now on with the hall joined, or where it was shared; stations find it by themselves."""
        self.place, self._own_hall = place, hall
        self._hall, self._is_named = None, False
        self.here, self._begun, self._places = [], [], {}

    def hall_exists(self) -> bool:
        """Whether there is a hall, in any state: then home never offers to make one."""
        return isinstance(self.place, str) or self.place.exists()

    def setup_of_named_preset(self, name: str) -> Setup:
        return setup_from_document(setting_up.preset_setup_document(name))

    # -- making a hall --
    def draft_from_preset(self, preset: str) -> HallDraft:
        return HallDraft.from_preset(
            preset, setting_up.preset_setup_document(preset), lang=current_language(), timezone=self._deeds.timezone()
        )

    def create_hall_from_draft(self, draft: HallDraft, *, all_hours: bool) -> None:
        document, pins = draft.finished_document(), draft.pins
        self._create_hall_and_print(lambda: document, all_hours=all_hours, pins=pins)

    def create_hall_from_setup_file(self, path: Path, *, all_hours: bool) -> None:
        def read() -> Mapping[str, Any]:
            document = self._deeds.read_file(path)
            if not isinstance(document, dict):
                raise OutsideError("wrong_kind", path=str(path))
            return document

        self._create_hall_and_print(read, all_hours=all_hours)

    def _create_hall_and_print(
        self, read: Callable[[], Mapping[str, Any]], *, all_hours: bool, pins: Mapping[str, str] | None = None
    ) -> None:
        """Make a hall; a file brings its own time zone and languages."""
        place, now = self.place, self.clock()

        def create_hall() -> None:
            if isinstance(place, Path):
                _make_folder(place.parent)
            document = setting_up.setup_document_for_new_hall(read(), all_hours=all_hours)
            desk = setting_up.create_hall(place, document, Ask(CONSOLE, now))
            with desk.db:
                if pins:
                    setting_up.save_setup_rows(desk, Ask(CONSOLE, now), [], dict(pins))

        self.run_unless_busy(create_hall, self.made.emit)

    # -- the hall that is there --
    def read_hall(self) -> None:
        """Read the hall's name, windows and whether it is open; `looked`, `hall_wanted` or `refused` follows."""
        place, code, now = self.place, self._hall or self._own_hall, self.clock()

        def read_hall_or_choices() -> FoundHall | list[tuple[str, str, str]]:
            with Database.open(place) as db:
                if code is None and 1 < len(names := looking.hall_codes_and_names(db)) <= MOST_TO_CHOOSE:
                    return names
                desk = Desk(db, looking.hall_id_by_code(db, code))
                state = looking.hall_state_now(desk, now)
                setup = looking.setup_of_hall(desk)
                is_locked = opening.has_any_manager_pin(desk)
                own = network.own_pc(desk) if db.is_shared else None
            taken = _open_windows_by_code(state, setup)
            there = FoundHall(setup, bool(taken), is_locked, list(setup.windows), taken=taken)
            return replace(there, kind=own.kind, pc=own.name) if own is not None else there

        def on_hall_read(found: FoundHall | list[tuple[str, str, str]]) -> None:
            if isinstance(found, list):
                self.hall_wanted.emit(found)
            else:
                self.looked.emit(found)

        self._tasks.run(read_hall_or_choices, on_hall_read, self.refused.emit)

    def switch_to_hall(self, code: str) -> None:
        """Work with that hall of several, and read it; stations are told which."""
        self._hall = code
        self.read_hall()

    def enter_station(self, station: str, *, window: str = "", is_opened_at_login: bool = False) -> None:
        """Start the station as a process of its own and remember the choice; one that runs comes to the front."""
        window = window if station in AT_A_WINDOW else ""
        there = self.running_station(station, window)
        if there is not None:
            self.bring_forward(there)
            return
        words = self.station_command_line(station, window)
        self.choice = replace(self.choice, open_at_start=is_opened_at_login)
        choices: dict[str, object] = {"station": station, "open_at_start": is_opened_at_login}
        if station in AT_A_WINDOW:
            choices["window"] = window

        self._start_station_and_save_choices(
            RunningStation(key="", station=station, window=window, words=tuple(words)), choices
        )

    def _start_station_and_save_choices(self, one: RunningStation, choices: Mapping[str, object]) -> None:
        at_start = [*self._commands_of_open_stations(), list(one.words)] if self.choice.open_at_start else []

        def save_choices_and_start() -> None:
            self._deeds.keep(choices)
            self._deeds.open_at_start(at_start)
            self._deeds.start(list(one.words))

        def note_opening_and_emit_entered() -> None:
            self._begun.append(replace(one, state=OPENING, since=self.clock()))
            self.refresh_local_stations()
            self.entered.emit(one.station)

        self.run_unless_busy(save_choices_and_start, note_opening_and_emit_entered)

    # -- what runs on this PC --
    def refresh_local_stations(self) -> None:
        """Find the hall and the stations that run on this PC; emit `moved` and `here_changed` on a change."""
        self._follow_moved_hall()
        now = self.clock()
        found = self._deeds.here(str(self.place), now)
        running = {_station_and_window(one) for one in found if one.state != CLOSED}
        self._begun = [
            one
            for one in self._begun
            if _station_and_window(one) not in running and one.since and now - one.since < LONGEST_START
        ]
        begun = {_station_and_window(one) for one in self._begun}
        newest = {_station_and_window(one): one for one in found if one.state == CLOSED}
        here = [
            one
            for one in found
            if _station_and_window(one) not in begun
            and (
                one.state != CLOSED
                or (_station_and_window(one) not in running and newest[_station_and_window(one)] is one)
            )
        ]
        here += self._begun
        for one in here:
            self._places.setdefault(_station_and_window(one), len(self._places))
        # A row keeps its place as long as home is open: the next press must not meet another station.
        here.sort(key=lambda one: self._places[_station_and_window(one)])
        if here != self.here:
            self.here = here
            self.here_changed.emit()

    def _follow_moved_hall(self) -> None:
        if self._deeds.hall_now is None or not self.hall_exists():
            return
        with suppress(OutsideError):  # Whoever opens the hall is told.
            place, hall = self._deeds.hall_now()
            if str(place) != str(self.place):
                self.switch_to_hall_at(place, hall)
                self.moved.emit()

    def is_any_station_open(self) -> bool:
        return any(one.state != CLOSED for one in self.here)

    def running_station(self, station: str, window: str = "") -> RunningStation | None:
        spot = (station, window)
        return next(
            (one for one in self.here if _station_and_window(one) == spot and one.state not in (OPENING, CLOSED)), None
        )

    def bring_forward(self, one: RunningStation) -> None:
        self._send_order_to_station(one, "front")

    def close(self, one: RunningStation) -> None:
        """Close a station of this PC; it asks first where somebody is being served."""
        self._send_order_to_station(one, "close")

    def _send_order_to_station(self, one: RunningStation, what: str) -> None:
        """Order something of a station, whatever else home is busy with: two presses on two stations are both meant."""
        self._tasks.run(lambda: self._deeds.order(one.key, what), lambda _none: None, self.refused.emit)

    def reopen_closed_station(self, one: RunningStation) -> None:
        """Open a station that was closed as it was opened before."""
        self._start_station_and_save_choices(one, {})

    def save_whether_stations_open_at_start(self, wanted: bool) -> None:
        """Let what is open on this PC open with it from now on, or nothing."""
        self.choice = replace(self.choice, open_at_start=wanted)
        at_start = self._commands_of_open_stations() if wanted else []

        def save_choice_and_commands() -> None:
            self._deeds.keep({"open_at_start": wanted})
            self._deeds.open_at_start(at_start)

        self.run_unless_busy(save_choice_and_commands, lambda: None)

    def _commands_of_open_stations(self) -> list[list[str]]:
        return [list(one.words) for one in self.here if one.state != CLOSED]

    def station_command_line(self, station: str, window: str = "") -> list[str]:
        """Return the command line that opens `station`; a full-screen station is restarted when it dies."""
        kept = ["--kept"] if station in HALL_SCREENS else []
        return [*self.hall_arguments(), station, *(["--window", window] if window else []), *kept]

    def hall_arguments(self) -> list[str]:
        words = ["--db", str(self.place)] if self._is_named else []
        return [*words, "--hall", self._hall] if self._hall else words

    def start_hall_trial(self) -> None:
        """Start a trial of this hall in a process of its own; home stays."""
        self.run_unless_busy(lambda: self._deeds.start([*self.hall_arguments(), "try-it"]), lambda: None)

    @property
    def has_demo_feature(self) -> bool:
        """Whether this program has the demo, and with it the trial."""
        return bool(feature_name_owning_command("demo"))

    def start_demo_process(self) -> None:
        self.run_unless_busy(lambda: self._deeds.start(["demo"]), lambda: None)


def _station_and_window(one: RunningStation) -> tuple[str, str]:
    return one.station, one.window


def _open_windows_by_code(state: HallState, setup: Setup) -> dict[str, OpenWindowOfHall]:
    pcs = {}
    for station in state.signed_in:
        name, pc = split_station_and_pc(station)
        if pc and name.startswith("counter-"):
            pcs[name.removeprefix("counter-")] = pc
    found = {}
    for code, window in state.windows.items():
        if window.state is not WindowState.CLOSED:
            who = setup.staff.get(window.staff or "")
            found[code] = OpenWindowOfHall(
                window.state, name_in_language(who.name, who.name_en) if who else "", pcs.get(code, "")
            )
    return found


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutsideError("cannot_write", path=str(folder)) from error


# -- joining a hall that another PC shares -------------------------------------------------------------------------

Join = Callable[[str, str, str], object]


class JoinController(OneTaskAtATimeRunner):
    """`joined` once this PC works in another hall, `left` once it works in no shared one, `refused` with the trouble.
    `join(address, code, name)` joins, without a code if the same main PC let this PC in before, and stores what later
    starts need; `app` provides it, it takes seconds, and raises RuleError "bad_address", "bad_code", "code_spent" and
    the like, OutsideError "host_unreachable", "host_not_proven". `name` is what this PC is called. `leave()` raises
    OutsideError "cannot_write"."""

    joined = Signal()
    left = Signal()

    def __init__(
        self, tasks: WorkLanes, join: Join, leave: Callable[[], object], name: str, parent: QObject | None = None
    ) -> None:
        super().__init__(tasks, parent)
        self.name = name
        self._join, self._leave = join, leave

    def join_hall(self, address: str, code: str, name: str) -> None:
        join, words = self._join, (address.strip(), normalize_join_code(code), name.strip() or self.name)
        self.run_unless_busy(lambda: join(*words), self.joined.emit, in_long_work_lane=True)

    def leave_hall(self) -> None:
        self.run_unless_busy(self._leave, self.left.emit, in_long_work_lane=True)
