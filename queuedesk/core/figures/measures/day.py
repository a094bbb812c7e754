"""One business date's rows, and values derived from them that several figures share.

Devices: which worked while the hall was open, and why others did not.

- Open is from the first window's opening to the last one's closing of each date; a device counts from its first event
  on.
- Up is that time without the outages. Each outage is cut to the open time of a date, so one over several dates is
  listed for each; `from` and `to` are on the hall's clock, `to` is None while it goes on in a hall that is open.
- A device that staff stopped before the open time and started after it was not in use on that date and is left out; so
  is one that had been down for a week when the hall opened. A date kept on paper alone has no devices. Voices end when
  the hall's calls begin to be only shown, and count on no date if they never worked until then.
- A device that reported without a PC's name, before its hall was shared, is the device of that name at the PC that
  shared, the first PC that reported any: one row, down in between only if it was before. Without a later report of that
  name, its time ends where it was stopped.

A date's spans, in microseconds, give the tickets at each window and in each line. The log has them for every ticket.
For one with a plain course (joined, called once, started, finished) the legs have the same, so a year is read from legs
and the log only for the others.

Figures count a date's rows by source and kind. A year has a quarter of a million tickets and legs, but few kinds of
them (DayRows.alike, DayRows.ticket_lists_of_same_kind): a test of a kind may use only what defines it: a ticket's
state, flags and class; a leg's place and end. Other rows are of one kind only where they are equal."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, timedelta
from functools import cached_property
from operator import attrgetter
from typing import Any, NamedTuple

from msgspec import Struct, field
from msgspec.structs import replace

from queuedesk.core.figures.measures import rows as figure_rows
from queuedesk.core.log.state import HallState
from queuedesk.core.log.ticket_history import DayStaysAndWaits, TicketStay, TimelineEvent, merge_overlapping_spans
from queuedesk.core.queue.hallday import begin_of_day, end_of_day
from queuedesk.core.queue.ticket import LentService, Shift
from queuedesk.core.setup.rows import Setup
from queuedesk.core.setup.time_of_day import MINUTES_A_DAY, parse_clock_minutes
from queuedesk.core.talk import device as device_states
from queuedesk.core.talk.messages import HelpCall

Span = tuple[int, int]
PLAIN_ENDS = frozenset({None, "finish"})
SENT_ON_ENDS = frozenset({"redirect", "transfer"})
PUT_ASIDE_STATES = frozenset({"parked", "missed"})


class WaitForOneWindowOrClerk(NamedTuple):
    """A wait for `service` that until `held_until` was for one window or clerk only."""

    service: str
    start: int
    end: int
    held_until: int
    to_window: str | None
    to_staff: str | None


class DaySpans(Struct):
    """Spans of a date. `at` and `served` are by window, `waiting` by service; `lost` are (staff, microseconds) at a
    window for the wrong line."""

    at: dict[str, list[Span]] = field(default_factory=lambda: defaultdict(list))
    served: dict[str, list[Span]] = field(default_factory=lambda: defaultdict(list))
    waiting: dict[str, list[Span]] = field(default_factory=lambda: defaultdict(list))
    held: list[WaitForOneWindowOrClerk] = field(default_factory=list)
    lost: list[tuple[str | None, int]] = field(default_factory=list)

    def add_spans_of_day_timeline(self, line: DayStaysAndWaits, until: int) -> None:
        """Add the spans of a log; those without an end last until `until`."""
        for stay in line.stays:
            end = until if stay.end is None else figure_rows.to_epoch_micros(stay.end)
            self.at[stay.window].append((figure_rows.to_epoch_micros(stay.start), end))
            if stay.served is not None:
                self.served[stay.window].append((figure_rows.to_epoch_micros(stay.served), end))
        for spell in line.spells:
            start, end = (
                figure_rows.to_epoch_micros(spell.start),
                until if spell.end is None else figure_rows.to_epoch_micros(spell.end),
            )
            if spell.held_until is None:
                self.waiting[spell.service].append((start, end))
            else:
                self.held.append(
                    WaitForOneWindowOrClerk(
                        spell.service,
                        start,
                        end,
                        figure_rows.to_epoch_micros(spell.held_until),
                        spell.to_window,
                        spell.to_staff,
                    )
                )
        self.lost += redirect_lost_times_us(line.stays)

    def add_legs_without_log(self, alike: Sequence[figure_rows.LegRow], until: int) -> None:
        """Add legs of one kind, of tickets whose legs alone tell their course."""
        waiting, window = self.waiting[alike[0].service], alike[0].window or ""
        if alike[0].called is None:
            waiting += [(leg.joined, until if leg.ended is None else leg.ended) for leg in alike]
            return
        waiting += [(leg.joined, leg.called) for leg in alike if leg.called is not None]
        self.at[window] += [
            (leg.called, until if leg.ended is None else leg.ended) for leg in alike if leg.called is not None
        ]
        if alike[0].started is not None:
            self.served[window] += [
                (leg.started, until if leg.ended is None else leg.ended) for leg in alike if leg.started is not None
            ]


def tickets_that_need_log(tickets: Iterable[figure_rows.TicketRow], legs: Iterable[figure_rows.LegRow]) -> set[str]:
    """Return the tickets whose legs alone do not give their course; also those with a call that belongs to no leg."""
    odd = {
        t.label
        for t in tickets
        if t.misses or t.not_before is not None or t.state in PUT_ASIDE_STATES or "corrected" in t.flags
    }
    odd |= {
        leg.label
        for leg in legs
        if leg.held_us or leg.end in SENT_ON_ENDS or (leg.called is not None and leg.end not in PLAIN_ENDS)
    }
    return odd


def redirect_lost_times_us(stays: Iterable[TicketStay]) -> list[tuple[str | None, int]]:
    """Return the window time of legs that ended in a redirect, as (staff, microseconds)."""
    return [(stay.staff, lost) for stay, lost in redirected_stays(stays)]


def redirected_stays(stays: Iterable[TicketStay]) -> list[tuple[TicketStay, int]]:
    """Return the stays of legs that ended in redirect, each with the microseconds that the window lost: from the start
    of each of the leg's stays, or from the last call if it was never started. A ticket redirected while it waited lost
    none."""
    by_leg: dict[tuple[str, int], list[TicketStay]] = defaultdict(list)
    for stay in stays:
        by_leg[(stay.label, stay.leg)].append(stay)
    lost = []
    for leg in by_leg.values():
        last = leg[-1]
        if last.ended_by != "redirect":
            continue
        spans = [(s, s.served) for s in leg if s.served is not None] or [(last, last.start)]
        lost += [(s, (s.end - start) // figure_rows.MICROSECOND) for s, start in spans if s.end is not None]
    return lost


def free_spans_of_shifts(shifts: Iterable[Shift], spans: DaySpans, until: int) -> list[tuple[Shift, list[Span]]]:
    """Return the shifts by window, with the spans in which it was open, not paused and without a ticket."""
    return [
        (shift, subtract_spans(unpaused_spans_us(shift, until), spans.at.get(shift.window, ())))
        for shift in sorted(shifts, key=lambda one: (one.window, one.id))
    ]


def idle_while_waited_us_by_staff(
    setup: Setup, free_spans: Iterable[tuple[Shift, list[Span]]], spans: DaySpans, until: int
) -> dict[str, int]:
    """Return by staff the microseconds in which a window was open and free while a ticket that it could call waited;
    `free_spans` are free_spans_of_shifts(). Uses the current set-up and the services lent to the window at the time; a
    ticket that a transfer held for another window or person counts from the end of the hold."""
    idle: dict[str, int] = defaultdict(int)
    by_services: dict[frozenset[str], list[Span]] = {}
    for shift, free in free_spans:
        services = setup.services_at_window(shift.window, shift.staff)
        if services not in by_services:
            by_services[services] = merge_overlapping_spans(span for s in services for span in spans.waiting.get(s, ()))
        waiting = by_services[services]
        for lent in shift.lent:
            while_lent = subtract_spans(spans.waiting.get(lent.service, ()), _spans_not_lent_us(lent, until))
            waiting = merge_overlapping_spans([*waiting, *while_lent]) if lent.service not in services else waiting
        if held_spans := [callable_start_and_end_us(wait, shift) for wait in spans.held if wait.service in services]:
            waiting = merge_overlapping_spans([*waiting, *held_spans])
        idle[shift.staff] += overlap_microseconds(free, waiting)
    return idle


def callable_start_and_end_us(wait: WaitForOneWindowOrClerk, shift: Shift) -> Span:
    """Return the span in which `shift` could have called the held ticket."""
    mine = wait.to_window == shift.window if wait.to_window is not None else wait.to_staff in (None, shift.staff)
    return (wait.start, wait.end) if mine else (min(wait.held_until, wait.end), wait.end)


def offering_spans_of_shift_us(setup: Setup, shift: Shift, service: str, until: int) -> list[Span]:
    """Return the spans in which a shift's window offered `service`, its own or lent, pauses included."""
    if service in setup.services_at_window(shift.window, shift.staff):
        return [shift_span_us(shift, until)]
    able = setup.services_served_in_shift(shift)
    return [_lent_start_and_end_us(lent, until) for lent in shift.lent if lent.service == service and service in able]


