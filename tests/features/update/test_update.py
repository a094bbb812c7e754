"""A new version: accepted by its signature, tried on a copy of the hall, taken by one PC or by several in turn."""

import json
import os
import re
import shlex
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519

from queuedesk import __version__, i18n
from queuedesk.core.errors import RuleError
from queuedesk.core.network.roles import CONSOLE
from queuedesk.core.network.sharing import PcKind
from queuedesk.desk import network
from queuedesk.desk.change import Desk
from queuedesk.desk.upkeep.maintenance import restore_database
from queuedesk.features.update import verbs, words
from queuedesk.features.update.verbs import changing
from queuedesk.features.update.words import update_step_text
from queuedesk.i18n import error_sentence
from queuedesk.store.engine.database import Database
from queuedesk.store.engine.migrate import REVISION
from tests.bounded import PATIENCE_S, until
from tests.credentials import Shared, shared
from tests.features.update.releases import (
    NEW,
    NEXT_REVISION,
    REVISES,
    copied,
    installed_by_hand,
    next_release,
    program_folder,
    replaced,
    sign,
    sign_by_script,
    wheels_folder,
)
from tests.hall import simple_hall
from tests.installed import Installed, made_once
from tests.rewritten import drop_after

TEXTS = {**words.UNACCEPTABLE, **words.UNTIMELY, **words.FAILED, **words.NO_WAY_BACK, **words.KEY}
SENTENCES = {name: re.compile(re.sub(r"\\\{\w+\\\}", ".+", re.escape(text))) for name, text in TEXTS.items()}

KEY_OF_NO_KIND = b"""-----BEGIN PUBLIC KEY-----
MCowBQYDK2V/AyEAyMRCCP8VsyxgCGRkxpflJXTlaB8334Te/J2/W8sTcvA=
-----END PUBLIC KEY-----
"""

pytestmark = [pytest.mark.journey, pytest.mark.shares]


def problem(error: dict[str, Any]) -> str:
    """Return which problem a refusal's sentence names, else its code."""
    found = [name for name, sentence in SENTENCES.items() if sentence.fullmatch(error["message"])]
    return found[0] if found else str(error["code"])


def line(*words: object) -> str:
    """Return a command as `batch` reads it."""
    return shlex.join(map(str, words))


@dataclass
class Pc:
    """A PC with this version installed, a home of its own and a hall."""

    copy: Installed
    home: Path

    @property
    def data(self) -> Path:
        return self.home / ".local" / "share" / "queuedesk"

    @property
    def key(self) -> Path:
        return self.home / "own key"

    def run(self, *words: object) -> subprocess.CompletedProcess[str]:
        return self.copy.command("--lang", "en", *words, home=self.home)

    def ask(self, *words: object) -> dict[str, Any]:
        done = self.run("--json", *words)
        assert done.returncode == 0, (words, done.stdout, done.stderr)
        found: dict[str, Any] = json.loads(done.stdout)
        return found

    def given(self, text: str, *words: object) -> list[dict[str, Any]]:
        """Give a command a text on standard input; return what it answers, line by line."""
        done = self.copy.command("--lang", "en", "--json", *words, home=self.home, given=text)
        assert done.returncode == 0, done.stderr
        return [json.loads(line) for line in done.stdout.splitlines()]

    def told(self, *lines: str) -> list[dict[str, Any]]:
        """Return what one process answers to several commands, each of which it carries out."""
        found = self.given("\n".join(lines), "batch")
        assert [one["status"] for one in found] == [0] * len(lines), found
        return [one["out"] for one in found]

    def refused(self, *words: object) -> str:
        """Return the problem, else the code, and check that nothing of the hall or the versions was changed."""
        return self.refused_as(*words)[0]

    def refused_as(self, *words: object, meanwhile: frozenset[str] = frozenset()) -> tuple[str, str]:
        """Return the same with the sentence; events of the kinds `meanwhile` may come from a station that runs."""
        log, *versions = self.state()
        done = self.run("--json", *words)
        assert done.returncode == 1, (words, done.stdout, done.stderr)
        log_after, *versions_after = self.state()
        assert (log, versions) == ([row for row in log_after if row in log or row[2] not in meanwhile], versions_after)
        error = json.loads(done.stdout)["error"]
        return problem(error), error["message"]

    def all_refused(self, *lines: str) -> list[str]:
        """Return the problems, else the codes, of several commands; nothing was changed by any."""
        before = self.state()
        found = [self.run("--json", *shlex.split(line)) for line in lines]
        assert [one.returncode for one in found] == [1] * len(lines), found
        assert self.state() == before
        return [problem(json.loads(one.stdout)["error"]) for one in found]

    def state(self) -> tuple[list[tuple[object, ...]], str, list[str]]:
        """Return the hall's revision and log but for the note on its backup, which version starts, and what there is of
        versions."""
        hall, versions = self.data / "hall.sqlite", self.data / "versions"
        rows: list[tuple[object, ...]] = []
        if hall.exists():
            with closing(sqlite3.connect(hall)) as file:
                rows = file.execute(
                    "SELECT version_num, seq, kind FROM alembic_version, events WHERE kind <> 'device'"
                ).fetchall()
        current = versions / verbs.CURRENT
        kept = sorted(path.name for path in versions.glob("*") if path.name != "update.lock")
        return rows, current.read_text(encoding="utf-8") if current.exists() else "", kept

    def without_hall(self) -> None:
        """Take the hall away, where a change of versions is about programs alone."""
        (self.data / "hall.sqlite").rename(self.home / "away.sqlite")

    def version(self) -> str:
        return self.copy.run("--version", home=self.home).stdout.removeprefix("QueueDesk ").strip()

    def start(self, *words: object, **also: str) -> subprocess.Popen[str]:
        command = [str(self.copy.programs / "queuedesk"), "--lang", "en", *map(str, words)]
        pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        env = self.copy.environment(self.home) | also
        return subprocess.Popen(command, env=env, cwd=self.home, encoding="utf-8", start_new_session=True, **pipes)


