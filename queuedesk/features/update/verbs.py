"""New versions of the program: whose are accepted, what a release holds, its trial, the change to it and the way back.

Versions stand in `versions` in the data folder, and the file `current.json` there names the one that runs. Each start
reads it first, so what stands here at the top loads little.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

import queuedesk
from queuedesk.paths import config_folder, data_folder

if TYPE_CHECKING:
    from datetime import datetime

    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    from queuedesk.store.engine.database import Database

Document = dict[str, Any]
Tell = Callable[[str], object]
PACKAGE = Path(queuedesk.__file__).resolve().parent
VERSION = queuedesk.__version__

# -- which version starts ----------------------------------------------------------------------------------------------

LED = "QUEUEDESK_LED"
"""In the environment of a version that another one started: it starts no third."""
CURRENT = "current.json"


def versions_folder() -> Path:
    return data_folder() / "versions"


def current_version() -> Document | None:
    """Return what `current.json` says; None where there was no update, nothing can be read, or somebody else may have
    written it: it would start a program of theirs with this user's rights."""
    try:
        with (versions_folder() / CURRENT).open(encoding="utf-8") as file:
            if not _is_only_written_here(os.fstat(file.fileno())):
                return None
            found = json.load(file)
        kinds = {"version": str, "package": str, "program": list}.items()
        is_whole = all(isinstance(found[key], kind) for key, kind in kinds) and isinstance(found["program"][0], str)
        return found if is_whole else None
    except (OSError, ValueError, LookupError, TypeError, RecursionError):
        return None


def _is_only_written_here(status: os.stat_result) -> bool:
    """Whether only this user or the system's may have written a file; on Windows a user's folders are private."""
    return os.name == "nt" or (status.st_uid in (0, os.geteuid()) and not status.st_mode & 0o022)


def version_key(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version))


def version_that_takes_over() -> Document | None:
    """Return the version that starts here in place of this one. A program that was installed by hand and is newer
    stays: only older ones, and others that an update put here, give way."""
    current = current_version()
    if current is None or Path(current["package"]) == PACKAGE:
        return None
    if not _is_of_update() and version_key(current["version"]) <= version_key(VERSION):
        return None
    with suppress(OSError):
        if Path(current["program"][0]).is_file() and Path(current["package"], "__init__.py").is_file():
            return current
    return None


def _is_of_update() -> bool:
    return PACKAGE.is_relative_to(versions_folder().resolve())


def start_current_version() -> None:
    """Become the version that runs here, unless this is it, or the system does not run that one."""
    if os.environ.pop(LED, None) is not None:
        return
    if (version := version_that_takes_over()) is None:
        _take_over_if_newer()
        return
    command, env = [*_without_console(version["program"]), *sys.argv[1:]], environment_of_version()
    with suppress(OSError):
        if sys.platform != "win32":
            os.execve(command[0], command, env)
        import signal
        import subprocess

        # With this one's streams: Windows gives them to no program without a console.
        streams = {"stdin": sys.__stdin__, "stdout": sys.__stdout__, "stderr": sys.__stderr__}
        other = subprocess.Popen(command, env=env, **streams)
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # The other one hears it too, and ends in its own time.
        sys.exit(other.wait())


def _take_over_if_newer() -> None:
    """Let versions of an update give way to a newer one that was installed by hand: what opens at log-in may start one
    of them, which would no longer read the hall. A checkout changes nothing."""
    current = current_version()
    if current is None or version_key(current["version"]) >= version_key(VERSION) or _is_of_update():
        return
    if any(PACKAGE.parent.glob("queuedesk-*.dist-info")):
        from queuedesk.core.errors import QueueDeskError

        with suppress(QueueDeskError), _only_one():
            _make_current(own_version())


def environment_of_version() -> dict[str, str]:
    """Return this process's environment for another version, without the place of this one's modules."""
    own = str(PACKAGE.parent)
    paths = [path for path in os.environ.get("PYTHONPATH", "").split(os.pathsep) if path]
    paths = [path for path in paths if os.path.realpath(path) != own]
    env = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"} | {LED: "1"}
    return env | ({"PYTHONPATH": os.pathsep.join(paths)} if paths else {})


def _without_console(program: list[str]) -> list[str]:
    """Return a program as this one was started: on Windows a station opens no console."""
    other = Path(program[0]).with_stem(f"{Path(program[0]).stem}w")
    is_without = sys.platform == "win32" and Path(sys.executable).stem.endswith("w") and other.is_file()
    return [str(other), *program[1:]] if is_without else program


