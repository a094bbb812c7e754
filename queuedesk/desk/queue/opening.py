"""Sign-in at stations, PINs; opens, pauses and closes windows (one clerk each), and lends services to them."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime, timedelta

from msgspec import Struct

from queuedesk.core.errors import RuleError
from queuedesk.core.features import features_with_events, import_reference, is_feature_used_by_hall
from queuedesk.core.log.event import utc_stamp
from queuedesk.core.log.state import CHECKS, DEVICES, WINDOWS
from queuedesk.core.network import roles
from queuedesk.core.network.roles import Role
from queuedesk.core.queue.ticket import WindowState
from queuedesk.core.setup.rows import Setup, StaffMember
from queuedesk.core.talk.device import device_log_name, is_opening_check_required_in_hall, unmet_device_checks
from queuedesk.desk.change import (
    Desk,
    Document,
    HallChange,
    runs_in_transaction,
    waiting_services_without_window,
    window_document,
)
from queuedesk.store.engine.types import Transaction
from queuedesk.store.log import journal
from queuedesk.store.parts import halls, part_tables, tickets
from queuedesk.store.rights import pin_tries, withheld_ratings

LONGEST_PAUSE_MINUTES = 24 * 60
MANAGER = "@manager"  # The `left_to` of customers whom no other window can serve; no code has an @.


@runs_in_transaction("open")
def open_window(change: HallChange, window: str, *, staff: str, waive: str | None = None) -> Document:
    """Open a window with the clerk `staff`; `waive` is the reason for opening it without required equipment checks.
    Raises RuleError "window_open", "staff_elsewhere", "not_a_clerk", "not_your_window", "checks_missing",
    "reason_needed" for a waiver without a reason, "unknown_window", "unknown_staff"."""
    change.setup.window_by_code(window)
    _require_not_front_desk_staff(change, staff)
    if change.who.role is Role.CLERK and change.who.name != staff:
        raise RuleError("not_your_window", window=window)
    at = change.book.window(window)
    if at.state is not WindowState.CLOSED:
        raise RuleError("window_open", window=window, staff=at.staff)
    _require_no_other_window(change, staff)
    unchecked = _missing_equipment_checks(change)
    if unchecked and waive is None:
        raise RuleError("checks_missing", window=window, missing=unchecked)
    if waive is not None and not waive.strip():
        raise RuleError("reason_needed", tickets=[])
    change.record("open", window=window, staff=staff, waive=waive, missing=unchecked or None)
    return window_document(change.setup, change.book.window(window))


@runs_in_transaction("pause")
def pause_window(
    change: HallChange, window: str, *, reason: str, minutes: int | None = None, left_to: str | None = None
) -> Document:
    """Pause a window for `minutes`; pausing a paused one sets a new time of return. `left_to` records who takes the
    customers that only this window could serve: a window's code, or MANAGER. Raises RuleError "window_busy",
    "window_closed", "reason_needed", "unknown_window"."""
    at = change.own_window_by_code(window)
    if at.state is WindowState.CLOSED:
        raise RuleError("window_closed", window=window)
    at.raise_if_in_use()
    why = change.required_reason(reason)
    if minutes is not None and not 0 < minutes <= LONGEST_PAUSE_MINUTES:
        raise RuleError("bad_value", field="minutes", value=minutes, why="out_of_range")
    back = utc_stamp(change.now + timedelta(minutes=minutes)) if minutes is not None else None
    change.record(
        "pause",
        window=window,
        staff=at.staff,
        reason=why,
        back=back,
        left_to=_checked_window_to_take_customers(change, left_to),
    )
    return _window_with_unserved_services(change, window, change.setup.windows[window].services + tuple(at.extra))


@runs_in_transaction("resume")
def resume_window(change: HallChange, window: str) -> Document:
    """End a window's pause. Raises RuleError "window_closed", "window_not_paused"."""
    at = change.own_window_by_code(window)
    if at.state is WindowState.CLOSED:
        raise RuleError("window_closed", window=window)
    if at.state is not WindowState.PAUSED:
        raise RuleError("window_not_paused", window=window)
    change.record("resume", window=window, staff=at.staff)
    return window_document(change.setup, change.book.window(window))


