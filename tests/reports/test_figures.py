"""What of a day's figures is worth attention, what each of them is, and the day on which clocks are put back."""

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from xml.sax.saxutils import unescape

import pytest
from msgspec.structs import replace

from queuedesk.core.charts.waits import hour_labels
from queuedesk.core.figures.comparing import uniquely_named_rows
from queuedesk.core.figures.periods import DAY as ONE_DAY
from queuedesk.core.figures.periods import MONTH, WEEK
from queuedesk.desk import looking, setting_up
from queuedesk.desk.calendaring import set_calendar_days
from queuedesk.desk.talk import messaging
from queuedesk.i18n.figures.figure_titles import figure_title
from queuedesk.reports.figures.figure_words import figure_definitions
from queuedesk.reports.figures.findings import MOST, first_period_finding_texts, first_three_day_finding_sentences
from queuedesk.reports.figures.period import DayReport, PauseTaken, read_day_report, read_period_report
from queuedesk.reports.figures.write import write_period_report
from queuedesk.store.log import journal
from tests.hall import simple_hall
from tests.reports.days import AFTER, DAY, NEXT_MORNING, NINE, asked, at_nine, eventful, hall, simulated
from tests.reports.read_back import text_of


@pytest.fixture
def quiet(tmp_path: Path) -> DayReport:
    """A date on which nothing happened: whatever is said of it was put in by the test."""
    return read_day_report(hall(tmp_path), DAY, NEXT_MORNING)


def said(read: DayReport, lang: str = "en", **figures: Any) -> list[str]:
    read.figures.update(figures)
    plain = [unescape(re.sub("</?b>", "", text)) for text in first_three_day_finding_sentences(read, lang)]
    return [sentence.replace("\u2060", "") for sentence in plain]


def service(code: str, n: int, mean: float, within: float) -> dict[str, Any]:
    return {"code": code, "wait": waited(n, mean, within)}


def waited(n: int, mean: float, within: float) -> dict[str, Any]:
    spread = {"median": 0.9 * mean, "p90": 0.9 * mean + 6.0}
    return {"n": n, "mean": mean, "within_target": within, "target_minutes": 15} | spread


def beside(n: int, mean: float) -> dict[str, Any]:
    """Return the waits of a service beside one of 40 who waited 17.9 minutes."""
    return {"services": [service("A", 40, 17.9, 0.48), service("C", n, mean, 0.4)], "wait": waited(44, 18.0, 0.45)}


def rated(n: int, dissatisfied: int, rate: float) -> dict[str, Any]:
    return {"ratings": {"n": n, "dissatisfied": dissatisfied, "rate": rate, "low": 0.7389, "high": 0.9454}}


ALIKE = "All services waited about as long: 18.0 min on average, 45.0 % called within 15 min, n 44."


@pytest.mark.parametrize(
    ("figures", "sentence"),
    [
        ({}, ""),
        (
            {"services": [service("A", 40, 21.0, 0.7), service("C", 30, 17.9, 0.48), service("B", 4, 90.0, 0.0)]},
            "A Pay a bill waited longest of services with 5 customers or more: 21.0 min on average, 70.0 % called within 15 min, n 40.",
        ),
        (
            {"services": [service("A", 40, 21.0, 0.7), service("C", 30, 17.9, 0.48), service("B", 4, 9.0, 1.0)]},
            "A Pay a bill waited longest: 21.0 min on average, 70.0 % called within 15 min, n 40.",
        ),
        (beside(400, 18.0), ALIKE),
        (beside(8, 21.0), ALIKE),
        (beside(4, 25.0), ""),
        (beside(4, 7.0), "A Pay a bill waited longest: 17.9 min on average, 48.0 % called within 15 min, n 40."),
        ({"services": [service("A", 40, 14.0, 0.8)]}, ""),
        (rated(40, 5, 0.875), "5 of 40 ratings dissatisfied: 87.5 % satisfied, 95 % interval 73.9–94.5 %."),
        (rated(3, 2, 0.3), "2 of 3 ratings dissatisfied; too few to say more."),
        (rated(4, 2, 0.3), ""),
        (rated(1, 1, 0.3), ""),
        (rated(99, 2, 0.5), ""),
        (rated(99, 5, 0.97), ""),
        (
            {"issued": 312, "redirects": {"n": 7, "minutes_lost": 52.04, "by_service": {"A": 2, "B": 5}}},
            "7 times somebody was in the wrong line, most often for B Account services; 52.0 min lost.",
        ),
    ],
)
def test_a_finding_is_said_past_its_threshold(quiet: DayReport, figures: dict[str, Any], sentence: str) -> None:
    assert said(quiet, **figures) == ([sentence] if sentence else [])


