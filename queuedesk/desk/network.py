"""Shares a hall: moves it from its file to a server, makes codes for joining, lists and withdraws PCs.

Under the file's write lock everything is written as a pack, loaded in one transaction, counted table by table, and the
chains are read again there; then the file's `database.moved_to` is set, which `Database.write` looks at in every
change. The server commits first: a crash in between leaves the hall in both places, and the next try finds its own
copy. The file stays and is only read from then on.

Codes and PCs are not in the log: they are about the database, not about the hall's day. Tries at a code are counted
here; whether a PC's clock is wrong, `desk/upkeep/clocks.py` finds out.
"""

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
from queuedesk.core.network.sharing import (
    CODE_LASTS,
    CODE_LENGTH,
    CODE_LETTERS,
    CODE_TRIES,
    MOST_CODES,
    JoinCode,
    PcKind,
    SharedPc,
    free_name,
    key_of,
    pc_name,
    pc_state,
)
from queuedesk.desk.change import Ask, Desk, Document, iso
from queuedesk.desk.talk import devices
from queuedesk.store.engine.database import Database
from queuedesk.store.engine.hall_file import moving_folder
from queuedesk.store.engine.types import Transaction
from queuedesk.store.parts import halls, sharing
from queuedesk.store.parts.sharing import KeptCode
from queuedesk.store.rights import grants

if TYPE_CHECKING:
    from queuedesk.store.upkeep.exchange import MovedHall, Whole
    from queuedesk.store.upkeep.pack import HallCopy


T = TypeVar("T")
PREPARE_S = 30.0
AGAIN_S = (0.05, 0.25)
MOST_TRIES = 5


def share(
    source: Path, target_url: str, ask: Ask, *, settle: Callable[[Database], None] = lambda _db: None
) -> Document:
    """Move every hall of the file `source` into the database at `target_url`, which may hold others. People work on
    while it is copied; nobody can change the file while what came since goes after it.

    Returns {"database", "halls": [{"hall", "events", "hash", "tables": {name: rows}}]}: counted in the new database,
    the logs read again. The file is kept, says where its halls went, and refuses changes ("hall_moved"). An interrupted
    try may be repeated. `settle` is called with the new database while the hall could still stay where it is.

    Raises RuleError "not_your_role", "hall_moved" (to) when it went elsewhere, "hall_there" (hall), OutsideError
    "move_incomplete", "nul_in_text" (hall, table, row), "cannot_write", "database_damaged" for a log that is not whole,
    and what either database raises. A refusal leaves the file as it was and in use. `settle` may be called again where
    the server had no time.
    """
    ask.who.must("share")
    here = Database.open(source)
    try:
        there = _opened(target_url)
        try:
            return _move(here, there, ask, settle)
        finally:
            there.dispose()
    finally:
        here.dispose()


def where_to(source: Path) -> str | None:
    """Return the address to which the halls of a file have moved, None where they are still in it. Raises OutsideError
    as the file does."""
    db = Database.open(source)
    try:
        return _moved_to(db)
    finally:
        db.dispose()


def _moved_to(db: Database) -> str | None:
    from queuedesk.store.upkeep import exchange

    with db.read() as tx:
        return exchange.moved_to(tx)


def make_ready(target_url: str) -> None:
    """Make the tables of a server's database where it has none, and the rights of PCs: before anybody is told of it.
    Raises OutsideError as the server does."""
    db = _opened(target_url)
    try:
        prepare(db)
    finally:
        db.dispose()


def prepare(db: Database) -> None:
    """Create or renew the rights of PCs in a server's database, where this program's are not there yet; for its owner.

    Stations may be reading there: each try waits for them only for a moment, so that none of them is in the way of
    another. Raises OutsideError as the server does, "database_busy" where they left no moment free.
    """
    give_up = time.monotonic() + PREPARE_S
    while True:
        try:
            with db.write() as tx:
                if not grants.are_installed(tx):
                    grants.take_tables(tx)
                    grants.install(tx)
            return
        except OutsideError as trouble:
            if trouble.code != "database_busy" or time.monotonic() >= give_up:
                raise
        time.sleep(random.uniform(*AGAIN_S))


