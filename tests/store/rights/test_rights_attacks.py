"""What somebody can do who took a PC's credential and speaks to the database without the program: each kind, statement
by statement; what a PC may append to the log, held to the same table of kinds and fields by which the program reads."""

import hashlib
import json
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest
from sqlalchemy import text

from queuedesk.core import features
from queuedesk.core.errors import OutsideError, RuleError
from queuedesk.core.log.event import SHAPES, Event, EventFieldType, EventShape, canonical_json, first_broken_seq
from queuedesk.core.network.sharing import PcKind
from queuedesk.desk.quality.casework import NewCaseData
from queuedesk.i18n import error_sentence
from queuedesk.store.log import events, journal
from queuedesk.store.parts import sharing
from queuedesk.store.rights import grants
from queuedesk.store.rights.pin_tries import WRONG_PINS, WRONG_WITHIN_S
from queuedesk.store.rights.tables import EVENTS, GRANTS
from tests.core.shaped import GOOD, WRONG, shaped
from tests.credentials import Shared, raw, shared
from tests.desk.event_rows import ROWS
from tests.desk.stage import stage
from tests.hall import DAY, MANAGER, at
from tests.postgres import WITH_RIGHTS, drop_database, new_database
from tests.store.forged import DENIED, NOT_THE_LOG, append, attacks, must_deny, next_event, said

pytestmark = pytest.mark.pg

STATIONS = (PcKind.PUBLIC, PcKind.STAFF)
DENIED_TO: dict[str, tuple[PcKind, ...]] = {
    "the log and its guards": tuple(PcKind),
    "more power": tuple(PcKind),
    "the tables of the work": tuple(PcKind),
    "what a PIN is compared with": tuple(PcKind),
    "secrets and the set-up": STATIONS,
    "names": (PcKind.PUBLIC,),
}
"""What is reached for by the statements under that title in attacks.sql, and whom the server refuses it."""
QUALITY: list[tuple[str, tuple[Any, ...], dict[str, Any]]] = [
    ("case-open", (NewCaseData(klass="complaint", words="late", contact="13800135176", concerns=("C1",)),), {}),
    ("comment", ("the floor is wet",), {"klass": "complaint"}),
    ("thanks", ("C1",), {"words": "kind"}),
    ("forum", (DAY.date(), 9), {"issues": ["chairs"]}),
    ("inspect-start", (), {"sheet": "call", "channel": "telephone"}),
    ("fix-add", ("No lamp", "C1"), {}),
    ("project-open", ("Right the first time", "M1"), {}),
]
OF_A_FEATURE = {"forum": "forums", "inspect-start": "inspections", "fix-add": "inspections", "project-open": "projects"}
OF_QUALITY = {"cases", "comments", "contacts", "spoken_comments", "thanks"}
if "projects" in features.choosable_feature_names():
    OF_QUALITY |= {"forums", "inspections", "projects", "rectifications"}


@pytest.fixture(scope="module")
def place() -> Iterator[Shared]:
    """Two halls with something in them; no attack changes anything, so that all tests share them."""
    url = new_database(WITH_RIGHTS)
    with shared(url, "A", "B") as made:
        for number in (1, 2):
            hall = made.hall(hall=number)
            hall.play("open 1 staff=C1", "queue A B")
            for verb, args, words in QUALITY:
                if OF_A_FEATURE.get(verb) in (None, *features.choosable_feature_names()):
                    hall.do(verb, *args, who=MANAGER, **words)
            hall.do("set-pin", "M1", "2468")
        with made.owner.write(1) as tx:
            journal.store_comment(tx, 1, "c", salt="s", text="the floor is wet", written=at("9:00"))
        yield made
    drop_database(url)


@pytest.fixture(scope="module")
def addresses(place: Shared) -> dict[PcKind, str]:
    return {kind: place.pc(kind) for kind in PcKind}


@pytest.mark.parametrize(("what", "kind"), [(what, kind) for what, kinds in DENIED_TO.items() for kind in kinds])
def test_a_login_is_denied_what_is_not_its_own(addresses: dict[PcKind, str], what: str, kind: PcKind) -> None:
    must_deny(addresses[kind], attacks(what))


