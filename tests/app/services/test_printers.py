"""The printer of this PC: a receipt printer on the network as a station uses it."""

import threading

import pytest
import zxingcpp

from queuedesk.app.services import printers
from queuedesk.app.services.papers import PaperTools
from queuedesk.core.errors import OutsideError, RuleError
from queuedesk.printing import escpos
from queuedesk.printing.qr import read_ticket_text
from tests.bounded import Stopwatch
from tests.hall import DAY, make_hall
from tests.printing.test_escpos_printer import dots
from tests.printing.virtual_printer import VirtualPrinter


@pytest.fixture
def printer(monkeypatch):
    monkeypatch.setattr(escpos, "_answering", set())
    with VirtualPrinter() as one:
        yield one


@pytest.fixture
def told():
    return []


@pytest.fixture
def paper(tmp_path, qapp, monkeypatch, told):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    hall = make_hall(tmp_path)
    hall.issue("A")
    return PaperTools(hall.desk, hall.clock, told.append)


def test_a_ticket_comes_out_of_the_printer_chosen_for_this_pc(paper, printer, told):
    printers.choose_printer(printer.choice)
    done = paper.print_ticket(DAY.date(), "A001")
    [slip] = printer.wait_for_slips(1)

    assert done == {"printed": True, "printer": printer.choice, "error": None, "warning": ""}
    assert read_ticket_text(zxingcpp.read_barcodes(dots(slip))[0].text).label == "A001"
    assert told == [None]


@pytest.mark.parametrize(("state", "cause"), [("paper_out", "out_of_paper"), ("cover", "cover_open")])
def test_why_nothing_came_out_is_told(paper, printer, told, state, cause):
    printer.state = state
    done = paper.print_ticket(DAY.date(), "A001", printer=printer.choice)

    assert (done["printed"], done["error"].code, done["error"].details["cause"]) == (False, "printer_refused", cause)
    assert told == [cause]
    assert printers.printer_status(printer.choice) == {"cause": cause, "warning": ""}


def test_little_paper_is_a_warning_and_no_outage(paper, printer, told):
    printer.state = "paper_low"
    done = paper.print_ticket(DAY.date(), "A001", printer=printer.choice)

    assert (done["printed"], done["warning"], told) == (True, "paper_low", [None])


def test_two_stations_of_a_pc_print_one_after_the_other(paper, printer):
    def give():
        paper.print_ticket(DAY.date(), "A001", printer=printer.choice)

    both = [threading.Thread(target=give) for _ in range(3)]
    for one in both:
        one.start()
    for one in both:
        one.join()

    assert [len(zxingcpp.read_barcodes(dots(slip))) for slip in printer.wait_for_slips(3)] == [1, 1, 1]


def test_a_cable_that_stays_in_use_is_not_waited_for_for_ever(paper, printer):
    printers.choose_printer(printer.choice)
    with Stopwatch() as took, printers.only_here(printer.choice):
        with pytest.raises(OutsideError) as refused, printers.only_here(printer.choice, 0.2):
            pass
        assert printers.watched_status(is_down=False) is None

    assert (refused.value.code, refused.value.details["cause"]) == ("printer_refused", "slow")
    assert took.s < 2
    assert printers.watched_status(is_down=False) == {"cause": "", "warning": ""}


def test_nonsense_is_not_chosen(paper):
    with pytest.raises(RuleError, match="bad_printer"):
        printers.choose_printer("escpos:net:")
    assert paper.print_ticket(DAY.date(), "A001", printer="escpos:net:")["error"].code == "no_printer"
