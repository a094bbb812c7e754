"""Figures follow from the log: the tickets behind each count, what corrections change, and two weeks compared."""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from queuedesk.core.errors import RuleError
from queuedesk.core.figures import drilldown_rows as kinds
from queuedesk.core.figures.comparing import (
    BEFORE,
    LAST_YEAR,
    ShareChangeVerdict,
    figure_paths_and_values,
    joined_figure_path,
    split_figure_path,
)
from queuedesk.core.figures.drilldown import (
    Behind,
    RowQuery,
    paths_of_share_rest_and_whole,
    row_query_of_path,
    rows_behind_figure,
)
from queuedesk.core.figures.drilldown_rows import DrilldownDay, FigureDrilldown
from queuedesk.core.figures.measures.day import DayRows
from queuedesk.core.figures.measures.document import LogRange, ReportTally, day_figures, figures_document
from queuedesk.core.figures.measures.figure import hall_figure_scope
from queuedesk.core.figures.periods import DAY as ONE_DAY
from queuedesk.core.figures.periods import DAYS, HEAT, MONTH, PAGE, WEEK
from queuedesk.core.log.event import QUEUE_KINDS
from queuedesk.core.quality.case import CitedFigures, changed_view_figures
from queuedesk.desk import looking
from queuedesk.desk.change import Desk
from queuedesk.desk.figures import compare_periods, date_to_compare, tickets_behind_figure, view_figures_for_period
from queuedesk.desk.queue import calling, issuing, opening, rating
from queuedesk.desk.upkeep import clocks
from queuedesk.reports.figures.period import read_period_report
from queuedesk.sim.demand import SimulatedDay
from queuedesk.store.figures import measured
from queuedesk.store.figures.measured import HallReader
from queuedesk.store.log import events
from queuedesk.store.parts import halls
from tests.core.figures.test_comparing import newcombe
from tests.desk.stage import remarkable, story_of
from tests.engine_fixtures import ON_BOTH_ENGINES
from tests.hall import ADMIN, CONSOLE, MANAGER, Hall, at, make_hall, refused, simple_hall
from tests.reports import days
from tests.reports.days import DAY
from tests.reports.recompute import span_of_days

EVENING = datetime(2026, 11, 19, 12, tzinfo=UTC)
MORNING = datetime(2026, 11, 19, 2, 24, tzinfo=UTC)
NEEDS = frozenset({kinds.RATINGS, kinds.PASSINGS, kinds.NOT_READY, kinds.OPINIONS, kinds.STAYS, kinds.STALLS})
NEEDS |= {kinds.OFFERS, kinds.WHOLE}
NO_TICKETS = ("target_minutes", "open_windows", "first_seq", "last_seq", "days", "minutes_each", "max", "most")
"""Whole numbers that count no tickets."""
NO_ROWS = {"pauses", "longest_waits", "devices", "help", "ledger", "hall_share", "targets", "rules"}
"""Parts of the document that are about windows, equipment, other channels and rules."""


@dataclass
class Seen:
    """A hall with its days as they are read, and the document of them."""

    desk: Desk
    now: datetime
    first: date = DAY
    last: date = DAY
    asked: dict[str, Behind] = field(default_factory=dict)

    @cached_property
    def read(self) -> tuple[list[DrilldownDay], list[DrilldownDay]]:
        """The days of the span, and with those that returns are looked for in."""
        with self.desk.db.read() as tx:
            setup = halls.setup_of_hall_row(tx, halls.load_hall_row(tx, self.desk.hall))
            reader = HallReader(tx, self.desk.hall, setup, self.now)
            dates = [self.first + timedelta(days=n) for n in range((self.last - self.first).days + 1)]
            further = [self.last + timedelta(days=n + 1) for n in range(setup.setting_as_int("first_visit_days"))]
            own = list(measured.query_days_with_parts(reader, dates, NEEDS))
            return own, [*own, *measured.query_days_with_parts(reader, further, NEEDS)]

    @cached_property
    def document(self) -> dict[str, Any]:
        return document_of([day.rows for day in self.read[0]], self)

    @cached_property
    def counts(self) -> dict[str, int]:
        """Every figure that counts tickets, legs, ratings or people, by its path."""
        return {
            path: value
            for path, value in figure_paths_and_values(self.document)
            if isinstance(value, int)
            and split_figure_path(path)[-1] not in NO_TICKETS
            and not NO_ROWS & set(split_figure_path(path))
        }

    def days_for(self, wanted: RowQuery) -> list[DrilldownDay]:
        return self.read[1] if wanted.looks_on else self.read[0]

    def behind(self, path: str) -> Behind:
        """Return what is found behind a figure; it is looked for once, whichever test asks first."""
        if path not in self.asked:
            wanted = row_query_of_path(path)
            assert wanted is not None, path
            self.asked[path] = rows_behind_figure(path, self.days_for(wanted))
        return self.asked[path]

    def found(self, path: str) -> list[tuple[date, Any]]:
        return list(self.behind(path).rows)


