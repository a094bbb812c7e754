"""Shares a hall: moves it from its file to a server, makes codes for joining, lists and withdraws PCs.

Under the file's write lock the halls are written as a pack, loaded into the server in one transaction, counted table by
table, and their chains verified there; then the file's `database.moved_to` is set, which `Database.write` checks in
every change. The server commits first: after a crash in between the hall is in both places, and the next try finds its
own copy. The file stays, read-only.

Codes and PCs are not in the log, as they belong to the database, not to the hall's day. Tries of a code are counted
here; `desk/upkeep/clocks.py` checks the PCs' clocks."""

from __future__ import annotations

import random
import secrets
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from msgspec import Struct

from queuedesk import __version__
from queuedesk.core.errors import OutsideError, RuleError
from queuedesk.core.network import sharing as hall_sharing
from queuedesk.desk.change import Ask, Desk, Document, iso_local
from queuedesk.desk.talk import devices
from queuedesk.store.engine import hall_file, migrate, server_link
from queuedesk.store.engine.database import Database
from queuedesk.store.engine.types import Transaction
from queuedesk.store.parts import halls, sharing
from queuedesk.store.parts.sharing import StoredJoinCode
from queuedesk.store.rights import grants

if TYPE_CHECKING:
    from queuedesk.store.upkeep.exchange import MovedHall, WholeDatabaseFile
    from queuedesk.store.upkeep.pack import HallCopy


T = TypeVar("T")
PREPARE_S = 30.0
AGAIN_S = (0.05, 0.25)
MOST_TRIES = 5


def move_halls_to_server(
    source: Path, target_url: str, ask: Ask, *, settle: Callable[[Database], None] = lambda _db: None
) -> Document:
    """Move all halls of the file `source` into the database at `target_url`, which may have others. The file is locked
    only while the changes made during the copy are carried over. Returns {"database", "halls": [{"hall", "events",
    "hash", "tables": {name: rows}}]}, counted in the new database after verifying the logs there. The file stays, with
    the new address, and refuses changes ("hall_moved"). An interrupted try may be repeated. `settle` is called with the
    new database before the move is final, and again if the server was busy.

    Raises RuleError "not_your_role", "hall_moved" (to) if it moved elsewhere, "hall_there" (hall), OutsideError
    "move_incomplete", "nul_in_text" (hall, table, row), "cannot_write", "database_damaged" for a broken log, and the
    errors of either database. After an error the file is unchanged and in use."""
    ask.who.require_may("share")
    with Database.open(source) as here, _naming_missing_right(target_url), _open_or_create(target_url) as there:
        return _move_halls(here, there, ask, settle)


def address_halls_moved_to(source: Path) -> str | None:
    """Return the address to which the halls of a file have moved, None if they are still in it. Raises OutsideError."""
    with Database.open(source) as db:
        return _address_halls_moved_to(db)


def _address_halls_moved_to(db: Database) -> str | None:
    from queuedesk.store.upkeep import exchange

    with db.read() as tx:
        return exchange.moved_to_address(tx)


def prepare_server_database(target_url: str) -> None:
    """Create missing tables and PCs' rights in a server's database, before it is announced. Raises OutsideError."""
    with _naming_missing_right(target_url), _open_or_create(target_url) as db:
        install_pc_rights(db)


@contextmanager
def _naming_missing_right(target_url: str) -> Iterator[None]:
    """Raise OutsideError "owner_lacks" (statement) where a server refuses its owner something for want of a right."""
    try:
        yield
    except OutsideError as trouble:
        if trouble.code == "not_this_pc":
            from queuedesk.store.engine.notifying import DeadlineConnection  # the driver is for servers alone

            statement = None
            with (
                suppress(*server_link.driver_errors()),
                DeadlineConnection(server_link.open_server_connection(target_url)) as server,
            ):
                statement = grants.statement_for_missing_right(server)
            if statement is not None:
                raise OutsideError("owner_lacks", statement=statement) from trouble
        raise


