"""Runs one change of a hall: rights, transaction, the day-end that is due, stored answers, random tokens.

The hall is kept in memory between changes and updated from the log, so that quoting a wait needs no full read. The
documents that commands return are built here; their shape is fixed, as scripts depend on it."""

from __future__ import annotations

import datetime as clock
import hashlib
import hmac
import json
import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from functools import partial, wraps
from typing import Any, Concatenate, ParamSpec

from msgspec import Struct, field

from queuedesk.core.errors import OutsideError, RuleError
from queuedesk.core.log import apply, apply_quality, pc_clock
from queuedesk.core.log.event import NOT_HERE, Event, SetAsideEvent
from queuedesk.core.log.state import CERTAIN_WITHIN, SKEW_TOLD, TICKETS, HallCounters, HallState, UnconfirmedClockJump
from queuedesk.core.network.roles import CONSOLE, UNTOLD, Actor
from queuedesk.core.queue import dispatch
from queuedesk.core.queue.hallday import business_date, utc_moment_of_hall_minute
from queuedesk.core.queue.overview import Alert, line_position_and_wait
from queuedesk.core.queue.ticket import Leg, LineTicket, Ticket, TicketId, TicketState, Window, microseconds_between
from queuedesk.core.setup.rows import Setup
from queuedesk.core.setup.time_of_day import parse_typed_time_to_minutes
from queuedesk.core.talk.device import RequiredCheck
from queuedesk.core.waits.estimates import Estimates
from queuedesk.desk.upkeep import dayend
from queuedesk.desk.upkeep.dayend import doubt_about_time
from queuedesk.store.engine import database, server_link, types
from queuedesk.store.log import events, journal
from queuedesk.store.log.book import HallWriter, state_for_quotes
from queuedesk.store.parts import halls, sharing, tickets

_PAST_TICKET_KINDS = frozenset({"rate", "reasons", "correct"})
"""Kinds that may concern a ticket of an earlier date and change nobody's wait."""
# Kinds that change nothing on screens if their ticket or opinion is not loaded, or their number was given before.
_SHOWS_NOTHING = _PAST_TICKET_KINDS | {"opinion", *apply.FIRST_KINDS}
GOES_BACK = "set-right"
"""The kind of event after which the hall's date may be an earlier one."""


class EventSubjectNotLoadedError(LookupError):
    """An event concerns something that a state of one business date does not have, such as a new window. No fault."""


def apply_next_event_to_state(event: Event, state: HallState) -> None:
    """Apply the next event of the log to a state of one business date, as screens do. Raises EventSubjectNotLoadedError
    if the event concerns something that is not loaded, or the result would differ from a snapshot. After this or any
    other error of UNFOLDABLE the caller must take a fresh snapshot."""
    if isinstance(event, SetAsideEvent) and event.why.code != NOT_HERE:
        state.aside[event.seq] = event.why
    if event.kind == GOES_BACK:
        raise EventSubjectNotLoadedError(event.seq)  # The tickets of the true date are not in memory any more.
    is_loaded = event.ticket is None or (event.kind in apply.FIRST_KINDS) != (_ticket_id(event) in state.tickets)
    if event.kind == "opinion" and "of" in event.data:
        is_loaded = event.data["of"] in state.opinions
    if is_loaded:
        apply.apply_event(event, state)
    elif event.kind not in _SHOWS_NOTHING:
        raise EventSubjectNotLoadedError(event.seq, event.ticket)
    else:
        if event.kind == "rate":
            apply_quality.open_case_of_low_rating(event, state)
        state.put_hall_counters(state.now.after_event(event))
    if state.setup_now is not None and len(state.windows) != len(state.setup_now.windows):
        raise EventSubjectNotLoadedError(event.seq)  # A window was added to the set-up, or removed.


def hall_state_in_transaction(
    kept: dict[int, HallState], book: HallWriter, day: date, own: Sequence[Event] = ()
) -> HallState:
    """Return the hall as a write transaction sees it, with the events recorded in `book`; `kept` caches it by hall.
    `own` are the last events that `book` recorded, which need not be read back. It has the open tickets and today's
    calls and windows, not everything of the date. Before the tables are read, for the hall or the estimates, `book`
    writes the changes of its own events."""
    tx, hall = book.tx, book.id
    state = kept.pop(hall, None)
    if state is None or not _try_to_catch_up_with_log(state, book, own):
        book.close()
        state = state_for_quotes(tx, hall, day)
    if state.learned.upto != day and state.setup_now is not None:
        state.drop_closed_records_before(day)
        book.close()
        row = halls.load_hall_row(tx, hall)
        state.learned = sharing.stored_or_computed_estimates(tx, hall, state.setup_now, row.setup_hash, day, keep=True)
    kept[hall] = state
    return state


