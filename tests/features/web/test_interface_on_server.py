"""Keys, events and the interface where the hall is on a server: what each kind of PC's login may do with them."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest

from queuedesk.core.network.sharing import PcKind
from queuedesk.features.web.verbs import keys, serving
from tests.bounded import until
from tests.credentials import Shared, denied, raw, shared
from tests.features.web.interface import Program, key_for
from tests.features.web.serving import Served, begun, ended
from tests.features.web.test_hooks import receiving
from tests.hall import Hall, simple_setup

pytestmark = pytest.mark.pg
SERVES = (PcKind.WEB, PcKind.STAFF, PcKind.MANAGER)


@pytest.fixture
def one(shared_url: str) -> Iterator[Shared]:
    hall = {**simple_setup()["hall"], "features": ["web", "appointments"]}
    with shared(shared_url, "T", since=datetime.now(UTC), hall=hall) as made:
        made.hall().open("1", "C1")
        yield made


@contextmanager
def served_by(one: Shared, kind: PcKind, folder: Path) -> Iterator[Served]:
    served = begun(Hall(one.hall().desk, one.clock, folder / "hall"), place=one.pc(kind))
    try:
        yield served
    finally:
        ended(served)


@pytest.mark.parametrize("kind", PcKind)
def test_who_serves_reads_keys_and_only_a_manager_s_pc_changes_them(one: Shared, kind: PcKind) -> None:
    owner, login = one.hall(), one.hall(one.pc(kind))
    made = keys.add_key(owner.desk, owner.ask(), "site", ["read"])
    keys.add_hook(owner.desk, owner.ask(), "https://other.example/x", 1)
    if kind not in SERVES:
        with denied():
            keys.current_api_keys(login.desk)
        with denied():
            keys.web_hooks_with_last_seq(login.desk)
        return
    assert [key.name for key in keys.current_api_keys(login.desk)] == ["site"]
    ((hook, _seq),) = keys.web_hooks_with_last_seq(login.desk)
    keys.store_hook_position(login.desk, hook, 1)
    keys.store_hook_position(login.desk, hook, 2)
    assert [seq for _hook, seq in keys.web_hooks_with_last_seq(login.desk)] == [2]
    if kind is PcKind.MANAGER:
        keys.add_key(login.desk, login.ask(), "mine", ["call"])
        keys.remove_key(login.desk, login.ask(), "site")
        keys.remove_hook(login.desk, login.ask(), 1)
        return
    for statement in ("UPDATE web_keys SET scopes = '[]'", "DELETE FROM web_keys", "DELETE FROM web_hooks"):
        with raw(one.pc(kind)) as direct, pytest.raises(psycopg.errors.InsufficientPrivilege):
            direct.execute(statement)
    with denied():
        keys.add_key(login.desk, login.ask(), "mine", ["call"])
    assert made["program"] == "site"


def test_the_web_s_own_login_serves_customers_programs_and_no_staff_s(one: Shared, tmp_path: Path) -> None:
    owner = one.hall()
    everything = key_for(owner, "read", "issue", "call", "book", "rate", "events", name="all")
    with receiving() as receiver, served_by(one, PcKind.WEB, tmp_path) as served:
        keys.add_hook(owner.desk, owner.ask(), receiver.address)
        program = Program(served, everything)
        before = owner.length()
        assert program.refusal("POST", "/tickets", {"service": "A"}) == (403, "staff_login")
        assert program.refusal("POST", "/windows/1/call") == (403, "staff_login")
        assert program.refusal("GET", "/appointments") == (403, "staff_login")
        label = owner.issue("A")
        owner.serve_out("1", minutes=0)
        until(lambda: program.get(f"/tickets/{label}")["state"] == "finished", "the web has followed")
        assert program.post(f"/tickets/{label}/rate", {"level": 5, "comment": "quick"})["ticket"] == label
        day = str(owner.date + timedelta(days=1))
        wish = {"service": "A", "date": day, "at": "10:00", "name": "Wang Fang"}
        booked = program.post("/appointments", wish, id="web-1")
        assert program.post("/appointments", wish, id="web-1") == booked
        gone = program.ask("DELETE", f"/appointments/{booked['appointment']}?reason=ill")
        assert gone.json()["state"] == "cancelled"
        told = [(event.kind, event.actor) for event in owner.log(before) if event.actor == "customer"]
        assert told == [("rate", "customer"), ("book", "customer"), ("unbook", "customer")]
        assert "Wang Fang" not in str([event.data for event in owner.log()])
        (rated,) = [one for one in program.get("/events?after=0")["events"] if one["kind"] == "rate"]
        assert "level" not in rated["data"]
        receiver.until_has(owner.length())
        until(lambda: {row["behind"] for row in keys.hook_documents(owner.desk)} == {0}, "it is written down")


def test_where_two_pcs_serve_an_event_is_sent_once_and_the_other_goes_on_for_one_that_ends(
    one: Shared, tmp_path: Path
) -> None:
    owner = one.hall()
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
    with (
        receiving() as receiver,
        served_by(one, PcKind.WEB, tmp_path / "a") as first,
        served_by(one, PcKind.STAFF, tmp_path / "b"),
    ):
        until(lambda: len(serving.serving_process_documents(owner.desk, datetime.now(UTC))) == 2, "both serve")
        keys.add_hook(owner.desk, owner.ask(), receiver.address, 1)
        for _ in range(5):
            owner.issue("A")
        receiver.until_has(owner.length())
        assert receiver.seqs() == list(range(1, receiver.seqs()[-1] + 1))
        until(lambda: {row["behind"] for row in keys.hook_documents(owner.desk)} == {0}, "it is written down")
        assert first.end() == 0
        owner.issue("A")
        receiver.until_has(owner.length())
        assert len(receiver.seqs()) <= receiver.seqs()[-1] + 1, "at most the one that was under way comes twice"
        assert set(receiver.seqs()) == set(range(1, receiver.seqs()[-1] + 1))


def test_a_staff_pc_serves_programs_that_issue_and_call(one: Shared, tmp_path: Path) -> None:
    owner = one.hall()
    key = key_for(owner, "issue", "call", "book", name="desk")
    with served_by(one, PcKind.STAFF, tmp_path) as served:
        program = Program(served, key)
        label = program.post("/tickets", {"service": "A"}, id="1")["ticket"]
        assert program.post("/tickets", {"service": "A"}, id="1")["ticket"] == label
        assert program.refusal("POST", "/tickets", {"service": "B"}, id="1") == (409, "id_used")
        assert program.post("/windows/1/call")["ticket"] == label
        assert program.get("/appointments") == {"appointments": []}
    assert [event.actor for event in owner.log() if event.kind in ("issue", "call")] == ["key:desk"] * 2
