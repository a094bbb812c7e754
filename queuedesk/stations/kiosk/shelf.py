"""The kiosk's keys: services with their figures, in groups, and why one gives no ticket."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from queuedesk.core.errors import QueueDeskError, RuleError
from queuedesk.core.log.state import HallState
from queuedesk.core.queue import hallday
from queuedesk.core.queue.dispatch import NoWait, Wait
from queuedesk.core.queue.hallday import business_date
from queuedesk.core.queue.offers import offer_of
from queuedesk.core.queue.overview import ServiceLine, service_lines, set_up
from queuedesk.core.setup.rows import NOT_CHOSEN, PriorityClass, Service, Setup
from queuedesk.stations.models.search import SearchIndex, entries

NORMAL = "normal"
FIGURES_S = 10


class ServiceFacts(Struct, frozen=True, kw_only=True):
    """A service now: how many wait, how many will be called before another ticket, the wait it would be quoted, and why
    the service gives no ticket (None while it does)."""

    code: str
    waiting: int
    ahead: int
    wait: Wait | NoWait
    trouble: QueueDeskError | None


class GroupFacts(Struct, frozen=True, kw_only=True):
    """Services under one key; `name` is the group's own, untranslated, and identifies it."""

    name: str
    services: tuple[ServiceFacts, ...]

    @property
    def waiting(self) -> int:
        return sum(one.waiting for one in self.services)


Key = ServiceFacts | GroupFacts


class Figures:
    """The services of a hall, computed anew after an event and every few seconds, not at every touch."""

    def __init__(self) -> None:
        self._found: dict[str, ServiceFacts] = {}
        self._of: tuple[object, ...] = ()

    def of(self, state: HallState, now: datetime) -> dict[str, ServiceFacts]:
        """Return every service by its code."""
        fresh = (state.now.seq, now.timestamp() // FIGURES_S, id(state))
        if fresh != self._of:
            self._found, self._of = services(state, now), fresh
        return self._found


def services(state: HallState, now: datetime) -> dict[str, ServiceFacts]:
    """Return every service's facts by code, in the set-up's order."""
    return {line.service: _facts(state, line, now) for line in service_lines(state, now)}


def shelf(setup: Setup, facts: Sequence[ServiceFacts]) -> list[Key]:
    """Return the greeting's keys: groups at the place of their first service, other services by themselves. If all
    services are in one group, they are shown at once."""
    groups: dict[str, list[ServiceFacts]] = {}
    for one in facts:
        groups.setdefault(setup.services[one.code].group, []).append(one)
    if len(groups) == 1:
        return list(facts)
    keys: list[Key] = []
    for one in facts:
        group = setup.services[one.code].group
        if not group or len(groups[group]) == 1:
            keys.append(one)
        elif groups[group][0] is one:
            keys.append(GroupFacts(name=group, services=tuple(groups[group])))
    return keys


def trouble_of(state: HallState, service: Service, now: datetime) -> RuleError | None:
    """Return why `service` gives no ticket at `now`, None while it does."""
    refusal = offer_of(state, service.code, now).refusal()
    if refusal is not None:
        return refusal
    try:
        setup = set_up(state)
        day = business_date(setup, now)
        hallday.next_in(setup, service, now, lambda prefix: state.series.get((day, prefix)))
    except RuleError as refusal:
        return refusal
    return None


def facts_there(setup: Setup) -> tuple[bool, bool, bool]:
    """Return whether any service says what to bring, what it costs, and how it goes."""
    services = setup.services.values()
    fees = any(service.fees or service.fees_en for service in services)
    return setup.wants_papers, fees, any(service.steps or service.steps_en for service in services)


def tells_hours_alone(setup: Setup) -> bool:
    """Whether the services say nothing but when they are open."""
    told = any(one.items or one.message or one.message_en for one in setup.services.values())
    return not told and not any(facts_there(setup))


def priority_classes(setup: Setup) -> list[PriorityClass]:
    """Return the classes that customers may choose by themselves."""
    return [klass for code, klass in setup.classes.items() if not klass.staff_only and code not in NOT_CHOSEN]


def _facts(state: HallState, line: ServiceLine, now: datetime) -> ServiceFacts:
    service = set_up(state).services[line.service]
    trouble = trouble_of(state, service, now)
    return ServiceFacts(code=line.service, waiting=line.waiting, ahead=line.before, wait=line.wait, trouble=trouble)


# -- finding what a customer reads about -------------------------------------------------------------------------------

LONGEST_QUERY = 16
Row = tuple[str, str | None]


class Finder:
    """The typed text, the service whose items are listed, and what is open for reading (`is_open`)."""

    def __init__(self) -> None:
        self._index: SearchIndex | None = None
        self._setup: Setup | None = None
        self.forget()

    def forget(self) -> None:
        """Start over for another customer."""
        self.query = self.service = ""
        self.item: str | None = None
        self.is_open = False

    def forget_setup(self) -> None:
        """Note that the set-up has changed."""
        self._index = self._setup = None

    def learn(self, setup: Setup) -> None:
        """Prepare searching; nothing is typed yet."""
        self.forget()
        self._know(setup)

    def _know(self, setup: Setup) -> SearchIndex:
        if self._index is None or self._setup is not setup:
            self._index, self._setup = SearchIndex(entries(setup)), setup
        return self._index

    def rows(self, setup: Setup) -> list[Row]:
        """Return the list: results, a service with its items, or all services."""
        if self.query:
            return [(entry.service, entry.item) for entry in self._know(setup).find(self.query)]
        if self.service and self.service in setup.services:
            items = setup.services[self.service].items
            return [(self.service, None), *((self.service, item.code) for item in items)]
        return [(code, None) for code in setup.services]

    def type(self, letter: str) -> None:
        """Add a letter to the search; "" deletes the last one."""
        self.query = (self.query + letter)[:LONGEST_QUERY] if letter else self.query[:-1]
        self.service, self.item = "", None

    def clear(self) -> None:
        """Clear the search."""
        self.query = ""

    def open(self, setup: Setup, service: str, item: str | None) -> None:
        """Open a row: the list of a service's items if it has some and is not shown yet, else its information."""
        spec = setup.services.get(service)
        if spec is None:
            return
        lists = item is None and bool(spec.items) and self.service != service
        self.service, self.item, self.is_open = service, item, not lists
        if lists:
            self.query = ""

    def close(self, setup: Setup) -> None:
        """Go back from the information to the list it was opened from."""
        spec = setup.services.get(self.service)
        self.item, self.is_open = None, False
        if self.query or spec is None or not spec.items:
            self.service = ""

    def leave_service(self) -> None:
        """Go back to all services."""
        self.service, self.item = "", None
