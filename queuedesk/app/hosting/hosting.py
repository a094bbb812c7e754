"""The process that shares this PC's hall: server, gate, and moving the hall into it once."""

from __future__ import annotations

import errno
import ipaddress
import logging
import os
import platform
import signal
import socket
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Any

from msgspec.structs import replace

from queuedesk.app.hosting import credentials
from queuedesk.app.hosting import server as hall_server
from queuedesk.app.hosting.gate import CertificateWithKey, GuestGate, load_or_make_certificate
from queuedesk.app.hosting.joining import JoinService
from queuedesk.app.services.repeated_work import BACKUPS, REPORTS, RepeatedCommand
from queuedesk.app.this_pc import config
from queuedesk.core.errors import OutsideError, QueueDeskError, RuleError
from queuedesk.core.features import feature_chores, import_reference
from queuedesk.core.network.roles import HALL
from queuedesk.core.network.sharing import PORT, PcKind, format_address, join_code_in_two_groups
from queuedesk.desk import network
from queuedesk.desk.change import Ask, Desk, iso_local
from queuedesk.desk.looking import setup_of_hall
from queuedesk.desk.quality import casework
from queuedesk.desk.talk import devices, messaging
from queuedesk.desk.upkeep import clocks
from queuedesk.files.reading import read_program_file
from queuedesk.files.writing import write_private_file
from queuedesk.store.engine.address import ServerAddress, parse_server_address, url_without_password
from queuedesk.store.engine.database import Database
from queuedesk.watch import WatchedThread, bug_text, report_bugs_without_values

# -- chores, every minute, and the guard, every second -------------------------------------------------------------

CHORES_S, GUARD_S = 60.0, 1.0
_DUE = (clocks.end_due, messaging.record_and_count_alarm_changes, casework.delete_expired_customer_words)


class HostChores:
    """Does the main PC's chores in two threads, so that a chore that waits for a hall does not hold up the guard. `db`
    is opened as the server's owner, `role` is this PC's credential."""

    def __init__(self, db: Database, clock: Callable[[], datetime], role: str, *, every_s: float = CHORES_S) -> None:
        self._db, self._clock, self._role = db, clock, role
        self._repeated = [RepeatedCommand(words) for words in (REPORTS, BACKUPS)]
        self._leaving = threading.Event()
        self._threads = [
            WatchedThread(partial(self._repeat_every, wait_s, work), name)
            for name, wait_s, work in (
                ("chores", every_s, self._do_due_chores_of_all_halls),
                ("guard", GUARD_S, self._end_withdrawn_or_blocking_pcs),
            )
        ]

    def start(self) -> None:
        """Start; the first chores run at once."""
        for thread in self._threads:
            thread.start()

    def stop(self, wait_s: float = 10.0) -> None:
        """Stop doing chores; return once none is under way, or after `wait_s` for each thread."""
        self._leaving.set()
        for thread in self._threads:
            thread.join(wait_s)

    def _repeat_every(self, wait_s: float, work: Callable[[], None]) -> None:
        while True:
            try:
                work()
            except QueueDeskError:
                pass  # The next turn tries again; that the server is away is seen by who mends it.
            except Exception as bug:  # noqa: BLE001 - nobody is here to see it, and the hall needs the next turn all the same
                _log.error("a chore met a bug\n%s", bug_text(bug))
            if self._leaving.wait(wait_s):
                return

    def _do_due_chores_of_all_halls(self) -> None:
        network.record_pc_alive(self._db, self._role)
        for hall in network.hall_ids_by_code(self._db).values():
            desk = Desk(self._db, hall)
            for due in (*_DUE, *map(import_reference, feature_chores())):
                with suppress(QueueDeskError):
                    due(desk, Ask.ask_from_clock(self._clock, HALL))
            with suppress(QueueDeskError):
                devices.record_lost_stations(desk, Ask.ask_from_clock(self._clock, HALL))
        for work in self._repeated:
            work.start_if_due()

    def _end_withdrawn_or_blocking_pcs(self) -> None:
        for role in network.cut_off_withdrawn_and_blocking_pcs(self._db):
            _log.info("%s was withdrawn or kept others waiting, and was cut off", role)


