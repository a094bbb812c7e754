"""Keys of other programs, and the addresses that events are sent to: what each may do, and when it has to wait."""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import re
from collections.abc import Iterable, Sequence
from datetime import datetime

from msgspec import Struct

from queuedesk.core.errors import RuleError
from queuedesk.core.log.apply import CHANGE_ROWS, READ_ROWS, FeatureEvent, FeatureTable, FeatureVerb, dated_event_shape
from queuedesk.core.log.event import Event, EventFieldType
from queuedesk.core.network.roles import CUSTOMER, Actor, Role
from queuedesk.core.network.sharing import PcKind

READ, ISSUE, CALL, BOOK, RATE, EVENTS, RATINGS = "read", "issue", "call", "book", "rate", "events", "ratings"
SCOPES = (READ, ISSUE, CALL, BOOK, RATE, EVENTS, RATINGS)
"""What a key may be made for. RATINGS adds to what READ and EVENTS show, and allows nothing by itself."""
STAFF_SCOPES = frozenset({ISSUE, CALL})
"""What on a server only the login of a staff PC may do."""
KEY_PREFIX = "qd_"
"""What each key begins with, so that one that was left in a file or a message is found by a search."""
ACTOR = "key:"
"""The prefix of the actor of what was done with a key; its name follows."""
MOST_KEYS, MOST_HOOKS = 50, 16
LONGEST_ADDRESS = 500
_NAME = re.compile(r"[\w-]{1,40}")
_ADDRESS = re.compile(
    r"https?://(?:(?P<host>[A-Za-z0-9.-]+)|\[(?P<v6>[0-9A-Fa-f:.]+)\])(?::(?P<port>[0-9]{1,5}))?(?:[/?][!-~]*)?"
)
_HOST_LABEL = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?")
_LARGEST_PORT = 65_535


class ProgramKey(Struct, frozen=True, kw_only=True):
    """A key by its name. The key itself is nowhere: `digest` is all that is kept of it."""

    name: str
    digest: str
    scopes: tuple[str, ...]
    made: datetime


class Hook(Struct, frozen=True, kw_only=True):
    """An address that events after `after` are sent to, each signed with `secret`."""

    number: int
    address: str
    secret: str
    after: int


class HookPosition(Struct, frozen=True, kw_only=True):
    """The last event that an address took."""

    number: int
    seq: int