@runs_in_transaction("close")
def close_window(change: HallChange, window: str, *, left_to: str | None = None) -> Document:
    """Close a window and end its shift; `left_to` as in pause_window(). Raises RuleError "window_busy",
    "window_closed", "unknown_window"."""
    at = change.own_window_by_code(window)
    if at.state is WindowState.CLOSED:
        raise RuleError("window_closed", window=window)
    at.raise_if_in_use()
    change.record("close", window=window, staff=at.staff, left_to=_checked_window_to_take_customers(change, left_to))
    return _window_with_unserved_services(change, window, change.setup.windows[window].services + tuple(at.extra))


@runs_in_transaction("hand-over")
def hand_over_window(change: HallChange, window: str, *, staff: str) -> Document:
    """Replace the clerk of an open window by `staff`, with the events close and open in one transaction, so that the
    window is never seen closed. Raises RuleError "window_busy", "window_closed", "window_open" if `staff` is there
    already, "staff_elsewhere", "not_a_clerk", "not_your_window", "unknown_window", "unknown_staff"."""
    at = change.own_window_by_code(window)
    if at.state is WindowState.CLOSED:
        raise RuleError("window_closed", window=window)
    at.raise_if_in_use()
    _require_not_front_desk_staff(change, staff)
    if at.staff == staff:
        raise RuleError("window_open", window=window, staff=staff)
    _require_no_other_window(change, staff)
    change.record("close", window=window, staff=at.staff, handed_to=staff)
    change.record("open", window=window, staff=staff)
    return window_document(change.setup, change.book.window(window))


def _missing_equipment_checks(change: HallChange) -> list[str]:
    """Return the names in the log of the equipment that is not checked yet; none if the hall requires no checks, or for
    a recorded opening."""
    if change.recorded or not is_opening_check_required_in_hall(change.setup):
        return []
    devices = part_tables.objects_of_days(change.tx, change.book.id, DEVICES)
    done = part_tables.objects_of_days(change.tx, change.book.id, CHECKS, change.date, change.date)
    return [
        device_log_name(check.key) for check in unmet_device_checks(change.setup, devices, done.values(), change.now)
    ]


def _require_not_front_desk_staff(change: HallChange, staff: str) -> None:
    if change.setup.person_by_code(staff).role is Role.GUIDE:
        raise RuleError("not_a_clerk", staff=staff)


def _require_no_other_window(change: HallChange, staff: str) -> None:
    for other in change.book.windows().values():
        if other.staff == staff and other.state is not WindowState.CLOSED and not change.recorded:
            raise RuleError("staff_elsewhere", staff=staff, window=other.code)


def _checked_window_to_take_customers(change: HallChange, left_to: str | None) -> str | None:
    if left_to not in (None, MANAGER):
        change.setup.window_by_code(str(left_to))
    return left_to


def _window_with_unserved_services(change: HallChange, code: str, served: Iterable[str]) -> Document:
    """Return the window's document, with `unserved`: services of `served` with people waiting and no open window."""
    document = window_document(change.setup, change.book.window(code))
    left = waiting_services_without_window(change, served)
    return {**document, "unserved": left} if left else document


# -- lending: a window also serves a service until it is taken back, the window closes or the day ends -----------------


@runs_in_transaction("lend")
def lend_service(change: HallChange, window: str, service: str) -> Document:
    """Let a window that is not closed serve `service` too. Raises RuleError "unknown_window", "unknown_service" and as
    record_lending()."""
    record_lending(change, window, service)
    return window_document(change.setup, change.book.window(window))


@runs_in_transaction("lend")
def end_service_lending(change: HallChange, window: str, service: str) -> Document:
    """End the lending of a service; a customer being served there is still served. Raises RuleError "not_lent",
    "unknown_window", "unknown_service"."""
    record_service_lending_end(change, window, service)
    return window_document(change.setup, change.book.window(window))


def record_lending(change: HallChange, window: str, service: str) -> None:
    """Record the lending of a service. Raises RuleError "window_closed", "already_serves", "lacks_skill" if the clerk
    there can't serve it."""
    change.setup.service_by_code(service)
    at = change.own_window_by_code(window)
    if at.state is WindowState.CLOSED:
        raise RuleError("window_closed", window=window)
    if service in change.setup.services_served_by_window(at):
        raise RuleError("already_serves", window=window, service=service)
    if at.staff is None or not change.setup.person_by_code(at.staff).can_serve(service):
        raise RuleError("lacks_skill", window=window, staff=at.staff, service=service)
    change.record("lend", window=window, staff=at.staff, service=service)


