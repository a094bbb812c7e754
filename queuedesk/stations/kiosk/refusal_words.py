"""Why a service gives no ticket: a few words on its key, and a full sentence with what to do instead."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta

from queuedesk.core.errors import OutsideError, QueueDeskError, RuleError
from queuedesk.core.queue.hallday import next_opening
from queuedesk.core.setup.time_of_day import clock_text, minutes_of
from queuedesk.core.setup.values import Setup
from queuedesk.i18n import _, current, date_short, named, say
from queuedesk.i18n.names import service_name
from queuedesk.stations.kiosk.shelf import ServiceFacts
from queuedesk.stations.models.service_words import opens_text

_HOURS = frozenset({"service_closed", "last_ticket"})
_USED_UP = frozenset({"quota_full", "series_full"})
_PRINTER = frozenset({"no_printer", "printer_refused"})


def instead_text(setup: Setup, trouble: QueueDeskError, now: datetime) -> str:
    """Return in few words why a key gives no ticket now."""
    if isinstance(trouble, RuleError) and trouble.code in _HOURS:
        return opens_text(setup, trouble, now)
    if trouble.code in _USED_UP:
        return _("today's tickets are all given out")
    if trouble.code == "line_full":
        return _("many people are waiting; please try again later")
    if trouble.code == "no_time_left":
        return _("not called before closing any more")
    if trouble.code == "message_only":
        return _("no ticket needed: see here")
    return _("no tickets just now")


def sorry_texts(setup: Setup, trouble: QueueDeskError, now: datetime) -> tuple[str, str]:
    """Return what is so now, and what to do instead."""
    code, details = trouble.code, trouble.details
    service = str(details.get("service") or "")
    name = service_name(setup, service)
    again = _opens_again(setup, service, now)
    desk = _("The front desk is glad to help.")
    if details.get("other"):
        other = service_name(setup, str(details["other"]))
        desk = _("{service} still gives tickets.", service=other) + _gap() + desk
    if code == "message_only":
        spec = setup.services.get(service)
        return name, named(spec.message, spec.message_en) if spec else desk
    if code == "service_closed":
        return _("{service}: no tickets now", service=name), f"{again}{desk}"
    if code == "last_ticket":
        title = _("{service}: tickets ended at {time}", service=name, time=details["time"])
        return title, _("Whoever has a ticket is still served today.") + _gap() + f"{again}{desk}"
    if code in _USED_UP:
        return _("{service}: today's tickets are all given out", service=name), f"{again}{desk}"
    if code == "line_full":
        title = _("{service}: many people are waiting", service=name)
        return title, _("Please take a ticket a little later.") + _gap() + desk
    if code == "no_time_left":
        title = _("{service}: too many wait for today", service=name)
        why = _("Who takes a ticket now would not be called before we close at {time}.", time=details["closes"])
        return title, _gap().join(part for part in (why, _again_after(setup, details, now), desk) if part)
    if code == "unknown_ticket":
        title = _("{ticket} is not found today", ticket=details["ticket"])
        return title, _("Please look at the number on your ticket again, or ask at the front desk.")
    if code in _PRINTER:
        return _printer_texts(trouble)
    if isinstance(trouble, OutsideError):
        return _("No tickets here just now"), _("Please go to the front desk: you get a paper ticket there.")
    return _("This cannot be done here now"), say(trouble)


def closed_title(setup: Setup, services: Iterable[ServiceFacts], now: datetime) -> str:
    """Return until when there were tickets today and when there are some again, "" while any service is open."""
    troubles = [one.trouble for one in services]
    if not troubles or any(trouble is None or trouble.code not in _HOURS for trouble in troubles):
        return ""
    openings = [next_opening(setup, spec, now) for spec in setup.services.values()]
    known = sorted((day, minutes_of(opens)) for opens, day in openings if day is not None and opens is not None)
    ends = sorted(minutes_of(str(one.details["time"])) for one in troubles if one and one.code == "last_ticket")
    if not known:
        return _("No tickets are given now")
    day, opens = known[0][0], clock_text(known[0][1])
    ahead = (day - setup.local(now).date()).days
    if ends and ahead == 1:
        return _("Tickets until {end}; tomorrow from {time}", end=clock_text(ends[-1]), time=opens)
    if ahead == 0:
        return _("Tickets from {time} today", time=opens)
    if ahead == 1:
        return _("Tickets from {time} tomorrow", time=opens)
    return _("Tickets on {date} from {time}", date=date_short(day), time=opens)


def _printer_texts(trouble: QueueDeskError) -> tuple[str, str]:
    ticket = trouble.details.get("ticket")
    title = _("No paper came out")
    if ticket:
        return title, _("Please note {ticket}; it is valid without a slip.", ticket=ticket)
    return title, _("Please read it on the screen, or ask at the front desk.")


def _opens_again(setup: Setup, service: str, now: datetime) -> str:
    """Return the sentence that says when tickets are given again, with the gap behind it; "" when that is not known."""
    spec = setup.services.get(service)
    opens, day = next_opening(setup, spec, now) if spec else (None, None)
    if opens is None or day is None:
        return ""
    return _when(setup.local(now).date(), day, opens) + _gap()


def _again_after(setup: Setup, details: Mapping[str, object], now: datetime) -> str:
    """Return the sentence that says when tickets are given after this closing, "" when that is not known."""
    opens, day = details.get("opens"), details.get("date")
    if not opens or not isinstance(day, date):
        return ""
    return _when(setup.local(now).date(), day, str(opens))


def _when(today: date, day: date, opens: str) -> str:
    if day == today:
        return _("Tickets are given from {time} today.", time=opens)
    if day == today + timedelta(days=1):
        return _("Tickets are given tomorrow from {time}.", time=opens)
    return _("Tickets are given on {date} from {time}.", date=date_short(day), time=opens)


def _gap() -> str:
    """Return what stands between two sentences: a space, or nothing in Chinese."""
    return " " if current() == "en" else ""
