"""Trials of words judged by how many went to the wrong window, and the tickets behind each count.

- Counted for a key are tickets taken at a kiosk by it, for a notice all tickets of its services, void ones left out;
  wrong are those sent on to another line.
- A date counts only if the set-up had the old words from its beginning to its end, so that it showed what it was to.
- The day is the unit: what a day has in common (a queue of tourists, a stand-in at the door) moves all its tickets. The
  counts of both wordings are divided by the design effect, the variance of the rates between days ÷ that of single
  tickets, at least 1 (J. N. K. Rao, A. J. Scott, A simple method for the analysis of clustered binary data, Biometrics
  48, 1992), taken over both together; then the difference has Newcombe's interval (Statistics in Medicine 17, 1998,
  method 10) with Student's t of the days less two in place of the normal quantile, since the days are few.
- Before its planned end a trial says nothing of the difference: who may look every day and end it when it pleases finds
  one in up to 16 of 100 trials of the same words, not in 5. One that was ended before is never judged.
- Under FEWEST tickets or FEWEST_DAYS days of either wording nothing is said."""

from __future__ import annotations

import datetime as clock
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from enum import StrEnum
from math import sqrt
from typing import NamedTuple

from msgspec import Struct

from queuedesk.core.figures import comparing, drilldown_rows, satisfaction
from queuedesk.core.figures.measures.figures import KIOSK
from queuedesk.core.figures.measures.rows import TicketRow
from queuedesk.core.improvement.project import NEW, OLD, WordingTrial, old_or_new_wording_on

FEWEST = satisfaction.FEWEST_RANKED
FEWEST_DAYS = 4

# -- judging -----------------------------------------------------------------------------------------------------------


class WrongTicketCount(NamedTuple):
    """One date: of `of` tickets that count `wrong` were sent on."""

    day: clock.date
    which: str
    wrong: int
    of: int


class WordingVerdict(StrEnum):
    """What can be said of the new words: fewer or more went wrong, or neither is certain, or too few came; EARLY: the
    planned end was not reached."""

    BETTER = "better"
    WORSE = "worse"
    CANNOT_TELL = "cannot_tell"
    TOO_FEW = "too_few"
    EARLY = "early"


class WrongTicketCountsOfWording(Struct, frozen=True, kw_only=True):
    """The counts of one wording over its `days`; `rate` is a share in 0..1, None without a ticket."""

    days: int
    wrong: int
    of: int

    @property
    def rate(self) -> float | None:
        return self.wrong / self.of if self.of else None


class TrialResult(Struct, frozen=True, kw_only=True):
    """The new words' rate less the old ones' with its 95 % interval, in shares; None where too few came or it is EARLY:
    before `until`, or ended before it, where that is None. `effect` is the design effect."""

    old: WrongTicketCountsOfWording
    new: WrongTicketCountsOfWording
    difference: float | None = None
    low: float | None = None
    high: float | None = None
    effect: float | None = None
    verdict: WordingVerdict = WordingVerdict.TOO_FEW
    until: clock.date | None = None


class TrialData(NamedTuple):
    """A trial with what it says. `dates` are those that are over and count, `left_out` those on which the hall's set-up
    did not have the old words throughout; `stands` says whether it has them now."""

    trial: WordingTrial
    found: TrialResult
    dates: list[WrongTicketCount]
    left_out: list[clock.date]
    stands: bool


def trial_result_as_of_today(trial: WordingTrial, days: Iterable[WrongTicketCount], today: clock.date) -> TrialResult:
    """Return what a trial says: the counts alone until all its planned dates are over."""
    found = trial_result(days)
    was_stopped = trial.ended is not None and trial.ended <= trial.last_date
    if today > trial.last_date and not was_stopped:
        return found
    return TrialResult(
        old=found.old, new=found.new, verdict=WordingVerdict.EARLY, until=None if was_stopped else trial.last_date
    )


def trial_result(days: Iterable[WrongTicketCount]) -> TrialResult:
    """Return what all dates of a trial say; dates without a ticket that counts are left out."""
    known = [one for one in days if one.of]
    own = {which: [one for one in known if one.which == which] for which in (OLD, NEW)}
    old, new = (_summed_wrong_ticket_counts(own[which]) for which in (OLD, NEW))
    if min(old.of, new.of) < FEWEST or min(old.days, new.days) < FEWEST_DAYS or old.rate is None or new.rate is None:
        return TrialResult(old=old, new=new)
    effect = _design_effect(own[OLD], own[NEW])
    t = satisfaction.student_t_95(old.days + new.days - 2)
    first, second = (satisfaction.wilson_interval(one.wrong / effect, one.of / effect, z=t) for one in (old, new))
    found = new.rate - old.rate
    low = found - sqrt((new.rate - second.low) ** 2 + (first.high - old.rate) ** 2)
    high = found + sqrt((second.high - new.rate) ** 2 + (old.rate - first.low) ** 2)
    verdict = WordingVerdict.BETTER if high < 0 else WordingVerdict.WORSE if low > 0 else WordingVerdict.CANNOT_TELL
    return TrialResult(old=old, new=new, difference=found, low=low, high=high, effect=effect, verdict=verdict)


