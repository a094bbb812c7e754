"""The hall's targets: from which date each applies, and whether a figure meets it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Any

from msgspec import Struct

from queuedesk.core.figures.satisfaction import Rate
from queuedesk.core.imports.scales import Share

SATISFACTION = "satisfaction"
WITHIN_TARGET, SERVED, FIRST_VISIT = "within_target", "served", "first_visit"
MEAN_WAIT, MEDIAN_WAIT, P90_WAIT = "mean_wait", "median_wait", "p90_wait"
WITHIN_TARGET_AT_LEAST = 0.80
"""The share of customers to be called within the target: the usual 80 %."""
SHARES = (SATISFACTION, WITHIN_TARGET, SERVED, FIRST_VISIT)
"""Measures that are a share of people, to be reached at least."""
WAITS = (MEAN_WAIT, MEDIAN_WAIT, P90_WAIT)
"""Measures in minutes, to be kept at most."""
MEASURES = (*SHARES, *WAITS)
PERCENT = 100
MOST_MINUTES = 480
_OLD_WORDS = {
    "satisfied": SATISFACTION,
    "satisfied customers": SATISFACTION,
    "satisfaction rate": SATISFACTION,
    "满意": SATISFACTION,
    "满意率": SATISFACTION,
    "wait": MEAN_WAIT,
}
"""What people typed for a measure when any text was taken, as far as its meaning is plain."""


class Verdict(StrEnum):
    """What a rate says of a target."""

    MET = "met"
    NOT_MET = "not_met"
    CANNOT_TELL = "cannot_tell"


class Target(Struct, frozen=True):
    """What a share is to reach at least, or how many minutes a wait may be at most, from `since` on (None: always).

    Raises:
        TypeError: `value` is neither a Share nor a plain number of minutes: a score can't be a target of a rate.
        ValueError: the measure is a share and the value none, or the other way round.
    """

    measure: str
    value: Share | float
    since: date | None = None

    def __post_init__(self) -> None:
        if not isinstance(self.value, Share) and (
            isinstance(self.value, bool) or not isinstance(self.value, (int, float))
        ):
            raise TypeError(f"{self.value!r} is neither a share nor minutes")
        if isinstance(self.value, Share) != (self.measure in SHARES):
            raise ValueError(f"{self.value!r} is no figure of {self.measure}")

    @property
    def figure(self) -> float:
        """The value as a plain number: a share in 0..1, or minutes."""
        return self.value.value if isinstance(self.value, Share) else self.value


Row = Mapping[str, Any]
"""A row of the set-up's targets: {"measure", "value", "from"}."""


def measure_of(text: object) -> str | None:
    """Return the measure of a set-up's row, None for an unknown one: such a row is kept and judges nothing."""
    plain = str(text).strip().lower()
    return plain if plain in MEASURES else _OLD_WORDS.get(plain)


def target_of(row: Row) -> Target | None:
    """Return a row as a target, None where its measure is unknown or its figure does not fit the measure. The figure of
    a share above 1 is in percent: 95 and 0.95 are the same."""
    measure = measure_of(row.get("measure"))
    if measure is None:
        return None
    since = date.fromisoformat(str(row["from"])) if row.get("from") else None
    # A decimal text is divided as what it says: 98.3 / 100 would be no nearest figure of 0.983.
    figure = Fraction(str(row["value"]))
    if measure in WAITS:
        return Target(measure, float(figure), since) if 0 < figure <= MOST_MINUTES else None
    if not 0 <= figure <= PERCENT:
        return None
    return Target(measure, Share(float(figure / PERCENT if figure > 1 else figure)), since)


def stood(rows: Iterable[Row], now: Iterable[Row], measure: str, day: date) -> Target | None:
    """Return the target of `measure` that stood on `day`: by the set-up's `rows` at the end of that day, and by those
    of `now`.

    Of several that had begun it is the one that began last, of those of one day the one that stands last. A target that
    is typed in later with an earlier date holds from that date on. One that was changed or taken away since still stood
    while it stood: only a dated one of `now` that began as late or later takes its place, and one without a date only
    where there was none.
    """
    found = _latest([*_begun(rows, measure, day), *(target for target in _begun(now, measure, day) if target.since)])
    return found or _latest(_begun(now, measure, day))


def _begun(rows: Iterable[Row], measure: str, day: date) -> Iterator[Target]:
    for row in rows:
        target = target_of(row) if measure_of(row.get("measure")) == measure else None
        if target is not None and (target.since is None or target.since <= day):
            yield target


def _latest(targets: Iterable[Target]) -> Target | None:
    found: Target | None = None
    for target in targets:
        if found is None or found.since is None or (target.since is not None and target.since >= found.since):
            found = target
    return found


def verdict(found: Rate, target: Share) -> Verdict:
    """Return whether the whole interval meets the target, misses it, or spans it, so that nobody can tell.

    Raises:
        TypeError: `target` is no Share.
    """
    if not isinstance(target, Share):
        raise TypeError(f"{target!r} is no share")
    if found.low is None or found.high is None:
        return Verdict.CANNOT_TELL
    if found.low >= target.value:
        return Verdict.MET
    return Verdict.NOT_MET if found.high < target.value else Verdict.CANNOT_TELL


def verdict_of_all(n: int, of: int, target: Share) -> Verdict | None:
    """Return whether a share of everybody meets the target: it is no sample, so the figure itself decides. None without
    anybody.

    Raises:
        TypeError: `target` is no Share.
    """
    if not isinstance(target, Share):
        raise TypeError(f"{target!r} is no share")
    if of == 0:
        return None
    return Verdict.MET if n / of >= target.value else Verdict.NOT_MET


def verdict_of_minutes(minutes: float | None, at_most: float) -> Verdict | None:
    """Return whether a wait meets the target, rounded to the two decimals that are printed. None without a wait."""
    if minutes is None:
        return None
    return Verdict.MET if minutes <= at_most else Verdict.NOT_MET


def goal_in_time(figures: Mapping[str, Any], usual: float) -> tuple[float, bool]:
    """Return the share to be called in time on the last date of a document of figures, `usual` without a target, and
    whether the same one stood on all its dates."""
    rows = [row for row in figures["targets"] if row["measure"] == WITHIN_TARGET]
    last = [row for row in rows if row["first"] <= figures["to"] <= row["last"]]
    is_whole = all((row["first"], row["last"]) == (figures["from"], figures["to"]) for row in rows)
    return (float(last[-1]["value"]) if last else usual), is_whole


def is_missed(figures: Mapping[str, Any], measure: str) -> bool:
    """Return whether the target of a measure on the last date of a document of figures was certainly missed: of a
    share that only those who answered give, chance alone does not explain it."""
    rows = (row for row in figures["targets"] if row["measure"] == measure and row["verdict"] == Verdict.NOT_MET)
    return any(row["first"] <= figures["to"] <= row["last"] for row in rows)


LEFT_AT_LEAST, LEFT_AT_MOST = 5, 0.05
"""So many have to have left unserved, and more than this share of the tickets, to be worth a word."""


def left_of(figures: Mapping[str, Any]) -> int:
    """Return how many left without being served, 0 where they are too few for a word."""
    left, issued = figures["left"], figures["issued"] - figures["void"]
    return left if left >= LEFT_AT_LEAST and left > LEFT_AT_MOST * issued else 0
