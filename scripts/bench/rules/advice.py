"""Plays busy days on from each moment at which a move is possible, with it and without: the same customers, who need
and bear the same. What is measured is how much less those who wait then, and who come within an hour, wait.

    python scripts/bench/rules/advice.py [--seeds 6] [--first N] [--kinds lend call_back …] [--away 1]

Without --first the seeds are drawn, so that nothing is fitted to these days. Halls of several kinds: on busy bill days,
the day after and days with more people than usual; clerks overrun a break now and then, or go away without a word
(`--away` so many times as often). Prints for each kind of move what it saved a person on average, with a 95 % interval
that takes the day as its unit: of all that the rules alone would suggest (before), of those suggested (after), of those
that plays, trials or the past keep back; then by state.

Measured, minutes saved a person by lending after all checks: with fewer than 10 people waiting 0.98, 10 to 19 2.38,
more 2.32; with an expected wait under 8 minutes 1.06, up to 15 2.00, more 2.16; with the window's own lines empty 2.00,
otherwise 1.90 to 1.96. On busy bill days it saved -0.03 (-0.62 to 0.56): a crowd comes to pay when the lull after lunch
ends, and finds the windows at longer services. The minutes that plays save hardly predict what a move saves
(correlation 0.4), so no suggestion shows them.
"""

from __future__ import annotations

import argparse
import copy
import random
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from itertools import count, pairwise
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT))
from queuedesk.core.figures.satisfaction import student_t_95  # noqa: E402 - found beside this file
from queuedesk.core.log.state import HallState  # noqa: E402
from queuedesk.core.queue.hallday import business_date  # noqa: E402
from queuedesk.core.queue.overview import set_up  # noqa: E402
from queuedesk.core.queue.ticket import TicketState  # noqa: E402
from queuedesk.core.staffing.roster import MOVE_KINDS, StaffingMove  # noqa: E402
from queuedesk.core.waits.live import LiveHall  # noqa: E402
from queuedesk.core.waits.quote import cached_wait_snapshot  # noqa: E402
from queuedesk.core.waits.schedule import forecast_turns  # noqa: E402
from queuedesk.desk import looking  # noqa: E402
from queuedesk.desk.change import Desk, reproducible_token_source  # noqa: E402
from queuedesk.features.lobby import verbs  # noqa: E402
from queuedesk.features.lobby.rules.move_search import (  # noqa: E402
    TRIED,
    absence_class_number,
    crowd_class,
    search_moves,
    trial_class_of_move,
)
from queuedesk.features.lobby.rules.outlook import arrivals_per_minute_by_service, hall_with_expected_arrivals  # noqa: E402
from queuedesk.features.lobby.words import move_message_in_both_languages  # noqa: E402
from queuedesk.sim.demand import (  # noqa: E402
    BILL_DAYS,
    SimulatedClerk,
    expected_customers_on_date,
    service_shares_on,
    usual_handling_minutes,
)
from queuedesk.store.engine.database import Database  # noqa: E402
from queuedesk.store.log import book  # noqa: E402
from tests.features.lobby.advised_day import AdvisedDay, busy_hall  # noqa: E402 - the day is the tests' own

LOOKS_EVERY = timedelta(minutes=10)
COUNTED = timedelta(minutes=60)
PLAYED_ON = timedelta(minutes=110)
BILL, AFTER, BUSY = date(2026, 11, 25), date(2026, 11, 26), date(2026, 11, 18)
HALLS = (
    ("power", BILL, 1.0),
    ("telecom", BILL, 0.9),
    ("power", AFTER, 1.0),
    ("bank", BUSY, 1.35),
    ("clinic", BUSY, 1.35),
    ("government", BUSY, 1.3),
    ("post", BUSY, 1.35),
)
"""Kinds of halls, the date, and how many times as many people as usual on it."""
OVERRUNS, OVERRUN_MIN = 0.25, 12.0
GOES_AWAY, AWAY_MIN = 0.03, (3.0, 9.0)
AWAY_LONG, LONG_MIN = 0.008, (12.0, 35.0)
"""How often a clerk comes back late from a break, by how much on average; goes away without a word, for how long."""
ELSE = ("late", "later", "little")
"""Why the rules themselves don't suggest a move."""
HARMED_MIN = 0.5
MIN_DAYS = 3


