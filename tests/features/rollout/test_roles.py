"""The roles of a shared hall's server: each does its work with the rights that sizes.md lists and no more, and each
right that is taken away is named with the statement that gives it back."""

import json
import re
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from msgspec.structs import replace
from sqlalchemy.exc import DBAPIError

from queuedesk.app.clock import real_clock
from queuedesk.app.hosting.server import ExternalHallServer
from queuedesk.cli.main import run_command_line
from queuedesk.core.errors import OutsideError, RuleError
from queuedesk.core.network.roles import CONSOLE, Actor, Role
from queuedesk.core.network.sharing import PcKind, SharingStatus
from queuedesk.desk import setting_up
from queuedesk.desk.change import Ask
from queuedesk.desk.queue import issuing
from queuedesk.features.open_figures import papers
from queuedesk.features.open_figures import verbs as reading
from queuedesk.features.rollout import verbs
from queuedesk.features.rollout.pages import GoodAndBadLinesDialog
from queuedesk.features.rollout.verbs import RoleRight
from queuedesk.features.rollout.words import missing_rights_lines
from queuedesk.stations.window.context import StationServices
from queuedesk.store.rights import grants
from tests.cli.services import ALONE
from tests.credentials import Shared, raw, shared
from tests.hall import MANAGER, Hall, noon_zone, simple_setup
from tests.postgres import WITH_RIGHTS, drop_database, make_role, new_database
from tests.stations.manager.network.test_sharing_page import Lent

PAGE = Path(__file__).resolve().parents[3] / "resources" / "docs" / "sizes.md"


def revoke(owner: psycopg.Connection, right: RoleRight) -> None:
    owner.execute(f"REVOKE {right.right} FROM {right.role}".encode())


def test_the_groups_have_their_rights_alone_and_each_is_named_and_given_back_by_its_statement(place: Shared) -> None:
    rights = verbs.rights_of_pc_groups()
    assert len(rights) > 300 and {right.role for right in rights} == {f"qd_{kind}" for kind in PcKind}
    assert verbs.statements_for_missing_rights(place.owner) == []
    listed = {kind: set[str]() for kind in PcKind}
    for right in rights:
        found = re.fullmatch(r'([A-Z]+)( \(.*\))? ON public\.("?\w+"?)', right.right)
        if found is not None:
            listed[PcKind(right.role.removeprefix("qd_"))].add(f"{found[1]} {found[3].strip(chr(34))}")
    with raw(place.url) as owner:
        for kind in PcKind:
            rows = owner.execute(
                "SELECT privilege_type || ' ' || table_name FROM information_schema.role_table_grants WHERE grantee = %s"
                " UNION SELECT privilege_type || ' ' || table_name FROM information_schema.role_column_grants"
                " WHERE grantee = %s AND table_schema = 'public'",
                (f"qd_{kind}", f"qd_{kind}"),
            ).fetchall()
            assert {row[0] for row in rows} == listed[kind]
        owner.execute("REVOKE USAGE ON SCHEMA public FROM PUBLIC")
        for right in rights:
            revoke(owner, right)
        # All at once, so that none hides behind another; each statement gives back the one that it names.
        assert verbs.statements_for_missing_rights(place.owner) == [right.grant_statement for right in rights]
        for half in (rights[::2], rights[1::2]):
            for right in half:
                owner.execute(right.grant_statement.encode())
            left = [] if half[0] is rights[1] else [right.grant_statement for right in rights[1::2]]
            assert verbs.statements_for_missing_rights(place.owner) == left


def issue(hall: Hall) -> object:
    return issuing.issue_ticket(hall.desk, Ask(Actor("station:kiosk", Role.STATION), hall.clock()), "A")


def look(hall: Hall) -> object:
    return hall.log()


def add_pc(hall: Hall) -> object:
    with hall.desk.db.write() as tx:
        return grants.add_pc(tx, 1, "One more", PcKind.STAFF, made_by="M1", now=hall.clock())


