"""Which field of the set-up or of a command needs another value, and what would fit."""

from collections.abc import Mapping

from queuedesk.i18n.catalogue import current, mark, tr

FIELDS = {
    "code": mark("Code", context="field"),
    "name": mark("Name", context="field"),
    "name_en": mark("English name", context="field"),
    "about": mark("About", context="field"),
    "phone": mark("Phone", context="field"),
    "timezone": mark("Time zone", context="field"),
    "opens": mark("Opening time", context="field"),
    "closes": mark("Closing time", context="field"),
    "prefix": mark("Letter", context="field"),
    "first": mark("First number", context="field"),
    "last": mark("Last number", context="field"),
    "handling_target": mark("Handling target", context="field"),
    "hours": mark("Ticket hours", context="field"),
    "last_ticket": mark("Last ticket", context="field"),
    "message": mark("Message", context="field"),
    "papers": mark("Papers", context="field"),
    "items": mark("Items", context="field"),
    "minutes": mark("Minutes", context="field"),
    "zone": mark("Zone", context="field"),
    "zone_en": mark("English zone", context="field"),
    "arrow": mark("Way", context="field"),
    "services": mark("Services", context="field"),
    "role": mark("Role", context="field"),
    "skills": mark("Skills", context="field"),
    "pin": mark("PIN", context="field"),
    "credit_minutes": mark("Credit", context="field"),
    "text": mark("Text", context="field"),
    "date": mark("Date", context="field"),
    "from": mark("From", context="field"),
    "to": mark("To", context="field"),
    "reason": mark("Reason", context="field"),
    "comment": mark("Comment", context="field"),
    "window": mark("Window", context="field"),
    "service": mark("Service", context="field"),
    "staff": mark("Staff member", context="field"),
    "value": mark("Value", context="field"),
}

WHYS = {
    "too_long": mark("{field} is too long; please shorten it."),
    "too_short": mark("{field} is too short; please add to it."),
    "not_a_number": mark("{field} needs a number, not {value}."),
    "out_of_range": mark("{field} {value} is out of range; please choose another figure."),
    "not_a_time": mark("{field} needs a time such as 8:30, not {value}."),
    "not_a_date": mark("{field} needs a date such as 2026-11-20, not {value}."),
    "bad_hours": mark("{field} {value} does not fit; please write hours such as 8:30–12:00."),
    "bad_letter": mark("{field} {value} is easily misread or not one letter; I, O, Q, S and Z are left out."),
    "empty": mark("{field} is empty; please fill it in."),
    "not_a_choice": mark("{value} is not among the choices for {field}."),
    "unknown_code": mark("{field}: the code {value} is not known in this hall."),
    "series_overlap": mark("{field}: the numbers {value} are already used by another service with this letter."),
    "after_close": mark("{field} {value} is after closing time; please make it earlier."),
}


def field_word(field: str, lang: str | None = None) -> str:
    """Return what a field is called on screen; a setting's key stays as it is typed."""
    return tr(lang or current(), FIELDS[field], context="field") if field in FIELDS else field


def bad_value(lang: str, details: Mapping[str, object]) -> str:
    """Return the sentence for `field`, `value` and `why`; `limit` names the closing time, the bound or the choices."""
    field, value, why = field_word(str(details["field"]), lang), details.get("value"), str(details["why"])
    if limit := details.get("limit"):
        if why == "after_close":
            return tr(lang, "{field} is after closing time {limit}; please make it earlier.", field=field, limit=limit)
        if why in ("out_of_range", "not_a_choice"):
            return tr(lang, "{field} {value} does not fit; possible: {limit}.", field=field, value=value, limit=limit)
    return tr(lang, WHYS[why], field=field, value=value)
