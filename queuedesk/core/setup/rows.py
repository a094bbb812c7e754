"""How a hall is set up: services, windows, staff, classes, rules; as values that never change."""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, tzinfo
from functools import cached_property
from typing import Annotated, Any

from msgspec import Struct, field
from msgspec.structs import replace

from queuedesk.core import appraisal as appraisals
from queuedesk.core.errors import RuleError
from queuedesk.core.features import Wording, feature_owning_rule, is_feature_used_by_hall
from queuedesk.core.figures.targets import SATISFACTION
from queuedesk.core.network.roles import STAFF_ROLES, Role
from queuedesk.core.quality.sheet import ScoreSheet
from queuedesk.core.queue.ticket import MISS_THAT_ENDS, Shift, Window
from queuedesk.core.setup import field_kinds as kinds
from queuedesk.core.setup import hall as hall_setup
from queuedesk.core.setup.field_kinds import (
    BASICS,
    MINUTES,
    CheckContext,
    FieldKind,
    entry,
    fields_of_row_class,
    parse_json_list,
)
from queuedesk.core.setup.sentences import ContingencyCard, Partner, Sentences
from queuedesk.core.setup.time_of_day import OpeningHours, hours_from_row
from queuedesk.core.staffing.roster import RosterRow
from queuedesk.core.talk.announcement import has_chinese
from queuedesk.core.talk.remarks import CHANNELS

# The tabs of a service's form after the first one, BASICS, that all forms have.
ITEMS, LIMITS, PAPERS, TOLD = "items", "limits", "papers", "told"
PREFIX = re.compile(r"[A-HJ-NPRT-Y]{1,3}")
LONGEST_TEXT = 500
FIRST, LAST, LAST_NUMBER = 1, 999, 9999
LONGEST_MINUTES, MOST_CREDIT = 480, 120
ARROWS = {
    "": Wording("No arrow"),
    "left": Wording("Left", context="way"),
    "right": Wording("Right", context="way"),
    "ahead": Wording("Straight on"),
    "back": Wording("Behind you"),
    "up": Wording("Upstairs"),
    "down": Wording("Downstairs"),
}


class RequiredPaper(Struct, frozen=True, kw_only=True):
    """A document that a customer has to bring."""

    name: Annotated[
        str, entry(kinds.kind_whose_refusals_name_the_row(kinds.name_field_kind(instead="name_en")), "Name")
    ]
    name_en: Annotated[str, entry(kinds.text_field_kind(LONGEST_TEXT), "English name")] = ""
    note: Annotated[str, entry(kinds.text_field_kind(LONGEST_TEXT))] = ""
    note_en: Annotated[str, entry(kinds.text_field_kind(LONGEST_TEXT))] = ""


class ServiceItem(Struct, frozen=True, kw_only=True):
    """A request within a service, without line, number or window of its own. `minutes` are usual, not promised."""

    code: Annotated[str, entry(kinds.code_field_kind(), "Code")]
    name: Annotated[str, entry(kinds.name_field_kind(instead="name_en"), "Name", tab=BASICS)]
    name_en: Annotated[str, entry(kinds.text_field_kind(), "English name", tab=BASICS, beside=True)] = ""
    minutes: Annotated[
        int | None,
        entry(
            kinds.optional_number_field_kind(1, LONGEST_MINUTES, form=MINUTES),
            "Minutes",
            title="Usual minutes",
            tab=BASICS,
        ),
    ] = None
    words: Annotated[
        tuple[str, ...],
        entry(
            kinds.word_list_field_kind(),
            title="Search words",
            hint="other names that customers use, separated by commas",
            tab=BASICS,
            beside=True,
            share=3,
        ),
    ] = ()
    favourite: Annotated[
        bool,
        entry(kinds.lenient_flag_field_kind(), title="Favourite: shown on the front desk's first page", tab=BASICS),
    ] = False
    papers: Annotated[tuple[RequiredPaper, ...], entry(kinds.inner_rows_field_kind(RequiredPaper))] = ()


