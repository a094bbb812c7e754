"""A ticket's story as figures, and the parts of its bar: what is short stays readable while there is room for all."""

from pathlib import Path

import pytest

from queuedesk.core.log import ticket_history
from queuedesk.desk import looking
from tests.hall import Hall, at, make_hall


@pytest.mark.parametrize(
    ("lengths", "needs", "room", "widths"),
    [
        ([], [], 100, []),
        ([0, 0], [10, 10], 100, []),
        ([30, 10], [10, 10], 100, [75, 25]),
        ([95, 5], [10, 20], 100, [80, 20]),
        ([90, 1, 9], [10, 15, 15], 100, [70, 15, 15]),
        ([90, 10], [60, 60], 100, [90, 10]),
    ],
)
def test_parts_are_as_wide_as_they_were_long_but_never_under_their_needs(lengths, needs, room, widths):
    assert ticket_history.bar_widths(lengths, needs, room) == pytest.approx(widths)


def story(hall: Hall, label: str) -> ticket_history.TicketHistory:
    ticket, events = looking.ticket_with_events(hall.desk, hall.date, label)
    return ticket_history.TicketHistory(ticket=ticket, events=tuple(events), broken=None)


def test_a_skipped_start_is_the_call_and_the_parts_are_those_that_were_put_right(tmp_path: Path) -> None:
    """The first service's start was skipped and its end late, the second one's start late."""
    hall = make_hall(tmp_path)
    hall.open("3", "C3")
    label = hall.issue("A", then=["B"])
    hall.play("call 3", 10, "finish 3")  # 9:00 to 9:10
    told = story(hall, label)
    parts = [(part.kind, part.seconds) for part in ticket_history.visit_stretches(told, hall.clock())]
    assert parts[0] == (ticket_history.SERVING, 600)
    assert ticket_history.handling_s_of_leg_ended_by(told.events, told.events[-1]) == 600
    hall.play("call 3", 5)
    hall.do("start", "3")  # 9:15
    hall.clock.move(minutes=5)
    hall.do("finish", "3")  # 9:20
    first, second = {"started": at("9:02"), "finished": at("9:08")}, {"started": at("9:12")}
    hall.do("correct", label, leg=1, changes=first, reason="r", second="M1")
    hall.do("correct", label, changes=second, reason="r", second="M1")
    parts = [(part.kind, part.seconds) for part in ticket_history.visit_stretches(story(hall, label), hall.clock())]
    way, serving, wait = ticket_history.WAY, ticket_history.SERVING, ticket_history.WAIT
    assert parts == [(way, 120), (serving, 360), (wait, 120), (way, 120), (serving, 480)]
