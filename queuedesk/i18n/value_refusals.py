"""Which field of the set-up or of a command needs another value, and what would fit."""

from collections.abc import Mapping
from decimal import Decimal

from queuedesk.core.imports import COMMA, POINT
from queuedesk.core.setup import field_kinds
from queuedesk.core.setup.file import WHOLE
from queuedesk.core.setup.rows import ROWS, Setup
from queuedesk.i18n.catalogue import current_language, mark, tr
from queuedesk.i18n.moments import figure_range, is_setup_part_with_word, list_text, setup_part_row_word

LONGEST_SHOWN = 40


def _labels_of_row_class(kind: type) -> dict[str, str]:
    """Return the labels of a kind of row and of the rows inside it; of two with one name the row's own comes first."""
    own = field_kinds.fields_of_row_class(kind).values()
    inside = [_labels_of_row_class(field.kind.row) for field in own if field.kind.row is not None]
    return {
        **{key: label for labels in reversed(inside) for key, label in labels.items()},
        **{field.key: field.label for field in own if field.label},
    }


LABELS = {
    key: label for kind in (Setup, *reversed(list(ROWS.values()))) for key, label in _labels_of_row_class(kind).items()
} | {
    f"{part}.{key}": one.label
    for part in ("hall", *WHOLE)
    for key, one in field_kinds.fields_of_row_class(ROWS[part]).items()
    if one.label
}
"""What the set-up's fields are called, by their names; those of a part of one row by their whole names too."""
FIELDS = LABELS | {
    "count": mark("Number of tickets", context="field"),
    "hall": mark("Hall", context="field"),
    "windows": mark("Windows", context="field"),
    "classes": mark("Classes", context="field"),
    "notices": mark("Notices", context="field"),
    "targets": mark("Targets", context="field"),
    "settings": mark("Settings", context="field"),
    "setup": mark("Set-up", context="field"),
    "pin": mark("PIN", context="field"),
    "date": mark("Date", context="field"),
    "time": mark("Time", context="field"),
    "contact": mark("Contact", context="field"),
    "ref": mark("Reference", context="field"),
    "reason": mark("Reason", context="field"),
    "comment": mark("Comment", context="field"),
    "window": mark("Window", context="field"),
    "service": mark("Service", context="field"),
    "staff": mark("Staff member", context="field"),
    "kind": mark("Kind", context="field"),
    "leg": mark("Step", context="field"),
    "outcome": mark("Outcome", context="field"),
    "note": mark("Note", context="field"),
    "delivered": mark("Delivered", context="field"),
    "started": mark("Start", context="field"),
    "finished": mark("End", context="field"),
    "item": mark("Item", context="field"),
    "rating": mark("Rating", context="field"),
    "roster": mark("Roster", context="field"),
    "calendar": mark("Calendar", context="field"),
    "cards": mark("Contingency cards", context="field"),
    "sheets": mark("Score sheets", context="field"),
    "label": mark("New words", context="field"),
    "label_en": mark("New words in English", context="field"),
    "weeks": mark("Weeks", context="field"),
    "partners": mark("Other places", context="field"),
    "former": mark("Former names", context="field"),
    "station": mark("Station", context="field"),
    "tag": mark("Reason of the rating", context="field"),
    "channel": mark("Channel", context="field"),
    "site": mark("Site", context="field"),
    "period": mark("Month or date", context="field"),
    "amount": mark("Amount", context="field"),
    "total": mark("Count", context="field"),
    "score": mark("Score", context="field"),
    "scale": mark("Scale", context="field"),
    "weight": mark("Weight", context="field"),
    "source": mark("Source", context="field"),
    "year": mark("Year", context="field"),
    "change": mark("Change", context="field"),
    "begins": mark("From when", context="field"),
    "display": mark("Display", context="field"),
    "place": mark("Place", context="field"),
    "screen": mark("Screen", context="field"),
    "layout": mark("Layout", context="field"),
    "size": mark("Size", context="field"),
    "title": mark("In a few words", context="field"),
    "distance_m": mark("Distance", context="field"),
    "day": mark("Date", context="field"),
    "visitor": mark("Visitor's number", context="field"),
    "outsider": mark("Supervisor from outside", context="field"),
    "taken": mark("Deduction", context="field"),
    "words": mark("Reason", context="field"),
    "photo": mark("Photo", context="field"),
    "claimed": mark("Wait on the sheet", context="field"),
    "issue": mark("Finding", context="field"),
    "attendees": mark("How many came", context="field"),
    "said": mark("What was said", context="field"),
    "owner": mark("Owner", context="field"),
    "due": mark("Due", context="field"),
    "proof": mark("Proof", context="field"),
    "figure": mark("Figure", context="field"),
    "alarm": mark("Alarm line", context="field"),
    "next": mark("Next step", context="field"),
    "cause": mark("Cause", context="field"),
    "bone": mark("Branch", context="field"),
    "evidence": mark("Evidence", context="field"),
    "cited": mark("What is cited", context="field"),
    "counted": mark("Counted by hand", context="field"),
    "where": mark("Where", context="field"),
    "cost": mark("Cost", context="field"),
    "done": mark("Done on", context="field"),
    "switches": mark("Switches", context="field"),
    "step_s": mark("Seconds a step", context="field"),
    "attended": mark("Participants", context="field"),
    "class": mark("Class", context="field"),
    "points": mark("Points", context="field"),
    "points_en": mark("Points in English", context="field"),
    "what": mark("What", context="field"),
    "until": mark("Until", context="field"),
    "speaks": mark("Language spoken", context="field"),
    "need": mark("Need", context="field"),
    "to_staff": mark("Staff member", context="field"),
    "part": mark("Part of the set-up", context="field"),
    "failed": mark("What is broken", context="field"),
    "device": mark("Device", context="field"),
    "facts": mark("What customers are shown", context="field"),
    "page": mark("Page", context="field"),
}