def apply_events_to_cached_hall_state(kept: dict[int, HallState], hall: int, own: Sequence[Event]) -> None:
    """Apply the events of a change to the hall in `kept` before they are committed, so that they need not be read back.
    If the hall had missed other events, or the commit fails, it differs from the log; the next change notices this."""
    state = kept.get(hall)
    if state is not None and (new := _gapless_events_after_state(state, own)) and not _apply_events(state, new):
        del kept[hall]


def _try_to_catch_up_with_log(state: HallState, book: HallWriter, own: Sequence[Event]) -> bool:
    """Apply the log's events after `state`; False if it is another log, or an event concerns something not loaded."""
    end = book.hall_counters()
    if (end.seq, end.hash) == (state.now.seq, state.now.hash):
        return True
    new = _gapless_events_after_state(state, own)
    if not new or (new[-1].seq, new[-1].hash) != (end.seq, end.hash):
        new = _gapless_events_after_state(state, events.events_after(book.tx, book.id, state.now.seq))
    return bool(new) and _apply_events(state, new)


def _gapless_events_after_state(state: HallState, new: Sequence[Event]) -> Sequence[Event]:
    """Return the events of `new` that continue `state` without a gap, none if there is a gap."""
    later = [event for event in new if event.seq > state.now.seq]
    seq, hash = state.now.seq, state.now.hash
    for event in later:
        if (event.seq, event.prev) != (seq + 1, hash):
            return ()
        seq, hash = event.seq, event.hash
    return later


def _apply_events(state: HallState, new: Sequence[Event]) -> bool:
    try:
        for event in new:
            if event.kind == GOES_BACK:
                return False
            if event.kind in _PAST_TICKET_KINDS and _ticket_id(event) not in state.tickets:
                state.put_hall_counters(state.now.after_event(event))
            else:
                apply.apply_event(event, state)
            if event.kind == "correct" or event.is_paper:
                state.learned = Estimates()  # The estimates from past dates have changed.
    except apply.UNFOLDABLE:
        return False
    return True


def _ticket_id(event: Event) -> tuple[date, str]:
    return (event.date or event.time.date(), event.ticket or "")


TokenSource = Callable[[date, str], str]
"""Returns the token of a ticket by its business date and number."""

SaltSource = Callable[[], str | None]
"""Returns the salt of an event with a rating, so that its hash does not reveal the level; None for no salt."""

# Letters and digits that are not confused when read or heard.
LETTERS = "23456789ABCDEFGHJKMNPRTUVWXY"
LENGTH = 6
_LETTER_PAIRS = [first + second for second in LETTERS for first in LETTERS]


def random_salt_hex() -> str:
    """Return 128 random bits in hex."""
    return secrets.token_hex(16)


def no_salt() -> None:
    """Return None: the ratings of a simulated or replayed hall are no secret."""


def random_ticket_token(day: date, label: str) -> str:
    """Return six random letters, which can't be derived from the ticket."""
    return _token_letters_from_number(secrets.randbelow(len(LETTERS) ** LENGTH))


def reproducible_token_source(source: bytes) -> TokenSource:
    """Return a source of reproducible tokens for a replayed or simulated hall: a keyed hash of date and number."""

    def reproducible_token_of_ticket(day: date, label: str) -> str:
        digest = hmac.digest(source, f"{day.isoformat()} {label}".encode(), hashlib.sha256)
        return _token_letters_from_number(int.from_bytes(digest, "big"))

    return reproducible_token_of_ticket


