"""Choosing what a hall uses."""

from collections.abc import Callable, Sequence

from queuedesk.core import features
from queuedesk.core.errors import RuleError
from queuedesk.desk.change import Change, Document, changes
from queuedesk.desk.setup.setting_up import set_in


@changes("set-up")
def choose_features(change: Change, on: Sequence[str] = (), off: Sequence[str] = ()) -> Document:
    """Switch features of the hall off, then on: off with those that need them, on with those that they need.

    A hall that never chose begins with what it uses now. What it chose of another program stays chosen. Returns all
    that is chosen, what came on and what went off; where that is nothing, no trace is left. Raises RuleError
    "unknown_feature".
    """
    hall = change.setup.hall
    before = [one.name for one in features.used(hall)] if hall.features is None else list(hall.features)
    known = features.names()
    for name in (*on, *off):
        if name not in known and not (name in off and name in before):
            raise RuleError("unknown_feature", feature=name, known=list(known))
    chosen = (set(before) - _with(off, features.needing)) | _with(on, _needs)
    after = [name for name in dict.fromkeys((*known, *before)) if name in chosen]
    came, went = [name for name in after if name not in before], [name for name in before if name not in chosen]
    if came or went:
        set_in(change, "hall", hall.code, {"features": after})
    return {"features": after, "on": came, "off": went}


def _needs(name: str) -> tuple[str, ...]:
    one = features.feature(name)
    return () if one is None else one.needs


def _with(names: Sequence[str], follow: Callable[[str], Sequence[str]]) -> set[str]:
    """Return the names with all that follow from them."""
    found: set[str] = set()
    left = list(names)
    while left:
        name = left.pop()
        if name not in found:
            found.add(name)
            left += follow(name)
    return found