def begin(pc: Pc) -> None:
    pc.home.mkdir()
    served = ("issue A", "issue A", "call 1", "start 1", "finish 1")
    work = ("init --preset power --all-hours", "open 1 --staff C1", *served, "close 1")
    assert pc.told(*work, line("update-key", "make", pc.key))[-1]["name"] == "own key"
    assert pc.key.stat().st_mode & 0o077 == 0


@pytest.fixture
def release(installed: Installed, pc: Pc, tmp_path: Path) -> Path:
    """The next version with a revision of its own, signed with the PC's key."""
    return next_release(installed, tmp_path / "stick", pc.key)


def revision(pc: Pc) -> str:
    return changing.database_revision(pc.data / "hall.sqlite")


def test_a_hall_goes_on_with_the_new_version_once_nobody_works_and_goes_back_with_no_loss_or_as_the_sentence_says(
    pc: Pc, release: Path
) -> None:
    tickets_before, hall = pc.ask("tickets")["tickets"], pc.data / "hall.sqlite"
    # A kept report that no longer holds keeps no version away.
    end = max(row[1] for row in pc.state()[0])
    tomorrow = (datetime.now(UTC).astimezone() + timedelta(days=1)).replace(hour=8)
    _issued, due = pc.told("issue A", line("--at", f"{tomorrow:%Y-%m-%d %H:%M}", "report", "due"))
    assert due["written"]
    with Database.open(hall) as db:
        drop_after(SimpleNamespace(desk=Desk(db, 1)), end)
    assert "not good  kept POWER" in pc.run("doctor").stdout
    found, _open = pc.told("update", "open 1 --staff C1")
    assert {"version": __version__, "current": __version__, "before": None, "kept": []}.items() <= found.items()
    refused, told = pc.refused_as("update", release)
    assert (refused, "People still work at these windows: 1 (C1)" in told) == ("windows_open", True)
    _closed, before = pc.told("close 1", "state")
    old = revision(pc)
    station = pc.start("counter", "--window", "1", "--size", "1280x800", QT_QPA_PLATFORM="offscreen")
    until(lambda: any((pc.home / ".config" / "queuedesk" / "running").glob("*.json")), "the station's note")
    refused, told = pc.refused_as("update", release, meanwhile=frozenset({"alarm"}))
    assert (refused, "These stations still run on this PC: Window 1; please close" in told) == ("stations_open", True)
    station.terminate()
    station.communicate(timeout=PATIENCE_S)
    (release / "_internal" / "sitecustomize.py").write_text("raise SystemExit(7)")
    done = pc.run("update", release)
    assert done.returncode == 0, done.stderr
    i18n.choose_language("en")
    assert [line for line in done.stderr.splitlines() if line.endswith("…")] == [
        update_step_text(s) for s in changing.STEPS
    ]
    found, state = pc.told("update", "state")
    assert (found["version"], revision(pc)) == (NEW, NEXT_REVISION)
    assert state["waiting"] == before["waiting"]
    inside = pc.data / "versions" / NEW / "_internal"
    assert (inside / "python").is_symlink()
    assert not (inside / "sitecustomize.py").exists()  # What a stick holds besides is not taken.
    assert pc.refused("update", release) == "not_newer"
    current = pc.data / "versions" / verbs.CURRENT
    for file in (hall, current):
        shutil.copyfile(file, pc.home / file.name)

    # While nothing came it goes back as it was.
    went = pc.ask("update", "--back")
    assert (went["version"], Path(went["copy"]).is_file()) == (__version__, True)
    assert (pc.version(), revision(pc)) == (__version__, old)
    assert pc.refused("update", "--back") == "no_back"

    # The same hall with the new version again: what was recorded since is lost only as the sentence says.
    for file in (hall, current):
        shutil.copyfile(pc.home / file.name, file)
    shutil.rmtree(pc.data / "reports")
    _open, called = pc.told("open 1 --staff C1", "call 1")
    assert called["ticket"] == "A002"
    assert pc.refused("update", "--back") == "windows_open"
    _finished, _closed, examined = pc.told("finish 1", "close 1", "doctor")
    assert examined["ok"]
    refused, told = pc.refused_as("update", "--back")
    copy = json.loads(current.read_text(encoding="utf-8"))["before"]["copy"]
    assert refused == "since"
    assert f"(entries in the log: 4). To lose that all the same, move {hall} elsewhere, run" in told
    assert told.strip().endswith(f"restore the hall as it was: {copy}")
    # The version before restores it where the newer hall is out of its way; numbers that customers hold come once.
    hall.rename(pc.home / "away.sqlite")
    pc.ask("update", "--back")
    found, _restored, tickets = pc.told("update", line("restore", copy), "tickets")
    assert (found["version"], revision(pc)) == (__version__, REVISION)
    states, states_before = (
        [(row["ticket"], row["state"]) for row in one] for one in (tickets["tickets"], tickets_before)
    )
    assert states == states_before
    issued, examined = pc.told("issue A", "doctor")
    assert issued["ticket"] == "A100" and examined["ok"]


