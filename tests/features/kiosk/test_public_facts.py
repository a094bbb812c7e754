"""What customers can read in a hall made by the wizard: nothing of the preset's facts that nobody has kept."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QWidget

from queuedesk.app.services import papers
from queuedesk.app.station.wiring import page_builder_and_roles
from queuedesk.core.network.roles import CONSOLE, actor_of_station
from queuedesk.core.setup.presets import DROP, KEEP, PRESETS, undecided_suggestions_by_fact
from queuedesk.core.setup.rows import FACT_FIELDS
from queuedesk.core.talk.display import AUTO, LAYOUTS
from queuedesk.core.talk.screen import all_stations
from queuedesk.desk import looking, setting_up
from queuedesk.desk.calendaring import set_calendar_days
from queuedesk.desk.change import Ask
from queuedesk.desk.setting_up import create_hall
from queuedesk.i18n.names import service_name
from queuedesk.i18n.queue.display_words import hall_text_slides
from queuedesk.stations.display.station import build_station_page as build_display
from queuedesk.stations.guide.drafting import papers_page_text
from queuedesk.stations.guide.texts import ChosenServiceOrItem, TicketDraft
from queuedesk.stations.home.hall_draft import HallDraft
from queuedesk.stations.window.context import StationContext, StationServices
from queuedesk.stations.window.style import HALL
from tests.every_day import SEES_ALL, paired
from tests.features.kiosk.conftest import Kiosk
from tests.hall import ADMIN, Clock, Hall, at
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
