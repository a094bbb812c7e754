"""Finds the moves that are possible against long lines, and those that help; what moves achieved, actual waits compared
with those forecast when the move was taken; and what has helped in such a state, by this hall's own past, by plays
and by trials."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from math import sqrt
from statistics import fmean, median, stdev

from msgspec import Struct
from msgspec.structs import replace

from queuedesk.core.figures.satisfaction import student_t_95
from queuedesk.core.log.state import HallState
from queuedesk.core.network.roles import Role
from queuedesk.core.queue.hallday import business_date
from queuedesk.core.queue.overview import set_up
from queuedesk.core.queue.ticket import Shift, TicketId, Window, WindowCall, WindowState
from queuedesk.core.setup.rows import Setup, StaffMember
from queuedesk.core.staffing import roster
from queuedesk.core.waits.live import LiveHall, LiveTicket, LiveWindow, PassForecast
from queuedesk.core.waits.schedule import forecast_turns
from queuedesk.features.lobby.rules import outlook

State = tuple[str, int]
"""A kind of move and which of the classes of CROWDS wait."""

CROWDS = (10, 20)
BILL_DAY = len(CROWDS) + 1
ENOUGH = 8
"""Of so many moves made in such a state this hall's own past is asked."""
MAY_FAIL = 1
LEAST_SAVED_MIN = 0.5
"""In all plays but one, people must wait so much less on average."""
LEAST_BACK_MIN = 0.1
"""The same of a clerk asked back, whose return by himself nobody can foresee."""
GONE = timedelta(minutes=20)
"""Who has been away for longer without a word is as good as back."""

Span = tuple[float, float]

# Between what four in five of the moves that this rule lets through saved each person, in minutes: by the class of how
# many waited (CROWDS), on busy bill days as a class of their own, of a clerk asked back by that of the absence
# (absence_class_number). Measured by scripts/bench/rules/advice.py, see resources/docs/advice.md; None where it can't
# be told from nothing. What is not named has not been tried.
TRIED: Mapping[State, Span | None] = {
    ("open_window", 0): (1.0, 6.2),
    ("open_window", 1): (2.1, 5.9),
    ("open_window", 2): (2.0, 4.7),
    ("open_window", BILL_DAY): (1.9, 6.9),
    ("call_back", 0): (0.0, 2.5),
    ("call_back", 1): (0.0, 2.3),
    ("call_back", 2): None,
    ("lend", 0): (0.3, 3.4),
    ("lend", 1): (0.9, 4.4),
    ("lend", 2): (1.5, 4.2),
    ("lend", BILL_DAY): None,
    ("move_break", 1): (0.1, 2.6),
    ("move_break", 2): (0.6, 4.6),
    ("move_break", BILL_DAY): None,
}

UNTRIED: tuple[()] = ()


def crowd_class(waiting: int) -> int:
    """Return which of the classes of CROWDS so many people in line are."""
    return sum(waiting >= least for least in CROWDS)


def absence_class_number(window: Window, now: datetime) -> int:
    """Return which class of absence somebody's from a window is: a pause that was said to end (0), gone without a word
    (1), gone so for longer than GONE (2)."""
    if window.back is not None:
        return 0
    return 1 if window.since is None or now - window.since <= GONE else 2


def trial_class_of_move(
    move: roster.StaffingMove, crowd: int, absences: Mapping[str, int], *, is_bill_day: bool
) -> int:
    """Return which class of TRIED a move is in; `absences` are those of windows that pause."""
    if move.kind == "call_back":
        return absences[move.window or ""]
    return BILL_DAY if is_bill_day else crowd


def helpful_play_count(move: roster.StaffingMove, saved_min: Sequence[float]) -> int:
    """Return in how many plays a move saved enough."""
    least = LEAST_BACK_MIN if move.kind == "call_back" else LEAST_SAVED_MIN
    return sum(one >= least for one in saved_min)


def move_proof_or_refusal(
    move: roster.StaffingMove, saved_min: Sequence[float], past: MeanInterval | None, *, klass: int
) -> roster.MoveEvidence | str:
    """Return what speaks for a move, or why it is not suggested: "past", "plays" or "trials".

    `saved_min` is what it saved each person in each play; `past` what such moves saved here in such a state, `klass`
    the class of TRIED that this state is of."""
    here = past if past is not None and past.n >= ENOUGH and past.is_different_from_zero else None
    if here is not None and here.mean < 0:
        return "past"
    helped = helpful_play_count(move, saved_min)
    if helped < len(saved_min) - MAY_FAIL:
        return "plays"
    span = TRIED.get((move.kind, klass), UNTRIED)
    if span is None:
        return "trials"
    # The past counts those in line alone: whoever comes later and pays for it is only in plays and trials.
    if here is not None:
        return roster.MoveEvidence(source="past", n=here.n, low_min=here.low, high_min=here.high)
    low, high = span or (None, None)
    return roster.MoveEvidence(source="plays", n=len(saved_min), helped=helped, low_min=low, high_min=high)


