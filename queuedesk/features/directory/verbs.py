"""Asks a directory whether a password is right; who is known for some days without it; and what admins set up.

What this PC knows of people is in a file of its own, in no hall and no backup: tries, and salted slow digests of
passwords that the directory accepted. No transaction is open while a directory is asked."""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
import socket
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Annotated, Any

from msgspec import DecodeError, Meta, Struct, ValidationError, convert, field, to_builtins
from msgspec.structs import replace

from queuedesk.core.errors import OutsideError, RuleError
from queuedesk.core.network.roles import Role
from queuedesk.core.setup.rows import Setup
from queuedesk.desk.change import Ask, Desk, Document, HallChange, runs_in_transaction
from queuedesk.desk.looking import setup_of_hall
from queuedesk.desk.queue.opening import ExternalPasswordChecker, store_pin_nobody_has
from queuedesk.desk.reading import require_right_to_verb
from queuedesk.features.directory import rules
from queuedesk.files.reading import parse_json_safely, read_input_file, read_program_file
from queuedesk.files.writing import FileLock, write_private_file
from queuedesk.paths import config_folder
from queuedesk.store.engine.types import Transaction
from queuedesk.store.log import journal
from queuedesk.store.parts import halls
from queuedesk.store.parts.part_tables import find_object, objects_of_days
from queuedesk.store.rights.pin_tries import WRONG_PINS, WRONG_WITHIN_S, remaining_pin_pause_us

# -- asking ------------------------------------------------------------------------------------------------------------

WITHIN_S = 2.0
RIGHT, WRONG, NOT_FOUND, GONE, OLD, LOCKED = "right", "wrong", "not_found", "gone", "old", "locked"
AWAY, UNTRUSTED, REFUSED = "away", "untrusted", "refused"
"""What a directory answers. The last three tell nothing of the person."""
SILENT = (AWAY, UNTRUSTED, REFUSED)
# What an Active Directory writes behind "data" when it refuses a name with result 49.
_REASONS = {"525": WRONG, "530": GONE, "531": GONE, "532": OLD, "533": GONE, "701": GONE, "773": OLD, "775": LOCKED}
# Results by which other directories refuse a person: constraintViolation after wrong passwords; and
# inappropriateAuthentication, insufficientAccessRights, unwillingToPerform for accounts that are disabled or expired.
_REFUSED_BY_RESULT = {19: LOCKED, 48: GONE, 50: GONE, 53: GONE}
LONGEST_CAUSE = 200
LARGEST_CERTIFICATE_FILE = 1_000_000


class DirectoryAnswer(Struct, frozen=True):
    """What a directory answered, with the cause in its or the system's words where it told nothing of the person."""

    kind: str
    cause: str = ""


def directory_answer_to_login(directory: rules.Directory, account: str, password: str) -> DirectoryAnswer:
    """Return what the directory says of an account and a password that is not empty, after 2 s at the latest. Nothing
    is raised, and no transaction may be open."""
    deadline = time.monotonic() + WITHIN_S
    server = rules.parse_directory_server_address(directory.address, has_certificate=bool(directory.certificate))
    try:
        with _closing_connection(_DirectoryConnection(server.host, server.port, deadline)) as line:
            if server.is_tls:
                line.start_tls(directory.certificate)
            elif server.starts_tls:
                answer = line.send_and_receive(rules.start_tls_message(1), rules.EXTENSION_DONE)
                if answer.result != rules.SUCCESS:
                    return DirectoryAnswer(REFUSED, _cause_text(answer))
                line.start_tls(directory.certificate)
            elif not line.is_connected_to_this_pc:
                return DirectoryAnswer(UNTRUSTED)
            answer = line.send_and_receive(
                rules.ldap_bind_message(2, rules.account_bind_name(directory.form, account), password), rules.BOUND
            )
            if answer.result != rules.SUCCESS:
                return _directory_answer_to_refused_bind(answer)
            if not directory.filter:
                return DirectoryAnswer(RIGHT)
            search = rules.ldap_search_message(
                3, directory.base, rules.encoded_ldap_filter(directory.filter, account), within_s=int(WITHIN_S)
            )
            answer, entries = line.search_and_count_entries(search)
            if answer.result not in (rules.SUCCESS, rules.TOO_MANY):
                return DirectoryAnswer(REFUSED, _cause_text(answer))
            return DirectoryAnswer(RIGHT if entries == 1 and answer.result == rules.SUCCESS else NOT_FOUND)
    except ssl.SSLCertVerificationError as error:
        return DirectoryAnswer(UNTRUSTED, error.verify_message)
    except (OSError, rules.LdapMessageError) as error:
        return DirectoryAnswer(
            AWAY, "" if isinstance(error, TimeoutError | rules.LdapMessageError) else str(error.strerror or "")
        )


