"""The meeting pack of a month or a quarter: what there is to decide, and what follows.

What to decide follows from the figures alone, at most MOST points, the gravest first: a target that was certainly
missed, too many who left unserved, too few called in time, cases past their last day, findings past theirs, a project's
effect that fades, a share that is certainly worse than in the period before on equal weekdays. What chance may have
made is no point."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from msgspec import Struct, field

from queuedesk.core.figures import targets
from queuedesk.core.figures.comparing import FigureDifference, ShareChangeVerdict
from queuedesk.core.figures.measures.figure import MORE
from queuedesk.core.figures.measures.figures import SHARES
from queuedesk.core.figures.satisfaction import FEWEST_RANKED
from queuedesk.core.quality.figures import CaseRowForFigures, RectificationFigureRow

MOST = 3
"""How many points a meeting is given to decide."""
MONTHS = 6
TARGET, LEFT, LONG, CASES, FIXES, FADED, WORSE = "target", "left", "long", "cases", "fixes", "faded", "worse"
WATCHED = {"ratings.rate": ShareChangeVerdict.LOWER} | {
    figure.rate_path: ShareChangeVerdict.LOWER if figure.better == MORE else ShareChangeVerdict.HIGHER
    for figure in SHARES
    if figure.headline
}
"""Shares of which a certain change is worth a point, each with the change that is for the worse."""
_TARGET_PATHS = {
    "satisfaction": "ratings.rate",
    "within_target": "wait.within_target",
    "served": "measures.served.rate",
    "first_visit": "measures.first_visit.rate",
    "mean_wait": "wait.mean",
    "median_wait": "wait.median",
    "p90_wait": "wait.p90",
}


class DecisionPoint(Struct, frozen=True):
    """One thing to decide: what it is about, the path of the figure that says so, and what its sentence tells."""

    code: str
    path: str
    told: Mapping[str, Any] = field(default_factory=dict)


def decision_points(
    figures: Mapping[str, Any],
    cases: Sequence[CaseRowForFigures],
    fixes: Sequence[RectificationFigureRow],
    changes: Sequence[FigureDifference],
    fading: Sequence[Mapping[str, Any]] = (),
) -> list[DecisionPoint]:
    """Return what there is to decide; `changes` are the differences from the period before on equal weekdays, `fading`
    the effects of projects that fade."""
    missed = [row for row in figures["targets"] if row["verdict"] == targets.TargetVerdict.NOT_MET]
    found = [DecisionPoint(TARGET, _TARGET_PATHS[row["measure"]], row) for row in missed]
    if targets.unserved_count_if_noteworthy(figures) and not any(row["measure"] == targets.SERVED for row in missed):
        found.append(DecisionPoint(LEFT, "left"))
    found += _long_waits_point(figures)
    late = [one for one in cases if one.overdue]
    if late:
        found.append(DecisionPoint(CASES, "cases.overdue", _overdue_cases_summary(late)))
    overdue = [one for one in fixes if one.overdue]
    if overdue:
        oldest = min(one.due for one in overdue if one.due is not None)
        found.append(DecisionPoint(FIXES, "rectifications.overdue", {"n": len(overdue), "oldest": oldest}))
    found += [DecisionPoint(FADED, one["figure"], one) for one in fading]
    told = {point.path for point in found}
    for one in changes:
        if WATCHED.get(one.path) == one.verdict and _have_both_enough_cases(one) and one.path not in told:
            found.append(DecisionPoint(WORSE, one.path, {"change": one}))
    return found[:MOST]


def _long_waits_point(figures: Mapping[str, Any]) -> list[DecisionPoint]:
    """Return that too few were called within the hall's own limit of minutes, where no target of its own judges that.

    Every call counts, so nothing is left to chance; a mean wait that missed its target has already said it."""
    wait = figures.get("wait")
    judged = {row["measure"] for row in figures["targets"] if row["verdict"] == targets.TargetVerdict.NOT_MET}
    has_goal = any(row["measure"] == targets.WITHIN_TARGET for row in figures["targets"])
    if (
        wait is None
        or wait["within_target"] is None
        or wait["n"] < FEWEST_RANKED
        or has_goal
        or targets.MEAN_WAIT in judged
    ):
        return []
    goal, _is_whole = targets.in_time_goal_and_if_all_dates(figures, targets.WITHIN_TARGET_AT_LEAST)
    if wait["within_target"] >= goal:
        return []
    told = {name: wait[name] for name in ("within_target", "target_minutes", "mean", "n")}
    return [DecisionPoint(LONG, "wait.within_target", told | {"goal": goal})]


def _have_both_enough_cases(one: FigureDifference) -> bool:
    return all(part is not None and part.of >= FEWEST_RANKED for part in (one.ours_of, one.theirs_of))


def _overdue_cases_summary(late: Sequence[CaseRowForFigures]) -> dict[str, Any]:
    """Return how many are overdue, the department that has most of them, and the oldest last day."""
    counts: dict[str | None, int] = {}
    for one in late:
        counts[one.department] = counts.get(one.department, 0) + 1
    department, most = max(counts.items(), key=lambda row: (row[1], row[0] is not None))
    oldest = min(one.due for one in late if one.due is not None)
    return {"n": len(late), "oldest": oldest, "department": department, "most": most}


class DueItem(Struct, frozen=True):
    """What has to be done by the end of a day: the next step of a case (its number), or a finding."""

    due: date
    key: str
    klass: str = ""
    department: str | None = None
    is_late: bool = False


def due_items_sorted_by_date(
    cases: Sequence[CaseRowForFigures], fixes: Sequence[RectificationFigureRow]
) -> list[DueItem]:
    """Return what follows, by its last day: the open cases, and the findings that nobody has put right yet."""
    found = [
        DueItem(one.due, one.number, one.klass, one.department, one.overdue)
        for one in cases
        if one.open and one.due is not None
    ]
    found += [DueItem(one.due, str(one.seq), is_late=one.overdue) for one in fixes if one.open and one.due is not None]
    return sorted(found, key=lambda one: (one.due, not one.klass, one.key))