def _token_letters_from_number(number: int) -> str:
    letters = ""
    for _ in range(LENGTH // 2):
        number, place = divmod(number, len(_LETTER_PAIRS))
        letters += _LETTER_PAIRS[place]
    return letters


Document = dict[str, Any]
P = ParamSpec("P")
LONGEST_TEXT = 1000
RECORDED = "recorded"
"""The reason of a recorded act (an overtake, a parked customer, …) that was recorded without one."""

_RATING_VERBS = frozenset({"rate", "reasons", "opinion", "comment", "correct"})
# Verbs whose words and answers are about customers or staff. For a repeated command id only a digest of the words and
# these fields of the answer are stored.
SHORT_ANSWERS: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "case": (("number",),),
    "case-owner": (("number",),),
    "inspect": (("rectification",), ("inspection",)),
    "fix-proof": (("rectification",),),
    "sheet-dispute": (("dispute",),),
    "sheet-decide": (("dispute",),),
    "forum": (("forum",),),
    "project": (("cause", "project"), ("measure", "project"), ("project",)),
    "thanks": (("thanks", "staff"),),
    "thanks-seen": (("thanks", "staff"),),
    "briefing": (("briefing",),),
    "opening": (("at",),),
    "notes": (("note",),),
    "training": (("training",),),
    "training-name": (("named",),),
    "training-seen": (("named",),),
    **{name: (verb.keeps,) for name, verb in apply.VERBS.items()},
}
_RATING_FIELDS = frozenset({"level", "tag", "comment", "attitude", "competence", "klass", "about", "day"})


class Desk(Struct, frozen=True):
    """One hall in one database, the first argument of desk functions. `tokens` gives new tickets their letters, `salts`
    gives ratings their salt; both are random in a real hall."""

    db: database.Database
    hall: int
    tokens: TokenSource = random_ticket_token
    salts: SaltSource = random_salt_hex


class Ask(Struct, frozen=True):
    """A request for a change: the actor, the time, and the caller's command id. Without a `reading`, `now` is stated
    and trusted. With one it is this PC's clock; in a shared hall the server's clock is used instead. `command` is the
    caller's own id, `words` the request: a repeat with the same words gets the first answer. `recorded`: it happened at
    `now` on a day recorded elsewhere, and the hall's rules do not apply; only what is impossible for a ticket or window
    is refused. `silent` are the windows, in their last state, that the record does not mention again on this date: they
    were closed, but as nobody knew it then, quoted waits still count them."""

    who: Actor
    now: datetime
    command: str | None = None
    words: str = ""
    recorded: bool = False
    silent: Mapping[str, Window] = field(default_factory=dict)
    reading: pc_clock.ClockReliability | None = None
    confirms: datetime | None = None
    """The time that a person confirmed after an UnconfirmedClockJump."""
    is_for_server: bool = False
    """Store the id only on a server, where an answer can be lost. A hall may move there while a request waits."""

    @classmethod
    def ask_from_clock(
        cls,
        clock: Callable[[], datetime],
        who: Actor,
        command: str | None = None,
        words: str = "",
        *,
        is_for_server: bool = False,
    ) -> Ask:
        now = clock()
        return cls(who, now, command, words, reading=pc_clock.reliability_of_clock(clock), is_for_server=is_for_server)