WORK: list[tuple[PcKind, str, Callable[[Hall], object]]] = [
    (PcKind.PUBLIC, 'INSERT ON public."events"', issue),
    (PcKind.WEB, "SELECT ON public.alembic_version", look),
    (PcKind.STAFF, 'INSERT ON public."tickets"', issue),
    (PcKind.STAFF, "USAGE ON SCHEMA public", look),
    (PcKind.MANAGER, "EXECUTE ON FUNCTION public.qd_add_pc(text, text, bigint, text, text, text, bigint)", add_pc),
]


def test_a_pc_does_its_work_until_a_right_is_gone_and_again_once_it_is_back(place: Shared) -> None:
    with raw(place.url) as owner:
        owner.execute("REVOKE USAGE ON SCHEMA public FROM PUBLIC")
        for kind, right, work in WORK:
            pc = place.hall(place.pc(kind))
            work(pc)
            taken = next(one for one in verbs.rights_of_pc_groups() if (one.role, one.right) == (f"qd_{kind}", right))
            revoke(owner, taken)
            with pytest.raises((OutsideError, DBAPIError)) as refused:
                work(pc)
            assert not isinstance(refused.value, OutsideError) or refused.value.code == "not_this_pc"
            lacks = (
                "A role on the hall's server lacks a right; please let whoever looks after the server run"
                f" “GRANT {right} TO qd_{kind}”."
            )
            assert missing_rights_lines(verbs.statements_for_missing_rights(place.owner)) == [(lacks, False)]
            owner.execute(taken.grant_statement.encode())
            work(pc)
            assert verbs.statements_for_missing_rights(place.owner) == []


FORBIDDEN = ("UPDATE events SET kind = 'x'", "DELETE FROM tickets", "SELECT hash FROM pins", "CREATE TABLE x ()")


def test_each_right_of_a_pcs_login_is_named_and_given_back(place: Shared) -> None:
    for kind in PcKind:
        url = place.pc(kind)
        role, database = urlsplit(url).username, urlsplit(url).path[1:]
        takes = {
            f"ALTER ROLE {role} LOGIN": f"ALTER ROLE {role} NOLOGIN",
            f"GRANT qd_{kind} TO {role}": f"REVOKE qd_{kind} FROM {role}",
            f"GRANT CONNECT ON DATABASE {database} TO {role}": f"REVOKE CONNECT ON DATABASE {database} FROM {role}",
        }
        with raw(place.url) as owner:
            for mends, takes_away in takes.items():
                owner.execute(takes_away.encode())
                with pytest.raises((OutsideError, psycopg.Error)):
                    look(place.hall(url))
                assert verbs.statements_for_missing_rights(place.owner) == [mends]
                owner.execute(mends.encode())
                assert look(place.hall(url))
        with raw(url) as thief:
            for forbidden in FORBIDDEN:
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    thief.execute(forbidden.encode())
        assert verbs.statements_for_missing_rights(place.owner) == []


def reading_login(place: Shared) -> tuple[str, str]:
    """Make a login that reads the views of the hall, and return it with its address."""
    hall = place.hall()
    setting_up.change_hall(hall.desk, hall.ask(), {"features": ["open_figures"]})
    papers.remake_views_if_due(hall.desk, hall.ask())
    hall.issue("A")
    made = reading.add_reading_login(hall.desk, hall.ask(), "A spreadsheet")
    return made["login"], made["address"].replace("@", f":{made['password']}@")


def test_a_reading_login_reads_the_views_alone_and_each_of_its_rights_is_named(place: Shared) -> None:
    hall, (login, url) = place.hall(), reading_login(place)
    view, database = "visits", urlsplit(place.url).path[1:]
    takes = {
        f"GRANT USAGE ON SCHEMA reporting TO {verbs.READERS}": f"REVOKE USAGE ON SCHEMA reporting FROM {verbs.READERS}",
        f"GRANT SELECT ON reporting.{view} TO {verbs.READERS}": f"REVOKE SELECT ON reporting.{view} FROM {verbs.READERS}",
        f"ALTER ROLE {login} LOGIN": f"ALTER ROLE {login} NOLOGIN",
        f"GRANT {verbs.READERS} TO {login}": f"REVOKE {verbs.READERS} FROM {login}",
        f"GRANT CONNECT ON DATABASE {database} TO {login}": f"REVOKE CONNECT ON DATABASE {database} FROM {login}",
    }
    try:
        with raw(place.url) as owner:
            for mends, takes_away in takes.items():
                owner.execute(takes_away.encode())
                with pytest.raises(psycopg.Error), raw(url) as reader:
                    reader.execute(f"SELECT * FROM reporting.{view}".encode())
                assert verbs.statements_for_missing_rights(place.owner) == [mends]
                owner.execute(mends.encode())
                with raw(url) as reader:
                    reader.execute(f"SELECT * FROM reporting.{view}".encode())
        with raw(url) as reader:
            for forbidden in (
                "SELECT * FROM public.tickets",
                "INSERT INTO public.events DEFAULT VALUES",
                "CREATE TABLE reporting.x ()",
            ):
                with pytest.raises(psycopg.Error):
                    reader.execute(forbidden.encode())
    finally:
        reading.remove_reading_login(hall.desk, hall.ask(), login)


