"""The figures of business dates from their tickets, shifts, ratings and log: one document for every kind of report.

Times are those at which things happened; minutes have two decimals, shares are in 0..1, and unknown values are None.
The definitions:

- wait, way and handling leave out legs that ended in redirect, legs that day-end closed while they were served or set
  aside (`inaccurate`) and all legs of void tickets: what was issued by mistake has no time or promise, whether it was
  called or not. A ticket that waited uncalled until day-end left uncalled, in within_target too. A customer served
  without a ticket joined the line and was called at the same moment: a wait and a way of 0.
- finished of a service, window or clerk: legs ended by `finish`, or by day-end while served or set aside; a transfer is
  not a finish.
- `hours`: calls are first calls of legs; open_windows counts the windows that were open and not paused at some moment
  of the half-hour. Without any call the half-hours go on to the last arrival.
- promise: called tickets with a quoted range, without void ones: their first call against the range's upper end;
  earlier than quoted is within.
- overtakes.by_reason counts overtakings, a ticket passed twice counts twice; redirects are counted by the service that
  was wrong.
- waiting_at_end: those that day-end found waiting and those waiting now.
- serving_minutes of a window: from start until the ticket left it for any reason, waits for other systems included.
- a running window or pause lasts until `now`, but never past the end of the business date.
- log: of the events that carry this business date, the first, the last and the last one's hash.
- cases, and quality behind the rules, are those of core/quality/figures.py; without them, where dates are compared,
  cases are None.
- several dates: counts and minutes are sums, means, medians, percentiles and shares are of all legs, tickets or ratings
  together, never of the days' own. A half-hour has the arrivals and calls of all dates and in open_windows the most of
  any date; empty half-hours between the first and the last are included.
- several halls together: so as well, each wait measured against its own hall's target (target_minutes is None where
  they differ), in open_windows the sum of the halls'. Services of one code and name are one; windows, clerks and
  services that differ are "HALL/CODE".
- left_out: `what` and `why` are codes; reports give the sentences. `n` counts legs or tickets, minutes where `what`
  ends in `_minutes`.

Other channels, by the totals that they reported:

- ledger: totals whose whole month or date is in the span, all sites of a channel together.
- hall_share: of a service, what the hall finished on the dates that the ledger covers (those of its months, and its
  dates) ÷ (those + ledger). Finished is counted as in `services`: legs ended by `finish`, or by day-end while served or
  set aside."""

from __future__ import annotations

import zlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import cache, partial
from types import GenericAlias
from typing import Any, get_args

import msgspec
from msgspec import Struct, field

from queuedesk.core.figures.measures import figure as definitions
from queuedesk.core.figures.measures import figures as declared_figures
from queuedesk.core.figures.measures import rows as figure_rows
from queuedesk.core.figures.measures.day import (
    HALF_HOUR_MIN,
    HALF_HOUR_US,
    DayRows,
    DaySpans,
    DeviceTally,
    device_rows,
    reinstated_ticket_labels,
    sort_half_hours_by_time,
    unpaused_spans_us,
)
from queuedesk.core.figures.measures.targets_reached import TargetTally, current_targets_and_rules
from queuedesk.core.imports import ChannelTotal, reported_dates_by_service
from queuedesk.core.log.event import Event
from queuedesk.core.log.state import HallState
from queuedesk.core.log.ticket_history import timeline_of_tickets_on_date
from queuedesk.core.quality import figures as quality_figures
from queuedesk.core.quality.figures import QualityRows
from queuedesk.core.queue.hallday import end_of_day
from queuedesk.core.queue.overview import set_up
from queuedesk.core.queue.ticket import FINISHED_ENDS, Ticket, TicketState, log_name_of_dated_ticket
from queuedesk.core.setup.rows import Setup
from queuedesk.core.setup.time_of_day import MINUTES_A_DAY, parse_clock_minutes
from queuedesk.core.talk.remarks import CHANNELS


