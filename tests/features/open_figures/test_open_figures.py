"""Figures for others: their views in plain SQL, the day that anybody recomputes, their page and their commands."""

from __future__ import annotations

import json
import os
import re
import sqlite3
import subprocess
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, nullcontext
from datetime import UTC, date, datetime, timedelta
from functools import partial
from html import escape, unescape
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest
from PySide6.QtWidgets import QLineEdit

from queuedesk.app.hosting.gate import load_or_make_certificate
from queuedesk.core.errors import OutsideError, RuleError
from queuedesk.core.figures.measures.day import covered_microseconds, unpaused_spans_us
from queuedesk.core.figures.measures.rows import rounded_minutes_from_us, to_epoch_micros
from queuedesk.core.figures.periods import MONTH
from queuedesk.core.log.state import SHIFTS
from queuedesk.core.network.roles import Actor, Role
from queuedesk.core.network.sharing import PcKind
from queuedesk.desk import looking, network, setting_up
from queuedesk.desk.change import Desk
from queuedesk.desk.upkeep import examining
from queuedesk.features.open_figures import pages, papers, rules, verbs
from queuedesk.features.open_figures.pages import DAYS_PAGE, VIEWS_PAGE, NewLoginPasswordDialog
from queuedesk.i18n import LANGUAGES, choose_language, use_hall_words
from queuedesk.reports.figures.period import DayReport, read_day_report, read_period_report
from queuedesk.stations.manager.parts.records import RecordPage, RecordPageSpec
from queuedesk.stations.window.context import StationContext
from queuedesk.store.engine.database import Database
from queuedesk.store.engine.migrate import REVISION, drop_reporting_views, upgrade_tables_to_newest
from queuedesk.store.log import events
from queuedesk.store.parts import part_tables
from tests.bounded import until
from tests.cli.conftest import Console
from tests.credentials import Shared, denied, shared
from tests.engine_fixtures import ON_BOTH_ENGINES
from tests.features.demo_hall.month import month
from tests.hall import ADMIN, CONSOLE, GUIDE, MANAGER, Ask, Hall, refused, simple_hall, simple_setup
from tests.main_pc import open_host
from tests.postgres import make_role
from tests.reports.days import LONG_AFTER, eventful, simulated
from tests.stations.manager.conftest import Paper, context_over, office_of
from tests.stations.whole_words import Sights, typed_words

NOW = datetime(2026, 11, 23, 0, tzinfo=UTC)
READER = Actor("R1", Role.READER)


Use = Callable[[Desk], Desk]


@pytest.fixture
def use() -> Iterator[Use]:
    """Give what lets a hall use the views and makes them; a database of the server is lent and goes back without."""
    used: list[Desk] = []

    def with_views(desk: Desk) -> Desk:
        used.append(desk)
        ask = Ask(CONSOLE, looking.last_event_time(desk) or NOW)
        setting_up.change_hall(
            desk, ask, {"features": [*(looking.setup_of_hall(desk).hall.features or ()), "open_figures"]}
        )
        papers.remake_views_if_due(desk, ask)
        return desk

    yield with_views
    for desk in used:
        with desk.db.write() as tx:
            drop_reporting_views(tx)


def rows(db: Database, query: str) -> list[tuple[Any, ...]]:
    """Return the answer to a question, in which "reporting." stands before the name of a view."""
    with db.read() as tx:
        asked = query if db.is_shared else query.replace("reporting.", "reporting_")
        return [tuple(row) for row in tx.exec_driver_sql(asked).all()]