def _directory_answer_to_refused_bind(answer: rules.DirectoryMessage) -> DirectoryAnswer:
    if answer.result != rules.WRONG_PASSWORD:
        kind = _REFUSED_BY_RESULT.get(answer.result, REFUSED)
        return DirectoryAnswer(kind, _cause_text(answer) if kind == REFUSED else "")
    _before, _data, code = answer.text.partition(", data ")
    return DirectoryAnswer(_REASONS.get(code.split(",")[0].strip(), WRONG))


def _cause_text(answer: rules.DirectoryMessage) -> str:
    told = "".join(sign if sign.isprintable() else " " for sign in answer.text[:LONGEST_CAUSE]).strip()
    return f"{answer.result}: {told}" if told else str(answer.result)


class _DirectoryConnection:
    """A connection to a directory until a deadline. Raises OSError, LdapMessageError."""

    def __init__(self, host: str, port: int, deadline: float) -> None:
        self._host, self._deadline, self._unread = host, deadline, b""
        self.socket = self._new_connected_socket(port)

    def _new_connected_socket(self, port: int) -> socket.socket:
        """Connect to the first of the host's addresses that answers; they share the time."""
        from queuedesk.store.engine.server_login import AddressLookup

        lookup = AddressLookup((self._host, str(port)))
        trouble: OSError = TimeoutError()
        lookup.join(self._seconds_left())
        for n, address in enumerate(lookup.found):
            try:
                return socket.create_connection((address, port), self._seconds_left() / (len(lookup.found) - n))
            except OSError as error:
                trouble = error
        raise trouble

    def _seconds_left(self) -> float:
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left

    @property
    def is_connected_to_this_pc(self) -> bool:
        return rules.is_loopback(self.socket.getpeername()[0])

    def start_tls(self, certificate: str) -> None:
        if self._unread:  # Nothing that came before counts as said by the server.
            raise rules.LdapMessageError
        self.socket.settimeout(self._seconds_left())
        context = ssl.create_default_context(cadata=certificate or None)
        self.socket = context.wrap_socket(self.socket, server_hostname=self._host)

    def send_and_receive(self, message: bytes, operation: int) -> rules.DirectoryMessage:
        self._send(message)
        answer = self._receive()
        if answer.operation != operation:
            raise rules.LdapMessageError
        return answer

    def search_and_count_entries(self, message: bytes) -> tuple[rules.DirectoryMessage, int]:
        """Return the result of a search and how many entries came before it."""
        self._send(message)
        entries = 0
        while (answer := self._receive()).operation != rules.SEARCHED:
            if answer.operation not in (rules.ENTRY, rules.REFERENCE):
                raise rules.LdapMessageError
            entries += answer.operation == rules.ENTRY
        return answer, entries

    def _send(self, message: bytes) -> None:
        self.socket.settimeout(self._seconds_left())
        self.socket.sendall(message)

    def _receive(self) -> rules.DirectoryMessage:
        while (size := rules.ldap_message_size(self._unread)) is None or len(self._unread) < size:
            self.socket.settimeout(self._seconds_left())
            came = self.socket.recv(rules.LARGEST_MESSAGE)
            if not came:
                raise rules.LdapMessageError
            self._unread += came
        message, self._unread = self._unread[:size], self._unread[size:]
        return rules.parse_ldap_message(message)


