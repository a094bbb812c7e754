"""Every station tells of an emergency, opens in every kind of hall, comes to rest, and no event leaves it behind."""

import gc
import random
import weakref
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication

from queuedesk.app.station.wiring import page_builder_and_roles
from queuedesk.core.network.roles import Actor, actor_of_station
from queuedesk.core.talk.display import AUTO, LAYOUTS
from queuedesk.core.talk.screen import all_stations
from queuedesk.desk import looking
from queuedesk.desk.talk import messaging
from queuedesk.stations.manager.station import ManagerView
from queuedesk.stations.window.context import HallFeed, InlineTasks, StationContext
from queuedesk.stations.window.style import Look
from tests.desk.stage import stage
from tests.event_cases import Case, cases, put_in, usual
from tests.every_day import SEES_ALL
from tests.hall import ADMIN, GUIDE, MANAGER, Hall, clerk, hall_of, made_once, make_hall
from tests.stations.all_stations import AllStations
from tests.stations.english import english  # noqa: F401
from tests.stations.seen import LayoutRequests, said, shades, texts_of
from tests.three_halls import MORE, Kind

FIRE = "Fire: please leave"
EVERY: list[tuple[str, dict[str, Any], Actor | None]] = [
    ("guide", {}, GUIDE),
    ("guide", {}, None),
    ("kiosk", {}, actor_of_station("K1")),
    ("counter", {"window": "3"}, None),
    ("counter", {"window": "1"}, None),
    *(("display", {"layout": layout}, actor_of_station("display")) for layout in LAYOUTS),
    ("plate", {"window": "1"}, actor_of_station("plate-1")),
    ("line", {}, actor_of_station("line")),
    ("line", {"window": "1"}, actor_of_station("line")),
    ("rating", {"window": "1"}, actor_of_station("rating-1")),
    ("rating", {}, actor_of_station("rating")),
    ("lobby", {}, GUIDE),
    ("lobby", {}, None),
    ("manager", {}, MANAGER),
    ("manager", {}, ADMIN),
    ("manager", {}, None),
]
SCREENS = [screen for screen in EVERY if screen[0] in all_stations()]
ONCE = {name: (name, {} if name in {"display", "line"} else options, who) for name, options, who in SCREENS if who}
STATIONS = [*ONCE.values(), ("counter", {"window": "1"}, clerk("C1"))]
"""One of each station, with somebody there where people sign in."""
OPENED = [
    (kind, *one)
    for number, kind in enumerate(MORE)
    for one in STATIONS
    if SEES_ALL or one[0] == "manager" or STATIONS.index(one) % len(MORE) == number
]
"""The stations that are opened daily: in each kind of hall the manager's, which shows the most, and in turn others that
it may call by other words. In the power office all tests of a station open it, in a clinic and the post office
test_other_halls.py does."""


def morning(folder: Path) -> Hall:
    hall = make_hall(folder, time="10:30")
    hall.play("open 1 staff=C1", "queue A A", "call 1", "start 1", 2)
    hall.show_calls()
    return hall


@pytest.fixture
def hall(tmp_path, request) -> Hall:
    """Return the power hall's morning, what a mark makes, or a hall of the test's kind in which somebody is called."""
    if "kind" not in request.fixturenames:
        return hall_of(request, tmp_path, morning)
    kind: Kind = request.getfixturevalue("kind")

    def called(folder: Path) -> Hall:
        hall = kind.make(folder, time="9:30")
        hall.play("open 1 staff=C1", "queue A A", "call 1", 1 / 12)
        return hall

    return made_once(tmp_path, called, kind=kind.name)


def must_show(hall: Hall, window: Any, shown: Any, until: Any) -> None:
    """Declare an emergency and end it; look at `shown` before, meanwhile and afterwards."""

    def follow(text: bool) -> None:
        window._tick_page()
        assert any(FIRE in one for one in said(shown)) is text

    before = shades(shown.grab().toImage())
    follow(False)
    messaging.declare_emergency(hall.desk, hall.ask(GUIDE), "着火了，请离开", text_en=FIRE)
    until(lambda: follow(True))
    meanwhile = shades(shown.grab().toImage())
    messaging.end_emergency(hall.desk, hall.ask(GUIDE))
    until(lambda: follow(False))
    assert (before != meanwhile).mean() > 0.01


def test_every_station_is_walked() -> None:
    assert {name for name, _options, _who in SCREENS} == set(all_stations())
    assert AUTO in LAYOUTS


EACH = [f"{name} {' '.join(options.values())} {who.name if who else 'nobody'}" for name, options, who in SCREENS]


