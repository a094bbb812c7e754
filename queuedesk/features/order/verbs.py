"""Reads the public order list, and the ledger of a day."""

from __future__ import annotations

from datetime import date, datetime

from queuedesk.core.errors import RuleError
from queuedesk.core.queue import dispatch, hallday, overview
from queuedesk.desk.change import Desk, Document, iso_local
from queuedesk.desk.looking import hall_state_now, setup_of_hall
from queuedesk.desk.upkeep.examining import log_anchor_at_event
from queuedesk.features.order.rules import OvertakeLedgerData, PublicWaitingOrder, TicketOvertakesRow, day_order_ledger
from queuedesk.store.log import book, events, log_dates


def read_overtake_ledger(desk: Desk, now: datetime, day: date | None = None) -> OvertakeLedgerData:
    """Return the ledger of `day`, of the current business date unless one is named."""
    setup = setup_of_hall(desk)
    wanted = day or hallday.business_date(setup, now)
    with desk.db.read() as tx:
        state = book.hall_state_of_day(tx, desk.hall, wanted)
        own = events.events_of_day(tx, desk.hall, wanted)
        anchor = log_dates.anchor_at_event(tx, desk.hall, own[-1].seq) if own else None
    return OvertakeLedgerData(setup=setup, state=state, ledger=day_order_ledger(state, wanted, own), anchor=anchor)


def read_order_list(desk: Desk, now: datetime, service: str | None = None) -> PublicWaitingOrder:
    """Return the public list now, of one service or of all. Raises RuleError "unknown_service"."""
    state = hall_state_now(desk, now)
    setup = setup_of_hall(desk)
    if service is not None:
        setup.service_by_code(service)
    wanted = None if service is None else frozenset({service})
    return PublicWaitingOrder(
        setup=setup,
        lines=overview.public_line_orders(state, now, wanted),
        rule=overview.current_call_rule(state),
        now=now,
        first=overview.preferences_by_window(state, now),
        anchor=log_anchor_at_event(desk, state.now.seq),
    )


def call_rule_document(rule: dispatch.CallOrderRule) -> Document:
    return {"order": rule.order, "jump_every": rule.jump_every, "guard": rule.guard}


def order_list_document(read: PublicWaitingOrder) -> Document:
    """Return the list as commands print it."""
    return {
        "at": iso_local(read.setup, read.now),
        "rule": call_rule_document(read.rule),
        "fast": [
            {"window": code, "minutes": one.minutes, "passes": one.passes}
            for code, one in sorted(read.first.items())
            if one.minutes
        ],
        "language": [
            {"window": code, "languages": sorted(one.languages), "passes": one.passes}
            for code, one in sorted(read.first.items())
            if one.languages
        ],
        "order": [
            {
                "service": line.service,
                "windows": list(line.windows),
                "called": list(line.called),
                "next": [
                    {
                        "ticket": one.label,
                        "priority": one.priority,
                        "short": one.short,
                        "language": one.language,
                        "moved": one.moved,
                    }
                    for one in line.next
                ],
            }
            for line in read.lines
        ],
    }


def ledger_document(read: OvertakeLedgerData, ticket: str | None = None) -> Document:
    """Return the ledger as commands print it, of one ticket with the day's totals where it is named. Raises RuleError
    "unknown_ticket"."""
    ledger = read.ledger
    rows = [row for row in ledger.rows if ticket is None or row.ticket.label == ticket]
    if ticket is not None and not rows:
        raise RuleError("unknown_ticket", ticket=ticket, date=ledger.date)
    return {
        "date": ledger.date.isoformat(),
        "rules": [call_rule_document(rule) for rule in ledger.rules],
        "fast": [{"minutes": minutes, "passes": passes} for minutes, passes in ledger.fast_rules],
        "language": [{"passes": passes} for passes in ledger.language_passes],
        "totals": {
            "tickets": len(ledger.rows),
            "calls": ledger.calls,
            "overtaken": len(ledger.most_overtaken_first),
            "overtakes": ledger.overtake_count,
            "most": ledger.max_overtakes_of_ticket,
            "by_reason": ledger.overtakes_by_reason,
            "jumps": ledger.jumps,
            "fast": ledger.fast,
            "language": ledger.language,
            "held_back": dict(ledger.held_back),
            "by_skill": {
                "tickets": len(ledger.rows_passed_by_skill),
                "times": sum(row.by_skill for row in ledger.rows_passed_by_skill),
                "most": max((row.by_skill for row in ledger.rows_passed_by_skill), default=0),
            },
        },
        "tickets": [_ledger_row_document(read, row) for row in rows],
    }


def _ledger_row_document(read: OvertakeLedgerData, row: TicketOvertakesRow) -> Document:
    ticket, setup = row.ticket, read.setup
    windows = {call.seq: call.window for call in read.state.calls}
    by = {t.label: t for t in read.state.tickets.values() if t.date == ticket.date}
    called = min((leg.called for leg in ticket.legs if leg.called is not None), default=None)
    return {
        "ticket": ticket.label,
        "service": ticket.legs[0].service,
        "class": ticket.klass,
        "arrived": iso_local(setup, ticket.arrived),
        "called": iso_local(setup, called),
        "overtaken": len(row.passed_by),
        "passed_by": [
            {
                "ticket": one.by,
                "class": by[one.by].klass if one.by in by else None,
                "at": iso_local(setup, one.time),
                "window": windows.get(one.seq),
                "reason": one.reason,
                "text": one.text,
            }
            for one in row.passed_by
        ],
        "passed": list(row.passed),
        "by_skill": row.by_skill,
    }
