"""The hall's targets: from which date each applies, and whether a figure meets it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Any

from msgspec import Struct

from queuedesk.core.figures.satisfaction import Rate
from queuedesk.core.imports import ShareOfPeople

SATISFACTION = "satisfaction"
WITHIN_TARGET, SERVED, FIRST_VISIT = "within_target", "served", "first_visit"
MEAN_WAIT, MEDIAN_WAIT, P90_WAIT = "mean_wait", "median_wait", "p90_wait"
WITHIN_TARGET_AT_LEAST = 0.80
"""The share of customers to be called within the target: the usual 80 %."""
SHARES = (SATISFACTION, WITHIN_TARGET, SERVED, FIRST_VISIT)
"""Measures that are shares of people; targets are minimums."""
WAITS = (MEAN_WAIT, MEDIAN_WAIT, P90_WAIT)
"""Measures in minutes; targets are maximums."""
MEASURES = (*SHARES, *WAITS)
PERCENT = 100
MOST_MINUTES = 480
_OLD_NAMES = {
    "satisfied": SATISFACTION,
    "satisfied customers": SATISFACTION,
    "satisfaction rate": SATISFACTION,
    "满意": SATISFACTION,
    "满意率": SATISFACTION,
    "wait": MEAN_WAIT,
}
"""Clear names of measures in set-ups from when the field was free text."""


class TargetVerdict(StrEnum):
    """Result of comparing a rate with a target."""

    MET = "met"
    NOT_MET = "not_met"
    CANNOT_TELL = "cannot_tell"


class MeasureTarget(Struct, frozen=True):
    """A share to reach at least, or the most minutes that a wait may take, from `since` on (None: always). Raises
    TypeError: `value` is neither a Share nor a plain number of minutes: a score can't be a target of a rate;
    ValueError: the measure is a share and the value is not, or the other way round."""

    measure: str
    value: ShareOfPeople | float
    since: date | None = None

    def __post_init__(self) -> None:
        if not isinstance(self.value, ShareOfPeople) and (
            isinstance(self.value, bool) or not isinstance(self.value, (int, float))
        ):
            raise TypeError(f"{self.value!r} is neither a share nor minutes")
        if isinstance(self.value, ShareOfPeople) != (self.measure in SHARES):
            raise ValueError(f"{self.value!r} is no figure of {self.measure}")

    @property
    def figure(self) -> float:
        """The value as a plain number: a share in 0..1, or minutes."""
        return self.value.value if isinstance(self.value, ShareOfPeople) else self.value


Row = Mapping[str, Any]
"""A row of the set-up's targets: {"measure", "value", "from"}."""


def measure_from_text(text: object) -> str | None:
    """Return the measure that a set-up row names, None if unknown: such a row is kept but has no effect."""
    plain = str(text).strip().lower()
    return plain if plain in MEASURES else _OLD_NAMES.get(plain)


def target_from_setup_row(row: Row) -> MeasureTarget | None:
    """Return a row's target, None where its measure is unknown or its value does not fit the measure. A share above 1
    is in percent: 95 and 0.95 are the same."""
    measure = measure_from_text(row.get("measure"))
    if measure is None:
        return None
    since = date.fromisoformat(str(row["from"])) if row.get("from") else None
    # A decimal text is divided as what it says: 98.3 / 100 would be no nearest figure of 0.983.
    figure = Fraction(str(row["value"]))
    if measure in WAITS:
        return MeasureTarget(measure, float(figure), since) if 0 < figure <= MOST_MINUTES else None
    if not 0 <= figure <= PERCENT:
        return None
    return MeasureTarget(measure, ShareOfPeople(float(figure / PERCENT if figure > 1 else figure)), since)


