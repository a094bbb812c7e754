"""The stations of a clinic show nothing of what it has switched off, and all of it at once when it is switched on."""

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication

from queuedesk.core.network.roles import actor_of_station
from queuedesk.features.appointments.verbs import AppointmentRequest
from queuedesk.features.lobby.pages.station import LobbyView
from queuedesk.stations.counter.station import CounterView
from queuedesk.stations.guide.station import GuideView
from queuedesk.stations.guide.texts import ChosenServiceOrItem
from queuedesk.stations.window.shell import StationWindow
from tests.hall import ADMIN, GUIDE, MANAGER, Hall, clerk
from tests.stations.seen import texts_of
from tests.three_halls import CLINIC

OFFERED = ("Appointments", "Thanks to me", "Notes by reference number", "My month")
OFFERED += ("Checks at opening", "Open the hall …")
TOLD = ("briefing", "thanks you", "Flood")
ON_CARD = ("offer", "thanks")


def choose(hall: Hall, *features: str) -> None:
    hall.do("set-hall", {"features": list(features)}, who=ADMIN)


def used_all(folder: Path) -> Hall:
    """Make the clinic that used everything, and noted something with each, until somebody chose nothing of it."""
    hall = CLINIC.make(folder, time="9:30", settings={"reference_notes": "on"})
    hall.open("1", "C1")
    for label in hall.queue("A", "A"):
        hall.play("call 1", "start 1", 4, "finish 1")
        hall.do("thanks", ticket=label, words="So kind", who=GUIDE)
    hall.queue("A")
    hall.do("add-row", "cards", {"code": "flood", "name": "Flood", "steps": [{"text": "Call the plumber"}]}, who=ADMIN)
    hall.do("card-start", "flood", who=GUIDE)
    hall.do("briefing", ["New fees"], who=MANAGER)
    hall.do("fix-add", "A broken chair", "C1", who=MANAGER)
    hall.do("book", AppointmentRequest(service="A", at=CLINIC.at("11:00"), name="Ann Lee"), who=GUIDE)
    hall.do("set-setting", "opening_checks", "on", who=ADMIN)
    choose(hall)
    return hall


pytestmark = pytest.mark.hall(make=used_all)


def menu(window: StationWindow) -> set[str]:
    return {one.text for one in (*window.current_page.menu_entries(), *window.own_menu_entries())} & {*OFFERED}


def told(page: Any) -> set[str]:
    said = page.messages.spoken_text()
    for _message in TOLD:
        page.messages.next_key.click()
        said += page.messages.spoken_text()
    return {word for word in TOLD if word in said}


def on_card(page: GuideView) -> list[str]:
    page.show_ticket("A001")
    QApplication.processEvents()
    return [key for key in ON_CARD if page.ticket_stage.buttons[key].isVisible()]


def on_papers(page: GuideView) -> tuple[bool, bool]:
    """Return whether the page of a ticket under way has keys for another way, and for who has an appointment."""
    page.choose_service(ChosenServiceOrItem("A"))
    QApplication.processEvents()
    found = page.papers.offer_button.isVisible(), "appointment" in page.papers.class_buttons
    page.show_tiles_and_reset()
    return found


def test_stations_show_what_the_hall_uses_follow_a_switch_at_once_and_open_without_its_checks(
    hall, open_station, qtbot
):
    desk, counter = open_station("guide", {}, GUIDE), open_station("counter", {"window": "1"}, clerk("C1"))
    lobby = open_station("lobby", {}, GUIDE)
    guide, view, board = desk.current_page, counter.current_page, lobby.current_page
    assert isinstance(guide, GuideView) and isinstance(view, CounterView) and isinstance(board, LobbyView)

    def follow(*windows: StationWindow) -> None:
        last = hall.length()
        qtbot.waitUntil(lambda: all(one.context.feed.state.now.seq >= last for one in windows))
        QApplication.processEvents()

    follow(desk, counter, lobby)
    qtbot.waitUntil(lambda: view.controller.scene is not None)
    assert menu(desk) == menu(counter) == set()
    assert told(guide) == told(view) == set()
    assert on_card(guide) == [] and on_papers(guide) == (False, False)
    assert not guide.added and "appointments" not in guide.page_openers()
    assert view.rail.cases.isHidden(), "what an inspection found is told by the hall that inspects"
    assert view.asking.page_openers() == {}
    assert any("does not use the lobby board" in text for text in texts_of(lobby)) and not board.board.isVisible()
    for name, options in (("kiosk", {}), ("rating", {"window": "1"}), ("display", {})):
        assert not {*OFFERED} & {*texts_of(open_station(name, options, actor_of_station(name)))}
    guide.choose_service(ChosenServiceOrItem("A"))
    choose(hall, "appointments", "thanks", "morning", "staff", "cards", "notes", "inspections", "why_come", "lobby")
    follow(desk, counter, lobby)
    assert guide.draft is not None, "who was about to get a ticket still is"
    guide.show_tiles_and_reset()
    assert menu(desk) == {"Appointments", "Thanks to me", "Notes by reference number", "Open the hall …"}
    assert menu(counter) == {"Thanks to me", "Notes by reference number", "My month", "Open the hall …"}
    assert told(guide) == {"briefing", "Flood"} and told(view) == {*TOLD}
    assert on_card(guide) == ["thanks"] and on_papers(guide) == (True, True)
    qtbot.waitUntil(guide.added["appointments"].card.isVisible)
    assert view.rail.cases.isVisible()
    assert board.board.isVisible() and board.part_buttons["cards"].isVisible()
    guide.added["appointments"].open_stage()
    choose(hall, "lobby")
    follow(desk, counter, lobby)
    assert guide.stage.currentWidget() is guide.front, "a page that is off leads back to the tiles"
    assert guide.added["appointments"].card.isHidden() and "appointments" not in guide.page_openers()
    assert menu(desk) == menu(counter) == set() and told(guide) == told(view) == set()
    hall.play("close 1", "open 1 staff=C1")
    assert hall.last().kind == "open"
