"""Every page of a kiosk in halls that say room, counter and number: nothing is cut, and every word is the hall's."""

from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import pytest

from queuedesk.core.network.roles import actor_of_station
from queuedesk.features.kiosk.pages.controller import KioskController
from queuedesk.features.kiosk.pages.station import KioskPage
from queuedesk.stations.window.context import StationContext
from tests.features.kiosk.conftest import Kiosk
from tests.features.kiosk.test_layout import pages
from tests.hall import Hall
from tests.stations.stubs import Paper, Voice, lend
from tests.stations.test_a_day_in_other_halls import SMALL, Day, foreign_to
from tests.three_halls import OTHERS, Kind


@pytest.fixture
def hall(tmp_path: Path, kind: Kind) -> Hall:
    return kind.make(tmp_path, time="9:00")


@pytest.mark.parametrize("kind", OTHERS, ids=lambda kind: kind.name)
def test_every_page_of_a_kiosk(hall, kind, open_station, qtbot):
    day = Day(hall, foreign_to(kind), qtbot.waitUntil, open_station, size=SMALL)
    paper, voice, ms = Paper(), Voice(), [1_000_000]

    def made(context: StationContext) -> KioskPage:
        lend(context, paper=paper, speech=voice)
        return KioskPage(context, KioskController(context, steady_ms=lambda: ms[0]))

    day.hall.play("open 1 staff=C1", "queue A A B")
    window = day.windows["kiosk"] = open_station("kiosk", {}, actor_of_station("K1"), made)
    kiosk = Kiosk(day.hall, window.current_page, day.until, paper, ms, voice)
    for name in chain(pages(kiosk), listening(kiosk)):
        day.look(name, "kiosk")
    assert voice.said and paper.slips
    assert day.wrong == {}


def listening(kiosk: Kiosk) -> Iterator[str]:
    kiosk.side("listen")
    yield "read aloud"
    kiosk.service("C", "C")  # read out first
    yield "read aloud, a number"
