"""What a piece of evidence says, as it stands beside the log: what it cites, which groups it compares, what was
counted."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from queuedesk.core.figures.comparing import Part
from queuedesk.core.improvement.project import Kind
from queuedesk.core.quality.cited import Cited


class Group(Struct, frozen=True, kw_only=True):
    """So many (`n`) of so many (`of`), as counted when it was written down: the share at a path, which is asked anew,
    or, without a path, counted by hand."""

    n: int
    of: int
    path: str | None = None

    @property
    def part(self) -> Part:
        return Part(self.n, self.of)


class Said(Struct, frozen=True, kw_only=True):
    """What a piece of evidence says. `first` and `last` are the dates of groups that have a path; `groups` are the one
    with the cause and the one without it. `tickets` are named by date and number, `cases` by number; `n` of `of` was
    counted by hand, `of` 0 where it is a mere count."""

    kind: Kind
    note: str = ""
    cited: Cited | None = None
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
            found["groups"] = [[one.n, one.of, one.path] for one in self.groups]
        if self.tickets:
            found["tickets"] = [[day.isoformat(), label] for day, label in self.tickets]
        if self.cases:
            found["cases"] = list(self.cases)
        if self.kind is Kind.COUNT:
            found["counted"] = [self.n, self.of]
        return json.dumps(found, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def read(cls, words: str) -> Said:
        """Return what words beside the log stand for."""
        found: Mapping[str, Any] = json.loads(words)
        first, last = (date.fromisoformat(one) if one else None for one in found.get("dates") or (None, None))
        n, of = found.get("counted") or (0, 0)
        groups = [Group(n=row[0], of=row[1], path=row[2]) for row in found.get("groups") or ()]
        return cls(
            kind=Kind(found["kind"]),
            note=found["note"],
            cited=Cited.read(*found["cited"]) if "cited" in found else None,
            first=first,
            last=last,
            groups=(groups[0], groups[1]) if groups else None,
            tickets=tuple((date.fromisoformat(day), label) for day, label in found.get("tickets") or ()),
            cases=tuple(found.get("cases") or ()),
            n=n,
            of=of,
        )

    def counted(self, parts: Mapping[str, Part]) -> Said:
        """Return it with its groups as they are counted in `parts`, by path."""
        if self.groups is None:
            return self
        one, two = (_anew(group, parts) for group in self.groups)
        return replace(self, groups=(one, two))


def _anew(group: Group, parts: Mapping[str, Part]) -> Group:
    if group.path is None:
        return group
    found = parts.get(group.path, Part(0, 0))
    return replace(group, n=found.n, of=found.of)
