"""Names of what the set-up holds or held, an unknown code as it is; the code of a new hall by its name; what features
call their events, refusals and acts; and figures with one decimal, shares in percent, a dash for unknown values.

How Chinese characters are read stands in a table of the program's own files."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from msgspec import Struct

from queuedesk.core.features import import_reference, installed_features
from queuedesk.core.network.roles import CONSOLE
from queuedesk.core.queue.ticket import Ticket, TicketState
from queuedesk.core.setup import presets
from queuedesk.core.setup import rows as setup_rows
from queuedesk.core.setup.time_of_day import MINUTES_A_DAY, OpeningHours, clock_text
from queuedesk.core.talk.number_block import WindowLabel, arrow_for_way, is_window_named_by_number
from queuedesk.i18n.catalogue import _, current_language, tr
from queuedesk.i18n.moments import codes_text, figure_range, list_text, name_in_language, need_word, weekday_short
from queuedesk.paths import resource_path

Sentence = Callable[[str, Mapping[str, object]], str]


class FeatureWords(Struct, frozen=True, kw_only=True):
    """Texts of the catalogue: of kinds of events, of refusals by their code, and of verbs as the access journal names
    them. A refusal that is said in several ways has a function of the language and the details in place of a text."""

    events: Mapping[str, str] = {}
    refusals: Mapping[str, str | Sentence] = {}
    verbs: Mapping[str, str] = {}


def words_of_all_features() -> list[FeatureWords]:
    return [import_reference(feature.words) for feature in installed_features() if feature.words]


def feature_event_words(kind: str) -> str | None:
    """Return what a feature calls a kind of its events."""
    return next((word.events[kind] for word in words_of_all_features() if kind in word.events), None)


def feature_refusal_sentence(code: str) -> str | Sentence | None:
    """Return a feature's sentence for a refusal."""
    return next((word.refusals[code] for word in words_of_all_features() if code in word.refusals), None)


def feature_verb_text(verb: str) -> str | None:
    """Return what a feature calls something that people do."""
    return next((word.verbs[verb] for word in words_of_all_features() if verb in word.verbs), None)


UNKNOWN = "—"


def whole_number_text(value: float | None) -> str:
    """Return "1,482"."""
    return UNKNOWN if value is None else f"{value:,.0f}"


def decimal_text(value: float | None) -> str:
    """Return "10.4"."""
    return UNKNOWN if value is None else f"{value:,.1f}"


def percent_text(share: float | None, digits: int = 1) -> str:
    """Return "77.5" for 0.775: never 100.0 unless it is all of them, never 0.0 unless it is none."""
    if share is None:
        return UNKNOWN
    shown, least = round(share * 100, digits), 10.0**-digits
    if shown == 100 and share < 1:
        shown -= least
    if shown == 0 and share > 0:
        shown = least
    return f"{shown:.{digits}f}"


TABLE = ("pinyin", "readings.txt")
"""Of each line the readings, the usual one first, then after a tab the characters that are read so."""


def pinyin_readings_by_character(characters: Collection[str]) -> dict[str, tuple[str, ...]]:
    """Return by character every way to type it by its sound, without tones, ü as v, the usual way first; nothing of a
    character that has none, or without the table. 6 ms, whatever the number: ask for all at once."""
    wanted = set(characters)
    found: dict[str, tuple[str, ...]] = {}
    try:
        with resource_path(*TABLE).open(encoding="utf-8") as lines:
            for line in lines:
                said, _tab, read_so = line.partition("\t")
                for character in wanted.intersection(read_so):
                    found[character] = tuple(said.split())
    except (OSError, UnicodeError):
        return {}  # What is written is found all the same; doctor says what is missing.
    return found


NORMAL = "normal"
_A_MONDAY = date(2024, 1, 1)
EVERY_DAY = frozenset(range(1, 8))
LEAST_DIGITS = 3
LONGEST_RANGE = len("10\u2060–\u206012")
"""Windows longer than this are told as a name, not as a number."""
_SLOT = "\N{INFORMATION SEPARATOR ONE}"


