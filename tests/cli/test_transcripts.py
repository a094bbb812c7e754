"""Transcripts: what somebody types at the console of a hall and what comes of it, kept as text beside the tests;
and the page of commands.

Scenes begin with `==` and a title, each with a hall of its own; what stands before the first one is done before each
of them, and has to succeed. At the margin stands what somebody does, indented what comes of it:

    @ 2026-11-20 10:05      it is that time
    > ~/day.csv gb18030     a file is written, in this encoding or in UTF-8, with the lines after |
    * printer K1 offline    a device of a station reports what is wrong with it, or nothing
    $ --json issue A        this is typed, after variables of the environment, which stay
    < ~/day.csv             a file is read: a text, a PDF or a workbook
    ~ UPDATE series …       somebody changes the tables of the hall's file, behind the program

What comes of it is what was printed (documents are laid out, the test's folder is ~, random names are ID-1, ID-2 … in
the order in which they come, and are typed so), `!` and the words on standard error, of wrong usage only the last line,
`[1]` a status but 0, and `+` each event that the log has more: its number, kind, ticket, window and actor, then its
data.

It happens in a power hall that is open at all hours, at ten, on a PC that has nothing of its own, unless a line that
begins with % says otherwise.
"""

import json
import re
import shlex
import sqlite3
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import takewhile
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from openpyxl import load_workbook

from queuedesk import i18n
from queuedesk.app.main import command_services
from queuedesk.cli import upkeep
from queuedesk.core.log.event import QUEUE_KINDS
from queuedesk.core.log.pc_clock import JumpDetectingClock
from queuedesk.core.network.roles import actor_of_station
from queuedesk.desk.change import Ask, Desk
from queuedesk.desk.looking import events_after
from queuedesk.desk.talk import devices
from queuedesk.store.engine.database import Database
from scripts.build_commands import PAGE, faults, made
from tests.cli.commands import Answer, Console, begun_once
from tests.cli.conftest import founded
from tests.golden.kept import CHECK_CODE, IS_KEPT_ANEW, difference, must_be_kept, parts_of
from tests.hall import SHANGHAI

WIDTH = 112
BY_CHANCE = {"token", "epoch"}
OTHERS = re.compile(r'"(?:[0-9a-f]{16,}(?::[0-9a-f]{16,})?|[-0-9]+T[0-9:]+\.(?!000000)\d{6}[-+0-9:]*)"')
"""Keys of documents whose values are others each time, and such values: digests, and moments of the disk's clock."""
NAME = re.compile(r"(?<![.\w])[0-9a-f]{16}\b")
"""What a row without a number of its own is called."""
PLACES = 6
"""Of fractions in documents."""
WITHOUT_A_HALL, WITH_SERVICES = "% without a hall", "% with what this PC can do"
UNSEEN, ALONE = "% by a clock that nobody saw pass", "% of the hall alone"
"""From the first scene on a clock that leaps is asked about; doctor looks at the hall and not at this PC."""
PARTS = {"printer", "voice", "screen", "media"}
"""Of a station; what a station itself is reports that it began or was ended."""
VARIABLE, STATUS = re.compile(r"([A-Z_]+)=(.*)"), re.compile(r"\[\d+]")


@dataclass(frozen=True)
class Scene:
    """One scene of a transcript, as it is kept."""

    file: Path
    title: str
    before: Sequence[str]
    lines: Sequence[str]

    def must_come_out(self, bare: Console, patch: pytest.MonkeyPatch) -> None:
        """Play it at a console without a hall and assert that what comes of each line is what is kept."""
        if WITH_SERVICES in self.before:
            bare.services = command_services()
            for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "WIN_PD_OVERRIDE_LOCAL_APPDATA", "HOME"):
                patch.setenv(name, str(bare.db.parent))
        if ALONE in self.before:
            patch.setattr(upkeep, "OF_THIS_PC", ())
        self._begin(bare, patch)
        playing = Playing(bare, patch)
        if UNSEEN in self.before:
            bare.clock = JumpDetectingClock(bare.clock, lambda: 0.0)
        played: list[str] = []
        for line in done(self.lines):
            played += [line, *(f"    {told}" if told else "" for told in playing.does(line))]
        must_be_kept(self.file, "\n".join(played), self.title)
        if bare.db.exists():
            hall = bare.hall()
            hall.must_follow_from_its_log()
            hall.desk.db.dispose()

    def _begin(self, bare: Console, patch: pytest.MonkeyPatch) -> None:
        """Do what stands before the scenes; what only changes the hall, up to the first file, is done once for all."""
        if WITHOUT_A_HALL in self.before:
            carry_out(bare, self.before, patch)
            return
        in_hall = list(takewhile(lambda line: "~/" not in line, self.before))

        def begin(console: Console) -> None:
            begun_once(console, founded)
            carry_out(console, in_hall, patch)

        begun_once(bare, begin, kind=str(self.file))
        if files := self.before[len(in_hall) :]:
            carry_out(bare, files, patch)


