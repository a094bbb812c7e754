"""The program where there is no checkout: installed from the wheel, started as people start it."""

import json
import os
import shlex
import shutil
import signal
import subprocess
from configparser import ConfigParser
from pathlib import Path

import psutil
import pytest
from PIL import Image
from pytestqt.qtbot import QtBot

from queuedesk.i18n import tr
from tests.hall import hall_of_today
from tests.installed import PATIENCE_S, ROOT, Installed, build, unpacked_sdist, wheel_of
from tests.reports.read_back import pages_of

pytestmark = pytest.mark.journey

MOST_MB = 9
WHERE = "import queuedesk, sys; print(queuedesk.__file__); print(sys.path)"
# Somebody else who may read everything and write nothing of the owner's, whatever the owner's rights on the folders
# above are.
NOBODY = 65534
SOMEBODY_ELSE = (
    "setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups",
    "--inh-caps=-all,+dac_read_search", "--ambient-caps=-all,+dac_read_search", "--bounding-set=-all,+dac_read_search",
)  # fmt: skip


def test_the_wheel_is_the_same_from_a_checkout_and_from_the_sdist(installed: Installed, tmp_path: Path) -> None:
    build(unpacked_sdist(installed, tmp_path / "sdist"), tmp_path / "again", "wheel")
    wheel = wheel_of(installed.built).read_bytes()
    assert wheel_of(tmp_path / "again").read_bytes() == wheel
    assert len(wheel) < MOST_MB * 1_000_000


def test_nothing_of_the_checkout_is_in_reach(installed: Installed) -> None:
    where = installed.start([str(installed.programs / "python"), "-c", WHERE], installed.environment())
    assert str(installed.package) in where.stdout
    assert str(ROOT) not in where.stdout.replace(str(ROOT / ".venv"), "")


def test_a_morning_of_somebody_who_may_only_read_the_program(installed: Installed, tmp_path: Path) -> None:
    """From the set-up of a hall to a ticket, a station's first picture, the day's report and doctor's word."""
    os.chown(tmp_path, NOBODY, NOBODY)
    asked = ["touch", str(installed.package / "mine")]
    assert installed.start([*SOMEBODY_ELSE, *asked], installed.environment(tmp_path), tmp_path).returncode == 1

    def done(*words: object, module: bool = False) -> str:
        hall = ("--db", tmp_path / "hall.sqlite")
        said = installed.run(*hall, *words, before=SOMEBODY_ELSE, home=tmp_path, module=module)
        assert (said.returncode, said.stderr) == (0, ""), words
        return said.stdout

    done("init", "--preset", "power", "--all-hours")
    ticket = json.loads(done("--json", "issue", "A", module=True))
    assert ticket["ticket"] == "A001"
    done("--lang", "zh_CN", "counter", "--window", "1", "--screenshot", tmp_path / "counter.png")
    with Image.open(tmp_path / "counter.png") as picture:
        assert len(picture.convert("RGB").resize((64, 36)).getcolors(4096) or []) > 8
    done("--lang", "en", "report", "day", "--date", ticket["arrived"][:10], "--out", tmp_path / "day.pdf")
    assert tr("en", "Daily report") in pages_of(tmp_path / "day.pdf")[0]
    checks = {one["name"]: one["status"] for one in json.loads(done("--json", "doctor"))["checks"]}
    assert "failed" not in checks.values()
    assert (checks["installation"], checks["fonts"], checks["screen"]) == ("ok", "ok", "ok")
    assert (tmp_path / "hall.sqlite").stat().st_uid == NOBODY


def test_doctor_names_what_is_missing_or_damaged(installed: Installed, tmp_path: Path) -> None:
    """Of every kind one; without its Chinese the program goes on in English."""
    package = tmp_path / "queuedesk"
    shutil.copytree(installed.package, package)
    for about in installed.package.parent.glob("queuedesk-*.dist-info"):
        shutil.copytree(about, tmp_path / about.name)
    (package / "resources" / "icons" / "bell.svg").unlink()
    with (package / "resources" / "fonts" / "QDInter-Bold.ttf").open("r+b") as font:
        font.truncate(10_000)
    (package / "resources" / "locale" / "zh_CN" / "LC_MESSAGES" / "queuedesk.mo").write_bytes(b"\xde\x12\x04\x95 ")
    (package / "resources" / "presets" / "bank.json").write_text("{}\n", encoding="utf-8")
    with (package / "core" / "imports.py").open("a", encoding="utf-8") as module:
        module.write("# a line more\n")
    words, also = ("--lang", "zh_CN", "--json", "doctor"), {"PYTHONPATH": str(tmp_path)}
    found = installed.run(*words, module=True, also=also, home=tmp_path)
    checks = {one["name"]: (one["status"], one["message"]) for one in json.loads(found.stdout)["checks"]}
    assert found.returncode == 1
    assert checks["installation"] == (
        "failed",
        "5 files of the program are missing or damaged: core/imports.py, resources/fonts/QDInter-Bold.ttf, "
        "resources/icons/bell.svg, resources/locale/zh_CN/LC_MESSAGES/queuedesk.mo, resources/presets/bank.json; "
        "please install QueueDesk again.",
    )
    assert checks["fonts"][0] == "failed"


def test_what_opens_by_itself_opens_the_installed_copy(installed: Installed, tmp_path: Path) -> None:
    add = "from queuedesk.app.this_pc import settings as autostart; autostart.add_start_entry('kiosk', ['--version'])"
    installed.start([str(installed.programs / "python"), "-c", add], installed.environment(tmp_path), tmp_path)
    entry = ConfigParser(interpolation=None)
    entry.read(tmp_path / ".config" / "autostart" / "queuedesk-kiosk.desktop", encoding="utf-8")
    line, folder = entry["Desktop Entry"]["exec"], entry["Desktop Entry"]["path"]
    opened = subprocess.run(shlex.split(line), cwd=folder, env={"HOME": str(tmp_path)}, capture_output=True, text=True)
    assert (opened.returncode, opened.stdout.split()[0]) == (0, "QueueDesk")


def test_a_station_that_is_killed_is_started_again(installed: Installed, tmp_path: Path, qtbot: QtBot) -> None:
    hall = hall_of_today(tmp_path)
    hall.desk.db.dispose()
    command = [str(installed.programs / "queuedesk"), "--db", str(hall.path), "plate", "--window", "1", "--kept"]
    env = {**installed.environment(tmp_path), "QT_QPA_PLATFORM": "offscreen"}
    keeper = subprocess.Popen(command, cwd=tmp_path, env=env)

    def stations() -> list[psutil.Process]:
        return psutil.Process(keeper.pid).children()

    try:
        qtbot.waitUntil(lambda: any(one.cmdline() for one in stations()))
        (first,) = stations()
        assert str(installed.programs) in first.exe() or str(installed.programs) in first.cmdline()[0]
        first.send_signal(signal.SIGKILL)
        qtbot.waitUntil(lambda: any(one.pid != first.pid for one in stations()))
    finally:
        keeper.terminate()
        keeper.wait(PATIENCE_S)
