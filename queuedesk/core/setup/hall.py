"""How a hall itself is set up: names, time zone, usual opening hours, words, voice, printed slips, calendar.

The calendar has holidays, make-up working days and special hours of single dates; working days are counted by it."""

import base64
import binascii
import re
import struct
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, date, timedelta, timezone, tzinfo
from functools import cache
from types import MappingProxyType
from typing import Annotated, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from msgspec import Struct, field
from msgspec.structs import replace

from queuedesk.core.features import LEFT_OUT, Wording
from queuedesk.core.setup import field_kinds as kinds
from queuedesk.core.setup.field_kinds import BASICS, TEXT, check_row, entry, read_row
from queuedesk.core.setup.time_of_day import MINUTES_A_DAY, clock_text, padded_clock_text, parse_clock_minutes

HOLIDAY, WORKING, SPECIAL = "holiday", "working", "special"
CALENDAR = "calendar"
"""This part of the set-up file has rows by ISO date."""
LAST_WORKING_WEEKDAY = 5
BY_LAW = frozenset(range(1, LAST_WORKING_WEEKDAY + 1))
"""The working week by law, independent of a hall's opening days."""
LAW_OF = {
    "cn": ("Asia/Shanghai", "Asia/Urumqi", "Asia/Chongqing", "Asia/Chungking", "Asia/Harbin", "Asia/Kashgar", "PRC")
}
"""Countries with yearly published days off and make-up working days, with their time zones."""
NO_COUNTRY = "none"
"""`country` of a hall without published days."""
MAKE_UP = 8
"""The number of a make-up working day, after the weekdays 1 to 7."""
LONGEST_REASON, LONGEST_SOURCE = 60, 80
Row = Mapping[str, Any]


def _optional_flag_field_kind() -> kinds.FieldKind:
    return replace(kinds.flag_kind(), read=lambda value: value)


class DateUnlikeItsWeekday(Struct, frozen=True, kw_only=True):
    """A date that differs from its weekday. A HOLIDAY is closed, a WORKING day is open as on most days from Monday to
    Friday, a SPECIAL day has hours of its own. `start` and `end` are minutes since midnight, None for the usual ones.
    `text` is for customers. `working` says whether it counts as a working day; None: a HOLIDAY does not, a WORKING one
    does, a SPECIAL one as its weekday. `source` is its publisher: a key of `resources/calendars`, or the hall's own
    words."""

    kind: Annotated[
        str,
        entry(
            kinds.choice_field_kind(
                {
                    HOLIDAY: Wording("Closed", context="day"),
                    WORKING: Wording("Make-up working day", context="day"),
                    SPECIAL: Wording("Special hours", context="day"),
                },
                needed=True,
            ),
            "Kind",
        ),
    ]
    start: Annotated[int | None, entry(kinds.optional_time_field_kind(), "Opens", key="from")] = None
    end: Annotated[int | None, entry(kinds.optional_time_field_kind(), "Closes", key="to")] = None
    text: Annotated[str, entry(kinds.text_field_kind(LONGEST_REASON), "Why, as customers read it")] = ""
    text_en: Annotated[str, entry(kinds.text_field_kind(LONGEST_REASON), "Why, in English")] = ""
    working: Annotated[bool | None, entry(_optional_flag_field_kind(), "Counts as a working day")] = None
    source: Annotated[str, entry(kinds.text_field_kind(LONGEST_SOURCE), "Source")] = ""


class Calendar(Struct, frozen=True, kw_only=True):
    """Single dates of the hall that differ from their weekdays. `week` are the weekdays that count as working days, 1
    to 7; `makes_up`: days off are made up for on other days, by law."""

    days: Mapping[date, DateUnlikeItsWeekday] = field(default_factory=lambda: MappingProxyType({}))
    week: frozenset[int] = BY_LAW
    makes_up: bool = True

    def entry_on(self, day: date) -> DateUnlikeItsWeekday | None:
        return self.days.get(day)

    def is_closed(self, day: date) -> bool:
        """Whether the calendar closes the hall on a date; weekly closing is not considered."""
        calendar_day = self.days.get(day)
        return calendar_day is not None and calendar_day.kind == HOLIDAY

    def sources_in_year(self, year: int) -> tuple[str, ...]:
        return tuple(sorted({row.source for day, row in self.days.items() if day.year == year and row.source}))


