"""Plays whole days through a fresh hall, recorded ones and ones invented for a seed; reads the tables in which days
were recorded, and the set-up that they ask for."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from functools import cache
from itertools import groupby, pairwise, product
from operator import attrgetter, itemgetter
from pathlib import Path
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from queuedesk.core.errors import OutsideError, RuleError
from queuedesk.core.network.roles import CONSOLE
from queuedesk.core.queue import hallday
from queuedesk.core.queue.hallday import utc_moment_of_hall_minute
from queuedesk.core.setup.file import check_and_read_setup
from queuedesk.core.setup.hall import time_zone_from_name
from queuedesk.core.setup.presets import PRESETS
from queuedesk.core.setup.rows import PREFIX, Setup
from queuedesk.desk import looking, setting_up
from queuedesk.desk.change import Ask, Desk, Document, no_salt, reproducible_token_source
from queuedesk.desk.setting_up import ALL_HOURS, setup_document_for_new_hall
from queuedesk.files.table import BadLine, FileTable, TableRow, bad_rows_refusal, check_columns, read_table
from queuedesk.sim import player as players
from queuedesk.sim.demand import BILL_DAYS, TIME_ZONE, has_open_service_on, last_open_day, simulated_day_of_hall
from queuedesk.store.engine.database import Database
from queuedesk.store.log import events
from queuedesk.store.parts import halls
from queuedesk.store.upkeep.exchange import opening_new_database_draft

TICKET_NAMES = {
    "ticket": ("number", "号码", "号票"),
    "service": ("业务", "业务类型"),
    "class": ("类别",),
    "arrived": ("取号时间", "到达时间"),
    "called": ("呼叫时间", "叫号时间"),
    "started": ("开始时间",),
    "finished": ("结束时间",),
    "left": ("离开时间",),
    "window": ("counter", "room", "窗口"),
    "staff": ("人员",),
}
NEEDED_TICKET_COLUMNS = ("ticket", "service", "arrived")


class RecordedTicket(Struct, frozen=True, kw_only=True):
    """One ticket's life, times in UTC, None where it did not happen."""

    line: int
    ticket: str
    service: str
    klass: str | None
    arrived: datetime
    called: datetime | None
    started: datetime | None
    finished: datetime | None
    left: datetime | None
    window: str | None
    staff: str | None


def parse_recorded_tickets(table: FileTable, zone: tzinfo) -> tuple[list[RecordedTicket], list[BadLine]]:
    """Return the recorded tickets in the file's order, and the lines that are none. `zone` is for times without an
    offset."""
    return players.parse_rows_collecting_errors(table.rows, lambda row: _recorded_ticket_of_row(row, zone))


def _recorded_ticket_of_row(row: TableRow, zone: tzinfo) -> RecordedTicket:
    one = RecordedTicket(
        line=row.line,
        ticket=players.checked_cell_code(row, "ticket") or players.raise_empty_cell_error("ticket"),
        service=players.checked_cell_code(row, "service") or players.raise_empty_cell_error("service"),
        klass=players.checked_cell_code(row, "class"),
        arrived=players.parse_moment_cell(row, "arrived", zone) or players.raise_empty_cell_error("arrived"),
        called=players.parse_moment_cell(row, "called", zone),
        started=players.parse_moment_cell(row, "started", zone),
        finished=players.parse_moment_cell(row, "finished", zone),
        left=players.parse_moment_cell(row, "left", zone),
        window=players.checked_cell_code(row, "window"),
        staff=players.checked_cell_code(row, "staff"),
    )
    if one.called is not None and one.window is None:
        raise players.empty_cell_error("window")
    if one.called is None and (one.started or one.finished):
        raise players.empty_cell_error("called")
    if one.left is not None and (one.started or one.finished):
        raise RuleError("not_together", first="left", then="finished" if one.finished else "started")
    before = "arrived"
    for column in ("called", "started", "finished", "left"):
        moment = getattr(one, column)
        if moment is None:
            continue
        if moment < getattr(one, before):
            raise RuleError("times_reversed", first=before, then=column)
        before = column
    return one


RANKS = {
    "finish": 0,
    "add": 0,
    "leave": 1,
    "void": 1,
    "transfer": 1,
    "redirect": 1,
    "park": 1,
    "miss": 1,
    "issue": 3,
    "unpark": 3,
    "reinstate": 3,
    "call": 4,
    "start": 5,
    "rate": 6,
}
"""At one time: windows are freed and people go before others come and are called."""
AT_ONCE = 2
"""Who comes or is called and is gone in the same moment, between the two."""


