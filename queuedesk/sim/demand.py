"""An invented day: how many people come on a date, and for what, on usual days, busy bill days and the day after one;
when they come, and the day played through the real desk by commands. What features play in the hall of a demo their
registers name (`demo`)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime, timedelta
from functools import partial
from heapq import heappop, heappush
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np
from msgspec import Struct, field
from msgspec.structs import replace
from numpy.random import Generator

from queuedesk.core.errors import RuleError
from queuedesk.core.features import HallFeatureChoice, features_used_by_hall, import_reference
from queuedesk.core.network.roles import CUSTOMER, HALL, Actor, Role
from queuedesk.core.queue.hallday import opening_spans_on, utc_moment_of_hall_minute
from queuedesk.core.queue.ticket import Ticket, TicketState
from queuedesk.core.setup.rows import Service, Setup, hall_languages
from queuedesk.core.staffing.roster import shifts_planned_on
from queuedesk.desk import looking
from queuedesk.desk.change import Ask, Desk
from queuedesk.desk.queue import calling, issuing, opening, rating
from queuedesk.desk.upkeep import clocks
from queuedesk.i18n import name_in_language

# -- who comes to a hall on an ordinary day: when, for what, and with how much patience ------------------------------

# Share of the day's customers in each eighteenth of the opening time: a peak before noon, a lull at lunch, a lower peak
# after.
SHAPE = (14, 24, 27, 30, 26, 19, 10, 6, 5, 9, 20, 27, 28, 24, 18, 13, 8, 4)
CLASS_SHARES = {"elderly": 0.08, "disabled": 0.01, "pregnant": 0.01}
SECOND_SERVICE_SHARE = 0.03
WRONG_LINE_SHARE = 0.03
NOT_READY_SHARE = 0.04
NO_SHOW_SHARE = 0.03
ITEM_SHARE = 0.8
MEDIAN_PATIENCE_MIN = 50.0
PATIENCE_SPREAD = 0.7


class SimulatedCustomer(Struct, frozen=True, kw_only=True):
    """One customer. `needs` is what they came for if that is not what the ticket says; all times in minutes."""

    at: datetime
    service: str
    item: str | None
    klass: str
    then: tuple[str, ...]
    needs: str | None
    ready: bool
    shows_up: bool
    patience_min: float


def random_customers_of_day(
    setup: Setup, opens: datetime, closes: datetime, *, customers: int, shares: Mapping[str, float], rng: Generator
) -> list[SimulatedCustomer]:
    """Return the day's customers in order of time, about `customers` of them; `shares` are those of the services."""
    step = (closes - opens) / len(SHAPE)
    found = []
    for i, weight in enumerate(SHAPE):
        expected = customers * weight / sum(SHAPE)
        for _ in range(int(rng.poisson(expected))):
            found.append(simulated_arrival(setup, opens + step * (i + float(rng.random())), shares, rng))
    return sorted(found, key=lambda a: a.at)


def simulated_arrival(setup: Setup, at: datetime, shares: Mapping[str, float], rng: Generator) -> SimulatedCustomer:
    """Return one customer who comes at that time."""
    codes = list(shares)
    code = _choose_weighted(codes, [shares[c] for c in codes], rng)
    service = setup.services[code]
    klasses = [k for k in CLASS_SHARES if k in setup.classes]
    klass = _choose_weighted(
        ["normal", *klasses], [1 - sum(CLASS_SHARES[k] for k in klasses), *(CLASS_SHARES[k] for k in klasses)], rng
    )
    others = [c for c in codes if c != code]
    then = (others[int(rng.integers(len(others)))],) if others and rng.random() < SECOND_SERVICE_SHARE else ()
    wrong = others[int(rng.integers(len(others)))] if others and not then and rng.random() < WRONG_LINE_SHARE else None
    return SimulatedCustomer(
        at=at.replace(microsecond=0),
        service=code,
        item=_choose_item(service, rng),
        klass=klass,
        then=then,
        needs=wrong,
        ready=not (service.items and rng.random() < NOT_READY_SHARE),
        shows_up=bool(rng.random() >= NO_SHOW_SHARE),
        patience_min=float(MEDIAN_PATIENCE_MIN * rng.lognormal(0, PATIENCE_SPREAD)),
    )