def install_pc_rights(db: Database) -> None:
    """Create or update the rights of PCs in a server's database if this program's are not installed; for its owner.
    Stations may be reading there: each try waits for their locks only briefly, so that the stations do not block each
    other. Raises OutsideError, "database_busy" after PREPARE_S of tries."""
    give_up = time.monotonic() + PREPARE_S
    while True:
        try:
            with db.write() as tx:
                # A newer program's rights hold for this one too.
                if db.revision == migrate.REVISION and not grants.are_rights_current(tx):
                    grants.lock_all_tables_exclusively(tx)
                    grants.install_rights(tx)
            return
        except OutsideError as trouble:
            if trouble.code != "database_busy" or time.monotonic() >= give_up:
                raise
        time.sleep(random.uniform(*AGAIN_S))


def create_pc_credential(
    db: Database, hall: str, kind: hall_sharing.PcKind, *, name: str, by: str, now: datetime
) -> tuple[str, str]:
    """Create a PC's credential for the hall with the code `hall`; return its role and password, which is stored
    nowhere. Raises RuleError "unknown_hall"."""
    with db.write() as tx:
        ids = {code: id for id, code in halls.hall_ids_and_codes(tx)}
        if hall not in ids:
            raise RuleError("unknown_hall", hall=hall)
        taken = [pc.name for pc in sharing.shared_pcs(tx, ids[hall]) if pc.withdrawn is None]
        return grants.add_pc(
            tx,
            ids[hall],
            hall_sharing.name_with_free_number(hall_sharing.normalized_pc_name(name), taken),
            kind,
            made_by=by,
            now=now,
        )


def withdraw_pc_credential(db: Database, role: str) -> None:
    with db.write() as tx:
        grants.withdraw_pc(tx, role)


def cut_off_withdrawn_and_blocking_pcs(db: Database) -> list[str]:
    """End the connections of PCs that are withdrawn or block others, and return their roles; called once a second by
    the server's owner."""
    with db.write() as tx:
        return grants.cut_off_and_list_unwanted_roles(tx)


def hall_ids_by_code(db: Database) -> dict[str, int]:
    with db.read() as tx:
        return {code: id for id, code in halls.hall_ids_and_codes(tx)}


def _move_halls(here: Database, there: Database, ask: Ask, settle: Callable[[Database], None]) -> Document:
    from queuedesk.store.upkeep import exchange

    assert here.path is not None
    for db in (here, there):
        db.refuse_if_tables_newer()
    if (to := _address_halls_moved_to(here)) is not None:
        raise RuleError("hall_moved", to=to)
    # The folder exists longer than the lock is held: writers that see it wait longer for the lock.
    with _temporary_private_folder(here) as folder:
        copy = folder / "before.sqlite"
        exchange.copy_hall_file_at_one_moment(here.path, copy)
        copied = _copy_halls_to_server(copy, folder / "halls", here, there, ask)
        is_marked = False
        try:
            _retry_while_busy(lambda: settle(there))
            with here.write() as left, exchange.connection_to_file_and_copy(here.path, copy) as both:
                moved = _retry_while_busy(lambda: _carry_over_and_give_moved_halls(copied, left, both, there))
                # Marked only after the server's commit: after a crash here the hall is in both, and the next try
                # finds its own copy.
                is_marked = True
                exchange.set_or_clear_database_new_address(left, there.place)
        except BaseException:
            # The mark may have been written in spite of the error, or by another process: its target must stay.
            if not is_marked and _are_halls_still_in_file(here):
                _remove_copied_halls_from_server(copied, there)
            raise
    rows = [{"hall": hall.code, "events": hall.seq, "hash": hall.hash, "tables": hall.tables} for hall in moved]
    return {"database": there.place, "halls": rows}


def _are_halls_still_in_file(db: Database) -> bool:
    """Whether the halls of a file are certainly still in it."""
    with suppress(OutsideError):
        return _address_halls_moved_to(db) is None
    return False


