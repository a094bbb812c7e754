"""The views of figures for others: what plain SQL says of them equals the product's own figures on every day."""

from __future__ import annotations

import os
import re
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, nullcontext
from datetime import UTC, date, datetime
from functools import partial
from html import escape, unescape
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest

from queuedesk.app.hosting.gate import load_or_make_certificate
from queuedesk.core.errors import RuleError
from queuedesk.core.figures.measures.day import covered_microseconds, unpaused_spans_us
from queuedesk.core.figures.measures.rows import rounded_minutes_from_us, to_epoch_micros
from queuedesk.core.figures.periods import MONTH
from queuedesk.core.log.state import SHIFTS
from queuedesk.core.network.roles import Actor, Role
from queuedesk.core.network.sharing import PcKind
from queuedesk.desk import looking, network, setting_up
from queuedesk.desk.change import Desk
from queuedesk.desk.upkeep import examining
from queuedesk.features.open_figures import papers, rules, verbs
from queuedesk.i18n import LANGUAGES, use_hall_words
from queuedesk.reports.figures.period import read_day_report, read_period_report
from queuedesk.store.engine.database import Database
from queuedesk.store.engine.migrate import REVISION, drop_reporting_views, upgrade_tables_to_newest
from queuedesk.store.parts import part_tables
from tests.bounded import until
from tests.credentials import Shared, denied, shared
from tests.engine_fixtures import ON_BOTH_ENGINES
from tests.features.demo_hall.month import month
from tests.hall import ADMIN, CONSOLE, GUIDE, MANAGER, Ask, refused, simple_hall, simple_setup
from tests.main_pc import open_host
from tests.postgres import make_role
from tests.reports.days import eventful

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