def own_version() -> Document:
    """Return this program as `current.json` names one: on Windows the one with a console, in which commands answer."""
    program = Path(sys.executable)
    with_console = program.with_stem(program.stem.removesuffix("w"))
    if sys.platform == "win32" and with_console.is_file():
        program = with_console
    words = [] if getattr(sys, "frozen", False) else ["-P", "-m", "queuedesk"]
    return {"version": VERSION, "package": str(PACKAGE), "program": [str(program), *words]}


# -- keys --------------------------------------------------------------------------------------------------------------

KEYS = "update-keys.json"
LARGEST_KEY = 10_000


def trusted_keys() -> dict[str, str]:
    """Return the public keys that this PC trusts, in base64, by name. Raises OutsideError "cannot_read"."""
    import base64

    from queuedesk.core.errors import OutsideError

    file = config_folder() / KEYS
    try:
        found = json.loads(file.read_text(encoding="utf-8"))["keys"]
        for key in found.values():
            base64.b64decode(key, validate=True)
        return {str(name): str(key) for name, key in found.items()}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        raise OutsideError("cannot_read", path=str(file)) from error


def make_key(file: Path) -> Path:
    """Write a new private key that only this user may read, and its public half beside it, which is returned. Raises
    RuleError "own_file", "update_key", OutsideError."""
    from queuedesk.core.errors import OutsideError, RuleError
    from queuedesk.files.writing import require_overwritable_output, write_file

    serialization, ed25519 = _cryptography()
    public = file.with_name(f"{file.name}.pub")
    for path in (file, public):
        try:
            require_overwritable_output(path)
        except OSError as error:
            raise OutsideError("cannot_write", path=str(path)) from error
        if path.exists():
            raise RuleError("update_key", problem="key_there", path=str(path))
    key = ed25519.Ed25519PrivateKey.generate()
    pem, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    write_file(file, key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain), private=True)
    write_file(public, key.public_key().public_bytes(pem, serialization.PublicFormat.SubjectPublicKeyInfo))
    return public


def trust_key(file: Path) -> str:
    """Accept versions that are signed with a key, by its public half; return its name. Raises RuleError
    "update_key", OutsideError."""
    import base64

    from queuedesk.core.errors import RuleError
    from queuedesk.files.reading import read_input_file

    serialization, ed25519 = _cryptography()
    from cryptography.exceptions import UnsupportedAlgorithm

    try:
        key = serialization.load_pem_public_key(read_input_file(file, LARGEST_KEY))
    except (ValueError, UnsupportedAlgorithm) as error:
        raise RuleError("update_key", problem="no_key", path=str(file)) from error
    if not isinstance(key, ed25519.Ed25519PublicKey):
        raise RuleError("update_key", problem="no_key", path=str(file))
    name, raw = file.stem, base64.b64encode(key.public_bytes_raw()).decode()
    known = trusted_keys()
    if known.get(name, raw) != raw:
        raise RuleError("update_key", problem="key_there", path=name)
    _store_keys(known | {name: raw})
    return name


def forget_key(name: str) -> None:
    """Accept nothing more that is signed with a key. Raises RuleError "update_key", OutsideError."""
    from queuedesk.core.errors import RuleError

    known = trusted_keys()
    if name not in known:
        raise RuleError("update_key", problem="unknown_key", name=name)
    del known[name]
    _store_keys(known)


def _store_keys(keys: Mapping[str, str]) -> None:
    from queuedesk.files.writing import write_private_file

    write_private_file(config_folder() / KEYS, json.dumps({"keys": keys}, ensure_ascii=False, indent=1).encode())


def fingerprint(key: str) -> str:
    """Return how two people compare a public key over the telephone."""
    import base64
    import hashlib

    digest = hashlib.sha256(base64.b64decode(key)).hexdigest()[:16]
    return " ".join(digest[at : at + 4] for at in range(0, 16, 4))


def _cryptography() -> tuple[Any, Any]:
    """Return what reads keys and what signs. Raises OutsideError "update_no_cryptography"."""
    from queuedesk.core.errors import OutsideError

    try:
        from cryptography.hazmat.primitives import serialization
        from cryptography.hazmat.primitives.asymmetric import ed25519
    except ImportError as error:
        raise OutsideError("update_no_cryptography") from error
    return serialization, ed25519


