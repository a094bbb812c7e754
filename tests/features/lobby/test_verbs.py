"""Suggested moves: what helps a late line, what is never suggested, what the log keeps of one, and what it did."""

from datetime import date, timedelta
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from queuedesk.core.charts.chart import SurfaceRect, TextMark
from queuedesk.core.figures.satisfaction import student_t_95
from queuedesk.core.log.state import OFFERS, SHIFTS, HallState
from queuedesk.core.queue.overview import set_up
from queuedesk.core.queue.ticket import Leg, Pause, Shift, Ticket, Window, WindowCall, WindowState
from queuedesk.core.setup.file import setup_from_document
from queuedesk.core.staffing.roster import AnsweredMove, MoveEvidence, StaffingMove
from queuedesk.core.talk.remarks import ChannelOffer
from queuedesk.core.waits.estimates import Estimates, ServiceHandling
from queuedesk.core.waits.live import LiveHall, LiveTicket, LiveWindow
from queuedesk.core.waits.schedule import forecast_turns
from queuedesk.desk import looking
from queuedesk.features.lobby import verbs
from queuedesk.features.lobby.rules import move_search as moves
from queuedesk.features.lobby.rules import outlook
from queuedesk.features.lobby.words import refusal_reason_words
from tests.core.charts.test_charts import PLAIN
from tests.engine_fixtures import ON_BOTH_ENGINES
from tests.features.lobby.advised_day import busy_hall, played
from tests.golden.kept import must_be_kept
from tests.hall import DAY, GUIDE, MANAGER, Hall, at, simple_hall, simple_setup


def crowded(folder: Path) -> Hall:
    """Window 1 idle, seven wait for C behind a customer at window 3: too many in a quarter of an hour."""
    hall = simple_hall(folder, services=[{**one, "handling_target": 6} for one in simple_setup()["services"]])
    hall.play("open 1 staff=C1", "open 3 staff=C3", "queue C C C C C C C C", "call 3", "start 3", 3)
    return hall


pytestmark = pytest.mark.hall(make=crowded)


def keys(hall: Hall) -> list[str]:
    return [move.key for move in verbs.current_moves_and_risks(hall.desk, hall.clock())[1].moves]


@ON_BOTH_ENGINES
def test_what_was_turned_down_is_what_effects_are_held_against_and_a_closed_window_is_told_to_open(hall: Hall) -> None:
    hall.do("decline", "lend:1:C", who=MANAGER)
    hall.play(*["finish 3", "call 3"] * 7)
    past = verbs.past_moves(hall.desk, hall.clock())
    assert past["kinds"] == []
    assert (past["turned_down"]["n"], past["turned_down"]["mean"] > 0) == (1, True)
    assert (past["moves"][0]["happened"], past["moves"][0]["real"]["final"]) == (None, True)
    hall.do("take", "open_window:2:C2", who=GUIDE)
    assert len(hall.whole().moves) == 2
    message = hall.last()
    assert (message.data["to"], message.data["text_en"]) == ("counter-2", "C2, please open window 2 now.")
    assert "open_window:2:C2" not in keys(hall)
    hall.clock.move(minutes=30)
    asked = verbs.past_moves(hall.desk, hall.clock())["moves"][0]
    assert (asked["happened"], asked["real"]) == (None, None), "a window that never opened"
    hall.must_follow_from_its_log()


@ON_BOTH_ENGINES
def test_a_day_that_is_over_is_still_told(hall: Hall) -> None:
    hall.do("take", "lend:1:C", who=MANAGER)
    hall.call("1")
    hall.clock.move(days=1)
    hall.do("end-due")
    past = verbs.past_moves(hall.desk, hall.clock())
    assert [past["moves"][0]["real"][name] for name in ("final", "n")] == [True, 1]
    (state,), (over,) = past["states"], verbs.past_effects_by_kind_and_crowd(past).items()
    assert over == (("lend", 0), moves.MeanInterval(1, state["mean"], None, None)), "as a search reads it"
    assert looking.hall_state_now(hall.desk, hall.clock()).moves == {}
    assert verbs.past_moves(hall.desk, hall.clock(), days=0)["moves"] == []
    _setup, found, risks = verbs.current_moves_and_risks(hall.desk, hall.clock())
    assert (list(found.moves), list(found.refused), found.ahead, risks) == ([], [], None, []), "it asks for nothing"


