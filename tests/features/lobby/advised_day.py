"""An invented day on which a lobby manager makes the best suggested move every few minutes, or turns it down."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from queuedesk.core.network.roles import CONSOLE, Actor, Role
from queuedesk.core.staffing.roster import StaffingMove
from queuedesk.desk import looking, setting_up
from queuedesk.desk.change import Ask, Desk, reproducible_token_source
from queuedesk.features.lobby import verbs
from queuedesk.features.lobby.words import move_message_in_both_languages
from queuedesk.paths import resource_path
from queuedesk.reports.figures.period import read_day_report
from queuedesk.sim import demand

LOOKS_EVERY = timedelta(minutes=5)
BEFORE = timedelta(days=10)
"""So long before its bill day a hall is made."""
WAY_MIN = 3.0
"""From being asked to sitting at the window, on average."""


class AdvisedDay(demand.SimulatedDay):
    """Two of these with one seed have the same customers, who need and bear the same, whoever serves them when: what
    differs is what moves did.

    The last `spare` clerks of the hall are at other work and open a window only when they are asked. `taken` are the
    moves that were made.
    """

    def __init__(
        self,
        desk: Desk,
        day: date,
        seed: int | Sequence[int],
        *,
        takes: bool,
        spare: int = 0,
        customers: int = 300,
        handling_min: Mapping[str, float] = demand.HANDLING_MIN,
        shares: Mapping[str, float] | None = None,
    ) -> None:
        self.takes, self.spare = takes, spare
        self.taken: list[StaffingMove] = []
        self._seed = (seed,) if isinstance(seed, int) else tuple(seed)
        self._done: dict[str, int] = {}
        self._put_off: dict[str, datetime] = {}
        super().__init__(desk, day, seed, customers=customers, handling_min=handling_min, shares=shares)
        self.plan_act(self.opens + LOOKS_EVERY, self._look)

    def _look(self, now: datetime) -> None:
        if now < self.closes:
            self.plan_act(now + LOOKS_EVERY, self._look)
        moves = verbs.current_moves_and_risks(self.desk, now)[1].moves
        if moves and not self.takes:
            verbs.decline_move(self.desk, self._make_ask(self.manager, now), moves[0].key)
        elif moves:
            verbs.accept_move(
                self.desk, self._make_ask(self.manager, now), moves[0].key, say=move_message_in_both_languages
            )
            self.taken.append(moves[0])
            self._follow(moves[0], now)

    def _follow(self, move: StaffingMove, now: datetime) -> None:
        """Let the hall's people do what they were asked to."""
        clerk = next((one for one in self.clerks if one.window == move.window), None)
        if move.kind == "open_window" and move.window is not None and move.staff is not None:
            new = demand.SimulatedClerk(window=move.window, actor=Actor(move.staff, Role.CLERK), comes_at=now)
            self.clerks.append(new)
            way = demand.lognormal_duration(self.rng, WAY_MIN, 0.4)
            self.plan_act(now + way, partial(self._open_window_and_plan_breaks, new))
            self.plan_act(self.closes + timedelta(minutes=1), partial(self._continue_if_idle, new))
        elif move.kind == "call_back" and clerk is not None:
            self.plan_act(
                now + demand.lognormal_duration(self.rng, WAY_MIN, 0.4), partial(self._resume_after_break, clerk)
            )
        elif move.kind == "move_break" and move.window is not None and move.minutes is not None:
            self._put_off[move.window] = now + timedelta(minutes=move.minutes)
        else:
            self._plan_calls_at_idle_windows(now)

    def plan_act(self, at: datetime, act: Callable[[datetime], None]) -> None:
        super().plan_act(at, partial(self._drawn, _name_of(act), act))

    def _drawn(self, name: str, act: Callable[[datetime], None], now: datetime) -> None:
        turn = self._done[name] = self._done.get(name, 0) + 1
        self.rng = np.random.default_rng([*self._seed, turn, *name.encode()])
        act(now)

    def make_clerks(self) -> list[demand.SimulatedClerk]:
        clerks = super().make_clerks()
        return clerks[: len(clerks) - self.spare]

    def _serve_without_ticket(self, clerk: demand.SimulatedClerk, now: datetime) -> None:
        """Take the next in line: who walks up with one question would shift the numbers of all who come later."""
        self._call_next_or_idle(clerk, now)

    def request_break(self, clerk: demand.SimulatedClerk, now: datetime, reason: str, length_min: int) -> None:
        until = self._put_off.pop(clerk.window, now)
        if until > now:
            self.plan_act(until, partial(self.request_break, clerk, reason=reason, length_min=length_min))
        else:
            super().request_break(clerk, now, reason, length_min)


