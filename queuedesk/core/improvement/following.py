"""Which figures a project can follow, and what a piece of evidence says.

Figures are shares, and minutes as a mean, median or percentile; each with its good direction where it has one. Evidence
stands beside the log: what it cites, which groups it compares, what was counted.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from queuedesk.core.figures.comparing import SHARE, Part, figure_kind, parts_of, path_of
from queuedesk.core.figures.measures.figure import LESS, MORE
from queuedesk.core.figures.measures.figures import SHARES
from queuedesk.core.improvement.project import Kind
from queuedesk.core.quality.cited import Citation

_OF_MEASURES = {figure.key: figure.better for figure in SHARES}
SENT_ON = next(figure for figure in SHARES if figure.better == LESS)
"""The share of visits that began at the wrong window: what most projects are about."""
_BY_NAME = {"within_target": MORE, "late": LESS, "early": LESS}
TIMES = ("wait", "handling", "way")
LEVELS = ("mean", "median", "p90")
MOST_MINUTES = 600.0
"""A target or an alarm of more is a mistake."""


class Level(Struct, frozen=True):
    """A span's figure in minutes, of `n` rows."""

    minutes: float | None
    n: int


def is_share(path: str) -> bool:
    """Whether a path is that of a share, so that two spans of it can be compared with an interval."""
    return figure_kind(path, 0.5) == SHARE


def is_minutes(path: str) -> bool:
    """Whether a path is that of a mean, median or percentile of waiting, walking or serving minutes, of the hall or of
    one of its rows."""
    parts = parts_of(path)
    return len(parts) > 1 and parts[-2] in TIMES and parts[-1] in LEVELS


def is_followed(path: str) -> bool:
    return is_share(path) or is_minutes(path)


def rows_of(path: str) -> str:
    """Return the path of the count of rows that a figure in minutes is of."""
    return path_of(*parts_of(path)[:-1], "n")


def better_of(path: str) -> str | None:
    """Return MORE or LESS, whichever is better of a figure; None where neither is."""
    parts = parts_of(path)
    if is_minutes(path):
        return LESS
    if parts[0] == "measures" and len(parts) > 1 and parts[1] in _OF_MEASURES:
        return _OF_MEASURES[parts[1]]
    if "ratings" in parts:
        return MORE
    return _BY_NAME.get(parts[-1])


def is_beyond(better: str | None, share: float, line: float) -> bool:
    """Whether a share lies beyond a line on the bad side; a figure of which neither is better is bad above it."""
    return share < line if better == MORE else share > line


class Group(Struct, frozen=True, kw_only=True):
    """So many (`n`) of so many (`of`), as counted when it was written down: the share at a path, which is asked anew,
    or, without a path, counted by hand."""

    n: int
    of: int
    path: str | None = None

    @property
    def part(self) -> Part:
        return Part(self.n, self.of)


class EvidenceResult(Struct, frozen=True, kw_only=True):
    """What a piece of evidence says. `first` and `last` are the dates of groups that have a path; `groups` are the one
    with the cause and the one without it. `tickets` are named by date and number, `cases` by number; `n` of `of` was
    counted by hand, `of` 0 where it is a mere count."""

    kind: Kind
    note: str = ""
    cited: Citation | None = None
    first: date | None = None
    last: date | None = None
    groups: tuple[Group, Group] | None = None
    tickets: tuple[tuple[date, str], ...] = ()
    cases: tuple[str, ...] = ()
    n: int = 0
    of: int = 0

    @property
    def words(self) -> str:
        found: dict[str, Any] = {"kind": str(self.kind), "note": self.note}
        if self.cited is not None:
            found["cited"] = [self.cited.what, self.cited.words]
        if self.first is not None and self.last is not None:
            found["dates"] = [self.first.isoformat(), self.last.isoformat()]
        if self.groups is not None:
            found["groups"] = [[group.n, group.of, group.path] for group in self.groups]
        if self.tickets:
            found["tickets"] = [[day.isoformat(), label] for day, label in self.tickets]
        if self.cases:
            found["cases"] = list(self.cases)
        if self.kind is Kind.COUNT:
            found["counted"] = [self.n, self.of]
        return json.dumps(found, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def read(cls, words: str) -> EvidenceResult:
        """Return what words beside the log stand for."""
        found: Mapping[str, Any] = json.loads(words)
        first, last = (date.fromisoformat(one) if one else None for one in found.get("dates") or (None, None))
        n, of = found.get("counted") or (0, 0)
        groups = [Group(n=row[0], of=row[1], path=row[2]) for row in found.get("groups") or ()]
        return cls(
            kind=Kind(found["kind"]),
            note=found["note"],
            cited=Citation.read(*found["cited"]) if "cited" in found else None,
            first=first,
            last=last,
            groups=(groups[0], groups[1]) if groups else None,
            tickets=tuple((date.fromisoformat(day), label) for day, label in found.get("tickets") or ()),
            cases=tuple(found.get("cases") or ()),
            n=n,
            of=of,
        )

    def counted(self, parts: Mapping[str, Part]) -> EvidenceResult:
        """Return it with its groups as they are counted in `parts`, by path."""
        if self.groups is None:
            return self
        one, two = (_anew(group, parts) for group in self.groups)
        return replace(self, groups=(one, two))


def _anew(group: Group, parts: Mapping[str, Part]) -> Group:
    if group.path is None:
        return group
    part = parts.get(group.path, Part(0, 0))
    return replace(group, n=part.n, of=part.of)
