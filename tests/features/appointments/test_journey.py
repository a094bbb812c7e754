"""Customers who come back or have an appointment, at a front desk in a process of its own, read back from the log."""

from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from queuedesk.core.network.roles import CONSOLE
from queuedesk.desk import looking
from queuedesk.desk.change import Ask
from queuedesk.features.appointments import verbs as booking
from queuedesk.features.appointments.verbs import Wish
from queuedesk.i18n import _
from queuedesk.i18n.talk import channel
from queuedesk.printing.qr import ticket_text
from queuedesk.stations.guide.ticket.drafting import OfferDialog
from queuedesk.stations.widgets.questions.dialogs import ReasonDialog
from tests.every_day import walked_in
from tests.hall import Clock, Hall, at, create_hall, preset
from tests.journeys.hands import until
from tests.journeys.stations.talk import Talk, story_of
from tests.journeys.stations.test_guide import FrontDesk

ENTER, TAB = Qt.Key.Key_Return, Qt.Key.Key_Tab


def hands(path: str, into: str, lang: str, code: str) -> None:
    slips = Path(into)
    desk = FrontDesk(Path(path), slips, lang)
    page, press, click, said = desk.view, desk.press, desk.click, desk.said
    # The earlier ticket's code is read while the tiles are shown: its papers open, the new ticket is linked.
    for sign in code:
        QTest.keyClick(desk.window.windowHandle(), sign)
    QTest.keyClick(desk.window.windowHandle(), Qt.Key.Key_Return)
    until(page.papers.back_chip.isVisible, "what the customer comes back for")
    click(page.papers.repeat_box)
    desk.picture(slips / "returns.png")
    press(ENTER)
    said(_("Printed {ticket}", ticket="B001"))

    # Number and day by keys alone; then two services on one ticket.
    click(page.front.board.tiles["A"])
    click(page.papers.add_button)
    click(page.front.board.tiles["C"])
    page.papers.return_button.setFocus(Qt.FocusReason.TabFocusReason)
    press(Qt.Key.Key_Space)
    until(lambda: page.drafting.dialog is not None, "the question for the earlier ticket")
    desk.write("b2")
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
    desk.write("li da")
    press(ENTER)
    said(_("Printed {ticket}", ticket="A002"))
    click(card.all_button)
    click(page.added["appointments"].stage.new_button)
    dialog = page.added["appointments"].acts.new_dialog
    assert dialog is not None
    dialog.fields["name"].edit.setFocus()
    desk.write("Wu")
    press(TAB, TAB)
    desk.write("R-77")
    press(ENTER)
    until(lambda: page.added["appointments"].acts.new_dialog is None, "the new appointment")
    board = page.added["appointments"].stage.board
    board.search.edit.setFocus()
    desk.write("chen")
    until(lambda: board.list.tickets.rowCount() == 1, "the one who called")
    board.list.setFocus()
    press(ENTER)
    cards = page.added["appointments"].acts.card
    assert cards is not None
    click(cards.off_button)
    until(lambda: page.findChild(ReasonDialog) is not None, "the reasons")
    desk.write("1")
    press(ENTER)
    until(lambda: board.list.tickets.rows()[0].icon == "close", "the time that is free again")
    desk.picture(slips / "list.png")

    desk.leave()


def yesterdays_hall(folder: Path) -> Hall:
    """Return a hall whose B001 was put off to today and whose B002 was served."""
    document = preset("power")
    document["settings"] = {**document.get("settings", {}), "overnight": "early_place"}
    clock = Clock(at("10:00") - timedelta(days=1))
    path = folder / "hall.sqlite"
    hall = Hall(create_hall(path, document, Ask(CONSOLE, clock())), clock, path)
    hall.issue("B", item="gmgh")
    hall.issue("B")
    hall.do("defer", "B001")
    hall.open("3", "C3")
    hall.serve_out("3")
    hall.do("day-end")
    hall.clock.now = at("10:30")
    return hall


@pytest.mark.journey
@pytest.mark.parametrize("lang", walked_in("en"))
def test_returns_offers_and_appointments(tmp_path: Path, lang: str):
    hall = yesterdays_hall(tmp_path)
    hall.open("5", "C5")
    for time, name, service in (("10:50", "Hu Min", "B"), ("11:00", "Li Da", "A"), ("16:00", "Chen", "C")):
        hall.do("book", Wish(service=service, at=at(time), name=name))
    yesterday = at("10:00").date() - timedelta(days=1)
    code = looking.setup_of(hall.desk).hall.code
    text = ticket_text(code, yesterday, "B001", hall.ticket("B001", yesterday).token)
    slips = tmp_path / "slips"
    slips.mkdir()

    with Talk(hands, hall.path, slips, lang, text, home=tmp_path) as guide:
        guide.end()

    log = [e for e in hall.log() if e.actor == "G1"]
    assert story_of(log, "service") == (
        "sign-in, issue B001 B, issue A001 A, offer A, offer A, issue B002 B, issue A002 A, book A, unbook C"
    )
    first, second = log[1].data, log[2].data
    assert (first["return_of"], first["repeat"], first["item"]) == (f"B001@{yesterday}", True, "gmgh")
    assert hall.ticket("B001").place == hall.ticket("B001", yesterday).arrived
    assert (second["return_of"], second["steps"]) == (f"B002@{yesterday}", ["C"])
    assert [(e.data["to"], e.data["accepted"]) for e in log[3:5]] == [("bank", False), ("self_service", True)]
    assert log[8].data["reason"] == "customer_off"
    states = {row["name"]: row["state"] for row in booking.appointments_of(hall.desk, hall.date)}
    assert states == {"Hu Min": "came", "Li Da": "came", "Wu": "booked", "Chen": "cancelled"}
    assert {file.stem for file in slips.iterdir()} == {"B001", "A001", "B002", "A002", "returns", "list"}
    hall.must_follow_from_its_log()
