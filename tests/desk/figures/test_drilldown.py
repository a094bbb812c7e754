"""Behind every count of every document stand as many tickets as it says, and those are the right ones."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from queuedesk.core.figures import drilldown_rows as kinds
from queuedesk.core.figures.comparing import figure_paths_and_values, joined_figure_path, split_figure_path
from queuedesk.core.figures.drilldown import (
    Behind,
    RowQuery,
    paths_of_share_rest_and_whole,
    row_query_of_path,
    rows_behind_figure,
)
from queuedesk.core.figures.drilldown_rows import DrilldownDay, FigureDrilldown
from queuedesk.core.figures.measures.day import DayRows
from queuedesk.core.figures.measures.document import LogRange, ReportTally, figures_document
from queuedesk.core.figures.measures.figure import hall_figure_scope
from queuedesk.desk.change import Desk
from queuedesk.desk.figures import tickets_behind_figure
from queuedesk.reports.figures.period import read_period_report
from queuedesk.store.figures import measured as kept
from queuedesk.store.figures.measured import HallReader
from queuedesk.store.parts import halls
from tests.desk.remarkable import remarkable
from tests.engine_fixtures import ON_BOTH_ENGINES
from tests.hall import make_hall
from tests.reports import days

DAY = days.DAY
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
            own = list(kept.query_days_with_parts(reader, dates, NEEDS))
            return own, [*own, *kept.query_days_with_parts(reader, further, NEEDS)]

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


def asked(own: Seen, path: str, **rest: Any) -> FigureDrilldown:
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
        and (found := asked(own, path)).value != value
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
    found = asked(seen["eventful"], "wait.target_minutes")
    assert (found.has_tickets, found.total, found.rows) == (False, 0, ())
    with pytest.raises(ValueError):
        rows_behind_figure("wait.target_minutes", [])


def test_a_row_tells_of_its_leg_who_passed_it_and_that_it_has_no_number(seen):
    own = seen["eventful"]
    row = {(row.ticket, row.leg): row for row in asked(own, "services.C.issued").rows}["A001", 2]
    assert (row.day, row.service, row.window, row.staff, row.end, row.rating) == (DAY, "C", "5", "C5", "finish", 2)
    assert row.waited_s == pytest.approx((9 - 7.5) * 60)
    assert row.arrived == days.NINE
    rows = asked(own, "not_ready.by_service.B").rows
    assert [(row.ticket, row.service, row.waited_s) for row in rows] == [("", "B", None)]
    assert rows[0].arrived == days.NINE + timedelta(minutes=1)
    rows = asked(own, "overtakes.by_reason.chosen").rows
    assert rows and all(row.by and row.ticket != row.by for row in rows)


def test_the_longest_come_first_counts_by_arrival_and_the_total_is_told(seen):
    own = seen["simulated"]
    whole = asked(own, "wait.mean", most=None)
    short = asked(own, "wait.mean", most=5)
    amounts = [row.amount_s for row in whole.rows]
    assert amounts == sorted(amounts, reverse=True)
    assert short.rows == whole.rows[:5]
    assert (short.total, whole.total) == (own.document["wait"]["n"],) * 2
    assert short.value == own.document["wait"]["mean"]
    arrivals = [row.arrived for row in asked(own, "issued", most=30).rows]
    assert (len(arrivals), arrivals) == (30, sorted(arrivals))
