"""What a case or a project cites: a ticket, a figure, or the page of figures of a period, a chart or a table of it; a
project also a case or an inspection, or an item of it."""

from __future__ import annotations

import datetime as clock
import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from msgspec import Struct, field

CITED_TICKET, CITED_FIGURE, CITED_PAGE, CITED_CHART = "ticket", "figure", "page", "chart"
CITED_CASE, CITED_INSPECTION = "case", "inspection"
CITED_VIEWS = (CITED_PAGE, CITED_CHART)
OF_RATINGS = "why.by:"
"""How the path begins of all that ratings say together: the page of reasons (core.quality.why)."""
Figures = Mapping[str, float | None]
"""Figures by their paths behind that of what they are shown in; None where nothing is known."""


def is_of_ratings(path: str) -> bool:
    """Whether it is the page of reasons that a case cites there."""
    return path.startswith(OF_RATINGS)


class View(Struct, frozen=True, kw_only=True):
    """The figures of a period, "" where any dates are seen together, as they were on the date `as_of`; `was_running`:
    that date was not over. `against` is the first date of the period they were held against.

    `figures` are the period's own, `theirs` those of the other period's compared dates, `ours` the period's of its
    compared dates where they stand beside the others (on the page alone).
    """

    period: str
    as_of: date
    was_running: bool = False
    against: date | None = None
    figures: Figures = field(default_factory=dict)
    ours: Figures = field(default_factory=dict)
    theirs: Figures = field(default_factory=dict)

    @property
    def document(self) -> dict[str, Any]:
        """What commands print of it, and what is kept."""
        found: dict[str, Any] = {
            "period": self.period,
            "as_of": self.as_of.isoformat(),
            "running": self.was_running,
            "against": self.against.isoformat() if self.against else None,
            "figures": dict(self.figures),
        }
        if self.against is not None:
            found |= {"this": dict(self.ours), "other": dict(self.theirs)}
        return found

    @property
    def words(self) -> str:
        return json.dumps(self.document, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> View:
        """Return what a document says."""
        return cls(
            period=document["period"],
            as_of=date.fromisoformat(document["as_of"]),
            was_running=document["running"],
            against=date.fromisoformat(document["against"]) if document["against"] else None,
            figures=document["figures"],
            ours=document.get("this", {}),
            theirs=document.get("other", {}),
        )


class FigureChange(Struct, frozen=True):
    """A figure of a view that is another now. `side` is "" for the period's own, else "this" or "other"."""

    name: str
    side: str
    then: float | None
    now: float | None


def changes(then: View, now: View) -> list[FigureChange]:
    """Return what is another now, in order; what is there no more, or was not there then, is None."""
    figure_changes = []
    for side in ("figures", "ours", "theirs"):
        old, new = getattr(then, side), getattr(now, side)
        word = {"figures": "", "ours": "this", "theirs": "other"}[side]
        figure_changes += [
            FigureChange(name, word, old.get(name), new.get(name))
            for name in dict.fromkeys((*old, *new))
            if old.get(name) != new.get(name)
        ]
    return figure_changes


class Citation(Struct, frozen=True, kw_only=True):
    """What a case cites: a ticket of its date by its number, or a figure by its path, of the dates from `first` to
    `last` and with its value when it was cited, None where it had none; or the page of figures of a period or a chart
    or table of it, with the `view` of then. It stands among the words beside the log: a ticket that belongs to a case
    is not everybody's to read."""

    what: str
    name: str
    first: clock.date
    last: clock.date
    value: float | None = None
    view: View | None = None

    @property
    def words(self) -> str:
        value = "-" if self.value is None else repr(self.value)
        line = " ".join((self.first.isoformat(), self.last.isoformat(), value, self.name))
        return f"{line}\n{self.view.words}" if self.view else line

    @classmethod
    def read(cls, what: str, words: str) -> Citation:
        """Return what `words` of a kind stand for."""
        line, _end, view = words.partition("\n")
        first, last, value, name = line.split(" ", 3)
        return cls(
            what=what,
            name=name,
            first=clock.date.fromisoformat(first),
            last=clock.date.fromisoformat(last),
            value=None if value == "-" else int(value) if value.isdecimal() else float(value),
            view=View.of(json.loads(view)) if view else None,
        )

    @property
    def document(self) -> dict[str, Any]:
        """What is told of it."""
        span = {"from": self.first.isoformat(), "to": self.last.isoformat()}
        view = self.view.document if self.view else {}
        return {"what": self.what, "name": self.name, **span, "value": self.value, **view}

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> Citation:
        """Return what a document tells of."""
        return cls(
            what=document["what"],
            name=document["name"],
            first=clock.date.fromisoformat(document["from"]),
            last=clock.date.fromisoformat(document["to"]),
            value=document["value"],
            view=View.of(document) if document["what"] in CITED_VIEWS else None,
        )
