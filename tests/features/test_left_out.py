"""A hall that leaves out a feature with stations of its own meets none of them, and misses none."""

from typing import Any

import pytest

from queuedesk.core.network.roles import HALL as OWN
from queuedesk.core.network.roles import actor_of_station
from queuedesk.core.queue.overview import current_alerts
from queuedesk.core.talk.screen import RunningStation
from queuedesk.desk import setting_up
from queuedesk.desk.talk import devices
from queuedesk.stations.home.controller import LastStationChoice
from queuedesk.stations.home.stations_view import RunningStationsPage, StationsPage
from tests.core.added import all_but, program_of
from tests.hall import Hall
from tests.processes import at_home, ran
from tests.stations.home.conftest import OwnPc, in_frame  # noqa: F401

STATIONS = {"kiosk": ("kiosk",), "signs": ("plate", "line"), "lobby": ("lobby",)}
NAMES = {"kiosk": ["Kiosk"], "signs": ["Window plate", "LED line"], "lobby": ["Lobby board"]}
LINES = [("kiosk", "Kiosk", ["kiosk"])]
LINES += [("signs", "Signs over windows and LED lines", line) for line in (["plate", "--window", "1"], ["line"])]


def leave_out(hall: Hall, feature: str) -> None:
    setting_up.choose_features(hall.desk, hall.ask(), off=[feature])


@pytest.mark.parametrize("feature", STATIONS)
def test_home_offers_its_stations_where_program_and_hall_have_them_and_lists_those_that_run(hall, in_frame, feature):  # noqa: F811
    stations = STATIONS[feature]

    def home(page: Any, *here: str) -> Any:
        pc = OwnPc(hall.path, choice=LastStationChoice(station=stations[0]))
        pc.here = [RunningStation(key=name, station=name, who="") for name in here]
        pc.home.refresh_local_stations()
        return in_frame(lambda look, _kept: page(look, pc.home)).page

    def offered(page: Any) -> set[str]:
        return {name for name, card in page.cards.items() if card.isVisible()}

    pages = [home(page) for page in (StationsPage, RunningStationsPage)]
    with program_of(all_but(feature)):
        without = home(StationsPage)
        assert not {*stations} & without.cards.keys() and without.cards["guide"].isChecked()
    assert [row.name.text() for row in home(RunningStationsPage, *stations).rows] == NAMES[feature]
    leave_out(hall, feature)
    left = [home(page) for page in (StationsPage, RunningStationsPage)]
    assert [offered(before) - offered(after) for before, after in zip(pages, left, strict=True)] == [{*stations}] * 2
    assert left[0].enter_button.text() == "Open front desk"
    setting_up.choose_features(hall.desk, hall.ask(), on=[feature])
    left[0].controller.read_hall()
    assert offered(left[0]) == offered(pages[0])


@pytest.mark.parametrize(("feature", "title", "line"), LINES, ids=str)
def test_started_by_command_it_says_in_one_sentence_what_switches_it_on(hall, tmp_path, feature, title, line):
    leave_out(hall, feature)
    done = ran("-m", "queuedesk", "--lang", "en", "--db", hall.path, *line, **at_home(tmp_path))
    said = f"This hall does not use “{title}”; queuedesk features on {feature} switches it on."
    assert (done.returncode, done.stdout, done.stderr.splitlines()) == (1, "", [said])


@pytest.mark.parametrize(("feature", "stations"), [("kiosk", ["K1"]), ("signs", ["line", "plate-1"])])
def test_nobody_misses_the_last_ones_of_a_hall_that_leaves_them_out(hall: Hall, feature: str, stations: list[str]):
    def missed() -> list[str]:
        return [one.station for one in current_alerts(hall.whole(), hall.clock()) if one.kind == "device_down"]

    for name in reversed(stations):
        kind = "kiosk" if feature == "kiosk" else name.partition("-")[0]
        devices.record_station_start(hall.desk, hall.ask(actor_of_station(name)), kind, name)
        if kind == "kiosk":  # ended in order: the others were cut off
            devices.record_station_stop(hall.desk, hall.ask(actor_of_station(name)), kind, name)
    hall.clock.move(hours=1)
    devices.record_lost_stations(hall.desk, hall.ask(OWN))
    assert missed() == stations
    leave_out(hall, feature)
    assert missed() == []
