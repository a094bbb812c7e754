"""The lobby board at the sizes it is used in: nothing is cut, nothing moves while the hall is away."""

from __future__ import annotations

from queuedesk.features.lobby.pages.advice_column import ActsDialog
from queuedesk.features.lobby.pages.board_acts import TellDialog
from queuedesk.features.lobby.pages.next_acts import SEE, NextAct
from queuedesk.stations.manager.today.alert_words import Place, alert_texts
from tests.features.lobby.board.conftest import Lobby
from tests.hall import MANAGER
from tests.stations.coming_and_going import ANYWHERE, Messages
from tests.stations.shapes import Shape
from tests.stations.whole_words import Sights, typed_words

IN_EACH_LANGUAGE = True


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


def test_every_question_is_whole(lobby: Lobby, shapes: dict[str, Shape]) -> None:
    page, hall = lobby.page, lobby.hall
    run = hall.do("card-start", "system", who=MANAGER)["seq"]
    lobby.follow()
    look, state, cards = page.context.look, page.state, page.acts.part("cards")
    words = "B 业务大约等 20 分钟，自助机不用等", "Account services: about 20 minutes, self-service machines at once"

    def show_rows() -> None:
        acts = [
            NextAct(
                id=str(n),
                icon="warning",
                token=one.level,
                title=one.title,
                second=one.second,
                press=one.button,
                verb=SEE,
                alert=one,
            )
            for n, one in enumerate(alert_texts(state, hall.clock()))
        ]
        ActsDialog(page, look, acts).open_dialog()

    sights = Sights(page, look, {*typed_words(page.context.feed.setup), *words}, shapes)
    sights.take_questions(
        {
            "which card": cards.ask,
            "its end": lambda: cards.ask_end(state.card_runs[run]),
            "a line": lambda: page.go(Place("tickets", service="A")),
            "a window": lambda: page.go(Place("tickets", window="3")),
            "on the displays": lambda: TellDialog(page, look, words).open_dialog(),
            "what else": show_rows,
        }
    )
    sights.must_be_whole()
