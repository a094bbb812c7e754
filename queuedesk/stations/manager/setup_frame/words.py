"""The set-up's rows and fields in finished words, and typed texts as values."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from msgspec import Struct

from queuedesk.core.errors import RuleError
from queuedesk.core.features import Chosen, pages_in, shows_page
from queuedesk.core.figures.targets import target_of
from queuedesk.core.imports.half_width import half_width
from queuedesk.core.setup.field_kinds import TIME, Field
from queuedesk.core.setup.file import HALL_RULES, row_code, rows_of
from queuedesk.core.setup.hall import CALENDAR
from queuedesk.core.setup.rows import Setup
from queuedesk.core.setup.time_of_day import minutes_of, padded_clock
from queuedesk.i18n import _, codes_text, listing, minutes_text, n_, named, role, said
from queuedesk.i18n.figures.target_words import goal_figure, measure_word, with_unit
from queuedesk.i18n.names import service_name
from queuedesk.i18n.talk import channel
from queuedesk.stations.manager.setup.hours_text import clock, read_hours
from queuedesk.stations.manager.setup_frame.draft import (
    CARDS,
    CLASSES,
    HALL,
    NOTICES,
    PARTNERS,
    RULES,
    SENTENCES,
    SERVICES,
    STAFF,
    TARGETS,
    TICKET,
    VOICE,
    WHOLE,
    WINDOWS,
)

FEATURES, FILE, PCS, BACKUPS = "features", "file", "pcs", "backups"
PARTS = (
    HALL,
    FEATURES,
    SERVICES,
    WINDOWS,
    STAFF,
    CALENDAR,
    CLASSES,
    NOTICES,
    SENTENCES,
    CARDS,
    PARTNERS,
    TARGETS,
    VOICE,
    TICKET,
    RULES,
    FILE,
)
MADE_BY_FEATURES = (CARDS,)
"""Parts of which there is a form only where there is a feature's folder."""
AT_ONCE = (HALL, STAFF, NOTICES, SENTENCES, CARDS, PARTNERS, TARGETS, RULES)
"""Parts whose changes touch no ticket's number: they count at once."""
LONGEST_COUNT = 6
RANGE = re.compile(r"^\s*(\d{1,5})\s*[-–—~～至]\s*(\d{1,5})\s*$")
MINUTES = re.compile(r"^\s*(\d{1,4})\s*(分钟|分|min|minutes?)?\s*$", re.IGNORECASE)
Row = Mapping[str, Any]


def parts_of(hall: Chosen, parts: Iterable[str] = PARTS) -> list[str]:
    """Return those parts of the set-up that a hall uses."""
    made = {at.own_key for at in pages_in("setup")}
    there = (part for part in parts if part not in MADE_BY_FEATURES or part in made)
    return [part for part in there if shows_page(hall, f"setup/{part}")]


class RowText(Struct, frozen=True):
    """A row of the list: its badge, or else its icon, its name, a small second line."""

    code: str
    badge: str
    title: str
    second: str
    icon: str = "person"


def list_rows(setup: Setup, part: str) -> list[RowText]:
    """Return the rows of a part in the set-up's order."""
    return [
        _row_text(setup, part, row_code(part, row, at), row) for at, row in enumerate(rows_of(setup.document, part))
    ]


def _row_text(setup: Setup, part: str, code: str, row: Row) -> RowText:
    if part == CLASSES:
        minutes = int(row.get("credit_minutes") or 0)
        credit = n_("{n} minute ahead", "{n} minutes ahead", minutes) if minutes else _("no credit")
        return RowText(code, "", row_name(row), credit, "people")
    if part == CARDS:
        steps = len(row.get("steps") or ())
        return RowText(code, "", row_name(row), n_("{n} step", "{n} steps", steps), "warning")
    if part == PARTNERS:
        where = [channel(str(row["kind"])), "" if row.get("distance_m") is None else f"{row['distance_m']:,} m"]
        return RowText(code, "", row_name(row), " · ".join(filter(None, where)), "arrow-right")
    if part == NOTICES:
        return RowText(code, "", named(str(row["text"]), row.get("text_en")), dates_text(row), "bell")
    if part == TARGETS:
        since = _("from {day}", day=row["from"]) if row.get("from") else _("always")
        found = target_of(row)
        goal = with_unit(found.measure, goal_figure(found.measure, found.figure)) if found else str(row["value"])
        return RowText(code, "", measure_word(row["measure"]), f"{goal} · {since}", "check")
    if part == SERVICES:
        windows = [window for window, spec in setup.windows.items() if code in spec.services]
        of = codes_text(windows)
        at = n_("window {windows}", "windows {windows}", len(windows), windows=of) if windows else _("no window yet")
        return RowText(code, str(row.get("prefix", "")), row_name(row), f"{range_text(row)} · {at}")
    if part == WINDOWS:
        zone = named(str(row.get("zone") or ""), row.get("zone_en"))
        letters = listing([setup.services[s].prefix for s in row.get("services", ()) if s in setup.services])
        return RowText(
            code, code, _("Window {window}", window=code), " · ".join(part for part in (letters, zone) if part)
        )
    skills = [service_name(setup, one) for one in row.get("skills") or ()]
    second = " · ".join((role(str(row["role"])), listing(skills))) if skills else role(str(row["role"]))
    return RowText(code, "", row_name(row), second)