NO_DAYS = Calendar()
"""An empty calendar: every date is as its weekday."""


def is_working_day(calendar: Calendar, day: date) -> bool:
    """Whether `day` counts as a working day: by the hall's week unless the calendar says otherwise. For deadlines.
    Whether the hall is open is another question, answered by `opening_spans_on`."""
    calendar_day = calendar.days.get(day)
    by_week = day.isoweekday() in calendar.week
    if calendar_day is None:
        return by_week
    if calendar_day.working is not None:
        return calendar_day.working
    return by_week if calendar_day.kind == SPECIAL else calendar_day.kind == WORKING


def weekday_typical_of(calendar: Calendar, day: date) -> int | None:
    """Return the weekday that a date is typical of, 1 to 7; MAKE_UP for a make-up working day, which is like most days
    from Monday to Friday; None for a holiday and for special hours, which are like no other day."""
    calendar_day = calendar.days.get(day)
    if calendar_day is None:
        return day.isoweekday()
    return MAKE_UP if calendar_day.kind == WORKING else None


def add_working_days(calendar: Calendar, start: date, n: int) -> date:
    """Return the `n`th working day after `start`, not counting `start`; with a negative `n` before it. 0 gives `start`,
    or the next working day where it is none."""
    step, left, day = timedelta(days=-1 if n < 0 else 1), abs(n), start
    while left or (not n and not is_working_day(calendar, day)):
        day += step
        left -= bool(left and is_working_day(calendar, day))
    return day


def working_days_between(calendar: Calendar, a: date, b: date) -> int:
    """Count the working days after `a` up to and including `b`; negative where `b` is before `a`. It is the inverse of
    `add_working_days`."""
    if b < a:
        return -working_days_between(calendar, b - timedelta(days=1), a - timedelta(days=1))
    return sum(is_working_day(calendar, a + timedelta(days=n)) for n in range(1, (b - a).days + 1))


def working_days_in_year(calendar: Calendar, year: int) -> int:
    return working_days_between(calendar, date(year - 1, 12, 31), date(year, 12, 31))


def check_calendar(document: object) -> None:
    """Refuse a calendar with dates or rows that don't fit. Raises RuleError "bad_value"."""
    for day, row in kinds.require_mapping(CALENDAR, document).items():
        check_calendar_row(day, row)


def check_calendar_row(day: str, row: object) -> None:
    """Refuse a calendar row that does not fit. Raises RuleError "bad_value"."""
    if not day:
        raise kinds.bad_value_error(f"{CALENDAR}.date", day, "empty")
    kinds.check_optional_date(f"{CALENDAR}.date", day)
    fields, place = kinds.require_mapping(CALENDAR, row), f"{CALENDAR}.{day}"
    for key in fields:
        if key not in kinds.fields_of_row_class(DateUnlikeItsWeekday):
            raise kinds.bad_value_error(
                f"{place}.{key}", key, "not_a_choice", limit=list(kinds.fields_of_row_class(DateUnlikeItsWeekday))
            )
    check_row(DateUnlikeItsWeekday, place, fields)
    _check_special_hours(place, fields)


def _check_special_hours(place: str, row: Row) -> None:
    start, end = row.get("from"), row.get("to")
    if row["kind"] == HOLIDAY and (start or end):
        raise kinds.bad_value_error(f"{place}.from" if start else f"{place}.to", start or end, "closed_has_hours")
    for key, value in (("from", start), ("to", end)):
        if not value and (row["kind"] == SPECIAL or start or end):
            raise kinds.bad_value_error(f"{place}.{key}", value, "empty")
    if start and end and parse_clock_minutes(start) >= parse_clock_minutes(end):
        raise kinds.bad_value_error(f"{place}.to", end, "before_opening", limit=clock_text(parse_clock_minutes(start)))