def service_name(setup: setup_rows.Setup, code: str | None, lang: str | None = None) -> str:
    """Return a service's name, also of a removed one; "" without one."""
    return _name_of(code, setup.services, setup.former.services, lang)


def report_owner_name(setup: setup_rows.Setup, lang: str | None = None) -> str:
    """Return who answers for the hall's reports, in the language's own letters where that is a person of the hall."""
    name = setup.hall.report_owner
    known = (person for person in setup.staff.values() if name and name in (person.name, person.name_en))
    return next((name_in_language(member.name, member.name_en, lang) for member in known), name)


def service_letter_or_code(setup: setup_rows.Setup, code: str) -> str:
    service = setup.services.get(code)
    return service.prefix if service else code


def service_letter_and_name(setup: setup_rows.Setup, code: str, lang: str | None = None) -> str:
    """Return a service by letter and name: "B Account services"."""
    return f"{service_letter_or_code(setup, code)} {service_name(setup, code, lang)}"


def widest_ticket_label(setup: setup_rows.Setup) -> str:
    """Return a number as wide as any can be, so that a surface keeps its columns whoever is called."""
    prefix, digits = "A", LEAST_DIGITS
    for service in setup.services.values():
        prefix = max(prefix, service.prefix, key=len)
        digits = max(digits, len(str(service.last)))
    return prefix.replace("I", "W") + "0" * digits


def window_label_for_customers(
    setup: setup_rows.Setup, code: str, lang: str | None = None, *, with_way: bool = True
) -> WindowLabel:
    """Return the window `code` as customers read it; a removed window shows its code."""
    spec = setup.windows.get(code) or setup_rows.WindowSpec(code=code, services=())
    zone, arrow = (name_in_language(spec.zone, spec.zone_en, lang), arrow_for_way(spec.arrow)) if with_way else ("", "")
    return _window_words_from_name(name_in_language(spec.name or code, spec.name_en, lang), zone, arrow, lang)


def combined_windows_words(
    setup: setup_rows.Setup, codes: Sequence[str], lang: str | None = None
) -> WindowLabel | None:
    """Return the windows `codes` as if they were one ("3–6"), with the way where all of them lie one way; None without
    any."""
    wordses = [window_label_for_customers(setup, code, lang) for code in codes]
    if len(wordses) < 2:
        return wordses[0] if wordses else None
    numbers = [words.number for words in wordses]
    told = (
        codes_text(numbers, lang)
        if all(is_window_named_by_number(number) for number in numbers)
        else list_text(numbers, lang)
    )
    ways = {(words.zone, words.arrow) for words in wordses}
    zone, arrow = ways.pop() if len(ways) == 1 else ("", "")
    one = _window_words_from_name(
        told, zone, arrow, lang, numbered=all(words.word_for_window for words in wordses), several=True
    )
    # What is too long for a number is told as a name is.
    return (
        one
        if len(told) <= LONGEST_RANGE and "," not in told and "、" not in told
        else WindowLabel(one.number_with_word, zone=zone, arrow=arrow)
    )


def _window_words_from_name(
    name: str, zone: str, arrow: str, lang: str | None, *, numbered: bool | None = None, several: bool = False
) -> WindowLabel:
    before = behind = ""
    if is_window_named_by_number(name) if numbered is None else numbered:
        told = tr(lang or current_language(), "Window {window}", context="display", window=_SLOT)
        if several:
            told = tr(lang or current_language(), "Windows {windows}", context="display", windows=_SLOT)
        before, _slot, behind = told.partition(_SLOT)
    return WindowLabel(name, before.strip(), behind.strip(), zone, arrow)


def item_name(setup: setup_rows.Setup, service: str, code: str | None, lang: str | None = None) -> str:
    """Return an item's name; "" without one."""
    spec = setup.services.get(service)
    item = next((one for one in spec.items if one.code == code), None) if spec and code else None
    return name_in_language(item.name, item.name_en, lang) if item else code or ""


