"""The day of a demo, in which by twenty to eleven there is something of everything to see, in any kind of hall; and its
hall, made with the weeks before that day and played up to a moment that is worth showing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from queuedesk.core.errors import OutsideError, RuleError
from queuedesk.core.figures.targets import MEAN_WAIT, SATISFACTION
from queuedesk.core.log.apply import UNFOLDABLE
from queuedesk.core.log.state import HallState
from queuedesk.core.network.roles import CONSOLE
from queuedesk.core.queue.hallday import hall_moment
from queuedesk.core.queue.overview import alerts, past_target
from queuedesk.core.queue.ticket import State, WindowState
from queuedesk.core.setup.file import check_setup
from queuedesk.core.setup.hall import read_calendar
from queuedesk.core.setup.rows import Setup
from queuedesk.desk import looking
from queuedesk.desk.change import Ask, Desk, derived_tokens, follow, no_salt
from queuedesk.desk.setup import setting_up
from queuedesk.features.demo_hall.verbs import story
from queuedesk.features.demo_hall.verbs.story import ALSO, LATE_WINDOW, RESTING, StoryDay
from queuedesk.sim import demand
from queuedesk.sim.demand import (
    Arrival,
    Clerk,
    DemoDay,
    Happening,
    SimulatedDay,
    expected_customers,
    parts_of,
    shares_on,
    usual_minutes,
)
from queuedesk.store.engine.database import Database
from queuedesk.store.engine.hall_file import journals_of, setups_in
from queuedesk.store.upkeep.exchange import drafted

# -- the day ----------------------------------------------------------------------------------------------------------

PARKED_FROM, PRIORITY_FROM = 10 * 60 + 30, 10 * 60 + 31
MISSED_FROM, MISSED_TOO_FROM = 10 * 60 + 6, 10 * 60 + 22
BACK_FROM = 11 * 60 + 10
"""From when those come back who went away since the first of these: pictures are to show them, whatever the date."""
BACK_WITHIN_MIN = 15
HESITATION = timedelta(seconds=40)
"""For how much longer the rating screen is looked at in that time."""
NOON = 12 * 60
TOGETHER_AT, TOGETHER = 10 * 60 + 14, 6
BUSY_CUSTOMERS = 244


class PicturedDay(DemoDay):
    """A day of which pictures are made: by twenty to eleven somebody is set aside, somebody was called in vain, and
    somebody elderly waits."""

    def _begin(self, now: datetime) -> None:
        self._to_come = {
            "parked": PARKED_FROM,
            "missed": MISSED_FROM,
            "missed too": MISSED_TOO_FROM,
            "priority": PRIORITY_FROM,
        }
        self._hesitant: set[str] = set()
        super()._begin(now)

    def _is_due(self, what: str, now: datetime) -> bool:
        """Whether it is time for something that is to happen once."""
        due = self._to_come.get(what)
        if due is None or now < hall_moment(self.setup, self.day, due):
            return False
        del self._to_come[what]
        return True

    def is_to_park(self, now: datetime) -> bool:
        return self._is_due("parked", now) or super().is_to_park(now)

    def back_at(self, now: datetime) -> datetime:
        return self._after_the_pictures() if self._may_be_shown(now) else super().back_at(now)

    def _come_late(self, label: str, now: datetime) -> None:
        if self._may_be_shown(now):
            self.plan(self._after_the_pictures(), partial(self._come_late, label))
        else:
            super()._come_late(label, now)

    def _rate(self, label: str, level: int, now: datetime) -> None:
        if label not in self._hesitant and self._may_be_shown(now):
            self._hesitant.add(label)
            self.plan(now + HESITATION, partial(self._rate, label, level))
        else:
            super()._rate(label, level, now)

    def _may_be_shown(self, now: datetime) -> bool:
        """Whether pictures may show what is so from now on."""
        begin, end = (hall_moment(self.setup, self.day, minute) for minute in (MISSED_FROM, BACK_FROM))
        return begin <= now < end

    def _after_the_pictures(self) -> datetime:
        later = timedelta(minutes=float(self.also.uniform(0, BACK_WITHIN_MIN)))
        return hall_moment(self.setup, self.day, BACK_FROM) + later

    def _arrive(self, person: Arrival, now: datetime) -> None:
        is_plain = person.service == "A" and person.ready
        if is_plain and (self._is_due("missed", now) or self._is_due("missed too", now)):
            person = replace(person, shows_up=False, klass="normal")
        elif person.service == "B" and person.ready and self._is_due("priority", now):
            person = replace(person, klass="elderly")
        super()._arrive(person, now)


class BusyDay(PicturedDay, StoryDay):
    """The day after the weeks of the story, and after a busy bill day, with a clerk who comes to the window at noon
    only."""

    told = 2

    def __init__(self, desk: Desk, setup: Setup, day: date, seed: int) -> None:
        together = Happening(
            name="together", start=TOGETHER_AT, end=TOGETHER_AT + 5, kind="event", note=("", ""), crowd=TOGETHER
        )
        super().__init__(desk, setup, day, (seed,), together, customers=BUSY_CUSTOMERS)

    def make_clerks(self) -> list[Clerk]:
        found = super().make_clerks()
        late = list(self.setup.windows)[LATE_WINDOW]
        noon = hall_moment(self.setup, self.day, NOON)
        return [replace(clerk, comes_at=noon, breaks=[]) if clerk.window == late else clerk for clerk in found]

    def _note(self, now: datetime) -> None:
        """Leave the day without a note: the manager has not come to it yet."""


REST_AT, REST_MIN = 10 * 60 + 34, 20
FULLER = 1.7
"""How many times as many people come as on an ordinary day, so that a small hall has a line to be seen."""


class FirstDay(PicturedDay):
    """A busy day of a hall that has no story: nothing but tickets, so that only what the hall's set-up says is to be
    seen."""

    def __init__(self, desk: Desk, setup: Setup, day: date, seed: int) -> None:
        self.also = np.random.default_rng((seed, day.toordinal(), ALSO))
        super().__init__(
            desk,
            day,
            (seed, day.toordinal()),
            customers=round(FULLER * expected_customers(setup, day)),
            handling_min={service.code: usual_minutes(service) for service in setup.services.values()},
            shares=shares_on(setup, day),
        )

    def make_clerks(self) -> list[Clerk]:
        found = super().make_clerks()
        rest = (hall_moment(self.setup, self.day, REST_AT), "break", REST_MIN)
        return [
            replace(clerk, breaks=[rest, *clerk.breaks[:1]] if n == RESTING else clerk.breaks[:1])
            for n, clerk in enumerate(found)
        ]


# -- the hall ---------------------------------------------------------------------------------------------------------

STORY = "power"
"""The preset whose hall has weeks behind it that tell a story; halls of the others are seen on their first day."""
SEED = 64
SEEDS = range(SEED, SEED + 20)
"""What the demo's day is played with: the first that gives it a busy moment, on four dates of five the very first."""
# The hall of the pictures: a few minutes after half past ten, when the line is longest.
SHOWN_MINUTE = 10 * 60 + 38
SHOWN_WITHIN = timedelta(minutes=30)
FOUNDED_MINUTE = 7 * 60
FRESH = timedelta(seconds=18)
JUST_ENDED = timedelta(seconds=45)
FRIDAY = 5
TARGETS = {SATISFACTION: 98, MEAN_WAIT: 15}
"""What the hall wants to reach, in percent and in minutes: one of the two it misses."""
TEAMS = {"计量班": "Metering team", "抄表班": "Reading team"}


