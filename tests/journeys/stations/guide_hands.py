"""Runs the front desk in its real window with real lanes and real slips, by keys and clicks alone."""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from queuedesk.app.this_pc import config
from queuedesk.i18n import _
from queuedesk.printing.choice import PICTURES
from queuedesk.stations.guide import station
from queuedesk.stations.guide.station import GuideView
from queuedesk.stations.signing_in.view import SignInView
from queuedesk.stations.widgets.questions.dialogs import PickDialog
from queuedesk.stations.window.context import Services
from tests.journeys.hands import Hands, until


def main(path: Path, slips: Path, lang: str) -> None:
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

    def said(words: str, **fields: object) -> None:
        wanted = _(words, **fields)
        until(lambda: page.acts.toast.isVisible() and page.acts.toast.text() == wanted, wanted)
        page.acts.toast.dismiss()

    moved = {
        "en": {"reinstate": "A001 is back in line, 2 ahead", "redirect": "B001 now waits for C New connection"},
        "zh_CN": {"reinstate": "A001 已恢复排队，前面 2 人", "redirect": "B001 "},
    }[lang]
    hands.write("gmgh")
    press(Qt.Key.Key_Return)
    press(Qt.Key.Key_Return)
    said("Printed {ticket}", ticket="B001")
    click(page.front.board.tiles["A"])
    click(page.papers.class_buttons["elderly"])
    click(page.print_rail.print_button)
    said("Printed {ticket}", ticket="A002")
    click(page.front.board.items[1])
    click(page.print_rail.not_ready_button)
    said("List printed")
    click(page.hall_rail.rows[0].button())
    until(lambda: page.acts.toast.text() == moved["reinstate"], "the way back in line")
    page.acts.toast.dismiss()
    click(page.hall_rail.redirect_button)
    rows = page.line.stage.rows
    until(lambda: rows.tickets.rowCount() == 3, "the whole line")
    place = [row.number for row in rows.tickets.rows()].index("B001")
    QTest.mouseClick(
        rows.viewport(), Qt.MouseButton.LeftButton, pos=rows.visualRect(rows.tickets.index(place)).center()
    )
    click(page.findChild(PickDialog).answers["C"])
    until(lambda: page.acts.toast.text().startswith(moved["redirect"]), "the redirect")
    press(Qt.Key.Key_Escape)
    click(page.front.board.tiles["D"])
    press(Qt.Key.Key_Return)
    until(lambda: page.acts.toast.text() == _("Printed {ticket}", ticket="D001"), "the third ticket")
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    said("{ticket} is void now", ticket="D001")
    click(page.hall_rail.reprint_button)
    click(page.findChild(PickDialog).answers["A002"])
    said("Printed {ticket} again", ticket="A002")
    hands.picture(slips / "page.png")

    hands.leave()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
