"""One day of an invented hall, played second by second: who came, who was called, when windows were away."""

from dataclasses import dataclass, field
from heapq import heappop, heappush
from itertools import count

import numpy as np

from tests.sim.invented_hall import CLASS_WEIGHTS, CREDITS, OPENS, InventedHall, Place, Scenario

REDIRECT_S = 90
NOBODY_S = 60


@dataclass(kw_only=True)
class Visit:
    """One visit to a line, in seconds since midnight; a follow-up or a redirected visit keeps the ticket's place."""

    ticket: str
    service: str
    klass: str
    arrived: int
    place: int
    first: bool = True
    real: str | None = None
    patience_s: int = 10**9
    called: int | None = None
    started: int | None = None
    ended: int | None = None
    how: str = ""
    window: str = ""
    naive: tuple[int, int, int] = (0, 0, 0)
    hol_s: int = 0

    @property
    def credit_s(self) -> int:
        return CREDITS.get(self.klass, 0) * 60


@dataclass(kw_only=True)
class Act:
    """Something that was done at `time` (seconds since midnight); `action` as in files of recorded actions."""

    time: int
    action: str
    ticket: str = ""
    service: str = ""
    window: str = ""
    staff: str = ""
    klass: str = ""
    value: str = ""
    reason: str = ""


@dataclass
class _Seat:
    place: Place
    state: str = "closed"
    idle_since: int = 0
    away_s: int = 0
    breaks: list[tuple[int, int]] = field(default_factory=list)


