"""Takes a customer's answers page by page: at a window once a visit; at the exit by ticket number or code, for any
visit that may still be rated, or without a ticket."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import partial
from random import SystemRandom

from PySide6.QtCore import QObject, Signal, Slot

from queuedesk.core.errors import OutsideError, QueueDeskError, RuleError
from queuedesk.core.log.event import Event
from queuedesk.core.log.state import HallState
from queuedesk.core.network.roles import CUSTOMER
from queuedesk.core.quality.case import LONGEST_TYPED, may_screen_ask_for_comment
from queuedesk.core.queue.hallday import business_date
from queuedesk.core.queue.ticket import Ticket, TicketId, TicketState
from queuedesk.core.setup.rows import Setup
from queuedesk.core.talk.device import has_ticket_printer_in_use
from queuedesk.desk import looking
from queuedesk.desk.change import Document
from queuedesk.desk.queue import rating
from queuedesk.i18n import current_language
from queuedesk.i18n.figures.figure_titles import offered_rating_reasons
from queuedesk.printing.qr import TicketCodeContent
from queuedesk.stations import service_search
from queuedesk.stations.acts.hold_to_confirm import RapidTappingActDelayer, make_monotonic_ms_clock
from queuedesk.stations.window.context import StationContext

# The question waits that long, then it leaves by itself: the next customer must not find it there.
ASK_FOR = timedelta(seconds=60)
# So long before it says so, and gives more time to who wants it.
WARN_FOR = timedelta(seconds=20)
# What follows it is sent by itself after that long without a touch, and never later than the desk takes it.
MORE_FOR = timedelta(seconds=60)
MORE_UNTIL = rating.REASONS_WITHIN - timedelta(seconds=10)
THANKS_FOR = timedelta(seconds=6)
# Who was asked nothing more is followed by an empty answer too, after a time that such answers take: whoever counts or
# times the log's events can't tell a low rating, after which reasons are asked for.
QUICKEST_S, SLOWEST_S = 5, 40
WALKED_OFF = 1 / 3
_CHANCE = SystemRandom()
# A page takes no touch before that: the second half of a double press belongs to what stood there before.
SETTLE_MS = 700
LOW = 2
QUESTIONS = ("attitude", "competence")


class RatingStage(StrEnum):
    """The pages of the screen. It returns to IDLE at a window, to ENTER at the exit."""

    IDLE = "idle"
    ENTER = "enter"
    ASKING = "asking"
    QUESTIONS = "questions"
    REASONS = "reasons"
    WORDS = "words"
    THANKS = "thanks"


MORE_STAGES = (RatingStage.QUESTIONS, RatingStage.REASONS, RatingStage.WORDS)


class CustomerRatingFlow(QObject):
    """Takes one customer's answers. `changed`: another page or choice. The rating is stored at the touch, further
    answers in another event at the end. `refused` says why an answer was not stored; the page stays for another try."""

    changed = Signal()
    refused = Signal(object)
    rest = RatingStage.IDLE

    def __init__(
        self, context: StationContext, parent: QObject | None = None, *, steady_ms: Callable[[], int] | None = None
    ) -> None:
        """`steady_ms` is a steady clock in milliseconds, for double presses; tests give their own."""
        super().__init__(parent)
        self._context = context
        self._steady_ms = steady_ms or make_monotonic_ms_clock()
        self.holding = RapidTappingActDelayer(context, self._steady_ms, self)
        self.holding.changed.connect(self._on_rapid_tapping_changed)
        self._shown_ms = -SETTLE_MS
        self._until: datetime | None = None
        self._rated_at: datetime | None = None
        self._busy = False
        self._nothing_more: tuple[datetime, TicketId | int] | None = None
        self.stage = self.rest
        self.id: TicketId | None = None
        self.level = self.chosen = 0
        self.tags: list[str] = []
        self.marks: dict[str, int] = {}
        self.words = ""

    @property
    def hall_state(self) -> HallState:
        return self._context.feed.state

    @property
    def setup(self) -> Setup:
        return self._context.feed.setup

    @property
    def ticket(self) -> Ticket | None:
        return self.hall_state.tickets.get(self.id) if self.id else None

    def now(self) -> datetime:
        return self._context.clock()

    def page_seconds_left(self, now: datetime) -> int:
        return max(0, round((self._until - now).total_seconds())) if self._until else 0

    # -- what a person does --
    def count_press(self) -> None:
        """Count a press outside a number pad: too many are drumming. Reasons may be chosen fast."""
        if self.stage not in MORE_STAGES:
            self.holding.count_press()

    def rate(self, level: int) -> None:
        """Choose an answer, stored after a moment without other presses; late presses do nothing."""
        if (
            self.stage is not RatingStage.ASKING
            or self._busy
            or not self._is_page_shown_long_enough()
            or self.is_tapping_rapidly
        ):
            return
        self._play_sound("click")
        self.chosen = level
        self.holding.schedule_act_unless_tapping(self._send_chosen_rating)
        self.changed.emit()

    @property
    def is_tapping_rapidly(self) -> bool:
        return self.holding.is_tapping_rapidly

    def _on_rapid_tapping_changed(self) -> None:
        if self.is_tapping_rapidly:
            self.chosen = 0
        self.changed.emit()

    def _send_chosen_rating(self) -> None:
        level = self.chosen
        if self.stage is not RatingStage.ASKING or self._busy or not level:
            return
        self._busy = True
        asked = self._question_identity()

        def done(document: Document) -> None:
            if asked == self._question_identity() and self.stage is RatingStage.ASKING:
                self._note_rated_and_go_on(level, document)

        def on_refused(trouble: QueueDeskError) -> None:
            if asked == self._question_identity() and self.stage is RatingStage.ASKING:
                self._on_rating_refused(trouble)

        self._context.tasks.run(self._work_storing_rating(level), done, on_refused)

    def skip_rating(self) -> None:
        """End without a rating: nothing is written."""
        if (
            self.stage is RatingStage.ASKING
            and not self._busy
            and self._is_page_shown_long_enough()
            and not self.is_tapping_rapidly
        ):
            self._return_to_idle_page()

    def answer_question(self, question: str, level: int) -> None:
        """Answer one of the two further questions; when both are answered the next page follows."""
        if (
            self.stage is not RatingStage.QUESTIONS
            or self._busy
            or not self._is_page_shown_long_enough()
            or self.is_tapping_rapidly
        ):
            return
        self._play_sound("click")
        self.marks[question] = level
        if all(name in self.marks for name in QUESTIONS):
            self._ask_reasons_or_go_on()
        else:
            self._restart_page_timeout()
            self.changed.emit()

    def toggle_reason(self, tag: str) -> None:
        """Choose a reason or take the choice back."""
        if self.stage is not RatingStage.REASONS:
            return
        if self._is_page_shown_long_enough() and not self.is_tapping_rapidly:
            self.tags = [t for t in self.tags if t != tag] if tag in self.tags else [*self.tags, tag]
            self._restart_page_timeout()
        self.changed.emit()

    def write(self, words: str) -> None:
        if self.stage is RatingStage.WORDS and not self._busy:
            self.words = words[:LONGEST_TYPED]
            self._restart_page_timeout()

    def extend_page_time(self) -> None:
        """Wait longer on a page with a time limit, as often as wished."""
        if self.stage is RatingStage.ASKING:
            self._until = self.now() + ASK_FOR
        elif self.stage in MORE_STAGES:
            self._restart_page_timeout()
        self.changed.emit()

    def is_page_closing_soon(self) -> bool:
        """Whether the page will close so soon that it says so."""
        return self._until is not None and self._until - self.now() <= WARN_FOR

    def go_to_next_stage(self) -> None:
        """Go on: from the questions to the reasons or the end, from the reasons to the end."""
        if (
            self.stage not in MORE_STAGES
            or self._busy
            or not self._is_page_shown_long_enough()
            or self.is_tapping_rapidly
        ):
            return
        if self.stage is RatingStage.QUESTIONS:
            self._ask_reasons_or_go_on()
        elif self.stage is RatingStage.REASONS:
            self._ask_comment_or_finish()
        else:
            self._store_further_answers_and_thank()

    def finish_without_comment(self) -> None:
        """End without words of one's own; all else that was said is kept."""
        if self.stage is RatingStage.WORDS and not self._busy and self._is_page_shown_long_enough():
            self.words = ""
            self._store_further_answers_and_thank()

    def check_timeouts(self, now: datetime) -> None:
        self.holding.record_finished_rapid_tapping()
        if self._nothing_more is not None and self._nothing_more[0] <= now:
            self._send_no_further_answers()
        if self._until is None or now < self._until or self._busy or self.holding.has_waiting_act:
            return
        if self.stage in MORE_STAGES:
            self.words = ""  # Half a sentence is nobody's opinion.
            self._send_answers_without_waiting()
            self._show_thanks()
        else:
            self._return_to_idle_page()

    # -- the pages --
    def _question_identity(self) -> object:
        """Return what tells this question from the next one."""
        return self.id

    def _work_storing_rating(self, level: int) -> Callable[[], Document]:
        desk, ask, id = self._context.desk, self._context.new_ask(CUSTOMER), self.id
        if id is None:
            raise ValueError("nobody is asked")
        return lambda: rating.rate_visit(desk, ask, id[1], level, day=id[0])

    def _id_of_stored_answer(self) -> TicketId | int:
        if self.id is None:
            raise ValueError("nobody is asked")
        return self.id

    def _work_to_store_answers(
        self, of: TicketId | int, tags: tuple[str, ...] = (), marks: Mapping[str, int] | None = None, words: str = ""
    ) -> Callable[[], Document]:
        """Return the work that adds to that answer what else was said, now."""
        desk, ask, comment = self._context.desk, self._context.new_ask(CUSTOMER), words or None
        if isinstance(of, int):
            return lambda: rating.add_reasons_to_opinion(desk, ask, of, tags=tags, comment=comment)
        date, label = of
        answers = {question: (marks or {}).get(question) for question in QUESTIONS}
        return lambda: rating.add_rating_reasons(desk, ask, label, day=date, tags=tags, comment=comment, **answers)

    def _start_asking(self, id: TicketId | None, until: datetime) -> None:
        self._send_no_further_answers()
        self.id, self.tags, self.marks, self.level, self.words = id, [], {}, 0, ""
        self.show_stage(RatingStage.ASKING, until)

    def _note_rated_and_go_on(self, level: int, _document: Document) -> None:
        self._busy = False
        self.level = level
        self._rated_at = self.now()
        if self.setup.settings["rating_questions"] == "on" and self.id is not None:
            self._show_further_stage(RatingStage.QUESTIONS)
        else:
            self._ask_reasons_or_go_on()

    def _on_rating_refused(self, trouble: QueueDeskError) -> None:
        self._busy, self.chosen = False, 0
        if isinstance(trouble, OutsideError):
            self.refused.emit(trouble)
        elif trouble.code == "already_rated":
            self._show_thanks()
        else:
            self._on_rating_refused_by_rule(trouble)

    def _on_rating_refused_by_rule(self, _trouble: QueueDeskError) -> None:
        self._return_to_idle_page()

    def _ask_reasons_or_go_on(self) -> None:
        if self.level <= LOW and offered_rating_reasons(self.setup):
            self._show_further_stage(RatingStage.REASONS)
        else:
            self._ask_comment_or_finish()

    def _ask_comment_or_finish(self) -> None:
        if self.can_type_comment:
            self._show_further_stage(RatingStage.WORDS)
        else:
            self._store_further_answers_and_thank()

    @property
    def can_type_comment(self) -> bool:
        """Whether a customer may type a few words of their own here."""
        return False

    def _show_further_stage(self, stage: RatingStage) -> None:
        self.show_stage(stage)
        self._restart_page_timeout()
        self.changed.emit()

    def _restart_page_timeout(self) -> None:
        now = self.now()
        self._until = min(now + MORE_FOR, (self._rated_at or now) + MORE_UNTIL)

    def _store_further_answers_and_thank(self) -> None:
        """Keep what was said beyond the rating, also that nothing was, and say thanks."""
        if self.stage not in MORE_STAGES:
            self._nothing_more = self.now() + _random_answer_delay(), self._id_of_stored_answer()
            self._show_thanks()
        elif self.tags or self.marks or self.words:
            self._busy = True
            self._context.tasks.run(
                self._more_answers_command(), self._on_further_answers_stored, self._on_further_answers_refused
            )
        else:
            self._send_answers_without_waiting()
            self._show_thanks()

    def _send_answers_without_waiting(self) -> None:
        """Send what was said without waiting for the answer: the customer has gone, the rating itself is kept."""
        self._context.tasks.run(self._more_answers_command(), _ignore_answer, _ignore_answer)

    def _send_no_further_answers(self) -> None:
        """Send that the last customer, who was asked nothing more, said nothing more."""
        if self._nothing_more is not None:
            (_due, answered), self._nothing_more = self._nothing_more, None
            self._context.tasks.run(self._work_to_store_answers(answered), _ignore_answer, _ignore_answer)

    def _more_answers_command(self) -> Callable[[], Document]:
        return self._work_to_store_answers(self._id_of_stored_answer(), tuple(self.tags), dict(self.marks), self.words)

    def _on_further_answers_stored(self, _document: object) -> None:
        if self.stage in MORE_STAGES and self._busy:
            self._busy = False
            self._show_thanks()

    def _on_further_answers_refused(self, trouble: QueueDeskError) -> None:
        if self.stage not in MORE_STAGES or not self._busy:
            return
        self._busy = False
        if isinstance(trouble, OutsideError):
            self.refused.emit(trouble)
        else:
            self._show_thanks()

    def _show_thanks(self) -> None:
        self.show_stage(RatingStage.THANKS, self.now() + THANKS_FOR)

    def _return_to_idle_page(self) -> None:
        self._busy = False
        self.show_stage(self.rest)

    def show_example(self, stage: RatingStage) -> None:
        """Show a page as somebody who is dissatisfied comes to it; nothing is kept."""
        self.level, self._rated_at = LOW, self.now()
        if stage in MORE_STAGES:
            self._show_further_stage(stage)
        else:
            self.show_stage(stage)

    def show_stage(self, stage: RatingStage, until: datetime | None = None) -> None:
        """Go to a page, with nothing chosen; it stays until that time, or without limit."""
        self.stage, self._until = stage, until
        self.chosen = 0
        self.holding.drop_waiting_act()
        self._shown_ms = self._steady_ms()
        self.changed.emit()

    def _is_page_shown_long_enough(self) -> bool:
        return self._steady_ms() - self._shown_ms >= SETTLE_MS

    def _play_sound(self, name: str) -> None:
        if (sounds := self._context.services.sounds) is not None:
            sounds.play(name)