def record_service_lending_end(change: HallChange, window: str, service: str) -> None:
    """Record the end of a lending. Raises RuleError "not_lent"."""
    change.setup.service_by_code(service)
    at = change.own_window_by_code(window)
    if service not in at.extra:
        raise RuleError("not_lent", window=window, service=service)
    change.record("lend", window=window, staff=at.staff, service=service, back=True)


def end_lending_of_removed_services(change: HallChange, services: Collection[str]) -> None:
    """Record the end of every lending of a service that is not in `services`, those of the new set-up."""
    for window in change.book.windows().values():
        for service in sorted(window.extra.difference(services)):
            record_service_lending_end(change, window.code, service)


SCRYPT_N, SCRYPT_R, SCRYPT_P = 2**14, 8, 1
PIN_LENGTHS = range(4, 13)
MANAGERS = "manager"
"""The prefix of the names of managers' stations."""
Proven = set[tuple[int, str, str, str]]
"""A cache of correct PINs: hall, person, salt, PIN. A new or changed PIN has another salt."""
# The kind of station, with a suffix if there are several, and the PC; other software may use names of its own.
STATION = re.compile(r"[^\s/\\@:,]{1,30}(?:@(?!.{61})[^\s/@#]+(?: [^\s/@#]+)*)?")


@runs_in_transaction("sign-in")
def sign_in(change: HallChange, station: str, staff: str) -> Document:
    """Sign a person in at a station such as "guide", "guide-2" or, in a hall of several PCs, "guide@Hall 2". The person
    is trusted from then on, so an actor can't sign in a person with more rights, nor can an unproven one sign in at a
    manager's station. Raises RuleError "unknown_staff", "not_your_role", "pin_needed", "bad_value" for a bad name of a
    station."""
    person = change.setup.person_by_code(staff)
    if staff != change.who.name and not roles.MAY[change.who.role] >= roles.MAY[person.role]:
        raise RuleError("not_your_role", verb="sign-in", role=str(change.who.role))
    if station.startswith(MANAGERS):
        change.who.require_read_right(roles.ReadScope.FIGURES)
    if not STATION.fullmatch(station):
        raise RuleError("bad_value", field="station", value=station[:40], why="not_a_choice")
    is_elsewhere = person.role is roles.Role.READER and not station.startswith(MANAGERS)
    if is_elsewhere or (person.role is roles.Role.CLERK and not station.startswith("counter")):
        raise RuleError("not_your_role", verb="sign-in", role=str(person.role))
    change.record("sign-in", staff=staff, station=station)
    return {"station": station, "staff": staff}


@runs_in_transaction("sign-out")
def sign_out_at_station(change: HallChange, station: str) -> Document:
    """Sign out the person at a station. Raises RuleError "not_signed_in"."""
    staff = tickets.staff_by_station(change.tx, change.book.id).get(station)
    if staff is None:
        raise RuleError("not_signed_in", station=station)
    change.record("sign-out", staff=staff, station=station)
    return {"station": station, "staff": None}


@runs_in_transaction("people")
def set_pin(change: HallChange, staff: str, pin: str | None) -> Document:
    """Set or remove (None) a person's PIN of 4 to 12 digits. The log records that this was done, never the PIN."""
    change.setup.person_by_code(staff)
    store_pin(change, staff, pin)
    return {"code": staff, "pin": pin is not None}


def store_pin(change: HallChange, staff: str, pin: str | None) -> None:
    """Set or remove a PIN as part of a change. Raises RuleError "bad_value"."""
    if pin is not None and not (pin.isascii() and pin.isdigit() and len(pin) in PIN_LENGTHS):
        raise RuleError("bad_value", field="pin", value=None, why="out_of_range")
    _store_pin_hash(change, staff, _hash_of_pin(pin) if pin else None)