def _choose_item(service: Service, rng: Generator) -> str | None:
    if not service.items or rng.random() >= ITEM_SHARE:
        return None
    weights = [3.0 if item.favourite else 1.0 for item in service.items]
    return _choose_weighted([item.code for item in service.items], weights, rng)


def _choose_weighted(choices: list[str], weights: list[float], rng: Generator) -> str:
    total = sum(weights)
    return str(choices[int(rng.choice(len(choices), p=[w / total for w in weights]))])


def lognormal_duration(rng: Generator, mean: float, variation: float) -> timedelta:
    """Return a log-normal time with this mean (minutes) and coefficient of variation, in whole seconds."""
    spread = np.sqrt(np.log(1 + variation**2))
    value = rng.lognormal(np.log(mean) - spread**2 / 2, spread)
    return timedelta(seconds=round(float(value) * 60))


HANDLING_MIN = {"A": 3.2, "B": 8.2, "C": 12.5, "D": 3.0}
OTHER_HANDLING_MIN = 6.0
REST_MIN = 20
SERVICE_SHARES = {"A": 0.54, "B": 0.28, "C": 0.10, "D": 0.08}
LEVEL_SHARES = (0.01, 0.03, 0.10, 0.26, 0.60)
LOW_REASONS = (["waited_long"], ["attitude"], ["waited_long", "explained_badly"], ["not_solved"])
RATE_SHARE = 0.62
SECONDS = timedelta(seconds=1)


class SimulatedClerk(Struct):
    """One clerk's day at one window. `breaks` are (when, why, minutes); `until` is None for a clerk who stays until the
    last customer."""

    window: str
    actor: Actor
    comes_at: datetime
    until: datetime | None = None
    breaks: list[tuple[datetime, str, int]] = field(default_factory=list)
    busy: bool = False
    away: bool = True
    home: bool = False
    parked: list[str] = field(default_factory=list)


def service_shares(setup: Setup) -> dict[str, float]:
    return {code: SERVICE_SHARES.get(code, 1 / len(setup.services)) for code in setup.services}


