"""Kiosk, display, front desk, slip and command say the same of a wait at one moment."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from queuedesk import i18n
from queuedesk.app.services.papers import ticket_slip
from queuedesk.core.queue.overview import service_lines, standing
from queuedesk.desk import looking
from queuedesk.i18n.moments import JOINER
from queuedesk.i18n.queue.line_words import why_now
from queuedesk.i18n.queue.wait_words import ahead_word, spoken_wait
from queuedesk.printing.outputs import lay_out
from queuedesk.stations.display.view import DisplayView
from queuedesk.stations.guide.texts import short_facts
from queuedesk.stations.kiosk.keys import ServiceKey
from queuedesk.stations.kiosk.pages import place_facts
from queuedesk.stations.widgets.lists.tiles import ServiceTile
from tests.cli.commands import Console
from tests.every_day import walked_in
from tests.hall import ADMIN, Hall, made_once, simple_hall
from tests.printing import slips
from tests.stations.all_stations import AllStations
from tests.stations.english import english  # noqa: F401  # a fixture
from tests.stations.whole_words import drawn

ALWAYS = [{"days": "1-7", "from": "0:00", "to": "24:00"}]
MINUTES = {"A": 5, "B": 10, "C": 5, "D": None, "E": 90, "F": 30}
WORDS = {
    "A": "no wait",
    "B": "about 15\u2060–\u206060 min",
    "C": "no window open",
    "D": "wait not known yet",
    "E": "more than 4 hours",
    "F": "perhaps not today",
}
"""A window is free; three wait; no window is open; nobody knows how long it takes; too many wait for a day; the window
closes before it comes to the next."""


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    return made_once(tmp_path, every_wait)


def every_wait(folder: Path) -> Hall:
    services = [
        {"code": code, "name": code, "name_en": code, "prefix": code, "hours": ALWAYS, "handling_target": minutes}
        for code, minutes in MINUTES.items()
    ]
    windows = [{"code": str(n), "name": str(n), "services": [code]} for n, code in enumerate("ABDEF", 1)]
    staff = [{"code": f"C{n}", "name": f"C{n}", "role": "clerk"} for n in range(1, 6)]
    staff.append({"code": "M1", "name": "M1", "role": "manager"})
    roster = [{"window": "5", "staff": "C5", "from": "08:00", "to": "09:10"}]
    hall = simple_hall(folder, services=services, windows=windows, staff=staff, roster=roster)
    for n in range(1, 6):
        hall.open(str(n), f"C{n}")
    hall.queue(*"BDEF")
    for n in range(2, 6):
        hall.call(str(n))
    hall.clock.move(minutes=1)
    hall.queue(*"BBBDEEEEF")
    return hall


@pytest.fixture
def stations(hall: Hall, qapp: QApplication) -> Iterator[AllStations]:
    made = AllStations(hall, qapp, ("kiosk", "display", "guide"))
    yield made
    made.stop()


def test_all_say_the_same(hall: Hall, stations: AllStations, capsys: pytest.CaptureFixture[str]) -> None:
    stations.must_stand_at(looking.hall_now(hall.desk, hall.clock()))
    kiosk, display, guide = (one.window for one in stations.stations)
    lines = {line.service: line for line in service_lines(looking.hall_now(hall.desk, hall.clock()), hall.clock())}
    aloud = {code: spoken_wait(line.wait, ahead=line.ahead) for code, line in lines.items()}

    console = Console(hall.path, capsys.readouterr, hall.clock)
    view = display.findChild(DisplayView)
    assert {line.letter: line.wait for line in view.lines.lines} == WORDS
    keys = {one.text(): one.accessibleName() for one in kiosk.findChildren(ServiceKey)}
    tiles = {one.text(): one.accessibleName() for one in guide.findChildren(ServiceTile)}
    for code, words in aloud.items():
        assert words in keys[code], code
        assert words in tiles[code], code
    for code, words in WORDS.items():
        assert console.say("wait", "--service", code).out.strip().endswith(f", {words.replace(JOINER, '')}"), code
    told = console.ask("wait", "--service", "E")
    assert (told["wait"]["low"], told["wait"]["high"], told["wait_reason"]) == (240, None, "over_4_hours")
    assert told["wait"]["point"] > 240


def test_a_slip_says_what_the_hall_said_before_it(hall: Hall) -> None:
    for code, words in WORDS.items():
        label = hall.issue(code)
        state = looking.hall_now(hall.desk, hall.clock())
        slip = ticket_slip(state, hall.date, label, hall.clock())
        said = " ".join(slips.words(lay_out(slip, 576))).lower()
        assert words.removeprefix("about ").replace(JOINER, "") in said, code
        again = ticket_slip(state, hall.date, label, hall.clock() + timedelta(seconds=1), reprint=True)
        assert again.ahead == slip.ahead


def test_a_ticket_by_command_says_as_its_slip_does_that_it_may_not_be_called(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    hours = [{"days": "1-7", "from": "8:00", "to": "10:00"}]
    service = {"code": "A", "name": "A", "prefix": "A", "hours": hours, "handling_target": 15}
    hall = simple_hall(tmp_path, services=[service], windows=[{"code": "1", "services": ["A"]}])
    hall.open("1", "C1")
    console = Console(hall.path, capsys.readouterr, hall.clock)
    reaches = []
    for _ in range(7):
        answer = console.say("--json", "issue", "A")
        document = json.loads(answer.out)
        slip = ticket_slip(looking.hall_now(hall.desk, hall.clock()), hall.date, document["ticket"], hall.clock())
        assert list(slip.warnings) == answer.err.splitlines()
        reaches.append(document.get("reach"))

    assert reaches == [None, None, None, "doubtful", "too_late", "too_late", "too_late"]
    assert slip.warnings == ("You may not be called today: we close at 10:00.",)


@pytest.fixture
def shared_hall(tmp_path: Path) -> Hall:
    return made_once(tmp_path, one_window_for_all)


def one_window_for_all(folder: Path) -> Hall:
    """Make a hall whose one window serves all three services: nobody waits for the third, seven are before whoever asks
    for it."""
    services = [
        {"code": code, "name": code, "name_en": name, "prefix": code, "hours": ALWAYS, "handling_target": 10}
        for code, name in (("A", "Check-up"), ("B", "Cleaning"), ("C", "Questions about bills and payment"))
    ]
    hall = simple_hall(folder, services=services, windows=[{"code": "1", "name": "1", "services": ["A", "B", "C"]}])
    hall.open("1", "C1")
    hall.queue(*"AAAABBBB")
    hall.call("1")
    hall.clock.move(minutes=1)
    return hall


@pytest.fixture(params=["en", "zh_CN"])
def shared_stations(shared_hall: Hall, qapp: QApplication, request: pytest.FixtureRequest) -> Iterator[AllStations]:
    i18n.use(request.param)
    made = AllStations(shared_hall, qapp, ("kiosk", "display", "guide"))
    yield made
    made.stop()


def test_all_say_how_many_are_ahead_where_windows_are_shared_and_that_waits_count_from_now(
    shared_hall: Hall, shared_stations: AllStations
) -> None:
    told = {"en": ("7 ahead in all", "Ahead, in all"), "zh_CN": ("前面共 7 人", "前面共")}
    ahead, word = told[i18n.current()]
    hall = shared_hall
    now = looking.hall_now(hall.desk, hall.clock())
    shared_stations.must_stand_at(now)
    kiosk, display, guide = (one.window for one in shared_stations.stations)
    keys = [one.accessibleName() for one in kiosk.findChildren(ServiceKey)]
    tile = next(one for one in guide.findChildren(ServiceTile) if one.accessibleName().startswith("C"))
    line = next(line for line in display.findChild(DisplayView).lines.lines if line.letter == "C")

    assert (line.count, line.ahead) == ("0", ahead)
    assert [key for key in keys if ahead in key] == keys
    for window in (tile, display):
        assert ahead in " ".join(word.text for word in drawn(window).words), "below a name in two lines too"
    assert looking.wait_for(hall.desk, "C", hall.clock())["ahead"] == 7
    label = hall.issue("C")
    slip = ticket_slip(looking.hall_now(hall.desk, hall.clock()), hall.date, label, hall.clock())
    assert (slip.ahead, ahead_word(slip.ahead_of_all)) == (7, word)

    hall.do("set-hall", {"words": {"ticket": "number"}}, who=ADMIN)
    shared_stations.must_stand_at(looking.hall_now(hall.desk, hall.clock()))
    on_display, on_kiosk = {
        "en": ("Wait if you take a number now", "Touch to get a number. Waits count from now."),
        "zh_CN": ("现在取号要等多久", "点一下，即可取号。等候时间从现在算起。"),
    }[i18n.current()]
    assert on_display in {word.text for word in drawn(display).words}, "for who takes a number now"
    assert on_kiosk in "".join(word.text for word in drawn(kiosk).words), "for who takes a number now"


@pytest.fixture
def clinic(tmp_path: Path) -> Hall:
    return made_once(tmp_path, check_up_and_hygiene)


def check_up_and_hygiene(folder: Path) -> Hall:
    """Make a hall with a check-up that hygiene follows, each in a room of its own: one patient is in check-up and goes
    on to hygiene, where another one is and nobody waits."""
    services = [
        {"code": code, "name": name, "name_en": name, "prefix": code, "hours": ALWAYS, "handling_target": minutes}
        for code, name, minutes in (("C", "Check-up", 15), ("H", "Hygiene", 30))
    ]
    windows = [{"code": str(n), "name": str(n), "services": [code]} for n, code in enumerate("CH", 1)]
    hall = simple_hall(folder, services=services, windows=windows)
    for n in "12":
        hall.open(n, f"C{n}")
    hall.issue("C", then=["H"])
    hall.issue("H")
    for n in "12":
        hall.call(n)
        hall.do("start", n)
    hall.clock.move(minutes=5)
    return hall


@pytest.fixture(params=walked_in("zh_CN"))
def clinic_stations(clinic: Hall, qapp: QApplication, request: pytest.FixtureRequest) -> Iterator[AllStations]:
    i18n.use(request.param)
    made = AllStations(clinic, qapp, ("kiosk", "display", "guide"))
    yield made
    made.stop()


def test_all_count_who_goes_on_from_another_service_before_the_asker(
    clinic: Hall, clinic_stations: AllStations, capsys: pytest.CaptureFixture[str]
) -> None:
    ahead, word = {"en": ("1 ahead in all", "Ahead, in all"), "zh_CN": ("前面共 1 人", "前面共")}[i18n.current()]
    hall = clinic
    clinic_stations.must_stand_at(looking.hall_now(hall.desk, hall.clock()))
    kiosk, display, guide = (one.window for one in clinic_stations.stations)
    key = next(one for one in kiosk.findChildren(ServiceKey) if "Hygiene" in one.accessibleName())
    tile = next(one for one in guide.findChildren(ServiceTile) if one.accessibleName().startswith("Hygiene"))
    lines = {line.letter: line for line in display.findChild(DisplayView).lines.lines}

    assert ahead in key.accessibleName() and ahead in tile.accessibleName()
    for window in (kiosk, tile, display):
        seen = "".join(word.text for word in drawn(window).words).replace(" ", "")
        assert ahead.replace(" ", "") in seen, "seen, not only read aloud"
    assert (lines["H"].count, lines["H"].ahead, lines["C"].ahead) == ("0", ahead, "")
    told = looking.wait_for(hall.desk, "H", hall.clock())
    assert (told["ahead"], told["coming"]) == (0, 1), "of those who wait nobody is ahead"
    lang, console = i18n.current(), Console(hall.path, capsys.readouterr, hall.clock)
    assert "  1 ahead in all, " in console.say("wait", "--service", "H").out

    i18n.use(lang)
    document = hall.do("issue", "H")
    state = looking.hall_now(hall.desk, hall.clock())
    ticket = state.tickets[hall.date, document["ticket"]]
    assert (document["ahead"], document["coming"]) == (0, 1)
    slip = ticket_slip(state, hall.date, ticket.label, hall.clock())
    assert (slip.ahead, ahead_word(slip.ahead_of_all)) == (1, word)
    assert ticket_slip(state, hall.date, ticket.label, hall.clock(), reprint=True).ahead == 1
    assert place_facts(state, ticket, hall.clock())[0][1][0].text == "1"
    assert short_facts(state, ticket, hall.clock()).startswith("1 ahead" if i18n.current() == "en" else "前面 1 人")
    assert ("from another service" if i18n.current() == "en" else "办完别的业务") in why_now(
        state, ticket, hall.clock()
    )


def test_who_comes_on_is_told_no_longer_once_they_stand_in_line(clinic: Hall) -> None:
    hall = clinic
    label = hall.issue("H")
    before = standing(state := looking.hall_now(hall.desk, hall.clock()), state.tickets[hall.date, label], hall.clock())
    hall.do("finish", "1")
    after = standing(state := looking.hall_now(hall.desk, hall.clock()), state.tickets[hall.date, label], hall.clock())

    assert (before.ahead, before.coming, after.ahead, after.coming) == (0, 1, 1, 0), "the same person, told the same"


def test_none_are_counted_who_will_not_be_called_before(clinic: Hall) -> None:
    """Not who came later, nor who is not done with the earlier service in time."""
    hall = clinic
    first = hall.issue("H")
    for _ in range(9):
        hall.issue("C")
    hall.issue("C", then=["H"])
    assert looking.wait_for(hall.desk, "H", hall.clock())["coming"] == 1, "not who has nine before them in check-up"

    hall.do("finish", "1")
    second = hall.issue("C", then=["H"])
    hall.call("1", ticket=second, reason="other")
    state = looking.hall_now(hall.desk, hall.clock())
    stands = standing(state, state.tickets[hall.date, first], hall.clock())
    assert (stands.ahead, stands.coming) == (1, 0), "one stands there by now, the other came later"
    told = looking.wait_for(hall.desk, "H", hall.clock())
    assert (told["ahead"], told["coming"]) == (2, 1), "both are before whoever comes now"


def test_nobody_is_counted_twice_where_a_window_serves_both_services(shared_hall: Hall) -> None:
    shared_hall.issue("A", then=["C"])
    told = looking.wait_for(shared_hall.desk, "C", shared_hall.clock())
    assert (told["ahead"], told.get("coming")) == (8, None)
