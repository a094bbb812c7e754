"""Citations of a case or a project: a ticket, a figure, or the page of figures of a period, a chart or table of it; a
project can also cite a case, an inspection, or an item of one."""

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
"""The prefix of the path of the page of reasons (core.quality.why)."""
Figures = Mapping[str, float | None]
"""Figures by their paths within a view; None if there is no figure."""


def is_rating_reasons_page(path: str) -> bool:
    return path.startswith(OF_RATINGS)


class CitedFigures(Struct, frozen=True, kw_only=True):
    """The figures of a period ("": any dates) as they were on the date `as_of`, which was not over if `was_running`.
    `against` is the first date of the period that they were compared with. `figures` are those of the whole period,
    `theirs` those of the other period's compared dates, `ours` those of the period's own compared dates (only on the
    page)."""

    period: str
    as_of: date
    was_running: bool = False
    against: date | None = None
    figures: Figures = field(default_factory=dict)
    ours: Figures = field(default_factory=dict)
    theirs: Figures = field(default_factory=dict)

    @property
    def document(self) -> dict[str, Any]:
        """The JSON that commands print and the database stores."""
        document: dict[str, Any] = {
            "period": self.period,
            "as_of": self.as_of.isoformat(),
            "running": self.was_running,
            "against": self.against.isoformat() if self.against else None,
            "figures": dict(self.figures),
        }
        if self.against is not None:
            document |= {"this": dict(self.ours), "other": dict(self.theirs)}
        return document

    @property
    def words(self) -> str:
        return json.dumps(self.document, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> CitedFigures:
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
    """A figure of a view that has changed. `side` is "" for the whole period, else "this" or "other"."""

    name: str
    side: str
    then: float | None
    now: float | None


def changed_view_figures(then: CitedFigures, now: CitedFigures) -> list[FigureChange]:
    """Return the figures that differ between two states of a view, in order; a missing figure is None."""
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
    """A citation: a ticket by its number and date, a figure by its path, for the dates from `first` to `last`, with its
    value when it was cited (None if it had none), or a page, chart or table of figures with its `view` at that time. It
    is stored with the words outside the log, as not everybody may read which ticket belongs to a case."""

    what: str
    name: str
    first: clock.date
    last: clock.date
    value: float | None = None
    view: CitedFigures | None = None

    @property
    def words(self) -> str:
        value = "-" if self.value is None else repr(self.value)
        line = " ".join((self.first.isoformat(), self.last.isoformat(), value, self.name))
        return f"{line}\n{self.view.words}" if self.view else line

    @classmethod
    def read(cls, what: str, words: str) -> Citation:
        """Parse the stored `words` of a citation of the kind `what`."""
        line, _end, view = words.partition("\n")
        first, last, value, name = line.split(" ", 3)
        return cls(
            what=what,
            name=name,
            first=clock.date.fromisoformat(first),
            last=clock.date.fromisoformat(last),
            value=None if value == "-" else int(value) if value.isdecimal() else float(value),
            view=CitedFigures.of(json.loads(view)) if view else None,
        )

    @property
    def document(self) -> dict[str, Any]:
        span = {"from": self.first.isoformat(), "to": self.last.isoformat()}
        view = self.view.document if self.view else {}
        return {"what": self.what, "name": self.name, **span, "value": self.value, **view}

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> Citation:
        return cls(
            what=document["what"],
            name=document["name"],
            first=clock.date.fromisoformat(document["from"]),
            last=clock.date.fromisoformat(document["to"]),
            value=document["value"],
            view=CitedFigures.of(document) if document["what"] in CITED_VIEWS else None,
        )
