"""Warnings: whoever is responsible for an alert is told at the own station until it was seen."""

from __future__ import annotations

import pytest

from queuedesk.core.errors import RuleError
from queuedesk.desk.queue import sign_in_and_pins
from queuedesk.desk.setup import setting_up
from queuedesk.desk.talk import alarms
from queuedesk.features.thanks.pages.page import WARNINGS, TextsDialog, ThanksAndWarningsPage
from queuedesk.stations.manager.today.alert_words import Place
from tests.hall import ADMIN, MANAGER, clerk
from tests.stations.talk.conftest import Talkers


def test_the_responsible_clerk_is_warned_and_has_seen_it(talkers: Talkers) -> None:
    hall = talkers.hall
    setting_up.set_row(hall.desk, hall.ask(ADMIN), "staff", "C3", {"warned_of": ["B"]})
    hall.clock.move(minutes=40)
    alarms.raise_due(hall.desk, hall.ask())
    talkers.follow()

    assert talkers.says(talkers.counter).startswith("Warning, ")
    assert not talkers.says(talkers.guide).startswith("Warning, ")
    with pytest.raises(RuleError, match="not_your_role"):
        alarms.acknowledge(hall.desk, hall.ask(clerk("C3")), "long_wait", service="A")
    hall.clock.move(seconds=30)
    talkers.press(talkers.counter, "seen")
    assert not talkers.says(talkers.counter).startswith("Warning, ")
    own = alarms.warnings_of(hall.desk, clerk("C3"), None, hall.clock())
    assert [(row["service"], row["people"], row["by"], row["seconds"]) for row in own] == [("B", ["C3"], "C3", 30)]
    assert alarms.warnings_of(hall.desk, clerk("C1"), None, hall.clock()) == []
    assert alarms.warnings_of(hall.desk, MANAGER, None, hall.clock()) == own


def test_without_the_responsible_clerk_the_manager_is_warned_and_the_list_says_so(talkers: Talkers) -> None:
    hall = talkers.hall
    setting_up.set_row(hall.desk, hall.ask(ADMIN), "staff", "C2", {"warned_of": ["B"]})
    sign_in_and_pins.sign_in(hall.desk, hall.ask(MANAGER), "manager", "M1")
    hall.clock.move(minutes=40)
    alarms.raise_due(hall.desk, hall.ask())
    talkers.follow()
    assert talkers.says(talkers.manager).startswith("Warning, ")
    assert not talkers.says(talkers.counter).startswith("Warning, ")
    talkers.manager.open_page("quality")
    talkers.manager.quality.open_tab("thanks")
    page = talkers.manager.quality.pages.page("thanks")
    assert isinstance(page, ThanksAndWarningsPage)

    (row,) = page.lists[WARNINGS].table.rows.rows
    shown = page.lists[WARNINGS].table.rows.texts()[0]
    assert shown[2:] == ["Zhao Qiang (Duty manager); Li Wei not signed in", "not seen yet"]
    must_save_texts(talkers, page)
    hall.clock.move(seconds=75)
    _texts_key, _slip_key, show_key, seen_key, *_others = page.buttons
    places: list[Place] = []
    page.place_wanted.connect(places.append)
    talkers.touch(seen_key)
    assert not seen_key.isEnabled() and not talkers.says(talkers.manager).startswith("Warning, ")
    talkers.touch(show_key)
    assert [(place.page, place.service) for place in places] == [("tickets", "B")]
    (seen,) = alarms.warnings_of(hall.desk, MANAGER, None, hall.clock())
    assert (row["told"], row["instead"]) == ([{"staff": "M1", "place": "manager"}], True)
    assert (seen["by"], seen["seconds"]) == ("M1", 75)


def must_save_texts(talkers: Talkers, page: ThanksAndWarningsPage) -> None:
    """Let the manager save text messages for the gateway, once the clerk's number is kept."""
    talkers.touch(page.buttons[0])
    dialog = talkers.dialog(talkers.manager)
    assert isinstance(dialog, TextsDialog)
    assert "2 warnings have no number to go to" in dialog.rows.text() and not dialog.yes_button.isEnabled()

    dialog.people.setCurrentIndex(dialog.people.findData("C2"))
    dialog.number.set_value("not one")
    dialog.keep_button.click()
    assert dialog.trouble.isVisible()
    dialog.number.set_value("138 0013 5176")
    dialog.keep_button.click()
    assert "138 •••• 5176" in dialog.rows.text() and "138 •••• 5176" in dialog.people.currentText()
    talkers.touch(dialog.yes_button)
    assert talkers.log("texts")[-1].data["messages"]
    assert page.dialog is None


def test_what_came_on_no_paper_asks_the_manager_and_leads_to_the_warnings(talkers: Talkers) -> None:
    hall, page = talkers.hall, talkers.manager
    setting_up.change_setting(hall.desk, hall.ask(ADMIN), "warning_slip", "on")
    setting_up.set_row(hall.desk, hall.ask(ADMIN), "staff", "C2", {"warned_of": ["B"]})
    hall.clock.move(minutes=40)
    alarms.raise_due(hall.desk, hall.ask())
    (row,) = alarms.slips_due(hall.desk, hall.clock())
    alarms.begin_slip(hall.desk, hall.ask(), row["alarm"])
    alarms.slip_failed(hall.desk, hall.ask(), row["alarm"], "offline")
    talkers.follow()
    page.refresh()

    (strip,) = (text for text in page.today.alerts.texts if text.place.page == "warnings")
    assert (strip.title, strip.second) == ("1 warning was not printed", "offline; tried again every few minutes")
    page.ways.go(strip.place)
    assert isinstance(page.quality.pages.page("thanks"), ThanksAndWarningsPage)
    hall.clock.move(minutes=5)
    alarms.begin_slip(hall.desk, hall.ask(), row["alarm"])
    page.open_page("today")
    assert strip not in page.today.alerts.texts
