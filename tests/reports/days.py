"""Halls with days to report on: simulated, or with something of everything; and measures that are made up."""

import io
import json
import re
from collections.abc import Callable
from contextlib import redirect_stdout
from datetime import UTC, date, datetime, timedelta
from functools import partial, wraps
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any, Concatenate, ParamSpec

import pytest

from queuedesk.cli.main import run_command_line
from queuedesk.core.network.roles import CONSOLE
from queuedesk.desk import looking, setting_up
from queuedesk.desk.change import Ask, Desk
from queuedesk.i18n import use_hall_words
from queuedesk.sim.demand import SimulatedDay
from tests import engines
from tests.cli.commands import ALONE
from tests.hall import Clock, Hall, create_hall, preset
from tests.installed import made_once

DAY = date(2026, 11, 19)
NINE = datetime(2026, 11, 19, 1, tzinfo=UTC)
NEXT_MORNING = datetime(2026, 11, 20, 0, 5, tzinfo=UTC)
AFTER = NEXT_MORNING + timedelta(days=20)
LONG_AFTER = datetime(2027, 6, 1, tzinfo=UTC)


P = ParamSpec("P")


def kept(make: Callable[Concatenate[Path, P], Desk]) -> Callable[Concatenate[Path, P], Desk]:
    """Play a hall's days once a run: whoever asks for the same again gets a copy of its file."""

    @wraps(make)
    def copied(folder: Path, *args: P.args, **asked: P.kwargs) -> Desk:
        which = sha256(repr((make.__module__, args, sorted(asked.items()))).encode()).hexdigest()[:8]
        played = made_once(f"{make.__name__}-{which}", partial(_play, make, *args, **asked))
        file = folder / "hall.sqlite"
        file.write_bytes((played / "hall.sqlite").read_bytes())
        return Desk(engines.opened(file), 1)

    return copied


def _play(make: Callable[Concatenate[Path, P], Desk], /, *args: Any, **asked: Any) -> None:
    *further, place = args
    with engines.halls_on(engines.SQLITE):
        make(place, *further, **asked).db.dispose()


def asked(now: datetime) -> Ask:
    return Ask(CONSOLE, now)


def hall(folder: Path, *, kind: str = "power", **changes: Any) -> Desk:
    """Return a new hall of a kind whose day has not begun; `changes` replace parts of its set-up."""
    document = preset(kind, **changes)
    ready = setting_up.setup_document_for_new_hall(document, timezone="Asia/Shanghai")
    return create_hall(folder / "hall.sqlite", ready, asked(NINE - timedelta(hours=2)))


def at_nine(desk: Desk) -> Hall:
    """Return a hall at nine o'clock, for people who act by their short commands."""
    return Hall(desk, Clock(NINE), Path())


@kept
def simulated(folder: Path, *, customers: int = 120, until: datetime | None = None, kind: str = "power") -> Desk:
    """Return a hall of a kind with a simulated day, the whole or up to a moment."""
    desk = hall(folder, kind=kind)
    SimulatedDay(desk, DAY, 11, customers=customers).play(until)
    return desk


def play(desk: Desk, text: str, day: date = DAY) -> None:
    """Give a hall's commands of a day to `queuedesk batch`, each with its time before it."""
    lines = [re.sub(r"^(\S+)", rf"--at {day}T\1+08:00", line) for line in text.splitlines()]
    words, said = ["--db", str(desk.db.path), "--lang", "en", "--json", "batch"], io.StringIO()
    with TemporaryFile("w+", encoding="utf-8") as given, pytest.MonkeyPatch.context() as patch, redirect_stdout(said):
        given.write("\n".join(lines) + "\n")
        given.seek(0)
        patch.setattr("sys.stdin", given)
        run_command_line(words, openers={}, clock=Clock(LONG_AFTER), services=ALONE)
    use_hall_words()  # The hall's belong to the process of its commands, which would end here.
    statuses = [json.loads(answer)["status"] for answer in said.getvalue().splitlines()]
    assert statuses == [0] * len(lines), said.getvalue()


def printed_log(desk: Desk) -> list[dict[str, Any]]:
    """Return the log as the commands print it, read back from its text."""
    return [json.loads(json.dumps(event.printed_fields())) for event in looking.events_after(desk, 0)]


@kept
def eventful(folder: Path) -> Desk:
    """Return a hall with a day of one hour in which every kind of event happens."""
    desk = hall(folder, settings={"overnight": "early_place", "wait_target_minutes": 5})
    play(desk, Path(__file__).with_name("eventful.txt").read_text(encoding="utf-8"))
    return desk


MADE_UP: dict[str, Any] = json.loads(Path(__file__).with_name("made_up.json").read_text(encoding="utf-8"))
PAUSE = {key: value for key, value in MADE_UP["pauses"][0].items() if key != "reason"}
