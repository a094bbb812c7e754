"""Drawn halls and what a pass over each makes of it, as tests/golden/passes.json keeps it.

    python -m tests.core.waits.kept_passes

writes that file anew: only where a pass is meant to say something else. How it is worked out may change without that.
"""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from msgspec.structs import replace

from queuedesk.core.log.state import HallNow, HallState
from queuedesk.core.queue.ticket import CallMade, Leg, Ticket, TicketId, Window, WindowState, new_turn
from queuedesk.core.setup.file import read_setup
from queuedesk.core.waits.estimates import Estimates, guessed, handling_of
from queuedesk.core.waits.live import Live, LiveTicket, LiveWindow, Turn
from queuedesk.core.waits.quote import live_of
from queuedesk.core.waits.schedule import forecast, turn_in

FILE = Path(__file__).resolve().parents[2] / "golden" / "passes.json"
DAY = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
CODES = "ABCDEFGH"
HALLS = 48
STATES = 6


def a_hall(seed: int) -> Live:
    """Return a hall in numbers; every fourth is a plain one, the others have some of everything that a pass knows."""
    dice = Random(seed)
    codes = CODES[: dice.randrange(1, 9)]
    plain = seed % 4 == 0
    waiting, windows = dice.randrange(0, 60), dice.randrange(1, 9)
    tickets = [_waiting(dice, n, waiting, codes, windows, plain=plain) for n in range(waiting)]
    arrivals = [_coming(dice, n, codes) for n in range(0 if plain else dice.randrange(0, 10))]
    known = [t.id for t in tickets if t.id is not None]
    places = [_window(dice, n, codes, known, plain=plain) for n in range(windows)]
    at_windows = [w.now_id for w in places if w.now_id is not None]
    steps = {id: tuple(dice.choice(codes) for _ in range(dice.randrange(1, 3))) for id in [*known, *at_windows]}
    learned, no_show = _learned(dice, codes, plain=plain)
    return Live(
        tickets=tuple(tickets),
        windows=tuple(places),
        arrivals=tuple(arrivals),
        learned=learned,
        services=tuple(codes),
        normal_calls=dice.choice((None, 0, 1, 2)),
        jump_every=dice.choice((1, 3, 3, 4)),
        guard=0 if plain else dice.choice((0, 0, 1, 2, 3)),
        follow_ups={} if plain else {id: steps[id] for id in steps if dice.random() < 0.2},
        returning=() if plain else tuple((dice.choice(codes), 10 * dice.random()) for _ in range(dice.randrange(0, 4))),
        doubt=dice.choice((0.0, 0.1, 0.3)),
        minute=500 + 100 * dice.random(),
        no_show=no_show,
    )


def _waiting(dice: Random, n: int, of: int, codes: str, windows: int, *, plain: bool) -> LiveTicket:
    place = -90 + 90 * n / of
    own = {} if plain or dice.random() < 0.8 else _own_rule(dice, windows)
    return LiveTicket(
        id=(DAY, f"T{n:03d}"),
        service=dice.choice(codes),
        place_min=10 * dice.random() if not plain and dice.random() < 0.03 else place,
        turn=n,
        credit_min=dice.choice((0, 0, 0, 0, 0, 10, 10.5, 15)),
        since_min=place,
        redirected=dice.random() < 0.1,
        overtaken=dice.choice((0, 0, 0, 1, 2)),
        short=not plain and dice.random() < 0.2,
        speaks="" if plain else dice.choice(("", "", "", "english")),
        **own,
    )


def _own_rule(dice: Random, windows: int) -> dict[str, Any]:
    only = frozenset(str(dice.randrange(windows + 1)) for _ in range(dice.randrange(1, 3)))
    kinds = ({"not_before_min": 30 * dice.random()}, {"only": only, "held_min": 30 * dice.random()})
    return dice.choice((*kinds, kinds[0] | kinds[1]))