# -- means and their differences with their intervals ------------------------------------------------------------------


class MeanInterval(Struct, frozen=True):
    """The mean of `n` figures with its 95 % bounds; without bounds where there are fewer than two."""

    n: int
    mean: float
    low: float | None
    high: float | None

    @property
    def is_different_from_zero(self) -> bool:
        """Whether the bounds exclude 0."""
        return self.low is not None and self.high is not None and (self.low > 0 or self.high < 0)


def mean_interval(values: Sequence[float]) -> MeanInterval | None:
    """Return the mean with its bounds; None for no figures."""
    if not values:
        return None
    mean = fmean(values)
    if len(values) < 2:
        return MeanInterval(len(values), mean, None, None)
    half = student_t_95(len(values) - 1) * stdev(values) / sqrt(len(values))
    return MeanInterval(len(values), mean, mean - half, mean + half)


def mean_difference_from_control(values: Sequence[float], control: Sequence[float]) -> MeanInterval | None:
    """Return how far the mean of `values` lies above that of `control`, with its bounds; without bounds where either
    has fewer than two.

    The degrees of freedom are those of the smaller sample, which is cautious where the spreads differ."""
    if not values:
        return None
    mean = fmean(values) - (fmean(control) if control else 0.0)
    if len(values) < 2 or len(control) < 2:
        return MeanInterval(len(values), mean, None, None)
    spread = stdev(values) ** 2 / len(values) + stdev(control) ** 2 / len(control)
    half = student_t_95(min(len(values), len(control)) - 1) * sqrt(spread)
    return MeanInterval(len(values), mean, mean - half, mean + half)


TOLD_AFTER = timedelta(minutes=15)
"""A move's effect is told from then on."""
DONE_WITHIN = TOLD_AFTER
"""A window that opens later than this opens for reasons of its own."""


class MeasuredMoveEffect(Struct, frozen=True, kw_only=True):
    """How much less those who waited when a move was taken have waited than was forecast then, in mean minutes (less
    than 0: more).

    It is based on `n` of the `of` who waited; before it `is_final` on those who should have been called by now, as if
    those who were not were called now. `saved_min` is None while there is nobody."""

    saved_min: float | None
    n: int
    of: int
    is_final: bool


def measured_move_effect(
    made: roster.AnsweredMove, calls: Iterable[WindowCall], waiting: Container[str], now: datetime
) -> MeasuredMoveEffect:
    """Return a move's effect by `now`. `calls` are those of its date, `waiting` the numbers of that date that still
    wait."""
    called: dict[str, float] = {}
    for call in calls:
        if call.date == made.date and call.time >= made.time and call.label in made.base:
            called.setdefault(call.label, (call.time - made.time).total_seconds())
    elapsed = (now - made.time).total_seconds()
    is_final = not any(label in waiting and label not in called for label in made.base)
    saved = []
    for label, base in made.base.items():
        if not is_final and base > elapsed:
            continue
        if label in called:
            saved.append(base - called[label])
        elif label in waiting:
            saved.append(base - elapsed)
    mean = fmean(saved) / 60 if saved else None
    return MeasuredMoveEffect(saved_min=mean, n=len(saved), of=len(made.base), is_final=is_final)


def carried_out_at(made: roster.AnsweredMove, shifts: Iterable[Shift]) -> datetime | None:
    """Return when a move was carried out: a window opened, somebody came back; None if not within DONE_WITHIN: then it
    happened for another reason. Other moves happen when they are accepted."""
    if made.move.kind not in ("open_window", "call_back"):
        return made.time
    own = [shift for shift in shifts if shift.window == made.move.window and shift.date == made.date]
    moments = [shift.opened for shift in own]
    if made.move.kind == "call_back":
        moments += [pause.end for shift in own for pause in shift.pauses if pause.end is not None]
    return min((moment for moment in moments if made.time <= moment <= made.time + DONE_WITHIN), default=None)


def mean_effects_by_kind(
    effects: Sequence[tuple[str, float]], without: Sequence[float]
) -> list[tuple[str, MeanInterval]]:
    """Return for each kind of move its mean effect over past moves (kind, minutes) with its bounds; each move counts
    once.

    Forecasts have errors of their own: people walk out, a hall is new. `without` are the same figures of declined
    moves, whose mean is subtracted; with fewer than two of them no effect has bounds."""
    found = []
    for kind in roster.MOVE_KINDS:
        over = mean_difference_from_control([minutes for one, minutes in effects if one == kind], without)
        if over is not None:
            found.append((kind, over))
    return found


