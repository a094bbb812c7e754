"""The front desk offers another way in two touches, also on a PC without a printer."""

from typing import Any

from queuedesk.printing.choice import PrinterService
from queuedesk.stations.guide.drafting import AlternativeChannelDialog
from tests.stations.guide.conftest import FrontDesk
from tests.stations.stubs import lend, stub


def test_an_offer_is_noted_in_two_touches_and_who_takes_it_needs_no_ticket(front: FrontDesk) -> None:
    page = front.page

    def offer(by: Any, to: str, *, taken: bool) -> tuple[str | None, bool]:
        front.touches = 0
        front.touch(by)
        question = front.question(AlternativeChannelDialog)
        front.touch((question.taken if taken else question.declined)[to])
        event = front.log("offer")[-1]
        assert (front.touches, event.service, event.data["to"]) == (2, "A", to)
        return event.ticket, event.data["accepted"]

    front.touch(page.front.board.items[0])
    assert offer(page.papers.offer_button, "self_service", taken=True) == (None, True)
    assert (page.draft, page.acts.toast.text()) == (None, "Noted: Self-service, accepted")
    front.touch(page.front.board.tiles["A"])
    assert offer(page.papers.offer_button, "bank", taken=False) == (None, False)
    front.touch(page.print_rail.print_button)
    assert front.printer.slips == ["A001"], "who declines gets the ticket"
    page.show_ticket("A001")
    assert offer(page.ticket_stage.buttons["offer"], "online", taken=True) == ("A001", True)
    assert (front.hall.ticket("A001").state, page.stage.currentWidget()) == ("waiting", page.ticket_stage), (
        "nothing moves"
    )
    lend(page.context, printers=stub(PrinterService, system_printer_names=list, chosen_or_default_printer=str))
    page.controller.look_for_printer()
    page.show_tiles_and_reset()
    page.show_ticket("A001")
    buttons = page.ticket_stage.buttons
    assert (buttons["reprint"].isVisible(), buttons["offer"].isVisible()) == (False, True), "no printer is needed"