def test_a_program_without_a_hall_changes_too_and_a_version_that_is_gone_or_that_others_named_keeps_nobody_away(
    pc: Pc, release: Path
) -> None:
    pc.without_hall()
    # That no version opens windows here is no fault of the new one.
    done = pc.copy.run("--json", "update", release, home=pc.home, also={"QT_QPA_PLATFORM": "none"})
    assert done.returncode == 0 and json.loads(done.stdout)["copy"] is None, done.stdout
    # Only the new one reads a hall that is made then.
    found, _made, examined = pc.told("update", "init --preset power --all-hours", "doctor")
    assert (found["version"], examined["ok"]) == (NEW, True)
    assert pc.refused("update", "--back") == "no_copy"
    folder, current = pc.data / "versions" / NEW, pc.data / "versions" / verbs.CURRENT
    whole = current.read_text(encoding="utf-8")
    for text in ("", "[" * 100_000, "{}", '{"version": "9", "package": "", "program": []}'):
        current.write_text(text, encoding="utf-8")
        assert pc.version() == __version__, text[:40]
    current.write_text(whole, encoding="utf-8")
    (folder / verbs.WHOLE).unlink()  # as after a power cut
    assert pc.refused("update", pc.home / "nowhere") == "no_such_file"
    assert pc.version() == NEW
    current.chmod(0o646)
    assert pc.version() == __version__
    current.chmod(0o600)
    (folder / "queuedesk").chmod(0o600)
    assert pc.version() == __version__
    (folder / "queuedesk").chmod(0o700)
    assert pc.version() == NEW
    (folder / "_internal").rename(folder / "elsewhere")
    assert pc.version() == __version__
    shutil.rmtree(folder)
    assert pc.version() == __version__


