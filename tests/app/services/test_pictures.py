"""Figures as charts draw them: read here or in a process of their own, the same."""

import threading
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from queuedesk.app.services.pictures import PeriodFiguresReader, paired_weekday_dates
from queuedesk.core.errors import OutsideError, RuleError
from queuedesk.core.figures.comparing import BEFORE
from queuedesk.core.figures.periods import DAY, MONTH, QUARTER, WEEK, YEAR
from queuedesk.desk.figures import compare_periods
from queuedesk.desk.queue import rating
from queuedesk.desk.upkeep import clocks
from queuedesk.reports.figures.period import read_period_report
from queuedesk.store.figures.counted import tally_of_dates
from queuedesk.store.figures.measured import HallReader
from queuedesk.store.parts import halls
from tests.bounded import PATIENCE_S
from tests.every_day import one_of
from tests.hall import DAY as MIDNIGHT
from tests.hall import Hall, simple_hall

THURSDAY, FRIDAY = date(2026, 11, 19), date(2026, 11, 20)


def morning(folder: Path) -> Hall:
    """Return a hall with customers on Friday a week ago, on Thursday and on Friday."""
    hall = simple_hall(folder, start=MIDNIGHT.replace(day=13, hour=9))
    for day, services in ((13, "AB"), (19, "AAB"), (20, "AABB")):
        hall.clock.now = MIDNIGHT.replace(day=day, hour=9)
        hall.open("3", "C3")
        for label in hall.queue(*services, minutes_apart=3):
            hall.serve_out("3", minutes=4)
            rating.rate_visit(hall.desk, hall.ask(), label, 2 if label == "B001" else 5)
        clocks.end_today(hall.desk, hall.ask())
    return hall


pytestmark = pytest.mark.hall(make=morning)


@pytest.fixture
def pictures(hall: Hall) -> Iterator[PeriodFiguresReader]:
    found = PeriodFiguresReader(hall.desk, hall.clock)
    yield found
    found.stop()


@pytest.mark.parametrize("period", [YEAR, *one_of((DAY, QUARTER), DAY)])
def test_the_figures_are_those_of_the_document_a_year_s_shown_by_months(pictures, hall, period):
    found, document = pictures.read(period, FRIDAY), read_period_report(hall.desk, period, FRIDAY, hall.clock())
    assert (found.figures, found.first, found.last) == (document.figures, document.first, document.last)
    if period is YEAR:
        assert [slot.first.month for slot in found.slots] == list(range(1, 13))
        assert [bool(slot.issued) for slot in found.slots] == [n == 10 for n in range(12)]


def test_a_comparison_is_the_commands_own_and_no_period_is_held_against_itself(pictures, hall):
    read = pictures.read(WEEK, FRIDAY, BEFORE)
    assert read.figures == read_period_report(hall.desk, WEEK, FRIDAY, hall.clock()).figures
    found = read.versus
    expected = compare_periods(hall.desk, WEEK, FRIDAY, FRIDAY - timedelta(days=7), hall.clock())
    assert list(found.differences.values()) == list(expected.differences)
    beside = [slot.first if slot else None for slot in found.slots]
    assert beside == [None, None, None, None, date(2026, 11, 13), None, None]
    assert [one.day for one in found.ours.left_out if one.why == "surplus"] == [THURSDAY]
    assert not found.ours.is_whole
    assert found.theirs.is_whole
    with pytest.raises(RuleError, match="same_period"):
        pictures.read(WEEK, FRIDAY, THURSDAY.isoformat())


def test_weekdays_stand_beside_their_like():
    october = [date(2026, 10, 1) + timedelta(days=n) for n in range(28)]
    november = [date(2026, 11, 1) + timedelta(days=n) for n in range(28)]
    pairs = dict(paired_weekday_dates(november, october))
    assert {one.weekday() - other.weekday() for one, other in pairs.items()} == {0}
    assert sorted(pairs.values()) == october
    assert pairs[date(2026, 11, 6)] == date(2026, 10, 2)


def keep_thursday(hall: Hall) -> None:
    """Let sums of that date be kept: what is counted of others is told from then on."""
    with hall.desk.db.read() as tx:
        setup = halls.setup_of_hall_row(tx, halls.load_hall_row(tx, hall.desk.hall))
        reader = HallReader(tx, hall.desk.hall, setup, hall.clock())
        tally_of_dates(reader, [THURSDAY], hall.desk.db.path, worth_keeping=1)


def test_dates_that_have_to_be_counted_are_told_meanwhile_and_slots_and_map_come_to_the_whole(pictures, hall):
    keep_thursday(hall)
    told: list[tuple[int, int]] = []
    found = pictures.read(MONTH, FRIDAY, told=lambda done, of: told.append((done, of)))
    assert told == [(n, 30) for n in range(FRIDAY.day - 1) if n != THURSDAY.day - 1]
    assert found.figures == read_period_report(hall.desk, MONTH, FRIDAY, hall.clock()).figures
    waits = sum(slot.waits for slot in found.slots)
    assert sum(slot.issued for slot in found.slots) == found.figures["issued"]
    assert waits == found.figures["wait"]["n"] == sum(cell.waits for cell in found.heat) == sum(found.hour_waits)
    assert sum(slot.rated for slot in found.slots) == found.figures["ratings"]["n"]
    assert len(found.slots) == 30


def test_a_reading_that_is_stopped_ends_at_once(pictures, hall):
    keep_thursday(hall)
    met: list[str] = []
    counting, stopped = threading.Event(), threading.Event()

    def read() -> None:
        try:
            pictures.read(MONTH, FRIDAY, told=lambda _done, _of: counting.set() or stopped.wait(PATIENCE_S))
        except OutsideError as trouble:
            met.append(trouble.code)

    reader = threading.Thread(target=read)
    reader.start()
    assert counting.wait(PATIENCE_S)
    pictures.stop()
    stopped.set()
    reader.join(PATIENCE_S)
    assert met == ["stopped"]


def test_a_database_that_is_away_is_said(pictures, hall):
    hall.desk.db.dispose()
    hall.path.rename(hall.path.with_suffix(".away"))
    with pytest.raises(OutsideError) as trouble:
        pictures.read(YEAR, FRIDAY)
    assert trouble.value.code.startswith("database_")
