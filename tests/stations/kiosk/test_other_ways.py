"""At a peak the kiosk offers the other ways that a service has, counts the answer, and slip and display name them."""

from __future__ import annotations

import pytest

from queuedesk.app.services import slips
from queuedesk.stations.display.texts import elsewhere_lines
from tests.hall import ADMIN
from tests.stations.kiosk.conftest import Kiosk


@pytest.fixture
def peak(kiosk: Kiosk) -> Kiosk:
    """Pay a bill has two other ways, to be named from the wait that is told now."""
    hall = kiosk.hall
    hall.do("set-row", "services", "A", {"elsewhere": ["self_service", "bank"]}, who=ADMIN)
    hall.do("set-setting", "peak_minutes", 1, who=ADMIN)
    hall.queue(*"AAAAAAAA")
    kiosk.follow()
    kiosk.pass_seconds(11)
    return kiosk


def offers(kiosk: Kiosk) -> list[tuple[str, bool]]:
    kiosk.follow()
    return [(one.to, one.accepted) for one in kiosk.hall.whole().offers]


def test_whoever_goes_elsewhere_takes_no_ticket_and_whoever_stays_gets_one(peak: Kiosk) -> None:
    before = len(peak.issued())
    peak.service("A")
    assert (peak.sheet, len(peak.issued())) == ("elsewhere", before)
    keys = peak.view.sheet.keys
    assert [keys[code].accessibleName() for code in ("to self_service", "to bank")] == ["Self-service", "Bank"]

    peak.answer("to bank")
    assert (offers(peak), peak.sheet) == ([("bank", True)], "goes"), "who goes is counted"
    assert peak.view.sheet.said.sentence.startswith("Bank: you don't need a ticket.")
    peak.answer("ok")
    assert (peak.stage, peak.sheet, len(peak.issued())) == ("greeting", "", before)
    assert peak.hall.log()[-1].actor == "station:K1"

    peak.next_customer()
    peak.service("A")
    peak.answer("go")
    assert peak.stage == "ticket"
    assert offers(peak)[1:] == [("self_service", False)], "who stays is counted once"
    label = peak.issued()[-1].ticket or ""
    slip = slips.ticket_slip(peak.hall.whole(), peak.hall.date, label, peak.hall.clock())
    assert {slip.elsewhere, slip.also.elsewhere if slip.also else ""} >= {"其他办理渠道：自助机、银行"}

    state, now = peak.hall.whole(), peak.hall.clock()
    (line,) = elsewhere_lines(peak.does.state, now)
    assert line.startswith("Pay a bill: "), "the display names them during the peak"
    assert line.endswith("Also possible: Self-service, Bank.")
    assert state.setup_now is not None
    peak.hall.do("set-setting", "peak_minutes", 240, who=ADMIN)
    peak.follow()
    assert elsewhere_lines(peak.does.state, now) == []


def test_nothing_is_offered_otherwise(peak: Kiosk) -> None:
    peak.service("B")
    assert (peak.stage, offers(peak)) == ("ticket", []), "no other way"

    peak.next_customer()
    peak.does.choose_class("elderly")
    peak.service("A")
    assert (peak.stage, offers(peak)) == ("ticket", []), "priority"

    peak.next_customer()
    peak.does.set_several(True)
    peak.service("A")
    peak.service("B")
    peak.ms[0] += 1000
    peak.does.take_chosen()
    peak.wait_quietly()
    assert (peak.stage, offers(peak)) == ("ticket", []), "several"

    peak.next_customer()
    peak.service("A")
    assert peak.sheet == "elsewhere"
    peak.answer("no")
    assert (peak.stage, peak.sheet, offers(peak)) == ("greeting", "", []), "going back counts nothing"

    peak.hall.do("set-hall", {"features": []}, who=ADMIN)
    peak.follow()
    peak.service("A")
    assert (peak.stage, offers(peak)) == ("ticket", []), "a hall that offers no other way"
    peak.next_customer()

    peak.hall.do("set-hall", {"features": ["why_come"]}, who=ADMIN)
    peak.hall.do("set-setting", "peak_minutes", 0, who=ADMIN)
    peak.follow()
    peak.service("A")
    assert (peak.stage, offers(peak)) == ("ticket", []), "no peak"
