"""Services as people look for and read them, without Qt: searches for services and items, and ticket numbers; and a
service in a few words for customers: hours, windows, why no wait is known. Services and items are found by Chinese,
pinyin, initials or English, also by the papers they need."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from queuedesk.core.errors import RuleError
from queuedesk.core.log.state import HallState
from queuedesk.core.queue import dispatch
from queuedesk.core.queue.hallday import minute_ticket_issue_ends_on, opening_spans_on, series_prefixes_of
from queuedesk.core.queue.overview import set_up
from queuedesk.core.setup.hall import NO_DAYS, WORKING
from queuedesk.core.setup.rows import RequiredPaper, Service, Setup
from queuedesk.core.setup.time_of_day import clock_text
from queuedesk.core.talk.announcement import has_chinese
from queuedesk.i18n import _, date_short, figure_range, name_in_language
from queuedesk.i18n.calendar_words import calendar_reason_text
from queuedesk.i18n.names import pinyin_readings_by_character

FieldName = Literal["code", "name", "name_en", "word", "paper"]

# As texts: to make the first takes a thousandth of a second, which no start waits for.
_UNIT = r"[\u3400-\u9fff]|[a-z]+|[0-9]+"
_LATIN = r"[a-z]"
_CLOSENESS: dict[FieldName, int] = {"code": 0, "name": 0, "name_en": 0, "word": 1, "paper": 2}


def pinyin_initials(name: str) -> str:
    """Return what finds a Chinese name by its initials, "" of one without Chinese."""
    sounds = pinyin_readings_by_character(name)
    return "".join(sounds[character][0][0] for character in name if character in sounds)


class SearchEntry(Struct, frozen=True, kw_only=True):
    """What can be found: a service, or an item of a service."""

    service: str
    """The service's code."""
    item: str | None = None
    """The item's code; None for the service itself."""
    name: str
    name_en: str = ""
    words: tuple[str, ...] = ()
    """Further words people say for it."""
    papers: tuple[str, ...] = ()
    """Names of its papers, in every language."""

    @property
    def code(self) -> str:
        return self.item or self.service


class SearchHit(Struct, frozen=True):
    """One result, with the text that matched; `text[start:end]` are the letters found by the query."""

    entry: SearchEntry
    field: FieldName
    text: str
    """The name, word or paper itself; where it was found by its sound, its initials, as in "gmgh fbrdb"."""
    start: int
    end: int


class _SearchUnit(Struct):
    """A Chinese character, an English word or a number inside a text, with every way to type it."""

    written: str
    start: int
    end: int
    spellings: tuple[str, ...]


class _SearchText(Struct):
    entry: SearchEntry
    field: FieldName
    text: str
    units: list[_SearchUnit]


class SearchIndex:
    """Everything in a hall's set-up that can be found; make a new one when the set-up changes."""

    def __init__(self, entries: Sequence[SearchEntry]) -> None:
        self._texts = [text for entry in entries for text in _entry_texts_in_units(entry)]
        self._order = {id(entry): place for place, entry in enumerate(entries)}
        self._knows_pinyin = False

    def _load_pinyin_spellings(self) -> None:
        """Look up how every character is read: first when somebody searches by letters."""
        units = [unit for text in self._texts for unit in text.units if has_chinese(unit.written)]
        read = pinyin_readings_by_character({unit.written for unit in units})
        for unit in units:
            said = read.get(unit.written, (unit.written,))
            with_u = (reading.replace("v", "u") for reading in said if "v" in reading)
            unit.spellings = (unit.written, *dict.fromkeys((*said, *with_u)))
        self._knows_pinyin = True

    def find_entries(self, query: str) -> list[SearchEntry]:
        return [hit.entry for hit in self.hits_of_query(query)]

    def hits_of_query(self, query: str) -> list[SearchHit]:
        """Return the results of `find` with the place of each match: names before further words and papers, whole names
        before beginnings before middles, then in the set-up's order."""
        letters = "".join(re.findall(_UNIT, _folded_for_search(query)))
        if not letters:
            return []
        if not self._knows_pinyin and re.search(_LATIN, letters):
            self._load_pinyin_spellings()
        best: dict[int, tuple[tuple[int, int], SearchHit]] = {}
        for text in self._texts:
            found = _rank_and_hit_in_text(text, letters)
            if found is None:
                continue
            rank, hit = found
            key = id(text.entry)
            if key not in best or rank < best[key][0]:
                best[key] = (rank, hit)
        ranked = sorted(best.items(), key=lambda row: (row[1][0], self._order[row[0]]))
        return [hit for _, (_, hit) in ranked]


def _entry_texts_in_units(entry: SearchEntry) -> Iterator[_SearchText]:
    rows: list[tuple[FieldName, str]] = [("code", entry.code), ("name", entry.name), ("name_en", entry.name_en)]
    rows += [("word", word) for word in entry.words]
    rows += [("paper", paper) for paper in entry.papers]
    for field, text in rows:
        units = [_SearchUnit(m[0], m.start(), m.end(), (m[0],)) for m in re.finditer(_UNIT, _folded_for_search(text))]
        if units:
            yield _SearchText(entry, field, text, units)