def kind_and_crowd_class(made: roster.AnsweredMove) -> State:
    """Return the state in which a move was made: its kind, and how many waited."""
    return made.move.kind, crowd_class(len(made.base))


def mean_effects_by_kind_and_crowd(
    effects: Sequence[tuple[State, float]], without: Sequence[float]
) -> dict[State, MeanInterval]:
    """Return what mean_effects_by_kind() does for each state in which moves were made."""
    found = {}
    for state in sorted({state for state, _minutes in effects}):
        over = mean_difference_from_control([minutes for one, minutes in effects if one == state], without)
        if over is not None:
            found[state] = over
    return found


# -- lists the moves that are possible in the hall now, each with the hall as it would be afterwards -----------------

OPEN_MIN, OPEN_VAR = 4.0, 4.0
"""From asking somebody to open a window to its first call."""
BACK_MIN, BACK_VAR = 2.0, 1.0
REST_REASONS = frozenset({"break", "meal"})
"""Nobody is called back from these before their time is over."""
SOON_MIN = 5.0
"""A window that comes by itself so soon needs no move."""
MOST_TRIED = 4
LEAST_LEFT_MIN = 20.0
"""Nothing is lent to a window that closes sooner."""
PUT_OFF_MIN = 30
BREAK_SOON_MIN = 20.0
ACCEPTED_PRIOR, OFFERED_PRIOR = 1, 5
"""An offer of another channel is taken by one in five until the day shows otherwise."""
WALK_AWAY_MIN = 10.0
"""Who is called sooner takes no other channel."""


class MoveSearchInput(Struct, frozen=True, kw_only=True):
    """The hall at `now` as the forecast finds it (`before`), and the late lines, the most pressing first; `most`
    windows are tried for each, None: all."""

    state: HallState
    setup: Setup
    now: datetime
    live: LiveHall
    before: PassForecast
    lines: Sequence[str]
    most: int | None = MOST_TRIED


def candidate_moves_with_hall_after(scene: MoveSearchInput) -> Iterator[tuple[roster.StaffingMove, LiveHall]]:
    """Yield the moves that might help the lines, each with the hall after it; without late lines only ends of
    lendings."""
    yield from _moves_taking_back_lent_services(scene)
    if scene.lines:
        yield from _possible_call_backs(scene)
        yield from _window_opening_moves(scene)
        yield from _possible_lendings(scene)
        yield from _possible_break_delays(scene)
        yield from _channel_offering_moves(scene)


def _possible_call_backs(scene: MoveSearchInput) -> Iterator[tuple[roster.StaffingMove, LiveHall]]:
    state, setup, now, live = scene.state, scene.setup, scene.now, scene.live
    there = {w.code: w for w in live.windows}
    for code in setup.windows:
        window = state.window(code)
        if window.state is not WindowState.PAUSED or window.staff is None:
            continue
        is_late = window.back is not None and now > window.back
        if is_window_on_break_or_meal(window, now):
            continue
        known = there.get(code) or _window_as_if_opened_by_staff(setup, live, code, window.staff)
        if code in there and known.free_min <= SOON_MIN and not is_late:
            continue
        back = replace(known, free_min=min(BACK_MIN, known.free_min or BACK_MIN), free_var=BACK_VAR, is_sure=True)
        yield roster.StaffingMove(kind="call_back", window=code, staff=window.staff), _with_window_changed(live, back)


def is_window_on_break_or_meal(window: Window, now: datetime) -> bool:
    """Whether a window is paused for a break or a meal that is not over: nobody is called back from that."""
    is_late = window.back is not None and now > window.back
    return window.state is WindowState.PAUSED and window.reason in REST_REASONS and not is_late


def _window_opening_moves(scene: MoveSearchInput) -> Iterator[tuple[roster.StaffingMove, LiveHall]]:
    state, setup, now, live, lines = scene.state, scene.setup, scene.now, scene.live, scene.lines
    soon = {w.code for w in live.windows if w.free_min <= SOON_MIN}
    closed = [c for c in setup.windows if state.window(c).state is WindowState.CLOSED and c not in soon]
    minute, rows = (
        outlook.minute_of_hall_day(setup, now),
        roster.shifts_planned_on(setup.roster, business_date(setup, now), setup.calendar),
    )
    free = _clerks_free_to_ask(state, setup, rows, minute)
    own = {row.staff: row.window for row in rows}
    found: list[tuple[str, StaffMember, frozenset[str]]] = []
    for person in free:
        left = [
            (code, setup.services_at_window(code, person.code)) for code in closed if code not in {f[0] for f in found}
        ]
        helping = [one for one in left if one[1].intersection(lines)]
        if helping:
            best = min(helping, key=lambda one: (one[0] != own.get(person.code), -len(one[1].intersection(lines))))
            found.append((best[0], person, best[1]))
    found.sort(key=lambda one: -len(one[2].intersection(lines)))
    for code, person, services in found[: scene.most]:
        ends = [row.end - minute for row in rows if row.staff == person.code and row.end > minute]
        new = replace(_window_as_if_opened_by_staff(setup, live, code, person.code), closes_min=max(ends, default=None))
        move = roster.StaffingMove(
            kind="open_window",
            window=code,
            staff=person.code,
            services=tuple(s for s in setup.services if s in services),
        )
        yield move, _with_window_changed(live, new)