def _coming(dice: Random, n: int, codes: str) -> LiveTicket:
    at = 5 * n + 4 * dice.random()
    return LiveTicket(
        id=None if dice.random() < 0.7 else (date.max, f"{n}"),
        service=dice.choice(codes),
        place_min=at,
        not_before_min=dice.choice((0.0, at)),
        turn=10**6 + n,
        credit_min=dice.choice((0.0, 11.0)),
        expected=True,
    )


def _window(dice: Random, n: int, codes: str, known: list[TicketId], *, plain: bool) -> LiveWindow:
    serving = dice.choice((None, dice.choice(codes), dice.choice(codes)))
    own: dict[str, Any] = {}
    if not plain:
        own = {
            "breaks": tuple((120 * dice.random(), 40 * dice.random()) for _ in range(dice.choice((0, 0, 1, 2)))),
            "closes_min": dice.choice((None, 300.0, 60.0, 420.0)),
            "takes_short": dice.random() < 0.3,
            "languages": frozenset(dice.choice(((), ("english",)))),
            "passes": dice.choice((0, 0, 1, 3)),
        }
    return LiveWindow(
        code=str(n),
        services=frozenset(dice.sample(codes, dice.randrange(0 if n else 1, len(codes) + 1))),
        free_min=dice.choice((0.0, -1.0, 12 * dice.random(), 12 * dice.random())),
        free_var=9 * dice.random(),
        factor=0.7 + dice.random(),
        pause_min=dice.choice((0.0, 0.3, 1.1)),
        now_serving=serving,
        now_id=None if serving is None or not known else (DAY, f"W{n}"),
        **own,
    )


def _learned(dice: Random, codes: str, *, plain: bool) -> tuple[Estimates, tuple[float, ...]]:
    """Return what past dates may have taught, and how often nobody comes: lengths by sums and products alone, which are
    the same everywhere."""
    lengths = {code: [1 + 20 * dice.random() ** 3 for _ in range(60)] for code in codes if dice.random() < 0.9}
    found = Estimates(
        days=dice.choice((0, 3, 30)),
        services={code: handling_of(own) if dice.random() < 0.8 else guessed(own[0]) for code, own in lengths.items()},
        clerks={f"C{n}": 0.8 + 0.4 * dice.random() for n in range(9)},
        by_half_hour={code: tuple(0.8 + 0.4 * dice.random() for _ in range(48)) for code in codes if not plain}
        if dice.random() < 0.5
        else {},
        between_min=0.4,
        between_at={"1": 0.7},
        between=handling_of([0.1 + dice.random() ** 2 for _ in range(40)]) if dice.random() < 0.5 else None,
    )
    no_show = tuple(0.02 + 0.01 * n for n in range(24)) if dice.random() < 0.7 else ()
    found = replace(
        found,
        # So many that no one waiting for longer: what is thought of those is another matter.
        stays=tuple(1 / (1 + 0.02 * n) for n in range(400)) if dice.random() < 0.7 else (),
        redirects={code: {dice.choice(codes): 0.1 + 0.3 * dice.random()} for code in codes if dice.random() < 0.3},
        priority_per_hour={code: (6 * dice.random(),) * 48 for code in codes if dice.random() < 0.5},
        credit_min=dice.choice((0.0, 11.0)),
    )
    return found, no_show