def normalized_calendar_row(row: Row) -> dict[str, Any]:
    """Return a row as the set-up file has it: without empty values, times with two digits, texts stripped. Invalid
    values stay, so that the check names them."""
    after = {key: value.strip() if isinstance(value, str) else value for key, value in row.items()}
    for key in ("from", "to"):
        with suppress(ValueError):
            after[key] = padded_clock_text(parse_clock_minutes(str(after.get(key))))
    return {key: value for key, value in after.items() if value not in (None, "")}


def country_of_working_day_law(country: str, timezone: str) -> str:
    """Return the country whose law sets the working days: that of the hall, else of its time zone; "" for none."""
    if country:
        return country if country in LAW_OF else ""
    return next((code for code, zones in LAW_OF.items() if timezone in zones), "")


def read_calendar(document: Row, *, open_days: frozenset[int] = BY_LAW, law: str = "cn") -> Calendar:
    """Read a calendar that `check_calendar` accepts, for a hall that opens on these weekdays and is under the law of
    that country, "" for none."""
    days = {date.fromisoformat(day): read_row(DateUnlikeItsWeekday, row) for day, row in document.items()}
    return Calendar(
        days=days,
        week=BY_LAW if law else open_days or BY_LAW,
        makes_up=bool(law) or any(calendar_day.kind == WORKING for calendar_day in days.values()),
    )


def calendar_with_changed_days(document: Row, rows: Mapping[str, Row | None]) -> dict[str, Row]:
    """Return the part with changed dates, sorted; None removes a date's row."""
    after = {**document, **rows}
    return {day: row for day in sorted(after) if (row := after[day]) is not None}


def rows_of_calendar(document: Mapping[str, Any]) -> Mapping[str, Row]:
    rows: Mapping[str, Row] = document.get(CALENDAR, {})
    return rows


_COUNTRY_PATTERN = re.compile(rf"[a-z]{{2}}|{NO_COUNTRY}")
_FEATURE_PATTERN = re.compile(rf"{LEFT_OUT}?[a-z][a-z0-9_]{{0,39}}")
_WEB_ADDRESS_PATTERN = re.compile(
    r"(?i)https?://(?=[^:]{1,46}(:|$))[a-z0-9-]+(\.[a-z0-9-]+)*(:(?P<port>[0-9]{1,5}))?/?"
)
_OFFSET_PATTERN = re.compile(r"UTC([+-])(\d{2}):([0-5]\d)")


def time_zone_from_name(name: str) -> tzinfo:
    """Return the time zone "Europe/Berlin" or the fixed offset "UTC+02:00". Raises ValueError."""
    if offset := _OFFSET_PATTERN.fullmatch(name):
        sign, hours, minutes = offset.groups()
        span = timedelta(hours=int(hours), minutes=int(minutes))
        return timezone(-span if sign == "-" else span) if span else UTC
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, OSError) as error:  # OSError: the name of a folder of zones
        raise ValueError(name) from error


@cache
def time_zone_names() -> Mapping[str, str]:
    """Return the PC's time zone names, each mapped to itself. Cached: the search reads some hundred files."""
    return MappingProxyType({zone: zone for zone in sorted(available_timezones())})


LANGUAGES = ("zh_CN", "en")
"""Languages that a hall may speak and print; the first is the default."""
CASE_CLASSES = ("repair", "complaint", "enquiry", "consult", "praise")
"""The classes of a case that have words in every language; a hall may have others."""


def _time_zone_field_kind() -> kinds.FieldKind:
    def check_value(place: str, value: Any, _row: kinds.CheckContext) -> None:
        try:
            time_zone_from_name(str(value))
        except ValueError:
            raise kinds.bad_value_error(place, value, "not_a_choice") from None

    return replace(kinds.optional_time_field_kind(), check=check_value, read=str, form=kinds.CHOICE)


