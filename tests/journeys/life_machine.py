"""Days lived twice: by the real desk on a real database, and by a model written from the rules alone."""

import tempfile
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from queuedesk.core.errors import RuleError
from queuedesk.core.log.state import WINDOWS as WINDOWS_NOW
from queuedesk.core.queue.ticket import Ticket, Window
from queuedesk.desk import figures, looking, setting_up
from queuedesk.desk.change import Ask, Desk, console_ask
from queuedesk.desk.queue import calling, issuing, opening, rating
from queuedesk.desk.upkeep import clocks
from queuedesk.store.log import book
from queuedesk.store.parts import part_tables, tickets
from tests import whole_halls
from tests.journeys import life_model
from tests.journeys.chain import first_broken

WINDOWS = {"1": {"A"}, "2": {"A", "B"}, "3": {"A", "B", "C"}}
SERVICES = ("A", "B", "C")
START = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)

SETUP = {
    "hall": {"code": "T", "name": "试厅", "timezone": "UTC", "opens": "0:00", "closes": "24:00"},
    "services": [
        {"code": s, "name": s, "prefix": s, "handling_target": 3 if s in life_model.SHORT else 5} for s in SERVICES
    ],
    "windows": [{"code": w, "services": sorted(services), "quick": w == "2"} for w, services in WINDOWS.items()],
    "staff": [
        {"code": f"C{w}", "name": f"C{w}", "role": "clerk", "languages": ["English"] if w == "3" else []}
        for w in WINDOWS
    ]
    + [{"code": "M1", "name": "M1", "role": "manager"}],
    "classes": [
        {"code": "elderly", "name": "老年人", "credit_minutes": 10},
        {"code": "disabled", "name": "残疾人", "credit_minutes": 15},
    ],
}
windows = st.sampled_from(sorted(WINDOWS))
services = st.sampled_from(SERVICES)
labels = st.integers(0, 40)