@ON_BOTH_ENGINES
def test_plain_sql_equals_the_reports_on_every_day_of_the_demo(tmp_path: Path, use: Use) -> None:
    desk = use(month(tmp_path))
    waits: dict[Any, Any] = defaultdict(dict)
    for day, code, mean, n in rows(
        desk.db, "SELECT date, service_code, avg(wait_minutes), count(*) FROM reporting.waits GROUP BY 1, 2"
    ):
        waits[str(day)][code] = (round(float(mean), 2), n)
    handled = dict(
        rows(desk.db, "SELECT date, avg(handling_minutes) FROM reporting.waits WHERE finished IS NOT NULL GROUP BY 1")
    )
    rated = {
        str(day): (n, round(float(share), 6))
        for day, n, share in rows(desk.db, "SELECT date, count(*), avg(satisfied) FROM reporting.ratings GROUP BY 1")
    }
    counted = {
        str(row[0]): tuple(map(int, row[1:]))
        for row in rows(
            desk.db,
            "SELECT date, count(*), count(first_called), sum(CASE WHEN state = 'finished' THEN 1 ELSE 0 END),"
            " sum(CASE WHEN misses > 0 THEN 1 ELSE 0 END), sum(no_show), sum(CASE WHEN state = 'void' THEN 1 ELSE 0 END)"
            " FROM reporting.visits GROUP BY 1",
        )
    }
    hours = {
        (str(day), window): (round(float(opened), 2), round(float(paused), 2))
        for day, window, opened, paused in rows(
            desk.db,
            "SELECT date, window_code, sum(open_minutes), sum(paused_minutes) FROM reporting.shifts GROUP BY 1, 2",
        )
    }
    worked = {
        (str(day), who): round(float(minutes), 2)
        for day, who, minutes in rows(
            desk.db, "SELECT date, staff_code, sum(worked_minutes) FROM reporting.shifts GROUP BY 1, 2"
        )
    }
    days = [date.fromisoformat(day) for day in counted]
    assert len(days) > 20
    for day in days:
        report = read_day_report(desk, day, NOW).figures
        on = day.isoformat()
        assert waits[on] == {
            row["code"]: (row["wait"]["mean"], row["wait"]["n"]) for row in report["services"] if row["wait"]["n"]
        }
        assert round(float(handled[_key(handled, on)]), 2) == report["handling"]["mean"]
        told = report["ratings"]
        assert rated.get(on, (0, None)) == (told["n"], told["rate"] if told["n"] else None)
        names = ("issued", "called", "finished", "missed", "no_show", "void")
        assert counted[on] == tuple(report[name] for name in names)
        for row in report["windows"]:
            assert hours.get((on, row["code"]), (0, 0)) == (row["open_minutes"], row["paused_minutes"])
        assert {who: minutes for (at, who), minutes in worked.items() if at == on} == _worked(desk, day)

    # "What was the mean wait of each service in November?"
    november = read_period_report(desk, MONTH, date(2026, 11, 9), NOW).document["services"]
    asked = (
        "SELECT service_name, avg(wait_minutes), count(*) FROM reporting.waits"
        " WHERE date BETWEEN '2026-11-01' AND '2026-11-30' GROUP BY 1"
    )
    names = {code: service.name for code, service in looking.setup_of_hall(desk).services.items()}
    assert {name: (round(float(mean), 2), n) for name, mean, n in rows(desk.db, asked)} == {
        names[row["code"]]: (row["wait"]["mean"], row["wait"]["n"]) for row in november if row["wait"]["n"]
    }
    # No column holds what anybody wrote.
    told = str([rows(desk.db, f"SELECT * FROM reporting.{view.name}") for view in rules.VIEWS])
    with desk.db.read() as tx:
        written = [*tx.exec_driver_sql("SELECT text FROM comments").scalars()]
        written += tx.exec_driver_sql("SELECT title FROM cases").scalars()
    assert any(written)
    assert not [text for text in written if text and text in told]


def _key(found: dict[Any, Any], day: str) -> Any:
    return next(key for key in found if str(key) == day)


def _worked(desk: Desk, day: date) -> dict[str, float]:
    """Return the minutes of each clerk at open windows, by the product's own spans."""
    spent: dict[str, int] = defaultdict(int)
    with desk.db.read() as tx:
        for shift in part_tables.objects_of_days(tx, desk.hall, SHIFTS, day, day).values():
            spent[shift.staff] += covered_microseconds(unpaused_spans_us(shift, to_epoch_micros(NOW)))
    return {who: rounded_minutes_from_us(us) for who, us in spent.items()}


@ON_BOTH_ENGINES
def test_what_a_report_leaves_out_no_view_has(tmp_path: Path, use: Use) -> None:
    """On a day on which everything happens that can happen to a ticket."""
    desk = use(eventful(tmp_path))
    days = {str(day) for (day,) in rows(desk.db, "SELECT DISTINCT date FROM reporting.visits")}
    assert days
    for on in days:
        report = read_day_report(desk, date.fromisoformat(on), NOW).figures
        mean, n = rows(desk.db, f"SELECT avg(wait_minutes), count(*) FROM reporting.waits WHERE date = '{on}'")[0]
        assert (round(float(mean), 2), n) == (report["wait"]["mean"], report["wait"]["n"])
        told = report["ratings"]
        n, satisfied = rows(desk.db, f"SELECT count(*), sum(satisfied) FROM reporting.ratings WHERE date = '{on}'")[0]
        assert (n, satisfied or 0) == (told["n"], told["satisfied"])
        visits = f"SELECT count(*), count(first_called) FROM reporting.visits WHERE date = '{on}'"
        assert rows(desk.db, visits) == [(report["issued"], report["called"])]
        cases = rows(desk.db, f"SELECT count(*) FROM reporting.cases WHERE date = '{on}'")
        assert cases == [(report["cases"]["opened"],)]


BERLIN = {**simple_setup(timezone="Europe/Berlin")["hall"], "features": ["open_figures"]}


@ON_BOTH_ENGINES
def test_times_are_local_on_both_sides_of_a_clock_change_and_names_are_as_they_are_now(tmp_path, use):
    services = simple_setup()["services"]
    services[0] = {**services[0], "name": "Bills", "name_en": "Bills, in English"}
    hall = simple_hall(tmp_path, start=datetime(2026, 3, 28, 9, tzinfo=UTC), hall=BERLIN, services=services)
    use(hall.desk)
    hall.issue("A")
    hall.clock.now = datetime(2026, 3, 30, 9, tzinfo=UTC)
    hall.issue("A")
    # Straight from the log's time, and not from the time at which somebody looks.
    arrived = "SELECT arrived, service_name, service_name_en FROM reporting.visits ORDER BY arrived"
    found = [(str(at), *names) for at, *names in rows(hall.desk.db, arrived)]
    own = ("Bills", "Bills, in English")
    assert found == [("2026-03-28 10:00:00", *own), ("2026-03-30 11:00:00", *own)]
    assert not papers.remake_views_if_due(hall.desk, hall.ask())["made"]
    assert {one.status for one in examining.examine_database(hall.desk.db)} == {examining.OK}
    setting_up.change_row_fields(hall.desk, hall.ask(), "services", "A", {"name": "Paying"})
    assert {name for _at, name, _en in rows(hall.desk.db, arrived)} == {"Paying"}
    # Another time zone is in the views a minute later.
    setting_up.change_hall(hall.desk, hall.ask(), {"timezone": "Asia/Shanghai"})
    assert papers.remake_views_if_due(hall.desk, hall.ask())["made"]
    assert str(rows(hall.desk.db, arrived)[0][0]) == "2026-03-28 17:00:00"
    # A hall that uses them no longer has none.
    setting_up.change_hall(hall.desk, hall.ask(), {"features": []})
    assert papers.remake_views_if_due(hall.desk, hall.ask())["made"]
    with refused(hall, "no_views"):
        verbs.described_views(hall.desk, hall.ask(), "en")


