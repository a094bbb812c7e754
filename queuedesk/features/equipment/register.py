"""What equipment adds to a hall."""

from queuedesk.core.features import Feature
from queuedesk.core.wording import Wording

FEATURE = Feature(
    name="equipment",
    title=Wording("Equipment", context="feature"),
    about=Wording("What is down and what was, checks before opening", context="feature"),
    where=Wording("counter, manager", context="feature"),
    pages=("equipment",),
    commands={
        "cli.talk.opening_checks": {
            "check": Wording("check the equipment before a window opens"),
        },
    },
    rules=("opening_checks",),
    events=("check",),
    figures=("measures.devices",),
)
