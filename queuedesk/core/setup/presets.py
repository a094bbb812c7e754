"""Presets: the set-ups that come with the program, and what stays of one when a hall adapts it.

Suggestions are facts of a service from a preset that no one in the hall has confirmed. They are in the service's field
`suggested`, apart from the fields that displays, kiosks, tickets and voices read, so no public reader has to check what
may be shown. Accepting a fact moves it into the service's own fields."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from queuedesk.core.features import Wording
from queuedesk.core.network.roles import Role
from queuedesk.core.setup.field_kinds import text_key_in_language
from queuedesk.core.setup.rows import FACT_FIELDS, FACTS, NOT_CHOSEN, SUGGESTED
from queuedesk.core.setup.sentences import MAY_BE_NONE, setup_reduced_to_one_language

Row = Mapping[str, Any]

KEEP, DROP = "keep", "drop"


def undecided_suggestions_by_fact(row: Row) -> dict[str, dict[str, Any]]:
    """Return a service's open suggestions: fields by fact, without facts that the service has of its own."""
    suggested = row.get(SUGGESTED) or {}
    by_fact = {fact: {key: suggested[key] for key in keys if suggested.get(key)} for fact, keys in FACTS.items()}
    return {fact: fields for fact, fields in by_fact.items() if fields and not any(row.get(key) for key in FACTS[fact])}


def service_row_with_facts_suggested(row: Row) -> dict[str, Any]:
    facts = {key: row[key] for key in FACT_FIELDS if row.get(key)}
    plain = {key: value for key, value in row.items() if key not in FACT_FIELDS}
    return {**plain, SUGGESTED: facts} if facts else plain


def same_answer_by_fact(answer: str, facts: Collection[str] = ()) -> dict[str, str]:
    """Return one answer for several facts; without `facts` for all of FACTS."""
    return dict.fromkeys(facts or FACTS, answer)


def fields_changed_by_suggestion_answers(row: Row, answers: Mapping[str, str]) -> dict[str, Any]:
    """Return the fields of a service that change when suggestions are accepted or dropped: `answers` are KEEP or DROP
    by fact. Empty where none of these facts is open."""
    suggestions = undecided_suggestions_by_fact(row)
    chosen = {fact: fields for fact, fields in suggestions.items() if fact in answers}
    if not chosen:
        return {}
    accepted = [fields for fact, fields in chosen.items() if answers[fact] == KEEP]
    undecided = [fields for fact, fields in suggestions.items() if fact not in chosen]
    return {**_merge_fields(accepted), SUGGESTED: _merge_fields(undecided)}


def _merge_fields(parts: Iterable[Row]) -> dict[str, Any]:
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
"""Names of the presets, in the order in which they are offered."""

OF_A_SERVICE = (
    *("about", "about_en", "group", "group_en", "fees", "fees_en", "steps", "steps_en", "message", "message_en"),
    *("papers", "items", "papers_version", "papers_date", "handling_target", "form_free"),
)
"""Fields of a preset's service, besides name, letter, numbers and hours, that are true of that service alone."""
EMERGENCY_WORDS = ("emergenc", "urgent", "急诊", "急救")
"""Parts of names of services that do not wait in turn at a clinic."""
MEDICAL_PRESETS = ("clinic", "pharmacy")
# "Blood tests" and "Blood test" are 0.95 alike, "Pay a bill" and "Pay bills" 0.84, "Loans" and "Returns" 0.67.
LEAST_SIMILARITY = 0.8
BY_ROWS = ("papers", "items")
EMPTY_VALUES: Mapping[str, Any] = {"papers": [], "items": [], "handling_target": None, "form_free": False}


def is_service_renamed(row: Row, was: Row, lang: str) -> bool:
    own, other = (text_key_in_language("name", one) for one in (lang, "zh_CN" if lang == "en" else "en"))
    return bool((row.get(own) or row.get(other)) != (was.get(own) or was.get(other)))


def is_renamed_to_different_thing(row: Row, was: Row, lang: str) -> bool:
    """Whether the new name is that of another thing; a corrected spelling, a plural or another order of words is still
    the same thing."""
    own, other = (text_key_in_language("name", one) for one in (lang, "zh_CN" if lang == "en" else "en"))
    before, after = (str(one.get(own) or one.get(other) or "").casefold() for one in (was, row))
    return is_service_renamed(row, was, lang) and not _are_names_similar(before, after)


def _are_names_similar(before: str, after: str) -> bool:
    from difflib import SequenceMatcher

    first, second = (" ".join(sorted(name.split())) for name in (before, after))
    return SequenceMatcher(None, first, second).ratio() >= LEAST_SIMILARITY