def other_channel_rows(state: HallState, day: date) -> figure_rows.OtherChannelRows:
    """Return the other channels' rows of `day` from a state in memory."""
    legs = [leg for ticket in state.tickets.values() if ticket.date == day for leg in ticket.legs]
    return figure_rows.OtherChannelRows(
        offers=Counter((offer.to, offer.accepted) for offer in state.offers if offer.date == day),
        totals=[total for total in state.totals.values() if total.last == day],
        finished=Counter(leg.service for leg in legs if leg.finished is not None and leg.end in FINISHED_ENDS),
        elsewhere=frozenset(total.service for total in state.totals.values() if total.first <= day <= total.last),
    )


class ServedByOtherChannelsTally(Struct):
    """Reported totals, added up. `first` is the earliest date; `merged` and `merged_hall` are other halls' sums."""

    first: date | None = None
    totals: list[ChannelTotal] = field(default_factory=list)
    finished: Counter[tuple[str, date]] = field(default_factory=Counter)
    merged: Counter[tuple[str, str]] = field(default_factory=Counter)
    merged_hall: Counter[str] = field(default_factory=Counter)

    def add_day(self, rows: DayRows) -> None:
        own = rows.diversion
        self.first = rows.day if self.first is None else min(self.first, rows.day)
        self.totals += own.totals
        self.finished.update({(service, rows.day): n for service, n in own.finished.items()})

    def extend(self, other: ServedByOtherChannelsTally) -> None:
        """Add other dates of the same hall."""
        firsts = [day for day in (self.first, other.first) if day is not None]
        self.first = min(firsts, default=None)
        self.totals += other.totals
        self.finished.update(other.finished)

    def merge(self, other: ServedByOtherChannelsTally, hall: str, service: Callable[[str], str]) -> None:
        """Add another hall's sums; `service` translates the codes of its services."""
        for (channel, code), n in other._served_elsewhere_counts().items():
            self.merged[(channel, service(code))] += n
        for code, n in other._finished_in_hall_by_service().items():
            self.merged_hall[service(code)] += n

    def ledger_and_hall_share(self, scope: definitions.FigureScope) -> figure_rows.Figures:
        """Return "ledger" and "hall_share", which follow the offers in "diversion"."""
        elsewhere, hall = self._served_elsewhere_counts(), self._finished_in_hall_by_service()
        by_service: Counter[str] = Counter()
        for (_channel, code), n in elsewhere.items():
            by_service[code] += n
        return {
            "ledger": [
                {"channel": channel, "service": code, "n": elsewhere[channel, code]}
                for channel in definitions.occurring_codes_in_order(CHANNELS, {channel for channel, _code in elsewhere})
                for code in definitions.occurring_codes_in_order(scope.services, by_service)
                if (channel, code) in elsewhere
            ],
            "hall_share": [
                {"service": code, "hall": hall[code], "elsewhere": by_service[code], "share": figure_rows.rounded_share(hall[code], hall[code] + by_service[code])}
                for code in definitions.occurring_codes_in_order(scope.services, by_service)
            ],
        }  # fmt: skip

    def _totals_in_span(self) -> list[ChannelTotal]:
        return [total for total in self.totals if self.first is not None and self.first <= total.first]

    def _served_elsewhere_counts(self) -> Counter[tuple[str, str]]:
        """Count tickets served by other channels in the span, by channel and service."""
        n_by_pair = Counter(self.merged)
        for total in self._totals_in_span():
            n_by_pair[(total.channel, total.service)] += total.n
        return n_by_pair

    def _finished_in_hall_by_service(self) -> Counter[str]:
        """Count tickets that the hall finished on the dates that the ledger covers, by service."""
        n_by_service = Counter(self.merged_hall)
        last = max((total.last for total in self.totals), default=date.min)
        for service, days in reported_dates_by_service(self._totals_in_span(), self.first or date.min, last).items():
            n_by_service[service] += sum(self.finished[(service, day)] for day in days)
        return n_by_service


