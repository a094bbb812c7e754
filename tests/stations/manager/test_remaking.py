"""What the manager's pages keep, made anew and forward, and what their controllers read, and when anew."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from queuedesk import i18n
from queuedesk.core.errors import OutsideError
from queuedesk.desk import looking
from queuedesk.desk.talk import announcing
from queuedesk.stations.manager.controller import ManagerController
from queuedesk.stations.manager.pages import NOTICES as NOTICES_PAGE
from queuedesk.stations.manager.pages import SETUP, TICKETS, TODAY, WAITS
from queuedesk.stations.manager.parts.page_controller import PageController
from queuedesk.stations.manager.setup_frame.draft import FEATURES, FILE, NOTICES, RULES, SERVICES, WINDOWS
from tests.stations.seen import said
from tests.stations.whole_words import settled


def opened(view, key, tab=""):
    view.open_page(key)
    section: Any = view.stack.get_or_make_page(key)
    if not tab:
        return section
    section.open_tab(tab)
    QApplication.processEvents()
    return section.pages.get_or_make_page(tab)


def speak(view):
    """Let the station speak the other language."""
    i18n.choose_language("zh_CN" if i18n.current_language() == "en" else "en")
    view.remake_contents()
    settled()


def test_the_set_up_comes_back_with_its_row_at_each_part_and_with_its_draft_which_is_asked_about_at_the_end(
    admin_office,
):
    view = admin_office.page
    setup = opened(view, SETUP)
    setup.open_row(WINDOWS, "2")
    before = said(setup)
    speak(view)
    speak(view)
    assert view.setup_page is not setup and said(view.setup_page) == before
    # A draft stays, in whichever form it is shown.
    setup = view.setup_page
    setup.open_row(SERVICES, "A")
    QTest.keyClicks(setup.forms.service_form.first_edit(), " and more")
    typed = setup.forms.service_form.first_edit().text()
    for key in (TODAY, TICKETS, NOTICES_PAGE, WAITS, TODAY):
        opened(view, key)
    assert not view.may_close() and not view.may_sign_out()
    assert view.closing_effect_text() == "What you typed in the set-up is not saved yet."
    setup = opened(view, SETUP)
    assert setup.forms.service_form.first_edit().text() == typed, "however many pages were opened since"
    speak(view)
    assert view.setup_page is not setup and view.setup_page.is_changed
    assert view.setup_page.forms.service_form.first_edit().text() == typed
    admin_office.touch(view.setup_page.foot.discard_button)
    for key in (TODAY, TICKETS, NOTICES_PAGE):
        opened(view, key)
    assert view.may_close() and view.stack.page_if_already_made(SETUP) is None
    # It comes back at each part. So does a tab.
    page = opened(view, SETUP)
    page.open_set_up_part("hall")
    page.tabs.tabs["times"].click()
    speak(view)
    page = view.setup_page
    assert page.tabs.current_tab_key() == "times" and "opens" in page.forms.shown_form().fields
    for part in (FILE, FEATURES, NOTICES, RULES):
        page.open_set_up_part(part)
        speak(view)
        assert view.setup_page is not page
        page = view.setup_page
        assert page.part == part
    admin_office.later(seconds=1)
    page.forms.form_for_key(RULES).verticalScrollBar().setValue(400)
    speak(view)
    rules = view.setup_page.forms.form_for_key(RULES)
    assert rules is not page.forms.form_for_key(RULES)
    admin_office.until(lambda: rules.verticalScrollBar().value() == 400)


def test_tickets_behind_a_figure_that_could_not_be_read_are_looked_for_by_a_page_made_anew_and_once_the_hall_is_back(
    office,
):
    view = office.page
    view.show_hall_away(office.hall.clock())
    away = office.hall.path.rename(office.hall.path.with_name("elsewhere"))
    view.behind.show_todays_figure("issued")
    refused = said(view.behind.drilldown_page)
    assert "The tickets could not be read." in refused
    speak(view)
    speak(view)
    assert said(view.behind.drilldown_page) == refused
    away.rename(office.hall.path)
    view.show_hall_away(None)
    found, page = ["A001", "B001", "A002", "A003", "B002"], view.behind.drilldown_page
    assert ([row.ticket for row in page.table.rows.rows], page.page.banner.isVisible()) == (found, False)


def test_the_first_day_is_today_while_the_file_is_away_and_yesterdays_silence_is_not_shown(context, hall, monkeypatch):
    def away(desk, seq, limit):
        raise OutsideError("database_away")

    monkeypatch.setattr(looking, "events_after", away)
    controller = ManagerController(context)
    assert controller.first_logged_date() == controller.business_date
    # Yesterday's silence is not shown today.
    monkeypatch.undo()
    call = next(event for event in hall.log() if event.kind == "call")
    announcing.record_call_announcement_result(hall.desk, call.seq, "display", hall.clock(), link=None)
    hall.clock.move(days=1)
    context.feed.switch_to_new_business_date()
    controller.refresh_unannounced_ticket_calls()
    assert controller.unheard == []


def tip(office):
    """Return the name that is shown beside the rail, "" for none."""
    found = office.page.nav.window().findChildren(QWidget, "rail_tip")
    return next((one.text for one in found if one.isVisible()), "")


def test_the_list_is_a_rail_where_the_window_is_narrow_and_says_its_names(office, qtbot):
    def resized(width):
        office.page.resize(width, 768)
        QApplication.processEvents()
        return office.page.nav.width()

    page, nav = office.page, office.page.nav
    assert (resized(1366), nav.person.isVisible()) == (208, False)
    nav.findChild(QWidget, "setup").setFocus()
    qtbot.wait(350)
    assert tip(office) == "", "the list with words shows no names beside it"
    assert (resized(1024), nav.person.isVisible()) == (64, True)
    assert nav.findChild(QWidget, "tickets").text() == "Tickets" and "Zhao Qiang" in nav.person.accessibleName()
    assert (page.talk.emergency_button.width(), page.talk.emergency_button.text()) == (48, "Emergency notice")
    office.go("tickets")
    assert page.stack.front_page_key() == "tickets"
    office.go("today")
    # A key says its name to who points or steps there, which opens nothing.
    QTest.mouseMove(nav.findChild(QWidget, "setup"), QPoint(10, 10))
    qtbot.waitUntil(lambda: tip(office) == "Set-up")
    page.setFocus()
    QTest.keyClick(page, Qt.Key.Key_F6)
    assert QApplication.focusWidget() is nav.findChild(QWidget, "today")
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Down)
    assert QApplication.focusWidget() is nav.findChild(QWidget, "tickets")
    qtbot.waitUntil(lambda: tip(office) == "Tickets")
    assert page.stack.front_page_key() == "today"
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_F6)
    assert page.today.isAncestorOf(QApplication.focusWidget())
    assert tip(office) == ""


class Reading(PageController[str]):
    """Counts its readings, and lists what came of them. `meanwhile` comes during the first; `wanted` is what it depends
    on, None for time alone; "gone" can't be read."""

    def __init__(self, context, wanted, meanwhile):
        super().__init__(context)
        self.wanted, self.meanwhile, self.begun = wanted, meanwhile, 0
        self.came: list[str | None] = []
        self.changed.connect(lambda: self.came.append(self.found))
        self.unread.connect(lambda trouble: self.came.append(trouble.code))

    def _dependency_key(self):
        return self.wanted

    def _read_function(self):
        return partial(self._answer, self.wanted)

    def _answer(self, wanted):
        self.begun += 1
        if wanted == "gone":
            raise OutsideError("database_away", path="hall.sqlite")
        if self.begun == 1:
            self.meanwhile(self)
        return wanted or f"{self.begun}"


def test_what_changes_is_read_once_more_what_is_fresh_is_not_and_what_could_not_be_read_is_again(hall, context):
    reading = Reading(context, None, lambda one: [one.refresh(anew=True) for _totals_counted_twice in range(2)])
    for _totals_counted_twice in range(2):
        reading.refresh()
        assert reading.came == ["1", "2"]
    hall.clock.now += reading.KEEPS + timedelta(seconds=1)
    reading.refresh()
    assert reading.came == ["1", "2", "3"]

    # What depends on something is read when that changes.
    def want_another(one):
        one.wanted = "second"
        one.refresh()

    reading = Reading(context, "first", want_another)
    reading.refresh()
    assert reading.came == ["first", "second"], "what became of it meanwhile is read after it"
    hall.clock.now += timedelta(days=1)
    reading.refresh()
    assert reading.begun == 2
    reading.wanted = "gone"
    reading.refresh()
    reading.refresh()
    assert (reading.came[2:], reading.begun) == (["database_away"] * 2, 4)
    reading.wanted = "second"
    reading.refresh()
    assert reading.came[4:] == ["second"], "it is told although it is the same: it was not known"
