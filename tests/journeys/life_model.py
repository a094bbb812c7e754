"""A hall as its written rules describe it, naive and slow, knowing nothing of the program; times are seconds."""

from dataclasses import dataclass, field

_LIFE = """
issue - waiting, serve - serving, call waiting called, recall called called, start called serving,
miss called missed, return called waiting, leave called left, void called void, reinstate missed waiting,
finish serving finished, finish called finished, add serving serving, stall serving serving,
unstall serving serving, park serving parked, unpark parked serving, leave parked left,
transfer serving waiting, transfer called waiting, redirect serving waiting, redirect called waiting,
redirect waiting waiting, reopen finished serving, defer waiting left, postpone waiting waiting,
leave waiting left, leave missed left, void waiting void, day-end waiting left, day-end missed left,
day-end called left, day-end serving finished, day-end parked finished, rate finished finished,
correct finished finished
"""
Row = tuple[str, str | None, str]
_STEPS = map(str.split, _LIFE.split(","))
ROWS: frozenset[Row] = frozenset((verb, None if start == "-" else start, end) for verb, start, end in _STEPS)
"""Each verb with the state that it takes a ticket from, and to; a model made with other rows lives by those."""
CREDIT_S = {"normal": 0, "elderly": 600, "disabled": 900}
EPSILON = 1e-3
CALLS_BEFORE_MISSED = 3
RETURN_S, RETURN_NUMBERS = 600, 5
HELD_S = 900
JUMP_EVERY = 3
SHORT, PASSES = frozenset({"B"}), 2
"""The services that quick windows take first, and how often anybody is passed for that or for a language."""
DAY_S = 86_400


class RefusedError(Exception):
    """The rules do not allow it."""


def must(fact: object, what: str) -> None:
    """Refuse what is not so."""
    if not fact:
        raise RefusedError(what)


@dataclass
class Slip:
    label: str
    service: str
    klass: str
    arrived: float
    place: float
    day: int
    credit: float
    steps: list[str] = field(default_factory=list)
    state: str = "waiting"
    window: str | None = None
    calls_now: int = 0
    misses: int = 0
    missed_at: float = 0.0
    postponed: int = 0
    overtaken: int = 0
    stalled: bool = False
    held_for: str | None = None
    held_until: float = 0.0
    rated: bool = False
    served_at: str | None = None
    speaks: str = ""

    @property
    def key(self) -> float:
        return self.place - self.credit


@dataclass
class Position:
    code: str
    services: set[str]
    state: str = "closed"
    slip: Slip | None = None
    last: Slip | None = None
    quick: bool = False
    speaks: str = ""


