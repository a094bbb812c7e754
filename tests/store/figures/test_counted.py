"""Sums that are kept say what counting the rows says: beside a hall's file, and of a server's in an own folder."""

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy import update

from queuedesk.app.services.kept_reports import write_due_reports
from queuedesk.core import features
from queuedesk.core.figures.measures.document import LogRange, ReportTally, day_figures, figures_document
from queuedesk.core.figures.measures.figure import hall_figure_scope
from queuedesk.core.figures.periods import YEAR, dates_between
from queuedesk.core.log.state import HallState
from queuedesk.core.network.roles import CONSOLE, Actor
from queuedesk.core.network.sharing import PcKind
from queuedesk.core.setup.file import setup_from_document
from queuedesk.desk.change import Ask, Desk
from queuedesk.desk.looking import desk_and_setup_of_hall, setup_of_hall
from queuedesk.desk.upkeep import clocks
from queuedesk.features.halls.verbs import brief_day_figures
from queuedesk.files.writing import ensure_private_folder
from queuedesk.reports.figures.period import read_period_report
from queuedesk.store.engine.database import Database
from queuedesk.store.figures import counted
from queuedesk.store.figures.counted import (
    StoredSums,
    precount_dates_and_get_left_count,
    tally_of_dates,
    ticket_and_leg_counts_by_hall,
)
from queuedesk.store.figures.measured import HallReader
from queuedesk.store.log import book, events
from queuedesk.store.schema import legs
from tests import whole_halls
from tests.credentials import shared
from tests.engine_fixtures import ON_BOTH_ENGINES
from tests.hall import ADMIN, MANAGER, Clock, Hall, is_damaged, make_hall
from tests.reports.days import NEXT_MORNING, eventful
from tests.reports.test_recomputed import Visits

LATER = datetime(2026, 12, 24, 1, tzinfo=UTC)
FIRST, LAST = date(2026, 11, 14), date(2026, 12, 3)
TODAY, THEN = date(2026, 11, 20), "A001"