def _lent_start_and_end_us(lent: LentService, until: int) -> Span:
    return figure_rows.to_epoch_micros(lent.start), until if lent.end is None else figure_rows.to_epoch_micros(lent.end)


def _spans_not_lent_us(lent: LentService, until: int) -> list[Span]:
    start, end = _lent_start_and_end_us(lent, until)
    return [(0, start), (end, max(end, until))]


def shift_span_us(shift: Shift, until: int) -> Span:
    return figure_rows.to_epoch_micros(shift.opened), until if shift.closed is None else figure_rows.to_epoch_micros(
        shift.closed
    )


def pause_spans_us(shift: Shift, until: int) -> list[Span]:
    return [
        (figure_rows.to_epoch_micros(p.start), until if p.end is None else figure_rows.to_epoch_micros(p.end))
        for p in shift.pauses
    ]


def unpaused_spans_us(shift: Shift, until: int) -> list[Span]:
    """Return when a shift's window took customers: open and not paused; an empty shift keeps its span of no length."""
    start, end = shift_span_us(shift, until)
    return subtract_spans([(start, end)], pause_spans_us(shift, until)) if start < end else [(start, end)]


# -- spans ---------------------------------------------------------------------------------------------------------


def subtract_spans(spans: Iterable[Span], taken: Iterable[Span]) -> list[Span]:
    """Return the time covered by `spans` but not by `taken`."""
    left: list[Span] = []
    cuts = merge_overlapping_spans(taken)
    first = 0
    for start, end in merge_overlapping_spans(spans):
        at = start
        while first < len(cuts) and cuts[first][1] <= start:
            first += 1
        for cut_start, cut_end in cuts[first:]:
            if cut_start >= end:
                break
            if cut_start > at:
                left.append((at, cut_start))
            at = max(at, cut_end)
        if at < end:
            left.append((at, end))
    return left