def _ignore_answer(_answer: object) -> None:
    """Nobody waits for it any more."""


def _random_answer_delay() -> timedelta:
    """Return how long somebody might take who is asked for reasons: some go away without an answer."""
    if _CHANCE.random() < WALKED_OFF:
        return MORE_FOR
    return timedelta(seconds=_CHANCE.uniform(QUICKEST_S, SLOWEST_S))


# Somebody stands at the window again. A call only lets somebody walk there: whoever leaves may still answer that long.
_NEXT_CUSTOMER = frozenset({"start", "serve", "unpark", "reopen"})
WALK = timedelta(seconds=20)


class WindowRatingController(CustomerRatingFlow):
    """Follows one window. Options: window."""

    rest = RatingStage.IDLE

    def __init__(
        self, context: StationContext, parent: QObject | None = None, *, steady_ms: Callable[[], int] | None = None
    ) -> None:
        super().__init__(context, parent, steady_ms=steady_ms)
        self.window = str(context.options["window"])
        self.is_writing = False
        context.feed.changed.connect(self._follow_events)
        context.feed.replaced.connect(self._show_idle_page_if_ticket_gone)
        self._ask_rating_of_last_visit()

    @property
    def is_serving(self) -> bool:
        here = self.hall_state.window(self.window).ticket
        ticket = self.hall_state.tickets.get(here) if here is not None else None
        return ticket is not None and ticket.state is TicketState.SERVING

    def count_press(self) -> None:
        """As of every answer; who writes with the clerk presses many keys."""
        if not self.is_writing:
            super().count_press()

    @Slot(list)
    def _follow_events(self, events: list[Event]) -> None:
        for event in events:
            if event.window == self.window and event.kind in _NEXT_CUSTOMER:
                self._store_answers_and_reset()
            elif event.window == self.window and event.kind == "call":
                self._shorten_question_time()
            elif event.window == self.window and event.kind == "finish":
                self._store_answers_and_reset()
                if event.date is not None and event.ticket is not None:
                    self._ask_rating_of_finished_visit((event.date, event.ticket), self.now() + ASK_FOR)
            elif (
                event.kind == "rate"
                and self.stage is RatingStage.ASKING
                and not self._busy
                and self._is_event_of_asked_ticket(event)
            ):
                self._return_to_idle_page()
            elif event.kind == "set-up":
                self.changed.emit()

    @Slot()
    def _show_idle_page_if_ticket_gone(self) -> None:
        if self.stage in (RatingStage.ASKING, *MORE_STAGES) and self.ticket is None:
            self._return_to_idle_page()

    def _is_event_of_asked_ticket(self, event: Event) -> bool:
        return self.id is not None and (event.date, event.ticket) == self.id

    def _ask_rating_of_last_visit(self) -> None:
        """Ask about a visit that ended just before this screen was there."""
        window = self.hall_state.window(self.window)
        last = self.hall_state.tickets.get(window.last) if window.last and window.ticket is None else None
        ended = last.current_leg.finished if last else None
        if last is not None and ended is not None and timedelta(0) <= self.now() - ended < ASK_FOR:
            self._ask_rating_of_finished_visit(last.id, ended + ASK_FOR)

    def _ask_rating_of_finished_visit(self, id: TicketId, until: datetime) -> None:
        """Ask when the whole visit has ended here, nobody has rated it and no other customer is here."""
        ticket = self.hall_state.tickets.get(id)
        if ticket is None or ticket.state is not TicketState.FINISHED or ticket.rating is not None:
            return
        if ticket.current_leg.window != self.window or not self._is_nobody_served_here():
            return
        self._start_asking(ticket.id, until)
        if self.hall_state.window(self.window).ticket is not None:
            self._shorten_question_time()

    def _is_nobody_served_here(self) -> bool:
        here = self.hall_state.window(self.window).ticket
        return here is None or self.hall_state.tickets[here].state is TicketState.CALLED

    def _shorten_question_time(self) -> None:
        """The next customer is on the way: a question nobody answered yet goes before that one can be there."""
        if self.stage is RatingStage.ASKING and self._until is not None:
            self._until = min(self._until, self.now() + WALK)

    def _store_answers_and_reset(self) -> None:
        """The next customer is here: what the last one chose is kept, the page is free."""
        if self.holding.has_waiting_act:
            self._send_chosen_rating()
        if self.stage in MORE_STAGES and not self._busy:
            self._send_answers_without_waiting()
        self._send_no_further_answers()
        self._busy = False
        if self.stage is not RatingStage.IDLE:
            self._return_to_idle_page()


