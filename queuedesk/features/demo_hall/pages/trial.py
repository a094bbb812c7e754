"""A trial as a process of its own: a hall that is thrown away, and its stations in one window."""

from __future__ import annotations

import shutil
from contextlib import ExitStack
from functools import partial
from importlib import import_module
from pathlib import Path
from types import ModuleType

from PySide6.QtCore import QTimer

from queuedesk.core.features import added_stations
from queuedesk.core.network.roles import CONSOLE, Actor, station
from queuedesk.desk import looking
from queuedesk.desk.change import Ask
from queuedesk.desk.queue import calling
from queuedesk.features.demo_hall.pages.trial_page import Shown, Trial, TrialClock, TrialVoice, TryItPage
from queuedesk.features.demo_hall.verbs.trial import Crowd, new_hall, trial_document, trial_folder, trial_windows
from queuedesk.i18n import _, named
from queuedesk.stations.counter import station as counter_station
from queuedesk.stations.display import station as display_station
from queuedesk.stations.guide import station as guide_station
from queuedesk.stations.window.context import HallFeed, InlineTasks, Services, StationContext, Tasks
from queuedesk.stations.window.frame import Frame
from queuedesk.stations.window.shell import VOICE_AFTER_MS, OneWindow, StationWindow
from queuedesk.stations.window.style import HALL, Look

SEED = 17
STAFF, DISPLAY, KIOSK = (1024, 768), (1920, 1080), (1080, 1920)
SHOWN_CUSTOMERS = 5
"""So many have come where the trial is only drawn."""


class TryIt:
    """The window with the trial in it."""

    def __init__(self, given: OneWindow, folder: Path) -> None:
        self._given = given
        clock = self.clock = TrialClock(given.clock(), given.passed_s)
        self.desk = new_hall(folder, trial_document(given.hall_asked), clock(), waive=_("Trial"))
        self._tasks = None if given.is_picture else Tasks(given.on_bug)
        self.tasks = self._tasks or InlineTasks()
        if given.is_picture:
            crowd = Crowd(self.desk, SEED)
            for _customer in range(SHOWN_CUSTOMERS):
                crowd.let_in(clock())
            calling.call(self.desk, Ask(CONSOLE, clock()), trial_windows(looking.setup_of(self.desk))[-1])
        self.feed = HallFeed(self.desk, clock, on_bug=given.on_bug)
        self.trial = Trial(Crowd(self.desk, SEED), self.feed, self.tasks, clock)
        self.frame = Frame(given.look, given.preferences, given.clock, help_page="home", leads_home=False)
        if given.is_picture:
            self.trial.tell(looking.events_after(self.desk, 0))
        shown = self._stations()
        self.voice = TrialVoice(partial(given.speak, self._display), is_on=given.is_heard)
        self.page = TryItPage(given.look, self.trial, self.voice, shown, given.preferences)
        self.page.left.connect(self.frame.close)
        self.page.look.changed.connect(self.frame.update)
        self.frame.show_page(self.page)

    def start(self) -> None:
        """Let the hall live."""
        self.feed.start()
        self.trial.start()
        QTimer.singleShot(VOICE_AFTER_MS, self.page, self.voice.start)

    def stop(self) -> None:
        """End everything that reads the hall."""
        self.trial.stop()
        self.voice.stop()
        self.feed.stop()
        if self._tasks is not None:
            self._tasks.stop()
        self.desk.db.dispose()

    def _stations(self) -> list[Shown]:
        setup = self.feed.setup
        guide = self._window(guide_station, "guide")
        display = self._window(display_station, "display", who=station("display"))
        self._display = display.context
        self._display.services = Services(note_shown=self._given.note_shown_by(self._display))
        counters = []
        for code in trial_windows(setup):
            window = self._window(counter_station, f"counter-{code}", window=code)
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
        at = added_stations().get("kiosk")
        if at is not None and setup.uses("kiosk"):
            kiosk = self._window(import_module(f"queuedesk.{at.module}"), "kiosk", who=station("K1"))
            shown.append(Shown(name="kiosk", frame=kiosk, size=KIOSK, icon="kiosk", title=partial(_, "Kiosk")))
        return shown

    def _window(
        self, shown: ModuleType, name: str, *, who: Actor | None = None, window: str | None = None
    ) -> StationWindow:
        """Return a station's own window; nothing of it prints, keeps or reports anything."""
        look = Look(self._given.look.theme)
        look.still = self._given.look.still
        context = StationContext(
            desk=self.desk,
            feed=self.feed,
            tasks=self.tasks,
            look=look,
            clock=self.clock,
            name=name,
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
                "picture": self._given.is_picture,
                "printer": "",
                "bar_place": "",
                "left_handed": False,
            },
        )
        theme = HALL if shown is display_station else None
        return StationWindow(context, shown.build, shown.ROLES, self._given.preferences, theme=theme, chores=False)


def _counter_title(window: StationWindow, code: str) -> str:
    who = window.context.who
    staff = window.context.feed.setup.staff.get(who.name) if who is not None else None
    counter = _("Counter", context="station")
    return f"{counter} {code} · {named(staff.name, staff.name_en)}" if staff is not None else f"{counter} {code}"


def run(given: OneWindow) -> int:
    """Open the trial; return the exit status when it has ended and its files are gone. Raises OutsideError
    "cannot_write"."""
    with ExitStack() as ends:
        folder, lock = trial_folder(given.folder("trial"))
        ends.callback(shutil.rmtree, folder, ignore_errors=True)
        ends.callback(lock.release)
        trial = TryIt(given, folder)
        ends.callback(trial.stop)
        return given.show(trial.frame, trial.start)
