"""A hall on a server whose PCs change to a new version one after the other, and what PCs keep of versions."""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest

from queuedesk import __version__, i18n
from queuedesk.core.errors import RuleError
from queuedesk.core.network.sharing import PcKind
from queuedesk.desk import network
from queuedesk.desk.change import Desk
from queuedesk.features.update import verbs
from queuedesk.features.update.verbs import changing
from queuedesk.features.update.words import update_step_text
from queuedesk.i18n import error_sentence
from queuedesk.store.engine.database import Database
from queuedesk.store.engine.migrate import REVISION
from tests.bounded import PATIENCE_S
from tests.credentials import Shared, shared
from tests.features.update.releases import (
    NEW,
    NEXT_REVISION,
    installed_by_hand,
    next_release,
    program_folder,
    sign,
    wheels_folder,
)
from tests.features.update.test_update import SENTENCES, Pc, line
from tests.installed import Installed, made_once

pytestmark = [pytest.mark.journey, pytest.mark.shares]
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
