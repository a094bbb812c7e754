"""Improvement projects: evidence before a confirmed cause, words beside the log, standards, the report, commands."""

from pathlib import Path

import pypdfium2
import pytest

from queuedesk.cli.main import build_parser
from queuedesk.core.improvement.project import Ending, Made, Place
from queuedesk.desk import improvement, looking
from queuedesk.desk.upkeep import examining
from queuedesk.features.projects import papers
from queuedesk.features.projects.demo import STANDARD, go_on, lead_first, lead_noon
from queuedesk.features.projects.verbs import telling
from queuedesk.i18n import LANGUAGES
from tests.cli.parsers import commands
from tests.cli.transcripts import done
from tests.engine_fixtures import ON_BOTH_ENGINES
from tests.features.projects.rows import judged_project
from tests.golden.kept import parts_of
from tests.hall import MANAGER, Hall, simple_hall


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    return simple_hall(tmp_path)


@ON_BOTH_ENGINES
def test_words_stand_beside_the_log_and_the_tables_follow_from_it(hall: Hall) -> None:
    hall.queue("A")
    number = judged_project(hall)
    hall.do("project-standard", number, 1, Made(place=Place.BRIEFING, text="Guide at the door until noon"))
    hall.do("project-end", number, Ending.DROPPED, "The hall moves")

    found = telling.project_of(hall.desk, number, hall.clock())
    assert [one["judgement"] for one in found["causes"]] == ["confirmed", "rejected", "open", "open", "cannot_tell"]
    assert (found["ending"], found["reason"]) == ("dropped", "The hall moves")
    log = str([event.data for event in hall.log() if event.kind.startswith("project-")])
    assert not any(word in log for word in ("first time", "door", "Elderly", "weeks", "Chair", "Half", "moves"))
    assert {one.status for one in examining.examine(hall.desk.db)} == {examining.OK}
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


def test_each_command_has_its_line_in_the_transcript() -> None:
    _before, lines = parts_of(Path(__file__).with_name("projects.transcript")).values()

    typed = {line.partition("project ")[2].split()[0] for line in done(lines) if "project " in line}
    assert typed == set(commands(commands(build_parser({}))["project"]))