WHYS = {
    "bad_sign": mark("{field} holds a character that can't be kept; please type it again."),
    "too_long": mark("{field} is too long; please shorten it."),
    "has_contact": mark("{field}: every PC reads it, so please leave out numbers and addresses of people."),
    "no_number": mark("{field}: the number is missing; please put {{ticket}} where it is to be said."),
    "too_short": mark("{field} is too short; please add to it."),
    "not_a_number": mark("{field} needs a number, not {value}."),
    "out_of_range": mark("{field}: {value} is out of range; please choose another figure."),
    "not_a_time": mark("{field} needs a time such as 8:30, not {value}."),
    "not_a_break": mark("{field} needs start and minutes such as 11:30/40, not {value}."),
    "not_a_period": mark("{field} needs a month or a date such as 2026-10 or 2026-10-03, not {value}."),
    "not_a_date": mark("{field} needs a date such as 2026-11-20, not {value}."),
    "bad_hours": mark("{field}: {value} does not fit; please write hours such as 8:30–12:00."),
    "bad_voice_hours": mark(
        "{field}: {value} does not fit; please write a time, speed and volume such as 8:00 100 90."
    ),
    "bad_letter": mark("{field}: {value} does not fit; please use capital letters, but not I, O, Q, S or Z."),
    "closed_has_hours": mark("{field}: a closed day has no hours; please leave it empty."),
    "empty": mark("{field} is empty; please fill it in."),
    "not_a_choice": mark("{value} is not among the choices for {field}."),
    "unknown_code": mark("{field}: the code {value} is not known in this hall."),
    "series_overlap": mark(
        "{field}: services with the letter {value} share one series; please give them the same numbers."
    ),
    "series_again": mark(
        "{field}: a number has three letters at most, and the letters {value} are repeated for numbers that start again; another service must not have these."
    ),
    "after_close": mark("{field}: {value} is after closing time; please make it earlier."),
    "not_held": mark("{field}: {value} is still to come; please choose a date up to today."),
    "is_over": mark("{field}: {value} is over; please choose a later time."),
    "not_today": mark("{field}: {value} is not on this business day; please choose an earlier time."),
    "not_in_emergency": mark(
        "An emergency goes to the whole hall at once, until somebody ends it; {field} can't be set."
    ),
    "not_with_zone": mark("A notice goes to a zone or to one display, not to both; please leave one out."),
    "not_a_logo": mark("{field}: {value} is no small picture of black and white dots; please choose a picture file."),
    "not_a_picture": mark("{field}: {value} is no picture that can be read; please choose a PNG or JPEG."),
    "no_onlooker": mark("{field}: {value} does not fit; please write the hall and the person, such as A/M1."),
    "no_web_address": mark("{field}: {value} does not fit; please write it such as http://192.168.1.20:8080."),
    "before_opening": mark("{field}: {value} is not after the opening time; please make it later."),
}