class ReturnVisitAndSavingTally(Struct):
    """Followed returns and saved minutes, added up. Figures that need later dates are None in the document once a date
    without them was added."""

    follow_days: set[int] = field(default_factory=set)
    knows_links: bool = True
    followed: dict[tuple[str, date], tuple[int, int]] = field(default_factory=dict)
    """(tickets, those that name an earlier visit) by hall and date: dates that several spans follow count once."""
    saving: Counter[int] = field(default_factory=Counter)
    """Number of legs without a form, by the minutes that each of them saved."""

    def add_day(self, rows: DayRows) -> None:
        self.follow_days.add(rows.setup.setting_as_int("first_visit_days"))
        finished = (
            alike.legs for alike in rows.legs_combined_by_kind if alike.legs[0].end == "finish" and rows.can_need_forms
        )
        self.saving[rows.setup.setting_as_int("form_free_minutes")] += sum(
            leg.form_free for legs in finished for leg in legs
        )
        if rows.links is None:
            self.knows_links = False
        else:
            self.followed |= {(rows.setup.hall.code, day): counts for day, counts in rows.links.followed.items()}

    def merge(self, other: ReturnVisitAndSavingTally) -> None:
        """Add the sums of other dates or halls."""
        self.knows_links = self.knows_links and other.knows_links
        self.follow_days |= other.follow_days
        self.followed |= other.followed
        self.saving.update(other.saving)

    def service_level_figures(
        self, scope: definitions.FigureScope, tally: declared_figures.FigureSums
    ) -> figure_rows.Figures:
        """Return these measures; `tally` is the whole that they are part of."""
        n, of = tally.called_in_time_and_all_steps()
        return {
            "service_level": {
                "n": n,
                "of": of,
                "rate": figure_rows.rounded_share(n, of),
                "target_minutes": scope.target_minutes,
                "left_early": tally.left_out_tally.total_count("left_early"),
            }
        }

    def return_visit_and_saving_figures(self) -> figure_rows.Figures:
        """Return the parts of other measures that are computed here."""
        counts, known = self.followed.values(), self.knows_links
        is_measured = bool(self.saving) and not self.saving[0] and set(self.saving) != {0}
        return {
            "days": next(iter(self.follow_days)) if len(self.follow_days) == 1 else None,
            "followed": sum(issued for issued, _ in counts) if known else None,
            "linked": sum(linked for _, linked in counts) if known else None,
            "minutes_each": next(iter(self.saving)) if len(self.saving) == 1 else None,
            "minutes_saved": sum(each * n for each, n in self.saving.items()) if is_measured else None,
        }


