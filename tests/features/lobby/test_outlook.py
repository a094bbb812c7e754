"""The next half hour of a line by one pass, and what a move changes of it."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from queuedesk.core.queue.overview import set_up
from queuedesk.core.waits.schedule import forecast
from queuedesk.features.lobby.rules.move_search import search
from queuedesk.features.lobby.rules.outlook import Waits, with_coming
from queuedesk.features.lobby.words import refused_words
from tests.features.lobby.test_move_search import NOW, ONE, THREE, hall_of, line, live_of, opened, skilled

STATE = hall_of({"1": opened("1", "C1"), "3": opened("3", "C3")}, staff=skilled("C1", "C3"))


def test_who_waits_longest_at_each_minute() -> None:
    live = live_of(THREE, tickets=line("C", 2, first_min=-10, apart_min=4))
    waits = Waits(live, forecast(live))

    # Called at 2 and 7 minutes: until then the first has waited longest, then the second, then no one waiting.
    assert waits.minutes("C")[:9] == pytest.approx([10, 11, 8, 9, 10, 11, 12, 0, 0])
    assert waits.curve("C")[0] == 10
    assert (waits.from_min("C", 9), waits.over_min("C", 9)) == (0, 2)
    assert (waits.from_min("C", 11), waits.over_min("C", 11)) == (6, 7)
    assert waits.from_min("C", 12) is None
    assert waits.minutes("A") == [0.0] * 31


def test_people_who_come_change_no_turn_of_those_who_wait() -> None:
    live = live_of(ONE, THREE, tickets=[*line("A", 3), *line("C", 6)])
    more = with_coming(STATE, live, {"A": 0.2, "C": 0.3}, NOW)
    before, after = forecast(live), forecast(more)

    assert len(more.arrivals) == 12 + 18
    assert {one.id: after.turns[one.id].at_min for one in live.tickets if one.id} == {
        one.id: before.turns[one.id].at_min for one in live.tickets if one.id
    }


def test_a_move_carries_the_curves_of_the_pass_that_tried_it() -> None:
    live = live_of(ONE, THREE, tickets=line("C", 6))
    (move, *_others) = search(STATE, NOW, live).moves
    outlook = move.outlook

    assert outlook is not None
    assert outlook.line == "C"
    assert outlook.without[0] == outlook.with_it[0] == 10
    assert outlook.with_it[-1] <= outlook.without[-1]
    assert outlook.gain.low <= outlook.gain.mean <= outlook.gain.high
    assert outlook.passing > outlook.passing_after
    assert outlook.lines["C"][1] < outlook.lines["C"][0]


def test_who_is_past_the_target_already_passes_it_no_more() -> None:
    live = live_of(ONE, THREE, tickets=line("C", 6, first_min=-17, apart_min=1))
    (move, *_others) = search(STATE, NOW, live).moves

    assert move.effect is not None
    assert move.outlook is not None
    assert move.effect.beyond - move.outlook.passing == 2


def test_what_is_tried_in_vain_says_why() -> None:
    live = live_of(ONE, THREE, tickets=[*line("A", 9, first_min=-14, apart_min=0.1), *line("C", 6)])
    found = search(STATE, NOW, live)

    (refused,) = found.refused
    assert (refused.move.key, refused.why, refused.service) == ("lend:1:C", "late", "A")
    assert refused_words(set_up(STATE), replace(refused, longer_min=2.4), "en") == "A would wait 2 min longer"
    assert refused_words(set_up(STATE), replace(refused, is_late=False), "en") == "A would pass 15 min"
    assert refused_words(set_up(STATE), refused, "en") == "A is over 15 min already"
    assert found.ahead is not None
    assert found.ahead.line in ("A", "C")
    assert found.ahead.low[-1] <= found.ahead.middle[-1] <= found.ahead.high[-1]


def test_the_line_whose_wait_is_longest_is_followed_not_the_one_with_most_people() -> None:
    few, many = line("C", 3, first_min=-30), line("A", 9, first_min=-12)
    found = search(STATE, NOW, live_of(ONE, THREE, tickets=[*many, *few]))

    assert found.ahead is not None and found.ahead.line == "C"
