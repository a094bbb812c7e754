"""What somebody who took a PC's login learns of how customers rated: only that they did, but for a manager's."""

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import psycopg
import pytest

from queuedesk.core.errors import OutsideError, RuleError
from queuedesk.core.log.event import chain_hash, first_broken_seq
from queuedesk.core.network.roles import CONSOLE, CUSTOMER, Actor, Role
from queuedesk.core.network.sharing import PcKind
from queuedesk.desk import figures, looking
from queuedesk.desk.change import Ask, Desk
from queuedesk.desk.quality import case_documents, casework, thanking
from queuedesk.desk.quality.casework import NewCaseData
from queuedesk.desk.queue import rating
from queuedesk.desk.upkeep import examining, maintenance
from queuedesk.store.figures import measured
from queuedesk.store.log import events
from queuedesk.store.parts import halls
from queuedesk.store.rights import functions, grants, withheld_ratings
from queuedesk.store.rights.tables import GRANTS
from tests.credentials import Shared, raw, shared
from tests.hall import Hall
from tests.postgres import WITH_RIGHTS, drop_database, new_database
from tests.store.forged import NOT_THE_LOG, append, attacks, must_deny, next_event, said

pytestmark = pytest.mark.pg

NOT_TOLD = [PcKind.PUBLIC, PcKind.WEB, PcKind.STAFF]
SAID: dict[int, dict[str, Any]] = {
    1: {"level": 1, "tags": ["slow"], "attitude": 1, "competence": 2, "comment": "wet floor", "klass": "complaint"},
    2: {"level": 5, "tags": ["kind"], "attitude": 5, "competence": 4, "comment": "I come back soon", "klass": "praise"},
}
"""What customers of the first hall say, and of the second: all else is the same in both."""
# By chance or from the number of the hall, in two halls of which everything is the same.
OF_CHANCE = {"hash", "prev", "token", "role", "setup_hash", "code", "setup", "seen_by", "made", "seen", "epoch", "hall"}
TOKEN = re.compile(r'"token":"[A-Z0-9]{6}"')


def customers_say(kind: PcKind, place: Shared, number: int) -> None:
    """Let a hall have visits rated in one go and in two, an opinion and a correction, all over this kind of login."""
    owner, pc, one = place.hall(hall=number), place.hall(place.pc(kind, number), hall=number), SAID[number]
    level, words = one["level"], {name: one[name] for name in ("tags", "comment", "attitude", "competence")}

    def ask(verb: str) -> Ask:
        words_of_it = {"command": verb, "tag": one["tags"], "level": level}
        return Ask(CUSTOMER, place.clock(), f"{kind} {verb}", json.dumps(words_of_it))

    first, second = [served(owner) for _ in range(2)]
    rating.rate_visit(pc.desk, ask("rate"), first, level, **words)
    rating.rate_visit(pc.desk, ask("rate again"), second, level)
    rating.add_rating_reasons(pc.desk, ask("reasons"), second, **words)
    opinion = rating.record_opinion_without_ticket(pc.desk, ask("opinion"), level, tags=[])["opinion"]
    rating.add_reasons_to_opinion(pc.desk, ask("opinion again"), opinion, tags=one["tags"], comment=one["comment"])
    ticket = first if number == 1 else second
    about = NewCaseData(klass="complaint", source="ticket", ticket=ticket, words=one["comment"], owner="C2")
    case = casework.open_case(owner.desk, Ask(Actor("M1", Role.MANAGER), place.clock()), about)
    if kind in (PcKind.STAFF, PcKind.MANAGER):
        # Who is not told what a case is about goes on with it, and leaves that as it is.
        casework.record_first_contact(pc.desk, Ask(Actor("C2", Role.CLERK), place.clock()), case["number"])
        by = Actor("M1", Role.MANAGER)
        case = case_documents.case_document_if_permitted(owner.desk, by, case["number"], place.clock())
        assert (case["state"], case["ticket"], case["words"]) == ("contacted", about.ticket, about.words)
    pairs = json.dumps({"pairs": [["rating", str(level)]]})
    by = Ask(Actor("M1", Role.MANAGER), place.clock(), f"{kind} correct", pairs)
    if kind is PcKind.STAFF:
        note_of = {"command": "note", "klass": one["klass"], "about": first if number == 1 else None}
        clerk = Ask(Actor("C1", Role.CLERK), place.clock(), f"{kind} note", json.dumps(note_of))
        thanking.record_spoken_comment(pc.desk, clerk, one["comment"], klass=one["klass"], ticket=note_of["about"])
    put_right = {"rating": 4 if level == 1 else 2}
    figures.correct_leg_or_rating(owner.desk, by, second, changes=put_right, reason="wrong key", second="AD")


