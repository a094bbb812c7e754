"""The public list at a moment, and the fairness ledger of a day: for each ticket who passed it and why, and what the
rule held back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, datetime

from msgspec import Struct, field

from queuedesk.core.log.event import Event
from queuedesk.core.log.state import HallState
from queuedesk.core.queue import dispatch
from queuedesk.core.queue.overview import PublicLineOrder, set_up
from queuedesk.core.queue.ticket import Ticket
from queuedesk.core.setup.rows import Setup
from queuedesk.core.upkeep import LogEndAnchor

OFFICIAL = ("priority", dispatch.FAST, dispatch.LANGUAGE, "chosen", "no_ticket", "recorded")
"""Why somebody may be passed, in the order in which they are told."""


class PublicWaitingOrder(Struct, frozen=True, kw_only=True):
    """The public list at `now`. `first` is whom each open window takes first, by code, where it does; `anchor` is the
    log's end that it was read from."""

    setup: Setup
    lines: list[PublicLineOrder]
    rule: dispatch.CallOrderRule
    now: datetime
    first: Mapping[str, dispatch.WindowPreferences] = field(default_factory=dict)
    anchor: LogEndAnchor | None = None


class TicketOvertakesRow(Struct, frozen=True, kw_only=True):
    """A ticket of the day. `passed_by` are later arrivals called first by a window that could have served it, `passed`
    those that it passed itself. `by_skill` counts later arrivals called meanwhile by windows of other services, which
    took nobody's turn."""

    ticket: Ticket
    passed_by: tuple[dispatch.Overtake, ...] = ()
    passed: tuple[str, ...] = ()
    by_skill: int = 0


class DayOrderLedger(Struct, frozen=True, kw_only=True):
    """A business date. `rules` are those in force, in order of use; `jumps` counts calls that put a credit before an
    earlier place, `fast` those that took a short matter before one and `language` those that took somebody to the clerk
    of their language, `held_back` calls at which cap, guard or the limit of the latter two prevented it. `fast_rules`
    are the (minutes, passes) of quick windows, `language_passes` those of clerks' languages, in order of use."""

    date: date
    rules: tuple[dispatch.CallOrderRule, ...]
    rows: tuple[TicketOvertakesRow, ...]
    calls: int = 0
    jumps: int = 0
    fast: int = 0
    language: int = 0
    held_back: Mapping[str, int] = field(default_factory=dict)
    fast_rules: tuple[tuple[int, int], ...] = ()
    language_passes: tuple[int, ...] = ()

    @property
    def most_overtaken_first(self) -> list[TicketOvertakesRow]:
        """Return those who were passed, most often first."""
        return sorted((r for r in self.rows if r.passed_by), key=lambda r: (-len(r.passed_by), r.ticket.seq))

    @property
    def overtake_count(self) -> int:
        return sum(len(row.passed_by) for row in self.rows)

    @property
    def max_overtakes_of_ticket(self) -> int:
        return max((len(row.passed_by) for row in self.rows), default=0)

    @property
    def overtakes_by_reason(self) -> dict[str, int]:
        """Return the number of overtakes for each reason, known reasons first."""
        found = Counter(one.reason for row in self.rows for one in row.passed_by)
        return {code: found[code] for code in (*OFFICIAL, *sorted(set(found) - set(OFFICIAL))) if found[code]}

    @property
    def rows_passed_by_skill(self) -> list[TicketOvertakesRow]:
        return [row for row in self.rows if row.by_skill]


class OvertakeLedgerData(Struct, frozen=True, kw_only=True):
    """A day's ledger with the hall of that day, which has the names. `anchor` is the day's last event."""

    setup: Setup
    state: HallState
    ledger: DayOrderLedger
    anchor: LogEndAnchor | None = None


def day_order_ledger(state: HallState, day: date, events: Iterable[Event]) -> DayOrderLedger:
    """Return the ledger of `day` from its tickets, calls and overtakes; `events` are that day's, for the notes of its
    calls."""
    tickets = sorted((t for t in state.tickets.values() if t.date == day), key=lambda t: t.seq)
    passed_by: dict[str, list[dispatch.Overtake]] = {}
    passed: dict[str, list[str]] = {}
    for one in sorted((o for o in state.overtakes if o.date == day), key=lambda o: o.seq):
        passed_by.setdefault(one.label, []).append(one)
        passed.setdefault(one.by, []).append(one.label)
    calls = sorted((c for c in state.calls if c.date == day), key=lambda c: (c.time, c.seq))
    known = {t.label: t for t in tickets}
    rows = tuple(
        TicketOvertakesRow(
            ticket=t,
            passed_by=tuple(passed_by.get(t.label, ())),
            passed=tuple(passed.get(t.label, ())),
            by_skill=dispatch.count_later_called_elsewhere(
                t, calls, known, {o.seq for o in passed_by.get(t.label, ())}
            ),
        )
        for t in tickets
    )
    made = [event.data for event in events if event.kind == "call"]
    rules = [dispatch.CallOrderRule(data["rule"], data["cap"], data.get("guard", 0)) for data in made if "cap" in data]
    held = Counter(data["held_by"] for data in made if "held_by" in data)
    return DayOrderLedger(
        date=day,
        rules=tuple(dict.fromkeys(rules)) or (dispatch.call_order_rule_of_setup(set_up(state)),),
        rows=rows,
        calls=len(calls),
        jumps=sum(bool(data.get("jump")) for data in made),
        fast=sum(data.get("why") == dispatch.FAST for data in made),
        language=sum(data.get("why") == dispatch.LANGUAGE for data in made),
        held_back={code: held[code] for code in (dispatch.CAP, dispatch.GUARD, dispatch.FAST, dispatch.LANGUAGE)},
        fast_rules=tuple(dict.fromkeys((data["fast"], data["fast_passes"]) for data in made if "fast" in data)),
        language_passes=tuple(dict.fromkeys(data["fast_passes"] for data in made if "languages" in data)),
    )
