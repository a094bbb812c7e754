"""The directory of other places that take what people come for: machines, partners' windows, the telephone."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Annotated, Protocol

from msgspec import Struct

from queuedesk.core.setup import field_checks as checks
from queuedesk.core.setup import field_kinds as kinds
from queuedesk.core.setup.field_kinds import BASICS, entry
from queuedesk.core.setup.time_of_day import Hours, hours_of
from queuedesk.core.talk.remarks import CHANNELS
from queuedesk.core.wording import Wording

LONGEST_TEXT = 200
FARTHEST_M = 100_000


class _Item(Protocol):
    @property
    def code(self) -> str: ...


class _Service(Protocol):
    @property
    def items(self) -> Sequence[_Item]: ...


class Partner(Struct, frozen=True, kw_only=True):
    """A place that takes some of what people come for. `takes` are services ("A") and items of them ("A/invoice").

    Without `hours` it is open whenever the hall gives tickets. `distance_m` is that from the hall, None where nobody
    said; a machine in the hall has 0.
    """

    code: Annotated[str, entry(kinds.code(), "Code", fixed=True)]
    name: Annotated[
        str, entry(kinds.name(instead="name_en"), "Name", title=Wording("Name", context="place"), tab=BASICS)
    ]
    name_en: Annotated[str, entry(kinds.text(), "English name", tab=BASICS, beside=True)] = ""
    kind: Annotated[str, entry(kinds.choice(CHANNELS, needed=True), "Kind")]
    takes: Annotated[
        tuple[str, ...], entry(kinds.words(), "Takes", title="What it takes", hint="services, or single items")
    ] = ()
    hours: Annotated[
        tuple[Hours, ...] | None,
        entry(
            kinds.hours(hours_of),
            "Hours",
            title=Wording("Open", context="place"),
            hint="separated by commas; empty: whenever the hall gives tickets",
            tab=BASICS,
            rank=1,
        ),
    ] = None
    distance_m: Annotated[
        int | None,
        entry(
            kinds.optional_number(0, FARTHEST_M),
            "Distance",
            title="Distance in metres",
            hint="from the hall; 0: in it",
            tab=BASICS,
            rank=1,
            beside=True,
        ),
    ] = None
    address: Annotated[str, entry(kinds.text(LONGEST_TEXT), "Address", tab=BASICS, rank=2)] = ""
    region: Annotated[str, entry(kinds.text(), "Region", tab=BASICS, rank=2, beside=True)] = ""

    def does(self, service: str, item: str | None) -> bool:
        """Whether it takes that: the item itself, or the whole service."""
        return service in self.takes or (item is not None and f"{service}/{item}" in self.takes)

    def is_open(self, local: datetime) -> bool:
        """Whether it is open at a moment of the hall's clock."""
        if self.hours is None:
            return True
        minute = local.hour * 60 + local.minute
        return any(local.isoweekday() in one.days and one.start <= minute < one.end for one in self.hours)


def what_it_has(services: Mapping[str, _Service]) -> list[str]:
    """Return what a place may take of a hall with these services: each of them, and its items."""
    return [
        one for code, service in services.items() for one in (code, *(f"{code}/{item.code}" for item in service.items))
    ]


def check_takes(place: str, row: Mapping[str, object], known: Collection[str]) -> None:
    """Refuse a new row that takes what the hall has not: `known` are its services and items. A set-up in which a
    service went still loads."""
    for one in checks.listed(f"{place}.takes", row.get("takes") or []):
        if one not in known:
            raise checks.bad(f"{place}.takes", str(one)[:40], "not_a_choice", limit=sorted(known))
