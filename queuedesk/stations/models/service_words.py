"""A service in a few words for customers: hours, windows, why no wait is known."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

from msgspec.structs import replace

from queuedesk.core.errors import RuleError
from queuedesk.core.log.state import HallState
from queuedesk.core.queue.dispatch import line_serving
from queuedesk.core.queue.hallday import last_ticket_minute_on, opening_spans_on
from queuedesk.core.queue.overview import set_up
from queuedesk.core.setup.hall import NO_DAYS, WORKING
from queuedesk.core.setup.rows import Service, Setup
from queuedesk.core.setup.time_of_day import clock_text
from queuedesk.i18n import _, date_short, figure_range, name_in_language
from queuedesk.i18n.calendar_words import calendar_reason_text

LAST_TICKET_NEAR_MIN = 60
LONGEST_CLAUSE = 40


def closed_reason_or_opening_text(setup: Setup, closed: RuleError, now: datetime) -> str:
    """Return why a service gives out no tickets or when it does again, short enough for its tile."""
    if closed.code == "last_ticket":
        return _("last ticket was at {time}", time=closed.details["time"])
    if closed.code == "quota_full":
        return _("no tickets left today")
    if closed.code == "line_full":
        return _("the line is full")
    if closed.code == "no_time_left":
        return _("too late to be called before closing")
    if closed.code == "message_only":
        return _first_clause_shortened(
            name_in_language(str(closed.details["message"]), str(closed.details["message_en"]))
        )
    opens, day = closed.details.get("opens"), closed.details.get("date")
    if not opens or not isinstance(day, date):
        return _("no tickets now")
    today = setup.local(now).date()
    if day == today:
        return _("opens at {time}", time=opens)
    if day == today + timedelta(days=1):
        return _("opens tomorrow at {time}", time=opens)
    return _("opens on {date} at {time}", date=date_short(day), time=opens)


def _first_clause_shortened(message: str) -> str:
    """Return a message's first clause, cut where even that is long: a tile has one line for it."""
    clause = re.split(r"[，。；！？]|[,.;!?](?:\s|$)", message.strip(), maxsplit=1)[0].strip()
    return clause if len(clause) <= LONGEST_CLAUSE else clause[: LONGEST_CLAUSE - 1].rstrip() + "…"


def unusual_day_sentences(setup: Setup, now: datetime) -> list[str]:
    """Return what is different about today and about tomorrow and why, a sentence each; none for a usual day."""
    today = setup.local(now).date()
    tomorrow = today + timedelta(days=1)
    heads = {
        today: _unusual_day_text(setup, today, is_today=True),
        tomorrow: _unusual_day_text(setup, tomorrow, is_today=False),
    }
    whys = {day: calendar_reason_text(setup.calendar.on(day)) for day in heads}
    return [
        _("{head}: {text}", context="note", head=head, text=whys[day]) if whys[day] else head
        for day, head in heads.items()
        if head
    ]


def _unusual_day_text(setup: Setup, day: date, *, is_today: bool) -> str:
    kind, hours = _difference_from_weekday(setup, day)
    match kind:
        case "":
            return ""
        case "closed":
            return _("Closed today" if is_today else "Closed tomorrow")
        case "made_up":
            return _(
                "Make-up working day today, {hours}" if is_today else "Make-up working day tomorrow, {hours}",
                hours=hours,
            )
        case "closes":
            return _("Closes at {time} today" if is_today else "Closes at {time} tomorrow", time=hours)
        case _kind:
            return _("Open {hours} today" if is_today else "Open {hours} tomorrow", hours=hours)


def _difference_from_weekday(setup: Setup, day: date) -> tuple[str, str]:
    """Return how a date differs from its weekday, "" where it does not, and its hours or when it closes."""
    known = setup.calendar.on(day)
    if known is None:
        return "", ""
    spans, usual = _open_spans_of_services(setup, day), _open_spans_of_services(replace(setup, calendar=NO_DAYS), day)
    if not spans:
        return "closed", ""
    begins, ends = min(spans)[0], max(end for _start, end in spans)
    hours = figure_range(clock_text(begins), clock_text(ends))
    if known.kind == WORKING:
        return "made_up", hours
    if usual and begins == min(usual)[0]:
        return "closes", clock_text(ends)
    return "open", hours


def _open_spans_of_services(setup: Setup, day: date) -> list[tuple[int, int]]:
    return [span for one in setup.services.values() if not one.message for span in opening_spans_on(setup, one, day)]


def tickets_until_text(setup: Setup, service: Service, now: datetime) -> str:
    """Return until when tickets are issued, once that is near."""
    local = setup.local(now)
    minute = local.hour * 60 + local.minute
    ends = [end for start, end in opening_spans_on(setup, service, local.date()) if start <= minute < end]
    last_ticket = last_ticket_minute_on(setup, service, local.date())
    last = min([*ends, *([last_ticket] if last_ticket is not None else [])], default=None)
    if last is None or last >= 24 * 60 or not 0 <= last - minute <= LAST_TICKET_NEAR_MIN:
        return ""
    return _("tickets until {time}", time=clock_text(last))


def active_windows_serving(state: HallState, service: str) -> tuple[str, ...]:
    """Return the windows, open or paused, that serve `service` now, in the set-up's order."""
    able = {window.code for window in line_serving(set_up(state), state.windows.values(), service).windows}
    return tuple(code for code in set_up(state).windows if code in able)
