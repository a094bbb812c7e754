"""What a check of the data finds: rows of the log changed, gone or broken, tables that do not follow from it."""

import json
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
from msgspec.structs import replace

from queuedesk.core.errors import RuleError
from queuedesk.core.upkeep import SheetClaim, parse_check_code
from queuedesk.desk import looking
from queuedesk.desk.quality.casework import NewCaseData, open_case
from queuedesk.desk.quality.thanking import record_thanks
from queuedesk.desk.queue.opening import set_pin
from queuedesk.desk.queue.rating import record_opinion_without_ticket
from queuedesk.desk.talk.announcing import record_call_shown
from queuedesk.desk.upkeep import examining, maintenance
from queuedesk.desk.upkeep.examining import ExaminationResult
from queuedesk.i18n.preview_words import set_aside_events_sentence
from tests import engines
from tests.engine_fixtures import ON_BOTH_ENGINES
from tests.event_cases import cases, put_in
from tests.hall import GUIDE, Hall, is_damaged, simple_hall
from tests.journeys.damaged_rows import tried
from tests.rewritten import drop_after, rated_otherwise, rewrite


def begun(folder: Path) -> Hall:
    hall = simple_hall(folder)
    hall.play("open 1 staff=C1", "queue A A B", "call 1 ticket=A002 reason=r", "finish 1")
    hall.do("rate", "A002", 4)
    hall.play("not-ready A", "sign-in guide G1")
    return hall


def found(hall: Hall) -> dict[str, ExaminationResult]:
    return {finding.name: finding for finding in examining.examine_database(hall.desk.db)}


def change(hall: Hall, statement: str) -> None:
    assert engines.execute(hall.desk.db, statement) > 0


@contextmanager
def for_a_while(hall: Hall, statement: str) -> Iterator[None]:
    """Change the rows of a table, and put back all that it had."""
    table = re.split("UPDATE |DELETE FROM |INSERT INTO ", statement)[1].split()[0]
    engines.execute(hall.desk.db, f"CREATE TABLE as_it_was AS SELECT * FROM {table}")
    change(hall, statement)
    yield
    engines.execute(hall.desk.db, f"DELETE FROM {table}")
    engines.execute(hall.desk.db, f"INSERT INTO {table} SELECT * FROM as_it_was")
    engines.execute(hall.desk.db, "DROP TABLE as_it_was")


DAMAGES: dict[str, dict[str, str]] = json.loads(Path(__file__).with_name("damages.json").read_text("utf-8"))
"""What somebody does to the database, and the event, table or row that is named."""


@pytest.mark.hall(make=begun)
@ON_BOTH_ENGINES
def test_a_changed_row_of_the_log_shows_and_what_does_not_follow_from_it_is_named_by_its_keys_and_mended(hall: Hall):
    whole = {"integrity": "", "chain": str(hall.last().seq), "tables": "", "beside": ""}
    assert [*whole] == [*examining.OF_DATABASE, *examining.OF_HALL], "each has the name that doctor gives it"
    told = {name: (one.status, one.what) for name, one in found(hall).items()}
    assert told == {name: ("ok", what) for name, what in whole.items()}, "nobody touched it yet"
    for statement, seq in DAMAGES["chain"].items():
        with for_a_while(hall, statement):
            chain = found(hall)["chain"]
        assert (chain.status, chain.what) == ("failed", seq), statement

    for statement, part in DAMAGES["tables"].items():
        with for_a_while(hall, statement):
            told = found(hall)
        assert told["chain"].status == "ok", statement
        assert (told["tables"].status, told["tables"].what.partition(" (")[0]) == ("failed", part), statement
    assert found(hall)["chain"].status == found(hall)["tables"].status == "ok"
    change(hall, "UPDATE windows SET staff = 'C2' WHERE code = '1'")
    assert found(hall)["tables"].what == "windows (1)"

    change(hall, "UPDATE legs SET calls = 9")
    assert re.fullmatch(r"legs \(2026-11-20 A001 1(, [^,]+)*(, …)?\), windows \(1\)", found(hall)["tables"].what)
    change(hall, "UPDATE series SET number = 77")
    change(hall, "DELETE FROM legs")

    done = maintenance.repair_from_log(hall.desk.db.path or hall.desk.db._address, hall.ask())

    assert not is_damaged(hall.desk.db)
    assert Path(done["copy"]).is_file()


@pytest.mark.hall(make=begun)
def test_each_of_all_tables_that_do_not_follow_from_the_log_is_named(hall: Hall) -> None:
    for statement in DAMAGES["each table"]:
        change(hall, statement)
    told = found(hall)["tables"].what
    assert sorted(re.sub(r" \([^)]*\)", "", told).split(", ")) == sorted(DAMAGES["each table"].values())


def with_more(folder: Path) -> Hall:
    """Return a hall with a PIN, a comment, a case with a contact, a call on the screen and a refusal."""
    hall = begun(folder)
    set_pin(hall.desk, hall.ask(), "M1", "2468")
    record_opinion_without_ticket(hall.desk, hall.ask(), 4, comment="the queue was long")
    record_thanks(hall.desk, hall.ask(), "C1", words="so patient")
    open_case(hall.desk, hall.ask(), NewCaseData(klass="complaint", name="Wang", contact="138 0013 5176"))
    call = next(event.seq for event in hall.log() if event.kind == "call")
    record_call_shown(hall.desk, call, "display", hall.clock())
    with pytest.raises(RuleError):
        set_pin(hall.desk, hall.ask(GUIDE), "M1", None)
    assert found(hall)["beside"].status == "ok"
    return hall