def test_what_came_after_an_older_backup_was_restored_counts_as_recorded_since(tmp_path: Path) -> None:
    hall = simple_hall(tmp_path)
    copies = [tmp_path / f"{n}.sqlite" for n in (1, 2)]
    for copy in copies:
        hall.issue("A")
        with closing(sqlite3.connect(hall.path)) as file, closing(sqlite3.connect(copy)) as into:
            file.backup(into)
    assert [changing.event_count_since_copy(copy, hall.path) for copy in copies] == [1, 0]
    restore_database(copies[0], hall.path, hall.ask(CONSOLE), replace=True)
    assert [changing.event_count_since_copy(copy, hall.path) for copy in copies] == [1, 1]


def test_what_is_not_signed_whole_newer_and_for_this_pc_changes_nothing(pc: Pc, release: Path, tmp_path: Path) -> None:
    wanted = {tmp_path / "nowhere": "no_such_file"}

    def copy_refused(why: str) -> Path:
        folder = copied(release, tmp_path / f"copy {len(wanted)}")
        wanted[folder] = why
        return folder

    unsigned = copy_refused("unsigned")
    (unsigned / verbs.SIGNATURE).unlink()
    for name in ("_internal/queuedesk/app/main.py", "queuedesk"):
        damaged = copy_refused("damaged")
        content = bytearray((damaged / name).read_bytes())
        content[len(content) // 2] ^= 1
        replaced(damaged / name, content)
    (copy_refused("damaged") / "_internal" / "queuedesk" / "watch.py").unlink()
    longer = copy_refused("damaged")
    replaced(longer / "queuedesk", (longer / "queuedesk").read_bytes() + b"#" * 5_000_000)
    for signature in (None, b"", b"not base64 at all!", b"AAAA"):
        altered = copy_refused("untrusted")
        text = (altered / verbs.RELEASE).read_bytes()
        replaced(altered / verbs.RELEASE, text.replace(f'"{NEW}"'.encode(), b'"0.9.0"'))
        if signature is not None:
            replaced(altered / verbs.SIGNATURE, signature)
    sign(copy_refused("platform"), pc.key, "windows-x64")
    escaping = copy_refused("damaged")
    (escaping / "_internal" / "out").symlink_to("../../../out")
    sign(escaping, pc.key)
    verbs.write_signing_key_pair(tmp_path / "stranger")
    stranger = sign(copy_refused("untrusted"), tmp_path / "stranger")
    assert pc.all_refused(*(line("update", folder) for folder in wanted)) == [*wanted.values()]
    trust = line("update-key", "trust", tmp_path / "stranger.pub")
    trusted, found, _forgot = pc.told(trust, "update", "update-key forget stranger")
    assert trusted["name"] == "stranger"
    assert [key["name"] for key in found["keys"]] == ["own key", "stranger"]
    no_keys = [tmp_path / "stranger", *(tmp_path / f"odd{n}.pub" for n in range(3))]
    for file, content in zip(no_keys[1:], (b"", b"\xff\xfe\0", KEY_OF_NO_KIND), strict=True):
        file.write_bytes(content)
    namesake = tmp_path / "elsewhere" / "own key"
    namesake.parent.mkdir()
    there = [tmp_path / "stranger", ".", tmp_path.anchor, namesake]
    refused = pc.all_refused(
        line("update", stranger),
        "update-key forget stranger",
        *(line("update-key", "trust", file) for file in no_keys),
        *(line("update-key", "make", file) for file in there),
    )
    assert refused == ["untrusted", "unknown_key", *["no_key"] * len(no_keys), *["key_there"] * len(there)]
    assert not any(namesake.parent.iterdir())
    keys = pc.home / ".config" / "queuedesk" / verbs.KEYS
    for odd in ("", "[]", '{"keys": {"own key": "?"}}', '{"keys": {"own key": 7}}'):
        keys.write_text(odd, encoding="utf-8")
        told, of_unsigned, of_release = pc.all_refused("update", line("update", unsigned), line("update", release))
        assert (told, of_release) == ("cannot_read", "cannot_read") and of_unsigned in ("cannot_read", "unsigned")
    assert pc.ask("doctor")["ok"]


def test_a_version_that_counts_otherwise_or_does_not_start_changes_nothing(pc, installed, tmp_path):
    def other_figures(text: str) -> str:
        return text.replace(
            "    for table in (log", '    found["figures"] = {"issued": 99}\n    return found\n    for table in (log'
        )

    def on_the_hall_itself(text: str) -> str:
        opened = "    if db is not None and is_owner:\n"
        assert opened in text
        fails = 'if db.path == versions_folder().parent / "hall.sqlite":\n            sys.exit("broken")'
        return text.replace(opened, f"{opened}        {fails}\n", 1)

    def opens_no_window(text: str) -> str:
        return text.replace("; QApplication(['doctor'])", "; raise SystemExit(1)")

    counts = {"queuedesk/store/upkeep/pack.py": other_figures, "queuedesk/cli/upkeep.py": opens_no_window}
    folder = sign(program_folder(installed, tmp_path / "counts", counts), pc.key)
    refused, told = pc.refused_as("update", folder)
    assert (refused, "screen" in told, "POWER: issued" in told) == ("differs", True, True)
    broken = {"queuedesk/app/main.py": lambda text: f"{text}\nraise SystemExit(9)\n"}
    folder = sign(program_folder(installed, tmp_path / "broken", broken), pc.key)
    assert pc.refused("update", folder) == "trial_failed"
    # It upgrades the hall and fails then: the hall goes back with the program.
    fails = {**REVISES, "queuedesk/features/update/verbs/changing.py": on_the_hall_itself}
    folder = sign(program_folder(installed, tmp_path / "fails", fails), pc.key)
    old, log = revision(pc), pc.state()[0]
    done = pc.run("--json", "update", folder)
    assert (done.returncode, json.loads(done.stdout)["error"]["code"]) == (1, "update_went_back")
    assert (pc.version(), revision(pc), pc.state()[0]) == (__version__, old, log)


def test_killed_at_each_step_the_hall_works_with_one_of_the_two_and_a_further_try_ends(pc: Pc, release: Path) -> None:
    """What a kill leaves lies among the versions and the backups, until the new version is the current one: there each
    later try finds it, and each comes further than the one before, the last to its end. At the switch only the copies
    that were tried are gone again."""
    i18n.choose_language("en")
    for number, step in enumerate(changing.STEPS, start=3):
        kill_at(pc, release, step)
        found, issued = pc.told("update", "issue A")
        assert issued["ticket"] == f"A{number:03}", step
        if step == changing.SWITCH and found["version"] == NEW:
            break  # The kill came after what it was told of, which is where the next step begins.
        assert found["version"] == (NEW if step == changing.START else __version__), step
    if found["version"] != NEW:
        pc.ask("update", release)
    found, issued = pc.told("update", "issue A")
    assert (found["version"], revision(pc)) == (NEW, NEXT_REVISION)
    assert issued["ticket"] == f"A{number + 1:03}"


def kill_at(pc: Pc, release: Path, step: str) -> None:
    """Kill an update as soon as it says that it is at `step`."""
    wanted = update_step_text(step)
    running = pc.start("update", release)
    for told in running.stderr:
        if told.strip() == wanted:
            break
    os.killpg(running.pid, signal.SIGKILL)
    running.communicate(timeout=PATIENCE_S)
    assert running.returncode == -signal.SIGKILL, f"it never came to {step}"


@pytest.mark.works
def test_packages_for_python_are_installed_beside_and_signed_by_the_script(pc, installed, tmp_path):
    folder = wheels_folder(installed, tmp_path / "offline")
    locked = tmp_path / "locked"
    password = serialization.BestAvailableEncryption(b"secret")
    key = ed25519.Ed25519PrivateKey.generate()
    locked.write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, password))
    with pytest.raises(subprocess.CalledProcessError) as refused:
        sign_by_script(folder, locked)
    assert "was not signed: Password" in refused.value.stderr and "Traceback" not in refused.value.stderr
    assert f": {NEW} for {verbs.platform_name()}, 2 files" in sign_by_script(folder, pc.key)
    done = pc.ask("update", folder)
    found, _issued = pc.told("update", "issue A")
    assert done["version"] == NEW
    assert {"version": NEW, "current": NEW, "before": __version__}.items() <= found.items()
    # Without another revision nothing is lost on the way back.
    assert pc.ask("update", "--back")["copy"] is None
    found, issued = pc.told("update", "issue A")
    assert (found["version"], issued["ticket"]) == (__version__, "A004")


