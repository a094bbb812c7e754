"""A page without content says what will stand there, and its one button leads there."""

import pytest

from queuedesk.features.appointments.pages.acts import NewAppointmentDialog
from queuedesk.features.projects.pages.sample import SampleDialog
from queuedesk.stations.manager.sections import STAFFING
from queuedesk.stations.widgets.panels import EmptyState
from tests.hall import Hall, make_hall


@pytest.fixture
def hall(tmp_path) -> Hall:
    return make_hall(tmp_path, time="9:00")


def press(office, page) -> None:
    """Press the one button of the empty state in front."""
    (empty,) = (one for one in page.findChildren(EmptyState) if one.isVisible() and one.button.isVisible())
    office.touch(empty.button)


def test_each_page_without_content_leads_to_its_first(admin_office):
    office, page = admin_office, admin_office.page

    # Without an appointment to a new one, without a project to the sample, with nobody at a window to the roster.
    office.go("booked")
    press(office, page.stack.page("booked"))
    office.question(NewAppointmentDialog).refuse()
    office.go("improve")
    press(office, page.improve)
    assert office.question(SampleDialog).facts.isVisible()
    office.question(SampleDialog).refuse()
    office.go("people")
    press(office, page.staff)
    assert page.stack.currentWidget() is page.waits
    assert page.waits.pages.seen() == STAFFING

    # A search without result leads back to all tickets.
    office.hall.issue("A")
    office.follow()
    office.go("tickets")
    tickets = page.tickets
    tickets.search_for("Z999")
    office.until(lambda: not tickets.list.isVisible())
    press(office, tickets)
    assert tickets.search.text() == "" and tickets.list.isVisible()

    # A part of the set-up without rows leads to its first.
    office.go("setup")
    page.setup_page.open_part("targets")
    press(office, page.setup_page)
    assert page.setup_page.head.title.text() == "New target"