class ReportTally(declared_figures.FigureSums):
    """All sums behind a report."""

    visits: ReturnVisitAndSavingTally = field(default_factory=ReturnVisitAndSavingTally)
    lines: definitions.LongestPausesAndWaits = field(default_factory=definitions.LongestPausesAndWaits)
    diversion: ServedByOtherChannelsTally = field(default_factory=ServedByOtherChannelsTally)
    devices: DeviceTally = field(default_factory=DeviceTally)
    promises: definitions.QuotedWaitTally = field(default_factory=definitions.QuotedWaitTally)
    targets: TargetTally = field(default_factory=TargetTally)

    @classmethod
    def from_days(cls, days: Iterable[DayRows]) -> ReportTally:
        tally = cls()
        for rows in days:
            tally.add_day(rows)
        return tally

    def add_day(self, rows: DayRows) -> None:
        before = {name: self.ticket_counts_tally.total_count(name) for name in ("issued", "finished", "left")}
        rated = {name: self.ratings_tally.total_count(name) for name in ("n", "satisfied")}
        within, asked = self.called_in_time_and_all_steps()
        for figure in declared_figures.COUNTED:
            self.counted[figure.key].add_day(figure, rows)
        waited_us = self._add_half_hours_and_sum_waits(rows)
        all_within, all_asked = self.called_in_time_and_all_steps()
        line = None
        if rows.tickets:
            line = declared_figures.HallDateCounts(
                hall=rows.setup.hall.code,
                day=rows.day,
                **{name: self.ticket_counts_tally.total_count(name) - n for name, n in before.items()},
                waits=sum(len(own.waits) for own in rows.legs_combined_by_kind),
                waited_us=waited_us,
                within=all_within - within,
                asked=all_asked - asked,
                rated=self.ratings_tally.total_count("n") - rated["n"],
                satisfied=self.ratings_tally.total_count("satisfied") - rated["satisfied"],
            )
            self.days.append(line)
        self.visits.add_day(rows)
        self.lines.add_day(rows)
        self.diversion.add_day(rows)
        self.devices.add_day(rows)
        self.promises.add_day(rows)
        self.targets.add_day(rows, line)

    def _add_half_hours_and_sum_waits(self, rows: DayRows) -> int:
        """Add the half-hours of a date; return the sum of their counted waits, in microseconds."""
        halves = rows.half_hours
        slots = [self.hours.setdefault(slot, declared_figures.HalfHourTally()) for slot in halves.slots]
        for at, n in rows.arrivals_by_half_hour.items():
            if at < len(slots):
                slots[at].arrivals += n
        calls: Counter[int] = Counter()
        waits: dict[int, list[int]] = defaultdict(list)
        for legs, own_waits, _handling in rows.legs_combined_by_kind:
            places = [halves.index_at(leg.called) for leg in legs if leg.called is not None]
            calls.update(places)
            for at, wait in zip(places, own_waits, strict=False):  # all of them have a wait, or none
                waits[at].append(wait)
        weekday = rows.day.isoweekday()
        for at, n in calls.items():
            if at < 0:
                continue
            slots[at].calls += n
            if own := waits.get(at):
                slots[at].waits += len(own)
                slots[at].waited_us += sum(own)
                cell = (weekday, halves.slots[at][1])
                n_before, waited = self.heat.get(cell, (0, 0))
                self.heat[cell] = (n_before + len(own), waited + sum(own))
        taking = [(s.window, span) for s in rows.shifts for span in unpaused_spans_us(s, rows.until)]
        for i, slot in enumerate(slots):
            begin, over = halves.start + i * HALF_HOUR_US, halves.start + (i + 1) * HALF_HOUR_US
            windows = {w for w, (opened, closed) in taking if begin <= opened < over or opened < begin < closed}
            slot.open_windows = max(slot.open_windows, len(windows))
        return sum(sum(own) for own in waits.values())

    def extend(self, other: ReportTally) -> None:
        """Add later dates of the same hall, as if they had been added singly."""
        for slot, hour in other.hours.items():
            ours = self.hours.setdefault(slot, declared_figures.HalfHourTally())
            ours.add_sums(hour)
            ours.open_windows = max(ours.open_windows, hour.open_windows)
        self._merge_heat_map(other)
        self.days += other.days
        for figure in declared_figures.COUNTED:
            self.counted[figure.key].extend(other.counted[figure.key])
        self.visits.merge(other.visits)
        self.lines.extend(other.lines)
        self.diversion.extend(other.diversion)
        self.devices.extend(other.devices)
        self.promises.merge(other.promises, str)
        self.targets.extend(other.targets)

    def _merge_heat_map(self, other: ReportTally) -> None:
        for cell, (n, waited) in other.heat.items():
            ours = self.heat.get(cell, (0, 0))
            self.heat[cell] = (ours[0] + n, ours[1] + waited)

    def merge(self, other: ReportTally, hall: str, service: Callable[[str], str]) -> None:
        """Add another hall's sums: its windows and people as "HALL/CODE"; `service` translates the codes of its
        services."""
        for slot, hour in other.hours.items():
            ours = self.hours.setdefault(slot, declared_figures.HalfHourTally())
            ours.add_sums(hour)
            ours.open_windows += hour.open_windows
        self._merge_heat_map(other)
        self.days += other.days
        for figure in declared_figures.COUNTED:
            self.counted[figure.key].merge(figure, other.counted[figure.key], hall, service)
        self.visits.merge(other.visits)
        self.lines.merge(other.lines, hall, service)
        self.diversion.merge(other.diversion, hall, service)
        self.devices.merge(other.devices, hall, service)
        self.promises.merge(other.promises, service)
        self.targets.merge(other.targets, hall, service)


_MEASURE_ORDER = (
    *("served", "service_level", "first_visit", "wrong_counter", "form_free"),
    *("items", "outcomes", "papers"),
    *("idle_minutes", "system_wait", "set_aside", "missed", "questions", "classes"),
    *("overtakes", "counters", "pauses", "longest_waits", "diversion"),
    *("devices", "help", "promise"),
)
"""Measures in document order; FIGURES that are not listed follow."""


class LogRange(Struct, frozen=True):
    """The part of a log behind figures: first and last seq, and the last hash; None where it is empty."""

    first_seq: int | None = None
    last_seq: int | None = None
    hash: str | None = None


