"""Declarations of set-up fields: the values they take, how these are typed, checked and read, and their words.

A field is declared where its value lives: as `Annotated[..., entry(...)]` of a row's class. The set-up file, key=value
of a command line, forms and refusals follow from it.

A check raises RuleError "bad_value" with the field, its value and what is wrong."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any, TypeVar, cast

from msgspec import NODEFAULT, Struct, field
from msgspec.structs import fields, replace

from queuedesk.core import errors
from queuedesk.core.features import NO_WORDS, Wording
from queuedesk.core.imports import half_width_text
from queuedesk.core.log.event import require_storable
from queuedesk.core.setup.time_of_day import MINUTES_A_DAY, padded_clock_text, parse_clock_minutes, weekdays_from_text

CODE = re.compile(r"[^\s/\\@:,]{1,20}")
DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
FIGURE = re.compile(r"-?[0-9]{1,9}(\.[0-9]{1,6})?")
LONGEST_NAME = 60
_TYPES_WITHOUT_FRACTIONS = {str, int, bool, type(None)}


def bad_value_error(field: str, value: object, why: str, **details: object) -> errors.RuleError:
    return errors.RuleError("bad_value", field=field, value=value, why=why, **details)


def require_mapping(field: str, value: object) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise bad_value_error(field, value, "not_a_choice")
    return value


def require_list(field: str, value: object) -> list[Any]:
    if not isinstance(value, list):
        raise bad_value_error(field, value, "not_a_choice")
    return value


def require_field_code(field: str, value: object) -> None:
    if not isinstance(value, str) or not CODE.fullmatch(value):
        raise bad_value_error(
            field, value, "empty" if not value else "too_long" if len(str(value)) > 20 else "not_a_choice"
        )


def require_valid_name_in_field(field: str, value: object, longest: int = LONGEST_NAME) -> None:
    if not isinstance(value, str) or not value.strip():
        raise bad_value_error(field, value, "empty")
    if len(value) > longest:
        raise bad_value_error(field, value[:20], "too_long")


def raise_if_not_optional_text(field: str, value: object, longest: int = LONGEST_NAME) -> None:
    if value is not None and not isinstance(value, str):
        raise bad_value_error(field, value, "not_a_choice")
    if value and len(value) > longest:
        raise bad_value_error(field, value[:20], "too_long")


def require_field_number(field: str, value: object, lowest: int, highest: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise bad_value_error(field, value, "not_a_number")
    if not lowest <= value <= highest:
        raise bad_value_error(
            field, value, "out_of_range", limit=f"{lowest}–{highest}" if highest > lowest else str(lowest)
        )
    return value


def parse_field_clock_minutes(field: str, value: object) -> int:
    try:
        return parse_clock_minutes(str(value))
    except ValueError:
        raise bad_value_error(field, value, "not_a_time") from None


def check_optional_date(field: str, value: object) -> None:
    if value is None or value == "":
        return
    if not isinstance(value, str):
        raise bad_value_error(field, value, "not_a_choice")
    try:
        date.fromisoformat(value)
    except ValueError:
        raise bad_value_error(field, value, "not_a_date") from None
    if not DATE.fullmatch(value):  # a week date, or one without its hyphens
        raise bad_value_error(field, value, "not_a_date")


def require_decimal_figure(field: str, value: object) -> None:
    """Refuse anything but a whole number or the text of a decimal number."""
    if isinstance(value, bool) or not (isinstance(value, int) or (isinstance(value, str) and FIGURE.fullmatch(value))):
        raise bad_value_error(field, value, "not_a_number")


def require_optional_flag(field: str, value: object) -> None:
    if value is not None and not isinstance(value, bool):
        raise bad_value_error(field, value, "not_a_choice")


def require_field_choice(field: str, value: object, choices: Sequence[str]) -> str:
    if not isinstance(value, str) or value not in choices:
        raise bad_value_error(field, value, "not_a_choice")
    return value


def require_known_codes(field: str, value: object, known: Collection[str]) -> None:
    for code in require_list(field, value):
        if not isinstance(code, str) or code not in known:
            raise bad_value_error(field, code, "unknown_code")


def require_loggable(field: str, value: object) -> None:
    """Refuse what the log can't store: decimal fractions, and texts that some databases refuse."""
    require_storable(field, value)
    if _may_value_contain_fraction(value):
        _refuse_fractions((field,), value)


