"""Signs people in at a station, with their PIN."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Mapping
from datetime import datetime

from queuedesk.core.errors import RuleError
from queuedesk.core.log.state import WINDOWS
from queuedesk.core.network.roles import CONSOLE, HALL, MAY, Actor, ReadScope, Role, is_for_anybody
from queuedesk.core.setup.rows import Setup, StaffMember
from queuedesk.desk.change import Change, Desk, Document, changes
from queuedesk.store.engine.types import Transaction
from queuedesk.store.log import journal
from queuedesk.store.parts import halls, part_tables, tickets
from queuedesk.store.rights import grants, pin_tries
from queuedesk.store.upkeep import beside_log

SCRYPT_N, SCRYPT_R, SCRYPT_P = 2**14, 8, 1
PIN_LENGTHS = range(4, 13)
# A kind of station, and where a hall has several which one, and of which PC; other software may have stations of its
# own.
MANAGERS = "manager"
"""How the names of managers' stations begin."""
Proven = set[tuple[int, str, str, str]]
"""PINs that were right: hall, person, salt, PIN. One that is given or changed has another salt."""
STATION = re.compile(r"[^\s/\\@:,]{1,30}(?:@(?!.{61})[^\s/@#]+(?: [^\s/@#]+)*)?")


@changes("sign-in")
def sign_in(change: Change, station: str, staff: str) -> Document:
    """Note who is at a guide's, manager's or admin's station, such as "guide", "guide-2" or, in a hall of several PCs,
    "guide@Hall 2".

    That person is trusted from then on, so an actor can't sign in somebody whose role has more rights, nor anybody
    unproven at a manager's station. Raises RuleError "unknown_staff", "not_your_role", "pin_needed", "bad_value" for
    what is no station.
    """
    person = change.setup.person(staff)
    if staff != change.who.name and not MAY[change.who.role] >= MAY[person.role]:
        raise RuleError("not_your_role", verb="sign-in", role=str(change.who.role))
    if station.startswith(MANAGERS):
        change.who.must_read(ReadScope.FIGURES)
    if not STATION.fullmatch(station):
        raise RuleError("bad_value", field="station", value=station[:40], why="not_a_choice")
    is_elsewhere = person.role is Role.READER and not station.startswith(MANAGERS)
    if is_elsewhere or (person.role is Role.CLERK and not station.startswith("counter")):
        raise RuleError("not_your_role", verb="sign-in", role=str(person.role))
    change.record("sign-in", staff=staff, station=station)
    return {"station": station, "staff": staff}


@changes("sign-out")
def sign_out(change: Change, station: str) -> Document:
    """Note that nobody is at the station any more. Raises RuleError "not_signed_in"."""
    staff = tickets.people_at_stations(change.tx, change.book.id).get(station)
    if staff is None:
        raise RuleError("not_signed_in", station=station)
    change.record("sign-out", staff=staff, station=station)
    return {"station": station, "staff": None}


@changes("people")
def set_pin(change: Change, staff: str, pin: str | None) -> Document:
    """Give a person a PIN of 4 to 12 digits, or remove it. The log notes that it was done, never the PIN."""
    change.setup.person(staff)
    keep_pin(change, staff, pin)
    return {"code": staff, "pin": pin is not None}


def keep_pin(change: Change, staff: str, pin: str | None) -> None:
    """Set or remove a PIN as part of a change. Raises RuleError "bad_value"."""
    if pin is not None and not (pin.isascii() and pin.isdigit() and len(pin) in PIN_LENGTHS):
        raise RuleError("bad_value", field="pin", value=None, why="out_of_range")
    hash = _hashed(pin) if pin else None
    journal.save_pin(change.tx, change.book.id, staff, hash)
    kept = beside_log.digest_of_pin(hash) if hash else None
    change.record("set-up", staff=staff, part="staff", op="pin", code=staff, set=bool(pin), kept=kept)


def has_pin(desk: Desk, staff: str) -> bool:
    """Whether the person has to prove their identity with a PIN."""
    with desk.db.read() as tx:
        return staff in journal.pin_salts(tx, desk.hall)


def manager_has_pin(desk: Desk) -> bool:
    """Whether any manager or admin has a PIN, so that what customers use can be locked."""
    with desk.db.read() as tx:
        return bool(_managers(tx, desk.hall))


def manager_of_pin(desk: Desk, pin: str, *, now: datetime) -> Actor:
    """Return the manager or admin with this PIN. Raises RuleError "wrong_pin", which the access journal records,
    "pin_pause"."""
    with desk.db.read() as tx:
        managers = _managers(tx, desk.hall)
    code = _owner_of(desk, HALL.name, pin, {who.name: salt for who, salt in managers})
    for who, _salt in managers:
        if who.name == code:
            return who
    with desk.db.write(desk.hall) as tx:
        journal.keep(tx, desk.hall, at=now, actor=HALL.name, verb="sign-in", code="wrong_pin")
    raise RuleError("wrong_pin")


