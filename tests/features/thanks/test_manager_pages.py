"""The manager's pages of the core with thanks: a button at praise and at a finished ticket, rows of a month."""

from collections.abc import Callable
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from queuedesk.core.network.roles import CUSTOMER
from queuedesk.desk.quality import thanking
from queuedesk.desk.queue import rating
from queuedesk.stations.acts.ticket_acts import THANKS, ThanksDialog
from queuedesk.stations.manager.quality.cases_controller import MonthController, WhyController
from queuedesk.stations.manager.quality.month_page import MonthPage
from queuedesk.stations.manager.quality.why_page import WhyPage
from queuedesk.stations.window.context import StationContext
from tests.hall import DAY, MANAGER, Hall
from tests.stations.manager.conftest import Office, morning


def praised(folder: Path) -> Hall:
    hall = morning(folder)
    label = hall.issue("A")
    hall.do("call", "1", ticket=label, reason="rule")
    hall.do("finish", "1")
    rating.rate(hall.desk, hall.ask(CUSTOMER), label, 5, comment="Never in a hurry")
    return hall


@pytest.mark.hall(make=praised)
def test_praise_thanks_the_clerk_without_the_comment(hall: Hall, context: StationContext, qtbot: QtBot) -> None:
    why = WhyPage(WhyController(context))
    qtbot.addWidget(why)
    why.resize(1158, 700)
    why.show()
    why.refresh(hall.clock())
    card = next(one for one in why.cards.cards if one.comment.text == "Never in a hurry")
    assert card.thanks_button.isVisible()
    assert not card.case_button.isVisible()
    card.thanks_button.click()
    (dialog,) = why.host.findChildren(ThanksDialog)
    dialog.yes_button.click()

    (found,) = thanking.thanks_of(hall.desk, MANAGER, hall.clock())
    assert (found["source"], found["ticket"], found["words"]) == ("comment", None, None)
    assert [event.kind for event in hall.log()][-2:] == ["thanks", "comment-read"]


def test_thanks_of_a_month_open_their_rows_and_lead_to_their_page(
    hall: Hall, context: StationContext, qtbot: QtBot, catch_up: Callable[[], None]
) -> None:
    month = MonthPage(MonthController(context, DAY.date))
    qtbot.addWidget(month)
    month.show()
    hall.do("thanks", "C1", words="Patient", who=MANAGER)
    catch_up()
    month.refresh(hall.clock())
    day = hall.clock().date()
    month.show_figure("thanks.n", day, day, "thanks.n")

    assert month.rows.table.rows.texts() == [["20 Nov", "—", "Patient", "Zhang Min", "not seen yet"]]
    with qtbot.waitSignal(month.tab_wanted) as opened:
        month.rows.table.open_row(0)
    assert opened.args == ["thanks"]


def test_a_finished_ticket_offers_thanks(office: Office) -> None:
    office.go("tickets")
    office.page.tickets.show_ticket("B001")
    office.hall.do("finish", "3")
    office.follow()

    buttons = office.page.tickets.story.buttons
    assert [verb for verb, button in buttons.items() if button.isVisible()] == [THANKS]