def test_no_more_than_three_are_said_and_who_left_is_first(quiet):
    quiet.figures["not_ready"] = {"n": 50, "by_service": {"A": 50}}
    quiet.figures["overtakes"] = {"tickets": 9, "max": 5, "by_reason": {}}
    found = said(quiet, issued=100, left=30, no_show=4, services=[service("A", 40, 21.0, 0.5)])
    assert len(found) == MOST
    assert found[0] == "30 of 100 left without being served, 4 of them did not come when called."
    assert found[1].startswith("A Pay a bill waited longest")


def test_a_window_paused_while_many_waited_is_said_with_its_times(tmp_path):
    desk = hall(tmp_path)
    people = at_nine(desk)
    people.play("open 5 staff=C5", "issue B", "call 5", 1, "miss 5", 1, "queue A A A A A A A A")
    people.play(1, "pause 5 reason=rest", 17, "resume 5")
    found = said(read_day_report(desk, DAY, NINE + timedelta(minutes=21)))
    assert "Window 5 was paused 9:03–9:20 (rest); on average 8 people were waiting for its services." in found


def test_meals_by_turns_name_no_window(quiet):
    def meal(window: str, hour: int, minute: int, waiting: float, reason: str = "meal") -> PauseTaken:
        start = NINE.replace(hour=hour, minute=minute)
        return PauseTaken(window, start, start + timedelta(minutes=40), reason, waiting)

    turns = (meal("1", 3, 0, 20.0), meal("2", 3, 40, 12.0), meal("3", 4, 25, 10.0))
    assert said(replace(quiet, pauses=(*turns, meal("4", 7, 0, 8.0)))) == [
        "3 windows paused between 3:00 and 5:05 (Meal); on average 14 people were waiting for their services."
    ]
    assert said(replace(quiet, pauses=(turns[0], meal("2", 3, 40, 12.0, "rest")))) == [
        "Window 1 was paused 3:00–3:40 (Meal); on average 20 people were waiting for its services."
    ]


def test_calls_that_were_not_spoken_or_not_shown_are_said_once(tmp_path):
    desk = hall(tmp_path)
    at_nine(desk).play("open 5 staff=C5", "open 6 staff=C6", "issue B", "call 5", 7, "issue B", "call 6")

    def told() -> list[str]:
        return [one for one in said(read_day_report(desk, DAY, NEXT_MORNING)) if " call" in one]

    assert told() == ["2 calls were neither shown nor spoken (9:00–9:07): no display was in view."]
    setting_up.change_single_row_part(desk, asked(NINE), "voice", {"spoken": False})
    assert told() == ["2 calls were not shown (9:00–9:07): no display was in view."]
    calls = [event for event in looking.events_after(desk, 0) if event.kind == "call"]
    with desk.db.write(desk.hall) as tx:
        for call in calls:
            journal.save_announcement_result(tx, desk.hall, call.seq, "display", link="none")
    assert told() == [], "where nothing is to be spoken nothing is missing"
    setting_up.change_single_row_part(desk, asked(NINE), "voice", {"spoken": True})
    assert told() == ["2 calls were not spoken; they were on the display only."]


def test_a_period_names_days_under_the_target_the_slowest_half_hour_and_no_target_that_was_kept(tmp_path):
    desk = simulated(tmp_path, customers=150)
    setting_up.change_setting(desk, asked(NEXT_MORNING), "wait_target_minutes", 1)
    first, second, *_ = first_period_finding_texts(read_period_report(desk, WEEK, DAY, AFTER), "en")
    assert first.startswith("<b>The wait target was missed on 1 of 1 day</b>, by most on Thu 19 Nov: ")
    assert second.startswith("<b>Waits are longest on Thursday at ")
    chinese = said(read_day_report(desk, DAY, NEXT_MORNING), "zh_CN")
    assert chinese and all(sentence.endswith("。") for sentence in chinese)
    setting_up.change_setting(desk, asked(NEXT_MORNING), "wait_target_minutes", 120)
    found = first_period_finding_texts(read_period_report(desk, MONTH, DAY, AFTER), "en")
    assert len(found) <= 3 and not [text for text in found if "target was missed" in text or "longest" in text]
    assert first_period_finding_texts(read_period_report(desk, MONTH, DAY + timedelta(days=90), AFTER), "en") == []


