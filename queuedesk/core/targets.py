"""What the hall has promised, from which day on, and whether a rate keeps it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from queuedesk.core.satisfaction import Rate
from queuedesk.core.scales import Share

SATISFACTION = "satisfaction"
PERCENT = 100


class Verdict(StrEnum):
    """What a rate says of a target."""

    MET = "met"
    NOT_MET = "not_met"
    CANNOT_TELL = "cannot_tell"


@dataclass(frozen=True, slots=True)
class Target:
    """What a share is to reach at least, from `since` on (None: always).

    Raises:
        TypeError: `value` is no Share: a score can't be a target of a rate.
    """

    measure: str
    value: Share
    since: date | None = None

    def __post_init__(self) -> None:
        if not isinstance(self.value, Share):
            raise TypeError(f"{self.value!r} is no share")


def share_target(rows: Iterable[Mapping[str, Any]], measure: str, day: date) -> Target | None:
    """Return the target of `measure` that stood on `day`, of the set-up's rows {"measure", "value", "from"}; None without one.

    Of several that had begun it is the one that began last, of those of one day the one that stands last. A figure above 1 is in
    percent; one that is neither a share nor a percentage is no target of a rate and is passed over.
    """
    found: Target | None = None
    for row in rows:
        since = date.fromisoformat(str(row["from"])) if row.get("from") else None
        figure = float(row["value"])
        if str(row["measure"]).strip().lower() != measure or not 0 <= figure <= PERCENT or (since and since > day):
            continue
        if found is None or found.since is None or (since is not None and since >= found.since):
            found = Target(measure, Share(figure / PERCENT if figure > 1 else figure), since)
    return found


def verdict(found: Rate, target: Share) -> Verdict:
    """Return whether the whole interval keeps the target, misses it, or spans it, so that nobody can tell.

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