def acts_of_tickets(tickets: Iterable[RecordedTicket]) -> list[players.RecordedAct]:
    """Return what happened to recorded tickets, in order."""
    return acts_in_time_order(_acts_of_ticket(ticket) for ticket in tickets)


def acts_in_time_order(tickets: Iterable[Sequence[players.RecordedAct]]) -> list[players.RecordedAct]:
    """Return the acts of all tickets in order; each ticket's own stand in the order of its life.

    At one time finish, left, issue, call, start, each in the file's order; but a ticket's own acts keep their own
    order: what a finish or a leaving of the same moment needs before it comes with it, as soon as others have freed the
    windows."""
    keyed: list[tuple[tuple[datetime, int, int], players.RecordedAct]] = []
    for place, ticket in enumerate(tickets):
        for time, group in groupby(ticket, key=attrgetter("time")):
            own = list(group)
            keyed += [((time, rank, place), act) for rank, act in zip(_act_order_ranks(own), own, strict=True)]
    return [act for _key, act in sorted(keyed, key=itemgetter(0))]


def _act_order_ranks(own: Sequence[players.RecordedAct]) -> list[int]:
    """Return when each of one ticket's acts of one moment has its turn: none later than what follows it."""
    ranks = [min(RANKS[act.action] for act in own[i:]) for i in range(len(own))]
    begins = {rank for rank, act in zip(ranks, own, strict=True) if RANKS[act.action] > rank and act.action != "start"}
    return [AT_ONCE if rank in begins else rank for rank in ranks]


def _acts_of_ticket(ticket: RecordedTicket) -> list[players.RecordedAct]:
    """Return one ticket's acts in the order of its life."""
    line, label = ticket.line, ticket.ticket
    acts = [
        players.RecordedAct(
            line=line, time=ticket.arrived, action="issue", ticket=label, service=ticket.service, klass=ticket.klass
        )
    ]
    for action, time in (
        ("call", ticket.called),
        ("start", ticket.started),
        ("finish", ticket.finished),
        ("leave", ticket.left),
    ):
        if time is not None:
            window = ticket.window if ticket.called is not None else None
            staff = ticket.staff if window else None
            acts.append(
                players.RecordedAct(line=line, time=time, action=action, ticket=label, window=window, staff=staff)
            )
    return acts


OWN_COLUMNS = (
    *("date", "ticket", "item", "class", "state", "guide", "rating", "overtaken", "flags", "visit", "arrived"),
    *("leg", "service", "joined", "called", "started", "finished", "window", "staff", "calls", "end", "outcome"),
    *("note", "ended"),
)
NEEDED_OWN_COLUMNS = (
    "date",
    "ticket",
    "arrived",
    "leg",
    "service",
    "joined",
    "called",
    "started",
    "finished",
    "window",
    "end",
)
OVERNIGHT = timedelta(hours=8)
"""Who arrived longer before the first of a date came the day before."""
NOT_COMING = timedelta(minutes=1)
"""After this at most a window is free again whose customer never came: the table does not say when it was."""
LONG_WAY = timedelta(minutes=5)
"""Who was called again and came after longer was not waited for at the window all the time."""
Act = Callable[..., players.RecordedAct]
_FORMULA = ("'=", "'+", "'-", "'@", "'\t", "'\r")


class _RecordedLeg(Struct, frozen=True, kw_only=True):
    """One row: a step, its times in UTC; `gone` is when the customer was no longer its window's."""

    line: int
    service: str
    called: datetime | None
    started: datetime | None
    finished: datetime | None
    ended: datetime | None
    window: str | None
    staff: str | None
    calls: int
    end: str | None
    outcome: str | None
    note: str | None

    @property
    def finished_or_ended_at(self) -> datetime | None:
        return self.finished or self.ended

    @property
    def held_window_until(self) -> datetime:
        """Until when it had its window, as far as the table tells; only of one that was called."""
        assert self.called is not None
        if self.started is None and self.end not in ("transfer", "redirect"):
            return min(self.finished_or_ended_at or self.called + NOT_COMING, self.called + NOT_COMING)
        return self.finished_or_ended_at or self.started or self.called


class _CustomerStayAtWindow(Struct, frozen=True):
    """A customer at a window, from coming there until the window was free again."""

    came: datetime
    until: datetime
    ticket: str


class _RecordedVisit(Struct, frozen=True, kw_only=True):
    """One ticket of a date with its steps in order."""

    line: int
    date: str
    ticket: str
    klass: str | None
    guide: str | None
    rating: str | None
    is_assumed: bool
    is_no_show: bool
    """The date's end says so of who was missed and did not come back."""
    arrived: datetime
    legs: tuple[_RecordedLeg, ...]