@pytest.mark.parametrize("kind", PcKind)
def test_no_pc_enters_another_database_and_statistics_and_others_statements_tell_nothing(place, addresses, kind):
    for other in ("postgres", "template1"):
        with pytest.raises(psycopg.OperationalError):
            raw(urlsplit(addresses[kind])._replace(path=f"/{other}").geturl())
    with place.owner.write() as tx:
        tx.exec_driver_sql("ANALYZE contacts")
    with raw(addresses[kind]) as stolen:
        assert stolen.execute("SELECT * FROM pg_stats WHERE tablename = 'contacts'").fetchall() == []
        seen = stolen.execute("SELECT query FROM pg_stat_activity WHERE usename = 'queuedesk'").fetchall()
        assert {query for (query,) in seen} <= {"<insufficient privilege>"}


# -- another hall ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", PcKind)
def test_another_hall_is_as_if_it_were_not_there(place: Shared, addresses: dict[PcKind, str], kind: PcKind) -> None:
    url = addresses[kind]
    with raw(url) as stolen:
        for table, grants_of in GRANTS.items():
            if kind in grants_of and "hall" in table.columns and reads(stolen, table.name, "hall"):
                found = stolen.execute(f"SELECT count(*) FROM {table.name} WHERE hall <> 1").fetchone()
                assert (table.name, found) == (table.name, (0,))
        assert stolen.execute("SELECT id FROM halls").fetchall() == [(1,)]
        assert stolen.execute("UPDATE tickets SET state = 'left' WHERE hall = 2").rowcount == 0
        assert stolen.execute("UPDATE halls SET seq = 0 WHERE id = 2").rowcount == 0
    for statement in (
        "UPDATE tickets SET hall = 2 WHERE label = 'A001'",
        "INSERT INTO signed_in VALUES (2, 'guide', 'G1')",
        "INSERT INTO access (hall, at, actor, verb, code) VALUES (2, 0, 'x', 'x', 'x')",
    ):
        assert said(url, statement) == DENIED
    assert said(url, "SET row_security = off", "SELECT * FROM tickets") == DENIED
    with place.owner.read() as tx:
        there = {name for name in OF_QUALITY if tx.scalar(text(f"SELECT count(*) FROM {name} WHERE hall = 2"))}
    assert there == OF_QUALITY


# -- events that do not belong into the log ----------------------------------------------------------------------------


@pytest.mark.parametrize("kind", PcKind)
def test_an_event_must_continue_its_own_halls_log(place: Shared, addresses: dict[PcKind, str], kind: PcKind) -> None:
    url, good = addresses[kind], next_event(place)
    loose = next_event(place, prev="0" * 64)
    assert said(url, append(loose)) == NOT_THE_LOG
    assert said(url, append(next_event(place, seq=good.seq + 1))) == NOT_THE_LOG
    assert said(url, append(next_event(place, seq=1, prev="0" * 64))) == "23505"
    assert said(url, append(next_event(place, hall=2), hall=2)) == DENIED
    for other in ({"hash": "0" * 64}, {"actor": "customer"}, {"time": 0}, {"date": "2026-11-21"}):
        assert (other, said(url, append(good, **other))) == (other, NOT_THE_LOG)
    assert said(url, "SET LOCAL queuedesk.rewriting = 'on'", append(loose)) == NOT_THE_LOG


@pytest.mark.parametrize("text", ['{"x":1, "date":"2026-11-20"}', '{"x":1,"date":"2026-11-20"}', "[]", "{"])
def test_data_must_be_written_as_the_program_writes_it(place: Shared, addresses: dict[PcKind, str], text: str) -> None:
    good = next_event(place)
    printed = {name: value for name, value in good.printed_fields().items() if name not in ("prev", "hash")}
    body = canonical_json(printed | {"data": "@"}).replace('"@"', text)
    digest = hashlib.sha256((good.prev + body).encode()).hexdigest()
    assert said(addresses[PcKind.STAFF], append(good, data=text, hash=digest)) in (NOT_THE_LOG, "22P02")