def _copy_halls_to_server(copy: Path, file: Path, here: Database, there: Database, ask: Ask) -> dict[int, MovedHall]:
    """Load the halls of a copy of the file into the server, while the file is still in use; return them by id."""
    from queuedesk.store.upkeep import exchange

    with Database.open(copy) as aside, aside.read() as before:
        exchange.write_whole_database(before, file, program=__version__, made=ask.now)
        with exchange.WholeDatabaseFile(file) as whole:
            copies = _verified_hall_copies(whole, here)
            whole.check_texts_for_server()
            return _retry_while_busy(lambda: _moved_halls_loaded_into_server(whole, copies, before, there))


def _moved_halls_loaded_into_server(
    whole: WholeDatabaseFile, copies: list[HallCopy], like: Transaction, there: Database
) -> dict[int, MovedHall]:
    with there.write() as right, grants.whole_log_rewriting(right):
        return {copy.id: whole.load_hall(right, copy, like) for copy in copies}


def _carry_over_and_give_moved_halls(
    copied: dict[int, MovedHall], left: Transaction, both: Transaction, there: Database
) -> list[MovedHall]:
    """Carry the changes since the copy over to the server, while the file is locked."""
    from queuedesk.store.upkeep import exchange

    if {row.id for row in halls.all_hall_rows(left) if row.now.seq} != set(copied):
        raise OutsideError("move_incomplete", table="halls")
    with there.write() as right, grants.whole_log_rewriting(right):
        return [exchange.bring_moved_copy_up_to_date(right, moved, id, left, both) for id, moved in copied.items()]


def _remove_copied_halls_from_server(copied: dict[int, MovedHall], there: Database) -> None:
    """Remove the copies of halls that stay in their file, if the server can be reached."""
    from queuedesk.store.upkeep import exchange

    with suppress(OutsideError), there.write() as right, grants.whole_log_rewriting(right):
        for moved in copied.values():
            exchange.undo_hall_move(right, moved)


def _retry_while_busy(work: Callable[[], T]) -> T:
    """Call `work`, up to MOST_TRIES times while the server is busy with others."""
    for _ in range(MOST_TRIES - 1):
        try:
            return work()
        except OutsideError as trouble:
            if trouble.code != "database_busy":
                raise
        time.sleep(random.uniform(*AGAIN_S))
    return work()


@contextmanager
def _temporary_private_folder(db: Database) -> Iterator[Path]:
    """Create a folder readable only by this user, after removing that of a killed try; remove it at the end."""
    assert db.path is not None
    folder = hall_file.move_marker_folder(db.path)
    shutil.rmtree(folder, ignore_errors=True)
    try:
        folder.mkdir(mode=0o700)
    except OSError as error:
        raise OutsideError("cannot_write", path=str(db.path.parent)) from error
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _verified_hall_copies(whole: WholeDatabaseFile, here: Database) -> list[HallCopy]:
    """Verify the pack just written; a broken chain in it was broken in the file ("database_damaged")."""
    try:
        return whole.verified_hall_copies()
    except OutsideError as error:
        if error.code != "backup_damaged":
            raise
        raise OutsideError("database_damaged", path=here.place) from error


def _open_or_create(url: str) -> Database:
    try:
        return Database.open(url, is_patient=True, patience_s=PREPARE_S)
    except OutsideError as error:
        if error.code != "database_missing":
            raise
        Database.create(url, is_patient=True).dispose()
    return Database.open(url, is_patient=True, patience_s=PREPARE_S)


# -- codes for joining, and PCs --------------------------------------------------------------------------------------

SHARE = "share"


class JoinedPcCredential(Struct, frozen=True, kw_only=True):
    """The credential of a PC that has joined; the password is stored only on that PC."""

    code: str
    role: str
    password: str
    name: str
    kind: hall_sharing.PcKind
    hall: str
    hall_name: str
    hall_name_en: str