@pytest.mark.parametrize(("name", "options", "who"), SCREENS, ids=EACH)
def test_an_emergency_is_on_the_screen_and_gone_afterwards(hall, open_station, qtbot, *, name, options, who) -> None:
    window = open_station(name, options, who)
    must_show(hall, window, window, qtbot.waitUntil)


@pytest.mark.parametrize(
    ("kind", "name", "options", "who"), OPENED, ids=[f"{kind.name}-{name}" for kind, name, *_rest in OPENED]
)
def test_a_station_opens_with_its_menu(name, options, who, kind, open_station) -> None:
    window = open_station(name, options, who)
    QApplication.processEvents()
    window.show_menu(window.mapToGlobal(window.rect().topRight()))
    menu = QApplication.activePopupWidget()
    assert menu is not None
    assert menu.actions()
    menu.close()
    if not isinstance(window.current_page, ManagerView):
        return
    # With their tabs and the parts of the set-up, daily so many of them that each is opened in one of MORE.
    page = window.current_page
    ways = page.page_openers()
    for way in [*ways] if SEES_ALL else [*ways][MORE.index(kind) :: len(MORE)]:
        ways[way]()
        QApplication.processEvents()
        shown = page.stack.currentWidget()
        assert shown is not None
        assert texts_of(shown), way


SETTLE_TURNS, WATCHED_TURNS = 60, 40


@pytest.mark.parametrize("name", ["guide", "manager", "counter", "display", "rating"])
def test_a_page_comes_to_rest(open_station, hall: Hall, qapp, name: str) -> None:
    """With people waiting and one called, no further layout is asked for once the page is drawn in a size."""
    hall.queue("A", "B")
    hall.do("finish", "1")
    hall.call("1")
    who = clerk("C1") if name == "counter" else next(who for one, _options, who in SCREENS if one == name)
    window = open_station(name, {"window": "1"}, who)
    asked: dict[tuple[int, int], int] = {}
    sizes = ((1366, 768), (1024, 576), (1920, 1080))
    for size in sizes:
        window.resize(*size)
        for _ in range(SETTLE_TURNS):
            qapp.processEvents()
        with LayoutRequests(qapp) as requests:
            for _ in range(WATCHED_TURNS):
                qapp.processEvents()
        asked[window.width(), window.height()] = requests.count
    assert [*asked] == [*sizes]
    assert all(count < WATCHED_TURNS / 2 for count in asked.values()), asked


WHO = {one: who for one, who in (("guide", GUIDE), ("manager", MANAGER), ("lobby", MANAGER)) if one in all_stations()}


@pytest.mark.parametrize("name", WHO)
def test_a_page_whose_person_went_home_leaves_nothing_behind(hall, qapp, name: str) -> None:
    """A station is not started anew for months, and each evening somebody signs out."""
    feed, look = HallFeed(hall.desk, hall.clock), Look()
    feed.start()
    build, _roles = page_builder_and_roles(name)
    page = build(StationContext(hall.desk, feed, InlineTasks(), look, hall.clock, name, who=WHO[name]))
    page.show()
    QApplication.processEvents()
    there = weakref.ref(page)
    page.stop()
    page.deleteLater()
    del page
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.collect()
    assert there() is None
    feed.stop()


AT_ONCE = 100 if SEES_ALL else 1000
"""So many strange events come in one breath, as a merge or a PC that was away brings them."""


def batches() -> Iterator[list[Case]]:
    found = list(cases() if SEES_ALL else usual(cases()))
    if SEES_ALL:
        random.shuffle(found)
    else:  # The day's end signs everybody out, so it comes last.
        found.sort(key=lambda case: case.event.kind == "day-end")
    return (found[i : i + AT_ONCE] for i in range(0, len(found), AT_ONCE))


@pytest.fixture
def everybody(hall: Hall, qapp) -> Iterator[AllStations]:
    made = AllStations(hall, qapp)
    yield made
    made.stop()


@pytest.mark.hall(make=stage)
def test_after_every_strange_event_each_station_shows_the_hall_as_it_is(hall, everybody: AllStations) -> None:
    for batch in batches():
        put_in(hall.desk.db, 1, [case.event for case in batch], hall.clock())
        everybody.must_stand_at(looking.hall_state_now(hall.desk, hall.clock()))
    label = hall.issue("A")
    everybody.must_stand_at(looking.hall_state_now(hall.desk, hall.clock()))
    assert all((hall.date, label) in station.context.feed.state.tickets for station in everybody.stations)
    assert everybody.bugs == []
    hall.must_follow_from_its_log()
