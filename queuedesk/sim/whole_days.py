"""Whole days through a fresh hall: recorded ones replayed, invented ones for a seed, and the demo's weeks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime, timedelta, timezone
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from queuedesk.core.errors import RuleError
from queuedesk.core.features import load, used, uses
from queuedesk.core.network.roles import CONSOLE, CUSTOMER
from queuedesk.core.queue.hallday import hall_moment, hours_on
from queuedesk.core.setup.calendar import CALENDAR, Row, read_calendar, weekday_like, with_days
from queuedesk.core.setup.file import check_setup
from queuedesk.core.setup.hall import zone_of
from queuedesk.core.setup.presets import PRESETS
from queuedesk.core.setup.rows import Setup
from queuedesk.core.setup.time_of_day import clock_text
from queuedesk.desk import looking
from queuedesk.desk.change import Ask, Desk, derived_tokens, no_salt
from queuedesk.desk.queue import rating
from queuedesk.desk.setup import founding, setting_up
from queuedesk.desk.setup.calendaring import published
from queuedesk.desk.talk import noticing
from queuedesk.files.table import BadLine, Table, check_columns, read_table, refused
from queuedesk.sim.day import Clerk, SimulatedDay, arrivals, service_shares
from queuedesk.sim.demand import BILL_DAYS, BillDays, bill_dates, expected_customers, shares_on, usual_minutes
from queuedesk.sim.demo_words import typed
from queuedesk.sim.directory import places
from queuedesk.sim.own_table import NEEDED_OWN_COLUMNS, OWN_COLUMNS, completed, from_file, read_visits, unknown_codes
from queuedesk.sim.player import Played, Player, Progress, Ready, log_length
from queuedesk.sim.records import (
    ACTION_COLUMNS,
    NEEDED_ACTION_COLUMNS,
    NEEDED_TICKET_COLUMNS,
    TICKET_COLUMNS,
    RecordedAct,
    first_offset,
    in_order,
    lives,
    read_acts,
    read_tickets,
    together,
)
from queuedesk.sim.whole_hall import (
    BUSY_CLERK,
    HAPPENINGS,
    WARNED_OF,
    Happening,
    HeardDay,
    carry_out,
    deeds_on,
)
from queuedesk.store.upkeep.draft import drafted

# -- replays recorded days through a fresh hall at the recorded times ------------------------------------------------


def replay(
    file: Path,
    *,
    target: Path | None = None,
    setup: Mapping[str, Any] | None = None,
    code: str | None = None,
    skip_bad: bool = False,
    ready: Ready = lambda desk, played, told: None,
    progress: Progress = lambda done, whole: None,
) -> Played:
    """Play a file of recorded tickets or actions into a new hall at `target`, or leave nothing.

    `setup` is a set-up that `check_setup` accepts; without it the hall is made of what the file names. `code` is the
    hall's code. `told` gets the quoted waits, in the order of issue, before the hall is put in place. A refusal or an
    interruption leaves nothing behind.

    Raises:
        RuleError: "bad_rows" (path, lines) unless `skip_bad`, "no_rows", "exists".
        OutsideError: "no_such_file", "cannot_read", "not_a_table", "cannot_write", "database_full".
    """
    table = read_table(file)
    acts, bad, zone = _read(table, setup)
    if setup is not None:
        bad += unknown_codes(check_setup(setup), acts)
    while True:
        left_out = {one.line for one in bad}
        good = [act for act in acts if act.line not in left_out]
        if not good:
            raise refused(file, bad) if bad else RuleError("no_rows", path=str(file))
        whole = check_setup(completed(setup or from_file(good, zone), good, code))
        if bad and not skip_bad:  # Played only to find what else could not have happened.
            _nothing, found = _play(good, whole, table.digest, progress=progress)
            raise refused(file, bad + found)
        played, found = _play(
            good, whole, table.digest, target=target, skipped=len(left_out), ready=ready, progress=progress
        )
        bad += found
        if played is not None:
            return played
        if not skip_bad:
            raise refused(file, bad)


class _Refused(Exception):  # noqa: N818 - leaves the block that throws the hall away
    """Rows were refused."""


def _play(
    acts: Sequence[RecordedAct],
    setup: Setup,
    digest: bytes,
    *,
    target: Path | None = None,
    skipped: int = 0,
    ready: Ready = lambda desk, played, told: None,
    progress: Progress,
) -> tuple[Played | None, list[BadLine]]:
    """Play rows into a new hall; with bad rows among them no hall is left, and they are returned."""
    bad: list[BadLine] = []
    try:
        with drafted(target) as db:
            made = founding.found_hall(db, setup, Ask(CONSOLE, acts[0].time))
            player = Player(
                Desk(db, made.hall, derived_tokens(digest), no_salt), setup, lambda done: progress(done, len(acts))
            )
            player.play(acts)
            bad = player.bad
            if bad:
                raise _Refused
            played = Played(
                days=player.days,
                tickets=len(player.predictions),
                events=log_length(player.desk),
                skipped=skipped,
            )
            ready(player.desk, played, player.predictions)
    except _Refused:
        return None, bad
    return played, []


def _read(table: Table, setup: Mapping[str, Any] | None) -> tuple[list[RecordedAct], list[BadLine], timezone]:
    """Return the rows in order, the lines that make none, and the first row's offset."""
    is_own, is_tickets = "leg" in table.columns, "arrived" in table.columns
    if is_own:
        check_columns(table, OWN_COLUMNS, NEEDED_OWN_COLUMNS)
    elif is_tickets:
        check_columns(table, TICKET_COLUMNS, NEEDED_TICKET_COLUMNS)
    else:
        check_columns(table, ACTION_COLUMNS, NEEDED_ACTION_COLUMNS)
    offset = first_offset(table, "arrived" if is_tickets else "time")
    zone = zone_of(setup["hall"].get("timezone", "Asia/Shanghai")) if setup is not None else offset
    if is_own:
        visits, bad = read_visits(table, zone)
        return together(visits), [*table.bad, *bad], offset
    if is_tickets:
        tickets, bad = read_tickets(table, zone)
        return lives(tickets), [*table.bad, *bad], offset
    acts, bad = read_acts(table, zone)
    return in_order(acts), [*table.bad, *bad], offset