class Hall:
    """The model: every method does what the rules say or raises RefusedError and changes nothing."""

    def __init__(self, windows: dict[str, set[str]], rows: frozenset[Row] = ROWS, *, early: bool = False) -> None:
        self.rows = rows
        self.early = early
        self.windows = {code: Position(code, services) for code, services in windows.items()}
        self.windows["2"].quick, self.windows["3"].speaks = True, "English"
        self.slips: dict[str, Slip] = {}
        self.gone: list[Slip] = []
        self.day = 0
        self.normal_since: int | None = None
        self.calls: list[tuple[float, str, str]] = []
        self.numbers: dict[str, int] = {}

    # -- the table -----------------------------------------------------------------------------------------------------

    def move(self, verb: str, slip: Slip) -> str:
        """Return the state that `verb` gives; refuse what the table does not have."""
        found = [to for v, start, to in self.rows if v == verb and start == slip.state]
        must(found, verb)
        return found[0]

    def born(self, verb: str) -> str:
        found = [to for v, start, to in self.rows if v == verb and start is None]
        must(found, verb)
        return found[0]

    # -- the order -----------------------------------------------------------------------------------------------------

    def may(self, window: Position, slip: Slip, now: float) -> bool:
        return slip.state == "waiting" and slip.service in window.services and not self.kept(window, slip, now)

    def kept(self, window: Position, slip: Slip, now: float) -> bool:
        """Whether a transfer keeps the ticket from `window` for another."""
        return slip.held_for is not None and now < slip.held_until and slip.held_for != window.code

    def first_of(self, slips: list[Slip], normal_since: int | None) -> Slip:
        smallest = min(slips, key=lambda s: (s.key, s.place))
        jumps = smallest.credit > 0 and any(s.credit == 0 and s.place < smallest.place for s in slips)
        if jumps and normal_since is not None and normal_since < JUMP_EVERY - 1:
            return min(slips, key=lambda s: s.place)
        return smallest

    def next_at(self, window: Position, slips: list[Slip]) -> Slip:
        """Return whom a free window calls: somebody it takes first, where that passes nobody too often."""
        by_rule = self.first_of(slips, self.normal_since)
        if by_rule.credit > 0:
            return by_rule
        before: list[Slip] = []
        for slip in sorted(slips, key=lambda s: s.place):
            is_short = window.quick and slip.service in SHORT
            is_near = slip.speaks != "" and slip.speaks == window.speaks and len(before) <= PASSES
            if slip.credit == 0 and (is_short or is_near):
                return slip if all(s.credit == 0 and s.overtaken < PASSES for s in before) else by_rule
            before.append(slip)
        return by_rule

    def order(self, slips: list[Slip]) -> list[Slip]:
        left, found, since = list(slips), [], self.normal_since
        while left:
            first = self.first_of(left, since)
            left.remove(first)
            found.append(first)
            since = 0 if CREDIT_S[first.klass] else since if since is None else since + 1
        return found

    def line(self, service: str, now: float, kept: Slip | None = None) -> list[Slip]:
        """Return who waits for windows that serve `service` (and, if given, `kept`), in call order."""
        able = [w for w in self.windows.values() if w.state != "closed" and service in w.services]
        if kept is not None:
            able = [w for w in able if not self.kept(w, kept, now)]
        if able:
            mine = [s for s in self.slips.values() if any(self.may(w, s, now) for w in able)]
        else:
            mine = [s for s in self.slips.values() if s.state == "waiting" and s.service == service]
        return self.order(mine)

    def ahead(self, slip: Slip, now: float) -> int:
        order = self.line(slip.service, now, slip)
        return order.index(slip) if slip in order else len(order)

    def behind(self, before: list[Slip], rest: list[Slip], now: float) -> float:
        """Return a place just behind all of `before`, before everybody of `rest` who comes after them."""
        last = max(s.key for s in before)
        later = [s.key for s in rest if s.key > last]
        if not later:
            return max(now, last + EPSILON)
        return last + min(EPSILON, (min(later) - last) / 2)

    # -- windows -------------------------------------------------------------------------------------------------------

    def free(self, code: str) -> Position:
        window = self.windows[code]
        must(window.state == "open" and window.slip is None, code)
        return window

    def customer(self, code: str) -> tuple[Position, Slip]:
        window = self.windows[code]
        must(window.slip, code)
        return window, window.slip

    def open(self, code: str) -> None:
        must(self.windows[code].state == "closed", code)
        self.windows[code].state = "open"

    def pause(self, code: str) -> None:
        window = self.windows[code]
        must(window.state != "closed" and window.slip is None, code)
        window.state = "paused"

    def resume(self, code: str) -> None:
        must(self.windows[code].state == "paused", code)
        self.windows[code].state = "open"

    def close(self, code: str) -> None:
        window = self.windows[code]
        must(window.state != "closed" and window.slip is None, code)
        window.state = "closed"

    # -- tickets -------------------------------------------------------------------------------------------------------

    def issue(self, service: str, klass: str, steps: list[str], speaks: str, now: float) -> Slip:
        state = self.born("issue")
        slip = self.new(service, klass, now)
        slip.steps, slip.state, slip.speaks = list(steps), state, speaks
        return slip

    def new(self, service: str, klass: str, now: float) -> Slip:
        self.numbers[service] = self.numbers.get(service, 0) + 1
        label = f"{service}{self.numbers[service]:03d}"
        slip = Slip(label, service, klass, arrived=now, place=now, day=self.day, credit=CREDIT_S[klass])
        self.slips[label] = slip
        return slip

    def serve(self, code: str, service: str, reason: bool, now: float) -> Slip:
        window = self.free(code)
        state = self.born("serve")
        waiting = [s for s in self.slips.values() if self.may(window, s, now)]
        must(service in window.services and (reason or not waiting), code)
        slip = self.new(service, "normal", now)
        self.take(window, slip, waiting, now)
        slip.state = state
        return slip

    def call(self, code: str, now: float) -> Slip:
        window = self.free(code)
        waiting = [s for s in self.slips.values() if self.may(window, s, now)]
        must(waiting, code)
        slip = self.next_at(window, waiting)
        state = self.move("call", slip)
        self.take(window, slip, [s for s in waiting if s.place < slip.place], now)
        slip.state = state
        return slip

    def call_chosen(self, code: str, label: str, reason: bool, now: float) -> Slip:
        window = self.free(code)
        must(label in self.slips, label)
        slip = self.slips[label]
        state = self.move("call", slip)
        must(self.may(window, slip, now), label)
        waiting = [s for s in self.slips.values() if self.may(window, s, now)]
        passed = [s for s in waiting if s.place < slip.place]
        must(reason or not passed or self.next_at(window, waiting) is slip, label)
        self.take(window, slip, passed, now)
        slip.state = state
        return slip

    def take(self, window: Position, slip: Slip, passed: list[Slip], now: float) -> None:
        for other in passed:
            other.overtaken += 1
        slip.window, slip.served_at, slip.calls_now, slip.held_for = window.code, window.code, 1, None
        window.slip = slip
        self.calls.append((now, slip.service, slip.label))
        if CREDIT_S[slip.klass]:
            self.normal_since = 0
        elif self.normal_since is not None:
            self.normal_since += 1

    def let_go(self, slip: Slip) -> None:
        if slip.window is not None:
            self.windows[slip.window].slip = None
            slip.window = None

    def recall(self, code: str, now: float) -> Slip:
        _, slip = self.customer(code)
        state = self.move("recall", slip)
        if slip.calls_now >= CALLS_BEFORE_MISSED:
            return self.miss(code, now)
        slip.calls_now += 1
        slip.state = state
        return slip

    def start(self, code: str) -> Slip:
        _, slip = self.customer(code)
        slip.state = self.move("start", slip)
        return slip

    def miss(self, code: str, now: float) -> Slip:
        _, slip = self.customer(code)
        slip.state = self.move("miss", slip)
        slip.misses += 1
        slip.missed_at = now
        self.let_go(slip)
        if slip.misses == 3:
            slip.state = "left"
        return slip

    def give_back(self, code: str) -> Slip:
        _, slip = self.customer(code)
        slip.state = self.move("return", slip)
        self.let_go(slip)
        return slip

    def finish(self, code: str) -> Slip:
        window, slip = self.customer(code)
        slip.state = self.move("finish", slip)
        slip.stalled = False
        self.let_go(slip)
        window.last = slip
        if slip.steps:
            self.rejoin(slip, slip.steps.pop(0))
        return slip

    def rejoin(self, slip: Slip, service: str) -> None:
        slip.service, slip.state, slip.place, slip.calls_now = service, "waiting", slip.arrived, 0

    def add(self, code: str, service: str) -> Slip:
        _, slip = self.customer(code)
        slip.state = self.move("add", slip)
        slip.steps.insert(0, service)
        return slip

    def stall(self, code: str, on: bool) -> Slip:
        _, slip = self.customer(code)
        state = self.move("stall" if on else "unstall", slip)
        must(slip.stalled is not on, code)
        slip.state, slip.stalled = state, on
        return slip

    def park(self, code: str) -> Slip:
        _, slip = self.customer(code)
        slip.state = self.move("park", slip)
        slip.stalled = False
        self.let_go(slip)
        return slip

    def unpark(self, code: str, label: str) -> Slip:
        window = self.free(code)
        must(label in self.slips, label)
        slip = self.slips[label]
        state = self.move("unpark", slip)
        must(slip.service in window.services, label)
        slip.state, slip.window, slip.served_at, window.slip = state, code, code, slip
        return slip

    def transfer(self, code: str, service: str, *, place: str, to: str | None, reason: bool, now: float) -> Slip:
        _, slip = self.customer(code)
        state = self.move("transfer", slip)
        must(to is None or service in self.windows[to].services, str(to))
        must((service != slip.service or to is not None) and (place != "front" or reason), service)
        line = self.line(service, now)
        slip.stalled = False
        self.let_go(slip)
        self.rejoin(slip, service)
        slip.state = state
        if place == "front":
            slip.place = min([now, *(min(s.key, s.place) - EPSILON for s in line)]) if line else now
            slip.credit = 0
        elif place == "end":
            slip.place = max([now, *(s.place for s in line)])
            slip.credit = 0
        slip.held_for, slip.held_until = to, now + HELD_S
        return slip

    def redirect(self, slip: Slip, service: str) -> Slip:
        state = self.move("redirect", slip)
        must(service != slip.service, service)
        slip.stalled = False
        slip.held_for = None
        self.let_go(slip)
        self.rejoin(slip, service)
        slip.state = state
        return slip

    def reopen(self, code: str) -> Slip:
        window = self.free(code)
        slip = window.last
        must(slip and slip.day == self.day and not slip.rated and slip.served_at == code, code)
        slip.state = self.move("reopen", slip)
        slip.window, window.slip = code, slip
        return slip

    def reinstate(self, slip: Slip, now: float) -> Slip:
        state = self.move("reinstate", slip)
        line = self.line(slip.service, now)
        called = {label for at, service, label in self.calls if service == slip.service and at > slip.missed_at}
        soon = now - slip.missed_at <= RETURN_S or len(called) < RETURN_NUMBERS
        if soon and len(line) >= 2:
            slip.place = self.behind(line[:2], line[2:], now)
        else:
            slip.place = max([now, *(s.place for s in line)])
        slip.state, slip.credit = state, 0
        return slip

    def postpone(self, slip: Slip, now: float) -> Slip:
        state = self.move("postpone", slip)
        line = self.line(slip.service, now)
        must(not slip.postponed and slip in line and slip is not line[-1], slip.label)
        at = line.index(slip)
        slip.place = self.behind([s for s in line[: at + 2] if s is not slip], line[at + 2 :], now)
        slip.state, slip.credit, slip.postponed = state, 0, 1
        return slip

    def defer(self, slip: Slip) -> Slip:
        state = self.move("defer", slip)
        must(self.early, slip.label)
        slip.state = state
        return slip

    def leave(self, slip: Slip) -> Slip:
        slip.state = self.move("leave", slip)
        self.let_go(slip)
        return slip

    def void(self, slip: Slip) -> Slip:
        slip.state = self.move("void", slip)
        self.let_go(slip)
        return slip

    def rate(self, slip: Slip) -> Slip:
        state = self.move("rate", slip)
        must(not slip.rated and slip.day == self.day, slip.label)
        slip.state, slip.rated = state, True
        return slip

    def correct(self, slip: Slip) -> Slip:
        """Put something right in the last leg, which a window has to have finished: nothing of the queue moves."""
        slip.state = self.move("correct", slip)
        return slip

    def day_end(self) -> None:
        for slip in self.slips.values():
            if any(v == "day-end" and start == slip.state for v, start, _ in self.rows):
                slip.state = self.move("day-end", slip)
                slip.window, slip.stalled = None, False
        for window in self.windows.values():
            window.state, window.slip = "closed", None

    def next_open_day_staffing(self) -> None:
        """The date turns: what is open ends by itself, and numbers begin anew."""
        self.day_end()
        self.gone += self.slips.values()
        self.slips = {}
        self.numbers = {}
        self.calls = []
        self.normal_since = None
        self.day += 1