@pytest.mark.parametrize("kind", PcKind)
def test_the_halls_row_stands_at_the_logs_end(place: Shared, addresses: dict[PcKind, str], kind: PcKind) -> None:
    url, good = addresses[kind], next_event(place)
    assert said(url, append(good)) == NOT_THE_LOG
    assert said(url, "UPDATE halls SET seq = seq - 1") == NOT_THE_LOG
    assert said(url, "UPDATE halls SET hash = 'x'") == NOT_THE_LOG
    assert said(url, "UPDATE halls SET at = at + 1000000000") == NOT_THE_LOG
    assert said(url, "SET CONSTRAINTS ALL DEFERRED", append(good)) == NOT_THE_LOG


def reads(own: psycopg.Connection[Any], table: str, column: str) -> bool:
    try:
        own.execute(f'SELECT "{column}" FROM {table} LIMIT 0')  # type: ignore[call-overload]
    except psycopg.errors.InsufficientPrivilege:
        return False
    return True


def test_kinds_of_events_suit_the_pc_and_what_customers_stand_at_acts_in_nobodys_name(place, addresses) -> None:
    for kind in PcKind:
        for name in (*sorted(SHAPES.keys() - EVENTS[kind]), "made-up"):
            assert (kind, name, said(addresses[kind], append(next_event(place, kind=name)))) == (kind, name, DENIED)
    for actor in ("M1", "C1", "console", "G1"):
        assert (actor, said(addresses[PcKind.PUBLIC], append(next_event(place, actor=actor)))) == (actor, DENIED)


# -- PINs --------------------------------------------------------------------------------------------------------------


GUESS = "SELECT qd_pin_of(1, ARRAY['M1'], ARRAY['0'])"
READ_ONLY = "25006"
PAUSE = "QD002"
# Roads on which a try might go uncounted: statements of one transaction, which is undone where it was not refused by
# itself.
ROADS = {
    "undone": ["{}"],
    "after a savepoint": ["SAVEPOINT s", "{}", "ROLLBACK TO SAVEPOINT s"],
    "ended by an error": ["SELECT 1 / length(coalesce({guess}, ''))"],
    "of a cursor": ["DECLARE c CURSOR FOR {}", "FETCH c", "CLOSE c"],
    "prepared": ["PREPARE p AS {}", "EXECUTE p", "DEALLOCATE p"],
    "explained": ["EXPLAIN ANALYZE {}"],
    "out of time": ["SET LOCAL statement_timeout = 150", "SELECT {guess}, pg_sleep(9)"],
    "serialized": ["SET TRANSACTION ISOLATION LEVEL SERIALIZABLE", "{}"],
}
NOT_WRITING = {
    "one transaction": ["SET TRANSACTION READ ONLY", "{}"],
    "deferrable": ["SET TRANSACTION ISOLATION LEVEL SERIALIZABLE READ ONLY DEFERRABLE", "{}"],
    "a setting": ["SET LOCAL transaction_read_only = on", "{}"],
    "set in the statement": ["SELECT {guess} FROM (SELECT set_config('transaction_read_only', 'on', true) OFFSET 0) s"],
    "after a try that counts": ["SAVEPOINT s", "SET TRANSACTION READ ONLY", "{}"],
}