def document_of(rows: Iterable[DayRows], seen: Seen) -> dict[str, Any]:
    tally, setup = ReportTally(), seen.read[0][0].rows.setup
    for row in rows:
        tally.add_day(row)
    return figures_document(hall_figure_scope(setup, seen.first, seen.last), tally, LogRange())


def eventful(folder: Path) -> Seen:
    return Seen(days.eventful(folder), EVENING)


def remarkable_day(folder: Path) -> Seen:
    """A day with what is seldom, and a day after it on which somebody comes back."""
    own = make_hall(folder, time="9:00")
    remarkable(own)
    own.clock.move(days=1)
    own.do("issue", "A", return_of=("A001", own.clock().date() - timedelta(days=1)))
    today = own.clock().date()
    return Seen(own.desk, own.clock(), today - timedelta(days=1), today)


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Seen]:
    def folder(name: str) -> Path:
        return tmp_path_factory.mktemp(name)

    own = remarkable_day(folder("remarkable"))
    return {
        "eventful": eventful(folder("eventful")),
        "simulated": Seen(days.simulated(folder("simulated")), EVENING, DAY.replace(day=1), DAY.replace(day=30)),
        "running": Seen(days.simulated(folder("running"), until=MORNING), MORNING),
        "remarkable": own,
        "first of two": Seen(own.desk, own.now, own.first, own.first),
    }


KINDS = ("eventful", "simulated", "running", "remarkable", "first of two")


@ON_BOTH_ENGINES
@pytest.mark.parametrize("lived", [eventful, remarkable_day])
def test_both_engines_read_the_same_days(tmp_path, seen, lived):
    own = lived(tmp_path)
    assert own.document == seen[lived.__name__.removesuffix("_day")].document
    assert len(own.read[1]) > len(own.read[0])


@pytest.mark.parametrize("kind", KINDS)
def test_every_count_has_as_many_rows_and_the_document_is_that_of_the_reports(seen, kind):
    own = seen[kind]
    wrong = {path: (n, len(found)) for path, n in own.counts.items() if len(found := own.found(path)) != n}
    assert wrong == {}
    assert len(own.counts) > 100 and sum(map(bool, own.counts.values())) > 30
    if own.first == own.last:
        read = read_period_report(own.desk, "day", own.first, own.now)
        # The log's part and quality are no figures of its days' tickets.
        beside = {key: read.document[key] for key in ("log", "cases", "quality")}
        assert read.document == own.document | beside


@pytest.mark.parametrize("kind", KINDS)
def test_the_rows_make_the_figure_that_the_document_has(seen, kind):
    own, checked = seen[kind], 0
    for path, value in figure_paths_and_values(own.document):
        wanted = row_query_of_path(path)
        if wanted is None or isinstance(value, str) or split_figure_path(path)[-1] in ("low", "high", "minutes_saved"):
            continue
        assert own.behind(path).value == value, path
        checked += 1
        for part in (paths_of_share_rest_and_whole(path) or ()) if isinstance(value, float) else ():
            assert own.behind(part).value == value, part
    assert checked > 150