def test_notes_on_days_stand_on_the_charts(tmp_path):
    """Beside them stands what the calendar says of the span's dates."""
    desk = simulated(tmp_path, customers=60)
    short = {"kind": "special", "from": "8:30", "to": "18:00"}
    stock = {"kind": "holiday", "text": "盘点", "text_en": "Stock-taking"}
    set_calendar_days(desk, asked(NEXT_MORNING), {"2026-11-19": short, "2026-11-26": stock})
    messaging.add_day_note(
        desk, asked(NEXT_MORNING), "outage", "card machines down", day=DAY, start="10:00", end="10:30"
    )
    of_month = "Calendar: 19 Nov Special hours 8:30–18:00; 26 Nov Closed: Stock-taking"
    for period, dated, calendar in (("day", "", "Special hours 8:30–18:00 · "), (MONTH, "19 Nov ", of_month)):
        page = text_of(write_period_report(desk, period, DAY, tmp_path / f"{period}.pdf", lang="en", now=AFTER))
        assert f"a {dated}Outage 10:00–10:30: card machines down" in page and calendar in page


LONGEST = {"en": 155, "zh_CN": 75}


@pytest.fixture(scope="module")
def eventful_figures(tmp_path_factory):
    return read_day_report(eventful(tmp_path_factory.mktemp("hall")), DAY, NEXT_MORNING).figures


def test_every_measure_has_a_definition_in_short_sentences_and_every_share_says_of_how_many(eventful_figures):
    defined = figure_definitions(eventful_figures, "en")
    told = {one.path.split(".")[1] for one in defined if one.path.startswith("measures.")}
    same = {"served": "measures.served.rate", "service_level": "wait.within_target"}
    assert eventful_figures["measures"].keys() - told <= same.keys()
    assert set(same.values()) <= {one.path for one in defined}
    shares = [one for one in defined if one.path.endswith((".rate", "within_target"))]
    assert [one.path for one in shares if not one.of] == []
    assert [one.path for one in shares if not one.abandoned] == ["measures.diversion.rate"]
    for lang, longest in LONGEST.items():
        for one in figure_definitions(eventful_figures, lang):
            for text in (one.name, one.counted, one.of, one.left_out, one.abandoned):
                assert len(text) <= longest and "{" not in text
        assert any(
            "5" in one.name for one in figure_definitions(eventful_figures, lang) if one.path == "wait.within_target"
        )
    # A hall without one target, and halls that look on for other days, have a dash.
    several = eventful_figures | {"wait": eventful_figures["wait"] | {"target_minutes": None}}
    assert "Called within — min" in [one.name for one in figure_definitions(several, "en")]
    measures = eventful_figures["measures"]
    together = eventful_figures | {"measures": measures | {"first_visit": measures["first_visit"] | {"days": None}}}
    assert "None" not in "".join(one.counted for one in figure_definitions(together, "en"))


FIRST = datetime(2026, 11, 1, 5, 5, tzinfo=UTC)
"""1:05 in New York, for the first time."""
CAME = (1, 2, 3, 4)
"""How many come in each of the four half-hours."""
NAMES = ["01:00", "01:30", "01:00#2", "01:30#2"]


@pytest.fixture
def put_back(tmp_path):
    hall = simple_hall(tmp_path, start=FIRST, timezone="America/New_York", settings={"day_end": "00:00"})
    for half, count in enumerate(CAME):
        hall.clock.now = FIRST + timedelta(minutes=30 * half)
        hall.queue(*"A" * count)
    return hall


@pytest.fixture
def read(put_back):
    put_back.clock.now = FIRST + timedelta(days=3)
    return read_period_report(put_back.desk, ONE_DAY, date(2026, 11, 1), put_back.clock())


def test_two_half_hours_of_one_name_stay_two_in_the_order_in_which_they_passed_and_are_told_apart(put_back, read):
    rows = read.document["hours"]
    assert [name for name, _row in uniquely_named_rows(rows)] == NAMES
    assert [row["from"] for row in rows] == ["01:00", "01:30", "01:00", "01:30"]
    assert tuple(row["arrivals"] for row in rows) == CAME
    setup = looking.setup_of_hall(put_back.desk)
    titles = [figure_title(f"hours.{name}.arrivals", setup, "en") for name in NAMES]
    assert ["(2nd)" in title for title in titles] == [False, False, True, True]
    assert hour_labels(NAMES) == [(0.0, "1:00"), (2.0, "1:00 (2)"), (4.0, "2:00")]