@ON_BOTH_ENGINES
def test_an_upgrade_drops_the_views_and_of_several_stations_that_begin_at_once_one_makes_them_again(
    tmp_path: Path, use: Use
) -> None:
    hall = simple_hall(tmp_path, hall=BERLIN)
    use(hall.desk)
    hall.issue("A")
    with hall.desk.db.write() as tx:
        upgrade_tables_to_newest(tx, REVISION)
        tx.commit()
    with pytest.raises(RuleError, match="no_views"):
        verbs.described_views(hall.desk, hall.ask(), "en")
    with ThreadPoolExecutor(4) as stations:
        asked = [stations.submit(papers.remake_views_if_due, hall.desk, hall.ask()) for _n in range(4)]
    assert sorted(one.result()["made"] for one in asked) == [False, False, False, True]
    assert rows(hall.desk.db, "SELECT count(*) FROM reporting.visits") == [(1,)]


@ON_BOTH_ENGINES
def test_the_database_describes_every_column_and_the_page_is_made_of_that(tmp_path: Path, use: Use) -> None:
    hall = simple_hall(tmp_path, hall={**BERLIN, "languages": ["zh_CN", "en"]})
    use(hall.desk)
    assert hall.issue("A") == "A001"
    for lang in LANGUAGES:
        views = verbs.described_views(hall.desk, hall.ask(), lang)
        assert [view["rows"] for view in views][:-1] == [1, 0, 0, 0, 0]
        told = {view["view"][len(rules.PREFIX) :]: [one["column"] for one in view["columns"]] for view in views}
        assert {view.name: list(view.columns) for view in rules.VIEWS}.items() <= told.items()
        assert all(one["about"] for view in views for one in (view, *view["columns"]))
        papers.save_views_description(hall.desk, hall.ask(), tmp_path / "views.html", lang)
        page = (tmp_path / "views.html").read_text(encoding="utf-8")
        assert all(escape(one["about"]) in page for view in views for one in (view, *view["columns"]))
    # The examples on the page are answered.
    for asked in re.findall("<pre><code>(.*?)</code></pre>", page):
        rows(hall.desk.db, unescape(asked))
    if hall.desk.db.is_shared:
        comment = "SELECT col_description('reporting.waits'::regclass, 2), obj_description('reporting.waits'::regclass)"
        assert all(len(text.split("\n")) == 2 for text in rows(hall.desk.db, comment)[0])


def test_a_clinic_of_one_language_reads_its_own_words_whoever_makes_the_views(tmp_path: Path, use: Use) -> None:
    hall = simple_hall(tmp_path, hall={**BERLIN, "languages": ["en"], "words": {"window": "room", "ticket": "number"}})
    use_hall_words("counter", "ticket")  # as a process of another hall would
    use(hall.desk)
    told = rows(hall.desk.db, "SELECT DISTINCT language FROM reporting.descriptions")
    assert told == [("en",)]
    texts = " ".join(text for (text,) in rows(hall.desk.db, "SELECT description FROM reporting.descriptions"))
    assert "Number of the room" in texts
    assert not re.search("window|counter|[\u3400-\u9fff]", texts)
    use_hall_words()
    assert not papers.remake_views_if_due(hall.desk, hall.ask())["made"]


@ON_BOTH_ENGINES
def test_a_copy_has_the_views_and_nothing_else(tmp_path: Path, use: Use) -> None:
    hall = simple_hall(tmp_path, hall=BERLIN)
    use(hall.desk)
    hall.open("1", "C1")
    hall.issue("A")
    hall.serve_out("1")
    file = tmp_path / "views.sqlite"
    assert verbs.save_views_as_file(hall.desk, hall.ask(), file)["rows"] == 3
    with closing(sqlite3.connect(file)) as copy:
        names = {name for (name,) in copy.execute("SELECT name FROM sqlite_master")}
        waits = copy.execute("SELECT service_code, staff_code, handling_minutes FROM reporting_waits").fetchall()
    assert names == {f"reporting_{name}" for name in (*(view.name for view in rules.VIEWS), "descriptions")}
    assert waits == [("A", "C1", 5.0)]
    with pytest.raises(RuleError, match="own_file") if hall.path.exists() else nullcontext():
        verbs.save_views_as_file(hall.desk, hall.ask(), hall.path)


def test_who_may_not_read_figures_gets_no_views_and_a_file_gives_no_logins(tmp_path: Path, use: Use) -> None:
    hall = simple_hall(tmp_path, hall=BERLIN)
    use(hall.desk)
    for saves in (verbs.save_views_as_file, partial(papers.save_views_description, lang="en")):
        with refused(hall, "not_for_you"):
            saves(hall.desk, hall.ask(GUIDE), tmp_path / "nothing.html")
    assert not (tmp_path / "nothing.html").exists()
    with refused(hall, "views_in_file"):
        verbs.add_reading_login(hall.desk, hall.ask(ADMIN), "A spreadsheet")
    with refused(hall, "not_your_role", verb="share"):
        verbs.add_reading_login(hall.desk, hall.ask(READER), "A spreadsheet")


