"""Signs one person in at a guide's or manager's station, after the PIN where one is set."""

from __future__ import annotations

from contextlib import suppress

from msgspec.structs import replace
from PySide6.QtCore import QObject, Signal

from queuedesk.core.errors import QueueDeskError, RuleError
from queuedesk.core.network.roles import HALL, Actor
from queuedesk.core.setup.rows import StaffMember
from queuedesk.desk import looking
from queuedesk.desk.change import Ask
from queuedesk.desk.queue import sign_in_and_pins
from queuedesk.stations.window.context import OneCommand, StationContext


class SignInController(OneCommand):
    """`signed_in` carries the Actor; `pin_wanted` the code of a person who has to give a PIN."""

    signed_in = Signal(object)
    signed_out = Signal()
    pin_wanted = Signal(str)

    def __init__(
        self,
        context: StationContext,
        roles: tuple[str, ...],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(context, parent)
        self._roles = roles
        self._proven: Actor | None = None

    def people(self) -> list[StaffMember]:
        """Return who may work here: the station's own role first, each role in the set-up's order."""
        staff = self.context.feed.setup.staff.values()
        return [person for role in self._roles for person in staff if person.role == role]

    def remembered(self) -> Actor | None:
        """Return the person who was here before this window opened, by the log; None for nobody."""
        return self._known_at(self.context.own_name)

    def still_here(self) -> Actor | None:
        """Return the same, but only if they need not sign in again when this window opens: at a manager's station
        nobody with a PIN, who may have gone meanwhile."""
        who = self.remembered()
        if who is not None and self.context.name.startswith(sign_in_and_pins.MANAGERS):
            return None if sign_in_and_pins.has_pin(self.context.desk, who.name) else who
        return who

    def _known_at(self, name: str) -> Actor | None:
        state, setup = self.context.feed.state, self.context.feed.setup
        person = setup.staff.get(state.signed_in.get(name, ""))
        return Actor(person.code, person.role) if person and person.role in self._roles else None

    def choose(self, code: str) -> None:
        """Sign the person in, or ask for the PIN first."""
        desk, ask = self.context.desk, self.context.ask(HALL)

        def attempt() -> Actor | None:
            return None if sign_in_and_pins.has_pin(desk, code) else self._enter(ask, code, None)

        def answered(who: Actor | None) -> None:
            if who is None:
                self.pin_wanted.emit(code)
            else:
                self.signed_in.emit(who)

        self.start("sign-in", attempt, answered)

    def prove(self, code: str, pin: str) -> None:
        """Sign the person in if the PIN is right."""
        ask = self.context.ask(HALL)

        def answered(who: Actor) -> None:
            self.signed_in.emit(who)

        self.start("sign-in", lambda: self._enter(ask, code, pin), answered)

    def go_on(self, before: StationContext) -> None:
        """Sign in the person who was here when the hall knew this station by another name, and sign them out there:
        they are already proven.

        `before` is what this window's predecessor had. Nobody is signed in if its log is another one, such as that of a
        hall joined since, or no longer has that person at the station's former name: they have signed out, or the day
        has ended.
        """
        desk, now, who = self.context.desk, before.feed.state.now, self._known_at(before.own_name)
        if who is None or before.who is None or before.who.name != who.name:
            return
        ask, leave = self.context.ask(who), self.context.ask(who)
        name, former = self.context.own_name, before.own_name

        def attempt() -> Actor | None:
            if not looking.goes_on_from(desk, now):
                return None
            sign_in_and_pins.sign_in(desk, ask, name, who.name)
            with suppress(RuleError):  # They have gone there a moment ago.
                sign_in_and_pins.sign_out(desk, leave, former)
            return who

        def answered(who: Actor | None) -> None:
            if who is not None:
                self.signed_in.emit(who)

        self.start("sign-in", attempt, answered)

    def may_stay(self, who: Actor) -> bool:
        """Whether a log of this hall that took the place of the one before still has that person, with that role."""
        person = self.context.feed.setup.staff.get(who.name)
        return person is not None and person.role is who.role and person.role in self._roles

    def stay(self, who: Actor) -> None:
        """Sign the person in again who is here, and of whom the log that was put back knows nothing: they are already
        proven."""
        desk, ask, name = self.context.desk, self.context.ask(who), self.context.own_name
        self.start("sign-in", lambda: sign_in_and_pins.sign_in(desk, ask, name, who.name))

    def sign_out(self, who: Actor) -> None:
        """Note that nobody is here any more."""
        desk, ask, name = self.context.desk, self.context.ask(who), self.context.own_name

        def answered(_document: object) -> None:
            self.signed_out.emit()

        self.start("sign-out", lambda: sign_in_and_pins.sign_out(desk, ask, name), answered)

    def _enter(self, ask: Ask, code: str, pin: str | None) -> Actor:
        """Sign in by `ask`, which is of whoever `code` proves to be."""
        context = self.context
        who = self._proven = sign_in_and_pins.who_acts(context.desk, code, pin=pin, now=ask.now)
        sign_in_and_pins.sign_in(context.desk, replace(ask, who=who), context.own_name, code)
        return who

    def _refused(self, verb: str, trouble: QueueDeskError) -> None:
        super()._refused(verb, trouble)
        if trouble.code == "clock_ahead" and (who := self._proven) is not None:
            self.context.confirm_clock(trouble, who, lambda: self._sign_in_again(who))

    def _sign_in_again(self, who: Actor) -> None:
        """Sign in who has proven it, now that the day is certain."""
        desk, ask, name = self.context.desk, self.context.ask(who), self.context.own_name

        def answered(_document: object) -> None:
            self.signed_in.emit(who)

        self.start("sign-in", lambda: sign_in_and_pins.sign_in(desk, ask, name, who.name), answered)
