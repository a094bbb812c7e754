"""Two halls that differ in one rating, 5 against 1, look the same to whoever may not read ratings."""

import json
import re
import shlex
from pathlib import Path
from typing import Any

import pytest

from queuedesk.app.main import command_services
from queuedesk.cli.main import build_parser
from queuedesk.core.network.roles import ReadScope
from scripts.build_commands import every_command
from tests.cli.commands import Answer, Console, begun_once
from tests.cli.transcripts import carry_out
from tests.core.added import is_added
from tests.features.test_reading import PIN
from tests.golden.kept import by_name

PAGES = Path(__file__).parent / "golden"
WITH_ARGUMENTS = by_name(PAGES / "looked_at.txt")
"""What the commands that look are given; the others need nothing."""
WITHOUT_SCREEN = {
    "paper-tickets", "ticket-design preview", "ticket-design print", "project sample", "calendar published",
}  # fmt: skip
"""Show nothing of the hall's day."""


def lived(folder: Path, console: Console, level: int) -> Console:
    """A morning in which the customer of C3 rates A001; everything else happens in each hall at the same moment."""
    folder.mkdir()
    hall = Console(folder / "hall.sqlite", console.read, services=command_services())
    lines = (PAGES / "rated.txt").read_text(encoding="utf-8").replace("LEVEL", str(level)).replace("PIN", PIN)
    return begun_once(hall, lambda one: carry_out(one, lines.splitlines()), kind=str(level))


def given(words: str, hall: Console, who: str) -> list[str]:
    more = WITH_ARGUMENTS.get(words, "").format(folder=made_in(hall), who=who or "C3", card=1)
    return [*words.split(), *more.split()]


def made_in(hall: Console) -> Path:
    folder = hall.db.parent / "out"
    folder.mkdir(exist_ok=True)
    return folder


def seen(hall: Console, who: str, *shape: str, words: str) -> tuple[Any, ...]:
    """Everything that somebody gets from a command: its status, its words or its document, its file."""
    answer = hall.say(*shape, *(("--as", who) if who else ()), *given(words, hall, who))
    return *plain(hall, answer), taken(hall)


def taken(hall: Console) -> dict[str, bytes]:
    """Return the files that commands made, and remove them."""
    files = {file.name: file.read_bytes() for file in sorted(made_in(hall).iterdir())}
    for file in made_in(hall).iterdir():
        file.unlink()
    files.pop("ticket.png", None)  # has a random token
    return files


def documents(hall: Console, who: str, looks: list[str], patch: pytest.MonkeyPatch) -> tuple[dict[str, Any], Any]:
    """Return what somebody gets as documents from commands in one process, by the command, and the files."""
    lines = hall.db.parent / "looks.txt"
    lines.write_text("\n".join(shlex.join(given(words, hall, who)) for words in looks), encoding="utf-8")
    with lines.open(encoding="utf-8") as source:
        patch.setattr("sys.stdin", source)
        status, out, err = plain(hall, hall.say("--json", *(("--as", who) if who else ()), "batch"))
    assert (status, err) == (0, "")
    return dict(zip(looks, map(json.loads, out.splitlines()), strict=True)), taken(hall)


def plain(hall: Console, answer: Answer) -> tuple[int, str, str]:
    """Return an answer without the folder of its hall and what its disk has left."""
    out = re.sub(r"\d+ MB free", "MB free", answer.out.replace(str(hall.db.parent), "HALL"))
    return answer.status, out, answer.err.replace(str(hall.db.parent), "HALL")


@pytest.fixture
def halls(bare: Console, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qapp: object) -> tuple[Console, Console]:
    monkeypatch.setenv("QUEUEDESK_PIN", PIN)
    return lived(tmp_path / "good", bare, 5), lived(tmp_path / "low", bare, 1)


def test_nothing_that_a_clerk_reads_tells_who_rated_low(halls, monkeypatch):
    """Neither a clerk's words nor anybody's documents."""
    good, low = halls
    every = every_command(build_parser({}))
    looks = {words: parser for words, parser in every if words not in WITHOUT_SCREEN and not is_added(words)}
    scopes = (ReadScope.HALL, ReadScope.WORK)
    asked = [words for words, parser in looks.items() if parser.get_default("reads") in scopes]

    def compare(words: str, *shape: str) -> None:
        one, other = (seen(hall, "C3", *shape, words=words) for hall in halls)
        assert one == other, words
        assert one[0] in (0, 1), (words, one)

    of_work = [words for words in asked if looks[words].get_default("reads") is ReadScope.WORK]
    for words in (*of_work, "doctor"):
        compare(words)
    compare("doctor", "--json")
    everybody_s = [words for words in asked if words not in of_work]
    for who, what in {"": everybody_s, **dict.fromkeys(("C3", "G1"), of_work)}.items():
        (one, files), (other, other_files) = (documents(hall, who, what, monkeypatch) for hall in halls)
        for words in what:
            assert one[words] == other[words], (words, who)
            assert one[words]["status"] in (0, 1) and one[words].get("code") != "not_in_batch", (words, who, one[words])
        assert files == other_files, who
    for hall in halls:
        hall.clock.move(days=1)
        hall.ask("issue", "A", "--as", "G1")
    for words in ("sheets show", "state", "warnings list", "message list"):  # of yesterday's ratings sheets tell today
        for shape in ((), ("--json",)):
            compare(words, *shape)
    # The manager is told, of the same number of events.
    one, other = (len(hall.say("--json", "--as", "M1", "events").out.splitlines()) for hall in halls)
    assert one == other
    (case,) = [one for one in low.ask("--as", "M1", "cases", "list")["cases"] if one["source"] == "rating"]
    assert (case["number"][:4], case["ticket"], case["owner"]) == ("26-R", "A001", "M1")
    assert {one["source"] for one in good.ask("--as", "M1", "cases", "list")["cases"]} == {"spoken"}


def test_nothing_that_a_clerk_may_do_tells_either(halls):
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


@pytest.mark.usefixtures("hall_alone")
def test_whoever_may_read_the_log_is_told_its_numbers(halls):
    low = halls[1]
    last = len(low.say("--json", "--as", "M1", "events").out.splitlines())

    def chain(*who: str) -> str:
        checks = low.say("--json", *who, "doctor").document["checks"]
        return next(str(one["message"]) for one in checks if one["name"] == "chain CD")

    assert chain("--as", "M1") == f"The log is unbroken up to number {last}."
    assert chain("--as", "C3") == chain() == "The log is unbroken."
    numbers = [[row["seq"] for row in low.ask("--as", who, "voice", "log")["announcements"]] for who in ("M1", "C1")]
    assert numbers == [[7, 15], [None, None]]