PAY_DAY = date(2026, 11, 20)


def test_the_moves_make_a_pay_day_better(tmp_path: Path) -> None:
    """A clerk is at other work, as in the larger bench: on a morning that nothing was tuned on, more are called in time
    and fewer leave. scripts/bench/rules/moves_day.py plays many more."""
    days, people = [], []
    for takes in (False, True):
        desk = busy_hall(tmp_path / f"{takes}.sqlite", "power", PAY_DAY, more_windows=1, closes="10:00")
        days.append(played(desk, PAY_DAY, 11, takes=takes, spare=1))
        told = verbs.past_moves(desk, days[-1].ended)
        tickets = looking.hall_state_on(desk, PAY_DAY).tickets.values()
        people.append(sorted((t.arrived, t.legs[0].service, t.klass) for t in tickets))
        assert (bool(told["kinds"]), told["turned_down"] is None) == (takes, takes)
        assert all(row["real"] is None or row["real"]["final"] for row in told["moves"])
        desk.db.dispose()
    as_it_was, advised = days
    assert people[0] == people[1], "the same people come for the same"
    assert not as_it_was.moves
    assert any(key.startswith("open_window:") for key in advised.moves)
    assert advised.mean_min < as_it_was.mean_min
    assert advised.within > as_it_was.within
    assert advised.left <= as_it_was.left


# -- what is suggested and what not, by rules alone --------------------------------------------------------------------
NOW = at("10:00")
TODAY = DAY.date()
LEARNED = Estimates(services={code: ServiceHandling(mean_min=5.0, var_min2=9.0, n=40) for code in "ABC"})


def line(service: str, n: int, *, first_min: float = -10.0, apart_min: float = 0.5) -> list[LiveTicket]:
    """Return `n` who wait for a service, the first since `first_min`, one each `apart_min`."""
    return [
        LiveTicket(id=(TODAY, f"{service}{i + 1:03}"), service=service, place_min=first_min + i * apart_min, turn=i)
        for i in range(n)
    ]


def hall_of(windows: dict[str, Window], **parts: Any) -> HallState:
    return HallState(setup_now=setup_from_document(simple_setup(**parts)), windows=windows)


def skilled(*codes: str) -> list[dict[str, Any]]:
    return [{"code": code, "name": code, "role": "clerk"} for code in codes]


def opened(code: str, staff: str, **more: Any) -> Window:
    return Window(**{"code": code, "state": WindowState.OPEN, "staff": staff, "shift": int(code)} | more)


def live_of(*windows: LiveWindow, tickets: list[LiveTicket]) -> LiveHall:
    return LiveHall(tickets=tuple(tickets), windows=windows, learned=LEARNED, services=("A", "B", "C"))


A, AB, ABC = frozenset("A"), frozenset("AB"), frozenset("ABC")
ONE = LiveWindow(code="1", services=A, staff="C1")
TWO = LiveWindow(code="2", services=AB, staff="C2", free_min=4)
THREE = LiveWindow(code="3", services=ABC, staff="C3", free_min=2)


def both(**parts: Any) -> HallState:
    """Return a hall whose windows 1 and 3 are open."""
    return hall_of({"1": opened("1", "C1"), "3": opened("3", "C3")}, **{"staff": skilled("C1", "C3")} | parts)


BUSY = replace(THREE, services=frozenset("BC"))
ENDS = {"1": "9:30", "2": "17:30", "3": "17:30"}
ROSTER = [{"window": code, "staff": f"C{code}", "from": "8:30", "to": end} for code, end in ENDS.items()]
SLOW = replace(LEARNED, services={**LEARNED.services, "C": ServiceHandling(mean_min=12.0, var_min2=9.0, n=40)})
PLACES = (-4.0, -3.5, -0.5)
OWN = [LiveTicket(id=(TODAY, f"A{n:03}"), service="A", place_min=place, turn=n) for n, place in enumerate(PLACES, 1)]


def one(*clerks: str, **parts: Any) -> HallState:
    """Return a hall whose window 3 is open, with these clerks."""
    return hall_of({"3": opened("3", "C3")}, staff=skilled(*clerks), **parts)


