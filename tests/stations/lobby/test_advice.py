"""What the board suggests, what becomes of a press, and what it says of the time to come."""

from __future__ import annotations

from datetime import date

import pytest

from queuedesk.core.waits.arrival_forecast import DayForecast
from queuedesk.core.waits.quote import lines_after, seen_now
from queuedesk.desk.staffing import advising
from queuedesk.stations.lobby.advice import soon_text
from tests.hall import Hall, simple_hall, simple_setup

DAY = date(2026, 11, 20)


@pytest.fixture
def hall(tmp_path):
    """Window 1 idle, window 3 with a customer, seven behind it for C: too many for one window within a quarter of an
    hour."""
    services = [{**one, "handling_target": 6} for one in simple_setup()["services"]]
    hall = simple_hall(tmp_path, services=services)
    hall.open("1", "C1")
    hall.open("3", "C3")
    hall.queue(*"CCCCCCCC")
    hall.call("3")
    hall.do("start", "3")
    hall.clock.move(minutes=3)
    return hall


def shown(lobby):
    return [card.text_shown for card in lobby.page.board.cards]


def keys(hall: Hall) -> list[str]:
    _setup, moves, _risks = advising.moves_now(hall.desk, hall.clock())
    return [move.key for move in moves]


def test_the_board_suggests_what_the_command_lists(lobby):
    assert [text.key for text in shown(lobby)] == keys(lobby.hall) != []
    assert all(text.title and text.effect and text.do for text in shown(lobby))


def test_one_press_makes_a_move(lobby):
    first = lobby.page.board.cards[0]
    lobby.touch(first.do_button)

    (event,) = lobby.log("move")
    assert event.actor == "G1" and not event.data.get("declined")
    assert first.text_shown.key not in [text.key for text in shown(lobby)]
    assert lobby.page.toast.text() == "Done; its effect is measured in a quarter of an hour"


def test_what_is_turned_down_goes_and_comes_back(lobby):
    first = lobby.page.board.cards[0]
    key = first.text_shown.key
    lobby.touch(first.no_button)

    (event,) = lobby.log("move")
    assert event.data["declined"] is True
    assert key not in [text.key for text in shown(lobby)]

    lobby.later(minutes=16)
    assert key in [text.key for text in shown(lobby)]


def test_a_move_that_is_gone_is_said_and_goes(lobby):
    first = lobby.page.board.cards[0]
    advising.take(lobby.hall.desk, lobby.hall.ask(), first.text_shown.key, say=lambda _setup, _move: ("好", "Yes"))
    lobby.page.controller.take(first.text_shown.key)
    lobby.follow()

    assert lobby.page.toast.text() not in ("", "Done; its effect is measured in a quarter of an hour")
    assert first.text_shown.key not in [text.key for text in shown(lobby)]


def test_only_the_first_of_three_is_large_and_none_stands_beside_an_open_card(lobby):
    board = lobby.page.board
    texts = [card.text_shown for card in board.cards] * 3
    board.set_suggestions(texts[:3], "")
    lobby.until(lambda: len(board.cards) == 3)
    heights = [card.sizeHint().height() for card in board.cards]
    assert heights[0] > max(heights[1:])

    lobby.touch(lobby.page.cards_button)
    lobby.page.controller.start_card("power")
    lobby.follow()
    assert board.cards == []


def test_a_quiet_hall_has_nothing_to_change(lobby):
    for _n in range(7):
        lobby.hall.do("leave", lobby.page.state.waiting()[0].label)
        lobby.follow()

    assert lobby.page.board.cards == []
    assert lobby.page.board.calm.text() == "Nothing to change: nobody will pass the target within 20 minutes."


def test_no_day_before_says_nothing_of_the_time_to_come(lobby):
    assert not lobby.page.board.soon.isVisible()
    assert [bar.text_shown.later for bar in lobby.page.board.bars.values()] == ["", "", ""]


def test_lines_grow_by_those_who_come_and_shrink_by_those_who_are_called(lobby):
    live = seen_now(lobby.page.state, lobby.hall.clock()).live

    nobody = lines_after(live, {}, 20)
    many = lines_after(live, {"C": 12.0}, 20)
    soon = lines_after(live, {}, 1)

    assert nobody["C"] < soon["C"] <= 7
    assert many["C"] == nobody["C"] + 12
    assert lines_after(live, {"B": 4.0}, 20)["B"] <= 4


def forecast(**rates: float) -> DayForecast:
    """A day on which each service has so many people in the half hour from 10:00 on, and twice as many in the next."""
    services = {code: (0.0,) * 20 + (n, 2 * n) + (0.0,) * 26 for code, n in rates.items()}
    return DayForecast(date=DAY, days=9, services=services, spread2=0.01)


def test_the_next_half_hour_in_words(lobby):
    setup = lobby.page.context.feed.setup

    text = soon_text(setup, forecast(A=4.0, B=2.0, C=0.0), 10 * 60)

    assert text is not None and text.title == "The next half hour"
    assert text.second.startswith("Until 10:30 about 6 more people (")
    assert text.second.endswith("Of these about 4 for A. More come after 10:30.")


def test_nobody_expected_is_said_without_figures(lobby):
    text = soon_text(lobby.page.context.feed.setup, forecast(A=0.0, B=0.0), 18 * 60)

    assert text is not None and text.second == "Nobody more is expected until 18:30."


def test_nothing_is_said_at_the_end_of_the_day(lobby):
    assert soon_text(lobby.page.context.feed.setup, forecast(A=4.0), 23 * 60 + 10) is None
