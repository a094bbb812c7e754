"""The trial of a new version, the change to it, the way back, and what is kept of versions."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from queuedesk.features.update.verbs import (
    PACKAGE,
    UNPACKED,
    VERSION,
    WHEELS,
    WHOLE,
    Document,
    current_version_from_file,
    environment_for_other_version,
    fingerprint,
    folder_of_version,
    hold_update_lock,
    make_current,
    own_version,
    release_folder_and_signed_list,
    trusted_keys,
    version_sort_key,
    version_that_takes_over,
    versions_folder,
)
from queuedesk.paths import config_folder

if TYPE_CHECKING:
    from datetime import datetime

    from queuedesk.store.engine.database import Database

Tell = Callable[[str], object]
BackUp = Callable[[], "Path | None"]
"""Makes a proven backup and returns it; None where none is made."""


def version_state(*, is_newer: bool) -> Document:
    """Return which version this is, which starts next, which came before, those that updates keep here with their sizes
    in bytes, whether the hall is newer than this version, and the keys. Raises OutsideError."""
    return {
        "version": VERSION,
        "current": (version_that_takes_over() or own_version())["version"],
        "before": ((current_version_from_file() or {}).get("before") or {}).get("version"),
        "kept": [{"version": folder.name, "bytes": _bytes_below(folder)} for folder in kept_version_folders()],
        "newer": is_newer,
        "keys": [{"name": name, "fingerprint": fingerprint(key)} for name, key in trusted_keys().items()],
    }


def is_hall_newer(db: Database | None) -> bool:
    """Whether a hall, if there is one, is newer than this version."""
    from queuedesk.store.engine.migrate import REVISION

    return db is not None and db.revision > REVISION


# -- putting a version beside the others -------------------------------------------------------------------------------

MB = 1_000_000


def copy_and_describe_release(place: Path, content: Document) -> Document:
    """Copy a release into a folder of its own, each file compared with its signed sum as it comes, and return it as
    `current.json` names one. Only what the list names is copied. Raises RuleError "update_unacceptable",
    "update_failed", OutsideError "update_no_room", "cannot_read", "cannot_write"."""
    from queuedesk.core.errors import OutsideError
    from queuedesk.files.writing import ensure_private_folder

    target = versions_folder() / content["version"]
    try:
        ensure_private_folder(versions_folder())
        if _is_link(target):  # It was removed once.
            target.unlink()
        elif target.exists():
            shutil.rmtree(target)
        needed = sum(size for size, *_rest in content["files"].values()) * UNPACKED[content["kind"]]
        if shutil.disk_usage(versions_folder()).free < needed:
            raise OutsideError("update_no_room", path=str(target.parent), room=-(-int(needed) // MB))
        into = target / WHEELS if content["kind"] == WHEELS else target
        _copy_listed_files(place, content, into)
        program = _install_wheels(into, target) if content["kind"] == WHEELS else _program_command_in(target)
        if hasattr(os, "sync"):
            os.sync()
        (target / WHOLE).write_text(json.dumps(content["version"]), encoding="utf-8")
    except OSError as error:
        shutil.rmtree(target, ignore_errors=True)
        raise OutsideError("cannot_write", path=str(target)) from error
    except BaseException:
        shutil.rmtree(target, ignore_errors=True)
        raise
    return {"version": content["version"], "program": program}


_COPIED = 1_000_000


def _copy_listed_files(place: Path, content: Document, into: Path) -> None:
    import hashlib

    from queuedesk.core.errors import OutsideError, RuleError

    for name, (size, digest, runs) in content["files"].items():
        target = into / name
        target.parent.mkdir(parents=True, exist_ok=True)
        found = hashlib.sha256()
        with target.open("wb") as out:
            try:
                source = (place / name).open("rb")
            except FileNotFoundError:
                raise RuleError("update_unacceptable", problem="damaged", path=str(place), name=name) from None
            except OSError as error:
                raise OutsideError("cannot_read", path=str(place / name)) from error
            with source:
                for part in _file_chunks(source, place / name):
                    found.update(part)
                    out.write(part)
                    if out.tell() > size:
                        break
        if found.hexdigest() != digest:
            raise RuleError("update_unacceptable", problem="damaged", path=str(place), name=name)
        if runs:
            target.chmod(0o700)
    for name, to in content["links"].items():
        (into / name).parent.mkdir(parents=True, exist_ok=True)
        (into / name).symlink_to(to)


def _file_chunks(source: Any, path: Path) -> Iterator[bytes]:
    """Yield what a file holds. Raises OutsideError "cannot_read" where the stick is pulled out."""
    from queuedesk.core.errors import OutsideError

    try:
        while part := source.read(_COPIED):
            yield part
    except OSError as error:
        raise OutsideError("cannot_read", path=str(path)) from error


def _program_command_in(folder: Path) -> list[str]:
    return [str(folder / ("queuedesk.exe" if os.name == "nt" else "queuedesk"))]


def _install_wheels(wheels: Path, target: Path) -> list[str]:
    """Make an environment in `target` of this Python and install the packages into it. Raises RuleError
    "update_failed" (why)."""
    python = target / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    below = getattr(sys, "_base_executable", None) or sys.executable
    _run_tool_or_raise_error([below, "-m", "venv", str(target)])
    pip = [str(python), "-m", "pip", "--isolated", "--disable-pip-version-check", "install", "--quiet", "--no-deps"]
    _run_tool_or_raise_error([*pip, *map(str, sorted(wheels.glob("*.whl")))])
    shutil.rmtree(wheels)
    return [str(python), "-P", "-m", "queuedesk"]


def _run_tool_or_raise_error(command: list[str]) -> None:
    import subprocess

    from queuedesk.core.errors import RuleError

    env = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "PIP_"))}
    env["PIP_CONFIG_FILE"] = os.devnull
    done = subprocess.run(
        command,
        env=env,
        check=False,
        encoding="utf-8",
        errors="replace",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )
    if done.returncode:
        last = next((line for line in reversed(done.stdout.splitlines()) if line.strip()), "")
        raise RuleError("update_failed", problem="not_installed", why=last.strip())


# -- the trial ---------------------------------------------------------------------------------------------------------

TRIAL_S = 3600
"""Ten years of a busy hall take a quarter of an hour to upgrade."""
HALL_ALONE = "QUEUEDESK_TRIES_HALL_ALONE"
"""In the environment of a version that is to look at the hall and not at this PC."""


def trial_report(db: Database | None, failed: list[str], now: datetime) -> Document:
    """Return what this version finds in a hall: which checks `failed`, and where this login owns the hall the end of
    each log and the sums of the figures of its last day, from which nothing can be read; its revision (`stored`), and
    which other PCs work there now. `oldest` is the revision whose programs may go on with this version's tables."""
    from queuedesk.desk import looking
    from queuedesk.desk.upkeep import maintenance
    from queuedesk.store.engine.migrate import REVISION, oldest_compatible_revision
    from queuedesk.store.upkeep import pack

    halls: Document = {}
    is_owner = db is not None and maintenance.is_owner_login(db)
    if db is not None and is_owner:
        codes = dict(looking.hall_ids_and_codes(db))
        with db.read() as tx:
            found = pack.database_summaries_by_hall_id(tx)
        halls = {
            codes[hall]: {
                "seq": summary["log"][0],
                "hash": summary["log"][1],
                "figures": {name: _json_digest(part) for name, part in _figures_as_mapping(summary["figures"]).items()},
            }
            for hall, summary in found.items()
        }
    return own_version() | {
        "revision": REVISION,
        "oldest": oldest_compatible_revision(),
        "failed": failed,
        "halls": halls,
        "stored": db.revision if db is not None else None,
        "owner": is_owner,
        "pcs": _working_pc_or_station_documents(db, now) if db is not None and is_owner and db.is_shared else [],
    }