def common_spans(left: Sequence[Span], right: Sequence[Span]) -> list[Span]:
    """Return the time covered by both; each is ordered, and its spans don't touch."""
    both: list[Span] = []
    i = j = 0
    while i < len(left) and j < len(right):
        (left_start, left_end), (right_start, right_end) = left[i], right[j]
        start = left_start if left_start > right_start else right_start
        if left_end <= right_end:
            end = left_end
            i += 1
        else:
            end = right_end
            j += 1
        if start < end:
            both.append((start, end))
    return both


def overlap_microseconds(left: Sequence[Span], right: Sequence[Span]) -> int:
    """Return the microseconds covered by both; each is ordered, and its spans don't touch."""
    return sum(end - start for start, end in common_spans(left, right))


def covered_microseconds(spans: Iterable[Span]) -> int:
    """Return the microseconds that `spans` cover."""
    return sum(end - start for start, end in merge_overlapping_spans(spans))


HALF_HOUR_MIN = 30
HALF_HOUR_US = HALF_HOUR_MIN * figure_rows.MINUTE_US
Slot = tuple[int, str, int]
"""A half-hour: minutes since the day began, "08:30", which of two of that name (clocks are put back in autumn)."""


def sort_half_hours_by_time(slots: Iterable[Slot]) -> list[Slot]:
    """Sort half-hours by time: where clocks are put back, the first pass comes whole before the second."""
    unordered = list(slots)
    twice = {since for since, _label, nth in unordered if nth}
    last = max(twice, default=-1)
    return sorted(unordered, key=lambda slot: (slot[0] > last, slot[2], slot[0]))


class HalfHours(NamedTuple):
    """The half-hours of a date; the first begins at `start`, in microseconds since 1970."""

    start: int
    slots: tuple[Slot, ...]

    def index_at(self, moment: int) -> int:
        """Return the index of a moment's half-hour: negative before the first, past the last after it."""
        return (moment - self.start) // HALF_HOUR_US


