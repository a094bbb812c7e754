"""A day for everybody: what the file has and has not, and that anybody recomputes the report from it."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from queuedesk.core.errors import RuleError
from queuedesk.core.network.roles import Actor, Role
from queuedesk.core.network.sharing import PcKind
from queuedesk.desk.change import Ask, Desk
from queuedesk.features.open_figures import papers, rules, verbs
from queuedesk.i18n import LANGUAGES
from queuedesk.reports.figures.period import DayReport, read_day_report
from queuedesk.store.log import events
from tests.engine_fixtures import ON_BOTH_ENGINES
from tests.features.demo_hall.month import month
from tests.hall import CONSOLE, GUIDE, MANAGER, refused, simple_hall
from tests.reports.days import LONG_AFTER, eventful, simulated

ASK = Ask(CONSOLE, LONG_AFTER)
PROGRAM = papers.PROGRAM
NO_DAY = (2, "This is no published day. / 这不是公开的一天的文件。\n")


def checked(file: Path, *code: str) -> tuple[int, str]:
    """Return what the program says of a file to whoever has it, and its exit status."""
    words = [sys.executable, "-I", str(file.with_name(PROGRAM)), str(file), *code]
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
    exec(file.with_name(PROGRAM).read_text(encoding="utf-8").replace("__main__", "no"), program)
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
    papers.write_file(tmp_path / PROGRAM, papers.read_program_file(papers.resource_path("published", PROGRAM)))
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