SUGGESTED = "suggested"
"""The field of a service that holds its suggestions."""
FACTS: Mapping[str, tuple[str, ...]] = {
    "about": ("about", "about_en"),
    "papers": ("papers", "papers_version", "papers_date"),
    "fees": ("fees", "fees_en"),
    "steps": ("steps", "steps_en"),
    "message": ("message", "message_en"),
    "items": ("items",),
    "group": ("group", "group_en"),
    "elsewhere": ("elsewhere",),
}
"""Facts of a service for customers, in display order, with their fields."""
FACT_FIELDS = tuple(key for keys in FACTS.values() for key in keys)


def suggested_facts_field_kind(service: Callable[[], type]) -> FieldKind:
    """The kind of the field `suggested`: facts in the form of the set-up file, each checked as the field of the class
    that `service` returns."""

    def check_value(field: str, value: Any, around: CheckContext) -> None:
        for key, one in kinds.require_mapping(field, {} if value is None else value).items():
            kinds.require_field_choice(field, key, FACT_FIELDS)
            fields_of_row_class(service())[key].kind.check(f"{field}.{key}", one, around)

    return FieldKind(check_value, lambda value: dict(value or {}), parse_json_list, right={})


class Service(Struct, frozen=True, kw_only=True):
    """A business type with its prefix and numbers. `handling_target` is minutes; `last_ticket` minutes since midnight.
    `steps` has one step per line; `papers_date` is an ISO date. `quota` is the most tickets of a business date,
    `line_limit` the most people waiting in its line, `max_returns` how often a ticket may come back into line after
    missed calls. A service with a `message` gives out no tickets: people see the message instead. `credit_minutes` adds
    to the credit of whoever takes a ticket for it. Its numbers start again `again_at` these minutes of the day and,
    `again_last`, after the last one, each time with one letter more. `elsewhere` are channels that serve it too,
    offered when the wait is long; `then` the services that usually follow, offered when it is finished. `suggested` are
    fields as a preset suggests them, in the form of the set-up file: staff may see them, customers may not
    (core/setup/presets.py)."""

    code: Annotated[str, entry(kinds.code_field_kind(), "Code", fixed=True)]
    name: Annotated[str, entry(kinds.name_field_kind(instead="name_en"), "Name", tab=BASICS)]
    name_en: Annotated[str, entry(kinds.text_field_kind(LONGEST_TEXT), "English name", tab=BASICS, beside=True)] = ""
    about: Annotated[str, entry(kinds.text_field_kind(LONGEST_TEXT), "About", tab=TOLD, lines=2)] = ""
    about_en: Annotated[
        str, entry(kinds.text_field_kind(LONGEST_TEXT), "English about", tab=TOLD, lines=2, beside=True)
    ] = ""
    group: Annotated[
        str, entry(kinds.text_field_kind(), "Group", hint="services of one group are shown together", tab=LIMITS)
    ] = ""
    group_en: Annotated[str, entry(kinds.text_field_kind(), "English group", tab=LIMITS, beside=True)] = ""
    prefix: Annotated[
        str, entry(kinds.capital_letters_field_kind(PREFIX), "Letter", hint="starts the number", tab=BASICS, share=150)
    ]
    first: Annotated[int, entry(kinds.whole_number_field_kind(0, LAST_NUMBER), "First number")] = FIRST
    last: Annotated[
        int, entry(kinds.whole_number_field_kind(lambda row: row.get("first", FIRST), LAST_NUMBER), "Last number")
    ] = LAST
    handling_target: Annotated[
        int | None,
        entry(
            kinds.optional_number_field_kind(1, LONGEST_MINUTES, form=MINUTES),
            "Handling target",
            hint="empty: no target",
            tab=BASICS,
            beside=True,
            share=196,
        ),
    ] = None
    hours: Annotated[
        tuple[OpeningHours, ...] | None,
        entry(
            kinds.opening_hours_field_kind(hours_from_row),
            "Ticket hours",
            hint="such as Mon–Fri 8:30–12:00, 13:30–17:30; Sat 9:00–12:00",
            tab=BASICS,
            share=3,
        ),
    ] = None
    last_ticket: Annotated[
        int | None,
        entry(kinds.optional_time_field_kind(), "Last ticket", hint="empty: until the end", tab=BASICS, beside=True),
    ] = None
    credit_minutes: Annotated[
        int,
        entry(
            kinds.whole_number_field_kind(0, MOST_CREDIT, form=MINUTES),
            "Credit",
            hint="Tickets for this service are called as if taken this many minutes earlier; 0 to 120.",
            tab=LIMITS,
            rank=1,
        ),
    ] = 0
    quota: Annotated[
        int | None,
        entry(kinds.optional_number_field_kind(1, LAST_NUMBER), "Tickets a day", hint="empty: no limit", tab=LIMITS),
    ] = None
    line_limit: Annotated[
        int | None,
        entry(
            kinds.optional_number_field_kind(1, LAST_NUMBER),
            "Most people in line",
            hint="empty: no limit",
            tab=LIMITS,
            beside=True,
        ),
    ] = None
    max_returns: Annotated[
        int | None,
        entry(
            kinds.optional_number_field_kind(0, MISS_THAT_ENDS - 1),
            "Returns after missed calls",
            hint="empty: no limit; 0: a new ticket each time",
            tab=LIMITS,
        ),
    ] = None
    again_at: Annotated[
        tuple[int, ...],
        entry(
            kinds.times_of_day_field_kind(),
            "Numbers start again at",
            hint="such as 12:00; then with one letter more: AA001",
            tab=LIMITS,
            beside=True,
        ),
    ] = ()
    message: Annotated[
        str,
        entry(
            kinds.text_field_kind(LONGEST_TEXT),
            "Message",
            title="Message instead of a ticket",
            hint="empty: it gives tickets",
            tab=LIMITS,
            lines=3,
        ),
    ] = ""
    message_en: Annotated[
        str, entry(kinds.text_field_kind(LONGEST_TEXT), "English message", tab=LIMITS, lines=3, beside=True)
    ] = ""
    again_last: Annotated[
        bool, entry(kinds.flag_kind(), "Numbers start again after the last one", tab=LIMITS, rank=1)
    ] = False
    form_free: Annotated[bool, entry(kinds.flag_kind(), "Handled without a form", tab=LIMITS)] = False
    then: Annotated[
        tuple[str, ...],
        entry(
            kinds.word_list_field_kind(),
            "Usual next steps",
            hint="offered at the window when this is finished; choose them in order",
            tab=LIMITS,
            rank=1,
        ),
    ] = ()
    elsewhere: Annotated[
        tuple[str, ...],
        entry(kinds.several_codes_field_kind(CHANNELS), title="Also possible, to be offered at peaks", tab=LIMITS),
    ] = ()
    fees: Annotated[str, entry(kinds.text_field_kind(LONGEST_TEXT), "Fees", tab=TOLD, rank=1, lines=2)] = ""
    fees_en: Annotated[
        str, entry(kinds.text_field_kind(LONGEST_TEXT), "English fees", tab=TOLD, rank=1, lines=2, beside=True)
    ] = ""
    steps: Annotated[
        str,
        entry(kinds.text_field_kind(LONGEST_TEXT, of_lines=True), "Steps", hint="one step per line", tab=TOLD, lines=5),
    ] = ""
    steps_en: Annotated[
        str, entry(kinds.text_field_kind(LONGEST_TEXT, of_lines=True), "English steps", tab=TOLD, lines=5, beside=True)
    ] = ""
    papers: Annotated[
        tuple[RequiredPaper, ...], entry(kinds.inner_rows_field_kind(RequiredPaper), "Papers", tab=PAPERS)
    ] = ()
    papers_version: Annotated[
        str, entry(kinds.text_field_kind(), "Version of the papers list", hint="printed under the list", tab=PAPERS)
    ] = ""
    papers_date: Annotated[
        str,
        entry(
            kinds.optional_date_field_kind(),
            "Date of the papers list",
            hint="such as 2026-11-20",
            tab=PAPERS,
            beside=True,
        ),
    ] = ""
    items: Annotated[
        tuple[ServiceItem, ...], entry(kinds.inner_rows_field_kind(ServiceItem, coded=True), "Items", tab=ITEMS)
    ] = ()
    suggested: Annotated[
        Mapping[str, Any], entry(suggested_facts_field_kind(lambda: Service), "Suggestions", fixed=True)
    ] = field(default_factory=dict)

    def item_by_code(self, code: str) -> ServiceItem:
        """Return the item. Raises RuleError "unknown_item"."""
        for item in self.items:
            if item.code == code:
                return item
        raise RuleError("unknown_item", item=code, service=self.code)