# A number half typed belongs to somebody who went away.
TYPED_FOR = timedelta(seconds=60)
# A refusal is read, then the number goes: the next customer begins with an empty page.
REFUSED_FOR = timedelta(seconds=8)
# So soon nobody else has come to the screen: another opinion without a number is the same hand.
OPINION_GAP = timedelta(seconds=20)


class ExitRatingController(CustomerRatingFlow):
    """Controls a rating screen at the exit. `number`: what was typed; `trouble`: why that ticket can't be rated."""

    rest = RatingStage.ENTER

    def __init__(
        self, context: StationContext, parent: QObject | None = None, *, steady_ms: Callable[[], int] | None = None
    ) -> None:
        super().__init__(context, parent, steady_ms=steady_ms)
        self._opinion = 0
        self._last_opinion: datetime | None = None
        self._asked_at: datetime | None = None
        self.number = ""
        self.trouble: QueueDeskError | None = None
        context.feed.changed.connect(self._follow_events)
        context.feed.replaced.connect(self.changed)

    def ticket_prefixes(self) -> tuple[str, ...]:
        return service_search.ticket_prefixes(self.setup)

    def missing_digit_count(self) -> int:
        return service_search.missing_digit_count(self.number)

    def may_rate_without_number(self) -> bool:
        """Whether an opinion without a number is accepted now."""
        last = self._last_opinion
        return last is None or self.now() - last >= OPINION_GAP

    def may_customers_have_slips(self) -> bool:
        """Whether customers may come with a slip, whose code can be scanned."""
        return has_ticket_printer_in_use(self.hall_state.devices, self.now(), is_simulated=self.setup.hall.simulated)

    @property
    def can_type_comment(self) -> bool:
        """Whether a few words may be typed: where a keyboard stands, or the screen's own keys write the language."""
        return may_screen_ask_for_comment(self.setup.settings["rating_words"], current_language())

    # -- what a person does --
    def type_key(self, key: str) -> None:
        if self.stage is not RatingStage.ENTER or self._busy:
            return
        self._set_number_and_emit(
            service_search.ticket_number_after_key(self.setup, "" if self.trouble else self.number, key)
        )

    def delete_last_character(self) -> None:
        if self.stage is RatingStage.ENTER and not self._busy:
            self._set_number_and_emit(self.number[:-1])

    def clear(self) -> None:
        if self.stage is RatingStage.ENTER and not self._busy:
            self._set_number_and_emit("")

    def ask_rating_for_typed_number(self) -> None:
        """Ask for a rating of today's ticket with the typed number."""
        if self.stage is RatingStage.ENTER and not self._busy and not self.missing_digit_count():
            self._find_ticket_and_ask_rating(self._current_business_date(), self.number)

    def handle_scanned_code(self, text: str) -> None:
        """Ask for a rating of the ticket whose code was scanned; other fast typing is ignored."""
        if self.stage in (RatingStage.ENTER, RatingStage.THANKS) and not self._busy:
            self._context.read_scanned_ticket_code(
                text, self._ask_rating_for_scanned_code, self._on_ticket_lookup_failed
            )

    def _ask_rating_for_scanned_code(self, code: TicketCodeContent | None) -> None:
        if code is None or self.stage not in (RatingStage.ENTER, RatingStage.THANKS) or self._busy:
            return
        self._return_to_idle_page()
        self.number = code.label
        if code.hall != self.setup.hall.code:
            self._show_trouble_for_a_while(RuleError("unknown_ticket", ticket=code.label, date=code.date))
            return
        self._find_ticket_and_ask_rating(code.date, code.label, code.token)

    def ask_rating_without_number(self) -> None:
        """Ask for an opinion on a visit whose ticket is lost."""
        free = self.stage is RatingStage.ENTER and not self._busy and not self.is_tapping_rapidly
        if free and self.may_rate_without_number() and self._is_page_shown_long_enough():
            self._asked_at = self.now()
            self._start_asking(None, self.now() + ASK_FOR)

    def check_timeouts(self, now: datetime) -> None:
        super().check_timeouts(now)
        if self.stage is RatingStage.ENTER and self._until is None and self.number:
            self._until = now + TYPED_FOR

    # -- looking the ticket up --
    def _current_business_date(self) -> date:
        """Return the business date, also before the day's first event."""
        today = business_date(self.setup, self.now())
        return max(today, self.hall_state.now.date or today)

    def _find_ticket_and_ask_rating(self, day: date, label: str, token: str | None = None) -> None:
        """Find the ticket; one whose code is not ours (`token`, where a code was read) is no ticket of this hall."""
        ticket = self.hall_state.tickets.get((day, label))
        if ticket is not None:
            self._ask_rating_or_refuse(ticket, token)
            return
        self._busy = True
        desk = self._context.desk
        work = partial(looking.find_ticket, desk, day, label)
        self._context.tasks.run(work, partial(self._on_ticket_looked_up, token), self._on_ticket_lookup_failed)

    def _on_ticket_looked_up(self, token: str | None, ticket: Ticket) -> None:
        self._busy = False
        if self.stage is RatingStage.ENTER:
            self._ask_rating_or_refuse(ticket, token)

    def _on_ticket_lookup_failed(self, trouble: QueueDeskError) -> None:
        self._busy = False
        if self.stage is RatingStage.ENTER:
            self._show_trouble_for_a_while(trouble)

    def _ask_rating_or_refuse(self, ticket: Ticket, token: str | None) -> None:
        """Ask about the ticket, or say why it can't be rated now, by the desk's own rules."""
        days = (self._current_business_date() - ticket.date).days
        if token is not None and token != ticket.token:
            self._show_trouble_for_a_while(RuleError("unknown_ticket", ticket=ticket.label, date=ticket.date))
        elif ticket.rating is not None:
            self._show_trouble_for_a_while(RuleError("already_rated", ticket=ticket.label))
        elif days > self.setup.setting_as_int("rating_days"):
            self._show_trouble_for_a_while(RuleError("rating_over", ticket=ticket.label, date=ticket.date))
        elif ticket.state is TicketState.FINISHED:
            self._start_asking(ticket.id, self.now() + ASK_FOR)
        elif ticket.is_open:
            self._show_trouble_for_a_while(RuleError("visit_not_ended", ticket=ticket.label))
        else:
            self._show_trouble_for_a_while(
                RuleError("wrong_state", ticket=ticket.label, state=str(ticket.state), window=None, verb="rate")
            )

    def _show_trouble_for_a_while(self, trouble: QueueDeskError) -> None:
        self.trouble = trouble
        self._until = self.now() + REFUSED_FOR
        self.changed.emit()

    def _set_number_and_emit(self, number: str) -> None:
        self.number, self.trouble = number, None
        self._until = self.now() + TYPED_FOR if number else None
        self.changed.emit()

    # -- the pages --
    def _return_to_idle_page(self) -> None:
        self.id, self.number, self.trouble, self._opinion, self._asked_at = None, "", None, 0, None
        super()._return_to_idle_page()

    def _question_identity(self) -> object:
        return self.id or self._asked_at

    def _on_rating_refused_by_rule(self, trouble: QueueDeskError) -> None:
        number = self.number
        self._return_to_idle_page()
        self.number = number
        self._show_trouble_for_a_while(trouble)

    def _work_storing_rating(self, level: int) -> Callable[[], Document]:
        if self.id is not None:
            return super()._work_storing_rating(level)
        desk, ask = self._context.desk, self._context.new_ask(CUSTOMER)
        return lambda: rating.record_opinion_without_ticket(desk, ask, level)

    def _id_of_stored_answer(self) -> TicketId | int:
        return self.id if self.id is not None else self._opinion

    def _note_rated_and_go_on(self, level: int, document: Document) -> None:
        if self.id is None:
            self._opinion, self._last_opinion = int(document["opinion"]), self.now()
        super()._note_rated_and_go_on(level, document)

    @Slot(list)
    def _follow_events(self, events: list[Event]) -> None:
        for event in events:
            asked = self.id is not None and (event.date, event.ticket) == self.id
            if event.kind == "rate" and asked and self.stage is RatingStage.ASKING and not self._busy:
                self._on_rating_refused_by_rule(RuleError("already_rated", ticket=event.ticket))
        if any(event.kind in ("set-up", "day-end") for event in events):
            self.changed.emit()