# -- the addresses by which other PCs reach this one ---------------------------------------------------------------

EVERYWHERE = "0.0.0.0"
PORTS = range(PORT, PORT + 10)
"""Where a hall may be shared first; it stays at the one it was given, which other PCs know."""


def require_free_addresses(wanted: Sequence[tuple[str, int]]) -> None:
    """Check that this process could listen there. Raises OutsideError "address_taken", "address_unknown" (address)."""
    for host, port in wanted:
        try:
            for family, kind, protocol, _name, place in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
                with socket.socket(family, kind, protocol) as tried:
                    if (
                        os.name == "posix"
                    ):  # what closed a moment ago is no reason; elsewhere the same word would share the port
                        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                    tried.bind(place)
        except OSError as error:
            code = "address_taken" if error.errno in (errno.EADDRINUSE, errno.EACCES) else "address_unknown"
            raise OutsideError(code, address=format_address(host, port)) from error


def is_address_taken(host: str, port: int) -> bool:
    try:
        require_free_addresses([(host, port)])
    except OutsideError as error:
        return error.code == "address_taken"
    return False


def addresses_for_other_pcs(bound: Sequence[tuple[str, int]]) -> list[str]:
    """Return how other PCs reach these sockets, as ADDRESS:PORT; "all addresses" gives each of this PC's."""
    found: list[str] = []
    for host, port in bound:
        own = own_ip_addresses(6 if ":" in host else 4) if ipaddress.ip_address(host).is_unspecified else []
        found += [format_address(each, port) for each in own or [host]]
    return list(dict.fromkeys(found))


def own_ip_addresses(version: int) -> list[str]:
    """Return this PC's current addresses in its networks, in the order of its network cards."""
    from PySide6.QtNetwork import QNetworkInterface

    found = []
    for card in QNetworkInterface.allInterfaces():
        flags = card.flags()
        if flags & QNetworkInterface.InterfaceFlag.IsUp and not flags & QNetworkInterface.InterfaceFlag.IsLoopBack:
            for entry in card.addressEntries():
                address = ipaddress.ip_address(entry.ip().toString().partition("%")[0])
                if address.version == version and not address.is_link_local:
                    found.append(str(address))
    return found


STEP_S = 0.5
LOOK_S = 5.0
"""How often this PC's own addresses are looked at: it may get its network after it has started, or another one."""
PAUSE_S, LONGEST_PAUSE_S = 0.5, 10.0
_PORT = "port"
"""The file with the port at which other PCs reach this one, unless a command said where."""
_CREDENTIAL = "credential"
"""The file with the role by which this PC was last one of the hall's: one it has no longer is not left in the list."""
Document = dict[str, Any]
Asking = Callable[[], Ask]
_log = logging.getLogger("queuedesk.host")


