"""What several halls add to a hall."""

from queuedesk.core.features import Feature
from queuedesk.core.wording import Wording

FEATURE = Feature(
    name="halls",
    title=Wording("Several halls", context="feature"),
    about=Wording("Compared fairly, one set-up for all", context="feature"),
    where=Wording("manager", context="feature"),
    pages=("halls",),
    commands={
        "cli.figures.halls": {
            "halls": Wording("the halls of this database side by side"),
        },
    },
)
