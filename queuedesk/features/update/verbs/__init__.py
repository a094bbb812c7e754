"""Which version of the program starts here, whose are accepted, and what a release holds.

Versions stand in `versions` in the data folder, and the file `current.json` there names the one that runs. Each start
reads it first, so what stands here at the top loads little."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

import queuedesk
from queuedesk.paths import config_folder, data_folder

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

Document = dict[str, Any]
PACKAGE = Path(queuedesk.__file__).resolve().parent
VERSION = queuedesk.__version__

# -- which version starts ----------------------------------------------------------------------------------------------

LED = "QUEUEDESK_LED"
"""In the environment of a version that another one started: it starts no third."""
CURRENT = "current.json"
WHOLE = "whole.json"
"""Written last into a version's folder: one without it is taken for half made."""


def versions_folder() -> Path:
    return data_folder() / "versions"


def current_version_from_file() -> Document | None:
    """Return what `current.json` says; None where there was no update, nothing can be read, or somebody else may have
    written it: it would start a program of theirs with this user's rights."""
    try:
        with (versions_folder() / CURRENT).open(encoding="utf-8") as file:
            if not _is_writable_by_this_user_only(os.fstat(file.fileno())):
                return None
            found = json.load(file)
        kinds = {"version": str, "package": str, "program": list}.items()
        is_whole = all(isinstance(found[key], kind) for key, kind in kinds) and isinstance(found["program"][0], str)
        return found if is_whole else None
    except (OSError, ValueError, LookupError, TypeError, RecursionError):
        return None


def _is_writable_by_this_user_only(status: os.stat_result) -> bool:
    """Whether only this user or the system's may have written a file; on Windows a user's folders are private."""
    return os.name == "nt" or (status.st_uid in (0, os.geteuid()) and not status.st_mode & 0o022)


def version_sort_key(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version))


def version_that_takes_over() -> Document | None:
    """Return the version that starts here in place of this one. A program that was installed by hand and is newer
    stays: only older ones, and others that an update put here, give way."""
    current = current_version_from_file()
    if current is None or Path(current["package"]) == PACKAGE:
        return None
    if not _is_this_program_from_update() and version_sort_key(current["version"]) <= version_sort_key(VERSION):
        return None
    with suppress(OSError):
        if Path(current["program"][0]).is_file() and Path(current["package"], "__init__.py").is_file():
            return current
    return None


def _is_this_program_from_update() -> bool:
    return PACKAGE.is_relative_to(versions_folder().resolve())


def replace_process_if_other_version() -> None:
    """Become the version that runs here, unless this is it, or the system does not run that one."""
    if os.environ.pop(LED, None) is None:
        if (version := version_that_takes_over()) is not None:
            _replace_process(version)
        else:
            _make_own_version_current_if_newer()
    _lock_own_folder_while_running()


def _replace_process(version: Document) -> None:
    command, env = [*_program_without_console(version["program"]), *sys.argv[1:]], environment_for_other_version()
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


def _make_own_version_current_if_newer() -> None:
    """Let versions of an update give way to a newer one that was installed by hand: what opens at log-in may start one
    of them, which would no longer read the hall. A checkout changes nothing."""
    current = current_version_from_file()
    if (
        current is None
        or version_sort_key(current["version"]) >= version_sort_key(VERSION)
        or _is_this_program_from_update()
    ):
        return
    if any(PACKAGE.parent.glob("queuedesk-*.dist-info")):
        from queuedesk.core.errors import QueueDeskError

        with suppress(QueueDeskError), hold_update_lock():
            make_current(own_version())


def _lock_own_folder_while_running() -> None:
    """Keep updates from removing this version's folder while this process runs. Windows renames no folder in use."""
    if sys.platform != "win32" and _is_this_program_from_update():
        import fcntl

        with suppress(OSError):  # Open until this process ends, and in none that it starts.
            fcntl.flock(os.open(folder_of_version(str(PACKAGE)) / WHOLE, os.O_RDONLY), fcntl.LOCK_SH | fcntl.LOCK_NB)


def folder_of_version(package: str) -> Path:
    """Return the folder of a version that an update put here."""
    versions = versions_folder().resolve()
    return versions / Path(package).relative_to(versions).parts[0]


def environment_for_other_version() -> dict[str, str]:
    """Return this process's environment for another version, without the place of this one's modules."""
    own = str(PACKAGE.parent)
    paths = [path for path in os.environ.get("PYTHONPATH", "").split(os.pathsep) if path]
    paths = [path for path in paths if os.path.realpath(path) != own]
    env = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"} | {LED: "1"}
    return env | ({"PYTHONPATH": os.pathsep.join(paths)} if paths else {})


def _program_without_console(program: list[str]) -> list[str]:
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


@contextmanager
def hold_update_lock() -> Iterator[None]:
    """Hold the right to change versions here. Raises RuleError "update_untimely", OutsideError "cannot_write"."""
    from queuedesk.core.errors import OutsideError, RuleError
    from queuedesk.files.writing import FileLock

    lock = FileLock(versions_folder() / "update.lock")
    try:
        is_free = lock.try_to_take()
    except OSError as error:
        raise OutsideError("cannot_write", path=str(versions_folder())) from error
    if not is_free:
        raise RuleError("update_untimely", problem="busy")
    try:
        yield
    finally:
        lock.release()