def forgotten_since(began: float) -> int:
    """Return how many tries the server may have forgotten again since then, on a PC as busy as that."""
    return int((time.monotonic() - began) // (WRONG_WITHIN_S / WRONG_PINS))


def tries_left(url: str) -> int:
    """Return how many wrong PINs a login may still try; it has none afterwards."""
    with raw(url) as stolen:
        for count in range(10):
            try:
                assert stolen.execute(GUESS).fetchone() == (None,)
            except psycopg.Error as error:
                assert error.sqlstate == PAUSE
                return count
    raise AssertionError


def tried(url: str, statements: list[str], guess: str = GUESS) -> str | None:
    inner = guess.removeprefix("SELECT ")
    return said(url, *(one.replace("{guess}", inner).replace("{}", guess) for one in statements))


@pytest.mark.parametrize("road", ROADS)
@pytest.mark.parametrize("kind", PcKind)
def test_a_wrong_pin_counts_on_every_road(place: Shared, kind: PcKind, road: str) -> None:
    url, began = place.pc(kind), time.monotonic()
    with raw(url) as stolen, suppress(psycopg.Error), stolen.transaction(force_rollback=True):
        for one in ROADS[road]:
            stolen.execute(one.replace("{guess}", GUESS.removeprefix("SELECT ")).replace("{}", GUESS))  # type: ignore[arg-type]
    assert 4 <= tries_left(url) <= 4 + forgotten_since(began)


@pytest.mark.parametrize("road", NOT_WRITING)
def test_what_cannot_be_counted_is_not_compared(place: Shared, road: str) -> None:
    """Right and wrong are refused alike, or the refusal would be the answer."""
    url = place.pc(PcKind.PUBLIC)
    right = f"SELECT qd_pin_of(1, ARRAY['M1'], ARRAY['{key_of(place, 'M1')}'])"
    for _ in range(7):
        assert (tried(url, NOT_WRITING[road]), tried(url, NOT_WRITING[road], right)) == (READ_ONLY, READ_ONLY)
    assert tries_left(url) == 5


def test_a_session_that_never_writes_learns_nothing(place: Shared) -> None:
    with raw(place.pc(PcKind.PUBLIC)) as stolen:
        stolen.execute("SET default_transaction_read_only = on")
        with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
            stolen.execute(GUESS)


def test_a_plan_that_guesses_all_at_once_counts_each(place: Shared) -> None:
    url, began = place.pc(PcKind.STAFF), time.monotonic()
    many = "SELECT qd_pin_of(1, ARRAY['M1'], ARRAY[n::text]) FROM generate_series(1, 9999) n"
    assert said(url, "SET LOCAL max_parallel_workers_per_gather = 4", many) == PAUSE
    assert tries_left(url) <= forgotten_since(began)


def test_tries_on_many_connections_count_as_one_login(place: Shared) -> None:
    url, began = place.pc(PcKind.PUBLIC), time.monotonic()
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda _n: said(url, GUESS), range(18)))
    assert 5 <= answers.count(None) <= 5 + forgotten_since(began)
    assert set(answers) == {None, PAUSE}


def test_the_right_pin_costs_no_try_and_ends_no_pause(place: Shared) -> None:
    url, right = place.pc(PcKind.STAFF), f"SELECT qd_pin_of(1, ARRAY['M1'], ARRAY['{key_of(place, 'M1')}'])"
    with raw(url) as clerk:
        for _ in range(8):
            assert clerk.execute(right).fetchone() == ("M1",)
    assert tries_left(url) == 5
    assert said(url, right) == PAUSE


def test_pins_are_asked_of_nobody_else(place: Shared) -> None:
    url = place.pc(PcKind.PUBLIC)
    assert said(url, "SELECT qd_pin_of(1, ARRAY['M1', 'M1'], ARRAY['0', '1'])") == DENIED
    assert said(url, "SELECT qd_pin_of(1, ARRAY['M1', NULL], ARRAY['0', '1'])") == DENIED
    assert said(url, "SELECT qd_pin_of(2, ARRAY['M1'], ARRAY['0'])") == DENIED
    with raw(url) as stolen:
        assert [staff for staff, _salt in stolen.execute("SELECT * FROM qd_pin_salts(1)")] == ["M1"]
        assert stolen.execute("SELECT * FROM qd_pin_salts(2)").fetchall() == []


@pytest.mark.parametrize("kind", PcKind)
def test_what_the_log_keeps_of_a_pin_is_nothing_to_try_pins_on(place: Shared, addresses, kind: PcKind) -> None:
    """Whoever has a login reads the log and the salts, and would know a PIN by four digits' worth of tries."""
    with raw(addresses[kind]) as stolen:
        told = stolen.execute("SELECT data FROM events WHERE hall = 1 AND kind = 'set-up'").fetchall()
        salt = dict(stolen.execute("SELECT * FROM qd_pin_salts(1)").fetchall())["M1"]
    (kept,) = [data["kept"] for (text,) in told if (data := json.loads(text)).get("op") == "pin"]
    key = key_of(place, "M1")
    guesses = (key, f"{salt}:{key}", f"{key}:{salt}", salt + key, f"{salt}:{key}:")
    assert kept not in {hashlib.sha256(guess.encode()).hexdigest() for guess in guesses}


