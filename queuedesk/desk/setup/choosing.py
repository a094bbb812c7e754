"""Choosing what a hall uses."""

from collections.abc import Sequence

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
    before, known = features.chosen(hall), features.names()
    for name in (*on, *off):
        if name not in known and not (name in off and name in before):
            raise RuleError("unknown_feature", feature=name, known=list(known))
    after = features.switched(hall, on, off)
    came, went = [name for name in after if name not in before], [name for name in before if name not in after]
    if came or went:
        set_in(change, "hall", hall.code, {"features": list(after)})
    return {"features": list(after), "on": came, "off": went}
