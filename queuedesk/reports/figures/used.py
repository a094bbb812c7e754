"""The figures that a hall uses: papers for people leave out those of features that are off, scripts get them all."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec.structs import replace

from queuedesk.core.features import features
from queuedesk.reports.figures.period import Coded, PeriodRead


def unused_paths(names: Coded) -> tuple[str, ...]:
    """Return the paths of figures that belong to features which none of the halls uses."""
    off = (one for one in features() if not names.uses(one.name))
    return tuple(path for one in off for figure in one.figures for path in (figure, f"quality.{figure}"))


def used_figures(figures: dict[str, Any], names: Coded) -> dict[str, Any]:
    """Return a document without the figures and rules that none of the halls uses; itself where they use all."""
    found: Mapping[str, Any] = figures
    for path in unused_paths(names):
        found = _without(found, path)
    rules = {rule for one in features() if not names.uses(one.name) for rule in one.rules}
    if rules and "rules" in found:
        found = {**found, "rules": [{key: row[key] for key in row if key not in rules} for row in found["rules"]]}
    return dict(found) if found is not figures else figures


def as_used(read: PeriodRead) -> PeriodRead:
    """Return a period with the figures that its halls use."""
    names = read.coded
    halls = tuple(replace(one, figures=used_figures(one.figures, names)) for one in read.halls)
    return replace(read, figures=used_figures(read.figures, names), halls=halls)


def is_unused(path: str, paths: tuple[str, ...]) -> bool:
    """Whether a path is one of these or leads below one."""
    return any(path == one or path.startswith(f"{one}.") for one in paths)


def _without(tree: Mapping[str, Any], path: str) -> Mapping[str, Any]:
    key, _dot, rest = path.partition(".")
    if key not in tree or (rest and not isinstance(tree[key], Mapping)):
        return tree
    if not rest:
        return {name: value for name, value in tree.items() if name != key}
    inner = _without(tree[key], rest)
    return tree if inner is tree[key] else {**tree, key: inner}
