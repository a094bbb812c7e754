"""A project in the manager's window, by clicks and keys, to its report, whose figures open the rows that they say."""

import re
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox

from queuedesk import i18n
from queuedesk.core.improvement.project import CauseJudgement, ImprovementStep
from queuedesk.features.projects.pages.page import ProjectPage
from queuedesk.features.projects.verbs import telling
from queuedesk.features.projects.words import count_of_total_text
from queuedesk.stations.manager import station
from queuedesk.stations.manager.pages import IMPROVE
from queuedesk.stations.manager.parts.records import RecordDialog
from queuedesk.stations.widgets.charts.chart_view import ChartWithPoints
from queuedesk.stations.window.context import SheetPrinter
from tests.every_day import walked_in
from tests.features.projects.recompute import SATISFIED, WRONG
from tests.features.projects.test_recomputed import NOW, NUMBER, SPANS, SURPLUS, month
from tests.hall import MANAGER, Clock, Hall, refused
from tests.reports.read_back import pages_of
from tests.stations.hands import DOWN, ENTER, LEFT
from tests.stations.hands import JourneyOffice as Office
from tests.stations.pages import leave_undrawn
from tests.stations.stubs import lend, stub

FIRST, LAST = SPANS.before
TITLE = {"en": "Right the first time", "zh_CN": "一次找对窗口"}
REASON = {"en": "half of what it is", "zh_CN": "减少一半"}
CAUSES = {"en": ("Kiosk key misread", "Nobody at the door"), "zh_CN": ("取号键看不懂", "门口没有人")}
MEASURE = {"en": "A guide stays at the door", "zh_CN": "引导员守在门口"}
LEFT_TO_SAY = {"en": "ask again in spring", "zh_CN": "春天再看"}


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    return Hall(month(tmp_path), Clock(NOW), tmp_path / "hall.sqlite")


class Leader(Office):
    """The manager's station, where a project is led."""

    @property
    def project(self) -> ProjectPage:
        return self.page.improve.project_page

    def answer(self, **answers: str) -> None:
        """Fill in the question that is open, and press Enter."""
        (dialog,) = self.questions()
        for name, value in answers.items():
            edit = dialog.fields[name].edit
            edit.setFocus(Qt.FocusReason.TabFocusReason)
            if isinstance(edit, QComboBox):
                assert edit.findData(value) >= 0, value
                way = DOWN if edit.findData(value) > edit.currentIndex() else Qt.Key.Key_Up
                while edit.currentData() != value:
                    self.key(way)
            else:
                self.write(value)
        self.must_speak_one_language()
        self.key(ENTER)
        assert dialog not in self.questions()

    def questions(self) -> list[RecordDialog]:
        return [one for one in self.page.findChildren(RecordDialog) if one.isVisible()]

    def act(self, step: ImprovementStep) -> None:
        """Press the one thing to do of the step in front."""
        assert self.project.step == step
        self.press(self.project.stack.currentWidget().act_button)

    def pick(self, picture: ChartWithPoints, leads: object) -> None:
        """Press the part of a picture that leads there."""
        at = next(n for n, point in enumerate(picture.points) if point.leads == leads)
        QTest.mouseClick(picture, LEFT, pos=picture.point_rects()[at].center().toPoint())
        self.follow()
        self.must_speak_one_language()

    @property
    def document(self) -> dict[str, Any]:
        return dict(telling.read_project_document(self.hall.desk, NUMBER, self.hall.clock()))

    def counted(self) -> tuple[int, int]:
        """Return how many rows stand behind the figure that is open, and behind what it is a share of."""
        behind = self.page.behind.drilldown_page
        n = behind.table.rows.rowCount()
        self.press(behind.parts[2])
        return n, behind.table.rows.rowCount()

    def go_back(self) -> None:
        self.key(Qt.Key.Key_Escape)
        QApplication.processEvents()
        assert self.project.isVisible()


@pytest.mark.parametrize("lang", walked_in("zh_CN"))
def test_a_project_is_led_to_its_report_whose_figures_open_their_rows(hall, opened, qtbot, tmp_path, lang):
    i18n.choose_language(lang)
    window = opened(station.build_station_page, station.ROLES, "manager", follow=True)
    leave_undrawn(window)
    lend(window.context, sheet_printer=stub(SheetPrinter), folder=lambda _part: tmp_path)
    office = Leader(hall, window, qtbot, window.context)
    office.sign_in("M1")
    define(office, lang)
    judge(office, lang)
    act(office, lang)
    must_open(office, printed(office, tmp_path))
    hall.must_follow_from_its_log()


def define(office: Leader, lang: str) -> None:
    """Open a project, say what it came from and how it stands, and set a target."""
    office.go(IMPROVE)
    office.press(office.page.improve.pages.get_or_make_page("projects").buttons[1])
    office.answer(title=TITLE[lang])
    office.act(ImprovementStep.TOPIC)
    office.choose(0)
    office.answer(path=WRONG, first=FIRST.isoformat(), last=LAST.isoformat())
    facts = office.project.panes[ImprovementStep.TOPIC].facts
    office.pick(facts, facts.facts[-1].figure_leads)
    office.press(office.page.behind.drilldown_page.cite_button)
    office.choose(0)
    assert [one["name"] for one in office.document["state"]] == [WRONG]
    office.go_back()
    office.act(ImprovementStep.TOPIC)
    office.act(ImprovementStep.STATE)
    office.act(ImprovementStep.TARGET)
    office.answer(value="1", by="2027-01-29", reason=REASON[lang])
    assert office.document["target"]["value"] == 0.01
    office.act(ImprovementStep.TARGET)