def _folded_for_search(text: str) -> str:
    """Return `text` in small half-width letters, without accents, at its own length where it has no ligatures."""
    folded = "".join(unicodedata.normalize("NFKD", letter)[0] for letter in text)
    return folded.lower()


def _rank_and_hit_in_text(text: _SearchText, letters: str) -> tuple[tuple[int, int], SearchHit] | None:
    """Return the closest place in `text` where `letters` begin, with its rank."""
    if text.field == "code":
        if letters != "".join(unit.written for unit in text.units):
            return None
        return (0, 0), SearchHit(text.entry, "code", text.text, 0, len(text.text))
    for first in range(len(text.units)):
        taken = _spellings_matching_letters(text.units, first, letters)
        if taken is not None:
            is_whole = first == 0 and len(taken) == len(text.units)
            rank = (_CLOSENESS[text.field], 0 if is_whole else 1 if first == 0 else 2)
            return rank, _hit_with_match_range(text, first, taken)
    return None


def _spellings_matching_letters(units: list[_SearchUnit], at: int, letters: str) -> list[tuple[str, int]] | None:
    """Return how the units from `at` on spell `letters`, as (spelling, letters used) each; or None. A unit gives its
    spelling or first letter; the last may break off anywhere."""
    if not letters:
        return []
    if at == len(units):
        return None
    for spelling in units[at].spellings:
        if spelling.startswith(letters):
            return [(spelling, len(letters))]
        for part in (spelling, spelling[0]):
            if letters.startswith(part):
                rest = _spellings_matching_letters(units, at + 1, letters[len(part) :])
                if rest is not None:
                    return [(spelling, len(part)), *rest]
    return None


def _hit_with_match_range(text: _SearchText, first: int, taken: list[tuple[str, int]]) -> SearchHit:
    found = dict(enumerate(taken, start=first))
    last = first + len(taken) - 1
    if all(spelling == text.units[place].written for place, (spelling, _) in found.items()):
        end = text.units[last].start + taken[-1][1]
        return SearchHit(text.entry, text.field, text.text, text.units[first].start, end)
    shown, starts, ends = "", [], []
    for place, unit in enumerate(text.units):
        if place and unit.start > text.units[place - 1].end:
            shown += " "
        starts.append(len(shown))
        shown += _initial_or_word_text_of_unit(unit, found.get(place))
        ends.append(len(shown))
    return SearchHit(text.entry, text.field, shown, starts[first], ends[last])


def _initial_or_word_text_of_unit(unit: _SearchUnit, found: tuple[str, int] | None) -> str:
    """Return a character's first letter, of the reading that was found; a word or number as it is written."""
    if not has_chinese(unit.written):
        return unit.written
    return (found[0] if found else unit.spellings[1])[0]


# -- what can be searched for in a hall's set-up -------------------------------------------------------------------


def searchable_entries(setup: Setup) -> list[SearchEntry]:
    services = [
        SearchEntry(
            service=service.code, name=service.name, name_en=service.name_en, papers=_paper_names(service.papers)
        )
        for service in setup.services.values()
    ]
    items = [
        SearchEntry(
            service=service.code,
            item=item.code,
            name=item.name,
            name_en=item.name_en,
            words=item.words,
            papers=_paper_names(item.papers),
        )
        for service in setup.services.values()
        for item in service.items
    ]
    return services + items


def _paper_names(papers: tuple[RequiredPaper, ...]) -> tuple[str, ...]:
    return tuple(name for paper in papers for name in (paper.name, paper.name_en) if name)


# -- a ticket's number as it is typed ------------------------------------------------------------------------------

FEWEST_DIGITS, MOST_DIGITS = 3, 4
_DIGITS = "0123456789"


def ticket_prefixes(setup: Setup) -> tuple[str, ...]:
    """Return the letters in use, each once, in the set-up's order."""
    return tuple(dict.fromkeys(one for service in setup.services.values() for one in series_prefixes_of(service)))


def ticket_number_after_key(setup: Setup, before: str, key: str) -> str:
    """Return the number after another key: a letter starts over, and digits after a complete number are ignored."""
    if key in ticket_prefixes(setup):
        return key
    if key not in _DIGITS:
        return before
    prefix = before.rstrip(_DIGITS)
    if not prefix:
        known = ticket_prefixes(setup)
        prefix = before = known[0] if len(known) == 1 else ""
    return before + key if prefix and len(before) - len(prefix) < MOST_DIGITS else before


def characters_in_number_boxes(number: str) -> tuple[str, ...]:
    """Return the letter and the digits typed so far in boxes, three digits at least; what is to come is empty."""
    prefix = number.rstrip(_DIGITS)
    digits = number[len(prefix) :]
    return (prefix, *digits, *[""] * (FEWEST_DIGITS - len(digits)))


