"""Sharing the hall with other PCs, for the manager's station."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from queuedesk.app.hosting.server import FOLDER, SharingProcessNote, is_on_external_server, postgres_folder
from queuedesk.app.station.processes import BackgroundCommand
from queuedesk.app.this_pc import config
from queuedesk.core.errors import OutsideError, QueueDeskError
from queuedesk.core.network.sharing import JoinCode, PcKind, SharedPc, SharingStatus, format_address
from queuedesk.desk import looking, network
from queuedesk.desk.change import Ask, Desk
from queuedesk.paths import default_hall_file
from queuedesk.store.engine.address import has_main_pc_certificate, parse_server_address
from queuedesk.watch import WatchedThread

Answer = Callable[[], Mapping[str, Any] | None]

READY_S = 60.0
STARTS = 3
STEP_S = 0.1
THREAD = "sharing"


class SharingTools:
    """Shares the hall at `place`, a file or a server's address, with other PCs."""

    def __init__(self, desk: Desk, place: str, clock: Callable[[], datetime]) -> None:
        self._desk, self._place, self._clock = desk, place, clock

    def sharing_status(self) -> SharingStatus:
        """Return how this hall is shared, as far as this PC knows."""
        if self._desk.db.path is not None:
            cut_off = SharingProcessNote().start_of_interrupted_sharing(self._desk.db.path)
            return SharingStatus(is_shared=False, hindrance=_missing_postgres_code(), interrupted=cut_off)
        place, note = parse_server_address(self._place), SharingProcessNote().read()
        is_host = note is not None or place.is_on_this_pc
        addresses: Sequence[str] = ()
        if note is not None:
            addresses = note["addresses"]
        elif not is_host and has_main_pc_certificate(self._place):
            addresses = [format_address(*host) for host in place.hosts]
        return SharingStatus(
            is_shared=True,
            is_host=is_host,
            runs=not is_host or note is not None,
            begins=note is None and _SharingAttempt.is_sharing_under_way(),
            addresses=tuple(addresses),
            own_role=place.role,
            has_given_server=note is not None and is_on_external_server(Path(note["file"]).parent / FOLDER),
        )

    def start_sharing(self, ask: Ask, server: str | None = None) -> Answer:
        """Start sharing this hall, on the `server` of an owner's address or on this PC's own, or let PCs in again where
        that has stopped; return a function that gives None until it is done and raises RuleError "not_your_role",
        "host_running", OutsideError "server_missing", "server_failed", "move_incomplete" and the like. The person's
        right was checked here: the process that carries on asks nobody."""
        ask.who.require_may("share")
        if self._desk.db.path is not None:
            hall = looking.setup_of_hall(self._desk).hall.code
            return _SharingAttempt(
                self._desk.db.path, hall, ask, self._clock, moves=True, server=server
            ).result_if_shared
        # The server can't be asked: it stopped together with sharing. At the usual place there may be another hall's
        # file.
        own = config.load_config()
        file = Path(own.shared_file) if own.shared_file else default_hall_file()
        return _SharingAttempt(file, own.hall, ask, self._clock, moves=False).result_if_shared

    def stop(self, ask: Ask) -> None:
        """Stop sharing this hall until it is shared again or this PC restarts; takes seconds. Raises RuleError
        "not_your_role", "host_not_running", OutsideError "cannot_write", "server_failed"."""
        ask.who.require_may("share")
        SharingProcessNote().stop_sharing_and_wait()

    def code(self, ask: Ask, kind: PcKind) -> JoinCode:
        return network.make_join_code(self._desk, ask, kind)

    def is_join_code_open(self) -> bool:
        return network.is_join_code_open(self._desk)

    def pcs_of_hall(self) -> Sequence[SharedPc]:
        return network.pcs_of_hall(self._desk, self._clock())

    def withdraw_pc(self, ask: Ask, role: str) -> SharedPc:
        return network.withdraw_shared_pc(self._desk, ask, role)


class _SharingAttempt:
    """One try to share a hall. Its thread goes on if the station closes: a hall half moved helps nobody."""

    def __init__(
        self, file: Path, hall: str, ask: Ask, clock: Callable[[], datetime], *, moves: bool, server: str | None = None
    ) -> None:
        """`moves` says that the hall still goes on in its file; "" for `hall` is the one that this PC works in."""
        self._file, self._hall, self._ask, self._clock, self._moves = file, hall, ask, clock, moves
        self._server = server
        self._done: Mapping[str, Any] | None = None
        self._trouble: BaseException | None = None
        self._thread = WatchedThread(self._share_and_store_outcome, THREAD, again_s=None, daemon=False)
        self._thread.start()

    @staticmethod
    def is_sharing_under_way() -> bool:
        """Whether this process shares a hall at this moment, also where the window that began it has opened anew."""
        return any(thread.name == THREAD for thread in threading.enumerate())

    def result_if_shared(self) -> Mapping[str, Any] | None:
        """Return the main PC's note once the hall is shared, None before. Raises what went wrong."""
        if self._thread.is_alive:
            return None
        if self._trouble is not None:
            raise self._trouble
        return self._done

    def _share_and_store_outcome(self) -> None:
        try:
            self._done = self._start_sharing_and_read_its_note()
        except BaseException as trouble:  # noqa: BLE001 - raised again where it is asked for
            self._trouble = trouble

    def _start_sharing_and_read_its_note(self) -> Mapping[str, Any]:
        if self._moves:
            self._move_hall_to_server()
        named = ["--hall", self._hall] if self._hall else []
        again = ["--again"] if self._moves else []
        words = ["--db", str(self._file), "--json", *named, "host", "--no-code", *again]
        end, left, said = time.monotonic() + READY_S, STARTS, ""
        host: BackgroundCommand | None = None
        while (note := SharingProcessNote().read()) is None:
            if host is not None and (answer := host.output_if_ended()) is not None:
                host, said = None, answer
            # Another may be at it already: whoever sees that nobody is, as when the one before was killed.
            if host is None and not SharingProcessNote().is_some_process_sharing():
                if not left or time.monotonic() > end:
                    raise OutsideError("server_failed", why=_error_message_of_output(said))
                host, left = BackgroundCommand(words), left - 1
            if time.monotonic() > end:
                raise OutsideError("server_failed", why=_error_message_of_output(said))
            time.sleep(STEP_S)
        return note

    def _move_hall_to_server(self) -> None:
        """Move the hall in the name of its requester, so that no PIN is asked again."""
        from queuedesk.app.hosting.hosting import SharedHallHost  # with all of TLS: only who shares a hall needs it

        hosting = SharedHallHost(self._file, self._clock, hall=self._hall, server=self._server)
        is_moved = False
        try:
            hosting.move_hall_to_server(lambda: self._ask)
            is_moved = True
        finally:
            hosting.close(leave_server=is_moved)


def _error_message_of_output(said: str) -> str:
    try:
        return str(json.loads(said)["error"]["message"])
    except (ValueError, LookupError, TypeError):
        return "host"


def _missing_postgres_code() -> str:
    try:
        postgres_folder()
    except QueueDeskError as trouble:
        return trouble.code
    return ""