@pytest.fixture(autouse=True)
def own_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give each test a data folder of its own that is not there yet; three dates are worth keeping."""
    folder = tmp_path / "data"
    monkeypatch.setenv("XDG_DATA_HOME", str(folder))
    monkeypatch.setattr(counted, "WORTH_KEEPING", 3)
    return folder


@contextmanager
def reading(desk: Desk, now: datetime) -> Iterator[HallReader]:
    with desk.db.read() as tx:
        yield HallReader(tx, desk.hall, setup_of_hall(desk), now)


def sums(desk: Desk, now: datetime, *, least: int = 1) -> ReportTally:
    with reading(desk, now) as reader:
        return tally_of_dates(reader, dates_between(FIRST, LAST), desk.db.path, worth_keeping=least)


def said(desk: Desk, tally: ReportTally) -> dict[str, Any]:
    return figures_document(hall_figure_scope(setup_of_hall(desk), FIRST, LAST), tally, LogRange())


def afresh(desk: Desk, now: datetime) -> dict[str, Any]:
    """Return what the rows of all dates come to, added one after the other."""
    with reading(desk, now) as reader:
        return said(desk, ReportTally.from_days(map(reader.read_day, dates_between(FIRST, LAST))))


def kept(desk: Desk) -> dict[date, StoredSums]:
    return counted.read_kept_sums(beside(desk), desk.hall, FIRST, LAST)


def beside(desk: Desk) -> Path:
    with desk.db.read() as tx:
        return counted.sums_file(tx, desk.hall, desk.db.path)


def must_keep_what_counting_says(db: Database) -> None:
    """Assert that it is so with a hall from elsewhere, such as one of an earlier program."""
    desk, _setup = desk_and_setup_of_hall(db, None)
    wanted = afresh(desk, LATER)
    assert said(desk, sums(desk, LATER)) == wanted and wanted["issued"]
    assert len(kept(desk)) >= len(dates_between(FIRST, LAST)) - 1  # In some of them the last date goes on.
    assert said(desk, sums(desk, LATER)) == wanted


@ON_BOTH_ENGINES
@pytest.mark.parametrize("make", [eventful, lambda folder: Visits(folder, Random(11)).week(9)])
def test_kept_sums_say_what_counting_says(make: Callable[[Path], Desk], tmp_path: Path) -> None:
    desk = make(tmp_path)
    wanted = afresh(desk, LATER)
    first = sums(desk, LATER)
    assert said(desk, first) == wanted and wanted["issued"]
    assert set(kept(desk)) == set(dates_between(FIRST, LAST))
    assert beside(desk).stat().st_mode & 0o077 == 0
    known = sums(desk, LATER)
    # As text: a whole number that comes back as another kind of number would be written otherwise.
    assert json.dumps(said(desk, known)) == json.dumps(wanted)
    of_several, of_kept = ReportTally(), ReportTally()
    of_several.merge(first, "NORTH", str)
    of_kept.merge(known, "NORTH", str)
    assert said(desk, of_kept) == said(desk, of_several)


def served_once(folder: Path) -> Hall:
    """Return a hall with a call for help, a shift and a customer of yesterday, two weeks ago by now."""
    hall = make_hall(folder, settings={"first_visit_days": 7})
    hall.open("1", "C1")
    assert hall.issue("A") == THEN
    hall.serve_out("1")
    hall.do("rate", THEN, 2)
    hall.do("day-end")
    hall.clock.move(days=1)
    return hall


EXCLUDED = {"changes": {"rating": "excluded"}, "reason": "forgotten", "second": "AD", "who": MANAGER, "day": TODAY}
COLLEAGUE = {"code": "C9", "name": "Li", "role": "clerk", "skills": ["B"]}
TOTAL = ("set-total", "online", TODAY.isoformat(), "A", 70)
CHANGES: tuple[tuple[tuple[Any, ...], dict[str, Any]], ...] = (
    (("add-row", "staff", COLLEAGUE), {"who": ADMIN}),
    (("correct", THEN), {"changes": {"outcome": "accepted"}, "reason": "forgotten", "who": MANAGER, "day": TODAY}),
    (("correct", THEN), EXCLUDED),
    (("issue", "A"), {"return_of": (THEN, TODAY)}),
    (("set-setting", "wait_target_minutes", 45), {"who": ADMIN}),
    (("set-hall", {"name": "East"}), {"who": ADMIN}),
    *([(TOTAL, {"who": MANAGER})] if "channels" in features.choosable_feature_names() else []),
)


@ON_BOTH_ENGINES
def test_what_changes_a_date_has_it_counted_afresh(tmp_path: Path) -> None:
    """One change after the other, each of which finds the sums kept since the one before."""
    hall = served_once(tmp_path)
    sums(hall.desk, LATER)
    for change, words in CHANGES:
        before = kept(hall.desk)[TODAY]
        hall.do(*change, **words)
        wanted = afresh(hall.desk, LATER)
        assert said(hall.desk, sums(hall.desk, LATER)) == wanted, change
        assert kept(hall.desk)[TODAY].stands_on != before.stands_on, change
        assert said(hall.desk, sums(hall.desk, LATER)) == wanted, change


class Looked(Visits):
    """A week whose figures are asked for again and again while it goes on."""

    looks = 0

    def ask(self, who: Actor = CONSOLE) -> Ask:
        self.looks += 1
        if self.looks % 8 == 0:
            for now in (self.now, LATER):
                assert said(self.desk, sums(self.desk, now)) == afresh(self.desk, now)
        return super().ask(who)


def test_a_week_is_told_rightly_all_along(tmp_path: Path) -> None:
    week = Looked(tmp_path, Random(5))
    desk = week.week(24)
    assert week.looks > 160
    assert said(desk, sums(desk, LATER)) == afresh(desk, LATER)
    assert len(kept(desk)) == len(dates_between(FIRST, LAST))


@ON_BOTH_ENGINES
def test_what_a_later_date_does_to_an_earlier_one_is_noticed(tmp_path: Path) -> None:
    """A date that nobody ended is ended, and a visit rated, on the next one."""
    hall = make_hall(tmp_path, settings={"rating_days": 3})
    hall.play("open 1 staff=C1", "open 3 staff=C3")
    label = hall.issue("A")
    hall.play("serve-out 1", "close 3")
    seen = [said(hall.desk, sums(hall.desk, LATER))]
    assert TODAY not in kept(hall.desk)
    hall.clock.move(days=1)
    for later in (
        lambda: hall.issue("A"),
        lambda: hall.do("rate", label, 4, day=TODAY),
        lambda: hall.do("reasons", label, day=TODAY, tags=["waited_long"]),
    ):
        later()
        seen.append(said(hall.desk, sums(hall.desk, LATER)))
        assert seen[-1] == afresh(hall.desk, LATER)
        assert said(hall.desk, sums(hall.desk, LATER)) == seen[-1]
    assert TODAY in kept(hall.desk)
    assert seen[-2] != seen[-3] != seen[0]


@ON_BOTH_ENGINES
def test_sums_are_kept_until_their_date_changes_and_a_repair_and_a_check_begin_anew(tmp_path: Path) -> None:
    hall = served_once(tmp_path)
    sums(hall.desk, LATER, least=2)
    assert not beside(hall.desk).exists(), "little is counted sooner than kept"
    right = said(hall.desk, sums(hall.desk, LATER))
    before = kept(hall.desk)[TODAY]

    hall.open("1", "C1")
    hall.do("add-row", "staff", {"code": "C9", "name": "Li", "role": "clerk"}, who=ADMIN)
    hall.do("set-row", "staff", "C1", {"name": "Zhao"}, who=ADMIN)
    hall.do("add-row", "notices", {"text": "Closed on Friday"}, who=ADMIN)
    with hall.desk.db.write() as tx:
        tx.execute(update(legs).values(outcome="accepted"))
    found = said(hall.desk, sums(hall.desk, LATER))
    assert kept(hall.desk)[TODAY] == before, "what happens on another date leaves it as it is"
    # So it was not counted again, whatever became of its rows.
    assert [row["code"] for row in found["measures"]["outcomes"]] == [None]

    counted.delete_sums_file(beside(hall.desk))
    spoilt = said(hall.desk, sums(hall.desk, LATER))
    assert spoilt["measures"]["outcomes"] != right["measures"]["outcomes"]
    repaired(hall)
    assert said(hall.desk, sums(hall.desk, LATER)) == found

    held = [row.sums for row in kept(hall.desk).values()]
    repaired(hall)
    sums(hall.desk, LATER, least=1000)  # too little to be kept, so that nothing is written over it
    assert not kept(hall.desk)
    content = beside(hall.desk).read_bytes()
    assert held and not any(one in content for one in held), "what a repair replaced is not even in the file"

    assert not is_damaged(hall.desk.db)
    assert not beside(hall.desk).exists(), "a check forgets what was kept"


def repaired(hall: Hall) -> None:
    with hall.desk.db.write() as tx:
        book.rebuild_from_log_and_give_faults(tx, hall.desk.hall)
        events.write_new_epoch(tx)


def test_what_a_wrong_clock_wrote_is_not_kept_on(tmp_path: Path) -> None:
    hall = served_once(tmp_path)
    hall.clock.move(days=2)
    hall.play("open 1 staff=C1", "queue A A", "serve-out 1", "day-end")
    wrong = said(hall.desk, sums(hall.desk, LATER))
    hall.clock.move(days=-2, minutes=-5)
    clocks.correct_log_time(hall.desk, hall.ask(MANAGER))
    found = said(hall.desk, sums(hall.desk, LATER))
    assert found == afresh(hall.desk, LATER)
    assert found["issued"] < wrong["issued"]


def test_each_login_of_a_server_has_its_own_and_only_managers_count_ahead(shared_url: str, own_data: Path) -> None:
    with shared(shared_url, "A", "B") as place:
        for code in (1, 2):
            hall = place.hall(hall=code)
            hall.open("1", "C1")
            for n in range(3):
                label = hall.issue("A")
                hall.serve_out("1")
                hall.do("rate", label, 5 - n)
            hall.do("day-end")
        office, chief = place.desk(place.pc(PcKind.MANAGER)), place.desk(place.pc(PcKind.MANAGER))
        wanted = afresh(office, LATER)
        assert said(office, sums(office, LATER)) == wanted and wanted["issued"] == 3
        own = {day: one.stands_on for day, one in kept(office).items()}
        assert len(own) == len(dates_between(FIRST, LAST))
        assert beside(office).is_relative_to(own_data) and beside(office).parent.stat().st_mode & 0o077 == 0
        assert beside(office).stat().st_mode & 0o077 == 0

        # The other one counts for itself, and so does the hall beside this one.
        assert said(chief, sums(chief, LATER)) == wanted
        assert not set(own.values()) & {one.stands_on for one in kept(chief).values()}
        assert beside(place.desk(place.pc(PcKind.MANAGER, hall=2), hall=2)) != beside(office)

        with place.owner.write() as tx:
            tx.execute(update(legs).values(outcome="accepted"))
        # So the second reading was of what it had kept.
        assert said(chief, sums(chief, LATER)) == wanted

        for kind, counts in ((PcKind.STAFF, False), (PcKind.MANAGER, True)):
            desk = place.desk(place.pc(kind))
            counted.delete_sums_file(beside(desk))
            precount_dates_and_get_left_count(desk.db, desk.hall, LATER, rest=no_rest)
            assert bool(days_kept(desk)) is counts


def spoil(hall: Hall, statement: str, *args: Any) -> None:
    with closing(sqlite3.connect(beside(hall.desk))) as db, db:
        db.execute(statement, args)


def of_another_date(hall: Hall) -> None:
    spoil(hall, "DELETE FROM sums WHERE date <> ?", str(TODAY))
    spoil(hall, "UPDATE sums SET date = '2026-11-21'")


def no_sums(hall: Hall) -> None:
    all_of_them = {day: StoredSums(one.stands_on, b"nothing") for day, one in kept(hall.desk).items()}
    counted.keep_counted_sums(beside(hall.desk), hall.desk.hall, all_of_them, always=b"")


DAMAGES: dict[str, Callable[[Hall], object]] = {
    "bytes": lambda hall: spoil(
        hall, "UPDATE sums SET sums = CAST(substr(sums, 1, 40) || x'00' || substr(sums, 42) AS BLOB)"
    ),
    "of another date": of_another_date,
    "no sums": no_sums,
    "another table": lambda hall: spoil(hall, "DROP TABLE sums"),
    "no file of ours": lambda hall: beside(hall.desk).write_bytes(b"rubbish" * 2000),
    "cut": lambda hall: beside(hall.desk).write_bytes(beside(hall.desk).read_bytes()[:5000]),
}


def test_damaged_sums_are_counted_afresh_and_kept_again_and_where_nothing_can_be_kept_all_is_counted(tmp_path: Path):
    hall = served_once(tmp_path)
    wanted = said(hall.desk, sums(hall.desk, LATER))
    before = kept(hall.desk)
    for name, damage in DAMAGES.items():
        damage(hall)
        assert said(hall.desk, sums(hall.desk, LATER)) == wanted, name
        sums(hall.desk, LATER)
        assert kept(hall.desk) == before, name
        assert said(hall.desk, sums(hall.desk, LATER)) == wanted, name
    beside(hall.desk).unlink()
    beside(hall.desk).mkdir()
    assert said(hall.desk, sums(hall.desk, LATER)) == afresh(hall.desk, LATER)


# -- counted ahead: what a person's first reading would count, and nobody is disturbed ---------------------------------


YEAR_BEGINS, YEAR_ENDS = date(2026, 1, 1), date(2026, 12, 31)


def days_kept(desk: Desk) -> list[date]:
    return sorted(counted.read_kept_sums(beside(desk), desk.hall, date(2025, 1, 1), date(2027, 12, 31)))


def served(hall: Hall) -> None:
    hall.open("1", "C1")
    for _ in range(4):
        hall.play("issue A", "serve-out 1")
    hall.do("day-end")
    hall.clock.move(days=1)


def no_rest(_seconds: float) -> None:
    pass


def hall_of_a_week(folder: Path) -> Hall:
    """Return a hall whose last date still runs."""
    visits = Visits(folder, Random(11))
    desk = visits.week(9)
    return Hall(desk, Clock(visits.now), desk.db.path)


def three_months(folder: Path) -> Hall:
    """Return a hall that was open in November, December and January, with the shortest of reports."""
    hall = make_hall(folder, settings={"reports": "days"})
    for days in (20, 25, 1):
        served(hall)
        hall.clock.move(days=days)
    return hall


@pytest.mark.hall(make=hall_of_a_week)
@ON_BOTH_ENGINES
def test_a_reading_tells_which_dates_it_has_to_count_and_the_first_of_a_year_is_of_what_was_counted_ahead(hall: Hall):
    desk, now = hall.desk, hall.clock()
    told: list[tuple[int, int]] = []
    dates = dates_between(YEAR_BEGINS, YEAR_ENDS)
    for expected in ([(n, 365) for n in range(dates.index(now.date()))], []):  # What is not over is always counted.
        told.clear()
        with reading(desk, now) as reader:
            tally_of_dates(reader, dates, desk.db.path, worth_keeping=1, told=lambda done, of: told.append((done, of)))
        assert told == expected

    wanted = read_period_report(desk, YEAR, YEAR_BEGINS, now).figures
    counted.delete_sums_file(beside(desk))
    precount_dates_and_get_left_count(desk.db, desk.hall, now, rest=no_rest)
    days = days_kept(desk)
    assert days == dates_between(days[0], days[-1]) and days[-1] < now.date() < date(2027, 1, 1)
    assert days[0] == date(2026, 11, 1), "months without a ticket are quick anyway"
    assert read_period_report(desk, YEAR, YEAR_BEGINS, now).figures == wanted
    with desk.db.write() as tx:  # behind the log's back, so that only kept sums say what was so
        tx.execute(update(legs).values(outcome="accepted"))
    spoilt = read_period_report(desk, YEAR, YEAR_BEGINS, now).figures
    assert spoilt["issued"] == wanted["issued"]
    outcomes = spoilt["measures"]["outcomes"]
    assert outcomes != [] and any(row["code"] != "accepted" for row in outcomes)


@pytest.mark.hall(make=three_months)
def test_it_stops_in_time_or_with_its_window_and_goes_on_from_there(hall: Hall) -> None:
    desk, now = hall.desk, hall.clock()
    every = len(dates_between(date(2026, 1, 1), now.date() - timedelta(days=1)))
    asked: list[bool] = []

    def goes_on(times: int) -> bool:
        asked.append(True)
        return len(asked) <= times

    assert precount_dates_and_get_left_count(desk.db, desk.hall, now, rest=no_rest, goes_on=lambda: goes_on(0)) == every
    assert days_kept(desk) == []
    clock = iter(range(0, 10_000, 2))
    rests: list[float] = []

    precount_dates_and_get_left_count(
        desk.db, desk.hall, now, most_s=5.0, now_s=lambda: float(next(clock)), rest=rests.append
    )

    assert {day.month for day in days_kept(desk)} == {1}, "the latest months come first"
    assert rests == [2.0]
    counted.delete_sums_file(beside(desk))
    asked.clear()
    left = precount_dates_and_get_left_count(
        desk.db, desk.hall, now, rest=no_rest, goes_on=lambda: goes_on(now.day + 5)
    )
    assert {day.month for day in days_kept(desk)} == {1}, "of a month in which it stopped nothing is kept"
    assert left == every - (now.day - 1)
    assert precount_dates_and_get_left_count(desk.db, desk.hall, now, rest=no_rest) == 0
    assert {day.month for day in days_kept(desk)} == {11, 12, 1}


@pytest.mark.hall(make=hall_of_a_week)
def test_it_waits_for_nobody_who_writes_and_nobody_waits_for_it(hall: Hall) -> None:
    desk, now = hall.desk, hall.clock()
    other = Database.open(desk.db.path or "")
    with other.write() as tx:
        tx.execute(update(legs).values(outcome=None))
        precount_dates_and_get_left_count(desk.db, desk.hall, now, rest=no_rest)
    other.dispose()
    assert days_kept(desk)


def test_a_hall_with_reports_or_without_has_its_dates_counted_after_them(tmp_path, monkeypatch) -> None:
    hall = make_hall(tmp_path, settings={"reports": "off"})
    served(hall)
    folder = ensure_private_folder(tmp_path / "reports")
    write_due_reports(hall.desk, folder, hall.clock(), gently=True, counts=False)
    assert days_kept(hall.desk) == [], "a screen in the hall does not count"
    write_due_reports(hall.desk, folder, hall.clock(), gently=True)
    assert days_kept(hall.desk)[-1] == hall.clock().date() - timedelta(days=1)

    counted.delete_sums_file(beside(hall.desk))
    hall.do("set-setting", "reports", "days")
    written = write_due_reports(hall.desk, folder, hall.clock())
    assert len(written["written"]) == 1 and days_kept(hall.desk) == [], "somebody waits for that"
    with monkeypatch.context() as costly:
        costly.setattr(counted, "WORTH_KEEPING", 5000)
        precount_dates_and_get_left_count(hall.desk.db, hall.desk.hall, hall.clock(), rest=no_rest)
    assert days_kept(hall.desk) == [], "little is left to whoever asks"
    said = write_due_reports(hall.desk, folder, hall.clock(), gently=True)
    assert said == {"written": [], "removed": [], "failed": [], "left": 0, "busy": False}
    assert days_kept(hall.desk)[-1] == hall.clock().date() - timedelta(days=1)


def test_a_hall_with_trouble_has_its_dates_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    hall = make_hall(tmp_path, settings={"reports": "days", "report_print": "on"})
    served(hall)
    said = write_due_reports(hall.desk, ensure_private_folder(tmp_path / "reports"), hall.clock(), gently=True)
    assert said["failed"], "there is no printer"
    assert days_kept(hall.desk)[-1] == hall.clock().date() - timedelta(days=1)


@pytest.mark.hall(make=three_months)
def test_what_is_still_to_be_counted_is_told_and_what_cannot_be_read_ends_it_but_no_report(hall, tmp_path, monkeypatch):
    folder = ensure_private_folder(tmp_path / "reports")
    write_due_reports(hall.desk, folder, hall.clock())
    with monkeypatch.context() as hurried:
        usual = precount_dates_and_get_left_count.__kwdefaults__ or {}
        hurried.setattr(precount_dates_and_get_left_count, "__kwdefaults__", {**usual, "most_s": -1.0})
        said = write_due_reports(hall.desk, folder, hall.clock(), gently=True)
    assert said["uncounted"] == len(dates_between(date(2026, 1, 1), hall.clock().date() - timedelta(days=1)))
    with hall.desk.db.write() as tx:
        tx.execute(update(legs).where(legs.c.date > date(2026, 12, 1)).where(legs.c.date < YEAR_ENDS).values(n=7))
    said = write_due_reports(hall.desk, folder, hall.clock(), gently=True)
    assert said["failed"] == []
    assert {day.month for day in days_kept(hall.desk)} == {1}


# -- in brief: what the database counts of a hall's date for its row among others --------------------------------------


TARGETS = (1, 3, 5, 8, 15, 60)


def both_ways(desk: Desk, state: HallState) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Return for every date, under several targets, what the database counts and what the rules do."""
    found = []
    document = state.setup_now.document
    for minutes in TARGETS:
        settings = {**document.get("settings", {}), "wait_target_minutes": minutes}
        state.setup_now = setup_from_document({**document, "settings": settings})
        for day in sorted({ticket.date for ticket in state.tickets.values()}):
            with desk.db.read() as tx:
                own = ticket_and_leg_counts_by_hall(tx, {desk.hall: day})[desk.hall]
            brief = brief_day_figures(state.setup_now, day, own.states, own.legs)
            whole = day_figures(state, day, NEXT_MORNING)
            asked = [{key: one[key] for key in ("measure", "value", "first", "last")} for one in whole["targets"]]
            wait = {key: whole["wait"][key] for key in ("target_minutes", "within_target")}
            of_rules = {key: whole[key] for key in ("from", "to", "finished")} | {"wait": wait, "targets": asked}
            found.append((brief, of_rules))
    return found