class SimulatedDay:
    """One seeded day of a hall. The same seed, set-up and date give the same acts at the same times."""

    def __init__(
        self,
        desk: Desk,
        day: date,
        seed: int | Sequence[int],
        *,
        customers: int = 300,
        handling_min: Mapping[str, float] = HANDLING_MIN,
        shares: Mapping[str, float] | None = None,
    ) -> None:
        """Plan the day. `customers` are those expected, `handling_min` the mean minutes that a service takes, `shares`
        the part of the customers that comes for each service (none given: as in a power hall where their codes are
        known). Windows and breaks follow the hall's roster where it has one for the day."""
        self.desk = desk
        self.setup: Setup = looking.setup_of_hall(desk)
        self.day = day
        self.rng = np.random.default_rng(seed)
        opens, closes = self.arrival_span_minutes()
        self.opens, self.closes = (
            utc_moment_of_hall_minute(self.setup, day, opens),
            utc_moment_of_hall_minute(self.setup, day, closes),
        )
        self.handling_min = handling_min
        self.guide = self._first_staff_of_role(Role.GUIDE)
        self.manager = self._first_staff_of_role(Role.MANAGER)
        self.people: dict[str, SimulatedCustomer] = {}
        self._heap: list[tuple[datetime, int, Callable[[datetime], None]]] = []
        self._order = count()
        shares = service_shares(self.setup) if shares is None else shares
        self.clerks = self.make_clerks()
        for person in random_customers_of_day(
            self.setup, self.opens, self.closes, customers=customers, shares=shares, rng=self.rng
        ):
            self.plan_act(person.at, partial(self._issue_on_arrival, person))
        self.plan_act(self.opens - timedelta(minutes=12), self._begin_day)
        self.plan_act(self.closes + timedelta(minutes=75), self._end_business_date)

    def play_step_by_step(self, until: datetime | None = None) -> Iterator[datetime]:
        """Yield the time of each act before it is done, up to `until` or to the end of the day; asking for the next one
        does it. Who stops asking loses none: it is the first when the day is played on."""
        while self._heap and (until is None or self._heap[0][0] <= until):
            yield self._heap[0][0]
            now, _, act = heappop(self._heap)
            with suppress(RuleError):  # a rule said no to somebody, as rules do; the day goes on
                act(now)

    def play(self, until: datetime | None = None) -> None:
        """Play on, up to `until` or to the end of the day."""
        for _ in self.play_step_by_step(until):
            pass

    # -- plan ----------------------------------------------------------------------------------------------------------

    def arrival_span_minutes(self) -> tuple[int, int]:
        """Return from when to when people come, as minutes since midnight."""
        return self.setup.hall.opens, self.setup.hall.closes

    def make_clerks(self) -> list[SimulatedClerk]:
        planned = [
            row
            for row in shifts_planned_on(self.setup.roster, self.day, self.setup.calendar)
            if row.staff in self.setup.staff
        ]
        if planned:
            return [
                SimulatedClerk(
                    window=row.window,
                    actor=Actor(row.staff, self.setup.staff[row.staff].role),
                    comes_at=utc_moment_of_hall_minute(self.setup, self.day, row.start),
                    until=utc_moment_of_hall_minute(self.setup, self.day, row.end),
                    breaks=[
                        (
                            utc_moment_of_hall_minute(self.setup, self.day, rest.start),
                            "break" if rest.minutes <= REST_MIN else "meal",
                            rest.minutes,
                        )
                        for rest in row.breaks
                    ],
                )
                for row in planned
            ]
        clerks = []
        people = [p for p in self.setup.staff.values() if p.role is Role.CLERK]
        noon = self.opens + timedelta(hours=2, minutes=50)
        for i, (code, person) in enumerate(zip(self.setup.windows, people, strict=False)):
            rest = [(self.opens + timedelta(hours=2, minutes=2), "break", 15)] if i == 3 else []
            clerks.append(
                SimulatedClerk(
                    window=code,
                    actor=Actor(person.code, Role.CLERK),
                    comes_at=self.opens - timedelta(minutes=5) + timedelta(seconds=37 * i),
                    breaks=[(noon + timedelta(minutes=25 * i), "meal", 40), *rest],
                )
            )
        return clerks

    def _first_staff_of_role(self, role: Role) -> Actor:
        person = next(p for p in self.setup.staff.values() if p.role is role)
        return Actor(person.code, role)

    def plan_act(self, at: datetime, act: Callable[[datetime], None]) -> None:
        heappush(self._heap, (at, next(self._order), act))

    def _is_random_hit(self, share: float) -> bool:
        return bool(self.rng.random() < share)

    def _ticket_by_label(self, label: str) -> Ticket:
        return looking.find_ticket(self.desk, self.day, label)

    def _make_ask(self, who: Actor, now: datetime) -> Ask:
        return Ask(who, now)

    # -- the hall opens and ends ---------------------------------------------------------------------------------------

    def _begin_day(self, now: datetime) -> None:
        opening.sign_in(self.desk, self._make_ask(self.guide, now), "guide", self.guide.name)
        opening.sign_in(self.desk, self._make_ask(self.manager, now), "manager", self.manager.name)
        for clerk in self.clerks:
            self.plan_act(max(clerk.comes_at, now), partial(self._open_window_and_plan_breaks, clerk))
            self.plan_act(self.closes + 60 * SECONDS, partial(self._continue_if_idle, clerk))

    def _open_window_and_plan_breaks(self, clerk: SimulatedClerk, now: datetime) -> None:
        try:
            opening.open_window(self.desk, self._make_ask(clerk.actor, now), clerk.window, staff=clerk.actor.name)
        except RuleError as error:
            if error.code in ("window_open", "staff_elsewhere") and clerk.until is not None and now < clerk.until:
                self.plan_act(
                    now + 60 * SECONDS, partial(self._open_window_and_plan_breaks, clerk)
                )  # whoever sat there before has a customer yet
            return
        clerk.away = False
        self.plan_act(max(now, self.opens) + 20 * SECONDS, partial(self._continue_at_window, clerk))
        for at, reason, length_min in clerk.breaks:
            self.plan_act(at, partial(self.request_break, clerk, reason=reason, length_min=length_min))

    def _end_business_date(self, now: datetime) -> None:
        clocks.end_today(self.desk, self._make_ask(HALL, now))

    # -- the door ------------------------------------------------------------------------------------------------------

    def _issue_on_arrival(self, person: SimulatedCustomer, now: datetime) -> None:
        guide = self._make_ask(self.guide, now)
        if not person.ready:
            issuing.record_visitor_not_ready(self.desk, guide, person.service, item=person.item)
            return
        ticket = issuing.issue_ticket(
            self.desk, guide, person.service, klass=person.klass, item=person.item, then=person.then
        )
        label = str(ticket["ticket"])
        self.people[label] = person
        if self._is_random_hit(0.01):
            self.plan_act(now + 30 * SECONDS, partial(self._void_ticket, label))
            return
        self.plan_act(now + timedelta(minutes=person.patience_min), partial(self._leave_if_still_waiting, label))
        if self._is_random_hit(0.01):
            self.plan_act(now + timedelta(minutes=4), partial(self._postpone_ticket, label))
        self._plan_calls_at_idle_windows(now)

    def let_customer_in(self, person: SimulatedCustomer, label: str, now: datetime) -> None:
        """Have somebody wait who was given a number otherwise."""
        self.people[label] = person
        self._plan_calls_at_idle_windows(now)

    def _void_ticket(self, label: str, now: datetime) -> None:
        calling.void_ticket(self.desk, self._make_ask(self.guide, now), label, reason="issued_twice")

    def _postpone_ticket(self, label: str, now: datetime) -> None:
        calling.postpone_ticket(self.desk, self._make_ask(self.guide, now), label)

    def _leave_if_still_waiting(self, label: str, now: datetime) -> None:
        if self._ticket_by_label(label).state is TicketState.WAITING:
            calling.record_customer_left(self.desk, self._make_ask(self.guide, now), label)

    def _return_after_missed_call(self, label: str, now: datetime) -> None:
        calling.reinstate_missed_ticket(self.desk, self._make_ask(self.guide, now), label)
        self._plan_calls_at_idle_windows(now)

    # -- the windows ---------------------------------------------------------------------------------------------------

    def _plan_calls_at_idle_windows(self, now: datetime) -> None:
        """Somebody joined a line: every idle window looks whether it can serve them."""
        for clerk in self.clerks:
            if not clerk.busy and not clerk.away and not clerk.home:
                clerk.busy = True
                delay = int(self.rng.integers(3, 12))
                self.plan_act(now + delay * SECONDS, partial(self._continue_at_window, clerk))

    def _continue_at_window(self, clerk: SimulatedClerk, now: datetime) -> None:
        """The window has no customer: a break that is due, somebody set aside, the next in line, or the end of the
        day."""
        clerk.busy = True
        ask = self._make_ask(clerk.actor, now)
        if clerk.away or clerk.home:
            return
        if clerk.until is not None and now >= clerk.until and not clerk.parked:
            self._close_window_and_go_home(clerk, now)
            return
        if clerk.parked and self._is_random_hit(0.7):
            label = clerk.parked.pop(0)
            ticket = calling.serve_parked_ticket(self.desk, ask, clerk.window, label)
            self._plan_finish(clerk, label, str(ticket["service"]), now, share=0.5)
            return
        if now < self.closes and self._is_random_hit(0.008):
            self._serve_without_ticket(clerk, now)
            return
        self._call_next_or_idle(clerk, now)

    def _continue_if_idle(self, clerk: SimulatedClerk, now: datetime) -> None:
        """The hall has closed: whoever sits there without a customer sees whether somebody still waits."""
        if not clerk.busy:
            self._continue_at_window(clerk, now)

    def _serve_without_ticket(self, clerk: SimulatedClerk, now: datetime) -> None:
        """Somebody walks up with one question."""
        service = next(iter(self.setup.windows[clerk.window].services))
        ticket = calling.serve_without_ticket(
            self.desk, self._make_ask(clerk.actor, now), clerk.window, service, reason="one_question"
        )
        label = str(ticket["ticket"])
        self.plan_act(now + lognormal_duration(self.rng, 1.5, 0.4), partial(self._finish_and_plan_rating, clerk, label))

    def _call_next_or_idle(self, clerk: SimulatedClerk, now: datetime) -> None:
        try:
            ticket = calling.call_ticket(self.desk, self._make_ask(clerk.actor, now), clerk.window)
        except RuleError as error:
            if error.code != "nobody_waiting":
                raise
            clerk.busy = False
            if now >= self.closes and not clerk.parked:
                self._close_window_and_go_home(clerk, now)
            elif now >= self.closes:
                self.plan_act(now + 60 * SECONDS, partial(self._continue_at_window, clerk))
            return
        label = str(ticket["ticket"])
        if self.people[label].shows_up or self._is_random_hit(0.3):
            walk = lognormal_duration(self.rng, 0.6, 0.5)
            self.plan_act(now + max(walk, 8 * SECONDS), partial(self._start_handling_and_plan_rest, clerk, label))
            if walk > 25 * SECONDS and self._is_random_hit(0.5):
                self.plan_act(now + 22 * SECONDS, partial(self._recall_if_still_called, clerk, label))
        else:
            for n in range(1, 4):
                self.plan_act(now + 25 * n * SECONDS, partial(self._recall_absent_customer, clerk, label, n))

    def _recall_if_still_called(self, clerk: SimulatedClerk, label: str, now: datetime) -> None:
        if self._ticket_by_label(label).state is TicketState.CALLED:
            calling.recall_customer(self.desk, self._make_ask(clerk.actor, now), clerk.window)

    def _recall_absent_customer(self, clerk: SimulatedClerk, label: str, n: int, now: datetime) -> None:
        """Call a customer who does not come: the recall after the hall's last call counts as missed."""
        if self._called_ticket_or_clerk_goes_on(clerk, label, now) is None:
            return
        ticket = calling.recall_customer(self.desk, self._make_ask(clerk.actor, now), clerk.window)
        if ticket["state"] == "called":
            return
        if ticket["state"] == "missed" and self._is_random_hit(0.6):
            later = timedelta(minutes=float(self.rng.uniform(2, 12)))
            self.plan_act(now + later, partial(self._return_after_missed_call, label))
        self.plan_act(now + 6 * SECONDS, partial(self._continue_at_window, clerk))

    def _start_handling_and_plan_rest(self, clerk: SimulatedClerk, label: str, now: datetime) -> None:
        ticket = self._called_ticket_or_clerk_goes_on(clerk, label, now)
        if ticket is None:
            return
        pressed = self._is_random_hit(0.97)  # some clerks skip the start and only finish
        if pressed:
            calling.start_serving(self.desk, self._make_ask(clerk.actor, now), clerk.window)
        needs = self.people[label].needs
        if needs is not None and needs != ticket.service:
            self.plan_act(
                now + lognormal_duration(self.rng, 1.4, 0.4),
                partial(self._send_customer_to_next_service, clerk, label, needs),
            )
        elif pressed and self.is_customer_to_be_parked(now):
            self.plan_act(now + timedelta(minutes=2), partial(self._set_aside_and_plan_return, clerk, label))
        elif pressed and self._is_random_hit(0.02):
            self.plan_act(now + timedelta(minutes=1), partial(self._stall_and_plan_going_on, clerk, label))
        else:
            self._plan_finish(clerk, label, ticket.service, now)

    def _called_ticket_or_clerk_goes_on(self, clerk: SimulatedClerk, label: str, now: datetime) -> Ticket | None:
        """Return the ticket; None if it was taken away from the window at the door, and then the clerk goes on."""
        ticket = self._ticket_by_label(label)
        if ticket.state is TicketState.CALLED:
            return ticket
        self.plan_act(now + 8 * SECONDS, partial(self._continue_at_window, clerk))
        return None

    def _send_customer_to_next_service(self, clerk: SimulatedClerk, label: str, service: str, now: datetime) -> None:
        calling.redirect_customer(self.desk, self._make_ask(clerk.actor, now), service, window=clerk.window)
        self.people[label] = replace(self.people[label], needs=None)
        self._plan_calls_at_idle_windows(now)
        self.plan_act(now + 8 * SECONDS, partial(self._continue_at_window, clerk))

    def _set_aside_and_plan_return(self, clerk: SimulatedClerk, label: str, now: datetime) -> None:
        calling.park_ticket(self.desk, self._make_ask(clerk.actor, now), clerk.window, reason="copying")
        self.plan_act(self.parked_customer_returns_at(now), partial(self._mark_parked_customer_back, clerk, label))
        self.plan_act(now + 8 * SECONDS, partial(self._continue_at_window, clerk))

    def _mark_parked_customer_back(self, clerk: SimulatedClerk, label: str, now: datetime) -> None:
        clerk.parked.append(label)

    def _stall_and_plan_going_on(self, clerk: SimulatedClerk, label: str, now: datetime) -> None:
        calling.record_wait_for_other_system(
            self.desk, self._make_ask(clerk.actor, now), clerk.window, reason="payment"
        )
        back = now + lognormal_duration(self.rng, 4, 0.5)
        self.plan_act(back, partial(self._end_stall, clerk, label))

    def _end_stall(self, clerk: SimulatedClerk, label: str, now: datetime) -> None:
        ticket = calling.end_stall_by_other_system(self.desk, self._make_ask(clerk.actor, now), clerk.window)
        self._plan_finish(clerk, label, str(ticket["service"]), now)

    def _plan_finish(
        self, clerk: SimulatedClerk, label: str, service: str, now: datetime, *, share: float = 1.0
    ) -> None:
        mean = self.mean_handling_minutes(service, now) * share
        self.plan_act(
            now + max(lognormal_duration(self.rng, mean, 0.6), 25 * SECONDS),
            partial(self._finish_and_plan_rating, clerk, label),
        )

    def _finish_and_plan_rating(self, clerk: SimulatedClerk, label: str, now: datetime) -> None:
        # A hall without forms has none to be filled in.
        form_free = self._is_random_hit(0.2) or all(spec.form_free for spec in self.setup.services.values())
        asked = self._make_ask(clerk.actor, now)
        done = calling.finish_service(self.desk, asked, clerk.window, outcome="done", form_free=form_free)
        if done["state"] == "finished" and self._is_random_hit(RATE_SHARE):
            level = 1 + int(self.rng.choice(5, p=self.rating_level_shares(label)))
            self.plan_act(now + 7 * SECONDS, partial(self._rate_ticket, label, level))
        elif done["state"] == "waiting":
            self._plan_calls_at_idle_windows(now)
        self.plan_act(now + int(self.rng.integers(9, 35)) * SECONDS, partial(self._continue_at_window, clerk))

    def _rate_ticket(self, label: str, level: int, now: datetime) -> None:
        ask = self._make_ask(CUSTOMER, now)
        rating.rate_visit(self.desk, ask, label, level)
        if level <= 2 and self._is_random_hit(0.7):
            reasons = self.low_rating_reasons(label)
            tags = reasons[int(self.rng.integers(len(reasons)))]
            self.plan_act(now + 12 * SECONDS, partial(self._add_rating_reasons, label, tags))

    def _add_rating_reasons(self, label: str, tags: list[str], now: datetime) -> None:
        rating.add_rating_reasons(self.desk, self._make_ask(CUSTOMER, now), label, tags=tags)

    # -- what a day may have of its own --------------------------------------------------------------------------------

    def mean_handling_minutes(self, service: str, now: datetime) -> float:
        """Return the minutes that a visit for a service takes on average."""
        return self.handling_min.get(service, OTHER_HANDLING_MIN)

    def is_customer_to_be_parked(self, now: datetime) -> bool:
        """Whether the customer just begun with has to fetch something."""
        return self._is_random_hit(0.025)

    def parked_customer_returns_at(self, now: datetime) -> datetime:
        """Return when the customer just set aside is back."""
        return now + timedelta(minutes=float(self.rng.uniform(4, 9)))

    def rating_level_shares(self, label: str) -> Sequence[float]:
        """Return how likely each level of a rating is."""
        return LEVEL_SHARES

    def low_rating_reasons(self, label: str) -> Sequence[list[str]]:
        """Return the reasons of which a dissatisfied customer gives one."""
        return LOW_REASONS

    # -- breaks --------------------------------------------------------------------------------------------------------

    def request_break(self, clerk: SimulatedClerk, now: datetime, reason: str, length_min: int) -> None:
        """Pause as soon as the window has no customer."""
        try:
            pause_ask = self._make_ask(clerk.actor, now)
            opening.pause_window(self.desk, pause_ask, clerk.window, reason=reason, minutes=length_min)
        except RuleError as error:
            if error.code == "window_busy":
                again = partial(self.request_break, clerk, reason=reason, length_min=length_min)
                self.plan_act(now + 20 * SECONDS, again)
            return
        clerk.away = True
        late = float(self.rng.uniform(-2, 3))
        self.plan_act(now + timedelta(minutes=length_min + late), partial(self._resume_after_break, clerk))

    def _resume_after_break(self, clerk: SimulatedClerk, now: datetime) -> None:
        opening.resume_window(self.desk, self._make_ask(clerk.actor, now), clerk.window)
        clerk.away = False
        self.plan_act(now + 10 * SECONDS, partial(self._continue_at_window, clerk))

    def _close_window_and_go_home(self, clerk: SimulatedClerk, now: datetime) -> None:
        opening.close_window(self.desk, self._make_ask(clerk.actor, now), clerk.window)
        clerk.home = True