def languages_field_kind() -> kinds.FieldKind:
    def check_value(place: str, value: Any, _row: kinds.CheckContext) -> None:
        langs = kinds.require_list(place, value or [])
        for lang in langs:
            kinds.require_field_choice(place, lang, LANGUAGES)
        if len(set(langs)) < len(langs):
            raise kinds.bad_value_error(place, ",".join(langs), "not_a_choice", limit=list(LANGUAGES))

    return kinds.FieldKind(check_value, lambda value: tuple(value or ()), kinds.parse_typed_codes)


def _features_field_kind() -> kinds.FieldKind:
    """Names of features without repeats, some as left out; unknown ones stay. None: not chosen yet."""

    def check_value(place: str, value: Any, _row: kinds.CheckContext) -> None:
        if value is None:
            return
        for name in kinds.require_list(place, value):
            if not (isinstance(name, str) and _FEATURE_PATTERN.fullmatch(name)):
                raise kinds.bad_value_error(place, name, "not_a_choice")

    return kinds.FieldKind(
        check_value, lambda value: None if value is None else tuple(dict.fromkeys(value)), kinds.parse_typed_codes
    )


def _country_field_kind() -> kinds.FieldKind:
    def check_value(place: str, value: Any, _row: kinds.CheckContext) -> None:
        if value and not (isinstance(value, str) and _COUNTRY_PATTERN.fullmatch(value)):
            raise kinds.bad_value_error(place, value, "not_a_choice", limit=[*LAW_OF, NO_COUNTRY])

    return kinds.FieldKind(check_value, lambda value: value or "", lambda _key, value: value.strip().lower())


def _chosen_wording_field_kind() -> kinds.FieldKind:
    def check_value(place: str, value: Any, around: kinds.CheckContext) -> None:
        for key, word in kinds.require_mapping(place, value or {}).items():
            if key not in WORDS:
                raise kinds.bad_value_error(place, key, "not_a_choice")
            WORDS[key].kind.check(f"{place}.{key}", word, around)

    def parse_typed_value(key: str, value: str) -> dict[str, str]:
        """Read "window:room,ticket:number"; words that are not given are reset to their default."""
        found = {}
        for code in kinds.parse_typed_codes(key, value):
            what, colon, word = code.partition(":")
            if not colon:
                raise kinds.bad_value_error(key, code[:40], "not_a_choice", limit=["window:room"])
            found[what.strip()] = word.strip()
        return found

    return kinds.FieldKind(check_value, lambda value: HallWords(**(value or {})), parse_typed_value)


def _web_address_field_kind() -> kinds.FieldKind:
    """An address as phones open it, without a path, short enough for the code on a ticket."""

    def check_value(place: str, value: Any, _row: kinds.CheckContext) -> None:
        match = _WEB_ADDRESS_PATTERN.fullmatch(str(value or ""))
        if value and (match is None or not 0 < int(match["port"] or 80) < 2**16):
            raise kinds.bad_value_error(place, value, "no_web_address")

    return replace(kinds.text_field_kind(), check=check_value)


def _other_halls_staff_field_kind() -> kinds.FieldKind:
    def check_value(place: str, value: Any, _row: kinds.CheckContext) -> None:
        """Refuse people of other halls unless named as "HALL/STAFF"."""
        for person in kinds.require_list(place, value or []):
            hall, _slash, staff = str(person).partition("/")
            if not (isinstance(person, str) and kinds.CODE.fullmatch(hall) and kinds.CODE.fullmatch(staff)):
                raise kinds.bad_value_error(place, person, "no_onlooker")

    return replace(kinds.word_list_field_kind(), check=check_value)


class HallWords(Struct, frozen=True, kw_only=True):
    """The hall's words for a window and a ticket."""

    window: Annotated[
        str,
        entry(
            kinds.choice_field_kind(
                {
                    "window": Wording("Window (usual)", context="hall's word"),
                    "room": Wording("Room", context="hall's word"),
                    "desk": Wording("Desk", context="hall's word"),
                    "counter": Wording("Counter", context="hall's word"),
                },
                needed=True,
            ),
            title="What the hall calls a window",
        ),
    ] = "window"
    ticket: Annotated[
        str,
        entry(
            kinds.choice_field_kind(
                {
                    "ticket": Wording("Ticket (usual)", context="hall's word"),
                    "number": Wording("Number", context="hall's word"),
                },
                needed=True,
            ),
            title="What the hall calls a ticket",
        ),
    ] = "ticket"