def key_of(place: Shared, staff: str) -> str:
    """Return what the program would compare for the right PIN, as only the tables' owner can read it."""
    asked = "SELECT split_part(hash, ':', 2) FROM pins WHERE hall = 1 AND staff = %s"
    with raw(place.url) as owner:
        [(key,)] = owner.execute(asked, [staff]).fetchall()
    return str(key)


# -- what the owner may, and the log after all this --------------------------------------------------------------------


def test_the_owner_too_only_appends_or_puts_a_whole_log_in_place(place: Shared) -> None:
    for statement in ("UPDATE events SET actor = 'M1'", "DELETE FROM events", "TRUNCATE events CASCADE"):
        assert said(place.url, statement) == DENIED
    assert said(place.url, append(next_event(place, prev="0" * 64))) == NOT_THE_LOG
    with place.owner.write() as tx:
        before = list(events.all_events(tx, 2))
        with grants.whole_log_rewriting(tx):
            tx.exec_driver_sql("DELETE FROM events WHERE hall = 2")
            for event in before:
                events.append_event(tx, 2, event)
        assert list(events.all_events(tx, 2)) == before
    assert said(place.url, "DELETE FROM events WHERE hall = 2") == DENIED


def test_after_all_this_the_log_is_whole(place: Shared) -> None:
    place.hall().must_follow_from_its_log()
    with place.owner.read() as tx:
        assert first_broken_seq(events.all_events(tx, 2)) is None


# -- events: nothing that the desk would not have written, and nothing that stops the hall -----------------------------


DEVICE = {"device": "printer", "station": "K1", "state": "up"}
ISSUE = {"prefix": "A", "number": 1, "token": "AAAAAA", "class": "normal"}
AT_END = "UPDATE halls SET seq = %(seq)s, hash = %(hash)s, at = %(at)s WHERE id = 1"
MINUTE = timedelta(minutes=1)


@pytest.fixture(scope="module")
def guarded() -> Iterator[Shared]:
    """A hall that the server's own clock watches over."""
    url = new_database(WITH_RIGHTS)
    with shared(url, by_the_clock=True) as made:
        with made.owner.read() as tx:
            made.clock.now = sharing.server_time(tx)
        made.hall().open("1", "C1")
        yield made
    drop_database(url)


@pytest.fixture
def watched(guarded: Shared) -> Shared:
    """The same at its server's time as each test begins: what is minutes off is refused."""
    with guarded.owner.read() as tx:
        guarded.clock.now = sharing.server_time(tx)
    return guarded


@pytest.fixture(scope="module")
def logins(guarded: Shared) -> dict[PcKind, str]:
    return {kind: guarded.pc(kind) for kind in PcKind}


def taken(watched: Shared, url: str, **fields: Any) -> str | None:
    """Return how the server refuses an event that is right but for `fields`, with the hall's row moved along with it;
    it is undone."""
    fields.setdefault("at", watched.clock())
    fields.setdefault("data", DEVICE)
    fields["data"] = {"date": f"{watched.clock():%Y-%m-%d}", **fields["data"]}
    event = next_event(watched, **fields)
    statement, row = append(event)
    return said(url, (statement, row), (AT_END, row), "SET CONSTRAINTS ALL IMMEDIATE", "SELECT 1 / 0")


TAKEN = "22012"
"""Division by nought: the server had nothing against what came before."""


@pytest.mark.parametrize("kind", PcKind)
def test_what_the_desk_would_write_is_taken(watched: Shared, logins: dict[PcKind, str], kind: PcKind) -> None:
    url = logins[kind]
    assert taken(watched, url) == TAKEN
    assert taken(watched, url, kind="issue", ticket="A001", service="A", data=ISSUE) == TAKEN
    assert taken(watched, url, time=watched.clock() - timedelta(hours=9)) == TAKEN  # lost long ago
    assert taken(watched, url, at=watched.clock() + MINUTE) == TAKEN


