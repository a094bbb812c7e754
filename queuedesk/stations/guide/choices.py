"""Services and items as a customer's choice, and the draft of the ticket that follows from it."""

from __future__ import annotations

from datetime import date, datetime

from msgspec import Struct
from msgspec.structs import replace

from queuedesk.core.setup.rows import Item, Paper, Service, Setup
from queuedesk.i18n import _, named
from queuedesk.i18n.names import NORMAL, service_name
from queuedesk.i18n.suggestion_words import fact_text

FAVOURITES_SHOWN = 6


class Choice(Struct, frozen=True):
    """A service, or an item of it, by their codes."""

    service: str
    item: str | None = None


class Earlier(Struct, frozen=True, kw_only=True):
    """What a customer comes back for: an earlier ticket, or `ref` from elsewhere if `label` is "". `place` is the early
    place in line that the earlier ticket gives, None for an ordinary one; `choice` is what it was for."""

    label: str = ""
    day: date | None = None
    place: datetime | None = None
    choice: Choice | None = None
    ref: str = ""


class Draft(Struct, frozen=True):
    """A ticket before it is printed: its service, the customer's class, further services under the same number, and the
    earlier ticket. `repeat`: the customer was here before and had to go for papers; `need`: why they are fetched for
    their turn, `speaks` a further language of theirs, "" for none."""

    first: Choice
    klass: str = NORMAL
    then: tuple[Choice, ...] = ()
    earlier: Earlier | None = None
    repeat: bool = False
    need: str = ""
    speaks: str = ""

    def with_class(self, klass: str) -> Draft:
        return replace(self, klass=klass)

    def adding(self, choice: Choice) -> Draft:
        """Return it with one more service; one that is already on the ticket is not added again."""
        known = {one.service for one in (self.first, *self.then)}
        return self if choice.service in known else replace(self, then=(*self.then, choice))

    def without(self, choice: Choice) -> Draft:
        return replace(self, then=tuple(one for one in self.then if one != choice))

    def coming_back(self, earlier: Earlier | None) -> Draft:
        return replace(self, earlier=earlier)

    def with_repeat(self, repeat: bool) -> Draft:
        return replace(self, repeat=repeat)

    def with_need(self, need: str) -> Draft:
        return replace(self, need=need)

    def speaking(self, language: str) -> Draft:
        return replace(self, speaks=language)

    def all(self) -> tuple[Choice, ...]:
        return (self.first, *self.then)


def service_of(setup: Setup, choice: Choice) -> Service | None:
    """Return the service of a choice, None if the set-up no longer has it."""
    return setup.services.get(choice.service)


def item_of(setup: Setup, choice: Choice) -> Item | None:
    """Return the item of a choice; None for a whole service."""
    service = service_of(setup, choice)
    if service is None:
        return None
    return next((item for item in service.items if item.code == choice.item), None)


def title_of(setup: Setup, choice: Choice) -> str:
    """Return the name of the item, or of the service if there is none."""
    item = item_of(setup, choice)
    return named(item.name, item.name_en) if item else service_name(setup, choice.service)


def full_title(setup: Setup, choice: Choice) -> str:
    """Return "service · item", as it stands on the ticket."""
    if item_of(setup, choice) is None:
        return service_name(setup, choice.service)
    return f"{service_name(setup, choice.service)} · {title_of(setup, choice)}"


def papers_of(setup: Setup, choice: Choice) -> tuple[Paper, ...]:
    """Return the papers of the item, or of the service where the choice names none."""
    item, service = item_of(setup, choice), service_of(setup, choice)
    if item is not None:
        return item.papers
    return service.papers if service else ()


def without_papers(setup: Setup, choice: Choice) -> tuple[str, str]:
    """Return what is said where no papers are listed: those that a preset suggests, for staff to know as such."""
    service = service_of(setup, choice)
    if item_of(setup, choice) is None and service is not None and service.suggested.get("papers"):
        papers = fact_text("papers", service.suggested)
        return _("No papers are confirmed for this"), _("Suggestions only, ask the admin: {papers}", papers=papers)
    return _("No papers are listed for this"), _about(setup, choice)


def _about(setup: Setup, choice: Choice) -> str:
    """Return what the set-up says of a whole service."""
    service = service_of(setup, choice)
    return named(service.about, service.about_en) if service and choice.item is None else ""


def papers_of_draft(setup: Setup, draft: Draft) -> list[Paper]:
    """Return all papers of a draft, each once."""
    return list(dict.fromkeys(paper for choice in draft.all() for paper in papers_of(setup, choice)))


def favourites(setup: Setup) -> list[Choice]:
    """Return the favourite items in the set-up's order; the board shows the first six."""
    return [
        Choice(service.code, item.code)
        for service in setup.services.values()
        for item in service.items
        if item.favourite
    ]