class HallChange(Struct):
    """A change inside the hall's write transaction. `now` is never before the log's last event; `said` is the
    time that the clock gave."""

    book: HallWriter
    setup: Setup
    who: Actor
    now: datetime
    date: clock.date
    said: datetime
    command: str | None = None
    skew_s: int = 0
    recorded: bool = False
    silent: Mapping[str, Window] = field(default_factory=dict)
    tokens: TokenSource = random_ticket_token
    salts: SaltSource = random_salt_hex
    appended: list[Event] = field(default_factory=list)
    followed: dict[int, HallState] = field(default_factory=dict)
    doubt: UnconfirmedClockJump | None = None
    """The doubt about this time that a person has resolved by confirming it."""

    @property
    def tx(self) -> types.Transaction:
        return self.book.tx

    def record(
        self,
        kind: str,
        /,
        *,
        ticket: Ticket | TicketId | None = None,
        service: str | None = None,
        window: str | None = None,
        staff: str | None = None,
        **data: object,
    ) -> Event:
        """Append an event and apply it. None values are left out of its data; `service` is by default the ticket's.
        Raises RuleError "bad_value" for a text that is too long."""
        id = ticket.id if isinstance(ticket, Ticket) else ticket
        if isinstance(ticket, Ticket) and service is None:
            service = ticket.service
        values = {key: value for key, value in data.items() if value is not None}
        for key, value in values.items():
            if isinstance(value, (str, list)):
                for text in (value,) if isinstance(value, str) else value:
                    if isinstance(text, str) and len(text) > LONGEST_TEXT:
                        raise RuleError("bad_value", field=key, value=text[:20], why="too_long")
        values["date"] = (id[0] if id else self.date).isoformat()
        if self.skew_s:
            values["skew_s"] = self.skew_s
        event = self.book.record_event(
            Event(
                seq=self.book.hall_counters().seq + 1,
                at=self.now,
                time=self.now,
                kind=kind,
                actor=self.who.name,
                ticket=id[1] if id else None,
                service=service,
                window=window,
                staff=staff,
                command=None if self.appended else self.command,
                data=values,
            )
        )
        self.appended.append(event)
        return event

    def required_reason(self, given: str | None, over: Sequence[LineTicket] = ()) -> str:
        """Return the given reason, RECORDED for a recorded change without one. Raises RuleError "reason_needed"; `over`
        are the tickets that would be overtaken."""
        if given and given.strip():
            return given
        if self.recorded:
            return RECORDED
        raise RuleError("reason_needed", tickets=[t.label for t in over])

    def required_text(self, field: str, given: str) -> str:
        """Return a required text without surrounding blanks. Raises RuleError "bad_value" if it is empty."""
        if not given.strip():
            raise RuleError("bad_value", field=field, value=None, why="empty")
        return given.strip()

    def parse_earlier_time(self, typed: str) -> datetime:
        """Parse a typed time as a moment of this date, now for "". Raises RuleError "bad_value", also if later."""
        if not typed.strip():
            return self.now
        try:
            moment = utc_moment_of_hall_minute(self.setup, self.date, parse_typed_time_to_minutes(typed))
        except ValueError as error:
            raise RuleError("bad_value", field="time", value=typed, why="not_a_time") from error
        if moment > self.now:
            raise RuleError("bad_value", field="time", value=typed, why="not_today")
        return moment

    def ticket_by_label(self, label: str, day: clock.date | None = None) -> Ticket:
        """Return a ticket; `day` is by default today. Raises RuleError "unknown_ticket"."""
        ticket = self.book.find_ticket((day or self.date, label))
        if ticket is None:
            raise RuleError("unknown_ticket", ticket=label, date=day or self.date)
        return ticket

    def own_window_by_code(self, code: str) -> Window:
        """Return a window in its current state. Raises RuleError "unknown_window", "not_your_window"."""
        self.setup.window_by_code(code)
        window = self.book.window(code)
        self.who.require_own_window(code, window.staff)
        return window

    def window_and_ticket(self, code: str) -> tuple[Window, Ticket]:
        """Return a window and its customer's ticket. Raises RuleError "window_closed", "no_customer", as
        own_window_by_code()."""
        window = self.own_window_by_code(code)
        return window, self.book.get_record(TICKETS, window.require_ticket_at_window())

    def credit_s_after_moving_to(self, ticket: Ticket, service: str) -> int | None:
        """Return the ticket's credit in seconds after it moves to `service`, None if it does not change."""
        before, after = (self.setup.credit_s("normal", code) for code in (ticket.service, service))
        return max(0, ticket.credit_s + after - before) if before != after else None

    def waiting_tickets_callable_at(self, window: Window) -> list[LineTicket]:
        services = self.setup.services_served_by_window(window)
        waiting = tickets.waiting_tickets(self.tx, self.book.id, services)
        return dispatch.eligible_tickets(waiting, services, window.code, window.staff, self.now)

    def count_passed_for_lack_of_skill(self, window: Window, called: LineTicket) -> int:
        """Count the waiting tickets with an earlier place than `called` whose services `window` does not offer; they do
        not count as overtaken."""
        services = self.setup.services_at_window(window.code, window.staff)
        return tickets.count_earlier_in_other_lines(self.tx, self.book.id, services, called, self.now)

    def todays_normal_calls_since_priority(self) -> int | None:
        return self.book.hall_counters().normal_calls_since_priority_call(self.date)

    def call_order_rule(self) -> dispatch.CallOrderRule:
        return dispatch.call_order_rule_of_setup(self.setup)

    def windows_of_line(self, service: str) -> dispatch.WindowsForService:
        return dispatch.windows_for_service(self.setup, {**self.book.windows(), **self.silent}.values(), service)

    def current_hall_state(self) -> HallState:
        """Return the hall at this point of the change, as far as waits depend on it. The caller must not change it."""
        return hall_state_in_transaction(self.followed, self.book, self.date, self.appended)

    def line_position_of_ticket(self, ticket: Ticket) -> dispatch.LinePosition:
        """Return the position of a waiting ticket at this point of the change."""
        return line_position_and_wait(self.current_hall_state(), ticket, self.now)


