"""The lobby board at the sizes it is used in: nothing is cut, nothing moves while the hall is away."""

from __future__ import annotations

from functools import partial

from tests.hall import MANAGER
from tests.stations.lobby.conftest import Lobby
from tests.stations.whole_words import EMERGENCY, EMERGENCY_EN, Shape, Sights, typed_words


def test_the_board_is_whole(lobby: Lobby, shapes: dict[str, Shape]) -> None:
    page, now = lobby.page, lobby.hall.clock()
    sights = Sights(page, page.context.look, typed_words(page.context.feed.setup), shapes)
    sights.take("a line")
    sights.take_message("away", partial(page.show_away, now), partial(page.show_away, None))
    lobby.hall.do("card-start", "system", who=MANAGER)
    lobby.hall.do("emergency", EMERGENCY, text_en=EMERGENCY_EN, who=MANAGER)
    lobby.follow()
    sights.take_closely("a card and an emergency")
    sights.must_be_whole()