def day_figures(state: HallState, day: date, now: datetime, log: Sequence[Event] | None = None) -> figure_rows.Figures:
    """Return the figures of one business date as the commands print them. `state` holds at least that date; `log` are
    its events in order. Without it the figures that need it are None: log, minutes served, lost by redirects and
    idle."""
    setup = set_up(state)
    tally = ReportTally()
    tally.add_day(day_rows(state, day, now, log))
    first, last = (log[0], log[-1]) if log else (None, None)
    log_range = LogRange(first.seq, last.seq, last.hash) if first and last else LogRange()
    return figures_document(definitions.hall_figure_scope(setup, day, day), tally, log_range)


def day_rows(state: HallState, day: date, now: datetime, log: Sequence[Event] | None) -> DayRows:
    """Return the rows of one date from a state in memory. It has no later dates: returns are known while the date runs,
    and None afterwards."""
    tickets = [t for t in state.tickets.values() if t.date == day]
    until = figure_rows.to_epoch_micros(end_of_open_spans(set_up(state), day, now, log))
    spans = None
    if log is not None:
        spans = DaySpans()
        spans.add_spans_of_day_timeline(timeline_of_tickets_on_date(log), until)
    return DayRows(
        setup=set_up(state),
        day=day,
        tickets=[figure_rows.ticket_row(t) for t in tickets],
        legs=figure_rows.leg_rows(tickets),
        shifts=[s for s in state.shifts.values() if s.date == day],
        ratings=Counter(
            figure_rows.RatingRow(r.level, r.staff, r.attitude, r.competence, service=r.service)
            for r in state.ratings.values()
            if r.date == day and not r.excluded
        ),
        until=until,
        no_number=sum(o.date == day for o in state.opinions.values()),
        not_ready=Counter(n.service for n in state.not_ready if n.date == day),
        overtakes=Counter((o.reason, o.label) for o in state.overtakes if o.date == day),
        spans=spans,
        links=_return_visit_links(tickets, day) if now < end_of_day(set_up(state), day) else None,
        is_followed=now
        >= end_of_day(set_up(state), day + timedelta(days=set_up(state).setting_as_int("first_visit_days"))),
        reinstated=None if log is None else reinstated_ticket_labels(log),
        stalls=None if log is None else Counter(e.data["reason"] for e in log if e.kind == "stall"),
        diversion=other_channel_rows(state, day),
        devices=device_rows(state, day),
        help_calls=[call for call in state.help_calls.values() if call.date == day],
        targets=current_targets_and_rules(set_up(state), day),
    )


def _return_visit_links(tickets: Sequence[Ticket], day: date) -> figure_rows.ReturnVisitLinks:
    """Return the links between visits of a date that is not over, so that no later return can exist."""
    suffix = log_name_of_dated_ticket("", day)
    visits_before = [ticket.return_of for ticket in tickets if ticket.state is not TicketState.VOID]
    linked = [visit for visit in visits_before if visit is not None]
    returned = frozenset(visit.removesuffix(suffix) for visit in linked if visit.endswith(suffix))
    return figure_rows.ReturnVisitLinks(returned, {day: (len(visits_before), len(linked))} if visits_before else {})


def end_of_open_spans(setup: Setup, day: date, now: datetime, log: Sequence[Event] | None = None) -> datetime:
    """Return when open spans of the date end: `now`, but not past the date's end nor before its last event."""
    until = min(now.astimezone(UTC), end_of_day(setup, day))
    return max(until, max((e.time for e in log), default=until)) if log else until


