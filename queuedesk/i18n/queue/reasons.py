"""The reasons a person may pick: a code in the log, its words on the screen. What was typed freely stands for
itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from queuedesk.i18n.catalogue import current, mark, ntr, tr
from queuedesk.i18n.numerals import whole

REASONS: dict[str, tuple[str, ...]] = {
    "park": ("papers_missing", "copying", "department", "system_down", "other"),
    "return": ("wrong_number", "customer_asked", "called_away", "other"),
    "stall": ("own_system", "network", "payment", "department", "device", "other"),
    "pause": ("break", "meal", "meeting", "elsewhere", "system_down", "other"),
    "chosen": ("frail", "deadline", "came_back", "same_visit", "manager_asked", "language", "other"),
    "no_ticket": ("one_question", "came_back", "ticket_lost", "frail", "manager_asked", "other"),
    "front": ("waited_before", "same_visit", "frail", "manager_asked", "other"),
    "note": ("noted_wrongly", "noted_twice"),
    "appointment": ("customer_off", "other_time", "noted_twice", "other"),
    "waive": ("being_mended", "not_today", "customers_wait", "manager_asked", "other"),
    "check_voice": ("silent", "too_quiet", "unclear", "other"),
    "check_display": ("dark", "stuck", "unreadable", "other"),
    "check_printer": ("no_paper", "jammed", "faint", "no_reaction", "other"),
    "help": ("pressed_by_mistake", "solved", "went_away"),
    "void": ("issued_twice", "wrong_service", "test_print", "other"),
}
"""Which reasons are offered for what, in the order of their digits; "other" asks for a few words."""

_WORDS = {
    "papers_missing": mark("Papers missing, gone to fetch them", context="reason"),
    "copying": mark("Copying or filling in a form", context="reason"),
    "department": mark("Another department has to answer", context="reason"),
    "system_down": mark("A system is down", context="reason"),
    "wrong_number": mark("Called by mistake", context="reason"),
    "customer_asked": mark("The customer asked to wait", context="reason"),
    "called_away": mark("I have to leave the window", context="reason"),
    "own_system": mark("The service system does not answer", context="reason"),
    "network": mark("The network is down", context="reason"),
    "payment": mark("Bank or payment system", context="reason"),
    "device": mark("Printer or another device", context="reason"),
    "break": mark("Short break", context="reason"),
    "meal": mark("Meal", context="reason"),
    "meeting": mark("Meeting or training", context="reason"),
    "elsewhere": mark("Helping elsewhere", context="reason"),
    "frail": mark("Old, ill or with a small child", context="reason"),
    "deadline": mark("Has to catch a train or a deadline", context="reason"),
    "came_back": mark("Back with the papers", context="reason"),
    "same_visit": mark("Belongs to the customer just served", context="reason"),
    "language": mark("I speak their language", context="reason"),
    "manager_asked": mark("The manager asked for it", context="reason"),
    "one_question": mark("One short question", context="reason"),
    "ticket_lost": mark("Lost the ticket", context="reason"),
    "waited_before": mark("Has waited long enough", context="reason"),
    "issued_twice": mark("Issued twice", context="reason"),
    "wrong_service": mark("Wrong service chosen", context="reason"),
    "test_print": mark("Test print", context="reason"),
    "noted_wrongly": mark("It was not so", context="reason"),
    "customer_off": mark("The customer cancelled", context="reason"),
    "other_time": mark("Moved to another time", context="reason"),
    "noted_twice": mark("Noted twice", context="reason"),
    "pressed_by_mistake": mark("Pressed by mistake", context="reason"),
    "solved": mark("Solved without help", context="reason"),
    "went_away": mark("The caller has gone", context="reason"),
    "being_mended": mark("It is being repaired", context="reason"),
    "not_today": mark("Not needed today", context="reason"),
    "customers_wait": mark("Customers are waiting already", context="reason"),
    "silent": mark("No sound", context="reason"),
    "too_quiet": mark("Too quiet", context="reason"),
    "unclear": mark("Can't be understood", context="reason"),
    "dark": mark("The screen is dark", context="reason"),
    "stuck": mark("The picture is frozen", context="reason"),
    "unreadable": mark("Can't be read", context="reason"),
    "no_paper": mark("No paper", context="reason"),
    "jammed": mark("The paper is jammed", context="reason"),
    "faint": mark("Too faint to read", context="reason"),
    "no_reaction": mark("It does nothing", context="reason"),
    "undone": mark("taken back at once", context="reason"),
    "not_handed_over": mark("The screen could not hand it over", context="reason"),
    "recorded": mark("As recorded", context="reason"),
    "other": mark("Other", context="reason"),
}
_SHORT = {
    "papers_missing": mark("fetching papers", context="reason"),
    "copying": mark("away copying", context="reason"),
    "department": mark("another department", context="reason"),
    "system_down": mark("system down", context="reason"),
}


def reason_words(reason: str, lang: str | None = None) -> str:
    """Return the words of a reason's code; a reason typed freely unchanged."""
    return tr(lang or current(), _WORDS[reason], context="reason") if reason in _WORDS else reason


def reason_short(reason: str, lang: str | None = None) -> str:
    """Return the shortest words of a reason, for one line of a list."""
    return tr(lang or current(), _SHORT[reason], context="reason") if reason in _SHORT else reason_words(reason, lang)


# -- causes of a long wait, in words ---------------------------------------------------------------------------------


def wait_cause(row: Mapping[str, Any], lang: str | None = None) -> str:
    """Return a cause of a wait, from the document: "window 5: the one before took 31 min"."""
    said, window, kind = lang or current(), row["window"], str(row["kind"])
    minutes = whole(row["minutes"])
    if kind == "free":
        return tr(said, "window {window} was free for {minutes} min", window=window, minutes=minutes)
    if kind == "long_before":
        return tr(
            said,
            "window {window}: the one before took {minutes} min",
            window=window,
            minutes=minutes,
        )
    if kind == "paused":
        return tr(said, "window {window} paused for {minutes} min", window=window, minutes=minutes)
    if kind == "overtaken":
        return ntr(said, "{n} later ticket went first", "{n} later tickets went first", row["n"])
    if kind == "ahead":
        return ntr(said, "{n} person was before it", "{n} people were before it", row["n"])
    known: dict[str, str] = {"few_windows": tr(said, "few windows open"), "arrivals": tr(said, "many arrivals")}
    return known.get(kind, kind)