@pytest.fixture
def two(shared_url: str) -> Iterator[Shared]:
    """Give two halls of one database, both with the views."""
    with shared(shared_url, "A", "B") as made:
        for n in (1, 2):
            hall = made.hall(hall=n)
            setting_up.change_hall(hall.desk, hall.ask(), {"features": ["open_figures"]})
            hall.issue("A")
        papers.remake_views_if_due(hall.desk, hall.ask())
        yield made


TAKEN = (
    "SELECT * FROM public.ratings",
    "SELECT setup FROM public.halls",
    "SELECT * FROM public.events",
    "SELECT reporting.add_login('qd_reports_1_000000000000', 'SCRAM-SHA-256$', 1, 'x')",
    "SELECT * FROM reporting.logins(1)",
    "SELECT public.qd_add_pc('x', 'x', 1, 'x', 'x', 'x', 1)",
    "CREATE TABLE reporting.own (n integer)",
    "CREATE TEMP TABLE own (n integer)",
    "DELETE FROM reporting.descriptions",
    "UPDATE reporting.visits SET number = 'X'",
)


def test_a_login_reads_the_views_of_its_hall_and_nothing_else(two: Shared) -> None:
    manager = two.hall(two.pc(PcKind.MANAGER, 2), 2)
    made = verbs.add_reading_login(manager.desk, manager.ask(MANAGER), "A spreadsheet")
    address = made["address"].replace("@", f":{made['password']}@")
    with psycopg.connect(address, autocommit=True) as reading:
        assert reading.execute("SELECT DISTINCT hall FROM visits").fetchall() == [("B",)]
        assert reading.execute("SELECT count(*) FROM visits").fetchone() == (1,)
        reading.execute("SET default_transaction_read_only = off")
        for statement in TAKEN:
            with pytest.raises(psycopg.Error) as refusal:
                reading.execute(statement)
            assert refusal.value.sqlstate in ("42501", "55000", "42P01", "3F000"), statement
        # A manager of another hall neither sees nor removes it; a PC of staff has no views at all.
        other = two.hall(two.pc(PcKind.MANAGER, 1), 1)
        assert verbs.reading_logins(other.desk, other.ask(MANAGER)) == []
        with pytest.raises(RuleError, match="unknown_login"):
            verbs.remove_reading_login(other.desk, other.ask(MANAGER), made["login"])
        assert verbs.described_views(other.desk, other.ask(MANAGER), "en")[0]["rows"] == 1
        staff = two.desk(two.pc(PcKind.STAFF, 2), 2)
        with denied():
            rows(staff.db, "SELECT * FROM reporting.waits")
        listed = verbs.reading_logins(manager.desk, manager.ask(MANAGER))
        assert [(one["login"], one["name"], one["by"]) for one in listed] == [(made["login"], "A spreadsheet", "M1")]
        verbs.remove_reading_login(manager.desk, manager.ask(MANAGER), made["login"])
        with pytest.raises(psycopg.OperationalError):
            reading.execute("SELECT 1")
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(address)
    assert verbs.reading_logins(manager.desk, manager.ask(MANAGER)) == []


def test_a_login_comes_in_from_another_pc_through_the_main_pc_s_gate(shared_url: str, tmp_path: Path) -> None:
    with open_host(shared_url, load_or_make_certificate(tmp_path, datetime.now(UTC))) as host:
        hall = host.hall.hall()
        setting_up.change_hall(hall.desk, hall.ask(), {"features": ["open_figures"]})
        papers.remake_views_if_due(hall.desk, hall.ask())
        login = verbs.add_reading_login(hall.desk, hall.ask(), "A spreadsheet")
        address = f"postgresql://{login['login']}@{host.address}{urlsplit(shared_url).path}?sslmode=require"
        with psycopg.connect(address, password=login["password"]) as reading:
            assert reading.execute("SELECT count(*) FROM waits").fetchone() == (0,)


def test_a_hall_that_moves_to_a_server_has_its_views_there(tmp_path: Path, empty_pg_url: str) -> None:
    hall = simple_hall(tmp_path, hall=BERLIN)
    assert papers.remake_views_if_due(hall.desk, hall.ask())["made"]
    hall.issue("A")
    network.move_halls_to_server(hall.path, empty_pg_url, hall.ask())
    there = Desk(Database.open(empty_pg_url), 1)
    assert papers.remake_views_if_due(there, hall.ask())["made"]
    assert rows(there.db, "SELECT number FROM reporting.visits") == [("A001",)]
    there.db.dispose()