AT_HOME = """
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from queuedesk.app.main import main
from queuedesk.app.station.program import StationProgram

folder, key = sys.argv[1:3]
run = StationProgram.run


def press(frame, told):
    page = frame.current_page
    if type(page).__name__ != "NewerHallPage" or not page.updating.state or page.updating.is_busy:
        return
    if page.updating.is_updated:
        print(page.step.text(), page.change_button.isVisible(), sep="\\n")
        QApplication.exit(0)
    elif page.change_button.isEnabled():
        told or page.change_to_version(folder)
        told.append(folder)
    elif not told:
        page.trust_key_file(key)


def run_and_press(program, frame, *words):
    timer, told = QTimer(frame), []
    timer.timeout.connect(lambda: press(frame, told))
    timer.start(50)
    return run(program, frame, *words)


StationProgram.run = run_and_press
sys.exit(main(sys.argv[3:]))
"""


@dataclass
class SharingPc(Pc):
    """A PC of a hall on a server, with a login of its own."""

    url: str = ""

    def run(self, *words: object) -> subprocess.CompletedProcess[str]:
        return super().run("--db", self.url, *words)

    def given(self, text: str, *words: object) -> list[dict[str, Any]]:
        return super().given(text, "--db", self.url, *words)

    def give_sign_of_life(self) -> None:
        """Do what each station of this version does."""
        with Database.open(self.url) as db:
            network.record_own_pc_alive(Desk(db, 1))


