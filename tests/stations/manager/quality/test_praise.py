"""Praise in a comment: a manager thanks the clerk, who reads neither the comment nor the ticket."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from queuedesk.core.network.roles import CUSTOMER
from queuedesk.desk.quality import thanking
from queuedesk.desk.queue import rating
from queuedesk.stations.acts.thanks_question import ThanksDialog
from queuedesk.stations.manager.quality.why_controller import WhyController
from queuedesk.stations.manager.quality.why_page import WhyPage
from queuedesk.stations.window.context import StationContext
from tests.hall import MANAGER, Hall


def test_praise_thanks_the_clerk_without_the_comment(hall: Hall, context: StationContext, qtbot: QtBot) -> None:
    label = hall.issue("A")
    hall.do("call", "1", ticket=label, reason="rule")
    hall.do("finish", "1")
    rating.rate(hall.desk, hall.ask(CUSTOMER), label, 5, comment="Never in a hurry")
    page = WhyPage(WhyController(context))
    qtbot.addWidget(page)
    page.resize(1158, 700)
    page.retranslate()
    page.show()
    page.refresh(hall.clock())
    card = next(one for one in page.cards.cards if one.comment.text == "Never in a hurry")
    assert card.thanks_button.isVisible()
    assert not card.case_button.isVisible()

    card.thanks_button.click()
    (dialog,) = page.host.findChildren(ThanksDialog)
    dialog.yes_button.click()

    (found,) = thanking.thanks_of(hall.desk, MANAGER, hall.clock())
    assert (found["source"], found["ticket"], found["words"]) == ("comment", None, None)
    assert [event.kind for event in hall.log()][-2:] == ["thanks", "comment-read"]