def _working_pc_or_station_documents(db: Database, now: datetime) -> list[Document]:
    """Return the PCs that work in a database's halls, each with its version; the stations, where no PC has joined."""
    from queuedesk.core.network.sharing import PcState, pc_state
    from queuedesk.desk import looking, network
    from queuedesk.desk.change import Desk
    from queuedesk.desk.talk import devices

    joined = [pc for id, _code in looking.hall_ids_and_codes(db) for pc in network.pcs_of_hall(Desk(db, id), now)]
    if joined:
        at_work = [pc for pc in joined if pc_state(pc, now) is PcState.HERE]
        return [{"name": pc.name, "role": pc.role, "version": pc.version} for pc in at_work]
    stations = {device.station for _hall, found in devices.devices_of_all_halls(db) for device in found if device.is_up}
    return [{"name": station, "role": None, "version": None} for station in sorted(stations)]


def _figures_as_mapping(figures: Any) -> Mapping[str, Any]:
    return figures if isinstance(figures, dict) else {"figures": figures}


def _json_digest(value: Any) -> str:
    import hashlib

    return hashlib.sha256(json.dumps(value, sort_keys=True, default=str).encode()).hexdigest()


def try_version(program: list[str], place: Path | str, *, hall_alone: bool = True) -> Document:
    """Let a version open the hall at `place`, which it upgrades, and look at everything, or at the `hall_alone`. Raises
    RuleError "update_failed" (why)."""
    import subprocess

    from queuedesk.core.errors import RuleError

    env = environment_for_other_version() | ({HALL_ALONE: "1"} if hall_alone else {})
    if program == own_version()["program"]:
        paths = [str(PACKAGE.parent), *filter(None, [env.get("PYTHONPATH")])]
        env["PYTHONPATH"] = os.pathsep.join(paths)

    command = [*program, "--json", "--lang", "en", "--db", str(place), "update", "--try"]
    try:
        done = subprocess.run(
            command,
            env=env,
            cwd=place.parent if isinstance(place, Path) else versions_folder(),
            check=False,
            timeout=TRIAL_S,
            encoding="utf-8",
            errors="replace",
            stdin=subprocess.DEVNULL,
            capture_output=True,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        found = json.loads(done.stdout)
    except (OSError, ValueError, subprocess.TimeoutExpired) as error:
        raise RuleError("update_failed", problem="trial_failed", why=type(error).__name__) from error
    if done.returncode or "halls" not in found:
        raise RuleError(
            "update_failed", problem="trial_failed", why=str(found.get("error", {}).get("message") or done.returncode)
        )
    return dict(found)


def trial_difference(before: Document, after: Document) -> str:
    """Return what the new version finds otherwise than the old one, "" for nothing: a check that failed, a log, or a
    part of the figures. What it counts besides is no difference."""
    new = [name for name in after["failed"] if name not in before["failed"]]
    for hall, was in before["halls"].items():
        found = after["halls"].get(hall)
        if found is None or (found["seq"], found["hash"]) != (was["seq"], was["hash"]):
            new.append(f"{hall}: log")
        else:
            new += [f"{hall}: {name}" for name, sum in was["figures"].items() if found["figures"].get(name) != sum]
    return ", ".join(new)


# -- who works here ----------------------------------------------------------------------------------------------------


def windows_at_work(db: Database, now: datetime) -> list[str]:
    """Return the windows of all halls at which somebody works, each with who: "1 (C1)"."""
    from queuedesk.core.queue.ticket import WindowState
    from queuedesk.desk import looking
    from queuedesk.desk.change import Desk

    found = []
    for hall, _code in looking.hall_ids_and_codes(db):
        windows = looking.hall_state_now(Desk(db, hall), now).windows.values()
        found += [
            f"{one.code} ({one.staff})" if one.staff else one.code
            for one in windows
            if one.state is not WindowState.CLOSED
        ]
    return found


def other_stations_here(place: str) -> list[str]:
    """Return the stations of a hall that run on this PC in other processes, "counter-1"; home leaves the hall alone."""
    from queuedesk.core.talk.screen import station_name
    from queuedesk.files.writing import FileLock

    found = []
    for file in sorted((config_folder() / "running").glob("*.json")):
        with suppress(OSError, ValueError, AttributeError):
            note = json.loads(file.read_text(encoding="utf-8"))
            is_other = note.get("place") == place and note.get("pid") != os.getpid() and note.get("station") != "home"
            if is_other and FileLock(file.with_suffix(".lock")).is_taken():
                found.append(station_name(str(note.get("station", "")), window=str(note.get("window", ""))))
    return found


# -- the change --------------------------------------------------------------------------------------------------------

VERIFY, COPY, BACKUP, TRIAL, SWITCH, START = "verify", "copy", "backup", "trial", "switch", "start"
STEPS = (VERIFY, COPY, BACKUP, TRIAL, SWITCH, START)


def change_to_version(
    folder: Path, target: Path | str, now: datetime, back_up: BackUp, tell: Tell = lambda _step: None
) -> Document:
    """Change this PC to the version in `folder`, of which `target` is the hall; return {"version", "before", "copy",
    "removed", "not_removed"}. `back_up` makes a proven backup, and `tell` gets each step as it begins. Until the switch
    nothing but the new folder and backups is written; a version that fails at its first start goes back by itself.
    After a good one, versions before the last are removed.

    Raises RuleError "update_…", OutsideError."""
    with hold_update_lock():
        _remove_unfinished_updates()
        tell(VERIFY)
        place, content = release_folder_and_signed_list(folder)
        is_read = _require_idle_and_tell_if_readable(target, now)
        tell(COPY)
        new = copy_and_describe_release(place, content)
        try:
            if not is_read:
                done = _update_pc_without_hall(new, tell)
            elif isinstance(target, Path):
                done = _update_with_hall_file(new, target, now, back_up, tell)
            else:
                done = _update_pc_of_server_hall(new, target, now, back_up, tell)
            return done | _remove_and_list_older_versions()
        except BaseException:
            if (current_version_from_file() or {}).get("version") != new["version"]:
                shutil.rmtree(versions_folder() / new["version"], ignore_errors=True)
            raise


def _remove_unfinished_updates() -> None:
    """Remove what a killed update left: copies of the hall, and versions that are not whole; never one that runs, or
    that `current.json` names, should the power have gone before its last file was on the disk."""
    current = current_version_from_file() or {}
    named = [PACKAGE, *(Path(one["package"]) for one in (current, current.get("before")) if one)]
    for folder in versions_folder().iterdir():
        is_unfinished = folder.is_dir() and (folder.name.startswith(GONE) or not (folder / WHOLE).exists())
        if is_unfinished and not any(package.is_relative_to(folder.resolve()) for package in named):
            shutil.rmtree(folder, ignore_errors=True)


GONE = ".gone-"
"""How the folder of a version is called while it is removed."""


def kept_version_folders() -> list[Path]:
    """Return the folders of the versions that updates put here, the newest first."""
    with suppress(OSError):
        found = [path for path in versions_folder().iterdir() if path.is_dir() and not _is_link(path)]
        whole = [path for path in found if not path.name.startswith(".") and (path / WHOLE).exists()]
        return sorted(whole, key=lambda path: version_sort_key(path.name), reverse=True)
    return []


def _is_link(folder: Path) -> bool:
    """Whether a name among the versions leads to another one; on Windows by a junction, which is no symbolic link."""
    return Path(os.path.realpath(folder)) != Path(os.path.realpath(folder.parent)) / folder.name


@cache  # Nothing is added to a version once it is whole, and a page asks at each event of the hall.
def _bytes_below(folder: Path) -> int:
    with suppress(OSError):
        return sum(path.lstat().st_size for path in folder.rglob("*"))
    return 0


def _remove_and_list_older_versions() -> Document:
    """Remove the versions that are neither the current one nor the one before, and that no process uses. What opens at
    log-in may name one of them: the current version stands in its place. Return {"removed", "not_removed"}; what the
    disk refuses stays as it is."""
    current = current_version_from_file() or {}
    packages = [PACKAGE, *(Path(one["package"]) for one in (current, current.get("before")) if one)]
    removed, refused = [], []
    for folder in kept_version_folders():
        if any(package.is_relative_to(folder.resolve()) for package in packages):
            continue
        try:
            _replace_folder_with_link(folder, folder_of_version(current["package"]))
            removed.append(folder.name)
        except (OSError, ValueError):
            refused.append(folder.name)
    return {"removed": removed, "not_removed": refused}


def _replace_folder_with_link(folder: Path, current: Path) -> None:
    """Remove a version's folder and lead its name to the current one. Raises OSError, and nothing was changed."""
    gone = folder.with_name(f"{GONE}{folder.name}")
    with (folder / WHOLE).open("rb") as whole:
        if sys.platform == "win32":
            import _winapi
        else:
            import fcntl

            fcntl.flock(whole, fcntl.LOCK_EX | fcntl.LOCK_NB)
            _require_no_process_in_folder(folder)
            folder.rename(gone)
    try:
        if sys.platform == "win32":
            folder.rename(gone)
            _winapi.CreateJunction(str(current), str(folder))
        else:
            folder.symlink_to(current.name, target_is_directory=True)
    except OSError:
        if gone.exists():
            gone.rename(folder)
        raise
    shutil.rmtree(gone, ignore_errors=True)


def _require_no_process_in_folder(folder: Path) -> None:
    """Make sure that no process runs a program of a folder, such as a database server that was left: Linux says so.
    Raises OSError."""
    for process in Path("/proc").glob("[0-9]*/exe"):
        with suppress(FileNotFoundError, PermissionError):
            if process.readlink().is_relative_to(folder.resolve()):
                raise BlockingIOError(str(folder))


@contextmanager
def _trial_folder() -> Iterator[Path]:
    """Give a folder for copies of the hall, removed afterwards. Raises OutsideError "cannot_write"."""
    import tempfile

    from queuedesk.core.errors import OutsideError
    from queuedesk.files.writing import ensure_private_folder

    try:
        aside = ensure_private_folder(versions_folder())
        with tempfile.TemporaryDirectory(prefix=".trial-", dir=aside, ignore_cleanup_errors=True) as folder:
            yield Path(folder)
    except OSError as error:
        raise OutsideError("cannot_write", path=str(versions_folder())) from error


def _require_idle_and_tell_if_readable(target: Path | str, now: datetime) -> bool:
    """Check that nobody works in a hall's file, or here in one on a server; return whether it can be read: not where
    there is none yet, or only a newer version reads it. Raises RuleError "update_untimely" (names)."""
    from queuedesk.core.errors import OutsideError, RuleError
    from queuedesk.store.engine.address import url_without_password
    from queuedesk.store.engine.database import Database

    try:
        with Database.open(target) as db:
            windows = [] if db.is_shared else windows_at_work(db, now)
    except OutsideError as error:
        if error.code not in ("database_missing", "database_newer"):
            raise
        return False
    if windows:
        raise RuleError("update_untimely", problem="windows_open", names=windows)
    stations = other_stations_here(str(target) if isinstance(target, Path) else url_without_password(target))
    if stations:
        raise RuleError("update_untimely", problem="stations_open", names=stations)
    return True


def _try_both_on_copies(new: Document, copy: Path | None) -> tuple[Document, Document]:
    """Let this version and the new one each open a copy of a hall's file, or none; the new one looks at this PC too,
    once in a change. Return their answers, which agree. Raises RuleError "update_failed", OutsideError
    "cannot_write"."""
    from queuedesk.core.errors import RuleError
    from queuedesk.files.writing import ensure_private_folder

    def try_on_copy(name: str, program: list[str], *, hall_alone: bool) -> Document:
        # Each in a folder of its own, as an upgrade leaves a copy beside the file.
        place = ensure_private_folder(folder / name) / "hall.sqlite"
        if copy is not None:
            shutil.copyfile(copy, place)
        return try_version(program, place, hall_alone=hall_alone)

    with _trial_folder() as folder:
        after = try_on_copy("new", new["program"], hall_alone=False)
        before = try_on_copy("old", own_version()["program"], hall_alone=True)
        if trial_difference(before, after):  # What fails on this PC with either of them is no difference.
            before = try_on_copy("again", own_version()["program"], hall_alone=False)
    if after["version"] != new["version"]:
        raise RuleError("update_failed", problem="trial_failed", why=after["version"])
    if differs := trial_difference(before, after):
        raise RuleError("update_failed", problem="differs", what=differs)
    return before, after


def _update_with_hall_file(new: Document, target: Path, now: datetime, back_up: BackUp, tell: Tell) -> Document:
    from queuedesk.core.errors import RuleError

    tell(BACKUP)
    back_up()
    copy = copy_of_hall(target)
    tell(TRIAL)
    before, after = _try_both_on_copies(new, copy)
    _require_idle_and_tell_if_readable(target, now)
    came_before = own_version() | {"place": str(target), "copy": str(copy), "revision": before["revision"]}
    tell(SWITCH)
    make_current(new | {"package": after["package"], "before": came_before})
    tell(START)
    if differs := try_first_start_for_trouble_text(new, target, before):
        _return_to_version(came_before, target, now)
        raise RuleError("update_went_back", version=new["version"], why=differs)
    return {"version": new["version"], "before": VERSION, "copy": str(copy)}


def try_first_start_for_trouble_text(new: Document, target: Path | str, before: Document) -> str:
    """Let the new version open the hall itself, which it upgrades; return what is otherwise than `before`, "" where it
    starts well."""
    from queuedesk.core.errors import RuleError

    try:
        started = try_version(new["program"], target)
    except RuleError as error:
        return str(error.details["why"])
    if _last_seqs_by_hall(started) != _last_seqs_by_hall(
        before
    ):  # A shared hall works meanwhile: only the checks can be compared.
        before = before | {"halls": {}}
    return trial_difference(before, started)


def _update_pc_without_hall(new: Document, tell: Tell) -> Document:
    """Change the program of a PC without a hall that can be read."""
    tell(TRIAL)
    before, after = _try_both_on_copies(new, None)
    tell(SWITCH)
    make_current(new | {"package": after["package"], "before": own_version() | {"revision": before["revision"]}})
    return {"version": new["version"], "before": VERSION, "copy": None}


def _update_pc_of_server_hall(new: Document, address: str, now: datetime, back_up: BackUp, tell: Tell) -> Document:
    """Change the program of a PC whose hall is on a server. Where the new version changes the tables, its first start
    on the owner's PC does so; PCs with the version before go on if the new one lets them."""
    from queuedesk.core.errors import RuleError

    before = try_version(own_version()["program"], address)
    with _trial_folder() as folder:
        after = try_version(new["program"], folder / "none.sqlite")
    changes_tables = after["revision"] > before["stored"]
    if changes_tables:
        _require_may_change_tables(before, after, address, now)
    tell(BACKUP)
    backup = back_up()
    tell(TRIAL)
    with _trial_folder() as folder:
        copy = _restore_backup_into_file(backup, folder / "copy.sqlite", now) if backup is not None else None
        _try_both_on_copies(new, copy)
    if changes_tables:  # Asked again: the backup and the trial may have taken long, and the hall works meanwhile.
        before = try_version(own_version()["program"], address)
        _require_may_change_tables(before, after, address, now)
    tell(SWITCH)
    came_before = own_version() | {"revision": before["revision"], "backup": None if backup is None else str(backup)}
    make_current(new | {"package": after["package"], "before": came_before})
    tell(START)
    if differs := try_first_start_for_trouble_text(new, address, before):
        try:
            try_version(came_before["program"], address)
        except RuleError as error:
            raise RuleError("update_failed", problem="stays", version=new["version"], why=differs) from error
        _return_to_version(came_before, None, now)
        raise RuleError("update_went_back", version=new["version"], why=differs)
    return {"version": new["version"], "before": VERSION, "copy": None if backup is None else str(backup)}


def _require_may_change_tables(before: Document, after: Document, address: str, now: datetime) -> None:
    """Check that this PC may let the new version change a server's tables, that no window is open, and that each PC
    which works now can go on with them. Raises RuleError "update_failed", "update_untimely" (names)."""
    from queuedesk.core.errors import RuleError
    from queuedesk.store.engine.database import Database
    from queuedesk.store.parts import sharing

    if not before["owner"]:
        raise RuleError("update_failed", problem="main_first", version=after["version"])
    with Database.open(address) as db:
        if windows := windows_at_work(db, now):
            raise RuleError("update_untimely", problem="windows_open", names=windows)
        with db.read() as tx:
            own = sharing.own_server_role(tx)
    others = [pc for pc in before["pcs"] if pc["role"] != own]
    if after["oldest"] <= before["revision"]:
        others = [pc for pc in others if pc["role"] is not None and pc["version"] != VERSION]
    if others:
        names = [f"{pc['name']} ({pc['version']})" if pc["version"] else pc["name"] for pc in others]
        stations = others[0]["role"] is None
        raise RuleError("update_untimely", problem="pcs_open", names=names, stations=stations, version=after["version"])


def _restore_backup_into_file(backup: Path, file: Path, now: datetime) -> Path:
    """Return a hall's file with the halls of a server's backup. Raises OutsideError."""
    from queuedesk.core.network.roles import CONSOLE
    from queuedesk.desk.change import Ask
    from queuedesk.desk.upkeep import maintenance

    maintenance.restore_database(backup, file, Ask(CONSOLE, now), replace=False)
    return file


def _last_seqs_by_hall(answer: Document) -> dict[str, int]:
    return {hall: one["seq"] for hall, one in answer["halls"].items()}


def copy_of_hall(target: Path) -> Path:
    """Return a proven copy of the hall's file as this version's revision has it, which the way back needs; equal ones
    are kept once. Raises OutsideError "database_full", "cannot_write", "update_no_room"."""
    import sqlite3

    from queuedesk.core.errors import OutsideError
    from queuedesk.store.engine.database import ROOM, Database, copy_database_to_backups
    from queuedesk.store.engine.hall_file import open_throw_away_copy
    from queuedesk.store.engine.migrate import REVISION
    from queuedesk.store.upkeep import pack

    needed = (ROOM + 2) * target.stat().st_size  # And a copy for each version that tries it.
    if shutil.disk_usage(target.parent).free < needed:
        raise OutsideError("update_no_room", path=str(target.parent), room=-(-needed // MB))
    db = Database.open(target)
    try:
        with db.write() as tx:
            wanted = pack.database_summaries_by_hall_id(tx)

            def check_copy_summaries(draft: Path) -> None:
                with open_throw_away_copy(draft) as copied:
                    pack.check_same_summaries(copied, wanted)

            return copy_database_to_backups(target, f"{target.stem}-{REVISION}", check_copy_summaries)
    except (OSError, ValueError, sqlite3.Error) as error:
        raise OutsideError("cannot_write", path=str(target.parent)) from error
    finally:
        db.dispose()


# -- the way back ------------------------------------------------------------------------------------------------------


def go_to_previous_version(target: Path | str, now: datetime) -> Document:
    """Change this PC to the version before; return {"version", "before", "copy"}. Where the new one upgraded the hall's
    file, the copy from before takes its place, or if something was written since the version before goes on with the
    new tables, where it can. Raises RuleError "update_no_way_back", "update_untimely", OutsideError."""
    from queuedesk.core.errors import RuleError

    with hold_update_lock():
        current = current_version_from_file()
        before = (current or {}).get("before")
        if before is None:
            raise RuleError("update_no_way_back", problem="no_back")
        is_read = _require_idle_and_tell_if_readable(target, now)
        if not Path(before["program"][0]).is_file():
            raise RuleError("update_no_way_back", problem="gone", path=before["program"][0])
        if is_read and not isinstance(target, Path):
            try:
                try_version(before["program"], target)
            except RuleError as error:
                backup = before.get("backup")
                raise RuleError(
                    "update_no_way_back", problem="upgraded" if backup else "no_copy", path=backup
                ) from error
        return _return_to_version(before, target if isinstance(target, Path) else None, now)


def _return_to_version(before: Document, target: Path | None, now: datetime) -> Document:
    """Put back the hall's file where the version before can't read it, then name that version: killed in between, the
    new one runs and upgrades the file again."""
    put = None
    if target is not None and target.exists() and before["revision"] != database_revision(target):
        put = _put_hall_back(before, target, now)
    make_current({key: before[key] for key in ("version", "package", "program")})
    return {"version": before["version"], "before": VERSION, "copy": None if put is None else str(put)}


def database_revision(target: Path, question: str = "SELECT version_num FROM alembic_version") -> str:
    """Return the revision of a hall's file, read without the version that wrote it. Raises OutsideError."""
    import sqlite3
    from contextlib import closing

    from queuedesk.core.errors import OutsideError

    try:
        with closing(sqlite3.connect(f"{target.as_uri()}?mode=ro", uri=True)) as file:
            return str(file.execute(question).fetchone()[0])
    except (sqlite3.Error, TypeError) as error:
        raise OutsideError("database_damaged", path=str(target)) from error


WITHOUT_LOSS = frozenset({"sign-in", "sign-out", "device"})
"""Kinds of events that may go with the upgraded file: nobody was told anything by them."""


def _put_hall_back(before: Document, target: Path, now: datetime) -> Path | None:
    from queuedesk.core.errors import OutsideError, RuleError
    from queuedesk.desk.upkeep.maintenance import draft_of_database
    from queuedesk.files.writing import create_empty_private_file
    from queuedesk.store.engine.migrate import OLDEST
    from queuedesk.store.upkeep.pack import replace_database_file_keeping_old

    copy = Path(before.get("copy", ""))
    has_copy = before.get("place") == str(target) and copy.is_file()

    def require_no_new_event() -> None:
        if since := event_count_since_copy(copy, target):
            raise RuleError("update_no_way_back", problem="since", n=since, hall=str(target), path=str(copy))

    if not has_copy or event_count_since_copy(copy, target):
        oldest = database_revision(target, OLDEST)
        if oldest.isdigit() and oldest <= before["revision"]:
            return None
    if not has_copy:
        raise RuleError("update_no_way_back", problem="no_copy")
    require_no_new_event()
    draft = draft_of_database(target, "back")
    try:
        draft.unlink(missing_ok=True)
        create_empty_private_file(draft)
        shutil.copyfile(copy, draft)
        # Asked again: the hall's web pages may give tickets while that is made.
        return replace_database_file_keeping_old(
            draft, target, stamp_text=f"{now:%Y%m%d-%H%M%S}", check=require_no_new_event
        )
    except OSError as error:
        raise OutsideError("cannot_write", path=str(target)) from error
    finally:
        with suppress(OSError):
            draft.unlink(missing_ok=True)


def event_count_since_copy(copy: Path, target: Path) -> int:
    """Return how many events of a hall's file its copy lacks, read without the version that wrote them: a restored
    backup may have begun again before the copy's end. Raises OutsideError."""
    import sqlite3
    from contextlib import closing

    from queuedesk.core.errors import OutsideError

    kinds = ", ".join(f"'{kind}'" for kind in sorted(WITHOUT_LOSS))
    known = (
        "SELECT 1 FROM copy.events AS known WHERE (known.hall, known.seq, known.hash) = (own.hall, own.seq, own.hash)"
    )
    asked = f"SELECT count(*) FROM main.events AS own WHERE kind NOT IN ({kinds}) AND NOT EXISTS ({known})"
    try:
        with closing(sqlite3.connect(f"{target.as_uri()}?mode=ro", uri=True)) as file:
            file.execute("ATTACH ? AS copy", (f"{copy.as_uri()}?mode=ro",))
            return int(file.execute(asked).fetchone()[0])
    except sqlite3.Error as error:
        raise OutsideError("database_damaged", path=str(target)) from error