def _managers(tx: Transaction, hall: int) -> list[tuple[Actor, str]]:
    """Return who may unlock a station, each with the salt of the PIN."""
    setup, salts = halls.setup(tx, halls.load(tx, hall)), journal.pin_salts(tx, hall)
    people = [setup.staff[code] for code in salts if code in setup.staff]
    return [(Actor(p.code, p.role), salts[p.code]) for p in people if p.role in (Role.MANAGER, Role.ADMIN)]


def who_acts(
    desk: Desk,
    staff: str | None,
    *,
    window: str | None = None,
    pin: str | None = None,
    now: datetime | None = None,
    proven: Proven | None = None,
) -> Actor:
    """Return who acts for a command, or reads what is not for everybody. A PIN that was `proven` is as right as it was
    then: to check one takes a twentieth of a second, so that nobody can try many.

    Without `staff`: while nobody has a PIN, the clerk signed in at `window`, else the console; once anybody has one,
    everybody must say who it is. A manager who has none then is unproven, and an admin as soon as another admin has
    one. With `now` a refusal is noted in the access journal. Raises RuleError "who_are_you", "wrong_pin", "pin_pause",
    "unknown_staff".
    """
    try:
        return _who_acts(desk, staff, window, pin, set() if proven is None else proven)
    except RuleError as error:
        if now is not None and error.code in journal.KEPT:
            with desk.db.write(desk.hall) as tx:
                journal.keep(tx, desk.hall, at=now, actor=staff or CONSOLE.name, verb="sign-in", code=error.code)
        raise


def _who_acts(desk: Desk, staff: str | None, window: str | None, pin: str | None, proven: Proven) -> Actor:
    with desk.db.read() as tx:
        setup = halls.setup(tx, halls.load(tx, desk.hall))
        salts = journal.pin_salts(tx, desk.hall)
        if staff is None:
            if salts:
                raise RuleError("who_are_you")
            there = part_tables.find(tx, desk.hall, WINDOWS, window) if window is not None else None
            clerk = there.staff if there is not None else None
            if clerk is None or clerk not in setup.staff:
                return CONSOLE
            return Actor(clerk, setup.staff[clerk].role)
        person = setup.person(staff)
    if staff in salts:
        if not pin:
            raise RuleError("who_are_you", staff=staff)
        proof = (desk.hall, staff, salts[staff], pin)
        if proof not in proven:
            if _owner_of(desk, staff, pin, {staff: salts[staff]}) is None:
                raise RuleError("wrong_pin")
            proven.add(proof)
    return Actor(person.code, person.role, unproven=_is_unproven(setup, person, salts))


def _is_unproven(setup: Setup, person: StaffMember, salts: Mapping[str, str]) -> bool:
    """Whether anybody could say to be this person, whose role may more than others' do.

    An admin may as long as no admin has a PIN: else nobody could give one.
    """
    if person.code in salts or all(map(is_for_anybody, MAY[person.role])):
        return False
    if person.role is Role.ADMIN:
        return any(code in setup.staff and setup.staff[code].role is Role.ADMIN for code in salts)
    return bool(salts)


def digest_of(secret: str, salt: str) -> str:
    """Return a text that identifies a secret and is as hard to reverse as a stored PIN."""
    return _digest(secret, salt.encode()).hex()


def _hashed(pin: str) -> str:
    """Return salt, key and a secret that never leaves the table: PCs know the salts and read the log, which keeps a
    digest of all three."""
    salt = secrets.token_bytes(16)
    return f"{salt.hex()}:{_digest(pin, salt).hex()}:{secrets.token_hex(16)}"


def _owner_of(desk: Desk, tried_as: str, pin: str, salts: Mapping[str, str]) -> str | None:
    """Return whose PIN this is among the people with these salts, None if nobody's; the try counts as one of
    `tried_as`.

    Raises RuleError "pin_pause".
    """
    with desk.db.write(desk.hall) as tx:
        is_counted_there = grants.own_hall(tx) is not None
        if not is_counted_there:
            pin_tries.count(tx, desk.hall, tried_as)
    keys = {staff: _digest(pin, bytes.fromhex(salt)).hex() for staff, salt in salts.items()}
    # A server counts what a PC's login tries while it compares, and must be able to write for it.
    with desk.db.write() if is_counted_there else desk.db.read() as tx:
        found = journal.who_has_key(tx, desk.hall, keys)
    if found is not None and not is_counted_there:
        with desk.db.write(desk.hall) as tx:
            pin_tries.take_back(tx, desk.hall, tried_as)
    return found


def _digest(pin: str, salt: bytes) -> bytes:
    return hashlib.scrypt(pin.encode(), salt=salt, n=SCRYPT_N, r=SCRYPT_R, p=SCRYPT_P)
