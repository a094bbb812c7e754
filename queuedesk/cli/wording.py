"""The text answers of commands without --json."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from queuedesk.i18n import (
    _,
    codes_text,
    day_report,
    listing,
    n_,
    named,
    rating_level,
    ticket_state,
    time_hm,
    window_state,
)

Document = Mapping[str, Any]


def ticket_text(document: Document) -> str:
    """Return a ticket in a line: number, state, where, or who is ahead and the wait."""
    parts = [document["ticket"], document["service"], ticket_state(document["state"])]
    if document["state"] in ("called", "serving") and document["window"]:
        parts.append(_("window {window}", window=document["window"]))
    if document["state"] == "waiting":
        parts.append(_ahead_and_wait(document))
    if document.get("rating"):
        parts.append(rating_level(document["rating"]))
    return "  ".join(parts)


def _ahead_and_wait(document: Document) -> str:
    from queuedesk.core.queue.dispatch import before_in, wait_in
    from queuedesk.i18n.queue.wait_words import told_ahead, wait_text

    ahead = before_in(document)
    people = told_ahead(ahead, coming=bool(document.get("coming")))
    return listing([people, wait_text(wait_in(document), ahead=ahead)])


def wait_line(document: Document) -> str:
    """Return the wait of a service in a line."""
    return f"{document['service']}  {_ahead_and_wait(document)}"


def window_text(document: Document) -> str:
    """Return a window in a line: code, state, clerk, services and customer."""
    parts = [_("window {window}", window=document["code"]), window_state(document["state"])]
    if document["staff"]:
        parts.append(document["staff"])
    if document["services"]:
        parts.append(codes_text(document["services"]))
    if document["ticket"]:
        parts.append(document["ticket"])
    if document["back"]:
        parts.append(_("back at {time}", time=time_hm(datetime.fromisoformat(document["back"]))))
    return "  ".join(parts)


def unserved_text(services: Sequence[str]) -> str:
    """Return the warning after a window closed or paused while people wait for a service that no open window offers."""
    return _("People are waiting for {services}, and no open window serves them.", services=listing(services))


def state_text(document: Document) -> str:
    """Return the hall's current state: windows, the line in call order, and alerts."""
    lines = [document["hall"], *(f"  {window_text(w)}" for w in document["windows"])]
    lines.append(n_("{n} person waiting", "{n} people waiting", len(document["waiting"])))
    lines += [f"  {ticket_text(t)}" for t in document["waiting"]]
    lines += [f"! {_alert_text(alert)}" for alert in document["alerts"]]
    return "\n".join(lines)


def _alert_text(alert: Document) -> str:
    if not alert["acknowledged"]:
        return str(alert["message"])
    return _("{alert} (seen by {staff})", alert=alert["message"], staff=alert["acknowledged_by"])


def day_end_text(document: Document) -> str:
    """Return what the day-end closed."""
    ended = document["waiting"] + document["gone"] + document["finished"]
    return _(
        "{date} is ended: {tickets}, {windows}.",
        date=day_report(date.fromisoformat(document["date"])),
        tickets=n_("{n} ticket", "{n} tickets", ended),
        windows=n_("{n} window", "{n} windows", document["windows"]),
    )


def event_text(event: Document) -> str:
    """Return one event of the log in a line."""
    where = [event[key] for key in ("ticket", "service", "window", "staff") if event[key]]
    return "  ".join([str(event["seq"]), event["time"][:19] + "Z", event["kind"], event["actor"], *where])


def history_text(document: Document) -> str:
    """Return a ticket of a day in a line, with its times on the hall's clock."""
    times = [document["arrived"], *(document.get(key) for key in ("called", "started", "finished"))]
    clock = "  ".join(time_hm(datetime.fromisoformat(text)) if text else "–" for text in times)
    return f"{ticket_text(document)}  {clock}"


def row_text(row: Document) -> str:
    """Return one row of a list."""
    cells = []
    for key, value in row.items():
        if isinstance(value, list):
            # Papers, items and hours have rows of their own: the set-up file shows them.
            shown = codes_text(value) if all(isinstance(one, str) for one in value) else ""
        else:
            shown = "" if value is None else " / ".join(str(value).split("\n"))
        if key == "name_en" or (key == "name" and "name_en" in row):
            continue
        cells.append(shown)
    if "name" in row and "name_en" in row:
        cells.insert(1, named(row["name"], row["name_en"]))
    return "  ".join(cell for cell in cells if cell)
