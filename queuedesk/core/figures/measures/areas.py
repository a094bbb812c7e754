"""The parts of the document beyond the counts of the day: measures, targets, rules."""

from __future__ import annotations

from queuedesk.core.figures.measures.scope import Scope
from queuedesk.core.figures.measures.shares import SHARES
from queuedesk.core.figures.measures.tally import Tally
from queuedesk.core.figures.measures.times import Figures

AREAS = ("measures", "targets", "rules")
"""What these parts are called in the document."""
_SHARES = tuple(figure.key for figure in SHARES)
_ORDER = (
    *_SHARES[:1],
    "service_level",
    *_SHARES[1:],
    "outcomes",
    "papers",
    "idle_minutes",
    "system_wait",
    "set_aside",
    "missed",
    "questions",
    "classes",
    "overtakes",
    "counters",
    "pauses",
    "longest_waits",
    "diversion",
    "devices",
    "help",
    "promise",
)


def areas(scope: Scope, tally: Tally) -> Figures:
    """Return "measures", "targets" and "rules" of what was added up."""
    found = {
        **tally.visits.document(scope, tally),
        **tally.lines.document(scope, tally),
        "diversion": tally.diversion.document(scope),
        "devices": tally.devices.document(scope),
        "help": tally.help.document(scope),
        "promise": tally.promises.document(scope),
    }
    return {
        "measures": {key: found[key] for key in _ORDER if key in found},
        "targets": tally.targets.document(scope),
        "rules": tally.targets.rules(scope),
    }
