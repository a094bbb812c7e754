"""The handling and the satisfaction of a person's sheet, worked out a second time from the story of the log: like held
against like, each step in exactly one group.

Where the definitions leave room: a step has its ticket's item if that is one of the step's own service; the rest of a
service, too, is compared only where the others have enough of it. A
step that was sent on by transfer was not finished, so it is in nobody's handling."""

from collections import Counter, defaultdict
from fractions import Fraction
from typing import Any

from tests.reports.from_log.exact import minutes, wilson
from tests.reports.from_log.figures import Day
from tests.reports.from_log.story import Story
from tests.reports.from_log.visits import Step, Visit

Group = tuple[str, str | None]
ENOUGH = 5


class Month:
    """What the people of a hall did in a month."""

    def __init__(self, story: Story, month: str) -> None:
        dates = sorted({visit.date for visit in story.visits.values() if visit.date.startswith(month)})
        days = [Day(story, date) for date in dates]
        self.items = {row["code"]: {one["code"] for one in row.get("items", [])} for row in story.setup["services"]}
        self.handled = [pair for day in days for pair in day.handled() if pair[1].end == "finish"]
        self.rated = [v for day in days for v in day.visits if v.level is not None and not v.is_excluded]

    def kind(self, visit: Visit, step: Step) -> Group:
        """Return service and item of a step."""
        known = visit.item in self.items[step.service]
        return step.service, visit.item if known else None

    def grouped(self, kinds: list[Group], others: list[Group]) -> list[Group]:
        """Return the group of each: its item where the others have enough of it, else the rest of its service."""
        often = Counter(others)
        return [kind if kind[1] and often[kind] >= ENOUGH else (kind[0], None) for kind in kinds]

    def handling(self, person: str) -> dict[str, Any]:
        own = [pair for pair in self.handled if pair[1].staff == person]
        others = [pair for pair in self.handled if pair[1].staff != person]
        theirs = [self.kind(*pair) for pair in others]
        spent: dict[Group, list[Fraction]] = defaultdict(list)
        for group, (_, step) in zip(self.grouped(theirs, theirs), others, strict=True):
            spent[group].append(minutes(step.handling or 0))
        groups = self.grouped([self.kind(*pair) for pair in own], theirs)
        held = [(group, pair) for group, pair in zip(groups, own, strict=True) if len(spent[group]) >= ENOUGH]
        needed = sum((sum(spent[group]) / len(spent[group]) for group, _ in held), Fraction(0))
        took = sum((minutes(step.handling or 0) for _, (_, step) in held), Fraction(0))
        return {
            "n": len(held),
            "of": len(own),
            "value": took / needed if needed else None,
            "hall_n": sum(len(spent[group]) for group in {group for group, _ in held}),
            "rows": sorted(f"{visit.date} {visit.number}" for visit, _ in own),
        }

    def satisfaction(self, person: str) -> dict[str, Any]:
        own = [visit for visit in self.rated if visit.step.staff == person]
        others = [visit for visit in self.rated if visit.step.staff != person]
        theirs = [self.kind(visit, visit.step) for visit in others]
        said: dict[Group, list[bool]] = defaultdict(list)
        for group, visit in zip(self.grouped(theirs, theirs), others, strict=True):
            said[group].append((visit.level or 0) >= 3)
        kinds = self.grouped([self.kind(visit, visit.step) for visit in own], theirs)
        groups = [group for group in kinds if len(said[group]) >= ENOUGH]
        good = sum((visit.level or 0) >= 3 for visit in own)
        low, high = wilson(good, len(own)) if own else (None, None)
        mix = sum((Fraction(sum(said[group]), len(said[group])) for group in groups), Fraction(0))
        return {
            "n": good,
            "of": len(own),
            "value": Fraction(good, len(own)) if own else None,
            "low": low,
            "high": high,
            "hall": mix / len(groups) if groups else None,
            "hall_n": sum(len(said[group]) for group in set(groups)),
            "rows": sorted(f"{visit.date} {visit.number}" for visit in own),
        }