def _name_of(act: Callable[[datetime], None]) -> str:
    """Return what names an act on both days: what is done, with which ticket or at which window."""
    given = act.args if isinstance(act, partial) else ()
    does = act.func if isinstance(act, partial) else act
    about = [one for one in given if isinstance(one, str)]
    about = about or [one.window for one in given if isinstance(one, demand.SimulatedClerk)]
    return " ".join((getattr(does, "__name__", ""), *about))


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One day: mean minutes to the first call, the share within the target, how many left uncalled, the moves made."""

    mean_min: float
    within: float
    left: int
    ended: datetime
    moves: tuple[str, ...]


def busy_hall(
    path: Path, preset: str, bill_day: date, *, more_windows: int = 0, closes: str = "", has_roster: bool = False
) -> Desk:
    """Make a hall of a preset, open at all its hours, whose busy bill day `bill_day` is; each of `more_windows` serves
    everything and has a clerk. Meals are planned where it `has_roster`."""
    document: dict[str, Any] = json.loads(resource_path("presets", f"{preset}.json").read_text(encoding="utf-8"))
    ready = setting_up.setup_document_for_new_hall(document, timezone="Asia/Shanghai")
    ready["hall"]["simulated"] = True
    ready["hall"]["closes"] = closes or ready["hall"]["closes"]
    for service in ready["services"]:
        service.pop("hours", None)
        service.pop("last_ticket", None)
    ready["pay_days"] = [bill_day.isoformat()]
    every = [service["code"] for service in ready["services"]]
    for n in range(more_windows):
        number = len(ready["windows"]) + 1
        ready["windows"].append({"code": str(number), "services": every})
        ready["staff"].append({"code": f"X{n + 1}", "name": f"X{n + 1}", "role": "clerk"})
    if has_roster:
        clerks = [row["code"] for row in ready["staff"] if row["role"] == "clerk"]
        ready["roster"] = [
            {"window": window["code"], "staff": clerk, "from": ready["hall"]["opens"], "to": "19:00"}
            | {"breaks": [{"from": f"{11 + n // 3}:{10 + 15 * (n % 3)}", "minutes": 40}]}
            for n, (window, clerk) in enumerate(zip(ready["windows"], clerks, strict=False))
        ]
    made = setting_up.create_hall(path, ready, Ask(CONSOLE, datetime.combine(bill_day - BEFORE, time(), UTC)))
    return Desk(made.db, made.hall, reproducible_token_source(b"pay day"))


def played(desk: Desk, day: date, seed: int, *, takes: bool, spare: int = 0, share: float = 1.0) -> Outcome:
    """Play a hall's pay day with `share` of its usual customers; its last `spare` clerks come when they are asked."""
    setup = looking.setup_of_hall(desk)
    handling = {service.code: demand.usual_handling_minutes(service) for service in setup.services.values()}
    customers = round(share * demand.expected_customers_on_date(setup, day))
    one = AdvisedDay(desk, day, seed, takes=takes, spare=spare, customers=customers, handling_min=handling)
    one.play()
    ended = one.closes + timedelta(hours=3)
    wait = read_day_report(desk, day, ended).figures
    waited = {"mean_min": wait["wait"]["mean"], "within": wait["wait"]["within_target"], "left": wait["left"]}
    return Outcome(ended=ended, moves=tuple(move.key for move in one.taken), **waited)
