"""A kiosk whose PC has no printer offers nothing that prints; a hall without slips is asked for none."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from queuedesk import i18n
from queuedesk.core.network.roles import station
from queuedesk.desk.talk import devices
from queuedesk.stations.kiosk.station import SEEK_PRINTER_EVERY
from queuedesk.stations.window.services import Printers
from tests.hall import Hall
from tests.stations.kiosk.conftest import Kiosk
from tests.stations.kiosk.test_reading import row
from tests.stations.kiosk.test_slow_printer import BusyPrinter
from tests.stations.stubs import lend, stub
from tests.stations.whole_words import drawn

SCAN = "Or hold the code on your ticket up to the scanner"


@pytest.fixture
def kept() -> list[str]:
    """The printer of the kiosk's PC: the last of the list, none at first."""
    return [""]


@pytest.fixture
def bare(make_kiosk: Callable[..., Kiosk], hall: Hall, kept: list[str]) -> Kiosk:
    kiosk = make_kiosk(hall)
    lend(kiosk.page.context, printers=stub(Printers, printers=lambda: ["P"], chosen_printer=lambda: kept[-1]))
    kiosk.does.taking.look_for_printer()
    return kiosk


def words(kiosk: Kiosk) -> str:
    return " ".join(word.text for word in drawn(kiosk.page).words)


def test_a_number_is_to_be_remembered_from_the_first_moment(bare: Kiosk):
    bare.page.context.tasks = BusyPrinter()
    bare.service("A")
    for language, title, told in (
        ("en", "Please remember your number", "The display and the voice will call your number."),
        ("zh_CN", "请记下您的号码", "叫到您时，大屏会显示、语音会播报您的号码。"),
    ):
        i18n.use(language)
        bare.page.retranslate()
        said = bare.view.ticket.said
        assert (said.to_note, said.title, said.last) == (True, title, told)


def test_nothing_is_offered_that_prints(bare: Kiosk, kept: list[str]):
    for _day in range(3):
        bare.hall.clock.now += timedelta(days=1)
        bare.hall.queue("A", "A", "B")
    bare.follow()
    for is_printing in (False, True):
        if is_printing:
            kept.append("P")
            bare.hall.clock.now += SEEK_PRINTER_EVERY
            bare.page.tick(bare.hall.clock())
        bare.side("where")
        bare.pad("A001")
        assert bare.view.where.reprint_key.isVisible() is is_printing
        bare.does.home()
        bare.side("info")
        assert bare.view.search.quiet_key.isVisible() is is_printing
        row(bare, "Account services")
        row(bare, "Change of name")
        assert bare.view.info.print_key.isVisible() is is_printing
        assert ("Print" in words(bare)) is is_printing
        bare.does.home()


def test_a_slip_that_finds_no_printer_shows_that_there_is_none(make_kiosk: Callable[..., Kiosk], hall: Hall):
    kiosk = make_kiosk(hall, printer=False)
    kiosk.service("A")
    assert kiosk.view.ticket.said.title == "Please remember your number"
    kiosk.does.home()
    kiosk.side("where")
    assert not kiosk.view.where.reprint_key.isVisible()


def test_a_scanner_is_spoken_of_only_where_the_hall_prints_slips(bare: Kiosk):
    bare.side("where")
    assert bare.view.where.said.hint == ""
    bare.pad("A001")
    assert bare.view.where.said.hint == "For another ticket, enter its letter and digits"
    bare.does.home()

    devices.report(bare.hall.desk, bare.hall.ask(station("guide")), "printer", "guide", "out_of_paper")
    bare.follow()
    bare.side("where")
    assert bare.view.where.said.hint == SCAN, "the front desk prints, though it is out of paper"
    devices.report(bare.hall.desk, bare.hall.ask(station("guide")), "printer", "guide", "stopped")
    bare.follow()
    bare.does.home()
    bare.side("where")
    assert bare.view.where.said.hint == "", "it was given up for numbers by hand"
