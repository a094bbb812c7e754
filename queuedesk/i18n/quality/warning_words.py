"""Warnings in words: what one is about, who was warned where, who has seen it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from queuedesk.core.setup.rows import Setup
from queuedesk.i18n.catalogue import current, tr
from queuedesk.i18n.moments import duration_text, listing, time_hm
from queuedesk.i18n.names import staff_name
from queuedesk.i18n.talk.talk_words import cause_words, place_words

Row = Mapping[str, Any]
"""A warning as desk.talk.alarms.warnings_of gives it."""


def told_words(setup: Setup, row: Row, lang: str | None = None) -> str:
    """Return who was warned, and where; of whom is responsible and was not signed in that, and who was warned instead;
    and what became of a slip that the hall's rule had printed."""
    lang = lang or current()
    told, slip = _told(setup, row, lang), row["slip"]
    if slip is None:
        return told
    if slip["cause"]:
        why = cause_words(slip["cause"], lang)
        return tr(lang, "{told}; not printed: {why}", told=told, why=why)
    at = time_hm(datetime.fromisoformat(slip["at"]))
    return tr(lang, "{told}; printed {time}", told=told, time=at)


def _told(setup: Setup, row: Row, lang: str) -> str:
    people = listing([_name(setup, code, lang) for code in row["people"]], lang)
    if row["told"] is None:
        return people
    told = listing(
        [
            tr(
                lang,
                "{name} ({place})",
                context="warned",
                name=_name(setup, one["staff"], lang),
                place=place_words(one["place"], lang),
            )
            for one in row["told"]
        ],
        lang,
    )
    if not row["instead"]:
        return told
    if not told:
        return tr(lang, "nobody: neither {people} nor a manager is signed in", people=people)
    return tr(lang, "{told}; {people} not signed in", told=told, people=people)


def seen_words(setup: Setup, row: Row, lang: str | None = None) -> str:
    """Return who has seen a warning, when, and how long that took."""
    lang = lang or current()
    if row["acknowledged"]:
        return tr(
            lang,
            "{time} {name}, after {span}",
            context="warning",
            time=time_hm(datetime.fromisoformat(row["acknowledged"])),
            name=_name(setup, row["by"], lang),
            span=duration_text(row["seconds"], lang),
        )
    return tr(lang, "over before it was marked as seen") if row["ended"] else tr(lang, "not seen yet")


def _name(setup: Setup, code: str, lang: str) -> str:
    return staff_name(setup, code, lang) or code
