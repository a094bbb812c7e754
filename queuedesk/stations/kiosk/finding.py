"""Which service or item a customer reads about: by browsing, or by name, papers or the first letters of its pinyin."""

from __future__ import annotations

from queuedesk.core.setup.values import Setup
from queuedesk.stations.models.search import SearchIndex
from queuedesk.stations.models.search_entries import entries

LONGEST_QUERY = 16
Row = tuple[str, str | None]


class Finder:
    """What was typed, which service's items are listed, and what is open for reading (`is_open`)."""

    def __init__(self) -> None:
        self._index: SearchIndex | None = None
        self._setup: Setup | None = None
        self.forget()

    def forget(self) -> None:
        """Begin anew, for another customer."""
        self.query = self.service = ""
        self.item: str | None = None
        self.is_open = False

    def forget_setup(self) -> None:
        """The set-up has changed."""
        self._index = self._setup = None

    def learn(self, setup: Setup) -> None:
        """Make ready to search; nothing is typed yet."""
        self.forget()
        self._know(setup)

    def _know(self, setup: Setup) -> SearchIndex:
        if self._index is None or self._setup is not setup:
            self._index, self._setup = SearchIndex(entries(setup)), setup
        return self._index

    def rows(self, setup: Setup) -> list[Row]:
        """Return what is listed: finds, a service with its items, or all services."""
        if self.query:
            return [(entry.service, entry.item) for entry in self._know(setup).find(self.query)]
        if self.service and self.service in setup.services:
            items = setup.services[self.service].items
            return [(self.service, None), *((self.service, item.code) for item in items)]
        return [(code, None) for code in setup.services]

    def type(self, letter: str) -> None:
        """Add a letter to the search; "" takes the last one back."""
        self.query = (self.query + letter)[:LONGEST_QUERY] if letter else self.query[:-1]
        self.service, self.item = "", None

    def clear(self) -> None:
        """Search for nothing."""
        self.query = ""

    def open(self, setup: Setup, service: str, item: str | None) -> None:
        """Open a row: the list of a service's items where it has some and is not on that list yet, else what is to be
        read."""
        spec = setup.services.get(service)
        if spec is None:
            return
        lists = item is None and bool(spec.items) and self.service != service
        self.service, self.item, self.is_open = service, item, not lists
        if lists:
            self.query = ""

    def close(self) -> None:
        """Go back from what is read to the list."""
        self.item, self.is_open = None, False
        if self.query:
            self.service = ""

    def leave_service(self) -> None:
        """Go back to all services."""
        self.service, self.item = "", None