def _clerks_free_to_ask(
    state: HallState, setup: Setup, rows: Sequence[roster.RosterRow], minute: int
) -> list[StaffMember]:
    """Return the clerks who sit nowhere and may be asked: those on duty by the roster; without one, all of them. Who
    was here today comes first."""
    seated = {w.staff for w in state.windows.values() if w.state is not WindowState.CLOSED}
    worked = {shift.staff for shift in state.shifts.values()}
    on_duty = {row.staff for row in rows if row.start <= minute < row.end - SOON_MIN}
    clerks = [p for p in setup.staff.values() if p.role is Role.CLERK and p.code not in seated]
    if rows:
        clerks = [p for p in clerks if p.code in on_duty]
    return sorted(clerks, key=lambda p: p.code not in worked)


def _possible_lendings(scene: MoveSearchInput) -> Iterator[tuple[roster.StaffingMove, LiveHall]]:
    state, setup, live = scene.state, scene.setup, scene.live
    for service in scene.lines[: scene.most]:
        able = []
        for window in live.windows:
            if service in window.services or state.window(window.code).state is not WindowState.OPEN:
                continue
            person = setup.staff.get(window.staff or "")
            if person is None or not person.can_serve(service):
                continue
            if window.closes_min is not None and window.closes_min < LEAST_LEFT_MIN:
                continue
            able.append((_minutes_window_is_busy(scene.before, window), window))
        for _, window in sorted(able, key=lambda one: (one[0], one[1].code))[: scene.most]:
            move = roster.StaffingMove(kind="lend", window=window.code, staff=window.staff, service=service)
            yield move, _with_window_changed(live, replace(window, services=window.services | {service}))


def _moves_taking_back_lent_services(scene: MoveSearchInput) -> Iterator[tuple[roster.StaffingMove, LiveHall]]:
    for window in scene.live.windows:
        spec = scene.setup.windows[window.code]
        for service in sorted(scene.state.window(window.code).extra - set(spec.services)):
            move = roster.StaffingMove(kind="take_back", window=window.code, staff=window.staff, service=service)
            yield move, _with_window_changed(scene.live, replace(window, services=window.services - {service}))


def _minutes_window_is_busy(before: PassForecast, window: LiveWindow) -> float:
    """Return how long a window is busy with its own lines: until somebody new for one of them would have a turn."""
    turns = [before.newcomers[s].at_min for s in window.services if s in before.newcomers]
    return max(window.free_min, max(turns, default=0.0))


def _possible_break_delays(scene: MoveSearchInput) -> Iterator[tuple[roster.StaffingMove, LiveHall]]:
    state, setup, now, live = scene.state, scene.setup, scene.now, scene.live
    longest = setup.setting_as_int("break_after_minutes")
    for window in live.windows:
        if not window.breaks or state.window(window.code).state is not WindowState.OPEN:
            continue
        (start, length), *later = sorted(window.breaks)
        worked = outlook.minutes_worked_without_rest(state, window.code, now)
        if not 0 <= start <= BREAK_SOON_MIN or worked is None or worked + start + PUT_OFF_MIN > longest:
            continue
        after = replace(window, breaks=((start + PUT_OFF_MIN, length), *later))
        move = roster.StaffingMove(kind="move_break", window=window.code, staff=window.staff, minutes=PUT_OFF_MIN)
        yield move, _with_window_changed(live, after)


def _channel_offering_moves(scene: MoveSearchInput) -> Iterator[tuple[roster.StaffingMove, LiveHall]]:
    """Offer the channel that most took today to a line; without anybody who took one nothing is known of the
    service."""
    state, live, before = scene.state, scene.live, scene.before
    for service in scene.lines[: scene.most]:
        offers = [one for one in state.offers if one.service == service]
        accepted = [one.to for one in offers if one.accepted]
        if not accepted:
            continue
        to = max(sorted(set(accepted)), key=accepted.count)
        asked = [one for one in offers if one.to == to]
        share = (accepted.count(to) + ACCEPTED_PRIOR) / (len(asked) + OFFERED_PRIOR)
        may_go = [t for t in live.tickets if t.service == service and _has_time_to_walk_away(t, before)]
        going = {id(t) for n, t in enumerate(may_go) if int((n + 1) * share) > int(n * share)}
        if going:
            left = tuple(t for t in live.tickets if id(t) not in going)
            yield roster.StaffingMove(kind="self_service", service=service, to=to), replace(live, tickets=left)


