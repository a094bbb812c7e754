"""While a trial of words runs the kiosk's key has the name of the date; the ticket keeps the hall's own."""

from __future__ import annotations

from queuedesk.core.improvement.wording import worded
from tests.hall import MANAGER
from tests.stations.kiosk.conftest import Kiosk


def test_the_key_has_the_new_name_on_its_dates_alone(kiosk: Kiosk) -> None:
    kiosk.hall.do("wording", "A", "交电费", "Pay here", who=MANAGER)
    kiosk.follow()
    trial = next(iter(kiosk.does.context.feed.state.wordings.values()))
    feed = kiosk.does.context.feed

    assert kiosk.does.setup is feed.setup  # it begins tomorrow
    own = worded(feed.setup, [trial], trial.first)
    other = worded(feed.setup, [trial], trial.first.replace(day=trial.first.day + 1))
    assert own is feed.setup
    assert (other.services["A"].name, other.services["A"].name_en) == ("交电费", "Pay here")

    kiosk.hall.clock.move(days=2)
    kiosk.hall.issue("B")
    kiosk.follow()
    assert kiosk.does.setup.services["A"].name_en == "Pay here"
    assert feed.setup.services["A"].name_en == "Pay a bill"