def store_pin_nobody_has(change: HallChange, staff: str) -> None:
    """Let a person be asked for a PIN from now on though none is right: its key is drawn by lot."""
    _store_pin_hash(change, staff, _hash_of_key(secrets.token_bytes(16), secrets.token_bytes(64)))


def _store_pin_hash(change: HallChange, staff: str, hash: str | None) -> None:
    journal.save_or_remove_pin_hash(change.tx, change.book.id, staff, hash)
    kept = journal.digest_of_pin_hash(hash) if hash else None
    change.record("set-up", staff=staff, part="staff", op="pin", code=staff, set=bool(hash), kept=kept)


class ExternalPasswordChecker(Struct, frozen=True):
    """How a person is known by a password of somewhere else, as a feature says (`proves`): `check` raises a
    QueueDeskError unless the password and time that it gets are right; `salt` as of a PIN: another one, proven anew."""

    salt: str
    check: Callable[[str | None, datetime | None], None]


def needed_secret_kind(desk: Desk, staff: str) -> str:
    """Return what a person has to give at sign-in: PIN, PASSWORD, or "" for nothing."""
    with desk.db.read() as tx:
        if staff in _password_checks(tx, desk, halls.setup_of_hall_row(tx, halls.load_hall_row(tx, desk.hall))):
            return roles.PASSWORD
        return roles.PIN if staff in journal.pin_salts(tx, desk.hall) else ""


def needs_pin_or_password(desk: Desk, staff: str) -> bool:
    """Whether a person has to give a PIN, or a password in its place."""
    return bool(needed_secret_kind(desk, staff))


def has_any_manager_pin(desk: Desk) -> bool:
    """Whether any manager or admin has a PIN, which is needed to lock the stations for customers."""
    with desk.db.read() as tx:
        return bool(_managers_with_salts(tx, desk.hall))


def manager_of_pin(desk: Desk, pin: str, *, now: datetime) -> roles.Actor:
    """Return the manager or admin with this PIN. Raises RuleError "pin_pause", and "wrong_pin", which goes into the
    access journal."""
    with desk.db.read() as tx:
        managers = _managers_with_salts(tx, desk.hall)
    code = _find_pin_owner_counting_tries(desk, roles.HALL.name, pin, {who.name: salt for who, salt in managers})
    for who, _salt in managers:
        if who.name == code:
            return who
    with desk.db.write(desk.hall) as tx:
        journal.write_refusal(tx, desk.hall, at=now, actor=roles.HALL.name, verb="sign-in", code="wrong_pin")
    raise RuleError("wrong_pin")


def _managers_with_salts(tx: Transaction, hall: int) -> list[tuple[roles.Actor, str]]:
    """Return the managers and admins with a PIN, who may unlock a station, each with the salt of the PIN."""
    setup, salts = halls.setup_of_hall_row(tx, halls.load_hall_row(tx, hall)), journal.pin_salts(tx, hall)
    people = [setup.staff[code] for code in salts if code in setup.staff]
    return [
        (roles.Actor(p.code, p.role), salts[p.code]) for p in people if p.role in (roles.Role.MANAGER, roles.Role.ADMIN)
    ]


def require_and_get_proven_actor(
    desk: Desk,
    staff: str | None,
    *,
    window: str | None = None,
    pin: str | None = None,
    now: datetime | None = None,
    proven: Proven | None = None,
) -> roles.Actor:
    """Return the actor of a command or a restricted read. `proven` caches correct PINs, as a check takes 50 ms by
    design, against guessing. Without `staff` it is the clerk signed in at `window`, else the console; but once anybody
    has a PIN, `staff` is required. A manager without a PIN is then unproven, an admin without one as soon as another
    admin has one. With `now` a refusal is recorded in the access journal. Raises RuleError "who_are_you", "wrong_pin",
    "pin_pause", "unknown_staff"."""
    try:
        return _identify_actor(desk, staff, window, pin, set() if proven is None else proven, now=now)
    except RuleError as error:
        if now is not None and error.code in journal.KEPT:
            with desk.db.write(desk.hall) as tx:
                journal.write_refusal(
                    tx, desk.hall, at=now, actor=staff or roles.CONSOLE.name, verb="sign-in", code=error.code
                )
        raise