class DayRows(Struct, frozen=True, kw_only=True, eq=False, dict=True):
    """One business date of the hall that `setup` is of. `ratings` counts those that are not excluded, without their
    tickets; `spans` is None without a log. `wrong_time` counts tickets of a clock that was ahead, removed when the time
    was corrected on this date. `overtakes` counts by (reason, ticket passed). `is_followed`: the days that the hall
    waits for returns have passed; `links` is None where only later dates could tell. `reinstated` tickets
    and `stalls` by reason are None without the log."""

    setup: Setup
    day: date
    tickets: Sequence[figure_rows.TicketRow]
    legs: Sequence[figure_rows.LegRow]
    shifts: Sequence[Shift]
    ratings: Mapping[figure_rows.RatingRow, int]
    until: int
    wrong_time: int = 0
    no_number: int = 0
    not_ready: Counter[str] = field(default_factory=Counter)
    overtakes: Counter[tuple[str, str]] = field(default_factory=Counter)
    spans: DaySpans | None = None
    links: figure_rows.ReturnVisitLinks | None = None
    is_followed: bool = True
    reinstated: frozenset[str] | None = None
    stalls: Counter[str] | None = None
    diversion: figure_rows.OtherChannelRows = field(default_factory=figure_rows.OtherChannelRows)
    devices: figure_rows.DeviceRows = field(default_factory=figure_rows.DeviceRows)
    help_calls: Sequence[HelpCall] = ()
    targets: figure_rows.TargetsInForce = field(default_factory=figure_rows.TargetsInForce)

    # Cached: several figures use these, and a year has a quarter of a million legs.

    @cached_property
    def wait_target_us(self) -> int:
        return self.setup.setting_as_int("wait_target_minutes") * figure_rows.MINUTE_US

    @cached_property
    def can_need_forms(self) -> bool:
        """Whether visits here can need a form; where no service has one, going without is no achievement."""
        services = self.setup.services.values()
        return not all(service.form_free for service in services) or any(
            leg.end == "finish" and not leg.form_free for leg in self.legs
        )

    @cached_property
    def legs_combined_by_kind(self) -> Sequence[figure_rows.LegsOfOneKind]:
        return [combined_like_legs(legs) for legs in figure_rows.lists_of_legs_of_same_kind(self.legs)]

    @cached_property
    def ticket_lists_of_same_kind(self) -> Sequence[Sequence[figure_rows.TicketRow]]:
        """The tickets by state, flags, class, and whether they were missed and rated."""
        by_kind: dict[Hashable, list[figure_rows.TicketRow]] = defaultdict(list)
        for ticket in self.tickets:
            by_kind[(ticket.state, ticket.flags, ticket.klass, ticket.misses > 0, ticket.rating is None)].append(ticket)
        return list(by_kind.values())

    @cached_property
    def last_half_hour_end_us(self) -> int:
        """The end of the last half-hour, in microseconds since 1970."""
        return self.half_hours.start + len(self.half_hours.slots) * HALF_HOUR_US

    @cached_property
    def class_by_ticket(self) -> Mapping[str, str]:
        return {ticket.label: own[0].klass for own in self.ticket_lists_of_same_kind for ticket in own}

    @cached_property
    def first_leg_by_ticket(self) -> Mapping[str, figure_rows.LegRow]:
        return {leg.label: leg for leg in self.legs if leg.n == 1}

    @cached_property
    def first_service_by_ticket(self) -> Mapping[str, str]:
        return {leg.label: leg.service for leg in self.legs if leg.n == 1}

    @cached_property
    def labels_redirected_at_first_leg(self) -> frozenset[str]:
        """The tickets whose first leg ended in a redirect."""
        wrong = (alike.legs for alike in self.legs_combined_by_kind if alike.legs[0].end == "redirect")
        return frozenset(leg.label for legs in wrong for leg in legs if leg.n == 1)

    @cached_property
    def not_before_by_ticket(self) -> Mapping[str, int]:
        """The tickets that may not be called before a time."""
        return {ticket.label: ticket.not_before for ticket in self.tickets if ticket.not_before is not None}

    @cached_property
    def free_spans_of_shifts(self) -> Sequence[tuple[Shift, list[Span]]]:
        """free_spans_of_shifts() of the date; none without a log."""
        return free_spans_of_shifts(self.shifts, self.spans, self.until) if self.spans else ()

    @cached_property
    def legs_after_first(self) -> Sequence[figure_rows.LegRow]:
        return sorted((leg for leg in self.legs if leg.n > 1), key=attrgetter("n"))

    @cached_property
    def last_leg_by_ticket(self) -> Mapping[str, figure_rows.LegRow]:
        return {**self.first_leg_by_ticket, **{leg.label: leg for leg in self.legs_after_first}}

    @cached_property
    def service_item_by_ticket(self) -> Mapping[str, tuple[str, str | None]]:
        """The service that each ticket was issued for and the item, None for the service alone."""
        return {label: (leg.service, leg.item) for label, leg in self.first_leg_by_ticket.items()}

    @cached_property
    def first_call_by_ticket(self) -> Mapping[str, int]:
        """The first call of each ticket, in microseconds since 1970; without tickets never called."""
        first_calls = {label: leg.called for label, leg in self.first_leg_by_ticket.items() if leg.called is not None}
        for leg in self.legs_after_first:
            if leg.called is not None:
                first_calls[leg.label] = min(leg.called, first_calls.get(leg.label, leg.called))
        return first_calls

    @cached_property
    def us_beyond_quote_by_ticket(self) -> Mapping[str, int]:
        """First call minus upper end of the quoted wait, in microseconds: 0 or less is within it. Without tickets that
        have no quote, were never called or are void."""
        called = self.first_call_by_ticket
        return {
            t.label: at - t.arrived - t.promise_high * figure_rows.MINUTE_US
            for t in self.tickets
            if t.promise_high is not None and t.state != "void" and (at := called.get(t.label)) is not None
        }

    @cached_property
    def positive_us_beyond_quote_by_ticket(self) -> Mapping[str, int]:
        return {label: time for label, time in self.us_beyond_quote_by_ticket.items() if time > 0}

    @cached_property
    def overtaken_count_by_ticket(self) -> Mapping[str, int]:
        return {ticket.label: ticket.overtaken for ticket in self.tickets if ticket.overtaken}

    @cached_property
    def transferred_ticket_labels(self) -> frozenset[str]:
        return frozenset(
            leg.label for alike in self.legs_combined_by_kind if alike.legs[0].end == "transfer" for leg in alike.legs
        )

    @cached_property
    def handling_us_by_ticket(self) -> Mapping[str, int]:
        """Total handling of each ticket, in microseconds."""
        by_label: dict[str, int] = defaultdict(int)
        for alike in self.legs_combined_by_kind:
            for leg, time in zip(alike.legs, alike.handling, strict=False):  # all of them have a time, or none
                by_label[leg.label] += time
        return by_label

    @cached_property
    def half_hours(self) -> HalfHours:
        """From the first arrival to the last call, or to the last arrival without any call; empty without tickets."""
        if not self.tickets:
            return HalfHours(0, ())
        arrivals = [ticket.arrived for ticket in self.tickets]
        setup = self.setup
        start = figure_rows.to_epoch_micros(
            figure_rows.half_hour_start(setup.to_hall_time(figure_rows.to_moment(min(arrivals)))).astimezone(UTC)
        )
        end = max((leg.called for leg in self.legs if leg.called is not None), default=max(arrivals))
        turn = parse_clock_minutes(str(setup.settings["day_end"]))
        seen: Counter[str] = Counter()
        slots: list[Slot] = []
        for i in range((end - start) // HALF_HOUR_US + 1):
            label = f"{setup.to_hall_time(figure_rows.to_moment(start) + timedelta(minutes=HALF_HOUR_MIN * i)):%H:%M}"
            slots.append(((parse_clock_minutes(label) - turn) % MINUTES_A_DAY, label, seen[label]))
            seen[label] += 1
        return HalfHours(start, tuple(slots))

    @cached_property
    def arrivals_by_half_hour(self) -> Counter[int]:
        """The tickets that arrived in each half-hour, by its index."""
        start = self.half_hours.start
        return Counter([(ticket.arrived - start) // HALF_HOUR_US for ticket in self.tickets])

    @cached_property
    def most_half_hour_arrivals(self) -> int:
        return max(self.arrivals_by_half_hour.values(), default=0)


def combined_like_legs(legs: Sequence[figure_rows.LegRow]) -> figure_rows.LegsOfOneKind:
    """Combine legs of one kind with their waits and handling times."""
    return figure_rows.LegsOfOneKind(
        legs, figure_rows.counted_waits_of_legs_us(legs), figure_rows.counted_handling_times_us(legs)
    )


def reinstated_ticket_labels(log: Iterable[TimelineEvent]) -> frozenset[str]:
    return frozenset(event.ticket for event in log if event.kind == "reinstate" and event.ticket is not None)


PAPER = "paper"
_WEEK_US = device_states.GIVEN_UP_AFTER // figure_rows.MICROSECOND


def device_rows(state: HallState, day: date) -> figure_rows.DeviceRows:
    """Return the devices of `day` from a hall in memory."""
    setup = state.setup_now
    if setup is None or not state.devices:
        return figure_rows.DeviceRows()
    outages = device_states.overlapping_outages(
        state.outages.values(), begin_of_day(setup, day), end_of_day(setup, day)
    )
    return figure_rows.DeviceRows(devices=tuple(state.devices.values()), outages=outages)


class _DownTime(NamedTuple):
    """A part of the open time in which a device was down, in microseconds; `goes_on` when the hall is still open and it
    has not ended."""

    start: int
    end: int
    cause: str
    goes_on: bool


class _DeviceOutages(NamedTuple):
    """A device with its outages under all its names; `known` and `until`, where it has an end, are microseconds."""

    key: device_states.Key
    known: int
    until: int | None
    outages: Sequence[device_states.Outage]


def _merge_renamed_devices(
    devices: Sequence[device_states.Device], outages: Sequence[device_states.Outage]
) -> Iterator[_DeviceOutages]:
    """Yield each device under its current name, with the outages under its earlier one."""
    by_key = {device.key: device for device in devices}
    names, shared = (
        device_states.current_device_key_by_former_key(by_key),
        device_states.sharing_start_from_devices(devices),
    )
    former = {new: by_key[old] for old, new in names.items() if new is not None}
    for device in devices:
        own = [outage for outage in outages if outage.key == device.key]
        since = figure_rows.to_epoch_micros(device.known)
        if device.key in former and shared is not None:
            before = former[device.key]
            since = min(since, figure_rows.to_epoch_micros(before.known))
            its = [outage for outage in outages if outage.key == before.key]
            yield _DeviceOutages(
                device.key, since, None, [*_outages_under_former_name(before, device, its, shared), *own]
            )
        elif device.key not in names:
            yield _DeviceOutages(device.key, since, None, own)
        elif names[device.key] is None:
            yield _DeviceOutages(device.key, since, figure_rows.to_epoch_micros(device.since), own)


def _outages_under_former_name(
    before: device_states.Device,
    now: device_states.Device,
    outages: Sequence[device_states.Outage],
    shared: device_states.SharingStart,
) -> Iterator[device_states.Outage]:
    """Yield the outages under the earlier name; the stop caused by the renaming itself is left out."""
    for outage in outages:
        if not (shared.is_only_marked_stopped_by_sharing(before) and outage.seq == before.outage):
            yield outage if outage.end is not None else replace(outage, end=now.known)


class _DeviceTimes(Struct):
    open_us: int = 0
    up_us: int = 0
    outages: list[figure_rows.Figures] = field(default_factory=list)


class DeviceTally(Struct):
    """Device times by device and station."""

    times: dict[tuple[str, str], _DeviceTimes] = field(default_factory=lambda: defaultdict(_DeviceTimes))

    def add_day(self, rows: DayRows) -> None:
        devices = rows.devices.devices
        if not devices or not rows.shifts or (rows.tickets and all(PAPER in ticket.flags for ticket in rows.tickets)):
            return
        spans = [shift_span_us(shift, rows.until) for shift in rows.shifts]
        opened, closed = min(span[0] for span in spans), max(span[1] for span in spans)
        is_open = any(shift.closed is None for shift in rows.shifts)
        stopped = [] if rows.setup.voice.spoken else [device for device in devices if _is_speaker_stopped(device)]
        stopped_at = {device.key: figure_rows.to_epoch_micros(device.since) for device in stopped}
        never = {device.key for device in stopped if _has_device_never_worked(device, rows.devices.outages)}
        for item in _merge_renamed_devices(devices, rows.devices.outages):
            if item.key in never:
                continue
            ends = [moment for moment in (closed, item.until, stopped_at.get(item.key)) if moment is not None]
            start, end = max(opened, item.known), min(ends)
            down_times = [_outage_span_within_day(outage, start, end, is_open=is_open) for outage in item.outages]
            down_times = [down for down in down_times if down.start < down.end]
            down_us = covered_microseconds((down.start, down.end) for down in down_times)
            if start < end and not _is_out_of_use(item.outages, down_times, end - start - down_us, opened):
                times = self.times[item.key]
                times.open_us += end - start
                times.up_us += end - start - down_us
                times.outages += [_outage_row(rows.setup, rows.day, down) for down in down_times]

    def extend(self, other: DeviceTally) -> None:
        """Add later dates of the same hall."""
        for key, theirs in other.times.items():
            ours = self.times[key]
            ours.open_us += theirs.open_us
            ours.up_us += theirs.up_us
            ours.outages += theirs.outages

    def merge(self, other: DeviceTally, hall: str, service: Callable[[str], str]) -> None:
        """Add another hall's sums, its stations as "HALL/CODE"."""
        for (device, station), times in other.times.items():
            self.times[(device, f"{hall}/{station}")] = times

    def device_measures(self) -> list[figure_rows.Figures]:
        """Return "devices" of the measures."""
        return [
            {
                "device": device,
                "station": station,
                "open_minutes": figure_rows.rounded_minutes_from_us(times.open_us),
                "up_minutes": figure_rows.rounded_minutes_from_us(times.up_us),
                "rate": figure_rows.rounded_share(times.up_us, times.open_us),
                "outages": times.outages,
            }
            for (device, station), times in sorted(self.times.items(), key=_device_sort_key)
        ]


def _is_speaker_stopped(device: device_states.Device) -> bool:
    """Whether the device speaks and was stopped: for good, where calls are only shown since."""
    return device.device in device_states.SPEAKING and device.cause == device_states.STOPPED


def _has_device_never_worked(device: device_states.Device, outages: Iterable[device_states.Outage]) -> bool:
    """Whether the device was down from its first event until it was stopped: it never worked here."""
    span = (device.known, device.since)
    return any(outage.key == device.key and (outage.start, outage.end) == span for outage in outages)


def _device_sort_key(item: tuple[tuple[str, str], _DeviceTimes]) -> tuple[int, str]:
    (device, station), _own = item
    return (
        device_states.DEVICES.index(device) if device in device_states.DEVICES else len(device_states.DEVICES),
        station,
    )


def _outage_span_within_day(outage: device_states.Outage, start: int, closed: int, *, is_open: bool) -> _DownTime:
    end = closed if outage.end is None else min(figure_rows.to_epoch_micros(outage.end), closed)
    return _DownTime(
        max(figure_rows.to_epoch_micros(outage.start), start), end, outage.cause, is_open and outage.end is None
    )


def _is_out_of_use(
    outages: Sequence[device_states.Outage], down_times: Sequence[_DownTime], up_us: int, opened: int
) -> bool:
    """Whether the device was never up, and was stopped by staff or already down for a week at opening."""
    if up_us or not down_times:
        return False
    return all(down.cause == device_states.STOPPED for down in down_times) or any(
        figure_rows.to_epoch_micros(outage.start) <= opened - _WEEK_US for outage in outages
    )


def _outage_row(setup: Setup, day: date, down: _DownTime) -> figure_rows.Figures:
    return {
        "date": day.isoformat(),
        "from": figure_rows.hall_clock_text(setup, down.start),
        "to": None if down.goes_on else figure_rows.hall_clock_text(setup, down.end),
        "cause": down.cause,
        "minutes": figure_rows.rounded_minutes_from_us(down.end - down.start),
    }


TICKETS, LEGS = "tickets", "legs"
RATINGS, ANSWERS, OPINIONS = "ratings", "answers", "opinions"
PASSINGS, PASSED = "passings", "passed"
"""Single overtakings, and tickets passed for each reason."""
NOT_READY, OFFERS, STALLS, HELP_CALLS = "not_ready", "offers", "stalls", "help_calls"
SHIFTS, SERVED, LOST, IDLE = "shifts", "served", "lost", "idle"
"""Shifts; times in which windows served, lost time on the wrong line, were free while a customer waited."""
WRONG_TIMES = "wrong_times"
QUESTIONS = ("attitude", "competence")

KindOfRows = tuple[Sequence[Any], Any]
"""Rows of one kind, and the same as a TimeMeasure takes them."""


def given_question_answers(rating: figure_rows.RatingRow) -> list[figure_rows.QuestionAnswer]:
    given = ((question, getattr(rating, question)) for question in QUESTIONS)
    return [figure_rows.QuestionAnswer(question, level) for question, level in given if level is not None]


def _ratings_by_kind(rows: DayRows) -> Iterable[KindOfRows]:
    counts: Counter[figure_rows.RatingRow] = Counter()
    for rating, n in rows.ratings.items():
        counts[figure_rows.RatingRow(rating.level, rating.staff, service=rating.service)] += n
    return _rows_repeated_by_count(counts)


def _answers_by_kind(rows: DayRows) -> Iterable[KindOfRows]:
    counts: Counter[figure_rows.QuestionAnswer] = Counter()
    for rating, n in rows.ratings.items():
        for answer in given_question_answers(rating):
            counts[answer] += n
    return _rows_repeated_by_count(counts)


def _overtakes_by_kind(rows: DayRows) -> Iterable[KindOfRows]:
    by_reason: Counter[str] = Counter()
    for (reason, _label), n in rows.overtakes.items():
        by_reason[reason] += n
    return _rows_repeated_by_count({figure_rows.OvertakingRow("", reason): n for reason, n in by_reason.items()})


def _rows_repeated_by_count(counted: Mapping[Any, int]) -> Iterable[KindOfRows]:
    """Yield rows, each repeated as often as it was counted."""
    return (([row] * n, [row] * n) for row, n in counted.items() if n)


def _rows_as_one_kind(rows: Sequence[Any]) -> Iterable[KindOfRows]:
    return [(rows, rows)] if rows else []


def _serving_time_of_each_window(rows: DayRows) -> list[figure_rows.TimeAtWindow]:
    served = rows.spans.served if rows.spans else {}
    return [figure_rows.TimeAtWindow(covered_microseconds(spans), window=window) for window, spans in served.items()]


def _idle_times(rows: DayRows) -> list[figure_rows.TimeAtWindow]:
    free = rows.free_spans_of_shifts
    idle = idle_while_waited_us_by_staff(rows.setup, free, rows.spans, rows.until) if rows.spans else {}
    return [figure_rows.TimeAtWindow(us, staff=staff) for staff, us in idle.items()]


SOURCES: Mapping[str, Callable[[DayRows], Iterable[KindOfRows]]] = {
    TICKETS: lambda rows: ((one, one) for one in rows.ticket_lists_of_same_kind),
    LEGS: lambda rows: ((one.legs, one) for one in rows.legs_combined_by_kind),
    RATINGS: _ratings_by_kind,
    ANSWERS: _answers_by_kind,
    OPINIONS: lambda rows: _rows_repeated_by_count({figure_rows.PersonWithoutTicket(): rows.no_number}),
    PASSINGS: _overtakes_by_kind,
    PASSED: lambda rows: _rows_as_one_kind(
        [figure_rows.OvertakingRow(label, reason, n=n) for (reason, label), n in rows.overtakes.items()]
    ),
    NOT_READY: lambda rows: _rows_repeated_by_count(
        {figure_rows.PersonWithoutTicket(service): n for service, n in rows.not_ready.items()}
    ),
    OFFERS: lambda rows: _rows_repeated_by_count(
        {figure_rows.ChannelOfferRow(to, accepted): n for (to, accepted), n in rows.diversion.offers.items()}
    ),
    STALLS: lambda rows: _rows_repeated_by_count(
        {figure_rows.ExternalSystemWait(reason): n for reason, n in (rows.stalls or {}).items()}
    ),
    HELP_CALLS: lambda rows: _rows_as_one_kind(rows.help_calls),
    SHIFTS: lambda rows: _rows_as_one_kind(rows.shifts),
    SERVED: lambda rows: _rows_as_one_kind(_serving_time_of_each_window(rows)),
    LOST: lambda rows: _rows_as_one_kind(
        [figure_rows.TimeAtWindow(us, staff=staff) for staff, us in (rows.spans.lost if rows.spans else ())]
    ),
    IDLE: lambda rows: _rows_as_one_kind(_idle_times(rows)),
    WRONG_TIMES: lambda rows: _rows_repeated_by_count({figure_rows.PersonWithoutTicket(): rows.wrong_time}),
}
"""The kinds of rows of a date; drilldown_rows.py finds the tickets behind them."""
