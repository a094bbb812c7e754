"""Two halls that differ in one rating, 5 against 1, look the same to whoever may not read ratings."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from queuedesk.app.main import command_services
from queuedesk.cli.main import build_parser
from queuedesk.core.network.roles import Read
from queuedesk.desk.change import Desk
from queuedesk.store.engine.database import Database
from tests.cli.commands import Answer, Console
from tests.cli.test_reading import PIN, every_command
from tests.hall import Clock, Hall, at, made_once

WITH_ARGUMENTS = {
    "card note": ("{card}", "--out", "{folder}/card.pdf"),
    "cases show": ("26-001",),
    "cases slip": ("--out", "{folder}/slip.pdf"),
    "notes show": ("4711",),
    "partner export": ("{folder}/partner.csv",),
    "print": ("A001", "--out", "{folder}/ticket.png"),
    "print-papers": ("A", "--out", "{folder}/papers.png"),
    "settings get": ("crowd",),
    "setup export": ("{folder}/setup.json",),
    "sheets show": ("{who}",),
    "wait": ("A001",),
    "warnings slip": ("1", "--out", "{folder}/warning.pdf"),
    "why": ("A001",),
}
"""What the commands that look are given; the others need nothing."""
WITHOUT_SCREEN = {
    "paper-tickets",
    "ticket-design preview",
    "ticket-design print",
    "project sample",
    "calendar published",
}
"""Show nothing of the hall's day."""
READERS = ("C3", "G1")


def lived(folder: Path, console: Console, level: int) -> Console:
    """A morning in which the customer of C3 rates A001; everything else happens in each hall at the same moment."""
    folder.mkdir()

    def live(_folder: Path) -> Hall:
        hall = morning(folder, console, level)
        return Hall(Desk(Database.open(hall.db), 1), hall.clock, hall.db)

    made = made_once(folder, live, kind=str(level))
    made.desk.db.dispose()
    return console_of(made.path, console, made.clock)


def console_of(path: Path, console: Console, clock: Clock) -> Console:
    return Console(path, console.read, clock=clock, services=command_services())


def morning(folder: Path, console: Console, level: int) -> Console:
    hall = console_of(folder / "hall.sqlite", console, Clock(at("10:00")))
    hall.ask("init", "--preset", "power", "--all-hours", "--hall", "CD")
    hall.ask("settings", "set", "low_rating", "auto")
    for window, clerk in (("3", "C3"), ("4", "C4")):
        hall.ask("open", window, "--staff", clerk)
    for _n in range(2):
        hall.ask("issue", "A")
    hall.ask("call", "3")
    hall.clock.move(minutes=5)
    hall.ask("finish", "3")
    hall.ask("rate", "A001", level, "--comment", "That took long")
    hall.ask("message", "send", "3", "Please come by", "--from", "4")
    hall.ask("thanks", "add", "C3", "--words", "Kind")
    hall.ask("help-call", "press", "4")
    hall.ask("cases", "open", "--class", "complaint", "--title", "Noise", "--owner", "C3", "--as", "C1")
    hall.ask("card", "start", next(iter(hall.ask("card", "list")["cards"]))["code"])
    hall.ask("call", "4")
    for person in ("M1", "C1", *READERS):
        hall.ask("staff", "set", person, f"pin={PIN}", "--as", "AD")
    hall.ask("staff", "set", "AD", f"pin={PIN}", "--as", "AD")
    return hall


def seen(hall: Console, who: tuple[str, ...], words: str, arguments: tuple[str, ...]) -> tuple[Any, ...]:
    """Everything that somebody gets from a command: its status, its words, its document, its file."""
    folder = hall.db.parent / "out"
    folder.mkdir(exist_ok=True)
    given = [one.format(folder=folder, who=(who or ("", "C3"))[-1], card=1) for one in arguments]
    shapes = ((), ("--json",)) if "C3" in who else (("--json",),)
    answers = [hall.say(*shape, *who, *words.split(), *given) for shape in shapes]
    files = [] if words == "print" else [file.read_bytes() for file in sorted(folder.iterdir())]  # has a random token
    for file in folder.iterdir():
        file.unlink()
    return [plain(hall, one) for one in answers], files


def plain(hall: Console, answer: Answer) -> tuple[int, str, str]:
    """Return an answer without the folder of its hall and what its disk has left."""
    out = re.sub(r"\d+ MB free", "MB free", answer.out.replace(str(hall.db.parent), "HALL"))
    return answer.status, out, answer.err.replace(str(hall.db.parent), "HALL")


@pytest.fixture
def halls(bare: Console, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qapp: object) -> tuple[Console, Console]:
    monkeypatch.setenv("QUEUEDESK_PIN", PIN)
    return lived(tmp_path / "good", bare, 5), lived(tmp_path / "low", bare, 1)


def test_nothing_that_a_clerk_reads_tells_who_rated_low(halls: tuple[Console, Console]) -> None:
    good, low = halls
    looks = {words: parser for words, parser in every_command(build_parser({})) if words not in WITHOUT_SCREEN}
    asked = [words for words, parser in looks.items() if parser.get_default("reads") in (Read.HALL, Read.WORK)]

    def compare(words: str, *people: str) -> None:
        for who in people:
            named = ("--as", who) if who else ()
            one, other = (seen(hall, named, words, WITH_ARGUMENTS.get(words, ())) for hall in halls)
            assert one == other, (words, who)
            assert one[0][0][0] in (0, 1), (words, who, one)

    for words in asked:
        compare(words, *(READERS if looks[words].get_default("reads") is Read.WORK else ("",)))
    compare("doctor", "C3")
    for hall in halls:
        hall.clock.move(days=1)
        hall.ask("issue", "A", "--as", "G1")
    for words in ("sheets show", "state", "warnings list", "message list"):  # of yesterday's ratings sheets tell today
        compare(words, "C3")

    # The manager is told, of the same number of events.
    one, other = (len(hall.say("--json", "--as", "M1", "events").out.splitlines()) for hall in halls)
    assert one == other
    (case,) = [one for one in low.ask("--as", "M1", "cases", "list")["cases"] if one["source"] == "rating"]
    assert (case["number"][:4], case["ticket"], case["owner"]) == ("26-R", "A001", "M1")
    assert {one["source"] for one in good.ask("--as", "M1", "cases", "list")["cases"]} == {"spoken"}


def test_nothing_that_a_clerk_may_do_tells_either(halls: tuple[Console, Console]) -> None:
    """A refusal that came of a low rating alone would be an answer."""
    good, low = halls
    number = low.ask("--as", "M1", "cases", "list")["cases"][0]["number"]
    for words in (
        ("cases", "open", "A001", "--class", "complaint", "--source", "rating"),
        ("cases", "show", number),
        ("cases", "note", number, "x"),
        ("rate", "A001", "3"),
    ):
        assert good.refused("--as", "C3", *words) == low.refused("--as", "C3", *words), words


def test_whoever_may_read_the_log_is_told_its_numbers(halls: tuple[Console, Console]) -> None:
    low = halls[1]
    last = len(low.say("--json", "--as", "M1", "events").out.splitlines())

    def chain(*who: str) -> str:
        checks = low.say("--json", *who, "doctor").document["checks"]
        return next(str(one["message"]) for one in checks if one["name"] == "chain CD")

    assert chain("--as", "M1") == f"The log is unbroken up to number {last}."
    assert chain("--as", "C3") == chain() == "The log is unbroken."
    numbers = [[row["seq"] for row in low.ask("--as", who, "voice", "log")["announcements"]] for who in ("M1", "C1")]
    assert numbers == [[7, 15], [None, None]]