def make_join_code(desk: Desk, ask: Ask, kind: hall_sharing.PcKind) -> hall_sharing.JoinCode:
    """Create a code with which one PC of `kind` may join; it replaces the hall's earlier one. Raises RuleError
    "not_your_role", "not_shared"."""
    ask.who.require_may(SHARE)
    _require_shared(desk)
    now = ask.now.astimezone(UTC)
    code = "".join(secrets.choice(hall_sharing.CODE_LETTERS) for _ in range(hall_sharing.CODE_LENGTH))
    salt = secrets.token_bytes(16)
    with desk.db.write() as tx:
        kept_code = StoredJoinCode(
            id=secrets.token_hex(8),
            hall=desk.hall,
            kind=kind,
            salt=salt.hex(),
            key=hall_sharing.derive_join_key(code, salt).hex(),
            made=now,
            made_by=ask.who.name,
            tries_left=hall_sharing.CODE_TRIES,
        )
        sharing.store_join_code(tx, kept_code, hall_sharing.CODE_LASTS)
        hall = halls.setup_of_hall_row(tx, halls.load_hall_row(tx, desk.hall)).hall.code
    return hall_sharing.JoinCode(code=code, kind=kind, hall=hall, expires=now + hall_sharing.CODE_LASTS)


def is_join_code_open(desk: Desk) -> bool:
    """Whether the hall's last code can still be used; for the server's owner and managers' PCs."""
    if not desk.db.is_shared:
        return False
    with desk.db.read() as tx:
        code = sharing.stored_join_code_of_hall(tx, desk.hall)
    return code is not None and code.is_open


def latest_join_code_ids_and_salts(db: Database) -> list[tuple[str, bytes]]:
    """Return id and salt of the latest codes, newest first; also used ones, so that a PC with one is told so."""
    with db.read() as tx:
        return [
            (code.id, bytes.fromhex(code.salt)) for code in sharing.stored_join_codes(tx)[: hall_sharing.MOST_CODES]
        ]


def create_credential_for_known_code(
    db: Database, knows: Callable[[str, bytes], bool], name: str, now: datetime
) -> JoinedPcCredential:
    """Create the credential of a PC that knows a code; `knows` checks a code's id and key. If it knows none, this
    counts as a try of each open code. Raises RuleError "bad_code" (left), "code_spent"."""
    with db.write() as tx:
        codes = sharing.stored_join_codes(tx, hold=True)[: hall_sharing.MOST_CODES]
        kept_code = next((code for code in codes if knows(code.id, bytes.fromhex(code.key))), None)
        if kept_code is not None and kept_code.is_open:
            return _create_credential_for_code(tx, kept_code, name, now)
        still_open = [code for code in codes if code.is_open] if kept_code is None else []
        sharing.count_wrong_code_try(tx, [code.id for code in still_open])
    # Raised after the commit, so that the try is counted.
    left = max((code.tries_left for code in still_open), default=1) - 1
    raise RuleError("bad_code", left=left) if left else RuleError("code_spent")


def _create_credential_for_code(tx: Transaction, code: StoredJoinCode, name: str, now: datetime) -> JoinedPcCredential:
    sharing.mark_join_code_used(tx, code.id, now)
    taken = [pc.name for pc in sharing.shared_pcs(tx, code.hall) if pc.withdrawn is None]
    own_name = hall_sharing.name_with_free_number(hall_sharing.normalized_pc_name(name), taken)
    role, password = grants.add_pc(tx, code.hall, own_name, code.kind, made_by=code.made_by, now=now)
    hall = halls.setup_of_hall_row(tx, halls.load_hall_row(tx, code.hall)).hall
    return JoinedPcCredential(
        code=code.id,
        role=role,
        password=password,
        name=own_name,
        kind=code.kind,
        hall=hall.code,
        hall_name=hall.name,
        hall_name_en=hall.name_en,
    )


def pcs_of_hall(desk: Desk, now: datetime) -> list[hall_sharing.SharedPc]:
    """Return the hall's PCs in the order in which they joined, with withdrawn ones; `seen` is by the clock of `now`,
    not by theirs. Raises RuleError "not_shared"."""
    _require_shared(desk)
    with desk.db.read() as tx:
        return sharing.shared_pcs(tx, desk.hall, now)