def away(reason: str, back_min: float | None) -> tuple[HallState, LiveHall]:
    """Return a hall in which window 2 is paused, with a line for A."""
    back = None if back_min is None else NOW + timedelta(minutes=back_min)
    paused = opened("2", "C2", state=WindowState.PAUSED, reason=reason, back=back, since=NOW - timedelta(minutes=20))
    rest = replace(TWO, free_min=10.0 if back_min is None or back_min < 0 else back_min)
    state = hall_of({"2": paused, "3": opened("3", "C3")}, staff=skilled("C2", "C3"))
    return state, live_of(rest, THREE, tickets=line("A", 8))


def lent(own: int, late: int) -> tuple[HallState, LiveHall]:
    """Return a hall whose window 1 is lent to C, with so many in its own line and in that one."""
    windows = {"1": opened("1", "C1", extra=frozenset("C")), "3": opened("3", "C3")}
    tickets = [*line("A", own, first_min=-8), *line("C", late, first_min=-8)]
    live = live_of(replace(ONE, services=frozenset("AC")), BUSY, tickets=tickets)
    return hall_of(windows, staff=skilled("C1", "C3")), replace(live, learned=SLOW)


def offered() -> HallState:
    """Return a hall in which two of three took another channel today."""
    state = one("C3")
    for n, is_taken in enumerate((True, True, False)):
        about = {"service": "A", "to": "self_service", "accepted": is_taken, "ticket": None, "by": "G1"}
        state.put_record(OFFERS, ChannelOffer(seq=n, date=TODAY, time=NOW, **about))
    return state


def working_since(time: str) -> HallState:
    state = one("C3")
    state.put_record(SHIFTS, Shift(id=3, window="3", staff="C3", date=TODAY, opened=at(time)))
    return state


LATE_C, LATE_A = live_of(ONE, THREE, tickets=line("C", 6)), live_of(THREE, tickets=line("A", 8))
DUE = live_of(replace(THREE, breaks=((6.0, 30.0),)), tickets=line("A", 8))
CROSSED = live_of(replace(ONE, free_min=3), replace(BUSY, free_min=3), tickets=[*line("C", 6, first_min=-12), *OWN])
UNSKILLED = [*skilled("C3"), {"code": "C1", "name": "C1", "role": "clerk", "skills": ["A"]}]
SEEDED: dict[str, tuple[HallState, LiveHall]] = {
    # The six are called at 2 7 12 … 27; with window 1 free now, at 0 2 5 7 10 12.
    "An idle window is lent to the late line": (both(), LATE_C),
    "Not where its clerk lacks the skill": (both(staff=UNSKILLED), LATE_C),
    "Not while nobody waits too long": (both(), live_of(ONE, THREE, tickets=line("C", 2, first_min=-3))),
    "A closed window is opened by a clerk who is free": (one("C2", "C3"), LATE_A),
    "By the roster only who is on duty is asked": (one("C1", "C2", "C3", "C4", roster=ROSTER), LATE_A),
    "Who is elsewhere for long is called back": away("elsewhere", 25),
    "Who eats is not": away("meal", 25),
    "Whose break is over is": away("break", -5),
    "Who said no time is": away("other", None),
    "Who is back soon is not": away("meeting", 4),
    "Nobody is taken beyond the target: one of window 1's own would wait too long": (both(), CROSSED),
    "Nothing is lent to a window whose own line runs late: it would only change who waits too long": (
        both(),
        live_of(ONE, BUSY, tickets=[*line("A", 8), *line("C", 8, first_min=-30)]),
    ),
    "A lending has had its time once nobody would wait too long without it": lent(1, 1),
    "Or when the window's own line runs late": lent(8, 3),
    "Not while it is what helps": lent(1, 8),
    "At most three, for different lines and windows": (
        one("C1", "C2", "C3", "C4", "C5"),
        live_of(THREE, tickets=[*line("A", 8), *line("B", 8), *line("C", 8)]),
    ),
    "No channel is offered that nobody took today": (one("C3"), live_of(THREE, tickets=line("A", 12))),
    # Three of eight would go: nine times of ten who is left is called sooner.
    "One is where somebody took it": (offered(), live_of(THREE, tickets=line("A", 12))),
    "The break of who has not worked long is put off": (working_since("9:30"), DUE),
    "Not of who has": (working_since("7:30"), DUE),
}


