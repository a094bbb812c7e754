"""What paper days say: actions and columns, what is wrong with a row, what came of a file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from queuedesk.core.errors import QueueDeskError, RuleError
from queuedesk.core.network.roles import Role
from queuedesk.core.setup.rows import Setup
from queuedesk.i18n import (
    LANGUAGES,
    _,
    current_language,
    date_for_staff,
    error_sentence,
    list_text,
    mark,
    n_,
    name_in_language,
    tr,
)

ACTIONS = {
    "issue": mark("Issued", context="event"),
    "call": mark("Call", context="event"),
    "start": mark("Start", context="event"),
    "finish": mark("Finished", context="event"),
    "rate": mark("Rating", context="event"),
    "recall": mark("Recall", context="event"),
    "miss": mark("Missed", context="event"),
    "leave": mark("Left", context="event"),
    "serve": mark("Served without a ticket", context="event"),
    "not-ready": mark("Came without papers", context="paper row"),
    "transfer": mark("Transfer", context="event"),
    "redirect": mark("Wrong window", context="event"),
    "add": mark("Add a service", context="event"),
    "return": mark("Put back in line", context="event"),
    "reinstate": mark("Back in line", context="event"),
    "postpone": mark("Let one go first", context="event"),
    "park": mark("Set aside", context="event"),
    "unpark": mark("Continue", context="event"),
    "stall": mark("Waiting for a system", context="event"),
    "unstall": mark("System is back", context="event"),
    "reopen": mark("Reopened", context="event"),
    "defer": mark("Put off to tomorrow", context="event"),
    "void": mark("Void", context="event"),
    "open": mark("Window opened", context="paper row"),
    "pause": mark("Window paused", context="paper row"),
    "resume": mark("Window resumes", context="paper row"),
    "close": mark("Window closed", context="paper row"),
    "day-end": mark("End of the day", context="event"),
}
_OWN = frozenset({"not-ready", "open", "pause", "resume", "close"})
MOST_NAMED = 12


def action_word(action: str) -> str:
    """Return the word for an action; anything else unchanged."""
    if action not in ACTIONS:
        return action
    return tr(current_language(), ACTIONS[action], context="paper row" if action in _OWN else "event")


def actions_by_word() -> dict[str, str]:
    """Return the actions by what they are called in any language, in small letters; a word of several is left out."""
    named: dict[str, set[str]] = {}
    for lang in LANGUAGES:
        for action, text in ACTIONS.items():
            word = tr(lang, text, context="paper row" if action in _OWN else "event")
            named.setdefault(word.lower(), set()).add(action)
    return {word: actions.pop() for word, actions in named.items() if len(actions) == 1 and word not in ACTIONS}


def paper_column_titles() -> dict[str, str]:
    """Return the titles of the columns by their names in a file, "" for a row's problem."""
    return {
        "time": _("Time", context="paper row"),
        "action": _("What happened", context="paper row"),
        "ticket": _("Ticket", context="paper row"),
        "service": _("Service", context="paper row"),
        "window": _("Window", context="paper row"),
        "staff": _("Who", context="paper row"),
        "class": _("Class", context="paper row"),
        "value": _("Result", context="paper row"),
        "reason": _("Reason", context="paper row"),
        "": _("To fix", context="paper row"),
    }


def cell_choices_by_column(setup: Setup) -> dict[str, list[tuple[str, str]]]:
    """Return the possible values of a column, as (code, words), if they are known. "clerk" has the people who may open
    a window, "letter" the letter and code of each service that is alone in using its letter."""
    services, people = setup.services.values(), setup.staff.values()
    letters = [s.prefix for s in services]
    return {
        "clerk": [(p.code, f"{p.code} {name_in_language(p.name, p.name_en)}") for p in people if p.role != Role.GUIDE],
        "letter": [(s.prefix, s.code) for s in services if letters.count(s.prefix) == 1],
        "action": [(code, action_word(code)) for code in ACTIONS],
        "service": [(s.code, f"{s.code} {name_in_language(s.name, s.name_en)}") for s in setup.services.values()],
        "window": [(code, code) for code in setup.windows],
        "staff": [(p.code, f"{p.code} {name_in_language(p.name, p.name_en)}") for p in setup.staff.values()],
        "class": [(k.code, f"{name_in_language(k.name, k.name_en)}") for k in setup.classes.values()],
    }


def problems_by_line(trouble: QueueDeskError) -> dict[int, str]:
    """Return the problem of each bad line; problems of the whole are at line 0."""
    if trouble.code != "bad_rows":
        return {0: error_sentence(trouble)}
    lines: Sequence[tuple[int, QueueDeskError]] = trouble.details["lines"]  # type: ignore[assignment]
    said: dict[int, str] = {}
    for line, error in lines:
        told = error_sentence(_error_with_column_title(error))
        said[line] = two_sentences_joined(said[line], told) if line in said else told
    return said


def _error_with_column_title(error: QueueDeskError) -> QueueDeskError:
    """Return what is said of a row with its column as the page calls it."""
    title = paper_column_titles().get(str(error.details.get("column")))
    if not isinstance(error, RuleError) or title is None:
        return error
    return RuleError(error.code, **{**error.details, "column": title})


def rows_good_message(day: date, tickets: int, rows: int) -> str:
    return _(
        "{day}: {tickets} from {rows}, all good.",
        day=date_for_staff(day),
        tickets=n_("{n} ticket", "{n} tickets", tickets),
        rows=n_("{n} row", "{n} rows", rows, context="file"),
    )


def rows_bad_message(said: Mapping[int, str]) -> str:
    """Return the message for rows of which some are bad."""
    if 0 in said:
        return said[0]
    if 1 in said:
        return said[1]
    return n_("{n} row to fix; nothing was entered.", "{n} rows to fix; nothing was entered.", len(said))


def two_sentences_joined(one: str, two: str) -> str:
    """Return two sentences, one after the other."""
    return _("{one} {two}", context="sentences", one=one, two=two)


def row_problem_text(line: int, problem: str) -> str:
    """Return what is wrong with one row."""
    return _("Line {line}: {problem}", line=line, problem=problem)


def rows_entered_message(document: Mapping[str, Any]) -> str:
    """Return the message once rows are in the hall."""
    told = [_("{tickets} entered", tickets=n_("{n} ticket", "{n} tickets", document["tickets"]))]
    if document["waiting"]:
        told.append(_("now waiting: {tickets}", tickets=_shortened_labels_text(document["waiting"])))
    if document["parked"]:
        told.append(_("set aside: {tickets}", tickets=_shortened_labels_text(document["parked"])))
    return _(", ", context="clauses").join(told)


def _shortened_labels_text(labels: Sequence[str]) -> str:
    rest = len(labels) - MOST_NAMED
    return list_text([*labels[:MOST_NAMED], *([n_("{n} more", "{n} more", rest)] if rest > 0 else [])])
