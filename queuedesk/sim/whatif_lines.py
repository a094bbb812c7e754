"""The lines of a hall that is played again: who is in them, and whom the hall's rule gives to a window."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from heapq import heappop, heappush

from queuedesk.core.queue.dispatch import Rule, choose_next, counted
from queuedesk.core.queue.fairness import passed
from queuedesk.core.queue.ticket import InLine

_Entry = tuple[datetime, int, str, InLine]


class Lines:
    """Everybody who waits. Tickets of one service and one credit stand in one line by their places, which is their order by key as well:
    so whom the rule chooses is the first of one of these lines, and no more than those are put to it."""

    def __init__(self, rule: Rule) -> None:
        self._rule = rule
        self._overtaken: dict[str, int] = {}
        self._normal_calls: int | None = None
        self._tickets: dict[str, InLine] = {}
        self._lines: dict[str, dict[int, list[_Entry]]] = {}

    def join(self, ticket: InLine) -> None:
        """Let a ticket wait; its label stands nowhere yet."""
        self._tickets[ticket.label] = ticket
        credit = ticket.credit_s if ticket.has_credit else -1
        line = self._lines.setdefault(ticket.service, {}).setdefault(credit, [])
        heappush(line, (*ticket.by_place, ticket.label, ticket))

    def leave(self, label: str) -> None:
        """Let a ticket go uncalled."""
        del self._tickets[label]

    def waiting(self, services: Iterable[str] | None = None) -> list[InLine]:
        """Return who waits, for one of `services` if given, by place less credit."""
        wanted = None if services is None else frozenset(services)
        return sorted(
            (t for t in self._tickets.values() if wanted is None or t.service in wanted), key=self._rule.order_of
        )

    def call(self, services: Iterable[str]) -> InLine | None:
        """Take whom the rule gives to a window with `services` out of the line; None when nobody waits for it."""
        choice = choose_next(self._counted(self.heads(services)), self._normal_calls, self._rule)
        if choice is None:
            return None
        self._normal_calls = counted(self._normal_calls, choice.ticket)
        del self._tickets[choice.ticket.label]
        if self._rule.guard and choice.jump:
            for late in passed(self.waiting(services), choice.ticket):
                self._overtaken[late.label] = self._overtaken.get(late.label, 0) + 1
        return choice.ticket

    def _counted(self, heads: list[InLine]) -> list[InLine]:
        """Return the heads with how often each was overtaken here, where the rule's guard asks for it."""
        if not self._rule.guard:
            return heads
        return [replace(ticket, overtaken=self._overtaken.get(ticket.label, 0)) for ticket in heads]

    def heads(self, services: Iterable[str]) -> list[InLine]:
        """Return the first of every line for `services`."""
        found = []
        for service in services:
            for line in self._lines.get(service, {}).values():
                while line:
                    ticket = line[0][3]
                    if self._tickets.get(ticket.label) is ticket:
                        found.append(ticket)
                        break
                    heappop(line)
        return found
