"""The hall of a demo: made with the weeks before its day, and played up to a moment that is worth showing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from msgspec import Struct

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
from queuedesk.features.demo_hall.verbs.busy_day import BusyDay, FirstDay
from queuedesk.sim import whole_days
from queuedesk.sim.day import SimulatedDay
from queuedesk.sim.demo import parts_of
from queuedesk.store.engine.database import Database
from queuedesk.store.engine.hall_file import journals_of, setups_in
from queuedesk.store.upkeep.exchange import drafted

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
        made = setting_up.found_hall(db, setup, begins)
        past = Desk(db, made.hall, tokens, no_salt)
        for part in parts_of(setup.hall):
            part.found(past, setup, begins, day)
        for one in story.story_days(past, setup, day, SEED, weeks=weeks, only_alike=is_live):
            one.play()
    desk = Desk(Database.open(file), made.hall, tokens, no_salt)
    return desk, BusyDay(desk, setup, day, busy_seed(setup, day))


def story_hall(day: date, lang: str = "") -> Setup:
    """Return the set-up of the story's hall for a demo of that day."""
    ready = setting_up.prepared(setting_up.with_its_story(STORY), timezone="Asia/Shanghai")
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
    ready = setting_up.with_its_story(preset)
    zone = ready["hall"].get("timezone", whole_days.TIME_ZONE)
    ready = setting_up.prepared(ready, timezone=zone)
    ready["hall"]["simulated"] = True
    setup = check_setup(ready)
    day = whole_days.last_open_day(setup, today)
    before = [day - timedelta(days=n) for n in range(7 * weeks, 0, -1)]
    before = [date for date in before if whole_days.is_open_on(setup, date)]
    begins = hall_moment(setup, min([*before, day]), FOUNDED_MINUTE)
    tokens = derived_tokens(f"demo {preset} {SEED}".encode())
    with drafted(file) as db:
        made = setting_up.found_hall(db, setup, Ask(CONSOLE, begins))
        past = Desk(db, made.hall, tokens, no_salt)
        for date in before:
            whole_days.planned(past, setup, date, SEED).play()
    desk = Desk(Database.open(file), made.hall, tokens, no_salt)
    return desk, FirstDay(desk, setup, day, busy_seed(setup, day, FirstDay))


def busy_seed(setup: Setup, day: date, kind: type[BusyDay | FirstDay] = BusyDay) -> int:
    """Return the first of the seeds with which the demo's day has a busy moment; its morning is played aside.

    The weeks before are left out: what people do on that day does not depend on them.
    """
    for seed in SEEDS:
        with drafted(None) as db:
            made = setting_up.found_hall(db, setup, Ask(CONSOLE, hall_moment(setup, day, FOUNDED_MINUTE)))
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
