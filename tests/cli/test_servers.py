"""Commands work on a server's address as on a file, choose among its halls, and never print a password."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime

import pytest
from msgspec.structs import replace
from pypdfium2 import PdfDocument

from queuedesk.app.station.own_hall import put_away_password
from queuedesk.cli.main import run
from tests.cli.commands import Console
from tests.cli.services import ALONE
from tests.hall import noon_zone
from tests.processes import ran


@pytest.fixture
def shared(bare: Console, pg_url: str, monkeypatch: pytest.MonkeyPatch) -> Console:
    """A console of a server's database with the halls A and B."""
    monkeypatch.setenv("PGPASSWORD", "")
    monkeypatch.setenv("TZ", noon_zone(datetime.now(UTC)))
    bare.db, bare.clock.now = pg_url, datetime.now(UTC)  # some tests ask by a process, which has this PC's clock
    bare.services = replace(bare.services, put_away_password=put_away_password)
    made = [bare.ask("init", "--preset", "power", "--all-hours", "--hall", code) for code in ("A", "B")]
    assert [one["hall"] for one in made] == ["A", "B"]
    assert {one["database"] for one in made} == {pg_url.replace(password_in(pg_url), "")}
    return bare


def password_in(url: str) -> str:
    return ":" + url.partition("//")[2].partition("@")[0].partition(":")[2]


def test_a_hall_is_chosen_by_its_code_and_no_answer_has_the_password(shared, monkeypatch):
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


def test_a_server_that_is_not_there_is_3(bare):
    answer = bare.say("--db", "postgresql://nobody@127.0.0.1:9/hall", "--json", "state")
    assert (answer.status, answer.refusal) == (3, "database_away")


def test_halls_are_shown_side_by_side_and_compared_in_a_period(shared, tmp_path):
    shared.ask("--hall", "B", "hall", "set", "seen_by=A/M1", "region=East", "district=Harbour")
    shared.ask("--hall", "B", "issue", "A")

    rows = shared.ask("--hall", "A", "--as", "M1", "halls")["halls"]

    assert [(row["hall"], row["waiting"]) for row in rows] == [("A", 0), ("B", 1)]
    assert [row["hall"] for row in shared.ask("--hall", "B", "--as", "M1", "halls")["halls"]] == ["B"]
    assert shared.ask("--hall", "B", "hall", "show")["seen_by"] == ["A/M1"]
    assert shared.refused("--as", "M1", "halls") == "hall_needed"
    assert shared.refused("--hall", "A", "--as", "G1", "halls") == "not_your_role"
    lines = shared.say("halls").out.splitlines()
    assert [line.split()[0] for line in lines] == ["A", "B"]
    assert "1 waiting" in lines[1]

    found = shared.ask("--hall", "A", "--as", "M1", "halls", "compare", "month")

    assert [(row["hall"], row["region"], row["lies"]) for row in found["halls"]] == [
        ("A", "", "too_few"),
        ("B", "East", "too_few"),
    ]
    assert [row["region"] for row in found["regions"]] == ["East", ""]
    assert shared.ask("--hall", "B", "hall", "show")["district"] == "Harbour"
    assert shared.refused("--hall", "A", "--as", "G1", "halls", "compare", "day") == "not_your_role"
    lines = shared.say("--hall", "A", "halls", "compare", "day").out.splitlines()
    assert lines[0] == "No service has enough ratings in several halls to compare them like for like."
    file = tmp_path / "halls.pdf"
    shared.ask("--hall", "A", "halls", "compare", "month", "--out", file, "--by", "district", "--lang", "en")
    (page,) = PdfDocument(file)
    assert "Harbour" in page.get_textpage().get_text_range()


def test_each_hall_has_a_page_of_targets_to_sign(shared, tmp_path):
    shared.ask("--hall", "B", "hall", "set", "seen_by=A/M1", "report_owner=Wang Fang", "name_en=West Hall")
    shared.ask("--hall", "B", "target", "add", "measure=within_target", "value=85")
    file = tmp_path / "targets.pdf"

    answer = shared.ask("--hall", "A", "--as", "M1", "halls", "targets", "--out", file, "--lang", "en")

    pages = [page.get_textpage().get_text_range() for page in PdfDocument(file)]
    assert (answer["halls"], len(pages)) == (["A", "B"], 2)
    assert "West Hall" in pages[1] and "For the hall: Wang Fang" in pages[1] and "at least 85 %" in pages[1]
    assert "Wang Fang" not in pages[0]
    assert shared.say("--hall", "A", "halls", "targets", "--out", tmp_path / "t.txt").status == 2


def test_one_set_up_is_pushed_to_another_hall_and_taken_back(shared):
    shared.ask("--hall", "B", "hall", "set", "led_by=A/AD")
    shared.ask("--hall", "A", "service", "set", "A", "name_en=Pay here", "--keep")
    push = ("--hall", "A", "--as", "AD", "halls", "push", "--what", "words")

    seen = {row["hall"]: row for row in shared.ask(*push, "--preview")["halls"]}
    lines = shared.say(*push, "--preview").out.splitlines()
    done = shared.ask(*push, "--at-once", "--to", "B")

    assert [(one["field"], one["then"]) for one in seen["B"]["changes"]] == [("name_en", "Pay here")]
    assert lines[0].endswith("where it comes from")
    assert lines[2] == "  A Pay here: English name: Pay a bill → Pay here"
    assert [(row["hall"], row["became"]) for row in done["halls"]] == [("B", "push")]
    assert "A  Pay here" in shared.say("--hall", "B", "service", "list").out
    assert shared.refused(*push) == "nothing_to_push"
    told = shared.ask("--hall", "A", "--as", "AD", "halls", "pushes")["pushes"]
    assert [(row["n"], row["by"], row["what"]) for row in told] == [(done["n"], "AD", ["words"])]
    assert shared.refused("--hall", "A", "--as", "M1", "halls", "undo", str(done["n"])) == "not_your_role"
    back = shared.say("--hall", "A", "--as", "AD", "halls", "undo", str(done["n"]), "--in", "B")
    assert back.out == "B  taken back, 1 change\n"
    assert "A  Pay a bill" in shared.say("--hall", "B", "service", "list").out


def test_a_station_that_is_started_again_is_told_the_address_without_the_password(shared, monkeypatch):
    monkeypatch.setenv("PGPASSWORD", "")
    asked = []
    shared.openers = {"display": lambda request: asked.append(request) or 0}

    shared.say("--hall", "B", "display", "--kept")

    (request,) = asked
    words = ["--db", shared.db.replace(password_in(shared.db), ""), "--hall", "B", "--lang", "en", "display"]
    assert request.words() == words
    assert os.environ["PGPASSWORD"] == password_in(shared.db)[1:]


def test_a_joined_pc_works_with_its_own_hall_and_names_nothing(shared, monkeypatch):
    monkeypatch.delenv("PGPASSWORD")
    url, asked = shared.db, []
    services = replace(ALONE, own_hall=lambda: (url, "B"))
    openers = {"display": lambda request: asked.append(request) or 0}
    for words in (["issue", "A"], ["display"]):
        assert run(["--lang", "en", *words], openers=openers, clock=shared.clock, services=services) == 0
    shared.read()

    assert (asked[0].db, asked[0].hall) == (None, None)
    assert len(shared.ask("--hall", "B", "state")["waiting"]) == 1
    assert shared.ask("--hall", "A", "state")["waiting"] == []