def test_the_days_have_what_the_document_can_count(seen):
    """A test that counts nothing but noughts would prove nothing."""
    known: dict[str, int] = {}
    for own in seen.values():
        for path, n in own.counts.items():
            known[path] = max(n, known.get(path, 0))
    wanted = [
        "void", "no_show", "missed", "waiting_at_end", "redirects.n", "not_ready.n", "overtakes.tickets", "promise.beyond",
        "ratings.dissatisfied", "left_out.inaccurate.n", "left_out.left_uncalled.n", "left_out.start_assumed.n", "left_out.no_number.n",
        "left_out.transferred.n", "left_out.open.n", "measures.served.n", "measures.first_visit.transferred", "measures.first_visit.returned",
        "measures.first_visit.linked", "measures.first_visit.not_over", "measures.wrong_counter.by_guide.G1.n",
        "measures.wrong_counter.by_label.A/jdf.n", "measures.wrong_counter.by_label.B/-.of", "measures.form_free.n",
        "measures.outcomes.done.n", "measures.papers.repeat", "measures.missed.reinstated", "measures.questions.attitude.levels.5",
        "measures.questions.competence.n", "measures.classes.elderly.issued", "measures.overtakes.chosen.tickets",
        "measures.counters.several.finished", "measures.system_wait.legs", "measures.system_wait.by_reason.network.n",
        "measures.set_aside.legs", "measures.diversion.declined", "measures.diversion.by_channel.online.accepted",
        joined_figure_path("measures", "outcomes", "a.b/c #2", "n"),
    ]  # fmt: skip
    assert [path for path in wanted if not known.get(path)] == []


def only(day: DrilldownDay, labels: frozenset[str]) -> DayRows:
    """Return a date as if only these tickets had been issued."""
    rows = day.rows
    return replace(
        rows,
        tickets=[ticket for ticket in rows.tickets if ticket.label in labels],
        legs=[leg for leg in rows.legs if leg.label in labels],
        ratings=Counter(one for one in day.more.ratings if one.label in labels and one.counts),
        overtakes=type(rows.overtakes)({key: n for key, n in rows.overtakes.items() if key[1] in labels}),
    )


@pytest.mark.parametrize("kind", ["eventful", "running", "remarkable"])
def test_the_tickets_found_make_the_figure_and_the_others_make_none_of_it(seen, kind):
    own = seen[kind]
    checked = 0
    made: dict[frozenset[tuple[date, frozenset[str]]], dict[str, Any]] = {}

    def made_of(labels: dict[date, frozenset[str]]) -> dict[str, Any]:
        """Return the figures as if only these tickets had been issued; many figures have the same."""
        key = frozenset(labels.items())
        if key not in made:
            rows = [only(day, labels[day.day]) for day in own.read[0]]
            made[key] = dict(figure_paths_and_values(document_of(rows, own)))
        return made[key]

    for path, n in own.counts.items():
        parts = split_figure_path(path)
        if not n or parts[0] == "hours" or BESIDE & set(parts):
            continue
        found = own.found(path)
        by_day = {day.day: frozenset(one.label for on, one in found if on == day.day) for day in own.read[0]}
        others = {day.day: frozenset(day.tickets_by_label) - by_day[day.day] for day in own.read[0]}
        assert made_of(by_day)[path] == n, path
        assert not made_of(others).get(path), path
        checked += 1
    assert checked > 25


