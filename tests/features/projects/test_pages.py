"""A project in the manager's window: its way, causes judged by keys, figures that open their rows, standards."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu

from queuedesk.core.figures.periods import WEEK, period_span_containing
from queuedesk.core.improvement.project import (
    ComparedDateSpans,
    EffectFigure,
    EvidenceCitation,
    ImprovementStep,
    ResultingStandard,
    StandardContent,
)
from queuedesk.desk.looking import setup_of_hall
from queuedesk.desk.setting_up import change_row_fields
from queuedesk.features.inspections.pages.parts import FilledSheetDialog
from queuedesk.features.projects.pages.asking import SampleProjectViewDialog
from queuedesk.features.projects.pages.page import ProjectPage
from queuedesk.features.projects.rules import PlannedMeasure
from queuedesk.features.projects.verbs import telling
from queuedesk.stations.manager.improvement import ProjectStandardRows
from queuedesk.stations.manager.pages import IMPROVE, QUALITY
from queuedesk.stations.manager.parts.records import RecordDialog
from queuedesk.stations.manager.sections import PROJECT
from queuedesk.stations.manager.setup_frame.draft import CARDS, RULES
from queuedesk.stations.window.style import CONTRAST
from tests.core.added import all_but, program_of
from tests.every_day import SEES_ALL
from tests.features.projects.rows import WRONG, judged_project
from tests.features.test_every_page import context  # noqa: F401
from tests.hall import ADMIN, MANAGER, Hall
from tests.stations.hands import take_entry
from tests.stations.manager.conftest import Office, PicturesHere, morning
from tests.stations.shapes import SHAPES, Shape, parts_of
from tests.stations.stubs import lend
from tests.stations.whole_words import Sights, typed_words

NUMBER = 1
PARTS = parts_of(
    {name: shape for name, shape in SHAPES.items() if SEES_ALL or shape.text_pct > 100 or shape.theme is CONTRAST}
)
"""The largest letters, and the colours of the roomiest: usual letters have more room."""


def judged(folder: Path) -> Hall:
    hall = morning(folder)
    assert judged_project(hall) == NUMBER
    return hall


pytestmark = pytest.mark.hall(make=judged)


@pytest.fixture
def led(open_office) -> tuple[Office, ProjectPage]:
    office = open_office(ADMIN)
    office.go("improve")
    office.page.improve.open_project(NUMBER)
    lend(office.page.context, pictures=PicturesHere(office.hall.desk, office.hall.clock))
    return office, office.page.improve.project_page


def test_without_its_folder_nothing_leads_to_a_project(open_office):
    with program_of(all_but("projects")):
        office = open_office(ADMIN)
        assert office.page.improve.extra_page_routes() == {}
        assert not office.page.improve.pages.has_page(PROJECT)


def shown(office: Office, number: int) -> dict:
    return dict(telling.read_project_document(office.hall.desk, number, office.hall.clock()))


def chosen(office: Office, text: str) -> None:
    """Choose an entry of the menu that is open."""
    office.until(lambda: any(one.isVisible() for one in office.page.findChildren(QMenu)))
    take_entry(office.page, text)
    office.follow()


def test_a_project_is_led_by_keys_to_its_standard_gets_topics_and_is_dropped(led, paper, story):
    # A project opens at its first step that is not done.
    office, page = led
    pane = page.evidence
    assert [step.state for step in page.way.steps] == ["done"] * 4 + ["now", "done", "later", "later"]
    assert (page.step, pane.number) == (ImprovementStep.EVIDENCE, 3), "the first open cause"
    story.tell("No answer is picked before a person picks one", page)

    # Keys walk the causes, answer and keep.
    pane.fishbone_diagram.setFocus()
    QTest.keyClick(pane.fishbone_diagram, Qt.Key.Key_2)
    story.tell("A key answers", pane)
    QTest.keyClick(pane.fishbone_diagram, Qt.Key.Key_Return)
    assert [one["judgement"] for one in shown(office, page.project_number)["causes"]][2] == "rejected"
    assert pane.number == 4
    pane.choose_answer("confirmed")
    story.tell("Without evidence nothing is confirmed", pane)
    QTest.keyClick(pane.fishbone_diagram, Qt.Key.Key_3)
    QTest.keyClick(pane.fishbone_diagram, Qt.Key.Key_Return)
    assert page.step == ImprovementStep.MEASURES, "after the last cause the measures follow"
    page.show_step(ImprovementStep.EFFECT)
    story.tell("With no certain effect nothing is made standard unasked", page)
    page.effect.act_button.click()
    assert page.step == ImprovementStep.MEASURES

    # The report goes to the printer.
    page.buttons[1].click()
    assert [name.endswith("project-1.pdf") for name, _printer in paper.printed] == [True]

    # A followed figure gets its alarm line.
    page.buttons[2].click()
    chosen(office, "Figures followed, and their alarm …")
    asked = office.question(RecordDialog)
    assert asked.fields["figure0"].edit.currentData() == WRONG
    asked.fields["alarm0"].set_value("10")
    asked.fields["figure1"].edit.setCurrentIndex(asked.fields["figure1"].edit.findData("ratings.rate"))
    asked.yes_button.click()
    follows = [(one["figure"], one["alarm"]) for one in shown(office, page.project_number)["follows"]]
    assert follows == [(WRONG, 0.1), ("ratings.rate", None)]

    # A topic comes from a ticket.
    page.show_step(ImprovementStep.TOPIC)
    page.panes[ImprovementStep.TOPIC].head.button.click()
    chosen(office, "A ticket …")
    asked = office.question(RecordDialog)
    label = next(iter(office.page.hall_state.tickets.values())).label
    asked.fields["label"].set_value(label.lower())
    asked.yes_button.click()
    assert (shown(office, page.project_number)["finding"]["what"], page.project_data.project["finding"]["name"]) == (
        "ticket",
        label,
    )
    page.panes[ImprovementStep.TOPIC].picked.emit(page.panes[ImprovementStep.TOPIC].facts.facts[-1].figure_leads)
    assert office.page.behind.drilldown_page.is_history_shown

    # A topic comes from an inspection, whose sheet opens.
    office.page.improve.open_project(NUMBER)
    seq = office.hall.do("inspect-start", sheet="call", channel="telephone", who=MANAGER)["inspection"]
    for item in range(1, 5):
        office.hall.do("inspect-score", seq, item, 0, who=MANAGER)
    office.hall.do("inspect-sign", seq, who=MANAGER)
    office.follow()
    page = office.page.improve.project_page
    page.show_step(ImprovementStep.TOPIC)
    page.panes[ImprovementStep.TOPIC].head.button.click()
    chosen(office, "An inspection …")
    office.question(RecordDialog).yes_button.click()
    assert shown(office, page.project_number)["finding"]["name"] == str(seq)
    page.panes[ImprovementStep.TOPIC].picked.emit(page.panes[ImprovementStep.TOPIC].facts.facts[-1].figure_leads)
    assert office.page.stack.front_page_key() == "quality"
    office.question(FilledSheetDialog)

    # A chart that a project cites opens and leads back to the project.
    week = period_span_containing(WEEK, office.hall.date)
    cited = EvidenceCitation(path="measures.outcomes", first=week[0], last=week[1])
    office.hall.do("project-state", page.project_number, cited)
    office.follow()
    page.controller.load_project(page.project_number, again=True)
    page.show_step(ImprovementStep.STATE)
    page.panes[ImprovementStep.STATE].picked.emit(page.panes[ImprovementStep.STATE].facts.facts[-1].figure_leads)
    card = office.page.reports.pages.get_or_make_page("figures").cited
    office.until(card.isVisible)
    assert card.back_button.text() == "Project 1"
    card.back_button.click()
    assert page.isVisible()

    # A project is dropped with its reason.
    page.buttons[2].click()
    chosen(office, "Drop the project …")
    asked = office.question(RecordDialog)
    asked.yes_button.click()
    assert asked.fields["words"].error() == "This is needed"
    asked.fields["words"].set_value("The hall moves")
    asked.yes_button.click()
    project = shown(office, page.project_number)
    assert (project["ending"], project["reason"]) == ("dropped", "The hall moves")
    page.buttons[2].click()
    (menu,) = [one for one in office.page.findChildren(QMenu) if one.isVisible()]
    menu.close()
    assert "Drop the project …" not in [one.text() for one in menu.actions()]

    # The sample says what cannot be told of it.
    office.page.improve.open_tab("projects")
    story.tell("The tab of projects", office.page.improve)
    office.touch(office.page.improve.pages.get_or_make_page("projects").buttons[0])
    facts = office.question(SampleProjectViewDialog).facts.facts
    assert [fact.word for fact in facts if fact.name == "Effect"] == ["Can't tell"]


def test_every_step_is_whole(open_office, shapes: dict[str, Shape]) -> None:
    office = open_office(ADMIN)
    own = office.page.context
    sights = Sights(office.page, own.look, typed_words(own.feed.setup), shapes)
    for shape, form in shapes.items():
        for lang in form.languages:
            sights.speak(shape, lang)
            office.page.open_page("improve")
            office.page.improve.open_project(NUMBER)
            page = office.page.improve.project_page
            for step in ImprovementStep:
                page.show_step(step)
                sights.take_in(f"project {step}", shape, lang, part=page)
    sights.must_be_whole()


# -- what a manager asks for is taken over by an admin, and says where it is which project it came from ----------------
TITLE = "Fewer people at the door"
MADE = (
    StandardContent(place=ResultingStandard.OPENING, text="Large print lies at the desk"),
    StandardContent(place=ResultingStandard.CARD, card="crowd", text="Guide to the door"),
    StandardContent(place=ResultingStandard.RULE, key="crowd", value="18"),
    StandardContent(place=ResultingStandard.BRIEFING, text="Ask for the papers at the door"),
)


def ask_for_all(hall: Hall) -> None:
    hall.do("project-open", TITLE, "M1")
    for n, made in enumerate(MADE, start=1):
        hall.do("project-measure", 1, PlannedMeasure(what=made.text or "Alarm sooner", who="M1", due=hall.date))
        hall.do("project-done", 1, n, hall.date)
        hall.do("project-standard", 1, n, made, who=MANAGER)


def told(made: ProjectStandardRows) -> list[tuple[str, str]]:
    return [(fact.name, fact.second) for fact in made.facts.facts]


@pytest.mark.hall(make=morning)
def test_what_a_manager_sees_waiting_an_admin_takes_over_in_one_press_and_all_lead_back(open_office, story):
    # A manager sees that it waits.
    office = open_office(MANAGER)
    ask_for_all(office.hall)
    office.follow()
    office.page.refresh()
    assert [one for one in office.page.today.alerts.texts if one.place.page == IMPROVE] == []
    office.go(IMPROVE)
    office.page.improve.open_project(1)
    project = office.page.improve.project_page
    project.show_step("standard")
    story.tell("A manager sees that it waits", project)
    assert project.way.steps[-1].fact == "3 wait for an admin"
    office.page.close()
    # An admin takes it over in one press.
    office = open_office(ADMIN)
    hall, page = office.hall, office.page
    page.refresh()
    (strip,) = [one for one in page.today.alerts.texts if one.place.page == IMPROVE]
    assert TITLE in strip.title
    assert all(word in strip.second for word in ("Large print", "Guide to the door", "18"))
    page.ways.open_target(strip.place)
    project = page.improve.project_page
    shown = project.panes[project.step]
    story.tell("An admin takes it over in one press", page.improve.project_page)
    shown.act_button.click()
    office.follow()
    assert setup_of_hall(hall.desk).cards["crowd"].steps[-1].text == "Guide to the door"
    # What stands beside them is edited: they are found all the same.
    card = setup_of_hall(hall.desk).cards["crowd"].steps
    steps: list[dict[str, Any]] = [{"text": one.text, "text_en": one.text_en} for one in card[1:]]
    change_row_fields(hall.desk, hall.ask(ADMIN), "cards", "crowd", {"steps": steps})
    hall.do("briefing", ["Something else first", "Ask for the papers at the door"])
    office.follow()
    origin = f"from project 1: {TITLE}"
    page.ways.open_set_up_part(CARDS, "crowd")
    assert told(page.setup_page.made) == [("Guide to the door", origin)]
    page.ways.open_set_up_part(RULES)
    assert [second for _name, second in told(page.setup_page.made)] == [origin]
    page.setup_page.made.picked.emit(page.setup_page.made.facts.facts[0].leads)
    assert page.improve.project_page.isVisible()
    office.go(QUALITY)
    page.quality.open_tab("morning")
    morning = page.quality.pages.get_or_make_page("morning")
    morning.refresh(hall.clock())
    assert {place: told(made) for place, made in morning.made.items()} == {
        ResultingStandard.BRIEFING: [("Ask for the papers at the door", origin)],
        ResultingStandard.OPENING: [("Large print lies at the desk", origin)],
    }


SERVED = "measures.served.rate"


def strips(office: Office) -> list[str]:
    """Return what Today tells of improvement."""
    office.page.refresh()
    return [one.title for one in office.page.today.alerts.texts if one.place.page == IMPROVE]


@pytest.mark.hall(make=morning)
def test_a_week_beyond_the_line_is_told_the_leader_alone(open_office):
    office = open_office(MANAGER)
    hall, day = office.hall, office.hall.date
    for _n in range(30):
        hall.do("leave", hall.issue("A"))
    hall.do("project-open", "Nobody leaves", "M1")
    hall.do("project-follow", 1, [EffectFigure(SERVED, 0.9)])
    days = [day - timedelta(days=n) for n in (20, 14, 13, 13, 7)]
    spans = ComparedDateSpans(before=(days[0], days[1]), measures=days[2], after=(days[3], days[4]))
    hall.do("project-spans", 1, spans)
    assert strips(office) == []
    hall.clock.move(days=7)
    hall.do("day-end")
    office.follow()
    assert strips(office) == ["An effect fades: Nobody leaves"]
    assert strips(open_office(ADMIN)) == []
