"""Improvement projects: evidence before a confirmed cause, words beside the log, standards, the report, commands."""

from __future__ import annotations

from pathlib import Path

import pypdfium2
import pytest

from queuedesk.cli.main import build_parser
from queuedesk.core.improvement.project import Finding, Gathered, Judgement, Made, Place, Plan
from queuedesk.desk import improvement, looking
from queuedesk.desk.improvement import standards_of
from queuedesk.desk.looking import setup_of
from queuedesk.desk.quality import morning
from queuedesk.desk.upkeep import examining
from queuedesk.features.morning import verbs as morning_verbs
from queuedesk.features.projects import papers
from queuedesk.features.projects.demo import STANDARD, go_on, lead_first, lead_noon
from queuedesk.features.projects.verbs import telling
from queuedesk.i18n import LANGUAGES
from tests.cli.commands import Console, begun_once
from tests.cli.parsers import commands
from tests.engine_fixtures import ON_BOTH_ENGINES
from tests.features.golden import must_answer, typed_on
from tests.features.projects.rows import judged_project, whole_project
from tests.hall import ADMIN, MANAGER, Hall, refused, simple_hall


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    return simple_hall(tmp_path)


def opened(hall: Hall) -> int:
    number = hall.do("project-open", "Right the first time", "M1", who=MANAGER)["project"]
    hall.do("project-cause", number, "Nobody at the door", "people", who=MANAGER)
    return int(number)


@ON_BOTH_ENGINES
def test_words_stand_beside_the_log_and_the_tables_follow_from_it(hall: Hall) -> None:
    hall.queue("A")
    number = whole_project(hall)

    found = telling.project_of(hall.desk, number, hall.clock())
    assert [(one["name"], one["bone_name"], one["judgement"]) for one in found["causes"]] == [
        ("Nobody at the door", None, "confirmed"),
        ("Sun on the screen", "Weather", "rejected"),
    ]
    assert (found["ending"], found["reason"]) == ("dropped", "The hall moves")
    log = str([event.data for event in hall.log() if event.kind.startswith("project-")])
    assert not any(word in log for word in ("first time", "door", "Weather", "morning", "remarks", "Half", "moves"))
    assert {one.status for one in examining.examine(hall.desk.db)} == {examining.OK}
    hall.must_follow_from_its_log()


def test_a_cause_without_evidence_cannot_be_confirmed(hall: Hall) -> None:
    number = opened(hall)

    with refused(hall, "no_evidence"):
        hall.do("project-judge", number, 1, Judgement.CONFIRMED)
    hall.do("project-judge", number, 1, Judgement.CANNOT_TELL)
    hall.do("project-evidence", number, 1, Gathered(counted="2", note="remarks"))
    hall.do("project-judge", number, 1, Judgement.CONFIRMED)

    (cause,) = telling.project_of(hall.desk, number, hall.clock())["causes"]
    assert (cause["judgement"], cause["judged_by"]) == ("confirmed", "console")


@ON_BOTH_ENGINES
def test_a_cited_figure_stays_alive(hall: Hall) -> None:
    """A ticket that came after the figure was cited, on one of its dates, is told as a change."""
    hall.queue("A", "B")
    number = opened(hall)
    hall.do("project-state", number, Finding(path="issued", first=hall.date, last=hall.date))
    hall.queue("A")

    (row,) = telling.project_of(hall.desk, number, hall.clock())["state"]

    assert (row["value"], row["now"], row["changed"]) == (2, 3, True)


@ON_BOTH_ENGINES
def test_each_place_is_made_in_one_act(hall: Hall) -> None:
    number = opened(hall)
    for what in ("check", "step", "rule", "point"):
        hall.do("project-measure", number, Plan(what=what, who="G1", due=hall.date))
    made = [
        Made(place=Place.OPENING, text="Large print lies at the desk", text_en="Large print lies at the desk"),
        Made(place=Place.CARD, card="crowd", text="Guide to the door"),
        Made(place=Place.RULE, key="crowd", value="18"),
        Made(place=Place.BRIEFING, text="Ask for the papers at the door"),
    ]
    for n, one in enumerate(made, start=1):
        hall.do("project-standard", number, n, one)

    setup = setup_of(hall.desk)
    rows = telling.project_of(hall.desk, number, hall.clock())["measures"]
    assert [(row["standard"]["place"], bool(row["standard"]["ref"])) for row in rows] == [
        ("opening", True),
        ("card", True),
        ("rule", True),
        ("briefing", True),
    ]
    assert setup.number("crowd") == 18
    assert setup.cards["crowd"].steps[-1].text == "Guide to the door"
    sheet = morning_verbs.opening_of(hall.desk, None, hall.clock())["sheets"]["opening"]
    assert sheet["items"][int(rows[0]["standard"]["ref"]) - 1]["text"] == "Large print lies at the desk"
    assert morning.briefing_of(hall.desk, None, hall.clock())["briefing"]["points"] == [
        "Ask for the papers at the door"
    ]
    with refused(hall, "measure_is_standard"):
        hall.do("project-standard", number, 1, Made(place=Place.NOTHING))
    told = [
        (row["project"], row["measure"], row["place"], row["texts"], row["value"]) for row in standards_of(hall.desk)
    ]
    assert told == [
        (number, 1, "opening", ["Large print lies at the desk"] * 2, ""),
        (number, 2, "card", ["Guide to the door"], ""),
        (number, 3, "rule", [], "18"),
        (number, 4, "briefing", ["Ask for the papers at the door"], ""),
    ]


