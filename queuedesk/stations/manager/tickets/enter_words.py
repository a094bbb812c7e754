"""The words of paper days: what the columns and the actions are called, and what is told after rows were tried or put
in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from queuedesk.core.errors import QueueDeskError, RuleError
from queuedesk.core.network.people import Role
from queuedesk.core.setup.values import Setup
from queuedesk.i18n import _, current, day_staff, listing, mark, n_, named, say, tr
from queuedesk.stations.manager.tickets.enter_controller import COLUMNS

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
    "redirect": mark("Wrong counter", context="event"),
    "add": mark("Add a service", context="event"),
    "return": mark("Put back in line", context="event"),
    "reinstate": mark("Back in line", context="event"),
    "postpone": mark("Let one go first", context="event"),
    "park": mark("Set aside", context="event"),
    "unpark": mark("Take back", context="event"),
    "stall": mark("Waiting for a system", context="event"),
    "unstall": mark("System is back", context="event"),
    "reopen": mark("Taken back", context="event"),
    "defer": mark("Put off to tomorrow", context="event"),
    "void": mark("Void", context="event"),
    "open": mark("Window opened", context="paper row"),
    "pause": mark("Window paused", context="paper row"),
    "resume": mark("Window goes on", context="paper row"),
    "close": mark("Window closed", context="paper row"),
    "day-end": mark("End of the day", context="event"),
}
_OWN = frozenset({"not-ready", "open", "pause", "resume", "close"})
MOST_NAMED = 12


def action_word(action: str) -> str:
    """Return what people call an action; what is none stands for itself."""
    if action not in ACTIONS:
        return action
    return tr(current(), ACTIONS[action], context="paper row" if action in _OWN else "event")


def heads() -> list[str]:
    """Return the titles of the columns, the last one of what is wrong with a row."""
    return [
        _("Time", context="paper row"),
        _("What happened", context="paper row"),
        _("Ticket", context="paper row"),
        _("Service", context="paper row"),
        _("Window", context="paper row"),
        _("Who", context="paper row"),
        _("Class", context="paper row"),
        _("Result", context="paper row"),
        _("Reason", context="paper row"),
        _("To mend", context="paper row"),
    ]


def choices(setup: Setup) -> dict[str, list[tuple[str, str]]]:
    """Return what may stand in a column, as (code, words), where that is known.

    "clerk" has the people who may open a window, "letter" the letter and code of each service that has its letter
    alone.
    """
    services, people = setup.services.values(), setup.staff.values()
    letters = [s.prefix for s in services]
    return {
        "clerk": [(p.code, f"{p.code} {named(p.name, p.name_en)}") for p in people if p.role != Role.GUIDE],
        "letter": [(s.prefix, s.code) for s in services if letters.count(s.prefix) == 1],
        "action": [(code, action_word(code)) for code in ACTIONS],
        "service": [(s.code, f"{s.code} {named(s.name, s.name_en)}") for s in setup.services.values()],
        "window": [(code, code) for code in setup.windows],
        "staff": [(p.code, f"{p.code} {named(p.name, p.name_en)}") for p in setup.staff.values()],
        "class": [(k.code, f"{named(k.name, k.name_en)}") for k in setup.classes.values()],
    }


def problems(trouble: QueueDeskError) -> dict[int, str]:
    """Return what is said of each bad line; what is wrong with the whole stands at line 0."""
    if trouble.code != "bad_rows":
        return {0: say(trouble)}
    lines: Sequence[tuple[int, QueueDeskError]] = trouble.details["lines"]  # type: ignore[assignment]
    said: dict[int, str] = {}
    for line, error in lines:
        told = say(_in_titles(error))
        said[line] = after(said[line], told) if line in said else told
    return said


def _in_titles(error: QueueDeskError) -> QueueDeskError:
    """Return what is said of a row with its column as the page calls it."""
    column = error.details.get("column")
    if not isinstance(error, RuleError) or column not in COLUMNS:
        return error
    return RuleError(error.code, **{**error.details, "column": heads()[COLUMNS.index(str(column))]})


def good_text(checked: Any) -> str:
    """Return what is told of rows that are good."""
    tickets = n_("{n} ticket", "{n} tickets", len(checked.lines))
    rows = n_("{n} row", "{n} rows", checked.rows, context="file")
    return _("{day}: {tickets} from {rows}, all good.", day=day_staff(checked.day), tickets=tickets, rows=rows)


def bad_text(said: Mapping[int, str]) -> str:
    """Return what is told of rows of which some are bad."""
    if 0 in said:
        return said[0]
    if 1 in said:
        return said[1]
    return n_("{n} row to mend; nothing was put in.", "{n} rows to mend; nothing was put in.", len(said))


def after(one: str, two: str) -> str:
    """Return two sentences, one after the other."""
    return _("{one} {two}", context="sentences", one=one, two=two)


def row_text(line: int, problem: str) -> str:
    """Return what is wrong with one row."""
    return _("Line {line}: {problem}", line=line, problem=problem)


def entered_text(document: Mapping[str, Any]) -> str:
    """Return what is told once rows are in the hall."""
    told = [_("{tickets} put in", tickets=n_("{n} ticket", "{n} tickets", document["tickets"]))]
    if document["waiting"]:
        told.append(_("now waiting: {tickets}", tickets=_some(document["waiting"])))
    if document["parked"]:
        told.append(_("set aside: {tickets}", tickets=_some(document["parked"])))
    return _(", ", context="clauses").join(told)


def _some(labels: Sequence[str]) -> str:
    rest = len(labels) - MOST_NAMED
    return listing([*labels[:MOST_NAMED], *([n_("{n} more", "{n} more", rest)] if rest > 0 else [])])