def figures_document(
    scope: definitions.FigureScope, tally: ReportTally, log: LogRange, quality: QualityRows | None = None
) -> figure_rows.Figures:
    """Return the document of a tally; the quality figures only where `quality` is given."""
    quality_part = {} if quality is None else {"quality": quality_figures.quality_figures_document(quality)}
    no_cases = dict.fromkeys(("opened", "closed", "overdue"))
    return {
        "hall": scope.hall,
        "from": scope.first.isoformat(),
        "to": scope.last.isoformat(),
        **tally.ticket_counts_tally.figure_document(declared_figures.DAY, scope, {}),
        "wait": _wait_figures(tally, scope),
        **tally.steps_tally.row_values(declared_figures.STEPS, definitions.WHOLE, None, ("way",)),
        "handling": figure_rows.duration_statistics_minutes(
            tally.steps_tally.times_of_breakdown_row(definitions.BY_SERVICE, "handling")
        ),
        "services": [
            _service_row(code, tally, scope)
            for code in _set_up_then_other_codes(scope.services, tally.steps_tally.counts[definitions.BY_SERVICE, "of"])
        ],
        "windows": list(_window_rows(scope, tally)),
        "staff": list(_staff_rows(scope, tally)),
        "hours": _half_hour_rows(tally),
        "ratings": tally.ratings_tally.row_values(
            declared_figures.SATISFACTION, definitions.WHOLE, None, declared_figures.SATISFACTION.parts or ()
        ),
        **{
            name: tally.counted[figure.key].figure_document(figure, scope, {})
            for name, figure in (
                ("redirects", declared_figures.REDIRECTS),
                ("not_ready", declared_figures.CAME_UNREADY),
                ("overtakes", declared_figures.OVERTAKEN),
                ("promise", declared_figures.PROMISE),
            )
        },
        "cases": no_cases if quality is None else quality_figures.opened_closed_overdue_cases(quality),
        "log": {"first_seq": log.first_seq, "last_seq": log.last_seq, "hash": log.hash},
        "left_out": _left_out_rows(scope, tally),
        "measures": measures_document(scope, tally),
        "targets": tally.targets.target_result_rows(),
        "rules": tally.targets.dated_rule_figures(),
        **quality_part,
    }


def _wait_figures(
    tally: ReportTally, scope: definitions.FigureScope, service: str | None = None
) -> figure_rows.Figures:
    """Return the waits of called legs, of a service or of all. `within_target`: legs called within the target ÷ (legs
    called + left uncalled after longer than the target)."""
    waits = tally.steps_tally.times_of_breakdown_row(definitions.BY_SERVICE, "wait", service)
    return {
        **figure_rows.duration_statistics_minutes(waits),
        "max": figure_rows.rounded_minutes_from_us(max(waits)) if waits else None,
        "target_minutes": scope.target_minutes,
        "within_target": figure_rows.rounded_share(*tally.called_in_time_and_all_steps(service)),
    }


def _service_row(code: str, tally: ReportTally, scope: definitions.FigureScope) -> figure_rows.Figures:
    shown = partial(tally.steps_tally.row_values, declared_figures.STEPS, definitions.BY_SERVICE, code)
    return {
        "code": code,
        **shown(("issued", "finished", "left")),
        "wait": _wait_figures(tally, scope, code),
        **shown(("handling", "redirected_away")),
    }


def _window_rows(scope: definitions.FigureScope, tally: ReportTally) -> Iterator[figure_rows.Figures]:
    finished, spent = tally.steps_tally.counts[definitions.BY_WINDOW, "finished"], tally.working_time_tally.counts
    seen = {*finished, *spent[definitions.BY_WINDOW, "open_minutes"], *spent[definitions.BY_WINDOW, "serving_minutes"]}
    for code in _set_up_then_other_codes(scope.windows, seen - {None}):
        yield {
            "code": code,
            "finished": finished[code],
            **tally.working_time_tally.row_values(
                declared_figures.SPENT,
                definitions.BY_WINDOW,
                code,
                ("open_minutes", "paused_minutes", "serving_minutes"),
            ),
        }


def _staff_rows(scope: definitions.FigureScope, tally: ReportTally) -> Iterator[figure_rows.Figures]:
    """Yield the rows of people who were at a window or served a ticket."""
    worked = {
        *tally.working_time_tally.counts[definitions.BY_STAFF, "of"],
        *tally.steps_tally.counts[definitions.BY_STAFF, "of"],
    } - {None}
    for code in definitions.occurring_codes_in_order(scope.staff, worked):
        yield {
            "code": code,
            **tally.steps_tally.row_values(
                declared_figures.STEPS, definitions.BY_STAFF, code, ("finished", "handling")
            ),
            **tally.working_time_tally.row_values(
                declared_figures.SPENT, definitions.BY_STAFF, code, ("redirect_minutes", "idle_minutes")
            ),
            "ratings": tally.ratings_tally.row_values(
                declared_figures.SATISFACTION, definitions.BY_STAFF, code, declared_figures.SATISFACTION.parts or ()
            ),
        }