def staff_name(setup: setup_rows.Setup, code: str | None, lang: str | None = None) -> str:
    """Return a person's name, also of one who left; "" without one. Other actors keep their text, except the command
    line."""
    if code == CONSOLE.name and code not in setup.staff:
        return tr(lang or current_language(), "Command line", context="place")
    return _name_of(code, setup.staff, setup.former.staff, lang)


def priority_class_name(setup: setup_rows.Setup, code: str, lang: str | None = None) -> str:
    klass = setup.classes.get(code)
    return name_in_language(klass.name, klass.name_en, lang) if klass else code


def ticket_marks_text(setup: setup_rows.Setup, ticket: Ticket, lang: str | None = None) -> str:
    """Return what people at work here should know of a ticket's customer: class, why they are fetched, language, and
    whether they stand behind later numbers, as in the public list."""
    moved = ""
    if ticket.state is TicketState.WAITING and ticket.is_moved:
        moved = tr(lang or current_language(), "moved", context="order list")
    words = (
        priority_name(setup, ticket.klass, lang),
        need_word(ticket.fetch_reason, lang),
        ticket.spoken_language,
        moved,
    )
    return " · ".join(word for word in words if word)


def priority_name(setup: setup_rows.Setup, code: str, lang: str | None = None) -> str:
    """Return the name of a priority class, "" for the normal one."""
    return "" if code == NORMAL else priority_class_name(setup, code, lang)


def window_name(code: str | None, lang: str | None = None) -> str:
    return tr(lang or current_language(), "Window {window}", window=code)


def ticket_service_item_class_text(setup: setup_rows.Setup, ticket: Ticket, lang: str | None = None) -> str:
    """Return service, item and class of a ticket: "Account services · Change of name · Regular"."""
    first = ticket.legs[0]
    parts = [service_name(setup, first.service, lang), item_name(setup, first.service, first.item, lang)]
    if ticket.service != first.service:
        parts = [service_name(setup, leg.service, lang) for leg in ticket.legs]
    return " · ".join(part for part in (*parts, priority_class_name(setup, ticket.klass, lang)) if part)


def _name_of(
    code: str | None,
    there: Mapping[str, setup_rows.Service] | Mapping[str, setup_rows.StaffMember],
    former: Mapping[str, setup_rows.NameOfRemovedRow],
    lang: str | None,
) -> str:
    row = there.get(code or "") or former.get(code or "")
    return (name_in_language(row.name, row.name_en, lang) if row else "") or code or ""


# -- what a former name leaves behind ---------------------------------------------------------------------------------


def service_rename_side_effects(
    before: setup_rows.Setup, code: str, after: Mapping[str, Any] | None, typed: Collection[str] = (), *, most: int = 99
) -> list[str]:
    """Return sentences on a service that has become `after` or, with None, was removed: what went with its former name
    besides the fields that were `typed`, of them as many as `most`, and which notices still say that name."""
    was = next((row for row in before.document["services"] if row["code"] == code), None)
    if was is None or (
        after is not None and not presets.is_service_renamed(after, was, setup_rows.hall_languages(before)[0])
    ):
        return []
    names = [name for name in (was.get("name"), was.get("name_en")) if name]
    known = {"name": name_in_language(str(was.get("name") or ""), was.get("name_en"))}
    lines = []
    gone = [
        key for key in presets.OF_A_SERVICE if after is not None and key not in typed and was.get(key) != after.get(key)
    ]
    if fields := preset_field_names_text(gone, most=most):
        lines.append(_("What the preset filled in for {name} was dropped: {fields}.", fields=fields, **known))
    if after is not None and was.get(setup_rows.SUGGESTED) and not after.get(setup_rows.SUGGESTED):
        lines.append(_("The suggestions for {name} were dropped.", **known))
    texts = [(row.get("text") or "", row.get("text_en") or "") for row in before.document.get("notices", ())]
    stale = [str(n) for n, pair in enumerate(texts, start=1) if any(name in text for name in names for text in pair)]
    if stale:
        lines.append(_("Notices that still mention {name}: {numbers}.", numbers=list_text(stale), **known))
    return lines