BUSY_SHARE = 0.6
"""Of the open windows' time, the part that an ordinary day's customers take."""
BETWEEN_MIN = 1.0
SHARE_WITH_ITEM, TARGET_SHARE = 0.8, 0.65
PAY_DAY, DAY_AFTER = 1.6, 1.25
"""How many times as many come on a busy bill day where nothing is known of what for, and on the day after one."""
WEEKDAYS = {1: 1.1, 6: 0.8, 7: 0.7}


class BusyBillDays(Struct, frozen=True):
    """A kind of hall's busy bill days: on which dates of a month bills fall due, and how many times as many people then
    come for each service (those not named: as many as ever)."""

    month_days: tuple[int, ...]
    times: Mapping[str, float]


# Assumed, as no source says it for all: bills fall due on the 25th, 2.2 times as many come to pay and 1.4 times as many
# with a question, the others as ever. Halls differ in their dates, so a real one marks its own and gets none with its
# preset.
BILL_DAYS = {"power": BusyBillDays((25,), {"A": 2.2, "D": 1.4}), "telecom": BusyBillDays((25,), {"A": 2.2})}


def crowd_factors_by_service(setup: Setup, day: date, kind: BusyBillDays | None = None) -> dict[str, float]:
    """Return how many times as many people as on a usual day come for each service: on busy bill days as the `kind` of
    hall has it."""
    if day in setup.pay_days:
        return {code: PAY_DAY if kind is None else kind.times.get(code, 1.0) for code in setup.services}
    return dict.fromkeys(setup.services, DAY_AFTER if day - timedelta(days=1) in setup.pay_days else 1.0)