WORDS = kinds.fields_of_row_class(HallWords)
"""Things that the hall may call by another word, with the choices; the first is the default."""

REASON_TAGS = (
    "waited_long",
    "explained_badly",
    "papers_changed",
    "attitude",
    "not_solved",
    "system_down",
    "surroundings",
    "other",
)
"""Reasons of a low rating for customers to choose, in this order; other software may have more tags."""


class HallSpec(Struct, frozen=True, kw_only=True):
    """The hall itself. `opens` and `closes` are minutes since midnight in `timezone`. `languages` are those that the
    hall uses, the first one first on paper and in its voice; empty: both, as far as its names have them, that of `lang`
    first, which halls of earlier programs have instead. In a hall with one language the texts are in the plain fields,
    `name`; texts left in the English fields go with the next change of a text. `country` sets the published days and
    the working week, NO_COUNTRY none, empty: by the time zone. `report_owner` answers for monthly and longer reports.
    In a `simulated` hall the time is that of its last event. `replayed`: its events were recorded elsewhere. `seen_by`
    are managers of other halls in the same database who may view this one, as "HALL/STAFF", `led_by` admins who may
    push their hall's set-up to it. `web_address` is where phones find the hall's pages. `features` are those in use
    (core/features.py), None if not chosen yet."""

    code: Annotated[str, entry(kinds.code_field_kind(), "Code", fixed=True)]
    name: Annotated[
        str, entry(kinds.name_field_kind(instead="name_en"), "Name", hint="on display, tickets and reports")
    ]
    name_en: Annotated[str, entry(kinds.text_field_kind(), "English name")] = ""
    phone: Annotated[str, entry(kinds.text_field_kind(), "Phone", hint="printed on the ticket")] = ""
    report_owner: Annotated[
        str, entry(kinds.text_field_kind(), "Responsible for reports", hint="printed on the report of a quarter")
    ] = ""
    timezone: Annotated[str, entry(_time_zone_field_kind(), "Time zone")] = "Asia/Shanghai"
    opens: Annotated[int, entry(kinds.time_of_day_field_kind(), "Opening time", hint="such as 8:30")] = 510
    closes: Annotated[
        int, entry(kinds.time_of_day_field_kind(), "Closing time", hint="for services without hours of their own")
    ] = 1050
    country: Annotated[
        str,
        entry(
            _country_field_kind(),
            "Country",
            title="Public holidays and working days",
            hint="without a country, every day on which the hall opens is a working day, unless it is closed here",
        ),
    ] = ""
    words: Annotated[HallWords, entry(_chosen_wording_field_kind(), "Words of the hall")] = HallWords()
    seen_by: Annotated[
        tuple[str, ...],
        entry(
            _other_halls_staff_field_kind(),
            "Viewers from other halls",
            hint="managers who may view this hall as well as their own, by hall and code: A/M1, B/M2",
        ),
    ] = ()
    led_by: Annotated[
        tuple[str, ...],
        entry(
            _other_halls_staff_field_kind(),
            "Set-up from other halls",
            hint="admins who may push their hall's set-up to this one, by hall and code: A/AD",
        ),
    ] = ()
    region: Annotated[
        str,
        entry(kinds.text_field_kind(), "Region", hint="where several halls are compared, they are grouped by region"),
    ] = ""
    district: Annotated[str, entry(kinds.text_field_kind(), "District")] = ""
    case_classes: Annotated[
        tuple[str, ...],
        entry(
            kinds.word_list_field_kind(),
            "Classes of cases",
            hint="separated by commas; repair, complaint, enquiry, consult and praise have words in both languages",
        ),
    ] = CASE_CLASSES
    rating_reasons: Annotated[
        tuple[str, ...],
        entry(
            kinds.several_codes_field_kind(REASON_TAGS),
            "Reasons of a low rating",
            title="What customers can choose after a low rating",
            hint="if none is chosen, they are not asked",
        ),
    ] = REASON_TAGS
    simulated: Annotated[bool, entry(kinds.lenient_flag_field_kind(), fixed=True)] = False
    replayed: Annotated[bool, entry(kinds.lenient_flag_field_kind(), fixed=True)] = False
    languages: Annotated[
        tuple[str, ...],
        entry(
            languages_field_kind(),
            "Languages",
            title="Languages of the hall",
            hint="on screens for customers, on paper and in the voice, in this order",
        ),
    ] = ()
    lang: Annotated[str, entry(kinds.choice_field_kind(("", *LANGUAGES)), fixed=True)] = ""
    web_address: Annotated[
        str,
        entry(
            _web_address_field_kind(),
            "Web address",
            hint="of the hall's pages, such as http://192.168.1.20:8080; it is in the code on tickets",
        ),
    ] = ""
    features: Annotated[tuple[str, ...] | None, entry(_features_field_kind(), "Features used", fixed=True)] = None


