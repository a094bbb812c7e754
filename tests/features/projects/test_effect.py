"""The effect of a project: the traps of a statistician, a second count of the log, and the way to its report."""

import random
import re
from datetime import date, datetime, timedelta
from itertools import combinations
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox

from queuedesk import i18n
from queuedesk.core.charts.chart import HoverTextAndTarget, SurfaceRect, TextMark
from queuedesk.core.figures.comparing import standardized_difference
from queuedesk.core.figures.measures.figure import LESS, MORE
from queuedesk.core.improvement.following import FigureMinutes, is_beyond_alarm_line
from queuedesk.core.improvement.project import (
    CauseJudgement,
    ComparedDateSpans,
    EffectFigure,
    EvidenceCitation,
    ImprovementStep,
)
from queuedesk.desk import improvement, looking
from queuedesk.desk.change import Desk
from queuedesk.desk.figures import tickets_behind_figure
from queuedesk.features.demo_hall.verbs import story
from queuedesk.features.projects import demo, papers, rules
from queuedesk.features.projects.pages.page import ProjectPage
from queuedesk.features.projects.pages.panes import JUDGEMENT_ICONS
from queuedesk.features.projects.rules import NewEvidence
from queuedesk.features.projects.verbs import leading, telling
from queuedesk.features.projects.words import JUDGEMENT_SIGNS, count_of_total_text
from queuedesk.i18n import LANGUAGES
from queuedesk.stations.manager import station
from queuedesk.stations.manager.pages import IMPROVE
from queuedesk.stations.manager.parts.records import RecordDialog
from queuedesk.stations.widgets.charts.chart_view import ChartWithPoints
from queuedesk.stations.window.context import SheetPrinter
from tests.core.charts.flat import FLAT
from tests.core.figures.test_comparing import newcombe
from tests.every_day import walked_in
from tests.features.demo_hall.month import MONDAY, month
from tests.features.projects.recompute import SATISFIED, WRONG, daily, equal, paired_by_hand, pooled, usual
from tests.features.projects.rows import judged_project
from tests.golden.kept import must_be_kept
from tests.hall import MANAGER, Clock, Hall, refused, simple_hall
from tests.reports.days import asked, printed_log
from tests.reports.read_back import pages_of
from tests.reports.recompute import day_of, span_of_days
from tests.stations.hands import DOWN, ENTER, LEFT
from tests.stations.hands import JourneyOffice as Office
from tests.stations.pages import leave_undrawn
from tests.stations.stubs import lend, stub

FIRST_MONDAY = date(2026, 8, 3)


def days(first: date, *counts: tuple[int, int]) -> list[rules.DayShare]:
    return [rules.DayShare(first + timedelta(days=at), n, of) for at, (n, of) in enumerate(counts)]


def drawn(first: date, count: int, share: float, seed: int, of: int = 120) -> list[rules.DayShare]:
    random_ = random.Random(seed)
    return days(first, *((sum(random_.random() < share for _ in range(of)), of) for _ in range(count)))


def among(usual: tuple[int, int], high: tuple[int, int]) -> tuple[Any, ...]:
    """Return nine usual days and a high one, twice, and ten days at 10 % after them."""
    before, past = (days(first, *[usual] * 9, high) for first in (FIRST_MONDAY, BEFORE))
    return LESS, before, days(LATER, *[(12, 120)] * 10), past