def service_shares_on(setup: Setup, day: date, kind: BusyBillDays | None = None) -> dict[str, float]:
    """Return the share of a date's customers for each service."""
    times = crowd_factors_by_service(setup, day, kind)
    people = {code: share * times[code] for code, share in service_shares(setup).items()}
    return {code: n / sum(people.values()) for code, n in people.items()}


def expected_customers_on_date(setup: Setup, day: date, kind: BusyBillDays | None = None) -> int:
    """Return how many customers come on that date: enough to keep the windows busy, more on busy bill days and the day
    after."""
    shares, times = service_shares(setup), crowd_factors_by_service(setup, day, kind)
    open_services = {code for code in shares if opening_spans_on(setup, setup.services[code], day)}
    took = sum(share * (usual_handling_minutes(setup.services[code]) + BETWEEN_MIN) for code, share in shares.items())
    clerks = sum(person.role is Role.CLERK for person in setup.staff.values())
    served = [w for w in setup.windows.values() if open_services.intersection(w.services)][:clerks]
    minutes = len(served) * (setup.hall.closes - setup.hall.opens)
    people = BUSY_SHARE * minutes * sum(share * times[code] for code, share in shares.items()) / took
    return round(people * WEEKDAYS.get(day.isoweekday(), 1.0))


def usual_handling_minutes(service: Service) -> float:
    """Return the mean minutes that a service takes, by its items' usual times or its target."""
    known = [item.minutes for item in service.items if item.minutes]
    if known:
        return SHARE_WITH_ITEM * sum(known) / len(known)
    return TARGET_SHARE * service.handling_target if service.handling_target else OTHER_HANDLING_MIN


