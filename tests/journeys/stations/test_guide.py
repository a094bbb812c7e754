"""A guide's quarter of an hour in a process of its own, by keys and clicks, read back from log and slips."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from queuedesk.app.this_pc import config
from queuedesk.desk.queue import calling
from queuedesk.i18n import _
from queuedesk.printing.choice import PICTURES
from queuedesk.stations.guide import station
from queuedesk.stations.guide.station import GuideView
from queuedesk.stations.signing_in import SignInView
from queuedesk.stations.widgets.questions.dialogs import ChoiceButtonsDialog
from queuedesk.stations.window.context import StationServices
from tests.every_day import walked_in
from tests.hall import make_hall
from tests.journeys.hands import Hands, until
from tests.journeys.stations.talk import PrinterConversation, story_of


class FrontDesk(Hands):
    """The front desk with a guide who has signed in; its slips are pictures in a folder."""

    def __init__(self, path: Path, slips: Path, lang: str) -> None:
        config.update_config({"printer": f"{PICTURES}{slips}"})
        super().__init__(station, "guide", path, lambda paper: StationServices(paper=paper), lang=lang)
        sign_in = self.page
        assert isinstance(sign_in, SignInView)
        self.click(sign_in.tiles["G1"])
        until(lambda: isinstance(self.page, GuideView), "the front desk")
        assert isinstance(self.page, GuideView)
        self.view = self.page

    def said(self, words: str) -> None:
        """Wait until the front desk says this of what was done, and wave it away."""
        toast = self.view.acts.toast
        until(lambda: toast.isVisible() and toast.text() == words, words)
        toast.dismiss()


def hands(path: str, into: str, lang: str) -> None:
    slips = Path(into)
    desk = FrontDesk(Path(path), slips, lang)
    page, press, click, said = desk.view, desk.press, desk.click, desk.said
    moved = {
        "en": {"reinstate": "A001 is back in line, 2 ahead", "redirect": "B001 now waits for C New connection"},
        "zh_CN": {"reinstate": "A001 已恢复排队，前面 2 人", "redirect": "B001 "},
    }[lang]
    desk.write("gmgh")
    press(Qt.Key.Key_Return)
    press(Qt.Key.Key_Return)
    said(_("Printed {ticket}", ticket="B001"))
    click(page.front.board.tiles["A"])
    click(page.papers.class_buttons["elderly"])
    click(page.print_rail.print_button)
    said(_("Printed {ticket}", ticket="A002"))
    click(page.front.board.items[1])
    click(page.print_rail.not_ready_button)
    said(_("List printed"))
    click(page.hall_rail.rows[0].button())
    said(moved["reinstate"])
    click(page.hall_rail.redirect_button)
    rows = page.line.stage.rows
    until(lambda: rows.tickets.rowCount() == 3, "the whole line")
    place = [row.number for row in rows.tickets.rows()].index("B001")
    middle = rows.visualRect(rows.tickets.index(place)).center()
    QTest.mouseClick(rows.viewport(), Qt.MouseButton.LeftButton, pos=middle)
    click(page.findChild(ChoiceButtonsDialog).answers["C"])
    until(lambda: page.acts.toast.text().startswith(moved["redirect"]), "the redirect")
    press(Qt.Key.Key_Escape)
    click(page.front.board.tiles["D"])
    press(Qt.Key.Key_Return)
    until(lambda: page.acts.toast.text() == _("Printed {ticket}", ticket="D001"), "the third ticket")
    QTest.keyClick(desk.window.windowHandle(), Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    said(_("{ticket} is void now", ticket="D001"))
    click(page.hall_rail.reprint_button)
    click(page.findChild(ChoiceButtonsDialog).answers["A002"])
    said(_("Printed {ticket} again", ticket="A002"))
    desk.picture(slips / "page.png")
    desk.leave()


@pytest.mark.journey
@pytest.mark.parametrize("lang", walked_in("zh_CN"))
def test_customers_from_greeting_to_ticket(tmp_path: Path, lang: str):
    hall = make_hall(tmp_path, time="10:30")
    hall.open("5", "C5")
    hall.queue("A")
    hall.call("5")
    calling.miss(hall.desk, hall.ask(), "5")
    slips = tmp_path / "slips"
    slips.mkdir()
    with PrinterConversation(hands, hall.path, slips, lang, home=tmp_path) as guide:
        guide.end()
    log = [e for e in hall.log() if e.actor == "G1"]
    assert story_of(log, "service") == (
        "sign-in, issue B001 B, issue A002 A, not-ready B, reinstate A001 A, redirect B001 C, issue D001 D, void D001 D"
    )
    assert log[1].data["item"] == "gmgh"
    assert log[2].data["class"] == "elderly"
    assert log[7].data["reason"] == "undone"
    assert {file.stem for file in slips.iterdir()} == {"B001", "A002", "A002-2", "D001", "papers-B-gmgh", "page"}
