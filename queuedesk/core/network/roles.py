"""People, roles, and the one table of what each role may do and read."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from queuedesk.core.errors import RuleError


class Role(StrEnum):
    """The roles of staff (a reader changes nothing), and the actors that are not people of the hall."""

    GUIDE = "guide"
    CLERK = "clerk"
    MANAGER = "manager"
    ADMIN = "admin"
    READER = "reader"
    STATION = "station"
    CUSTOMER = "customer"
    HALL = "hall"
    CONSOLE = "console"


UNTOLD = 0
"""Replaces a rating's level (1 to 5) where this PC's login may not read ratings."""

PIN, PASSWORD = "pin", "password"
"""What a person may have to give at sign-in."""
STAFF_ROLES = (Role.GUIDE, Role.CLERK, Role.MANAGER, Role.ADMIN, Role.READER)

GUIDE_VERBS = frozenset(
    {
        *("issue", "not-ready", "offer", "leave", "void", "reinstate", "redirect", "defer", "book", "unbook"),
        *("postpone", "need", "fetched", "message", "thanks", "thanks-seen", "training-seen", "notes"),
        *("briefing-read", "opening", "fix-proof", "sheet-dispute", "help", "help-answer", "emergency", "card"),
        *("ack", "check", "lend", "move", "case", "sign-in", "sign-out", "clock", "comment"),
    }
)
CLERK_VERBS = frozenset(
    {
        *("serve", "call", "recall", "start", "miss", "return", "finish", "add", "stall", "unstall", "park"),
        *("unpark", "transfer", "redirect", "reopen", "reinstate", "leave", "open", "pause", "resume", "close"),
        *("hand-over", "message", "ack", "thanks-seen", "training-seen", "notes", "briefing-read", "opening"),
        *("fix-proof", "sheet-dispute", "help", "help-answer", "check", "case", "sign-in", "sign-out", "clock"),
        *("comment",),
    }
)
MANAGER_VERBS = (
    GUIDE_VERBS
    | CLERK_VERBS
    | {
        *("day-end", "notice", "day-note", "correct", "comment-read", "enter", "indicators", "channels", "calendar"),
        *("roster", "share", "halls", "backups", "clock-far", "set-right", "case-owner", "sheet-decide"),
        *("sheet-close", "inspect", "forum", "texts", "briefing", "put-offer", "project", "training"),
        *("training-name", "wording"),
    }
)
ADMIN_VERBS = MANAGER_VERBS | {"set-up", "people", "backup", "restore", "export", "merge"}

WEB_VERBS = frozenset({"leave", "reinstate", "book", "unbook"})
"""What customers may do by phone alone."""
MAY: dict[Role, frozenset[str]] = {
    Role.GUIDE: GUIDE_VERBS,
    Role.CLERK: CLERK_VERBS,
    Role.MANAGER: MANAGER_VERBS,
    Role.ADMIN: ADMIN_VERBS,
    # Views halls ("halls" changes nothing) from a manager's station, which logs who signed in.
    Role.READER: frozenset({"halls", "sign-in", "sign-out"}),
    Role.STATION: frozenset({"issue", "offer", "need", "postpone", "day-end", "alarm", "device", "help", "drumming"}),
    # At a kiosk or rating screen, or by phone (WEB_VERBS).
    Role.CUSTOMER: frozenset({"rate", "reasons", "opinion", "comment", "drumming", "postpone", "need"}) | WEB_VERBS,
    Role.HALL: frozenset({"day-end", "alarm", "device", "unbook", "void", "take-push"}),
    Role.CONSOLE: ADMIN_VERBS | {"rate", "reasons", "opinion", "alarm", "device", "drumming", "take-push"},
}


def allow_feature_verb(verb: str, roles: Iterable[Role]) -> None:
    """Allow roles a feature's verb. Managers get what guides or clerks get, admins and console what managers get."""
    may = set(roles)
    if may & {Role.GUIDE, Role.CLERK}:
        may.add(Role.MANAGER)
    if Role.MANAGER in may:
        may |= {Role.ADMIN, Role.CONSOLE}
    for role in may:
        MAY[role] |= {verb}


def needs_no_pin_for_verb(verb: str) -> bool:
    """Whether any guide or clerk may do it, so that no PIN is needed."""
    return verb in MAY[Role.GUIDE] or verb in MAY[Role.CLERK]


