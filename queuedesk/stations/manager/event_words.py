"""Every event of a ticket's story in finished words, with its reason."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from queuedesk.core.event import Event
from queuedesk.core.fairness import Overtake
from queuedesk.core.setup import Setup
from queuedesk.core.state import HallState
from queuedesk.core.ticket import Ticket
from queuedesk.i18n import (
    _,
    day_staff,
    duration_text,
    figure_range,
    listing,
    n_,
    rating_level,
    role,
    time_hm,
    time_hms,
)
from queuedesk.i18n.reasons import reason_words
from queuedesk.stations.manager.names import class_name, item_name, lettered, service_name, staff_name, window_name
from queuedesk.stations.manager.story import Story, handled_s, overtakes_of
from queuedesk.stations.rating.reasons import rating_reason
from queuedesk.stations.theme import TICKET_MARKS
from queuedesk.stations.widgets.bars import Moment


def moments(state: HallState, setup: Setup, story: Story) -> list[Moment]:
    """Return the story's events in order, with what was told at issue and every time it was passed."""
    ticket = story.ticket
    rows: list[tuple[int, int, Moment]] = []
    for event in story.events:
        title, icon, token = _heads(event)
        rows.append(
            (
                event.seq,
                0,
                Moment(
                    time=_clock(setup, event.time, ticket.date),
                    icon=icon,
                    token=token,
                    title=title,
                    detail=_detail(state, setup, story, event),
                ),
            )
        )
        if event.kind == "issue":
            rows.append((event.seq, 1, _told(setup, ticket, event)))
    rows += [(passed.seq, 0, _passed(state, setup, passed)) for passed in overtakes_of(state, ticket)]
    return [moment for _seq, _turn, moment in sorted(rows, key=lambda row: row[:2])]


def _clock(setup: Setup, moment: datetime, day: date) -> str:
    local = setup.local(moment)
    return time_hms(local) if local.date() == day else time_hm(local)


def _heads(event: Event) -> tuple[str, str, str]:
    """Return title, icon and colour of an event."""
    marks = {
        state: (mark.icon, "primary" if mark.token == "on_soft" else mark.token) for state, mark in TICKET_MARKS.items()
    }
    called, serving, parked = marks["called"], marks["serving"], marks["parked"]
    table: dict[str, tuple[str, tuple[str, str]]] = {
        "issue": (_("Issued"), ("ticket", "ink")),
        "serve": (_("Served without a ticket"), serving),
        "call": (_("Call", context="event"), called),
        "recall": (_("Recall"), called),
        "start": (_("Start"), serving),
        "miss": (_("Missed", context="state"), marks["missed"]),
        "return": (_("Put back in line"), marks["waiting"]),
        "reinstate": (_("Back in line"), marks["waiting"]),
        "postpone": (_("Let one go first"), marks["waiting"]),
        "leave": (_("Left", context="state"), marks["left"]),
        "defer": (_("Put off to tomorrow"), marks["left"]),
        "void": (_("Void", context="state"), marks["void"]),
        "finish": (_("Finished", context="state"), marks["finished"]),
        "reopen": (_("Taken back"), serving),
        "add": (_("Add a service"), ("plus", "ink")),
        "stall": (_("Waiting for a system"), ("hourglass", "violet")),
        "unstall": (_("System is back"), ("check", "primary")),
        "park": (_("Set aside"), parked),
        "unpark": (_("Take back"), serving),
        "transfer": (_("Transfer"), ("transfer", "ink")),
        "redirect": (_("Wrong counter"), ("redirect", "amber")),
        "rate": (_("Rating"), ("star", "primary")),
        "reasons": (_("What went wrong"), ("star", "amber")),
        "day-end": (_("End of the day"), ("lock", "ink2")),
    }
    title, (icon, token) = table.get(event.kind, (event.kind, ("info", "ink2")))
    return title, icon, token


