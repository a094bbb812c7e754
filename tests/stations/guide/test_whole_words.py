"""Everything the front desk shows, at every size, in both languages and contrasts: nothing is cut, nothing moves."""

from __future__ import annotations

from functools import partial

import pytest

from tests.hall import MANAGER
from tests.stations.guide.conftest import GUIDE, FrontDesk
from tests.stations.whole_words import EMERGENCY, EMERGENCY_EN, Sights, typed_words


@pytest.fixture
def sights(front: FrontDesk) -> Sights:
    context = front.page.context
    return Sights(front.page, context.look, typed_words(context.feed.setup))


def test_every_stage_is_whole(front: FrontDesk, sights: Sights) -> None:
    page, hall = front.page, front.hall
    sights.take_closely("nobody")
    hall.queue("A", "A", "B", "C", minutes_apart=4)
    for window in ("1", "2"):
        hall.call(window)
    hall.do("miss", "1")
    front.follow()
    page.tick(hall.clock())
    sights.take("a line, one missed")
    front.touch(page.front.board.tiles["B"])
    sights.take("papers")
    front.touch(page.papers.add_button)
    sights.take_closely("a second service")
    page.back()
    page.back()
    page.show_ticket("A002")
    sights.take("a ticket")
    page.show_front()
    page.find_number()
    sights.take_closely("a number")
    page.show_front()
    page.hall_rail.all_wanted.emit()
    sights.take("the line")
    page.hall_rail.missed_wanted.emit()
    sights.take_closely("the missed")
    page.show_appointments()
    sights.take_closely("no appointments")
    page.show_front()
    sights.take_message("away", partial(page.show_away, hall.clock()), partial(page.show_away, None))
    hall.do("card-start", "system", who=MANAGER)
    hall.do("emergency", EMERGENCY, text_en=EMERGENCY_EN, who=MANAGER)
    front.follow()
    sights.take_closely("a card and an emergency")
    sights.must_be_whole()


def test_every_question_is_whole(front: FrontDesk, sights: Sights) -> None:
    page, hall = front.page, front.hall
    for service in ("A", "B"):
        hall.do("issue", service, who=GUIDE)
    front.follow()
    front.touch(page.front.board.tiles["A"])
    sights.take_questions(
        {
            "message": page.talk.open_message,
            "help": page.talk.talking.open_help,
            "emergency": page.talk.talking.open_emergency,
            "reprint": page.acts.ask_reprint,
            "appointment": page.booked.open_new,
            "coming back": page.drafting.ask_return,
            "offer": lambda: page.drafting.ask_offer_to("A", "A001"),
            "right line": lambda: page.acts.ask_redirect("A001"),
        }
    )
    sights.must_be_whole()