@pytest.fixture
def hall(shared_url: str) -> Iterator[Shared]:
    with shared(shared_url, "T", since=datetime.now(UTC)) as found:
        yield found


@pytest.fixture
def key() -> Path:
    return made_once("signer", lambda place: verbs.write_signing_key_pair(place / "signer")) / "signer"


def stored(hall: Shared) -> tuple[object, ...]:
    with psycopg.connect(hall.url) as server:
        row = server.execute("SELECT version_num, (SELECT oldest FROM database) FROM alembic_version").fetchone()
    assert row is not None
    return row


@pytest.fixture
def pcs(hall: Shared, installed: Installed, key: Path, tmp_path: Path) -> tuple[SharingPc, SharingPc]:
    """Return the owner's PC and another one, which trust the key."""
    urls = {"main": hall.url, "other": hall.pc(PcKind.STAFF)}

    def trust(place: Path) -> None:
        for name, url in urls.items():
            pc = SharingPc(installed, place / name, url)
            pc.home.mkdir()
            assert pc.ask("update-key", "trust", f"{key}.pub")["name"] == "signer"

    trusting = made_once("trusting-pcs", trust)
    main, other = (SharingPc(installed, tmp_path / name, url) for name, url in urls.items())
    for pc in (main, other):
        shutil.copytree(trusting / pc.home.name, pc.home)
    return main, other