def state_here() -> Document:
    """Return which version this is, which starts next, which came before, and the keys. Raises OutsideError."""
    return {
        "version": VERSION,
        "current": (version_that_takes_over() or own_version())["version"],
        "before": ((current_version() or {}).get("before") or {}).get("version"),
        "keys": [{"name": name, "fingerprint": fingerprint(key)} for name, key in trusted_keys().items()],
    }


# -- releases ----------------------------------------------------------------------------------------------------------

RELEASE, SIGNATURE = "release.json", "release.sig"
FORMAT = "queuedesk-release-1"
PROGRAM, WHEELS = "program", "wheels"
"""The two kinds: a folder with Python in it (scripts/program/freeze.py), and packages (scripts/offline.py)."""
PROGRAM_FOLDER = "queuedesk"
"""What freeze.py calls it."""
LARGEST_RELEASE = 20_000_000
SIGNED_FIRST = b"queuedesk release\n"
"""So that a signature of a release is none of anything else."""
_COPIED = 1_000_000
_OWN_WHEEL = re.compile(r"queuedesk-(\d+(?:\.\d+)*)-py3-none-any\.whl")
_OWN_PACKAGE = re.compile(r"_internal/queuedesk-(\d+(?:\.\d+)*)\.dist-info/METADATA")


def platform_name() -> str:
    """Return the name of this PC's folder in one that scripts/offline.py filled."""
    import platform

    system = {"win32": "windows", "darwin": "macos"}.get(sys.platform, "linux")
    return f"{system}-{'arm64' if platform.machine().lower() in ('arm64', 'aarch64') else 'x64'}"


def sign_release(folder: Path, key_file: Path, made_for: str) -> Document:
    """Write what a folder of one platform holds, with its sums, and the signature of that; return it. Raises ValueError
    where it is no folder of a program or of packages, or the key is none, OSError."""
    import base64

    serialization, ed25519 = _cryptography()
    key = serialization.load_pem_private_key(key_file.read_bytes(), None)
    if not isinstance(key, ed25519.Ed25519PrivateKey):
        raise ValueError(f"{key_file} is no Ed25519 key")
    there = sorted(path for path in folder.rglob("*") if path.is_symlink() or path.is_file())
    names = {path.relative_to(folder).as_posix(): path for path in there}
    own = {WHEELS: _OWN_WHEEL, PROGRAM: _OWN_PACKAGE}
    versions = [(kind, match[1]) for kind in own for name in names if (match := own[kind].fullmatch(name))]
    if len(versions) != 1:
        raise ValueError(f"{folder} holds no single version of QueueDesk")
    ((kind, version),) = versions
    if kind == WHEELS:
        names = {name: path for name, path in names.items() if "/" not in name and name.endswith(".whl")}
    names = {name: path for name, path in names.items() if name not in (RELEASE, SIGNATURE)}
    content = {
        "format": FORMAT,
        "kind": kind,
        "version": version,
        "platform": made_for,
        "files": {
            name: [path.stat().st_size, _digest_of(path), int(os.access(path, os.X_OK))]
            for name, path in names.items()
            if not path.is_symlink()
        },
        "links": {name: path.readlink().as_posix() for name, path in names.items() if path.is_symlink()},
    }
    text = (json.dumps(content, ensure_ascii=False, indent=0) + "\n").encode()
    (folder / RELEASE).write_bytes(text)
    (folder / SIGNATURE).write_bytes(base64.b64encode(key.sign(SIGNED_FIRST + text)) + b"\n")
    return content