def parse_visit_acts(table: FileTable, zone: tzinfo) -> tuple[list[list[players.RecordedAct]], list[BadLine]]:
    """Return what happened to each ticket, in the order of its life, and the lines that say nothing possible.

    All acts of a ticket are listed under its first line, so that it is left out whole. What the table does not say is
    assumed to be the least possible: a customer whose window took another one meanwhile was set aside, or missed if
    nobody had started."""
    rows: dict[tuple[str | None, str | None], list[TableRow]] = {}
    for row in table.rows:
        rows.setdefault((row.code("date"), row.code("ticket")), []).append(row)
    visits: list[_RecordedVisit] = []
    bad: list[BadLine] = []
    for own in rows.values():
        try:
            visits.append(_visit_of_rows(own, zone))
        except _BadRowError as error:
            bad.append(BadLine(error.line, error.why))
    visits = _overnight_arrivals_set_to_opening(visits, zone)
    dates = {
        date: _WindowOccupancy(visit for visit in visits if visit.date == date) for date in {v.date for v in visits}
    }
    return [_visit_acts(visit, dates[visit.date]) for visit in visits], bad


class _BadRowError(Exception):
    def __init__(self, line: int, why: RuleError) -> None:
        super().__init__(why.code)
        self.line, self.why = line, why


def _visit_of_rows(rows: Sequence[TableRow], zone: tzinfo) -> _RecordedVisit:
    first = rows[0]
    flags = (first.cell_text("flags") or "").split()
    legs = []
    for row in rows:
        try:
            legs.append(_parse_leg(row, zone))
        except RuleError as error:
            raise _BadRowError(row.line, error) from None
    try:
        return _RecordedVisit(
            line=first.line,
            date=players.checked_cell_code(first, "date", needed=True) or "",
            ticket=players.checked_cell_code(first, "ticket", needed=True) or "",
            klass=players.checked_cell_code(first, "class"),
            guide=players.checked_cell_code(first, "guide"),
            rating=first.code("rating"),
            is_assumed="start_assumed" in flags,
            is_no_show="no_show" in flags,
            arrived=_required_moment(first, "arrived", zone),
            legs=tuple(legs),
        )
    except RuleError as error:
        raise _BadRowError(first.line, error) from None


def _parse_leg(row: TableRow, zone: tzinfo) -> _RecordedLeg:
    called, window = players.parse_moment_cell(row, "called", zone), players.checked_cell_code(row, "window")
    if called is not None and window is None:
        raise RuleError("cell_empty", column="window")
    started, finished = (
        players.parse_moment_cell(row, "started", zone),
        players.parse_moment_cell(row, "finished", zone),
    )
    if called is None and (started or finished):
        raise RuleError("cell_empty", column="called")
    for (first, before), (then, after) in pairwise((("called", called), ("started", started), ("finished", finished))):
        if before is not None and after is not None and after < before:
            raise RuleError("times_reversed", first=first, then=then)
    return _RecordedLeg(
        line=row.line,
        service=players.checked_cell_code(row, "service", needed=True) or "",
        called=called,
        started=started,
        finished=finished,
        ended=players.parse_moment_cell(row, "ended", zone),
        window=window,
        staff=players.checked_cell_code(row, "staff"),
        calls=int(calls) if (calls := row.code("calls") or "").isdecimal() else 1,
        end=row.code("end"),
        outcome=row.cell_text("outcome"),
        note=_without_formula_apostrophe(row.cell_text("note")),
    )


def _required_moment(row: TableRow, column: str, zone: tzinfo) -> datetime:
    moment = players.parse_moment_cell(row, column, zone)
    if moment is None:
        raise RuleError("cell_empty", column=column)
    return moment


def _without_formula_apostrophe(text: str | None) -> str | None:
    """Return a text without the apostrophe that keeps spreadsheets from taking it for a formula."""
    return text[1:] if text and text.startswith(_FORMULA) else text


def _overnight_arrivals_set_to_opening(visits: Sequence[_RecordedVisit], zone: tzinfo) -> list[_RecordedVisit]:
    """Return the visits with those who have a place from the day before standing there when the first of the others
    comes."""
    doors: dict[str, datetime] = {}
    for visit in visits:
        if visit.arrived.astimezone(zone).date().isoformat() >= visit.date:
            doors[visit.date] = min(visit.arrived, doors.get(visit.date, visit.arrived))
    return [
        replace(visit, arrived=door)
        if (door := doors.get(visit.date)) is not None and door - visit.arrived > OVERNIGHT
        else visit
        for visit in visits
    ]


