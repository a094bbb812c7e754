"""Trials of words judged by how many went to the wrong counter, and the tickets behind each count.

- Counted are tickets taken at a kiosk by that key, void ones left out; wrong are those sent on to another line.
- The day is the unit: what a day has in common (a queue of tourists, a stand-in at the door) moves all its tickets. The
  counts of both names are divided by the design effect, the variance of the rates between days ÷ that of single
  tickets, at least 1 (J. N. K. Rao, A. J. Scott, A simple method for the analysis of clustered binary data, Biometrics
  48, 1992), taken over both together; then the difference has Newcombe's interval (Statistics in Medicine 17, 1998,
  method 10) with Student's t of the days less two in place of the normal quantile, since the days are few.
- Under FEWEST tickets or FEWEST_DAYS days of either name nothing is said.
"""

from __future__ import annotations

import datetime as clock
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import sqrt
from typing import NamedTuple

from queuedesk.core.figures.drilldown.rows import WHOLE, DayBehind, Found, Query
from queuedesk.core.figures.figure_path import Parts, path_of
from queuedesk.core.figures.mean_interval import t_quantile
from queuedesk.core.figures.measures.figures import KIOSK
from queuedesk.core.figures.satisfaction import FEWEST_RANKED, wilson_interval
from queuedesk.core.improvement.wording import NEW, OLD, WordTrial

FEWEST = FEWEST_RANKED
FEWEST_DAYS = 4

# -- judging -----------------------------------------------------------------------------------------------------------


class Told(NamedTuple):
    """One date: of `of` tickets taken by the key `wrong` were sent on."""

    day: clock.date
    which: str
    wrong: int
    of: int


class Verdict(StrEnum):
    """What can be said of the new name: fewer or more went wrong, or neither is certain, or it is too early."""

    BETTER = "better"
    WORSE = "worse"
    CANNOT_TELL = "cannot_tell"
    TOO_FEW = "too_few"


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """The counts of one name over its `days`; `rate` is a share in 0..1, None without a ticket."""

    days: int
    wrong: int
    of: int

    @property
    def rate(self) -> float | None:
        return self.wrong / self.of if self.of else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """The new name's rate less the old one's with its 95 % interval, in shares; None where too few came. `effect` is
    the design effect."""

    old: Side
    new: Side
    difference: float | None = None
    low: float | None = None
    high: float | None = None
    effect: float | None = None
    verdict: Verdict = Verdict.TOO_FEW


def judged(days: Iterable[Told]) -> Judged:
    """Return what the dates of a trial say; dates on which nobody took a ticket by the key are left out."""
    known = [one for one in days if one.of]
    own = {which: [one for one in known if one.which == which] for which in (OLD, NEW)}
    old, new = (_side(own[which]) for which in (OLD, NEW))
    if min(old.of, new.of) < FEWEST or min(old.days, new.days) < FEWEST_DAYS or old.rate is None or new.rate is None:
        return Judged(old=old, new=new)
    effect = _design_effect(own[OLD], own[NEW])
    t = t_quantile(old.days + new.days - 2)
    first, second = (wilson_interval(one.wrong / effect, one.of / effect, z=t) for one in (old, new))
    found = new.rate - old.rate
    low = found - sqrt((new.rate - second.low) ** 2 + (first.high - old.rate) ** 2)
    high = found + sqrt((second.high - new.rate) ** 2 + (old.rate - first.low) ** 2)
    verdict = Verdict.BETTER if high < 0 else Verdict.WORSE if low > 0 else Verdict.CANNOT_TELL
    return Judged(old=old, new=new, difference=found, low=low, high=high, effect=effect, verdict=verdict)


def _side(days: Sequence[Told]) -> Side:
    return Side(days=len(days), wrong=sum(one.wrong for one in days), of=sum(one.of for one in days))


def _design_effect(*sides: Sequence[Told]) -> float:
    """Return the variance of both rates between days ÷ that which single tickets alone would give them, at least 1."""
    between = alone = 0.0
    for days in sides:
        n, k = sum(one.of for one in days), len(days)
        rate = sum(one.wrong for one in days) / n
        between += k / (k - 1) * sum((one.wrong - rate * one.of) ** 2 for one in days) / n**2
        alone += rate * (1 - rate) / n
    return max(1.0, between / alone) if alone else 1.0


# -- what is counted, and the rows behind it ---------------------------------------------------------------------------
# "wording.A.2026-11-02.new.wrong" are the tickets of the key A sent on, on the dates with the new name of a trial that
# began then; ".of" all of them.


def told(trial: WordTrial, day: DayBehind) -> Told:
    """Return the counts of one of a trial's dates."""
    taken = _taken(day, trial.service)
    return Told(day.day, trial.which(day.day), sum(wrong for _label, wrong in taken), len(taken))


def _taken(day: DayBehind, service: str) -> list[tuple[str, bool]]:
    rows = day.rows
    return [
        (one.label, rows.first_legs[one.label].end == "redirect")
        for one in rows.tickets
        if one.state != "void" and KIOSK in one.flags and rows.asked_for[one.label] == (service, None)
    ]


def path(trial: WordTrial, which: str, what: str) -> str:
    """Return the path of the "wrong" or the "of" of one name."""
    return path_of("wording", trial.service, trial.first.isoformat(), which, what)


def query(parts: Parts) -> Query | None:
    """Return what finds the tickets behind such a path; None where it names what there is not."""
    if len(parts) != 4 or parts[2] not in (OLD, NEW) or parts[3] not in ("wrong", "of"):
        return None
    service, began, which, what = parts
    try:
        first = clock.date.fromisoformat(began)
    except ValueError:
        return None

    def find(day: DayBehind) -> Iterator[Found]:
        if (NEW if (day.day - first).days % 2 else OLD) == which:
            yield from (Found(label) for label, wrong in _taken(day, service) if wrong or what == "of")

    return Query(find, frozenset({WHOLE}))
