"""What a customer alone can do at the kiosk, step by step, and ask of the hall's people; no widgets, no sentences."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from functools import partial
from math import ceil

from msgspec.structs import replace
from PySide6.QtCore import QObject, Signal, Slot

from queuedesk.core.errors import OutsideError, QueueDeskError
from queuedesk.core.improvement.wording import with_trial_names
from queuedesk.core.log.event import Event
from queuedesk.core.log.state import HallState
from queuedesk.core.network.roles import CUSTOMER
from queuedesk.core.quality.case import LONGEST_TYPED, OTHER, may_ask_for_typed_words
from queuedesk.core.queue.offers import channels_to_suggest
from queuedesk.core.setup.rows import Setup
from queuedesk.core.talk.device import prints_slips
from queuedesk.core.talk.messages import HelpCall, open_at
from queuedesk.desk.change import Ask, Desk, Document
from queuedesk.desk.quality import thanking
from queuedesk.desk.talk import messaging
from queuedesk.features.kiosk.pages import taking
from queuedesk.features.kiosk.pages.taking import (
    Finder,
    InfoPaper,
    Order,
    Paper,
    PlaceEnquiry,
    QuietPaper,
    Taking,
    spoken_here,
)
from queuedesk.i18n import current
from queuedesk.stations.acts.hold_to_confirm import Holding, steady_clock
from queuedesk.stations.window.context import Lock, StationContext

MISTAKEN = "pressed_by_mistake"


class KioskHelp(QObject):
    """The call for help at this kiosk. `refused` carries why it could not be made; what was done comes with the log."""

    refused = Signal(object)

    def __init__(self, context: StationContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._is_busy = False

    @property
    def call(self) -> HelpCall | None:
        """The open call at this kiosk."""
        who = self._context.who
        if who is None:
            return None
        return open_at(self._context.feed.state.help_calls.values(), who.name.removeprefix("station:"))

    def press(self) -> None:
        """Call for help."""
        if self.call is None:
            self._do(messaging.press_help)

    def arrived(self) -> None:
        """Note that a helper has arrived."""
        if (call := self.call) is not None:
            self._do(partial(messaging.help_arrived, seq=call.seq))

    def cancel(self) -> None:
        """Cancel a call made by mistake."""
        if (call := self.call) is not None:
            self._do(partial(messaging.cancel_help, seq=call.seq, reason=MISTAKEN))

    def _do(self, deed: Callable[[Desk, Ask], Document]) -> None:
        if self._is_busy or self._context.who is None:
            return
        self._is_busy = True
        desk, ask = self._context.desk, self._context.ask()
        self._context.tasks.run(lambda: deed(desk, ask), self._done, self._refused)

    def _done(self, _document: object) -> None:
        self._is_busy = False

    def _refused(self, trouble: QueueDeskError) -> None:
        self._is_busy = False
        if trouble.code not in ("help_called", "not_there"):  # somebody was quicker: the log says so in a moment
            self.refused.emit(trouble)


class Writing(QObject):
    """What a customer writes to the manager. `given`: it was handed over; `refused` carries why it could not be."""

    changed = Signal()
    given = Signal()
    refused = Signal(object)

    def __init__(self, context: StationContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._is_busy = False
        self.words = ""

    @property
    def is_offered(self) -> bool:
        return may_ask_for_typed_words(self._context.feed.setup.settings["rating_words"], current())

    def forget(self) -> None:
        self.words = ""

    def write(self, words: str) -> None:
        """Take what stands in the field now."""
        self.words = words[:LONGEST_TYPED]
        self.changed.emit()

    def give(self) -> None:
        """Hand the words over, about no ticket."""
        if self._is_busy or not self.words.strip():
            return
        self._is_busy = True
        desk, ask, words = self._context.desk, self._context.ask(CUSTOMER), self.words
        self._context.tasks.run(lambda: thanking.note(desk, ask, words, klass=OTHER), self._done, self._not_done)

    def _done(self, _document: object) -> None:
        self._is_busy = False
        self.forget()
        self.given.emit()

    def _not_done(self, trouble: QueueDeskError) -> None:
        self._is_busy = False
        self.refused.emit(trouble)


class Stage(StrEnum):
    """What the screen shows."""

    GREETING = "greeting"
    GROUP = "group"
    TICKET = "ticket"
    WHERE = "where"
    FIND = "find"
    INFO = "info"
    WORDS = "words"


class Sheet(StrEnum):
    """What is asked or said over the page."""

    NONE = ""
    STILL_THERE = "still-there"
    ANOTHER = "another"
    CLASSES = "classes"
    PERSON = "person"
    FETCH = "fetch"
    SORRY = "sorry"
    HELP = "help"
    PIN = "pin"
    CALM = "calm"
    MANY = "many"
    ELSEWHERE = "elsewhere"
    GOES = "goes"
    THANKED = "thanked"


# -- patience with a customer who does nothing -------------------------------------------------------------------------

# The ring's own time; asking for more can be repeated without end.
RING_S = 20
# A page takes no touch that acts before that: the second half of a double press belongs to what stood there before.
SETTLE_MS = 600


class Patience:
    """Times a page on a steady clock in milliseconds. `wait` restarts with every touch."""

    def __init__(self, steady_ms: Callable[[], int]) -> None:
        self._steady_ms = steady_ms
        self._touched_ms = self._shown_ms = steady_ms()
        self._ring_ms: int | None = None

    def touch(self) -> None:
        """Note a touch."""
        self._touched_ms = self._steady_ms()
        self._ring_ms = None

    def show(self) -> None:
        """Note that another page is shown from now on."""
        self._shown_ms = self._steady_ms()
        self.touch()

    def ring(self) -> None:
        """Start asking whether somebody is there."""
        self._ring_ms = self._steady_ms()

    @property
    def is_settled(self) -> bool:
        return self._steady_ms() - self._shown_ms >= SETTLE_MS

    @property
    def rings(self) -> bool:
        return self._ring_ms is not None

    def idle_s(self) -> float:
        """Return the seconds since the last touch."""
        return (self._steady_ms() - self._touched_ms) / 1000

    def shown_s(self) -> float:
        """Return how long this page has been shown."""
        return (self._steady_ms() - self._shown_ms) / 1000

    def ring_left_s(self) -> int:
        """Return the whole seconds left of the ring; 0 when it is over."""
        if self._ring_ms is None:
            return RING_S
        return max(0, ceil(RING_S - (self._steady_ms() - self._ring_ms) / 1000))


# -- the station itself ------------------------------------------------------------------------------------------------

# A printed ticket is in the hand; a number that has to be noted down takes longer.
TICKET_S, NOTE_DOWN_S = 10, 60
# What a manager has unlocked is locked again after that.
GRANTED_S = 60
MOST_SERVICES = 5
# Of a phone or card number: what is shorter too many people share.
LEAST_DIGITS, MOST_DIGITS = 6, 20


class KioskController(QObject):
    """Serves one customer after another. `changed`: show everything anew; `ticked`: only seconds and figures have
    changed."""

    changed = Signal()
    ticked = Signal()

    def __init__(
        self,
        context: StationContext,
        parent: QObject | None = None,
        *,
        steady_ms: Callable[[], int] | None = None,
    ) -> None:
        """`steady_ms` is a steady clock in milliseconds, for time-outs and double presses; tests give their own."""
        super().__init__(parent)
        self.context = context
        steady = steady_ms or steady_clock()
        self.patience = Patience(steady)
        self.lock = Lock(context, self)
        self.finder = Finder()
        self.taking = Taking(context, steady_ms=steady, parent=self)
        self.place = PlaceEnquiry(context, self.taking, self)
        self.info_paper, self.quiet_paper = InfoPaper(self), QuietPaper(context, self)
        self.help, self.writing = KioskHelp(context, self), Writing(context, self)
        for part in (self.taking, self.place, self.help, self.writing):
            part.refused.connect(self.apologise)
        self.holding = Holding(context, steady, self)
        self.away_since: datetime | None = None
        self._figures = taking.Figures()
        self.least_s = 0  # what switches need to offer every key
        self._forget()
        self.taking.taken.connect(self._taken)
        self.taking.papered.connect(self._papered)
        self.taking.noted.connect(self.changed)
        self.taking.printer_changed.connect(self.changed)
        self.info_paper.changed.connect(self.changed)
        self.quiet_paper.changed.connect(self.changed)
        self.place.changed.connect(self._place_changed)
        self.writing.changed.connect(self._place_changed)
        self.writing.given.connect(lambda: self._ask(Sheet.THANKED))
        self.lock.changed.connect(self._lock_changed)
        self.holding.changed.connect(self._calm_changed)
        context.feed.changed.connect(self._follow)
        context.feed.replaced.connect(self.ticked)

    def _forget(self) -> None:
        """Be as for a customer who has just come."""
        self.stage, self.sheet, self._under = Stage.GREETING, Sheet.NONE, Sheet.NONE
        self.group = self.language = ""
        self.large = self.contrast = self.several = self.listens = False
        self.place.forget()
        self.holding.forget()
        self.held: Order | None = None
        self.chosen: list[str] = []
        self.klass = taking.NORMAL
        self.person = ""
        self.taking.forget()
        self.lock.forget()
        self.sorry: QueueDeskError | None = None
        self.asked: Order | None = None
        self.channels: tuple[str, ...] = ()
        self.info_paper.forget()
        self.quiet_paper.forget()
        self.finder.forget()
        self.writing.forget()

    # -- the hall --
    @property
    def state(self) -> HallState:
        return self.context.feed.state

    @property
    def setup(self) -> Setup:
        """The set-up as customers read it here: a trial may have another name for a key today."""
        feed = self.context.feed
        return with_trial_names(feed.setup, feed.state.wordings.values(), feed.day)

    def now(self) -> datetime:
        """Return the time of the figures: the clock's, or that at which the hall's file went away."""
        return self.away_since or self.context.clock()

    def services(self) -> dict[str, taking.ServiceFacts]:
        """Return every service as it is now."""
        found = self._figures.of(self.state, self.now())
        if self.away_since is None:
            return found
        return {c: replace(facts, trouble=facts.trouble or OutsideError("database_away")) for c, facts in found.items()}

    def has_slips(self) -> bool:
        """Whether customers may come with a slip, whose code can be scanned."""
        printed = prints_slips(self.state.devices, self.context.clock(), is_simulated=self.setup.hall.simulated)
        return self.taking.can_print() or printed

    def is_home(self) -> bool:
        """Whether nothing here belongs to a customer, so that nothing has to time out."""
        chosen = (
            self.large or self.contrast or self.listens or self.language or self.several or self.klass != taking.NORMAL
        )
        return self.is_at_start() and not chosen

    def is_at_start(self) -> bool:
        """Whether the greeting is shown with nothing over it."""
        return self.stage is Stage.GREETING and self.sheet is Sheet.NONE

    def take_away(self, since: datetime | None) -> None:
        """Note that the hall's file has been unavailable since then, or is back."""
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
        """Note a touch."""
        if self.sheet is not Sheet.STILL_THERE:
            self.patience.touch()

    @Slot()
    def _calm_changed(self) -> None:
        if self.holding.is_drumming:
            self.held = None
            if self.sheet in (Sheet.NONE, Sheet.ANOTHER, Sheet.MANY):
                self._ask(Sheet.CALM)
        elif self.sheet is Sheet.CALM:
            self.close_sheet()

    def home(self) -> None:
        self._forget()
        self._show(Stage.GREETING)

    def back(self) -> None:
        if self.stage is Stage.INFO and self.finder.service in self.setup.services:
            self.finder.close(self.setup)
            self._show(Stage.FIND)
        elif self.stage is Stage.FIND and self.finder.service:
            self.finder.leave_service()
            self._show(Stage.FIND)
        elif self.several:
            self.set_several(False)
        elif self.stage in (Stage.TICKET, Stage.WORDS):
            self.home()
        else:
            self.group = ""
            self.place.forget()
            self.finder.forget()
            self._show(Stage.GREETING)

    def open_group(self, group: str) -> None:
        self.group = group
        self._show(Stage.GROUP)

    def open_where(self) -> None:
        self.place.forget()
        self._show(Stage.WHERE)

    def open_find(self) -> None:
        """Show what can be read about; where that is nothing but hours, all of them at once."""
        self.finder.learn(self.setup)
        self._show(Stage.INFO if taking.tells_hours_alone(self.setup) else Stage.FIND)
        self.quiet_paper.look()

    def open_words(self) -> None:
        """Ask for a few words to the manager."""
        self.close_sheet()
        self._show(Stage.WORDS)

    def give_words(self) -> None:
        """Hand over what was written."""
        if self.patience.is_settled:
            self.writing.give()

    def print_list(self) -> None:
        """Print the list of papers that is shown, or beside all hours when the next days are quiet."""
        if self.finder.service not in self.setup.services:
            self.print_quiet_hours()
            return
        self.info_paper.print(partial(self.taking.print_papers, self.finder.service, self.finder.item))

    def print_quiet_hours(self) -> None:
        """Print when the next days are quiet."""
        self.quiet_paper.print(self.taking.print_quiet_hours)

    def type_letter(self, letter: str) -> None:
        """Add a letter to the search, or with "" delete one."""
        if not letter or letter.isalnum():
            self.finder.type(letter.lower())
            self.touch()
            self.changed.emit()

    def open_info(self, service: str, item: str | None) -> None:
        """Show a service's items, or if it has none its papers, steps, fees and hours; likewise for an item."""
        self.finder.open(self.setup, service, item)
        self.info_paper.forget()
        self._show(Stage.INFO if self.finder.is_open else Stage.FIND)

    def set_large(self, large: bool) -> None:
        self.large, self.several, self.chosen = large, False, []
        self._show(self.stage)

    def set_contrast(self, contrast: bool) -> None:
        self.contrast = contrast
        self.changed.emit()

    def set_listens(self, listens: bool) -> None:
        self.listens = listens
        self.changed.emit()

    def set_language(self, language: str) -> None:  # "" is the hall's own
        self.language = language
        self.changed.emit()

    def set_several(self, several: bool) -> None:
        """Let several services be chosen for one ticket."""
        self.several, self.chosen = several, []
        self._show(self.stage)

    # -- a ticket --
    def press_service(self, code: str) -> None:
        """Take a ticket for the service, or add it to the choice of several; or show why that is impossible."""
        if (
            self.taking.is_busy
            or not self.patience.is_settled
            or code not in self.setup.services
            or self.holding.is_drumming
        ):
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
        if self.chosen and self.patience.is_settled:
            self.take(Order(tuple(self.chosen)))

    def take_about(self) -> None:
        if self.finder.service and self.patience.is_settled:
            trouble = self.services()[self.finder.service].trouble
            if trouble is not None:
                self.apologise(trouble)
            else:
                self.take(Order((self.finder.service,), self.finder.item))

    def take(self, order: Order) -> None:
        """Take a ticket in a moment, if nothing else is pressed; ask first if one has just been issued, or offer other
        ways at a peak."""
        if self.taking.are_too_many():
            self.asked = order
            self._ask(Sheet.MANY)
        elif self.taking.is_too_soon():
            self.asked = order
            self._ask(Sheet.ANOTHER)
        elif channels := self._elsewhere(order):
            self.asked, self.channels = order, channels
            self._ask(Sheet.ELSEWHERE)
        else:
            self._hold(order)

    def _elsewhere(self, order: Order) -> tuple[str, ...]:
        """Return the other ways to offer before this ticket is taken; none for a visit of several services."""
        if len(order.services) > 1 or self.klass != taking.NORMAL:
            return ()
        wait = self.services()[order.services[0]].wait
        return channels_to_suggest(self.setup, order.services[0], wait)

    def go_elsewhere(self, channel: str) -> None:
        """Note that the customer takes this other way; no ticket is issued."""
        if self.asked is not None:
            self.taking.note_offer(self.asked.services[0], channel, taken=True)
            self.asked, self.channels = None, (channel,)
            self._ask(Sheet.GOES)

    def stay_here(self) -> None:
        """Note that the customer wants none of the other ways, once for the first of them, and take the ticket."""
        if self.asked is not None:
            self.taking.note_offer(self.asked.services[0], self.channels[0], taken=False)
            self.take_another()

    def take_another(self) -> None:
        order, self.asked = self.asked, None
        if order is not None:
            self._hold(order)

    def type_digit(self, digit: str) -> None:
        """Handle a digit of what a sheet asks for, "" for the last one deleted."""
        if self.sheet is not Sheet.PERSON:
            self.lock.give(digit)
            return
        self.person = (self.person + digit)[:MOST_DIGITS] if digit else self.person[:-1]
        self.touch()
        self.changed.emit()

    @property
    def is_person_known(self) -> bool:
        return len(self.person) >= LEAST_DIGITS

    def give_person(self) -> None:
        """Take the ticket for whoever has this phone or card number, if they have none."""
        order, person = self.asked, self.person
        if order is not None and self.is_person_known:
            self.asked, self.person, self.sheet = None, "", Sheet.NONE
            self.taking.take(order, self.klass, spoken_here(self.setup, self.language), person)
            self.changed.emit()

    def _hold(self, order: Order) -> None:
        if self.setup.settings["one_number"] == "on":
            self.asked = order
            self._ask(Sheet.PERSON)
            return
        self.held = order
        self.holding.hold(self._take_held)
        self.changed.emit()

    def _take_held(self) -> None:
        order, self.held = self.held, None
        if order is not None:
            self.sheet = Sheet.NONE
            self.taking.take(order, self.klass, spoken_here(self.setup, self.language))

    @Slot()
    def _taken(self) -> None:
        self.several, self.chosen, self.sheet = False, [], Sheet.NONE
        self._show(Stage.TICKET)

    @Slot()
    def _papered(self) -> None:
        self.patience.show()
        self.changed.emit()

    # -- where am I in line --
    @Slot()
    def _place_changed(self) -> None:
        self.touch()
        self.changed.emit()

    def scan(self, text: str) -> None:
        """Handle a scanned text: a ticket's code leads to its place in line, from any page; a card's says who asks."""
        number = self.place.read_code(text)
        if number:
            self.open_where()
            self.place.show(number)
        elif self.sheet is Sheet.PERSON:
            self.person = "".join(sign for sign in text if sign.isalnum())[:MOST_DIGITS]
            self.give_person()

    # -- sheets --
    def ask_class(self) -> None:
        """Ask whether one of the hall's priority classes applies; pressing again undoes it."""
        if self.klass != taking.NORMAL:
            self.choose_class(taking.NORMAL)
        else:
            self._ask(Sheet.CLASSES)

    def choose_class(self, klass: str) -> None:
        """Take the next ticket in this class; staff check the proof when they serve."""
        self.klass = klass
        self.close_sheet()

    def ask_fetch(self) -> None:
        """Ask why the holder of the ticket just taken is to be fetched for their turn."""
        self._ask(Sheet.FETCH)

    def choose_need(self, need: str) -> None:
        """Note why they are fetched, "" that they are not."""
        self.taking.set_need(need)
        self.close_sheet()

    def ask_help(self) -> None:
        self._ask(Sheet.HELP)

    def apologise(self, trouble: QueueDeskError) -> None:
        self.sorry = trouble
        self._ask(Sheet.SORRY)

    def ask_to_leave(self, go: Callable[[], None]) -> None:
        """Do `go` if the person may leave this page: at once while no manager has a PIN, else after one."""
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
        self.sheet, self.sorry, self.asked, self.person = Sheet.NONE, None, None, ""
        self.lock.forget()
        self.patience.show()
        self.changed.emit()

    def more_time(self) -> None:
        """Wait longer, as often as wished."""
        self.sheet = self._under
        self.patience.show()
        self.changed.emit()

    def _ask(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.patience.show()
        self.changed.emit()

    # -- time --
    def limit_s(self) -> int:
        """Return how long the page stays without a touch."""
        given = self.taking.given
        if self.stage is not Stage.TICKET or given is None or self.sheet is not Sheet.NONE:
            return max(self.setup.number("kiosk_idle_s"), self.least_s)
        stays = given.paper is Paper.MISSING or self.listens or self.taking.is_slow()
        return NOTE_DOWN_S if stays else TICKET_S

    def ticket_left_s(self) -> int:
        """Return the seconds until the ticket's page closes by itself."""
        return max(0, round(self.limit_s() - self.patience.idle_s()))

    def tick(self) -> None:
        """Check the time: ask a silent customer, and go home if nobody answers."""
        self.holding.tick()
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
