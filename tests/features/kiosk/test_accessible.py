"""What a screen reader finds at the kiosk, in words."""

from functools import partial

import pytest

from queuedesk.features.kiosk.pages.taking import TicketOrder
from queuedesk.stations.window.context import StationServices
from tests.journeys.stations.test_by_hand import found_in, hall, language, station, words_in  # noqa: F401


@pytest.mark.parametrize("station", [("kiosk", None)], indirect=True)
def test_what_the_kiosk_gave_is_found_in_words_and_what_it_asks_over_a_page(station, qtbot):  # noqa: F811
    page = station.window.current_page
    does = page.controller
    station.context.services = StationServices()  # nothing is printed
    does.request_ticket_or_ask_first(TicketOrder(("C", "D")))
    qtbot.waitUntil(lambda: not does.holding.has_waiting_act)
    said, shown = words_in(station.window), page.view.ticket.said
    assert f"{shown.label}" in said[2], said
    assert shown.service in said
    assert [fact for fact, _runs in shown.facts if not any(words.startswith(fact) for words in said)] == []
    does.go_home()
    leaves = partial(does.run_after_pin_if_locked, does.go_home)
    for ask in (does.offer_or_undo_priority_class, does.open_help_sheet, leaves):
        ask()
        dialogs = [name for role, name in found_in(station.window) if role == "Dialog"]
        assert dialogs == [page.view.sheet.accessibleName()]
        does.close_sheet()