def _may_value_contain_fraction(value: object) -> bool:
    """Quick check before the search for the place, because forms check at every key press."""
    parts: list[Any] = [value]
    for part in parts:
        kind = type(part)
        if kind is dict:
            parts.extend(part.values())
        elif kind is list:
            parts.extend(part)
        elif kind not in _TYPES_WITHOUT_FRACTIONS:
            return True
    return False


def _refuse_fractions(place: tuple[str, ...], value: object) -> None:
    if isinstance(value, float):
        raise bad_value_error(".".join(place), value, "not_a_number")
    if isinstance(value, Mapping):
        for key, part in value.items():
            _refuse_fractions((*place, str(key)), part)
    elif isinstance(value, list):
        for part in value:
            _refuse_fractions(place, part)


_WORDS_FOR_ON, _WORDS_FOR_OFF = ("on", "true", "yes", "1"), ("off", "false", "no", "0", "")
_HOURS_PATTERN = re.compile(r"(?:(?P<days>[1-7,\-]+)\s+)?(?P<from>\d{1,2}:\d{2})\s*[-–]\s*(?P<to>\d{1,2}:\d{2})")
T = TypeVar("T")


class CheckContext(Struct, frozen=True):
    """The context of a checked value: its row, and the codes of the hall's services, windows and staff."""

    row: Mapping[str, Any]
    codes: Mapping[str, Collection[str]] = field(default_factory=dict)


class FieldKind(Struct, frozen=True):
    """The values that a field takes. `check` refuses a value of the set-up file, naming the field in full; `read`
    converts a checked value to the set-up's, `typed` a word of a command line to the file's. `form` says how a form
    shows and reads it. A kind with `parts` is typed by part, "call.en". A new row starts with `blank` if the field is
    needed; `right` is a value that is always accepted, used to find what else is wrong with a row. For rows inside the
    row, `row` is their class. `choices` are the words for the values to choose from; without them the form provides the
    words. A text may stay empty where the row has its other language, the field `instead`, which then replaces it."""

    check: Callable[[str, Any, CheckContext], object]
    read: Callable[[Any], Any]
    typed: Callable[[str, str], Any]
    form: str = ""
    parts: tuple[str, ...] = ()
    blank: Any = None
    right: Any = None
    row: type | None = None
    choices: Mapping[str, Wording] = field(default_factory=dict)
    instead: str = ""


class SetupRowField(Struct, frozen=True, kw_only=True):
    """A field of a row. `name` is that of the value, `key` that of the set-up file and the command line. `label`
    is its name in refusals, `title` its name in a form. In a form it is on the tab `tab` in the order of the class, a
    higher `rank` further down, `beside` the field before it or below, `lines` high and `share` of its line wide;
    without a tab the form places it. `unit` follows its number. A `fixed` field can't be typed as key=value, a `needed`
    one must be in each row; any other is `usual` where a row lacks it."""

    kind: FieldKind
    label: str
    hint: str
    title: Wording
    tab: str
    beside: bool
    rank: int
    lines: int
    share: int
    fixed: bool
    key: str
    needed: bool
    unit: Wording
    name: str = ""
    usual: Any = None


def entry(
    kind: FieldKind,
    label: str = "",
    *,
    hint: str = "",
    title: str | Wording = "",
    tab: str = "",
    beside: bool = False,
    rank: int = 0,
    lines: int = 1,
    share: int = 1,
    fixed: bool = False,
    key: str = "",
    needed: bool = False,
    unit: Wording = NO_WORDS,
) -> SetupRowField:
    """Return the annotation that makes a field of a class a field of the set-up; see SetupRowField. `label` is a text
    of the catalogue with the context "field"; the other texts have no context, except a `title` that is a Wording. A
    field without a default is always `needed`."""
    words = title if isinstance(title, Wording) else Wording(title) if title else Wording(label, context="field")
    return SetupRowField(
        kind=kind,
        label=label,
        hint=hint,
        title=words,
        tab=tab,
        beside=beside,
        rank=rank,
        lines=lines,
        share=share,
        fixed=fixed,
        key=key,
        needed=needed,
        unit=unit,
    )


def text_key_in_language(key: str, lang: str) -> str:
    return f"{key}_en" if lang == "en" else key


def fields_of_row_class(row: type) -> Mapping[str, SetupRowField]:
    return _declared_fields_by_key(cast(Hashable, row))


