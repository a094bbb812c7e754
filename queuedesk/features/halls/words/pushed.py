"""A push of one hall's set-up to others in words: what is pushed, what it changes, what became of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from queuedesk.core.appraisal import PART as SCHEME
from queuedesk.core.errors import RuleError
from queuedesk.core.setup.field_kinds import fields_of
from queuedesk.core.setup.file import HALL_RULES
from queuedesk.core.setup.hall import CALENDAR
from queuedesk.core.setup.rows import ROWS, Setup
from queuedesk.features.halls.rules import RULES, SERVICES, SHEETS, TARGETS, WORDS, Difference, HallThere
from queuedesk.i18n.catalogue import _, current, mark, n_, tr
from queuedesk.i18n.moments import date_short, listing, named, said
from queuedesk.i18n.refusals import say

_SECTIONS = {
    WORDS: mark("Words", context="push"),
    SERVICES: mark("Services with their items", context="push"),
    RULES: mark("Rules", context="set-up"),
    SCHEME: mark("Scheme of the person's sheet", context="push"),
    SHEETS: mark("Inspection sheets", context="push"),
    TARGETS: mark("Targets", context="set-up"),
    CALENDAR: mark("Calendar", context="field"),
}
_CONTEXTS = {RULES: "set-up", TARGETS: "set-up", CALENDAR: "field"}
_BECAME = {
    "push": mark("taken", context="push"),
    "due": mark("waits until nobody is there", context="push"),
    "back": mark("taken back", context="push"),
    "refused": mark("not taken", context="push"),
    "nothing": mark("nothing left to change", context="push"),
    None: mark("not seen from this PC", context="push"),
}
NOTHING = "—"


def section_word(section: str) -> str:
    return tr(current(), _SECTIONS[section], context=_CONTEXTS.get(section, "push"))


def changes_word(n: int) -> str:
    """Return how much a hall takes: "4 changes"."""
    return n_("{n} change", "{n} changes", n, context="push")


def place_word(one: Difference, setup: Setup) -> str:
    """Return what a difference is about: "A Pay a bill: English name"; `setup` is that of the hall it comes from."""
    if one.part == "settings":
        return said(HALL_RULES[one.code].title) if one.code in HALL_RULES else one.code
    if one.part == CALENDAR:
        return date_short(date.fromisoformat(one.code))
    if one.part in ("sentences", SCHEME):
        return said(fields_of(ROWS[one.part])[one.code].title)
    if one.part == "services":
        service = setup.services.get(one.code)
        row = one.code if service is None else f"{service.prefix} {named(service.name, service.name_en)}"
    elif one.part == "notices":
        row = _("Notice", context="push")
    else:
        row = one.code
    if not one.field:
        return _("{row}, new", context="push", row=row)
    return _("{row}: {field}", context="push", row=row, field=said(fields_of(ROWS[one.part])[one.field].title))


def value_word(value: Any) -> str:
    """Return a value of the set-up file in a few words; a row and a list by their names."""
    if value is None or value in ("", [], {}):
        return NOTHING
    if isinstance(value, bool):
        return _("yes", context="push") if value else _("no", context="push")
    if isinstance(value, Mapping):
        name = named(str(value.get("name") or value.get("text") or ""), value.get("name_en") or value.get("text_en"))
        return name or listing([str(one) for one in value.values() if one not in (None, "")])
    if isinstance(value, Sequence) and not isinstance(value, str):
        return listing([value_word(one) for one in value])
    return str(value)


def change_line(one: Difference, own: Setup) -> str:
    """Return a difference in a line: what it is, now and then, and who changed it there."""
    now, then = value_word(one.now), value_word(one.then)
    text = _("{place}: {now} → {then}", context="push", place=place_word(one, own), now=now, then=then)
    return f"{text}  ({changed_word(one, own)})" if one.is_own else text


def changed_word(one: Difference, own: Setup) -> str:
    """Return who changed it there and when: "changed there 3 Oct by WM"; "" for what nobody did."""
    if one.at is None:
        return ""
    when = date_short(own.local(one.at))
    return _("changed there {date} by {who}", context="push", date=when, who=one.by)


def hall_line(one: HallThere, own: Setup) -> str:
    """Return what a push does in a hall, in a line."""
    return f"{one.code}  {named(one.name, one.name_en)}  {listing(hall_parts(one, own))}"


def hall_parts(one: HallThere, own: Setup) -> list[str]:
    """Return what there is to say of a hall: how much it takes, its own words, that it is away, why it can't."""
    if one.is_source:
        return [_("where it comes from", context="push")]
    if not one.found:
        return [_("nothing to change", context="push")]
    parts = [changes_word(len(one.found))]
    if one.refused is not None:
        parts.append(refusal_word(one.refused))
    if one.own_since is not None:
        since = date_short(own.local(one.own_since))
        parts.append(_("changed there itself since {date}, left out", context="push", date=since))
    if one.silent_since is not None:
        parts.append(_("no station works there now", context="push"))
    return parts


def refusal_word(error: RuleError) -> str:
    """Return why a hall can't take it."""
    return _("can't take it: {why}", context="push", why=say(error))


def became_word(became: str | None) -> str:
    """Return what became of a push in a hall."""
    return tr(current(), _BECAME[became], context="push")


def pushed_line(row: Mapping[str, Any], at: datetime) -> str:
    """Return a push in a line: its number, when, what, and what became of it in how many halls."""
    what = listing([section_word(one) for one in row["what"]])
    return f"{row['n']}  {date_short(at)}  {row['by']}  {what}: {_all_became(row)}"


def last_line(row: Mapping[str, Any], at: datetime) -> str:
    """Return the last push as a sentence's beginning: when, by whom, what, and what became of it."""
    what = listing([section_word(one) for one in row["what"]])
    return _(
        "Pushed {date} by {who}, {what}: {became}",
        context="push",
        date=date_short(at),
        who=row["by"],
        what=what,
        became=_all_became(row),
    )


def _all_became(row: Mapping[str, Any]) -> str:
    counts: dict[str | None, int] = {}
    for one in row["halls"]:
        counts[one["became"]] = counts.get(one["became"], 0) + 1
    parts = [f"{became_word(became)} {n}" for became, n in counts.items()]
    if row["until"]:
        parts.append(_("until {date}", context="push", date=date_short(date.fromisoformat(row["until"]))))
    return listing(parts)
