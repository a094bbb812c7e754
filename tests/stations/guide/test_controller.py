"""What the front desk does: every act reaches the log, and no printer can undo a ticket."""

from __future__ import annotations

import pytest

from queuedesk.core.errors import OutsideError
from queuedesk.desk.queue import calling
from queuedesk.stations.guide.choices import Choice, Draft
from queuedesk.stations.guide.controller import GuideController
from queuedesk.stations.window.services import Printers, Services, Sounds
from tests.hall import at
from tests.stations.stubs import lend, stub


@pytest.fixture
def told(controller):
    """Return what the controller said, as (signal, …)."""
    said = []
    controller.issued.connect(lambda document: said.append(("issued", document["ticket"])))
    controller.printed.connect(lambda slip: said.append(("printed", slip.label)))
    controller.not_printed.connect(lambda slip, trouble: said.append(("not printed", slip.label, trouble.code)))
    controller.moved.connect(lambda verb, document: said.append((verb, document["ticket"], document["state"])))
    controller.refused.connect(lambda verb, trouble: said.append(("refused", verb, trouble.code)))
    return said


def test_a_ticket_is_issued_then_printed_with_all_of_its_draft(controller, hall, printer, told, log):
    controller.issue(Draft(Choice("B", "gmgh"), "elderly", (Choice("A"),)))

    (event,) = log("issue")
    assert told == [("issued", "B001"), ("printed", "B001")]
    assert (event.actor, event.data["item"], event.data["class"], event.data["steps"]) == (
        "G1",
        "gmgh",
        "elderly",
        ["A"],
    )
    assert printer.slips == ["B001"]


def test_a_printer_in_trouble_leaves_the_ticket_valid_and_is_well_again_after_it_has_printed(
    controller, printer, told, log
):
    printer.trouble = OutsideError("printer_refused", printer="T1")
    controller.issue(Draft(Choice("A")))
    assert told == [("issued", "A001"), ("not printed", "A001", "printer_refused")]
    assert len(log("issue")) == 1
    assert log("void") == []
    assert controller.printer_trouble is printer.trouble

    printer.trouble = None
    controller.reprint("A001")
    assert controller.printer_trouble is None
    assert printer.slips == ["A001 again"]


def test_without_a_printing_tool_the_trouble_names_the_number(context, log):
    context.services = Services()
    controller = GuideController(context)
    troubles = []
    controller.not_printed.connect(lambda slip, trouble: troubles.append((trouble.code, trouble.details)))

    controller.issue(Draft(Choice("A")))

    assert troubles == [("no_printer", {"ticket": "A001"})]


def test_the_printer_is_ready_where_the_one_chosen_is_there(context):
    """Known before the first ticket, on a PC without printers, too."""

    def trouble(own: str, found: list[str]) -> str | None:
        lend(context, printers=stub(Printers, printers=lambda: found, chosen_printer=lambda: own))
        controller = GuideController(context)
        assert not controller.is_printer_known
        controller.look_for_printer()
        assert controller.is_printer_known
        return getattr(controller.printer_trouble, "code", None)

    two = ["T1", "T2"]
    assert [trouble(own, two) for own in ("T1", "png:/tmp/slips")] == [None, None]
    assert [trouble(own, two) for own in ("T9", "none:", "")] == ["no_printer"] * 3
    assert trouble("", []) == "no_printer"


def test_a_printer_that_was_found_gone_is_not_called_ready_because_the_system_knows_it(context):
    lend(
        context,
        printers=stub(Printers, printers=lambda: ["T1"], chosen_printer=lambda: "T1"),
        watch_printer=lambda tell: tell({"cause": "offline", "warning": ""}),
    )
    controller = GuideController(context)
    controller.look_for_printer()

    assert controller.printer_trouble.details["cause"] == "offline"


def test_a_picture_asks_for_no_printer_and_claims_nothing(context):
    asked = []
    lend(context, printers=stub(Printers, printers=lambda: asked.append("asked") or [], chosen_printer=str))
    context.options = {"picture": True}
    controller = GuideController(context)
    controller.look_for_printer()

    assert (asked, controller.printer_trouble, controller.is_printer_known) == ([], None, False)


def test_who_is_not_ready_is_counted_and_not_queued(controller, printer, log):
    controller.not_ready(Choice("B", "gmgh"))

    (event,) = log("not-ready")
    assert (event.service, event.data["item"], event.data["guide"]) == ("B", "gmgh", "G1")
    assert log("issue") == []
    assert printer.slips == ["papers B gmgh"]


def test_a_closed_service_refuses_with_its_code_and_ticks_where_there_is_sound(controller, context, hall, told, log):
    sounds = []
    lend(context, sounds=stub(Sounds, play=sounds.append))
    hall.clock.now = at("17:10")

    controller.issue(Draft(Choice("A")))

    assert told == [("refused", "issue", "last_ticket")]
    assert log("issue") == []
    assert not controller.busy
    assert sounds == ["tick"]


def test_the_last_ticket_is_that_of_the_person_here(controller, hall, catch_up):
    controller.issue(Draft(Choice("A")))
    hall.issue("B")
    catch_up()

    assert controller.last_ticket().label == "A001"


def test_a_ticket_that_is_being_served_can_not_be_undone(controller, hall, told, catch_up):
    controller.issue(Draft(Choice("A")))
    hall.call("1")
    calling.start(hall.desk, hall.ask(), "1")
    catch_up()

    assert controller.undoable() is None
    assert told[-1] == ("refused", "void", "wrong_state")
