"""What doctor looks at: this PC (warnings at most), then the hall's data (the only checks that fail)."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
import wave
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from queuedesk import __version__
from queuedesk.cli.job import Job
from queuedesk.core.errors import OutsideError, QueueDeskError
from queuedesk.i18n import LANGUAGES, _, listing, n_, say
from queuedesk.i18n.device_words import cause_words
from queuedesk.paths import data_folder, resource
from queuedesk.printing.choice import is_receipt_printer

if TYPE_CHECKING:
    from queuedesk.store.database import Database
    from queuedesk.voice.player import Player

Check = dict[str, str]

FONTS = ("QDInter-Regular.ttf", "QDInter-Bold.ttf", "QDSansSC-Regular.ttf", "QDSansSC-Bold.ttf")
LIBRARIES = (
    "PySide6",
    "sqlalchemy",
    "alembic",
    "qrcode",
    "reportlab",
    "pyttsx3",
    "pypinyin",
    "numpy",
    "xlsxwriter",
    "openpyxl",
)
ROOM_MB = 1000
SILENCE_HZ = 16_000
CLOCK_AHEAD = timedelta(minutes=2)
_WINDOW_S = 30
_MAKE_WINDOW = "from PySide6.QtWidgets import QApplication; QApplication(['doctor'])"


def all_checks(job: Job) -> list[Check]:
    """Return every check with its name, status (ok, warning, failed) and sentence."""
    return [_installation(), _screen(), _fonts(), _voice(), _printers(job), *_data(job)]


def _check(name: str, status: str, message: str) -> Check:
    return {"name": name, "status": status, "message": message}


def _installation() -> Check:
    missing = [name for name in LIBRARIES if importlib.util.find_spec(name) is None]
    if missing:
        return _check(
            "installation", "warning", _("Missing: {what}; please install QueueDesk again.", what=listing(missing))
        )
    python = ".".join(map(str, sys.version_info[:3]))
    return _check(
        "installation", "ok", _("QueueDesk {version} with Python {python}.", version=__version__, python=python)
    )


def _screen() -> Check:
    """Let another process make a window: where the system's libraries are missing it would not survive."""
    environment = {**os.environ, "QT_QPA_PLATFORM": os.environ.get("QT_QPA_PLATFORM", "offscreen")}
    try:
        tried = subprocess.run(
            [sys.executable, "-c", _MAKE_WINDOW], env=environment, capture_output=True, timeout=_WINDOW_S, check=False
        )
        works = tried.returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        works = False
    if not works:
        return _check("screen", "warning", _("Windows cannot open here; libraries of the system may be missing."))
    return _check("screen", "ok", _("Windows can open."))


def _fonts() -> Check:
    missing = [name for name in FONTS if not resource("fonts", name).is_file()]
    if missing:
        return _check("fonts", "warning", say(OutsideError("unknown_font")))
    return _check("fonts", "ok", _("The program's own fonts are there."))


def _voice() -> Check:
    """Ask what speaks and what plays, without a sound."""
    from queuedesk.voice.engines import EspeakCommand
    from queuedesk.voice.player import Player

    engine = EspeakCommand()
    try:
        engine.start()
        spoken = engine.languages()
    except OutsideError:
        spoken = ()
    if not spoken and sys.platform.startswith("linux"):
        return _check("voice", "warning", say(OutsideError("no_engine")))
    if sys.platform.startswith("linux") and len(spoken) < len(LANGUAGES):
        return _check("voice", "warning", say(OutsideError("no_voice")))
    if sys.platform != "win32" and not _plays(Player()):
        return _check("voice", "warning", _("Nothing on this computer plays sounds; calls are shown on the display."))
    return _check("voice", "ok", _("Calls can be spoken."))