@cache
def _declared_fields_by_key(row: Hashable) -> Mapping[str, SetupRowField]:
    all_specs = ((spec, getattr(spec.type, "__metadata__", ())) for spec in fields(cast(type[Struct], row)))
    declared = [(spec, own) for spec, metadata in all_specs for own in metadata if isinstance(own, SetupRowField)]
    complete = (
        replace(
            own,
            key=own.key or spec.name,
            name=spec.name,
            needed=own.needed or spec.required,
            usual=None if spec.default is NODEFAULT else spec.default,
        )
        for spec, own in declared
    )
    return {spec.key: spec for spec in complete}


def check_row(
    kind: type, place: str, row: Mapping[str, Any], codes: Mapping[str, Collection[str]] | None = None
) -> None:
    """Refuse a row of the set-up file with wrong values. Raises RuleError "bad_value" with the field's name after
    `place`. `codes` are those that the row may use, by part."""
    around = CheckContext(row, codes or {})
    for key, spec in fields_of_row_class(kind).items():
        if spec.needed or key in row:
            spec.kind.check(f"{place}.{key}", row.get(key), around)


def check_single_row_part_fields(kind: type, part: str, row: Mapping[str, Any]) -> None:
    """Refuse a single-row part with an unknown field or wrong values. Raises RuleError "bad_value"."""
    known = list(fields_of_row_class(kind))
    for key in row:
        if key not in known:
            raise bad_value_error(f"{part}.{key}", key, "not_a_choice", limit=known)
    check_row(kind, part, row)


def new_row_with_blank_fields(kind: type) -> dict[str, Any]:
    """Return a form's new row: the needed fields, still blank."""
    return {key: spec.kind.blank for key, spec in fields_of_row_class(kind).items() if spec.needed}


def empty_needed_fields(kind: type, row: Mapping[str, Any]) -> frozenset[str]:
    """Return the needed fields of a row that are empty: "name", or "steps.1.text" in rows inside it."""
    empty: set[str] = set()
    for key, spec in fields_of_row_class(kind).items():
        value = row.get(key)
        if spec.kind.row is not None:
            inside = enumerate(value or (), start=1)
            empty |= {f"{key}.{n}.{name}" for n, part in inside for name in empty_needed_fields(spec.kind.row, part)}
        elif spec.needed and value in ("", None) and not row.get(spec.kind.instead):
            empty.add(key)
    return frozenset(empty)


def read_row(kind: type[T], row: Mapping[str, Any]) -> T:
    """Convert a row that `check_row` accepts; missing fields get the class's defaults."""
    fields = fields_of_row_class(kind)
    values: dict[str, Any] = {spec.name: spec.kind.read(row[key]) for key, spec in fields.items() if key in row}
    for spec in fields.values():
        if spec.kind.instead and not values.get(spec.name):
            values[spec.name] = values[fields[spec.kind.instead].name]
    return kind(**values)


def command_line_kinds_by_key(kind: type) -> Mapping[str, FieldKind]:
    """Return the kinds of the keys that a command line may set."""
    kinds: dict[str, FieldKind] = {}
    for key, spec in fields_of_row_class(kind).items():
        if not spec.fixed:
            kinds |= {f"{key}.{part}": spec.kind for part in spec.kind.parts} or {key: spec.kind}
    return kinds