class WindowSpec(Struct, frozen=True, kw_only=True):
    """A window as set up: its services and the way to it. A `quick` one takes short visits first, during `quick_hours`
    or always."""

    code: Annotated[
        str,
        entry(
            kinds.code_field_kind(),
            "Code",
            title=Wording("Number", context="window"),
            hint="as on the sign above the window",
            fixed=True,
        ),
    ]
    name: Annotated[str, entry(kinds.text_field_kind(), "Name")] = ""
    name_en: Annotated[str, entry(kinds.text_field_kind(), "English name")] = ""
    zone: Annotated[str, entry(kinds.text_field_kind(), "Zone", hint="shown and spoken: left, area A", tab=BASICS)] = ""
    zone_en: Annotated[str, entry(kinds.text_field_kind(), "English zone", tab=BASICS, beside=True)] = ""
    arrow: Annotated[str, entry(kinds.choice_field_kind(ARROWS), "Direction", hint="drawn on display and ticket")] = ""
    services: Annotated[
        tuple[str, ...], entry(kinds.service_codes_field_kind(needed=True), "Services", title="What this window serves")
    ]
    quick: Annotated[
        bool, entry(kinds.lenient_flag_field_kind(), title="Quick window: takes short visits first", tab=BASICS)
    ] = False
    quick_hours: Annotated[
        tuple[OpeningHours, ...] | None,
        entry(
            kinds.opening_hours_field_kind(hours_from_row),
            "Short visits first at",
            hint="such as Mon–Fri 9:00–11:00; empty: always",
            tab=BASICS,
        ),
    ] = None


