"""What sign-in by a directory leaves in the log; how a directory is addressed; and the messages of LDAP (RFC 4511) that
it takes: bind, search and StartTLS.

A name never becomes part of a filter's text: filters are parsed first, and the name is put into their values."""

from __future__ import annotations

import datetime as clock
import hashlib
import ipaddress
import re
import ssl
from collections.abc import Iterator
from typing import Any

from msgspec import Struct, convert

from queuedesk.core.errors import RuleError
from queuedesk.core.log.apply import FeatureEvent, FeatureRules, FeatureVerb, shape_of_event_with_date
from queuedesk.core.log.event import Event, EventFieldType
from queuedesk.core.log.state import RecordKind
from queuedesk.core.network.roles import Role

# -- the log -----------------------------------------------------------------------------------------------------------

NAME = "{name}"
"""Stands for the account in the form of a name and in a filter."""
USUAL_DAYS, MOST_DAYS = 7, 30
LONGEST, LONGEST_CERTIFICATE = 500, 20_000


class Directory(Struct, frozen=True, kw_only=True):
    """The directory that a hall asks, "" for none; `form` makes a name that it knows of an account. Where there is a
    `filter`, a search below `base` has to find one entry. `certificate` is the PEM text of who vouches for the server,
    "" for those whom the PC trusts. For `days` this PC knows people whom it can't ask about."""

    date: clock.date
    address: str
    form: str
    base: str
    filter: str
    certificate: str
    days: int
    n: int = 1


class StaffDirectoryAccount(Struct, frozen=True, kw_only=True):
    """The account of a member of staff, "" for none. Who has no PIN gets one that nobody knows, as nobody else may take
    the name where the directory is asked no more, or the feature is off or missing; `lock` is its salt."""

    date: clock.date
    code: str
    account: str
    lock: str


DIRECTORY: RecordKind[int, Directory] = RecordKind("directory.server", Directory, key=("n",), goes=False)
ACCOUNTS: RecordKind[str, StaffDirectoryAccount] = RecordKind(
    "directory.accounts", StaffDirectoryAccount, key=("code",), goes=False
)
_TEXTS = ("address", "form", "base", "filter", "certificate")


def _apply_directory_event(event: Event, board: Any) -> None:
    board.put_record(DIRECTORY, convert(event.data, Directory))


def _apply_account_event(event: Event, board: Any) -> None:
    board.put_record(ACCOUNTS, convert(event.data, StaffDirectoryAccount))


_TEXT, _NUMBER = EventFieldType.TEXT, EventFieldType.NUMBER
RULES = FeatureRules(
    parts=(DIRECTORY, ACCOUNTS),
    events={
        "directory.set": FeatureEvent(
            shape_of_event_with_date({**dict.fromkeys(_TEXTS, _TEXT), "days": _NUMBER}),
            _apply_directory_event,
            managers=True,
        ),
        "directory.account": FeatureEvent(
            shape_of_event_with_date(dict.fromkeys(("code", "account", "lock"), _TEXT)),
            _apply_account_event,
            managers=True,
        ),
    },
    verbs={"directory": FeatureVerb((Role.ADMIN, Role.CONSOLE), keeps=())},
)

# -- where and under which name ----------------------------------------------------------------------------------------

PORTS, MOST_PORTS = {"ldap": 389, "ldaps": 636}, 65_536
_ADDRESS = re.compile(r"(ldaps?)://(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9][A-Za-z0-9.-]*)(?::([0-9]{1,5}))?/?")


class DirectoryServer(Struct, frozen=True):
    """A directory's server. Without TLS only this PC itself is asked."""

    host: str
    port: int
    is_tls: bool
    starts_tls: bool


