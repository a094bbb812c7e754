"""The lobby board at the sizes it is used in: nothing is cut, nothing moves while the hall is away."""

from __future__ import annotations

from tests.stations.coming_and_going import ANYWHERE, Messages
from tests.stations.lobby.conftest import Lobby
from tests.stations.whole_words import Shape, Sights, typed_words


def test_the_board_is_whole(lobby: Lobby, shapes: dict[str, Shape]) -> None:
    page = lobby.page
    sights = Sights(page, page.context.look, typed_words(page.context.feed.setup), shapes)
    sights.take("a line")
    messages = Messages(page, lobby.hall, lobby.follow, tells=ANYWHERE)
    sights.read_each(messages)
    sights.let_come("a line", messages)
    messages.ways["card"]()
    sights.take_closely("a card")
    sights.let_come("a card", messages)
    sights.must_be_whole()
