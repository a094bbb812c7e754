"""A number that a kiosk could not hand over, since the answer came too late, is taken back."""

from types import SimpleNamespace
from typing import Any

from queuedesk.core.network.roles import actor_of_station
from queuedesk.core.network.sharing import PcKind
from queuedesk.desk.change import Ask
from queuedesk.desk.looking import new_command_id
from queuedesk.desk.queue import issuing
from queuedesk.features.kiosk.pages.taking import TicketIssuing
from queuedesk.i18n.queue.line_words import reason_words
from queuedesk.stations.window.context import InlineTasks, StationServices
from tests.credentials import shared  # noqa: F401
from tests.relay import relay  # noqa: F401
from tests.stations.test_lost_answers import Far, far  # noqa: F401


def test_a_public_screen_may_take_back_what_it_could_not_hand_over(far: Far) -> None:  # noqa: F811
    """The database lets a PC of that kind do it in the hall's name, and in nobody else's."""
    desk = far.hall.desk(far.hall.pc(PcKind.PUBLIC))
    issuing.issue_ticket(desk, Ask(actor_of_station("K1"), far.hall.clock(), new_command_id()), "A")
    context: Any = SimpleNamespace(desk=desk, tasks=InlineTasks(), clock=far.hall.clock, services=StationServices())
    context.new_ask = lambda who: Ask(who, far.hall.clock(), new_command_id())
    TicketIssuing(context, steady_ms=lambda: 0).handle_done_but_unanswered(far.issued()[0])
    last = far.hall.hall().log()[-1]
    assert (last.kind, last.ticket, last.actor) == ("void", "A001", "hall")
    assert reason_words(last.data["reason"], "en") == "The screen could not hand it over"