@pytest.mark.parametrize("kind", KINDS)
def test_a_share_is_its_rows_and_what_it_lacks_the_rest_and_minutes_are_made_up_of_what_each_row_adds(seen, kind):
    own, checked = seen[kind], 0
    for path, value in figure_paths_and_values(own.document):
        paths = paths_of_share_rest_and_whole(path) if isinstance(value, float) else None
        if paths is None:
            continue
        n, rest, of = (own.found(one) for one in paths)
        assert value == round(len(n) / len(of), 6), path
        assert sorted([*n, *rest], key=str) == sorted(of, key=str), path
        checked += 1
    assert checked > 5
    checked = 0
    for path, value in figure_paths_and_values(own.document):
        if not isinstance(value, float) or paths_of_share_rest_and_whole(path) or row_query_of_path(path) is None:
            continue
        amounts = [one.amount for _day, one in own.found(path)]
        if any(amount is None for amount in amounts):
            continue
        minutes = [amount / 60_000_000 for amount in amounts]
        last = split_figure_path(path)[-1]
        if last in ("mean", "mean_wait", "mean_minutes_beyond", "mean_width", "interval_score", "mae"):
            assert value == pytest.approx(sum(minutes) / len(minutes), abs=0.006), path
        elif last == "max":
            assert value == pytest.approx(minutes[0], abs=0.006) and len(set(amounts)) == 1, path
        elif last in ("median", "p90"):
            assert min(minutes) - 0.006 <= value <= max(minutes) + 0.006, path
        else:
            assert value == pytest.approx(sum(minutes), abs=0.006), path
        checked += 1
    assert checked > 20


def test_overtaken_most_often_names_the_one_and_a_half_hour_of_a_weekday_has_the_calls_of_its_dates(seen):
    own = seen["remarkable"]
    (_day, most), *others = own.found("overtakes.max")
    assert most.amount == own.document["overtakes"]["max"] > 1
    assert all(one.amount == most.amount for _, one in others)
    own = seen["simulated"]
    weekday, label = str(DAY.isoweekday()), "10:00"
    there = own.found(f"heat.{weekday}.{label}")
    assert len(there) == len(own.found(f"hours.{label}.mean_wait")) > 0
    assert own.found(f"heat.{DAY.isoweekday() % 7 + 1}.{label}") == []


def drilled(own: Seen, path: str, **rest: Any) -> FigureDrilldown:
    return tickets_behind_figure(own.desk, path, own.first, own.last, own.now, **rest)


@pytest.mark.parametrize("kind", ["eventful", "remarkable"])
def test_the_desk_reads_what_each_figure_needs_and_no_less(seen, kind):
    own = seen[kind]
    wrong = {
        path: (value, found.value)
        for path, value in figure_paths_and_values(own.document)
        if row_query_of_path(path) is not None
        and isinstance(value, int | float)
        and split_figure_path(path)[-1] not in ("low", "high", "minutes_saved")
        and (found := drilled(own, path)).value != value
    }
    assert wrong == {}


BESIDE = {"followed", "linked", "no_number", "not_ready", "questions", "ratings", "stalls", "system_wait"}
BESIDE |= {"diversion", "late_arrivals"}
"""What is not told by tickets and legs alone."""


def test_what_no_tickets_stand_behind_has_no_query(seen):
    for path in (
        *("windows.1.open_minutes", "wait.target_minutes", "hours.09:00.open_windows", "log.hash", "nonsense", ""),
        *("measures.pauses.2026-11-19/1/09:25.minutes", "measures.devices.kiosk/k1.rate"),
        "rules.2026-11-19.jump_every",
    ):
        assert row_query_of_path(path) is None, path
    found = drilled(seen["eventful"], "wait.target_minutes")
    assert (found.has_tickets, found.total, found.rows) == (False, 0, ())
    with pytest.raises(ValueError):
        rows_behind_figure("wait.target_minutes", [])


def test_a_row_tells_of_its_leg_who_passed_it_and_that_it_has_no_number(seen):
    own = seen["eventful"]
    row = {(row.ticket, row.leg): row for row in drilled(own, "services.C.issued").rows}["A001", 2]
    assert (row.day, row.service, row.window, row.staff, row.end, row.rating) == (DAY, "C", "5", "C5", "finish", 2)
    assert row.waited_s == pytest.approx((9 - 7.5) * 60)
    assert row.arrived == days.NINE
    rows = drilled(own, "not_ready.by_service.B").rows
    assert [(row.ticket, row.service, row.waited_s) for row in rows] == [("", "B", None)]
    assert rows[0].arrived == days.NINE + timedelta(minutes=1)
    rows = drilled(own, "overtakes.by_reason.chosen").rows
    assert rows and all(row.by and row.ticket != row.by for row in rows)