def test_what_is_suggested_is_what_the_page_says() -> None:
    told = []
    for title, (state, live) in SEEDED.items():
        told.append(f"# {title}")
        for move in moves.suggested_moves(state, NOW, live):
            its = move.effect
            told.append(f"{move.key}: {its.beyond} of {its.n} late, then {its.beyond_after}; {its.saved_s} s")
        told.append("")
    must_be_kept(Path(__file__).parent / "golden" / "suggested.txt", "\n".join(told))
    tried = moves.move_by_key_if_possible(both(), NOW, CROSSED, "lend:1:C").effect
    assert tried.beyond_after > tried.beyond


def test_who_waits_longest_at_each_minute() -> None:
    live = live_of(THREE, tickets=line("C", 2, first_min=-10, apart_min=4))
    waits = outlook.ForecastWaits(live, forecast_turns(live))
    # Called at 2 and 7 minutes: until then the first has waited longest, then the second, then no one waiting.
    assert waits.longest_waits_by_minute("C")[:9] == pytest.approx([10, 11, 8, 9, 10, 11, 12, 0, 0])
    assert waits.wait_curve("C")[0] == 10
    assert (waits.minutes_until_late("C", 9), waits.minutes_until_on_target("C", 9)) == (0, 2)
    assert (waits.minutes_until_late("C", 11), waits.minutes_until_on_target("C", 11)) == (6, 7)
    assert waits.minutes_until_late("C", 12) is None
    assert waits.longest_waits_by_minute("A") == [0.0] * 31


def test_people_who_come_and_visits_of_usual_length_change_no_turn_of_those_who_wait() -> None:
    live = live_of(ONE, THREE, tickets=[*line("A", 3), *line("C", 6)])
    more = outlook.hall_with_expected_arrivals(both(), live, {"A": 0.2, "C": 0.3}, NOW)
    before, after = forecast_turns(live).turns, forecast_turns(more).turns
    assert len(more.arrivals) == 12 + 18
    assert [before[one.id].at_min for one in live.tickets] == [after[one.id].at_min for one in live.tickets]
    live = live_of(ONE, THREE, tickets=line("C", 4))
    usual, longer = forecast_turns(live, {"C": [1.0]}).turns, forecast_turns(live, {"C": [2.0]}).turns
    itself = forecast_turns(live).turns
    assert usual.keys() == longer.keys() == itself.keys()
    assert [turn.at_min for turn in usual.values()] == [turn.at_min for turn in itself.values()]
    assert [turn.at_min for turn in longer.values()] == [2, 12, 22, 32]


def test_what_is_tried_in_vain_says_why_and_the_line_whose_wait_is_longest_is_followed() -> None:
    live = live_of(ONE, THREE, tickets=[*line("A", 9, first_min=-14, apart_min=0.1), *line("C", 6)])
    found = moves.search_moves(both(), NOW, live)
    (refused,) = found.refused
    assert (refused.move.key, refused.why, refused.service) == ("lend:1:C", "late", "A")
    assert refusal_reason_words(set_up(both()), replace(refused, longer_min=2.4), "en") == "A would wait 2 min longer"
    assert refusal_reason_words(set_up(both()), replace(refused, is_late=False), "en") == "A would pass 15 min"
    assert refusal_reason_words(set_up(both()), refused, "en") == "A is over 15 min already"
    assert found.ahead.line in ("A", "C")
    assert found.ahead.low[-1] <= found.ahead.middle[-1] <= found.ahead.high[-1]
    # Not the one with most people.
    few, many = line("C", 3, first_min=-30), line("A", 9, first_min=-12)
    found = moves.search_moves(both(), NOW, live_of(ONE, THREE, tickets=[*many, *few]))
    assert found.ahead.line == "C"


LEND = StaffingMove(kind="lend", window="1", service="C")
GOOD = [1.0] * outlook.PLAYS
OPEN = {"A": 600.0, "C": 600.0}
PASTS = [((8, 2.0, 0.5, 3.5), "past"), ((8, -2.0, -3.5, -0.5), ""), ((7, -2.0, -3.5, -0.5), "plays")]
PASTS += [((30, 0.1, -0.5, 0.7), "plays"), ((1, 5.0, None, None), "plays")]
HELPED, HARMED = ({("lend", 0): moves.MeanInterval(9, 3.0 * way, way, 5.0 * way)} for way in (1.0, -1.0))