def _has_time_to_walk_away(ticket: LiveTicket, before: PassForecast) -> bool:
    turn = before.turns.get(ticket.id) if ticket.id is not None else None
    return turn is None or turn.at_min > WALK_AWAY_MIN


def _window_as_if_opened_by_staff(setup: Setup, live: LiveHall, code: str, staff: str) -> LiveWindow:
    """Return a window as it would be with `staff` asked to it now."""
    clerks = live.learned.clerks
    pace = median([w.factor / clerks.get(w.staff or "", 1.0) for w in live.windows] or [1.0])
    return LiveWindow(
        code=code,
        services=setup.services_at_window(code, staff),
        staff=staff,
        free_min=OPEN_MIN,
        free_var=OPEN_VAR,
        factor=pace * clerks.get(staff, 1.0),
        pause_min=live.learned.minutes_between_visits_at_window(code),
    )


def _with_window_changed(live: LiveHall, window: LiveWindow) -> LiveHall:
    others = [w for w in live.windows if w.code != window.code]
    return replace(live, windows=(*others, window))


MOST = 3
NO_GAIN = roster.ExpectedRange(mean=0.0, low=0.0, high=0.0)
LEAST_SAVED_S = 60
"""What a move must save each person who waits, on average, if it keeps nobody within the target."""
LEAST_KEEPING_S = 20
LEAST_TOTAL_S = 600
LATER_MIN = 10.0
"""Nobody is to be called later than this because of a move, even beyond the target."""
ROUGH_MIN = 0.5
QUIET = timedelta(minutes=15)
"""What was taken or turned down is not suggested again for so long."""


class _HallBaseline(Struct, frozen=True):
    """The hall as it stands with its pass, which moves are compared with; `per_min` tickets come for each service, as
    in the last half hour, until it closes in `closes_min` minutes. `line` is the line that is latest, `absences` are
    the classes of absences of windows that pause; `is_bill_day`: today is a busy bill day."""

    live: LiveHall
    before: PassForecast
    waits: outlook.ForecastWaits
    target_min: float
    per_min: Mapping[str, float]
    closes_min: Mapping[str, float]
    line: str | None
    absences: Mapping[str, int]
    is_bill_day: bool


class _TriedMove(Struct, frozen=True):
    """A move with the hall after it. `total_s` is what everybody together would wait less, those who come within 20
    minutes too; `is_over`: of a lending's end, its reason is gone. `against` is why it must not be made: it would harm
    somebody of `harmed`."""

    move: roster.StaffingMove
    changed: LiveHall
    waits: outlook.ForecastWaits
    total_s: int
    is_over: bool
    against: str
    harmed: str


def _baseline_now(
    state: HallState, now: datetime, passed: tuple[LiveHall, PassForecast], rates: Mapping[str, float], line: str | None
) -> _HallBaseline:
    setup, (live, before) = set_up(state), passed
    paused = (window for window in state.windows.values() if window.state is WindowState.PAUSED)
    return _HallBaseline(
        live=live,
        before=before,
        waits=outlook.ForecastWaits(live, before),
        target_min=_wait_target_minutes(state),
        per_min=rates,
        closes_min=outlook.minutes_to_ticket_stop_by_service(setup, now),
        line=line,
        absences={window.code: absence_class_number(window, now) for window in paused},
        is_bill_day=business_date(setup, now) in setup.pay_days,
    )


class RefusedMove(Struct, frozen=True, kw_only=True):
    """A move that was tried and is not suggested. `why`:

    - late: somebody for `service` would wait beyond the target because of it;
    - later: somebody for `service` would be called more than 10 minutes later;
    - little: it changes too little;
    - plays: it helps in too few of the plays from this moment, `helped` of `plays`;
    - past, trials: in such a state it did not help here, or in trials of the rules;
    - declined, made: `made` says by whom and when;
    - window: `made` changed something at that window a moment ago.

    `gain` is by how much the longest wait of the line whose wait is longest would become shorter, `longer_min` by how
    much that for `service` would grow; `is_late` says that somebody for it waits beyond the target without the move."""

    move: roster.StaffingMove
    gain: roster.ExpectedRange
    why: str
    service: str = ""
    longer_min: float = 0.0
    is_late: bool = False
    made: roster.AnsweredMove | None = None
    helped: int = 0
    plays: int = 0


class MoveSearch(Struct, frozen=True, kw_only=True):
    """What a search found: the moves worth making, the most useful first; those that were tried in vain; how it goes
    on in the line that waits longest if nothing is done, where one is or will be late."""

    moves: Sequence[roster.StaffingMove] = ()
    refused: Sequence[RefusedMove] = ()
    ahead: outlook.LineOutlook | None = None