def target_in_force(rows: Iterable[Row], now: Iterable[Row], measure: str, day: date) -> MeasureTarget | None:
    """Return the target of `measure` in force on `day`: by the set-up's `rows` at the end of that day, and by its rows
    `now`. The one that began last applies, of several on one day the last in the list. A target entered later with an
    earlier date applies from that date on. A target changed or removed since still applies to its time: only a dated
    one of `now` that began as late or later replaces it, and one without a date only where there was none."""
    dated = _latest_target(
        [
            *_targets_of_measure_in_force(rows, measure, day),
            *(target for target in _targets_of_measure_in_force(now, measure, day) if target.since),
        ]
    )
    return dated or _latest_target(_targets_of_measure_in_force(now, measure, day))


def _targets_of_measure_in_force(rows: Iterable[Row], measure: str, day: date) -> Iterator[MeasureTarget]:
    for row in rows:
        target = target_from_setup_row(row) if measure_from_text(row.get("measure")) == measure else None
        if target is not None and (target.since is None or target.since <= day):
            yield target


def _latest_target(targets: Iterable[MeasureTarget]) -> MeasureTarget | None:
    latest: MeasureTarget | None = None
    for target in targets:
        if latest is None or latest.since is None or (target.since is not None and target.since >= latest.since):
            latest = target
    return latest


def compare_rate_with_target(found: Rate, target: ShareOfPeople) -> TargetVerdict:
    """Return MET or NOT_MET where the whole interval is on one side of the target, else CANNOT_TELL. Raises TypeError:
    `target` is no Share."""
    if not isinstance(target, ShareOfPeople):
        raise TypeError(f"{target!r} is no share")
    if found.low is None or found.high is None:
        return TargetVerdict.CANNOT_TELL
    if found.low >= target.value:
        return TargetVerdict.MET
    return TargetVerdict.NOT_MET if found.high < target.value else TargetVerdict.CANNOT_TELL


def verdict_of_population_share(n: int, of: int, target: ShareOfPeople) -> TargetVerdict | None:
    """Compare a share of all people with the target: it is no sample, so there is no interval. None where `of` is 0.
    Raises TypeError: `target` is no Share."""
    if not isinstance(target, ShareOfPeople):
        raise TypeError(f"{target!r} is no share")
    if of == 0:
        return None
    return TargetVerdict.MET if n / of >= target.value else TargetVerdict.NOT_MET


def verdict_of_minutes(minutes: float | None, at_most: float) -> TargetVerdict | None:
    """Compare a wait, rounded to the two printed decimals, with the target. None without a wait."""
    if minutes is None:
        return None
    return TargetVerdict.MET if minutes <= at_most else TargetVerdict.NOT_MET


def in_time_goal_and_if_all_dates(figures: Mapping[str, Any], usual: float) -> tuple[float, bool]:
    """Return the target share called in time on the last date of a document (`usual` if none), and whether it applied
    to all its dates."""
    rows = [row for row in figures["targets"] if row["measure"] == WITHIN_TARGET]
    last = [row for row in rows if row["first"] <= figures["to"] <= row["last"]]
    is_whole = all((row["first"], row["last"]) == (figures["from"], figures["to"]) for row in rows)
    return (float(last[-1]["value"]) if last else usual), is_whole


def is_target_missed(figures: Mapping[str, Any], measure: str) -> bool:
    """Whether a measure's target on a document's last date has the verdict NOT_MET, which chance does not explain."""
    rows = (row for row in figures["targets"] if row["measure"] == measure and row["verdict"] == TargetVerdict.NOT_MET)
    return any(row["first"] <= figures["to"] <= row["last"] for row in rows)


LEFT_AT_LEAST, LEFT_AT_MOST = 5, 0.05
"""Fewer unserved people, or a smaller share of the tickets, are not mentioned."""


def unserved_count_if_noteworthy(figures: Mapping[str, Any]) -> int:
    """Return how many left without being served; 0 below LEFT_AT_LEAST or LEFT_AT_MOST."""
    left, issued = figures["left"], figures["issued"] - figures["void"]
    return left if left >= LEFT_AT_LEAST and left > LEFT_AT_MOST * issued else 0