# -- simulates whole days of a preset hall: the same again for the same seed -----------------------------------------

TIME_ZONE = "Asia/Shanghai"
"""That of every simulated hall: the same seed gives the same log on every PC."""
LOOKED_BACK_DAYS = 14


def simulate(
    preset: str,
    seed: int,
    *,
    today: date,
    days: int = 1,
    first: date | None = None,
    target: Path | None = None,
    code: str | None = None,
    ready: Ready = lambda desk, played, told: None,
    progress: Progress = lambda done, whole: None,
) -> Played:
    """Play `days` dates from `first` on through a new hall at `target`, or leave nothing.

    Without `first` they end with the last date up to `today` on which the hall is open. Busy bill days of that kind of
    hall stand in its set-up and bring more people, for other matters. `progress` is called at every
    act with the number of days done, and of all days. A refusal or an interruption leaves nothing behind. Raises
    RuleError "unknown_preset", "exists", OutsideError "cannot_write".
    """
    if preset not in PRESETS:
        raise RuleError("unknown_preset", preset=preset)
    prepared = setting_up.prepared(founding.preset(preset), code=code, timezone=TIME_ZONE)
    prepared["hall"]["simulated"] = True
    begin = first or last_open_day(check_setup(prepared), today) - timedelta(days=days - 1)
    bills = bill_dates(preset, begin, begin + timedelta(days=days - 1))
    setup = check_setup({**prepared, "pay_days": [day.isoformat() for day in bills]})
    with drafted(target) as db:
        made = founding.found_hall(db, setup, Ask(CONSOLE, hall_moment(setup, begin, 0)))
        desk = Desk(db, made.hall, derived_tokens(f"simulate {preset} {seed}".encode()), no_salt)
        tickets = 0
        for n in range(days):
            day = begin + timedelta(days=n)
            if is_open_on(setup, day):
                for _now in planned(desk, setup, day, seed, BILL_DAYS.get(preset)).steps():
                    progress(n, days)
                tickets += len(looking.hall_on(desk, day).tickets)
            progress(n + 1, days)
        played = Played(days=days, tickets=tickets, events=log_length(desk), skipped=0)
        ready(desk, played, ())
    return played


def planned(desk: Desk, setup: Setup, day: date, seed: int, kind: BillDays | None = None) -> SimulatedDay:
    """Return one whole date of a hall, ready to be played; `kind` says what more people come for on busy bill days."""
    handling = {service.code: usual_minutes(service) for service in setup.services.values()}
    customers, shares = expected_customers(setup, day, kind), shares_on(setup, day, kind)
    ready = (seed, day.toordinal())
    return SimulatedDay(desk, day, ready, customers=customers, handling_min=handling, shares=shares)


def is_open_on(setup: Setup, day: date) -> bool:
    """Whether any service gives out tickets on that date."""
    return any(hours_on(setup, service, day) for service in setup.services.values())


