"""A trial as a process of its own: a hall that is thrown away, and its stations in one window."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Mapping
from contextlib import ExitStack, suppress
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from msgspec.structs import replace
from PySide6.QtCore import QTimer

from queuedesk.app.clock import passed_s
from queuedesk.app.station.own_hall import hall_asked
from queuedesk.app.station.program import HALL_THEMES, Program
from queuedesk.app.station.wiring import VOICE_AFTER_MS, note_shown_by, page_of
from queuedesk.app.this_pc.config import load, made_folder
from queuedesk.cli.stations import StationRequest
from queuedesk.core.errors import OutsideError, RuleError
from queuedesk.core.network.roles import CONSOLE, Actor, Role, station
from queuedesk.core.setup.file import check_setup
from queuedesk.core.setup.rows import Setup
from queuedesk.desk import looking
from queuedesk.desk.change import Ask, Desk
from queuedesk.desk.queue import calling, opening, sign_in_and_pins
from queuedesk.desk.setup import setting_up
from queuedesk.files.lock import FileLock
from queuedesk.i18n import _, named
from queuedesk.sim.day import Crowd
from queuedesk.stations.try_it import Shown, Trial, TrialClock, TrialVoice, TryItPage
from queuedesk.stations.window.context import HallFeed, InlineTasks, Services, StationContext, Tasks
from queuedesk.stations.window.frame import Frame, open_window
from queuedesk.stations.window.picture import take_picture
from queuedesk.stations.window.shell import StationWindow
from queuedesk.stations.window.style import Look
from queuedesk.store.engine.database import Database

PRESET = "power"
SEED = 17
COUNTERS = 2
STAFF, DISPLAY, KIOSK = (1024, 768), (1920, 1080), (1080, 1920)
LOCK = "trial.lock"
SHOWN_CUSTOMERS = 5
"""So many have come where the trial is only drawn."""


# -- the hall of a trial -------------------------------------------------------------------------------------------


def trial_document(request: StationRequest) -> dict[str, Any]:
    """Return the set-up of this PC's hall, or of the first preset where there is none, for a hall that never was."""
    document: Mapping[str, Any]
    try:
        db = Database.open(hall_asked(request.db, request.hall)[0])
        try:
            desk = Desk(db, looking.hall_by_code(db, hall_asked(request.db, request.hall)[1]))
            document = looking.setup_of(desk).document
        finally:
            db.dispose()
    except (OutsideError, RuleError):  # none yet, or none that can be read: a trial shows the program all the same
        document = setting_up.preset(PRESET)
    ready = setting_up.prepared(document, all_hours=True)
    ready["hall"] = {**ready["hall"], "simulated": True}
    return ready


def trial_folder() -> tuple[Path, FileLock]:
    """Return a new folder for a trial's files with the lock that keeps it; those of trials that were killed go. Raises
    OutsideError "cannot_write"."""
    above = made_folder("trial")
    for left in above.iterdir():
        lock = FileLock(left / LOCK)
        with suppress(OSError):
            if lock.take():
                lock.release()
                shutil.rmtree(left)
    folder = Path(tempfile.mkdtemp(dir=above))
    lock = FileLock(folder / LOCK)
    lock.take()
    return folder, lock


def new_hall(folder: Path, document: Mapping[str, Any], now: datetime) -> Desk:
    """Make the trial's hall with the front desk signed in and its first windows open."""
    desk = setting_up.create_hall(folder / "hall.sqlite", document, Ask(CONSOLE, now))
    setup = check_setup(document)
    sit = [
        person
        for role in (Role.CLERK, Role.MANAGER, Role.ADMIN)
        for person in setup.staff.values()
        if person.role == role
    ]
    for window, person in zip(trial_windows(setup), sit, strict=False):
        opening.open_window(
            desk, Ask(Actor(person.code, person.role), now), window, staff=person.code, waive=_("Trial")
        )
    guide = next(p for role in (Role.GUIDE, Role.MANAGER, Role.ADMIN) for p in setup.staff.values() if p.role == role)
    sign_in_and_pins.sign_in(desk, Ask(Actor(guide.code, guide.role), now), "guide", guide.code)
    return desk


def trial_windows(setup: Setup) -> list[str]:
    """Return the windows that the trial's counters stand at: those that serve most between them."""
    chosen: list[str] = []
    served: set[str] = set()
    for _counter in range(min(COUNTERS, len(setup.windows))):
        rest = [code for code in setup.windows if code not in chosen]
        best = max(rest, key=lambda code: len(set(setup.windows[code].services) - served))
        chosen.append(best)
        served |= set(setup.windows[best].services)
    return sorted(chosen, key=list(setup.windows).index)


# -- its stations --------------------------------------------------------------------------------------------------