def admit(db: Database, hall: str, kind: PcKind, *, name: str, by: str, now: datetime) -> tuple[str, str]:
    """Give a PC a credential for the hall of that code; return its role and its password, which is stored nowhere.
    Raises RuleError "unknown_hall"."""
    with db.write() as tx:
        ids = {code: id for id, code in halls.listed(tx)}
        if hall not in ids:
            raise RuleError("unknown_hall", hall=hall)
        taken = [pc.name for pc in sharing.shared_pcs(tx, ids[hall]) if pc.withdrawn is None]
        return grants.add_pc(tx, ids[hall], free_name(pc_name(name), taken), kind, made_by=by, now=now)


def dismiss(db: Database, role: str) -> None:
    """Withdraw a PC's credential, if it still has it."""
    with db.write() as tx:
        grants.withdraw_pc(tx, role)


def cut_off(db: Database) -> list[str]:
    """End the connections of PCs that were withdrawn or block others, and return their roles; for the server's owner,
    once a second."""
    with db.write() as tx:
        return grants.cut_off(tx)


def hall_codes(db: Database) -> dict[str, int]:
    """Return the halls of a database, in the order in which they were made."""
    with db.read() as tx:
        return {code: id for id, code in halls.listed(tx)}


def _move(here: Database, there: Database, ask: Ask, settle: Callable[[Database], None]) -> Document:
    from queuedesk.store.upkeep import exchange

    assert here.path is not None
    if (to := _moved_to(here)) is not None:  # Before anything is copied: what stands there is the hall.
        raise RuleError("hall_moved", to=to)
    # The folder outlasts the lock: whoever waits for the lock is patient while it is there.
    with _beside(here) as folder:
        copy = folder / "before.sqlite"
        exchange.copy_aside(here.path, copy)
        copied = _copied(copy, folder / "halls", here, there, ask)
        is_marked = False
        try:
            _again(lambda: settle(there))
            with here.write() as left, exchange.compared(here.path, copy) as both:
                moved = _again(lambda: _carried_over(copied, left, both, there))
                # Only what is safe there is marked here: in between a hall stands in both, and the next try finds it
                # so.
                is_marked = True
                exchange.mark_moved(left, there.place)
        except BaseException:
            # Whether a mark arrived is not always known, and another process may have made one: what it leads to stays.
            if not is_marked and _is_here(here):
                _take_back(copied, there)
            raise
    rows = [{"hall": hall.code, "events": hall.seq, "hash": hall.hash, "tables": hall.tables} for hall in moved]
    return {"database": there.place, "halls": rows}


def _is_here(db: Database) -> bool:
    """Whether the halls of a file are certainly still in it."""
    with suppress(OutsideError):
        return _moved_to(db) is None
    return False


def _copied(copy: Path, file: Path, here: Database, there: Database, ask: Ask) -> dict[int, MovedHall]:
    """Bring the halls of a copy to the server, while people work on with what was copied; return each by its id."""
    from queuedesk.store.upkeep import exchange

    aside = Database.open(copy)
    try:
        with aside.read() as before:
            exchange.write_whole(before, file, program=__version__, made=ask.now)
            with exchange.Whole(file) as whole:
                copies = _checked(whole, here)
                whole.must_suit_servers()
                return _again(lambda: _loaded(whole, copies, before, there))
    finally:
        aside.dispose()


def _loaded(whole: Whole, copies: list[HallCopy], like: Transaction, there: Database) -> dict[int, MovedHall]:
    with there.write() as right, grants.rewriting(right):
        return {copy.id: whole.load(right, copy, like) for copy in copies}


def _carried_over(
    copied: dict[int, MovedHall], left: Transaction, both: Transaction, there: Database
) -> list[MovedHall]:
    """Bring what the halls have gained since to the server; nobody can change them any more."""
    from queuedesk.store.upkeep import exchange

    if {row.id for row in halls.every(left) if row.now.seq} != set(copied):
        raise OutsideError("move_incomplete", table="halls")
    with there.write() as right, grants.rewriting(right):
        return [exchange.carry_over(right, moved, id, left, both) for id, moved in copied.items()]


def _take_back(copied: dict[int, MovedHall], there: Database) -> None:
    """Leave no copy of halls that stay in their file, as far as the server can be had."""
    from queuedesk.store.upkeep import exchange

    with suppress(OutsideError), there.write() as right, grants.rewriting(right):
        for moved in copied.values():
            exchange.take_back(right, moved)


def _again(work: Callable[[], T]) -> T:
    """Do what a server may refuse for somebody else's sake, such as another hall's; up to MOST_TRIES times."""
    for _ in range(MOST_TRIES - 1):
        try:
            return work()
        except OutsideError as trouble:
            if trouble.code != "database_busy":
                raise
        time.sleep(random.uniform(*AGAIN_S))
    return work()