def test_who_works_at_a_pc_is_told_in_one_sentence(watched: Shared, logins: dict[PcKind, str]) -> None:
    before = watched.hall().log()
    for fields in ({"kind": "issue"}, {"kind": "device", "at": watched.clock() + timedelta(days=400)}):
        usual = {"at": watched.clock(), "data": {"date": f"{watched.clock():%Y-%m-%d}"}}
        event = next_event(watched, **{**usual, **fields})
        desk = watched.desk(logins[PcKind.STAFF])
        with pytest.raises(OutsideError, match="log_refused") as refused, desk.db.write(1) as tx:
            events.append_event(tx, 1, event)
        assert error_sentence(refused.value, "en").startswith("The hall's server did not accept this into its log,")
        assert "版本" in error_sentence(refused.value, "zh_CN")
    assert watched.hall().log() == before


@pytest.mark.parametrize("kind", PcKind)
def test_an_event_of_another_time_is_refused(watched: Shared, logins: dict[PcKind, str], kind: PcKind) -> None:
    now = watched.clock()
    moments = [
        datetime(2100, 1, 1, tzinfo=UTC),
        now + timedelta(days=1),
        now + 7 * MINUTE,
        watched.hall().last().at - timedelta(seconds=1),
        datetime(1970, 1, 1, tzinfo=UTC),
    ]
    assert [moment for moment in moments if taken(watched, logins[kind], at=moment) != NOT_THE_LOG] == []
    after = {"time": now + timedelta(seconds=1)}
    before = {"time": now - timedelta(seconds=1), "kind": "issue", "ticket": "A001", "service": "A", "data": ISSUE}
    long_ago = {"time": datetime(1899, 1, 1, tzinfo=UTC)}
    paper = before | {"data": ISSUE | {"paper": True}}
    later = {"data": DEVICE | {"date": f"{now + timedelta(days=4):%Y-%m-%d}"}}
    for wrong in (after, before, long_ago, later, *([paper] if kind is not PcKind.MANAGER else [])):
        assert (wrong, taken(watched, logins[kind], **wrong)) == (wrong, NOT_THE_LOG)
    # No datetime of the program's reaches the year 20000: as whoever works out the hash by hand would write it.
    good = next_event(watched, at=now, data={"date": "2026-11-20", **DEVICE})
    assert said(logins[kind], append(good, at=569_000_000_000_000_000, time=569_000_000_000_000_000)) == NOT_THE_LOG


@pytest.mark.parametrize("kind", PcKind)
@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "issue", "ticket": "A001", "service": "A", "data": {}},
        {"kind": "issue", "ticket": "A001", "service": "A", "data": ISSUE | {"number": "1"}},
        {"kind": "issue", "ticket": None, "service": "A", "data": ISSUE},
        {"kind": "issue", "ticket": "A" * 1001, "service": "A", "data": ISSUE},
        {"kind": "issue", "ticket": "A001", "service": "A", "data": ISSUE | {"ref": "x" * 1001}},
        {"kind": "issue", "ticket": "A001", "service": "A", "data": ISSUE | {"place": "20000-01-01T00:00:00+00:00"}},
        {"kind": "rate", "ticket": "A001", "data": {"level": 6}},
        {"kind": "day-end", "data": {}},
        {"kind": "device", "data": DEVICE | {"x": 10**30}},
        {"kind": "device", "data": {"date": "2026-02-30"} | DEVICE},
    ],
    ids=lambda wrong: f"{wrong['kind']}-{len(str(wrong))}",
)
def test_an_event_without_what_its_kind_needs_is_refused(watched: Shared, logins, kind: PcKind, wrong) -> None:
    assert taken(watched, logins[kind], **wrong) in (NOT_THE_LOG, "22008")


def test_what_is_nested_beyond_reading_is_refused(watched: Shared, logins: dict[PcKind, str]) -> None:
    deep: Any = 1
    for _ in range(900):
        deep = [deep]
    assert taken(watched, logins[PcKind.PUBLIC], data=DEVICE | {"x": deep}) in (NOT_THE_LOG, "54001")


def test_a_simulated_halls_time_is_its_own() -> None:
    url = new_database(WITH_RIGHTS)
    with shared(url, by_the_clock=True) as made:
        made.hall().do("set-hall", {"simulated": True})
        assert made.hall(made.pc(PcKind.STAFF)).issue("A") == "A001"
    drop_database(url)