class ReadScope(StrEnum):
    """What can be read, by its audience: every command or window names one of these."""

    HALL = "hall"  # as on the hall's screens: calls with their windows, who waits, how long, the services
    WORK = "work"  # for all staff: a day's tickets without ratings, appointments without names, messages, the roster
    NAMES = "names"  # who has an appointment
    FIGURES = "figures"  # reports and comparisons, ratings and comments, what each clerk did
    LOG = "log"  # every event with all it says
    REFUSALS = "refusals"  # the access journal


_ALL_READS = frozenset(ReadScope)
MAY_READ: dict[Role, frozenset[ReadScope]] = {
    Role.GUIDE: frozenset({ReadScope.HALL, ReadScope.WORK, ReadScope.NAMES}),
    Role.CLERK: frozenset({ReadScope.HALL, ReadScope.WORK}),
    Role.MANAGER: _ALL_READS,
    Role.ADMIN: _ALL_READS,
    Role.READER: frozenset({ReadScope.HALL, ReadScope.WORK, ReadScope.FIGURES}),
    Role.STATION: frozenset({ReadScope.HALL}),
    Role.CUSTOMER: frozenset({ReadScope.HALL}),
    Role.HALL: frozenset({ReadScope.HALL}),
    Role.CONSOLE: _ALL_READS,
}

_READS_WITHOUT_PIN = MAY_READ[Role.GUIDE] | MAY_READ[Role.CLERK]

# The states in which a role may end a ticket; other verbs depend on the role alone.
LEAVE_STATES: dict[Role, frozenset[str]] = {
    Role.GUIDE: frozenset({"waiting", "called", "missed", "parked"}),
    Role.CLERK: frozenset({"parked"}),
    Role.CUSTOMER: frozenset({"waiting", "called", "missed"}),
}


class Actor(Struct, frozen=True):
    """The author of an event. `name` is the text in the log: a staff code, `station:K1`, `customer`, `hall` or
    `console`. `unproven`: named without a PIN where others have one, so possibly anybody; such an actor has only the
    rights of guides and clerks."""

    name: str
    role: Role
    unproven: bool = False

    @property
    def is_staff(self) -> bool:
        return self.role in STAFF_ROLES

    def may(self, verb: str) -> bool:
        """Whether the role may do `verb`, and an unproven actor needs no PIN for it."""
        return verb in MAY[self.role] and not (self.unproven and not needs_no_pin_for_verb(verb))

    def require_may(self, verb: str) -> None:
        """Raise RuleError "not_your_role" unless the role may do `verb`, "pin_needed" if an unproven actor needs a PIN
        for it."""
        if verb not in MAY[self.role]:
            raise RuleError("not_your_role", verb=verb, role=str(self.role))
        if self.unproven and not needs_no_pin_for_verb(verb):
            raise RuleError("pin_needed", staff=self.name)

    def may_read(self, read: ReadScope) -> bool:
        """Whether the role may read that, and an unproven actor needs no PIN for it."""
        return read in MAY_READ[self.role] and not (self.unproven and read not in _READS_WITHOUT_PIN)

    def require_read_right(self, read: ReadScope) -> None:
        """Raise RuleError "not_for_you" unless the role may read that, "pin_needed" if an unproven actor needs a PIN
        for it."""
        if read not in MAY_READ[self.role]:
            raise RuleError("not_for_you", read=str(read), role=str(self.role))
        if not self.may_read(read):
            raise RuleError("pin_needed", staff=self.name)

    def require_right_to_end_ticket(self, state: str) -> None:
        """Raise RuleError "not_your_role" unless the role may end a ticket in this `state`."""
        allowed = LEAVE_STATES.get(self.role)
        if allowed is not None and state not in allowed:
            raise RuleError("not_your_role", verb="leave", role=str(self.role))

    def require_own_window(self, window: str, clerk: str | None) -> None:
        """Raise RuleError "not_your_window" if a clerk acts at a window where `clerk`, another, is signed in."""
        if self.role is Role.CLERK and clerk is not None and clerk != self.name:
            raise RuleError("not_your_window", window=window)


CONSOLE = Actor("console", Role.CONSOLE)
HALL = Actor("hall", Role.HALL)
CUSTOMER = Actor("customer", Role.CUSTOMER)


def actor_of_station(name: str) -> Actor:
    """Return the actor of a station that acts by itself, such as `station:K1`."""
    return Actor(f"station:{name}", Role.STATION)


# -- the access journal ----------------------------------------------------------------------------------------------


class RefusalForLackOfRights(Struct, frozen=True):
    """A refusal for lack of rights: `verb` is one of MAY, or "read-" and a ReadScope; `code` is the refusal's."""

    at: datetime
    actor: str
    verb: str
    code: str
