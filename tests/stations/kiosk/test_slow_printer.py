"""A customer does not wait for a slow printer: the number on the screen is enough."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from queuedesk.stations.kiosk.controller import NOTE_DOWN_S, TICKET_S
from queuedesk.stations.kiosk.taking import SLOW_S
from queuedesk.stations.window.tasks import InlineTasks
from tests.hall import Hall
from tests.stations.kiosk.conftest import Kiosk


class BusyPrinter(InlineTasks):
    """Lanes whose printer takes its time: slips are kept until `finish`."""

    def __init__(self) -> None:
        self.held: list[Callable[[], None]] = []

    def run_long(self, work: Any, done: Any, refused: Any, *, may_drop: bool = False) -> None:
        self.held.append(lambda: self.run(work, done, refused))

    def finish(self) -> None:
        while self.held:
            self.held.pop(0)()


def test_the_number_is_to_be_noted_while_the_slip_is_long_in_coming(make_kiosk: Callable[..., Kiosk], hall: Hall):
    kiosk = make_kiosk(hall)
    printer = kiosk.page.context.tasks = BusyPrinter()
    kiosk.service("A")
    shown = kiosk.view.ticket
    assert (shown.said.title, "slow" in shown.said.last) == ("Your ticket is being printed", False)
    kiosk.pass_seconds(SLOW_S)
    assert shown.said.last == "The printer is slow. Please write down A003; it is valid without a slip."
    kiosk.pass_seconds(TICKET_S)
    assert kiosk.stage == "ticket", "there is time to note it"

    printer.finish()
    assert shown.said.title == "Please take your ticket"
    kiosk.pass_seconds(TICKET_S)
    assert kiosk.stage == "greeting"
    assert NOTE_DOWN_S > TICKET_S + SLOW_S