USUAL_PCT, USUAL_TIMES = 100, 2
PLACEHOLDERS = ("ticket", "window", "zone", "hall")
"""Placeholders of templates; none is a customer's name, because calls use numbers."""
LONGEST_TEMPLATE = 120
SPEEDS_PCT, VOLUMES_PCT = (50, 150), (0, 100)
MOST_TIMES = 3
MOST_HOURS = 12
_BRACES_PATTERN = re.compile(r"\{([^{}]*)\}|[{}]")
_VOICE_HOURS_PATTERN = re.compile(r"(?P<from>\d{1,2}:\d{2})(?:\s+(?P<speed>\d{1,3})%?)?(?:\s+(?P<volume>\d{1,3})%?)?")


class VoiceSpeedAndVolumeFromTime(Struct, frozen=True, kw_only=True):
    """Percent of normal speed and of full volume from `start` on, in hall minutes since midnight."""

    start: Annotated[int, entry(kinds.kind_whose_refusals_name_the_row(kinds.time_of_day_field_kind()), key="from")]
    speed_pct: Annotated[int, entry(kinds.whole_number_field_kind(*SPEEDS_PCT), "Speed", key="speed")] = USUAL_PCT
    volume_pct: Annotated[int, entry(kinds.whole_number_field_kind(*VOLUMES_PCT), "Volume", key="volume")] = USUAL_PCT


def _call_templates_field_kind() -> kinds.FieldKind:
    def check_value(place: str, value: Any, _row: kinds.CheckContext) -> None:
        for lang, text in kinds.require_mapping(place, value or {}).items():
            kinds.require_field_choice(place, lang, LANGUAGES)
            _check_call_template(f"{place}.{lang}", text)

    def read(value: Mapping[str, str] | None) -> Mapping[str, str]:
        return {lang: text for lang, text in (value or {}).items() if text}

    return kinds.FieldKind(check_value, read, lambda _key, value: value, TEXT, parts=LANGUAGES)


def _check_call_template(name: str, text: object) -> None:
    """A template needs the number, and may name only known placeholders, so no customer's name can get in."""
    if text is None or text == "":
        return
    if not isinstance(text, str):
        raise kinds.bad_value_error(name, text, "not_a_choice")
    if len(text) > LONGEST_TEMPLATE:
        raise kinds.bad_value_error(name, text[:20], "too_long")
    names = [match[1] for match in _BRACES_PATTERN.finditer(text)]
    for name_ in names:
        if name_ not in PLACEHOLDERS:
            raise kinds.bad_value_error(name, name_ or "{", "not_a_choice", limit=[f"{{{p}}}" for p in PLACEHOLDERS])
    if "ticket" not in names:
        raise kinds.bad_value_error(name, text[:20], "no_number")