@ON_BOTH_ENGINES
@pytest.mark.parametrize("make", [eventful, lambda folder: Visits(folder, Random(11)).week(6)])
def test_days_with_everything_in_them_are_counted_as_by_the_rules(tmp_path: Path, make: Any) -> None:
    desk = make(tmp_path)
    with desk.db.read() as tx:
        found = both_ways(desk, whole_halls.from_log(tx, desk.hall))
    assert [brief for brief, _whole in found] == [whole for _brief, whole in found]
    assert len({brief["wait"]["within_target"] for brief, _whole in found}) >= 4


@ON_BOTH_ENGINES
def test_a_wait_as_long_as_the_target_is_within_it_and_one_microsecond_more_is_not(tmp_path: Path) -> None:
    """And a number that no program wrote stops no reader."""
    hall = make_hall(tmp_path)
    hall.open("3", "C3")
    for more in (0, 1):
        hall.issue("A")
        hall.clock.move(minutes=5, microseconds=more)
        hall.serve_out("3")
    told = [one["wait"] for one, _whole in both_ways(hall.desk, hall.whole())]
    within = [(one["target_minutes"], one["within_target"]) for one in told]
    assert within == list(zip(TARGETS, (0.0, 0.0, 0.5, 1.0, 1.0, 1.0), strict=True))
    hall.issue("A")
    with hall.desk.db.write(hall.desk.hall) as tx:
        tx.execute(update(legs).values(joined=-(2**63) + 1))
    with hall.desk.db.read() as tx:
        own = ticket_and_leg_counts_by_hall(tx, {hall.desk.hall: hall.date})[hall.desk.hall]
    assert (own.states, sum(own.legs.values())) == ({"finished": 2, "waiting": 1}, 3)
