"""How long one pass over a full hall takes: 300 waiting, 22 windows, 8 services, a fifth with credit; and the way there
from a hall's state.

python scripts/bench/promise_pass.py [--waiting 300] [--windows 22] [--rounds 400]
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from statistics import median

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))
from figures import keep  # noqa: E402

from queuedesk.core.log.state import HallCounters, HallState  # noqa: E402
from queuedesk.core.queue.ticket import (  # noqa: E402  # noqa: E402
    Leg,
    Ticket,
    TicketState,
    Window,
    WindowCall,
    WindowState,
    turn_from_issuing_event,
)
from queuedesk.core.setup.file import setup_from_document  # noqa: E402
from queuedesk.core.waits.estimates import Estimates, NoShowStatistics, handling_from_visits  # noqa: E402
from queuedesk.core.waits.live import LiveHall, LiveTicket, LiveWindow  # noqa: E402
from queuedesk.core.waits.quote import live_hall  # noqa: E402
from queuedesk.core.waits.schedule import forecast_turns  # noqa: E402

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
DAY = date(2026, 11, 20)
CODES = "ABCDEFGH"


def learned(dice: Random) -> Estimates:
    """Return what a month of such a hall would have taught."""
    lengths = {code: [dice.lognormvariate(1.8 + 0.1 * i, 0.6) for _ in range(900)] for i, code in enumerate(CODES)}
    return Estimates(
        days=30,
        services={code: handling_from_visits(minutes) for code, minutes in lengths.items()},
        between_min=0.3,
        absences=NoShowStatistics.from_call_counts([400] * 24, [8 + 4 * n for n in range(24)]),
        stays=tuple(0.97**n for n in range(25)),
        redirects={code: {CODES[(i + 1) % len(CODES)]: 0.08} for i, code in enumerate(CODES)},
        priority_per_hour=dict.fromkeys(CODES, (6.0,) * 48),
        credit_min=11.0,
    )


def live(dice: Random, waiting: int, windows: int) -> LiveHall:
    """Return a full hall in numbers."""
    tickets = [
        LiveTicket(
            id=(DAY, f"T{n:03d}"),
            service=dice.choice(CODES),
            place_min=-90 + 90 * n / waiting,
            turn=n,
            credit_min=dice.choice([0, 0, 0, 0, 10, 0, 0, 0, 0, 15]),
        )
        for n in range(waiting)
    ]
    coming = [
        LiveTicket(id=None, service=dice.choice(CODES), place_min=n, turn=10**6 + n, credit_min=11.0, expected=True)
        for n in range(1, 12)
    ]
    places = [
        LiveWindow(
            code=str(n),
            services=frozenset(dice.sample(CODES, dice.choice([2, 3, 4, 8]))),
            free_min=dice.uniform(0, 12),
            free_var=9.0,
            pause_min=0.3,
            breaks=((dice.uniform(20, 120), 40.0),),
            closes_min=420.0,
            now_serving=dice.choice(CODES),
        )
        for n in range(windows)
    ]
    taught = learned(dice)
    return LiveHall(
        tickets=tuple(tickets),
        windows=tuple(places),
        arrivals=tuple(coming),
        learned=taught,
        services=tuple(CODES),
        no_show=taught.absences.no_show_chances(),
    )


def state(dice: Random, waiting: int, windows: int) -> HallState:
    """Return a hall with as many waiting, each window busy, and 1,500 tickets of the day done."""
    setup = setup_from_document(
        {
            "hall": {"code": "B", "name": "Bench"},
            "services": [{"code": code, "name": code, "prefix": code, "handling_target": 10} for code in CODES],
            "windows": [
                {"code": str(n), "services": dice.sample(CODES, dice.choice([2, 3, 4, 8]))} for n in range(windows)
            ],
            "staff": [{"code": f"C{n}", "name": f"C{n}", "role": "clerk"} for n in range(windows)],
            "classes": [{"code": "elderly", "name": "elderly", "credit_minutes": 10}],
        }
    )
    found = HallState(setup_now=setup, now=HallCounters(seq=9, at=NOW, date=DAY), learned=learned(dice))
    done = 1500
    for n in range(done + windows + waiting):
        arrived = NOW - timedelta(minutes=400 * (1 - n / (done + windows + waiting)))
        service, label, at = dice.choice(CODES), f"T{n:04d}", str(n % windows)
        leg = Leg(n=1, service=service, joined=arrived)
        ticket = Ticket(
            date=DAY, label=label, service=service, place=arrived, turn=turn_from_issuing_event(n + 1), arrived=arrived, seq=n + 1,
            token="", legs=(leg,), since=arrived, credit_s=600 * (n % 5 == 0),
        )  # fmt: skip
        if n < done + windows:
            called = arrived + timedelta(minutes=5) if n < done else NOW - timedelta(minutes=dice.uniform(0, 9))
            ticket = ticket.with_call_to(at, f"C{at}", called).started_ticket(called)
            found.calls.append(
                WindowCall(seq=n + 1, time=called, date=DAY, label=label, service=service, window=at, staff=f"C{at}")
            )
            if n < done:
                ticket = ticket.with_service_finished(called + timedelta(minutes=6))
            else:
                found.windows[at] = Window(
                    code=at, state=WindowState.OPEN, staff=f"C{at}", ticket=ticket.id, since=called
                )
        found.tickets[ticket.id] = ticket
    assert sum(t.state is TicketState.WAITING for t in found.tickets.values()) == waiting
    return found


def timed(work: Callable[[], object], rounds: int) -> tuple[float, float]:
    """Return median and 99th percentile of `work` in milliseconds."""
    work()
    taken = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        taken.append((time.perf_counter() - start) * 1000)
    taken.sort()
    return median(taken), taken[min(len(taken) - 1, int(0.99 * len(taken)))]


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--waiting", type=int, default=300)
    parser.add_argument("--windows", type=int, default=22)
    parser.add_argument("--rounds", type=int, default=400)
    args = parser.parse_args()
    hall = live(Random(7), args.waiting, args.windows)
    whole = state(Random(7), args.waiting, args.windows)
    print(f"{args.waiting} waiting, {args.windows} windows: median and 99th percentile in ms, {args.rounds} rounds")
    for name, work in (
        ("the pass", lambda: forecast_turns(hall)),
        ("the hall in numbers", lambda: live_hall(whole, NOW)),
        ("both", lambda: forecast_turns(live_hall(whole, NOW))),
    ):
        middle, worst = timed(work, args.rounds)
        print(f"{name:<20} {middle:6.2f} {worst:6.2f}")
    keep(f"what {args.waiting} people's waits will be", middle, "ms")


if __name__ == "__main__":
    main()
