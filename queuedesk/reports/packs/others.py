"""A pack's hall held against the other halls of its database, like for like.

Only sums of them are read, of the halls that let somebody of this one look on. On a server each login sees these alone,
so the pack is the same whoever's PC makes it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from msgspec import Struct, field

from queuedesk.core.figures.hall_comparison import Parts, same_mix
from queuedesk.core.figures.halls_compared import TOO_FEW, Counts, HallCounts, compare_halls
from queuedesk.core.figures.measures.document import LogRange, figures
from queuedesk.core.figures.measures.figure import BY_SERVICE, scope_of
from queuedesk.core.figures.measures.figures import WRONG_COUNTER
from queuedesk.core.figures.measures.tally import Tally
from queuedesk.core.figures.measures.times import MINUTE_US
from queuedesk.core.figures.periods import dates_between
from queuedesk.core.network.roles import Actor, Role
from queuedesk.core.network.seeing_halls import may_see
from queuedesk.core.setup.rows import Setup
from queuedesk.desk.change import Desk
from queuedesk.reports.figures.period import PeriodRead, service_code
from queuedesk.store.engine.types import Transaction
from queuedesk.store.figures.arrivals import rated_by_service
from queuedesk.store.figures.counted import tally_of
from queuedesk.store.figures.measured import Reader
from queuedesk.store.log import journal
from queuedesk.store.parts import halls
from queuedesk.store.rights.grants import own_hall

RATE, WAIT, WRONG = "ratings.rate", "wait.mean", WRONG_COUNTER.rate_path
"""The figures that are held against other halls and shown over six months."""


class Beside(Struct, frozen=True):
    """A figure of this hall like for like, and that of all halls together. `said` is where a share lies, as
    halls_compared has it; of minutes nothing is said but TOO_FEW."""

    own: float | None
    all: float | None
    said: str | None


class HeldAgainst(Struct, frozen=True):
    """The hall held against the others, by path; `halls` is how many there are with it. With 1 there is nothing in
    `found`: no other hall may be looked at."""

    halls: int
    found: Mapping[str, Beside] = field(default_factory=dict)


class _Sums(Struct, frozen=True):
    """What of a hall is held against others, by the codes that services have among all halls."""

    setup: Setup
    rated: Mapping[str, Counts]
    waited: Parts
    wrong: Mapping[str, Counts]


def held_against(desk: Desk, read: PeriodRead, who: Actor | None) -> HeldAgainst | None:
    """Return the hall beside those that `who`, or for None anybody of this hall, may look at; None where it is the only
    one. Raises OutsideError when the database does not answer."""
    own = read.lead.hall.code
    with desk.db.read() as tx:
        others = {id: halls.setup(tx, halls.load(tx, id)) for id, _code in halls.listed(tx) if id != desk.hall}
        # Where its people have PINs nobody looks at a hall without a name.
        unnamed = who is not None and who.role is Role.CONSOLE
        seen = {
            id: setup
            for id, setup in others.items()
            if _may_look(who, own, setup) and not (unnamed and journal.pin_salts(tx, id))
        }
        if not seen:
            # A PC's login is not told of halls that it may not see.
            return HeldAgainst(1) if others or own_hall(tx) is not None else None
        setups = [read.lead, *seen.values()]
        own_read = read.halls[0]
        known = [_sums(setups, read.lead, own_read.rated, own_read.tally, read.figures)]
        known += [_read_sums(tx, id, setups, read, desk.db.path) for id in seen]
    return HeldAgainst(
        len(known),
        {
            RATE: _share_of(known, [one.rated for one in known], read.first),
            WAIT: _wait_of([one.waited for one in known]),
            WRONG: _share_of(known, [one.wrong for one in known], read.first),
        },
    )


def _may_look(who: Actor | None, own: str, setup: Setup) -> bool:
    if who is None:
        return any(one.startswith(f"{own}/") for one in setup.hall.seen_by)
    return may_see(who, own, setup)


def _read_sums(tx: Transaction, hall: int, setups: Sequence[Setup], read: PeriodRead, path: Path | None) -> _Sums:
    setup = halls.setup(tx, halls.load(tx, hall))
    tally = tally_of(Reader(tx, hall, setup, read.now), dates_between(read.first, read.last), path)
    counted = figures(scope_of(setup, read.first, read.last), tally, LogRange())
    return _sums(setups, setup, rated_by_service(tx, hall, read.first, read.last), tally, counted)


def _sums(
    setups: Sequence[Setup], setup: Setup, rated: Mapping[str, Counts], tally: Tally, counted: Mapping[str, Any]
) -> _Sums:
    code = service_code(setups, setup)
    waits = {name: tally.steps.times_of(BY_SERVICE, "wait", name) for name in tally.steps.counts[BY_SERVICE, "of"]}
    wrong = counted["measures"][WRONG_COUNTER.key]["by_service"]
    return _Sums(
        setup,
        {code(name): own for name, own in rated.items()},
        {code(name): (sum(own) / MINUTE_US, len(own)) for name, own in waits.items()},
        {code(row["code"]): (row["n"], row["of"] - row["n"]) for row in wrong},
    )


def _share_of(known: Sequence[_Sums], counts: Sequence[Mapping[str, Counts]], day: date) -> Beside:
    """Return the first hall's share beside that of all; all is counted for the period, not by date."""
    named = [
        HallCounts(code=one.setup.hall.code, name=one.setup.hall.name, name_en="", days={day: services})
        for one, services in zip(known, counts, strict=True)
    ]
    found = compare_halls(named)
    hall = found.hall(known[0].setup.hall.code)
    assert hall is not None
    return Beside(hall.alike, found.all.rate, hall.verdict)


def _wait_of(parts: Sequence[Parts]) -> Beside:
    """Return the first hall's wait beside that of all."""
    alike = same_mix(parts).figures[0]
    total, n = (sum(one[k] for own in parts for one in own.values()) for k in (0, 1))
    return Beside(alike, total / n if n else None, None if alike is not None else TOO_FEW)