BEFORE, LATER = FIRST_MONDAY - timedelta(days=28), FIRST_MONDAY + timedelta(days=28)
FELL = days(FIRST_MONDAY, *[(24, 290)] * 10), days(LATER, *[(13, 300)] * 10)
PAST = days(BEFORE, *[(24, 290)] * 10)
# Eight weeks at 10 %, the worst ten of whose days were chosen as "before".
HISTORY = drawn(FIRST_MONDAY, 40, 0.10, seed=4)
WORST = drawn(FIRST_MONDAY + timedelta(days=56), 10, 0.15, seed=5)
TEN, FIVE = (drawn(FIRST_MONDAY + timedelta(days=70), 10, share, seed=6) for share in (0.10, 0.05))
HARDER = days(FIRST_MONDAY, *[(952, 1000)] * 10), days(LATER, *[(774, 1000)] * 10), days(BEFORE, *[(952, 1000)] * 10)
# 98 and 70 % before, 99 and 75 % after, but people come for what is hard now.
FEW_HARD, MANY_HARD = {"easy": (0.98, 9000), "hard": (0.70, 1000)}, {"easy": (0.99, 1000), "hard": (0.75, 9000)}
ALIKE = standardized_difference(FEW_HARD, MANY_HARD)
BETTER = days(FIRST_MONDAY, *[(160, 169)] * 8, *[(162, 168)] * 2), days(LATER, *[(164, 170)] * 8, *[(162, 171)] * 2)
BY_CHANCE = (MORE, *BETTER, [])
SEEDED: dict[str, tuple[Any, ...]] = {
    "A certain change is better where less is": (LESS, *FELL, PAST),
    "The same is worse where more is better": (MORE, *FELL, PAST),
    "The same is less where neither is better": (None, *FELL, PAST),
    "1,604 of 1,688 against 1,636 of 1,702: chance may have done it, and about 17 days a side would tell": BY_CHANCE,
    "Below thirty rows nothing is compared": (MORE, days(FIRST_MONDAY, *[(0, 6)] * 2), days(LATER, *[(6, 6)] * 2), []),
    "A bad month that goes back to usual is no effect": (LESS, WORST, TEN, HISTORY),
    "An effect beyond the history too is told after a bad month": (LESS, WORST, FIVE, HISTORY),
    "A usual span is judged by itself": (
        LESS,
        days(FIRST_MONDAY + timedelta(days=56), *[(12, 120)] * 10),
        FIVE,
        HISTORY,
    ),
    "One day at 50 % among days at 10 % is named and makes no effect": among((12, 120), (60, 120)),
    "A day that stands out but changes nothing is not named": among((40, 120), (90, 120)),
    "Without days that say what is usual nothing is told": (LESS, *FELL, []),
    "Seven days are not enough": (LESS, *FELL, PAST[:7]),
    "With the eighth a certain change is told": (LESS, *FELL, PAST[:8]),
    "People come for what is hard now: as counted it is worse": (MORE, *HARDER),
    "Where the same mix turns the sign nothing is told": (MORE, *HARDER, ALIKE),
}
"""What a statistician would try."""


def test_the_effect_of_each_is_what_its_page_says() -> None:
    told = []
    for title, (better, before, after, before_that, *alike) in SEEDED.items():
        found = rules.share_effect("f", better, before, after, before_that, **({"alike": alike[0]} if alike else {}))
        told += [f"# {title}", f"{found.before.n} of {found.before.of}, {found.after.n} of {found.after.of}"]
        told += [f"{found.verdict}, plainly {found.plain}, why {found.why}, {found.days_to_tell} days to tell"]
        told += [f"before is beyond usual: {found.usual.is_beyond}"] if found.usual else []
        told += [f"{one.day}: {one.verdict} without it, stands apart: {one.is_apart}" for one in found.hinges] + [""]
    must_be_kept(Path(__file__).parent / "golden" / "effects.txt", "\n".join(told))
    assert pytest.approx((0.01 + 0.05) / 2) == ALIKE
    # The alarm line has a bad side.
    sides = ((LESS, 0.07), (MORE, 0.07), (MORE, 0.05))
    assert [is_beyond_alarm_line(better, value, 0.06) for better, value in sides] == [True, False, True]


# -- the effect on minutes ---------------------------------------------------------------------------------------------
FIRST_DAY = date(2026, 10, 5)
WOBBLE = (0.3, -0.6, 0.1, 0.8, -0.2, -0.5, 0.4, -0.1, 0.6, -0.4, 0.2, -0.3)
USUAL = [10 + wobble for wobble in WOBBLE]