def make_current(version: Document) -> None:
    from queuedesk.files.writing import write_private_file

    write_private_file(versions_folder() / CURRENT, json.dumps(version, ensure_ascii=False, indent=1).encode())


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


def write_signing_key_pair(file: Path) -> Path:
    """Write a new private key that only this user may read, and its public half beside it, which is returned. Raises
    RuleError "own_file", "update_key", OutsideError."""
    from queuedesk.core.errors import OutsideError, RuleError
    from queuedesk.files.writing import require_overwritable_output, write_file

    serialization, ed25519 = _cryptography_modules()
    public = file.parent / f"{file.name}.pub"
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

    serialization, ed25519 = _cryptography_modules()
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


def _cryptography_modules() -> tuple[Any, Any]:
    """Return what reads keys and what signs. Raises OutsideError "update_no_cryptography"."""
    from queuedesk.core.errors import OutsideError

    try:
        from cryptography.hazmat.primitives import serialization
        from cryptography.hazmat.primitives.asymmetric import ed25519
    except ImportError as error:
        raise OutsideError("update_no_cryptography") from error
    return serialization, ed25519


# -- releases ----------------------------------------------------------------------------------------------------------

RELEASE, SIGNATURE = "release.json", "release.sig"
FORMAT = "queuedesk-release-1"
PROGRAM, WHEELS = "program", "wheels"
"""The two kinds: a folder with Python in it (scripts/program/freeze.py), and packages (scripts/offline.py)."""
PROGRAM_FOLDER = "queuedesk"
"""What freeze.py calls it."""
LARGEST_RELEASE = 20_000_000
UNPACKED = {PROGRAM: 1.1, WHEELS: 4.0}
"""How many times its own size a release takes here."""
SIGNED_FIRST = b"queuedesk release\n"
"""So that a signature of a release is none of anything else."""
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

    serialization, ed25519 = _cryptography_modules()
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
            name: [path.stat().st_size, _file_sha256(path), int(os.access(path, os.X_OK))]
            for name, path in names.items()
            if not path.is_symlink()
        },
        "links": {name: path.readlink().as_posix() for name, path in names.items() if path.is_symlink()},
    }
    text = (json.dumps(content, ensure_ascii=False, indent=0) + "\n").encode()
    (folder / RELEASE).write_bytes(text)
    (folder / SIGNATURE).write_bytes(base64.b64encode(key.sign(SIGNED_FIRST + text)) + b"\n")
    return content


def _file_sha256(path: Path) -> str:
    import hashlib

    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def release_folder_and_signed_list(folder: Path) -> tuple[Path, Document]:
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
        text = _read_file_unless_too_long(place / RELEASE, LARGEST_RELEASE)
        signature = base64.b64decode(_read_file_unless_too_long(place / SIGNATURE, LARGEST_KEY).strip(), validate=True)
    except FileNotFoundError as error:
        raise RuleError("update_unacceptable", problem="unsigned", path=str(place)) from error
    except OSError as error:
        raise OutsideError("cannot_read", path=str(place or folder)) from error
    except ValueError:
        signature = b""  # Too long, or no base64.
    if place is None or not _is_signed(text, signature):
        raise RuleError("update_unacceptable", problem="untrusted", path=str(place))
    content = _checked_file_list(text, place)
    if content["platform"] != own:
        raise RuleError("update_unacceptable", problem="platform", there=content["platform"], here=own)
    running = max(VERSION, (current_version_from_file() or {}).get("version", VERSION), key=version_sort_key)
    if version_sort_key(content["version"]) <= version_sort_key(running):
        raise RuleError("update_unacceptable", problem="not_newer", version=content["version"], own=running)
    if content["kind"] == WHEELS and getattr(sys, "frozen", False):
        raise RuleError("update_unacceptable", problem="needs_program", path=str(place))
    return place, content


def _read_file_unless_too_long(path: Path, most: int) -> bytes:
    with path.open("rb") as file:
        found = file.read(most + 1)
    if len(found) > most:
        raise ValueError(path)
    return found


def _is_signed(text: bytes, signature: bytes) -> bool:
    import base64

    _serialization, ed25519 = _cryptography_modules()
    from cryptography.exceptions import InvalidSignature

    for key in trusted_keys().values():
        with suppress(InvalidSignature, ValueError):
            public: Ed25519PublicKey = ed25519.Ed25519PublicKey.from_public_bytes(base64.b64decode(key))
            public.verify(signature, SIGNED_FIRST + text)
            return True
    return False


def _checked_file_list(text: bytes, place: Path) -> Document:
    """Return a signed list whose names stay below the folder. Raises RuleError "update_unacceptable"."""
    from queuedesk.core.errors import RuleError

    content: Document = json.loads(text)
    is_known = content.get("format") == FORMAT and content["kind"] in UNPACKED
    names = [*content.get("files", ()), *content.get("links", ())]
    ends = [str(PurePosixPath(name).parent / to) for name, to in content.get("links", {}).items()]
    is_known = is_known and re.fullmatch(r"\d+(\.\d+)*", content["version"]) is not None
    if not is_known or not all(map(_is_below_folder, [*names, *map(os.path.normpath, ends)])):
        raise RuleError("update_unacceptable", problem="damaged", path=str(place), name=RELEASE)
    return content


def _is_below_folder(name: str) -> bool:
    parts = PurePosixPath(name.replace("\\", "/")).parts
    return bool(parts) and ".." not in parts and parts[0] != "/" and ":" not in name