# -- the dates of an invented hall, and a whole one ready to be played -------------------------------------------------

TIME_ZONE = "Asia/Shanghai"
"""That of every simulated hall: the same seed gives the same log on every PC."""
LOOKED_BACK_DAYS = 14


def simulated_day_of_hall(
    desk: Desk, setup: Setup, day: date, seed: int, kind: BusyBillDays | None = None
) -> SimulatedDay:
    """Return one whole date of a hall, ready to be played; `kind` says what more people come for on busy bill days."""
    handling = {service.code: usual_handling_minutes(service) for service in setup.services.values()}
    customers, shares = expected_customers_on_date(setup, day, kind), service_shares_on(setup, day, kind)
    ready = (seed, day.toordinal())
    return SimulatedDay(desk, day, ready, customers=customers, handling_min=handling, shares=shares)


def has_open_service_on(setup: Setup, day: date) -> bool:
    """Whether any service gives out tickets on that date."""
    return any(opening_spans_on(setup, service, day) for service in setup.services.values())


def last_open_day(setup: Setup, today: date) -> date:
    """Return the last date up to `today` on which the hall is open; `today` if there is none within two weeks."""
    dates = (today - timedelta(days=n) for n in range(LOOKED_BACK_DAYS))
    return next((day for day in dates if has_open_service_on(setup, day)), today)


