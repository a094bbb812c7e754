"""Runs the front desk for customers who were here before or have an appointment, by keys, clicks and a code reader."""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from queuedesk.app.this_pc import config
from queuedesk.i18n import _
from queuedesk.i18n.talk import channel
from queuedesk.printing.choice import PICTURES
from queuedesk.stations.guide import station
from queuedesk.stations.guide.station import GuideView
from queuedesk.stations.guide.ticket.drafting import OfferDialog
from queuedesk.stations.signing_in.view import SignInView
from queuedesk.stations.widgets.questions.dialogs import ReasonDialog
from queuedesk.stations.window.context import Services
from tests.journeys.hands import Hands, until

ENTER, TAB = Qt.Key.Key_Return, Qt.Key.Key_Tab


def main(path: Path, slips: Path, lang: str, code: str) -> None:
    config.remember({"printer": f"{PICTURES}{slips}"})
    hands = Hands(
        station,
        "guide",
        path,
        lambda paper: Services(paper=paper),
        lang=lang,
    )
    window, press, click = hands.window, hands.press, hands.click
    sign_in = window.page
    assert isinstance(sign_in, SignInView)
    click(sign_in.tiles["G1"])
    until(lambda: isinstance(window.page, GuideView), "the front desk")
    page = window.page
    assert isinstance(page, GuideView)

    def said(words: str) -> None:
        until(lambda: page.acts.toast.isVisible() and page.acts.toast.text() == words, words)
        page.acts.toast.dismiss()

    # The earlier ticket's code is read while the tiles are shown: its papers open, the new ticket is linked.
    for sign in code:
        QTest.keyClick(window.windowHandle(), sign)
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_Return)
    until(page.papers.back_chip.isVisible, "what the customer comes back for")
    click(page.papers.repeat_box)
    hands.picture(slips / "returns.png")
    press(ENTER)
    said(_("Printed {ticket}", ticket="B001"))

    # Number and day by keys alone; then two services on one ticket.
    click(page.front.board.tiles["A"])
    click(page.papers.add_button)
    click(page.front.board.tiles["C"])
    page.papers.return_button.setFocus(Qt.FocusReason.TabFocusReason)
    press(Qt.Key.Key_Space)
    until(lambda: page.drafting.dialog is not None, "the question for the earlier ticket")
    hands.write("b2")
    press(ENTER)
    until(lambda: page.drafting.dialog is None and page.papers.back_chip.isVisible(), "the second link")
    click(page.print_rail.print_button)
    said(_("Printed {ticket}", ticket="A001"))

    # Another way: declined by one, taken by the next.
    click(page.front.board.items[0])
    click(page.papers.offer_button)
    click(page.findChild(OfferDialog).declined["bank"])
    said(_("Noted: {channel}, declined", channel=channel("bank")))
    click(page.papers.offer_button)
    until(lambda: len(page.findChildren(OfferDialog)) == 1, "the first question gone")
    click(page.findChild(OfferDialog).taken["self_service"])
    said(_("Noted: {channel}, accepted", channel=channel("self_service")))

    # An appointment by one touch, one by its name, a new one, one called off.
    card = page.added["appointments"].card
    until(lambda: bool(card.rows) and card.rows[0].isVisible(), "the next appointments")
    click(card.rows[0].button)
    said(_("Printed {ticket}", ticket="B002"))
    click(card.all_button)
    hands.write("li da")
    press(ENTER)
    said(_("Printed {ticket}", ticket="A002"))
    click(card.all_button)
    click(page.added["appointments"].stage.new_button)
    dialog = page.added["appointments"].acts.new_dialog
    assert dialog is not None
    dialog.fields["name"].edit.setFocus()
    hands.write("Wu")
    press(TAB, TAB)
    hands.write("R-77")
    press(ENTER)
    until(lambda: page.added["appointments"].acts.new_dialog is None, "the new appointment")
    board = page.added["appointments"].stage.board
    board.search.edit.setFocus()
    hands.write("chen")
    until(lambda: board.list.tickets.rowCount() == 1, "the one who called")
    board.list.setFocus()
    press(ENTER)
    cards = page.added["appointments"].acts.card
    assert cards is not None
    click(cards.off_button)
    until(lambda: page.findChild(ReasonDialog) is not None, "the reasons")
    hands.write("1")
    press(ENTER)
    until(lambda: board.list.tickets.rows()[0].icon == "close", "the time that is free again")
    hands.picture(slips / "list.png")

    hands.leave()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], sys.argv[4])