class _WindowOccupancy:
    """Who was at which window of a date, as far as its steps tell: they name the last window and the first call."""

    def __init__(self, visits: Iterable[_RecordedVisit]) -> None:
        self._stays: dict[str, list[_CustomerStayAtWindow]] = {}
        self._first: dict[int, str | None] = {}
        self._calls: dict[str, list[datetime]] = {}
        legs = [(leg.called, leg.line, visit.ticket, leg) for visit in visits for leg in visit.legs if leg.called]
        for called, _line, _ticket, leg in legs:
            self._calls.setdefault(leg.window or "", []).append(called)
        for called, line, ticket, leg in sorted(legs, key=itemgetter(0, 1)):
            window, came = leg.window or "", called
            if leg.calls > 1 and self._is_window_occupied(window, called):
                self._first[line] = self._free_window_with_latest_next_call(called)
                if leg.started is None:
                    continue
                came = leg.started
            elif leg.calls > 1 and leg.started is not None and leg.started - called > LONG_WAY:
                self._stays.setdefault(window, []).append(_CustomerStayAtWindow(called, called + NOT_COMING, ticket))
                came = leg.started
            self._stays.setdefault(window, []).append(
                _CustomerStayAtWindow(came, max(came, leg.held_window_until), ticket)
            )

    def finish_times_of_others_during_leg(self, leg: _RecordedLeg, ticket: str) -> list[datetime]:
        """Return when somebody who had been set aside there before was finished in the middle of a step."""
        return sorted(
            stay.until
            for stay in self._stays.get(leg.window or "", ())
            if leg.started is not None
            and leg.finished_or_ended_at is not None
            and stay.ticket != ticket
            and stay.came < leg.started < stay.until < leg.finished_or_ended_at
        )

    def window_of_first_call_of_leg(self, leg: _RecordedLeg) -> str | None:
        """Return where a step was called first: its own window unless that had somebody else; None where all of them
        had."""
        return self._first.get(leg.line, leg.window)

    def stays_of_others(self, leg: _RecordedLeg, ticket: str, since: datetime) -> list[_CustomerStayAtWindow]:
        """Return who else came to the window of a step after `since` and before it was over."""
        return [
            stay
            for stay in self._stays.get(leg.window or "", ())
            if stay.ticket != ticket
            and since < stay.came
            and (leg.finished_or_ended_at is None or stay.came < leg.finished_or_ended_at)
        ]

    def next_call_time(self, window: str, after: datetime) -> datetime | None:
        return min((call for call in self._calls.get(window, ()) if call > after), default=None)

    def _is_window_occupied(self, window: str, at: datetime) -> bool:
        return any(stay.came <= at < stay.until for stay in self._stays.get(window, ()))

    def _free_window_with_latest_next_call(self, at: datetime) -> str | None:
        """Return the window without a customer whose next call is the farthest away."""
        free = [window for window in self._calls if not self._is_window_occupied(window, at)]
        return max(
            free,
            key=lambda window: (self.next_call_time(window, at) or datetime.max.replace(tzinfo=UTC), window),
            default=None,
        )


def _visit_acts(visit: _RecordedVisit, windows: _WindowOccupancy) -> list[players.RecordedAct]:
    """Return one ticket's acts in the order of its life."""
    legs = visit.legs
    acts = [
        players.RecordedAct(
            line=visit.line,
            time=visit.arrived,
            action="issue",
            ticket=visit.ticket,
            service=legs[0].service,
            klass=visit.klass,
            staff=visit.guide,
        )
    ]
    for leg, following in zip(legs, [*legs[1:], None], strict=True):
        acts += _acts_of_leg(visit, leg, following, windows)
    last = legs[-1]
    if visit.rating and last.finished:
        acts.append(
            players.RecordedAct(
                line=visit.line, time=last.finished, action="rate", ticket=visit.ticket, value=visit.rating
            )
        )
    return acts