class SharedHallHost:
    """The process that shares the hall of `file`: move_hall_to_server(), open_to_other_pcs(), run() until told to end,
    close() in any case."""

    def __init__(
        self,
        file: Path,
        clock: Callable[[], datetime],
        *,
        hall: str | None = None,
        listen: Sequence[tuple[str, int]] = (),
        server: str | None = None,
    ) -> None:
        """`hall`: this PC's, of a file with several; `server`: owner's address of one that the hall already has."""
        self.file, self._clock, self._hall = file, clock, hall
        self._listen = list(listen)
        self.folder = file.parent / hall_server.FOLDER
        self._server = hall_server.hall_server_for_folder(self.folder, server)
        self._given = server
        self._note = hall_server.SharingProcessNote()
        self._db: Database | None = None
        self._place: ServerAddress | None = None
        self._join: JoinService | None = None
        self._gate: GuestGate | None = None
        self._chores: HostChores | None = None
        self._leaving = threading.Event()
        self._pause_s, self._next_try, self._next_look = PAUSE_S, 0.0, 0.0
        self._facts: Document = {}
        self._has_moved, self._has_run, self._may_change_port = False, False, False

    def move_hall_to_server(self, ask: Asking, *, again: bool = False) -> Document | None:
        """Start the server, move the hall there unless it has moved already, and register this PC; return what was
        moved. `ask` says who shares the hall, and is asked only for a hall that has not moved; `again`: only in place
        of a process that was cut off. Raises RuleError "host_running", "host_not_running", "hall_moved" (to) for a hall
        that moved elsewhere, OutsideError "server_missing", "server_failed", "address_taken", "address_unknown", and as
        `desk.sharing.share`. After a refusal, a hall that has not moved is still in its file."""
        moved_to, lost = self._new_hall_address_and_trouble()
        known = isinstance(self._server, hall_server.ExternalHallServer) or self.folder.exists()
        if moved_to is not None and (not known or (self._given and url_without_password(self._given) != moved_to)):
            raise RuleError("hall_moved", to=moved_to)
        who = ask() if moved_to is None else None
        self._note.become_sharing_process(again=again)
        if (
            moved_to is None
            and self._given is None
            and not again
            and isinstance(self._server, hall_server.ExternalHallServer)
        ):
            # Of an attempt that was cut off, or from before a backup brought the hall back into its file.
            self._server.forget_address()
            self._server = hall_server.LocalHallServer(self.folder)
        self._has_moved = moved_to is not None and self.folder.exists() and self._is_server_running()
        own_port = None if self._listen else self._port_for_other_pcs(is_first=moved_to is None)
        if own_port is not None:
            self._listen = [(EVERYWHERE, own_port)]
            self._may_change_port = moved_to is None
        self._note.write_sharing_facts(self._sharing_resume_facts())
        # What could keep others out is found out while the hall can still stay where it is.
        load_or_make_certificate(self.folder, self._clock())
        require_free_addresses(self._listen)
        if own_port is not None:
            write_private_file(self.folder / _PORT, str(own_port).encode())
        self._server.start()
        url = self._server.owner_url()
        own: list[tuple[str, str]] = []

        def ensure_own_credential(db: Database) -> None:
            own[:] = [
                self._ensure_manager_credential(
                    db, parse_server_address(url), str(who.who.name) if who is not None else "hall"
                )
            ]
            self._store_credential_role(own[0][0])
            credentials.store_address_of_moving_hall(*own[0])

        try:
            # Before anybody is told of the server: who worked there would be in the way, and have others in his.
            network.prepare_server_database(url)
        except OutsideError as error:
            raise lost or error from error
        moved = (
            network.move_halls_to_server(self.file, url, who, settle=ensure_own_credential) if who is not None else None
        )
        self._has_moved = self._has_moved or moved is not None
        try:
            # The own one has only just started, perhaps on a slow disk. Of another, stations here know at once when it
            # is away.
            self._db = Database.open(url, is_patient=isinstance(self._server, hall_server.LocalHallServer))
            if who is None:
                ensure_own_credential(self._db)
        except OutsideError as error:
            raise lost or error from error
        self._switch_pc_to_hall(*own[0])
        return moved

    def _port_for_other_pcs(self, *, is_first: bool) -> int:
        """Return the port for all addresses: the one other PCs know, or a free one if the hall `is_first` shared."""
        kept = PORT
        with suppress(OSError, ValueError):
            kept = int(read_program_file(self.folder / _PORT))
        if kept not in PORTS:
            kept = PORT
        if not is_first:
            return kept
        return next((port for port in (kept, *PORTS) if not is_address_taken(EVERYWHERE, port)), kept)

    def _new_hall_address_and_trouble(self) -> tuple[str | None, OutsideError | None]:
        """Return where the hall went (None: it is in its file) and the file's trouble. A moved hall's file is only a
        copy: an existing server goes on without it."""
        try:
            return network.address_halls_moved_to(self.file), None
        except OutsideError as lost:
            if self._given is None:
                with suppress(OutsideError):
                    return url_without_password(self._server.owner_url()), lost
            raise

    def open_to_other_pcs(self) -> Document:
        """Let other PCs in; return what people are told about it. Raises OutsideError as move_hall_to_server()."""
        assert self._db is not None
        place = self._place = parse_server_address(self._server.owner_url())
        own = load_or_make_certificate(self.folder, self._clock())
        join = self._join = JoinService(
            self._db,
            own.fingerprint,
            self._clock,
            database=place.database,
            server=None if place.is_on_this_pc else place.address_for_other_pcs,
        )
        self._gate = self._start_and_give_gate(own, place, join)
        self._chores = self._start_chores(self._db)
        known = config.update_config({"shared_file": str(self.file)})
        told = {
            "hall": known.hall,
            "addresses": addresses_for_other_pcs(self._gate.addresses),
            "fingerprint": own.fingerprint,
            "database": known.db,
        }
        self._facts = told | {"file": str(self.file), "since": self._clock().isoformat(timespec="seconds")}
        self._note.write(self._facts)
        return told

    def _start_and_give_gate(self, own: CertificateWithKey, place: ServerAddress, join: JoinService) -> GuestGate:
        """Start listening for other PCs. The port of a hall that is shared for the first time was free before the hall
        moved: where another program has taken it since, the next free one does, as no PC knows it yet."""
        while True:
            gate = GuestGate(own, self._listen, servers=place.hosts if place.is_on_this_pc else (), join=join)
            try:
                gate.start()
            except OutsideError as error:
                if error.code != "address_taken" or not self._may_change_port:
                    raise
                later = range(self._listen[0][1] + 1, PORTS.stop)
                free = next((port for port in later if not is_address_taken(EVERYWHERE, port)), None)
                if free is None:
                    raise
                self._listen = [(EVERYWHERE, free)]
                write_private_file(self.folder / _PORT, str(free).encode())
                self._note.write_sharing_facts(self._sharing_resume_facts())
            else:
                return gate

    def code(self, ask: Ask, kind: PcKind) -> Document:
        """Make a join code for one PC. Raises RuleError "not_your_role"."""
        assert self._db is not None
        desk = Desk(self._db, network.hall_ids_by_code(self._db)[config.load_config().hall])
        made = network.make_join_code(desk, ask, kind)
        return {
            "code": join_code_in_two_groups(made.code),
            "expires": iso_local(setup_of_hall(desk), made.expires.replace(microsecond=0)),
        }

    def run(self) -> None:
        """Run until this process, or a caller of `SharingProcessNote.stop_sharing_and_wait`, ends it; restart the
        server whenever it dies."""
        self._has_run = True
        report_bugs_without_values()
        names = ("SIGTERM", "SIGINT", "SIGHUP", "SIGBREAK")
        ending = [signal.Signals[name] for name in names if hasattr(signal, name)]
        before = {number: signal.signal(number, self._on_signal) for number in ending}
        try:
            while not self._leaving.wait(STEP_S) and not self._note.is_stop_requested():
                self._restart_or_follow_server()
                self._update_noted_addresses()
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def close(self, *, leave_server: bool = False) -> None:
        """Shut everything down in order, disconnecting other PCs first. With `leave_server` the server runs on for the
        next process that shares the hall; also where run() did not begin, and this PC's stations work there."""
        leave_server = leave_server or (self._has_moved and not self._has_run)
        for end in (self._gate, self._chores):
            if end is not None:
                end.stop()
        if self._db is not None:
            self._db.dispose()
        if (
            self._note.is_this_process_sharing
            and not self._has_moved
            and isinstance(self._server, hall_server.ExternalHallServer)
        ):
            with suppress(QueueDeskError):
                if network.address_halls_moved_to(self.file) is None:
                    self._server.forget_address()  # A hall that stays in its file may be shared another way.
        if not leave_server and self._note.is_this_process_sharing:
            with suppress(OutsideError):
                self._server.stop()
        self._note.stop_being_sharing_process(goes_on=leave_server)

    def _restart_or_follow_server(self) -> None:
        now = time.monotonic()
        if now < self._next_try:
            return
        try:
            if not self._server.is_answering():
                _log.warning("the server does not answer and is started again")
                self._server.start()
            if (place := parse_server_address(self._server.owner_url())) != self._place:
                self._follow_server_to_place(place)
            self._pause_s = PAUSE_S
        except QueueDeskError as error:
            _log.warning("the server did not start: %s", error.code)
            self._next_try = now + self._pause_s
            self._pause_s = min(LONGEST_PAUSE_S, self._pause_s * 2)

    def _follow_server_to_place(self, place: ServerAddress) -> None:
        """Let everything here find the server where it is now: another program took its port while it was gone."""
        assert self._db is not None and self._gate is not None and self._chores is not None and self._join is not None
        there = Database.open(self._server.owner_url())
        try:
            self._switch_pc_to_hall(*self._ensure_manager_credential(there, place, "hall"))
        except BaseException:
            there.dispose()
            raise
        self._join.db, before, self._db = there, self._db, there
        self._gate.servers = place.hosts if place.is_on_this_pc else ()
        self._place = place
        self._chores.stop(0)  # What is under way waits for a port at which another program is now.
        self._chores = self._start_chores(there)
        before.dispose()
        self._facts["database"] = config.load_config().db
        self._note.write(self._facts)

    def _start_chores(self, db: Database) -> HostChores:
        chores = HostChores(db, self._clock, parse_server_address(config.load_config().db).role)
        chores.start()
        return chores

    def _update_noted_addresses(self) -> None:
        now = time.monotonic()
        if now < self._next_look or self._gate is None:
            return
        self._next_look = now + LOOK_S
        addresses = addresses_for_other_pcs(self._gate.addresses)
        if addresses != self._facts["addresses"]:
            self._facts["addresses"] = addresses
            with suppress(OutsideError):  # The next look tries again.
                self._note.write(self._facts)

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        self._leaving.set()

    def _ensure_manager_credential(self, db: Database, place: ServerAddress, by: str) -> tuple[str, str]:
        """Give this PC a manager's credential unless its own still opens the hall; return address and hall code."""
        there = network.hall_ids_by_code(db)
        own = config.load_config()
        hall = self._hall or (own.hall if own.hall in there else next(iter(there), None))
        if hall is None:
            raise OutsideError("database_missing", path=db.place)
        role = ""
        if own.db:
            known = parse_server_address(own.db)
            role, here = known.role, replace(place, role=known.role)
            if known == here and own.hall == hall and _can_open_database(own.db):
                return own.db, hall
            if own.hall == hall and _move_password_if_it_opens(known, here):
                return here.url(), hall
            # That of another server is not known there.
            network.withdraw_pc_credential(db, role)
        former = self._stored_credential_role()
        if former and former != role:
            network.withdraw_pc_credential(db, former)
        name = platform.node() or "PC"
        role, password = network.create_pc_credential(db, hall, PcKind.MANAGER, name=name, by=by, now=self._clock())
        place = replace(place, role=role)
        credentials.write_database_password_to_file(place, password)
        return place.url(), hall

    def _switch_pc_to_hall(self, address: str, hall: str) -> None:
        """Let this PC work in that hall, and know its credential again should the PC work alone meanwhile."""
        credentials.switch_to_hall(address, hall)
        self._store_credential_role(address)

    def _store_credential_role(self, address: str) -> None:
        write_private_file(self.folder / _CREDENTIAL, parse_server_address(address).role.encode())

    def _sharing_resume_facts(self) -> Document:
        words = ["--hall", self._hall] if self._hall else []
        listen = [word for host, port in self._listen for word in ("--listen", format_address(host, port))]
        return {
            "file": str(self.file),
            "since": self._clock().isoformat(timespec="seconds"),
            "words": ["--db", str(self.file), *words, "host", "--again", "--no-code", "--no-autostart", *listen],
        }

    def _is_server_running(self) -> bool:
        with suppress(OutsideError):
            return self._server.is_answering()
        return False

    def _stored_credential_role(self) -> str:
        try:
            return read_program_file(self.folder / _CREDENTIAL).decode()
        except (OSError, ValueError):
            return ""


def _move_password_if_it_opens(known: ServerAddress, place: ServerAddress) -> bool:
    """Keep the password of an address for another place of the same server, if it opens that."""
    password = credentials.stored_database_password(known)
    if password is None or not _can_open_database(place.url(password)):
        return False
    credentials.write_database_password_to_file(place, password)
    credentials.delete_database_password(known, but_of=place)
    return True


def _can_open_database(address: str) -> bool:
    try:
        Database.open(address, is_patient=True).dispose()
    except QueueDeskError:
        return False
    return True