def served(hall: Hall) -> str:
    label = hall.issue("A")
    hall.play("call 1", "start 1", "finish 1")
    return label


@pytest.fixture(scope="module")
def place() -> Iterator[Shared]:
    url = new_database(WITH_RIGHTS)
    with shared(url, "A", "B", settings={"low_rating": "auto"}) as made:
        for number in (1, 2):
            made.hall(hall=number).open("1", "C1")
            for kind in PcKind:
                customers_say(kind, made, number)
        yield made
    drop_database(url)


def all_that_is_read(url: str, hall: int) -> dict[str, list[str]]:
    """Return what a login reads of every column of its hall, by table.column, but for what is by chance."""
    found: dict[str, list[str]] = {}
    with raw(url) as stolen:
        for table in GRANTS:
            of_chance = OF_CHANCE | {"id"} if table.name in ("halls", "comments") else OF_CHANCE
            names = {column.name for column in table.columns} | ({"whole"} if table.name == "events" else set())
            for name in names - of_chance:
                among = f"hall = {hall}" if "hall" in table.c else "true"
                among += " AND kind <> 'set-up'" if table.name == "events" else ""
                with suppress(psycopg.errors.InsufficientPrivilege):
                    rows = stolen.execute(f'SELECT "{name}"::text FROM {table.name} WHERE {among}')  # type: ignore[call-overload]
                    found[f"{table.name}.{name}"] = sorted(TOKEN.sub("", str(text)) for (text,) in rows)
    return found


@pytest.mark.parametrize("kind", PcKind)
def test_two_halls_that_differ_in_their_ratings_alone_read_the_same_but_to_a_manager(place: Shared, kind: PcKind):
    here, there = (all_that_is_read(place.pc(kind, hall), hall) for hall in (1, 2))
    if kind is PcKind.MANAGER:
        differs = {name for name in here if here[name] != there[name]}
        assert {"tickets.rating", "ratings.level", "ratings.tags", "opinions.level", "events.whole"} <= differs
        assert {"spoken_comments.klass", "spoken_comments.ticket"} <= differs
        return
    assert len(here) > 250
    assert {"tickets.rating", "ratings.level", "opinions.level", "events.whole", "cases.about"}.isdisjoint(here)
    assert "spoken_comments.klass" not in here
    # The count of PCs is what this test itself adds to.
    assert {name for name in here if here[name] != there[name] and not name.startswith("pcs.")} == set()


@pytest.mark.parametrize("kind", NOT_TOLD)
def test_no_hash_tells_a_level(place: Shared, kind: PcKind) -> None:
    """Whoever knows all of an event but its level tries the five of them, with every word of the log."""
    with raw(place.url) as owner:
        whole = dict(owner.execute("SELECT seq, whole FROM events WHERE hall = 1 AND whole IS NOT NULL").fetchall())
    hall = place.hall(place.pc(kind))
    told = {event.seq: event for event in hall.log()}

    tried = 0
    for seq, text in whole.items():
        data, event = json.loads(text), told[seq]
        if event.kind == "case-step":  # of a case of which everybody is told
            assert event.data == data and "withheld" not in data
            continue
        assert event.data["untold"] is True and len(data["salt"]) == 32
        assert data["salt"] not in json.dumps([one.printed_fields() for one in told.values()])
        body = {name: value for name, value in event.printed_fields().items() if name not in ("prev", "hash")}
        assert chain_hash(event.prev, body | {"data": data}) == event.hash  # with the salt it is right
        unsalted = {name: value for name, value in data.items() if name != "salt"}
        for guess in range(1, 6):
            fits = unsalted | {"level": guess} if "level" in unsalted else unsalted
            assert chain_hash(event.prev, body | {"data": fits}) != event.hash
            tried += 1
    assert tried >= 5 * 18