@contextmanager
def _beside(db: Database) -> Iterator[Path]:
    """Give a folder for this user alone; whoever comes after one that was killed in it takes that one's away."""
    assert db.path is not None
    folder = moving_folder(db.path)
    shutil.rmtree(folder, ignore_errors=True)
    try:
        folder.mkdir(mode=0o700)
    except OSError as error:
        raise OutsideError("cannot_write", path=str(db.path.parent)) from error
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _checked(whole: Whole, here: Database) -> list[HallCopy]:
    """Check what was written a moment ago: where its chain is broken, the file's was."""
    try:
        return whole.check()
    except OutsideError as error:
        if error.code != "backup_damaged":
            raise
        raise OutsideError("database_damaged", path=here.place) from error


def _opened(url: str) -> Database:
    """Open the database at an address, with tables made in one that has none."""
    try:
        return Database.open(url, is_patient=True)
    except OutsideError as error:
        if error.code != "database_missing":
            raise
        return Database.create(url, is_patient=True)


# -- codes for joining, and PCs --------------------------------------------------------------------------------------

SHARE = "share"


class LetIn(Struct, frozen=True, kw_only=True):
    """A PC that has joined, with its password, which only that PC stores."""

    code: str
    role: str
    password: str
    name: str
    kind: PcKind
    hall: str
    hall_name: str
    hall_name_en: str


def make_code(desk: Desk, ask: Ask, kind: PcKind) -> JoinCode:
    """Make a code with which one PC of `kind` may join; it replaces the hall's former one. Raises RuleError
    "not_your_role", "not_shared"."""
    ask.who.must(SHARE)
    _must_be_shared(desk)
    now = ask.now.astimezone(UTC)
    code = "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))
    salt = secrets.token_bytes(16)
    with desk.db.write() as tx:
        kept_code = KeptCode(
            id=secrets.token_hex(8),
            hall=desk.hall,
            kind=kind,
            salt=salt.hex(),
            key=key_of(code, salt).hex(),
            made=now,
            made_by=ask.who.name,
            tries_left=CODE_TRIES,
        )
        sharing.keep_code(tx, kept_code, CODE_LASTS)
        hall = halls.setup(tx, halls.load(tx, desk.hall)).hall.code
    return JoinCode(code=code, kind=kind, hall=hall, expires=now + CODE_LASTS)


def is_open(desk: Desk) -> bool:
    """Whether the hall's last code can still be used. For the server's owner and managers' PCs."""
    if not desk.db.is_shared:
        return False
    with desk.db.read() as tx:
        code = sharing.code_of(tx, desk.hall)
    return code is not None and code.is_open


def offered(db: Database) -> list[tuple[str, bytes]]:
    """Return the id and the salt of each code that a PC may have been given, the newest first; used ones too, so that
    their PC is told."""
    with db.read() as tx:
        return [(code.id, bytes.fromhex(code.salt)) for code in sharing.codes(tx)[:MOST_CODES]]


def let_in(db: Database, knows: Callable[[str, bytes], bool], name: str, now: datetime) -> LetIn:
    """Create the credential of a PC that knows a code; `knows` checks a code's id and key.

    Knowing none counts as a failed try of each open code. Raises RuleError "bad_code" (left), "code_spent".
    """
    with db.write() as tx:
        codes = sharing.codes(tx, hold=True)[:MOST_CODES]
        kept_code = next((code for code in codes if knows(code.id, bytes.fromhex(code.key))), None)
        if kept_code is not None and kept_code.is_open:
            return _let_in(tx, kept_code, name, now)
        still_open = [code for code in codes if code.is_open] if kept_code is None else []
        sharing.take_try(tx, [code.id for code in still_open])
    # Refused after the commit: a try counts whatever becomes of the answer.
    left = max((code.tries_left for code in still_open), default=1) - 1
    raise RuleError("bad_code", left=left) if left else RuleError("code_spent")


def _let_in(tx: Transaction, known: KeptCode, name: str, now: datetime) -> LetIn:
    sharing.use_code(tx, known.id, now)
    taken = [pc.name for pc in sharing.shared_pcs(tx, known.hall) if pc.withdrawn is None]
    own_name = free_name(pc_name(name), taken)
    role, password = grants.add_pc(tx, known.hall, own_name, known.kind, made_by=known.made_by, now=now)
    hall = halls.setup(tx, halls.load(tx, known.hall)).hall
    return LetIn(
        code=known.id,
        role=role,
        password=password,
        name=own_name,
        kind=known.kind,
        hall=hall.code,
        hall_name=hall.name,
        hall_name_en=hall.name_en,
    )