def _acts_of_leg(
    visit: _RecordedVisit, leg: _RecordedLeg, following: _RecordedLeg | None, windows: _WindowOccupancy
) -> list[players.RecordedAct]:
    """Return what was done in one step."""

    def recorded_act(
        action: str, time: datetime, *, service: str | None = None, value: str | None = None
    ) -> players.RecordedAct:
        is_there = action not in ("reinstate", "leave", "void") and leg.called is not None
        return players.RecordedAct(
            line=visit.line,
            time=time,
            action=action,
            ticket=visit.ticket,
            service=service,
            window=leg.window if is_there else None,
            staff=leg.staff if is_there else None,
            value=value,
            reason=leg.note if action == "finish" else None,
        )

    found = (
        _acts_before_leg_end(visit, leg, windows, following is not None, recorded_act) if leg.called is not None else []
    )
    if leg.end == "finish" and leg.finished is not None:
        if following is not None:
            found.append(recorded_act("add", leg.finished, service=following.service))
        found.append(recorded_act("finish", leg.finished, value=leg.outcome))
    elif leg.end in ("transfer", "redirect") and following is not None:
        time = leg.finished_or_ended_at or leg.started or leg.called or visit.arrived
        found.append(recorded_act(leg.end, time, service=following.service))
    elif leg.end in ("leave", "void", "defer") and not (leg.end == "leave" and visit.is_no_show):
        time = leg.finished_or_ended_at or leg.started or leg.called or visit.arrived
        if leg.started is not None and found[-1].action != "park":
            found.append(recorded_act("park", time))
        found.append(recorded_act("void" if leg.end == "void" else "leave", time))
    return found


def _acts_before_leg_end(
    visit: _RecordedVisit, leg: _RecordedLeg, windows: _WindowOccupancy, is_followed: bool, act: Act
) -> list[players.RecordedAct]:
    """Return calls and start, and what must have happened where the window took others before the customer was gone."""
    assert leg.called is not None
    first = windows.window_of_first_call_of_leg(leg)
    others = windows.stays_of_others(leg, visit.ticket, leg.called)
    found = []
    if first == leg.window:
        found.append(act("call", leg.called))
        next_one = min((stay.came for stay in others), default=None)
        is_missed = leg.started is None or (next_one is not None and next_one < leg.started)
    else:
        is_missed = first is not None
        if first is not None:
            found.append(replace(act("call", leg.called), window=first, staff=None))
        next_one = windows.next_call_time(first, leg.called) if first is not None else None
    free = min(moment for moment in (leg.called + NOT_COMING, next_one, leg.started) if moment is not None)
    stays = leg.end in ("transfer", "redirect", "void") and leg.started is None and next_one is None
    if is_missed and not stays and (leg.finished_or_ended_at is None or leg.finished_or_ended_at > free):
        found.append(replace(act("miss", free), window=first, staff=None))
        if leg.started is not None:
            found.append(act("reinstate", leg.started))
    if leg.started is None:
        return found
    if is_missed or not found:
        found.append(act("call", leg.started))
    if is_followed or not (visit.is_assumed and leg.started == leg.called):
        found.append(act("start", leg.started))
    spans = [(moment, moment) for moment in windows.finish_times_of_others_during_leg(leg, visit.ticket)]
    after = [stay for stay in others if stay.came >= leg.started]
    if after:
        begin, end = after[0].came, max(stay.until for stay in after)
        spans = sorted([(begin, end), *(span for span in spans if not begin <= span[0] <= end)])
    for begin, end in spans:
        found.append(act("park", begin))
        if leg.finished_or_ended_at is not None and leg.end in ("finish", "transfer", "redirect"):
            found.append(act("unpark", min(leg.finished_or_ended_at, end)))
    return found


# The set-up that a file of recorded days asks for: its own codes where none is given, and whether a given one knows
# them.

HALL = {"code": "REPLAY", "name": "Replay", "name_en": "Replay"}
LETTERS = "ABCDEFGHJKLMNPRTUVWXY"


def setup_from_acts(acts: Sequence[players.RecordedAct], zone: timezone) -> dict[str, Any]:
    """Return a set-up with the services, windows, staff and classes of the rows: every window serves every service at
    all hours."""
    services = _codes_naturally_sorted(act.service for act in acts)
    windows = _codes_naturally_sorted(act.window for act in acts)
    known = _classes_of_all_presets()
    classes = [c for c in _codes_naturally_sorted(act.klass for act in acts) if c != "normal"]
    prefixes = _prefix_by_service(services, acts)
    at_windows = {act.staff for act in acts if act.action not in ("issue", "not-ready", "sign-in")}
    return {
        "hall": {**HALL, "timezone": _utc_offset_name(zone)},
        "services": [
            {"code": c, "name": c, "prefix": prefixes[c], "last": hallday.LAST, "hours": ALL_HOURS} for c in services
        ],
        "windows": [{"code": c, "services": services} for c in windows or ["1"]],
        "staff": [
            {"code": c, "name": c, "role": "clerk" if c in at_windows else "guide"}
            for c in _codes_naturally_sorted(act.staff for act in acts)
        ],
        "classes": [known.get(c, {"code": c, "name": c, "credit_minutes": 0}) for c in classes],
    }