def row_name(row: Row) -> str:
    return named(str(row.get("name") or ""), row.get("name_en"))


def effect_text(part: str) -> str:
    """Return when a change of a part takes effect."""
    if part == VOICE:
        return _("Applies from the next call")
    if part == RULES:
        return _("Takes effect at once; figures of earlier days are recalculated")
    return _("Takes effect at once") if part in AT_ONCE else _("Applies from the next ticket; issued numbers stay")


def saved_text(part: str) -> str:
    """Return the message after a part is saved."""
    if part == VOICE:
        return _("Saved; it applies from the next call")
    return _("Saved; it takes effect at once") if part in AT_ONCE else _("Saved; it applies from the next ticket")


def part_word(part: str) -> str:
    return {
        HALL: _("Hall", context="set-up"),
        FEATURES: _("What this hall uses"),
        SERVICES: _("Services"),
        WINDOWS: _("Windows", context="set-up"),
        STAFF: _("Staff", context="set-up"),
        CLASSES: _("Classes", context="field"),
        NOTICES: _("Notices", context="set-up"),
        SENTENCES: _("Ready sentences", context="set-up"),
        CARDS: _("Contingency cards", context="set-up"),
        PARTNERS: _("Other places"),
        TARGETS: _("Targets", context="set-up"),
        VOICE: _("Voice", context="set-up"),
        TICKET: _("Ticket design", context="set-up"),
        RULES: _("Rules", context="set-up"),
        CALENDAR: _("Calendar", context="field"),
        FILE: _("Set-up file", context="set-up"),
        PCS: _("Several PCs", context="set-up"),
        BACKUPS: _("Backups", context="set-up"),
    }[part]


def entry_word(part: str) -> str:
    """Return a part's name in the list of parts, which is narrow at large text sizes."""
    short = {
        FEATURES: _("In use", context="set-up"),
        SENTENCES: _("Sentences", context="set-up"),
        CARDS: _("Cards", context="set-up"),
    }
    return short.get(part) or part_word(part)


def empty_texts(part: str) -> tuple[str, str]:
    """Return the texts for a part without rows: that there are none, and what they would be for."""
    return {
        NOTICES: (_("No notices yet"), _("What the hall's display tells people between the calls.")),
        CARDS: (_("No cards yet"), _("What to do when something goes wrong, step by step.")),
        PARTNERS: (
            _("No other places yet"),
            _("Machines, partners and the phone: where else people can do what they come for."),
        ),
        TARGETS: (_("No targets yet"), _("What the hall has promised, and from which day.")),
        STAFF: (_("Nobody yet"), _("People who sign in at the stations.")),
        SERVICES: (_("No services yet"), _("What customers come for; each has a letter and a line of its own.")),
        WINDOWS: (_("No windows yet"), _("Where customers are served, and which services each window offers.")),
    }.get(part, ("", ""))


def new_word(part: str) -> str:
    return {
        SERVICES: _("New service"),
        WINDOWS: _("New window"),
        STAFF: _("New person"),
        CLASSES: _("New class"),
        NOTICES: _("New notice"),
        TARGETS: _("New target"),
        CARDS: _("New card"),
        PARTNERS: _("New place"),
    }[part]


def order_hint(part: str) -> str:
    """Return what the order of a part's rows means."""
    return {
        SERVICES: _("Drag to change the order on the front desk"),
        WINDOWS: _("Drag to change the order on the manager's page"),
        STAFF: _("Drag to change the order in which names are offered"),
        CLASSES: _("Drag to change the order in which classes are offered"),
        NOTICES: _("Drag to change the order on the display"),
        TARGETS: "",
        CARDS: _("Drag to change the order in which cards are offered"),
        PARTNERS: "",
    }[part]