@contextmanager
def _closing_connection(line: _DirectoryConnection) -> Iterator[_DirectoryConnection]:
    try:
        yield line
    finally:
        with suppress(OSError):
            line.socket.sendall(rules.unbind_message(9))
        line.socket.close()


# -- what this PC knows ------------------------------------------------------------------------------------------------

FILE = "directory.json"
DIGEST_N, DIGEST_R, DIGEST_P, DIGEST_BYTES = 2**16, 8, 1, 2**27
LOCK_TRIES, LOCK_PAUSE_S = 250, 0.02
_EACH_US = WRONG_WITHIN_S * 1_000_000 // WRONG_PINS

_HexDigits = Annotated[str, Meta(pattern="^(?:[0-9a-f]{2})+$")]


class KnownPassword(Struct, frozen=True):
    """That the directory took a password at a time: its salt and digest."""

    salt: _HexDigits
    digest: _HexDigits
    at: Annotated[datetime, Meta(tz=True)]


class PasswordTries(Struct, frozen=True):
    """Tries that count, as `store/rights/pin_tries.py` counts those of PINs, by this PC's clock since its start."""

    owed_us: int
    clock_us: int


class KnownPasswordsFile(Struct, frozen=True):
    known: dict[str, KnownPassword] = field(default_factory=dict)
    tries: dict[str, PasswordTries] = field(default_factory=dict)


def _read_known_passwords() -> KnownPasswordsFile:
    """Return what this PC knows; nothing where its file is damaged."""
    try:
        return convert(parse_json_safely(read_program_file(config_folder() / FILE)), KnownPasswordsFile)
    except (OSError, ValueError, ValidationError, DecodeError):
        return KnownPasswordsFile()


def _change_known_passwords(change: Callable[[KnownPasswordsFile], KnownPasswordsFile]) -> None:
    """Change what this PC knows; other processes wait meanwhile. Raises OutsideError "cannot_write"."""
    path = config_folder() / FILE
    lock = FileLock(path.with_suffix(".lock"))
    try:
        for _each in range(LOCK_TRIES):
            if lock.try_to_take():
                break
            time.sleep(LOCK_PAUSE_S)
    except OSError as error:
        raise OutsideError("cannot_write", path=str(path)) from error
    if not lock.is_held_by_this_object:
        raise OutsideError("cannot_write", path=str(path))
    try:
        before = _read_known_passwords()
        after = change(before)
        if after != before:
            write_private_file(path, json.dumps(to_builtins(after)).encode())
    finally:
        lock.release()