def setup_prepared_for_replay(
    document: Mapping[str, Any], acts: Sequence[players.RecordedAct], code: str | None
) -> dict[str, Any]:
    """Return a set-up prepared for the rows: marked as a hall of recorded days, with a clerk named like the window
    where a row needs one."""
    after = setup_document_for_new_hall(document, code=code)
    after["hall"] |= {"simulated": True, "replayed": True}
    staff = list(after.get("staff", ()))
    known = {row["code"] for row in staff}
    lacking = [c for c in _codes_naturally_sorted(_windows_used_before_staff_is_named(acts)) if c not in known]
    after["staff"] = staff + [{"code": c, "name": c, "role": "clerk"} for c in lacking]
    return after


def rows_with_unknown_codes(setup: Setup, acts: Iterable[players.RecordedAct]) -> list[BadLine]:
    """Return the rows that name a service, window, person or class that the set-up lacks."""
    bad = []
    for act in acts:
        try:
            if act.service is not None:
                setup.service_by_code(act.service)
            if act.window is not None:
                setup.window_by_code(act.window)
            if act.staff is not None:
                setup.person_by_code(act.staff)
            if act.klass is not None:
                setup.class_by_code(act.klass)
        except RuleError as error:
            bad.append(BadLine(act.line, error))
    return bad


def _codes_naturally_sorted(codes: Iterable[str | None]) -> list[str]:
    """Return each code once, as people would sort them: 2 before 10."""
    return sorted({c for c in codes if c is not None}, key=_natural_sort_key)


def _natural_sort_key(code: str) -> list[tuple[int, int, str]]:
    parts = re.findall(r"[0-9]+|[^0-9]+", code)
    return [(0, int(part), "") if part.isdecimal() else (1, 0, part) for part in parts]


def _windows_used_before_staff_is_named(acts: Sequence[players.RecordedAct]) -> Iterator[str]:
    """Yield the windows at which something was done while no row had said who sat there; dates end every shift."""
    seated: set[str] = set()
    day = None
    for act, window in zip(acts, players.window_of_each_act(acts), strict=True):
        if act.time.date() != day:
            day = act.time.date()
            seated.clear()
        if window is None:
            continue
        if act.staff is None and window not in seated:
            yield window
        seated.add(window)
        if act.action == "close":
            seated.discard(window)


def _prefix_by_service(services: Sequence[str], acts: Iterable[players.RecordedAct]) -> dict[str, str]:
    """Return a series for each service: the letters of its numbers in the file, else its code, else letters that are
    free."""
    seen: dict[str, set[str]] = {code: set() for code in services}
    for act in acts:
        if act.action in ("issue", "serve") and act.ticket and act.service:
            seen[act.service].add((hallday.split_ticket_label(act.ticket) or ("", 0))[0])
    found = {code: letters.copy().pop() for code, letters in seen.items() if len(letters) == 1}
    found = {code: letters for code, letters in found.items() if PREFIX.fullmatch(letters)}
    found |= {code: code.upper() for code in services if code not in found and PREFIX.fullmatch(code.upper())}
    free = (text for text in _service_letter_sequence() if text not in found.values())
    return {code: found.get(code) or next(free) for code in services}


def _service_letter_sequence() -> Iterator[str]:
    for length in (1, 2, 3):
        yield from map("".join, product(LETTERS, repeat=length))


@cache
def _classes_of_all_presets() -> dict[str, dict[str, Any]]:
    known: dict[str, dict[str, Any]] = {}
    for preset in PRESETS:
        for row in setting_up.preset_setup_document(preset)["classes"]:
            known.setdefault(row["code"], row)
    return known


def _utc_offset_name(zone: timezone) -> str:
    """Return a fixed offset as the set-up writes it: UTC+02:00."""
    span = zone.utcoffset(None)
    sign = "-" if span < timedelta() else "+"
    minutes = abs(span) // timedelta(minutes=1)
    return f"UTC{sign}{minutes // 60:02d}:{minutes % 60:02d}"


# -- what whole days came to, and the answer kept for whoever asks for them again ------------------------------------


class ReplayResultCounts(Struct, frozen=True, kw_only=True):
    """The result of played days. `events` are all of the log; `skipped` the rows that were left out."""

    days: int
    tickets: int
    events: int
    skipped: int

    def to_document(self) -> dict[str, int]:
        """Return what the commands print."""
        return {"days": self.days, "tickets": self.tickets, "events": self.events, "skipped": self.skipped}


OneShotProgressAnimation = Callable[[int, int], None]
"""Told at every step how much is done, and of how much."""
Ready = Callable[[Desk, ReplayResultCounts, Sequence[players.PredictedWait]], None]
"""Given the hall before it stands anywhere, what its days came to, and the waits that were told in the order of
issue."""