def timed(values: list[float], start: date = FIRST_DAY) -> list[rules.DayMinutes]:
    return [rules.DayMinutes(start + timedelta(days=n), value, 20) for n, value in enumerate(values)]


def told(before: list[float], after: list[float], past: list[float]) -> rules.MinutesEffect:
    whole = [FigureMinutes(sum(side) / len(side), 20 * len(side)) for side in (before, after)]
    sides = timed(before), timed(after, FIRST_DAY + timedelta(days=28))
    pairs = list(zip(*sides, strict=True))
    history = timed(past, FIRST_DAY - timedelta(days=56))
    return rules.minutes_effect("wait.mean", LESS, whole=(whole[0], whole[1]), pairs=pairs, history=history)


def test_a_published_example_comes_out_again() -> None:
    """Hollander, Wolfe and Chicken, examples 3.3 and 3.4: nine patients before and after."""
    before = [1.83, 0.50, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.30]
    after = [0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29]
    found = rules.paired_difference(before, after)
    assert (found.difference, found.low, found.high) == pytest.approx((-0.46, -0.786, -0.010))


@pytest.mark.parametrize(("m", "n"), [(4, 4), (5, 8), (8, 5)])
def test_the_interval_of_two_samples_leaves_out_what_few_orders_give(m: int, n: int) -> None:
    """Of samples whose differences are 1, 2, 3 … the lower end is the place in the list of differences."""
    sums = sorted(sum(at - k for k, at in enumerate(own)) for own in combinations(range(m + n), n))
    place = max(c for c in range(m * n) if 2 * sum(u < c for u in sums) <= 0.05 * len(sums))
    first, second = [float(-m * k) for k in range(n)], [float(k + 1) for k in range(m)]
    assert rules.unpaired_difference(first, second).low == place


@pytest.mark.parametrize(
    ("n", "drop", "verdict"),
    [
        (12, 3.0, rules.EffectVerdict.BETTER),
        (12, -3.0, rules.EffectVerdict.WORSE),
        (12, 0.0, rules.EffectVerdict.CANNOT_TELL),
        (5, 3.0, rules.EffectVerdict.TOO_FEW),
    ],
)
def test_days_are_the_unit(n: int, drop: float, verdict: rules.EffectVerdict) -> None:
    """A hundred tickets a side and more: with five days nothing is told all the same."""
    found = told(USUAL[:n], [10 - drop + wobble for wobble in reversed(WOBBLE)][:n], USUAL)
    assert found.verdict is verdict
    known = (rules.EffectVerdict.BETTER, rules.EffectVerdict.WORSE)
    assert (found.days_to_tell is None) == (verdict in known) or drop == 0


def test_a_bad_spell_gets_better_by_itself_and_is_told_and_one_extraordinary_day_makes_no_effect() -> None:
    found = told([value + 6 for value in USUAL], USUAL[::-1], USUAL)
    assert found.usual is not None and found.usual.is_beyond
    assert (found.plain, found.verdict) == (rules.EffectVerdict.BETTER, rules.EffectVerdict.CANNOT_TELL)
    found = told([*USUAL[:5], 90.0, *USUAL[6:]], USUAL[::-1], USUAL)
    assert found.verdict is rules.EffectVerdict.CANNOT_TELL
    assert found.difference.difference is not None and abs(found.difference.difference) < 1


# -- the fishbone is laid out from the list of causes, and gives way to it where it has no room ------------------------
WIDE = 870.0


def fishbone_diagram(*counts: int) -> rules.FishboneDiagram:
    """Return a fish whose bones have so many causes."""
    said = {"name": "No one to ask", "kind": "ring", "colour": "amber", "word": "Open"}
    twigs = (rules.FishboneCause(number=n, point=HoverTextAndTarget((said["name"],), n), **said) for n in range(1, 100))
    bones = [rules.FishboneBranch(f"Bone {at}", [next(twigs) for _each in range(n)]) for at, n in enumerate(counts)]
    return rules.FishboneDiagram(bones=bones, title="Stopped", value="14.1", unit="%")


