"""How a hall itself is set up: its names, time zone, hours, and what it calls windows and tickets."""

import re
from collections.abc import Mapping
from datetime import UTC, timedelta, timezone, tzinfo
from functools import cache
from types import MappingProxyType
from typing import Annotated, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from msgspec import Struct
from msgspec.structs import replace

from queuedesk.core.setup import field_checks as checks
from queuedesk.core.setup import field_kinds as kinds
from queuedesk.core.setup.calendar import LAW_OF, NO_COUNTRY
from queuedesk.core.setup.field_kinds import entry
from queuedesk.core.wording import Wording

_COUNTRY = re.compile(rf"[a-z]{{2}}|{NO_COUNTRY}")
_FEATURE = re.compile(r"[a-z][a-z0-9_]{0,39}")
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
            raise checks.bad(place, value, "not_a_choice") from None

    return replace(kinds.optional_time(), check=check, read=str, form=kinds.CHOICE)


def languages_kind() -> kinds.Kind:
    """Languages in their order, each once."""

    def check(place: str, value: Any, _row: kinds.Around) -> None:
        found = checks.listed(place, value or [])
        for lang in found:
            checks.choice(place, lang, LANGUAGES)
        if len(set(found)) < len(found):
            raise checks.bad(place, ",".join(found), "not_a_choice", limit=list(LANGUAGES))

    return kinds.Kind(check, lambda value: tuple(value or ()), kinds.typed_codes)


def _features() -> kinds.Kind:
    """Names of features, each once; one that this program does not have stays chosen. None: nobody chose."""

    def check(place: str, value: Any, _row: kinds.Around) -> None:
        if value is None:
            return
        for name in checks.listed(place, value):
            if not (isinstance(name, str) and _FEATURE.fullmatch(name)):
                raise checks.bad(place, name, "not_a_choice")

    return kinds.Kind(check, lambda value: None if value is None else tuple(dict.fromkeys(value)), kinds.typed_codes)


def _country() -> kinds.Kind:
    def check(place: str, value: Any, _row: kinds.Around) -> None:
        if value and not (isinstance(value, str) and _COUNTRY.fullmatch(value)):
            raise checks.bad(place, value, "not_a_choice", limit=[*LAW_OF, NO_COUNTRY])

    return kinds.Kind(check, lambda value: value or "", lambda _key, value: value.strip().lower())


def _hall_words() -> kinds.Kind:
    def check(place: str, value: Any, around: kinds.Around) -> None:
        for key, word in checks.mapping(place, value or {}).items():
            if key not in WORDS:
                raise checks.bad(place, key, "not_a_choice")
            WORDS[key].kind.check(f"{place}.{key}", word, around)

    def typed(key: str, value: str) -> dict[str, str]:
        """Read "window:room,ticket:number"; what is not named goes back to its first word."""
        found = {}
        for one in kinds.typed_codes(key, value):
            what, colon, word = one.partition(":")
            if not colon:
                raise checks.bad(key, one[:40], "not_a_choice", limit=["window:room"])
            found[what.strip()] = word.strip()
        return found

    return kinds.Kind(check, lambda value: Words(**(value or {})), typed)


def _onlookers() -> kinds.Kind:
    def check(place: str, value: Any, _row: kinds.Around) -> None:
        """Refuse who looks on from another hall unless named as "HALL/STAFF"."""
        for one in checks.listed(place, value or []):
            hall, _slash, staff = str(one).partition("/")
            if not (isinstance(one, str) and checks.CODE.fullmatch(hall) and checks.CODE.fullmatch(staff)):
                raise checks.bad(place, one, "no_onlooker")

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