Words = tuple[str, str]
"""What somebody types, in Chinese and in English."""
Act = Callable[[Desk, Setup, Ask], object]


def hall_language_text(setup: Setup, words: Words) -> str:
    """Return what somebody types, in the hall's first language."""
    return name_in_language(*words, hall_languages(setup)[0])


def act_of_typing(call: Callable[..., object], *typed: object, **named: object) -> Act:
    """Return what calls a function of the desk's with what somebody types: of Words, in the hall's first language."""

    def act(desk: Desk, setup: Setup, ask: Ask) -> object:
        def in_hall(one: Any) -> Any:
            return hall_language_text(setup, one) if isinstance(one, tuple) else one

        return call(desk, ask, *map(in_hall, typed), **{name: in_hall(one) for name, one in named.items()})

    return act


class DemoIncident(Struct, frozen=True, kw_only=True):
    """Something that one day has of its own between two times, in minutes since midnight, with the manager's note;
    parts know it by its name. `busy` is how many times as many people come on the whole day, `crowd` how many come
    together at the start; visits for `slow` (a service's code; "*" for all) take `pace` times as long."""

    name: str
    start: int
    end: int
    kind: str
    note: Words
    busy: float = 1.0
    crowd: int = 0
    slow: str = ""
    pace: float = 1.0

    def is_slowing_service_at(self, service: str, minute: float) -> bool:
        return self.slow in (service, "*") and self.start <= minute < self.end


