"""The manager's pages in a hall that has not issued a ticket yet."""

from pathlib import Path

import pytest

from queuedesk.stations.manager.pages import NOTICES, REPORTS, TICKETS, TODAY
from queuedesk.stations.manager.sections import FIGURES
from queuedesk.stations.window.context import StationContext
from queuedesk.stations.window.day_dialog import DayDialog
from tests.hall import Hall, make_hall
from tests.stations.manager.conftest import Office, in_front
from tests.stations.manager.figures_hall import PicturesHere
from tests.stations.seen import said
from tests.stations.stubs import lend


def new_clinic(folder: Path) -> Hall:
    return make_hall(folder, kind="clinic")


@pytest.fixture
def context(context: StationContext, hall: Hall) -> StationContext:
    lend(context, pictures=PicturesHere(hall.desk, hall.clock))
    return context


@pytest.mark.hall(make=new_clinic)
def test_each_page_says_what_it_shows_and_what_to_do_first(admin_office: Office) -> None:
    view, words = admin_office.page, {}
    for key in (TODAY, TICKETS, REPORTS, NOTICES, "quality"):
        view.open_page(key)
        admin_office.follow()
        words[key] = " ".join(said(in_front(view.stack)))
    assert "Nothing needs you now" in words[TODAY]
    assert "Issue one at the front desk" in words[TICKETS]
    assert "A ticket's history is shown here" in words[TICKETS]
    assert "once the front desk has issued one" in words[REPORTS]
    assert "Nobody has called for help or written today" in words[NOTICES]
    assert "<New case>" in words["quality"]

    view.open_page(REPORTS)
    figures = view.stack.page(REPORTS).pages.page(FIGURES)
    assert not figures.tiles.isVisible(), "no page of dashes"
    admin_office.touch(figures.body.wait.button)
    assert admin_office.question(DayDialog)
