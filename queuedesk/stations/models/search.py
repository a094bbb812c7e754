"""Searches for services and items, and ticket numbers, without Qt. Services and items are found by Chinese, pinyin,
initials or English, also by the papers they need."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Literal

from msgspec import Struct

from queuedesk.core.queue.hallday import series_prefixes_of
from queuedesk.core.setup.rows import RequiredPaper, Setup
from queuedesk.core.talk.announcement import has_chinese
from queuedesk.i18n.names import readings

FieldName = Literal["code", "name", "name_en", "word", "paper"]

# As texts: to make the first takes a thousandth of a second, which no start waits for.
_UNIT = r"[\u3400-\u9fff]|[a-z]+|[0-9]+"
_LATIN = r"[a-z]"
_CLOSENESS: dict[FieldName, int] = {"code": 0, "name": 0, "name_en": 0, "word": 1, "paper": 2}


def initials(name: str) -> str:
    """Return what finds a Chinese name by its initials, "" of one without Chinese."""
    sounds = readings(name)
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
        read = readings({unit.written for unit in units})
        for unit in units:
            said = read.get(unit.written, (unit.written,))
            with_u = (reading.replace("v", "u") for reading in said if "v" in reading)
            unit.spellings = (unit.written, *dict.fromkeys((*said, *with_u)))
        self._knows_pinyin = True

    def find(self, query: str) -> list[SearchEntry]:
        return [hit.entry for hit in self.hits(query)]

    def hits(self, query: str) -> list[SearchHit]:
        """Return the results of `find` with the place of each match: names before further words and papers, whole names
        before beginnings before middles, then in the set-up's order."""
        letters = "".join(re.findall(_UNIT, _folded_for_search(query)))
        if not letters:
            return []
        if not self._knows_pinyin and re.search(_LATIN, letters):
            self._load_pinyin_spellings()
        best: dict[int, tuple[tuple[int, int], SearchHit]] = {}
        for text in self._texts:
            found = _closest_match(text, letters)
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


def _closest_match(text: _SearchText, letters: str) -> tuple[tuple[int, int], SearchHit] | None:
    """Return the closest place in `text` where `letters` begin, with its rank."""
    if text.field == "code":
        if letters != "".join(unit.written for unit in text.units):
            return None
        return (0, 0), SearchHit(text.entry, "code", text.text, 0, len(text.text))
    for first in range(len(text.units)):
        taken = _spellings_taken(text.units, first, letters)
        if taken is not None:
            is_whole = first == 0 and len(taken) == len(text.units)
            rank = (_CLOSENESS[text.field], 0 if is_whole else 1 if first == 0 else 2)
            return rank, _hit_with_match_range(text, first, taken)
    return None


def _spellings_taken(units: list[_SearchUnit], at: int, letters: str) -> list[tuple[str, int]] | None:
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
                rest = _spellings_taken(units, at + 1, letters[len(part) :])
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
        shown += _unit_first_letter(unit, found.get(place))
        ends.append(len(shown))
    return SearchHit(text.entry, text.field, shown, starts[first], ends[last])


def _unit_first_letter(unit: _SearchUnit, found: tuple[str, int] | None) -> str:
    """Return a character's first letter, of the reading that was found; a word or number as it is written."""
    if not has_chinese(unit.written):
        return unit.written
    return (found[0] if found else unit.spellings[1])[0]


# -- what can be searched for in a hall's set-up -------------------------------------------------------------------


def search_entries(setup: Setup) -> list[SearchEntry]:
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


def number_after_key(setup: Setup, before: str, key: str) -> str:
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


def ticket_number_boxes(number: str) -> tuple[str, ...]:
    """Return the letter and the digits typed so far in boxes, three digits at least; what is to come is empty."""
    prefix = number.rstrip(_DIGITS)
    digits = number[len(prefix) :]
    return (prefix, *digits, *[""] * (FEWEST_DIGITS - len(digits)))


def missing_digit_count(number: str) -> int:
    """Return how many more digits make a whole number; all of them without its letter."""
    prefix = number.rstrip(_DIGITS)
    return FEWEST_DIGITS if not prefix else max(0, FEWEST_DIGITS - (len(number) - len(prefix)))
