"""The kiosk says where else somebody could go while many wait, and counts who goes and who stays."""

from collections.abc import Callable

import pytest

from queuedesk.app.services import papers
from queuedesk.i18n.queue.display_words import peak_alternative_sentences
from tests.features.kiosk.conftest import Kiosk
from tests.hall import ADMIN


@pytest.fixture
def peak(kiosk: Kiosk) -> Kiosk:
    """Pay a bill has two other ways, to be named from the wait that is told now."""
    kiosk.hall.do("set-row", "services", "A", {"elsewhere": ["self_service", "bank"]}, who=ADMIN)
    kiosk.hall.do("set-setting", "peak_minutes", 1, who=ADMIN)
    kiosk.hall.queue(*"AAAAAAAA")
    kiosk.follow()
    kiosk.pass_seconds(11)
    return kiosk


def offers(kiosk: Kiosk) -> list[tuple[str, bool]]:
    kiosk.follow()
    return [(one.to, one.accepted) for one in kiosk.hall.whole().offers]


def test_whoever_goes_elsewhere_takes_no_ticket_and_whoever_stays_gets_one(peak: Kiosk) -> None:
    before = len(peak.issued())
    peak.service("A")
    keys = peak.view.sheet.keys
    assert (peak.sheet, len(peak.issued())) == ("elsewhere", before)
    assert [keys[code].accessibleName() for code in ("to self_service", "to bank")] == ["Self-service", "Bank"]
    peak.answer("no")
    assert (peak.stage, peak.sheet, offers(peak)) == ("greeting", "", []), "going back counts nothing"
    peak.service("A")
    peak.answer("to bank")
    assert (offers(peak), peak.sheet) == ([("bank", True)], "goes"), "who goes is counted"
    assert peak.view.sheet.said.sentence.startswith("Bank: you don't need a ticket.")
    peak.answer("ok")
    assert (peak.stage, peak.sheet, len(peak.issued())) == ("greeting", "", before)
    assert peak.hall.last().actor == "station:K1"
    peak.next_customer()
    peak.service("A")
    peak.answer("go")
    assert (peak.stage, offers(peak)[1:]) == ("ticket", [("self_service", False)]), "who stays is counted once"
    slip = papers.ticket_slip(peak.hall.whole(), peak.hall.date, peak.issued()[-1].ticket, peak.hall.clock())
    assert {slip.elsewhere, slip.also.elsewhere if slip.also else ""} >= {"其他办理渠道：自助机、银行"}
    (line,) = peak_alternative_sentences(peak.does.hall_state, peak.hall.clock())
    assert line.startswith("Pay a bill: "), "the display names them during the peak"
    assert line.endswith("Also possible: Self-service, Bank.")
    peak.meanwhile("set-setting", "peak_minutes", 240, who=ADMIN)
    assert peak_alternative_sentences(peak.does.hall_state, peak.hall.clock()) == []


def test_nothing_is_offered_otherwise(peak: Kiosk) -> None:
    def several() -> None:
        peak.does.set_choosing_several_services(True)
        peak.service("A")
        peak.service("B")
        peak.ms[0] += 1000
        peak.does.take_ticket_for_chosen()
        peak.wait_quietly()

    def taken(change: Callable[[], object]) -> None:
        change()
        peak.service("A")

    for take in (
        lambda: peak.service("B"),  # which has no other way
        lambda: taken(lambda: peak.does.choose_priority_class("elderly")),
        several,
        lambda: taken(lambda: peak.meanwhile("set-hall", {"features": []}, who=ADMIN)),  # a hall that offers none
    ):
        take()
        assert (peak.stage, offers(peak)) == ("ticket", [])
        peak.next_customer()
    peak.hall.do("set-hall", {"features": ["why_come"]}, who=ADMIN)
    taken(lambda: peak.meanwhile("set-setting", "peak_minutes", 0, who=ADMIN))
    assert (peak.stage, offers(peak)) == ("ticket", []), "no peak"
