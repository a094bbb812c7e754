"""What a pack is made of, read once: the period's figures, what follows from them, other halls like for like."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from msgspec import Struct, field

from queuedesk.core.errors import RuleError
from queuedesk.core.figures import comparing
from queuedesk.core.figures.halls import (
    TOO_FEW,
    Counts,
    HallRatingCountsByDate,
    Parts,
    compare_halls,
    means_with_same_mix,
)
from queuedesk.core.figures.measures import figure as definitions
from queuedesk.core.figures.measures.document import LogRange, ReportTally, figures_document
from queuedesk.core.figures.measures.figures import WRONG_COUNTER
from queuedesk.core.figures.measures.rows import MINUTE_US
from queuedesk.core.figures.periods import MONTH, dates_between, period_span_containing
from queuedesk.core.figures.periods import date_in_previous_period as period_before
from queuedesk.core.network.roles import Actor, ReadScope, Role
from queuedesk.core.network.sharing import may_person_view_hall
from queuedesk.core.setup.rows import Setup
from queuedesk.desk.change import Desk
from queuedesk.desk.figures import compare_periods
from queuedesk.desk.improvement import all_project_rows, fading_effects
from queuedesk.features.packs.rules import MONTHS, DecisionPoint, DueItem, decision_points, due_items_sorted_by_date
from queuedesk.reports.figures.period import (
    PeriodReport,
    number_of_days_with_tickets,
    read_period_report,
    service_code_among_halls_mapper,
)
from queuedesk.store.engine.types import Transaction
from queuedesk.store.figures.arrivals import satisfaction_counts_by_service
from queuedesk.store.figures.counted import tally_of_dates
from queuedesk.store.figures.measured import HallReader
from queuedesk.store.log import journal
from queuedesk.store.parts import halls
from queuedesk.store.rights.withheld_ratings import hall_id_of_login, may_read_ratings

RATE, WAIT, WRONG = "ratings.rate", "wait.mean", WRONG_COUNTER.rate_path
"""The figures that are held against other halls and shown over six months."""


class HallComparedFigure(Struct, frozen=True):
    """A figure of this hall like for like, and that of all halls together. `said` is where a share lies, as
    halls_compared has it; of minutes nothing is said but TOO_FEW."""

    own: float | None
    all: float | None
    said: str | None


class OtherHallsComparison(Struct, frozen=True):
    """The hall held against the others, by path; `halls` is how many there are with it. With 1 there is nothing in
    `found`: no other hall may be looked at."""

    halls: int
    found: Mapping[str, HallComparedFigure] = field(default_factory=dict)


class _SumsComparableAmongHalls(Struct, frozen=True):
    """What of a hall is held against others, by the codes that services have among all halls."""

    setup: Setup
    rated: Mapping[str, Counts]
    waited: Parts
    wrong: Mapping[str, Counts]


def comparison_with_other_halls(desk: Desk, read: PeriodReport, who: Actor | None) -> OtherHallsComparison | None:
    """Return the hall beside those that `who`, or for None anybody of this hall, may look at; None where it is the only
    one. Raises OutsideError when the database does not answer."""
    own = read.lead.hall.code
    with desk.db.read() as tx:
        others = {
            id: halls.setup_of_hall_row(tx, halls.load_hall_row(tx, id))
            for id, _code in halls.hall_ids_and_codes(tx)
            if id != desk.hall
        }
        # Where its people have PINs nobody looks at a hall without a name.
        unnamed = who is not None and who.role is Role.CONSOLE
        seen = {
            id: setup
            for id, setup in others.items()
            if _may_view_other_hall(who, own, setup) and not (unnamed and journal.pin_salts(tx, id))
        }
        if not seen:
            # A PC's login is not told of halls that it may not see.
            return OtherHallsComparison(1) if others or hall_id_of_login(tx) is not None else None
        setups = [read.lead, *seen.values()]
        own_read = read.halls[0]
        known = [_comparable_sums(setups, read.lead, own_read.rated, own_read.tally, read.figures)]
        known += [_read_comparison_sums(tx, id, setups, read, desk.db.path) for id in seen]
    return OtherHallsComparison(
        len(known),
        {
            RATE: _share_compared_with_all_halls(known, [one.rated for one in known], read.first),
            WAIT: _compared_wait([one.waited for one in known]),
            WRONG: _share_compared_with_all_halls(known, [one.wrong for one in known], read.first),
        },
    )


def _may_view_other_hall(who: Actor | None, own: str, setup: Setup) -> bool:
    if who is None:
        return any(one.startswith(f"{own}/") for one in setup.hall.seen_by)
    return may_person_view_hall(who, own, setup)


def _read_comparison_sums(
    tx: Transaction, hall: int, setups: Sequence[Setup], read: PeriodReport, path: Path | None
) -> _SumsComparableAmongHalls:
    setup = halls.setup_of_hall_row(tx, halls.load_hall_row(tx, hall))
    tally = tally_of_dates(HallReader(tx, hall, setup, read.now), dates_between(read.first, read.last), path)
    counted = figures_document(definitions.hall_figure_scope(setup, read.first, read.last), tally, LogRange())
    return _comparable_sums(
        setups, setup, satisfaction_counts_by_service(tx, hall, read.first, read.last), tally, counted
    )


def _comparable_sums(
    setups: Sequence[Setup], setup: Setup, rated: Mapping[str, Counts], tally: ReportTally, counted: Mapping[str, Any]
) -> _SumsComparableAmongHalls:
    code = service_code_among_halls_mapper(setups, setup)
    waits = {
        name: tally.steps_tally.times_of_breakdown_row(definitions.BY_SERVICE, "wait", name)
        for name in tally.steps_tally.counts[definitions.BY_SERVICE, "of"]
    }
    wrong = counted["measures"][WRONG_COUNTER.key]["by_service"]
    return _SumsComparableAmongHalls(
        setup,
        {code(name): own for name, own in rated.items()},
        {code(name): (sum(own) / MINUTE_US, len(own)) for name, own in waits.items()},
        {code(row["code"]): (row["n"], row["of"] - row["n"]) for row in wrong},
    )


def _share_compared_with_all_halls(
    known: Sequence[_SumsComparableAmongHalls], counts: Sequence[Mapping[str, Counts]], day: date
) -> HallComparedFigure:
    """Return the first hall's share beside that of all; all is counted for the period, not by date."""
    named = [
        HallRatingCountsByDate(code=one.setup.hall.code, name=one.setup.hall.name, name_en="", days={day: services})
        for one, services in zip(known, counts, strict=True)
    ]
    found = compare_halls(named)
    hall = found.hall_by_code(known[0].setup.hall.code)
    assert hall is not None
    return HallComparedFigure(hall.alike, found.all.rate, hall.verdict)