def own_pc(desk: Desk) -> hall_sharing.SharedPc | None:
    """Return this PC by login, None for the server's owner. Raises RuleError "not_shared", "hall_beside" (hall)."""
    _require_shared(desk)
    with desk.db.read() as tx:
        _require_own_hall(tx, desk)
        role = sharing.own_server_role(tx)
        return next((pc for pc in sharing.shared_pcs(tx, desk.hall) if pc.role == role), None)


def record_pc_alive(db: Database, role: str) -> None:
    """Record that the PC with a credential is working, if no station on it reports; for the server's owner."""
    with db.write() as tx:
        sharing.write_pc_sign_of_life(tx, role)


def pc_rows(desk: Desk, now: datetime) -> list[Document]:
    """Return pcs_of_hall() as documents; `state` is a PcState. Raises RuleError "not_shared", "hall_beside" (hall)."""
    _require_shared(desk)
    with desk.db.read() as tx:
        _require_own_hall(tx, desk)
        setup = halls.setup_of_hall_row(tx, halls.load_hall_row(tx, desk.hall))
        shared_pcs = sharing.shared_pcs(tx, desk.hall, now)
    return [
        {
            "name": pc.name,
            "kind": str(pc.kind),
            "state": str(hall_sharing.pc_state(pc, now)),
            "seen": iso_local(setup, pc.seen),
            "made": iso_local(setup, pc.made),
            "made_by": pc.made_by,
            "withdrawn": iso_local(setup, pc.withdrawn),
            "version": pc.version,
            "role": pc.role,
        }
        for pc in shared_pcs
    ]


def own_pc_kind(desk: Desk) -> hall_sharing.PcKind | None:
    """Return the kind of this PC's credential, None without one: for a hall in a file, or the server's owner."""
    pc = own_pc(desk) if desk.db.is_shared else None
    return pc.kind if pc is not None else None


def record_own_pc_alive(desk: Desk) -> None:
    """Record for the list of PCs that this PC is working, as reports of stations do; nothing for a hall in a file."""
    if desk.db.is_shared:
        with desk.db.write() as tx:
            sharing.note_own_pc_alive(tx)


def withdraw_shared_pc(desk: Desk, ask: Ask, pc: str) -> hall_sharing.SharedPc:
    """Withdraw the credential of the PC with the name or role `pc`, end its connections, and return it as before.
    Raises RuleError "not_your_role", "not_shared", "unknown_pc" (pc), "own_pc", OutsideError "not_this_pc"."""
    ask.who.require_may(SHARE)
    _require_shared(desk)
    if own_pc_kind(desk) not in (None, hall_sharing.PcKind.MANAGER):  # Its login can't see other PCs.
        raise OutsideError("not_this_pc")
    with desk.db.write() as tx:
        valid = [shared_pc for shared_pc in sharing.shared_pcs(tx, desk.hall) if shared_pc.withdrawn is None]
        named = next((shared_pc for shared_pc in valid if pc in (shared_pc.role, shared_pc.name)), None)
        if named is None:
            raise RuleError("unknown_pc", pc=pc)
        if named.role == sharing.own_server_role(tx):
            raise RuleError("own_pc")
        grants.withdraw_pc(tx, named.role)
    with suppress(OutsideError):  # The withdrawal holds all the same; its stations then count as lost.
        devices.record_devices_of_pc_stopped(desk, ask.now, named.name)
    return named


def require_own_hall(desk: Desk) -> None:
    """Raise RuleError "hall_beside" (hall) if it is not this PC's own hall, and its credential only allows reading."""
    if desk.db.is_shared:
        with desk.db.read() as tx:
            _require_own_hall(tx, desk)


def _require_own_hall(tx: Transaction, desk: Desk) -> None:
    if sharing.is_login_of_other_hall(tx, desk.hall):
        raise RuleError("hall_beside", hall=halls.setup_of_hall_row(tx, halls.load_hall_row(tx, desk.hall)).hall.code)


def _require_shared(desk: Desk) -> None:
    if not desk.db.is_shared:
        raise RuleError("not_shared")