@dataclass(frozen=True, slots=True)
class MoveTrial:
    """What a move saved each person on average, and at the 90th percentile, in minutes. `why` it was not suggested; how
    many waited, for how long they were expected to wait on average, and for how long the window's own lines would keep
    somebody new waiting."""

    preset: str
    day: date
    seed: int
    move: StaffingMove
    why: str
    left_min: float
    waiting: int
    klass: int
    expected: float
    room: float
    saved: float
    saved_p90: float


class PlayedOn(AdvisedDay):
    """A day that can be played on from any moment, as often as wanted."""

    def __init__(self, away: float, *given: Any, **more: Any) -> None:
        self.away, self.is_asked = away, False
        super().__init__(*given, takes=False, **more)

    def _look_for_cases(self, now: datetime) -> None:
        """Nobody looks here: who plays this day on does."""

    def _resume_after_break(self, clerk: SimulatedClerk, now: datetime) -> None:
        if not clerk.away:
            return
        super()._resume_after_break(clerk, now)

    def plan_act(self, at: datetime, act: Callable[[datetime], None]) -> None:
        is_back = not self.is_asked and isinstance(act, partial) and getattr(act.func, "__name__", "") == "_come_back"
        if is_back and self.rng.random() < self.away * OVERRUNS:
            at += timedelta(minutes=float(self.rng.exponential(OVERRUN_MIN)))
        super().plan_act(at, act)

    def _continue_at_window(self, clerk: SimulatedClerk, now: datetime) -> None:
        if not clerk.away and not clerk.home and not clerk.parked and self.opens < now < self.closes:
            drawn = self.rng.random() / self.away
            if drawn < GOES_AWAY + AWAY_LONG:
                low, high = AWAY_MIN if drawn < GOES_AWAY else LONG_MIN
                self._go_away(clerk, now, float(self.rng.uniform(low, high)))
                return
        super()._continue_at_window(clerk, now)

    def _go_away(self, clerk: SimulatedClerk, now: datetime, length_min: float) -> None:
        """Leave the window without saying for how long."""
        from queuedesk.desk.queue import opening

        opening.pause_window(self.desk, self._make_ask(clerk.actor, now), clerk.window, reason="other")
        clerk.busy = clerk.away = True
        AdvisedDay.plan_act(self, now + timedelta(minutes=length_min), partial(self._resume_after_break, clerk))

    def on_from_here(self, path: Path) -> PlayedOn:
        """Return this day as it stands, in a database of its own at `path`."""
        with closing(sqlite3.connect(str(self.desk.db.path))) as own:
            own.execute("VACUUM INTO ?", (str(path),))
        desk = Desk(Database.open(path), self.desk.hall, reproducible_token_source(b"pay day"))
        turn = next(self._order)
        self._order = count(turn)
        memo = {id(self.desk): desk, id(self.setup): self.setup, id(self._order): count(turn)}
        return copy.deepcopy(self, memo)

    def follow(self, move: StaffingMove, now: datetime) -> None:
        """Make a move, and let the hall's people do it."""
        verbs.accept_move(self.desk, self._make_ask(self.manager, now), move.key, say=move_message_in_both_languages)
        self.is_asked = True  # Who was asked back does not overrun.
        self._follow(move, now)
        self.is_asked = False

    def end_lending(self, move: StaffingMove, now: datetime, until: datetime) -> None:
        """Look every ten minutes whether the lending is to end, as the advice says."""
        key = StaffingMove(kind="take_back", window=move.window, service=move.service).key
        while now < min(until, self.closes):
            now += timedelta(minutes=10)
            self.play(now)
            found = verbs.current_moves_and_risks(self.desk, now)[1].moves
            if any(one.key == key for one in found):
                verbs.accept_move(self.desk, self._make_ask(self.manager, now), key, say=move_message_in_both_languages)
                return


