"""What a month's rows ask to be trained: whose work shows something more often than the same work of others. And what
came of a training, who was trained how long, and who was there when the roster wanted them.

- A step counts for who could have made it otherwise. misdirected: tickets that a guide issued, those whose first line
  was the wrong one. transfers: steps that somebody finished or passed on, those passed on. long: steps somebody
  finished, those over the service's limit, without what other systems took and time set aside. recalls: calls, those
  with CALLED_OFTEN calls or more in a row. Steps at the wrong window are in none but the first.
- Like is compared with like by direct weighting of the others: q = Σ wₛqₛ, wₛ the person's share of the work s, the
  item where the others have FEWEST_ALIKE or more of it, else the rest of its service; of wrong windows the service
  that was right. What nobody else does is in neither side.
- The difference p − q has the limits d − √((p − l₁)² + (u₂ − q)²) and d + √((u₁ − p)² + (q − l₂)²) (G. Y. Zou, A.
  Donner, Construction of confidence limits about effect measures, Statistics in Medicine 27, 2008), of p the exact
  interval, of q Wilson's for 1 ÷ Σ(wₛ²/mₛ) rows.
- All that is looked at together is held to one limit: each of k comparisons has the level 1 − 0.05 ÷ k, so that all k
  intervals hold together with 95 % (O. J. Dunn, Multiple comparisons among means, JASA 56, 1961; Bonferroni's
  inequality). A need is worth training only where its whole interval lies above zero.
- Under FEWEST rows on either side nothing is compared, nor what no row at all shows."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from math import ceil, exp, lgamma, log, sqrt
from statistics import NormalDist
from typing import NamedTuple

from msgspec import Struct

from queuedesk.core.appraisal import KINDS, LONG, RECALLS, TRANSFERS
from queuedesk.core.figures.comparing import NumeratorAndDenominator
from queuedesk.core.figures.satisfaction import Interval, satisfaction_rate_difference, wilson_interval
from queuedesk.features.staff.rules.person_sheet import FEWEST, FEWEST_ALIKE, FEWEST_PEOPLE, LATE_MINUTES, RosterShift

OF_A_SERVICE = (TRANSFERS, LONG)
"""The kinds that are looked at service by service; the others over all services at once."""
CALLED_OFTEN = 3
SHORT_SHARE = 0.9
"""What takes longer than this share of all of its service has taken long (our figure)."""
LEVEL = 0.95
WORTH, CANNOT_TELL = "worth_training", "cannot_tell"


class RowCountedForTrainingNeed(NamedTuple):
    """A row of a need's `kind`, by who could have made it otherwise. `amount` is 1 or 0, the minutes of LONG, the calls
    in a row of RECALLS."""

    kind: str
    day: date
    label: str
    staff: str
    service: str
    item: str
    amount: float

    @property
    def kind_and_service(self) -> tuple[str, str]:
        """What is looked at at once: the kind and the service, "" for all of them."""
        return self.kind, self.service if self.kind in OF_A_SERVICE else ""


class WorkComparedToOthers(Struct, frozen=True, kw_only=True):
    """What somebody's work shows, `n` of `of` rows, and what the others' shows in the same work: the share `others`, in
    `others_of` rows of which `others_n`. All are shares in 0..1; `low` and `high` bound the difference."""

    n: int
    of: int
    others: float
    others_n: int
    others_of: int
    low: float
    high: float

    @property
    def own_share(self) -> float:
        return self.n / self.of

    @property
    def share_difference(self) -> float:
        return self.own_share - self.others

    @property
    def is_surely_above_others(self) -> bool:
        return self.low > 0


class ServiceTrainingNeed(Struct, frozen=True, kw_only=True):
    """What a kind of row says of a service ("": all): of those of the `people` whose work shows it more often, or where
    that can't be told, of who comes nearest. `staff` are they: nobody is told without asking. `limit` are the minutes
    of LONG, `rows` what shows the need, `of_each` the rows of each of `staff`."""

    kind: str
    service: str
    limit: int | None
    staff: tuple[str, ...]
    people: int
    found: WorkComparedToOthers
    verdict: str
    rows: tuple[RowCountedForTrainingNeed, ...]
    of_each: Mapping[str, int]

    @property
    def is_worth_training(self) -> bool:
        return self.verdict == WORTH

    @property
    def can_be_named(self) -> bool:
        """Whether to name somebody tells nothing of anybody else: of two, one would name both."""
        return self.is_worth_training and self.people >= FEWEST_PEOPLE


class TrainingNeeds(Struct, frozen=True, kw_only=True):
    """The needs of the dates from `first` to `last`, `days` of which have rows: the certain ones first. `compared` is
    how many comparisons were made at once, `few` how many people's work had too few rows for one."""

    first: date
    last: date
    days: int
    needs: tuple[ServiceTrainingNeed, ...]
    compared: int
    few: int

    def find_need(self, kind: str, service: str) -> ServiceTrainingNeed | None:
        return next((one for one in self.needs if (one.kind, one.service) == (kind, service)), None)