def parse_directory_server_address(address: str, *, has_certificate: bool) -> DirectoryServer:
    """Return the server of ldap://HOST[:PORT] or ldaps://…; the first begins with StartTLS, except at this PC itself if
    there is no certificate for it. Raises RuleError "directory_settings"."""
    found = _ADDRESS.fullmatch(address)
    port = int(found[3] or PORTS[found[1]]) if found is not None else 0
    if found is None or not 0 < port < MOST_PORTS:
        raise RuleError("directory_settings", why="address")
    host = found[2].strip("[]").lower()
    is_tls = found[1] == "ldaps"
    return DirectoryServer(host, port, is_tls, not is_tls and (has_certificate or not is_loopback(host)))


def is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


_SPECIAL = re.compile(r'[\\,+"<>;=#]|^ | $')


def account_bind_name(form: str, account: str) -> str:
    """Return the name by which a directory knows an account. In a DN its special signs are escaped (RFC 4514)."""
    if "=" in form:
        account = _SPECIAL.sub(lambda sign: "\\" + sign[0], account).replace("\0", r"\00")
    return form.replace(NAME, account)


_CERTIFICATE = re.compile(r"-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----")


def certificates_in_pem(text: str) -> str:
    """Return the certificates of a PEM text and nothing else of it, such as a key. Raises RuleError
    "directory_settings"."""
    found = "\n".join(block.replace("\r", "") for block in _CERTIFICATE.findall(text))
    try:
        ssl.create_default_context(cadata=found)
    except (ssl.SSLError, ValueError) as error:
        raise RuleError("directory_settings", why="certificate") from error
    if not found or len(found) > LONGEST_CERTIFICATE:
        raise RuleError("directory_settings", why="certificate")
    return found


def checked_directory(given: Directory) -> Directory:
    """Return settings without surrounding blanks. Raises RuleError "directory_settings" with what is wrong (why)."""
    texts = {key: getattr(given, key).strip() for key in _TEXTS}
    certificate = certificates_in_pem(texts["certificate"]) if texts["certificate"] else ""
    parse_directory_server_address(texts["address"], has_certificate=bool(certificate))
    if NAME not in texts["form"] or any(len(texts[key]) > LONGEST for key in ("form", "base", "filter", "address")):
        raise RuleError("directory_settings", why="form", sign=NAME, most=LONGEST)
    if texts["filter"]:
        if NAME not in texts["filter"] or not texts["base"]:
            raise RuleError("directory_settings", why="filter", sign=NAME)
        encoded_ldap_filter(texts["filter"], "")
    if not 0 <= given.days <= MOST_DAYS:
        raise RuleError("directory_settings", why="days", most=MOST_DAYS)
    return Directory(date=given.date, days=given.days, **{**texts, "certificate": certificate})


def known_password_key(directory: Directory, account: str) -> str:
    """Return what names an account on this PC: another one as soon as the directory is asked otherwise."""
    parts = (directory.address, directory.form, directory.base, directory.filter, account)
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


# -- messages ----------------------------------------------------------------------------------------------------------

SEQUENCE, OCTETS, INTEGER, ENUMERATED, BOOLEAN = 0x30, 0x04, 0x02, 0x0A, 0x01
BIND, BOUND, UNBIND = 0x60, 0x61, 0x42
SEARCH, ENTRY, SEARCHED, REFERENCE = 0x63, 0x64, 0x65, 0x73
EXTENDED, EXTENSION_DONE = 0x77, 0x78
_CONTEXT = 0x80
START_TLS = "1.3.6.1.4.1.1466.20037"
NO_ATTRIBUTES = "1.1"
WHOLE_TREE, NEVER_ALIASES = 2, 0
MOST_ENTRIES = 2
LARGEST_MESSAGE = 65_536
LONGEST_RESULT = 4
SUCCESS, WRONG_PASSWORD, TOO_MANY = 0, 49, 4


class LdapMessageError(ValueError):
    """What came is no message of LDAP."""


def encode_ldap_element(tag: int, *parts: bytes) -> bytes:
    content = b"".join(parts)
    size = len(content)
    if size < _CONTEXT:
        return bytes((tag, size)) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((tag, _CONTEXT | len(length))) + length + content