def _digest_of(path: Path) -> str:
    import hashlib

    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read_release(folder: Path) -> tuple[Path, Document]:
    """Return the folder of a new version for this PC, and what its signed list says. Nothing but the list was read.
    Raises RuleError "update_…", OutsideError."""
    import base64

    from queuedesk.core.errors import OutsideError, RuleError

    own, text, signature = platform_name(), b"", b""
    place: Path | None = None
    try:
        places = (folder, folder / PROGRAM_FOLDER, folder / own)
        place = next((one for one in places if (one / RELEASE).is_file()), None)
        if place is None:
            if not folder.is_dir():
                raise OutsideError("no_such_file", path=str(folder))
            others = sorted(one.parent.name for one in folder.glob(f"*/{RELEASE}"))
            if others:
                raise RuleError("update_unacceptable", problem="platform", there=", ".join(others), here=own)
            raise RuleError("update_unacceptable", problem="unsigned", path=str(folder))
        text = _read_at_most(place / RELEASE, LARGEST_RELEASE)
        signature = base64.b64decode(_read_at_most(place / SIGNATURE, LARGEST_KEY).strip(), validate=True)
    except FileNotFoundError as error:
        raise RuleError("update_unacceptable", problem="unsigned", path=str(place)) from error
    except OSError as error:
        raise OutsideError("cannot_read", path=str(place or folder)) from error
    except ValueError:
        signature = b""  # Too long, or no base64.
    if place is None or not _is_signed(text, signature):
        raise RuleError("update_unacceptable", problem="untrusted", path=str(place))
    content = _checked_list(text, place)
    if content["platform"] != own:
        raise RuleError("update_unacceptable", problem="platform", there=content["platform"], here=own)
    running = max(VERSION, (current_version() or {}).get("version", VERSION), key=version_key)
    if version_key(content["version"]) <= version_key(running):
        raise RuleError("update_unacceptable", problem="not_newer", version=content["version"], own=running)
    if content["kind"] == WHEELS and getattr(sys, "frozen", False):
        raise RuleError("update_unacceptable", problem="needs_program", path=str(place))
    return place, content


def _read_at_most(path: Path, most: int) -> bytes:
    with path.open("rb") as file:
        found = file.read(most + 1)
    if len(found) > most:
        raise ValueError(path)
    return found


def _is_signed(text: bytes, signature: bytes) -> bool:
    import base64

    _serialization, ed25519 = _cryptography()
    from cryptography.exceptions import InvalidSignature

    for key in trusted_keys().values():
        with suppress(InvalidSignature, ValueError):
            public: Ed25519PublicKey = ed25519.Ed25519PublicKey.from_public_bytes(base64.b64decode(key))
            public.verify(signature, SIGNED_FIRST + text)
            return True
    return False


def _checked_list(text: bytes, place: Path) -> Document:
    """Return a signed list whose names stay below the folder. Raises RuleError "update_unacceptable"."""
    from queuedesk.core.errors import RuleError

    content: Document = json.loads(text)
    is_known = content.get("format") == FORMAT and content["kind"] in UNPACKED
    names = [*content.get("files", ()), *content.get("links", ())]
    ends = [str(PurePosixPath(name).parent / to) for name, to in content.get("links", {}).items()]
    is_known = is_known and re.fullmatch(r"\d+(\.\d+)*", content["version"]) is not None
    if not is_known or not all(map(_stays_below, [*names, *map(os.path.normpath, ends)])):
        raise RuleError("update_unacceptable", problem="damaged", path=str(place), name=RELEASE)
    return content


def _stays_below(name: str) -> bool:
    parts = PurePosixPath(name.replace("\\", "/")).parts
    return bool(parts) and ".." not in parts and parts[0] != "/" and ":" not in name


# -- putting a version beside the others -------------------------------------------------------------------------------

WHOLE = "whole.json"
"""Written last into a version's folder: one without it is taken for half made."""
UNPACKED = {PROGRAM: 1.1, WHEELS: 4.0}
"""How many times its own size a release takes here."""
MB = 1_000_000