@pytest.mark.pg
def test_where_older_programs_can_not_go_on_tables_change_while_none_works_each_pc_is_updated_and_the_backup_leads_back(
    hall: Shared, pcs: tuple[SharingPc, SharingPc], installed: Installed, key: Path, tmp_path: Path
) -> None:
    main, other = pcs
    folder = next_release(installed, tmp_path / "stick", key)
    # Tables change on the owner's PC alone, while no PC works that could not go on.
    assert other.refused("update", folder) == "main_first"
    other.give_sign_of_life()
    assert main.ask("pcs", "list")["pcs"][0]["version"] == __version__
    done = main.run("update", folder)
    assert f"{NEW} stores the hall in a way that these PCs can't read: staff PC ({__version__})." in done.stderr
    assert (main.version(), stored(hall)) == (__version__, (REVISION, None))
    with psycopg.connect(hall.url) as server:
        server.execute("UPDATE pcs SET seen = seen - 3600000000")  # an hour later
    assert other.ask("issue", "A")["ticket"] == "A001"
    backup = main.ask("update", folder)["copy"]
    assert (main.version(), stored(hall)) == (NEW, (NEXT_REVISION, NEXT_REVISION))
    refused, found = other.given("issue A\nupdate", "batch")
    assert refused["status"] == 3 and "from a newer QueueDesk" in refused["message"]
    assert found["out"]["newer"]

    # The tables lead no version back; a PC with the version before has the hall from the backup.
    done = main.run("--json", "update", "--back")
    message = json.loads(done.stdout)["error"]["message"]
    assert done.returncode == 1 and SENTENCES["upgraded"].fullmatch(message)
    assert backup in message
    spare = Pc(installed, tmp_path / "spare")
    spare.home.mkdir()
    _restored, tickets = spare.told(line("restore", backup), "tickets")
    assert [row["ticket"] for row in tickets["tickets"]] == ["A001"]

    other.ask("update-key", "forget", "signer")
    program = [str(installed.programs / "python"), "-c", AT_HOME, str(folder), f"{key}.pub"]
    screen = installed.environment(other.home) | {"QT_QPA_PLATFORM": "offscreen"}
    done = installed.start([*program, "--db", other.url, "--lang", "en", "home"], screen, other.home)
    assert done.stdout.splitlines() == [
        f"QueueDesk {NEW} starts on this PC from now on; before it was {__version__}.",
        "Please restart this PC, or close QueueDesk and open it again.",
        "False",
    ], done.stderr
    found, issued = other.told("update", "issue A")
    assert (found["version"], issued["ticket"]) == (NEW, "A002")
    assert main.ask("doctor")["ok"]


@pytest.mark.pg
def test_old_and_new_programs_work_together_until_the_last_pc_is_updated_and_the_first_goes_back(
    hall: Shared, pcs: tuple[SharingPc, SharingPc], installed: Installed, key: Path, tmp_path: Path
) -> None:
    main, other = pcs
    folder = next_release(installed, tmp_path / "stick", key, adding=True)
    # No tables change where a window was opened during the trial.
    running = main.start("--db", main.url, "update", folder)
    i18n.choose_language("en")
    while running.stderr.readline().strip() != update_step_text(changing.BACKUP):
        assert running.poll() is None
    hall.hall().open("1", "C1")  # A command would take as long to begin as some of the steps that follow.
    _out, told = running.communicate(timeout=PATIENCE_S)
    assert "People still work at these windows: 1 (C1)" in told
    assert (main.version(), stored(hall)) == (__version__, (REVISION, None))
    assert not (main.data / "versions" / NEW).exists()
    other.ask("close", "1")
    other.give_sign_of_life()
    done = main.ask("update", folder)
    assert (done["version"], main.version(), stored(hall)) == (NEW, NEW, (NEXT_REVISION, REVISION))

    # Both at the same time.
    giving = [pc.start("--db", pc.url, "--json", "issue", "A") for _ in range(3) for pc in (other, main)]
    given = [json.loads(process.communicate(timeout=PATIENCE_S)[0])["ticket"] for process in giving]
    assert sorted(given) == [f"A{n:03}" for n in range(1, 7)]
    other.ask("open", "1", "--staff", "C1")
    main.ask("open", "2", "--staff", "C2")
    calling = [pc.start("--db", pc.url, "--json", "call", window) for pc, window in ((other, "1"), (main, "2"))]
    called = [json.loads(process.communicate(timeout=PATIENCE_S)[0])["ticket"] for process in calling]
    assert sorted(called) == ["A001", "A002"]
    (old_state, old_doctor, old), (state, doctor, new) = (pc.told("state", "doctor", "update") for pc in (other, main))
    assert old_state["waiting"] == state["waiting"]
    assert doctor["ok"] and old_doctor["ok"]
    assert any("The hall's data are newer than this program" in check["message"] for check in old_doctor["checks"])
    assert old["newer"] and not new["newer"]

    # The other follows while windows are open, and the main PC may still go back.
    assert other.ask("update", folder)["version"] == NEW
    assert main.ask("update", "--back")["version"] == __version__
    assert stored(hall) == (NEXT_REVISION, REVISION)
    old, issued_by_old, doctor = main.told("update", "issue A", "doctor")
    new, issued = other.told("update", "issue A")
    assert (old["version"], new["version"]) == (__version__, NEW)
    assert (issued_by_old["ticket"], issued["ticket"]) == ("A007", "A008")
    assert old["newer"] and not new["newer"] and doctor["ok"]


