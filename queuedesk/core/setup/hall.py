"""How a hall itself is set up: its names, time zone, hours and words, its voice, its printed slips, its calendar.

The calendar has holidays, make-up working days and special hours of single dates; working days are counted by it.
"""

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
from queuedesk.core.setup.time_of_day import MINUTES_A_DAY, clock_text, minutes_of, padded_clock

HOLIDAY, WORKING, SPECIAL = "holiday", "working", "special"
CALENDAR = "calendar"
"""The part of the set-up file: rows by ISO date."""
LAST_WORKING_WEEKDAY = 5
BY_LAW = frozenset(range(1, LAST_WORKING_WEEKDAY + 1))
"""The working week where the law says which days are worked, whenever a hall opens."""
LAW_OF = {
    "cn": ("Asia/Shanghai", "Asia/Urumqi", "Asia/Chongqing", "Asia/Chungking", "Asia/Harbin", "Asia/Kashgar", "PRC")
}
"""Countries whose law does, with days off and days worked instead that are published for each year; their time
zones."""
NO_COUNTRY = "none"
"""Of a hall that goes by no country's days."""
MAKE_UP = 8
"""What stands for a make-up working day beside the weekdays 1 to 7."""
LONGEST_REASON, LONGEST_SOURCE = 60, 80
Row = Mapping[str, Any]


def _yes_no_or_by_itself() -> kinds.Kind:
    return replace(kinds.flag(), read=lambda value: value)


