"""Runs the counter's page in its real window with real lanes, and serves two customers by keys and clicks alone."""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtCore import Qt

from queuedesk.i18n import _, n_
from queuedesk.stations.counter import station
from queuedesk.stations.counter.station import CounterView
from tests.journeys.hands import Hands, until


def main(path: Path, picture: Path, lang: str) -> None:
    hands = Hands(station, "counter", path, lang=lang)
    page, press, click = hands.page, hands.press, hands.click
    assert isinstance(page, CounterView)

    def shows(word: str) -> None:
        until(lambda: page.stage.primary.text() == word and not page.controller.busy, word)

    call, start, finish = _("Call next"), _("Customer is here: start"), _("Finish")
    click(page.sign_in.windows["3"])
    until(lambda: "C3" in page.sign_in.names, "the names")
    click(page.sign_in.names["C3"])
    shows(call)
    click(page.stage.primary)
    shows(start)
    recalled = n_("Recall · called once", "Recall · called {n} times", 2)
    press(Qt.Key.Key_F2)
    until(lambda: page.stage.buttons["recall"].text() == recalled, "the recall")
    press(Qt.Key.Key_Space)
    shows(finish)
    press(Qt.Key.Key_F4)
    until(lambda: page.asking.is_open, "the reasons")
    press(Qt.Key.Key_2)
    press(Qt.Key.Key_Return)
    shows(call)
    until(lambda: len(page.rail.rows) == 1, "the one set aside")
    click(next(iter(page.rail.rows.values())).button())
    shows(finish)
    press(Qt.Key.Key_F9)
    shows(start)
    press(Qt.Key.Key_Space)
    shows(finish)
    hands.picture(picture)
    press(Qt.Key.Key_Space)
    until(lambda: page.stage.primary.text() == _("Nobody to call now"), "no one waiting")
    press(Qt.Key.Key_F11)
    until(lambda: page.signing_in.active, "the sign-in")

    hands.leave()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