def log_length(desk: Desk) -> int:
    """Return the number of events in the hall's log."""
    with desk.db.read() as tx:
        return halls.load_hall_row(tx, desk.hall).now.seq


def store_command_answer(desk: Desk, command: str, words: str, played: ReplayResultCounts) -> None:
    """Store in a new hall which command made it."""
    with desk.db.write(desk.hall) as tx:
        events.store_command_answer(
            tx, desk.hall, command, words=words, seq=played.events, document=played.to_document()
        )


def stored_command_answer(target: Path | None, command: str | None, words: str) -> Document | None:
    """Return the first answer of a command that made the hall at `target`; None if nothing is there.

    Raises RuleError "exists" if something else is, "id_used" when the command had other words."""
    if target is None or not target.exists():
        return None
    kept = None
    if command is not None:
        try:
            db = Database.open(target)
        except OutsideError:
            raise RuleError("exists", path=str(target)) from None
        try:
            with db.read() as tx:
                kept = next(
                    (
                        a
                        for id, _code in halls.hall_ids_and_codes(tx)
                        if (a := events.answer_of_command(tx, id, command))
                    ),
                    None,
                )
        finally:
            db.dispose()
    if kept is None:
        raise RuleError("exists", path=str(target))
    if kept[0] != words:
        raise RuleError("id_used", command=command)
    return kept[1]


# -- replays recorded days through a fresh hall at the recorded times ------------------------------------------------


def replay_file_into_hall(
    file: Path,
    *,
    target: Path | None = None,
    setup: Mapping[str, Any] | None = None,
    code: str | None = None,
    skip_bad: bool = False,
    ready: Ready = lambda desk, played, told: None,
    progress: OneShotProgressAnimation = lambda done, whole: None,
) -> ReplayResultCounts:
    """Play a file of recorded tickets or actions into a new hall at `target`, or leave nothing.

    `setup` is a set-up that `check_and_read_setup` accepts; without it the hall is made of what the file names. `code`
    is the hall's code. `told` gets the quoted waits, in the order of issue, before the hall is put in place. A refusal
    or an interruption leaves nothing behind.

    Raises:
        RuleError: "bad_rows" (path, lines) unless `skip_bad`, "no_rows", "exists".
        OutsideError: "no_such_file", "cannot_read", "not_a_table", "cannot_write", "database_full"."""
    table = read_table(file, {**dict.fromkeys(OWN_COLUMNS, ()), **players.ACTION_NAMES, **TICKET_NAMES})
    acts, bad, zone = _read_acts_and_offset(table, setup)
    if setup is not None:
        bad += rows_with_unknown_codes(check_and_read_setup(setup), acts)
    while True:
        left_out = {one.line for one in bad}
        good = [act for act in acts if act.line not in left_out]
        if not good:
            raise bad_rows_refusal(file, bad) if bad else RuleError("no_rows", path=str(file))
        whole = check_and_read_setup(setup_prepared_for_replay(setup or setup_from_acts(good, zone), good, code))
        if bad and not skip_bad:  # Played only to find what else could not have happened.
            _nothing, found = _play_acts_and_give_result_or_faults(good, whole, table.digest, progress=progress)
            raise bad_rows_refusal(file, bad + found)
        played, found = _play_acts_and_give_result_or_faults(
            good, whole, table.digest, target=target, skipped=len(left_out), ready=ready, progress=progress
        )
        bad += found
        if played is not None:
            return played
        if not skip_bad:
            raise bad_rows_refusal(file, bad)


class _RefusedRowsError(Exception):
    """Rows were refused."""


def _play_acts_and_give_result_or_faults(
    acts: Sequence[players.RecordedAct],
    setup: Setup,
    digest: bytes,
    *,
    target: Path | None = None,
    skipped: int = 0,
    ready: Ready = lambda desk, played, told: None,
    progress: OneShotProgressAnimation,
) -> tuple[ReplayResultCounts | None, list[BadLine]]:
    """Play rows into a new hall; with bad rows among them no hall is left, and they are returned."""
    bad: list[BadLine] = []
    try:
        with opening_new_database_draft(target) as db:
            made = setting_up.create_first_hall(db, setup, Ask(CONSOLE, acts[0].time))
            player = players.RecordedDayPlayer(
                Desk(db, made.hall, reproducible_token_source(digest), no_salt),
                setup,
                lambda done: progress(done, len(acts)),
            )
            player.play(acts)
            bad = player.bad
            if bad:
                raise _RefusedRowsError
            played = ReplayResultCounts(
                days=player.days, tickets=len(player.predictions), events=log_length(player.desk), skipped=skipped
            )
            ready(player.desk, played, player.predictions)
    except _RefusedRowsError:
        return None, bad
    return played, []


