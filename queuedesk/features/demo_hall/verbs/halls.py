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
from queuedesk.core.queue.hallday import utc_moment_of_hall_minute
from queuedesk.core.queue.overview import current_alerts, waiting_past_target_summary
from queuedesk.core.queue.ticket import TicketState, WindowState
from queuedesk.core.setup.file import check_and_read_setup
from queuedesk.core.setup.hall import read_calendar
from queuedesk.core.setup.rows import Setup
from queuedesk.desk import looking, setting_up
from queuedesk.desk.change import Ask, Desk, apply_next_event_to_state, no_salt, reproducible_token_source
from queuedesk.features.demo_hall.verbs import story
from queuedesk.features.demo_hall.verbs.story import ALSO, LATE_WINDOW, RESTING, StoryDay
from queuedesk.sim import demand
from queuedesk.store.engine.database import Database
from queuedesk.store.engine.hall_file import companion_file_paths, setups_in_hall_file
from queuedesk.store.upkeep.exchange import opening_new_database_draft

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


class DemoDayForPictures(demand.DemoDay):
    """A day of which pictures are made: by twenty to eleven somebody is set aside, somebody was called in vain, and
    somebody elderly waits."""

    def _begin_day(self, now: datetime) -> None:
        self._to_come = {
            "parked": PARKED_FROM,
            "missed": MISSED_FROM,
            "missed too": MISSED_TOO_FROM,
            "priority": PRIORITY_FROM,
        }
        self._hesitant: set[str] = set()
        super()._begin_day(now)

    def _is_due(self, what: str, now: datetime) -> bool:
        """Whether it is time for something that is to happen once."""
        due = self._to_come.get(what)
        if due is None or now < utc_moment_of_hall_minute(self.setup, self.day, due):
            return False
        del self._to_come[what]
        return True

    def is_customer_to_be_parked(self, now: datetime) -> bool:
        return self._is_due("parked", now) or super().is_customer_to_be_parked(now)

    def parked_customer_returns_at(self, now: datetime) -> datetime:
        return (
            self._moment_after_pictures() if self._is_in_picture_time(now) else super().parked_customer_returns_at(now)
        )

    def _return_after_missed_call(self, label: str, now: datetime) -> None:
        if self._is_in_picture_time(now):
            self.plan_act(self._moment_after_pictures(), partial(self._return_after_missed_call, label))
        else:
            super()._return_after_missed_call(label, now)

    def _rate_ticket(self, label: str, level: int, now: datetime) -> None:
        if label not in self._hesitant and self._is_in_picture_time(now):
            self._hesitant.add(label)
            self.plan_act(now + HESITATION, partial(self._rate_ticket, label, level))
        else:
            super()._rate_ticket(label, level, now)

    def _is_in_picture_time(self, now: datetime) -> bool:
        """Whether pictures may show what is so from now on."""
        begin, end = (utc_moment_of_hall_minute(self.setup, self.day, minute) for minute in (MISSED_FROM, BACK_FROM))
        return begin <= now < end

    def _moment_after_pictures(self) -> datetime:
        later = timedelta(minutes=float(self.also.uniform(0, BACK_WITHIN_MIN)))
        return utc_moment_of_hall_minute(self.setup, self.day, BACK_FROM) + later

    def _issue_on_arrival(self, person: demand.SimulatedCustomer, now: datetime) -> None:
        is_plain = person.service == "A" and person.ready
        if is_plain and (self._is_due("missed", now) or self._is_due("missed too", now)):
            person = replace(person, shows_up=False, klass="normal")
        elif person.service == "B" and person.ready and self._is_due("priority", now):
            person = replace(person, klass="elderly")
        super()._issue_on_arrival(person, now)


class BusyDemoDay(DemoDayForPictures, StoryDay):
    """The day after the weeks of the story, and after a busy bill day, with a clerk who comes to the window at noon
    only."""

    told = 2

    def __init__(self, desk: Desk, setup: Setup, day: date, seed: int) -> None:
        together = demand.DemoIncident(
            name="together", start=TOGETHER_AT, end=TOGETHER_AT + 5, kind="event", note=("", ""), crowd=TOGETHER
        )
        super().__init__(desk, setup, day, (seed,), together, customers=BUSY_CUSTOMERS)

    def make_clerks(self) -> list[demand.SimulatedClerk]:
        found = super().make_clerks()
        late = list(self.setup.windows)[LATE_WINDOW]
        noon = utc_moment_of_hall_minute(self.setup, self.day, NOON)
        return [replace(clerk, comes_at=noon, breaks=[]) if clerk.window == late else clerk for clerk in found]

    def _write_day_note(self, now: datetime) -> None:
        """Leave the day without a note: the manager has not come to it yet."""