def pcs(desk: Desk, now: datetime) -> list[SharedPc]:
    """Return the hall's PCs in the order in which they joined, withdrawn ones too; `seen` is by the clock of `now`,
    whatever theirs say.

    Raises RuleError "not_shared".
    """
    _must_be_shared(desk)
    with desk.db.read() as tx:
        return sharing.shared_pcs(tx, desk.hall, now)


def own_pc(desk: Desk) -> SharedPc | None:
    """Return the PC whose credential opened the hall, None for the server's owner. Raises RuleError "not_shared",
    "hall_beside" (hall)."""
    _must_be_shared(desk)
    with desk.db.read() as tx:
        _must_not_be_beside(tx, desk)
        role = sharing.own_role(tx)
        return next((pc for pc in sharing.shared_pcs(tx, desk.hall) if pc.role == role), None)


def saw_pc(db: Database, role: str) -> None:
    """Note that the PC with that credential is working, when no station on it reports so; for the server's owner."""
    with db.write() as tx:
        sharing.saw_pc(tx, role)


def pc_rows(desk: Desk, now: datetime) -> list[Document]:
    """Return pcs() as documents; `state` is a PcState. Raises RuleError "not_shared", "hall_beside" (hall)."""
    _must_be_shared(desk)
    with desk.db.read() as tx:
        _must_not_be_beside(tx, desk)
        setup = halls.setup(tx, halls.load(tx, desk.hall))
        shared_pcs = sharing.shared_pcs(tx, desk.hall, now)
    return [
        {
            "name": pc.name,
            "kind": str(pc.kind),
            "state": str(pc_state(pc, now)),
            "seen": iso(setup, pc.seen),
            "made": iso(setup, pc.made),
            "made_by": pc.made_by,
            "withdrawn": iso(setup, pc.withdrawn),
            "role": pc.role,
        }
        for pc in shared_pcs
    ]


def own_kind(desk: Desk) -> PcKind | None:
    """Return the kind of this PC's own credential, None without one: for a hall in a file, or the server's owner."""
    pc = own_pc(desk) if desk.db.is_shared else None
    return pc.kind if pc is not None else None


def be_seen(desk: Desk) -> None:
    """Write that this PC is there, for the list of PCs; nothing where the hall is a file. A station's sign of life
    writes it too."""
    if desk.db.is_shared:
        with desk.db.write() as tx:
            sharing.saw(tx)


def withdraw(desk: Desk, ask: Ask, pc: str) -> SharedPc:
    """Withdraw the credential of the PC with that name or role, and end its connections; return it as it was.

    Raises RuleError "not_your_role", "not_shared", "unknown_pc" (pc), "own_pc", OutsideError "not_this_pc".
    """
    ask.who.must(SHARE)
    _must_be_shared(desk)
    if own_kind(desk) in (PcKind.PUBLIC, PcKind.STAFF):  # it sees no other PC
        raise OutsideError("not_this_pc")
    with desk.db.write() as tx:
        there = [shared_pc for shared_pc in sharing.shared_pcs(tx, desk.hall) if shared_pc.withdrawn is None]
        found = next((shared_pc for shared_pc in there if pc in (shared_pc.role, shared_pc.name)), None)
        if found is None:
            raise RuleError("unknown_pc", pc=pc)
        if found.role == sharing.own_role(tx):
            raise RuleError("own_pc")
        grants.withdraw_pc(tx, found.role)
    with suppress(OutsideError):  # It is let in no more all the same, and its stations are then taken for lost.
        devices.stopped_at(desk, ask.now, found.name)
    return found


def must_be_own(desk: Desk) -> None:
    """Refuse what is possible only in this PC's own hall. Raises RuleError "hall_beside" (hall) where the PC's
    credential only lets it look on."""
    if desk.db.is_shared:
        with desk.db.read() as tx:
            _must_not_be_beside(tx, desk)


def _must_not_be_beside(tx: Transaction, desk: Desk) -> None:
    if sharing.is_beside(tx, desk.hall):
        raise RuleError("hall_beside", hall=halls.setup(tx, halls.load(tx, desk.hall)).hall.code)


def _must_be_shared(desk: Desk) -> None:
    if not desk.db.is_shared:
        raise RuleError("not_shared")