def lent(live: LiveHall) -> LiveHall:
    return replace(live, windows=(replace(ONE, services=frozenset("AC")), THREE))


def test_nine_plays_of_ten_must_save_half_a_minute() -> None:
    enough = [-3.0, *[moves.LEAST_SAVED_MIN] * (outlook.PLAYS - 1)]
    proof = MoveEvidence(source="plays", n=outlook.PLAYS, helped=outlook.PLAYS - 1, low_min=0.9, high_min=4.4)
    assert moves.move_proof_or_refusal(LEND, enough, None, klass=1) == proof
    assert moves.move_proof_or_refusal(LEND, [*GOOD[2:], moves.LEAST_SAVED_MIN - 0.01, -3.0], None, klass=1) == "plays"


@pytest.mark.parametrize(("interval", "says"), PASTS)
def test_this_halls_own_past_is_told_or_keeps_back_where_it_can_tell(interval: Any, says: str) -> None:
    past = moves.MeanInterval(*interval)
    found = moves.move_proof_or_refusal(LEND, GOOD, past, klass=0)
    assert (found.source if says else found) == (says or "past")
    # It counts those in line alone: who comes later must not pay for it.
    assert moves.move_proof_or_refusal(LEND, [0.0] * outlook.PLAYS, past, klass=0) == ("plays" if says else "past")


def test_what_trials_could_not_tell_from_nothing_is_not_suggested() -> None:
    back = StaffingMove(kind="call_back", window="2")
    away = opened("2", "C2", state=WindowState.PAUSED, reason="other")
    gone = [moves.absence_class_number(replace(away, since=NOW - timedelta(minutes=n)), NOW) for n in (1, 20, 21)]
    late = moves.absence_class_number(
        replace(away, since=NOW - timedelta(hours=1), back=NOW - timedelta(minutes=5)), NOW
    )
    is_proven = [
        isinstance(moves.move_proof_or_refusal(back, GOOD, None, klass=one), MoveEvidence) for one in (*gone, late)
    ]
    assert is_proven == [True, True, False, True]
    assert moves.move_proof_or_refusal(back, GOOD, None, klass=gone[-1]) == "trials"
    # Nobody has tried to offer another channel: no figure is told.
    offer = StaffingMove(kind="self_service", service="A")
    always = MoveEvidence(source="plays", n=outlook.PLAYS, helped=outlook.PLAYS)
    assert moves.move_proof_or_refusal(offer, GOOD, None, klass=0) == always
    assert all(span is None or 0 <= span[0] < span[1] for span in moves.TRIED.values())


def test_plays_are_the_same_for_the_same_moment() -> None:
    plays = [outlook.simulated_plays(LATE_C, {"C": 0.1}, OPEN) for _ in range(2)]
    first, again = (outlook.saved_minutes_by_play(one, LATE_C, lent(LATE_C)) for one in plays)
    assert first == again
    assert len(first) == outlook.PLAYS and min(first) > moves.LEAST_SAVED_MIN
    still = outlook.saved_minutes_by_play(outlook.simulated_plays(LATE_C, {"C": 0.1}, OPEN), LATE_C, LATE_C)
    assert still == [0.0] * outlook.PLAYS


@pytest.mark.parametrize(("came", "says"), [(0, ""), (2, "plays")])
def test_a_window_is_not_lent_in_a_lull_that_a_crowd_may_follow(came: int, says: str) -> None:
    """The pass, which expects as many as came lately, would lend window 1; with twice as many its own line suffers."""
    state = both()
    for n in range(came):
        since = NOW - timedelta(minutes=28 - 5 * n)
        leg = Leg(n=1, service="A", joined=since, called=since, finished=since)
        own = {"date": TODAY, "label": f"A{n}", "service": "A", "place": since, "turn": n}
        ticket = Ticket(**own, arrived=since, seq=n, token="", legs=(leg,))
        state.tickets[ticket.id] = ticket
    live = live_of(ONE, replace(THREE, services=frozenset("BC"), free_min=9), tickets=line("C", 3, first_min=-9))
    found = moves.search_moves(state, NOW, live)
    assert [move.key for move in found.moves] == ([] if says else ["lend:1:C"])
    vain = {one.move.key: (one.why, one.helped < one.plays) for one in found.refused}
    assert vain == ({"lend:1:C": (says, True)} if says else {})