@pytest.mark.parametrize("kind", NOT_TOLD)
def test_no_statement_asks_for_a_level(place: Shared, kind: PcKind) -> None:
    with place.owner.write() as tx:
        tx.exec_driver_sql("ANALYZE ratings, opinions, tickets, events, commands")
    url = place.pc(kind)
    must_deny(url, attacks("levels of ratings"))
    with raw(url) as stolen:
        seen = stolen.execute("SELECT tablename, attname FROM pg_stats WHERE schemaname = 'public'").fetchall()
    assert not {("ratings", "level"), ("tickets", "rating"), ("opinions", "level"), ("events", "whole")} & set(seen)


@pytest.mark.parametrize("kind", PcKind)
def test_nobody_appends_what_hides_itself(place: Shared, kind: PcKind) -> None:
    """Who could write an event that says it is not told would keep managers from what it says."""
    url = place.pc(kind)
    wanted = {"kind": "rate", "ticket": "A001", "actor": "customer"}
    event = next_event(place, data={"date": "2026-11-20", "untold": True}, **wanted)
    assert said(url, append(event)) == NOT_THE_LOG


@pytest.mark.parametrize("kind", PcKind)
def test_each_pc_goes_on_working_with_what_it_is_told(place: Shared, kind: PcKind) -> None:
    desk = place.hall(place.pc(kind)).desk
    is_manager = kind is PcKind.MANAGER
    with desk.db.read() as tx:
        log = list(events.all_events(tx, 1))
        assert withheld_ratings.may_read_ratings(tx) is is_manager
    assert first_broken_seq(log, reads_ratings=is_manager) is None
    assert (first_broken_seq(log) is None) is is_manager
    assert {finding.status for finding in examining.examine_database(desk.db)} == {"ok"}
    for label in ("A001", "A002"):
        with pytest.raises(RuleError, match="already_rated"):
            rating.rate_visit(desk, Ask(CUSTOMER, place.clock()), label, 3)
        with pytest.raises(RuleError, match="reasons_given"):
            rating.add_rating_reasons(desk, Ask(CUSTOMER, place.clock()), label, tags=["slow"])


@pytest.mark.parametrize("kind", NOT_TOLD)
def test_who_is_not_told_finds_all_the_same_what_does_not_follow_from_the_log(place: Shared, kind: PcKind) -> None:
    db = place.hall(place.pc(kind)).desk.db
    with raw(place.url) as owner:
        owner.execute("UPDATE tickets SET turn = turn + 1 WHERE hall = 1 AND label = 'A001'")
        try:
            found = [(one.name, one.what) for one in examining.examine_database(db) if one.status == examining.FAILED]
        finally:
            owner.execute("UPDATE tickets SET turn = turn - 1 WHERE hall = 1 AND label = 'A001'")
    assert found == [("tables", "tickets (2026-11-20 A001)")]


def test_an_answer_is_given_again_for_its_words(place: Shared) -> None:
    for number in SAID:  # In both, which stay alike.
        desk, label = place.hall(place.pc(PcKind.PUBLIC, number), hall=number).desk, served(place.hall(hall=number))

        def rate(words: str, desk: Desk = desk, label: str = label) -> dict[str, Any]:
            asked = {"command": "rate", "level": 2, "ticket": words}
            return rating.rate_visit(desk, Ask(CUSTOMER, place.clock(), "twice", json.dumps(asked)), label, 2)

        first = rate(label)
        assert first["rating"] == 2
        assert rate(label) == {name: value for name, value in first.items() if name != "rating"}
        with pytest.raises(RuleError, match="id_used"):
            rate("A999")


@pytest.mark.parametrize("kind", PcKind)
def test_what_needs_levels_is_refused_where_they_are_not_told(place: Shared, kind: PcKind, tmp_path: Any) -> None:
    desk = place.hall(place.pc(kind)).desk
    day = place.clock().date()

    def read_day() -> None:
        with desk.db.read() as tx:
            setup = halls.setup_of_hall_row(tx, halls.load_hall_row(tx, 1))
            measured.HallReader(tx, 1, setup, place.clock()).read_day(day)

    def export() -> None:
        maintenance.export_hall_log(desk, CONSOLE, tmp_path / f"{kind}.zip", place.clock())

    def drill_down() -> None:
        figures.tickets_behind_figure(desk, "ratings.rate", day, day, place.clock())

    for needs in (read_day, export, drill_down):
        if kind is PcKind.MANAGER:
            needs()
        else:
            with pytest.raises(OutsideError, match="not_this_pc"):
                needs()


