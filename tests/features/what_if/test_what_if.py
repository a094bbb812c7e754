"""A recorded day again: what is different makes the difference that can be worked out by hand; the sentences of it."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from random import Random, randrange
from typing import Any

import numpy as np
import pypdfium2 as pdfium
import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from queuedesk.core.errors import RuleError
from queuedesk.core.queue.dispatch import CallOrderRule, choose_next_ticket
from queuedesk.core.queue.ticket import LineTicket
from queuedesk.core.setup.file import setup_from_document
from queuedesk.desk.change import Desk
from queuedesk.features.replay.verbs import replay_file_into_hall
from queuedesk.features.what_if import rules
from queuedesk.features.what_if.pages import OWN, WhatIfController, WhatIfPage, last_open_day
from queuedesk.features.what_if.rules import DayChange, WindowChange
from queuedesk.features.what_if.rules.change import (
    RecordedAndSimulated,
    answer_what_if,
    facts_inferred_from_calls,
    match_verdict,
)
from queuedesk.features.what_if.rules.day import RecordedDay, WaitingLines, draw_random_numbers, run_day
from queuedesk.features.what_if.verbs import read_recorded_day
from queuedesk.features.what_if.words import inferred_facts_lines, simulation_match_text
from queuedesk.stations.manager.controller import ManagerController
from queuedesk.stations.widgets.panels import Label
from queuedesk.store.engine.database import Database
from tests.files.spreadsheets import write_rows
from tests.golden.kept import must_be_kept
from tests.hall import Hall, simple_hall, simple_setup
from tests.reports import days
from tests.sim.invented_files import TICKETS
from tests.stations.manager.conftest import morning
from tests.stations.seen import said

DAY = date(2026, 3, 2)
MORNING = datetime(2026, 3, 2, 9, tzinfo=UTC)


def minute(n: float) -> str:
    return (MORNING + timedelta(minutes=n)).isoformat()


def row(ticket: str, arrived: float, called: float, finished: float, window: str = "1", **more: str) -> dict[str, str]:
    times = {"arrived": arrived, "called": called, "started": called, "finished": finished}
    told = {name: minute(n) for name, n in times.items()}
    return {"ticket": ticket, "service": ticket[0], "window": window, **told, **more}


def recorded(tmp_path: Path, rows: list[dict[str, str]]) -> RecordedDay:
    file, hall = tmp_path / "day.csv", tmp_path / "day.sqlite"
    write_rows(file, [TICKETS, *([row.get(name, "") for name in TICKETS] for row in rows)])
    replay_file_into_hall(file, target=hall)
    db = Database.open(hall)
    day = read_recorded_day(Desk(db, 1), DAY)
    db.dispose()
    return day


ONE_LINE = [row(f"A{n + 1:03d}", n, 10 + 5 * n, 15 + 5 * n) for n in range(6)]
"""Six people a minute apart; one window calls them from minute 10 on, five minutes each. With a second one they come at
10 10 15 15 20 20, after 12.5 minutes on average, not 20: what_if.transcript."""


@pytest.mark.parametrize("length", [0.01, 0.1, 1.0, 4.0])
def test_a_day_played_at_half_its_wait_is_never_near_it(tmp_path: Path, length: float) -> None:
    """The clerk of the record let everybody wait twice as long as the visits take; waits of seconds and of an hour."""
    rows = [row(f"A{n + 1:03d}", 0, 10 * length * (n + 1), 10 * length * (n + 1) + 5 * length) for n in range(8)]
    day = recorded(tmp_path, rows)
    same = answer_what_if(day, DayChange(), runs=4).figures["match"]
    posts = tuple(replace(post, breaks=(), start_min=9.0 * 60) for post in day.posts)
    twice_as_quick = replace(day, gaps_min={"": (0.0,)}, posts=posts)
    half = answer_what_if(twice_as_quick, DayChange(), runs=4).figures["match"]
    assert same["verdict"] == "close" and abs(same["share"]) < 0.2
    assert half["verdict"] != "close" and half["share"] < -0.4
    assert half["recorded"] == same["recorded"] == pytest.approx(45 * length, abs=0.01)


def test_chance_excuses_a_gap_but_not_half_the_wait() -> None:
    """The record lies between the plays of all three; only the first is within two fifths of it."""
    told = [match_verdict(RecordedAndSimulated(10.0, one, 2.0, 20.0), 0.0) for one in (6.5, 5.0, 15.0)]
    certain = [match_verdict(RecordedAndSimulated(10.0, one, one, one), 0.0) for one in (8.1, 7.9, 5.9)]
    assert (told, certain) == (["close", "rough", "rough"], ["close", "rough", "off"])
    same = RecordedAndSimulated(10.0, 10.0, 10.0, 10.0)
    assert [match_verdict(same, off) for off in (3.9, 4.1, 8.1)] == ["close", "rough", "off"]
    assert match_verdict(None, None) == "off"


@pytest.fixture(scope="module")
def power_day(tmp_path_factory: pytest.TempPathFactory) -> RecordedDay:
    """A day of a whole hall."""
    return read_recorded_day(days.simulated(tmp_path_factory.mktemp("power"), customers=260), days.DAY)


def test_what_changes_nothing_differs_by_nothing_and_a_hall_s_own_record_lacks_nothing(power_day: RecordedDay) -> None:
    """Both ways draw the same unknowns, so not even by chance."""
    day = power_day
    lacking = facts_inferred_from_calls(day)
    assert (lacking["away"], lacking["not_served"]) == ([], [])
    same = DayChange(windows=tuple(WindowChange(code=p.window, services=tuple(p.services)) for p in day.posts))
    found = answer_what_if(day, same, runs=5).figures
    assert found == answer_what_if(day, same, runs=5).figures, "and again"
    for part in (found["all"], *found["services"], *found["half_hours"]):
        assert part["difference"]["mean"] in (0.0, None) and part["difference"]["low"] in (0.0, None)
    assert found["match"]["verdict"] == "close"
    assert found["match"]["half_hours_off"] < max(1.5, 0.25 * found["match"]["recorded"])


def test_who_leaves_is_not_called_and_who_waits_less_is(tmp_path: Path) -> None:
    left = {"ticket": "A007", "service": "A", "arrived": minute(6), "left": minute(30)}
    day = recorded(tmp_path, [*ONE_LINE, left])
    found = answer_what_if(day, DayChange(windows=(WindowChange(code="2", services=("A",)),)), runs=20).figures["all"]
    assert found["recorded"]["not_called"] == 1
    assert found["before"]["not_called"] >= 1
    assert found["after"]["not_called"] < found["before"]["not_called"]


def test_the_order_can_be_changed(tmp_path: Path) -> None:
    """Two elderly people at the end of the line: with a jump at every call they come before four who came earlier."""
    rows = [row(f"A{n + 1:03d}", n, 10 + 5 * n, 15 + 5 * n) for n in range(4)]
    rows += [row("A005", 8, 30, 35, **{"class": "elderly"}), row("A006", 9, 35, 40, **{"class": "elderly"})]
    day = recorded(tmp_path, rows)
    draws = draw_random_numbers(day, ["1"], np.random.default_rng(1))
    capped = run_day(rules.day_with_change(day, DayChange(settings={"jump_every": 3})), draws).waits
    free = run_day(rules.day_with_change(day, DayChange(settings={"jump_every": 1})), draws).waits
    # By the rule they come as P1 N1 N2 P2 N3 N4 at 10 15 …; without a cap both elderly people first.
    assert capped == pytest.approx([15 - 0, 20 - 1, 30 - 2, 35 - 3, 10 - 8, 25 - 9])
    assert free == pytest.approx([20 - 0, 25 - 1, 30 - 2, 35 - 3, 10 - 8, 15 - 9])


def served_in_turn(
    arrivals: list[tuple[float, str]], able: dict[str, str], away: dict[str, tuple[float, float]]
) -> list[dict[str, str]]:
    """Return the record of a hall in which visits take five minutes and who waits longest for a free window is called;
    it says nothing of what windows can do and when they were away."""
    free, waiting, rows, at = dict.fromkeys(able, 0.0), sorted(arrivals), [], 0.0
    while waiting:
        for window in sorted(able):
            first, last = away.get(window, (0.0, 0.0))
            mine = next((one for one in waiting if one[0] <= at and one[1] in able[window]), None)
            if free[window] <= at and not first <= at < last and mine is not None:
                waiting.remove(mine)
                rows.append(row(f"{mine[1]}{len(rows) + 1:03d}", mine[0], at, at + 5, window))
                free[window] = at + 5
        at += 0.25
    return rows


def test_a_break_that_the_record_lacks_is_told_and_taken(tmp_path: Path) -> None:
    """Window 2 is away from 20 to 50; the waits of the record come from that, and so do those of the day played."""
    arrivals = [(3.0 * n, "A") for n in range(30)]
    day = recorded(tmp_path, served_in_turn(arrivals, {"1": "A", "2": "A"}, {"2": (20, 50)}))
    figures = answer_what_if(day, DayChange(without=("2",)), runs=5).figures
    there = replace(day, posts=tuple(replace(post, breaks=()) for post in day.posts))
    untold = answer_what_if(there, DayChange(), runs=5).figures["match"]
    (away,) = figures["inferred"]["away"]
    (span,) = away["spans"]
    assert away["window"] == "2" and figures["inferred"]["not_served"] == []
    assert "9:20" <= span["from"] <= "9:26" and "9:49" <= span["to"] <= "9:51"
    assert figures["match"]["verdict"] == "close" and abs(figures["match"]["share"]) < 0.1
    assert untold["verdict"] == "off" and untold["share"] < -0.5


def test_a_line_that_a_window_never_called_is_not_its_own(tmp_path: Path) -> None:
    """Window 2 takes only A, though by the set-up of a record without one every window takes everything."""
    arrivals = [(4.0 * n, "AB"[n % 2]) for n in range(16)] + [(4.0 * n + 1, "B") for n in range(16)]
    day = recorded(tmp_path, served_in_turn(arrivals, {"1": "AB", "2": "A"}, {}))
    figures = answer_what_if(day, DayChange(windows=(WindowChange(code="2", services=("A", "B")),)), runs=5).figures
    (unable,) = figures["inferred"]["not_served"]
    assert (unable["window"], unable["services"]) == ("2", ["B"]) and unable["passed"] >= 5
    assert figures["match"]["verdict"] == "close"
    assert figures["all"]["difference"]["high"] < -0.2 * figures["match"]["recorded"]


def test_questions_that_are_often_asked(power_day: RecordedDay) -> None:
    day = power_day
    more = answer_what_if(day, rules.question_for_day(day, "one_more").change, runs=8).figures["all"]
    asked = rules.question_for_day(day, "comprehensive")
    every = answer_what_if(day, asked.change, base=asked.base, runs=8).figures["all"]
    lunch = rules.question_for_day(day, "lunch").change
    assert more["difference"]["high"] < 0 and every["difference"]["high"] < 0
    assert {s for w in asked.base.windows for s in w.services} == rules.visited_services(day)
    assert all(len(w.services) == 1 for w in asked.base.windows)
    assert [w.code for w in asked.base.windows] == [p.window for p in day.posts]
    starts = sorted(b.start for b in lunch.breaks)
    assert len(starts) == sum(length >= 20 for p in day.posts for _start, length in p.breaks)
    gaps = [b - a for a, b in pairwise(starts)]
    assert max(gaps) - min(gaps) <= 10


def test_a_day_whose_only_visit_took_no_time_is_no_day(tmp_path: Path) -> None:
    hall = simple_hall(tmp_path)
    hall.play("open 1 staff=C1", "serve 1 A", "finish 1", "close 1")
    with pytest.raises(RuleError, match="no_window_was_open"):
        read_recorded_day(hall.desk, hall.clock().date())


def in_line(rng: Random, n: int) -> LineTicket:
    service, place = rng.choice("ABC"), MORNING + timedelta(minutes=rng.randrange(30))
    credit: dict[str, Any] = {"credit_s": rng.choice([0, 0, 600, 900]), "has_credit": rng.random() < 0.9}
    return LineTicket(date=DAY, label=f"T{n}", service=service, place=place, turn=n, **credit)


@pytest.mark.parametrize("pick", [lambda rng: "ABC", lambda rng: rng.choice(["A", "AB", "BC"])])
def test_the_first_of_each_line_are_enough_for_the_rule(pick: Callable[[Random], str]) -> None:
    """Whom the lines call is whom the rule chooses among all who wait, until nobody is left."""
    seed = randrange(10**6)
    print("seed", seed)
    for n in range(200):
        rng = Random(seed + n)
        waiting = [in_line(rng, n) for n in range(rng.randrange(1, 25))]
        lines = WaitingLines(CallOrderRule())
        for ticket in waiting:
            lines.add_ticket(ticket)
        normal: int | None = None
        for _ in range(60):
            services = pick(rng)
            expected = choose_next_ticket([t for t in waiting if t.service in services], normal, CallOrderRule())
            called = lines.call_next_ticket(services)
            assert (called and called.label) == (expected and expected.ticket.label)
            if called is None:
                continue
            normal = 0 if called.credit_s > 0 else None if normal is None else normal + 1
            waiting.remove(called)
            if waiting and rng.random() < 0.1:
                lines.remove_uncalled_ticket(waiting.pop(0).label)


def test_the_share_is_of_the_minutes_that_are_shown_and_what_the_record_lacks_is_told_in_words() -> None:
    """2.74 and 3.0 are shown as 2.7 and 3.0, which is 11 % more; their own share would be 9."""
    median = {"recorded": 0.2, "simulated": 0.2}
    match = {"n": 230, "recorded": 2.74, "simulated": 2.99, "low": 2.7, "high": 3.3, "share": 0.0912, "median": median}
    match |= {"within_target": {"recorded": 0.95, "simulated": 0.94}, "half_hours_off": 0.3}
    told = simulation_match_text(match, 15, 40, "en")
    assert "2.7 min (230 calls), simulated 40 times 3.0 min (2.7 to 3.3): 11 % more than recorded" in told
    # What the record lacks.
    spans = [{"from": "12:05", "to": "12:40"}, {"from": "14:10", "to": "14:25"}]
    away = {"window": "3", "minutes": 50.0, "spans": spans}
    unable = {"window": "4", "services": ["A", "B"], "passed": 7}
    told = {"away": [away], "short": {"n": 2, "minutes": 1.5}, "not_served": [unable]}
    assert [line.replace("\u2060", "") for line in inferred_facts_lines(told, "en")] == [
        "Window 3 was away 12:05–12:40, 14:10–14:25 by its calls.",
        "Window 4 did not serve A, B by its calls.",
        "2 short absences while people waited, 1.5 min on average.",
    ]
    assert inferred_facts_lines(told, "zh_CN", most=1)[0] == "另有 2 条同样的情况。"


# -- the manager plays yesterday again ---------------------------------------------------------------------------------
def next_open_day_staffing(folder: Path) -> Hall:
    """Let the day go on until everybody is served, and the next one begin."""
    hall = morning(folder)
    hall.play("finish 3 outcome=done")
    for window, minutes in (("1", 12), ("1", 9), ("3", 15)):
        hall.play(1, f"call {window}", f"start {window}", minutes, f"finish {window} outcome=done")
    hall.play("day-end", 24 * 60, "open 1 staff=C1")
    return hall


pytestmark = pytest.mark.hall(make=next_open_day_staffing)


@pytest.fixture
def asking(context):
    return WhatIfController(context)


@pytest.fixture
def page(context, asking, put):
    page = put(WhatIfPage(ManagerController(context), asking))
    page.notices = []
    page.said.connect(lambda text, _icon: page.notices.append(text))
    yield page
    page.stop()


def ask(page: WhatIfPage, code: str) -> None:
    """Choose a question as a person does."""
    page.questions.setFocus()
    page.questions.setCurrentIndex(page.questions.findData(code))
    page.questions.activated.emit(page.questions.currentIndex())


def test_yesterday_is_asked_about_first_and_a_change_of_ones_own(page, asking, context, tmp_path):
    # Yesterday is asked about first.
    assert page.day == context.feed.business_date - timedelta(days=1)
    must_be_kept(Path(__file__).with_name("page.txt"), "\n".join(said(page)), "yesterday")
    assert not page.dates.later.isEnabled()
    # Figures stand alone; their intervals are said when they are pointed at, and on paper.
    cells = (one.text for row in page.table.table.table for one in row.cells)
    shown = [*(one.second for one in page.tiles.figures), *cells]
    assert "−27.7" in shown and not any("(" in text for text in shown)
    assert "(31.2 to 31.8)" in page.match.toolTip() and "(" not in page.match.text()
    # The page on paper.
    QTest.mouseClick(page.save_button, Qt.MouseButton.LeftButton)
    files = list(tmp_path.glob("*-what-if-*.pdf"))
    assert len(files) == 1 and date.fromisoformat(files[0].stem[-10:]) == page.day
    text = pdfium.PdfDocument(files[0])[0].get_textpage().get_text_range()
    assert "Window 2 was away 9:00" in text
    for interval in ("(31.2 to 31.8)", "−27.7 (−29.2 to −26.2)", "+98.5 (+80.0 to +100.0)"):
        assert interval in text
    assert "Simulated with no change" in text and "Window 7 serves all services" in text
    assert page.notices
    QTest.mouseClick(page.print_button, Qt.MouseButton.LeftButton)
    assert len(page.notices) == 2
    # A change of one's own: a field that can't be read is said beside it; what was added can be taken away again.
    ask(page, OWN)
    assert page.form.isVisible() and not page.form.play_button.isEnabled()
    QTest.keyClicks(page.form.services_field.edit, "A,Z")
    QTest.mouseClick(page.form.add_button, Qt.MouseButton.LeftButton)
    assert page.form.services_field.error() == "There is no service Z in this hall."
    page.form.at_window.setCurrentIndex(page.form.at_window.findData("7"))
    page.form.services_field.set_value("B、A")
    QTest.mouseClick(page.form.add_button, Qt.MouseButton.LeftButton)
    page.form.kind.setCurrentIndex(page.form.kind.findData("closed"))
    page.form.at_window.setCurrentIndex(page.form.at_window.findData("3"))
    QTest.mouseClick(page.form.add_button, Qt.MouseButton.LeftButton)
    assert [label.text() for _r, label, _b in page.form.rows] == ["Window 7 serves B, A", "Without window 3"]
    QTest.mouseClick(page.form.play_button, Qt.MouseButton.LeftButton)
    assert page.after.text().splitlines() == ["Window 7 serves B, A", "Without window 3"]
    QTest.mouseClick(page.form.rows[0][2], Qt.MouseButton.LeftButton)
    assert [label.text() for _r, label, _b in page.form.rows] == ["Without window 3"]
    # Of twenty windows seven are told and the others counted, in as many lines as it takes.
    spans = [{"from": f"{hour}:05", "to": f"{hour}:40"} for hour in range(8, 18)]
    away = [{"window": f"A{n:02d}", "minutes": 350.0, "spans": spans} for n in range(20)]
    told = {"away": away, "short": {"n": 3, "minutes": 1.0}, "not_served": []}
    asking.answered.emit({**asking.found, "inferred": told})
    assert page.inferred.text().count("was away") == 7 and "13 more like this." in page.inferred.text()
    # A day that can't be played says why.
    page.set_day(page.day - timedelta(days=7))
    texts = [label.text() for label in page.empty.findChildren(Label)]
    assert any("nobody was served" in text for text in texts) and page.empty.isVisible()
    assert not page.save_button.isEnabled()
    ask(page, "comprehensive")
    assert page.empty.isVisible()


def test_days_on_which_the_hall_was_closed_are_passed_over() -> None:
    hours = [{"days": "1-5", "from": "9:00", "to": "17:00"}]
    services = [{**row, "hours": hours} for row in simple_setup()["services"]]
    setup = setup_from_document(simple_setup(services=services, calendar={"2026-11-20": {"kind": "holiday"}}))
    assert last_open_day(setup, date(2026, 11, 26)) == date(2026, 11, 25)
    assert last_open_day(setup, date(2026, 11, 23)) == date(2026, 11, 19)