def carry_out(console: Console, lines: Sequence[str], patch: pytest.MonkeyPatch | None = None) -> "Playing":
    """Do what lines at the margin say, each of which has to succeed."""
    playing = Playing(console, patch or pytest.MonkeyPatch())
    for line in done(lines):
        told = playing.does(line)
        assert not any(map(STATUS.fullmatch, told)), "\n".join([line, *told])
    return playing


class Playing:
    """A scene as it is played at a console."""

    def __init__(self, console: Console, patch: pytest.MonkeyPatch) -> None:
        self.console, self.clock, self.patch = console, console.clock, patch
        self.folder = console.db.parent.as_posix()
        self.names: dict[str, str] = {}
        self.written, self.encoding = Path(), "utf-8"
        self.seq, self._content = 0, b""
        list(self._new_events())

    def does(self, line: str) -> list[str]:
        """Do what a line at the margin says and return what comes of it."""
        mark, _space, rest = line.partition(" ")
        rest = rest.replace("~/", f"{self.folder}/")
        if mark == "$":
            return [*self.printed(rest), *self._new_events()]
        if mark == "@":
            self.clock.now = datetime.fromisoformat(rest).replace(tzinfo=SHANGHAI)
        elif mark == ">":
            name, _space, encoding = rest.partition(" ")
            self.written, self.encoding = Path(name), encoding or "utf-8"
            self.written.write_bytes(b"")
        elif mark == "|":
            self.written.write_bytes(self.written.read_bytes() + f"{rest}\n".encode(self.encoding))
        elif mark == "~":
            with closing(sqlite3.connect(self.console.db)) as file, file:
                file.execute(rest)
        elif mark == "*":
            self._reported(*rest.split())
        elif mark == "<":
            return list(_read(Path(rest)))
        return []

    def _reported(self, device: str, name: str, *cause: str) -> None:
        db = Database.open(self.console.db)
        desk, ask = Desk(db, 1), Ask(actor_of_station(name), self.console.clock())
        if device in PARTS:
            devices.record_device_state(desk, ask, device, name, *(cause or [None]))
        else:
            (devices.record_station_stop if cause else devices.record_station_start)(desk, ask, device, name)
        db.dispose()

    def words(self, text: str) -> list[str]:
        """Return the words of a command line, with what folders and rows are really called."""
        text = text.replace("~/", f"{self.folder}/")
        for name, shown in self.names.items():
            text = text.replace(shown, name)
        return shlex.split(text)

    def _shown(self, text: str) -> str:
        if sys.platform == "win32":
            text = re.sub(r"[A-Z]:\\[^\s\"']+", lambda path: re.sub(r"\\+", "/", path[0]), text)
        for name in [self.folder, *self.names]:
            text = text.replace(name, self.names.get(name, "~"))
        return text

    def printed(self, text: str) -> list[str]:
        """Type a line and return what it prints and its status, without the events."""
        words = self.words(text)
        while named := VARIABLE.fullmatch(words[0]):
            self.patch.setenv(*named.groups())
            words.pop(0)
        answer = self.console.say(*words)
        for name in NAME.findall(answer.out):
            self.names.setdefault(name, f"ID-{len(self.names) + 1}")
        # Before it is laid out: how much of it fits a line must not hang on where the folder is.
        answer = replace(answer, out=self._shown(answer.out), err=self._shown(answer.err))
        return [*_printed(answer, is_json="--json" in words), *_said(answer)]

    def _new_events(self) -> Iterator[str]:
        file = self.console.db
        if not file.exists():
            return
        if not file.with_name(f"{file.name}-wal").exists():  # nobody has it open
            before, self._content = self._content, file.read_bytes()
            if self._content == before:
                return  # Nobody wrote to it.
        db = Database.open(file)
        events = events_after(Desk(db, 1), self.seq)
        db.dispose()
        for event in events:
            self.seq = event.seq
            named = (event.kind, event.ticket, event.window, event.actor)
            told = " ".join(["+", str(event.seq), *(name for name in named if name)])
            data = self._shown(json.dumps(event.data if "setup" not in event.data else "…"))
            yield from laid_out(json.loads(data), f"{told} ")


def _read(file: Path) -> Iterator[str]:
    if file.suffix == ".pdf":
        with pypdfium2.PdfDocument(file) as pages:
            for page in pages:
                yield from re.sub(CHECK_CODE, "…", page.get_textpage().get_text_range()).splitlines()
    elif file.suffix == ".xlsx":
        for sheet in load_workbook(file):
            yield from (" | ".join("" if one is None else str(one) for one in row) for row in sheet.values)
    else:
        yield from file.read_text(encoding="utf-8-sig").splitlines()