def test_every_cause_has_its_place_no_two_lie_over_each_other_and_the_chosen_one_is_named_in_bold() -> None:
    shown = fishbone_diagram(2, 2, 3, 1, 2)
    high = rules.fishbone_height(shown, FLAT, WIDE)
    found = rules.lay_out_fishbone(shown, FLAT, SurfaceRect(0, 0, WIDE, high))
    assert len(found.places) == 10
    for n, one in enumerate(found.places):
        assert one.top >= 0 and one.bottom <= high and one.right <= WIDE
        for other in found.places[n + 1 :]:
            apart = one.right <= other.left or other.right <= one.left
            assert apart or one.bottom <= other.top or other.bottom <= one.top
    third, two = (rules.fishbone_height(fishbone_diagram(n, 2, 2), FLAT, WIDE) for n in (3, 2))
    assert third > two, "a third cause makes its column longer"
    # Three bones stand above and the others below; the chosen cause is framed and named in bold.
    shown = fishbone_diagram(1, 1, 1, 1)
    found = rules.lay_out_fishbone(shown, FLAT, SurfaceRect(0, 0, WIDE, rules.fishbone_height(shown, FLAT, WIDE)))
    tops = {mark.text: mark.y for mark in found.marks if isinstance(mark, TextMark)}
    assert tops["Bone 0"] == tops["Bone 1"] == tops["Bone 2"] < tops["Bone 3"]
    found = rules.lay_out_fishbone(replace(fishbone_diagram(2), chosen=2), FLAT, SurfaceRect(0, 0, WIDE, 400))
    named = [mark.bold for mark in found.marks if isinstance(mark, TextMark) and mark.text == "No one to ask"]
    assert named == [False, True]


def test_each_judgement_has_a_sign_of_its_own() -> None:
    kinds = {kind for kind, _difference_colour in JUDGEMENT_SIGNS.values()}
    assert len(kinds) == len(JUDGEMENT_SIGNS) == len(JUDGEMENT_ICONS)
    assert all(colour == JUDGEMENT_ICONS[code][1] for code, (_kind, colour) in JUDGEMENT_SIGNS.items())


@pytest.mark.parametrize(("bones", "width", "has_room"), [(6, WIDE, True), (7, WIDE, False), (3, 600.0, False)])
def test_more_than_six_bones_or_a_narrow_page_is_a_list(bones: int, width: float, has_room: bool) -> None:
    assert rules.can_fishbone_fit(bones, FLAT, width) is has_room


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("Elderly customers have no one to ask", ["Elderly", "customers", "have no one to ask"]),
        ("老年客户没人可问，也没人带", ["老年客户没人可问，", "也没人带"]),
    ],
)
def test_names_break_between_words_and_before_no_closing_mark(text: str, lines: list[str]) -> None:
    assert rules.wrapped_text_lines(text, 78.0, FLAT, 15.0) == lines


# -- the printed report of an improvement project, and those of the demo's weeks on a small hall ----------------------
@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_report_names_every_cause_its_rows_and_what_is_done(lang: str, tmp_path: Path) -> None:
    hall = simple_hall(tmp_path)
    hall.queue("A")
    number = judged_project(hall)
    file = papers.write_project_report(hall.desk, MANAGER, number, tmp_path / "r.pdf", lang=lang, now=hall.clock())
    pages = [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(file)]
    assert len(pages) == 3
    for name in ("Elderly customers", "Guide leaves the door", "Papers asked for", "Printed list", "Crowd on pay days"):
        assert all(name in " ".join(page.split()) for page in pages[:2]), name
    assert "12.9" in pages[0] and "81" in pages[1] and "2,318" in pages[1]
    assert {"en": "Confirmed", "zh_CN": "成立"}[lang] in pages[0]
    assert "Chair and large-print list" in pages[2]
    assert all(page.count("-") >= 4 for page in pages), "each page has the check code of its log"