def shows_need(act: RowCountedForTrainingNeed, limits: Mapping[str, int]) -> bool:
    """Whether a row shows what its kind looks for; `limits` are the minutes of LONG by service."""
    if act.kind == LONG:
        return act.amount > limits[act.service]
    return act.amount >= (CALLED_OFTEN if act.kind == RECALLS else 1)


def long_handling_limit_by_service(acts: Iterable[RowCountedForTrainingNeed]) -> dict[str, int]:
    """Return the whole minutes, by service, within which SHORT_SHARE of all its steps were done."""
    minutes: dict[str, list[float]] = defaultdict(list)
    for one in acts:
        if one.kind == LONG:
            minutes[one.service].append(one.amount)
    return {service: max(1, ceil(sorted(own)[ceil(SHORT_SHARE * len(own)) - 1])) for service, own in minutes.items()}


def training_needs(first: date, last: date, acts: Sequence[RowCountedForTrainingNeed]) -> TrainingNeeds:
    """Return what the rows of some dates ask for."""
    limits = long_handling_limit_by_service(acts)
    groups: dict[tuple[str, str], list[RowCountedForTrainingNeed]] = defaultdict(list)
    for one in acts:
        groups[one.kind_and_service].append(one)
    shown = {name for name, own in groups.items() if any(shows_need(one, limits) for one in own)}
    works = {name: _GroupWorkTally(groups[name], limits) for name in sorted(shown, key=_group_sort_key)}
    compared = sum(len(one.comparable) for one in works.values())
    found = []
    for (kind, service), work in works.items():
        if work.comparable:
            limit = limits[service] if kind == LONG else None
            found.append(_judged_need(kind, service, limit, work, compared))
    return TrainingNeeds(
        first=first,
        last=last,
        days=len({one.day for one in acts}),
        needs=tuple(sorted(found, key=lambda one: (not one.is_worth_training, -one.found.low))),
        compared=compared,
        few=sum(len(one.people) - len(one.comparable) for one in works.values()),
    )


def _group_sort_key(group: tuple[str, str]) -> tuple[int, str]:
    kind, service = group
    return KINDS.index(kind), service


def _judged_need(
    kind: str, service: str, limit: int | None, work: _GroupWorkTally, compared: int
) -> ServiceTrainingNeed:
    level = 1 - (1 - LEVEL) / compared
    each = {staff: work.compare_with_others((staff,), level) for staff in work.comparable}
    above = tuple(staff for staff, one in each.items() if one.is_surely_above_others)
    whom = above or (max(each, key=lambda staff: each[staff].low),)
    found = each[whom[0]] if len(whom) == 1 else work.compare_with_others(whom, level)
    return ServiceTrainingNeed(
        kind=kind,
        service=service,
        limit=limit,
        staff=whom,
        people=len(work.people),
        found=found,
        verdict=WORTH if above and found.is_surely_above_others else CANNOT_TELL,
        rows=work.compared_rows_showing_need(whom),
        of_each={staff: each[staff].of for staff in whom},
    )


# -- like with like ----------------------------------------------------------------------------------------------------

_Alike = tuple[str, str]


