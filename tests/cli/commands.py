"""Runs command lines inside this process, with a clock of the test's own and a PC that has nothing, or as whole
processes.
"""

import json
import os
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from msgspec.structs import replace

from queuedesk.app.main import command_services
from queuedesk.app.services.printers import require_known_printer
from queuedesk.cli.job import CommandServices
from queuedesk.cli.main import run_command_line
from queuedesk.core.errors import OutsideError
from queuedesk.desk.change import Desk
from queuedesk.store.engine.database import Database
from tests.bounded import PATIENCE_S
from tests.hall import Clock, Hall, at, made_once
from tests.processes import Loaded

REFUSED = {"printed": False, "printer": None, "error": OutsideError("no_printer"), "warning": ""}
SILENT = {"texts": {}, "spoken": {}, "links": {}, "sound_ms": 0, "played": False}
PAPER: Any = SimpleNamespace(
    print_ticket=lambda *_what, **_how: REFUSED,
    print_papers_list=lambda *_what: REFUSED,
    print_quiet_hours=lambda: REFUSED,
    print_slip=lambda _slip: REFUSED,
    print_sample_ticket=lambda: REFUSED,
)
PRINTERS: Any = SimpleNamespace(
    system_printer_names=list,
    plugged_receipt_printers=list,
    chosen_or_default_printer=str,
    stored_printer_choice=str,
    printer_status=lambda _name: None,
    require_known_printer=require_known_printer,
)
REPORTS: Any = SimpleNamespace(
    lower_process_priority=lambda: None,
    write_due_reports=lambda *_what, **_how: {"written": [], "removed": [], "failed": []},
)
NO_BACKUPS = {"backups": [], "copies": []}
BACKUPS: Any = SimpleNamespace(backup_folder_trouble_code=lambda _db: None, backups_document=lambda _db: NO_BACKUPS)
SHEETS: Any = SimpleNamespace(stored_report_status_rows=lambda _db: [])
NO_CLIPS = dict.fromkeys(("clip_check_by_language", "synthesize_missing_clips"), lambda *_where: {})
VOICE: Any = SimpleNamespace(play_trial_call=lambda *_what, **_how: SILENT, **NO_CLIPS)
ALONE = replace(
    command_services(),
    settings_fault=lambda: None,
    own_language=str,
    own_hall=lambda: (None, None),
    joined_at=lambda: None,
    sharing_has_stopped=lambda: False,
    shares_halls_of=lambda _file: False,
    owners_address=lambda: None,
    put_away_password=str,
    pc_here=lambda _desk: "",
    paper=lambda _desk, _clock: PAPER,
    printers=lambda: PRINTERS,
    reports=lambda: REPORTS,
    backups=lambda: BACKUPS,
    sheets=lambda: SHEETS,
    voice=lambda: VOICE,
)
"""It has joined no hall and shares none; it has no printer, no voice, and nothing kept."""


Batch = Callable[..., list[dict[str, Any]]]
"""Gives lines to the command `batch` and returns its answers."""
ROOT = Path(__file__).resolve().parent.parent.parent


@dataclass
class Answer:
    """What a command line gave back."""

    status: int
    out: str
    err: str

    @property
    def document(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.out)
        return found

    @property
    def refusal(self) -> str:
        """The code of the error document."""
        return str(self.document["error"]["code"])


@dataclass
class Console:
    """A console of one hall's PC: `ask` for documents, `say` for words. The time is ten in the morning until moved."""

    db: Path
    read: Callable[[], tuple[str, str]]
    clock: Any = field(default_factory=lambda: Clock(at("10:00")))
    services: CommandServices = ALONE
    openers: Mapping[str, Callable[..., int]] = field(default_factory=dict)

    def say(self, *words: object) -> Answer:
        """Run a command line in English."""
        line = ["--db", str(self.db), "--lang", "en", *map(str, words)]
        status = run_command_line(line, openers=self.openers, clock=self.clock, services=self.services)
        out, err = self.read()
        return Answer(status, out, err)

    def ask(self, *words: object) -> dict[str, Any]:
        """Run a command line that is to succeed and return its document."""
        answer = self.say("--json", *words)
        assert answer.status == 0, (words, answer)
        return answer.document

    def refused(self, *words: object) -> str:
        """Run a command line that a rule refuses and return the code."""
        answer = self.say("--json", *words)
        assert (answer.status, answer.err) == (1, ""), (words, answer)
        return answer.refusal

    def hall(self) -> Hall:
        """Return the hall that is in its file."""
        return Hall(Desk(Database.open(self.db), 1), self.clock, self.db)

    def log(self, since: int = 0) -> list[dict[str, Any]]:
        """Return the log after a number."""
        return [json.loads(line) for line in self.say("--json", "events", "--since", since).out.splitlines()]


def begun_once(console: Console, begin: Callable[[Console], object], *, kind: str = "") -> Console:
    """Let `begin` do something at a console, for the first test that asks; those after it have a copy of its hall."""

    def begun(_folder: Path) -> Hall:
        begin(console)
        return console.hall()

    made = made_once(console.db.parent, begun, kind=f"{begin.__module__} {begin.__qualname__} {kind}")
    made.desk.db.dispose()
    console.clock.now = made.clock.now
    return console


def process(db: Path, *words: object) -> Answer:
    """Run a command as a process of its own, which begins with the program loaded, to its end."""
    return ended(loaded(db, *words))


def ended(running: subprocess.Popen[str] | Loaded) -> Answer:
    """Wait for a process and return what it gave back."""
    out, err = running.communicate(timeout=PATIENCE_S)
    return Answer(running.returncode, out, err)


def loaded(db: Path, *words: object) -> Loaded:
    """Start a command as a process that begins with the program loaded: many really run at once, or end at work."""
    return Loaded(["-m", "queuedesk", "--db", db, "--lang", "en", *words], os.environ)