def _plays(player: Player) -> bool:
    """Whether a tenth of a second of silence can be played: a player without a device says no at once."""
    with tempfile.TemporaryDirectory() as folder:
        silence = Path(folder) / "silence.wav"
        with wave.open(str(silence), "wb") as sound:
            sound.setnchannels(1)
            sound.setsampwidth(2)
            sound.setframerate(SILENCE_HZ)
            sound.writeframes(bytes(SILENCE_HZ // 5))
        return player.play(silence, 0.1)


def _printers(job: Job) -> Check:
    names = _printer_names(job)
    own = str(job.tools["kept_printer"]()) if "kept_printer" in job.tools else ""
    if is_receipt_printer(own):
        cause = job.tools["printer_status"](own)["cause"]
        if cause:
            return _check("printers", "warning", f"{own}: {cause_words(cause)}")
        names = [*names, own]
    if names:
        return _check(
            "printers", "ok", n_("{n} printer: {names}", "{n} printers: {names}", len(names), names=listing(names))
        )
    return _check("printers", "warning", _("No printer is set up; tickets can be written down by hand."))


def _printer_names(job: Job) -> list[str]:
    if command := shutil.which("lpstat"):
        try:
            listed = subprocess.run([command, "-e"], capture_output=True, text=True, timeout=10, check=False)
        except (OSError, subprocess.TimeoutExpired):
            return []
        return listed.stdout.split() if listed.returncode == 0 else []
    if sys.platform == "win32" and "printers" in job.tools:
        return list(job.tools["printers"]())
    return []


def _data(job: Job) -> list[Check]:
    from queuedesk.desk import keeping
    from queuedesk.store.database import Database

    target = job.target()
    checks = [_room(target)]
    try:
        db = Database.open(target)
    except QueueDeskError as error:
        return [*checks, _check("database", "warning" if error.code == "database_missing" else "failed", say(error))]
    try:
        checks.append(_check("database", "ok", job.place()))
        checks += [_finding(found) for found in keeping.check_data(db)]
        if all(check["status"] != "failed" for check in checks):
            checks += _guard(db)
            checks += _devices(db)
            checks.append(_clock(job, keeping.last_event(db)))
    finally:
        db.dispose()
    return checks


def _room(target: Path | str) -> Check:
    target = target if isinstance(target, Path) else data_folder() / "reports"
    folder = next((p for p in target.parents if p.is_dir()), Path.cwd())
    try:
        free_mb = shutil.disk_usage(folder).free // 1_000_000
    except OSError:
        return _check("disk", "warning", say(OutsideError("cannot_read", path=str(folder))))
    status = "ok" if free_mb >= ROOM_MB else "warning"
    return _check("disk", status, _("{n} MB free in {path}.", n=free_mb, path=folder))


def _finding(found: object) -> Check:
    from queuedesk.desk.keeping import Finding

    assert isinstance(found, Finding)
    name = found.name if found.hall is None else f"{found.name} {found.hall}"
    if found.error is not None:
        return _check(name, found.status, say(found.error))
    good = found.status == "ok"
    if found.name == "integrity":
        message = _("The database is whole.") if good else _("The database is damaged: {what}", what=found.what)
    elif found.name == "chain":
        message = (
            _("The log is unbroken up to number {n}.", n=found.what)
            if good
            else _("The log does not follow from itself at number {n}: it was changed.", n=found.what)
        )
    else:
        message = (
            _("Every table follows from the log.")
            if good
            else _("These tables do not follow from the log: {what}", what=found.what)
        )
    return _check(name, found.status, message)


def _guard(db: Database) -> list[Check]:
    """Say of a hall on a server whether its log can be changed there."""
    from queuedesk.desk import keeping

    if not db.is_shared:
        return []
    if keeping.is_log_kept(db):
        return [_check("guard", "ok", _("The database itself lets nobody change the log."))]
    return [
        _check(
            "guard",
            "warning",
            _("The database does not keep the log from being changed; please let its owner open the hall once."),
        )
    ]


def _devices(db: Database) -> list[Check]:
    """Say of each hall which devices are down; one that somebody switched off is not."""
    from queuedesk.core.device import STOPPED
    from queuedesk.desk import devices
    from queuedesk.i18n.device_words import cause_words, device_name

    checks = []
    for code, known in devices.of_all_halls(db):
        down = [
            _("{device} ({cause})", device=device_name(one.device, one.station), cause=cause_words(one.cause))
            for one in known
            if one.cause not in (None, STOPPED)
        ]
        if down:
            checks.append(_check(f"devices {code}", "warning", _("Out of order: {what}", what=listing(down))))
        elif known:
            working = n_("{n} device works.", "{n} devices work.", sum(one.is_up for one in known))
            checks.append(_check(f"devices {code}", "ok", working))
        else:
            checks.append(_check(f"devices {code}", "ok", _("No device has reported yet.")))
    return checks


def _clock(job: Job, last: object) -> Check:
    from datetime import datetime

    now = job.now()
    if isinstance(last, datetime) and last > now + CLOCK_AHEAD:
        minutes = int((last - now).total_seconds() // 60)
        return _check(
            "clock",
            "warning",
            n_(
                "The last event is {n} minute ahead of this computer's clock; please check the clock.",
                "The last event is {n} minutes ahead of this computer's clock; please check the clock.",
                minutes,
            ),
        )
    return _check("clock", "ok", _("The clock is not behind the log."))