def first_row_utc_offset(table: FileTable, column: str) -> timezone:
    """Return the offset of the first row's time, or if it has none, that of the presets' country."""
    for row in table.rows:
        if (text := row.code(column)) and (match := players.WRITTEN_TIME.fullmatch(text)):
            offset = players.parse_utc_offset(match[8])
            return players.NO_OFFSET if offset is None else timezone(offset)
    return players.NO_OFFSET


def _read_acts_and_offset(
    table: FileTable, setup: Mapping[str, Any] | None
) -> tuple[list[players.RecordedAct], list[BadLine], timezone]:
    """Return the rows in order, the lines that make none, and the first row's offset."""
    is_own, is_tickets = "leg" in table.columns, "arrived" in table.columns
    if is_own:
        check_columns(table, dict.fromkeys(OWN_COLUMNS, ()), NEEDED_OWN_COLUMNS)
    elif is_tickets:
        check_columns(table, TICKET_NAMES, NEEDED_TICKET_COLUMNS)
    else:
        check_columns(table, players.ACTION_NAMES, players.NEEDED_ACTION_COLUMNS)
    offset = first_row_utc_offset(table, "arrived" if is_tickets else "time")
    zone = time_zone_from_name(setup["hall"].get("timezone", "Asia/Shanghai")) if setup is not None else offset
    if is_own:
        visits, bad = parse_visit_acts(table, zone)
        return acts_in_time_order(visits), [*table.bad, *bad], offset
    if is_tickets:
        tickets, bad = parse_recorded_tickets(table, zone)
        return acts_of_tickets(tickets), [*table.bad, *bad], offset
    acts, bad = players.parse_recorded_acts(table, zone)
    return players.acts_in_order(acts), [*table.bad, *bad], offset


# -- simulates whole days of a preset hall: the same again for the same seed -----------------------------------------


def simulate_days_of_preset_hall(
    preset: str,
    seed: int,
    *,
    today: date,
    days: int = 1,
    first: date | None = None,
    target: Path | None = None,
    code: str | None = None,
    ready: Ready = lambda desk, played, told: None,
    progress: OneShotProgressAnimation = lambda done, whole: None,
) -> ReplayResultCounts:
    """Play `days` dates from `first` on through a new hall at `target`, or leave nothing.

    Without `first` they end with the last date up to `today` on which the hall is open. Busy bill days of that kind of
    hall stand in its set-up and bring more people, for other matters. `progress` is called at every
    act with the number of days done, and of all days. A refusal or an interruption leaves nothing behind. Raises
    RuleError "unknown_preset", "exists", OutsideError "cannot_write"."""
    if preset not in PRESETS:
        raise RuleError("unknown_preset", preset=preset)
    prepared = setting_up.setup_document_for_new_hall(
        setting_up.preset_setup_document(preset), code=code, timezone=TIME_ZONE
    )
    prepared["hall"]["simulated"] = True
    begin = first or last_open_day(check_and_read_setup(prepared), today) - timedelta(days=days - 1)
    bills = busy_bill_dates(preset, begin, begin + timedelta(days=days - 1))
    setup = check_and_read_setup({**prepared, "pay_days": [day.isoformat() for day in bills]})
    with opening_new_database_draft(target) as db:
        made = setting_up.create_first_hall(db, setup, Ask(CONSOLE, utc_moment_of_hall_minute(setup, begin, 0)))
        desk = Desk(db, made.hall, reproducible_token_source(f"simulate {preset} {seed}".encode()), no_salt)
        tickets = 0
        for n in range(days):
            day = begin + timedelta(days=n)
            if has_open_service_on(setup, day):
                for _now in simulated_day_of_hall(desk, setup, day, seed, BILL_DAYS.get(preset)).play_step_by_step():
                    progress(n, days)
                tickets += len(looking.hall_state_on(desk, day).tickets)
            progress(n + 1, days)
        played = ReplayResultCounts(days=days, tickets=tickets, events=log_length(desk), skipped=0)
        ready(desk, played, ())
    return played


def busy_bill_dates(preset: str, first: date, last: date) -> list[date]:
    """Return the busy bill days of a kind of hall, from the month before `first` to the one after `last`, so that a
    forecast made on any date between them knows the ones beside it."""
    kind = BILL_DAYS.get(preset)
    around = timedelta(days=31)
    dates = (first - around + timedelta(days=n) for n in range((last - first + 2 * around).days + 1))
    return [day for day in dates if kind is not None and day.day in kind.month_days]