class DemoDay(SimulatedDay):
    """A day on which features play their parts."""

    also: Generator
    """Chance of its own, so that what is played beside the windows changes nothing at them but who comes."""
    ago: int = 0
    """How many days of the story it is before the demo's day."""
    happening: DemoIncident | None = None


class FeatureDemoPart:
    """What a feature plays where the demo's hall uses it; made for each day. Every method is there to be replaced."""

    place = 0
    """Parts play in this order, those of the same place in the order of the features."""

    @staticmethod
    def set_up(document: dict[str, Any]) -> dict[str, Any]:
        """Return the set-up that the hall begins with, given without the part's own rows."""
        return document

    @staticmethod
    def prepare_before_first_day(desk: Desk, setup: Setup, ask: Ask, today: date) -> None:
        """Do what is done before the first day; `today` is the demo's."""

    @staticmethod
    def acts_of_demo_day(ago: int) -> Iterable[tuple[int, Act]]:
        """Return what a manager does on a day: the minute, and how. What the hall refuses is left out."""
        return ()

    @staticmethod
    def draw_demo_pictures(desk: Desk, lang: str, now: datetime, folder: Path) -> str:
        """Draw pages that no station shows, as NAME-LANG.png; return a sentence if they are left out, else ""."""
        return ""

    def __init__(self, day: DemoDay) -> None:
        self.day, self.desk, self.setup = day, day.desk, day.setup

    def act_on_incident(self, happening: DemoIncident) -> None:
        """Plan what belongs to something that the day has of its own."""

    def begin_day(self, now: datetime) -> None:
        """Do what is done first in the morning."""

    def on_arrival(self, person: SimulatedCustomer, now: datetime) -> None:
        """Do what is done when somebody has come to the front desk."""

    def on_rating(self, label: str, level: int, now: datetime) -> None:
        """Do what is done when a customer has rated."""

    def act_before_day_end(self, now: datetime) -> None:
        """Do what is done before the day ends."""


def feature_demo_parts_used_by_hall(hall: HallFeatureChoice) -> Sequence[type[FeatureDemoPart]]:
    """Return the parts of what a hall uses, in their order."""
    found = [import_reference(feature.demo) for feature in features_used_by_hall(hall) if feature.demo]
    return sorted(found, key=lambda part: part.place)