class StaffMember(Struct, frozen=True, kw_only=True):
    """A member of staff. Empty `skills` means every service; `warned_of` are services and kinds of alerts for which
    this person is responsible; cases count for the `department` of their owner. PINs are kept outside the set-up."""

    code: Annotated[str, entry(kinds.code_field_kind(), "Code", fixed=True)]
    name: Annotated[
        str,
        entry(kinds.name_field_kind(instead="name_en"), "Name", title=Wording("Name", context="person"), tab=BASICS),
    ]
    name_en: Annotated[
        str,
        entry(
            kinds.text_field_kind(),
            "English name",
            title=Wording("English name", context="person"),
            tab=BASICS,
            beside=True,
        ),
    ] = ""
    role: Annotated[
        Role, entry(kinds.choice_field_kind([str(one) for one in STAFF_ROLES], make=Role, needed=True), "Role")
    ]
    skills: Annotated[
        tuple[str, ...], entry(kinds.service_codes_field_kind(), "Skills", title="What this person can serve")
    ] = ()
    languages: Annotated[
        tuple[str, ...],
        entry(
            kinds.word_list_field_kind(),
            "Languages",
            hint="other than the hall's own, separated by commas: French, sign language",
            tab=BASICS,
        ),
    ] = ()
    warned_of: Annotated[
        tuple[str, ...],
        entry(
            kinds.word_list_field_kind(),
            "Warned of",
            hint="every alert of a chosen service, and a chosen kind wherever it comes up",
            tab=BASICS,
        ),
    ] = ()
    department: Annotated[
        str,
        entry(
            kinds.text_field_kind(),
            "Department",
            hint="their cases count for it in the monthly pack; empty: the hall",
            tab=BASICS,
        ),
    ] = ""

    def speaks(self, language: str) -> bool:
        """Whether this person speaks a language of the set-up; case is ignored."""
        return language.casefold() in {own.casefold() for own in self.languages}

    def can_serve(self, service: str) -> bool:
        return not self.skills or service in self.skills