def _half_hour_rows(tally: ReportTally) -> list[figure_rows.Figures]:
    """Return the half-hours in the order of the hall's day; gaps are filled with empty ones."""
    rows: list[figure_rows.Figures] = []
    following: int | None = None
    for slot in sort_half_hours_by_time(tally.hours):
        (since, label, _nth), hour = slot, tally.hours[slot]
        while following is not None and following < since:
            hour_of_day = (parse_clock_minutes(label) - (since - following)) % MINUTES_A_DAY
            rows.append(
                _half_hour_row(f"{hour_of_day // 60:02}:{hour_of_day % 60:02}", declared_figures.HalfHourTally())
            )
            following += HALF_HOUR_MIN
        rows.append(_half_hour_row(label, hour))
        following = since + HALF_HOUR_MIN
    return rows


def _half_hour_row(label: str, tally: declared_figures.HalfHourTally) -> figure_rows.Figures:
    return {
        "from": label,
        "arrivals": tally.arrivals,
        "calls": tally.calls,
        "mean_wait": figure_rows.rounded_minutes_from_us(tally.waited_us / tally.waits) if tally.waits else None,
        "open_windows": tally.open_windows,
    }


def _left_out_rows(scope: definitions.FigureScope, tally: ReportTally) -> list[figure_rows.Figures]:
    counts = tally.left_out_tally.figure_document(declared_figures.LEFT_OUT, scope, {})
    return [{"what": what, "n": n, "why": declared_figures.WHY_LEFT_OUT[what]} for what, n in counts.items() if n]


def measures_document(scope: definitions.FigureScope, tally: ReportTally) -> figure_rows.Figures:
    lost = tally.counted[declared_figures.REDIRECTS.key].figure_document(declared_figures.REDIRECTS, scope, {})[
        "minutes_lost"
    ]
    stalls = tally.counted[declared_figures.STALLED.key].figure_document(declared_figures.STALLED, scope, {})
    besides = {
        **tally.visits.return_visit_and_saving_figures(),
        **tally.diversion.ledger_and_hall_share(scope),
        "minutes_lost": lost,
        "by_reason": stalls,
    }
    by_key = {
        **tally.visits.service_level_figures(scope, tally),
        **tally.lines.pause_and_wait_rows(),
        **tally.working_time_tally.row_values(declared_figures.SPENT, definitions.WHOLE, None, ("idle_minutes",)),
        "devices": tally.devices.device_measures(),
        "promise": tally.promises.promise_measures(scope),
        **{
            figure.key: tally.counted[figure.key].figure_document(figure, scope, besides)
            for figure in declared_figures.FIGURES
        },
    }
    return {key: by_key[key] for key in (*_MEASURE_ORDER, *(key for key in by_key if key not in _MEASURE_ORDER))}


def _set_up_then_other_codes(set_up: Iterable[str], seen: Iterable[str]) -> list[str]:
    """Return the set-up's codes in its order, then other codes that occurred, sorted."""
    codes = list(set_up)
    return codes + sorted(set(seen) - set(codes))


_FAST_COMPRESSION = 1


def packed_tally_bytes(tally: ReportTally) -> bytes:
    return zlib.compress(msgspec.msgpack.encode(tally), _FAST_COMPRESSION)


def unpack_tally(data: bytes) -> ReportTally:
    """Return packed sums, only to be added to others by ReportTally.extend(). Raises ValueError for other data."""
    try:
        return _DECODER.decode(zlib.decompress(data))
    except (zlib.error, msgspec.MsgspecError) as error:
        raise ValueError(str(error)) from None


def _decode_counter(kind: Any, value: Any) -> Any:
    if not isinstance(value, dict):
        raise ValueError(f"{value!r} is no {kind}")
    as_dict = _dict_type_of_counter(kind)
    return Counter(value if as_dict is None else msgspec.convert(value, as_dict))


@cache
def _dict_type_of_counter(kind: Any) -> Any:
    """Return the dict type of a counter's keys and counts, None where the keys may be anything."""
    keys = get_args(kind)
    return None if keys == (Any,) else GenericAlias(dict, (*keys, int))


_DECODER = msgspec.msgpack.Decoder(ReportTally, dec_hook=_decode_counter)