class Moment(Struct, frozen=True):
    """The moment of the day that the pictures show: a call was just made at `called`, a visit just ended at `ended`."""

    at: datetime
    called: str
    ended: str


def demo_day(today: date) -> date:
    """Return the last weekday up to `today` that is no holiday, a busy day in halls of the preset."""
    off = read_calendar(story.published_days())
    while today.isoweekday() > FRIDAY or off.is_closed(today):
        today -= timedelta(days=1)
    return today


def new_hall(
    file: Path,
    today: date,
    *,
    weeks: int | None = None,
    is_live: bool = False,
    lang: str = "",
    preset: str = STORY,
) -> tuple[Desk, SimulatedDay]:
    """Make an invented hall at `file` with the weeks before its day, replacing an earlier demo's; return it with that
    day, not played yet. Of a live one only the weeks' days like this one are played: a person is waiting for it. With
    `lang` "en" its people type English. Without `weeks` the story's hall has all of its own, another hall none.

    Raises RuleError "own_file" where a hall stands that is no demo's, OutsideError "cannot_write".
    """
    if file.exists() and not _is_simulated(file):
        raise RuleError("own_file", path=str(file))
    for old in (file, *journals_of(file)):
        old.unlink(missing_ok=True)
    if preset != STORY:
        return _other_hall(file, preset, today, weeks or 0)
    weeks = story.WEEKS if weeks is None else weeks
    day = demo_day(today)
    setup = story_hall(day, lang)
    tokens = derived_tokens(f"demo {SEED}".encode())
    with drafted(file) as db:
        begins = Ask(CONSOLE, story.story_begins(setup, day, weeks))
        made = setting_up.create_first_hall(db, setup, begins)
        past = Desk(db, made.hall, tokens, no_salt)
        for part in parts_of(setup.hall):
            part.found(past, setup, begins, day)
        for one in story.story_days(past, setup, day, SEED, weeks=weeks, only_alike=is_live):
            one.play()
    desk = Desk(Database.open(file), made.hall, tokens, no_salt)
    return desk, BusyDay(desk, setup, day, busy_seed(setup, day))


def story_hall(day: date, lang: str = "") -> Setup:
    """Return the set-up of the story's hall for a demo of that day."""
    ready = setting_up.prepared(setting_up.preset_of_demo(STORY), timezone="Asia/Shanghai")
    ready = story.story_setup(ready, day)
    for part in parts_of(check_setup(ready).hall):
        ready = part.set_up(ready)
    ready["hall"]["simulated"] = True
    ready["targets"] = [{"measure": name, "value": value, "from": None} for name, value in TARGETS.items()]
    if lang == "en":
        _put_in_english(ready)
    return check_setup(ready)