def test_stations_of_a_hall_that_no_pc_has_joined_are_named_as_people_call_them() -> None:
    i18n.choose_language("en")
    for stations, name in ((True, "Window 1 on Hall 2"), (False, "counter-1@Hall 2")):
        details = {"names": ["counter-1@Hall 2"], "stations": stations, "version": NEW}
        assert f"can't read: {name}." in error_sentence(RuleError("update_untimely", problem="pcs_open", **details))


def test_a_check_that_fails_at_the_first_start_counts_also_where_the_hall_works_meanwhile(tmp_path: Path) -> None:
    halls = [{"T": {"seq": seq, "hash": str(seq), "figures": {}}} for seq in (1, 2)]
    for failed in ("", "database"):
        answer = json.dumps({"halls": halls[1], "failed": failed.split()})
        new = {"program": [sys.executable, "-c", f"print({answer!r})"]}
        before = {"halls": halls[0], "failed": []}
        assert changing.try_first_start_for_trouble_text(new, tmp_path / "hall.sqlite", before) == failed


def test_a_hall_in_a_file_goes_back_with_what_came_since_where_tables_were_only_added(pc, installed, tmp_path):
    pc.ask("update", next_release(installed, tmp_path / "adding", pc.key, adding=True))
    assert pc.ask("issue", "A")["ticket"] == "A003"
    assert pc.ask("update", "--back")["copy"] is None
    found, issued, examined = pc.told("update", "issue A", "doctor")
    assert (found["version"], changing.database_revision(pc.data / "hall.sqlite")) == (__version__, NEXT_REVISION)
    assert issued["ticket"] == "A004" and found["newer"] and examined["ok"]


def test_two_versions_are_kept_with_what_a_process_uses_and_one_installed_by_hand_is_also_what_entries_at_log_in_start(
    pc: Pc, installed: Installed, tmp_path: Path
) -> None:
    def started(program: Path) -> str:
        done = installed.start([str(program / "queuedesk"), "--version"], installed.environment(pc.home), pc.home)
        assert done.returncode == 0, done.stderr
        return done.stdout.removeprefix("QueueDesk ").strip()

    pc.without_hall()
    sticks = {}
    for last in range(1, 5):
        sticks[last] = sign(program_folder(installed, tmp_path / f"{last}", {}, f"{__version__}.{last}"), pc.key)
    versions = {last: f"{__version__}.{last}" for last in sticks}
    folder = pc.data / "versions"
    assert pc.ask("update", sticks[1])["removed"] == pc.ask("update", sticks[2])["removed"] == []
    holding = (
        "import sys; from queuedesk.features.update import verbs; verbs.replace_process_if_other_version();"
        " print(flush=True); sys.stdin.read()"
    )
    program = (folder / versions[1] / "queuedesk").read_text().replace("-P -m queuedesk", f"-P -c '{holding}'")
    (tmp_path / "hold").write_text(program.replace('$(dirname "$(readlink -f "$0")")', str(folder / versions[1])))
    env, pipe = installed.environment(pc.home) | {verbs.LED: "1"}, subprocess.PIPE
    used = subprocess.Popen(["sh", tmp_path / "hold"], env=env, stdin=pipe, stdout=pipe)
    used.stdout.readline()
    done = pc.ask("update", sticks[3])
    assert (done["removed"], done["not_removed"]) == ([], [versions[1]])
    assert (folder / versions[1] / verbs.WHOLE).is_file()
    used.communicate(timeout=PATIENCE_S)
    assert pc.ask("update", sticks[4])["removed"] == [versions[2], versions[1]]
    kept = pc.ask("update")["kept"]
    assert [one["version"] for one in kept] == [versions[4], versions[3]] and kept[0]["bytes"] > 1_000_000
    # What opens at log-in may still name a version that is gone, or one that was there before a newer one came by hand.
    assert started(folder / versions[1]) == versions[4]
    by_hand = installed_by_hand(wheels_folder(installed, tmp_path / "offline"), tmp_path / "by hand")
    assert [started(one) for one in (folder / versions[4], by_hand, folder / versions[4])] == [versions[4], NEW, NEW]
    assert pc.version() == NEW