def row_from_typed_pairs(part: str, kind: type, pairs: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """Return a part's row from key=value `pairs`. Raises RuleError "bad_value" for an unknown key or a wrong kind."""
    known, row = command_line_kinds_by_key(kind), {}
    for key, value in pairs:
        if key not in known:
            raise bad_value_error(part, key, "not_a_choice", limit=list(known))
        row[key] = known[key].typed(key, value)
    return row


# -- kinds of texts ------------------------------------------------------------------------------------------------

Row = Mapping[str, Any]
BASICS = "basics"
"""The first tab of forms; rows.py has the others of a service."""
TEXT, LETTERS, FLAG = "text", "letters", "flag"
COUNT, MINUTES, TIME, DAYS, HOURS, WORDS, CHOICE = "count", "minutes", "time", "days", "hours", "words", "choice"
"""How a form shows and reads a field."""


def name_field_kind(longest: int = LONGEST_NAME, *, instead: str = "") -> FieldKind:
    def check_value(field: str, value: Any, around: CheckContext) -> None:
        other = around.row.get(instead)
        if isinstance(other, str) and other.strip() and not (isinstance(value, str) and value.strip()):
            raise_if_not_optional_text(field, value, longest)
        else:
            require_valid_name_in_field(field, value, longest)

    return FieldKind(check_value, _text_or_empty, _unchanged_typed_text, TEXT, blank="", right="-", instead=instead)


def sentence_field_kind(longest: int) -> FieldKind:
    def check_value(field: str, value: Any, _around: CheckContext) -> None:
        raise_if_not_optional_text(field, value, longest)
        if not (value or "").strip():
            raise bad_value_error(field, value, "empty")

    return FieldKind(check_value, _identity, _unchanged_typed_text, TEXT, blank="", right="-")


def text_field_kind(longest: int = LONGEST_NAME, *, of_lines: bool = False) -> FieldKind:
    """A text that may be empty; `of_lines`: on a command line a written \n may separate its lines."""

    def check_value(field: str, value: Any, _around: CheckContext) -> None:
        raise_if_not_optional_text(field, value, longest)

    return FieldKind(
        check_value, _text_or_empty, _unescape_lines if of_lines else _unchanged_typed_text, TEXT, blank="", right=""
    )


def code_field_kind() -> FieldKind:
    """A row's code; it never changes."""
    return FieldKind(
        lambda field, value, _: require_field_code(field, value),
        _identity,
        _unchanged_typed_text,
        TEXT,
        blank="",
        right="-",
    )


def choice_field_kind(
    choices: Sequence[str] | Mapping[str, Wording], *, make: Callable[[str], Any] = str, needed: bool = False
) -> FieldKind:
    """One of `choices`, which may have their words; unless it is `needed` it may be empty."""
    codes = list(choices)

    def check_value(field: str, value: Any, _around: CheckContext) -> None:
        require_field_choice(field, value if needed else value or "", codes)

    return FieldKind(
        check_value,
        lambda value: make(value or ""),
        _unchanged_typed_text,
        CHOICE,
        right=codes[0] if needed else "",
        choices=choices if isinstance(choices, Mapping) else {},
    )


def capital_letters_field_kind(pattern: re.Pattern[str]) -> FieldKind:
    def check_value(field: str, value: Any, _around: CheckContext) -> None:
        if not isinstance(value, str) or not pattern.fullmatch(value):
            raise bad_value_error(field, value, "bad_letter")

    return FieldKind(
        check_value, _identity, lambda _key, value: half_width_text(value).strip().upper(), LETTERS, blank="", right="A"
    )


# -- kinds of numbers and times --------------------------------------------------------------------------------------


def whole_number_field_kind(
    lowest: int | Callable[[Row], int], highest: int | Callable[[Row], int], *, form: str = COUNT
) -> FieldKind:
    def check_value(field: str, value: Any, around: CheckContext) -> None:
        least, most = (bound(around.row) if callable(bound) else bound for bound in (lowest, highest))
        require_field_number(field, value, least, most)

    return FieldKind(check_value, _identity, parse_typed_number, form, right=highest if callable(lowest) else lowest)


def optional_number_field_kind(lowest: int, highest: int, *, form: str = COUNT) -> FieldKind:
    def check_value(field: str, value: Any, _around: CheckContext) -> None:
        if value is not None:
            require_field_number(field, value, lowest, highest)

    return FieldKind(check_value, _identity, parse_typed_number, form)


def count_field_kind(lowest: int = 0, highest: int = 9999) -> FieldKind:
    """A whole number that may also be given as text: a rule's, from a command line or an older file."""

    def read(value: Any) -> Any:
        is_number = isinstance(value, str) and re.fullmatch(r"-?\d{1,12}", value.strip())
        return int(value) if is_number else value

    def check_value(field: str, value: Any, _around: CheckContext) -> None:
        require_field_number(field, read(value), lowest, highest)

    return FieldKind(check_value, read, parse_typed_number, COUNT, right=lowest)


def decimal_number_field_kind() -> FieldKind:
    """A decimal number, as text unless it is whole: the log stores no fractions."""
    return FieldKind(
        lambda field, value, _: require_decimal_figure(field, value), _identity, _figure_from_text, right=1
    )


def time_of_day_field_kind() -> FieldKind:
    """A time of day; its value is minutes since midnight."""
    return FieldKind(
        lambda field, value, _: parse_field_clock_minutes(field, value),
        parse_clock_minutes,
        _stripped_text_or_none,
        TIME,
    )


def optional_time_field_kind() -> FieldKind:
    def check_value(field: str, value: Any, _around: CheckContext) -> None:
        if value:
            parse_field_clock_minutes(field, value)

    return FieldKind(
        check_value, lambda value: parse_clock_minutes(value) if value else None, _stripped_text_or_none, TIME
    )


def times_of_day_field_kind() -> FieldKind:
    """Times of day as minutes since midnight."""

    def check_value(field: str, value: Any, _around: CheckContext) -> None:
        for item in require_list(field, value or []):
            parse_field_clock_minutes(field, item)

    def read(value: Sequence[str] | None) -> tuple[int, ...]:
        return tuple(sorted({parse_clock_minutes(item) for item in value or ()}))

    return FieldKind(check_value, read, parse_typed_codes, WORDS, right=[])


def clock_text_field_kind() -> FieldKind:
    """A time of day before midnight, stored as text with a two-digit hour."""

    def check_value(field: str, value: Any, _around: CheckContext) -> None:
        if parse_field_clock_minutes(field, value) >= MINUTES_A_DAY:
            raise bad_value_error(field, value, "not_a_time")

    return FieldKind(
        check_value,
        lambda value: padded_clock_text(parse_clock_minutes(str(value))),
        _unchanged_typed_text,
        TIME,
        right="00:00",
    )


def optional_date_field_kind() -> FieldKind:
    return FieldKind(
        lambda field, value, _: check_optional_date(field, value), _text_or_empty, _stripped_text_or_none, TEXT
    )


def dates_field_kind() -> FieldKind:
    """ISO dates; typed in any order, each is kept once."""

    def check_value(field: str, value: Any, _around: CheckContext) -> None:
        for day in require_list(field, value):
            if not day:
                raise bad_value_error(field, None, "empty")
            check_optional_date(field, day)

    return FieldKind(
        check_value,
        lambda value: tuple(date.fromisoformat(day) for day in value),
        parse_typed_dates_to_iso,
        DAYS,
        right=[],
    )


def opening_hours_field_kind(make: Callable[[Row], Any]) -> FieldKind:
    """Hours on weekdays, each converted by `make`; empty for the hall's own."""

    def check_value(field: str, value: Any, _around: CheckContext) -> None:
        for row in require_list(field, value or []):
            span = require_mapping(field, row)
            start, end = (
                parse_field_clock_minutes(field, span.get("from")),
                parse_field_clock_minutes(field, span.get("to")),
            )
            if start >= end or not weekdays_from_text(str(span.get("days", "1-7"))):
                raise bad_value_error(field, span, "bad_hours")

    return FieldKind(
        check_value, lambda value: tuple(make(row) for row in value) if value else None, _hours_from_text, HOURS
    )


# -- kinds of switches, codes and rows -------------------------------------------------------------------------------


def flag_kind() -> FieldKind:
    return FieldKind(lambda field, value, _: require_optional_flag(field, value), bool, parse_on_off, FLAG)


def lenient_flag_field_kind() -> FieldKind:
    """A switch that files may write in any form: any non-empty value is on."""
    return FieldKind(lambda _field, _value, _: None, bool, parse_on_off, FLAG)


def service_codes_field_kind(*, needed: bool = False) -> FieldKind:
    def check_value(field: str, value: Any, around: CheckContext) -> None:
        require_known_codes(field, value if needed else value or [], around.codes["services"])

    return FieldKind(check_value, _tuple_or_empty, parse_typed_codes, blank=[], right=[])


def several_codes_field_kind(codes: Sequence[str]) -> FieldKind:
    def check_value(field: str, value: Any, _around: CheckContext) -> None:
        for code in require_list(field, value or []):
            require_field_choice(field, code, codes)

    return FieldKind(check_value, _tuple_or_empty, parse_typed_codes, blank=[], right=[])


def code_of_part_row_field_kind(part: str) -> FieldKind:
    return FieldKind(
        lambda field, value, around: require_known_codes(field, [value], around.codes[part]),
        _text_or_empty,
        _unchanged_typed_text,
        blank="",
    )


def word_list_field_kind() -> FieldKind:
    return FieldKind(
        lambda field, value, _: require_list(field, value or []), _tuple_or_empty, parse_typed_codes, WORDS
    )


def kind_whose_refusals_name_the_row(kind: FieldKind) -> FieldKind:
    """A kind whose refusals name the row, not the field."""
    return replace(kind, check=lambda field, value, around: kind.check(field.rpartition(".")[0], value, around))


def inner_rows_field_kind(
    kind: type,
    *,
    coded: bool = False,
    numbered: bool = True,
    needed: bool = False,
    most: int | None = None,
    usual: tuple[Any, ...] = (),
) -> FieldKind:
    """Rows inside a row. `coded` ones have unique codes, `numbered` ones are named by position. `needed` means at least
    one; an empty list is read as the `usual` rows."""

    def check_value(field: str, value: Any, around: CheckContext) -> None:
        items = require_list(field, value or [])
        if needed and not items:
            raise bad_value_error(field, None, "empty")
        if most is not None and len(items) > most:
            raise bad_value_error(field, len(items), "too_long")
        for at, item in enumerate(items):
            place = f"{field}.{at + 1}" if numbered else field
            row = require_mapping(place, item)
            if coded:
                require_field_code(f"{place}.code", row.get("code"))
                if any(other["code"] == row["code"] for other in value[:at]):
                    raise errors.RuleError("already_there", kind=field.rpartition(".")[2], code=row["code"])
                place = f"{field}.{row['code']}"
            check_row(kind, place, row, around.codes)

    begun = [new_row_with_blank_fields(kind)] if needed else []
    right = [{key: spec.kind.right for key, spec in fields_of_row_class(kind).items() if spec.needed}] if needed else []
    return FieldKind(
        check_value,
        lambda value: tuple(read_row(kind, row) for row in value or ()) or usual,
        parse_json_list,
        blank=begun,
        right=right,
        row=kind,
    )


# -- reading the words of a command line -----------------------------------------------------------------------------


def parse_typed_number(key: str, value: str) -> int | None:
    typed = half_width_text(value).strip()
    if not typed:
        return None
    if not re.fullmatch(r"-?[0-9]{1,9}", typed):
        raise bad_value_error(key, value[:40], "not_a_number")
    return int(typed)


def parse_on_off(key: str, value: str) -> bool:
    typed = value.strip().lower()
    if typed not in (*_WORDS_FOR_ON, *_WORDS_FOR_OFF):
        raise bad_value_error(key, value[:40], "not_a_choice", limit=["on", "off"])
    return typed in _WORDS_FOR_ON


def parse_typed_codes(_key: str, value: str) -> list[str]:
    return [code.strip() for code in re.split(r"[,，、]", half_width_text(value)) if code.strip()]


def parse_json_list(key: str, value: str) -> list[Any]:
    try:
        parsed = json.loads(value, parse_float=str, parse_constant=str) if value.strip() else []
    except (ValueError, RecursionError):
        parsed = None
    if not isinstance(parsed, list):
        raise bad_value_error(key, value[:40], "not_a_choice")
    return parsed


def parse_typed_spans(
    key: str, value: str, pattern: re.Pattern[str], make: Callable[[dict[str, str]], Row], *, field: str, why: str
) -> list[Any]:
    """Read spans separated by ;, each made by `make` from the named groups of `pattern`, or a JSON list."""
    typed = half_width_text(value).strip()
    if typed.startswith("["):
        return parse_json_list(key, value)
    spans = []
    for part in filter(None, (part.strip() for part in typed.split(";"))):
        match = pattern.fullmatch(part)
        if not match:
            raise bad_value_error(field, part[:40], why)
        spans.append(make({name: group for name, group in match.groupdict().items() if group}))
    return spans


def _hours_from_text(key: str, value: str) -> list[Any] | None:
    """Read "1-5 08:30-12:00; 1-5 14:00-17:30", a JSON list, or nothing for the hall's own hours."""
    spans = parse_typed_spans(
        key, value, _HOURS_PATTERN, lambda found: {"days": "1-7", **found}, field=key, why="bad_hours"
    )
    return spans or None


def parse_typed_dates_to_iso(key: str, value: str) -> list[str]:
    days = set()
    for word in filter(None, re.split(r"[、,;\s]+", half_width_text(value))):
        try:
            days.add(date.fromisoformat(word).isoformat())
        except ValueError:
            raise bad_value_error(key, word[:40], "not_a_date") from None
    return sorted(days)


def _figure_from_text(_key: str, value: str) -> int | str:
    """Read a figure without its percent sign."""
    typed = half_width_text(value).strip().removesuffix("%").strip()
    return int(typed) if re.fullmatch(r"-?[0-9]{1,9}", typed) else typed


def _stripped_text_or_none(_key: str, value: str) -> str | None:
    return half_width_text(value).strip() or None


def _unescape_lines(_key: str, value: str) -> str:
    return value.replace("\\n", "\n")


def _unchanged_typed_text(_key: str, value: str) -> str:
    return value


def _identity(value: Any) -> Any:
    return value


def _text_or_empty(value: str | None) -> str:
    return value or ""


def _tuple_or_empty(value: Sequence[str] | None) -> tuple[str, ...]:
    return tuple(value or ())