def _times_spoken_field_kind() -> kinds.FieldKind:
    """How often a call is spoken; empty input gives the default."""
    number_kind = kinds.whole_number_field_kind(1, MOST_TIMES)
    return kinds.FieldKind(
        number_kind.check,
        number_kind.read,
        lambda key, value: number_kind.typed(key, value) if value.strip() else USUAL_TIMES,
    )


def _voice_hours_field_kind() -> kinds.FieldKind:
    rows = kinds.inner_rows_field_kind(VoiceSpeedAndVolumeFromTime, numbered=False, most=MOST_HOURS)

    def check_value(place: str, value: Any, around: kinds.CheckContext) -> None:
        """Refuse two rows with the same start, and times past midnight."""
        rows.check(place, value, around)
        starts = set()
        for row in value or []:
            start = parse_clock_minutes(row["from"])
            if start in starts or start >= MINUTES_A_DAY:
                raise kinds.bad_value_error(place, row["from"], "not_a_time")
            starts.add(start)

    def read(value: Any) -> tuple[VoiceSpeedAndVolumeFromTime, ...]:
        return tuple(sorted(rows.read(value), key=lambda row: row.start))

    def parse_typed_value(key: str, value: str) -> list[Any]:
        """Read "8:00 100 90; 18:00 90 60": start, speed and volume in percent; the last two may be missing."""

        def row_from_groups(groups: dict[str, str]) -> Mapping[str, Any]:
            return {name: text if name == "from" else int(text) for name, text in groups.items()}

        return kinds.parse_typed_spans(
            key, value, _VOICE_HOURS_PATTERN, row_from_groups, field="voice.hours", why="bad_voice_hours"
        )

    return replace(rows, check=check_value, read=read, typed=parse_typed_value)


class VoiceSpec(Struct, frozen=True, kw_only=True):
    """The voice of a hall; empty fields are left to the program. `spoken`: whether calls are spoken here at all, or
    only shown; `languages` in order; `call` and `recall` are templates by language with {ticket}, {window}, {zone},
    {hall}; `yao`: the Chinese 1 is read 幺; `times`: how often a call is spoken; `hours` in the order of the day."""

    spoken: Annotated[bool, entry(kinds.flag_kind(), "Speak calls", title="Speak calls in this hall")] = True
    languages: Annotated[
        tuple[str, ...],
        entry(languages_field_kind(), "Languages", title="Languages", hint="in this order, each call in all of them"),
    ] = ()
    call: Annotated[
        Mapping[str, str], entry(_call_templates_field_kind(), "Words of a call", title="Call in {language}")
    ] = field(default_factory=dict)
    recall: Annotated[
        Mapping[str, str], entry(_call_templates_field_kind(), "Words of a recall", title="Recall in {language}")
    ] = field(default_factory=dict)
    yao: Annotated[bool, entry(kinds.flag_kind(), "One as yao", title="Say the Chinese 1 as yao")] = False
    chime: Annotated[bool, entry(kinds.flag_kind(), "Chime", title="Two tones before each call")] = True
    times: Annotated[int, entry(_times_spoken_field_kind(), "Times", title="How often a call is spoken")] = USUAL_TIMES
    hours: Annotated[
        tuple[VoiceSpeedAndVolumeFromTime, ...],
        entry(_voice_hours_field_kind(), "Times of day", title="Speed and volume by time of day"),
    ] = ()

    def hours_at_minute(self, minute: int) -> VoiceSpeedAndVolumeFromTime:
        if not self.hours:
            return VoiceSpeedAndVolumeFromTime(start=0)
        return next((row for row in reversed(self.hours) if row.start <= minute), self.hours[-1])


PARTS = (
    *("logo", "hall", "time", "class", "ahead", "wait"),
    *("windows", "zone", "steps", "papers", "code", "advice", "token", "phone"),
)
"""Optional parts of a ticket from top to bottom; the number and the service are always printed."""
TEXTS = ("head", "head_en", "foot", "foot_en")
NUMBERS = ("large", "medium", "small")