REST_AT, REST_MIN = 10 * 60 + 34, 20
FULLER = 1.7
"""How many times as many people come as on an ordinary day, so that a small hall has a line to be seen."""


class StorylessDemoDay(DemoDayForPictures):
    """A busy day of a hall that has no story: nothing but tickets, so that only what the hall's set-up says is to be
    seen."""

    def __init__(self, desk: Desk, setup: Setup, day: date, seed: int) -> None:
        self.also = np.random.default_rng((seed, day.toordinal(), ALSO))
        super().__init__(
            desk,
            day,
            (seed, day.toordinal()),
            customers=round(FULLER * demand.expected_customers_on_date(setup, day)),
            handling_min={service.code: demand.usual_handling_minutes(service) for service in setup.services.values()},
            shares=demand.service_shares_on(setup, day),
        )

    def make_clerks(self) -> list[demand.SimulatedClerk]:
        found = super().make_clerks()
        rest = (utc_moment_of_hall_minute(self.setup, self.day, REST_AT), "break", REST_MIN)
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


class PictureMoment(Struct, frozen=True):
    """The moment of the day that the pictures show: a call was just made at `called`, a visit just ended at `ended`."""

    at: datetime
    called: str
    ended: str


def last_weekday_without_holiday(today: date) -> date:
    """Return the last weekday up to `today` that is no holiday, a busy day in halls of the preset."""
    off = read_calendar(story.published_days_in_china())
    while today.isoweekday() > FRIDAY or off.is_closed(today):
        today -= timedelta(days=1)
    return today


def make_invented_hall(
    file: Path, today: date, *, weeks: int | None = None, is_live: bool = False, lang: str = "", preset: str = STORY
) -> tuple[Desk, demand.SimulatedDay]:
    """Make an invented hall at `file` with the weeks before its day, replacing an earlier demo's; return it with that
    day, not played yet. Of a live one only the weeks' days like this one are played: a person is waiting for it. With
    `lang` "en" its people type English. Without `weeks` the story's hall has all of its own, another hall none.

    Raises RuleError "own_file" where a hall stands that is no demo's, OutsideError "cannot_write"."""
    if file.exists() and not _has_only_simulated_halls(file):
        raise RuleError("own_file", path=str(file))
    for old in (file, *companion_file_paths(file)):
        old.unlink(missing_ok=True)
    if preset != STORY:
        return _make_demo_hall_with_history(file, preset, today, weeks or 0)
    weeks = story.WEEKS if weeks is None else weeks
    day = last_weekday_without_holiday(today)
    setup = story_hall_setup(day, lang)
    tokens = reproducible_token_source(f"demo {SEED}".encode())
    with opening_new_database_draft(file) as db:
        begins = Ask(CONSOLE, story.story_founding_moment(setup, day, weeks))
        made = setting_up.create_first_hall(db, setup, begins)
        past = Desk(db, made.hall, tokens, no_salt)
        for part in demand.feature_demo_parts_used_by_hall(setup.hall):
            part.prepare_before_first_day(past, setup, begins, day)
        for one in story.story_days(past, setup, day, SEED, weeks=weeks, only_alike=is_live):
            one.play()
    desk = Desk(Database.open(file), made.hall, tokens, no_salt)
    return desk, BusyDemoDay(desk, setup, day, find_seed_with_busy_moment(setup, day))


def story_hall_setup(day: date, lang: str = "") -> Setup:
    """Return the set-up of the story's hall for a demo of that day."""
    ready = setting_up.setup_document_for_new_hall(setting_up.demo_setup_of_preset(STORY), timezone="Asia/Shanghai")
    ready = story.setup_document_with_story(ready, day)
    for part in demand.feature_demo_parts_used_by_hall(check_and_read_setup(ready).hall):
        ready = part.set_up(ready)
    ready["hall"]["simulated"] = True
    ready["targets"] = [{"measure": name, "value": value, "from": None} for name, value in TARGETS.items()]
    if lang == "en":
        _make_english_first_language(ready)
    return check_and_read_setup(ready)


def _make_english_first_language(ready: Mapping[str, Any]) -> None:
    """Make English the first language of a set-up's file, and of the names that have no English one beside them."""
    english = {one["name"]: one["name_en"] for one in ready["staff"]}
    hall = ready["hall"]
    hall |= {"lang": "en", "report_owner": english.get(hall["report_owner"], hall["report_owner"])}
    for one in ready["staff"]:
        if "department" in one:
            one["department"] = TEAMS.get(one["department"], one["department"])