def title_of(part: str, row: Row, code: str) -> str:
    """Return a row's title at the head of its form; "" for a new one without a name."""
    if part == WINDOWS:
        return _("Window {window}", window=code)
    if part in WHOLE:
        return part_word(part)
    if part == NOTICES:
        return named(str(row.get("text") or ""), row.get("text_en"))
    if part == TARGETS:
        return measure_word(row["measure"]) if row.get("measure") else ""
    return row_name(row)


def dates_text(row: Row) -> str:
    """Return from when to when a notice is shown."""
    start, end = str(row.get("from") or ""), str(row.get("to") or "")
    if start and end:
        return f"{start} – {end}"
    if start:
        return _("from {day}", day=start)
    return _("until {day}", day=end) if end else _("always")


# -- values as text ----------------------------------------------------------------------------------------------


def range_text(row: Row) -> str:
    first, last = row.get("first", 1), row.get("last", 999)
    return f"{first:03}–{last:03}" if isinstance(first, int) and isinstance(last, int) else ""


def target_text(minutes: object) -> str:
    return minutes_text(minutes) if isinstance(minutes, int) else ""


def time_text(text: object) -> str:
    return clock(str(text)) if text else ""


def words_text(words: Sequence[str] | None) -> str:
    return listing(list(words or ()))


def rule_value(rule: Field, value: object) -> str:
    """Return the value of a rule, with its unit."""
    if rule.kind.choices:
        return said(rule.kind.choices[str(value)])
    if rule.kind.form == TIME:
        return clock(str(value))
    return _("{value} {unit}", value=value, unit=said(rule.unit))


# -- text as values ----------------------------------------------------------------------------------------------


def read_range(text: str) -> dict[str, Any]:
    """Return first and last of "001–499". Raises RuleError "bad_value"."""
    found = RANGE.match(text.replace("\u2060", ""))
    if found is None:
        raise RuleError("bad_value", field="first", value=text, why="not_a_number")
    return {"first": int(found[1]), "last": int(found[2])}


def read_minutes(key: str, text: str) -> dict[str, Any]:
    """Return whole minutes, None for an empty text. Raises RuleError "bad_value"."""
    if not text.strip():
        return {key: None}
    found = MINUTES.match(text)
    if found is None:
        raise RuleError("bad_value", field=key, value=text, why="not_a_number")
    return {key: int(found[1])}


def read_time(key: str, text: str) -> dict[str, Any]:
    """Return a time as the set-up file has it, None for an empty text; the field's kind checks it."""
    plain = half_width(text).strip()
    try:
        return {key: padded_clock(minutes_of(plain))}
    except ValueError:
        return {key: plain or None}


def read_hours_field(key: str, text: str) -> dict[str, Any]:
    return {key: read_hours(text)}


def read_words(text: str) -> list[str]:
    """Return what stands between commas; Chinese words may also have a space between them."""
    parts = re.split(r"[、,，;；]+|(?<=[^\x00-\x7f])\s+(?=[^\x00-\x7f])", text)
    return [part.strip() for part in parts if part.strip()]


def read_count(key: str, text: str) -> dict[str, Any]:
    """Return a whole number, None for an empty text. Raises RuleError "bad_value"."""
    plain = text.strip()
    if plain and not (plain.isascii() and plain.isdigit() and len(plain) <= LONGEST_COUNT):
        raise RuleError("bad_value", field=key, value=text, why="not_a_number")
    return {key: int(plain) if plain else None}


def read_figure(text: str) -> int | str | None:
    """Return a target's figure in the log's form: a whole number, or the text of another."""
    plain = text.strip().removesuffix("%").strip()
    whole = plain.isascii() and plain.isdigit() and len(plain) <= LONGEST_COUNT
    return int(plain) if whole else plain or None


def read_rule(key: str, text: str) -> dict[str, Any]:
    """Return the value of a rule from a typed text, ignoring its unit. Raises RuleError "bad_value"."""
    rule = HALL_RULES[key]
    if rule.kind.form == TIME:
        return {key: text.replace("：", ":").strip()}
    plain = text.strip().casefold().removesuffix(said(rule.unit).casefold()).strip()
    if not (plain.isascii() and plain.isdigit() and len(plain) <= LONGEST_COUNT):
        raise RuleError("bad_value", field=said(rule.title), value=text, why="not_a_number")
    return {key: int(plain)}
