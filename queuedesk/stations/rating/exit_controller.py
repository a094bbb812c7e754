"""The rating at the exit: takes a ticket's number or its code, for any visit that may still be rated, or an opinion
without one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial

from PySide6.QtCore import QObject, Slot

from queuedesk.core.errors import QueueDeskError, RuleError
from queuedesk.core.log.event import Event
from queuedesk.core.network.roles import CUSTOMER
from queuedesk.core.quality.case import may_be_typed
from queuedesk.core.queue.hallday import business_date
from queuedesk.core.queue.ticket import State, Ticket, TicketId
from queuedesk.core.talk.device import prints_slips
from queuedesk.desk import looking
from queuedesk.desk.change import Document
from queuedesk.desk.queue import rating
from queuedesk.i18n import current
from queuedesk.printing.qr import read_ticket_text
from queuedesk.stations.models import search
from queuedesk.stations.rating.controller import ASK_FOR, Answering, Stage
from queuedesk.stations.window.context import StationContext

# A number half typed belongs to somebody who went away.
TYPED_FOR = timedelta(seconds=60)
# A refusal is read, then the number goes: the next customer begins with an empty page.
REFUSED_FOR = timedelta(seconds=8)
# So soon nobody else has come to the screen: another opinion without a number is the same hand.
OPINION_GAP = timedelta(seconds=20)


class ExitController(Answering):
    """Controls a rating screen at the exit. `number` is what was typed so far, `trouble` why that ticket can't be rated
    now."""

    rest = Stage.ENTER

    def __init__(
        self,
        context: StationContext,
        parent: QObject | None = None,
        *,
        steady_ms: Callable[[], int] | None = None,
    ) -> None:
        super().__init__(context, parent, steady_ms=steady_ms)
        self._opinion = 0
        self._last_opinion: datetime | None = None
        self._asked_at: datetime | None = None
        self.number = ""
        self.trouble: QueueDeskError | None = None
        context.feed.changed.connect(self._follow)
        context.feed.replaced.connect(self.changed)

    def prefixes(self) -> tuple[str, ...]:
        """Return the letters in use."""
        return search.prefixes(self.setup)

    def digits_missing(self) -> int:
        """Return how many more digits make a whole number."""
        return search.digits_missing(self.number)

    def may_give_opinion(self) -> bool:
        """Whether an opinion without a number is accepted now."""
        last = self._last_opinion
        return last is None or self.now() - last >= OPINION_GAP

    def has_slips(self) -> bool:
        """Whether customers may come with a slip, whose code can be scanned."""
        return prints_slips(self.state.devices, self.now(), is_simulated=self.setup.hall.simulated)

    @property
    def offers_words(self) -> bool:
        """Whether a few words may be typed: where a keyboard stands, or the screen's own keys write the language."""
        return may_be_typed(self.setup.settings["rating_words"], current())

    # -- what a person does --
    def type_key(self, key: str) -> None:
        """Add a letter or a digit."""
        if self.stage is not Stage.ENTER or self._busy:
            return
        self._put(search.typed(self.setup, "" if self.trouble else self.number, key))

    def delete(self) -> None:
        """Delete the last character."""
        if self.stage is Stage.ENTER and not self._busy:
            self._put(self.number[:-1])

    def clear(self) -> None:
        """Start over."""
        if self.stage is Stage.ENTER and not self._busy:
            self._put("")

    def take_number(self) -> None:
        """Ask for a rating of today's ticket with the typed number."""
        if self.stage is Stage.ENTER and not self._busy and not self.digits_missing():
            self._look_up(self._today(), self.number)

    def take_code(self, text: str) -> None:
        """Ask for a rating of the ticket whose code was scanned; other fast typing is ignored."""
        code = read_ticket_text(text)
        if code is None or self.stage not in (Stage.ENTER, Stage.THANKS) or self._busy:
            return
        self._leave()
        self.number = code.label
        if code.hall != self.setup.hall.code:
            self._say(RuleError("unknown_ticket", ticket=code.label, date=code.date))
            return
        self._look_up(code.date, code.label, code.token)

    def without_number(self) -> None:
        """Ask for an opinion on a visit whose ticket is lost."""
        free = self.stage is Stage.ENTER and not self._busy and not self.is_drumming
        if free and self.may_give_opinion() and self._is_settled():
            self._asked_at = self.now()
            self._ask(None, self.now() + ASK_FOR)

    def tick(self, now: datetime) -> None:
        super().tick(now)
        if self.stage is Stage.ENTER and self._until is None and self.number:
            self._until = now + TYPED_FOR

    # -- looking the ticket up --
    def _today(self) -> date:
        """Return the business date, also before the day's first event."""
        today = business_date(self.setup, self.now())
        return max(today, self.state.now.date or today)

    def _look_up(self, day: date, label: str, token: str | None = None) -> None:
        """Find the ticket; one whose code is not ours (`token`, where a code was read) is no ticket of this hall."""
        ticket = self.state.tickets.get((day, label))
        if ticket is not None:
            self._consider(ticket, token)
            return
        self._busy = True
        desk = self._context.desk
        work = partial(looking.find_ticket, desk, day, label)
        self._context.tasks.run(work, partial(self._considered, token), self._not_found)

    def _considered(self, token: str | None, ticket: Ticket) -> None:
        self._busy = False
        if self.stage is Stage.ENTER:
            self._consider(ticket, token)

    def _not_found(self, trouble: QueueDeskError) -> None:
        self._busy = False
        if self.stage is Stage.ENTER:
            self._say(trouble)

    def _consider(self, ticket: Ticket, token: str | None) -> None:
        """Ask about the ticket, or say why it can't be rated now, by the desk's own rules."""
        days = (self._today() - ticket.date).days
        if token is not None and token != ticket.token:
            self._say(RuleError("unknown_ticket", ticket=ticket.label, date=ticket.date))
        elif ticket.rating is not None:
            self._say(RuleError("already_rated", ticket=ticket.label))
        elif days > self.setup.number("rating_days"):
            self._say(RuleError("rating_over", ticket=ticket.label, date=ticket.date))
        elif ticket.state is State.FINISHED:
            self._ask(ticket.id, self.now() + ASK_FOR)
        elif ticket.is_open:
            self._say(RuleError("visit_not_ended", ticket=ticket.label))
        else:
            self._say(RuleError("wrong_state", ticket=ticket.label, state=str(ticket.state), window=None, verb="rate"))

    def _say(self, trouble: QueueDeskError) -> None:
        self.trouble = trouble
        self._until = self.now() + REFUSED_FOR
        self.changed.emit()

    def _put(self, number: str) -> None:
        self.number, self.trouble = number, None
        self._until = self.now() + TYPED_FOR if number else None
        self.changed.emit()

    # -- the pages --
    def _leave(self) -> None:
        self.id, self.number, self.trouble, self._opinion, self._asked_at = None, "", None, 0, None
        super()._leave()

    def _asked(self) -> object:
        return self.id or self._asked_at

    def _refused_by_rule(self, trouble: QueueDeskError) -> None:
        number = self.number
        self._leave()
        self.number = number
        self._say(trouble)

    def _keeping(self, level: int) -> Callable[[], Document]:
        if self.id is not None:
            return super()._keeping(level)
        desk, ask = self._context.desk, self._context.ask(CUSTOMER)
        return lambda: rating.give_opinion(desk, ask, level)

    def _answered(self) -> TicketId | int:
        return self.id if self.id is not None else self._opinion

    def _rated(self, level: int, document: Document) -> None:
        if self.id is None:
            self._opinion, self._last_opinion = int(document["opinion"]), self.now()
        super()._rated(level, document)

    @Slot(list)
    def _follow(self, events: list[Event]) -> None:
        for event in events:
            asked = self.id is not None and (event.date, event.ticket) == self.id
            if event.kind == "rate" and asked and self.stage is Stage.ASKING and not self._busy:
                self._refused_by_rule(RuleError("already_rated", ticket=event.ticket))
        if any(event.kind in ("set-up", "day-end") for event in events):
            self.changed.emit()