def _printed(answer: Answer, *, is_json: bool) -> Iterator[str]:
    if not is_json or answer.status == 2:
        yield from answer.out.splitlines()
    else:
        for document in answer.out.splitlines():
            yield from laid_out(json.loads(document, parse_float=lambda number: round(float(number), PLACES)), "")


def _said(answer: Answer) -> Iterator[str]:
    lines = answer.err.splitlines()
    yield from (f"! {line}" for line in (lines[-1:] if answer.status == 2 else lines))
    if answer.status:
        yield f"[{answer.status}]"


def laid_out(value: Any, before: str) -> Iterator[str]:
    """Yield the lines of a value of JSON after what stands before it: as many of its parts in a line as fit."""
    if isinstance(value, dict):
        value = {name: "…" if name in BY_CHANCE and part else part for name, part in value.items()}
    text = OTHERS.sub('"…"', json.dumps(value, ensure_ascii=False))
    if len(before) + len(text) <= WIDTH or not isinstance(value, dict | list):
        yield before + text
        return
    is_named = isinstance(value, dict)
    yield before + ("{" if is_named else "[")
    row = ""
    for name in value if is_named else range(len(value)):
        lines = list(laid_out(value[name], f'"{name}": ' if is_named else ""))
        if len(lines) == 1 and len(row) + len(lines[0]) < WIDTH:
            row = f"{row}, {lines[0]}" if row else lines[0]
            continue
        yield from [f"  {row}"] if row else []
        yield from (f"  {line}" for line in lines[:-1])
        row = lines[-1]
    yield f"  {row}"
    yield "}" if is_named else "]"


def done(lines: Sequence[str]) -> list[str]:
    """Return the lines of what somebody does."""
    return [line for line in lines if line and not line.startswith(" ")]


def scenes(folder: Path) -> list[Any]:
    """Return the scenes of all transcripts below a folder, each as a case of a test."""
    found = []
    for file in sorted(folder.rglob("*.transcript")):
        parts = parts_of(file)
        before = parts.pop("", [])
        for title, lines in parts.items():
            found.append(pytest.param(Scene(file, title, before, lines), id=f"{file.stem}: {title}"))
    return found


HERE = Path(__file__).parent


@pytest.mark.parametrize("scene", scenes(HERE))
@pytest.mark.usefixtures("qapp")
def test_what_is_typed_comes_to_what_is_kept(scene: Scene, bare: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    scene.must_come_out(bare, monkeypatch)


def test_each_kind_of_event_of_the_queue_comes_of_a_command() -> None:
    kept = "".join(file.read_text(encoding="utf-8") for file in HERE.rglob("*.transcript"))
    assert set(re.findall(r"^    \+ \d+ (\S+)", kept, re.MULTILINE)) >= QUEUE_KINDS


BLOCK = re.compile(r"(?<=^```console\n).*?(?=^```$)", re.DOTALL | re.MULTILINE)
TYPED = re.compile(r"\$ (?:echo '(.*)' \| )?queuedesk (.*)")
A_MINUTE = timedelta(minutes=1)


def test_its_parts_are_those_of_the_program_and_each_command_stands_there_once() -> None:
    i18n.choose_language("en")
    page = PAGE.read_text(encoding="utf-8")
    assert made(page) == page, "run scripts/build_commands.py"
    assert faults(page) == []


@pytest.mark.usefixtures("qapp", "own_choices")
def test_its_examples_print_what_stands_below_them(bare: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    """They happen in one hall, one after the other, a minute between them."""
    i18n.choose_language("en")
    page = PAGE.read_text(encoding="utf-8")
    monkeypatch.chdir(bare.db.parent)
    playing = Playing(bare, monkeypatch)

    def played(block: re.Match[str]) -> str:
        return "".join(f"{line}\n" for typed in TYPED.finditer(block[0]) for line in printed(playing, typed))

    came = BLOCK.sub(played, page)
    if IS_KEPT_ANEW:
        PAGE.write_text(came, encoding="utf-8")
        return
    assert came == page, difference(page.splitlines(), came.splitlines())


def printed(playing: Playing, typed: re.Match[str]) -> list[str]:
    """Return a line that is typed with what it prints."""
    lines = Path("typed.txt")
    lines.write_text(f"{typed[1]}\n", encoding="utf-8")
    with lines.open(encoding="utf-8") as given:
        playing.patch.setattr(sys, "stdin", given)
        said = playing.printed(typed[2])
    playing.clock.now += A_MINUTE
    return [typed[0], *(line.removeprefix("! ") for line in said if not STATUS.fullmatch(line))]