def _put_in_english(ready: Mapping[str, Any]) -> None:
    """Make English the first language of a set-up's file, and of the names that have no English one beside them."""
    english = {one["name"]: one["name_en"] for one in ready["staff"]}
    hall = ready["hall"]
    hall |= {"lang": "en", "report_owner": english.get(hall["report_owner"], hall["report_owner"])}
    for one in ready["staff"]:
        if "department" in one:
            one["department"] = TEAMS.get(one["department"], one["department"])


def _other_hall(file: Path, preset: str, today: date, weeks: int) -> tuple[Desk, SimulatedDay]:
    """Make a hall of a preset, in its demo's words where it has one, with ordinary days behind it if wished."""
    ready = setting_up.preset_of_demo(preset)
    zone = ready["hall"].get("timezone", demand.TIME_ZONE)
    ready = setting_up.prepared(ready, timezone=zone)
    ready["hall"]["simulated"] = True
    setup = check_setup(ready)
    day = demand.last_open_day(setup, today)
    before = [day - timedelta(days=n) for n in range(7 * weeks, 0, -1)]
    before = [date for date in before if demand.is_open_on(setup, date)]
    begins = hall_moment(setup, min([*before, day]), FOUNDED_MINUTE)
    tokens = derived_tokens(f"demo {preset} {SEED}".encode())
    with drafted(file) as db:
        made = setting_up.create_first_hall(db, setup, Ask(CONSOLE, begins))
        past = Desk(db, made.hall, tokens, no_salt)
        for date in before:
            demand.planned(past, setup, date, SEED).play()
    desk = Desk(Database.open(file), made.hall, tokens, no_salt)
    return desk, FirstDay(desk, setup, day, busy_seed(setup, day, FirstDay))


def busy_seed(setup: Setup, day: date, kind: type[BusyDay | FirstDay] = BusyDay) -> int:
    """Return the first of the seeds with which the demo's day has a busy moment; its morning is played aside.

    The weeks before are left out: what people do on that day does not depend on them.
    """
    for seed in SEEDS:
        with drafted(None) as db:
            made = setting_up.create_first_hall(db, setup, Ask(CONSOLE, hall_moment(setup, day, FOUNDED_MINUTE)))
            desk = Desk(db, made.hall, derived_tokens(b"aside"), no_salt)
            if busy_moment(desk, kind(desk, setup, day, seed)) is not None:
                return seed
    return SEED


def _is_simulated(file: Path) -> bool:
    """Whether only halls that never were are in a database; one that can't be read may be anybody's."""
    try:
        return all(setup["hall"].get("simulated") for setup in setups_in(file))
    except OutsideError:
        return False


def shown_moment(desk: Desk, day: SimulatedDay) -> Moment:
    """Play up to a busy moment and return it; without one, the end of the time for pictures."""
    window = next(iter(day.setup.windows))
    latest = hall_moment(day.setup, day.day, SHOWN_MINUTE) + SHOWN_WITHIN
    return busy_moment(desk, day) or Moment(latest, window, window)


def busy_moment(desk: Desk, day: SimulatedDay) -> Moment | None:
    """Play up to a busy minute, when a customer was just called and another visit just ended; return that moment, or
    None where there is none in the time for pictures."""
    earliest = hall_moment(day.setup, day.day, SHOWN_MINUTE)
    day.play(earliest)
    now, state = earliest, looking.hall_now(desk, earliest)
    for following in day.steps(earliest + SHOWN_WITHIN):
        state = _followed(desk, state, now)
        found = _worth_showing(state, now)
        if found is not None and is_busy(state, now):
            return found
        now = following
    return None


def _followed(desk: Desk, state: HallState, now: datetime) -> HallState:
    """Return the hall with what happened after `state`, as a station follows it: to read the day anew after each act
    would take as long as to play it."""
    try:
        for event in looking.events_after(desk, state.now.seq):
            follow(event, state)
    except UNFOLDABLE:
        return looking.hall_now(desk, now)
    return state


def is_busy(state: HallState, now: datetime) -> bool:
    """Whether there is something of everything to see: people past the target, an alert, somebody set aside, missed and
    with priority, a window that pauses."""
    states = {ticket.state for ticket in state.tickets.values()}
    return bool(
        {State.PARKED, State.MISSED} <= states
        and past_target(state, now)
        and alerts(state, now)
        and any(ticket.credit_s for ticket in state.waiting())
        and any(window.state is WindowState.PAUSED for window in state.windows.values())
    )


def _worth_showing(state: HallState, now: datetime) -> Moment | None:
    called = [w.code for w in state.windows.values() if w.ticket and state.tickets[w.ticket].state is State.CALLED]
    fresh = [c.window for c in state.calls if now - c.time <= FRESH and c.window in called]
    ended = [
        w.code
        for w in state.windows.values()
        if w.ticket is None
        and w.last
        and w.since
        and now - w.since <= JUST_ENDED
        and state.tickets[w.last].rating is None
    ]
    return Moment(now, fresh[-1], ended[0]) if fresh and ended else None
