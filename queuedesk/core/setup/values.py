"""How a hall is set up: services, windows, staff, classes, rules; as values that never change."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from queuedesk.core.errors import RuleError
from queuedesk.core.network.people import Role
from queuedesk.core.queue.window import Shift, Window
from queuedesk.core.setup.cards import Card
from queuedesk.core.setup.sentences import USUAL, Sentences
from queuedesk.core.setup.ticket_design import TicketDesign
from queuedesk.core.setup.voice import VoiceSpec
from queuedesk.core.staffing.roster import RosterRow

# The hall's rules and their defaults. Minutes, seconds and counts as the names say; day_end is hall time.
SETTINGS: dict[str, int | str] = {
    "wait_target_minutes": 15,
    "amber_minutes": 10,
    "red_minutes": 15,
    "crowd": 20,
    "calls_before_missed": 3,
    "call_gap_s": 20,
    "return_minutes": 10,
    "return_numbers": 5,
    "postponements": 1,
    "order": "credit",
    "jump_every": 3,
    "order_guard": 0,
    "kiosk_idle_s": 60,
    "rating_days": 0,
    "first_visit_days": 7,
    "form_free_minutes": 0,
    "opening_checks": "off",
    "call_at_finish": "off",
    "outcome_required": "off",
    "closing": "warn",
    "closing_margin_minutes": 0,
    "overnight": "close",
    "day_end": "00:00",
    "appointment_early_minutes": 15,
    "appointment_grace_minutes": 15,
    "contact_days": 30,
    "idle_nudge_s": 10,
    "break_after_minutes": 150,
    "rating_questions": "off",
    "reports": "all",
    "report_print": "off",
    "report_keep_days": 400,
}
SETTING_CHOICES: dict[str, tuple[str, ...]] = {
    "order": ("credit", "credit_double", "priority_first"),
    "opening_checks": ("off", "on"),
    "call_at_finish": ("off", "on"),
    "outcome_required": ("off", "on"),
    "closing": ("warn", "stop", "off"),
    "overnight": ("close", "early_place"),
    "rating_questions": ("off", "on"),
    "reports": ("off", "days", "all"),
    "report_print": ("off", "on"),
}
# What a hall may call its windows and its tickets; the first is what they are called unless it says so.
WORDS: dict[str, tuple[str, ...]] = {
    "window": ("window", "room", "desk", "counter"),
    "ticket": ("ticket", "number"),
}
_OFFSET = re.compile(r"UTC([+-])(\d{2}):([0-5]\d)")


def zone_of(name: str) -> tzinfo:
    """Return the time zone of a name such as "Europe/Berlin", or of a fixed offset such as "UTC+02:00". Raises
    ValueError."""
    if offset := _OFFSET.fullmatch(name):
        sign, hours, minutes = offset.groups()
        span = timedelta(hours=int(hours), minutes=int(minutes))
        return timezone(-span if sign == "-" else span) if span else UTC
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, OSError) as error:  # OSError: the name of a folder of zones
        raise ValueError(name) from error


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """One paper that a customer has to bring."""

    name: str
    name_en: str = ""
    note: str = ""
    note_en: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """What the customer comes for inside a service; no line, number or window of its own. `minutes` is usual, not a
    promise."""

    code: str
    name: str
    name_en: str = ""
    favourite: bool = False
    minutes: int | None = None
    papers: tuple[Paper, ...] = ()
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """Opening hours on some weekdays (1 Monday … 7 Sunday), as hall minutes since midnight, end excluded."""

    days: frozenset[int]
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """A business type with its prefix and numbers. `handling_target` is minutes; `last_ticket` minutes since midnight.

    `steps` has one step per line; `papers_date` is an ISO date. `quota` is the most tickets of a business date,
    `line_limit` the most people waiting in its line. One with a `message` gives no tickets: people are told the
    message.
    """

    code: str
    name: str
    prefix: str
    name_en: str = ""
    group: str = ""
    group_en: str = ""
    about: str = ""
    about_en: str = ""
    first: int = 1
    last: int = 999
    handling_target: int | None = None
    hours: tuple[Hours, ...] | None = None
    last_ticket: int | None = None
    quota: int | None = None
    line_limit: int | None = None
    message: str = ""
    message_en: str = ""
    form_free: bool = False
    fees: str = ""
    fees_en: str = ""
    steps: str = ""
    steps_en: str = ""
    papers: tuple[Paper, ...] = ()
    papers_version: str = ""
    papers_date: str = ""
    items: tuple[Item, ...] = ()

    def item(self, code: str) -> Item:
        """Return the item. Raises RuleError "unknown_item"."""
        for item in self.items:
            if item.code == code:
                return item
        raise RuleError("unknown_item", item=code, service=self.code)


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowSpec:
    """A counter position as set up: what it may serve and the way to it."""

    code: str
    services: tuple[str, ...]
    name: str = ""
    name_en: str = ""
    zone: str = ""
    zone_en: str = ""
    arrow: str = ""
    quick: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffMember:
    """A person of the hall. Empty `skills` means every service. PINs are kept outside the set-up."""

    code: str
    name: str
    role: Role
    name_en: str = ""
    skills: tuple[str, ...] = ()

    def can(self, service: str) -> bool:
        return not self.skills or service in self.skills


@dataclass(frozen=True, slots=True, kw_only=True)
class PriorityClass:
    """A priority class and its credit in minutes; `normal` has none."""

    code: str
    name: str
    name_en: str = ""
    credit_minutes: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A text for the displays; `start` and `end` are ISO dates, both inclusive, empty for always."""

    text: str
    text_en: str = ""
    start: str = ""
    end: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What the hall calls a window and a ticket, each one of WORDS."""

    window: str = WORDS["window"][0]
    ticket: str = WORDS["ticket"][0]


@dataclass(frozen=True, slots=True, kw_only=True)
class HallSpec:
    """The hall itself. `opens` and `closes` are minutes since midnight in `timezone`.

    `report_owner` is who answers for its monthly and longer reports. `lang` is the language it was set up in, first on
    paper and in its voice; empty: that of its names. In a `simulated` hall time is that of its last event: its
    stations' clocks stand there. `replayed`: what happened in it was recorded elsewhere. `seen_by` are managers of
    other halls in the same database who may look on, as "HALL/STAFF".
    """

    code: str
    name: str
    name_en: str = ""
    phone: str = ""
    timezone: str = "Asia/Shanghai"
    opens: int = 510
    closes: int = 1050
    simulated: bool = False
    replayed: bool = False
    lang: str = ""
    report_owner: str = ""
    words: Words = Words()
    seen_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FormerName:
    """What something was called that the hall no longer has: finished tickets still name it."""

    name: str = ""
    name_en: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Former:
    """Names of removed services, windows and people, by code."""

    services: Mapping[str, FormerName] = field(default_factory=dict)
    windows: Mapping[str, FormerName] = field(default_factory=dict)
    staff: Mapping[str, FormerName] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Setup:
    """A whole set-up. `document` is the set-up file it was read from, as the log keeps it."""

    hall: HallSpec
    services: Mapping[str, Service]
    windows: Mapping[str, WindowSpec]
    staff: Mapping[str, StaffMember]
    classes: Mapping[str, PriorityClass]
    settings: Mapping[str, int | str]
    notices: tuple[Notice, ...] = ()
    targets: tuple[Mapping[str, Any], ...] = ()
    roster: tuple[RosterRow, ...] = ()
    pay_days: tuple[date, ...] = ()
    former: Former = field(default_factory=Former)
    voice: VoiceSpec = field(default_factory=VoiceSpec)
    ticket_design: TicketDesign = field(default_factory=TicketDesign)
    sentences: Sentences = USUAL
    cards: Mapping[str, Card] = field(default_factory=dict)
    document: Mapping[str, Any] = field(default_factory=dict)

    @cached_property
    def zone(self) -> tzinfo:
        return zone_of(self.hall.timezone)

    def local(self, moment: datetime) -> datetime:
        """Return `moment` on the hall's clock."""
        return moment.astimezone(self.zone)

    def number(self, key: str) -> int:
        """Return a rule that is a number."""
        return int(self.settings[key])

    def service(self, code: str) -> Service:
        """Return the service. Raises RuleError "unknown_service"."""
        try:
            return self.services[code]
        except KeyError:
            raise RuleError("unknown_service", service=code) from None

    def window(self, code: str) -> WindowSpec:
        """Return the window. Raises RuleError "unknown_window"."""
        try:
            return self.windows[code]
        except KeyError:
            raise RuleError("unknown_window", window=code) from None

    def person(self, code: str) -> StaffMember:
        """Return the member of staff. Raises RuleError "unknown_staff"."""
        try:
            return self.staff[code]
        except KeyError:
            raise RuleError("unknown_staff", staff=code) from None

    def klass(self, code: str) -> PriorityClass:
        """Return the class. Raises RuleError "unknown_class"."""
        try:
            return self.classes[code]
        except KeyError:
            raise RuleError("unknown_class", class_=code) from None

    def services_at(self, window: str, staff: str | None, extra: frozenset[str] = frozenset()) -> frozenset[str]:
        """Return the services that `window`, lent `extra`, may serve while `staff` sits there; nobody there narrows
        nothing."""
        spec = self.windows.get(window)
        if spec is None:
            return frozenset()
        person = self.staff.get(staff) if staff else None
        of = extra.union(spec.services)
        return frozenset(s for s in of if s in self.services and (person is None or person.can(s)))

    def served_by(self, window: Window) -> frozenset[str]:
        """Return the services that a window may serve as it stands."""
        return self.services_at(window.code, window.staff, window.extra)

    def served_in(self, shift: Shift) -> frozenset[str]:
        """Return the services that a window might serve in a shift, what was lent to it for a part of it too."""
        return self.services_at(shift.window, shift.staff, frozenset(one.service for one in shift.lent))
