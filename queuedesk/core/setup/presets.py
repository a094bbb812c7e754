"""Presets: the set-ups that come with the program, and what of one stays when a hall makes it its own.

Suggestions are facts of a service that come from a preset and that nobody of the hall has confirmed. They stand in the
service's field `suggested`, apart from the fields that displays, kiosks, tickets and voices read, so no public reader
has to ask what may be shown. Keeping a fact moves it into the service's own fields.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from queuedesk.core.features import Wording
from queuedesk.core.network.roles import Role
from queuedesk.core.setup.field_kinds import own_key
from queuedesk.core.setup.rows import FACT_FIELDS, FACTS, NOT_CHOSEN, SUGGESTED
from queuedesk.core.setup.sentences import MAY_BE_NONE, in_one_language

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


PRESETS = {
    "power": Wording("Power supply hall"),
    "bank": Wording("Bank branch"),
    "clinic": Wording("Clinic or hospital"),
    "government": Wording("Government service hall"),
    "library": Wording("Library"),
    "pharmacy": Wording("Hospital pharmacy"),
    "post": Wording("Post office"),
    "telecom": Wording("Telecom shop"),
    "other": Wording("Something else"),
}
"""What each is called, in the order in which they are offered."""

OF_A_SERVICE = (
    *("about", "about_en", "group", "group_en", "fees", "fees_en", "steps", "steps_en", "message", "message_en"),
    *("papers", "items", "papers_version", "papers_date", "handling_target", "form_free"),
)
"""What a preset says of a service beyond its name, letter, numbers and hours: it is true of that service alone."""
EMERGENCIES = ("emergenc", "urgent", "急诊", "急救")
"""What names of services have that don't wait in turn at a clinic."""
MEDICAL = ("clinic", "pharmacy")
# "Blood tests" and "Blood test" are 0.95 alike, "Pay a bill" and "Pay bills" 0.84, "Loans" and "Returns" 0.67.
ALIKE = 0.8
BY_ROWS = ("papers", "items")
EMPTY: Mapping[str, Any] = {"papers": [], "items": [], "handling_target": None, "form_free": False}


def is_renamed(row: Row, was: Row, lang: str) -> bool:
    """Return whether a row has another name than it had, in the language of the hall."""
    own, other = (own_key("name", one) for one in (lang, "zh_CN" if lang == "en" else "en"))
    return bool((row.get(own) or row.get(other)) != (was.get(own) or was.get(other)))


def is_another(row: Row, was: Row, lang: str) -> bool:
    """Return whether a row has the name of another thing than it had; a corrected spelling, a plural or another order
    of its words is still the same thing."""
    own, other = (own_key("name", one) for one in (lang, "zh_CN" if lang == "en" else "en"))
    before, after = (str(one.get(own) or one.get(other) or "").casefold() for one in (was, row))
    return is_renamed(row, was, lang) and not _are_alike(before, after)


def _are_alike(before: str, after: str) -> bool:
    from difflib import SequenceMatcher

    one, other = (" ".join(sorted(name.split())) for name in (before, after))
    return SequenceMatcher(None, one, other).ratio() >= ALIKE


def cleared(row: Row, was: Row, lang: str) -> dict[str, Any]:
    """Return the fields that a service which was `was` gives up with its name: what stands there word for word still,
    empty.

    What the hall has written itself stays; suggestions never do. A name in the hall's other language goes where only
    its own was changed.
    """
    found: dict[str, Any] = {}
    for key in OF_A_SERVICE:
        before, now = was.get(key), row.get(key)
        if key in BY_ROWS:
            own = [one for one in now or () if one not in (before or ())]
            if len(own) < len(now or ()):
                found[key] = own
        elif now and now == before:
            found[key] = EMPTY.get(key, "")
    if {"papers_version", "papers_date"} <= found.keys() and found.get("papers", row.get("papers")):
        found = {key: value for key, value in found.items() if key not in ("papers_version", "papers_date")}
    if row.get(SUGGESTED):
        found[SUGGESTED] = {}
    other = own_key("name", "zh_CN" if lang == "en" else "en")
    if row.get(other) and row.get(other) == was.get(other):
        found[other] = ""
    return found


def alone(row: Row, was: Row) -> dict[str, Any]:
    """Return a change of a row in a hall that uses one language: a text that is given stands alone, so what the row had
    of it in the other language goes."""
    return {**{f"{key}_en": "" for key in row if was.get(f"{key}_en")}, **row}


def called_first(preset: str, services: Sequence[Row]) -> str:
    """Return the service that a hall of this kind calls first unless it says otherwise, "" for none."""
    if preset not in MEDICAL:
        return ""
    names = {str(row["code"]): f"{row.get('name') or ''} {row.get('name_en') or ''}".casefold() for row in services}
    return next((code for code, name in names.items() if any(word in name for word in EMERGENCIES)), "")


def begun(document: Row) -> dict[str, Any]:
    """Return a preset as a person begins with it in windows: without names that only that person knows, its facts as
    suggestions, and none of the program's own sentences and reasons that customers read.

    The hall has no name and no code, its windows no way. People are the admin and as many clerks as there are windows,
    none of them named yet.
    """
    windows = [{**row, "zone": "", "zone_en": "", "arrow": ""} for row in document["windows"]]
    admin = _nobody("AD", Role.ADMIN)
    clerks = [_nobody(f"C{n}", Role.CLERK) for n in range(1, len(windows) + 1)]
    hall = {**document["hall"], "code": "", "name": "", "name_en": "", "rating_reasons": []}
    begin = {**suggesting(document), "windows": windows, "staff": [admin, *clerks]}
    return {**begin, "hall": hall, "notices": [], "sentences": dict.fromkeys(MAY_BE_NONE)}


def suggesting(document: Row) -> dict[str, Any]:
    """Return a preset whose facts are suggestions: customers read none of them until somebody of the hall keeps them.
    Nor do kiosks offer its priority classes."""
    classes = [{**row, "staff_only": True} if row["code"] not in NOT_CHOSEN else row for row in document["classes"]]
    return {**document, "services": [with_suggestions(row) for row in document["services"]], "classes": classes}


def without_facts(document: Row) -> dict[str, Any]:
    """Return a preset without its facts."""
    begin = suggesting(document)
    rows = [{key: value for key, value in row.items() if key != SUGGESTED} for row in begin["services"]]
    return {**begin, "services": rows}


def with_story(document: Row, story: Row) -> dict[str, Any]:
    """Return a preset as the hall of a story, such as the demo's: with its name, people, ways and notices. A preset by
    itself has none that are made up. The hall has the windows that the story names, and every service of the preset."""
    spoken = story["hall"].get("languages", ())
    own = in_one_language(document, spoken[0]) if len(spoken) == 1 else document
    services = {row["code"]: row for row in story["services"]}
    windows = {row["code"]: row for row in own["windows"]}
    return {
        **own,
        **story,
        "hall": {**own["hall"], **story["hall"]},
        "services": [{**row, **services.get(row["code"], {})} for row in own["services"]],
        "windows": [{**windows[row["code"]], **row} for row in story["windows"]],
    }


def without_nobody(people: Sequence[Row]) -> list[Row]:
    """Return the people who have a name: a row that nobody filled in is nobody."""
    return [row for row in people if any(str(row.get(key) or "").strip() for key in ("name", "name_en"))]


def _nobody(code: str, role: Role) -> dict[str, Any]:
    return {"code": code, "name": "", "name_en": "", "role": str(role), "skills": []}
