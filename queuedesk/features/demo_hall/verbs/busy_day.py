"""The day of a demo: by twenty to eleven there is something of everything to see, in any kind of hall."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import partial

import numpy as np
from msgspec.structs import replace

from queuedesk.core.queue.hallday import hall_moment
from queuedesk.core.setup.rows import Setup
from queuedesk.desk.change import Desk
from queuedesk.features.demo_hall.verbs.story import ALSO, LATE_WINDOW, RESTING, StoryDay
from queuedesk.sim.day import Arrival, Clerk
from queuedesk.sim.demand import expected_customers, shares_on, usual_minutes
from queuedesk.sim.demo import DemoDay, Happening

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