def what_a_pass_says(seed: int) -> dict[str, Any]:
    """Return all that a pass over a drawn hall says, as JSON has it."""
    live = a_hall(seed)
    found = forecast(live)
    asked = [t.id for t in live.tickets[:: max(1, len(live.tickets) // 3)] if t.id is not None]
    lengths = {code: [0.5 + n * 0.1 for n in range(7)] for code in live.services[::2]}
    drawn = forecast(live, lengths)
    return {
        "turns": {f"{day:%j}{label}": _turn(turn) for (day, label), turn in found.turns.items()},
        "newcomers": {code: _turn(turn) for code, turn in sorted(found.newcomers.items())},
        "clear": dict(sorted(found.clear_min.items())),
        "of one": {label: _turn(turn_in(live, (day, label))) for day, label in asked},
        "drawn": [len(drawn.turns), sum(turn.at_min for turn in drawn.turns.values())],
    }


def _turn(turn: Turn | None) -> list[Any] | None:
    return None if turn is None else [turn.at_min, turn.sd_min, turn.window]


def a_state(seed: int) -> tuple[HallState, tuple[float, ...]]:
    """Return a hall in memory with people waiting, windows at work, calls and put aside; and how often nobody comes
    there."""
    dice = Random(1000 + seed)
    codes, windows, waiting, done = CODES[:4], 5, 30, 90
    setup = read_setup(
        {
            "hall": {"code": "B", "name": "Bench"},
            "services": [{"code": code, "name": code, "prefix": code, "handling_target": 9} for code in codes],
            "windows": [
                {"code": str(n), "services": dice.sample(codes, dice.randrange(1, 5))} for n in range(windows + 1)
            ],
            "staff": [{"code": f"C{n}", "name": f"C{n}", "role": "clerk"} for n in range(windows + 1)],
            "classes": [{"code": "elderly", "name": "elderly", "credit_minutes": 10}],
        }
    )
    learned, no_show = _learned(dice, codes, plain=seed % 2 == 0)
    found = HallState(setup_now=setup, now=HallNow(seq=9, at=NOW, date=DAY), learned=learned)
    all_of_them = done + windows + waiting
    for n in range(all_of_them):
        arrived = NOW - timedelta(seconds=round(12000 * (1 - n / all_of_them)))
        at, steps = str(n % windows), (dice.choice(codes),) if dice.random() < 0.1 else ()
        ticket = Ticket(
            date=DAY, label=f"T{n:04d}", service=dice.choice(codes), place=arrived, turn=new_turn(n + 1),
            arrived=arrived, seq=n + 1, token="", legs=(Leg(n=1, service="A", joined=arrived),), since=arrived,
            credit_s=600 * (n % 5 == 0), steps=steps,
        )  # fmt: skip
        if n < done + windows:
            called = arrived + timedelta(minutes=5) if n < done else NOW - timedelta(seconds=dice.randrange(900))
            ticket = ticket.called_to(at, f"C{at}", called).started(called)
            found.calls.append(
                CallMade(
                    seq=n + 1, time=called, date=DAY, label=ticket.label, service=ticket.service, window=at,
                    staff=f"C{at}",
                )
            )  # fmt: skip
            if n < done:
                ticket = ticket.finished(called + timedelta(minutes=6))
            else:
                found.windows[at] = Window(
                    code=at, state=WindowState.OPEN, staff=f"C{at}", ticket=ticket.id, since=called
                )
        found.tickets[ticket.id] = ticket
    found.windows["5"] = Window(
        code="5",
        state=dice.choice((WindowState.OPEN, WindowState.PAUSED)),
        staff="C5",
        since=NOW - timedelta(seconds=dice.randrange(400)),
    )
    return found, no_show


def what_a_hall_is_in_numbers(seed: int) -> dict[str, Any]:
    """Return the way from a hall's state to its numbers, and the pass over them."""
    state, no_show = a_state(seed)
    live = replace(live_of(state, NOW), no_show=no_show)
    return {
        "tickets": [[t.id[1], t.service, t.place_min, t.credit_min, t.since_min] for t in live.tickets if t.id],
        "windows": [[w.code, w.free_min, w.free_var, w.factor, w.pause_min, w.now_serving] for w in live.windows],
        "arrivals": [[t.service, t.place_min, t.credit_min] for t in live.arrivals],
        "follow_ups": {label: list(steps) for (_, label), steps in live.follow_ups.items()},
        "doubt": live.doubt,
        "turns": {label: _turn(turn) for (_, label), turn in forecast(live).turns.items()},
    }


def kept() -> dict[str, Any]:
    """Return what the file has."""
    document: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
    return document


def main() -> None:
    """Write the file."""
    document = {
        "passes": [what_a_pass_says(seed) for seed in range(HALLS)],
        "states": [what_a_hall_is_in_numbers(seed) for seed in range(STATES)],
    }
    FILE.write_text(json.dumps(document, separators=(",", ":")).replace('},{"t', '},\n{"t') + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