def test_a_hall_of_before_is_brought_up_to_date(place: Shared) -> None:
    """Its log stays as it was, hash by hash; what its ratings said goes where the others don't read."""
    before = place.hall().log()
    with place.owner.write() as tx:
        tx.exec_driver_sql("SET LOCAL queuedesk.rewriting = 'on'")
        tx.exec_driver_sql("UPDATE events SET data = whole, whole = NULL WHERE whole IS NOT NULL")
        tx.exec_driver_sql("""UPDATE commands SET answer = '{"rating":2}', words = '4' WHERE command = 'staff rate'""")
    assert place.hall().log() == before

    with place.owner.write() as tx:
        functions.install_triggers_and_functions(tx)
        grants.install_rights(tx)
        nothing = "LANGUAGE sql AS 'SELECT NULL::bigint'"
        tx.exec_driver_sql(f"CREATE OR REPLACE FUNCTION public.qd_now() RETURNS bigint {nothing}")
    assert place.hall().log() == before
    assert first_broken_seq(before) is None
    with raw(place.pc(PcKind.STAFF)) as stolen:
        told = stolen.execute("SELECT data FROM events WHERE kind IN ('rate', 'reasons', 'opinion')").fetchall()
        assert not [text for (text,) in told if "level" in text or "salt" in text or "tags" in text]
        kept = stolen.execute("SELECT words, answer FROM commands WHERE command = 'staff rate'").fetchone()
    assert kept == ("", "{}")


def test_a_case_of_a_low_rating_is_managers_alone_until_a_clerk_owns_it(shared_url: str) -> None:
    boss, clerk = Actor("M1", Role.MANAGER), Actor("C2", Role.CLERK)
    with shared(shared_url, settings={"low_rating": "auto"}) as place:
        owner = place.hall()
        owner.open("1", "C1")
        door = place.pc(PcKind.STAFF)
        counter, kiosk, manager = (place.hall(url) for url in (door, *map(place.pc, (PcKind.PUBLIC, PcKind.MANAGER))))
        label = served(counter)
        rating.rate_visit(kiosk.desk, Ask(CUSTOMER, place.clock()), label, 1, comment="slow")
        (case,) = case_documents.cases_open_or_of_month(manager.desk, boss, None, place.clock())
        number = case["number"]
        casework.record_case_action(manager.desk, Ask(boss, place.clock()), number, "spoken with C1")
        casework.add_case_note(manager.desk, Ask(boss, place.clock()), number, "and with the guide")
        casework.assign_case(manager.desk, Ask(boss, place.clock()), number, "AD")

        def all_is_well() -> bool:
            found = [{one.status for one in examining.examine_database(pc.desk.db)} for pc in (counter, manager)]
            return found == [{"ok"}, {"ok"}]

        with raw(door) as stolen:
            assert stolen.execute("SELECT count(*) FROM cases").fetchone() == (0,)
            log = stolen.execute("SELECT data FROM events WHERE kind LIKE 'case-%' ORDER BY seq").fetchall()
        assert [sorted(json.loads(data)) for (data,) in log] == [["date", "untold"]] * 3
        assert all_is_well()
        assert looking.hall_state_now(counter.desk, place.clock()).cases == {}
        with pytest.raises(RuleError, match="not_there"):
            case_documents.case_document_if_permitted(counter.desk, clerk, number, place.clock())

        casework.assign_case(manager.desk, Ask(boss, place.clock()), number, "C2")
        (own,) = case_documents.cases_open_or_of_month(counter.desk, clerk, None, place.clock())
        assert (own["number"], own["state"], own["ticket"]) == (number, "acted", None)
        casework.record_call_back(counter.desk, Ask(clerk, place.clock()), number, reached=False)
        assert all_is_well()
        told = case_documents.case_document_if_permitted(manager.desk, boss, number, place.clock())
        assert (told["ticket"], told["words"], told["tries"]) == (label, "slow", 1)
        assert [one["step"] for one in told["history"]] == ["open", "act", "note", "owner", "owner", "call-back"]