NOT_CHOSEN = frozenset({"normal", "appointment"})
"""Classes that no customer can choose: people with appointments are expected by name at the front desk, and a key would
let anybody jump the line."""


class PriorityClass(Struct, frozen=True, kw_only=True):
    """A priority class and its credit in minutes; `normal` has none."""

    code: Annotated[str, entry(kinds.code_field_kind(), "Code", fixed=True)]
    name: Annotated[str, entry(kinds.name_field_kind(instead="name_en"), "Name", tab=BASICS)]
    name_en: Annotated[str, entry(kinds.text_field_kind(), "English name", tab=BASICS, beside=True)] = ""
    credit_minutes: Annotated[
        int,
        entry(
            kinds.whole_number_field_kind(
                0, lambda row: 0 if row.get("code") == "normal" else MOST_CREDIT, form=MINUTES
            ),
            "Credit",
            hint="Tickets of this class are called as if taken this many minutes earlier; 0 to 120.",
            tab=BASICS,
        ),
    ] = 0
    staff_only: Annotated[
        bool, entry(kinds.flag_kind(), "Only staff choose it, no customer at a kiosk", tab=BASICS)
    ] = False


class Notice(Struct, frozen=True, kw_only=True):
    """A text for the displays; `start` and `end` are ISO dates, both inclusive, empty for always."""

    text: Annotated[
        str,
        entry(
            kinds.name_field_kind(LONGEST_TEXT, instead="text_en"),
            "Text",
            hint="shown on the hall's display",
            tab=BASICS,
            lines=4,
        ),
    ]
    text_en: Annotated[
        str, entry(kinds.text_field_kind(LONGEST_TEXT), "English text", tab=BASICS, lines=4, beside=True)
    ] = ""
    start: Annotated[
        str,
        entry(
            kinds.optional_date_field_kind(), "From", hint="such as 2026-11-20; empty: at once", tab=BASICS, key="from"
        ),
    ] = ""
    end: Annotated[
        str,
        entry(
            kinds.optional_date_field_kind(),
            "To",
            hint="that day too; empty: without end",
            tab=BASICS,
            beside=True,
            key="to",
        ),
    ] = ""


class TargetRow(Struct, frozen=True, kw_only=True):
    """A target in the set-up file; core.figures.targets says what it means."""

    measure: Annotated[str, entry(replace(kinds.name_field_kind(), right=SATISFACTION), "Measure")]
    value: Annotated[int | str, entry(kinds.decimal_number_field_kind(), "Value")]
    start: Annotated[
        str, entry(kinds.optional_date_field_kind(), "From", hint="such as 2026-11-20; empty: always", key="from")
    ] = ""


ROWS: Mapping[str, type] = {
    "services": Service,
    "windows": WindowSpec,
    "staff": StaffMember,
    "classes": PriorityClass,
    "notices": Notice,
    "hall": hall_setup.HallSpec,
    "targets": TargetRow,
    "cards": ContingencyCard,
    "sheets": ScoreSheet,
    "partners": Partner,
    "roster": RosterRow,
    "calendar": hall_setup.DateUnlikeItsWeekday,
    "voice": hall_setup.VoiceSpec,
    "ticket": hall_setup.TicketDesign,
    "sentences": Sentences,
    "scheme": appraisals.AppraisalScheme,
}
"""The row class of each part of the set-up, also for parts of one row."""


