"""Where else people could have gone: which visits a machine, a partner's window or the telephone could have taken.

- Visits are tickets issued, void ones left out, by the service and the item that were asked for, as in the measure
  `items`; their minutes are those at windows. `again`: who came again about something earlier, within the days that the
  hall waits for returns.
- A visit counts for one way only: the first of machine, partner's window and telephone of which a place of the
  directory takes the item and was open when the person came. Otherwise it needs a person: no place takes it, or those
  that do were closed then. Of a service with items, a visit for which nobody noted the item and no place takes the
  whole service is unknown.
- A date goes by the directory as it stood at its end, by the log; one before the directory was first written, by that.
- Offers count by service and item, whoever made them; `said` are all, `taken` those accepted. Below FEWEST there is no
  rate. Rates have Wilson's 95 % interval.
- The saving of a way is its minutes × the rate at which its offers are taken up: what the hall may count on, where
  `minutes` of the way is what it could not pass. Ways without a rate save nothing yet. Both ends of its interval are
  added up over the ways, which is cautious."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple

from msgspec import Struct, field

from queuedesk.core.figures import comparing
from queuedesk.core.figures.drilldown_rows import OFFERS, PARTNERS, WHOLE, DrilldownDay, FigureRow, RowQuery
from queuedesk.core.figures.measures.rows import MINUTE_US, ChannelOfferRow, to_moment
from queuedesk.core.figures.satisfaction import FEWEST_RANKED, ShareWithInterval, share_with_interval
from queuedesk.core.setup.rows import Setup
from queuedesk.core.setup.sentences import WAYS, Name, Partner, partners_taking_item_by_way, serving_way_of_channel

FEWEST = FEWEST_RANKED
HERE, UNKNOWN = "here", "unknown"
NO_PLACE, CLOSED = "no_place", "closed"
"""Why a visit needs a person: nothing in the directory takes what was asked for, or it was closed then."""
SAID, TAKEN = "said", "taken"
ALL = "all"


class ClassifiedVisit(NamedTuple):
    """`why` is NO_PLACE or CLOSED where `way` is HERE, else "". `us` is the time at windows in microseconds."""

    label: str
    name: Name
    us: int
    again: bool
    way: str
    why: str


def visits_classified_by_way(day: DrilldownDay) -> Iterator[ClassifiedVisit]:
    """Yield the visits of a date that count, each with its way."""
    rows = day.rows
    takers: dict[Name, Mapping[str, Sequence[Partner]]] = {}
    for ticket in rows.tickets:
        if ticket.state == "void":
            continue
        name = rows.service_item_by_ticket[ticket.label]
        if name not in takers:
            takers[name] = partners_taking_item_by_way(day.more.partners, name)
        local = rows.setup.to_hall_time(to_moment(ticket.arrived))
        way = next((way for way, own in takers[name].items() if any(one.is_open(local) for one in own)), HERE)
        if way == HERE and not takers[name] and not is_item_noted(rows.setup, name):
            way = UNKNOWN
        why = "" if way != HERE else CLOSED if takers[name] else NO_PLACE
        again = ticket.return_of is not None or "repeat_papers" in ticket.flags
        yield ClassifiedVisit(ticket.label, name, rows.handling_us_by_ticket.get(ticket.label, 0), again, way, why)


def is_item_noted(setup: Setup, name: Name) -> bool:
    """Whether a name says what somebody came for: an item, or a service that has none."""
    spec = setup.services.get(name[0])
    return name[1] is not None or spec is None or not spec.items


# -- adding up ---------------------------------------------------------------------------------------------------------


class ItemVerdict(StrEnum):
    """What to do about an item.

    TOO_FEW visits to say anything; NOTHING to mend: it needs a person and people do not come again for it more often
    than for the others; UNNOTED: nobody noted what they came for; REPEATS: it needs a person, and people certainly come
    again more often; OFFER: others could take it, and too few were offered it to know; NOT_TAKEN: offered and never
    taken up; SAVES: offered and taken up."""

    TOO_FEW = "too_few"
    NOTHING = "nothing"
    UNNOTED = "unnoted"
    REPEATS = "repeats"
    OFFER = "offer"
    NOT_TAKEN = "not_taken"
    SAVES = "saves"


class TotalsOfOtherWay(Struct, frozen=True):
    """The visits that a way could have taken, their minutes at windows, and its offers: `n` taken up of `of` said."""

    visits: int
    minutes: float
    offers: ShareWithInterval


class WindowMinutesSaving(Struct, frozen=True):
    """Window minutes of the whole period that those who take up the offers would save, with its interval."""

    minutes: float
    low: float
    high: float


class ItemAdvice(Struct, frozen=True, kw_only=True):
    """One item, or a service alone. `here` are the visits that need a person, by why, `unknown` those of which nobody
    noted the item; `saving` None without a rate."""

    name: Name
    visits: int
    minutes: float
    again: ShareWithInterval
    ways: Mapping[str, TotalsOfOtherWay]
    here: Mapping[str, int]
    unknown: int
    saving: WindowMinutesSaving | None
    verdict: ItemVerdict

    @property
    def elsewhere_visit_count(self) -> int:
        """How many visits could have gone elsewhere."""
        return sum(one.visits for one in self.ways.values())

    @property
    def avoidable_window_minutes(self) -> float:
        return sum(one.minutes for one in self.ways.values())


class WhereElseAdvice(Struct, frozen=True, kw_only=True):
    """The advice of a span: its `items`, those with most visits first, and the `days` on which somebody came."""

    first: date
    last: date
    days: int
    places: int
    items: tuple[ItemAdvice, ...] = ()

    @property
    def visit_count(self) -> int:
        return sum(one.visits for one in self.items)

    @property
    def total_window_minutes(self) -> float:
        return sum(one.minutes for one in self.items)

    @property
    def elsewhere_visit_count(self) -> int:
        return sum(one.elsewhere_visit_count for one in self.items)

    @property
    def unknown_visit_count(self) -> int:
        return sum(one.unknown for one in self.items)


class _ItemSums(Struct):
    n: Counter[str] = field(default_factory=Counter)
    us: Counter[str] = field(default_factory=Counter)
    why: Counter[str] = field(default_factory=Counter)
    again: int = 0
    said: Counter[str] = field(default_factory=Counter)
    taken: Counter[str] = field(default_factory=Counter)


def advice_from_days(days: Iterable[DrilldownDay], first: date, last: date, places: int) -> WhereElseAdvice:
    """Return the advice of the dates from `first` to `last`; `places` is how many the directory has today."""
    sums: defaultdict[Name, _ItemSums] = defaultdict(_ItemSums)
    busy = 0
    for day in days:
        came = False
        for visit in visits_classified_by_way(day):
            came = True
            own = sums[visit.name]
            own.n[visit.way] += 1
            own.us[visit.way] += visit.us
            own.why.update([visit.why] if visit.why else [])
            own.again += visit.again
        busy += came
        for offer in day.more.offers:
            name = (offer.service, offer.item)
            sums[name].said[serving_way_of_channel(offer.to)] += 1
            sums[name].taken[serving_way_of_channel(offer.to)] += offer.accepted
    every = sum(one.n.total() for one in sums.values())
    usual = sum(one.again for one in sums.values()) / every if every else 0.0
    items = sorted((_item_advice(name, own, usual) for name, own in sums.items()), key=_most_visits_first_key)
    return WhereElseAdvice(first=first, last=last, days=busy, places=places, items=tuple(items))


def _most_visits_first_key(one: ItemAdvice) -> tuple[int, str, str]:
    return -one.visits, one.name[0], one.name[1] or ""


def _item_advice(name: Name, own: _ItemSums, usual: float) -> ItemAdvice:
    n = own.n.total()
    ways = {
        way: TotalsOfOtherWay(own.n[way], own.us[way] / MINUTE_US, share_with_interval(own.taken[way], own.said[way]))
        for way in WAYS
        if own.n[way] or own.said[way]
    }
    again = share_with_interval(own.again, n)
    saving = _minutes_saving(ways.values())
    return ItemAdvice(
        name=name,
        visits=n,
        minutes=own.us.total() / MINUTE_US,
        again=again,
        ways=ways,
        here={why: own.why[why] for why in (NO_PLACE, CLOSED) if own.why[why]},
        unknown=own.n[UNKNOWN],
        saving=saving,
        verdict=_item_verdict((n, own.n[UNKNOWN]), sum(one.visits for one in ways.values()), again, saving, usual),
    )


def _minutes_saving(ways: Iterable[TotalsOfOtherWay]) -> WindowMinutesSaving | None:
    known = [
        (one.minutes * one.offers.rate, one.minutes * one.offers.low, one.minutes * one.offers.high)
        for one in ways
        if one.visits and one.offers.rate is not None and one.offers.low is not None and one.offers.high is not None
    ]
    return WindowMinutesSaving(*(sum(column) for column in zip(*known, strict=True))) if known else None


def _item_verdict(
    visits: tuple[int, int], away: int, again: ShareWithInterval, saving: WindowMinutesSaving | None, usual: float
) -> ItemVerdict:
    n, unknown = visits
    if n < FEWEST:
        return ItemVerdict.TOO_FEW
    if not away and 2 * unknown > n:
        return ItemVerdict.UNNOTED
    if not away:
        return ItemVerdict.REPEATS if again.low is not None and again.low > usual else ItemVerdict.NOTHING
    if saving is None:
        return ItemVerdict.OFFER
    return ItemVerdict.SAVES if saving.minutes > 0 else ItemVerdict.NOT_TAKEN


# -- the document ------------------------------------------------------------------------------------------------------


def advice_document(found: WhereElseAdvice) -> dict[str, Any]:
    """Return the advice as commands print it."""
    return {
        "from": found.first.isoformat(),
        "to": found.last.isoformat(),
        "days": found.days,
        "places": found.places,
        "visits": found.visit_count,
        "minutes": round(found.total_window_minutes, 2),
        "away": found.elsewhere_visit_count,
        "unknown": found.unknown_visit_count,
        "items": [_item_document(one) for one in found.items],
    }


def _item_document(one: ItemAdvice) -> dict[str, Any]:
    saving = one.saving
    return {
        "service": one.name[0],
        "item": one.name[1],
        "visits": one.visits,
        "minutes": round(one.minutes, 2),
        "again": _share_document(one.again),
        "ways": {
            way: {"visits": own.visits, "minutes": round(own.minutes, 2), "offers": _share_document(own.offers)}
            for way, own in one.ways.items()
        },
        "here": dict(one.here),
        "unknown": one.unknown,
        "saving": saving and {key: round(getattr(saving, key), 2) for key in ("minutes", "low", "high")},
        "verdict": str(one.verdict),
    }


def _share_document(one: ShareWithInterval) -> dict[str, Any]:
    return {
        "n": one.n,
        "of": one.of,
        **{key: None if (value := getattr(one, key)) is None else round(value, 6) for key in ("rate", "low", "high")},
    }


# -- the rows behind a figure ------------------------------------------------------------------------------------------
# "elsewhere.A/invoice.machine" are the visits that a machine could have taken, ".here" those that need a person,
# ".unknown" those of which nobody noted the item, ".again" those who came again, ".all" all;
# "elsewhere.A/invoice.said.machine" and ".taken.machine" are offers.
# In place of an item "all" stands for every one.


def elsewhere_figure_path(name: Name | None, *what: str) -> str:
    """Return the path of a figure of an item, None: of all."""
    return comparing.joined_figure_path(
        "elsewhere", ALL if name is None else f"{name[0]}/{name[1] or comparing.NOTHING}", *what
    )


def elsewhere_row_query(parts: comparing.Parts) -> RowQuery | None:
    """Return what finds the rows behind such a path; None where it names what there is not."""
    if len(parts) == 2 and parts[1] in (*WAYS, HERE, UNKNOWN, ALL, "again", "away"):
        return RowQuery(lambda day: _visits_behind_figure(day, parts[0], parts[1]), frozenset({WHOLE, PARTNERS}))
    if len(parts) == 3 and parts[1] in (SAID, TAKEN) and parts[2] in (*WAYS, ALL):
        return RowQuery(lambda day: _offers_behind_figure(day, *parts), frozenset({OFFERS}))
    return None


def _is_wanted_name(name: Name, wanted: str) -> bool:
    return wanted == ALL or wanted == f"{name[0]}/{name[1] or comparing.NOTHING}"


def _visits_behind_figure(day: DrilldownDay, wanted: str, what: str) -> Iterator[FigureRow]:
    for one in visits_classified_by_way(day):
        counts = {ALL: True, "again": one.again, "away": one.way in WAYS}.get(what, one.way == what)
        if counts and _is_wanted_name(one.name, wanted):
            yield FigureRow(one.label)


def _offers_behind_figure(day: DrilldownDay, wanted: str, what: str, way: str) -> Iterator[FigureRow]:
    for one in day.more.offers:
        is_meant = way in (ALL, serving_way_of_channel(one.to)) and (what == SAID or one.accepted)
        if is_meant and _is_wanted_name((one.service, one.item), wanted):
            yield offer_figure_row(day, one)


def offer_figure_row(day: DrilldownDay, one: ChannelOfferRow) -> FigureRow:
    return FigureRow(one.label if one.label in day.tickets_by_label else "", at=one.at, service=one.service)