@ON_BOTH_ENGINES
def test_what_a_manager_asks_for_waits_until_an_admin_takes_it_over(hall: Hall) -> None:
    number = opened(hall)
    for what in ("step", "rule"):
        hall.do("project-measure", number, Plan(what=what, who="M1", due=hall.date), who=MANAGER)
    step = Made(place=Place.CARD, card="crowd", text="Guide to the door")
    hall.do("project-standard", number, 1, step, who=MANAGER)
    hall.do("project-standard", number, 2, Made(place=Place.RULE, key="crowd", value="18"), who=MANAGER)

    asked = telling.project_of(hall.desk, number, hall.clock())
    assert [one["standard"]["asked"] for one in asked["measures"]] == [True, True]
    assert asked["steps"][-1]["missing"] == ["standard"]
    assert setup_of(hall.desk).cards["crowd"].steps[-1].text != step.text
    with refused(hall, "not_your_role"):
        hall.do("project-take", number, 1, who=MANAGER)
    for n in (1, 2):
        hall.do("project-take", number, n, who=ADMIN)

    assert setup_of(hall.desk).cards["crowd"].steps[-1].text == step.text
    assert setup_of(hall.desk).number("crowd") == 18
    done = [event for event in hall.log() if event.kind == "project-standard"]
    assert [(one.actor, one.data.get("asked_by")) for one in done] == [
        ("M1", None),
        ("M1", None),
        ("AD", "M1"),
        ("AD", "M1"),
    ]
    assert telling.project_of(hall.desk, number, hall.clock())["steps"][-1]["done"]
    hall.must_follow_from_its_log()


# -- the printed report of an improvement project ----------------------------------------------------------------------


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_report_names_every_cause_its_rows_and_what_is_done(lang: str, tmp_path: Path) -> None:
    hall = simple_hall(tmp_path)
    hall.queue("A")
    number = judged_project(hall)
    file = papers.write(hall.desk, MANAGER, number, tmp_path / "r.pdf", lang=lang, now=hall.clock())

    pages = [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(file)]
    assert len(pages) == 3
    for name in ("Elderly customers", "Guide leaves the door", "Papers asked for", "Printed list", "Crowd on pay days"):
        assert name in " ".join(pages[0].split())
        assert name in " ".join(pages[1].split())
    assert "12.9" in pages[0] and "81" in pages[1] and "2,318" in pages[1]
    assert {"en": "Confirmed", "zh_CN": "成立"}[lang] in pages[0]
    assert "Chair and large-print list" in pages[2]
    assert all(page.count("-") >= 4 for page in pages), "each page has the check code of its log"


# -- the improvement projects of the demo's weeks, on a small hall -----------------------------------------------------


def test_what_the_weeks_improve(tmp_path):
    """One project with six of nine causes judged; one that ended, its measure a step of the card for a full hall."""
    hall = simple_hall(tmp_path)
    setup = looking.setup_of(hall.desk)
    for days, does in ((0, lead_noon), (11, lead_first), (14, go_on)):
        hall.clock.move(days=days)
        does(hall.desk, setup, hall.ask(MANAGER))

    rows = improvement.projects_of(hall.desk, hall.clock())
    assert [(row["ending"], row["step"], row["judged_count"], row["cause_count"]) for row in rows] == [
        (None, "evidence", 6, 9),
        ("closed", None, 1, 1),
    ]
    assert looking.setup_of(hall.desk).cards["crowd"].steps[-1].text == STANDARD[1]


# -- the commands of improvement projects ------------------------------------------------------------------------------

PAGE = Path(__file__).parent / "golden" / "commands.txt"


def begun(console: Console) -> None:
    console.ask("open", "3", "--staff", "C3")
    console.ask("issue", "A")


def test_every_command_answers_as_its_page_says(console: Console, tmp_path: Path) -> None:
    must_answer(begun_once(console, begun), PAGE, tmp_path)

    typed = {line.partition("project ")[2].split()[0] for line in typed_on(PAGE)}
    assert typed == set(commands(commands(build_parser({}))["project"]))