def last_open_day(setup: Setup, today: date) -> date:
    """Return the last date up to `today` on which the hall is open; `today` if there is none within two weeks."""
    dates = (today - timedelta(days=n) for n in range(LOOKED_BACK_DAYS))
    return next((day for day in dates if is_open_on(setup, day)), today)


# -- four weeks of a demo's hall, of which no two days are alike, and the busy day after them ------------------------

WEEKS = 4
SATURDAY, SUNDAY = 6, 7
BE_EARLY_MIN, TRAIN_MIN = 10, 120
HOURS = ({"days": "1-5", "from": "08:30", "to": "17:30"}, {"days": "6", "from": "09:00", "to": "12:00"})
CUSTOMERS = 200
SATURDAY_SHARE = 0.28
WEEKDAY_SHARES = {1: 1.12, 2: 0.95, 3: 0.9, 4: 0.97, 5: 1.06}
ON_PAY_DAY, AFTER_PAY_DAY = 1.25, 1.12
NO_TWO_ALIKE = 0.07
"""By which share the number of people, and the time that visits take, differ from day to day for no known reason."""
LATE_SHARES = (0.08, 0.16, 0.27, 0.29, 0.20)
"""How those rate who waited past the target."""
LATE_REASONS = (["waited_long"], ["waited_long"], ["waited_long", "explained_badly"], ["surroundings"])
PROMPT_REASONS = (["attitude"], ["explained_badly"], ["papers_changed"], ["not_solved"])
"""The reasons of those who did not wait long."""
SYSTEM_REASONS = (["system_down"], ["system_down", "waited_long"])
LATE_WINDOW, RESTING = 3, 1
"""The windows, counted from 0, that open late in the morning, today at noon only, and that today has a short rest."""
ASK_TOGETHER, TOGETHER_WITHIN = ("B", "D"), timedelta(minutes=12)
OPINIONS = (1, 2, 3, 4, 4, 5, 5, 5)
MOST_SATISFIED = 5
ALSO, AGAIN = 1, 2
"""What tells the chances beside the windows, and those of a call made again, from those at them."""
CALLS_AGAIN, AGAIN_SHARE, AGAIN_AFTER = "C5", 0.5, timedelta(seconds=4)
"""Who calls a third time before anybody could have come, how often after a second call, and after how long: what the
rows ask to be trained."""


CLOSED_DAY = 8
"""The day on which the hall is closed by itself."""
CLOSED: Row = {"kind": "holiday", "text": "全员消防演练", "text_en": "Fire drill of all staff", "working": True}
SHORT: Row = {"kind": "special", "from": "08:30", "to": "15:00", "text": "下午员工培训", "text_en": "Staff training"}
"""What the calendar says of that day, and of the day a week after today."""


def story_dates(today: date, weeks: int = WEEKS) -> list[date]:
    """Return the dates of the weeks before a day on which the hall is open: no Sundays, no holidays, not the day on
    which it is closed by itself."""
    dates = _open_dates(today, weeks)
    return [day for day in dates if day not in _closed_days(dates, today)]


def _open_dates(today: date, weeks: int) -> list[date]:
    off = read_calendar(published_days())
    dates = [today - timedelta(days=n) for n in range(7 * weeks, 0, -1)]
    return [day for day in dates if day.isoweekday() != SUNDAY and not off.is_closed(day)]


def _closed_days(dates: Sequence[date], today: date) -> list[date]:
    # Not on the weekday of today: it takes four of them to say what is usual.
    return [day for day in dates[CLOSED_DAY:] if day.isoweekday() not in (SATURDAY, today.isoweekday())][:1]


def published_days() -> dict[str, Row]:
    """Return the days published in China for every year that the program knows, as a hall's calendar."""
    return {day: row for year in published("cn").values() for day, row in year.days.items()}