def test_who_reads_for_hours_keeps_no_upgrade_waiting_also_where_the_owner_is_no_superuser(empty_pg_url: str) -> None:
    parts, name = urlsplit(empty_pg_url), f"reports_owner_{os.getpid()}"
    groups = ("qd_public", "qd_web", "qd_staff", "qd_manager", verbs.GROUP)
    with psycopg.connect(empty_pg_url, autocommit=True) as superuser:
        superuser.execute(f"CREATE ROLE {name} LOGIN CREATEROLE PASSWORD 'x'".encode())
        for group in groups:
            make_role(superuser, group)
            superuser.execute(f"GRANT {group} TO {name} WITH ADMIN OPTION".encode())
        superuser.execute(f"ALTER DATABASE {parts.path[1:]} OWNER TO {name}".encode())
    url = parts._replace(netloc=f"{name}:x@{parts.hostname}:{parts.port}").geturl()
    Database.create(url).dispose()
    with shared(url, "A") as made:
        hall = made.hall()
        setting_up.change_hall(hall.desk, hall.ask(), {"features": ["open_figures"]})
        papers.remake_views_if_due(hall.desk, hall.ask())
        login = verbs.add_reading_login(hall.desk, hall.ask(), "A spreadsheet")
        address = login["address"].replace("@", f":{login['password']}@")
        with psycopg.connect(address) as reading, psycopg.connect(url) as upgrade, ThreadPoolExecutor(1) as beside:
            reading.execute("SELECT * FROM visits")
            beside.submit(upgrade.execute, "LOCK TABLE tickets IN ACCESS EXCLUSIVE MODE")
            assert until(made.cut_off) == [login["login"]]
            with pytest.raises(psycopg.OperationalError):
                reading.execute("SELECT 1")
        verbs.remove_reading_login(hall.desk, hall.ask(), login["login"])


def test_a_schema_of_somebody_else_is_left_alone(two: Shared) -> None:
    hall = two.hall()
    with two.owner.write() as tx:
        drop_reporting_views(tx)
        tx.exec_driver_sql("CREATE SCHEMA reporting")
        tx.commit()
    with pytest.raises(RuleError, match="reporting_taken"):
        papers.remake_views_if_due(hall.desk, hall.ask())
    with two.owner.write() as tx:
        drop_reporting_views(tx)
        assert tx.exec_driver_sql("SELECT to_regnamespace('reporting') IS NOT NULL").scalar_one()


def test_a_view_that_somebody_made_in_the_file_stays_and_makes_nothing_due(tmp_path: Path) -> None:
    hall = simple_hall(tmp_path, hall=BERLIN)
    with closing(sqlite3.connect(hall.path)) as file:
        file.execute("CREATE VIEW own AS SELECT date, count(*) AS n FROM tickets GROUP BY date")
    assert [papers.remake_views_if_due(hall.desk, hall.ask())["made"] for _n in range(2)] == [True, False]
    hall.issue("A")
    setting_up.change_hall(hall.desk, hall.ask(), {"features": []})
    assert [papers.remake_views_if_due(hall.desk, hall.ask())["made"] for _n in range(2)] == [True, False]
    assert rows(hall.desk.db, "SELECT n FROM own") == [(1,)]


ASK = Ask(CONSOLE, LONG_AFTER)
NO_DAY = (2, "This is no published day. / 这不是公开的一天的文件。\n")


def checked(file: Path, *code: str) -> tuple[int, str]:
    """Return what the program says of a file to whoever has it, and its exit status."""
    words = [sys.executable, "-I", str(file.with_name(papers.PROGRAM)), str(file), *code]
    done = subprocess.run(words, capture_output=True, text=True, encoding="utf-8", env={"PYTHONUTF8": "1"})
    return done.returncode, done.stdout + done.stderr