class _GroupWorkTally:
    """The rows of one group, counted by who did them and by service and item."""

    def __init__(self, acts: Sequence[RowCountedForTrainingNeed], limits: Mapping[str, int]) -> None:
        self._acts, self._limits = acts, limits
        of: Counter[tuple[str, _Alike]] = Counter()
        shown: Counter[tuple[str, _Alike]] = Counter()
        for one in acts:
            of[one.staff, (one.service, one.item)] += 1
            shown[one.staff, (one.service, one.item)] += shows_need(one, limits)
        self._cells = {cell: (shown[cell], n) for cell, n in of.items()}
        self.people = sorted({staff for staff, _alike in of})
        self.comparable = [staff for staff in self.people if self._has_enough_rows((staff,))]

    def compared_rows_showing_need(self, staff: Collection[str]) -> tuple[RowCountedForTrainingNeed, ...]:
        """Return the rows that show it, among those that are compared."""
        items, known = self._separately_compared_items(staff), self._counts_of_both_sides(staff)
        return tuple(
            one
            for one in self._acts
            if one.staff in staff
            and shows_need(one, self._limits)
            and _work_comparison_key(items, (one.service, one.item)) in known
        )

    def compare_with_others(self, staff: Collection[str], level: float) -> WorkComparedToOthers:
        """Return what `staff` do beside all the others, where both do enough."""
        both = self._counts_of_both_sides(staff).values()
        n, of, others_n, others_of = (sum(one[i] for one in both) for i in range(4))
        usual = sum(own_of * its_n / its_of for _own_n, own_of, its_n, its_of in both) / of
        alike = 1 / sum((own_of / of) ** 2 / its_of for _own_n, own_of, _its_n, its_of in both)
        own = clopper_pearson_interval(n, of, level)
        theirs = wilson_interval(usual * alike, alike, z=NormalDist().inv_cdf((1 + level) / 2))
        difference = n / of - usual
        return WorkComparedToOthers(
            n=n,
            of=of,
            others=usual,
            others_n=others_n,
            others_of=others_of,
            low=difference - sqrt((n / of - own.low) ** 2 + (theirs.high - usual) ** 2),
            high=difference + sqrt((own.high - n / of) ** 2 + (usual - theirs.low) ** 2),
        )

    def _has_enough_rows(self, staff: Collection[str]) -> bool:
        both = self._counts_of_both_sides(staff).values()
        return sum(one[1] for one in both) >= FEWEST and sum(one[3] for one in both) >= FEWEST

    def _separately_compared_items(self, staff: Collection[str]) -> set[_Alike]:
        """Return the items that are compared by themselves: both do them, the others often enough."""
        others: Counter[_Alike] = Counter()
        for (who, alike), (_n, of) in self._cells.items():
            others[alike] += 0 if who in staff else of
        return {alike for who, alike in self._cells if who in staff and alike[1] and others[alike] >= FEWEST_ALIKE}

    def _counts_of_both_sides(self, staff: Collection[str]) -> dict[_Alike, tuple[int, int, int, int]]:
        """Return the work that both do: own rows that show it, own rows, the others' that show it, theirs."""
        items = self._separately_compared_items(staff)
        found: dict[_Alike, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
        for (who, alike), (n, of) in self._cells.items():
            side = found[_work_comparison_key(items, alike)]
            at = 0 if who in staff else 2
            side[at] += n
            side[at + 1] += of
        return {
            alike: (own_n, own_of, its_n, its_of)
            for alike, (own_n, own_of, its_n, its_of) in found.items()
            if own_of and its_of >= FEWEST_ALIKE
        }


def _work_comparison_key(items: Collection[_Alike], alike: _Alike) -> _Alike:
    """Return of which work alike a row is: of its item where that is compared by itself, else of its service's rest."""
    return alike if alike in items else (alike[0], "")


LESS, MORE, TRAINING_CANNOT_TELL, TOO_FEW = "less", "more", "cannot_tell", "too_few"


class TrainingEffect(Struct, frozen=True, kw_only=True):
    """What a need shows of those who attended: on equal weekdays before and after the training, and over the longer
    `history` before the dates in which the need was seen.

    `low` and `high` bound the share after less that of the history: the dates of the need were chosen because they were
    bad, and after a bad month comes a better one untrained (F. Galton, Regression towards mediocrity, 1886), so that
    the span before is shown and decides nothing. `verdict` is LESS, MORE, CANNOT_TELL, or TOO_FEW under FEWEST rows."""

    before: NumeratorAndDenominator
    after: NumeratorAndDenominator
    history: NumeratorAndDenominator
    days: int
    low: float | None = None
    high: float | None = None
    verdict: str = TOO_FEW


def training_effect(
    before: NumeratorAndDenominator, after: NumeratorAndDenominator, history: NumeratorAndDenominator, *, days: int
) -> TrainingEffect:
    """Return what came of a training; `days` are those compared on either side."""
    if min(after.of, history.of) < FEWEST:
        return TrainingEffect(before=before, after=after, history=history, days=days)
    found = satisfaction_rate_difference((history.n, history.of - history.n), (after.n, after.of - after.n))
    low, high = found.low, found.high
    assert low is not None
    assert high is not None
    verdict = LESS if high < 0 else MORE if low > 0 else TRAINING_CANNOT_TELL
    return TrainingEffect(before=before, after=after, history=history, days=days, low=low, high=high, verdict=verdict)


# -- who was there ----------------------------------------------------------------------------------------------------


class ShiftRecord(Struct, frozen=True, kw_only=True):
    """Somebody's shifts on dates that are over: as many as the roster wanted, how many of them a window was opened on,
    how many were begun in time as the person's sheet counts them, and the minutes that the others were late."""

    planned: int = 0
    opened: int = 0
    kept: int = 0
    late_minutes: int = 0

    @property
    def absent_count(self) -> int:
        return self.planned - self.opened


def shift_records_by_person(shifts: Iterable[RosterShift]) -> dict[str, ShiftRecord]:
    """Return what each person of the roster kept of it, by code."""
    found: dict[str, ShiftRecord] = {}
    for one in shifts:
        so_far = found.get(one.staff, ShiftRecord())
        opened = one.begun is not None
        in_time = one.begun is not None and one.begun <= LATE_MINUTES
        found[one.staff] = ShiftRecord(
            planned=so_far.planned + 1,
            opened=so_far.opened + opened,
            kept=so_far.kept + in_time,
            late_minutes=so_far.late_minutes + (one.begun if one.begun is not None and not in_time else 0),
        )
    return found


class PersonTrainingMonths(Struct, frozen=True, kw_only=True):
    """The `minutes` somebody was trained in each of the months, the `shifts` of the last one (None where the roster
    planned none), and on how many `days` of it that person opened a window."""

    staff: str
    minutes: tuple[int, ...]
    shifts: ShiftRecord | None
    days: int


class TrainingMonths(Struct, frozen=True, kw_only=True):
    """Who was trained how long in the `months`, each by its first date; `target` minutes a month, 0: none.
    `has_roster`: the last month has planned shifts."""

    months: tuple[date, ...]
    target: int
    people: tuple[PersonTrainingMonths, ...]
    has_roster: bool
    own: str = ""


# -- an exact interval -------------------------------------------------------------------------------------------------

_NEGLIGIBLE = 1e-17
_HALVINGS = 60


def clopper_pearson_interval(n: int, of: int, level: float) -> Interval:
    """Return the interval of the share n ÷ of that holds the true share with a chance of `level` or more.

    (C. J. Clopper, E. S. Pearson, The use of confidence or fiducial limits, Biometrika 26, 1934: the shares under which
    n or more, n or fewer, have half of what is left of the level.)

    Raises:
        ValueError: `n` is not within 0..of, `of` is 0, or `level` is not between 0 and 1."""
    if not 0 <= n <= of or of == 0 or not 0 < level < 1:
        raise ValueError(f"{n} of {of} at {level}")
    tail = (1 - level) / 2
    return Interval(_exact_lower_bound(n, of, tail), 1.0 - _exact_lower_bound(of - n, of, tail))


def _exact_lower_bound(n: int, of: int, tail: float) -> float:
    """Return the least share under which `n` or more have a chance of `tail`."""
    if n == 0:
        return 0.0
    low, high = 0.0, n / of
    for _time in range(_HALVINGS):
        middle = (low + high) / 2
        if _chance_of_at_least(n, of, middle) < tail:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def _chance_of_at_least(n: int, of: int, share: float) -> float:
    """Return the chance of `n` or more where each of `of` has `share`, which is not above n ÷ of."""
    if share <= 0:
        return 0.0
    if share >= 1:
        return 1.0
    odds = share / (1 - share)
    one = exp(lgamma(of + 1) - lgamma(n + 1) - lgamma(of - n + 1) + n * log(share) + (of - n) * log(1 - share))
    whole, at = 0.0, n
    while one > whole * _NEGLIGIBLE and at < of:
        whole += one
        one *= (of - at) / (at + 1) * odds
        at += 1
    return whole + one
