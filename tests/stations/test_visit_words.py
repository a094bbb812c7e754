"""A ticket for several services says everywhere that its wait is that of the first one, and what comes then."""

from datetime import timedelta
from pathlib import Path

import pytest

from queuedesk import i18n
from queuedesk.app.services.papers import ticket_slip
from queuedesk.core.network.roles import Role
from queuedesk.core.queue.overview import standing
from queuedesk.desk import looking
from queuedesk.printing.outputs import lay_out
from queuedesk.stations.guide.texts import Choice, Draft, next_ticket, ticket_facts, windows_row
from queuedesk.stations.guide.ticket.drafting import rail_text
from queuedesk.stations.kiosk.pages import place_facts, told_facts
from tests.cli.commands import Console
from tests.hall import Hall, simple_hall
from tests.printing import slips

ALWAYS = [{"days": "1-7", "from": "0:00", "to": "24:00"}]


@pytest.fixture(params=["en", "zh_CN"])
def dentist(tmp_path: Path, request: pytest.FixtureRequest) -> Hall:
    """Two rooms of a practice in one language: three wait for the dentist, nobody for the hygienist."""
    names = {"en": ("Dentist", "Hygienist"), "zh_CN": ("牙医", "洗牙")}[request.param]
    services = [
        {"code": code, "name": name, "name_en": name, "prefix": code, "hours": ALWAYS, "handling_target": 10}
        for code, name in zip("DH", names, strict=True)
    ]
    windows = [{"code": n, "name": n, "name_en": n, "services": [code]} for n, code in zip("123", "DDH", strict=True)]
    hall = simple_hall(tmp_path, services=services, windows=windows)
    for n in "123":
        hall.open(n, f"C{n}")
    hall.queue(*"DDDDD")
    hall.call("1")
    hall.call("2")
    hall.clock.move(minutes=1)
    i18n.use(request.param)
    return hall


TOLD = {
    "en": ("First wait", "First wait about", "Then", "Then Hygienist", "Window 3", "Dentist: the first wait"),
    "zh_CN": ("第一项等候", "第一项大约等", "再办", "再办 洗牙", "3 号窗口", "牙医：第一项等候"),
}


def test_all_name_what_comes_after_the_first_wait(dentist: Hall) -> None:
    first, about, then, then_service, window, entry = TOLD[i18n.current()]
    name = then_service.removeprefix(then).strip()
    hall, now = dentist, dentist.clock()
    state = looking.hall_now(hall.desk, now)
    draft = Draft(Choice("D"), then=(Choice("H"),))
    rail = [row[:2] for row in rail_text(state, draft, next_ticket(state, draft, now), None).rows]
    label = hall.issue("D", then=["H"])
    state = looking.hall_now(hall.desk, now)
    ticket = state.tickets[hall.date, label]
    card = dict(ticket_facts(state, ticket, now, Role.GUIDE).facts)
    stands = standing(state, ticket, now)
    kiosk = [
        (word, " ".join(run.text for run in runs)) for word, runs in told_facts(state, "DH", stands.ahead, stands.wait)
    ]
    place = [(word, " ".join(run.text for run in runs)) for word, runs in place_facts(state, ticket, now)]
    slip = ticket_slip(state, hall.date, label, now)
    paper = slips.words(lay_out(slip, 576))

    assert [name for name, _figure in rail][1] == first
    assert rail[3:] == [(then, name), windows_row(("3",))]
    assert first in card
    assert card[then] == slip.steps[1]
    assert slip.steps[1].endswith(window)
    assert kiosk[1][0] in (first, about)
    assert kiosk[-1] == (then_service, window)
    assert place[-1] == (then_service, window)
    assert {first, about} & set(paper)
    assert entry in paper
    assert any(line.startswith(then_service) and line.endswith(window) for line in paper)


def test_one_service_alone_has_no_first_wait(dentist: Hall) -> None:
    hall, now = dentist, dentist.clock()
    label = hall.issue("D")
    state = looking.hall_now(hall.desk, now)
    stands = standing(state, state.tickets[hall.date, label], now)
    told = [word for word, _runs in told_facts(state, "D", stands.ahead, stands.wait)]
    paper = slips.words(lay_out(ticket_slip(state, hall.date, label, now + timedelta(seconds=1), reprint=True), 576))

    assert not {*told, *paper} & set(TOLD[i18n.current()])


def test_the_command_names_what_comes_then(dentist: Hall, capsys: pytest.CaptureFixture[str]) -> None:
    said = Console(dentist.path, capsys.readouterr, dentist.clock).say("issue", "D", "--then", "H").out

    assert said.strip().endswith("Then H")
