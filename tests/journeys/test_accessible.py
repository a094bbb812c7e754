"""What a screen reader finds at each station, in words; that all have names is seen by the walks over pages."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget
from pytestqt.qtbot import QtBot

from queuedesk import i18n
from queuedesk.app.station.wiring import Station, StationBuildRequest, open_hall_and_build_station
from queuedesk.app.this_pc.config import Config
from queuedesk.core.network.roles import Actor, Role
from queuedesk.core.queue.ticket import TicketState
from queuedesk.core.talk.screen import all_stations
from queuedesk.i18n import _
from queuedesk.stations.rating.controller import RatingStage
from queuedesk.stations.widgets.charts.chart_view import ChartWithPoints
from queuedesk.stations.window.frame import Preferences
from queuedesk.stations.window.style import Look, apply_look_to_app
from tests.every_day import walked_in
from tests.hall import Hall, at, made_once, make_hall

AT_WINDOW = ("counter", "plate", "rating")


def busy(folder: Path) -> Hall:
    """Return a hall in which somebody is called, somebody served, and somebody waits everywhere."""
    hall = make_hall(folder, time="10:30")
    for number in range(1, 7):
        hall.open(str(number), f"C{number}")
    hall.queue(*"ABBCABD")
    hall.serve_out("3")
    hall.call("3")
    hall.call("2")
    hall.do("start", "2")
    hall.do("set-pin", "M1", "4711")
    return hall


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    return made_once(tmp_path, busy)


@pytest.fixture(params=walked_in("zh_CN"))
def language(request: pytest.FixtureRequest) -> Iterator[str]:
    i18n.choose_language(request.param)
    yield request.param
    i18n.choose_language("zh_CN")


@pytest.fixture
def station(hall: Hall, qapp, qtbot: QtBot, language: str, request: pytest.FixtureRequest) -> Iterator[Station]:
    name, window = request.param
    look = Look()
    apply_look_to_app(qapp, look)
    wish = StationBuildRequest(name=name, db=str(hall.path), window=window, at=at("10:36"), picture=True)
    own = {"config": Config(), "look": look, "preferences": Preferences(lambda *_: None)}
    built = open_hall_and_build_station(wish, on_bug=lambda bug: pytest.fail(str(bug)), **own)
    if who := {"manager": Actor("AD", Role.ADMIN), "counter": Actor(f"C{window}", Role.CLERK)}.get(name):
        built.window.open_page_for_person(who)
    built.window.resize(1366, 768)
    built.window.show()
    qtbot.waitExposed(built.window)
    yield built
    built.window.stop_and_emit_gone()
    built.stop()
    # Let Qt delete all in it while Python still knows it.
    built.window.close_without_asking()
    built.window.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


def tree(shown: QAccessibleInterface) -> Iterator[tuple[str, str]]:
    """Yield role and name of everything that a screen reader finds there."""
    if shown.state().invisible:
        return
    yield shown.role().name, shown.text(QAccessible.Text.Name)
    for place in range(shown.childCount()):
        if (part := shown.child(place)) is not None and part.isValid():
            yield from tree(part)


def found_in(window: QWidget) -> list[tuple[str, str]]:
    QApplication.processEvents()
    return list(tree(QAccessible.queryAccessibleInterface(window)))


def words_in(window: QWidget) -> list[str]:
    return [name for role, name in found_in(window) if role in ("StaticText", "AlertMessage") and name]


WITHOUT_A_CALL = {"manager", "guide", "kiosk", "rating", "lobby"}
CALLS = [(name, "3" if name in AT_WINDOW else None) for name in all_stations() if name not in WITHOUT_A_CALL]


@pytest.mark.parametrize("station", CALLS, ids=[name for name, _window in CALLS], indirect=True)
def test_a_call_is_found_where_it_is_shown(station: Station) -> None:
    tickets = station.context.feed.state.tickets.values()
    (label,) = (one.label for one in tickets if one.state is TicketState.CALLED and one.current_leg.window == "3")
    assert any(label in words for words in words_in(station.window))
    assert found_in(station.window)[0][0] == "Window"


@pytest.mark.parametrize("station", [("manager", None)], indirect=True)
def test_every_chart_of_the_reports_is_named_and_reached(station: Station) -> None:
    page = station.window.current_page
    page.nav.findChild(QAbstractButton, "reports").click()
    QApplication.processEvents()
    charts = [one for one in page.reports.findChildren(ChartWithPoints) if one.isVisible() and one.points]
    assert len(charts) > 8
    assert all(QAccessible.queryAccessibleInterface(one).text(QAccessible.Text.Name).strip() for one in charts)
    assert all(one.focusPolicy() & Qt.FocusPolicy.TabFocus for one in charts)


@pytest.mark.parametrize("station", [("rating", "3"), ("rating", None)], indirect=True)
def test_what_the_rating_asks_its_trouble_and_its_thanks_are_found_in_words(station: Station) -> None:
    page = station.window.current_page
    page.controller.show_stage(RatingStage.ASKING)
    asked = "One touch is enough. The person who served you does not see your rating."
    assert {_("How was your visit?"), _(asked)} < {*words_in(station.window)}
    page.view.show_trouble("it can't be kept")
    assert words_in(station.window)[-1] == "it can't be kept"
    page.controller.show_stage(RatingStage.THANKS)
    thanks = "Thank you!", "Your rating is saved", "Please take your papers with you"
    assert words_in(station.window) == [_(words) for words in thanks]
