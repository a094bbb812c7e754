"""How a hall's voice speaks: its languages, the words of a call, how fast and how loud at what time of day."""

import re
from collections.abc import Mapping
from typing import Annotated, Any

from msgspec import Struct, field
from msgspec.structs import replace

from queuedesk.core.setup import field_checks as checks
from queuedesk.core.setup import field_kinds as kinds
from queuedesk.core.setup.field_kinds import TEXT, entry
from queuedesk.core.setup.hall import LANGUAGES, languages_kind
from queuedesk.core.setup.time_of_day import MINUTES_A_DAY, minutes_of

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
        for lang, text in checks.mapping(place, value or {}).items():
            checks.choice(place, lang, LANGUAGES)
            _check_template(f"{place}.{lang}", text)

    def read(value: Mapping[str, str] | None) -> Mapping[str, str]:
        return {lang: text for lang, text in (value or {}).items() if text}

    return kinds.Kind(check, read, lambda _key, value: value, TEXT, parts=LANGUAGES)


def _check_template(name: str, text: object) -> None:
    """A template says the number, and nothing in braces but what is known: so no customer's name can get in."""
    if text is None or text == "":
        return
    if not isinstance(text, str):
        raise checks.bad(name, text, "not_a_choice")
    if len(text) > LONGEST_TEMPLATE:
        raise checks.bad(name, text[:20], "too_long")
    named = [found[1] for found in _BRACES.finditer(text)]
    for one in named:
        if one not in PLACEHOLDERS:
            raise checks.bad(name, one or "{", "not_a_choice", limit=[f"{{{p}}}" for p in PLACEHOLDERS])
    if "ticket" not in named:
        raise checks.bad(name, text[:20], "no_number")


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
                raise checks.bad(place, one["from"], "not_a_time")
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
