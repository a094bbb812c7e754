"""How long people who pressed a help key waited for an answer, and for somebody to be there.

- n: calls for help of the dates, those taken back too; cancelled: those taken back.
- answer: from the press until somebody said to be coming, or was there without a word. arrival: until somebody was
  there.
- unanswered: those that nobody answered and nobody took back: they were ended by the day, or go on.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date

from queuedesk.core.figures.measures.day import DayRows
from queuedesk.core.figures.measures.times import Figures, micros, spread
from queuedesk.core.log.state import HallState
from queuedesk.core.talk.messages import CANCELLED, HelpCall


def help_rows(state: HallState, day: date) -> Sequence[HelpCall]:
    """Return the calls for help of `day` from a hall in memory."""
    return [one for one in state.help_calls.values() if one.date == day]


@dataclass(slots=True)
class HelpTally:
    """Calls for help, added up; times in microseconds."""

    n: int = 0
    cancelled: int = 0
    unanswered: int = 0
    answers: list[int] = field(default_factory=list)
    arrivals: list[int] = field(default_factory=list)

    def add(self, rows: DayRows) -> None:
        """Add one business date."""
        for call in rows.help_calls:
            pressed = micros(call.pressed)
            self.n += 1
            self.cancelled += call.end == CANCELLED
            self.unanswered += call.answered is None and call.end != CANCELLED
            if call.answered is not None:
                self.answers.append(micros(call.answered) - pressed)
            if call.arrived is not None:
                self.arrivals.append(micros(call.arrived) - pressed)

    def merge(self, other: HelpTally, hall: str, service: Callable[[str], str]) -> None:
        """Add another hall's sums."""
        for name in ("n", "cancelled", "unanswered", "answers", "arrivals"):
            setattr(self, name, getattr(self, name) + getattr(other, name))

    def document(self) -> Figures:
        """Return "help" of the measures."""
        return {
            "n": self.n,
            "answer": spread(self.answers),
            "arrival": spread(self.arrivals),
            "unanswered": self.unanswered,
            "cancelled": self.cancelled,
        }
