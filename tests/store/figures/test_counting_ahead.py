"""What is counted ahead is what a person's first reading would count, and disturbs nobody."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import update

from queuedesk.app.services.kept_reports import write_due
from queuedesk.core.figures.periods import YEAR, dates_between
from queuedesk.core.network.sharing import PcKind
from queuedesk.desk.change import Desk
from queuedesk.files.writing import private_folder
from queuedesk.reports.figures.period import read_period
from queuedesk.store.engine.database import Database
from queuedesk.store.figures import counted
from queuedesk.store.figures.counted import count_ahead, tally_of
from queuedesk.store.figures.measured import Reader
from queuedesk.store.parts import halls
from queuedesk.store.schema import legs
from tests.credentials import shared
from tests.engine_fixtures import ON_BOTH_ENGINES
from tests.hall import Clock, Hall, made_once, make_hall
from tests.reports.test_measures_recomputed import Visits

YEAR_BEGINS, YEAR_ENDS = date(2026, 1, 1), date(2026, 12, 31)


@pytest.fixture(autouse=True)
def own_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))


@pytest.fixture(autouse=True)
def little_is_worth_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counted, "WORTH_KEEPING", 3)


def kept(desk: Desk) -> list[date]:
    with desk.db.read() as tx:
        file = counted.file_of(tx, desk.hall, desk.db.path)
    return [] if file is None else sorted(counted.read(file, desk.hall, date(2025, 1, 1), date(2027, 12, 31)))


def forget(desk: Desk) -> None:
    with desk.db.read() as tx:
        file = counted.file_of(tx, desk.hall, desk.db.path)
    assert file is not None
    counted.forget(file)


def spoil(db: Database) -> None:
    """Change what is counted behind the log's back, so that only kept sums say what was so."""
    with db.write() as tx:
        tx.execute(update(legs).values(outcome="accepted"))


def served(hall: Hall) -> None:
    hall.open("1", "C1")
    for _ in range(4):
        hall.issue("A")
        hall.serve_out("1")
    hall.do("day-end")
    hall.clock.move(days=1)


def no_rest(_seconds: float) -> None:
    pass


def a_week(folder: Path) -> Hall:
    visits = Visits(folder, Random(11))
    desk = visits.week(9)
    assert desk.db.path is not None
    return Hall(desk, Clock(visits.now), desk.db.path)


@pytest.fixture
def week(tmp_path: Path) -> tuple[Desk, datetime]:
    """Return a hall whose last date still runs, and now."""
    hall = made_once(tmp_path, a_week)
    return hall.desk, hall.clock()


def three_months(folder: Path) -> Hall:
    hall = make_hall(folder, settings={"reports": "days"})
    for days in (20, 25, 1):
        served(hall)
        hall.clock.move(days=days)
    return hall


@pytest.fixture
def months(tmp_path: Path) -> Hall:
    """Return a hall that was open in November, December and January, with the shortest of reports."""
    return made_once(tmp_path, three_months)


@ON_BOTH_ENGINES
def test_the_first_reading_of_a_year_is_of_what_was_counted_ahead(week: tuple[Desk, datetime], tmp_path: Path) -> None:
    desk, now = week
    wanted = read_period(desk, YEAR, YEAR_BEGINS, now).figures
    forget(desk)

    count_ahead(desk.db, desk.hall, now, rest=no_rest)

    days = kept(desk)
    assert days == dates_between(days[0], days[-1]) and days[-1] < now.date() < date(2027, 1, 1)
    assert days[0] == date(2026, 11, 1), "months without a ticket are quick anyway"
    assert read_period(desk, YEAR, YEAR_BEGINS, now).figures == wanted
    spoil(desk.db)
    spoilt = read_period(desk, YEAR, YEAR_BEGINS, now).figures
    assert spoilt["issued"] == wanted["issued"]
    outcomes = spoilt["measures"]["outcomes"]
    assert outcomes != [] and any(row["code"] != "accepted" for row in outcomes)


@ON_BOTH_ENGINES
def test_it_stops_in_time_or_with_its_window_and_goes_on_from_there(months: Hall) -> None:
    desk, now = months.desk, months.clock()
    every = len(dates_between(date(2026, 1, 1), now.date() - timedelta(days=1)))
    asked: list[bool] = []

    def goes_on(times: int) -> bool:
        asked.append(True)
        return len(asked) <= times

    assert count_ahead(desk.db, desk.hall, now, rest=no_rest, goes_on=lambda: goes_on(0)) == every
    assert kept(desk) == []
    clock = iter(range(0, 10_000, 2))
    rests: list[float] = []

    count_ahead(desk.db, desk.hall, now, most_s=5.0, now_s=lambda: float(next(clock)), rest=rests.append)

    assert {day.month for day in kept(desk)} == {1}, "the latest months come first"
    assert rests == [2.0]
    forget(desk)
    asked.clear()
    left = count_ahead(desk.db, desk.hall, now, rest=no_rest, goes_on=lambda: goes_on(now.day + 5))
    assert {day.month for day in kept(desk)} == {1}, "of a month in which it stopped nothing is kept"
    assert left == every - (now.day - 1)
    assert count_ahead(desk.db, desk.hall, now, rest=no_rest) == 0
    assert {day.month for day in kept(desk)} == {11, 12, 1}