def search_moves(
    state: HallState,
    now: datetime,
    live: LiveHall,
    *,
    past: Mapping[State, MeanInterval] | None = None,
    most: int = MOST,
) -> MoveSearch:
    """Return at most `most` moves worth making, at most one for each line and window, and what was tried in vain.

    `live` is the hall at `now`. A move is suggested only where somebody would wait beyond the target, where it helps
    enough, and where it takes nobody beyond the target or back by more than 10 minutes; a lending only while the
    window's own lines stay within the target, and its end once they do not or nobody would wait beyond the target
    without it. Each is tried in one pass over the hall with the people who will come; effect and outlook are of that
    pass. What is left must have helped in such a state: in this hall's `past`, else in plays with chance in them."""
    setup, target = state.setup_now, _wait_target_minutes(state)
    if setup is None:
        return MoveSearch()
    rates = outlook.arrivals_per_minute_by_service(state, now)
    live = outlook.hall_with_expected_arrivals(state, live, rates, now)
    before = forecast_turns(live)
    lines = services_over_target(live, before, target)
    quiet, kept_windows = _recent_moves_by_key_and_window(state, now)
    base = _baseline_now(state, now, (live, before), rates, lines[0] if lines else None)
    longest = max(lines, key=lambda line: max(base.waits.wait_curve(line)), default=None)
    found, refused = [], []
    for move, changed in candidate_moves_with_hall_after(
        MoveSearchInput(state=state, setup=setup, now=now, live=live, before=before, lines=lines)
    ):
        tried = _tried_move(move, changed, base)
        gain = outlook.longest_wait_reduction(base.waits, tried.waits, longest) if longest is not None else NO_GAIN
        lately, kept = quiet.get(move.key), kept_windows.get(move.window or "")
        if lately is not None or kept is not None:
            why = "window" if lately is None else "made" if lately.taken else "declined"
            refused.append(RefusedMove(move=tried.move, gain=gain, why=why, made=lately or kept))
        elif tried.against:
            refused.append(_harmful_move_refusal(tried, base, gain))
        elif _is_effect_large_enough(tried) or (move.kind == "take_back" and tried.is_over):
            found.append(tried)
        elif move.kind != "take_back":
            refused.append(RefusedMove(move=tried.move, gain=gain, why="little"))
    passing = outlook.people_soon_over_target_count(
        outlook.waiting_people_with_call_times(live, before, before), target
    )
    moves, vain = _proven_and_refused_moves(base, found, past or {}, most)
    refused += vain
    return MoveSearch(
        moves=moves,
        refused=sorted(refused, key=lambda one: (-one.gain.mean, one.move.key)),
        ahead=None if longest is None else outlook.late_line_forecast(base.waits, longest, target, passing),
    )


def _harmful_move_refusal(tried: _TriedMove, base: _HallBaseline, gain: roster.ExpectedRange) -> RefusedMove:
    """Return a move that would harm somebody, with what it would do to them."""
    return RefusedMove(
        move=tried.move,
        gain=gain,
        why=tried.against,
        service=tried.harmed,
        longer_min=-outlook.longest_wait_reduction(base.waits, tried.waits, tried.harmed).mean,
        is_late=max(base.waits.longest_waits_by_minute(tried.harmed)) > base.target_min,
    )


def suggested_moves(state: HallState, now: datetime, live: LiveHall, *, most: int = MOST) -> list[roster.StaffingMove]:
    """Return the moves of search_moves()."""
    return list(search_moves(state, now, live, most=most).moves)


def move_by_key_if_possible(state: HallState, now: datetime, live: LiveHall, key: str) -> roster.StaffingMove | None:
    """Return the move with that key and its current effect, even if it is not worth suggesting; None when it can't be
    made."""
    setup, target = state.setup_now, _wait_target_minutes(state)
    if setup is None:
        return None
    rates = outlook.arrivals_per_minute_by_service(state, now)
    live = outlook.hall_with_expected_arrivals(state, live, rates, now)
    before = forecast_turns(live)
    late = services_over_target(live, before, target)
    lines = tuple(dict.fromkeys((*late, *live.services)))
    # First as it is suggested: which clerk is asked to which window depends on the lines that are late.
    as_suggested = MoveSearchInput(state=state, setup=setup, now=now, live=live, before=before, lines=late)
    for move, changed in (
        *candidate_moves_with_hall_after(as_suggested),
        *candidate_moves_with_hall_after(replace(as_suggested, lines=lines, most=None)),
    ):
        if move.key == key:
            base = _baseline_now(state, now, (live, before), rates, late[0] if late else None)
            return _tried_move(move, changed, base).move
    return None


