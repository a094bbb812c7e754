"""What past days taught: service times, differences between clerks, no-shows, follow-up visits."""

from __future__ import annotations

import datetime as clock
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

LOW_START, HIGH_START = -1.6, 1.8
"""The factors of the standard deviation that bounds begin with where nothing was learned."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Handling:
    """How long a service keeps a window, from the call until it is free: minutes, of a usual clerk on a usual day.

    `quantiles` are equally spaced from the shortest to the longest (empty where only a mean is known); `n` visits
    taught it.
    """

    mean_min: float
    var_min2: float
    quantiles: tuple[float, ...] = ()
    n: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Habit:
    """When a window without a roster is usually at work, as hall minutes since midnight: its first call, its last, its
    long gaps (start, end)."""

    opens: int
    closes: int
    breaks: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Learned:
    """Learned from the `days` dates before one date. Shares are 0–1; clerk factors are relative to a usual clerk.

    `no_show` is the chance that a called ticket does not come, by 5 minutes of its wait; `redirects[a][b]` that a visit
    of a goes on in the line of b; `priority_per_hour` the priority tickets of a service in each half hour of the day
    (48), as a rate an hour; `credit_min` their mean credit. `called_at[w][a]`: how often window w called a. `low` and
    `high` are the factors that the bounds of a day begin with.
    """

    days: int = 0
    upto: clock.date | None = None
    services: Mapping[str, Handling] = field(default_factory=dict)
    clerks: Mapping[str, float] = field(default_factory=dict)
    between_min: float = 0.0
    no_show: tuple[float, ...] = ()
    redirects: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    priority_per_hour: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    credit_min: float = 0.0
    habits: Mapping[str, Habit] = field(default_factory=dict)
    called_at: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    low: float = LOW_START
    high: float = HIGH_START

    def document(self) -> dict[str, Any]:
        """Return it as JSON."""
        return {
            "days": self.days,
            "upto": self.upto.isoformat() if self.upto else None,
            "services": {k: [h.mean_min, h.var_min2, h.n, list(h.quantiles)] for k, h in self.services.items()},
            "habits": {k: [h.opens, h.closes, [list(b) for b in h.breaks]] for k, h in self.habits.items()},
            **{name: getattr(self, name) for name in _PLAIN},
        }

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> Learned:
        """Return what document() gave."""
        return cls(
            days=document["days"],
            upto=clock.date.fromisoformat(document["upto"]) if document["upto"] else None,
            services={
                code: Handling(mean_min=mean, var_min2=var, n=n, quantiles=tuple(quantiles))
                for code, (mean, var, n, quantiles) in document["services"].items()
            },
            habits={
                code: Habit(opens=opens, closes=closes, breaks=tuple((start, end) for start, end in breaks))
                for code, (opens, closes, breaks) in document["habits"].items()
            },
            **{name: _as_tuple(document[name]) for name in _PLAIN},
        )


_PLAIN = (
    "clerks",
    "between_min",
    "no_show",
    "redirects",
    "priority_per_hour",
    "credit_min",
    "called_at",
    "low",
    "high",
)


def _as_tuple(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