def runs_in_transaction(
    verb: str,
) -> Callable[[Callable[Concatenate[HallChange, P], Document]], Callable[Concatenate[Desk, Ask, P], Document]]:
    """Turn a function of a HallChange into one of a Desk and an Ask: rights checked, in one transaction, answer stored.
    The result raises RuleError "not_your_role" and what the function raises; a refusal changes nothing, but lack of
    rights is recorded in the access journal. OutsideError of an Ask with an id has the details `command`, `verb` and
    `asked` if the same Ask may be repeated."""

    def wrap(body: Callable[Concatenate[HallChange, P], Document]) -> Callable[Concatenate[Desk, Ask, P], Document]:
        @wraps(body)
        def run(desk: Desk, ask: Ask, /, *args: P.args, **kwargs: P.kwargs) -> Document:
            try:
                ask.who.require_may(verb)
                with desk.db.write(desk.hall) as tx:
                    is_short = tx.dialect.name != "sqlite" or verb in SHORT_ANSWERS
                    command = command_id_for_stored_answer(tx, ask)
                    if command is not None and (kept := events.answer_of_command(tx, desk.hall, command)) is not None:
                        if kept[0] != (request_words_to_store(verb, ask.words) if is_short else ask.words):
                            raise RuleError("id_used", command=command)
                        return kept[1]
                    change = begin_change_in_transaction(tx, desk, ask)
                    document = body(change, *args, **kwargs)
                    if command is not None:
                        words, kept_document = ask.words, document
                        if is_short:
                            words, kept_document = request_words_to_store(verb, words), answer_to_store(verb, document)
                        last = change.book.hall_counters().seq
                        keep = partial(events.store_command_answer, tx, desk.hall, command)
                        change.book.defer_write(partial(keep, words=words, seq=last, document=kept_document))
                    apply_events_to_cached_hall_state(change.followed, desk.hall, change.appended)
                    change.book.close_with_commit()
            except RuleError as error:
                if error.code in journal.KEPT:
                    with desk.db.write(desk.hall) as tx:
                        journal.write_refusal(
                            tx, desk.hall, at=request_time(tx, ask), actor=ask.who.name, verb=verb, code=error.code
                        )
                raise
            except OutsideError as trouble:
                if ask.command is not None and (
                    # Without a stored id only a change that never began may be repeated.
                    trouble.code == "database_busy" or desk.db.are_changes_made_on_server or not ask.is_for_server
                ):
                    trouble.details.update(command=ask.command, verb=verb, asked=ask.now)
                raise
            return document

        return run

    return wrap


def command_id_for_stored_answer(tx: types.Transaction, ask: Ask) -> str | None:
    """Return the id under which the answer to `ask` is stored, None if it is not stored."""
    return None if ask.is_for_server and tx.dialect.name == "sqlite" else ask.command


def request_words_to_store(verb: str, words: str) -> str:
    """Return a request's words as a server stores them: no ratings or personal data, as every login can read them."""
    if verb in SHORT_ANSWERS:
        return hashlib.sha256(words.encode()).hexdigest() if words else words
    if verb not in _RATING_VERBS or not words:
        return words
    try:
        asked = json.loads(words)
    except ValueError:
        return verb
    if not isinstance(asked, dict):
        return verb
    public = {name: value for name, value in asked.items() if name not in _RATING_FIELDS}
    if "pairs" in public:
        public["pairs"] = [pair for pair in public["pairs"] if pair[0] != "rating"]
    return json.dumps(public, sort_keys=True, ensure_ascii=False)


def answer_to_store(verb: str, document: Document) -> Document:
    """Return an answer as a server stores it: without ratings or personal data, as every login can read it."""
    if verb in SHORT_ANSWERS:
        return next({name: document[name] for name in names} for names in SHORT_ANSWERS[verb] if names[0] in document)
    restricted = {"opinion": ("rating", "level"), "comment": ("comment",)}.get(verb, ("rating",))
    return {name: value for name, value in document.items() if name not in restricted}