def field_word(field: str, lang: str | None = None) -> str:
    """Return a field's name: "last_ticket", or "services.B.last_ticket" with its service. A setting's key, and anything
    else without a word, stays as typed."""
    lang = lang or current_language()
    steps = field.split(".")
    own = field if field in FIELDS else next((step for step in reversed(steps) if step in FIELDS), field)
    word = tr(lang, FIELDS[own], context="field") if own in FIELDS else field
    owner = steps[2:4] if steps[2:3] == ["items"] and len(steps) > 4 else steps[:2]
    if len(steps) < 3 or not is_setup_part_with_word(owner[0]):
        return word
    return tr(lang, "{field} of {kind} {code}", field=word, kind=setup_part_row_word(owner[0], lang), code=owner[1])


def bad_value_text(lang: str, details: Mapping[str, object]) -> str:
    """Return the sentence for `field`, `value` and `why`; `limit` names the closing time, the bound or the choices."""
    field, why = field_word(str(details["field"]), lang), str(details["why"])
    if details["field"] == "pin":  # what was typed is never repeated
        return tr(lang, "A PIN has 4 to 12 digits; please type another one.")
    if details.get("value", why) in (None, ""):
        return tr(lang, WHYS["empty"], field=field)
    value = _value_text(details.get("value"))
    if limit := details.get("limit"):
        if why == "after_close":
            return tr(lang, "{field} is after closing time {limit}; please make it earlier.", field=field, limit=limit)
        if why == "before_opening":
            return tr(
                lang, "{field} is not after the opening time {limit}; please make it later.", field=field, limit=limit
            )
        if why in ("out_of_range", "not_a_choice"):
            possible = list_text(limit, lang) if isinstance(limit, (list, tuple)) else limit
            return tr(
                lang, "{field}: {value} does not fit; possible: {limit}.", field=field, value=value, limit=possible
            )
    return tr(lang, WHYS[why], field=field, value=value)


def _value_text(value: object) -> str:
    """Return a value that came in, short enough for a sentence; hours as a range."""
    if isinstance(value, Mapping) and "from" in value and "to" in value:
        return figure_range(value["from"], value["to"])
    text = str(value)
    return text if len(text) <= LONGEST_SHOWN else text[: LONGEST_SHOWN - 1] + "…"


def weights_not_100_percent_text(lang: str, details: Mapping[str, object]) -> str:
    """Return what the weights of a scheme lack, or have too much."""
    left = int(str(details["left"]))
    if left > 0:
        return tr(lang, "The weights have to add up to 100 %; {n} % is missing.", n=left)
    return tr(lang, "The weights have to add up to 100 %; {n} % is too much.", n=-left)


DECIMALS, LONGEST_CELL = 4, 12
_SIGNS = {
    POINT: mark("point", context="sign in a number"),
    COMMA: mark("comma", context="sign in a number"),
    " ": mark("space", context="sign in a number"),
    "'": mark("apostrophe", context="sign in a number"),
}


def two_readings_text(lang: str, details: Mapping[str, object]) -> str:
    """Return the question what a cell means, with what may be said on the command line."""
    one, two = cell_readings_to_choose_from(details)
    told = {
        "column": str(details["column"]),
        "text": shortened_cell_text(str(details["text"])),
        "one": one[1],
        "two": two[1],
    }
    if details["asks"] == "decimal":
        return tr(
            lang,
            "In the column {column}, {text} can be {one} or {two}; please say what the decimal sign is (--decimal point or --decimal comma).",
            **told,
        )
    return tr(
        lang,
        "In the column {column}, {text} can be {one} or {two}; please say what 100 % is written as (--whole 1 or --whole 100).",
        **told,
    )


def cell_readings_to_choose_from(details: Mapping[str, object]) -> list[tuple[str, str]]:
    """Return what may be said of a cell that can be read in two ways, each with the cell's value by it."""
    values = details["values"]
    assert isinstance(values, Mapping)
    return [(said, value_text(value, is_count=bool(details["is_count"]))) for said, value in values.items()]


def value_text(value: Decimal, *, is_count: bool) -> str:
    """Return "53,000", or "95.7 %" with four decimals at most."""
    return f"{int(value):,}" if is_count else f"{round(value, min(DECIMALS, _decimal_places(value))):f} %"


def _decimal_places(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def shortened_cell_text(text: str) -> str:
    """Return a cell as it was typed, cut where a spreadsheet's arithmetic left more digits than anybody reads."""
    return text if len(text) <= LONGEST_CELL else f"{text[:LONGEST_CELL]}…"


def digit_separator_word(sign: str, lang: str) -> str:
    """Return the word for a sign between digits."""
    return tr(lang, _SIGNS[sign], context="sign in a number")
