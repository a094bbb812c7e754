"""An effect that fades comes up on Today, for its leader."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from queuedesk.core.improvement.project import Followed, Spans
from queuedesk.core.network.roles import Actor
from queuedesk.stations.manager.pages import IMPROVE
from tests.hall import ADMIN, MANAGER
from tests.stations.manager.conftest import Office

SERVED = "measures.served.rate"


def strips(office: Office) -> list[str]:
    """Return what Today tells of improvement."""
    office.page.refresh()
    return [one.title for one in office.page.today.alerts.texts if one.place.page == IMPROVE]


def test_a_week_beyond_the_line_is_told_the_leader_alone(open_office: Callable[[Actor], Office]) -> None:
    office = open_office(MANAGER)
    hall, day = office.hall, office.hall.date
    for _n in range(30):
        hall.do("leave", hall.issue("A"))
    hall.do("project-open", "Nobody leaves", "M1")
    hall.do("project-follow", 1, [Followed(SERVED, 0.9)])
    days = [day - timedelta(days=n) for n in (20, 14, 13, 13, 7)]
    hall.do("project-spans", 1, Spans(before=(days[0], days[1]), measures=days[2], after=(days[3], days[4])))
    assert strips(office) == []
    hall.clock.move(days=7)
    hall.do("day-end")
    office.follow()

    assert strips(office) == ["An effect fades: Nobody leaves"]
    assert strips(open_office(ADMIN)) == []