def begin_change_in_transaction(tx: types.Transaction, desk: Desk, ask: Ask) -> HallChange:
    """Begin a change in an open write transaction, after running the day-ends that are due. Raises RuleError
    "clock_ahead" if the time must be confirmed first."""
    book = HallWriter(tx, desk.hall)
    setup = book.setup()
    if setup is None:
        raise RuleError("unknown_hall", hall=desk.hall)
    clock_said = now = request_time(tx, ask)
    last = book.hall_counters().at
    if last is not None and now < last:
        now = last
    time_doubt = _clock_doubt_or_none(tx, desk, book.hall_counters(), lambda: setup, ask=ask, now=clock_said)
    if time_doubt is not None and (ask.confirms is None or abs(clock_said - ask.confirms) > CERTAIN_WITHIN):
        raise time_doubt.clock_ahead_error()
    day = business_date(setup, now)
    today = max(
        day, book.hall_counters().date or day
    )  # The date never goes back, as by a new day-end hour or time zone.
    dayend.end_earlier_days_and_delete_due(book, setup, today, now)
    return HallChange(
        book=book,
        setup=setup,
        who=ask.who,
        now=now,
        date=today,
        said=clock_said,
        command=command_id_for_stored_answer(tx, ask),
        skew_s=_seconds_clock_is_behind_log(ask.now, clock_said, now),
        recorded=ask.recorded,
        silent=ask.silent,
        tokens=desk.tokens,
        salts=desk.salts,
        followed=desk.db.followed,
        doubt=time_doubt,
    )


def request_time(tx: types.Transaction, ask: Ask) -> datetime:
    """Return the time of a request in UTC: as stated, from this PC's clock, or in a shared hall from the server's."""
    if ask.reading is not None and tx.dialect.name != "sqlite":
        return server_link.hall_lock_time(tx) or sharing.server_time(tx)
    return ask.now.astimezone(UTC)


def time_doubt_of_request(tx: types.Transaction, desk: Desk, ask: Ask) -> UnconfirmedClockJump | None:
    """Return the doubt about a request's time, None if it is certain or stated."""
    if ask.reading is None:
        return None
    row = halls.load_hall_row(tx, desk.hall)
    return _clock_doubt_or_none(
        tx, desk, row.now, partial(halls.setup_of_hall_row, tx, row), ask=ask, now=request_time(tx, ask)
    )


def _clock_doubt_or_none(
    tx: types.Transaction, desk: Desk, counters: HallCounters, setup: Callable[[], Setup], *, ask: Ask, now: datetime
) -> UnconfirmedClockJump | None:
    last = counters.at
    if ask.reading is None or last is None or now - last <= CERTAIN_WITHIN:
        return None
    since, is_shared = ask.reading.since, desk.db.is_shared
    if is_shared and abs(now - ask.now) > CERTAIN_WITHIN:
        since = now  # The server's clock differs from this PC's, and this process has not watched it.
    elif desk.db.is_elsewhere:
        return None  # Two clocks agree.
    return doubt_about_time(tx, desk.hall, setup(), counters, now=now, since=since, was_set=ask.reading.was_set)


def _seconds_clock_is_behind_log(own: datetime, by: datetime, now: datetime) -> int:
    """Return the seconds by which this PC's clock (`own`) is behind the log (negative: ahead). `by` is the clock in
    use, `now` the time logged, which is later if `by` is before the log's end. A difference of `own` and `by` below
    SKEW_TOLD does not count."""
    is_noted = abs(by - own) >= SKEW_TOLD
    return int((now - (own if is_noted else by)).total_seconds())


def console_ask(now: datetime) -> Ask:
    return Ask(CONSOLE, now)


def ticket_document(setup: Setup, ticket: Ticket, standing: dispatch.LinePosition | None) -> Document:
    """Return a ticket in its current state; `standing` is None unless it is waiting."""
    leg = ticket.current_leg
    document: Document = {
        "ticket": ticket.label,
        "service": ticket.service,
        "item": ticket.service_and_item_customer_came_for[1] if ticket.service_and_item_customer_came_for else None,
        "state": str(ticket.state),
        "class": ticket.klass,
        "arrived": iso_local(setup, ticket.arrived),
        "ahead": standing.ahead if standing else None,
        **wait_document(standing.wait if standing else dispatch.NoQuoteReason("not_waiting")),
        "window": leg.window,
        "calls": leg.calls,
        "overtaken": ticket.overtaken,
        "visit": ticket.visit_id,
    }
    for name in ("called", "started", "finished"):
        moment: datetime | None = getattr(leg, name)
        if moment is not None:
            document[name] = iso_local(setup, moment)
    if standing is not None and standing.coming:
        document["coming"] = standing.coming
    if leg.staff is not None:
        document["staff"] = leg.staff
    if ticket.rating is not None and ticket.rating != UNTOLD:
        document["rating"] = ticket.rating
    return document