def _summed_wrong_ticket_counts(days: Sequence[WrongTicketCount]) -> WrongTicketCountsOfWording:
    return WrongTicketCountsOfWording(
        days=len(days), wrong=sum(one.wrong for one in days), of=sum(one.of for one in days)
    )


def _design_effect(*sides: Sequence[WrongTicketCount]) -> float:
    """Return the variance of both rates between days ÷ that which single tickets alone would give them, at least 1."""
    between = alone = 0.0
    for days in sides:
        n, k = sum(one.of for one in days), len(days)
        rate = sum(one.wrong for one in days) / n
        between += k / (k - 1) * sum((one.wrong - rate * one.of) ** 2 for one in days) / n**2
        alone += rate * (1 - rate) / n
    return max(1.0, between / alone) if alone else 1.0


# -- what is counted, and the rows behind it ---------------------------------------------------------------------------
# "wording.A.2026-11-02.new.wrong" are the tickets of the key A sent on, on the dates with the new words of a trial that
# began then; ".of" all of them. Of a notice it is "wording.notice.A,C.2026-11-02.new.wrong", with "-" for all services.

_NOTICE = "notice"
_Taken = list[tuple[str, bool]]


def trial_counts_of_day(trial: WordingTrial, day: drilldown_rows.DrilldownDay) -> WrongTicketCount:
    """Return the counts of one of a trial's dates."""
    taken = (
        _tickets_of_services_with_wrong_flag(day, trial.services)
        if trial.is_notice_trial
        else _kiosk_key_tickets(day, trial.service)
    )
    return WrongTicketCount(day.day, trial.wording_on(day.day), sum(wrong for _label, wrong in taken), len(taken))


def _kiosk_key_tickets(day: drilldown_rows.DrilldownDay, service: str) -> _Taken:
    asked_for = day.rows.service_item_by_ticket
    return _tickets_with_wrong_flag(day, lambda one: KIOSK in one.flags and asked_for[one.label] == (service, None))


def _tickets_of_services_with_wrong_flag(day: drilldown_rows.DrilldownDay, services: Collection[str]) -> _Taken:
    first = day.rows.first_leg_by_ticket
    return _tickets_with_wrong_flag(day, lambda one: not services or first[one.label].service in services)


def _tickets_with_wrong_flag(day: drilldown_rows.DrilldownDay, counts: Callable[[TicketRow], bool]) -> _Taken:
    first = day.rows.first_leg_by_ticket
    return [
        (one.label, first[one.label].end == "redirect")
        for one in day.rows.tickets
        if one.state != "void" and counts(one)
    ]


def wording_figure_path(trial: WordingTrial, which: str, what: str) -> str:
    """Return the path of the "wrong" or the "of" of one wording."""
    about = (_NOTICE, ",".join(trial.services) or comparing.NOTHING) if trial.is_notice_trial else (trial.service,)
    return comparing.joined_figure_path("wording", *about, trial.first.isoformat(), which, what)


def wording_row_query(parts: comparing.Parts) -> drilldown_rows.RowQuery | None:
    """Return what finds the tickets behind such a path; None where it names what there is not."""
    *about, began, which, what = parts if len(parts) > 3 else ("", "", "", "")
    is_notice_trial = len(about) == 2 and about[0] == _NOTICE
    if which not in (OLD, NEW) or what not in ("wrong", "of") or not (is_notice_trial or len(about) == 1):
        return None
    services = () if about[-1] == comparing.NOTHING else about[-1].split(",")
    try:
        first = clock.date.fromisoformat(began)
    except ValueError:
        return None

    def find_rows(day: drilldown_rows.DrilldownDay) -> Iterator[drilldown_rows.FigureRow]:
        if old_or_new_wording_on(first, day.day) == which:
            taken = (
                _tickets_of_services_with_wrong_flag(day, services)
                if is_notice_trial
                else _kiosk_key_tickets(day, about[0])
            )
            yield from (drilldown_rows.FigureRow(label) for label, wrong in taken if wrong or what == "of")

    return drilldown_rows.RowQuery(find_rows, frozenset({drilldown_rows.WHOLE}))