def digest_of_key(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


def find_key(keys: Iterable[ProgramKey], given: str) -> ProgramKey | None:
    """Return the key that was given, None for any other; the time it takes says nothing of how near that was."""
    digest, found = digest_of_key(given), None
    for key in keys:
        if hmac.compare_digest(key.digest, digest):
            found = key
    return found


def require_key_name(name: str, taken: Iterable[str]) -> str:
    """Return a new key's name. Raises RuleError "web_key_name", "web_key_taken" (name), "web_too_many" (n)."""
    others = list(taken)
    if not _NAME.fullmatch(name):
        raise RuleError("web_key_name", name=name[:40])
    if name in others:
        raise RuleError("web_key_taken", name=name)
    if len(others) >= MOST_KEYS:
        raise RuleError("web_too_many", n=MOST_KEYS)
    return name


def sorted_scopes(scopes: Iterable[str]) -> tuple[str, ...]:
    """Return scopes once each, in their own order. Raises RuleError "web_key_scope" (scope, known)."""
    given = set(scopes)
    for scope in sorted(given.difference(SCOPES)):
        raise RuleError("web_key_scope", scope=scope[:40], known=list(SCOPES))
    return tuple(scope for scope in SCOPES if scope in given)


def actor_of_key(name: str, scope: str, *, is_web_login: bool) -> Actor:
    """Return who acts by a key. What customers say is theirs; the login of a public server may write in no other
    name."""
    if scope == RATE or is_web_login:
        return CUSTOMER
    return Actor(f"{ACTOR}{name}", Role.MANAGER)


class TokenBucket(Struct):
    """At most `most` at once, and `per_s` in the long run."""

    most: float
    per_s: float
    left: float = -1.0
    at: float = 0.0

    def seconds_to_wait(self, now: float) -> float:
        """Take one and return 0, or take none and return after how many seconds there is one; `now` in seconds."""
        before = self.most if self.left < 0 else self.left
        self.left = min(self.most, before + max(0.0, now - self.at) * self.per_s)
        self.at = now
        if self.left < 1:
            return (1 - self.left) / self.per_s
        self.left -= 1
        return 0.0


# -- events sent to other programs -------------------------------------------------------------------------------------

SIGNATURE = "X-QueueDesk-Signature"
LONGEST_PAUSE_S = 300.0


def require_hook_address(address: str, hooks: Sequence[Hook]) -> str:
    """Return an address that events can be sent to. Raises RuleError "web_hook_address", "web_too_many" (n)."""
    found = _ADDRESS.fullmatch(address)
    if (
        found is None
        or len(address) > LONGEST_ADDRESS
        or not 0 < int(found["port"] or 1) <= _LARGEST_PORT
        or not _may_be_reached(found["host"], found["v6"])
    ):
        raise RuleError("web_hook_address", address=address[:60])
    if len(hooks) >= MOST_HOOKS:
        raise RuleError("web_too_many", n=MOST_HOOKS)
    return address


def _may_be_reached(host: str | None, v6: str | None) -> bool:
    """Whether one PC can have this name or address; which one has it is only known when events are sent."""
    labels = (host or "").removesuffix(".").split(".")
    if v6 is None and not labels[-1].isdecimal():
        return all(map(_HOST_LABEL.fullmatch, labels))
    try:
        address = ipaddress.ip_address(v6 or host or "")
    except ValueError:
        return False
    return not (address.is_multicast or address.is_unspecified or (v6 is None and address.is_reserved))


def signature_of(secret: str, body: bytes) -> str:
    """Return what the header SIGNATURE says of a body."""
    return f"sha256={hmac.digest(secret.encode(), body, hashlib.sha256).hex()}"


def pause_after_failures(failures: int, share: float) -> float:
    """Return how many seconds to wait before the next try; `share`, from 0 to 1, keeps several from trying at once."""
    return min(LONGEST_PAUSE_S, 2.0 ** min(failures, 10)) * (0.5 + share / 2)


def host_of(address: str) -> str:
    """Return the part of an address that the log may hold: the rest may be a secret of the other program's."""
    return address.split("/")[2]


# -- the log, and what stands beside it --------------------------------------------------------------------------------


def _change_nothing(_event: Event, _board: object) -> None:
    """The log says who gave a program what right; what the right is good for stands beside it."""


_TEXT, _TEXTS, _NUMBER = EventFieldType.TEXT, EventFieldType.TEXTS, EventFieldType.NUMBER
KEY_EVENTS = {
    "web.key": FeatureEvent(dated_event_shape({"name": _TEXT, "scopes": _TEXTS}), _change_nothing, managers=True),
    "web.key-gone": FeatureEvent(dated_event_shape({"name": _TEXT}), _change_nothing, managers=True),
    "web.hook": FeatureEvent(
        dated_event_shape({"number": _NUMBER, "host": _TEXT, "after": _NUMBER}), _change_nothing, managers=True
    ),
    "web.hook-gone": FeatureEvent(dated_event_shape({"number": _NUMBER}), _change_nothing, managers=True),
}
KEY_VERBS = {
    "web-key": FeatureVerb((Role.ADMIN, Role.CONSOLE), keeps=("program",)),
    "web-hook": FeatureVerb((Role.ADMIN, Role.CONSOLE), keeps=("hook",)),
}
# Whoever serves the web reads keys and addresses; an admin, at a manager's PC, changes them.
_READ = {**dict.fromkeys((PcKind.WEB, PcKind.STAFF), READ_ROWS), PcKind.MANAGER: CHANGE_ROWS}
KEYS = FeatureTable(name="web_keys", record=ProgramKey, key=("name",), rights=_READ, moves=True)
HOOKS = FeatureTable(name="web_hooks", record=Hook, key=("number",), rights=_READ, moves=True)
HOOK_POSITIONS = FeatureTable(
    name="web_hook_positions",
    record=HookPosition,
    key=("number",),
    rights=dict.fromkeys(_READ, CHANGE_ROWS),
    moves=True,
)
KEY_TABLES = (KEYS, HOOKS, HOOK_POSITIONS)