def _compared_wait(parts: Sequence[Parts]) -> HallComparedFigure:
    """Return the first hall's wait beside that of all."""
    alike = means_with_same_mix(parts).figures[0]
    total, n = (sum(one[k] for own in parts for one in own.values()) for k in (0, 1))
    return HallComparedFigure(alike, total / n if n else None, None if alike is not None else TOO_FEW)


# -- the pack ----------------------------------------------------------------------------------------------------------


Figures = Mapping[str, Any]
STILL_FRESH = timedelta(days=14)


class PackMonth(Struct, frozen=True):
    """A month of the hall: its figures, None where nobody came in it, and on how many days somebody did."""

    first: date
    last: date
    figures: Figures | None
    days: int


class PackData(Struct, frozen=True, kw_only=True):
    """A pack as of `read.now`. `before` are the figures of the period before, None where nobody came in it, and
    `before_span` its dates, `before_days` how many of them had tickets; `others` is None where there is no other
    hall."""

    read: PeriodReport
    before: Figures | None
    before_span: tuple[date, date]
    before_days: int
    months: tuple[PackMonth, ...]
    points: tuple[DecisionPoint, ...]
    due: tuple[DueItem, ...]
    others: OtherHallsComparison | None
    projects: tuple[Figures, ...]
    fading: tuple[Figures, ...]

    @property
    def figures(self) -> Figures:
        return self.read.figures


