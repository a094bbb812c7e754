"""Random days in which each promise is worked out twice: from what the desk keeps, and from the hall looked at anew."""

import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import fields
from datetime import timedelta
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from queuedesk.core.errors import RuleError
from queuedesk.core.log.event import Event
from queuedesk.core.log.state import HallState
from queuedesk.core.queue.hallday import business_date
from queuedesk.core.queue.ticket import LineTicket, TicketState, turn_from_issuing_event
from queuedesk.core.waits.quote import live_hall, position_and_promise
from queuedesk.core.waits.schedule import expected_call_of_ticket, forecast_turns
from queuedesk.desk import setting_up
from queuedesk.desk.change import Ask, Desk, console_ask, hall_state_in_transaction
from queuedesk.desk.queue import issuing
from queuedesk.desk.upkeep import clocks
from queuedesk.store.engine.database import Database
from queuedesk.store.log.book import HallWriter
from tests.event_cases import cases, put_in
from tests.hall import deed
from tests.journeys.life_machine import SERVICES, SETUP, START, WINDOWS

AT_WINDOWS: dict[str, dict[str, Any]] = {
    **{verb: {} for verb in ("open", "resume", "close", "call", "recall", "start", "miss", "finish", "reopen")},
    "pause": {"reason": "rest", "minutes": 10},
    "serve": {"service": "A", "reason": "question"},
    "return": {"reason": "slip"},
    "park": {"reason": "copy"},
    "transfer": {"service": "B", "place": "visit"},
    "transfer to a window": {"service": "A", "place": "front", "to_window": "2"},
    "redirect": {"service": "C"},
}
"""What a deed is given beside the window, and one with a ticket beside the ticket."""
OF_TICKETS: dict[str, dict[str, Any]] = {
    **{verb: {} for verb in ("reinstate", "postpone", "defer", "leave")},
    "unpark": {"window": "1"},
    "call": {"window": "3", "reason": "child"},
    "void": {"reason": "twice"},
    "rate": {"level": 4},
    "correct": {"changes": {"staff": "C3", "note": "other"}, "reason": "slip", "second": "M1"},
}
windows = st.sampled_from(sorted(WINDOWS))
services = st.sampled_from(SERVICES)
elsewheres = st.sampled_from([False, False, True])
strange = st.sampled_from([case.event for case in cases()])


def anew(state: HallState) -> HallState:
    """Return the same hall, of which nobody has asked anything yet."""
    held = {one.name: getattr(state, one.name) for one in fields(state) if one.init}
    copied = {name: one.copy() if isinstance(one, dict | list) else one for name, one in held.items()}
    return HallState(**copied | {"seen": None, "visits": None, "experts": None})