class NameOfRemovedRow(Struct, frozen=True, kw_only=True):
    """The name of a removed row, to which finished tickets still refer."""

    name: Annotated[str, entry(kinds.text_field_kind())] = ""
    name_en: Annotated[str, entry(kinds.text_field_kind())] = ""


class NamesOfRemovedRows(Struct, frozen=True, kw_only=True):
    """Names of removed services, windows and people, by code."""

    services: Mapping[str, NameOfRemovedRow] = field(default_factory=dict)
    windows: Mapping[str, NameOfRemovedRow] = field(default_factory=dict)
    staff: Mapping[str, NameOfRemovedRow] = field(default_factory=dict)


class Setup(Struct, frozen=True, kw_only=True, dict=True):
    """A whole set-up. `document` is its set-up file, as in the log."""

    hall: hall_setup.HallSpec
    services: Mapping[str, Service]
    windows: Mapping[str, WindowSpec]
    staff: Mapping[str, StaffMember]
    classes: Mapping[str, PriorityClass]
    settings: Mapping[str, int | str]
    notices: tuple[Notice, ...] = ()
    targets: tuple[Mapping[str, Any], ...] = ()
    roster: tuple[RosterRow, ...] = ()
    pay_days: Annotated[
        tuple[date, ...],
        entry(
            kinds.dates_field_kind(),
            "Busy days",
            hint="days on which many people come, separated by commas: 2026-11-25, 2026-12-25",
        ),
    ] = ()
    calendar: hall_setup.Calendar = field(default_factory=hall_setup.Calendar)
    former: NamesOfRemovedRows = field(default_factory=NamesOfRemovedRows)
    voice: hall_setup.VoiceSpec = field(default_factory=hall_setup.VoiceSpec)
    ticket_design: hall_setup.TicketDesign = field(default_factory=hall_setup.TicketDesign)
    sentences: Sentences = field(default_factory=Sentences)
    cards: Mapping[str, ContingencyCard] = field(default_factory=dict)
    partners: Mapping[str, Partner] = field(default_factory=dict)
    document: Mapping[str, Any] = field(default_factory=dict)

    @property
    def has_pay_days(self) -> bool:
        """Whether the hall uses busy days: its preset has a list for them, or some were marked."""
        return "pay_days" in self.document

    @property
    def has_services_with_papers(self) -> bool:
        return any(service.papers or any(item.papers for item in service.items) for service in self.services.values())

    @cached_property
    def time_zone(self) -> tzinfo:
        return hall_setup.time_zone_from_name(self.hall.timezone)

    def to_hall_time(self, moment: datetime) -> datetime:
        return moment.astimezone(self.time_zone)

    def has_feature(self, feature: str) -> bool:
        return is_feature_used_by_hall(self.hall, feature)

    def is_rule_on(self, rule: str) -> bool:
        """Whether an on/off rule is on; rules of features that the hall does not use are off."""
        if self.settings[rule] != "on":
            return False
        owner = feature_owning_rule(rule)
        return not owner or self.has_feature(owner)

    def setting_as_int(self, key: str) -> int:
        return int(self.settings[key])

    def service_by_code(self, code: str) -> Service:
        """Raises RuleError "unknown_service"."""
        try:
            return self.services[code]
        except KeyError:
            raise RuleError("unknown_service", service=code) from None

    def window_by_code(self, code: str) -> WindowSpec:
        """Raises RuleError "unknown_window"."""
        try:
            return self.windows[code]
        except KeyError:
            raise RuleError("unknown_window", window=code) from None

    @property
    def staff_languages(self) -> tuple[str, ...]:
        """Further languages of the staff, each as first written."""
        by_key: dict[str, str] = {}
        for person in self.staff.values():
            for language in person.languages:
                by_key.setdefault(language.casefold(), language)
        return tuple(by_key.values())

    def person_by_code(self, code: str) -> StaffMember:
        """Raises RuleError "unknown_staff"."""
        try:
            return self.staff[code]
        except KeyError:
            raise RuleError("unknown_staff", staff=code) from None

    def class_by_code(self, code: str) -> PriorityClass:
        """Return a priority class. Raises RuleError "unknown_class"."""
        try:
            return self.classes[code]
        except KeyError:
            raise RuleError("unknown_class", class_=code) from None

    def credit_s(self, klass: str, service: str) -> int:
        """Return the credit of a class and a service together, in seconds; removed ones give none."""
        of_class, of_service = self.classes.get(klass), self.services.get(service)
        minutes = (of_class.credit_minutes if of_class else 0) + (of_service.credit_minutes if of_service else 0)
        return minutes * 60

    def services_at_window(self, window: str, staff: str | None, extra: frozenset[str] = frozenset()) -> frozenset[str]:
        """Return the services of `window`, lent `extra`, with `staff` there; None restricts nothing."""
        # Cached: asked for each pair of a ticket and a window.
        services = self._services_cache.get((window, staff, extra))
        if services is None:
            services = self._services_cache[window, staff, extra] = self._find_services_at_window(window, staff, extra)
        return services

    @cached_property
    def _services_cache(self) -> dict[tuple[str, str | None, frozenset[str]], frozenset[str]]:
        return {}

    def _find_services_at_window(self, window: str, staff: str | None, extra: frozenset[str]) -> frozenset[str]:
        spec = self.windows.get(window)
        if spec is None:
            return frozenset()
        person = self.staff.get(staff) if staff else None
        offered = extra.union(spec.services)
        return frozenset(s for s in offered if s in self.services and (person is None or person.can_serve(s)))

    def services_served_by_window(self, window: Window) -> frozenset[str]:
        return self.services_at_window(window.code, window.staff, window.extra)

    def services_served_in_shift(self, shift: Shift) -> frozenset[str]:
        return self.services_at_window(shift.window, shift.staff, frozenset(lent.service for lent in shift.lent))