def _identify_actor(
    desk: Desk, staff: str | None, window: str | None, pin: str | None, proven: Proven, *, now: datetime | None
) -> roles.Actor:
    with desk.db.read() as tx:
        setup = halls.setup_of_hall_row(tx, row := halls.load_hall_row(tx, desk.hall))
        checks = _password_checks(tx, desk, setup)
        salts = journal.pin_salts(tx, desk.hall) | {code: check.salt for code, check in checks.items()}
        if staff is None:
            if salts:
                raise RuleError("who_are_you")
            there = part_tables.find_object(tx, desk.hall, WINDOWS, window) if window is not None else None
            clerk = there.staff if there is not None else None
            if clerk is None or clerk not in setup.staff:
                return roles.CONSOLE
            return roles.Actor(clerk, setup.staff[clerk].role)
        person = setup.person_by_code(staff)
    if staff in salts:
        if not pin and staff not in checks:
            raise RuleError("who_are_you", staff=staff)
        proof = (desk.hall, staff, salts[staff], pin or "")
        if proof not in proven:
            if staff in checks:
                checks[staff].check(pin, now or row.now.at)
            elif _find_pin_owner_counting_tries(desk, staff, proof[-1], {staff: salts[staff]}) is None:
                raise RuleError("wrong_pin")
            proven.add(proof)
    return roles.Actor(person.code, person.role, unproven=_can_anybody_claim_identity(setup, person, salts))


def _password_checks(tx: Transaction, desk: Desk, setup: Setup) -> Mapping[str, ExternalPasswordChecker]:
    """Return how people with a password of somewhere else are known, by staff code."""
    proving = [one for one in features_with_events() if one.proves and is_feature_used_by_hall(setup.hall, one.name)]
    return {code: check for one in proving for code, check in import_reference(one.proves)(tx, desk, setup).items()}


def _can_anybody_claim_identity(setup: Setup, person: StaffMember, salts: Mapping[str, str]) -> bool:
    """Whether anybody could claim to be this person, whose role has rights that need proof. An admin is trusted while
    no admin has a PIN; otherwise the first PIN could not be set."""
    if person.code in salts or all(map(roles.needs_no_pin_for_verb, roles.MAY[person.role])):
        return False
    if person.role is roles.Role.ADMIN:
        return any(code in setup.staff and setup.staff[code].role is roles.Role.ADMIN for code in salts)
    return bool(salts)


def slow_digest(secret: str, salt: str) -> str:
    """Return a digest of a secret in hex, as slow to guess as that of a PIN."""
    return _scrypt_digest(secret, salt.encode()).hex()


def _hash_of_pin(pin: str) -> str:
    salt = secrets.token_bytes(16)
    return _hash_of_key(salt, _scrypt_digest(pin, salt))


def _hash_of_key(salt: bytes, key: bytes) -> str:
    """Return salt, key and a secret, joined by colons. The log has a digest of all three, and PCs know the salts; the
    secret never leaves the table, so that nobody can guess PINs from the digest."""
    return f"{salt.hex()}:{key.hex()}:{secrets.token_hex(16)}"


def _find_pin_owner_counting_tries(desk: Desk, tried_as: str, pin: str, salts: Mapping[str, str]) -> str | None:
    """Return the person with this PIN among those with these salts, None if there is none. A failed try counts for
    `tried_as`. Raises RuleError "pin_pause"."""
    with desk.db.write(desk.hall) as tx:
        is_counted_there = withheld_ratings.hall_id_of_login(tx) is not None
        if not is_counted_there:
            pin_tries.count_pin_try(tx, desk.hall, tried_as)
    keys = {staff: _scrypt_digest(pin, bytes.fromhex(salt)).hex() for staff, salt in salts.items()}
    # For a PC's login the server compares the keys and counts the try, which is a write.
    with desk.db.write() if is_counted_there else desk.db.read() as tx:
        owner = journal.staff_code_matching_pin_key(tx, desk.hall, keys)
    if owner is not None and not is_counted_there:
        with desk.db.write(desk.hall) as tx:
            pin_tries.uncount_pin_try(tx, desk.hall, tried_as)
    return owner


def _scrypt_digest(pin: str, salt: bytes) -> bytes:
    return hashlib.scrypt(pin.encode(), salt=salt, n=SCRYPT_N, r=SCRYPT_R, p=SCRYPT_P)
