"""Suggestions: facts of a service that come from a preset and that nobody of the hall has confirmed.

They stand in the service's field `suggested`, apart from the fields that displays, kiosks, tickets and voices read, so
no public reader has to ask what may be shown. Keeping a fact moves it into the service's own fields.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

from queuedesk.core.setup import field_checks as checks
from queuedesk.core.setup.field_kinds import Around, Kind, fields_of, typed_rows

Row = Mapping[str, Any]

SUGGESTED = "suggested"
"""The field of a service that holds its suggestions."""
FACTS: Mapping[str, tuple[str, ...]] = {
    "about": ("about", "about_en"),
    "papers": ("papers", "papers_version", "papers_date"),
    "fees": ("fees", "fees_en"),
    "steps": ("steps", "steps_en"),
    "message": ("message", "message_en"),
    "items": ("items",),
    "group": ("group", "group_en"),
    "elsewhere": ("elsewhere",),
}
"""The facts of a service that customers can read, in the order in which they are listed, and the fields of each."""
FACT_FIELDS = tuple(key for keys in FACTS.values() for key in keys)
KEEP, DROP = "keep", "drop"


def suggested_kind(service: Callable[[], type]) -> Kind:
    """The kind of the field `suggested`: facts as the set-up file has them, each checked as the field of the class that
    `service` returns."""

    def check(field: str, value: Any, around: Around) -> None:
        for key, one in checks.mapping(field, {} if value is None else value).items():
            checks.choice(field, key, FACT_FIELDS)
            fields_of(service())[key].kind.check(f"{field}.{key}", one, around)

    return Kind(check, lambda value: dict(value or {}), typed_rows, right={})


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