def names_of_logins(place: Shared) -> list[str]:
    hall = place.hall()
    return [row["login"] for row in reading.reading_logins(hall.desk, hall.ask())]


def test_of_two_halls_on_one_server_neither_names_lists_removes_or_lets_in_what_belongs_to_the_other(place):
    """Each in a database of its own, with the same number; roles are of the whole server."""
    other_url = new_database(WITH_RIGHTS)
    try:
        with shared(other_url) as other, raw(other_url) as owner:
            database, others_database = (urlsplit(url).path[1:] for url in (place.url, other_url))
            login, address = reading_login(place)
            others_login, others_address = reading_login(other)
            pc, others_pc = (urlsplit(one.pc(PcKind.STAFF)).username for one in (place, other))
            for own, others, group in ((pc, others_pc, "qd_staff"), (login, others_login, verbs.READERS)):
                for role, db, its, not_its in ((own, database, place, other), (others, others_database, other, place)):
                    for mends, takes_away in (
                        (f"ALTER ROLE {role} LOGIN", f"ALTER ROLE {role} NOLOGIN"),
                        (f"GRANT {group} TO {role}", f"REVOKE {group} FROM {role}"),
                        (f"GRANT CONNECT ON DATABASE {db} TO {role}", f"REVOKE CONNECT ON DATABASE {db} FROM {role}"),
                    ):
                        owner.execute(takes_away.encode())
                        assert verbs.statements_for_missing_rights(its.owner) == [mends]
                        assert verbs.statements_for_missing_rights(not_its.owner) == []
                        owner.execute(mends.encode())

            # Also where everybody may connect, as before a hall is shared.
            for db in (database, others_database):
                owner.execute(f"GRANT CONNECT ON DATABASE {db} TO PUBLIC".encode())
            assert (names_of_logins(place), names_of_logins(other)) == ([login], [others_login])
            for of_whom, rows in ((address, 1), (others_address, 0)):
                there = urlsplit(of_whom)._replace(path=f"/{database}").geturl()
                with raw(there) as reader:
                    assert reader.execute("SELECT count(*) FROM reporting.visits").fetchone() == (rows,)
            hall = place.hall()
            with pytest.raises(RuleError, match="unknown_login"):
                reading.remove_reading_login(hall.desk, hall.ask(), others_login)
    finally:
        drop_database(other_url)
    # Its logins outlast a database that was removed.
    assert verbs.statements_for_missing_rights(place.owner) == []
    assert names_of_logins(place) == [login]
    hall = place.hall()
    reading.remove_reading_login(hall.desk, hall.ask(), login)
    with raw(place.url) as owner:
        for role in (others_login, others_pc):
            owner.execute(f"DROP ROLE {role}".encode())