@ON_BOTH_ENGINES
def test_a_reading_tells_which_dates_it_has_to_count(week: tuple[Desk, datetime]) -> None:
    desk, now = week
    told: list[tuple[int, int]] = []

    days = dates_between(YEAR_BEGINS, YEAR_ENDS)
    over = days.index(now.date())

    def read() -> None:
        with desk.db.read() as tx:
            reader = Reader(tx, desk.hall, halls.setup(tx, halls.load(tx, desk.hall)), now)
            tally_of(reader, days, desk.db.path, worth_keeping=1, told=lambda done, of: told.append((done, of)))

    read()
    assert told == [(n, 365) for n in range(over)], "what is not over is always counted"
    told.clear()
    read()
    assert told == []


def test_it_waits_for_nobody_who_writes_and_nobody_waits_for_it(week: tuple[Desk, datetime]) -> None:
    desk, now = week
    other = Database.open(desk.db.path or "")
    with other.write() as tx:
        tx.execute(update(legs).values(outcome=None))
        count_ahead(desk.db, desk.hall, now, rest=no_rest)
    other.dispose()
    assert kept(desk)


@pytest.mark.parametrize(("kind", "counts"), [(PcKind.MANAGER, True), (PcKind.STAFF, False)])
def test_of_a_shared_hall_only_managers_pcs_count(kind: PcKind, counts: bool, shared_url: str) -> None:
    with shared(shared_url, "A") as place:
        served(place.hall())
        desk = place.desk(place.pc(kind))
        count_ahead(desk.db, desk.hall, place.clock(), rest=no_rest)
        assert bool(kept(desk)) is counts


@ON_BOTH_ENGINES
def test_a_hall_with_reports_or_without_has_its_dates_counted_after_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hall = make_hall(tmp_path, settings={"reports": "off"})
    served(hall)
    folder = private_folder(tmp_path / "reports")
    write_due(hall.desk, folder, hall.clock(), gently=True, counts=False)
    assert kept(hall.desk) == [], "a screen in the hall does not count"
    write_due(hall.desk, folder, hall.clock(), gently=True)
    assert kept(hall.desk)[-1] == hall.clock().date() - timedelta(days=1)

    forget(hall.desk)
    hall.do("set-setting", "reports", "days")
    written = write_due(hall.desk, folder, hall.clock())
    assert len(written["written"]) == 1 and kept(hall.desk) == [], "somebody waits for that"
    with monkeypatch.context() as costly:
        costly.setattr(counted, "WORTH_KEEPING", 5000)
        count_ahead(hall.desk.db, hall.desk.hall, hall.clock(), rest=no_rest)
    assert kept(hall.desk) == [], "little is left to whoever asks"
    said = write_due(hall.desk, folder, hall.clock(), gently=True)
    assert said == {"written": [], "removed": [], "failed": [], "left": 0, "busy": False}
    assert kept(hall.desk)[-1] == hall.clock().date() - timedelta(days=1)


def test_a_hall_with_trouble_has_its_dates_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    hall = make_hall(tmp_path, settings={"reports": "days", "report_print": "on"})
    served(hall)

    said = write_due(hall.desk, private_folder(tmp_path / "reports"), hall.clock(), gently=True)

    assert said["failed"], "there is no printer"
    assert kept(hall.desk)[-1] == hall.clock().date() - timedelta(days=1)


@ON_BOTH_ENGINES
def test_what_is_still_to_be_counted_is_told_and_what_cannot_be_read_ends_it_but_no_report(
    months: Hall, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = private_folder(tmp_path / "reports")
    write_due(months.desk, folder, months.clock())
    with monkeypatch.context() as hurried:
        hurried.setattr(count_ahead, "__kwdefaults__", {**(count_ahead.__kwdefaults__ or {}), "most_s": -1.0})
        said = write_due(months.desk, folder, months.clock(), gently=True)
    assert said["uncounted"] == len(dates_between(date(2026, 1, 1), months.clock().date() - timedelta(days=1)))

    with months.desk.db.write() as tx:
        tx.execute(update(legs).where(legs.c.date > date(2026, 12, 1)).where(legs.c.date < YEAR_ENDS).values(n=7))
    said = write_due(months.desk, folder, months.clock(), gently=True)
    assert said["failed"] == []
    assert {day.month for day in kept(months.desk)} == {1}
