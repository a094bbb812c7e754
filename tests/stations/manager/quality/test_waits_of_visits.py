"""A wait is told in whole minutes that have passed, the same on every page."""

from __future__ import annotations

from queuedesk import i18n
from queuedesk.core.log.ticket_history import TicketHistory
from queuedesk.core.quality.comments import Comment
from queuedesk.desk import looking
from queuedesk.i18n.queue.event_words import event_words
from queuedesk.stations.manager.quality import case_texts, comment_cards
from tests.hall import Hall


def test_a_wait_of_two_minutes_35_is_two_minutes_in_history_case_and_comment(hall: Hall) -> None:
    i18n.use("en")
    label = hall.issue("A")
    hall.clock.move(minutes=2, seconds=35)
    hall.call("1", ticket=label, reason="a child")
    state = looking.hall_on(hall.desk, hall.date)
    setup, ticket, events = looking.setup_of(hall.desk), *looking.history(hall.desk, hall.date, label)
    comment = Comment(id="1", kept="", source="screen", date=ticket.date, time=hall.clock(), text="", ticket=ticket)

    story = event_words(state, setup, TicketHistory(ticket=ticket, events=tuple(events), broken=None), "en")
    case = case_texts.ticket_lines(setup, ticket)
    card = comment_cards.facts(setup, comment)[2]
    i18n.use("zh_CN")

    assert sum("waited 2 min" in line.detail for line in story) == 1
    assert case[2][0].startswith("waited 2 min,")
    assert card.startswith("wait 2 min,")
