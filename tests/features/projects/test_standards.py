"""What a manager asks for is taken over by an admin, and says where it is which project it came from."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from queuedesk.core.improvement.project import Made, Place, Plan
from queuedesk.core.network.roles import Actor
from queuedesk.desk.looking import setup_of
from queuedesk.desk.setup.setting_up import set_row
from queuedesk.stations.manager.improvement.fact_list import MadeStandard
from queuedesk.stations.manager.pages import IMPROVE, QUALITY
from queuedesk.stations.manager.setup_frame.draft import CARDS, RULES
from tests.hall import ADMIN, MANAGER, Hall
from tests.stations.manager.conftest import Office

TITLE = "Fewer people at the door"
MADE = (
    Made(place=Place.OPENING, text="Large print lies at the desk"),
    Made(place=Place.CARD, card="crowd", text="Guide to the door"),
    Made(place=Place.RULE, key="crowd", value="18"),
    Made(place=Place.BRIEFING, text="Ask for the papers at the door"),
)


def ask_for_all(hall: Hall) -> None:
    hall.do("project-open", TITLE, "M1")
    for n, made in enumerate(MADE, start=1):
        hall.do("project-measure", 1, Plan(what=made.text or "Alarm sooner", who="M1", due=hall.date))
        hall.do("project-done", 1, n, hall.date)
        hall.do("project-standard", 1, n, made, who=MANAGER)


def told(made: MadeStandard) -> list[tuple[str, str]]:
    return [(fact.name, fact.second) for fact in made.facts.facts]


def test_what_a_manager_sees_waiting_an_admin_takes_over_in_one_press_and_all_lead_back(
    open_office: Callable[[Actor], Office],
) -> None:
    # A manager sees that it waits.
    office = open_office(MANAGER)
    ask_for_all(office.hall)
    office.follow()
    office.page.refresh()
    assert [one for one in office.page.today.alerts.texts if one.place.page == IMPROVE] == []
    office.go(IMPROVE)
    office.page.improve.open_project(1)
    project = office.page.improve.project
    project.show_step("standard")
    words = [fact.word for fact in project.panes[project.step].facts.facts]
    assert words == [
        "Opening check: waits for an admin",
        "Contingency card · Crowd: waits for an admin",
        "Rule · Full hall 18: waits for an admin",
        "Briefing",
    ]
    assert not project.panes[project.step].act_button.isEnabled()
    assert project.way.steps[-1].fact == "3 wait for an admin"
    office.page.close()

    # An admin takes it over in one press.
    office = open_office(ADMIN)
    hall, page = office.hall, office.page
    page.refresh()
    (strip,) = [one for one in page.today.alerts.texts if one.place.page == IMPROVE]
    assert TITLE in strip.title
    assert all(word in strip.second for word in ("Large print", "Guide to the door", "18"))
    page.ways.go(strip.place)
    project = page.improve.project
    shown = project.panes[project.step]
    assert shown.act_button.text() == "Accept these 3"
    shown.act_button.click()
    office.follow()
    assert setup_of(hall.desk).cards["crowd"].steps[-1].text == "Guide to the door"

    # What stands beside them is edited: they are found all the same.
    card = setup_of(hall.desk).cards["crowd"].steps
    steps: list[dict[str, Any]] = [{"text": one.text, "text_en": one.text_en} for one in card[1:]]
    set_row(hall.desk, hall.ask(ADMIN), "cards", "crowd", {"steps": steps})
    hall.do("briefing", ["Something else first", "Ask for the papers at the door"])
    office.follow()
    origin = f"from project 1: {TITLE}"
    page.ways.open_part(CARDS, "crowd")
    assert told(page.setup_page.made) == [("Guide to the door", origin)]
    page.ways.open_part(RULES)
    assert [second for _name, second in told(page.setup_page.made)] == [origin]
    page.setup_page.made.picked.emit(page.setup_page.made.facts.facts[0].leads)
    assert page.improve.project.isVisible()
    office.go(QUALITY)
    page.quality.open_tab("morning")
    morning = page.quality.pages.page("morning")
    morning.refresh(hall.clock())
    assert {place: told(made) for place, made in morning.made.items()} == {
        Place.BRIEFING: [("Ask for the papers at the door", origin)],
        Place.OPENING: [("Large print lies at the desk", origin)],
    }