def judge(office: Leader, lang: str) -> None:
    """Write down two causes; the log speaks of one, a count by hand of the other."""
    office.act(ImprovementStep.CAUSES)
    office.answer(name=CAUSES[lang][0], bone="words")
    office.press(office.project.panes[ImprovementStep.CAUSES].head.button)
    office.answer(name=CAUSES[lang][1], bone="people")
    office.act(ImprovementStep.CAUSES)
    pane = office.project.evidence
    pane.fishbone_diagram.setFocus()
    office.key(Qt.Key.Key_1)
    assert not pane.act_button.isEnabled(), "no rows, no confirmation"
    with refused(office.hall, "no_evidence"):
        office.hall.do("project-judge", NUMBER, 1, CauseJudgement.CONFIRMED, who=MANAGER)
    office.press(pane.gather_button)
    office.choose(0)
    office.answer(first=FIRST.isoformat(), last=SPANS.after[1].isoformat())
    office.answer(with_=WRONG, without=SATISFIED)
    office.press(pane.answers["confirmed"])
    office.press(pane.act_button)
    assert pane.number == 2
    office.press(pane.gather_button)
    office.choose(1)
    office.answer(with_="36/120", without="35/118")
    office.press(pane.answers["rejected"])
    office.press(pane.act_button)
    assert [one["judgement"] for one in office.document["causes"]] == ["confirmed", "rejected"]


def act(office: Leader, lang: str) -> None:
    """Do a measure, read its effect on equal weekdays, make it standard, and close the project."""
    office.act(ImprovementStep.MEASURES)
    office.answer(what=MEASURE[lang], due=SPANS.measures.isoformat())
    office.act(ImprovementStep.MEASURES)
    office.answer(day=SPANS.measures.isoformat())
    office.act(ImprovementStep.MEASURES)
    spans = {"first": FIRST, "last": LAST, "measures": SPANS.measures, "then": SPANS.after[0], "until": SPANS.after[1]}
    office.press(office.project.no_effect.act_button)
    office.answer(**{name: day.isoformat() for name, day in spans.items()})
    pane = office.project.effect
    (row,) = pane.table.rows
    found = effect(office)
    assert (row.before.rows, row.after.rows) == tuple(count_of_total_text(one["n"], one["of"]) for one in sides(found))
    assert SURPLUS.isoformat() not in found["after"]["dates"], "no Monday before it"
    box = pane.places[1]
    box.setFocus(Qt.FocusReason.TabFocusReason)
    while box.currentData() != "briefing":
        office.key(DOWN)
    office.press(pane.act_button)
    assert office.document["measures"][0]["standard"]["place"] == "briefing"
    office.project.show_step(ImprovementStep.STANDARD)
    office.act(ImprovementStep.STANDARD)
    office.answer(words=LEFT_TO_SAY[lang])
    assert office.document["ending"] == "closed"


def effect(office: Leader) -> dict[str, Any]:
    return dict(telling.effect_document(telling.before_after_effect(office.hall.desk, NUMBER, office.hall.clock())))


def sides(found: dict[str, Any]) -> list[dict[str, Any]]:
    (one,) = found["figures"]
    return [one["before"], one["after"]]


def printed(office: Leader, folder: Path) -> str:
    """Save the report, and return what stands on its pages above their feet."""
    office.press(office.project.buttons[2])
    office.choose(0)
    (file,) = folder.glob(f"*-project-{NUMBER}.pdf")
    texts = pages_of(file.read_bytes())
    assert all(text.count("QueueDesk") == 1 for text in texts)
    return " ".join(text.partition("QueueDesk")[0] for text in texts)


def must_open(office: Leader, paper: str) -> None:
    """Assert that every figure of the paper that has rows opens as many as are printed; what was counted by hand has
    none and says so."""
    page = office.project
    wanted: list[tuple[ImprovementStep, ChartWithPoints, Any, tuple[int, int]]] = []
    for step in (ImprovementStep.TOPIC, ImprovementStep.STATE):
        facts = page.panes[step].facts
        ((_cites, row),) = [fact.figure_leads for fact in facts.facts if fact.figure_leads]
        wanted.append((step, facts, (_cites, row), (row["now_n"], row["now_of"])))
    page.show_step(ImprovementStep.EVIDENCE)
    page.evidence.choose_cause(1)
    ((live,), (counted,)) = [one["evidence"] for one in office.document["causes"]]
    for side, point in zip(("with", "without"), page.evidence.bars.points, strict=True):
        wanted.append((ImprovementStep.EVIDENCE, page.evidence.bars, point.leads, (live[side]["n"], live[side]["of"])))
    for part, point in zip(sides(effect(office)), page.effect.table.points, strict=True):
        wanted.append((ImprovementStep.EFFECT, page.effect.table, point.leads, (part["n"], part["of"])))
    for step, picture, leads, rows in wanted:
        page.show_step(step)
        office.pick(picture, leads)
        assert office.counted() == rows, (step, leads)
        office.go_back()
    by_hand = {(counted[side]["n"], counted[side]["of"]) for side in ("with", "without")}
    assert not counted["live"]
    assert i18n.tr(i18n.current_language(), "counted by hand") in paper
    so_many_of_so_many = re.findall(r"(\d+)(?: of | ?/ ?)(\d+)", paper.replace(",", ""))
    assert {(int(n), int(of)) for n, of in so_many_of_so_many} == {rows for *_where, rows in wanted} | by_hand