def test_the_longest_come_first_counts_by_arrival_and_the_total_is_told(seen):
    own = seen["simulated"]
    whole = drilled(own, "wait.mean", most=None)
    short = drilled(own, "wait.mean", most=5)
    amounts = [row.amount_s for row in whole.rows]
    assert amounts == sorted(amounts, reverse=True)
    assert short.rows == whole.rows[:5]
    assert (short.total, whole.total) == (own.document["wait"]["n"],) * 2
    assert short.value == own.document["wait"]["mean"]
    arrivals = [row.arrived for row in drilled(own, "issued", most=30).rows]
    assert (len(arrivals), arrivals) == (30, sorted(arrivals))


TODAY = date(2026, 11, 20)


def begun(folder: Path) -> Hall:
    """A001: called 9:05 by C1, started 9:06, finished 9:16, rated 2 · A002: called 9:20, finished 9:30, not started."""
    hall = simple_hall(folder)
    hall.play("open 1 staff=C1", "queue A A", "9:05", "call 1", "9:06", "start 1", "9:16", "finish 1 outcome=done")
    hall.do("rate", "A001", 2)
    hall.play("9:20", "call 1", "9:30", "finish 1")
    return hall


def figures(hall: Hall, day: date = TODAY) -> dict[str, Any]:
    with hall.desk.db.read() as tx:
        log = events.events_of_day(tx, 1, day)
    return day_figures(looking.hall_state_on(hall.desk, day), day, hall.clock(), log)


def put_right(hall: Hall, label: str, **words: Any) -> dict[str, Any]:
    """Correct with M1 acting and AD confirming; the tables must follow from the log."""
    about = {name: words.pop(name) for name in ("leg", "day") if name in words}
    answer = hall.do("correct", label, changes=words, reason="forgotten", second="AD", who=MANAGER, **about)
    hall.must_follow_from_its_log()
    return answer


@pytest.mark.hall(make=begun)
def test_times_staff_and_starts_that_are_put_right_change_the_figures(hall: Hall) -> None:
    put_right(hall, "A001", started=at("9:08"), finished=at("9:12"))
    found = figures(hall)
    assert (found["way"]["n"], found["way"]["mean"]) == (1, 3.0)
    assert (found["handling"]["n"], found["handling"]["mean"]) == (2, 7.0)  # 4 and 10 minutes
    assert next(w for w in found["windows"] if w["code"] == "1")["serving_minutes"] == 14.0
    leg = hall.ticket("A001").current_leg
    assert (leg.ended, leg.called) == (at("9:12"), at("9:05"))
    assert hall.ticket("A002").flags == {"start_assumed"}
    put_right(hall, "A002", started=at("9:22"))
    assert hall.ticket("A002").flags == {"corrected"}
    assert figures(hall)["way"]["n"] == 2
    assert [row for row in figures(hall)["left_out"] if row["what"] == "start_assumed"] == []
    put_right(hall, "A001", staff="C2")
    rows = {row["code"]: row for row in figures(hall)["staff"]}
    assert (rows["C1"]["finished"], rows["C2"]["finished"]) == (1, 1)
    assert (rows["C1"]["ratings"]["n"], rows["C2"]["ratings"]["n"]) == (0, 1)


@pytest.mark.hall(make=begun)
def test_an_excluded_rating_leaves_the_figures_is_named_and_may_come_back(hall: Hall) -> None:
    put_right(hall, "A001", rating="excluded")
    found = figures(hall)
    assert (found["ratings"]["n"], found["ratings"]["unrated"]) == (0, 1)
    assert {"what": "excluded", "n": 1, "why": "excluded_by_correction"} in found["left_out"]
    assert hall.ticket("A001").flags == {"corrected", "rating_excluded"}
    with refused(hall, "already_rated"):
        hall.do("rate", "A001", 5)
    with refused(hall, "nothing_to_correct"):
        put_right(hall, "A001", rating="excluded")
    put_right(hall, "A001", rating=4)
    assert (hall.ticket("A001").rating, hall.ticket("A001").flags) == (4, {"corrected"})
    assert figures(hall)["ratings"]["levels"]["4"] == 1