def put_beside(place: Path, content: Document) -> Document:
    """Copy a release into a folder of its own, each file compared with its signed sum as it comes, and return it as
    `current.json` names one. Only what the list names is copied. Raises RuleError "update_unacceptable",
    "update_failed", OutsideError "update_no_room", "cannot_read", "cannot_write"."""
    from queuedesk.core.errors import OutsideError
    from queuedesk.files.writing import ensure_private_folder

    target = versions_folder() / content["version"]
    try:
        ensure_private_folder(versions_folder())
        if target.exists():
            shutil.rmtree(target)
        needed = sum(size for size, *_rest in content["files"].values()) * UNPACKED[content["kind"]]
        if shutil.disk_usage(versions_folder()).free < needed:
            raise OutsideError("update_no_room", path=str(target.parent), room=-(-int(needed) // MB))
        into = target / WHEELS if content["kind"] == WHEELS else target
        _copy_listed_files(place, content, into)
        program = _install_wheels(into, target) if content["kind"] == WHEELS else _program_in(target)
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
                for part in _parts_of(source, place / name):
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


def _parts_of(source: Any, path: Path) -> Iterator[bytes]:
    """Yield what a file holds. Raises OutsideError "cannot_read" where the stick is pulled out."""
    from queuedesk.core.errors import OutsideError

    try:
        while part := source.read(_COPIED):
            yield part
    except OSError as error:
        raise OutsideError("cannot_read", path=str(path)) from error


def _program_in(folder: Path) -> list[str]:
    return [str(folder / ("queuedesk.exe" if os.name == "nt" else "queuedesk"))]


def _install_wheels(wheels: Path, target: Path) -> list[str]:
    """Make an environment in `target` of this Python and install the packages into it. Raises RuleError
    "update_failed" (why)."""
    python = target / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    below = getattr(sys, "_base_executable", None) or sys.executable
    _run_tool([below, "-m", "venv", str(target)])
    pip = [str(python), "-m", "pip", "--isolated", "--disable-pip-version-check", "install", "--quiet", "--no-deps"]
    _run_tool([*pip, *map(str, sorted(wheels.glob("*.whl")))])
    shutil.rmtree(wheels)
    return [str(python), "-P", "-m", "queuedesk"]


def _run_tool(command: list[str]) -> None:
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


def answer_of_trial(db: Database | None, failed: list[str]) -> Document:
    """Return what this version finds in a hall: which checks `failed`, the end of each log, and the sums of the figures
    of its last day, from which nothing can be read."""
    from queuedesk.desk import looking
    from queuedesk.store.engine.migrate import REVISION
    from queuedesk.store.upkeep import pack

    halls: Document = {}
    if db is not None:
        codes = dict(looking.hall_ids_and_codes(db))
        with db.read() as tx:
            found = pack.summaries_by_hall(tx)
        halls = {
            codes[hall]: {
                "seq": summary["log"][0],
                "hash": summary["log"][1],
                "figures": {name: _sum_of(part) for name, part in _parts_of_figures(summary["figures"]).items()},
            }
            for hall, summary in found.items()
        }
    return own_version() | {"revision": REVISION, "failed": failed, "halls": halls}


def _parts_of_figures(figures: Any) -> Mapping[str, Any]:
    return figures if isinstance(figures, dict) else {"figures": figures}


def _sum_of(value: Any) -> str:
    import hashlib

    return hashlib.sha256(json.dumps(value, sort_keys=True, default=str).encode()).hexdigest()


def try_version(program: list[str], place: Path) -> Document:
    """Let a version open the hall's file at `place`, which it upgrades, and look at everything. Raises RuleError
    "update_failed" (why)."""
    import subprocess

    from queuedesk.core.errors import RuleError

    env = environment_of_version()
    if program == own_version()["program"]:
        paths = [str(PACKAGE.parent), *filter(None, [env.get("PYTHONPATH")])]
        env["PYTHONPATH"] = os.pathsep.join(paths)

    command = [*program, "--json", "--lang", "en", "--db", str(place), "update", "--try"]
    try:
        done = subprocess.run(
            command,
            env=env,
            cwd=place.parent,
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


def compare_trials(before: Document, after: Document) -> str:
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
    from queuedesk.files.lock import FileLock

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


@contextmanager
def _only_one() -> Iterator[None]:
    """Hold the right to change versions here. Raises RuleError "update_untimely", OutsideError "cannot_write"."""
    from queuedesk.core.errors import OutsideError, RuleError
    from queuedesk.files.lock import FileLock

    lock = FileLock(versions_folder() / "update.lock")
    try:
        is_free = lock.take()
    except OSError as error:
        raise OutsideError("cannot_write", path=str(versions_folder())) from error
    if not is_free:
        raise RuleError("update_untimely", problem="busy")
    try:
        yield
    finally:
        lock.release()


def change_to(
    folder: Path, target: Path | str, now: datetime, back_up: Callable[[], object], tell: Tell = lambda _step: None
) -> Document:
    """Change this PC to the version in `folder`, of which `target` is the hall; return {"version", "before", "copy"}.
    `back_up` makes a proven backup, and `tell` gets each step as it begins. Until the switch nothing but the new folder
    and backups is written; a version that fails at its first start goes back by itself.

    Raises RuleError "update_…", OutsideError."""
    with _only_one():
        _remove_unfinished()
        tell(VERIFY)
        place, content = read_release(folder)
        is_read = _require_nobody_works(target, now)
        tell(COPY)
        new = put_beside(place, content)
        try:
            if is_read and isinstance(target, Path):
                return _change_with_file(new, target, now, back_up, tell)
            return _change_program(new, back_up if is_read else None, tell)
        except BaseException:
            if (current_version() or {}).get("version") != new["version"]:
                shutil.rmtree(versions_folder() / new["version"], ignore_errors=True)
            raise


def _remove_unfinished() -> None:
    """Remove what a killed update left: copies of the hall, and versions that are not whole; never one that runs, or
    that `current.json` names, should the power have gone before its last file was on the disk."""
    current = current_version() or {}
    named = [PACKAGE, *(Path(one["package"]) for one in (current, current.get("before")) if one)]
    for folder in versions_folder().iterdir():
        is_unfinished = folder.is_dir() and not (folder / WHOLE).exists()
        if is_unfinished and not any(package.is_relative_to(folder.resolve()) for package in named):
            shutil.rmtree(folder, ignore_errors=True)


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


def _require_nobody_works(target: Path | str, now: datetime) -> bool:
    """Check that nobody works in the hall; return whether it can be read: not where there is none yet, or only a newer
    version reads it. Raises RuleError "update_untimely" (names)."""
    from queuedesk.core.errors import OutsideError, RuleError
    from queuedesk.store.engine.address import url_without_password
    from queuedesk.store.engine.database import Database

    try:
        with Database.open(target) as db:
            windows = windows_at_work(db, now)
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


def _change_with_file(
    new: Document, target: Path, now: datetime, back_up: Callable[[], object], tell: Tell
) -> Document:
    from queuedesk.core.errors import RuleError
    from queuedesk.files.writing import ensure_private_folder

    tell(BACKUP)
    back_up()
    copy = copy_of_hall(target)
    tell(TRIAL)
    with _trial_folder() as folder:
        answers = []
        for name, program in (("old", own_version()["program"]), ("new", new["program"])):
            # Each in a folder of its own, as an upgrade leaves a copy beside the file.
            place = ensure_private_folder(folder / name) / target.name
            shutil.copyfile(copy, place)
            answers.append(try_version(program, place))
    before, after = answers
    if after["version"] != new["version"]:
        raise RuleError("update_failed", problem="trial_failed", why=after["version"])
    if differs := compare_trials(before, after):
        raise RuleError("update_failed", problem="differs", what=differs)
    _require_nobody_works(target, now)
    came_before = own_version() | {
        "place": str(target),
        "copy": str(copy),
        "revision": before["revision"],
        "ends": {hall: one["seq"] for hall, one in before["halls"].items()},
    }
    tell(SWITCH)
    _make_current(new | {"package": after["package"], "before": came_before})
    tell(START)
    try:
        started = try_version(new["program"], target)
        differs = compare_trials(before, started) if _ends(started) == came_before["ends"] else ""
    except RuleError as error:
        differs = str(error.details["why"])
    if differs:
        _return_to(came_before, target, now)
        raise RuleError("update_went_back", version=new["version"], why=differs)
    return {"version": new["version"], "before": VERSION, "copy": str(copy)}


def _change_program(new: Document, back_up: Callable[[], object] | None, tell: Tell) -> Document:
    """Change the program of a PC without a hall's file: there is none that can be read, or with `back_up` the hall is
    on a server. That must hold what both versions read, so that PCs with either work together."""
    from queuedesk.core.errors import RuleError

    if back_up is not None:
        tell(BACKUP)
        back_up()
    tell(TRIAL)
    with _trial_folder() as folder:
        answers = [try_version(one["program"], folder / "none.sqlite") for one in (own_version(), new)]
    before, after = answers
    if differs := compare_trials(before, after):
        raise RuleError("update_failed", problem="differs", what=differs)
    if back_up is not None and after["revision"] != before["revision"]:
        raise RuleError("update_failed", problem="shared", version=new["version"])
    tell(SWITCH)
    _make_current(new | {"package": after["package"], "before": own_version() | {"revision": before["revision"]}})
    return {"version": new["version"], "before": VERSION, "copy": None}


def _ends(answer: Document) -> dict[str, int]:
    return {hall: one["seq"] for hall, one in answer["halls"].items()}


def _make_current(version: Document) -> None:
    from queuedesk.files.writing import write_private_file

    write_private_file(versions_folder() / CURRENT, json.dumps(version, ensure_ascii=False, indent=1).encode())


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
            wanted = pack.summaries_by_hall(tx)

            def prove(draft: Path) -> None:
                with open_throw_away_copy(draft) as copied:
                    pack.check_same_summaries(copied, wanted)

            return copy_database_to_backups(target, f"{target.stem}-{REVISION}", prove)
    except (OSError, ValueError, sqlite3.Error) as error:
        raise OutsideError("cannot_write", path=str(target.parent)) from error
    finally:
        db.dispose()


# -- the way back ------------------------------------------------------------------------------------------------------


def go_back(target: Path | str, now: datetime) -> Document:
    """Change this PC to the version before; return {"version", "before", "copy"}. Where the new one upgraded the hall's
    file, the copy from before takes its place, unless something was written since. Raises RuleError
    "update_no_way_back", "update_untimely", OutsideError."""
    from queuedesk.core.errors import RuleError
    from queuedesk.store.engine.migrate import REVISION

    with _only_one():
        current = current_version()
        before = (current or {}).get("before")
        if before is None:
            raise RuleError("update_no_way_back", problem="no_back")
        is_read = _require_nobody_works(target, now)
        if not Path(before["program"][0]).is_file():
            raise RuleError("update_no_way_back", problem="gone", path=before["program"][0])
        if is_read and not isinstance(target, Path) and before["revision"] != REVISION:  # It was shared since.
            raise RuleError("update_no_way_back", problem="no_copy")
        return _return_to(before, target if isinstance(target, Path) else None, now)


def _return_to(before: Document, target: Path | None, now: datetime) -> Document:
    """Put back the hall's file where the version before can't read it, then name that version: killed in between, the
    new one runs and upgrades the file again."""
    put = None
    if target is not None and target.exists() and before["revision"] != revision_of(target):
        put = _put_hall_back(before, target, now)
    _make_current({key: before[key] for key in ("version", "package", "program")})
    return {"version": before["version"], "before": VERSION, "copy": None if put is None else str(put)}


def revision_of(target: Path) -> str:
    import sqlite3
    from contextlib import closing

    from queuedesk.core.errors import OutsideError

    try:
        with closing(sqlite3.connect(f"{target.as_uri()}?mode=ro", uri=True)) as file:
            return str(file.execute("SELECT version_num FROM alembic_version").fetchone()[0])
    except (sqlite3.Error, TypeError) as error:
        raise OutsideError("database_damaged", path=str(target)) from error


WITHOUT_LOSS = frozenset({"sign-in", "sign-out", "device"})
"""Kinds of events that may go with the upgraded file: nobody was told anything by them."""


def _put_hall_back(before: Document, target: Path, now: datetime) -> Path | None:
    from queuedesk.core.errors import OutsideError, RuleError
    from queuedesk.files.writing import create_private_file
    from queuedesk.store.upkeep.pack import put_in_place

    copy = Path(before.get("copy", ""))
    if before.get("place") != str(target) or not copy.is_file():
        raise RuleError("update_no_way_back", problem="no_copy")

    def require_nothing_new() -> None:
        if since := _events_since(before["ends"], target):
            raise RuleError("update_no_way_back", problem="since", n=since)

    require_nothing_new()
    draft = target.with_name(f".{target.name}.back-{os.getpid()}")
    try:
        draft.unlink(missing_ok=True)
        create_private_file(draft)
        shutil.copyfile(copy, draft)
        # Asked again: the hall's web pages may give tickets while that is made.
        return put_in_place(draft, target, stamp_text=f"{now:%Y%m%d-%H%M%S}", check=require_nothing_new)
    except OSError as error:
        raise OutsideError("cannot_write", path=str(target)) from error
    finally:
        with suppress(OSError):
            draft.unlink(missing_ok=True)


def _events_since(ends: Mapping[str, int], target: Path) -> int:
    """Return how many events would be lost, read without the version that wrote them. Raises OutsideError."""
    import sqlite3
    from contextlib import closing

    from queuedesk.core.errors import OutsideError

    kinds = ", ".join(f"'{kind}'" for kind in sorted(WITHOUT_LOSS))
    asked = f"SELECT count(*) FROM events WHERE hall = ? AND seq > ? AND kind NOT IN ({kinds})"
    try:
        with closing(sqlite3.connect(f"{target.as_uri()}?mode=ro", uri=True)) as file:
            halls = dict(file.execute("SELECT id, code FROM halls"))
            return sum(file.execute(asked, (hall, ends.get(code, 0))).fetchone()[0] for hall, code in halls.items())
    except sqlite3.Error as error:
        raise OutsideError("database_damaged", path=str(target)) from error