class InventedDay:
    """A day; once played, `visits` are in the order of their call and `acts` all that was done, in order."""

    def __init__(self, hall: InventedHall, what: Scenario, seed: int | list[int]) -> None:
        self.hall, self.what = hall, what
        self.rng = np.random.default_rng(seed)
        self.speed = float(np.exp(self.rng.normal(0, 0.06))) * what.slowness
        self.visits: list[Visit] = []
        self.acts: list[Act] = []
        self.waiting: list[Visit] = []
        self.normal_calls: int | None = None
        self._heap: list[tuple[int, int, int, str, object]] = []
        self._order = count()
        self._numbers = dict.fromkeys(hall.services, 0)
        places = list(hall.places)
        if what.absent and len(places) > 1:
            places.pop(int(self.rng.integers(1, len(places))))
        breaks = [[(due * 60, length * 60) for due, length in place.breaks] for place in places]
        self.seats = [_Seat(place, breaks=own) for place, own in zip(places, breaks, strict=True)]
        self._people()
        for seat in self.seats:
            self._plan(seat.place.opens * 60, 1, "open", seat)

    def play(self) -> None:
        while self._heap:
            now, _rank, _n, kind, what = heappop(self._heap)
            getattr(self, f"_{kind}")(now, what)

    def _people(self) -> None:
        rng, hall = self.rng, self.hall
        demand = max(0.5, 1 + rng.normal(0, 0.12))
        weights = np.array(hall.profile)
        weights = weights / weights.sum()
        early = weights.copy()
        early[:3] *= self.what.early
        came: list[tuple[int, str]] = []
        for code in hall.services:
            mean = hall.per_day[code] * demand * self.what.factors.get(code, 1.0)
            for half_hour, weight in enumerate(early):
                start = (OPENS + 30 * half_hour) * 60
                came += [(int(start + s), code) for s in rng.uniform(0, 1800, rng.poisson(mean * weight))]
        shares = np.array([hall.per_day[code] for code in hall.services])
        for _ in range(rng.poisson(self.what.at_door)):
            before = OPENS * 60 - int(rng.integers(1, 600))
            came.append((before, str(rng.choice(hall.services, p=shares / shares.sum()))))
        for at, code in sorted(came):
            self._plan(at, 2, "arrive", code)

    def _arrive(self, now: int, code: str) -> None:
        rng, hall = self.rng, self.hall
        share = hall.priority if self.what.priority is None else self.what.priority
        klass = "normal"
        if rng.random() < share:
            klass = str(rng.choice(list(CLASS_WEIGHTS), p=list(CLASS_WEIGHTS.values())))
        self._numbers[code] += 1
        visit = Visit(ticket=f"{code[0]}{self._numbers[code]:03d}", service=code, klass=klass, arrived=now, place=now)
        if rng.random() < hall.misdirected:
            visit.real = str(rng.choice([other for other in hall.services if other != code]))
        stays = rng.random() >= hall.no_show
        visit.patience_s = int(60 * hall.patience_min * np.exp(rng.normal(0, 0.6))) if stays else 0
        ahead = [other for other in self.waiting if _key(other) <= _key(visit)]
        open_now = [seat for seat in self.seats if seat.state in ("busy", "idle")]
        able = [seat for seat in open_now if code in seat.place.skills]
        mine = frozenset[str]().union(*(seat.place.skills for seat in able))
        visit.naive = (len(ahead), len(open_now), sum(o.service in mine for o in ahead) * 1000 + len(able))
        visit.hol_s = max((now - other.place for other in self.waiting if other.service == code), default=0)
        self._act(now, "issue", visit)
        self._join(now, visit)

    def _join(self, now: int, visit: Visit) -> None:
        self.waiting.append(visit)
        idle = [seat for seat in self.seats if seat.state == "idle" and visit.service in seat.place.skills]
        if idle:
            self._choose(now, min(idle, key=lambda seat: (len(seat.place.skills), seat.idle_since)))

    def _open(self, now: int, seat: _Seat) -> None:
        self._window_act(now, "open", seat)
        seat.state = "busy"
        for due, _length in seat.breaks:
            self._plan(due, 3, "due", seat)
        self._plan(seat.place.closes * 60, 3, "due", seat)
        self._free(now, seat)

    def _due(self, now: int, seat: _Seat) -> None:
        if seat.state == "idle":
            self._free(now, seat)

    def _back(self, now: int, seat: _Seat) -> None:
        self._window_act(now, "resume", seat)
        self._free(now, seat)

    def _free(self, now: int, seat: _Seat) -> None:
        """Let a window go home, have its break, see to something else, or call."""
        if now >= seat.place.closes * 60:
            seat.state = "closed"
            self._window_act(now, "close", seat)
        elif seat.breaks and now >= seat.breaks[0][0]:
            seat.state = "away"
            self._window_act(now, "pause", seat, reason="meal")
            self._plan(now + seat.breaks.pop(0)[1], 1, "back", seat)
        elif seat.away_s:
            seat.state = "away"
            self._window_act(now, "pause", seat, reason="other")
            self._plan(now + seat.away_s, 1, "back", seat)
            seat.away_s = 0
        else:
            self._choose(now, seat)

    def _choose(self, now: int, seat: _Seat) -> None:
        mine = [visit for visit in self.waiting if visit.service in seat.place.skills]
        if not mine:
            if seat.state != "idle":
                seat.state, seat.idle_since = "idle", now
            return
        first = min(mine, key=_key)
        passes = first.credit_s and any(not o.credit_s and o.place < first.place for o in mine)
        if passes and self.normal_calls is not None and self.normal_calls < self.hall.jump_every - 1:
            first = min(mine, key=lambda visit: visit.place)
        self.waiting.remove(first)
        self._call(now, seat, first)

    def _call(self, now: int, seat: _Seat, visit: Visit) -> None:
        rng, hall = self.rng, self.hall
        if visit.credit_s:
            self.normal_calls = 0
        elif self.normal_calls is not None:
            self.normal_calls += 1
        seat.state = "busy"
        visit.called, visit.window = now, seat.place.code
        self.visits.append(visit)
        self._act(now, "call", visit, seat)
        if now - visit.arrived > visit.patience_s or (visit.patience_s == 0 and visit.first):
            visit.how, visit.ended = "miss", now + NOBODY_S
        elif visit.real is not None:
            visit.how, visit.ended = "redirect", now + REDIRECT_S
        else:
            visit.how = "finish"
            length = self._length_s(visit.service, seat.place.speed)
            visit.started = now + min(int(rng.integers(15, 45)), length - 5)
            visit.ended = now + length
            self._plan(visit.started, 0, "start", (visit, seat))
            if rng.random() < hall.pause_share:
                seat.away_s = int(rng.uniform(180, 540))
        self._plan(visit.ended, 0, "end", (visit, seat))

    def _start(self, now: int, both: tuple[Visit, _Seat]) -> None:
        self._act(now, "start", *both)

    def _end(self, now: int, both: tuple[Visit, _Seat]) -> None:
        visit, seat = both
        onward: str | None = None
        if visit.how == "redirect":
            onward = visit.real
        elif visit.how == "finish" and visit.first and self.rng.random() < self.hall.follow_up[visit.service]:
            onward = str(self.rng.choice([code for code in self.hall.services if code != visit.service]))
            visit.how = "transfer"
        self._act(now, visit.how, visit, seat, service=onward or "")
        self._plan(now, 1, "free", seat)
        if onward is not None:
            ticket, klass, place = visit.ticket, visit.klass, visit.place
            follower = Visit(service=onward, arrived=now, first=False, ticket=ticket, klass=klass, place=place)
            self._plan(now, 2, "join", follower)

    def _length_s(self, code: str, speed: float) -> int:
        mean, cv = self.hall.mean_min[code] * speed * self.speed, self.hall.cv[code]
        if self.hall.shape == "gamma":
            length = self.rng.gamma(1 / cv**2, mean * cv**2)
        elif self.hall.shape == "mixed":
            short = self.rng.random() < 0.6
            length = mean * (0.45 if short else 1.825) * np.exp(self.rng.normal(-0.06, 0.35))
        else:
            sigma = np.sqrt(np.log(1 + cv**2))
            length = mean * np.exp(self.rng.normal(-(sigma**2) / 2, sigma))
        return max(40, int(60 * length))

    def _plan(self, at: int, rank: int, kind: str, what: object) -> None:
        heappush(self._heap, (at, rank, next(self._order), kind, what))

    def _act(self, now: int, action: str, visit: Visit, seat: _Seat | None = None, service: str = "") -> None:
        window, staff = (seat.place.code, seat.place.staff) if seat else ("", "")
        service, klass = (visit.service, visit.klass) if action == "issue" else (service, "")
        where = {"service": service, "window": window, "staff": staff}
        self.acts.append(Act(time=now, action=action, ticket=visit.ticket, klass=klass, **where))

    def _window_act(self, now: int, action: str, seat: _Seat, reason: str = "") -> None:
        self.acts.append(Act(time=now, action=action, window=seat.place.code, staff=seat.place.staff, reason=reason))


def _key(visit: Visit) -> tuple[int, int]:
    return visit.place - visit.credit_s, visit.place