@pytest.mark.hall(make=begun)
@ON_BOTH_ENGINES
def test_what_only_the_day_s_end_closed_becomes_exact_again(hall: Hall) -> None:
    hall.play("issue A", "call 1", "start 1")
    hall.clock.move(days=1)
    hall.do("end-due")
    assert "inaccurate" in hall.ticket("A003", TODAY).flags
    before = figures(hall)["handling"]["n"]
    put_right(hall, "A003", finished=at("9:40"), day=TODAY)
    assert hall.ticket("A003", TODAY).flags == {"corrected", "day_end"}
    assert figures(hall)["handling"]["n"] == before + 1
    assert hall.last().date == TODAY, "the correction belongs to the ticket's date"
    assert hall.whole().now.date == date(2026, 11, 20)


@pytest.mark.hall(make=begun)
def test_each_step_is_corrected_by_its_number_with_room_for_the_next_and_for_what_was_set_aside(hall: Hall) -> None:
    hall.open("3", "C3")
    hall.issue("A", then=["C"])
    hall.play("serve-out 1", "serve-out 3")
    put_right(hall, "A003", leg=1, note="first", staff="C2")
    first, last = hall.ticket("A003").legs
    assert (first.note, first.staff, last.note, last.staff) == ("first", "C2", None, "C3")
    with refused(hall, "times_order"):  # the next step was called at 9:35
        put_right(hall, "A003", leg=1, finished=at("9:35:01"))
    hall.play("issue A", "call 1", "start 1", "9:41", "park 1 reason=form", 5, "unpark 1 A004", 1, "finish 1")
    with refused(hall, "times_order"):
        put_right(hall, "A004", finished=at("9:44:59"))
    put_right(hall, "A004", finished=at("9:45"))
    assert hall.ticket("A004").current_leg.whole_s_set_aside == 300


@pytest.mark.hall(make=begun)
def test_who_acts_confirms_nothing(hall: Hall) -> None:
    for who, second in ((MANAGER, "M1"), (ADMIN, "AD")):
        with refused(hall, "same_person"):
            hall.do("correct", "A001", changes={"staff": "C2"}, reason="r", second=second, who=who)
    with refused(hall, "same_person"):
        hall.do("correct", "A001", changes={"note": "x"}, reason="r", second="M1", who=MANAGER)
    hall.do("correct", "A001", changes={"staff": "C2"}, reason="r", second="M1", who=CONSOLE)
    assert hall.last().data["second"] == "M1"


@pytest.mark.hall(make=begun)
def test_the_story_says_what_was_put_right_and_who_confirmed_and_the_old_values_stay_in_the_log(hall: Hall) -> None:
    put_right(hall, "A001", finished=at("9:12"), rating="excluded", note="Mrs Li")
    assert story_of(hall, "A001")[-1] == (
        "Manager · M1 · End: 09:16:00, now 09:12:00 · Note: –, now Mrs Li · Rating: Dissatisfied, now left out"
        " · forgotten · confirmed by AD"
    )
    assert "Mrs Li" not in story_of(hall, "A001", typed=False)[-1]
    assert "办结时间：09:16:00，改为 09:12:00" in story_of(hall, "A001", "zh_CN")[-1]
    assert "correct" not in QUEUE_KINDS
    put_right(hall, "A001", outcome="", note="late")
    assert hall.last().data["old"] == {"outcome": "done", "note": "Mrs Li"}
    assert hall.last().data["new"] == {"outcome": None, "note": "late"}
    assert hall.ticket("A001").current_leg.outcome is None


def one_manager(folder: Path, *others: tuple[str, str]) -> Hall:
    """Return a hall of clerk C1, who has served A001 at window 1, manager M1 and `others` by code and role."""
    people = [("C1", "clerk"), ("M1", "manager"), *others]
    staff = [{"code": code, "name": code, "role": role} for code, role in people]
    hall = simple_hall(folder, staff=staff)
    hall.play("open 1 staff=C1", "issue A", "serve-out 1")
    return hall