def _told(setup: Setup, ticket: Ticket, event: Event) -> Moment:
    told = ticket.promise
    ahead = n_("{n} person ahead", "{n} people ahead", told.ahead or 0)
    if told.low is None or told.high is None:
        wait = _("no reliable wait to tell")
    else:
        wait = _("about {minutes} min", minutes=figure_range(told.low, told.high))
    return Moment(
        time=_clock(setup, event.time, ticket.date),
        icon="clock",
        title=_("Told the customer"),
        detail=_clauses(ahead, wait),
    )


def _passed(state: HallState, setup: Setup, passed: Overtake) -> Moment:
    by = state.tickets.get((passed.date, passed.by))
    name = passed.by
    if by is not None and by.klass != "normal":
        name = _("{ticket} ({klass})", ticket=passed.by, klass=class_name(setup, by.klass))
    if passed.reason == "priority" and by is not None:
        credit = _("credit {n} min", n=by.credit_s // 60)
        detail = _dots(_("{ticket} jumped ahead", ticket=name), credit if by.credit_s else "")
    elif passed.reason == "no_ticket":
        detail = _dots(_("{ticket} was served without a ticket", ticket=name), reason_words(passed.text))
    else:
        detail = _dots(_("{ticket} was called first", ticket=name), reason_words(passed.text))
    time = _clock(setup, passed.time, passed.date)
    return Moment(time=time, icon="people", token="amber", title=_("Overtaken"), detail=detail)


def _detail(state: HallState, setup: Setup, story: Story, event: Event) -> str:
    data, say = event.data, _DETAILS.get(event.kind)
    if say is not None:
        return say(_Telling(state, setup, story, event))
    reason = str(data.get("reason") or "")
    return _dots(_by(setup, event), void_words(reason))


@dataclass(frozen=True, slots=True)
class _Telling:
    """What a detail is told from."""

    state: HallState
    setup: Setup
    story: Story
    event: Event

    @property
    def data(self) -> Mapping[str, Any]:
        return self.event.data

    @property
    def at(self) -> str:
        """Where and by whom: "window 3, Wang Fang"."""
        window = window_name(self.event.window) if self.event.window else ""
        return _clauses(window, staff_name(self.setup, self.event.staff))


def _issue(told: _Telling) -> str:
    data, setup = told.data, told.setup
    service = told.event.service or ""
    what = item_name(setup, service, data.get("item")) or service_name(setup, service)
    then = [service_name(setup, code) for code in data.get("steps") or ()]
    also = _("then {services}", services=listing(then)) if then else ""
    guide = data.get("guide")
    by = _by(setup, told.event) if not guide else staff_name(setup, str(guide))
    return _dots(by, what, also, class_name(setup, str(data.get("class", "normal"))))


def _call(told: _Telling) -> str:
    ticket, event = told.story.ticket, told.event
    leg = next((one for one in ticket.legs if one.called == event.time), None)
    waited = ""
    if leg is not None:
        minutes = int((event.time - leg.joined).total_seconds()) // 60
        waited = _("waited {minutes} min", minutes=minutes)
        high = ticket.promise.high
        if leg.n == 1 and high is not None:
            within = (event.time - ticket.arrived).total_seconds() <= high * 60
            waited = _clauses(waited, _("as told") if within else _("longer than told"))
    return _dots(told.at, waited, reason_words(str(told.data.get("reason") or "")))


def _recall(told: _Telling) -> str:
    n = 1
    for event in told.story.events:
        n = 1 if event.kind == "call" else n + (event.kind == "recall")
        if event.seq == told.event.seq:
            break
    return _("call no. {n}", n=n)


def _start(told: _Telling) -> str:
    call = next(e for e in reversed(told.story.events) if e.seq < told.event.seq and e.kind in ("call", "recall"))
    first = next((leg.called for leg in told.story.ticket.legs if leg.started == told.event.time), None)
    way = (told.event.time - (first or call.time)).total_seconds()
    return _("{time} to the window", time=duration_text(way))


def _unpark(told: _Telling) -> str:
    parked = next((e for e in reversed(told.story.events) if e.seq < told.event.seq and e.kind == "park"), None)
    held = (told.event.time - parked.time).total_seconds() if parked else 0
    return _dots(told.at, _("{time} set aside, not counted as handling", time=duration_text(held)))


def _unstall(told: _Telling) -> str:
    stalled = next((e for e in reversed(told.story.events) if e.seq < told.event.seq and e.kind == "stall"), None)
    held = (told.event.time - stalled.time).total_seconds() if stalled else 0
    return _("{time}, not counted as handling", time=duration_text(held))


def _finish(told: _Telling) -> str:
    handled = _("handling {time}", time=duration_text(handled_s(told.story.events, told.event)))
    assumed = _("the start was not pressed and counts from the call") if told.data.get("start_assumed") else ""
    return _dots(handled, assumed, str(told.data.get("note") or ""))


def _moved(told: _Telling) -> str:
    data, setup = told.data, told.setup
    to = _("to {service}", service=lettered(setup, str(data.get("to", ""))))
    if data.get("to_window"):
        to = _clauses(to, window_name(data["to_window"]))
    if data.get("to_staff"):
        to = _clauses(to, staff_name(setup, data["to_staff"]))
    kept = _("by the original arrival") if told.event.kind == "redirect" else ""
    by = told.at if told.event.window else _by(setup, told.event)
    return _dots(by, to, kept, reason_words(str(data.get("reason") or "")))


def _reinstate(told: _Telling) -> str:
    place = _("behind the next two") if told.data.get("early") else _("at the end of the line")
    return _dots(_by(told.setup, told.event), place)


def _park(told: _Telling) -> str:
    return reason_words(str(told.data.get("reason") or ""))


def _add(told: _Telling) -> str:
    return lettered(told.setup, str(told.data.get("added", "")))


def _rate(told: _Telling) -> str:
    day = told.setup.local(told.event.time).date()
    later = "" if day == told.story.ticket.date else day_staff(day)
    return _dots(rating_level(int(told.data["level"])), later)


def _reasons(told: _Telling) -> str:
    tags = [rating_reason(str(tag)) for tag in told.data.get("tags") or ()]
    return _dots(listing(tags), _("with a comment") if told.data.get("comment") else "")


def _day_end(told: _Telling) -> str:
    ticket = told.story.ticket
    if "inaccurate" in ticket.flags:
        return _("finished by the end of the day")
    return _("never called") if ticket.legs[0].called is None else _("did not come")


_DETAILS: dict[str, Callable[[_Telling], str]] = {
    "issue": _issue,
    "serve": lambda told: _dots(told.at, reason_words(str(told.data.get("reason") or ""))),
    "call": _call,
    "recall": _recall,
    "start": _start,
    "unpark": _unpark,
    "unstall": _unstall,
    "finish": _finish,
    "transfer": _moved,
    "redirect": _moved,
    "reinstate": _reinstate,
    "park": _park,
    "stall": _park,
    "add": _add,
    "rate": _rate,
    "reasons": _reasons,
    "day-end": _day_end,
}


# -- pieces ------------------------------------------------------------------------------------------------------


def void_words(reason: str) -> str:
    """Return why a ticket was voided; a reason typed freely stands for itself."""
    words = {
        "issued_twice": _("Issued twice"),
        "wrong_service": _("Wrong service chosen"),
        "test_print": _("Test print"),
        "undone": _("taken back at once"),
        "other": _("Other reason"),
    }
    return words.get(reason) or reason_words(reason)


def _by(setup: Setup, event: Event) -> str:
    """Return who did it: a person with the role, a station, the customer, the hall, the command line."""
    person = setup.staff.get(event.actor)
    if person is not None:
        return _("{role} · {name}", role=role(str(person.role)), name=staff_name(setup, event.actor))
    others = {"customer": _("the customer"), "hall": _("the hall"), "console": _("the command line")}
    return others.get(event.actor) or event.actor.removeprefix("station:")


def _dots(*parts: str) -> str:
    return " · ".join(part for part in parts if part)


def _clauses(*parts: str) -> str:
    return _(", ", context="clauses").join(part for part in parts if part)
