"""What the web leaves in the log and the tables that it has beside it: times to book, links to visits, keys of other
programs and the addresses that events are sent to.

A token of a link is computed from the hall's secret and the ticket, and stored nowhere: any PC that prints can make
it, and nobody can guess it. It opens the page on the ticket's business date only; a new secret withdraws all links."""

from __future__ import annotations

import base64
import datetime as clock
import hashlib
import hmac
import ipaddress
import re
from collections import OrderedDict
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, timedelta

from msgspec import Struct

from queuedesk.core.errors import RuleError
from queuedesk.core.imports import half_width_text
from queuedesk.core.log import apply
from queuedesk.core.log.event import Event, EventFieldType
from queuedesk.core.log.state import HallState
from queuedesk.core.network.roles import CUSTOMER, Actor, Role
from queuedesk.core.network.sharing import PcKind
from queuedesk.core.queue import hallday
from queuedesk.core.queue.appointment import Appointment, AppointmentState
from queuedesk.core.queue.ticket import Ticket, TicketId, TicketState
from queuedesk.core.setup.rows import Service, Setup
from queuedesk.core.staffing.roster import shifts_planned_on

SLOT_MIN = 30
DAYS_AHEAD = 21
"""So many days from today on can be booked."""
BOOKED_SHARE = 0.5
"""The share of its windows' time that a service gives to appointments; walk-ins keep the rest."""
USUAL_MIN = 10
"""Minutes of a visit to a service without a handling target."""
MOST_OPEN = 2
"""So many appointments in the future one contact may have."""
_COUNTED = (AppointmentState.BOOKED, AppointmentState.CAME)


class BookingSlot(Struct, frozen=True):
    """A time that can be booked, unless it is full."""

    at: datetime
    minute: int
    is_free: bool