def encode_ldap_number(number: int, tag: int = INTEGER) -> bytes:
    return encode_ldap_element(tag, number.to_bytes(number.bit_length() // 8 + 1, "big"))


def encode_ldap_text(text: str, tag: int = OCTETS) -> bytes:
    return encode_ldap_element(tag, text.encode())


def ldap_bind_message(number: int, name: str, password: str) -> bytes:
    simple = encode_ldap_text(password, _CONTEXT)
    return encode_ldap_element(
        SEQUENCE,
        encode_ldap_number(number),
        encode_ldap_element(BIND, encode_ldap_number(3), encode_ldap_text(name), simple),
    )


def start_tls_message(number: int) -> bytes:
    return encode_ldap_element(
        SEQUENCE, encode_ldap_number(number), encode_ldap_element(EXTENDED, encode_ldap_text(START_TLS, _CONTEXT))
    )


def unbind_message(number: int) -> bytes:
    return encode_ldap_element(SEQUENCE, encode_ldap_number(number), encode_ldap_element(UNBIND))


def ldap_search_message(number: int, base: str, filter: bytes, *, within_s: int) -> bytes:
    """Return the question which entries, at most MOST_ENTRIES, a filter finds; nothing of them is asked for."""
    search = encode_ldap_element(
        SEARCH,
        encode_ldap_text(base),
        encode_ldap_number(WHOLE_TREE, ENUMERATED),
        encode_ldap_number(NEVER_ALIASES, ENUMERATED),
        encode_ldap_number(MOST_ENTRIES),
        encode_ldap_number(within_s),
        encode_ldap_element(BOOLEAN, b"\0"),
        filter,
        encode_ldap_element(SEQUENCE, encode_ldap_text(NO_ATTRIBUTES)),
    )
    return encode_ldap_element(SEQUENCE, encode_ldap_number(number), search)


class DirectoryMessage(Struct, frozen=True):
    """A message of the server: its operation and, where it has one, its result and what is said of it."""

    operation: int
    result: int = SUCCESS
    text: str = ""


def ldap_message_size(begin: bytes) -> int | None:
    """Return the size of the message that begins so, None while too little of it is there. Raises LdapMessageError."""
    if begin[:1] not in (b"", bytes((SEQUENCE,))):
        raise LdapMessageError
    head = _element_size_and_start(begin, 0)
    if head is None:
        return None
    size, at = head
    if at + size > LARGEST_MESSAGE:
        raise LdapMessageError
    return at + size


def parse_ldap_message(data: bytes) -> DirectoryMessage:
    """Parse a whole message. Raises LdapMessageError."""
    ((_tag, content),) = _ldap_elements(data)
    elements = list(_ldap_elements(content))
    if len(elements) < 2 or elements[0][0] != INTEGER:
        raise LdapMessageError
    operation, body = elements[1]
    if operation not in (BOUND, SEARCHED, EXTENSION_DONE):
        return DirectoryMessage(operation)
    parts = list(_ldap_elements(body))
    if len(parts) < 3 or parts[0][0] != ENUMERATED or not 0 < len(parts[0][1]) <= LONGEST_RESULT:
        raise LdapMessageError
    result = int.from_bytes(parts[0][1], "big")
    return DirectoryMessage(operation, result, parts[2][1].decode("utf-8", errors="replace"))


def _ldap_elements(data: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at < len(data):
        head = _element_size_and_start(data, at)
        if head is None or head[1] + head[0] > len(data):
            raise LdapMessageError
        size, begin = head
        yield data[at], data[begin : begin + size]
        at = begin + size


def _element_size_and_start(data: bytes, at: int) -> tuple[int, int] | None:
    """Return the size of the element at `at` and where its content begins, None where that is not there yet."""
    if len(data) < at + 2:
        return None
    size, begin = data[at + 1], at + 2
    if size >= _CONTEXT:
        digits = size - _CONTEXT
        if not 0 < digits <= 4:
            raise LdapMessageError
        if len(data) < begin + digits:
            return None
        size, begin = int.from_bytes(data[begin : begin + digits], "big"), begin + digits
    return size, begin


# -- filters -----------------------------------------------------------------------------------------------------------

DEEPEST = 20
_GROUPS = {"&": 0xA0, "|": 0xA1}
_NOT, _EQUAL, _SUBSTRINGS, _PRESENT, _EXTENSIBLE = 0xA2, 0xA3, 0xA4, 0x87, 0xA9
_COMPARED = {">": 0xA5, "<": 0xA6, "~": 0xA8, "": _EQUAL}
_ITEM = re.compile(r"([A-Za-z0-9.;-]*)((?::dn)?(?::[A-Za-z0-9.-]+)?:|[<>~]?)=([^()]*)\)")
_ESCAPED = re.compile(r"\\([0-9A-Fa-f]{2})|\\")


def encoded_ldap_filter(text: str, name: str) -> bytes:
    """Return a filter (RFC 4515) as a search sends it, with `name` in place of {name}. Raises RuleError
    "directory_settings"."""
    try:
        found, end = _encoded_filter_at(text, 0, name.encode(), 0)
    except ValueError as error:
        raise RuleError("directory_settings", why="filter", sign=NAME) from error
    if end != len(text):
        raise RuleError("directory_settings", why="filter", sign=NAME)
    return found


def _encoded_filter_at(text: str, at: int, name: bytes, depth: int) -> tuple[bytes, int]:
    """Return the filter that begins at `at`, and where it ends. Raises ValueError."""
    if text[at : at + 1] != "(" or depth > DEEPEST:
        raise ValueError(text)
    at += 1
    kind = text[at : at + 1]
    if kind not in ("&", "|", "!"):
        item = _ITEM.match(text, at)
        if item is None:
            raise ValueError(text)
        return _encoded_filter_item(item[1], item[2], item[3], name), item.end()
    inner, at = [], at + 1
    while text[at : at + 1] == "(":
        one, at = _encoded_filter_at(text, at, name, depth + 1)
        inner.append(one)
    if text[at : at + 1] != ")" or not inner or (kind == "!" and len(inner) > 1):
        raise ValueError(text)
    return encode_ldap_element(_NOT if kind == "!" else _GROUPS[kind], *inner), at + 1


def _encoded_filter_item(attribute: str, how: str, value: str, name: bytes) -> bytes:
    if how.endswith(":"):
        rule = how.removeprefix(":dn").strip(":")
        parts = [encode_ldap_text(rule, 0x81)] if rule else []
        parts += [encode_ldap_text(attribute, 0x82)] if attribute else []
        is_dn = [encode_ldap_element(0x84, b"\xff")] if how.startswith(":dn") else []
        return encode_ldap_element(
            _EXTENSIBLE, *parts, encode_ldap_element(0x83, _filter_value_with_name_inserted(value, name)), *is_dn
        )
    if not attribute:
        raise ValueError(value)
    if how or "*" not in value:
        return encode_ldap_element(
            _COMPARED[how],
            encode_ldap_text(attribute),
            encode_ldap_element(OCTETS, _filter_value_with_name_inserted(value, name)),
        )
    if value == "*":
        return encode_ldap_text(attribute, _PRESENT)
    first, *middle, last = (_filter_value_with_name_inserted(part, name) for part in value.split("*"))
    parts = [encode_ldap_element(0x80, first)] if first else []
    parts += [encode_ldap_element(0x81, part) for part in middle if part]
    parts += [encode_ldap_element(0x82, last)] if last else []
    return encode_ldap_element(_SUBSTRINGS, encode_ldap_text(attribute), encode_ldap_element(SEQUENCE, *parts))


def _filter_value_with_name_inserted(text: str, name: bytes) -> bytes:
    return name.join(_bytes_of_escaped_text(part) for part in text.split(NAME))


def _bytes_of_escaped_text(text: str) -> bytes:
    found, at = b"", 0
    for escape in _ESCAPED.finditer(text):
        if not escape[1]:
            raise ValueError(text)
        found += text[at : escape.start()].encode() + bytes.fromhex(escape[1])
        at = escape.end()
    return found + text[at:].encode()