def correct(hall: Hall, **words: Any) -> None:
    hall.do("correct", "A001", reason="pressed late", who=MANAGER, **{"changes": {"finished": at("9:04")}, **words})
    hall.must_follow_from_its_log()


@pytest.mark.hall(make=begun)
def test_without_another_manager_a_colleague_whom_it_does_not_concern_is_the_witness(tmp_path: Path) -> None:
    hall = one_manager(tmp_path, ("C2", "clerk"), ("G1", "guide"))
    with refused(hall, "not_a_second", people=["C2", "G1"], staff="C1"):
        correct(hall, second="C1")
    with refused(hall, "not_a_second", people=["G1"], staff="C2"):
        correct(hall, second="C2", changes={"staff": "C2"})
    with refused(hall, "not_alone", people=["C2", "G1"]):
        correct(hall, alone=True)
    correct(hall, second="G1")
    assert (hall.last().data["second"], hall.last().data["witness"]) == ("G1", True)
    assert story_of(hall, "A001")[-1].endswith("witnessed by G1")
    assert hall.ticket("A001").flags == {"corrected"}


@pytest.mark.hall(make=begun)
def test_only_what_nobody_else_could_confirm_is_said_to_be_done_by_one_person_alone(tmp_path: Path) -> None:
    hall = one_manager(tmp_path)
    correct(hall, changes={"note": "paid"}, alone=True)
    assert "alone" not in hall.last().data
    assert hall.ticket("A001").flags == {"corrected"}
    for words in ({}, {"second": "C1"}):
        with refused(hall, "nobody_else"):
            correct(hall, **words)
    correct(hall, alone=True)
    assert (hall.last().data.get("second"), hall.last().data["alone"]) == (None, True)
    assert story_of(hall, "A001")[-1].endswith("by one person alone: no one else could confirm it")
    assert hall.ticket("A001").flags == {"corrected", "corrected_alone"}
    (row,) = [row for row in figures(hall)["left_out"] if row["what"] == "corrected_alone"]
    assert row == {"what": "corrected_alone", "n": 1, "why": "nobody_else_could_agree"}
    assert len(tickets_behind_figure(hall.desk, "left_out.corrected_alone", TODAY, TODAY, hall.clock()).rows) == 1


FURTHER = [DAY + timedelta(days=n) for n in (1, 2, 4, 7, 8, 9)]
SATURDAY_NOON = datetime(2026, 11, 28, 3, tzinfo=UTC)
NEXT_DAY = SATURDAY_NOON + timedelta(days=1)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory):
    """Return a hall with Thursday to Saturday, then Monday, Thursday, Friday and half a Saturday."""
    return two_weeks(tmp_path_factory.mktemp("weeks"))


@days.kept
def two_weeks(folder: Path) -> Desk:
    desk = days.hall(folder)
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
    log = days.printed_log(desk)
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
    desk, later = days.hall(folder), DAY + timedelta(days=14)
    for day, visits in ((DAY, {"A": (38, 40), "B": (4, 10)}), (later, {"A": (10, 10), "B": (20, 40)})):
        start = days.NINE + (day - DAY)
        opening.open_window(desk, days.asked(start), "5", staff="C5")
        for service, (good, of) in visits.items():
            for n in range(of):
                at = days.asked(start + timedelta(minutes=n))
                label = str(issuing.issue_ticket(desk, at, service)["ticket"])
                calling.call_ticket(desk, at, "5", ticket=label, reason="chosen")
                calling.finish_service(desk, at, "5")
                rating.rate_visit(desk, at, label, 5 if n < good else 1)
        clocks.end_today(desk, days.asked(start + timedelta(hours=9)))
    return desk, later


def test_where_each_service_got_better_and_the_mix_turned_over_nothing_is_lower(tmp_path):
    desk, later = turned_over(tmp_path)
    found = compare_periods(desk, MONTH, later, DAY, days.NINE + timedelta(days=16))
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
