"""Compares the satisfaction of the halls of one database in a period."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from queuedesk.core.errors import RuleError
from queuedesk.core.figures.halls import (
    DISTRICT,
    EARLIER,
    REGION,
    ComparedHall,
    Group,
    HallCounts,
    HallsOfPeriod,
    Remark,
)
from queuedesk.core.figures.halls import compare_halls as compared
from queuedesk.core.figures.periods import span_of
from queuedesk.core.figures.satisfaction import Difference, Rate
from queuedesk.core.figures.targets import SATISFACTION, stood
from queuedesk.core.network.roles import Actor, Read
from queuedesk.core.network.sharing import may_see
from queuedesk.core.setup.rows import Setup
from queuedesk.desk.change import Desk, Document
from queuedesk.desk.figures.comparing import before
from queuedesk.desk.reading import must_be_open
from queuedesk.store.engine.types import Transaction
from queuedesk.store.figures.arrivals import rated_between, rated_in_spans
from queuedesk.store.parts import halls
from queuedesk.store.rights.withheld_ratings import reads_ratings


def compare_halls(desk: Desk, who: Actor, period: str, day: date, now: datetime) -> HallsOfPeriod:
    """Return the own hall and those that `who` may look at, compared in the period that contains `day`.

    Raises RuleError "not_your_role", "not_for_you" (also where this PC's login is not told ratings), as must_be_open();
    OutsideError when the database does not answer.
    """
    who.must("halls")
    who.must_read(Read.FIGURES)
    must_be_open(desk.db, who)
    first, last = span_of(period, day)
    spans = _earlier(period, first)
    with desk.db.read() as tx:
        if not reads_ratings(tx):
            raise RuleError("not_for_you", read=str(Read.FIGURES), role="")
        seen = _seen(tx, desk, who)
        own = seen[desk.hall]
        rated = rated_between(tx, list(seen), first, last)
        earlier = rated_in_spans(tx, list(seen), spans)
    target = stood(own.targets, own.targets, SATISFACTION, last)
    counts = [
        HallCounts(
            code=setup.hall.code,
            name=setup.hall.name,
            name_en=setup.hall.name_en,
            region=setup.hall.region,
            district=setup.hall.district,
            days=_by_key(setup, rated.get(id, {})),
            earlier=[one.get(id, (0, 0)) for one in earlier],
        )
        for id, setup in seen.items()
    ]
    return HallsOfPeriod(
        period=period,
        first=first,
        last=last,
        own=own.hall.code,
        target=target.figure if target else None,
        then=spans[0],
        found=compared(counts),
    )


def halls_seen(desk: Desk, who: Actor) -> list[Setup]:
    """Return the set-ups of the own hall and of those that `who` may look at, the own one first. Raises RuleError
    "not_your_role", as must_be_open()."""
    who.must("halls")
    must_be_open(desk.db, who)
    with desk.db.read() as tx:
        seen = _seen(tx, desk, who)
    return [seen.pop(desk.hall), *seen.values()]


def _seen(tx: Transaction, desk: Desk, who: Actor) -> dict[int, Setup]:
    setups = halls.setups(tx, {row.id: row.setup_hash for row in halls.every(tx)})
    own = setups[desk.hall].hall.code
    return {id: setup for id, setup in setups.items() if may_see(who, own, setup)}


def _earlier(period: str, first: date) -> list[tuple[date, date]]:
    spans, day = [], first
    for _n in range(EARLIER):
        day = before(period, day)
        spans.append(span_of(period, day))
    return spans


def _by_key(setup: Setup, days: Mapping[date, Mapping[str, tuple[int, int]]]) -> dict[date, dict[str, tuple[int, int]]]:
    """Return the counts with each service by what makes it one in all halls."""
    keys = {code: _key(setup, code) for code in {code for services in days.values() for code in services}}
    return {on: {keys[code]: counted for code, counted in services.items()} for on, services in days.items()}


def _key(setup: Setup, code: str) -> str:
    """Return what makes a service one in all halls: its code and its names, in lines."""
    spec = setup.services.get(code)
    return "\n".join((code, spec.name, spec.name_en)) if spec else code


# -- the document ------------------------------------------------------------------------------------------------------


def comparison_document(of: HallsOfPeriod) -> Document:
    """Return the comparison as commands print it; shares lie in 0..1."""
    found = of.found
    return {
        "period": of.period,
        "from": of.first.isoformat(),
        "to": of.last.isoformat(),
        "before": {"from": of.then[0].isoformat(), "to": of.then[1].isoformat()},
        "target": of.target,
        "all": _rate(found.all),
        "all_before": _rate(found.all_before),
        "services": [key.split("\n")[0] for key in found.services],
        "moved": list(found.moved),
        "halls": [_hall(one) for one in found.halls],
        "regions": [{"region": one.name, **_group(one)} for one in found.groups(REGION)],
        "districts": [{"district": one.name, **_group(one)} for one in found.groups(DISTRICT)],
        "remarks": [_remark(one) for one in found.remarks],
    }


def _rate(one: Rate) -> Document:
    return {"n": one.n, "rate": _six(one.rate), "low": _six(one.low), "high": _six(one.high)}


def _six(share: float | None) -> float | None:
    return None if share is None else round(share, 6)


def _hall(one: ComparedHall) -> Document:
    return {
        "hall": one.code,
        "name": one.counts.name,
        "name_en": one.counts.name_en,
        "region": one.counts.region,
        "district": one.counts.district,
        **_rate(one.found),
        "satisfied": one.satisfied,
        "alike": _six(one.alike),
        "alike_n": one.n,
        "spread": _six(one.spread),
        "lies": one.verdict,
        "lies_as_counted": one.counted_as,
        "before": _rate(one.before),
    }


def _group(one: Group) -> Document:
    return {
        "halls": [hall.code for hall in one.halls],
        **_rate(one.found),
        "alike": _six(one.alike),
        "before": _rate(one.before),
    }


def _remark(one: Remark) -> Document:
    found: Document = {"kind": one.kind, "hall": one.code, "now": _rate(one.now)}
    for name, told in (("then", one.then), ("own", one.own), ("rest", one.rest)):
        if told is not None:
            found[name] = _rate(told)
    for name, difference in (("change", one.change), ("from_own", one.from_own)):
        if difference is not None:
            found[name] = _difference(difference)
    if one.day is not None:
        found |= {"date": one.day.isoformat(), "rest_lies": one.rest_verdict}
    return found


def _difference(one: Difference) -> Document:
    return {"difference": _six(one.difference), "low": _six(one.low), "high": _six(one.high)}