def hall_languages(setup: Setup) -> tuple[str, ...]:
    """Return a hall's languages in order: the chosen ones; else Chinese if its names are Chinese, and English if all
    have English names."""
    if setup.hall.languages:
        return setup.hall.languages
    names = [setup.hall.name, *(service.name for service in setup.services.values())]
    if not any(has_chinese(name) for name in names):
        return ("en",)
    english_names = [setup.hall.name_en, *(service.name_en for service in setup.services.values())]
    if not all(english or not has_chinese(name) for name, english in zip(names, english_names, strict=True)):
        return ("zh_CN",)
    return _ordered_language_codes(setup)


def field_and_choice_languages(setup: Setup) -> tuple[str, ...]:
    """Return the languages of fields and choices in a hall: the chosen ones, else both, whatever its names have."""
    return setup.hall.languages or _ordered_language_codes(setup)


def voice_languages(setup: Setup, voice: hall_setup.VoiceSpec | None = None) -> tuple[str, ...]:
    """Return the voice's languages that the hall uses, else all of the hall's."""
    return _usable_languages((voice or setup.voice).languages, setup) or hall_languages(setup)


def slip_languages(setup: Setup, design: hall_setup.TicketDesign | None = None) -> tuple[str, ...]:
    """Return the languages of slips: those of the design that the hall uses, else the hall's first."""
    return _usable_languages((design or setup.ticket_design).languages, setup) or hall_languages(setup)[:1]


def _usable_languages(chosen: tuple[str, ...], setup: Setup) -> tuple[str, ...]:
    return tuple(lang for lang in chosen if lang in field_and_choice_languages(setup))


def _ordered_language_codes(setup: Setup) -> tuple[str, ...]:
    return ("en", "zh_CN") if setup.hall.lang == "en" else ("zh_CN", "en")