def preset_field_names_text(keys: Iterable[str], *, most: int = 99) -> str:
    """Return the words of a service's fields that presets fill, rows first, of them as many as `most`."""
    from queuedesk.i18n.value_refusals import field_word  # reads every field of the set-up: few commands name one

    known = [key for key in keys if key in presets.OF_A_SERVICE and not key.endswith("_en")]
    words = [field_word(key) for key in sorted(known, key=presets.BY_ROWS.__contains__, reverse=True)]
    return _("{names} and more", names=list_text(words[:most])) if len(words) > most else list_text(words)


# -- a hall's code ---------------------------------------------------------------------------------------------------

LONGEST_CODE = 4
_WORD = r"[\u3400-\u9fff]|[^\W_\u3400-\u9fff]+"  # compiled by its first use: 1 ms that no start waits for
_SMALL = frozenset({"a", "an", "and", "at", "for", "in", "of", "on", "the", "to"})


def hall_code_from_name(name: str) -> str:
    """Return the code of a hall by its name: its initials, those of Chinese by their pinyin, or the start of its only
    word."""
    words = [_ascii_spelling(word) for word in re.findall(_WORD, name) if word.lower() not in _SMALL]
    if len(words) == 1:
        return words[0][:LONGEST_CODE].upper()
    return "".join(word if word.isdigit() else word[0] for word in words)[:LONGEST_CODE].upper() or "HALL"


def _ascii_spelling(word: str) -> str:
    if "\u3400" <= word <= "\u9fff":
        word = pinyin_readings_by_character(word).get(word, (word,))[0]
    import unicodedata  # 1 MB of tables: only who names a hall's code needs them here

    plain = unicodedata.normalize("NFKD", word).encode("ascii", "ignore").decode()
    return plain or word


def service_hours_lines(
    setup: setup_rows.Setup, service: setup_rows.Service, lang: str | None = None
) -> tuple[str, ...]:
    """Return when a service gives tickets, a line for each group of weekdays: "Mon–Fri 8:30–12:00, 13:30–17:30, last
    ticket 17:00". The last ticket stands only where it comes before the closing of those days."""
    lang = lang or current_language()
    own = service.hours or (OpeningHours(days=EVERY_DAY, start=setup.hall.opens, end=setup.hall.closes),)
    if any(hours.days == EVERY_DAY and hours.end - hours.start == MINUTES_A_DAY for hours in own):
        return (tr(lang, "Tickets at any hour"),)
    groups: dict[tuple[int, ...], list[OpeningHours]] = {}
    for hours in sorted(own, key=lambda one: (min(one.days), one.start)):
        groups.setdefault(tuple(sorted(hours.days)), []).append(hours)
    return tuple(_hours_line(days, spans, service.last_ticket, lang) for days, spans in groups.items())


def _hours_line(days: tuple[int, ...], spans: Sequence[OpeningHours], last_ticket: int | None, lang: str) -> str:
    hours = list_text([figure_range(clock_text(span.start), clock_text(span.end)) for span in spans], lang)
    if last_ticket is None or last_ticket >= spans[-1].end:
        return tr(lang, "{days} {hours}", days=_weekdays_words(days, lang), hours=hours)
    last = clock_text(last_ticket)
    return tr(lang, "{days} {hours}, last ticket {last}", days=_weekdays_words(days, lang), hours=hours, last=last)


def _weekdays_words(days: tuple[int, ...], lang: str) -> str:
    if len(days) == len(EVERY_DAY):
        return tr(lang, "Every day")
    names = [weekday_short(_A_MONDAY.replace(day=day), lang) for day in days]
    if len(days) > 1 and days[-1] - days[0] == len(days) - 1:
        return figure_range(names[0], names[-1])
    return list_text(names, lang)