def test_a_reading_login_of_an_earlier_program_is_its_database_s_once_the_views_are_made_anew(place: Shared) -> None:
    login, _address = reading_login(place)
    hall, database = place.hall(), urlsplit(place.url).path[1:]
    with raw(place.url) as owner:
        owner.execute(f"ALTER ROLE {login} IN DATABASE {database} RESET ALL".encode())
        owner.execute(f"ALTER ROLE {login} SET search_path = reporting".encode())
        owner.execute(f"ALTER ROLE {login} NOLOGIN".encode())
        assert verbs.statements_for_missing_rights(place.owner) == [f"ALTER ROLE {login} LOGIN"]
        owner.execute(f"ALTER ROLE {login} LOGIN".encode())
        assert names_of_logins(place) == [login]
        owner.execute(b"COMMENT ON SCHEMA reporting IS 'QueueDesk of an earlier program'")
        papers.remake_views_if_due(hall.desk, hall.ask())
        owner.execute(f"REVOKE CONNECT ON DATABASE {database} FROM {login}".encode())
        assert verbs.statements_for_missing_rights(place.owner) == [f"GRANT CONNECT ON DATABASE {database} TO {login}"]
        assert names_of_logins(place) == [login], "so that it can be removed"
    reading.remove_reading_login(hall.desk, hall.ask(), login)


def test_a_schema_of_somebody_else_s_is_not_offered_to_who_reads_the_views(place: Shared) -> None:
    with raw(place.url) as owner:
        make_role(owner, verbs.READERS)
        owner.execute(b"CREATE SCHEMA reporting CREATE VIEW wages AS SELECT 1 AS paid")
        assert verbs.statements_for_missing_rights(place.owner) == []


def test_doctor_and_the_page_of_the_pcs_name_what_is_lacking(place, open_office, context, capsys, tmp_path):
    lent = Lent(place.clock, SharingStatus(is_shared=True, is_host=True, runs=True, has_given_server=True))
    context.services = StationServices(sharing=lent, owners_database=lambda: nullcontext(place.owner))
    office = open_office(MANAGER)
    office.page.ways.open_set_up_part("pcs")
    page = office.page.setup_page.own.get_or_make_page("pcs")
    line = ["--db", place.url, "--lang", "en", "--json", "doctor"]
    button = next(button for button in page.buttons if button.text() == "Check the rights …")
    with raw(place.url) as owner:
        for take, text in (
            ("SELECT 1", "Every role on the hall's server has the rights it needs."),
            ("REVOKE DELETE ON contacts FROM qd_staff", 'run “GRANT DELETE ON public."contacts" TO qd_staff”.'),
        ):
            owner.execute(take.encode())
            office.touch(button)
            office.until(lambda: isinstance(page.dialog, GoodAndBadLinesDialog))
            assert page.dialog.lines[0].text().endswith(text)
            capsys.readouterr()
            run_command_line(line, openers={}, clock=place.clock, services=ALONE)
            checks = json.loads(capsys.readouterr().out)["checks"]
            named = next(check for check in checks if check["name"] == "server_rights")
            assert named["message"] == page.dialog.lines[0].text()
            office.touch(page.dialog.no_button)
    # Where the owner's address can't be read doctor looks at the rest.
    services = replace(ALONE, own_hall=lambda: (place.url, None), owners_address=ExternalHallServer(tmp_path).owner_url)
    run_command_line(["--lang", "en", "--json", "doctor"], openers={}, clock=place.clock, services=services)
    names = [check["name"] for check in json.loads(capsys.readouterr().out)["checks"]]
    assert "database" in names and "server_rights" not in names


def test_of_a_hall_that_only_its_owner_opens_no_right_is_lacking(empty_pg_url: str) -> None:
    """The groups may be there all the same: every database of a server has the same roles."""
    now = real_clock()
    desk = setting_up.create_hall(empty_pg_url, simple_setup(timezone=noon_zone(now)), Ask(CONSOLE, now))
    with desk.db, psycopg.connect(empty_pg_url, autocommit=True) as superuser:
        for kind in PcKind:
            make_role(superuser, f"qd_{kind}")
        assert verbs.statements_for_missing_rights(desk.db) == []


def test_the_page_lists_every_role_that_the_product_makes() -> None:
    section = PAGE.read_text(encoding="utf-8").split("## Roles")[1].split("\n## ")[0]
    named = set(re.findall(r"`(qd_\w*…?|OWNER)`", section))
    assert named == {"OWNER", *(f"qd_{kind}" for kind in PcKind), "qd_…", verbs.READERS, f"{verbs.READERS}_…"}
    for right in ("CREATEROLE", "WITH ADMIN OPTION", "CONNECT", "LOGIN", "USAGE", "SELECT", "EXECUTE"):
        assert f"`{right}`" in section, right