def lines_of(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def dates(desk: Desk) -> list[date]:
    with desk.db.read() as tx:
        return [date.fromisoformat(day) for day in tx.exec_driver_sql("SELECT DISTINCT date FROM tickets").scalars()]


@ON_BOTH_ENGINES
def test_anybody_recomputes_every_day_of_the_demo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its days have few customers here, and are published all the same."""
    desk = month(tmp_path)
    monkeypatch.setattr(verbs.rules, "FEWEST_TICKETS", 1)
    monkeypatch.setattr(verbs.rules, "FEWEST_RATINGS", 1)
    tried = 0
    for day in dates(desk):
        report = read_day_report(desk, day, LONG_AFTER).figures
        papers.publish_day(desk, ASK, day, tmp_path / "day.jsonl", "en")
        last = lines_of(tmp_path / "day.jsonl")[-1]
        assert last["figures"] == rules.figures_of_published_day(report, last["levels"])
        assert (last["last_seq"], last["hash"]) == (report["log"]["last_seq"], report["log"]["hash"])
        tried += 1
    assert tried > 20
    for lang, words in zip(LANGUAGES, ("全部数字都相符", "all figures hold"), strict=True):
        papers.publish_day(desk, ASK, day, tmp_path / "day.jsonl", lang)
        anchor = read_day_report(desk, day, LONG_AFTER).anchor
        assert anchor is not None
        status, said = checked(tmp_path / "day.jsonl", anchor.code)
        assert (status, words in said, len(said.splitlines()) > 6) == (0, True, True), said


@ON_BOTH_ENGINES
def test_it_follows_everything_that_can_happen_to_a_ticket(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a day on which all of it happens; a small day is published here for that."""
    desk = eventful(tmp_path)
    monkeypatch.setattr(verbs.rules, "FEWEST_TICKETS", 1)
    monkeypatch.setattr(verbs.rules, "FEWEST_RATINGS", 1)
    for day in dates(desk):
        papers.publish_day(desk, ASK, day, tmp_path / "day.jsonl", "en")
        assert checked(tmp_path / "day.jsonl")[0] == 0


@pytest.fixture
def day(tmp_path: Path) -> tuple[Desk, Path, DayReport]:
    """Give a hall with a simulated day, the day as published, and its report."""
    desk = simulated(tmp_path)
    (on,) = dates(desk)
    papers.publish_day(desk, ASK, on, tmp_path / "day.jsonl", "en")
    return desk, tmp_path / "day.jsonl", read_day_report(desk, on, LONG_AFTER)


def test_no_name_no_word_and_no_rating_of_a_ticket_is_in_it(day: tuple[Desk, Path, DayReport]) -> None:
    desk, file, report = day
    head, *told, last = lines_of(file)
    with desk.db.read() as tx:
        log = events.events_of_day(tx, desk.hall, report.day)
    assert len(told) == len(log) == head["events"]
    # Of each event no more than this; a rating, a comment or a case is a number and its seal.
    assert {name for line in told for name in line} <= {
        *("seq", "sealed", "digest", "kind", "time", "ticket", "service", "staff", "steps", "then", "added", "to"),
        *("finished", "step"),
    }
    kinds = {event.seq: event.kind for event in log}
    for line in told:
        if kinds[line["seq"]] in ("rate", "open", "close", "pause", "reasons", "case-open", "start"):
            assert set(line) == {"seq", "sealed", "digest"}
    staff = {line["staff"] for line in told if "staff" in line}
    assert staff == {f"S{n}" for n in range(1, len(staff) + 1)}
    assert len(staff) >= rules.FEWEST_STAFF
    text = "\n".join(file.read_text(encoding="utf-8").splitlines()[1:])
    setup = report.setup
    for person in setup.staff.values():
        assert f'"{person.code}"' not in text
        assert person.name not in text
    with desk.db.read() as tx:
        hashes = {event.hash for event in log} - {last["hash"]}
        tokens = set(tx.exec_driver_sql("SELECT token FROM tickets").scalars())
    assert not [one for one in hashes | tokens if one in text]
    # Another day names the same people otherwise, in no order of theirs.
    assert sum(last["levels"].values()) == report.figures["ratings"]["n"]


def test_the_same_log_gives_the_same_file_and_any_other_does_not(day: tuple[Desk, Path, DayReport]) -> None:
    desk, file, report = day
    assert papers.check_published_day(desk, ASK, file)["events"] == lines_of(file)[0]["events"]
    lines = file.read_text(encoding="utf-8").splitlines()
    assert verbs.read_day_to_publish(desk, ASK, report.day, "en").file_lines() == lines
    # A line changed, left out, put elsewhere or added at the end is seen by whoever has the file.
    shown = next(n for n, line in enumerate(lines) if '"kind":"call"' in line)
    for spoilt in (
        [*lines[:shown], lines[shown].replace(":00", ":01", 1).replace("S1", "S2"), *lines[shown + 1 :]],
        [*lines[:shown], *lines[shown + 1 :]],
        [*lines[:shown], lines[shown + 1], lines[shown], *lines[shown + 2 :]],
        lines[:-1],
        [*lines[: shown + 1], lines[-1]],
    ):
        assert spoilt != lines
        file.write_text("\n".join(spoilt) + "\n", encoding="utf-8")
        status, said = checked(file)
        assert status in (1, 2), said
        with pytest.raises(RuleError, match="published_differs"):
            papers.check_published_day(desk, ASK, file)


def test_false_figures_and_a_code_of_another_log_are_seen(day: tuple[Desk, Path, DayReport]) -> None:
    _desk, file, report = day
    assert report.anchor is not None
    code = report.anchor.code
    assert checked(file, code.lower().replace("-", " "))[0] == 0
    seq, letters = code.split("-", 1)
    for other in (f"{int(seq) + 1}-{letters}", code[:-8] + "AAAA-AA", "nothing"):
        status, said = checked(file, other)
        assert (status, "check code is not" in said) == (1, True)
    # Somebody who makes the whole chain again with better figures is found out by the events.
    program: dict[str, Any] = {}
    exec(file.with_name(papers.PROGRAM).read_text(encoding="utf-8").replace("__main__", "no"), program)
    lines = [{name: value for name, value in line.items() if name != "digest"} for line in lines_of(file)]
    lines[-1]["figures"]["missed"] = 0
    before = ""
    for line in lines:
        before = line["digest"] = program["digest"](before, line)
    file.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    status, said = checked(file)
    assert (status, "missed: 0 in the file" in said) == (1, True)
    # What such a chain may hold that is no day at all is said in a sentence too.
    for spoilt in ({"levels": {}}, {"figures": None}, {"levels": {"5": "x"}}):
        chain, before = [*lines[:-1], lines[-1] | spoilt], ""
        for line in chain:
            line.pop("digest")
            before = line["digest"] = program["digest"](before, line)
        file.write_text("\n".join(map(json.dumps, chain)), encoding="utf-8")
        assert checked(file) == NO_DAY


UNDATED = [f'{{"date":"{date}","language":"en"}}' for date in ("0001-01-01", "9999-12-31")]


@pytest.mark.parametrize(
    "content", ["", "{}", "[]\n[]", '{"format":"other"}\n{}', "\x00", '{"language":"en"}\n1\n2', *UNDATED]
)
def test_what_is_no_such_file_is_said_in_a_sentence(tmp_path: Path, content: str) -> None:
    papers.write_file(
        tmp_path / papers.PROGRAM, papers.read_program_file(papers.resource_path("published", papers.PROGRAM))
    )
    file = tmp_path / "other.jsonl"
    file.write_text(content, encoding="utf-8")
    assert checked(file) == NO_DAY
    assert checked(tmp_path / "missing.jsonl")[0] == 2
    hall = simple_hall(tmp_path)
    with refused(hall, "wrong_published_file"):
        papers.check_published_day(hall.desk, hall.ask(), file)


def test_a_small_day_a_day_that_goes_on_and_who_may_not_read_the_log_get_none(tmp_path: Path) -> None:
    hall = simple_hall(tmp_path)
    file = tmp_path / "day.jsonl"
    for _n in range(rules.FEWEST_TICKETS - 1):
        hall.issue("A")
    on = hall.date
    with refused(hall, "day_not_over", date=on):
        papers.publish_day(hall.desk, hall.ask(), hall.date, file, "en")
    for who in (GUIDE, Actor("R1", Role.READER)):
        with refused(hall, "not_for_you", read="log"):
            papers.publish_day(hall.desk, hall.ask(who), hall.date, file, "en")
    hall.clock.move(days=1)
    with refused(hall, "day_too_small", n=9, least=10):
        papers.publish_day(hall.desk, hall.ask(MANAGER), on, file, "en")
    assert not file.exists()
    found = verbs.latest_date_rows_with_publishability(hall.desk, hall.ask(MANAGER))
    assert [(one["date"], one["issued"], one["why"]) for one in found] == [(on.isoformat(), 9, "day_too_small")]


def test_of_few_people_and_few_ratings_none_are_shown(tmp_path: Path) -> None:
    hall = simple_hall(tmp_path)
    hall.open("3", "C1")
    for _n in range(10):
        hall.issue("A")
        label = hall.serve_out("3")
        hall.do("rate", label, 5) if _n < 9 else None
    on = hall.date
    hall.clock.move(days=1)
    file = tmp_path / "day.jsonl"
    papers.publish_day(hall.desk, hall.ask(MANAGER), on, file, "en")
    told = lines_of(file)
    assert not [line for line in told if "staff" in line]
    assert told[-1]["levels"] is None
    assert "ratings" not in told[-1]["figures"]
    assert "too few to show" in checked(file)[1]


def test_a_pc_that_is_told_no_ratings_publishes_nothing(place: Any, tmp_path: Path) -> None:
    staff = place.hall(place.pc(PcKind.STAFF))
    with pytest.raises(RuleError, match="not_for_you"):
        papers.publish_day(staff.desk, staff.ask(MANAGER), staff.date, tmp_path / "day.jsonl", "en")


IN_EACH_LANGUAGE = True
OpenPage = Callable[[RecordPageSpec[Any]], RecordPage[Any]]


@pytest.fixture
def using(hall: Hall) -> Hall:
    setting_up.change_hall(hall.desk, hall.ask(), {"features": ["open_figures"]})
    return hall


@pytest.fixture
def open_page(using: Hall, context: StationContext, put: Callable[..., Any]) -> OpenPage:
    return lambda spec: put(RecordPage(context, spec))


def press(page: RecordPage[Any], text: str) -> None:
    at = next(n for n, act in enumerate(page.spec.acts) if act.text() == text)
    page.buttons[at].click()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_manager_sees_the_views_and_saves_their_description_and_a_copy(open_page, using, paper, lang):
    choose_language(lang)
    page = open_page(VIEWS_PAGE)
    assert [row["name"] for row in page.table.rows.rows][:2] == ["reporting_visits", "reporting_waits"]
    assert len(page.table.rows.rows) == 6
    said: list[str] = []
    page.said.connect(lambda text, _icon: said.append(text))
    for act, ending in zip(page.spec.acts[1:3], ("views.sqlite", "views.html"), strict=True):
        press(page, act.text())
        assert said.pop().endswith(ending)
    code = page.context.feed.setup.hall.code
    with closing(sqlite3.connect(paper.folder / f"{code}-views.sqlite")) as copy:
        assert copy.execute("SELECT count(*) FROM reporting_visits").fetchone() is not None
    text = (paper.folder / f"{code}-views.html").read_text(encoding="utf-8")
    assert f'lang="{lang.replace("_", "-")}"' in text
    # A file has no logins, and the page says so.
    press(page, page.spec.acts[3].text())
    page.dialog.fields["name"].set_value("A spreadsheet")
    page.dialog.yes_button.click()
    assert not page.findChildren(NewLoginPasswordDialog)


def test_a_manager_makes_a_login_for_a_spreadsheet_and_removes_it(place, qapp, qtbot, tmp_path):
    choose_language("en")
    hall = place.hall()
    setting_up.change_hall(hall.desk, hall.ask(), {"features": ["open_figures"]})
    papers.remake_views_if_due(hall.desk, hall.ask())
    context = context_over(hall, Paper(tmp_path, []), qapp)
    context.who = ADMIN
    page = RecordPage(context, VIEWS_PAGE)
    qtbot.addWidget(page)
    page.resize(1120, 640)
    page.refresh(hall.clock())
    page.show()
    press(page, "New login …")
    page.dialog.fields["name"].set_value("A spreadsheet")
    page.dialog.yes_button.click()
    (told,) = page.host_widget.findChildren(NewLoginPasswordDialog)
    address, password = (field.edit.text() for field in told.fields if isinstance(field.edit, QLineEdit))
    with psycopg.connect(address.replace("@", f":{password}@")) as reading:
        assert reading.execute("SELECT count(*) FROM visits").fetchone() == (0,)
    told.no_button.click()
    row = page.table.rows.rows[-1]
    assert row["name"] in address and row["about"].startswith("Login of A spreadsheet, made by AD on ")
    page.table.selectRow(len(page.table.rows.rows) - 1)
    press(page, "Remove")
    assert [row["kind"] for row in page.table.rows.rows] == ["view"] * 6
    context.feed.stop()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_manager_publishes_a_day_and_checks_it_later(open_page, using, paper, lang, monkeypatch):
    choose_language(lang)
    for _n in range(10):
        using.issue("A")
    day = using.date
    using.clock.move(days=1)
    using.issue("A")
    page = open_page(DAYS_PAGE)
    assert [(row["date"], row["why"]) for row in page.table.rows.rows] == [
        (using.date.isoformat(), "day_not_over"),
        (day.isoformat(), ""),
    ]
    page.table.selectRow(0)
    assert not page.buttons[1].isEnabled()
    page.table.selectRow(1)
    said: list[str] = []
    page.said.connect(lambda text, _icon: said.append(text))
    page.buttons[1].click()
    file = paper.folder / f"{page.context.feed.setup.hall.code}-{day}-day.jsonl"
    assert said.pop().endswith(str(file))
    assert (paper.folder / papers.PROGRAM).exists()
    monkeypatch.setattr(pages, "ask_file", lambda _page, _title, _kinds, chosen: chosen(str(file)))
    page.buttons[0].click()
    assert str(len(file.read_text(encoding="utf-8").splitlines()) - 2) in said.pop()
    # What somebody changed in it is no success.
    file.write_text(file.read_text(encoding="utf-8").replace("call", "miss", 1), encoding="utf-8")
    page.buttons[0].click()
    assert said == []


def test_while_the_hall_is_away_nothing_can_be_asked_of_it(using, context, paper, qtbot):
    office = office_of(using, context, paper, qtbot)
    using.issue("A")
    office.go("reports")
    for tab, spec in {"views": VIEWS_PAGE, "published": DAYS_PAGE}.items():
        office.go_tab(tab)
        page = next(one for one in office.page.findChildren(RecordPage) if one.spec is spec)
        before = [button.isEnabled() for button in page.buttons]
        assert any(before)
        context.feed.note_hall_unreachable(OutsideError("database_away", path="hall.sqlite"))
        office.page.show_hall_away(context.feed.away_since)
        assert [button.text() for button in page.buttons if button.isEnabled()] == []
        context.feed.note_hall_reachable()
        office.page.show_hall_away(None)
        assert [button.isEnabled() for button in page.buttons] == before


def test_a_new_login_is_whole(using, context, paper, qtbot, shapes):
    office = office_of(using, context, paper, qtbot)
    sights = Sights(office.page, context.look, typed_words(context.feed.setup) | {"reporting_"}, shapes)
    office.go("reports")
    office.go_tab("views")
    page = next(one for one in office.page.findChildren(RecordPage) if one.spec is VIEWS_PAGE)
    sights.take_questions({"a login": page.buttons[-1].click})
    sights.must_be_whole()
    login = {"name": "A spreadsheet", "address": "postgresql://qd_reports_1_0@127.0.0.1/hall", "password": "x" * 32}
    NewLoginPasswordDialog(page.host_widget, context.look, login).open_dialog()
    sights.take("its password")
    sights.must_be_whole()


def test_the_commands_save_views_and_days(console: Console, tmp_path: Path) -> None:
    console.ask("features", "on", "open_figures")
    for _n in range(10):
        console.ask("issue", "A")
    views = console.ask("open-figures", "views")["views"]
    assert [(view["view"], view["rows"]) for view in views][:2] == [("reporting_visits", 10), ("reporting_waits", 0)]
    assert "wait_minutes" in console.say("open-figures", "views").out
    for words, name in (("describe", "views.html"), ("copy", "views.sqlite")):
        assert console.ask("open-figures", words, "--out", tmp_path / name)["file"] == str(tmp_path / name)
    assert console.ask("open-figures", "logins") == {"logins": []}
    said = console.say("open-figures", "add-login", "A spreadsheet")
    assert (said.status, said.err.count("\n")) == (1, 1)
    day = console.clock().date()
    said = console.say("open-figures", "day", "--date", day, "--out", tmp_path / "day.jsonl")
    assert (said.status, "is not over yet" in said.err) == (1, True)
    console.clock.move(days=1)
    saved = console.ask("open-figures", "day", "--out", tmp_path / "day.jsonl")
    assert saved["program"] == str(tmp_path / papers.PROGRAM)
    lines = [json.loads(line) for line in (tmp_path / "day.jsonl").read_text(encoding="utf-8").splitlines()]
    assert (lines[0]["date"], lines[-1]["digest"]) == (day.isoformat(), saved["digest"])
    assert console.ask("open-figures", "check-day", tmp_path / "day.jsonl")["events"] == len(lines) - 2
    said = console.say("open-figures", "check-day", tmp_path / "views.html")
    assert (said.status, said.err) == (1, "This file is no published day.\n")
    for words in (("day", "--out", "x.pdf"), ("describe", "--out", "x.pdf"), ("copy", "--out", "x.pdf")):
        said = console.say("open-figures", *words)
        assert (said.status, "The file has to end in ." in said.err) == (2, True)
    said = console.say("open-figures", "day", "--date", day - timedelta(days=9), "--out", tmp_path / "none.jsonl")
    assert (said.status, "had 0 visits" in said.err, (tmp_path / "none.jsonl").exists()) == (1, True, False)
