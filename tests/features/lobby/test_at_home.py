"""Home offers the lobby board where the program has it and the hall uses it."""

from collections.abc import Callable
from typing import Any

import pytest

from queuedesk.core.talk.screen import RunningStation
from queuedesk.stations.home.controller import LastStationChoice
from queuedesk.stations.home.stations_view import RunningStationsPage, StationsPage
from tests.core.added import all_but, program_of
from tests.hall import Hall, make_hall
from tests.stations.home.conftest import InWindow, OwnPc, in_frame  # noqa: F401

pytestmark = pytest.mark.hall(make=make_hall)


def home_of(hall: Hall, in_frame: Callable[..., InWindow]) -> Any:  # noqa: F811
    """Return home's page on a PC on which the lobby board was opened last."""
    pc = OwnPc(hall.path, choice=LastStationChoice(station="lobby"))
    return in_frame(lambda look, _kept: StationsPage(look, pc.home)).page


@program_of(all_but("lobby"))
def test_a_program_without_the_lobby_board_knows_of_none(hall: Hall, in_frame: Callable[..., InWindow]) -> None:  # noqa: F811
    page = home_of(hall, in_frame)
    assert [name for name, card in page.cards.items() if card.isVisible()] == list(page.cards)
    assert "lobby" not in page.cards and page.cards["guide"].isChecked()


def test_a_hall_that_does_not_use_the_lobby_board_is_offered_none(hall, in_frame):  # noqa: F811
    hall.do("set-hall", {"features": []})
    page = home_of(hall, in_frame)
    assert not page.cards["lobby"].isVisible()
    assert page.enter_button.text() == "Open front desk"
    hall.do("set-hall", {"features": ["lobby"]})
    page.controller.read_hall()
    assert page.cards["lobby"].isVisible()


def test_a_lobby_board_that_runs_here_is_listed(hall: Hall, in_frame: Callable[..., InWindow]) -> None:  # noqa: F811
    pc = OwnPc(hall.path)
    pc.here = [RunningStation(key="l", station="lobby", who="Zhou Lin")]
    pc.home.refresh_local_stations()
    page = in_frame(lambda look, _kept: RunningStationsPage(look, pc.home)).page
    assert [row.name.text() for row in page.rows] == ["Lobby board"]