def test_what_the_weeks_improve(tmp_path):
    """One project with six of nine causes judged; one that ended, its measure a step of the card for a full hall."""
    hall = simple_hall(tmp_path)
    setup = looking.setup_of_hall(hall.desk)
    steps = (demo.lead_noon_demo_project, demo.lead_first_visit_demo_project, demo.end_or_open_demo_projects)
    for days, does in zip((0, 11, 14), steps, strict=True):
        hall.clock.move(days=days)
        does(hall.desk, setup, hall.ask(MANAGER))
    rows = improvement.all_project_rows(hall.desk, hall.clock())
    found = [(row["ending"], row["step"], row["judged_count"], row["cause_count"]) for row in rows]
    assert found == [(None, "evidence", 6, 9), ("closed", None, 1, 1)]
    assert looking.setup_of_hall(hall.desk).cards["crowd"].steps[-1].text == demo.STANDARD[1]


SURPLUS = date(2026, 11, 16)
"""A Monday: the span before begins on a Tuesday."""
WEEK_AFTER = (SURPLUS, date(2026, 11, 22))
SPANS = ComparedDateSpans(before=(date(2026, 11, 10), date(2026, 11, 15)), measures=SURPLUS, after=WEEK_AFTER)
NOW = datetime.fromisoformat("2026-11-23T08:00:00+08:00")
WEEKS = ComparedDateSpans(before=(date(2026, 11, 9), date(2026, 11, 15)), measures=SURPLUS, after=WEEK_AFTER)
"""Six days a side: the fewest that say something of minutes."""
TIMED = "handling.mean"
NUMBER = 3


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    desk = month(tmp_path_factory.mktemp("month"))
    number = leading.open_project(desk, asked(NOW), "Right the first time", "M1")["project"]
    assert number == NUMBER, "after the demo's own"
    leading.set_followed_figures(desk, asked(NOW), NUMBER, [EffectFigure(WRONG, 0.001), EffectFigure(SATISFIED, 0.5)])
    leading.set_comparison_spans(desk, asked(NOW), NUMBER, SPANS)
    leading.add_cause(desk, asked(NOW), NUMBER, "Kiosk key misread", "words")
    first, *_days, last = story.open_story_dates(MONDAY)
    finding = EvidenceCitation(first=first, last=last)
    leading.add_evidence(desk, asked(NOW), NUMBER, 1, NewEvidence(groups=(WRONG, SATISFIED), finding=finding))
    return desk


@pytest.fixture(scope="module")
def told_of(desk: Desk) -> dict[str, Any]:
    return telling.effect_document(telling.before_after_effect(desk, NUMBER, NOW))


@pytest.fixture(scope="module")
def rows(desk: Desk) -> dict[str, dict[str, tuple[int, int]]]:
    return daily(printed_log(desk))


def test_the_spans_have_equal_weekdays_and_name_what_is_left_out(told_of, rows) -> None:
    spans = [(first.isoformat(), last.isoformat()) for first, last in (SPANS.before, SPANS.after)]
    assert (told_of["before"]["dates"], told_of["after"]["dates"]) == equal(sorted(rows[WRONG]), *spans)
    assert {"date": SURPLUS.isoformat(), "why": "surplus"} in told_of["after"]["left_out"]
    assert (told_of["days"], told_of["over"]) == (5, True)