class PromisesOfADay(RuleBasedStateMachine):
    """Two processes work at one hall; what the desk refuses is no matter here."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        path = Path(self.folder.name) / "hall.sqlite"
        self.desk: Desk = setting_up.create_hall(
            path, {**SETUP, "settings": {"language_first": "on"}}, console_ask(START)
        )
        self.other = Desk(Database.open(path), self.desk.hall)
        self.now, self.day = START, START.date()
        self.labels: list[str] = []

    def act(self, work: Callable[[Desk, Ask], object], *, elsewhere: bool = False) -> None:
        self.now += timedelta(seconds=1)
        with suppress(RuleError):
            work(self.other if elsewhere else self.desk, console_ask(self.now))

    @initialize()
    def begin(self) -> None:
        """Begin a day with open windows, people in line and some who were served."""
        for code in WINDOWS:
            self.at_window("open", code, elsewhere=False)
        for service in "AABCAB":
            self.issue(service, "normal", [], elsewhere=False)
        for code in "13":
            self.visit(code, 200, elsewhere=False)

    @rule(
        service=services,
        klass=st.sampled_from(["normal", "normal", "elderly"]),
        then=st.lists(services, max_size=1),
        elsewhere=elsewheres,
    )
    def issue(self, service: str, klass: str, then: list[str], *, elsewhere: bool) -> None:
        def work(desk: Desk, ask: Ask) -> None:
            self.labels.append(issuing.issue_ticket(desk, ask, service, klass=klass, then=then)["ticket"])

        self.act(work, elsewhere=elsewhere)

    @rule(code=windows, seconds=st.integers(20, 700), elsewhere=elsewheres)
    def visit(self, code: str, seconds: int, *, elsewhere: bool) -> None:
        self.at_window("call", code, elsewhere=elsewhere)
        self.now += timedelta(seconds=seconds)
        self.at_window("finish", code, elsewhere=not elsewhere)

    @rule(what=st.sampled_from(sorted(AT_WINDOWS)), code=windows, elsewhere=elsewheres)
    def at_window(self, what: str, code: str, *, elsewhere: bool) -> None:
        words = AT_WINDOWS[what] | ({"staff": f"C{code}"} if what == "open" else {})
        self.act(
            lambda desk, ask: deed(what.split(maxsplit=1)[0])(desk, ask, window=code, **words), elsewhere=elsewhere
        )

    @rule(what=st.sampled_from(["start", "finish", "miss", "transfer", "reopen", "return"]), code=windows)
    def after_a_call(self, what: str, code: str) -> None:
        if what != "reopen":
            self.at_window("call", code, elsewhere=False)
        self.at_window(what, code, elsewhere=False)

    @rule(what=st.sampled_from(sorted(OF_TICKETS)), n=st.integers(0, 60))
    def of_ticket(self, what: str, n: int) -> None:
        words = OF_TICKETS[what] | {"label" if what == "correct" else "ticket": self.labels[n % len(self.labels)]}
        self.act(lambda desk, ask: deed(what)(desk, ask, **words))

    @rule(seconds=st.integers(1, 900), what=st.sampled_from(["wait", "wait", "event", "day", "clock"]), event=strange)
    def go_on(self, seconds: int, what: str, event: Event) -> None:
        """Let time pass, and seldom what no hall sees each day."""
        if what == "event":
            put_in(self.other.db, self.desk.hall, [event], self.now)
        elif what == "clock":
            self.run_ahead_and_be_set_right()
        elif what == "day":
            self.now = self.now.replace(hour=1, minute=0) + timedelta(days=1)
            self.act(clocks.end_due)
            self.begin()
        self.now += timedelta(seconds=seconds)

    def run_ahead_and_be_set_right(self) -> None:
        true, self.now = self.now, self.now + timedelta(days=1)
        self.begin()
        self.now = true
        self.act(clocks.correct_log_time)
        self.begin()

    def kept(self, desk: Desk) -> HallState:
        """Return the hall as a process keeps it, up to the end of the log."""
        with desk.db.write(desk.hall) as tx:
            book = HallWriter(tx, desk.hall)
            setup, end = book.setup(), book.hall_counters()
            self.now = max(self.now, end.at or self.now)
            self.day = max(business_date(setup, self.now), end.date or START.date())
            return hall_state_in_transaction(desk.db.followed, book, self.day)

    @invariant()
    def the_promise_is_that_of_a_hall_looked_at_anew(self) -> None:
        for desk in (self.desk, self.other):
            kept = self.kept(desk)
            plain = anew(kept)
            assert kept.waiting_tickets() == [t for t in plain.tickets.values() if t.state is TicketState.WAITING]
            assert list(kept.open_tickets()) == [t for t in plain.tickets.values() if t.is_open]
            assert {t.id for t in kept.tickets_with_credit()} == {
                t.id for t in plain.tickets.values() if t.credit_s > 0
            }
            assert live_hall(kept, self.now) == live_hall(plain, self.now)
            for service in SERVICES:
                turn = turn_from_issuing_event(kept.now.seq + 1)
                new = LineTicket(date=self.day, label="X", service=service, place=self.now, turn=turn)
                assert position_and_promise(kept, new, self.now) == position_and_promise(plain, new, self.now)
                live = live_hall(plain, self.now, waiting=[*plain.waiting_tickets(), new])
                assert expected_call_of_ticket(live, new.id) == forecast_turns(live).turns.get(new.id)

    @invariant()
    def own_events_lead_to_the_hall_that_another_process_reads(self) -> None:
        own, other = self.kept(self.desk), self.kept(self.other)
        for part in ("now", "windows", "shifts", "overtakes", "appointments", "help_calls", "tracker"):
            assert getattr(own, part) == getattr(other, part), part
        assert {one.id for one in own.waiting_tickets()} == {one.id for one in other.waiting_tickets()}
        both = own.tickets.keys() & other.tickets.keys()
        assert {id: own.tickets[id] for id in both} == {id: other.tickets[id] for id in both}

    def teardown(self) -> None:
        self.desk.db.dispose()
        self.other.db.dispose()
        self.folder.cleanup()


# `scripts/test.py --explore` lives many more days, others each time.
DAYS = 60 if settings.get_current_profile_name() == "explore" else 4
TestPromisesOfADay = PromisesOfADay.TestCase
TestPromisesOfADay.settings = settings(
    max_examples=DAYS, stateful_step_count=50, deadline=None, suppress_health_check=list(HealthCheck), print_blob=True
)
