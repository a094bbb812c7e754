"""Simulates whole days of a preset hall: the same again for the same seed."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

from queuedesk.core.errors import RuleError
from queuedesk.core.network.people import CONSOLE, Role
from queuedesk.core.queue.hallday import hall_moment, hours_on
from queuedesk.core.setup.file import check_setup
from queuedesk.core.setup.presets import PRESETS
from queuedesk.core.setup.values import Service, Setup
from queuedesk.desk import looking
from queuedesk.desk.change import Ask, Desk
from queuedesk.desk.queue.tokens import derived_tokens, no_salt
from queuedesk.desk.setup import founding, setting_up
from queuedesk.paths import resource
from queuedesk.sim.day import OTHER_HANDLING_MIN, SimulatedDay, service_shares
from queuedesk.sim.played import Played, Progress, Ready, log_length
from queuedesk.store.upkeep.draft import drafted

TIME_ZONE = "Asia/Shanghai"
"""That of every simulated hall: the same seed gives the same log on every PC."""
LOOKED_BACK_DAYS = 14
BUSY_SHARE = 0.6
"""Of the open windows' time, the part that an ordinary day's customers take."""
BETWEEN_MIN = 1.0
ITEM_SHARE, TARGET_SHARE = 0.8, 0.65
PAY_DAY, DAY_AFTER = 1.6, 1.25
WEEKDAYS = {1: 1.1, 6: 0.8, 7: 0.7}


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
    """Play `days` dates from `first` on through a new hall, which then stands at `target`, or nowhere.

    Without `first` they end with the last date up to `today` on which the hall is open. `progress` is told at every act
    how many days are done, and of how many. Whatever is refused or interrupted leaves nothing behind. Raises RuleError
    "unknown_preset", "exists", OutsideError "cannot_write".
    """
    if preset not in PRESETS:
        raise RuleError("unknown_preset", preset=preset)
    document = json.loads(resource("presets", f"{preset}.json").read_text(encoding="utf-8"))
    prepared = setting_up.prepared(document, code=code, timezone=TIME_ZONE)
    prepared["hall"]["simulated"] = True
    setup = check_setup(prepared)
    begin = first or last_open_day(setup, today) - timedelta(days=days - 1)
    with drafted(target) as db:
        made = founding.found_hall(db, setup, Ask(CONSOLE, hall_moment(setup, begin, 0)))
        desk = Desk(db, made.hall, derived_tokens(f"simulate {preset} {seed}".encode()), no_salt)
        tickets = 0
        for n in range(days):
            day = begin + timedelta(days=n)
            if is_open_on(setup, day):
                for _now in planned(desk, setup, day, seed).steps():
                    progress(n, days)
                tickets += len(looking.hall_on(desk, day).tickets)
            progress(n + 1, days)
        played = Played(days=days, tickets=tickets, events=log_length(desk), skipped=0)
        ready(desk, played, ())
    return played


def planned(desk: Desk, setup: Setup, day: date, seed: int) -> SimulatedDay:
    """Return one whole date of a hall, ready to be played."""
    handling = {service.code: usual_minutes(service) for service in setup.services.values()}
    customers = expected_customers(setup, day)
    return SimulatedDay(desk, day, (seed, day.toordinal()), customers=customers, handling_min=handling)


def is_open_on(setup: Setup, day: date) -> bool:
    """Whether any service gives tickets on that date."""
    return any(hours_on(setup, service, day) for service in setup.services.values())


def last_open_day(setup: Setup, today: date) -> date:
    """Return the last date up to `today` on which the hall is open; `today` when there is none within two weeks."""
    dates = (today - timedelta(days=n) for n in range(LOOKED_BACK_DAYS))
    return next((day for day in dates if is_open_on(setup, day)), today)


def expected_customers(setup: Setup, day: date) -> int:
    """Return how many customers come on that date: what keeps the windows busy enough, more on pay days and the day
    after."""
    shares = service_shares(setup)
    open_services = {code for code in shares if hours_on(setup, setup.services[code], day)}
    took = sum(share * (usual_minutes(setup.services[code]) + BETWEEN_MIN) for code, share in shares.items())
    clerks = sum(person.role is Role.CLERK for person in setup.staff.values())
    served = [w for w in setup.windows.values() if open_services.intersection(w.services)][:clerks]
    minutes = len(served) * (setup.hall.closes - setup.hall.opens)
    usual = BUSY_SHARE * minutes * sum(shares.values()) / took
    peak = PAY_DAY if day in setup.pay_days else DAY_AFTER if day - timedelta(days=1) in setup.pay_days else 1.0
    return round(usual * peak * WEEKDAYS.get(day.isoweekday(), 1.0))


def usual_minutes(service: Service) -> float:
    """Return the mean minutes that a service takes, from what its items usually take or what is aimed at."""
    known = [item.minutes for item in service.items if item.minutes]
    if known:
        return ITEM_SHARE * sum(known) / len(known)
    return TARGET_SHARE * service.handling_target if service.handling_target else OTHER_HANDLING_MIN
