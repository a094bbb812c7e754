"""The lobby board at the sizes it is used in: nothing is cut, nothing moves while the hall is away."""

from __future__ import annotations

from functools import partial

from tests.stations.lobby.conftest import Lobby
from tests.stations.whole_words import SHAPES, Sights, typed_words


def test_the_board_is_whole(lobby: Lobby) -> None:
    page, now = lobby.page, lobby.hall.clock()
    sights = Sights(page, page.context.look, typed_words(page.context.feed.setup), SHAPES)
    sights.take("a line")
    sights.take_message("away", partial(page.show_away, now), partial(page.show_away, None))
    sights.must_be_whole()
