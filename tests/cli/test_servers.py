"""Commands work on a server's address as on a file, choose among its halls, and never print a password."""

import json
import os
from datetime import UTC, datetime

import pytest
from msgspec.structs import replace

from queuedesk.app.station.own_hall import move_password_to_environment
from queuedesk.cli.main import run_command_line
from tests.cli.commands import Console
from tests.cli.services import ALONE
from tests.hall import noon_zone
from tests.processes import ran
from tests.relay import relay


@pytest.fixture
def shared(bare: Console, pg_url: str, monkeypatch: pytest.MonkeyPatch) -> Console:
    """A console of a server's database with the halls A and B."""
    monkeypatch.setenv("PGPASSWORD", "")
    monkeypatch.setenv("TZ", noon_zone(datetime.now(UTC)))
    bare.db, bare.clock.now = pg_url, datetime.now(UTC)  # some tests ask by a process, which has this PC's clock
    bare.services = replace(bare.services, put_away_password=move_password_to_environment)
    made = [bare.ask("init", "--preset", "power", "--all-hours", "--hall", code) for code in ("A", "B")]
    assert [one["hall"] for one in made] == ["A", "B"]
    assert {one["database"] for one in made} == {pg_url.replace(password_in(pg_url), "")}
    return bare


def password_in(url: str) -> str:
    return ":" + url.partition("//")[2].partition("@")[0].partition(":")[2]


def test_a_hall_is_chosen_by_its_code_and_no_answer_has_the_password(shared):
    """The environment of a process may have the address too."""
    for code, tickets in (("A", 1), ("B", 2)):
        for _ in range(tickets):
            shared.ask("--hall", code, "issue", "A")
    waiting = {code: len(shared.ask("--hall", code, "state")["waiting"]) for code in ("A", "B")}
    assert waiting == {"A": 1, "B": 2}
    assert shared.refused("state") == "hall_needed"
    assert shared.refused("--hall", "C", "state") == "unknown_hall"
    assert shared.refused("init", "--preset", "bank", "--hall", "B") == "exists"
    assert len(shared.ask("--hall", "B", "service", "list")["services"]) == 4
    password = password_in(shared.db)[1:]
    answers = [shared.say(*words) for words in (["doctor"], ["init", "--preset", "bank", "--hall", "A"], ["state"])]
    assert not [answer for answer in answers if password in answer.out + answer.err]
    told = ran("-m", "queuedesk", "--hall", "A", "--json", "issue", "A", QUEUEDESK_DB=shared.db)
    assert (told.returncode, told.stderr, json.loads(told.stdout)["ticket"]) == (0, "", "A002")


def test_a_station_that_is_started_again_is_told_the_address_without_the_password(shared, monkeypatch):
    monkeypatch.setenv("PGPASSWORD", "")
    asked = []
    shared.openers = {"display": lambda request: asked.append(request) or 0}
    shared.say("--hall", "B", "display", "--kept")
    (request,) = asked
    words = ["--db", shared.db.replace(password_in(shared.db), ""), "--hall", "B", "--lang", "en", "display"]
    assert request.command_line_words() == words
    assert os.environ["PGPASSWORD"] == password_in(shared.db)[1:]


def test_a_joined_pc_works_with_its_own_hall_and_names_nothing(shared, monkeypatch):
    monkeypatch.delenv("PGPASSWORD")
    url, asked = shared.db, []
    services = replace(ALONE, own_hall=lambda: (url, "B"))
    openers = {"display": lambda request: asked.append(request) or 0}
    for words in (["issue", "A"], ["display"]):
        assert run_command_line(["--lang", "en", *words], openers=openers, clock=shared.clock, services=services) == 0
    shared.read()
    assert (asked[0].db, asked[0].hall) == (None, None)
    assert len(shared.ask("--hall", "B", "state")["waiting"]) == 1
    assert shared.ask("--hall", "A", "state")["waiting"] == []


@pytest.mark.parametrize("asked", [b"alembic_version", b"FOR NO KEY UPDATE"], ids=["opening", "locking"])
def test_a_command_ends_where_the_server_freezes_once_it_let_it_in(shared, asked):
    """As behind a pooler, which answers for a server whose processes stand still."""
    line = ("-m", "queuedesk", "--lang", "en", "--hall", "A", "issue", "A")
    with relay(shared.db) as way:
        way.silent_after = asked
        told = ran(*line, QUEUEDESK_DB=way.url)
        assert (told.returncode, told.stdout) == (3, "")
        assert "does not answer; please try again in a moment." in told.stderr
        way.silent = False
        assert "A001" in ran(*line, QUEUEDESK_DB=way.url).stdout