def booking_slots_on(
    setup: Setup, service: Service, day: clock.date, booked: Iterable[Appointment], now: datetime
) -> list[BookingSlot]:
    """Return the times of a date that are still to come; `booked` are all appointments of that date. A slot is full
    when the appointments at windows of this service would take more than BOOKED_SHARE of their time, and all are when
    the date has as many appointments as the service gives tickets."""
    if service.message:
        return []
    counted = [one for one in booked if one.state in _COUNTED]
    is_over_quota = service.quota is not None and sum(one.service == service.code for one in counted) >= service.quota
    last = hallday.minute_ticket_issue_ends_on(setup, service, day)
    slots = []
    for start, end in hallday.opening_spans_on(setup, service, day):
        for minute in range(-(-start // SLOT_MIN) * SLOT_MIN, end - SLOT_MIN + 1, SLOT_MIN):
            at = hallday.utc_moment_of_hall_minute(setup, day, minute)
            windows = _windows_serving_at_minute(setup, service.code, day, minute)
            if windows and at > now and (last is None or minute < last):
                is_free = not is_over_quota and _has_room(setup, service, minute, windows, counted)
                slots.append(BookingSlot(at, minute, is_free))
    return slots


def bookable_dates(setup: Setup, now: datetime) -> list[clock.date]:
    today = setup.to_hall_time(now).date()
    return [today + timedelta(days=n) for n in range(DAYS_AHEAD)]


def _windows_serving_at_minute(setup: Setup, service: str, day: clock.date, minute: int) -> frozenset[str]:
    """Return the windows that serve a service then: those of the roster where there is one for that date."""
    serving = {code for code, spec in setup.windows.items() if service in spec.services}
    shifts = shifts_planned_on(setup.roster, day, setup.calendar)
    if not shifts:
        return frozenset(serving)
    return frozenset(
        shift.window
        for shift in shifts
        if shift.window in serving
        and shift.is_working_at(minute)
        and (shift.staff not in setup.staff or setup.staff[shift.staff].can_serve(service))
    )


def _has_room(
    setup: Setup, service: Service, minute: int, windows: Collection[str], counted: Iterable[Appointment]
) -> bool:
    """Return whether one more fits: the first always does."""
    shared = {code for window in windows for code in setup.windows[window].services}
    taken = sum(
        _handling_minutes(setup.services[one.service])
        for one in counted
        if one.service in shared
        and one.service in setup.services
        and minute <= hallday.minute_of_day(setup, one.at) < minute + SLOT_MIN
    )
    return not taken or taken + _handling_minutes(service) <= BOOKED_SHARE * SLOT_MIN * len(windows)


def _handling_minutes(service: Service) -> int:
    return service.handling_target or USUAL_MIN


# -- links to visits: the address of a ticket's own page, which only the code on its slip names ------------------------

TOKEN_LENGTH = 26
"""Letters of base32, five bits each."""
PATH = "/T/"
TRIES, TRY_AGAIN_S = 20, 3.0
"""So many wrong tokens from one address are answered at once, then one in that many seconds."""
MOST_ADDRESSES = 10_000
# A scanner sends keys; another layout of the keyboard turns colons and slashes into other signs, but not letters.
_SCANNED_LINK = re.compile(rf"HTTPS?[^A-Z].*[^A-Z0-9]T[^A-Z0-9]([A-Z2-7]{{{TOKEN_LENGTH}}})", re.DOTALL)


def visit_token(secret: bytes, date: date, label: str, epoch: str) -> str:
    """Return the token of a ticket's link; `epoch` is the ticket's random letters, which differ when a number is given
    out again on the same date, as after a backup was restored."""
    message = f"{date.isoformat()}|{label}|{epoch}".encode()
    return base64.b32encode(hmac.digest(secret, message, hashlib.sha256)).decode()[:TOKEN_LENGTH]


def visit_link(address: str, token: str) -> str:
    """Return a ticket's link, all in capitals: a QR code of capitals and digits alone has fewer modules, and neither
    scheme nor host of an address tells capitals from small letters."""
    return f"{address.rstrip('/')}{PATH}{token}".upper()


def token_in_scanned_text(text: str) -> str | None:
    """Return the token of a scanned link, None for any other text. Letters and digits must be right, but not colons and
    slashes."""
    match = _SCANNED_LINK.fullmatch(half_width_text(text).strip().upper())
    return match[1] if match else None


class VisitTokenIndex:
    """The links of one business date, of a hall with this `secret`; for one thread."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret
        self._day: date | None = None
        self._ids: dict[bytes, TicketId] = {}
        self._indexed: set[tuple[str, str]] = set()

    def token_of_ticket(self, ticket: Ticket) -> str:
        """Return the token of a ticket's link, of any date."""
        return visit_token(self._secret, ticket.date, ticket.label, ticket.token)

    def find_ticket_by_token(self, state: HallState, token: str, day: date) -> Ticket | None:
        """Return the ticket whose link has this token, None if there is none, it is void, or its business date is not
        `day`. Tokens are looked up by digest, so that the time taken does not tell how much of a guess is right."""
        if day != self._day:
            self._day, self._ids, self._indexed = day, {}, set()
        digest = _token_digest(token)
        if digest not in self._ids:
            self._index_new_tickets(state, day)
        id = self._ids.get(digest)
        ticket = state.tickets.get(id) if id is not None else None
        if ticket is None or ticket.state is TicketState.VOID:
            return None
        return ticket if hmac.compare_digest(self.token_of_ticket(ticket).encode(), token.upper().encode()) else None

    def _index_new_tickets(self, state: HallState, day: date) -> None:
        for id, ticket in state.tickets.items():
            if id[0] == day and (ticket.label, ticket.token) not in self._indexed:
                self._indexed.add((ticket.label, ticket.token))
                self._ids[_token_digest(self.token_of_ticket(ticket))] = id


def _token_digest(token: str) -> bytes:
    return hashlib.sha256(token.upper().encode()).digest()


class WrongTokenThrottle:
    """Who asks with tokens that open nothing: a few are let through, then one from time to time."""

    def __init__(self) -> None:
        self._tries: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def count_try_and_wait_s(self, address: str, now_s: float) -> float:
        """Note one more from an address; return 0, or how long it has to wait."""
        left, wait_s = self._tries_left(address, now_s), self.blocked_s(address, now_s)
        self._tries.pop(address, None)
        self._tries[address] = (left - 1.0 if not wait_s else left, now_s)
        if len(self._tries) > MOST_ADDRESSES:
            self._tries.popitem(last=False)
        return wait_s

    def blocked_s(self, address: str, now_s: float) -> float:
        """Return how long an address has to wait before its next try, 0 while it need not."""
        left = self._tries_left(address, now_s)
        return 0.0 if left >= 1.0 else (1.0 - left) * TRY_AGAIN_S

    def _tries_left(self, address: str, now_s: float) -> float:
        left, before_s = self._tries.get(address, (float(TRIES), now_s))
        return min(float(TRIES), left + (now_s - before_s) / TRY_AGAIN_S)


# -- keys --------------------------------------------------------------------------------------------------------------

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


class WebHook(Struct, frozen=True, kw_only=True):
    """An address that events after `after` are sent to, each signed with `secret`."""

    number: int
    address: str
    secret: str
    after: int


class LastEventTakenByHook(Struct, frozen=True, kw_only=True):
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


def checked_new_key_name(name: str, taken: Iterable[str]) -> str:
    """Return a new key's name. Raises RuleError "web_key_name", "web_key_taken" (name), "web_too_many" (n)."""
    others = list(taken)
    if not _NAME.fullmatch(name):
        raise RuleError("web_key_name", name=name[:40])
    if name in others:
        raise RuleError("web_key_taken", name=name)
    if len(others) >= MOST_KEYS:
        raise RuleError("web_too_many", n=MOST_KEYS)
    return name


def checked_scopes_in_fixed_order(scopes: Iterable[str]) -> tuple[str, ...]:
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

    def take_or_seconds_to_wait(self, now: float) -> float:
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


def require_hook_address(address: str, hooks: Sequence[WebHook]) -> str:
    """Return an address that events can be sent to. Raises RuleError "web_hook_address", "web_too_many" (n)."""
    found = _ADDRESS.fullmatch(address)
    if (
        found is None
        or len(address) > LONGEST_ADDRESS
        or not 0 < int(found["port"] or 1) <= _LARGEST_PORT
        or not _can_be_pc_address(found["host"], found["v6"])
    ):
        raise RuleError("web_hook_address", address=address[:60])
    if len(hooks) >= MOST_HOOKS:
        raise RuleError("web_too_many", n=MOST_HOOKS)
    return address


def _can_be_pc_address(host: str | None, v6: str | None) -> bool:
    """Whether one PC can have this name or address; which one has it is only known when events are sent."""
    labels = (host or "").removesuffix(".").split(".")
    if v6 is None and not labels[-1].isdecimal():
        return all(map(_HOST_LABEL.fullmatch, labels))
    try:
        address = ipaddress.ip_address(v6 or host or "")
    except ValueError:
        return False
    return not (address.is_multicast or address.is_unspecified or (v6 is None and address.is_reserved))


def body_signature(secret: str, body: bytes) -> str:
    """Return what the header SIGNATURE says of a body."""
    return f"sha256={hmac.digest(secret.encode(), body, hashlib.sha256).hex()}"


def pause_after_failures(failures: int, share: float) -> float:
    """Return how many seconds to wait before the next try; `share`, from 0 to 1, keeps several from trying at once."""
    return min(LONGEST_PAUSE_S, 2.0 ** min(failures, 10)) * (0.5 + share / 2)


def host_of_address(address: str) -> str:
    """Return the part of an address that the log may hold: the rest may be a secret of the other program's."""
    return address.split("/")[2]


# -- the log, and what stands beside it --------------------------------------------------------------------------------


def _change_nothing(_event: Event, _board: object) -> None:
    """The log says who gave a program what right; what the right is good for stands beside it."""


_TEXT, _TEXTS, _NUMBER = EventFieldType.TEXT, EventFieldType.TEXTS, EventFieldType.NUMBER
KEY_EVENTS = {
    "web.key": apply.FeatureEvent(
        apply.shape_of_event_with_date({"name": _TEXT, "scopes": _TEXTS}), _change_nothing, managers=True
    ),
    "web.key-gone": apply.FeatureEvent(apply.shape_of_event_with_date({"name": _TEXT}), _change_nothing, managers=True),
    "web.hook": apply.FeatureEvent(
        apply.shape_of_event_with_date({"number": _NUMBER, "host": _TEXT, "after": _NUMBER}),
        _change_nothing,
        managers=True,
    ),
    "web.hook-gone": apply.FeatureEvent(
        apply.shape_of_event_with_date({"number": _NUMBER}), _change_nothing, managers=True
    ),
}
KEY_VERBS = {
    "web-key": apply.FeatureVerb((Role.ADMIN, Role.CONSOLE), keeps=("program",)),
    "web-hook": apply.FeatureVerb((Role.ADMIN, Role.CONSOLE), keeps=("hook",)),
}
# Whoever serves the web reads keys and addresses; an admin, at a manager's PC, changes them.
_READ = {**dict.fromkeys((PcKind.WEB, PcKind.STAFF), apply.READ_ROWS), PcKind.MANAGER: apply.CHANGE_ROWS}
KEYS = apply.FeatureTable(name="web_keys", record=ProgramKey, key=("name",), rights=_READ, moves=True)
HOOKS = apply.FeatureTable(name="web_hooks", record=WebHook, key=("number",), rights=_READ, moves=True)
HOOK_POSITIONS = apply.FeatureTable(
    name="web_hook_positions",
    record=LastEventTakenByHook,
    key=("number",),
    rights=dict.fromkeys(_READ, apply.CHANGE_ROWS),
    moves=True,
)
KEY_TABLES = (KEYS, HOOKS, HOOK_POSITIONS)

# -- what the web leaves in the log, and the tables that it has beside it ----------------------------------------------

ENQUIRY, IMPORTED = "web.enquiry", "web.progress"
"""The kinds of events that somebody was told how far a case is and took no number (at one of PLACES; not which case),
and that states were imported. The verb is named as its event, so that public PCs may append it."""
PLACES = PHONE, KIOSK, FRONT_DESK = "phone", "kiosk", "front_desk"
LINKS_RENEWED = "web.links"
"""The kind of event after which all earlier links open nothing."""


class WebSecret(Struct, frozen=True):
    """What the hall's links are computed with, as hexadecimal digits."""

    secret: str


# Every PC that prints tickets makes links, and the first one makes the secret.
SECRETS = apply.FeatureTable(
    name="web_secrets",
    record=WebSecret,
    rights={**dict.fromkeys(PcKind, apply.ADD_ROWS), PcKind.MANAGER: apply.CHANGE_ROWS},
    moves=True,
)


class WebServing(Struct, frozen=True):
    """A process that serves the hall's pages: at which `address`, `since` when, how many pages showed what changes when
    it was last `seen`, and the kind of its last `fault` ("" for none) with how many there were. `ending`: somebody
    wants it to end."""

    station: str
    address: str
    since: datetime
    seen: datetime
    looking: int
    fault: str
    faults: int
    ending: bool = False


SERVING = apply.FeatureTable(
    name="web_serving", record=WebServing, key=("station",), rights=dict.fromkeys(PcKind, apply.CHANGE_ROWS)
)


class WebBookingDigests(Struct, frozen=True):
    """An appointment made by the web: its `number`, digests of the code that its customer has and of the contact ("" if
    none was given), and the date after which the row is deleted."""

    number: int
    code: str
    contact: str
    until: clock.date


class CaseProgress(Struct, frozen=True):
    """How far the back office is with a case: its reference, state, since when, and a note."""

    reference: str
    state: str
    since: str
    note: str


class EnglishCaseProgress(Struct, frozen=True):
    """State and note of a case in English, where a hall that speaks Chinese too has both."""

    reference: str
    state: str
    note: str


# Nobody else has a use for these: a customer's code opens nothing at a station.
BOOKINGS = apply.FeatureTable(
    name="web_bookings",
    record=WebBookingDigests,
    key=("number",),
    rights={PcKind.WEB: apply.CHANGE_ROWS, PcKind.MANAGER: apply.CHANGE_ROWS},
    moves=True,
)
PROGRESS = apply.FeatureTable(
    name="web_progress",
    record=CaseProgress,
    key=("reference",),
    rights={**dict.fromkeys(PcKind, apply.READ_ROWS), PcKind.MANAGER: apply.CHANGE_ROWS},
    moves=True,
)
ENGLISH_PROGRESS = apply.FeatureTable(
    name="web_progress_en", record=EnglishCaseProgress, key=PROGRESS.key, rights=PROGRESS.rights, moves=True
)
RULES = apply.FeatureRules(
    events={
        **KEY_EVENTS,
        ENQUIRY: apply.FeatureEvent(
            apply.shape_of_event_with_date({"place": EventFieldType.TEXT}), lambda _event, _board: None
        ),
        IMPORTED: apply.FeatureEvent(
            apply.shape_of_event_with_date({"rows": EventFieldType.NUMBER}), lambda _event, _board: None, managers=True
        ),
        LINKS_RENEWED: apply.FeatureEvent(
            apply.shape_of_event_with_date({}), lambda _event, _board: None, managers=True
        ),
    },
    verbs={
        **KEY_VERBS,
        "web-links": apply.FeatureVerb((Role.MANAGER,), keeps=()),
        "web-later": apply.FeatureVerb((Role.CUSTOMER,), keeps=("seq",)),
        "web-leave": apply.FeatureVerb((Role.CUSTOMER,), keeps=("seq",)),
        "web-progress": apply.FeatureVerb((Role.MANAGER,), keeps=("rows",)),
        ENQUIRY: apply.FeatureVerb((Role.CUSTOMER, Role.STATION, Role.GUIDE), keeps=("seq",)),
    },
    tables=(SECRETS, SERVING, BOOKINGS, PROGRESS, ENGLISH_PROGRESS, *KEY_TABLES),
)