LONGEST_TEXT = 120
LOGO_WIDTH, LOGO_HEIGHT = 480, 160
"""Maximum dots of a logo, for the wide print head."""
LONGEST_LOGO = 24_000
_PNG_HEADER = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"


def _require_choice(field: str, value: object, choices: tuple[str, ...]) -> None:
    if not isinstance(value, str) or value not in choices:
        raise kinds.bad_value_error(field, value, "not_a_choice", limit=list(choices))


def _check_logo(text: object) -> None:
    """Refuse any logo but a small PNG with one bit per dot, as `logo=FILE` converts pictures."""
    if not isinstance(text, str) or len(text) > LONGEST_LOGO:
        raise kinds.bad_value_error("ticket.logo", "…", "not_a_logo")
    try:
        head = base64.b64decode(text, validate=True)[: len(_PNG_HEADER) + 9]
    except (binascii.Error, ValueError):
        head = b""
    if len(head) < len(_PNG_HEADER) + 9 or not head.startswith(_PNG_HEADER):
        raise kinds.bad_value_error("ticket.logo", "PNG", "not_a_logo")
    width, height, depth = struct.unpack(">IIB", head[len(_PNG_HEADER) :])
    if not (0 < width <= LOGO_WIDTH and 0 < height <= LOGO_HEIGHT and depth == 1):
        raise kinds.bad_value_error("ticket.logo", f"{width}×{height}", "not_a_logo")


def _hidden_ticket_parts_field_kind() -> kinds.FieldKind:
    def check_value(place: str, value: Any, _row: kinds.CheckContext) -> None:
        for part in kinds.require_list(place, value or []):
            _require_choice(place, part, PARTS)

    return kinds.FieldKind(check_value, lambda value: frozenset(value or ()), kinds.parse_typed_codes)


def _number_size_field_kind() -> kinds.FieldKind:
    def check_value(place: str, value: Any, _row: kinds.CheckContext) -> None:
        if value:
            _require_choice(place, value, NUMBERS)

    return kinds.FieldKind(check_value, lambda value: value or NUMBERS[0], lambda _key, value: value)


def _logo_field_kind() -> kinds.FieldKind:
    return replace(kinds.text_field_kind(), check=lambda _place, value, _row: _check_logo(value) if value else None)


class TicketDesign(Struct, frozen=True, kw_only=True):
    """The printed ticket. `hidden` are the parts left out; `head` and `foot` the hall's own words above and below;
    `languages` those on paper in order, by default the hall's first; `logo` is a small base64 PNG with one bit per
    dot."""

    hidden: Annotated[
        frozenset[str],
        entry(
            _hidden_ticket_parts_field_kind(),
            "Parts left out",
            title="On the ticket",
            hint="The number and the service are always printed.",
        ),
    ] = frozenset()
    head: Annotated[
        str, entry(kinds.text_field_kind(LONGEST_TEXT), "Words at the top", hint="under the hall's name", tab=BASICS)
    ] = ""
    head_en: Annotated[
        str, entry(kinds.text_field_kind(LONGEST_TEXT), "English words at the top", tab=BASICS, beside=True)
    ] = ""
    foot: Annotated[
        str, entry(kinds.text_field_kind(LONGEST_TEXT), "Words at the bottom", hint="above the last line", tab=BASICS)
    ] = ""
    foot_en: Annotated[
        str, entry(kinds.text_field_kind(LONGEST_TEXT), "English words at the bottom", tab=BASICS, beside=True)
    ] = ""
    number: Annotated[str, entry(_number_size_field_kind(), "Size of the number")] = NUMBERS[0]
    languages: Annotated[
        tuple[str, ...],
        entry(
            languages_field_kind(),
            "Languages of the paper",
            hint="with two, words are printed in both and figures once",
        ),
    ] = ()
    logo: Annotated[str, entry(_logo_field_kind(), "Logo", hint="Any picture; it is printed in black and white.")] = ""

    def shows_part(self, part: str) -> bool:
        return part not in self.hidden
