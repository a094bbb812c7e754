"""The effect of a project and its evidence over the demo's month, against a second count from the printed log."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from queuedesk.core.improvement.project import ComparedDateSpans, EffectFigure, EvidenceCitation
from queuedesk.desk import improvement
from queuedesk.desk.change import Desk
from queuedesk.desk.figures import tickets_behind_figure
from queuedesk.features.demo_hall.verbs import story
from queuedesk.features.projects.rules import NewEvidence
from queuedesk.features.projects.verbs import leading, telling
from tests.core.figures.test_comparing import newcombe
from tests.features.demo_hall.month import MONDAY, month
from tests.features.projects.recompute import SATISFIED, WRONG, daily, equal, paired_by_hand, pooled, usual
from tests.reports.days import asked, printed_log
from tests.reports.recompute import day_of, span_of_days

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
def told(desk: Desk) -> dict[str, Any]:
    return telling.effect_document(telling.before_after_effect(desk, NUMBER, NOW))


@pytest.fixture(scope="module")
def rows(desk: Desk) -> dict[str, dict[str, tuple[int, int]]]:
    return daily(printed_log(desk))


def test_the_spans_have_equal_weekdays_and_name_what_is_left_out(told, rows) -> None:
    spans = [(first.isoformat(), last.isoformat()) for first, last in (SPANS.before, SPANS.after)]
    assert (told["before"]["dates"], told["after"]["dates"]) == equal(sorted(rows[WRONG]), *spans)
    assert {"date": SURPLUS.isoformat(), "why": "surplus"} in told["after"]["left_out"]
    assert (told["days"], told["over"]) == (5, True)


@pytest.mark.parametrize("place", [0, 1])
def test_each_figure_and_its_interval_come_out_of_the_log_again(told, rows, place: int) -> None:
    one = told["figures"][place]
    own = rows[(WRONG, SATISFIED)[place]]
    before, after = (pooled(own, told[side]["dates"]) for side in ("before", "after"))
    assert [(one[side]["n"], one[side]["of"]) for side in ("before", "after")] == [before, after]
    assert min(before[1], after[1]) >= 30
    difference, low, high = newcombe(after, before)
    assert [one["difference"], one["low"], one["high"]] == pytest.approx([difference, low, high])
    weekdays = {date.fromisoformat(day).weekday() for day in told["before"]["dates"]}
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