def wait_document(wait: dispatch.QuotedWait | dispatch.NoQuoteReason) -> dict[str, Any]:
    """Return the field `wait`, with `wait_reason` if it is null or has no upper end."""
    if isinstance(wait, dispatch.NoQuoteReason):
        return {"wait": None, "wait_reason": wait.reason}
    document: Document = {"wait": {"low": wait.low, "high": wait.high, "point": wait.point_minutes, "unit": "minutes"}}
    return document if wait.high is not None else {**document, "wait_reason": dispatch.OVER_4_HOURS}


def ticket_history_document(setup: Setup, ticket: Ticket, standing: dispatch.LinePosition | None) -> Document:
    """Return a ticket with its legs, the minutes from its first call to the start (`way`), issuing guide and flags."""
    first = ticket.legs[0]
    way = None
    if first.called and first.started and not first.start_assumed:
        way = round(microseconds_between(first.called, first.started) / 60_000_000, 2)
    return {
        **ticket_document(setup, ticket, standing),
        "legs": [leg_document(setup, ticket, leg) for leg in ticket.legs],
        "way": way,
        "guide": ticket.guide,
        "flags": sorted(ticket.public_flags),
    }


def leg_document(setup: Setup, ticket: Ticket, leg: Leg) -> Document:
    """Return one leg; `place` is the ticket's place for the current leg, for others the time of joining the line."""
    place = ticket.place if leg is ticket.current_leg else leg.joined
    return {
        "service": leg.service,
        "place": iso_local(setup, place),
        "called": iso_local(setup, leg.called),
        "started": iso_local(setup, leg.started),
        "finished": iso_local(setup, leg.finished),
        "window": leg.window,
        "staff": leg.staff,
        "end": leg.end,
    }


def window_document(setup: Setup, window: Window) -> Document:
    """Return a window in its current state. `services` are those it serves with its clerk, `lent` those lent to it."""
    spec = setup.windows[window.code]
    services = setup.services_served_by_window(window)
    lent = sorted(window.extra - set(spec.services))
    return {
        "code": window.code,
        "state": str(window.state),
        "staff": window.staff,
        "services": [s for s in (*spec.services, *lent) if s in services],
        **({"lent": lent} if lent else {}),
        "ticket": window.ticket[1] if window.ticket else None,
        "back": iso_local(setup, window.back),
    }


def alert_document(setup: Setup, alert: Alert) -> Document:
    device = {"device": alert.device, "station": alert.station} if alert.device is not None else {}
    return {
        "kind": alert.kind,
        "level": alert.level,
        "service": alert.service,
        "window": alert.window,
        "ticket": alert.ticket,
        **device,
        "since": iso_local(setup, alert.since),
        "acknowledged": alert.acknowledged is not None,
        "acknowledged_by": alert.by,
    }


def ticket_document_after_change(change: HallChange, ticket: Ticket) -> Document:
    """Return the ticket's document at the end of a change."""
    current = change.book.get_record(TICKETS, ticket.id)
    standing = change.line_position_of_ticket(current) if current.state is TicketState.WAITING else None
    return ticket_document(change.setup, current, standing)


def waiting_services_without_window(change: HallChange, services: Iterable[str]) -> list[str]:
    """Return the services that have waiting tickets but no open window."""
    waiting = {t.service for t in tickets.waiting_tickets(change.tx, change.book.id, services)}
    return sorted(s for s in waiting if not change.windows_of_line(s).is_open)


def iso_local(setup: Setup, moment: datetime | None) -> str | None:
    """Return a time on the hall's clock as ISO 8601 with offset; a fraction of a second only if there is one."""
    return setup.to_hall_time(moment).isoformat() if moment is not None else None


def required_check_document(check: RequiredCheck) -> Document:
    return {"device": check.device, "station": check.station, "lack": check.lack, "cause": check.cause}