@pytest.mark.parametrize("place", [0, 1])
def test_each_figure_and_its_interval_come_out_of_the_log_again(told_of, rows, place: int) -> None:
    one = told_of["figures"][place]
    own = rows[(WRONG, SATISFIED)[place]]
    before, after = (pooled(own, told_of[side]["dates"]) for side in ("before", "after"))
    assert [(one[side]["n"], one[side]["of"]) for side in ("before", "after")] == [before, after]
    assert min(before[1], after[1]) >= 30
    difference, low, high = newcombe(after, before)
    assert [one["difference"], one["low"], one["high"]] == pytest.approx([difference, low, high])
    weekdays = {date.fromisoformat(day).weekday() for day in told_of["before"]["dates"]}
    first = SPANS.before[0].isoformat()
    history = [day for day in sorted(own) if day < first and date.fromisoformat(day).weekday() in weekdays]
    assert (one["usual"]["n"], one["usual"]["of"]) == pooled(own, history)
    days = [day for day in history if own[day][1]]
    assert [one["usual"]["low"], one["usual"]["high"]] == pytest.approx(usual(own, days, before[1]))
    share = before[0] / before[1]
    assert one["usual"]["beyond"] == (not one["usual"]["low"] <= share <= one["usual"]["high"])


def test_minutes_come_out_of_the_log_again_day_by_day(desk: Desk) -> None:
    """Whole spans over all their rows, the difference by pairs of equal weekdays."""
    leading.open_project(desk, asked(NOW), "Shorter at the window", "M1")
    leading.set_target(desk, asked(NOW), NUMBER + 1, TIMED, 5.5, by=MONDAY, reason="as it was in spring")
    leading.set_followed_figures(desk, asked(NOW), NUMBER + 1, [EffectFigure(TIMED, 0.5)])
    leading.set_comparison_spans(desk, asked(NOW), NUMBER + 1, WEEKS)
    timed = telling.effect_document(telling.before_after_effect(desk, NUMBER + 1, NOW))
    log = printed_log(desk)
    (one,) = timed["figures"]
    sides = [timed[side]["dates"] for side in ("before", "after")]
    own = [[day_of(log, day, NOW)["handling"]["mean"] for day in days] for days in sides]
    for key, days in zip(("before", "after"), sides, strict=True):
        whole = span_of_days(log, days, NOW)["handling"]
        assert (one[key]["n"], one[key]["minutes"]) == (whole["n"], pytest.approx(whole["mean"], abs=0.006))
        ends = (date.fromisoformat(day) for day in (days[0], days[-1]))
        assert tickets_behind_figure(desk, TIMED, *ends, NOW).total == whole["n"]
    assert [one["difference"], one["low"], one["high"]] == pytest.approx(paired_by_hand(*own), abs=0.011)
    reached = paired_by_hand([0.0] * 6, own[1])
    assert [timed["target"][end] for end in ("low", "high")] == pytest.approx(reached[1:], abs=0.011)
    (row,) = (row for row in improvement.fading_effects(desk, NOW) if row["figure"] == TIMED)
    assert (row["n"], row["minutes"], row["alarm"]) == (one["after"]["n"], one["after"]["minutes"], 0.5)


def test_groups_of_a_path_are_counted_from_the_log_and_a_week_beyond_its_line_fades(desk: Desk, rows) -> None:
    """Wrong windows have a line that no week keeps, satisfaction one that every week keeps."""
    (cited,) = telling.read_project_document(desk, NUMBER, NOW)["causes"][0]["evidence"]
    having, lacking = (pooled(rows[path], sorted(rows[path])) for path in (WRONG, SATISFIED))
    assert [(cited[name]["n"], cited[name]["of"]) for name in ("with", "without")] == [having, lacking]
    assert [cited["difference"], cited["low"], cited["high"]] == pytest.approx(newcombe(having, lacking))
    (row,) = [one for one in improvement.fading_effects(desk, NOW) if one["project"] == NUMBER]
    first, last = (day.isoformat() for day in SPANS.after)
    week = [day for day in sorted(rows[WRONG]) if first <= day <= last]
    assert (row["project"], row["title"], row["leader"], row["figure"]) == (NUMBER, "Right the first time", "M1", WRONG)
    assert (row["n"], row["of"]) == pooled(rows[WRONG], week)
    assert improvement.fading_effects(desk, NOW - timedelta(days=7)) == []


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