class CalendarDay(Struct, frozen=True, kw_only=True):
    """One date that is not as its weekday. A HOLIDAY is closed, a WORKING day is open as on most days from Monday to
    Friday, a SPECIAL one has hours of its own.

    `start` and `end` are minutes since midnight, None for the usual ones. `text` is what customers read. `working` says
    whether it counts as a working day; None: a HOLIDAY does not, a WORKING one does, a SPECIAL one as its weekday.
    `source` is who has published it: a key of `resources/calendars`, or words of the hall's own.
    """

    kind: Annotated[
        str,
        entry(
            kinds.choice(
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
    start: Annotated[int | None, entry(kinds.optional_time(), "Opens", key="from")] = None
    end: Annotated[int | None, entry(kinds.optional_time(), "Closes", key="to")] = None
    text: Annotated[str, entry(kinds.text(LONGEST_REASON), "Why, as customers read it")] = ""
    text_en: Annotated[str, entry(kinds.text(LONGEST_REASON), "Why, in English")] = ""
    working: Annotated[bool | None, entry(_yes_no_or_by_itself(), "Counts as a working day")] = None
    source: Annotated[str, entry(kinds.text(LONGEST_SOURCE), "Source")] = ""


class Calendar(Struct, frozen=True, kw_only=True):
    """What the hall knows of single dates; every other date is as its weekday. `week` are the weekdays that count as
    working days, 1 to 7; `makes_up`: days off are worked instead on others, as a law says."""

    days: Mapping[date, CalendarDay] = field(default_factory=lambda: MappingProxyType({}))
    week: frozenset[int] = BY_LAW
    makes_up: bool = True

    def on(self, day: date) -> CalendarDay | None:
        """Return what is known of a date, None where it is as its weekday."""
        return self.days.get(day)

    def is_closed(self, day: date) -> bool:
        """Return whether the hall is closed on a date that its week might have opened."""
        calendar_day = self.days.get(day)
        return calendar_day is not None and calendar_day.kind == HOLIDAY

    def sources(self, year: int) -> tuple[str, ...]:
        """Return who has published the days of a year, in order; none where nobody has."""
        return tuple(sorted({one.source for day, one in self.days.items() if day.year == year and one.source}))


NO_DAYS = Calendar()
"""Of a hall that has said nothing: every date is as its weekday."""


def is_working(calendar: Calendar, day: date) -> bool:
    """Return whether `day` counts as a working day: those of the hall's week unless the calendar says otherwise.

    Deadlines rest on it. Whether the hall is open is another question, answered by `hours_on`.
    """
    calendar_day = calendar.days.get(day)
    by_week = day.isoweekday() in calendar.week
    if calendar_day is None:
        return by_week
    if calendar_day.working is not None:
        return calendar_day.working
    return by_week if calendar_day.kind == SPECIAL else calendar_day.kind == WORKING


def weekday_like(calendar: Calendar, day: date) -> int | None:
    """Return of which weekday a date is an example, 1 to 7; MAKE_UP for a make-up working day, which is like most days
    from Monday to Friday; None for a holiday and for special hours, which are like no other day."""
    calendar_day = calendar.days.get(day)
    if calendar_day is None:
        return day.isoweekday()
    return MAKE_UP if calendar_day.kind == WORKING else None


def add_working_days(calendar: Calendar, start: date, n: int) -> date:
    """Return the `n`th working day after `start`, which itself does not count; with a negative `n` before it.

    0 gives `start`, or the next working day where it is none.
    """
    step, left, day = timedelta(days=-1 if n < 0 else 1), abs(n), start
    while left or (not n and not is_working(calendar, day)):
        day += step
        left -= bool(left and is_working(calendar, day))
    return day


def working_days_between(calendar: Calendar, a: date, b: date) -> int:
    """Return how many working days lie after `a` up to and with `b`; negative where `b` is before `a`.

    It undoes `add_working_days`: the third working day after a date is three working days from it.
    """
    if b < a:
        return -working_days_between(calendar, b - timedelta(days=1), a - timedelta(days=1))
    return sum(is_working(calendar, a + timedelta(days=n)) for n in range(1, (b - a).days + 1))


def days_from(first: date, last: date) -> list[date]:
    """Return every date from the first to the last."""
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def working_days_in(calendar: Calendar, year: int) -> int:
    """Return how many working days a year has."""
    return working_days_between(calendar, date(year - 1, 12, 31), date(year, 12, 31))


def check_calendar(document: object) -> None:
    """Refuse a calendar whose dates or rows don't fit. Raises RuleError "bad_value"."""
    for day, row in kinds.mapping(CALENDAR, document).items():
        check_day(day, row)


def check_day(day: str, row: object) -> None:
    """Refuse a row of the calendar that does not fit. Raises RuleError "bad_value"."""
    if not day:
        raise kinds.bad(f"{CALENDAR}.date", day, "empty")
    kinds.field_optional_date(f"{CALENDAR}.date", day)
    known, place = kinds.mapping(CALENDAR, row), f"{CALENDAR}.{day}"
    for key in known:
        if key not in kinds.fields_of(CalendarDay):
            raise kinds.bad(f"{place}.{key}", key, "not_a_choice", limit=list(kinds.fields_of(CalendarDay)))
    check_row(CalendarDay, place, known)
    _check_hours(place, known)


def _check_hours(place: str, row: Row) -> None:
    start, end = row.get("from"), row.get("to")
    if row["kind"] == HOLIDAY and (start or end):
        raise kinds.bad(f"{place}.from" if start else f"{place}.to", start or end, "closed_has_hours")
    for key, value in (("from", start), ("to", end)):
        if not value and (row["kind"] == SPECIAL or start or end):
            raise kinds.bad(f"{place}.{key}", value, "empty")
    if start and end and minutes_of(start) >= minutes_of(end):
        raise kinds.bad(f"{place}.to", end, "before_opening", limit=clock_text(minutes_of(start)))


def tidy(row: Row) -> dict[str, Any]:
    """Return a row as the set-up file keeps it: nothing that is empty, times with two digits, texts without edges. What
    does not fit stays as it is, for the check to name."""
    after = {key: value.strip() if isinstance(value, str) else value for key, value in row.items()}
    for key in ("from", "to"):
        with suppress(ValueError):
            after[key] = padded_clock(minutes_of(str(after.get(key))))
    return {key: value for key, value in after.items() if value not in (None, "")}


def law_of(country: str, timezone: str) -> str:
    """Return the country by whose law a hall works, "" where its working days are its own: the one that it has chosen,
    else that of its time zone."""
    if country:
        return country if country in LAW_OF else ""
    return next((one for one, zones in LAW_OF.items() if timezone in zones), "")


def read_calendar(document: Row, *, open_days: frozenset[int] = BY_LAW, law: str = "cn") -> Calendar:
    """Return the calendar of a part that `check_calendar` accepts, of a hall that opens on those weekdays and works by
    the law of that country, "" for none."""
    days = {date.fromisoformat(day): read_row(CalendarDay, row) for day, row in document.items()}
    return Calendar(
        days=days,
        week=BY_LAW if law else open_days or BY_LAW,
        makes_up=bool(law) or any(calendar_day.kind == WORKING for calendar_day in days.values()),
    )


def with_days(document: Row, rows: Mapping[str, Row | None]) -> dict[str, Row]:
    """Return the part with other rows for some dates, in order; None makes a date as its weekday again."""
    after = {**document, **rows}
    return {day: row for day in sorted(after) if (row := after[day]) is not None}


def rows_of_calendar(document: Mapping[str, Any]) -> Mapping[str, Row]:
    """Return the calendar of a set-up document, by ISO date."""
    rows: Mapping[str, Row] = document.get(CALENDAR, {})
    return rows


def written(row: Row | None, typed: Row) -> dict[str, Any]:
    """Return a date's row with what a person typed: it is no longer as somebody published it, and a day that becomes
    closed has no hours."""
    after = {key: value for key, value in (row or {}).items() if key != "source"} | dict(typed)
    if typed.get("kind") == HOLIDAY:
        after = {key: value for key, value in after.items() if key not in ("from", "to") or key in typed}
    return tidy(after)


_COUNTRY = re.compile(rf"[a-z]{{2}}|{NO_COUNTRY}")
_FEATURE = re.compile(rf"{LEFT_OUT}?[a-z][a-z0-9_]{{0,39}}")
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


@cache
def zone_names() -> Mapping[str, str]:
    """Return the names of the time zones that this PC knows, by themselves. To look for them reads some hundred files,
    and a program keeps those of its start anyway."""
    return MappingProxyType({zone: zone for zone in sorted(available_timezones())})


LANGUAGES = ("zh_CN", "en")
"""What a hall may speak and print; the first is taken where nothing else is known."""
CASE_CLASSES = ("repair", "complaint", "enquiry", "consult", "praise")
"""The classes of a case that have words in every language; a hall may have others."""


def _zone() -> kinds.Kind:
    def check(place: str, value: Any, _row: kinds.Around) -> None:
        try:
            zone_of(str(value))
        except ValueError:
            raise kinds.bad(place, value, "not_a_choice") from None

    return replace(kinds.optional_time(), check=check, read=str, form=kinds.CHOICE)


def languages_kind() -> kinds.Kind:
    """Languages in their order, each once."""

    def check(place: str, value: Any, _row: kinds.Around) -> None:
        found = kinds.listed(place, value or [])
        for lang in found:
            kinds.field_choice(place, lang, LANGUAGES)
        if len(set(found)) < len(found):
            raise kinds.bad(place, ",".join(found), "not_a_choice", limit=list(LANGUAGES))

    return kinds.Kind(check, lambda value: tuple(value or ()), kinds.typed_codes)


def _features() -> kinds.Kind:
    """Names of features, each once, some as left out; one that this program does not have stays chosen. None: nobody
    chose."""

    def check(place: str, value: Any, _row: kinds.Around) -> None:
        if value is None:
            return
        for name in kinds.listed(place, value):
            if not (isinstance(name, str) and _FEATURE.fullmatch(name)):
                raise kinds.bad(place, name, "not_a_choice")

    return kinds.Kind(check, lambda value: None if value is None else tuple(dict.fromkeys(value)), kinds.typed_codes)


def _country() -> kinds.Kind:
    def check(place: str, value: Any, _row: kinds.Around) -> None:
        if value and not (isinstance(value, str) and _COUNTRY.fullmatch(value)):
            raise kinds.bad(place, value, "not_a_choice", limit=[*LAW_OF, NO_COUNTRY])

    return kinds.Kind(check, lambda value: value or "", lambda _key, value: value.strip().lower())


def _hall_words() -> kinds.Kind:
    def check(place: str, value: Any, around: kinds.Around) -> None:
        for key, word in kinds.mapping(place, value or {}).items():
            if key not in WORDS:
                raise kinds.bad(place, key, "not_a_choice")
            WORDS[key].kind.check(f"{place}.{key}", word, around)

    def typed(key: str, value: str) -> dict[str, str]:
        """Read "window:room,ticket:number"; what is not named goes back to its first word."""
        found = {}
        for code in kinds.typed_codes(key, value):
            what, colon, word = code.partition(":")
            if not colon:
                raise kinds.bad(key, code[:40], "not_a_choice", limit=["window:room"])
            found[what.strip()] = word.strip()
        return found

    return kinds.Kind(check, lambda value: Words(**(value or {})), typed)


def _onlookers() -> kinds.Kind:
    def check(place: str, value: Any, _row: kinds.Around) -> None:
        """Refuse who looks on from another hall unless named as "HALL/STAFF"."""
        for one in kinds.listed(place, value or []):
            hall, _slash, staff = str(one).partition("/")
            if not (isinstance(one, str) and kinds.CODE.fullmatch(hall) and kinds.CODE.fullmatch(staff)):
                raise kinds.bad(place, one, "no_onlooker")

    return replace(kinds.words(), check=check)


class Words(Struct, frozen=True, kw_only=True):
    """The hall's words for a window and a ticket."""

    window: Annotated[
        str,
        entry(
            kinds.choice(
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
            kinds.choice(
                {
                    "ticket": Wording("Ticket (usual)", context="hall's word"),
                    "number": Wording("Number", context="hall's word"),
                },
                needed=True,
            ),
            title="What the hall calls a ticket",
        ),
    ] = "ticket"


WORDS = kinds.fields_of(Words)
"""What the hall may call by another word, each with its choices; the first is what it is called unless the hall says
so."""


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
"""The reasons of a low rating that customers may touch, in the order in which they are offered; other software may have
tags of its own."""


class HallSpec(Struct, frozen=True, kw_only=True):
    """The hall itself. `opens` and `closes` are minutes since midnight in `timezone`.

    `languages` are those that the hall uses, the first one first on paper and in its voice; empty: both, as its names
    have them, that of `lang` first, which halls of earlier programs have instead. In a hall with one language its texts
    stand in the plain fields, `name`; what stands in those of English as well goes with the next change of a text.
    `country` is whose published days and working week it has, NO_COUNTRY for those of none, empty: as its time zone
    says. `report_owner` is who answers for its monthly and longer reports. In a `simulated` hall time is that of its
    last event: its stations' clocks stand there. `replayed`: what happened in it was recorded elsewhere. `seen_by` are
    managers of other halls in the same database who may look on, as "HALL/STAFF", `led_by` admins who may push their
    hall's set-up to this one. `features` are those that the hall uses (core/features.py), None where nobody has chosen.
    """

    code: Annotated[str, entry(kinds.code(), "Code", fixed=True)]
    name: Annotated[str, entry(kinds.name(instead="name_en"), "Name", hint="on display, tickets and reports")]
    name_en: Annotated[str, entry(kinds.text(), "English name")] = ""
    phone: Annotated[str, entry(kinds.text(), "Phone", hint="printed on the ticket")] = ""
    report_owner: Annotated[
        str, entry(kinds.text(), "Responsible for reports", hint="printed on the report of a quarter")
    ] = ""
    timezone: Annotated[str, entry(_zone(), "Time zone")] = "Asia/Shanghai"
    opens: Annotated[int, entry(kinds.time(), "Opening time", hint="such as 8:30")] = 510
    closes: Annotated[int, entry(kinds.time(), "Closing time", hint="for services without hours of their own")] = 1050
    country: Annotated[
        str,
        entry(
            _country(),
            "Country",
            title="Public holidays and working days",
            hint="without a country, every day on which the hall opens is a working day, unless it is closed here",
        ),
    ] = ""
    words: Annotated[Words, entry(_hall_words(), "Words of the hall")] = Words()
    seen_by: Annotated[
        tuple[str, ...],
        entry(
            _onlookers(),
            "Viewers from other halls",
            hint="managers who may view this hall as well as their own, by hall and code: A/M1, B/M2",
        ),
    ] = ()
    led_by: Annotated[
        tuple[str, ...],
        entry(
            _onlookers(),
            "Set-up from other halls",
            hint="admins who may push their hall's set-up to this one, by hall and code: A/AD",
        ),
    ] = ()
    region: Annotated[
        str, entry(kinds.text(), "Region", hint="where several halls are compared, they are grouped by region")
    ] = ""
    district: Annotated[str, entry(kinds.text(), "District")] = ""
    case_classes: Annotated[
        tuple[str, ...],
        entry(
            kinds.words(),
            "Classes of cases",
            hint="separated by commas; repair, complaint, enquiry, consult and praise have words in both languages",
        ),
    ] = CASE_CLASSES
    rating_reasons: Annotated[
        tuple[str, ...],
        entry(
            kinds.several(REASON_TAGS),
            "Reasons of a low rating",
            title="What customers can choose after a low rating",
            hint="if none is chosen, they are not asked",
        ),
    ] = REASON_TAGS
    simulated: Annotated[bool, entry(kinds.mark(), fixed=True)] = False
    replayed: Annotated[bool, entry(kinds.mark(), fixed=True)] = False
    languages: Annotated[
        tuple[str, ...],
        entry(
            languages_kind(),
            "Languages",
            title="Languages of the hall",
            hint="on screens for customers, on paper and in the voice, in this order",
        ),
    ] = ()
    lang: Annotated[str, entry(kinds.choice(("", *LANGUAGES)), fixed=True)] = ""
    features: Annotated[tuple[str, ...] | None, entry(_features(), "Features used", fixed=True)] = None


USUAL_PCT, USUAL_TIMES = 100, 2
PLACEHOLDERS = ("ticket", "window", "zone", "hall")
"""What a template may name; never a customer: a call says a number."""
LONGEST_TEMPLATE = 120
SPEEDS_PCT, VOLUMES_PCT = (50, 150), (0, 100)
MOST_TIMES = 3
MOST_HOURS = 12
_BRACES = re.compile(r"\{([^{}]*)\}|[{}]")
_FROM_ON = re.compile(r"(?P<from>\d{1,2}:\d{2})(?:\s+(?P<speed>\d{1,3})%?)?(?:\s+(?P<volume>\d{1,3})%?)?")


class VoiceHours(Struct, frozen=True, kw_only=True):
    """From `start` (hall minutes since midnight) on: percent of normal speed and of full volume."""

    start: Annotated[int, entry(kinds.whole(kinds.time()), key="from")]
    speed_pct: Annotated[int, entry(kinds.number(*SPEEDS_PCT), "Speed", key="speed")] = USUAL_PCT
    volume_pct: Annotated[int, entry(kinds.number(*VOLUMES_PCT), "Volume", key="volume")] = USUAL_PCT


def _templates() -> kinds.Kind:
    def check(place: str, value: Any, _row: kinds.Around) -> None:
        for lang, text in kinds.mapping(place, value or {}).items():
            kinds.field_choice(place, lang, LANGUAGES)
            _check_template(f"{place}.{lang}", text)

    def read(value: Mapping[str, str] | None) -> Mapping[str, str]:
        return {lang: text for lang, text in (value or {}).items() if text}

    return kinds.Kind(check, read, lambda _key, value: value, TEXT, parts=LANGUAGES)


def _check_template(name: str, text: object) -> None:
    """A template says the number, and nothing in braces but what is known: so no customer's name can get in."""
    if text is None or text == "":
        return
    if not isinstance(text, str):
        raise kinds.bad(name, text, "not_a_choice")
    if len(text) > LONGEST_TEMPLATE:
        raise kinds.bad(name, text[:20], "too_long")
    named = [match[1] for match in _BRACES.finditer(text)]
    for one in named:
        if one not in PLACEHOLDERS:
            raise kinds.bad(name, one or "{", "not_a_choice", limit=[f"{{{p}}}" for p in PLACEHOLDERS])
    if "ticket" not in named:
        raise kinds.bad(name, text[:20], "no_number")


def _times() -> kinds.Kind:
    """How often a call is said; nothing typed is as often as usual."""
    of = kinds.number(1, MOST_TIMES)
    return kinds.Kind(of.check, of.read, lambda key, value: of.typed(key, value) if value.strip() else USUAL_TIMES)


def _hours() -> kinds.Kind:
    rows = kinds.rows(VoiceHours, numbered=False, most=MOST_HOURS)

    def check(place: str, value: Any, around: kinds.Around) -> None:
        """Refuse two rows from the same time on, and what is no time of a day."""
        rows.check(place, value, around)
        starts = set()
        for one in value or []:
            start = minutes_of(one["from"])
            if start in starts or start >= MINUTES_A_DAY:
                raise kinds.bad(place, one["from"], "not_a_time")
            starts.add(start)

    def read(value: Any) -> tuple[VoiceHours, ...]:
        return tuple(sorted(rows.read(value), key=lambda one: one.start))

    def typed(key: str, value: str) -> list[Any]:
        """Read "8:00 100 90; 18:00 90 60": from when, the speed and the volume in percent; the last two may be left
        out."""

        def span(found: dict[str, str]) -> Mapping[str, Any]:
            return {name: said if name == "from" else int(said) for name, said in found.items()}

        return kinds.typed_spans(key, value, _FROM_ON, span, field="voice.hours", why="bad_voice_hours")

    return replace(rows, check=check, read=read, typed=typed)


class VoiceSpec(Struct, frozen=True, kw_only=True):
    """The voice of a hall; what is empty is left to the program.

    `spoken`: whether calls are spoken here at all, or only shown; `languages` in order; `call` and `recall` are
    templates by language with {ticket}, {window}, {zone}, {hall}; `yao`: the Chinese 1 is said 幺; `times` a call is
    said; `hours` in the order of the day.
    """

    spoken: Annotated[bool, entry(kinds.flag(), "Speak calls", title="Speak calls in this hall")] = True
    languages: Annotated[
        tuple[str, ...],
        entry(languages_kind(), "Languages", title="Languages", hint="in this order, each call in all of them"),
    ] = ()
    call: Annotated[Mapping[str, str], entry(_templates(), "Words of a call", title="Call in {language}")] = field(
        default_factory=dict
    )
    recall: Annotated[Mapping[str, str], entry(_templates(), "Words of a recall", title="Recall in {language}")] = (
        field(default_factory=dict)
    )
    yao: Annotated[bool, entry(kinds.flag(), "One as yao", title="Say the Chinese 1 as yao")] = False
    chime: Annotated[bool, entry(kinds.flag(), "Chime", title="Two tones before each call")] = True
    times: Annotated[int, entry(_times(), "Times", title="How often a call is spoken")] = USUAL_TIMES
    hours: Annotated[
        tuple[VoiceHours, ...], entry(_hours(), "Times of day", title="Speed and volume by time of day")
    ] = ()

    def at(self, minute: int) -> VoiceHours:
        """Return speed and volume at a minute of the hall's day; before the day's first row the last one still
        applies."""
        if not self.hours:
            return VoiceHours(start=0)
        return next((row for row in reversed(self.hours) if row.start <= minute), self.hours[-1])


PARTS = (
    "logo",
    "hall",
    "time",
    "class",
    "ahead",
    "wait",
    "windows",
    "zone",
    "steps",
    "papers",
    "code",
    "advice",
    "token",
    "phone",
)
"""Parts of a ticket that a hall may leave out, from top to bottom; the number and the service always stand there."""
TEXTS = ("head", "head_en", "foot", "foot_en")
NUMBERS = ("large", "medium", "small")


LONGEST_TEXT = 120
LOGO_WIDTH, LOGO_HEIGHT = 480, 160
"""The most dots of a logo, on the wide head."""
LONGEST_LOGO = 24_000
_PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"


def _one_of(field: str, value: object, choices: tuple[str, ...]) -> None:
    if not isinstance(value, str) or value not in choices:
        raise kinds.bad(field, value, "not_a_choice", limit=list(choices))


def _check_logo(text: object) -> None:
    """Refuse what is no small PNG of one bit a dot, as `logo=FILE` makes it of any picture."""
    if not isinstance(text, str) or len(text) > LONGEST_LOGO:
        raise kinds.bad("ticket.logo", "…", "not_a_logo")
    try:
        head = base64.b64decode(text, validate=True)[: len(_PNG) + 9]
    except (binascii.Error, ValueError):
        head = b""
    if len(head) < len(_PNG) + 9 or not head.startswith(_PNG):
        raise kinds.bad("ticket.logo", "PNG", "not_a_logo")
    width, height, depth = struct.unpack(">IIB", head[len(_PNG) :])
    if not (0 < width <= LOGO_WIDTH and 0 < height <= LOGO_HEIGHT and depth == 1):
        raise kinds.bad("ticket.logo", f"{width}×{height}", "not_a_logo")


def _hidden() -> kinds.Kind:
    """Any of PARTS."""

    def check(place: str, value: Any, _row: kinds.Around) -> None:
        for one in kinds.listed(place, value or []):
            _one_of(place, one, PARTS)

    return kinds.Kind(check, lambda value: frozenset(value or ()), kinds.typed_codes)


def _number() -> kinds.Kind:
    def check(place: str, value: Any, _row: kinds.Around) -> None:
        if value:
            _one_of(place, value, NUMBERS)

    return kinds.Kind(check, lambda value: value or NUMBERS[0], lambda _key, value: value)


def _logo() -> kinds.Kind:
    return replace(kinds.text(), check=lambda _place, value, _row: _check_logo(value) if value else None)


class TicketDesign(Struct, frozen=True, kw_only=True):
    """`hidden` are the parts left out; `head` and `foot` the hall's own words above and below; `languages` those on
    paper in order, by default the hall's first; `logo` the hall's logo as the text of a small PNG with one bit per
    dot."""

    hidden: Annotated[
        frozenset[str],
        entry(
            _hidden(),
            "Parts left out",
            title="On the ticket",
            hint="The number and the service are always printed.",
        ),
    ] = frozenset()
    head: Annotated[
        str, entry(kinds.text(LONGEST_TEXT), "Words at the top", hint="under the hall's name", tab=BASICS)
    ] = ""
    head_en: Annotated[str, entry(kinds.text(LONGEST_TEXT), "English words at the top", tab=BASICS, beside=True)] = ""
    foot: Annotated[
        str, entry(kinds.text(LONGEST_TEXT), "Words at the bottom", hint="above the last line", tab=BASICS)
    ] = ""
    foot_en: Annotated[str, entry(kinds.text(LONGEST_TEXT), "English words at the bottom", tab=BASICS, beside=True)] = (
        ""
    )
    number: Annotated[str, entry(_number(), "Size of the number")] = NUMBERS[0]
    languages: Annotated[
        tuple[str, ...],
        entry(
            languages_kind(),
            "Languages of the paper",
            hint="with two, words are printed in both and figures once",
        ),
    ] = ()
    logo: Annotated[str, entry(_logo(), "Logo", hint="Any picture; it is printed in black and white.")] = ""

    def shows(self, part: str) -> bool:
        return part not in self.hidden
