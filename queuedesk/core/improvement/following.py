"""The figures a project can follow, and the content of evidence.

Figures are shares, and minutes as a mean, median or percentile; each with its better direction if it has one. Evidence
is stored outside the log: its citation, the groups it compares, the counts."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from queuedesk.core.figures import comparing
from queuedesk.core.figures.measures.figure import LESS, MORE
from queuedesk.core.figures.measures.figures import SHARES
from queuedesk.core.improvement.project import EvidenceKind
from queuedesk.core.quality.case import Citation

_BETTER_OF_MEASURE = {figure.key: figure.better for figure in SHARES}
SENT_ON = next(figure for figure in SHARES if figure.better == LESS)
"""The share of visits that began at the wrong window, the usual subject of projects."""
_BETTER_BY_NAME = {"within_target": MORE, "late": LESS, "early": LESS}
TIMES = ("wait", "handling", "way")
LEVELS = ("mean", "median", "p90")
MOST_MINUTES = 600.0
"""Bound for targets and alarms, against typing errors."""


class FigureMinutes(Struct, frozen=True):
    """A span's figure in minutes, over `n` rows."""

    minutes: float | None
    n: int


def is_share_path(path: str) -> bool:
    """Whether a path is a share's, so that two spans of it can be compared with an interval."""
    return comparing.figure_kind(path, 0.5) == comparing.SHARE


def is_minutes_figure_path(path: str) -> bool:
    """Whether a path is a mean, median or percentile of waiting, walking or serving minutes, of the hall or a row."""
    parts = comparing.split_figure_path(path)
    return len(parts) > 1 and parts[-2] in TIMES and parts[-1] in LEVELS


def is_share_or_minutes_path(path: str) -> bool:
    return is_share_path(path) or is_minutes_figure_path(path)


def row_count_path(path: str) -> str:
    """Return the path of the number of rows behind a figure in minutes."""
    return comparing.joined_figure_path(*comparing.split_figure_path(path)[:-1], "n")


def better_direction(path: str) -> str | None:
    """Return the better direction of a figure, MORE or LESS; None if it has none."""
    parts = comparing.split_figure_path(path)
    if is_minutes_figure_path(path):
        return LESS
    if parts[0] == "measures" and len(parts) > 1 and parts[1] in _BETTER_OF_MEASURE:
        return _BETTER_OF_MEASURE[parts[1]]
    if "ratings" in parts:
        return MORE
    return _BETTER_BY_NAME.get(parts[-1])


def is_beyond_alarm_line(better: str | None, share: float, line: float) -> bool:
    """Whether a share is on the bad side of a line; above it for a figure without a better direction."""
    return share < line if better == MORE else share > line


class EvidenceShare(Struct, frozen=True, kw_only=True):
    """A share `n` of `of` as counted when written down: at a `path`, counted again later, or by hand without one."""

    n: int
    of: int
    path: str | None = None

    @property
    def share_counts(self) -> comparing.NumeratorAndDenominator:
        return comparing.NumeratorAndDenominator(self.n, self.of)


class EvidenceContent(Struct, frozen=True, kw_only=True):
    """The content of a piece of evidence. `first` and `last` are the dates of groups with a path; `groups` are those
    with and without the cause. `tickets` are named by date and number, `cases` by number; `n` of `of` was counted by
    hand, `of` 0 for a mere count."""

    kind: EvidenceKind
    note: str = ""
    cited: Citation | None = None
    first: date | None = None
    last: date | None = None
    groups: tuple[EvidenceShare, EvidenceShare] | None = None
    tickets: tuple[tuple[date, str], ...] = ()
    cases: tuple[str, ...] = ()
    n: int = 0
    of: int = 0

    @property
    def stored_text(self) -> str:
        document: dict[str, Any] = {"kind": str(self.kind), "note": self.note}
        if self.cited is not None:
            document["cited"] = [self.cited.what, self.cited.stored_text]
        if self.first is not None and self.last is not None:
            document["dates"] = [self.first.isoformat(), self.last.isoformat()]
        if self.groups is not None:
            document["groups"] = [[group.n, group.of, group.path] for group in self.groups]
        if self.tickets:
            document["tickets"] = [[day.isoformat(), label] for day, label in self.tickets]
        if self.cases:
            document["cases"] = list(self.cases)
        if self.kind is EvidenceKind.COUNT:
            document["counted"] = [self.n, self.of]
        return json.dumps(document, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def read(cls, words: str) -> EvidenceContent:
        document: Mapping[str, Any] = json.loads(words)
        first, last = (date.fromisoformat(text) if text else None for text in document.get("dates") or (None, None))
        n, of = document.get("counted") or (0, 0)
        groups = [EvidenceShare(n=row[0], of=row[1], path=row[2]) for row in document.get("groups") or ()]
        return cls(
            kind=EvidenceKind(document["kind"]),
            note=document["note"],
            cited=Citation.read(*document["cited"]) if "cited" in document else None,
            first=first,
            last=last,
            groups=(groups[0], groups[1]) if groups else None,
            tickets=tuple((date.fromisoformat(day), label) for day, label in document.get("tickets") or ()),
            cases=tuple(document.get("cases") or ()),
            n=n,
            of=of,
        )

    def with_current_counts(self, parts: Mapping[str, comparing.NumeratorAndDenominator]) -> EvidenceContent:
        """Return the evidence with its groups as counted in `parts`, by path."""
        if self.groups is None:
            return self
        with_cause, without_cause = (_group_with_current_counts(group, parts) for group in self.groups)
        return replace(self, groups=(with_cause, without_cause))


def _group_with_current_counts(
    group: EvidenceShare, parts: Mapping[str, comparing.NumeratorAndDenominator]
) -> EvidenceShare:
    if group.path is None:
        return group
    part = parts.get(group.path, comparing.NumeratorAndDenominator(0, 0))
    return replace(group, n=part.n, of=part.of)
