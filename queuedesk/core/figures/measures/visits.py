"""What stands beside the counts of visits: how far returns were followed, minutes saved, answers to further questions.

- service_level: numerator and denominator of wait.within_target: legs called within the target ÷ legs called and legs
  left uncalled after longer than it. Who left sooner is in neither: `left_early` says how many. Legs that ended in
  redirect or that day-end closed are in none. (It follows the service level of call centres.)
- questions: levels 1 to 5 of the two further questions, of ratings that were not excluded; who answered one need not
  answer the other.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from queuedesk.core.figures.measures.day import DayRows
from queuedesk.core.figures.measures.figure import Scope
from queuedesk.core.figures.measures.sums import Sums
from queuedesk.core.figures.measures.times import Figures, minutes_of_us, share

LEVELS = range(1, 6)
QUESTIONS = ("attitude", "competence")


@dataclass(slots=True)
class VisitTally:
    """What stands beside the counts of visits, added up. What later dates tell is None in the document once a date was
    added without."""

    follow_days: set[int] = field(default_factory=set)
    knows_links: bool = True
    followed: dict[tuple[str, date], tuple[int, int]] = field(default_factory=dict)
    """(tickets, those that name an earlier visit) by hall and date: a date that several look on at counts once."""
    saving: Counter[int] = field(default_factory=Counter)
    """Legs without a form by the minutes that each of them saved."""
    questions: Counter[tuple[str, int]] = field(default_factory=Counter)

    def add(self, rows: DayRows) -> None:
        """Add one business date."""
        self.follow_days.add(rows.setup.number("first_visit_days"))
        self.questions += rows.questions
        finished = (alike.legs for alike in rows.alike if alike.legs[0].end == "finish")
        self.saving[rows.setup.number("form_free_minutes")] += sum(leg.form_free for legs in finished for leg in legs)
        if rows.links is None:
            self.knows_links = False
        else:
            self.followed |= {(rows.setup.hall.code, day): counts for day, counts in rows.links.followed.items()}

    def merge(self, other: VisitTally, hall: str, service: Callable[[str], str]) -> None:
        """Add what another hall has come to."""
        self.knows_links = self.knows_links and other.knows_links
        self.follow_days |= other.follow_days
        self.followed |= other.followed
        self.saving.update(other.saving)
        self.questions += other.questions

    def document(self, scope: Scope, tally: Sums) -> Figures:
        """Return these measures; `tally` is the whole that they are part of."""
        services = tally.services.values()
        within, late = sum(one.within for one in services), sum(one.late for one in services)
        called = sum(len(one.waits) for one in services)
        return {
            "service_level": {
                "n": within,
                "of": called + late,
                "rate": share(within, called + late),
                "target_minutes": scope.target_minutes,
                "left_early": tally.left_out.n("left_early"),
            },
            "questions": {question: self._question(question) for question in QUESTIONS},
        }

    def besides(self, tally: Sums) -> Figures:
        """Return the parts of other measures that are no counts of theirs."""
        counts, known = self.followed.values(), self.knows_links
        is_measured = bool(self.saving) and not self.saving[0] and set(self.saving) != {0}
        return {
            "days": next(iter(self.follow_days)) if len(self.follow_days) == 1 else None,
            "followed": sum(issued for issued, _ in counts) if known else None,
            "linked": sum(linked for _, linked in counts) if known else None,
            "minutes_lost": minutes_of_us(tally.lost_us) if tally.has_log else None,
            "minutes_each": next(iter(self.saving)) if len(self.saving) == 1 else None,
            "minutes_saved": sum(each * n for each, n in self.saving.items()) if is_measured else None,
            "not_ready": tally.not_ready.total(),
        }

    def _question(self, question: str) -> Figures:
        levels = {str(level): self.questions[(question, level)] for level in LEVELS}
        return {"n": sum(levels.values()), "levels": levels}