@pytest.mark.hall(make=with_more)
@ON_BOTH_ENGINES
def test_what_stands_beside_the_log_has_to_fit_it(hall: Hall) -> None:
    for statement, what in DAMAGES["beside"].items():
        with for_a_while(hall, statement):
            beside = found(hall)["beside"]
        assert (beside.status, beside.what[: len(what)]) == ("failed", what), statement
    assert found(hall)["beside"].status == "ok"
    change(hall, "DELETE FROM pins")
    assert (found(hall)["pins"].status, found(hall)["pins"].what) == ("warning", "M1")


@pytest.mark.hall(make=begun)
@ON_BOTH_ENGINES
def test_events_that_cannot_be_read_are_named_with_what_to_do(hall: Hall) -> None:
    later = next(case.event for case in cases() if case.name == "a kind of a later program")
    bare = next(case.event for case in cases() if case.event.kind == "call" and not case.fits)
    put_in(hall.desk.db, 1, [later, bare], hall.clock())
    hall.issue("A")
    checks = found(hall)
    told = checks["aside"]
    last = looking.hall_state_now(hall.desk, hall.clock()).now.seq
    assert (told.status, told.hall, list(told.aside)) == ("warning", "T", [last - 2, last - 1])
    assert checks["chain"].status == checks["tables"].status == "ok"
    assert set_aside_events_sentence(told.aside, "en") == (
        "Events of the log that can't be read are not counted; everything else continues: "
        f"no. {last - 2} (of a kind that this version does not know), no. {last - 1} (lacks “{told.aside[last - 1].field}”). "
        "If another PC has a newer version, install it here too; otherwise show this to whoever looks after QueueDesk."
    )
    assert f"第 {last - 2} 条（这个版本不认识的种类）" in set_aside_events_sentence(told.aside, "zh_CN")


def three_rated(folder: Path) -> Hall:
    hall = simple_hall(folder)
    hall.open("1", "C1")
    for level in (2, 1, 2):
        hall.issue("A")
        label = hall.serve_out("1")
        hall.do("rate", label, level)
    return hall


pytestmark = pytest.mark.hall(make=three_rated)


def sheet(hall: Hall, seq: int | None = None) -> list[SheetClaim]:
    """Return what the code of a sheet says that was printed when the log ended at `seq`, or just now."""
    anchor = examining.log_anchor_at_event(hall.desk, seq or hall.last().seq)
    return [parse_check_code(anchor.code)]


def word(hall: Hall, claims: Sequence[SheetClaim]) -> str:
    (held,) = examining.verify_claims(hall.desk.db, claims)
    assert held.standing.word == examining.verify_claims_in_hall(hall.desk, claims)[0].word
    return held.standing.word


def test_a_sheet_holds_while_the_log_only_grows_and_one_of_an_earlier_program_says_the_whole_hash_alone(hall: Hall):
    kept = sheet(hall)
    assert word(hall, kept) == "holds"
    hall.play("issue A", "day-end")
    assert word(hall, kept) == "holds"
    with pytest.raises(RuleError, match="unknown_hall"):
        examining.verify_claims(hall.desk.db, kept, "elsewhere")
    kept = [SheetClaim(seq=None, whole=hall.last().hash)]
    assert word(hall, kept) == "holds"
    rewrite(hall, rated_otherwise(next(event.seq for event in hall.log() if event.kind == "rate")))
    assert word(hall, kept) == "unknown"


@ON_BOTH_ENGINES
def test_a_log_that_was_rewritten_consistently_is_found_by_who_kept_a_sheet_from_its_first_event_on(hall: Hall) -> None:
    """Only sheets from before the change stay."""
    rated = [event.seq for event in hall.log() if event.kind == "rate"][1]
    early, late, kept = sheet(hall, rated - 1), sheet(hall, rated), sheet(hall)
    rewrite(hall, rated_otherwise(rated))
    found_within = {one.status for one in examining.examine_database(hall.desk.db)}
    assert found_within == {"ok"}, "nothing within the hall shows it"
    assert [word(hall, one) for one in (early, late, kept)] == ["holds", "changed", "changed"]
    assert examining.verify_claims_by_stored_hashes(hall.desk, kept)[0].word == "changed"
    rewrite(hall, lambda event: replace(event, actor="nobody") if event.seq == 1 else event)
    assert word(hall, kept) == "other"


@ON_BOTH_ENGINES
def test_a_change_that_left_the_hashes_as_they_were_is_found_too(hall: Hall) -> None:
    """And so is a row that is no event."""
    kept = sheet(hall)
    engines.execute(hall.desk.db, "UPDATE events SET data = '[]' WHERE seq = 5")
    assert word(hall, kept) == "broken"
    engines.execute(hall.desk.db, "UPDATE events SET actor = 'M1' WHERE seq = 4")
    (held,) = examining.verify_claims(hall.desk.db, kept)
    assert (held.standing.word, held.standing.at) == ("broken", 4)


def test_an_older_copy_of_the_hall_is_shorter_than_the_sheet(hall: Hall) -> None:
    kept, last = sheet(hall), hall.last().seq
    drop_after(hall, last - 3)
    (held,) = examining.verify_claims(hall.desk.db, kept)
    assert (held.standing.word, held.standing.seq, held.standing.last) == ("shorter", last, last - 3)


def test_what_may_not_be_in_a_row_is_named_and_no_bug(tmp_path: Path) -> None:
    count = tried(tmp_path, every=257, at=8)  # all of them by `python -m tests.journeys.damaged_rows`
    assert count.taken > 10
    assert (count.silent, count.bugs) == ([], [])