def _make_demo_hall_with_history(file: Path, preset: str, today: date, weeks: int) -> tuple[Desk, demand.SimulatedDay]:
    """Make a hall of a preset, in its demo's words where it has one, with ordinary days behind it if wished."""
    ready = setting_up.demo_setup_of_preset(preset)
    zone = ready["hall"].get("timezone", demand.TIME_ZONE)
    ready = setting_up.setup_document_for_new_hall(ready, timezone=zone)
    ready["hall"]["simulated"] = True
    setup = check_and_read_setup(ready)
    day = demand.last_open_day(setup, today)
    before = [day - timedelta(days=n) for n in range(7 * weeks, 0, -1)]
    before = [date for date in before if demand.has_open_service_on(setup, date)]
    begins = utc_moment_of_hall_minute(setup, min([*before, day]), FOUNDED_MINUTE)
    tokens = reproducible_token_source(f"demo {preset} {SEED}".encode())
    with opening_new_database_draft(file) as db:
        made = setting_up.create_first_hall(db, setup, Ask(CONSOLE, begins))
        past = Desk(db, made.hall, tokens, no_salt)
        for date in before:
            demand.simulated_day_of_hall(past, setup, date, SEED).play()
    desk = Desk(Database.open(file), made.hall, tokens, no_salt)
    return desk, StorylessDemoDay(desk, setup, day, find_seed_with_busy_moment(setup, day, StorylessDemoDay))


def find_seed_with_busy_moment(
    setup: Setup, day: date, kind: type[BusyDemoDay | StorylessDemoDay] = BusyDemoDay
) -> int:
    """Return the first of the seeds with which the demo's day has a busy moment; its morning is played aside.

    The weeks before are left out: what people do on that day does not depend on them."""
    for seed in SEEDS:
        with opening_new_database_draft(None) as db:
            made = setting_up.create_first_hall(
                db, setup, Ask(CONSOLE, utc_moment_of_hall_minute(setup, day, FOUNDED_MINUTE))
            )
            desk = Desk(db, made.hall, reproducible_token_source(b"aside"), no_salt)
            if play_to_busy_moment(desk, kind(desk, setup, day, seed)) is not None:
                return seed
    return SEED


def _has_only_simulated_halls(file: Path) -> bool:
    """Whether only halls that never were are in a database; one that can't be read may be anybody's."""
    try:
        return all(setup["hall"].get("simulated") for setup in setups_in_hall_file(file))
    except OutsideError:
        return False


def play_to_picture_moment(desk: Desk, day: demand.SimulatedDay) -> PictureMoment:
    """Play up to a busy moment and return it; without one, the end of the time for pictures."""
    window = next(iter(day.setup.windows))
    latest = utc_moment_of_hall_minute(day.setup, day.day, SHOWN_MINUTE) + SHOWN_WITHIN
    return play_to_busy_moment(desk, day) or PictureMoment(latest, window, window)


def play_to_busy_moment(desk: Desk, day: demand.SimulatedDay) -> PictureMoment | None:
    """Play up to a busy minute, when a customer was just called and another visit just ended; return that moment, or
    None where there is none in the time for pictures."""
    earliest = utc_moment_of_hall_minute(day.setup, day.day, SHOWN_MINUTE)
    day.play(earliest)
    now, state = earliest, looking.hall_state_now(desk, earliest)
    for following in day.play_step_by_step(earliest + SHOWN_WITHIN):
        state = _state_after_new_events(desk, state, now)
        found = _windows_for_pictures_or_none(state, now)
        if found is not None and has_everything_to_show(state, now):
            return found
        now = following
    return None


def _state_after_new_events(desk: Desk, state: HallState, now: datetime) -> HallState:
    """Return the hall with what happened after `state`, as a station follows it: to read the day anew after each act
    would take as long as to play it."""
    try:
        for event in looking.events_after(desk, state.now.seq):
            apply_next_event_to_state(event, state)
    except UNFOLDABLE:
        return looking.hall_state_now(desk, now)
    return state


def has_everything_to_show(state: HallState, now: datetime) -> bool:
    """Whether there is something of everything to see: people past the target, an alert, somebody set aside, missed and
    with priority, a window that pauses."""
    states = {ticket.state for ticket in state.tickets.values()}
    return bool(
        {TicketState.PARKED, TicketState.MISSED} <= states
        and waiting_past_target_summary(state, now)
        and current_alerts(state, now)
        and any(ticket.credit_s for ticket in state.waiting_tickets())
        and any(window.state is WindowState.PAUSED for window in state.windows.values())
    )


def _windows_for_pictures_or_none(state: HallState, now: datetime) -> PictureMoment | None:
    called = [
        w.code for w in state.windows.values() if w.ticket and state.tickets[w.ticket].state is TicketState.CALLED
    ]
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
    return PictureMoment(now, fresh[-1], ended[0]) if fresh and ended else None
