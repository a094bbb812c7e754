"""What is worth attention: said only past its threshold, with figures that stand on the page."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from xml.sax.saxutils import unescape

import pytest
from msgspec.structs import replace

from queuedesk.core.setup.file import check_setup
from queuedesk.desk.queue import calling, issuing, opening
from queuedesk.desk.setup import setting_up
from queuedesk.reports.figures.findings import MOST, findings
from queuedesk.reports.figures.period import DayRead, PauseTaken, read_day
from queuedesk.store.log import journal
from tests.reports.days import DAY, NEXT_MORNING, asked, hall, simulated

NINE = datetime(2026, 11, 19, 1, tzinfo=UTC)


@pytest.fixture
def quiet(tmp_path: Path) -> DayRead:
    """A date on which nothing happened: whatever is said of it was put in by the test."""
    return read_day(hall(tmp_path), DAY, NEXT_MORNING)


def said(read: DayRead, lang: str = "en", **figures: Any) -> list[str]:
    read.figures.update(figures)
    return [unescape(re.sub("</?b>", "", finding.markup)) for finding in findings(read, lang)]


def service(code: str, n: int, mean: float, within: float) -> dict[str, Any]:
    return {"code": code, "wait": waited(n, mean, within)}


def waited(n: int, mean: float, within: float) -> dict[str, Any]:
    spread = {"median": 0.9 * mean, "p90": 0.9 * mean + 6.0}
    return {"n": n, "mean": mean, "within_target": within, "target_minutes": 15} | spread


def test_nothing_is_said_of_a_day_without_trouble(quiet):
    assert said(quiet) == []


def test_the_service_that_waited_longest_is_named(quiet):
    rows = [service("A", 40, 21.0, 0.7), service("C", 30, 17.9, 0.48), service("B", 4, 90.0, 0.0)]

    assert said(quiet, services=rows) == [
        "A Pay a bill waited longest: 21.0 min on average, 70.0 % called within 15 min, n 40."
    ]


@pytest.mark.parametrize(("n", "mean"), [(400, 18.0), (4, 25.0), (8, 21.0)])
def test_no_service_is_named_where_chance_or_a_minute_makes_the_difference(quiet, n, mean):
    rows = [service("A", 40, 17.9, 0.48), service("C", n, mean, 0.4)]

    assert said(quiet, services=rows, wait=waited(44, 18.0, 0.45)) == [
        "All services waited about as long: 18.0 min on average, 45.0 % called within 15 min, n 44."
        if n > 4
        else "A Pay a bill waited longest: 17.9 min on average, 48.0 % called within 15 min, n 40."
    ]


def test_a_service_called_in_time_is_not_named(quiet):
    assert said(quiet, services=[service("A", 40, 14.0, 0.8)]) == []


def test_dissatisfied_ratings_are_said_with_their_n_and_interval(quiet):
    ratings = {"n": 40, "dissatisfied": 5, "rate": 0.875, "low": 0.7389, "high": 0.9454}

    assert said(quiet, ratings=ratings) == [
        "5 of 40 ratings dissatisfied: 87.5 % satisfied, 95 % interval 73.9–94.5 %.".replace("–", "\u2060–\u2060")
    ]


@pytest.mark.parametrize(
    ("n", "dissatisfied", "words"),
    [
        (3, 2, ["2 of 3 ratings dissatisfied; too few to say more."]),
        (4, 2, []),
        (1, 1, []),
    ],
)
def test_of_a_few_ratings_most_of_them_bad_are_said_without_a_share(quiet, n, dissatisfied, words):
    assert said(quiet, ratings={"n": n, "dissatisfied": dissatisfied, "rate": 0.3, "low": 0, "high": 1}) == words


@pytest.mark.parametrize(("dissatisfied", "rate"), [(2, 0.5), (5, 0.97)])
def test_few_or_rare_dissatisfied_ratings_are_not_said(quiet, dissatisfied, rate):
    assert said(quiet, ratings={"n": 99, "dissatisfied": dissatisfied, "rate": rate, "low": 0, "high": 1}) == []


def test_misdirected_customers_are_said_with_the_wrong_line(quiet):
    redirects = {"n": 7, "minutes_lost": 52.04, "by_service": {"A": 2, "B": 5}}

    assert said(quiet, issued=312, redirects=redirects) == [
        "7 times somebody was in the wrong line, most often for B Account services; 52.0 min lost."
    ]


def test_no_more_than_three_are_said_and_who_left_is_first(quiet):
    quiet.figures["not_ready"] = {"n": 50, "by_service": {"A": 50}}
    quiet.figures["overtakes"] = {"tickets": 9, "max": 5, "by_reason": {}}

    found = said(quiet, issued=100, left=30, no_show=4, services=[service("A", 40, 21.0, 0.5)])

    assert len(found) == MOST
    assert found[0] == "30 of 100 left without being served, 4 of them did not come when called."
    assert found[1].startswith("A Pay a bill waited longest")


def test_a_window_paused_while_many_waited_is_said_with_its_times(tmp_path):
    desk = hall(tmp_path)
    opening.open_window(desk, asked(NINE), "5", staff="C5")
    issuing.issue(desk, asked(NINE), "B")
    calling.call(desk, asked(NINE), "5")
    calling.miss(desk, asked(NINE + timedelta(minutes=1)), "5")
    for _ in range(8):
        issuing.issue(desk, asked(NINE + timedelta(minutes=2)), "A")
    opening.pause(desk, asked(NINE + timedelta(minutes=3)), "5", reason="rest")
    opening.resume(desk, asked(NINE + timedelta(minutes=20)), "5")

    found = said(read_day(desk, DAY, NINE + timedelta(minutes=21)))

    expected = "Window 5 was paused 9:03\u2060–\u20609:20 (rest); on average 8 people were waiting for its services."
    assert expected in found


def test_meals_by_turns_name_no_window(quiet):
    def meal(window: str, hour: int, minute: int, waiting: float, reason: str = "meal") -> PauseTaken:
        start = NINE.replace(hour=hour, minute=minute)
        return PauseTaken(window, start, start + timedelta(minutes=40), reason, waiting)

    turns = (meal("1", 3, 0, 20.0), meal("2", 3, 40, 12.0), meal("3", 4, 25, 10.0))
    later = meal("4", 7, 0, 8.0)

    assert said(replace(quiet, pauses=(*turns, later))) == [
        "3 windows paused between 3:00 and 5:05 (Meal); on average 14 people were waiting for their services."
    ]
    alone = (turns[0], meal("2", 3, 40, 12.0, "rest"))
    assert said(replace(quiet, pauses=alone)) == [
        "Window 1 was paused 3:00\u2060–\u20603:40 (Meal); on average 20 people were waiting for its services."
    ]


def test_calls_that_were_not_spoken_are_said(tmp_path):
    desk = hall(tmp_path)
    opening.open_window(desk, asked(NINE), "5", staff="C5")
    issuing.issue(desk, asked(NINE), "B")
    calling.call(desk, asked(NINE), "5")
    with desk.db.write(desk.hall) as tx:
        journal.announced(tx, desk.hall, 4, "display", link="none")

    assert "1 call was not spoken; it was on the display only." in said(read_day(desk, DAY, NEXT_MORNING))

    setting_up.change_part(desk, asked(NINE), "voice", {"spoken": False})
    assert not [one for one in said(read_day(desk, DAY, NEXT_MORNING)) if "spoken" in one]


def test_calls_without_a_display_are_said_once(tmp_path):
    desk = hall(tmp_path)
    for window in ("5", "6"):
        opening.open_window(desk, asked(NINE), window, staff=f"C{window}")
    issuing.issue(desk, asked(NINE), "B")
    issuing.issue(desk, asked(NINE), "B")
    calling.call(desk, asked(NINE), "5")
    calling.call(desk, asked(NINE + timedelta(minutes=7)), "6")

    found = said(read_day(desk, DAY, NEXT_MORNING))
    assert "2 calls were neither shown nor spoken (9:00\u2060–\u20609:07): no display was in view." in found

    setting_up.change_part(desk, asked(NINE), "voice", {"spoken": False})
    found = said(read_day(desk, DAY, NEXT_MORNING))
    assert "2 calls were not shown (9:00\u2060–\u20609:07): no display was in view." in found


@pytest.mark.parametrize(
    ("minutes", "cause", "is_said"),
    [(9.5, "out_of_paper", False), (12.0, "out_of_paper", True), (12.0, "stopped", False)],
)
def test_equipment_that_did_not_work_is_said_with_its_cause(quiet, minutes, cause, is_said):
    outage = {"from": "13:42", "to": "13:54", "cause": cause, "minutes": minutes}
    device = {"device": "printer", "station": "guide", "outages": [outage]}

    found = said(quiet, measures=quiet.figures["measures"] | {"devices": [device]})

    assert found == (["Printer (Front desk) did not work for 12 min: out of paper."] if is_said else [])
    document = quiet.setup.document
    assert said(replace(quiet, setup=check_setup({**document, "hall": {**document["hall"], "features": []}}))) == []


def test_a_chinese_hall_reads_chinese(tmp_path):
    found = said(read_day(simulated(tmp_path), DAY, NEXT_MORNING), "zh_CN")

    assert found and all(sentence.endswith("。") for sentence in found)
