"""The one word for each state, role and rating level, and the choice between a name and its English."""

from __future__ import annotations

from typing import TYPE_CHECKING

from queuedesk.core.network.roles import UNTOLD
from queuedesk.i18n.catalogue import current, mark, tr

if TYPE_CHECKING:
    from queuedesk.core.wording import Wording

_TICKET = {
    "waiting": mark("Waiting", context="state"),
    "called": mark("Called", context="state"),
    "serving": mark("Serving", context="state"),
    "parked": mark("Set aside", context="state"),
    "missed": mark("Missed", context="state"),
    "finished": mark("Finished", context="state"),
    "left": mark("Left", context="state"),
    "void": mark("Void", context="state"),
}
_WINDOW = {
    "open": mark("Open", context="state"),
    "paused": mark("Paused", context="state"),
    "closed": mark("Closed", context="state"),
}
_ROLE = {
    "guide": mark("Front desk", context="role"),
    "clerk": mark("Window staff", context="role"),
    "manager": mark("Manager", context="role"),
    "admin": mark("Admin", context="role"),
    "reader": mark("Reader", context="role"),
}
_NEED = {
    "blind": mark("Blind", context="need"),
    "wheelchair": mark("Wheelchair", context="need"),
    "deaf": mark("Hard of hearing", context="need"),
    "other": mark("Needs help", context="need"),
}
_KIND = {
    "service": mark("service", context="kind"),
    "item": mark("item", context="kind"),
    "window": mark("window", context="kind"),
    "staff": mark("staff member", context="kind"),
    "class": mark("class", context="kind"),
    "notice": mark("notice", context="kind"),
    "day_note": mark("note on a day", context="kind"),
    "total": mark("total of another channel", context="kind"),
    "indicator": mark("indicator", context="kind"),
    "appointment": mark("appointment", context="kind"),
    "target": mark("target", context="kind"),
    "message": mark("message", context="kind"),
    "thanks": mark("note of thanks", context="kind"),
    "words": mark("saved text", context="kind"),
    "row": mark("row", context="kind"),
    "version": mark("version", context="kind"),
    "dispute": mark("disputed row", context="kind"),
    "reference_note": mark("note by reference number", context="kind"),
    "warning": mark("warning", context="kind"),
    "export": mark("export", context="kind"),
    "forum": mark("forum", context="kind"),
    "issue": mark("issue", context="kind"),
    "help_call": mark("call for help", context="kind"),
    "sentence": mark("ready sentence", context="kind"),
    "shift": mark("planned shift", context="kind"),
    "pay_day": mark("busy bill day", context="kind"),
    "calendar_day": mark("day of the calendar", context="kind"),
    "card": mark("contingency card", context="kind"),
    "step": mark("step", context="kind"),
    "case": mark("case", context="kind"),
    "sheet": mark("score sheet", context="kind"),
    "partner": mark("place", context="kind"),
    "wording": mark("trial of words", context="kind"),
    "push": mark("push to other halls", context="kind"),
    "inspection": mark("inspection", context="kind"),
    "briefing": mark("briefing", context="kind"),
    "rectification": mark("matter to put right", context="kind"),
    "project": mark("improvement project", context="kind"),
    "cause": mark("cause", context="kind"),
    "evidence": mark("piece of evidence", context="kind"),
    "measure": mark("measure", context="kind"),
    "standard": mark("proposed standard", context="kind"),
    "state": mark("cited figure", context="kind"),
    "training": mark("training", context="kind"),
    "need": mark("need of training", context="kind"),
}
_PARTS = {
    "services": "service",
    "items": "item",
    "windows": "window",
    "classes": "class",
    "notices": "notice",
    "targets": "target",
    "roster": "shift",
    "pay_days": "pay_day",
    "calendar": "calendar_day",
    "cards": "card",
    "sheets": "sheet",
    "partners": "partner",
    "pushes": "push",
}
_LEVEL = {
    5: mark("Very satisfied", context="rating"),
    4: mark("Satisfied", context="rating"),
    3: mark("OK", context="rating"),
    2: mark("Dissatisfied", context="rating"),
    1: mark("Very dissatisfied", context="rating"),
    UNTOLD: mark("not shown on this PC", context="rating"),
}


def ticket_state(state: str, lang: str | None = None) -> str:
    """Return the word for a ticket's state, as in `waiting called serving …`."""
    return tr(lang or current(), _TICKET[state], context="state")


def window_state(state: str, lang: str | None = None) -> str:
    """Return the word for a window's state: open, paused or closed."""
    return tr(lang or current(), _WINDOW[state], context="state")


def role(code: str, lang: str | None = None) -> str:
    """Return the word for a role: guide, clerk, manager or admin."""
    return tr(lang or current(), _ROLE[code], context="role")


def need_word(code: str, lang: str | None = None) -> str:
    """Return the word for why a customer is fetched, one of core/queue/ticket.py's NEEDS; "" for none."""
    return tr(lang or current(), _NEED[code], context="need") if code in _NEED else code


def rating_level(level: int, lang: str | None = None) -> str:
    """Return the words for a rating level, 5 the best and 1 the worst, or UNTOLD."""
    return tr(lang or current(), _LEVEL[level], context="rating")


def kind(code: str, lang: str | None = None) -> str:
    """Return the word for one row of a part of the set-up, inside a sentence; `code` is window or the part's name,
    windows."""
    return tr(lang or current(), _KIND[_PARTS.get(code, code)], context="kind")


def is_part(code: str) -> bool:
    """Return whether `code` names a part of the set-up that `kind` has a word for."""
    return _PARTS.get(code, code) in _KIND


def said(words: Wording, **values: object) -> str:
    """Return a text that a declaration names, in the current language; "" without one."""
    return tr(current(), words.text, context=words.context, **values) if words.text else ""


def named(name: str, name_en: str | None, lang: str | None = None) -> str:
    """Return a set-up name in `lang`: where the set-up has it in one language only, that one stands in."""
    return (name_en or name) if (lang or current()) == "en" else (name or name_en or "")