def test_a_hall_whose_own_lendings_helped_is_told_so_and_on_a_busy_bill_day_nothing_is_lent() -> None:
    state = both()
    proof = moves.search_moves(state, NOW, LATE_C).moves[0].proof
    assert (proof.source, proof.n) == ("plays", outlook.PLAYS)
    proof = moves.search_moves(state, NOW, LATE_C, past=HELPED).moves[0].proof
    assert proof == MoveEvidence(source="past", n=9, low_min=1.0, high_min=5.0)
    without = moves.search_moves(state, NOW, LATE_C, past=HARMED)
    assert "lend:1:C" not in [one.key for one in without.moves]
    assert [one.why for one in without.refused if one.move.key == "lend:1:C"] == ["past"]
    # A crowd comes to pay when the lull ends: trials could not tell what lending saves on such a day from nothing.
    state = both(pay_days=[TODAY.isoformat()])
    found, helped = moves.search_moves(state, NOW, LATE_C), moves.search_moves(state, NOW, LATE_C, past=HELPED)
    assert {one.move.key: one.why for one in found.refused}["lend:1:C"] == "trials"
    assert "lend:1:C" not in [one.key for one in (*found.moves, *helped.moves)]


def test_past_moves_are_told_by_how_many_waited() -> None:
    few, many = ("lend", 0), moves.kind_and_crowd_class(made(**{f"A{n:03}": 60 for n in range(12)}))
    assert many == ("lend", 1) and [moves.crowd_class(n) for n in (0, 9, 10, 19, 20)] == [0, 0, 1, 1, 2]
    told = moves.mean_effects_by_kind_and_crowd([(few, 4.0), (many, 1.0), (few, 6.0)], [1.0, 1.0])
    assert {state: (over.n, over.mean) for state, over in told.items()} == {few: (2, 4.0), many: (1, 0.0)}


BASE = {"A001": 300, "A002": 600, "A003": 1800}


def made(kind: str = "lend", **base: int) -> AnsweredMove:
    move = StaffingMove(kind=kind, window="1", staff="C1", service="A")
    return AnsweredMove(seq=5, date=TODAY, time=at("10:00"), by="M1", move=move, taken=True, base=base or BASE)


def call(label: str, time: str) -> WindowCall:
    return WindowCall(seq=9, time=at(time), date=TODAY, label=label, service="A", window="1", staff="C1")


def test_who_counts_for_what_a_move_did() -> None:
    """Everybody once all were called; before that who should have been called by now; who left uncalled nowhere."""
    calls = [call("A001", "9:50"), call("A001", "10:03"), call("A002", "10:07"), call("A003", "10:20")]
    effect = moves.measured_move_effect(made(), calls, (), at("11:00"))
    # 5 → 3, 10 → 7, 30 → 20: what was called before the move is another call.
    assert (effect.saved_min, effect.n, effect.of, effect.is_final) == (pytest.approx((2 + 3 + 10) / 3), 3, 3, True)
    effect = moves.measured_move_effect(made(), [call("A001", "10:03"), call("A003", "10:05")], {"A002"}, at("10:15"))
    # A003 was to be called at 10:30: whether that is early can't be told of the others yet. A002 waits 15, not 10.
    assert (effect.saved_min, effect.n, effect.is_final) == (pytest.approx((2 - 5) / 2), 2, False)
    effect = moves.measured_move_effect(made(), [call("A001", "10:03")], (), at("11:00"))
    assert (effect.saved_min, effect.n, effect.of, effect.is_final) == (2.0, 1, 3, True)
    # Nothing is said where nobody counts.
    assert moves.measured_move_effect(made(), [], set(BASE), at("10:02")).saved_min is None