def service_fields_to_clear_on_rename(row: Row, was: Row, lang: str) -> dict[str, Any]:
    """Return the fields to empty when a service is renamed: texts that are unchanged since they were its preset's, all
    suggestions, and the name in the hall's other language if only its own changed."""
    emptied: dict[str, Any] = {}
    for key in OF_A_SERVICE:
        before, now = was.get(key), row.get(key)
        if key in BY_ROWS:
            added = [entry for entry in now or () if entry not in (before or ())]
            if len(added) < len(now or ()):
                emptied[key] = added
        elif now and now == before:
            emptied[key] = EMPTY_VALUES.get(key, "")
    if {"papers_version", "papers_date"} <= emptied.keys() and emptied.get("papers", row.get("papers")):
        emptied = {key: value for key, value in emptied.items() if key not in ("papers_version", "papers_date")}
    if row.get(SUGGESTED):
        emptied[SUGGESTED] = {}
    other_name = text_key_in_language("name", "zh_CN" if lang == "en" else "en")
    if row.get(other_name) and row.get(other_name) == was.get(other_name):
        emptied[other_name] = ""
    return emptied


def row_clearing_other_language(row: Row, was: Row) -> dict[str, Any]:
    """Return a change of a row in a hall with one language: a new text also clears the other language's."""
    return {**{f"{key}_en": "" for key in row if was.get(f"{key}_en")}, **row}


def default_first_called_service(preset: str, services: Sequence[Row]) -> str:
    """Return the service that a hall of this kind calls first by default, "" for none."""
    if preset not in MEDICAL_PRESETS:
        return ""
    names = {str(row["code"]): f"{row.get('name') or ''} {row.get('name_en') or ''}".casefold() for row in services}
    return next((code for code, name in names.items() if any(word in name for word in EMERGENCY_WORDS)), "")


def preset_as_new_hall(document: Row) -> dict[str, Any]:
    """Return a preset as the start of a new hall: facts are suggestions; names that only the hall knows are empty, and
    so are sentences and reasons that customers would read. The hall has no name or code, windows have no directions.
    Staff are the admin and as many clerks as windows, all unnamed."""
    windows = [{**row, "zone": "", "zone_en": "", "arrow": ""} for row in document["windows"]]
    admin = _unnamed_person("AD", Role.ADMIN)
    clerks = [_unnamed_person(f"C{n}", Role.CLERK) for n in range(1, len(windows) + 1)]
    hall = {**document["hall"], "code": "", "name": "", "name_en": "", "rating_reasons": []}
    begin = {**preset_with_facts_as_suggestions(document), "windows": windows, "staff": [admin, *clerks]}
    return {**begin, "hall": hall, "notices": [], "sentences": dict.fromkeys(MAY_BE_NONE)}


def preset_with_facts_as_suggestions(document: Row) -> dict[str, Any]:
    """Return a preset whose facts are suggestions, which customers do not see until staff accept them. Kiosks do not
    offer its priority classes either."""
    classes = [{**row, "staff_only": True} if row["code"] not in NOT_CHOSEN else row for row in document["classes"]]
    return {
        **document,
        "services": [service_row_with_facts_suggested(row) for row in document["services"]],
        "classes": classes,
    }


def preset_without_facts(document: Row) -> dict[str, Any]:
    begin = preset_with_facts_as_suggestions(document)
    rows = [{key: value for key, value in row.items() if key != SUGGESTED} for row in begin["services"]]
    return {**begin, "services": rows}


def preset_merged_with_story(document: Row, story: Row) -> dict[str, Any]:
    """Return a preset as the hall of a story, such as the demo's, with its name, people, directions and notices. The
    hall has the windows of the story, and every service of the preset."""
    spoken = story["hall"].get("languages", ())
    own = setup_reduced_to_one_language(document, spoken[0]) if len(spoken) == 1 else document
    services = {row["code"]: row for row in story["services"]}
    windows = {row["code"]: row for row in own["windows"]}
    return {
        **own,
        **story,
        "hall": {**own["hall"], **story["hall"]},
        "services": [{**row, **services.get(row["code"], {})} for row in own["services"]],
        "windows": [{**windows[row["code"]], **row} for row in story["windows"]],
    }


def people_rows_with_filled_name(people: Sequence[Row]) -> list[Row]:
    return [row for row in people if any(str(row.get(key) or "").strip() for key in ("name", "name_en"))]


def _unnamed_person(code: str, role: Role) -> dict[str, Any]:
    return {"code": code, "name": "", "name_en": "", "role": str(role), "skills": []}
