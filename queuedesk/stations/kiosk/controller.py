"""What a customer alone can do at the kiosk, step by step; no widgets and no sentences."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime

from PySide6.QtCore import QElapsedTimer, QObject, Signal, Slot

from queuedesk.core.errors import OutsideError, QueueDeskError
from queuedesk.core.event import Event
from queuedesk.core.setup import Setup
from queuedesk.core.state import HallState
from queuedesk.core.ticket import State
from queuedesk.desk import issuing
from queuedesk.desk.change import Document
from queuedesk.stations.context import StationContext
from queuedesk.stations.kiosk import lookup, shelf
from queuedesk.stations.kiosk.finding import Finder
from queuedesk.stations.kiosk.patience import Patience
from queuedesk.stations.kiosk.steps import Sheet, Stage
from queuedesk.stations.kiosk.taking import Order, Paper, Taking
from queuedesk.stations.lock import Lock
from queuedesk.stations.models import typed_number

# A printed ticket is in the hand; a number that has to be noted down takes longer.
TICKET_S, NOTE_DOWN_S = 10, 60
# What a manager has unlocked is locked again after that.
GRANTED_S = 60
MOST_SERVICES = 5


class KioskController(QObject):
    """Leads one customer after another. `changed`: show everything anew; `ticked`: only seconds and figures have changed."""

    changed = Signal()
    ticked = Signal()

    def __init__(
        self,
        context: StationContext,
        parent: QObject | None = None,
        *,
        issue: Callable[..., Document] = issuing.issue,
        steady_ms: Callable[[], int] | None = None,
    ) -> None:
        """`steady_ms` is a steady clock in milliseconds, for time-outs and double presses; tests give their own."""
        super().__init__(parent)
        self.context = context
        self._timer = QElapsedTimer()
        self._timer.start()
        steady = steady_ms or self._timer.elapsed
        self.patience = Patience(steady)
        self.lock = Lock(context, self)
        self.finder = Finder()
        self.taking = Taking(context, issue, steady_ms=steady, parent=self)
        self.away_since: datetime | None = None
        self._figures = shelf.Figures()
        self._forget()
        self.taking.taken.connect(self._taken)
        self.taking.papered.connect(self._papered)
        self.taking.refused.connect(self.apologise)
        self.lock.changed.connect(self._lock_changed)
        context.feed.changed.connect(self._follow)
        context.feed.replaced.connect(self.ticked)

    def _forget(self) -> None:
        """Be as for a customer who has just come."""
        self.stage, self.sheet, self._under = Stage.GREETING, Sheet.NONE, Sheet.NONE
        self.group = self.number = self.language = ""
        self.large = self.contrast = self.several = self.reprinted = False
        self.chosen: list[str] = []
        self.klass = shelf.NORMAL
        self.taking.forget()
        self.lock.forget()
        self.sorry: QueueDeskError | None = None
        self.asked: Order | None = None
        self.said_paper: Paper | None = None
        self.finder.forget()

    # -- the hall --
    @property
    def state(self) -> HallState:
        return self.context.feed.state

    @property
    def setup(self) -> Setup:
        return self.context.feed.setup

    @property
    def today(self) -> date:
        return self.context.feed.day

    def now(self) -> datetime:
        """Return the time that figures are of: the clock's, or that at which the hall's file went away."""
        return self.away_since or self.context.clock()

    def services(self) -> dict[str, shelf.ServiceFacts]:
        """Return every service as it stands now."""
        found = self._figures.of(self.state, self.now())
        if self.away_since is None:
            return found
        return {c: replace(facts, trouble=facts.trouble or OutsideError("database_away")) for c, facts in found.items()}

    def is_home(self) -> bool:
        """Whether nothing here belongs to a customer, so that nothing has to time out."""
        chosen = self.large or self.contrast or self.language or self.several or self.klass != shelf.NORMAL
        return self.stage is Stage.GREETING and self.sheet is Sheet.NONE and not chosen

    def take_away(self, since: datetime | None) -> None:
        """Know that the hall's file can't be opened since then, or that it is back."""
        self.away_since = since
        if since is None and self.sheet is Sheet.SORRY and isinstance(self.sorry, OutsideError):
            self.sheet, self.sorry = Sheet.NONE, None
        self.changed.emit()

    @Slot(list)
    def _follow(self, events: list[Event]) -> None:
        if any(event.kind == "set-up" for event in events):
            self.finder.forget_setup()
            self.lock.look()
            if self.group and all(one.group != self.group for one in self.setup.services.values()):
                self.home()
            self.chosen = [code for code in self.chosen if code in self.setup.services]
            self.changed.emit()
        else:
            self.ticked.emit()

    # -- going about --
    def touch(self) -> None:
        """Somebody is there."""
        if self.sheet is not Sheet.STILL_THERE:
            self.patience.touch()

    def home(self) -> None:
        """Greet the next customer."""
        self._forget()
        self._show(Stage.GREETING)

    def back(self) -> None:
        """Go one step back."""
        if self.stage is Stage.INFO:
            self.finder.close()
            self._show(Stage.FIND)
        elif self.stage is Stage.FIND and self.finder.service:
            self.finder.leave_service()
            self._show(Stage.FIND)
        elif self.several:
            self.set_several(False)
        elif self.stage is Stage.TICKET:
            self.home()
        else:
            self.group = self.number = ""
            self.finder.forget()
            self._show(Stage.GREETING)

    def open_group(self, group: str) -> None:
        self.group = group
        self._show(Stage.GROUP)

    def open_where(self) -> None:
        self.number, self.reprinted = "", False
        self._show(Stage.WHERE)

    def open_find(self) -> None:
        """Show what can be read without a ticket."""
        self.finder.learn(self.setup)
        self._show(Stage.FIND)

    def type_letter(self, letter: str) -> None:
        """Search for one letter more, or with "" for one less."""
        if not letter or letter.isalnum():
            self.finder.type(letter.lower())
            self.touch()
            self.changed.emit()

    def open_info(self, service: str, item: str | None) -> None:
        """Show a service's items, or without any its papers, steps, fees and hours; of an item the same."""
        self.finder.open(self.setup, service, item)
        self.said_paper = None
        self._show(Stage.INFO if self.finder.is_open else Stage.FIND)

    def set_large(self, large: bool) -> None:
        self.large, self.several, self.chosen = large, False, []
        self._show(self.stage)

    def set_contrast(self, contrast: bool) -> None:
        self.contrast = contrast
        self.changed.emit()

    def set_language(self, language: str) -> None:
        """Speak `language` until this customer has gone; "" is the hall's own."""
        self.language = language
        self.changed.emit()

    def set_several(self, several: bool) -> None:
        """Let services be chosen before a ticket is taken for all of them."""
        self.several, self.chosen = several, []
        self._show(self.stage)

    # -- a ticket --
    def press_service(self, code: str) -> None:
        """Take a ticket for the service, or put it on the list while several are chosen; or say why neither can be."""
        if self.taking.is_busy or not self.patience.is_settled or code not in self.setup.services:
            return
        trouble = self.services()[code].trouble
        if trouble is not None:
            self.apologise(trouble)
        elif not self.several:
            self.take(Order((code,)))
        elif code in self.chosen:
            self.chosen.remove(code)
            self.changed.emit()
        elif len(self.chosen) < MOST_SERVICES:
            self.chosen.append(code)
            self.changed.emit()

    def take_chosen(self) -> None:
        """Take one ticket for all that were chosen."""
        if self.chosen and self.patience.is_settled:
            self.take(Order(tuple(self.chosen)))

    def take_about(self) -> None:
        """Take a ticket for what is being read about."""
        if self.finder.service and self.patience.is_settled:
            trouble = self.services()[self.finder.service].trouble
            if trouble is not None:
                self.apologise(trouble)
            else:
                self.take(Order((self.finder.service,), self.finder.item))

    def take(self, order: Order) -> None:
        """Take a ticket; asks first when one has just been given."""
        if self.taking.is_too_soon():
            self.asked = order
            self._ask(Sheet.ANOTHER)
        else:
            self.taking.take(order, self.klass)

    def take_another(self) -> None:
        """It is for somebody else: go on."""
        order, self.asked, self.sheet = self.asked, None, Sheet.NONE
        if order is not None:
            self.taking.take(order, self.klass)

    @Slot()
    def _taken(self) -> None:
        self.several, self.chosen, self.sheet = False, [], Sheet.NONE
        self._show(Stage.TICKET)

    @Slot()
    def _papered(self) -> None:
        self.patience.show()
        self.changed.emit()

    # -- where am I in line --
    def press_pad(self, key: str) -> None:
        """Add a letter or digit to the number asked about."""
        self._set_number(typed_number.typed(self.setup, self.number, key))

    def delete_digit(self) -> None:
        self._set_number(self.number[:-1])

    def clear_number(self) -> None:
        self._set_number("")

    def _set_number(self, number: str) -> None:
        self.number, self.reprinted = number, False
        self.touch()
        self.changed.emit()

    def found(self) -> lookup.Found:
        """Return the ticket of the number as typed."""
        return lookup.find(self.state, self.setup, self.today, self.number)

    def scan(self, text: str) -> None:
        """Take what a scanner has read: a ticket's code leads to its place in line, from wherever one is."""
        number = lookup.scanned(self.setup, self.today, text)
        if isinstance(number, QueueDeskError):
            self.apologise(number)
        elif number is not None:
            self.open_where()
            self._set_number(number)

    def reprint(self) -> None:
        """Print the ticket that was asked about, while it waits; once each time it is asked about."""
        ticket = self.found().ticket
        if ticket is None or ticket.state is not State.WAITING or self.reprinted:
            return
        self.reprinted = True
        self.taking.print_ticket(ticket.label, ticket.date, reprint=True, said=self._reprinted)
        self.changed.emit()

    def _reprinted(self, trouble: QueueDeskError | None) -> None:
        if trouble is not None:
            self.apologise(trouble)

    # -- papers, steps, fees, hours --
    def print_info(self) -> None:
        """Print the list of what is being read; nobody is counted and nobody waits for it."""
        if self.said_paper is None:
            self.said_paper = Paper.PRINTING
            self.taking.print_papers(self.finder.service, self.finder.item, self._info_paper)
            self.changed.emit()

    def _info_paper(self, trouble: QueueDeskError | None) -> None:
        if self.said_paper is Paper.PRINTING:
            self.said_paper = Paper.MISSING if trouble else Paper.PRINTED
            self.changed.emit()

    # -- sheets --
    def ask_class(self) -> None:
        """Ask whether one of the hall's priority classes applies; pressed again it is taken back."""
        if self.klass != shelf.NORMAL:
            self.choose_class(shelf.NORMAL)
        else:
            self._ask(Sheet.CLASSES)

    def choose_class(self, klass: str) -> None:
        """Take the next ticket in this class; staff look at the proof when they serve."""
        self.klass = klass
        self.close_sheet()

    def ask_help(self) -> None:
        self._ask(Sheet.HELP)

    def apologise(self, trouble: QueueDeskError) -> None:
        """Say in a full sentence why not, and what to do instead."""
        self.sorry = trouble
        self._ask(Sheet.SORRY)

    def ask_to_leave(self, go: Callable[[], None]) -> None:
        """Do `go` when whoever is here may leave this page: at once while no manager has a PIN, else after one."""
        if self.lock.opens(go):
            return
        self._ask(Sheet.PIN)

    @Slot()
    def _lock_changed(self) -> None:
        if self.sheet is Sheet.PIN and not self.lock.is_asking:
            self.close_sheet()
        else:
            self.changed.emit()

    def close_sheet(self) -> None:
        """Go on with the page below."""
        self.sheet, self.sorry, self.asked = Sheet.NONE, None, None
        self.lock.forget()
        self.patience.show()
        self.changed.emit()

    def more_time(self) -> None:
        """Somebody is still there; as often as wished."""
        self.sheet = self._under
        self.patience.show()
        self.changed.emit()

    def _ask(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.patience.show()
        self.changed.emit()

    # -- time --
    def limit_s(self) -> int:
        """Return how long the page stands without a touch."""
        given = self.taking.given
        if self.stage is not Stage.TICKET or given is None or self.sheet is not Sheet.NONE:
            return self.setup.number("kiosk_idle_s")
        return NOTE_DOWN_S if given.paper is Paper.MISSING else TICKET_S

    def ticket_left_s(self) -> int:
        """Return after how many seconds the ticket's page leaves by itself."""
        return max(0, round(self.limit_s() - self.patience.idle_s()))

    def tick(self) -> None:
        """Let time pass: ask who is silent, and go home when nobody answers."""
        if self.lock.is_granted and self.patience.idle_s() >= GRANTED_S:
            self.lock.forget()
        if self.sheet is Sheet.STILL_THERE:
            if self.patience.ring_left_s() == 0:
                self.home()
                return
        elif not self.is_home() and not self.taking.is_busy and self.patience.idle_s() >= self.limit_s():
            given = self.taking.given
            has_paper = given is not None and given.paper is not Paper.MISSING
            if self.stage is Stage.TICKET and has_paper and self.sheet is Sheet.NONE:
                self.home()
                return
            self._under, self.sheet = self.sheet, Sheet.STILL_THERE
            self.patience.ring()
            self.changed.emit()
            return
        self.ticked.emit()

    # -- inside --
    def _show(self, stage: Stage) -> None:
        self.stage = stage
        self.patience.show()
        self.changed.emit()