def test_bounds_of_a_mean_are_by_students_quantiles_and_of_each_kind_beside_what_forecasts_miss_anyway() -> None:
    few, one = moves.mean_interval([1.0, 2.0, 3.0]), moves.mean_interval([4.0])
    assert (few.n, few.mean, few.is_different_from_zero) == (3, 2.0, False)
    assert (few.low, few.high) == (pytest.approx(2 - 4.303 / 3**0.5), pytest.approx(2 + 4.303 / 3**0.5))
    assert (one.mean, one.low, one.high, one.is_different_from_zero) == (4.0, None, None, False)
    assert moves.mean_interval([]) is None
    for freedom, quantile in ((1, 12.706), (15, 2.131), (16, 2.120), (30, 2.042), (120, 1.980)):
        assert student_t_95(freedom) == pytest.approx(quantile, abs=0.006)
    # Each kind stands by itself, and what forecasts miss anyway is no effect.
    lends = [("lend", 3.0), ("lend", 3.2), ("lend", 2.8)]
    (back, lend) = moves.mean_effects_by_kind([("call_back", -1.0), *lends, ("call_back", 2.0)], [0.9, 1.1, 1.0])
    assert (back[0], back[1].is_different_from_zero) == ("call_back", False)
    assert (lend[0], lend[1].mean, lend[1].is_different_from_zero) == ("lend", pytest.approx(2.0), True)
    ((_kind, lend),) = moves.mean_effects_by_kind(lends, [2.9, 3.3, 2.8, 3.1])
    assert abs(lend.mean) < 0.1 and not lend.is_different_from_zero
    # Without anything to hold it against an effect has no bounds.
    for without in ([], [0.5]):
        ((_kind, lend),) = moves.mean_effects_by_kind(lends, without)
        assert (lend.low, lend.is_different_from_zero) == (None, False)


def test_when_what_was_asked_for_was_done() -> None:
    first = Shift(id=1, window="1", staff="C1", date=TODAY, opened=at("8:30"), closed=at("9:00"))
    pauses = (Pause(start=at("9:40"), end=at("10:04"), reason="other"),)
    second = Shift(id=2, window="1", staff="C1", date=TODAY, opened=at("9:10"), pauses=pauses)
    later = Shift(id=3, window="1", staff="C2", date=TODAY, opened=at("10:09"))
    assert moves.carried_out_at(made("open_window"), [first, second, later]) == at("10:09")
    assert moves.carried_out_at(made("call_back"), [first, second, later]) == at("10:04")
    assert moves.carried_out_at(made("open_window"), [first, second]) is None
    assert moves.carried_out_at(made("open_window"), [replace(later, opened=at("10:15"))]) == at("10:15")
    assert moves.carried_out_at(made("open_window"), [replace(later, opened=at("10:16"))]) is None
    assert moves.carried_out_at(made("lend"), []) == at("10:00")
    assert moves.carried_out_at(made("call_back"), [second]) == at("10:04")


def box(one: TextMark) -> tuple[float, float, float, float]:
    """Return where a word stands, but for what hangs below its line."""
    width = len(one.text) * one.size / 2
    left = one.x - width if one.at == "right" else one.x
    return left, one.y - 0.8 * one.size, left + width, one.y


def meet(one: TextMark, other: TextMark) -> bool:
    (a, b, c, d), (e, f, g, h) = box(one), box(other)
    return a < g and e < c and b < h and f < d


@pytest.mark.parametrize("highest", [8.0, 20.0, 51.0, 160.0, 532.0, 960.0])
@pytest.mark.parametrize("target", [5, 15, 40])
def test_words_stand_apart_however_long_people_wait(highest: float, target: int) -> None:
    words = {"target_word": f"target {target}", "first_word": "now", "last_word": "in 30 min"}
    as_it_is = [highest * (0.9 + 0.02 * n) for n in range(6)]
    with_move = [max(0.0, highest * (0.9 - 0.18 * n)) for n in range(6)]
    curves = outlook.WaitCurves(as_it_is=as_it_is, with_move=with_move, target=target, **words)
    marks = outlook.lay_out_wait_curves(curves, PLAIN, SurfaceRect(0, 0, 150, 96))
    shown = [mark for mark in marks if isinstance(mark, TextMark) and mark.text in words.values()]
    assert {one.text for one in shown} == {*words.values()} and len(shown) == len(words)
    assert not any(meet(one, other) for one, other in combinations(shown, 2))