def services_over_target(live: LiveHall, before: PassForecast, target_min: float) -> tuple[str, ...]:
    """Return the services of those who would wait beyond the target, the one with most of them first."""
    late: dict[str, int] = {}
    for one in outlook.waiting_people_with_call_times(live, before, before):
        if outlook.total_wait_of_person_min(one) > target_min and one.service in live.services:
            late[one.service] = late.get(one.service, 0) + 1
    return tuple(sorted(late, key=lambda service: (-late[service], live.services.index(service))))


def seconds_until_turn_by_ticket(live: LiveHall, before: PassForecast) -> dict[TicketId, int]:
    """Return the forecast seconds until the turn of everybody in line who has one."""
    waiting = (t.id for t in live.tickets if t.id is not None)
    return {id: round(before.turns[id].at_min * 60) for id in waiting if id in before.turns}


def _tried_move(move: roster.StaffingMove, changed: LiveHall, base: _HallBaseline) -> _TriedMove:
    """Return the move with its effect and outlook, and whether it would harm somebody, here or on the way."""
    live, before, target = base.live, base.before, base.target_min
    changed = outlook.live_hall_with_half_hour_arrivals(changed)
    after = forecast_turns(changed)
    waits = outlook.ForecastWaits(changed, after)
    waiters = outlook.waiting_people_with_call_times(live, before, after, of={t.id for t in changed.tickets})
    newcomers = [
        outlook.WaitingPerson(
            service,
            0.0,
            outlook.newcomer_minutes_until_call(before, service),
            outlook.newcomer_minutes_until_call(after, service),
        )
        for service in base.per_min
    ]
    everybody = (*waiters, *newcomers)
    own = [one for one in everybody if one.service in _other_services_of_lent_window(move, live)]
    against, harmed = "", ""
    if move.kind == "lend":
        # In a hall that can't keep up a lending would only change who waits too long.
        late = next((one for one in own if one.waited_min + one.after_min > target), None)
        against, harmed = ("late", late.service) if late is not None else ("", "")
    if not against and move.kind != "take_back":
        hurt = next((one for one in everybody if _is_person_harmed_by_move(one, target)), None)
        if hurt is not None:
            against, harmed = "later" if hurt.after_min - hurt.before_min > LATER_MIN else "late", hurt.service
    effect = _effect_on_waiters(waiters, target)
    later = sum(base.per_min[one.service] * outlook.AHEAD_MIN * (one.before_min - one.after_min) for one in newcomers)
    total_s = effect.saved_s * effect.n + round(later * 60)
    is_calm = all(one.waited_min + one.after_min <= target for one in everybody)
    is_late = any(outlook.total_wait_of_person_min(one) > target for one in own)
    done = replace(
        move,
        service=move.service or _most_helped_service(waiters),
        effect=effect,
        outlook=_move_forecast(move, waits, waiters, base),
    )
    return _TriedMove(done, changed, waits, total_s, is_calm or (is_late and total_s > 0), against, harmed)


def _move_forecast(
    move: roster.StaffingMove,
    waits: outlook.ForecastWaits,
    waiters: Sequence[outlook.WaitingPerson],
    base: _HallBaseline,
) -> roster.MoveForecast:
    own = None if move.kind == "take_back" else move.service
    line, gain = outlook.line_with_most_gain(base.waits, waits, base.live.services, own)
    return roster.MoveForecast(
        line=line,
        without=base.waits.wait_curve(line),
        with_it=waits.wait_curve(line),
        gain=gain,
        passing=outlook.people_soon_over_target_count(waiters, base.target_min),
        passing_after=sum(
            one.waited_min <= base.target_min
            and outlook.will_wait_beyond_target(one.waited_min, one.after_min, base.target_min)
            for one in waiters
        ),
        lines={
            service: (base.waits.count(service, outlook.AHEAD_MIN), waits.count(service, outlook.AHEAD_MIN))
            for service in base.live.services
        },
        price=_cost_to_most_delayed_other_line(waits, line, base),
    )


def _cost_to_most_delayed_other_line(
    waits: outlook.ForecastWaits, line: str, base: _HallBaseline
) -> roster.MoveCostToOtherService | None:
    """Return the other line whose longest wait grows most, if it grows by a minute."""
    grown = {
        one: -outlook.longest_wait_reduction(base.waits, waits, one).mean for one in base.live.services if one != line
    }
    worst = max(grown, key=lambda one: grown[one], default=None)
    if worst is None or round(grown[worst]) < 1:
        return None
    return roster.MoveCostToOtherService(
        service=worst, later_min=grown[worst], longest_min=max(waits.longest_waits_by_minute(worst))
    )


def _other_services_of_lent_window(move: roster.StaffingMove, live: LiveHall) -> frozenset[str]:
    """Return what the window of a lending serves without it."""
    window = next((one for one in live.windows if one.code == move.window), None)
    if window is None or move.kind not in ("lend", "take_back"):
        return frozenset()
    return window.services - {move.service or ""}