def missing_digit_count(number: str) -> int:
    """Return how many more digits make a whole number; all of them without its letter."""
    prefix = number.rstrip(_DIGITS)
    return FEWEST_DIGITS if not prefix else max(0, FEWEST_DIGITS - (len(number) - len(prefix)))


LAST_TICKET_NEAR_MIN = 60
LONGEST_CLAUSE = 40


def closed_reason_or_opening_text(setup: Setup, closed: RuleError, now: datetime) -> str:
    """Return why a service gives out no tickets or when it does again, short enough for its tile."""
    if closed.code == "last_ticket":
        return _("last ticket was at {time}", time=closed.details["time"])
    if closed.code == "quota_full":
        return _("no tickets left today")
    if closed.code == "line_full":
        return _("the line is full")
    if closed.code == "no_time_left":
        return _("too late to be called before closing")
    if closed.code == "message_only":
        return _first_clause_shortened(
            name_in_language(str(closed.details["message"]), str(closed.details["message_en"]))
        )
    opens, day = closed.details.get("opens"), closed.details.get("date")
    if not opens or not isinstance(day, date):
        return _("no tickets now")
    today = setup.to_hall_time(now).date()
    if day == today:
        return _("opens at {time}", time=opens)
    if day == today + timedelta(days=1):
        return _("opens tomorrow at {time}", time=opens)
    return _("opens on {date} at {time}", date=date_short(day), time=opens)


def _first_clause_shortened(message: str) -> str:
    """Return a message's first clause, cut where even that is long: a tile has one line for it."""
    clause = re.split(r"[，。；！？]|[,.;!?](?:\s|$)", message.strip(), maxsplit=1)[0].strip()
    return clause if len(clause) <= LONGEST_CLAUSE else clause[: LONGEST_CLAUSE - 1].rstrip() + "…"


def unusual_day_sentences(setup: Setup, now: datetime) -> list[str]:
    """Return what is different about today and about tomorrow and why, a sentence each; none for a usual day."""
    today = setup.to_hall_time(now).date()
    tomorrow = today + timedelta(days=1)
    heads = {
        today: _unusual_day_text(setup, today, is_today=True),
        tomorrow: _unusual_day_text(setup, tomorrow, is_today=False),
    }
    whys = {day: calendar_reason_text(setup.calendar.entry_on(day)) for day in heads}
    return [
        _("{head}: {text}", context="note", head=head, text=whys[day]) if whys[day] else head
        for day, head in heads.items()
        if head
    ]


def _unusual_day_text(setup: Setup, day: date, *, is_today: bool) -> str:
    kind, hours = _unusual_day_kind_and_hours(setup, day)
    match kind:
        case "":
            return ""
        case "closed":
            return _("Closed today" if is_today else "Closed tomorrow")
        case "made_up":
            return _(
                "Make-up working day today, {hours}" if is_today else "Make-up working day tomorrow, {hours}",
                hours=hours,
            )
        case "closes":
            return _("Closes at {time} today" if is_today else "Closes at {time} tomorrow", time=hours)
        case _kind:
            return _("Open {hours} today" if is_today else "Open {hours} tomorrow", hours=hours)


def _unusual_day_kind_and_hours(setup: Setup, day: date) -> tuple[str, str]:
    """Return how a date differs from its weekday, "" where it does not, and its hours or when it closes."""
    known = setup.calendar.entry_on(day)
    if known is None:
        return "", ""
    spans, usual = _open_spans_of_services(setup, day), _open_spans_of_services(replace(setup, calendar=NO_DAYS), day)
    if not spans:
        return "closed", ""
    begins, ends = min(spans)[0], max(end for _start, end in spans)
    hours = figure_range(clock_text(begins), clock_text(ends))
    if known.kind == WORKING:
        return "made_up", hours
    if usual and begins == min(usual)[0]:
        return "closes", clock_text(ends)
    return "open", hours


def _open_spans_of_services(setup: Setup, day: date) -> list[tuple[int, int]]:
    return [span for one in setup.services.values() if not one.message for span in opening_spans_on(setup, one, day)]


def tickets_until_text(setup: Setup, service: Service, now: datetime) -> str:
    """Return until when tickets are issued, once that is near."""
    local = setup.to_hall_time(now)
    minute = local.hour * 60 + local.minute
    ends = [end for start, end in opening_spans_on(setup, service, local.date()) if start <= minute < end]
    last_ticket = minute_ticket_issue_ends_on(setup, service, local.date())
    last = min([*ends, *([last_ticket] if last_ticket is not None else [])], default=None)
    if last is None or last >= 24 * 60 or not 0 <= last - minute <= LAST_TICKET_NEAR_MIN:
        return ""
    return _("tickets until {time}", time=clock_text(last))


def active_windows_serving(state: HallState, service: str) -> tuple[str, ...]:
    """Return the windows, open or paused, that serve `service` now, in the set-up's order."""
    able = {
        window.code for window in dispatch.windows_for_service(set_up(state), state.windows.values(), service).windows
    }
    return tuple(code for code in set_up(state).windows if code in able)
