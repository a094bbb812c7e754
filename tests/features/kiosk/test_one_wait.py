"""Kiosk, display, front desk, slip and command say the same of a wait at one moment."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication

from queuedesk import i18n
from queuedesk.app.services.papers import ticket_slip
from queuedesk.core.log.state import HallState
from queuedesk.core.network.roles import Role
from queuedesk.core.queue.overview import line_position_and_wait, service_lines
from queuedesk.desk import looking
from queuedesk.features.kiosk.pages.keys import ServiceKey
from queuedesk.features.kiosk.pages.texts import new_ticket_facts, ticket_position_facts
from queuedesk.i18n import LANGUAGES
from queuedesk.i18n.moments import JOINER
from queuedesk.i18n.queue.line_words import ahead_count_label, screen_reader_wait_text, why_not_called_now_sentence
from queuedesk.printing.slip_contents import TicketSlip
from queuedesk.printing.slip_layout import lay_out_slip
from queuedesk.stations.display.view import DisplayView
from queuedesk.stations.guide import texts
from queuedesk.stations.guide.drafting import next_ticket_texts_for_print_rail
from queuedesk.stations.widgets.lists.tiles import ServiceTile
from tests.cli.commands import Console
from tests.every_day import walked_in
from tests.hall import ADMIN, Hall, simple_hall
from tests.printing import slips
from tests.stations.all_stations import AllStations
from tests.stations.whole_words import drawn

ALWAYS = [{"days": "1-7", "from": "0:00", "to": "24:00"}]
MINUTES = {"A": 5, "B": 10, "C": 5, "D": None, "E": 90, "F": 30}
WORDS = {"A": "no wait", "B": "about 15\u2060–\u206060 min", "C": "no window open"}
WORDS |= {"D": "wait not known yet", "E": "more than 4 hours", "F": "perhaps not today"}
"""A window is free; three wait; no window is open; nobody knows how long it takes; too many wait for a day; the window
closes before it comes to the next."""


def hall_with(folder: Path, services: Mapping[str, Any], windows: Iterable[str], **more: Any) -> Hall:
    """Make a hall with services, which have names and take so long, and a window that is open for each of `windows`."""
    rows = [
        {"code": code, "name": name, "name_en": name, "prefix": code, "hours": ALWAYS, "handling_target": minutes}
        for code, (name, minutes) in services.items()
    ]
    places = [{"code": str(n), "name": str(n), "services": [*codes]} for n, codes in enumerate(windows, 1)]
    staff = [{"code": f"C{n}", "name": f"C{n}", "role": "clerk"} for n in range(1, 6)]
    staff.append({"code": "M1", "name": "M1", "role": "manager"})
    hall = simple_hall(folder, services=rows, windows=places, staff=staff, **more)
    for n in range(1, len(places) + 1):
        hall.open(str(n), f"C{n}")
    return hall


def every_wait(folder: Path) -> Hall:
    roster = [{"window": "5", "staff": "C5", "from": "08:00", "to": "09:10"}]
    hall = hall_with(folder, {code: (code, minutes) for code, minutes in MINUTES.items()}, "ABDEF", roster=roster)
    hall.play("queue B D E F", "call 2", "call 3", "call 4", "call 5", 1, "queue B B B D E E E E F")
    return hall


def one_window_for_all(folder: Path) -> Hall:
    """Make a hall with one window for three services: nobody waits for the third, seven are before an asker."""
    names = {"A": "Check-up", "B": "Cleaning", "C": "Questions about bills and payment"}
    hall = hall_with(folder, {code: (name, 10) for code, name in names.items()}, ["ABC"])
    hall.play("queue A A A A B B B B", "call 1", 1)
    return hall


def check_up_and_hygiene(folder: Path) -> Hall:
    """Make a hall with a check-up that hygiene follows, each in a room of its own: one patient is in check-up and goes
    on to hygiene, where another one is and nobody waits."""
    hall = hall_with(folder, {"C": ("Check-up", 15), "H": ("Hygiene", 30)}, "CH")
    hall.issue("C", then=["H"])
    hall.play("queue H", "call 1", "start 1", "call 2", "start 2", 5)
    return hall


pytestmark = pytest.mark.hall(make=every_wait)
shared, clinic = pytest.mark.hall(make=one_window_for_all), pytest.mark.hall(make=check_up_and_hygiene)


@pytest.fixture
def lang(request: pytest.FixtureRequest) -> str:
    """Speak a language that a test names, or English."""
    i18n.choose_language(getattr(request, "param", "en"))
    return i18n.current_language()


@pytest.fixture
def stations(hall: Hall, lang: str, qapp: QApplication) -> Iterator[AllStations]:
    made = AllStations(hall, qapp, ("kiosk", "display", "guide"))
    made.must_stand_at(now_in(hall))
    yield made
    made.stop()


def now_in(hall: Hall) -> HallState:
    return looking.hall_state_now(hall.desk, hall.clock())


def slip_of(hall: Hall, label: str, **more: Any) -> TicketSlip:
    return ticket_slip(now_in(hall), hall.date, label, hall.clock(), **more)


def test_all_say_the_same_and_a_slip_what_the_hall_said_before_it(
    hall: Hall, stations: AllStations, capsys: pytest.CaptureFixture[str]
) -> None:
    kiosk, display, guide = (one.window for one in stations.stations)
    lines = {line.service: line for line in service_lines(now_in(hall), hall.clock())}
    aloud = {code: screen_reader_wait_text(line.wait, ahead=line.ahead) for code, line in lines.items()}
    console = Console(hall.path, capsys.readouterr, hall.clock)
    assert {line.letter: line.wait for line in display.findChild(DisplayView).lines.lines} == WORDS
    for window, kind in ((kiosk, ServiceKey), (guide, ServiceTile)):
        read = {one.text(): one.accessibleName() for one in window.findChildren(kind)}
        assert [code for code, words in aloud.items() if words not in read[code]] == []
    for code, words in WORDS.items():
        assert console.say("wait", "--service", code).out.strip().endswith(f", {words.replace(JOINER, '')}"), code
    told = console.ask("wait", "--service", "E")
    assert (told["wait"]["low"], told["wait"]["high"], told["wait_reason"]) == (240, None, "over_4_hours")
    assert told["wait"]["point"] > 240
    for code, words in WORDS.items():
        label = hall.issue(code)
        slip = slip_of(hall, label)
        said = " ".join(slips.words(lay_out_slip(slip, 576))).lower()
        assert words.removeprefix("about ").replace(JOINER, "") in said, code
        assert slip_of(hall, label, reprint=True).ahead == slip.ahead


def test_a_ticket_by_command_says_as_its_slip_does_that_it_may_not_be_called(tmp_path, capsys):
    hours = [{"days": "1-7", "from": "8:00", "to": "10:00"}]
    service = {"code": "A", "name": "A", "prefix": "A", "hours": hours, "handling_target": 15}
    hall = simple_hall(tmp_path, services=[service], windows=[{"code": "1", "services": ["A"]}])
    hall.open("1", "C1")
    console = Console(hall.path, capsys.readouterr, hall.clock)
    reaches = []
    for _ in range(7):
        answer = console.say("--json", "issue", "A")
        slip = slip_of(hall, answer.document["ticket"])
        assert list(slip.warnings) == answer.err.splitlines()
        reaches.append(answer.document.get("reach"))
    assert reaches == [None, None, None, "doubtful", "too_late", "too_late", "too_late"]
    assert slip.warnings == ("You may not be called today: we close at 10:00.",)


@shared
@pytest.mark.parametrize("lang", LANGUAGES, indirect=True)
def test_all_say_how_many_are_ahead_where_windows_are_shared_and_that_waits_count_from_now(hall, stations, lang):
    ahead, word = {"en": ("7 ahead in all", "Ahead, in all"), "zh_CN": ("前面共 7 人", "前面共")}[lang]
    kiosk, display, guide = (one.window for one in stations.stations)
    keys = [one.accessibleName() for one in kiosk.findChildren(ServiceKey)]
    tile = next(one for one in guide.findChildren(ServiceTile) if one.accessibleName().startswith("C"))
    line = next(line for line in display.findChild(DisplayView).lines.lines if line.letter == "C")
    assert (line.count, line.ahead) == ("0", ahead)
    assert [key for key in keys if ahead in key] == keys
    for window in (tile, display):
        assert ahead in " ".join(word.text for word in drawn(window).words), "below a name in two lines too"
    assert looking.wait_of_new_ticket(hall.desk, "C", hall.clock())["ahead"] == 7
    slip = slip_of(hall, hall.issue("C"))
    assert (slip.ahead, ahead_count_label(slip.ahead_of_all)) == (7, word)
    hall.do("set-hall", {"words": {"ticket": "number"}}, who=ADMIN)
    stations.must_stand_at(now_in(hall))
    on_display, on_kiosk = {
        "en": ("Wait if you take a number now", "Touch to get a number. Waits count from now."),
        "zh_CN": ("现在取号要等多久", "点一下，即可取号。等候时间从现在算起。"),
    }[lang]
    assert on_display in {word.text for word in drawn(display).words}, "for who takes a number now"
    assert on_kiosk in "".join(word.text for word in drawn(kiosk).words), "for who takes a number now"


@clinic
@pytest.mark.parametrize("lang", walked_in("zh_CN"), indirect=True)
def test_all_count_who_goes_on_from_another_service_before_the_asker(hall, stations, lang, capsys):
    ahead, word, short, why = {
        "en": ("1 ahead in all", "Ahead, in all", "1 ahead", "from another service"),
        "zh_CN": ("前面共 1 人", "前面共", "前面 1 人", "办完别的业务"),
    }[lang]
    kiosk, display, guide = (one.window for one in stations.stations)
    key = next(one for one in kiosk.findChildren(ServiceKey) if "Hygiene" in one.accessibleName())
    tile = next(one for one in guide.findChildren(ServiceTile) if one.accessibleName().startswith("Hygiene"))
    lines = {line.letter: line for line in display.findChild(DisplayView).lines.lines}
    assert ahead in key.accessibleName() and ahead in tile.accessibleName()
    for window in (kiosk, tile, display):
        seen = "".join(word.text for word in drawn(window).words).replace(" ", "")
        assert ahead.replace(" ", "") in seen, "seen, not only read aloud"
    assert (lines["H"].count, lines["H"].ahead, lines["C"].ahead) == ("0", ahead, "")
    told = looking.wait_of_new_ticket(hall.desk, "H", hall.clock())
    assert (told["ahead"], told["coming"]) == (0, 1), "of those who wait nobody is ahead"
    assert "  1 ahead in all, " in Console(hall.path, capsys.readouterr, hall.clock).say("wait", "--service", "H").out
    i18n.choose_language(lang)
    document = hall.do("issue", "H")
    state = now_in(hall)
    ticket = state.tickets[hall.date, document["ticket"]]
    assert (document["ahead"], document["coming"]) == (0, 1)
    slip = slip_of(hall, ticket.label)
    assert (slip.ahead, ahead_count_label(slip.ahead_of_all)) == (1, word)
    assert slip_of(hall, ticket.label, reprint=True).ahead == 1
    assert ticket_position_facts(state, ticket, hall.clock())[0][1][0].text == "1"
    assert texts.ticket_state_summary(state, ticket, hall.clock()).startswith(short)
    assert why in why_not_called_now_sentence(state, ticket, hall.clock())


def before(hall: Hall, label: str) -> tuple[int, int]:
    """Return how many stand in line before a ticket, and how many come on from another service."""
    state = now_in(hall)
    stands = line_position_and_wait(state, state.tickets[hall.date, label], hall.clock())
    return stands.ahead, stands.coming


@clinic
def test_none_are_counted_who_will_not_be_called_before(hall: Hall) -> None:
    """Not who came later, nor who is not done with the earlier service in time."""
    first = hall.issue("H")
    assert before(hall, first) == (0, 1)
    hall.queue(*"C" * 9)
    hall.issue("C", then=["H"])
    coming = looking.wait_of_new_ticket(hall.desk, "H", hall.clock())["coming"]
    assert coming == 1, "not who has nine before them in check-up"
    hall.do("finish", "1")
    assert before(hall, first) == (1, 0), "who comes on stands in line now: the same person, told the same"
    hall.call("1", ticket=hall.issue("C", then=["H"]), reason="other")
    assert before(hall, first) == (1, 0), "one stands there by now, the other came later"
    told = looking.wait_of_new_ticket(hall.desk, "H", hall.clock())
    assert (told["ahead"], told["coming"]) == (2, 1), "both are before whoever comes now"


@shared
def test_nobody_is_counted_twice_where_a_window_serves_both_services(hall: Hall) -> None:
    hall.issue("A", then=["C"])
    told = looking.wait_of_new_ticket(hall.desk, "C", hall.clock())
    assert (told["ahead"], told.get("coming")) == (8, None)


@pytest.fixture
def dentist(tmp_path: Path, lang: str) -> Hall:
    """A practice in one language: three wait for the dentist, nobody for the hygienist."""
    names = {"en": ("Dentist", "Hygienist"), "zh_CN": ("牙医", "洗牙")}[lang]
    hall = hall_with(tmp_path, {code: (name, 10) for code, name in zip("DH", names, strict=True)}, "DDH")
    hall.play("queue D D D D D", "call 1", "call 2", 1)
    i18n.choose_language(lang)
    return hall


TOLD = {
    "en": ("First wait", "First wait about", "Then", "Then Hygienist", "Window 3", "Dentist: the first wait"),
    "zh_CN": ("第一项等候", "第一项大约等", "再办", "再办 洗牙", "3 号窗口", "牙医：第一项等候"),
}


@pytest.mark.parametrize("lang", LANGUAGES, indirect=True)
def test_all_name_what_comes_after_the_first_wait(dentist: Hall, lang: str, capsys: pytest.CaptureFixture[str]) -> None:
    hall = dentist
    first, about, then, then_service, window, entry = TOLD[lang]
    name, now = then_service.removeprefix(then).strip(), hall.clock()
    state = now_in(hall)
    draft = texts.TicketDraft(texts.ChosenServiceOrItem("D"), then=(texts.ChosenServiceOrItem("H"),))
    preview = texts.next_ticket_preview(state, draft, now)
    rail = [row[:2] for row in next_ticket_texts_for_print_rail(state, draft, preview, None).rows]
    label = hall.issue("D", then=["H"])
    state = now_in(hall)
    ticket = state.tickets[hall.date, label]
    card = dict(texts.ticket_card_facts(state, ticket, now, Role.GUIDE).facts)
    stands = line_position_and_wait(state, ticket, now)
    told = new_ticket_facts(state, "DH", stands.ahead, stands.wait), ticket_position_facts(state, ticket, now)
    kiosk, place = ([(word, " ".join(run.text for run in runs)) for word, runs in facts] for facts in told)
    slip = slip_of(hall, label)
    paper = slips.words(lay_out_slip(slip, 576))
    assert [name for name, _figure in rail][1] == first
    assert rail[3:] == [(then, name), texts.windows_label_and_codes(("3",))]
    assert first in card and card[then] == slip.steps[1]
    assert slip.steps[1].endswith(window)
    assert kiosk[1][0] in (first, about)
    assert kiosk[-1] == place[-1] == (then_service, window)
    assert {first, about} & set(paper) and entry in paper
    assert any(line.startswith(then_service) and line.endswith(window) for line in paper)
    # One service alone has no first wait, and the command names what comes then.
    alone = hall.issue("D")
    state = now_in(hall)
    stands = line_position_and_wait(state, state.tickets[hall.date, alone], now)
    told = [word for word, _runs in new_ticket_facts(state, "D", stands.ahead, stands.wait)]
    paper = slips.words(lay_out_slip(slip_of(hall, alone, reprint=True), 576))
    assert not {*told, *paper} & set(TOLD[lang])
    said = Console(hall.path, capsys.readouterr, hall.clock).say("issue", "D", "--then", "H").out
    assert said.strip().endswith("Then H")
