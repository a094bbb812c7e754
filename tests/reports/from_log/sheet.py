"""The handling and the satisfaction of a person's sheet, worked out a second time from the story of the log: like held
against like, each step in exactly one group.

Where the definitions leave room: a step has its ticket's item if that is one of the step's own service; the rest of a
service, too, is compared only where the others have enough of it. Two things are told apart because the sheet as
printed reads them so and the definitions do not say it: a visit that went on to another service has no item any more,
and ratings are held against the others' by service alone."""

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

    def __init__(self, story: Story, month: str, *, drops_items: bool = False) -> None:
        self.drops_items = drops_items
        dates = sorted({visit.date for visit in story.visits.values() if visit.date.startswith(month)})
        days = [Day(story, date) for date in dates]
        self.items = {row["code"]: {one["code"] for one in row.get("items", [])} for row in story.setup["services"]}
        self.handled = [pair for day in days for pair in day.handled()]
        self.rated = [v for day in days for v in day.visits if v.level is not None and not v.is_excluded]

    def kind(self, visit: Visit, step: Step) -> Group:
        """Return service and item of a step."""
        went_on = self.drops_items and visit.step.service != visit.service
        known = visit.item in self.items[step.service] and not went_on
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
            "of": len(own),
            "value": took / needed if needed else None,
            "hall_n": sum(len(spent[group]) for group in {group for group, _ in held}),
            "rows": sorted(f"{visit.date} {visit.number}" for visit, _ in own),
        }

    def satisfaction(self, person: str) -> dict[str, Any]:
        own = [visit for visit in self.rated if visit.step.staff == person]
        said: dict[str, list[bool]] = defaultdict(list)
        for visit in self.rated:
            if visit.step.staff != person:
                said[visit.step.service].append((visit.level or 0) >= 3)
        services = [visit.step.service for visit in own if len(said[visit.step.service]) >= ENOUGH]
        good = sum((visit.level or 0) >= 3 for visit in own)
        low, high = wilson(good, len(own)) if own else (None, None)
        mix = sum((Fraction(sum(said[service]), len(said[service])) for service in services), Fraction(0))
        return {
            "n": good,
            "of": len(own),
            "value": Fraction(good, len(own)) if own else None,
            "low": low,
            "high": high,
            "hall": mix / len(services) if services else None,
            "hall_n": sum(len(said[service]) for service in set(services)),
            "rows": sorted(f"{visit.date} {visit.number}" for visit in own),
        }