def _count_password_try(key: str) -> None:
    """Count a try before it is made. Raises RuleError "password_pause" (seconds), OutsideError "cannot_write"."""

    def count(file: KnownPasswordsFile) -> KnownPasswordsFile:
        now = time.monotonic_ns() // 1000
        owed = _remaining_pause_us(file, key, now)
        over = owed - _EACH_US * (WRONG_PINS - 1)
        if over > 0:
            raise RuleError("password_pause", seconds=-(-over // 1_000_000))
        tries = {other: one for other, one in file.tries.items() if _remaining_pause_us(file, other, now)}
        return KnownPasswordsFile(file.known, {**tries, key: PasswordTries(owed + _EACH_US, now)})

    _change_known_passwords(count)


def _remaining_pause_us(file: KnownPasswordsFile, key: str, now: int) -> int:
    tries = file.tries.get(key)
    return 0 if tries is None else remaining_pin_pause_us(tries.owed_us, then=tries.clock_us, now=now, begins_anew=True)


def _file_with_one_try_taken_back(file: KnownPasswordsFile, key: str) -> KnownPasswordsFile:
    """Return the file with a try taken back that was no wrong one."""
    now = time.monotonic_ns() // 1000
    left = max(0, _remaining_pause_us(file, key, now) - _EACH_US)
    return replace(file, tries={**file.tries, key: PasswordTries(left, now)})


def _file_with_known_password(file: KnownPasswordsFile, key: str, known: KnownPassword | None) -> KnownPasswordsFile:
    """Return the file with what is known of an account, None for nothing, and without what is too old for any hall."""
    kept = {
        other: one
        for other, one in file.known.items()
        if other != key and (known is None or known.at - one.at < timedelta(days=rules.MOST_DAYS))
    }
    return replace(file, known=kept if known is None else {**kept, key: known})


def _password_digest(password: str, salt: str) -> str:
    return hashlib.scrypt(
        password.encode(), salt=bytes.fromhex(salt), n=DIGEST_N, r=DIGEST_R, p=DIGEST_P, maxmem=DIGEST_BYTES
    ).hex()


def _has_digest_of_known_password(password: str, known: KnownPassword) -> bool:
    return hmac.compare_digest(known.digest, _password_digest(password, known.salt))


def _is_known_password_still_valid(
    known: KnownPassword, directory: rules.Directory, now: datetime | None, logged: datetime | None
) -> bool:
    """Whether what is known still counts: not by a clock that stood later then, and where the hall's log ends later
    than the clock stands, by the log."""
    if now is None or now < known.at:
        return False
    return max(now, logged or now) < known.at + timedelta(days=directory.days)


# -- who signs in ------------------------------------------------------------------------------------------------------


def password_checks_by_staff_code(tx: Transaction, desk: Desk, setup: Setup) -> dict[str, ExternalPasswordChecker]:
    """Return how the people with an account are known, by staff code. Commands in a row ask again after an hour, as
    somebody may have left the directory meanwhile."""
    directory = find_object(tx, desk.hall, rules.DIRECTORY, 1)
    if directory is None or not directory.address:
        return {}
    logged = halls.load_hall_row(tx, desk.hall).now.at
    hour = str(logged)[: len("2026-11-29 09")]
    return {
        one.code: ExternalPasswordChecker(
            f"{rules.known_password_key(directory, one.account)} {hour}",
            partial(_require_right_password, directory, one.code, one.account, logged=logged),
        )
        for one in objects_of_days(tx, desk.hall, rules.ACCOUNTS).values()
        if one.account and one.code in setup.staff
    }


def _require_right_password(
    directory: rules.Directory,
    staff: str,
    account: str,
    password: str | None,
    now: datetime | None,
    *,
    logged: datetime | None,
) -> None:
    """Check a person's password: by the directory, or where that is silent by what this PC knows, in a hall whose log
    ends at `logged`. Raises RuleError "password_needed", "password_pause", "wrong_password", "directory_refuses"
    (refusal), OutsideError "directory_away" (silence), "cannot_write"."""
    key, password = rules.known_password_key(directory, account), _checked_password_to_send(password, staff)
    _count_password_try(key)
    answer = directory_answer_to_login(directory, account, password)
    if answer.kind == RIGHT:
        salt = secrets.token_hex(16)
        new = KnownPassword(salt, _password_digest(password, salt), now) if directory.days and now is not None else None
        _change_known_passwords(
            lambda file: _file_with_one_try_taken_back(_file_with_known_password(file, key, new), key)
        )
        return
    known = _read_known_passwords().known.get(key)
    if answer.kind in SILENT:
        is_known = known is not None and _is_known_password_still_valid(known, directory, now, logged)
        if is_known and known is not None and not _has_digest_of_known_password(password, known):
            raise RuleError("wrong_password", staff=staff)
        _change_known_passwords(lambda file: _file_with_one_try_taken_back(file, key))
        if not is_known:
            raise OutsideError("directory_away", silence=answer.kind, address=directory.address, cause=answer.cause)
        return
    # What was right until now is so no more; another's guess changes nothing.
    if answer.kind in (NOT_FOUND, GONE, OLD) or (
        answer.kind == WRONG and known is not None and _has_digest_of_known_password(password, known)
    ):
        _change_known_passwords(lambda file: _file_with_known_password(file, key, None))
    if answer.kind == WRONG:
        raise RuleError("wrong_password", staff=staff)
    raise RuleError("directory_refuses", refusal=answer.kind, staff=staff)


def _checked_password_to_send(password: str | None, staff: str, variable: str = "QUEUEDESK_PIN") -> str:
    """Return a password that can be sent. An empty one would be no question at all: to a directory it means nobody.
    Raises RuleError "password_needed", "wrong_password"."""
    if not password:
        raise RuleError("password_needed", staff=staff, variable=variable)
    try:
        size = len(password.encode())
    except UnicodeEncodeError as error:
        raise RuleError("wrong_password", staff=staff) from error
    # To a server that reads up to the first zero byte, what begins with one would be empty too.
    if size > rules.LONGEST or "\0" in password:
        raise RuleError("wrong_password", staff=staff)
    return password


# -- what admins do ----------------------------------------------------------------------------------------------------


@runs_in_transaction("directory")
def set_ldap_directory(
    change: HallChange,
    address: str,
    form: str,
    *,
    base: str = "",
    filter: str = "",
    certificate: str = "",
    days: int = rules.USUAL_DAYS,
) -> Document:
    """Set which directory is asked and how; `certificate` is the text of a PEM file. Raises as checked_directory(), and
    "directory_last_admin"."""
    texts: dict[str, Any] = {
        "address": address,
        "form": form,
        "base": base,
        "filter": filter,
        "certificate": certificate,
    }
    found = rules.checked_directory(rules.Directory(date=change.date, days=days, **texts))
    _require_some_admin_can_sign_in(change)
    change.record("directory.set", days=found.days, **{key: getattr(found, key) for key in texts})
    pins = journal.pin_salts(change.tx, change.book.id)
    for one in objects_of_days(change.tx, change.book.id, rules.ACCOUNTS).values():
        if one.account and one.code in change.setup.staff and one.code not in pins:
            _record_account(change, one.code, one.account, _give_unknown_pin_and_get_salt(change, one.code))
    return _directory_document(found)


@runs_in_transaction("directory")
def remove_directory_setting(change: HallChange) -> Document:
    """Ask no directory any more; accounts stay, but their people need a PIN."""
    texts: dict[str, Any] = dict.fromkeys(("address", "form", "base", "filter", "certificate"), "")
    change.record("directory.set", days=rules.USUAL_DAYS, **texts)
    return _directory_document(None)


@runs_in_transaction("directory")
def set_account(change: HallChange, staff: str, account: str) -> Document:
    """Set a person's account, "" for none. Raises RuleError "unknown_staff", "bad_value", "directory_last_admin"."""
    change.setup.person_by_code(staff)
    account = account.strip()
    if len(account) > rules.LONGEST:
        raise RuleError("directory_settings", why="form", sign=rules.NAME, most=rules.LONGEST)
    directory, before = change.book.find_record(rules.DIRECTORY, 1), change.book.find_record(rules.ACCOUNTS, staff)
    lock = before.lock if before is not None else ""
    if account and directory is not None and directory.address:
        _require_some_admin_can_sign_in(change, besides=staff)
        if staff not in journal.pin_salts(change.tx, change.book.id):
            lock = _give_unknown_pin_and_get_salt(change, staff)
    _record_account(change, staff, account, lock)
    return {"code": staff, "account": account}


def _give_unknown_pin_and_get_salt(change: HallChange, staff: str) -> str:
    """Give a person a PIN that nobody has; return its salt."""
    store_pin_nobody_has(change, staff)
    return journal.pin_salts(change.tx, change.book.id)[staff]


def _record_account(change: HallChange, staff: str, account: str, lock: str) -> None:
    change.record("directory.account", code=staff, account=account, lock=lock)


def _require_some_admin_can_sign_in(change: HallChange, besides: str = "") -> None:
    """Check that an admin can sign in whatever the directory says. Raises RuleError "directory_last_admin"."""
    hall, tx = change.book.id, change.tx
    pins = journal.pin_salts(tx, hall)
    without = {
        one.code
        for one in objects_of_days(tx, hall, rules.ACCOUNTS).values()
        if one.account or one.lock == pins.get(one.code)
    }
    if not any(
        person.role is Role.ADMIN and code in pins and code not in without | {besides}
        for code, person in change.setup.staff.items()
    ):
        raise RuleError("directory_last_admin")


def try_directory(desk: Desk, ask: Ask, account: str, password: str) -> Document:
    """Return what the directory says of an account and its password. Raises RuleError "no_directory",
    "password_needed", "password_pause", and for lack of the right."""
    require_right_to_verb(desk, ask.who, "directory", ask.now)
    directory = current_directory(desk)
    if directory is None:
        raise RuleError("no_directory")
    account = account.strip()
    key, password = (
        rules.known_password_key(directory, account),
        _checked_password_to_send(password, account, "QUEUEDESK_PASSWORD"),
    )
    _count_password_try(key)
    answer = directory_answer_to_login(directory, account, password)
    if answer.kind == RIGHT or answer.kind in SILENT:
        _change_known_passwords(lambda file: _file_with_one_try_taken_back(file, key))
    return {"account": account, "answer": answer.kind, "cause": answer.cause, "address": directory.address}


def forget_passwords(desk: Desk, ask: Ask, staff: str = "") -> Document:
    """Forget what this PC knows of a person, or of everybody: they need the directory at their next sign-in. Raises
    RuleError for lack of the right, "unknown_staff", OutsideError "cannot_write"."""
    require_right_to_verb(desk, ask.who, "directory", ask.now)
    if staff:
        setup_of_hall(desk).person_by_code(staff)
    keys = {row["key"] for row in _staff_account_rows(desk, ask.now) if staff in ("", row["code"])}
    count = 0

    def file_without_forgotten(file: KnownPasswordsFile) -> KnownPasswordsFile:
        nonlocal count
        kept = {key: one for key, one in file.known.items() if staff and key not in keys}
        count = len(file.known) - len(kept)
        return replace(file, known=kept)

    _change_known_passwords(file_without_forgotten)
    return {"forgotten": count}


def certificate_text(file: Path) -> str:
    """Return the text of a certificate's file. Raises OutsideError "no_such_file", "cannot_read", "too_large"."""
    return read_input_file(file, LARGEST_CERTIFICATE_FILE).decode("utf-8", errors="replace")


def current_directory(desk: Desk) -> rules.Directory | None:
    with desk.db.read() as tx:
        found = find_object(tx, desk.hall, rules.DIRECTORY, 1)
    return found if found is not None and found.address else None


def directory_settings(desk: Desk) -> Document:
    """Return how the directory is asked, with an empty address where none is."""
    return _directory_document(current_directory(desk))


def staff_with_accounts(desk: Desk, now: datetime) -> list[Document]:
    """Return the staff with their accounts, and until when this PC knows them without the directory."""
    return [{key: value for key, value in row.items() if key != "key"} for row in _staff_account_rows(desk, now)]


def _staff_account_rows(desk: Desk, now: datetime) -> list[dict[str, Any]]:
    directory, setup, file = current_directory(desk), setup_of_hall(desk), _read_known_passwords()
    with desk.db.read() as tx:
        accounts = {one.code: one.account for one in objects_of_days(tx, desk.hall, rules.ACCOUNTS).values()}
        logged = halls.load_hall_row(tx, desk.hall).now.at
    rows = []
    for code, person in setup.staff.items():
        account = accounts.get(code, "")
        key = rules.known_password_key(directory, account) if directory is not None and account else ""
        known, until = file.known.get(key), ""
        if (
            directory is not None
            and known is not None
            and _is_known_password_still_valid(known, directory, now, logged)
        ):
            until = setup.to_hall_time(known.at + timedelta(days=directory.days)).isoformat(timespec="minutes")
        names = {"code": code, "name": person.name, "name_en": person.name_en, "role": str(person.role)}
        rows.append({**names, "account": account, "until": until, "key": key})
    return rows


def _directory_document(directory: rules.Directory | None) -> Document:
    if directory is None:
        return {"address": ""}
    return {
        "address": directory.address,
        "form": directory.form,
        "base": directory.base,
        "filter": directory.filter,
        "certificate": directory.certificate,
        "days": directory.days,
    }
