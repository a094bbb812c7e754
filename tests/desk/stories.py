"""What the story of a ticket says, line by line."""

from queuedesk.core.log.ticket_history import TicketHistory
from queuedesk.desk import looking
from queuedesk.i18n.queue.event_words import ticket_history_lines
from tests.hall import Hall


def story_of(hall: Hall, label: str, lang: str = "en", *, typed: bool = True) -> list[str]:
    """Return the details of the lines of a ticket of today; without `typed` nobody's own words are among them."""
    ticket, own = looking.ticket_with_events(hall.desk, hall.date, label)
    story = TicketHistory(ticket=ticket, events=tuple(own), broken=None)
    state, setup = looking.hall_state_on(hall.desk, hall.date), looking.setup_of_hall(hall.desk)
    return [line.detail for line in ticket_history_lines(state, setup, story, lang, typed=typed)]