def _is_person_harmed_by_move(one: outlook.WaitingPerson, target_min: float) -> bool:
    """Whether a move takes somebody beyond the target, or much further."""
    later = one.after_min - one.before_min
    was_within = one.waited_min + one.before_min <= target_min
    return later > LATER_MIN or (later > ROUGH_MIN and was_within and one.waited_min + one.after_min > target_min)


def _is_effect_large_enough(tried: _TriedMove) -> bool:
    effect = tried.move.effect
    if effect is None or tried.total_s < LEAST_TOTAL_S or effect.beyond_after > effect.beyond:
        return False
    keeps = effect.beyond_after < effect.beyond
    return effect.saved_s >= (LEAST_KEEPING_S if keeps else LEAST_SAVED_S)


def _proven_and_refused_moves(
    base: _HallBaseline, found: Iterable[_TriedMove], past: Mapping[State, MeanInterval], most: int
) -> tuple[list[roster.StaffingMove], list[RefusedMove]]:
    """Return the moves that have helped in such a state, the most useful first, at most one for each line and window;
    and those that have not. A lending may be ended without that: it is what the set-up says."""
    best: list[roster.StaffingMove] = []
    vain: list[RefusedMove] = []
    plays: list[outlook.PossibleFutureCourse] = []
    crowd = crowd_class(sum(ticket.id is not None for ticket in base.live.tickets))
    for tried in sorted(found, key=lambda one: (-one.total_s, one.move.key)):
        if len(best) == most:
            break
        move = tried.move
        if not _is_move_independent_of_others(move, best):
            continue
        if move.kind == "take_back":
            best.append(move)
            continue
        plays = plays or outlook.simulated_plays(base.live, base.per_min, base.closes_min)
        saved = outlook.saved_minutes_by_play(plays, base.live, tried.changed)
        klass = trial_class_of_move(move, crowd, base.absences, is_bill_day=base.is_bill_day)
        proof = move_proof_or_refusal(move, saved, past.get((move.kind, crowd)), klass=klass)
        if isinstance(proof, roster.MoveEvidence):
            best.append(replace(move, proof=proof))
            continue
        gain = outlook.longest_wait_reduction(base.waits, tried.waits, base.line) if base.line is not None else NO_GAIN
        helped = helpful_play_count(move, saved)
        vain.append(RefusedMove(move=move, gain=gain, why=proof, helped=helped, plays=len(saved)))
    return best, vain


def _is_move_independent_of_others(move: roster.StaffingMove, best: Iterable[roster.StaffingMove]) -> bool:
    """Whether a move is about other lines, windows and people than those before it."""
    return all(
        (move.window is None or move.window != one.window)
        and (move.staff is None or move.staff != one.staff)
        and (move.service is None or move.service != one.service)
        for one in best
    )


def _effect_on_waiters(waiters: list[outlook.WaitingPerson], target: float) -> roster.ForecastMoveEffect:
    n = len(waiters)
    saved = sum(one.before_min - one.after_min for one in waiters) * 60 / n if n else 0.0
    return roster.ForecastMoveEffect(
        beyond=sum(outlook.will_wait_beyond_target(one.waited_min, one.before_min, target) for one in waiters),
        beyond_after=sum(outlook.will_wait_beyond_target(one.waited_min, one.after_min, target) for one in waiters),
        saved_s=round(saved),
        n=n,
    )


def _most_helped_service(waiters: list[outlook.WaitingPerson]) -> str | None:
    """Return the line that is saved most."""
    saved: dict[str, float] = {}
    for one in waiters:
        saved[one.service] = saved.get(one.service, 0.0) + one.before_min - one.after_min
    return max(saved, key=lambda service: saved[service], default=None)


def _wait_target_minutes(state: HallState) -> float:
    return float(state.setup_now.setting_as_int("wait_target_minutes")) if state.setup_now is not None else 0.0


def _recent_moves_by_key_and_window(
    state: HallState, now: datetime
) -> tuple[dict[str, roster.AnsweredMove], dict[str, roster.AnsweredMove]]:
    """Return the moves that were made or turned down lately by their keys, and those taken by the window that they are
    about."""
    lately = [one for one in state.moves.values() if now - one.time < QUIET]
    taken = {one.move.window: one for one in lately if one.taken and one.move.window}
    return {one.move.key: one for one in lately}, taken


def is_move_key(key: str, setup: Setup) -> bool:
    """Whether a move of that hall could have the key: its kind and everything it names exist."""
    kind, *named = key.split(":")
    parts = roster.KEY_PARTS.get(kind, ("window",))
    known = {"window": setup.windows, "service": setup.services, "staff": setup.staff}
    return (
        kind in roster.MOVE_KINDS
        and len(named) == len(parts)
        and all(name in known[part] if part in known else bool(name) for part, name in zip(parts, named, strict=True))
    )
