"""A hall that leaves out its small signs meets none of them, and what was chosen for a screen stays."""

from queuedesk.app.this_pc import config
from queuedesk.core.network.roles import actor_of_station
from queuedesk.core.talk.remarks import PushedNotice
from queuedesk.core.talk.screen import ScreenSpec
from queuedesk.desk import setting_up
from queuedesk.features.signs.pages.line import build_station_page as build_line
from queuedesk.features.signs.pages.plate import PlateText, build_station_page
from queuedesk.stations.window.style import HALL
from tests.hall import Hall
from tests.stations.home.conftest import OwnPc, in_frame  # noqa: F401
from tests.stations.home.test_pages import choose, specs, this_pc  # noqa: F401

SIGNS = ("plate", "line")


def leave_out(hall: Hall) -> None:
    setting_up.choose_features(hall.desk, hall.ask(), off=["signs"])


def test_a_plate_takes_the_first_window_and_stays_chosen_where_the_hall_leaves_it_out(hall, this_pc):  # noqa: F811
    at_pc = this_pc()
    row = at_pc.show_station_on_screen(1, "plate")
    assert specs()[0].window == "1"
    choose(row.window_field.edit, "3")
    assert specs() == (ScreenSpec(screen="1", station="plate", window="3"),)
    other = at_pc.row(2).station
    assert all(other.findData(name) > 0 for name in SIGNS)
    leave_out(hall)
    at_pc = this_pc()
    offered = [at_pc.row(n).station for n in (1, 2)]
    assert [[name for name in SIGNS if one.findData(name) > 0] for one in offered] == [["plate"], []]
    assert (offered[0].currentText(), specs()[0].station) == ("Window plate", "plate")
    choose(offered[0], "")
    assert config.load_config().screens == ()


def test_those_that_run_go_dark_at_once_but_for_an_emergency_and_come_back(hall, stand, qtbot):
    plate = stand(
        "plate-1", build_station_page, (1920, 480), theme=HALL, who=actor_of_station("plate-1"), options={"window": "1"}
    )
    line = stand("line", build_line, (1920, 120), theme=HALL, who=actor_of_station("line"))

    def shown() -> tuple[PlateText, str]:
        last = hall.length()
        qtbot.waitUntil(lambda: all(page.context.feed.state.now.seq >= last for page in (plate, line)))
        for page in (plate, line):
            page.tick(hall.clock())
        return plate.view.shown_text(), line.view.shown_text()

    before = shown()
    assert before[0].head and before[1]
    leave_out(hall)
    assert shown() == (PlateText(), "")
    now = hall.clock()
    words = {"text": "请离开", "text_en": "Please leave", "emergency": True, "zone": None, "display": None}
    for page in (plate, line):
        page.context.feed.state.pushed.append(PushedNotice(seq=900, date=now.date(), since=now, until=None, **words))
    assert "Please leave" in shown()[1] and plate.view.shown_alarm().text == "Please leave"
    for page in (plate, line):
        page.context.feed.state.pushed.clear()
    setting_up.choose_features(hall.desk, hall.ask(), on=["signs"])
    assert shown() == before