class TryIt:
    """The window with the trial in it."""

    def __init__(self, program: Program, folder: Path) -> None:
        request = program.request
        clock = self.clock = TrialClock(program.clock(), passed_s)
        self.desk = new_hall(folder, trial_document(request), clock())
        self._tasks = Tasks(program.crash.take) if request.screenshot is None else None
        self.tasks = self._tasks or InlineTasks()
        if request.screenshot is not None:
            crowd = Crowd(self.desk, SEED)
            for _customer in range(SHOWN_CUSTOMERS):
                crowd.let_in(clock())
            calling.call(self.desk, Ask(CONSOLE, clock()), trial_windows(looking.setup_of(self.desk))[-1])
        self.feed = HallFeed(self.desk, clock, on_bug=program.crash.take)
        self.trial = Trial(Crowd(self.desk, SEED), self.feed, self.tasks, clock)
        self.frame = Frame(program.look, program.preferences, program.clock, help_page="home", leads_home=False)
        if request.screenshot is not None:
            self.trial.tell(looking.events_after(self.desk, 0))
        self.voice = TrialVoice(self._speak, is_on=load().voice)
        shown = list(self._stations(program))
        self.page = TryItPage(program.look, self.trial, self.voice, shown, program.preferences)
        self.page.left.connect(self.frame.close)
        self.page.look.changed.connect(self.frame.update)
        self.frame.show_page(self.page)

    def start(self) -> None:
        """Let the hall live."""
        self.feed.start()
        self.trial.start()
        # The voice comes after the first picture, which must not wait for its libraries.
        QTimer.singleShot(VOICE_AFTER_MS, self.page, self.voice.start)

    def _speak(self, tell: Callable[[str | None], None]) -> Callable[[], None]:
        """Say the trial's calls as its hall would, unless another program on this PC speaks; return what ends it."""
        from queuedesk.app.services.speaking import HallVoice

        display = self._display
        voice = HallVoice(self.desk, self.feed, display.name, self.clock, tell=tell)
        display.services = replace(display.services, voice_status=voice.status)

        def end() -> None:
            display.services = replace(display.services, voice_status=None)
            voice.stop()

        return end

    def stop(self) -> None:
        """End everything that reads the hall."""
        self.trial.stop()
        self.voice.stop()
        self.feed.stop()
        if self._tasks is not None:
            self._tasks.stop()
        self.desk.db.dispose()

    def _stations(self, program: Program) -> list[Shown]:
        setup = self.feed.setup
        guide = self._window("guide", program, who=None)
        display = self._window("display", program, who=station("display"))
        counters = []
        for code in trial_windows(setup):
            window = self._window("counter", program, who=None, window=code)
            counters.append(
                Shown(
                    name=f"counter-{code}",
                    frame=window,
                    size=STAFF,
                    icon="window",
                    title=partial(_counter_title, window, code),
                )
            )
        shown = [
            Shown(name="guide", frame=guide, size=STAFF, icon="person", title=partial(_, "Front desk")),
            *counters,
            Shown(name="display", frame=display, size=DISPLAY, icon="screen", title=partial(_, "Hall display")),
        ]
        if setup.uses("kiosk"):
            kiosk = self._window("kiosk", program, who=station("K1"))
            shown.append(Shown(name="kiosk", frame=kiosk, size=KIOSK, icon="kiosk", title=partial(_, "Kiosk")))
        return shown

    def _window(self, name: str, program: Program, *, who: Actor | None, window: str | None = None) -> StationWindow:
        """Return a station's own window; nothing of it prints, keeps or reports anything."""
        look = Look(program.look.theme)
        look.still = program.look.still
        context = StationContext(
            desk=self.desk,
            feed=self.feed,
            tasks=self.tasks,
            look=look,
            clock=self.clock,
            name=f"{name}-{window}" if window else name,
            who=who,
            options={
                "window": window,
                "layout": "standard",
                "screen_mm": 0,
                "display": "display",
                "media_folder": "",
                "media_chosen": False,
                "flash": False,
                "switches": "off",
                "switch_step_ms": 2000,
                "picture": program.request.screenshot is not None,
                "printer": "",
                "bar_place": "",
                "left_handed": False,
            },
        )
        if name == "display":
            context.services = Services(note_shown=note_shown_by(context))
            self._display = context
        build, roles = page_of(name)
        return StationWindow(context, build, roles, program.preferences, theme=HALL_THEMES.get(name), chores=False)


def _counter_title(window: StationWindow, code: str) -> str:
    who = window.context.who
    staff = window.context.feed.setup.staff.get(who.name) if who is not None else None
    counter = _("Counter", context="station")
    return f"{counter} {code} · {named(staff.name, staff.name_en)}" if staff is not None else f"{counter} {code}"


def run(request: StationRequest) -> int:
    """Open the trial; return the exit status when it has ended and its files are gone. Raises OutsideError
    "cannot_write"."""
    program = Program(request)
    with ExitStack() as ends:
        ends.callback(program.close)
        folder, lock = trial_folder()
        ends.callback(shutil.rmtree, folder, ignore_errors=True)
        ends.callback(lock.release)
        trial = TryIt(program, folder)
        ends.callback(trial.stop)
        if request.screenshot is not None:
            take_picture(trial.frame, Path(request.screenshot), program.picture_size())
            trial.frame.end()
            return 0
        open_window(trial.frame, size=request.size, full_screen=False)
        trial.start()
        return program.run(trial.frame)