def waits_after(desk: Desk, day: date, since: datetime, until: datetime) -> dict[str, float]:
    """Return how many minutes each of those in line at `since`, or come within COUNTED, waited by `until`."""
    found = {}
    for ticket in looking.hall_state_on(desk, day).tickets.values():
        leg = ticket.legs[0]
        if ticket.state is TicketState.VOID or ticket.arrived > since + COUNTED:
            continue
        gone = leg.called or leg.ended or until
        if gone > since:
            found[ticket.label] = (min(gone, until) - leg.joined).total_seconds() / 60
    return found


def state_of(desk: Desk, day: date) -> HallState:
    with desk.db.read() as tx:
        return book.hall_state_of_day(tx, desk.hall, day)


def candidates(state: HallState, now: datetime, kinds: Sequence[str]) -> list[tuple[StaffingMove, str, LiveHall]]:
    """Return the moves of these `kinds` that are suggested, those that only plays or trials speak against, and some of
    the others with the reason; each with the hall as its pass finds it."""
    seen = cached_wait_snapshot(state, now)
    found = search_moves(state, now, seen.live)
    own = [one for one in found.refused if one.move.kind in kinds]
    told = [(one, "") for one in found.moves if one.kind in kinds]
    told += [(one.move, one.why) for one in own if one.why in ("plays", "past", "trials")]
    if not told or state.setup_now is None:
        return []
    live = hall_with_expected_arrivals(state, seen.live, arrivals_per_minute_by_service(state, now), now)
    return [(move, why, live) for move, why in told]


def _state(state: HallState, now: datetime, move: StaffingMove, live: LiveHall) -> dict[str, Any]:
    before = forecast_turns(live)
    expected = [before.turns[t.id].at_min for t in live.tickets if t.id is not None and t.id in before.turns]
    window = next((one for one in live.windows if one.code == move.window), None)
    own = [before.newcomers[s].at_min for s in (window.services if window else ()) if s in before.newcomers]
    waiting = sum(t.id is not None for t in live.tickets)
    setup = set_up(state)
    day = business_date(setup, now)
    absences = {code: absence_class_number(state.window(code), now) for code in setup.windows}
    return {
        "waiting": waiting,
        "klass": trial_class_of_move(move, crowd_class(waiting), absences, is_bill_day=day in setup.pay_days),
        "expected": sum(expected) / len(expected) if expected else 0.0,
        "room": max(own, default=0.0),
    }


def _saved(without: Mapping[str, float], waited: Mapping[str, float]) -> dict[str, Any]:
    both = [label for label in without if label in waited]
    if not both:
        return {"saved": 0.0, "saved_p90": 0.0}
    was, now = np.array([without[one] for one in both]), np.array([waited[one] for one in both])
    return {"saved": float(was.mean() - now.mean()), "saved_p90": float(np.quantile(was, 0.9) - np.quantile(now, 0.9))}


def tried_on(hall: tuple[str, date, float], seed: int, kinds: Sequence[str], away: float) -> list[MoveTrial]:
    """Play a day, and at each look what became of it with each move and without."""
    preset, day, share = hall
    found: list[MoveTrial] = []
    with tempfile.TemporaryDirectory(dir="/dev/shm" if Path("/dev/shm").is_dir() else None) as folder:
        desk = busy_hall(
            Path(folder) / "hall.sqlite", preset, BILL, more_windows=int(seed % 3 == 0), has_roster=seed % 3 == 1
        )
        setup = looking.setup_of_hall(desk)
        kind = BILL_DAYS.get(preset)
        one = PlayedOn(
            away,
            desk,
            day,
            seed,
            spare=int(seed % 3 == 0),
            customers=round(share * expected_customers_on_date(setup, day, kind)),
            handling_min={service.code: usual_handling_minutes(service) for service in setup.services.values()},
            shares=service_shares_on(setup, day, kind),
        )
        now = one.opens + timedelta(minutes=30)
        turn = 0
        while now < one.closes:
            one.play(now)
            state = state_of(desk, day)
            moves = candidates(state, now, kinds)
            if moves:
                without = None
                until, left_min = now + PLAYED_ON, (one.closes - now).total_seconds() / 60
                for move, why, live in moves:
                    turn += 1
                    other = one.on_from_here(Path(folder) / f"{turn}.sqlite")
                    other.follow(move, now)
                    if move.kind == "lend":
                        other.end_lending(move, now, until)
                    other.play(until)
                    waited = waits_after(other.desk, day, now, until)
                    other.desk.db.dispose()
                    if without is None:
                        turn += 1
                        plain = one.on_from_here(Path(folder) / f"{turn}.sqlite")
                        plain.play(until)
                        without = waits_after(plain.desk, day, now, until)
                        plain.desk.db.dispose()
                    found.append(
                        MoveTrial(
                            preset,
                            day,
                            seed,
                            move,
                            why,
                            left_min,
                            **_state(state, now, move, live),
                            **_saved(without, waited),
                        )
                    )
            now += LOOKS_EVERY
        desk.db.dispose()
    return found