def test_the_owner_puts_whole_logs_in_place_as_they_are(watched: Shared) -> None:
    """A log that is moved or merged keeps what stands in it, whatever that is: its chain needs it."""
    bad = next_event(watched, at=datetime(2100, 1, 1, tzinfo=UTC), data={"date": "2026-11-20"}, kind="issue")
    statement, row = append(bad)
    with raw(watched.url) as owner, owner.transaction(force_rollback=True):
        owner.execute(statement, row)  # type: ignore[arg-type]
        owner.execute(AT_END, row)  # type: ignore[arg-type]
        owner.execute("SET CONSTRAINTS ALL IMMEDIATE")


# -- the server's own table of kinds and fields ------------------------------------------------------------------------


FORMS = [(kind, shape) for kind, shapes in SHAPES.items() for shape in shapes]
ASK = """
SELECT qd_fits(e ->> 'kind', e -> 'data', e ->> 'ticket', e ->> 'service', e ->> 'window', e ->> 'staff')
FROM jsonb_array_elements(%s::jsonb) WITH ORDINALITY AS given(e, n) ORDER BY n
"""


@pytest.fixture(scope="module")
def server() -> Iterator[psycopg.Connection]:
    url = new_database()
    with raw(url) as connection:
        yield connection
    drop_database(url)


def fit(server: psycopg.Connection, asked: Iterable[Event]) -> list[bool]:
    """Return of each event whether the server finds it as the desk writes them."""
    return [row[0] for row in server.execute(ASK, [canonical_json([one.printed_fields() for one in asked])])]


def variants(kind: str, shape: EventShape) -> Iterator[Event]:
    """Yield an event of a form, and such that differ from it by one column or field."""
    whole = shaped(kind, shape)
    yield from (whole, *(shaped(kind, shape, **{column: None}) for column in shape.columns))
    for name, its_type in {**shape.needs, **shape.may}.items():
        yield shaped(kind, shape, data={key: value for key, value in whole.data.items() if key != name})
        good = [value for value in GOOD[its_type] if its_type is not EventFieldType.NUMBER or abs(value) <= 10**18]
        for value in (None, *good, *WRONG[its_type]):
            yield shaped(kind, shape, data={**whole.data, name: value})


def test_every_form_is_held_to_its_fields_as_the_program_reads_it(server: psycopg.Connection) -> None:
    asked = [event for kind, shape in FORMS for event in variants(kind, shape)]
    fitting = fit(server, asked)
    unlike = [one for one, fits in zip(asked, fitting, strict=True) if fits is not (one.reading_fault() is None)]
    assert [one.printed_fields() for one in unlike] == []
    assert fitting.count(True) > 500 and fitting.count(False) > 1000


def test_what_the_desk_writes_fits(server: psycopg.Connection, tmp_path: Path) -> None:
    hall = stage(tmp_path)
    for verb, who, args, words, _expected_reporters in ROWS:
        with suppress(RuleError):
            hall.do(verb, *args, who=who, **words)
    with hall.desk.db.read() as tx:
        log = list(events.all_events(tx, 1))
    assert len({event.kind for event in log}) > 30
    assert [event.printed_fields() for event, fits in zip(log, fit(server, log), strict=True) if not fits] == []


@pytest.mark.parametrize(
    "data",
    [
        '{"level":4.0}',
        '{"level":4,"x":' + "9" * 30 + "}",
        '{"level":4,"x":[[{"y":-1' + "0" * 18 + "}]]}",
        '{"level":4,"comment":"' + "x" * 1001 + '"}',
    ],
)
def test_what_no_table_or_reader_could_take_is_refused(server: psycopg.Connection, data: str) -> None:
    whole = json.loads(data) | {"date": "2026-11-20"}
    text = canonical_json(whole)
    if "4.0" in data:
        text = text.replace(canonical_json(whole["level"]), "4.0")
    assert server.execute("SELECT qd_fits('rate', %s, 'A001', NULL, NULL, NULL)", [text]).fetchone() == (False,)


@pytest.mark.parametrize("day", ["2026-02-29", "2026-11-31"])
def test_a_date_that_is_none_is_refused(server: psycopg.Connection, day: str) -> None:
    with pytest.raises(psycopg.errors.DatetimeFieldOverflow):
        server.execute("SELECT qd_fits('resume', %s, NULL, NULL, '1', NULL)", [canonical_json({"date": day})])
