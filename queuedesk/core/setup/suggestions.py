"""Suggestions: facts of a service that come from a preset and that nobody of the hall has confirmed.

They stand in the service's field `suggested`, apart from the fields that displays, kiosks, tickets and voices read, so
no public reader has to ask what may be shown. Keeping a fact moves it into the service's own fields.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from queuedesk.core.setup.rows import FACT_FIELDS, FACTS, SUGGESTED

Row = Mapping[str, Any]

KEEP, DROP = "keep", "drop"


def suggestions_of(row: Row) -> dict[str, dict[str, Any]]:
    """Return the open suggestions of a service's row: each fact with its fields. A fact that the service has of its own
    is no longer open."""
    held = row.get(SUGGESTED) or {}
    found = {fact: {key: held[key] for key in keys if held.get(key)} for fact, keys in FACTS.items()}
    return {fact: fields for fact, fields in found.items() if fields and not any(row.get(key) for key in FACTS[fact])}


def with_suggestions(row: Row) -> dict[str, Any]:
    """Return a service's row with all its facts as suggestions."""
    held = {key: row[key] for key in FACT_FIELDS if row.get(key)}
    plain = {key: value for key, value in row.items() if key not in FACT_FIELDS}
    return {**plain, SUGGESTED: held} if held else plain


def for_all(answer: str, facts: Collection[str] = ()) -> dict[str, str]:
    """Return one answer for several facts, without `facts` for all that there are."""
    return dict.fromkeys(facts or FACTS, answer)


def decided(row: Row, answers: Mapping[str, str]) -> dict[str, Any]:
    """Return the fields of a service that change when suggestions are kept or dropped (KEEP, DROP), by fact. Empty
    where none of these facts is open."""
    found = suggestions_of(row)
    chosen = {fact: fields for fact, fields in found.items() if fact in answers}
    if not chosen:
        return {}
    kept = [fields for fact, fields in chosen.items() if answers[fact] == KEEP]
    left = [fields for fact, fields in found.items() if fact not in chosen]
    return {**_joined(kept), SUGGESTED: _joined(left)}


def _joined(parts: Iterable[Row]) -> dict[str, Any]:
    return {key: value for fields in parts for key, value in fields.items()}
