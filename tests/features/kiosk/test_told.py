"""What customers are told: facts that the hall has kept, and the same wait by every screen, slip and command."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication, QWidget

from queuedesk import i18n
from queuedesk.app.services import papers
from queuedesk.app.services.papers import ticket_slip
from queuedesk.app.station.wiring import page_builder_and_roles
from queuedesk.core.log.state import HallState
from queuedesk.core.network.roles import CONSOLE, Role, actor_of_station
from queuedesk.core.queue.overview import line_position_and_wait, service_lines
from queuedesk.core.setup.presets import DROP, KEEP, PRESETS, undecided_suggestions_by_fact
from queuedesk.core.setup.rows import FACT_FIELDS
from queuedesk.core.talk.display import AUTO, LAYOUTS
from queuedesk.core.talk.screen import all_stations
from queuedesk.desk import looking, setting_up
from queuedesk.desk.calendaring import set_calendar_days
from queuedesk.desk.change import Ask
from queuedesk.desk.setting_up import create_hall
from queuedesk.features.kiosk.pages.keys import ServiceKey
from queuedesk.features.kiosk.pages.texts import new_ticket_facts, ticket_position_facts
from queuedesk.i18n import LANGUAGES
from queuedesk.i18n.moments import JOINER
from queuedesk.i18n.names import service_name
from queuedesk.i18n.queue.display_words import hall_text_slides
from queuedesk.i18n.queue.line_words import ahead_count_label, screen_reader_wait_text, why_not_called_now_sentence
from queuedesk.printing.slip_contents import TicketSlip
from queuedesk.printing.slip_layout import lay_out_slip
from queuedesk.stations.display.station import build_station_page as build_display
from queuedesk.stations.display.view import DisplayView
from queuedesk.stations.guide import texts
from queuedesk.stations.guide.drafting import next_ticket_texts_for_print_rail, papers_page_text
from queuedesk.stations.guide.texts import ChosenServiceOrItem, TicketDraft
from queuedesk.stations.home.hall_draft import HallDraft
from queuedesk.stations.widgets.lists.tiles import ServiceTile
from queuedesk.stations.window.context import StationContext, StationServices
from queuedesk.stations.window.style import HALL
from tests.cli.commands import Console
from tests.every_day import SEES_ALL, paired, walked_in
from tests.features.kiosk.conftest import Kiosk
from tests.hall import ADMIN, Clock, Hall, at, simple_hall
from tests.printing import slips
from tests.stations.all_stations import AllStations
from tests.stations.whole_words import drawn

DRAWN = [layout for layout in LAYOUTS if layout != AUTO]
WALKED = [*PRESETS] if SEES_ALL else ["power", "bank", "clinic", "government", "library"]


def wizard_document(preset: str) -> dict[str, Any]:
    """Return the set-up of somebody who gives the wizard names and answers no suggestion."""
    draft = HallDraft.from_preset(preset, setting_up.preset_setup_document(preset), lang="en", timezone="Asia/Shanghai")
    draft = draft.with_hall_fields(name_en="Maple").with_row_fields("staff", "AD", name_en="Ann Weber")
    for row in draft.part_rows("services"):
        draft = draft if draft.row_name(row) else draft.with_name("services", row["code"], "Everything")
    for code in range(1, len(draft.part_rows("windows")) + 1):
        draft = draft.with_row_fields("staff", f"C{code}", name_en=f"Clerk {code}")
    return draft.finished_document()


def wizard_hall(folder: Path, preset: str) -> Hall:
    """Make a hall from it in which somebody is served and two wait."""
    document = wizard_document(preset)
    clock, path = Clock(at("10:30")), folder / f"{preset}.sqlite"
    hall = Hall(create_hall(path, document, Ask(CONSOLE, clock())), clock, path)
    first = document["windows"][0]["services"][0]
    hall.play("open 1 staff=C1", f"queue {first} {first} {first}", "call 1")
    return hall


def facts(preset: str) -> set[str]:
    """Return every English text of a preset's facts, a line each, but for what is a service's name as well."""
    found: set[str] = set()

    def gather(value: Any) -> None:
        if isinstance(value, str):
            found.update(line.strip().lower() for line in value.splitlines())
        for one in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
            gather(one)

    document = setting_up.preset_setup_document(preset)
    for row in document["services"]:
        for key in FACT_FIELDS:
            gather([row.get(key), row.get(f"{key}_en")])
    names = " ".join([*(row["name_en"] for row in document["services"]), "original copy first visit card"]).lower()
    return {text for text in found if len(text) > 4 and text.isascii() and text not in names}


def seen(page: QWidget) -> str:
    return " ".join(word.text for word in drawn(page).words)


def read(texts: set[str], page: str) -> list[str]:
    """Return the texts that a page has as whole words."""
    return sorted(text for text in texts if re.search(rf"(?<!\w){re.escape(text)}(?!\w)", page))


@pytest.fixture
def walked(stand, make_kiosk) -> Callable[[Hall, list[str]], str]:
    """Return a function that gives all that customers can read in a hall: displays, plate, line, kiosk and paper."""

    def show(hall: Hall, build: Callable[[StationContext], Any], name: str, **options: Any) -> Any:
        services = StationServices(note_shown=lambda _seq: None)
        about: dict[str, Any] = {"who": actor_of_station(name), "services": services}
        size = (1920, 1080 if name == "display" else 240)
        return stand(name, build, size, theme=HALL, of=hall, is_followed=False, options=options, **about)

    def walk(hall: Hall, layouts: list[str]) -> str:
        texts = []
        for layout in layouts:
            page = show(hall, build_display, "display", layout=layout)
            hall.clock.move(seconds=40)
            page.tick(hall.clock())
            texts.append(seen(page))
            page.hide()  # Nobody looks at it any more, and each would be drawn anew with the next.
        setup = page.controller.setup
        texts += [slide.read for slide in hall_text_slides(setup, frozenset(setup.services), hall.clock())]
        if "plate" in all_stations():
            texts.append(seen(show(hall, page_builder_and_roles("plate")[0], "plate-1", window="1")))
            texts.append(str(show(hall, page_builder_and_roles("line")[0], "line-1", window="1").view.shown_text()))
        texts += kiosk_texts(make_kiosk(hall))
        for code, service in setup.services.items():
            items = (None, *(item.code for item in service.items))
            texts += [repr(papers.papers_slip(setup, code, item, hall.clock())) for item in items]
        texts.append(repr(papers.sample_slip(setup, setup.ticket_design, hall.clock())))
        return " ".join(" ".join(texts).lower().split())

    return walk


def kiosk_texts(kiosk: Kiosk) -> Iterator[str]:
    """Lead through the kiosk as somebody who wants to know everything of each service."""
    does, view = kiosk.does, kiosk.view
    yield seen(kiosk.page)
    for side in ("priority", "several", "large"):
        if view.greeting.sides[side].isVisible():
            kiosk.side(side, anew=True)
            yield seen(kiosk.page)
    for number in range(len(does.kiosk_setup.services)):
        kiosk.side("info", anew=True)
        if kiosk.stage == "find":
            kiosk.touch(view.search.rows[number])
        yield seen(kiosk.page)
        if kiosk.stage != "info":
            for row in range(sum(key.isVisible() for key in view.search.rows)):
                kiosk.touch(view.search.rows[row])
                yield seen(kiosk.page)
                kiosk.touch(view.info.back_key)
    does.go_home()
    kiosk.service(next(iter(does.kiosk_setup.services)))
    yield seen(kiosk.page)


@pytest.mark.parametrize(("preset", "layout"), paired(WALKED, DRAWN))
def test_no_public_screen_says_what_nobody_has_kept(preset: str, layout: str, tmp_path: Path, walked) -> None:
    text = walked(wizard_hall(tmp_path, preset), [layout])
    assert read(facts(preset), text) == []
    assert not re.search(r"\b(papers|fees)\b(?!=)|what it costs|please bring|nothing special", text)


@pytest.fixture
def clinic(tmp_path: Path) -> Hall:
    return wizard_hall(tmp_path, "clinic")


def test_what_is_suggested_is_read_as_such_and_what_is_kept_is_read_and_what_is_dropped_is_gone(clinic: Hall, walked):
    assert papers_page_text(looking.setup_of_hall(clinic.desk), TicketDraft(first=ChosenServiceOrItem("A"))).none == (
        "No papers are confirmed for this",
        "Suggestions only, ask the admin: Insurance or ID card (original)",
    )
    clinic.do("decide-suggestions", {"A": {"fees": KEEP, "steps": KEEP, "items": DROP}}, who=ADMIN)
    steps = {"id card", "show your insurance or id card", "choose department and doctor", "pay and take the slip"}
    found = read(facts("clinic"), walked(clinic, DRAWN))
    assert set(found) == {"by the published tariff", "insurance or id card", *steps}
    services = looking.setup_of_hall(clinic.desk).document["services"]
    left, untouched = (list(undecided_suggestions_by_fact(row)) for row in services[:2])
    assert (left, untouched) == (["about", "papers"], ["about", "papers", "fees", "steps", "items"])


def test_the_kiosk_offers_to_read_what_there_is_which_is_shown_at_once_while_it_is_hours_alone(
    clinic: Hall, make_kiosk
):
    kiosk = make_kiosk(clinic)
    page, setup = kiosk.view.info, kiosk.does.kiosk_setup
    weekdays = {"hours": [{"days": "1-5", "from": "8:00", "to": "18:00"}], "last_ticket": None}
    for code in setup.services:
        kiosk.meanwhile("set-row", "services", code, weekdays, who=ADMIN)
    kiosk.side("info")
    assert (kiosk.stage, page.said.title) == ("info", "Hours")
    assert page.page_text().replace("\u2060", "") == "All services\nMon–Fri 8:00–18:00"
    kiosk.meanwhile("set-row", "services", "A", {"hours": [{"days": "6", "from": "9:00", "to": "12:00"}]}, who=ADMIN)
    told = {part.title: part.points[0].words.replace("\u2060", "") for part in page.said.parts}
    names = [service_name(setup, code) for code in setup.services]
    assert told == {**dict.fromkeys(names, "Mon–Fri 8:00–18:00"), names[0]: "Sat 9:00–12:00"}
    row_of_day = {"kind": "special", "from": "8:30", "to": "15:00", "text": "培训", "text_en": "Training"}
    tomorrow = (kiosk.hall.clock.now + timedelta(days=1)).date().isoformat()
    set_calendar_days(kiosk.hall.desk, kiosk.hall.ask(), {tomorrow: row_of_day})
    kiosk.follow()
    assert [part.title for part in page.said.parts] == ["Coming days", *names]
    assert kiosk.touch(page.back_key) == ("greeting", "")
    # Once there is more, each service leads to its own page and back.
    greeting, search = kiosk.view.greeting, kiosk.view.search
    told = [greeting.sides["info"].text()]
    for kept in ("papers", "fees", "steps"):
        kiosk.meanwhile("decide-suggestions", {"A": {kept: KEEP}}, who=ADMIN)
        told.append(greeting.sides["info"].text().replace("\n", " "))
    assert told == ["Hours", "Papers", "Papers, fees", "Papers, fees, steps"]
    kiosk.side("info")
    names = [row.name for row in search.said.rows]
    assert kiosk.touch(search.rows[1]) == ("info", ""), "a service without topics"
    kiosk.touch(kiosk.view.info.back_key)
    assert [row.name for row in search.said.rows] == names, "all services"
    assert kiosk.touch(search.back_key) == ("greeting", "")


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


shared, two_rooms = pytest.mark.hall(make=one_window_for_all), pytest.mark.hall(make=check_up_and_hygiene)


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


@pytest.mark.hall(make=every_wait)
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


@two_rooms
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


@two_rooms
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