def pack_data_of_period(desk: Desk, period: str, day: date, now: datetime, who: Actor | None = None) -> PackData:
    """Read the pack of the period that contains `day` for `who`, None for the hall itself.

    Raises RuleError "not_for_you" on a PC whose login is not told ratings, OutsideError when the database does not
    answer."""
    with desk.db.read() as tx:
        if not may_read_ratings(tx):
            raise RuleError("not_for_you", read=str(ReadScope.FIGURES), role="")
    read = read_period_report(desk, period, day, now)
    first, before_day = read.first, period_before(period, day)
    months = _last_six_months(desk, read)
    before_span = period_span_containing(period, before_day)
    if period == MONTH:
        earlier, before_days = months[-2].figures, months[-2].days
    else:
        earlier, before_days = _span_figures_and_days(desk, *before_span, now)
    changes: tuple[comparing.FigureDifference, ...] = ()
    if earlier is not None and read.figures["issued"]:
        changes = compare_periods(desk, period, first, before_day, now).differences
    cases, fixes = read.halls[0].quality.cases, read.halls[0].quality.fixes
    uses = read.lead.has_feature
    if not uses("inspections"):
        fixes = ()
    # It is told of the last whole week: only a pack that is made while its time runs, or soon after, has it.
    is_fresh = read.local_now.date() <= read.last + STILL_FRESH
    faded = fading_effects(desk, now) if is_fresh and uses("projects") else []
    return PackData(
        read=read,
        before=earlier,
        before_span=before_span,
        before_days=before_days,
        months=months,
        points=tuple(decision_points(read.figures, cases, fixes, changes, faded)),
        due=tuple(due_items_sorted_by_date(cases, fixes)),
        others=comparison_with_other_halls(desk, read, who) if uses("halls") else None,
        projects=tuple(_projects_running_in_period(desk, read)) if uses("projects") else (),
        fading=tuple(faded),
    )


def _last_six_months(desk: Desk, read: PeriodReport) -> tuple[PackMonth, ...]:
    """Return the last six months, the one that ends with the period last."""
    found: list[PackMonth] = []
    day = read.last
    for _n in range(MONTHS):
        first, last = period_span_containing(MONTH, day)
        own = read.period == MONTH and first == read.first
        known: Figures | None
        if own:
            known, days = read.figures if read.figures["issued"] else None, number_of_days_with_tickets(read.tally)
        else:
            known, days = _span_figures_and_days(desk, first, last, read.now)
        found.insert(0, PackMonth(first, last, known, days))
        day = first - timedelta(days=1)
    return tuple(found)


def _span_figures_and_days(desk: Desk, first: date, last: date, now: datetime) -> tuple[Figures | None, int]:
    """Return the figures of a span, None where nobody came in it, and on how many days somebody did."""
    with desk.db.read() as tx:
        setup = halls.setup_of_hall_row(tx, halls.load_hall_row(tx, desk.hall))
        tally = tally_of_dates(HallReader(tx, desk.hall, setup, now), dates_between(first, last), desk.db.path)
    found = figures_document(definitions.hall_figure_scope(setup, first, last), tally, LogRange())
    return (found if found["issued"] else None), number_of_days_with_tickets(tally)


def _projects_running_in_period(desk: Desk, read: PeriodReport) -> Iterator[Figures]:
    """Yield the projects that were begun by the end and had not ended before."""
    for one in reversed(all_project_rows(desk, read.now)):
        ended = one["ended"] and datetime.fromisoformat(one["ended"]).date()
        if date.fromisoformat(one["date"]) <= read.last and (not ended or ended >= read.first):
            yield one