def story_setup(document: Mapping[str, Any], today: date) -> dict[str, Any]:
    """Return a hall's set-up with the hours, the calendar, the busy bill days and the roster of the story."""
    known = published_days()
    own = {day.isoformat(): CLOSED for day in _closed_days(_open_dates(today, WEEKS), today)}
    soon = (today + timedelta(days=7)).isoformat()
    own |= {soon: SHORT} if soon not in known else {}
    weekdays = [day for day in story_dates(today) if day.isoweekday() != SATURDAY]
    return {
        **document,
        "services": [{**row, "hours": [dict(span) for span in HOURS]} for row in document["services"]],
        CALENDAR: with_days(known, own),
        "partners": places(),
        "staff": [{**row, "warned_of": WARNED_OF.get(row["code"], [])} for row in document["staff"]],
        "settings": {**document.get("settings", {}), "early_minutes": BE_EARLY_MIN, "training_minutes": TRAIN_MIN},
        "pay_days": [weekdays[len(weekdays) // 3].isoformat(), weekdays[-1].isoformat()],
        "roster": [*_roster(document), *_roster_of(document, today)],
    }


def story_begins(setup: Setup, today: date, weeks: int = WEEKS) -> datetime:
    """Return when such a hall is set up: before its first day."""
    return hall_moment(setup, min([*story_dates(today, weeks), today]), 7 * 60)


def _roster(document: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the planned shifts of a week: people change windows from day to day."""
    windows, clerks = _windows_and_clerks(document)
    for weekday in range(1, SATURDAY):
        for n, window in enumerate(windows):
            row = _shift(window, clerks[(n + weekday) % len(clerks)], n) | {"weekday": str(weekday)}
            yield row | ({"from": "10:15"} if n == LATE_WINDOW else {})
    for n, window in enumerate(windows):
        if n % 2 == 0:
            hours = {"from": "09:00", "to": "12:30", "breaks": []}
            yield {"window": window, "staff": clerks[n], "weekday": str(SATURDAY), **hours}


def _roster_of(document: Mapping[str, Any], today: date) -> Iterator[dict[str, Any]]:
    """Yield today's shifts: everybody at a window of their own, one with a short rest in the morning."""
    windows, clerks = _windows_and_clerks(document)
    for n, (window, clerk) in enumerate(zip(windows, clerks, strict=False)):
        row = _shift(window, clerk, n) | {"date": today.isoformat()}
        if n == RESTING:
            row["breaks"] = [{"from": "10:35", "minutes": 20}, *row["breaks"]]
        yield row


def _shift(window: str, clerk: str, n: int) -> dict[str, Any]:
    meal = {"from": clock_text(680 + 25 * n).zfill(5), "minutes": 40}
    return {"window": window, "staff": clerk, "from": "08:30", "to": "18:15", "breaks": [meal]}


def _windows_and_clerks(document: Mapping[str, Any]) -> tuple[list[str], list[str]]:
    clerks = [row["code"] for row in document["staff"] if row["role"] == "clerk"]
    return [row["code"] for row in document["windows"]], clerks


def story_days(
    desk: Desk, setup: Setup, today: date, seed: int, *, weeks: int = WEEKS, only_alike: bool = False
) -> Iterator[StoryDay]:
    """Yield the days before `today` one by one, each to be played to its end before the next. `only_alike`: those of
    the same weekday alone, which is enough for what is usual of it."""
    dates = story_dates(today, weeks)
    for n, day in enumerate(dates):
        if not only_alike or day.isoweekday() == today.isoweekday():
            yield StoryDay(desk, setup, day, (seed, n), HAPPENINGS.get(n), ago=len(dates) - n)


def story_people(setup: Setup, day: date) -> float:
    """Return how many people come on such a day."""
    if weekday_like(setup.calendar, day) == SATURDAY:
        return CUSTOMERS * SATURDAY_SHARE
    found = CUSTOMERS * WEEKDAY_SHARES.get(day.isoweekday(), 1.0)
    if day in setup.pay_days:
        return found * ON_PAY_DAY
    return found * (AFTER_PAY_DAY if day - timedelta(days=1) in setup.pay_days else 1.0)


BEFORE_CLOSING = 15


class StoryDay(HeardDay):
    """A day with something of its own, `ago` days of the story before the demo's. Who waits long rates worse, and
    people without a ticket say how it was, too."""

    def __init__(
        self,
        desk: Desk,
        setup: Setup,
        day: date,
        seed: Sequence[int],
        happening: Happening | None = None,
        *,
        customers: int | None = None,
        ago: int = 0,
    ) -> None:
        self.happening, self._has_thanked = happening, False
        own = np.random.default_rng((*seed, day.toordinal()))
        many, self._slowness = (float(np.exp(own.normal(0, NO_TWO_ALIKE))) for _ in range(2))
        if customers is None:
            customers = round(story_people(setup, day) * many * (happening.busy if happening else 1.0))
        self._span = spans_of(setup, day)
        self.also, self._again = (np.random.default_rng((*seed, day.toordinal(), which)) for which in (ALSO, AGAIN))
        super().__init__(desk, day, seed, customers=customers)
        opinions = int(own.poisson(2))
        for _ in range(opinions):
            at = self.opens + (self.closes - self.opens) * float(own.random())
            self.plan(at, partial(self._say, OPINIONS[int(own.integers(len(OPINIONS)))]))
        for minute, case, what in deeds_on(ago):
            # Before the windows close: on Saturdays they do so at noon.
            at = hall_moment(setup, day, min(minute, self._span[1] - BEFORE_CLOSING))
            self.plan(at, partial(self._go_on_with_case, case, what))
        for feature in used(self.setup.hall):
            for minute, does in load(feature.demo)(ago) if feature.demo else ():
                self.plan(hall_moment(setup, day, min(minute, self._span[1] - BEFORE_CLOSING)), partial(self._do, does))
        if happening is not None:
            noted = hall_moment(setup, day, happening.start + 10)
            self.plan(noted, self._note)
            self.watch(happening.start - 30, happening.start + 90, busy="" if ago else BUSY_CLERK)
            owner, then = happening.then
            if then and uses(setup.hall, owner):
                at = hall_moment(setup, day, happening.end)
                self.plan(at, partial(self._do, partial(load(then), happening)))
            self._crowd(happening, own)

    def hours(self) -> tuple[int, int]:
        return self._span

    def mean_min(self, service: str, now: datetime) -> float:
        usual = super().mean_min(service, now) * self._slowness
        local = self.setup.local(now)
        is_slow = self.happening is not None and self.happening.slows(service, local.hour * 60 + local.minute)
        return usual * self.happening.pace if self.happening is not None and is_slow else usual

    def level_shares(self, label: str) -> Sequence[float]:
        return LATE_SHARES if self._was_late(label) else super().level_shares(label)

    def low_reasons(self, label: str) -> Sequence[list[str]]:
        if self.happening is not None and self.happening.slow == "*":
            return SYSTEM_REASONS
        return LATE_REASONS if self._was_late(label) else PROMPT_REASONS

    def _recall(self, clerk: Clerk, label: str, now: datetime) -> None:
        super()._recall(clerk, label, now)
        if clerk.actor.name == CALLS_AGAIN and self._again.random() < AGAIN_SHARE:
            self.plan(now + AGAIN_AFTER, partial(super()._recall, clerk, label))

    def _rate(self, label: str, level: int, now: datetime) -> None:
        super()._rate(label, level, now)
        if level == MOST_SATISFIED and self.happening is not None and self.happening.thanks and not self._has_thanked:
            self._has_thanked = True
            self.plan(now + timedelta(minutes=1), partial(self.thank, label, self.happening.thanks))

    def _was_late(self, label: str) -> bool:
        leg = self._ticket(label).legs[0]
        target = timedelta(minutes=self.setup.number("wait_target_minutes"))
        return leg.called is not None and leg.called - leg.joined > target

    def _say(self, level: int, now: datetime) -> None:
        tags = list(LATE_REASONS[level % len(LATE_REASONS)]) if level <= 2 else []
        rating.give_opinion(self.desk, self._ask(CUSTOMER, now), level, tags=tags)

    def _go_on_with_case(self, case: int, what: str, now: datetime) -> None:
        carry_out(self.desk, self.setup, self._ask(self.manager, now), case, what)

    def _do(self, does: Callable[[Desk, Setup, Ask], object], now: datetime) -> None:
        """Do what a feature has for the demo, as a manager. What can't be is left out, as in cases."""
        with suppress(RuleError):
            does(self.desk, self.setup, self._ask(self.manager, now))

    def _note(self, now: datetime) -> None:
        it = self.happening
        if it is not None:
            ask, start, end = self._ask(self.manager, now), clock_text(it.start), clock_text(it.end)
            noticing.add_note(self.desk, ask, it.kind, typed(self.setup, it.note), start=start, end=end)

    def _crowd(self, happening: Happening, own: np.random.Generator) -> None:
        """Let several people come together."""
        begin = hall_moment(self.setup, self.day, happening.start)
        shares = {code: share for code, share in service_shares(self.setup).items() if code in ASK_TOGETHER}
        if happening.crowd and shares:
            whole = sum(shares.values())
            shares = {code: share / whole for code, share in shares.items()}
            until = begin + TOGETHER_WITHIN
            some = arrivals(self.setup, begin, until, customers=2 * happening.crowd, shares=shares, rng=own)
            for person in some[: happening.crowd]:
                self.plan(person.at, partial(self._arrive, person))


def spans_of(setup: Setup, day: date) -> tuple[int, int]:
    """Return from when to when any service is open on a date."""
    spans = [span for service in setup.services.values() for span in hours_on(setup, service, day)]
    return min(start for start, _end in spans), max(end for _start, end in spans)
