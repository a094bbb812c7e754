"""Two weeks compared on equal weekdays: the same figures, worked out a second time from the printed log alone."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from queuedesk.core.errors import RuleError
from queuedesk.core.figures.comparing import BEFORE, LAST_YEAR, ShareChangeVerdict
from queuedesk.core.figures.periods import DAY as ONE_DAY
from queuedesk.core.figures.periods import DAYS, HEAT, MONTH, PAGE, WEEK
from queuedesk.core.quality.case import CitedFigures, changed_view_figures
from queuedesk.desk.change import Desk
from queuedesk.desk.figures import compare_periods, date_to_compare, view_figures_for_period
from queuedesk.desk.queue import calling, issuing, opening, rating
from queuedesk.desk.upkeep import clocks
from queuedesk.sim.demand import SimulatedDay
from tests.core.figures.test_comparing import newcombe
from tests.reports.days import DAY, NINE, asked, hall, kept, printed_log
from tests.reports.recompute import span_of_days

FURTHER = [DAY + timedelta(days=n) for n in (1, 2, 4, 7, 8, 9)]
SATURDAY_NOON = datetime(2026, 11, 28, 3, tzinfo=UTC)
NEXT_DAY = SATURDAY_NOON + timedelta(days=1)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory):
    """Return a hall with Thursday to Saturday, then Monday, Thursday, Friday and half a Saturday."""
    return two_weeks(tmp_path_factory.mktemp("weeks"))


@kept
def two_weeks(folder: Path) -> Desk:
    desk = hall(folder)
    for n, day in enumerate([DAY, *FURTHER]):
        until = SATURDAY_NOON if day == FURTHER[-1] else None
        SimulatedDay(desk, day, 40 + n, customers=12 + 3 * n).play(until)
    return desk


@pytest.fixture(scope="module")
def weeks(desk):
    return compare_periods(desk, WEEK, DAY + timedelta(days=7), DAY, SATURDAY_NOON)


@pytest.fixture(scope="module")
def recounted(desk, weeks):
    """The figures of this week's dates and of the other's, from the printed log alone."""
    log = printed_log(desk)
    both = ([day.isoformat() for day in side.chosen.days] for side in (weeks.ours, weeks.theirs))
    return [span_of_days(log, days, SATURDAY_NOON) for days in both]


def test_equal_weekdays_are_compared_and_figures_are_those_of_the_chosen_dates_together(weeks, recounted):
    thursday, friday = date(2026, 11, 19), date(2026, 11, 20)
    assert list(weeks.theirs.chosen.days) == [thursday, friday]
    assert list(weeks.ours.chosen.days) == [day + timedelta(days=7) for day in (thursday, friday)]
    assert (weeks.compared_day_count, weeks.is_running) == (2, False)
    out, theirs = ({one.day.day: one.why for one in side.chosen.left_out} for side in (weeks.ours, weeks.theirs))
    assert (out[23], out[28], out[24], theirs[21]) == ("surplus", "running", "no_tickets", "surplus")
    for side, expected in zip((weeks.ours, weeks.theirs), recounted, strict=True):
        found = side.figures
        for key in ("issued", "called", "finished", "left", "no_show", "missed"):
            assert found[key] == expected[key]
        for group in ("wait", "way", "handling"):
            for key in ("n", "mean", "median", "p90"):
                assert found[group][key] == pytest.approx(expected[group][key], abs=0.006), (group, key)
        assert found["ratings"]["levels"] == expected["ratings"]["levels"]
        assert found["wait"]["within_target"] == pytest.approx(expected["wait"]["within_target"], abs=1e-6)


def test_differences_follow_from_both_weeks_by_independent_arithmetic(weeks, recounted):
    ours, theirs = recounted
    assert weeks.difference_of_figure_at_path("issued").difference == ours["issued"] - theirs["issued"] != 0
    mean = ours["wait"]["mean"] - theirs["wait"]["mean"]
    assert weeks.difference_of_figure_at_path("wait.mean").difference == pytest.approx(mean, abs=0.011)
    levels = [one["ratings"]["levels"] for one in (ours, theirs)]
    rated = [(sum(one[str(level)] for level in (3, 4, 5)), sum(one.values())) for one in levels]
    found = weeks.difference_of_figure_at_path("ratings.rate")
    assert (found.difference, found.low, found.high) == pytest.approx(newcombe(*rated), abs=1e-6)
    assert (found.ours_of.n, found.ours_of.of) == rated[0]
    for code in ("A", "B"):
        path = f"services.{code}.issued"
        mine, its = ({row["code"]: row for row in one["services"]}[code]["issued"] for one in (ours, theirs))
        assert weeks.difference_of_figure_at_path(path).difference == mine - its


def test_the_share_called_in_time_is_compared_by_its_parts_and_every_share_has_its_interval_but_no_count(weeks):
    for path in ("wait.within_target", "services.A.wait.within_target"):
        found = weeks.difference_of_figure_at_path(path)
        assert found.ours_of.of > 0 and found.theirs_of.of > 0
        for side, part in ((weeks.ours, found.ours_of), (weeks.theirs, found.theirs_of)):
            wait = side.figures["wait"] if path.startswith("wait") else side.figures["services"][0]["wait"]
            assert round(part.n / part.of, 6) == wait["within_target"]
        expected = newcombe((found.ours_of.n, found.ours_of.of), (found.theirs_of.n, found.theirs_of.of))
        assert (found.difference, found.low, found.high) == pytest.approx(expected, abs=1e-6)
    for one in weeks.differences:
        both = one.ours_of is not None and one.ours_of.of > 0 and one.theirs_of.of > 0
        assert (one.verdict is not None) is (one.kind == "share" and both), one.path


def test_a_day_that_is_not_over_is_compared_alone_and_spans_without_a_weekday_in_common_not_at_all(desk):
    found = compare_periods(desk, ONE_DAY, FURTHER[-1], FURTHER[1], SATURDAY_NOON)
    assert (found.compared_day_count, found.is_running) == (1, True)
    friday_evening = datetime(2026, 11, 27, 12, tzinfo=UTC)
    found = compare_periods(desk, WEEK, DAY + timedelta(days=7), DAY, friday_evening)
    assert date(2026, 11, 27) in found.ours.chosen.days
    found = compare_periods(desk, ONE_DAY, DAY, DAY + timedelta(days=1), NEXT_DAY)
    assert found.compared_day_count == 0
    assert all(one.difference in (None, 0) for one in found.differences)
    with pytest.raises(RuleError, match="same_period"):
        compare_periods(desk, MONTH, DAY, DAY + timedelta(days=5), NEXT_DAY)


def test_what_is_looked_at_again_is_of_the_same_dates(desk, weeks):
    def look(path, now, **then):
        return view_figures_for_period(desk, path, WEEK, DAY + timedelta(days=7), now, against=DAY, **then)

    page, days = look(PAGE, SATURDAY_NOON), look(DAYS, SATURDAY_NOON)
    for path, then in ((PAGE, page), (DAYS, days)):
        cited = CitedFigures.from_document(json.loads(then.stored_text))
        assert changed_view_figures(then, look(path, NEXT_DAY, then=cited)) == []
    assert page.was_running and look(HEAT, NEXT_DAY).as_of == NEXT_DAY.date()
    assert {name[:10] for name in days.theirs} == {"2026-11-19", "2026-11-20"}
    assert page.theirs["issued"] == weeks.difference_of_figure_at_path("issued").theirs
    assert page.ours["issued"] == weeks.difference_of_figure_at_path("issued").ours < page.figures["issued"]
    assert page.figures["issued"] == sum(n for name, n in days.figures.items() if name.endswith("issued"))
    assert view_figures_for_period(desk, PAGE, WEEK, DAY + timedelta(days=7), NEXT_DAY, against=DAY).ours != page.ours


def turned_over(folder: Path) -> tuple[Desk, date]:
    """Let 38 of 40 and 4 of 10 of A and B be satisfied, on a later date 10 of 10 and 20 of 40; return that date too."""
    desk, later = hall(folder), DAY + timedelta(days=14)
    for day, visits in ((DAY, {"A": (38, 40), "B": (4, 10)}), (later, {"A": (10, 10), "B": (20, 40)})):
        start = NINE + (day - DAY)
        opening.open_window(desk, asked(start), "5", staff="C5")
        for service, (good, of) in visits.items():
            for n in range(of):
                at = asked(start + timedelta(minutes=n))
                label = str(issuing.issue_ticket(desk, at, service)["ticket"])
                calling.call_ticket(desk, at, "5", ticket=label, reason="chosen")
                calling.finish_service(desk, at, "5")
                rating.rate_visit(desk, at, label, 5 if n < good else 1)
        clocks.end_today(desk, asked(start + timedelta(hours=9)))
    return desk, later


def test_where_each_service_got_better_and_the_mix_turned_over_nothing_is_lower(tmp_path):
    desk, later = turned_over(tmp_path)
    found = compare_periods(desk, MONTH, later, DAY, NINE + timedelta(days=16))
    change = found.difference_of_figure_at_path("ratings.rate")
    assert change is not None and change.high is not None and change.high < 0
    assert (change.difference, change.alike) == (pytest.approx(-0.24), pytest.approx((0.05 + 0.1) / 2))
    assert (change.verdict, change.is_of_mix) == (ShareChangeVerdict.CANNOT_TELL, True)


def test_what_a_period_is_held_against():
    for period, against, expected in (
        (ONE_DAY, BEFORE, date(2026, 11, 13)),  # for a day its weekday
        (WEEK, BEFORE, date(2026, 11, 13)),
        (MONTH, BEFORE, date(2026, 10, 31)),
        ("quarter", BEFORE, date(2026, 9, 30)),
        ("year", BEFORE, date(2025, 12, 31)),
        (ONE_DAY, LAST_YEAR, date(2025, 11, 21)),
        (WEEK, LAST_YEAR, date(2025, 11, 21)),
        ("quarter", LAST_YEAR, date(2025, 10, 1)),
        (MONTH, "2026-03-04", date(2026, 3, 4)),
    ):
        assert date_to_compare(period, date(2026, 11, 20), against) == expected, (period, against)
