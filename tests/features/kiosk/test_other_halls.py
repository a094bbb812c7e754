"""Every page of a kiosk in halls that say room, counter and number, in one language: nothing is cut, and every word is
the hall's own."""

from collections.abc import Iterator
from itertools import chain

import pytest

from queuedesk.core.network.roles import station
from queuedesk.features.kiosk.pages.controller import KioskController
from queuedesk.features.kiosk.pages.station import KioskPage
from queuedesk.stations.window.context import StationContext
from tests.features.kiosk.conftest import Kiosk
from tests.features.kiosk.walk import pages
from tests.stations.stubs import Paper, Voice, lend
from tests.stations.test_a_day_in_other_halls import SMALL, Day, day, hall  # noqa: F401
from tests.three_halls import OTHERS


@pytest.mark.parametrize("kind", OTHERS, ids=lambda kind: kind.name)
def test_every_page_of_a_kiosk(day: Day) -> None:  # noqa: F811
    paper, voice, ms = Paper(), Voice(), [1_000_000]

    def made(context: StationContext) -> KioskPage:
        lend(context, paper=paper, speech=voice)
        return KioskPage(context, KioskController(context, steady_ms=lambda: ms[0]))

    day.hall.open("1", "C1")
    day.hall.queue("A", "A", "B")
    page = day.start("kiosk", "kiosk", {}, station("K1"), made)
    kiosk = Kiosk(day.hall, page, day.until, paper, ms, voice)
    for name in chain(pages(kiosk), listening(kiosk)):
        day.put("kiosk", SMALL)
        day.see(name, "kiosk", day.windows["kiosk"])

    assert voice.said
    assert paper.slips
    assert day.wrong == {}


def listening(kiosk: Kiosk) -> Iterator[str]:
    kiosk.side("listen")
    yield "read aloud"
    kiosk.service("C")  # read out
    kiosk.service("C")
    yield "read aloud, a number"