class LifeOfATicket(RuleBasedStateMachine):
    """Each rule asks both for the same; they must agree on yes or no, on who, and on what the ticket is now."""

    rows = life_model.ROWS
    early = False

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        settings_ = {"overnight": "early_place" if self.early else "close", "language_first": "on", "fast_minutes": 4}
        settings_["fast_passes"] = life_model.PASSES
        document, path = {**SETUP, "settings": settings_}, Path(self.folder.name) / "hall.sqlite"
        self.desk: Desk = setting_up.create_hall(path, document, console_ask(START))
        self.model = life_model.Hall(WINDOWS, self.rows, early=self.early)
        self.second = 0.0

    def ask(self) -> Ask:
        self.second += 1
        return console_ask(START + timedelta(seconds=self.second))

    def both(self, real: Callable[[Ask], dict[str, Any]], model: Callable[[float], Any]) -> None:
        ask = self.ask()
        before = self.seq()
        document, error = None, None
        try:
            document = real(ask)
        except RuleError as refusal:
            assert self.seq() == before, "a refusal left something in the log"
            error = refusal
        self.with_model(lambda _model: self.agree(model, document, error))

    def with_model(self, check: Callable[[life_model.Hall], None]) -> None:
        """Do something with `self.model`; a day that judges several has it done with each."""
        check(self.model)

    def agree(self, model: Callable[[float], Any], document: dict[str, Any] | None, error: Exception | None) -> None:
        """Ask the model for what the desk answered with a document or an error, and compare."""
        try:
            slip = model(self.second)
        except life_model.RefusedError:
            assert document is None, f"the desk did what the rules refuse: {document}"
            return
        if document is None:
            raise AssertionError(f"the desk refused what the rules allow: {error}") from error
        if slip is not None and "ticket" in document and "visit" in document:
            self.compare(slip, document)

    def seq(self) -> int:
        with self.desk.db.read() as tx:
            return book.halls.load_hall_row(tx, self.desk.hall).now.seq

    def compare(self, slip: life_model.Slip, document: dict[str, Any]) -> None:
        assert (document["ticket"], document["state"], document["service"]) == (slip.label, slip.state, slip.service)
        assert document["overtaken"] == slip.overtaken
        if slip.state == "waiting":
            assert document["ahead"] == self.model.ahead(slip, self.second)
        if slip.state in ("called", "serving"):
            assert document["window"] == slip.window

    def window_for(self, verb: str, code: str, n: int) -> str:
        """Return, three times of four, a window whose customer `verb` may move; else `code`, whatever happens there."""
        able = {start for v, start, _ in life_model.ROWS if v == verb}
        fitting = [w.code for w in self.model.windows.values() if w.slip is not None and w.slip.state in able]
        return fitting[n % len(fitting)] if fitting and n % 4 else code

    def free_window(self, code: str, n: int) -> str:
        fitting = [w.code for w in self.model.windows.values() if w.state == "open" and w.slip is None]
        return fitting[n % len(fitting)] if fitting and n % 4 else code

    def last_at(self, code: str, n: int) -> str:
        fitting = [w.code for w in self.model.windows.values() if w.state == "open" and w.slip is None and w.last]
        return fitting[n % len(fitting)] if fitting and n % 4 else code

    def slip_for(self, verb: str, n: int) -> life_model.Slip:
        able = {start for v, start, _ in life_model.ROWS if v == verb}
        slips = list(self.model.slips.values())
        fitting = [s for s in slips if s.state in able] or slips
        return fitting[n // 4 % len(fitting)] if n % 4 else slips[n % len(slips)]

    # -- what people ask for -------------------------------------------------------------------------------------------

    @rule(
        service=services,
        klass=st.sampled_from(["normal", "normal", "elderly", "disabled"]),
        then=st.lists(services, max_size=1),
        speaks=st.sampled_from(["", "English"]),
    )
    def issue(self, service: str, klass: str, then: list[str], speaks: str) -> None:
        self.both(
            lambda ask: issuing.issue_ticket(self.desk, ask, service, klass=klass, then=then, speaks=speaks),
            lambda now: self.model.issue(service, klass, then, speaks, now),
        )

    @initialize()
    def begin(self) -> None:
        """Most days begin with open windows and somebody in line."""
        for code in sorted(WINDOWS):
            self.open(code)
        for service, speaks in (("A", ""), ("A", ""), ("C", "English"), ("B", "")):
            self.issue(service, "normal", [], speaks)

    @rule(code=windows)
    def open(self, code: str) -> None:
        own = f"C{code}"
        self.both(lambda ask: opening.open_window(self.desk, ask, code, staff=own), lambda now: self.model.open(code))

    @rule(code=windows, what=st.sampled_from(["pause", "resume", "close", "resume"]))
    def close_and_choose_window(self, code: str, what: str) -> None:
        real: dict[str, Callable[[Ask], dict[str, Any]]] = {
            "pause": lambda ask: opening.pause_window(self.desk, ask, code, reason="rest", minutes=10),
            "resume": lambda ask: opening.resume_window(self.desk, ask, code),
            "close": lambda ask: opening.close_window(self.desk, ask, code),
        }
        self.both(real[what], lambda now: getattr(self.model, what)(code))

    @rule(code=windows, n=labels)
    def call(self, code: str, n: int) -> None:
        code = self.free_window(code, n)
        self.both(lambda ask: calling.call_ticket(self.desk, ask, code), lambda now: self.model.call(code, now))

    @rule(code=windows, n=labels, reason=st.booleans())
    def call_chosen(self, code: str, n: int, reason: bool) -> None:
        code = self.free_window(code, n)
        label = self.slip_for("call", n).label if self.model.slips else "A999"
        self.both(
            lambda ask: calling.call_ticket(self.desk, ask, code, ticket=label, reason="child" if reason else None),
            lambda now: self.model.call_chosen(code, label, reason, now),
        )

    @rule(code=windows, service=services, reason=st.booleans(), n=labels)
    def serve(self, code: str, service: str, reason: bool, n: int) -> None:
        code = self.free_window(code, n)
        why = "question" if reason else None
        self.both(
            lambda ask: calling.serve_without_ticket(self.desk, ask, code, service, reason=why),
            lambda now: self.model.serve(code, service, reason, now),
        )

    @rule(code=windows, n=labels)
    def recall(self, code: str, n: int) -> None:
        code = self.window_for("recall", code, n)
        self.both(lambda ask: calling.recall_customer(self.desk, ask, code), lambda now: self.model.recall(code, now))

    @rule(code=windows, n=labels)
    def start(self, code: str, n: int) -> None:
        code = self.window_for("start", code, n)
        self.both(lambda ask: calling.start_serving(self.desk, ask, code), lambda now: self.model.start(code))

    @rule(code=windows, n=labels)
    def miss(self, code: str, n: int) -> None:
        code = self.window_for("miss", code, n)
        self.both(lambda ask: calling.record_missed_call(self.desk, ask, code), lambda now: self.model.miss(code, now))

    @rule(code=windows, n=labels)
    def give_back(self, code: str, n: int) -> None:
        code = self.window_for("return", code, n)
        self.both(
            lambda ask: calling.undo_mistaken_call(self.desk, ask, code, reason="slip"),
            lambda now: self.model.give_back(code),
        )

    @rule(code=windows, n=labels)
    def finish(self, code: str, n: int) -> None:
        code = self.window_for("finish", code, n)
        self.both(lambda ask: calling.finish_service(self.desk, ask, code), lambda now: self.model.finish(code))

    @rule(code=windows, service=services, n=labels)
    def add(self, code: str, service: str, n: int) -> None:
        code = self.window_for("add", code, n)
        self.both(
            lambda ask: calling.add_service_to_visit(self.desk, ask, code, service),
            lambda now: self.model.add(code, service),
        )

    @rule(code=windows, on=st.booleans(), n=labels)
    def stall(self, code: str, on: bool, n: int) -> None:
        code = self.window_for("stall", code, n)

        def real(ask: Ask) -> dict[str, Any]:
            if on:
                return calling.record_wait_for_other_system(self.desk, ask, code, reason="bank")
            return calling.end_stall_by_other_system(self.desk, ask, code)

        self.both(real, lambda now: self.model.stall(code, on))

    @rule(code=windows, n=labels)
    def park(self, code: str, n: int) -> None:
        code = self.window_for("park", code, n)
        self.both(
            lambda ask: calling.park_ticket(self.desk, ask, code, reason="copy"), lambda now: self.model.park(code)
        )

    @rule(code=windows, n=labels)
    def unpark(self, code: str, n: int) -> None:
        code = self.free_window(code, n)
        self.take_back(code, self.slip_for("unpark", n).label if self.model.slips else "A999")

    def take_back(self, code: str, label: str) -> None:
        self.both(
            lambda ask: calling.serve_parked_ticket(self.desk, ask, code, label),
            lambda now: self.model.unpark(code, label),
        )

    @rule(
        code=windows,
        service=services,
        place=st.sampled_from(["visit", "front", "end"]),
        to=st.sampled_from([None, "1", "2", "3"]),
        reason=st.booleans(),
        n=labels,
    )
    def transfer(self, code: str, service: str, *, place: str, to: str | None, reason: bool, n: int) -> None:
        code = self.window_for("transfer", code, n)
        self.both(
            lambda ask: calling.transfer_customer(
                self.desk, ask, code, service, place=place, to_window=to, reason="asked" if reason else None
            ),
            lambda now: self.model.transfer(code, service, place=place, to=to, reason=reason, now=now),
        )

    @rule(code=windows, service=services, n=labels)
    def redirect_at_window(self, code: str, service: str, n: int) -> None:
        code = self.window_for("redirect", code, n)

        def model(now: float) -> life_model.Slip:
            _, slip = self.model.customer(code)
            return self.model.redirect(slip, service)

        self.both(lambda ask: calling.redirect_customer(self.desk, ask, service, window=code), model)

    @rule(code=windows, n=labels)
    def reopen(self, code: str, n: int) -> None:
        code = self.last_at(code, n)
        self.both(lambda ask: calling.reopen_last_ticket(self.desk, ask, code), lambda now: self.model.reopen(code))

    @precondition(lambda self: self.model.slips)
    @rule(n=labels, service=services)
    def redirect_ticket(self, n: int, service: str) -> None:
        self.redirect_slip(self.slip_for("redirect", n), service)

    def redirect_slip(self, slip: life_model.Slip, service: str) -> None:
        self.both(
            lambda ask: calling.redirect_customer(self.desk, ask, service, ticket=slip.label),
            lambda now: self.model.redirect(self.model.slips[slip.label], service),
        )

    @precondition(lambda self: self.model.slips)
    @rule(
        n=labels, what=st.sampled_from(["reinstate", "postpone", "defer", "leave", "leave", "void", "rate", "correct"])
    )
    def move(self, n: int, what: str) -> None:
        self.move_slip(self.slip_for(what, n), what)

    def move_slip(self, slip: life_model.Slip, what: str) -> None:
        real: dict[str, Callable[[Ask], dict[str, Any]]] = {
            "reinstate": lambda ask: calling.reinstate_missed_ticket(self.desk, ask, slip.label),
            "postpone": lambda ask: calling.postpone_ticket(self.desk, ask, slip.label),
            "defer": lambda ask: calling.defer_to_next_open_day(self.desk, ask, slip.label),
            "leave": lambda ask: calling.record_customer_left(self.desk, ask, slip.label),
            "void": lambda ask: calling.void_ticket(self.desk, ask, slip.label, reason="twice"),
            "rate": lambda ask: rating.rate_visit(self.desk, ask, slip.label, 4),
            "correct": lambda ask: self.correct(ask, slip.label),
        }

        def model(now: float) -> life_model.Slip:
            act, own = getattr(self.model, what), self.model.slips[slip.label]
            return act(own, now) if what in ("reinstate", "postpone") else act(own)

        self.both(real[what], model)

    def correct(self, ask: Ask, label: str) -> dict[str, Any]:
        """Put right when the last leg was finished, who did it and what was noted; the times keep their order."""
        changes: dict[str, Any] = {"note": f"seen at {ask.now}", "outcome": str(ask.now), "staff": "C3"}
        leg = looking.find_ticket(self.desk, ask.now.date(), label).current_leg
        if leg.started is not None and leg.finished is not None:
            changes["finished"] = leg.finished + (ask.now - leg.finished) / 2
        return figures.correct_leg_or_rating(self.desk, ask, label, changes=changes, reason="slip", second="M1")

    @rule(seconds=st.integers(1, 1200))
    def wait(self, seconds: int) -> None:
        self.second += seconds

    @rule(by_itself=st.booleans())
    @precondition(lambda self: len(self.model.slips) > 2)
    def day_end(self, by_itself: bool) -> None:
        if by_itself:
            self.second = (self.second // life_model.DAY_S + 1) * life_model.DAY_S
            self.with_model(life_model.Hall.next_open_day_staffing)
            clocks.end_due(self.desk, self.ask())
        else:
            self.with_model(life_model.Hall.day_end)
            clocks.end_today(self.desk, self.ask())

    # -- what always holds ---------------------------------------------------------------------------------------------

    @invariant()
    def same_states(self) -> None:
        with self.desk.db.read() as tx:
            there = WINDOWS_NOW.records_in_own_container(
                part_tables.objects_of_days(tx, self.desk.hall, WINDOWS_NOW).values()
            )
            all_tickets = tickets.tickets_since_date(tx, self.desk.hall, date.min)
        held = [w.ticket for w in there.values() if w.ticket]
        assert len(held) == len(set(held)), "one customer at two windows"
        self.with_model(lambda _model: self.agree_on(all_tickets, there))

    def agree_on(self, all_tickets: list[Ticket], there: dict[str, Window]) -> None:
        days = sorted({t.date for t in all_tickets})
        today = (START + timedelta(seconds=self.second)).date()
        real = {t.label: str(t.state) for t in all_tickets if t.date == today}
        assert real == {s.label: s.state for s in self.model.slips.values()}
        windows_now = dict.fromkeys(WINDOWS, "closed") | {code: str(window.state) for code, window in there.items()}
        assert windows_now == {code: window.state for code, window in self.model.windows.items()}
        assert len(days) <= self.model.day + 1

    def teardown(self) -> None:
        try:
            self.check_log()
        finally:
            self.close()

    def check_log(self) -> None:
        """The tables follow from the log, and the log's chain from its printed form alone."""
        with self.desk.db.read() as tx:
            tables, log = whole_halls.whole(tx, self.desk.hall), whole_halls.from_log(tx, self.desk.hall)
            printed = [event.printed_fields() for event in book.events.all_events(tx, self.desk.hall)]
        assert whole_halls.differences(tables, log) == []
        assert first_broken(printed) is None

    def close(self) -> None:
        self.desk.db.dispose()
        self.folder.cleanup()


class LifeWithEarlyPlaces(LifeOfATicket):
    """The same in a hall that lets people come back the next day."""

    early = True
