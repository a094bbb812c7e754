"""A page without content says what will stand there, and its one button leads there."""

from __future__ import annotations

import pytest

from queuedesk.stations.appointments.acts import NewAppointmentDialog
from queuedesk.stations.manager.improvement.sample_dialog import SampleDialog
from queuedesk.stations.manager.sections import STAFFING
from queuedesk.stations.widgets.panels import EmptyState
from tests.hall import Hall, made_once, make_hall


def quiet(folder) -> Hall:
    return make_hall(folder, time="9:00")


@pytest.fixture
def hall(tmp_path) -> Hall:
    return made_once(tmp_path, quiet)


def press(office, page) -> None:
    """Press the one button of the empty state in front."""
    (empty,) = (one for one in page.findChildren(EmptyState) if one.isVisible() and one.button.isVisible())
    office.touch(empty.button)


def test_no_appointment_leads_to_a_new_one(admin_office):
    admin_office.go("booked")
    press(admin_office, admin_office.page.booked)
    assert admin_office.question(NewAppointmentDialog).isVisible()


def test_no_project_leads_to_the_sample(admin_office):
    admin_office.go("improve")
    press(admin_office, admin_office.page.improve)
    assert admin_office.question(SampleDialog).facts.isVisible()


def test_nobody_at_a_window_leads_to_the_roster(admin_office):
    admin_office.go("people")
    press(admin_office, admin_office.page.staff)
    assert admin_office.page.stack.currentWidget() is admin_office.page.waits
    assert admin_office.page.waits.pages.seen() == STAFFING


def test_a_part_of_the_set_up_without_rows_leads_to_its_first(admin_office):
    page = admin_office.page.setup_page
    admin_office.go("setup")
    page.open_part("targets")
    press(admin_office, page)
    assert page.head.title.text() == "New target"


def test_a_search_without_result_leads_back_to_all_tickets(admin_office):
    admin_office.hall.issue("A")
    admin_office.follow()
    admin_office.go("tickets")
    page = admin_office.page.tickets
    page.search_for("Z999")
    admin_office.until(lambda: not page.list.isVisible())
    press(admin_office, page)
    assert page.search.text() == "" and page.list.isVisible()