# -- what came of them -----------------------------------------------------------------------------------------------


def interval(trials: Sequence[MoveTrial], of: str = "saved") -> str:
    """Return the mean with its 95 % interval: a day moves all its trials together."""
    days: dict[tuple[str, date, int], list[float]] = {}
    for one in trials:
        days.setdefault((one.preset, one.day, one.seed), []).append(getattr(one, of))
    n = len(trials)
    if not n:
        return "-"
    mean = sum(map(sum, days.values())) / n
    if len(days) < MIN_DAYS:
        return f"{mean:+.2f} ({len(days)} days)"
    off = sum((sum(own) - len(own) * mean) ** 2 for own in days.values())
    half = student_t_95(len(days) - 1) * (off * len(days) / (len(days) - 1)) ** 0.5 / n
    return f"{mean:+.2f} ({mean - half:+.2f} to {mean + half:+.2f})"


def report(trials: Sequence[MoveTrial]) -> None:
    """Print the tables."""
    print("\nkind         |     | trials | harmed | saved, min | saved at the 90th percentile")
    for kind in MOVE_KINDS:
        own = [one for one in trials if one.move.kind == kind and one.why not in ELSE]
        told, kept = [one for one in own if not one.why], [one for one in own if one.why]
        for name, some in (("before", own), ("after", told), ("kept back", kept)):
            if some:
                harmed = sum(one.saved < -HARMED_MIN for one in some)
                print(f"{kind:12} {name:9} {len(some):5} {harmed:5}   {interval(some)}   {interval(some, 'saved_p90')}")
        for klass in sorted({one.klass for one in own}):
            some = [one for one in told if one.klass == klass]
            span = TRIED.get((kind, klass))
            if some:
                ends = np.quantile([one.saved for one in some], (0.1, 0.9)).round(1).tolist()
                inside = span and sum(span[0] <= one.saved <= span[1] for one in some) / len(some)
                print(f"   class {klass}: {len(some)} told {span}, were {ends}, inside {inside}, {interval(some)}")
    print("\nstate        | lending before, after | clerk asked back before, after")
    states: tuple[tuple[str, tuple[float, ...]], ...] = (
        ("waiting", (0, 10, 20, 1000)),
        ("expected", (0, 8, 15, 1000)),
        ("room", (0, 0.5, 5, 1000)),
        ("left_min", (0, 90, 240, 1000)),
    )
    for name, ends in states:
        for low, high in pairwise(ends):
            cells = []
            for kind in ("lend", "call_back"):
                own = [
                    one
                    for one in trials
                    if one.move.kind == kind and one.why not in ELSE and low <= getattr(one, name) < high
                ]
                cells += [interval(own), interval([one for one in own if not one.why])]
            print(f"{name} {low} to {high}: " + " | ".join(cells))


def main() -> None:
    args = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    args.add_argument("--seeds", type=int, default=6)
    args.add_argument("--first", type=int, default=random.SystemRandom().randrange(1_000_000))
    args.add_argument("--kinds", nargs="+", default=MOVE_KINDS)
    args.add_argument("--away", type=float, default=1.0)
    given = args.parse_args()
    seeds = range(given.first, given.first + given.seeds)
    print(f"seeds {seeds.start} to {seeds.stop - 1}")
    plays = [(hall, seed, given.kinds, given.away) for seed in seeds for hall in HALLS]
    trials: list[MoveTrial] = []
    with ProcessPoolExecutor(2) as pool:
        for part in pool.map(tried_on, *zip(*plays, strict=True)):
            trials += part
            print(".", end="", flush=True)
    report(trials)


if __name__ == "__main__":
    main()
